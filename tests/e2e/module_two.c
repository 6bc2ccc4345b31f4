/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two keys in two readers behind one pcscd: while one is slow, the other isn't. Run by
 * tests/e2e/module-manners.
 */
#include <check.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <winscard.h>

#include "pcsc.h"
#include "runner.h"

#define GEN_RSA 0x54

static CK_SLOT_ID slow_slot, quick_slot; /* the keys' first ones */

/* --- what the slow one is at
 * ---------------------------------------------------------------------*/

static atomic_ulong at_work; /* odd while a key makes a pair */
static atomic_bool asked;    /* the stopped one was sent something */
static _Thread_local bool is_slow_one;

/* The program's symbol comes before the library's. */
__attribute__((visibility("default"))) LONG
SCardTransmit(SCARDHANDLE card, const SCARD_IO_REQUEST *pci, const unsigned char *command,
              DWORD len, SCARD_IO_REQUEST *got_pci, unsigned char *answer, DWORD *got)
{
    pc_transmit *real = pc_real_transmit();
    bool makes = is_slow_one && len > 1 && command[1] == GEN_RSA;
    at_work += makes;
    asked = asked || is_slow_one;
    LONG rv = real(card, pci, command, len, got_pci, answer, got);
    at_work += makes;
    return rv;
}

static pid_t server_of(CK_SLOT_ID slot)
{
    const char *pid = getenv(slot ? "BESIDE_PID" : "VKEY_PID");
    return (pid_t)strtol(pid ? pid : "0", NULL, 10);
}

static void go_on(void)
{
    for (CK_SLOT_ID slot = 0; slot < 4; slot += 2)
        ck_assert_int_eq(kill(server_of(slot), SIGCONT), 0);
}

static void setup_two(CK_SLOT_ID slow)
{
    slow_slot = slow;
    quick_slot = 2 - slow;
    mh_load(&h, getenv("P11_MODULE"));
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
}

static CK_SESSION_HANDLE log_in(CK_SLOT_ID slot)
{
    CK_SESSION_HANDLE s = mh_try_login(&h, slot, getenv("KEY_PIN"));
    ck_assert_uint_ne(s, 0);
    return s;
}

static CK_RV sign(CK_SESSION_HANDLE s)
{
    CK_MECHANISM m = {CKM_SHA256_RSA_PKCS, NULL, 0};
    CK_BYTE sig[512];
    CK_ULONG len = sizeof sig;
    CK_RV rv = h.f->C_SignInit(s, &m, mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN));
    return rv == CKR_OK ? h.f->C_Sign(s, (CK_BYTE *)"text", 4, sig, &len) : rv;
}

/* The second key is as its script made it. */
static void make_identities(void)
{
    setup_two(2);
    CK_SESSION_HANDLE s = log_in(2);
    ck_assert_uint_eq(mh_renew(&h, s, pc_kinds[0].name, CKK_RSA, 0), CKR_OK);
    ck_assert_uint_eq(mh_renew(&h, s, pc_kinds[1].name, CKK_SM2, 0), CKR_OK);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
}

struct work {
    CK_SESSION_HANDLE session;
    pthread_t t;
    CK_RV rv;
    atomic_bool over, enough;
};

/* --- a key that doesn't answer
 * --------------------------------------------------------------------*/

static void *sign_once(void *arg)
{
    struct work *w = arg;
    is_slow_one = true;
    w->rv = sign(w->session);
    w->over = true;
    return NULL;
}

/* Another process, which begins when it is told. */
static pid_t other_process(int *tell)
{
    int ends[2];
    char byte = 0;
    CK_ULONG n = 0;
    ck_assert_int_eq(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        bool good = read(ends[0], &byte, 1) == 1;
        good = good && h.f->C_Initialize(NULL) == CKR_OK &&
               h.f->C_GetSlotList(0, NULL, &n) == CKR_OK && n == 4;
        CK_SESSION_HANDLE s = good ? mh_try_login(&h, quick_slot, getenv("KEY_PIN")) : 0;
        good = s && sign(s) == CKR_OK && h.f->C_Finalize(NULL) == CKR_OK;
        _exit(good ? 0 : 1);
    }
    (void)close(ends[0]);
    *tell = ends[1];
    return child;
}

/* From a look for readers to a signature. */
static void use_quick_one(void)
{
    CK_SLOT_INFO info;
    CK_TOKEN_INFO token;
    CK_SLOT_ID event = 0;
    CK_ULONG n = 0;
    ck_assert_uint_eq(h.f->C_GetSlotList(1, NULL, &n), CKR_OK);
    ck_assert_uint_eq(n, 4);
    for (CK_SLOT_ID slot = 0; slot < 4; slot++) {
        ck_assert_uint_eq(h.f->C_GetSlotInfo(slot, &info), CKR_OK);
        ck_assert(info.flags & CKF_TOKEN_PRESENT);
    }
    ck_assert_uint_eq(h.f->C_WaitForSlotEvent(CKF_DONT_BLOCK, &event, NULL), CKR_NO_EVENT);
    for (CK_SLOT_ID slot = quick_slot; slot < quick_slot + 2; slot++)
        ck_assert_uint_eq(h.f->C_GetTokenInfo(slot, &token), CKR_OK);
    CK_SESSION_HANDLE s = log_in(quick_slot);
    for (int i = 0; i < 5; i++)
        ck_assert_uint_eq(sign(s), CKR_OK);
    ck_assert_uint_eq(h.f->C_Logout(s), CKR_OK);
    s = log_in(quick_slot);
    ck_assert(mh_identity_works(&h, s));
    ck_assert_uint_eq(h.f->C_CloseAllSessions(quick_slot), CKR_OK);
}

