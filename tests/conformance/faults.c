/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A key that fails at one exchange of one call: at the first, the second, and so on until the call
 * is over before. Every entry point that asks the key for something is swept (support/entries.h).
 * Whatever fails: the call says what the standard has for it; then, with the key as it should be,
 * in the same program or a new one, the key is whole and no try of a PIN was spent.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codes.h"
#include "entries.h"
#include "runner.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define ENOUGH 300 /* exchanges of a call, by far */

/* --- what fails
 * ---------------------------------------------------------------------------------*/

/* Behind the filter's kinds: a status word instead of the answer, and nothing done. */
static const uint16_t words[] = {0x6983, 0x63c2, 0x6982, 0x6985, 0x6700, 0x6a80,
                                 0x6a84, 0x6a88, 0x6a91, 0x6d00, 0x6f00};
#define KINDS (BK_FAULT_KINDS + (int)COUNT(words))

static struct {
    unsigned at, count;
    uint16_t word;
    bool fired;
} status;

static enum bk_err transmit(struct bk_transport *inner, const uint8_t *command, size_t len,
                            bool sensitive, struct bk_buf *answer)
{
    if (!status.at || ++status.count != status.at)
        return inner->ops->transmit(inner, command, len, sensitive, answer);
    status.fired = true;
    bk_buf_clear(answer);
    return bk_buf_put_u16be(answer, status.word);
}

static void fail_at(int kind, unsigned exchange)
{
    memset(&status, 0, sizeof status);
    memset(&fault, 0, sizeof fault);
    if (kind < BK_FAULT_KINDS) {
        fault.kind = (enum bk_fault_kind)kind;
        fault.at = exchange;
    } else {
        status.word = words[kind - BK_FAULT_KINDS];
        status.at = exchange;
    }
}

static bool it_failed(void)
{
    bool fired = fault.fired || status.fired;
    fault.at = status.at = 0;
    return fired;
}

/* --- the sweep
 * ----------------------------------------------------------------------------------*/

static const char *name_of(int kind)
{
    static const char *const filter[] = {"fail", "lose", "shorten", "remove", "pull", "reset"};
    static char text[8];
    if (kind < BK_FAULT_KINDS)
        return filter[kind];
    (void)snprintf(text, sizeof text, "%04x", words[kind - BK_FAULT_KINDS]);
    return text;
}

/* False: the call is over before. */
static bool fail_once(const struct entry *e, int kind, unsigned exchange, bool again)
{
    char what[96];
    life_transmit = transmit;
    (void)snprintf(what, sizeof what, "%s, slot %lu, %s at %u", e->function, e->slot, name_of(kind),
                   exchange);
    entry_begin(e);
    fail_at(kind, exchange);
    CK_RV rv = e->call();
    bool failed = it_failed();
    ck_assert_msg(codes_allow(e->function, rv), "%s: %lx", what, rv);
    ck_assert_msg(failed || rv == e->says, "%s: %lx unfailed", what, rv);
    entry_check(e, rv, again, what);
    entry_end();
    return failed;
}

static void sweep(const struct entry *e, int kind, unsigned step)
{
    unsigned exchange = 1;
    while (fail_once(e, kind, exchange, exchange / step % 2 == 1)) {
        exchange += step;
        ck_assert_uint_lt(exchange, ENOUGH);
    }
}

#define FIRST 12

/* One after the other of the first exchanges, by a failure on the way and by a refusal. */
START_TEST(every_call_at_its_first_exchanges)
{
    const struct entry *e = &entries_key[_i];
    bool failed = true;
    for (unsigned n = 1; failed && n <= FIRST; n++) {
        failed = fail_once(e, (int)(n + (unsigned)_i) % BK_FAULT_KINDS, n, n % 2);
        if (failed)
            (void)fail_once(e, BK_FAULT_KINDS + (int)((n + (unsigned)_i) % COUNT(words)), n,
                            n % 2 == 0);
    }
}
END_TEST

#define SHARES 6

/* Each call with some kinds of failure, the next one with others: all of both are seen. */
START_TEST(every_call_that_asks_the_key)
{
    for (int kind = _i % SHARES; kind < KINDS; kind += SHARES)
        sweep(&entries_key[_i], kind, 3);
}
END_TEST

START_TEST(every_call_with_other_kinds)
{
    for (int kind = (_i + SHARES / 2) % SHARES; kind < KINDS; kind += SHARES)
        sweep(&entries_key[_i], kind, 2);
}
END_TEST

