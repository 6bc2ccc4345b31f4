/* SPDX-License-Identifier: Apache-2.0 */
/* The identity provider's client: what each way sends, signed, and how its answers are read. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "runner.h"
#include "server/form.h"
#include "server/httpd.h"
#include "server/identity.h"

static char asked[1024];
static const char *answer;
static unsigned status;

static void handle(void *context, const struct bk_http_in *in, struct bk_http_out *out)
{
    (void)context;
    struct bk_form form = {0};
    ck_assert_int_eq(bk_form_parse(in->body, in->body_len, &form), BK_OK);
    bk_form_sort(&form);
    int n = snprintf(asked, sizeof asked, "%s %s", bk_httpd_header(in, "x-acs-action"),
                     bk_httpd_header(in, "x-acs-version"));
    for (size_t i = 0; i < form.count; i++)
        n += snprintf(asked + n, sizeof asked - (size_t)n, " %s=%s", form.items[i].name,
                      form.items[i].value);
    ck_assert_ptr_nonnull(strstr(bk_httpd_header(in, "Authorization"), "Credential=id,"));
    out->status = status;
    out->type = "application/json";
    ck_assert_int_eq(bk_buf_put_str(&out->body, answer), BK_OK);
    bk_form_free(&form);
}

static struct bk_httpd *httpd;
static struct bk_identity *identity;

static void open_both(void)
{
    char url[64];
    status = 200;
    const struct bk_httpd_options options = {.listen = "127.0.0.1:0",
                                             .threads = 2,
                                             .max_body = 4096,
                                             .request_ms = 5000,
                                             .handle = handle};
    ck_assert_int_eq(bk_httpd_start(&options, &httpd), BK_OK);
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u", bk_httpd_port(httpd));
    const struct bk_identity_options what = {.url = url, .key_id = "id", .secret = "s"};
    ck_assert_int_eq(bk_identity_new(&what, &identity), BK_OK);
}

static void close_both(void)
{
    bk_identity_free(&identity);
    bk_httpd_stop(&httpd);
}

static struct bk_identity_subject subject_by(enum bk_identity_way way)
{
    return (struct bk_identity_subject){.way = way,
                                        .id = "V1",
                                        .name = "N",
                                        .id_number = "I",
                                        .phone = "P",
                                        .card = "C",
                                        .company = "CO",
                                        .account = "A",
                                        .bank = "B",
                                        .memo = "M"};
}

START_TEST(each_way_sends_what_it_needs_and_no_more)
{
    static const char *const sent[BK_IDENTITY_WAYS] = {
        [BK_BY_PHONE] = "Mobile3MetaDetailVerify 2019-03-07 IdentifyNum=I Mobile=P"
                        " ParamType=normal UserName=N",
        [BK_BY_CARD] = "BankMetaVerify 2019-03-07 BankCard=C IdentifyNum=I Mobile=P"
                       " ParamType=normal ProductType=BANK_CARD_4_META UserName=N"
                       " VerifyMode=VERIFY_BANK_CARD",
        [BK_BY_TRANSFER] = "CompanyTransfer 2019-03-07 Account=A AccountName=CO Amount=0.01"
                           " BankName=B Memo=M OutId=V1"};
    for (unsigned way = 0; way < BK_IDENTITY_WAYS; way++) {
        char flow[BK_FLOW];
        enum bk_identity_result result;
        const struct bk_identity_subject subject = subject_by(way);
        answer = "{\"Code\":\"200\",\"ResultObject\":{\"BizCode\":\"1\",\"FlowId\":\"F\","
                 "\"Status\":\"SUCCESS\"}}";
        ck_assert_int_eq(bk_identity_start(identity, &subject, flow, &result), BK_OK);
        ck_assert_str_eq(asked, sent[way]);
        ck_assert_int_eq(result, BK_IDENTITY_MATCH);
    }
}
END_TEST

START_TEST(each_answer_is_read_or_refused)
{
    static const struct {
        bool transfer;
        const char *answer;
        enum bk_err err;
        enum bk_identity_result result;
    } rows[] = {
        {false, "{\"Code\":\"200\",\"ResultObject\":{\"BizCode\":\"1\"}}", BK_OK,
         BK_IDENTITY_MATCH},
        {false, "{\"Code\":\"200\",\"ResultObject\":{\"BizCode\":\"2\",\"SubCode\":\"201\"}}",
         BK_OK, BK_IDENTITY_MISMATCH},
        {false, "{\"Code\":\"200\",\"ResultObject\":{\"BizCode\":\"3\"}}", BK_OK,
         BK_IDENTITY_NO_RECORD},
        {false, "{\"Code\":\"200\",\"ResultObject\":{\"BizCode\":\"4\"}}", BK_EFORMAT, 0},
        {false, "{\"Code\":\"200\",\"ResultObject\":{\"BizCode\":\"11\"}}", BK_EFORMAT, 0},
        {false, "{\"Code\":\"200\",\"ResultObject\":{\"BizCode\":1}}", BK_EFORMAT, 0},
        {false, "{\"Code\":\"200\",\"ResultObject\":{}}", BK_EFORMAT, 0},
        {false, "{\"Code\":\"200\"}", BK_EFORMAT, 0},
        {false, "{\"Code\":\"401\",\"Message\":\"no\"}", BK_EREFUSED, 0},
        {false, "{\"Code\":200}", BK_EFORMAT, 0},
        {false, "{\"Code\":\"401\",\"Code\":\"200\",\"ResultObject\":{\"BizCode\":\"1\"}}",
         BK_EFORMAT, 0},
        {false, "{\"Code\":\"200\",\"BizCode\":\"1\",\"ResultObject\":\"1\"}", BK_EFORMAT, 0},
        {false, "[]", BK_EFORMAT, 0},
        {false, "<html>", BK_EFORMAT, 0},
        {true, "{\"Code\":\"200\",\"ResultObject\":{\"FlowId\":\"F\",\"Status\":\"PROCESSING\"}}",
         BK_OK, BK_IDENTITY_PENDING},
        {true,
         "{\"Code\":\"200\",\"ResultObject\":{\"FlowId\":\"F\",\"Status\":\"FAILED\",\"BizCode\":"
         "\"2\"}}",
         BK_OK, BK_IDENTITY_MISMATCH},
        {true, "{\"Code\":\"200\",\"ResultObject\":{\"FlowId\":\"F\",\"Status\":\"FAILED\"}}",
         BK_EFORMAT, 0},
        {true,
         "{\"Code\":\"200\",\"ResultObject\":{\"FlowId\":\"F\",\"Status\":\"SUCCESS\",\"BizCode\":"
         "\"1\"}}",
         BK_OK, BK_IDENTITY_MATCH},
        {true,
         "{\"Code\":\"200\",\"ResultObject\":{\"FlowId\":\"F\",\"Status\":\"FAILED\",\"BizCode\":"
         "\"1\"}}",
         BK_EFORMAT, 0},
        {true,
         "{\"Code\":\"200\",\"ResultObject\":{\"FlowId\":\"F\",\"Status\":\"SUCCESS\",\"BizCode\":"
         "\"2\"}}",
         BK_EFORMAT, 0},
        {true,
         "{\"Code\":\"200\",\"ResultObject\":{\"FlowId\":\"F\",\"Status\":\"RETURNED\",\"BizCode\":"
         "\"1\"}}",
         BK_EFORMAT, 0},
        {true, "{\"Code\":\"200\",\"ResultObject\":{\"FlowId\":\"F\",\"BizCode\":\"1\"}}",
         BK_EFORMAT, 0},
        {true, "{\"Code\":\"200\",\"ResultObject\":{\"Status\":\"PROCESSING\"}}", BK_EFORMAT, 0},
        {true, "{\"Code\":\"200\",\"ResultObject\":{\"FlowId\":\"\",\"Status\":\"PROCESSING\"}}",
         BK_EFORMAT, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char flow[BK_FLOW];
        enum bk_identity_result result = BK_IDENTITY_PENDING;
        const struct bk_identity_subject subject =
            subject_by(rows[i].transfer ? BK_BY_TRANSFER : BK_BY_PHONE);
        answer = rows[i].answer;
        enum bk_err err = bk_identity_start(identity, &subject, flow, &result);
        ck_assert_msg(err == rows[i].err, "%s: %s", answer, bk_err_name(err));
        if (err == BK_OK) {
            ck_assert_msg(result == rows[i].result, "%s", answer);
            ck_assert_str_eq(flow, rows[i].transfer ? "F" : "");
        }
    }
}
END_TEST

/* Whatever else such an answer says: who failed has compared nobody. */
START_TEST(an_http_error_is_no_answer)
{
    static const unsigned errors[] = {201, 400, 429, 500, 502};
    const struct bk_identity_subject subject = subject_by(BK_BY_PHONE);
    char flow[BK_FLOW];
    enum bk_identity_result result;
    answer = "{\"Code\":\"200\",\"ResultObject\":{\"BizCode\":\"1\"}}";
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        status = errors[i];
        enum bk_err err = bk_identity_start(identity, &subject, flow, &result);
        ck_assert_msg(err == BK_EREFUSED, "%u: %s", status, bk_err_name(err));
    }
}
END_TEST

