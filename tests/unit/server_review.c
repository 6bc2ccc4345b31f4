/* SPDX-License-Identifier: Apache-2.0 */
/* Working days and their calendar, the review's rounds, how orders end in each state, and mail. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/codec.h"
#include "runner.h"
#include "server/calendar.h"
#include "server/fill.h"
#include "server/ident.h"
#include "server/mail.h"
#include "server/review.h"
#include "serverhost.h"

#define HOUR_MS (INT64_C(3600) * 1000)

/* A moment in China. */
static int64_t at(const char *text)
{
    int v[5] = {0};
    char *end = NULL;
    for (int i = 0; i < 5; i++, text = end + (*end != 0))
        v[i] = (int)strtol(text, &end, 10);
    struct tm tm = {.tm_year = v[0] - 1900,
                    .tm_mon = v[1] - 1,
                    .tm_mday = v[2],
                    .tm_hour = v[3],
                    .tm_min = v[4]};
    return ((int64_t)timegm(&tm) - 8 * 3600) * 1000;
}

static struct bk_calendar *read_file(void)
{
    struct bk_calendar *calendar = NULL;
    unsigned line = 0;
    ck_assert_int_eq(bk_calendar_open(WORKDAYS, &calendar, &line), BK_OK);
    return calendar;
}

/* Every day of 2026, by the notice's own words: which weekdays are off, which weekends are worked.
 */
START_TEST(each_day_of_2026_is_as_published)
{
    static const char *const off[] = {"01-01", "01-02", "02-16", "02-17", "02-18", "02-19", "02-20",
                                      "02-23", "04-06", "05-01", "05-04", "05-05", "06-19", "09-25",
                                      "10-01", "10-02", "10-05", "10-06", "10-07"};
    static const char *const on[] = {"01-04", "02-14", "02-28", "05-09", "09-20", "10-10"};
    struct bk_calendar *calendar = read_file();
    int worked = 0;
    for (int64_t ms = at("2026 1 1 12 0"); ms < at("2027 1 1 0 0"); ms += 24 * HOUR_MS) {
        time_t t = (time_t)(ms / 1000) + 8 * 3600;
        struct tm tm;
        char day[8];
        bool guessed = true;
        ck_assert_ptr_nonnull(gmtime_r(&t, &tm));
        (void)strftime(day, sizeof day, "%m-%d", &tm);
        bool works = tm.tm_wday != 0 && tm.tm_wday != 6;
        for (size_t i = 0; i < sizeof off / sizeof *off; i++)
            works = works && strcmp(day, off[i]) != 0;
        for (size_t i = 0; i < sizeof on / sizeof *on; i++)
            works = works || strcmp(day, on[i]) == 0;
        ck_assert_msg(bk_calendar_works(calendar, ms, &guessed) == works, "%s", day);
        ck_assert(!guessed);
        worked += works;
    }
    ck_assert_int_eq(worked, 248);
    bk_calendar_free(&calendar);
}
END_TEST

START_TEST(due_time_skips_days_off)
{
    static const struct {
        const char *from;
        int days;
        const char *due;
        bool guessed;
    } rows[] = {
        {"2026 11 24 10 30", 1, "2026 11 25 10 30", false},
        {"2026 11 27 10 30", 1, "2026 11 30 10 30", false}, /* Friday */
        {"2026 11 28 10 30", 1, "2026 12 1 0 0", false},    /* Saturday: Monday, all day */
        {"2026 2 13 16 0", 1, "2026 2 14 16 0", false},     /* the Saturday is worked */
        {"2026 2 14 16 0", 1, "2026 2 24 16 0", false},
        {"2026 2 20 9 0", 1, "2026 2 25 0 0", false},
        {"2026 9 30 23 59", 1, "2026 10 8 23 59", false},
        {"2026 10 8 0 0", 3, "2026 10 12 0 0", false}, /* over the worked Saturday */
        {"2026 12 30 9 0", 1, "2026 12 31 9 0", false},
        {"2026 12 31 9 0", 1, "2027 1 1 9 0", true}, /* Friday, as far as is known */
        {"2027 1 2 9 0", 2, "2027 1 6 0 0", true},
        {"2025 12 31 9 0", 1, "2026 1 4 9 0", true},
    };
    struct bk_calendar *calendar = read_file();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool guessed = !rows[i].guessed;
        int64_t due = bk_calendar_due(calendar, at(rows[i].from), rows[i].days, &guessed);
        ck_assert_msg(due == at(rows[i].due), "%s: %lld hours off", rows[i].from,
                      (long long)((due - at(rows[i].due)) / HOUR_MS));
        ck_assert_msg(guessed == rows[i].guessed, "%s", rows[i].from);
    }
    bool guessed = false;
    ck_assert_int_eq(bk_calendar_due(NULL, at("2026 10 1 9 0"), 1, &guessed), at("2026 10 2 9 0"));
    ck_assert(guessed);
    ck_assert_int_eq(bk_calendar_until(calendar, at("2026 1 1 0 0")), at("2027 1 1 0 0"));
    ck_assert_int_eq(bk_calendar_until(calendar, at("2026 12 31 23 59")), at("2027 1 1 0 0"));
    ck_assert_int_eq(bk_calendar_until(calendar, at("2027 1 1 0 0")), 0);
    ck_assert_int_eq(bk_calendar_until(calendar, at("2025 12 31 23 59")), 0);
    ck_assert_int_eq(bk_calendar_until(NULL, at("2026 1 1 0 0")), 0);
    bk_calendar_free(&calendar);
}
END_TEST

