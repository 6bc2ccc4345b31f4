/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/scrypt.h"

#include <openssl/evp.h>

#include "crypto/ctx.h"

#define MEMORY_MAX ((uint64_t)256 * 1024 * 1024)
#define OWN_MEMORY ((uint64_t)1024 * 1024) /* what OpenSSL counts beside the table */

enum bk_err bk_scrypt(const struct bk_scrypt_cost *cost, const void *password, size_t len,
                      const void *salt, size_t salt_len, uint8_t *out, size_t out_len)
{
    enum bk_err err = BK_OK;
    bool asked = false;
    if (!cost->log_n || cost->log_n > 30 || !cost->r || cost->r > 64 || !cost->p || cost->p > 16 ||
        ((uint64_t)128 * cost->r << cost->log_n) > MEMORY_MAX)
        return BK_EINVAL;
    if (!bk_crypto_more())
        return BK_ENOMEM;
    bk_crypto_errors_mark();
    do
        err = EVP_PBE_scrypt_ex(password, len, salt, salt_len, (uint64_t)1 << cost->log_n, cost->r,
                                cost->p, MEMORY_MAX + OWN_MEMORY, out, out_len, bk_crypto_ctx(),
                                NULL) == 1
                  ? BK_OK
                  : BK_ECRYPTO;
    while (bk_crypto_ask_again(&err, BK_ECRYPTO, &asked));
    bk_crypto_errors_restore();
    return err;
}
