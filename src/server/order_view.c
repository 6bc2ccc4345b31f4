/* SPDX-License-Identifier: Apache-2.0 */
/* An order as its customer sees it. */
#include <string.h>

#include "server/invoices.h"
#include "server/order_api.h"
#include "server/production.h"
#include "server/review.h"
#include "server/upload.h"
#include "server/verification.h"

/* What its customer may do in each state. */
#define STEPS 5
static const char *const next_of[BK_ORDER_STATES][STEPS] = {
    [BK_ORDER_DRAFT] = {"edit", "verify", "cancel"},
    [BK_ORDER_VERIFYING] = {"enter-code", "verify", "edit", "cancel"},
    [BK_ORDER_VERIFIED] = {"upload", "cancel"},
    [BK_ORDER_UPLOADED] = {"upload", "sign", "enter-code", "cancel"},
    [BK_ORDER_PAID] = {"cancel"},
    [BK_ORDER_IN_REVIEW] = {"cancel"},
    [BK_ORDER_REJECTED] = {"edit", "upload", "submit", "cancel"},
    [BK_ORDER_APPROVED] = {"cancel"},
    [BK_ORDER_AWAIT_PAY] = {"pay", "cancel"},
};
/* Of a renewal besides. */
static const char *const next_of_renewal[BK_ORDER_STATES][STEPS] = {
    [BK_ORDER_PAID] = {"certificates"},
    [BK_ORDER_APPROVED] = {"certificates"},
    [BK_ORDER_ISSUED] = {"certificates", "confirm"},
};

static enum bk_err put_steps(const char *const steps[STEPS], json_t *list)
{
    for (size_t i = 0; i < STEPS && steps[i]; i++)
        if (json_array_append_new(list, json_string(steps[i])) != 0)
            return BK_ENOMEM;
    return BK_OK;
}

/* Nothing is to be done about an order whose money goes back. */
static enum bk_err put_next(struct bk_req *req, const struct bk_order *o, json_t *json)
{
    bool refunding = false;
    json_t *list = json_array();
    enum bk_err err = list && json_object_set_new(json, "next", list) == 0 ? BK_OK : BK_ENOMEM;
    if (err == BK_OK && bk_order_refundable(o))
        err = bk_order_refunding(req->tx, o, &refunding);
    if (err == BK_OK && refunding)
        return json_object_set_new(json, "refunding", json_true()) == 0 ? BK_OK : BK_ENOMEM;
    if (err == BK_OK)
        err = put_steps(next_of[o->state], list);
    if (err == BK_OK && strcmp(o->type, "renewal") == 0)
        err = put_steps(next_of_renewal[o->state], list);
    return err;
}

/* *applied: there is an application, without which there are neither documents nor an invoice. */
static enum bk_err put_summary(struct bk_req *req, const struct bk_order *o, json_t *json,
                               bool *applied)
{
    struct bk_rows row = BK_ROWS_INIT;
    enum bk_err err = bk_tx_query(req->tx,
                                  "SELECT org_code, company, years, delivery, pin_way"
                                  " FROM applications WHERE order_id = $1",
                                  BK_VALS(bk_text(o->id)), &row);
    *applied = err == BK_OK && row.count;
    if (*applied) {
        json_t *summary =
            json_pack("{s:s, s:s, s:I, s:s, s:s}", "org_code", bk_row_text(&row, 0, 0), "company",
                      bk_row_text(&row, 0, 1), "years", (json_int_t)bk_row_int(&row, 0, 2),
                      "delivery", bk_row_text(&row, 0, 3), "pin_way", bk_row_text(&row, 0, 4));
        if (json_object_set_new(json, "application", summary) != 0)
            err = BK_ENOMEM;
    }
    bk_rows_free(&row);
    return err;
}

/* The newest of the kind that the state is about. */
static enum bk_err put_verification(struct bk_req *req, const struct bk_order *o, json_t *json)
{
    struct bk_verification v;
    bool signs = o->state == BK_ORDER_UPLOADED;
    if (o->state != BK_ORDER_VERIFYING && !signs)
        return BK_OK;
    enum bk_err err = bk_verification_newest(req->tx, o->id, signs ? "sign" : "verify", &v);
    if (err != BK_OK)
        return err == BK_ENOTFOUND ? BK_OK : err;
    json_t *one =
        json_pack("{s:s, s:s, s:b, s:I}", "way", bk_identity_way_name(v.way), "state", v.state,
                  "failing", (int)v.failing, "expires_at", (json_int_t)v.expires_at);
    return json_object_set_new(json, signs ? "signature" : "verification", one) == 0 ? BK_OK
                                                                                     : BK_ENOMEM;
}

