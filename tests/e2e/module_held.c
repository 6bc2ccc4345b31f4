/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A card behind pcscd that another program holds in a transaction and doesn't let go of: that is
 * waited for as long as bjca.conf says, and costs nothing. Run by tests/e2e/module-held, which says
 * two seconds.
 */
#include <check.h>
#include <dirent.h>
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "pcsc.h"
#include "runner.h"

#define WAIT_S 2
#define FAR_TOO_LONG_S 30 /* and so for ever */

static double now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* --- what the module sends ---------------------------------------------------------------------*/

#define SIGN 0x58

static BYTE signing[512];
static DWORD signing_len;

__attribute__((visibility("default"))) LONG
SCardTransmit(SCARDHANDLE card, const SCARD_IO_REQUEST *pci, const unsigned char *command,
              DWORD len, SCARD_IO_REQUEST *got_pci, unsigned char *answer, DWORD *got)
{
    if (len <= sizeof signing && command[1] == SIGN) {
        memcpy(signing, command, len);
        signing_len = len;
    }
    return pc_real_transmit()(card, pci, command, len, got_pci, answer, got);
}

/* Whether the key signs for another program, which has no PIN. */
static bool signs_for_anybody(void)
{
    BYTE command[sizeof signing], answer[512];
    DWORD len = sizeof answer;
    memcpy(command, signing, signing_len);
    SCARDHANDLE card = pc_connect_card();
    ck_assert_int_eq(SCardTransmit(card, SCARD_PCI_T1, command, signing_len, NULL, answer, &len),
                     0);
    pc_disconnect_card(card, SCARD_LEAVE_CARD);
    ck_assert_uint_ge(len, 2);
    return answer[len - 2] == 0x90;
}

/* --- who holds the card ------------------------------------------------------------------------*/

static pid_t holder;

/* Another program, from now on and until let_go. */
static void hold_card(void)
{
    int held[2];
    char byte = 0;
    ck_assert_int_eq(pipe(held), 0);
    holder = fork();
    if (holder == 0) {
        sigset_t usr1;
        int got = 0;
        (void)alarm(120);
        (void)sigemptyset(&usr1);
        (void)sigaddset(&usr1, SIGUSR1);
        (void)sigprocmask(SIG_BLOCK, &usr1, NULL);
        SCARDHANDLE card = pc_connect_card();
        if (SCardBeginTransaction(card) == SCARD_S_SUCCESS && write(held[1], "h", 1) == 1)
            (void)sigwait(&usr1, &got);
        ck_assert_int_eq(SCardEndTransaction(card, SCARD_LEAVE_CARD), 0);
        pc_disconnect_card(card, SCARD_LEAVE_CARD);
        _exit(0);
    }
    (void)close(held[1]);
    ck_assert_int_eq(read(held[0], &byte, 1), 1);
    (void)close(held[0]);
}

/* After so long. */
static pid_t let_go_after(long ms)
{
    pid_t other = fork();
    if (other == 0) {
        pc_nap(ms);
        _exit(kill(holder, SIGUSR1) == 0 ? 0 : 1);
    }
    return other;
}

static void gone(pid_t other)
{
    pc_expect_good(other);
    pc_expect_good(holder);
}

/* As it was: nobody resets it. */
static void let_go(void)
{
    ck_assert_int_eq(kill(holder, SIGUSR1), 0);
    pc_expect_good(holder);
}

static void expect_busy(CK_RV rv)
{
    CK_BJCA_ERROR e = {.ulSize = sizeof e};
    ck_assert_uint_eq(rv, CKR_DEVICE_ERROR);
    ck_assert_uint_eq(h.v->BJCA_GetError(&e), CKR_OK);
    ck_assert_ptr_nonnull(strstr((char *)e.text, "another program"));
}

static CK_RV log_in(void)
{
    const char *pin = getenv("KEY_PIN");
    return h.f->C_Login(session, CKU_USER, (CK_BYTE *)(uintptr_t)pin, strlen(pin));
}

static CK_ULONG tokens(void)
{
    CK_ULONG n = 0;
    ck_assert_uint_eq(h.f->C_GetSlotList(1, NULL, &n), CKR_OK);
    return n;
}

static void *nothing(void *arg)
{
    return arg;
}

/* ThreadSanitizer makes one of its own with a program's first. */
static void have_had_a_thread(void)
{
    pthread_t t;
    ck_assert_int_eq(pthread_create(&t, NULL, nothing, NULL), 0);
    ck_assert_int_eq(pthread_join(t, NULL), 0);
}

