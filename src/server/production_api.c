/* SPDX-License-Identifier: Apache-2.0 */
/* The producers' endpoints: what is to be produced, a key begun and taken up, its confirmation, and
 * how it gets to its customer. Its certificates are in production_issue.c. */
#include "server/production_api.h"

#include <stdio.h>
#include <string.h>

#include "server/api.h"
#include "server/order_api.h"
#include "server/signed.h"

/* as BJCA's own software expects them */
#define APPLICATION "BJCA-Application"
#define LABEL "BJCA-UserKey"

enum bk_err bk_req_production(struct bk_req *req, struct bk_order *order, struct bk_production *p,
                              bool *any, bool *refused)
{
    enum bk_err err = bk_order_load(req->tx, req->params[0], order);
    if (err == BK_ENOTFOUND || (err == BK_OK && strcmp(order->type, "new") != 0)) {
        *refused = true;
        return bk_refuse(req, "not-found");
    }
    if (err == BK_OK)
        err = bk_production_find(req->tx, order->id, p);
    *any = err == BK_OK;
    return err == BK_ENOTFOUND ? BK_OK : err;
}

/* --- what is shown --- */

static json_t *time_or_null(int64_t ms)
{
    return ms ? json_integer(ms) : NULL;
}

static json_t *text_or_null(const char *text)
{
    return *text ? json_string(text) : NULL;
}

static json_t *show(const struct bk_production *p)
{
    const char *serial = strchr(p->sign_certificate, ':');
    return json_pack("{s:s, s:s, s:s, s:s, s:I, s:s, s:o*, s:o*, s:o*, s:o*, s:o*, s:o*, s:o*}",
                     "serial", p->serial, "state", bk_production_state_name(p->state), "dialect",
                     p->dialect == BK_DIALECT_LONGMAI ? "longmai" : "gmt0017", "shape",
                     p->admin_first ? "admin-first" : "direct", "begun_at", (json_int_t)p->begun_at,
                     "begun_by", p->begun_by, "certificate_serial",
                     text_or_null(serial ? serial + 1 : ""), "made_at", time_or_null(p->made_at),
                     "pin_sent_at", time_or_null(p->pin_sent_at), "courier",
                     text_or_null(p->courier), "tracking", text_or_null(p->tracking), "given_at",
                     time_or_null(p->given_at), "given_by", text_or_null(p->given_by));
}

/* p: NULL when there is none. */
static enum bk_err show_order(struct bk_req *req, const struct bk_order *o,
                              const struct bk_production *p, json_t **json)
{
    struct bk_rows row = BK_ROWS_INIT;
    enum bk_err err = bk_tx_get(req->tx,
                                "SELECT company, org_code, delivery, pin_way FROM applications"
                                " WHERE order_id = $1",
                                BK_VALS(bk_text(o->id)), &row);
    *json = err == BK_OK
                ? json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:o*}",
                            "order", o->id, "state", bk_order_state_name(o->state), "company",
                            bk_row_text(&row, 0, 0), "org_code", bk_row_text(&row, 0, 1),
                            "algorithm", o->algorithm, "container", o->container, "application",
                            APPLICATION, "label", LABEL, "delivery", bk_row_text(&row, 0, 2),
                            "pin_way", bk_row_text(&row, 0, 3), "created_at",
                            (json_int_t)o->created_at, "key", p ? show(p) : NULL)
                : NULL;
    bk_rows_free(&row);
    return err == BK_OK && !*json ? BK_ENOMEM : err;
}

static enum bk_err reply(struct bk_req *req, const struct bk_order *order)
{
    struct bk_production p;
    json_t *json = NULL;
    enum bk_err err = bk_production_find(req->tx, order->id, &p);
    if (err == BK_OK || err == BK_ENOTFOUND)
        err = show_order(req, order, err == BK_OK ? &p : NULL, &json);
    return err == BK_OK ? bk_reply(req, 200, json) : err;
}

