/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RSA encodings of RFC 8017 that the host makes and undoes around a raw private operation of the
 * key. Undoing runs in time that doesn't depend on what the block holds; only the end result does.
 */
#ifndef BK_CRYPTO_RSA_PAD_H
#define BK_CRYPTO_RSA_PAD_H

#include "base/buf.h"
#include "crypto/digest.h"

#define BK_OAEP_LABEL_MAX 4096u

/* DigestInfo (clause 9.2 step 2) in DER, appended: what RSASignData is given. */
enum bk_err bk_rsa_digest_info(enum bk_hash hash, const void *digest, size_t len,
                               struct bk_buf *out) BK_MUST_CHECK;
/* EMSA-PKCS1-v1_5: 00 01 FF… 00 data, `size` bytes to out; BK_ELIMIT when data doesn't fit. */
enum bk_err bk_rsa_pad_sign(const void *data, size_t len, uint8_t *out, size_t size) BK_MUST_CHECK;
/* EMSA-PSS (clause 9.1.1) for a modulus of `bits` bits; out: (bits + 7) / 8 bytes, the block to
 * be raised to d. BK_ELIMIT when hash and salt don't fit. */
enum bk_err bk_rsa_pad_pss(enum bk_hash hash, enum bk_hash mgf, size_t salt_len, const void *digest,
                           size_t digest_len, unsigned bits, uint8_t *out) BK_MUST_CHECK;
/* RSAES-PKCS1-v1_5 (clause 7.2.2 step 3): `block` as long as the modulus, changed by the call;
 * the message is appended to out. BK_EFORMAT when it isn't padded so. */
enum bk_err bk_rsa_unpad(uint8_t *block, size_t size, struct bk_buf *out) BK_MUST_CHECK;
/* RSAES-OAEP (clause 7.1.2 step 3), likewise. */
enum bk_err bk_rsa_unpad_oaep(enum bk_hash hash, enum bk_hash mgf, const void *label,
                              size_t label_len, uint8_t *block, size_t size,
                              struct bk_buf *out) BK_MUST_CHECK;

#endif
