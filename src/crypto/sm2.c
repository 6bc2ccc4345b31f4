/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/sm2.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>

#include "base/secret.h"
#include "crypto/ctx.h"
#include "crypto/der.h"

struct bk_sm2_key {
    EVP_PKEY *pkey;
    struct bk_pubkey pub;
};

void bk_sm2_cipher_free(struct bk_sm2_cipher *cipher)
{
    bk_buf_free(&cipher->cipher);
    *cipher = (struct bk_sm2_cipher){0};
}

/* Takes pkey over, whatever happens. */
static enum bk_err wrap(EVP_PKEY *pkey, struct bk_sm2_key **key)
{
    struct bk_sm2_key *made = calloc(1, sizeof *made);
    BIGNUM *x = NULL, *y = NULL;
    enum bk_err err = made ? BK_ECRYPTO : BK_ENOMEM;
    if (made && EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_EC_PUB_X, &x) == 1 &&
        EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_EC_PUB_Y, &y) == 1 &&
        BN_bn2binpad(x, made->pub.x, 32) == 32 && BN_bn2binpad(y, made->pub.y, 32) == 32) {
        made->pub.alg = BK_ALG_SM2;
        made->pkey = pkey;
        *key = made;
        err = BK_OK;
    }
    BN_free(x);
    BN_free(y);
    if (err != BK_OK) {
        EVP_PKEY_free(pkey);
        free(made);
    }
    return err;
}

enum bk_err bk_sm2_generate(struct bk_sm2_key **key)
{
    OSSL_LIB_CTX *lib = bk_crypto_ctx();
    EVP_PKEY *pkey = lib ? EVP_PKEY_Q_keygen(lib, NULL, "SM2") : NULL;
    return pkey ? wrap(pkey, key) : BK_ECRYPTO;
}

/* The public point 04 ‖ X ‖ Y of d, with d in its range. */
static enum bk_err point_of(const BIGNUM *d, uint8_t point[65])
{
    const EC_GROUP *group = bk_crypto_sm2();
    EC_POINT *p = group ? EC_POINT_new(group) : NULL;
    BIGNUM *last = group ? BN_dup(EC_GROUP_get0_order(group)) : NULL;
    enum bk_err err = BK_ECRYPTO;
    if (p && last && BN_sub_word(last, 2) == 1) {
        if (BN_is_zero(d) || BN_cmp(d, last) > 0)
            err = BK_EFORMAT;
        else if (EC_POINT_mul(group, p, d, NULL, NULL, NULL) == 1 &&
                 EC_POINT_point2oct(group, p, POINT_CONVERSION_UNCOMPRESSED, point, 65, NULL) == 65)
            err = BK_OK;
    }
    BN_free(last);
    EC_POINT_free(p);
    return err;
}

static enum bk_err pkey_of(OSSL_LIB_CTX *lib, const BIGNUM *d, const uint8_t point[65],
                           EVP_PKEY **pkey)
{
    OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
    OSSL_PARAM *params = NULL;
    if (bld && OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME, "SM2", 0) == 1 &&
        OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_PUB_KEY, point, 65) == 1 &&
        OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_PRIV_KEY, d) == 1)
        params = OSSL_PARAM_BLD_to_param(bld);
    EVP_PKEY_CTX *ctx = params ? EVP_PKEY_CTX_new_from_name(lib, "SM2", NULL) : NULL;
    bool good = ctx && EVP_PKEY_fromdata_init(ctx) == 1 &&
                EVP_PKEY_fromdata(ctx, pkey, EVP_PKEY_KEYPAIR, params) == 1;
    EVP_PKEY_CTX_free(ctx);
    OSSL_PARAM_free(params); /* wipes what came from secure memory: d below is such */
    OSSL_PARAM_BLD_free(bld);
    return good ? BK_OK : BK_ECRYPTO;
}

enum bk_err bk_sm2_from_bytes(const uint8_t d[32], struct bk_sm2_key **key)
{
    OSSL_LIB_CTX *lib = bk_crypto_ctx();
    BIGNUM *n = BN_secure_new();
    uint8_t point[65];
    EVP_PKEY *pkey = NULL;
    enum bk_err err = lib && n && BN_bin2bn(d, 32, n) ? BK_OK : BK_ECRYPTO;
    if (err == BK_OK)
        err = point_of(n, point);
    if (err == BK_OK)
        err = pkey_of(lib, n, point, &pkey);
    BN_clear_free(n);
    return err == BK_OK ? wrap(pkey, key) : err;
}

enum bk_err bk_sm2_to_bytes(const struct bk_sm2_key *key, uint8_t d[32])
{
    BIGNUM *n = NULL;
    bool good = EVP_PKEY_get_bn_param(key->pkey, OSSL_PKEY_PARAM_PRIV_KEY, &n) == 1 &&
                BN_bn2binpad(n, d, 32) == 32;
    BN_clear_free(n);
    return good ? BK_OK : BK_ECRYPTO;
}

void bk_sm2_free(struct bk_sm2_key **key)
{
    if (!*key)
        return;
    EVP_PKEY_free((*key)->pkey);
    free(*key);
    *key = NULL;
}

