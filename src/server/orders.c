/* SPDX-License-Identifier: Apache-2.0 */
/* Orders: renewals made, all looked at, paid, cancelled. Orders for new certificates are made in
 * applications.c; issue and confirmation are in issue_api.c. */
#include <stdio.h>
#include <string.h>

#include "crypto/issue.h"
#include "crypto/x509.h"
#include "server/api.h"
#include "server/application.h"
#include "server/cad_wire.h"
#include "server/ident.h"
#include "server/key_people.h"
#include "server/order_api.h"
#include "server/pay.h"
#include "server/production.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)

struct bk_audit bk_req_who(const struct bk_req *req)
{
    return (struct bk_audit){.actor = req->session.actor[0] ? req->session.actor : "anonymous",
                             .address = req->in->peer};
}

enum bk_err bk_reply_order(struct bk_req *req, unsigned status, const struct bk_order *order)
{
    struct bk_json_out json = bk_reply_begin(req, status);
    return bk_order_view(req, order, &json);
}

/* Whose order it is. Two that have no certificate aren't the same for that. */
static enum bk_err is_mine(struct bk_req *req, const struct bk_order *order, bool *mine)
{
    const struct bk_session *s = &req->session;
    *mine = *s->certificate && (strcmp(order->old_certificate, s->certificate) == 0 ||
                                strcmp(order->new_certificate, s->certificate) == 0);
    if (*s->order && strcmp(s->order, order->id) != 0)
        *mine = false;
    return *s->org_code ? bk_application_opens(req->tx, order->id, s->phone_hash, mine) : BK_OK;
}

enum bk_err bk_req_order(struct bk_req *req, struct bk_order *order, bool *refused)
{
    bool mine = false;
    enum bk_err err = bk_order_load(req->tx, req->params[0], order);
    if (err == BK_OK)
        err = is_mine(req, order, &mine);
    if (err == BK_ENOTFOUND || (err == BK_OK && !mine)) {
        *refused = true;
        return bk_refuse(req, "not-found");
    }
    return err == BK_OK ? bk_order_expire(req->app, req->tx, order, req->now) : err;
}

enum bk_err bk_refuse_refunding(struct bk_req *req, const struct bk_order *order, bool *refused)
{
    enum bk_err err = order->paid_at ? bk_order_refunding(req->tx, order, refused) : BK_OK;
    return err == BK_OK && *refused ? bk_refuse(req, "order-refunded") : err;
}

/* --- making one --- */

struct wish {
    struct bk_rows cert; /* of the session */
    struct bk_order order;
    bool people;   /* who answers for the key is another one now */
    bool reviewed; /* it goes the way of a new one, by this application: */
    struct bk_application application;
};

/* Of another name: whether a certificate of that name can be made, too. */
static enum bk_err company_differs(const struct wish *w, const char *company, bool *differs,
                                   bool *possible)
{
    struct bk_x509 *x = NULL;
    struct bk_buf subject = BK_BUF_INIT;
    struct bk_rd der = bk_row_bytes(&w->cert, 0, 4);
    enum bk_err err = bk_x509_parse(der.at, der.left, &x);
    if (err == BK_OK)
        *differs = strcmp(x->organisation, company) != 0;
    if (err == BK_OK && *differs)
        *possible = bk_issue_name(company, x->common_name, &subject) == BK_OK &&
                    bk_issue_name(company, company, &subject) == BK_OK;
    bk_x509_free(&x);
    bk_buf_free(&subject);
    return err;
}

static enum bk_err refuse_part(struct bk_req *req, const char *code, const char *member,
                               bool *refused)
{
    *refused = true;
    return bk_refuse_with(req, code, json_pack("{s:s}", "member", member));
}

/* What a reviewed renewal says besides, and one that is to have an invoice: whose it is, and what a
 * new one would say. A renewal is for
 * the same kind of key, and for a year. */