enum bk_err bk_api_production_list(struct bk_req *req)
{
    struct bk_rows rows = BK_ROWS_INIT;
    json_t *list = json_array();
    enum bk_err err = list ? bk_production_list(req->tx, &rows) : BK_ENOMEM;
    for (size_t i = 0; err == BK_OK && i < rows.count; i++) {
        const char *serial = bk_row_text(&rows, i, 8);
        json_t *key =
            *serial ? json_pack("{s:s, s:s}", "serial", serial, "state", bk_row_text(&rows, i, 9))
                    : NULL;
        json_t *one = json_pack(
            "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:o*}", "order", bk_row_text(&rows, i, 0),
            "state", bk_row_text(&rows, i, 1), "company", bk_row_text(&rows, i, 2), "org_code",
            bk_row_text(&rows, i, 3), "algorithm", bk_row_text(&rows, i, 4), "delivery",
            bk_row_text(&rows, i, 5), "pin_way", bk_row_text(&rows, i, 6), "created_at",
            (json_int_t)bk_row_int(&rows, i, 7), "key", key);
        if (json_array_append_new(list, one) != 0)
            err = BK_ENOMEM;
    }
    bk_rows_free(&rows);
    if (err == BK_OK)
        return bk_reply(req, 200, json_pack("{s:o}", "orders", list));
    json_decref(list);
    return err;
}

static enum bk_err put_history(struct bk_req *req, const char *order_id, json_t *json)
{
    struct bk_rows rows = BK_ROWS_INIT;
    json_t *list = json_array();
    enum bk_err err = list && json_object_set_new(json, "history", list) == 0
                          ? bk_production_history(req->tx, order_id, &rows)
                          : BK_ENOMEM;
    for (size_t i = 0; err == BK_OK && i < rows.count; i++)
        if (json_array_append_new(
                list, json_pack("{s:s, s:s, s:I, s:s, s:s}", "serial", bk_row_text(&rows, i, 1),
                                "state", bk_row_text(&rows, i, 2), "begun_at",
                                (json_int_t)bk_row_int(&rows, i, 3), "begun_by",
                                bk_row_text(&rows, i, 4), "reason", bk_row_text(&rows, i, 6))) != 0)
            err = BK_ENOMEM;
    bk_rows_free(&rows);
    return err;
}

/* With where it goes: who sends it needs that. */
static enum bk_err put_address(struct bk_req *req, const char *order_id, json_t *json)
{
    struct bk_application a = {.details = NULL};
    enum bk_err err = bk_application_load(req->tx, req->app->escrow, order_id, &a);
    if (err == BK_OK && strcmp(bk_application_text(a.details, "delivery", "way"), "post") == 0 &&
        json_object_set(json, "address", json_object_get(a.details, "delivery")) != 0)
        err = BK_ENOMEM;
    bk_application_free(&a);
    return err;
}

enum bk_err bk_api_production_get(struct bk_req *req)
{
    struct bk_order order;
    struct bk_production p;
    bool any = false, refused = false;
    json_t *json = NULL;
    char object[48];
    enum bk_err err = bk_req_production(req, &order, &p, &any, &refused);
    if (err != BK_OK || refused)
        return err;
    err = show_order(req, &order, any ? &p : NULL, &json);
    if (err == BK_OK)
        err = put_history(req, order.id, json);
    if (err == BK_OK)
        err = put_address(req, order.id, json);
    (void)snprintf(object, sizeof object, "order:%s", order.id);
    if (err == BK_OK)
        err = bk_req_audit(req, "production.looked", object, "");
    if (err == BK_OK)
        return bk_reply(req, 200, json);
    json_decref(json);
    return err;
}

/* --- begun, taken up --- */

static enum bk_err bad(struct bk_req *req, const char *member, bool *refused)
{
    *refused = true;
    return bk_refuse_with(req, "bad-request", json_pack("{s:s}", "member", member));
}

