/* SPDX-License-Identifier: Apache-2.0 */
/* What every change on the key goes through: one sequence, logged in, and the record whose number
 * tells other processes of it. */
#ifndef BK_TOKEN_CHANGE_H
#define BK_TOKEN_CHANGE_H

#include "token/token.h"

/* An operation that may be run again from its start, logged in, in one sequence. BK_EUNSUPPORTED on
 * a key with a generation record of a later version, but for one that changes nothing on it. */
typedef enum bk_err (*bk_token_op)(struct bk_token *t, void *arg);
enum bk_err bk_token_run(struct bk_token *t, bk_token_op op, void *arg) BK_MUST_CHECK;
enum bk_err bk_token_run_reading(struct bk_token *t, bk_token_op op, void *arg) BK_MUST_CHECK;
/* That BK_EUNSUPPORTED, for who changes something before. */
enum bk_err bk_token_may_change(struct bk_token *t) BK_MUST_CHECK;

/* Writes the record, without the labels of names that are on the key no more. Call it where
 * bk_token_refresh was called in the same sequence: BK_ESTATE when `next` isn't made from what
 * stands on the key now. */
enum bk_err bk_token_write_record(struct bk_token *t, const struct bk_record *next) BK_MUST_CHECK;
/* To make room: what it has of names that are on the key no more goes. */
void bk_token_prune(const struct bk_token *t, struct bk_record *record);
/* Before a container is made: of a NAME that isn't on the key the record keeps nothing, so that it
 * begins with generation 0 and without labels. As above in the same sequence as bk_token_refresh.
 */
enum bk_err bk_token_forget_name(struct bk_token *t, const char *name) BK_MUST_CHECK;

/* Makes it the current one of NAME; 0: a number alone, that others read anew. */
enum bk_err bk_token_write_generation(struct bk_token *t, const char *name,
                                      unsigned generation) BK_MUST_CHECK;
/* Of the key itself: what a save file shows in its place doesn't count. */
enum bk_err bk_token_has_cert(struct bk_token *t, const struct bk_container *c, enum bk_key_use use,
                              const struct bk_buf *want, bool *has) BK_MUST_CHECK;
/* Writes those that aren't empty (by enum bk_key_use) over what is there, and reads them back. The
 * signing certificate last: whoever sees it new may take the whole for done. */
enum bk_err bk_token_put_certs(struct bk_token *t, struct bk_container *c,
                               const struct bk_buf cert[2]) BK_MUST_CHECK;
/* The record's number, raised, tells other processes to read anew: of this container, or (NULL) of
 * a file. On a key too full for a record what was changed is good all the same. */
enum bk_err bk_token_tell_others(struct bk_token *t, const struct bk_container *c) BK_MUST_CHECK;
/* What other programs can't see by the names of the containers has changed, and is done: keys made,
 * a container deleted. They look at the record's number; that it can't be raised is only logged. */
void bk_token_changed(struct bk_token *t);

#endif
