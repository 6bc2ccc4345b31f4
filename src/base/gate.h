/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is in the module. OpenSSL and the PC/SC client have locks of the whole process; one that a
 * thread holds while another forks is held for ever in the child. So a fork waits until no thread
 * is where it may hold one, and none gets there before the fork is done. Who ends the module waits
 * until nobody is in at all.
 *
 * A thread that waits for something long (a card, an event, another thread) rests meanwhile: a fork
 * doesn't wait for it. It rests after `settle_ms`, since it takes a lock for a moment when it
 * begins, and once it sleeps: on a busy machine that moment lasts until it has the processor again.
 * One that asks again and again takes the lock each time, `again_ms` after it last ran at the
 * soonest: a fork waits until it has just asked, or only waits for an answer.
 */
#ifndef BK_BASE_GATE_H
#define BK_BASE_GATE_H

#include <stdbool.h>

#include "base/err.h"

/* What a fork waits at most: for a daemon that doesn't answer, say. */
#define BK_GATE_FORK_MS 2000

/* From here on forks wait; the C library forgets that when the module is unloaded. A second call
 * does nothing. BK_ENOMEM. */
enum bk_err bk_gate_open(void) BK_MUST_CHECK;
/* In a fork's child: everything anew, nobody is in. */
void bk_gate_renew(void);

/* Waits while there is a fork. False: this thread is in already. */
bool bk_gate_enter(void) BK_MUST_CHECK;
/* As one of no call of the program's: who ends the module doesn't wait for it. */
bool bk_gate_enter_aside(void) BK_MUST_CHECK;
void bk_gate_leave(void);
bool bk_gate_is_in(void);
/* Other threads that are in, resting ones too; not those aside. */
unsigned bk_gate_others(void);

/* For threads that aren't in these do nothing. To go on waits while there is a fork: hold nothing
 * that one who doesn't rest may wait for. */
void bk_gate_rest(unsigned settle_ms);
void bk_gate_rest_asking(unsigned settle_ms, unsigned again_ms);
void bk_gate_go_on(void);

#endif
