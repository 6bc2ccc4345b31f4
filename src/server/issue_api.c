/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates of an order, the key's report that it has them, and what the CA publishes. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/secret.h"
#include "crypto/issue.h"
#include "crypto/x509.h"
#include "server/api.h"
#include "server/ident.h"
#include "server/invoices.h"
#include "server/issuing.h"
#include "server/key_people.h"
#include "server/order_api.h"
#include "server/pem.h"
#include "server/revoke.h"
#include "server/signed.h"

#define CHINA_S (8 * 3600)

int64_t bk_year_after(int64_t ms)
{
    time_t seconds = (time_t)(ms / 1000) + CHINA_S;
    struct tm tm;
    if (!gmtime_r(&seconds, &tm))
        return ms;
    tm.tm_year++;
    return ((int64_t)timegm(&tm) - CHINA_S) * 1000;
}

struct issue {
    struct bk_issuing part;
    struct bk_buf subject;
    bool keep; /* new certificates for the keys that the old ones have */
    bool old_good, refunding;
    struct bk_pubkey old_key, old_enc;
    char identity[BK_CERT_IDENTITY + 1];
};

static void issue_free(struct issue *i)
{
    bk_issuing_free(&i->part);
    bk_buf_free(&i->subject);
    bk_wipe(i->identity, sizeof i->identity);
}

/* --- the answer --- */

/* Of what was issued, and revoked: with its order, which is being refunded, or by itself. That the
 * certificate to be renewed was revoked comes before either. */
static enum bk_err refuse_revoked(struct bk_req *req, const struct bk_order *order)
{
    const char *code = NULL;
    enum bk_err err = bk_order_why_revoked(req->tx, order, &code);
    return err == BK_OK ? bk_refuse(req, code) : err;
}

/* What was issued for this key before; BK_ENOTFOUND when nothing was. */
static enum bk_err reply_stored(struct bk_req *req, struct issue *i)
{
    bool good = false;
    enum bk_err err = bk_issuing_find(req->tx, &i->part, &good);
    if (err != BK_OK)
        return err;
    if (i->part.round != i->part.order.round)
        return bk_refuse(req, "reissue-exhausted");
    return good ? bk_issuing_reply_found(req, &i->part) : refuse_revoked(req, &i->part.order);
}

/* --- issuing --- */

static enum bk_err read_request(struct bk_req *req, struct issue *i, bool *refused)
{
    enum bk_err err = bk_issuing_read(req, &i->part, refused);
    return err == BK_OK && !*refused ? bk_req_flag(req, "keep_key", &i->keep, refused) : err;
}

/* Paid, and reviewed when it is to be: what is reviewed isn't PAID for longer than a moment that
 * nobody sees. */
static bool is_ready(const struct bk_order *order)
{
    return order->state == BK_ORDER_PAID || order->state == BK_ORDER_APPROVED;
}

/* Nothing is made for an order that is being refunded, nor for a certificate that was revoked, also
 * when the revocation didn't end the order itself. An issued one is left to its owner. */
static enum bk_err check_old(struct bk_req *req, struct issue *i, bool *refused)
{
    const struct bk_audit who = {.actor = "system", .address = ""};
    enum bk_err err = BK_OK;
    *refused = !i->old_good;
    if (*refused && is_ready(&i->part.order) && req->looks)
        return BK_EBUSY; /* that is no plan: in a turn, then */
    if (*refused && is_ready(&i->part.order))
        err = bk_order_stop(req->app, req->tx, &i->part.order, &who, req->now);
    if (err != BK_OK || *refused)
        return err == BK_OK ? bk_refuse(req, "certificate-revoked") : err;
    *refused = i->refunding;
    return *refused ? bk_refuse(req, "order-refunded") : BK_OK;
}

/* As it was, or with the company's name that was reviewed, which is the certificate's own when that
 * was the company's. */
