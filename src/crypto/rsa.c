/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/rsa.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "base/secret.h"
#include "crypto/ctx.h"

struct bk_rsa_key {
    EVP_PKEY *pkey;
    struct bk_pubkey pub;
    _Atomic(EVP_PKEY_CTX *) idle; /* ready to sign; NULL while a thread has it */
};

static enum bk_err read_public(const EVP_PKEY *pkey, struct bk_pubkey *pub)
{
    BIGNUM *n = NULL, *e = NULL;
    uint8_t n_bytes[BK_RSA_MAX], e_bytes[8];
    enum bk_err err = BK_ECRYPTO;
    if (EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_RSA_N, &n) == 1 &&
        EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_RSA_E, &e) == 1) {
        err = BK_EUNSUPPORTED;
        if (BN_bn2binpad(n, n_bytes, sizeof n_bytes) > 0 &&
            BN_bn2binpad(e, e_bytes, sizeof e_bytes) > 0)
            err = bk_pubkey_rsa(n_bytes, sizeof n_bytes, e_bytes, sizeof e_bytes, pub);
    }
    BN_free(n);
    BN_free(e);
    return err;
}

/* Takes pkey over, whatever happens. */
static enum bk_err wrap(EVP_PKEY *pkey, struct bk_rsa_key **key)
{
    struct bk_rsa_key *made = calloc(1, sizeof *made);
    if (!made) {
        EVP_PKEY_free(pkey);
        return BK_ENOMEM;
    }
    made->pkey = pkey;
    enum bk_err err = read_public(pkey, &made->pub);
    if (err != BK_OK)
        bk_rsa_free(&made);
    else
        *key = made;
    return err;
}

enum bk_err bk_rsa_generate(unsigned bits, struct bk_rsa_key **key)
{
    OSSL_LIB_CTX *lib = bk_crypto_ctx();
    if (bits != 2048 && bits != 3072 && bits != 4096)
        return BK_EUNSUPPORTED;
    EVP_PKEY *pkey = lib ? EVP_PKEY_Q_keygen(lib, NULL, "RSA", (size_t)bits) : NULL;
    return pkey ? wrap(pkey, key) : BK_ECRYPTO;
}

/* One round trip of a random block. OpenSSL's own pairwise check proves the primes anew each time:
 * 40 ms, with each key that a program opens. */
static enum bk_err check_halves(const struct bk_rsa_key *key)
{
    uint8_t block[BK_RSA_MAX], back[BK_RSA_MAX];
    size_t len = key->pub.n_len;
    enum bk_err err = bk_random(block, len);
    block[0] = 0; /* below the modulus */
    if (err == BK_OK)
        err = bk_rsa_private(key, block, len, back);
    if (err == BK_OK)
        err = bk_rsa_public(&key->pub, back, len, back);
    if (err == BK_EINVAL || err == BK_ECRYPTO)
        return BK_EFORMAT;
    return err == BK_OK && memcmp(block, back, len) != 0 ? BK_EFORMAT : err;
}

enum bk_err bk_rsa_from_own_der(const void *der, size_t len, struct bk_rsa_key **key)
{
    OSSL_LIB_CTX *lib = bk_crypto_ctx();
    const unsigned char *at = der;
    if (!lib)
        return BK_ECRYPTO;
    if (len > LONG_MAX)
        return BK_EINVAL;
    EVP_PKEY *pkey = d2i_PrivateKey_ex(EVP_PKEY_RSA, NULL, &at, (long)len, lib, NULL);
    if (!pkey)
        return BK_EFORMAT;
    if (at != (const unsigned char *)der + len) {
        EVP_PKEY_free(pkey);
        return BK_EFORMAT;
    }
    return wrap(pkey, key);
}

