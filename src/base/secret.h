/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A secret in pages of its own: locked in memory where the limit allows it, left out of core
 * dumps, not copied into a forked child, wiped by its free. For PINs, authorisation codes and keys
 * that live longer than one call; a short-lived one may stand in a bk_buf, which wipes too.
 */
#ifndef BK_BASE_SECRET_H
#define BK_BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct bk_secret {
    uint8_t *data; /* NULL when empty; a NUL stands behind the bytes, not counted */
    size_t len;
    size_t mapped;
};

#define BK_SECRET_INIT {0}

/* Replaces what the secret held. data may be NULL: len zero bytes to be filled in. */
enum bk_err bk_secret_set(struct bk_secret *secret, const void *data, size_t len) BK_MUST_CHECK;
void bk_secret_free(struct bk_secret *secret);
/* In constant time for equal lengths. Two empty secrets are not equal: nothing is proved by none. */
bool bk_secret_equal(const void *a, size_t a_len, const void *b, size_t b_len);
/* Wipes bytes so that no compiler leaves it out. */
void bk_wipe(void *data, size_t len);

#endif
