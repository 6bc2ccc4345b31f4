/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What has to be told or asked outside, written in the transaction of its cause and done by
 * workers: again with growing pauses until it works or its time is over (then it is "dead", for
 * staff to see). What is owed is never given up: when its time is over while it fails, that is
 * written in the audit log, once. Each lane has workers of its own, so that a provider that is slow
 * delays what goes to it, and nothing else: one for first tries, one for what is tried again, which
 * may run at the same time. The same dedupe text is never written twice. The payload is sealed
 * while it waits (it may hold an authorisation code) and gone when it is done.
 */
#ifndef BK_SERVER_OUTBOX_H
#define BK_SERVER_OUTBOX_H

#include <stdbool.h>

#include "net/json.h"
#include "server/escrow.h"
#include "server/store.h"

struct bk_outbox;

struct bk_outbox_item {
    const char *id;
    const char *kind;
    int64_t attempts; /* this one counted, from 1 */
    int64_t created_at;
    const json_t *payload;
    bool *for_good; /* to be set with a failure that no trial will change: it is given up at once */
};

/*
 * Does one item, outside any transaction. BK_OK: done. BK_EBUSY: nothing went wrong, it is only not
 * time yet (asked again after a short pause, which grows after the first minute). BK_ERESET: nobody
 * knows whether it is done, and it will be once more: tried again, but seldom. Anything else: it
 * failed and is tried again later.
 */
typedef enum bk_err bk_outbox_do(void *context, const struct bk_outbox_item *item);

#define BK_OUTBOX_KIND 31u /* characters */
#define BK_OUTBOX_LANES 4u
#define BK_OUTBOX_KINDS 6u /* of one lane */

struct bk_outbox_kind {
    const char *kind;
    unsigned lane; /* from 0, without gaps */
    bk_outbox_do *work;
    /* given up only when its payload can't be opened, or for good, and kept for bk_outbox_retry */
    bool owed;
    /* NULL: nothing. What comes by time alone: done at the start, and every ten minutes. */
    enum bk_err (*clean)(void *context, int64_t now);
};

/* payload: its reference is taken, also on failure. */
enum bk_err bk_outbox_add(struct bk_tx *tx, const struct bk_escrow *escrow, const char *kind,
                          const char *dedupe, json_t *payload, int64_t now,
                          int64_t give_up_at) BK_MUST_CHECK;

/* The same, to be done first at a time to come: no clock that was set back brings that nearer. */
enum bk_err bk_outbox_add_later(struct bk_tx *tx, const struct bk_escrow *escrow, const char *kind,
                                const char *dedupe, json_t *payload, int64_t now, int64_t at,
                                int64_t give_up_at) BK_MUST_CHECK;

/* For the work itself: written as done together with what came of it. */
enum bk_err bk_outbox_done(struct bk_tx *tx, const char *id, int64_t now) BK_MUST_CHECK;

/* kinds: as long as the outbox. Items of other kinds are left for whoever knows them. lease_ms:
 * longer than any of the work takes; what a daemon was at that died is done by another, or by the
 * next, when that time is over. */
enum bk_err bk_outbox_start(struct bk_store *store, const struct bk_escrow *escrow,
                            const struct bk_outbox_kind *kinds, size_t count, void *context,
                            int64_t lease_ms, struct bk_outbox **outbox) BK_MUST_CHECK;
/* What isn't done, oldest first; dead: only what was given up. Columns: id, kind, state, attempts,
 * created_at, next_at, done_at (when it was given up), last_error ("" at first), dedupe, whether it
 * can be tried again. */
enum bk_err bk_outbox_list(struct bk_tx *tx, bool dead, struct bk_rows *rows) BK_MUST_CHECK;
/* Has what was given up tried again from now on. kind: its kind. BK_ENOTFOUND: no such
 * item; BK_ESTATE: it wasn't given up; BK_EUNSUPPORTED: its payload is gone. */
enum bk_err bk_outbox_retry(struct bk_tx *tx, const char *id, int64_t now,
                            char kind[BK_OUTBOX_KIND + 1]) BK_MUST_CHECK;
/* Removes what was finished before that, and isn't kept to be tried again. That an order was
 * refunded is asked of its item, which stays. */
enum bk_err bk_outbox_forget(struct bk_tx *tx, int64_t before) BK_MUST_CHECK;
/* How many times bk_outbox_add, _add_later and _retry had something done, in this process. */
unsigned long bk_outbox_made_due(void);
/* There is something to do now, if that isn't what it was before. */
void bk_outbox_wake(struct bk_outbox *outbox, unsigned long before);
void bk_outbox_stop(struct bk_outbox **outbox);

#endif