static enum bk_err read_application(struct bk_req *req, struct wish *w, bool *refused)
{
    char member[BK_MEMBER];
    const char *org = NULL;
    const json_t *given = json_object_get(req->body, "application");
    if (!given)
        return BK_OK;
    enum bk_err err = bk_req_text(req, "org_code", 1, 64, &org, refused);
    if (err != BK_OK || *refused)
        return err;
    if (!bk_org_code_read(org, w->application.org_code))
        return refuse_part(req, "bad-org-code", "org_code", refused);
    err = bk_application_read(given, NULL, &w->application.details, member);
    if (err == BK_EFORMAT)
        return refuse_part(req, "bad-request", member, refused);
    const json_t *d = w->application.details;
    if (err == BK_OK &&
        (strcmp(bk_application_text(d, "product", "algorithm"), bk_row_text(&w->cert, 0, 2)) != 0 ||
         bk_application_years(d) != 1))
        err = refuse_part(req, "bad-request", "product", refused);
    return err;
}

static enum bk_err check_wish(struct bk_req *req, struct wish *w, bool *refused)
{
    const char *type = NULL, *company = NULL;
    bool differs = false, possible = true, unmade = false;
    enum bk_err err = bk_req_text(req, "type", 1, 16, &type, refused);
    if (err == BK_OK && !*refused)
        err = read_application(req, w, refused);
    if (err == BK_OK && !*refused && w->application.details)
        company = bk_application_text(w->application.details, "company", "name");
    else if (err == BK_OK && !*refused && json_object_get(req->body, "company"))
        err = bk_req_text(req, "company", 1, 256, &company, refused);
    if (err != BK_OK || *refused)
        return err;
    if (company)
        err = company_differs(w, company, &differs, &possible);
    if (err == BK_OK && !possible)
        return refuse_part(req, "bad-request", "company.name", refused);
    if (err == BK_OK && w->application.details)
        err = bk_key_people_differ(req->app, req->tx, bk_row_text(&w->cert, 0, 0),
                                   w->application.details, &w->people);
    if (err == BK_OK)
        err = bk_production_unmade(req->tx, bk_row_text(&w->cert, 0, 0), &unmade);
    int64_t not_after = bk_row_int(&w->cert, 0, 3), day = DAY_MS;
    const char *problem = NULL;
    if (strcmp(type, "renewal") != 0)
        problem = "bad-request";
    else if (strcmp(bk_row_text(&w->cert, 0, 5), "good") != 0)
        problem = "certificate-revoked";
    else if (unmade)
        problem = "key-not-made";
    else if (not_after - req->now > req->app->policy.before_days * day ||
             req->now - not_after > req->app->policy.after_days * day)
        problem = "outside-window";
    w->reviewed = differs || w->people || not_after < req->now;
    if (err == BK_OK && !problem && w->reviewed && !w->application.details) {
        /* one that was made before goes on, as far as nothing else is asked for */
        err = differs ? BK_ENOTFOUND
                      : bk_order_open_for(req->tx, req->session.certificate, &w->order);
        problem = err == BK_ENOTFOUND ? "needs-review" : NULL;
        err = err == BK_ENOTFOUND ? BK_OK : err;
    }
    *refused = err == BK_OK && problem;
    return *refused ? bk_refuse(req, problem) : err;
}

/* The CA's limits, before anything is paid for. Of an expired certificate the year begins with the
 * issue, which may be as late as its payment. */
static enum bk_err check_validity(struct bk_req *req, const struct wish *w, bool *refused)
{
    struct bk_buf issuing = BK_BUF_INIT, root = BK_BUF_INIT;
    struct bk_x509 *x = NULL;
    const struct bk_policy *p = &req->app->policy;
    int64_t old = bk_row_int(&w->cert, 0, 3), now = req->now;
    int64_t latest = now + p->order_ms + (w->reviewed ? p->draft_ms + p->resubmit_ms : 0);
    enum bk_alg alg = strcmp(bk_row_text(&w->cert, 0, 2), "sm2") == 0 ? BK_ALG_SM2 : BK_ALG_RSA;
    int64_t end = bk_year_after(old > now ? old : latest) / 1000;
    enum bk_err err = bk_ca_chain(req->app->ca, alg, &issuing, &root);
    if (err == BK_OK)
        err = bk_x509_parse(issuing.data, issuing.len, &x);
    if (err == BK_OK)
        *refused = end > x->not_after || end > now / 1000 + BK_CAD_LEAF_S;
    bk_x509_free(&x);
    bk_buf_free(&issuing);
    bk_buf_free(&root);
    return err == BK_OK && *refused ? bk_refuse(req, "validity-limit") : err;
}

