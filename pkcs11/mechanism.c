/* SPDX-License-Identifier: Apache-2.0 */
#include "pkcs11/mechanism.h"

#include "pkcs11/call.h"
#include "pkcs11/slot.h"

#define SV (CKF_SIGN | CKF_VERIFY)
#define ED (CKF_ENCRYPT | CKF_DECRYPT)
#define WU (CKF_WRAP | CKF_UNWRAP)
#define RECOVER (CKF_SIGN_RECOVER | CKF_VERIFY_RECOVER)
#define NO_ALG ((enum bk_alg)0)

static const struct bk_mech table[] = {
    {CKM_RSA_PKCS_KEY_PAIR_GEN, BK_HOW_GENERATE, BK_ALG_RSA, BK_HASH_NONE, CKF_GENERATE_KEY_PAIR,
     false},
    {CKM_RSA_PKCS, BK_HOW_PKCS1, BK_ALG_RSA, BK_HASH_NONE, SV | ED | WU | RECOVER, false},
    {CKM_RSA_X_509, BK_HOW_RAW, BK_ALG_RSA, BK_HASH_NONE, SV | ED | RECOVER, true},
    {CKM_SHA1_RSA_PKCS, BK_HOW_PKCS1, BK_ALG_RSA, BK_HASH_SHA1, SV, false},
    {CKM_SHA224_RSA_PKCS, BK_HOW_PKCS1, BK_ALG_RSA, BK_HASH_SHA224, SV, false},
    {CKM_SHA256_RSA_PKCS, BK_HOW_PKCS1, BK_ALG_RSA, BK_HASH_SHA256, SV, false},
    {CKM_SHA384_RSA_PKCS, BK_HOW_PKCS1, BK_ALG_RSA, BK_HASH_SHA384, SV, false},
    {CKM_SHA512_RSA_PKCS, BK_HOW_PKCS1, BK_ALG_RSA, BK_HASH_SHA512, SV, false},
    {CKM_RSA_PKCS_PSS, BK_HOW_PSS, BK_ALG_RSA, BK_HASH_NONE, SV, true},
    {CKM_SHA1_RSA_PKCS_PSS, BK_HOW_PSS, BK_ALG_RSA, BK_HASH_SHA1, SV, true},
    {CKM_SHA224_RSA_PKCS_PSS, BK_HOW_PSS, BK_ALG_RSA, BK_HASH_SHA224, SV, true},
    {CKM_SHA256_RSA_PKCS_PSS, BK_HOW_PSS, BK_ALG_RSA, BK_HASH_SHA256, SV, true},
    {CKM_SHA384_RSA_PKCS_PSS, BK_HOW_PSS, BK_ALG_RSA, BK_HASH_SHA384, SV, true},
    {CKM_SHA512_RSA_PKCS_PSS, BK_HOW_PSS, BK_ALG_RSA, BK_HASH_SHA512, SV, true},
    {CKM_RSA_PKCS_OAEP, BK_HOW_OAEP, BK_ALG_RSA, BK_HASH_NONE, ED | WU, true},
    {CKM_SM2_KEY_PAIR_GEN, BK_HOW_GENERATE, BK_ALG_SM2, BK_HASH_NONE, CKF_GENERATE_KEY_PAIR, false},
    {CKM_SM3_SM2, BK_HOW_SM2_RAW, BK_ALG_SM2, BK_HASH_SM3, SV, false},
    {CKM_SM3_SM2_DER, BK_HOW_SM2_DER, BK_ALG_SM2, BK_HASH_SM3, SV, false},
    {CKM_SM3_SM2_APPID1, BK_HOW_SM2_RAW, BK_ALG_SM2, BK_HASH_SM3, SV, false},
    {CKM_SM3_SM2_APPID1_DER, BK_HOW_SM2_DER, BK_ALG_SM2, BK_HASH_SM3, SV, false},
    {CKM_SM2_SIGN, BK_HOW_SM2_DER, BK_ALG_SM2, BK_HASH_NONE, SV, false},
    {CKM_SM2_SIGN_NO_DER, BK_HOW_SM2_RAW, BK_ALG_SM2, BK_HASH_NONE, SV, false},
    {CKM_SM2_ENCRYPT, BK_HOW_SM2_RAW, BK_ALG_SM2, BK_HASH_NONE, ED | WU, true},
    {CKM_SM2_ENCRYPT_DER, BK_HOW_SM2_DER, BK_ALG_SM2, BK_HASH_NONE, ED | WU, true},
    {CKM_SHA_1, BK_HOW_DIGEST, NO_ALG, BK_HASH_SHA1, CKF_DIGEST, false},
    {CKM_SHA224, BK_HOW_DIGEST, NO_ALG, BK_HASH_SHA224, CKF_DIGEST, false},
    {CKM_SHA256, BK_HOW_DIGEST, NO_ALG, BK_HASH_SHA256, CKF_DIGEST, false},
    {CKM_SHA384, BK_HOW_DIGEST, NO_ALG, BK_HASH_SHA384, CKF_DIGEST, false},
    {CKM_SHA512, BK_HOW_DIGEST, NO_ALG, BK_HASH_SHA512, CKF_DIGEST, false},
    {CKM_SHA256_HMAC, BK_HOW_HMAC, NO_ALG, BK_HASH_SHA256, SV, false},
    {CKM_SM3_HMAC, BK_HOW_HMAC, NO_ALG, BK_HASH_SM3, SV, false},
    {CKM_GENERIC_SECRET_KEY_GEN, BK_HOW_SECRET, NO_ALG, BK_HASH_NONE, CKF_GENERATE, false},
    {CKM_SM4_KEY_GEN, BK_HOW_SECRET, NO_ALG, BK_HASH_NONE, CKF_GENERATE, false},
    {CKM_SM4_ECB, BK_HOW_SM4_ECB, NO_ALG, BK_HASH_NONE, ED | WU, false},
    {CKM_SM4_CBC, BK_HOW_SM4_CBC, NO_ALG, BK_HASH_NONE, ED | WU, false},
    {CKM_SM3, BK_HOW_DIGEST, NO_ALG, BK_HASH_SM3, CKF_DIGEST, false},
    {CKM_SHA1_KEY_DERIVATION, BK_HOW_DERIVE, NO_ALG, BK_HASH_SHA1, CKF_DERIVE, false},
    {CKM_SHA224_KEY_DERIVATION, BK_HOW_DERIVE, NO_ALG, BK_HASH_SHA224, CKF_DERIVE, false},
    {CKM_SHA256_KEY_DERIVATION, BK_HOW_DERIVE, NO_ALG, BK_HASH_SHA256, CKF_DERIVE, false},
    {CKM_SHA384_KEY_DERIVATION, BK_HOW_DERIVE, NO_ALG, BK_HASH_SHA384, CKF_DERIVE, false},
    {CKM_SHA512_KEY_DERIVATION, BK_HOW_DERIVE, NO_ALG, BK_HASH_SHA512, CKF_DERIVE, false},
    {CKM_CONCATENATE_BASE_AND_KEY, BK_HOW_DERIVE, NO_ALG, BK_HASH_NONE, CKF_DERIVE, false},
    {CKM_CONCATENATE_BASE_AND_DATA, BK_HOW_DERIVE, NO_ALG, BK_HASH_NONE, CKF_DERIVE, false},
    {CKM_CONCATENATE_DATA_AND_BASE, BK_HOW_DERIVE, NO_ALG, BK_HASH_NONE, CKF_DERIVE, false},
    {CKM_XOR_BASE_AND_DATA, BK_HOW_DERIVE, NO_ALG, BK_HASH_NONE, CKF_DERIVE, false},
    {CKM_EXTRACT_KEY_FROM_KEY, BK_HOW_DERIVE, NO_ALG, BK_HASH_NONE, CKF_DERIVE, false},
    {CKM_HKDF_DERIVE, BK_HOW_HKDF, NO_ALG, BK_HASH_NONE, CKF_DERIVE, false},
};

