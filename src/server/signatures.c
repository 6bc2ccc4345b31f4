/* SPDX-License-Identifier: Apache-2.0 */
/* The customer signs the order as it stands by an authorisation code, which comes by the way that
 * the identity was verified by; then it is to be paid, or, when it is, in review again. */
#include "server/api.h"
#include "server/order_api.h"
#include "server/review.h"
#include "server/verification.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)

static enum bk_err limit(struct bk_req *req, const struct bk_order *order, bool *refused)
{
    int64_t wait = 0;
    enum bk_err err =
        bk_req_limit(req, "sign-order", order->id, DAY_MS, req->app->policy.verify_per_day, &wait);
    *refused = err == BK_OK && wait;
    return *refused ? bk_refuse_later(req, wait) : err;
}

static enum bk_err begin(struct bk_req *req, struct bk_order *order,
                         const struct bk_application *application)
{
    struct bk_verification before;
    int64_t version = 0;
    bool refused = false;
    if (!req->body || bk_json_int(req->body, "version", 0, INT64_MAX, &version) != BK_OK)
        return bk_refuse_with(req, "bad-request", json_pack("{s:s}", "member", "version"));
    if (order->version != version)
        return bk_refuse(req, "version-conflict");
    if (order->state != BK_ORDER_UPLOADED)
        return bk_refuse(req, "order-state");
    enum bk_err err = bk_refuse_refunding(req, order, &refused);
    if (err == BK_OK && !refused)
        err = limit(req, order, &refused);
    if (err != BK_OK || refused)
        return err;
    err = bk_verification_newest(req->tx, order->id, "verify", &before);
    const struct bk_verification_ask ask = {
        .purpose = "sign", .way = before.way, .application = application, .now = req->now};
    if (err == BK_OK)
        err = bk_verification_begin(req->app, req->tx, &ask);
    return err == BK_OK ? bk_reply_order(req, 202, order) : err;
}

enum bk_err bk_api_signature_begin(struct bk_req *req)
{
    struct bk_order order;
    struct bk_application application = {.details = NULL};
    bool refused = false;
    enum bk_err err = bk_req_application(req, &order, &application, &refused);
    if (err == BK_OK && !refused)
        err = begin(req, &order, &application);
    bk_application_free(&application);
    return err;
}

static enum bk_err to_be_paid(struct bk_req *req, struct bk_order *order)
{
    const struct bk_audit who = bk_req_who(req);
    enum bk_err err = bk_order_move(req->tx, order, BK_ORDER_SIGNED, &who, req->now);
    order->expires_at = req->now + req->app->policy.order_ms;
    if (err == BK_OK)
        err = bk_order_move(req->tx, order, BK_ORDER_AWAIT_PAY, &who, req->now);
    return err == BK_OK ? bk_order_watch(req->app, req->tx, order, req->now) : err;
}

enum bk_err bk_api_signature_code(struct bk_req *req)
{
    struct bk_order order;
    const struct bk_audit who = bk_req_who(req);
    bool refused = false;
    enum bk_err err = bk_req_order_code(req, BK_ORDER_UPLOADED, "sign", &order, &refused);
    if (err != BK_OK || refused)
        return err;
    err = order.paid_at ? bk_review_enter(req->app, req->tx, &order, &who, req->now)
                        : to_be_paid(req, &order);
    return err == BK_OK ? bk_reply_order(req, 200, &order) : err;
}