/* The CA is asked for its certificates outside the transaction, once in the daemon's life. */
static enum bk_err meet_ca(struct bk_req *req)
{
    struct bk_buf issuing = BK_BUF_INIT, root = BK_BUF_INIT;
    enum bk_alg alg = strncmp(req->session.certificate, "sm2:", 4) == 0 ? BK_ALG_SM2 : BK_ALG_RSA;
    enum bk_err err = bk_req_pause(req);
    if (err == BK_OK)
        err = bk_ca_chain(req->app->ca, alg, &issuing, &root);
    if (err == BK_OK)
        err = bk_req_resume(req);
    bk_buf_free(&issuing);
    bk_buf_free(&root);
    return err;
}

static enum bk_err make_order(struct bk_req *req, struct wish *w)
{
    struct bk_order *o = &w->order;
    const struct bk_audit who = bk_req_who(req);
    *o = (struct bk_order){.type = "renewal",
                           .state = w->reviewed ? BK_ORDER_DRAFT : BK_ORDER_AWAIT_PAY,
                           .version = 1,
                           .amount_fen = req->app->policy.price_fen,
                           .created_at = req->now,
                           .expires_at = req->now + (w->reviewed ? req->app->policy.draft_ms
                                                                 : req->app->policy.order_ms),
                           .old_not_after = bk_row_int(&w->cert, 0, 3)};
    bk_row_copy(&w->cert, 0, 0, o->key_serial, sizeof o->key_serial);
    bk_row_copy(&w->cert, 0, 1, o->container, sizeof o->container);
    bk_row_copy(&w->cert, 0, 2, o->algorithm, sizeof o->algorithm);
    (void)snprintf(o->old_certificate, sizeof o->old_certificate, "%s", req->session.certificate);
    /* of an expired one the year begins with the issue: this is what it would be now */
    o->new_not_after = bk_year_after(o->old_not_after > req->now ? o->old_not_after : req->now);
    enum bk_err err = bk_ulid(o->id);
    if (err == BK_OK)
        err = bk_order_add(req->tx, o, &who);
    (void)snprintf(w->application.order_id, sizeof w->application.order_id, "%s", o->id);
    w->application.unreviewed = !w->reviewed;
    if (err == BK_OK && w->application.details) /* else it gets no invoice */
        err = bk_application_save(req->tx, req->app->escrow, &w->application, NULL);
    if (err == BK_OK && w->people)
        err = bk_key_people_warn(req->app, req->tx, o, req->now);
    if (err == BK_OK && w->reviewed)
        err = bk_order_watch(req->app, req->tx, o, req->now);
    return err == BK_EEXISTS ? BK_EBUSY : err;
}

enum bk_err bk_api_order_create(struct bk_req *req)
{
    struct wish w = {.cert = BK_ROWS_INIT};
    bool refused = false;
    unsigned status = 200;
    if (*req->session.org_code)
        return bk_create_application(req);
    enum bk_err err = meet_ca(req);
    if (err == BK_OK)
        err = bk_tx_get(req->tx,
                        "SELECT key_serial, container, algorithm, not_after, der, state"
                        " FROM certificates WHERE id = $1",
                        BK_VALS(bk_text(req->session.certificate)), &w.cert);
    if (err == BK_OK)
        err = check_wish(req, &w, &refused);
    if (err == BK_OK && !refused) {
        err = bk_order_open_for(req->tx, req->session.certificate, &w.order);
        if (err == BK_OK)
            err = bk_order_expire(req->app, req->tx, &w.order, req->now);
        if (err == BK_ENOTFOUND || (err == BK_OK && w.order.state == BK_ORDER_EXPIRED)) {
            status = 201;
            err = check_validity(req, &w, &refused);
            if (err == BK_OK && !refused)
                err = make_order(req, &w);
        }
    }
    if (err == BK_OK && !refused)
        err = bk_reply_order(req, status, &w.order);
    bk_rows_free(&w.cert);
    bk_application_free(&w.application);
    return err;
}

