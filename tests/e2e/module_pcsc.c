/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The module over PC/SC: reset, unplugging, a daemon that is started again, another process. Runs
 * under tests/support/with-key --pcsc (tests/e2e/module-pcsc does that).
 */
#include <check.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <winscard.h>

#include "base/file.h"
#include "pcsc.h"
#include "runner.h"

/* --- a daemon that dies with a PIN on its way
 * ----------------------------------------------------*/

static void restart_daemon(void)
{
    pc_stop_daemon();
    pc_start_daemon();
}

static bool strike; /* at the next PIN command */
static bool pull;   /* at the next command, of which a reader then says that it answered nothing */
static atomic_bool dead; /* it says nothing any more */
static atomic_uint power_cuts;
static atomic_uint transactions;
static unsigned char unanswered; /* instruction that the card says nothing to, once */
static LONG untold_end;      /* of the end of a sequence: the card was reset or pulled just now */
static atomic_uint commands; /* that went to the card */
static atomic_uchar last_command[2]; /* the instruction of the last one, and of the one before */

/* The program's symbol comes before the library's: the command goes to the key, and the daemon is
 * gone before its answer is. */
__attribute__((visibility("default"))) LONG
SCardTransmit(SCARDHANDLE card, const SCARD_IO_REQUEST *pci, const unsigned char *command,
              DWORD len, SCARD_IO_REQUEST *got_pci, unsigned char *answer, DWORD *got)
{
    pc_transmit *real = pc_real_transmit();
    DWORD room = *got;
    commands++;
    last_command[1] = last_command[0];
    last_command[0] = len > 1 ? command[1] : 0;
    if (pull) {
        pull = false;
        pc_control("remove");
        *got = 0;
        return SCARD_S_SUCCESS;
    }
    if (dead)
        return SCARD_E_NOT_TRANSACTED;
    if (unanswered && len > 1 && command[1] == unanswered) {
        unanswered = 0;
        return SCARD_E_NOT_TRANSACTED;
    }
    LONG rv = real(card, pci, command, len, got_pci, answer, got);
    if (!strike || len < 2 || command[1] != 0x18)
        return rv;
    strike = false;
    restart_daemon();
    *got = room;
    return real(card, pci, command, len, got_pci, answer, got);
}

__attribute__((visibility("default"))) LONG SCardBeginTransaction(SCARDHANDLE card)
{
    LONG (*real)(SCARDHANDLE) = NULL;
    *(void **)&real = dlsym(RTLD_NEXT, "SCardBeginTransaction");
    transactions++;
    return real(card);
}

__attribute__((visibility("default"))) LONG
SCardReconnect(SCARDHANDLE card, DWORD share, DWORD protocols, DWORD how, DWORD *protocol)
{
    LONG (*real)(SCARDHANDLE, DWORD, DWORD, DWORD, DWORD *) = NULL;
    *(void **)&real = dlsym(RTLD_NEXT, "SCardReconnect");
    power_cuts += how == SCARD_UNPOWER_CARD;
    return real(card, share, protocols, how, protocol);
}

/* The daemon leaves the card to who held it then. */
__attribute__((visibility("default"))) LONG SCardEndTransaction(SCARDHANDLE card, DWORD disposition)
{
    LONG (*real)(SCARDHANDLE, DWORD) = NULL;
    *(void **)&real = dlsym(RTLD_NEXT, "SCardEndTransaction");
    LONG rv = untold_end ? untold_end : real(card, disposition);
    untold_end = 0;
    return rv;
}

static atomic_bool hold_wait, cancelled;

/* The daemon has been looked at, and isn't waited for yet: that is when somebody else cancels. */
__attribute__((visibility("default"))) LONG
SCardGetStatusChange(SCARDCONTEXT context, DWORD ms, SCARD_READERSTATE *states, DWORD count)
{
    LONG (*real)(SCARDCONTEXT, DWORD, SCARD_READERSTATE *, DWORD) = NULL;
    *(void **)&real = dlsym(RTLD_NEXT, "SCardGetStatusChange");
    if (ms > 0 && hold_wait) {
        hold_wait = false;
        while (!cancelled)
            pc_nap(1);
    }
    return real(context, ms, states, count);
}

