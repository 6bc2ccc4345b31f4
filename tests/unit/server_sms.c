/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a message was sent is asked for every day it may have been sent on, page by page. */
#include <check.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "runner.h"
#include "server/form.h"
#include "server/httpd.h"
#include "server/ident.h"
#include "server/sms.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)

#define PAGE 50u /* what the provider gives at most */

static char known[16], asked[256];  /* day of the message; days that were asked for, each once */
static unsigned long others, pages; /* messages behind which it stands; pages that were asked for */

static void handle(void *context, const struct bk_http_in *in, struct bk_http_out *out)
{
    (void)context;
    struct bk_form form = {0};
    ck_assert_int_eq(bk_form_parse(in->body, in->body_len, &form), BK_OK);
    const char *day = bk_form_get(&form, "SendDate");
    unsigned long page = strtoul(bk_form_get(&form, "CurrentPage"), NULL, 10);
    ck_assert_str_eq(bk_form_get(&form, "PageSize"), "50");
    ck_assert_uint_ge(page, 1);
    pages++;
    size_t used = strlen(asked);
    if (!strstr(asked, day))
        (void)snprintf(asked + used, sizeof asked - used, "%s ", day);
    out->status = 200;
    out->type = "application/json";
    ck_assert_int_eq(
        bk_buf_printf(&out->body, "{\"Code\":\"OK\",\"SmsSendDetailDTOs\":{\"SmsSendDetailDTO\":["),
        BK_OK);
    unsigned long count = others + (strcmp(day, known) == 0);
    for (unsigned long i = (page - 1) * PAGE; i < count && i < page * PAGE; i++)
        ck_assert_int_eq(bk_buf_printf(&out->body, "%s{\"OutId\":\"%s\"}",
                                       i == (page - 1) * PAGE ? "" : ",", i < others ? "X" : "M1"),
                         BK_OK);
    ck_assert_int_eq(bk_buf_printf(&out->body, "]}}"), BK_OK);
    bk_form_free(&form);
}

/* In China. */
static void name_day(int64_t ms, char day[16])
{
    time_t t = (time_t)(ms / 1000) + 8 * 3600;
    struct tm tm;
    ck_assert_ptr_nonnull(gmtime_r(&t, &tm));
    (void)strftime(day, 16, "%Y%m%d", &tm);
}

static struct bk_httpd *httpd;
static struct bk_sms *sms;

static enum bk_err find(int64_t since)
{
    const struct bk_sms_message message = {
        .phone = "13800001234", .template = "unlock-code", .out_id = "M1", .since = since};
    asked[0] = 0;
    pages = 0;
    return bk_sms_find(sms, &message);
}

static void begin(void)
{
    char url[64];
    const struct bk_httpd_options options = {.listen = "127.0.0.1:0",
                                             .threads = 2,
                                             .max_body = 4096,
                                             .request_ms = 9000,
                                             .handle = handle};
    ck_assert_int_eq(bk_httpd_start(&options, &httpd), BK_OK);
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u", bk_httpd_port(httpd));
    const struct bk_sms_options sending = {
        .url = url, .key_id = "k", .secret = "s", .sign_name = "n"};
    ck_assert_int_eq(bk_sms_new(&sending, &sms), BK_OK);
    others = 0;
}

static void end(void)
{
    bk_sms_free(&sms);
    bk_httpd_stop(&httpd);
}

/* The clock was set back since, or had been for a while. */
START_TEST(message_of_tomorrow_is_found_today)
{
    int64_t now = bk_now_ms();
    static const int64_t days[] = {1, 6, 400, -400};
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        int64_t since = now + days[i] * DAY_MS;
        name_day(now, known);
        ck_assert_int_eq(find(since), BK_OK);
        name_day(since, known);
        ck_assert_int_eq(find(since), BK_OK);
        (void)snprintf(known, sizeof known, "never");
        ck_assert_int_eq(find(since), BK_ENOTFOUND);
        ck_assert_uint_le(pages, 9);
    }
}
END_TEST

START_TEST(message_of_yesterday_is_found_today)
{
    char today[16], both[64];
    int64_t now = bk_now_ms();
    name_day(now - DAY_MS, known);
    name_day(now, today);
    ck_assert_int_eq(find(now), BK_ENOTFOUND);
    ck_assert_int_eq(find(now - DAY_MS), BK_OK);
    (void)snprintf(known, sizeof known, "never");
    name_day(now - DAY_MS, both);
    (void)snprintf(both + 8, sizeof both - 8, " %s ", today);
    ck_assert_int_eq(find(now - DAY_MS), BK_ENOTFOUND);
    ck_assert_str_eq(asked, both);
    name_day(now, known);
    for (others = 48; others < 103; others++) { /* on whichever page it is */
        ck_assert_int_eq(find(now), BK_OK);
        ck_assert_uint_eq(pages, others / PAGE + 1);
    }
    (void)snprintf(known, sizeof known, "never");
    others = 100;
    ck_assert_int_eq(find(now), BK_ENOTFOUND);
    ck_assert_uint_eq(pages, 3); /* the last of them says that there are no more */
    others = ULONG_MAX / 2;
    ck_assert_int_eq(find(now), BK_ELIMIT); /* it isn't known */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("server_sms");
    TCase *tc = tcase_create("sms");
    tcase_add_checked_fixture(tc, begin, end);
    tcase_add_test(tc, message_of_yesterday_is_found_today);
    tcase_add_test(tc, message_of_tomorrow_is_found_today);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
