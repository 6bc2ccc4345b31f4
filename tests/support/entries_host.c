/* SPDX-License-Identifier: Apache-2.0 */
/* Entry points that ask the key for nothing: they work on what is known of it, or on the host. */
#include "entries.h"
#include "pkcs11/p11.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static CK_MECHANISM digest = {CKM_SM3, NULL, 0}, blocks = {CKM_SM4_ECB, NULL, 0};

/* --- before
 * -------------------------------------------------------------------------------------*/

static void ended(void)
{
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
}

static void with_public(void)
{
    entry_login();
    at.o = mh_find(&h, at.s, CKO_PUBLIC_KEY, CKA_VERIFY);
}

static void with_private(void)
{
    entry_login();
    at.o = mh_find(&h, at.s, CKO_PRIVATE_KEY, CKA_SIGN);
}

static void with_encryption(void)
{
    entry_login();
    at.o = mh_find(&h, at.s, CKO_PUBLIC_KEY, CKA_ENCRYPT);
}

static void digest_init(void)
{
    entry_secret();
    ck_assert_uint_eq(h.f->C_DigestInit(at.s, &digest), CKR_OK);
}

static void encrypt_init(void)
{
    CK_MECHANISM m = entry_seal_mechanism();
    with_encryption();
    ck_assert_uint_eq(h.f->C_EncryptInit(at.s, &m, at.o), CKR_OK);
}

static void encrypt_update(void)
{
    encrypt_init();
    at.len = sizeof at.bytes;
    ck_assert_uint_eq(h.f->C_EncryptUpdate(at.s, entry_text, 8, at.bytes, &at.len), CKR_OK);
}

static void decrypt_blocks(void)
{
    entry_secret();
    ck_assert_uint_eq(h.f->C_DecryptInit(at.s, &blocks, at.secret), CKR_OK);
}

static void sign_init(void)
{
    CK_MECHANISM m = entry_sign_mechanism();
    with_private();
    ck_assert_uint_eq(h.f->C_SignInit(at.s, &m, at.o), CKR_OK);
}

/* A signature of entry_text. */
static void sign(void)
{
    sign_init();
    at.sealed_len = sizeof at.sealed;
    ck_assert_uint_eq(h.f->C_Sign(at.s, entry_text, ENTRY_TEXT_LEN, at.sealed, &at.sealed_len),
                      CKR_OK);
    at.o = mh_find(&h, at.s, CKO_PUBLIC_KEY, CKA_VERIFY);
}

static void verify_init(void)
{
    CK_MECHANISM m = entry_sign_mechanism();
    sign();
    ck_assert_uint_eq(h.f->C_VerifyInit(at.s, &m, at.o), CKR_OK);
}

static void verify_update(void)
{
    verify_init();
    ck_assert_uint_eq(h.f->C_VerifyUpdate(at.s, entry_text, ENTRY_TEXT_LEN), CKR_OK);
}

static void verify_recover_init(void)
{
    CK_MECHANISM m = {CKM_RSA_PKCS, NULL, 0};
    with_private();
    at.sealed_len = sizeof at.sealed;
    ck_assert_uint_eq(h.f->C_SignInit(at.s, &m, at.o), CKR_OK);
    ck_assert_uint_eq(h.f->C_Sign(at.s, entry_text, ENTRY_TEXT_LEN, at.sealed, &at.sealed_len),
                      CKR_OK);
    at.o = mh_find(&h, at.s, CKO_PUBLIC_KEY, CKA_VERIFY);
    ck_assert_uint_eq(h.f->C_VerifyRecoverInit(at.s, &m, at.o), CKR_OK);
}

static void digest_and_encrypt(void)
{
    digest_init();
    ck_assert_uint_eq(h.f->C_EncryptInit(at.s, &blocks, at.secret), CKR_OK);
}

static void digest_and_decrypt(void)
{
    digest_init();
    ck_assert_uint_eq(h.f->C_DecryptInit(at.s, &blocks, at.secret), CKR_OK);
}

