/* SPDX-License-Identifier: Apache-2.0 */
#include "server/work.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "server/ident.h"
#include "server/invoices.h"
#include "server/mail.h"
#include "server/order_tell.h"
#include "server/outbox.h"
#include "server/pay.h"
#include "server/production.h"
#include "server/retention.h"
#include "server/sms.h"
#include "server/tell.h"
#include "server/unlock_review.h"
#include "server/unlock_tell.h"
#include "server/upload.h"
#include "server/verification.h"

/* of the simulator: it proves nothing, and is only taken for one on this machine */
#define SIM_KEY "simulated"

static enum bk_err send_sms(void *context, const struct bk_outbox_item *item)
{
    struct bk_app *app = context;
    const char *phone = NULL, *template = NULL;
    bool wanted = true;
    if (!app->sms)
        return BK_EUNSUPPORTED;
    enum bk_err err = bk_unlock_still_wanted(app, item, &wanted);
    if (err != BK_OK || !wanted)
        return err;
    if (bk_json_str(item->payload, "phone", 32, &phone) != BK_OK ||
        bk_json_str(item->payload, "template", 64, &template) != BK_OK)
        return BK_ECORRUPT;
    const struct bk_sms_message message = {.phone = phone,
                                           .template = template,
                                           .params = json_object_get(item->payload, "params"),
                                           .out_id = item->id,
                                           .since = item->created_at};
    err = bk_tell_limit(app, item, phone);
    if (err != BK_OK)
        return err;
    if (item->attempts > 1) {
        err = bk_sms_find(app->sms, &message);
        if (err != BK_ENOTFOUND)
            return err; /* it is there, or we can't know: not a second time */
    }
    return bk_sms_send(app->sms, &message);
}

static enum bk_err tell_contacts(void *context, const struct bk_outbox_item *item)
{
    return bk_unlock_tell_contacts(context, item);
}

static enum bk_err ask_identity(void *context, const struct bk_outbox_item *item)
{
    return bk_verification_ask_provider(context, item);
}

static enum bk_err ask_transfer(void *context, const struct bk_outbox_item *item)
{
    return bk_verification_ask_transfer(context, item);
}

static enum bk_err drop_upload(void *context, const struct bk_outbox_item *item)
{
    return bk_upload_drop(context, item);
}

static enum bk_err forget_orders(void *context, int64_t now)
{
    enum bk_err err = bk_retention_clean(context, now);
    if (err == BK_OK)
        err = bk_unlock_review_clean(context, now);
    return err == BK_OK ? bk_upload_sweep(context, now) : err;
}

static enum bk_err tell_order(void *context, const struct bk_outbox_item *item)
{
    return bk_order_tell_all(context, item);
}

static enum bk_err send_mail(void *context, const struct bk_outbox_item *item)
{
    bool wanted = true;
    enum bk_err err = bk_unlock_still_wanted(context, item, &wanted);
    return err == BK_OK && wanted ? bk_order_send_mail(context, item) : err;
}

static enum bk_err ask_invoice(void *context, const struct bk_outbox_item *item)
{
    return bk_invoice_ask_service(context, item);
}

static enum bk_err ask_after_invoice(void *context, const struct bk_outbox_item *item)
{
    return bk_invoice_ask_after(context, item);
}

static enum bk_err get_invoice(void *context, const struct bk_outbox_item *item)
{
    return bk_invoice_get_files(context, item);
}

static enum bk_err mail_invoice(void *context, const struct bk_outbox_item *item)
{
    return bk_invoice_send(context, item);
}

static enum bk_err send_pin(void *context, const struct bk_outbox_item *item)
{
    return bk_production_send_pin(context, item);
}

static enum bk_err transfer_pin(void *context, const struct bk_outbox_item *item)
{
    return bk_production_transfer_pin(context, item);
}

static enum bk_err transfer_code(void *context, const struct bk_outbox_item *item)
{
    return bk_unlock_transfer(context, item);
}

