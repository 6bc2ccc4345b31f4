/* SPDX-License-Identifier: Apache-2.0 */
#include "server/unlock_tell.h"

#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "server/fill.h"
#include "server/ident.h"
#include "server/keys.h"
#include "server/phone.h"
#include "server/tell.h"
#include "server/unlock.h"

#define MINUTE_MS (INT64_C(60) * 1000)
#define DAY_MS (24 * 60 * MINUTE_MS)

static bool is_delayed(const struct bk_unlock_news *n)
{
    return n->code_at > n->now;
}

/* The parameters of a message's template; code NULL: without one. */
static json_t *make_params(const struct bk_app *app, const struct bk_unlock_news *n,
                           const char *code)
{
    char link[512];
    size_t len = strlen(n->serial);
    (void)snprintf(link, sizeof link, "%s/v1/unlock-requests/%s/suspend/%s", app->origin, n->id,
                   n->token);
    json_t *params = json_pack(
        "{s:s, s:s, s:I}", "link", link, "serial", n->serial + (len > 4 ? len - 4 : 0), "minutes",
        (json_int_t)((n->expires_at - (is_delayed(n) ? n->code_at : n->now)) / MINUTE_MS));
    if (params && code && json_object_set_new(params, "code", json_string(code)) != 0) {
        json_decref(params);
        return NULL;
    }
    return params;
}

/* Word of it, at once. */
static enum bk_err add(const struct bk_app *app, struct bk_tx *tx, const struct bk_unlock_news *n,
                       const char *kind, const char *dedupe, json_t *payload)
{
    return bk_outbox_add(tx, app->escrow, kind, dedupe, payload, n->now, n->expires_at);
}

/* What has the code, when it is time. */
static enum bk_err add_code(const struct bk_app *app, struct bk_tx *tx,
                            const struct bk_unlock_news *n, const char *kind, const char *dedupe,
                            json_t *payload)
{
    if (!is_delayed(n))
        return add(app, tx, n, kind, dedupe, payload);
    if (payload && json_object_set_new(payload, "unlock", json_string(n->id)) != 0) {
        json_decref(payload);
        return BK_ENOMEM;
    }
    return bk_outbox_add_later(tx, app->escrow, kind, dedupe, payload, n->now, n->code_at,
                               n->expires_at);
}

/* One may have several codes, one after another: each is told of once. */
static void name_code(const struct bk_unlock_news *n, const char *what, char dedupe[96])
{
    (void)snprintf(dedupe, 96, "%s:%s:%lld", what, n->id, (long long)n->expires_at);
}

static enum bk_err tell_phone(const struct bk_app *app, struct bk_tx *tx,
                              const struct bk_unlock_news *n)
{
    char dedupe[96], shown[BK_CODE + 2];
    bool with_code = n->word != BK_WORD_NOTICE;
    name_code(n, "unlock-code", dedupe);
    (void)snprintf(shown, sizeof shown, "%.4s-%.4s", n->code, n->code + 4);
    json_t *params = make_params(app, n, with_code ? shown : NULL);
    json_t *payload = params
                          ? json_pack("{s:s, s:s, s:o}", "phone", n->phone, "template",
                                      with_code ? "unlock-code" : "unlock-notice", "params", params)
                          : NULL;
    bk_wipe(shown, sizeof shown);
    return add_code(app, tx, n, n->word == BK_WORD_NONE ? "discard" : "sms", dedupe, payload);
}

/* Which account it is, the worker looks up: nothing of it stands here. Without a code there is no
 * transfer; the contacts hear of the request all the same. */
static enum bk_err tell_account(const struct bk_app *app, struct bk_tx *tx,
                                const struct bk_unlock_news *n)
{
    char dedupe[64], memo[BK_CODE + 2];
    (void)snprintf(dedupe, sizeof dedupe, "unlock-transfer:%s", n->id);
    (void)snprintf(memo, sizeof memo, "%.4s-%.4s", n->code, n->code + 4);
    json_t *payload = json_pack("{s:s, s:s}", "unlock", n->id, "memo", memo);
    bk_wipe(memo, sizeof memo);
    return add_code(app, tx, n, n->word == BK_WORD_CODE ? "unlock-transfer" : "discard", dedupe,
                    payload);
}

