/* SPDX-License-Identifier: Apache-2.0 */
/* Unlock requests, and stopping one. */
#include <stdio.h>
#include <string.h>

#include "server/api.h"
#include "server/ident.h"
#include "server/page_words.h"
#include "server/pages_order.h"
#include "server/unlock_review.h"

static const char *const said[] = {
    "suspended", "解锁申请已中止。",           "The unlock request has been stopped.",
    "approved",  "已通过，授权码已发出。",     "Approved: the code is sent.",
    "rejected",  "未通过，申请人会收到通知。", "Rejected: whoever asked is told.",
    NULL};

static enum bk_err put_queue(struct bk_page *page)
{
    static const char *const heads[] = {
        "密钥",         "Key", "填写的单位", "Company as typed", "剩余时间", "Time left",
        "应于此前完成", "Due", "提交时间",   "Submitted",        NULL};
    const struct bk_req *req = page->req;
    struct bk_rows rows = BK_ROWS_INIT;
    enum bk_err err = bk_unlock_review_list(req->tx, req->now, &rows);
    if (rows.count) {
        bk_html(&page->html, "<h2>%s</h2>", bk_say(req, "待审核", "To be reviewed"));
        bk_page_table(page, bk_say(req, "待审核的解锁申请", "Unlock requests to be reviewed"),
                      heads);
    }
    for (size_t i = 0; i < rows.count; i++) {
        int64_t due = bk_row_int(&rows, i, 4);
        bk_html(&page->html, "<tr><td><a href=\"/admin/unlocks/%s\">%s</a></td><td>%s</td><td>",
                bk_row_text(&rows, i, 0), bk_row_text(&rows, i, 1), bk_row_text(&rows, i, 2));
        bk_page_left(page, due - req->now);
        bk_html(&page->html, "</td><td>");
        bk_page_time(page, due);
        bk_html(&page->html, "%s</td><td>", bk_row_int(&rows, i, 5) ? " ?" : "");
        bk_page_time(page, bk_row_int(&rows, i, 3));
        bk_html(&page->html, "</td></tr>");
    }
    if (rows.count)
        bk_page_table_end(page);
    bk_rows_free(&rows);
    return err;
}

/* Whether what was given is on record; what came with documents isn't compared with it. */
static const char *matched(const struct bk_req *req, bool is, bool documents)
{
    if (documents && !is)
        return "–";
    return is ? bk_say(req, "相符", "yes") : bk_say(req, "不符", "no");
}

static void put_row(struct bk_page *page, const struct bk_rows *rows, size_t i)
{
    const struct bk_req *req = page->req;
    const char *id = bk_row_text(rows, i, 0), *state = bk_row_text(rows, i, 2);
    bool open = strcmp(state, "open") == 0, over = open && bk_row_int(rows, i, 6) < req->now;
    const char *way = bk_row_text(rows, i, 9);
    bool documents = strcmp(way, "documents") == 0;
    bk_html(&page->html, "<tr><td>");
    bk_page_time(page, bk_row_int(rows, i, 5));
    bk_html(&page->html, "<br><span class=\"small\">");
    bk_html(&page->html,
            documents && req->session.roles & BK_STAFF_REVIEWER
                ? "<a href=\"/admin/unlocks/%s\">%s</a>"
                : "%s",
            id, id);
    bk_html(&page->html,
            "</span></td><td><a href=\"/admin/keys/%s\">%s</a></td>"
            "<td>%s</td><td>%s</td><td>%s</td><td>%lld</td><td>%s</td><td>",
            bk_row_text(rows, i, 1), bk_row_text(rows, i, 1), bk_word(req, way),
            over ? bk_say(req, "已过期", "expired") : bk_word(req, state),
            matched(req, bk_row_int(rows, i, 3) != 0, documents), (long long)bk_row_int(rows, i, 4),
            bk_row_text(rows, i, 8));
    if (open && req->session.roles & BK_STAFF_REVIEWER) {
        char path[64];
        (void)snprintf(path, sizeof path, "/admin/unlocks/%s/suspend", id);
        bk_page_form(page, path);
        bk_html(&page->html, "<button>%s</button></form>", bk_say(req, "中止", "Stop"));
    }
    bk_html(&page->html, "</td></tr>");
}

enum bk_err bk_page_unlocks(struct bk_req *req)
{
    static const char *const heads[] = {"申请时间", "Asked at",   "密钥",     "Key",      "方式",
                                        "Way",      "状态",       "State",    "信息相符", "Matched",
                                        "剩余次数", "Tries left", "来源地址", "From",     "操作",
                                        "Action",   NULL};
    struct bk_page page;
    struct bk_rows rows = BK_ROWS_INIT;
    const char *serial = bk_page_query(req, "serial", BK_SERIAL_MAX);
    enum bk_err err = bk_unlock_list(req->tx, serial, bk_page_query(req, "before", BK_ULID), &rows);
    if (err != BK_OK)
        return err;
    bk_page_begin(&page, req, bk_say(req, "解锁申请", "Unlock requests"));
    bk_page_done(&page, said);
    if (req->session.roles & BK_STAFF_REVIEWER && (err = put_queue(&page)) != BK_OK) {
        bk_html_free(&page.html);
        bk_rows_free(&rows);
        return err;
    }
    bk_html(&page.html, "<h2>%s</h2>", bk_say(req, "全部申请", "All requests"));
    bk_page_search(&page, "/admin/unlocks", "serial",
                   bk_say(req, "密钥序列号（或其开头）", "Key's serial number, or how it begins"),
                   serial);
    if (rows.count)
        bk_page_table(&page, bk_say(req, "解锁申请", "Unlock requests"), heads);
    else
        bk_html(&page.html, "<p>%s</p>", bk_say(req, "没有解锁申请。", "There is none."));
    for (size_t i = 0; i < rows.count; i++)
        put_row(&page, &rows, i);
    if (rows.count)
        bk_page_table_end(&page);
    if (rows.count == BK_UNLOCK_PAGE)
        bk_html(&page.html,
                "<p class=\"pages\"><a href=\"/admin/unlocks?serial=%s&amp;before=%s\">%s</a></p>",
                serial, bk_row_text(&rows, rows.count - 1, 0), bk_say(req, "更早的", "Older ones"));
    bk_rows_free(&rows);
    return bk_page_end(&page, 200);
}

enum bk_err bk_page_unlock_suspend(struct bk_req *req)
{
    struct bk_unlock unlock;
    char object[48];
    enum bk_err err = bk_unlock_load(req->tx, req->params[0], &unlock);
    if (err == BK_ENOTFOUND)
        return bk_refuse(req, "not-found");
    if (err == BK_OK && unlock.state != BK_UNLOCK_OPEN)
        return bk_refuse(req, "code-void");
    if (err == BK_OK)
        err = bk_unlock_suspend(req->tx, &unlock, req->now);
    (void)snprintf(object, sizeof object, "unlock:%s", unlock.id);
    if (err == BK_OK)
        err = bk_req_audit(req, "unlock.suspended", object, "");
    return err == BK_OK ? bk_page_go(req, "/admin/unlocks?done=suspended") : err;
}
