/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An order and its states. Which transition may happen is one table; each is audited and counts
 * the version up, and a change made from an old version is refused (BK_EBUSY: read again).
 */
#ifndef BK_SERVER_ORDER_H
#define BK_SERVER_ORDER_H

#include "net/json.h"
#include "server/audit.h"
#include "server/certs.h"

enum bk_order_state {
    BK_ORDER_DRAFT,
    BK_ORDER_VERIFYING,
    BK_ORDER_VERIFIED,
    BK_ORDER_UPLOADED,
    BK_ORDER_SIGNED,
    BK_ORDER_AWAIT_PAY,
    BK_ORDER_PAID,
    BK_ORDER_IN_REVIEW,
    BK_ORDER_REJECTED,
    BK_ORDER_APPROVED,
    BK_ORDER_PRODUCING,
    BK_ORDER_READY,
    BK_ORDER_SHIPPED,
    BK_ORDER_ISSUED,
    BK_ORDER_DONE,
    BK_ORDER_CANCELLED,
    BK_ORDER_EXPIRED,
    BK_ORDER_REFUNDED,
    BK_ORDER_STATES
};

const char *bk_order_state_name(enum bk_order_state state);
/* BK_ORDER_STATES for a name that isn't one. */
enum bk_order_state bk_order_state_parse(const char *name);
bool bk_order_may(enum bk_order_state from, enum bk_order_state to);
/* Before it can be paid: nothing is owed either way, and it just ends by its time. One that was
 * rejected and begun again is paid, and refunded then. */
bool bk_order_unfinished(enum bk_order_state state);

/* What the payment provider knows of an order's payment. */
struct bk_trade {
    bool paid, closed; /* closed: not paid, or given back wholly */
    bool given_back;   /* that; only a query says it */
    char trade_no[65];
    int64_t amount_fen;
};

/* The states of a renewal that is neither done nor over, as an SQL list; the index orders_open is
 * of the same, for a renewal has no others than these and those that end it. */
#define BK_ORDER_OPEN                                                                              \
    "'DRAFT', 'VERIFYING', 'VERIFIED', 'UPLOADED', 'SIGNED', 'AWAIT_PAY', 'PAID',"                 \
    " 'IN_REVIEW', 'REJECTED', 'APPROVED', 'ISSUED'"

#define BK_ORDER_ROUNDS 2 /* one more issue for a client that lost its staged key */

struct bk_order {
    char id[27];
    char type[16];
    enum bk_order_state state;
    int64_t version;
    char key_serial[33], container[65], algorithm[4];
    char old_certificate[BK_CERT_ID], new_certificate[BK_CERT_ID]; /* "" before issue */
    int64_t amount_fen, created_at, expires_at, old_not_after, new_not_after, paid_at, round;
    char qr_code[512]; /* "" when there is none */
    int64_t qr_made_at;
};

/* Inserts it with version 1. BK_EEXISTS: this certificate has an open order. */
enum bk_err bk_order_add(struct bk_tx *tx, const struct bk_order *order,
                         const struct bk_audit *who) BK_MUST_CHECK;
enum bk_err bk_order_load(struct bk_tx *tx, const char *id, struct bk_order *order) BK_MUST_CHECK;
/* The open order for a certificate; BK_ENOTFOUND. */
enum bk_err bk_order_open_for(struct bk_tx *tx, const char *certificate,
                              struct bk_order *order) BK_MUST_CHECK;
/* The same when it is paid: whoever waits for its review or its certificates comes for it, however
 * long ago the certificate has ended. */
enum bk_err bk_order_paid_for(struct bk_tx *tx, const char *certificate,
                              struct bk_order *order) BK_MUST_CHECK;
/* Writes what may change; the state as it was. */
enum bk_err bk_order_save(struct bk_tx *tx, struct bk_order *order, int64_t now) BK_MUST_CHECK;
/* Moves it, with all else that was changed in *order. BK_ESTATE: the table doesn't allow it, or
 * it was to be PRODUCING and its money is going back, or to end and is paid. who gives actor and
 * address of the audit entry. */
enum bk_err bk_order_move(struct bk_tx *tx, struct bk_order *order, enum bk_order_state to,
                          const struct bk_audit *who, int64_t now) BK_MUST_CHECK;
/* An order that is to be completed or paid and whose time is over becomes EXPIRED; one with a QR
 * code doesn't here, for it may have been paid in time: the provider is asked first. What was
 * paid for one that isn't gone on with in time, by whomever, goes back. What was sent by post
 * is DONE when it has had its time to arrive. */
