/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Enrollment over Secure Transport (RFC 7030), for programs that renew RSA certificates by
 * themselves: each operation is one or two of the API's, in EST's clothes. Who it is, is said by
 * the certificate of the TLS connection, or (simpleenroll) by HTTP Basic: an order and the token of
 * a log-in. What isn't paid or reviewed yet is answered 202 (clause 4.2.3).
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/codec.h"
#include "base/secret.h"
#include "crypto/certs_only.h"
#include "crypto/issue.h"
#include "crypto/x509.h"
#include "server/api.h"
#include "server/ident.h"
#include "server/limits.h"
#include "server/order_api.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define LINE 76u /* RFC 2045 */
#define PAY_S "300"
#define REVIEW_S "3600"
#define CREDENTIALS 256u

/* --- answers --- */

static enum bk_err reply_certs(struct bk_req *req, const char *type, const struct bk_rd *certs,
                               size_t count)
{
    struct bk_buf der = BK_BUF_INIT, text = BK_BUF_INIT, lines = BK_BUF_INIT;
    enum bk_err err = bk_certs_only(certs, count, &der);
    if (err == BK_OK)
        err = bk_base64_encode(der.data, der.len, &text);
    for (size_t at = 0; err == BK_OK && at < text.len; at += LINE) {
        err = bk_buf_put(&lines, text.data + at, text.len - at < LINE ? text.len - at : LINE);
        if (err == BK_OK)
            err = bk_buf_put(&lines, "\r\n", 2);
    }
    if (err == BK_OK)
        err = bk_reply_bytes(req, type, lines.data, lines.len);
    if (err == BK_OK)
        bk_http_out_header(req->out, "Content-Transfer-Encoding", "base64");
    bk_buf_free(&der);
    bk_buf_free(&text);
    bk_buf_free(&lines);
    return err;
}

static enum bk_err reply_later(struct bk_req *req, const struct bk_order *order)
{
    struct bk_buf text = BK_BUF_INIT;
    bool pay = order->state == BK_ORDER_AWAIT_PAY;
    enum bk_err err = bk_buf_printf(&text, "%s %s\n", order->id, bk_order_state_name(order->state));
    if (err == BK_OK)
        err = bk_reply_bytes(req, "text/plain; charset=utf-8", text.data, text.len);
    req->out->status = 202;
    bk_http_out_header(req->out, "Retry-After", pay ? PAY_S : REVIEW_S);
    bk_buf_free(&text);
    return err;
}

static enum bk_err ask_who(struct bk_req *req, bool *refused)
{
    *refused = true;
    enum bk_err err = bk_refuse(req, "unauthorized");
    req->out->header_count = 0; /* another scheme than the API's */
    bk_http_out_header(req->out, "WWW-Authenticate", "Basic realm=\"est\"");
    return err;
}

/* --- who it is --- */

struct enrollment {
    struct bk_rows cert; /* of the TLS connection: id, state, not_after */
    struct bk_x509 *x509;
    struct bk_buf csr;
    struct bk_pkcs10 read;
    struct bk_order order;
};

static void enrollment_free(struct enrollment *e)
{
    bk_rows_free(&e->cert);
    bk_x509_free(&e->x509);
    bk_buf_free(&e->csr);
}

/* The certificate as this platform issued it, whose key the handshake has proved. */
static enum bk_err log_in_by_cert(struct bk_req *req, struct enrollment *e, bool *refused)
{
    char id[BK_CERT_ID], fingerprint[65];
    const char *problem = NULL;
    enum bk_err err = bk_certificate_id(req->in->cert, req->in->cert_len, id, fingerprint);
    if (err == BK_OK)
        err = bk_tx_get(req->tx,
                        "SELECT state, not_after FROM certificates"
                        " WHERE id = $1 AND fingerprint = $2 AND kind = 'sign'",
                        BK_VALS(bk_text(id), bk_text(fingerprint)), &e->cert);
    if (err == BK_ENOTFOUND)
        return ask_who(req, refused);
    if (err == BK_OK)
        err = bk_x509_parse(req->in->cert, req->in->cert_len, &e->x509);
    if (err != BK_OK)
        return err;
    if (strcmp(bk_row_text(&e->cert, 0, 0), "good") != 0)
        problem = "certificate-revoked";
    else if (req->now > bk_row_int(&e->cert, 0, 1) + req->app->policy.after_days * DAY_MS)
        err = bk_order_paid_for(req->tx, id, &e->order);
    if (err == BK_ENOTFOUND)
        problem = "outside-window";
    else if (err != BK_OK)
        return err;
    *refused = problem != NULL;
    if (problem)
        return bk_refuse(req, problem);
    (void)snprintf(req->session.certificate, sizeof req->session.certificate, "%s", id);
    (void)snprintf(req->session.order, sizeof req->session.order, "%s", e->order.id);
    (void)snprintf(req->session.actor, sizeof req->session.actor, "customer:%s", id);
    return BK_OK;
}

