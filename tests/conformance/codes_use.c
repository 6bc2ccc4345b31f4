/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What functions answer in use: lengths and buffers, sessions and users, mechanisms and keys,
 * attributes and templates; tables of rows with the clause of PKCS#11 3.0 that says so.
 */
#include <string.h>

#include "rowkeys.h"
#include "runner.h"

#ifndef CKA_PUBLIC_KEY_INFO /* 2.40 has it, this header hasn't */
#define CKA_PUBLIC_KEY_INFO 0x129UL
#endif
#ifndef CKA_UNIQUE_ID /* PKCS#11 3.0 has it, this header hasn't */
#define CKA_UNIQUE_ID 0x4UL
#endif

static CK_OBJECT_HANDLE cert, o;
static CK_BYTE data[1024], out[1024], iv[16], pin[] = MH_PIN;
static CK_ULONG len;
static CK_MECHANISM rsa = {CKM_RSA_PKCS, NULL, 0}, sha_rsa = {CKM_SHA256_RSA_PKCS, NULL, 0},
                    sha = {CKM_SHA256, NULL, 0}, pss = {CKM_RSA_PKCS_PSS, NULL, 0},
                    oaep = {CKM_RSA_PKCS_OAEP, NULL, 0}, ecb = {CKM_SM4_ECB, NULL, 0},
                    cbc = {CKM_SM4_CBC, iv, 16}, hmac = {CKM_SHA256_HMAC, NULL, 0},
                    sm2 = {CKM_SM3_SM2, NULL, 0}, gen_sm4 = {CKM_SM4_KEY_GEN, NULL, 0},
                    gen_rsa = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0}, unknown = {0x7ffffff0, NULL, 0};

static void setup(void)
{
    rows_setup();
    memset(data, 'd', sizeof data);
    cert = mh_find(&h, s, CKO_CERTIFICATE, 0);
}

/* --- 5.2: variable-length output
 * ----------------------------------------------------------------*/

/* NULL asks, too little room is told with the length, and neither ends the operation; enough does.
 */
