/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether the head of a request is as RFC 9112 has it. Of what can be read in two ways a proxy
 * before us may read the other, and take for part of one request what we take for the next: so
 * nothing is mended here, and whatever isn't good is refused.
 */
#ifndef BK_SERVER_HEAD_H
#define BK_SERVER_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BK_HEAD_MAX ((size_t)16 * 1024) /* bytes, first line and fields */
#define BK_HEAD_FIELDS 100u
#define BK_TARGET_MAX ((size_t)8000)
#define BK_TARGET_ARGS 100u

/* Where in a request's target its path is. */
struct bk_target {
    size_t len;
    size_t path, path_len; /* path_len 0: it has none, which means "/" */
    size_t query;          /* where what is behind its first "?" is; len without one */
    size_t args;           /* as they are counted by "&" */
};

/* Reads a target: "/path?query", "http://host/path?query", whose host is whoever we are (clause
 * 3.2.2), or "*". It is to be no longer than BK_TARGET_MAX, and to have no more arguments than
 * BK_TARGET_ARGS. len, query and args are known of one that isn't good, too. */
bool bk_target_read(const char *text, struct bk_target *target);

/* A method, or the name of a field. */
bool bk_head_token(const char *text, size_t len);

/* What the fields say of the request's end. */
struct bk_head {
    unsigned fields, hosts, lengths, codings;
};

/*
 * Reads the fields: all behind the version in the first line, as libmicrohttpd leaves them in its
 * buffer: as they came, but with NUL for the first colon of a line, and for the LF, or CR and LF,
 * that it takes for the line's end. (NUL and LF, too: that is the one thing which can't be told
 * from CR and LF here.) False: refuse it.
 */
bool bk_head_read(const void *data, size_t len, bool http_1_0, struct bk_head *head);

#endif
