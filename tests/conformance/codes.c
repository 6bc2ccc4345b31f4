/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every function answers before the module is initialised, without a session, with nothing
 * where something must be, on a token that has gone, and out of turn: tables of rows with the
 * clause of PKCS#11 3.0 that says so. codes_use.c has those of sessions, lengths, mechanisms and
 * attributes.
 */
#include <string.h>
#include <unistd.h>

#include "rows.h"
#include "runner.h"

#define NO 0x7fffffffUL /* no session's handle, no object's */

/* arguments that would do */
static CK_BYTE data[512], out[512], pin[16], label[32];
static CK_ULONG len;
static CK_OBJECT_HANDLE o;
static CK_SESSION_HANDLE s;
static CK_SLOT_ID slot;
static CK_SESSION_INFO info;
static CK_INFO general;
static CK_SLOT_INFO slot_info;
static CK_TOKEN_INFO token_info;
static CK_MECHANISM_INFO mechanism_info;
static CK_MECHANISM rsa = {CKM_RSA_PKCS, NULL, 0}, sha = {CKM_SHA256, NULL, 0},
                    gen = {CKM_SM4_KEY_GEN, NULL, 0}, pair = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0},
                    derivation = {CKM_SHA1_KEY_DERIVATION, NULL, 0};
static CK_ATTRIBUTE templ[1];

/* What a table before has changed. */
static void arguments(void)
{
    static CK_BYTE value[64];
    memset(data, 'd', sizeof data);
    memset(label, ' ', sizeof label);
    memcpy(pin, MH_PIN, 8);
    memcpy(label, "token", 5);
    len = sizeof out;
    o = NO;
    slot = 0;
    templ[0] = (CK_ATTRIBUTE){CKA_LABEL, value, sizeof value};
}

static void every_call_of_management(CK_SESSION_HANDLE on, CK_RV want)
{
    ROW("5.6.2", want, C_CloseSession(on));
    ROW("5.6.4", want, C_GetSessionInfo(on, &info));
    ROW("5.6.5", want, C_SessionCancel(on, CKF_SIGN));
    ROW("5.6.6", want, C_GetOperationState(on, out, &len));
    ROW("5.6.7", want, C_SetOperationState(on, out, 8, 0, 0));
    ROW("5.6.8", want, C_Login(on, CKU_USER, pin, 8));
    ROW("5.6.9", want, C_LoginUser(on, CKU_USER, pin, 8, NULL, 0));
    ROW("5.6.10", want, C_Logout(on));
    ROW("5.5.8", want, C_InitPIN(on, pin, 8));
    ROW("5.5.9", want, C_SetPIN(on, pin, 8, pin, 8));
    ROW("5.7.1", want, C_CreateObject(on, templ, 1, &o));
    ROW("5.7.2", want, C_CopyObject(on, o, templ, 1, &o));
    ROW("5.7.3", want, C_DestroyObject(on, o));
    ROW("5.7.4", want, C_GetObjectSize(on, o, &len));
    ROW("5.7.5", want, C_GetAttributeValue(on, o, templ, 1));
    ROW("5.7.6", want, C_SetAttributeValue(on, o, templ, 1));
    ROW("5.7.7", want, C_FindObjectsInit(on, NULL, 0));
    ROW("5.7.8", want, C_FindObjects(on, &o, 1, &len));
    ROW("5.7.9", want, C_FindObjectsFinal(on));
}

