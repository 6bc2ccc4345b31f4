/* SPDX-License-Identifier: Apache-2.0 */
/* The public half of RSA: signatures checked, data encrypted. */
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "crypto/ctx.h"
#include "crypto/pubkey.h"
#include "crypto/rsa_pad.h"
#include "crypto/sm2.h"

static enum bk_err open_ctx(const struct bk_pubkey *pub, int (*init)(EVP_PKEY_CTX *), int padding,
                            EVP_PKEY_CTX **ctx)
{
    if (pub->alg != BK_ALG_RSA)
        return BK_EINVAL;
    EVP_PKEY *pkey = NULL;
    if (init == EVP_PKEY_encrypt_init && !bk_crypto_more())
        return BK_ENOMEM;
    enum bk_err err = bk_pubkey_evp(pub, &pkey);
    if (err != BK_OK)
        return err;
    EVP_PKEY_CTX *made = EVP_PKEY_CTX_new_from_pkey(bk_crypto_ctx(), pkey, NULL);
    EVP_PKEY_free(pkey);
    if (!made || init(made) != 1 || EVP_PKEY_CTX_set_rsa_padding(made, padding) != 1) {
        EVP_PKEY_CTX_free(made);
        return BK_ECRYPTO;
    }
    *ctx = made;
    return BK_OK;
}

/* OpenSSL takes a signature over no bytes for none. */
static enum bk_err verify_nothing(const struct bk_pubkey *pub, const void *sig, size_t sig_len)
{
    uint8_t block[BK_RSA_MAX];
    struct bk_rsa_public *key = NULL;
    enum bk_err err = bk_rsa_pad_sign(NULL, 0, block, pub->n_len);
    if (err == BK_OK)
        err = bk_rsa_public_new(pub, &key);
    if (err == BK_OK)
        err = bk_rsa_public_gives(key, sig, sig_len, block);
    bk_rsa_public_free(&key);
    return err;
}

static enum bk_err verify_block(const struct bk_pubkey *pub, const struct bk_buf *info,
                                const void *sig, size_t sig_len)
{
    EVP_PKEY_CTX *ctx = NULL;
    enum bk_err err = open_ctx(pub, EVP_PKEY_verify_init, RSA_PKCS1_PADDING, &ctx);
    if (err == BK_OK && EVP_PKEY_verify(ctx, sig, sig_len, info->data, info->len) != 1)
        err = BK_EVERIFY;
    EVP_PKEY_CTX_free(ctx);
    return err;
}

enum bk_err bk_rsa_verify(const struct bk_pubkey *pub, enum bk_hash hash, const void *digest,
                          size_t digest_len, const void *sig, size_t sig_len)
{
    if (hash == BK_HASH_NONE && !digest_len)
        return verify_nothing(pub, sig, sig_len);
    struct bk_buf info = BK_BUF_INIT;
    enum bk_err err = hash == BK_HASH_NONE ? bk_buf_put(&info, digest, digest_len)
                                           : bk_rsa_digest_info(hash, digest, digest_len, &info);
    bool asked = false;
    if (err == BK_OK && pub->alg == BK_ALG_RSA && sig_len != pub->n_len)
        err = BK_EVERIFY;
    else if (err == BK_OK)
        do
            err = verify_block(pub, &info, sig, sig_len);
        while (bk_crypto_ask_again(&err, BK_EVERIFY, &asked));
    bk_buf_free(&info);
    return err;
}

static enum bk_err verify_pss(const struct bk_pubkey *pub, enum bk_hash hash, enum bk_hash mgf,
                              size_t salt_len, const void *digest, const void *sig, size_t sig_len)
{
    EVP_PKEY_CTX *ctx = NULL;
    enum bk_err err = open_ctx(pub, EVP_PKEY_verify_init, RSA_PKCS1_PSS_PADDING, &ctx);
    if (err != BK_OK)
        return err;
    if (EVP_PKEY_CTX_set_signature_md(ctx, bk_crypto_md((int)hash)) != 1 ||
        EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, bk_crypto_md((int)mgf)) != 1 ||
        EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, (int)salt_len) != 1)
        err = BK_ECRYPTO;
    else if (EVP_PKEY_verify(ctx, sig, sig_len, digest, bk_hash_len(hash)) != 1)
        err = BK_EVERIFY;
    EVP_PKEY_CTX_free(ctx);
    return err;
}

enum bk_err bk_rsa_verify_pss(const struct bk_pubkey *pub, enum bk_hash hash, enum bk_hash mgf,
                              size_t salt_len, const void *digest, size_t digest_len,
                              const void *sig, size_t sig_len)
{
    enum bk_err err = BK_OK;
    bool asked = false;
    if (digest_len != bk_hash_len(hash) || !bk_hash_len(mgf) || salt_len > BK_RSA_MAX)
        return BK_EINVAL;
    if (hash == BK_HASH_SM3 || mgf == BK_HASH_SM3)
        return BK_EUNSUPPORTED; /* OpenSSL's PSS doesn't know it, nobody uses it */
    do
        err = verify_pss(pub, hash, mgf, salt_len, digest, sig, sig_len);
    while (bk_crypto_ask_again(&err, BK_EVERIFY, &asked));
    return err;
}

