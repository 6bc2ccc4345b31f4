/* SPDX-License-Identifier: Apache-2.0 */
#include "server/issuing.h"

#include <stdio.h>
#include <string.h>

#define REQUEST_MAX 4096u

void bk_issuing_free(struct bk_issuing *i)
{
    bk_buf_free(&i->request);
    bk_buf_free(&i->issuing);
    bk_buf_free(&i->root);
    bk_pair_free(&i->pair);
    bk_rows_free(&i->rows);
}

enum bk_err bk_issuing_read(struct bk_req *req, struct bk_issuing *i, bool *refused)
{
    enum bk_err err = bk_req_bytes(req, "csr", 1, REQUEST_MAX, &i->request, refused);
    if (err != BK_OK || *refused)
        return err;
    /* the CA checks its signature */
    err = bk_pkcs10_parse(i->request.data, i->request.len, &i->read);
    if (err == BK_EFORMAT || err == BK_EUNSUPPORTED || err == BK_EINVAL) {
        *refused = true;
        return bk_refuse(req, "bad-csr");
    }
    return err == BK_OK ? bk_key_hash(&i->read.key, i->key_hash) : err;
}

enum bk_err bk_issuing_fetch_chain(struct bk_req *req, struct bk_issuing *i)
{
    bool known = bk_ca_chain_known(req->app->ca, i->read.key.alg);
    enum bk_err err = known ? BK_OK : bk_req_pause(req);
    if (err == BK_OK)
        err = bk_ca_chain(req->app->ca, i->read.key.alg, &i->issuing, &i->root);
    if (err == BK_OK && i->read.key.alg == BK_ALG_SM2)
        err = bk_ca_sm2_id(req->app->ca, i->sm2_id);
    return err == BK_OK && !known ? bk_req_resume(req) : err;
}

enum bk_err bk_issuing_find(struct bk_tx *tx, struct bk_issuing *i, bool *good)
{
    enum bk_err err =
        bk_tx_get(tx,
                  "SELECT issues.round, s.der, e.der, issues.envelope, s.state, s.id FROM issues"
                  " JOIN certificates s ON s.id = issues.sign_certificate"
                  " JOIN certificates e ON e.id = issues.enc_certificate"
                  " WHERE issues.order_id = $1 AND issues.key_hash = $2",
                  BK_VALS(bk_text(i->order.id), bk_text(i->key_hash)), &i->rows);
    if (err != BK_OK)
        return err;
    i->round = bk_row_int(&i->rows, 0, 0);
    *good = strcmp(bk_row_text(&i->rows, 0, 4), "good") == 0;
    bk_row_copy(&i->rows, 0, 5, i->sign_id, sizeof i->sign_id);
    return BK_OK;
}

enum bk_err bk_issuing_insert(struct bk_tx *tx, const struct bk_issuing *i)
{
    const struct bk_buf *envelope = &i->pair.envelope; /* none for a key that was kept */
    return bk_tx_write(
        tx, BK_ANYHOW,
        "INSERT INTO issues (order_id, round, key_hash, sign_certificate, enc_certificate,"
        " envelope) VALUES ($1, $2, $3, $4, $5, $6)",
        BK_VALS(bk_text(i->order.id), bk_int(i->order.round + 1), bk_text(i->key_hash),
                bk_text(i->pair.sign_id), bk_text(i->pair.enc_id),
                bk_bytes(envelope->len ? (const void *)envelope->data : "", envelope->len)));
}

/* --- the answer --- */

static enum bk_err reply(struct bk_req *req, const struct bk_issuing *i, struct bk_rd sign,
                         struct bk_rd enc, struct bk_rd envelope)
{
    struct bk_json_out json = bk_reply_begin(req, 200);
    bk_json_open(&json, NULL, '{');
    bk_json_put_bytes(&json, "sign_certificate", sign.at, sign.left);
    bk_json_put_bytes(&json, "enc_certificate", enc.at, enc.left);
    if (envelope.left)
        bk_json_put_bytes(&json, "envelope", envelope.at, envelope.left);
    bk_json_open(&json, "chain", '[');
    bk_json_put_bytes(&json, NULL, i->issuing.data, i->issuing.len);
    bk_json_put_bytes(&json, NULL, i->root.data, i->root.len);
    bk_json_close(&json, ']');
    if (*i->sm2_id)
        bk_json_put_str(&json, "sm2_id", i->sm2_id);
    bk_json_close(&json, '}');
    return json.err;
}

enum bk_err bk_issuing_reply_found(struct bk_req *req, const struct bk_issuing *i)
{
    return reply(req, i, bk_row_bytes(&i->rows, 0, 1), bk_row_bytes(&i->rows, 0, 2),
                 bk_row_bytes(&i->rows, 0, 3));
}

enum bk_err bk_issuing_reply_made(struct bk_req *req, const struct bk_issuing *i)
{
    return reply(req, i, bk_rd(i->pair.sign.data, i->pair.sign.len),
                 bk_rd(i->pair.enc.data, i->pair.enc.len),
                 bk_rd(i->pair.envelope.data, i->pair.envelope.len));
}
