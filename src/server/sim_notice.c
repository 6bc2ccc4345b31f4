/* SPDX-License-Identifier: Apache-2.0 */
/* The provider's notices: signed, sent again until somebody says "success". The real pauses are 4
 * minutes to 15 hours; here a second stands for four minutes. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/log.h"
#include "net/http.h"
#include "server/form.h"
#include "server/ident.h"
#include "server/rsa2.h"
#include "server/sim_pay.h"

struct notice {
    char id[BK_ULID + 1], app_id[65], out_trade_no[65], trade_no[65], amount[BK_MONEY];
    char status[32], url[512];
    int64_t attempts;
    struct bk_buf tls_ca;
};

static enum bk_err next_due(struct bk_sim *sim, struct notice *n)
{
    struct bk_tx *tx = NULL;
    struct bk_rows r = BK_ROWS_INIT;
    memset(n, 0, sizeof *n);
    enum bk_err err = bk_tx_begin(sim->store, &tx);
    if (err == BK_OK)
        err = bk_tx_get(tx,
                        "SELECT n.id, n.app_id, n.out_trade_no, n.attempts, t.trade_no, t.amount,"
                        " CASE WHEN n.status = '' THEN t.status ELSE n.status END,"
                        " t.notify_url, a.tls_ca FROM notices n"
                        " JOIN trades t ON t.app_id = n.app_id AND t.out_trade_no = n.out_trade_no"
                        " JOIN apps a ON a.app_id = n.app_id"
                        " WHERE n.done = 0 AND n.next_at <= $1 AND (n.status = '' OR NOT EXISTS"
                        " (SELECT 1 FROM notices e WHERE e.app_id = n.app_id AND e.done = 0"
                        " AND e.out_trade_no = n.out_trade_no AND e.status = ''))"
                        " ORDER BY n.next_at LIMIT 1",
                        BK_VALS(bk_int(bk_now_ms())), &r);
    bk_tx_rollback(&tx);
    if (err == BK_OK) {
        bk_row_copy(&r, 0, 0, n->id, sizeof n->id);
        bk_row_copy(&r, 0, 1, n->app_id, sizeof n->app_id);
        bk_row_copy(&r, 0, 2, n->out_trade_no, sizeof n->out_trade_no);
        n->attempts = bk_row_int(&r, 0, 3) + 1;
        bk_row_copy(&r, 0, 4, n->trade_no, sizeof n->trade_no);
        bk_row_copy(&r, 0, 5, n->amount, sizeof n->amount);
        bk_row_copy(&r, 0, 6, n->status, sizeof n->status);
        bk_row_copy(&r, 0, 7, n->url, sizeof n->url);
        err = bk_buf_put_str(&n->tls_ca, bk_row_text(&r, 0, 8));
    }
    bk_rows_free(&r);
    return err;
}

static enum bk_err make_body(struct bk_sim *sim, const struct notice *n, struct bk_buf *body)
{
    static const char *const skip[] = {"sign", "sign_type", NULL};
    char now[32];
    time_t t = time(NULL) + 8 * 3600;
    struct tm tm;
    struct bk_form form = {0};
    struct bk_buf plain = BK_BUF_INIT, sign = BK_BUF_INIT;
    const char *text = NULL;
    if (!gmtime_r(&t, &tm))
        return BK_EINVAL;
    (void)strftime(now, sizeof now, "%Y-%m-%d %H:%M:%S", &tm);
    const char *const pairs[][2] = {{"notify_time", now},
                                    {"notify_type", "trade_status_sync"},
                                    {"notify_id", n->id},
                                    {"charset", "utf-8"},
                                    {"version", "1.0"},
                                    {"sign_type", "RSA2"},
                                    {"app_id", n->app_id},
                                    {"trade_no", n->trade_no},
                                    {"out_trade_no", n->out_trade_no},
                                    {"trade_status", n->status},
                                    {"total_amount", n->amount},
                                    {"buyer_logon_id", "sim***@example.com"}};
    enum bk_err err = BK_OK;
    for (size_t i = 0; err == BK_OK && i < sizeof pairs / sizeof *pairs; i++)
        err = bk_form_add(&form, pairs[i][0], pairs[i][1]);
    if (err == BK_OK)
        err = bk_form_plain(&form, skip, &plain);
    if (err == BK_OK)
        err = bk_rsa2_sign(sim->key, plain.data, plain.len, &sign);
    if (err == BK_OK)
        err = bk_buf_cstr(&sign, &text);
    if (err == BK_OK)
        err = bk_form_add(&form, "sign", text);
    if (err == BK_OK)
        err = bk_form_encode(&form, body);
    bk_form_free(&form);
    bk_buf_free(&plain);
    bk_buf_free(&sign);
    return err;
}

enum bk_err bk_sim_post(struct bk_sim *sim, const struct bk_sim_post *p)
{
    char base[256], ca[PATH_MAX];
    struct bk_http *http = NULL;
    struct bk_http_response response = {0};
    const char *host = strstr(p->url, "://");
    const char *path = host ? strchr(host + 3, '/') : NULL;
    if (!path || (size_t)(path - p->url) >= sizeof base)
        return BK_EINVAL;
    (void)snprintf(base, sizeof base, "%.*s", (int)(path - p->url), p->url);
    int len = snprintf(ca, sizeof ca, "%s/notify-ca.pem", sim->folder);
    if (len <= 0 || (size_t)len >= sizeof ca)
        return BK_ELIMIT;
    enum bk_err err = bk_file_replace(ca, p->tls_ca.at, p->tls_ca.left, 0600);
    const struct bk_http_options options = {.base_url = base,
                                            .ca_file = p->tls_ca.left ? ca : NULL,
                                            .connect_ms = 3000,
                                            .total_ms = 8000,
                                            .max_body = 4096};
    if (err == BK_OK)
        err = bk_http_new(&options, &http);
    if (err == BK_OK) {
        const struct bk_http_request request = {.method = "POST",
                                                .path = path,
                                                .content_type = p->type,
                                                .body = p->body->data,
                                                .body_len = p->body->len,
                                                .headers = p->headers};
        err = bk_http_do(http, &request, &response);
    }
    /* exactly these seven bytes */
    if (err == BK_OK && (response.status != 200 || response.body.len != 7 ||
                         memcmp(response.body.data, "success", 7) != 0))
        err = BK_EREFUSED;
    bk_http_response_free(&response);
    bk_http_free(&http);
    return err;
}

