/* SPDX-License-Identifier: Apache-2.0 */
/* Log-in by certificate: a nonce, and its signature by the key. */
#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "server/api.h"
#include "server/certs.h"
#include "server/ident.h"
#include "server/limits.h"
#include "server/order.h"
#include "server/signed.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define CERT_MAX 8192u
#define SIGNATURE_MAX 1024u
#define NONCE 64u /* characters */

static enum bk_err limit(struct bk_req *req, bool *refused)
{
    int64_t wait = 0;
    enum bk_err err = bk_limit_take(req->tx, "login", req->group, req->now, 60000,
                                    req->app->policy.login_per_minute, &wait);
    *refused = err == BK_OK && wait;
    return *refused ? bk_refuse_later(req, wait) : err;
}

static enum bk_err read_purpose(struct bk_req *req, const char **purpose, bool *refused)
{
    enum bk_err err = bk_req_text(req, "purpose", 1, 32, purpose, refused);
    if (err == BK_OK && !*refused && strcmp(*purpose, "login") != 0) {
        *refused = true;
        err = bk_refuse_with(req, "bad-request", json_pack("{s:s}", "member", "purpose"));
    }
    return err;
}

enum bk_err bk_api_nonce(struct bk_req *req)
{
    char nonce[NONCE + 1];
    const char *purpose = NULL;
    bool refused = false;
    enum bk_err err = read_purpose(req, &purpose, &refused);
    if (err == BK_OK && !refused)
        err = limit(req, &refused);
    if (err != BK_OK || refused)
        return err;
    int64_t expires = req->now + req->app->policy.nonce_ms;
    err = bk_random_hex(NONCE / 2, nonce);
    if (err == BK_OK)
        err = bk_tx_exec(req->tx, "DELETE FROM nonces WHERE expires_at < $1",
                         BK_VALS(bk_int(req->now)), NULL);
    if (err == BK_OK)
        err = bk_tx_exec(req->tx,
                         "INSERT INTO nonces (nonce, purpose, expires_at) VALUES ($1, $2, $3)",
                         BK_VALS(bk_text(nonce), bk_text(purpose), bk_int(expires)), NULL);
    return err == BK_OK ? bk_reply(req, 201,
                                   json_pack("{s:s, s:I}", "nonce", nonce, "expires_at",
                                             (json_int_t)expires))
                        : err;
}

struct login {
    const char *purpose, *nonce;
    struct bk_buf cert, signature;
    struct bk_rows row;
    const char *problem;
    struct bk_order late; /* when its certificate ended too long ago: what it is let in for */
};

/* Uses the nonce up, whatever comes of it. */
static enum bk_err use_nonce(struct bk_req *req, struct login *l)
{
    int64_t used = 0;
    enum bk_err err = bk_tx_exec(
        req->tx, "DELETE FROM nonces WHERE nonce = $1 AND purpose = $2 AND expires_at >= $3",
        BK_VALS(bk_text(l->nonce), bk_text(l->purpose), bk_int(req->now)), &used);
    if (err == BK_OK && !used)
        l->problem = "nonce-unknown";
    return err;
}

/* A key may have taken its new certificate before the order was refunded. */
static enum bk_err why_revoked(struct bk_req *req, struct login *l)
{
    struct bk_rows row = BK_ROWS_INIT;
    struct bk_order order;
    l->problem = "certificate-revoked";
    enum bk_err err = bk_tx_query(req->tx, "SELECT id FROM orders WHERE new_certificate = $1",
                                  BK_VALS(bk_text(bk_row_text(&l->row, 0, 0))), &row);
    if (err == BK_OK && row.count)
        err = bk_order_load(req->tx, bk_row_text(&row, 0, 0), &order);
    if (err == BK_OK && row.count)
        err = bk_order_why_revoked(req->tx, &order, &l->problem);
    bk_rows_free(&row);
    return err;
}

