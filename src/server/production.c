/* SPDX-License-Identifier: Apache-2.0 */
#include "server/production.h"

#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "server/invoices.h"
#include "server/key_account.h"
#include "server/order_tell.h"
#include "server/production_row.h"
#include "server/revoke.h"
#include "server/unlock.h"
#include "server/verification.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)

/* --- begun --- */

/* Whether the register has it in use, or it is begun for another order. */
static enum bk_err is_taken(struct bk_tx *tx, const char *serial, const char *order_id, bool *taken)
{
    struct bk_key key;
    struct bk_rows rows = BK_ROWS_INIT;
    enum bk_err err = bk_key_find(tx, serial, &key);
    *taken = err == BK_OK && key.active;
    if (err == BK_OK || err == BK_ENOTFOUND)
        err = bk_tx_query(tx,
                          "SELECT 1 FROM productions WHERE serial = $1 AND state = 'begun'"
                          " AND order_id <> $2",
                          BK_VALS(bk_text(serial), bk_text(order_id)), &rows);
    *taken = *taken || rows.count;
    bk_rows_free(&rows);
    return err;
}

static enum bk_err take_up(const struct bk_production *p, const struct bk_production_key *key,
                           bool *resumed, const char **problem)
{
    *resumed = strcmp(p->serial, key->serial) == 0;
    if (!*resumed)
        *problem = "other-production";
    return BK_OK;
}

static enum bk_err to_producing(struct bk_tx *tx, struct bk_order *order,
                                const struct bk_audit *who, int64_t now, const char **problem)
{
    bool refunding = false;
    if (order->state == BK_ORDER_PRODUCING) /* one was put aside */
        return BK_OK;
    enum bk_err err = bk_order_refunding(tx, order, &refunding);
    if (err == BK_OK && refunding)
        *problem = "order-refunded";
    else if (err == BK_OK)
        err = bk_order_move(tx, order, BK_ORDER_PRODUCING, who, now);
    return err;
}

static bool good_key(const struct bk_production_key *key)
{
    size_t len = strlen(key->application);
    return bk_key_serial_valid(key->serial) && len && len <= 32 &&
           bk_text_is_plain(key->application, len);
}

enum bk_err bk_production_begin(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                                const struct bk_production_key *key, const struct bk_audit *who,
                                int64_t now, struct bk_production *p, bool *resumed,
                                const char **problem)
{
    bool taken = false;
    *resumed = false;
    *problem = NULL;
    if (!good_key(key))
        return BK_EINVAL;
    enum bk_err err = bk_production_find(tx, order->id, p);
    if (err != BK_ENOTFOUND)
        return err == BK_OK ? take_up(p, key, resumed, problem) : err;
    if (strcmp(order->type, "new") != 0 ||
        (order->state != BK_ORDER_APPROVED && order->state != BK_ORDER_PRODUCING)) {
        *problem = "order-state";
        return BK_OK;
    }
    err = is_taken(tx, key->serial, order->id, &taken);
    if (err == BK_OK && taken)
        *problem = "key-in-use";
    if (err == BK_OK && !*problem)
        err = to_producing(tx, order, who, now, problem);
    if (err != BK_OK || *problem)
        return err;
    *p = (struct bk_production){
        .state = BK_PRODUCTION_BEGUN, .dialect = key->dialect, .admin_first = key->admin_first};
    (void)snprintf(p->order_id, sizeof p->order_id, "%s", order->id);
    (void)snprintf(p->serial, sizeof p->serial, "%s", key->serial);
    (void)snprintf(p->application, sizeof p->application, "%s", key->application);
    (void)snprintf(p->begun_by, sizeof p->begun_by, "%s", who->actor);
    err = bk_production_insert(app, tx, p, now);
    return err == BK_OK ? bk_production_note(tx, p, who, "production.begun", "") : err;
}

enum bk_err bk_production_issued(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                                 struct bk_production *p, const char *sign_id, int64_t not_after,
                                 const struct bk_audit *who, int64_t now)
{
    char earlier[BK_CERT_ID];
    (void)snprintf(earlier, sizeof earlier, "%s", p->sign_certificate);
    (void)snprintf(p->sign_certificate, sizeof p->sign_certificate, "%s", sign_id);
    (void)snprintf(order->new_certificate, sizeof order->new_certificate, "%s", sign_id);
    order->new_not_after = not_after;
    order->round++;
    p->rounds++;
    enum bk_err err = bk_production_save(tx, p);
    if (err == BK_OK)
        err = bk_order_save(tx, order, now);
    return err == BK_OK && *earlier
               ? bk_certificate_revoke(app, tx, earlier, BK_REASON_SUPERSEDED, who, now)
               : err;
}

