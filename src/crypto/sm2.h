/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SM2 (GB/T 32918, GM/T 0009): keys, signatures, encryption. Numbers are 32 bytes big-endian. An
 * ID of NULL is the default one of GM/T 0009 clause 10, 1234567812345678. A key may be used by
 * several threads at once.
 */
#ifndef BK_CRYPTO_SM2_H
#define BK_CRYPTO_SM2_H

#include <stdbool.h>

#include <openssl/types.h>

#include "base/buf.h"
#include "crypto/pubkey.h"

#define BK_SM2_ID "1234567812345678"
#define BK_SM2_ID_MAX 64u /* of a CA; the standard would have 8,191 bytes of any kind */
#define BK_SM2_PLAIN_MAX 65535u

struct bk_sm2_key;

struct bk_sm2_sig {
    uint8_t r[32];
    uint8_t s[32];
};

/* Whether it is an ID as our CAs may have: 1 to BK_SM2_ID_MAX visible ASCII characters. */
bool bk_sm2_id_fits(const char *id, size_t len);

/* C1 = x ‖ y, C3 = hash, C2 = cipher: the parts in the order of GM/T 0009. */
struct bk_sm2_cipher {
    uint8_t x[32];
    uint8_t y[32];
    uint8_t hash[32];
    struct bk_buf cipher;
};

void bk_sm2_cipher_free(struct bk_sm2_cipher *cipher); /* what it holds, not the struct */

enum bk_err bk_sm2_generate(struct bk_sm2_key **key) BK_MUST_CHECK;
/* BK_EFORMAT when d is not in 1 … n - 2. */
enum bk_err bk_sm2_from_bytes(const uint8_t d[32], struct bk_sm2_key **key) BK_MUST_CHECK;
/* d, which the caller wipes. */
enum bk_err bk_sm2_to_bytes(const struct bk_sm2_key *key, uint8_t d[32]) BK_MUST_CHECK;
void bk_sm2_free(struct bk_sm2_key **key);
const struct bk_pubkey *bk_sm2_pubkey(const struct bk_sm2_key *key);
/* Not a new reference: lives as long as the key. */
EVP_PKEY *bk_sm2_evp(const struct bk_sm2_key *key);

/* GB/T 32918.2 clause 5.5; ids up to 8191 bytes. */
enum bk_err bk_sm2_z(const struct bk_pubkey *pub, const void *id, size_t id_len,
                     uint8_t z[32]) BK_MUST_CHECK;
/* e = SM3(Z ‖ message): what the key signs. */
enum bk_err bk_sm2_e(const struct bk_pubkey *pub, const void *id, size_t id_len, const void *msg,
                     size_t len, uint8_t e[32]) BK_MUST_CHECK;
enum bk_err bk_sm2_sign(const struct bk_sm2_key *key, const uint8_t e[32],
                        struct bk_sm2_sig *sig) BK_MUST_CHECK;
/* BK_EVERIFY when wrong. */
enum bk_err bk_sm2_verify(const struct bk_pubkey *pub, const uint8_t e[32],
                          const struct bk_sm2_sig *sig) BK_MUST_CHECK;

/* 1 to BK_SM2_PLAIN_MAX bytes. */
enum bk_err bk_sm2_encrypt(const struct bk_pubkey *pub, const void *in, size_t len,
                           struct bk_sm2_cipher *out) BK_MUST_CHECK;
/* Appended to out. BK_EFORMAT: C1 is not on the curve; BK_EVERIFY: the hash doesn't match. */
enum bk_err bk_sm2_decrypt(const struct bk_sm2_key *key, const struct bk_sm2_cipher *in,
                           struct bk_buf *out) BK_MUST_CHECK;

/* SM2Signature and SM2Cipher of GM/T 0009 clause 7 in DER; reading is strict and takes the whole
 * input, writing appends. */
enum bk_err bk_sm2_sig_to_der(const struct bk_sm2_sig *sig, struct bk_buf *out) BK_MUST_CHECK;
enum bk_err bk_sm2_sig_from_der(const void *der, size_t len, struct bk_sm2_sig *sig) BK_MUST_CHECK;
enum bk_err bk_sm2_cipher_to_der(const struct bk_sm2_cipher *cipher,
                                 struct bk_buf *out) BK_MUST_CHECK;
enum bk_err bk_sm2_cipher_from_der(const void *der, size_t len,
                                   struct bk_sm2_cipher *cipher) BK_MUST_CHECK;

#endif
