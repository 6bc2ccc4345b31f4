/* SPDX-License-Identifier: Apache-2.0 */
#include "server/invoices.h"

#include <stdio.h>
#include <string.h>

#include "server/application.h"
#include "server/ident.h"
#include "server/mail.h"
#include "server/tell.h"
#include "server/upload.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define MAIL_MS (2 * DAY_MS)
#define TASK 96u /* its name in the outbox */

static enum bk_err read_rows(struct bk_tx *tx, const char *sql, const char *value,
                             struct bk_invoice_state *s, char order_id[27])
{
    struct bk_rows r = BK_ROWS_INIT;
    memset(s, 0, sizeof *s);
    enum bk_err err = bk_tx_get(tx, sql, BK_VALS(bk_text(value)), &r);
    if (err == BK_OK) {
        bk_row_copy(&r, 0, 0, s->id, sizeof s->id);
        bk_row_copy(&r, 0, 1, s->state, sizeof s->state);
        bk_row_copy(&r, 0, 2, s->number, sizeof s->number);
        bk_row_copy(&r, 0, 3, s->reason, sizeof s->reason);
        s->issued_at = bk_row_int(&r, 0, 4);
        s->mailed = bk_row_int(&r, 0, 5);
        bk_row_copy(&r, 0, 6, order_id, 27);
        s->mail_round = bk_row_int(&r, 0, 7);
    }
    bk_rows_free(&r);
    return err;
}

#define COLUMNS                                                                                    \
    "SELECT id, state, number, reason, issued_at, mailed, order_id, mail_round FROM invoices"

enum bk_err bk_invoice_newest(struct bk_tx *tx, const char *order_id,
                              struct bk_invoice_state *invoice)
{
    char same[27];
    return read_rows(tx, COLUMNS " WHERE order_id = $1 ORDER BY seq DESC LIMIT 1", order_id,
                     invoice, same);
}

static enum bk_err find(struct bk_tx *tx, const char *id, struct bk_invoice_state *invoice,
                        char order_id[27])
{
    return read_rows(tx, COLUMNS " WHERE id = $1", id, invoice, order_id);
}

static void name_task(const char *kind, const char *id, int64_t number, char dedupe[TASK])
{
    (void)snprintf(dedupe, TASK, "%s:%s:%lld", kind, id, (long long)number);
}

static enum bk_err add(struct bk_app *app, struct bk_tx *tx, const char *kind, const char *id,
                       int64_t number, json_t *payload, int64_t now)
{
    char dedupe[TASK];
    name_task(kind, id, number, dedupe);
    return bk_outbox_add(tx, app->escrow, kind, dedupe, payload, now, now + MAIL_MS);
}

static enum bk_err ask(struct bk_app *app, struct bk_tx *tx, const struct bk_order *order,
                       int64_t now)
{
    char id[BK_ULID + 1];
    enum bk_err err = bk_ulid(id);
    if (err == BK_OK)
        err = bk_tx_exec(tx,
                         "INSERT INTO invoices (id, order_id, state, number, reason, asked_at,"
                         " issued_at, mailed, seq) VALUES ($1, $2, 'asked', '', '', $3, 0, 0,"
                         " (SELECT coalesce(max(seq), 0) + 1 FROM invoices))",
                         BK_VALS(bk_text(id), bk_text(order->id), bk_int(now)), NULL);
    return err == BK_OK ? add(app, tx, "invoice", id, 0, json_pack("{s:s}", "invoice", id), now)
                        : err;
}

/* The service's notice may be lost. */
static enum bk_err add_query(struct bk_app *app, struct bk_tx *tx, const char *id, int64_t now)
{
    return add(app, tx, "invoice-query", id, 0, json_pack("{s:s}", "invoice", id), now);
}

enum bk_err bk_order_done(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                          const struct bk_audit *who, int64_t now)
{
    bool any = false;
    enum bk_err err = bk_order_move(tx, order, BK_ORDER_DONE, who, now);
    if (err == BK_OK)
        err = bk_tx_any(tx, "SELECT 1 FROM applications WHERE order_id = $1",
                        BK_VALS(bk_text(order->id)), &any);
    return err == BK_OK && any ? ask(app, tx, order, now) : err;
}

