/* SPDX-License-Identifier: Apache-2.0 */
/* What the platform says of itself. */
#include <stdatomic.h>
#include <string.h>

#include "server/api.h"
#include "server/limits.h"
#include "server/metrics.h"
#include "server/unlock.h"

enum bk_err bk_api_info(struct bk_req *req)
{
    const struct bk_policy *p = &req->app->policy;
    return bk_reply(req, 200,
                    json_pack("{s:s, s:s, s:b, s:{s:I, s:I, s:I}, s:{s:i, s:I, s:I}}", "name",
                              req->app->name, "origin", req->app->origin, "simulated",
                              (int)req->app->simulated, "renewal", "before_days",
                              (json_int_t)p->before_days, "after_days", (json_int_t)p->after_days,
                              "price_fen", (json_int_t)p->price_fen, "code", "length", (int)BK_CODE,
                              "tries", (json_int_t)p->code_tries, "lifetime_ms",
                              (json_int_t)p->code_ms));
}

#define WRITE_MS 5000
#define DAY_MS (INT64_C(24) * 3600 * 1000)

/* Whether the database can be used, and, now and then, written: something that differs each time,
 * for SQLite leaves alone what would stay the same. */
enum bk_err bk_api_health(struct bk_req *req)
{
    static atomic_int_least64_t written_at;
    struct bk_rows rows = BK_ROWS_INIT;
    int64_t ago = req->now - atomic_load(&written_at), wait = 0;
    bool write = ago < 0 || ago > WRITE_MS;
    enum bk_err err = bk_tx_get(req->tx, "SELECT version FROM schema_version", BK_NO_VALS, &rows);
    if (err == BK_OK && write)
        err = bk_limit_take(req->tx, "health", "", req->now, DAY_MS, INT64_MAX, &wait);
    if (err == BK_OK && write)
        err = bk_req_pause(req);
    if (err == BK_OK && write) {
        atomic_store(&written_at, req->now);
        err = bk_req_resume(req);
    }
    bk_rows_free(&rows);
    return err == BK_OK ? bk_reply(req, 200, json_pack("{s:s}", "status", "ok")) : err;
}

/* Whom the configuration names, and this machine itself: but not what may come from elsewhere, by a
 * proxy. */
static bool may_watch(const struct bk_req *req)
{
    static const char *const forwarded[] = {"X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"};
    const struct bk_app *app = req->app;
    if (bk_proxies_has(&app->watchers, req->in->peer))
        return true;
    for (size_t i = 0; i < sizeof forwarded / sizeof *forwarded; i++)
        if (bk_httpd_header(req->in, forwarded[i]))
            return false;
    return req->direct && !app->plain &&
           (strncmp(req->in->peer, "127.", 4) == 0 || strcmp(req->in->peer, "::1") == 0);
}

static struct bk_metrics_route route_of(size_t i)
{
    return (struct bk_metrics_route){bk_api_routes[i].method, bk_api_routes[i].path};
}

enum bk_err bk_api_metrics(struct bk_req *req)
{
    struct bk_buf text = BK_BUF_INIT;
    if (!may_watch(req))
        return bk_refuse(req, "not-found");
    enum bk_err err =
        bk_metrics_write(req->app->metrics, req->tx, req->app->calendar, req->now, route_of, &text);
    if (err == BK_OK)
        err = bk_reply_bytes(req, "text/plain; version=0.0.4; charset=utf-8", text.data, text.len);
    bk_buf_free(&text);
    return err;
}