static enum bk_err read_key(struct bk_req *req, struct bk_production_key *key, bool *refused)
{
    const char *dialect = NULL, *shape = NULL;
    key->application = APPLICATION;
    enum bk_err err = bk_req_text(req, "serial", 1, BK_SERIAL_MAX, &key->serial, refused);
    if (err == BK_OK && !*refused)
        err = bk_req_text(req, "dialect", 1, 16, &dialect, refused);
    if (err == BK_OK && !*refused)
        err = bk_req_text(req, "shape", 1, 16, &shape, refused);
    if (err != BK_OK || *refused)
        return err;
    if (!bk_key_serial_valid(key->serial))
        return bad(req, "serial", refused);
    if (bk_dialect_parse(dialect, &key->dialect) != BK_OK)
        return bad(req, "dialect", refused);
    key->admin_first = strcmp(shape, "admin-first") == 0;
    return key->admin_first || strcmp(shape, "direct") == 0 ? BK_OK : bad(req, "shape", refused);
}

/* What the key is to get; that it was told is in the audit log, each time. */
static enum bk_err put_secrets(struct bk_req *req, const struct bk_production *p, json_t *json)
{
    struct bk_production_secrets s;
    char object[48];
    json_t *secrets = json_object();
    enum bk_err err =
        secrets && json_object_set_new(json, "secrets", secrets) == 0 ? BK_OK : BK_ENOMEM;
    if (err == BK_OK)
        err = bk_production_open(req->app, req->tx, p, &s);
    if (err != BK_OK)
        return err;
    err = bk_json_set_bytes(secrets, "device_key", s.device_key.data, s.device_key.len);
    if (err == BK_OK &&
        (json_object_set_new(secrets, "administrator_pin",
                             json_string((const char *)s.admin_pin.data)) != 0 ||
         json_object_set_new(secrets, "user_pin", json_string((const char *)s.user_pin.data)) !=
             0 ||
         json_object_set_new(secrets, "device_key_set", json_boolean(p->device_key_set)) != 0))
        err = BK_ENOMEM;
    bk_production_close(&s);
    (void)snprintf(object, sizeof object, "order:%s", p->order_id);
    return err == BK_OK ? bk_req_audit(req, "production.secrets", object, p->serial) : err;
}

enum bk_err bk_api_production_begin(struct bk_req *req)
{
    struct bk_order order;
    struct bk_production p;
    struct bk_production_key key;
    const struct bk_audit who = bk_req_who(req);
    const char *problem = NULL;
    bool any = false, resumed = false, refused = false;
    json_t *json = NULL;
    enum bk_err err = read_key(req, &key, &refused);
    if (err == BK_OK && !refused)
        err = bk_req_production(req, &order, &p, &any, &refused);
    if (err != BK_OK || refused)
        return err;
    err = bk_production_begin(req->app, req->tx, &order, &key, &who, req->now, &p, &resumed,
                              &problem);
    if (err != BK_OK || problem)
        return err == BK_OK ? bk_refuse(req, problem) : err;
    err = show_order(req, &order, &p, &json);
    if (err == BK_OK && json_object_set_new(json, "resumed", json_boolean(resumed)) != 0)
        err = BK_ENOMEM;
    if (err == BK_OK && p.state == BK_PRODUCTION_BEGUN)
        err = put_secrets(req, &p, json);
    if (err == BK_OK)
        return bk_reply(req, 200, json);
    json_decref(json);
    return err;
}

/* --- made --- */

static enum bk_err check_report(struct bk_req *req, const struct bk_production *p,
                                const struct bk_buf *signature, bool *refused)
{
    struct bk_rows rows = BK_ROWS_INIT;
    const char *serial = strchr(p->sign_certificate, ':');
    enum bk_err err = bk_tx_get(req->tx, "SELECT der FROM certificates WHERE id = $1",
                                BK_VALS(bk_text(p->sign_certificate)), &rows);
    if (err == BK_OK && serial) {
        struct bk_rd der = bk_row_bytes(&rows, 0, 0);
        const char *const fields[] = {p->order_id, p->serial, serial + 1, NULL};
        err = bk_signed_check(der.at, der.left, "production-report", req->app->origin, fields,
                              signature->data, signature->len);
    }
    if (err == BK_EVERIFY) {
        *refused = true;
        err = bk_refuse(req, "signature-wrong");
    }
    bk_rows_free(&rows);
    return err;
}

