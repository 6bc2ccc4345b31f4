/* SPDX-License-Identifier: Apache-2.0 */
#include "base/gate.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NAPS 4 /* that a fork looks for such a moment: see sleeps_on */

struct place {
    struct place *next, *before;
    bool in, rests, aside;
    int64_t settled_ms; /* resting, from then on, unless it runs; 0: holds nothing meanwhile */
    pid_t thread;       /* when it settles */
    unsigned again_ms;  /* it also wakes by itself, so long after it ran; 0: only when it is told */
    clockid_t clock;    /* its processor time, which tells that it ran: */
    int64_t used_ns, looked_ms; /* at the last look */
    int64_t ran_ms, still_ms;   /* after the one, not after the other */
};

static _Thread_local struct place here;
static _Thread_local bool forks; /* this thread does, and holds the lock */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t moved = PTHREAD_COND_INITIALIZER;
static struct place *all;
static bool closed; /* for a fork */
static bool is_open;
static pid_t process; /* that all of this belongs to */

static int64_t now_ms(void)
{
    struct timespec t = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void wait_until(int64_t ms)
{
    struct timespec t = {.tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000) * 1000000};
    (void)pthread_cond_timedwait(&moved, &lock, &t);
}

static void begin_anew(void)
{
    pthread_condattr_t clock;
    (void)pthread_condattr_init(&clock);
    (void)pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    (void)pthread_mutex_init(&lock, NULL);
    (void)pthread_cond_init(&moved, &clock);
    (void)pthread_condattr_destroy(&clock);
    all = NULL;
    closed = false;
    process = getpid();
}

void bk_gate_renew(void)
{
    begin_anew();
    memset(&here, 0, sizeof here);
    forks = false;
}

/* --- a fork
 * -------------------------------------------------------------------------------------*/

/* When the last of the others will have settled; INT64_MAX: somebody doesn't rest. The thread that
 * forks may be in itself, in a function of the program's that is called back. */
static int64_t all_settled(void)
{
    int64_t at = 0;
    for (const struct place *p = all; p; p = p->next) {
        if (p == &here)
            continue;
        if (!p->rests)
            return INT64_MAX;
        at = p->settled_ms > at ? p->settled_ms : at;
    }
    return at;
}

/* As the system sees it: one that runs, or would if it had a processor, may hold what it is to hold
 * for a moment only. Where that isn't told, time has to do. */
static bool sleeps(pid_t thread)
{
    char path[64], text[256];
    (void)snprintf(path, sizeof path, "/proc/self/task/%ld/stat", (long)thread);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0)
        (void)close(fd);
    text[n < 0 ? 0 : n] = 0;
    const char *name_end = strrchr(text, ')');
    return !name_end || strncmp(name_end, ") S", 3) == 0;
}

