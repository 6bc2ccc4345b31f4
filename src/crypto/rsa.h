/* SPDX-License-Identifier: Apache-2.0 */
/* RSA private keys. The host's encodings are in crypto/rsa_pad.h, the public half in
 * crypto/pubkey.h. A key may be used by several threads at once. */
#ifndef BK_CRYPTO_RSA_H
#define BK_CRYPTO_RSA_H

#include <openssl/types.h>

#include "crypto/pubkey.h"
#include "crypto/rsa_pad.h"

struct bk_rsa_key;

/* 2048, 3072 or 4096 bits, e = 65537. */
enum bk_err bk_rsa_generate(unsigned bits, struct bk_rsa_key **key) BK_MUST_CHECK;
/* RSAPrivateKey (RFC 8017 A.1.2) in DER. The two halves are checked against each other. */
enum bk_err bk_rsa_from_der(const void *der, size_t len, struct bk_rsa_key **key) BK_MUST_CHECK;
/* One that bk_rsa_to_der gave and a checksum has kept since: the halves, whose check costs as much
 * as a signature, are not. */
enum bk_err bk_rsa_from_own_der(const void *der, size_t len, struct bk_rsa_key **key) BK_MUST_CHECK;
enum bk_err bk_rsa_to_der(const struct bk_rsa_key *key, struct bk_buf *out) BK_MUST_CHECK;
void bk_rsa_free(struct bk_rsa_key **key);
const struct bk_pubkey *bk_rsa_pubkey(const struct bk_rsa_key *key);
/* Not a new reference: lives as long as the key. */
EVP_PKEY *bk_rsa_evp(const struct bk_rsa_key *key);

/* block^d mod n, blinded; both as long as the modulus. BK_EINVAL for another length, BK_EFORMAT
 * when the block isn't below the modulus. */
enum bk_err bk_rsa_private(const struct bk_rsa_key *key, const void *block, size_t len,
                           uint8_t *out) BK_MUST_CHECK;
/* RSASSA-PKCS1-v1_5 over data that is a DigestInfo already; appended to out. Several threads may.
 */
enum bk_err bk_rsa_sign(struct bk_rsa_key *key, const void *data, size_t len,
                        struct bk_buf *out) BK_MUST_CHECK;
/* RSAES-PKCS1-v1_5, appended to out; BK_EFORMAT when the padding is wrong. */
enum bk_err bk_rsa_decrypt(const struct bk_rsa_key *key, const void *in, size_t len,
                           struct bk_buf *out) BK_MUST_CHECK;

#endif
