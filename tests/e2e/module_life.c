/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The module in its programs, over PC/SC: forks, loading and unloading, events, a daemon that isn't
 * there. Run by tests/e2e/module-pcsc.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "pcsc.h"
#include "runner.h"

static double now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* --- fork
 * ---------------------------------------------------------------------------------------*/

/* A child starts from nothing, works, and ends as it likes. */
static bool child_works(bool finalize)
{
    CK_SESSION_INFO info;
    CK_ULONG n = 0;
    CK_BYTE b[8];
    bool good = h.f->C_GetSlotList(0, NULL, &n) == CKR_CRYPTOKI_NOT_INITIALIZED &&
                h.f->C_GetSessionInfo(session, &info) == CKR_CRYPTOKI_NOT_INITIALIZED &&
                h.f->C_GenerateRandom(session, b, 8) == CKR_CRYPTOKI_NOT_INITIALIZED &&
                h.f->C_Finalize(NULL) == CKR_CRYPTOKI_NOT_INITIALIZED &&
                pc_initialize_in_child() == CKR_OK &&
                h.f->C_GetSessionInfo(session, &info) == CKR_SESSION_HANDLE_INVALID &&
                pc_log_in() && pc_sign() == CKR_OK;
    return good && (!finalize || h.f->C_Finalize(NULL) == CKR_OK);
}

static void fork_here(void)
{
    for (int finalize = 0; finalize < 2; finalize++) {
        pid_t child = fork();
        if (child == 0)
            _exit(child_works(finalize) ? 0 : 1);
        pc_expect_good(child);
    }
}

START_TEST(fork_when_initialised)
{
    ck_assert_uint_eq(h.f->C_CloseAllSessions(0), CKR_OK);
    fork_here();
    ck_assert(pc_log_in());
    ck_assert_uint_eq(pc_sign(), CKR_OK);
}
END_TEST

START_TEST(fork_with_a_session_and_with_a_log_in)
{
    ck_assert_uint_eq(h.f->C_Logout(session), CKR_OK);
    fork_here();
    CK_SESSION_INFO info;
    ck_assert_uint_eq(h.f->C_GetSessionInfo(session, &info), CKR_OK);
    ck_assert_uint_eq(info.state, CKS_RW_PUBLIC_SESSION);
    ck_assert(pc_log_in());
    fork_here();
    ck_assert_uint_eq(h.f->C_GetSessionInfo(session, &info), CKR_OK);
    ck_assert_uint_eq(info.state, CKS_RW_USER_FUNCTIONS);
    ck_assert_uint_eq(pc_sign(), CKR_OK);
    ck_assert_uint_eq(pc_tries(), 10);
}
END_TEST

/* What was begun before is ended after, with the same result. */
START_TEST(fork_in_the_middle_of_operations)
{
    CK_MECHANISM m = {CKM_SHA256_RSA_PKCS, NULL, 0}, digest = {CKM_SHA256, NULL, 0};
    CK_BYTE sig[512], hash[32];
    CK_ULONG len = sizeof sig, hash_len = sizeof hash, n = 0;
    CK_OBJECT_HANDLE o[32];
    ck_assert_uint_eq(h.f->C_SignInit(session, &m, key), CKR_OK);
    ck_assert_uint_eq(h.f->C_SignUpdate(session, (CK_BYTE *)"a te", 4), CKR_OK);
    ck_assert_uint_eq(h.f->C_DigestInit(session, &digest), CKR_OK);
    ck_assert_uint_eq(h.f->C_DigestUpdate(session, (CK_BYTE *)"a te", 4), CKR_OK);
    ck_assert_uint_eq(h.f->C_FindObjectsInit(session, NULL, 0), CKR_OK);
    fork_here();
    ck_assert_uint_eq(h.f->C_FindObjects(session, o, 32, &n), CKR_OK);
    ck_assert_uint_ge(n, 6);
    ck_assert_uint_eq(h.f->C_FindObjectsFinal(session), CKR_OK);
    ck_assert_uint_eq(h.f->C_DigestUpdate(session, (CK_BYTE *)"xt", 2), CKR_OK);
    ck_assert_uint_eq(h.f->C_DigestFinal(session, hash, &hash_len), CKR_OK);
    ck_assert_uint_eq(h.f->C_SignUpdate(session, (CK_BYTE *)"xt", 2), CKR_OK);
    ck_assert_uint_eq(h.f->C_SignFinal(session, sig, &len), CKR_OK);
    CK_OBJECT_HANDLE pub = mh_find(&h, session, CKO_PUBLIC_KEY, CKA_VERIFY);
    ck_assert_uint_eq(h.f->C_VerifyInit(session, &m, pub), CKR_OK);
    ck_assert_uint_eq(h.f->C_Verify(session, (CK_BYTE *)"a text", 6, sig, len), CKR_OK);
}
END_TEST

