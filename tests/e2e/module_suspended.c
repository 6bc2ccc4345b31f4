/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A machine that sleeps while a program has its key. Run by tests/e2e/module-suspended.
 *
 * As near to it as processes come: program, daemon and the key's are stopped, the key loses its
 * power meanwhile, and they go on one after another. Of a real sleep it isn't that the kernel's
 * clock for intervals stands still (here it runs on), that a reader's own driver sleeps and wakes,
 * and that a hub makes a device of it anew: that is a pull that nobody sees, here.
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pcsc_cut.h"
#include "runner.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define NAME(text) ((const CK_UTF8CHAR *)(text))
#define SLEEP_MS 1500
#define BETWEEN_MS 300 /* of who wakes */

/* The port has had no power; or has, and makes out a device that is new to it. */
enum power { LOST, ANEW, POWERS };
enum who { KEY, DAEMON, PROGRAM, ALL };

static const enum who orders[][ALL] = {
    {KEY, DAEMON, PROGRAM}, {PROGRAM, DAEMON, KEY}, {DAEMON, PROGRAM, KEY}};

static pid_t pid_of(const char *name)
{
    const char *value = getenv(name);
    ck_assert_ptr_nonnull(value);
    return (pid_t)strtol(value, NULL, 10);
}

static void power_cut(enum power power)
{
    if (power == LOST) {
        pc_control("reset");
        return;
    }
    pc_control("remove");
    pc_control("insert");
}

/* Within no call of this thread's. It goes on when this program is awake; the child is to be waited
 * for, and ends when all are. */
static pid_t sleep_over(enum power power, const enum who order[ALL])
{
    const pid_t pids[ALL] = {pid_of("VKEY_PID"), pid_of("PCSCD_PID"), getpid()};
    int awake[2];
    char byte = 0;
    ck_assert_int_eq(pipe(awake), 0);
    pid_t child = fork();
    if (child == 0) {
        bool good = kill(pids[PROGRAM], SIGSTOP) == 0 && kill(pids[DAEMON], SIGSTOP) == 0;
        power_cut(power);
        good = kill(pids[KEY], SIGSTOP) == 0 && good;
        pc_nap(SLEEP_MS);
        for (int i = 0; i < ALL; i++) {
            if (order[i] == PROGRAM)
                good = write(awake[1], "a", 1) == 1 && good;
            good = kill(pids[order[i]], SIGCONT) == 0 && good;
            pc_nap(i < ALL - 1 ? BETWEEN_MS : 0);
        }
        _exit(good ? 0 : 1);
    }
    ck_assert_int_gt(child, 0);
    ck_assert_int_eq(read(awake[0], &byte, 1), 1);
    (void)close(awake[0]);
    (void)close(awake[1]);
    return child;
}

/* --- who waits for an event
 * -----------------------------------------------------------------------*/

static void end_waiting(struct pc_waiter *w)
{
    ck_assert_int_eq(pthread_join(w->t, NULL), 0);
    ck_assert_uint_eq(w->rv, CKR_OK);
    ck_assert_uint_lt(w->slot, 2);
}

/* The slots of a key that is there. */
static void expect_slots(void)
{
    CK_SLOT_ID slots[8];
    CK_ULONG n = COUNT(slots);
    ck_assert_uint_eq(h.f->C_GetSlotList(1, slots, &n), CKR_OK);
    ck_assert_uint_eq(n, 2);
    ck_assert(slots[0] == 0 && slots[1] == 1);
}

/* --- what goes on
 * -------------------------------------------------------------------------------------*/

/* A signature that was begun before the sleep is ended after it, and one is made. */
static CK_RV end_signature(void)
{
    CK_MECHANISM m = {CKM_SHA256_RSA_PKCS, NULL, 0};
    CK_BYTE sig[512];
    CK_ULONG len = sizeof sig;
    CK_RV rv = h.f->C_SignFinal(session, sig, &len);
    if (rv != CKR_OK)
        return rv;
    CK_OBJECT_HANDLE pub = mh_find(&h, session, CKO_PUBLIC_KEY, CKA_VERIFY);
    ck_assert_uint_eq(h.f->C_VerifyInit(session, &m, pub), CKR_OK);
    ck_assert_uint_eq(h.f->C_Verify(session, (CK_BYTE *)"a text", 6, sig, len), CKR_OK);
    return pc_sign();
}

START_TEST(slept_over)
{
    const enum power power = (enum power)(_i / (int)COUNT(orders));
    CK_MECHANISM m = {CKM_SHA256_RSA_PKCS, NULL, 0};
    struct pc_waiter w;
    expect_slots();
    ck_assert_uint_eq(h.f->C_SignInit(session, &m, key), CKR_OK);
    ck_assert_uint_eq(h.f->C_SignUpdate(session, (CK_BYTE *)"a text", 6), CKR_OK);
    pc_start_waiting(&w);
    pid_t child = sleep_over(power, orders[_i % (int)COUNT(orders)]);
    CK_RV rv = end_signature();
    pc_expect_good(child);
    /* a pull may have been noticed, or not; by who waits, too, and then the session has gone */
    bool pulled = rv == CKR_DEVICE_REMOVED || rv == CKR_SESSION_HANDLE_INVALID;
    ck_assert_msg(rv == CKR_OK || (power == ANEW && pulled), "%lx", rv);
    pc_wait_key(10);
    expect_slots();
    pc_all_is_well();
    if (power == LOST)
        ck_assert(!w.over);
    if (w.over) {
        end_waiting(&w);
        pc_start_waiting(&w);
    }
    pc_control("remove");
    end_waiting(&w);
    pc_control("insert");
    pc_wait_key(10);
    expect_slots();
    pc_all_is_well();
}
END_TEST

/* What was proved to the key is lost: it says so, costs nothing, and the PIN is as it was. */
START_TEST(an_unlock_is_slept_over)
{
    CK_BJCA_UNLOCK u = 0;
    CK_BYTE request[CK_BJCA_MESSAGE_MAX];
    CK_ULONG len = sizeof request;
    CK_BBOOL done = CK_FALSE;
    struct bk_buf answer = BK_BUF_INIT;
    mh_new_unlock(&h);
    ck_assert_uint_eq(h.v->BJCA_UnlockBegin(0, &u, request, &len), CKR_OK);
    ck_assert(mh_answer(&h, request, len, &answer));
    pc_expect_good(sleep_over((enum power)_i, orders[0]));
    len = sizeof request;
    ck_assert_uint_eq(h.v->BJCA_UnlockStep(u, answer.data, answer.len, NAME("another-1"), 9,
                                           request, &len, &done),
                      CKR_BJCA_KEY_CHANGED);
    bk_buf_free(&answer);
    pc_wait_key(10);
    pc_all_is_well();
}
END_TEST

int main(void)
{
    if (!pc_is_there())
        return 77; /* not under with-key --pcsc: make check skips it */
    Suite *suite = suite_create("suspended");
    TCase *t = tcase_create("suspended");
    tcase_add_checked_fixture(t, pc_setup, pc_teardown);
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, slept_over, 0, POWERS * (int)COUNT(orders));
    tcase_add_loop_test(t, an_unlock_is_slept_over, 0, POWERS);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
