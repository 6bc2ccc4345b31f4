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

static void put_steps(const char *const steps[STEPS], struct bk_json_out *json)
{
    for (size_t i = 0; i < STEPS && steps[i]; i++)
        bk_json_put_str(json, NULL, steps[i]);
}

/* What there is to know before it is written. */
struct view {
    bool refunding;
    struct bk_rows summary; /* no row: there are neither documents nor an invoice */
    bool invoiced;
    struct bk_invoice_state invoice;
    struct bk_invoice_mail mail;
};

static enum bk_err find_invoice(struct bk_req *req, const struct bk_order *o, struct view *v)
{
    if (o->state != BK_ORDER_DONE || !v->summary.count)
        return BK_OK;
    enum bk_err err = bk_invoice_newest(req->tx, o->id, &v->invoice);
    if (err != BK_OK)
        return err == BK_ENOTFOUND ? BK_OK : err;
    v->invoiced = true;
    return bk_invoice_mail_of(req->tx, &v->invoice, &v->mail);
}

static enum bk_err look(struct bk_req *req, const struct bk_order *o, struct view *v)
{
    enum bk_err err =
        bk_order_refundable(o) ? bk_order_refunding(req->tx, o, &v->refunding) : BK_OK;
    if (err == BK_OK)
        err = bk_tx_query(req->tx,
                          "SELECT org_code, company, years, delivery, pin_way"
                          " FROM applications WHERE order_id = $1",
                          BK_VALS(bk_text(o->id)), &v->summary);
    return err == BK_OK ? find_invoice(req, o, v) : err;
}

/* Nothing is to be done about an order whose money goes back. */
static void put_next(const struct bk_order *o, const struct view *v, struct bk_json_out *json)
{
    const char *state = v->invoice.state;
    bk_json_open(json, "next", '[');
    if (!v->refunding)
        put_steps(next_of[o->state], json);
    if (!v->refunding && strcmp(o->type, "renewal") == 0)
        put_steps(next_of_renewal[o->state], json);
    if (v->invoiced &&
        (strcmp(state, "mailed") == 0 || strcmp(state, "failed") == 0 || v->mail.failing))
        bk_json_put_str(json, NULL, "invoice");
    bk_json_close(json, ']');
    if (v->refunding)
        bk_json_put_flag(json, "refunding", true);
}

static void put_summary(const struct bk_rows *row, struct bk_json_out *json)
{
    if (!row->count)
        return;
    bk_json_open(json, "application", '{');
    bk_json_put_str(json, "org_code", bk_row_text(row, 0, 0));
    bk_json_put_str(json, "company", bk_row_text(row, 0, 1));
    bk_json_put_int(json, "years", bk_row_int(row, 0, 2));
    bk_json_put_str(json, "delivery", bk_row_text(row, 0, 3));
    bk_json_put_str(json, "pin_way", bk_row_text(row, 0, 4));
    bk_json_close(json, '}');
}

/* The newest of the kind that the state is about. */
static enum bk_err put_verification(struct bk_req *req, const struct bk_order *o,
                                    struct bk_json_out *json)
{
    struct bk_verification v;
    bool signs = o->state == BK_ORDER_UPLOADED;
    if (o->state != BK_ORDER_VERIFYING && !signs)
        return BK_OK;
    enum bk_err err = bk_verification_newest(req->tx, o->id, signs ? "sign" : "verify", &v);
    if (err != BK_OK)
        return err == BK_ENOTFOUND ? BK_OK : err;
    bk_json_open(json, signs ? "signature" : "verification", '{');
    bk_json_put_str(json, "way", bk_identity_way_name(v.way));
    bk_json_put_str(json, "state", v.state);
    bk_json_put_flag(json, "failing", v.failing);
    bk_json_put_int(json, "expires_at", v.expires_at);
    bk_json_close(json, '}');
    return BK_OK;
}

