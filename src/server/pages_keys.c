/* SPDX-License-Identifier: Apache-2.0 */
/* The register of keys, to look at: no PINs, and of phones only the ends. */
#include <stdio.h>
#include <string.h>

#include "server/api.h"
#include "server/certs.h"
#include "server/key_account.h"
#include "server/page_words.h"
#include "server/pages_order.h"

enum bk_err bk_page_keys(struct bk_req *req)
{
    static const char *const heads[] = {"序列号",   "Serial number", "单位", "Company",
                                        "持有人",   "Holder",        "状态", "State",
                                        "登记时间", "Registered",    NULL};
    struct bk_page page;
    struct bk_rows rows = BK_ROWS_INIT;
    const char *serial = bk_page_query(req, "serial", BK_SERIAL_MAX);
    enum bk_err err =
        bk_key_list(req->tx, serial, bk_page_query(req, "behind", BK_SERIAL_MAX), &rows);
    if (err != BK_OK)
        return err;
    bk_page_begin(&page, req, bk_say(req, "密钥登记册", "Register of keys"));
    bk_page_search(&page, "/admin/keys", "serial",
                   bk_say(req, "序列号（或其开头）", "Serial number, or how it begins"), serial);
    if (rows.count)
        bk_page_table(&page, bk_say(req, "密钥", "Keys"), heads);
    else
        bk_html(&page.html, "<p>%s</p>", bk_say(req, "没有找到密钥。", "There is no key."));
    for (size_t i = 0; i < rows.count; i++) {
        bk_html(&page.html,
                "<tr><td><a href=\"/admin/keys/%s\">%s</a></td><td>%s</td><td>%s</td>"
                "<td>%s</td><td>",
                bk_row_text(&rows, i, 0), bk_row_text(&rows, i, 0), bk_row_text(&rows, i, 1),
                bk_row_text(&rows, i, 2), bk_word(req, bk_row_text(&rows, i, 3)));
        bk_page_time(&page, bk_row_int(&rows, i, 4));
        bk_html(&page.html, "</td></tr>");
    }
    if (rows.count)
        bk_page_table_end(&page);
    if (rows.count == BK_KEY_PAGE)
        bk_html(&page.html,
                "<p class=\"pages\"><a href=\"/admin/keys?serial=%s&amp;behind=%s\">%s</a></p>",
                serial, bk_row_text(&rows, rows.count - 1, 0), bk_say(req, "下一页", "Next page"));
    bk_rows_free(&rows);
    return bk_page_end(&page, 200);
}

static enum bk_err put_certificates(struct bk_page *page, const char *serial)
{
    static const char *const heads[] = {"证书", "Certificate", "用途", "Use",  "容器", "Container",
                                        "状态", "State",       "到期", "Ends", NULL};
    const struct bk_req *req = page->req;
    struct bk_rows rows = BK_ROWS_INIT;
    enum bk_err err = bk_certificate_list(req->tx, serial, &rows);
    bk_html(&page->html, "<h2>%s</h2>", bk_say(req, "证书", "Certificates"));
    if (err == BK_OK && !rows.count)
        bk_html(&page->html, "<p>%s</p>", bk_say(req, "没有证书。", "There are none."));
    if (rows.count)
        bk_page_table(page, bk_say(req, "证书", "Certificates"), heads);
    for (size_t i = 0; err == BK_OK && i < rows.count; i++) {
        bk_html(&page->html, "<tr><td><code>%s</code></td><td>%s</td><td>%s</td><td>%s</td><td>",
                bk_row_text(&rows, i, 0), bk_word(req, bk_row_text(&rows, i, 1)),
                bk_row_text(&rows, i, 2), bk_word(req, bk_row_text(&rows, i, 3)));
        bk_page_time(page, bk_row_int(&rows, i, 4));
        bk_html(&page->html, "</td></tr>");
    }
    if (rows.count)
        bk_page_table_end(page);
    bk_rows_free(&rows);
    return err;
}

static void put_key(struct bk_page *page, const struct bk_key *key, const char *account,
                    int64_t kept)
{
    const struct bk_req *req = page->req;
    char phone[24], pins[24];
    size_t len = strlen(key->phone);
    (void)snprintf(phone, sizeof phone, "%.3s****%s", key->phone,
                   len > 7 ? key->phone + len - 4 : "");
    (void)snprintf(pins, sizeof pins, "%lld", (long long)kept);
    bk_html(&page->html, "<dl>");
    bk_page_term(page, bk_say(req, "单位", "Company"), key->company);
    bk_page_term(page, bk_say(req, "持有人", "Holder"), key->holder);
    bk_page_term(page, bk_say(req, "预留手机", "Phone on record"), phone);
    bk_page_term(page, bk_say(req, "预留对公账户", "Account on record"),
                 *account ? account : bk_say(req, "无", "none"));
    bk_page_term(page, bk_say(req, "状态", "State"),
                 bk_word(req, key->active ? "active" : "reissue"));
    bk_page_term(page, bk_say(req, "指令方言", "Dialect"),
                 key->dialect == BK_DIALECT_LONGMAI ? "longmai" : "gmt0017");
    bk_page_term(page, bk_say(req, "应用", "Application"), key->application);
    bk_page_term(page, bk_say(req, "待确认的管理员 PIN", "Pending administrator PIN"),
                 key->has_pending ? bk_say(req, "有", "yes") : bk_say(req, "无", "no"));
    bk_page_term(page, bk_say(req, "保留的旧管理员 PIN", "Administrator PINs kept"), pins);
    bk_html(&page->html, "</dl>");
}

enum bk_err bk_page_key(struct bk_req *req)
{
    struct bk_page page;
    struct bk_key key;
    struct bk_key_account account;
    char shown[BK_BANK_MAX + 16] = "";
    int64_t kept = 0;
    char object[BK_SERIAL_MAX + 8];
    enum bk_err err = bk_key_find(req->tx, req->params[0], &key);
    if (err == BK_ENOTFOUND)
        return bk_refuse(req, "not-found");
    if (err == BK_OK)
        err = bk_key_kept(req->tx, key.serial, &kept);
    if (err == BK_OK && key.has_account) {
        err = bk_key_account(req->tx, req->app->escrow, key.serial, &account);
        if (err == BK_OK)
            bk_key_account_show(&account, shown);
    }
    (void)snprintf(object, sizeof object, "key:%s", key.serial);
    if (err == BK_OK)
        err = bk_req_audit(req, "key.looked", object, "");
    if (err != BK_OK)
        return err;
    bk_page_begin(&page, req, key.serial);
    put_key(&page, &key, shown, kept);
    err = put_certificates(&page, key.serial);
    if (err == BK_OK && req->session.roles & (BK_STAFF_REVIEWER | BK_STAFF_AUDITOR))
        bk_html(&page.html, "<p><a href=\"/admin/unlocks?serial=%s\">%s</a></p>", key.serial,
                bk_say(req, "这把密钥的解锁申请", "Unlock requests for this key"));
    if (err == BK_OK)
        return bk_page_end(&page, 200);
    bk_html_free(&page.html);
    return err;
}
