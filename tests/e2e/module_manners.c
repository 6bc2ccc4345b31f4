/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a program gets in, with a key behind PC/SC: interfaces, the locks it offers to C_Initialize,
 * and that no thread is made where it forbids them. Run by tests/e2e/module-manners.
 */
#include <check.h>
#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <winscard.h>

#include "pcsc.h"
#include "runner.h"

static void load(void)
{
    mh_load(&h, getenv("P11_MODULE"));
}

/* --- interfaces
 * ---------------------------------------------------------------------------------*/

static CK_INTERFACE *interface(const char *name, CK_BYTE major, CK_BYTE minor)
{
    CK_VERSION version = {major, minor};
    CK_INTERFACE *got = NULL;
    ck_assert_uint_eq(
        h.f->C_GetInterface((CK_BYTE *)(uintptr_t)name, major ? &version : NULL, &got, 0), CKR_OK);
    return got;
}

static void expect_order(void)
{
    CK_INTERFACE list[4];
    CK_ULONG n = 0;
    ck_assert_uint_eq(h.f->C_GetInterfaceList(NULL, &n), CKR_OK);
    ck_assert_uint_eq(n, 3);
    n = 2;
    ck_assert_uint_eq(h.f->C_GetInterfaceList(list, &n), CKR_BUFFER_TOO_SMALL);
    n = 4;
    ck_assert_uint_eq(h.f->C_GetInterfaceList(list, &n), CKR_OK);
    ck_assert_uint_eq(n, 3);
    static const struct {
        const char *name;
        CK_VERSION version;
    } want[] = {{"PKCS 11", {3, 0}},
                {"PKCS 11", {2, 40}},
                {"Vendor BJCA", {CK_BJCA_VERSION_MAJOR, CK_BJCA_VERSION_MINOR}}};
    for (int i = 0; i < 3; i++) {
        const CK_VERSION *v = list[i].pFunctionList;
        ck_assert_str_eq(list[i].pInterfaceName, want[i].name);
        ck_assert_uint_eq(v->major, want[i].version.major);
        ck_assert_uint_eq(v->minor, want[i].version.minor);
        ck_assert_ptr_eq(interface(want[i].name, v->major, v->minor)->pFunctionList, v);
    }
    ck_assert_ptr_eq(interface(NULL, 0, 0)->pFunctionList, list[0].pFunctionList);
    ck_assert_ptr_eq(interface("PKCS 11", 0, 0)->pFunctionList, list[0].pFunctionList);
    ck_assert_ptr_eq(interface(NULL, 2, 40)->pFunctionList, list[1].pFunctionList);
    ck_assert_ptr_eq(interface("Vendor BJCA", 1, 0)->pFunctionList, list[2].pFunctionList);
}

/* A program calls into whatever comes back: nothing does. */
static void expect_refusals(void)
{
    static const struct {
        const char *name;
        CK_VERSION version; /* 0.0: any */
        CK_FLAGS flags;
    } unknown[] = {
        {"Vendor NSS Module Interface", {0, 0}, 0},
        {"Vendor NSS FIPS Interface", {0, 0}, 0},
        {"", {0, 0}, 0},
        {"PKCS 1", {0, 0}, 0},
        {"PKCS 11 ", {0, 0}, 0},
        {"pkcs 11", {0, 0}, 0},
        {"PKCS 11", {3, 1}, 0},
        {"PKCS 11", {3, 2}, 0},
        {"PKCS 11", {2, 20}, 0},
        {"PKCS 11", {4, 0}, 0},
        {"Vendor BJCA", {CK_BJCA_VERSION_MAJOR, CK_BJCA_VERSION_MINOR + 1}, 0},
        {"Vendor BJCA", {2, 0}, 0},
        {"Vendor BJCA", {3, 0}, 0},
        {NULL, {9, 9}, 0},
        {NULL, {0, 0}, CKF_INTERFACE_FORK_SAFE},
        {"PKCS 11", {3, 0}, CKF_INTERFACE_FORK_SAFE},
        {"Vendor BJCA", {0, 0}, 0x80000000},
    };
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        CK_VERSION v = unknown[i].version;
        CK_INTERFACE *got = NULL;
        CK_RV rv = h.f->C_GetInterface((CK_BYTE *)(uintptr_t)unknown[i].name, v.major ? &v : NULL,
                                       &got, unknown[i].flags);
        ck_assert_msg(rv == CKR_ARGUMENTS_BAD && !got, "%zu: %lx", i, rv);
    }
    ck_assert_uint_eq(h.f->C_GetInterface(NULL, NULL, NULL, 0), CKR_ARGUMENTS_BAD);
    ck_assert_uint_eq(h.f->C_GetInterfaceList(NULL, NULL), CKR_ARGUMENTS_BAD);
}

