/* SPDX-License-Identifier: Apache-2.0 */
#include "server/router.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/codec.h"
#include "base/log.h"
#include "server/audit.h"
#include "server/idempotency.h"
#include "server/ident.h"
#include "server/metrics.h"
#include "server/outbox.h"
#include "server/page.h"
#include "server/staff_session.h"

/* No two flags are one. */
#define ALL_FLAGS(op)                                                                              \
    (BK_ROUTE_LOGIN op BK_ROUTE_CUSTOMER op BK_ROUTE_IDEMPOTENT op BK_ROUTE_LOOKS op               \
         BK_ROUTE_PLANS op BK_ROUTE_REPEATS op BK_ROUTE_WAITS op BK_ROUTE_RAW op BK_ROUTE_UPLOAD   \
             op BK_ROUTE_STAFF op BK_ROUTE_PAGE op BK_ROUTE_REVIEWER op BK_ROUTE_PRODUCER op       \
                 BK_ROUTE_AUDITOR op BK_ROUTE_EST op BK_ROUTE_NOWHERE)
_Static_assert(ALL_FLAGS(+) == ALL_FLAGS(|), "each flag of a route has a bit of its own");

#define BUSY_S "2"
#define PATIENCE_MS 4000 /* no attempt begins later */

/* --- answers --- */

static void clear_out(struct bk_http_out *out)
{
    bk_buf_clear(&out->body);
    out->status = 500;
    out->type = NULL;
    out->cache = NULL;
    out->header_count = 0;
}

struct bk_json_out bk_reply_begin(struct bk_req *req, unsigned status)
{
    clear_out(req->out);
    req->out->status = status;
    req->out->type = "application/json";
    return bk_json_begin(&req->out->body);
}

enum bk_err bk_reply(struct bk_req *req, unsigned status, json_t *json)
{
    if (!json)
        return BK_ENOMEM;
    enum bk_err err = bk_json_text(json, bk_reply_begin(req, status).out);
    json_decref(json);
    return err;
}

enum bk_err bk_reply_bytes(struct bk_req *req, const char *type, const void *data, size_t len)
{
    clear_out(req->out);
    req->out->status = 200;
    req->out->type = type;
    return bk_buf_put(&req->out->body, data, len);
}

enum bk_err bk_refuse_with(struct bk_req *req, const char *code, json_t *more)
{
    const struct bk_problem *p = bk_problem_find(code);
    if (req->page) {
        json_decref(more);
        return bk_page_problem(req, p);
    }
    const char *title = req->lang == BK_LANG_ZH ? p->zh : p->en;
    char type[96];
    (void)snprintf(type, sizeof type, "urn:bjca-platform:problem:%s", p->code);
    json_t *json = json_pack("{s:s, s:s, s:i, s:s, s:s}", "type", type, "title", title, "status",
                             (int)p->status, "code", p->code, "trace_id", req->id);
    if (json && more && json_object_update(json, more) != 0) {
        json_decref(json);
        json = NULL;
    }
    json_decref(more);
    enum bk_err err = bk_reply(req, p->status, json);
    req->out->type = "application/problem+json";
    bk_http_out_header(req->out, "Content-Language", req->lang == BK_LANG_ZH ? "zh-CN" : "en");
    bk_http_out_header(req->out, "Vary", "Accept-Language");
    if (p->status == 401)
        bk_http_out_header(req->out, "WWW-Authenticate", "Bearer");
    return err;
}

enum bk_err bk_refuse(struct bk_req *req, const char *code)
{
    return bk_refuse_with(req, code, NULL);
}

enum bk_err bk_refuse_wait(struct bk_req *req, const char *code, int64_t retry_after_s)
{
    char text[24];
    enum bk_err err =
        bk_refuse_with(req, code, json_pack("{s:I}", "retry_after", (json_int_t)retry_after_s));
    (void)snprintf(text, sizeof text, "%lld", (long long)retry_after_s);
    bk_http_out_header(req->out, "Retry-After", text);
    return err;
}

enum bk_err bk_refuse_later(struct bk_req *req, int64_t retry_after_s)
{
    return bk_refuse_wait(req, "too-many-requests", retry_after_s);
}

enum bk_err bk_refuse_busy(struct bk_req *req)
{
    enum bk_err err = bk_refuse(req, "busy");
    bk_http_out_header(req->out, "Retry-After", BUSY_S);
    return err;
}

