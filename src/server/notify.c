/* SPDX-License-Identifier: Apache-2.0 */
/* The payment provider's notice. It says "success" when it has been taken, "failure" when not, and
 * the provider then sends it again: nothing else is understood there. */
#include <string.h>

#include "base/log.h"
#include "server/api.h"
#include "server/order.h"
#include "server/pay.h"

static enum bk_err take(struct bk_req *req, struct bk_order *order, const struct bk_notice *notice)
{
    int64_t first = 0;
    enum bk_err err = bk_tx_exec(
        req->tx,
        "INSERT INTO pay_notices (notify_id, order_id, trade_no, amount_fen,"
        " received_at) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (notify_id) DO NOTHING",
        BK_VALS(bk_text(notice->id), bk_text(notice->order_id), bk_text(notice->trade.trade_no),
                bk_int(notice->trade.amount_fen), bk_int(req->now)),
        &first);
    if (err == BK_OK && first && notice->trade.paid)
        err = bk_order_paid(req->app, req->tx, order, notice->trade.trade_no,
                            notice->trade.amount_fen, req->now);
    if (err != BK_EVERIFY)
        return err;
    /* what isn't taken isn't known: its repetition mustn't be taken either */
    enum bk_err forgot = bk_tx_exec(req->tx, "DELETE FROM pay_notices WHERE notify_id = $1",
                                    BK_VALS(bk_text(notice->id)), NULL);
    return forgot == BK_OK ? err : forgot;
}

enum bk_err bk_api_pay_notify(struct bk_req *req)
{
    struct bk_form form = {0};
    struct bk_notice notice;
    struct bk_order order;
    bool taking = false;
    memset(&notice, 0, sizeof notice);
    enum bk_err err = bk_form_parse(req->in->body, req->in->body_len, &form);
    if (err == BK_OK)
        err = bk_pay_notice(req->app->pay, &form, &notice);
    if (err == BK_OK)
        err = bk_order_load(req->tx, notice.order_id, &order);
    if (err == BK_OK) {
        taking = true;
        err = take(req, &order, &notice);
    }
    bk_form_free(&form);
    /* only another amount is to be remembered; anything else that was half done is undone, so that
     * the notice is new when it comes again */
    if (err != BK_OK && (taking ? err != BK_EVERIFY : err == BK_ENOMEM || err == BK_EBUSY))
        return err;
    if (err != BK_OK)
        bk_log(BK_LOG_WARN, "pay: a notice isn't taken: %s", bk_err_name(err));
    return err == BK_OK ? bk_reply_bytes(req, "text/plain", "success", 7)
                        : bk_reply_bytes(req, "text/plain", "failure", 7);
}
