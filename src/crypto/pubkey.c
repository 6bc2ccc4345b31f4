/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/pubkey.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "crypto/ctx.h"
#include "crypto/der.h"

/* 1.2.840.113549.1.1.1 rsaEncryption */
static const uint8_t oid_rsa[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01};
/* 1.2.840.10045.2.1 id-ecPublicKey */
static const uint8_t oid_ec[] = {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01};
/* 1.2.156.10197.1.301 the SM2 curve */
static const uint8_t oid_sm2[] = {0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d};

enum bk_err bk_pubkey_rsa(const uint8_t *n, size_t n_len, const uint8_t *e, size_t e_len,
                          struct bk_pubkey *pub)
{
    for (; n_len && !*n; n++)
        n_len--;
    for (; e_len && !*e; e++)
        e_len--;
    if (n_len < BK_RSA_MIN || n_len > BK_RSA_MAX || !e_len || e_len > sizeof pub->e)
        return BK_EFORMAT;
    if (!(n[n_len - 1] & 1) || !(e[e_len - 1] & 1) || (e_len == 1 && e[0] < 3))
        return BK_EFORMAT;
    *pub = (struct bk_pubkey){.alg = BK_ALG_RSA, .n_len = n_len, .e_len = e_len};
    memcpy(pub->n, n, n_len);
    memcpy(pub->e, e, e_len);
    return BK_OK;
}

/* BK_EFORMAT: it isn't on the curve. */
static enum bk_err look_at_point(const uint8_t raw[65])
{
    const EC_GROUP *group = bk_crypto_sm2();
    EC_POINT *point = group ? EC_POINT_new(group) : NULL;
    enum bk_err err = BK_ECRYPTO;
    if (point)
        err = EC_POINT_oct2point(group, point, raw, 65, NULL) == 1 ? BK_OK : BK_EFORMAT;
    EC_POINT_free(point);
    return err;
}

enum bk_err bk_pubkey_sm2(const uint8_t x[32], const uint8_t y[32], struct bk_pubkey *pub)
{
    uint8_t raw[65] = {4};
    enum bk_err err = BK_OK;
    bool asked = false;
    memcpy(raw + 1, x, 32);
    memcpy(raw + 33, y, 32);
    do
        err = look_at_point(raw);
    while (bk_crypto_ask_again(&err, BK_EFORMAT, &asked));
    if (err != BK_OK)
        return err;
    *pub = (struct bk_pubkey){.alg = BK_ALG_SM2};
    memcpy(pub->x, x, 32);
    memcpy(pub->y, y, 32);
    return BK_OK;
}

unsigned bk_pubkey_rsa_bits(const struct bk_pubkey *pub)
{
    unsigned bits = (unsigned)pub->n_len * 8;
    for (unsigned first = pub->n[0]; first < 0x80 && bits; first <<= 1)
        bits--;
    return bits;
}

bool bk_pubkey_equal(const struct bk_pubkey *a, const struct bk_pubkey *b)
{
    if (a->alg != b->alg)
        return false;
    if (a->alg == BK_ALG_SM2)
        return memcmp(a->x, b->x, 32) == 0 && memcmp(a->y, b->y, 32) == 0;
    return a->n_len == b->n_len && a->e_len == b->e_len && memcmp(a->n, b->n, a->n_len) == 0 &&
           memcmp(a->e, b->e, a->e_len) == 0;
}

static enum bk_err read_rsa(struct bk_rd *alg, struct bk_rd bits, struct bk_pubkey *pub)
{
    struct bk_rd seq;
    const uint8_t *n = NULL, *e = NULL;
    size_t n_len = 0, e_len = 0;
    enum bk_err err = bk_der_take(alg, BK_DER_NULL, NULL);
    if (err == BK_OK)
        err = bk_der_take(&bits, BK_DER_SEQ, &seq);
    if (err == BK_OK)
        err = bk_rd_end(&bits);
    if (err == BK_OK)
        err = bk_der_uint(&seq, &n, &n_len);
    if (err == BK_OK)
        err = bk_der_uint(&seq, &e, &e_len);
    if (err == BK_OK)
        err = bk_rd_end(&seq);
    /* a good key, but none that anything here works with: a certificate may have it */
    if (err == BK_OK && (n_len < BK_RSA_MIN || n_len > BK_RSA_MAX || e_len > sizeof pub->e))
        err = BK_EUNSUPPORTED;
    return err == BK_OK ? bk_pubkey_rsa(n, n_len, e, e_len, pub) : err;
}

