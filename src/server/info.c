/* SPDX-License-Identifier: Apache-2.0 */
/* What the platform says of itself. */
#include <string.h>

#include "server/api.h"
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

enum bk_err bk_api_health(struct bk_req *req)
{
    struct bk_rows rows = BK_ROWS_INIT;
    enum bk_err err = bk_tx_get(req->tx, "SELECT version FROM schema_version", BK_NO_VALS, &rows);
    bk_rows_free(&rows);
    return err == BK_OK ? bk_reply(req, 200, json_pack("{s:s}", "status", "ok")) : err;
}

/* This machine itself, and whom the configuration names. What says that it comes from elsewhere, by
 * a proxy that isn't trusted, isn't this machine. */
static bool may_watch(const struct bk_req *req)
{
    const struct bk_app *app = req->app;
    bool forwarded =
        bk_httpd_header(req->in, "X-Forwarded-For") || bk_httpd_header(req->in, "Forwarded");
    if (bk_proxies_has(&app->watchers, req->in->peer))
        return true;
    return (strncmp(req->in->peer, "127.", 4) == 0 || strcmp(req->in->peer, "::1") == 0) &&
           (!forwarded || app->proxies.count);
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
    enum bk_err err = bk_metrics_write(req->app->metrics, req->tx, req->now, route_of, &text);
    if (err == BK_OK)
        err = bk_reply_bytes(req, "text/plain; version=0.0.4; charset=utf-8", text.data, text.len);
    bk_buf_free(&text);
    return err;
}
