/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The invoice of an order that is done: asked for, issued, its files kept as documents are and
 * mailed to the address on the order. All of it is the outbox's work.
 */
#ifndef BK_SERVER_INVOICES_H
#define BK_SERVER_INVOICES_H

#include "server/app.h"
#include "server/invoice.h"
#include "server/order.h"
#include "server/outbox.h"

/* DONE; the invoice is asked for when the order has an application. */
enum bk_err bk_order_done(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                          const struct bk_audit *who, int64_t now) BK_MUST_CHECK;

struct bk_invoice_state {
    char id[27];   /* of the request */
    char state[8]; /* "asked", "issued", "mailed", "failed" */
    char number[21];
    char reason[256];
    int64_t issued_at, mailed; /* how often */
    int64_t mail_round;        /* of the mail that was asked for last */
};
/* The newest of an order; BK_ENOTFOUND. */
enum bk_err bk_invoice_newest(struct bk_tx *tx, const char *order_id,
                              struct bk_invoice_state *invoice) BK_MUST_CHECK;
/* Its mail: one waits in the outbox; it hasn't gone out so far, for what isn't over by itself. */
struct bk_invoice_mail {
    bool waits, failing;
};
enum bk_err bk_invoice_mail_of(struct bk_tx *tx, const struct bk_invoice_state *invoice,
                               struct bk_invoice_mail *mail) BK_MUST_CHECK;
/* Mailed once more, or, one that failed, asked for once more, or asked after; to another address on
 * the order from now on, unless email is NULL. BK_ESTATE: without another address it is on its way.
 */
enum bk_err bk_invoice_again(struct bk_app *app, struct bk_tx *tx, const struct bk_order *order,
                             const char *email, const struct bk_audit *who,
                             int64_t now) BK_MUST_CHECK;
/* What the service says; again, it changes nothing. *known: it was asked for that. */
enum bk_err bk_invoice_take(struct bk_app *app, struct bk_tx *tx,
                            const struct bk_invoice_notice *notice, int64_t now,
                            bool *known) BK_MUST_CHECK;

/* The outbox's "invoice", "invoice-query", "invoice-files" and "invoice-mail". */
enum bk_err bk_invoice_ask_service(struct bk_app *app,
                                   const struct bk_outbox_item *item) BK_MUST_CHECK;
enum bk_err bk_invoice_ask_after(struct bk_app *app,
                                 const struct bk_outbox_item *item) BK_MUST_CHECK;
enum bk_err bk_invoice_get_files(struct bk_app *app,
                                 const struct bk_outbox_item *item) BK_MUST_CHECK;
enum bk_err bk_invoice_send(struct bk_app *app, const struct bk_outbox_item *item) BK_MUST_CHECK;

#endif
