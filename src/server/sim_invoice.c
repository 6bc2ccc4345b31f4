/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The invoice service: it issues a second after it was asked, tells so until it is heard or when it
 * is asked, and keeps the files. Buyers whose names end in 开票失败 get none, and the notice to
 * those whose names end in 通知丢失 is lost. Every file says that it is simulated.
 */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "server/ident.h"
#include "server/invoice.h"
#include "server/sim.h"
#include "server/sim_pay.h"

#define SECRET "simulated"
#define ISSUED_MS 1000

static bool ends_in(const char *text, const char *end)
{
    size_t len = strlen(text), tail = strlen(end);
    return len >= tail && strcmp(text + len - tail, end) == 0;
}

enum bk_err bk_sim_issue(struct bk_sim *sim, const struct bk_form *form, struct bk_http_out *out)
{
    static const char *const needed[] = {"OutId",  "Kind",    "BuyerName", "BuyerTaxNo", "Line",
                                         "Amount", "TaxCode", "TaxRate",   "NotifyUrl",  NULL};
    struct bk_tx *tx = NULL;
    for (size_t i = 0; needed[i]; i++)
        if (!*bk_form_get(form, needed[i]))
            return bk_sim_reply(out, 400,
                                json_pack("{s:s, s:s}", "Code", "400", "Message", needed[i]));
    const char *buyer = bk_form_get(form, "BuyerName");
    char number[21];
    int64_t now = bk_now_ms();
    (void)snprintf(number, sizeof number, "%020lld", (long long)now);
    enum bk_err err = bk_tx_begin(sim->store, &tx);
    if (err == BK_OK)
        err = bk_tx_exec(tx,
                         "INSERT INTO invoices (out_id, buyer, amount, notify_url, fails, attempts,"
                         " next_at, done, number, ready_at)"
                         " VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8, $6)"
                         " ON CONFLICT (out_id) DO NOTHING",
                         BK_VALS(bk_text(bk_form_get(form, "OutId")), bk_text(buyer),
                                 bk_text(bk_form_get(form, "Amount")),
                                 bk_text(bk_form_get(form, "NotifyUrl")),
                                 bk_int(ends_in(buyer, "开票失败")), bk_int(now + ISSUED_MS),
                                 bk_int(ends_in(buyer, "通知丢失")), bk_text(number)),
                         NULL);
    err = bk_tx_end(&tx, err);
    return err == BK_OK ? bk_sim_reply(out, 200,
                                       json_pack("{s:s, s:s}", "Code", "200", "Message", "success"))
                        : err;
}

/* --- files --- */

static enum bk_err find(struct bk_sim *sim, const char *out_id, struct bk_rows *row)
{
    struct bk_tx *tx = NULL;
    enum bk_err err = bk_tx_begin(sim->store, &tx);
    if (err == BK_OK)
        err = bk_tx_get(tx, "SELECT buyer, amount FROM invoices WHERE out_id = $1",
                        BK_VALS(bk_text(out_id)), row);
    bk_tx_rollback(&tx);
    return err;
}

static enum bk_err put_pdf(const struct bk_rows *row, struct bk_buf *out)
{
    enum bk_err err = bk_buf_printf(out,
                                    "%%PDF-1.4\n%% simulated invoice, not valid: %s\n1 0 obj\n"
                                    "<< /Type /Catalog >>\nendobj\n",
                                    bk_row_text(row, 0, 1));
    size_t at = out->len;
    return err == BK_OK
               ? bk_buf_printf(out,
                               "xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R /Size 1"
                               " >>\nstartxref\n%zu\n%%%%EOF\n",
                               at)
               : err;
}

static enum bk_err put_file(const struct bk_rows *row, const char *kind, struct bk_buf *out)
{
    if (strcmp(kind, "pdf") == 0)
        return put_pdf(row, out);
    if (strcmp(kind, "xml") == 0)
        return bk_buf_printf(out,
                             "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Invoice simulated="
                             "\"true\"><Amount>%s</Amount></Invoice>\n",
                             bk_row_text(row, 0, 1));
    return bk_buf_printf(out, "PK\x03\x04 a simulated OFD, not valid: %s", bk_row_text(row, 0, 1));
}

enum bk_err bk_sim_invoice_file(struct bk_sim *sim, const struct bk_http_in *in,
                                struct bk_http_out *out)
{
    char id[BK_ULID + 1];
    struct bk_rows row = BK_ROWS_INIT;
    const char *name = in->path + strlen("/invoices/");
    if (strlen(name) != BK_ULID + 4 || name[BK_ULID] != '.')
        return BK_ENOTFOUND;
    (void)snprintf(id, sizeof id, "%.26s", name);
    enum bk_err err = find(sim, id, &row);
    if (err == BK_OK)
        err = put_file(&row, name + BK_ULID + 1, &out->body);
    out->status = err == BK_OK ? 200 : 404;
    out->type = "application/octet-stream";
    bk_rows_free(&row);
    return err;
}

/* --- notices --- */