#define OUTPUT(clause, size, begin, call_null, call_short, call_good)                              \
    do {                                                                                           \
        ROW(clause, CKR_OK, begin);                                                                \
        len = 0;                                                                                   \
        ROW("5.2", CKR_OK, call_null);                                                             \
        row("5.2, length of", size, len, #call_null);                                              \
        len = (size)-1;                                                                            \
        ROW("5.2", CKR_BUFFER_TOO_SMALL, call_short);                                              \
        row("5.2, length of", size, len, #call_short);                                             \
        len = sizeof out;                                                                          \
        ROW(clause, CKR_OK, call_good);                                                            \
        row("5.2, length of", size, len, #call_good);                                              \
        len = sizeof out;                                                                          \
        ROW(clause, CKR_OPERATION_NOT_INITIALIZED, call_good);                                     \
    } while (0)

START_TEST(lengths_of_signatures_and_digests)
{
    OUTPUT("5.12.2", 32, C_DigestInit(s, &sha), C_Digest(s, data, 4, NULL, &len),
           C_Digest(s, data, 4, out, &len), C_Digest(s, data, 4, out, &len));
    OUTPUT("5.12.5", 32, C_DigestInit(s, &sha), C_DigestFinal(s, NULL, &len),
           C_DigestFinal(s, out, &len), C_DigestFinal(s, out, &len));
    OUTPUT("5.13.2", 256, C_SignInit(s, &rsa, sign_key), C_Sign(s, data, 4, NULL, &len),
           C_Sign(s, data, 4, out, &len), C_Sign(s, data, 4, out, &len));
    OUTPUT("5.13.4", 256, C_SignInit(s, &sha_rsa, sign_key), C_SignFinal(s, NULL, &len),
           C_SignFinal(s, out, &len), C_SignFinal(s, out, &len));
    OUTPUT("5.13.2", 32, C_SignInit(s, &hmac, generic), C_Sign(s, data, 4, NULL, &len),
           C_Sign(s, data, 4, out, &len), C_Sign(s, data, 4, out, &len));
    OUTPUT("5.13.6", 256, C_SignRecoverInit(s, &rsa, sign_key),
           C_SignRecover(s, data, 4, NULL, &len), C_SignRecover(s, data, 4, out, &len),
           C_SignRecover(s, data, 4, out, &len));
    CK_BYTE signature[256];
    memcpy(signature, out, sizeof signature);
    OUTPUT("5.15.6", 4, C_VerifyRecoverInit(s, &rsa, verify_key),
           C_VerifyRecover(s, signature, 256, NULL, &len),
           C_VerifyRecover(s, signature, 256, out, &len),
           C_VerifyRecover(s, signature, 256, out, &len));
    rows_end(56);
}
END_TEST

START_TEST(lengths_of_ciphers)
{
    CK_BYTE sealed[256];
    OUTPUT("5.8.2", 256, C_EncryptInit(s, &rsa, encrypt_key), C_Encrypt(s, data, 4, NULL, &len),
           C_Encrypt(s, data, 4, out, &len), C_Encrypt(s, data, 4, out, &len));
    memcpy(sealed, out, sizeof sealed);
    /* of what is padded only an upper bound is known before it is decrypted */
    ROW("5.10.1", CKR_OK, C_DecryptInit(s, &rsa, decrypt_key));
    ROW("5.2", CKR_OK, C_Decrypt(s, sealed, 256, NULL, &len));
    row("5.2", 256, len, "the bound");
    len = 3;
    ROW("5.2", CKR_BUFFER_TOO_SMALL, C_Decrypt(s, sealed, 256, out, &len));
    row("5.2", 4, len, "the length");
    ROW("5.10.2", CKR_OK, C_Decrypt(s, sealed, 256, out, &len));
    ROW("5.10.2", CKR_OPERATION_NOT_INITIALIZED, C_Decrypt(s, sealed, 256, out, &len));
    OUTPUT("5.8.2", 32, C_EncryptInit(s, &ecb, sm4), C_Encrypt(s, data, 32, NULL, &len),
           C_Encrypt(s, data, 32, out, &len), C_Encrypt(s, data, 32, out, &len));
    OUTPUT("5.10.2", 32, C_DecryptInit(s, &cbc, sm4), C_Decrypt(s, data, 32, NULL, &len),
           C_Decrypt(s, data, 32, out, &len), C_Decrypt(s, data, 32, out, &len));
    /* an Update's output isn't the operation's end */
    ROW("5.8.1", CKR_OK, C_EncryptInit(s, &cbc, sm4));
    ROW("5.2", CKR_OK, C_EncryptUpdate(s, data, 20, NULL, &len));
    row("5.2", 16, len, "the length of one block");
    len = 15;
    ROW("5.2", CKR_BUFFER_TOO_SMALL, C_EncryptUpdate(s, data, 20, out, &len));
    len = sizeof out;
    ROW("5.8.3", CKR_OK, C_EncryptUpdate(s, data, 20, out, &len));
    row("5.8.3", 16, len, "one block");
    len = sizeof out;
    ROW("5.8.3", CKR_OK, C_EncryptUpdate(s, data, 12, out, &len));
    len = sizeof out;
    ROW("5.8.4", CKR_OK, C_EncryptFinal(s, out, &len));
    row("5.8.4", 0, len, "nothing left");
    rows_end(40);
}
END_TEST

START_TEST(lengths_of_wrapped_keys_and_lists)
{
    CK_SLOT_ID slots[2];
    CK_MECHANISM_TYPE list[64];
    CK_ULONG all = 0;
    len = 0;
    ROW("5.2", CKR_OK, C_WrapKey(s, &rsa, encrypt_key, generic, NULL, &len));
    row("5.2", 256, len, "a wrapped key");
    len = 255;
    ROW("5.2", CKR_BUFFER_TOO_SMALL, C_WrapKey(s, &rsa, encrypt_key, generic, out, &len));
    row("5.2", 256, len, "a wrapped key");
    ROW("5.18.3", CKR_OK, C_WrapKey(s, &rsa, encrypt_key, generic, out, &len));
    ROW("5.5.1", CKR_OK, C_GetSlotList(1, NULL, &len));
    row("5.5.1", 2, len, "two slots");
    len = 1;
    ROW("5.5.1", CKR_BUFFER_TOO_SMALL, C_GetSlotList(1, slots, &len));
    row("5.5.1", 2, len, "two slots");
    ROW("5.5.1", CKR_OK, C_GetSlotList(1, slots, &len));
    ROW("5.5.5", CKR_OK, C_GetMechanismList(0, NULL, &all));
    len = all - 1;
    ROW("5.5.5", CKR_BUFFER_TOO_SMALL, C_GetMechanismList(0, list, &len));
    row("5.5.5", all, len, "all mechanisms");
    ROW("5.5.5", CKR_OK, C_GetMechanismList(0, list, &len));
    CK_INTERFACE interfaces[3];
    len = 2;
    ROW("5.4.5", CKR_BUFFER_TOO_SMALL, C_GetInterfaceList(interfaces, &len));
    row("5.4.5", 3, len, "three interfaces");
    rows_end(16);
}
END_TEST

/* --- what ends an operation, and what may not begin
 * ---------------------------------------------*/

START_TEST(one_operation_of_a_kind)
{
    ROW("5.12.1", CKR_OK, C_DigestInit(s, &sha));
    ROW("5.12.1", CKR_OPERATION_ACTIVE, C_DigestInit(s, &sha));
    ROW("5.12.3", CKR_OK, C_DigestUpdate(s, data, 4));
    ROW("5.12.2", CKR_OPERATION_ACTIVE, C_Digest(s, data, 4, out, &len));
    ROW("5.13.1", CKR_OK, C_SignInit(s, &sha_rsa, sign_key));
    ROW("5.13.1", CKR_OPERATION_ACTIVE, C_SignInit(s, &sha_rsa, sign_key));
    ROW("5.13.3", CKR_OK, C_SignUpdate(s, data, 4));
    ROW("5.13.2", CKR_OPERATION_ACTIVE, C_Sign(s, data, 4, out, &len));
    ROW("5.13.5", CKR_OK, C_SignRecoverInit(s, &rsa, sign_key));
    ROW("5.13.5", CKR_OPERATION_ACTIVE, C_SignRecoverInit(s, &rsa, sign_key));
    ROW("5.15.1", CKR_OK, C_VerifyInit(s, &sha_rsa, verify_key));
    ROW("5.15.1", CKR_OPERATION_ACTIVE, C_VerifyInit(s, &sha_rsa, verify_key));
    ROW("5.15.3", CKR_OK, C_VerifyUpdate(s, data, 4));
    ROW("5.15.2", CKR_OPERATION_ACTIVE, C_Verify(s, data, 4, out, 256));
    ROW("5.15.5", CKR_OK, C_VerifyRecoverInit(s, &rsa, verify_key));
    ROW("5.15.5", CKR_OPERATION_ACTIVE, C_VerifyRecoverInit(s, &rsa, verify_key));
    ROW("5.8.1", CKR_OK, C_EncryptInit(s, &rsa, encrypt_key));
    ROW("5.8.1", CKR_OPERATION_ACTIVE, C_EncryptInit(s, &rsa, encrypt_key));
    len = sizeof out;
    ROW("5.8.3", CKR_OK, C_EncryptUpdate(s, data, 4, out, &len));
    ROW("5.8.2", CKR_OPERATION_ACTIVE, C_Encrypt(s, data, 4, out, &len));
    ROW("5.10.1", CKR_OK, C_DecryptInit(s, &rsa, decrypt_key));
    ROW("5.10.1", CKR_OPERATION_ACTIVE, C_DecryptInit(s, &rsa, decrypt_key));
    len = sizeof out;
    ROW("5.10.3", CKR_OK, C_DecryptUpdate(s, data, 4, out, &len));
    ROW("5.10.2", CKR_OPERATION_ACTIVE, C_Decrypt(s, data, 4, out, &len));
    ROW("5.7.7", CKR_OK, C_FindObjectsInit(s, NULL, 0));
    ROW("5.7.7", CKR_OPERATION_ACTIVE, C_FindObjectsInit(s, NULL, 0));
    ROW("5.6.6", CKR_STATE_UNSAVEABLE, C_GetOperationState(s, NULL, &len));
    ROW("5.6.7", CKR_SAVED_STATE_INVALID, C_SetOperationState(s, data, 4, 0, 0));
    ROW("5.6.5", CKR_OK,
        C_SessionCancel(s, CKF_DIGEST | CKF_SIGN | CKF_SIGN_RECOVER | CKF_VERIFY |
                               CKF_VERIFY_RECOVER | CKF_ENCRYPT | CKF_DECRYPT | CKF_FIND_OBJECTS));
    ROW("5.6.6", CKR_OPERATION_NOT_INITIALIZED, C_GetOperationState(s, NULL, &len));
    /* a NULL mechanism ends it as well, and there may be none */
    ROW("5.13.1", CKR_OK, C_SignInit(s, &rsa, sign_key));
    ROW("5.13.1", CKR_OK, C_SignInit(s, NULL, 0));
    ROW("5.13.2", CKR_OPERATION_NOT_INITIALIZED, C_Sign(s, data, 4, out, &len));
    rows_end(33);
}
END_TEST

/* 5.1.6 and the functions' own clauses: an error, unless for want of room, is the operation's end.
 */
START_TEST(an_error_ends_the_operation)
{
    ROW("5.13.1", CKR_OK, C_SignInit(s, &rsa, sign_key));
    len = sizeof out;
    ROW("5.13.2", CKR_DATA_LEN_RANGE, C_Sign(s, data, 246, out, &len));
    ROW("5.13.2", CKR_OPERATION_NOT_INITIALIZED, C_Sign(s, data, 4, out, &len));
    ROW("5.15.1", CKR_OK, C_VerifyInit(s, &rsa, verify_key));
    ROW("5.15.2", CKR_SIGNATURE_LEN_RANGE, C_Verify(s, data, 4, out, 255));
    ROW("5.15.2", CKR_OPERATION_NOT_INITIALIZED, C_Verify(s, data, 4, out, 256));
    ROW("5.15.1", CKR_OK, C_VerifyInit(s, &rsa, verify_key));
    ROW("5.15.2", CKR_SIGNATURE_INVALID, C_Verify(s, data, 4, data, 256));
    ROW("5.15.2", CKR_OPERATION_NOT_INITIALIZED, C_Verify(s, data, 4, out, 256));
    ROW("5.15.5", CKR_OK, C_VerifyRecoverInit(s, &rsa, verify_key));
    ROW("5.15.6", CKR_SIGNATURE_LEN_RANGE, C_VerifyRecover(s, data, 255, out, &len));
    ROW("5.15.6", CKR_OPERATION_NOT_INITIALIZED, C_VerifyRecover(s, data, 256, out, &len));
    ROW("5.8.1", CKR_OK, C_EncryptInit(s, &rsa, encrypt_key));
    len = sizeof out;
    ROW("5.8.2", CKR_DATA_LEN_RANGE, C_Encrypt(s, data, 246, out, &len));
    ROW("5.8.2", CKR_OPERATION_NOT_INITIALIZED, C_Encrypt(s, data, 4, out, &len));
    ROW("5.8.1", CKR_OK, C_EncryptInit(s, &ecb, sm4));
    ROW("5.8.2", CKR_DATA_LEN_RANGE, C_Encrypt(s, data, 17, out, &len));
    ROW("5.10.1", CKR_OK, C_DecryptInit(s, &rsa, decrypt_key));
    ROW("5.10.2", CKR_ENCRYPTED_DATA_LEN_RANGE, C_Decrypt(s, data, 255, out, &len));
    ROW("5.10.2", CKR_OPERATION_NOT_INITIALIZED, C_Decrypt(s, data, 256, out, &len));
    ROW("5.10.1", CKR_OK, C_DecryptInit(s, &rsa, decrypt_key));
    memset(out, 0x11, sizeof out);
    ROW("5.10.2", CKR_ENCRYPTED_DATA_INVALID, C_Decrypt(s, out, 256, data, &len));
    ROW("5.10.1", CKR_OK, C_DecryptInit(s, &cbc, sm4));
    len = sizeof out;
    ROW("5.10.2", CKR_ENCRYPTED_DATA_LEN_RANGE, C_Decrypt(s, data, 17, out, &len));
    ROW("5.12.1", CKR_OK, C_DigestInit(s, &sha));
    ROW("5.12.4", CKR_KEY_INDIGESTIBLE, C_DigestKey(s, verify_key));
    ROW("5.12.5", CKR_OPERATION_NOT_INITIALIZED, C_DigestFinal(s, out, &len));
    ROW("5.12.1", CKR_OK, C_DigestInit(s, &sha));
    ROW("5.12.4", CKR_KEY_HANDLE_INVALID, C_DigestKey(s, cert));
    ROW("5.12.5", CKR_OPERATION_NOT_INITIALIZED, C_DigestFinal(s, out, &len));
    ROW("5.13.1", CKR_OK, C_SignInit(s, &rsa, sign_key));
    ROW("5.1.6", CKR_ARGUMENTS_BAD, C_Sign(s, data, 4, out, NULL));
    ROW("5.13.2", CKR_OPERATION_NOT_INITIALIZED, C_Sign(s, data, 4, out, &len));
    ROW("5.12.1", CKR_OK, C_DigestInit(s, &sha));
    ROW("5.1.6", CKR_ARGUMENTS_BAD, C_DigestUpdate(s, NULL, 4));
    ROW("5.12.3", CKR_OPERATION_NOT_INITIALIZED, C_DigestUpdate(s, data, 4));
    rows_end(36);
}
END_TEST

/* --- mechanisms and keys
 * ------------------------------------------------------------------------*/

START_TEST(mechanisms_and_their_keys)
{
    CK_MECHANISM_INFO info;
    CK_RSA_PKCS_PSS_PARAMS p = {CKM_SHA256, CKG_MGF1_SHA256, 32}, odd = {CKM_SHA256, 99, 32};
    CK_MECHANISM with = {CKM_RSA_PKCS, iv, 4}, bad_pss = {CKM_RSA_PKCS_PSS, &odd, sizeof odd},
                 other_hash = {CKM_SHA1_RSA_PKCS_PSS, &p, sizeof p}, no_iv = {CKM_SM4_CBC, NULL, 0},
                 short_iv = {CKM_SM4_CBC, iv, 8};
    /* 2.1.8 of the mechanisms: without CKZ_DATA_SPECIFIED there is nothing to specify */
    CK_RSA_PKCS_OAEP_PARAMS no_source = {CKM_SHA256, CKG_MGF1_SHA256, 0, data, 4},
                            no_label = {CKM_SHA256, CKG_MGF1_SHA256, 0, NULL, 0};
    CK_MECHANISM stray = {CKM_RSA_PKCS_OAEP, &no_source, sizeof no_source},
                 bare = {CKM_RSA_PKCS_OAEP, &no_label, sizeof no_label};
    ROW("5.8.1", CKR_MECHANISM_PARAM_INVALID, C_EncryptInit(s, &stray, encrypt_key));
    ROW("5.10.1", CKR_MECHANISM_PARAM_INVALID, C_DecryptInit(s, &stray, decrypt_key));
    ROW("5.18.3", CKR_MECHANISM_PARAM_INVALID, C_WrapKey(s, &stray, encrypt_key, sm4, out, &len));
    ROW("5.8.1", CKR_OK, C_EncryptInit(s, &bare, encrypt_key));
    ROW("5.8.1", CKR_OK, C_EncryptInit(s, NULL, 0));
    ROW("5.5.6", CKR_MECHANISM_INVALID, C_GetMechanismInfo(0, unknown.mechanism, &info));
    ROW("5.5.6", CKR_MECHANISM_INVALID, C_GetMechanismInfo(0, CKM_SM3_SM2, &info));
    ROW("5.5.6", CKR_MECHANISM_INVALID, C_GetMechanismInfo(1, CKM_RSA_PKCS, &info));
    ROW("5.8.1", CKR_MECHANISM_INVALID, C_EncryptInit(s, &unknown, encrypt_key));
    ROW("5.8.1", CKR_MECHANISM_INVALID, C_EncryptInit(s, &sha_rsa, encrypt_key));
    ROW("5.10.1", CKR_MECHANISM_INVALID, C_DecryptInit(s, &pss, decrypt_key));
    ROW("5.12.1", CKR_MECHANISM_INVALID, C_DigestInit(s, &rsa));
    ROW("5.13.1", CKR_MECHANISM_INVALID, C_SignInit(s, &oaep, sign_key));
    ROW("5.13.1", CKR_MECHANISM_INVALID, C_SignInit(s, &sm2, sign_key));
    ROW("5.13.5", CKR_MECHANISM_INVALID, C_SignRecoverInit(s, &sha_rsa, sign_key));
    ROW("5.15.5", CKR_MECHANISM_INVALID, C_VerifyRecoverInit(s, &pss, verify_key));
    ROW("5.18.1", CKR_MECHANISM_INVALID, C_GenerateKey(s, &gen_rsa, NULL, 0, &o));
    ROW("5.18.2", CKR_MECHANISM_INVALID, C_GenerateKeyPair(s, &gen_sm4, NULL, 0, NULL, 0, &o, &o));
    ROW("5.18.3", CKR_MECHANISM_INVALID, C_WrapKey(s, &sha, encrypt_key, sm4, out, &len));
    ROW("5.18.4", CKR_MECHANISM_INVALID, C_UnwrapKey(s, &sha, sm4, out, 16, NULL, 0, &o));
    ROW("5.13.1", CKR_MECHANISM_PARAM_INVALID, C_SignInit(s, &with, sign_key));
    ROW("5.13.1", CKR_MECHANISM_PARAM_INVALID, C_SignInit(s, &pss, sign_key));
    ROW("5.13.1", CKR_MECHANISM_PARAM_INVALID, C_SignInit(s, &bad_pss, sign_key));
    ROW("5.13.1", CKR_MECHANISM_PARAM_INVALID, C_SignInit(s, &other_hash, sign_key));
    ROW("5.10.1", CKR_MECHANISM_PARAM_INVALID, C_DecryptInit(s, &oaep, decrypt_key));
    ROW("5.8.1", CKR_MECHANISM_PARAM_INVALID, C_EncryptInit(s, &no_iv, sm4));
    ROW("5.8.1", CKR_MECHANISM_PARAM_INVALID, C_EncryptInit(s, &short_iv, sm4));
    ROW("5.13.1", CKR_KEY_FUNCTION_NOT_PERMITTED, C_SignInit(s, &rsa, decrypt_key));
    ROW("5.13.1", CKR_KEY_FUNCTION_NOT_PERMITTED, C_SignInit(s, &rsa, verify_key));
    ROW("5.10.1", CKR_KEY_FUNCTION_NOT_PERMITTED, C_DecryptInit(s, &rsa, sign_key));
    ROW("5.8.1", CKR_KEY_FUNCTION_NOT_PERMITTED, C_EncryptInit(s, &rsa, verify_key));
    ROW("5.15.1", CKR_KEY_FUNCTION_NOT_PERMITTED, C_VerifyInit(s, &rsa, encrypt_key));
    ROW("5.13.5", CKR_KEY_FUNCTION_NOT_PERMITTED, C_SignRecoverInit(s, &rsa, decrypt_key));
    ROW("5.18.3", CKR_KEY_FUNCTION_NOT_PERMITTED, C_WrapKey(s, &rsa, verify_key, sm4, out, &len));
    ROW("5.13.1", CKR_KEY_TYPE_INCONSISTENT, C_SignInit(s, &rsa, generic));
    ROW("5.13.1", CKR_KEY_TYPE_INCONSISTENT, C_SignInit(s, &hmac, sm4));
    ROW("5.8.1", CKR_KEY_TYPE_INCONSISTENT, C_EncryptInit(s, &ecb, generic));
    ROW("5.8.1", CKR_KEY_TYPE_INCONSISTENT, C_EncryptInit(s, &ecb, encrypt_key));
    ROW("5.13.1", CKR_KEY_HANDLE_INVALID, C_SignInit(s, &rsa, cert));
    ROW("5.18.3", CKR_WRAPPING_KEY_TYPE_INCONSISTENT, C_WrapKey(s, &rsa, generic, sm4, out, &len));
    ROW("5.18.3", CKR_KEY_UNEXTRACTABLE, C_WrapKey(s, &rsa, encrypt_key, sign_key, out, &len));
    ROW("5.18.3", CKR_KEY_UNEXTRACTABLE, C_WrapKey(s, &rsa, encrypt_key, decrypt_key, out, &len));
    ROW("5.18.3", CKR_KEY_NOT_WRAPPABLE, C_WrapKey(s, &rsa, encrypt_key, verify_key, out, &len));
    /* 5.1.6: a valid handle of what is no key */
    o = mh_find(&h, s, CKO_PROFILE, 0);
    ROW("5.18.3", CKR_KEY_HANDLE_INVALID, C_WrapKey(s, &rsa, encrypt_key, cert, out, &len));
    ROW("5.18.3", CKR_KEY_HANDLE_INVALID, C_WrapKey(s, &rsa, encrypt_key, o, out, &len));
    ROW("5.18.3", CKR_KEY_HANDLE_INVALID, C_WrapKey(s, &rsa, encrypt_key, 0, out, &len));
    rows_end(46);
}
END_TEST

/* --- sessions and users
 * -------------------------------------------------------------------------*/

START_TEST(sessions_and_users)
{
    CK_SESSION_HANDLE ro = 0, none = 0;
    CK_OBJECT_CLASS class = CKO_DATA;
    CK_BBOOL yes = 1;
    CK_ATTRIBUTE stored[] = {{CKA_CLASS, &class, sizeof class}, {CKA_TOKEN, &yes, 1}},
                 private[] = {{CKA_CLASS, &class, sizeof class}, {CKA_PRIVATE, &yes, 1}},
                 label = {CKA_LABEL, data, 4};
    ROW("5.6.1", CKR_SESSION_PARALLEL_NOT_SUPPORTED, C_OpenSession(0, 0, NULL, NULL, &none));
    ROW("5.6.1", CKR_OK, C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &ro));
    ROW("5.6.8", CKR_USER_ALREADY_LOGGED_IN, C_Login(ro, CKU_USER, pin, 8));
    ROW("5.6.8", CKR_OPERATION_NOT_INITIALIZED, C_Login(s, CKU_CONTEXT_SPECIFIC, pin, 8));
    ROW("5.6.8", CKR_USER_TYPE_INVALID, C_Login(s, 77, pin, 8));
    ROW("5.6.9", CKR_USER_ALREADY_LOGGED_IN, C_LoginUser(ro, CKU_USER, pin, 8, NULL, 0));
    ROW("5.5.9", CKR_SESSION_READ_ONLY, C_SetPIN(ro, pin, 8, pin, 8));
    ROW("5.7.1", CKR_SESSION_READ_ONLY, C_CreateObject(ro, stored, 2, &o));
    ROW("5.7.3", CKR_SESSION_READ_ONLY, C_DestroyObject(ro, cert));
    ROW("5.7.6", CKR_SESSION_READ_ONLY, C_SetAttributeValue(ro, cert, &label, 1));
    ROW("5.18.2", CKR_SESSION_READ_ONLY, C_GenerateKeyPair(ro, &gen_rsa, NULL, 0, NULL, 0, &o, &o));
    ROW("5.7.3", CKR_ACTION_PROHIBITED, C_DestroyObject(s, cert));
    ROW("5.7.2", CKR_ACTION_PROHIBITED, C_CopyObject(s, cert, NULL, 0, &o));
    ROW("5.6.10", CKR_OK, C_Logout(ro));
    ROW("5.6.10", CKR_USER_NOT_LOGGED_IN, C_Logout(s));
    ROW("5.7.1", CKR_USER_NOT_LOGGED_IN, C_CreateObject(s, private, 2, &o));
    ROW("5.7.1", CKR_USER_NOT_LOGGED_IN, C_CreateObject(s, stored, 2, &o));
    ROW("5.18.2", CKR_USER_NOT_LOGGED_IN, C_GenerateKeyPair(s, &gen_rsa, NULL, 0, NULL, 0, &o, &o));
    ROW("5.6.8", CKR_PIN_INCORRECT, C_Login(s, CKU_USER, data, 8));
    ROW("5.6.8", CKR_PIN_INCORRECT, C_Login(s, CKU_USER, pin, 0));
    ROW("5.6.8", CKR_USER_TYPE_INVALID, C_Login(s, CKU_SO, pin, 8));
    ROW("5.5.9", CKR_PIN_LEN_RANGE, C_SetPIN(s, pin, 8, data, 5));
    ROW("5.5.9", CKR_PIN_LEN_RANGE, C_SetPIN(s, pin, 8, data, 17));
    ROW("5.5.9", CKR_PIN_INVALID, C_SetPIN(s, pin, 8, (CK_BYTE *)"new\npin", 7));
    ROW("5.5.9", CKR_PIN_INCORRECT, C_SetPIN(s, data, 8, pin, 8));
    ROW("5.6.9", CKR_USER_TYPE_INVALID, C_LoginUser(s, CKU_USER, pin, 8, data, 3));
    ROW("5.6.9", CKR_OK, C_LoginUser(s, CKU_USER, pin, 8, NULL, 0));
    ROW("5.5.7", CKR_FUNCTION_NOT_SUPPORTED, C_InitToken(0, pin, 8, data));
    ROW("5.5.8", CKR_FUNCTION_NOT_SUPPORTED, C_InitPIN(s, pin, 8));
    ROW("5.19.1", CKR_RANDOM_SEED_NOT_SUPPORTED, C_SeedRandom(s, data, 4));
    while (h.f->C_WaitForSlotEvent(CKF_DONT_BLOCK, &none, NULL) == CKR_OK)
        continue; /* of the certificates that were made */
    ROW("5.5.4", CKR_NO_EVENT, C_WaitForSlotEvent(CKF_DONT_BLOCK, &none, NULL));
    ROW("5.6.3", CKR_OK, C_CloseAllSessions(0));
    ROW("5.6.4", CKR_SESSION_HANDLE_INVALID, C_Logout(ro));
    rows_end(33);
}
END_TEST

/* --- attributes and templates
 * -------------------------------------------------------------------*/

START_TEST(attributes_read)
{
    CK_BYTE small[2], big[2048];
    CK_ATTRIBUTE secret_part = {CKA_PRIVATE_EXPONENT, big, sizeof big},
                 other = {CKA_MODULUS, big, sizeof big}, little = {CKA_VALUE, small, 2},
                 ask = {CKA_VALUE, NULL, 0};
    ROW("5.7.5", CKR_ATTRIBUTE_SENSITIVE, C_GetAttributeValue(s, sign_key, &secret_part, 1));
    row("5.7.5 1", CK_UNAVAILABLE_INFORMATION, secret_part.ulValueLen, "a sensitive one's length");
    ROW("5.7.5", CKR_ATTRIBUTE_TYPE_INVALID, C_GetAttributeValue(s, cert, &other, 1));
    row("5.7.5 2", CK_UNAVAILABLE_INFORMATION, other.ulValueLen, "an unknown one's length");
    ROW("5.7.5", CKR_OK, C_GetAttributeValue(s, cert, &ask, 1));
    row("5.7.5 3", 1, ask.ulValueLen > 300, "the certificate's length");
    ROW("5.7.5", CKR_BUFFER_TOO_SMALL, C_GetAttributeValue(s, cert, &little, 1));
    row("5.7.5 5", CK_UNAVAILABLE_INFORMATION, little.ulValueLen, "a short buffer's length");
    /* all are tried, whatever becomes of one of them */
    CK_ATTRIBUTE three[] = {
        {CKA_MODULUS, big, sizeof big}, {CKA_VALUE, NULL, 0}, {CKA_ID, big, 64}};
    ROW("5.7.5", CKR_ATTRIBUTE_TYPE_INVALID, C_GetAttributeValue(s, cert, three, 3));
    row("5.7.5", ask.ulValueLen, three[1].ulValueLen, "the second of three");
    row("5.7.5", 20, three[2].ulValueLen, "the third of three");
    rows_end(11);
}
END_TEST

START_TEST(templates)
{
    CK_OBJECT_CLASS class = CKO_DATA, private_class = CKO_PRIVATE_KEY,
                    secret_class = CKO_SECRET_KEY, no_class = 0x7fff, certificate = CKO_CERTIFICATE;
    CK_KEY_TYPE sm4_type = CKK_SM4;
    CK_BBOOL yes = 1, two = 2;
    CK_ULONG bits = 1024, size = 15;
    CK_ATTRIBUTE c = {CKA_CLASS, &class, sizeof class};
    CK_ATTRIBUTE unknown_type[] = {c, {CKA_MODULUS, data, 4}},
                 read_only[] = {c, {CKA_UNIQUE_ID, data, 4}},
                 twice[] = {c, {CKA_LABEL, data, 4}, c}, half_bool[] = {c, {CKA_PRIVATE, &two, 1}},
                 long_bool[] = {c, {CKA_PRIVATE, data, 4}},
                 no_utf8[] = {c, {CKA_LABEL, (void *)(uintptr_t) "\xff\xfe", 2}},
                 no_value[] = {c, {CKA_LABEL, NULL, 4}}, half_class = {CKA_CLASS, &class, 2},
                 odd = {CKA_CLASS, &no_class, sizeof no_class},
                 private = {CKA_CLASS, &private_class, sizeof private_class};
    CK_ATTRIBUTE key_no_type[] = {{CKA_CLASS, &secret_class, sizeof class}, {CKA_VALUE, data, 16}},
                 key_no_value[] = {{CKA_CLASS, &secret_class, sizeof class},
                                   {CKA_KEY_TYPE, &sm4_type, sizeof sm4_type}},
                 key_short[] = {{CKA_CLASS, &secret_class, sizeof class},
                                {CKA_KEY_TYPE, &sm4_type, sizeof sm4_type},
                                {CKA_VALUE, data, size}},
                 bare_cert[] = {{CKA_CLASS, &certificate, sizeof class}},
                 bits_1024 = {CKA_MODULUS_BITS, &bits, sizeof bits},
                 of_private = {CKA_SENSITIVE, &yes, 1}, new_id = {CKA_ID, data, 4},
                 label = {CKA_LABEL, (void *)(uintptr_t) "a:b", 3};
    ROW("4.1.1", CKR_TEMPLATE_INCOMPLETE, C_CreateObject(s, twice + 1, 1, &o));
    ROW("4.1.1", CKR_ATTRIBUTE_TYPE_INVALID, C_CreateObject(s, unknown_type, 2, &o));
    ROW("4.1.1", CKR_ATTRIBUTE_READ_ONLY, C_CreateObject(s, read_only, 2, &o));
    ROW("4.1.1", CKR_TEMPLATE_INCONSISTENT, C_CreateObject(s, twice, 3, &o));
    ROW("4.1.1", CKR_ATTRIBUTE_VALUE_INVALID, C_CreateObject(s, half_bool, 2, &o));
    ROW("4.1.1", CKR_ATTRIBUTE_VALUE_INVALID, C_CreateObject(s, long_bool, 2, &o));
    ROW("4.1.1", CKR_ATTRIBUTE_VALUE_INVALID, C_CreateObject(s, no_utf8, 2, &o));
    ROW("4.1.1", CKR_ATTRIBUTE_VALUE_INVALID, C_CreateObject(s, no_value, 2, &o));
    ROW("4.1.1", CKR_ATTRIBUTE_VALUE_INVALID, C_CreateObject(s, &half_class, 1, &o));
    ROW("4.1.1", CKR_ATTRIBUTE_VALUE_INVALID, C_CreateObject(s, &odd, 1, &o));
    ROW("5.7.1", CKR_ATTRIBUTE_VALUE_INVALID, C_CreateObject(s, &private, 1, &o));
    ROW("4.1.1", CKR_TEMPLATE_INCOMPLETE, C_CreateObject(s, key_no_type, 2, &o));
    ROW("4.1.1", CKR_TEMPLATE_INCOMPLETE, C_CreateObject(s, key_no_value, 2, &o));
    ROW("4.1.1", CKR_ATTRIBUTE_VALUE_INVALID, C_CreateObject(s, key_short, 3, &o));
    ROW("4.6.3", CKR_TEMPLATE_INCOMPLETE, C_CreateObject(s, bare_cert, 1, &o));
    ROW("4.1.2", CKR_ATTRIBUTE_READ_ONLY, C_SetAttributeValue(s, cert, &new_id, 1));
    ROW("4.1.2", CKR_ATTRIBUTE_READ_ONLY, C_SetAttributeValue(s, sign_key, &of_private, 1));
    ROW("5.7.6", CKR_ATTRIBUTE_VALUE_INVALID, C_SetAttributeValue(s, cert, &label, 1));
    ROW("4.1.3", CKR_ATTRIBUTE_READ_ONLY, C_CopyObject(s, sm4, read_only + 1, 1, &o));
    ROW("5.18.2", CKR_KEY_SIZE_RANGE,
        C_GenerateKeyPair(s, &gen_rsa, &bits_1024, 1, NULL, 0, &o, &o));
    ROW("5.18.2", CKR_ATTRIBUTE_TYPE_INVALID,
        C_GenerateKeyPair(s, &gen_rsa, &of_private, 1, NULL, 0, &o, &o));
    ROW("5.18.4", CKR_TEMPLATE_INCOMPLETE, C_UnwrapKey(s, &ecb, sm4, data, 16, NULL, 0, &o));
    ROW("5.18.4", CKR_WRAPPED_KEY_LEN_RANGE,
        C_UnwrapKey(s, &ecb, sm4, data, 0, key_no_value + 1, 1, &o));
    ROW("5.18.4", CKR_WRAPPED_KEY_LEN_RANGE,
        C_UnwrapKey(s, &ecb, sm4, data, 17, key_no_value + 1, 1, &o));
    rows_end(24);
}
END_TEST

/* A length that C_GetAttributeValue left as unavailable, or of nobody's memory. */
START_TEST(lengths_that_are_none)
{
    CK_OBJECT_CLASS class = CKO_DATA;
    static const CK_ULONG lengths[] = {CK_UNAVAILABLE_INFORMATION, (CK_ULONG)1 << 40, 16385};
    static const CK_ATTRIBUTE_TYPE types[] = {CKA_LABEL, CKA_APPLICATION, CKA_VALUE, CKA_OBJECT_ID};
    static CK_BYTE room[16385];
    memset(room, 'x', sizeof room);
    for (size_t i = 0; i < 3; i++) {
        for (size_t k = 0; k < 4; k++) {
            CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class}, {types[k], room, lengths[i]}};
            ROW("4.1.1", CKR_ATTRIBUTE_VALUE_INVALID, C_CreateObject(s, t, 2, &o));
        }
        CK_ATTRIBUTE label = {CKA_LABEL, room, lengths[i]}, id = {CKA_ID, room, lengths[i]};
        ROW("4.1.2", CKR_ATTRIBUTE_VALUE_INVALID, C_SetAttributeValue(s, generic, &label, 1));
        ROW("5.18.2", CKR_ATTRIBUTE_VALUE_INVALID,
            C_GenerateKeyPair(s, &gen_rsa, &label, 1, NULL, 0, &o, &o));
        ROW("5.18.2", CKR_ATTRIBUTE_VALUE_INVALID,
            C_GenerateKeyPair(s, &gen_rsa, NULL, 0, &id, 1, &o, &o));
        ROW("5.18.1", CKR_ATTRIBUTE_VALUE_INVALID, C_GenerateKey(s, &gen_sm4, &label, 1, &o));
    }
    rows_end(24);
}
END_TEST

