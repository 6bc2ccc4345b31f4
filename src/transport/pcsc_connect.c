/* SPDX-License-Identifier: Apache-2.0 */
#include "transport/pcsc_connect.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/gate.h"
#include "base/log.h"

#define RESET_NAP_MS 2
#define LEFT_NAP_MS 20

bool bk_pcsc_in_reset(LONG rv)
{
    return rv == SCARD_E_PROTO_MISMATCH || rv == SCARD_W_UNPOWERED_CARD ||
           rv == SCARD_W_UNRESPONSIVE_CARD;
}

bool bk_pcsc_back_off(struct bk_pcsc_patience *p, unsigned max_ms, unsigned limit_ms)
{
    long us = p->naps < 7 ? 200L << p->naps : 20000L;
    us = us < max_ms * 1000L ? us : max_ms * 1000L;
    struct timespec nap = {.tv_nsec = us * 1000};
    if (!p->naps++)
        p->since_ms = bk_clock_ms();
    bk_gate_rest(0);
    (void)nanosleep(&nap, NULL);
    bk_gate_go_on();
    return bk_clock_ms() - p->since_ms < limit_ms;
}

static LONG connect_here(const char *reader, struct bk_pcsc_link *link)
{
    struct bk_pcsc_patience patience = {0};
    LONG rv;
    do {
        bk_gate_rest(BK_PCSC_SETTLE_MS);
        rv = SCardConnect(link->context, reader, SCARD_SHARE_SHARED,
                          SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &link->card, &link->protocol);
        bk_gate_go_on();
    } while (bk_pcsc_in_reset(rv) && bk_pcsc_back_off(&patience, RESET_NAP_MS, BK_PCSC_NOTICE_MS));
    return rv;
}

void bk_pcsc_disconnect(const struct bk_pcsc_link *link)
{
    (void)SCardDisconnect(link->card, SCARD_LEAVE_CARD);
    (void)SCardReleaseContext(link->context);
}

/* Who takes the card just when it is let go of is waited for, too. */
static LONG reset_here(const struct bk_pcsc_link *link)
{
    LONG rv;
    do {
        bk_gate_rest(BK_PCSC_SETTLE_MS);
        rv = SCardDisconnect(link->card, SCARD_RESET_CARD);
        bk_gate_go_on();
    } while (rv == SCARD_E_SHARING_VIOLATION);
    (void)SCardReleaseContext(link->context);
    return rv;
}

/* --- by a thread
 * --------------------------------------------------------------------------------*/

enum { UNDER_WAY, DONE, LEFT, GONE };

struct attempt {
    struct attempt *next; /* of those that were left */
    pid_t process;
    pthread_t thread;
    sem_t done;
    atomic_int state;
    bool resets; /* or else connects */
    char reader[BK_READER_NAME_MAX];
    struct bk_pcsc_link link;
    LONG rv;
};

/* Their lock is never held while somebody rests: no fork gets it. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct attempt *left;

static void *attempt(void *arg)
{
    struct attempt *a = arg;
    int under_way = UNDER_WAY;
    (void)!bk_gate_enter_aside();
    a->rv = a->resets ? reset_here(&a->link) : connect_here(a->reader, &a->link);
    bool wanted = atomic_compare_exchange_strong(&a->state, &under_way, DONE);
    if (!wanted && !a->resets && a->rv == SCARD_S_SUCCESS)
        bk_pcsc_disconnect(&a->link);
    else if (!wanted && !a->resets)
        (void)SCardReleaseContext(a->link.context);
    bk_gate_leave();
    if (wanted)
        (void)sem_post(&a->done);
    else
        atomic_store(&a->state, GONE);
    return NULL;
}

/* It takes no signal of the program's. */
static bool start(struct attempt *a)
{
    sigset_t all, before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&a->thread, NULL, attempt, a);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return !failed;
}

