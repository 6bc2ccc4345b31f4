/* SPDX-License-Identifier: Apache-2.0 */
/* The reviewers' pages: the queue, an order with its documents, what is decided. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/api.h"
#include "server/filetype.h"
#include "server/ident.h"
#include "server/key_people.h"
#include "server/keys.h"
#include "server/order_api.h"
#include "server/page_words.h"
#include "server/pages_order.h"
#include "server/review.h"
#include "server/upload.h"

#define MINUTE_MS 60000
#define SOON_MS (INT64_C(2) * 3600 * 1000)

/* --- the queue --- */

void bk_page_left(struct bk_page *page, int64_t left_ms)
{
    const struct bk_req *req = page->req;
    int64_t minutes = (left_ms < 0 ? -left_ms : left_ms) / MINUTE_MS;
    bk_html(&page->html, "<span class=\"%s\">%s",
            left_ms < 0         ? "late"
            : left_ms < SOON_MS ? "soon"
                                : "",
            left_ms < 0 ? bk_say(req, "超时 ", "late by ") : "");
    if (minutes >= 60)
        bk_html(&page->html, "%lld %s ", (long long)(minutes / 60), bk_say(req, "小时", "h"));
    bk_html(&page->html, "%lld %s</span>", (long long)(minutes % 60), bk_say(req, "分", "min"));
}

static bool put_queue(struct bk_page *page, const struct bk_rows *rows)
{
    const struct bk_req *req = page->req;
    bool guessed = false;
    static const char *const heads[] = {
        "单位",      "Company", "剩余时间", "Time left", "应于此前完成", "Due", "提交时间",
        "Submitted", "类型",    "Type",     "次数",      "Round",        NULL};
    bk_page_table(page, bk_say(req, "待审核订单", "Orders to be reviewed"), heads);
    for (size_t i = 0; i < rows->count; i++) {
        int64_t due = bk_row_int(rows, i, 5);
        bool guess = bk_row_int(rows, i, 6) != 0;
        guessed = guessed || guess;
        bk_html(&page->html,
                "<tr><td><a href=\"/admin/orders/%s\">%s</a><br><span class=\"small\">%s</span>"
                "</td><td>",
                bk_row_text(rows, i, 0), bk_row_text(rows, i, 2), bk_row_text(rows, i, 3));
        bk_page_left(page, due - req->now);
        bk_html(&page->html, "</td><td>");
        bk_page_time(page, due);
        bk_html(&page->html, "%s</td><td>", guess ? " ?" : "");
        bk_page_time(page, bk_row_int(rows, i, 4));
        bk_html(&page->html, "</td><td>%s</td><td>%lld</td></tr>",
                bk_word(req, bk_row_text(rows, i, 1)), (long long)bk_row_int(rows, i, 7));
    }
    bk_page_table_end(page);
    return guessed;
}

static enum bk_err put_found(struct bk_page *page, const char *what)
{
    const struct bk_req *req = page->req;
    struct bk_rows rows = BK_ROWS_INIT;
    enum bk_err err = bk_review_search(req->tx, what, bk_page_query(req, "before", BK_ULID), &rows);
    bk_html(&page->html, "<h2>%s</h2><ul>", bk_say(req, "查找结果", "Found"));
    for (size_t i = 0; err == BK_OK && i < rows.count; i++) {
        bk_html(&page->html, "<li><a href=\"/admin/orders/%s\">%s</a> %s · %s · %s · ",
                bk_row_text(&rows, i, 0), bk_row_text(&rows, i, 0), bk_row_text(&rows, i, 3),
                bk_word(req, bk_row_text(&rows, i, 1)),
                bk_word_state(req, bk_row_text(&rows, i, 2)));
        bk_page_time(page, bk_row_int(&rows, i, 5));
        bk_html(&page->html, "</li>");
    }
    bk_html(&page->html, "</ul>");
    if (err == BK_OK && !rows.count)
        bk_html(&page->html, "<p>%s</p>", bk_say(req, "没有找到。", "There is none."));
    if (rows.count == BK_REVIEW_PAGE)
        bk_html(&page->html,
                "<p class=\"pages\"><a href=\"/admin/orders?find=%s&amp;before=%s\">%s</a></p>",
                what, bk_row_text(&rows, rows.count - 1, 0), bk_say(req, "更早的", "Older ones"));
    bk_rows_free(&rows);
    return err;
}

