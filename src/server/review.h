/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The review of orders by staff: a queue by due time, approval, rejection with a reason. What the
 * command line and the staff pages do is done here. Each round is a row: an order that was
 * rejected comes again when its customer has submitted it anew.
 */
#ifndef BK_SERVER_REVIEW_H
#define BK_SERVER_REVIEW_H

#include "server/app.h"
#include "server/order.h"

#define BK_REASON_MAX 600u /* bytes of a rejection's reason */

/* The order, PAID or submitted again, becomes IN_REVIEW, due by the promised working days. */
enum bk_err bk_review_enter(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                            const struct bk_audit *who, int64_t now) BK_MUST_CHECK;
/* What waits, the most urgent first. Columns: order, type, company, organisation code, entered at,
 * due at, guessed (the calendar doesn't know the year), rounds (this one counted). */
enum bk_err bk_review_list(struct bk_tx *tx, struct bk_rows *rows) BK_MUST_CHECK;
/* BK_ESTATE: it isn't IN_REVIEW, or its money is going back. */
enum bk_err bk_review_approve(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                              const struct bk_audit *who, int64_t now) BK_MUST_CHECK;
/* The reason is told to the customer, who may submit it again for policy.resubmit_ms. BK_EINVAL:
 * the reason is empty, too long or no plain text. */
enum bk_err bk_review_reject(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                             const char *reason, const struct bk_audit *who,
                             int64_t now) BK_MUST_CHECK;

#define BK_REVIEW_PAGE 50u
/* An order by its id, or those of an organisation's code, the newest first, a page of those that
 * are older than the order `before` ("": of all). Columns: order, type, state, company,
 * organisation code, created at. */
enum bk_err bk_review_search(struct bk_tx *tx, const char *what, const char *before,
                             struct bk_rows *rows) BK_MUST_CHECK;
/* All rounds of an order, the newest first. Columns: state, entered at, due at, decided at, decided
 * by, reason. */
enum bk_err bk_review_rounds(struct bk_tx *tx, const char *order_id,
                             struct bk_rows *rows) BK_MUST_CHECK;

struct bk_review {
    char state[16]; /* "open", "approved", "rejected" */
    char reason[BK_REASON_MAX + 1];
    int64_t entered_at, due_at, decided_at;
    bool guessed;
};
/* The newest of an order; BK_ENOTFOUND. */
enum bk_err bk_review_newest(struct bk_tx *tx, const char *order_id,
                             struct bk_review *review) BK_MUST_CHECK;

#endif
