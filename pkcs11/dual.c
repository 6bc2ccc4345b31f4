/* SPDX-License-Identifier: Apache-2.0 */
/* Two operations of a session at once (PKCS#11 3.0, 5.17). Each is what the two single calls are;
 * nothing is done to either unless both have begun, and what fails ends both. */
#include "pkcs11/crypt.h"
#include "pkcs11/sign.h"

/* The plaintext goes to the other before the ciphertext may take its place. */
static CK_RV encrypt_and(struct bk_call *call, struct bk_op *other, unsigned char *part,
                         CK_ULONG len, unsigned char *out, unsigned long *out_len)
{
    unsigned long size = 0;
    CK_RV rv = bk_crypt_update(call, BK_OP_ENCRYPT, part, len, NULL, &size);
    if (rv == CKR_OK && (!out || *out_len < size)) {
        *out_len = size;
        return out ? CKR_BUFFER_TOO_SMALL : CKR_OK;
    }
    if (rv == CKR_OK)
        rv = bk_op_more(other, part, len, BK_SIGN_GATHER_MAX);
    return rv == CKR_OK ? bk_crypt_update(call, BK_OP_ENCRYPT, part, len, out, out_len) : rv;
}

static CK_RV decrypt_and(struct bk_call *call, struct bk_op *other, unsigned char *part,
                         CK_ULONG len, unsigned char *out, unsigned long *out_len)
{
    CK_RV rv = bk_crypt_update(call, BK_OP_DECRYPT, part, len, out, out_len);
    return rv == CKR_OK && out ? bk_op_more(other, out, *out_len, BK_SIGN_GATHER_MAX) : rv;
}

static CK_RV both(CK_SESSION_HANDLE session, enum bk_op_kind kind, enum bk_op_kind with,
                  unsigned char *part, unsigned long len, unsigned char *out,
                  unsigned long *out_len)
{
    struct bk_call call;
    struct bk_op *op = NULL, *other = NULL;
    struct bk_object *key = NULL;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_TOKEN);
    if (rv == CKR_OK)
        rv = bk_op_active(&call, kind, &op, &key);
    if (rv == CKR_OK)
        rv = bk_op_active(&call, with, &other, &key);
    if (rv != CKR_OK)
        return bk_call_leave(&call, rv);
    if (!out_len || (!part && len))
        rv = CKR_ARGUMENTS_BAD;
    else
        rv = kind == BK_OP_ENCRYPT ? encrypt_and(&call, other, part, len, out, out_len)
                                   : decrypt_and(&call, other, part, len, out, out_len);
    if (rv != CKR_OK && rv != CKR_BUFFER_TOO_SMALL) {
        bk_op_end(op);
        bk_op_end(other);
    }
    return bk_call_leave(&call, rv);
}

CK_RV C_DigestEncryptUpdate(CK_SESSION_HANDLE session, unsigned char *part, unsigned long part_len,
                            unsigned char *encrypted, unsigned long *encrypted_len)
{
    return both(session, BK_OP_ENCRYPT, BK_OP_DIGEST, part, part_len, encrypted, encrypted_len);
}

CK_RV C_SignEncryptUpdate(CK_SESSION_HANDLE session, unsigned char *part, unsigned long part_len,
                          unsigned char *encrypted, unsigned long *encrypted_len)
{
    return both(session, BK_OP_ENCRYPT, BK_OP_SIGN, part, part_len, encrypted, encrypted_len);
}

CK_RV C_DecryptDigestUpdate(CK_SESSION_HANDLE session, unsigned char *encrypted,
                            unsigned long encrypted_len, unsigned char *part,
                            unsigned long *part_len)
{
    return both(session, BK_OP_DECRYPT, BK_OP_DIGEST, encrypted, encrypted_len, part, part_len);
}

CK_RV C_DecryptVerifyUpdate(CK_SESSION_HANDLE session, unsigned char *encrypted,
                            unsigned long encrypted_len, unsigned char *part,
                            unsigned long *part_len)
{
    return both(session, BK_OP_DECRYPT, BK_OP_VERIFY, encrypted, encrypted_len, part, part_len);
}