static const char *const said[] = {"approved",
                                   "订单已通过。",
                                   "Approved.",
                                   "rejected",
                                   "订单未通过，客户会收到原因。",
                                   "Rejected: the customer is told why.",
                                   NULL};

enum bk_err bk_page_orders(struct bk_req *req)
{
    struct bk_page page;
    struct bk_rows rows = BK_ROWS_INIT;
    const char *what = bk_page_query(req, "find", 32);
    bk_page_begin(&page, req, bk_say(req, "订单审核", "Reviews"));
    bk_page_done(&page, said);
    bk_page_search(&page, "/admin/orders", "find",
                   bk_say(req, "订单号或统一社会信用代码", "Order or organisation code"), what);
    enum bk_err err = *what ? put_found(&page, what) : BK_OK;
    if (err == BK_OK)
        err = bk_review_list(req->tx, &rows);
    bk_html(&page.html, "<h2>%s</h2>", bk_say(req, "待审核", "To be reviewed"));
    if (err == BK_OK && !rows.count)
        bk_html(&page.html, "<p>%s</p>", bk_say(req, "没有待审核的订单。", "There is nothing."));
    else if (err == BK_OK && put_queue(&page, &rows))
        bk_html(&page.html, "<p class=\"small\">? %s</p>",
                bk_say(req, "工作日历不含该年份，按周一至周五计算。",
                       "The calendar of working days doesn't know that year: Monday to Friday were"
                       " counted."));
    bk_rows_free(&rows);
    if (err != BK_OK)
        bk_html_free(&page.html);
    return err == BK_OK ? bk_page_end(&page, 200) : err;
}

/* --- an order --- */

static enum bk_err load(struct bk_req *req, struct bk_order *order,
                        struct bk_application *application, bool *refused)
{
    *application = (struct bk_application){.details = NULL};
    enum bk_err err = bk_order_load(req->tx, req->params[0], order);
    if (err == BK_OK)
        err = bk_application_load(req->tx, req->app->escrow, order->id, application);
    *refused = err == BK_ENOTFOUND;
    return *refused ? bk_refuse(req, "not-found") : err;
}

static enum bk_err note(struct bk_req *req, const char *action, const char *detail)
{
    char object[BK_REQ_PARAM + 8];
    (void)snprintf(object, sizeof object, "order:%s", req->params[0]);
    return bk_req_audit(req, action, object, detail);
}

static enum bk_err put_rounds(struct bk_page *page, const char *order_id)
{
    const struct bk_req *req = page->req;
    struct bk_rows rows = BK_ROWS_INIT;
    enum bk_err err = bk_review_rounds(req->tx, order_id, &rows);
    static const char *const heads[] = {
        "提交时间",     "Submitted",     "应于此前完成", "Due",    "结果", "Result",
        "审核人与时间", "By whom, when", "原因",         "Reason", NULL};
    if (err == BK_OK && !rows.count)
        return BK_OK;
    bk_html(&page->html, "<h2>%s</h2>", bk_say(req, "审核记录", "Rounds of review"));
    bk_page_table(page, bk_say(req, "审核记录", "Rounds of review"), heads);
    for (size_t i = 0; err == BK_OK && i < rows.count; i++) {
        bk_html(&page->html, "<tr><td>");
        bk_page_time(page, bk_row_int(&rows, i, 1));
        bk_html(&page->html, "</td><td>");
        bk_page_time(page, bk_row_int(&rows, i, 2));
        bk_html(&page->html, "</td><td>%s</td><td>%s ", bk_word(req, bk_row_text(&rows, i, 0)),
                bk_row_text(&rows, i, 4));
        bk_page_time(page, bk_row_int(&rows, i, 3));
        bk_html(&page->html, "</td><td>%s</td></tr>", bk_row_text(&rows, i, 5));
    }
    bk_page_table_end(page);
    bk_rows_free(&rows);
    return err;
}

