/* SPDX-License-Identifier: Apache-2.0 */
/* Functions of PKCS#11 that the module does not have: each says so. */
#include "pkcs11/p11.h"

CK_RV C_InitToken(CK_SLOT_ID slot_id, unsigned char *pin, unsigned long pin_len,
                  unsigned char *label)
{
    (void)slot_id;
    (void)pin;
    (void)pin_len;
    (void)label;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_InitPIN(CK_SESSION_HANDLE session, unsigned char *pin, unsigned long pin_len)
{
    (void)session;
    (void)pin;
    (void)pin_len;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_GetOperationState(CK_SESSION_HANDLE session, unsigned char *operation_state,
                          unsigned long *operation_state_len)
{
    (void)session;
    (void)operation_state;
    (void)operation_state_len;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_SetOperationState(CK_SESSION_HANDLE session, unsigned char *operation_state,
                          unsigned long operation_state_len, CK_OBJECT_HANDLE encryption_key,
                          CK_OBJECT_HANDLE authentication_key)
{
    (void)session;
    (void)operation_state;
    (void)operation_state_len;
    (void)encryption_key;
    (void)authentication_key;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_CreateObject(CK_SESSION_HANDLE session, CK_ATTRIBUTE *templ, unsigned long count,
                     CK_OBJECT_HANDLE *object)
{
    (void)session;
    (void)templ;
    (void)count;
    (void)object;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_CopyObject(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *templ,
                   unsigned long count, CK_OBJECT_HANDLE *new_object)
{
    (void)session;
    (void)object;
    (void)templ;
    (void)count;
    (void)new_object;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_DestroyObject(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object)
{
    (void)session;
    (void)object;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_SetAttributeValue(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *templ,
                          unsigned long count)
{
    (void)session;
    (void)object;
    (void)templ;
    (void)count;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_DigestKey(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key)
{
    (void)session;
    (void)key;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_SignRecoverInit(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
{
    (void)session;
    (void)mechanism;
    (void)key;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_SignRecover(CK_SESSION_HANDLE session, unsigned char *data, unsigned long data_len,
                    unsigned char *signature, unsigned long *signature_len)
{
    (void)session;
    (void)data;
    (void)data_len;
    (void)signature;
    (void)signature_len;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_VerifyRecoverInit(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
{
    (void)session;
    (void)mechanism;
    (void)key;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_VerifyRecover(CK_SESSION_HANDLE session, unsigned char *signature,
                      unsigned long signature_len, unsigned char *data, unsigned long *data_len)
{
    (void)session;
    (void)signature;
    (void)signature_len;
    (void)data;
    (void)data_len;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_DigestEncryptUpdate(CK_SESSION_HANDLE session, unsigned char *part, unsigned long part_len,
                            unsigned char *encrypted_part, unsigned long *encrypted_part_len)
{
    (void)session;
    (void)part;
    (void)part_len;
    (void)encrypted_part;
    (void)encrypted_part_len;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_DecryptDigestUpdate(CK_SESSION_HANDLE session, unsigned char *encrypted_part,
                            unsigned long encrypted_part_len, unsigned char *part,
                            unsigned long *part_len)
{
    (void)session;
    (void)encrypted_part;
    (void)encrypted_part_len;
    (void)part;
    (void)part_len;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_SignEncryptUpdate(CK_SESSION_HANDLE session, unsigned char *part, unsigned long part_len,
                          unsigned char *encrypted_part, unsigned long *encrypted_part_len)
{
    (void)session;
    (void)part;
    (void)part_len;
    (void)encrypted_part;
    (void)encrypted_part_len;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_DecryptVerifyUpdate(CK_SESSION_HANDLE session, unsigned char *encrypted_part,
                            unsigned long encrypted_part_len, unsigned char *part,
                            unsigned long *part_len)
{
    (void)session;
    (void)encrypted_part;
    (void)encrypted_part_len;
    (void)part;
    (void)part_len;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_GenerateKey(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_ATTRIBUTE *templ,
                    unsigned long count, CK_OBJECT_HANDLE *key)
{
    (void)session;
    (void)mechanism;
    (void)templ;
    (void)count;
    (void)key;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_WrapKey(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE wrapping_key,
                CK_OBJECT_HANDLE key, unsigned char *wrapped_key, unsigned long *wrapped_key_len)
{
    (void)session;
    (void)mechanism;
    (void)wrapping_key;
    (void)key;
    (void)wrapped_key;
    (void)wrapped_key_len;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_UnwrapKey(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism,
                  CK_OBJECT_HANDLE unwrapping_key, unsigned char *wrapped_key,
                  unsigned long wrapped_key_len, CK_ATTRIBUTE *templ, unsigned long attribute_count,
                  CK_OBJECT_HANDLE *key)
{
    (void)session;
    (void)mechanism;
    (void)unwrapping_key;
    (void)wrapped_key;
    (void)wrapped_key_len;
    (void)templ;
    (void)attribute_count;
    (void)key;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_DeriveKey(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE base_key,
                  CK_ATTRIBUTE *templ, unsigned long attribute_count, CK_OBJECT_HANDLE *key)
{
    (void)session;
    (void)mechanism;
    (void)base_key;
    (void)templ;
    (void)attribute_count;
    (void)key;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_LoginUser(CK_SESSION_HANDLE session, CK_USER_TYPE user_type, unsigned char *pin,
                  unsigned long pin_len, unsigned char *username, unsigned long username_len)
{
    (void)session;
    (void)user_type;
    (void)pin;
    (void)pin_len;
    (void)username;
    (void)username_len;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_MessageEncryptInit(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
{
    (void)session;
    (void)mechanism;
    (void)key;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_EncryptMessage(CK_SESSION_HANDLE session, void *parameter, unsigned long parameter_len,
                       unsigned char *associated_data, unsigned long associated_data_len,
                       unsigned char *plaintext, unsigned long plaintext_len,
                       unsigned char *ciphertext, unsigned long *ciphertext_len)
{
    (void)session;
    (void)parameter;
    (void)parameter_len;
    (void)associated_data;
    (void)associated_data_len;
    (void)plaintext;
    (void)plaintext_len;
    (void)ciphertext;
    (void)ciphertext_len;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_EncryptMessageBegin(CK_SESSION_HANDLE session, void *parameter, unsigned long parameter_len,
                            unsigned char *associated_data, unsigned long associated_data_len)
{
    (void)session;
    (void)parameter;
    (void)parameter_len;
    (void)associated_data;
    (void)associated_data_len;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_EncryptMessageNext(CK_SESSION_HANDLE session, void *parameter, unsigned long parameter_len,
                           unsigned char *plaintext_part, unsigned long plaintext_part_len,
                           unsigned char *ciphertext_part, unsigned long *ciphertext_part_len,
                           CK_FLAGS flags)
{
    (void)session;
    (void)parameter;
    (void)parameter_len;
    (void)plaintext_part;
    (void)plaintext_part_len;
    (void)ciphertext_part;
    (void)ciphertext_part_len;
    (void)flags;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_MessageEncryptFinal(CK_SESSION_HANDLE session)
{
    (void)session;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_MessageDecryptInit(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
{
    (void)session;
    (void)mechanism;
    (void)key;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_DecryptMessage(CK_SESSION_HANDLE session, void *parameter, unsigned long parameter_len,
                       unsigned char *associated_data, unsigned long associated_data_len,
                       unsigned char *ciphertext, unsigned long ciphertext_len,
                       unsigned char *plaintext, unsigned long *plaintext_len)
{
    (void)session;
    (void)parameter;
    (void)parameter_len;
    (void)associated_data;
    (void)associated_data_len;
    (void)ciphertext;
    (void)ciphertext_len;
    (void)plaintext;
    (void)plaintext_len;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_DecryptMessageBegin(CK_SESSION_HANDLE session, void *parameter, unsigned long parameter_len,
                            unsigned char *associated_data, unsigned long associated_data_len)
{
    (void)session;
    (void)parameter;
    (void)parameter_len;
    (void)associated_data;
    (void)associated_data_len;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_DecryptMessageNext(CK_SESSION_HANDLE session, void *parameter, unsigned long parameter_len,
                           unsigned char *ciphertext_part, unsigned long ciphertext_part_len,
                           unsigned char *plaintext_part, unsigned long *plaintext_part_len,
                           CK_FLAGS flags)
{
    (void)session;
    (void)parameter;
    (void)parameter_len;
    (void)ciphertext_part;
    (void)ciphertext_part_len;
    (void)plaintext_part;
    (void)plaintext_part_len;
    (void)flags;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_MessageDecryptFinal(CK_SESSION_HANDLE session)
{
    (void)session;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_MessageSignInit(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
{
    (void)session;
    (void)mechanism;
    (void)key;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_SignMessage(CK_SESSION_HANDLE session, void *parameter, unsigned long parameter_len,
                    unsigned char *data, unsigned long data_len, unsigned char *signature,
                    unsigned long *signature_len)
{
    (void)session;
    (void)parameter;
    (void)parameter_len;
    (void)data;
    (void)data_len;
    (void)signature;
    (void)signature_len;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_SignMessageBegin(CK_SESSION_HANDLE session, void *parameter, unsigned long parameter_len)
{
    (void)session;
    (void)parameter;
    (void)parameter_len;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_SignMessageNext(CK_SESSION_HANDLE session, void *parameter, unsigned long parameter_len,
                        unsigned char *data, unsigned long data_len, unsigned char *signature,
                        unsigned long *signature_len)
{
    (void)session;
    (void)parameter;
    (void)parameter_len;
    (void)data;
    (void)data_len;
    (void)signature;
    (void)signature_len;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_MessageSignFinal(CK_SESSION_HANDLE session)
{
    (void)session;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_MessageVerifyInit(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
{
    (void)session;
    (void)mechanism;
    (void)key;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_VerifyMessage(CK_SESSION_HANDLE session, void *parameter, unsigned long parameter_len,
                      unsigned char *data, unsigned long data_len, unsigned char *signature,
                      unsigned long signature_len)
{
    (void)session;
    (void)parameter;
    (void)parameter_len;
    (void)data;
    (void)data_len;
    (void)signature;
    (void)signature_len;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_VerifyMessageBegin(CK_SESSION_HANDLE session, void *parameter, unsigned long parameter_len)
{
    (void)session;
    (void)parameter;
    (void)parameter_len;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_VerifyMessageNext(CK_SESSION_HANDLE session, void *parameter, unsigned long parameter_len,
                          unsigned char *data, unsigned long data_len, unsigned char *signature,
                          unsigned long signature_len)
{
    (void)session;
    (void)parameter;
    (void)parameter_len;
    (void)data;
    (void)data_len;
    (void)signature;
    (void)signature_len;
    return CKR_FUNCTION_NOT_SUPPORTED;
}

CK_RV C_MessageVerifyFinal(CK_SESSION_HANDLE session)
{
    (void)session;
    return CKR_FUNCTION_NOT_SUPPORTED;
}
