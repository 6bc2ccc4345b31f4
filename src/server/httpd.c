/* SPDX-License-Identifier: Apache-2.0 */
#include "server/httpd.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <gnutls/gnutls.h>
#include <microhttpd.h>

#include "base/log.h"
#include "server/head.h"
#include "server/ident.h"
#include "server/listen.h"
#include "server/queue.h"
#include "server/waiters.h"

/* For a connection: the head and what MHD notes of it. More than enough for what is taken
 * (server/head.h), so that it isn't MHD who refuses the rest, but for the largest. */
#define MEMORY_BYTES ((size_t)32 * 1024)
#define IDLE_SECONDS 20u
#define CONNECTIONS 4096u
#define OTHER_FILES 256u /* descriptors for all but connections */
/* Requests with a long body: as many at once as their memory allows, as slow as a bad line is. */
#define LARGE 16
#define SLOWEST_BYTES_PER_MS 32u

/* One open connection: what the watchdog needs to drop it. */
struct peer {
    struct peer *next, *before;
    struct bk_httpd *httpd;
    int fd;
    char address[INET6_ADDRSTRLEN];
    /* written by its connection's thread, read by the watchdog */
    atomic_int_least64_t since; /* ms, monotonic: when the present request could begin */
    atomic_bool busy;           /* a handler works on it: not slow */
    atomic_int_least64_t more;  /* ms that its request has besides, for a long body */
};

struct bk_httpd {
    struct MHD_Daemon *daemon;
    struct bk_httpd_options options;
    struct bk_waiters *waiters[BK_HTTP_POOLS]; /* NULL when no handler waits */
    int fd;
    uint16_t port;
    pthread_t watchdog;
    int watching;
    pthread_mutex_t lock; /* peers, stopping */
    pthread_cond_t wake;
    int stopping;
    int large;        /* requests with a long body now */
    atomic_uint late; /* requests whose handler has been so */
    bool asks_certs;
    struct peer *peers;
};

struct bk_http_late {
    struct request *request;
    atomic_uint open; /* the handler is at it, and whoever has the answer */
    bool is, repeats;
};

struct request {
    struct bk_buf body;
    struct bk_http_plan plan;
    bool too_long;
    bool seen;   /* its head */
    bool closes; /* no request after this one is read */
    enum bk_http_fault fault;
    const char *at; /* where MHD has its target */
    struct bk_target target;
    char *path;
    bool large;   /* counted */
    bool refused; /* one large one too many */
    struct bk_httpd *httpd;
    struct MHD_Connection *connection;
    /* of one that waits */
    struct bk_http_in in;
    struct bk_http_out out;
    bool answered; /* out is */
    struct bk_http_late late;
};

static int64_t monotonic_ms(void)
{
    struct timespec t = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static struct MHD_Response *make_response(const struct request *request)
{
    const struct bk_http_out *out = &request->out;
    struct MHD_Response *response = MHD_create_response_from_buffer(
        out->body.len, out->body.len ? (void *)out->body.data : (void *)(uintptr_t) "",
        MHD_RESPMEM_MUST_COPY);
    if (!response)
        return NULL;
    if (out->type)
        (void)MHD_add_response_header(response, "Content-Type", out->type);
    (void)MHD_add_response_header(response, "Cache-Control", out->cache ? out->cache : "no-store");
    (void)MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    for (unsigned i = 0; i < out->header_count; i++)
        (void)MHD_add_response_header(response, out->headers[i].name, out->headers[i].value);
    if (request->closes)
        (void)MHD_add_response_header(response, "Connection", "close");
    return response;
}

static enum MHD_Result send_out(const struct request *request)
{
    struct MHD_Response *response = make_response(request);
    if (!response)
        return MHD_NO;
    enum MHD_Result rc = bk_queue(request->connection, request->out.status, response);
    MHD_destroy_response(response);
    return rc;
}

static struct peer *peer_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

static void address_of(struct MHD_Connection *connection, char *text, socklen_t size)
{
    (void)snprintf(text, size, "unknown");
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (!info || !info->client_addr)
        return;
    if (info->client_addr->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, info->client_addr, sizeof in);
        (void)inet_ntop(AF_INET, &in.sin_addr, text, size);
    } else if (info->client_addr->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, info->client_addr, sizeof in6);
        (void)inet_ntop(AF_INET6, &in6.sin6_addr, text, size);
    }
}

