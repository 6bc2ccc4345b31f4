/* SPDX-License-Identifier: Apache-2.0 */
/* The audit log: looked at, and its chain verified, a part a request. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "server/api.h"
#include "server/audit.h"
#include "server/ident.h"
#include "server/page.h"

#define PART 20000 /* entries: a fraction of a second */
#define TEXT 96u   /* of a filter */

/* A sequence number; `otherwise` for anything else. */
static int64_t number(const char *text, int64_t otherwise)
{
    char *end = NULL;
    intmax_t value = strtoimax(text, &end, 10);
    return *text && !*end && value > 0 && value < INT64_MAX ? (int64_t)value : otherwise;
}

static void put_filter(struct bk_page *page, const struct bk_audit_filter *filter)
{
    const struct {
        const char *name, *label, *value;
    } fields[] = {{"actor", bk_say(page->req, "操作者", "Actor"), filter->actor},
                  {"action", bk_say(page->req, "操作", "Action"), filter->action},
                  {"object", bk_say(page->req, "对象", "Object"), filter->object}};
    bk_html(&page->html,
            "<form class=\"find\" method=\"get\" action=\"/admin/audit\" role=\"search\">");
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        bk_html(&page->html,
                "<div><label for=\"%s\">%s</label><input id=\"%s\" name=\"%s\" value=\"%s\""
                " maxlength=\"96\"></div>",
                fields[i].name, fields[i].label, fields[i].name, fields[i].name, fields[i].value);
    bk_html(&page->html, "<button>%s</button></form><p class=\"small\">%s</p>",
            bk_say(page->req, "筛选", "Filter"),
            bk_say(page->req, "按开头匹配，例如 staff: 或 order:。",
                   "By how it begins, such as staff: or order:."));
}

static void put_row(struct bk_page *page, const struct bk_rows *rows, size_t i)
{
    bk_html(&page->html, "<tr><td>%lld</td><td>", (long long)bk_row_int(rows, i, 0));
    bk_page_time(page, bk_row_int(rows, i, 1));
    bk_html(&page->html,
            "</td><td class=\"long\">%s</td><td>%s</td><td>%s</td><td class=\"long\">%s</td>"
            "<td class=\"long\">%s</td></tr>",
            bk_row_text(rows, i, 2), bk_row_text(rows, i, 3), bk_row_text(rows, i, 4),
            bk_row_text(rows, i, 5), bk_row_text(rows, i, 6));
}

/* The rest of the filter goes along, escaped as the query's form wants it. */
static void put_older(struct bk_page *page, const struct bk_audit_filter *filter, int64_t before)
{
    struct bk_form form = {.count = 0};
    struct bk_buf query = BK_BUF_INIT;
    const char *text = "";
    enum bk_err err = bk_form_add(&form, "actor", filter->actor);
    if (err == BK_OK)
        err = bk_form_add(&form, "action", filter->action);
    if (err == BK_OK)
        err = bk_form_add(&form, "object", filter->object);
    if (err == BK_OK)
        err = bk_form_encode(&form, &query);
    if (err == BK_OK)
        err = bk_buf_cstr(&query, &text);
    bk_html(&page->html,
            "<p class=\"pages\"><a href=\"/admin/audit?%s&amp;before=%lld\">%s</a></p>", text,
            (long long)before, bk_say(page->req, "更早的记录", "Older entries"));
    if (page->html.err == BK_OK)
        page->html.err = err;
    bk_form_free(&form);
    bk_buf_free(&query);
}

static void put_verify(struct bk_page *page, int64_t after, const char *label)
{
    bk_page_form(page, "/admin/audit/verify");
    bk_html(
        &page->html,
        "<input type=\"hidden\" name=\"after\" value=\"%lld\"><p><button>%s</button></p></form>",
        (long long)after, label);
}

