/* SPDX-License-Identifier: Apache-2.0 */
#include "server/admin_review.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "server/application.h"
#include "server/ident.h"
#include "server/order.h"
#include "server/review.h"
#include "server/upload.h"

#define MINUTE_MS 60000

void bk_admin_print_due(const struct bk_admin_due *due, FILE *to)
{
    char entered[32], until[32];
    bk_china_time(due->entered_at, BK_TO_MACHINES, entered);
    bk_china_time(due->due_at, BK_TO_MACHINES, until);
    (void)fprintf(to, "%s %s%s %lld", entered, until, due->guessed ? "?" : "",
                  (long long)((due->due_at - due->now) / MINUTE_MS));
}

void bk_admin_print_guessed(FILE *to)
{
    (void)fprintf(to, "? the calendar of working days doesn't know that year: Monday to Friday"
                      " were counted\n");
}

enum bk_err bk_admin_review_list(struct bk_app *app, FILE *to)
{
    struct bk_tx *tx = NULL;
    struct bk_rows rows = BK_ROWS_INIT;
    bool guessed = false;
    int64_t now = bk_now_ms();
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_review_list(tx, &rows);
    bk_tx_rollback(&tx);
    for (size_t i = 0; err == BK_OK && i < rows.count; i++) {
        const struct bk_admin_due due = {.entered_at = bk_row_int(&rows, i, 4),
                                         .due_at = bk_row_int(&rows, i, 5),
                                         .guessed = bk_row_int(&rows, i, 6) != 0,
                                         .now = now};
        (void)fprintf(to, "%s %s %s ", bk_row_text(&rows, i, 0), bk_row_text(&rows, i, 1),
                      bk_row_text(&rows, i, 3));
        bk_admin_print_due(&due, to);
        (void)fprintf(to, " %lld %s\n", (long long)bk_row_int(&rows, i, 7),
                      bk_row_text(&rows, i, 2));
        guessed = guessed || due.guessed;
    }
    if (guessed)
        bk_admin_print_guessed(to);
    bk_rows_free(&rows);
    return err;
}

static enum bk_err no_order(struct bk_admin_why *why, enum bk_err err, const char *id)
{
    if (err == BK_ENOTFOUND)
        (void)snprintf(why->text, sizeof why->text, "no order to be reviewed with the id %s", id);
    return err;
}

void bk_admin_print_documents(const struct bk_rows *rows, FILE *to)
{
    for (size_t i = 0; i < rows->count; i++)
        (void)fprintf(to, "document %s: %s, %lld bytes\n", bk_row_text(rows, i, 0),
                      bk_row_text(rows, i, 1), (long long)bk_row_int(rows, i, 2));
}

enum bk_err bk_admin_write_document(struct bk_app *app, const char *digest, const char *file)
{
    struct bk_buf data = BK_BUF_INIT;
    enum bk_err err = bk_upload_read(app, digest, &data);
    if (err == BK_OK)
        err = bk_file_output(file, data.data, data.len, 0600);
    bk_buf_free(&data);
    return err;
}

void bk_admin_say_reason(struct bk_admin_why *why)
{
    (void)snprintf(why->text, sizeof why->text,
                   "the reason is a text of 1 to %u bytes without control characters",
                   BK_REASON_MAX);
}

static enum bk_err print_order(const struct bk_order *order, const struct bk_application *a,
                               FILE *to)
{
    char *text = json_dumps(a->details, JSON_INDENT(2) | JSON_SORT_KEYS);
    if (!text)
        return BK_ENOMEM;
    (void)fprintf(to, "order: %s\nstate: %s\norganisation: %s\ncontainer: %s\nalgorithm: %s\n%s\n",
                  order->id, bk_order_state_name(order->state), a->org_code, order->container,
                  order->algorithm, text);
    free(text);
    return BK_OK;
}

enum bk_err bk_admin_review_show(struct bk_app *app, const char *id, FILE *to,
                                 struct bk_admin_why *why)
{
    struct bk_tx *tx = NULL;
    struct bk_order order;
    struct bk_rows documents = BK_ROWS_INIT;
    struct bk_application a = {.details = NULL};
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_order_load(tx, id, &order);
    if (err == BK_OK)
        err = bk_application_load(tx, app->escrow, id, &a);
    err = no_order(why, err, id);
    if (err == BK_OK)
        err = print_order(&order, &a, to);
    if (err == BK_OK)
        err = bk_upload_list(tx, id, &documents);
    if (err == BK_OK)
        bk_admin_print_documents(&documents, to);
    bk_rows_free(&documents);
    if (err == BK_OK)
        err = bk_admin_note(tx, "review.looked", "order", id, "");
    bk_application_free(&a);
    return bk_tx_end(&tx, err);
}

enum bk_err bk_admin_review_document(struct bk_app *app, const char *id, const char *kind,
                                     const char *file, struct bk_admin_why *why)
{
    char digest[65];
    struct bk_tx *tx = NULL;
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_upload_find(tx, id, kind, digest);
    if (err == BK_ENOTFOUND)
        (void)snprintf(why->text, sizeof why->text, "the order %s has no document \"%s\"", id,
                       kind);
    if (err == BK_OK)
        err = bk_admin_note(tx, "review.document", "order", id, kind);
    err = bk_tx_end(&tx, err);
    return err == BK_OK ? bk_admin_write_document(app, digest, file) : err;
}

enum bk_err bk_admin_review_decide(struct bk_app *app, const char *id, const char *reason,
                                   struct bk_admin_why *why)
{
    char actor[64];
    struct bk_tx *tx = NULL;
    struct bk_order order = {0};
    const struct bk_audit who = {.actor = actor, .address = ""};
    int64_t now = bk_now_ms();
    (void)snprintf(actor, sizeof actor, "staff:uid-%u", (unsigned)getuid());
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_order_load(tx, id, &order);
    err = no_order(why, err, id);
    if (err == BK_OK)
        err = reason ? bk_review_reject(app, tx, &order, reason, &who, now)
                     : bk_review_approve(app, tx, &order, &who, now);
    if (err == BK_ESTATE)
        (void)snprintf(why->text, sizeof why->text, "the order is %s%s",
                       bk_order_state_name(order.state),
                       order.state == BK_ORDER_IN_REVIEW ? ", but its money is going back"
                                                         : ": only what is IN_REVIEW is decided");
    if (err == BK_EINVAL)
        bk_admin_say_reason(why);
    return bk_tx_end(&tx, err);
}