/* The handshake has proved its key; it isn't checked in any other way. */
static void take_cert(struct request *request)
{
    unsigned count = 0;
    const union MHD_ConnectionInfo *info =
        request->httpd->asks_certs
            ? MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_GNUTLS_SESSION)
            : NULL;
    const gnutls_datum_t *list =
        info ? gnutls_certificate_get_peers(info->tls_session, &count) : NULL;
    if (list && count) {
        request->in.cert = list[0].data;
        request->in.cert_len = list[0].size;
    }
}

/* No lock: each request would take it, on all threads. */
static void set_busy(struct peer *peer, bool busy)
{
    if (!peer)
        return;
    atomic_store(&peer->more, 0);
    atomic_store(&peer->since, monotonic_ms());
    atomic_store(&peer->busy, busy);
}

/* From here on it is the client who takes its time. */
static void let_read(const struct request *request)
{
    struct peer *peer = peer_of(request->connection);
    set_busy(peer, false);
    if (peer)
        atomic_store(&peer->more, (int64_t)(request->out.body.len / SLOWEST_BYTES_PER_MS));
}

static void make_in(struct request *request, const char *method)
{
    const struct peer *peer = peer_of(request->connection);
    request->in = (struct bk_http_in){.fault = request->fault,
                                      .plan = request->plan,
                                      .method = method,
                                      .path = request->path,
                                      .peer = peer ? peer->address : "unknown",
                                      .body = request->body.data,
                                      .body_len = request->body.len,
                                      .too_long = request->too_long,
                                      .overloaded = request->refused,
                                      .connection = request->connection};
    take_cert(request);
}

static void handle(struct request *request)
{
    const struct bk_httpd_options *o = &request->httpd->options;
    request->out = (struct bk_http_out){.status = 500};
    o->handle(o->context, &request->in, &request->out);
    request->answered = true;
}

static void handle_slowly(void *what);

/* MHD comes back to the connection when it is resumed, and the request may be gone at once. */
static void leave(struct request *request)
{
    struct bk_httpd *httpd = request->httpd;
    struct bk_http_late *late = &request->late;
    bool is = late->is;
    if (atomic_fetch_sub(&late->open, 1) != 1)
        return;
    if (late->repeats) {
        late->repeats = request->answered = false;
        bk_buf_free(&request->out.body);
        if (bk_waiters_add(httpd->waiters[request->plan.pool - 1], handle_slowly, request) == BK_OK)
            return;
        request->in.overloaded = true;
    }
    MHD_resume_connection(request->connection);
    if (is)
        (void)atomic_fetch_sub(&httpd->late, 1);
}

/* On a thread of the waiters. */
static void handle_slowly(void *what)
{
    struct request *request = what;
    request->late.request = request;
    atomic_store(&request->late.open, 1);
    request->in.late = &request->late;
    handle(request);
    leave(request);
}

void bk_httpd_late(const struct bk_http_in *in)
{
    struct bk_http_late *late = in->late;
    if (!late->is)
        (void)atomic_fetch_add(&late->request->httpd->late, 1);
    late->is = true;
    (void)atomic_fetch_add(&late->open, 1);
}

void bk_httpd_answered(struct bk_http_late *late)
{
    leave(late->request);
}

void bk_httpd_again(struct bk_http_late *late, void *again)
{
    late->request->in.again = again;
    late->repeats = true;
    leave(late->request);
}

/* Called again, with the answer, when one that waits has it. */
static enum MHD_Result answer(struct request *request, const char *method)
{
    struct bk_httpd *httpd = request->httpd;
    if (!request->answered && !request->in.overloaded) {
        make_in(request, method);
        unsigned pool = request->refused ? 0 : request->plan.pool;
        if (pool) {
            MHD_suspend_connection(request->connection);
            if (bk_waiters_add(httpd->waiters[pool - 1], handle_slowly, request) == BK_OK)
                return MHD_YES;
            request->in.overloaded = true; /* an answer isn't taken before it is resumed */
            MHD_resume_connection(request->connection);
            return MHD_YES;
        }
    }
    if (!request->answered)
        handle(request);
    let_read(request);
    return send_out(request);
}

/* What the library means by a status of its own. */
static enum bk_http_fault fault_of(unsigned status)
{
    static const struct {
        unsigned status;
        enum bk_http_fault fault;
    } faults[] = {{413, BK_HTTP_LONG_BODY},
                  {414, BK_HTTP_LONG_TARGET},
                  {431, BK_HTTP_LARGE_HEAD},
                  {500, BK_HTTP_FAILED},
                  {505, BK_HTTP_OTHER_VERSION}};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        if (faults[i].status == status)
            return faults[i].fault;
    return BK_HTTP_MALFORMED;
}

/* On the connection's thread. There may be a request of ours already, whose body can't be read on:
 * that ends as others do (on_completed). */