START_TEST(calendar_is_read_line_by_line)
{
    static const struct {
        const char *text;
        unsigned line; /* 0: good */
    } rows[] = {
        {"", 0},
        {"# only that\n\n", 0},
        {"year 2026\nholiday 2026-01-01 2026-01-03\nworkday 2026-01-04", 0},
        {"year 2026\r\nworkday\t2026-01-04\r\n", 0},
        {"holiday 2026-01-01 2026-01-03\n", 1}, /* of a year that isn't named */
        {"year 2026\nholiday 2025-12-31 2026-01-01\n", 2},
        {"year 26\n", 1},
        {"year 2026 2027\n", 1},
        {"year 2026\nworkday 2026-02-29\n", 2},
        {"year 2026\nworkday 2026-1-4\n", 2},
        {"year 2026\nworkday 2026-01-0x\n", 2},
        {"year 2026\nholiday 2026-01-03 2026-01-01\n", 2},
        {"year 2026\nholiday 2026-01-01 2026-03-01\n", 2},
        {"year 2026\nholiday 2026-01-01\n", 2},
        {"year 2026\nvacation 2026-01-01 2026-01-01\n", 2},
        {"year 2026\n\nyear 2026 # twice\n", 3},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bk_calendar *calendar = NULL;
        unsigned line = 0;
        enum bk_err err = bk_calendar_parse(rows[i].text, strlen(rows[i].text), &calendar, &line);
        ck_assert_msg(err == (rows[i].line ? BK_EFORMAT : BK_OK), "%s", rows[i].text);
        if (rows[i].line)
            ck_assert_msg(line == rows[i].line, "%s: line %u", rows[i].text, line);
        bk_calendar_free(&calendar);
    }
}
END_TEST

/* --- the rounds of a review --- */

static const struct bk_audit who = {.actor = "staff:test", .address = ""};

static struct bk_order add_order(struct bk_tx *tx, enum bk_order_state state)
{
    struct bk_order order = {
        .state = state, .version = 1, .type = "new", .amount_fen = 100, .expires_at = 5000};
    ck_assert_int_eq(bk_ulid(order.id), BK_OK);
    ck_assert_int_eq(bk_order_add(tx, &order, &who), BK_OK);
    return order;
}

