/* SPDX-License-Identifier: Apache-2.0 */
#include "server/key_account.h"

#include <stdio.h>
#include <string.h>

#include "net/json.h"
#include "server/application.h"

#define JSON_MAX 1024u

static struct bk_place place_of(const char *serial)
{
    return (struct bk_place){.table = "keys", .column = "account_sealed", .row = serial};
}

enum bk_err bk_key_account_hash(const struct bk_escrow *escrow, const char *serial,
                                const char *company, const char *number, uint8_t hash[32])
{
    char text[BK_SERIAL_MAX + BK_ACCOUNT_MAX + BK_KEY_COMPANY + 3];
    int n = snprintf(text, sizeof text, "%s:%s:%s", serial, number, company);
    if (n < 0 || (size_t)n >= sizeof text)
        return BK_ELIMIT;
    return bk_escrow_hash(escrow, "key-account", text, (size_t)n, hash);
}

static enum bk_err seal(const struct bk_escrow *escrow, const char *serial,
                        const struct bk_key_account *account, struct bk_buf *sealed)
{
    const struct bk_place place = place_of(serial);
    struct bk_buf text = BK_BUF_INIT;
    json_t *json = json_pack("{s:s, s:s, s:s}", "company", account->company, "bank", account->bank,
                             "number", account->number);
    enum bk_err err = json ? bk_json_text(json, &text) : BK_ENOMEM;
    if (err == BK_OK)
        err = bk_escrow_seal(escrow, &place, text.data, text.len, sealed);
    json_decref(json);
    bk_buf_free(&text);
    return err;
}

enum bk_err bk_key_set_account(struct bk_tx *tx, const struct bk_escrow *escrow, const char *serial,
                               const struct bk_key_account *account, int64_t since)
{
    uint8_t hash[32];
    int64_t changed = 0;
    struct bk_buf sealed = BK_BUF_INIT;
    enum bk_err err = bk_key_account_hash(escrow, serial, account->company, account->number, hash);
    if (err == BK_OK)
        err = seal(escrow, serial, account, &sealed);
    if (err == BK_OK)
        err = bk_tx_exec(tx,
                         "UPDATE keys SET account_sealed = $1, account_hash = $2,"
                         " account_since = $3, version = version + 1 WHERE serial = $4",
                         BK_VALS(bk_bytes(sealed.data, sealed.len), bk_bytes(hash, sizeof hash),
                                 bk_int(since), bk_text(serial)),
                         &changed);
    bk_buf_free(&sealed);
    return err == BK_OK && !changed ? BK_ENOTFOUND : err;
}

static enum bk_err copy(const json_t *json, const char *name, char *to, size_t size)
{
    const char *text = NULL;
    if (bk_json_str(json, name, size - 1, &text) != BK_OK)
        return BK_ECORRUPT;
    (void)snprintf(to, size, "%s", text);
    return BK_OK;
}

enum bk_err bk_key_account(struct bk_tx *tx, const struct bk_escrow *escrow, const char *serial,
                           struct bk_key_account *account)
{
    struct bk_rows row = BK_ROWS_INIT;
    struct bk_buf text = BK_BUF_INIT;
    const struct bk_place place = place_of(serial);
    json_t *json = NULL;
    enum bk_err err = bk_tx_get(
        tx, "SELECT account_sealed FROM keys WHERE serial = $1 AND account_sealed IS NOT NULL",
        BK_VALS(bk_text(serial)), &row);
    if (err == BK_OK)
        err = bk_escrow_open_sealed(escrow, &place, bk_row_bytes(&row, 0, 0), &text);
    if (err == BK_OK)
        err = bk_json_parse(text.data, text.len, JSON_MAX, &json);
    if (err == BK_OK)
        err = copy(json, "company", account->company, sizeof account->company);
    if (err == BK_OK)
        err = copy(json, "bank", account->bank, sizeof account->bank);
    if (err == BK_OK)
        err = copy(json, "number", account->number, sizeof account->number);
    json_decref(json);
    bk_buf_free(&text);
    bk_rows_free(&row);
    return err;
}

void bk_key_account_said(const json_t *d, struct bk_key_account *account)
{
    (void)snprintf(account->company, sizeof account->company, "%s",
                   bk_application_text(d, "company", "name"));
    (void)snprintf(account->bank, sizeof account->bank, "%s",
                   bk_application_text(d, "bank", "name"));
    (void)snprintf(account->number, sizeof account->number, "%s",
                   bk_application_text(d, "bank", "account"));
}

void bk_key_account_show(const struct bk_key_account *account, char shown[BK_BANK_MAX + 16])
{
    size_t len = strlen(account->number);
    (void)snprintf(shown, BK_BANK_MAX + 16, "%s ****%s", account->bank,
                   account->number + (len > 4 ? len - 4 : 0));
}