/* What only brings its memo there: it has arrived, is on its way, or the bank won't have it. */
START_TEST(a_transfer_counts_as_its_status_says)
{
#define TRANSFER(status, code)                                                                     \
    "{\"Code\":\"200\",\"ResultObject\":{\"FlowId\":\"F\",\"Status\":\"" status                    \
    "\",\"BizCode\":\"" code "\"}}"
    static const struct {
        const char *answer;
        enum bk_err err;
        bool refused;
    } rows[] = {
        {TRANSFER("SUCCESS", "1"), BK_OK, false},
        {TRANSFER("PROCESSING", "1"), BK_EBUSY, false},
        {TRANSFER("FAILED", "3"), BK_EREFUSED, true},
        {TRANSFER("FAILED", "1"), BK_EFORMAT, false},
        {"{\"Code\":\"500\"}", BK_EREFUSED, false},
    };
    const struct bk_identity_subject subject = subject_by(BK_BY_TRANSFER);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool refused = false;
        answer = rows[i].answer;
        enum bk_err err = bk_identity_transfer(identity, &subject, &refused);
        ck_assert_msg(err == rows[i].err && refused == rows[i].refused, "%s: %s", answer,
                      bk_err_name(err));
    }
}
END_TEST

START_TEST(a_transfer_is_asked_after_by_its_flow)
{
    enum bk_identity_result result;
    answer = "{\"Code\":\"200\",\"ResultObject\":{\"FlowId\":\"F\",\"Status\":\"SUCCESS\","
             "\"BizCode\":\"1\"}}";
    ck_assert_int_eq(bk_identity_check(identity, "F", &result), BK_OK);
    ck_assert_str_eq(asked, "QueryCompanyTransfer 2019-03-07 FlowId=F");
    ck_assert_int_eq(result, BK_IDENTITY_MATCH);
    ck_assert_int_eq(bk_identity_check(identity, "G", &result), BK_EFORMAT); /* another's */
    ck_assert_int_eq(bk_identity_check(NULL, "F", &result), BK_EUNSUPPORTED);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("server identity");
    TCase *tc = tcase_create("identity");
    tcase_add_checked_fixture(tc, open_both, close_both);
    tcase_add_test(tc, each_way_sends_what_it_needs_and_no_more);
    tcase_add_test(tc, each_answer_is_read_or_refused);
    tcase_add_test(tc, an_http_error_is_no_answer);
    tcase_add_test(tc, a_transfer_counts_as_its_status_says);
    tcase_add_test(tc, a_transfer_is_asked_after_by_its_flow);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