#define COUNT (sizeof table / sizeof *table)

CK_FLAGS bk_mech_flags(const struct bk_token *token, const struct bk_mech *mech)
{
    CK_FLAGS flags = mech->flags;
    bool extension = mech->alg == BK_ALG_SM2 ? bk_card_has_sm2_decrypt(token->card)
                                             : bk_card_has_rsa_raw(token->card);
    if (extension || !mech->alg)
        return flags;
    /* a mechanism whose private half can't be done isn't listed for its public half alone */
    if (mech->needs_extension)
        return 0;
    return flags & ~(CK_FLAGS)(ED | WU);
}

static bool in_slot(const struct bk_token *token, unsigned which, const struct bk_mech *mech)
{
    enum bk_alg alg = which == BK_SLOT_SM2 ? BK_ALG_SM2 : BK_ALG_RSA;
    return (!mech->alg || mech->alg == alg) && bk_mech_flags(token, mech) != 0;
}

const struct bk_mech *bk_mech_find(const struct bk_token *token, unsigned which,
                                   CK_MECHANISM_TYPE type)
{
    for (size_t i = 0; i < COUNT; i++)
        if (table[i].type == type)
            return in_slot(token, which, &table[i]) ? &table[i] : NULL;
    return NULL;
}

CK_KEY_TYPE bk_mech_secret(const struct bk_mech *mech)
{
    switch (mech->how) {
    case BK_HOW_SM4_ECB:
    case BK_HOW_SM4_CBC:
        return CKK_SM4;
    case BK_HOW_HMAC:
    case BK_HOW_HKDF:
        return CKK_GENERIC_SECRET;
    case BK_HOW_SECRET:
        return mech->type == CKM_SM4_KEY_GEN ? CKK_SM4 : CKK_GENERIC_SECRET;
    default:
        return CK_UNAVAILABLE_INFORMATION;
    }
}