/* --- by mail --- */

static const struct letter {
    const char *subject, *zh, *en;
} code_letter = {"证书密钥解锁授权码",
                 "您的证书密钥（尾号${serial}）解锁申请已审核通过，授权码为 ${code}，"
                 "${minutes}分钟内有效。\n如非本人操作，请打开 ${link} 中止。",
                 "The unlock of your certificate key (its serial number ends in ${serial}) has been"
                 " approved. Its authorisation code is ${code}, good for ${minutes} minutes.\n"
                 "If this isn't you, stop it: ${link}"},
  rejected_letter = {"证书密钥解锁申请未通过",
                     "您的证书密钥（尾号${serial}）解锁申请审核未通过，原因：${reason}\n"
                     "请重新申请。",
                     "The unlock of your certificate key (its serial number ends in ${serial}) was"
                     " not approved: ${reason}\nAsk for it anew."};

/* Takes params. */
static enum bk_err tell_mail(const struct bk_app *app, struct bk_tx *tx,
                             const struct bk_unlock_news *n, const struct letter *letter,
                             json_t *params)
{
    char dedupe[96];
    struct bk_buf text = BK_BUF_INIT;
    const char *plain = NULL;
    name_code(n, "unlock-mail", dedupe);
    enum bk_err err = params ? bk_fill(letter->zh, params, &text) : BK_ENOMEM;
    if (err == BK_OK)
        err = bk_buf_put_str(&text, "\n\n");
    if (err == BK_OK)
        err = bk_fill(letter->en, params, &text);
    if (err == BK_OK)
        err = bk_buf_cstr(&text, &plain);
    if (err == BK_OK)
        err = add_code(app, tx, n, "mail", dedupe,
                       json_pack("{s:s, s:s, s:s, s:b}", "to", n->mail, "subject", letter->subject,
                                 "text", plain, "code", letter == &code_letter));
    bk_buf_free(&text);
    json_decref(params);
    return err;
}

static enum bk_err mail_code(const struct bk_app *app, struct bk_tx *tx,
                             const struct bk_unlock_news *n)
{
    char shown[BK_CODE + 2];
    (void)snprintf(shown, sizeof shown, "%.4s-%.4s", n->code, n->code + 4);
    json_t *params = make_params(app, n, shown);
    bk_wipe(shown, sizeof shown);
    return tell_mail(app, tx, n, &code_letter, params);
}

enum bk_err bk_unlock_tell_rejected(const struct bk_app *app, struct bk_tx *tx,
                                    const struct bk_unlock *unlock, const char *contact,
                                    const char *reason, int64_t now)
{
    size_t len = strlen(unlock->serial);
    const char *end = unlock->serial + (len > 4 ? len - 4 : 0);
    const struct bk_unlock_news news = {
        .id = unlock->id, .mail = contact, .now = now, .expires_at = now + DAY_MS};
    const struct bk_tell tell = {.dedupe = unlock->id,
                                 .phone = contact,
                                 .template = "unlock-rejected",
                                 .now = now,
                                 .expires_at = now + DAY_MS};
    return strchr(contact, '@')
               ? tell_mail(app, tx, &news, &rejected_letter,
                           json_pack("{s:s, s:s}", "serial", end, "reason", reason))
               : bk_tell_sms(app, tx, &tell, json_pack("{s:s}", "serial", end));
}

static enum bk_err tell_code(const struct bk_app *app, struct bk_tx *tx,
                             const struct bk_unlock_news *n)
{
    if (n->way == BK_UNLOCK_BY_ACCOUNT)
        return tell_account(app, tx, n);
    return n->mail && *n->mail ? mail_code(app, tx, n) : tell_phone(app, tx, n);
}

static enum bk_err tell_contacts(const struct bk_app *app, struct bk_tx *tx,
                                 const struct bk_unlock_news *n, const char *dedupe)
{
    json_t *params = make_params(app, n, NULL);
    json_t *payload =
        params
            ? json_pack("{s:s, s:s, s:s, s:I, s:b, s:o}", "unlock", n->id, "serial", n->serial,
                        "phone", is_delayed(n) ? "" : n->phone, "until", (json_int_t)n->expires_at,
                        "code", n->word == BK_WORD_CODE, "params", params)
            : NULL;
    return add(app, tx, n, n->word == BK_WORD_NONE ? "discard" : "unlock-contacts", dedupe,
               payload);
}