START_TEST(fork_while_a_thread_waits_for_an_event)
{
    struct pc_waiter w = {.slot = 99};
    pc_start_waiting(&w);
    fork_here();
    ck_assert(!w.over);
    ck_assert_uint_eq(pc_sign(), CKR_OK);
    pc_control("remove");
    ck_assert_int_eq(pthread_join(w.t, NULL), 0);
    ck_assert_uint_eq(w.rv, CKR_OK);
    ck_assert_uint_eq(w.slot, 0);
    pc_control("insert");
    pc_come_back();
}
END_TEST

START_TEST(fork_while_an_unlock_holds_the_key)
{
    CK_BJCA_UNLOCK unlock = 0;
    CK_BYTE request[CK_BJCA_MESSAGE_MAX];
    CK_ULONG len = sizeof request, n = 0;
    ck_assert_uint_eq(h.v->BJCA_UnlockBegin(0, &unlock, request, &len), CKR_OK);
    pid_t child = fork();
    if (child == 0) {
        bool good = h.f->C_GetSlotList(0, NULL, &n) == CKR_CRYPTOKI_NOT_INITIALIZED &&
                    h.v->BJCA_UnlockCancel(unlock) == CKR_CRYPTOKI_NOT_INITIALIZED &&
                    h.f->C_Initialize(NULL) == CKR_OK &&
                    h.f->C_GetSlotList(0, NULL, &n) == CKR_OK && h.f->C_Finalize(NULL) == CKR_OK;
        _exit(good ? 0 : 1);
    }
    pc_expect_good(child);
    ck_assert_uint_eq(pc_sign(), CKR_DEVICE_ERROR); /* busy */
    ck_assert_uint_eq(h.v->BJCA_UnlockCancel(unlock), CKR_OK);
    ck_assert(pc_log_in());
    ck_assert_uint_eq(pc_sign(), CKR_OK);
}
END_TEST

#ifndef __SANITIZE_ADDRESS__ /* what isn't finalised is left behind, and that is told there */
/* A program that ends in the middle of everything, without C_Finalize. */
START_TEST(a_program_ends_where_it_is)
{
    pid_t child = fork();
    if (child == 0) {
        struct pc_waiter w = {.slot = 99};
        CK_MECHANISM m = {CKM_SHA256_RSA_PKCS, NULL, 0};
        if (h.f->C_Initialize(NULL) != CKR_OK || !pc_log_in())
            _exit(1);
        (void)h.f->C_SignInit(session, &m, key);
        (void)pthread_create(&w.t, NULL, pc_wait_for_event, &w);
        pc_nap(200);
        exit(0);
    }
    pc_expect_good(child);
    ck_assert_uint_eq(pc_sign(), CKR_OK);
}
END_TEST
#endif

/* --- initialise and finalise, load and unload
 * --------------------------------------------------------------*/

START_TEST(finalize_ends_a_wait)
{
    for (int i = 0; i < 20; i++) {
        struct pc_waiter w = {.slot = 99};
        pc_start_waiting(&w);
        double begun = now();
        ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
        ck_assert_int_eq(pthread_join(w.t, NULL), 0);
        ck_assert_uint_eq(w.rv, CKR_CRYPTOKI_NOT_INITIALIZED);
        ck_assert_double_lt(now() - begun, 2);
        ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    }
}
END_TEST

