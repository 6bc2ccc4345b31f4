/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an operation under way comes to: its state goes to another session, its key goes, or its
 * parts are too much. Rows with the clause of PKCS#11 3.0 that says so.
 */
#include <string.h>

#include "rowkeys.h"
#include "runner.h"

static CK_OBJECT_HANDLE o;
static CK_BYTE data[1024], out[1024], state[4096];
static CK_ULONG len;
static CK_MECHANISM rsa = {CKM_RSA_PKCS, NULL, 0}, raw = {CKM_RSA_X_509, NULL, 0},
                    sha = {CKM_SHA256, NULL, 0}, ecb = {CKM_SM4_ECB, NULL, 0},
                    hmac = {CKM_SHA256_HMAC, NULL, 0}, gen_sm4 = {CKM_SM4_KEY_GEN, NULL, 0};

static void setup(void)
{
    rows_setup();
    memset(data, 0xff, sizeof data); /* as a number more than any modulus */
    len = sizeof out;
}

/* --- in another session
 * -------------------------------------------------------------------------*/

START_TEST(a_state_is_taken_up)
{
    CK_SESSION_HANDLE other = mc_session(0);
    CK_ULONG size = 0;
    ROW("5.18.1", CKR_OK, C_GenerateKey(s, &gen_sm4, NULL, 0, &o));
    ROW("5.6.6", CKR_OPERATION_NOT_INITIALIZED, C_GetOperationState(s, NULL, &size));
    ROW("5.8.1", CKR_OK, C_EncryptInit(s, &ecb, sm4));
    ROW("5.8.3", CKR_OK, C_EncryptUpdate(s, data, 20, out, &len));
    ROW("5.2", CKR_OK, C_GetOperationState(s, NULL, &size));
    len = size - 1;
    ROW("5.2", CKR_BUFFER_TOO_SMALL, C_GetOperationState(s, state, &len));
    row("5.2", size, len, "what it needs");
    ROW("5.6.6", CKR_OK, C_GetOperationState(s, state, &len));
    row("5.2", size, len, "what it has");
    ROW("5.6.7", CKR_KEY_NEEDED, C_SetOperationState(other, state, size, 0, 0));
    ROW("5.6.7", CKR_KEY_NOT_NEEDED, C_SetOperationState(other, state, size, sm4, sm4));
    ROW("5.6.7", CKR_KEY_NOT_NEEDED, C_SetOperationState(other, state, size, 0, sm4));
    ROW("5.6.7", CKR_KEY_CHANGED, C_SetOperationState(other, state, size, o, 0));
    ROW("5.6.7", CKR_KEY_CHANGED, C_SetOperationState(other, state, size, verify_key, 0));
    ROW("5.6.7", CKR_SAVED_STATE_INVALID, C_SetOperationState(other, state, size - 1, sm4, 0));
    ROW("5.6.7", CKR_SAVED_STATE_INVALID, C_SetOperationState(other, state, 0, sm4, 0));
    ROW("5.6.7", CKR_SAVED_STATE_INVALID, C_SetOperationState(other, data, size, sm4, 0));
    /* what failed has begun nothing */
    ROW("5.8.4", CKR_OPERATION_NOT_INITIALIZED, C_EncryptFinal(other, out, &len));
    ROW("5.6.7", CKR_OK, C_SetOperationState(other, state, size, sm4, 0));
    len = sizeof out;
    ROW("5.8.3", CKR_OK, C_EncryptUpdate(other, data, 12, out, &len));
    row("5.6.7", 16, len, "the block that was begun");
    ROW("5.8.4", CKR_OK, C_EncryptFinal(other, out, &len));
    /* it takes the place of what is under way */
    ROW("5.12.1", CKR_OK, C_DigestInit(other, &sha));
    ROW("5.6.6", CKR_STATE_UNSAVEABLE, C_GetOperationState(other, NULL, &size));
    ROW("5.6.7", CKR_OK, C_SetOperationState(other, state, size, sm4, 0));
    ROW("5.12.5", CKR_OPERATION_NOT_INITIALIZED, C_DigestFinal(other, out, &len));
    rows_end(26);
}
END_TEST

/* --- without its key
 * ----------------------------------------------------------------------------*/