static void every_call_of_cryptography(CK_SESSION_HANDLE on, CK_RV want)
{
    ROW("5.8.1", want, C_EncryptInit(on, &rsa, o));
    ROW("5.8.2", want, C_Encrypt(on, data, 4, out, &len));
    ROW("5.8.3", want, C_EncryptUpdate(on, data, 4, out, &len));
    ROW("5.8.4", want, C_EncryptFinal(on, out, &len));
    ROW("5.10.1", want, C_DecryptInit(on, &rsa, o));
    ROW("5.10.2", want, C_Decrypt(on, data, 4, out, &len));
    ROW("5.10.3", want, C_DecryptUpdate(on, data, 4, out, &len));
    ROW("5.10.4", want, C_DecryptFinal(on, out, &len));
    ROW("5.12.1", want, C_DigestInit(on, &sha));
    ROW("5.12.2", want, C_Digest(on, data, 4, out, &len));
    ROW("5.12.3", want, C_DigestUpdate(on, data, 4));
    ROW("5.12.4", want, C_DigestKey(on, o));
    ROW("5.12.5", want, C_DigestFinal(on, out, &len));
    ROW("5.13.1", want, C_SignInit(on, &rsa, o));
    ROW("5.13.2", want, C_Sign(on, data, 4, out, &len));
    ROW("5.13.3", want, C_SignUpdate(on, data, 4));
    ROW("5.13.4", want, C_SignFinal(on, out, &len));
    ROW("5.13.5", want, C_SignRecoverInit(on, &rsa, o));
    ROW("5.13.6", want, C_SignRecover(on, data, 4, out, &len));
    ROW("5.15.1", want, C_VerifyInit(on, &rsa, o));
    ROW("5.15.2", want, C_Verify(on, data, 4, out, 256));
    ROW("5.15.3", want, C_VerifyUpdate(on, data, 4));
    ROW("5.15.4", want, C_VerifyFinal(on, out, 256));
    ROW("5.15.5", want, C_VerifyRecoverInit(on, &rsa, o));
    ROW("5.15.6", want, C_VerifyRecover(on, out, 256, data, &len));
    ROW("5.17.1", want, C_DigestEncryptUpdate(on, data, 4, out, &len));
    ROW("5.17.2", want, C_DecryptDigestUpdate(on, data, 4, out, &len));
    ROW("5.17.3", want, C_SignEncryptUpdate(on, data, 4, out, &len));
    ROW("5.17.4", want, C_DecryptVerifyUpdate(on, data, 4, out, &len));
    ROW("5.18.1", want, C_GenerateKey(on, &gen, templ, 1, &o));
    ROW("5.18.2", want, C_GenerateKeyPair(on, &gen, NULL, 0, NULL, 0, &o, &o));
    ROW("5.18.3", want, C_WrapKey(on, &rsa, o, o, out, &len));
    ROW("5.18.4", want, C_UnwrapKey(on, &rsa, o, out, 256, templ, 1, &o));
    ROW("5.18.5", want, C_DeriveKey(on, &derivation, o, templ, 1, &o));
    ROW("5.19.1", want, C_SeedRandom(on, data, 4));
    ROW("5.19.2", want, C_GenerateRandom(on, out, 8));
}

/* Every function that takes a session but for those that aren't there. */
static void every_session_call(CK_SESSION_HANDLE on, CK_RV want)
{
    every_call_of_management(on, want);
    every_call_of_cryptography(on, want);
}

static void every_slot_call(CK_RV want)
{
    ROW("5.4.2", want, C_Finalize(NULL));
    ROW("5.4.3", want, C_GetInfo(&general));
    ROW("5.5.1", want, C_GetSlotList(0, NULL, &len));
    ROW("5.5.2", want, C_GetSlotInfo(0, &slot_info));
    ROW("5.5.3", want, C_GetTokenInfo(0, &token_info));
    ROW("5.5.4", want, C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL));
    ROW("5.5.5", want, C_GetMechanismList(0, NULL, &len));
    ROW("5.5.6", want, C_GetMechanismInfo(0, CKM_RSA_PKCS, &mechanism_info));
    ROW("5.5.7", want, C_InitToken(0, pin, 8, label));
    ROW("5.6.1", want, C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &s));
    ROW("5.6.3", want, C_CloseAllSessions(0));
}

