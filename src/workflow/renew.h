/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Renewal in place, from log-in to the platform's confirmation. Nothing of it is kept on the disk:
 * where a renewal stands is read from the key (staged generation) and the platform (orders of this
 * certificate), so that it can be taken up from any machine and never orders or pays twice.
 */
#ifndef BK_WORKFLOW_RENEW_H
#define BK_WORKFLOW_RENEW_H

#include "workflow/module.h"

enum bk_renew_step {
    BK_RENEW_LOGIN,    /* the platform checks the certificate */
    BK_RENEW_ROOM,     /* is there room on the key */
    BK_RENEW_ORDER,    /* an order is made, or found */
    BK_RENEW_PAY,      /* waiting for the payment */
    BK_RENEW_REVIEW,   /* waiting for staff, who look at an order that needs it */
    BK_RENEW_GENERATE, /* the key makes a key pair; left out when its keys are kept */
    BK_RENEW_ISSUE,    /* the CA issues */
    BK_RENEW_LOAD,     /* certificates go to the key */
    BK_RENEW_PROVE,    /* all is read back and tried */
    BK_RENEW_COMMIT,   /* the new generation becomes the current one */
    BK_RENEW_CONFIRM,  /* the platform is told */
    BK_RENEW_STEPS
};

enum bk_renew_answer { BK_RENEW_YES, BK_RENEW_NO, BK_RENEW_CANNOT_ASK };

struct bk_renew_ui {
    void *context;
    /* Between parts of a step: done of total (0: unknown). False asks to stop; the renewal can be
     * taken up again. */
    bool (*progress)(void *context, enum bk_renew_step step, size_t done, size_t total);
    /* The order as it stands before anything is paid. A no cancels one that was made just now; an
     * older one may be about to be paid somewhere else and stays. */
    enum bk_renew_answer (*confirm)(void *context, const struct bk_api_order *order);
    /* A payment code to be shown; called once for each code. */
    void (*pay)(void *context, const struct bk_api_order *order, const char *qr);
    long wait_ms; /* how long to wait for the payment, and for the review */
};

struct bk_renew_result {
    struct bk_api_order order; /* its state "" after a failure: not known any more */
    bool resumed;              /* an earlier run had begun it, or done all of it */
    bool replaced;  /* certificates were written by this run */
    bool kept_keys; /* with replaced: for the keys that were there */
    bool confirming; /* the key has its new certificate, from this run or an earlier one */
    bool confirmed; /* false: the key is renewed, but the platform couldn't be told; run again */
};

/* It waits for its customer, who goes on with it at the platform's site. */
bool bk_renew_is_incomplete(const struct bk_api_order *order);
/* Nothing comes of it any more; another one may be made. */
bool bk_renew_is_over(const struct bk_api_order *order);
/* The platform gives no certificate for what is staged: `failure` is of its answer. */
bool bk_renew_gets_nothing(const struct bk_failure *failure);
/* `session` is of the container's slot and logged in; `name` without generation; flags as for
 * BJCA_RenewBegin, but one that was begun with others goes on as it began. BK_ETIMEOUT: not paid
 * or not reviewed in time; the order stays open. BK_ESTATE: it waits for something else. A
 * certificate that came by a renewal is renewed already, until it is time for the next: that is
 * BK_OK with that order. */
enum bk_err bk_renew_run(const struct bk_module *module, CK_SESSION_HANDLE session, CK_SLOT_ID slot,
                         const char *name, CK_FLAGS flags, struct bk_api *api,
                         const struct bk_renew_ui *ui, struct bk_renew_result *result,
                         struct bk_failure *failure) BK_MUST_CHECK;

#endif
