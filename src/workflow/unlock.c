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

enum bk_err bk_unlock_request(struct bk_api *api, struct bk_state *state, const char *serial,
                              const char *phone, const char *name, struct bk_failure *failure)
{
    char key[BK_TOKEN_TEXT];
    struct bk_api_unlock unlock;
    enum bk_err err = bk_token_text(key);
    if (err == BK_OK)
        err = bk_token_secret(&state->secret, BK_API_SECRET);
    if (err != BK_OK)
        return bk_fail(failure, err, _("no random numbers"));
    err = bk_api_unlock_request(api, key, serial, phone, name, &unlock);
    if (err != BK_OK)
        return bk_fail_api(failure, err, api);
    memcpy(state->id, unlock.id, sizeof state->id);
    state->expires_at = unlock.expires_at;
    bk_buf_free(&state->report);
    (void)snprintf(state->platform, sizeof state->platform, "%s", bk_api_origin(api));
    return save(state, failure);
}

/* Hands the report in; the state is forgotten once the platform has it. */
static enum bk_err hand_in(struct bk_api *api, struct bk_state *state, struct bk_failure *failure)
{
    struct bk_buf answer = BK_BUF_INIT;
    enum bk_err err = bk_api_unlock_message(api, state->id, state->secret.data, state->report.data,
                                            state->report.len, &answer);
    bk_buf_free(&answer);
    if (err != BK_OK)
        return bk_fail_api(failure, err, api);
    err = bk_state_forget(state);
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

enum bk_err bk_unlock_finish(struct bk_api *api, struct bk_state *state, bool *finished,
                             struct bk_failure *failure)
{
    *finished = false;
    if (!state->open || !state->report.len || strcmp(state->platform, bk_api_origin(api)) != 0)
        return BK_OK;
    enum bk_err err = hand_in(api, state, failure);
    *finished = err == BK_OK;
    if (err != BK_EREFUSED || !report_is_over(failure))
        return err;
    /* the platform won't have it (any more): what the key says counts */
    bk_buf_free(&state->report);
    return save(state, failure);
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
    enum bk_err err = bk_api_unlock_message(run->api, run->state->id, run->state->secret.data,
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
    err =
        bk_api_unlock_redeem(run->api, run->state->id, (const char *)code->data,
                             run->state->secret.data, run->request, run->request_len, &run->answer);
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
    enum bk_err err = bk_buf_put(&state->report, run->request, run->request_len);
    result->recorded = err == BK_OK && save(state, failure) == BK_OK;
    if (err == BK_OK)
        err = hand_in(run->api, state, failure);
    else
        err = bk_fail(failure, err, "%s", "");
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