enum bk_err bk_unlock_tell(const struct bk_app *app, struct bk_tx *tx,
                           const struct bk_unlock_news *n)
{
    char dedupe[96];
    enum bk_err err = tell_code(app, tx, n);
    name_code(n, "unlock-contacts", dedupe);
    return err == BK_OK ? tell_contacts(app, tx, n, dedupe) : err;
}

enum bk_err bk_unlock_tell_asked(const struct bk_app *app, struct bk_tx *tx,
                                 const struct bk_unlock_news *n)
{
    char dedupe[96];
    (void)snprintf(dedupe, sizeof dedupe, "unlock-asked:%s", n->id);
    return tell_contacts(app, tx, n, dedupe);
}

/* --- the worker's part --- */

/* Whether the phone of who asked for it by one isn't on record any more. */
static enum bk_err has_moved(struct bk_tx *tx, const char *id, bool *moved)
{
    return bk_tx_any(tx,
                     "SELECT 1 FROM unlocks u JOIN keys k ON k.serial = u.serial"
                     " WHERE u.id = $1 AND u.way = 'phone' AND k.phone_since > u.created_at",
                     BK_VALS(bk_text(id)), moved);
}

enum bk_err bk_unlock_still_wanted(struct bk_app *app, const struct bk_outbox_item *item,
                                   bool *wanted)
{
    struct bk_tx *tx = NULL;
    struct bk_unlock unlock;
    const char *id = NULL;
    bool moved = false;
    *wanted = true;
    if (bk_json_str(item->payload, "unlock", BK_ULID, &id) != BK_OK)
        return BK_OK;
    enum bk_err err = bk_tx_look(app->store, &tx);
    if (err == BK_OK)
        err = bk_unlock_load(tx, id, &unlock);
    if (err == BK_OK)
        err = has_moved(tx, id, &moved);
    bk_tx_rollback(&tx);
    if (err == BK_OK)
        *wanted = unlock.state == BK_UNLOCK_OPEN && bk_now_ms() <= unlock.expires_at && !moved;
    return err;
}

static enum bk_err tell_contact(struct bk_app *app, struct bk_tx *tx,
                                const struct bk_outbox_item *item, const char *phone, int64_t until)
{
    uint8_t hash[32];
    char dedupe[128], hex[2 * sizeof hash + 1];
    enum bk_err err = bk_escrow_hash(app->escrow, "contact", phone, strlen(phone), hash);
    if (err != BK_OK)
        return err;
    bk_hex_text(hash, sizeof hash, hex);
    (void)snprintf(dedupe, sizeof dedupe, "unlock-told:%s:%s", item->id, hex);
    json_t *payload = json_pack("{s:s, s:s, s:b, s:O}", "phone", phone, "template", "unlock-notice",
                                "code", json_is_true(json_object_get(item->payload, "code")),
                                "params", json_object_get(item->payload, "params"));
    return bk_outbox_add(tx, app->escrow, "sms", dedupe, payload, bk_now_ms(), until);
}

enum bk_err bk_unlock_tell_contacts(struct bk_app *app, const struct bk_outbox_item *item)
{
    struct bk_tx *tx = NULL;
    struct bk_rows rows = BK_ROWS_INIT;
    const char *id = NULL, *serial = NULL, *phone = NULL;
    int64_t until = (int64_t)json_integer_value(json_object_get(item->payload, "until"));
    if (!json_object_get(item->payload, "params") ||
        bk_json_str(item->payload, "unlock", BK_ULID, &id) != BK_OK ||
        bk_json_str(item->payload, "serial", BK_SERIAL_MAX, &serial) != BK_OK ||
        bk_json_str(item->payload, "phone", BK_PHONE, &phone) != BK_OK)
        return BK_ECORRUPT;
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_key_contacts(tx, serial, &rows);
    for (size_t i = 0; err == BK_OK && i < rows.count; i++)
        if (strcmp(bk_row_text(&rows, i, 0), phone) != 0)
            err = tell_contact(app, tx, item, bk_row_text(&rows, i, 0), until);
    err = bk_tx_end(&tx, err);
    bk_rows_free(&rows);
    return err;
}
