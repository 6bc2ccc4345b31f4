/* SPDX-License-Identifier: Apache-2.0 */
#include "server/staff_session.h"

#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "server/ident.h"
#include "server/staff.h"

#define NOTES 10 /* that it is used is written down so often within its idle time */

static enum bk_err hash_of(const char *token, bool page, char hash[65])
{
    char text[BK_TOKEN + 8];
    int n = snprintf(text, sizeof text, "%s:%s", page ? "page" : "api", token);
    enum bk_err err =
        n > 0 && (size_t)n < sizeof text ? bk_sm3_hex(text, (size_t)n, hash) : BK_ENOTFOUND;
    bk_wipe(text, sizeof text);
    return err;
}

enum bk_err bk_staff_session_new(struct bk_tx *tx, const char *name, bool page, int64_t now,
                                 int64_t expires_at, char token[BK_TOKEN + 1])
{
    char hash[65];
    enum bk_err err = bk_random_hex(BK_TOKEN / 2, token);
    if (err == BK_OK)
        err = hash_of(token, page, hash);
    if (err == BK_OK)
        err = bk_tx_exec(tx, "DELETE FROM staff_sessions WHERE expires_at <= $1",
                         BK_VALS(bk_int(now)), NULL);
    if (err == BK_OK)
        err = bk_tx_exec(tx,
                         "INSERT INTO staff_sessions (token_hash, name, created_at, used_at,"
                         " expires_at) VALUES ($1, $2, $3, $3, $4)",
                         BK_VALS(bk_text(hash), bk_text(name), bk_int(now), bk_int(expires_at)),
                         NULL);
    return err;
}

static enum bk_err read_row(const struct bk_rows *row, struct bk_session *session)
{
    const char *name = bk_row_text(row, 0, 0);
    (void)snprintf(session->staff, sizeof session->staff, "%s", name);
    (void)snprintf(session->actor, sizeof session->actor, "staff:%s", name);
    return bk_staff_roles_read(bk_row_text(row, 0, 1), &session->roles) ? BK_OK : BK_ECORRUPT;
}

enum bk_err bk_staff_session_find(struct bk_tx *tx, const char *token, bool page, int64_t now,
                                  int64_t idle_ms, struct bk_session *session)
{
    char hash[65];
    struct bk_rows row = BK_ROWS_INIT;
    if (strlen(token) != BK_TOKEN)
        return BK_ENOTFOUND;
    enum bk_err err = hash_of(token, page, hash);
    if (err == BK_OK)
        err = bk_tx_get(tx,
                        "SELECT a.name, a.roles, s.used_at FROM staff_sessions s"
                        " JOIN staff a ON a.name = s.name WHERE s.token_hash = $1"
                        " AND s.expires_at > $2 AND s.used_at > $3 AND a.state = 'enabled'",
                        BK_VALS(bk_text(hash), bk_int(now), bk_int(now - idle_ms)), &row);
    if (err == BK_OK)
        err = read_row(&row, session);
    if (err == BK_OK && now - bk_row_int(&row, 0, 2) > idle_ms / NOTES)
        err = bk_tx_exec(tx, "UPDATE staff_sessions SET used_at = $1 WHERE token_hash = $2",
                         BK_VALS(bk_int(now), bk_text(hash)), NULL);
    bk_rows_free(&row);
    return err;
}

enum bk_err bk_staff_session_end(struct bk_tx *tx, const char *token, bool page)
{
    char hash[65];
    enum bk_err err = hash_of(token, page, hash);
    return err == BK_OK ? bk_tx_exec(tx, "DELETE FROM staff_sessions WHERE token_hash = $1",
                                     BK_VALS(bk_text(hash)), NULL)
                        : err;
}

enum bk_err bk_staff_session_end_all(struct bk_tx *tx, const char *name)
{
    return bk_tx_exec(tx, "DELETE FROM staff_sessions WHERE name = $1", BK_VALS(bk_text(name)),
                      NULL);
}
