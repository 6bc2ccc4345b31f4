/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Log-in of the staff. Each try is counted before it is looked at, and forgotten when it was right:
 * behind policy.staff_tries of them nothing is looked at until policy.staff_lock_ms are over. Where
 * the account logged in last is counted apart from everywhere else, so that a stranger who goes on
 * trying doesn't keep it out. A name that has no account is answered and counted just so, after as
 * much work.
 */
#ifndef BK_SERVER_STAFF_LOGIN_H
#define BK_SERVER_STAFF_LOGIN_H

#include "server/router.h"

struct bk_staff_login {
    const char *name, *password, *code;
    /* out */
    const char *problem; /* NULL: logged in, and req->session is of the account */
    int64_t wait_s;      /* with those that are 429 */
    int64_t expires_at;
    char token[BK_TOKEN + 1]; /* to be wiped */
};

/* Ends the transaction meanwhile and begins another. */
enum bk_err bk_staff_log_in(struct bk_req *req, struct bk_staff_login *login) BK_MUST_CHECK;
/* Ends the request's own session. */
enum bk_err bk_staff_log_out(struct bk_req *req, const char *token) BK_MUST_CHECK;
/* Refuses for login->problem. */
enum bk_err bk_refuse_login(struct bk_req *req, const struct bk_staff_login *login) BK_MUST_CHECK;
/* All tries of the account are forgotten. */
enum bk_err bk_staff_forgive(struct bk_tx *tx, const struct bk_escrow *escrow,
                             const char *name) BK_MUST_CHECK;

#endif