static unsigned threads(void)
{
    unsigned n = 0;
    DIR *tasks = opendir("/proc/self/task");
    ck_assert_ptr_nonnull(tasks);
    for (const struct dirent *e; (e = readdir(tasks));)
        n += e->d_name[0] != '.';
    (void)closedir(tasks);
    return n;
}

/* With one exchange and with a sequence. */
START_TEST(a_key_that_was_opened_before)
{
    CK_RV (*call)(void) = _i ? log_in : pc_sign;
    if (_i)
        ck_assert_uint_eq(h.f->C_Logout(session), CKR_OK);
    hold_card();
    double begun = now();
    expect_busy(call());
    ck_assert_double_ge(now() - begun, WAIT_S - 0.1);
    ck_assert_double_lt(now() - begun, FAR_TOO_LONG_S);
    ck_assert_uint_eq(tokens(), 2);
    expect_busy(call());
    let_go();
    ck_assert_uint_eq(call(), CKR_OK);
    ck_assert_uint_eq(pc_tries(), 10);
}
END_TEST

static void expect_threads(unsigned n)
{
    for (int i = 0; i < 200 && threads() != n; i++)
        pc_nap(50);
    ck_assert_uint_eq(threads(), n);
}

static void in_a_child(void)
{
    pid_t child = fork();
    if (child == 0) {
        (void)alarm(FAR_TOO_LONG_S);
        _exit(h.f->C_Initialize(NULL) == CKR_OK && tokens() == 0 && h.f->C_Finalize(NULL) == CKR_OK
                  ? 0
                  : 1);
    }
    pc_expect_good(child);
}

static CK_C_INITIALIZE_ARGS no_threads = {.flags = CKF_OS_LOCKING_OK |
                                                   CKF_LIBRARY_CANT_CREATE_OS_THREADS};

/* The daemon keeps who connects waiting: a thread that is left behind, one whatever is called. */
START_TEST(a_key_that_is_to_be_opened)
{
    CK_SESSION_HANDLE s;
    CK_SLOT_ID slot;
    unsigned before = threads();
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    hold_card();
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    double begun = now();
    ck_assert_uint_eq(tokens(), 0);
    ck_assert_double_ge(now() - begun, WAIT_S - 0.1);
    ck_assert_double_lt(now() - begun, FAR_TOO_LONG_S);
    expect_busy(h.f->C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &s));
    ck_assert_uint_eq(tokens(), 0);
    ck_assert_uint_eq(threads(), before + 1);
    in_a_child();
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    ck_assert_uint_eq(tokens(), 0);
    ck_assert_uint_eq(threads(), before + 1);
    ck_assert_uint_eq(h.f->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL), CKR_NO_EVENT);
    let_go();
    expect_threads(before);
    ck_assert_uint_eq(tokens(), 2); /* of which nobody else tells */
    ck_assert_uint_eq(h.f->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL), CKR_OK);
    ck_assert(pc_log_in());
    ck_assert_uint_eq(pc_sign(), CKR_OK);
    ck_assert_uint_eq(pc_tries(), 10);
}
END_TEST

/* Where it may make no thread the module waits until the card is free. */
START_TEST(a_program_that_forbids_threads)
{
    unsigned before = threads();
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    hold_card();
    pid_t other = let_go_after(2L * WAIT_S * 1000);
    ck_assert_uint_eq(h.f->C_Initialize(&no_threads), CKR_OK);
    double begun = now();
    ck_assert_uint_eq(tokens(), 2);
    ck_assert_double_gt(now() - begun, WAIT_S + 0.5);
    ck_assert_uint_eq(threads(), before);
    gone(other);
}
END_TEST

/* Other keys are to be seen, whatever that may be. */
START_TEST(who_only_looks_does_not_wait_as_long)
{
    char path[512];
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    (void)snprintf(path, sizeof path, "%s.patient", getenv("BJCA_CONF"));
    ck_assert_int_eq(setenv("BJCA_CONF", path, 1), 0);
    hold_card();
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    double begun = now();
    ck_assert_uint_eq(tokens(), 0);
    ck_assert_double_gt(now() - begun, WAIT_S + 1);
    ck_assert_double_lt(now() - begun, FAR_TOO_LONG_S);
    let_go();
    ck_assert(pc_log_in());
}
END_TEST