static void put_version(struct bk_page *page, const struct bk_order *order, const char *what)
{
    char path[96];
    (void)snprintf(path, sizeof path, "/admin/orders/%s/%s", order->id, what);
    bk_page_form(page, path);
    bk_html(&page->html, "<input type=\"hidden\" name=\"version\" value=\"%lld\">",
            (long long)order->version);
}

/* reason: what was typed before, and was no good */
static void put_decision(struct bk_page *page, const struct bk_order *order, const char *reason)
{
    const struct bk_req *req = page->req;
    bk_html(&page->html, "<h2>%s</h2><div class=\"panel\">", bk_say(req, "审核", "Decision"));
    put_version(page, order, "approve");
    bk_html(
        &page->html, "<p>%s</p><button>%s</button></form></div><div class=\"panel\">",
        bk_say(req, "材料齐全、与填写内容一致时通过，订单随后制作。",
               "Approve when the documents are complete and say what was filled in; the order is"
               " produced then."),
        bk_say(req, "通过", "Approve"));
    put_version(page, order, "reject");
    bk_html(
        &page->html,
        "<label for=\"reason\">%s</label><input id=\"reason\" name=\"reason\" class=\"wide\""
        " maxlength=\"200\" required value=\"%s\"><p><button class=\"bad\">%s</button></p></form>"
        "</div>",
        bk_say(req, "原因（会告知客户，客户可修改后重新提交）",
               "Reason (the customer is told, and may submit it again)"),
        reason, bk_say(req, "不通过", "Reject"));
}

/* Of a renewal: who answers for the key by the register, beside who is to by the order. */
static enum bk_err put_register(struct bk_page *page, const struct bk_order *order,
                                const struct bk_application *application)
{
    const struct bk_req *req = page->req;
    struct bk_key key;
    bool differ = false;
    if (!*order->old_certificate)
        return BK_OK;
    enum bk_err err = bk_key_find(req->tx, order->key_serial, &key);
    if (err != BK_OK)
        return err == BK_ENOTFOUND ? BK_OK : err;
    err = bk_key_people_differ(req->app, req->tx, key.serial, application->details, &differ);
    bk_html(&page->html, "<h2>%s</h2><dl>", bk_say(req, "密钥登记信息", "The key on record"));
    bk_page_term(page, bk_say(req, "单位", "Company"), key.company);
    bk_page_term(page, bk_say(req, "持有人", "Holder"), key.holder);
    bk_page_term(page, bk_say(req, "预留手机", "Phone on record"), key.phone);
    bk_html(&page->html, "</dl>");
    if (err == BK_OK && differ)
        bk_html(&page->html, "<p class=\"wrong\">%s</p>",
                bk_say(req, "经办人、其手机或法定代表人有变更：完成后将写入登记册。",
                       "Operator, phone or legal person are others than on record: the register has"
                       " the new ones when the renewal is done."));
    return err;
}

/* wrong: what was wrong with the last decision; NULL */
static enum bk_err order_page(struct bk_req *req, const char *wrong)
{
    struct bk_page page = {.req = req};
    struct bk_order order;
    struct bk_application application;
    bool refused = false, refunding = false;
    enum bk_err err = load(req, &order, &application, &refused);
    if (err != BK_OK || refused)
        goto out;
    bk_page_begin(&page, req, bk_application_text(application.details, "company", "name"));
    if (wrong)
        bk_html(&page.html, "<p class=\"wrong\" role=\"alert\">%s</p>", wrong);
    bk_page_order_facts(&page, &order, &application);
    if ((err = bk_order_refunding(req->tx, &order, &refunding)) == BK_OK && refunding)
        bk_html(&page.html, "<p class=\"wrong\">%s</p>",
                bk_say(req, "该订单正在退款。", "Its money is going back."));
    if (err == BK_OK && order.state == BK_ORDER_IN_REVIEW)
        err = put_register(&page, &order, &application);
    if (err == BK_OK)
        err = bk_page_documents(&page, &order);
    bk_page_application(&page, &application);
    if (err == BK_OK)
        err = put_rounds(&page, order.id);
    if (order.state == BK_ORDER_IN_REVIEW && !refunding)
        put_decision(&page, &order, bk_page_field(req, "reason", SIZE_MAX));
    if (err == BK_OK)
        err = note(req, "review.looked", "");
    if (err == BK_OK)
        err = bk_page_end(&page, wrong ? 400 : 200);
out:
    bk_html_free(&page.html);
    bk_application_free(&application);
    return err;
}

