/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): a request that is sent again gets
 * the answer of the first. A claim is a lease: when its holder dies, another may take it up after
 * lease_ms.
 */
#ifndef BK_SERVER_IDEMPOTENCY_H
#define BK_SERVER_IDEMPOTENCY_H

#include "server/store.h"

#define BK_IDEM_KEY_MAX 128u

enum bk_idem_state {
    BK_IDEM_CLAIMED,  /* do it, then finish or release */
    BK_IDEM_REPLAY,   /* answer is the first one's */
    BK_IDEM_RUNNING,  /* somebody is at it */
    BK_IDEM_MISMATCH, /* the key was used for another body */
};

struct bk_idem_answer {
    unsigned status;
    char type[64];
    struct bk_buf body;
};

/* The value of the header without the quotes of a structured-field string; BK_EFORMAT for an empty
 * one, a long one, or one with anything but visible ASCII. */
enum bk_err bk_idem_key(const char *header, char key[BK_IDEM_KEY_MAX + 1]) BK_MUST_CHECK;

enum bk_err bk_idem_claim(struct bk_tx *tx, const char *scope, const char *key, const void *body,
                          size_t len, int64_t now, int64_t keep_ms, int64_t lease_ms,
                          enum bk_idem_state *state, struct bk_idem_answer *answer) BK_MUST_CHECK;
enum bk_err bk_idem_finish(struct bk_tx *tx, const char *scope, const char *key, unsigned status,
                           const char *type, const void *body, size_t len) BK_MUST_CHECK;
/* It wasn't done (the platform failed): the next one may. */
enum bk_err bk_idem_release(struct bk_tx *tx, const char *scope, const char *key) BK_MUST_CHECK;
enum bk_err bk_idem_clean(struct bk_tx *tx, int64_t now) BK_MUST_CHECK;

#endif
