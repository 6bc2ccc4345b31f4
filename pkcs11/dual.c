/* SPDX-License-Identifier: Apache-2.0 */
/* Two operations of a session at once (PKCS#11 5.15), and their state (5.6). Each is what the two
 * single calls are: the data goes on only when the first took it. */
#include "pkcs11/op.h"

CK_RV C_DigestEncryptUpdate(CK_SESSION_HANDLE session, unsigned char *part, unsigned long part_len,
                            unsigned char *encrypted, unsigned long *encrypted_len)
{
    CK_RV rv = C_EncryptUpdate(session, part, part_len, encrypted, encrypted_len);
    return rv == CKR_OK && encrypted ? C_DigestUpdate(session, part, part_len) : rv;
}

CK_RV C_SignEncryptUpdate(CK_SESSION_HANDLE session, unsigned char *part, unsigned long part_len,
                          unsigned char *encrypted, unsigned long *encrypted_len)
{
    CK_RV rv = C_EncryptUpdate(session, part, part_len, encrypted, encrypted_len);
    return rv == CKR_OK && encrypted ? C_SignUpdate(session, part, part_len) : rv;
}

CK_RV C_DecryptDigestUpdate(CK_SESSION_HANDLE session, unsigned char *encrypted,
                            unsigned long encrypted_len, unsigned char *part,
                            unsigned long *part_len)
{
    CK_RV rv = C_DecryptUpdate(session, encrypted, encrypted_len, part, part_len);
    return rv == CKR_OK && part ? C_DigestUpdate(session, part, *part_len) : rv;
}

CK_RV C_DecryptVerifyUpdate(CK_SESSION_HANDLE session, unsigned char *encrypted,
                            unsigned long encrypted_len, unsigned char *part,
                            unsigned long *part_len)
{
    CK_RV rv = C_DecryptUpdate(session, encrypted, encrypted_len, part, part_len);
    return rv == CKR_OK && part ? C_VerifyUpdate(session, part, *part_len) : rv;
}

/* A hash that has begun stands in OpenSSL, which doesn't give it out; nor does the key. */
CK_RV C_GetOperationState(CK_SESSION_HANDLE session, unsigned char *state, unsigned long *len)
{
    struct bk_call call;
    (void)state;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_NOTHING);
    bool active = false;
    for (int i = 0; rv == CKR_OK && i < BK_OPS; i++)
        active = active || call.s->ops[i].mech;
    if (rv == CKR_OK && !len)
        rv = CKR_ARGUMENTS_BAD;
    if (rv == CKR_OK)
        rv = active || call.s->finding ? CKR_STATE_UNSAVEABLE : CKR_OPERATION_NOT_INITIALIZED;
    return bk_call_leave(&call, rv);
}

CK_RV C_SetOperationState(CK_SESSION_HANDLE session, unsigned char *state, unsigned long len,
                          CK_OBJECT_HANDLE encryption_key, CK_OBJECT_HANDLE authentication_key)
{
    struct bk_call call;
    (void)len;
    (void)encryption_key;
    (void)authentication_key;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_NOTHING);
    if (rv == CKR_OK)
        rv = state ? CKR_SAVED_STATE_INVALID : CKR_ARGUMENTS_BAD;
    return bk_call_leave(&call, rv);
}
