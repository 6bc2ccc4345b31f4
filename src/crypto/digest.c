/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/digest.h"

#include <stdio.h>
#include <stdlib.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include "base/secret.h"
#include "crypto/ctx.h"

/* One of the two contexts is there. */
struct bk_digester {
    EVP_MD_CTX *ctx;
    const EVP_MD *md;
    EVP_MAC_CTX *mac;
};

static const struct {
    const char *name;
    size_t len;
} hashes[BK_HASH_COUNT] = {
    [BK_HASH_SHA1] = {"SHA1", 20},     [BK_HASH_SHA224] = {"SHA224", 28},
    [BK_HASH_SHA256] = {"SHA256", 32}, [BK_HASH_SHA384] = {"SHA384", 48},
    [BK_HASH_SHA512] = {"SHA512", 64}, [BK_HASH_SM3] = {"SM3", 32},
};

size_t bk_hash_len(enum bk_hash hash)
{
    return (unsigned)hash < BK_HASH_COUNT ? hashes[hash].len : 0;
}

const char *bk_hash_name(enum bk_hash hash)
{
    return (unsigned)hash < BK_HASH_COUNT ? hashes[hash].name : NULL;
}

/* Without its EVP_MD. */
static enum bk_err lacks(enum bk_hash hash)
{
    return !bk_hash_len(hash) ? BK_EINVAL : bk_crypto_ctx() ? BK_ECRYPTO : BK_ENOMEM;
}

enum bk_err bk_digest(enum bk_hash hash, const void *data, size_t len, uint8_t *out)
{
    const EVP_MD *md = bk_crypto_md((int)hash);
    enum bk_err err = md ? BK_OK : lacks(hash);
    bool asked = false;
    if (err)
        return err;
    do
        err = EVP_Digest(data, len, out, NULL, md, NULL) == 1 ? BK_OK : BK_ECRYPTO;
    while (bk_crypto_ask_again(&err, BK_ECRYPTO, &asked));
    return err;
}

static EVP_MD_CTX *digest_new(const EVP_MD *md)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    if (ctx && EVP_DigestInit_ex(ctx, md, NULL) == 1)
        return ctx;
    EVP_MD_CTX_free(ctx);
    return NULL;
}

enum bk_err bk_digester_new(enum bk_hash hash, struct bk_digester **digester)
{
    const EVP_MD *md = bk_crypto_md((int)hash);
    bool asked = false;
    if (!md)
        return lacks(hash);
    struct bk_digester *made = calloc(1, sizeof *made);
    if (!made)
        return BK_ENOMEM;
    enum bk_err err = BK_OK;
    made->md = md;
    do {
        made->ctx = digest_new(md);
        err = made->ctx ? BK_OK : BK_ECRYPTO;
    } while (bk_crypto_ask_again(&err, BK_ECRYPTO, &asked));
    if (err)
        bk_digester_free(&made);
    else
        *digester = made;
    return err;
}

static EVP_MAC_CTX *hmac_new(enum bk_hash hash, const void *key, size_t key_len)
{
    char name[16];
    (void)snprintf(name, sizeof name, "%s", bk_hash_name(hash));
    OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                           OSSL_PARAM_construct_end()};
    EVP_MAC *mac = EVP_MAC_fetch(bk_crypto_ctx(), "HMAC", NULL);
    EVP_MAC_CTX *ctx = mac ? EVP_MAC_CTX_new(mac) : NULL;
    EVP_MAC_free(mac);
    if (ctx && EVP_MAC_init(ctx, key, key_len, params) == 1)
        return ctx;
    EVP_MAC_CTX_free(ctx);
    return NULL;
}

enum bk_err bk_digester_new_hmac(enum bk_hash hash, const void *key, size_t key_len,
                                 struct bk_digester **digester)
{
    bool asked = false;
    if (!bk_hash_len(hash) || !key_len)
        return BK_EINVAL;
    struct bk_digester *made = bk_crypto_more() ? calloc(1, sizeof *made) : NULL;
    if (!made)
        return BK_ENOMEM;
    enum bk_err err = BK_OK;
    do {
        made->mac = hmac_new(hash, key, key_len);
        err = made->mac ? BK_OK : BK_ECRYPTO;
    } while (bk_crypto_ask_again(&err, BK_ECRYPTO, &asked));
    if (err)
        bk_digester_free(&made);
    else
        *digester = made;
    return err;
}

