/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a cut unlock needs to be taken up again, in $XDG_STATE_HOME/bjca (default
 * ~/.local/state/bjca), one file a key, mode 0600, replaced atomically: the request's id, the
 * secret that the authorisation was bound to, and the reports that the platform hasn't taken yet.
 * Never a PIN and never a code. A renewal needs none: the key and the platform say where it stands.
 */
#ifndef BK_WORKFLOW_STATE_H
#define BK_WORKFLOW_STATE_H

#include "base/secret.h"
#include "client/api.h"

struct bk_attempt {
    char platform[256]; /* origin it was made at */
    char id[BK_API_ID + 1];
    struct bk_secret secret;
    struct bk_buf report; /* empty: none */
};

#define BK_STATE_EARLIER 8u

struct bk_state {
    char *path;
    int lock;
    bool open; /* an unlock request is under way; now and expires_at are valid */
    struct bk_attempt now;
    int64_t expires_at;
    int64_t code_at; /* when the code of a request that was just made goes out; 0: not said */
    struct bk_attempt earlier[BK_STATE_EARLIER]; /* done on the key, to be reported; oldest first */
    size_t earlier_count;
    char given_up[256]; /* platform of a report that bk_state_shelve had no room for, or "" */
};

/* Locks the key's file against another run (BK_EBUSY) and reads it; a damaged file is BK_ECORRUPT,
 * one of a newer version BK_EUNSUPPORTED, and after both the path stands. Nothing there yet is
 * BK_OK with open = false. BK_ENOTFOUND: the environment names no folder. */
enum bk_err bk_state_open(const char *serial, struct bk_state *state) BK_MUST_CHECK;
enum bk_err bk_state_save(struct bk_state *state) BK_MUST_CHECK;
/* The unlock is over: forgets it, on disk too; the earlier ones stay. */
enum bk_err bk_state_forget(struct bk_state *state) BK_MUST_CHECK;
/* Makes room for another request, not on disk yet: one that has a report becomes the last of the
 * earlier ones. When there are too many one goes: the oldest whose platform has a later one to be
 * told of, which tells it all that matters for the next unlock; else the oldest. */
void bk_state_shelve(struct bk_state *state);
/* Lets go of the earlier one with this index, not on disk yet. */
void bk_state_drop(struct bk_state *state, size_t index);
/* A damaged file gets another name, *aside, to be freed: somebody may still want what is in it. */
enum bk_err bk_state_set_aside(struct bk_state *state, char **aside) BK_MUST_CHECK;
void bk_state_close(struct bk_state *state);

/* One run of `what` a key at a time: BK_EBUSY while another holds the lock. Ends by
 * bk_file_unlock. */
enum bk_err bk_state_lock(const char *what, const char *serial, int *lock) BK_MUST_CHECK;

#endif
