/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tools/cmd.h"
#include "tools/terminal.h"
#include "tools/unlock_ask.h"
#include "workflow/unlock.h"

#define DAY_MS ((int64_t)24 * 3600 * 1000)

struct unlock_outcome {
    bool unlocked;
    struct bk_unlock_result told;
};

static void on_progress(void *context, enum bk_unlock_step step)
{
    (void)context;
    switch (step) {
    case BK_UNLOCK_ASKING:
        ui_progress(_("The platform checks the code"), 0, 0);
        break;
    case BK_UNLOCK_KEY:
        ui_progress(_("The key is being unlocked"), 0, 0);
        break;
    case BK_UNLOCK_REPORTING:
        ui_progress(_("The platform is told"), 0, 0);
        break;
    }
}

static int parse(int argc, char **argv, struct unlock_options *o)
{
    static const struct option options[] = {
        {"phone", required_argument, NULL, 'p'},      {"name", required_argument, NULL, 'n'},
        {"request", no_argument, NULL, 'r'},          {"code-fd", required_argument, NULL, 'c'},
        {"new-pin-fd", required_argument, NULL, 'f'}, {"way", required_argument, NULL, 'w'},
        {"account", required_argument, NULL, 'a'},    {"contact", required_argument, NULL, 'm'},
        {"document", required_argument, NULL, 'd'},   {0}};
    int c, code;
    while ((c = cmd_option("unlock", argc, argv, "+:", options)) != -1) {
        switch (c) {
        case 'p':
            o->phone = optarg;
            break;
        case 'n':
            o->name = optarg;
            break;
        case 'w':
            o->way = optarg;
            break;
        case 'a':
            o->account = optarg;
            break;
        case 'm':
            o->contact = optarg;
            break;
        case 'd':
            if ((code = unlock_take_paper(o, optarg)) != EXIT_OK)
                return code;
            break;
        case 'r':
            o->request_only = true;
            break;
        case 'c':
            if ((code = cmd_fd("unlock", "--code-fd", optarg, &o->code_fd)) != EXIT_OK)
                return code;
            break;
        case 'f':
            if ((code = cmd_fd("unlock", "--new-pin-fd", optarg, &o->pin_fd)) != EXIT_OK)
                return code;
            break;
        default:
            return EXIT_USAGE;
        }
    }
    code = unlock_check_way(o);
    return code == EXIT_OK ? cmd_no_more("unlock", argc, argv) : code;
}

/* Whether its code has expired is the platform's to say: a run that was cut may go on for a while
 * after that. A request a day past it is of no use to anybody, nor is one that has unlocked. */
static bool still_open(const struct bk_state *state, const struct bk_api *api)
{
    return state->open && !state->now.report.len &&
           strcmp(state->now.platform, bk_api_origin(api)) == 0 &&
           state->expires_at + DAY_MS > (int64_t)time(NULL) * 1000;
}

/* Eight letters as people write them: dash, spaces and lower case don't matter. What can't be a
 * code isn't worth one of its tries. */
static bool may_be_code(const struct bk_secret *code)
{
    size_t letters = 0;
    for (size_t i = 0; i < code->len; i++) {
        if (code->data[i] == '-' || code->data[i] == ' ')
            continue;
        if (!code->data[i] || !strchr("BCDFGHJKLMNPQRSTVWXZbcdfghjklmnpqrstvwxz", code->data[i]))
            return false;
        letters++;
    }
    return letters == 8;
}

static enum bk_err ask_code(int fd, struct bk_secret *code, struct bk_failure *failure)
{
    for (;;) {
        enum bk_err err = ui_secret(fd, _("Authorisation code: "), code);
        if (err == BK_OK && !code->len)
            err = BK_ECANCELLED;
        if (err != BK_OK)
            return bk_fail(failure, err, "%s", "");
        if (may_be_code(code))
            return BK_OK;
        if (fd >= 0)
            return cmd_fail(failure, BK_EINVAL, "%s",
                            _("An authorisation code has 8 letters, like BCDF-GHJK."));
        ui_warn("%s", _("An authorisation code has 8 letters, like BCDF-GHJK."));
    }
}

static enum bk_err run(struct cmd *cmd, struct bk_state *state, const struct unlock_options *o,
                       struct bk_unlock_result *told, struct bk_failure *failure)
{
    struct bk_secret code = BK_SECRET_INIT, pin = BK_SECRET_INIT;
    enum bk_err err = ask_code(o->code_fd, &code, failure);
    if (err == BK_OK && (err = ui_new_pin(o->pin_fd, &pin)) != BK_OK)
        err = bk_fail(failure, err, "%s", "");
    if (err == BK_EDENIED)
        err = cmd_fail(failure, BK_EINVAL, _("there is no terminal to ask on: %s is missing"),
                       o->code_fd < 0 ? "--code-fd" : "--new-pin-fd");
    if (err == BK_OK)
        err = bk_unlock_run(&cmd->module, cmd->key.slot, cmd->api, state, &code, &pin, on_progress,
                            NULL, told, failure);
    bk_secret_free(&code);
    bk_secret_free(&pin);
    return err;
}

