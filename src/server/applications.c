/* SPDX-License-Identifier: Apache-2.0 */
/* Orders for a new certificate: made, and their details looked at and changed. */
#include <stdio.h>
#include <string.h>

#include "server/api.h"
#include "server/application.h"
#include "server/ident.h"
#include "server/key_people.h"
#include "server/order_api.h"
#include "server/review.h"
#include "server/verification.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define CONTAINER "UserKey" /* of a key that is made for an order */

static enum bk_err refuse_member(struct bk_req *req, const char *member)
{
    return bk_refuse_with(req, "bad-request", json_pack("{s:s}", "member", member));
}

/* What the details say of the order itself. */
static void take_product(const struct bk_policy *p, const json_t *details, struct bk_order *o)
{
    (void)snprintf(o->algorithm, sizeof o->algorithm, "%s",
                   bk_application_text(details, "product", "algorithm"));
    o->amount_fen = p->key_fen + bk_application_years(details) * p->price_fen;
}

static enum bk_err make_order(struct bk_req *req, const json_t *details, struct bk_order *o)
{
    const struct bk_audit who = bk_req_who(req);
    *o = (struct bk_order){.type = "new",
                           .state = BK_ORDER_DRAFT,
                           .version = 1,
                           .container = CONTAINER,
                           .created_at = req->now,
                           .expires_at = req->now + req->app->policy.draft_ms};
    take_product(&req->app->policy, details, o);
    enum bk_err err = bk_ulid(o->id);
    if (err == BK_OK)
        err = bk_order_add(req->tx, o, &who);
    return err == BK_OK ? bk_order_watch(req->app, req->tx, o, req->now) : err;
}

static enum bk_err limit_orders(struct bk_req *req, bool *refused)
{
    int64_t wait = 0;
    enum bk_err err = bk_req_limit(req, "orders-customer", req->session.phone_hash, DAY_MS,
                                   req->app->policy.orders_per_day, &wait);
    *refused = err == BK_OK && wait;
    return *refused ? bk_refuse_later(req, wait) : err;
}

enum bk_err bk_create_application(struct bk_req *req)
{
    struct bk_order order;
    char member[BK_MEMBER];
    const char *type = NULL;
    bool refused = false;
    struct bk_application a = {.details = NULL};
    enum bk_err err = bk_req_text(req, "type", 1, 16, &type, &refused);
    if (err == BK_OK && !refused && strcmp(type, "new") != 0)
        return refuse_member(req, "type");
    if (err == BK_OK && !refused)
        err = bk_application_read(json_object_get(req->body, "application"), NULL, &a.details,
                                  member);
    if (err == BK_EFORMAT)
        return refuse_member(req, member);
    if (err == BK_OK && !refused)
        err = limit_orders(req, &refused);
    if (err == BK_OK && !refused)
        err = make_order(req, a.details, &order);
    if (err == BK_OK && !refused) {
        (void)snprintf(a.order_id, sizeof a.order_id, "%s", order.id);
        (void)snprintf(a.org_code, sizeof a.org_code, "%s", req->session.org_code);
        err = bk_application_save(req->tx, req->app->escrow, &a, req->session.phone);
    }
    if (err == BK_OK && !refused)
        err = bk_reply_order(req, 201, &order);
    bk_application_free(&a);
    return err;
}

/* --- the details --- */

enum bk_err bk_req_application(struct bk_req *req, struct bk_order *order, struct bk_application *a,
                               bool *refused)
{
    enum bk_err err = bk_req_order(req, order, refused);
    if (err == BK_OK && !*refused)
        err = bk_application_load(req->tx, req->app->escrow, order->id, a);
    if (err == BK_ENOTFOUND) {
        *refused = true;
        err = bk_refuse(req, "not-found");
    }
    return err;
}

enum bk_err bk_api_application_get(struct bk_req *req)
{
    struct bk_order order;
    struct bk_application a = {.details = NULL};
    bool refused = false;
    enum bk_err err = bk_req_application(req, &order, &a, &refused);
    if (err == BK_OK && !refused)
        err = bk_reply(req, 200,
                       json_pack("{s:s, s:I, s:o}", "org_code", a.org_code, "version",
                                 (json_int_t)order.version, "application",
                                 bk_application_masked(a.details)));
    bk_application_free(&a);
    return err;
}

/* Whose certificate it will be, and whom codes went to: what is verified. */
static bool same_identity(const json_t *a, const json_t *b)
{
    static const char *const verified[] = {"legal_person", "operator", "bank"};
    bool same = strcmp(bk_application_text(a, "company", "name"),
                       bk_application_text(b, "company", "name")) == 0;
    for (size_t i = 0; same && i < sizeof verified / sizeof *verified; i++) {
        const json_t *one = json_object_get(a, verified[i]),
                     *other = json_object_get(b, verified[i]);
        same = one == other || json_equal(one, other);
    }
    return same;
}