/* How often threads of this process have gone to sleep. */
static unsigned long sleeps(void)
{
    unsigned long sum = 0;
    char path[300], line[128];
    DIR *tasks = opendir("/proc/self/task");
    const struct dirent *e = NULL;
    ck_assert_ptr_nonnull(tasks);
    while ((e = readdir(tasks)) != NULL) {
        (void)snprintf(path, sizeof path, "/proc/self/task/%s/status", e->d_name);
        FILE *f = e->d_name[0] == '.' ? NULL : fopen(path, "r");
        while (f && fgets(line, sizeof line, f))
            if (strncmp(line, "voluntary_ctxt_switches:", 24) == 0)
                sum += strtoul(line + 24, NULL, 10);
        if (f)
            (void)fclose(f);
    }
    (void)closedir(tasks);
    return sum;
}

/* Nothing wakes while nothing happens, but for this test's own nap. */
static void sleeps_through(void)
{
    struct pc_waiter w = {.slot = 99};
    pc_start_waiting(&w);
    pc_nap(1000);
    unsigned long before = sleeps();
    pc_nap(5000);
#ifdef __SANITIZE_THREAD__ /* has a thread of its own that looks all the time */
    (void)before;
#else
    ck_assert_uint_le(sleeps() - before, 3); /* looking once a second would be 6 */
#endif
    ck_assert(!w.over);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    ck_assert_int_eq(pthread_join(w.t, NULL), 0);
}

START_TEST(a_wait_polls_nothing)
{
    ck_assert_uint_eq(pc_sign(), CKR_OK);
    sleeps_through();
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
}
END_TEST

#define AT_ONCE 8

static pthread_barrier_t gate;
static atomic_uint made, refused, working;

static void *come(void *arg)
{
    CK_C_INITIALIZE_ARGS args = {.flags = CKF_OS_LOCKING_OK};
    CK_ULONG n = 0;
    (void)arg;
    (void)pthread_barrier_wait(&gate);
    CK_RV rv = h.f->C_Initialize(&args);
    made += rv == CKR_OK;
    refused += rv == CKR_CRYPTOKI_ALREADY_INITIALIZED;
    working += h.f->C_GetSlotList(1, NULL, &n) == CKR_OK && n == 2;
    return NULL;
}

START_TEST(threads_that_initialise_at_once)
{
    ck_assert_int_eq(pthread_barrier_init(&gate, NULL, AT_ONCE), 0);
    for (int round = 0; round < 20; round++) {
        pthread_t t[AT_ONCE];
        made = refused = working = 0;
        ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
        for (int i = 0; i < AT_ONCE; i++)
            ck_assert_int_eq(pthread_create(&t[i], NULL, come, NULL), 0);
        for (int i = 0; i < AT_ONCE; i++)
            ck_assert_int_eq(pthread_join(t[i], NULL), 0);
        ck_assert_uint_eq(made, 1);
        ck_assert_uint_eq(refused, AT_ONCE - 1);
        ck_assert_uint_eq(working, AT_ONCE);
    }
    (void)pthread_barrier_destroy(&gate);
}
END_TEST

static unsigned entries(const char *folder)
{
    unsigned n = 0;
    DIR *dir = opendir(folder);
    ck_assert_ptr_nonnull(dir);
    for (const struct dirent *e = readdir(dir); e; e = readdir(dir))
        n += e->d_name[0] != '.';
    (void)closedir(dir);
    return n;
}

static long heap_kib(void)
{
    char line[128];
    long kib = 0;
    FILE *f = fopen("/proc/self/status", "re");
    ck_assert_ptr_nonnull(f);
    while (fgets(line, sizeof line, f))
        if (strncmp(line, "RssAnon:", 8) == 0)
            kib = strtol(line + 8, NULL, 10);
    (void)fclose(f);
    return kib;
}

