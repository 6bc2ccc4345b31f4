/* SPDX-License-Identifier: Apache-2.0 */
#include "server/code.h"

#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "server/ident.h"

#define KEPT_MS (INT64_C(7) * 24 * 3600 * 1000)

static struct bk_place place_of(const char *id)
{
    return (struct bk_place){.table = "codes", .column = "secret_sealed", .row = id};
}

void bk_code_show(const char code[BK_CODE + 1], char shown[BK_CODE + 2])
{
    (void)snprintf(shown, BK_CODE + 2, "%.4s-%.4s", code, code + 4);
}

enum bk_err bk_code_void(struct bk_tx *tx, const char *purpose, const char *subject)
{
    return bk_tx_exec(tx,
                      "UPDATE codes SET state = 'void', secret_sealed = NULL WHERE purpose = $1"
                      " AND subject = $2 AND state = 'open'",
                      BK_VALS(bk_text(purpose), bk_text(subject)), NULL);
}

enum bk_err bk_code_make(struct bk_tx *tx, const struct bk_escrow *escrow,
                         const struct bk_code_ask *ask, char id[BK_CODE_ID], char code[BK_CODE + 1])
{
    uint8_t hash[32];
    struct bk_buf sealed = BK_BUF_INIT;
    enum bk_err err = bk_ulid(id);
    if (err == BK_OK)
        err = bk_random_text("BCDFGHJKLMNPQRSTVWXZ", BK_CODE, code);
    if (err == BK_OK)
        err = bk_code_hash(escrow, id, code, hash);
    if (err == BK_OK && ask->secret) {
        const struct bk_place place = place_of(id);
        err = bk_escrow_seal(escrow, &place, ask->secret, strlen(ask->secret), &sealed);
    }
    if (err == BK_OK)
        err = bk_tx_exec(
            tx,
            "INSERT INTO codes (id, purpose, subject, secret_sealed, code_hash, tries_left, state,"
            " created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, 'open', $7, $8)",
            BK_VALS(bk_text(id), bk_text(ask->purpose), bk_text(ask->subject),
                    bk_bytes(sealed.data, sealed.len), bk_bytes(hash, sizeof hash),
                    bk_int(ask->tries), bk_int(ask->now), bk_int(ask->expires_at)),
            NULL);
    bk_buf_free(&sealed);
    return err;
}

/* What stands against it before it is looked at; "used" and "void" as the table has them. */
static const char *stale(const struct bk_rows *row, int64_t now)
{
    const char *state = bk_row_text(row, 0, 0);
    if (strcmp(state, "used") == 0)
        return "code-used";
    if (strcmp(state, "open") != 0)
        return "code-void";
    return now > bk_row_int(row, 0, 2) ? "code-expired" : NULL;
}

static enum bk_err count_wrong(struct bk_tx *tx, const char *id, struct bk_code_use *use)
{
    use->problem = "code-wrong";
    use->tries_left--;
    return bk_tx_exec(
        tx,
        "UPDATE codes SET tries_left = $1, state = $2,"
        " secret_sealed = CASE WHEN $1 > 0 THEN secret_sealed ELSE NULL END WHERE id = $3",
        BK_VALS(bk_int(use->tries_left), bk_text(use->tries_left > 0 ? "open" : "void"),
                bk_text(id)),
        NULL);
}

static enum bk_err use_up(struct bk_tx *tx, const struct bk_escrow *escrow, const char *id,
                          const struct bk_rows *row, struct bk_code_use *use)
{
    const struct bk_place place = place_of(id);
    enum bk_err err = BK_OK;
    if (!bk_row_null(row, 0, 5))
        err = bk_escrow_open_sealed(escrow, &place, bk_row_bytes(row, 0, 5), &use->secret);
    if (err == BK_OK)
        err = bk_tx_exec(tx, "UPDATE codes SET state = 'used', secret_sealed = NULL WHERE id = $1",
                         BK_VALS(bk_text(id)), NULL);
    return err;
}

enum bk_err bk_code_take(struct bk_tx *tx, const struct bk_escrow *escrow, const char *purpose,
                         const char *id, const char *text, int64_t now, struct bk_code_use *use)
{
    char code[BK_CODE + 1] = "";
    uint8_t hash[32];
    struct bk_rows row = BK_ROWS_INIT;
    *use = (struct bk_code_use){.problem = NULL};
    bool readable = bk_code_read(text, code) == BK_OK;
    enum bk_err err = bk_code_hash(escrow, id, code, hash);
    bk_wipe(code, sizeof code);
    if (err == BK_OK)
        err = bk_tx_query(tx,
                          "SELECT state, subject, expires_at, tries_left, code_hash, secret_sealed"
                          " FROM codes WHERE id = $1 AND purpose = $2",
                          BK_VALS(bk_text(id), bk_text(purpose)), &row);
    if (err == BK_OK && !row.count) {
        use->problem = "code-void";
    } else if (err == BK_OK) {
        struct bk_rd kept = bk_row_bytes(&row, 0, 4);
        bk_row_copy(&row, 0, 1, use->subject, sizeof use->subject);
        use->tries_left = bk_row_int(&row, 0, 3);
        use->problem = stale(&row, now);
        bool right = readable && bk_secret_equal(hash, sizeof hash, kept.at, kept.left);
        if (!use->problem)
            err = right ? use_up(tx, escrow, id, &row, use) : count_wrong(tx, id, use);
    }
    bk_rows_free(&row);
    return err;
}

enum bk_err bk_code_clean(struct bk_tx *tx, int64_t now)
{
    return bk_tx_exec(tx, "DELETE FROM codes WHERE expires_at < $1", BK_VALS(bk_int(now - KEPT_MS)),
                      NULL);
}
