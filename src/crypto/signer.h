/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who signs certificates, revocation lists and OCSP responses: RSA-2048 or longer with SHA-256
 * (PKCS#1 v1.5), or SM2 with SM3 and the ID of the signer's policy. The key is here, or somebody
 * else's who signs what it is given.
 */
#ifndef BK_CRYPTO_SIGNER_H
#define BK_CRYPTO_SIGNER_H

#include "crypto/digest.h"
#include "crypto/rsa.h"
#include "crypto/sm2.h"

/* RSA: `in` is a DigestInfo, the answer PKCS#1 v1.5 over it, as long as the modulus. SM2: `in` is
 * e, 32 bytes, the answer r32 ‖ s32. Appended. */
typedef enum bk_err bk_sign_elsewhere(void *context, const uint8_t *in, size_t len,
                                      struct bk_buf *signature);

struct bk_signer {
    enum bk_alg alg;
    struct bk_rsa_key *rsa; /* one of the two, or elsewhere with its public key */
    const struct bk_sm2_key *sm2;
    bk_sign_elsewhere *elsewhere;
    void *context;
    const struct bk_pubkey *pub;
    const char *sm2_id; /* NULL: the default one */
};

const struct bk_pubkey *bk_signer_pubkey(const struct bk_signer *signer);
/* AlgorithmIdentifier of its signatures, appended. */
enum bk_err bk_signer_put_algorithm(const struct bk_signer *signer,
                                    struct bk_buf *out) BK_MUST_CHECK;
/* What is too long to be held is added to the digester, and then signed: algorithm and signature,
 * appended. */
enum bk_err bk_signer_begin(const struct bk_signer *signer,
                            struct bk_digester **digester) BK_MUST_CHECK;
enum bk_err bk_signer_end(const struct bk_signer *signer, struct bk_digester *digester,
                          struct bk_buf *out) BK_MUST_CHECK;
/* SEQUENCE { tbs, algorithm, signature }, appended; tbs, a whole element, is cleared. */
enum bk_err bk_signer_seal(const struct bk_signer *signer, struct bk_buf *tbs,
                           struct bk_buf *out) BK_MUST_CHECK;

#endif
