/* SPDX-License-Identifier: Apache-2.0 */
#include "server/metrics.h"
#include "server/platform.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "net/http.h"
#include "server/api.h"
#include "server/ca.h"
#include "server/cad.h"
#include "server/calendar.h"
#include "server/child.h"
#include "server/ident.h"
#include "server/origin.h"
#include "server/outbox.h"
#include "server/pem.h"
#include "server/schema.h"
#include "server/settings.h"
#include "server/tls.h"
#include "server/upload_folder.h"
#include "server/waiters.h"
#include "server/work.h"

#define LISTEN "127.0.0.1:8443" /* as it comes */
#define CAD_HOLDS_ONE 4         /* exit code of bjca-cad */
#define REQUEST_MS 30000u
#define SIM_START_MS 60000 /* it makes keys first; that it ended is seen at once */
#define PER_ADDRESS 200    /* connections */

struct bk_platform {
    struct bk_app app;
    struct bk_platform_options options;
    struct bk_config *config;
    struct bk_router router, est_router;
    struct bk_httpd *httpd, *est; /* est: NULL without EST */
    unsigned threads, waiters, writers, per_address;
    struct bk_buf est_ca; /* whom EST asks certificates of, PEM */
    struct bk_child sim;
    struct bk_tls tls; /* empty when plain */
    bool plain;        /* until it serves */
    int lock;          /* while it serves */
    char data[PATH_MAX - 64];
    char sim_url[128];
    char uploads[PATH_MAX];
    char crl_urls[2][300], ocsp_url[300];
};