START_TEST(interfaces)
{
    CK_BJCA_STATUS st = {.ulSize = sizeof st};
    CK_ULONG n = 0;
    expect_order();
    expect_refusals();
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    ck_assert(pc_log_in());
    expect_order();
    expect_refusals();
    /* whichever it takes, it is at the same key, logged in */
    const CK_FUNCTION_LIST *two = interface("PKCS 11", 2, 40)->pFunctionList;
    const CK_BJCA_FUNCTION_LIST *vendor = interface("Vendor BJCA", 0, 0)->pFunctionList;
    ck_assert_uint_eq(two->C_GetSlotList(1, NULL, &n), CKR_OK);
    ck_assert_uint_eq(n, 2);
    ck_assert_uint_eq(two->C_FindObjectsInit(session, NULL, 0), CKR_OK);
    ck_assert_uint_eq(vendor->BJCA_GetStatus(0, &st), CKR_OK);
    ck_assert_str_eq((char *)st.serial, getenv("KEY_SERIAL"));
    ck_assert(st.flags & CKF_BJCA_LOGGED_IN);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
}
END_TEST

/* --- what C_Initialize is offered
 * -----------------------------------------------------------------*/

static atomic_uint mutex_calls;

static CK_RV make_mutex(void **m)
{
    static int made;
    *m = &made;
    mutex_calls++;
    return CKR_OK;
}

static CK_RV use_mutex(void *m)
{
    (void)m;
    mutex_calls++;
    return CKR_OK;
}

enum { CREATE = 1, DESTROY = 2, LOCK = 4, UNLOCK = 8, ALL = 15 };

static CK_C_INITIALIZE_ARGS offer(CK_FLAGS flags, unsigned mutexes)
{
    return (CK_C_INITIALIZE_ARGS){.flags = flags,
                                  .CreateMutex = mutexes & CREATE ? make_mutex : NULL,
                                  .DestroyMutex = mutexes & DESTROY ? use_mutex : NULL,
                                  .LockMutex = mutexes & LOCK ? use_mutex : NULL,
                                  .UnlockMutex = mutexes & UNLOCK ? use_mutex : NULL};
}

/* What was taken works; what was refused has begun nothing. */
static void expect_initialised(CK_C_INITIALIZE_ARGS *args, CK_RV want)
{
    CK_ULONG n = 0;
    mutex_calls = 0;
    ck_assert_uint_eq(h.f->C_Initialize(args), want);
    if (want != CKR_OK) {
        ck_assert_uint_eq(h.f->C_GetSlotList(0, NULL, &n), CKR_CRYPTOKI_NOT_INITIALIZED);
        ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_CRYPTOKI_NOT_INITIALIZED);
        return;
    }
    ck_assert_uint_eq(h.f->C_Initialize(args), CKR_CRYPTOKI_ALREADY_INITIALIZED);
    ck_assert(pc_log_in());
    ck_assert_uint_eq(pc_sign(), CKR_OK);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    ck_assert_uint_eq(mutex_calls, 0); /* given the choice, it is the system's locks */
}

/* PKCS#11 2.40 clause 5.4, C_Initialize. */
START_TEST(locks_are_taken_or_refused_by_the_rules)
{
    static const struct {
        CK_FLAGS flags;
        unsigned mutexes;
        CK_RV want;
    } cases[] = {
        {0, 0, CKR_OK},
        {CKF_OS_LOCKING_OK, 0, CKR_OK},
        {0, ALL, CKR_CANT_LOCK},
        {CKF_OS_LOCKING_OK, ALL, CKR_OK},
        {0, CREATE, CKR_ARGUMENTS_BAD},
        {CKF_OS_LOCKING_OK, ALL - CREATE, CKR_ARGUMENTS_BAD},
        {CKF_OS_LOCKING_OK, ALL - DESTROY, CKR_ARGUMENTS_BAD},
        {CKF_OS_LOCKING_OK, ALL - LOCK, CKR_ARGUMENTS_BAD},
        {CKF_OS_LOCKING_OK, ALL - UNLOCK, CKR_ARGUMENTS_BAD},
    };
    expect_initialised(NULL, CKR_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (int forbidden = 0; forbidden < 2; forbidden++) {
            CK_FLAGS more = forbidden ? CKF_LIBRARY_CANT_CREATE_OS_THREADS : 0;
            CK_C_INITIALIZE_ARGS args = offer(cases[i].flags | more, cases[i].mutexes);
            expect_initialised(&args, cases[i].want);
        }
    }
    CK_C_INITIALIZE_ARGS reserved = offer(CKF_OS_LOCKING_OK, 0);
    reserved.pReserved = &reserved;
    expect_initialised(&reserved, CKR_ARGUMENTS_BAD);
}
END_TEST

/* --- threads
 * ------------------------------------------------------------------------------------*/

static atomic_uint most; /* threads of this process, whenever it was looked */
static unsigned own;     /* before the module began */