enum bk_err bk_httpd_refuse(struct MHD_Connection *connection, unsigned status, struct bk_buf *text)
{
    struct peer *peer = peer_of(connection);
    if (!peer)
        return BK_OK;
    char path[] = "/";
    struct request request = {.httpd = peer->httpd,
                              .connection = connection,
                              .path = path,
                              .fault = fault_of(status),
                              .closes = true};
    make_in(&request, "GET");
    handle(&request);
    struct MHD_Response *response = make_response(&request);
    enum bk_err err = response
                          ? bk_answer_text(response, request.out.status, &request.out.body, text)
                          : BK_ENOMEM;
    if (response)
        MHD_destroy_response(response);
    bk_buf_free(&request.out.body);
    return err;
}

/* How long its body may be, which for a long one is asked of the others, too; and what is planned.
 */
static void admit(struct request *request, const char *method)
{
    struct bk_httpd *httpd = request->httpd;
    const struct bk_httpd_options *o = &httpd->options;
    const struct bk_http_in in = {
        .method = method, .path = request->path, .peer = "", .connection = request->connection};
    request->plan.max_body = o->max_body;
    if (o->plan)
        o->plan(o->context, &in, &request->plan);
    if (request->plan.max_body <= o->max_body)
        return;
    struct peer *peer = peer_of(request->connection);
    (void)pthread_mutex_lock(&httpd->lock);
    request->large = httpd->large < LARGE;
    request->refused = !request->large;
    httpd->large += request->large;
    if (peer)
        peer->more = (int64_t)(request->plan.max_body / SLOWEST_BYTES_PER_MS);
    (void)pthread_mutex_unlock(&httpd->lock);
}

static void free_request(struct request *request)
{
    if (!request)
        return;
    if (request->large) {
        (void)pthread_mutex_lock(&request->httpd->lock);
        request->httpd->large--;
        (void)pthread_mutex_unlock(&request->httpd->lock);
    }
    bk_buf_free(&request->body);
    bk_buf_free(&request->out.body);
    free(request->path);
    free(request);
}

/* MHD calls this with the target as it was sent, before it decodes it and reads on. Arguments of a
 * target that isn't good end here: MHD would note them all, and where they are too many for its
 * memory it answers nothing. */
static void *on_target(void *context, const char *text, struct MHD_Connection *connection)
{
    struct request *request = calloc(1, sizeof *request);
    if (!request)
        return NULL;
    request->httpd = context;
    request->connection = connection;
    request->at = text;
    bool good = bk_target_read(text, &request->target);
    bool is_long = request->target.len > BK_TARGET_MAX || request->target.args > BK_TARGET_ARGS;
    request->fault = good ? BK_HTTP_SOUND : is_long ? BK_HTTP_LONG_TARGET : BK_HTTP_MALFORMED;
    if (request->fault)
        ((char *)(uintptr_t)text)[request->target.query] = 0; /* in its own buffer */
    request->path = good && request->target.path_len
                        ? strndup(text + request->target.path, request->target.path_len)
                        : strdup("/");
    return request;
}

/*
 * Method, target, version and fields stand in MHD's buffer as they came, but for what it has put
 * NUL for; what it tells of them doesn't show what it has overlooked. Where they are not, in
 * another version of MHD, no request is good.
 */
static bool good_head(struct request *request, const char *method, const char *version, size_t size,
                      int fields)
{
    struct bk_head head;
    const size_t method_len = strlen(method), version_len = strlen("HTTP/1.1");
    const uintptr_t begin = (uintptr_t)method, at = (uintptr_t)version;
    if (begin + method_len + 1 != (uintptr_t)request->at ||
        (uintptr_t)request->at + request->target.len + 1 != at || at + version_len - begin > size ||
        !bk_head_token(method, method_len) ||
        (strcmp(request->path, "*") == 0 && strcmp(method, "OPTIONS") != 0) ||
        !bk_head_read(version + version_len, size - (at + version_len - begin),
                      strcmp(version, "HTTP/1.0") == 0, &head))
        return false;
    request->closes = head.codings;
    return (int)head.fields == fields; /* MHD has read the same */
}

static void look_at_head(struct request *request, const char *method, const char *version)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    size_t size = info ? info->header_size : 0;
    int fields = MHD_get_connection_values(request->connection, MHD_HEADER_KIND, NULL, NULL);
    if (!request->fault && (size > BK_HEAD_MAX || fields > (int)BK_HEAD_FIELDS))
        request->fault = BK_HTTP_LARGE_HEAD;
    if (!request->fault && !good_head(request, method, version, size, fields))
        request->fault = BK_HTTP_MALFORMED;
    request->closes = request->closes || request->fault;
}