static int64_t time_used_ns(clockid_t clock)
{
    struct timespec t = {0};
    (void)clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Whether it won't wake by itself before the fork is done, which takes a while where there is much
 * to copy: it has only just run, or so long ago that it isn't its own nap that it is in. Several
 * may have no such moment in common: once all have napped, half of the nap has to do, and some naps
 * later that it sleeps. */
static bool sleeps_on(struct place *p, int64_t waited_ms)
{
    int64_t now = now_ms(), used = time_used_ns(p->clock);
    if (used != p->used_ns) {
        p->ran_ms = p->looked_ms;
        p->still_ms = now;
    }
    p->used_ns = used;
    p->looked_ms = now;
    int64_t recent = waited_ms > p->again_ms ? p->again_ms / 2 : p->again_ms / 8;
    return waited_ms > NAPS * (int64_t)p->again_ms || now - p->ran_ms < recent ||
           now - p->still_ms > p->again_ms + p->again_ms / 2;
}

/* Every one is looked at, so that it is known when it ran. */
static bool all_sleep(int64_t waited_ms)
{
    bool yes = true;
    for (struct place *p = all; p; p = p->next) {
        if (p == &here || !p->settled_ms)
            continue;
        bool on = !p->again_ms || sleeps_on(p, waited_ms);
        yes = on && yes && sleeps(p->thread);
    }
    return yes;
}

/* Twice: what one lets go of, another may wake up to, who was asleep when he was looked at. */
static void wait_for_sleep(int64_t over)
{
    int64_t from = now_ms(), now = from;
    for (int asleep = 0; asleep < 2 && now < over; now = now_ms()) {
        asleep = all_sleep(now - from) ? asleep + 1 : 0;
        if (asleep < 2)
            wait_until(now_ms() + 1);
    }
}

static void before_fork(void)
{
    if (process != getpid())
        return;
    (void)pthread_mutex_lock(&lock);
    int64_t now = now_ms(), over = now + BK_GATE_FORK_MS;
    for (; closed && now < over; now = now_ms())
        wait_until(over);
    closed = true;
    for (int64_t at = all_settled(); now < at && now < over; at = all_settled()) {
        wait_until(at < over ? at : over);
        now = now_ms();
    }
    wait_for_sleep(over);
    forks = true;
}

static void after_fork(void)
{
    if (!forks)
        return;
    forks = false;
    closed = false;
    (void)pthread_cond_broadcast(&moved);
    (void)pthread_mutex_unlock(&lock);
}

static void in_child(void)
{
    if (forks)
        (void)pthread_mutex_unlock(&lock);
    bk_gate_renew();
}

enum bk_err bk_gate_open(void)
{
    if (is_open)
        return BK_OK;
    begin_anew();
    is_open = pthread_atfork(before_fork, after_fork, in_child) == 0;
    return is_open ? BK_OK : BK_ENOMEM;
}

/* --- who is in
 * ----------------------------------------------------------------------------------*/

static void wait_while_closed(void)
{
    while (closed)
        (void)pthread_cond_wait(&moved, &lock);
}

/* Unlocks. */
static void tell(void)
{
    if (closed)
        (void)pthread_cond_broadcast(&moved);
    (void)pthread_mutex_unlock(&lock);
}

static bool enter(bool aside)
{
    if (here.in)
        return false;
    (void)pthread_mutex_lock(&lock);
    wait_while_closed();
    here = (struct place){.next = all, .in = true, .aside = aside};
    if (all)
        all->before = &here;
    all = &here;
    (void)pthread_mutex_unlock(&lock);
    return true;
}

bool bk_gate_enter(void)
{
    return enter(false);
}

bool bk_gate_enter_aside(void)
{
    return enter(true);
}

void bk_gate_leave(void)
{
    if (!here.in) /* in the child of a fork that was made in here */
        return;
    (void)pthread_mutex_lock(&lock);
    if (here.next)
        here.next->before = here.before;
    if (here.before)
        here.before->next = here.next;
    else
        all = here.next;
    here.in = false;
    tell();
}

bool bk_gate_is_in(void)
{
    return here.in;
}

unsigned bk_gate_others(void)
{
    unsigned n = 0;
    (void)pthread_mutex_lock(&lock);
    for (const struct place *p = all; p; p = p->next)
        n += p != &here && !p->aside;
    (void)pthread_mutex_unlock(&lock);
    return n;
}

void bk_gate_rest(unsigned settle_ms)
{
    bk_gate_rest_asking(settle_ms, 0);
}

void bk_gate_rest_asking(unsigned settle_ms, unsigned again_ms)
{
    if (!here.in)
        return;
    (void)pthread_mutex_lock(&lock);
    int64_t now = now_ms();
    here.rests = true;
    here.settled_ms = settle_ms ? now + settle_ms : 0;
    here.thread = settle_ms ? gettid() : 0;
    here.again_ms = again_ms;
    if (again_ms && pthread_getcpuclockid(pthread_self(), &here.clock) == 0)
        here.used_ns = time_used_ns(here.clock);
    here.looked_ms = here.ran_ms = here.still_ms = now;
    tell();
}

void bk_gate_go_on(void)
{
    if (!here.in)
        return;
    (void)pthread_mutex_lock(&lock);
    here.settled_ms = 0; /* it waits for the fork alone */
    wait_while_closed();
    here.rests = false;
    (void)pthread_mutex_unlock(&lock);
}