static enum bk_err put_subject(struct issue *i, size_t row, const struct bk_x509 *x)
{
    const struct bk_rows *rows = &i->part.rows;
    const char *company = bk_row_null(rows, row, 3) ? x->organisation : bk_row_text(rows, row, 3);
    if (strcmp(company, x->organisation) == 0)
        return bk_buf_put(&i->subject, x->subject.data, x->subject.len);
    return bk_issue_name(company,
                         strcmp(x->common_name, x->organisation) == 0 ? company : x->common_name,
                         &i->subject);
}

/* The certificate that is renewed, the encryption certificate that came with it, and what else is
 * to be known of the order: all by one question. */
static enum bk_err find_old(struct bk_req *req, struct issue *i)
{
    char refund[BK_ORDER_TASK];
    const struct bk_rows *rows = &i->part.rows;
    bk_order_refund_task(&i->part.order, refund);
    enum bk_err err = bk_tx_query(
        req->tx,
        "SELECT der, kind, identity_sealed,"
        " (SELECT company FROM applications WHERE order_id = $2), state,"
        " (SELECT count(*) FROM outbox WHERE dedupe = $3)"
        " FROM certificates WHERE pair = $1 ORDER BY kind DESC",
        BK_VALS(bk_text(i->part.order.old_certificate), bk_text(i->part.order.id), bk_text(refund)),
        &i->part.rows);
    i->old_good = err == BK_OK && rows->count && strcmp(bk_row_text(rows, 0, 1), "sign") == 0 &&
                  strcmp(bk_row_text(rows, 0, 4), "good") == 0;
    i->refunding = err == BK_OK && rows->count && bk_row_int(rows, 0, 5);
    return err;
}

static enum bk_err read_old(struct bk_req *req, struct issue *i)
{
    enum bk_err err = BK_OK;
    for (size_t n = 0; err == BK_OK && n < i->part.rows.count; n++) {
        struct bk_x509 *x = NULL;
        struct bk_rd der = bk_row_bytes(&i->part.rows, n, 0);
        bool sign = strcmp(bk_row_text(&i->part.rows, n, 1), "sign") == 0;
        err = bk_x509_parse(der.at, der.left, &x);
        if (err == BK_OK)
            *(sign ? &i->old_key : &i->old_enc) = x->key;
        if (err == BK_OK && sign)
            err = put_subject(i, n, x);
        if (err == BK_OK && sign)
            err = bk_pair_identity(req->app->escrow, i->part.order.old_certificate,
                                   bk_row_bytes(&i->part.rows, n, 2), i->identity);
        bk_x509_free(&x);
    }
    return err == BK_OK && !i->subject.len ? BK_ENOTFOUND : err;
}

/* What is kept is asked for by name, and nothing else is certified as kept. */
static bool key_as_asked(const struct issue *i)
{
    bool same = bk_pubkey_equal(&i->part.read.key, &i->old_key);
    return i->keep ? same && i->old_enc.alg == i->old_key.alg : !same;
}

static enum bk_err check_issue(struct bk_req *req, struct issue *i, bool *refused)
{
    const char *problem = NULL;
    enum bk_err err = find_old(req, i);
    if (err == BK_OK)
        err = check_old(req, i, refused);
    if (err == BK_OK && !*refused)
        err = read_old(req, i);
    if (err != BK_OK || *refused)
        return err;
    if (!is_ready(&i->part.order) && i->part.order.state != BK_ORDER_ISSUED)
        problem = "order-state";
    else if (strcmp(bk_alg_name(i->part.read.key.alg), i->part.order.algorithm) != 0 ||
             (i->part.read.key.alg == BK_ALG_RSA && i->part.read.key.n_len < 256))
        problem = "container-mismatch";
    else if (!key_as_asked(i))
        problem = "key-mismatch";
    else if (i->part.order.round >= BK_ORDER_ROUNDS)
        problem = "reissue-exhausted";
    *refused = problem != NULL;
    return problem ? bk_refuse(req, problem) : BK_OK;
}

