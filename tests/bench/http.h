/* SPDX-License-Identifier: Apache-2.0 */
/* The benches' HTTP: a client of keep-alive connections that does as little as it can, and a server
 * of libmicrohttpd that answers all alike. Whatever fails ends the process. */
#ifndef BJCA_TESTS_BENCH_HTTP_H
#define BJCA_TESTS_BENCH_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http {
    int fd;
    unsigned status;
    char *body; /* of the last answer, NUL behind it */
    size_t body_len;
    char buffer[65536];
};

/* To 127.0.0.1. */
struct http *http_open(uint16_t port);
void http_close(struct http *http);
/* token, json NULL: none. With both the request has an Idempotency-Key of its own. */
void http_ask(struct http *http, const char *method, const char *path, const char *token,
              const char *json);

/* In a process of its own, which ends with this one; the answers' bodies are that long. */
uint16_t http_hello(unsigned threads, size_t body_len);

#endif
