/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that runs out: of what our own code asks for in a call the first allocation fails, then
 * the second, and so on, for every entry point (support/entries.h). Each says so (5.1:
 * CKR_HOST_MEMORY) or does its work; then, with memory again, the module ends, starts and works,
 * and no try was spent.
 *
 * conformance_libcrypto has the allocations of libcrypto.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "entries.h"
#include "no_memory.h"
#include "runner.h"

#define FIRST 40u
#define STEP 7u
#define ENOUGH 2000 /* allocations of a call, by far */

static unsigned seed;

static void step_aside(bool begins)
{
    no_memory.aside = begins;
}

/* --- the sweep
 * ----------------------------------------------------------------------------------*/

/* Allocations of a call that none fails of. */
static unsigned count_of(const struct entry *e)
{
    entry_begin(e);
    no_memory.counted = 0;
    no_memory.fails_at = NEVER_REACHED;
    CK_RV rv = e->call();
    no_memory.fails_at = NEVER;
    ck_assert_msg(rv == e->says, "%s, slot %lu: %lx", e->function, e->slot, rv);
    entry_end();
    ck_assert_uint_lt(no_memory.counted, ENOUGH);
    return no_memory.counted;
}

static void fail_one(const struct entry *e, unsigned which)
{
    char what[96];
    (void)snprintf(what, sizeof what, "%s, slot %lu, allocation %u", e->function, e->slot, which);
    entry_begin(e);
    no_memory.counted = 0;
    no_memory.fails_at = which;
    CK_RV rv = e->call();
    bool failed = no_memory.counted >= which;
    no_memory.fails_at = NEVER;
    ck_assert_msg(rv == e->says || (failed && rv == CKR_HOST_MEMORY), "%s: %lx", what, rv);
    entry_check(e, rv, which % 2 == 1, what);
    entry_end();
}

/* Each of the first, where calls check what they are given and begin; of the others all in the long
 * form, else every so manieth from another one in each run. */
static void sweep(const struct entry *e)
{
    life_transmit = no_memory_pass_on;
    entry_aside = step_aside;
    unsigned all = count_of(e), step = long_form() ? 1 : STEP;
    for (unsigned which = 1; which <= all && which <= FIRST; which++)
        fail_one(e, which);
    for (unsigned which = FIRST + 1 + seed % step; which <= all; which += step)
        fail_one(e, which);
}

START_TEST(what_asks_the_key_says_so)
{
    sweep(&entries_key[_i]);
}
END_TEST

START_TEST(what_works_on_the_host_says_so)
{
    sweep(&entries_host[_i]);
}
END_TEST

int main(void)
{
    const char *again = getenv("CHECK_SEED");
    seed = again ? (unsigned)strtoul(again, NULL, 10) : (unsigned)time(NULL);
    printf("CHECK_SEED=%u\n", seed);
    Suite *suite = suite_create("memory");
    TCase *t = tcase_create("memory");
    tcase_add_unchecked_fixture(t, entries_setup, entries_teardown);
    tcase_add_loop_test(t, what_asks_the_key_says_so, 0, (int)entries_key_count);
    tcase_add_loop_test(t, what_works_on_the_host_says_so, 0, (int)entries_host_count);
    tcase_set_timeout(t, 240);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
