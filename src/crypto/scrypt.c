/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/scrypt.h"

#include <openssl/evp.h>

#include "crypto/ctx.h"

#define MEMORY_MAX ((uint64_t)256 * 1024 * 1024)
#define OWN_MEMORY ((uint64_t)1024 * 1024) /* what OpenSSL counts beside the table */

enum bk_err bk_scrypt(const struct bk_scrypt_cost *cost, const void *password, size_t len,
                      const void *salt, size_t salt_len, uint8_t *out, size_t out_len)
{
    OSSL_LIB_CTX *ctx = bk_crypto_ctx();
    if (!cost->log_n || cost->log_n > 30 || !cost->r || cost->r > 64 || !cost->p || cost->p > 16 ||
        ((uint64_t)128 * cost->r << cost->log_n) > MEMORY_MAX)
        return BK_EINVAL;
    if (!ctx)
        return BK_ENOMEM;
    bk_crypto_errors_mark();
    int good = EVP_PBE_scrypt_ex(password, len, salt, salt_len, (uint64_t)1 << cost->log_n, cost->r,
                                 cost->p, MEMORY_MAX + OWN_MEMORY, out, out_len, ctx, NULL);
    bk_crypto_errors_restore();
    return good ? BK_OK : BK_ECRYPTO;
}
