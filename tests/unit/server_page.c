/* SPDX-License-Identifier: Apache-2.0 */
/* What pages stand on: escaping, forms, and what their lists read: the audit log by parts, keys,
 * unlock requests. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runner.h"
#include "server/audit.h"
#include "server/form.h"
#include "server/html.h"
#include "server/keys.h"
#include "server/page.h"
#include "server/unlock.h"
#include "serverhost.h"

static const char *text_of(struct bk_html *html)
{
    const char *text = NULL;
    ck_assert_int_eq(html->err, BK_OK);
    ck_assert_int_eq(bk_buf_cstr(&html->text, &text), BK_OK);
    return text;
}

START_TEST(what_is_filled_in_is_escaped)
{
    struct bk_html html = BK_HTML_INIT;
    bk_html(&html, "<p title=\"%s\">%s</p>%d %lld 100%%", "\" onclick='x' &amp;", "<script>&<", -7,
            9223372036854775807LL);
    ck_assert_str_eq(text_of(&html),
                     "<p title=\"&quot; onclick=&#39;x&#39; &amp;amp;\">&lt;script&gt;&amp;&lt;</p>"
                     "-7 9223372036854775807 100%");
    bk_html_free(&html);
    bk_html(&html, "%s%s", "", "证书 %s %n");
    ck_assert_str_eq(text_of(&html), "证书 %s %n");
    bk_html_free(&html);
    bk_html(&html, "%x", 1u); /* a format that it doesn't know is a mistake that shows */
    ck_assert_int_eq(html.err, BK_EINVAL);
    bk_html(&html, "more");
    ck_assert_uint_eq(html.text.len, 0);
    bk_html_free(&html);
}
END_TEST

START_TEST(forms_are_read_strictly)
{
    static const struct {
        const char *body;
        enum bk_err err;
    } rows[] = {{"", BK_OK},           {"a=1&b=", BK_OK},       {"a=%E8%AF%81+x&b=%26", BK_OK},
                {"a", BK_EFORMAT},     {"=1", BK_EFORMAT},      {"a=1&a=2", BK_EFORMAT},
                {"a=%zz", BK_EFORMAT}, {"a=%4", BK_EFORMAT},    {"a=%00", BK_EFORMAT},
                {"a=%ff", BK_EFORMAT}, {"a=1&&b=2", BK_EFORMAT}};
    struct bk_form form;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ck_assert_msg(bk_form_parse(rows[i].body, strlen(rows[i].body), &form) == rows[i].err, "%s",
                      rows[i].body);
        bk_form_free(&form);
    }
    ck_assert_int_eq(bk_form_parse(rows[2].body, strlen(rows[2].body), &form), BK_OK);
    ck_assert_str_eq(bk_form_get(&form, "a"), "证 x");
    ck_assert_str_eq(bk_form_get(&form, "b"), "&");
    bk_form_free(&form);
}
END_TEST

/* A field that isn't a line of plain text of its length is as one that isn't there. */
START_TEST(fields_are_plain)
{
    static const char body[] = "good=%E8%AF%81&long=12345&line=a%0Ab&turned=a%E2%80%AEb";
    struct bk_req req = {.page = true};
    ck_assert_int_eq(bk_form_parse(body, sizeof body - 1, &req.form), BK_OK);
    ck_assert_str_eq(bk_page_field(&req, "good", 3), "证");
    ck_assert_str_eq(bk_page_field(&req, "good", 2), "");
    ck_assert_str_eq(bk_page_field(&req, "long", 4), "");
    ck_assert_str_eq(bk_page_field(&req, "line", 9), "");
    ck_assert_str_eq(bk_page_field(&req, "turned", 9), "");
    ck_assert_str_eq(bk_page_field(&req, "none", 9), "");
    bk_form_free(&req.form);
}
END_TEST

