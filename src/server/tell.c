/* SPDX-License-Identifier: Apache-2.0 */
#include "server/tell.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "server/code.h"
#include "server/limits.h"

#define MINUTE_MS (INT64_C(60) * 1000)
#define DAY_MS (24 * 60 * MINUTE_MS)
#define SHOWN 30u /* characters: providers take some more in a parameter, our marks among them */

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

/* A code's message has it in its parameters; word of one that is out, and a mail, say so. */
static bool is_of_code(const json_t *payload)
{
    return json_is_true(json_object_get(payload, "code")) ||
           json_object_get(json_object_get(payload, "params"), "code");
}

enum bk_err bk_tell_limit(const struct bk_app *app, const struct bk_outbox_item *item,
                          const char *to)
{
    struct bk_tx *tx = NULL;
    int64_t wait = 0;
    if (item->attempts > 1 || is_of_code(item->payload))
        return BK_OK;
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_limit_take_of(tx, app->escrow, "notice", to, item->created_at, DAY_MS,
                               app->policy.notices_per_day, &wait);
    err = bk_tx_end(&tx, err);
    if (err != BK_OK || !wait)
        return err;
    *item->for_good = true;
    return BK_ELIMIT;
}

/* What a program that looks for links would take for a part of one, and what ends our quotation. */
static bool is_shown(const char *at, size_t n)
{
    static const char *const marks[] = {"「", "」", "。", "．", "｡"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (n == 3 && strncmp(at, marks[i], 3) == 0)
            return false;
    bool joins = at[0] == '.' && (isalnum((unsigned char)at[1]) || (unsigned char)at[1] > 0x7f);
    return !joins && !strchr("/\\:@", at[0]);
}

static size_t length_of_char(const char *at)
{
    size_t n = 1;
    while (((unsigned char)at[n] & 0xc0) == 0x80)
        n++;
    return n;
}

void bk_tell_quote(const char *text, char shown[BK_QUOTED])
{
    size_t len = (size_t)snprintf(shown, BK_QUOTED, "「");
    for (unsigned i = 0; *text && i < SHOWN; i++) {
        size_t n = length_of_char(text);
        bool good = n <= 4 && is_shown(text, n);
        len += (size_t)snprintf(shown + len, BK_QUOTED - len, "%.*s", good ? (int)n : 2,
                                good ? text : "·");
        text += n;
    }
    (void)snprintf(shown + len, BK_QUOTED - len, "%s」", *text ? "…" : "");
}
