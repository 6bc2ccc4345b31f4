/* SPDX-License-Identifier: Apache-2.0 */
/* The documents of an order, uploaded one by one: the body is the file. */
#include <string.h>

#include "server/api.h"
#include "server/order_api.h"
#include "server/upload_api.h"
#include "server/verification.h"

static enum bk_err find_order(struct bk_req *req, struct bk_order *order, bool *refused)
{
    enum bk_err err = bk_req_order(req, order, refused);
    if (err != BK_OK || *refused)
        return err;
    bool open = order->state == BK_ORDER_VERIFIED || order->state == BK_ORDER_UPLOADED ||
                order->state == BK_ORDER_REJECTED;
    *refused = !open;
    return open ? bk_refuse_refunding(req, order, refused) : bk_refuse(req, "order-state");
}

enum bk_err bk_order_count_documents(struct bk_req *req, struct bk_order *order)
{
    struct bk_rows rows = BK_ROWS_INIT;
    const struct bk_audit who = bk_req_who(req);
    enum bk_err err = bk_upload_list(req->tx, order->id, &rows);
    if (err == BK_OK && order->state == BK_ORDER_VERIFIED && rows.count == BK_DOCUMENTS)
        err = bk_order_move(req->tx, order, BK_ORDER_UPLOADED, &who, req->now);
    bk_rows_free(&rows);
    return err;
}

static enum bk_err attach(struct bk_req *req, const struct bk_upload *upload, bool *refused)
{
    struct bk_order order;
    char object[48];
    enum bk_err err = find_order(req, &order, refused);
    if (err == BK_OK && !*refused)
        err = bk_upload_attach(req->app, req->tx, upload, order.id, req->params[1], req->now);
    if (err == BK_OK && !*refused) /* what was to be signed is another thing now */
        err = bk_verification_void(req->tx, order.id, "sign");
    if (err == BK_OK && !*refused)
        err = bk_order_save(req->tx, &order, req->now);
    if (err == BK_OK && !*refused)
        err = bk_order_count_documents(req, &order);
    (void)snprintf(object, sizeof object, "order:%s", order.id);
    if (err == BK_OK && !*refused)
        err = bk_req_audit(req, "order.document", object, req->params[1]);
    return err;
}

enum bk_err bk_api_document_put(struct bk_req *req)
{
    struct bk_order order;
    bool refused = false;
    if (!bk_document_is_kind(req->params[1]))
        return bk_refuse(req, "not-found");
    enum bk_err err = find_order(req, &order, &refused);
    const struct bk_uploading to = {"upload-order", order.id, attach, bk_api_order_get};
    return err == BK_OK && !refused ? bk_req_upload(req, &to) : err;
}