/* What a template says beside what it is derived from. */
START_TEST(templates_that_are_not_true)
{
    static CK_BYTE der[4096], n[256], e[8], info[600];
    CK_OBJECT_CLASS certificate = CKO_CERTIFICATE, public = CKO_PUBLIC_KEY;
    CK_CERTIFICATE_TYPE x509 = CKC_X_509;
    CK_KEY_TYPE rsa_type = CKK_RSA;
    CK_BBOOL yes = 1;
    CK_ATTRIBUTE value = {CKA_VALUE, der, sizeof der};
    CK_ATTRIBUTE numbers[] = {{CKA_MODULUS, n, sizeof n},
                              {CKA_PUBLIC_EXPONENT, e, sizeof e},
                              {CKA_PUBLIC_KEY_INFO, info, sizeof info}};
    ck_assert_uint_eq(h.f->C_GetAttributeValue(s, cert, &value, 1), CKR_OK);
    ck_assert_uint_eq(h.f->C_GetAttributeValue(s, verify_key, numbers, 3), CKR_OK);
    CK_ATTRIBUTE c[] = {{CKA_CLASS, &certificate, sizeof certificate},
                        {CKA_CERTIFICATE_TYPE, &x509, sizeof x509},
                        value,
                        {0, NULL, 0}};
    CK_ATTRIBUTE k[] = {{CKA_CLASS, &public, sizeof public},
                        {CKA_KEY_TYPE, &rsa_type, sizeof rsa_type},
                        numbers[0],
                        numbers[1],
                        {0, NULL, 0}};
    const CK_ATTRIBUTE junk[] = {{CKA_SUBJECT, data, 4},
                                 {CKA_ISSUER, data, 4},
                                 {CKA_SERIAL_NUMBER, data, 4},
                                 {CKA_PUBLIC_KEY_INFO, data, 4}};
    for (size_t i = 0; i < 4; i++) {
        c[3] = junk[i];
        ROW("4.6.3", CKR_TEMPLATE_INCONSISTENT, C_CreateObject(s, c, 4, &o));
    }
    c[3] = numbers[2];
    /* CKA_SUBJECT is to be in the template by 4.6.3, footnote 1; here it comes of CKA_VALUE */
    ROW("profile, for 4.6.3", CKR_OK, C_CreateObject(s, c, 4, &o));
    CK_ATTRIBUTE told = {CKA_SUBJECT, NULL, 0};
    ROW("5.7.5", CKR_OK, C_GetAttributeValue(s, o, &told, 1));
    row("profile, for 4.6.3", 1, told.ulValueLen > 0, "the subject that nobody gave");
    /* by 4.6.3, footnote 5, a URL may stand for an empty value; not here */
    CK_ATTRIBUTE elsewhere[] = {c[0],
                                c[1],
                                {CKA_SUBJECT, data, 4},
                                {CKA_VALUE, NULL, 0},
                                {CKA_URL, data, 4},
                                {CKA_HASH_OF_SUBJECT_PUBLIC_KEY, data, 20},
                                {CKA_HASH_OF_ISSUER_PUBLIC_KEY, data, 20}};
    ROW("profile, for 4.6.3", CKR_ATTRIBUTE_VALUE_INVALID, C_CreateObject(s, elsewhere, 7, &o));
    ROW("4.6.3", CKR_TEMPLATE_INCOMPLETE, C_CreateObject(s, elsewhere, 3, &o));
    k[4] = junk[3];
    ROW("4.8", CKR_TEMPLATE_INCONSISTENT, C_CreateObject(s, k, 5, &o));
    k[4] = numbers[2];
    ROW("4.8", CKR_OK, C_CreateObject(s, k, 5, &o));
    k[4] = (CK_ATTRIBUTE){CKA_TRUSTED, &yes, 1};
    ROW("4.8", CKR_ATTRIBUTE_VALUE_INVALID, C_CreateObject(s, k, 5, &o));
    rows_end(12);
}
END_TEST

