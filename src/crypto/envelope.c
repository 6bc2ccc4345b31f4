/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/envelope.h"

#include <string.h>

#include "base/secret.h"
#include "crypto/ctx.h"
#include "crypto/der.h"
#include "crypto/sm4.h"

/* 1.2.156.10197.1.104.1 SM4 in ECB mode */
static const uint8_t oid_sm4_ecb[] = {0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x68, 0x01};

static enum bk_err put_algorithm(struct bk_buf *out)
{
    struct bk_buf alg = BK_BUF_INIT;
    enum bk_err err = bk_der_put(&alg, BK_DER_OID, oid_sm4_ecb, sizeof oid_sm4_ecb);
    if (err == BK_OK)
        err = bk_der_put(out, BK_DER_SEQ, alg.data, alg.len);
    bk_buf_free(&alg);
    return err;
}

/* Parameters absent or NULL: both are in use. */
static enum bk_err take_algorithm(struct bk_rd *rd)
{
    struct bk_rd alg;
    enum bk_err err = bk_der_take(rd, BK_DER_SEQ, &alg);
    if (err == BK_OK && bk_der_oid(&alg, oid_sm4_ecb, sizeof oid_sm4_ecb) != BK_OK)
        err = BK_EUNSUPPORTED;
    if (err == BK_OK && bk_der_peek(&alg) == BK_DER_NULL)
        err = bk_der_take(&alg, BK_DER_NULL, NULL);
    return err == BK_OK ? bk_rd_end(&alg) : err;
}

static enum bk_err put_sm2_parts(const struct bk_sm2_cipher *key, const struct bk_pubkey *pub,
                                 const uint8_t priv[64], struct bk_buf *seq)
{
    uint8_t point[65] = {4};
    memcpy(point + 1, pub->x, 32);
    memcpy(point + 33, pub->y, 32);
    enum bk_err err = put_algorithm(seq);
    if (err == BK_OK)
        err = bk_sm2_cipher_to_der(key, seq);
    if (err == BK_OK)
        err = bk_der_put_bits(seq, point, sizeof point);
    return err == BK_OK ? bk_der_put_bits(seq, priv, 64) : err;
}

enum bk_err bk_envelope_sm2_seal(const struct bk_pubkey *sign, const struct bk_sm2_key *enc,
                                 struct bk_buf *out)
{
    uint8_t sm4[BK_SM4_KEY], priv[64] = {0};
    struct bk_sm2_cipher key = {0};
    struct bk_buf seq = BK_BUF_INIT;
    enum bk_err err = bk_random(sm4, sizeof sm4);
    if (err == BK_OK)
        err = bk_sm2_to_bytes(enc, priv + 32);
    if (err == BK_OK)
        err = bk_sm4_ecb(sm4, true, priv, sizeof priv, priv);
    if (err == BK_OK)
        err = bk_sm2_encrypt(sign, sm4, sizeof sm4, &key);
    if (err == BK_OK)
        err = put_sm2_parts(&key, bk_sm2_pubkey(enc), priv, &seq);
    if (err == BK_OK)
        err = bk_der_put(out, BK_DER_SEQ, seq.data, seq.len);
    bk_wipe(sm4, sizeof sm4);
    bk_wipe(priv, sizeof priv);
    bk_sm2_cipher_free(&key);
    bk_buf_free(&seq);
    return err;
}

static enum bk_err put_rsa_parts(const struct bk_buf *key, const struct bk_buf *priv,
                                 struct bk_buf *seq)
{
    static const uint8_t version = 1;
    enum bk_err err = bk_der_put_uint(seq, &version, 1);
    if (err == BK_OK)
        err = put_algorithm(seq);
    if (err == BK_OK)
        err = bk_der_put(seq, BK_DER_OCTETS, key->data, key->len);
    return err == BK_OK ? bk_der_put(seq, BK_DER_OCTETS, priv->data, priv->len) : err;
}

enum bk_err bk_envelope_rsa_seal(const struct bk_pubkey *sign, const struct bk_rsa_key *enc,
                                 struct bk_buf *out)
{
    uint8_t sm4[BK_SM4_KEY];
    struct bk_buf der = BK_BUF_INIT, key = BK_BUF_INIT, priv = BK_BUF_INIT, seq = BK_BUF_INIT;
    enum bk_err err = bk_random(sm4, sizeof sm4);
    if (err == BK_OK)
        err = bk_rsa_encrypt(sign, sm4, sizeof sm4, &key);
    if (err == BK_OK)
        err = bk_rsa_to_der(enc, &der);
    if (err == BK_OK)
        err = bk_sm4_ecb_seal(sm4, der.data, der.len, &priv);
    if (err == BK_OK)
        err = put_rsa_parts(&key, &priv, &seq);
    if (err == BK_OK)
        err = bk_der_put(out, BK_DER_SEQ, seq.data, seq.len);
    bk_wipe(sm4, sizeof sm4);
    bk_buf_free(&der);
    bk_buf_free(&key);
    bk_buf_free(&priv);
    bk_buf_free(&seq);
    return err;
}

