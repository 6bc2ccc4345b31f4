/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From an HTTP request to the function that answers it. A handler works in one transaction, which
 * is committed after it returns BK_OK (whatever it answers: a refusal too may have changed
 * something, such as tries left) and rolled back for any other error, which becomes 500. When the
 * store says BK_EBUSY the handler is called again from its beginning. Where nobody need wait for
 * the last commit of a request, its thread goes on, and who has brought it to the disk answers;
 * what isn't kept after all is done once more, by a thread that waits. A handler that has to talk
 * to somebody in between ends the transaction with bk_req_pause and begins the next with
 * bk_req_resume; everything it read may have changed meanwhile.
 */
#ifndef BK_SERVER_ROUTER_H
#define BK_SERVER_ROUTER_H

#include "net/json.h"
#include "server/app.h"
#include "server/form.h"
#include "server/httpd.h"
#include "server/problem.h"
#include "server/session.h"
#include "server/staff.h"

#define BK_REQ_PARAM 64u
#define BK_REQ_BODY ((size_t)256 * 1024) /* bytes of a request's body, but for uploads */

struct bk_visit;

struct bk_req {
    struct bk_app *app;
    struct bk_visit *visit;      /* the router's own */
    const struct bk_http_in *in; /* its peer is the customer, whatever proxies stand between */
    struct bk_http_out *out;
    struct bk_tx *tx;
    bool looks;          /* it mostly reads, and waits for no turn */
    bool direct;         /* no trusted proxy stands between */
    bool away;           /* the database went away */
    bool late;           /* another thread answers: `in` and `out` are no longer to be looked at */
    bool plans;          /* BK_ROUTE_PLANS, where that helps */
    bool kept;           /* something of this attempt, or an earlier one, was committed */
    json_t *body;        /* the JSON object that was sent; NULL when none was */
    bool page;           /* for people: refusals are pages, too */
    struct bk_form form; /* of a page's POST */
    char csrf[65];       /* the token that a form of this session has */
    char params[2][BK_REQ_PARAM + 1];
    enum bk_lang lang;
    char group[BK_ADDRESS_TEXT]; /* what limits by address count it for */
    char id[27];                 /* of this request, in the log and in problems */
    int64_t now;
    struct bk_session session;
};

typedef enum bk_err bk_handler(struct bk_req *req);

#define BK_ROUTE_LOGIN 1u        /* needs a bearer token, of a log-in by certificate */
#define BK_ROUTE_CUSTOMER 64u    /* or of one by organisation code and phone; alone: only that */
#define BK_ROUTE_IDEMPOTENT 2u   /* needs an Idempotency-Key */
#define BK_ROUTE_REPEATS 131072u /* its handler answers the same again: no answer is kept */
#define BK_ROUTE_LOOKS 16u       /* mostly reads, as every GET does: see bk_tx_look */
#define BK_ROUTE_PLANS 65536u    /* writes what nobody else reads, up to its first bk_req_pause */
#define BK_ROUTE_WAITS 8u        /* asks somebody outside: see bk_router_waits */
/* The same, each in a company of its own: with the payment provider, who may be slow; what anybody
 * may ask; what staff ask; for a turn to write, and for the disk, as all do that don't mostly read.
 */
