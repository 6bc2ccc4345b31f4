/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program forks while its threads are in the module: in any of its calls, and in the libraries
 * below. The child hangs nowhere; the fork waits for nobody who waits. Run by
 * tests/e2e/module-fork, in process and behind pcscd.
 */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <winscard.h>

#include "pcsc.h"
#include "runner.h"

#define THREADS 4
#define CHILD_SECONDS 20 /* by far */

static double now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static atomic_bool over;
static atomic_ulong signatures, failures;

static CK_RV sign(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o)
{
    CK_MECHANISM m = {CKM_SHA256_RSA_PKCS, NULL, 0};
    CK_BYTE sig[512];
    CK_ULONG len = sizeof sig;
    CK_RV rv = h.f->C_SignInit(s, &m, o);
    return rv == CKR_OK ? h.f->C_Sign(s, (CK_BYTE *)"text", 4, sig, &len) : rv;
}

static CK_RV find(CK_SESSION_HANDLE s, CK_OBJECT_CLASS class, CK_ATTRIBUTE_TYPE right,
                  CK_OBJECT_HANDLE *o)
{
    CK_BBOOL yes = 1;
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class}, {right, &yes, 1}};
    CK_ULONG n = 0;
    CK_RV rv = h.f->C_FindObjectsInit(s, t, 2);
    if (rv == CKR_OK)
        rv = h.f->C_FindObjects(s, o, 1, &n);
    if (rv == CKR_OK)
        rv = h.f->C_FindObjectsFinal(s);
    return rv == CKR_OK && !n ? CKR_KEY_HANDLE_INVALID : rv;
}

/* What takes the locks of the libraries below most often: keys used on the host with random
 * numbers, readers looked at. */
static CK_RV bustle(CK_SESSION_HANDLE s)
{
    CK_RSA_PKCS_OAEP_PARAMS p = {CKM_SHA256, CKG_MGF1_SHA256, CKZ_DATA_SPECIFIED, NULL, 0};
    CK_MECHANISM m = {CKM_RSA_PKCS_OAEP, &p, sizeof p};
    CK_BYTE out[512];
    CK_SLOT_ID slots[8];
    CK_OBJECT_HANDLE o = 0;
    CK_RV rv = find(s, CKO_PUBLIC_KEY, CKA_ENCRYPT, &o);
    for (int i = 0; rv == CKR_OK && i < 50; i++) {
        CK_ULONG len = sizeof out, n = 8;
        rv = h.f->C_EncryptInit(s, &m, o);
        if (rv == CKR_OK)
            rv = h.f->C_Encrypt(s, (CK_BYTE *)"text", 4, out, &len);
        if (rv == CKR_OK)
            rv = h.f->C_GetSlotList(0, slots, &n);
        if (rv == CKR_OK)
            rv = h.f->C_GetSlotList(1, NULL, &n);
    }
    return rv;
}

/* Threads begin and end while nobody forks: AddressSanitizer's allocator, which a thread that
 * begins or ends takes from outside of the module, isn't in a state that a child could go on with.
 */
static atomic_int begun, ended;

static void wait_for(const atomic_int *count, int threads)
{
    while (*count < threads)
        pc_nap(1);
}

static void begin(pthread_t *t, int threads, void *(*run)(void *), void *arg)
{
    int all = begun + threads;
    for (int i = 0; i < threads; i++)
        ck_assert_int_eq(pthread_create(&t[i], NULL, run, arg), 0);
    wait_for(&begun, all);
}

static void begin_anew(void)
{
    over = false;
    signatures = failures = 0;
    begun = ended = 0;
}

