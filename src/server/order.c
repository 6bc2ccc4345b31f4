/* SPDX-License-Identifier: Apache-2.0 */
#include "server/order.h"

#include <stdio.h>
#include <string.h>

#include "server/invoices.h"
#include "server/order_tell.h"
#include "server/outbox.h"
#include "server/review.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)

static const char *const names[BK_ORDER_STATES] = {
    "DRAFT",   "VERIFYING", "VERIFIED", "UPLOADED",  "SIGNED",    "AWAIT_PAY",
    "PAID",    "IN_REVIEW", "REJECTED", "APPROVED",  "PRODUCING", "READY",
    "SHIPPED", "ISSUED",    "DONE",     "CANCELLED", "EXPIRED",   "REFUNDED"};

#define TO(state) (1u << BK_ORDER_##state)

/* What each state may become. A renewal goes AWAIT_PAY, PAID, ISSUED, DONE. */
static const unsigned allowed[BK_ORDER_STATES] = {
    /* refunded up to UPLOADED: paid, rejected and begun again */
    [BK_ORDER_DRAFT] = TO(VERIFYING) | TO(CANCELLED) | TO(EXPIRED) | TO(REFUNDED),
    /* back: what didn't match is corrected */
    [BK_ORDER_VERIFYING] = TO(VERIFIED) | TO(DRAFT) | TO(CANCELLED) | TO(EXPIRED) | TO(REFUNDED),
    [BK_ORDER_VERIFIED] = TO(UPLOADED) | TO(CANCELLED) | TO(EXPIRED) | TO(REFUNDED),
    /* in review: it is paid */
    [BK_ORDER_UPLOADED] = TO(SIGNED) | TO(IN_REVIEW) | TO(CANCELLED) | TO(EXPIRED) | TO(REFUNDED),
    [BK_ORDER_SIGNED] = TO(AWAIT_PAY) | TO(CANCELLED) | TO(EXPIRED),
    [BK_ORDER_AWAIT_PAY] = TO(PAID) | TO(CANCELLED) | TO(EXPIRED),
    [BK_ORDER_PAID] = TO(ISSUED) | TO(IN_REVIEW) | TO(REFUNDED),
    [BK_ORDER_IN_REVIEW] = TO(APPROVED) | TO(REJECTED) | TO(REFUNDED),
    /* back: whose it is was changed, and is verified anew */
    [BK_ORDER_REJECTED] = TO(UPLOADED) | TO(DRAFT) | TO(REFUNDED),
    [BK_ORDER_APPROVED] = TO(PRODUCING) | TO(ISSUED) | TO(REFUNDED),
    [BK_ORDER_PRODUCING] = TO(READY) | TO(SHIPPED),
    /* back: the key was put aside, or lost on its way, and another is made */
    [BK_ORDER_READY] = TO(DONE) | TO(PRODUCING),
    [BK_ORDER_SHIPPED] = TO(DONE) | TO(PRODUCING),
    /* revoked before the key's report */
    [BK_ORDER_ISSUED] = TO(DONE) | TO(REFUNDED),
    [BK_ORDER_DONE] = 0,
    /* paid too late, or while it was being cancelled */
    [BK_ORDER_CANCELLED] = TO(REFUNDED),
    [BK_ORDER_EXPIRED] = TO(REFUNDED),
    [BK_ORDER_REFUNDED] = 0,
};

/* How an order ends before its work is done: END_UNPAID, one that is paid all the same is refunded.
 */
enum end { END_NOT, END_UNPAID, END_REFUND, END_DONE };

