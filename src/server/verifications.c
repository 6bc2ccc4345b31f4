/* SPDX-License-Identifier: Apache-2.0 */
/* An order's identity verification: begun in one of three ways, and ended by the code. */
#include <stdio.h>
#include <string.h>

#include "server/api.h"
#include "server/order_api.h"
#include "server/verification.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)

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

/* Each costs money, and tells something of a person: so many a day for an order, a legal person's
 * phone and a card, whoever asks. */
static enum bk_err limit(struct bk_req *req, const struct wish *w, bool *refused)
{
    const json_t *d = w->application.details;
    bool transfer = w->way == BK_BY_TRANSFER;
    const struct {
        const char *scope, *subject;
    } limits[] = {{"verify-order", w->order.id},
                  {"verify-phone", transfer ? "" : bk_application_text(d, "legal_person", "phone")},
                  {"verify-account", transfer ? bk_application_text(d, "bank", "account") : ""},
                  {"verify-card", w->card}};
    enum bk_err err = BK_OK;
    for (size_t i = 0; err == BK_OK && !*refused && i < sizeof limits / sizeof *limits; i++) {
        int64_t wait = 0;
        if (!*limits[i].subject)
            continue;
        err = bk_req_limit(req, limits[i].scope, limits[i].subject, DAY_MS,
                           req->app->policy.verify_per_day, &wait);
        *refused = err == BK_OK && wait;
        if (*refused)
            err = bk_refuse_later(req, wait);
    }
    return err;
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

enum bk_err bk_api_verification_code(struct bk_req *req)
{
    struct bk_order order;
    struct bk_code_use use = {.problem = NULL};
    const struct bk_audit who = bk_req_who(req);
    const char *code = NULL;
    bool refused = false;
    enum bk_err err = bk_req_order(req, &order, &refused);
    if (err == BK_OK && !refused)
        err = bk_req_text(req, "code", 1, 32, &code, &refused);
    if (err != BK_OK || refused)
        return err;
    if (order.state != BK_ORDER_VERIFYING)
        return bk_refuse(req, "order-state");
    err = bk_refuse_refunding(req, &order, &refused);
    if (err != BK_OK || refused)
        return err;
    err = bk_verification_take(req->app, req->tx, order.id, "verify", code, req->now, &use);
    if (err == BK_OK && use.problem)
        return bk_refuse_code(req, &use);
    if (err == BK_OK)
        err = bk_order_move(req->tx, &order, BK_ORDER_VERIFIED, &who, req->now);
    if (err == BK_OK) /* one that was rejected has them */
        err = bk_order_count_documents(req, &order);
    return err == BK_OK ? bk_reply_order(req, 200, &order) : err;
}