static enum bk_err next_due(struct bk_sim *sim, struct bk_rows *row)
{
    struct bk_tx *tx = NULL;
    enum bk_err err = bk_tx_begin(sim->store, &tx);
    if (err == BK_OK)
        err = bk_tx_get(tx,
                        "SELECT i.out_id, i.fails, i.number, i.notify_url, a.tls_ca, i.attempts"
                        " FROM invoices i, apps a WHERE i.done = 0 AND i.next_at <= $1 ORDER BY "
                        "i.next_at LIMIT 1",
                        BK_VALS(bk_int(bk_now_ms())), row);
    bk_tx_rollback(&tx);
    return err;
}

/* Of a row that begins with its id, whether it fails, and its number. */
static json_t *make_notice(const struct bk_rows *row)
{
    char paths[BK_INVOICE_FILES][64];
    const char *id = bk_row_text(row, 0, 0);
    if (bk_row_int(row, 0, 1))
        return json_pack("{s:s, s:s, s:s}", "out_id", id, "status", "failed", "reason",
                         "购方信息有误(模拟)");
    for (unsigned i = 0; i < BK_INVOICE_FILES; i++)
        (void)snprintf(paths[i], sizeof paths[i], "/invoices/%s.%s", id, bk_invoice_kinds[i]);
    return json_pack("{s:s, s:s, s:s, s:{s:s, s:s, s:s}}", "out_id", id, "status", "issued",
                     "number", bk_row_text(row, 0, 2), "files", "pdf", paths[0], "ofd", paths[1],
                     "xml", paths[2]);
}

/* What the notice says, or would say. */
enum bk_err bk_sim_issued(struct bk_sim *sim, const struct bk_form *form, struct bk_http_out *out)
{
    struct bk_tx *tx = NULL;
    struct bk_rows row = BK_ROWS_INIT;
    const char *id = bk_form_get(form, "OutId");
    json_t *invoice = NULL;
    enum bk_err err = bk_tx_begin(sim->store, &tx);
    if (err == BK_OK)
        err = bk_tx_query(tx,
                          "SELECT out_id, fails, number, ready_at FROM invoices WHERE out_id = $1",
                          BK_VALS(bk_text(id)), &row);
    bk_tx_rollback(&tx);
    if (err == BK_OK && row.count && bk_row_int(&row, 0, 3) <= bk_now_ms())
        invoice = make_notice(&row);
    else if (err == BK_OK)
        invoice =
            json_pack("{s:s, s:s}", "out_id", id, "status", row.count ? "processing" : "unknown");
    bk_rows_free(&row);
    return err == BK_OK ? bk_sim_reply(out, 200,
                                       json_pack("{s:s, s:s, s:o}", "Code", "200", "Message",
                                                 "success", "Invoice", invoice))
                        : err;
}

static enum bk_err tell(struct bk_sim *sim, const struct bk_rows *row)
{
    char timestamp[24], signature[65] = "", lines[2][128];
    struct bk_buf body = BK_BUF_INIT;
    json_t *notice = make_notice(row);
    (void)snprintf(timestamp, sizeof timestamp, "%lld", (long long)bk_now_ms());
    enum bk_err err = notice ? bk_json_text(notice, &body) : BK_ENOMEM;
    if (err == BK_OK)
        err = bk_invoice_sign(SECRET, timestamp, body.data, body.len, signature);
    (void)snprintf(lines[0], sizeof lines[0], "X-Timestamp: %s", timestamp);
    (void)snprintf(lines[1], sizeof lines[1], "X-Signature: %s", signature);
    const char *const headers[] = {lines[0], lines[1], NULL};
    const struct bk_sim_post post = {.url = bk_row_text(row, 0, 3),
                                     .tls_ca = bk_row_bytes(row, 0, 4),
                                     .type = "application/json",
                                     .headers = headers,
                                     .body = &body};
    if (err == BK_OK)
        err = bk_sim_post(sim, &post);
    json_decref(notice);
    bk_buf_free(&body);
    return err;
}

static enum bk_err settle(struct bk_sim *sim, const struct bk_rows *row, bool heard)
{
    struct bk_tx *tx = NULL;
    int64_t attempts = bk_row_int(row, 0, 5) + 1;
    enum bk_err err = bk_tx_begin(sim->store, &tx);
    if (err == BK_OK)
        err = bk_tx_exec(
            tx, "UPDATE invoices SET attempts = $1, next_at = $2, done = $3 WHERE out_id = $4",
            BK_VALS(bk_int(attempts), bk_int(bk_now_ms() + 1000 * attempts),
                    bk_int(heard || attempts > 8), bk_text(bk_row_text(row, 0, 0))),
            NULL);
    return bk_tx_end(&tx, err);
}

enum bk_err bk_sim_tell_invoices(struct bk_sim *sim)
{
    struct bk_rows row = BK_ROWS_INIT;
    enum bk_err err;
    while ((err = next_due(sim, &row)) == BK_OK) {
        enum bk_err told = tell(sim, &row);
        if (told != BK_OK)
            bk_log(BK_LOG_WARN, "sim: invoice %s: %s", bk_row_text(&row, 0, 0), bk_err_name(told));
        err = settle(sim, &row, told == BK_OK);
        if (err != BK_OK)
            break;
    }
    bk_rows_free(&row);
    return err == BK_ENOTFOUND ? BK_OK : err;
}