/* What its customer and what its time makes of an order in each state. */
static const struct {
    enum end customer, time;
} ends[BK_ORDER_STATES] = {
    [BK_ORDER_DRAFT] = {END_UNPAID, END_UNPAID},
    [BK_ORDER_VERIFYING] = {END_UNPAID, END_UNPAID},
    [BK_ORDER_VERIFIED] = {END_UNPAID, END_UNPAID},
    [BK_ORDER_UPLOADED] = {END_UNPAID, END_UNPAID},
    [BK_ORDER_SIGNED] = {END_UNPAID, END_UNPAID},
    [BK_ORDER_AWAIT_PAY] = {END_UNPAID, END_UNPAID},
    [BK_ORDER_PAID] = {END_REFUND, END_REFUND},
    [BK_ORDER_IN_REVIEW] = {END_REFUND, END_REFUND},
    [BK_ORDER_REJECTED] = {END_REFUND, END_REFUND},
    [BK_ORDER_APPROVED] = {END_REFUND, END_REFUND},
    /* there are a key and certificates: docs/operations.md, "How orders end" */
    [BK_ORDER_PRODUCING] = {END_NOT, END_NOT},
    [BK_ORDER_READY] = {END_NOT, END_NOT},
    [BK_ORDER_SHIPPED] = {END_NOT, END_DONE}, /* it has arrived by then */
    [BK_ORDER_ISSUED] = {END_NOT, END_NOT},
};

static enum end end_of(const struct bk_order *order, enum end end)
{
    return end == END_UNPAID && order->paid_at ? END_REFUND : end;
}

const char *bk_order_state_name(enum bk_order_state state)
{
    return state < BK_ORDER_STATES ? names[state] : "?";
}

enum bk_order_state bk_order_state_parse(const char *name)
{
    unsigned i = 0;
    while (i < BK_ORDER_STATES && strcmp(names[i], name) != 0)
        i++;
    return (enum bk_order_state)i;
}

bool bk_order_unfinished(enum bk_order_state state)
{
    return state == BK_ORDER_DRAFT || state == BK_ORDER_VERIFYING || state == BK_ORDER_VERIFIED ||
           state == BK_ORDER_UPLOADED || state == BK_ORDER_SIGNED;
}

bool bk_order_may(enum bk_order_state from, enum bk_order_state to)
{
    return from < BK_ORDER_STATES && to < BK_ORDER_STATES && allowed[from] & 1u << to;
}

static enum bk_err note(struct bk_tx *tx, const struct bk_order *order, const struct bk_audit *who,
                        const char *action, const char *detail)
{
    char object[48];
    (void)snprintf(object, sizeof object, "order:%s", order->id);
    const struct bk_audit entry = {.actor = who->actor,
                                   .address = who->address,
                                   .action = action,
                                   .object = object,
                                   .detail = detail};
    return bk_audit_add(tx, &entry);
}

/* The provider is asked, and says it, again and again. The index has this action alone. */
static enum bk_err note_wrong_amount(struct bk_tx *tx, const struct bk_order *order,
                                     const struct bk_audit *who, const char *detail)
{
    char object[48];
    bool noted = false;
    (void)snprintf(object, sizeof object, "order:%s", order->id);
    enum bk_err err =
        bk_tx_any(tx,
                  "SELECT 1 FROM audit WHERE action = 'order.wrong-amount' AND object = $1"
                  " AND detail = $2",
                  BK_VALS(bk_text(object), bk_text(detail)), &noted);
    return err == BK_OK && !noted ? note(tx, order, who, "order.wrong-amount", detail) : err;
}

enum bk_err bk_order_add(struct bk_tx *tx, const struct bk_order *o, const struct bk_audit *who)
{
    enum bk_err err = bk_tx_exec(
        tx,
        "INSERT INTO orders (id, type, state, version, key_serial, container, algorithm,"
        " old_certificate, amount_fen, created_at, expires_at, updated_at, old_not_after,"
        " new_not_after, paid_at, round)"
        " VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9, $10, $9, $11, $12, 0, 0)",
        BK_VALS(bk_text(o->id), bk_text(o->type), bk_text(names[o->state]), bk_text(o->key_serial),
                bk_text(o->container), bk_text(o->algorithm), bk_text(o->old_certificate),
                bk_int(o->amount_fen), bk_int(o->created_at), bk_int(o->expires_at),
                bk_int(o->old_not_after), bk_int(o->new_not_after)),
        NULL);
    return err == BK_OK ? note(tx, o, who, "order.created", names[o->state]) : err;
}

#define COLUMNS                                                                                    \
    "SELECT id, type, state, version, key_serial, container, algorithm, old_certificate,"          \
    " new_certificate, amount_fen, created_at, expires_at, old_not_after, new_not_after, paid_at," \
    " round, qr_code, qr_made_at FROM orders"

