/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/unlock_ask.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tools/terminal.h"

#define MINUTE_MS ((int64_t)60 * 1000)

/* In their order: all of them are needed. */
static const char *const kinds[UNLOCK_PAPERS] = {"licence", "operator-id-front", "operator-id-back",
                                                 "letter"};

int unlock_take_paper(struct unlock_options *o, char *text)
{
    char *file = strchr(text, '=');
    size_t kind = 0;
    if (file)
        *file++ = 0;
    while (kind < UNLOCK_PAPERS && strcmp(kinds[kind], text) != 0)
        kind++;
    if (!file || !*file || kind == UNLOCK_PAPERS)
        return cmd_usage("unlock", _("--document is KIND=FILE; KIND is %s, %s, %s or %s"), kinds[0],
                         kinds[1], kinds[2], kinds[3]);
    o->paper_count += !o->papers[kind].file;
    o->papers[kind] = (struct bk_unlock_paper){kinds[kind], file};
    return EXIT_OK;
}

/* Option and the way that it is for; NULL: none was given. */
static const char *stray(const struct unlock_options *o)
{
    return o->phone && strcmp(o->way, "phone") != 0             ? "--phone"
           : o->account && strcmp(o->way, "account") != 0       ? "--account"
           : o->contact && strcmp(o->way, "documents") != 0     ? "--contact"
           : o->paper_count && strcmp(o->way, "documents") != 0 ? "--document"
                                                                : NULL;
}

int unlock_check_way(struct unlock_options *o)
{
    if (!o->way)
        o->way = o->account ? "account" : o->contact || o->paper_count ? "documents" : "phone";
    bool documents = strcmp(o->way, "documents") == 0;
    if (!documents && strcmp(o->way, "phone") != 0 && strcmp(o->way, "account") != 0)
        return cmd_usage("unlock", _("--way is phone, account or documents, not \"%s\""), o->way);
    const char *option = stray(o);
    if (option)
        return cmd_usage("unlock", _("%s isn't for --way %s"), option, o->way);
    for (size_t i = 0; documents && i < UNLOCK_PAPERS; i++)
        if (!o->papers[i].file)
            return cmd_usage("unlock", _("--document %s=FILE is missing"), kinds[i]);
    return EXIT_OK;
}

/* What its customer is known by, as typed or given. */
struct known_by {
    char number[256], name[160];
};

/* With the first digits, as BJCA's own page shows them. */
static enum bk_err ask_phone(struct cmd *cmd, const char *serial, struct known_by *by,
                             struct bk_failure *failure)
{
    char prefix[8], prompt[256];
    enum bk_err err = bk_api_unlock_hint(cmd->api, serial, prefix);
    if (err != BK_OK)
        return bk_fail_api(failure, err, cmd->api);
    (void)snprintf(prompt, sizeof prompt, _("Reserved phone, begins with %s, whole number: "),
                   prefix);
    err = ui_line(prompt, by->number, sizeof by->number);
    return err == BK_OK ? BK_OK : bk_fail(failure, err, "%s", "");
}

static enum bk_err ask_known_by(struct cmd *cmd, const char *serial, const struct unlock_options *o,
                                struct known_by *by, struct bk_failure *failure)
{
    enum bk_err err = BK_OK;
    bool by_account = strcmp(o->way, "account") == 0;
    const char *number = by_account ? o->account : o->phone;
    (void)snprintf(by->number, sizeof by->number, "%s", number ? number : "");
    (void)snprintf(by->name, sizeof by->name, "%s", o->name ? o->name : "");
    if ((!*by->number || !*by->name) && !terminal_there())
        return cmd_fail(failure, BK_EINVAL, _("there is no terminal to ask on: %s is missing"),
                        *by->number  ? "--name"
                        : by_account ? "--account"
                                     : "--phone");
    if (!*by->number && !by_account && (err = ask_phone(cmd, serial, by, failure)) != BK_OK)
        return err;
    if (!*by->number)
        err = ui_line(_("Number of the company's bank account: "), by->number, sizeof by->number);
    if (err == BK_OK && !*by->name)
        err = ui_line(by_account ? _("The company's name, as its bank knows it: ")
                                 : _("Name of its holder: "),
                      by->name, sizeof by->name);
    return err == BK_OK ? BK_OK : bk_fail(failure, err, "%s", "");
}

static void tell_requested(const struct bk_state *state, const struct unlock_options *o)
{
    char until[32];
    ui_time(state->expires_at, until);
    if (strcmp(o->way, "account") == 0) {
        ui_say(_("If account and company are those on record, the authorisation code is on its way "
                 "in the memo of a transfer of 0.01 yuan. It is good until %s."),
               until);
        ui_say("%s", _("A key of whose company no account is on record gets no code this way: take "
                       "another way, or have the service desk record the account."));
    } else {
        ui_say(_("If phone and name are those on record, the authorisation code is on its way by "
                 "SMS. It is good until %s."),
               until);
    }
    if (state->code_at > (int64_t)time(NULL) * 1000 + MINUTE_MS) {
        ui_time(state->code_at, until);
        ui_say(_("It isn't sent before %s: until then whoever is on record may stop this."), until);
    }
    ui_say("%s", _("This unlocks keys that this platform produced. A key issued by BJCA itself can "
                   "be unlocked only by BJCA."));
}