__attribute__((visibility("default"))) LONG SCardCancel(SCARDCONTEXT context)
{
    LONG (*real)(SCARDCONTEXT) = NULL;
    *(void **)&real = dlsym(RTLD_NEXT, "SCardCancel");
    LONG rv = real(context);
    cancelled = true;
    return rv;
}

START_TEST(a_reset_is_got_over_without_a_try)
{
    ck_assert_uint_eq(pc_sign(), CKR_OK);
    pc_control("reset");
    pc_nap(500);
    ck_assert_uint_eq(pc_sign(), CKR_OK);
    ck_assert_uint_eq(pc_tries(), 10);
}
END_TEST

/* Whatever becomes of a sequence: the card is let go of. */
START_TEST(a_sequence_that_is_disturbed_holds_nobody_up)
{
    const char *pin = getenv("KEY_PIN");
    ck_assert_uint_eq(h.f->C_Logout(session), CKR_OK);
    if (_i)
        untold_end = _i == 1 ? SCARD_W_RESET_CARD : SCARD_W_REMOVED_CARD;
    else
        unanswered = 0x50;
    ck_assert_uint_eq(h.f->C_Login(session, CKU_USER, (CK_BYTE *)(uintptr_t)pin, strlen(pin)),
                      CKR_OK);
    ck_assert(!untold_end && !unanswered);
    pc_another_works(0, 1);
    if (_i == 2) { /* put back, it is another insertion */
        ck_assert_uint_eq(h.f->C_FindObjectsInit(session, NULL, 0), CKR_DEVICE_REMOVED);
        return;
    }
    key = mh_find(&h, session, CKO_PRIVATE_KEY, CKA_SIGN);
    ck_assert_uint_eq(pc_sign(), CKR_OK);
    pc_another_works(0, 1);
    ck_assert_uint_eq(pc_tries(), 10);
}
END_TEST

START_TEST(a_restarted_daemon_is_got_over_without_a_try)
{
    ck_assert_uint_eq(pc_sign(), CKR_OK);
    restart_daemon();
    ck_assert_uint_eq(pc_sign(), CKR_OK);
    ck_assert_uint_eq(pc_tries(), 10);
}
END_TEST

START_TEST(a_pin_that_the_daemon_died_with_is_not_sent_again)
{
    CK_BYTE pin[] = "wrong-pin";
    ck_assert_uint_eq(h.f->C_Logout(session), CKR_OK);
    ck_assert_uint_eq(pc_tries(), 10);
    strike = true;
    ck_assert_uint_eq(h.f->C_Login(session, CKU_USER, pin, 9), CKR_PIN_INCORRECT);
    ck_assert(!strike);
    ck_assert_uint_eq(pc_tries(), 9);
    ck_assert_uint_eq(h.f->C_Login(session, CKU_USER, pin, 9), CKR_PIN_INCORRECT);
    ck_assert_uint_eq(pc_tries(), 9);
    const char *good = getenv("KEY_PIN");
    ck_assert_uint_eq(h.f->C_Login(session, CKU_USER, (CK_BYTE *)(uintptr_t)good, strlen(good)),
                      CKR_OK);
}
END_TEST

