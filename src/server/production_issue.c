/* SPDX-License-Identifier: Apache-2.0 */
/* The certificates of a key that is being made: one pair a key pair, however often it is asked for.
 * A key that was personalised anew has another key pair: it gets another pair of certificates, and
 * the one before is revoked. */
#include <stdio.h>
#include <string.h>

#include "crypto/issue.h"
#include "server/api.h"
#include "server/issuing.h"
#include "server/order_api.h"
#include "server/production_api.h"
#include "server/revoke.h"

struct making {
    struct bk_issuing part;
    struct bk_production production;
    struct bk_buf subject;
    char org_code[BK_ORG_CODE + 1];
    int64_t years;
};

/* In this transaction. */
static enum bk_err read_production(struct bk_req *req, struct making *m, bool *refused)
{
    bool any = false;
    enum bk_err err = bk_req_production(req, &m->part.order, &m->production, &any, refused);
    if (err == BK_OK && !*refused && !any) {
        *refused = true;
        err = bk_refuse(req, "order-state");
    }
    return err;
}

/* What was issued for this key pair before; BK_ENOTFOUND when nothing was. Certificates of a key
 * that was put aside, or of a key pair that is gone, aren't given out again. */
static enum bk_err reply_stored(struct bk_req *req, struct making *m)
{
    bool good = false;
    enum bk_err err = bk_issuing_find(req->tx, &m->part, &good);
    if (err != BK_OK)
        return err;
    bool current = strcmp(m->part.sign_id, m->production.sign_certificate) == 0;
    return good && current ? bk_issuing_reply_found(req, &m->part)
                           : bk_refuse(req, "certificate-revoked");
}

static enum bk_err check(struct bk_req *req, const struct making *m, bool *refused)
{
    const struct bk_pubkey *key = &m->part.read.key;
    const char *problem = NULL;
    if (m->production.state != BK_PRODUCTION_BEGUN || m->part.order.state != BK_ORDER_PRODUCING)
        problem = "order-state";
    else if (strcmp(bk_alg_name(key->alg), m->part.order.algorithm) != 0 ||
             (key->alg == BK_ALG_RSA && key->n_len < 256))
        problem = "container-mismatch";
    else if (m->production.rounds >= BK_PRODUCTION_ROUNDS)
        problem = "reissue-exhausted";
    *refused = problem != NULL;
    return problem ? bk_refuse(req, problem) : BK_OK;
}

static enum bk_err read_subject(struct bk_req *req, struct making *m)
{
    struct bk_rows row = BK_ROWS_INIT;
    enum bk_err err =
        bk_tx_get(req->tx, "SELECT company, org_code, years FROM applications WHERE order_id = $1",
                  BK_VALS(bk_text(m->part.order.id)), &row);
    if (err == BK_OK) {
        const char *company = bk_row_text(&row, 0, 0);
        bk_row_copy(&row, 0, 1, m->org_code, sizeof m->org_code);
        m->years = bk_row_int(&row, 0, 2);
        err = bk_issue_name(company, company, &m->subject);
    }
    bk_rows_free(&row);
    return err;
}

static struct bk_pair_ask ask_of(const struct bk_req *req, const struct making *m)
{
    int64_t until = req->now;
    for (int64_t i = 0; i < m->years; i++)
        until = bk_year_after(until);
    return (struct bk_pair_ask){.key_serial = m->production.serial,
                                .container = m->part.order.container,
                                .request = m->part.request.data,
                                .request_len = m->part.request.len,
                                .key = &m->part.read.key,
                                .subject = m->subject.data,
                                .subject_len = m->subject.len,
                                .not_before = req->now / 1000 - 300, /* clocks differ a little */
                                .not_after = until / 1000,
                                .crl_url = m->part.read.key.alg == BK_ALG_SM2 ? req->app->crl_sm2
                                                                              : req->app->crl_rsa,
                                .ocsp_url = req->app->ocsp,
                                .identity = m->org_code};
}

