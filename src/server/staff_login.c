/* SPDX-License-Identifier: Apache-2.0 */
#include "server/staff_login.h"

#include <stdio.h>
#include <string.h>

#include "server/ident.h"
#include "server/limits.h"
#include "server/staff_session.h"
#include "server/totp.h"

#define MINUTE_MS 60000
#define TRIES "staff-tries"

struct
try {
    struct bk_staff staff;
    bool found;
    char subject[2 * 32 + 1]; /* that counts the try */
    uint8_t hash[BK_STAFF_HASH];
};

static enum bk_err subject_of(const struct bk_escrow *escrow, const char *name, bool known,
                              char subject[2 * 32 + 1])
{
    uint8_t hash[32];
    enum bk_err err =
        bk_escrow_hash(escrow, known ? "staff-known" : "staff-tries", name, strlen(name), hash);
    if (err == BK_OK)
        bk_hex_text(hash, sizeof hash, subject);
    return err;
}

enum bk_err bk_staff_forgive(struct bk_tx *tx, const struct bk_escrow *escrow, const char *name)
{
    enum bk_err err = BK_OK;
    for (int known = 0; err == BK_OK && known < 2; known++) {
        char subject[2 * 32 + 1];
        err = subject_of(escrow, name, known != 0, subject);
        if (err == BK_OK)
            err = bk_limit_forget(tx, TRIES, subject);
    }
    return err;
}

/* A name without an account has a password that nobody knows, of the present cost. */
static enum bk_err find(struct bk_req *req, const char *name, struct try *try)
{
    memset(&try->staff, 0, sizeof try->staff);
    enum bk_err err = bk_staff_find(req->tx, name, &try->staff);
    try->found = err == BK_OK;
    if (err != BK_ENOTFOUND)
        return err;
    bk_staff_password_decoy(&try->staff.password);
    return BK_OK;
}

static enum bk_err take_try(struct bk_req *req, struct bk_staff_login *login, struct try *try)
{
    const struct bk_policy *p = &req->app->policy;
    bool known = try->found && strcmp(try->staff.known, req->group) == 0;
    enum bk_err err = subject_of(req->app->escrow, login->name, known, try->subject);
    if (err == BK_OK)
        err = bk_limit_take(req->tx, TRIES, try->subject, req->now, p->staff_lock_ms,
                            p->staff_tries, &login->wait_s);
    if (err == BK_OK && login->wait_s)
        login->problem = "staff-locked";
    return err;
}

/* What was typed as a name may be a password: only that of an account is told. */
static enum bk_err note(struct bk_req *req, const struct try *try, const char *action,
                        const char *detail)
{
    char object[BK_STAFF_NAME + 8];
    (void)snprintf(object, sizeof object, "staff:%s", try->found ? try->staff.name : "?");
    return bk_req_audit(req, action, object, detail);
}

/* What can be said without the password, and what is needed to look at it. */
static enum bk_err begin(struct bk_req *req, struct bk_staff_login *login, struct try *try)
{
    enum bk_err err = bk_limit_take(req->tx, "staff-address", req->group, req->now, MINUTE_MS,
                                    req->app->policy.login_per_minute, &login->wait_s);
    if (err == BK_OK && login->wait_s) {
        login->problem = "too-many-requests";
        return BK_OK;
    }
    if (err == BK_OK)
        err = find(req, login->name, try);
    if (err == BK_OK)
        err = take_try(req, login, try);
    if (err == BK_OK && login->problem)
        err = note(req, try, "staff.locked", "");
    return err;
}

/* Both are looked at, whatever the first says. */
static enum bk_err check(struct bk_req *req, const struct bk_staff_login *login, struct try *try,
                         bool *good, int64_t *step)
{
    static const uint8_t none[BK_TOTP_SECRET];
    const struct bk_staff_password before = try->staff.password;
    struct bk_buf secret = BK_BUF_INIT;
    bool code = false;
    enum bk_err err = find(req, login->name, try);
    if (err == BK_OK)
        err = try->found ? bk_staff_secret(req->tx, req->app->escrow, login->name, &secret)
                         : bk_buf_put(&secret, none, sizeof none);
    if (err == BK_OK)
        err = bk_totp_check(secret.data, secret.len, login->code, req->now, &code, step);
    bk_buf_free(&secret);
    bool password = bk_secret_equal(try->hash, sizeof try->hash, before.hash, sizeof before.hash);
    /* one that was changed meanwhile was right for nothing */
    bool same = memcmp(before.salt, try->staff.password.salt, sizeof before.salt) == 0;
    *good = try->found && try->staff.enabled && same && password && code &&
            *step > try->staff.totp_step;
    return err;
}

