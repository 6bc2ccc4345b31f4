/* SPDX-License-Identifier: Apache-2.0 */
#include "server/order_tell.h"

#include <stdio.h>
#include <string.h>

#include "server/application.h"
#include "server/fill.h"
#include "server/ident.h"
#include "server/mail.h"
#include "server/production.h"
#include "server/review.h"
#include "server/rsa2.h"
#include "server/session.h"
#include "server/tell.h"
#include "server/verification.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)

/* sms: the template. The mail says more. */
static const struct message {
    const char *sms, *subject, *zh, *en;
} messages[BK_ORDER_STATES] = {
    [BK_ORDER_IN_REVIEW] = {"order-in-review", "证书订单审核中",
                            "${company}的证书订单 ${order} 已进入审核，预计于 ${time} 前完成。",
                            "Order ${order} of ${company} is in review, to be done by ${time}"
                            " (UTC+8)."},
    [BK_ORDER_REJECTED] = {"order-rejected", "证书订单审核未通过",
                           "${company}的证书订单 ${order} 审核未通过，原因：${reason}\n"
                           "请登录自助平台修改后重新提交，无需再次付款。",
                           "Order ${order} of ${company} was not approved: ${reason}\n"
                           "Correct it and submit it again; it isn't paid again."},
    [BK_ORDER_APPROVED] = {"order-approved", "证书订单审核通过",
                           "${company}的证书订单 ${order} 已审核通过。",
                           "Order ${order} of ${company} has been approved."},
    [BK_ORDER_READY] =
        {"order-ready", "证书密钥可领取",
         "${company}的证书密钥已制作完成，请订单经办人本人携带证件领取。订单 ${order}。",
         "The key of order ${order} is ready: its operator collects it in person."},
    [BK_ORDER_SHIPPED] = {"order-shipped", "证书密钥已寄出",
                          "${company}的证书密钥已由${courier}寄出，运单号 ${tracking}。订单"
                          " ${order}。",
                          "The key of order ${order} is on its way: ${courier} ${tracking}."},
    [BK_ORDER_CANCELLED] = {"order-cancelled", "证书订单已取消",
                            "${company}的证书订单 ${order} 已取消。",
                            "Order ${order} of ${company} has been cancelled."},
    [BK_ORDER_EXPIRED] = {"order-expired", "证书订单已过期",
                          "${company}的证书订单 ${order} 未在期限内完成，已过期。",
                          "Order ${order} of ${company} wasn't completed in time, and is over."},
    [BK_ORDER_REFUNDED] = {"order-refunded", "证书订单已退款",
                           "${company}的证书订单 ${order} 已退款 ${amount} 元。",
                           "CNY ${amount} of order ${order} of ${company} have been given back."},
};

static enum bk_err plan(struct bk_app *app, struct bk_tx *tx, const struct bk_order *order,
                        int64_t amount_fen, int64_t now)
{
    char dedupe[64];
    bool any = false;
    if (!messages[order->state].sms)
        return BK_OK;
    /* whose application is forgotten by now isn't told any more */
    enum bk_err err = bk_tx_any(tx, "SELECT 1 FROM order_phones WHERE order_id = $1",
                                BK_VALS(bk_text(order->id)), &any);
    if (err != BK_OK || !any)
        return err;
    (void)snprintf(dedupe, sizeof dedupe, "order-tell:%s:%lld", order->id,
                   (long long)order->version);
    return bk_outbox_add(tx, app->escrow, "order-tell", dedupe,
                         json_pack("{s:s, s:s, s:I}", "order", order->id, "state",
                                   bk_order_state_name(order->state), "amount_fen",
                                   (json_int_t)amount_fen),
                         now, now + DAY_MS);
}

enum bk_err bk_order_tell(struct bk_app *app, struct bk_tx *tx, const struct bk_order *order,
                          int64_t now)
{
    return plan(app, tx, order, order->amount_fen, now);
}

enum bk_err bk_order_tell_refunded(struct bk_app *app, struct bk_tx *tx,
                                   const struct bk_order *order, int64_t amount_fen, int64_t now)
{
    return plan(app, tx, order, amount_fen, now);
}

/* --- the worker's part --- */

struct telling {
    struct bk_app *app;
    struct bk_tx *tx;
    const char *cause; /* the item's id */
    const struct message *message;
    struct bk_order order;
    struct bk_application application;
    json_t *params;
    bool known;                        /* whose it is, and with that who may be told */
    char applicant[BK_PHONE_HASH + 1]; /* "": it was asked for with a certificate */
    int64_t amount_fen, now;
};

static enum bk_err make_params(struct telling *t)
{
    char amount[BK_MONEY], due[32], company[BK_QUOTED];
    struct bk_review review;
    struct bk_production production;
    enum bk_err err = bk_review_newest(t->tx, t->order.id, &review);
    if (err == BK_OK || err == BK_ENOTFOUND)
        err = bk_production_find(t->tx, t->order.id, &production);
    if (err != BK_OK && err != BK_ENOTFOUND)
        return err;
    bk_money_text(t->amount_fen, amount);
    bk_china_time(review.due_at, BK_TO_READ, due);
    bk_tell_quote(bk_application_text(t->application.details, "company", "name"), company);
    t->params = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "company", company, "order",
                          t->order.id, "amount", amount, "time", due, "reason", review.reason,
                          "courier", production.courier, "tracking", production.tracking);
    return t->params ? BK_OK : BK_ENOMEM;
}