#define BK_ROUTE_POOL (1u << 20)
#define BK_ROUTE_WAITS_PAY (BK_ROUTE_WAITS | 1u * BK_ROUTE_POOL)
#define BK_ROUTE_WAITS_OPEN (BK_ROUTE_WAITS | 2u * BK_ROUTE_POOL)
#define BK_ROUTE_WAITS_STAFF (BK_ROUTE_WAITS | 3u * BK_ROUTE_POOL)
#define BK_ROUTE_WAITS_TURN (BK_ROUTE_WAITS | (BK_HTTP_POOLS - 1) * BK_ROUTE_POOL)
#define BK_ROUTE_RAW 4u     /* the body isn't JSON: the handler reads it itself */
#define BK_ROUTE_UPLOAD 32u /* the same, and as long as a document may be */
#define BK_ROUTE_STAFF 128u /* needs a token of a log-in by staff, who have one of these roles: */
#define BK_ROUTE_REVIEWER (BK_STAFF_REVIEWER * BK_ROUTE_ROLE)
#define BK_ROUTE_PRODUCER (BK_STAFF_PRODUCER * BK_ROUTE_ROLE)
#define BK_ROUTE_AUDITOR (BK_STAFF_AUDITOR * BK_ROUTE_ROLE)
#define BK_ROUTE_PAGE 2048u    /* cookies instead of tokens, forms instead of JSON: server/page.h */
#define BK_ROUTE_ROLE 256u     /* the first of them; without one of them, any */
#define BK_ROUTE_EST 4096u     /* at EST's address, and nowhere else */
#define BK_ROUTE_NOWHERE 8192u /* the page for a path that there isn't */

struct bk_route {
    const char *method;
    const char *path; /* "/v1/orders/{}/payment": {} is one segment, * at the end the rest */
    unsigned flags;
    bk_handler *handler;
};

struct bk_router {
    struct bk_app *app;
    const struct bk_route *routes;
    size_t count;
    bool est; /* those of EST, instead of all others */
};

/* For bk_httpd_options.handle; context is a struct bk_router. */
void bk_router_handle(void *context, const struct bk_http_in *in, struct bk_http_out *out);

/* For bk_httpd_options.plan. */
void bk_router_plan(void *context, const struct bk_http_in *in, struct bk_http_plan *plan);

/* Answers with JSON; takes the reference, also on failure. NULL is BK_ENOMEM. */
enum bk_err bk_reply(struct bk_req *req, unsigned status, json_t *json) BK_MUST_CHECK;
/* The same with what is written then; what fails is returned, and nothing else answered behind it. */
struct bk_json_out bk_reply_begin(struct bk_req *req, unsigned status);
enum bk_err bk_reply_bytes(struct bk_req *req, const char *type, const void *data,
                           size_t len) BK_MUST_CHECK;
/* Refuses; more (may be NULL, its reference is taken) are further members. Always BK_OK or
 * BK_ENOMEM: what the handler changed is kept. */
enum bk_err bk_refuse(struct bk_req *req, const char *code) BK_MUST_CHECK;
enum bk_err bk_refuse_with(struct bk_req *req, const char *code, json_t *more) BK_MUST_CHECK;
/* 503, with Retry-After. */
enum bk_err bk_refuse_busy(struct bk_req *req) BK_MUST_CHECK;
enum bk_err bk_refuse_later(struct bk_req *req, int64_t retry_after_s) BK_MUST_CHECK;
/* The same with another code than too-many-requests. */
enum bk_err bk_refuse_wait(struct bk_req *req, const char *code,
                           int64_t retry_after_s) BK_MUST_CHECK;

/* Reads a text member: BK_OK, else the request has been refused (*refused) or memory ran out. No
 * control characters. */
enum bk_err bk_req_text(struct bk_req *req, const char *name, size_t min, size_t max,
                        const char **text, bool *refused) BK_MUST_CHECK;
enum bk_err bk_req_bytes(struct bk_req *req, const char *name, size_t min, size_t max,
                         struct bk_buf *out, bool *refused) BK_MUST_CHECK;

/* A member that may be left out, which is false. */
enum bk_err bk_req_flag(struct bk_req *req, const char *name, bool *flag,
                        bool *refused) BK_MUST_CHECK;

enum bk_err bk_req_pause(struct bk_req *req) BK_MUST_CHECK;
enum bk_err bk_req_resume(struct bk_req *req) BK_MUST_CHECK;

/* An entry in the audit log about this request. */
enum bk_err bk_req_audit(struct bk_req *req, const char *action, const char *object,
                         const char *detail) BK_MUST_CHECK;

#endif
