/* SPDX-License-Identifier: Apache-2.0 */
#include "server/idempotency.h"

#include <stdio.h>
#include <string.h>

#include "crypto/digest.h"

enum bk_err bk_idem_key(const char *header, char key[BK_IDEM_KEY_MAX + 1])
{
    size_t len = strlen(header);
    if (len >= 2 && header[0] == '"' && header[len - 1] == '"') {
        header++;
        len -= 2;
    }
    if (!len || len > BK_IDEM_KEY_MAX)
        return BK_EFORMAT;
    for (size_t i = 0; i < len; i++)
        if (header[i] <= 0x20 || header[i] >= 0x7f || header[i] == '"' || header[i] == '\\')
            return BK_EFORMAT;
    memcpy(key, header, len);
    key[len] = 0;
    return BK_OK;
}

static enum bk_err read_answer(const struct bk_rows *rows, struct bk_idem_answer *answer)
{
    struct bk_rd body = bk_row_bytes(rows, 0, 5);
    answer->status = (unsigned)bk_row_int(rows, 0, 3);
    bk_row_copy(rows, 0, 4, answer->type, sizeof answer->type);
    return bk_buf_put(&answer->body, body.at, body.left);
}

static enum bk_err judge(struct bk_tx *tx, const char *scope, const char *key,
                         const uint8_t fingerprint[32], int64_t now, int64_t lease_ms,
                         const struct bk_rows *rows, enum bk_idem_state *state,
                         struct bk_idem_answer *answer)
{
    struct bk_rd stored = bk_row_bytes(rows, 0, 0);
    if (stored.left != 32 || memcmp(stored.at, fingerprint, 32) != 0) {
        *state = BK_IDEM_MISMATCH;
        return BK_OK;
    }
    if (strcmp(bk_row_text(rows, 0, 1), "done") == 0) {
        *state = BK_IDEM_REPLAY;
        return read_answer(rows, answer);
    }
    *state = BK_IDEM_RUNNING;
    /* one that ends later than any does was taken before the clock was set back */
    int64_t until = bk_row_int(rows, 0, 2);
    if (until > now && until <= now + lease_ms)
        return BK_OK;
    *state = BK_IDEM_CLAIMED;
    return bk_tx_exec(tx, "UPDATE idempotency SET locked_until = $1 WHERE scope = $2 AND key = $3",
                      BK_VALS(bk_int(now + lease_ms), bk_text(scope), bk_text(key)), NULL);
}

enum bk_err bk_idem_claim(struct bk_tx *tx, const char *scope, const char *key, const void *body,
                          size_t len, int64_t now, int64_t keep_ms, int64_t lease_ms,
                          enum bk_idem_state *state, struct bk_idem_answer *answer)
{
    struct bk_rows rows = BK_ROWS_INIT;
    uint8_t fingerprint[32];
    int64_t inserted = 0;
    enum bk_err err = bk_digest(BK_HASH_SM3, body, len, fingerprint);
    if (err == BK_OK) /* in the place of one that has expired */
        err = bk_tx_exec(tx,
                         "INSERT INTO idempotency (scope, key, fingerprint, state, locked_until,"
                         " status, type, expires_at) VALUES ($1, $2, $3, 'running', $4, 0, '', $5)"
                         " ON CONFLICT (scope, key) DO UPDATE SET fingerprint = $3,"
                         " state = 'running', locked_until = $4, status = 0, type = '',"
                         " body = NULL, expires_at = $5 WHERE idempotency.expires_at < $6",
                         BK_VALS(bk_text(scope), bk_text(key),
                                 bk_bytes(fingerprint, sizeof fingerprint), bk_int(now + lease_ms),
                                 bk_int(now + keep_ms), bk_int(now)),
                         &inserted);
    if (err != BK_OK)
        return err;
    if (inserted) {
        *state = BK_IDEM_CLAIMED;
        return BK_OK;
    }
    err = bk_tx_get(tx,
                    "SELECT fingerprint, state, locked_until, status, type, body FROM idempotency"
                    " WHERE scope = $1 AND key = $2",
                    BK_VALS(bk_text(scope), bk_text(key)), &rows);
    if (err == BK_OK)
        err = judge(tx, scope, key, fingerprint, now, lease_ms, &rows, state, answer);
    bk_rows_free(&rows);
    return err;
}

enum bk_err bk_idem_finish(struct bk_tx *tx, const char *scope, const char *key, unsigned status,
                           const char *type, const void *body, size_t len)
{
    return bk_tx_write(
        tx, BK_ANYHOW,
        "UPDATE idempotency SET state = 'done', status = $1, type = $2, body = $3"
        " WHERE scope = $4 AND key = $5",
        BK_VALS(bk_int(status), bk_text(type), bk_bytes(body, len), bk_text(scope), bk_text(key)));
}

enum bk_err bk_idem_release(struct bk_tx *tx, const char *scope, const char *key)
{
    return bk_tx_write(
        tx, BK_ANYHOW,
        "DELETE FROM idempotency WHERE scope = $1 AND key = $2 AND state = 'running'",
        BK_VALS(bk_text(scope), bk_text(key)));
}

enum bk_err bk_idem_clean(struct bk_tx *tx, int64_t now)
{
    return bk_tx_exec(tx, "DELETE FROM idempotency WHERE expires_at < $1", BK_VALS(bk_int(now)),
                      NULL);
}