START_TEST(paths_to_go_back_to)
{
    static const char *const good[] = {"/admin", "/admin/orders", "/admin/keys/K_1-a"};
    static const char *const bad[] = {"",         "/",           "admin",      "//x/admin",
                                      "/admin?x", "/admin.",     "/admin/%2f", "/admin\\x",
                                      "/admin\n", "https:/admin"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        ck_assert_msg(bk_page_is_path(good[i]), "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!bk_page_is_path(bad[i]), "%s", bad[i]);
}
END_TEST

/* --- the audit log --- */

#define ENTRIES 1234

static void fill_log(struct bk_tx *tx)
{
    for (int i = 1; i <= ENTRIES; i++) {
        char object[32];
        (void)snprintf(object, sizeof object, "order:%d", i % 100);
        const struct bk_audit entry = {.actor = i % 2 ? "staff:anna" : "customer:x",
                                       .address = "192.0.2.1",
                                       .action = i % 3 ? "order.state" : "review.looked",
                                       .object = object,
                                       .detail = "x"};
        ck_assert_int_eq(bk_audit_add(tx, &entry), BK_OK);
    }
}

/* By parts of any size: the same answer as at once. */
static int64_t verify_by(struct bk_tx *tx, int64_t part, enum bk_err *err,
                         uint8_t head[BK_AUDIT_HASH])
{
    int64_t seq = 0, before = -1;
    do {
        before = seq;
        *err = bk_audit_verify_part(tx, before, part, &seq, head);
        ck_assert_int_le(seq, before + part);
    } while (*err == BK_OK && seq > before);
    return seq;
}

START_TEST(log_is_verified_by_parts)
{
    static const int64_t parts[] = {1, 7, 499, 500, 501, 1000, 5000};
    uint8_t whole[BK_AUDIT_HASH], head[BK_AUDIT_HASH];
    int64_t seq = 0;
    enum bk_err err = BK_OK;
    struct bk_tx *tx = serverhost_begin();
    ck_assert_int_eq(bk_audit_verify(tx, &seq, whole), BK_OK);
    ck_assert_int_eq(seq, 0);
    fill_log(tx);
    ck_assert_int_eq(bk_audit_verify(tx, &seq, whole), BK_OK);
    ck_assert_int_eq(seq, ENTRIES);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        ck_assert_int_eq(verify_by(tx, parts[i], &err, head), ENTRIES);
        ck_assert_int_eq(err, BK_OK);
        ck_assert_mem_eq(head, whole, sizeof head);
    }
    ck_assert_int_eq(bk_audit_verify_part(tx, ENTRIES + 1, 5, &seq, head), BK_ENOTFOUND);
    /* a change shows, and so does a gap that is wider than a part */
    ck_assert_int_eq(
        bk_tx_exec(tx, "UPDATE audit SET actor = 'y' WHERE seq = 777", BK_NO_VALS, NULL), BK_OK);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        ck_assert_int_eq(verify_by(tx, parts[i], &err, head), 777);
        ck_assert_int_eq(err, BK_EVERIFY);
    }
    ck_assert_int_eq(
        bk_tx_exec(tx, "DELETE FROM audit WHERE seq > 100 AND seq <= 900", BK_NO_VALS, NULL),
        BK_OK);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        ck_assert_int_eq(verify_by(tx, parts[i], &err, head), 101);
        ck_assert_int_eq(err, BK_EVERIFY);
    }
    serverhost_commit(tx);
}
END_TEST

static int64_t listed(struct bk_tx *tx, const char *actor, const char *action, const char *object)
{
    const struct bk_audit_filter filter = {.actor = actor, .action = action, .object = object};
    int64_t count = 0, before = INT64_MAX;
    for (;;) {
        struct bk_rows rows = BK_ROWS_INIT;
        ck_assert_int_eq(bk_audit_list(tx, &filter, before, &rows), BK_OK);
        size_t found = rows.count;
        for (size_t i = 0; i < found; i++) {
            ck_assert_int_lt(bk_row_int(&rows, i, 0), before);
            before = bk_row_int(&rows, i, 0);
        }
        count += (int64_t)found;
        bk_rows_free(&rows);
        if (found < BK_AUDIT_PAGE)
            return count;
    }
}