/* "Basic" and base64 of ORDER:TOKEN (RFC 7617). */
static bool read_basic(const char *header, struct bk_buf *plain, const char **order,
                       const char **token)
{
    char *colon;
    if (!header || strncasecmp(header, "Basic ", 6) != 0 || strlen(header) > CREDENTIALS ||
        bk_base64_decode(header + 6, strlen(header + 6), plain) != BK_OK ||
        bk_buf_put_u8(plain, 0) != BK_OK || strlen((char *)plain->data) + 1 != plain->len ||
        !(colon = strchr((char *)plain->data, ':')))
        return false;
    *colon = 0;
    *order = (char *)plain->data;
    *token = colon + 1;
    return strlen(*order) <= BK_REQ_PARAM;
}

/* The order is the one that EST is for: of the certificate that has logged in. */
static enum bk_err log_in_by_token(struct bk_req *req, struct enrollment *e, bool *refused)
{
    const char *order = NULL, *token = NULL;
    struct bk_buf plain = BK_BUF_INIT;
    enum bk_err err = BK_ENOTFOUND;
    if (read_basic(bk_httpd_header(req->in, "Authorization"), &plain, &order, &token))
        err = bk_session_find(req->tx, token, req->now, &req->session);
    if (err == BK_OK) {
        (void)snprintf(req->params[0], sizeof req->params[0], "%s", order);
        err = bk_req_order(req, &e->order, refused);
    } else if (err == BK_ENOTFOUND) {
        err = ask_who(req, refused);
    } else if (err == BK_EDENIED) {
        *refused = true;
        err = bk_refuse(req, "certificate-revoked");
    }
    bk_buf_free(&plain);
    return err;
}

static enum bk_err limit(struct bk_req *req, bool *refused)
{
    int64_t wait = 0;
    enum bk_err err = bk_limit_take(req->tx, "login", req->group, req->now, 60000,
                                    req->app->policy.login_per_minute, &wait);
    *refused = err == BK_OK && wait;
    return *refused ? bk_refuse_later(req, wait) : err;
}

/* --- what is sent --- */

/* Base64, whatever Content-Transfer-Encoding says (RFC 8951), in lines as they come. */
static enum bk_err read_csr(struct bk_req *req, struct enrollment *e, bool *refused)
{
    const char *type = bk_httpd_header(req->in, "Content-Type");
    size_t len = type ? strcspn(type, "; ") : 0;
    struct bk_buf text = BK_BUF_INIT;
    enum bk_err err = BK_OK;
    if (len != strlen("application/pkcs10") || strncasecmp(type, "application/pkcs10", len) != 0) {
        *refused = true;
        return bk_refuse(req, "unsupported-media-type");
    }
    for (size_t i = 0; err == BK_OK && i < req->in->body_len; i++)
        if (!isspace(req->in->body[i]))
            err = bk_buf_put_u8(&text, req->in->body[i]);
    if (err == BK_OK)
        err = bk_base64_decode((const char *)text.data, text.len, &e->csr);
    if (err == BK_OK)
        err = bk_pkcs10_parse(e->csr.data, e->csr.len, &e->read);
    bk_buf_free(&text);
    if (err == BK_OK && e->read.key.alg == BK_ALG_RSA)
        return BK_OK;
    if (err == BK_ENOMEM)
        return err;
    *refused = true;
    return bk_refuse(req, "bad-csr");
}

/* Clause 4.2.2: the subject is the certificate's. */
static enum bk_err check_subject(struct bk_req *req, const struct enrollment *e, bool *refused)
{
    *refused = e->x509->subject.len != e->read.subject_len ||
               memcmp(e->x509->subject.data, e->read.subject, e->read.subject_len) != 0;
    return *refused ? bk_refuse(req, "subject-mismatch") : BK_OK;
}

/* --- the API's operations --- */

/* Has the handler answer as to this body; *refused when it says no, which stays the answer. */
static enum bk_err call(struct bk_req *req, bk_handler *handler, json_t *body, json_t **answer,
                        bool *refused)
{
    *answer = NULL;
    if (!body)
        return BK_ENOMEM;
    req->body = body;
    enum bk_err err = handler(req);
    req->body = NULL;
    json_decref(body);
    *refused = err == BK_OK && req->out->status >= 400;
    if (err != BK_OK || *refused)
        return err;
    return bk_json_parse(req->out->body.data, req->out->body.len, BK_BUF_MAX, answer);
}

