/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A key is made for an approved order: bound to it at the platform, personalised with what the
 * platform has stored for it, given its certificates, proved and confirmed. Nothing is kept on the
 * disk: where it stands is read from the platform and the key, so that a production that was cut
 * goes on, or personalises the key anew with the same secrets.
 */
#ifndef BK_WORKFLOW_PRODUCE_H
#define BK_WORKFLOW_PRODUCE_H

#include "base/secret.h"
#include "workflow/module.h"

enum bk_produce_step {
    BK_PRODUCE_BEGIN,       /* the platform binds the key to the order */
    BK_PRODUCE_PERSONALISE, /* device key, label, application, PINs */
    BK_PRODUCE_GENERATE,    /* the key makes its key pair */
    BK_PRODUCE_ISSUE,       /* the CA issues */
    BK_PRODUCE_LOAD,        /* certificates go to the key */
    BK_PRODUCE_PROVE,       /* all is read back and tried */
    BK_PRODUCE_COMMIT,      /* they are the container's */
    BK_PRODUCE_CONFIRM,     /* the platform is told, and sends the PIN */
    BK_PRODUCE_STEPS
};

struct bk_produce_ask {
    const char *order;
    const char *shape;                 /* "direct", "admin-first": how the key is to be unlocked */
    const struct bk_secret *maker_key; /* the device key that new keys have; empty: not known */
    bool erase;                        /* what is on the key may go */
    void *context;
    /* As bk_renew_ui.progress. */
    bool (*progress)(void *context, enum bk_produce_step step, size_t done, size_t total);
};

struct bk_produce_result {
    struct bk_api_production production; /* as it is now at the platform */
    bool resumed;                        /* an earlier run had begun it, or done all of it */
    bool personalised;                   /* by this run */
};

/* `api` is logged in as a producer. BK_EDENIED: the key has something on it, and `erase` isn't
 * said; or it refuses its device key. */
enum bk_err bk_produce_run(const struct bk_module *module, const struct bk_key *key,
                           struct bk_api *api, const struct bk_produce_ask *ask,
                           struct bk_produce_result *result,
                           struct bk_failure *failure) BK_MUST_CHECK;

#endif
