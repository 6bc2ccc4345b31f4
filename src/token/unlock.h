/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Unlocking with commands that only the platform can make; docs/formats.md clause 4. The key is
 * held from begin to the end: one random drawn in between by anybody else would spoil the next
 * command's MAC, and that costs an administrator try.
 */
#ifndef BK_TOKEN_UNLOCK_H
#define BK_TOKEN_UNLOCK_H

#include "token/token.h"

#define BK_UNLOCK_MESSAGE_MAX 4096
#define BK_UNLOCK_SECONDS 15 /* a round; later answers are discarded unsent */
#define BK_UNLOCK_ADMIN_TRIES_MIN 4

/*
 * Draws the random and appends the first request. BK_EBUSY: one is under way; BK_EDENIED: too few
 * administrator tries are left to risk one; BK_EPIN_LOCKED: none.
 */
enum bk_err bk_unlock_begin(struct bk_token *token, struct bk_buf *request) BK_MUST_CHECK;
/*
 * Takes the platform's answer; appends the next request. *done: the key has the new PIN, is free
 * again, and the request is the proof for the platform. After an error the key was reset and the
 * unlock is over: BK_EREFUSED the answer isn't for this key, this random, or not now; BK_ERESET it
 * came too late, or the key was reset meanwhile or gave no answer. Only a new PIN that breaks the
 * rules (BK_ELIMIT, BK_EPIN_RULE) leaves it as it was: nothing was sent.
 */
enum bk_err bk_unlock_step(struct bk_token *token, const void *answer, size_t len,
                           const void *new_pin, size_t new_pin_len, struct bk_buf *request,
                           bool *done) BK_MUST_CHECK;
/* Resets the key and lets go; nothing when there is none. */
void bk_unlock_drop(struct bk_token *token);
/* True while an unlock holds the key; one that has waited too long is dropped here. */
bool bk_unlock_holds(struct bk_token *token);
/* Until then. */
unsigned bk_unlock_seconds_left(const struct bk_token *token);

#endif