/* --- what was sent --- */

static enum bk_err refuse_member(struct bk_req *req, const char *name, bool *refused)
{
    *refused = true;
    return bk_refuse_with(req, "bad-request", json_pack("{s:s}", "member", name));
}

enum bk_err bk_req_text(struct bk_req *req, const char *name, size_t min, size_t max,
                        const char **text, bool *refused)
{
    const char *got = NULL;
    if (!req->body || bk_json_str(req->body, name, max, &got) != BK_OK || strlen(got) < min)
        return refuse_member(req, name, refused);
    for (const char *c = got; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            return refuse_member(req, name, refused);
    *text = got;
    return BK_OK;
}

enum bk_err bk_req_bytes(struct bk_req *req, const char *name, size_t min, size_t max,
                         struct bk_buf *out, bool *refused)
{
    size_t before = out->len;
    if (!req->body || bk_json_bytes(req->body, name, max, out) != BK_OK ||
        out->len - before < min || out->len - before > max)
        return refuse_member(req, name, refused);
    return BK_OK;
}

enum bk_err bk_req_flag(struct bk_req *req, const char *name, bool *flag, bool *refused)
{
    const json_t *got = json_object_get(req->body, name);
    *flag = json_is_true(got);
    return !got || json_is_boolean(got) ? BK_OK : refuse_member(req, name, refused);
}

static enum bk_err begin(struct bk_req *req)
{
    struct bk_store *store = req->app->store;
    enum bk_err err = !req->looks  ? bk_tx_begin(store, &req->tx)
                      : req->plans ? bk_tx_plan(store, &req->tx)
                                   : bk_tx_look(store, &req->tx);
    req->away = err == BK_ENET;
    return err;
}

enum bk_err bk_req_pause(struct bk_req *req)
{
    enum bk_err err = bk_tx_commit(&req->tx);
    req->away = err == BK_ENET;
    req->kept = req->kept || err == BK_OK;
    return err;
}

enum bk_err bk_req_resume(struct bk_req *req)
{
    req->now = bk_now_ms();
    req->looks = req->looks && !req->plans;
    return begin(req);
}

enum bk_err bk_req_audit(struct bk_req *req, const char *action, const char *object,
                         const char *detail)
{
    const struct bk_audit entry = {.actor =
                                       req->session.actor[0] ? req->session.actor : "anonymous",
                                   .address = req->in->peer,
                                   .action = action,
                                   .object = object,
                                   .detail = detail};
    return bk_audit_add(req->tx, &entry);
}

/* --- routing --- */

static bool match_path(const char *pattern, const char *path, char params[2][BK_REQ_PARAM + 1])
{
    unsigned n = 0;
    while (*pattern && *path) {
        if (*pattern == '*')
            return true;
        if (strncmp(pattern, "{}", 2) != 0) {
            if (*pattern++ != *path++)
                return false;
            continue;
        }
        size_t len = strcspn(path, "/");
        if (!len || len > BK_REQ_PARAM || n == 2)
            return false;
        memcpy(params[n], path, len);
        params[n++][len] = 0;
        path += len;
        pattern += 2;
    }
    return !*pattern && !*path;
}

/* The methods of routes, a bit each; with GET there is HEAD, with each of them OPTIONS. */
static const char *const methods[] = {"GET", "POST", "PUT", "DELETE"};
#define METHODS (sizeof methods / sizeof *methods)

static unsigned method_bit(const char *method)
{
    for (unsigned i = 0; i < METHODS; i++)
        if (strcmp(methods[i], method) == 0)
            return 1u << i;
    return 0;
}

/* The route, or NULL: then, if the path is one, what else may be done with it. */
static const struct bk_route *find_route(const struct bk_router *router,
                                         const struct bk_http_in *in, unsigned *allowed)
{
    char params[2][BK_REQ_PARAM + 1];
    *allowed = 0;
    for (size_t i = 0; i < router->count; i++) {
        const struct bk_route *r = &router->routes[i];
        if (!(r->flags & BK_ROUTE_EST) == router->est || !match_path(r->path, in->path, params))
            continue;
        if (strcmp(r->method, in->method) == 0)
            return r;
        if (!(r->flags & BK_ROUTE_NOWHERE))
            *allowed |= method_bit(r->method);
    }
    return NULL;
}

static void say_allowed(struct bk_req *req, unsigned allowed)
{
    char text[64] = "";
    for (unsigned i = 0; i < METHODS; i++) {
        size_t used = strlen(text);
        if (allowed & 1u << i)
            (void)snprintf(text + used, sizeof text - used, "%s, ", i ? methods[i] : "GET, HEAD");
    }
    size_t used = strlen(text);
    (void)snprintf(text + used, sizeof text - used, "OPTIONS");
    bk_http_out_header(req->out, "Allow", text);
}

/* What no route is for. */
static enum bk_err answer_without(struct bk_req *req)
{
    unsigned allowed = req->in->plan.allowed;
    static const char *const faults[] = {[BK_HTTP_MALFORMED] = "bad-request",
                                         [BK_HTTP_LONG_BODY] = "body-too-large",
                                         [BK_HTTP_LONG_TARGET] = "target-too-long",
                                         [BK_HTTP_LARGE_HEAD] = "head-too-large",
                                         [BK_HTTP_FAILED] = "internal",
                                         [BK_HTTP_OTHER_VERSION] = "version-not-supported"};
    bool asks = strcmp(req->in->method, "OPTIONS") == 0;
    if (req->in->fault)
        return bk_refuse(req, faults[req->in->fault]);
    if (asks && strcmp(req->in->path, "*") == 0)
        allowed = (1u << METHODS) - 1;
    if (!allowed)
        return bk_refuse(req, "not-found");
    enum bk_err err = asks ? BK_OK : bk_refuse(req, "method-not-allowed");
    if (asks)
        req->out->status = 204;
    say_allowed(req, allowed);
    return err;
}

static bool mostly_reads(const struct bk_route *route)
{
    return strcmp(route->method, "GET") == 0 || route->flags & BK_ROUTE_LOOKS;
}

void bk_router_plan(void *context, const struct bk_http_in *in, struct bk_http_plan *plan)
{
    const struct bk_router *router = context;
    const struct bk_route *route = find_route(router, in, &plan->allowed);
    plan->route = route;
    if (route && route->flags & BK_ROUTE_WAITS)
        plan->pool = 1 + route->flags / BK_ROUTE_POOL;
    else if (route && !mostly_reads(route))
        plan->pool = 1 + BK_ROUTE_WAITS_TURN / BK_ROUTE_POOL;
    if (route && route->flags & BK_ROUTE_UPLOAD)
        plan->max_body = (size_t)router->app->policy.upload_max;
}

static enum bk_err read_form(struct bk_req *req, const char *type, size_t len, bool *refused)
{
    static const char form[] = "application/x-www-form-urlencoded";
    *refused = len != sizeof form - 1 || strncasecmp(type, form, len) != 0;
    if (*refused)
        return bk_refuse(req, "unsupported-media-type");
    enum bk_err err = bk_form_parse(req->in->body, req->in->body_len, &req->form);
    *refused = err == BK_EFORMAT || err == BK_ELIMIT;
    return *refused ? bk_refuse(req, "bad-request") : err;
}

static enum bk_err read_body(struct bk_req *req, const struct bk_route *route, bool *refused)
{
    const char *type = bk_httpd_header(req->in, "Content-Type");
    if (req->in->too_long) {
        *refused = true;
        return bk_refuse(req, "body-too-large");
    }
    if (route->flags & (BK_ROUTE_RAW | BK_ROUTE_UPLOAD) || !req->in->body_len)
        return BK_OK;
    size_t len = type ? strcspn(type, "; ") : 0;
    if (req->page)
        return read_form(req, type, len, refused);
    if (len != strlen("application/json") || strncasecmp(type, "application/json", len) != 0) {
        *refused = true;
        return bk_refuse(req, "unsupported-media-type");
    }
    enum bk_err err = bk_json_parse(req->in->body, req->in->body_len, BK_REQ_BODY, &req->body);
    if (err == BK_ENOMEM)
        return err;
    if (err != BK_OK || !json_is_object(req->body)) {
        *refused = true;
        return bk_refuse(req, "bad-request");
    }
    return BK_OK;
}

static enum bk_err log_in_staff(struct bk_req *req, const struct bk_route *route, const char *token,
                                bool *refused)
{
    unsigned wanted = route->flags / BK_ROUTE_ROLE & BK_STAFF_ALL;
    enum bk_err err = bk_staff_session_find(req->tx, token, false, req->now,
                                            req->app->policy.staff_idle_ms, &req->session);
    *refused = err == BK_OK && wanted && !(req->session.roles & wanted);
    return *refused ? bk_refuse(req, "staff-role") : err;
}

static enum bk_err log_in(struct bk_req *req, const struct bk_route *route, bool *refused)
{
    const char *header = bk_httpd_header(req->in, "Authorization");
    if (req->page)
        return bk_page_enter(req, route->flags & BK_ROUTE_STAFF,
                             route->flags / BK_ROUTE_ROLE & BK_STAFF_ALL, refused);
    if (!(route->flags & (BK_ROUTE_LOGIN | BK_ROUTE_CUSTOMER | BK_ROUTE_STAFF)))
        return BK_OK;
    bool given = header && strncasecmp(header, "Bearer ", 7) == 0;
    enum bk_err err = BK_ENOTFOUND;
    if (given && route->flags & BK_ROUTE_LOGIN)
        err = bk_session_find(req->tx, header + 7, req->now, &req->session);
    if (given && err == BK_ENOTFOUND && route->flags & BK_ROUTE_CUSTOMER)
        err = bk_customer_session_find(req->tx, req->app->escrow, header + 7, req->now,
                                       &req->session);
    if (given && err == BK_ENOTFOUND && route->flags & BK_ROUTE_STAFF)
        err = log_in_staff(req, route, header + 7, refused);
    if (err == BK_ENOTFOUND || err == BK_EDENIED) {
        *refused = true;
        err = bk_refuse(req, err == BK_EDENIED ? "certificate-revoked" : "unauthorized");
    }
    return err;
}

struct idem {
    bool claimed;
    bool again; /* done before, by a route that repeats it */
    char scope[256];
    char key[BK_IDEM_KEY_MAX + 1];
};

static void say_again(struct bk_req *req)
{
    bk_http_out_header(req->out, "Idempotent-Replayed", "true");
}

static enum bk_err replay(struct bk_req *req, const struct bk_idem_answer *answer)
{
    clear_out(req->out);
    req->out->status = answer->status;
    req->out->type = strcmp(answer->type, "application/problem+json") == 0
                         ? "application/problem+json"
                         : "application/json";
    say_again(req);
    return bk_buf_put(&req->out->body, answer->body.data, answer->body.len);
}

/* Claims the Idempotency-Key in the request's transaction. Others see the claim when that is kept
 * for a while and done with later (bk_req_pause); until then they wait for their turn. */
static enum bk_err claim(struct bk_req *req, const struct bk_route *route, struct idem *idem,
                         bool *refused)
{
    const char *header = bk_httpd_header(req->in, "Idempotency-Key");
    struct bk_idem_answer answer = {0};
    enum bk_idem_state state = BK_IDEM_CLAIMED;
    if (!header || bk_idem_key(header, idem->key) != BK_OK) {
        *refused = true;
        return bk_refuse(req, "idempotency-key-missing");
    }
    const struct bk_session *who = &req->session;
    (void)snprintf(idem->scope, sizeof idem->scope, "%s %s %s", req->in->method, req->in->path,
                   *who->staff      ? who->actor
                   : *who->org_code ? who->phone_hash
                                    : who->certificate);
    enum bk_err err =
        bk_idem_claim(req->tx, idem->scope, idem->key, req->in->body, req->in->body_len, req->now,
                      req->app->policy.idempotency_ms, req->app->policy.lease_ms, &state, &answer);
    idem->claimed = err == BK_OK && state == BK_IDEM_CLAIMED;
    idem->again = err == BK_OK && state == BK_IDEM_REPLAY && route->flags & BK_ROUTE_REPEATS;
    *refused = err == BK_OK && !idem->claimed && !idem->again;
    if (err == BK_OK && state == BK_IDEM_REPLAY && !idem->again) {
        err = replay(req, &answer);
    } else if (*refused) {
        err = bk_refuse(req, state == BK_IDEM_RUNNING ? "idempotency-in-progress"
                                                      : "idempotency-key-reused");
    }
    bk_buf_free(&answer.body);
    return err;
}

/* A refusal isn't kept: what stood in the way may be gone when it is sent again. */
static enum bk_err finish(struct bk_req *req, const struct bk_route *route, const struct idem *idem)
{
    const struct bk_buf *body = &req->out->body;
    bool repeats = route->flags & BK_ROUTE_REPEATS;
    if (req->out->status >= 400)
        return bk_idem_release(req->tx, idem->scope, idem->key);
    return bk_idem_finish(req->tx, idem->scope, idem->key, req->out->status, req->out->type,
                          repeats ? NULL : body->data, repeats ? 0 : body->len);
}

/* --- the last commit --- */

/* What is noted of a request when it is answered. */
struct bk_visit {
    const struct bk_router *router;
    const struct bk_http_in *in; /* the server's: it stays */
    struct bk_http_out *out;
    char id[sizeof((struct bk_req *)NULL)->id], client[BK_ADDRESS_TEXT];
    int64_t began;
    unsigned long due;               /* bk_outbox_made_due before it */
    unsigned long statements, since; /* of other threads; this one's count before it */
};

static unsigned long statements_of(const struct bk_visit *visit)
{
    return visit->statements + (bk_store_statements() - visit->since);
}

static void note(const struct bk_visit *visit, unsigned long statements)
{
    const struct bk_http_in *in = visit->in;
    const struct bk_router *router = visit->router;
    const struct bk_route *route = in->plan.route;
    int64_t took = bk_now_ms() - visit->began;
    bk_metrics_count(router->app->metrics, route ? (size_t)(route - router->routes) : SIZE_MAX,
                     visit->out->status, took);
    /* the route for the path, which can hold a token */
    const struct bk_log_field fields[] = {{"id", visit->id, 0},
                                          {"method", in->method, 0},
                                          {"route", route ? route->path : "", 0},
                                          {"status", NULL, visit->out->status},
                                          {"ms", NULL, took},
                                          {"statements", NULL, (int64_t)statements},
                                          {"client", visit->client, 0}};
    bk_log_fields(BK_LOG_INFO, "request", fields, sizeof fields / sizeof *fields);
}

/* A request whose answer waits for the disk, without a thread. */
struct late {
    struct bk_tx_later tx;
    struct bk_visit visit;
    struct idem idem;
    bool kept; /* bk_req's */
};

static void told(struct bk_tx_later *tx, enum bk_err err)
{
    struct late *late = (struct late *)tx;
    struct bk_http_late *answer = late->visit.in->late;
    if (err != BK_OK) {
        bk_httpd_again(answer, late);
        return;
    }
    bk_outbox_wake(late->visit.router->app->outbox, late->visit.due);
    note(&late->visit, late->visit.statements);
    free(late);
    bk_httpd_answered(answer);
}

static enum bk_err commit(struct bk_req *req, const struct idem *idem)
{
    const struct bk_http_in *in = req->visit->in;
    struct late *late = in->late && !in->again && !req->looks ? malloc(sizeof *late) : NULL;
    if (!late)
        return bk_req_pause(req);
    *late =
        (struct late){.tx = {.told = told}, .visit = *req->visit, .idem = *idem, .kept = req->kept};
    late->visit.statements = statements_of(req->visit);
    bk_httpd_late(in);
    enum bk_err err = bk_tx_commit_later(&req->tx, &late->tx);
    req->late = err == BK_OK;
    req->away = err == BK_ENET;
    if (err != BK_OK) {
        free(late);
        bk_httpd_answered(in->late); /* it isn't late after all */
    }
    return err;
}

/* --- serving --- */

/* One attempt: all that is done in the database, up to the commit. */
static enum bk_err attempt(struct bk_req *req, const struct bk_route *route, struct idem *idem)
{
    bool refused = false;
    req->now = bk_now_ms();
    req->session = (struct bk_session){0};
    clear_out(req->out);
    idem->claimed = idem->claimed && req->kept; /* else it went with the attempt before */
    enum bk_err err = begin(req);
    if (err == BK_OK)
        err = log_in(req, route, &refused);
    if (err == BK_OK && !refused && route->flags & BK_ROUTE_IDEMPOTENT && !idem->claimed)
        err = claim(req, route, idem, &refused);
    if (err == BK_OK && !refused) {
        err = route->handler(req);
        if (err == BK_OK && idem->claimed)
            err = finish(req, route, idem);
        else if (err == BK_OK && idem->again && req->out->status < 400)
            say_again(req);
    }
    if (err == BK_OK)
        err = commit(req, idem);
    bk_tx_rollback(&req->tx);
    return err;
}

static void fail(struct bk_req *req, struct idem *idem, enum bk_err err)
{
    struct bk_tx *tx = NULL;
    bk_log(BK_LOG_ERROR, "request %s failed: %s", req->id, bk_err_name(err));
    if (idem->claimed && bk_tx_begin(req->app->store, &tx) == BK_OK &&
        bk_idem_release(tx, idem->scope, idem->key) == BK_OK)
        (void)(bk_tx_commit(&tx) == BK_OK);
    bk_tx_rollback(&tx);
    /* what is away or full now needn't be when it is sent again */
    bool later = err == BK_EBUSY || err == BK_EFULL || req->away;
    if ((later ? bk_refuse_busy(req) : bk_refuse(req, "internal")) != BK_OK)
        clear_out(req->out);
}

static bool looks_first(struct bk_req *req, const struct bk_route *route)
{
    req->plans = route->flags & BK_ROUTE_PLANS && bk_store_plans(req->app->store);
    return req->plans || mostly_reads(route);
}

/* before: what became of it, when this isn't the first time. */
static void serve(struct bk_req *req, const struct late *before)
{
    struct idem idem = before ? before->idem : (struct idem){0};
    bool refused = false;
    enum bk_err err = before ? BK_OK : bk_ulid(req->visit->id);
    const struct bk_route *route = req->in->plan.route;
    if (route)
        (void)match_path(route->path, req->in->path, req->params);
    memcpy(req->id, req->visit->id, sizeof req->id);
    req->page = route && route->flags & BK_ROUTE_PAGE;
    if (req->page)
        req->lang = bk_page_lang(req->in);
    if (err == BK_OK && !route) {
        err = answer_without(req);
        refused = true;
    }
    if (err == BK_OK && !refused && req->in->overloaded) {
        err = bk_refuse_busy(req);
        refused = true;
    }
    if (err == BK_OK && !refused)
        err = read_body(req, route, &refused);
    if (err == BK_OK && !refused) {
        int tries = before != NULL;
        do {
            req->looks = !tries && looks_first(req, route);
            err = attempt(req, route, &idem);
        } while (bk_now_ms() - req->visit->began < PATIENCE_MS && bk_tx_again(err, &tries));
    }
    if (err != BK_OK)
        fail(req, &idem, err);
    else if (!req->late)
        bk_outbox_wake(req->app->outbox, req->visit->due);
}

static void find_client(const struct bk_app *app, const struct bk_http_in *in,
                        char client[BK_ADDRESS_TEXT])
{
    struct bk_buf said = BK_BUF_INIT;
    const char *text = "";
    /* without its header the request counts for the proxy */
    if (bk_httpd_header_all(in, bk_proxies_header(&app->proxies), &said) != BK_OK ||
        bk_buf_cstr(&said, &text) != BK_OK)
        text = "";
    bk_proxies_client(&app->proxies, in->peer, text, client);
    bk_buf_free(&said);
}

static void begin_visit(struct bk_req *req, struct bk_visit *visit)
{
    visit->began = bk_now_ms();
    visit->due = bk_outbox_made_due();
    find_client(req->app, visit->in, visit->client);
}

void bk_router_handle(void *context, const struct bk_http_in *in, struct bk_http_out *out)
{
    const struct bk_router *router = context;
    struct late *before = in->again;
    struct bk_visit visit = {.router = router, .in = in, .out = out};
    struct bk_http_in known = *in;
    struct bk_req req = {.app = router->app, .visit = &visit, .in = &known, .out = out};
    if (before)
        visit = before->visit;
    else
        begin_visit(&req, &visit);
    req.kept = before && before->kept;
    visit.since = bk_store_statements();
    req.direct = !bk_proxies_has(&router->app->proxies, in->peer);
    known.peer = visit.client;
    bk_address_group(visit.client, req.group);
    req.lang = bk_lang_choose(bk_httpd_header(in, "Accept-Language"));
    serve(&req, before);
    json_decref(req.body);
    bk_form_free(&req.form);
    if (!req.late)
        note(&visit, statements_of(&visit));
    free(before);
}
