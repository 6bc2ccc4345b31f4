/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What several threads have written to one file, brought to the disk: a wait for the disk serves
 * all that was written before it began.
 */
#ifndef BK_SERVER_FLUSH_H
#define BK_SERVER_FLUSH_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct bk_flush {
    int fd; /* the caller's */
    pthread_mutex_t lock;
    pthread_cond_t moved;
    unsigned begun, waiting, resting; /* waiting: for the next, besides who begins it */
    bool running, led;                /* led: somebody is to begin the next */
    atomic_uint over[2];              /* the last that ended, of even numbers and of odd ones */
    atomic_uint coming;
    atomic_bool gathering;
};

void bk_flush_init(struct bk_flush *flush, int fd);
void bk_flush_end(struct bk_flush *flush);
/*
 * Comes back when all that this thread wrote before is on the disk. When the disk fails, be it
 * full, the process begins anew (again.h) or ends: the kernel takes what it couldn't write for
 * written, so that nobody here knows any more what is kept. Who begins reads what is, and writes
 * it once more (bk_store_settle).
 */
void bk_flush(struct bk_flush *flush);
/*
 * The caller is about to write, and asks by bk_flush_expected, or bk_flush_forget: it doesn't. Who
 * begins waits for it a moment, so that the disk is waited for less often.
 */
void bk_flush_expect(struct bk_flush *flush);
void bk_flush_expected(struct bk_flush *flush);
void bk_flush_forget(struct bk_flush *flush);
/* Comes back when nobody waits for the disk. */
void bk_flush_rest(struct bk_flush *flush);

#endif
