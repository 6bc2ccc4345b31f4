/* SPDX-License-Identifier: Apache-2.0 */
#include "server/key_people.h"

#include <stdio.h>
#include <string.h>

#include "server/key_account.h"
#include "server/keys.h"
#include "server/review.h"
#include "server/tell.h"
#include "server/verification.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)

static bool same(const json_t *a, const json_t *b, const char *part, const char *name)
{
    return strcmp(bk_application_text(a, part, name), bk_application_text(b, part, name)) == 0;
}

/* What was said of them the last time that somebody looked at it. BK_ENOTFOUND: nobody has, or it
 * is forgotten. */
static enum bk_err load_last(struct bk_app *app, struct bk_tx *tx, const char *serial,
                             struct bk_application *last)
{
    struct bk_rows row = BK_ROWS_INIT;
    enum bk_err err = bk_tx_get(tx,
                                "SELECT o.id FROM orders o JOIN applications a ON a.order_id = o.id"
                                " WHERE o.key_serial = $1 AND a.reviewed = 1"
                                " AND o.state IN ('READY', 'SHIPPED', 'DONE')"
                                " ORDER BY (SELECT coalesce(max(r.seq), 0) FROM reviews r"
                                " WHERE r.order_id = o.id) DESC, o.created_at DESC, o.id DESC"
                                " LIMIT 1",
                                BK_VALS(bk_text(serial)), &row);
    if (err == BK_OK)
        err = bk_application_load(tx, app->escrow, bk_row_text(&row, 0, 0), last);
    bk_rows_free(&row);
    return err;
}

/* Of a legal person whom nothing else is known of, the phone is a contact. */
static enum bk_err is_contact(struct bk_tx *tx, const char *serial, const char *phone, bool *is)
{
    struct bk_rows rows = BK_ROWS_INIT;
    enum bk_err err = bk_key_contacts(tx, serial, &rows);
    *is = false;
    for (size_t i = 0; err == BK_OK && i < rows.count; i++)
        *is = *is || strcmp(bk_row_text(&rows, i, 0), phone) == 0;
    bk_rows_free(&rows);
    return err;
}

enum bk_err bk_key_people_differ(struct bk_app *app, struct bk_tx *tx, const char *serial,
                                 const json_t *d, bool *differ)
{
    struct bk_key key;
    struct bk_application last = {.details = NULL};
    bool known = false;
    *differ = false;
    enum bk_err err = bk_key_find(tx, serial, &key);
    if (err != BK_OK)
        return err == BK_ENOTFOUND ? BK_OK : err;
    *differ = strcmp(key.phone, bk_application_text(d, "operator", "phone")) != 0 ||
              strcmp(key.holder, bk_application_text(d, "operator", "name")) != 0;
    if (*differ)
        return BK_OK;
    err = load_last(app, tx, serial, &last);
    if (err == BK_OK) {
        *differ = !same(d, last.details, "operator", "id_number") ||
                  !same(d, last.details, "legal_person", "name") ||
                  !same(d, last.details, "legal_person", "id_number") ||
                  !same(d, last.details, "legal_person", "phone");
    } else if (err == BK_ENOTFOUND) {
        err = is_contact(tx, serial, bk_application_text(d, "legal_person", "phone"), &known);
        *differ = !known;
    }
    bk_application_free(&last);
    return err;
}

enum bk_err bk_key_people_warn(struct bk_app *app, struct bk_tx *tx, const struct bk_order *order,
                               int64_t now)
{
    struct bk_rows rows = BK_ROWS_INIT;
    size_t len = strlen(order->key_serial);
    const char *end = order->key_serial + (len > 4 ? len - 4 : 0);
    enum bk_err err = bk_key_contacts(tx, order->key_serial, &rows);
    for (size_t i = 0; err == BK_OK && i < rows.count; i++) {
        char dedupe[64];
        (void)snprintf(dedupe, sizeof dedupe, "%s:%zu", order->id, i);
        const struct bk_tell tell = {.dedupe = dedupe,
                                     .phone = bk_row_text(&rows, i, 0),
                                     .template = "key-people",
                                     .now = now,
                                     .expires_at = now + DAY_MS};
        err =
            bk_tell_sms(app, tx, &tell, json_pack("{s:s, s:s}", "serial", end, "order", order->id));
    }
    bk_rows_free(&rows);
    return err;
}

