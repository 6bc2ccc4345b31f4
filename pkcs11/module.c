/* SPDX-License-Identifier: Apache-2.0 */
/* C_Initialize, C_Finalize, and what stands between them. */
#include "pkcs11/module.h"

#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/gate.h"
#include "base/log.h"
#include "crypto/ctx.h"
#include "pkcs11/call.h"
#include "pkcs11/rv.h"
#include "pkcs11/session.h"
#include "pkcs11/slot.h"

static struct bk_module *_Atomic current;
static atomic_int owner; /* the process that all of this belongs to; -pid: it takes over */
/* One C_Initialize or C_Finalize at a time, from beginning to end: log and library context are the
 * process's, so that one who begins waits for one who ends. Taken before the gate. */
static pthread_mutex_t life = PTHREAD_MUTEX_INITIALIZER;
static atomic_ulong last_handle;
/* A fork's child can't free what its parent's threads may have been using: it stays reachable. */
static struct bk_module *abandoned;

CK_ULONG bk_next_handle(void)
{
    return atomic_fetch_add(&last_handle, 1) + 1;
}

struct bk_module *bk_module_enter(void)
{
    if (atomic_load(&owner) != getpid())
        return NULL;
    if (!bk_gate_enter())
        return NULL;
    struct bk_module *m = atomic_load(&current);
    if (!m)
        bk_gate_leave();
    return m;
}

void bk_module_leave(void)
{
    bk_gate_leave();
}

/* --- configuration
 * ------------------------------------------------------------------------------*/