/* What was written for its work alone. */
static enum bk_err discard(void *context, const struct bk_outbox_item *item)
{
    (void)context;
    (void)item;
    return BK_OK;
}

/* --- payment --- */

static enum bk_err load_order(struct bk_app *app, const struct bk_outbox_item *item,
                              struct bk_order *order)
{
    struct bk_tx *tx = NULL;
    const char *id = NULL;
    if (bk_json_str(item->payload, "order", 26, &id) != BK_OK)
        return BK_ECORRUPT;
    enum bk_err err = bk_tx_look(app->store, &tx);
    if (err == BK_OK)
        err = bk_order_load(tx, id, order);
    bk_tx_rollback(&tx);
    return err;
}

/* What the provider says, in a transaction of its own, the order read anew. */
static enum bk_err take_answer(struct bk_app *app, const char *id, const struct bk_trade *trade)
{
    struct bk_tx *tx = NULL;
    struct bk_order order = {0};
    int64_t now = bk_now_ms();
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_order_load(tx, id, &order);
    if (err == BK_OK)
        err = bk_order_answer(app, tx, &order, trade, now);
    if (err == BK_OK && order.state == BK_ORDER_AWAIT_PAY)
        err = BK_EBUSY; /* nothing was changed */
    if (err == BK_OK || err == BK_EVERIFY) {
        enum bk_err kept = bk_tx_commit(&tx);
        return kept == BK_OK ? err : kept;
    }
    bk_tx_rollback(&tx);
    return err;
}

/* Asks until the order isn't waiting any more: the notice may be lost, and an order ends unpaid
 * only when the provider has said so behind its time. */
static enum bk_err query_payment(void *context, const struct bk_outbox_item *item)
{
    struct bk_app *app = context;
    struct bk_order order;
    struct bk_trade trade;
    enum bk_err err = load_order(app, item, &order);
    if (err != BK_OK)
        return err;
    if (order.state != BK_ORDER_AWAIT_PAY)
        return BK_OK;
    err = bk_pay_query(app->pay, order.id, &trade);
    if (err == BK_ENOTFOUND) {
        trade = (struct bk_trade){.paid = false};
        err = BK_OK;
    }
    return err == BK_OK ? take_answer(app, order.id, &trade) : err;
}

static enum bk_err end_by_time(void *context, const struct bk_outbox_item *item)
{
    struct bk_app *app = context;
    struct bk_tx *tx = NULL;
    struct bk_order order;
    const char *id = NULL;
    int64_t now = bk_now_ms();
    if (bk_json_str(item->payload, "order", 26, &id) != BK_OK)
        return BK_ECORRUPT;
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_order_load(tx, id, &order);
    if (err == BK_OK)
        err = bk_order_expire(app, tx, &order, now);
    return bk_tx_end(&tx, err);
}

static enum bk_err mark_refunded(struct bk_app *app, const char *id, int64_t amount_fen)
{
    struct bk_tx *tx = NULL;
    struct bk_order order;
    const struct bk_audit who = {.actor = "system", .address = ""};
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_order_load(tx, id, &order);
    if (err == BK_OK && order.state != BK_ORDER_REFUNDED) {
        err = bk_order_move(tx, &order, BK_ORDER_REFUNDED, &who, bk_now_ms());
        if (err == BK_OK)
            err = bk_order_tell_refunded(app, tx, &order, amount_fen, bk_now_ms());
    }
    return bk_tx_end(&tx, err);
}

/* How much it was that closing the payment gave back, the provider is asked by the refund's task.
 */
static enum bk_err find_given_back(struct bk_app *app, const char *id)
{
    struct bk_tx *tx = NULL;
    struct bk_order order;
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_order_load(tx, id, &order);
    if (err == BK_OK)
        err = bk_order_given_back(app, tx, &order, bk_now_ms());
    return bk_tx_end(&tx, err);
}

