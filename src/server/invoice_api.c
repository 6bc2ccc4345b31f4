/* SPDX-License-Identifier: Apache-2.0 */
/* The invoice service's notice, and an invoice that is asked for once more. */
#include "base/log.h"
#include "server/api.h"
#include "server/invoices.h"
#include "server/numbers.h"
#include "server/order_api.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)

static const char *header(const struct bk_req *req, const char *name)
{
    const char *value = bk_httpd_header(req->in, name);
    return value ? value : "";
}

/* Answered as the payment provider is: "success", or it comes again. */
enum bk_err bk_api_invoice_notify(struct bk_req *req)
{
    struct bk_invoice_notice notice;
    bool known = false;
    enum bk_err err =
        bk_invoice_read(req->app->invoice, header(req, "X-Timestamp"), header(req, "X-Signature"),
                        req->in->body, req->in->body_len, req->now, &notice);
    if (err == BK_ENOMEM || err == BK_EBUSY)
        return err;
    if (err == BK_OK) {
        enum bk_err took = bk_invoice_take(req->app, req->tx, &notice, req->now, &known);
        if (took != BK_OK) /* what was half done is undone, and the notice comes again */
            return took;
        err = known ? BK_OK : BK_ENOTFOUND;
    }
    if (err != BK_OK)
        bk_log(BK_LOG_WARN, "invoice: a notice isn't taken: %s", bk_err_name(err));
    return err == BK_OK ? bk_reply_bytes(req, "text/plain", "success", 7)
                        : bk_reply_bytes(req, "text/plain", "failure", 7);
}

enum bk_err bk_api_invoice_again(struct bk_req *req)
{
    struct bk_order order;
    const char *email = NULL;
    int64_t wait = 0;
    bool refused = false;
    const struct bk_audit who = bk_req_who(req);
    enum bk_err err = bk_req_order(req, &order, &refused);
    if (err != BK_OK || refused)
        return err;
    if (req->body && json_object_get(req->body, "email") &&
        (bk_json_str(req->body, "email", 254, &email) != BK_OK || !bk_email_valid(email)))
        return bk_refuse_with(req, "bad-request", json_pack("{s:s}", "member", "email"));
    err = bk_req_limit(req, "invoice-order", order.id, DAY_MS, req->app->policy.verify_per_day,
                       &wait);
    if (err == BK_OK && wait)
        return bk_refuse_later(req, wait);
    if (err == BK_OK)
        err = bk_invoice_again(req->app, req->tx, &order, email, &who, req->now);
    if (err == BK_ENOTFOUND || err == BK_ESTATE)
        return bk_refuse(req, "order-state");
    return err == BK_OK ? bk_reply_order(req, 202, &order) : err;
}
