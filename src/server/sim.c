/* SPDX-License-Identifier: Apache-2.0 */
#include "server/sim.h"

#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "crypto/rsa.h"
#include "server/sim_pay.h"

static const char version_1[] =
    "CREATE TABLE messages (id TEXT PRIMARY KEY, phone TEXT NOT NULL, text TEXT NOT NULL,"
    " code TEXT NOT NULL, out_id TEXT NOT NULL, created_at BIGINT NOT NULL);\n"
    "CREATE INDEX messages_phone ON messages (phone, created_at);\n"
    "CREATE TABLE apps (app_id TEXT PRIMARY KEY, public_key BLOB NOT NULL, tls_ca TEXT NOT NULL);\n"
    /* prepared: the QR exists; a trade does not before the scan (status is '' until then) */
    "CREATE TABLE trades (out_trade_no TEXT NOT NULL, app_id TEXT NOT NULL, trade_no TEXT NOT NULL,"
    " qr_code TEXT NOT NULL UNIQUE, amount TEXT NOT NULL, subject TEXT NOT NULL,"
    " notify_url TEXT NOT NULL, status TEXT NOT NULL, refunded TEXT NOT NULL,"
    " expires_at BIGINT NOT NULL, paid_at BIGINT NOT NULL, PRIMARY KEY (app_id, out_trade_no));\n"
    "CREATE TABLE notices (id TEXT PRIMARY KEY, app_id TEXT NOT NULL, out_trade_no TEXT NOT NULL,"
    " attempts BIGINT NOT NULL, next_at BIGINT NOT NULL, done BIGINT NOT NULL);\n";

static const char version_2[] =
    "CREATE TABLE transfers (id TEXT PRIMARY KEY, out_id TEXT NOT NULL UNIQUE, name TEXT NOT NULL,"
    " account TEXT NOT NULL, memo TEXT NOT NULL, arrived BIGINT NOT NULL,"
    " created_at BIGINT NOT NULL);\n";

static const char version_3[] =
    "CREATE TABLE invoices (out_id TEXT PRIMARY KEY, buyer TEXT NOT NULL, amount TEXT NOT NULL,"
    " notify_url TEXT NOT NULL, fails BIGINT NOT NULL, attempts BIGINT NOT NULL,"
    " next_at BIGINT NOT NULL, done BIGINT NOT NULL);\n";

static const char version_4[] =
    "ALTER TABLE invoices ADD COLUMN number TEXT NOT NULL DEFAULT '00000000000000000000';\n"
    "ALTER TABLE invoices ADD COLUMN ready_at BIGINT NOT NULL DEFAULT 0;\n";

/* "": of the trade, as it is when the notice goes out */
static const char version_5[] = "ALTER TABLE notices ADD COLUMN status TEXT NOT NULL DEFAULT '';\n";

const char *const bk_sim_schema[] = {version_1, version_2, version_3, version_4, version_5};
const size_t bk_sim_schema_count = sizeof bk_sim_schema / sizeof *bk_sim_schema;

static enum bk_err path_of(const struct bk_sim *sim, const char *name, char path[PATH_MAX])
{
    int n = snprintf(path, PATH_MAX, "%s/%s", sim->folder, name);
    return n > 0 && n < PATH_MAX ? BK_OK : BK_ELIMIT;
}

static enum bk_err open_key(struct bk_sim *sim)
{
    char path[PATH_MAX], lock[PATH_MAX];
    int fd = -1;
    struct bk_buf der = BK_BUF_INIT;
    enum bk_err err = path_of(sim, "provider.key", path);
    if (err == BK_OK)
        err = path_of(sim, "lock", lock);
    if (err == BK_OK)
        err = bk_file_lock(lock, 1, &fd);
    if (err == BK_OK)
        err = bk_file_read(path, 8192, &der);
    if (err == BK_OK) {
        err = bk_rsa_from_der(der.data, der.len, &sim->key);
    } else if (err == BK_ENOTFOUND) {
        err = bk_rsa_generate(2048, &sim->key);
        if (err == BK_OK)
            err = bk_rsa_to_der(sim->key, &der);
        if (err == BK_OK)
            err = bk_file_replace(path, der.data, der.len, 0600);
    }
    bk_file_unlock(&fd);
    bk_buf_free(&der);
    return err;
}

