/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The soak: clients of the module that go on while their key is pulled, put back and reset. Each
 * client is a thread with an account of its own in memory that all processes share.
 */
#ifndef BENCH_SOAK_H
#define BENCH_SOAK_H

#include <stdatomic.h>
#include <sys/types.h>

#include "modhost.h"

#define SOAK_CLIENTS 16
#define SOAK_STRANGE 12 /* different ones kept for each client */

enum soak_phase { SOAK_RUN, SOAK_SETTLE, SOAK_OVER };

enum soak_count {
    SOAK_SIGNED,
    SOAK_SIGNED_WRONG,
    SOAK_DECRYPTED,
    SOAK_DECRYPTED_WRONG,
    SOAK_WRITTEN,
    SOAK_LOST,
    SOAK_LABELLED,
    SOAK_LABEL_LOST,
    SOAK_READ,
    SOAK_BROKEN,
    SOAK_RENEWED,
    SOAK_RESTARTED,
    SOAK_EVENTS,
    SOAK_CUT, /* calls that a removal ended */
    SOAK_COUNTS
};

struct soak_strange {
    char call[32];
    CK_RV rv;
    unsigned long n;
};

struct soak_client {
    char name[24];
    pid_t pid;
    unsigned long seed;
    bool renewed, shared_login; /* what others may do to it */
    atomic_ulong done;          /* rounds without a fault */
    unsigned long counts[SOAK_COUNTS];
    double since; /* when the call it is in began; 0: in none */
    double slowest;
    char call[32], slowest_call[32];
    struct soak_strange strange[SOAK_STRANGE];
    char note[160]; /* what was wrong first */
};

struct soak {
    atomic_int phase;
    struct soak_client clients[SOAK_CLIENTS];
};

extern struct soak *soak;

double soak_now(void);
void soak_nap(unsigned ms);
/* The next of this seed's numbers below `limit`. */
unsigned soak_random(unsigned long *seed, unsigned limit);

/* Each runs until the phase says so, and gives an account. */
void soak_sign_rsa(struct soak_client *c);
void soak_sign_sm2(struct soak_client *c);
void soak_two_threads(struct soak_client *c); /* the next account is the second thread's */
void soak_decrypt(struct soak_client *c);
void soak_read(struct soak_client *c);
void soak_keep(struct soak_client *c);
void soak_restart(struct soak_client *c);
void soak_wait(struct soak_client *c);
void soak_renew(struct soak_client *c);
/* After it all, with the key in: both identities work. The tries that are left. */
bool soak_all_well(CK_ULONG *user_tries, CK_ULONG *admin_tries);

#endif