/* From C_OpenSession to C_CloseSession, again and again. */
static void *work(void *arg)
{
    CK_OBJECT_HANDLE o = 0;
    (void)arg;
    begun++;
    while (!over) {
        CK_SESSION_HANDLE s = mh_try_login(&h, 0, getenv("KEY_PIN"));
        CK_RV rv = s ? find(s, CKO_PRIVATE_KEY, CKA_SIGN, &o) : CKR_GENERAL_ERROR;
        if (rv == CKR_OK)
            rv = sign(s, o);
        if (rv == CKR_OK)
            rv = bustle(s);
        signatures += rv == CKR_OK;
        failures += rv != CKR_OK;
        (void)h.f->C_CloseSession(s);
    }
    return NULL;
}

/* Check's handler would end the test with the child. */
static void watch_over_me(void)
{
    (void)signal(SIGALRM, SIG_DFL);
    (void)alarm(CHILD_SECONDS);
}

static int child(unsigned turn)
{
    CK_OBJECT_HANDLE o = 0;
    watch_over_me();
    if (turn % 3 == 2) /* one that wants nothing of the module */
        return 0;
    if (pc_initialize_in_child() != CKR_OK)
        return 2;
    CK_SESSION_HANDLE s = mh_try_login(&h, 0, getenv("KEY_PIN"));
    if (!s || find(s, CKO_PRIVATE_KEY, CKA_SIGN, &o) != CKR_OK)
        return 3;
    if (sign(s, o) != CKR_OK)
        return 4;
    return turn % 3 == 1 && h.f->C_Finalize(NULL) != CKR_OK ? 5 : 0;
}

static void fork_as(int (*run)(unsigned turn), unsigned turn)
{
    int status = 0;
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0)
        _exit(run(turn));
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_msg(status == 0, "fork %u: the child ended with %x", turn, (unsigned)status);
}

static void fork_one(unsigned turn)
{
    fork_as(child, turn);
}

/* Beside one thread, and beside some. */
START_TEST(forks_beside_threads_that_sign)
{
    pthread_t t[THREADS];
    int threads = _i ? THREADS : 1;
    unsigned forks = 0;
    begin_anew();
    begin(t, threads, work, NULL);
    double end = now() + (long_form() ? 900 : 4);
    for (; now() < end || forks <= 10 || signatures <= 3; forks++)
        fork_one(forks);
    over = true;
    for (int i = 0; i < threads; i++)
        ck_assert_int_eq(pthread_join(t[i], NULL), 0);
    ck_assert_uint_eq(failures, 0);
    printf("%u forks beside %d threads\n", forks, threads);
    ck_assert_uint_eq(pc_tries(), 10);
}
END_TEST

static void fork_some(void)
{
    for (unsigned i = 0; i < 10; i++) {
        pid_t pid = fork();
        int status = 0;
        if (pid == 0)
            _exit(child(i));
        failures += waitpid(pid, &status, 0) != pid || status;
    }
}

#define FORKING 2

static void *fork_with_others(void *arg)
{
    (void)arg;
    begun++;
    wait_for(&begun, THREADS);
    fork_some();
    ended++;
    wait_for(&ended, FORKING);
    return NULL;
}

/* Two threads fork at once, and their children do. */
START_TEST(forks_at_once_and_within_children)
{
    pthread_t t[THREADS];
    begin_anew();
    begin(t, THREADS - FORKING, work, NULL);
    begin(t + THREADS - FORKING, FORKING, fork_with_others, NULL);
    pid_t pid = fork();
    if (pid == 0) {
        watch_over_me();
        failures = 0;
        if (child(0))
            _exit(1);
        fork_some();
        _exit(failures == 0 ? 0 : 2);
    }
    pc_expect_good(pid);
    for (int i = THREADS - FORKING; i < THREADS; i++)
        ck_assert_int_eq(pthread_join(t[i], NULL), 0);
    over = true;
    for (int i = 0; i < THREADS - FORKING; i++)
        ck_assert_int_eq(pthread_join(t[i], NULL), 0);
    ck_assert_uint_eq(failures, 0);
}
END_TEST