static void load_use_unload(void)
{
    CK_RV (*get)(CK_FUNCTION_LIST **) = NULL;
    CK_FUNCTION_LIST *f = NULL;
    CK_ULONG n = 0;
    const char *so = getenv("P11_MODULE");
    void *lib = dlopen(so, RTLD_NOW | RTLD_LOCAL);
    ck_assert_ptr_nonnull(lib);
    *(void **)&get = dlsym(lib, "C_GetFunctionList");
    ck_assert_uint_eq(get(&f), CKR_OK);
    ck_assert_uint_eq(f->C_Initialize(NULL), CKR_OK);
    ck_assert_uint_eq(f->C_GetSlotList(1, NULL, &n), CKR_OK);
    ck_assert_uint_eq(n, 2);
    ck_assert_uint_eq(f->C_Finalize(NULL), CKR_OK);
    ck_assert_int_eq(dlclose(lib), 0);
    ck_assert_ptr_null(dlopen(so, RTLD_NOW | RTLD_NOLOAD));
}

/* Without the set-up's load: it really goes each time. */
START_TEST(loaded_a_thousand_times)
{
    for (int i = 0; i < 100; i++)
        load_use_unload();
    long kib = heap_kib();
    unsigned descriptors = entries("/proc/self/fd"), threads = entries("/proc/self/task");
    for (int i = 100; i < 1000; i++)
        load_use_unload();
    ck_assert_uint_eq(entries("/proc/self/fd"), descriptors);
    ck_assert_uint_eq(entries("/proc/self/task"), threads);
#if !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__ /* which keep what is freed */
    ck_assert_int_le(heap_kib() - kib, 256); /* 290 bytes each time would be more */
#endif
    ck_assert_int_gt(kib, 0);
}
END_TEST

/* To be loaded is no reason to do anything: no descriptor, no thread, no daemon asked. */
START_TEST(loading_does_nothing)
{
    unsigned descriptors = entries("/proc/self/fd"), threads = entries("/proc/self/task");
    void *lib = dlopen(getenv("P11_MODULE"), RTLD_NOW | RTLD_LOCAL);
    ck_assert_ptr_nonnull(lib);
    ck_assert_uint_eq(entries("/proc/self/fd"), descriptors);
    ck_assert_uint_eq(entries("/proc/self/task"), threads);
    ck_assert_int_eq(dlclose(lib), 0);
}
END_TEST

/* --- the daemon
 * ---------------------------------------------------------------------------------*/

START_TEST(slots_keep_their_numbers_through_all)
{
    CK_SLOT_INFO before[2], after;
    CK_SLOT_ID slots[8];
    for (CK_SLOT_ID slot = 0; slot < 2; slot++)
        ck_assert_uint_eq(h.f->C_GetSlotInfo(slot, &before[slot]), CKR_OK);
    for (int what = 0; what < 3; what++) {
        CK_ULONG n = 8;
        if (what == 0) {
            pc_control("remove");
            pc_nap(1000);
            pc_control("insert");
        } else {
            what == 1 ? pc_stop_daemon() : pc_kill_daemon();
            ck_assert_uint_eq(h.f->C_GetSlotList(1, slots, &n), CKR_OK);
            ck_assert_uint_eq(n, 0);
            pc_start_daemon();
        }
        pc_come_back();
        n = 8;
        ck_assert_uint_eq(h.f->C_GetSlotList(1, slots, &n), CKR_OK);
        ck_assert_uint_eq(n, 2);
        for (CK_SLOT_ID slot = 0; slot < 2; slot++) {
            ck_assert_uint_eq(slots[slot], slot);
            ck_assert_uint_eq(h.f->C_GetSlotInfo(slot, &after), CKR_OK);
            ck_assert_mem_eq(after.slotDescription, before[slot].slotDescription, 64);
        }
        ck_assert_uint_eq(pc_sign(), CKR_OK);
    }
    ck_assert_uint_eq(pc_tries(), 10);
}
END_TEST