START_TEST(a_changed_pin_is_not_tried_where_the_kept_one_was_refused)
{
    CK_BYTE old[16], new_pin[] = "new-pin-1", wrong[] = "wrong-pin";
    CK_ULONG len = strlen(getenv("KEY_PIN"));
    int status = 0;
    memcpy(old, getenv("KEY_PIN"), len);
    pid_t child = fork();
    if (child == 0) {
        bool good = h.f->C_Initialize(NULL) == CKR_OK && pc_log_in() &&
                    h.f->C_SetPIN(session, old, len, new_pin, 9) == CKR_OK &&
                    h.f->C_Logout(session) == CKR_OK &&
                    h.f->C_Login(session, CKU_USER, wrong, 9) == CKR_PIN_INCORRECT &&
                    h.f->C_Login(session, CKU_USER, new_pin, 9) == CKR_OK &&
                    h.f->C_Logout(session) == CKR_OK && h.f->C_Finalize(NULL) == CKR_OK;
        _exit(good ? 0 : 1);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    ck_assert_uint_eq(pc_sign(), CKR_USER_NOT_LOGGED_IN);
    ck_assert_uint_eq(pc_tries(), 9);
    ck_assert_uint_eq(h.f->C_Login(session, CKU_USER, old, len), CKR_PIN_INCORRECT);
    ck_assert_uint_eq(pc_tries(), 9);
    ck_assert_uint_eq(h.f->C_SetPIN(session, new_pin, 9, old, len), CKR_OK);
}
END_TEST

START_TEST(a_refused_pin_is_remembered_while_the_key_is_out)
{
    CK_BYTE pin[] = "wrong-pin";
    ck_assert_uint_eq(h.f->C_Logout(session), CKR_OK);
    ck_assert_uint_eq(h.f->C_Login(session, CKU_USER, pin, 9), CKR_PIN_INCORRECT);
    pc_control("remove");
    pc_nap(500);
    pc_control("insert");
    pc_nap(1500);
    ck_assert(!mh_try_login(&h, 0, "wrong-pin"));
    ck_assert_uint_eq(pc_tries(), 9);
    ck_assert(pc_log_in());
}
END_TEST

struct waiter {
    CK_RV rv;
    CK_SLOT_ID slot;
};

static void *wait_for_event(void *arg)
{
    struct waiter *w = arg;
    w->slot = 99;
    w->rv = h.f->C_WaitForSlotEvent(0, &w->slot, NULL);
    return NULL;
}

static void expect_event(const char *what)
{
    struct waiter w = {0};
    pthread_t t;
    ck_assert_int_eq(pthread_create(&t, NULL, wait_for_event, &w), 0);
    pc_nap(300);
    pc_control(what);
    ck_assert_int_eq(pthread_join(t, NULL), 0);
    ck_assert_uint_eq(w.rv, CKR_OK);
    ck_assert_uint_eq(w.slot, 0);
    /* the second slot's, which is there already */
    ck_assert_uint_eq(h.f->C_WaitForSlotEvent(CKF_DONT_BLOCK, &w.slot, NULL), CKR_OK);
    ck_assert_uint_eq(w.slot, 1);
}

START_TEST(unplugged_and_plugged_in_again)
{
    CK_SLOT_INFO info;
    CK_SESSION_INFO si;
    expect_event("remove");
    ck_assert_uint_eq(h.f->C_GetSlotInfo(0, &info), CKR_OK);
    ck_assert(!(info.flags & CKF_TOKEN_PRESENT));
    ck_assert_uint_eq(h.f->C_GetSessionInfo(session, &si), CKR_SESSION_HANDLE_INVALID);
    ck_assert_uint_eq(pc_sign(), CKR_SESSION_HANDLE_INVALID);
    expect_event("insert");
    ck_assert_uint_eq(h.f->C_GetSlotInfo(0, &info), CKR_OK);
    ck_assert(info.flags & CKF_TOKEN_PRESENT);
    ck_assert_uint_eq(h.f->C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &session), CKR_OK);
    ck_assert_uint_eq(h.f->C_GetSessionInfo(session, &si), CKR_OK);
    ck_assert_uint_eq(si.state, CKS_RO_PUBLIC_SESSION); /* the PIN went with the key */
    ck_assert(pc_log_in());
    ck_assert_uint_eq(pc_sign(), CKR_OK);
}
END_TEST