static enum bk_err put_review(struct bk_req *req, const struct bk_order *o, json_t *json)
{
    struct bk_review r;
    if (o->state != BK_ORDER_IN_REVIEW && o->state != BK_ORDER_REJECTED)
        return BK_OK;
    enum bk_err err = bk_review_newest(req->tx, o->id, &r);
    if (err != BK_OK)
        return err;
    json_t *one =
        o->state == BK_ORDER_REJECTED
            ? json_pack("{s:s, s:I}", "reason", r.reason, "decided_at", (json_int_t)r.decided_at)
            : json_pack("{s:I, s:I}", "entered_at", (json_int_t)r.entered_at, "due_at",
                        (json_int_t)r.due_at);
    return json_object_set_new(json, "review", one) == 0 ? BK_OK : BK_ENOMEM;
}

static enum bk_err put_documents(struct bk_req *req, const struct bk_order *o, json_t *json)
{
    struct bk_rows rows = BK_ROWS_INIT;
    json_t *list = json_array();
    enum bk_err err = list ? bk_upload_list(req->tx, o->id, &rows) : BK_ENOMEM;
    for (size_t i = 0; err == BK_OK && i < rows.count; i++)
        if (json_array_append_new(
                list,
                json_pack("{s:s, s:s, s:I, s:I}", "kind", bk_row_text(&rows, i, 0), "type",
                          bk_row_text(&rows, i, 1), "size", (json_int_t)bk_row_int(&rows, i, 2),
                          "uploaded_at", (json_int_t)bk_row_int(&rows, i, 4))) != 0)
            err = BK_ENOMEM;
    if (err == BK_OK && rows.count && json_object_set(json, "documents", list) != 0)
        err = BK_ENOMEM;
    json_decref(list);
    bk_rows_free(&rows);
    return err;
}

static enum bk_err put_invoice(struct bk_req *req, const struct bk_order *o, json_t *json)
{
    struct bk_invoice_state i;
    struct bk_invoice_mail mail;
    if (o->state != BK_ORDER_DONE)
        return BK_OK;
    enum bk_err err = bk_invoice_newest(req->tx, o->id, &i);
    if (err != BK_OK)
        return err == BK_ENOTFOUND ? BK_OK : err;
    err = bk_invoice_mail_of(req->tx, &i, &mail);
    if (err != BK_OK)
        return err;
    bool again = strcmp(i.state, "mailed") == 0 || strcmp(i.state, "failed") == 0 || mail.failing;
    json_t *one = json_pack("{s:s, s:s*, s:s*, s:o*, s:o*}", "state", i.state, "number",
                            *i.number ? i.number : NULL, "reason", *i.reason ? i.reason : NULL,
                            "issued_at", i.issued_at ? json_integer(i.issued_at) : NULL, "failing",
                            mail.failing ? json_true() : NULL);
    if (json_object_set_new(json, "invoice", one) != 0 ||
        (again &&
         json_array_append_new(json_object_get(json, "next"), json_string("invoice")) != 0))
        return BK_ENOMEM;
    return BK_OK;
}

/* Whose courier has it, by which number: of a key that was made for the order. */
static enum bk_err put_shipment(struct bk_req *req, const struct bk_order *o, json_t *json)
{
    struct bk_production p;
    bool given = o->state == BK_ORDER_SHIPPED || o->state == BK_ORDER_DONE;
    if (!given || strcmp(o->type, "new") != 0)
        return BK_OK;
    enum bk_err err = bk_production_find(req->tx, o->id, &p);
    if (err != BK_OK || !*p.tracking)
        return err == BK_ENOTFOUND ? BK_OK : err;
    json_t *one = json_pack("{s:s, s:s, s:I}", "courier", p.courier, "tracking", p.tracking,
                            "shipped_at", (json_int_t)p.given_at);
    return json_object_set_new(json, "shipment", one) == 0 ? BK_OK : BK_ENOMEM;
}

enum bk_err bk_order_view(struct bk_req *req, const struct bk_order *order, json_t **json)
{
    bool applied = false;
    *json = bk_order_json(order);
    enum bk_err err = *json ? put_next(req, order, *json) : BK_ENOMEM;
    if (err == BK_OK)
        err = put_summary(req, order, *json, &applied);
    if (err == BK_OK)
        err = put_verification(req, order, *json);
    if (err == BK_OK && applied)
        err = put_documents(req, order, *json);
    if (err == BK_OK)
        err = put_review(req, order, *json);
    if (err == BK_OK && applied)
        err = put_invoice(req, order, *json);
    if (err == BK_OK)
        err = put_shipment(req, order, *json);
    if (err != BK_OK) {
        json_decref(*json);
        *json = NULL;
    }
    return err;
}
