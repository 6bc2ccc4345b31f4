/* SPDX-License-Identifier: Apache-2.0 */
/* How a client gets in: interfaces, C_Initialize, threads, forks, functions that aren't there. */
#include <check.h>
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "modcase.h"
#include "runner.h"

START_TEST(interfaces_in_order_and_nothing_for_strangers)
{
    CK_INTERFACE list[3], *one = NULL;
    CK_ULONG n = 0;
    CK_VERSION three_two = {3, 2}, two = {2, 40};
    ck_assert_uint_eq(h.f->C_GetInterfaceList(NULL, &n), CKR_OK);
    ck_assert_uint_eq(n, 3);
    n = 2;
    ck_assert_uint_eq(h.f->C_GetInterfaceList(list, &n), CKR_BUFFER_TOO_SMALL);
    ck_assert_uint_eq(n, 3);
    ck_assert_uint_eq(h.f->C_GetInterfaceList(list, &n), CKR_OK);
    ck_assert_str_eq(list[0].pInterfaceName, "PKCS 11");
    ck_assert_uint_eq(((CK_VERSION *)list[0].pFunctionList)->major, 3);
    ck_assert_uint_eq(((CK_VERSION *)list[1].pFunctionList)->minor, 40);
    ck_assert_str_eq(list[2].pInterfaceName, "Vendor BJCA");
    ck_assert_uint_eq(h.f->C_GetInterface(NULL, NULL, &one, 0), CKR_OK);
    ck_assert_uint_eq(((CK_VERSION *)one->pFunctionList)->major, 3);
    ck_assert_uint_eq(h.f->C_GetInterface((CK_BYTE *)"PKCS 11", &two, &one, 0), CKR_OK);
    ck_assert_uint_eq(((CK_VERSION *)one->pFunctionList)->major, 2);
    ck_assert_uint_eq(h.f->C_GetInterface((CK_BYTE *)"Vendor NSS FIPS Interface", NULL, &one, 0),
                      CKR_ARGUMENTS_BAD);
    ck_assert_uint_eq(h.f->C_GetInterface((CK_BYTE *)"PKCS 11", &three_two, &one, 0),
                      CKR_ARGUMENTS_BAD);
    ck_assert_uint_eq(
        h.f->C_GetInterface((CK_BYTE *)"PKCS 11", NULL, &one, CKF_INTERFACE_FORK_SAFE),
        CKR_ARGUMENTS_BAD);
}
END_TEST

static CK_RV nothing(void **m)
{
    (void)m;
    return CKR_OK;
}

static CK_RV nothing_to(void *m)
{
    (void)m;
    return CKR_OK;
}

START_TEST(initialize_takes_what_clients_give)
{
    CK_C_INITIALIZE_ARGS a = {0};
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_CRYPTOKI_ALREADY_INITIALIZED);
    ck_assert_uint_eq(h.f->C_Finalize(&a), CKR_ARGUMENTS_BAD);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_CRYPTOKI_NOT_INITIALIZED);
    a.pReserved = &a;
    ck_assert_uint_eq(h.f->C_Initialize(&a), CKR_ARGUMENTS_BAD);
    a.pReserved = NULL;
    a.CreateMutex = nothing;
    ck_assert_uint_eq(h.f->C_Initialize(&a), CKR_ARGUMENTS_BAD);
    a.DestroyMutex = a.LockMutex = a.UnlockMutex = nothing_to;
    ck_assert_uint_eq(h.f->C_Initialize(&a), CKR_CANT_LOCK);
    a.flags = CKF_OS_LOCKING_OK | CKF_LIBRARY_CANT_CREATE_OS_THREADS;
    ck_assert_uint_eq(h.f->C_Initialize(&a), CKR_OK);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    CK_ULONG n = 0;
    ck_assert_uint_eq(h.f->C_GetSlotList(0, NULL, &n), CKR_CRYPTOKI_NOT_INITIALIZED);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
}
END_TEST

