/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the keys of the escrow's file are under: a key-encryption key in a PKCS#11 token, AES-256,
 * which never leaves it (docs/formats.md clause 6), or nothing but the file's rights. Who moves
 * from one token to another names both for that time: the file says which it is under.
 */
#ifndef BK_SERVER_KEK_H
#define BK_SERVER_KEK_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/secret.h"
#include "server/p11.h"

struct bk_kek;

struct bk_kek_options {
    const char *uri;              /* of the key that writes; NULL: in plain */
    struct bk_p11_options token;  /* where it is; no module: nowhere */
    struct bk_p11_options former; /* where any other is; a member that is NULL is as in token */
};

/* Nothing is opened yet. options may be NULL: none. */
enum bk_err bk_kek_new(const struct bk_kek_options *options, struct bk_kek **kek) BK_MUST_CHECK;
void bk_kek_free(struct bk_kek **kek);

/* Whether bytes are a file under a token's key. */
bool bk_kek_is_sealed(const struct bk_buf *bytes);
/* Whether it is what bk_kek_seal would make: under that token's key, or in plain. */
bool bk_kek_current(const struct bk_kek *kek, const struct bk_buf *bytes);
/* The file's content as it is to be written; a key that isn't there is made. `why` gets a sentence
 * on failure, here and below. */
enum bk_err bk_kek_seal(struct bk_kek *kek, const struct bk_secret *plain, struct bk_buf *out,
                        char *why, size_t size) BK_MUST_CHECK;
/* BK_ESTATE: the token, or its key, isn't there; BK_EVERIFY: the key doesn't open it; BK_EINVAL:
 * it isn't said where the token is. */
enum bk_err bk_kek_open(struct bk_kek *kek, const struct bk_buf *bytes, struct bk_secret *plain,
                        char *why, size_t size) BK_MUST_CHECK;

#endif
