/* SPDX-License-Identifier: Apache-2.0 */
/* All stored secrets sealed anew by a new key, beside a daemon that goes on serving. */
#include <stdio.h>

#include "server/admin.h"
#include "server/escrow.h"
#include "server/upload.h"

#define PAGE 500     /* rows in one transaction */
#define ROW_TEXT 256 /* what names a row */

static enum bk_err end(struct bk_tx **tx, enum bk_err err)
{
    if (err == BK_OK)
        return bk_tx_commit(tx);
    bk_tx_rollback(tx);
    return err;
}

/* list: those behind row $1, in order. An unlock's id is a ULID. */
static const struct {
    const char *table, *column, *list, *update;
} sealed[] = {
    {"keys", "admin_sealed",
     "SELECT serial, admin_sealed FROM keys WHERE serial > $1 ORDER BY serial LIMIT $2",
     "UPDATE keys SET admin_sealed = $1 WHERE serial = $2"},
    {"keys", "pending_sealed",
     "SELECT serial, pending_sealed FROM keys WHERE pending_sealed IS NOT NULL AND serial > $1"
     " ORDER BY serial LIMIT $2",
     "UPDATE keys SET pending_sealed = $1 WHERE serial = $2"},
    {"keys", "account_sealed",
     "SELECT serial, account_sealed FROM keys WHERE account_sealed IS NOT NULL AND serial > $1"
     " ORDER BY serial LIMIT $2",
     "UPDATE keys SET account_sealed = $1 WHERE serial = $2"},
    {"kept_pins", "pin_sealed",
     "SELECT id, pin_sealed FROM kept_pins WHERE id > $1 ORDER BY id LIMIT $2",
     "UPDATE kept_pins SET pin_sealed = $1 WHERE id = $2"},
    {"productions", "admin_sealed",
     "SELECT id, admin_sealed FROM productions WHERE admin_sealed IS NOT NULL AND id > $1"
     " ORDER BY id LIMIT $2",
     "UPDATE productions SET admin_sealed = $1 WHERE id = $2"},
    {"productions", "pin_sealed",
     "SELECT id, pin_sealed FROM productions WHERE pin_sealed IS NOT NULL AND id > $1"
     " ORDER BY id LIMIT $2",
     "UPDATE productions SET pin_sealed = $1 WHERE id = $2"},
    {"device_keys", "key_sealed",
     "SELECT serial, key_sealed FROM device_keys WHERE serial > $1 ORDER BY serial LIMIT $2",
     "UPDATE device_keys SET key_sealed = $1 WHERE serial = $2"},
    {"certificates", "enc_key_sealed",
     "SELECT id, enc_key_sealed FROM certificates WHERE enc_key_sealed IS NOT NULL AND id > $1"
     " ORDER BY id LIMIT $2",
     "UPDATE certificates SET enc_key_sealed = $1 WHERE id = $2"},
    {"certificates", "identity_sealed",
     "SELECT id, identity_sealed FROM certificates WHERE identity_sealed IS NOT NULL AND id > $1"
     " ORDER BY id LIMIT $2",
     "UPDATE certificates SET identity_sealed = $1 WHERE id = $2"},
    {"unlocks", "pin_sealed",
     "SELECT id, pin_sealed FROM unlocks WHERE pin_sealed IS NOT NULL AND id > $1"
     " ORDER BY id LIMIT $2",
     "UPDATE unlocks SET pin_sealed = $1 WHERE id = $2"},
    {"unlock_reviews", "contact_sealed",
     "SELECT unlock_id, contact_sealed FROM unlock_reviews WHERE contact_sealed IS NOT NULL"
     " AND unlock_id > $1 ORDER BY unlock_id LIMIT $2",
     "UPDATE unlock_reviews SET contact_sealed = $1 WHERE unlock_id = $2"},
    {"unlock_rounds", "answer_sealed",
     "SELECT unlock_id || ':' || message_hash, answer_sealed FROM unlock_rounds"
     " WHERE (unlock_id, message_hash) > (substr($1, 1, 26), substr($1, 28))"
     " ORDER BY unlock_id, message_hash LIMIT $2",
     "UPDATE unlock_rounds SET answer_sealed = $1 WHERE unlock_id = substr($2, 1, 26)"
     " AND message_hash = substr($2, 28)"},
    {"applications", "details_sealed",
     "SELECT order_id, details_sealed FROM applications WHERE order_id > $1 ORDER BY order_id"
     " LIMIT $2",
     "UPDATE applications SET details_sealed = $1 WHERE order_id = $2"},
    {"customer_sessions", "phone_sealed",
     "SELECT token_hash, phone_sealed FROM customer_sessions WHERE token_hash > $1"
     " ORDER BY token_hash LIMIT $2",
     "UPDATE customer_sessions SET phone_sealed = $1 WHERE token_hash = $2"},
    {"codes", "secret_sealed",
     "SELECT id, secret_sealed FROM codes WHERE secret_sealed IS NOT NULL AND id > $1"
     " ORDER BY id LIMIT $2",
     "UPDATE codes SET secret_sealed = $1 WHERE id = $2"},
    {"staff", "totp_sealed",
     "SELECT name, totp_sealed FROM staff WHERE name > $1 ORDER BY name LIMIT $2",
     "UPDATE staff SET totp_sealed = $1 WHERE name = $2"},
    {"outbox", "payload_sealed",
     "SELECT id, payload_sealed FROM outbox WHERE payload_sealed IS NOT NULL AND id > $1"
     " ORDER BY id LIMIT $2",
     "UPDATE outbox SET payload_sealed = $1 WHERE id = $2"},
};

