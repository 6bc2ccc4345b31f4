/* SPDX-License-Identifier: Apache-2.0 */
/* The outbox: what it tries again, and what waits for nothing else. */
#include <check.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

#include "runner.h"
#include "server/ident.h"
#include "server/outbox.h"
#include "serverhost.h"

static volatile int tries;

static enum bk_err fail_twice(void *context, const struct bk_outbox_item *item)
{
    (void)context;
    ck_assert_int_eq(item->attempts, tries + 1);
    ck_assert_str_eq(json_string_value(json_object_get(item->payload, "a")), "b");
    return ++tries < 3 ? BK_ENET : BK_OK;
}

START_TEST(outbox_tries_until_it_works_then_forgets)
{
    struct bk_outbox *outbox = NULL;
    struct bk_rows rows = BK_ROWS_INIT;
    int64_t now = bk_now_ms();
    struct bk_tx *tx = serverhost_begin();
    for (int i = 0; i < 2; i++) /* the second is the same and isn't written */
        ck_assert_int_eq(bk_outbox_add(tx, host.app.escrow, "x", "same",
                                       json_pack("{s:s}", "a", "b"), now, now + 60000),
                         BK_OK);
    serverhost_commit(tx);
    static const struct bk_outbox_kind kinds[] = {{.kind = "x", .work = fail_twice}};
    ck_assert_int_eq(
        bk_outbox_start(host.app.store, host.app.escrow, kinds, 1, NULL, 60000, &outbox), BK_OK);
    for (int i = 0; i < 100 && tries < 3; i++)
        (void)nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    bk_outbox_stop(&outbox);
    ck_assert_int_eq(tries, 3);
    tx = serverhost_begin();
    ck_assert_int_eq(bk_tx_get(tx, "SELECT state, payload_sealed FROM outbox", BK_NO_VALS, &rows),
                     BK_OK);
    ck_assert_uint_eq(rows.count, 1);
    ck_assert_str_eq(bk_row_text(&rows, 0, 0), "done");
    ck_assert(bk_row_null(&rows, 0, 1));
    bk_tx_rollback(&tx);
    bk_rows_free(&rows);
}
END_TEST

static atomic_int prompt_done, slow_done;

static enum bk_err be_slow(void *context, const struct bk_outbox_item *item)
{
    (void)context;
    (void)item;
    (void)nanosleep(&(struct timespec){.tv_sec = 2}, NULL);
    slow_done++;
    return BK_OK;
}

static enum bk_err be_prompt(void *context, const struct bk_outbox_item *item)
{
    (void)context;
    ck_assert_str_eq(item->kind, "prompt");
    ck_assert_int_eq(slow_done, 0);
    prompt_done++;
    return BK_OK;
}

START_TEST(outbox_lane_waits_for_no_other)
{
    static const struct bk_outbox_kind kinds[] = {{.kind = "slow", .work = be_slow},
                                                  {.kind = "prompt", .lane = 1, .work = be_prompt}};
    struct bk_outbox *outbox = NULL;
    int64_t now = bk_now_ms();
    struct bk_tx *tx = serverhost_begin();
    for (int i = 0; i < 3; i++) {
        char dedupe[16];
        (void)snprintf(dedupe, sizeof dedupe, "slow%d", i);
        ck_assert_int_eq(bk_outbox_add(tx, host.app.escrow, "slow", dedupe, json_object(), now - 10,
                                       now + 60000),
                         BK_OK);
    }
    ck_assert_int_eq(
        bk_outbox_add(tx, host.app.escrow, "prompt", "p", json_object(), now, now + 60000), BK_OK);
    ck_assert_int_eq(
        bk_outbox_add(tx, host.app.escrow, "other", "o", json_object(), now, now + 60000), BK_OK);
    serverhost_commit(tx);
    ck_assert_int_eq(
        bk_outbox_start(host.app.store, host.app.escrow, kinds, 2, NULL, 60000, &outbox), BK_OK);
    for (int i = 0; i < 100 && !slow_done; i++)
        (void)nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    bk_outbox_stop(&outbox);
    ck_assert_int_eq(prompt_done, 1);
    ck_assert_int_ge(slow_done, 1);
}
END_TEST

static atomic_int done_in_time, done_early;

static enum bk_err be_on_time(void *context, const struct bk_outbox_item *item)
{
    (void)context;
    *(json_object_get(item->payload, "early") ? &done_early : &done_in_time) += 1;
    return BK_OK;
}

/* What was to be done later waits for that; what seems to be of the future, for the clock was set
 * back since it was written, doesn't wait. */
START_TEST(outbox_later_is_not_a_clock_set_back)
{
    static const struct bk_outbox_kind kinds[] = {{.kind = "x", .work = be_on_time}};
    struct bk_outbox *outbox = NULL;
    int64_t now = bk_now_ms(), hour = 3600000;
    struct bk_tx *tx = serverhost_begin();
    const struct bk_escrow *e = host.app.escrow;
    ck_assert_int_eq(bk_outbox_add_later(tx, e, "x", "later", json_pack("{s:b}", "early", 1), now,
                                         now + hour, now + 2 * hour),
                     BK_OK);
    ck_assert_int_eq(
        bk_outbox_add_later(tx, e, "x", "soon", json_object(), now, now + 300, now + hour), BK_OK);
    ck_assert_int_eq(bk_outbox_add(tx, e, "x", "back", json_object(), now + hour, now + 2 * hour),
                     BK_OK);
    serverhost_commit(tx);
    ck_assert_int_eq(
        bk_outbox_start(host.app.store, host.app.escrow, kinds, 1, NULL, 60000, &outbox), BK_OK);
    for (int i = 0; i < 100 && done_in_time < 2; i++)
        (void)nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    bk_outbox_stop(&outbox);
    ck_assert_int_eq(done_in_time, 2);
    ck_assert_int_eq(done_early, 0);
}
END_TEST

