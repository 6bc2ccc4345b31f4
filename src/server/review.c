/* SPDX-License-Identifier: Apache-2.0 */
#include "server/review.h"

#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "base/log.h"
#include "server/calendar.h"
#include "server/ident.h"
#include "server/order_tell.h"

enum bk_err bk_review_enter(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                            const struct bk_audit *who, int64_t now)
{
    char id[BK_ULID + 1];
    bool guessed = false;
    int64_t due = bk_calendar_due(app->calendar, now, app->policy.review_days, &guessed);
    enum bk_err err = bk_order_owe(app, tx, order, now);
    if (err == BK_OK)
        err = bk_order_move(tx, order, BK_ORDER_IN_REVIEW, who, now);
    if (err == BK_OK)
        err = bk_ulid(id);
    if (err == BK_OK)
        err = bk_tx_exec(
            tx,
            "INSERT INTO reviews (id, order_id, state, entered_at, due_at, guessed,"
            " reason, decided_by, decided_at, seq)"
            " VALUES ($1, $2, 'open', $3, $4, $5, '', '', 0,"
            " (SELECT coalesce(max(seq), 0) + 1 FROM reviews))",
            BK_VALS(bk_text(id), bk_text(order->id), bk_int(now), bk_int(due), bk_int(guessed)),
            NULL);
    if (err == BK_OK && guessed)
        bk_log(BK_LOG_WARN,
               "review: the calendar doesn't know the year that order %s is due in: counted by"
               " Monday to Friday",
               order->id);
    return err == BK_OK ? bk_order_tell(app, tx, order, now) : err;
}

enum bk_err bk_review_list(struct bk_tx *tx, struct bk_rows *rows)
{
    return bk_tx_query(tx,
                       "SELECT o.id, o.type, a.company, a.org_code, r.entered_at, r.due_at,"
                       " r.guessed, (SELECT count(*) FROM reviews n WHERE n.order_id = o.id)"
                       " FROM reviews r JOIN orders o ON o.id = r.order_id"
                       " JOIN applications a ON a.order_id = o.id"
                       " WHERE r.state = 'open' AND o.state = 'IN_REVIEW'"
                       " ORDER BY r.due_at, o.id",
                       BK_NO_VALS, rows);
}

/* Decided once: who comes second finds the order in another state. */
static enum bk_err decide(struct bk_tx *tx, struct bk_order *order, enum bk_order_state to,
                          const char *reason, const struct bk_audit *who, int64_t now)
{
    bool refunding = false;
    enum bk_err err = order->state == BK_ORDER_IN_REVIEW ? BK_OK : BK_ESTATE;
    if (err == BK_OK)
        err = bk_order_refunding(tx, order, &refunding);
    if (err == BK_OK && refunding)
        err = BK_ESTATE;
    if (err == BK_OK)
        err = bk_order_move(tx, order, to, who, now);
    if (err == BK_OK)
        err = bk_tx_exec(tx,
                         "UPDATE reviews SET state = $1, reason = $2, decided_by = $3,"
                         " decided_at = $4 WHERE order_id = $5 AND state = 'open'",
                         BK_VALS(bk_text(to == BK_ORDER_APPROVED ? "approved" : "rejected"),
                                 bk_text(reason), bk_text(who->actor), bk_int(now),
                                 bk_text(order->id)),
                         NULL);
    return err;
}

enum bk_err bk_review_approve(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                              const struct bk_audit *who, int64_t now)
{
    enum bk_err err = bk_order_owe(app, tx, order, now);
    if (err == BK_OK)
        err = decide(tx, order, BK_ORDER_APPROVED, "", who, now);
    return err == BK_OK ? bk_order_tell(app, tx, order, now) : err;
}

enum bk_err bk_review_reject(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                             const char *reason, const struct bk_audit *who, int64_t now)
{
    size_t len = strlen(reason);
    if (!len || len > BK_REASON_MAX || !bk_text_is_plain(reason, len))
        return BK_EINVAL;
    order->expires_at = now + app->policy.resubmit_ms;
    enum bk_err err = decide(tx, order, BK_ORDER_REJECTED, reason, who, now);
    if (err == BK_OK)
        err = bk_order_watch(app, tx, order, now);
    return err == BK_OK ? bk_order_tell(app, tx, order, now) : err;
}

enum bk_err bk_review_newest(struct bk_tx *tx, const char *order_id, struct bk_review *review)
{
    struct bk_rows row = BK_ROWS_INIT;
    memset(review, 0, sizeof *review);
    enum bk_err err = bk_tx_get(tx,
                                "SELECT state, reason, entered_at, due_at, decided_at, guessed"
                                " FROM reviews WHERE order_id = $1 ORDER BY seq DESC LIMIT 1",
                                BK_VALS(bk_text(order_id)), &row);
    if (err == BK_OK) {
        bk_row_copy(&row, 0, 0, review->state, sizeof review->state);
        bk_row_copy(&row, 0, 1, review->reason, sizeof review->reason);
        review->entered_at = bk_row_int(&row, 0, 2);
        review->due_at = bk_row_int(&row, 0, 3);
        review->decided_at = bk_row_int(&row, 0, 4);
        review->guessed = bk_row_int(&row, 0, 5) != 0;
    }
    bk_rows_free(&row);
    return err;
}

enum bk_err bk_review_search(struct bk_tx *tx, const char *what, const char *before,
                             struct bk_rows *rows)
{
    return bk_tx_query(tx,
                       "SELECT o.id, o.type, o.state, a.company, a.org_code, o.created_at"
                       " FROM orders o JOIN applications a ON a.order_id = o.id"
                       " WHERE o.id IN (SELECT order_id FROM applications WHERE org_code = $1"
                       " UNION SELECT $1) AND ($2 = '' OR (o.created_at, o.id) <"
                       " (SELECT b.created_at, b.id FROM orders b WHERE b.id = $2))"
                       " ORDER BY o.created_at DESC, o.id DESC LIMIT $3",
                       BK_VALS(bk_text(what), bk_text(before), bk_int(BK_REVIEW_PAGE)), rows);
}

enum bk_err bk_review_rounds(struct bk_tx *tx, const char *order_id, struct bk_rows *rows)
{
    return bk_tx_query(tx,
                       "SELECT state, entered_at, due_at, decided_at, decided_by, reason"
                       " FROM reviews WHERE order_id = $1 ORDER BY seq DESC",
                       BK_VALS(bk_text(order_id)), rows);
}