START_TEST(a_key_that_does_not_answer_stalls_no_other)
{
    int tell = -1;
    setup_two((CK_SLOT_ID)_i * 2);
    pid_t other = other_process(&tell);
    struct work w = {.session = log_in(slow_slot)};
    ck_assert_uint_eq(sign(w.session), CKR_OK);
    ck_assert_uint_eq(sign(log_in(quick_slot)), CKR_OK);
    ck_assert_int_eq(kill(server_of(slow_slot), SIGSTOP), 0);
    ck_assert_int_eq(pthread_create(&w.t, NULL, sign_once, &w), 0);
    while (!asked)
        pc_nap(1);
    use_quick_one();
    ck_assert_int_eq(write(tell, "b", 1), 1);
    pc_expect_good(other);
    ck_assert(!w.over);
    go_on();
    ck_assert_int_eq(pthread_join(w.t, NULL), 0);
    ck_assert_uint_eq(w.rv, CKR_OK);
    ck_assert_uint_eq(sign(w.session), CKR_OK);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
}
END_TEST

/* --- a key that makes a pair
 * ----------------------------------------------------------------------*/

static void *make_pairs(void *arg)
{
    struct work *w = arg;
    CK_MECHANISM gen = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0};
    CK_ATTRIBUTE label = {CKA_LABEL, (void *)(uintptr_t) "made", 4};
    CK_OBJECT_HANDLE a = 0, b = 0;
    is_slow_one = true;
    for (int i = 0; i < 50 && !w->enough && w->rv == CKR_OK; i++) {
        w->rv = mh_generate(&h, w->session, &gen, NULL, 0, &label, 1, &a, &b);
        if (w->rv == CKR_OK)
            w->rv = h.v->BJCA_DeleteContainer(w->session, (const CK_UTF8CHAR *)"made");
    }
    w->over = true;
    return NULL;
}

/* A signature begins after a pair was begun, and is there before the pair is. */
START_TEST(a_pair_that_is_being_made_stalls_no_other_key)
{
    unsigned within = 0;
    setup_two((CK_SLOT_ID)_i * 2);
    struct work w = {.session = log_in(slow_slot)};
    CK_SESSION_HANDLE s = log_in(quick_slot);
    ck_assert_int_eq(pthread_create(&w.t, NULL, make_pairs, &w), 0);
    while (within < 3 && !w.over) {
        unsigned long before = at_work;
        CK_RV rv = sign(s);
        ck_assert_uint_eq(rv, CKR_OK);
        within += before % 2 == 1 && at_work == before;
    }
    w.enough = true;
    ck_assert_int_eq(pthread_join(w.t, NULL), 0);
    ck_assert_uint_eq(w.rv, CKR_OK);
    ck_assert_uint_eq(within, 3);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
}
END_TEST

/* --- each for itself
 * ----------------------------------------------------------------------------*/

START_TEST(a_log_in_is_one_keys)
{
    CK_SESSION_INFO info;
    setup_two(2);
    CK_SESSION_HANDLE one = log_in(0), other = 0;
    ck_assert_uint_eq(
        h.f->C_OpenSession(2, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &other), CKR_OK);
    ck_assert_uint_eq(h.f->C_GetSessionInfo(other, &info), CKR_OK);
    ck_assert_uint_eq(info.state, CKS_RW_PUBLIC_SESSION);
    ck_assert_uint_eq(log_in(2) ? h.f->C_Logout(other) : CKR_GENERAL_ERROR, CKR_OK);
    ck_assert_uint_eq(h.f->C_GetSessionInfo(one, &info), CKR_OK);
    ck_assert_uint_eq(info.state, CKS_RW_USER_FUNCTIONS);
    ck_assert_uint_eq(sign(one), CKR_OK);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
}
END_TEST

int main(void)
{
    if (!server_of(0) || !server_of(2) || !getenv("P11_MODULE"))
        return 77; /* not run by tests/e2e/module-manners: make check skips it */
    Suite *suite = suite_create("two");
    TCase *t = tcase_create("two");
    /* whatever became of the test: a stopped server couldn't be ended */
    tcase_add_unchecked_fixture(t, make_identities, go_on);
    tcase_add_checked_fixture(t, go_on, NULL);
    tcase_add_loop_test(t, a_key_that_does_not_answer_stalls_no_other, 0, 2);
    tcase_add_loop_test(t, a_pair_that_is_being_made_stalls_no_other_key, 0, 2);
    tcase_add_test(t, a_log_in_is_one_keys);
    tcase_set_timeout(t, 60);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