static CK_RV finalize(void)
{
    return h.f->C_Finalize(NULL);
}

/* Which nobody waits for. */
START_TEST(a_card_that_is_anothers_alone)
{
    CK_SESSION_HANDLE s;
    SCARDCONTEXT context;
    SCARDHANDLE card;
    DWORD protocol;
    char name[256];
    DWORD len = sizeof name;
    ck_assert_uint_eq(finalize(), CKR_OK);
    ck_assert_int_eq(SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context), 0);
    ck_assert_int_eq(SCardListReaders(context, NULL, name, &len), 0);
    ck_assert_int_eq(
        SCardConnect(context, name, SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T1, &card, &protocol), 0);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    ck_assert_uint_eq(tokens(), 0);
    expect_busy(h.f->C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &s));
    ck_assert_int_eq(SCardDisconnect(card, SCARD_LEAVE_CARD), 0);
    ck_assert_int_eq(SCardReleaseContext(context), 0);
    ck_assert_uint_eq(tokens(), 2);
    ck_assert(pc_log_in());
}
END_TEST

/* Who waited in vain once waits as long for the next program. */
START_TEST(another_time)
{
    hold_card();
    expect_busy(pc_sign());
    let_go();
    pc_nap(2L * WAIT_S * 1000);
    hold_card();
    pid_t other = let_go_after(1500);
    ck_assert_uint_eq(pc_sign(), CKR_OK);
    gone(other);
}
END_TEST

static CK_RV log_out(void)
{
    return h.f->C_Logout(session);
}

static CK_RV close_session(void)
{
    return h.f->C_CloseSession(session);
}

/* The daemon looks for the card's being free every 0.1 s. */
static void expect_logged_out(void)
{
    for (int i = 0; i < 50 && signs_for_anybody(); i++)
        pc_nap(100);
    ck_assert(!signs_for_anybody());
}

/* A log-out can't be given up: it is asked for again, or done when the card is free. */
START_TEST(a_log_in_ends)
{
    static CK_RV (*const ends[])(void) = {log_out, close_session, finalize};
    unsigned before = threads();
    ck_assert_uint_eq(pc_sign(), CKR_OK);
    SCARDHANDLE another = pc_connect_card(); /* so that nobody takes its power */
    SCARDCONTEXT its = pc_context();
    BYTE answer[512];
    DWORD len = sizeof answer;
    ck_assert_int_eq(SCardTransmit(another, SCARD_PCI_T1, signing, signing_len, NULL, answer, &len),
                     0);
    ck_assert_uint_eq(answer[len - 2], 0x90);
    hold_card();
    CK_RV rv = ends[_i]();
    let_go();
    if (_i == 0) {
        ck_assert_uint_eq(rv, CKR_DEVICE_ERROR);
        ck_assert_uint_eq(pc_sign(), CKR_OK); /* it stands */
        ck_assert_uint_eq(log_out(), CKR_OK);
    } else {
        ck_assert_uint_eq(rv, CKR_OK);
        expect_threads(before);
    }
    expect_logged_out();
    ck_assert_int_eq(SCardDisconnect(another, SCARD_LEAVE_CARD), 0);
    ck_assert_int_eq(SCardReleaseContext(its), 0);
    if (_i == 2)
        ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    ck_assert(pc_log_in());
    ck_assert_uint_eq(pc_sign(), CKR_OK);
    ck_assert_uint_eq(pc_tries(), 10);
}
END_TEST

struct told {
    BYTE signing[sizeof signing];
    DWORD len;
};

/* As a tool ends: just behind C_Finalize. */
static int log_in_and_end(int tells, int waits)
{
    struct told told = {0};
    char byte = 0;
    bool good = pc_initialize_in_child() == CKR_OK && pc_log_in() && pc_sign() == CKR_OK;
    memcpy(told.signing, signing, signing_len);
    told.len = signing_len;
    good = good && write(tells, &told, sizeof told) == sizeof told && read(waits, &byte, 1) == 1;
    return h.f->C_Finalize(NULL) == CKR_OK && good ? 0 : 1;
}