static enum bk_err reseal_row(struct bk_app *app, struct bk_tx *tx, size_t which, const char *row,
                              struct bk_rd now)
{
    struct bk_buf plain = BK_BUF_INIT, again = BK_BUF_INIT;
    const struct bk_place place = {
        .table = sealed[which].table, .column = sealed[which].column, .row = row};
    enum bk_err err = bk_escrow_open_sealed(app->escrow, &place, now, &plain);
    if (err == BK_OK)
        err = bk_escrow_seal(app->escrow, &place, plain.data, plain.len, &again);
    if (err == BK_OK)
        err = bk_tx_exec(tx, sealed[which].update,
                         BK_VALS(bk_bytes(again.data, again.len), bk_text(row)), NULL);
    bk_buf_free(&plain);
    bk_buf_free(&again);
    return err;
}

/* A page behind `row`, which becomes its last; the daemon beside us gets its turn between two. */
static enum bk_err reseal_page(struct bk_app *app, size_t which, char row[ROW_TEXT],
                               size_t *rows_seen, size_t *count)
{
    struct bk_rows rows = BK_ROWS_INIT;
    struct bk_tx *tx = NULL;
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_tx_query(tx, sealed[which].list, BK_VALS(bk_text(row), bk_int(PAGE)), &rows);
    for (size_t i = 0; err == BK_OK && i < rows.count; i++) {
        int n = snprintf(row, ROW_TEXT, "%s", bk_row_text(&rows, i, 0));
        if (n < 0 || n >= ROW_TEXT)
            err = BK_ELIMIT;
        else if (!bk_escrow_current(app->escrow, bk_row_bytes(&rows, i, 1))) {
            err = reseal_row(app, tx, which, row, bk_row_bytes(&rows, i, 1));
            (*count)++;
        }
    }
    *rows_seen = err == BK_OK ? rows.count : 0;
    bk_rows_free(&rows);
    return end(&tx, err);
}

/* The same for documents, which are files; a page is read, and each file has its own lock. */
static enum bk_err reseal_uploads(struct bk_app *app, size_t *count)
{
    char row[ROW_TEXT] = "";
    size_t seen = PAGE;
    enum bk_err err = BK_OK;
    while (err == BK_OK && seen == PAGE) {
        struct bk_rows rows = BK_ROWS_INIT;
        struct bk_tx *tx = NULL;
        err = bk_tx_begin(app->store, &tx);
        if (err == BK_OK)
            err = bk_tx_query(
                tx, "SELECT digest FROM uploads WHERE digest > $1 ORDER BY digest LIMIT $2",
                BK_VALS(bk_text(row), bk_int(PAGE)), &rows);
        bk_tx_rollback(&tx);
        seen = rows.count;
        for (size_t i = 0; err == BK_OK && i < rows.count; i++) {
            bool sealed_anew = false;
            bk_row_copy(&rows, i, 0, row, sizeof row);
            err = bk_upload_reseal(app, row, &sealed_anew);
            *count += sealed_anew;
        }
        bk_rows_free(&rows);
    }
    return err;
}

static enum bk_err note_rotation(struct bk_app *app)
{
    struct bk_tx *tx = NULL;
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_admin_note(tx, "secrets.rotated", "secrets", "all", "");
    return end(&tx, err);
}

/* All of them by the newest key; then older keys are of no more use. Cut short it is done again:
 * those of the newest key are passed over. */
static enum bk_err seal_anew(struct bk_app *app, size_t *count)
{
    enum bk_err err = BK_OK;
    for (size_t i = 0; err == BK_OK && i < sizeof sealed / sizeof *sealed; i++) {
        char row[ROW_TEXT] = "";
        size_t seen = PAGE;
        while (err == BK_OK && seen == PAGE)
            err = reseal_page(app, i, row, &seen, count);
    }
    if (err == BK_OK)
        err = reseal_uploads(app, count);
    if (err == BK_OK)
        err = note_rotation(app);
    return err == BK_OK ? bk_escrow_forget(app->escrow) : err;
}

enum bk_err bk_admin_secrets_rotate(struct bk_app *app, FILE *to)
{
    size_t count = 0;
    enum bk_err err = bk_escrow_rotate(app->escrow);
    if (err == BK_EFULL) { /* of rotations that were cut short */
        err = seal_anew(app, &count);
        count = 0;
        if (err == BK_OK)
            err = bk_escrow_rotate(app->escrow);
    }
    if (err == BK_OK)
        err = seal_anew(app, &count);
    if (err == BK_OK)
        (void)fprintf(to, "%zu secrets sealed anew\n", count);
    return err;
}
