/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A few threads for calls that wait, and a queue before them: what comes when that is full is
 * refused at once, instead of keeping everybody waiting.
 */
#ifndef BK_SERVER_WAITERS_H
#define BK_SERVER_WAITERS_H

#include "base/err.h"

#define BK_WAITERS 32u /* threads at most */
#define BK_WAITING 16u /* more that may queue for what takes long */

struct bk_waiters;

/* threads: 1 to BK_WAITERS; waiting: more that may queue. */
enum bk_err bk_waiters_new(unsigned threads, unsigned waiting,
                           struct bk_waiters **waiters) BK_MUST_CHECK;
/* Has a thread call work(what). BK_EBUSY: too many wait already, or it is being stopped. */
enum bk_err bk_waiters_add(struct bk_waiters *waiters, void (*work)(void *what),
                           void *what) BK_MUST_CHECK;
/* What was added is done first. bk_waiters_add may still be called, and refuses. */
void bk_waiters_stop(struct bk_waiters *waiters);
/* Stops it, too. */
void bk_waiters_free(struct bk_waiters **waiters);

#endif