static const char *why(const struct bk_failure *failure)
{
    return *failure->text ? failure->text : bk_err_name(failure->err);
}

static int result(const struct cmd *cmd, const struct unlock_outcome *done,
                  const struct bk_failure *failure)
{
    const struct bk_unlock_result *told = &done->told;
    if (done->unlocked && !told->recorded)
        ui_warn(_("The key is unlocked, but the platform could not be told (%s), and what it is to "
                  "be told could not be kept. Run bjca unlock once more with the same code."),
                why(failure));
    else if (done->unlocked && !told->reported)
        ui_warn(_("The platform could not be told yet (%s); the next bjca unlock does it."),
                why(failure));
    if (cmd->json)
        return cmd_print_json(json_pack("{s:b, s:b, s:b}", "unlocked", done->unlocked, "reported",
                                        told->reported, "recorded", told->recorded));
    if (done->unlocked)
        ui_say("%s", _("The key is unlocked and has the new PIN."));
    return EXIT_OK;
}

/* Hands in what earlier runs couldn't. *enough: the key is still as they left it, and nothing more
 * was asked for. Otherwise a report that the platform can't take is kept and holds nothing up. */
static enum bk_err finish_earlier(struct cmd *cmd, struct bk_state *state,
                                  const struct unlock_options *o, bool *enough,
                                  struct bk_failure *failure)
{
    struct bk_unlock_finished finished;
    bool more = o->request_only || cmd->key.status.flags & CKF_BJCA_USER_LOCKED;
    *enough = false;
    enum bk_err err = bk_unlock_finish(cmd->api, state, &finished, failure);
    if (err == BK_OK && finished.last && !more)
        err = finished.why;
    if (err != BK_OK)
        return err;
    if (finished.why != BK_OK)
        ui_warn(_("An earlier unlock could not be reported to the platform yet (%s); that is kept "
                  "for the next bjca unlock."),
                why(failure));
    if (finished.told)
        ui_say("%s", _("An unlock done earlier is now reported to the platform."));
    *enough = finished.told && !more && !state->open;
    return BK_OK;
}

static enum bk_err unlock(struct cmd *cmd, struct bk_state *state, const struct unlock_options *o,
                          struct unlock_outcome *done, struct bk_failure *failure)
{
    bool enough = false;
    enum bk_err err = finish_earlier(cmd, state, o, &enough, failure);
    if (err != BK_OK)
        return err;
    if (enough) {
        *done = (struct unlock_outcome){true, {true, true}};
        return BK_OK;
    }
    if (!(cmd->key.status.flags & CKF_BJCA_USER_LOCKED))
        ui_say("%s", _("The PIN is not locked; the unlock gives the key a new PIN all the same."));
    bool open = still_open(state, cmd->api) && !o->request_only, waits = false;
    if (o->paper_count)
        err = unlock_hand_in(cmd, state, o, open, &waits, failure);
    else if (!open)
        err = unlock_request_code(cmd, state, o, failure);
    else
        ui_say("%s", _("An unlock request is open: enter its code. (For a new code: bjca unlock "
                       "--request)"));
    if (err != BK_OK || o->request_only || waits)
        return err;
    err = run(cmd, state, o, &done->told, failure);
    done->unlocked = err == BK_OK;
    return err;
}

static enum bk_err open_state(struct cmd *cmd, struct bk_state *state, struct bk_failure *failure)
{
    char *aside = NULL;
    enum bk_err err = bk_state_open((const char *)cmd->key.status.serial, state);
    if (err == BK_EUNSUPPORTED)
        return cmd_fail(failure, err,
                        _("%s is of a newer version of bjca: only that can go on with it"),
                        state->path);
    if (err == BK_ENOTFOUND)
        return cmd_fail(failure, err, "%s",
                        _("there is nowhere to keep the unlock request: neither HOME nor "
                          "XDG_STATE_HOME names a folder"));
    if (err == BK_ECORRUPT) {
        err = bk_state_set_aside(state, &aside);
        if (err == BK_OK)
            ui_warn(_("%s is damaged and is left aside as %s; a new request is needed."),
                    state->path, aside);
        free(aside);
    }
    return err == BK_OK
               ? BK_OK
               : bk_fail(failure, err, "%s",
                         state->path ? state->path : _("where the unlock request is kept"));
}

int cmd_unlock(struct cmd *cmd, int argc, char **argv)
{
    struct unlock_options o = {.code_fd = -1, .pin_fd = -1};
    struct bk_state state = {.lock = -1};
    struct bk_failure failure = {0};
    struct unlock_outcome done = {0};
    int code = parse(argc, argv, &o);
    if (code != EXIT_OK)
        return code;
    enum bk_err err = cmd_open_key(cmd, &failure);
    if (err == BK_OK)
        err = cmd_open_platform(cmd, &failure);
    if (err == BK_OK)
        err = open_state(cmd, &state, &failure);
    if (err == BK_OK)
        err = unlock(cmd, &state, &o, &done, &failure);
    bk_state_close(&state);
    return err == BK_OK ? result(cmd, &done, &failure) : ui_failure(&failure);
}
