/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Transactions that share a commit: who is in it, and how they learn what became of it. It lives
 * until the last of its members has that. Those wait at a futex: all are woken by one system call,
 * and none then waits for the others at a lock, as behind a condition variable. Who doesn't wait
 * himself (bk_tx_commit_later) is told by whoever ends it.
 */
#ifndef BK_SERVER_BATCH_H
#define BK_SERVER_BATCH_H

#include <stdatomic.h>
#include <stdbool.h>

#include "server/store.h"

struct bk_batch {
    unsigned turns, members; /* members: whose turn wasn't undone */
    bool closing;            /* a member waits for the disk to be free and ends it then */
    struct bk_tx_later *later, **last;
    atomic_uint users; /* who still looks at it: who is to end it, and who waits */
    atomic_uint over;
    enum bk_err result; /* before `over` */
};

/* With one user, who is to end it; NULL when memory ran out. */
struct bk_batch *bk_batch_new(void);
void bk_batch_leave(struct bk_batch *batch);
/* One who is told. */
void bk_batch_put(struct bk_batch *batch, struct bk_tx_later *later);
/* What the members wait for is known: they are told in the order of their turns. The caller leaves
 * it. */
void bk_batch_tell(struct bk_batch *batch, enum bk_err result);
/* Waits for that, and leaves it: of a user. */
enum bk_err bk_batch_wait(struct bk_batch *batch);

#endif