enum bk_err bk_page_audit(struct bk_req *req)
{
    static const char *const heads[] = {"序号",  "No.",    "时间", "Time",   "操作者",
                                        "Actor", "地址",   "From", "操作",   "Action",
                                        "对象",  "Object", "详情", "Detail", NULL};
    struct bk_page page;
    struct bk_rows rows = BK_ROWS_INIT;
    const struct bk_audit_filter filter = {.actor = bk_page_query(req, "actor", TEXT),
                                           .action = bk_page_query(req, "action", TEXT),
                                           .object = bk_page_query(req, "object", TEXT)};
    int64_t before = number(bk_page_query(req, "before", 20), INT64_MAX);
    enum bk_err err = bk_audit_list(req->tx, &filter, before, &rows);
    if (err != BK_OK)
        return err;
    bk_page_begin(&page, req, bk_say(req, "审计日志", "Audit log"));
    put_verify(&page, 0, bk_say(req, "校验哈希链", "Verify the hash chain"));
    put_filter(&page, &filter);
    bk_page_table(&page, bk_say(req, "审计日志", "Audit log"), heads);
    for (size_t i = 0; i < rows.count; i++)
        put_row(&page, &rows, i);
    bk_page_table_end(&page);
    if (rows.count == BK_AUDIT_PAGE)
        put_older(&page, &filter, bk_row_int(&rows, rows.count - 1, 0));
    bk_rows_free(&rows);
    return bk_page_end(&page, 200);
}

static enum bk_err newest(struct bk_tx *tx, int64_t *seq)
{
    struct bk_rows row = BK_ROWS_INIT;
    enum bk_err err =
        bk_tx_query(tx, "SELECT seq FROM audit ORDER BY seq DESC LIMIT 1", BK_NO_VALS, &row);
    *seq = row.count ? bk_row_int(&row, 0, 0) : 0;
    bk_rows_free(&row);
    return err;
}

/* What was said of the entries up to `seq`, and how it goes on. */
static enum bk_err result_page(struct bk_req *req, bool good, int64_t seq, int64_t end,
                               const char *head)
{
    struct bk_page page;
    bk_page_begin(&page, req, bk_say(req, "校验哈希链", "Verifying the hash chain"));
    if (!good)
        bk_html(&page.html, "<p class=\"wrong\" role=\"alert\">%s %lld</p>",
                bk_say(req, "哈希链在此处断开，第一条不符的记录：",
                       "The chain is broken. The first entry that doesn't follow from those before"
                       " it:"),
                (long long)seq);
    else if (seq < end)
        bk_html(&page.html, "<p role=\"status\">%s %lld / %lld</p>",
                bk_say(req, "到目前为止一致：", "Good so far:"), (long long)seq, (long long)end);
    else
        bk_html(&page.html, "<p class=\"done\" role=\"status\">%s %lld</p>",
                bk_say(req, "哈希链完整。记录数：", "The chain is whole. Entries:"),
                (long long)seq);
    if (good)
        bk_html(&page.html, "<dl><dt>%s</dt><dd><code>%s</code></dd></dl><p class=\"small\">%s</p>",
                bk_say(req, "链头", "Head"), head,
                bk_say(req, "请将链头另行保存：据此可发现日志末尾被删除。",
                       "Keep the head elsewhere: by it one sees that the log's end was cut off."));
    if (good && seq < end)
        put_verify(&page, seq, bk_say(req, "继续校验", "Go on"));
    bk_html(&page.html, "<p><a href=\"/admin/audit\">%s</a></p>",
            bk_say(req, "返回审计日志", "Back to the audit log"));
    return bk_page_end(&page, 200);
}

enum bk_err bk_page_audit_verify(struct bk_req *req)
{
    uint8_t head[BK_AUDIT_HASH];
    char text[2 * BK_AUDIT_HASH + 1], detail[2 * BK_AUDIT_HASH + 64];
    int64_t after = number(bk_page_field(req, "after", 20), 0), seq = 0, end = 0;
    enum bk_err err = newest(req->tx, &end);
    if (err == BK_OK && after > end)
        return bk_refuse(req, "not-found");
    if (err == BK_OK)
        err = bk_audit_verify_part(req->tx, after, PART, &seq, head);
    bool good = err == BK_OK;
    if (err == BK_ENOTFOUND) { /* the entry to go on behind has gone */
        seq = after;
        err = BK_EVERIFY;
    }
    if (err != BK_OK && err != BK_EVERIFY)
        return err;
    bk_hex_text(head, sizeof head, text);
    if (good)
        (void)snprintf(detail, sizeof detail, "%lld to %lld, head %s", (long long)after + 1,
                       (long long)seq, text);
    else
        (void)snprintf(detail, sizeof detail, "broken at %lld", (long long)seq);
    /* nobody has waited for the log to be read: it was only looked at */
    err = bk_req_pause(req);
    if (err == BK_OK)
        err = bk_req_resume(req);
    if (err == BK_OK)
        err = bk_req_audit(req, "audit.verified", "audit:chain", detail);
    return err == BK_OK ? result_page(req, good, seq, end, text) : err;
}
