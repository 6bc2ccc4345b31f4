/* SPDX-License-Identifier: Apache-2.0 */
/* The invoice service's notices: what is taken, and from whom. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "runner.h"
#include "server/form.h"
#include "server/httpd.h"
#include "server/invoice.h"

#define FILES "\"files\":{\"pdf\":\"/a\",\"ofd\":\"/b?c=1\",\"xml\":\"/d\"}"
#define NUMBER "\"number\":\"12345678901234567890\""
#define ISSUED "{\"out_id\":\"I\",\"status\":\"issued\"," NUMBER "," FILES "}"

START_TEST(each_notice_is_read_or_refused)
{
    static const struct {
        const char *text;
        enum bk_err err;
    } rows[] = {
        {ISSUED, BK_OK},
        {"{\"out_id\":\"I\",\"status\":\"failed\",\"reason\":\"no\"}", BK_OK},
        {"{\"out_id\":\"I\",\"status\":\"failed\"}", BK_EFORMAT},
        {"{\"out_id\":\"I\",\"status\":\"maybe\",\"reason\":\"no\"}", BK_EFORMAT},
        {"{\"status\":\"issued\"," NUMBER "," FILES "}", BK_EFORMAT},
        {"{\"out_id\":\"I\",\"status\":\"issued\",\"number\":\"1234567890123456789x\"," FILES "}",
         BK_EFORMAT},
        {"{\"out_id\":\"I\",\"status\":\"issued\",\"number\":\"123\"," FILES "}", BK_EFORMAT},
        {"{\"out_id\":\"I\",\"status\":\"issued\"," NUMBER "}", BK_EFORMAT},
        {"{\"out_id\":\"I\",\"status\":\"issued\"," NUMBER
         ",\"files\":{\"pdf\":\"//h/a\",\"ofd\":\"/b\",\"xml\":\"/c\"}}",
         BK_EFORMAT},
        {"{\"out_id\":\"I\",\"status\":\"issued\"," NUMBER
         ",\"files\":{\"pdf\":\"http://h/a\",\"ofd\":\"/b\",\"xml\":\"/c\"}}",
         BK_EFORMAT},
        {"{\"out_id\":\"I\",\"status\":\"issued\"," NUMBER
         ",\"files\":{\"pdf\":\"/a\\r\\nX: y\",\"ofd\":\"/b\",\"xml\":\"/c\"}}",
         BK_EFORMAT},
        {"[]", BK_EFORMAT},
        {"", BK_EFORMAT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bk_invoice_notice n;
        enum bk_err err = bk_invoice_parse(rows[i].text, strlen(rows[i].text), &n);
        ck_assert_msg(err == rows[i].err, "%s: %s", rows[i].text, bk_err_name(err));
    }
    struct bk_invoice_notice n;
    ck_assert_int_eq(bk_invoice_parse(ISSUED, strlen(ISSUED), &n), BK_OK);
    ck_assert(n.issued);
    ck_assert_str_eq(n.id, "I");
    ck_assert_str_eq(n.number, "12345678901234567890");
    ck_assert_str_eq(n.paths[1], "/b?c=1");
}
END_TEST

START_TEST(a_reason_is_made_plain_and_cut_at_a_character)
{
    char text[2048];
    struct bk_invoice_notice n;
    int len = snprintf(text, sizeof text,
                       "{\"out_id\":\"I\",\"status\":\"failed\",\"reason\":\"a\\u202e\\n");
    for (int i = 0; i < 200; i++)
        len += snprintf(text + len, sizeof text - (size_t)len, "\xe4\xb8\x80");
    len += snprintf(text + len, sizeof text - (size_t)len, "\"}");
    ck_assert_int_eq(bk_invoice_parse(text, (size_t)len, &n), BK_OK);
    ck_assert_int_eq(strncmp(n.reason, "a????\xe4", 6), 0);
    size_t got = strlen(n.reason);
    ck_assert_uint_lt(got, sizeof n.reason);
    ck_assert_mem_eq(n.reason + got - 3, "\xe4\xb8\x80", 3);
}
END_TEST

START_TEST(a_signature_is_of_time_and_body)
{
    char one[65], other[65];
    /* computed by openssl dgst -sha256 -hmac key */
    ck_assert_int_eq(bk_invoice_sign("key", "1", "{}", 2, one), BK_OK);
    ck_assert_str_eq(one, "26580996971a5c402bfec0b1f0122c5e4021123d46b5e5476ffac03d65e36ca8");
    ck_assert_int_eq(bk_invoice_sign("key", "2", "{}", 2, other), BK_OK);
    ck_assert_str_ne(one, other);
    ck_assert_int_eq(bk_invoice_sign("kez", "1", "{}", 2, other), BK_OK);
    ck_assert_str_ne(one, other);
}
END_TEST