START_TEST(a_review_is_decided_once_a_round)
{
    struct bk_review r;
    struct bk_tx *tx = serverhost_begin();
    struct bk_order order = add_order(tx, BK_ORDER_PAID);
    ck_assert_int_eq(bk_review_newest(tx, order.id, &r), BK_ENOTFOUND);
    ck_assert_int_eq(bk_review_approve(&host.app, tx, &order, &who, 1000), BK_ESTATE);
    ck_assert_int_eq(bk_review_enter(&host.app, tx, &order, &who, 1000), BK_OK);
    ck_assert_int_eq(bk_review_newest(tx, order.id, &r), BK_OK);
    ck_assert_str_eq(r.state, "open");
    ck_assert(r.guessed && r.due_at > 1000); /* there is no calendar here */
    ck_assert_int_eq(bk_review_reject(&host.app, tx, &order, "", &who, 2000), BK_EINVAL);
    ck_assert_int_eq(bk_review_reject(&host.app, tx, &order, "a\tb", &who, 2000), BK_EINVAL);
    ck_assert_int_eq(bk_review_reject(&host.app, tx, &order, "不清晰", &who, 2000), BK_OK);
    ck_assert_int_eq(order.expires_at, 2000 + host.app.policy.resubmit_ms);
    ck_assert_int_eq(bk_review_reject(&host.app, tx, &order, "again", &who, 2000), BK_ESTATE);
    ck_assert_int_eq(bk_review_newest(tx, order.id, &r), BK_OK);
    ck_assert_str_eq(r.reason, "不清晰");
    ck_assert_int_eq(bk_order_move(tx, &order, BK_ORDER_UPLOADED, &who, 3000), BK_OK);
    ck_assert_int_eq(bk_review_enter(&host.app, tx, &order, &who, 3000), BK_OK);
    ck_assert_int_eq(bk_review_approve(&host.app, tx, &order, &who, 4000), BK_OK);
    ck_assert_int_eq(order.state, BK_ORDER_APPROVED);
    ck_assert_int_eq(bk_review_newest(tx, order.id, &r), BK_OK);
    ck_assert_str_eq(r.state, "approved");
    bk_tx_rollback(&tx);
}
END_TEST

START_TEST(the_last_round_is_the_newest_whatever_the_clock_said)
{
    struct bk_review r;
    struct bk_rows rows = BK_ROWS_INIT;
    struct bk_tx *tx = serverhost_begin();
    struct bk_order order = add_order(tx, BK_ORDER_PAID);
    ck_assert_int_eq(bk_review_enter(&host.app, tx, &order, &who, 9000), BK_OK);
    ck_assert_int_eq(bk_review_reject(&host.app, tx, &order, "first", &who, 9500), BK_OK);
    ck_assert_int_eq(bk_order_move(tx, &order, BK_ORDER_UPLOADED, &who, 1000), BK_OK);
    ck_assert_int_eq(bk_review_enter(&host.app, tx, &order, &who, 1000), BK_OK);
    ck_assert_int_eq(bk_review_newest(tx, order.id, &r), BK_OK);
    ck_assert_str_eq(r.state, "open");
    ck_assert_int_eq(r.entered_at, 1000);
    ck_assert_int_eq(bk_review_reject(&host.app, tx, &order, "second", &who, 2000), BK_OK);
    ck_assert_int_eq(bk_review_newest(tx, order.id, &r), BK_OK);
    ck_assert_str_eq(r.reason, "second");
    ck_assert_int_eq(r.decided_at, 2000);
    ck_assert_int_eq(bk_review_rounds(tx, order.id, &rows), BK_OK);
    ck_assert_uint_eq(rows.count, 2);
    ck_assert_str_eq(bk_row_text(&rows, 0, 5), "second");
    bk_rows_free(&rows);
    bk_tx_rollback(&tx);
}
END_TEST

START_TEST(what_is_refunded_isnt_decided)
{
    struct bk_tx *tx = serverhost_begin();
    struct bk_order order = add_order(tx, BK_ORDER_PAID);
    ck_assert_int_eq(bk_review_enter(&host.app, tx, &order, &who, 1000), BK_OK);
    ck_assert_int_eq(bk_order_give_up(&host.app, tx, &order, &who, 2000), BK_OK);
    ck_assert_int_eq(order.state, BK_ORDER_IN_REVIEW);
    ck_assert_int_eq(bk_review_approve(&host.app, tx, &order, &who, 3000), BK_ESTATE);
    ck_assert_int_eq(bk_review_reject(&host.app, tx, &order, "x", &who, 3000), BK_ESTATE);
    order = add_order(tx, BK_ORDER_APPROVED); /* nor produced */
    ck_assert_int_eq(bk_order_give_up(&host.app, tx, &order, &who, 2000), BK_OK);
    ck_assert_int_eq(bk_order_move(tx, &order, BK_ORDER_PRODUCING, &who, 3000), BK_ESTATE);
    order = add_order(tx, BK_ORDER_APPROVED);
    ck_assert_int_eq(bk_order_move(tx, &order, BK_ORDER_PRODUCING, &who, 3000), BK_OK);
    bk_tx_rollback(&tx);
}
END_TEST

/* --- how orders end --- */

/* For each state: what its customer makes of it by giving it up, and what its time does. R: its
 * money goes back, and the state stays until it has. */
