/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What codes.c and codes_use.c leave: lengths and short buffers of parts and of two operations at
 * once; which keys, parameters and templates the less used functions take; and the numbers of SM2,
 * SM3 and SM4, which programs have compiled in. Rows with the clause of PKCS#11 3.0 that says so.
 */
#include <string.h>

#include "pkcs11/p11.h"
#include "rowkeys.h"
#include "runner.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static CK_OBJECT_HANDLE o;
static CK_BYTE data[64], sealed[256], out[1024], iv[16], pin[] = MH_PIN, wrong[] = "87654321";
static CK_ULONG len;
static CK_MECHANISM rsa = {CKM_RSA_PKCS, NULL, 0}, sha_rsa = {CKM_SHA256_RSA_PKCS, NULL, 0},
                    sha = {CKM_SHA256, NULL, 0}, ecb = {CKM_SM4_ECB, NULL, 0},
                    oaep = {CKM_RSA_PKCS_OAEP, NULL, 0}, hmac = {CKM_SHA256_HMAC, NULL, 0},
                    pss = {CKM_RSA_PKCS_PSS, NULL, 0}, odd_sha = {CKM_SHA256, iv, 4},
                    odd_rsa = {CKM_RSA_PKCS, iv, 4}, gen_sm4 = {CKM_SM4_KEY_GEN, NULL, 0},
                    odd_gen = {CKM_SM4_KEY_GEN, iv, 4},
                    gen_generic = {CKM_GENERIC_SECRET_KEY_GEN, NULL, 0};

static void setup(void)
{
    rows_setup();
    memset(data, 'd', sizeof data);
}

/* --- 5.2: parts and ends
 * ------------------------------------------------------------------------*/

