/* SPDX-License-Identifier: Apache-2.0 */
#include "server/waiters.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

struct task {
    void (*work)(void *what);
    void *what;
};

/* One that rests waits for a task of its own. */
struct waiter {
    struct bk_waiters *all;
    struct waiter *next; /* that rests */
    pthread_cond_t wake;
    bool rests;
    struct task task;
    pthread_t thread;
};

struct bk_waiters {
    pthread_mutex_t lock; /* all but threads */
    struct task *queue;   /* a ring; empty while somebody rests */
    /* Room in it: for what waits, and for what those will take at once who are on their way to
     * rest. */
    unsigned room, waiting;
    struct waiter waiters[BK_WAITERS];
    struct waiter *resting; /* the last that had something to do first: the caches know its stack */
    unsigned first, queued;
    unsigned at_work;
    bool stopping;
    unsigned thread_count;
};

/* The next task, or false when it is to stop and there is none. */
static bool next_task(struct waiter *me, struct task *task)
{
    struct bk_waiters *w = me->all;
    if (w->queued) {
        *task = w->queue[w->first];
        w->first = (w->first + 1) % w->room;
        w->queued--;
        w->at_work++;
        return true;
    }
    if (w->stopping)
        return false;
    me->task.work = NULL;
    me->rests = true;
    me->next = w->resting;
    w->resting = me;
    while (me->rests)
        (void)pthread_cond_wait(&me->wake, &w->lock);
    *task = me->task;
    return task->work != NULL;
}

static void *work_on(void *context)
{
    struct waiter *me = context;
    struct bk_waiters *w = me->all;
    struct task task;
    (void)pthread_mutex_lock(&w->lock);
    while (next_task(me, &task)) {
        (void)pthread_mutex_unlock(&w->lock);
        task.work(task.what);
        (void)pthread_mutex_lock(&w->lock);
        w->at_work--;
    }
    (void)pthread_mutex_unlock(&w->lock);
    return NULL;
}

static struct waiter *take_resting(struct bk_waiters *w)
{
    struct waiter *one = w->resting;
    if (one) {
        w->resting = one->next;
        one->rests = false;
    }
    return one;
}

enum bk_err bk_waiters_new(unsigned threads, unsigned waiting, struct bk_waiters **waiters)
{
    struct bk_waiters *w = calloc(1, sizeof *w);
    *waiters = NULL;
    if (!w)
        return BK_ENOMEM;
    w->waiting = waiting;
    w->room = waiting + threads;
    w->queue = calloc(w->room, sizeof *w->queue);
    (void)pthread_mutex_init(&w->lock, NULL);
    for (unsigned i = 0; i < BK_WAITERS; i++) {
        w->waiters[i].all = w;
        (void)pthread_cond_init(&w->waiters[i].wake, NULL);
    }
    while (w->queue && w->thread_count < threads) {
        struct waiter *one = &w->waiters[w->thread_count];
        if (pthread_create(&one->thread, NULL, work_on, one) != 0)
            break;
        w->thread_count++;
    }
    *waiters = w;
    if (w->thread_count == threads)
        return BK_OK;
    bk_waiters_free(waiters);
    return BK_ENOMEM;
}

enum bk_err bk_waiters_add(struct bk_waiters *w, void (*work)(void *what), void *what)
{
    const struct task task = {.work = work, .what = what};
    (void)pthread_mutex_lock(&w->lock);
    struct waiter *one = w->stopping ? NULL : take_resting(w);
    bool taken = one || (!w->stopping && w->queued < w->waiting + (w->thread_count - w->at_work));
    if (one) {
        one->task = task;
        w->at_work++;
    } else if (taken) {
        w->queue[(w->first + w->queued++) % w->room] = task;
    }
    (void)pthread_mutex_unlock(&w->lock);
    if (one) /* who wakes finds the lock free */
        (void)pthread_cond_signal(&one->wake);
    return taken ? BK_OK : BK_EBUSY;
}

void bk_waiters_stop(struct bk_waiters *w)
{
    (void)pthread_mutex_lock(&w->lock);
    w->stopping = true;
    for (struct waiter *one; (one = take_resting(w));)
        (void)pthread_cond_signal(&one->wake);
    (void)pthread_mutex_unlock(&w->lock);
    for (unsigned i = 0; i < w->thread_count; i++)
        (void)pthread_join(w->waiters[i].thread, NULL);
    w->thread_count = 0;
}

void bk_waiters_free(struct bk_waiters **waiters)
{
    struct bk_waiters *w = *waiters;
    if (!w)
        return;
    bk_waiters_stop(w);
    (void)pthread_mutex_destroy(&w->lock);
    for (unsigned i = 0; i < BK_WAITERS; i++)
        (void)pthread_cond_destroy(&w->waiters[i].wake);
    free(w->queue);
    free(w);
    *waiters = NULL;
}
