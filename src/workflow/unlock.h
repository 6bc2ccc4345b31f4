/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Online unlock: a request at the platform, the authorisation code that its holder gets, and the
 * run on the key. Every step may be cut and called again; the state on disk and the platform know
 * how far it came.
 */
#ifndef BK_WORKFLOW_UNLOCK_H
#define BK_WORKFLOW_UNLOCK_H

#include "workflow/module.h"
#include "workflow/state.h"

enum bk_unlock_step {
    BK_UNLOCK_ASKING,    /* the platform checks the code */
    BK_UNLOCK_KEY,       /* commands go to the key */
    BK_UNLOCK_REPORTING, /* the key is unlocked; the platform is told */
};

typedef void bk_unlock_progress(void *context, enum bk_unlock_step step);

/* Asks the platform to send a code by one of the ways; keeps the request in state, and the
 * report of the one before, if there is one, for bk_unlock_finish. After a failure the file is as
 * it was, the state in memory isn't. state->given_up: of a report that had to make room. */
enum bk_err bk_unlock_request(struct bk_api *api, struct bk_state *state,
                              const struct bk_api_unlock_ask *ask,
                              struct bk_failure *failure) BK_MUST_CHECK;
/* A document of the request that state keeps. */
struct bk_unlock_paper {
    const char *kind, *file;
};
/* Uploads what is asked for with documents, and hands it in; the request is kept for as long as the
 * platform may take. Cut, it is done again from the beginning. */
enum bk_err bk_unlock_submit(struct bk_api *api, struct bk_state *state,
                             const struct bk_unlock_paper *papers, size_t count,
                             struct bk_api_unlock_review *review,
                             struct bk_failure *failure) BK_MUST_CHECK;

struct bk_unlock_finished {
    bool told;       /* the platform has been told of one */
    enum bk_err why; /* not BK_OK: of one it hasn't, and why; `failure` says more */
    bool last;       /* it hasn't been of the one in state->now */
    unsigned lost;   /* how many didn't get through to it */
};

/* Unlocks that were finished on the key but not reported: reports them. The key got the PIN that
 * was typed then, and may have been locked again since. A refusal that isn't for good keeps the
 * report, and another request may be made beside it. Fails when the state can't be written. */
enum bk_err bk_unlock_finish(struct bk_api *api, struct bk_state *state,
                             struct bk_unlock_finished *finished,
                             struct bk_failure *failure) BK_MUST_CHECK;
struct bk_unlock_result {
    bool reported; /* the platform has the last message; `failure` says why it hasn't */
    bool recorded; /* it has, or the message is kept for bk_unlock_finish */
};

/* The run: after BK_OK the key has the new PIN and its tries back, whatever *result says. One that
 * is neither reported nor recorded can be run again with the same code. A code that can't be used
 * any more ends the request. */
enum bk_err bk_unlock_run(const struct bk_module *module, CK_SLOT_ID slot, struct bk_api *api,
                          struct bk_state *state, const struct bk_secret *code,
                          const struct bk_secret *pin, bk_unlock_progress *progress, void *context,
                          struct bk_unlock_result *result,
                          struct bk_failure *failure) BK_MUST_CHECK;

#endif