enum bk_err bk_order_expire(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                            int64_t now) BK_MUST_CHECK;
/* The outbox looks at the order behind its time, whether or not anybody else does. */
enum bk_err bk_order_watch(struct bk_app *app, struct bk_tx *tx, const struct bk_order *order,
                           int64_t now) BK_MUST_CHECK;
/* Paid, it waits for the review, the download or the production: it has policy.fulfil_ms from now,
 * and is watched. The caller saves or moves it. */
enum bk_err bk_order_owe(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                         int64_t now) BK_MUST_CHECK;
/* The provider is asked by the outbox whether it has been paid, until it is known. */
enum bk_err bk_order_ask(struct bk_app *app, struct bk_tx *tx, const struct bk_order *order,
                         int64_t now) BK_MUST_CHECK;
/* Its customer gives it up: CANCELLED, or its money goes back. BK_ESTATE: too late for that. */
enum bk_err bk_order_give_up(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                             const struct bk_audit *who, int64_t now) BK_MUST_CHECK;
/* CANCELLED; its payment is closed by the outbox. BK_ESTATE: it isn't to be paid. */
enum bk_err bk_order_cancel(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                            const struct bk_audit *who, int64_t now) BK_MUST_CHECK;
/* The provider says that nobody has paid: when its time is over it becomes EXPIRED, and its payment
 * is closed by the outbox. */
enum bk_err bk_order_unpaid(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                            int64_t now) BK_MUST_CHECK;
/* Ends an open order whose certificates are good for nothing any more: CANCELLED when it isn't
 * paid, otherwise the money goes back by the outbox and the order is REFUNDED when it has. Doing it
 * again changes nothing. */
enum bk_err bk_order_stop(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                          const struct bk_audit *who, int64_t now) BK_MUST_CHECK;
/* Paid for, and not so far on its way that its money couldn't go back. */
bool bk_order_refundable(const struct bk_order *order);
/* What was paid for a refundable order goes back by the outbox, which makes it REFUNDED;
 * nothing is issued for it any more. Doing it again changes nothing. BK_ESTATE: another state. */
enum bk_err bk_order_refund(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                            const struct bk_audit *who, const char *why, int64_t now) BK_MUST_CHECK;
/* Closing its payment gave back what was paid: the outbox asks how much that was, and makes it
 * REFUNDED. */
enum bk_err bk_order_given_back(struct bk_app *app, struct bk_tx *tx, const struct bk_order *order,
                                int64_t now) BK_MUST_CHECK;
enum bk_err bk_order_refunding(struct bk_tx *tx, const struct bk_order *order,
                               bool *is) BK_MUST_CHECK;
/* That, and whether the certificate that it renews is good, by one question. */
enum bk_err bk_order_prospects(struct bk_tx *tx, const struct bk_order *order, bool *old_good,
                               bool *refunding) BK_MUST_CHECK;
/* The refund's name in the outbox, for who asks more at once. */
#define BK_ORDER_TASK 64u
void bk_order_refund_task(const struct bk_order *order, char dedupe[BK_ORDER_TASK]);
/* Why what was issued for it is revoked, as a problem's code: "order-refunded" when its money goes
 * back, or has, and the certificate to be renewed is good; else "certificate-revoked". */
enum bk_err bk_order_why_revoked(struct bk_tx *tx, const struct bk_order *order,
                                 const char **code) BK_MUST_CHECK;
/* The provider says that it is paid: PAID, however late that is learnt, or, when it isn't wanted
 * any more (or its certificate was revoked), refunded by the outbox. Doing it again changes
 * nothing. BK_EVERIFY: another amount, which is in the audit log; the order waits on. Behind its
 * time it becomes EXPIRED for that, and whatever was paid is refunded. */
enum bk_err bk_order_paid(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                          const char *trade_no, int64_t amount_fen, int64_t now) BK_MUST_CHECK;
/* What the provider says when it is asked about an order that is to be paid: bk_order_paid,
 * bk_order_unpaid, or, of a payment that is closed and can't be made any more, bk_order_cancel. */
enum bk_err bk_order_answer(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                            const struct bk_trade *trade, int64_t now) BK_MUST_CHECK;
/* The members that the API gives of the order itself. */
void bk_order_put(const struct bk_order *order, struct bk_json_out *json);

#endif