static enum bk_err cancel_payment(void *context, const struct bk_outbox_item *item)
{
    struct bk_app *app = context;
    struct bk_order order;
    bool refunded = false;
    enum bk_err err = load_order(app, item, &order);
    if (err != BK_OK || order.state == BK_ORDER_REFUNDED)
        return err;
    err = bk_pay_cancel(app->pay, order.id, &refunded);
    if (err == BK_OK && refunded)
        err = find_given_back(app, order.id);
    return err == BK_ENOTFOUND ? BK_OK : err;
}

/* Only for what is known to have been paid, and as much as that was: a trade that is closed by now
 * has been given back, by a refund whose answer was lost or by the cancelling of its order. */
static enum bk_err refund_payment(void *context, const struct bk_outbox_item *item)
{
    struct bk_app *app = context;
    struct bk_order order;
    struct bk_trade trade = {0};
    enum bk_err err = load_order(app, item, &order);
    if (err == BK_OK && order.state == BK_ORDER_REFUNDED)
        return BK_OK;
    if (err == BK_OK && !bk_order_may(order.state, BK_ORDER_REFUNDED))
        err = BK_ESTATE; /* before any money moves */
    if (err == BK_OK)
        err = bk_pay_query(app->pay, order.id, &trade);
    if (err == BK_OK && !trade.closed)
        err = bk_pay_refund(app->pay, order.id, trade.amount_fen);
    return err == BK_OK ? mark_refunded(app, order.id, trade.amount_fen) : err;
}

/* A slow payment provider mustn't delay codes: it has a lane of its own. Money is owed for as long
 * as it isn't paid back or known not to have been paid; a code's time is over. */
enum { LANE_MESSAGES, LANE_PAYMENT, LANE_IDENTITY, LANE_MAIL };
static const struct bk_outbox_kind kinds[] = {
    {"sms", LANE_MESSAGES, send_sms, false, NULL},
    {"unlock-contacts", LANE_MESSAGES, tell_contacts, false, NULL},
    {"discard", LANE_MESSAGES, discard, false, NULL},
    {"order-tell", LANE_MESSAGES, tell_order, false, NULL},
    {"first-pin", LANE_MESSAGES, send_pin, true, NULL},
    {"mail", LANE_MAIL, send_mail, false, NULL},
    {"invoice", LANE_MAIL, ask_invoice, true, NULL},
    {"invoice-query", LANE_MAIL, ask_after_invoice, true, NULL},
    {"invoice-files", LANE_MAIL, get_invoice, true, NULL},
    {"invoice-mail", LANE_MAIL, mail_invoice, true, NULL},
    {"pay-query", LANE_PAYMENT, query_payment, true, NULL},
    {"pay-cancel", LANE_PAYMENT, cancel_payment, true, NULL},
    {"refund", LANE_PAYMENT, refund_payment, true, NULL},
    {"order-time", LANE_PAYMENT, end_by_time, true, NULL},
    {"identity", LANE_IDENTITY, ask_identity, false, NULL},
    {"transfer", LANE_IDENTITY, ask_transfer, false, NULL},
    {"first-pin-transfer", LANE_IDENTITY, transfer_pin, true, NULL},
    {"unlock-transfer", LANE_IDENTITY, transfer_code, false, NULL},
    {"upload-drop", LANE_IDENTITY, drop_upload, true, forget_orders},
};

/* The secret of a service: from the file that its section names, without its line end, else the
 * simulator's. */
static enum bk_err read_secret(const struct bk_work_options *o, const char *section,
                               struct bk_buf *secret, const char **text)
{
    const char *file = bk_config_get(o->config, section, "secret-file", NULL);
    *text = SIM_KEY;
    if (!file) {
        o->app->simulated = true;
        return BK_OK;
    }
    enum bk_err err = bk_file_read(file, 256, secret);
    if (err == BK_OK)
        err = bk_buf_cstr(secret, text);
    if (err == BK_OK)
        secret->data[strcspn(*text, "\r\n")] = 0;
    return err;
}

