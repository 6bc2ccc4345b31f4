/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An encryption key pair on its way to a container: sealed to the container's signing public key
 * (docs/formats.md clause 3). The platform seals, the card layer takes the envelope apart to put
 * its fields into INS 72 or 56, only the key itself can open it.
 */
#ifndef BK_CRYPTO_ENVELOPE_H
#define BK_CRYPTO_ENVELOPE_H

#include "crypto/rsa.h"
#include "crypto/sm2.h"

/* SM2EnvelopedKey, taken apart. */
struct bk_envelope_sm2 {
    struct bk_sm2_cipher key; /* the SM4 key under the signing public key */
    struct bk_pubkey pub;     /* of the pair that is delivered */
    uint8_t priv[64];         /* SM4-ECB, as it stands: 64 bytes or 32 */
    size_t priv_len;
};

/* The RSA envelope, taken apart; points into the DER it was read from. */
struct bk_envelope_rsa {
    const uint8_t *key; /* the SM4 key, RSAES-PKCS1-v1_5 under the signing public key */
    size_t key_len;
    const uint8_t *priv; /* SM4-ECB, PKCS#7, over RSAPrivateKey in DER */
    size_t priv_len;
};

/* DER, appended to out. */
enum bk_err bk_envelope_sm2_seal(const struct bk_pubkey *sign, const struct bk_sm2_key *enc,
                                 struct bk_buf *out) BK_MUST_CHECK;
enum bk_err bk_envelope_rsa_seal(const struct bk_pubkey *sign, const struct bk_rsa_key *enc,
                                 struct bk_buf *out) BK_MUST_CHECK;

/* The whole input, strictly. `env` must be zeroed before and freed after. */
enum bk_err bk_envelope_sm2_parse(const void *der, size_t len,
                                  struct bk_envelope_sm2 *env) BK_MUST_CHECK;
void bk_envelope_sm2_free(struct bk_envelope_sm2 *env);
enum bk_err bk_envelope_rsa_parse(const void *der, size_t len,
                                  struct bk_envelope_rsa *env) BK_MUST_CHECK;

/*
 * What the key does inside, on fields as they come. BK_EFORMAT or BK_EVERIFY: not sealed to this
 * key; for SM2 also when the private key isn't that of the public one.
 */
enum bk_err bk_envelope_sm2_open(const struct bk_sm2_key *sign, const struct bk_envelope_sm2 *env,
                                 struct bk_sm2_key **enc) BK_MUST_CHECK;
enum bk_err bk_envelope_rsa_open(const struct bk_rsa_key *sign, const struct bk_envelope_rsa *env,
                                 struct bk_rsa_key **enc) BK_MUST_CHECK;

#endif