static void *initialize(void *rv)
{
    *(CK_RV *)rv = h.f->C_Initialize(NULL);
    return NULL;
}

static unsigned mutexes_made;

static CK_RV make_mutex(void **m)
{
    static int made;
    mutexes_made++;
    *m = &made;
    return CKR_OK;
}

/* PKCS#11 2.40 clause 5.4, C_Initialize: the four cases of CKF_OS_LOCKING_OK and mutexes. */
START_TEST(locking_has_four_cases)
{
    static const struct {
        CK_FLAGS flags;
        bool mutexes;
        CK_RV want;
    } cases[] = {
        {0, false, CKR_OK},                 /* 1: one thread at a time */
        {CKF_OS_LOCKING_OK, false, CKR_OK}, /* 2: threads, the system's locks */
        {0, true, CKR_CANT_LOCK},           /* 3: threads, these mutexes or none */
        {CKF_OS_LOCKING_OK, true, CKR_OK},  /* 4: threads, either */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CK_C_INITIALIZE_ARGS a = {.flags = cases[i].flags};
        CK_ULONG n = 0;
        if (cases[i].mutexes) {
            a.CreateMutex = make_mutex;
            a.DestroyMutex = a.LockMutex = a.UnlockMutex = nothing_to;
        }
        (void)h.f->C_Finalize(NULL);
        mutexes_made = 0;
        ck_assert_msg(h.f->C_Initialize(&a) == cases[i].want, "case %zu", i + 1);
        ck_assert_uint_eq(h.f->C_GetSlotList(0, NULL, &n),
                          cases[i].want == CKR_OK ? CKR_OK : CKR_CRYPTOKI_NOT_INITIALIZED);
        ck_assert_uint_eq(mutexes_made, 0);
    }
}
END_TEST

START_TEST(racing_initializers_get_one_ok)
{
    for (int round = 0; round < 20; round++) {
        pthread_t t[8];
        CK_RV rv[8];
        int ok = 0;
        ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
        for (int i = 0; i < 8; i++)
            ck_assert_int_eq(pthread_create(&t[i], NULL, initialize, &rv[i]), 0);
        for (int i = 0; i < 8; i++) {
            ck_assert_int_eq(pthread_join(t[i], NULL), 0);
            ok += rv[i] == CKR_OK;
            ck_assert(rv[i] == CKR_OK || rv[i] == CKR_CRYPTOKI_ALREADY_INITIALIZED);
        }
        ck_assert_int_eq(ok, 1);
    }
}
END_TEST

/* --- threads that end
 * -----------------------------------------------------------------------------*/

#define ENDING 8

static atomic_uint done, wrong;
static atomic_bool finalised;

/* With what another thread may have left to sign with. */
static bool sign_last(CK_SESSION_HANDLE s, size_t slot)
{
    CK_MECHANISM m = {slot ? CKM_SM3_SM2_DER : CKM_SHA256_RSA_PKCS, NULL, 0};
    CK_BYTE sig[512];
    CK_ULONG len = sizeof sig;
    CK_OBJECT_HANDLE o = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    return h.f->C_SignInit(s, &m, o) == CKR_OK &&
           h.f->C_Sign(s, (CK_BYTE *)"text", 4, sig, &len) == CKR_OK;
}

/* Each in its own thread: what draws random numbers on the host, by one or the other way. */
static bool use_random(size_t which)
{
    CK_BYTE out[32];
    CK_MECHANISM m = {CKM_SM4_KEY_GEN, NULL, 0};
    CK_OBJECT_HANDLE o = 0;
    CK_SESSION_HANDLE s = mh_try_login(&h, which % 2, MH_PIN);
    switch (which / 2) {
    case 0:
        return mh_identity_works(&h, s);
    case 3:
        return sign_last(s, which % 2);
    case 1:
        return h.f->C_GenerateRandom(s, out, sizeof out) == CKR_OK;
    default:
        return h.f->C_GenerateKey(s, &m, NULL, 0, &o) == CKR_OK;
    }
}