/* These are the module's "inapplicable": see docs/pkcs11-profile.md. */
static void every_missing_call(CK_SESSION_HANDLE on)
{
    ROW("5.9.1", CKR_FUNCTION_NOT_SUPPORTED, C_MessageEncryptInit(on, &rsa, o));
    ROW("5.9.2", CKR_FUNCTION_NOT_SUPPORTED,
        C_EncryptMessage(on, out, 0, NULL, 0, data, 4, out, &len));
    ROW("5.9.3", CKR_FUNCTION_NOT_SUPPORTED, C_EncryptMessageBegin(on, out, 0, NULL, 0));
    ROW("5.9.4", CKR_FUNCTION_NOT_SUPPORTED,
        C_EncryptMessageNext(on, out, 0, data, 4, out, &len, 0));
    ROW("5.9.5", CKR_FUNCTION_NOT_SUPPORTED, C_MessageEncryptFinal(on));
    ROW("5.11.1", CKR_FUNCTION_NOT_SUPPORTED, C_MessageDecryptInit(on, &rsa, o));
    ROW("5.11.2", CKR_FUNCTION_NOT_SUPPORTED,
        C_DecryptMessage(on, out, 0, NULL, 0, data, 4, out, &len));
    ROW("5.11.3", CKR_FUNCTION_NOT_SUPPORTED, C_DecryptMessageBegin(on, out, 0, NULL, 0));
    ROW("5.11.4", CKR_FUNCTION_NOT_SUPPORTED,
        C_DecryptMessageNext(on, out, 0, data, 4, out, &len, 0));
    ROW("5.11.5", CKR_FUNCTION_NOT_SUPPORTED, C_MessageDecryptFinal(on));
    ROW("5.14.1", CKR_FUNCTION_NOT_SUPPORTED, C_MessageSignInit(on, &rsa, o));
    ROW("5.14.2", CKR_FUNCTION_NOT_SUPPORTED, C_SignMessage(on, out, 0, data, 4, out, &len));
    ROW("5.14.3", CKR_FUNCTION_NOT_SUPPORTED, C_SignMessageBegin(on, out, 0));
    ROW("5.14.4", CKR_FUNCTION_NOT_SUPPORTED, C_SignMessageNext(on, out, 0, data, 4, out, &len));
    ROW("5.14.5", CKR_FUNCTION_NOT_SUPPORTED, C_MessageSignFinal(on));
    ROW("5.16.1", CKR_FUNCTION_NOT_SUPPORTED, C_MessageVerifyInit(on, &rsa, o));
    ROW("5.16.2", CKR_FUNCTION_NOT_SUPPORTED, C_VerifyMessage(on, out, 0, data, 4, out, 8));
    ROW("5.16.3", CKR_FUNCTION_NOT_SUPPORTED, C_VerifyMessageBegin(on, out, 0));
    ROW("5.16.4", CKR_FUNCTION_NOT_SUPPORTED, C_VerifyMessageNext(on, out, 0, data, 4, out, 8));
    ROW("5.16.5", CKR_FUNCTION_NOT_SUPPORTED, C_MessageVerifyFinal(on));
}

static CK_RV no_mutex(void **mutex)
{
    *mutex = NULL;
    return CKR_OK;
}

static CK_RV no_lock(void *mutex)
{
    (void)mutex;
    return CKR_OK;
}

START_TEST(before_initialize)
{
    CK_C_INITIALIZE_ARGS only_ours = {no_mutex, no_lock, no_lock, no_lock, 0, NULL},
                         half = {no_mutex, NULL, no_lock, no_lock, 0, NULL},
                         reserved = {NULL, NULL, NULL, NULL, 0, data};
    CK_FUNCTION_LIST *list = NULL;
    CK_INTERFACE *one = NULL;
    arguments();
    (void)h.f->C_Finalize(NULL);
    every_slot_call(CKR_CRYPTOKI_NOT_INITIALIZED);
    every_session_call(NO, CKR_CRYPTOKI_NOT_INITIALIZED);
    every_missing_call(NO);
    /* these alone may come first */
    ROW("5.4.4", CKR_OK, C_GetFunctionList(&list));
    ROW("5.4.5", CKR_OK, C_GetInterfaceList(NULL, &len));
    ROW("5.4.6", CKR_OK, C_GetInterface(NULL, NULL, &one, 0));
    /* and these are of the past and say only that */
    ROW("5.20.1", CKR_FUNCTION_NOT_PARALLEL, C_GetFunctionStatus(NO));
    ROW("5.20.2", CKR_FUNCTION_NOT_PARALLEL, C_CancelFunction(NO));
    ROW("5.4.1", CKR_ARGUMENTS_BAD, C_Initialize(&reserved));
    ROW("5.4.1", CKR_ARGUMENTS_BAD, C_Initialize(&half));
    ROW("5.4.1", CKR_CANT_LOCK, C_Initialize(&only_ours));
    ROW("5.4.1", CKR_OK, C_Initialize(NULL));
    ROW("5.4.1", CKR_CRYPTOKI_ALREADY_INITIALIZED, C_Initialize(NULL));
    rows_end(95); /* every function of the list, once, and C_Initialize more often */
}
END_TEST