static enum bk_err read_sm2(struct bk_rd *alg, struct bk_rd bits, struct bk_pubkey *pub)
{
    if (bk_der_oid(alg, oid_sm2, sizeof oid_sm2) != BK_OK)
        return BK_EUNSUPPORTED;
    if (bits.left != 65 || bits.at[0] != 4)
        return BK_EFORMAT;
    return bk_pubkey_sm2(bits.at + 1, bits.at + 33, pub);
}

enum bk_err bk_pubkey_from_spki(const void *der, size_t len, struct bk_pubkey *pub)
{
    struct bk_rd in = bk_rd(der, len), seq, alg, bits;
    enum bk_err err = bk_der_take(&in, BK_DER_SEQ, &seq);
    if (err == BK_OK)
        err = bk_rd_end(&in);
    if (err == BK_OK)
        err = bk_der_take(&seq, BK_DER_SEQ, &alg);
    if (err == BK_OK)
        err = bk_der_bits(&seq, &bits);
    if (err == BK_OK)
        err = bk_rd_end(&seq);
    if (err != BK_OK)
        return err;
    if (bk_der_oid(&alg, oid_rsa, sizeof oid_rsa) == BK_OK)
        err = read_rsa(&alg, bits, pub);
    else if (bk_der_oid(&alg, oid_ec, sizeof oid_ec) == BK_OK)
        err = read_sm2(&alg, bits, pub);
    else
        return BK_EUNSUPPORTED;
    return err == BK_OK ? bk_rd_end(&alg) : err;
}

enum bk_err bk_pubkey_from_cert(const void *der, size_t len, struct bk_pubkey *pub)
{
    struct bk_rd in = bk_rd(der, len), cert, tbs = {0};
    enum bk_err err = bk_der_take(&in, BK_DER_SEQ, &cert);
    if (err == BK_OK)
        err = bk_rd_end(&in);
    if (err == BK_OK)
        err = bk_der_take(&cert, BK_DER_SEQ, &tbs);
    if (err == BK_OK && bk_der_peek(&tbs) == 0xa0) /* version */
        err = bk_der_take(&tbs, 0xa0, NULL);
    if (err == BK_OK) /* serial number; old ones may be negative: any content */
        err = bk_der_take(&tbs, BK_DER_INTEGER, NULL);
    for (int i = 0; err == BK_OK && i < 4; i++) /* signature, issuer, validity, subject */
        err = bk_der_take(&tbs, BK_DER_SEQ, NULL);
    const uint8_t *spki = tbs.at;
    if (err == BK_OK)
        err = bk_der_take(&tbs, BK_DER_SEQ, NULL);
    if (err == BK_OK)
        err = bk_pubkey_from_spki(spki, (size_t)(tbs.at - spki), pub);
    if (err == BK_OK)
        err = bk_der_take(&cert, BK_DER_SEQ, NULL);
    if (err == BK_OK)
        err = bk_der_take(&cert, BK_DER_BITS, NULL);
    return err == BK_OK ? bk_rd_end(&cert) : err;
}

/* What stands in the BIT STRING. */
static enum bk_err put_key(const struct bk_pubkey *pub, struct bk_buf *out)
{
    if (pub->alg == BK_ALG_SM2) {
        enum bk_err err = bk_buf_put_u8(out, 4);
        if (err == BK_OK)
            err = bk_buf_put(out, pub->x, 32);
        return err == BK_OK ? bk_buf_put(out, pub->y, 32) : err;
    }
    struct bk_buf seq = BK_BUF_INIT;
    enum bk_err err = bk_der_put_uint(&seq, pub->n, pub->n_len);
    if (err == BK_OK)
        err = bk_der_put_uint(&seq, pub->e, pub->e_len);
    if (err == BK_OK)
        err = bk_der_put(out, BK_DER_SEQ, seq.data, seq.len);
    bk_buf_free(&seq);
    return err;
}