static void *use_and_end(void *arg)
{
    const size_t *which = arg;
    wrong += !use_random(*which);
    done++;
    while (*which % 3 == 0 && !finalised) /* a third ends only when all is over */
        (void)sched_yield();
    return NULL;
}

/* What they did leaves nothing with them that C_Finalize takes away: they have returned from all
 * calls, and end during it, or after it. */
START_TEST(threads_end_while_it_is_finalised_and_after)
{
    for (int round = 0; round < 200; round++) {
        pthread_t t[ENDING];
        size_t which[ENDING];
        done = wrong = 0;
        finalised = false;
        for (size_t i = 0; i < ENDING; i++) {
            which[i] = i;
            ck_assert_int_eq(pthread_create(&t[i], NULL, use_and_end, &which[i]), 0);
        }
        while (done < ENDING)
            (void)sched_yield();
        ck_assert_uint_eq(wrong, 0);
        ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
        finalised = true;
        for (size_t i = 0; i < ENDING; i++)
            ck_assert_int_eq(pthread_join(t[i], NULL), 0);
        ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    }
}
END_TEST

/* --- one ends, another begins
 * ----------------------------------------------------------------------*/

static void *wait_for_events(void *arg)
{
    CK_SLOT_ID slot = 0;
    CK_RV *rv = arg;
    do
        *rv = h.f->C_WaitForSlotEvent(0, &slot, NULL);
    while (*rv == CKR_OK);
    return NULL;
}

static atomic_bool begun;

/* Does so as soon as it can, and then has the module to itself. */
static void *begin_and_wait(void *arg)
{
    CK_RV *rv = arg;
    begun = true;
    do
        *rv = h.f->C_Initialize(NULL);
    while (*rv == CKR_CRYPTOKI_ALREADY_INITIALIZED);
    wrong += *rv != CKR_OK || !use_random(0);
    done++;
    return wait_for_events(arg);
}

/* C_Finalize waits for those who were inside, not for those who come after it; and what they have
 * isn't what it takes away. */
START_TEST(initialised_while_another_thread_finalises)
{
    wrong = 0;
    for (int round = 0; round < 50; round++) {
        pthread_t before, after;
        CK_RV was = CKR_OK, is = CKR_OK;
        begun = false;
        done = 0;
        ck_assert_int_eq(pthread_create(&before, NULL, wait_for_events, &was), 0);
        ck_assert_int_eq(pthread_create(&after, NULL, begin_and_wait, &is), 0);
        while (!begun)
            (void)sched_yield();
        ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
        while (!done)
            (void)sched_yield();
        ck_assert_uint_eq(wrong, 0);
        ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
        ck_assert_int_eq(pthread_join(before, NULL), 0);
        ck_assert_int_eq(pthread_join(after, NULL), 0);
        /* the second to wait, should `before` have been that late, fails */
        ck_assert(was == CKR_CRYPTOKI_NOT_INITIALIZED || was == CKR_FUNCTION_FAILED);
        ck_assert(is == CKR_CRYPTOKI_NOT_INITIALIZED || is == CKR_FUNCTION_FAILED);
        ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    }
}
END_TEST

/* C_Finalize, in another thread, may be closing it just then: it waits for those who are inside. */
START_TEST(a_call_that_does_not_get_in_writes_no_log)
{
    CK_SESSION_HANDLE s = 0;
    CK_ULONG n = 0;
    struct bk_buf lines = BK_BUF_INIT;
    const char *text = NULL;
    char path[96];
    (void)snprintf(path, sizeof path, "%s/log", h.dir);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    ck_assert_int_eq(setenv("BJCA_LOG", path, 1), 0);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    ck_assert_int_eq(unsetenv("BJCA_LOG"), 0);
    ck_assert_uint_eq(h.f->C_OpenSession(99, CKF_SERIAL_SESSION, NULL, NULL, &s),
                      CKR_SLOT_ID_INVALID);
    ck_assert_uint_eq(h.f->C_Finalize(&s), CKR_ARGUMENTS_BAD);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_CRYPTOKI_ALREADY_INITIALIZED);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    ck_assert_uint_eq(h.f->C_GetSlotList(0, NULL, &n), CKR_CRYPTOKI_NOT_INITIALIZED);
    ck_assert_int_eq(bk_file_read(path, 65536, &lines), BK_OK);
    ck_assert_int_eq(bk_buf_cstr(&lines, &text), BK_OK);
    ck_assert_ptr_nonnull(strstr(text, "call: 0x3 "));
    ck_assert_ptr_null(strstr(text, "call: 0x7 "));
    ck_assert_ptr_null(strstr(text, "call: 0x191 "));
    ck_assert_int_eq(unlink(path), 0);
    bk_buf_free(&lines);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
}
END_TEST