/* NULL asks, too little room is told with the length, and neither takes the data: then it does. */
#define PART(clause, size, call_null, call_short, call_good)                                       \
    do {                                                                                           \
        len = 0;                                                                                   \
        ROW("5.2", CKR_OK, call_null);                                                             \
        row("5.2, length of", size, len, #call_null);                                              \
        len = (size)-1;                                                                            \
        ROW("5.2", CKR_BUFFER_TOO_SMALL, call_short);                                              \
        row("5.2, length of", size, len, #call_short);                                             \
        len = (size);                                                                              \
        ROW(clause, CKR_OK, call_good);                                                            \
        row("5.2, length of", size, len, #call_good);                                              \
    } while (0)

START_TEST(short_buffers_of_parts_and_ends)
{
    len = sizeof sealed;
    ROW("5.8.1", CKR_OK, C_EncryptInit(s, &rsa, encrypt_key));
    ROW("5.8.3", CKR_OK, C_EncryptUpdate(s, data, 4, out, &len));
    PART("5.8.4", 256, C_EncryptFinal(s, NULL, &len), C_EncryptFinal(s, out, &len),
         C_EncryptFinal(s, sealed, &len));
    ROW("5.10.1", CKR_OK, C_DecryptInit(s, &rsa, decrypt_key));
    len = 0;
    ROW("5.10.3", CKR_OK, C_DecryptUpdate(s, sealed, 256, out, &len));
    ROW("5.2", CKR_OK, C_DecryptFinal(s, NULL, &len));
    row("5.2", 256, len, "the bound of what comes");
    len = 3;
    ROW("5.2", CKR_BUFFER_TOO_SMALL, C_DecryptFinal(s, out, &len));
    row("5.2", 4, len, "what comes");
    ROW("5.10.4", CKR_OK, C_DecryptFinal(s, out, &len));
    row("5.10.4", 0, memcmp(out, data, 4) != 0, "what came");
    ROW("5.10.1", CKR_OK, C_DecryptInit(s, &ecb, sm4));
    PART("5.10.3", 16, C_DecryptUpdate(s, data, 20, NULL, &len),
         C_DecryptUpdate(s, data, 20, out, &len), C_DecryptUpdate(s, data, 20, out, &len));
    len = sizeof out;
    ROW("5.10.4", CKR_ENCRYPTED_DATA_LEN_RANGE, C_DecryptFinal(s, out, &len));
    ROW("5.10.4", CKR_OPERATION_NOT_INITIALIZED, C_DecryptFinal(s, out, &len));
    ROW("5.10.1", CKR_OK, C_DecryptInit(s, &ecb, sm4));
    ROW("5.1.6", CKR_ARGUMENTS_BAD, C_DecryptUpdate(s, data, 16, out, NULL));
    ROW("5.10.4", CKR_OPERATION_NOT_INITIALIZED, C_DecryptFinal(s, out, &len));
    rows_end(28);
}
END_TEST

/* What was only asked for or had no room is digested, signed and verified once. */
START_TEST(short_buffers_of_two_operations)
{
    CK_BYTE cipher[32], digest[32], again[32], sig[256];
    CK_ULONG n = sizeof digest, sig_len = sizeof sig;
    ROW("5.12.1", CKR_OK, C_DigestInit(s, &sha));
    ROW("5.12.2", CKR_OK, C_Digest(s, data, 32, digest, &n));
    ROW("5.13.1", CKR_OK, C_SignInit(s, &sha_rsa, sign_key));
    ROW("5.8.1", CKR_OK, C_EncryptInit(s, &ecb, sm4));
    PART("5.17.3", 32, C_SignEncryptUpdate(s, data, 32, NULL, &len),
         C_SignEncryptUpdate(s, data, 32, cipher, &len),
         C_SignEncryptUpdate(s, data, 32, cipher, &len));
    ROW("5.13.4", CKR_OK, C_SignFinal(s, sig, &sig_len));
    ROW("5.10.1", CKR_OK, C_DecryptInit(s, &ecb, sm4));
    ROW("5.12.1", CKR_OK, C_DigestInit(s, &sha));
    PART("5.17.2", 32, C_DecryptDigestUpdate(s, cipher, 32, NULL, &len),
         C_DecryptDigestUpdate(s, cipher, 32, out, &len),
         C_DecryptDigestUpdate(s, cipher, 32, out, &len));
    ROW("5.12.5", CKR_OK, C_DigestFinal(s, again, &n));
    row("5.17.2", 0, memcmp(digest, again, 32) != 0, "the digest");
    ROW("5.15.1", CKR_OK, C_VerifyInit(s, &sha_rsa, verify_key));
    PART("5.17.4", 32, C_DecryptVerifyUpdate(s, cipher, 32, NULL, &len),
         C_DecryptVerifyUpdate(s, cipher, 32, out, &len),
         C_DecryptVerifyUpdate(s, cipher, 32, out, &len));
    ROW("5.15.4", CKR_OK, C_VerifyFinal(s, sig, sig_len));
    /* what fails ends both */
    ROW("5.15.1", CKR_OK, C_VerifyInit(s, &sha_rsa, verify_key));
    ROW("5.1.6", CKR_ARGUMENTS_BAD, C_DecryptVerifyUpdate(s, cipher, 32, out, NULL));
    ROW("5.15.4", CKR_OPERATION_NOT_INITIALIZED, C_VerifyFinal(s, sig, sig_len));
    ROW("5.10.4", CKR_OPERATION_NOT_INITIALIZED, C_DecryptFinal(s, out, &len));
    rows_end(32);
}
END_TEST

/* --- keys, parameters, templates, users
 * ----------------------------------------------------------*/

START_TEST(keys_and_parameters)
{
    ROW("5.12.1", CKR_MECHANISM_PARAM_INVALID, C_DigestInit(s, &odd_sha));
    ROW("5.15.1", CKR_MECHANISM_INVALID, C_VerifyInit(s, &oaep, verify_key));
    ROW("5.15.1", CKR_KEY_TYPE_INCONSISTENT, C_VerifyInit(s, &rsa, generic));
    ROW("5.15.1", CKR_KEY_TYPE_INCONSISTENT, C_VerifyInit(s, &hmac, verify_key));
    ROW("5.15.1", CKR_MECHANISM_PARAM_INVALID, C_VerifyInit(s, &pss, verify_key));
    ROW("5.10.1", CKR_KEY_TYPE_INCONSISTENT, C_DecryptInit(s, &rsa, sm4));
    ROW("5.10.1", CKR_KEY_TYPE_INCONSISTENT, C_DecryptInit(s, &ecb, decrypt_key));
    ROW("5.13.5", CKR_MECHANISM_PARAM_INVALID, C_SignRecoverInit(s, &odd_rsa, sign_key));
    ROW("5.13.5", CKR_KEY_TYPE_INCONSISTENT, C_SignRecoverInit(s, &rsa, generic));
    ROW("5.15.5", CKR_MECHANISM_PARAM_INVALID, C_VerifyRecoverInit(s, &odd_rsa, verify_key));
    ROW("5.15.5", CKR_KEY_TYPE_INCONSISTENT, C_VerifyRecoverInit(s, &rsa, generic));
    ROW("5.15.5", CKR_KEY_FUNCTION_NOT_PERMITTED, C_VerifyRecoverInit(s, &rsa, encrypt_key));
    ROW("5.13.5", CKR_OK, C_SignRecoverInit(s, &rsa, sign_key));
    len = sizeof out;
    ROW("5.13.6", CKR_DATA_LEN_RANGE, C_SignRecover(s, out, 246, out, &len));
    ROW("5.13.6", CKR_OPERATION_NOT_INITIALIZED, C_SignRecover(s, data, 4, out, &len));
    ROW("5.15.1", CKR_OK, C_VerifyInit(s, &sha_rsa, verify_key));
    ROW("5.15.4", CKR_SIGNATURE_LEN_RANGE, C_VerifyFinal(s, out, 255));
    ROW("5.15.1", CKR_OK, C_VerifyInit(s, &sha_rsa, verify_key));
    ROW("5.15.4", CKR_SIGNATURE_INVALID, C_VerifyFinal(s, sealed, 256));
    ROW("5.15.4", CKR_OPERATION_NOT_INITIALIZED, C_VerifyFinal(s, sealed, 256));
    rows_end(20);
}
END_TEST

START_TEST(keys_that_are_made_and_unwrapped)
{
    CK_KEY_TYPE sm4_type = CKK_SM4, rsa_type = CKK_RSA;
    CK_BBOOL yes = 1;
    CK_ULONG size = 15;
    CK_OBJECT_CLASS public = CKO_PUBLIC_KEY;
    CK_ATTRIBUTE type = {CKA_KEY_TYPE, &sm4_type, sizeof sm4_type},
                 other_type = {CKA_KEY_TYPE, &rsa_type, sizeof rsa_type},
                 class = {CKA_CLASS, &public, sizeof public}, local = {CKA_LOCAL, &yes, 1},
                 token = {CKA_TOKEN, &yes, 1}, modulus = {CKA_MODULUS, data, 4},
                 odd_bool = {CKA_ENCRYPT, data, 1}, value = {CKA_VALUE, data, 16},
                 value_len = {CKA_VALUE_LEN, &size, sizeof size};
    CK_ATTRIBUTE with[] = {type, local};
    ROW("5.18.1", CKR_MECHANISM_PARAM_INVALID, C_GenerateKey(s, &odd_gen, NULL, 0, &o));
    ROW("4.10", CKR_TEMPLATE_INCOMPLETE, C_GenerateKey(s, &gen_generic, NULL, 0, &o));
    ROW("4.1.1", CKR_TEMPLATE_INCONSISTENT, C_GenerateKey(s, &gen_sm4, &other_type, 1, &o));
    ROW("4.1.1", CKR_TEMPLATE_INCONSISTENT, C_GenerateKey(s, &gen_sm4, &class, 1, &o));
    ROW("4.1.1", CKR_ATTRIBUTE_TYPE_INVALID, C_GenerateKey(s, &gen_sm4, &modulus, 1, &o));
    ROW("4.1.1", CKR_ATTRIBUTE_READ_ONLY, C_GenerateKey(s, &gen_sm4, &local, 1, &o));
    ROW("4.1.1", CKR_ATTRIBUTE_VALUE_INVALID, C_GenerateKey(s, &gen_sm4, &odd_bool, 1, &o));
    ROW("profile", CKR_TEMPLATE_INCONSISTENT, C_GenerateKey(s, &gen_sm4, &token, 1, &o));
    ROW("4.10", CKR_ATTRIBUTE_READ_ONLY, C_GenerateKey(s, &gen_sm4, &value, 1, &o));
    ROW("5.18.1", CKR_KEY_SIZE_RANGE, C_GenerateKey(s, &gen_sm4, &value_len, 1, &o));
    ROW("5.18.4", CKR_MECHANISM_PARAM_INVALID,
        C_UnwrapKey(s, &odd_rsa, decrypt_key, sealed, 256, &type, 1, &o));
    ROW("5.18.4", CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT,
        C_UnwrapKey(s, &rsa, sm4, sealed, 256, &type, 1, &o));
    ROW("5.18.4", CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT,
        C_UnwrapKey(s, &ecb, decrypt_key, sealed, 16, &type, 1, &o));
    ROW("5.18.4", CKR_KEY_FUNCTION_NOT_PERMITTED,
        C_UnwrapKey(s, &rsa, sign_key, sealed, 256, &type, 1, &o));
    ROW("5.18.4", CKR_WRAPPED_KEY_LEN_RANGE,
        C_UnwrapKey(s, &rsa, decrypt_key, sealed, 255, &type, 1, &o));
    ROW("5.18.4", CKR_ATTRIBUTE_READ_ONLY, C_UnwrapKey(s, &ecb, sm4, data, 16, with, 2, &o));
    with[1] = modulus;
    ROW("4.1.1", CKR_ATTRIBUTE_TYPE_INVALID, C_UnwrapKey(s, &ecb, sm4, data, 16, with, 2, &o));
    with[1] = odd_bool;
    ROW("4.1.1", CKR_ATTRIBUTE_VALUE_INVALID, C_UnwrapKey(s, &ecb, sm4, data, 16, with, 2, &o));
    with[1] = class;
    ROW("4.1.1", CKR_TEMPLATE_INCONSISTENT, C_UnwrapKey(s, &ecb, sm4, data, 16, with, 2, &o));
    with[1] = token;
    ROW("profile", CKR_TEMPLATE_INCONSISTENT, C_UnwrapKey(s, &ecb, sm4, data, 16, with, 2, &o));
    rows_end(20);
}
END_TEST

/* Of a key pair both templates count. */
START_TEST(key_pairs_that_are_asked_wrongly)
{
    CK_MECHANISM gen = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0},
                 odd = {CKM_RSA_PKCS_KEY_PAIR_GEN, iv, 4};
    CK_BBOOL yes = 1, no = 0;
    CK_ULONG size = 2048;
    CK_ATTRIBUTE token = {CKA_TOKEN, &yes, 1}, bits = {CKA_MODULUS_BITS, &size, sizeof size},
                 local = {CKA_LOCAL, &yes, 1};
    CK_ATTRIBUTE pub[] = {token, bits}, twice[] = {token, bits, bits},
                 bare[] = {token, {CKA_SENSITIVE, &no, 1}};
    ROW("5.18.2", CKR_MECHANISM_PARAM_INVALID,
        C_GenerateKeyPair(s, &odd, pub, 2, &token, 1, &o, &o));
    ROW("4.1.1", CKR_ATTRIBUTE_READ_ONLY, C_GenerateKeyPair(s, &gen, &local, 1, NULL, 0, &o, &o));
    ROW("4.1.1", CKR_ATTRIBUTE_READ_ONLY, C_GenerateKeyPair(s, &gen, pub, 2, &local, 1, &o, &o));
    ROW("5.18.2", CKR_TEMPLATE_INCOMPLETE,
        C_GenerateKeyPair(s, &gen, &token, 1, &token, 1, &o, &o));
    ROW("profile", CKR_TEMPLATE_INCONSISTENT, C_GenerateKeyPair(s, &gen, pub, 2, NULL, 0, &o, &o));
    ROW("4.1.1", CKR_TEMPLATE_INCONSISTENT,
        C_GenerateKeyPair(s, &gen, twice, 3, &token, 1, &o, &o));
    ROW("5.18.2", CKR_TEMPLATE_INCONSISTENT, C_GenerateKeyPair(s, &gen, pub, 2, bare, 2, &o, &o));
    rows_end(7);
}
END_TEST

START_TEST(users_by_the_other_door_and_copies)
{
    CK_SESSION_HANDLE ro = 0;
    CK_OBJECT_HANDLE on_key = 0;
    CK_OBJECT_CLASS class = CKO_DATA;
    CK_KEY_TYPE type = CKK_SM4;
    CK_BBOOL yes = 1;
    CK_ATTRIBUTE token = {CKA_TOKEN, &yes, 1}, private = {CKA_PRIVATE, &yes, 1},
                 modulus = {CKA_MODULUS, data, 4}, odd_bool = {CKA_COPYABLE, data, 1},
                 label = {CKA_LABEL, data, 4}, twice[] = {label, label};
    CK_ATTRIBUTE stored[] = {{CKA_CLASS, &class, sizeof class}, token},
                 hidden[] = {{CKA_KEY_TYPE, &type, sizeof type}, private};
    ROW("5.7.1", CKR_OK, C_CreateObject(s, stored, 2, &on_key));
    ROW("5.7.2", CKR_ATTRIBUTE_TYPE_INVALID, C_CopyObject(s, sm4, &modulus, 1, &o));
    ROW("5.7.2", CKR_ATTRIBUTE_VALUE_INVALID, C_CopyObject(s, sm4, &odd_bool, 1, &o));
    ROW("4.1.1", CKR_TEMPLATE_INCONSISTENT, C_CopyObject(s, sm4, twice, 2, &o));
    ROW("4.1.1", CKR_TEMPLATE_INCONSISTENT, C_SetAttributeValue(s, sm4, twice, 2));
    ROW("5.7.6", CKR_ATTRIBUTE_TYPE_INVALID, C_SetAttributeValue(s, sm4, &modulus, 1));
    ROW("5.6.1", CKR_OK, C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &ro));
    ROW("5.7.2", CKR_SESSION_READ_ONLY, C_CopyObject(ro, sm4, &token, 1, &o));
    ROW("5.6.10", CKR_OK, C_Logout(s));
    ROW("5.7.2", CKR_USER_NOT_LOGGED_IN, C_CopyObject(s, sm4, &private, 1, &o));
    ROW("5.7.6", CKR_USER_NOT_LOGGED_IN, C_SetAttributeValue(s, on_key, &label, 1));
    ROW("5.7.3", CKR_USER_NOT_LOGGED_IN, C_DestroyObject(s, on_key));
    ROW("4.4", CKR_USER_NOT_LOGGED_IN, C_GenerateKey(s, &gen_sm4, &private, 1, &o));
    ROW("4.4", CKR_USER_NOT_LOGGED_IN, C_UnwrapKey(s, &ecb, sm4, data, 16, hidden, 2, &o));
    ROW("5.6.9", CKR_OPERATION_NOT_INITIALIZED,
        C_LoginUser(s, CKU_CONTEXT_SPECIFIC, pin, 8, NULL, 0));
    ROW("5.6.9", CKR_USER_TYPE_INVALID, C_LoginUser(s, CKU_SO, pin, 8, NULL, 0));
    ROW("5.6.9", CKR_PIN_INCORRECT, C_LoginUser(s, CKU_USER, wrong, 8, NULL, 0));
    ROW("5.6.9", CKR_PIN_INCORRECT, C_LoginUser(s, CKU_USER, pin, 0, NULL, 0));
    for (int i = 0; i < 8; i++) {
        wrong[0]--;
        ROW("5.6.9", CKR_PIN_INCORRECT, C_LoginUser(s, CKU_USER, wrong, 8, NULL, 0));
    }
    wrong[1]--;
    ROW("5.6.9", CKR_PIN_LOCKED, C_LoginUser(s, CKU_USER, wrong, 8, NULL, 0));
    ROW("5.5.9", CKR_PIN_LOCKED, C_SetPIN(s, pin, 8, data, 8));
    rows_end(28);
}
END_TEST

/* 5.1.6: nothing where something must be, in the middle of an operation; and nothing where that is
 * allowed. */
START_TEST(nothing_in_the_middle)
{
    ROW("5.7.7", CKR_OK, C_FindObjectsInit(s, NULL, 0));
    ROW("5.1.6", CKR_ARGUMENTS_BAD, C_FindObjects(s, NULL, 1, &len));
    ROW("5.1.6", CKR_ARGUMENTS_BAD, C_FindObjects(s, &o, 1, NULL));
    ROW("5.7.8", CKR_OK, C_FindObjects(s, &o, 0, &len));
    row("5.7.8", 0, len, "no more than asked for");
    ROW("5.7.8", CKR_OK, C_FindObjects(s, &o, 1, &len));
    row("5.7.8", 1, len, "the first object");
    ROW("5.7.9", CKR_OK, C_FindObjectsFinal(s));
    ROW("5.19.2", CKR_OK, C_GenerateRandom(s, out, 0));
    ROW("5.13.1", CKR_OK, C_SignInit(s, &rsa, sign_key));
    len = sizeof out;
    ROW("5.1.6", CKR_ARGUMENTS_BAD, C_Sign(s, NULL, 4, out, &len));
    ROW("5.13.2", CKR_OPERATION_NOT_INITIALIZED, C_Sign(s, data, 4, out, &len));
    ROW("5.15.1", CKR_OK, C_VerifyInit(s, &rsa, verify_key));
    ROW("5.1.6", CKR_ARGUMENTS_BAD, C_Verify(s, data, 4, NULL, 256));
    ROW("5.15.2", CKR_OPERATION_NOT_INITIALIZED, C_Verify(s, data, 4, out, 256));
    ROW("5.15.5", CKR_OK, C_VerifyRecoverInit(s, &rsa, verify_key));
    ROW("5.1.6", CKR_ARGUMENTS_BAD, C_VerifyRecover(s, NULL, 256, out, &len));
    ROW("5.15.6", CKR_OPERATION_NOT_INITIALIZED, C_VerifyRecover(s, out, 256, out, &len));
    ROW("5.13.5", CKR_OK, C_SignRecoverInit(s, &rsa, sign_key));
    ROW("5.1.6", CKR_ARGUMENTS_BAD, C_SignRecover(s, NULL, 4, out, &len));
    ROW("5.13.6", CKR_OPERATION_NOT_INITIALIZED, C_SignRecover(s, data, 4, out, &len));
    ROW("5.8.1", CKR_OK, C_EncryptInit(s, &rsa, encrypt_key));
    ROW("5.1.6", CKR_ARGUMENTS_BAD, C_Encrypt(s, NULL, 4, out, &len));
    ROW("5.8.2", CKR_OPERATION_NOT_INITIALIZED, C_Encrypt(s, data, 4, out, &len));
    ROW("5.10.1", CKR_OK, C_DecryptInit(s, &rsa, decrypt_key));
    ROW("5.1.6", CKR_ARGUMENTS_BAD, C_Decrypt(s, NULL, 256, out, &len));
    ROW("5.10.2", CKR_OPERATION_NOT_INITIALIZED, C_Decrypt(s, out, 256, out, &len));
    ROW("5.12.1", CKR_OK, C_DigestInit(s, &sha));
    ROW("5.1.6", CKR_ARGUMENTS_BAD, C_Digest(s, NULL, 4, out, &len));
    ROW("5.12.2", CKR_OPERATION_NOT_INITIALIZED, C_Digest(s, data, 4, out, &len));
    CK_KEY_TYPE sm4_type = CKK_SM4;
    CK_ATTRIBUTE type = {CKA_KEY_TYPE, &sm4_type, sizeof sm4_type};
    ROW("5.1.6", CKR_ARGUMENTS_BAD, C_UnwrapKey(s, &rsa, decrypt_key, NULL, 256, &type, 1, &o));
    rows_end(31);
}
END_TEST

/* --- numbers
 * -------------------------------------------------------------------------------------*/

/* Of the family that several vendors share; CKM_SM3_HMAC is ours. With what the mechanisms are
 * for. */
static const struct {
    CK_ULONG is, number;
    CK_FLAGS flags;
    CK_SLOT_ID slot;
} numbers[] = {
    {CKM_SM2_KEY_PAIR_GEN, 0x80008001, CKF_GENERATE_KEY_PAIR | CKF_HW, 1},
    {CKM_SM3_SM2, 0x80008100, CKF_SIGN | CKF_VERIFY | CKF_HW, 1},
    {CKM_SM3_SM2_DER, 0x80008101, CKF_SIGN | CKF_VERIFY | CKF_HW, 1},
    {CKM_SM3_SM2_APPID1, 0x80008102, CKF_SIGN | CKF_VERIFY | CKF_HW, 1},
    {CKM_SM3_SM2_APPID1_DER, 0x80008103, CKF_SIGN | CKF_VERIFY | CKF_HW, 1},
    {CKM_SM2_SIGN, 0x80008104, CKF_SIGN | CKF_VERIFY | CKF_HW, 1},
    {CKM_SM2_SIGN_NO_DER, 0x80008105, CKF_SIGN | CKF_VERIFY | CKF_HW, 1},
    {CKM_SM2_ENCRYPT, 0x80008200, CKF_ENCRYPT | CKF_DECRYPT | CKF_WRAP | CKF_UNWRAP | CKF_HW, 1},
    {CKM_SM2_ENCRYPT_DER, 0x80008201, CKF_ENCRYPT | CKF_DECRYPT | CKF_WRAP | CKF_UNWRAP | CKF_HW,
     1},
    {CKM_SM3, 0x80009001, CKF_DIGEST, 0},
    {CKM_SM3_HMAC, 0x80009002, CKF_SIGN | CKF_VERIFY, 0},
    {CKM_SM4_KEY_GEN, 0x80000107, CKF_GENERATE, 0},
    {CKM_SM4_ECB, 0x80000108, CKF_ENCRYPT | CKF_DECRYPT | CKF_WRAP | CKF_UNWRAP, 0},
    {CKM_SM4_CBC, 0x80000109, CKF_ENCRYPT | CKF_DECRYPT | CKF_WRAP | CKF_UNWRAP, 0},
};

START_TEST(the_numbers_are_these)
{
    static const CK_BYTE curve[] = {0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d};
    for (size_t i = 0; i < COUNT(numbers); i++) {
        CK_MECHANISM_INFO info = {0};
        row("bjca-pkcs11.h", numbers[i].number, numbers[i].is, "a mechanism");
        ROW("5.5.6", CKR_OK, C_GetMechanismInfo(numbers[i].slot, numbers[i].number, &info));
        row("5.5.6", numbers[i].flags, info.flags, "what it is for");
    }
    row("bjca-pkcs11.h", 0x80000004, CKK_SM2, "CKK_SM2");
    row("bjca-pkcs11.h", 0x80000106, CKK_SM4, "CKK_SM4");
    /* how an SM2 key says that it is one */
    CK_SESSION_HANDLE sm2 = mc_session(1);
    CK_KEY_TYPE type = 0;
    CK_ATTRIBUTE t[] = {{CKA_KEY_TYPE, &type, sizeof type},
                        {CKA_EC_PARAMS, out, sizeof out},
                        {CKA_EC_POINT, out + 512, 512}};
    o = mh_find(&h, sm2, CKO_PRIVATE_KEY, CKA_SIGN);
    ROW("5.7.5", CKR_OK, C_GetAttributeValue(sm2, o, t, 3));
    row("design", 0x80000004, type, "CKA_KEY_TYPE");
    row("design", sizeof curve, t[1].ulValueLen, "CKA_EC_PARAMS");
    row("design", 0, memcmp(out, curve, sizeof curve) != 0, "CKA_EC_PARAMS");
    row("design", 67, t[2].ulValueLen, "CKA_EC_POINT");
    row("design", 0, memcmp(out + 512, "\x04\x41\x04", 3) != 0, "CKA_EC_POINT");
    CK_ULONG category = 9;
    CK_ATTRIBUTE c = {CKA_CERTIFICATE_CATEGORY, &category, sizeof category};
    ROW("4.6.2", CKR_OK, C_GetAttributeValue(s, mh_find(&h, s, CKO_CERTIFICATE, 0), &c, 1));
    row("4.6.2", 1, category, "CKA_CERTIFICATE_CATEGORY, the token's user");
    rows_end(52);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("codes, more");
    TCase *t = mc_case(suite, "rows", setup);
    tcase_add_test(t, short_buffers_of_parts_and_ends);
    tcase_add_test(t, short_buffers_of_two_operations);
    tcase_add_test(t, keys_and_parameters);
    tcase_add_test(t, keys_that_are_made_and_unwrapped);
    tcase_add_test(t, key_pairs_that_are_asked_wrongly);
    tcase_add_test(t, users_by_the_other_door_and_copies);
    tcase_add_test(t, nothing_in_the_middle);
    tcase_add_test(t, the_numbers_are_these);
    return run_suite(suite);
}
