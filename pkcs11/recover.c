/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures that carry their data: RSA alone (PKCS#11 3.0, 5.13.5 to 5.13.6 and 5.15.5 to 5.15.6;
 * in one part only). Signing is C_Sign's own; verifying takes the padding off. */
#include <string.h>

#include "crypto/rsa_pad.h"
#include "pkcs11/op.h"
#include "pkcs11/sign.h"

CK_RV C_SignRecoverInit(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
{
    return bk_op_init(session, BK_OP_SIGN_RECOVER, mechanism, key);
}

CK_RV C_SignRecover(CK_SESSION_HANDLE session, unsigned char *data, unsigned long data_len,
                    unsigned char *signature, unsigned long *signature_len)
{
    struct bk_call call;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_TOKEN);
    if (rv == CKR_OK)
        rv = bk_sign_finish(&call, BK_OP_SIGN_RECOVER, data, data_len, signature, signature_len);
    return bk_call_leave(&call, rv);
}

CK_RV C_VerifyRecoverInit(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
{
    return bk_op_init(session, BK_OP_VERIFY_RECOVER, mechanism, key);
}

/* EMSA-PKCS1-v1_5's block, RFC 8017 clause 9.2: 00 01 FF… (eight at least) 00 data. */
static bool unpad(const uint8_t *block, size_t size, size_t *at)
{
    size_t i = 2;
    if (block[0] != 0 || block[1] != 1)
        return false;
    while (i < size && block[i] == 0xff)
        i++;
    if (i < 10 || i == size || block[i] != 0)
        return false;
    *at = i + 1;
    return true;
}

static CK_RV recover(struct bk_call *call, const struct bk_op *op, const struct bk_object *key,
                     const unsigned char *signature, unsigned long len, unsigned char *out,
                     unsigned long *out_len)
{
    uint8_t block[BK_RSA_MAX];
    size_t at = 0, size = key->key.n_len;
    if (!signature)
        return CKR_ARGUMENTS_BAD;
    if (len != size)
        return CKR_SIGNATURE_LEN_RANGE;
    enum bk_err err = bk_rsa_public(&key->key, signature, len, block);
    if (err)
        return err == BK_EINVAL ? CKR_SIGNATURE_INVALID : bk_call_fail(call, err);
    if (op->mech->how == BK_HOW_PKCS1 && !unpad(block, size, &at))
        return CKR_SIGNATURE_INVALID;
    unsigned long room = *out_len;
    *out_len = size - at;
    if (!out)
        return CKR_OK;
    if (room < size - at)
        return CKR_BUFFER_TOO_SMALL;
    if (size > at)
        memcpy(out, block + at, size - at);
    return CKR_OK;
}

CK_RV C_VerifyRecover(CK_SESSION_HANDLE session, unsigned char *signature,
                      unsigned long signature_len, unsigned char *data, unsigned long *data_len)
{
    struct bk_call call;
    struct bk_op *op = NULL;
    struct bk_object *key = NULL;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_TOKEN);
    if (rv == CKR_OK)
        rv = bk_op_active(&call, BK_OP_VERIFY_RECOVER, &op, &key);
    if (rv == CKR_OK) {
        bool only_length = data_len && !data;
        rv = data_len ? recover(&call, op, key, signature, signature_len, data, data_len)
                      : CKR_ARGUMENTS_BAD;
        if (rv != CKR_BUFFER_TOO_SMALL && !(rv == CKR_OK && only_length))
            bk_op_end(op);
    }
    return bk_call_leave(&call, rv);
}