enum bk_err bk_page_order(struct bk_req *req)
{
    return order_page(req, NULL);
}

/* --- its documents --- */

static const char *type_of(const struct bk_buf *data)
{
    const char *type = bk_filetype_name(bk_filetype_of(data->data, data->len));
    return type ? type : "application/octet-stream";
}

enum bk_err bk_page_document(struct bk_req *req)
{
    char digest[65];
    if (!bk_document_is_kind(req->params[1]))
        return bk_refuse(req, "not-found");
    enum bk_err err = bk_upload_find(req->tx, req->params[0], req->params[1], digest);
    if (err == BK_ENOTFOUND)
        return bk_refuse(req, "not-found");
    if (err == BK_OK)
        err = note(req, "review.document", req->params[1]);
    return err == BK_OK ? bk_page_send_document(req, digest) : err;
}

enum bk_err bk_page_send_document(struct bk_req *req, const char *digest)
{
    char name[160];
    struct bk_buf data = BK_BUF_INIT;
    enum bk_err err = bk_req_pause(req);
    if (err == BK_OK)
        err = bk_upload_read(req->app, digest, &data);
    if (err == BK_OK)
        err = bk_req_resume(req);
    const char *type = err == BK_OK ? type_of(&data) : "";
    if (err == BK_OK)
        err = bk_reply_bytes(req, type, data.data, data.len);
    (void)snprintf(name, sizeof name, "%s; filename=\"%s-%s.%s\"",
                   strncmp(type, "image/", 6) == 0 ? "inline" : "attachment", req->params[0],
                   req->params[1],
                   strcmp(type, "image/png") == 0    ? "png"
                   : strcmp(type, "image/jpeg") == 0 ? "jpg"
                                                     : "pdf");
    bk_http_out_header(req->out, "Content-Disposition", name);
    bk_http_out_header(
        req->out, "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'");
    bk_http_out_header(req->out, "Cross-Origin-Resource-Policy", "same-origin");
    bk_http_out_header(req->out, "Referrer-Policy", "no-referrer");
    bk_buf_free(&data);
    return err;
}

/* --- the decision --- */

/* Of what was looked at: not of what another has made of it since. */
static bool is_version(const struct bk_req *req, const struct bk_order *order)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%lld", (long long)order->version);
    return strcmp(text, bk_page_field(req, "version", 20)) == 0;
}

static enum bk_err decide(struct bk_req *req, const char *reason, const char *done)
{
    struct bk_order order;
    struct bk_application application;
    const struct bk_audit who = bk_req_who(req);
    bool refused = false;
    enum bk_err err = load(req, &order, &application, &refused);
    bk_application_free(&application);
    if (err != BK_OK || refused)
        return err;
    if (!is_version(req, &order))
        return bk_refuse(req, "version-conflict");
    err = reason ? bk_review_reject(req->app, req->tx, &order, reason, &who, req->now)
                 : bk_review_approve(req->app, req->tx, &order, &who, req->now);
    if (err == BK_ESTATE)
        return bk_refuse(req, "order-state");
    if (err == BK_EINVAL)
        return order_page(req, bk_say(req, "请填写原因（不超过 600 字节的一行文字）。",
                                      "Give a reason, one line of at most 600 bytes."));
    return err == BK_OK ? bk_page_go(req, done) : err;
}

enum bk_err bk_page_approve(struct bk_req *req)
{
    return decide(req, NULL, "/admin/orders?done=approved");
}

enum bk_err bk_page_reject(struct bk_req *req)
{
    return decide(req, bk_page_field(req, "reason", BK_REASON_MAX), "/admin/orders?done=rejected");
}
