/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include <curl/curl.h>

#include "base/text.h"

struct bk_http {
    CURL *curl;
    CURLM *multi; /* runs it, and keeps its connection */
    char *origin;
    char *ca_file;
    char *user_agent;
    char *languages;
    bool loopback;
    long connect_ms, total_ms;
    size_t max_body;
    int stop_fd;
    char error[CURL_ERROR_SIZE + 128];
};

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;
static CURLcode curl_ready = CURLE_FAILED_INIT;

static void curl_start(void)
{
    curl_ready = curl_global_init(CURL_GLOBAL_DEFAULT);
}

static bool is_loopback(const char *host)
{
    return strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
           (strncmp(host, "127.", 4) == 0 && host[strspn(host, "0123456789.")] == 0);
}

/* Splits and checks the URL by libcurl's own parser, so that what is checked is what is used. */
enum bk_err bk_url_origin(const char *url, char **origin, bool *loopback)
{
    enum bk_err err = BK_EINVAL;
    char *scheme = NULL, *host = NULL, *port = NULL, *path = NULL, *user = NULL, *query = NULL;
    CURLU *u = curl_url();
    if (!u)
        return BK_ENOMEM;
    if (curl_url_set(u, CURLUPART_URL, url, 0) != CURLUE_OK ||
        curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK ||
        curl_url_get(u, CURLUPART_HOST, &host, 0) != CURLUE_OK ||
        curl_url_get(u, CURLUPART_PATH, &path, 0) != CURLUE_OK ||
        curl_url_get(u, CURLUPART_USER, &user, 0) == CURLUE_OK ||
        curl_url_get(u, CURLUPART_QUERY, &query, 0) == CURLUE_OK || strcmp(path, "/") != 0)
        goto out;
    (void)curl_url_get(u, CURLUPART_PORT, &port, CURLU_NO_DEFAULT_PORT);
    *loopback = is_loopback(host);
    if (strcmp(scheme, "https") != 0 && (strcmp(scheme, "http") != 0 || !*loopback))
        goto out;
    size_t size = strlen(scheme) + strlen(host) + (port ? strlen(port) : 0) + 5;
    *origin = malloc(size);
    err = *origin ? BK_OK : BK_ENOMEM;
    if (err == BK_OK)
        (void)snprintf(*origin, size, "%s://%s%s%s", scheme, host, port ? ":" : "",
                       port ? port : "");
    for (char *c = *origin; err == BK_OK && *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
out:
    curl_free(scheme);
    curl_free(host);
    curl_free(port);
    curl_free(path);
    curl_free(user);
    curl_free(query);
    curl_url_cleanup(u);
    return err;
}

static enum bk_err copy(char **to, const char *text)
{
    *to = text ? strdup(text) : NULL;
    return text && !*to ? BK_ENOMEM : BK_OK;
}

enum bk_err bk_http_new(const struct bk_http_options *options, struct bk_http **http)
{
    *http = NULL;
    (void)pthread_once(&curl_once, curl_start);
    if (curl_ready != CURLE_OK)
        return BK_ENET;
    struct bk_http *h = calloc(1, sizeof *h);
    if (!h)
        return BK_ENOMEM;
    enum bk_err err = bk_url_origin(options->base_url, &h->origin, &h->loopback);
    if (err == BK_OK)
        err = copy(&h->ca_file, options->ca_file);
    if (err == BK_OK)
        err = copy(&h->languages, options->languages);
    if (err == BK_OK)
        err = copy(&h->user_agent,
                   options->user_agent ? options->user_agent : "bjca-pkcs11/" BK_VERSION);
    h->connect_ms = options->connect_ms ? options->connect_ms : 10000;
    h->total_ms = options->total_ms ? options->total_ms : 30000;
    h->max_body = options->max_body ? options->max_body : (size_t)1024 * 1024;
    h->stop_fd = options->stop_fd;
    h->curl = curl_easy_init();
    h->multi = curl_multi_init();
    if (err == BK_OK && (!h->curl || !h->multi))
        err = BK_ENOMEM;
    if (err != BK_OK)
        bk_http_free(&h);
    *http = h;
    return err;
}

void bk_http_free(struct bk_http **http)
{
    struct bk_http *h = *http;
    if (!h)
        return;
    if (h->curl)
        curl_easy_cleanup(h->curl);
    if (h->multi)
        (void)curl_multi_cleanup(h->multi);
    free(h->origin);
    free(h->ca_file);
    free(h->user_agent);
    free(h->languages);
    free(h);
    *http = NULL;
}

struct receiver {
    struct bk_http *http;
    struct bk_http_response *response;
    enum bk_err err;
};

static size_t on_body(char *data, size_t size, size_t count, void *context)
{
    struct receiver *r = context;
    size_t len = size * count;
    if (len > r->http->max_body - r->response->body.len)
        r->err = BK_ELIMIT;
    else
        r->err = bk_buf_put(&r->response->body, data, len);
    return r->err == BK_OK ? len : 0;
}

static enum bk_err add_header(struct curl_slist **list, const char *name, const char *value)
{
    struct bk_buf line = BK_BUF_INIT;
    const char *text = NULL;
    enum bk_err err = bk_buf_printf(&line, "%s: %s", name, value);
    if (err == BK_OK)
        err = bk_buf_cstr(&line, &text);
    /* a line break in a value would begin a header of its own */
    if (err == BK_OK && strpbrk(text, "\r\n"))
        err = BK_EINVAL;
    if (err == BK_OK) {
        struct curl_slist *more = curl_slist_append(*list, text);
        if (more)
            *list = more;
        else
            err = BK_ENOMEM;
    }
    bk_buf_free(&line);
    return err;
}

static enum bk_err make_headers(const struct bk_http *http, const struct bk_http_request *request,
                                struct curl_slist **list)
{
    struct bk_buf bearer = BK_BUF_INIT;
    const char *authorization = NULL;
    enum bk_err err = BK_OK;
    if (request->content_type)
        err = add_header(list, "Content-Type", request->content_type);
    if (err == BK_OK && http->languages)
        err = add_header(list, "Accept-Language", http->languages);
    if (err == BK_OK && request->idempotency)
        err = add_header(list, "Idempotency-Key", request->idempotency);
    if (err == BK_OK && request->bearer) {
        err = bk_buf_printf(&bearer, "Bearer %s", request->bearer);
        if (err == BK_OK)
            err = bk_buf_cstr(&bearer, &authorization);
        if (err == BK_OK)
            err = add_header(list, "Authorization", authorization);
        bk_buf_free(&bearer);
    }
    /* without it libcurl waits a second for "100 Continue" before a larger body */
    if (err == BK_OK)
        err = add_header(list, "Expect", "");
    for (const char *const *h = request->headers; err == BK_OK && h && *h; h++) {
        struct curl_slist *more = strpbrk(*h, "\r\n") ? NULL : curl_slist_append(*list, *h);
        if (more)
            *list = more;
        else
            err = BK_EINVAL;
    }
    return err;
}

/* CURLcode of the first option that could not be set: an option silently not set could be the one
 * that checks the server. */
static CURLcode set_options(struct bk_http *http, const struct bk_http_request *request,
                            struct receiver *receiver, struct curl_slist *headers, const char *url)
{
    CURL *c = http->curl;
    bool post = request->body || strcmp(request->method, "GET") != 0;
    curl_easy_reset(c); /* keeps the connection */
    CURLcode bad = CURLE_OK;
#define SET(option, value)                                                                         \
    do {                                                                                           \
        CURLcode rc_ = curl_easy_setopt(c, option, value);                                         \
        if (bad == CURLE_OK)                                                                       \
            bad = rc_;                                                                             \
    } while (0)
    SET(CURLOPT_URL, url);
    SET(CURLOPT_PROTOCOLS_STR, http->loopback ? "http,https" : "https");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (http->ca_file)
        SET(CURLOPT_CAINFO, http->ca_file);
    if (http->loopback)
        SET(CURLOPT_NOPROXY, "*");
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_CONNECTTIMEOUT_MS, http->connect_ms);
    SET(CURLOPT_TIMEOUT_MS, request->total_ms ? request->total_ms : http->total_ms);
    SET(CURLOPT_USERAGENT, http->user_agent);
    SET(CURLOPT_ERRORBUFFER, http->error);
    SET(CURLOPT_HTTPHEADER, headers);
    SET(CURLOPT_WRITEFUNCTION, on_body);
    SET(CURLOPT_WRITEDATA, receiver);
    if (http->stop_fd) /* nor for a name that is still being looked up */
        SET(CURLOPT_QUICK_EXIT, 1L);
    if (post) {
        SET(CURLOPT_POST, 1L);
        SET(CURLOPT_POSTFIELDS, request->body ? request->body : "");
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_len);
    }
    SET(CURLOPT_CUSTOMREQUEST, request->method);
