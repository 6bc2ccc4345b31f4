/* SPDX-License-Identifier: Apache-2.0 */
/* Functions of PKCS#11 that the module does not have: each says so. One that comes moves to the file
 * of its subject, and its declaration here goes. */
#include "pkcs11/p11.h"

/* what they are called with means nothing to any of them */
#pragma GCC diagnostic ignored "-Wunused-parameter"
#define NOT_SUPPORTED                                                                              \
    {                                                                                              \
        return CKR_FUNCTION_NOT_SUPPORTED;                                                         \
    }

/* clang-format off */
CK_RV C_InitToken(CK_SLOT_ID slot_id, unsigned char *pin, unsigned long pin_len,
                  unsigned char *label)
    NOT_SUPPORTED
CK_RV C_InitPIN(CK_SESSION_HANDLE session, unsigned char *pin, unsigned long pin_len)
    NOT_SUPPORTED
CK_RV C_GetOperationState(CK_SESSION_HANDLE session, unsigned char *operation_state,
                          unsigned long *operation_state_len)
    NOT_SUPPORTED
CK_RV C_SetOperationState(CK_SESSION_HANDLE session, unsigned char *operation_state,
                          unsigned long operation_state_len, CK_OBJECT_HANDLE encryption_key,
                          CK_OBJECT_HANDLE authentication_key)
    NOT_SUPPORTED
CK_RV C_CreateObject(CK_SESSION_HANDLE session, CK_ATTRIBUTE *templ, unsigned long count,
                     CK_OBJECT_HANDLE *object)
    NOT_SUPPORTED
CK_RV C_CopyObject(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *templ,
                   unsigned long count, CK_OBJECT_HANDLE *new_object)
    NOT_SUPPORTED
CK_RV C_DestroyObject(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object)
    NOT_SUPPORTED
CK_RV C_SetAttributeValue(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *templ,
                          unsigned long count)
    NOT_SUPPORTED
CK_RV C_DigestKey(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key)
    NOT_SUPPORTED
CK_RV C_SignRecoverInit(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
    NOT_SUPPORTED
CK_RV C_SignRecover(CK_SESSION_HANDLE session, unsigned char *data, unsigned long data_len,
                    unsigned char *signature, unsigned long *signature_len)
    NOT_SUPPORTED
CK_RV C_VerifyRecoverInit(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
    NOT_SUPPORTED
CK_RV C_VerifyRecover(CK_SESSION_HANDLE session, unsigned char *signature,
                      unsigned long signature_len, unsigned char *data, unsigned long *data_len)
    NOT_SUPPORTED
CK_RV C_DigestEncryptUpdate(CK_SESSION_HANDLE session, unsigned char *part, unsigned long part_len,
                            unsigned char *encrypted_part, unsigned long *encrypted_part_len)
    NOT_SUPPORTED
CK_RV C_DecryptDigestUpdate(CK_SESSION_HANDLE session, unsigned char *encrypted_part,
                            unsigned long encrypted_part_len, unsigned char *part,
                            unsigned long *part_len)
    NOT_SUPPORTED
CK_RV C_SignEncryptUpdate(CK_SESSION_HANDLE session, unsigned char *part, unsigned long part_len,
                          unsigned char *encrypted_part, unsigned long *encrypted_part_len)
    NOT_SUPPORTED
CK_RV C_DecryptVerifyUpdate(CK_SESSION_HANDLE session, unsigned char *encrypted_part,
                            unsigned long encrypted_part_len, unsigned char *part,
                            unsigned long *part_len)
    NOT_SUPPORTED
CK_RV C_GenerateKey(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_ATTRIBUTE *templ,
                    unsigned long count, CK_OBJECT_HANDLE *key)
    NOT_SUPPORTED
CK_RV C_WrapKey(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE wrapping_key,
                CK_OBJECT_HANDLE key, unsigned char *wrapped_key, unsigned long *wrapped_key_len)
    NOT_SUPPORTED
CK_RV C_UnwrapKey(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism,
                  CK_OBJECT_HANDLE unwrapping_key, unsigned char *wrapped_key,
                  unsigned long wrapped_key_len, CK_ATTRIBUTE *templ, unsigned long attribute_count,
                  CK_OBJECT_HANDLE *key)
    NOT_SUPPORTED
CK_RV C_DeriveKey(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE base_key,
                  CK_ATTRIBUTE *templ, unsigned long attribute_count, CK_OBJECT_HANDLE *key)
    NOT_SUPPORTED
CK_RV C_LoginUser(CK_SESSION_HANDLE session, CK_USER_TYPE user_type, unsigned char *pin,
                  unsigned long pin_len, unsigned char *username, unsigned long username_len)
    NOT_SUPPORTED
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
