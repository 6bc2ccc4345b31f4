/* SPDX-License-Identifier: Apache-2.0 */
#include "workflow/unlock.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "workflow/token.h"

static enum bk_err save(struct bk_state *state, struct bk_failure *failure)
{
    enum bk_err err = bk_state_save(state);
    return err == BK_OK ? BK_OK : bk_fail(failure, err, _("can't write %s"), state->path);
}

static enum bk_err ask_with(struct bk_api *api, const char *key,
                            const struct bk_api_unlock_ask *ask, const struct bk_secret *secret,
                            struct bk_api_unlock *unlock)
{
    struct bk_api_unlock_ask whole = *ask;
    whole.secret = secret->data;
    return bk_api_unlock_request(api, key, &whole, unlock);
}

enum bk_err bk_unlock_request(struct bk_api *api, struct bk_state *state,
                              const struct bk_api_unlock_ask *ask, struct bk_failure *failure)
{
    char key[BK_TOKEN_TEXT];
    struct bk_api_unlock unlock = {0};
    struct bk_secret secret = BK_SECRET_INIT;
    bk_state_shelve(state);
    enum bk_err err = bk_token_text(key);
    if (err == BK_OK)
        err = bk_token_secret(&secret, BK_API_SECRET);
    if (err != BK_OK)
        err = bk_fail(failure, err, _("no random numbers"));
    else if ((err = ask_with(api, key, ask, &secret, &unlock)) != BK_OK)
        err = bk_fail_api(failure, err, api);
    if (err != BK_OK)
        goto out;
    memcpy(state->now.id, unlock.id, sizeof state->now.id);
    (void)snprintf(state->now.platform, sizeof state->now.platform, "%s", bk_api_origin(api));
    state->now.secret = secret;
    secret = (struct bk_secret)BK_SECRET_INIT;
    state->expires_at = unlock.expires_at;
    state->code_at = unlock.code_at;
    state->open = true;
    err = save(state, failure);
out:
    bk_secret_free(&secret);
    return err;
}

static enum bk_err hand_in(struct bk_api *api, const struct bk_attempt *done,
                           struct bk_failure *failure)
{
    struct bk_buf answer = BK_BUF_INIT;
    enum bk_err err = bk_api_unlock_message(api, done->id, done->secret.data, done->report.data,
                                            done->report.len, &answer);
    bk_buf_free(&answer);
    return err == BK_OK ? BK_OK : bk_fail_api(failure, err, api);
}

/* The platform has the report. */
static enum bk_err forget(struct bk_state *state, struct bk_failure *failure)
{
    enum bk_err err = bk_state_forget(state);
    return err == BK_OK ? BK_OK : bk_fail(failure, err, _("can't remove %s"), state->path);
}

static bool is_one_of(const struct bk_failure *failure, const char *const *codes)
{
    while (*codes && strcmp(failure->code, *codes) != 0)
        codes++;
    return *codes != NULL;
}

/* No further try makes sense with this request. */
static bool request_is_over(const struct bk_failure *failure)
{
    static const char *const codes[] = {"code-void",         "code-expired",          "code-used",
                                        "other-key",         "redemptions-exhausted", "not-found",
                                        "key-needs-reissue", "not-this-run",          NULL};
    return is_one_of(failure, codes);
}

/* The platform will never take this report; every other answer may be another one later. */
static bool report_is_over(const struct bk_failure *failure)
{
    static const char *const codes[] = {"bad-message", "proof-wrong", NULL};
    return request_is_over(failure) || is_one_of(failure, codes);
}

/* One report may be lost on its way each time; when another is, nobody is there to be told. */
#define LOST_MAX 2u

static void not_told(struct bk_unlock_finished *finished, enum bk_err err,
                     const struct bk_failure *got, struct bk_failure *failure)
{
    finished->why = err;
    if (err != BK_EREFUSED)
        finished->lost++;
    *failure = *got;
}

/*
 * The order in which the platform learns of unlocks doesn't matter to it: what a report says of the
 * administrator PIN counts only while no later unlock has set one, and which PIN the key has is
 * shown by the commands of the later one. So a later report makes the earlier one moot for the
 * next unlock; but that the key was unlocked, and proved it, is known by its own report alone.
 */
static enum bk_err finish_earlier(struct bk_api *api, struct bk_state *state,
                                  struct bk_unlock_finished *finished, struct bk_failure *failure)
{
    struct bk_failure got;
    bool changed = false;
    enum bk_err stopped = BK_OK;
    for (size_t i = 0; i < state->earlier_count && finished->lost < LOST_MAX && !stopped;) {
        if (strcmp(state->earlier[i].platform, bk_api_origin(api)) != 0) {
            i++;
            continue;
        }
        enum bk_err err = hand_in(api, &state->earlier[i], &got);
        if (err == BK_OK || (err == BK_EREFUSED && report_is_over(&got))) {
            finished->told = finished->told || err == BK_OK;
            bk_state_drop(state, i);
            changed = true;
            continue;
        }
        if (err == BK_ECANCELLED) {
            stopped = err;
            *failure = got;
            continue;
        }
        not_told(finished, err, &got, failure);
        i++;
    }
    enum bk_err err = changed ? save(state, failure) : BK_OK;
    return err != BK_OK ? err : stopped;
}

