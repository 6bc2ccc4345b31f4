/* SPDX-License-Identifier: Apache-2.0 */
/* Certification requests, PKCS#10 (RFC 2986), signed by a key that is somewhere else. */
#ifndef BK_CRYPTO_CSR_H
#define BK_CRYPTO_CSR_H

#include "base/buf.h"
#include "crypto/pubkey.h"

/*
 * Signs `tbs`, which is the request without its signature: RSASSA-PKCS1-v1_5 with SHA-256 for RSA,
 * SM2 with SM3 and the default ID, DER, for SM2. Appends the signature.
 */
typedef enum bk_err (*bk_csr_sign)(void *context, const struct bk_pubkey *key, const void *tbs,
                                   size_t len, struct bk_buf *signature);

/* subject: a Name in DER. Appends the request to out. */
enum bk_err bk_csr_build(const struct bk_pubkey *key, const void *subject, size_t subject_len,
                         bk_csr_sign sign, void *context, struct bk_buf *out) BK_MUST_CHECK;

/* A Name in DER that holds one common name (UTF-8, 1 to 64 bytes), appended. */
enum bk_err bk_csr_name(const char *common_name, struct bk_buf *out) BK_MUST_CHECK;

/* Whether these bytes are one Name in DER, and nothing else. */
bool bk_csr_name_good(const void *name, size_t len);

#endif
