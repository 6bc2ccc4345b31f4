/* SPDX-License-Identifier: Apache-2.0 */
/* The messages of an unlock as bytes; docs/formats.md clause 4. */
#ifndef BK_TOKEN_UNLOCK_MSG_H
#define BK_TOKEN_UNLOCK_MSG_H

#include <stdbool.h>

#include "base/buf.h"

enum bk_unlock_request {
    BK_UNLOCK_BEGIN = 1,
    BK_UNLOCK_NEXT = 2,
    BK_UNLOCK_ROTATE = 3,
    BK_UNLOCK_PROOF = 4
};

enum bk_unlock_answer {
    BK_UNLOCK_VERIFY_ADMIN = 1,
    BK_UNLOCK_UNBLOCK = 2,
    BK_UNLOCK_ROTATE_ADMIN = 3,
    BK_UNLOCK_PROVE = 4,
    BK_UNLOCK_DONE = 5,
    BK_UNLOCK_TRY = 6
};

#define BK_UNLOCK_PIN_LEN 12
#define BK_UNLOCK_AUTH_MAX 64
#define BK_UNLOCK_ORIGIN_MAX 256
#define BK_UNLOCK_COMMAND_MAX 64

/* A platform's answer; everything in it is of a length that is allowed, nothing else is checked. */
struct bk_unlock_msg {
    enum bk_unlock_answer kind;
    char serial[33];
    bool has_place; /* application id and random */
    uint8_t app[2], random[8];
    char auth[BK_UNLOCK_AUTH_MAX + 1];
    char origin[BK_UNLOCK_ORIGIN_MAX + 1];
    uint8_t command[BK_UNLOCK_COMMAND_MAX];
    size_t command_len;
    uint8_t pin[BK_UNLOCK_PIN_LEN]; /* wiped by the caller */
};

/* BK_EFORMAT: not such an answer: a tag twice, missing, unknown, or out of its place. */
enum bk_err bk_unlock_msg_parse(const void *data, size_t len, struct bk_unlock_msg *msg)
    BK_MUST_CHECK;

/* What a request says; -1 and NULL leave a field out. */
struct bk_unlock_req {
    enum bk_unlock_request kind;
    const char *serial;
    const uint8_t *app, *random; /* 2 and 8 bytes */
    const char *auth;
    int status_word, user_tries, admin_tries;
    const struct bk_buf *signature;
    const char *container;
    int algorithm;
};

enum bk_err bk_unlock_req_build(const struct bk_unlock_req *req, struct bk_buf *out) BK_MUST_CHECK;

#endif
