/* SPDX-License-Identifier: Apache-2.0 */
#include "server/retention.h"

#include <stdbool.h>
#include <stdio.h>

#include "server/application.h"
#include "server/audit.h"
#include "server/outbox.h"
#include "server/unlock.h"
#include "server/upload.h"

#define AT_ONCE "100"

/* $1, $2: ended, or a certificate's end, before that. Each application opens to a phone until it is
 * forgotten. */
#define OVER                                                                                       \
    "SELECT o.id FROM orders o WHERE ((o.state IN ('CANCELLED', 'EXPIRED', 'REFUNDED')"            \
    " AND o.new_certificate IS NULL AND o.updated_at < $1)"                                        \
    " OR (o.state IN ('DONE', 'REFUNDED') AND o.new_certificate IS NOT NULL"                       \
    " AND o.new_not_after < $2))"                                                                  \
    " AND (EXISTS (SELECT 1 FROM order_phones p WHERE p.order_id = o.id)"                          \
    " OR EXISTS (SELECT 1 FROM documents d WHERE d.order_id = o.id))"

static struct bk_val abandoned_before(const struct bk_app *app, int64_t now)
{
    return bk_int(now - app->policy.abandoned_ms);
}

static struct bk_val issued_before(const struct bk_app *app, int64_t now)
{
    return bk_int(now - app->policy.issued_ms);
}

static enum bk_err find(struct bk_app *app, int64_t now, struct bk_rows *rows)
{
    struct bk_tx *tx = NULL;
    enum bk_err err = bk_tx_look(app->store, &tx);
    if (err == BK_OK)
        err = bk_tx_query(tx, OVER " ORDER BY o.id LIMIT " AT_ONCE,
                          BK_VALS(abandoned_before(app, now), issued_before(app, now)), rows);
    bk_tx_rollback(&tx);
    return err;
}

static enum bk_err forget_in(struct bk_app *app, struct bk_tx *tx, const char *id, int64_t now)
{
    char object[48], detail[32];
    size_t documents = 0;
    enum bk_err err = bk_upload_detach(app, tx, id, now, &documents);
    if (err == BK_OK)
        err = bk_application_forget(tx, app->escrow, id);
    (void)snprintf(object, sizeof object, "order:%s", id);
    (void)snprintf(detail, sizeof detail, "%zu documents", documents);
    const struct bk_audit entry = {.actor = "system",
                                   .address = "",
                                   .action = "order.forgotten",
                                   .object = object,
                                   .detail = detail};
    return err == BK_OK ? bk_audit_add(tx, &entry) : err;
}

/* Unless another daemon has, or something happened to it since it was found. */
static enum bk_err forget(struct bk_app *app, const char *id, int64_t now)
{
    struct bk_tx *tx = NULL;
    struct bk_rows row = BK_ROWS_INIT;
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_tx_query(tx, OVER " AND o.id = $3",
                          BK_VALS(abandoned_before(app, now), issued_before(app, now), bk_text(id)),
                          &row);
    if (err == BK_OK && row.count)
        err = forget_in(app, tx, id, now);
    bk_rows_free(&row);
    return bk_tx_end(&tx, err);
}

static enum bk_err forget_finished(struct bk_app *app, int64_t now)
{
    struct bk_tx *tx = NULL;
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_outbox_forget(tx, now - app->policy.finished_ms);
    if (err == BK_OK)
        err = bk_unlock_forget(tx, now - app->policy.finished_ms);
    return bk_tx_end(&tx, err);
}

enum bk_err bk_retention_clean(struct bk_app *app, int64_t now)
{
    struct bk_rows rows = BK_ROWS_INIT;
    enum bk_err err = find(app, now, &rows);
    for (size_t i = 0; err == BK_OK && i < rows.count; i++)
        err = forget(app, bk_row_text(&rows, i, 0), now);
    bk_rows_free(&rows);
    return err == BK_OK ? forget_finished(app, now) : err;
}