/* Killed in the middle of work; while it is gone nothing hangs, and nothing is said to be well. */
START_TEST(a_killed_daemon_is_no_hang)
{
    CK_SESSION_HANDLE s = 0;
    CK_SLOT_INFO info;
    ck_assert_uint_eq(pc_sign(), CKR_OK);
    pc_kill_daemon();
    double begun = now();
    ck_assert_uint_eq(pc_sign(), CKR_DEVICE_REMOVED);
    ck_assert_uint_eq(pc_sign(), CKR_SESSION_HANDLE_INVALID);
    ck_assert_uint_eq(h.f->C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &s),
                      CKR_TOKEN_NOT_PRESENT);
    ck_assert_uint_eq(h.f->C_GetSlotInfo(0, &info), CKR_OK);
    ck_assert(!(info.flags & CKF_TOKEN_PRESENT));
    ck_assert_double_lt(now() - begun, 3);
    pc_start_daemon();
    pc_come_back();
    ck_assert_uint_eq(pc_sign(), CKR_OK);
    ck_assert_uint_eq(pc_tries(), 10);
}
END_TEST

/* A wait without a daemon ends when one comes, not when a minute is over. */
START_TEST(a_wait_without_a_daemon_sees_it_come)
{
    struct pc_waiter w = {.slot = 99};
    CK_ULONG n = 0;
    for (int killed = 0; killed < 2; killed++) {
        killed ? pc_kill_daemon() : pc_stop_daemon();
        ck_assert_uint_eq(h.f->C_GetSlotList(1, NULL, &n), CKR_OK);
        pc_start_waiting(&w);
        pc_start_daemon();
        double begun = now();
        ck_assert_int_eq(pthread_join(w.t, NULL), 0);
        ck_assert_uint_eq(w.rv, CKR_OK);
        ck_assert_uint_lt(w.slot, 2);
        ck_assert_double_lt(now() - begun, 5);
        pc_come_back();
    }
}
END_TEST

/* With the daemon its readers go, and their keys: who waits is told, however it ended. */
START_TEST(a_daemon_that_goes_is_an_event)
{
    struct pc_waiter w = {.slot = 99};
    CK_ULONG n = 9;
    pc_start_waiting(&w);
    double begun = now();
    _i ? pc_kill_daemon() : pc_stop_daemon();
    ck_assert_int_eq(pthread_join(w.t, NULL), 0);
    ck_assert_uint_eq(w.rv, CKR_OK);
    ck_assert_double_lt(now() - begun, 20); /* where it is looked for again: 60 s */
    ck_assert_uint_eq(h.f->C_GetSlotList(1, NULL, &n), CKR_OK);
    ck_assert_uint_eq(n, 0);
    pc_start_daemon();
    pc_come_back();
    ck_assert_uint_eq(pc_sign(), CKR_OK);
}
END_TEST

/* 5.5.1, 5.5.4: a daemon with no reader, known to no program before: nothing is there, at once, and
 * nothing is asked for long; a reader that comes is seen. */
START_TEST(no_reader_at_all)
{
    struct pc_waiter w = {.slot = 99};
    CK_SLOT_ID slots[8];
    CK_ULONG n = 8;
    CK_SLOT_INFO info;
    CK_SESSION_HANDLE s = 0;
    CK_BJCA_STATUS st = {.ulSize = sizeof st};
    pc_stop_daemon();
    pc_start_daemon_without_readers();
    double begun = now();
    mh_load(&h, getenv("P11_MODULE"));
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    for (int present = 0; present < 2; present++) {
        ck_assert_uint_eq(h.f->C_GetSlotList((CK_BBOOL)present, slots, &n), CKR_OK);
        ck_assert_uint_eq(n, 0);
    }
    ck_assert_uint_eq(h.f->C_GetSlotInfo(0, &info), CKR_SLOT_ID_INVALID);
    ck_assert_uint_eq(h.f->C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &s),
                      CKR_SLOT_ID_INVALID);
    ck_assert_uint_eq(h.v->BJCA_GetStatus(0, &st), CKR_SLOT_ID_INVALID);
    ck_assert_uint_eq(h.f->C_WaitForSlotEvent(CKF_DONT_BLOCK, slots, NULL), CKR_NO_EVENT);
    ck_assert_double_lt(now() - begun, 1);
    pc_start_waiting(&w);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    ck_assert_int_eq(pthread_join(w.t, NULL), 0);
    ck_assert_uint_eq(w.rv, CKR_CRYPTOKI_NOT_INITIALIZED);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    pc_start_waiting(&w);
    pc_stop_daemon();
    pc_start_daemon();
    ck_assert_int_eq(pthread_join(w.t, NULL), 0);
    ck_assert_uint_eq(w.rv, CKR_OK);
    ck_assert_uint_eq(w.slot, 0);
    pc_come_back();
    ck_assert_uint_eq(pc_sign(), CKR_OK);
    ck_assert_uint_eq(pc_tries(), 10);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
}
END_TEST

