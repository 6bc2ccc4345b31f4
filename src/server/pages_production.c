/* SPDX-License-Identifier: Apache-2.0 */
/* The producers' pages: what is to be made, sent or handed over, and saying that it was. */
#include <stdio.h>
#include <string.h>

#include "server/api.h"
#include "server/order_api.h"
#include "server/page_words.h"
#include "server/pages_order.h"
#include "server/production_api.h"

static const char *const said[] = {"shipped",
                                   "已登记寄出，客户会收到通知。",
                                   "Shipped: the customer is told.",
                                   "handed",
                                   "已登记当面交付，订单完成。",
                                   "Handed over: the order is done.",
                                   "aside",
                                   "密钥已弃用，订单等待另一把密钥。",
                                   "The key was put aside: the order waits for another.",
                                   NULL};

/* made: its key is */
static const char *next_step(const struct bk_req *req, const char *state, bool made,
                             const char *delivery)
{
    if (strcmp(state, "READY") == 0)
        return bk_say(req, "当面交付给经办人", "hand it over to the operator");
    if (made && strcmp(delivery, "post") == 0)
        return bk_say(req, "寄出", "send it");
    if (strcmp(state, "PRODUCING") == 0)
        return bk_say(req, "继续制作", "go on making it");
    return bk_say(req, "制作", "make it");
}

static void put_row(struct bk_page *page, const struct bk_rows *rows, size_t i)
{
    const struct bk_req *req = page->req;
    const char *id = bk_row_text(rows, i, 0), *state = bk_row_text(rows, i, 1);
    const char *delivery = bk_row_text(rows, i, 5);
    bool made = strcmp(bk_row_text(rows, i, 9), "made") == 0;
    bk_html(&page->html,
            "<tr><td><a href=\"/admin/production/%s\">%s</a><br><span class=\"small\">%s</span>"
            "</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>",
            id, bk_row_text(rows, i, 2), id, bk_word_state(req, state),
            bk_word(req, bk_row_text(rows, i, 4)), bk_word(req, delivery),
            next_step(req, state, made, delivery), bk_row_text(rows, i, 8));
    bk_page_time(page, bk_row_int(rows, i, 7));
    bk_html(&page->html, "</td></tr>");
}

enum bk_err bk_page_production(struct bk_req *req)
{
    static const char *const heads[] = {"单位",      "Company",  "状态",     "State",   "算法",
                                        "Algorithm", "交付方式", "Delivery", "下一步",  "Next",
                                        "密钥",      "Key",      "下单时间", "Ordered", NULL};
    struct bk_page page;
    struct bk_rows rows = BK_ROWS_INIT;
    enum bk_err err = bk_production_list(req->tx, &rows);
    if (err != BK_OK)
        return err;
    bk_page_begin(&page, req, bk_say(req, "制作", "Production"));
    bk_page_done(&page, said);
    if (rows.count)
        bk_page_table(&page, bk_say(req, "待制作与交付", "To be made and delivered"), heads);
    else
        bk_html(
            &page.html, "<p>%s</p>",
            bk_say(req, "没有待制作或待交付的订单。", "There is nothing to be made or delivered."));
    for (size_t i = 0; i < rows.count; i++)
        put_row(&page, &rows, i);
    if (rows.count)
        bk_page_table_end(&page);
    bk_rows_free(&rows);
    return bk_page_end(&page, 200);
}

/* --- one order --- */

static void put_key(struct bk_page *page, const struct bk_production *p)
{
    const struct bk_req *req = page->req;
    bk_html(&page->html, "<h2>%s</h2><dl>", bk_say(req, "密钥", "Key"));
    bk_page_term(page, bk_say(req, "序列号", "Serial number"), p->serial);
    bk_page_term(page, bk_say(req, "状态", "State"),
                 bk_word(req, bk_production_state_name(p->state)));
    bk_page_term(page, bk_say(req, "制作人", "Begun by"), p->begun_by);
    bk_page_term_time(page, bk_say(req, "开始时间", "Begun"), p->begun_at);
    bk_page_term_time(page, bk_say(req, "制作完成", "Made"), p->made_at);
    bk_page_term_time(page, bk_say(req, "初始 PIN 发出", "First PIN sent"), p->pin_sent_at);
    bk_page_term(page, bk_say(req, "证书", "Certificate"), p->sign_certificate);
    bk_page_term(page, bk_say(req, "快递公司", "Courier"), p->courier);
    bk_page_term(page, bk_say(req, "快递单号", "Tracking number"), p->tracking);
    bk_html(&page->html, "</dl>");
}