static void *wait_for_event(void *arg)
{
    CK_SLOT_ID slot = 0;
    CK_RV *rv = arg;
    begun++;
    do
        *rv = h.f->C_WaitForSlotEvent(0, &slot, NULL);
    while (*rv == CKR_OK);
    return NULL;
}

static void fork_at_once(unsigned turn)
{
    double at = now();
    fork_one(2);
    ck_assert_msg(now() - at < 1, "fork %u took %.3f s", turn, now() - at);
    fork_one(turn);
}

START_TEST(a_thread_that_waits_holds_up_no_fork)
{
    CK_RV rv = CKR_OK;
    pthread_t t;
    begin_anew();
    begin(&t, 1, wait_for_event, &rv);
    for (unsigned i = 0; i < 10; i++)
        fork_at_once(i);
    pc_teardown();
    ck_assert_int_eq(pthread_join(t, NULL), 0);
    ck_assert_uint_eq(rv, CKR_CRYPTOKI_NOT_INITIALIZED);
    pc_setup();
}
END_TEST

/* One waits for the card, as long as another program wants, which it has connected to before or is
 * about to; the others for the one. */
START_TEST(nor_does_a_card_that_is_not_to_be_had)
{
    pthread_t t[THREADS];
    SCARDHANDLE card = pc_connect_card();
    begin_anew();
    if (_i)
        pc_teardown();
    ck_assert_int_eq(SCardBeginTransaction(card), 0);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), _i ? CKR_OK : CKR_CRYPTOKI_ALREADY_INITIALIZED);
    begin(t, THREADS, work, NULL);
    pc_nap(300);
    ck_assert_uint_eq(signatures, 0);
    for (unsigned i = 0; i < 10; i++) {
        double at = now();
        fork_one(2);
        ck_assert_msg(now() - at < 1, "fork %u took %.3f s", i, now() - at);
    }
    pc_disconnect_card(card, SCARD_LEAVE_CARD);
    over = true;
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_join(t[i], NULL), 0);
    ck_assert_uint_eq(failures, 0);
}
END_TEST

/* --- a busy machine
 * -----------------------------------------------------------------------------------------------*/

/* PC/SC-Lite's client asks for a card that is not to be had every 0.1 s, and takes its lock to do
 * so. A busy machine stops the fork that has just made sure that nobody has it, and then who takes
 * it, if that is due within the time that such a stop lasts. */
#define ASKS_AGAIN_NS 100000000
#define STOP_MS 10
#define DUE 0.025
static atomic_bool busy, stopped;
static _Atomic double stopped_at, asks_at;
static _Thread_local bool asks;

__attribute__((visibility("default"))) int nanosleep(const struct timespec *time,
                                                     struct timespec *left)
{
    (void)left;
    bool again = busy && time->tv_sec == 0 && time->tv_nsec == ASKS_AGAIN_NS;
    if (again)
        asks_at = now() + 0.1;
    errno = clock_nanosleep(CLOCK_MONOTONIC, 0, time, NULL);
    asks = again && stopped && asks_at < stopped_at + DUE;
    return errno ? -1 : 0;
}

/* Also called before any sanitizer has begun. */
__attribute__((visibility("default"), no_sanitize("thread", "address", "undefined"))) int
pthread_mutex_lock(pthread_mutex_t *mutex)
{
    static int (*real)(pthread_mutex_t *);
    if (!real)
        *(void **)(void *)&real = dlsym(RTLD_NEXT, "pthread_mutex_lock");
    int err = real(mutex);
    const struct timespec nap = {.tv_nsec = 1000000};
    for (bool stop = asks; stop && stopped;)
        (void)clock_nanosleep(CLOCK_MONOTONIC, 0, &nap, NULL);
    asks = false;
    return err;
}

/* The other program takes the card after the daemon said that nobody holds it. */
__attribute__((visibility("default"))) LONG SCardGetAttrib(SCARDHANDLE card, DWORD id, LPBYTE value,
                                                           LPDWORD len)
{
    static LONG (*real)(SCARDHANDLE, DWORD, LPBYTE, LPDWORD);
    if (!real)
        *(void **)(void *)&real = dlsym(RTLD_NEXT, "SCardGetAttrib");
    return busy ? SCARD_S_SUCCESS : real(card, id, value, len);
}

