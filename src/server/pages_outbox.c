/* SPDX-License-Identifier: Apache-2.0 */
/* What was to be told or asked outside and was given up, and trying it again. */
#include <stdio.h>

#include "server/api.h"
#include "server/outbox.h"
#include "server/page.h"

static const char *const said[] = {"retry", "将重新尝试。", "It is tried again.", NULL};

#define SHOWN 200u /* on the page; the command lists all */

static void put_row(struct bk_page *page, const struct bk_rows *rows, size_t i)
{
    const char *id = bk_row_text(rows, i, 0);
    char path[64];
    bk_html(&page->html,
            "<tr><td>%s<br><span class=\"small\">%s</span></td><td class=\"long\">%s</td>"
            "<td>%lld</td><td>",
            bk_row_text(rows, i, 1), id, bk_row_text(rows, i, 8),
            (long long)bk_row_int(rows, i, 3));
    bk_page_time(page, bk_row_int(rows, i, 4));
    bk_html(&page->html, "</td><td>");
    bk_page_time(page, bk_row_int(rows, i, 6));
    bk_html(&page->html, "</td><td>%s</td><td>", bk_row_text(rows, i, 7));
    if (!bk_row_int(rows, i, 9)) {
        bk_html(&page->html, "%s</td></tr>",
                bk_say(page->req, "内容已不再保存", "What it said is kept no longer"));
        return;
    }
    (void)snprintf(path, sizeof path, "/admin/outbox/%s/retry", id);
    bk_page_form(page, path);
    bk_html(&page->html, "<button>%s</button></form></td></tr>",
            bk_say(page->req, "重试", "Try again"));
}

enum bk_err bk_page_outbox(struct bk_req *req)
{
    static const char *const heads[] = {"种类",  "Kind",     "事由",  "What for", "尝试次数",
                                        "Tries", "创建时间", "Since", "放弃时间", "Given up",
                                        "错误",  "Error",    "操作",  "Action",   NULL};
    struct bk_page page;
    struct bk_rows rows = BK_ROWS_INIT;
    enum bk_err err = bk_outbox_list(req->tx, true, &rows);
    if (err != BK_OK)
        return err;
    bk_page_begin(&page, req, bk_say(req, "未送达", "Dead letters"));
    bk_page_done(&page, said);
    bk_html(&page.html, "<p>%s</p>",
            bk_say(req, "多次尝试仍未送达、已放弃的短信、邮件和外部请求。",
                   "Messages and requests to outside services that were tried in vain and given"
                   " up."));
    if (rows.count)
        bk_page_table(&page, bk_say(req, "未送达", "Dead letters"), heads);
    else
        bk_html(&page.html, "<p>%s</p>", bk_say(req, "没有。", "There is none."));
    for (size_t i = 0; i < rows.count && i < SHOWN; i++)
        put_row(&page, &rows, i);
    if (rows.count)
        bk_page_table_end(&page);
    if (rows.count > SHOWN)
        bk_html(&page.html, "<p>%s %lld</p>",
                bk_say(req, "只显示最早的 200 项，共", "The oldest 200 are shown, of"),
                (long long)rows.count);
    bk_rows_free(&rows);
    return bk_page_end(&page, 200);
}

enum bk_err bk_page_outbox_retry(struct bk_req *req)
{
    char kind[BK_OUTBOX_KIND + 1], object[BK_REQ_PARAM + 8];
    enum bk_err err = bk_outbox_retry(req->tx, req->params[0], req->now, kind);
    if (err == BK_ENOTFOUND)
        return bk_refuse(req, "not-found");
    if (err == BK_ESTATE || err == BK_EUNSUPPORTED)
        return bk_refuse(req, "outbox-state");
    (void)snprintf(object, sizeof object, "outbox:%s", req->params[0]);
    if (err == BK_OK)
        err = bk_req_audit(req, "outbox.retry", object, kind);
    return err == BK_OK ? bk_page_go(req, "/admin/outbox?done=retry") : err;
}