static void begin_form(struct bk_page *page, const char *order_id, const char *what)
{
    char path[96];
    (void)snprintf(path, sizeof path, "/admin/production/%s/%s", order_id, what);
    bk_html(&page->html, "<div class=\"panel\">");
    bk_page_form(page, path);
}

static void put_input(struct bk_page *page, const char *name, const char *label, int max)
{
    bk_html(&page->html,
            "<label for=\"%s\">%s</label><input id=\"%s\" name=\"%s\" maxlength=\"%d\" size=\"40\""
            " autocomplete=\"off\" required>",
            name, label, name, name, max);
}

static void put_actions(struct bk_page *page, const struct bk_order *order,
                        const struct bk_production *p, const char *delivery)
{
    const struct bk_req *req = page->req;
    bool made = p->state == BK_PRODUCTION_MADE;
    if (made && order->state == BK_ORDER_PRODUCING && strcmp(delivery, "post") == 0) {
        bk_html(&page->html, "<h2>%s</h2>", bk_say(req, "寄出", "Send it"));
        begin_form(page, order->id, "ship");
        put_input(page, "courier", bk_say(req, "快递公司", "Courier"), (int)BK_COURIER_MAX);
        put_input(page, "tracking", bk_say(req, "快递单号", "Tracking number"),
                  (int)BK_TRACKING_MAX);
        bk_html(&page->html, "<p><button>%s</button></p></form></div>",
                bk_say(req, "已寄出", "It has been sent"));
    }
    if (order->state == BK_ORDER_READY) {
        bk_html(&page->html, "<h2>%s</h2><p>%s</p>", bk_say(req, "当面交付", "Hand it over"),
                bk_say(req, "只能交付给订单上的经办人。请按其出示的证件原件填写，由系统核对。",
                       "Only the operator on the order may collect it. Type what their ID says: the"
                       " platform compares."));
        begin_form(page, order->id, "handover");
        put_input(page, "name", bk_say(req, "证件上的姓名", "Name on the ID"), (int)BK_HOLDER_MAX);
        put_input(page, "id_number", bk_say(req, "证件号码", "ID number"), 64);
        bk_html(&page->html, "<p><button>%s</button></p></form></div>",
                bk_say(req, "核对并交付", "Compare and hand over"));
    }
    bk_html(&page->html, "<h2>%s</h2>", bk_say(req, "弃用这把密钥", "Put this key aside"));
    begin_form(page, order->id, "aside");
    put_input(page, "reason",
              bk_say(req, "原因（证书会被吊销，订单改用另一把密钥）",
                     "Reason (its certificates are revoked, the order gets another key)"),
              (int)BK_PRODUCTION_REASON);
    bk_html(&page->html, "<p><button class=\"bad\">%s</button></p></form></div>",
            bk_say(req, "弃用", "Put aside"));
}

static enum bk_err put_history(struct bk_page *page, const char *order_id)
{
    static const char *const heads[] = {"密钥",     "Key",   "状态", "State",  "制作人", "Begun by",
                                        "开始时间", "Begun", "原因", "Reason", NULL};
    const struct bk_req *req = page->req;
    struct bk_rows rows = BK_ROWS_INIT;
    enum bk_err err = bk_production_history(req->tx, order_id, &rows);
    if (err == BK_OK && rows.count > 1) {
        bk_html(&page->html, "<h2>%s</h2>", bk_say(req, "制作记录", "All that were begun"));
        bk_page_table(page, bk_say(req, "制作记录", "All that were begun"), heads);
        for (size_t i = 0; i < rows.count; i++) {
            bk_html(&page->html, "<tr><td>%s</td><td>%s</td><td>%s</td><td>",
                    bk_row_text(&rows, i, 1), bk_word(req, bk_row_text(&rows, i, 2)),
                    bk_row_text(&rows, i, 4));
            bk_page_time(page, bk_row_int(&rows, i, 3));
            bk_html(&page->html, "</td><td>%s</td></tr>", bk_row_text(&rows, i, 6));
        }
        bk_page_table_end(page);
    }
    bk_rows_free(&rows);
    return err;
}