/* --- made --- */

static void name_key(const struct bk_production *p, const json_t *d, struct bk_key *key)
{
    *key = (struct bk_key){.dialect = p->dialect, .admin_first = p->admin_first};
    (void)snprintf(key->serial, sizeof key->serial, "%s", p->serial);
    (void)snprintf(key->application, sizeof key->application, "%s", p->application);
    (void)snprintf(key->phone, sizeof key->phone, "%s",
                   bk_application_text(d, "operator", "phone"));
    (void)snprintf(key->holder, sizeof key->holder, "%s",
                   bk_application_text(d, "operator", "name"));
    (void)snprintf(key->company, sizeof key->company, "%s",
                   bk_application_text(d, "company", "name"));
}

enum bk_err bk_production_record_account(struct bk_app *app, struct bk_tx *tx, const char *serial,
                                         const json_t *d)
{
    struct bk_key key;
    struct bk_key_account account = {.company = ""};
    enum bk_err err = bk_key_find(tx, serial, &key);
    if (err != BK_OK || key.account_since) /* staff have written another one down */
        return err;
    bk_key_account_said(d, &account);
    return bk_key_set_account(tx, app->escrow, serial, &account, 0);
}

/* Who unlocks it later is the operator; the legal person and the contacts hear of it. */
static enum bk_err enter_register(struct bk_app *app, struct bk_tx *tx,
                                  const struct bk_production *p, const json_t *d,
                                  const struct bk_secret *admin_pin, int64_t now)
{
    struct bk_key key;
    const char *contacts[BK_CONTACTS_MAX + 1];
    const json_t *list = json_object_get(d, "contacts");
    size_t count = 0;
    bool reached = false;
    contacts[count++] = bk_application_text(d, "legal_person", "phone");
    for (size_t i = 0; i < json_array_size(list) && i < BK_CONTACTS_MAX; i++) {
        const char *phone = json_string_value(json_object_get(json_array_get(list, i), "phone"));
        if (phone)
            contacts[count++] = phone;
    }
    name_key(p, d, &key);
    enum bk_err err = bk_key_retire(tx, p->serial); /* what it was before */
    if (err == BK_OK)
        err = bk_unlock_forgive(tx, p->serial);
    if (err == BK_OK)
        err =
            bk_key_add(tx, app->escrow, &key, (const char *)admin_pin->data, contacts, count, now);
    if (err == BK_OK) /* what was typed alone doesn't count */
        err = bk_verification_by_transfer(tx, p->order_id, &reached);
    return err == BK_OK && reached ? bk_production_record_account(app, tx, p->serial, d) : err;
}

/* Written for the worker; here it is no more. */
static enum bk_err send_pin_later(struct bk_app *app, struct bk_tx *tx,
                                  const struct bk_production *p, const json_t *d,
                                  const struct bk_secret *pin, int64_t now)
{
    char dedupe[64];
    bool transfer = strcmp(bk_application_text(d, "product", "pin_way"), "transfer") == 0;
    (void)snprintf(dedupe, sizeof dedupe, "first-pin:%s", p->id);
    enum bk_err err =
        bk_outbox_add(tx, app->escrow, transfer ? "first-pin-transfer" : "first-pin", dedupe,
                      json_pack("{s:s, s:s}", "production", p->id, "pin", (const char *)pin->data),
                      now, now + DAY_MS);
    return err == BK_OK ? bk_production_drop_pins(tx, p->id) : err;
}