/* --- mailed, and asked for again --- */

static enum bk_err add_mail(struct bk_app *app, struct bk_tx *tx, const char *id, int64_t round,
                            int64_t now)
{
    return add(app, tx, "invoice-mail", id, round,
               json_pack("{s:s, s:I}", "invoice", id, "round", (json_int_t)round), now);
}

enum bk_err bk_invoice_mail_of(struct bk_tx *tx, const struct bk_invoice_state *invoice,
                               struct bk_invoice_mail *mail)
{
    char task[TASK];
    struct bk_rows row = BK_ROWS_INIT;
    *mail = (struct bk_invoice_mail){.waits = false};
    name_task("invoice-mail", invoice->id, invoice->mail_round, task);
    enum bk_err err = bk_tx_query(tx, "SELECT state, last_error FROM outbox WHERE dedupe = $1",
                                  BK_VALS(bk_text(task)), &row);
    if (err == BK_OK && row.count) {
        mail->waits = strcmp(bk_row_text(&row, 0, 0), "pending") == 0;
        mail->failing = strcmp(bk_row_text(&row, 0, 0), "done") != 0 && *bk_row_text(&row, 0, 1);
    }
    bk_rows_free(&row);
    return err;
}

static enum bk_err set_address(struct bk_app *app, struct bk_tx *tx, const char *order_id,
                               const char *email, const struct bk_audit *who)
{
    char object[48];
    struct bk_application a = {.details = NULL};
    struct bk_audit entry = *who;
    enum bk_err err = bk_application_load(tx, app->escrow, order_id, &a);
    if (err == BK_OK && json_object_set_new(json_object_get(a.details, "invoice"), "email",
                                            json_string(email)) != 0)
        err = BK_ENOMEM;
    if (err == BK_OK)
        err = bk_application_save(tx, app->escrow, &a, NULL);
    (void)snprintf(object, sizeof object, "order:%s", order_id);
    entry.action = "order.invoice-address";
    entry.object = object;
    entry.detail = "";
    if (err == BK_OK)
        err = bk_audit_add(tx, &entry);
    bk_application_free(&a);
    return err;
}

/* In place of one that waits, which finds that it isn't the last any more. */
static enum bk_err mail_anew(struct bk_app *app, struct bk_tx *tx, const struct bk_invoice_state *s,
                             int64_t now)
{
    int64_t round = s->mail_round + 1;
    enum bk_err err = bk_tx_exec(tx, "UPDATE invoices SET mail_round = $1 WHERE id = $2",
                                 BK_VALS(bk_int(round), bk_text(s->id)), NULL);
    return err == BK_OK ? add_mail(app, tx, s->id, round, now) : err;
}

enum bk_err bk_invoice_again(struct bk_app *app, struct bk_tx *tx, const struct bk_order *order,
                             const char *email, const struct bk_audit *who, int64_t now)
{
    struct bk_invoice_state s;
    struct bk_invoice_mail mail = {.waits = false};
    enum bk_err err = bk_invoice_newest(tx, order->id, &s);
    if (err == BK_OK && email)
        err = set_address(app, tx, order->id, email, who);
    if (err == BK_OK)
        err = bk_invoice_mail_of(tx, &s, &mail);
    if (err != BK_OK)
        return err;
    bool mailed = strcmp(s.state, "mailed") == 0;
    if (strcmp(s.state, "failed") == 0)
        return ask(app, tx, order, now);
    if (strcmp(s.state, "asked") == 0)
        return add_query(app, tx, s.id, now);
    if (mail.failing || (mailed && !mail.waits) || (mail.waits && email))
        return mail_anew(app, tx, &s, now);
    return mailed || email ? BK_OK : BK_ESTATE;
}

