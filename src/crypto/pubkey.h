/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Public keys: RSA and SM2. The struct is plain data and can be copied. SM2's own operations
 * (Z, e, signature, encryption) are in crypto/sm2.h.
 */
#ifndef BK_CRYPTO_PUBKEY_H
#define BK_CRYPTO_PUBKEY_H

#include <stdbool.h>

#include <openssl/types.h>

#include "base/buf.h"
#include "crypto/digest.h"

enum bk_alg { BK_ALG_RSA = 1, BK_ALG_SM2 = 2 };

#define BK_RSA_MIN 128u /* bytes of a modulus: 1024 bits */
#define BK_RSA_MAX 512u /* bytes of a modulus: 4096 bits */
#define BK_KEY_ID 20u

struct bk_pubkey {
    enum bk_alg alg;
    size_t n_len; /* RSA: big-endian, no leading zero byte */
    uint8_t n[BK_RSA_MAX];
    size_t e_len;
    uint8_t e[8];
    uint8_t x[32]; /* SM2 */
    uint8_t y[32];
};

/* RSA from big-endian numbers (leading zeros are dropped), 1024 to 4096 bits, e odd and over 2. */
enum bk_err bk_pubkey_rsa(const uint8_t *n, size_t n_len, const uint8_t *e, size_t e_len,
                          struct bk_pubkey *pub) BK_MUST_CHECK;
/* SM2 from coordinates; BK_EFORMAT when the point isn't on the curve. */
enum bk_err bk_pubkey_sm2(const uint8_t x[32], const uint8_t y[32],
                          struct bk_pubkey *pub) BK_MUST_CHECK;
/* Of the modulus, whose first byte may be a small one. */
unsigned bk_pubkey_rsa_bits(const struct bk_pubkey *pub);
bool bk_pubkey_equal(const struct bk_pubkey *a, const struct bk_pubkey *b);

/* SubjectPublicKeyInfo (RFC 5280; SM2: id-ecPublicKey with curve 1.2.156.10197.1.301), in DER.
 * Reading: the whole input; BK_EUNSUPPORTED for another algorithm, curve or length. Writing
 * appends. */
enum bk_err bk_pubkey_from_spki(const void *der, size_t len, struct bk_pubkey *pub) BK_MUST_CHECK;
enum bk_err bk_pubkey_to_spki(const struct bk_pubkey *pub, struct bk_buf *out) BK_MUST_CHECK;
/* The key in a certificate. Only the form around it is checked, no signature and no date. */
enum bk_err bk_pubkey_from_cert(const void *der, size_t len, struct bk_pubkey *pub) BK_MUST_CHECK;

/* RFC 5280 clause 4.2.1.2 method 1: SHA-1 of the BIT STRING's content. */
enum bk_err bk_pubkey_id_sha1(const struct bk_pubkey *pub, uint8_t id[BK_KEY_ID]) BK_MUST_CHECK;
/* First 20 bytes of SM3 over the SubjectPublicKeyInfo. */
enum bk_err bk_pubkey_id_sm3(const struct bk_pubkey *pub, uint8_t id[BK_KEY_ID]) BK_MUST_CHECK;

/* OpenSSL's form, in bk_crypto_ctx(); the caller frees it with EVP_PKEY_free. */
enum bk_err bk_pubkey_evp(const struct bk_pubkey *pub, EVP_PKEY **pkey) BK_MUST_CHECK;

/*
 * Signatures: BK_OK, BK_EVERIFY when wrong. RSASSA-PKCS1-v1_5 over a digest; with BK_HASH_NONE
 * `digest` is what was padded (CKM_RSA_PKCS: a DigestInfo or anything else that fits).
 */
enum bk_err bk_rsa_verify(const struct bk_pubkey *pub, enum bk_hash hash, const void *digest,
                          size_t digest_len, const void *sig, size_t sig_len) BK_MUST_CHECK;
/* BK_EUNSUPPORTED for SM3. */
enum bk_err bk_rsa_verify_pss(const struct bk_pubkey *pub, enum bk_hash hash, enum bk_hash mgf,
                              size_t salt_len, const void *digest, size_t digest_len,
                              const void *sig, size_t sig_len) BK_MUST_CHECK;
/* block^e mod n, both as long as the modulus (CKM_RSA_X_509). */
enum bk_err bk_rsa_public(const struct bk_pubkey *pub, const void *in, size_t len,
                          uint8_t *out) BK_MUST_CHECK;
/* One key's, for many blocks: without making OpenSSL's form of it each time. Not thread-safe. */
struct bk_rsa_public;
enum bk_err bk_rsa_public_new(const struct bk_pubkey *pub,
                              struct bk_rsa_public **key) BK_MUST_CHECK;
void bk_rsa_public_free(struct bk_rsa_public **key);
/* Whether in^e mod n is this block, both as long as the modulus: BK_OK, BK_EVERIFY. */
enum bk_err bk_rsa_public_gives(struct bk_rsa_public *key, const void *in, size_t len,
                                const uint8_t *block) BK_MUST_CHECK;
/* What a key signs for the platform, over the message: RSASSA-PKCS1-v1_5 with SHA-256, or SM2 with
 * SM3, default ID, signature in DER (docs/formats.md clause 5). */
enum bk_err bk_pubkey_verify_message(const struct bk_pubkey *pub, const void *msg, size_t len,
                                     const void *sig, size_t sig_len) BK_MUST_CHECK;

/* RSAES-PKCS1-v1_5 and RSAES-OAEP, appended to out. */
enum bk_err bk_rsa_encrypt(const struct bk_pubkey *pub, const void *in, size_t len,
                           struct bk_buf *out) BK_MUST_CHECK;
enum bk_err bk_rsa_encrypt_oaep(const struct bk_pubkey *pub, enum bk_hash hash, enum bk_hash mgf,
                                const void *label, size_t label_len, const void *in, size_t len,
                                struct bk_buf *out) BK_MUST_CHECK;

#endif
