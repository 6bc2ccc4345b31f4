/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An HTTP/1.1 server over libmicrohttpd: epoll, a pool of threads, TLS by its GnuTLS. The whole
 * request is read, within limits, before the handler is called on a thread of the pool; the handler
 * fills in the response. A thread of the pool serves many connections: a handler that waits, for
 * somebody outside or for the disk, would hold them all up, and is called on another thread
 * (server/waiters.h) while its connection rests. Slow clients are dropped: a request must be
 * complete `request_ms` after its connection was made or its predecessor answered, however it
 * trickles in. What isn't framed as RFC 9112 has it (server/head.h), or can't be read at all
 * (server/queue.h), comes to the handler as a fault, to be refused; its connection ends then. So
 * does that of a request in chunks: libmicrohttpd takes their lines in more forms than one. A first
 * line of one word ends it without an answer: of that the library tells nobody.
 */
#ifndef BK_SERVER_HTTPD_H
#define BK_SERVER_HTTPD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

struct bk_httpd;

/* What is wrong with a request: nothing else of it is to be believed, and only the headers before
 * what is wrong may be there. */
enum bk_http_fault {
    BK_HTTP_SOUND,
    BK_HTTP_MALFORMED,     /* 400 */
    BK_HTTP_LONG_BODY,     /* 413 */
    BK_HTTP_LONG_TARGET,   /* 414 */
    BK_HTTP_LARGE_HEAD,    /* 431 */
    BK_HTTP_FAILED,        /* 500 */
    BK_HTTP_OTHER_VERSION, /* 505 */
};

/* What follows from method and path, before there is a body. */
struct bk_http_plan {
    /* The longest body. One that may be longer than the options' max_body has more time, and only
     * so many are taken at once: what is over that is `overloaded`, and its body dropped. */
    size_t max_body;
    /* Whether the handler will wait, and in which company, from 1 to BK_HTTP_POOLS: who waits in
     * one keeps nobody of another from being served. 0: it doesn't. */
    unsigned pool;
    const void *route; /* these two are the handler's own */
    unsigned allowed;
};

struct bk_http_late;

struct bk_http_in {
    enum bk_http_fault fault;
    struct bk_http_plan plan;
    const char *method; /* as sent, but GET for HEAD, which is answered without the body */
    /* As sent, without query, not decoded: ASCII that begins with a slash, or "*". */
    const char *path;
    const char *peer; /* address of the other end as text, without port */
    const uint8_t *body;
    size_t body_len;
    bool too_long;             /* the body was over max_body and isn't here */
    bool overloaded;           /* it would wait, and too many do: to be refused */
    void *connection;          /* for bk_httpd_header only */
    struct bk_http_late *late; /* NULL: it is to be answered before the handler returns */
    void *again;               /* bk_httpd_again */
    /* The certificate of the client, DER, whose key it has proved; whose it is, and whether it is
     * good, is the handler's to find out. NULL: it has shown none. */
    const uint8_t *cert;
    size_t cert_len;
};

/* A header of the request, NULL when it isn't there; valid until the handler returns. */
const char *bk_httpd_header(const struct bk_http_in *in, const char *name);

/* The same of a member of the path's query, and of a cookie. */
const char *bk_httpd_query(const struct bk_http_in *in, const char *name);
const char *bk_httpd_cookie(const struct bk_http_in *in, const char *name);

/* All values of a header that may be given several times, in order, joined by ", ". */
enum bk_err bk_httpd_header_all(const struct bk_http_in *in, const char *name,
                                struct bk_buf *out) BK_MUST_CHECK;

/*
 * A handler that is planned to wait may return and be late with its answer: when it says so first.
 * `in` and `out` stay where they are until one of these two is called, once, on any thread, also
 * before the handler has returned: it has the answer; or it is to be called again, of the same
 * request, with what is to be in->again.
 */
void bk_httpd_late(const struct bk_http_in *in);
void bk_httpd_answered(struct bk_http_late *late);
void bk_httpd_again(struct bk_http_late *late, void *again);

#define BK_HTTP_HEADERS 12

struct bk_http_out {
    unsigned status;
    const char *type;  /* Content-Type, static */
    const char *cache; /* Cache-Control, static; NULL: no-store */
    struct bk_buf body;
    struct {
        const char *name; /* static */
        char value[256];
    } headers[BK_HTTP_HEADERS];
    unsigned header_count;
};

/* Adds a header; the value is cut at 255 bytes, control characters become '?'. A thirteenth is
 * dropped. */
void bk_http_out_header(struct bk_http_out *out, const char *name, const char *value);

/* Of the last one waits are short, and nobody is refused: who comes is served in turn. */
#define BK_HTTP_POOLS 5u

struct bk_httpd_options {
    const char *listen;   /* "127.0.0.1:8443", "[::1]:0"; port 0 takes a free one */
    const char *cert_pem; /* certificate and chain; NULL: plain HTTP */
    const char *key_pem;
    const char *client_ca_pem; /* clients are asked for certificates of these CAs; NULL: for none */
    unsigned threads;          /* 2 to 64 */
    unsigned waiters;          /* with a plan: 1 to BK_WAITERS, for each kind of what waits */
    unsigned last_waiters;     /* of the last one; 0: as many */
    size_t max_body;
    unsigned request_ms;
    unsigned per_address; /* connections of one address at most; 0: as many as there can be */
    /* Changes the plan, of max_body and no waiting; NULL: that holds for all. */
    void (*plan)(void *context, const struct bk_http_in *in, struct bk_http_plan *plan);
    void (*handle)(void *context, const struct bk_http_in *in, struct bk_http_out *out);
    void *context;
};

/* Takes the port: who connects now waits. The options' texts stay the caller's until bk_httpd_run.
 * BK_EINVAL: the address can't be read; BK_EBUSY: the port is taken. */
enum bk_err bk_httpd_open(const struct bk_httpd_options *options,
                          struct bk_httpd **httpd) BK_MUST_CHECK;
/* From here on requests are handled: all that the handler uses is to be ready. */
enum bk_err bk_httpd_run(struct bk_httpd *httpd) BK_MUST_CHECK;
/* Both. */
enum bk_err bk_httpd_start(const struct bk_httpd_options *options,
                           struct bk_httpd **httpd) BK_MUST_CHECK;
uint16_t bk_httpd_port(const struct bk_httpd *httpd);
/* Stops taking connections, waits for the handlers that run, and frees. */
void bk_httpd_stop(struct bk_httpd **httpd);

#endif