/* An event that is made in the moment between the look and the sleep ends the sleep. */
START_TEST(an_event_of_our_own_wakes_who_waits_just_then)
{
    struct waiter w = {0};
    struct timespec before, after;
    const CK_UTF8CHAR name[] = "made-while-waiting";
    while (h.f->C_WaitForSlotEvent(CKF_DONT_BLOCK, &w.slot, NULL) == CKR_OK)
        continue;
    for (int i = 0; i < 4; i++) {
        pthread_t t;
        cancelled = false;
        hold_wait = true;
        ck_assert_int_eq(pthread_create(&t, NULL, wait_for_event, &w), 0);
        while (hold_wait)
            pc_nap(1);
        (void)clock_gettime(CLOCK_MONOTONIC, &before);
        ck_assert_uint_eq(i % 2 ? h.v->BJCA_DeleteContainer(session, name)
                                : h.v->BJCA_CreateContainer(session, name),
                          CKR_OK);
        ck_assert_int_eq(pthread_join(t, NULL), 0);
        (void)clock_gettime(CLOCK_MONOTONIC, &after);
        ck_assert_uint_eq(w.rv, CKR_OK);
        ck_assert_int_lt(after.tv_sec - before.tv_sec, 10);
        ck_assert_uint_eq(h.f->C_WaitForSlotEvent(CKF_DONT_BLOCK, &w.slot, NULL), CKR_OK);
    }
}
END_TEST

START_TEST(unplugged_in_the_middle)
{
    pc_control("remove");
    pc_nap(500);
    ck_assert_uint_eq(pc_sign(), CKR_DEVICE_REMOVED);
    pc_control("insert");
    pc_nap(1500);
    ck_assert(pc_log_in());
    ck_assert_uint_eq(pc_sign(), CKR_OK);
}
END_TEST

/* Before the daemon itself has noticed: its reader can only say that the command came to nothing.
 */
START_TEST(pulled_a_moment_ago)
{
    CK_SESSION_INFO si;
    ck_assert_uint_eq(pc_sign(), CKR_OK);
    pc_control("remove");
    ck_assert_uint_eq(pc_sign(), CKR_DEVICE_REMOVED);
    ck_assert_uint_eq(h.f->C_GetSessionInfo(session, &si), CKR_SESSION_HANDLE_INVALID);
    pc_control("insert");
    pc_come_back();
    ck_assert_uint_eq(pc_sign(), CKR_OK);
    ck_assert_uint_eq(pc_tries(), 10);
}
END_TEST

START_TEST(pulled_while_the_reader_waits_for_an_answer)
{
    ck_assert_uint_eq(pc_sign(), CKR_OK);
    pull = true;
    ck_assert_uint_eq(pc_sign(), CKR_DEVICE_REMOVED);
    pc_control("insert");
    pc_come_back();
    ck_assert_uint_eq(pc_sign(), CKR_OK);
    ck_assert_uint_eq(pc_tries(), 10);
}
END_TEST

/* Else processes that sign at once would wait for each other. */
START_TEST(one_exchange_takes_no_transaction)
{
    unsigned sent = 0;
    for (int i = 0; i < 400 && sent != 1; i++) { /* until it is long enough since the last reset */
        pc_nap(20);
        ck_assert_uint_eq(pc_sign(), CKR_OK);
        transactions = commands = 0;
        ck_assert_uint_eq(pc_sign(), CKR_OK);
        sent = commands;
    }
    ck_assert_uint_eq(sent, 1);
    ck_assert_uint_eq(transactions, 0);
}
END_TEST

START_TEST(a_key_that_died_gets_its_power_anew_once)
{
    ck_assert_uint_eq(pc_sign(), CKR_OK);
    dead = true;
    ck_assert_uint_ne(pc_sign(), CKR_OK);
    ck_assert_uint_eq(power_cuts, 1);
    ck_assert_uint_ne(pc_sign(), CKR_OK);
    ck_assert_uint_eq(power_cuts, 1);
    dead = false;
    if (pc_sign() != CKR_OK)
        pc_come_back();
    ck_assert_uint_eq(pc_sign(), CKR_OK);
    ck_assert_uint_eq(pc_tries(), 10);
}
END_TEST