static void sign_and_encrypt(void)
{
    CK_MECHANISM m = entry_sign_mechanism();
    entry_secret();
    at.o = mh_find(&h, at.s, CKO_PRIVATE_KEY, CKA_SIGN);
    ck_assert_uint_eq(h.f->C_SignInit(at.s, &m, at.o), CKR_OK);
    ck_assert_uint_eq(h.f->C_EncryptInit(at.s, &blocks, at.secret), CKR_OK);
}

static void verify_and_decrypt(void)
{
    CK_MECHANISM m = entry_sign_mechanism();
    entry_secret();
    at.o = mh_find(&h, at.s, CKO_PUBLIC_KEY, CKA_VERIFY);
    ck_assert_uint_eq(h.f->C_VerifyInit(at.s, &m, at.o), CKR_OK);
    ck_assert_uint_eq(h.f->C_DecryptInit(at.s, &blocks, at.secret), CKR_OK);
}

static void with_derivable(void)
{
    CK_MECHANISM m = {CKM_GENERIC_SECRET_KEY_GEN, NULL, 0};
    CK_ULONG len = 32;
    CK_ATTRIBUTE t[] = {{CKA_VALUE_LEN, &len, sizeof len}, {CKA_DERIVE, &(CK_BBOOL){1}, 1}};
    entry_login();
    ck_assert_uint_eq(h.f->C_GenerateKey(at.s, &m, t, COUNT(t), &at.secret), CKR_OK);
}

static void find_init(void)
{
    entry_login();
    ck_assert_uint_eq(h.f->C_FindObjectsInit(at.s, NULL, 0), CKR_OK);
}

/* --- calls
 * --------------------------------------------------------------------------------------*/

#define CALL(name, ...)                                                                            \
    static CK_RV do_##name(void)                                                                   \
    {                                                                                              \
        return h.f->name(__VA_ARGS__);                                                             \
    }
/* With at.bytes as the place for what comes. */
#define CALL_OUT(name, ...)                                                                        \
    static CK_RV do_##name(void)                                                                   \
    {                                                                                              \
        at.len = sizeof at.bytes;                                                                  \
        return h.f->name(__VA_ARGS__, at.bytes, &at.len);                                          \
    }
/* With a mechanism and the object. */
#define CALL_INIT(name, mechanism)                                                                 \
    static CK_RV do_##name(void)                                                                   \
    {                                                                                              \
        CK_MECHANISM m = mechanism;                                                                \
        return h.f->name(at.s, &m, at.o);                                                          \
    }

CALL(C_Initialize, NULL)
CALL(C_Finalize, NULL)
CALL(C_GetInfo, (CK_INFO *)(void *)at.bytes)
CALL(C_GetFunctionList, (CK_FUNCTION_LIST **)(void *)at.bytes)
CALL(C_GetInterfaceList, NULL, &at.len)
CALL(C_GetInterface, NULL, NULL, (CK_INTERFACE **)(void *)at.bytes, 0)
CALL(C_GetSlotInfo, at.slot, (CK_SLOT_INFO *)(void *)at.bytes)
CALL(C_WaitForSlotEvent, CKF_DONT_BLOCK, &at.len, NULL)
CALL(C_GetSessionInfo, at.s, (CK_SESSION_INFO *)(void *)at.bytes)
CALL(C_SessionCancel, at.s, CKF_SIGN)
CALL_OUT(C_GetOperationState, at.s)
CALL(C_SetOperationState, at.s, at.bytes, 16, 0, 0)
CALL(C_GetObjectSize, at.s, at.o, &at.len)
CALL(C_FindObjects, at.s, (CK_OBJECT_HANDLE *)(void *)at.bytes, 16, &at.len)
CALL(C_FindObjectsFinal, at.s)
CALL_INIT(C_EncryptInit, entry_seal_mechanism())
CALL_OUT(C_Encrypt, at.s, entry_text, 16)
CALL_OUT(C_EncryptUpdate, at.s, entry_text, 8)
CALL_OUT(C_DecryptUpdate, at.s, at.sealed, 32)
CALL(C_DigestInit, at.s, &digest)
CALL_OUT(C_Digest, at.s, entry_text, 16)
CALL(C_DigestUpdate, at.s, entry_text, 16)
CALL(C_DigestKey, at.s, at.secret)
CALL_INIT(C_SignInit, entry_sign_mechanism())
CALL(C_SignUpdate, at.s, entry_text, 16)
CALL_INIT(C_SignRecoverInit, ((CK_MECHANISM){CKM_RSA_PKCS, NULL, 0}))
CALL_INIT(C_VerifyInit, entry_sign_mechanism())
CALL(C_Verify, at.s, entry_text, ENTRY_TEXT_LEN, at.sealed, at.sealed_len)
CALL(C_VerifyUpdate, at.s, entry_text, 16)
CALL(C_VerifyFinal, at.s, at.sealed, at.sealed_len)
CALL_INIT(C_VerifyRecoverInit, ((CK_MECHANISM){CKM_RSA_PKCS, NULL, 0}))
CALL_OUT(C_VerifyRecover, at.s, at.sealed, at.sealed_len)
CALL_OUT(C_DigestEncryptUpdate, at.s, entry_text, 16)
CALL_OUT(C_DecryptDigestUpdate, at.s, entry_text, 16)
CALL_OUT(C_SignEncryptUpdate, at.s, entry_text, 16)
CALL_OUT(C_DecryptVerifyUpdate, at.s, entry_text, 16)
CALL(C_SeedRandom, at.s, at.bytes, 16)
CALL(C_GenerateRandom, at.s, at.bytes, 16)
CALL(C_GetFunctionStatus, at.s)
CALL(C_CancelFunction, at.s)