static enum bk_err put_algorithm(enum bk_alg alg, struct bk_buf *out)
{
    struct bk_buf seq = BK_BUF_INIT;
    enum bk_err err;
    if (alg == BK_ALG_SM2) {
        err = bk_der_put(&seq, BK_DER_OID, oid_ec, sizeof oid_ec);
        if (err == BK_OK)
            err = bk_der_put(&seq, BK_DER_OID, oid_sm2, sizeof oid_sm2);
    } else {
        err = bk_der_put(&seq, BK_DER_OID, oid_rsa, sizeof oid_rsa);
        if (err == BK_OK)
            err = bk_der_put(&seq, BK_DER_NULL, NULL, 0);
    }
    if (err == BK_OK)
        err = bk_der_put(out, BK_DER_SEQ, seq.data, seq.len);
    bk_buf_free(&seq);
    return err;
}

enum bk_err bk_pubkey_to_spki(const struct bk_pubkey *pub, struct bk_buf *out)
{
    struct bk_buf seq = BK_BUF_INIT, key = BK_BUF_INIT;
    enum bk_err err = put_algorithm(pub->alg, &seq);
    if (err == BK_OK)
        err = put_key(pub, &key);
    if (err == BK_OK)
        err = bk_der_put_bits(&seq, key.data, key.len);
    if (err == BK_OK)
        err = bk_der_put(out, BK_DER_SEQ, seq.data, seq.len);
    bk_buf_free(&seq);
    bk_buf_free(&key);
    return err;
}

enum bk_err bk_pubkey_id_sha1(const struct bk_pubkey *pub, uint8_t id[BK_KEY_ID])
{
    struct bk_buf key = BK_BUF_INIT;
    enum bk_err err = put_key(pub, &key);
    if (err == BK_OK)
        err = bk_digest(BK_HASH_SHA1, key.data, key.len, id);
    bk_buf_free(&key);
    return err;
}

enum bk_err bk_pubkey_id_sm3(const struct bk_pubkey *pub, uint8_t id[BK_KEY_ID])
{
    uint8_t digest[32];
    struct bk_buf spki = BK_BUF_INIT;
    enum bk_err err = bk_pubkey_to_spki(pub, &spki);
    if (err == BK_OK)
        err = bk_digest(BK_HASH_SM3, spki.data, spki.len, digest);
    if (err == BK_OK)
        memcpy(id, digest, BK_KEY_ID);
    bk_buf_free(&spki);
    return err;
}

/* A number in the byte order OSSL_PARAM wants: the machine's. */
static void reversed(const uint8_t *be, size_t len, uint8_t *out)
{
    union {
        uint16_t word;
        uint8_t byte[2];
    } order = {1};
    for (size_t i = 0; i < len; i++)
        out[i] = order.byte[0] ? be[len - 1 - i] : be[i];
}

/* RSA by its object identifier: under the name "RSA" OpenSSL 3.0 looks for an engine first, in
 * every library context, and one that the application made its default (engine_pkcs11, as curl and
 * openssl do) can't make keys from data. */
#define RSA_NAME "1.2.840.113549.1.1.1"

enum bk_err bk_pubkey_evp(const struct bk_pubkey *pub, EVP_PKEY **pkey)
{
    uint8_t n[BK_RSA_MAX], e[8], point[65] = {4};
    char curve[] = "SM2";
    OSSL_PARAM params[3];
    bool rsa = pub->alg == BK_ALG_RSA;
    if (rsa) {
        reversed(pub->n, pub->n_len, n);
        reversed(pub->e, pub->e_len, e);
        params[0] = OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_N, n, pub->n_len);
        params[1] = OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_E, e, pub->e_len);
    } else {
        memcpy(point + 1, pub->x, 32);
        memcpy(point + 33, pub->y, 32);
        params[0] = OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, curve, 0);
        params[1] = OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point);
    }
    params[2] = OSSL_PARAM_construct_end();
    OSSL_LIB_CTX *lib = bk_crypto_ctx();
    EVP_PKEY_CTX *ctx = lib ? EVP_PKEY_CTX_new_from_name(lib, rsa ? RSA_NAME : "SM2", NULL) : NULL;
    EVP_PKEY *made = NULL;
    bool good = ctx && EVP_PKEY_fromdata_init(ctx) == 1 &&
                EVP_PKEY_fromdata(ctx, &made, EVP_PKEY_PUBLIC_KEY, params) == 1;
    EVP_PKEY_CTX_free(ctx);
    if (!good)
        return BK_ECRYPTO;
    *pkey = made;
    return BK_OK;
}
