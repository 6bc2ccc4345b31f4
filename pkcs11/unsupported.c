/* SPDX-License-Identifier: Apache-2.0 */
/* Functions of PKCS#11 that the module does not have: each says so. One that comes moves to the file
 * of its subject, and its declaration here goes. */
#include "pkcs11/call.h"

/* what they are called with means nothing to any of them */
#pragma GCC diagnostic ignored "-Wunused-parameter"
#define NOT_SUPPORTED                                                                              \
    {                                                                                              \
        return bk_call_refuse(CKR_FUNCTION_NOT_SUPPORTED);                                         \
    }

/* clang-format off */
CK_RV C_MessageEncryptInit(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
    NOT_SUPPORTED
CK_RV C_EncryptMessage(CK_SESSION_HANDLE session, void *parameter, unsigned long parameter_len,
                       unsigned char *associated_data, unsigned long associated_data_len,
                       unsigned char *plaintext, unsigned long plaintext_len,
                       unsigned char *ciphertext, unsigned long *ciphertext_len)
    NOT_SUPPORTED
CK_RV C_EncryptMessageBegin(CK_SESSION_HANDLE session, void *parameter, unsigned long parameter_len,
                            unsigned char *associated_data, unsigned long associated_data_len)
    NOT_SUPPORTED
CK_RV C_EncryptMessageNext(CK_SESSION_HANDLE session, void *parameter, unsigned long parameter_len,
                           unsigned char *plaintext_part, unsigned long plaintext_part_len,
                           unsigned char *ciphertext_part, unsigned long *ciphertext_part_len,
                           CK_FLAGS flags)
    NOT_SUPPORTED
CK_RV C_MessageEncryptFinal(CK_SESSION_HANDLE session)
    NOT_SUPPORTED
CK_RV C_MessageDecryptInit(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
    NOT_SUPPORTED
CK_RV C_DecryptMessage(CK_SESSION_HANDLE session, void *parameter, unsigned long parameter_len,
                       unsigned char *associated_data, unsigned long associated_data_len,
                       unsigned char *ciphertext, unsigned long ciphertext_len,
                       unsigned char *plaintext, unsigned long *plaintext_len)
    NOT_SUPPORTED
CK_RV C_DecryptMessageBegin(CK_SESSION_HANDLE session, void *parameter, unsigned long parameter_len,
                            unsigned char *associated_data, unsigned long associated_data_len)
    NOT_SUPPORTED
CK_RV C_DecryptMessageNext(CK_SESSION_HANDLE session, void *parameter, unsigned long parameter_len,
                           unsigned char *ciphertext_part, unsigned long ciphertext_part_len,
                           unsigned char *plaintext_part, unsigned long *plaintext_part_len,
                           CK_FLAGS flags)
    NOT_SUPPORTED
CK_RV C_MessageDecryptFinal(CK_SESSION_HANDLE session)
    NOT_SUPPORTED
CK_RV C_MessageSignInit(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
    NOT_SUPPORTED
CK_RV C_SignMessage(CK_SESSION_HANDLE session, void *parameter, unsigned long parameter_len,
                    unsigned char *data, unsigned long data_len, unsigned char *signature,
                    unsigned long *signature_len)
    NOT_SUPPORTED
CK_RV C_SignMessageBegin(CK_SESSION_HANDLE session, void *parameter, unsigned long parameter_len)
    NOT_SUPPORTED
CK_RV C_SignMessageNext(CK_SESSION_HANDLE session, void *parameter, unsigned long parameter_len,
                        unsigned char *data, unsigned long data_len, unsigned char *signature,
                        unsigned long *signature_len)
    NOT_SUPPORTED
CK_RV C_MessageSignFinal(CK_SESSION_HANDLE session)
    NOT_SUPPORTED
CK_RV C_MessageVerifyInit(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
    NOT_SUPPORTED
CK_RV C_VerifyMessage(CK_SESSION_HANDLE session, void *parameter, unsigned long parameter_len,
                      unsigned char *data, unsigned long data_len, unsigned char *signature,
                      unsigned long signature_len)
    NOT_SUPPORTED
CK_RV C_VerifyMessageBegin(CK_SESSION_HANDLE session, void *parameter, unsigned long parameter_len)
    NOT_SUPPORTED
CK_RV C_VerifyMessageNext(CK_SESSION_HANDLE session, void *parameter, unsigned long parameter_len,
                          unsigned char *data, unsigned long data_len, unsigned char *signature,
                          unsigned long signature_len)
    NOT_SUPPORTED
CK_RV C_MessageVerifyFinal(CK_SESSION_HANDLE session)
    NOT_SUPPORTED