static CK_RV do_C_DecryptInit(void)
{
    return h.f->C_DecryptInit(at.s, &blocks, at.secret);
}

static CK_RV do_C_EncryptFinal(void)
{
    at.len = sizeof at.bytes;
    return h.f->C_EncryptFinal(at.s, at.bytes, &at.len);
}

static CK_RV do_C_DigestFinal(void)
{
    at.len = sizeof at.bytes;
    return h.f->C_DigestFinal(at.s, at.bytes, &at.len);
}

static CK_RV do_C_GetAttributeValue(void)
{
    CK_ATTRIBUTE t[] = {{CKA_CLASS, at.bytes, 64}, {CKA_LABEL, at.bytes + 64, 256}};
    return h.f->C_GetAttributeValue(at.s, at.o, t, COUNT(t));
}

static CK_RV do_C_GenerateKey(void)
{
    CK_MECHANISM m = {CKM_SM4_KEY_GEN, NULL, 0};
    return h.f->C_GenerateKey(at.s, &m, NULL, 0, &at.secret);
}

/* By HKDF, which asks for the most. */
static CK_RV do_C_DeriveKey(void)
{
    CK_ULONG len = 48;
    CK_HKDF_PARAMS p = {.bExtract = 1,
                        .bExpand = 1,
                        .prfHashMechanism = CKM_SM3,
                        .ulSaltType = CKF_HKDF_SALT_NULL,
                        .pInfo = entry_text,
                        .ulInfoLen = ENTRY_TEXT_LEN};
    CK_MECHANISM m = {CKM_HKDF_DERIVE, &p, sizeof p};
    CK_ATTRIBUTE t = {CKA_VALUE_LEN, &len, sizeof len};
    return h.f->C_DeriveKey(at.s, &m, at.secret, &t, 1, &at.o);
}

static CK_RV do_C_WrapKey(void)
{
    at.len = sizeof at.bytes;
    return h.f->C_WrapKey(at.s, &blocks, at.secret, at.secret, at.bytes, &at.len);
}

/* What makes objects of a session, and changes them. */
static CK_RV do_C_CreateObject(void)
{
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &(CK_OBJECT_CLASS){CKO_DATA}, sizeof(CK_OBJECT_CLASS)},
                        {CKA_VALUE, entry_text, 16}};
    return h.f->C_CreateObject(at.s, t, COUNT(t), &at.o);
}

static CK_RV do_C_CopyObject(void)
{
    return h.f->C_CopyObject(at.s, at.secret, NULL, 0, &at.o);
}

static CK_RV do_C_SetAttributeValue(void)
{
    CK_ATTRIBUTE t = {CKA_LABEL, entry_text, 6};
    return h.f->C_SetAttributeValue(at.s, at.secret, &t, 1);
}