START_TEST(a_log_in_ends_with_its_program)
{
    struct told told;
    int to[2], from[2], status = 0;
    ck_assert_uint_eq(finalize(), CKR_OK);
    SCARDHANDLE another = pc_connect_card(); /* so that nobody takes its power */
    SCARDCONTEXT its = pc_context();
    ck_assert_int_eq(pipe(to), 0);
    ck_assert_int_eq(pipe(from), 0);
    pid_t child = fork();
    if (child == 0)
        _exit(log_in_and_end(from[1], to[0]));
    ck_assert_int_eq(read(from[0], &told, sizeof told), sizeof told);
    memcpy(signing, told.signing, told.len);
    signing_len = told.len;
    ck_assert(signs_for_anybody());
    hold_card();
    ck_assert_int_eq(write(to[1], "e", 1), 1);
    pid_t ended = 0; /* where it may make no thread it waits for us */
    for (int i = 0; i < 80 && ended == 0; i++, pc_nap(100))
        ended = waitpid(child, &status, WNOHANG);
    let_go();
    if (ended == 0)
        ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    expect_logged_out();
    ck_assert_int_eq(SCardDisconnect(another, SCARD_LEAVE_CARD), 0);
    ck_assert_int_eq(SCardReleaseContext(its), 0);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
}
END_TEST

/* The daemon was started again, and another program is at the card first. */
START_TEST(held_after_a_restart)
{
    pc_stop_daemon();
    pc_start_daemon();
    hold_card();
    expect_busy(pc_sign());
    ck_assert_uint_eq(tokens(), 2);
    expect_busy(pc_sign());
    let_go();
    ck_assert_uint_eq(pc_sign(), CKR_OK);
    ck_assert_uint_eq(pc_tries(), 10);
}
END_TEST

/* Of a card that is let go of nobody tells. */
START_TEST(who_waits_for_the_key_sees_it)
{
    struct pc_waiter w;
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    hold_card();
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    ck_assert_uint_eq(tokens(), 0);
    pc_start_waiting(&w);
    let_go();
    ck_assert_int_eq(pthread_join(w.t, NULL), 0);
    ck_assert_uint_eq(w.rv, CKR_OK);
    ck_assert(pc_log_in());
    /* and it is waited for then as any other */
    hold_card();
    double begun = now();
    expect_busy(pc_sign());
    ck_assert_double_ge(now() - begun, WAIT_S - 0.1);
    let_go();
}
END_TEST

/* The thread outlives the module's use, and then its being loaded. */
START_TEST(unloaded_meanwhile)
{
    unsigned before = threads();
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    hold_card();
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    ck_assert_uint_eq(tokens(), 0);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    void *lib = dlopen(getenv("P11_MODULE"), RTLD_NOW | RTLD_NOLOAD);
    ck_assert_int_eq(dlclose(lib), 0);
    ck_assert_int_eq(dlclose(lib), 0); /* that which pc_setup loaded */
    ck_assert_uint_eq(threads(), before + 1);
    let_go();
    expect_threads(before);
    pc_setup();
    ck_assert_uint_eq(pc_sign(), CKR_OK);
}
END_TEST

static void *sign(void *arg)
{
    *(CK_RV *)arg = pc_sign();
    return NULL;
}

START_TEST(finalize_while_a_call_waits)
{
    pthread_t thread;
    CK_RV rv = CKR_OK;
    hold_card();
    ck_assert_int_eq(pthread_create(&thread, NULL, sign, &rv), 0);
    pc_nap(200);
    double begun = now();
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    ck_assert_double_lt(now() - begun, FAR_TOO_LONG_S);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert_uint_ne(rv, CKR_OK);
    let_go();
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    ck_assert(pc_log_in());
    ck_assert_uint_eq(pc_tries(), 10);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("held");
    TCase *t = tcase_create("held");
    tcase_add_checked_fixture(t, have_had_a_thread, NULL);
    tcase_add_checked_fixture(t, pc_setup, pc_teardown);
    tcase_add_loop_test(t, a_key_that_was_opened_before, 0, 2);
    tcase_add_test(t, a_key_that_is_to_be_opened);
    tcase_add_test(t, a_program_that_forbids_threads);
    tcase_add_test(t, unloaded_meanwhile);
    tcase_add_test(t, finalize_while_a_call_waits);
    tcase_add_test(t, who_only_looks_does_not_wait_as_long);
    tcase_add_test(t, a_card_that_is_anothers_alone);
    tcase_add_test(t, another_time);
    tcase_add_loop_test(t, a_log_in_ends, 0, 3);
    tcase_add_test(t, a_log_in_ends_with_its_program);
    tcase_add_test(t, held_after_a_restart);
    tcase_add_test(t, who_waits_for_the_key_sees_it);
    tcase_set_timeout(t, 90);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