static enum bk_err settle(struct bk_sim *sim, const struct notice *n, enum bk_err sent)
{
    /* 4 m, 10 m, 10 m, 1 h, 2 h, 6 h, 15 h */
    static const int64_t pauses_ms[] = {1000, 2500, 2500, 15000, 30000, 90000, 225000};
    const int64_t count = (int64_t)(sizeof pauses_ms / sizeof *pauses_ms);
    struct bk_tx *tx = NULL;
    bool over = sent == BK_OK || n->attempts > count;
    int64_t next = bk_now_ms() + (over ? 0 : pauses_ms[n->attempts - 1]);
    enum bk_err err = bk_tx_begin(sim->store, &tx);
    if (err == BK_OK)
        err = bk_tx_exec(
            tx, "UPDATE notices SET attempts = $1, next_at = $2, done = $3 WHERE id = $4",
            BK_VALS(bk_int(n->attempts), bk_int(next), bk_int(over), bk_text(n->id)), NULL);
    return bk_tx_end(&tx, err);
}

enum bk_err bk_sim_send_notices(struct bk_sim *sim)
{
    struct notice n;
    enum bk_err err;
    while ((err = next_due(sim, &n)) == BK_OK) {
        struct bk_buf body = BK_BUF_INIT;
        enum bk_err sent = make_body(sim, &n, &body);
        const struct bk_sim_post post = {.url = n.url,
                                         .tls_ca = bk_rd(n.tls_ca.data, n.tls_ca.len),
                                         .type = "application/x-www-form-urlencoded; charset=utf-8",
                                         .body = &body};
        if (sent == BK_OK)
            sent = bk_sim_post(sim, &post);
        if (sent != BK_OK)
            bk_log(BK_LOG_WARN, "sim: notice %s: %s", n.id, bk_err_name(sent));
        bk_buf_free(&body);
        bk_buf_free(&n.tls_ca);
        err = settle(sim, &n, sent);
        if (err != BK_OK)
            return err;
    }
    return err == BK_ENOTFOUND ? BK_OK : err;
}