/* A pipe that nobody reads is no log: nobody is waited for. */
START_TEST(a_log_that_nobody_reads)
{
    char path[96];
    (void)snprintf(path, sizeof path, "%s/pipe", h.dir);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    ck_assert_int_eq(setenv("BJCA_LOG", path, 1), 0);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_GENERAL_ERROR);
    ck_assert_int_eq(unsetenv("BJCA_LOG"), 0);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
}
END_TEST

/* As a daemon's, or that of the user whose shell it was: no home is no configuration. */
START_TEST(a_home_that_is_no_folder)
{
    struct bk_buf lines = BK_BUF_INIT;
    const char *text = NULL;
    char path[96];
    (void)snprintf(path, sizeof path, "%s/log", h.dir);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    ck_assert_int_eq(unsetenv("BJCA_CONF"), 0);
    ck_assert_int_eq(unsetenv("XDG_CONFIG_HOME"), 0);
    ck_assert_int_eq(setenv("HOME", "/dev/null", 1), 0);
    ck_assert_int_eq(setenv("BJCA_LOG", path, 1), 0);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    ck_assert_int_eq(unsetenv("BJCA_LOG"), 0);
    ck_assert_int_eq(bk_file_read(path, 65536, &lines), BK_OK);
    ck_assert_int_eq(bk_buf_cstr(&lines, &text), BK_OK);
    ck_assert_ptr_nonnull(strstr(text, " info /dev/null/.config/bjca/bjca.conf can't be reached"));
    ck_assert_int_eq(unlink(path), 0);
    bk_buf_free(&lines);
    /* a file that is named is another matter */
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    ck_assert_int_eq(setenv("BJCA_CONF", "/dev/null/bjca.conf", 1), 0);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_GENERAL_ERROR);
    ck_assert_int_eq(setenv("BJCA_CONF", h.conf, 1), 0);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
}
END_TEST

/* a sanitizer asks the same function before it is there itself */
#if !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__
static atomic_bool more_rights; /* than who started the program has */

/* The program's symbol comes before the library's, for the module, too. */
__attribute__((visibility("default"))) unsigned long getauxval(unsigned long type)
{
    unsigned long (*real)(unsigned long) = NULL;
    if (type == AT_SECURE && more_rights)
        return 1;
    *(void **)&real = dlsym(RTLD_NEXT, "getauxval");
    return real(type);
}

/* Whoever starts a setuid program decides neither where it writes nor what it reads. */
START_TEST(who_has_fewer_rights_says_nothing)
{
    char path[96];
    (void)snprintf(path, sizeof path, "%s/log", h.dir);
    for (int secure = 1; secure >= 0; secure--) {
        CK_SLOT_INFO info;
        ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
        ck_assert_int_eq(setenv("BJCA_LOG", path, 1), 0);
        more_rights = secure;
        ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
        more_rights = false;
        ck_assert_int_eq(unsetenv("BJCA_LOG"), 0);
        bool key_of_ours = h.f->C_GetSlotInfo(0, &info) == CKR_OK &&
                           memcmp(info.slotDescription, "BJCA Virtual Key", 16) == 0;
        ck_assert_int_eq(key_of_ours, !secure);
        ck_assert_int_eq(access(path, F_OK) == 0, !secure);
    }
    ck_assert_int_eq(unlink(path), 0);
}
END_TEST
#endif

