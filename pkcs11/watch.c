/* SPDX-License-Identifier: Apache-2.0 */
#include "pkcs11/watch.h"

#include <dlfcn.h>
#include <signal.h>
#include <time.h>

#include "base/gate.h"
#include "base/log.h"
#include "pkcs11/slot.h"
#include "token/unlock.h"

/* A second more than is left: the limit is in whole seconds. */
static void sleep_until_over(struct bk_port *port)
{
    struct timespec until = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += (time_t)bk_unlock_seconds_left(port->token) + 1;
    (void)pthread_cond_timedwait(&port->watch_wake, &port->lock, &until);
}

/* It may let go of the key. */
static bool still_holds(struct bk_port *port)
{
    (void)!bk_gate_enter();
    bool holds = !port->watch_over && port->token && bk_unlock_holds(port->token);
    bk_gate_leave();
    return holds;
}

static void *watch(void *arg)
{
    struct bk_port *port = arg;
    (void)pthread_mutex_lock(&port->lock);
    while (still_holds(port))
        sleep_until_over(port);
    port->watch_over = true;
    (void)pthread_mutex_unlock(&port->lock);
    return NULL;
}

/* A program may unload us in the middle: the code stays as long as the thread may be in it. NULL
 * where we aren't a library. */
static void *stay_loaded(void)
{
    Dl_info info;
    return dladdr((void *)(uintptr_t)bk_watch, &info) && info.dli_fname
               ? dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD)
               : NULL;
}

/* The thread takes no signal of the program's. */
static int start(struct bk_port *port)
{
    sigset_t all, before;
    pthread_condattr_t clock;
    (void)sigfillset(&all);
    (void)pthread_condattr_init(&clock);
    (void)pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&port->watch_wake, &clock);
    (void)pthread_condattr_destroy(&clock);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&port->watch, NULL, watch, port);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed)
        (void)pthread_cond_destroy(&port->watch_wake);
    return failed;
}

/* The thread is at its end, or has been told to end while nobody holds the port's lock. Who calls
 * is in our code and keeps it loaded; the thread itself could not let go of it. */
static void gather(struct bk_port *port)
{
    bk_gate_rest(0);
    (void)pthread_join(port->watch, NULL);
    bk_gate_go_on();
    (void)pthread_cond_destroy(&port->watch_wake);
    port->watched = port->watch_over = false;
    if (port->watch_code)
        (void)dlclose(port->watch_code);
    port->watch_code = NULL;
}

void bk_watch(const struct bk_module *m, struct bk_port *port)
{
    if (port->watched && !port->watch_over) {
        (void)pthread_cond_signal(&port->watch_wake);
        return;
    }
    if (port->watched)
        gather(port);
    if (m->no_threads || !bk_unlock_holds(port->token))
        return;
    int failed = start(port);
    port->watched = failed == 0;
    if (port->watched)
        port->watch_code = stay_loaded();
    if (failed)
        bk_log(BK_LOG_WARN, "unlock: no thread to watch its time: error %d", failed);
}

void bk_watch_end(struct bk_port *port)
{
    if (!port->watched)
        return;
    bk_port_lock(port);
    port->watch_over = true;
    (void)pthread_cond_signal(&port->watch_wake);
    (void)pthread_mutex_unlock(&port->lock);
    gather(port);
}