enum bk_err bk_api_production_confirm(struct bk_req *req)
{
    struct bk_order order;
    struct bk_production p;
    struct bk_buf signature = BK_BUF_INIT;
    const struct bk_audit who = bk_req_who(req);
    const char *problem = NULL;
    bool any = false, refused = false;
    enum bk_err err = bk_req_bytes(req, "signature", 1, 1024, &signature, &refused);
    if (err == BK_OK && !refused)
        err = bk_req_production(req, &order, &p, &any, &refused);
    if (err == BK_OK && !refused && (!any || !*p.sign_certificate)) {
        refused = true;
        err = bk_refuse(req, "order-state");
    }
    if (err == BK_OK && !refused)
        err = check_report(req, &p, &signature, &refused);
    if (err == BK_OK && !refused)
        err = bk_production_confirm(req->app, req->tx, &order, &p, &who, req->now, &problem);
    if (err == BK_OK && !refused)
        err = problem ? bk_refuse(req, problem) : reply(req, &order);
    bk_buf_free(&signature);
    return err;
}

/* --- to its customer, or put aside --- */

enum bk_err bk_api_production_ship(struct bk_req *req)
{
    struct bk_order order;
    struct bk_production p;
    const struct bk_audit who = bk_req_who(req);
    const char *courier = NULL, *tracking = NULL, *problem = NULL;
    bool any = false, refused = false;
    enum bk_err err = bk_req_text(req, "courier", 1, BK_COURIER_MAX, &courier, &refused);
    if (err == BK_OK && !refused)
        err = bk_req_text(req, "tracking", 1, BK_TRACKING_MAX, &tracking, &refused);
    if (err == BK_OK && !refused)
        err = bk_req_production(req, &order, &p, &any, &refused);
    if (err != BK_OK || refused)
        return err;
    err =
        bk_production_ship(req->app, req->tx, &order, courier, tracking, &who, req->now, &problem);
    if (err == BK_OK)
        err = problem ? bk_refuse(req, problem) : reply(req, &order);
    return err;
}

enum bk_err bk_api_production_hand_over(struct bk_req *req)
{
    struct bk_order order;
    struct bk_production p;
    const struct bk_audit who = bk_req_who(req);
    const char *name = NULL, *id_number = NULL, *problem = NULL;
    bool any = false, refused = false;
    enum bk_err err = bk_req_text(req, "name", 1, BK_HOLDER_MAX, &name, &refused);
    if (err == BK_OK && !refused)
        err = bk_req_text(req, "id_number", 1, 64, &id_number, &refused);
    if (err == BK_OK && !refused)
        err = bk_req_production(req, &order, &p, &any, &refused);
    if (err != BK_OK || refused)
        return err;
    err = bk_production_hand_over(req->app, req->tx, &order, name, id_number, &who, req->now,
                                  &problem);
    if (err == BK_OK)
        err = problem ? bk_refuse(req, problem) : reply(req, &order);
    return err;
}

enum bk_err bk_api_production_put_aside(struct bk_req *req)
{
    struct bk_order order;
    struct bk_production p;
    const struct bk_audit who = bk_req_who(req);
    const char *reason = NULL, *problem = NULL;
    bool any = false, refused = false;
    enum bk_err err = bk_req_text(req, "reason", 1, BK_PRODUCTION_REASON, &reason, &refused);
    if (err == BK_OK && !refused)
        err = bk_req_production(req, &order, &p, &any, &refused);
    if (err != BK_OK || refused)
        return err;
    err = bk_production_put_aside(req->app, req->tx, &order, reason, &who, req->now, &problem);
    if (err == BK_OK)
        err = problem ? bk_refuse(req, problem) : reply(req, &order);
    return err;
}