/* What was being verified is another thing now, and what was signed in any case. */
static enum bk_err save_changed(struct bk_req *req, struct bk_order *order, bool same)
{
    const struct bk_audit who = bk_req_who(req);
    bool again = order->state == BK_ORDER_VERIFYING || (order->state == BK_ORDER_REJECTED && !same);
    enum bk_err err = bk_verification_void(req->tx, order->id, "sign");
    if (err == BK_OK && !again)
        return bk_order_save(req->tx, order, req->now);
    if (err == BK_OK)
        err = bk_verification_void(req->tx, order->id, "verify");
    return err == BK_OK ? bk_order_move(req->tx, order, BK_ORDER_DRAFT, &who, req->now) : err;
}

/* Of a renewal: those on record hear of it once, whenever it is said. */
static enum bk_err warn_of_people(struct bk_req *req, const struct bk_order *order,
                                  const json_t *details)
{
    bool differ = false;
    if (!*order->old_certificate)
        return BK_OK;
    enum bk_err err = bk_key_people_differ(req->app, req->tx, order->key_serial, details, &differ);
    return err == BK_OK && differ ? bk_key_people_warn(req->app, req->tx, order, req->now) : err;
}

static enum bk_err change(struct bk_req *req, struct bk_order *order, struct bk_application *a)
{
    char member[BK_MEMBER];
    json_t *details = NULL;
    enum bk_err err = bk_application_read(json_object_get(req->body, "application"), a->details,
                                          &details, member);
    if (err == BK_EFORMAT)
        return refuse_member(req, member);
    if (err != BK_OK)
        return err;
    bool same = same_identity(a->details, details);
    json_decref(a->details);
    a->details = details;
    if (!*order->old_certificate && !order->paid_at) /* a renewal's is its certificate's */
        take_product(&req->app->policy, details, order);
    err = warn_of_people(req, order, details);
    if (err == BK_OK)
        err = save_changed(req, order, same);
    if (err == BK_OK)
        err = bk_application_save(req->tx, req->app->escrow, a, NULL);
    if (err == BK_OK) {
        char object[48];
        (void)snprintf(object, sizeof object, "order:%s", order->id);
        err = bk_req_audit(req, "order.details", object, "");
    }
    return err == BK_OK ? bk_reply_order(req, 200, order) : err;
}

/* What was paid for stays; of a renewal what its certificate says for it, and what was found to be
 * possible when it was made. */
static const char *settled_part(struct bk_req *req, const struct bk_order *order)
{
    const json_t *parts = json_object_get(req->body, "application");
    bool renewal = *order->old_certificate;
    return (renewal || order->paid_at) && json_object_get(parts, "product") ? "product"
           : renewal && json_object_get(parts, "company")                   ? "company"
                                                                            : NULL;
}

static enum bk_err is_signed(struct bk_req *req, const struct bk_order *order, bool *is)
{
    struct bk_verification v;
    enum bk_err err = bk_verification_newest(req->tx, order->id, "sign", &v);
    *is = err == BK_OK && strcmp(v.state, "done") == 0;
    return err == BK_ENOTFOUND ? BK_OK : err;
}

/* What was rejected comes back to the reviewers, once it is signed as it is now; it isn't paid for
 * again. */
enum bk_err bk_api_submission(struct bk_req *req)
{
    struct bk_order order;
    const struct bk_audit who = bk_req_who(req);
    int64_t version = 0;
    bool refused = false, stands = false;
    enum bk_err err = bk_req_order(req, &order, &refused);
    if (err != BK_OK || refused)
        return err;
    if (!req->body || bk_json_int(req->body, "version", 0, INT64_MAX, &version) != BK_OK)
        return refuse_member(req, "version");
    if (order.version != version)
        return bk_refuse(req, "version-conflict");
    if (order.state != BK_ORDER_REJECTED)
        return bk_refuse(req, "order-state");
    err = bk_refuse_refunding(req, &order, &refused);
    if (err != BK_OK || refused)
        return err;
    err = is_signed(req, &order, &stands);
    if (err == BK_OK)
        err = bk_order_move(req->tx, &order, BK_ORDER_UPLOADED, &who, req->now);
    if (err == BK_OK && stands)
        err = bk_review_enter(req->app, req->tx, &order, &who, req->now);
    return err == BK_OK ? bk_reply_order(req, 200, &order) : err;
}

enum bk_err bk_api_application_change(struct bk_req *req)
{
    struct bk_order order;
    struct bk_application a = {.details = NULL};
    const char *kept = NULL;
    int64_t version = 0;
    bool refused = false;
    enum bk_err err = bk_req_application(req, &order, &a, &refused);
    if (err != BK_OK || refused)
        return err;
    if (!req->body || bk_json_int(req->body, "version", 0, INT64_MAX, &version) != BK_OK)
        err = refuse_member(req, "version");
    else if (!json_is_object(json_object_get(req->body, "application")))
        err = refuse_member(req, "application");
    else if (order.version != version)
        err = bk_refuse(req, "version-conflict");
    else if (order.state != BK_ORDER_DRAFT && order.state != BK_ORDER_VERIFYING &&
             order.state != BK_ORDER_REJECTED)
        err = bk_refuse(req, "order-state");
    else if ((kept = settled_part(req, &order)) != NULL)
        err = bk_refuse_with(req, "order-state", json_pack("{s:s}", "member", kept));
    else if ((err = bk_refuse_refunding(req, &order, &refused)) == BK_OK && !refused)
        err = change(req, &order, &a);
    bk_application_free(&a);
    return err;
}
