/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A virtual key in process beside the one behind pcscd: neither waits for the other. Run by
 * tests/e2e/module-pcsc.
 */
#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "pcsc.h"
#include "runner.h"

#define BESIDE 0 /* the first slot of the virtual key, and of the one behind the daemon */
#define BEHIND 2

static atomic_bool working, finished, gave_up;

static void setup_both(void)
{
    char text[256];
    mh_make_key(&h, &(struct bk_vkey_params){.label = "beside"}, NULL);
    int n = snprintf(text, sizeof text, "[key]\nvirtual-key = %s\npcsc = yes\n", h.key);
    ck_assert_int_eq(bk_file_replace(h.conf, text, (size_t)n, 0600), BK_OK);
    mh_load(&h, getenv("P11_MODULE"));
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    ck_assert_uint_ne(mh_login(&h, BESIDE), 0);
}

static void teardown_both(void)
{
    pc_teardown();
    mh_forget(&h);
}

/* Makes no haste until the other has finished. */
static CK_RV at_work(CK_VOID_PTR context, CK_ULONG done, CK_ULONG total)
{
    (void)context;
    (void)done;
    (void)total;
    working = true;
    for (int i = 0; i < 200 && !finished; i++)
        pc_nap(50);
    gave_up = !finished;
    return CKR_FUNCTION_CANCELED;
}

static void *work_beside(void *arg)
{
    CK_SESSION_HANDLE s = 0;
    CK_BJCA_RENEW_PARAMS p = {.ulSize = sizeof p, .keyType = CKK_SM2};
    (void)arg;
    ck_assert_uint_eq(
        h.f->C_OpenSession(BESIDE, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &s), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, (const CK_UTF8CHAR *)"new", &p, at_work, NULL),
                      CKR_FUNCTION_CANCELED);
    return NULL;
}

START_TEST(an_unlock_does_not_wait_for_another_key)
{
    CK_BJCA_UNLOCK unlock = 0;
    CK_BYTE request[CK_BJCA_MESSAGE_MAX];
    CK_ULONG len = sizeof request;
    CK_BBOOL done = 0;
    pthread_t t;
    ck_assert_int_eq(pthread_create(&t, NULL, work_beside, NULL), 0);
    while (!working)
        pc_nap(10);
    ck_assert_uint_eq(h.v->BJCA_UnlockBegin(BEHIND, &unlock, request, &len), CKR_OK);
    len = sizeof request;
    ck_assert_uint_eq(h.v->BJCA_UnlockStep(unlock, (const CK_BYTE *)"nonsense", 8,
                                           (const CK_UTF8CHAR *)"new-pin-9", 9, request, &len,
                                           &done),
                      CKR_BJCA_REFUSED);
    ck_assert_uint_eq(h.v->BJCA_UnlockCancel(unlock), CKR_BJCA_KEY_CHANGED);
    finished = true;
    ck_assert_int_eq(pthread_join(t, NULL), 0);
    ck_assert(!gave_up);
}
END_TEST

static void *take_away(void *arg)
{
    (void)arg;
    pc_nap(300);
    ck_assert_int_eq(unlink(h.key), 0);
    return NULL;
}

START_TEST(a_virtual_key_that_goes_is_noticed_beside_the_daemon)
{
    CK_SLOT_ID slot = 99;
    pthread_t t;
    struct timespec before, after;
    while (h.f->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL) == CKR_OK)
        continue;
    ck_assert_int_eq(pthread_create(&t, NULL, take_away, NULL), 0);
    (void)clock_gettime(CLOCK_MONOTONIC, &before);
    ck_assert_uint_eq(h.f->C_WaitForSlotEvent(0, &slot, NULL), CKR_OK);
    (void)clock_gettime(CLOCK_MONOTONIC, &after);
    ck_assert_int_eq(pthread_join(t, NULL), 0);
    ck_assert_uint_lt(slot, BEHIND);
    ck_assert_int_lt(after.tv_sec - before.tv_sec, 10); /* a minute, were only the daemon asked */
}
END_TEST

int main(void)
{
    if (!pc_is_there())
        return 77; /* not under with-key --pcsc: make check skips it */
    Suite *suite = suite_create("beside");
    TCase *t = tcase_create("beside");
    tcase_add_checked_fixture(t, setup_both, teardown_both);
    tcase_add_test(t, an_unlock_does_not_wait_for_another_key);
    tcase_add_test(t, a_virtual_key_that_goes_is_noticed_beside_the_daemon);
    tcase_set_timeout(t, 90);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
