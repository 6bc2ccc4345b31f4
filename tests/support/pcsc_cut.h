/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Something happens at a command that a test names: the key is pulled, or its daemon dies. The
 * program that links this stands before the client library, with SCardTransmit.
 */
#ifndef TEST_PCSC_CUT_H
#define TEST_PCSC_CUT_H

#include "pcsc.h"

/* From now on: at the command of this number (from 1; 0: at none), before the key gets it, or when
 * it has carried it out and before its answer is there. What the client library says of it then is
 * what is told. */
void pc_cut_at(unsigned number, bool after, void (*happens)(void));
/* The same, where only commands of this instruction count. */
void pc_cut_at_one_of(unsigned char instruction, unsigned number, bool after,
                      void (*happens)(void));
/* Commands since; whether it happened. It doesn't any more. */
unsigned pc_cut_over(bool *happened);

void pc_cut_pull(void);    /* the key is pulled */
void pc_cut_kill(void);    /* the daemon is killed, */
void pc_cut_restart(void); /* and there is another at once */

/* Until the daemon sees a card in its reader, or none. */
void pc_wait_card(bool present);
/* Until the module sees the key, which must have these tries left (before any log-in fills the
 * counter), where it isn't CK_UNAVAILABLE_INFORMATION, and all of the administrator's. */
void pc_wait_key(CK_ULONG user_tries);
/* Logs in with the PIN, which must be taken at once, as `session`, with `key`; both identities of
 * the key must work. */
void pc_all_is_well(void);

/* Of the key's room, in bytes: what is given up half done takes none. */
CK_ULONG pc_free_space(void);

#endif