/* The key is o; the call that finds it gone ends the operation. */
#define GONE(clause, begin, call)                                                                  \
    do {                                                                                           \
        ROW(clause, CKR_OK, begin);                                                                \
        ROW("5.7.3", CKR_OK, C_DestroyObject(s, o));                                               \
        ROW("5.1.6", CKR_KEY_HANDLE_INVALID, call);                                                \
        ROW("5.1.6", CKR_OPERATION_NOT_INITIALIZED, call);                                         \
    } while (0)
#define SM4_GONE(clause, begin, call)                                                              \
    do {                                                                                           \
        o = rows_secret(CKK_SM4, 16);                                                              \
        GONE(clause, begin, call);                                                                 \
    } while (0)
#define MAC_GONE(clause, begin, call)                                                              \
    do {                                                                                           \
        o = rows_secret(CKK_GENERIC_SECRET, 32);                                                   \
        GONE(clause, begin, call);                                                                 \
    } while (0)

START_TEST(a_secret_key_goes)
{
    SM4_GONE("5.8.1", C_EncryptInit(s, &ecb, o), C_Encrypt(s, data, 16, out, &len));
    SM4_GONE("5.8.1", C_EncryptInit(s, &ecb, o), C_EncryptUpdate(s, data, 16, out, &len));
    SM4_GONE("5.8.1", C_EncryptInit(s, &ecb, o), C_EncryptFinal(s, out, &len));
    SM4_GONE("5.10.1", C_DecryptInit(s, &ecb, o), C_Decrypt(s, data, 16, out, &len));
    SM4_GONE("5.10.1", C_DecryptInit(s, &ecb, o), C_DecryptUpdate(s, data, 16, out, &len));
    SM4_GONE("5.10.1", C_DecryptInit(s, &ecb, o), C_DecryptFinal(s, out, &len));
    MAC_GONE("5.13.1", C_SignInit(s, &hmac, o), C_Sign(s, data, 4, out, &len));
    MAC_GONE("5.13.1", C_SignInit(s, &hmac, o), C_SignUpdate(s, data, 4));
    MAC_GONE("5.13.1", C_SignInit(s, &hmac, o), C_SignFinal(s, out, &len));
    MAC_GONE("5.15.1", C_VerifyInit(s, &hmac, o), C_Verify(s, data, 4, out, 32));
    MAC_GONE("5.15.1", C_VerifyInit(s, &hmac, o), C_VerifyUpdate(s, data, 4));
    MAC_GONE("5.15.1", C_VerifyInit(s, &hmac, o), C_VerifyFinal(s, out, 32));
    rows_end(48);
}
END_TEST

/* Of two operations the one whose key is still there goes on. */
START_TEST(the_key_of_one_of_two_goes)
{
    ROW("5.12.1", CKR_OK, C_DigestInit(s, &sha));
    SM4_GONE("5.8.1", C_EncryptInit(s, &ecb, o), C_DigestEncryptUpdate(s, data, 16, out, &len));
    SM4_GONE("5.10.1", C_DecryptInit(s, &ecb, o), C_DecryptDigestUpdate(s, data, 16, out, &len));
    ROW("5.12.5", CKR_OK, C_DigestFinal(s, out, &len));
    len = sizeof out;
    ROW("5.8.1", CKR_OK, C_EncryptInit(s, &ecb, sm4));
    MAC_GONE("5.13.1", C_SignInit(s, &hmac, o), C_SignEncryptUpdate(s, data, 16, out, &len));
    ROW("5.8.4", CKR_OK, C_EncryptFinal(s, out, &len));
    len = sizeof out;
    ROW("5.10.1", CKR_OK, C_DecryptInit(s, &ecb, sm4));
    MAC_GONE("5.15.1", C_VerifyInit(s, &hmac, o), C_DecryptVerifyUpdate(s, data, 16, out, &len));
    ROW("5.10.4", CKR_OK, C_DecryptFinal(s, out, &len));
    rows_end(22);
}
END_TEST

