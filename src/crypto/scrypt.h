/* SPDX-License-Identifier: Apache-2.0 */
/* Hashes of passwords that take memory and time: scrypt, RFC 7914. */
#ifndef BK_CRYPTO_SCRYPT_H
#define BK_CRYPTO_SCRYPT_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct bk_scrypt_cost {
    unsigned log_n, r, p; /* it takes 128 · r · 2^log_n bytes */
};

/* BK_EINVAL: costs that nobody meant, such as more than 256 MiB. */
enum bk_err bk_scrypt(const struct bk_scrypt_cost *cost, const void *password, size_t len,
                      const void *salt, size_t salt_len, uint8_t *out,
                      size_t out_len) BK_MUST_CHECK;

#endif