static enum bk_err note(struct bk_tx *tx, const char *order_id, const char *state)
{
    char object[48];
    (void)snprintf(object, sizeof object, "order:%s", order_id);
    const struct bk_audit entry = {.actor = "provider:invoice",
                                   .address = "",
                                   .action = "order.invoice",
                                   .object = object,
                                   .detail = state};
    return bk_audit_add(tx, &entry);
}

enum bk_err bk_invoice_take(struct bk_app *app, struct bk_tx *tx, const struct bk_invoice_notice *n,
                            int64_t now, bool *known)
{
    struct bk_invoice_state s;
    char order_id[27];
    enum bk_err err = find(tx, n->id, &s, order_id);
    *known = err == BK_OK;
    if (err == BK_ENOTFOUND)
        return BK_OK;
    if (err != BK_OK || strcmp(s.state, "asked") != 0)
        return err;
    const char *state = n->issued ? "issued" : "failed";
    err = bk_tx_exec(tx,
                     "UPDATE invoices SET state = $1, number = $2, reason = $3, issued_at = $4"
                     " WHERE id = $5",
                     BK_VALS(bk_text(state), bk_text(n->number), bk_text(n->reason),
                             bk_int(n->issued ? now : 0), bk_text(s.id)),
                     NULL);
    if (err == BK_OK && n->issued)
        err = add(app, tx, "invoice-files", s.id, 0,
                  json_pack("{s:s, s:s, s:s, s:s}", "invoice", s.id, "pdf", n->paths[0], "ofd",
                            n->paths[1], "xml", n->paths[2]),
                  now);
    return err == BK_OK ? note(tx, order_id, state) : err;
}

/* --- the worker's part --- */

struct job {
    struct bk_invoice_state invoice;
    struct bk_order order;
    struct bk_application application;
};

static enum bk_err look(struct bk_app *app, const struct bk_outbox_item *item, struct job *j)
{
    struct bk_tx *tx = NULL;
    const char *id = NULL;
    char order_id[27];
    memset(j, 0, sizeof *j);
    if (bk_json_str(item->payload, "invoice", BK_ULID, &id) != BK_OK)
        return BK_ECORRUPT;
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = find(tx, id, &j->invoice, order_id);
    if (err == BK_OK)
        err = bk_order_load(tx, order_id, &j->order);
    if (err == BK_OK)
        err = bk_application_load(tx, app->escrow, order_id, &j->application);
    bk_tx_rollback(&tx);
    return err;
}

static enum bk_err plan_query(struct bk_app *app, const char *id)
{
    struct bk_tx *tx = NULL;
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = add_query(app, tx, id, bk_now_ms());
    return bk_tx_end(&tx, err);
}

enum bk_err bk_invoice_ask_service(struct bk_app *app, const struct bk_outbox_item *item)
{
    struct job j;
    enum bk_err err = look(app, item, &j);
    if (err == BK_OK && strcmp(j.invoice.state, "asked") == 0) {
        const json_t *d = j.application.details;
        const struct bk_invoice_ask a = {
            .id = j.invoice.id,
            .special = strcmp(bk_application_text(d, "invoice", "kind"), "special") == 0,
            .company = bk_application_text(d, "company", "name"),
            .org_code = j.application.org_code,
            .address = bk_application_text(d, "company", "address"),
            .phone = bk_application_text(d, "company", "phone"),
            .bank = bk_application_text(d, "bank", "name"),
            .account = bk_application_text(d, "bank", "account"),
            .what = "数字证书服务费",
            .amount_fen = j.order.amount_fen};
        err = bk_invoice_issue(app->invoice, &a);
        if (err == BK_OK)
            err = plan_query(app, j.invoice.id);
    }
    bk_application_free(&j.application);
    return err;
}

enum bk_err bk_invoice_ask_after(struct bk_app *app, const struct bk_outbox_item *item)
{
    struct job j;
    struct bk_invoice_notice notice;
    struct bk_tx *tx = NULL;
    bool known = false;
    enum bk_err err = look(app, item, &j);
    bk_application_free(&j.application);
    if (err != BK_OK || strcmp(j.invoice.state, "asked") != 0)
        return err;
    err = bk_invoice_query(app->invoice, j.invoice.id, &notice);
    if (err == BK_ENOTFOUND) /* it is asked for still */
        err = BK_EBUSY;
    if (err == BK_OK)
        err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_invoice_take(app, tx, &notice, bk_now_ms(), &known);
    return bk_tx_end(&tx, err);
}