START_TEST(without_a_session)
{
    arguments();
    every_session_call(CK_INVALID_HANDLE, CKR_SESSION_HANDLE_INVALID);
    every_session_call(NO, CKR_SESSION_HANDLE_INVALID);
    s = mc_session(0);
    ck_assert_uint_eq(h.f->C_CloseSession(s), CKR_OK);
    every_session_call(s, CKR_SESSION_HANDLE_INVALID);
    rows_end(150);
}
END_TEST

/* 5.1.2, 5.1.3: the call that finds out says that the key has been removed, later ones that their
 * session has gone, or that no token is there. */
START_TEST(on_a_key_that_is_pulled)
{
    arguments();
    s = mh_login(&h, 0);
    ck_assert_int_eq(unlink(h.key), 0);
    ROW("5.1.3", CKR_DEVICE_REMOVED, C_FindObjectsInit(s, NULL, 0));
    every_session_call(s, CKR_SESSION_HANDLE_INVALID);
    ROW("5.5.3", CKR_TOKEN_NOT_PRESENT, C_GetTokenInfo(0, &token_info));
    ROW("5.5.5", CKR_TOKEN_NOT_PRESENT, C_GetMechanismList(0, NULL, &len));
    ROW("5.5.6", CKR_TOKEN_NOT_PRESENT, C_GetMechanismInfo(0, CKM_RSA_PKCS, &mechanism_info));
    ROW("5.6.1", CKR_TOKEN_NOT_PRESENT, C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &s));
    ROW("5.5.2", CKR_OK, C_GetSlotInfo(0, &slot_info));
    ROW("5.6.3", CKR_OK, C_CloseAllSessions(0));
    ROW("5.5.1", CKR_OK, C_GetSlotList(1, NULL, &len));
    ck_assert_uint_eq(len, 0);
    rows_end(60);
}
END_TEST

START_TEST(without_a_slot)
{
    arguments();
    for (CK_SLOT_ID none = 2; none; none = none == 2 ? CK_UNAVAILABLE_INFORMATION : 0) {
        ROW("5.5.2", CKR_SLOT_ID_INVALID, C_GetSlotInfo(none, &slot_info));
        ROW("5.5.3", CKR_SLOT_ID_INVALID, C_GetTokenInfo(none, &token_info));
        ROW("5.5.5", CKR_SLOT_ID_INVALID, C_GetMechanismList(none, NULL, &len));
        ROW("5.5.6", CKR_SLOT_ID_INVALID, C_GetMechanismInfo(none, CKM_SHA256, &mechanism_info));
        ROW("5.6.1", CKR_SLOT_ID_INVALID, C_OpenSession(none, CKF_SERIAL_SESSION, NULL, NULL, &s));
        ROW("5.6.3", CKR_SLOT_ID_INVALID, C_CloseAllSessions(none));
    }
    rows_end(12);
}
END_TEST

