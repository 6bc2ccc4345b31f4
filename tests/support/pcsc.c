/* SPDX-License-Identifier: Apache-2.0 */
#include "pcsc.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <winscard.h>

struct modhost h;
CK_SESSION_HANDLE session;
CK_OBJECT_HANDLE key;

static void run(const char *const argv[])
{
    int status = 0;
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        (void)execvp(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
}

void pc_control(const char *what)
{
    const char *const argv[] = {"bjca-vkey", "ctl", getenv("KEY_CONTROL"), what, NULL};
    run(argv);
}

void pc_nap(long ms)
{
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};
    (void)nanosleep(&t, NULL);
}

CK_RV pc_sign(void)
{
    CK_MECHANISM m = {CKM_SHA256_RSA_PKCS, NULL, 0};
    CK_BYTE sig[512];
    CK_ULONG len = sizeof sig;
    CK_RV rv = h.f->C_SignInit(session, &m, key);
    return rv == CKR_OK ? h.f->C_Sign(session, (CK_BYTE *)"text", 4, sig, &len) : rv;
}

CK_ULONG pc_tries(void)
{
    CK_BJCA_STATUS st = {.ulSize = sizeof st};
    ck_assert_uint_eq(h.v->BJCA_GetStatus(0, &st), CKR_OK);
    return st.userTriesLeft;
}

bool pc_log_in(void)
{
    session = mh_try_login(&h, 0, getenv("KEY_PIN"));
    key = session ? mh_find(&h, session, CKO_PRIVATE_KEY, CKA_SIGN) : 0;
    return key != 0;
}

/* Until the daemon has seen the key that was put back. */
void pc_come_back(void)
{
    for (int i = 0; i < 100 && !pc_log_in(); i++)
        pc_nap(50);
    ck_assert_uint_ne(key, 0);
}

void pc_setup(void)
{
    mh_load(&h, getenv("P11_MODULE"));
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    ck_assert(pc_log_in());
}

/* ThreadSanitizer may take a thread that is made there for one of the parent's. */
CK_RV pc_initialize_in_child(void)
{
#ifdef __SANITIZE_THREAD__
    CK_C_INITIALIZE_ARGS args = {.flags = CKF_OS_LOCKING_OK | CKF_LIBRARY_CANT_CREATE_OS_THREADS};
    return h.f->C_Initialize(&args);
#else
    return h.f->C_Initialize(NULL);
#endif
}

void pc_teardown(void)
{
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
}

bool pc_is_there(void)
{
    return getenv("KEY_CONTROL") && getenv("STOP_PCSCD") && getenv("P11_MODULE");
}

static SCARDCONTEXT context; /* of pc_connect_card */

SCARDCONTEXT pc_context(void)
{
    return context;
}

SCARDHANDLE pc_connect_card(void)
{
    SCARDHANDLE card = 0;
    char names[1024] = "";
    DWORD protocol = 0, len = sizeof names;
    ck_assert_int_eq(SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context), 0);
    ck_assert_int_eq(SCardListReaders(context, NULL, names, &len), 0);
    ck_assert_int_eq(SCardConnect(context, names, SCARD_SHARE_SHARED,
                                  SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &card, &protocol),
                     0);
    return card;
}

void pc_disconnect_card(SCARDHANDLE card, DWORD disposition)
{
    ck_assert_int_eq(SCardDisconnect(card, disposition), 0);
    ck_assert_int_eq(SCardReleaseContext(context), 0);
}

void pc_reset_card(void)
{
    pc_disconnect_card(pc_connect_card(), SCARD_RESET_CARD);
}

static void script(const char *name)
{
    const char *const argv[] = {"/bin/bash", "-c", getenv(name), NULL};
    run(argv);
}

void pc_stop_daemon(void)
{
    script("STOP_PCSCD");
}

void pc_kill_daemon(void)
{
    ck_assert_int_eq(setenv("PCSCD_SIGNAL", "KILL", 1), 0);
    script("STOP_PCSCD");
    ck_assert_int_eq(unsetenv("PCSCD_SIGNAL"), 0);
}

void pc_start_daemon(void)
{
    script("START_PCSCD");
}

void pc_start_daemon_without_readers(void)
{
    char folder[] = "/tmp/bjca-no-readers.XXXXXX", readers[512];
    (void)snprintf(readers, sizeof readers, "%s", getenv("READERS_DIR"));
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(setenv("READERS_DIR", folder, 1), 0);
    ck_assert_int_eq(setenv("PCSCD_SHOWS", "No smart card readers", 1), 0);
    script("START_PCSCD");
    ck_assert_int_eq(setenv("READERS_DIR", readers, 1), 0);
    ck_assert_int_eq(unsetenv("PCSCD_SHOWS"), 0);
    ck_assert_int_eq(rmdir(folder), 0); /* the daemon has read it */
}

pc_transmit *pc_real_transmit(void)
{
    pc_transmit *real = NULL;
    *(void **)&real = dlsym(RTLD_NEXT, "SCardTransmit");
    return real;
}

void *pc_wait_for_event(void *waiter)
{
    struct pc_waiter *w = waiter;
    w->rv = h.f->C_WaitForSlotEvent(0, &w->slot, NULL);
    w->over = true;
    return NULL;
}

void pc_start_waiting(struct pc_waiter *w)
{
    CK_SLOT_ID slot = 0;
    while (h.f->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL) == CKR_OK)
        continue;
    w->over = false;
    w->slot = 99;
    ck_assert_int_eq(pthread_create(&w->t, NULL, pc_wait_for_event, w), 0);
    pc_nap(300); /* there is no telling from outside that it sleeps */
    ck_assert(!w->over);
}

void pc_expect_good(pid_t child)
{
    int status = 0;
    ck_assert_int_gt(child, 0);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
}

const struct pc_kind pc_kinds[2] = {{CKM_SHA256_RSA_PKCS, CKK_RSA, "personalCert00"},
                                    {CKM_SM3_SM2, CKK_SM2, "personalCert01"}};

CK_RV pc_sign_of_kind(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o, int kind)
{
    CK_MECHANISM m = {pc_kinds[kind].type, NULL, 0};
    CK_BYTE sig[512];
    CK_ULONG len = sizeof sig;
    CK_RV rv = h.f->C_SignInit(s, &m, o);
    return rv == CKR_OK ? h.f->C_Sign(s, (CK_BYTE *)"text", 4, sig, &len) : rv;
}

void pc_another_works(int first, int last)
{
    pid_t child = fork();
    if (child == 0) {
        (void)alarm(20);
        bool good = h.f->C_Initialize(NULL) == CKR_OK;
        for (int kind = first; good && kind <= last; kind++) {
            CK_SESSION_HANDLE s = mh_try_login(&h, (CK_SLOT_ID)kind, getenv("KEY_PIN"));
            good =
                s && pc_sign_of_kind(s, mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN), kind) == CKR_OK;
        }
        /* the daemon resets a card that is left behind, and tells all others */
        good = h.f->C_Finalize(NULL) == CKR_OK && good;
        _exit(good ? 0 : 1);
    }
    pc_expect_good(child);
}
