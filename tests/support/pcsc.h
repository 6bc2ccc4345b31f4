/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What tests of the module behind pcscd stand on, under tests/support/with-key --pcsc: the key is
 * pulled, put back and reset, the daemon stopped and started. STOP_PCSCD and START_PCSCD are
 * commands that do what they say.
 */
#ifndef TEST_PCSC_H
#define TEST_PCSC_H

#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>
#include <winscard.h>

#include "modhost.h"

extern struct modhost h;
/* The one that pc_setup and pc_log_in made, with the key that signs in it. */
extern CK_SESSION_HANDLE session;
extern CK_OBJECT_HANDLE key;

/* False when this isn't run under with-key --pcsc by tests/e2e/module-pcsc. */
bool pc_is_there(void);
void pc_setup(void);
void pc_teardown(void);

void pc_nap(long ms);
bool pc_log_in(void);
/* Until the daemon has seen the key that was put back. */
void pc_come_back(void);
CK_RV pc_sign(void);
CK_ULONG pc_tries(void);

/* C_Initialize, in the child of a program that has threads. */
CK_RV pc_initialize_in_child(void);

/* insert, remove, or reset (which nobody is told of). */
void pc_control(const char *what);
/* A connection of another program's, one at a time. */
SCARDHANDLE pc_connect_card(void);
SCARDCONTEXT pc_context(void); /* of that */
void pc_disconnect_card(SCARDHANDLE card, DWORD disposition);
/* As another program does it that is done with the card: everybody is told. */
void pc_reset_card(void);
void pc_stop_daemon(void);
void pc_kill_daemon(void);
void pc_start_daemon(void);
void pc_start_daemon_without_readers(void);
/* The client library's, for a program that has a SCardTransmit of its own before it. */
typedef LONG pc_transmit(SCARDHANDLE, const SCARD_IO_REQUEST *, const unsigned char *, DWORD,
                         SCARD_IO_REQUEST *, unsigned char *, DWORD *);
pc_transmit *pc_real_transmit(void);

/* A thread in C_WaitForSlotEvent, from now on; slot is 99 until there is an event. */
struct pc_waiter {
    pthread_t t;
    CK_RV rv;
    CK_SLOT_ID slot;
    atomic_bool over;
};
void *pc_wait_for_event(void *waiter);
/* Events of before are taken first. */
void pc_start_waiting(struct pc_waiter *waiter);

/* A child process that must end with 0. */
void pc_expect_good(pid_t child);

/* What a key holds, by slot. */
extern const struct pc_kind {
    CK_MECHANISM_TYPE type;
    CK_KEY_TYPE key;
    const char *name;
} pc_kinds[2];

CK_RV pc_sign_of_kind(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o, int kind);
/* Another program, which opens what it needs first after a reset, of kinds `first` to `last`, and
 * so gets the numbers that the key gave to others before. */
void pc_another_works(int first, int last);

#endif