static enum bk_err open_sms(const struct bk_work_options *o)
{
    struct bk_buf secret = BK_BUF_INIT;
    const char *url = o->sms_url ? o->sms_url : bk_config_get(o->config, "sms", "url", NULL);
    const char *text = NULL;
    if (!url)
        return BK_OK;
    enum bk_err err = read_secret(o, "sms", &secret, &text);
    const struct bk_sms_options sms = {.url = url,
                                       .ca_file = bk_config_get(o->config, "sms", "ca-file", NULL),
                                       .key_id = bk_config_get(o->config, "sms", "key-id", SIM_KEY),
                                       .secret = text,
                                       .sign_name =
                                           bk_config_get(o->config, "sms", "sign-name", "示例CA")};
    if (err == BK_OK)
        err = bk_sms_new(&sms, &o->app->sms);
    bk_buf_free(&secret);
    return err;
}

static enum bk_err open_identity(const struct bk_work_options *o)
{
    struct bk_buf secret = BK_BUF_INIT;
    const char *url =
        o->identity_url ? o->identity_url : bk_config_get(o->config, "identity", "url", NULL);
    const char *text = NULL;
    if (!url)
        return BK_OK;
    enum bk_err err = read_secret(o, "identity", &secret, &text);
    const struct bk_identity_options options = {
        .url = url,
        .ca_file = bk_config_get(o->config, "identity", "ca-file", NULL),
        .key_id = bk_config_get(o->config, "identity", "key-id", SIM_KEY),
        .secret = text};
    if (err == BK_OK)
        err = bk_identity_new(&options, &o->app->identity);
    bk_buf_free(&secret);
    return err;
}

static enum bk_err open_pay(const struct bk_work_options *o)
{
    char key[PATH_MAX], ca[PATH_MAX], notify[320];
    struct bk_buf tls_ca = BK_BUF_INIT;
    const char *url = o->pay_url ? o->pay_url : bk_config_get(o->config, "pay", "url", NULL);
    const char *provider = bk_config_get(o->config, "pay", "provider-key", NULL);
    const char *pem = "";
    if (!url)
        return BK_OK;
    int a = snprintf(key, sizeof key, "%s/secrets/pay.key", o->data);
    int b = snprintf(ca, sizeof ca, "%s/tls-ca.pem", o->data);
    (void)snprintf(notify, sizeof notify, "%s/v1/pay/notify", o->app->origin);
    if (a <= 0 || (size_t)a >= sizeof key || b <= 0 || (size_t)b >= sizeof ca)
        return BK_ELIMIT;
    enum bk_err err = bk_file_read(ca, (size_t)32 * 1024, &tls_ca);
    if (err == BK_ENOTFOUND)
        err = BK_OK; /* the certificate is from somewhere else, known to the system */
    if (err == BK_OK && tls_ca.len)
        err = bk_buf_cstr(&tls_ca, &pem);
    const struct bk_pay_options pay = {
        .url = url,
        .ca_file = bk_config_get(o->config, "pay", "ca-file", NULL),
        .app_id = bk_config_get(o->config, "pay", "app-id", "2021000000000000"),
        .key_file = bk_config_get(o->config, "pay", "key", key),
        .provider_file = provider,
        .simulator = !provider,
        .tls_ca = pem,
        .notify_url = bk_config_get(o->config, "pay", "notify-url", notify)};
    if (err == BK_OK)
        err = bk_pay_new(&pay, &o->app->pay);
    if (!provider)
        o->app->simulated = true;
    bk_buf_free(&tls_ca);
    return err;
}

