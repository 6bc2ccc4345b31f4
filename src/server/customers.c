/* SPDX-License-Identifier: Apache-2.0 */
/* Log-in without a certificate: by an organisation's code and a phone, with a code by SMS. Whether
 * the platform has orders of either makes no difference before the phone has been proved. */
#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "server/api.h"
#include "server/code.h"
#include "server/ident.h"
#include "server/limits.h"
#include "server/order_api.h"
#include "server/session.h"
#include "server/tell.h"

#define MINUTE_MS (INT64_C(60) * 1000)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)

enum bk_err bk_refuse_code(struct bk_req *req, const struct bk_code_use *use)
{
    json_t *more = strcmp(use->problem, "code-wrong") == 0
                       ? json_pack("{s:I}", "tries_left", (json_int_t)use->tries_left)
                       : NULL;
    return bk_refuse_with(req, use->problem, more);
}

enum bk_err bk_req_limit(struct bk_req *req, const char *scope, const char *subject,
                         int64_t window_ms, int64_t max, int64_t *wait_s)
{
    return bk_limit_take_of(req->tx, req->app->escrow, scope, subject, req->now, window_ms, max,
                            wait_s);
}

struct asked {
    char org_code[BK_ORG_CODE + 1];
    char phone[BK_PHONE + 1];
    char phone_hash[BK_PHONE_HASH + 1];
    bool quiet; /* over what its phone may be sent: nothing is */
    char id[BK_CODE_ID];
    char code[BK_CODE + 1];
    int64_t expires_at;
};

static enum bk_err read_request(struct bk_req *req, struct asked *a, bool *refused)
{
    const char *org = NULL, *phone = NULL;
    enum bk_err err = bk_req_text(req, "org_code", 1, 64, &org, refused);
    if (err == BK_OK && !*refused)
        err = bk_req_text(req, "phone", 1, BK_PHONE_TYPED, &phone, refused);
    if (err != BK_OK || *refused)
        return err;
    const char *bad = !bk_org_code_read(org, a->org_code) ? "bad-org-code"
                      : !bk_phone_read(phone, a->phone)   ? "bad-phone"
                                                          : NULL;
    *refused = bad != NULL;
    if (bad)
        return bk_refuse_with(
            req, bad,
            json_pack("{s:s}", "member", strcmp(bad, "bad-phone") == 0 ? "phone" : "org_code"));
    return bk_phone_hash(req->app->escrow, a->org_code, a->phone, a->phone_hash);
}

/* What one address may ask for, in all and about one phone, is refused; what a phone is sent is
 * not, for anybody can name it: over that the answer is the usual one. */
static enum bk_err limit(struct bk_req *req, struct asked *a, bool *refused)
{
    const struct bk_policy *p = &req->app->policy;
    const struct {
        const char *scope, *subject;
        int64_t window, max;
        bool refuses;
    } limits[] = {{"customer-address", "", HOUR_MS, p->address_per_hour, true},
                  {"customer-asker-minute", a->phone, MINUTE_MS, p->phone_per_minute, true},
                  {"customer-asker-hour", a->phone, HOUR_MS, p->phone_per_hour, true},
                  {"customer-asker-day", a->phone, DAY_MS, p->phone_per_day, true},
                  {"customer-phone-hour", a->phone, HOUR_MS, p->phone_per_hour, false},
                  {"customer-phone-day", a->phone, DAY_MS, p->phone_per_day, false}};
    enum bk_err err = BK_OK;
    for (size_t i = 0; err == BK_OK && !*refused && i < sizeof limits / sizeof *limits; i++) {
        char subject[96];
        int64_t wait = 0;
        int n = snprintf(subject, sizeof subject, "%s %s", limits[i].refuses ? req->group : "",
                         limits[i].subject);
        err = n > 0 && (size_t)n < sizeof subject ? BK_OK : BK_ELIMIT;
        if (err == BK_OK)
            err =
                bk_req_limit(req, limits[i].scope, subject, limits[i].window, limits[i].max, &wait);
        *refused = err == BK_OK && wait && limits[i].refuses;
        if (*refused)
            err = bk_refuse_later(req, wait);
        a->quiet = a->quiet || wait;
    }
    return err;
}

