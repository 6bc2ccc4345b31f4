/* SPDX-License-Identifier: Apache-2.0 */
/* The messages between a key's module and the platform, docs/formats.md clause 4: E1 is read here,
 * E2 written. */
#ifndef BK_SERVER_UNLOCK_MSG_H
#define BK_SERVER_UNLOCK_MSG_H

#include <stdbool.h>

#include "base/buf.h"

#define BK_UNLOCK_MESSAGE_MAX 4096u

enum bk_unlock_ask { BK_ASK_BEGIN = 1, BK_ASK_NEXT, BK_ASK_ROTATE, BK_ASK_PROOF };
enum bk_unlock_say {
    BK_SAY_VERIFY_ADMIN = 1,
    BK_SAY_UNBLOCK,
    BK_SAY_ROTATE_ADMIN,
    BK_SAY_PROVE,
    BK_SAY_DONE,
    BK_SAY_TRY
};

/* A request; what its kind doesn't have is zero. */
struct bk_unlock_in {
    enum bk_unlock_ask kind;
    char serial[33];
    uint8_t app[2];
    uint8_t random[8];
    char authorisation[65];
    uint16_t status;
    uint32_t user_tries, admin_tries;
    bool signed_; /* signature, container and signature_kind are there */
    const uint8_t *signature; /* points into the message */
    size_t signature_len;
    char container[65];
    uint32_t signature_kind;
};

/* BK_EFORMAT for anything that isn't exactly as the clause says. */
enum bk_err bk_unlock_read(const void *data, size_t len, struct bk_unlock_in *in) BK_MUST_CHECK;

struct bk_unlock_out {
    enum bk_unlock_say kind;
    const struct bk_unlock_in *in; /* whose serial, application id and random are repeated */
    const char *authorisation;
    const char *origin;
    const void *command; /* tag 86, NULL: none */
    size_t command_len;
    const char *pin; /* tag 87, NULL: none */
};

/* Appended to out. */
enum bk_err bk_unlock_write(const struct bk_unlock_out *say, struct bk_buf *out) BK_MUST_CHECK;

#endif