static enum bk_err open_invoice(const struct bk_work_options *o)
{
    char notify[320];
    struct bk_buf secret = BK_BUF_INIT;
    const char *url =
        o->invoice_url ? o->invoice_url : bk_config_get(o->config, "invoice", "url", NULL);
    const char *text = NULL;
    if (!url)
        return BK_OK;
    (void)snprintf(notify, sizeof notify, "%s/v1/invoice/notify", o->app->origin);
    enum bk_err err = read_secret(o, "invoice", &secret, &text);
    const struct bk_invoice_options options = {
        .url = url,
        .ca_file = bk_config_get(o->config, "invoice", "ca-file", NULL),
        .key_id = bk_config_get(o->config, "invoice", "key-id", SIM_KEY),
        .secret = text,
        .tax_code = bk_config_get(o->config, "invoice", "tax-code", "3040203000000000000"),
        .tax_rate = bk_config_get(o->config, "invoice", "tax-rate", "0.06"),
        .notify_url = bk_config_get(o->config, "invoice", "notify-url", notify)};
    if (err == BK_OK)
        err = bk_invoice_new(&options, &o->app->invoice);
    bk_buf_free(&secret);
    return err;
}

static enum bk_err open_mail(const struct bk_work_options *o)
{
    struct bk_buf password = BK_BUF_INIT;
    const char *file = bk_config_get(o->config, "mail", "password-file", NULL), *text = NULL;
    const char *url = bk_config_get(o->config, "mail", "url", NULL);
    bool plain = false;
    if (!url) {
        bk_log(BK_LOG_INFO, "no [mail] is configured: customers are told by text messages alone");
        return BK_OK;
    }
    enum bk_err err = bk_config_bool(o->config, "mail", "plain", false, &plain);
    if (err == BK_OK && file)
        err = bk_file_read(file, 256, &password);
    if (err == BK_OK && file)
        err = bk_buf_cstr(&password, &text);
    if (err == BK_OK && file)
        password.data[strcspn(text, "\r\n")] = 0;
    const struct bk_mail_options options = {
        .smtp = {.url = url,
                 .ca_file = bk_config_get(o->config, "mail", "ca-file", NULL),
                 .user = bk_config_get(o->config, "mail", "user", NULL),
                 .password = text,
                 .plain = plain},
        .from = bk_config_get(o->config, "mail", "from", ""),
        .name = bk_config_get(o->config, "mail", "name", o->app->name)};
    if (err == BK_OK)
        err = bk_mail_new(&options, &o->app->mail);
    bk_buf_free(&password);
    return err;
}

enum bk_err bk_work_start(const struct bk_work_options *o, char *why, size_t size)
{
    enum bk_err err = open_sms(o);
    if (err != BK_OK)
        (void)snprintf(why, size, "SMS service (%s)", bk_err_name(err));
    if (err == BK_OK && (err = open_pay(o)) != BK_OK)
        (void)snprintf(why, size, "payment service (%s)", bk_err_name(err));
    if (err == BK_OK && (err = open_identity(o)) != BK_OK)
        (void)snprintf(why, size, "identity service (%s)", bk_err_name(err));
    if (err == BK_OK && (err = open_invoice(o)) != BK_OK)
        (void)snprintf(why, size, "invoice service (%s)", bk_err_name(err));
    if (err == BK_OK && (err = open_mail(o)) != BK_OK)
        (void)snprintf(why, size, "[mail]: from is an address, plain yes or no (%s)",
                       bk_err_name(err));
    if (err == BK_OK)
        err = bk_outbox_start(o->app->store, o->app->escrow, kinds, sizeof kinds / sizeof *kinds,
                              o->app, o->app->policy.lease_ms, &o->app->outbox);
    return err;
}

void bk_work_stop(struct bk_app *app)
{
    bk_outbox_stop(&app->outbox);
    bk_sms_free(&app->sms);
    bk_pay_free(&app->pay);
    bk_identity_free(&app->identity);
    bk_mail_free(&app->mail);
    bk_invoice_free(&app->invoice);
}
