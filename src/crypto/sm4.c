/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/sm4.h"

#include <limits.h>
#include <string.h>

#include <openssl/evp.h>

#include "crypto/ctx.h"

static enum bk_err run(enum bk_crypto_cipher which, const uint8_t key[16], const uint8_t *iv,
                       bool encrypt, const void *in, size_t len, uint8_t *out)
{
    if (len % BK_SM4_BLOCK || len > INT_MAX)
        return BK_EINVAL;
    if (!len)
        return BK_OK;
    const EVP_CIPHER *cipher = bk_crypto_cipher(which);
    EVP_CIPHER_CTX *ctx = cipher ? EVP_CIPHER_CTX_new() : NULL;
    int n = 0;
    bool good = ctx && EVP_CipherInit_ex2(ctx, cipher, key, iv, encrypt, NULL) == 1 &&
                EVP_CIPHER_CTX_set_padding(ctx, 0) == 1 &&
                EVP_CipherUpdate(ctx, out, &n, in, (int)len) == 1 && (size_t)n == len;
    EVP_CIPHER_CTX_free(ctx);
    return good ? BK_OK : BK_ECRYPTO;
}

enum bk_err bk_sm4_ecb(const uint8_t key[16], bool encrypt, const void *in, size_t len,
                       uint8_t *out)
{
    return run(BK_CIPHER_SM4_ECB, key, NULL, encrypt, in, len, out);
}

enum bk_err bk_sm4_cbc(const uint8_t key[16], const uint8_t iv[16], bool encrypt, const void *in,
                       size_t len, uint8_t *out)
{
    return run(BK_CIPHER_SM4_CBC, key, iv, encrypt, in, len, out);
}

enum bk_err bk_sm4_ecb_seal(const uint8_t key[16], const void *in, size_t len, struct bk_buf *out)
{
    size_t pad = BK_SM4_BLOCK - len % BK_SM4_BLOCK, start = out->len;
    enum bk_err err = bk_buf_put(out, in, len);
    for (size_t i = 0; err == BK_OK && i < pad; i++)
        err = bk_buf_put_u8(out, (uint8_t)pad);
    if (err == BK_OK)
        err = bk_sm4_ecb(key, true, out->data + start, len + pad, out->data + start);
    if (err != BK_OK)
        out->len = start;
    return err;
}

enum bk_err bk_sm4_ecb_open(const uint8_t key[16], const void *in, size_t len, struct bk_buf *out)
{
    size_t start = out->len;
    if (!len || len % BK_SM4_BLOCK)
        return BK_EFORMAT;
    enum bk_err err = bk_buf_reserve(out, len);
    if (err == BK_OK)
        err = bk_sm4_ecb(key, false, in, len, out->data + start);
    if (err != BK_OK)
        return err;
    const uint8_t *plain = out->data + start;
    size_t pad = plain[len - 1];
    if (!pad || pad > BK_SM4_BLOCK)
        return BK_EFORMAT;
    uint8_t wrong = 0;
    for (size_t i = len - pad; i < len; i++)
        wrong |= (uint8_t)(plain[i] ^ pad);
    if (wrong)
        return BK_EFORMAT;
    out->len += len - pad;
    return BK_OK;
}

enum bk_err bk_sm4_mac(const uint8_t key[16], const uint8_t iv[16], const void *data, size_t len,
                       uint8_t mac[BK_SM4_MAC])
{
    struct bk_buf in = BK_BUF_INIT;
    enum bk_err err = bk_buf_put(&in, data, len);
    if (err == BK_OK)
        err = bk_buf_put_u8(&in, 0x80);
    if (err == BK_OK)
        err = bk_buf_put_zero(&in, (BK_SM4_BLOCK - in.len % BK_SM4_BLOCK) % BK_SM4_BLOCK);
    if (err == BK_OK)
        err = bk_sm4_cbc(key, iv, true, in.data, in.len, in.data);
    if (err == BK_OK)
        memcpy(mac, in.data + in.len - BK_SM4_BLOCK, BK_SM4_MAC);
    bk_buf_free(&in);
    return err;
}