/* The open order of the certificate, or a new one. */
static enum bk_err find_order(struct bk_req *req, struct enrollment *e, bool *refused)
{
    json_t *answer = NULL;
    const char *id = NULL;
    enum bk_err err =
        call(req, bk_api_order_create, json_pack("{s:s}", "type", "renewal"), &answer, refused);
    if (err == BK_OK && !*refused)
        err = bk_json_str(answer, "id", BK_REQ_PARAM, &id);
    if (err == BK_OK && !*refused)
        err = bk_order_load(req->tx, id, &e->order);
    json_decref(answer);
    return err;
}

static enum bk_err certify(struct bk_req *req, struct enrollment *e)
{
    json_t *answer = NULL, *body = json_object();
    struct bk_buf cert = BK_BUF_INIT;
    bool refused = false;
    bool keep = e->x509 && bk_pubkey_equal(&e->x509->key, &e->read.key);
    enum bk_err err = body ? bk_json_set_bytes(body, "csr", e->csr.data, e->csr.len) : BK_ENOMEM;
    if (err == BK_OK && keep && json_object_set_new(body, "keep_key", json_true()) != 0)
        err = BK_ENOMEM;
    if (err != BK_OK) {
        json_decref(body);
        return err;
    }
    (void)snprintf(req->params[0], sizeof req->params[0], "%s", e->order.id);
    err = call(req, bk_api_order_certificates, body, &answer, &refused);
    if (err == BK_OK && !refused)
        err = bk_json_bytes(answer, "sign_certificate", BK_BUF_MAX, &cert);
    const struct bk_rd one = bk_rd(cert.data, cert.len);
    if (err == BK_OK && !refused)
        err = reply_certs(req, "application/pkcs7-mime; smime-type=certs-only", &one, 1);
    json_decref(answer);
    bk_buf_free(&cert);
    return err;
}

/* For its customer, or for staff. */
static bool waits(enum bk_order_state state)
{
    return bk_order_unfinished(state) || state == BK_ORDER_AWAIT_PAY ||
           state == BK_ORDER_IN_REVIEW || state == BK_ORDER_REJECTED;
}

static enum bk_err enroll(struct bk_req *req, bool again)
{
    struct enrollment e = {.cert = BK_ROWS_INIT};
    bool refused = false;
    enum bk_err err = limit(req, &refused);
    if (err == BK_OK && !refused && req->in->cert)
        err = log_in_by_cert(req, &e, &refused);
    else if (err == BK_OK && !refused)
        err = again ? ask_who(req, &refused) : log_in_by_token(req, &e, &refused);
    if (err == BK_OK && !refused)
        err = read_csr(req, &e, &refused);
    if (err == BK_OK && !refused && again)
        err = check_subject(req, &e, &refused);
    if (err == BK_OK && !refused && !*e.order.id)
        err = find_order(req, &e, &refused);
    if (err == BK_OK && !refused) {
        err = waits(e.order.state) ? reply_later(req, &e.order) : certify(req, &e);
    }
    enrollment_free(&e);
    return err;
}

enum bk_err bk_api_est_enroll(struct bk_req *req)
{
    return enroll(req, false);
}

enum bk_err bk_api_est_reenroll(struct bk_req *req)
{
    return enroll(req, true);
}

/* --- cacerts --- */

/* Whoever comes with the new certificate has it: the old one isn't needed any more. */
static enum bk_err take_report(struct bk_req *req)
{
    struct enrollment e = {.cert = BK_ROWS_INIT};
    struct bk_rows row = BK_ROWS_INIT;
    bool refused = false;
    enum bk_err err = log_in_by_cert(req, &e, &refused);
    if (err == BK_OK && !refused)
        err = bk_tx_query(req->tx,
                          "SELECT id FROM orders WHERE new_certificate = $1 AND state = 'ISSUED'",
                          BK_VALS(bk_text(req->session.certificate)), &row);
    if (err == BK_OK && row.count)
        err = bk_order_load(req->tx, bk_row_text(&row, 0, 0), &e.order);
    if (err == BK_OK && row.count)
        err = bk_order_reported(req, &e.order);
    bk_rows_free(&row);
    enrollment_free(&e);
    return err;
}

enum bk_err bk_api_est_cacerts(struct bk_req *req)
{
    struct bk_buf issuing = BK_BUF_INIT, root = BK_BUF_INIT;
    enum bk_err err = req->in->cert ? take_report(req) : BK_OK;
    if (err == BK_OK)
        err = bk_req_pause(req);
    enum bk_err got = err == BK_OK ? bk_ca_chain(req->app->ca, BK_ALG_RSA, &issuing, &root) : err;
    if (err == BK_OK)
        err = bk_req_resume(req);
    if (err == BK_OK)
        err = got;
    const struct bk_rd both[] = {bk_rd(issuing.data, issuing.len), bk_rd(root.data, root.len)};
    if (err == BK_OK)
        err = reply_certs(req, "application/pkcs7-mime", both, 2);
    bk_buf_free(&issuing);
    bk_buf_free(&root);
    return err;
}