void bk_digester_free(struct bk_digester **digester)
{
    if (!*digester)
        return;
    EVP_MAC_CTX_free((*digester)->mac);
    EVP_MD_CTX_free((*digester)->ctx);
    free(*digester);
    *digester = NULL;
}

enum bk_err bk_digester_add(struct bk_digester *digester, const void *data, size_t len)
{
    if (!len)
        return BK_OK;
    int good = digester->mac ? EVP_MAC_update(digester->mac, data, len)
                             : EVP_DigestUpdate(digester->ctx, data, len);
    return good == 1 ? BK_OK : BK_ECRYPTO;
}

/* What has begun lacks nothing but memory to end, and to begin again. */
enum bk_err bk_digester_end(struct bk_digester *digester, uint8_t *out)
{
    size_t len = 0;
    bool good = digester->mac ? EVP_MAC_final(digester->mac, out, &len, BK_HASH_MAX) == 1 &&
                                    EVP_MAC_init(digester->mac, NULL, 0, NULL) == 1
                              : EVP_DigestFinal_ex(digester->ctx, out, NULL) == 1 &&
                                    EVP_DigestInit_ex(digester->ctx, digester->md, NULL) == 1;
    return good ? BK_OK : BK_ENOMEM;
}

enum bk_err bk_hmac(enum bk_hash hash, const void *key, size_t key_len, const void *data,
                    size_t len, uint8_t *out)
{
    size_t size = bk_hash_len(hash), got = 0;
    enum bk_err err = BK_OK;
    bool asked = false;
    if (!size)
        return BK_EINVAL;
    if (!bk_crypto_more())
        return BK_ENOMEM;
    do {
        const unsigned char *mac =
            EVP_Q_mac(bk_crypto_ctx(), "HMAC", NULL, bk_hash_name(hash), NULL, key_len ? key : "",
                      key_len, len ? data : (const void *)"", len, out, size, &got);
        err = mac && got == size ? BK_OK : BK_ECRYPTO;
    } while (bk_crypto_ask_again(&err, BK_ECRYPTO, &asked));
    return err;
}

enum bk_err bk_hkdf_extract(enum bk_hash hash, const void *key, size_t key_len, const void *salt,
                            size_t salt_len, uint8_t *out)
{
    static const uint8_t zeros[BK_HASH_MAX];
    return bk_hmac(hash, salt_len ? salt : zeros, salt_len ? salt_len : bk_hash_len(hash), key,
                   key_len, out);
}

/* T(i) = HMAC(PRK, T(i-1) | info | i). */
enum bk_err bk_hkdf_expand(enum bk_hash hash, const void *prk, size_t prk_len, const void *info,
                           size_t info_len, uint8_t *out, size_t out_len)
{
    size_t size = bk_hash_len(hash);
    uint8_t t[BK_HASH_MAX];
    struct bk_buf in = BK_BUF_INIT;
    if (!size || out_len > 255 * size)
        return BK_EINVAL;
    enum bk_err err = BK_OK;
    for (uint8_t i = 1; err == BK_OK && out_len; i++) {
        bk_buf_clear(&in);
        err = i == 1 ? BK_OK : bk_buf_put(&in, t, size);
        if (err == BK_OK)
            err = bk_buf_put(&in, info, info_len);
        if (err == BK_OK)
            err = bk_buf_put_u8(&in, i);
        if (err == BK_OK)
            err = bk_hmac(hash, prk, prk_len, in.data, in.len, t);
        size_t n = out_len < size ? out_len : size;
        for (size_t k = 0; err == BK_OK && k < n; k++)
            *out++ = t[k];
        out_len -= n;
    }
    bk_wipe(t, sizeof t);
    bk_buf_free(&in);
    return err;
}
