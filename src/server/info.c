/* SPDX-License-Identifier: Apache-2.0 */
#include "server/api.h"
#include "server/unlock.h"

enum bk_err bk_api_info(struct bk_req *req)
{
    const struct bk_policy *p = &req->app->policy;
    return bk_reply(
        req, 200,
        json_pack("{s:s, s:s, s:b, s:{s:I, s:I, s:I}, s:{s:i, s:I, s:I}}", "name", req->app->name,
                  "origin", req->app->origin, "simulated", (int)req->app->simulated, "renewal",
                  "before_days", (json_int_t)p->before_days, "after_days",
                  (json_int_t)p->after_days, "price_fen", (json_int_t)p->price_fen, "code",
                  "length", (int)BK_CODE, "tries", (json_int_t)p->code_tries, "lifetime_ms",
                  (json_int_t)p->code_ms));
}

enum bk_err bk_api_health(struct bk_req *req)
{
    struct bk_rows rows = BK_ROWS_INIT;
    enum bk_err err = bk_tx_get(req->tx, "SELECT version FROM schema_version", BK_NO_VALS, &rows);
    bk_rows_free(&rows);
    return err == BK_OK ? bk_reply(req, 200, json_pack("{s:s}", "status", "ok")) : err;
}
