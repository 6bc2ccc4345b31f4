/* SPDX-License-Identifier: Apache-2.0 */
#include "server/flush.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "server/again.h"

#define GATHER_NS 1000000 /* less than a disk takes */

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

static void wake_all(atomic_uint *at)
{
    (void)syscall(SYS_futex, at, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}

void bk_flush_expect(struct bk_flush *flush)
{
    (void)atomic_fetch_add(&flush->coming, 1);
}

void bk_flush_forget(struct bk_flush *flush)
{
    if (atomic_fetch_sub(&flush->coming, 1) == 1 && atomic_load(&flush->gathering))
        wake_all(&flush->coming);
}

static int64_t now_ns(void)
{
    struct timespec t = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Who is expected comes in time, mostly. */
static void gather(struct bk_flush *flush)
{
    const int64_t until = now_ns() + GATHER_NS;
    int64_t left = GATHER_NS;
    atomic_store(&flush->gathering, true);
    for (unsigned n; left > 0 && (n = atomic_load(&flush->coming)); left = until - now_ns()) {
        const struct timespec t = {.tv_nsec = left};
        (void)syscall(SYS_futex, &flush->coming, FUTEX_WAIT_PRIVATE, n, &t, NULL, 0);
    }
    atomic_store(&flush->gathering, false);
}

/* For all that have asked by now; with the lock, which is let go of. */
static void run(struct bk_flush *flush)
{
    unsigned number = ++flush->begun, waiting = flush->waiting;
    atomic_uint *over = &flush->over[number % 2];
    flush->running = true;
    flush->led = false;
    flush->waiting = 0;
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
    atomic_store(over, number);
    bool wanted = flush->led || flush->resting;
    (void)pthread_mutex_unlock(&flush->lock);
    if (wanted)
        (void)pthread_cond_broadcast(&flush->moved);
    if (waiting)
        wake_all(over);
}

/* The first to ask while the disk is busy begins when it is free. */
static void lead(struct bk_flush *flush)
{
    flush->led = true;
    while (flush->running)
        (void)pthread_cond_wait(&flush->moved, &flush->lock);
    if (atomic_load(&flush->coming)) {
        (void)pthread_mutex_unlock(&flush->lock);
        gather(flush);
        (void)pthread_mutex_lock(&flush->lock);
    }
    run(flush);
}

/* The others: one system call wakes all, and none then waits for the others at the lock. */
static void follow(struct bk_flush *flush)
{
    unsigned number = flush->begun + 1;
    atomic_uint *over = &flush->over[number % 2];
    flush->waiting++;
    (void)pthread_mutex_unlock(&flush->lock);
    for (unsigned last; (int)((last = atomic_load(over)) - number) < 0;)
        (void)syscall(SYS_futex, over, FUTEX_WAIT_PRIVATE, last, NULL, NULL, 0);
}

static void ask(struct bk_flush *flush, bool expected)
{
    (void)pthread_mutex_lock(&flush->lock);
    bool first = !flush->led;
    if (expected)
        bk_flush_forget(flush);
    if (first)
        lead(flush);
    else
        follow(flush);
}

void bk_flush(struct bk_flush *flush)
{
    ask(flush, false);
}

void bk_flush_expected(struct bk_flush *flush)
{
    ask(flush, true);
}

void bk_flush_rest(struct bk_flush *flush)
{
    (void)pthread_mutex_lock(&flush->lock);
    flush->resting++;
    while (flush->running)
        (void)pthread_cond_wait(&flush->moved, &flush->lock);
    flush->resting--;
    (void)pthread_mutex_unlock(&flush->lock);
}