static enum bk_err load(struct bk_tx *tx, const char *sql, const char *value, struct bk_order *o)
{
    struct bk_rows r = BK_ROWS_INIT;
    enum bk_err err = bk_tx_get(tx, sql, BK_VALS(bk_text(value)), &r);
    memset(o, 0, sizeof *o); /* not before: value may stand in it */
    if (err == BK_OK) {
        bk_row_copy(&r, 0, 0, o->id, sizeof o->id);
        bk_row_copy(&r, 0, 1, o->type, sizeof o->type);
        o->state = bk_order_state_parse(bk_row_text(&r, 0, 2));
        o->version = bk_row_int(&r, 0, 3);
        bk_row_copy(&r, 0, 4, o->key_serial, sizeof o->key_serial);
        bk_row_copy(&r, 0, 5, o->container, sizeof o->container);
        bk_row_copy(&r, 0, 6, o->algorithm, sizeof o->algorithm);
        bk_row_copy(&r, 0, 7, o->old_certificate, sizeof o->old_certificate);
        bk_row_copy(&r, 0, 8, o->new_certificate, sizeof o->new_certificate);
        o->amount_fen = bk_row_int(&r, 0, 9);
        o->created_at = bk_row_int(&r, 0, 10);
        o->expires_at = bk_row_int(&r, 0, 11);
        o->old_not_after = bk_row_int(&r, 0, 12);
        o->new_not_after = bk_row_int(&r, 0, 13);
        o->paid_at = bk_row_int(&r, 0, 14);
        o->round = bk_row_int(&r, 0, 15);
        bk_row_copy(&r, 0, 16, o->qr_code, sizeof o->qr_code);
        o->qr_made_at = bk_row_int(&r, 0, 17);
        err = o->state == BK_ORDER_STATES ? BK_ECORRUPT : BK_OK;
    }
    bk_rows_free(&r);
    return err;
}

enum bk_err bk_order_load(struct bk_tx *tx, const char *id, struct bk_order *order)
{
    return load(tx, COLUMNS " WHERE id = $1", id, order);
}

enum bk_err bk_order_open_for(struct bk_tx *tx, const char *certificate, struct bk_order *order)
{
    return load(tx, COLUMNS " WHERE old_certificate = $1 AND state IN (" BK_ORDER_OPEN ")",
                certificate, order);
}

enum bk_err bk_order_paid_for(struct bk_tx *tx, const char *certificate, struct bk_order *order)
{
    enum bk_err err = bk_order_open_for(tx, certificate, order);
    return err == BK_OK && !order->paid_at ? BK_ENOTFOUND : err;
}

enum bk_err bk_order_save(struct bk_tx *tx, struct bk_order *o, int64_t now)
{
    enum bk_err err = bk_tx_write(
        tx, BK_CHANGES,
        "UPDATE orders SET state = $1, new_certificate = $2, new_not_after = $3, qr_code = $4,"
        " paid_at = $5, round = $6, updated_at = $7, qr_made_at = $8, algorithm = $9,"
        " amount_fen = $10, expires_at = $11, key_serial = $12, version = version + 1"
        " WHERE id = $13 AND version = $14",
        BK_VALS(bk_text(names[o->state]), bk_text(*o->new_certificate ? o->new_certificate : NULL),
                bk_int(o->new_not_after), bk_text(*o->qr_code ? o->qr_code : NULL),
                bk_int(o->paid_at), bk_int(o->round), bk_int(now), bk_int(o->qr_made_at),
                bk_text(o->algorithm), bk_int(o->amount_fen), bk_int(o->expires_at),
                bk_text(o->key_serial), bk_text(o->id), bk_int(o->version)));
    o->version++;
    return err;
}