static CK_RV do_C_DestroyObject(void)
{
    return h.f->C_DestroyObject(at.s, at.secret);
}

static CK_RV do_BJCA_GetError(void)
{
    CK_BJCA_ERROR e = {.ulSize = sizeof e};
    return h.v->BJCA_GetError(&e);
}

static CK_RV do_BJCA_CheckPIN(void)
{
    return h.v->BJCA_CheckPIN(at.slot, (const CK_UTF8CHAR *)MH_PIN, 8);
}

#define SAYS(rv) 0, IDENTITIES, AS_BEFORE, rv
#define OK SAYS(CKR_OK)
#define E(name, before, ...) {#name, do_##name, before, __VA_ARGS__},

/* clang-format off */
const struct entry entries_host[] = {
    E(C_Initialize, ended, OK)
    E(C_Finalize, entry_nothing, OK)
    E(C_GetInfo, entry_nothing, OK)
    E(C_GetFunctionList, entry_nothing, OK)
    E(C_GetInterfaceList, entry_nothing, OK)
    E(C_GetInterface, entry_nothing, OK)
    E(C_GetSlotInfo, entry_session, OK)
    E(C_WaitForSlotEvent, entry_session, SAYS(CKR_NO_EVENT))
    E(C_GetSessionInfo, entry_login, OK)
    E(C_SessionCancel, sign_init, OK)
    E(C_GetOperationState, digest_init, SAYS(CKR_STATE_UNSAVEABLE))
    E(C_SetOperationState, entry_login, SAYS(CKR_SAVED_STATE_INVALID))
    E(C_CreateObject, entry_login, OK)
    E(C_CopyObject, entry_secret, OK)
    E(C_DestroyObject, entry_secret, OK)
    E(C_SetAttributeValue, entry_secret, OK)
    E(C_GetObjectSize, with_public, OK)
    E(C_GetAttributeValue, with_public, OK)
    E(C_FindObjects, find_init, OK)
    E(C_FindObjectsFinal, find_init, OK)
    E(C_EncryptInit, with_encryption, OK)
    E(C_Encrypt, encrypt_init, OK)
    E(C_EncryptUpdate, encrypt_init, OK)
    E(C_EncryptFinal, encrypt_update, OK)
    E(C_DecryptInit, entry_secret, OK)
    E(C_DecryptUpdate, decrypt_blocks, OK)
    E(C_DigestInit, entry_login, OK)
    E(C_Digest, digest_init, OK)
    E(C_DigestUpdate, digest_init, OK)
    E(C_DigestKey, digest_init, OK)
    E(C_DigestFinal, digest_init, OK)
    E(C_SignInit, with_private, OK)
    E(C_SignUpdate, sign_init, OK)
    E(C_SignRecoverInit, with_private, OK)
    E(C_VerifyInit, with_public, OK)
    E(C_Verify, verify_init, OK)
    E(C_VerifyUpdate, verify_init, OK)
    E(C_VerifyFinal, verify_update, OK)
    E(C_VerifyRecoverInit, with_public, OK)
    E(C_VerifyRecover, verify_recover_init, OK)
    E(C_DigestEncryptUpdate, digest_and_encrypt, OK)
    E(C_DecryptDigestUpdate, digest_and_decrypt, OK)
    E(C_SignEncryptUpdate, sign_and_encrypt, OK)
    E(C_DecryptVerifyUpdate, verify_and_decrypt, OK)
    E(C_GenerateKey, entry_login, OK)
    E(C_WrapKey, entry_secret, OK)
    E(C_DeriveKey, with_derivable, OK)
    E(C_SeedRandom, entry_login, SAYS(CKR_RANDOM_SEED_NOT_SUPPORTED))
    E(C_GenerateRandom, entry_login, OK)
    E(C_GetFunctionStatus, entry_login, SAYS(CKR_FUNCTION_NOT_PARALLEL))
    E(C_CancelFunction, entry_login, SAYS(CKR_FUNCTION_NOT_PARALLEL))
    E(BJCA_GetError, entry_nothing, OK)
    E(BJCA_CheckPIN, entry_session, OK)
};
/* clang-format on */
const size_t entries_host_count = COUNT(entries_host);