const struct bk_pubkey *bk_sm2_pubkey(const struct bk_sm2_key *key)
{
    return &key->pub;
}

EVP_PKEY *bk_sm2_evp(const struct bk_sm2_key *key)
{
    return key->pkey;
}

enum bk_err bk_sm2_sign(const struct bk_sm2_key *key, const uint8_t e[32], struct bk_sm2_sig *sig)
{
    uint8_t der[80];
    size_t len = sizeof der;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(bk_crypto_ctx(), key->pkey, NULL);
    bool good = ctx && EVP_PKEY_sign_init(ctx) == 1 && EVP_PKEY_sign(ctx, der, &len, e, 32) == 1;
    EVP_PKEY_CTX_free(ctx);
    if (!good || bk_sm2_sig_from_der(der, len, sig) != BK_OK)
        return BK_ECRYPTO;
    return BK_OK;
}

static enum bk_err verify(const struct bk_pubkey *pub, const uint8_t e[32],
                          const struct bk_buf *der)
{
    EVP_PKEY *pkey = NULL;
    enum bk_err err = bk_pubkey_evp(pub, &pkey);
    EVP_PKEY_CTX *ctx =
        err == BK_OK ? EVP_PKEY_CTX_new_from_pkey(bk_crypto_ctx(), pkey, NULL) : NULL;
    if (err == BK_OK && (!ctx || EVP_PKEY_verify_init(ctx) != 1))
        err = BK_ECRYPTO;
    if (err == BK_OK && EVP_PKEY_verify(ctx, der->data, der->len, e, 32) != 1)
        err = BK_EVERIFY;
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(pkey);
    return err;
}

enum bk_err bk_sm2_verify(const struct bk_pubkey *pub, const uint8_t e[32],
                          const struct bk_sm2_sig *sig)
{
    struct bk_buf der = BK_BUF_INIT;
    bool asked = false;
    if (pub->alg != BK_ALG_SM2)
        return BK_EINVAL;
    enum bk_err err = bk_sm2_sig_to_der(sig, &der);
    if (err == BK_OK)
        do
            err = verify(pub, e, &der);
        while (bk_crypto_ask_again(&err, BK_EVERIFY, &asked));
    bk_buf_free(&der);
    return err;
}

enum bk_err bk_sm2_encrypt(const struct bk_pubkey *pub, const void *in, size_t len,
                           struct bk_sm2_cipher *out)
{
    EVP_PKEY *pkey = NULL;
    struct bk_buf der = BK_BUF_INIT;
    if (pub->alg != BK_ALG_SM2 || !len || len > BK_SM2_PLAIN_MAX)
        return BK_EINVAL;
    enum bk_err err = bk_crypto_more() ? bk_pubkey_evp(pub, &pkey) : BK_ENOMEM;
    EVP_PKEY_CTX *ctx =
        err == BK_OK ? EVP_PKEY_CTX_new_from_pkey(bk_crypto_ctx(), pkey, NULL) : NULL;
    size_t got = 0;
    if (err == BK_OK && (!ctx || EVP_PKEY_encrypt_init(ctx) != 1 ||
                         EVP_PKEY_encrypt(ctx, NULL, &got, in, len) != 1))
        err = BK_ECRYPTO;
    if (err == BK_OK)
        err = bk_buf_reserve(&der, got);
    if (err == BK_OK && EVP_PKEY_encrypt(ctx, der.data, &got, in, len) != 1)
        err = BK_ECRYPTO;
    if (err == BK_OK)
        err = bk_sm2_cipher_from_der(der.data, got, out);
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(pkey);
    bk_buf_free(&der);
    return err;
}

/* `out` has room for as many bytes as `der` has. */
static enum bk_err decrypt(const struct bk_sm2_key *key, const struct bk_buf *der,
                           struct bk_buf *out)
{
    enum bk_err err = BK_OK;
    size_t got = der->len;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(bk_crypto_ctx(), key->pkey, NULL);
    if (!ctx || EVP_PKEY_decrypt_init(ctx) != 1)
        err = BK_ECRYPTO;
    else if (EVP_PKEY_decrypt(ctx, out->data + out->len, &got, der->data, der->len) != 1)
        err = BK_EVERIFY;
    else
        out->len += got;
    EVP_PKEY_CTX_free(ctx);
    return err;
}

enum bk_err bk_sm2_decrypt(const struct bk_sm2_key *key, const struct bk_sm2_cipher *in,
                           struct bk_buf *out)
{
    struct bk_buf der = BK_BUF_INIT;
    struct bk_pubkey c1;
    if (!in->cipher.len || in->cipher.len > BK_SM2_PLAIN_MAX)
        return BK_EINVAL;
    enum bk_err err = bk_crypto_more() ? bk_pubkey_sm2(in->x, in->y, &c1) : BK_ENOMEM;
    if (err == BK_OK)
        err = bk_sm2_cipher_to_der(in, &der);
    bool asked = false;
    if (err == BK_OK)
        err = bk_buf_reserve(out, der.len);
    if (err == BK_OK)
        do
            err = decrypt(key, &der, out);
        while (bk_crypto_ask_again(&err, BK_EVERIFY, &asked));
    bk_buf_free(&der);
    return err;
}