enum bk_err bk_order_move(struct bk_tx *tx, struct bk_order *order, enum bk_order_state to,
                          const struct bk_audit *who, int64_t now)
{
    char detail[48];
    bool refunding = false;
    bool lost = order->paid_at && (to == BK_ORDER_CANCELLED || to == BK_ORDER_EXPIRED);
    if (!bk_order_may(order->state, to) || lost)
        return BK_ESTATE;
    if (to == BK_ORDER_PRODUCING) { /* from there its money doesn't go back */
        enum bk_err asked = bk_order_refunding(tx, order, &refunding);
        if (asked != BK_OK || refunding)
            return asked == BK_OK ? BK_ESTATE : asked;
    }
    (void)snprintf(detail, sizeof detail, "%s to %s", names[order->state], names[to]);
    order->state = to;
    enum bk_err err = bk_order_save(tx, order, now);
    return err == BK_OK ? note(tx, order, who, "order.state", detail) : err;
}

static const struct bk_audit system_itself = {.actor = "system", .address = ""};

static enum bk_err add_task(struct bk_app *app, struct bk_tx *tx, const struct bk_order *order,
                            const char *kind, int64_t now)
{
    char dedupe[64];
    (void)snprintf(dedupe, sizeof dedupe, "%s:%s", kind, order->id);
    int64_t from = strcmp(kind, "pay-query") == 0 ? order->expires_at : now;
    return bk_outbox_add(tx, app->escrow, kind, dedupe, json_pack("{s:s}", "order", order->id), now,
                         from + DAY_MS); /* staff are told then */
}

enum bk_err bk_order_watch(struct bk_app *app, struct bk_tx *tx, const struct bk_order *order,
                           int64_t now)
{
    char dedupe[64];
    int64_t at = order->expires_at < now ? now : order->expires_at;
    (void)snprintf(dedupe, sizeof dedupe, "order-time:%s:%lld", order->id,
                   (long long)order->expires_at);
    return bk_outbox_add_later(tx, app->escrow, "order-time", dedupe,
                               json_pack("{s:s}", "order", order->id), now, at + 1, at + DAY_MS);
}

enum bk_err bk_order_owe(struct bk_app *app, struct bk_tx *tx, struct bk_order *order, int64_t now)
{
    order->expires_at = now + app->policy.fulfil_ms;
    return bk_order_watch(app, tx, order, now);
}

/* One that a version before left behind had no time once it was paid: it has it from there on. */
static int64_t time_of(const struct bk_app *app, const struct bk_order *order)
{
    bool owed = order->state == BK_ORDER_PAID || order->state == BK_ORDER_IN_REVIEW ||
                order->state == BK_ORDER_APPROVED;
    int64_t least = owed ? order->paid_at + app->policy.fulfil_ms : 0;
    return order->expires_at > least ? order->expires_at : least;
}

enum bk_err bk_order_ask(struct bk_app *app, struct bk_tx *tx, const struct bk_order *order,
                         int64_t now)
{
    return add_task(app, tx, order, "pay-query", now);
}

enum bk_err bk_order_cancel(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                            const struct bk_audit *who, int64_t now)
{
    enum bk_err err = bk_order_move(tx, order, BK_ORDER_CANCELLED, who, now);
    if (err == BK_OK)
        err = bk_order_tell(app, tx, order, now);
    if (err == BK_OK && *order->qr_code)
        err = add_task(app, tx, order, "pay-cancel", now);
    return err;
}

enum bk_err bk_order_give_up(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                             const struct bk_audit *who, int64_t now)
{
    switch (end_of(order, ends[order->state].customer)) {
    case END_UNPAID:
        return bk_order_cancel(app, tx, order, who, now);
    case END_REFUND:
        return bk_order_refund(app, tx, order, who, "given up by its customer", now);
    default:
        return BK_ESTATE;
    }
}

enum bk_err bk_order_unpaid(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                            int64_t now)
{
    if (order->state != BK_ORDER_AWAIT_PAY || now <= order->expires_at)
        return BK_OK;
    enum bk_err err = bk_order_move(tx, order, BK_ORDER_EXPIRED, &system_itself, now);
    if (err == BK_OK)
        err = bk_order_tell(app, tx, order, now);
    if (err == BK_OK && *order->qr_code)
        err = add_task(app, tx, order, "pay-cancel", now);
    return err;
}

