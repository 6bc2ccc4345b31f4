/* SPDX-License-Identifier: Apache-2.0 */
/* What belongs to the program that loads the module is left as the program had it. */
#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/err.h>

#include "modhost.h"

static struct modhost h;
static CK_SESSION_HANDLE session;
static CK_OBJECT_HANDLE priv, pub;

static void setup(void)
{
    mh_make(&h, BK_VKEY_GMT0017, BK_VKEY_DIRECT, NULL);
    mh_load(&h, MODULE);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    session = mh_login(&h, 0);
    ck_assert_uint_eq(mh_renew(&h, session, "personalCert00", CKK_RSA, 0), CKR_OK);
    ck_assert_uint_eq(mh_renew(&h, session, "personalCert01", CKK_SM2, 0), CKR_OK);
    ck_assert_uint_eq(h.f->C_CloseAllSessions(0), CKR_OK);
    ERR_clear_error();
}

static void teardown(void)
{
    (void)h.f->C_Finalize(NULL);
    mh_forget(&h);
}

/* --- OpenSSL's queue of errors
 * --------------------------------------------------------------------
 *
 * Each step is called with an empty queue and with one that holds the host's errors, and leaves
 * both as they were. */

static void with_queue(bool filled, const char *what, void (*step)(void))
{
    const char *text = NULL;
    int flags = 0;
    ERR_clear_error();
    if (filled) {
        ERR_raise_data(ERR_LIB_USER, 7, "the host's first");
        ERR_raise_data(ERR_LIB_USER, 8, "the host's second");
    }
    step();
    if (filled) {
        unsigned long first = ERR_get_error_all(NULL, NULL, NULL, &text, &flags);
        ck_assert_msg(ERR_GET_REASON(first) == 7, "%s took the first error", what);
        ck_assert_str_eq(text, "the host's first");
        ck_assert_msg(ERR_GET_REASON(ERR_get_error()) == 8, "%s took the second error", what);
    }
    ck_assert_msg(ERR_peek_error() == 0, "%s left %s", what,
                  ERR_reason_error_string(ERR_peek_error()));
}

static void both(const char *what, void (*step)(void))
{
    with_queue(true, what, step);
    with_queue(false, what, step);
}

static void log_in_wrongly(void)
{
    ck_assert_uint_eq(h.f->C_Login(session, CKU_USER, (CK_BYTE *)"wrong-one", 9),
                      CKR_PIN_INCORRECT);
    /* the same PIN again is answered without the key */
    ck_assert_uint_eq(h.f->C_Login(session, CKU_USER, (CK_BYTE *)"wrong-one", 9),
                      CKR_PIN_INCORRECT);
}

static void log_in(void)
{
    ck_assert_uint_eq(h.f->C_Login(session, CKU_USER, (CK_BYTE *)MH_PIN, strlen(MH_PIN)), CKR_OK);
}

static void open_and_look(void)
{
    CK_SLOT_ID slot = 0;
    (void)h.f->C_CloseAllSessions(0);
    (void)h.f->C_CloseAllSessions(1);
    for (slot = 0; slot < 2; slot++) {
        CK_TOKEN_INFO info;
        CK_SESSION_HANDLE s = 0;
        ck_assert_uint_eq(h.f->C_GetTokenInfo(slot, &info), CKR_OK);
        ck_assert_uint_eq(
            h.f->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &s), CKR_OK);
        ck_assert_uint_gt(mh_count(&h, s, CKO_CERTIFICATE), 0);
        session = slot == 0 ? s : session;
    }
}