START_TEST(every_call_and_kind_at_every_exchange)
{
    for (int kind = 0; kind < KINDS; kind++)
        sweep(&entries_key[_i], kind, 1);
}
END_TEST

/* A reset by somebody else, or a daemon that begins anew, before a command or behind it: only what
 * has a secret in it isn't sent again then. */
static struct {
    unsigned at, count;
    bool behind, fired;
} reset;

static enum bk_err reset_once(struct bk_transport *inner, const uint8_t *command, size_t len,
                              bool sensitive, struct bk_buf *answer)
{
    enum bk_err err = BK_OK;
    bool now = reset.at && ++reset.count == reset.at;
    reset.fired = reset.fired || now;
    if (!now || (reset.behind && !sensitive))
        err = inner->ops->transmit(inner, command, len, sensitive, answer);
    if (!now || err)
        return err;
    bk_buf_clear(answer);
    err = inner->ops->reset(inner);
    return err ? err : BK_ERESET;
}

static bool reset_in(const struct entry *e, unsigned exchange, bool behind)
{
    char what[96];
    memset(&status, 0, sizeof status);
    memset(&reset, 0, sizeof reset);
    life_transmit = reset_once;
    (void)snprintf(what, sizeof what, "%s, slot %lu, reset %s %u", e->function, e->slot,
                   behind ? "behind" : "before", exchange);
    entry_begin(e);
    memset(&reset, 0, sizeof reset);
    reset.behind = behind;
    reset.at = exchange;
    CK_RV rv = e->call();
    reset.at = 0;
    /* what the platform answers is for a random of before */
    bool over = rv == CKR_BJCA_KEY_CHANGED && strncmp(e->function, "BJCA_Unlock", 11) == 0;
    ck_assert_msg(rv == e->says || over, "%s: %lx", what, rv);
    entry_check(e, rv, exchange % 2, what);
    entry_end();
    return reset.fired;
}

START_TEST(every_call_gets_over_a_reset)
{
    for (int behind = 0; behind < 2; behind++)
        for (unsigned exchange = 1; reset_in(&entries_key[_i], exchange, behind); exchange++)
            ck_assert_uint_lt(exchange, ENOUGH);
}
END_TEST

/* Those that aren't swept ask the key for nothing: there is nothing to fail. */
START_TEST(the_others_ask_the_key_for_nothing)
{
    const struct entry *e = &entries_host[_i];
    entry_begin(e);
    (void)mh_exchanges(&h);
    CK_RV rv = e->call();
    ck_assert_msg(rv == e->says, "%s: %lx", e->function, rv);
    ck_assert_msg(mh_exchanges(&h) == 0, "%s asks the key", e->function);
    entry_end();
}
END_TEST

static bool has(const struct entry *list, size_t count, const char *function)
{
    size_t i = 0;
    while (i < count && strcmp(list[i].function, function) != 0)
        i++;
    return i < count;
}

START_TEST(no_entry_point_is_missing)
{
    const char *name = NULL;
    for (size_t i = 0; (name = codes_function(i)); i++)
        ck_assert_msg(has(entries_key, entries_key_count, name) ||
                          has(entries_host, entries_host_count, name),
                      "%s", name);
}
END_TEST

int main(void)
{
    bool all = long_form();
    bool is_long = all;
    Suite *suite = suite_create("faults");
    TCase *t = tcase_create("faults");
    tcase_add_unchecked_fixture(t, entries_setup, entries_teardown);
    tcase_add_test(t, no_entry_point_is_missing);
    tcase_add_loop_test(t, the_others_ask_the_key_for_nothing, 0, (int)entries_host_count);
    tcase_add_loop_test(t, every_call_that_asks_the_key, 0, (int)entries_key_count);
    tcase_add_loop_test(t, every_call_at_its_first_exchanges, 0, (int)entries_key_count);
    tcase_set_timeout(t, 120);
    suite_add_tcase(suite, t);
    t = tcase_create("cuts");
    tcase_add_unchecked_fixture(t, entries_setup, entries_teardown);
    tcase_add_loop_test(
        t, is_long ? every_call_and_kind_at_every_exchange : every_call_with_other_kinds, 0,
        (int)entries_key_count);
    tcase_add_loop_test(t, every_call_gets_over_a_reset, 0, (int)entries_key_count);
    tcase_set_timeout(t, 900);
    tcase_set_tags(t, "cuts"); /* minutes: ./check runs them with the other cuts */
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
