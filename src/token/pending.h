/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates that a renewal has in hand and the key not yet in their place; docs/formats.md
 * clause
 * 8. For the files of this layer. */
#ifndef BK_TOKEN_PENDING_H
#define BK_TOKEN_PENDING_H

#include "token/token.h"

/* Four certificates of a renewal that keeps the key, or a signing certificate that waits for the
 * commit on a key without files. */
struct bk_pending {
    char name[BK_CARD_NAME_MAX + 1];
    unsigned generation;
    struct bk_buf new_cert[2], old_cert[2]; /* by enum bk_key_use; empty: none */
};

void bk_pending_free(struct bk_pending **pending);
enum bk_err bk_pending_encode(const struct bk_pending *pending, struct bk_buf *out) BK_MUST_CHECK;
/* BK_ECORRUPT when it isn't one. */
enum bk_err bk_pending_decode(const void *data, size_t len, struct bk_pending **out) BK_MUST_CHECK;
/* Whether it is for this container, and for the signing pair that is in it: other software may have
 * put another one there. */
enum bk_err bk_pending_is_of(const struct bk_pending *pending, const struct bk_container *c,
                             bool *is) BK_MUST_CHECK;
/* What is saved, on the key or, when it takes no files, in memory: NULL when there is nothing;
 * find: or nothing for this container. */
enum bk_err bk_pending_any(struct bk_token *t, struct bk_pending **out) BK_MUST_CHECK;
enum bk_err bk_pending_find(struct bk_token *t, const struct bk_container *c,
                            struct bk_pending **out) BK_MUST_CHECK;
/* On the key, in place of another. BK_EFULL: no room, no files or no right to make one. */
enum bk_err bk_pending_save(struct bk_token *t, const struct bk_pending *pending) BK_MUST_CHECK;
/* In memory; taken over (set to NULL). */
void bk_pending_hold(struct bk_token *t, struct bk_pending **pending);
enum bk_err bk_pending_delete(struct bk_token *t) BK_MUST_CHECK;
/* Shows saved certificates where a cut has left a current container without. */
enum bk_err bk_pending_overlay(struct bk_token *t) BK_MUST_CHECK;

#endif