/* --- looking --- */

#define PAGE 50u

/* A page, and one more when there are older ones: behind the order `before`, "" for the newest. */
static enum bk_err find_mine(struct bk_req *req, const char *before, struct bk_rows *rows)
{
    const struct bk_session *s = &req->session;
    if (!*s->org_code)
        return bk_tx_query(
            req->tx,
            "SELECT id FROM orders WHERE (old_certificate = $1 OR new_certificate ="
            " $1) AND (id = $2 OR $2 = '') AND ($3 = '' OR (created_at, id) <"
            " (SELECT b.created_at, b.id FROM orders b WHERE b.id = $3))"
            " ORDER BY created_at DESC, id DESC LIMIT $4",
            BK_VALS(bk_text(s->certificate), bk_text(s->order), bk_text(before), bk_int(PAGE + 1)),
            rows);
    return bk_tx_query(req->tx,
                       "SELECT DISTINCT o.id, o.created_at FROM orders o"
                       " JOIN order_phones p ON p.order_id = o.id WHERE p.phone_hash = $1"
                       " AND ($2 = '' OR (o.created_at, o.id) <"
                       " (SELECT b.created_at, b.id FROM orders b WHERE b.id = $2))"
                       " ORDER BY o.created_at DESC, o.id DESC LIMIT $3",
                       BK_VALS(bk_text(s->phone_hash), bk_text(before), bk_int(PAGE + 1)), rows);
}

