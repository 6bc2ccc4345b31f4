/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Readers that are out of order (tests/support/odd_reader.c): who waits for an event waits, and
 * doesn't ask again and again. Run by tests/e2e/odd-readers.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "pcsc.h"
#include "runner.h"

#define WAIT_MS 4000
/* of the reader that doesn't answer, pcscd itself changes its mind some times a second */
#define WAITS_MAX 24

static const char *const modes[] = {"empty", "mute", "bad"};

static void set_mode(const char *mode)
{
    FILE *f = fopen(getenv("ODD_MODE"), "we");
    ck_assert(f != NULL && fprintf(f, "%s\n", mode) > 0 && fclose(f) == 0);
    pc_nap(1500); /* pcscd looks at a reader now and then */
}

static void *wait_for_event(void *arg)
{
    CK_SLOT_ID slot = 0;
    *(CK_RV *)arg = h.f->C_WaitForSlotEvent(0, &slot, NULL);
    return NULL;
}

START_TEST(a_wait_is_one)
{
    CK_RV rv = CKR_OK;
    CK_SLOT_ID slot = 0;
    CK_ULONG n = 0;
    pthread_t t;
    struct rusage before, after;
    set_mode(modes[_i]);
    mh_load(&h, getenv("P11_MODULE"));
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    ck_assert_uint_eq(h.f->C_GetSlotList(CK_TRUE, NULL, &n), CKR_OK);
    ck_assert_uint_eq(n, 0);
    while (h.f->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL) == CKR_OK)
        ;
    ck_assert_int_eq(pthread_create(&t, NULL, wait_for_event, &rv), 0);
    pc_nap(1000);
    ck_assert_int_eq(getrusage(RUSAGE_SELF, &before), 0);
    pc_nap(WAIT_MS);
    ck_assert_int_eq(getrusage(RUSAGE_SELF, &after), 0);
    ck_assert_int_le(after.ru_nvcsw - before.ru_nvcsw, WAITS_MAX);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    ck_assert_int_eq(pthread_join(t, NULL), 0);
    ck_assert_uint_eq(rv, CKR_CRYPTOKI_NOT_INITIALIZED);
}
END_TEST

static long times_powered(void)
{
    char path[4096];
    struct stat st = {0};
    (void)snprintf(path, sizeof path, "%s.power", getenv("ODD_MODE"));
    ck_assert_int_eq(stat(path, &st), 0);
    return (long)st.st_size;
}

/* Somebody else's card, or a broken one: it is waited for once, not by each call, and gets its
 * power anew once. */
START_TEST(a_card_without_an_answer_is_asked_once)
{
    struct timespec from, to;
    CK_SLOT_ID slots[4];
    CK_SLOT_INFO info;
    CK_ULONG n = 4;
    set_mode("empty");
    set_mode(_i ? "other" : "deaf");
    mh_load(&h, getenv("P11_MODULE"));
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    long before = times_powered();
    ck_assert_uint_eq(h.f->C_GetSlotList(CK_TRUE, slots, &n), CKR_OK);
    ck_assert_uint_eq(n, 0);
    long once = times_powered();
    ck_assert_int_le(once - before, 2); /* one is pcscd's, for who connects */
    (void)clock_gettime(CLOCK_MONOTONIC, &from);
    ck_assert_uint_eq(h.f->C_GetSlotList(CK_TRUE, slots, &n), CKR_OK);
    ck_assert_uint_eq(h.f->C_GetSlotInfo(0, &info), CKR_OK);
    (void)clock_gettime(CLOCK_MONOTONIC, &to);
    ck_assert_int_le(to.tv_sec - from.tv_sec, 1);
    ck_assert_int_eq(times_powered(), once);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
}
END_TEST

/* One that another program is at keeps its power, and whatever that program has done on it. */
START_TEST(a_card_of_others_keeps_its_power)
{
    CK_ULONG n = 0;
    DWORD state = 0, protocol = 0;
    set_mode("empty");
    set_mode("deaf");
    SCARDHANDLE card = pc_connect_card();
    long before = times_powered();
    mh_load(&h, getenv("P11_MODULE"));
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    ck_assert_uint_eq(h.f->C_GetSlotList(CK_TRUE, NULL, &n), CKR_OK);
    ck_assert_uint_eq(n, 0);
    ck_assert_int_eq(times_powered(), before);
    ck_assert_int_eq(SCardStatus(card, NULL, NULL, &state, &protocol, NULL, NULL),
                     SCARD_S_SUCCESS);
    pc_disconnect_card(card, SCARD_LEAVE_CARD);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("odd");
    TCase *t = tcase_create("odd");
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, a_wait_is_one, 0, sizeof modes / sizeof *modes);
    tcase_add_loop_test(t, a_card_without_an_answer_is_asked_once, 0, 2);
    tcase_add_test(t, a_card_of_others_keeps_its_power);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