enum bk_err bk_order_expire(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                            int64_t now)
{
    enum bk_err err = BK_OK;
    enum end end = now > time_of(app, order) ? end_of(order, ends[order->state].time) : END_NOT;
    if (end == END_REFUND)
        return bk_order_refund(app, tx, order, &system_itself, "its time is over", now);
    if (end == END_DONE)
        return bk_order_done(app, tx, order, &system_itself, now);
    if (end == END_UNPAID && order->state == BK_ORDER_AWAIT_PAY)
        return *order->qr_code ? bk_order_ask(app, tx, order, now)
                               : bk_order_unpaid(app, tx, order, now);
    if (end == END_UNPAID)
        err = bk_order_move(tx, order, BK_ORDER_EXPIRED, &system_itself, now);
    return err == BK_OK && end == END_UNPAID ? bk_order_tell(app, tx, order, now) : err;
}

void bk_order_refund_task(const struct bk_order *order, char dedupe[BK_ORDER_TASK])
{
    (void)snprintf(dedupe, BK_ORDER_TASK, "refund:%s", order->id);
}

enum bk_err bk_order_refunding(struct bk_tx *tx, const struct bk_order *order, bool *is)
{
    char dedupe[BK_ORDER_TASK];
    bk_order_refund_task(order, dedupe);
    return bk_tx_any(tx, "SELECT 1 FROM outbox WHERE dedupe = $1", BK_VALS(bk_text(dedupe)), is);
}

enum bk_err bk_order_prospects(struct bk_tx *tx, const struct bk_order *order, bool *old_good,
                               bool *refunding)
{
    char dedupe[BK_ORDER_TASK];
    struct bk_rows row = BK_ROWS_INIT;
    bk_order_refund_task(order, dedupe);
    enum bk_err err =
        bk_tx_get(tx,
                  "SELECT (SELECT count(*) FROM certificates WHERE id = $1 AND state = 'good'),"
                  " (SELECT count(*) FROM outbox WHERE dedupe = $2)",
                  BK_VALS(bk_text(order->old_certificate), bk_text(dedupe)), &row);
    *old_good = err == BK_OK && bk_row_int(&row, 0, 0);
    *refunding = err == BK_OK && bk_row_int(&row, 0, 1);
    bk_rows_free(&row);
    return err;
}

enum bk_err bk_order_why_revoked(struct bk_tx *tx, const struct bk_order *order, const char **code)
{
    bool refunding = false, good = false;
    enum bk_err err = bk_order_prospects(tx, order, &good, &refunding);
    *code = refunding && good ? "order-refunded" : "certificate-revoked";
    return err;
}

bool bk_order_refundable(const struct bk_order *order)
{
    return bk_order_may(order->state, BK_ORDER_REFUNDED) && order->state != BK_ORDER_CANCELLED &&
           order->state != BK_ORDER_EXPIRED &&
           (order->paid_at || !bk_order_unfinished(order->state));
}

static enum bk_err give_back(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                             const struct bk_audit *who, const char *why, int64_t now)
{
    bool asked = false;
    enum bk_err err = bk_order_refunding(tx, order, &asked);
    if (err != BK_OK || asked)
        return err;
    err = add_task(app, tx, order, "refund", now);
    return err == BK_OK ? note(tx, order, who, "order.refund", why) : err;
}

enum bk_err bk_order_refund(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                            const struct bk_audit *who, const char *why, int64_t now)
{
    return bk_order_refundable(order) ? give_back(app, tx, order, who, why, now) : BK_ESTATE;
}

enum bk_err bk_order_given_back(struct bk_app *app, struct bk_tx *tx, const struct bk_order *order,
                                int64_t now)
{
    return add_task(app, tx, order, "refund", now);
}

enum bk_err bk_order_stop(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                          const struct bk_audit *who, int64_t now)
{
    if (bk_order_refundable(order))
        return give_back(app, tx, order, who, "certificate revoked", now);
    return bk_order_may(order->state, BK_ORDER_CANCELLED)
               ? bk_order_cancel(app, tx, order, who, now)
               : BK_OK;
}

static const struct bk_audit provider = {.actor = "provider:pay", .address = ""};