static enum bk_err put_review(struct bk_req *req, const struct bk_order *o,
                              struct bk_json_out *json)
{
    struct bk_review r;
    if (o->state != BK_ORDER_IN_REVIEW && o->state != BK_ORDER_REJECTED)
        return BK_OK;
    enum bk_err err = bk_review_newest(req->tx, o->id, &r);
    if (err != BK_OK)
        return err;
    bool rejected = o->state == BK_ORDER_REJECTED;
    bk_json_open(json, "review", '{');
    if (rejected)
        bk_json_put_str(json, "reason", r.reason);
    else
        bk_json_put_int(json, "entered_at", r.entered_at);
    bk_json_put_int(json, rejected ? "decided_at" : "due_at", rejected ? r.decided_at : r.due_at);
    bk_json_close(json, '}');
    return BK_OK;
}

static enum bk_err put_documents(struct bk_req *req, const struct bk_order *o,
                                 struct bk_json_out *json)
{
    struct bk_rows rows = BK_ROWS_INIT;
    enum bk_err err = bk_upload_list(req->tx, o->id, &rows);
    if (err == BK_OK && rows.count) {
        bk_json_open(json, "documents", '[');
        for (size_t i = 0; i < rows.count; i++) {
            bk_json_open(json, NULL, '{');
            bk_json_put_str(json, "kind", bk_row_text(&rows, i, 0));
            bk_json_put_str(json, "type", bk_row_text(&rows, i, 1));
            bk_json_put_int(json, "size", bk_row_int(&rows, i, 2));
            bk_json_put_int(json, "uploaded_at", bk_row_int(&rows, i, 4));
            bk_json_close(json, '}');
        }
        bk_json_close(json, ']');
    }
    bk_rows_free(&rows);
    return err;
}

static void put_invoice(const struct view *v, struct bk_json_out *json)
{
    const struct bk_invoice_state *i = &v->invoice;
    if (!v->invoiced)
        return;
    bk_json_open(json, "invoice", '{');
    bk_json_put_str(json, "state", i->state);
    if (*i->number)
        bk_json_put_str(json, "number", i->number);
    if (*i->reason)
        bk_json_put_str(json, "reason", i->reason);
    if (i->issued_at)
        bk_json_put_int(json, "issued_at", i->issued_at);
    if (v->mail.failing)
        bk_json_put_flag(json, "failing", true);
    bk_json_close(json, '}');
}

/* Whose courier has it, by which number: of a key that was made for the order. */
static enum bk_err put_shipment(struct bk_req *req, const struct bk_order *o,
                                struct bk_json_out *json)
{
    struct bk_production p;
    bool given = o->state == BK_ORDER_SHIPPED || o->state == BK_ORDER_DONE;
    if (!given || strcmp(o->type, "new") != 0)
        return BK_OK;
    enum bk_err err = bk_production_find(req->tx, o->id, &p);
    if (err != BK_OK || !*p.tracking)
        return err == BK_ENOTFOUND ? BK_OK : err;
    bk_json_open(json, "shipment", '{');
    bk_json_put_str(json, "courier", p.courier);
    bk_json_put_str(json, "tracking", p.tracking);
    bk_json_put_int(json, "shipped_at", p.given_at);
    bk_json_close(json, '}');
    return BK_OK;
}

enum bk_err bk_order_view(struct bk_req *req, const struct bk_order *order,
                          struct bk_json_out *json)
{
    struct view v = {.summary = BK_ROWS_INIT};
    enum bk_err err = look(req, order, &v);
    if (err == BK_OK) {
        bk_json_open(json, NULL, '{');
        bk_order_put(order, json);
        put_next(order, &v, json);
        put_summary(&v.summary, json);
        err = put_verification(req, order, json);
    }
    if (err == BK_OK && v.summary.count)
        err = put_documents(req, order, json);
    if (err == BK_OK)
        err = put_review(req, order, json);
    if (err == BK_OK)
        put_invoice(&v, json);
    if (err == BK_OK)
        err = put_shipment(req, order, json);
    bk_json_close(json, '}');
    bk_rows_free(&v.summary);
    return err == BK_OK ? json->err : err;
}