static void wait_until(atomic_int *what, int value)
{
    for (int i = 0; i < 100 && *what < value; i++)
        (void)nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
}

static atomic_int uncertain;

static enum bk_err be_uncertain(void *context, const struct bk_outbox_item *item)
{
    (void)context;
    (void)item;
    uncertain++;
    return BK_ERESET;
}

/* What may have been done each time isn't hurried, or somebody gets it every few minutes. */
START_TEST(outbox_does_what_may_be_done_seldom)
{
    static const struct {
        int attempts;
        int64_t least, most; /* seconds */
    } rows[] = {{0, 10, 11}, {4, 160, 161}, {40, 21600, 21601}};
    static const struct bk_outbox_kind kinds[] = {{.kind = "x", .work = be_uncertain}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bk_outbox *outbox = NULL;
        struct bk_rows row = BK_ROWS_INIT;
        int64_t now = bk_now_ms(), day = 86400000;
        struct bk_tx *tx = serverhost_begin();
        ck_assert_int_eq(bk_tx_exec(tx, "DELETE FROM outbox", BK_NO_VALS, NULL), BK_OK);
        ck_assert_int_eq(
            bk_outbox_add(tx, host.app.escrow, "x", "x", json_object(), now, now + day), BK_OK);
        ck_assert_int_eq(bk_tx_exec(tx, "UPDATE outbox SET attempts = $1",
                                    BK_VALS(bk_int(rows[i].attempts)), NULL),
                         BK_OK);
        serverhost_commit(tx);
        uncertain = 0;
        ck_assert_int_eq(
            bk_outbox_start(host.app.store, host.app.escrow, kinds, 1, NULL, 60000, &outbox),
            BK_OK);
        wait_until(&uncertain, 1);
        bk_outbox_stop(&outbox);
        tx = serverhost_begin();
        ck_assert_int_eq(bk_tx_get(tx, "SELECT next_at, last_error FROM outbox", BK_NO_VALS, &row),
                         BK_OK);
        bk_tx_rollback(&tx);
        ck_assert_str_eq(bk_row_text(&row, 0, 1), "reset");
        ck_assert_int_ge(bk_row_int(&row, 0, 0) - now, rows[i].least * 1000);
        ck_assert_int_le(bk_row_int(&row, 0, 0) - bk_now_ms(), rows[i].most * 1000);
        bk_rows_free(&row);
    }
}
END_TEST

static atomic_int retrying, release, fresh_done;

/* Like a provider that hangs over one phone: the first try fails, the next ones stay. */
static enum bk_err hang_when_tried_again(void *context, const struct bk_outbox_item *item)
{
    (void)context;
    if (json_object_get(item->payload, "good")) {
        fresh_done++;
        return BK_OK;
    }
    if (item->attempts > 1)
        retrying++;
    for (int i = 0; item->attempts > 1 && i < 200 && !release; i++)
        (void)nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    return BK_ETIMEOUT;
}

START_TEST(outbox_try_again_delays_no_first_try)
{
    static const struct bk_outbox_kind kinds[] = {{.kind = "x", .work = hang_when_tried_again}};
    struct bk_outbox *outbox = NULL;
    int64_t now = bk_now_ms();
    struct bk_tx *tx = serverhost_begin();
    ck_assert_int_eq(
        bk_outbox_add(tx, host.app.escrow, "x", "bad", json_object(), now, now + 60000), BK_OK);
    serverhost_commit(tx);
    ck_assert_int_eq(
        bk_outbox_start(host.app.store, host.app.escrow, kinds, 1, NULL, 60000, &outbox), BK_OK);
    wait_until(&retrying, 1);
    ck_assert_int_eq(retrying, 1);
    unsigned long before = bk_outbox_made_due();
    for (int i = 0; i < 3; i++) {
        char dedupe[16];
        (void)snprintf(dedupe, sizeof dedupe, "good%d", i);
        tx = serverhost_begin();
        ck_assert_int_eq(bk_outbox_add(tx, host.app.escrow, "x", dedupe,
                                       json_pack("{s:b}", "good", 1), bk_now_ms(), now + 60000),
                         BK_OK);
        serverhost_commit(tx);
    }
    bk_outbox_wake(outbox, before);
    wait_until(&fresh_done, 3);
    ck_assert_int_eq(fresh_done, 3);
    ck_assert_int_eq(retrying, 1); /* it still hangs */
    release = 1;
    bk_outbox_stop(&outbox);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("server_outbox");
    TCase *tc = serverhost_case(suite, "outbox");
    tcase_add_test(tc, outbox_tries_until_it_works_then_forgets);
    tcase_add_test(tc, outbox_lane_waits_for_no_other);
    tcase_add_test(tc, outbox_does_what_may_be_done_seldom);
    tcase_add_test(tc, outbox_try_again_delays_no_first_try);
    tcase_add_test(tc, outbox_later_is_not_a_clock_set_back);
    return run_suite(suite);
}