static enum bk_err open_logs(struct bk_module *m)
{
    const char *file = bk_config_get(m->config, "log", "file", NULL);
    const char *trace = bk_config_get(m->config, "log", "trace", NULL);
    const char *level_name = bk_config_get(m->config, "log", "level", "warn");
    const char *environment = getenv("BJCA_LOG");
    enum bk_log_level level = BK_LOG_WARN;
    if (bk_config_privileged())
        return BK_OK;
    if (bk_log_level_parse(level_name, &level))
        return BK_EFORMAT;
    if (environment && *environment) {
        file = environment;
        level = BK_LOG_DEBUG;
    }
    if (file && bk_log_open(file, level))
        return BK_EIO;
    bk_log(BK_LOG_INFO, "bjca-pkcs11 %s", BK_VERSION);
    if (bk_config_unreached(m->config))
        bk_log(BK_LOG_INFO, "%s can't be reached by this user: it counts as missing",
               bk_config_unreached(m->config));
    struct bk_config_at at = {0};
    while (bk_config_unknown_here(m->config, &at))
        bk_log(BK_LOG_WARN, "%s, line %u: [%s] has no \"%s\"; it is ignored", at.file, at.line,
               at.section, at.name);
    if (trace) {
        /* a pipe that nobody reads is no log, and nothing to wait for */
        m->trace_fd =
            open(trace, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
        if (m->trace_fd < 0)
            return BK_EIO;
    }
    return BK_OK;
}

static enum bk_err configure_pcsc(const struct bk_module *m, struct bk_reader_options *o)
{
    unsigned long held_s = 0;
    enum bk_err err = bk_config_bool(m->config, "key", "pcsc", true, &o->pcsc);
    if (!err)
        err = bk_config_uint(m->config, "key", "pcsc-wait", 1, 3600, 60, &held_s);
    o->held_ms = (unsigned)held_s * 1000;
    o->no_threads = m->no_threads;
    return err;
}

static enum bk_err configure(struct bk_module *m)
{
    struct bk_reader_options o = {0};
    char where[256] = "";
    enum bk_err err = bk_config_load(&m->config, where, sizeof where);
    if (err)
        return err;
    err = open_logs(m);
    const char *isolation = bk_config_get(m->config, "module", "login-isolation", "session");
    o.token.isolate = strcmp(isolation, "transaction") == 0;
    if (!err && !o.token.isolate && strcmp(isolation, "session") != 0)
        err = BK_EFORMAT;
    if (!err)
        err = bk_config_bool(m->config, "module", "sm2-slots", true, &m->sm2_slots);
    if (!err)
        err = bk_config_bool(m->config, "module", "production-station", false, &m->station);
    if (!err)
        err = configure_pcsc(m, &o);
    o.virtual_key = bk_config_get(m->config, "key", "virtual-key", NULL);
    o.dialect = bk_config_get(m->config, "key", "dialect", "auto");
    o.token.application = bk_config_get(m->config, "key", "application", "BJCA-Application");
    o.token.ca_sm2_id = bk_config_get(m->config, "ca", "sm2-id", NULL);
    o.token.refusals = &m->refusals;
    o.trace_fd = m->trace_fd;
    if (!err && strcmp(o.dialect, "auto") != 0 && !bk_dialect_find(o.dialect))
        err = BK_EFORMAT;
    return err ? err : bk_readers_new(&o, &m->readers);
}

static void module_free(struct bk_module **module)
{
    struct bk_module *m = *module;
    if (!m)
        return;
    bk_sessions_free(m);
    bk_ports_free(m);
    bk_readers_free(&m->readers);
    bk_refusals_wipe(&m->refusals);
    bk_config_free(&m->config);
    if (m->trace_fd >= 0)
        (void)close(m->trace_fd);
    (void)pthread_mutex_destroy(&m->lock);
    free(m);
    *module = NULL;
}

static CK_RV module_new(const CK_C_INITIALIZE_ARGS *args, struct bk_module **module)
{
    struct bk_module *m = calloc(1, sizeof *m);
    if (!m)
        return CKR_HOST_MEMORY;
    m->trace_fd = -1;
    m->no_threads = args && (args->flags & CKF_LIBRARY_CANT_CREATE_OS_THREADS);
    (void)pthread_mutex_init(&m->lock, NULL);
    bk_refusals_init(&m->refusals);
    enum bk_err err = configure(m);
    if (err) {
        module_free(&m);
        bk_log_close();
        return err == BK_ENOMEM ? CKR_HOST_MEMORY : CKR_GENERAL_ERROR;
    }
    *module = m;
    return CKR_OK;
}

/* --- entry points
 * -------------------------------------------------------------------------------*/

static CK_RV check_args(const CK_C_INITIALIZE_ARGS *args)
{
    if (!args)
        return CKR_OK;
    if (args->pReserved)
        return CKR_ARGUMENTS_BAD;
    int given = (args->CreateMutex != NULL) + (args->DestroyMutex != NULL) +
                (args->LockMutex != NULL) + (args->UnlockMutex != NULL);
    if (given != 0 && given != 4)
        return CKR_ARGUMENTS_BAD;
    /* PKCS#11 2.40 clause 5.4, the third of four cases: mutexes without leave to use the system's.
     * OpenSSL and the PC/SC client below us lock by the system's all the same, so that a yes would
     * be untrue; CKR_CANT_LOCK is the clause's word for that. In the fourth case (both given) the
     * choice is ours. */
    return given == 4 && !(args->flags & CKF_OS_LOCKING_OK) ? CKR_CANT_LOCK : CKR_OK;
}

/* In the child of a fork the parent's state is left as it is: its locks may be held by threads
 * that aren't here, its connections are shared with the parent. No lock is taken before. */
static void belong_here(void)
{
    int process = getpid(), was = atomic_load(&owner);
    while (was != process) {
        if (was == -process) { /* another thread of this process is at it */
            (void)sched_yield();
            was = atomic_load(&owner);
        } else if (atomic_compare_exchange_strong(&owner, &was, -process)) {
            abandoned = atomic_exchange(&current, NULL);
            if (was != 0) {
                (void)pthread_mutex_init(&life, NULL);
                bk_gate_renew();
                bk_crypto_renew();
            }
            atomic_store(&owner, process);
            return;
        }
    }
}

/* A thread that is cancelled meanwhile goes when it is outside again, as from any call. */
static int lock_life(void)
{
    int cancel = 0;
    (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    (void)pthread_mutex_lock(&life);
    return cancel;
}

static void unlock_life(int cancel)
{
    (void)pthread_mutex_unlock(&life);
    (void)pthread_setcancelstate(cancel, &cancel);
}

/* The life's lock is held. */
static CK_RV begin(const CK_C_INITIALIZE_ARGS *args)
{
    struct bk_module *m = NULL;
    if (atomic_load(&current))
        return CKR_CRYPTOKI_ALREADY_INITIALIZED;
    if (bk_gate_open())
        return CKR_HOST_MEMORY;
    if (!bk_gate_enter())
        return CKR_FUNCTION_FAILED;
    bk_crypto_errors_mark();
    CK_RV rv = module_new(args, &m);
    bk_crypto_errors_restore();
    if (rv == CKR_OK)
        atomic_store(&current, m);
    bk_gate_leave();
    return rv;
}

CK_RV C_Initialize(void *init_args)
{
    CK_RV rv = check_args(init_args);
    if (rv != CKR_OK)
        return bk_call_refuse(rv);
    belong_here();
    if (bk_gate_is_in()) /* called back: who waits for the lock may wait for this thread */
        return bk_call_refuse(CKR_CRYPTOKI_ALREADY_INITIALIZED);
    int cancel = lock_life();
    rv = begin(init_args);
    unlock_life(cancel);
    return rv == CKR_OK ? rv : bk_call_refuse(rv);
}

/* Calls that are still inside get out before the state goes; a waiting one is woken. */
static void drain(struct bk_module *m)
{
    struct timespec nap = {.tv_nsec = 1000000};
    (void)pthread_mutex_lock(&m->lock);
    m->finalizing = true;
    (void)pthread_mutex_unlock(&m->lock);
    while (bk_gate_others()) {
        bk_readers_wake(m->readers);
        bk_gate_rest(0);
        (void)nanosleep(&nap, NULL);
        bk_gate_go_on();
    }
}

/* The life's lock is held. */
static CK_RV end(void)
{
    struct bk_module *m = atomic_exchange(&current, NULL);
    if (!m)
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    (void)!bk_gate_enter();
    drain(m);
    bk_crypto_errors_mark();
    module_free(&m);
    bk_call_forget_error();
    bk_log_close();
    bk_crypto_cleanup();
    bk_crypto_errors_restore();
    bk_gate_leave();
    return CKR_OK;
}

CK_RV C_Finalize(void *reserved)
{
    if (reserved)
        return bk_call_refuse(CKR_ARGUMENTS_BAD);
    if (atomic_load(&owner) != getpid())
        return bk_call_refuse(CKR_CRYPTOKI_NOT_INITIALIZED);
    if (bk_gate_is_in())
        return bk_call_refuse(CKR_FUNCTION_FAILED);
    int cancel = lock_life();
    CK_RV rv = end();
    unlock_life(cancel);
    return rv == CKR_OK ? rv : bk_call_refuse(rv);
}