/* An RSA pair that has no certificate yet goes with its private key. */
START_TEST(a_key_pair_goes)
{
    CK_MECHANISM gen = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0};
    CK_SESSION_HANDLE other = mc_session(0);
    CK_OBJECT_HANDLE pub = 0;
    row("5.18.2", CKR_OK, mh_generate(&h, s, &gen, NULL, 0, NULL, 0, &pub, &o),
        "C_GenerateKeyPair");
    ROW("5.15.5", CKR_OK, C_VerifyRecoverInit(s, &rsa, pub));
    ROW("5.13.1", CKR_OK, C_SignInit(other, &rsa, o));
    GONE("5.13.5", C_SignRecoverInit(s, &rsa, o), C_SignRecover(s, data, 4, out, &len));
    ROW("5.1.6", CKR_KEY_HANDLE_INVALID, C_VerifyRecover(s, data, 256, out, &len));
    ROW("5.15.6", CKR_OPERATION_NOT_INITIALIZED, C_VerifyRecover(s, data, 256, out, &len));
    ROW("5.1.6", CKR_KEY_HANDLE_INVALID, C_Sign(other, data, 4, out, &len));
    ROW("5.13.2", CKR_OPERATION_NOT_INITIALIZED, C_Sign(other, data, 4, out, &len));
    rows_end(11);
}
END_TEST

/* --- too much, or nothing that fits
 * -------------------------------------------------------------*/

/* It fails, and is over. */
#define FAILS(code, clause, call)                                                                  \
    do {                                                                                           \
        len = sizeof out;                                                                          \
        ROW(clause, code, call);                                                                   \
        ROW(clause, CKR_OPERATION_NOT_INITIALIZED, call);                                          \
    } while (0)

START_TEST(parts_that_sign_nothing)
{
    ROW("5.13.1", CKR_OK, C_SignInit(s, &rsa, sign_key));
    FAILS(CKR_DATA_LEN_RANGE, "5.13.3", C_SignUpdate(s, data, 513));
    ROW("5.13.1", CKR_OK, C_SignInit(s, &rsa, sign_key));
    ROW("5.13.3", CKR_OK, C_SignUpdate(s, data, 246));
    FAILS(CKR_DATA_LEN_RANGE, "5.13.4", C_SignFinal(s, out, &len));
    ROW("5.13.1", CKR_OK, C_SignInit(s, &raw, sign_key));
    ROW("5.13.3", CKR_OK, C_SignUpdate(s, data, 256));
    FAILS(CKR_DATA_INVALID, "5.13.4", C_SignFinal(s, out, &len));
    ROW("5.13.5", CKR_OK, C_SignRecoverInit(s, &raw, sign_key));
    FAILS(CKR_DATA_INVALID, "5.13.6", C_SignRecover(s, data, 256, out, &len));
    ROW("5.15.1", CKR_OK, C_VerifyInit(s, &rsa, verify_key));
    FAILS(CKR_DATA_LEN_RANGE, "5.15.2", C_Verify(s, data, 246, out, 256));
    ROW("5.15.1", CKR_OK, C_VerifyInit(s, &rsa, verify_key));
    FAILS(CKR_DATA_LEN_RANGE, "5.15.3", C_VerifyUpdate(s, data, 513));
    ROW("5.15.1", CKR_OK, C_VerifyInit(s, &rsa, verify_key));
    ROW("5.15.3", CKR_OK, C_VerifyUpdate(s, data, 246));
    FAILS(CKR_DATA_LEN_RANGE, "5.15.4", C_VerifyFinal(s, out, 256));
    /* nobody could have signed it */
    ROW("5.15.1", CKR_OK, C_VerifyInit(s, &raw, verify_key));
    FAILS(CKR_SIGNATURE_INVALID, "5.15.2", C_Verify(s, data, 256, out, 256));
    rows_end(27);
}
END_TEST

START_TEST(parts_that_encrypt_nothing)
{
    ROW("5.8.1", CKR_OK, C_EncryptInit(s, &rsa, encrypt_key));
    FAILS(CKR_DATA_LEN_RANGE, "5.8.3", C_EncryptUpdate(s, data, 257, out, &len));
    ROW("5.8.1", CKR_OK, C_EncryptInit(s, &rsa, encrypt_key));
    ROW("5.8.3", CKR_OK, C_EncryptUpdate(s, data, 246, out, &len));
    FAILS(CKR_DATA_LEN_RANGE, "5.8.4", C_EncryptFinal(s, out, &len));
    ROW("5.8.1", CKR_OK, C_EncryptInit(s, &raw, encrypt_key));
    FAILS(CKR_DATA_INVALID, "5.8.2", C_Encrypt(s, data, 256, out, &len));
    ROW("5.8.1", CKR_OK, C_EncryptInit(s, &raw, encrypt_key));
    ROW("5.8.3", CKR_OK, C_EncryptUpdate(s, data, 256, out, &len));
    FAILS(CKR_DATA_INVALID, "5.8.4", C_EncryptFinal(s, out, &len));
    ROW("5.10.1", CKR_OK, C_DecryptInit(s, &rsa, decrypt_key));
    FAILS(CKR_ENCRYPTED_DATA_LEN_RANGE, "5.10.3", C_DecryptUpdate(s, data, 257, out, &len));
    ROW("5.10.1", CKR_OK, C_DecryptInit(s, &rsa, decrypt_key));
    len = sizeof out;
    ROW("5.10.3", CKR_OK, C_DecryptUpdate(s, data, 256, out, &len));
    FAILS(CKR_ENCRYPTED_DATA_INVALID, "5.10.4", C_DecryptFinal(s, out, &len));
    rows_end(21);
}
END_TEST

