/* SPDX-License-Identifier: Apache-2.0 */
/* The documents of an order, uploaded one by one: the body is the file. */
#include <string.h>

#include "server/api.h"
#include "server/filetype.h"
#include "server/order_api.h"
#include "server/upload.h"
#include "server/verification.h"

#define HOUR_MS (INT64_C(3600) * 1000)
#define PER_ORDER 40 /* in an hour: four documents, each once more and again */
#define PER_ADDRESS 400

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

/* What was replaced is kept for an hour: so much an order and an address can fill of a disk. */
static enum bk_err limit(struct bk_req *req, const struct bk_order *order, bool *refused)
{
    int64_t by_order = 0, by_address = 0;
    enum bk_err err = bk_req_limit(req, "upload-order", order->id, HOUR_MS, PER_ORDER, &by_order);
    if (err == BK_OK)
        err = bk_req_limit(req, "upload-address", req->group, HOUR_MS, PER_ADDRESS, &by_address);
    *refused = err == BK_OK && (by_order || by_address);
    return *refused ? bk_refuse_later(req, by_order > by_address ? by_order : by_address) : err;
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

static enum bk_err attach(struct bk_req *req, struct bk_upload *upload, bool *refused)
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

/* The file is written between two transactions, and held until the second is over. */
static enum bk_err take(struct bk_req *req, struct bk_upload *upload)
{
    struct bk_order order;
    bool refused = false;
    enum bk_err err = bk_upload_plan(req->app, req->tx, upload, req->now);
    if (err == BK_OK)
        err = bk_req_pause(req);
    if (err == BK_OK)
        err = bk_upload_write(req->app, upload);
    if (err == BK_OK)
        err = bk_req_resume(req);
    if (err == BK_OK)
        err = attach(req, upload, &refused);
    if (err != BK_OK || refused)
        return err;
    err = bk_req_pause(req);
    bk_upload_done(upload);
    if (err == BK_OK)
        err = bk_req_resume(req);
    if (err == BK_OK)
        err = bk_req_order(req, &order, &refused);
    return err == BK_OK && !refused ? bk_reply_order(req, 200, &order) : err;
}

enum bk_err bk_api_document_put(struct bk_req *req)
{
    struct bk_order order;
    struct bk_upload upload = {.data = req->in->body, .len = req->in->body_len, .lock = -1};
    bool refused = false;
    if (!bk_document_is_kind(req->params[1]))
        return bk_refuse(req, "not-found");
    enum bk_err err = find_order(req, &order, &refused);
    if (err != BK_OK || refused)
        return err;
    err = limit(req, &order, &refused);
    if (err != BK_OK || refused)
        return err;
    upload.type = bk_filetype_name(bk_filetype_of(upload.data, upload.len));
    if (!upload.type)
        return bk_refuse(req, "bad-document");
    err = take(req, &upload);
    bk_upload_done(&upload);
    return err;
}