static enum bk_err grant(struct bk_req *req, struct bk_staff_login *login, struct try *try,
                         int64_t step)
{
    const char *name = try->staff.name;
    const struct bk_policy *p = &req->app->policy;
    login->expires_at = req->now + p->staff_session_ms;
    (void)snprintf(req->session.staff, sizeof req->session.staff, "%s", name);
    (void)snprintf(req->session.actor, sizeof req->session.actor, "staff:%s", name);
    req->session.roles = try->staff.roles;
    enum bk_err err = bk_tx_exec(
        req->tx, "UPDATE staff SET totp_step = $1, known = $2, login_at = $3 WHERE name = $4",
        BK_VALS(bk_int(step), bk_text(req->group), bk_int(req->now), bk_text(name)), NULL);
    if (err == BK_OK)
        err = bk_limit_forget(req->tx, TRIES, try->subject);
    if (err == BK_OK)
        err = bk_staff_session_new(req->tx, name, req->page, req->now, login->expires_at,
                                   login->token);
    return err == BK_OK ? note(req, try, "staff.login", "") : err;
}

/* A wrong try is the same work whatever the account's cost is, and whether there is one. */
static enum bk_err look(struct bk_req *req, const struct bk_staff_login *login, struct try *try,
                        bool *good, int64_t *step)
{
    const struct bk_escrow *escrow = req->app->escrow;
    enum bk_err err = bk_req_pause(req); /* the try is spent, whatever comes */
    if (err == BK_OK)
        err = bk_staff_password_hash(escrow, login->password, &try->staff.password, try->hash);
    if (err == BK_OK)
        err = bk_req_resume(req);
    return err == BK_OK ? check(req, login, try, good, step) : err;
}

/* What was all right gets the present cost, and is looked at again: others may have come meanwhile.
 */
static enum bk_err renew(struct bk_req *req, const struct bk_staff_login *login, struct try *try,
                         bool *good, int64_t *step)
{
    struct bk_staff_password made = {.salt = {0}};
    enum bk_err err = bk_req_pause(req);
    if (err == BK_OK)
        err = bk_staff_password_make(req->app->escrow, login->password, &made);
    if (err == BK_OK)
        err = bk_req_resume(req);
    if (err == BK_OK)
        err = check(req, login, try, good, step);
    if (err == BK_OK && *good)
        err = bk_staff_renew_password(req->tx, try->staff.name, &made);
    bk_wipe(&made, sizeof made);
    return err;
}

enum bk_err bk_staff_log_in(struct bk_req *req, struct bk_staff_login *login)
{
    struct try try = {.found = false};
    bool good = false;
    int64_t step = 0;
    enum bk_err err = begin(req, login, &try);
    if (err != BK_OK || login->problem)
        return err;
    err = look(req, login, &try, &good, &step);
    if (err == BK_OK && good && bk_staff_password_is_old(&try.staff.password))
        err = renew(req, login, &try, &good, &step);
    if (err == BK_OK && good)
        err = grant(req, login, &try, step);
    else if (err == BK_OK) {
        login->problem = "staff-login-wrong";
        err = note(req, &try, "staff.refused", "");
    }
    bk_wipe(&try, sizeof try);
    return err;
}

enum bk_err bk_staff_log_out(struct bk_req *req, const char *token)
{
    char object[BK_STAFF_NAME + 8];
    (void)snprintf(object, sizeof object, "staff:%s", req->session.staff);
    enum bk_err err = bk_staff_session_end(req->tx, token, req->page);
    return err == BK_OK ? bk_req_audit(req, "staff.logout", object, "") : err;
}

enum bk_err bk_refuse_login(struct bk_req *req, const struct bk_staff_login *login)
{
    if (!login->wait_s)
        return bk_refuse(req, login->problem);
    return bk_refuse_wait(req, login->problem, login->wait_s);
}
