/* SPDX-License-Identifier: Apache-2.0 */
/* The first PIN of a key that was made, on its way to the legal person: by a text message, or in
 * the memo of a transfer of 0.01 CNY to the company. It is sent once, and gone from here then. */
#include <string.h>

#include "server/ident.h"
#include "server/identity.h"
#include "server/production_row.h"
#include "server/sms.h"
#include "server/tell.h"

struct sending {
    struct bk_production production;
    struct bk_application application;
    const char *pin;
};

static enum bk_err look(struct bk_app *app, const struct bk_outbox_item *item, struct sending *s)
{
    const char *id = NULL;
    struct bk_tx *tx = NULL;
    if (bk_json_str(item->payload, "production", BK_ULID, &id) != BK_OK ||
        bk_json_str(item->payload, "pin", BK_FIRST_PIN, &s->pin) != BK_OK)
        return BK_ECORRUPT;
    enum bk_err err = bk_tx_look(app->store, &tx);
    if (err == BK_OK)
        err = bk_production_load(tx, id, &s->production);
    if (err == BK_OK)
        err = bk_application_load(tx, app->escrow, s->production.order_id, &s->application);
    bk_tx_rollback(&tx);
    return err;
}

/* That of a key that was put aside is of no use to anybody. */
static bool is_to_be_sent(const struct sending *s)
{
    return s->production.state == BK_PRODUCTION_MADE && !s->production.pin_sent_at;
}

static enum bk_err sent(struct bk_app *app, const struct sending *s, bool transferred)
{
    struct bk_tx *tx = NULL;
    struct bk_production p;
    const struct bk_audit who = {.actor = "system", .address = ""};
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_production_load(tx, s->production.id, &p);
    if (err == BK_OK && !p.pin_sent_at) {
        p.pin_sent_at = bk_now_ms();
        err = bk_production_save(tx, &p);
        if (err == BK_OK)
            err = bk_production_note(tx, &p, &who, "production.pin-sent",
                                     transferred ? "by transfer" : "by text message");
        if (err == BK_OK && transferred)
            err = bk_production_record_account(app, tx, p.serial, s->application.details);
        if (err == BK_ENOTFOUND)
            err = BK_OK; /* the register doesn't have the key any more */
    }
    return bk_tx_end(&tx, err);
}

/* Sending isn't idempotent: what may have been sent is asked after first. */
static enum bk_err send(struct bk_app *app, const struct bk_outbox_item *item,
                        const struct sending *s)
{
    const json_t *d = s->application.details;
    enum bk_err err = BK_ENOTFOUND;
    char company[BK_QUOTED];
    bk_tell_quote(bk_application_text(d, "company", "name"), company);
    json_t *params = json_pack("{s:s, s:s, s:s}", "company", company, "order",
                               s->production.order_id, "pin", s->pin);
    const struct bk_sms_message message = {.phone = bk_application_text(d, "legal_person", "phone"),
                                           .template = "first-pin",
                                           .params = params,
                                           .out_id = item->id,
                                           .since = item->created_at};
    if (!params)
        return BK_ENOMEM;
    if (item->attempts > 1)
        err = bk_sms_find(app->sms, &message);
    if (err == BK_ENOTFOUND)
        err = bk_sms_send(app->sms, &message);
    json_decref(params);
    return err;
}

enum bk_err bk_production_send_pin(struct bk_app *app, const struct bk_outbox_item *item)
{
    struct sending s = {.pin = NULL};
    if (!app->sms)
        return BK_EUNSUPPORTED;
    enum bk_err err = look(app, item, &s);
    if (err == BK_OK && is_to_be_sent(&s)) {
        err = send(app, item, &s);
        if (err == BK_OK)
            err = sent(app, &s, false);
    }
    bk_application_free(&s.application);
    return err;
}

static enum bk_err transfer(struct bk_app *app, const struct sending *s, bool *refused)
{
    const json_t *d = s->application.details;
    const struct bk_identity_subject subject = {
        .way = BK_BY_TRANSFER,
        .id = s->production.id,
        .name = bk_application_text(d, "legal_person", "name"),
        .id_number = bk_application_text(d, "legal_person", "id_number"),
        .phone = bk_application_text(d, "legal_person", "phone"),
        .card = "",
        .company = bk_application_text(d, "company", "name"),
        .account = bk_application_text(d, "bank", "account"),
        .bank = bk_application_text(d, "bank", "name"),
        .memo = s->pin};
    return bk_identity_transfer(app->identity, &subject, refused);
}

enum bk_err bk_production_transfer_pin(struct bk_app *app, const struct bk_outbox_item *item)
{
    struct sending s = {.pin = NULL};
    if (!app->identity)
        return BK_EUNSUPPORTED;
    enum bk_err err = look(app, item, &s);
    if (err == BK_OK && is_to_be_sent(&s)) {
        err = transfer(app, &s, item->for_good);
        if (err == BK_OK)
            err = sent(app, &s, true);
    }
    bk_application_free(&s.application);
    return err;
}