static void sign_and_verify(void)
{
    CK_MECHANISM m = {CKM_SHA256_RSA_PKCS, NULL, 0};
    CK_BYTE text[] = "a text", sig[512];
    CK_ULONG len = sizeof sig;
    ck_assert_uint_eq(h.f->C_SignInit(session, &m, priv), CKR_OK);
    ck_assert_uint_eq(h.f->C_Sign(session, text, sizeof text, sig, &len), CKR_OK);
    ck_assert_uint_eq(h.f->C_VerifyInit(session, &m, pub), CKR_OK);
    ck_assert_uint_eq(h.f->C_Verify(session, text, sizeof text, sig, len), CKR_OK);
    text[0] ^= 1;
    ck_assert_uint_eq(h.f->C_VerifyInit(session, &m, pub), CKR_OK);
    ck_assert_uint_eq(h.f->C_Verify(session, text, sizeof text, sig, len), CKR_SIGNATURE_INVALID);
    /* not even a number below the modulus */
    memset(sig, 0xff, len);
    ck_assert_uint_eq(h.f->C_VerifyInit(session, &m, pub), CKR_OK);
    ck_assert_uint_eq(h.f->C_Verify(session, text, sizeof text, sig, len), CKR_SIGNATURE_INVALID);
}

static void sign_too_much(void)
{
    CK_MECHANISM m = {CKM_RSA_PKCS, NULL, 0};
    CK_BYTE big[300], sig[512];
    CK_ULONG len = sizeof sig;
    memset(big, 0xff, sizeof big);
    ck_assert_uint_eq(h.f->C_SignInit(session, &m, priv), CKR_OK);
    ck_assert_uint_eq(h.f->C_Sign(session, big, 246, sig, &len), CKR_DATA_LEN_RANGE);
}

static void decrypt_nonsense(void)
{
    CK_MECHANISM m = {CKM_RSA_PKCS, NULL, 0};
    CK_BYTE cipher[256], out[256];
    CK_ULONG len = sizeof out;
    memset(cipher, 0x11, sizeof cipher);
    ck_assert_uint_eq(
        h.f->C_DecryptInit(session, &m, mh_find(&h, session, CKO_PRIVATE_KEY, CKA_DECRYPT)),
        CKR_OK);
    ck_assert_uint_ne(h.f->C_Decrypt(session, cipher, sizeof cipher, out, &len), CKR_OK);
}

static void sm2_verify_nonsense(void)
{
    CK_MECHANISM m = {CKM_SM3_SM2_DER, NULL, 0};
    CK_BYTE text[] = "a text", sig[72];
    CK_SESSION_HANDLE s = 0;
    memset(sig, 0x30, sizeof sig);
    ck_assert_uint_eq(h.f->C_OpenSession(1, CKF_SERIAL_SESSION, NULL, NULL, &s), CKR_OK);
    ck_assert_uint_eq(h.f->C_VerifyInit(s, &m, mh_find(&h, s, CKO_PUBLIC_KEY, CKA_VERIFY)), CKR_OK);
    ck_assert_uint_ne(h.f->C_Verify(s, text, sizeof text, sig, sizeof sig), CKR_OK);
    ck_assert_uint_eq(h.f->C_CloseSession(s), CKR_OK);
}

/* A certificate that doesn't parse is the usual source of errors in a queue. */
static void load_nonsense(void)
{
    struct bk_buf junk = BK_BUF_INIT;
    CK_BYTE csr[4096];
    CK_ULONG csr_len = sizeof csr;
    CK_BJCA_RENEW_PARAMS p = {sizeof p, 0, CKK_RSA, NULL, 0};
    const CK_UTF8CHAR *name = (const CK_UTF8CHAR *)"personalCert00";
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(session, name, &p, NULL, NULL), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_RenewRequest(session, name, &p, csr, &csr_len), CKR_OK);
    ck_assert_int_eq(bk_buf_put(&junk, "\x30\x06\x30\x04\x02\x02\x01\x01", 8), BK_OK);
    CK_BJCA_LOAD load = {sizeof load, junk.data, junk.len, NULL, 0, NULL,
                         0,           junk.data, junk.len, NULL, 0};
    ck_assert_uint_ne(h.v->BJCA_RenewLoad(session, name, &load, NULL, NULL), CKR_OK);
    bk_buf_free(&junk);
}

static void start_anew(void)
{
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
}

