/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signed and enveloped messages with SM2, SM3 and SM4 (GM/T 0010-2012 clauses 8 and 9), which
 * OpenSSL 3.0 has no CMS for. Content types, digest and encryption algorithms have the standard's
 * own OIDs (1.2.156.10197.6.1.4.2.…). The private key is somewhere else: callbacks sign and decrypt.
 */
#ifndef BK_CRYPTO_CMS_H
#define BK_CRYPTO_CMS_H

#include "crypto/x509.h"

#define BK_CMS_RECIPIENTS 16u /* at most */

/* Signs a message by SM2 with SM3 and the default ID; appends the signature in DER. */
typedef enum bk_err (*bk_cms_signer)(void *context, const void *msg, size_t len,
                                     struct bk_buf *signature);
/* Decrypts an SM2Cipher (GM/T 0009) in DER; appends the plaintext. */
typedef enum bk_err (*bk_cms_opener)(void *context, const void *cipher, size_t len,
                                     struct bk_buf *plain);

/*
 * SignedData by one signer, without authenticated attributes: the signature is over the content
 * itself. The signer's certificate goes in, and those of `chain` (may be NULL). With `detached`
 * the content stays outside. Appended to out.
 */
enum bk_err bk_cms_sign(const void *content, size_t len, bool detached, const struct bk_x509 *cert,
                        const struct bk_chain *chain, bk_cms_signer signer, void *context,
                        struct bk_buf *out) BK_MUST_CHECK;

/*
 * Checks SignedData with one signer, with or without authenticated attributes. `detached` is the
 * content when it isn't inside (else NULL). *cert is the signer's certificate from the message,
 * itself not checked: that is for bk_chain_verify. content (may be NULL) gets what was signed.
 * BK_EFORMAT, BK_EVERIFY; BK_EUNSUPPORTED: other algorithms or several signers; BK_EINVAL: content
 * both inside and given, or neither.
 */
enum bk_err bk_cms_verify(const void *cms, size_t len, const void *detached, size_t detached_len,
                          struct bk_x509 **cert, struct bk_buf *content) BK_MUST_CHECK;

/* EnvelopedData: SM4-CBC under a fresh key, that key by SM2 to each certificate. */
enum bk_err bk_cms_encrypt(const void *content, size_t len, const struct bk_x509 *const *certs,
                           size_t count, struct bk_buf *out) BK_MUST_CHECK;
/* With cert NULL each recipient's is tried until one opens: for a key whose certificate was replaced.
 * BK_ENOTFOUND when it isn't for this certificate, or nothing opens; BK_EVERIFY when it doesn't open (SM4-CBC has no
 * MAC: that it opens doesn't say who wrote it). */
enum bk_err bk_cms_decrypt(const void *cms, size_t len, const struct bk_x509 *cert,
                           bk_cms_opener opener, void *context, struct bk_buf *content) BK_MUST_CHECK;

#endif