static struct bk_pair_ask ask_of(const struct bk_req *req, const struct issue *i)
{
    int64_t from = i->part.order.old_not_after > req->now ? i->part.order.old_not_after : req->now;
    return (struct bk_pair_ask){.key_serial = i->part.order.key_serial,
                                .container = i->part.order.container,
                                .request = i->part.request.data,
                                .request_len = i->part.request.len,
                                .key = &i->part.read.key,
                                .subject = i->subject.data,
                                .subject_len = i->subject.len,
                                .not_before = req->now / 1000 - 300, /* clocks differ a little */
                                .not_after = bk_year_after(from) / 1000,
                                .kept_enc = i->keep ? &i->old_enc : NULL,
                                .crl_url = i->part.read.key.alg == BK_ALG_SM2 ? req->app->crl_sm2
                                                                              : req->app->crl_rsa,
                                .ocsp_url = req->app->ocsp,
                                .identity = *i->identity ? i->identity : NULL};
}

/* Registers the new pair as the order's; an earlier round's is revoked. */
static enum bk_err register_pair(struct bk_req *req, struct issue *i, const struct bk_pair_ask *ask)
{
    struct bk_order *o = &i->part.order;
    char earlier[BK_CERT_ID];
    const struct bk_audit who = bk_req_who(req);
    (void)snprintf(earlier, sizeof earlier, "%s", o->new_certificate);
    enum bk_err err = bk_pair_store(req->tx, req->app->escrow, ask, &i->part.pair, req->now);
    if (err == BK_OK)
        err = bk_issuing_insert(req->tx, &i->part);
    o->round++;
    o->new_not_after = ask->not_after * 1000;
    (void)snprintf(o->new_certificate, sizeof o->new_certificate, "%s", i->part.pair.sign_id);
    if (err == BK_OK)
        err = o->state == BK_ORDER_ISSUED
                  ? bk_order_save(req->tx, o, req->now)
                  : bk_order_move(req->tx, o, BK_ORDER_ISSUED, &who, req->now);
    if (err == BK_OK && *earlier)
        err =
            bk_certificate_revoke(req->app, req->tx, earlier, BK_REASON_SUPERSEDED, &who, req->now);
    if (err == BK_OK)
        err = bk_req_audit(req, "certificate.issued", o->new_certificate, o->id);
    return err;
}

/* Somebody else was quicker, or the old one was revoked meanwhile: what was made for nothing is on
 * the revocation list. */
static enum bk_err drop_pair(struct bk_req *req, struct issue *i, const struct bk_pair_ask *ask)
{
    enum bk_err err = bk_pair_store(req->tx, req->app->escrow, ask, &i->part.pair, req->now);
    if (err == BK_OK)
        err = bk_pair_revoke(req->tx, i->part.pair.sign_id, BK_REASON_SUPERSEDED, req->now);
    return err;
}

/* Nothing came of it. A request that its key hasn't signed is the client's matter. What the CA
 * refuses for good isn't kept waiting, nor is its money. An issued order has its certificates: that
 * one is left to its owner. */
static enum bk_err give_up(struct bk_req *req, struct issue *i, enum bk_err made)
{
    bool refused = false;
    const struct bk_audit who = {.actor = "system", .address = ""};
    enum bk_err err = i->part.pair.nothing ? bk_pair_forget(req->tx, &i->part.pair) : BK_OK;
    if (err == BK_OK && made == BK_EVERIFY && i->part.pair.nothing)
        return bk_refuse(req, "bad-csr");
    if (err == BK_OK && made != BK_EREFUSED) {
        err = bk_req_pause(req); /* that stays done, whatever is answered */
        return err == BK_OK ? made : err;
    }
    if (err == BK_OK)
        err = bk_req_order(req, &i->part.order, &refused);
    if (err != BK_OK || refused)
        return err;
    if (!is_ready(&i->part.order))
        return bk_refuse(req, "validity-limit");
    err = bk_order_refund(req->app, req->tx, &i->part.order, &who, "refused by the CA", req->now);
    return err == BK_OK ? bk_refuse(req, "cannot-be-issued") : err;
}