/* Every vendor call that fails at its door: each leaves once what it entered once. */
static void knock_in_vain(void)
{
    const CK_UTF8CHAR *name = (const CK_UTF8CHAR *)"personalCert00";
    CK_BJCA_STATUS status = {.ulSize = sizeof status};
    CK_BJCA_RENEW_PARAMS p = {sizeof p, 0, CKK_RSA, NULL, 0};
    CK_BJCA_UNLOCK unlock = 0;
    CK_BYTE bytes[CK_BJCA_MESSAGE_MAX];
    CK_ULONG n = 0, len = sizeof bytes;
    CK_BBOOL done = 0;
    const CK_RV rv[] = {
        h.v->BJCA_GetStatus(99, &status),
        h.v->BJCA_GetContainers(99, NULL, &n),
        h.v->BJCA_GetCertificate(99, name, 0, 0, NULL, &n),
        h.v->BJCA_CheckPIN(99, name, 8),
        h.v->BJCA_UnlockBegin(99, &unlock, bytes, &len),
        h.v->BJCA_UnlockStep(99, bytes, 1, name, 8, bytes, &len, &done),
        h.v->BJCA_UnlockCancel(99),
        h.v->BJCA_RenewBegin(99999, name, &p, NULL, NULL),
        h.v->BJCA_RenewRequest(99999, name, &p, NULL, &n),
        h.v->BJCA_RenewCommit(99999, name),
        h.v->BJCA_RenewAbort(99999, NULL),
        h.v->BJCA_DeleteHistory(99999, name, 0),
    };
    for (size_t i = 0; i < sizeof rv / sizeof *rv; i++)
        ck_assert_msg(rv[i] != CKR_OK, "call %zu", i);
}

/* A mark of the host's own, under a call that fails, is still the last one. */
START_TEST(vendor_calls_that_fail_leave_once)
{
    for (int up = 1; up >= 0; up--) {
        both("vendor calls that fail", knock_in_vain);
        ERR_clear_error();
        ERR_raise_data(ERR_LIB_USER, 7, "before the mark");
        (void)ERR_set_mark();
        ERR_raise_data(ERR_LIB_USER, 8, "behind the mark");
        knock_in_vain();
        ck_assert_int_eq(ERR_pop_to_mark(), 1);
        ck_assert_int_eq(ERR_GET_REASON(ERR_peek_last_error()), 7);
        ERR_clear_error();
        /* a count of callers that went wrong would let this wait for ever, or not at all */
        if (up)
            ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    }
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
}
END_TEST

START_TEST(the_queue_of_errors_is_the_hosts)
{
    both("listing", open_and_look);
    both("a refused log-in", log_in_wrongly);
    with_queue(true, "a log-in", log_in);
    ck_assert_uint_eq(h.f->C_Logout(session), CKR_OK);
    with_queue(false, "a log-in", log_in);
    priv = mh_find(&h, session, CKO_PRIVATE_KEY, CKA_SIGN);
    pub = mh_find(&h, session, CKO_PUBLIC_KEY, CKA_VERIFY);
    both("signing and verifying", sign_and_verify);
    both("signing too much", sign_too_much);
    both("decrypting nonsense", decrypt_nonsense);
    both("verifying nonsense with SM2", sm2_verify_nonsense);
    both("loading nonsense", load_nonsense);
    both("finalising and initialising", start_anew);
    both("listing anew", open_and_look);
}
END_TEST

/* --- threads that come at once
 * --------------------------------------------------------------------*/

#define AT_ONCE 8

static pthread_barrier_t gate;
static atomic_uint made, slow_to_know, without_key;

static void *come(void *arg)
{
    CK_INFO info;
    CK_ULONG count = 0;
    CK_C_INITIALIZE_ARGS args = {.flags = CKF_OS_LOCKING_OK};
    (void)arg;
    (void)pthread_barrier_wait(&gate);
    CK_RV rv = h.f->C_Initialize(&args);
    if (rv == CKR_OK)
        atomic_fetch_add(&made, 1);
    if ((rv != CKR_OK && rv != CKR_CRYPTOKI_ALREADY_INITIALIZED) || h.f->C_GetInfo(&info) != CKR_OK)
        atomic_fetch_add(&slow_to_know, 1);
    if (h.f->C_GetSlotList(CK_TRUE, NULL, &count) != CKR_OK || count != 2)
        atomic_fetch_add(&without_key, 1);
    return NULL;
}