/* The log that it had opened before it found a line that it can't take. */
START_TEST(initialize_that_fails_leaves_no_file_open)
{
    char conf[96], text[256];
    (void)snprintf(conf, sizeof conf, "%s/wrong.conf", h.dir);
    int len = snprintf(text, sizeof text, "[log]\nfile = %s/log\n[module]\nlogin-isolation = no\n",
                       h.dir);
    ck_assert_int_eq(bk_file_replace(conf, text, (size_t)len, 0600), BK_OK);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    ck_assert_int_eq(setenv("BJCA_CONF", conf, 1), 0);
    int next = dup(0);
    ck_assert_int_eq(close(next), 0);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_GENERAL_ERROR);
    int then = dup(0);
    ck_assert_int_eq(close(then), 0);
    ck_assert_int_eq(then, next);
    ck_assert_int_eq(setenv("BJCA_CONF", h.conf, 1), 0);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
}
END_TEST

START_TEST(a_forked_child_starts_anew_and_leaves_the_parent_alone)
{
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    pid_t child = fork();
    if (child == 0) {
        CK_ULONG n = 0;
        bool good = h.f->C_GetSlotList(0, NULL, &n) == CKR_CRYPTOKI_NOT_INITIALIZED;
        good = good && h.f->C_Initialize(NULL) == CKR_OK;
        good = good && h.f->C_GetSlotList(1, NULL, &n) == CKR_OK && n == 2;
        good = good && h.f->C_Finalize(NULL) == CKR_OK;
        _exit(good ? 0 : 1);
    }
    int status = 0;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    CK_SESSION_INFO info;
    ck_assert_uint_eq(h.f->C_GetSessionInfo(s, &info), CKR_OK);
    ck_assert_uint_eq(info.state, CKS_RW_USER_FUNCTIONS);
    ck_assert_uint_eq(mh_count(&h, s, CKO_PROFILE), 4);
}
END_TEST

#ifndef __SANITIZE_ADDRESS__ /* whose allocator a fork leaves locked, too */
static atomic_bool digesting;

static void *digest_until_told(void *arg)
{
    CK_SESSION_HANDLE s = *(const CK_SESSION_HANDLE *)arg;
    CK_MECHANISM m = {CKM_SHA256, NULL, 0};
    CK_BYTE hash[32];
    CK_ULONG len = sizeof hash;
    while (digesting)
        wrong += h.f->C_DigestInit(s, &m) != CKR_OK ||
                 h.f->C_Digest(s, (CK_BYTE *)"text", 4, hash, &len) != CKR_OK;
    return NULL;
}

/* Whatever another thread is at in our calls just then: no lock that is OpenSSL's own is taken in
 * each of them, which the child would find taken for ever. */
START_TEST(a_fork_while_a_thread_works_leaves_a_child_that_works)
{
    CK_SESSION_HANDLE s[2] = {mh_login(&h, 0), mc_session(0)};
    pthread_t t[2];
    digesting = true;
    wrong = 0;
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(pthread_create(&t[i], NULL, digest_until_told, &s[i]), 0);
    for (int i = 0; i < 150; i++) {
        pid_t child = fork();
        if (child == 0) {
            (void)signal(SIGALRM, SIG_DFL); /* Check's own kills us all */
            (void)alarm(20);
            bool good = h.f->C_Initialize(NULL) == CKR_OK && use_random(0);
            _exit(good && h.f->C_Finalize(NULL) == CKR_OK ? 0 : 1);
        }
        int status = 0;
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        ck_assert_msg(status == 0, "child %d: %x", i, (unsigned)status);
    }
    digesting = false;
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(pthread_join(t[i], NULL), 0);
    ck_assert_uint_eq(wrong, 0);
}
END_TEST
#endif

static bool is_loaded(void)
{
    void *lib = dlopen(MODULE, RTLD_NOW | RTLD_NOLOAD);
    if (lib)
        (void)dlclose(lib);
    return lib != NULL;
}