static bool is_id(const char *text)
{
    return strlen(text) == BK_ULID && strspn(text, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") == BK_ULID;
}

enum bk_err bk_api_order_list(struct bk_req *req)
{
    struct bk_rows rows = BK_ROWS_INIT;
    const char *before = bk_httpd_query(req->in, "before");
    if (before && !is_id(before))
        return bk_refuse_with(req, "bad-request", json_pack("{s:s}", "member", "before"));
    enum bk_err err = find_mine(req, before ? before : "", &rows);
    struct bk_json_out json = bk_reply_begin(req, 200);
    bk_json_open(&json, NULL, '{');
    bk_json_open(&json, "orders", '[');
    for (size_t i = 0; err == BK_OK && i < rows.count && i < PAGE; i++) {
        struct bk_order order;
        err = bk_order_load(req->tx, bk_row_text(&rows, i, 0), &order);
        if (err == BK_OK)
            err = bk_order_expire(req->app, req->tx, &order, req->now);
        if (err == BK_OK)
            err = bk_order_view(req, &order, &json);
    }
    bk_json_close(&json, ']');
    bk_json_put_flag(&json, "more", rows.count > PAGE);
    bk_json_close(&json, '}');
    bk_rows_free(&rows);
    return err == BK_OK ? json.err : err;
}

enum bk_err bk_api_order_get(struct bk_req *req)
{
    struct bk_order order;
    bool refused = false;
    enum bk_err err = bk_req_order(req, &order, &refused);
    return err == BK_OK && !refused ? bk_reply_order(req, 200, &order) : err;
}

/* --- paying --- */

static enum bk_err reply_payment(struct bk_req *req, const struct bk_order *order)
{
    bool due = order->state == BK_ORDER_AWAIT_PAY;
    return bk_reply(req, 200,
                    json_pack("{s:s, s:I, s:s}", "qr_code", due ? order->qr_code : "", "amount_fen",
                              (json_int_t)order->amount_fen, "state",
                              bk_order_state_name(order->state)));
}

/* What is asked of the provider, outside any transaction. */
struct asked {
    char qr[sizeof((struct bk_order *)NULL)->qr_code]; /* "": none was asked for */
    struct bk_trade trade;
    bool known; /* trade */
};

static bool needs_qr(const struct bk_order *order, int64_t now)
{
    return order->state == BK_ORDER_AWAIT_PAY &&
           (!*order->qr_code || now - order->qr_made_at > BK_PAY_QR_RENEW_MS);
}

/* With a code that was shown somebody may have paid, or be about to: another one is asked for as
 * long as the payment is open, for a code of a closed one looks like any other. */
static enum bk_err ask_provider(struct bk_pay *pay, const struct bk_order *order,
                                struct asked *asked)
{
    enum bk_err err = BK_ENOTFOUND;
    if (*order->qr_code)
        err = bk_pay_query(pay, order->id, &asked->trade);
    asked->known = err == BK_OK;
    if (err == BK_ENOTFOUND || (err == BK_OK && !asked->trade.paid && !asked->trade.closed))
        err = bk_pay_precreate(pay, order, asked->qr, sizeof asked->qr);
    return err;
}

/* A provider that gives the same code again has made it when it gave it first. */
static enum bk_err keep_qr(struct bk_req *req, struct bk_order *order, const char *qr)
{
    bool same = strcmp(order->qr_code, qr) == 0;
    if (same && req->now - order->qr_made_at < BK_PAY_QR_LIFE_MS)
        return BK_OK;
    (void)snprintf(order->qr_code, sizeof order->qr_code, "%s", qr);
    order->qr_made_at = req->now;
    enum bk_err err = bk_order_save(req->tx, order, req->now);
    /* the provider's word may be lost: it is asked, too */
    return err == BK_OK ? bk_order_ask(req->app, req->tx, order, req->now) : err;
}

static enum bk_err refuse_asked(struct bk_req *req, const struct bk_order *order, enum bk_err asked)
{
    if (*order->qr_code && req->now - order->qr_made_at < BK_PAY_QR_LIFE_MS)
        return reply_payment(req, order); /* it lives still */
    return asked == BK_EBUSY ? bk_refuse_busy(req) : bk_refuse(req, "provider-unavailable");
}

static bool is_not_to_be_paid(const struct bk_order *order)
{
    return bk_order_unfinished(order->state) || order->state == BK_ORDER_CANCELLED ||
           order->state == BK_ORDER_EXPIRED || order->state == BK_ORDER_REFUNDED;
}

enum bk_err bk_api_order_pay(struct bk_req *req)
{
    struct bk_order order;
    struct asked asked = {.qr = ""};
    bool refused = false;
    enum bk_err err = bk_req_order(req, &order, &refused);
    if (err != BK_OK || refused)
        return err;
    if (is_not_to_be_paid(&order))
        return bk_refuse(req, "order-state");
    if (!needs_qr(&order, req->now))
        return reply_payment(req, &order);
    err = bk_req_pause(req);
    enum bk_err did = err == BK_OK ? ask_provider(req->app->pay, &order, &asked) : err;
    if (err == BK_OK)
        err = bk_req_resume(req);
    if (err == BK_OK)
        err = bk_req_order(req, &order, &refused);
    if (err != BK_OK || refused)
        return err;
    if (did != BK_OK)
        return refuse_asked(req, &order, did);
    if (asked.known) {
        err = bk_order_answer(req->app, req->tx, &order, &asked.trade, req->now);
        if (err == BK_EVERIFY) /* another amount: the order waits on, with what it has */
            return refuse_asked(req, &order, err);
    }
    if (err == BK_OK && *asked.qr && needs_qr(&order, req->now))
        err = keep_qr(req, &order, asked.qr);
    if (err == BK_OK && is_not_to_be_paid(&order))
        return bk_refuse(req, "order-state");
    return err == BK_OK ? reply_payment(req, &order) : err;
}

enum bk_err bk_api_order_cancel(struct bk_req *req)
{
    struct bk_order order;
    int64_t version = 0;
    bool refused = false;
    const struct bk_audit who = bk_req_who(req);
    enum bk_err err = bk_req_order(req, &order, &refused);
    if (err != BK_OK || refused)
        return err;
    if (!req->body || bk_json_int(req->body, "version", 0, INT64_MAX, &version) != BK_OK)
        return bk_refuse_with(req, "bad-request", json_pack("{s:s}", "member", "version"));
    if (order.state == BK_ORDER_CANCELLED)
        return bk_reply_order(req, 200, &order);
    if (order.version != version)
        return bk_refuse(req, "version-conflict");
    err = bk_order_give_up(req->app, req->tx, &order, &who, req->now);
    if (err == BK_ESTATE)
        return bk_refuse(req, "order-state");
    return err == BK_OK ? bk_reply_order(req, 200, &order) : err;
}