START_TEST(nobody_is_believed_without_a_service)
{
    struct bk_invoice_notice n;
    ck_assert_int_eq(bk_invoice_read(NULL, "1", "", "{}", 2, 1, &n), BK_EUNSUPPORTED);
    ck_assert_int_eq(bk_invoice_issue(NULL, &(struct bk_invoice_ask){.id = "I"}), BK_EUNSUPPORTED);
}
END_TEST

static const char *said; /* by the service, of what it was asked for */

static void handle(void *context, const struct bk_http_in *in, struct bk_http_out *out)
{
    (void)context;
    struct bk_form form = {0};
    ck_assert_str_eq(bk_httpd_header(in, "x-acs-action"), "QueryInvoice");
    ck_assert_int_eq(bk_form_parse(in->body, in->body_len, &form), BK_OK);
    ck_assert_str_eq(bk_form_get(&form, "OutId"), "I");
    bk_form_free(&form);
    out->status = 200;
    out->type = "application/json";
    ck_assert_int_eq(bk_buf_put_str(&out->body, said), BK_OK);
}

#define ANSWER(invoice) "{\"Code\":\"200\",\"Invoice\":" invoice "}"

START_TEST(what_became_of_an_invoice_is_asked)
{
    static const struct {
        const char *text;
        enum bk_err err;
    } rows[] = {
        {ANSWER(ISSUED), BK_OK},
        {ANSWER("{\"out_id\":\"I\",\"status\":\"failed\",\"reason\":\"no\"}"), BK_OK},
        {ANSWER("{\"out_id\":\"I\",\"status\":\"processing\"}"), BK_EBUSY},
        {ANSWER("{\"out_id\":\"I\",\"status\":\"unknown\"}"), BK_ENOTFOUND},
        {ANSWER("{\"out_id\":\"I\",\"status\":\"issued\"}"), BK_EFORMAT},
        {ANSWER("{\"out_id\":\"J\",\"status\":\"failed\",\"reason\":\"no\"}"), BK_EFORMAT},
        {ANSWER("null"), BK_EFORMAT},
        {"{\"Code\":\"200\"}", BK_EFORMAT},
    };
    char url[64];
    struct bk_httpd *httpd = NULL;
    struct bk_invoice *invoice = NULL;
    struct bk_invoice_notice n;
    const struct bk_httpd_options options = {.listen = "127.0.0.1:0",
                                             .threads = 2,
                                             .max_body = 4096,
                                             .request_ms = 9000,
                                             .handle = handle};
    ck_assert_int_eq(bk_httpd_start(&options, &httpd), BK_OK);
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u", bk_httpd_port(httpd));
    const struct bk_invoice_options asking = {.url = url, .key_id = "k", .secret = "s"};
    ck_assert_int_eq(bk_invoice_new(&asking, &invoice), BK_OK);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        said = rows[i].text;
        enum bk_err err = bk_invoice_query(invoice, "I", &n);
        ck_assert_msg(err == rows[i].err, "%s: %s", rows[i].text, bk_err_name(err));
        ck_assert(err != BK_OK || n.issued == (i == 0));
    }
    ck_assert_int_eq(bk_invoice_query(NULL, "I", &n), BK_EUNSUPPORTED);
    bk_invoice_free(&invoice);
    bk_httpd_stop(&httpd);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("server invoice");
    TCase *tc = tcase_create("invoice");
    tcase_add_test(tc, each_notice_is_read_or_refused);
    tcase_add_test(tc, a_reason_is_made_plain_and_cut_at_a_character);
    tcase_add_test(tc, a_signature_is_of_time_and_body);
    tcase_add_test(tc, nobody_is_believed_without_a_service);
    tcase_add_test(tc, what_became_of_an_invoice_is_asked);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