static enum bk_err add_contacts(struct bk_tx *tx, const char *serial, const json_t *d)
{
    const json_t *list = json_object_get(d, "contacts");
    enum bk_err err =
        bk_key_add_contact(tx, serial, bk_application_text(d, "legal_person", "phone"));
    for (size_t i = 0; err == BK_OK && i < json_array_size(list) && i < BK_CONTACTS_MAX; i++) {
        const char *phone = json_string_value(json_object_get(json_array_get(list, i), "phone"));
        if (phone)
            err = bk_key_add_contact(tx, serial, phone);
    }
    return err;
}

struct entering {
    struct bk_app *app;
    struct bk_tx *tx;
    const char *order_id;
    const json_t *details;
    /* when staff had both before them: what is on record since is the newer word */
    int64_t seen_at;
    int64_t now;
    struct bk_key key;
    bool changed;
};

/* The account that a transfer has reached for this renewal; else that on record, whose bank knows
 * it by the company's name. */
static enum bk_err enter_account(struct entering *e)
{
    struct bk_key_account account = {.company = ""};
    uint8_t hash[32];
    bool reached = false;
    int64_t since = e->key.account_since;
    enum bk_err err = bk_verification_by_transfer(e->tx, e->order_id, &reached);
    reached = reached && since <= e->seen_at;
    if (err != BK_OK || (!reached && !e->key.has_account))
        return err;
    if (reached)
        bk_key_account_said(e->details, &account);
    else
        err = bk_key_account(e->tx, e->app->escrow, e->key.serial, &account);
    if (err == BK_OK && !reached)
        (void)snprintf(account.company, sizeof account.company, "%s",
                       bk_application_text(e->details, "company", "name"));
    if (err == BK_OK)
        err = bk_key_account_hash(e->app->escrow, e->key.serial, account.company, account.number,
                                  hash);
    if (err != BK_OK || (e->key.has_account && memcmp(hash, e->key.account_hash, sizeof hash) == 0))
        return err;
    e->changed = true;
    return bk_key_set_account(e->tx, e->app->escrow, e->key.serial, &account,
                              reached ? e->now : since);
}

static enum bk_err enter(struct entering *e)
{
    const char *serial = e->key.serial;
    const char *phone = bk_application_text(e->details, "operator", "phone");
    const char *name = bk_application_text(e->details, "operator", "name");
    const char *company = bk_application_text(e->details, "company", "name");
    bool moved = strcmp(e->key.phone, phone) != 0 && e->key.phone_since <= e->seen_at;
    e->changed = moved || strcmp(e->key.holder, name) != 0 || strcmp(e->key.company, company) != 0;
    enum bk_err err = moved ? bk_key_set_phone(e->tx, serial, phone, e->now) : BK_OK;
    if (err == BK_OK)
        err = bk_tx_exec(e->tx,
                         "UPDATE keys SET holder = $1, company = $2, version = version + 1"
                         " WHERE serial = $3",
                         BK_VALS(bk_text(name), bk_text(company), bk_text(serial)), NULL);
    if (err == BK_OK)
        err = enter_account(e);
    return err == BK_OK ? add_contacts(e->tx, serial, e->details) : err;
}

enum bk_err bk_key_people_take(struct bk_app *app, struct bk_tx *tx, const struct bk_order *order,
                               const struct bk_audit *who, int64_t now)
{
    char object[BK_SERIAL_MAX + 8];
    struct bk_application a = {.details = NULL};
    struct bk_review review = {.decided_at = 0};
    struct entering e = {.app = app, .tx = tx, .order_id = order->id, .now = now};
    struct bk_audit entry = *who;
    enum bk_err err = bk_application_load(tx, app->escrow, order->id, &a);
    if (err == BK_OK && !a.unreviewed)
        err = bk_review_newest(tx, order->id, &review);
    if (err == BK_OK && !a.unreviewed)
        err = bk_key_find(tx, order->key_serial, &e.key);
    e.details = a.details;
    e.seen_at = review.decided_at;
    if (err == BK_OK && !a.unreviewed)
        err = enter(&e);
    if (err == BK_ENOTFOUND)
        err = BK_OK; /* it has no application, or the key isn't registered */
    (void)snprintf(object, sizeof object, "key:%s", order->key_serial);
    entry.action = "key.people";
    entry.object = object;
    entry.detail = order->id;
    if (err == BK_OK && e.changed)
        err = bk_audit_add(tx, &entry);
    bk_application_free(&a);
    return err;
}
