/* SPDX-License-Identifier: Apache-2.0 */
/* OCSP (RFC 6960): what the register says of a certificate at this moment, signed by its CA. */
#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "crypto/ocsp.h"
#include "crypto/x509.h"
#include "server/api.h"
#include "server/certs.h"

#define PREFIX "/v1/ocsp/"
#define LIFE_S 3600 /* how long who asked may remember the answer */

static enum bk_err reply(struct bk_req *req, const struct bk_buf *response)
{
    return bk_reply_bytes(req, "application/ocsp-response", response->data, response->len);
}

static enum bk_err refuse(struct bk_req *req, enum bk_ocsp_failure failure)
{
    struct bk_buf out = BK_BUF_INIT;
    enum bk_err err = bk_ocsp_refuse(failure, &out);
    if (err == BK_OK)
        err = reply(req, &out);
    bk_buf_free(&out);
    return err;
}

static enum bk_err is_of(struct bk_ca *ca, enum bk_alg alg, const struct bk_ocsp_id *id, bool *is)
{
    struct bk_buf issuing = BK_BUF_INIT, root = BK_BUF_INIT;
    struct bk_x509 *x = NULL;
    enum bk_err err = bk_ca_chain(ca, alg, &issuing, &root);
    if (err == BK_OK)
        err = bk_x509_parse(issuing.data, issuing.len, &x);
    if (err == BK_OK)
        err = bk_ocsp_is_of(id, x->subject.data, x->subject.len, &x->key, is);
    bk_x509_free(&x);
    bk_buf_free(&issuing);
    bk_buf_free(&root);
    return err;
}

struct question {
    struct bk_ocsp_request asked;
    enum bk_alg alg;
    bool ours[BK_OCSP_CERTS]; /* of the CA of this algorithm */
    bool any;
    struct bk_ocsp_single singles[BK_OCSP_CERTS];
};

/* The CA of the first one that is ours answers for all. */
static enum bk_err find_issuer(struct bk_ca *ca, struct question *q)
{
    static const enum bk_alg algs[] = {BK_ALG_RSA, BK_ALG_SM2};
    enum bk_err err = BK_OK;
    for (size_t a = 0; err == BK_OK && !q->any && a < 2; a++) {
        q->alg = algs[a];
        for (size_t i = 0; err == BK_OK && i < q->asked.count; i++) {
            err = is_of(ca, q->alg, &q->asked.ids[i], &q->ours[i]);
            q->any = q->any || q->ours[i];
        }
    }
    return err;
}

static enum bk_err register_id(enum bk_alg alg, const struct bk_ocsp_id *asked, char id[BK_CERT_ID])
{
    struct bk_buf hex = BK_BUF_INIT;
    const char *text = "";
    enum bk_err err = bk_hex_encode(asked->serial, asked->serial_len, &hex);
    if (err == BK_OK)
        err = bk_buf_cstr(&hex, &text);
    text += strspn(text, "0");
    (void)snprintf(id, BK_CERT_ID, "%s:%s", bk_alg_name(alg), text);
    bk_buf_free(&hex);
    return err;
}

/* What isn't registered is unknown: a serial number that the CA is only about to use, too. */
static enum bk_err look_up(struct bk_req *req, struct question *q, size_t i)
{
    char id[BK_CERT_ID];
    struct bk_rows rows = BK_ROWS_INIT;
    struct bk_ocsp_single *s = &q->singles[i];
    *s = (struct bk_ocsp_single){
        .id = q->asked.ids[i].der, .id_len = q->asked.ids[i].der_len, .state = BK_OCSP_UNKNOWN};
    if (!q->ours[i] || q->asked.ids[i].serial_len > BK_SERIAL_BYTES)
        return BK_OK;
    enum bk_err err = register_id(q->alg, &q->asked.ids[i], id);
    if (err == BK_OK)
        err =
            bk_tx_query(req->tx, "SELECT state, revoked_at, reason FROM certificates WHERE id = $1",
                        BK_VALS(bk_text(id)), &rows);
    if (err == BK_OK && rows.count) {
        s->state = strcmp(bk_row_text(&rows, 0, 0), "good") == 0 ? BK_OCSP_GOOD : BK_OCSP_REVOKED;
        s->revoked_at = bk_row_int(&rows, 0, 1) / 1000;
        s->reason = (int)bk_row_int(&rows, 0, 2);
    }
    bk_rows_free(&rows);
    return err;
}

