/* SPDX-License-Identifier: Apache-2.0 */
/* What the module can do, one row a mechanism. */
#ifndef BK_PKCS11_MECHANISM_H
#define BK_PKCS11_MECHANISM_H

#include "crypto/digest.h"
#include "crypto/pubkey.h"
#include "pkcs11/p11.h"
#include "token/token.h"

enum bk_mech_how {
    BK_HOW_DIGEST,
    BK_HOW_GENERATE,
    BK_HOW_PKCS1, /* RSASSA-PKCS1-v1_5 and RSAES-PKCS1-v1_5 */
    BK_HOW_RAW,   /* RSA_X_509 */
    BK_HOW_PSS,
    BK_HOW_OAEP,
    BK_HOW_HMAC,
    BK_HOW_SECRET, /* generates a secret key */
    BK_HOW_DERIVE, /* from a secret key of any type */
    BK_HOW_HKDF,
    BK_HOW_SM4_ECB,
    BK_HOW_SM4_CBC,
    BK_HOW_SM2_RAW, /* signature r‖s, ciphertext C1‖C3‖C2 */
    BK_HOW_SM2_DER
};

#define BK_SECRET_MAX 4096u /* bytes of a secret key */

struct bk_mech {
    CK_MECHANISM_TYPE type;
    enum bk_mech_how how;
    enum bk_alg alg;      /* of its key; 0: a secret key, or none */
    enum bk_hash hash;    /* of the message; BK_HASH_NONE: the caller hashed it */
    CK_FLAGS flags;       /* without CKF_HW */
    bool needs_extension; /* the private half needs INS C6 or C8 */
};

/* NULL: not in this slot of this key. */
const struct bk_mech *bk_mech_find(const struct bk_token *token, unsigned which,
                                   CK_MECHANISM_TYPE type);
/* What it does on this key: the flags less those that need what the key hasn't. */
CK_FLAGS bk_mech_flags(const struct bk_token *token, const struct bk_mech *mech);
/* The kind of secret key it works with or makes; CK_UNAVAILABLE_INFORMATION: none. */
CK_KEY_TYPE bk_mech_secret(const struct bk_mech *mech);
/* The hash of a digest mechanism or of CKG_MGF1_…; BK_HASH_NONE for any other. */
enum bk_hash bk_mech_hash(CK_MECHANISM_TYPE type);
enum bk_hash bk_mgf_hash(CK_ULONG mgf);

#endif
