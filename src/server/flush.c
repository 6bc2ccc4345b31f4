/* SPDX-License-Identifier: Apache-2.0 */
#include "server/flush.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "server/again.h"

void bk_flush_init(struct bk_flush *flush, int fd)
{
    *flush = (struct bk_flush){.fd = fd};
    (void)pthread_mutex_init(&flush->lock, NULL);
    (void)pthread_cond_init(&flush->moved, NULL);
}

void bk_flush_end(struct bk_flush *flush)
{
    (void)pthread_mutex_destroy(&flush->lock);
    (void)pthread_cond_destroy(&flush->moved);
}

/* For all that have asked by now; with the lock, which is let go of meanwhile. */
static void run(struct bk_flush *flush)
{
    uint64_t upto = flush->asked;
    flush->running = true;
    (void)pthread_mutex_unlock(&flush->lock);
    if (fdatasync(flush->fd) != 0) {
        bool full = errno == ENOSPC || errno == EDQUOT;
        bk_log(BK_LOG_ERROR, "the disk %s: what was written last may be lost; beginning anew",
               full ? "is full" : "fails");
        bk_again();
        abort();
    }
    (void)pthread_mutex_lock(&flush->lock);
    flush->running = false;
    flush->done = upto;
    (void)pthread_cond_broadcast(&flush->moved);
}

void bk_flush(struct bk_flush *flush)
{
    (void)pthread_mutex_lock(&flush->lock);
    uint64_t mine = ++flush->asked;
    while (flush->done < mine) {
        if (flush->running)
            (void)pthread_cond_wait(&flush->moved, &flush->lock);
        else
            run(flush);
    }
    (void)pthread_mutex_unlock(&flush->lock);
}

void bk_flush_rest(struct bk_flush *flush)
{
    (void)pthread_mutex_lock(&flush->lock);
    while (flush->running)
        (void)pthread_cond_wait(&flush->moved, &flush->lock);
    (void)pthread_mutex_unlock(&flush->lock);
}
