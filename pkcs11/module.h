/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The module's state and its two locks.
 *
 * module->lock guards the tables of ports and sessions; port->lock guards what is on the key in
 * that reader. A call pins its session under the first, drops it, takes the second, and looks
 * whether the session was closed meanwhile. Nobody waits for a port while holding the module's
 * lock; the other way round it is taken for a few lines that only read or write the tables.
 *
 * C_Initialize and C_Finalize have one more, of the process (module.c), and every call goes through
 * a gate (base/gate.h), which Finalize and forks look at.
 *
 * A port is a reader; it is two slots, 2n for its RSA containers and 2n + 1 for its SM2 ones. When
 * the table is full, the one whose reader was gone longest becomes another reader's, with other
 * numbers: who has found a port by its number looks, with its lock, whether that is still its own.
 */
#ifndef BK_PKCS11_MODULE_H
#define BK_PKCS11_MODULE_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/config.h"
#include "pkcs11/p11.h"
#include "token/reader.h"

#define BK_PORTS 32
#define BK_SESSIONS 1024
#define BK_SLOT_RSA 0u
#define BK_SLOT_SM2 1u

struct bk_object;
struct bk_session;

struct bk_port {
    /* under the module's lock */
    CK_SLOT_ID slot; /* the first of the two */
    struct bk_reader reader;
    bool there; /* the reader is; a slot stays when its reader goes, as long as there is room */
    unsigned long seen; /* in which list last */
    bool event[2];
    unsigned sessions[2], rw_sessions[2];
    atomic_bool has_token[2]; /* as last seen; readable without a lock */
    atomic_bool held;         /* by another program, when it was looked at last */

    /* under the port's lock */
    pthread_mutex_t lock;
    struct bk_token *token;
    unsigned long token_events; /* reader.events when it was opened */
    bool foreign;               /* this insertion is no key of ours: not asked again */
    int64_t deaf_ms;            /* since when it hasn't answered: not asked again for a while */
    bool doubted;               /* it was one of these two, or held by another program: when it is
                                   ours after all, nobody else tells */
    bool can[2];                /* algorithms of the key */
    bool logged_in;             /* as the last call left it */
    struct bk_object *objects;  /* of both slots, on the key */
    struct bk_object *made;     /* by sessions */
    struct bk_object *made_last;
    unsigned long objects_at;      /* token->changes they are made from */
    _Atomic CK_BJCA_UNLOCK unlock; /* readable without a lock */
    bool watched, watch_over;      /* watch.h */
    pthread_cond_t watch_wake;
    pthread_t watch;
    void *watch_code; /* keeps the module loaded for the thread */
};

struct bk_module {
    pthread_mutex_t lock;
    struct bk_config *config;
    struct bk_readers *readers;
    struct bk_refusals refusals; /* with a lock of its own, the last one taken */
    bool sm2_slots;
    bool station;    /* the configuration makes this machine one that produces keys */
    bool no_threads; /* the program forbids us to make any */
    int trace_fd;
    struct bk_port *ports[BK_PORTS];
    size_t port_count;
    CK_SLOT_ID next_slot; /* numbers of slots never come twice */
    struct bk_session *sessions[BK_SESSIONS];
    bool looked;          /* the readers were listed once */
    atomic_ulong asked;   /* how often they were asked for */
    unsigned long listed; /* which of these is in the table */
    bool waiting, finalizing;
};

/* The state, pinned against C_Finalize; NULL when the module isn't initialised in this process, or
 * this thread is in already (bk_gate_is_in). */
struct bk_module *bk_module_enter(void);
void bk_module_leave(void);

/* Numbers that never come twice in the life of the process: sessions, objects, unlocks. */
CK_ULONG bk_next_handle(void);

#endif