/* A program that unloads us in the middle of an unlock, and forgets C_Finalize: the thread that
 * watches has its code until it ended. */
START_TEST(unloading_in_the_middle_of_an_unlock_waits_for_its_thread)
{
    CK_BYTE request[CK_BJCA_MESSAGE_MAX];
    CK_ULONG len = sizeof request, n = 0;
    CK_BJCA_UNLOCK u = 0;
    ck_assert_uint_eq(h.f->C_GetSlotList(1, NULL, &n), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_UnlockBegin(0, &u, request, &len), CKR_OK);
    void *lib = dlopen(MODULE, RTLD_NOW | RTLD_NOLOAD);
    ck_assert_ptr_nonnull(lib);
    ck_assert_int_eq(dlclose(lib), 0);
    ck_assert_int_eq(dlclose(lib), 0); /* the one of the set-up */
    ck_assert(is_loaded());
    lib = dlopen(MODULE, RTLD_NOW);
    ck_assert_ptr_nonnull(lib);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    ck_assert_int_eq(dlclose(lib), 0);
    ck_assert(!is_loaded());
    mh_load(&h, MODULE); /* for the end of the test */
}
END_TEST

START_TEST(unsupported_functions_say_so)
{
    ck_assert_uint_eq(h.f->C_MessageEncryptInit(0, NULL, 0), CKR_FUNCTION_NOT_SUPPORTED);
    ck_assert_uint_eq(h.f->C_MessageSignFinal(0), CKR_FUNCTION_NOT_SUPPORTED);
    ck_assert_uint_eq(h.f->C_GetFunctionStatus(0), CKR_FUNCTION_NOT_PARALLEL);
    ck_assert_uint_eq(h.v->BJCA_Personalise(0, NULL), CKR_FUNCTION_NOT_SUPPORTED);
    /* no function pointer of any list is missing */
    CK_FUNCTION_LIST *two = NULL;
    ck_assert_uint_eq(h.f->C_GetFunctionList(&two), CKR_OK);
    ck_assert_uint_eq(two->version.minor, 40);
    for (size_t i = sizeof(void *); i < sizeof *two; i += sizeof(void *))
        ck_assert_ptr_nonnull(*(void **)((char *)two + i));
    for (size_t i = sizeof(void *); i < sizeof *h.f; i += sizeof(void *))
        ck_assert_ptr_nonnull(*(void **)((char *)h.f + i));
    for (size_t i = sizeof(void *); i < sizeof *h.v; i += sizeof(void *))
        ck_assert_ptr_nonnull(*(void **)((char *)h.v + i));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("start");
    TCase *t = mc_case(suite, "empty key", mc_setup);
    tcase_add_test(t, interfaces_in_order_and_nothing_for_strangers);
    tcase_add_test(t, initialize_takes_what_clients_give);
    tcase_add_test(t, locking_has_four_cases);
    tcase_add_test(t, racing_initializers_get_one_ok);
    tcase_add_test(t, a_call_that_does_not_get_in_writes_no_log);
    tcase_add_test(t, a_log_that_nobody_reads);
    tcase_add_test(t, a_home_that_is_no_folder);
#if !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__
    tcase_add_test(t, who_has_fewer_rights_says_nothing);
#endif
    tcase_add_test(t, initialize_that_fails_leaves_no_file_open);
    tcase_add_test(t, a_forked_child_starts_anew_and_leaves_the_parent_alone);
    tcase_add_test(t, unloading_in_the_middle_of_an_unlock_waits_for_its_thread);
    tcase_add_test(t, unsupported_functions_say_so);
    t = mc_case(suite, "identities", mc_setup_certs);
    tcase_add_test(t, threads_end_while_it_is_finalised_and_after);
    tcase_add_test(t, initialised_while_another_thread_finalises);
#ifndef __SANITIZE_ADDRESS__
    tcase_add_test(t, a_fork_while_a_thread_works_leaves_a_child_that_works);
#endif
    return run_suite(suite);
}