static enum bk_err tell(char *why, size_t size, enum bk_err err, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

static enum bk_err tell(char *why, size_t size, enum bk_err err, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(why, size, fmt, args);
    va_end(args);
    if (n > 0 && (size_t)n < size)
        (void)snprintf(why + n, size - (size_t)n, " (%s)", bk_err_name(err));
    return err;
}

static enum bk_err path_of(const struct bk_platform *p, const char *name, char path[PATH_MAX])
{
    int n = snprintf(path, PATH_MAX, "%s/%s", p->data, name);
    return n > 0 && n < PATH_MAX ? BK_OK : BK_ELIMIT;
}

static const char *get(const struct bk_platform *p, const char *section, const char *name,
                       const char *otherwise)
{
    return bk_config_get(p->config, section, name, otherwise);
}

static enum bk_err read_proxies(struct bk_platform *p, char *why, size_t size)
{
    const char *bad = NULL, *header = get(p, "server", "forwarded-header", "X-Forwarded-For");
    p->app.proxies.rfc7239 = strcasecmp(header, "Forwarded") == 0;
    if (!p->app.proxies.rfc7239 && strcasecmp(header, "X-Forwarded-For") != 0)
        return tell(why, size, BK_EINVAL,
                    "configuration: [server] forwarded-header is X-Forwarded-For or Forwarded,"
                    " not \"%s\"",
                    header);
    enum bk_err err = bk_proxies_read(get(p, "server", "trusted-proxy", ""), &p->app.proxies, &bad);
    return err == BK_OK ? err
                        : tell(why, size, err,
                               "configuration: [server] trusted-proxy: no ADDRESS or"
                               " ADDRESS/LENGTH at \"%s\"",
                               bad);
}

static enum bk_err read_watchers(struct bk_platform *p, char *why, size_t size)
{
    const char *bad = NULL;
    enum bk_err err = bk_proxies_read(get(p, "server", "metrics-for", ""), &p->app.watchers, &bad);
    return err == BK_OK ? err
                        : tell(why, size, err,
                               "configuration: [server] metrics-for: no ADDRESS or"
                               " ADDRESS/LENGTH at \"%s\"",
                               bad);
}

/* One that can't be read is a mistake; one that isn't there leaves Monday to Friday. */
static enum bk_err read_calendar(struct bk_platform *p, char *why, size_t size)
{
    unsigned line = 0;
    const char *path = get(p, "review", "calendar", NULL);
    enum bk_err err = bk_calendar_open(path, &p->app.calendar, &line);
    if (err == BK_ENOTFOUND && !path) {
        bk_log(BK_LOG_WARN, "there is no calendar of working days: Monday to Friday are counted");
        return BK_OK;
    }
    return err == BK_OK ? err
                        : tell(why, size, err, "the calendar of working days, %s, line %u",
                               path ? path : "as installed", line);
}

static enum bk_err take_origin(struct bk_platform *p, const char *url, char *why, size_t size)
{
    enum bk_err err = bk_origin_read(url, p->app.origin);
    return err == BK_OK ? err
                        : tell(why, size, err,
                               "configuration: [server] origin is https://HOST or"
                               " https://HOST:PORT, not \"%s\"",
                               url);
}

/* Before anything is done: commands write messages with links, too. */
static enum bk_err find_origin(struct bk_platform *p, char *why, size_t size)
{
    const char *given = get(p, "server", "origin", "");
    if (*given)
        return take_origin(p, given, why, size);
    bk_origin_guess(p->data, get(p, "server", "listen", LISTEN), p->app.origin);
    return BK_OK;
}

static enum bk_err read_config(struct bk_platform *p, char *why, size_t size)
{
    unsigned line = 0;
    const char *bad = NULL;
    enum bk_err err = bk_config_new(&p->config);
    if (err == BK_OK && p->options.config) {
        err = bk_config_read(p->config, p->options.config, &line);
        if (err != BK_OK && line)
            return tell(why, size, err, "configuration: %s, line %u can't be read",
                        p->options.config, line);
        if (err != BK_OK)
            return tell(why, size, err, "configuration: %s can't be read", p->options.config);
    }
    if (err == BK_OK && (err = bk_settings_check(p->config, why, size)) != BK_OK)
        return err;
    if (err == BK_OK)
        err = bk_policy_read(p->config, &p->app.policy, &bad);
    if (err != BK_OK)
        return tell(why, size, err, "configuration: [policy] %s", bad ? bad : "");
    if ((err = read_proxies(p, why, size)) != BK_OK ||
        (err = read_watchers(p, why, size)) != BK_OK ||
        (err = read_calendar(p, why, size)) != BK_OK)
        return err;
    (void)snprintf(p->app.name, sizeof p->app.name, "%s",
                   get(p, "server", "name", "示例证书自助平台"));
    const char *base = get(p, "ca", "crl-base", NULL);
    for (int i = 0; base && i < 2; i++)
        (void)snprintf(p->crl_urls[i], sizeof p->crl_urls[i], "%s/v1/crl/%s.crl", base,
                       i ? "sm2" : "rsa");
    (void)snprintf(p->ocsp_url, sizeof p->ocsp_url, "%s/v1/ocsp", base ? base : "");
    p->app.ocsp = base ? p->ocsp_url : NULL;
    p->app.crl_rsa = base ? p->crl_urls[0] : NULL;
    p->app.crl_sm2 = base ? p->crl_urls[1] : NULL;
    return find_origin(p, why, size);
}

static bool is_there(const struct bk_platform *p, const char *name)
{
    char path[PATH_MAX];
    struct stat st;
    return path_of(p, name, path) == BK_OK && lstat(path, &st) == 0;
}

/* The database, a file of the folder unless the configuration names one: its URL may hold a
 * password, and isn't shown. */
static enum bk_err database_of(const struct bk_platform *p, char path[PATH_MAX],
                               const char **database)
{
    enum bk_err err = path_of(p, "platform.db", path);
    *database = get(p, "store", "database", path);
    return err;
}

static enum bk_err check_database(const struct bk_platform *p, bool *holds, char *why, size_t size)
{
    char path[PATH_MAX];
    const char *database = NULL;
    enum bk_err err = database_of(p, path, &database);
    if (err == BK_OK)
        err = bk_store_holds(database, holds);
    if (err == BK_EINVAL)
        return tell(why, size, err, "configuration: [store] database can't be read as a URL");
    if (err == BK_EUNSUPPORTED)
        return tell(why, size, err, "the database of [store] can't be used by this program");
    return err == BK_OK ? err : tell(why, size, err, "the database can't be opened");
}

/* A mistyped folder must not become a second, empty platform, nor one that has lost a part look
 * like a new one. Making one that was cut short may be done again: the database comes last. */
static enum bk_err check_folder(const struct bk_platform *p, char *why, size_t size)
{
    bool keys = is_there(p, "secrets/keys"), database = false;
    bool own = !get(p, "store", "database", NULL);
    enum bk_err err = check_database(p, &database, why, size);
    if (err != BK_OK)
        return err;
    if (database && !keys) {
        err = BK_ENOTFOUND;
        (void)snprintf(why, size,
                       "%s has a database, but not the keys of its secrets: bring back"
                       " secrets/keys from a copy",
                       p->data);
    } else if (p->options.create && database) {
        err = BK_EEXISTS;
        (void)snprintf(why, size, "%s holds a platform already", p->data);
    } else if (!p->options.create && !database) {
        err = BK_ENOTFOUND;
        (void)snprintf(why, size,
                       own ? "there is no platform in %s (platform.db is missing);"
                             " init makes a new one"
                           : "the database of %s holds no platform; init makes a new one",
                       p->data);
    }
    return err;
}

static enum bk_err open_folder(struct bk_platform *p, char *why, size_t size)
{
    struct stat st;
    /* its rights first: what can't be looked into isn't a folder without a platform */
    enum bk_err err =
        p->options.create || lstat(p->data, &st) == 0 ? bk_dir_private(p->data) : BK_OK;
    return err == BK_OK ? check_folder(p, why, size) : tell(why, size, err, "%s", p->data);
}

static enum bk_err open_secrets(struct bk_platform *p, char *why, size_t size)
{
    char path[PATH_MAX], refused[2][PATH_MAX], token_why[400] = "";
    const struct bk_kek_options kek = {
        .uri = get(p, "secrets", "key", NULL),
        .token = {.module = get(p, "secrets", "pkcs11-module", NULL),
                  .pin_file = get(p, "secrets", "pkcs11-pin-file", NULL),
                  .refused = refused[0]},
        .former = {.module = get(p, "secrets", "former-pkcs11-module", NULL),
                   .pin_file = get(p, "secrets", "former-pkcs11-pin-file", NULL),
                   .refused = refused[1]}};
    enum bk_err err = path_of(p, "secrets", path);
    if (err == BK_OK)
        err = bk_dir_private(path);
    if (err == BK_OK)
        err = path_of(p, "secrets/pin-refused", refused[0]);
    if (err == BK_OK)
        err = path_of(p, "secrets/former-pin-refused", refused[1]);
    if (err == BK_OK)
        err = path_of(p, "secrets/keys", path);
    if (err == BK_OK)
        err = bk_escrow_open(path, &kek, &p->app.escrow, token_why, sizeof token_why);
    return err == BK_OK ? err
                        : tell(why, size, err, "%s%s%s", path, *token_why ? ": " : "", token_why);
}

static enum bk_err open_uploads(struct bk_platform *p, char *why, size_t size)
{
    enum bk_err err = path_of(p, "uploads", p->uploads);
    p->app.uploads = get(p, "store", "uploads", p->uploads);
    return err == BK_OK ? bk_upload_folder_open(&p->app, why, size)
                        : tell(why, size, err, "%s", p->data);
}

static enum bk_err open_store(struct bk_platform *p, char *why, size_t size)
{
    char path[PATH_MAX];
    const char *database = NULL;
    enum bk_err err = open_secrets(p, why, size);
    if (err != BK_OK)
        return err;
    if (err == BK_OK)
        err = database_of(p, path, &database);
    if (err == BK_OK)
        err = bk_store_open(database, bk_schema, bk_schema_count, &p->app.store);
    return err == BK_OK
               ? open_uploads(p, why, size)
               : tell(why, size, err, "%s", database == path ? path : "the database of [store]");
}

/* The CA's keys are its own process's affair, from the first. One that is there already is of an
 * init that was cut short behind it, or was put there to be this platform's. */
static enum bk_err make_ca(struct bk_platform *p, char *program, char *folder, char *why,
                           size_t size)
{
    char *argv[7] = {program, (char *)(uintptr_t) "--data", folder};
    int n = 3, code = 0;
    if (p->options.config) {
        argv[n++] = (char *)(uintptr_t) "--config";
        argv[n++] = (char *)(uintptr_t)p->options.config;
    }
    argv[n++] = (char *)(uintptr_t) "init";
    enum bk_err err = bk_child_run(argv, &code);
    if (err == BK_OK && code && code != CAD_HOLDS_ONE)
        err = BK_EIO;
    return err == BK_OK ? err : tell(why, size, err, "bjca-cad init can't make the CA");
}

static enum bk_err open_ca(struct bk_platform *p, char *why, size_t size)
{
    char folder[PATH_MAX], program[PATH_MAX] = "";
    enum bk_err err = path_of(p, "ca", folder);
    const struct bk_ca_options options = {.socket = get(p, "ca", "socket", NULL),
                                          .folder = folder,
                                          .program = program,
                                          .config = p->options.config};
    if (err == BK_OK && !options.socket)
        err = bk_program_path("bjca-cad", program, sizeof program);
    if (err != BK_OK)
        return tell(why, size, err, "bjca-cad");
    if (!options.socket && p->options.create)
        err = make_ca(p, program, folder, why, size);
    if (err == BK_OK && !options.socket)
        err = bk_cad_check(folder, why, size);
    if (err != BK_OK)
        return err;
    err = bk_ca_open(&options, &p->app.ca);
    return err == BK_OK ? err : tell(why, size, err, "bjca-cad");
}

enum bk_err bk_platform_open(const struct bk_platform_options *options,
                             struct bk_platform **platform, char *why, size_t size)
{
    struct bk_platform *p = calloc(1, sizeof *p);
    *platform = NULL;
    *why = 0;
    if (!p)
        return BK_ENOMEM;
    p->options = *options;
    p->sim = (struct bk_child)BK_CHILD_INIT;
    p->lock = -1;
    int n = snprintf(p->data, sizeof p->data, "%s", options->data);
    enum bk_err err = n > 0 && (size_t)n < sizeof p->data ? BK_OK : BK_ELIMIT;
    if (err == BK_OK)
        err = read_config(p, why, size);
    if (err == BK_OK)
        err = open_folder(p, why, size);
    if (err == BK_OK)
        err = open_ca(p, why, size);
    if (err == BK_OK)
        err =
            open_store(p, why, size); /* the database last: init makes it when all else is there */
    if (err != BK_OK)
        bk_platform_close(&p);
    *platform = p;
    return err;
}

void bk_platform_close(struct bk_platform **platform)
{
    struct bk_platform *p = *platform;
    if (!p)
        return;
    bk_platform_stop(p);
    bk_ca_close(&p->app.ca);
    bk_store_close(&p->app.store);
    bk_escrow_free(&p->app.escrow);
    bk_calendar_free(&p->app.calendar);
    bk_config_free(&p->config);
    bk_tls_free(&p->tls);
    bk_buf_free(&p->est_ca);
    bk_metrics_free(&p->app.metrics);
    free(p);
    *platform = NULL;
}

struct bk_app *bk_platform_app(struct bk_platform *p)
{
    return &p->app;
}

/* --- serving --- */

/* Without TLS only a proxy on this machine may come between, and it says what customers use. */
static enum bk_err check_plain(const struct bk_platform *p, const char *listen, char *why,
                               size_t size)
{
    char text[300], *origin = NULL;
    bool loopback = false;
    (void)snprintf(text, sizeof text, "http://%s", listen);
    enum bk_err err = bk_url_origin(text, &origin, &loopback);
    free(origin);
    if (err == BK_OK && loopback && *get(p, "server", "origin", "") && p->app.proxies.count)
        return BK_OK;
    return tell(why, size, BK_EINVAL,
                "configuration: [tls] plain is for a proxy on this machine: listen at an address"
                " of loopback, give the [server] origin that customers use, and name the proxy as"
                " [server] trusted-proxy");
}

static enum bk_err open_tls(struct bk_platform *p, const char *listen, char *why, size_t size)
{
    char host[128];
    const char *cert = get(p, "tls", "certificate", NULL), *key = get(p, "tls", "key", NULL);
    size_t len = strcspn(listen, "]:");
    bool six = listen[0] == '[';
    (void)snprintf(host, sizeof host, "%.*s", (int)len, listen);
    if (six)
        (void)snprintf(host, sizeof host, "%.*s", (int)strcspn(listen + 1, "]"), listen + 1);
    enum bk_err err = bk_config_bool(p->config, "tls", "plain", false, &p->plain);
    if (err != BK_OK)
        return tell(why, size, err, "configuration: [tls] plain is yes or no");
    p->app.plain = p->plain;
    if (p->plain)
        return check_plain(p, listen, why, size);
    err = cert && key ? bk_tls_read(cert, key, &p->tls)
                      : bk_tls_open(p->data, host, get(p, "tls", "names", NULL), &p->tls);
    if (err == BK_OK)
        return BK_OK;
    bk_tls_free(&p->tls);
    return tell(why, size, err, "the TLS certificate %s or its key %s can't be used",
                cert ? cert : "of the platform itself", key ? key : "");
}

static struct bk_httpd_options http_options(struct bk_platform *p, const char *listen,
                                            struct bk_router *router)
{
    return (struct bk_httpd_options){.listen = listen,
                                     .cert_pem = (const char *)p->tls.cert_pem.data,
                                     .key_pem = (const char *)p->tls.key_pem.data,
                                     .per_address = p->per_address,
                                     .threads = p->threads,
                                     .waiters = p->waiters,
                                     .last_waiters = p->writers,
                                     .max_body = BK_REQ_BODY,
                                     .request_ms = REQUEST_MS,
                                     .plan = bk_router_plan,
                                     .handle = bk_router_handle,
                                     .context = router};
}

static enum bk_err open_http(struct bk_platform *p, const char *listen, char *why, size_t size)
{
    unsigned long threads = 8, per_address = 0;
    /* each may have a connection to the database: of a server's there are so many, 100 as it comes
     */
    bool own = !get(p, "store", "database", NULL);
    enum bk_err err = bk_config_uint(p->config, "server", "threads", 2, 64, own ? 32 : 8, &threads);
    if (err != BK_OK)
        return tell(why, size, err, "configuration: [server] threads is 2 to 64");
    /* of a proxy all come from one */
    err = bk_config_uint(p->config, "server", "connections-per-address", 0, 1000,
                         p->app.proxies.count ? 0 : PER_ADDRESS, &per_address);
    if (err != BK_OK)
        return tell(why, size, err, "configuration: [server] connections-per-address is 0 to 1000");
    p->threads = (unsigned)threads;
    p->waiters = own ? BK_WAITERS : 16;
    /* a connection to a server is waited for by its own thread */
    p->writers = own ? BK_STORE_WRITERS : 16;
    p->per_address = (unsigned)per_address;
    err = open_tls(p, listen, why, size);
    if (err == BK_OK)
        err = bk_metrics_new(bk_api_route_count, &p->app.metrics);
    if (err != BK_OK)
        return err;
    p->router =
        (struct bk_router){.app = &p->app, .routes = bk_api_routes, .count = bk_api_route_count};
    const struct bk_httpd_options options = http_options(p, listen, &p->router);
    err = bk_httpd_open(&options, &p->httpd);
    return err == BK_OK ? err : tell(why, size, err, "can't listen at %s", listen);
}

/* EST has an address of its own, since it asks for certificates: a browser that has one would have
 * to choose, and type a PIN, wherever it is asked. */
static enum bk_err open_est(struct bk_platform *p, char *why, size_t size)
{
    const char *listen = get(p, "est", "listen", NULL);
    struct bk_buf issuing = BK_BUF_INIT, root = BK_BUF_INIT;
    if (!listen)
        return BK_OK;
    if (p->plain)
        return tell(why, size, BK_EINVAL, "configuration: [est] needs TLS: no [tls] plain");
    enum bk_err err = bk_ca_chain(p->app.ca, BK_ALG_RSA, &issuing, &root);
    if (err != BK_OK)
        (void)tell(why, size, err, "EST needs bjca-cad, which doesn't tell its certificates");
    if (err == BK_OK)
        err = bk_pem_put("CERTIFICATE", issuing.data, issuing.len, &p->est_ca);
    if (err == BK_OK)
        err = bk_pem_put("CERTIFICATE", root.data, root.len, &p->est_ca);
    if (err == BK_OK)
        err = bk_buf_put_u8(&p->est_ca, 0);
    p->est_router = p->router;
    p->est_router.est = true;
    struct bk_httpd_options options = http_options(p, listen, &p->est_router);
    options.client_ca_pem = (const char *)p->est_ca.data;
    if (err == BK_OK && (err = bk_httpd_open(&options, &p->est)) != BK_OK)
        (void)tell(why, size, err, "can't listen at %s", listen);
    bk_buf_free(&issuing);
    bk_buf_free(&root);
    return err;
}

static enum bk_err write_address(struct bk_platform *p, const char *name, const char *listen,
                                 const struct bk_httpd *httpd)
{
    char path[PATH_MAX], text[300];
    const char *colon = strrchr(listen, ':');
    int n = snprintf(text, sizeof text, "%s://%.*s:%u\n", p->plain ? "http" : "https",
                     (int)(colon - listen), listen, bk_httpd_port(httpd));
    enum bk_err err = path_of(p, name, path);
    if (err != BK_OK)
        return err;
    return bk_file_replace(path, text, (size_t)n, 0644);
}

/* One that isn't configured is where it listens. */
static enum bk_err settle_origin(struct bk_platform *p, const char *listen, char *why, size_t size)
{
    char url[300];
    if (*get(p, "server", "origin", ""))
        return BK_OK;
    if (bk_origin_is_everywhere(listen))
        return tell(why, size, BK_EINVAL,
                    "configuration: [server] origin is needed when listening at %s: it is the URL"
                    " that customers use",
                    listen);
    (void)snprintf(url, sizeof url, "https://%.*s:%u", (int)(strrchr(listen, ':') - listen), listen,
                   bk_httpd_port(p->httpd));
    return take_origin(p, url, why, size);
}

static enum bk_err wait_for_file(struct bk_child *child, const char *path, char *text, size_t size)
{
    const struct timespec pause = {.tv_nsec = 20000000};
    for (int ms = 0; ms < SIM_START_MS; ms += 20) {
        struct bk_buf bytes = BK_BUF_INIT;
        enum bk_err err = bk_file_read(path, size - 1, &bytes);
        if (err == BK_OK) {
            (void)snprintf(text, size, "%.*s", (int)bytes.len, (const char *)bytes.data);
            text[strcspn(text, "\n")] = 0;
        }
        bk_buf_free(&bytes);
        if (err != BK_ENOTFOUND)
            return err;
        if (bk_child_ended(child))
            return BK_EIO;
        (void)nanosleep(&pause, NULL);
    }
    return BK_ETIMEOUT;
}

static enum bk_err start_sim(struct bk_platform *p)
{
    char program[PATH_MAX], folder[PATH_MAX], address[PATH_MAX];
    enum bk_err err = bk_program_path("bjca-simd", program, sizeof program);
    if (err == BK_OK)
        err = path_of(p, "sim", folder);
    if (err == BK_OK)
        err = path_of(p, "sim/address", address);
    if (err != BK_OK)
        return err;
    (void)unlink(address); /* of an earlier run */
    char *argv[] = {program,
                    (char *)(uintptr_t) "--data",
                    folder,
                    (char *)(uintptr_t) "serve",
                    (char *)(uintptr_t) "--until-eof",
                    NULL};
    err = bk_child_start(&p->sim, argv);
    return err == BK_OK ? wait_for_file(&p->sim, address, p->sim_url, sizeof p->sim_url) : err;
}

static enum bk_err start_services(struct bk_platform *p, char *why, size_t size)
{
    enum bk_err err = p->options.embedded_sim ? start_sim(p) : BK_OK;
    if (err != BK_OK)
        return tell(why, size, err, "bjca-simd");
    const char *sim = p->options.embedded_sim ? p->sim_url : NULL;
    const struct bk_work_options work = {
        .app = &p->app,
        .config = p->config,
        .data = p->data,
        .sms_url = p->options.sms_url ? p->options.sms_url : sim,
        .pay_url = p->options.pay_url ? p->options.pay_url : sim,
        .identity_url = p->options.identity_url ? p->options.identity_url : sim,
        .invoice_url = p->options.invoice_url ? p->options.invoice_url : sim,
    };
    return bk_work_start(&work, why, size);
}

/* A second daemon would take the first one's simulator and address away, and do its outbox too. */
static enum bk_err lock_folder(struct bk_platform *p, char *why, size_t size)
{
    char path[PATH_MAX];
    enum bk_err err = path_of(p, "serving.lock", path);
    if (err == BK_OK)
        err = bk_file_lock(path, 0, &p->lock);
    if (err != BK_EBUSY)
        return err == BK_OK ? err : tell(why, size, err, "%s", path);
    (void)snprintf(why, size, "another bjca-platformd serves %s", p->data);
    return err;
}

/* So that no customer waits for bjca-cad for what never changes. One that isn't there yet is asked
 * when it is needed. */
static void learn_chains(struct bk_platform *p)
{
    struct bk_buf issuing = BK_BUF_INIT, root = BK_BUF_INIT;
    for (int i = 0; i < 2; i++) {
        enum bk_err err = bk_ca_chain(p->app.ca, i ? BK_ALG_SM2 : BK_ALG_RSA, &issuing, &root);
        if (err != BK_OK)
            bk_log(BK_LOG_WARN, "bjca-cad doesn't tell its certificates: %s", bk_err_name(err));
    }
    bk_buf_free(&issuing);
    bk_buf_free(&root);
}

#define CALENDAR_SOON_MS (INT64_C(31) * 86400000)

/* What will have to be looked after; nothing of it keeps the platform from serving. */
static void warn(const struct bk_platform *p)
{
    int64_t now = bk_now_ms(), until = bk_calendar_until(p->app.calendar, now);
    if (!bk_escrow_settled(p->app.escrow))
        bk_log(BK_LOG_WARN, "the keys of the stored secrets aren't where [secrets] says yet:"
                            " `secrets rotate` brings them there");
    if (p->app.calendar && !until)
        bk_log(BK_LOG_WARN, "the calendar of working days doesn't know this year: Monday to Friday"
                            " are counted");
    else if (p->app.calendar && until - now < CALENDAR_SOON_MS)
        bk_log(BK_LOG_WARN, "the calendar of working days doesn't know the next year yet:"
                            " add its holidays");
}

enum bk_err bk_platform_start(struct bk_platform *p, char *why, size_t size)
{
    const char *listen = p->options.listen ? p->options.listen : get(p, "server", "listen", LISTEN);
    enum bk_err err = lock_folder(p, why, size);
    if (err == BK_OK && (err = bk_store_settle(p->app.store)) != BK_OK)
        (void)snprintf(why, size, "the database can't be written");
    if (err == BK_OK)
        warn(p);
    if (err == BK_OK)
        err = open_http(p, listen, why, size);
    if (err == BK_OK)
        err = settle_origin(p, listen, why, size);
    if (err == BK_OK)
        err = start_services(p, why, size);
    if (err == BK_OK)
        learn_chains(p);
    if (err == BK_OK)
        err = open_est(p, why, size);
    if (err == BK_OK && (err = bk_httpd_run(p->httpd)) != BK_OK)
        (void)snprintf(why, size, "can't serve at %s", listen);
    if (err == BK_OK && p->est && (err = bk_httpd_run(p->est)) != BK_OK)
        (void)snprintf(why, size, "can't serve EST");
    bk_tls_free(&p->tls);
    if (err == BK_OK && p->est)
        err = write_address(p, "est-address", get(p, "est", "listen", ""), p->est);
    if (err == BK_OK)
        err = write_address(p, "address", listen, p->httpd);
    return err;
}

void bk_platform_stop(struct bk_platform *p)
{
    char path[PATH_MAX];
    if (p->httpd && path_of(p, "address", path) == BK_OK)
        (void)unlink(path);
    if (p->est && path_of(p, "est-address", path) == BK_OK)
        (void)unlink(path);
    bk_httpd_stop(&p->httpd);
    bk_httpd_stop(&p->est);
    bk_work_stop(&p->app);
    bk_child_stop(&p->sim);
    bk_file_unlock(&p->lock);
}
