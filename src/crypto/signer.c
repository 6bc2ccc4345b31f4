/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/signer.h"

#include <string.h>

#include "crypto/der.h"

/* content bytes of OIDs */
static const uint8_t oid_rsa_sha256[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b};
static const uint8_t oid_sm2_sm3[] = {0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x83, 0x75};

const struct bk_pubkey *bk_signer_pubkey(const struct bk_signer *signer)
{
    return signer->elsewhere           ? signer->pub
           : signer->alg == BK_ALG_SM2 ? bk_sm2_pubkey(signer->sm2)
                                       : bk_rsa_pubkey(signer->rsa);
}

enum bk_err bk_signer_put_algorithm(const struct bk_signer *signer, struct bk_buf *out)
{
    bool sm2 = signer->alg == BK_ALG_SM2;
    struct bk_buf id = BK_BUF_INIT;
    enum bk_err err = sm2 ? bk_der_put(&id, BK_DER_OID, oid_sm2_sm3, sizeof oid_sm2_sm3)
                          : bk_der_put(&id, BK_DER_OID, oid_rsa_sha256, sizeof oid_rsa_sha256);
    if (err == BK_OK && !sm2)
        err = bk_der_put(&id, BK_DER_NULL, NULL, 0);
    if (err == BK_OK)
        err = bk_der_wrap(out, BK_DER_SEQ, &id);
    bk_buf_free(&id);
    return err;
}

static enum bk_err elsewhere_sm2(const struct bk_signer *signer, const uint8_t e[32],
                                 struct bk_sm2_sig *rs)
{
    struct bk_buf raw = BK_BUF_INIT;
    enum bk_err err = signer->elsewhere(signer->context, e, 32, &raw);
    if (err == BK_OK && raw.len != 64)
        err = BK_EFORMAT;
    if (err == BK_OK) {
        memcpy(rs->r, raw.data, 32);
        memcpy(rs->s, raw.data + 32, 32);
    }
    bk_buf_free(&raw);
    return err;
}

static enum bk_err sign_sm2(const struct bk_signer *signer, const uint8_t e[32], struct bk_buf *sig)
{
    struct bk_sm2_sig rs;
    enum bk_err err =
        signer->elsewhere ? elsewhere_sm2(signer, e, &rs) : bk_sm2_sign(signer->sm2, e, &rs);
    return err == BK_OK ? bk_sm2_sig_to_der(&rs, sig) : err;
}

static enum bk_err sign_rsa(const struct bk_signer *signer, const uint8_t digest[32],
                            struct bk_buf *sig)
{
    /* DigestInfo of SHA-256, RFC 8017 clause 9.2 note 1 */
    uint8_t info[51] = {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                        0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};
    memcpy(info + 19, digest, 32);
    return signer->elsewhere ? signer->elsewhere(signer->context, info, sizeof info, sig)
                             : bk_rsa_sign(signer->rsa, info, sizeof info, sig);
}

enum bk_err bk_signer_begin(const struct bk_signer *signer, struct bk_digester **digester)
{
    bool sm2 = signer->alg == BK_ALG_SM2;
    const char *id = signer->sm2_id ? signer->sm2_id : BK_SM2_ID;
    uint8_t z[32];
    enum bk_err err = bk_digester_new(sm2 ? BK_HASH_SM3 : BK_HASH_SHA256, digester);
    if (err == BK_OK && sm2)
        err = bk_sm2_z(bk_signer_pubkey(signer), id, strlen(id), z);
    if (err == BK_OK && sm2)
        err = bk_digester_add(*digester, z, sizeof z);
    return err;
}

enum bk_err bk_signer_end(const struct bk_signer *signer, struct bk_digester *digester,
                          struct bk_buf *out)
{
    uint8_t digest[32];
    struct bk_buf sig = BK_BUF_INIT;
    enum bk_err err = bk_digester_end(digester, digest);
    if (err == BK_OK)
        err = signer->alg == BK_ALG_SM2 ? sign_sm2(signer, digest, &sig)
                                        : sign_rsa(signer, digest, &sig);
    if (err == BK_OK)
        err = bk_signer_put_algorithm(signer, out);
    if (err == BK_OK)
        err = bk_der_put_bits(out, sig.data, sig.len);
    bk_buf_free(&sig);
    return err;
}

enum bk_err bk_signer_seal(const struct bk_signer *signer, struct bk_buf *tbs, struct bk_buf *out)
{
    struct bk_digester *digester = NULL;
    enum bk_err err = bk_signer_begin(signer, &digester);
    if (err == BK_OK)
        err = bk_digester_add(digester, tbs->data, tbs->len);
    if (err == BK_OK)
        err = bk_signer_end(signer, digester, tbs);
    if (err == BK_OK)
        err = bk_der_wrap(out, BK_DER_SEQ, tbs);
    bk_digester_free(&digester);
    return err;
}