static const struct {
    const char *state, *given_up, *timed_out;
    bool staff; /* can have its money go back */
} endings[BK_ORDER_STATES] = {
    {"DRAFT", "CANCELLED", "EXPIRED", false},
    {"VERIFYING", "CANCELLED", "EXPIRED", false},
    {"VERIFIED", "CANCELLED", "EXPIRED", false},
    {"UPLOADED", "CANCELLED", "EXPIRED", false},
    {"SIGNED", "CANCELLED", "EXPIRED", false},
    {"AWAIT_PAY", "CANCELLED", "EXPIRED", false},
    {"PAID", "R", "R", true},
    {"IN_REVIEW", "R", "R", true},
    {"REJECTED", "R", "R", true},
    {"APPROVED", "R", "R", true},
    {"PRODUCING", "-", "-", false},
    {"READY", "-", "-", false},
    {"SHIPPED", "-", "DONE", false},
    {"ISSUED", "-", "-", true},
    {"DONE", "-", "-", false},
    {"CANCELLED", "-", "-", false},
    {"EXPIRED", "-", "-", false},
    {"REFUNDED", "-", "-", false},
};

/* Paid, when that is said: as one is that was rejected and begun again. */
static struct bk_order add_paid(struct bk_tx *tx, enum bk_order_state state, bool paid)
{
    struct bk_order order = add_order(tx, state);
    order.paid_at = paid ? 1 : 0;
    ck_assert_int_eq(bk_order_save(tx, &order, 1), BK_OK);
    return order;
}

static bool has_paid(enum bk_order_state state)
{
    return state > BK_ORDER_AWAIT_PAY && state < BK_ORDER_CANCELLED;
}

static void check_end(struct bk_tx *tx, const struct bk_order *order, enum bk_order_state from,
                      const char *expected)
{
    bool refunding = false;
    struct bk_order now;
    ck_assert_int_eq(bk_order_load(tx, order->id, &now), BK_OK);
    ck_assert_int_eq(bk_order_refunding(tx, &now, &refunding), BK_OK);
    const char *state = *expected == '-' || *expected == 'R' ? bk_order_state_name(from) : expected;
    ck_assert_str_eq(bk_order_state_name(now.state), state);
    ck_assert_msg(refunding == (*expected == 'R'), "%s", bk_order_state_name(from));
}

START_TEST(each_state_ends_by_the_table)
{
    host.app.policy.fulfil_ms = 10; /* of one paid at 1: over before the order's time is */
    for (unsigned state = 0; state < BK_ORDER_STATES; state++) {
        ck_assert_str_eq(bk_order_state_name(state), endings[state].state);
        struct bk_tx *tx = serverhost_begin();
        struct bk_order order = add_paid(tx, state, has_paid(state));
        enum bk_err err = bk_order_give_up(&host.app, tx, &order, &who, 1000);
        ck_assert_msg(err == (*endings[state].given_up == '-' ? BK_ESTATE : BK_OK), "%s: %s",
                      endings[state].state, bk_err_name(err));
        check_end(tx, &order, state, endings[state].given_up);
        bool goes_back = *endings[state].timed_out == 'R';
        order = add_paid(tx, state, has_paid(state));
        ck_assert_int_eq(bk_order_expire(&host.app, tx, &order, 5000), BK_OK); /* not yet */
        check_end(tx, &order, state, "-");
        ck_assert_int_eq(bk_order_expire(&host.app, tx, &order, 5001), BK_OK);
        check_end(tx, &order, state, endings[state].timed_out);
        ck_assert_int_eq(bk_order_expire(&host.app, tx, &order, 5002), BK_OK); /* again */
        check_end(tx, &order, goes_back ? state : order.state, goes_back ? "R" : "-");
        order = add_paid(tx, state, has_paid(state));
        err = bk_order_refund(&host.app, tx, &order, &who, "by staff", 1000);
        ck_assert_msg(err == (endings[state].staff ? BK_OK : BK_ESTATE), "%s",
                      endings[state].state);
        check_end(tx, &order, state, endings[state].staff ? "R" : "-");
        bk_tx_rollback(&tx);
    }
}
END_TEST