/* A reset, when the daemon saw nothing of it, else a removal. */
START_TEST(pulled_and_put_back_at_once)
{
    for (int i = 0; i < 5; i++) {
        ck_assert_uint_eq(pc_sign(), CKR_OK);
        pc_control("remove");
        pc_control("insert");
        CK_RV rv = pc_sign();
        ck_assert_msg(rv == CKR_OK || rv == CKR_DEVICE_REMOVED, "%lx", rv);
        if (rv != CKR_OK)
            pc_come_back();
        ck_assert_uint_eq(pc_sign(), CKR_OK);
        ck_assert_uint_eq(pc_tries(), 10);
    }
}
END_TEST

START_TEST(another_program_resets_the_card)
{
    for (int i = 0; i < 5; i++) {
        ck_assert_uint_eq(pc_sign(), CKR_OK);
        pc_reset_card();
    }
    ck_assert_uint_eq(pc_sign(), CKR_OK);
    ck_assert_uint_eq(pc_tries(), 10);
}
END_TEST

static void *reset_again_and_again(void *arg)
{
    const atomic_bool *over = arg;
    while (!*over) {
        pc_reset_card();
        pc_nap(15);
    }
    return NULL;
}

/* A card that is being reset just now is there all the same. */
START_TEST(opened_while_another_program_resets_the_card)
{
    pthread_t t;
    atomic_bool over = false;
    ck_assert_int_eq(pthread_create(&t, NULL, reset_again_and_again, &over), 0);
    for (int i = 0; i < 60; i++) {
        CK_SESSION_HANDLE s = 0;
        ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
        ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
        CK_RV rv = h.f->C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &s);
        ck_assert_msg(rv == CKR_OK, "%d: %lx", i, rv);
    }
    over = true;
    ck_assert_int_eq(pthread_join(t, NULL), 0);
    ck_assert_uint_eq(pc_tries(), 10);
}
END_TEST

/* Its log-out clears the card's log-in, which is ours too. */
START_TEST(another_process_logs_out)
{
    for (int i = 0; i < 3; i++) {
        int status = 0;
        pid_t child = fork();
        if (child == 0) {
            bool good = h.f->C_Initialize(NULL) == CKR_OK && pc_log_in() && pc_sign() == CKR_OK &&
                        h.f->C_Logout(session) == CKR_OK && h.f->C_Finalize(NULL) == CKR_OK;
            _exit(good ? 0 : 1);
        }
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        ck_assert_int_eq(status, 0);
        ck_assert_uint_eq(pc_sign(), CKR_OK);
    }
    ck_assert_uint_eq(pc_tries(), 10);
}
END_TEST

START_TEST(eight_processes_sign_at_once)
{
    pid_t child[8];
    for (int i = 0; i < 8; i++) {
        child[i] = fork();
        if (child[i] == 0) {
            bool good = h.f->C_Initialize(NULL) == CKR_OK && pc_log_in();
            for (int k = 0; good && k < 20; k++)
                good = pc_sign() == CKR_OK;
            _exit(good && h.f->C_Finalize(NULL) == CKR_OK ? 0 : 1);
        }
    }
    for (int i = 0; i < 8; i++) {
        int status = 0;
        ck_assert_int_eq(waitpid(child[i], &status, 0), child[i]);
        ck_assert_int_eq(status, 0);
    }
    ck_assert_uint_eq(pc_sign(), CKR_OK);
    ck_assert_uint_eq(pc_tries(), 10);
}
END_TEST