static enum bk_err keep_file(struct bk_app *app, const struct job *j, unsigned kind,
                             const struct bk_buf *data)
{
    static const char *const types[] = {"application/pdf", "application/ofd", "application/xml"};
    char name[BK_DOCUMENT];
    struct bk_tx *tx = NULL;
    int64_t now = bk_now_ms();
    struct bk_upload u = {.data = data->data, .len = data->len, .type = types[kind], .lock = -1};
    (void)snprintf(name, sizeof name, "invoice-%s", bk_invoice_kinds[kind]);
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_upload_plan(app, tx, &u, now);
    if (err == BK_OK)
        err = bk_tx_commit(&tx);
    if (err == BK_OK)
        err = bk_upload_write(app, &u);
    if (err == BK_OK)
        err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_upload_attach(app, tx, &u, j->order.id, name, now);
    err = bk_tx_end(&tx, err);
    bk_upload_done(&u);
    return err;
}

static enum bk_err plan_mail(struct bk_app *app, const struct job *j)
{
    struct bk_tx *tx = NULL;
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = add_mail(app, tx, j->invoice.id, 0, bk_now_ms());
    return bk_tx_end(&tx, err);
}

enum bk_err bk_invoice_get_files(struct bk_app *app, const struct bk_outbox_item *item)
{
    struct job j;
    enum bk_err err = look(app, item, &j);
    for (unsigned i = 0; err == BK_OK && i < BK_INVOICE_FILES; i++) {
        const char *path = NULL;
        struct bk_buf data = BK_BUF_INIT;
        err = bk_json_str(item->payload, bk_invoice_kinds[i], BK_INVOICE_PATH, &path);
        if (err == BK_OK)
            err = bk_invoice_fetch(app->invoice, path, i, &data);
        if (err == BK_OK)
            err = keep_file(app, &j, i, &data);
        bk_buf_free(&data);
    }
    if (err == BK_OK)
        err = plan_mail(app, &j);
    bk_application_free(&j.application);
    return err;
}

static enum bk_err find_file(struct bk_tx *tx, const char *order_id, unsigned kind, char digest[65])
{
    char name[BK_DOCUMENT];
    struct bk_rows row = BK_ROWS_INIT;
    (void)snprintf(name, sizeof name, "invoice-%s", bk_invoice_kinds[kind]);
    enum bk_err err =
        bk_tx_get(tx, "SELECT digest FROM documents WHERE order_id = $1 AND kind = $2",
                  BK_VALS(bk_text(order_id), bk_text(name)), &row);
    if (err == BK_OK)
        bk_row_copy(&row, 0, 0, digest, 65);
    bk_rows_free(&row);
    return err;
}

static enum bk_err read_files(struct bk_app *app, const struct job *j,
                              struct bk_buf data[BK_INVOICE_FILES])
{
    char digests[BK_INVOICE_FILES][65];
    struct bk_tx *tx = NULL;
    enum bk_err err = bk_tx_begin(app->store, &tx);
    for (unsigned i = 0; err == BK_OK && i < BK_INVOICE_FILES; i++)
        err = find_file(tx, j->order.id, i, digests[i]);
    bk_tx_rollback(&tx);
    for (unsigned i = 0; err == BK_OK && i < BK_INVOICE_FILES; i++)
        err = bk_upload_read(app, digests[i], &data[i]);
    return err;
}

/* At once: who reads that it was mailed may ask for it again, and then there is none that waits. */
static enum bk_err mark_once(struct bk_app *app, const struct bk_outbox_item *item, const char *id)
{
    struct bk_tx *tx = NULL;
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_outbox_done(tx, item->id, bk_now_ms());
    if (err == BK_OK)
        err = bk_tx_exec(tx,
                         "UPDATE invoices SET state = 'mailed', mailed = mailed + 1 WHERE id = $1",
                         BK_VALS(bk_text(id)), NULL);
    return bk_tx_end(&tx, err);
}