static int64_t refunds_of(struct bk_tx *tx, const struct bk_order *order)
{
    char dedupe[64];
    struct bk_rows rows = BK_ROWS_INIT;
    (void)snprintf(dedupe, sizeof dedupe, "refund%%%s%%", order->id);
    ck_assert_int_eq(bk_tx_query(tx, "SELECT count(*) FROM outbox WHERE dedupe LIKE $1",
                                 BK_VALS(bk_text(dedupe)), &rows),
                     BK_OK);
    int64_t count = bk_row_int(&rows, 0, 0);
    bk_rows_free(&rows);
    return count;
}

/* Nobody loses what was paid, whatever state it is in, and nobody gets it twice. */
START_TEST(what_is_paid_goes_back_once)
{
    host.app.policy.fulfil_ms = 10;
    for (unsigned state = 0; state < BK_ORDER_STATES; state++) {
        bool goes = state <= BK_ORDER_UPLOADED || endings[state].staff;
        for (unsigned first = 0; first < 3; first++) {
            struct bk_tx *tx = serverhost_begin();
            struct bk_order order = add_paid(tx, state, true);
            for (unsigned i = first; i < first + 3 && goes && state != BK_ORDER_ISSUED; i++) {
                enum bk_err err =
                    i % 3 == 0   ? bk_order_give_up(&host.app, tx, &order, &who, 1000)
                    : i % 3 == 1 ? bk_order_expire(&host.app, tx, &order, 5001)
                                 : bk_order_refund(&host.app, tx, &order, &who, "by staff", 1000);
                ck_assert_msg(err == BK_OK, "%s: %s", endings[state].state, bk_err_name(err));
                ck_assert_int_eq(refunds_of(tx, &order), 1);
                ck_assert_uint_eq(order.state, state);
            }
            ck_assert_int_ne(bk_order_move(tx, &order, BK_ORDER_CANCELLED, &who, 1), BK_OK);
            ck_assert_int_ne(bk_order_move(tx, &order, BK_ORDER_EXPIRED, &who, 1), BK_OK);
            bk_tx_rollback(&tx);
        }
    }
}
END_TEST

/* From the payment, from a review that begins or ends: so long the platform has, or the download.
 */
START_TEST(what_is_paid_has_its_time)
{
    struct bk_tx *tx = serverhost_begin();
    struct bk_order order = add_order(tx, BK_ORDER_AWAIT_PAY);
    host.app.policy.fulfil_ms = 7000;
    ck_assert_int_eq(bk_order_paid(&host.app, tx, &order, "T", 100, 2000), BK_OK);
    ck_assert_uint_eq(order.state, BK_ORDER_PAID);
    ck_assert_int_eq(order.expires_at, 9000);
    ck_assert_int_eq(bk_review_enter(&host.app, tx, &order, &who, 3000), BK_OK);
    ck_assert_int_eq(order.expires_at, 10000);
    ck_assert_int_eq(bk_review_approve(&host.app, tx, &order, &who, 4000), BK_OK);
    ck_assert_int_eq(order.expires_at, 11000);
    struct bk_rows rows = BK_ROWS_INIT;
    ck_assert_int_eq(bk_tx_query(tx,
                                 "SELECT next_at FROM outbox WHERE kind = 'order-time'"
                                 " ORDER BY next_at DESC",
                                 BK_NO_VALS, &rows),
                     BK_OK);
    ck_assert_int_eq(bk_row_int(&rows, 0, 0), 11001);
    bk_rows_free(&rows);
    order.expires_at = 1; /* as it was left by a version that didn't know it */
    ck_assert_int_eq(bk_order_expire(&host.app, tx, &order, 9000), BK_OK);
    ck_assert_int_eq(refunds_of(tx, &order), 0);
    ck_assert_int_eq(bk_order_expire(&host.app, tx, &order, 9001), BK_OK);
    ck_assert_int_eq(refunds_of(tx, &order), 1);
    bk_tx_rollback(&tx);
}
END_TEST

/* --- mail --- */

