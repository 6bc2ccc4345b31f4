/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Data fields of the commands that need a key's administrator PIN, computed for a random that the
 * key has just given. Here, and not on the user's machine, so that the administrator PIN never
 * leaves the platform. Written from GM/T 0017 and the dialects' description; the virtual key and
 * the host's card layer have their own.
 */
#ifndef BK_SERVER_KEYCMD_H
#define BK_SERVER_KEYCMD_H

#include "base/buf.h"

enum bk_dialect { BK_DIALECT_GMT0017 = 1, BK_DIALECT_LONGMAI = 2 };

/* "gmt0017", "longmai"; BK_EINVAL for anything else. */
enum bk_err bk_dialect_parse(const char *name, enum bk_dialect *dialect) BK_MUST_CHECK;

struct bk_keycmd {
    enum bk_dialect dialect;
    uint8_t app[2];     /* application id, as on the wire */
    uint8_t random[8];  /* the key's last */
    const char *admin;  /* administrator PIN, 6 to 16 characters */
};

/* Each appends the complete data field. VerifyPIN (18, P2 = 0): */
enum bk_err bk_keycmd_verify_admin(const struct bk_keycmd *cmd, struct bk_buf *out) BK_MUST_CHECK;
/* UnblockPIN (84 1A 00 00) that sets the user PIN: */
enum bk_err bk_keycmd_unblock(const struct bk_keycmd *cmd, const char *user_pin,
                              struct bk_buf *out) BK_MUST_CHECK;
/* ChangePIN (84 16 00 00) of the administrator PIN: */
enum bk_err bk_keycmd_rotate_admin(const struct bk_keycmd *cmd, const char *new_admin,
                                   struct bk_buf *out) BK_MUST_CHECK;

#endif