/* False: it goes on without us. */
static bool finish(struct attempt *a, unsigned wait_ms)
{
    struct timespec until = {0};
    int under_way = UNDER_WAY;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t ns = until.tv_nsec + (int64_t)wait_ms * 1000000;
    until.tv_sec += (time_t)(ns / 1000000000);
    until.tv_nsec = (long)(ns % 1000000000);
    bk_gate_rest(0);
    while (sem_clockwait(&a->done, CLOCK_MONOTONIC, &until) != 0 && errno == EINTR)
        ;
    bool done = !atomic_compare_exchange_strong(&a->state, &under_way, LEFT);
    if (done)
        (void)pthread_join(a->thread, NULL);
    bk_gate_go_on();
    return done;
}

/* A program may unload us before the thread ends: its code stays from now on. */
static void leave(struct attempt *a)
{
    Dl_info info;
    if (dladdr((void *)(uintptr_t)bk_pcsc_connect, &info) && info.dli_fname)
        (void)dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
    (void)pthread_detach(a->thread);
    bk_log(BK_LOG_WARN, "pcsc: another program holds the card in \"%s\"", a->reader);
    (void)pthread_mutex_lock(&lock); /* from here on whoever finds it gone frees it */
    a->next = left;
    left = a;
    (void)pthread_mutex_unlock(&lock);
}

static void attempt_free(struct attempt *a)
{
    (void)sem_destroy(&a->done);
    free(a);
}

/* One that was left, at this reader, and waits still. In a fork's child none does. */
static bool one_waits(const char *reader)
{
    bool waits = false;
    (void)pthread_mutex_lock(&lock);
    for (struct attempt **at = &left; *at;) {
        struct attempt *a = *at;
        if (a->process != getpid() || atomic_load(&a->state) == GONE) {
            *at = a->next;
            attempt_free(a);
            continue;
        }
        waits = waits || strcmp(a->reader, reader) == 0;
        at = &a->next;
    }
    (void)pthread_mutex_unlock(&lock);
    return waits;
}

enum { NO_THREAD, HAS_ENDED, IS_LEFT };

static int aside(const char *reader, bool resets, unsigned wait_ms, struct bk_pcsc_link *link,
                 LONG *rv)
{
    struct attempt *a = calloc(1, sizeof *a);
    if (!a)
        return NO_THREAD;
    (void)sem_init(&a->done, 0, 0);
    memcpy(a->reader, reader, strlen(reader) + 1);
    a->process = getpid();
    a->resets = resets;
    a->link = *link;
    bool started = start(a);
    if (started && !finish(a, wait_ms)) {
        leave(a);
        return IS_LEFT;
    }
    *link = a->link;
    *rv = a->rv;
    attempt_free(a);
    return started ? HAS_ENDED : NO_THREAD;
}

void bk_pcsc_reset_when_free(const char *reader, const struct bk_pcsc_link *link, bool threads)
{
    struct bk_pcsc_link copy = *link;
    LONG rv;
    if (!threads || aside(reader, true, BK_PCSC_ONCE_MORE_MS, &copy, &rv) == NO_THREAD)
        (void)reset_here(link);
}

/* --- either way
 * ---------------------------------------------------------------------------------*/

static bool others_are_at_it(SCARDCONTEXT context, const char *reader)
{
    SCARD_READERSTATE state = {.szReader = reader};
    return SCardGetStatusChange(context, 0, &state, 1) == SCARD_S_SUCCESS &&
           (state.dwEventState & SCARD_STATE_INUSE);
}

LONG bk_pcsc_connect(const char *reader, unsigned wait_ms, bool threads, struct bk_pcsc_link *link)
{
    struct bk_pcsc_patience patience = {0};
    int how = NO_THREAD;
    while (one_waits(reader))
        if (!bk_pcsc_back_off(&patience, LEFT_NAP_MS, BK_PCSC_ONCE_MORE_MS))
            return SCARD_E_SHARING_VIOLATION;
    LONG rv = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &link->context);
    if (rv != SCARD_S_SUCCESS)
        return rv;
    if (threads && others_are_at_it(link->context, reader))
        how = aside(reader, false, wait_ms, link, &rv);
    if (how == IS_LEFT) /* and the context with it */
        return SCARD_E_SHARING_VIOLATION;
    if (how == NO_THREAD)
        rv = connect_here(reader, link);
    if (rv != SCARD_S_SUCCESS)
        (void)SCardReleaseContext(link->context);
    return rv;
}