static enum bk_err register_pair(struct bk_req *req, struct making *m,
                                 const struct bk_pair_ask *ask)
{
    const struct bk_audit who = bk_req_who(req);
    enum bk_err err = bk_pair_store(req->tx, req->app->escrow, ask, &m->part.pair, req->now);
    if (err == BK_OK)
        err = bk_issuing_insert(req->tx, &m->part);
    if (err == BK_OK)
        err = bk_production_issued(req->app, req->tx, &m->part.order, &m->production,
                                   m->part.pair.sign_id, ask->not_after * 1000, &who, req->now);
    if (err == BK_OK)
        err = bk_req_audit(req, "certificate.issued", m->part.pair.sign_id, m->part.order.id);
    return err == BK_OK ? bk_issuing_reply_made(req, &m->part) : err;
}

/* Somebody was quicker, or the key has been put aside: what was made for nothing is on the
 * revocation list. */
static enum bk_err drop_pair(struct bk_req *req, struct making *m, const struct bk_pair_ask *ask)
{
    enum bk_err err = bk_pair_store(req->tx, req->app->escrow, ask, &m->part.pair, req->now);
    return err == BK_OK
               ? bk_pair_revoke(req->tx, m->part.pair.sign_id, BK_REASON_SUPERSEDED, req->now)
               : err;
}

static enum bk_err give_up(struct bk_req *req, struct making *m, enum bk_err made)
{
    enum bk_err err = m->part.pair.nothing ? bk_pair_forget(req->tx, &m->part.pair) : BK_OK;
    if (err == BK_OK && made == BK_EVERIFY && m->part.pair.nothing)
        return bk_refuse(req, "bad-csr");
    if (err == BK_OK && made == BK_EREFUSED)
        return bk_refuse(req, "validity-limit");
    if (err == BK_OK)
        err = bk_req_pause(req); /* that stays done, whatever is answered */
    return err == BK_OK ? made : err;
}

/* The transaction is another one behind the CA's answer, and so may be all that was read. */
static enum bk_err settle(struct bk_req *req, struct making *m, const struct bk_pair_ask *ask)
{
    bool refused = false;
    const struct bk_production before = m->production;
    enum bk_err err = read_production(req, m, &refused);
    bool moved = !refused && (strcmp(before.id, m->production.id) != 0 ||
                              before.rounds != m->production.rounds);
    if (err == BK_OK && moved)
        err = reply_stored(req, m);
    else if (err == BK_OK && !refused)
        err = check(req, m, &refused);
    if (err == BK_ENOTFOUND)
        err = bk_refuse(req, "order-state");
    if (err == BK_OK)
        err = moved || refused ? drop_pair(req, m, ask) : register_pair(req, m, ask);
    return err;
}

static enum bk_err make(struct bk_req *req, struct making *m)
{
    enum bk_err err = read_subject(req, m);
    if (err != BK_OK)
        return err;
    const struct bk_pair_ask ask = ask_of(req, m);
    err = bk_pair_plan(req->tx, m->part.read.key.alg, ask.not_after, req->now, &m->part.pair);
    if (err == BK_OK)
        err = bk_req_pause(req);
    if (err != BK_OK)
        return err;
    enum bk_err made = bk_pair_make(req->app->ca, &ask, &m->part.pair);
    err = bk_req_resume(req);
    if (err != BK_OK)
        return err;
    return made == BK_OK ? settle(req, m, &ask) : give_up(req, m, made);
}

enum bk_err bk_api_production_certificates(struct bk_req *req)
{
    struct making m = {.years = 0};
    bool refused = false;
    enum bk_err err = read_production(req, &m, &refused);
    if (err == BK_OK && !refused)
        err = bk_issuing_read(req, &m.part, &refused);
    if (err == BK_OK && !refused)
        err = bk_issuing_fetch_chain(req, &m.part);
    if (err == BK_OK && !refused)
        err = read_production(req, &m, &refused);
    if (err == BK_OK && !refused) {
        err = reply_stored(req, &m);
        if (err == BK_ENOTFOUND) {
            err = check(req, &m, &refused);
            if (err == BK_OK && !refused)
                err = make(req, &m);
        }
    }
    bk_issuing_free(&m.part);
    bk_buf_free(&m.subject);
    return err;
}
