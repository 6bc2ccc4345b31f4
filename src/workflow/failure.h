/* SPDX-License-Identifier: Apache-2.0 */
/* What went wrong in a step, as much as the module or the platform told. */
#ifndef BK_WORKFLOW_FAILURE_H
#define BK_WORKFLOW_FAILURE_H

#include <stdbool.h>

#include "base/err.h"
#include "client/api.h"

struct bk_failure {
    enum bk_err err;
    unsigned long rv;          /* CKR_ of the module; 0: it wasn't the module */
    unsigned long status_word; /* of the key; 0: unknown */
    long tries_left;           /* of the PIN or the code that was refused; -1: unknown */
    long http_status;          /* 0: it wasn't the platform */
    long retry_after;          /* seconds, 0: not said */
    char code[48];             /* the platform's problem code, "" when none */
    char text[320];            /* one sentence, "" when there is none */
    bool complete;             /* text says all there is to say, in the user's language */
};

/* Both return err, with the failure filled in. */
enum bk_err bk_fail(struct bk_failure *failure, enum bk_err err, const char *fmt, ...) BK_MUST_CHECK
    __attribute__((format(printf, 3, 4)));
enum bk_err bk_fail_api(struct bk_failure *failure, enum bk_err err,
                        const struct bk_api *api) BK_MUST_CHECK;

#endif