/* One initialises; from then on all the others are inside, and see the key. */
START_TEST(threads_that_come_at_once_see_the_same)
{
    pthread_t t[AT_ONCE];
    ck_assert_int_eq(pthread_barrier_init(&gate, NULL, AT_ONCE), 0);
    for (int round = 0; round < 60; round++) {
        (void)h.f->C_Finalize(NULL);
        atomic_store(&made, 0);
        for (int i = 0; i < AT_ONCE; i++)
            ck_assert_int_eq(pthread_create(&t[i], NULL, come, NULL), 0);
        for (int i = 0; i < AT_ONCE; i++)
            ck_assert_int_eq(pthread_join(t[i], NULL), 0);
        ck_assert_uint_eq(atomic_load(&made), 1);
        ck_assert_uint_eq(atomic_load(&slow_to_know), 0);
        ck_assert_uint_eq(atomic_load(&without_key), 0);
    }
    (void)pthread_barrier_destroy(&gate);
}
END_TEST

/* --- a thread that is cancelled
 * -------------------------------------------------------------------*/

/* Without Check's macros, which allocate: what the thread leaves would be theirs. */
static void *sign_for_ever(void *arg)
{
    CK_MECHANISM m = {CKM_SHA256_RSA_PKCS, NULL, 0};
    CK_BYTE sig[512];
    (void)arg;
    for (;;) {
        CK_ULONG len = sizeof sig;
        if (h.f->C_SignInit(session, &m, priv) == CKR_OK)
            (void)h.f->C_Sign(session, (CK_BYTE *)"a text", 6, sig, &len);
        pthread_testcancel();
    }
    return NULL;
}

/* It goes when it is outside again, and takes nothing with it. */
START_TEST(a_cancelled_thread_leaves_nothing_behind)
{
    open_and_look();
    log_in();
    priv = mh_find(&h, session, CKO_PRIVATE_KEY, CKA_SIGN);
    pub = mh_find(&h, session, CKO_PUBLIC_KEY, CKA_VERIFY);
    for (int round = 0; round < 40; round++) {
        pthread_t t;
        struct timespec nap = {.tv_nsec = 1000000 + round * 50000};
        ck_assert_int_eq(pthread_create(&t, NULL, sign_for_ever, NULL), 0);
        (void)nanosleep(&nap, NULL);
        ck_assert_int_eq(pthread_cancel(t), 0);
        ck_assert_int_eq(pthread_join(t, NULL), 0);
        (void)h.f->C_SignInit(session, NULL, 0);
        (void)h.f->C_VerifyInit(session, NULL, 0);
    }
    sign_and_verify();
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
}
END_TEST

static void *begin_and_go(void *arg)
{
    (void)arg;
    (void)pthread_cancel(pthread_self());
    (void)h.f->C_Initialize(NULL);
    pthread_testcancel();
    return NULL;
}

static void *end_and_go(void *arg)
{
    (void)arg;
    (void)pthread_cancel(pthread_self());
    (void)h.f->C_Finalize(NULL);
    pthread_testcancel();
    return NULL;
}

/* Nor does it keep others from either: what it began is done. */
START_TEST(a_thread_is_cancelled_at_the_beginning_or_the_end)
{
    pthread_t t;
    open_and_look();
    log_in();
    if (_i == 0)
        ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    ck_assert_int_eq(pthread_create(&t, NULL, _i ? end_and_go : begin_and_go, NULL), 0);
    ck_assert_int_eq(pthread_join(t, NULL), 0);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), _i ? CKR_OK : CKR_CRYPTOKI_ALREADY_INITIALIZED);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("host");
    TCase *t = tcase_create("openssl");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 120);
    tcase_add_test(t, vendor_calls_that_fail_leave_once);
    tcase_add_test(t, the_queue_of_errors_is_the_hosts);
    tcase_add_test(t, a_cancelled_thread_leaves_nothing_behind);
    tcase_add_loop_test(t, a_thread_is_cancelled_at_the_beginning_or_the_end, 0, 2);
    tcase_add_test(t, threads_that_come_at_once_see_the_same);
    suite_add_tcase(suite, t);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
