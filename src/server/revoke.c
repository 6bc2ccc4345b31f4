/* SPDX-License-Identifier: Apache-2.0 */
#include "server/revoke.h"

#include <stdio.h>
#include <string.h>

#include "server/certs.h"
#include "server/order.h"

struct revocation {
    struct bk_app *app;
    struct bk_tx *tx;
    const char *id;
    int reason;
    const struct bk_audit *who;
    int64_t now;
};

static enum bk_err note(const struct revocation *r)
{
    char object[BK_CERT_ID + 16], detail[32];
    (void)snprintf(object, sizeof object, "certificate:%s", r->id);
    (void)snprintf(detail, sizeof detail, "reason %d", r->reason);
    const struct bk_audit entry = {.actor = r->who->actor,
                                   .address = r->who->address,
                                   .action = "certificate.revoked",
                                   .object = object,
                                   .detail = detail};
    return bk_audit_add(r->tx, &entry);
}

/* lint misc-no-recursion: from an old certificate to the new one, and no circle */
static enum bk_err end_order(const struct revocation *r, const char *id)
{
    struct bk_order order;
    enum bk_err err = bk_order_load(r->tx, id, &order);
    if (err != BK_OK)
        return err;
    if (order.state == BK_ORDER_ISSUED) {
        bool is_old = strcmp(order.old_certificate, r->id) == 0;
        if (r->reason == BK_REASON_SUPERSEDED || (!is_old && order.round < BK_ORDER_ROUNDS))
            return BK_OK;
        if (is_old)
            err = bk_certificate_revoke(r->app, r->tx, order.new_certificate, r->reason, r->who,
                                        r->now);
    }
    return err == BK_OK ? bk_order_stop(r->app, r->tx, &order, r->who, r->now) : err;
}

/* lint misc-no-recursion: the same */
enum bk_err bk_certificate_revoke(struct bk_app *app, struct bk_tx *tx, const char *sign_id,
                                  int reason, const struct bk_audit *who, int64_t now)
{
    struct bk_rows rows = BK_ROWS_INIT;
    const struct revocation r = {
        .app = app, .tx = tx, .id = sign_id, .reason = reason, .who = who, .now = now};
    enum bk_err err = bk_pair_revoke(tx, sign_id, reason, now);
    if (err == BK_OK)
        err = note(&r);
    if (err == BK_OK)
        err = bk_tx_query(tx,
                          "SELECT id FROM orders WHERE (old_certificate = $1 OR new_certificate"
                          " = $1) AND state IN (" BK_ORDER_OPEN ")",
                          BK_VALS(bk_text(sign_id)), &rows);
    for (size_t i = 0; err == BK_OK && i < rows.count; i++)
        err = end_order(&r, bk_row_text(&rows, i, 0));
    bk_rows_free(&rows);
    return err;
}