/* Numbered, for what is told once stands in clear. */
static enum bk_err tell_phone(const struct telling *t, size_t number, const char *phone)
{
    char dedupe[64];
    (void)snprintf(dedupe, sizeof dedupe, "%s:%zu", t->cause, number);
    const struct bk_tell tell = {.dedupe = dedupe,
                                 .phone = phone,
                                 .template = t->message->sms,
                                 .now = t->now,
                                 .expires_at = t->now + DAY_MS};
    return bk_tell_sms(t->app, t->tx, &tell, json_incref(t->params));
}

static enum bk_err tell_address(const struct telling *t, size_t number, const char *email)
{
    char dedupe[64];
    struct bk_buf text = BK_BUF_INIT;
    const char *plain = NULL;
    (void)snprintf(dedupe, sizeof dedupe, "mail:%s:%zu", t->cause, number);
    enum bk_err err = bk_fill(t->message->zh, t->params, &text);
    if (err == BK_OK)
        err = bk_buf_put_str(&text, "\n\n");
    if (err == BK_OK)
        err = bk_fill(t->message->en, t->params, &text);
    if (err == BK_OK && t->app->simulated)
        err = bk_buf_put_str(&text, "\n\n演示环境：外部服务均为模拟。 Outside services are"
                                    " simulated.");
    if (err == BK_OK)
        err = bk_buf_cstr(&text, &plain);
    if (err == BK_OK)
        err = bk_outbox_add(t->tx, t->app->escrow, "mail", dedupe,
                            json_pack("{s:s, s:s, s:s}", "to", email, "subject",
                                      t->message->subject, "text", plain),
                            t->now, t->now + DAY_MS);
    bk_buf_free(&text);
    return err;
}

static enum bk_err look_who(struct telling *t)
{
    struct bk_rows row = BK_ROWS_INIT;
    enum bk_err err = bk_verification_known(t->tx, t->order.id, &t->known);
    if (err == BK_OK)
        err = bk_tx_query(t->tx,
                          "SELECT phone_hash FROM order_phones WHERE order_id = $1"
                          " AND role = 'applicant'",
                          BK_VALS(bk_text(t->order.id)), &row);
    if (err == BK_OK && row.count)
        bk_row_copy(&row, 0, 0, t->applicant, sizeof t->applicant);
    bk_rows_free(&row);
    return err;
}

/* Anybody can fill in anybody. As long as nobody knows whose the order is, it is told to the phone
 * alone that it was asked for with. */
static enum bk_err is_told(const struct telling *t, const char *phone, bool *is)
{
    char hash[BK_PHONE_HASH + 1];
    enum bk_err err = bk_phone_hash(t->app->escrow, t->application.org_code, phone, hash);
    *is = err == BK_OK && (t->known || strcmp(hash, t->applicant) == 0);
    return err;
}

static enum bk_err tell_one(const struct telling *t, size_t number, const json_t *person)
{
    const char *phone = json_string_value(json_object_get(person, "phone"));
    const char *email = json_string_value(json_object_get(person, "email"));
    bool is = false;
    enum bk_err err = phone ? is_told(t, phone, &is) : BK_OK;
    if (err == BK_OK && is)
        err = tell_phone(t, number, phone);
    return err == BK_OK && t->known && email && t->app->mail ? tell_address(t, number, email) : err;
}

static enum bk_err tell(struct telling *t)
{
    const json_t *d = t->application.details, *contacts = json_object_get(d, "contacts");
    enum bk_err err = make_params(t);
    if (err == BK_OK)
        err = look_who(t);
    if (err == BK_OK)
        err = tell_one(t, 0, json_object_get(d, "operator"));
    for (size_t i = 0; err == BK_OK && i < json_array_size(contacts); i++)
        err = tell_one(t, i + 1, json_array_get(contacts, i));
    return err;
}

enum bk_err bk_order_tell_all(struct bk_app *app, const struct bk_outbox_item *item)
{
    struct telling t = {.app = app, .cause = item->id, .now = bk_now_ms()};
    const char *id = NULL, *state = NULL;
    if (bk_json_str(item->payload, "order", BK_ULID, &id) != BK_OK ||
        bk_json_str(item->payload, "state", 16, &state) != BK_OK ||
        bk_order_state_parse(state) == BK_ORDER_STATES)
        return BK_ECORRUPT;
    enum bk_err amount = bk_json_int(item->payload, "amount_fen", 0, INT64_MAX, &t.amount_fen);
    if (amount != BK_OK && amount != BK_ENOTFOUND)
        return BK_ECORRUPT;
    t.message = &messages[bk_order_state_parse(state)];
    enum bk_err err = bk_tx_begin(app->store, &t.tx);
    if (err == BK_OK)
        err = bk_order_load(t.tx, id, &t.order);
    if (amount == BK_ENOTFOUND) /* written before it was kept */
        t.amount_fen = t.order.amount_fen;
    if (err == BK_OK)
        err = bk_application_load(t.tx, app->escrow, id, &t.application);
    if (err == BK_OK)
        err = tell(&t);
    if (err == BK_OK)
        err = bk_tx_commit(&t.tx);
    bk_tx_rollback(&t.tx);
    bk_application_free(&t.application);
    json_decref(t.params);
    return err;
}

enum bk_err bk_order_send_mail(struct bk_app *app, const struct bk_outbox_item *item)
{
    struct bk_mail_message m = {.id = item->id, .at = item->created_at};
    if (!app->mail)
        return BK_EUNSUPPORTED;
    if (bk_json_str(item->payload, "to", 254, &m.to) != BK_OK ||
        bk_json_str(item->payload, "subject", 256, &m.subject) != BK_OK ||
        bk_json_str(item->payload, "text", 8192, &m.text) != BK_OK)
        return BK_ECORRUPT;
    enum bk_err err = bk_tell_limit(app, item, m.to);
    return err == BK_OK ? bk_mail_send(app->mail, &m) : err;
}
