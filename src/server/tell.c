/* SPDX-License-Identifier: Apache-2.0 */
#include "server/tell.h"

#include <stdio.h>

#include "base/secret.h"
#include "server/code.h"
#include "server/outbox.h"

#define MINUTE_MS (INT64_C(60) * 1000)

static enum bk_err put_code(const struct bk_tell *t, json_t *params)
{
    char shown[BK_CODE + 2];
    bk_code_show(t->code, shown);
    json_t *code = json_string(shown);
    bk_wipe(shown, sizeof shown);
    return json_object_set_new(params, "code", code) == 0 &&
                   json_object_set_new(params, "minutes",
                                       json_integer((t->expires_at - t->now) / MINUTE_MS)) == 0
               ? BK_OK
               : BK_ENOMEM;
}

enum bk_err bk_tell_sms(const struct bk_app *app, struct bk_tx *tx, const struct bk_tell *t,
                        json_t *params)
{
    char dedupe[128];
    json_t *payload = NULL;
    (void)snprintf(dedupe, sizeof dedupe, "%s:%s", t->template, t->dedupe);
    if (!params)
        params = json_object();
    enum bk_err err = params ? BK_OK : BK_ENOMEM;
    if (err == BK_OK && t->code)
        err = put_code(t, params);
    if (err == BK_OK)
        payload = json_pack("{s:s, s:s, s:O}", "phone", t->phone, "template", t->template, "params",
                            params);
    json_decref(params);
    return err == BK_OK ? bk_outbox_add(tx, app->escrow, t->quiet ? "discard" : "sms", dedupe,
                                        payload, t->now, t->expires_at)
                        : err;
}
