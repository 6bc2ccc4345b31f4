/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON from outside, bounded: RFC 8259 text of limited size and depth, no duplicate names, valid
 * UTF-8 without U+0000. Thin over jansson, whose json_t is used directly; the getters refuse a
 * member of the wrong type (BK_EFORMAT) and tell a missing one apart (BK_ENOTFOUND).
 */
#ifndef BK_NET_JSON_H
#define BK_NET_JSON_H

#include <stdbool.h>

#include <jansson.h>

#include "base/buf.h"

#define BK_JSON_DEPTH 16

/* The object or array that the text is. The caller releases it with json_decref. */
enum bk_err bk_json_parse(const void *text, size_t len, size_t max, json_t **out) BK_MUST_CHECK;
/* Compact text, appended. BK_ELIMIT with more than BK_JSON_DEPTH levels. */
enum bk_err bk_json_text(const json_t *json, struct bk_buf *out) BK_MUST_CHECK;

/*
 * Text that is written piece by piece, without objects that it would be made of. Names are plain
 * ASCII, and NULL in a list. Behind a failure, which err keeps, nothing more is written;
 * BK_EFORMAT: a text that isn't UTF-8.
 */
struct bk_json_out {
    struct bk_buf *out;
    enum bk_err err;
    bool more; /* a comma is to come */
};
struct bk_json_out bk_json_begin(struct bk_buf *out);
void bk_json_open(struct bk_json_out *json, const char *name, char bracket); /* '{' or '[' */
void bk_json_close(struct bk_json_out *json, char bracket);                  /* its other */
void bk_json_put_str(struct bk_json_out *json, const char *name, const char *value);
void bk_json_put_int(struct bk_json_out *json, const char *name, int64_t value);
void bk_json_put_flag(struct bk_json_out *json, const char *name, bool value);
void bk_json_put_bytes(struct bk_json_out *json, const char *name, const void *data,
                       size_t len); /* as base64 */

/* Lives as long as the object. BK_ELIMIT when longer than max bytes. */
enum bk_err bk_json_str(const json_t *object, const char *name, size_t max,
                        const char **value) BK_MUST_CHECK;
enum bk_err bk_json_int(const json_t *object, const char *name, int64_t min, int64_t max,
                        int64_t *value) BK_MUST_CHECK;
/* Base64 text as bytes, appended to out; at most max bytes. */
enum bk_err bk_json_bytes(const json_t *object, const char *name, size_t max,
                          struct bk_buf *out) BK_MUST_CHECK;
/* Sets name to bytes as base64 text. */
enum bk_err bk_json_set_bytes(json_t *object, const char *name, const void *data,
                              size_t len) BK_MUST_CHECK;

#endif
