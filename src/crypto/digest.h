/* SPDX-License-Identifier: Apache-2.0 */
/* Hashes, HMAC, HKDF. */
#ifndef BK_CRYPTO_DIGEST_H
#define BK_CRYPTO_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum bk_hash {
    BK_HASH_NONE = 0,
    BK_HASH_SHA1,
    BK_HASH_SHA224,
    BK_HASH_SHA256,
    BK_HASH_SHA384,
    BK_HASH_SHA512,
    BK_HASH_SM3,
    BK_HASH_COUNT
};

#define BK_HASH_MAX 64 /* bytes of the longest */

/* Bytes of the digest; 0 for BK_HASH_NONE and values out of range. */
size_t bk_hash_len(enum bk_hash hash);
/* OpenSSL's name; NULL for none. */
const char *bk_hash_name(enum bk_hash hash);

/* out: bk_hash_len(hash) bytes. */
enum bk_err bk_digest(enum bk_hash hash, const void *data, size_t len, uint8_t *out) BK_MUST_CHECK;

struct bk_digester;
enum bk_err bk_digester_new(enum bk_hash hash, struct bk_digester **digester) BK_MUST_CHECK;
/* The same for HMAC. */
enum bk_err bk_digester_new_hmac(enum bk_hash hash, const void *key, size_t key_len,
                                 struct bk_digester **digester) BK_MUST_CHECK;
void bk_digester_free(struct bk_digester **digester);
enum bk_err bk_digester_add(struct bk_digester *digester, const void *data,
                            size_t len) BK_MUST_CHECK;
/* out: bk_hash_len(hash) bytes; starts again from nothing. */
enum bk_err bk_digester_end(struct bk_digester *digester, uint8_t *out) BK_MUST_CHECK;

/* out: bk_hash_len(hash) bytes. */
enum bk_err bk_hmac(enum bk_hash hash, const void *key, size_t key_len, const void *data,
                    size_t len, uint8_t *out) BK_MUST_CHECK;
/* RFC 5869, 2.2: out has bk_hash_len(hash) bytes. salt_len 0: as many zeros. */
enum bk_err bk_hkdf_extract(enum bk_hash hash, const void *key, size_t key_len, const void *salt,
                            size_t salt_len, uint8_t *out) BK_MUST_CHECK;
/* 2.3; out_len at most 255 digests. */
enum bk_err bk_hkdf_expand(enum bk_hash hash, const void *prk, size_t prk_len, const void *info,
                           size_t info_len, uint8_t *out, size_t out_len) BK_MUST_CHECK;

#endif
