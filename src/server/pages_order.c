/* SPDX-License-Identifier: Apache-2.0 */
#include "server/pages_order.h"

#include <stdio.h>
#include <string.h>

#include "server/page_words.h"
#include "server/rsa2.h"
#include "server/upload.h"

void bk_page_term(struct bk_page *page, const char *term, const char *text)
{
    if (*text)
        bk_html(&page->html, "<dt>%s</dt><dd>%s</dd>", term, text);
}

void bk_page_term_time(struct bk_page *page, const char *term, int64_t ms)
{
    if (!ms)
        return;
    bk_html(&page->html, "<dt>%s</dt><dd>", term);
    bk_page_time(page, ms);
    bk_html(&page->html, "</dd>");
}

void bk_page_part(struct bk_page *page, const char *name, const json_t *part)
{
    const char *member = NULL;
    const json_t *value = NULL;
    /* those that are chosen have words; of what was typed, nothing is taken for one */
    static const char *const chosen[] = {"id_type", "algorithm", "pin_way", "way", "kind"};
    bk_html(&page->html, "<dl>");
    json_object_foreach((json_t *)(uintptr_t)part, member, value)
    {
        const char *text = json_string_value(value);
        char number[24];
        if (json_is_integer(value)) {
            (void)snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
            text = number;
        }
        for (size_t i = 0; text && i < sizeof chosen / sizeof *chosen; i++)
            if (strcmp(member, chosen[i]) == 0)
                text = bk_word(page->req, text);
        bk_page_term(page, bk_word_member(page->req, name, member), text ? text : "");
    }
    bk_html(&page->html, "</dl>");
}

void bk_page_application(struct bk_page *page, const struct bk_application *application)
{
    static const char *const parts[] = {"company",  "legal_person", "operator", "product",
                                        "delivery", "invoice",      "bank"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const json_t *part = json_object_get(application->details, parts[i]);
        if (!json_object_size(part))
            continue;
        bk_html(&page->html, "<h2>%s</h2>", bk_word_part(page->req, parts[i]));
        bk_page_part(page, parts[i], part);
    }
    const json_t *contacts = json_object_get(application->details, "contacts");
    if (json_array_size(contacts))
        bk_html(&page->html, "<h2>%s</h2>", bk_word_part(page->req, "contacts"));
    for (size_t i = 0; i < json_array_size(contacts); i++)
        bk_page_part(page, "contacts", json_array_get(contacts, i));
}

void bk_page_order_facts(struct bk_page *page, const struct bk_order *order,
                         const struct bk_application *application)
{
    const struct bk_req *req = page->req;
    char amount[BK_MONEY];
    bk_money_text(order->amount_fen, amount);
    bk_html(&page->html, "<dl>");
    bk_page_term(page, bk_say(req, "订单号", "Order"), order->id);
    bk_page_term(page, bk_say(req, "状态", "State"),
                 bk_word_state(req, bk_order_state_name(order->state)));
    bk_page_term(page, bk_say(req, "类型", "Type"), bk_word(req, order->type));
    bk_page_term(page, bk_say(req, "统一社会信用代码", "Organisation code"), application->org_code);
    bk_page_term(page, bk_say(req, "金额（元）", "Amount (CNY)"), amount);
    bk_page_term_time(page, bk_say(req, "创建时间", "Made"), order->created_at);
    bk_page_term_time(page, bk_say(req, "付款时间", "Paid"), order->paid_at);
    bk_page_term(page, bk_say(req, "密钥序列号", "Key"), order->key_serial);
    bk_page_term(page, bk_say(req, "原证书", "Old certificate"), order->old_certificate);
    bk_page_term_time(page, bk_say(req, "原证书到期", "Its end"), order->old_not_after);
    bk_page_term(page, bk_say(req, "新证书", "New certificate"), order->new_certificate);
    bk_html(&page->html, "</dl>");
}

void bk_page_put_document(struct bk_page *page, const char *where, const char *id,
                          const struct bk_rows *rows, size_t i)
{
    const char *kind = bk_row_text(rows, i, 0), *type = bk_row_text(rows, i, 1);
    const char *name = bk_word(page->req, kind);
    bk_html(&page->html, "<figure><a href=\"/admin/%s/%s/documents/%s\">", where, id, kind);
    if (strncmp(type, "image/", 6) == 0)
        bk_html(&page->html, "<img src=\"/admin/%s/%s/documents/%s\" alt=\"%s\">", where, id, kind,
                name);
    else
        bk_html(&page->html, "%s", bk_say(page->req, "下载 PDF", "Download the PDF"));
    bk_html(&page->html, "</a><figcaption>%s <span class=\"small\">%s, %lld KiB, ", name, type,
            (long long)((bk_row_int(rows, i, 2) + 1023) / 1024));
    bk_page_time(page, bk_row_int(rows, i, 4));
    bk_html(&page->html, "</span></figcaption></figure>");
}

enum bk_err bk_page_documents(struct bk_page *page, const struct bk_order *order)
{
    struct bk_rows rows = BK_ROWS_INIT;
    enum bk_err err = bk_upload_list(page->req->tx, order->id, &rows);
    bk_html(&page->html, "<h2>%s</h2>", bk_say(page->req, "材料", "Documents"));
    if (err == BK_OK && !rows.count)
        bk_html(&page->html, "<p>%s</p>", bk_say(page->req, "没有材料。", "There are none."));
    bk_html(&page->html, "<div class=\"documents\">");
    for (size_t i = 0; err == BK_OK && i < rows.count; i++)
        bk_page_put_document(page, "orders", order->id, &rows, i);
    bk_html(&page->html, "</div>");
    bk_rows_free(&rows);
    return err;
}