static enum bk_err finish_now(struct bk_api *api, struct bk_state *state,
                              struct bk_unlock_finished *finished, struct bk_failure *failure)
{
    struct bk_failure got;
    enum bk_err err = hand_in(api, &state->now, &got);
    if (err == BK_OK) {
        finished->told = true;
        return forget(state, failure);
    }
    if (err == BK_EREFUSED && report_is_over(&got)) {
        /* the platform won't have it (any more): what the key says counts */
        bk_buf_free(&state->now.report);
        return save(state, failure);
    }
    not_told(finished, err, &got, failure);
    finished->last = true;
    return err == BK_ECANCELLED ? err : BK_OK;
}

enum bk_err bk_unlock_finish(struct bk_api *api, struct bk_state *state,
                             struct bk_unlock_finished *finished, struct bk_failure *failure)
{
    *finished = (struct bk_unlock_finished){.why = BK_OK};
    enum bk_err err = finish_earlier(api, state, finished, failure);
    if (err != BK_OK || !state->open || !state->now.report.len ||
        strcmp(state->now.platform, bk_api_origin(api)) != 0)
        return err;
    if (finished->lost < LOST_MAX)
        return finish_now(api, state, finished, failure);
    finished->last = true;
    return BK_OK;
}

struct run {
    const struct bk_module *module;
    struct bk_api *api;
    struct bk_state *state;
    const struct bk_secret *pin;
    CK_BJCA_UNLOCK handle;
    struct bk_buf answer;
    CK_BYTE request[CK_BJCA_MESSAGE_MAX];
    CK_ULONG request_len;
    CK_BBOOL done;
};

static enum bk_err step(struct run *run, struct bk_failure *failure)
{
    run->request_len = sizeof run->request;
    CK_RV rv = run->module->bjca->BJCA_UnlockStep(
        run->handle, run->answer.data, (CK_ULONG)run->answer.len, run->pin->data,
        (CK_ULONG)run->pin->len, run->request, &run->request_len, &run->done);
    /* after done, and after a failure, the module has let go of the handle */
    if (rv != CKR_OK || run->done)
        run->handle = 0;
    return bk_module_result(run->module, rv, failure);
}

static enum bk_err exchange(struct run *run, struct bk_failure *failure)
{
    bk_buf_clear(&run->answer);
    enum bk_err err =
        bk_api_unlock_message(run->api, run->state->now.id, run->state->now.secret.data,
                              run->request, run->request_len, &run->answer);
    return err == BK_OK ? BK_OK : bk_fail_api(failure, err, run->api);
}

/* From the first message to the report. */
static enum bk_err run_on_key(struct run *run, CK_SLOT_ID slot, const struct bk_secret *code,
                              bk_unlock_progress *progress, void *context,
                              struct bk_failure *failure)
{
    run->request_len = sizeof run->request;
    enum bk_err err = bk_module_result(
        run->module,
        run->module->bjca->BJCA_UnlockBegin(slot, &run->handle, run->request, &run->request_len),
        failure);
    if (err != BK_OK)
        return err;
    progress(context, BK_UNLOCK_ASKING);
    err = bk_api_unlock_redeem(run->api, run->state->now.id, (const char *)code->data,
                               run->state->now.secret.data, run->request, run->request_len,
                               &run->answer);
    if (err != BK_OK)
        err = bk_fail_api(failure, err, run->api);
    while (err == BK_OK) {
        progress(context, BK_UNLOCK_KEY);
        err = step(run, failure);
        if (err != BK_OK || run->done)
            break;
        err = exchange(run, failure);
    }
    if (run->handle)
        (void)run->module->bjca->BJCA_UnlockCancel(run->handle);
    return err;
}

/* The key is unlocked: a report that doesn't get through now is a matter for later, and one that
 * can't be kept is handed in all the same. */
static void report(struct run *run, struct bk_unlock_result *result, struct bk_failure *failure)
{
    struct bk_state *state = run->state;
    enum bk_err err = bk_buf_put(&state->now.report, run->request, run->request_len);
    result->recorded = err == BK_OK && save(state, failure) == BK_OK;
    if (err == BK_OK)
        err = hand_in(run->api, &state->now, failure);
    else
        err = bk_fail(failure, err, "%s", "");
    if (err == BK_OK)
        err = forget(state, failure);
    result->reported = err == BK_OK;
    if (result->reported)
        result->recorded = true;
}

enum bk_err bk_unlock_run(const struct bk_module *module, CK_SLOT_ID slot, struct bk_api *api,
                          struct bk_state *state, const struct bk_secret *code,
                          const struct bk_secret *pin, bk_unlock_progress *progress, void *context,
                          struct bk_unlock_result *result, struct bk_failure *failure)
{
    struct run run = {.module = module, .api = api, .state = state, .pin = pin};
    *result = (struct bk_unlock_result){0};
    if (!state->open)
        return bk_fail(failure, BK_ESTATE, _("no unlock request is open for this key"));
    enum bk_err err = bk_module_result(
        module, module->bjca->BJCA_CheckPIN(slot, pin->data, (CK_ULONG)pin->len), failure);
    if (err == BK_OK)
        err = run_on_key(&run, slot, code, progress, context, failure);
    if (err == BK_EREFUSED && request_is_over(failure))
        (void)!bk_state_forget(state);
    if (err != BK_OK)
        goto out;
    progress(context, BK_UNLOCK_REPORTING);
    report(&run, result, failure);
out:
    bk_buf_free(&run.answer);
    bk_wipe(&run, sizeof run);
    return err;
}
