/* SPDX-License-Identifier: Apache-2.0 */
#include "server/session.h"

#include <stdio.h>
#include <string.h>

#include "server/ident.h"

#define PURPOSE "login" /* in that column, for all orders; else the order's id */

enum bk_err bk_session_new(struct bk_tx *tx, const char *certificate, const char *order,
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
        err =
            bk_tx_exec(tx,
                       "INSERT INTO sessions (token_hash, certificate, purpose, created_at,"
                       " expires_at) VALUES ($1, $2, $3, $4, $5)",
                       BK_VALS(bk_text(hash), bk_text(certificate),
                               bk_text(*order ? order : PURPOSE), bk_int(now), bk_int(expires_at)),
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
                        "SELECT s.certificate, c.state, s.purpose FROM sessions s"
                        " JOIN certificates c ON c.id = s.certificate"
                        " WHERE s.token_hash = $1 AND s.expires_at > $2",
                        BK_VALS(bk_text(hash), bk_int(now)), &rows);
    if (err == BK_OK && strcmp(bk_row_text(&rows, 0, 1), "good") != 0)
        err = BK_EDENIED;
    if (err == BK_OK) {
        const char *certificate = bk_row_text(&rows, 0, 0);
        (void)snprintf(session->certificate, sizeof session->certificate, "%s", certificate);
        (void)snprintf(session->actor, sizeof session->actor, "customer:%s", certificate);
        if (strcmp(bk_row_text(&rows, 0, 2), PURPOSE) != 0)
            bk_row_copy(&rows, 0, 2, session->order, sizeof session->order);
    }
    bk_rows_free(&rows);
    return err;
}

/* --- without a certificate --- */

enum bk_err bk_phone_hash(const struct bk_escrow *escrow, const char *org_code, const char *phone,
                          char hash[BK_PHONE_HASH + 1])
{
    char text[BK_ORG_CODE + BK_PHONE + 2];
    uint8_t bytes[BK_PHONE_HASH / 2];
    int n = snprintf(text, sizeof text, "%s:%s", org_code, phone);
    if (n < 0 || (size_t)n >= sizeof text)
        return BK_ELIMIT;
    enum bk_err err = bk_escrow_hash(escrow, "order-phone", text, (size_t)n, bytes);
    if (err == BK_OK)
        bk_hex_text(bytes, sizeof bytes, hash);
    return err;
}

static struct bk_place place_of(const char *token_hash)
{
    return (struct bk_place){
        .table = "customer_sessions", .column = "phone_sealed", .row = token_hash};
}

enum bk_err bk_customer_session_new(struct bk_tx *tx, const struct bk_escrow *escrow,
                                    const char *org_code, const char *phone, int64_t now,
                                    int64_t expires_at, char token[BK_TOKEN + 1])
{
    char hash[65] = "";
    struct bk_buf sealed = BK_BUF_INIT;
    const struct bk_place place = place_of(hash);
    enum bk_err err = bk_random_hex(BK_TOKEN / 2, token);
    if (err == BK_OK)
        err = bk_sm3_hex(token, BK_TOKEN, hash);
    if (err == BK_OK)
        err = bk_escrow_seal(escrow, &place, phone, strlen(phone), &sealed);
    if (err == BK_OK)
        err = bk_tx_exec(tx, "DELETE FROM customer_sessions WHERE expires_at < $1",
                         BK_VALS(bk_int(now)), NULL);
    if (err == BK_OK)
        err =
            bk_tx_exec(tx,
                       "INSERT INTO customer_sessions (token_hash, org_code, phone_sealed,"
                       " created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
                       BK_VALS(bk_text(hash), bk_text(org_code), bk_bytes(sealed.data, sealed.len),
                               bk_int(now), bk_int(expires_at)),
                       NULL);
    bk_buf_free(&sealed);
    return err;
}

static enum bk_err read_customer(const struct bk_escrow *escrow, const char *token_hash,
                                 const struct bk_rows *row, struct bk_session *session)
{
    struct bk_buf phone = BK_BUF_INIT;
    const char *text = "";
    const struct bk_place place = place_of(token_hash);
    bk_row_copy(row, 0, 0, session->org_code, sizeof session->org_code);
    enum bk_err err = bk_escrow_open_sealed(escrow, &place, bk_row_bytes(row, 0, 1), &phone);
    if (err == BK_OK)
        err = bk_buf_cstr(&phone, &text);
    (void)snprintf(session->phone, sizeof session->phone, "%s", text);
    if (err == BK_OK)
        err = bk_phone_hash(escrow, session->org_code, session->phone, session->phone_hash);
    /* the hash tells two phones of one organisation apart, and isn't the phone */
    (void)snprintf(session->actor, sizeof session->actor, "customer:%s:%.16s", session->org_code,
                   session->phone_hash);
    bk_buf_free(&phone);
    return err;
}

enum bk_err bk_customer_session_find(struct bk_tx *tx, const struct bk_escrow *escrow,
                                     const char *token, int64_t now, struct bk_session *session)
{
    char hash[65];
    struct bk_rows row = BK_ROWS_INIT;
    if (strlen(token) != BK_TOKEN)
        return BK_ENOTFOUND;
    enum bk_err err = bk_sm3_hex(token, BK_TOKEN, hash);
    if (err == BK_OK)
        err = bk_tx_get(tx,
                        "SELECT org_code, phone_sealed FROM customer_sessions"
                        " WHERE token_hash = $1 AND expires_at > $2",
                        BK_VALS(bk_text(hash), bk_int(now)), &row);
    if (err == BK_OK)
        err = read_customer(escrow, hash, &row, session);
    bk_rows_free(&row);
    return err;
}