START_TEST(log_is_looked_through)
{
    struct bk_tx *tx = serverhost_begin();
    fill_log(tx);
    ck_assert_int_eq(listed(tx, "", "", ""), ENTRIES);
    ck_assert_int_eq(listed(tx, "staff:", "", ""), ENTRIES / 2);
    ck_assert_int_eq(listed(tx, "", "review.", ""), ENTRIES / 3);
    ck_assert_int_eq(listed(tx, "staff:anna", "", "order:13"), 13);
    ck_assert_int_eq(listed(tx, "%", "", ""), 0);
    ck_assert_int_eq(listed(tx, "", "", "' OR ''='"), 0);
    serverhost_commit(tx);
}
END_TEST

/* --- keys and unlock requests --- */

START_TEST(registers_are_looked_through)
{
    struct bk_rows rows = BK_ROWS_INIT;
    struct bk_tx *tx = serverhost_begin();
    for (int i = 0; i < BK_KEY_PAGE + 10; i++) {
        struct bk_key key = {.application = "A", .phone = "13800001234", .holder = "x"};
        (void)snprintf(key.serial, sizeof key.serial, "K%03d", i);
        ck_assert_int_eq(bk_key_add(tx, host.app.escrow, &key, "12345678", NULL, 0, 1), BK_OK);
        ck_assert_int_eq(
            bk_tx_exec(
                tx,
                "INSERT INTO unlocks (id, serial, matched, state, code_hash, tries_left,"
                " created_at, expires_at, suspend_hash, first_at, redemptions, rounds, slot,"
                " swapped, pin_sent, expects, address, done_at) VALUES ($1, $1, 1, 'open', $2,"
                " 5, 0, 0, $2, 0, 0, 0, 0, 0, 0, 'begin', '', 0)",
                BK_VALS(bk_text(key.serial), bk_bytes("01234567890123456789012345678901", 32)),
                NULL),
            BK_OK);
    }
    ck_assert_int_eq(bk_key_list(tx, "", "", &rows), BK_OK);
    ck_assert_uint_eq(rows.count, BK_KEY_PAGE);
    ck_assert_int_eq(bk_key_list(tx, "", "K049", &rows), BK_OK);
    ck_assert_uint_eq(rows.count, 10);
    ck_assert_int_eq(bk_key_list(tx, "K01", "", &rows), BK_OK);
    ck_assert_uint_eq(rows.count, 10);
    ck_assert_int_eq(bk_key_list(tx, "K0%", "", &rows), BK_OK);
    ck_assert_uint_eq(rows.count, 0);
    ck_assert_int_eq(bk_unlock_list(tx, "", "", &rows), BK_OK);
    ck_assert_uint_eq(rows.count, BK_UNLOCK_PAGE);
    ck_assert_str_eq(bk_row_text(&rows, 0, 0), "K059");
    ck_assert_int_eq(bk_unlock_list(tx, "", "K010", &rows), BK_OK);
    ck_assert_uint_eq(rows.count, 10);
    ck_assert_int_eq(bk_unlock_list(tx, "K01", "K015", &rows), BK_OK);
    ck_assert_uint_eq(rows.count, 5);
    struct bk_unlock unlock;
    ck_assert_int_eq(bk_unlock_load(tx, "K001", &unlock), BK_OK);
    ck_assert_int_eq(bk_unlock_suspend(tx, &unlock, 7), BK_OK);
    ck_assert_int_eq(bk_unlock_load(tx, "K001", &unlock), BK_OK);
    ck_assert_int_eq(unlock.state, BK_UNLOCK_SUSPENDED);
    bk_rows_free(&rows);
    serverhost_commit(tx);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("server page");
    TCase *pure = tcase_create("texts");
    tcase_add_test(pure, what_is_filled_in_is_escaped);
    tcase_add_test(pure, forms_are_read_strictly);
    tcase_add_test(pure, fields_are_plain);
    tcase_add_test(pure, paths_to_go_back_to);
    suite_add_tcase(suite, pure);
    TCase *kept = serverhost_case(suite, "lists");
    tcase_add_test(kept, log_is_verified_by_parts);
    tcase_add_test(kept, log_is_looked_through);
    tcase_add_test(kept, registers_are_looked_through);
    return run_suite(suite);
}
