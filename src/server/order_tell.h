/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an order's customer is told of its progress: a text message to its operator and contacts,
 * and a mail to those with an address, at each state that concerns them. One item is written in
 * the transaction of the cause; who is told is looked up by the worker. Before its identity is
 * verified nobody is but who asked for it, whose phone is proved: the others are whom anybody
 * named.
 */
#ifndef BK_SERVER_ORDER_TELL_H
#define BK_SERVER_ORDER_TELL_H

#include "server/app.h"
#include "server/order.h"
#include "server/outbox.h"

/* Of the state that the order is in now; nothing when that concerns nobody, or the order has no
 * application. */
enum bk_err bk_order_tell(struct bk_app *app, struct bk_tx *tx, const struct bk_order *order,
                          int64_t now) BK_MUST_CHECK;
/* The same of one that is REFUNDED, and what was given back: as much as was paid, which may be
 * another sum than the order's. */
enum bk_err bk_order_tell_refunded(struct bk_app *app, struct bk_tx *tx,
                                   const struct bk_order *order, int64_t amount_fen,
                                   int64_t now) BK_MUST_CHECK;
/* The outbox's "order-tell" and "mail". */
enum bk_err bk_order_tell_all(struct bk_app *app, const struct bk_outbox_item *item) BK_MUST_CHECK;
enum bk_err bk_order_send_mail(struct bk_app *app, const struct bk_outbox_item *item) BK_MUST_CHECK;

#endif