/* In a process whose daemon never was: its socket's folder isn't even there. (The client library
 * asks for the name once.) */
START_TEST(loaded_with_no_daemon)
{
    struct pc_waiter w = {.slot = 99};
    CK_SLOT_ID slot = 0;
    CK_ULONG n = 9;
    char folder[] = "/tmp/bjca-nobody.XXXXXX", name[64];
    ck_assert_ptr_nonnull(mkdtemp(folder)); /* others make files in /tmp itself */
    (void)snprintf(name, sizeof name, "%s/no-folder/nobody", folder);
    ck_assert_int_eq(setenv("PCSCLITE_CSOCK_NAME", name, 1), 0);
    double begun = now();
    mh_load(&h, getenv("P11_MODULE"));
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    ck_assert_uint_eq(h.f->C_GetSlotList(1, NULL, &n), CKR_OK);
    ck_assert_uint_eq(n, 0);
    ck_assert_uint_eq(h.f->C_GetSlotList(0, NULL, &n), CKR_OK);
    ck_assert_uint_eq(n, 0);
    ck_assert_uint_eq(h.f->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL), CKR_NO_EVENT);
    ck_assert_double_lt(now() - begun, 1);
    pc_start_waiting(&w);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    ck_assert_int_eq(pthread_join(w.t, NULL), 0);
    ck_assert_uint_eq(w.rv, CKR_CRYPTOKI_NOT_INITIALIZED);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    sleeps_through();
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

int main(void)
{
    if (!pc_is_there())
        return 77; /* not under with-key --pcsc: make check skips it */
    Suite *suite = suite_create("life");
    TCase *t = tcase_create("life");
    tcase_add_checked_fixture(t, pc_setup, pc_teardown);
    tcase_add_test(t, fork_when_initialised);
    tcase_add_test(t, fork_with_a_session_and_with_a_log_in);
    tcase_add_test(t, fork_in_the_middle_of_operations);
    tcase_add_test(t, fork_while_a_thread_waits_for_an_event);
    tcase_add_test(t, fork_while_an_unlock_holds_the_key);
#ifndef __SANITIZE_ADDRESS__
    tcase_add_test(t, a_program_ends_where_it_is);
#endif
    tcase_add_test(t, finalize_ends_a_wait);
    tcase_add_test(t, a_wait_polls_nothing);
    tcase_add_test(t, threads_that_initialise_at_once);
    tcase_add_test(t, slots_keep_their_numbers_through_all);
    tcase_add_test(t, a_killed_daemon_is_no_hang);
    tcase_add_test(t, a_wait_without_a_daemon_sees_it_come);
    tcase_add_loop_test(t, a_daemon_that_goes_is_an_event, 0, 2);
    tcase_set_timeout(t, 120);
    suite_add_tcase(suite, t);
    t = tcase_create("loading");
    tcase_add_test(t, loading_does_nothing);
    tcase_add_test(t, loaded_with_no_daemon);
    tcase_add_test(t, no_reader_at_all);
    tcase_add_test(t, loaded_a_thousand_times);
    tcase_set_timeout(t, 240);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
