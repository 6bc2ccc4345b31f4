/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP client over libcurl, for JSON APIs. https everywhere, plain http only to loopback addresses;
 * certificate and host name are always checked; redirects are not followed (none of our servers
 * sends any, and one to another host would carry the request away); every exchange has a deadline
 * and a limit on the answer's size. One handle is one connection's worth of state: not to be used
 * by two threads at once.
 */
#ifndef BK_NET_HTTP_H
#define BK_NET_HTTP_H

#include <stdbool.h>

#include "base/buf.h"

struct bk_http;

struct bk_http_options {
    const char *base_url;   /* https://host[:port], http://127.0.0.1:port; no path, no user */
    const char *ca_file;    /* PEM; NULL: the system's */
    const char *user_agent; /* NULL: "bjca-pkcs11/VERSION" */
    const char *languages;  /* Accept-Language; NULL: none */
    long connect_ms;        /* 0: 10,000 */
    long total_ms;          /* 0: 30,000 */
    size_t max_body;        /* 0: 1 MiB */
    int stop_fd;            /* while it is readable nothing is waited for: BK_ECANCELLED; 0: none */
};

struct bk_http_request {
    const char *method;       /* "GET", "POST", "PUT", "DELETE" */
    const char *path;         /* begins with a slash */
    const char *content_type; /* of body; NULL: none */
    const void *body;
    size_t body_len;
    const char *bearer;         /* token for Authorization; NULL: none */
    const char *idempotency;    /* Idempotency-Key; NULL: none */
    long total_ms;              /* 0: the handle's */
    const char *const *headers; /* further "Name: value" lines, NULL-terminated; may be NULL */
};

struct bk_http_response {
    long status;
    char content_type[64];
    long retry_after; /* seconds, 0 when the server didn't say */
    struct bk_buf body;
};

/* Scheme, host and port of such a URL as options.base_url, as both ends write them: lower case, no
 * slash behind, no port that the scheme has by itself. To be freed. BK_EINVAL when it isn't one. */
enum bk_err bk_url_origin(const char *url, char **origin, bool *loopback) BK_MUST_CHECK;

/* BK_EINVAL for a URL that isn't as options.base_url says. */
enum bk_err bk_http_new(const struct bk_http_options *options, struct bk_http **http) BK_MUST_CHECK;
void bk_http_free(struct bk_http **http);
/* Any HTTP status is BK_OK. BK_ETLS: the server's identity isn't proved; BK_ENET: no connection or
 * it broke; BK_ETIMEOUT; BK_ELIMIT: the answer is too long; BK_EREFUSED: a redirect; BK_ECANCELLED:
 * stopped, before it was sent or while the answer was waited for. */
enum bk_err bk_http_do(struct bk_http *http, const struct bk_http_request *request,
                       struct bk_http_response *response) BK_MUST_CHECK;
/* Waits that long, or until it is stopped: BK_ECANCELLED. */
enum bk_err bk_http_pause(const struct bk_http *http, long ms) BK_MUST_CHECK;
void bk_http_response_free(struct bk_http_response *response);
/* One English sentence on the last failure; "" when there was none. */
const char *bk_http_error(const struct bk_http *http);
/* "https://host" or "https://host:port" in lower case, without the scheme's own port: what a key
 * signs (docs/formats.md clause 5). Lives as long as the handle. */
const char *bk_http_origin(const struct bk_http *http);

#endif