static enum bk_err make(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                        struct bk_production *p, const struct bk_audit *who, int64_t now)
{
    struct bk_application a = {.details = NULL};
    struct bk_production_secrets s = {.device_key = BK_SECRET_INIT};
    enum bk_err err = bk_application_load(tx, app->escrow, order->id, &a);
    if (err == BK_OK)
        err = bk_production_open(app, tx, p, &s);
    if (err == BK_OK)
        err = enter_register(app, tx, p, a.details, &s.admin_pin, now);
    if (err == BK_OK)
        err = bk_production_device_key_is_set(tx, p->serial);
    if (err == BK_OK)
        err = send_pin_later(app, tx, p, a.details, &s.user_pin, now);
    p->state = BK_PRODUCTION_MADE;
    p->made_at = now;
    p->device_key_set = true;
    if (err == BK_OK)
        err = bk_production_save(tx, p);
    if (err == BK_OK)
        err = bk_production_note(tx, p, who, "production.made", p->sign_certificate);
    (void)snprintf(order->key_serial, sizeof order->key_serial, "%s", p->serial);
    bool collected = strcmp(bk_application_text(a.details, "delivery", "way"), "pick-up") == 0;
    if (err == BK_OK)
        err = collected ? bk_order_move(tx, order, BK_ORDER_READY, who, now)
                        : bk_order_save(tx, order, now);
    if (err == BK_OK && collected)
        err = bk_order_tell(app, tx, order, now);
    bk_production_close(&s);
    bk_application_free(&a);
    return err;
}

enum bk_err bk_production_confirm(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                                  struct bk_production *p, const struct bk_audit *who, int64_t now,
                                  const char **problem)
{
    bool good = false, taken = false;
    enum bk_err err = BK_OK;
    *problem = NULL;
    if (p->state == BK_PRODUCTION_MADE)
        return BK_OK;
    if (p->state != BK_PRODUCTION_BEGUN || order->state != BK_ORDER_PRODUCING ||
        !*p->sign_certificate) {
        *problem = "order-state";
        return BK_OK;
    }
    err = bk_certificate_good(tx, p->sign_certificate, &good);
    if (err == BK_OK)
        err = is_taken(tx, p->serial, order->id, &taken);
    if (err == BK_OK && (!good || taken))
        *problem = good ? "key-in-use" : "certificate-revoked";
    return err == BK_OK && !*problem ? make(app, tx, order, p, who, now) : err;
}

/* --- to its customer --- */

static bool good_tracking(const char *text)
{
    size_t len = strlen(text);
    return len >= 4 && len <= BK_TRACKING_MAX &&
           strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == len;
}

static bool good_text(const char *text, size_t max)
{
    size_t len = strlen(text);
    return len && len <= max && bk_text_is_plain(text, len);
}

/* The order's key, made, and to be delivered in this way. */
static enum bk_err find_made(struct bk_tx *tx, const struct bk_order *order, const char *way,
                             struct bk_production *p, const char **problem)
{
    struct bk_rows row = BK_ROWS_INIT;
    *problem = NULL;
    enum bk_err err = bk_production_find(tx, order->id, p);
    if (err == BK_OK)
        err = bk_tx_get(tx, "SELECT delivery FROM applications WHERE order_id = $1",
                        BK_VALS(bk_text(order->id)), &row);
    if (err == BK_ENOTFOUND || (err == BK_OK && (p->state != BK_PRODUCTION_MADE ||
                                                 strcmp(bk_row_text(&row, 0, 0), way) != 0))) {
        *problem = "order-state";
        err = BK_OK;
    }
    bk_rows_free(&row);
    return err;
}

static enum bk_err give(struct bk_tx *tx, struct bk_production *p, const struct bk_audit *who,
                        int64_t now, const char *action, const char *detail)
{
    p->given_at = now;
    (void)snprintf(p->given_by, sizeof p->given_by, "%s", who->actor);
    enum bk_err err = bk_production_save(tx, p);
    return err == BK_OK ? bk_production_note(tx, p, who, action, detail) : err;
}