static enum bk_err make_and_register(struct bk_req *req, struct issue *i)
{
    int64_t round = i->part.order.round;
    bool refused = false;
    const struct bk_pair_ask ask = ask_of(req, i);
    enum bk_err err =
        bk_pair_plan(req->tx, i->part.read.key.alg, ask.not_after, req->now, &i->part.pair);
    if (err == BK_OK)
        err = bk_req_pause(req);
    if (err == BK_OK) {
        enum bk_err made = bk_pair_make(req->app->ca, &ask, &i->part.pair);
        err = bk_req_resume(req);
        if (err == BK_OK && made != BK_OK)
            return give_up(req, i, made);
    }
    if (err == BK_OK)
        err = bk_req_order(req, &i->part.order, &refused);
    if (err != BK_OK || refused)
        return err;
    bool moved = i->part.order.round != round ||
                 (!is_ready(&i->part.order) && i->part.order.state != BK_ORDER_ISSUED);
    err = moved ? reply_stored(req, i) : BK_ENOTFOUND;
    refused = err != BK_ENOTFOUND;
    if (err == BK_ENOTFOUND)
        err = bk_order_prospects(req->tx, &i->part.order, &i->old_good, &i->refunding);
    if (err == BK_OK && !refused)
        err = check_old(req, i, &refused);
    if (err == BK_OK && moved && !refused)
        err = bk_refuse(req, "order-state");
    if (err == BK_OK && (moved || refused))
        return drop_pair(req, i, &ask);
    if (err == BK_OK)
        err = register_pair(req, i, &ask);
    return err == BK_OK ? bk_issuing_reply_made(req, &i->part) : err;
}

enum bk_err bk_api_order_certificates(struct bk_req *req)
{
    struct issue i = {.keep = false};
    bool refused = false;
    enum bk_err err = read_request(req, &i, &refused);
    if (err == BK_OK && !refused) /* and then the order, which may be another since */
        err = bk_issuing_fetch_chain(req, &i.part);
    if (err == BK_OK && !refused)
        err = bk_req_order(req, &i.part.order, &refused);
    if (err == BK_OK && !refused) {
        err = i.part.order.state == BK_ORDER_ISSUED || i.part.order.state == BK_ORDER_DONE
                  ? reply_stored(req, &i)
                  : BK_ENOTFOUND;
        if (err == BK_ENOTFOUND) {
            err = check_issue(req, &i, &refused);
            if (err == BK_OK && !refused)
                err = make_and_register(req, &i);
        }
    }
    issue_free(&i);
    return err;
}

/* --- the report --- */

static enum bk_err check_report(struct bk_req *req, const struct bk_order *order,
                                const struct bk_buf *signature, bool *refused)
{
    struct bk_rows rows = BK_ROWS_INIT;
    const char *serial = strchr(order->new_certificate, ':');
    enum bk_err err = bk_tx_get(req->tx, "SELECT der FROM certificates WHERE id = $1",
                                BK_VALS(bk_text(order->new_certificate)), &rows);
    if (err == BK_OK && serial) {
        struct bk_rd der = bk_row_bytes(&rows, 0, 0);
        const char *const fields[] = {order->id, serial + 1, NULL};
        err = bk_signed_check(der.at, der.left, "renewal-report", req->app->origin, fields,
                              signature->data, signature->len);
    }
    if (err == BK_EVERIFY) {
        *refused = true;
        err = bk_refuse(req, "signature-wrong");
    }
    bk_rows_free(&rows);
    return err;
}

/* A report may be sent again after it was taken; of a certificate that was revoked before, none is.
 */
static enum bk_err find_reported(struct bk_req *req, struct bk_order *order, bool *refused)
{
    bool good = true;
    const char *problem = NULL;
    enum bk_err err = bk_order_load(req->tx, req->params[0], order);
    if (err == BK_ENOTFOUND) {
        *refused = true;
        return bk_refuse(req, "not-found");
    }
    if (err == BK_OK && order->state != BK_ORDER_DONE && *order->new_certificate)
        err = bk_certificate_good(req->tx, order->new_certificate, &good);
    *refused = err == BK_OK && !good;
    if (err != BK_OK || *refused)
        return err == BK_OK ? refuse_revoked(req, order) : err;
    if (order->state != BK_ORDER_ISSUED && order->state != BK_ORDER_DONE)
        problem = "order-state";
    *refused = problem != NULL;
    return problem ? bk_refuse(req, problem) : BK_OK;
}