/* 5.1.6, CKR_ARGUMENTS_BAD: nothing where something must be. */
START_TEST(with_nothing_where_something_must_be)
{
    arguments();
    s = mh_login(&h, 0);
    CK_ATTRIBUTE none = {CKA_LABEL, NULL, 5};
    ROW("5.4.2", CKR_ARGUMENTS_BAD, C_Finalize(data));
    ROW("5.4.3", CKR_ARGUMENTS_BAD, C_GetInfo(NULL));
    ROW("5.4.4", CKR_ARGUMENTS_BAD, C_GetFunctionList(NULL));
    ROW("5.4.5", CKR_ARGUMENTS_BAD, C_GetInterfaceList(NULL, NULL));
    ROW("5.4.6", CKR_ARGUMENTS_BAD, C_GetInterface(NULL, NULL, NULL, 0));
    ROW("5.5.1", CKR_ARGUMENTS_BAD, C_GetSlotList(0, NULL, NULL));
    ROW("5.5.2", CKR_ARGUMENTS_BAD, C_GetSlotInfo(0, NULL));
    ROW("5.5.3", CKR_ARGUMENTS_BAD, C_GetTokenInfo(0, NULL));
    ROW("5.5.4", CKR_ARGUMENTS_BAD, C_WaitForSlotEvent(CKF_DONT_BLOCK, NULL, NULL));
    ROW("5.5.4", CKR_ARGUMENTS_BAD, C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, data));
    ROW("5.5.5", CKR_ARGUMENTS_BAD, C_GetMechanismList(0, NULL, NULL));
    ROW("5.5.6", CKR_ARGUMENTS_BAD, C_GetMechanismInfo(0, CKM_RSA_PKCS, NULL));
    ROW("5.5.9", CKR_ARGUMENTS_BAD, C_SetPIN(s, NULL, 8, pin, 8));
    ROW("5.5.9", CKR_ARGUMENTS_BAD, C_SetPIN(s, pin, 8, NULL, 8));
    ROW("5.6.1", CKR_ARGUMENTS_BAD, C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, NULL));
    ROW("5.6.4", CKR_ARGUMENTS_BAD, C_GetSessionInfo(s, NULL));
    ROW("5.6.6", CKR_ARGUMENTS_BAD, C_GetOperationState(s, NULL, NULL));
    ROW("5.6.7", CKR_ARGUMENTS_BAD, C_SetOperationState(s, NULL, 8, 0, 0));
    ROW("5.7.1", CKR_ARGUMENTS_BAD, C_CreateObject(s, NULL, 1, &o));
    ROW("5.7.1", CKR_ARGUMENTS_BAD, C_CreateObject(s, templ, 1, NULL));
    ROW("5.7.2", CKR_ARGUMENTS_BAD, C_CopyObject(s, o, NULL, 1, &o));
    ROW("5.7.2", CKR_ARGUMENTS_BAD, C_CopyObject(s, o, templ, 1, NULL));
    ROW("5.7.4", CKR_ARGUMENTS_BAD, C_GetObjectSize(s, o, NULL));
    ROW("5.7.5", CKR_ARGUMENTS_BAD, C_GetAttributeValue(s, o, NULL, 1));
    ROW("5.7.6", CKR_ARGUMENTS_BAD, C_SetAttributeValue(s, o, NULL, 1));
    ROW("5.7.7", CKR_ARGUMENTS_BAD, C_FindObjectsInit(s, NULL, 1));
    ROW("5.7.7", CKR_ARGUMENTS_BAD, C_FindObjectsInit(s, &none, 1));
    ROW("5.18.1", CKR_ARGUMENTS_BAD, C_GenerateKey(s, NULL, templ, 1, &o));
    ROW("5.18.1", CKR_ARGUMENTS_BAD, C_GenerateKey(s, &gen, NULL, 1, &o));
    ROW("5.18.1", CKR_ARGUMENTS_BAD, C_GenerateKey(s, &gen, templ, 1, NULL));
    ROW("5.18.2", CKR_ARGUMENTS_BAD, C_GenerateKeyPair(s, NULL, NULL, 0, NULL, 0, &o, &o));
    ROW("5.18.2", CKR_ARGUMENTS_BAD, C_GenerateKeyPair(s, &pair, NULL, 1, NULL, 0, &o, &o));
    ROW("5.18.2", CKR_ARGUMENTS_BAD, C_GenerateKeyPair(s, &pair, NULL, 0, NULL, 1, &o, &o));
    ROW("5.18.2", CKR_ARGUMENTS_BAD, C_GenerateKeyPair(s, &pair, NULL, 0, NULL, 0, NULL, &o));
    ROW("5.18.2", CKR_ARGUMENTS_BAD, C_GenerateKeyPair(s, &pair, NULL, 0, NULL, 0, &o, NULL));
    ROW("5.18.3", CKR_ARGUMENTS_BAD, C_WrapKey(s, NULL, o, o, out, &len));
    ROW("5.18.3", CKR_ARGUMENTS_BAD, C_WrapKey(s, &rsa, o, o, out, NULL));
    ROW("5.18.4", CKR_ARGUMENTS_BAD, C_UnwrapKey(s, NULL, o, out, 256, templ, 1, &o));
    ROW("5.18.4", CKR_ARGUMENTS_BAD, C_UnwrapKey(s, &rsa, o, out, 256, NULL, 1, &o));
    ROW("5.18.4", CKR_ARGUMENTS_BAD, C_UnwrapKey(s, &rsa, o, out, 256, templ, 1, NULL));
    ROW("5.18.5", CKR_ARGUMENTS_BAD, C_DeriveKey(s, NULL, o, templ, 1, &o));
    ROW("5.18.5", CKR_ARGUMENTS_BAD, C_DeriveKey(s, &derivation, o, NULL, 1, &o));
    ROW("5.18.5", CKR_ARGUMENTS_BAD, C_DeriveKey(s, &derivation, o, templ, 1, NULL));
    ROW("5.19.1", CKR_ARGUMENTS_BAD, C_SeedRandom(s, NULL, 8));
    ROW("5.19.2", CKR_ARGUMENTS_BAD, C_GenerateRandom(s, NULL, 8));
    ROW("5.6.10", CKR_OK, C_Logout(s));
    ROW("5.6.8", CKR_ARGUMENTS_BAD, C_Login(s, CKU_USER, NULL, 8));
    ROW("5.6.9", CKR_ARGUMENTS_BAD, C_LoginUser(s, CKU_USER, NULL, 8, NULL, 0));
    ROW("5.6.9", CKR_ARGUMENTS_BAD, C_LoginUser(s, CKU_USER, pin, 8, NULL, 3));
    rows_end(49);
}
END_TEST