void bk_envelope_sm2_free(struct bk_envelope_sm2 *env)
{
    bk_sm2_cipher_free(&env->key);
    *env = (struct bk_envelope_sm2){0};
}

static enum bk_err take_sm2_parts(struct bk_rd *seq, struct bk_envelope_sm2 *env)
{
    struct bk_rd point, priv;
    enum bk_err err = take_algorithm(seq);
    const uint8_t *key = seq->at;
    if (err == BK_OK)
        err = bk_der_take(seq, BK_DER_SEQ, NULL);
    if (err == BK_OK)
        err = bk_sm2_cipher_from_der(key, (size_t)(seq->at - key), &env->key);
    if (err == BK_OK)
        err = bk_der_bits(seq, &point);
    if (err == BK_OK && (point.left != 65 || point.at[0] != 4))
        err = BK_EFORMAT;
    if (err == BK_OK)
        err = bk_pubkey_sm2(point.at + 1, point.at + 33, &env->pub);
    if (err == BK_OK)
        err = bk_der_bits(seq, &priv);
    if (err == BK_OK && priv.left != 64 && priv.left != 32)
        err = BK_EFORMAT;
    if (err != BK_OK)
        return err;
    memcpy(env->priv, priv.at, priv.left);
    env->priv_len = priv.left;
    return bk_rd_end(seq);
}

enum bk_err bk_envelope_sm2_parse(const void *der, size_t len, struct bk_envelope_sm2 *env)
{
    struct bk_rd in = bk_rd(der, len), seq;
    struct bk_envelope_sm2 got = {0};
    enum bk_err err = bk_der_take(&in, BK_DER_SEQ, &seq);
    if (err == BK_OK)
        err = bk_rd_end(&in);
    if (err == BK_OK)
        err = take_sm2_parts(&seq, &got);
    if (err != BK_OK) {
        bk_envelope_sm2_free(&got);
        return err;
    }
    bk_envelope_sm2_free(env);
    *env = got;
    return BK_OK;
}

enum bk_err bk_envelope_rsa_parse(const void *der, size_t len, struct bk_envelope_rsa *env)
{
    struct bk_rd in = bk_rd(der, len), seq, key, priv;
    uint8_t version = 0;
    enum bk_err err = bk_der_take(&in, BK_DER_SEQ, &seq);
    if (err == BK_OK)
        err = bk_rd_end(&in);
    if (err == BK_OK)
        err = bk_der_uint_fixed(&seq, &version, 1);
    if (err == BK_OK && version != 1)
        err = BK_EUNSUPPORTED;
    if (err == BK_OK)
        err = take_algorithm(&seq);
    if (err == BK_OK)
        err = bk_der_take(&seq, BK_DER_OCTETS, &key);
    if (err == BK_OK)
        err = bk_der_take(&seq, BK_DER_OCTETS, &priv);
    if (err == BK_OK)
        err = bk_rd_end(&seq);
    if (err == BK_OK)
        *env = (struct bk_envelope_rsa){key.at, key.left, priv.at, priv.left};
    return err;
}

enum bk_err bk_envelope_sm2_open(const struct bk_sm2_key *sign, const struct bk_envelope_sm2 *env,
                                 struct bk_sm2_key **enc)
{
    struct bk_buf sm4 = BK_BUF_INIT;
    struct bk_sm2_key *got = NULL;
    uint8_t priv[64];
    static const uint8_t zeros[32];
    if (env->priv_len != 64 && env->priv_len != 32)
        return BK_EFORMAT;
    enum bk_err err = bk_sm2_decrypt(sign, &env->key, &sm4);
    if (err == BK_OK && sm4.len != BK_SM4_KEY)
        err = BK_EFORMAT;
    if (err == BK_OK)
        err = bk_sm4_ecb(sm4.data, false, env->priv, env->priv_len, priv);
    if (err == BK_OK && env->priv_len == 64 && memcmp(priv, zeros, 32) != 0)
        err = BK_EFORMAT;
    if (err == BK_OK)
        err = bk_sm2_from_bytes(priv + env->priv_len - 32, &got);
    if (err == BK_OK && !bk_pubkey_equal(bk_sm2_pubkey(got), &env->pub))
        err = BK_EVERIFY;
    if (err == BK_OK)
        *enc = got;
    else
        bk_sm2_free(&got);
    bk_wipe(priv, sizeof priv);
    bk_buf_free(&sm4);
    return err;
}

enum bk_err bk_envelope_rsa_open(const struct bk_rsa_key *sign, const struct bk_envelope_rsa *env,
                                 struct bk_rsa_key **enc)
{
    struct bk_buf sm4 = BK_BUF_INIT, der = BK_BUF_INIT;
    enum bk_err err = bk_rsa_decrypt(sign, env->key, env->key_len, &sm4);
    if (err == BK_EINVAL || (err == BK_OK && sm4.len != BK_SM4_KEY))
        err = BK_EFORMAT;
    if (err == BK_OK)
        err = bk_sm4_ecb_open(sm4.data, env->priv, env->priv_len, &der);
    if (err == BK_OK)
        err = bk_rsa_from_der(der.data, der.len, enc);
    bk_buf_free(&sm4);
    bk_buf_free(&der);
    return err;
}
