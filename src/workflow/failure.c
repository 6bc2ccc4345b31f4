/* SPDX-License-Identifier: Apache-2.0 */
#include "workflow/failure.h"

#include <stdarg.h>
#include <stdio.h>

enum bk_err bk_fail(struct bk_failure *failure, enum bk_err err, const char *fmt, ...)
{
    *failure = (struct bk_failure){.err = err, .tries_left = -1};
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(failure->text, sizeof failure->text, fmt, args);
    va_end(args);
    return err;
}

enum bk_err bk_fail_api(struct bk_failure *failure, enum bk_err err, const struct bk_api *api)
{
    const struct bk_api_problem *p = bk_api_problem(api);
    const char *text = err == BK_EREFUSED && *p->detail ? p->detail : bk_api_error(api);
    err = bk_fail(failure, err, "%s", text);
    if (err == BK_EREFUSED) {
        failure->http_status = p->status;
        failure->tries_left = p->tries_left;
        failure->retry_after = p->retry_after;
        (void)snprintf(failure->code, sizeof failure->code, "%s", p->code);
    }
    return err;
}