static enum bk_err ask_platform(struct cmd *cmd, struct bk_state *state,
                                const struct bk_api_unlock_ask *ask, struct bk_failure *failure)
{
    enum bk_err err = bk_unlock_request(cmd->api, state, ask, failure);
    if (err == BK_OK && *state->given_up)
        ui_warn(
            _("Too many unlocks wait to be reported: the report of an old one to %s is given up. "
              "The key isn't affected by that."),
            state->given_up);
    return err;
}

enum bk_err unlock_request_code(struct cmd *cmd, struct bk_state *state,
                                const struct unlock_options *o, struct bk_failure *failure)
{
    struct known_by by = {.number = ""};
    const char *serial = (const char *)cmd->key.status.serial;
    enum bk_err err = ask_known_by(cmd, serial, o, &by, failure);
    if (err != BK_OK)
        return err;
    const struct bk_api_unlock_ask ask = {
        .serial = serial, .way = o->way, .number = by.number, .name = by.name};
    err = ask_platform(cmd, state, &ask, failure);
    if (err == BK_OK)
        tell_requested(state, o);
    return err;
}

/* --- documents --- */

static enum bk_err ask_contact(const struct unlock_options *o, struct known_by *by,
                               struct bk_failure *failure)
{
    enum bk_err err = BK_OK;
    (void)snprintf(by->number, sizeof by->number, "%s", o->contact ? o->contact : "");
    (void)snprintf(by->name, sizeof by->name, "%s", o->name ? o->name : "");
    if ((!*by->number || !*by->name) && !terminal_there())
        return cmd_fail(failure, BK_EINVAL, _("there is no terminal to ask on: %s is missing"),
                        *by->number ? "--name" : "--contact");
    if (!*by->number)
        err = ui_line(_("Phone or e-mail address that the code is to go to: "), by->number,
                      sizeof by->number);
    if (err == BK_OK && !*by->name)
        err = ui_line(_("The company's name: "), by->name, sizeof by->name);
    return err == BK_OK ? BK_OK : bk_fail(failure, err, "%s", "");
}

static enum bk_err request_reviewed(struct cmd *cmd, struct bk_state *state,
                                    const struct unlock_options *o, struct bk_failure *failure)
{
    struct known_by by = {.number = ""};
    enum bk_err err = ask_contact(o, &by, failure);
    if (err != BK_OK)
        return err;
    const struct bk_api_unlock_ask ask = {.serial = (const char *)cmd->key.status.serial,
                                          .way = o->way,
                                          .number = by.number,
                                          .name = by.name};
    return ask_platform(cmd, state, &ask, failure);
}

/* How far the open one is; one of another way, or forgotten, is none. */
static enum bk_err look(struct cmd *cmd, const struct bk_state *state,
                        struct bk_api_unlock_review *review, struct bk_failure *failure)
{
    enum bk_err err = bk_api_unlock_review(cmd->api, state->now.id, state->now.secret.data, review);
    if (err == BK_EREFUSED && bk_api_problem(cmd->api)->status == 404) {
        *review = (struct bk_api_unlock_review){.state = "void"};
        return BK_OK;
    }
    return err == BK_OK ? BK_OK : bk_fail_api(failure, err, cmd->api);
}

static void tell_review(const struct bk_api_unlock_review *review)
{
    char due[32];
    ui_time(review->due_at, due);
    ui_say(_("The documents are in review, to be done by %s. When they are approved the code comes "
             "to the contact that was given: run bjca unlock then."),
           due);
}

enum bk_err unlock_hand_in(struct cmd *cmd, struct bk_state *state, const struct unlock_options *o,
                           bool open, bool *waits, struct bk_failure *failure)
{
    struct bk_api_unlock_review review = {.state = "void"};
    enum bk_err err = open ? look(cmd, state, &review, failure) : BK_OK;
    if (err != BK_OK)
        return err;
    if (strcmp(review.state, "rejected") == 0)
        ui_warn(_("The request before was rejected: %s"), review.reason);
    if (strcmp(review.state, "approved") == 0) {
        ui_say("%s", _("The documents have been approved: enter the code."));
        return BK_OK;
    }
    *waits = true;
    bool handed_in = strcmp(review.state, "review") == 0;
    if (!handed_in && strcmp(review.state, "draft") != 0)
        err = request_reviewed(cmd, state, o, failure);
    if (err == BK_OK && !handed_in)
        err = bk_unlock_submit(cmd->api, state, o->papers, o->paper_count, &review, failure);
    if (err == BK_OK)
        tell_review(&review);
    return err;
}