#undef SET
    return bad;
}

static enum bk_err from_curl(CURLcode rc)
{
    switch (rc) {
    case CURLE_OK:
        return BK_OK;
    case CURLE_OUT_OF_MEMORY:
        return BK_ENOMEM;
    case CURLE_OPERATION_TIMEDOUT:
        return BK_ETIMEOUT;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CRL_BADFILE:
        return BK_ETLS;
    case CURLE_URL_MALFORMAT:
        return BK_EINVAL;
    default:
        return BK_ENET;
    }
}

static void read_answer(CURL *curl, struct bk_http_response *response)
{
    char *type = NULL;
    curl_off_t retry = 0;
    (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &response->status);
    if (curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type) == CURLE_OK && type)
        (void)snprintf(response->content_type, sizeof response->content_type, "%s", type);
    if (curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &retry) == CURLE_OK && retry > 0)
        response->retry_after = retry > 3600 ? 3600 : (long)retry;
}

/* In the user's language, and what libcurl says in brackets. */
static void describe(struct bk_http *http, enum bk_err err, CURLcode rc)
{
    char detail[CURL_ERROR_SIZE];
    const char *what = err == BK_ETLS     ? _("no secure connection to the server")
                       : err == BK_ELIMIT ? _("the server's answer is too long")
                                          : _("the exchange with the server failed");
    if (rc == CURLE_COULDNT_RESOLVE_HOST || rc == CURLE_COULDNT_RESOLVE_PROXY)
        what = _("the server's name isn't known");
    else if (rc == CURLE_COULDNT_CONNECT)
        what = _("no connection to the server");
    else if (rc == CURLE_OPERATION_TIMEDOUT)
        what = _("the server didn't answer in time");
    (void)snprintf(detail, sizeof detail, "%.*s", CURL_ERROR_SIZE - 1,
                   http->error[0] ? http->error : curl_easy_strerror(rc));
    (void)snprintf(http->error, sizeof http->error, _("%s: %s"), what, detail);
}

