/* SPDX-License-Identifier: Apache-2.0 */
#include "server/waiters.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

struct task {
    void (*work)(void *what);
    void *what;
};

struct bk_waiters {
    pthread_mutex_t lock; /* all but threads */
    pthread_cond_t wake;
    struct task queue[BK_WAITERS + BK_WAITING]; /* a ring */
    unsigned first, queued, working;
    bool stopping;
    pthread_t threads[BK_WAITERS];
    unsigned thread_count;
};

static void *work_on(void *context)
{
    struct bk_waiters *w = context;
    (void)pthread_mutex_lock(&w->lock);
    for (;;) {
        while (!w->queued && !w->stopping)
            (void)pthread_cond_wait(&w->wake, &w->lock);
        if (!w->queued)
            break;
        struct task task = w->queue[w->first];
        w->first = (w->first + 1) % (BK_WAITERS + BK_WAITING);
        w->queued--;
        w->working++;
        (void)pthread_mutex_unlock(&w->lock);
        task.work(task.what);
        (void)pthread_mutex_lock(&w->lock);
        w->working--;
    }
    (void)pthread_mutex_unlock(&w->lock);
    return NULL;
}

enum bk_err bk_waiters_new(struct bk_waiters **waiters)
{
    struct bk_waiters *w = calloc(1, sizeof *w);
    *waiters = NULL;
    if (!w)
        return BK_ENOMEM;
    (void)pthread_mutex_init(&w->lock, NULL);
    (void)pthread_cond_init(&w->wake, NULL);
    while (w->thread_count < BK_WAITERS &&
           pthread_create(&w->threads[w->thread_count], NULL, work_on, w) == 0)
        w->thread_count++;
    *waiters = w;
    if (w->thread_count == BK_WAITERS)
        return BK_OK;
    bk_waiters_free(waiters);
    return BK_ENOMEM;
}

enum bk_err bk_waiters_add(struct bk_waiters *w, void (*work)(void *what), void *what)
{
    (void)pthread_mutex_lock(&w->lock);
    bool taken = !w->stopping && w->queued + w->working < BK_WAITERS + BK_WAITING;
    if (taken) {
        w->queue[(w->first + w->queued++) % (BK_WAITERS + BK_WAITING)] =
            (struct task){.work = work, .what = what};
    }
    (void)pthread_mutex_unlock(&w->lock);
    if (taken) /* who wakes finds the lock free */
        (void)pthread_cond_signal(&w->wake);
    return taken ? BK_OK : BK_EBUSY;
}

void bk_waiters_stop(struct bk_waiters *w)
{
    (void)pthread_mutex_lock(&w->lock);
    w->stopping = true;
    (void)pthread_cond_broadcast(&w->wake);
    (void)pthread_mutex_unlock(&w->lock);
    for (unsigned i = 0; i < w->thread_count; i++)
        (void)pthread_join(w->threads[i], NULL);
    w->thread_count = 0;
}

void bk_waiters_free(struct bk_waiters **waiters)
{
    struct bk_waiters *w = *waiters;
    if (!w)
        return;
    bk_waiters_stop(w);
    (void)pthread_mutex_destroy(&w->lock);
    (void)pthread_cond_destroy(&w->wake);
    free(w);
    *waiters = NULL;
}