enum bk_hash bk_mech_hash(CK_MECHANISM_TYPE type)
{
    for (size_t i = 0; i < COUNT; i++)
        if (table[i].type == type && table[i].how == BK_HOW_DIGEST)
            return table[i].hash;
    return BK_HASH_NONE;
}

enum bk_hash bk_mgf_hash(CK_ULONG mgf)
{
    static const enum bk_hash by_number[] = {
        [CKG_MGF1_SHA1] = BK_HASH_SHA1,     [CKG_MGF1_SHA256] = BK_HASH_SHA256,
        [CKG_MGF1_SHA384] = BK_HASH_SHA384, [CKG_MGF1_SHA512] = BK_HASH_SHA512,
        [CKG_MGF1_SHA224] = BK_HASH_SHA224,
    };
    return mgf < sizeof by_number / sizeof *by_number ? by_number[mgf] : BK_HASH_NONE;
}

/* --- entry points
 * -------------------------------------------------------------------------------*/

CK_RV C_GetMechanismList(CK_SLOT_ID slot, CK_MECHANISM_TYPE *list, unsigned long *count)
{
    struct bk_call call;
    CK_RV rv = bk_call_slot(&call, slot, BK_NEEDS_TOKEN);
    if (rv == CKR_OK && !count)
        rv = CKR_ARGUMENTS_BAD;
    if (rv != CKR_OK)
        return bk_call_leave(&call, rv);
    CK_ULONG n = 0;
    for (size_t i = 0; i < COUNT; i++) {
        if (!in_slot(call.port->token, call.which, &table[i]))
            continue;
        if (list && n < *count)
            list[n] = table[i].type;
        n++;
    }
    if (list && n > *count)
        rv = CKR_BUFFER_TOO_SMALL;
    *count = n;
    return bk_call_leave(&call, rv);
}

/* In bits for RSA and SM2, in bytes for secret keys, as each mechanism's clause says. RSA
 * mechanisms take the public keys of sessions, too, of other lengths than the key's own. */
static void key_sizes(const struct bk_mech *mech, CK_MECHANISM_INFO *info)
{
    CK_KEY_TYPE secret = bk_mech_secret(mech);
    bool any = secret == CKK_GENERIC_SECRET || mech->how == BK_HOW_DERIVE;
    bool made = mech->how == BK_HOW_GENERATE;
    info->ulMinKeySize = mech->alg == BK_ALG_SM2   ? 256
                         : mech->alg == BK_ALG_RSA ? (made ? 2048 : BK_RSA_MIN * 8)
                         : secret == CKK_SM4       ? 16
                         : any                     ? 1
                                                   : 0;
    info->ulMaxKeySize = any                                ? BK_SECRET_MAX
                         : mech->alg == BK_ALG_RSA && !made ? BK_RSA_MAX * 8
                                                            : info->ulMinKeySize;
    if (mech->type == CKM_GENERIC_SECRET_KEY_GEN) { /* described in bits, the others in bytes */
        info->ulMinKeySize *= 8;
        info->ulMaxKeySize *= 8;
    }
}

CK_RV C_GetMechanismInfo(CK_SLOT_ID slot, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO *info)
{
    struct bk_call call;
    CK_RV rv = bk_call_slot(&call, slot, BK_NEEDS_TOKEN);
    if (rv == CKR_OK && !info)
        rv = CKR_ARGUMENTS_BAD;
    const struct bk_mech *mech =
        rv == CKR_OK ? bk_mech_find(call.port->token, call.which, type) : NULL;
    if (rv == CKR_OK && !mech)
        rv = CKR_MECHANISM_INVALID;
    if (rv == CKR_OK) {
        info->flags = bk_mech_flags(call.port->token, mech);
        if (mech->alg)
            info->flags |= CKF_HW; /* all others work on the host */
        key_sizes(mech, info);
    }
    return bk_call_leave(&call, rv);
}