static void look_at_threads(void)
{
    unsigned n = 0;
    DIR *tasks = opendir("/proc/self/task");
    for (const struct dirent *e = tasks ? readdir(tasks) : NULL; e; e = readdir(tasks))
        n += e->d_name[0] != '.';
    if (tasks)
        (void)closedir(tasks);
    if (n > most)
        most = n;
}

/* The program's symbol comes before the library's: it looks in the middle of each call. */
__attribute__((visibility("default"))) LONG
SCardTransmit(SCARDHANDLE card, const SCARD_IO_REQUEST *pci, const unsigned char *command,
              DWORD len, SCARD_IO_REQUEST *got_pci, unsigned char *answer, DWORD *got)
{
    pc_transmit *real = pc_real_transmit();
    look_at_threads();
    return real(card, pci, command, len, got_pci, answer, got);
}

#define NAME(text) ((const CK_UTF8CHAR *)(text))

/* What needs time, the readers, or somebody to watch over it. */
static void use_everything(void)
{
    CK_MECHANISM gen = {CKM_SM2_KEY_PAIR_GEN, NULL, 0};
    CK_ATTRIBUTE label = {CKA_LABEL, (void *)(uintptr_t) "made", 4};
    CK_OBJECT_HANDLE a = 0, b = 0;
    CK_BJCA_UNLOCK unlock = 0;
    CK_BYTE request[CK_BJCA_MESSAGE_MAX];
    CK_ULONG len = sizeof request, n = 0;
    CK_SLOT_ID slot = 0;
    ck_assert_uint_eq(h.f->C_GetSlotList(1, NULL, &n), CKR_OK);
    ck_assert_uint_eq(h.f->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL), CKR_NO_EVENT);
    ck_assert(pc_log_in());
    ck_assert(mh_identity_works(&h, session));
    CK_SESSION_HANDLE s = mh_try_login(&h, 1, getenv("KEY_PIN"));
    ck_assert(mh_identity_works(&h, s));
    ck_assert_uint_eq(mh_generate(&h, s, &gen, NULL, 0, &label, 1, &a, &b), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_DeleteContainer(s, NAME("made")), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_UnlockBegin(0, &unlock, request, &len), CKR_OK);
    look_at_threads();
    ck_assert_uint_eq(h.v->BJCA_UnlockCancel(unlock), CKR_OK);
    look_at_threads();
}

static void *wait_for_event(void *arg)
{
    CK_SLOT_ID slot = 0;
    *(CK_RV *)arg = h.f->C_WaitForSlotEvent(0, &slot, NULL);
    return NULL;
}

#ifdef __SANITIZE_THREAD__ /* which makes one of its own with a program's first */
static void *nothing(void *arg)
{
    return arg;
}

static void have_had_a_thread(void)
{
    pthread_t t;
    ck_assert_int_eq(pthread_create(&t, NULL, nothing, NULL), 0);
    ck_assert_int_eq(pthread_join(t, NULL), 0);
    pc_nap(500); /* it is listed for a moment more */
}
#endif

/* Where they may be made, the one that watches over an unlock is seen. */
START_TEST(no_thread_is_made_where_none_may_be)
{
#ifdef __SANITIZE_THREAD__
    have_had_a_thread();
#endif
    most = 0;
    look_at_threads();
    own = most;
    for (int forbidden = 1; forbidden >= 0; forbidden--) {
        CK_C_INITIALIZE_ARGS args =
            offer(CKF_OS_LOCKING_OK | (forbidden ? CKF_LIBRARY_CANT_CREATE_OS_THREADS : 0), 0);
        CK_RV rv = CKR_OK;
        CK_SLOT_ID slot = 0;
        pthread_t t;
        most = 0;
        ck_assert_uint_eq(h.f->C_Initialize(&args), CKR_OK);
        use_everything();
        ck_assert_msg(forbidden ? most == own : most > own, "%u, %u before", most, own);
        /* who waits for an event is the program's own thread; what was made was one */
        while (h.f->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL) == CKR_OK)
            continue;
        ck_assert_int_eq(pthread_create(&t, NULL, wait_for_event, &rv), 0);
        for (int i = 0; i < 30; i++) {
            pc_nap(10);
            look_at_threads();
        }
        ck_assert_uint_eq(pc_tries(), 10);
        ck_assert(!forbidden || most == own + 1);
        ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
        ck_assert_int_eq(pthread_join(t, NULL), 0);
        ck_assert_uint_eq(rv, CKR_CRYPTOKI_NOT_INITIALIZED);
    }
}
END_TEST

int main(void)
{
    if (!getenv("KEY_CONTROL") || !getenv("P11_MODULE"))
        return 77; /* not under with-key --pcsc: make check skips it */
    Suite *suite = suite_create("manners");
    TCase *t = tcase_create("manners");
    tcase_add_checked_fixture(t, load, NULL);
    tcase_add_test(t, interfaces);
    tcase_add_test(t, locks_are_taken_or_refused_by_the_rules);
    tcase_add_test(t, no_thread_is_made_where_none_may_be);
    tcase_set_timeout(t, 60);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