/* Each of these wants an Init before it. */
START_TEST(out_of_turn)
{
    arguments();
    s = mh_login(&h, 0);
    ROW("5.6.6", CKR_OPERATION_NOT_INITIALIZED, C_GetOperationState(s, out, &len));
    ROW("5.7.8", CKR_OPERATION_NOT_INITIALIZED, C_FindObjects(s, &o, 1, &len));
    ROW("5.7.9", CKR_OPERATION_NOT_INITIALIZED, C_FindObjectsFinal(s));
    ROW("5.8.2", CKR_OPERATION_NOT_INITIALIZED, C_Encrypt(s, data, 4, out, &len));
    ROW("5.8.3", CKR_OPERATION_NOT_INITIALIZED, C_EncryptUpdate(s, data, 4, out, &len));
    ROW("5.8.4", CKR_OPERATION_NOT_INITIALIZED, C_EncryptFinal(s, out, &len));
    ROW("5.10.2", CKR_OPERATION_NOT_INITIALIZED, C_Decrypt(s, data, 256, out, &len));
    ROW("5.10.3", CKR_OPERATION_NOT_INITIALIZED, C_DecryptUpdate(s, data, 4, out, &len));
    ROW("5.10.4", CKR_OPERATION_NOT_INITIALIZED, C_DecryptFinal(s, out, &len));
    ROW("5.12.2", CKR_OPERATION_NOT_INITIALIZED, C_Digest(s, data, 4, out, &len));
    ROW("5.12.3", CKR_OPERATION_NOT_INITIALIZED, C_DigestUpdate(s, data, 4));
    ROW("5.12.4", CKR_OPERATION_NOT_INITIALIZED, C_DigestKey(s, o));
    ROW("5.12.5", CKR_OPERATION_NOT_INITIALIZED, C_DigestFinal(s, out, &len));
    ROW("5.13.2", CKR_OPERATION_NOT_INITIALIZED, C_Sign(s, data, 4, out, &len));
    ROW("5.13.2", CKR_OPERATION_NOT_INITIALIZED, C_Sign(s, data, 4, NULL, &len));
    ROW("5.13.3", CKR_OPERATION_NOT_INITIALIZED, C_SignUpdate(s, data, 4));
    ROW("5.13.4", CKR_OPERATION_NOT_INITIALIZED, C_SignFinal(s, out, &len));
    ROW("5.13.6", CKR_OPERATION_NOT_INITIALIZED, C_SignRecover(s, data, 4, out, &len));
    ROW("5.15.2", CKR_OPERATION_NOT_INITIALIZED, C_Verify(s, data, 4, out, 256));
    ROW("5.15.3", CKR_OPERATION_NOT_INITIALIZED, C_VerifyUpdate(s, data, 4));
    ROW("5.15.4", CKR_OPERATION_NOT_INITIALIZED, C_VerifyFinal(s, out, 256));
    ROW("5.15.6", CKR_OPERATION_NOT_INITIALIZED, C_VerifyRecover(s, out, 256, data, &len));
    ROW("5.17.1", CKR_OPERATION_NOT_INITIALIZED, C_DigestEncryptUpdate(s, data, 4, out, &len));
    ROW("5.17.2", CKR_OPERATION_NOT_INITIALIZED, C_DecryptDigestUpdate(s, data, 4, out, &len));
    ROW("5.17.3", CKR_OPERATION_NOT_INITIALIZED, C_SignEncryptUpdate(s, data, 4, out, &len));
    ROW("5.17.4", CKR_OPERATION_NOT_INITIALIZED, C_DecryptVerifyUpdate(s, data, 4, out, &len));
    rows_end(26);
}
END_TEST