static void *list_slots(void *arg)
{
    CK_ULONG *wrong = arg;
    for (int i = 0; i < 40; i++) {
        CK_ULONG n = 0;
        if (h.f->C_GetSlotList(CK_TRUE, NULL, &n) != CKR_OK || n != 2)
            ++*wrong;
    }
    return NULL;
}

/* A context of pcsc-lite's mixes up the answers of two threads. */
START_TEST(threads_list_at_once)
{
    pthread_t t[6];
    CK_ULONG wrong[6] = {0};
    for (int i = 0; i < 6; i++)
        ck_assert_int_eq(pthread_create(&t[i], NULL, list_slots, &wrong[i]), 0);
    for (int i = 0; i < 6; i++) {
        ck_assert_int_eq(pthread_join(t[i], NULL), 0);
        ck_assert_uint_eq(wrong[i], 0);
    }
}
END_TEST

/* --- PINs
 * ---------------------------------------------------------------------------------------*/

static CK_RV try_pin(const char *pin, CK_ULONG len)
{
    return h.f->C_Login(session, CKU_USER, (CK_BYTE *)(uintptr_t)pin, len);
}

START_TEST(a_pin_that_can_be_none_is_not_sent)
{
    CK_BYTE pin[] = "12345678901234567";
    ck_assert_uint_eq(h.f->C_Logout(session), CKR_OK);
    ck_assert_uint_gt(commands, 0);
    commands = 0;
    ck_assert_uint_eq(try_pin("", 0), CKR_PIN_INCORRECT);
    ck_assert_uint_eq(try_pin("1234\0678", 8), CKR_PIN_INCORRECT);
    ck_assert_uint_eq(try_pin((char *)pin, 17), CKR_PIN_INCORRECT);
    ck_assert_uint_eq(try_pin(NULL, 8), CKR_ARGUMENTS_BAD);
    ck_assert_uint_eq(h.f->C_LoginUser(session, CKU_USER, pin, 0, NULL, 0), CKR_PIN_INCORRECT);
    ck_assert_uint_eq(h.f->C_Login(session, CKU_SO, pin, 8), CKR_USER_TYPE_INVALID);
    ck_assert_uint_eq(h.f->C_SetPIN(session, pin, 0, pin, 8), CKR_PIN_INCORRECT);
    ck_assert_uint_eq(h.f->C_SetPIN(session, pin, 8, pin, 5), CKR_PIN_LEN_RANGE);
    ck_assert_uint_eq(h.f->C_SetPIN(session, pin, 8, pin, 17), CKR_PIN_LEN_RANGE);
    ck_assert_uint_eq(commands, 0);
    ck_assert_uint_eq(pc_tries(), 10);
}
END_TEST

/* Also after a pull, and seen from both slots. */
START_TEST(the_flags_follow_the_counter)
{
    const CK_FLAGS all = CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED;
    CK_TOKEN_INFO info;
    char pin[] = "wrong-0";
    ck_assert_uint_eq(h.f->C_Logout(session), CKR_OK);
    for (CK_ULONG left = 10; left > 0; left--) {
        ck_assert_uint_eq(pc_tries(), left);
        ck_assert_uint_eq(h.f->C_GetTokenInfo(left % 2, &info), CKR_OK);
        ck_assert_uint_eq(info.flags & all, left == 10 ? 0
                                            : left == 1
                                                ? CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY
                                                : CKF_USER_PIN_COUNT_LOW);
        if (left > 1)
            ck_assert_uint_eq(try_pin(pin, 7), CKR_PIN_INCORRECT);
        pin[6]++;
    }
    pc_control("remove");
    ck_assert_uint_eq(h.f->C_FindObjectsInit(session, NULL, 0), CKR_DEVICE_REMOVED);
    pc_control("insert");
    for (int i = 0; i < 100 && h.f->C_GetTokenInfo(0, &info) != CKR_OK; i++)
        pc_nap(50);
    ck_assert_uint_eq(h.f->C_GetTokenInfo(0, &info), CKR_OK);
    ck_assert(info.flags & CKF_USER_PIN_FINAL_TRY);
    ck_assert(pc_log_in());
    ck_assert_uint_eq(h.f->C_GetTokenInfo(0, &info), CKR_OK);
    ck_assert_uint_eq(info.flags & all, 0);
}
END_TEST