/* The CA is asked outside the transaction. */
static enum bk_err have_signed(struct bk_req *req, const struct question *q, struct bk_buf *out)
{
    const struct bk_ocsp_answer answer = {.singles = q->singles,
                                          .count = q->asked.count,
                                          .next_update = req->now / 1000 + LIFE_S,
                                          .nonce = q->asked.nonce,
                                          .nonce_len = q->asked.nonce_len};
    enum bk_err err = bk_req_pause(req);
    enum bk_err did = err == BK_OK ? bk_ca_ocsp(req->app->ca, q->alg, &answer, out) : err;
    if (err == BK_OK)
        err = bk_req_resume(req);
    return err == BK_OK ? did : err;
}

static enum bk_err answer(struct bk_req *req, const void *der, size_t len)
{
    struct question q = {.any = false};
    struct bk_buf out = BK_BUF_INIT;
    enum bk_err err = bk_ocsp_read(der, len, &q.asked);
    if (err == BK_EFORMAT || err == BK_ELIMIT)
        return refuse(req, BK_OCSP_MALFORMED);
    if (err == BK_OK)
        err = bk_req_pause(req);
    enum bk_err found = err == BK_OK ? find_issuer(req->app->ca, &q) : err;
    if (err == BK_OK)
        err = bk_req_resume(req);
    if (err == BK_OK)
        err = found;
    if (err == BK_OK && !q.any)
        return refuse(req, BK_OCSP_UNAUTHORIZED);
    for (size_t i = 0; err == BK_OK && i < q.asked.count; i++)
        err = look_up(req, &q, i);
    if (err == BK_OK)
        err = have_signed(req, &q, &out);
    if (err == BK_OK)
        err = reply(req, &out);
    bk_buf_free(&out);
    return err;
}

enum bk_err bk_api_ocsp_post(struct bk_req *req)
{
    const char *type = bk_httpd_header(req->in, "Content-Type");
    if (!type || strcmp(type, "application/ocsp-request") != 0)
        return bk_refuse(req, "unsupported-media-type");
    return answer(req, req->in->body, req->in->body_len);
}

/* Base64 with percent-encoding (RFC 6960 clause A.1), which some leave out. */
static enum bk_err decode_path(const char *path, struct bk_buf *der)
{
    struct bk_buf text = BK_BUF_INIT, byte = BK_BUF_INIT;
    enum bk_err err = BK_OK;
    while (err == BK_OK && *path) {
        bk_buf_clear(&byte);
        if (*path == '%' && path[1] && path[2]) {
            err = bk_hex_decode(path + 1, 2, &byte);
            path += 3;
        } else {
            err = bk_buf_put(&byte, path++, 1);
        }
        if (err == BK_OK)
            err = bk_buf_put(&text, byte.data, byte.len);
    }
    if (err == BK_OK)
        err = bk_base64_decode((const char *)text.data, text.len, der);
    bk_buf_free(&text);
    bk_buf_free(&byte);
    return err;
}

enum bk_err bk_api_ocsp_get(struct bk_req *req)
{
    struct bk_buf der = BK_BUF_INIT;
    enum bk_err err = decode_path(req->in->path + strlen(PREFIX), &der);
    err = err == BK_EFORMAT ? refuse(req, BK_OCSP_MALFORMED)
          : err == BK_OK    ? answer(req, der.data, der.len)
                            : err;
    bk_buf_free(&der);
    return err;
}