/* Only what this platform issued: the very certificate, not one that looks like it. */
static enum bk_err find_certificate(struct bk_req *req, struct login *l)
{
    char id[BK_CERT_ID], fingerprint[65];
    enum bk_err err = bk_certificate_id(l->cert.data, l->cert.len, id, fingerprint);
    if (err == BK_OK)
        err = bk_tx_get(req->tx,
                        "SELECT id, serial_number, subject, not_before, not_after, container,"
                        " key_serial, algorithm, state FROM certificates"
                        " WHERE id = $1 AND fingerprint = $2 AND kind = 'sign'",
                        BK_VALS(bk_text(id), bk_text(fingerprint)), &l->row);
    if (err == BK_ENOTFOUND) {
        l->problem = "certificate-unknown";
        return BK_OK;
    }
    if (err != BK_OK)
        return err;
    if (strcmp(bk_row_text(&l->row, 0, 8), "good") != 0)
        return why_revoked(req, l);
    if (req->now > bk_row_int(&l->row, 0, 4) + req->app->policy.after_days * DAY_MS)
        err = bk_order_paid_for(req->tx, bk_row_text(&l->row, 0, 0), &l->late);
    if (err == BK_ENOTFOUND)
        l->problem = "outside-window";
    return err == BK_ENOTFOUND ? BK_OK : err;
}

/* Under the key in the certificate as it was sent, whoever issued that. */
static enum bk_err check_signature(struct bk_req *req, struct login *l)
{
    const char *const fields[] = {l->nonce, NULL};
    enum bk_err err = bk_signed_check(l->cert.data, l->cert.len, l->purpose, req->app->origin,
                                      fields, l->signature.data, l->signature.len);
    if (err == BK_OK || err == BK_ENOMEM)
        return err;
    /* no certificate, or of a kind of key that can't have signed: the same answer */
    l->problem = "signature-wrong";
    return BK_OK;
}

static enum bk_err grant(struct bk_req *req, struct login *l)
{
    char token[BK_TOKEN + 1], object[BK_CERT_ID + 16];
    const struct bk_rows *r = &l->row;
    const char *id = bk_row_text(r, 0, 0);
    int64_t expires = req->now + req->app->policy.session_ms;
    (void)snprintf(object, sizeof object, "certificate:%s", id);
    enum bk_err err = bk_session_new(req->tx, id, l->late.id, req->now, expires, token);
    if (err == BK_OK)
        err = bk_req_audit(req, "login", object, "");
    if (err == BK_OK)
        err = bk_reply(
            req, 201,
            json_pack("{s:s, s:I, s:{s:s, s:s, s:I, s:I, s:s, s:s, s:s}}", "token", token,
                      "expires_at", (json_int_t)expires, "certificate", "serial_number",
                      bk_row_text(r, 0, 1), "subject", bk_row_text(r, 0, 2), "not_before",
                      (json_int_t)bk_row_int(r, 0, 3), "not_after", (json_int_t)bk_row_int(r, 0, 4),
                      "container", bk_row_text(r, 0, 5), "key_serial", bk_row_text(r, 0, 6),
                      "algorithm", bk_row_text(r, 0, 7)));
    bk_wipe(token, sizeof token);
    return err;
}

static enum bk_err log_in(struct bk_req *req, struct login *l)
{
    enum bk_err err = use_nonce(req, l);
    /* the signature first: what is said of a certificate is for whoever holds its key */
    if (err == BK_OK && !l->problem)
        err = check_signature(req, l);
    if (err == BK_OK && !l->problem)
        err = find_certificate(req, l);
    if (err == BK_OK && l->problem)
        return bk_refuse(req, l->problem);
    return err == BK_OK ? grant(req, l) : err;
}

enum bk_err bk_api_session(struct bk_req *req)
{
    struct login l = {0};
    bool refused = false;
    enum bk_err err = read_purpose(req, &l.purpose, &refused);
    if (err == BK_OK && !refused)
        err = bk_req_text(req, "nonce", 1, 128, &l.nonce, &refused);
    if (err == BK_OK && !refused)
        err = bk_req_bytes(req, "certificate", 1, CERT_MAX, &l.cert, &refused);
    if (err == BK_OK && !refused)
        err = bk_req_bytes(req, "signature", 1, SIGNATURE_MAX, &l.signature, &refused);
    if (err == BK_OK && !refused)
        err = limit(req, &refused);
    if (err == BK_OK && !refused)
        err = log_in(req, &l);
    bk_rows_free(&l.row);
    bk_buf_free(&l.cert);
    bk_buf_free(&l.signature);
    return err;
}