/* The order waits for as long as any other, and may be cancelled; then it ends as if nobody had
 * paid, and what was paid goes back. */
static enum bk_err wrong_amount(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                                int64_t amount_fen, int64_t now)
{
    char detail[128];
    (void)snprintf(detail, sizeof detail, "%lld fen instead of %lld", (long long)amount_fen,
                   (long long)order->amount_fen);
    enum bk_err err = note_wrong_amount(tx, order, &provider, detail);
    if (err == BK_OK && order->state == BK_ORDER_AWAIT_PAY && now > order->expires_at)
        err = bk_order_move(tx, order, BK_ORDER_EXPIRED, &system_itself, now);
    if (err != BK_OK || order->state == BK_ORDER_REFUNDED)
        return err;
    if (order->state == BK_ORDER_CANCELLED || order->state == BK_ORDER_EXPIRED)
        return give_back(app, tx, order, &system_itself, "wrong amount", now);
    return BK_EVERIFY;
}

/* Then staff look at its application before anything is issued for it. */
static enum bk_err is_reviewed(struct bk_tx *tx, const struct bk_order *order, bool *is)
{
    return bk_tx_any(tx, "SELECT 1 FROM applications WHERE order_id = $1 AND reviewed = 1",
                     BK_VALS(bk_text(order->id)), is);
}

enum bk_err bk_order_paid(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                          const char *trade_no, int64_t amount_fen, int64_t now)
{
    bool good = false, reviewed = false;
    if (amount_fen != order->amount_fen)
        return wrong_amount(app, tx, order, amount_fen, now);
    if (order->state == BK_ORDER_CANCELLED || order->state == BK_ORDER_EXPIRED)
        return add_task(app, tx, order, "refund", now);
    if (order->state != BK_ORDER_AWAIT_PAY)
        return BK_OK;
    order->paid_at = now;
    enum bk_err err = bk_tx_exec(tx, "UPDATE orders SET trade_no = $1 WHERE id = $2",
                                 BK_VALS(bk_text(trade_no), bk_text(order->id)), NULL);
    if (err == BK_OK)
        err = bk_order_owe(app, tx, order, now);
    if (err == BK_OK)
        err = bk_order_move(tx, order, BK_ORDER_PAID, &provider, now);
    if (err == BK_OK && *order->old_certificate)
        err = bk_certificate_good(tx, order->old_certificate, &good);
    if (err == BK_OK && *order->old_certificate && !good)
        return bk_order_stop(app, tx, order, &system_itself, now);
    if (err == BK_OK)
        err = is_reviewed(tx, order, &reviewed);
    return err == BK_OK && reviewed ? bk_review_enter(app, tx, order, &system_itself, now) : err;
}

enum bk_err bk_order_answer(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                            const struct bk_trade *trade, int64_t now)
{
    if (trade->paid)
        return bk_order_paid(app, tx, order, trade->trade_no, trade->amount_fen, now);
    if (trade->closed && order->state == BK_ORDER_AWAIT_PAY && now <= order->expires_at)
        return bk_order_cancel(app, tx, order, &provider, now);
    return bk_order_unpaid(app, tx, order, now);
}

void bk_order_put(const struct bk_order *o, struct bk_json_out *json)
{
    bool old = *o->old_certificate;
    const char *serial = strchr(o->new_certificate, ':');
    bk_json_put_str(json, "id", o->id);
    bk_json_put_str(json, "type", o->type);
    bk_json_put_str(json, "state", names[o->state]);
    bk_json_put_int(json, "version", o->version);
    bk_json_put_int(json, "amount_fen", o->amount_fen);
    bk_json_put_str(json, "currency", "CNY");
    bk_json_put_str(json, "container", o->container);
    bk_json_put_str(json, "algorithm", o->algorithm);
    bk_json_put_int(json, "created_at", o->created_at);
    bk_json_put_int(json, "expires_at", o->expires_at);
    if (old)
        bk_json_put_int(json, "old_not_after", o->old_not_after);
    if (old || *o->new_certificate)
        bk_json_put_int(json, "new_not_after", o->new_not_after);
    if (serial)
        bk_json_put_str(json, "certificate_serial", serial + 1);
}