/* No such object, or one that only a log-in shows. */
START_TEST(without_the_object)
{
    arguments();
    s = mh_login(&h, 0);
    ROW("5.7.2", CKR_OBJECT_HANDLE_INVALID, C_CopyObject(s, NO, templ, 1, &o));
    ROW("5.7.3", CKR_OBJECT_HANDLE_INVALID, C_DestroyObject(s, NO));
    ROW("5.7.4", CKR_OBJECT_HANDLE_INVALID, C_GetObjectSize(s, NO, &len));
    ROW("5.7.5", CKR_OBJECT_HANDLE_INVALID, C_GetAttributeValue(s, NO, templ, 1));
    ROW("5.7.6", CKR_OBJECT_HANDLE_INVALID, C_SetAttributeValue(s, NO, templ, 1));
    ROW("5.8.1", CKR_KEY_HANDLE_INVALID, C_EncryptInit(s, &rsa, NO));
    ROW("5.10.1", CKR_KEY_HANDLE_INVALID, C_DecryptInit(s, &rsa, NO));
    ROW("5.13.1", CKR_KEY_HANDLE_INVALID, C_SignInit(s, &rsa, NO));
    ROW("5.13.5", CKR_KEY_HANDLE_INVALID, C_SignRecoverInit(s, &rsa, NO));
    ROW("5.15.1", CKR_KEY_HANDLE_INVALID, C_VerifyInit(s, &rsa, NO));
    ROW("5.15.5", CKR_KEY_HANDLE_INVALID, C_VerifyRecoverInit(s, &rsa, NO));
    ROW("5.18.3", CKR_WRAPPING_KEY_HANDLE_INVALID, C_WrapKey(s, &rsa, NO, NO, out, &len));
    ROW("5.18.4", CKR_UNWRAPPING_KEY_HANDLE_INVALID,
        C_UnwrapKey(s, &rsa, NO, out, 256, NULL, 0, &o));
    ROW("5.18.5", CKR_KEY_HANDLE_INVALID, C_DeriveKey(s, &derivation, NO, NULL, 0, &o));
    ROW("5.12.1", CKR_OK, C_DigestInit(s, &sha));
    ROW("5.12.4", CKR_KEY_HANDLE_INVALID, C_DigestKey(s, NO));
    o = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    ROW("5.6.10", CKR_OK, C_Logout(s));
    ROW("5.7.5", CKR_OBJECT_HANDLE_INVALID, C_GetAttributeValue(s, o, templ, 1));
    ROW("5.13.1", CKR_KEY_HANDLE_INVALID, C_SignInit(s, &rsa, o));
    rows_end(19);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("codes");
    TCase *t = mc_case(suite, "empty key", mc_setup);
    tcase_add_test(t, before_initialize);
    tcase_add_test(t, without_a_session);
    tcase_add_test(t, on_a_key_that_is_pulled);
    tcase_add_test(t, without_a_slot);
    tcase_add_test(t, with_nothing_where_something_must_be);
    tcase_add_test(t, out_of_turn);
    t = mc_case(suite, "with certificates", mc_setup_certs);
    tcase_add_test(t, without_the_object);
    return run_suite(suite);
}