START_TEST(what_rsa_takes)
{
    CK_MECHANISM raw = {CKM_RSA_X_509, NULL, 0};
    CK_RSA_PKCS_PSS_PARAMS fits = {CKM_SHA256, CKG_MGF1_SHA256, 222},
                           wide = {CKM_SHA256, CKG_MGF1_SHA256, 223};
    CK_MECHANISM good = {CKM_SHA256_RSA_PKCS_PSS, &fits, sizeof fits},
                 bad = {CKM_SHA256_RSA_PKCS_PSS, &wide, sizeof wide};
    memset(data, 0xff, 256);
    len = sizeof out;
    ROW("5.13.1", CKR_OK, C_SignInit(s, &raw, sign_key));
    ROW("5.13.2", CKR_DATA_INVALID, C_Sign(s, data, 256, out, &len));
    ROW("5.13.1", CKR_OK, C_SignInit(s, &rsa, sign_key));
    ROW("5.13.2", CKR_OK, C_Sign(s, data, 0, out, &len));
    ROW("5.15.1", CKR_OK, C_VerifyInit(s, &rsa, verify_key));
    ROW("5.15.2", CKR_OK, C_Verify(s, data, 0, out, len));
    ROW("5.13.1", CKR_MECHANISM_PARAM_INVALID, C_SignInit(s, &bad, sign_key));
    ROW("5.15.1", CKR_MECHANISM_PARAM_INVALID, C_VerifyInit(s, &bad, verify_key));
    ROW("5.13.1", CKR_OK, C_SignInit(s, &good, sign_key));
    ROW("5.13.2", CKR_OK, C_Sign(s, data, 4, out, &len));
    rows_end(10);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("codes in use");
    TCase *t = mc_case(suite, "rows", setup);
    tcase_add_test(t, lengths_of_signatures_and_digests);
    tcase_add_test(t, lengths_of_ciphers);
    tcase_add_test(t, lengths_of_wrapped_keys_and_lists);
    tcase_add_test(t, one_operation_of_a_kind);
    tcase_add_test(t, an_error_ends_the_operation);
    tcase_add_test(t, mechanisms_and_their_keys);
    tcase_add_test(t, sessions_and_users);
    tcase_add_test(t, attributes_read);
    tcase_add_test(t, templates);
    tcase_add_test(t, lengths_that_are_none);
    tcase_add_test(t, templates_that_are_not_true);
    tcase_add_test(t, what_rsa_takes);
    return run_suite(suite);
}