static enum bk_err send_code(struct bk_req *req, struct asked *a)
{
    const struct bk_code_ask ask = {.purpose = "customer",
                                    .subject = a->phone_hash,
                                    .secret = a->phone,
                                    .now = req->now,
                                    .expires_at = a->expires_at,
                                    .tries = req->app->policy.code_tries};
    enum bk_err err = bk_code_make(req->tx, req->app->escrow, &ask, a->id, a->code);
    if (err == BK_OK) {
        const struct bk_tell tell = {.dedupe = a->id,
                                     .phone = a->phone,
                                     .template = "customer-code",
                                     .code = a->code,
                                     .now = req->now,
                                     .expires_at = a->expires_at,
                                     .quiet = a->quiet};
        err = bk_tell_sms(req->app, req->tx, &tell, NULL);
    }
    bk_wipe(a->code, sizeof a->code);
    return err;
}

enum bk_err bk_api_customer_code(struct bk_req *req)
{
    struct asked a = {.quiet = false};
    char object[64];
    bool refused = false;
    enum bk_err err = read_request(req, &a, &refused);
    if (err == BK_OK && !refused)
        err = limit(req, &a, &refused);
    if (err != BK_OK || refused)
        return err;
    a.expires_at = req->now + req->app->policy.code_ms;
    err = send_code(req, &a);
    (void)snprintf(object, sizeof object, "customer:%s:%.16s", a.org_code, a.phone_hash);
    if (err == BK_OK)
        err = bk_req_audit(req, "customer.code", object, a.quiet ? "over the phone's limit" : "");
    return err == BK_OK ? bk_reply(req, 202,
                                   json_pack("{s:s, s:I}", "id", a.id, "expires_at",
                                             (json_int_t)a.expires_at))
                        : err;
}

/* The organisation's code comes again: the hash that the code was made for is of both. */
static enum bk_err grant(struct bk_req *req, const char *org_code, struct bk_code_use *use)
{
    char token[BK_TOKEN + 1], object[64], hash[BK_PHONE_HASH + 1];
    const char *phone = NULL;
    int64_t expires = req->now + req->app->policy.customer_session_ms;
    enum bk_err err = bk_buf_cstr(&use->secret, &phone);
    if (err == BK_OK)
        err = bk_phone_hash(req->app->escrow, org_code, phone, hash);
    if (err == BK_OK && strcmp(hash, use->subject) != 0)
        return bk_refuse(req, "code-void");
    if (err == BK_OK)
        err = bk_customer_session_new(req->tx, req->app->escrow, org_code, phone, req->now, expires,
                                      token);
    (void)snprintf(object, sizeof object, "customer:%s:%.16s", org_code, use->subject);
    if (err == BK_OK)
        err = bk_req_audit(req, "customer.login", object, "");
    if (err == BK_OK)
        err = bk_reply(req, 201,
                       json_pack("{s:s, s:I, s:s}", "token", token, "expires_at",
                                 (json_int_t)expires, "org_code", org_code));
    bk_wipe(token, sizeof token);
    return err;
}

enum bk_err bk_api_customer_session(struct bk_req *req)
{
    struct bk_code_use use = {.problem = NULL};
    const char *id = NULL, *code = NULL, *org = NULL;
    char org_code[BK_ORG_CODE + 1];
    bool refused = false;
    enum bk_err err = bk_req_text(req, "id", 1, BK_ULID, &id, &refused);
    if (err == BK_OK && !refused)
        err = bk_req_text(req, "code", 1, 32, &code, &refused);
    if (err == BK_OK && !refused)
        err = bk_req_text(req, "org_code", 1, 64, &org, &refused);
    if (err != BK_OK || refused)
        return err;
    if (!bk_org_code_read(org, org_code))
        return bk_refuse_with(req, "bad-org-code", json_pack("{s:s}", "member", "org_code"));
    err = bk_code_take(req->tx, req->app->escrow, "customer", id, code, req->now, &use);
    if (err == BK_OK && use.problem)
        err = bk_refuse_code(req, &use);
    else if (err == BK_OK)
        err = grant(req, org_code, &use);
    bk_buf_free(&use.secret);
    return err;
}
