/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What keys have refused, so that it isn't sent to them again: of each the PIN of the user and the
 * one of the administrator that it refused last. Kept by the keys' serial numbers (a key of ours
 * has one), for longer than their tokens: a key that was pulled is known again in whichever reader.
 *
 * A refusal counts only while the key's counter stands where it left it (bk_pin_may_go), also for
 * the sake of two keys to which their maker gave one serial number.
 */
#ifndef BK_TOKEN_REFUSED_H
#define BK_TOKEN_REFUSED_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define BK_REFUSED_KEPT 16 /* keys, for each type of PIN; the one that refused longest ago goes */

struct bk_refused {
    char serial[33];    /* of the key that refused it; "": none was refused */
    uint8_t key[32];    /* of the digest */
    uint8_t digest[32]; /* keyed digest of the PIN */
    int left;           /* tries left after it */
};

/* Thread-safe: its lock is taken after any other, and none while it is held. */
struct bk_refusals {
    pthread_mutex_t lock;
    struct bk_refused kept[2][BK_REFUSED_KEPT]; /* by enum bk_pin_type; the last refusal first */
};

void bk_refusals_init(struct bk_refusals *refusals);
void bk_refusals_wipe(struct bk_refusals *refusals);
/* Takes what this key refused last in the place of what it refused before; "" in r->serial:
 * nothing that still counts. */
void bk_refusals_put(struct bk_refusals *refusals, unsigned type, const char *serial,
                     const struct bk_refused *r);
/* Leaves r as it is when nothing is kept of this key. */
void bk_refusals_get(struct bk_refusals *refusals, unsigned type, const char *serial,
                     struct bk_refused *r);

/* The key with this serial refused this secret just now, and has said how many tries are left; -1:
 * it hasn't, and nothing is remembered. */
void bk_refused_mark(struct bk_refused *r, const char *serial, int left, const void *secret,
                     size_t len);
/* Whether it is the one that was refused. */
enum bk_err bk_refused_is(const struct bk_refused *r, const void *secret, size_t len,
                          bool *same) BK_MUST_CHECK;

#endif