enum bk_err bk_rsa_from_der(const void *der, size_t len, struct bk_rsa_key **key)
{
    struct bk_rsa_key *made = NULL;
    enum bk_err err = bk_rsa_from_own_der(der, len, &made);
    if (err == BK_OK)
        err = check_halves(made);
    if (err == BK_OK)
        *key = made;
    else
        bk_rsa_free(&made);
    return err;
}

enum bk_err bk_rsa_to_der(const struct bk_rsa_key *key, struct bk_buf *out)
{
    unsigned char *der = NULL;
    int len = i2d_PrivateKey(key->pkey, &der); /* the type's own form: RSAPrivateKey */
    if (len <= 0)
        return BK_ECRYPTO;
    enum bk_err err = bk_buf_put(out, der, (size_t)len);
    OPENSSL_clear_free(der, (size_t)len);
    return err;
}

void bk_rsa_free(struct bk_rsa_key **key)
{
    if (!*key)
        return;
    EVP_PKEY_CTX_free(atomic_load(&(*key)->idle));
    EVP_PKEY_free((*key)->pkey);
    free(*key);
    *key = NULL;
}

const struct bk_pubkey *bk_rsa_pubkey(const struct bk_rsa_key *key)
{
    return &key->pub;
}

EVP_PKEY *bk_rsa_evp(const struct bk_rsa_key *key)
{
    return key->pkey;
}

enum bk_err bk_rsa_private(const struct bk_rsa_key *key, const void *block, size_t len,
                           uint8_t *out)
{
    size_t got = key->pub.n_len;
    if (len != got)
        return BK_EINVAL;
    if (memcmp(block, key->pub.n, len) >= 0)
        return BK_EFORMAT;
    if (!bk_crypto_more())
        return BK_ENOMEM;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(bk_crypto_ctx(), key->pkey, NULL);
    bool good = ctx && EVP_PKEY_decrypt_init(ctx) == 1 &&
                EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) == 1 &&
                EVP_PKEY_decrypt(ctx, out, &got, block, len) == 1 && got == len;
    EVP_PKEY_CTX_free(ctx);
    return good ? BK_OK : BK_ECRYPTO;
}

/* Making one costs a twentieth of a signature: the last one is kept. With that, too, this thread
 * draws random numbers (to blind the key), so that bk_crypto_leave_thread has to hear of it. */
static EVP_PKEY_CTX *take_signing(struct bk_rsa_key *key)
{
    OSSL_LIB_CTX *lib = bk_crypto_ctx();
    EVP_PKEY_CTX *ctx = atomic_exchange(&key->idle, NULL);
    if (ctx)
        return ctx;
    ctx = EVP_PKEY_CTX_new_from_pkey(lib, key->pkey, NULL);
    if (ctx && EVP_PKEY_sign_init(ctx) == 1 &&
        EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1)
        return ctx;
    EVP_PKEY_CTX_free(ctx);
    return NULL;
}

enum bk_err bk_rsa_sign(struct bk_rsa_key *key, const void *data, size_t len, struct bk_buf *out)
{
    size_t got = key->pub.n_len;
    if (len + 11 > got)
        return BK_ELIMIT;
    enum bk_err err = bk_buf_reserve(out, got);
    if (err != BK_OK)
        return err;
    EVP_PKEY_CTX *ctx = take_signing(key);
    if (!ctx || EVP_PKEY_sign(ctx, out->data + out->len, &got, data, len) != 1) {
        EVP_PKEY_CTX_free(ctx);
        return BK_ECRYPTO;
    }
    EVP_PKEY_CTX_free(atomic_exchange(&key->idle, ctx));
    out->len += got;
    return BK_OK;
}

enum bk_err bk_rsa_decrypt(const struct bk_rsa_key *key, const void *in, size_t len,
                           struct bk_buf *out)
{
    uint8_t block[BK_RSA_MAX];
    enum bk_err err = bk_rsa_private(key, in, len, block);
    if (err == BK_OK)
        err = bk_rsa_unpad(block, len, out);
    bk_wipe(block, sizeof block);
    return err;
}
