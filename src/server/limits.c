/* SPDX-License-Identifier: Apache-2.0 */
#include "server/limits.h"

#include <string.h>

#include "server/ident.h"

enum bk_err bk_limit_take(struct bk_tx *tx, const char *scope, const char *subject, int64_t now,
                          int64_t window_ms, int64_t max, int64_t *wait_s)
{
    struct bk_rows rows = BK_ROWS_INIT;
    int64_t slot = now / window_ms, until = (slot + 1) * window_ms;
    enum bk_err err =
        bk_tx_exec(tx,
                   "INSERT INTO limits (scope, subject, slot, used, until)"
                   " VALUES ($1, $2, $3, 1, $4) ON CONFLICT (scope, subject, slot)"
                   " DO UPDATE SET used = limits.used + 1",
                   BK_VALS(bk_text(scope), bk_text(subject), bk_int(slot), bk_int(until)), NULL);
    if (err == BK_OK)
        err =
            bk_tx_get(tx, "SELECT used FROM limits WHERE scope = $1 AND subject = $2 AND slot = $3",
                      BK_VALS(bk_text(scope), bk_text(subject), bk_int(slot)), &rows);
    if (err == BK_OK)
        *wait_s = bk_row_int(&rows, 0, 0) > max ? (until - now + 999) / 1000 : 0;
    bk_rows_free(&rows);
    return err;
}

enum bk_err bk_limit_take_of(struct bk_tx *tx, const struct bk_escrow *escrow, const char *scope,
                             const char *subject, int64_t now, int64_t window_ms, int64_t max,
                             int64_t *wait_s)
{
    uint8_t hash[32];
    char hex[2 * sizeof hash + 1];
    enum bk_err err = bk_escrow_hash(escrow, "limit", subject, strlen(subject), hash);
    if (err != BK_OK)
        return err;
    bk_hex_text(hash, sizeof hash, hex);
    return bk_limit_take(tx, scope, hex, now, window_ms, max, wait_s);
}

enum bk_err bk_limit_forget(struct bk_tx *tx, const char *scope, const char *subject)
{
    return bk_tx_exec(tx, "DELETE FROM limits WHERE scope = $1 AND subject = $2",
                      BK_VALS(bk_text(scope), bk_text(subject)), NULL);
}

enum bk_err bk_limit_clean(struct bk_tx *tx, int64_t now)
{
    return bk_tx_exec(tx, "DELETE FROM limits WHERE until < $1", BK_VALS(bk_int(now)), NULL);
}
