/* SPDX-License-Identifier: Apache-2.0 */
/* An order's identity verification: begun in one of three ways, and ended by the code. */
#include <stdio.h>
#include <string.h>

#include "server/api.h"
#include "server/order_api.h"
#include "server/verification.h"

#define HOUR_MS (INT64_C(3600) * 1000)
#define DAY_MS (24 * HOUR_MS)
#define WIDE 10 /* as often as one customer, all of them together */

struct wish {
    struct bk_order order;
    struct bk_application application;
    enum bk_identity_way way;
    char card[BK_CARD_MAX + 1];
};

static enum bk_err refuse_member(struct bk_req *req, const char *code, const char *member,
                                 bool *refused)
{
    *refused = true;
    return bk_refuse_with(req, code, json_pack("{s:s}", "member", member));
}

static enum bk_err read_wish(struct bk_req *req, struct wish *w, bool *refused)
{
    const char *way = NULL, *card = NULL;
    enum bk_err err = bk_req_text(req, "way", 1, 16, &way, refused);
    if (err != BK_OK || *refused)
        return err;
    w->way = bk_identity_way_parse(way);
    if (w->way == BK_IDENTITY_WAYS)
        return refuse_member(req, "bad-request", "way", refused);
    if (w->way == BK_BY_CARD)
        err = bk_req_text(req, "card", 1, 64, &card, refused);
    if (err == BK_OK && card && !bk_card_read(card, w->card))
        err = refuse_member(req, "bad-request", "card", refused);
    return err;
}

struct limit {
    const char *scope, *subject;
    int64_t window, max;
};

static enum bk_err take(struct bk_req *req, const struct limit *l, bool *refused)
{
    int64_t wait = 0;
    enum bk_err err = bk_req_limit(req, l->scope, l->subject, l->window, l->max, &wait);
    *refused = err == BK_OK && wait;
    return *refused ? bk_refuse_later(req, wait) : err;
}

/* A phone, an account or a card, which anybody can name: so often by one customer, and more often
 * by all of them; but not whoever names it for the first time that day, or strangers would keep out
 * whose it is. */
static enum bk_err limit_named(struct bk_req *req, const char *named, bool *refused)
{
    char subject[sizeof req->session.actor + 64];
    const int64_t max = req->app->policy.verify_per_day;
    int64_t again = 0;
    if (!*named)
        return BK_OK;
    int n = snprintf(subject, sizeof subject, "%s %s", req->session.actor, named);
    if (n < 0 || (size_t)n >= sizeof subject)
        return BK_ELIMIT;
    enum bk_err err = bk_req_limit(req, "verify-first", subject, DAY_MS, 1, &again);
    if (err == BK_OK)
        err = take(req, &(struct limit){"verify-asker", subject, DAY_MS, max}, refused);
    return err == BK_OK && !*refused && again
               ? take(req, &(struct limit){"verify-subject", named, DAY_MS, WIDE * max}, refused)
               : err;
}

/* Each costs money, and tells something of a person. */
static enum bk_err limit(struct bk_req *req, const struct wish *w, bool *refused)
{
    const struct bk_policy *p = &req->app->policy;
    const json_t *d = w->application.details;
    const struct limit by_order = {"verify-order", w->order.id, DAY_MS, p->verify_per_day},
                       by_address = {"verify-address", req->group, HOUR_MS, p->address_per_hour};
    const char *named = w->way == BK_BY_TRANSFER ? bk_application_text(d, "bank", "account")
                                                 : bk_application_text(d, "legal_person", "phone");
    enum bk_err err = take(req, &by_order, refused);
    if (err == BK_OK && !*refused)
        err = take(req, &by_address, refused);
    if (err == BK_OK && !*refused)
        err = limit_named(req, named, refused);
    return err == BK_OK && !*refused ? limit_named(req, w->card, refused) : err;
}

static enum bk_err begin(struct bk_req *req, struct wish *w)
{
    const struct bk_audit who = bk_req_who(req);
    bool refused = false;
    const char *bar = bk_verification_bar(&w->application, w->way);
    if (w->order.state != BK_ORDER_DRAFT && w->order.state != BK_ORDER_VERIFYING)
        return bk_refuse(req, "order-state");
    if (bar)
        return refuse_member(req, "way-unavailable", bar, &refused);
    enum bk_err err = bk_refuse_refunding(req, &w->order, &refused);
    if (err == BK_OK && !refused)
        err = limit(req, w, &refused);
    if (err != BK_OK || refused)
        return err;
    const struct bk_verification_ask ask = {.purpose = "verify",
                                            .way = w->way,
                                            .application = &w->application,
                                            .card = *w->card ? w->card : NULL,
                                            .now = req->now};
    err = bk_verification_begin(req->app, req->tx, &ask);
    if (err == BK_OK && w->order.state == BK_ORDER_DRAFT)
        err = bk_order_move(req->tx, &w->order, BK_ORDER_VERIFYING, &who, req->now);
    return err == BK_OK ? bk_reply_order(req, 202, &w->order) : err;
}

enum bk_err bk_api_verification_begin(struct bk_req *req)
{
    struct wish w = {.card = ""};
    bool refused = false;
    enum bk_err err = bk_req_application(req, &w.order, &w.application, &refused);
    if (err == BK_OK && !refused)
        err = read_wish(req, &w, &refused);
    if (err == BK_OK && !refused)
        err = begin(req, &w);
    bk_application_free(&w.application);
    return err;
}

enum bk_err bk_req_order_code(struct bk_req *req, enum bk_order_state state, const char *purpose,
                              struct bk_order *order, bool *refused)
{
    struct bk_code_use use = {.problem = NULL};
    const char *code = NULL;
    enum bk_err err = bk_req_order(req, order, refused);
    if (err == BK_OK && !*refused)
        err = bk_req_text(req, "code", 1, 32, &code, refused);
    if (err != BK_OK || *refused)
        return err;
    *refused = order->state != state;
    if (*refused)
        return bk_refuse(req, "order-state");
    err = bk_refuse_refunding(req, order, refused);
    if (err != BK_OK || *refused)
        return err;
    err = bk_verification_take(req->app, req->tx, order->id, purpose, code, req->now, &use);
    *refused = err == BK_OK && use.problem;
    return *refused ? bk_refuse_code(req, &use) : err;
}

enum bk_err bk_api_verification_code(struct bk_req *req)
{
    struct bk_order order;
    const struct bk_audit who = bk_req_who(req);
    bool refused = false;
    enum bk_err err = bk_req_order_code(req, BK_ORDER_VERIFYING, "verify", &order, &refused);
    if (err != BK_OK || refused)
        return err;
    err = bk_order_move(req->tx, &order, BK_ORDER_VERIFIED, &who, req->now);
    if (err == BK_OK) /* one that was rejected has them */
        err = bk_order_count_documents(req, &order);
    return err == BK_OK ? bk_reply_order(req, 200, &order) : err;
}