enum bk_err bk_http_pause(const struct bk_http *http, long ms)
{
    struct pollfd stop = {.fd = http->stop_fd ? http->stop_fd : -1, .events = POLLIN};
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    const int64_t end = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + ms;
    while (poll(&stop, 1, (int)ms) < 0 && errno == EINTR) {
        (void)clock_gettime(CLOCK_MONOTONIC, &now);
        ms = (long)(end - (int64_t)now.tv_sec * 1000 - now.tv_nsec / 1000000);
        ms = ms > 0 ? ms : 0;
    }
    return stop.revents ? BK_ECANCELLED : BK_OK;
}

/* curl_easy_perform, but for the descriptor that it looks at while it waits. */
static enum bk_err run(struct bk_http *http, CURLcode *rc)
{
    struct curl_waitfd stop = {.fd = http->stop_fd, .events = CURL_WAIT_POLLIN};
    const unsigned watched = http->stop_fd ? 1 : 0;
    int running = 1, left = 0;
    CURLMcode code = curl_multi_add_handle(http->multi, http->curl);
    while (code == CURLM_OK && !stop.revents) {
        code = curl_multi_perform(http->multi, &running);
        if (code != CURLM_OK || !running)
            break;
        code = curl_multi_poll(http->multi, &stop, watched, 1000, NULL);
    }
    const CURLMsg *end = curl_multi_info_read(http->multi, &left);
    *rc = end ? end->data.result : CURLE_OUT_OF_MEMORY;
    (void)curl_multi_remove_handle(http->multi, http->curl);
    return stop.revents && !end ? BK_ECANCELLED : BK_OK;
}

enum bk_err bk_http_do(struct bk_http *http, const struct bk_http_request *request,
                       struct bk_http_response *response)
{
    struct bk_buf url = BK_BUF_INIT;
    struct curl_slist *headers = NULL;
    const char *text = NULL;
    struct receiver receiver = {.http = http, .response = response};
    *response = (struct bk_http_response){0};
    http->error[0] = 0;
    enum bk_err err = request->path[0] == '/' ? bk_http_pause(http, 0) : BK_EINVAL;
    if (err == BK_OK)
        err = bk_buf_printf(&url, "%s%s", http->origin, request->path);
    if (err == BK_OK)
        err = bk_buf_cstr(&url, &text);
    if (err == BK_OK)
        err = make_headers(http, request, &headers);
    if (err != BK_OK)
        goto out;
    CURLcode rc = set_options(http, request, &receiver, headers, text);
    if (rc == CURLE_OK)
        err = run(http, &rc);
    if (err != BK_OK)
        goto out;
    err = receiver.err != BK_OK ? receiver.err : from_curl(rc);
    if (err == BK_OK)
        read_answer(http->curl, response);
    else
        describe(http, err, rc);
    if (err == BK_OK && response->status >= 300 && response->status < 400) {
        (void)snprintf(http->error, sizeof http->error,
                       _("the server answered with a redirect (%ld), which is not followed"),
                       response->status);
        err = BK_EREFUSED;
    }
out:
    /* the handle keeps pointers to what is freed here */
    curl_easy_reset(http->curl);
    curl_slist_free_all(headers);
    bk_buf_free(&url);
    if (err != BK_OK)
        bk_http_response_free(response);
    return err;
}

void bk_http_response_free(struct bk_http_response *response)
{
    bk_buf_free(&response->body);
    *response = (struct bk_http_response){0};
}

const char *bk_http_error(const struct bk_http *http)
{
    return http->error;
}

const char *bk_http_origin(const struct bk_http *http)
{
    return http->origin;
}
