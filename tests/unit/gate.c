/* SPDX-License-Identifier: Apache-2.0 */
/* A fork beside threads that wait for something, and beside those that only seem to. */
#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/gate.h"
#include "runner.h"

#define SETTLE_MS 1
#define AGAIN_MS 100

static atomic_bool holds, rests, over;

static void nap(unsigned ms)
{
    (void)usleep(ms * 1000);
}

static int fork_and_look(void)
{
    int status = 0;
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0)
        _exit(holds);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    return status;
}

/* Another library's lock, had for longer than is usual: until others leave it the processor. */
static void *hold(void *aside)
{
    ck_assert(aside ? bk_gate_enter_aside() : bk_gate_enter());
    holds = true;
    bk_gate_rest(SETTLE_MS);
    rests = true;
    for (int64_t end = bk_clock_ms() + 400; bk_clock_ms() < end;)
        ;
    holds = false;
    while (!over)
        nap(1);
    bk_gate_go_on();
    bk_gate_leave();
    return NULL;
}

/* Who is aside counts for a fork as everybody does, and for the module's end not at all. */
START_TEST(who_runs_may_hold_a_lock)
{
    void *aside = _i ? &over : NULL;
    pthread_t t;
    ck_assert_int_eq(bk_gate_open(), BK_OK);
    ck_assert_int_eq(pthread_create(&t, NULL, hold, aside), 0);
    while (!rests)
        nap(1);
    ck_assert_uint_eq(bk_gate_others(), aside ? 0 : 1);
    nap(20 * SETTLE_MS);
    ck_assert(holds);
    ck_assert_int_eq(fork_and_look(), 0);
    over = true;
    ck_assert_int_eq(pthread_join(t, NULL), 0);
}
END_TEST

/* Until it is told, and until the fork gives up. */
static void *sleep_long(void *again_ms)
{
    ck_assert(bk_gate_enter());
    bk_gate_rest_asking(SETTLE_MS, *(unsigned *)again_ms);
    rests = true;
    while (!over)
        nap(BK_GATE_FORK_MS / 4);
    bk_gate_go_on();
    bk_gate_leave();
    return NULL;
}

START_TEST(who_sleeps_holds_up_no_fork)
{
    pthread_t t[8];
    unsigned again_ms = _i ? AGAIN_MS : 0;
    ck_assert_int_eq(bk_gate_open(), BK_OK);
    for (int i = 0; i < 8; i++)
        ck_assert_int_eq(pthread_create(&t[i], NULL, sleep_long, &again_ms), 0);
    while (bk_gate_others() < 8 || !rests)
        nap(1);
    int64_t quickest = BK_GATE_FORK_MS;
    for (int i = 0; i < 10; i++) {
        int64_t at = bk_clock_ms();
        ck_assert_int_eq(fork_and_look(), 0);
        int64_t took = bk_clock_ms() - at;
        quickest = took < quickest ? took : quickest;
    }
    /* had it waited for them, none would have been quicker than that */
    ck_assert_int_lt(quickest, BK_GATE_FORK_MS);
    over = true;
    for (int i = 0; i < 8; i++)
        ck_assert_int_eq(pthread_join(t[i], NULL), 0);
}
END_TEST

/* The fork is stopped when the gate has let it through, and who takes a lock within the time that
 * such a stop lasts has it until the fork is done. */
#define STOP_MS 10
#define DUE_MS 25
#define ASKERS 5
static atomic_bool asks, stopped;
static _Atomic int64_t stopped_at;

static void stop_fork(void)
{
    if (!asks)
        return;
    stopped_at = bk_clock_ms();
    stopped = true;
    nap(STOP_MS);
}

static void go_on(void)
{
    stopped = false;
}

static void *ask_again(void *unused)
{
    (void)unused;
    ck_assert(bk_gate_enter());
    bk_gate_rest_asking(SETTLE_MS, AGAIN_MS);
    asks = true;
    while (!over) {
        int64_t due = bk_clock_ms() + AGAIN_MS;
        nap(AGAIN_MS);
        holds = stopped && due < stopped_at + DUE_MS;
        while (holds && stopped)
            nap(1);
        holds = false;
    }
    asks = false;
    bk_gate_go_on();
    bk_gate_leave();
    return NULL;
}

START_TEST(who_asks_again_is_not_about_to)
{
    pthread_t t;
    ck_assert_int_eq(bk_gate_open(), BK_OK);
    ck_assert_int_eq(pthread_create(&t, NULL, ask_again, NULL), 0);
    while (!asks)
        nap(1);
    for (unsigned i = 0; i < 30; i++) {
        nap(i * 7 % AGAIN_MS);
        ck_assert_int_eq(fork_and_look(), 0);
    }
    over = true;
    ck_assert_int_eq(pthread_join(t, NULL), 0);
}
END_TEST

/* Each naps by itself, so that there may be no moment at which all have just run. */
START_TEST(many_who_ask_again_have_a_moment)
{
    pthread_t t[ASKERS];
    ck_assert_int_eq(bk_gate_open(), BK_OK);
    for (int i = 0; i < ASKERS; i++) {
        ck_assert_int_eq(pthread_create(&t[i], NULL, ask_again, NULL), 0);
        nap(AGAIN_MS / ASKERS);
    }
    for (int i = 0; i < 5; i++) {
        int64_t at = bk_clock_ms();
        (void)fork_and_look();
        ck_assert_int_lt(bk_clock_ms() - at, BK_GATE_FORK_MS - STOP_MS);
    }
    over = true;
    for (int i = 0; i < ASKERS; i++)
        ck_assert_int_eq(pthread_join(t[i], NULL), 0);
}
END_TEST

int main(void)
{
    /* before the gate's own, which is then called before it */
    if (pthread_atfork(stop_fork, go_on, go_on) != 0)
        return 1;
    Suite *suite = suite_create("gate");
    TCase *tc = tcase_create("gate");
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, who_runs_may_hold_a_lock, 0, 2);
    tcase_add_loop_test(tc, who_sleeps_holds_up_no_fork, 0, 2);
    tcase_add_test(tc, who_asks_again_is_not_about_to);
    tcase_add_test(tc, many_who_ask_again_have_a_moment);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