enum bk_err bk_production_ship(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                               const char *courier, const char *tracking,
                               const struct bk_audit *who, int64_t now, const char **problem)
{
    struct bk_production p;
    char detail[BK_COURIER_MAX + BK_TRACKING_MAX + 2];
    enum bk_err err = find_made(tx, order, "post", &p, problem);
    if (err != BK_OK || *problem)
        return err;
    if (order->state == BK_ORDER_SHIPPED && strcmp(p.courier, courier) == 0 &&
        strcmp(p.tracking, tracking) == 0)
        return BK_OK;
    if (order->state != BK_ORDER_PRODUCING)
        *problem = "order-state";
    else if (!good_text(courier, BK_COURIER_MAX) || !good_tracking(tracking))
        *problem = "bad-tracking";
    if (*problem)
        return BK_OK;
    (void)snprintf(p.courier, sizeof p.courier, "%s", courier);
    (void)snprintf(p.tracking, sizeof p.tracking, "%s", tracking);
    (void)snprintf(detail, sizeof detail, "%s %s", courier, tracking);
    err = give(tx, &p, who, now, "production.shipped", detail);
    order->expires_at = now + app->policy.delivery_ms;
    if (err == BK_OK)
        err = bk_order_move(tx, order, BK_ORDER_SHIPPED, who, now);
    if (err == BK_OK)
        err = bk_order_watch(app, tx, order, now);
    return err == BK_OK ? bk_order_tell(app, tx, order, now) : err;
}

/* Numbers are compared in their one form. */
static bool is_operator(const json_t *d, const char *name, const char *id_number)
{
    char id[BK_CITIZEN_ID + 1] = "";
    const char *on_order = bk_application_text(d, "operator", "id_number");
    bool citizen = strcmp(bk_application_text(d, "operator", "id_type"), "citizen") == 0;
    bool read = citizen ? bk_citizen_id_read(id_number, id) : bk_other_id_read(id_number, id);
    bool same = read && bk_secret_equal(id, strlen(id), on_order, strlen(on_order)) &&
                strcmp(name, bk_application_text(d, "operator", "name")) == 0;
    bk_wipe(id, sizeof id);
    return same;
}

enum bk_err bk_production_hand_over(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                                    const char *name, const char *id_number,
                                    const struct bk_audit *who, int64_t now, const char **problem)
{
    struct bk_production p;
    struct bk_application a = {.details = NULL};
    enum bk_err err = find_made(tx, order, "pick-up", &p, problem);
    if (err == BK_OK && !*problem && order->state != BK_ORDER_READY)
        *problem = "order-state";
    if (err != BK_OK || *problem)
        return err;
    err = bk_application_load(tx, app->escrow, order->id, &a);
    if (err == BK_OK && !is_operator(a.details, name, id_number)) {
        *problem = "not-the-operator";
        err = bk_production_note(tx, &p, who, "production.collector-refused", "");
    } else if (err == BK_OK) {
        err = give(tx, &p, who, now, "production.handed-over", "to the operator");
        if (err == BK_OK)
            err = bk_order_done(app, tx, order, who, now);
    }
    bk_application_free(&a);
    return err;
}

/* --- put aside --- */

static bool may_be_put_aside(const struct bk_order *order, const struct bk_production *p)
{
    return order->state == BK_ORDER_PRODUCING ||
           (p->state == BK_PRODUCTION_MADE &&
            (order->state == BK_ORDER_READY || order->state == BK_ORDER_SHIPPED));
}

enum bk_err bk_production_put_aside(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                                    const char *reason, const struct bk_audit *who, int64_t now,
                                    const char **problem)
{
    struct bk_production p;
    *problem = NULL;
    enum bk_err err = bk_production_find(tx, order->id, &p);
    if (err == BK_ENOTFOUND || (err == BK_OK && !may_be_put_aside(order, &p)))
        *problem = "order-state";
    else if (err == BK_OK && !good_text(reason, BK_PRODUCTION_REASON))
        *problem = "bad-reason";
    if (*problem)
        return BK_OK;
    if (err == BK_OK && *p.sign_certificate)
        err = bk_certificate_revoke(app, tx, p.sign_certificate, BK_REASON_SUPERSEDED, who, now);
    if (err == BK_OK && p.state == BK_PRODUCTION_MADE)
        err = bk_key_mark_reissue(tx, p.serial);
    p.state = BK_PRODUCTION_ASIDE;
    (void)snprintf(p.reason, sizeof p.reason, "%s", reason);
    if (err == BK_OK)
        err = bk_production_save(tx, &p);
    if (err == BK_OK)
        err = bk_production_note(tx, &p, who, "production.aside", reason);
    order->new_certificate[0] = order->key_serial[0] = 0;
    if (err == BK_OK)
        err = order->state == BK_ORDER_PRODUCING
                  ? bk_order_save(tx, order, now)
                  : bk_order_move(tx, order, BK_ORDER_PRODUCING, who, now);
    return err;
}