/* What was sent and isn't written down is sent again. */
static enum bk_err mark_mailed(struct bk_app *app, const struct bk_outbox_item *item,
                               const char *id)
{
    int tries = 0;
    enum bk_err err = BK_OK;
    do {
        err = mark_once(app, item, id);
    } while (bk_tx_again(err, &tries));
    return err;
}

static enum bk_err send(struct bk_app *app, const struct bk_outbox_item *item, const struct job *j,
                        const struct bk_buf data[BK_INVOICE_FILES])
{
    char names[BK_INVOICE_FILES][32];
    struct bk_buf text = BK_BUF_INIT;
    struct bk_mail_file files[BK_INVOICE_FILES];
    const char *plain = NULL;
    for (unsigned i = 0; i < BK_INVOICE_FILES; i++) {
        (void)snprintf(names[i], sizeof names[i], "%s.%s", j->invoice.number, bk_invoice_kinds[i]);
        files[i] = (struct bk_mail_file){.name = names[i],
                                         .type = "application/octet-stream",
                                         .data = data[i].data,
                                         .len = data[i].len};
    }
    enum bk_err err = bk_buf_printf(
        &text,
        "证书订单 %s 的电子发票见附件，发票号码 %s。XML 与 OFD 为原件。\n\n"
        "The invoice of order %s, number %s, is attached.%s",
        j->order.id, j->invoice.number, j->order.id, j->invoice.number,
        app->simulated ? "\n\n演示环境：发票为模拟，不可用于报销。 Simulated: no real invoice."
                       : "");
    if (err == BK_OK)
        err = bk_buf_cstr(&text, &plain);
    if (err == BK_OK) {
        const struct bk_mail_message m = {
            .id = item->id,
            .to = bk_application_text(j->application.details, "invoice", "email"),
            .subject = "证书订单电子发票",
            .text = plain,
            .at = item->created_at,
            .files = files,
            .file_count = BK_INVOICE_FILES};
        err = bk_mail_send(app->mail, &m);
    }
    bk_buf_free(&text);
    return err;
}

/* Of a version before rounds were counted, or the last that was asked for. */
static bool is_last(const struct bk_outbox_item *item, const struct bk_invoice_state *invoice)
{
    int64_t round = 0;
    return bk_json_int(item->payload, "round", 0, INT64_MAX, &round) != BK_OK ||
           round == invoice->mail_round;
}

/* An address that is refused for days is wrong, and what was given away for days, without a word
 * back, isn't given away any more; whatever else is the matter is over some day. */
static bool is_hopeless(const struct bk_outbox_item *item, enum bk_err err)
{
    return (err == BK_EREFUSED || err == BK_ERESET) && bk_now_ms() > item->created_at + MAIL_MS;
}

enum bk_err bk_invoice_send(struct bk_app *app, const struct bk_outbox_item *item)
{
    struct job j;
    bool last = false;
    struct bk_buf data[BK_INVOICE_FILES] = {BK_BUF_INIT, BK_BUF_INIT, BK_BUF_INIT};
    if (!app->mail)
        return BK_EUNSUPPORTED;
    enum bk_err err = look(app, item, &j);
    last = err == BK_OK && is_last(item, &j.invoice);
    if (last)
        err = read_files(app, &j, data);
    if (last && err == BK_OK)
        err = bk_tell_limit(app, item,
                            bk_application_text(j.application.details, "invoice", "email"));
    if (last && err == BK_OK)
        err = send(app, item, &j, data);
    if (last && err == BK_OK)
        err = mark_mailed(app, item, j.invoice.id);
    *item->for_good = *item->for_good || is_hopeless(item, err);
    for (unsigned i = 0; i < BK_INVOICE_FILES; i++)
        bk_buf_free(&data[i]);
    bk_application_free(&j.application);
    return err;
}