static void setup_isolated(void)
{
    struct bk_buf text = BK_BUF_INIT;
    static const char more[] = "[module]\nlogin-isolation = transaction\n";
    char path[512];
    (void)snprintf(path, sizeof path, "%s.isolated", getenv("BJCA_CONF"));
    ck_assert_int_eq(bk_file_read(getenv("BJCA_CONF"), 4096, &text), BK_OK);
    ck_assert_int_eq(bk_buf_put(&text, more, sizeof more - 1), BK_OK);
    ck_assert_int_eq(bk_file_replace(path, text.data, text.len, 0600), BK_OK);
    bk_buf_free(&text);
    ck_assert_int_eq(setenv("BJCA_CONF", path, 1), 0);
    pc_setup();
}

/* Nobody else on the card is the user meanwhile: each use ends with the key's log-out. */
START_TEST(an_isolated_log_in_is_nobody_elses)
{
    for (int i = 0; i < 3; i++) {
        ck_assert_uint_eq(pc_sign(), CKR_OK);
        ck_assert_uint_eq(last_command[0], 0x1c);
        ck_assert_uint_eq(last_command[1], 0x58);
        pc_reset_card();
    }
    ck_assert_uint_eq(pc_tries(), 10);
}
END_TEST

int main(void)
{
    if (!pc_is_there())
        return 77; /* not under with-key --pcsc: make check skips it */
    Suite *suite = suite_create("pcsc");
    TCase *t = tcase_create("pcsc");
    tcase_add_checked_fixture(t, pc_setup, pc_teardown);
    tcase_add_test(t, threads_list_at_once);
    tcase_add_test(t, a_reset_is_got_over_without_a_try);
    tcase_add_test(t, unplugged_and_plugged_in_again);
    tcase_add_test(t, an_event_of_our_own_wakes_who_waits_just_then);
    tcase_add_test(t, unplugged_in_the_middle);
    tcase_add_test(t, pulled_a_moment_ago);
    tcase_add_test(t, pulled_while_the_reader_waits_for_an_answer);
    tcase_add_test(t, one_exchange_takes_no_transaction);
    tcase_add_test(t, a_key_that_died_gets_its_power_anew_once);
    tcase_add_test(t, pulled_and_put_back_at_once);
    tcase_add_test(t, another_program_resets_the_card);
    tcase_add_test(t, opened_while_another_program_resets_the_card);
    tcase_add_test(t, another_process_logs_out);
    tcase_add_test(t, eight_processes_sign_at_once);
    tcase_add_test(t, a_changed_pin_is_not_tried_where_the_kept_one_was_refused);
    tcase_add_test(t, a_refused_pin_is_remembered_while_the_key_is_out);
    tcase_add_loop_test(t, a_sequence_that_is_disturbed_holds_nobody_up, 0, 3);
    tcase_add_test(t, a_restarted_daemon_is_got_over_without_a_try);
    tcase_add_test(t, a_pin_that_the_daemon_died_with_is_not_sent_again);
    tcase_set_timeout(t, 60);
    suite_add_tcase(suite, t);
    t = tcase_create("pins");
    tcase_add_checked_fixture(t, pc_setup, pc_teardown);
    tcase_add_test(t, a_pin_that_can_be_none_is_not_sent);
    tcase_add_test(t, the_flags_follow_the_counter);
    tcase_set_timeout(t, 60);
    suite_add_tcase(suite, t);
    t = tcase_create("isolated");
    tcase_add_checked_fixture(t, setup_isolated, pc_teardown);
    tcase_add_test(t, an_isolated_log_in_is_nobody_elses);
    tcase_set_timeout(t, 60);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
