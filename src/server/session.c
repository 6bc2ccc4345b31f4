/* SPDX-License-Identifier: Apache-2.0 */
#include "server/session.h"

#include <stdio.h>
#include <string.h>

#include "server/ident.h"

enum bk_err bk_session_new(struct bk_tx *tx, const char *certificate, const char *purpose,
                           int64_t now, int64_t expires_at, char token[BK_TOKEN + 1])
{
    char hash[65];
    enum bk_err err = bk_random_hex(BK_TOKEN / 2, token);
    if (err == BK_OK)
        err = bk_sm3_hex(token, BK_TOKEN, hash);
    if (err == BK_OK)
        err = bk_tx_exec(tx, "DELETE FROM sessions WHERE expires_at < $1", BK_VALS(bk_int(now)),
                         NULL);
    if (err == BK_OK)
        err = bk_tx_exec(tx,
                         "INSERT INTO sessions (token_hash, certificate, purpose, created_at,"
                         " expires_at) VALUES ($1, $2, $3, $4, $5)",
                         BK_VALS(bk_text(hash), bk_text(certificate), bk_text(purpose), bk_int(now),
                                 bk_int(expires_at)),
                         NULL);
    return err;
}

enum bk_err bk_session_find(struct bk_tx *tx, const char *token, int64_t now,
                            struct bk_session *session)
{
    char hash[65];
    struct bk_rows rows = BK_ROWS_INIT;
    if (strlen(token) != BK_TOKEN)
        return BK_ENOTFOUND;
    enum bk_err err = bk_sm3_hex(token, BK_TOKEN, hash);
    if (err == BK_OK)
        err = bk_tx_get(tx,
                        "SELECT s.certificate, c.state FROM sessions s"
                        " JOIN certificates c ON c.id = s.certificate"
                        " WHERE s.token_hash = $1 AND s.expires_at > $2",
                        BK_VALS(bk_text(hash), bk_int(now)), &rows);
    if (err == BK_OK && strcmp(bk_row_text(&rows, 0, 1), "good") != 0)
        err = BK_EDENIED;
    if (err == BK_OK) {
        const char *certificate = bk_row_text(&rows, 0, 0);
        (void)snprintf(session->certificate, sizeof session->certificate, "%s", certificate);
        (void)snprintf(session->actor, sizeof session->actor, "customer:%s", certificate);
    }
    bk_rows_free(&rows);
    return err;
}