/* What is too much for one of two operations ends both. */
START_TEST(parts_that_are_too_much_for_one_of_two)
{
    ROW("5.12.1", CKR_OK, C_DigestInit(s, &sha));
    ROW("5.8.1", CKR_OK, C_EncryptInit(s, &ecb, sm4));
    len = 15;
    ROW("5.2", CKR_BUFFER_TOO_SMALL, C_DigestEncryptUpdate(s, data, 16, out, &len));
    row("5.2", 16, len, "what it needs");
    ROW("5.8.1", CKR_OK, C_EncryptInit(s, NULL, 0));
    ROW("5.8.1", CKR_OK, C_EncryptInit(s, &rsa, encrypt_key));
    FAILS(CKR_DATA_LEN_RANGE, "5.17.1", C_DigestEncryptUpdate(s, data, 257, out, &len));
    ROW("5.12.5", CKR_OPERATION_NOT_INITIALIZED, C_DigestFinal(s, out, &len));
    ROW("5.12.1", CKR_OK, C_DigestInit(s, &sha));
    ROW("5.10.1", CKR_OK, C_DecryptInit(s, &rsa, decrypt_key));
    FAILS(CKR_ENCRYPTED_DATA_LEN_RANGE, "5.17.2", C_DecryptDigestUpdate(s, data, 257, out, &len));
    ROW("5.12.5", CKR_OPERATION_NOT_INITIALIZED, C_DigestFinal(s, out, &len));
    ROW("5.13.1", CKR_OK, C_SignInit(s, &rsa, sign_key));
    ROW("5.8.1", CKR_OK, C_EncryptInit(s, &ecb, sm4));
    FAILS(CKR_DATA_LEN_RANGE, "5.17.3", C_SignEncryptUpdate(s, data, 528, out, &len));
    ROW("5.13.4", CKR_OPERATION_NOT_INITIALIZED, C_SignFinal(s, out, &len));
    ROW("5.15.1", CKR_OK, C_VerifyInit(s, &rsa, verify_key));
    ROW("5.10.1", CKR_OK, C_DecryptInit(s, &ecb, sm4));
    FAILS(CKR_DATA_LEN_RANGE, "5.17.4", C_DecryptVerifyUpdate(s, data, 528, out, &len));
    ROW("5.15.4", CKR_OPERATION_NOT_INITIALIZED, C_VerifyFinal(s, out, 256));
    ROW("5.15.1", CKR_OK, C_VerifyInit(s, &rsa, verify_key));
    ROW("5.10.1", CKR_OK, C_DecryptInit(s, &rsa, decrypt_key));
    FAILS(CKR_ENCRYPTED_DATA_LEN_RANGE, "5.17.4", C_DecryptVerifyUpdate(s, data, 257, out, &len));
    ROW("5.15.4", CKR_OPERATION_NOT_INITIALIZED, C_VerifyFinal(s, out, 256));
    rows_end(29);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("codes of parts");
    TCase *t = mc_case(suite, "rows", setup);
    tcase_add_test(t, a_state_is_taken_up);
    tcase_add_test(t, a_secret_key_goes);
    tcase_add_test(t, the_key_of_one_of_two_goes);
    tcase_add_test(t, a_key_pair_goes);
    tcase_add_test(t, parts_that_sign_nothing);
    tcase_add_test(t, parts_that_encrypt_nothing);
    tcase_add_test(t, parts_that_are_too_much_for_one_of_two);
    return run_suite(suite);
}