START_TEST(mail_is_put_together_line_by_line)
{
    struct bk_mail *mail = NULL;
    struct bk_buf out = BK_BUF_INIT;
    const char *text = NULL;
    char data[200];
    struct bk_mail_options options = {
        .smtp = {.url = "smtp://127.0.0.1:1"}, .from = "a@example.com", .name = "示例"};
    memset(data, 'x', sizeof data);
    const struct bk_mail_file file = {
        .name = "a.pdf", .type = "application/pdf", .data = data, .len = sizeof data};
    struct bk_mail_message m = {
        .id = "01",
        .to = "b@example.com",
        .subject = "一二三四五六七八九十一二三四五六七八九十\r\nBcc: c@example.com",
        .text = "你好",
        .at = at("2026 1 4 9 5"),
        .files = &file,
        .file_count = 1};
    ck_assert_int_eq(bk_mail_new(&options, &mail), BK_OK);
    ck_assert_int_eq(bk_mail_write(mail, &m, &out), BK_OK);
    ck_assert_int_eq(bk_buf_cstr(&out, &text), BK_OK);
    static const char *const parts[] = {"From: =?UTF-8?B?56S65L6L?= <a@example.com>\r\n",
                                        "To: <b@example.com>\r\n",
                                        "Date: Sun, 4 Jan 2026 09:05:00 +0800\r\n",
                                        "Message-ID: <01@example.com>\r\n",
                                        "boundary=\"=_01\"\r\n",
                                        "\r\n5L2g5aW9\r\n--=_01\r\n",
                                        "filename=\"a.pdf\"\r\n",
                                        "\r\n--=_01--\r\n"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        ck_assert_msg(strstr(text, parts[i]) != NULL, "%s in %s", parts[i], text);
    ck_assert_ptr_null(strstr(text, "Bcc"));
    for (const char *line = text; *line;) {
        const char *end = strstr(line, "\r\n");
        ck_assert_ptr_nonnull(end);
        ck_assert_int_le(end - line, 78);
        ck_assert_ptr_null(memchr(line, '\n', (size_t)(end - line)));
        line = end + 2;
    }
    m.to = "b@example.com>\r\nRCPT TO:<c@example.com";
    ck_assert_int_eq(bk_mail_write(mail, &m, &out), BK_EINVAL);
    bk_mail_free(&mail);
    options.from = "nobody";
    ck_assert_int_eq(bk_mail_new(&options, &mail), BK_EINVAL);
    bk_buf_free(&out);
}
END_TEST

START_TEST(a_server_without_tls_is_not_spoken_to)
{
    const struct bk_smtp_options plain = {.url = "smtp://mail.example:25", .plain = true};
    const struct bk_smtp_options http = {.url = "http://127.0.0.1"};
    const struct bk_smtp_options trick = {.url = "smtp://127.0.0.1.example:25", .plain = true};
    ck_assert_int_eq(bk_smtp_send(&plain, "a@b.cn", "c@d.cn", "x", 1), BK_EINVAL);
    ck_assert_int_eq(bk_smtp_send(&http, "a@b.cn", "c@d.cn", "x", 1), BK_EINVAL);
    ck_assert_int_eq(bk_smtp_send(&trick, "a@b.cn", "c@d.cn", "x", 1), BK_EINVAL);
}
END_TEST

START_TEST(a_text_is_filled_in)
{
    struct bk_buf out = BK_BUF_INIT;
    const char *text = NULL;
    json_t *params = json_pack("{s:s, s:i}", "a", "${b}", "n", 5);
    ck_assert_int_eq(bk_fill("x${a}y${n}", params, &out), BK_OK);
    ck_assert_int_eq(bk_buf_cstr(&out, &text), BK_OK);
    ck_assert_str_eq(text, "x${b}y5");
    static const char *const bad[] = {"${c}", "${a", "$a", "$"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_int_eq(bk_fill(bad[i], params, &out), BK_EFORMAT);
    json_decref(params);
    bk_buf_free(&out);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("server review");
    TCase *tc = tcase_create("texts");
    tcase_add_test(tc, each_day_of_2026_is_as_published);
    tcase_add_test(tc, due_time_skips_days_off);
    tcase_add_test(tc, calendar_is_read_line_by_line);
    tcase_add_test(tc, mail_is_put_together_line_by_line);
    tcase_add_test(tc, a_server_without_tls_is_not_spoken_to);
    tcase_add_test(tc, a_text_is_filled_in);
    suite_add_tcase(suite, tc);
    tc = serverhost_case(suite, "orders");
    tcase_add_test(tc, a_review_is_decided_once_a_round);
    tcase_add_test(tc, the_last_round_is_the_newest_whatever_the_clock_said);
    tcase_add_test(tc, what_is_refunded_isnt_decided);
    tcase_add_test(tc, each_state_ends_by_the_table);
    tcase_add_test(tc, what_is_paid_goes_back_once);
    tcase_add_test(tc, what_is_paid_has_its_time);
    return run_suite(suite);
}