enum bk_err bk_sim_open(const char *folder, struct bk_sim *sim)
{
    char path[PATH_MAX];
    memset(sim, 0, sizeof *sim);
    int n = snprintf(sim->folder, sizeof sim->folder, "%s", folder);
    enum bk_err err = n > 0 && (size_t)n < sizeof sim->folder ? bk_dir_make(folder) : BK_ELIMIT;
    if (err == BK_OK)
        err = path_of(sim, "sim.db", path);
    if (err == BK_OK)
        err = bk_store_open(path, bk_sim_schema, bk_sim_schema_count, &sim->store);
    if (err == BK_OK)
        err = open_key(sim);
    if (err != BK_OK)
        bk_sim_close(sim);
    return err;
}

void bk_sim_close(struct bk_sim *sim)
{
    bk_store_close(&sim->store);
    bk_rsa_free(&sim->key);
}

enum bk_err bk_sim_reply(struct bk_http_out *out, unsigned status, json_t *json)
{
    if (!json)
        return BK_ENOMEM;
    bk_buf_clear(&out->body);
    out->status = status;
    out->type = "application/json;charset=utf-8";
    enum bk_err err = bk_json_text(json, &out->body);
    json_decref(json);
    return err;
}

static void handle(void *context, const struct bk_http_in *in, struct bk_http_out *out)
{
    static const struct {
        const char *method, *path;
        enum bk_err (*handle)(struct bk_sim *, const struct bk_http_in *, struct bk_http_out *);
    } routes[] = {
        {"POST", "/", bk_sim_aliyun},
        {"POST", "/gateway.do", bk_sim_gateway},
        {"POST", "/sim/apps", bk_sim_app},
        {"POST", "/sim/scan", bk_sim_scan},
    };
    enum bk_err err = BK_ENOTFOUND;
    if (in->fault) {
        out->status = 400;
        return;
    }
    if (strcmp(in->method, "GET") == 0 && strncmp(in->path, "/invoices/", 10) == 0)
        err = bk_sim_invoice_file(context, in, out);
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
        if (strcmp(in->method, routes[i].method) == 0 && strcmp(in->path, routes[i].path) == 0)
            err = in->too_long ? BK_ELIMIT : routes[i].handle(context, in, out);
    if (err == BK_OK)
        return;
    bk_log(BK_LOG_WARN, "sim: %s %s: %s", in->method, in->path, bk_err_name(err));
    out->status = err == BK_ENOTFOUND ? 404 : 500;
    bk_buf_clear(&out->body);
}

static int at_end(int fd)
{
    char byte;
    return read(fd, &byte, 1) <= 0;
}

static void work_until_end(struct bk_sim *sim, int watch_fd, const volatile int *stop)
{
    while (!*stop) {
        enum bk_err err = bk_sim_send_notices(sim);
        if (err != BK_OK)
            bk_log(BK_LOG_WARN, "sim: notices: %s", bk_err_name(err));
        err = bk_sim_tell_invoices(sim);
        if (err != BK_OK)
            bk_log(BK_LOG_WARN, "sim: invoices: %s", bk_err_name(err));
        struct pollfd one = {.fd = watch_fd, .events = POLLIN};
        int n = poll(&one, watch_fd >= 0 ? 1 : 0, 100);
        if (n > 0 && at_end(watch_fd))
            return;
    }
}

enum bk_err bk_sim_serve(struct bk_sim *sim, const char *listen, int watch_fd,
                         const volatile int *stop)
{
    char path[PATH_MAX], text[80];
    struct bk_httpd *httpd = NULL;
    const struct bk_httpd_options options = {.listen = listen,
                                             .threads = 4,
                                             .max_body = (size_t)64 * 1024,
                                             .request_ms = 30000,
                                             .handle = handle,
                                             .context = sim};
    enum bk_err err = bk_httpd_start(&options, &httpd);
    if (err != BK_OK)
        return err;
    const char *colon = strrchr(listen, ':');
    (void)snprintf(sim->address, sizeof sim->address, "http://%.*s:%u", (int)(colon - listen),
                   listen, bk_httpd_port(httpd));
    (void)snprintf(text, sizeof text, "%s\n", sim->address);
    err = path_of(sim, "address", path);
    if (err == BK_OK)
        err = bk_file_replace(path, text, strlen(text), 0644);
    if (err == BK_OK)
        work_until_end(sim, watch_fd, stop);
    (void)unlink(path);
    bk_httpd_stop(&httpd);
    return err;
}