enum bk_err bk_rsa_public(const struct bk_pubkey *pub, const void *in, size_t len, uint8_t *out)
{
    EVP_PKEY_CTX *ctx = NULL;
    if (pub->alg != BK_ALG_RSA || len != pub->n_len || memcmp(in, pub->n, len) >= 0)
        return BK_EINVAL;
    enum bk_err err = open_ctx(pub, EVP_PKEY_encrypt_init, RSA_NO_PADDING, &ctx);
    size_t got = len;
    if (err == BK_OK && EVP_PKEY_encrypt(ctx, out, &got, in, len) != 1)
        err = BK_ECRYPTO;
    EVP_PKEY_CTX_free(ctx);
    return err;
}

static enum bk_err encrypt(EVP_PKEY_CTX *ctx, size_t size, const void *in, size_t len,
                           struct bk_buf *out)
{
    enum bk_err err = bk_buf_reserve(out, size);
    size_t got = size;
    if (err == BK_OK && EVP_PKEY_encrypt(ctx, out->data + out->len, &got, in, len) != 1)
        err = BK_ECRYPTO;
    if (err == BK_OK)
        out->len += got;
    return err;
}

struct bk_rsa_public {
    EVP_PKEY_CTX *ctx;
    size_t size;
};

enum bk_err bk_rsa_public_new(const struct bk_pubkey *pub, struct bk_rsa_public **key)
{
    struct bk_rsa_public *k = calloc(1, sizeof *k);
    *key = NULL;
    if (!k)
        return BK_ENOMEM;
    k->size = pub->n_len;
    enum bk_err err = open_ctx(pub, EVP_PKEY_verify_recover_init, RSA_NO_PADDING, &k->ctx);
    if (err != BK_OK)
        free(k);
    else
        *key = k;
    return err;
}

void bk_rsa_public_free(struct bk_rsa_public **key)
{
    if (!*key)
        return;
    EVP_PKEY_CTX_free((*key)->ctx);
    free(*key);
    *key = NULL;
}

enum bk_err bk_rsa_public_gives(struct bk_rsa_public *key, const void *in, size_t len,
                                const uint8_t *block)
{
    uint8_t out[BK_RSA_MAX];
    enum bk_err err = BK_OK;
    bool asked = false;
    if (len != key->size)
        return BK_EVERIFY;
    do {
        size_t n = sizeof out;
        bool good = EVP_PKEY_verify_recover(key->ctx, out, &n, in, len) == 1 && n == key->size;
        err = good ? BK_OK : BK_EVERIFY;
    } while (bk_crypto_ask_again(&err, BK_EVERIFY, &asked));
    return err == BK_OK && CRYPTO_memcmp(out, block, key->size) != 0 ? BK_EVERIFY : err;
}

enum bk_err bk_rsa_encrypt(const struct bk_pubkey *pub, const void *in, size_t len,
                           struct bk_buf *out)
{
    EVP_PKEY_CTX *ctx = NULL;
    if (pub->alg != BK_ALG_RSA)
        return BK_EINVAL;
    if (len + 11 > pub->n_len)
        return BK_ELIMIT;
    enum bk_err err = open_ctx(pub, EVP_PKEY_encrypt_init, RSA_PKCS1_PADDING, &ctx);
    if (err == BK_OK)
        err = encrypt(ctx, pub->n_len, in, len, out);
    EVP_PKEY_CTX_free(ctx);
    return err;
}

enum bk_err bk_rsa_encrypt_oaep(const struct bk_pubkey *pub, enum bk_hash hash, enum bk_hash mgf,
                                const void *label, size_t label_len, const void *in, size_t len,
                                struct bk_buf *out)
{
    EVP_PKEY_CTX *ctx = NULL;
    if (pub->alg != BK_ALG_RSA || !bk_hash_len(hash) || !bk_hash_len(mgf) ||
        label_len > BK_OAEP_LABEL_MAX)
        return BK_EINVAL;
    if (len + 2 * bk_hash_len(hash) + 2 > pub->n_len)
        return BK_ELIMIT;
    enum bk_err err = open_ctx(pub, EVP_PKEY_encrypt_init, RSA_PKCS1_OAEP_PADDING, &ctx);
    if (err != BK_OK)
        return err;
    void *copy = label_len ? OPENSSL_memdup(label, label_len) : NULL;
    if (EVP_PKEY_CTX_set_rsa_oaep_md(ctx, bk_crypto_md((int)hash)) != 1 ||
        EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, bk_crypto_md((int)mgf)) != 1)
        err = BK_ECRYPTO;
    /* takes the copy over when it succeeds */
    if (err == BK_OK && label_len) {
        if (!copy || EVP_PKEY_CTX_set0_rsa_oaep_label(ctx, copy, (int)label_len) != 1)
            err = BK_ECRYPTO;
        else
            copy = NULL;
    }
    OPENSSL_free(copy);
    if (err == BK_OK)
        err = encrypt(ctx, pub->n_len, in, len, out);
    EVP_PKEY_CTX_free(ctx);
    return err;
}

enum bk_err bk_pubkey_verify_message(const struct bk_pubkey *pub, const void *msg, size_t len,
                                     const void *sig, size_t sig_len)
{
    uint8_t digest[32];
    if (pub->alg == BK_ALG_RSA) {
        enum bk_err err = bk_digest(BK_HASH_SHA256, msg, len, digest);
        return err == BK_OK ? bk_rsa_verify(pub, BK_HASH_SHA256, digest, 32, sig, sig_len) : err;
    }
    struct bk_sm2_sig rs;
    if (bk_sm2_sig_from_der(sig, sig_len, &rs) != BK_OK)
        return BK_EVERIFY;
    enum bk_err err = bk_sm2_e(pub, NULL, 0, msg, len, digest);
    return err == BK_OK ? bk_sm2_verify(pub, digest, &rs) : err;
}