/* MHD calls this once with the headers, for each piece of the body, and once at its end. */
static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *size, void **state)
{
    (void)context;
    (void)url; /* decoded */
    struct request *request = *state;
    if (!request || !request->path)
        return MHD_NO;
    bool first = !request->seen;
    request->seen = true;
    if (first)
        look_at_head(request, method, version);
    if (strcmp(method, "HEAD") == 0) /* whose body MHD leaves out */
        method = "GET";
    if (first && request->fault) /* not its body */
        return answer(request, method);
    if (first) {
        admit(request, method);
        return MHD_YES;
    }
    if (*size) {
        if (*size > request->plan.max_body - request->body.len)
            request->too_long = true;
        else if (!request->too_long && !request->refused &&
                 bk_buf_put(&request->body, data, *size) != BK_OK)
            return MHD_NO;
        *size = 0;
        return MHD_YES;
    }
    set_busy(peer_of(connection), true);
    return answer(request, method);
}

static void on_completed(void *context, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode how)
{
    (void)context;
    (void)how;
    set_busy(peer_of(connection), false);
    free_request(*state);
    *state = NULL;
}

static void add_peer(struct bk_httpd *httpd, struct MHD_Connection *connection, void **state)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct peer *peer = info ? calloc(1, sizeof *peer) : NULL;
    if (!peer)
        return;
    peer->httpd = httpd;
    peer->fd = info->connect_fd;
    address_of(connection, peer->address, sizeof peer->address);
    peer->since = monotonic_ms();
    (void)pthread_mutex_lock(&httpd->lock);
    peer->next = httpd->peers;
    if (peer->next)
        peer->next->before = peer;
    httpd->peers = peer;
    (void)pthread_mutex_unlock(&httpd->lock);
    *state = peer;
}

static void on_connection(void *context, struct MHD_Connection *connection, void **state,
                          enum MHD_ConnectionNotificationCode what)
{
    struct bk_httpd *httpd = context;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        add_peer(httpd, connection, state);
        return;
    }
    struct peer *peer = *state;
    if (!peer)
        return;
    (void)pthread_mutex_lock(&httpd->lock);
    if (peer->next)
        peer->next->before = peer->before;
    if (peer->before)
        peer->before->next = peer->next;
    else
        httpd->peers = peer->next;
    (void)pthread_mutex_unlock(&httpd->lock);
    free(peer);
    *state = NULL;
}

/*
 * MHD's own timeout begins anew with each byte. This one doesn't: the socket of a connection whose
 * request isn't complete in time is shut down (not closed: it is MHD's), which MHD takes for the
 * client going away. The socket can't be closed meanwhile, for MHD says so under our lock first.
 */
static void *watch(void *context)
{
    struct bk_httpd *httpd = context;
    (void)pthread_mutex_lock(&httpd->lock);
    while (!httpd->stopping) {
        struct timespec until = {0};
        (void)clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += 1;
        (void)pthread_cond_timedwait(&httpd->wake, &httpd->lock, &until);
        int64_t now = monotonic_ms();
        for (struct peer *p = httpd->peers; p; p = p->next)
            if (!p->busy && now - p->since > (int64_t)httpd->options.request_ms + p->more)
                (void)shutdown(p->fd, SHUT_RDWR);
    }
    (void)pthread_mutex_unlock(&httpd->lock);
    return NULL;
}

static void on_log(void *context, const char *fmt, va_list args)
    __attribute__((format(printf, 2, 0)));

static void on_log(void *context, const char *fmt, va_list args)
{
    (void)context;
    char line[512];
    (void)vsnprintf(line, sizeof line, fmt, args);
    bk_log(BK_LOG_DEBUG, "httpd: %s", line);
}

/* As many connections as the process may have open files for, which may be made more. */
static unsigned connection_limit(void)
{
    struct rlimit files = {0};
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return CONNECTIONS / 8;
    rlim_t want = CONNECTIONS + OTHER_FILES;
    if (files.rlim_cur < want && files.rlim_cur < files.rlim_max) {
        files.rlim_cur = files.rlim_max < want ? files.rlim_max : want;
        if (setrlimit(RLIMIT_NOFILE, &files) != 0)
            (void)getrlimit(RLIMIT_NOFILE, &files);
    }
    return files.rlim_cur >= want              ? CONNECTIONS
           : files.rlim_cur >= 2 * OTHER_FILES ? (unsigned)files.rlim_cur - OTHER_FILES
                                               : OTHER_FILES;
}