/* Who collects isn't shown: it is read from their ID. */
static void put_order(struct bk_page *page, const struct bk_order *order,
                      const struct bk_application *a)
{
    const struct bk_req *req = page->req;
    const json_t *delivery = json_object_get(a->details, "delivery");
    bk_page_order_facts(page, order, a);
    bk_html(&page->html, "<h2>%s</h2>", bk_word_part(req, "product"));
    bk_page_part(page, "product", json_object_get(a->details, "product"));
    bk_html(&page->html, "<h2>%s</h2>", bk_word_part(req, "delivery"));
    bk_page_part(page, "delivery", delivery);
}

enum bk_err bk_page_production_order(struct bk_req *req)
{
    struct bk_page page;
    struct bk_order order;
    struct bk_production p;
    struct bk_application a = {.details = NULL};
    bool any = false, refused = false;
    char object[48];
    enum bk_err err = bk_req_production(req, &order, &p, &any, &refused);
    if (err != BK_OK || refused)
        return err;
    (void)snprintf(object, sizeof object, "order:%s", order.id);
    err = bk_application_load(req->tx, req->app->escrow, order.id, &a);
    if (err == BK_OK)
        err = bk_req_audit(req, "production.looked", object, "");
    if (err != BK_OK) {
        bk_application_free(&a);
        return err;
    }
    bk_page_begin(&page, req, bk_application_text(a.details, "company", "name"));
    put_order(&page, &order, &a);
    if (any) {
        put_key(&page, &p);
        put_actions(&page, &order, &p, bk_application_text(a.details, "delivery", "way"));
    } else if (order.state == BK_ORDER_APPROVED || order.state == BK_ORDER_PRODUCING) {
        bk_html(&page.html, "<h2>%s</h2><p>%s <code>bjca produce %s</code></p>",
                bk_say(req, "制作", "Make it"),
                bk_say(req, "在制作工位上插入空白密钥后执行：", "At a station, with a blank key:"),
                order.id);
    }
    err = put_history(&page, order.id);
    bk_application_free(&a);
    if (err == BK_OK)
        return bk_page_end(&page, 200);
    bk_html_free(&page.html);
    return err;
}

/* --- what was done --- */

static enum bk_err end(struct bk_req *req, enum bk_err err, const char *problem, const char *done)
{
    if (err == BK_OK && problem)
        return bk_refuse(req, problem);
    return err == BK_OK ? bk_page_go(req, done) : err;
}

enum bk_err bk_page_production_ship(struct bk_req *req)
{
    struct bk_order order;
    struct bk_production p;
    const struct bk_audit who = bk_req_who(req);
    const char *problem = NULL;
    bool any = false, refused = false;
    enum bk_err err = bk_req_production(req, &order, &p, &any, &refused);
    if (err != BK_OK || refused)
        return err;
    err = bk_production_ship(
        req->app, req->tx, &order, bk_page_field(req, "courier", BK_COURIER_MAX),
        bk_page_field(req, "tracking", BK_TRACKING_MAX), &who, req->now, &problem);
    return end(req, err, problem, "/admin/production?done=shipped");
}

enum bk_err bk_page_production_hand_over(struct bk_req *req)
{
    struct bk_order order;
    struct bk_production p;
    const struct bk_audit who = bk_req_who(req);
    const char *problem = NULL;
    bool any = false, refused = false;
    enum bk_err err = bk_req_production(req, &order, &p, &any, &refused);
    if (err != BK_OK || refused)
        return err;
    err = bk_production_hand_over(req->app, req->tx, &order,
                                  bk_page_field(req, "name", BK_HOLDER_MAX),
                                  bk_page_field(req, "id_number", 64), &who, req->now, &problem);
    return end(req, err, problem, "/admin/production?done=handed");
}

enum bk_err bk_page_production_aside(struct bk_req *req)
{
    struct bk_order order;
    struct bk_production p;
    const struct bk_audit who = bk_req_who(req);
    const char *problem = NULL;
    bool any = false, refused = false;
    enum bk_err err = bk_req_production(req, &order, &p, &any, &refused);
    if (err != BK_OK || refused)
        return err;
    err = bk_production_put_aside(req->app, req->tx, &order,
                                  bk_page_field(req, "reason", BK_PRODUCTION_REASON), &who,
                                  req->now, &problem);
    return end(req, err, problem, "/admin/production?done=aside");
}
