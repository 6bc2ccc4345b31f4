/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that runs out: of what our own code asks for in a call the first allocation fails, then
 * the second, and so on, for every entry point (support/entries.h). Each says so (5.1:
 * CKR_HOST_MEMORY) or does its work; then, with memory again, the module ends, starts and works,
 * and no try was spent.
 *
 * The linker's --wrap has the calls of the objects linked here come by; libraries have theirs.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "entries.h"
#include "runner.h"

#define NEVER 0
#define NEVER_REACHED 1000000u
#define FIRST 40u
#define STEP 7u
#define ENOUGH 2000 /* allocations of a call, by far */

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_reallocarray(void *old, size_t n, size_t size);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t n);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_reallocarray(void *old, size_t n, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t n);

static unsigned counted, fails_at; /* NEVER: none */
static unsigned seed;
static bool aside; /* key and platform run in this process, with a memory of their own */

static bool fails(void)
{
    return fails_at != NEVER && !aside && ++counted == fails_at;
}

static enum bk_err pass_on(struct bk_transport *inner, const uint8_t *command, size_t len,
                           bool sensitive, struct bk_buf *answer)
{
    aside = true;
    enum bk_err err = inner->ops->transmit(inner, command, len, sensitive, answer);
    aside = false;
    return err;
}

static void step_aside(bool begins)
{
    aside = begins;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fails() ? NULL : __real_realloc(old, size);
}

void *__wrap_reallocarray(void *old, size_t n, size_t size)
{
    return fails() ? NULL : __real_reallocarray(old, n, size);
}

char *__wrap_strdup(const char *text)
{
    return fails() ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t n)
{
    return fails() ? NULL : __real_strndup(text, n);
}

/* --- the sweep
 * ----------------------------------------------------------------------------------*/

/* Allocations of a call that none fails of. */
static unsigned count_of(const struct entry *e)
{
    entry_begin(e);
    counted = 0;
    fails_at = NEVER_REACHED;
    CK_RV rv = e->call();
    fails_at = NEVER;
    ck_assert_msg(rv == e->says, "%s, slot %lu: %lx", e->function, e->slot, rv);
    entry_end();
    ck_assert_uint_lt(counted, ENOUGH);
    return counted;
}

static void fail_one(const struct entry *e, unsigned which)
{
    char what[96];
    (void)snprintf(what, sizeof what, "%s, slot %lu, allocation %u", e->function, e->slot, which);
    entry_begin(e);
    counted = 0;
    fails_at = which;
    CK_RV rv = e->call();
    bool failed = counted >= which;
    fails_at = NEVER;
    ck_assert_msg(rv == e->says || (failed && rv == CKR_HOST_MEMORY), "%s: %lx", what, rv);
    entry_check(e, rv, which % 2 == 1, what);
    entry_end();
}

/* Each of the first, where calls check what they are given and begin; of the others all in the long
 * form, else every so manieth from another one in each run. */
static void sweep(const struct entry *e)
{
    life_transmit = pass_on;
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