enum bk_err bk_order_reported(struct bk_req *req, struct bk_order *order)
{
    char actor[BK_CERT_ID + 16];
    (void)snprintf(actor, sizeof actor, "customer:%s", order->new_certificate);
    const struct bk_audit who = {.actor = actor, .address = req->in->peer};
    enum bk_err err = bk_order_done(req->app, req->tx, order, &who, req->now);
    if (err == BK_OK)
        err = bk_key_people_take(req->app, req->tx, order, &who, req->now);
    return err == BK_OK ? bk_certificate_revoke(req->app, req->tx, order->old_certificate,
                                                BK_REASON_SUPERSEDED, &who, req->now)
                        : err;
}

enum bk_err bk_api_order_confirm(struct bk_req *req)
{
    struct bk_order order;
    struct bk_buf signature = BK_BUF_INIT;
    bool refused = false;
    enum bk_err err = bk_req_bytes(req, "signature", 1, 1024, &signature, &refused);
    if (err == BK_OK && !refused)
        err = find_reported(req, &order, &refused);
    if (err == BK_OK && !refused)
        err = check_report(req, &order, &signature, &refused);
    if (err == BK_OK && !refused && order.state == BK_ORDER_ISSUED)
        err = bk_order_reported(req, &order);
    if (err == BK_OK && !refused)
        err = bk_reply_order(req, 200, &order);
    bk_buf_free(&signature);
    return err;
}

/* --- what the CA publishes --- */

static enum bk_err reply_crl(struct bk_req *req, enum bk_alg alg)
{
    struct bk_buf der = BK_BUF_INIT;
    enum bk_err err = bk_req_pause(req);
    enum bk_err made = err == BK_OK ? bk_crl_current(req->app, alg, &der) : err;
    if (err == BK_OK)
        err = bk_req_resume(req);
    if (err == BK_OK)
        err = made;
    if (err == BK_OK)
        err = bk_reply_bytes(req, "application/pkix-crl", der.data, der.len);
    bk_buf_free(&der);
    return err;
}

enum bk_err bk_api_crl_rsa(struct bk_req *req)
{
    return reply_crl(req, BK_ALG_RSA);
}

enum bk_err bk_api_crl_sm2(struct bk_req *req)
{
    return reply_crl(req, BK_ALG_SM2);
}

static enum bk_err reply_ca(struct bk_req *req, enum bk_alg alg)
{
    struct bk_buf issuing = BK_BUF_INIT, root = BK_BUF_INIT, pem = BK_BUF_INIT;
    char id[BK_SM2_ID_MAX + 1] = BK_SM2_ID;
    enum bk_err err = bk_req_pause(req);
    enum bk_err got = err == BK_OK ? bk_ca_chain(req->app->ca, alg, &issuing, &root) : err;
    if (got == BK_OK && alg == BK_ALG_SM2)
        got = bk_ca_sm2_id(req->app->ca, id);
    if (err == BK_OK)
        err = bk_req_resume(req);
    if (err == BK_OK)
        err = got;
    /* RFC 7468 lets a text stand before; who knows nothing of it passes over it */
    if (err == BK_OK && strcmp(id, BK_SM2_ID) != 0)
        err = bk_buf_printf(&pem, "SM2 ID: %s\n", id);
    if (err == BK_OK)
        err = bk_pem_put("CERTIFICATE", issuing.data, issuing.len, &pem);
    if (err == BK_OK)
        err = bk_pem_put("CERTIFICATE", root.data, root.len, &pem);
    if (err == BK_OK)
        err = bk_reply_bytes(req, "application/x-pem-file", pem.data, pem.len);
    bk_buf_free(&issuing);
    bk_buf_free(&root);
    bk_buf_free(&pem);
    return err;
}

enum bk_err bk_api_ca_rsa(struct bk_req *req)
{
    return reply_ca(req, BK_ALG_RSA);
}

enum bk_err bk_api_ca_sm2(struct bk_req *req)
{
    return reply_ca(req, BK_ALG_SM2);
}
