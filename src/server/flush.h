/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What several threads have written to one file, brought to the disk: a wait for the disk serves
 * all that was written before it began.
 */
#ifndef BK_SERVER_FLUSH_H
#define BK_SERVER_FLUSH_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct bk_flush {
    int fd; /* the caller's */
    pthread_mutex_t lock;
    pthread_cond_t moved;
    uint64_t asked, done; /* counts: who asked with a number up to `done` has been served */
    bool running;
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
/* Comes back when nobody waits for the disk. */
void bk_flush_rest(struct bk_flush *flush);

#endif