static void stop_fork(void)
{
    if (!busy)
        return;
    stopped_at = now();
    stopped = true;
    pc_nap(STOP_MS);
}

static void go_on(void)
{
    stopped = false;
}

static int look_at_readers(unsigned turn)
{
    CK_ULONG n = 0;
    (void)turn;
    watch_over_me();
    return pc_initialize_in_child() == CKR_OK && h.f->C_GetSlotList(0, NULL, &n) == CKR_OK ? 0 : 1;
}

START_TEST(a_thread_that_asks_again_has_no_lock_at_a_fork)
{
    pthread_t t;
    SCARDHANDLE card = pc_connect_card();
    begin_anew();
    ck_assert_int_eq(SCardBeginTransaction(card), 0);
    busy = true;
    begin(&t, 1, work, NULL);
    for (int i = 0; i < 5; i++) {
        while (asks_at - now() < 0.003 || asks_at - now() > 0.006)
            pc_nap(1);
        fork_as(look_at_readers, 0);
    }
    busy = false;
    pc_disconnect_card(card, SCARD_LEAVE_CARD);
    over = true;
    ck_assert_int_eq(pthread_join(t, NULL), 0);
    ck_assert_uint_eq(failures, 0);
}
END_TEST

/* What was registered goes with the code. */
START_TEST(forks_after_it_was_unloaded)
{
    for (unsigned i = 0; i < 20; i++) {
        void *so = dlopen(getenv("P11_MODULE"), RTLD_NOW | RTLD_LOCAL);
        CK_C_GetFunctionList list = NULL;
        CK_FUNCTION_LIST *f = NULL;
        ck_assert_ptr_nonnull(so);
        *(void **)(void *)&list = dlsym(so, "C_GetFunctionList");
        ck_assert_uint_eq(list(&f), CKR_OK);
        ck_assert_uint_eq(f->C_Initialize(NULL), CKR_OK);
        ck_assert_uint_eq(f->C_Finalize(NULL), CKR_OK);
        ck_assert_int_eq(dlclose(so), 0);
        ck_assert_ptr_null(dlopen(getenv("P11_MODULE"), RTLD_NOW | RTLD_NOLOAD));
        fork_one(2);
    }
}
END_TEST

int main(void)
{
    if (!getenv("P11_MODULE"))
        return 77; /* not under with-key: make check skips it */
    bool pcsc = getenv("KEY_CONTROL") != NULL;
    /* before the module's own, which is then called before it */
    if (pthread_atfork(stop_fork, go_on, go_on) != 0)
        return 1;
    Suite *suite = suite_create(pcsc ? "fork, behind pcscd" : "fork, in process");
    TCase *t = tcase_create("fork");
    tcase_add_checked_fixture(t, pc_setup, pc_teardown);
    tcase_add_loop_test(t, forks_beside_threads_that_sign, 0, 2);
    tcase_add_test(t, forks_at_once_and_within_children);
    tcase_add_test(t, a_thread_that_waits_holds_up_no_fork);
    if (pcsc)
        tcase_add_loop_test(t, nor_does_a_card_that_is_not_to_be_had, 0, 2);
    tcase_set_timeout(t, 1000);
    suite_add_tcase(suite, t);
    t = tcase_create("busy");
    tcase_add_checked_fixture(t, pc_setup, pc_teardown);
    if (pcsc)
        tcase_add_test(t, a_thread_that_asks_again_has_no_lock_at_a_fork);
    tcase_set_timeout(t, 60);
    suite_add_tcase(suite, t);
    t = tcase_create("unloaded");
    tcase_add_test(t, forks_after_it_was_unloaded);
    tcase_set_timeout(t, 60);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