static enum bk_err start_daemon(struct bk_httpd *httpd)
{
    const struct bk_httpd_options *o = &httpd->options;
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)o->cert_pem},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)o->key_pem},
        {MHD_OPTION_HTTPS_PRIORITIES, 0,
         (void *)(uintptr_t) "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"},
        {MHD_OPTION_END, 0, NULL},
        {MHD_OPTION_END, 0, NULL}};
    if (o->client_ca_pem) /* MHD only asks; nothing is refused by it */
        tls[3] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_TRUST, 0,
                                         (void *)(uintptr_t)o->client_ca_pem};
    if (!o->cert_pem)
        tls[0] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ERROR_LOG | MHD_ALLOW_SUSPEND_RESUME |
                     (o->cert_pem ? (unsigned)MHD_USE_TLS : 0u);
    httpd->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, httpd, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL,
        MHD_OPTION_LISTEN_SOCKET, httpd->fd, MHD_OPTION_THREAD_POOL_SIZE, o->threads,
        MHD_OPTION_CONNECTION_LIMIT, connection_limit(), MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        o->per_address, MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, MEMORY_BYTES, MHD_OPTION_URI_LOG_CALLBACK, on_target,
        httpd, MHD_OPTION_NOTIFY_COMPLETED, on_completed, httpd, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, httpd, MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
    if (!httpd->daemon)
        return BK_EIO;
    httpd->fd = -1; /* the daemon's now */
    httpd->watching = pthread_create(&httpd->watchdog, NULL, watch, httpd) == 0;
    return httpd->watching ? BK_OK : BK_ENOMEM;
}

enum bk_err bk_httpd_open(const struct bk_httpd_options *options, struct bk_httpd **httpd)
{
    struct bk_httpd *h = calloc(1, sizeof *h);
    *httpd = NULL;
    if (!h)
        return BK_ENOMEM;
    h->options = *options;
    h->asks_certs = options->client_ca_pem != NULL;
    h->fd = -1;
    (void)pthread_mutex_init(&h->lock, NULL);
    bk_cond_init(&h->wake);
    enum bk_err err = BK_OK;
    for (unsigned i = 0; err == BK_OK && h->options.plan && i < BK_HTTP_POOLS; i++)
        err = i + 1 == BK_HTTP_POOLS
                  ? bk_waiters_new(options->last_waiters ? options->last_waiters : options->waiters,
                                   CONNECTIONS, &h->waiters[i])
                  : bk_waiters_new(options->waiters, BK_WAITING, &h->waiters[i]);
    if (err == BK_OK)
        err = bk_listen(options->listen, &h->fd, &h->port);
    if (err != BK_OK)
        bk_httpd_stop(&h);
    *httpd = h;
    return err;
}

enum bk_err bk_httpd_run(struct bk_httpd *httpd)
{
    enum bk_err err = start_daemon(httpd);
    httpd->options.cert_pem = httpd->options.key_pem = httpd->options.listen = NULL;
    httpd->options.client_ca_pem = NULL;
    return err;
}

enum bk_err bk_httpd_start(const struct bk_httpd_options *options, struct bk_httpd **httpd)
{
    enum bk_err err = bk_httpd_open(options, httpd);
    if (err == BK_OK && (err = bk_httpd_run(*httpd)) != BK_OK)
        bk_httpd_stop(httpd);
    return err;
}

uint16_t bk_httpd_port(const struct bk_httpd *httpd)
{
    return httpd->port;
}

void bk_httpd_stop(struct bk_httpd **httpd)
{
    struct bk_httpd *h = *httpd;
    if (!h)
        return;
    for (unsigned i = 0; i < BK_HTTP_POOLS; i++)
        if (h->waiters[i]) /* first: no connection may rest when the daemon stops */
            bk_waiters_stop(h->waiters[i]);
    while (atomic_load(&h->late)) /* nothing here is touched behind that by who answers */
        (void)nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    if (h->daemon)
        MHD_stop_daemon(h->daemon);
    for (unsigned i = 0; i < BK_HTTP_POOLS; i++)
        bk_waiters_free(&h->waiters[i]);
    if (h->watching) {
        (void)pthread_mutex_lock(&h->lock);
        h->stopping = 1;
        (void)pthread_cond_signal(&h->wake);
        (void)pthread_mutex_unlock(&h->lock);
        (void)pthread_join(h->watchdog, NULL);
    }
    if (h->fd >= 0)
        (void)close(h->fd);
    (void)pthread_mutex_destroy(&h->lock);
    (void)pthread_cond_destroy(&h->wake);
    free(h);
    *httpd = NULL;
}
