/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where something ends: how many sessions there are, how long keys may be, keys that take no
 * objects, sessions that may only read, log-ins that the key knows nothing of any more. Rows with
 * the clause of PKCS#11 3.0 that says so.
 */
#include <check.h>
#include <string.h>

#include "life.h"
#include "rows.h"
#include "runner.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define BOTH_KINDS (CKF_SERIAL_SESSION | CKF_RW_SESSION)
#define BITS_MAX 4096u /* of RSA, as C_GetMechanismInfo is asked about below */

static CK_BYTE data[8192], out[8192];
static CK_ULONG len;
static CK_OBJECT_HANDLE o;
static CK_BBOOL yes = 1, no = 0;
static CK_OBJECT_CLASS data_class = CKO_DATA, secret_class = CKO_SECRET_KEY,
                       public_class = CKO_PUBLIC_KEY;
static CK_KEY_TYPE rsa_type = CKK_RSA, sm4_type = CKK_SM4, generic_type = CKK_GENERIC_SECRET;

/* --- sessions
 * ------------------------------------------------------------------------------------*/

/* 3.2: of one program's, both slots' together; one that is closed makes room for another. */
START_TEST(sessions_up_to_the_limit)
{
    CK_TOKEN_INFO info;
    CK_SESSION_HANDLE last = 0, none = 0;
    life_setup();
    ROW("5.5.3", CKR_OK, C_GetTokenInfo(0, &info));
    row("3.2", 1, info.ulMaxSessionCount > 1 && info.ulMaxSessionCount < 10000,
        "ulMaxSessionCount");
    row("3.2", info.ulMaxSessionCount, info.ulMaxRwSessionCount, "ulMaxRwSessionCount");
    for (CK_ULONG i = 0; i < info.ulMaxSessionCount; i++)
        ROW("5.6.1", CKR_OK,
            C_OpenSession(i % 2, i % 3 ? BOTH_KINDS : CKF_SERIAL_SESSION, NULL, NULL, &last));
    for (CK_SLOT_ID slot = 0; slot < 2; slot++) {
        ROW("5.6.1", CKR_SESSION_COUNT, C_OpenSession(slot, BOTH_KINDS, NULL, NULL, &none));
        ROW("5.6.1", CKR_SESSION_COUNT, C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &none));
    }
    ROW("5.6.2", CKR_OK, C_CloseSession(last));
    ROW("5.6.1", CKR_OK, C_OpenSession(0, BOTH_KINDS, NULL, NULL, &last));
    ROW("5.6.1", CKR_SESSION_COUNT, C_OpenSession(1, BOTH_KINDS, NULL, NULL, &none));
    ROW("5.6.3", CKR_OK, C_CloseAllSessions(0));
    ROW("5.6.1", CKR_OK, C_OpenSession(1, BOTH_KINDS, NULL, NULL, &last));
    rows_end(100);
    life_teardown();
}
END_TEST

/* --- lengths of keys
 * -----------------------------------------------------------------------------*/

static CK_RV make_secret(CK_SESSION_HANDLE s, CK_KEY_TYPE *type, CK_ULONG size)
{
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &secret_class, sizeof secret_class},
                        {CKA_KEY_TYPE, type, sizeof *type},
                        {CKA_VALUE, data, size},
                        {CKA_SIGN, &yes, 1},
                        {CKA_ENCRYPT, &yes, 1},
                        {CKA_WRAP, &yes, 1},
                        {CKA_EXTRACTABLE, &yes, 1}};
    return h.f->C_CreateObject(s, t, COUNT(t), &o);
}

static CK_RV make_public(CK_SESSION_HANDLE s, CK_ULONG bits)
{
    static CK_BYTE n[BITS_MAX / 8 + 1], e[] = {1, 0, 1};
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &public_class, sizeof public_class},
                        {CKA_KEY_TYPE, &rsa_type, sizeof rsa_type},
                        {CKA_MODULUS, n, (bits + 7) / 8},
                        {CKA_PUBLIC_EXPONENT, e, sizeof e},
                        {CKA_ENCRYPT, &yes, 1},
                        {CKA_VERIFY, &yes, 1},
                        {CKA_VERIFY_RECOVER, &yes, 1},
                        {CKA_WRAP, &yes, 1}};
    memset(n, 0xff, sizeof n); /* odd, and as long as it looks */
    n[0] = (CK_BYTE)(0xff >> (7 - (bits + 7) % 8));
    return h.f->C_CreateObject(s, t, COUNT(t), &o);
}

/* 5.5.6 tells the lengths that there are: no other gets in, so that no C_…Init has to say
 * CKR_KEY_SIZE_RANGE; with the shortest and the longest each of them begins. */
START_TEST(keys_of_every_length_begin)
{
    static const CK_MECHANISM_TYPE types[] = {CKM_RSA_PKCS, CKM_SHA256_RSA_PKCS};
    CK_MECHANISM_INFO info;
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    for (size_t i = 0; i < COUNT(types); i++) {
        CK_MECHANISM m = {types[i], NULL, 0};
        ROW("5.5.6", CKR_OK, C_GetMechanismInfo(0, m.mechanism, &info));
        row("5.5.6", BITS_MAX, info.ulMaxKeySize, "the longest of RSA");
        const CK_ULONG bits[] = {info.ulMinKeySize, info.ulMaxKeySize};
        for (int end = 0; end < 2; end++) {
            row("5.7.1", CKR_OK, make_public(s, bits[end]), "a public key");
            ROW("5.15.1", CKR_OK, C_VerifyInit(s, &m, o));
            ROW("5.6.5", CKR_OK, C_SessionCancel(s, CKF_VERIFY));
            if (i)
                continue;
            ROW("5.8.1", CKR_OK, C_EncryptInit(s, &m, o));
            ROW("5.15.5", CKR_OK, C_VerifyRecoverInit(s, &m, o));
            ROW("5.6.5", CKR_OK, C_SessionCancel(s, CKF_ENCRYPT | CKF_VERIFY_RECOVER));
        }
        row("4.1.1", CKR_ATTRIBUTE_VALUE_INVALID, make_public(s, bits[0] - 1), "a shorter one");
        row("4.1.1", CKR_ATTRIBUTE_VALUE_INVALID, make_public(s, bits[1] + 1), "a longer one");
    }
    CK_MECHANISM hmac = {CKM_SHA256_HMAC, NULL, 0}, ecb = {CKM_SM4_ECB, NULL, 0};
    ROW("5.5.6", CKR_OK, C_GetMechanismInfo(0, CKM_SHA256_HMAC, &info));
    const CK_ULONG bytes[] = {info.ulMinKeySize, info.ulMaxKeySize};
    for (int end = 0; end < 2; end++) {
        row("5.7.1", CKR_OK, make_secret(s, &generic_type, bytes[end]), "a secret");
        ROW("5.13.1", CKR_OK, C_SignInit(s, &hmac, o));
        ROW("5.6.5", CKR_OK, C_SessionCancel(s, CKF_SIGN));
    }
    row("4.1.1", CKR_ATTRIBUTE_VALUE_INVALID, make_secret(s, &generic_type, bytes[0] - 1), "none");
    row("4.1.1", CKR_ATTRIBUTE_VALUE_INVALID, make_secret(s, &generic_type, bytes[1] + 1), "more");
    /* where its mechanism is described: these are told in bits, all others of it in bytes */
    ROW("5.5.6", CKR_OK, C_GetMechanismInfo(0, CKM_GENERIC_SECRET_KEY_GEN, &info));
    row("5.5.6", 8 * bytes[0], info.ulMinKeySize, "the shortest that is made");
    row("5.5.6", 8 * bytes[1], info.ulMaxKeySize, "the longest that is made");
    ROW("5.5.6", CKR_OK, C_GetMechanismInfo(0, CKM_SM4_ECB, &info));
    row("5.5.6", info.ulMaxKeySize, info.ulMinKeySize, "lengths of SM4");
    row("5.7.1", CKR_OK, make_secret(s, &sm4_type, info.ulMinKeySize), "an SM4 key");
    ROW("5.8.1", CKR_OK, C_EncryptInit(s, &ecb, o));
    row("4.1.1", CKR_ATTRIBUTE_VALUE_INVALID, make_secret(s, &sm4_type, 15), "a short SM4 key");
    row("4.1.1", CKR_ATTRIBUTE_VALUE_INVALID, make_secret(s, &sm4_type, 17), "a long SM4 key");
    rows_end(44);
    life_teardown();
}
END_TEST

/* 5.18: what isn't one of the lengths, and what a wrapping key has no room for. */
static const struct {
    CK_MECHANISM_TYPE type;
    CK_ULONG size;
} odd_lengths[] = {
    {CKM_SM4_KEY_GEN, 0},
    {CKM_SM4_KEY_GEN, 15},
    {CKM_SM4_KEY_GEN, 17},
    {CKM_GENERIC_SECRET_KEY_GEN, 0},
    {CKM_GENERIC_SECRET_KEY_GEN, 4097},
    {CKM_RSA_PKCS_KEY_PAIR_GEN, 0},
    {CKM_RSA_PKCS_KEY_PAIR_GEN, 1024},
    {CKM_RSA_PKCS_KEY_PAIR_GEN, 2047},
    {CKM_RSA_PKCS_KEY_PAIR_GEN, 4096},
};

START_TEST(keys_of_other_lengths_are_not_made)
{
    CK_RSA_PKCS_OAEP_PARAMS with = {CKM_SHA256, CKG_MGF1_SHA256, 0, NULL, 0};
    CK_MECHANISM pkcs = {CKM_RSA_PKCS, NULL, 0}, oaep = {CKM_RSA_PKCS_OAEP, &with, sizeof with},
                 ecb = {CKM_SM4_ECB, NULL, 0};
    CK_ATTRIBUTE generic = {CKA_KEY_TYPE, &generic_type, sizeof generic_type};
    life_setup();
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    CK_OBJECT_HANDLE to = mh_find(&h, s, CKO_PUBLIC_KEY, CKA_WRAP), other = 0;
    for (size_t i = 0; i < COUNT(odd_lengths); i++) {
        CK_MECHANISM m = {odd_lengths[i].type, NULL, 0};
        CK_ULONG size = odd_lengths[i].size;
        CK_ATTRIBUTE bytes = {CKA_VALUE_LEN, &size, sizeof size},
                     bits = {CKA_MODULUS_BITS, &size, sizeof size};
        if (m.mechanism == CKM_RSA_PKCS_KEY_PAIR_GEN)
            row("5.18.2", CKR_KEY_SIZE_RANGE, mh_generate(&h, s, &m, &bits, 1, NULL, 0, &o, &other),
                "C_GenerateKeyPair");
        else
            ROW("5.18.1", CKR_KEY_SIZE_RANGE, C_GenerateKey(s, &m, &bytes, 1, &o));
    }
    /* RFC 8017 clauses 7.1.1 and 7.2.1: 11 bytes less than the modulus has, twice the hash and 2 */
    ck_assert_uint_eq(make_secret(s, &generic_type, 245), CKR_OK);
    len = sizeof out;
    ROW("5.18.3", CKR_OK, C_WrapKey(s, &pkcs, to, o, out, &len));
    len = sizeof out;
    ROW("5.18.3", CKR_KEY_SIZE_RANGE, C_WrapKey(s, &oaep, to, o, out, &len));
    ck_assert_uint_eq(make_secret(s, &generic_type, 246), CKR_OK);
    ROW("5.18.3", CKR_KEY_SIZE_RANGE, C_WrapKey(s, &pkcs, to, o, out, &len));
    ROW("5.18.3", CKR_KEY_SIZE_RANGE, C_WrapKey(s, &pkcs, to, o, NULL, &len));
    ck_assert_uint_eq(make_secret(s, &sm4_type, 16), CKR_OK);
    to = o;
    ck_assert_uint_eq(make_secret(s, &generic_type, 17), CKR_OK);
    ROW("5.18.3", CKR_KEY_SIZE_RANGE, C_WrapKey(s, &ecb, to, o, out, &len));
    ROW("5.18.4", CKR_OK, C_UnwrapKey(s, &ecb, to, data, 4096, &generic, 1, &o));
    ROW("5.18.4", CKR_WRAPPED_KEY_LEN_RANGE,
        C_UnwrapKey(s, &ecb, to, data, 4096 + 16, &generic, 1, &o));
    rows_end(COUNT(odd_lengths) + 7);
    life_teardown();
}
END_TEST

/* The label that OAEP is given: as long a one as an Init takes, the operation takes. */
START_TEST(labels_of_oaep_up_to_the_limit)
{
    static CK_BYTE label[4097];
    CK_RSA_PKCS_OAEP_PARAMS p = {CKM_SHA256, CKG_MGF1_SHA256, CKZ_DATA_SPECIFIED, label, 4096};
    CK_MECHANISM m = {CKM_RSA_PKCS_OAEP, &p, sizeof p};
    life_setup();
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    CK_OBJECT_HANDLE to = mh_find(&h, s, CKO_PUBLIC_KEY, CKA_ENCRYPT),
                     own = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_DECRYPT);
    CK_ULONG sealed = 256;
    len = sizeof out;
    ROW("5.8.1", CKR_OK, C_EncryptInit(s, &m, to));
    ROW("5.8.2", CKR_OK, C_Encrypt(s, (CK_BYTE *)"text", 4, data, &sealed));
    ROW("5.10.1", CKR_OK, C_DecryptInit(s, &m, own));
    ROW("5.10.2", CKR_OK, C_Decrypt(s, data, sealed, out, &len));
    row("5.10.2", 4, len, "a length");
    p.ulSourceDataLen++;
    ROW("5.8.1", CKR_MECHANISM_PARAM_INVALID, C_EncryptInit(s, &m, to));
    ROW("5.18.3", CKR_MECHANISM_PARAM_INVALID, C_WrapKey(s, &m, to, own, out, &len));
    rows_end(7);
    life_teardown();
}
END_TEST

/* --- keys that take no objects
 * -------------------------------------------------------------------*/

/* 5.1.3: CKR_TOKEN_WRITE_PROTECTED is what can't be put on this key. What isn't a file of it goes
 * on: objects of sessions, key pairs, containers. What could only be a file isn't changeable. */
START_TEST(a_key_that_takes_no_files)
{
    CK_MECHANISM gen = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0};
    CK_ATTRIBUTE stored[] = {{CKA_CLASS, &data_class, sizeof data_class}, {CKA_TOKEN, &yes, 1}},
                 private[] = {{CKA_CLASS, &data_class, sizeof data_class},
                              {CKA_TOKEN, &yes, 1},
                              {CKA_PRIVATE, &no, 1}},
                 label = {CKA_LABEL, data, 4}, id = {CKA_ID, data, 4};
    CK_OBJECT_HANDLE pub = 0, priv = 0, of_session = 0;
    memset(data, 'd', sizeof data);
    life_start_key(
        &(struct bk_vkey_params){.files = _i ? BK_VKEY_FILES_NO_RIGHT : BK_VKEY_FILES_NO_ROOM},
        NULL);
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    CK_OBJECT_HANDLE cert = mh_find(&h, s, CKO_CERTIFICATE, 0);
    ROW("5.7.1", CKR_TOKEN_WRITE_PROTECTED, C_CreateObject(s, stored, 2, &o));
    ROW("5.7.1", CKR_TOKEN_WRITE_PROTECTED, C_CreateObject(s, private, 3, &o));
    ROW("5.7.1", CKR_OK, C_CreateObject(s, stored, 1, &of_session));
    ROW("5.7.2", CKR_TOKEN_WRITE_PROTECTED, C_CopyObject(s, of_session, stored + 1, 1, &o));
    ROW("5.7.6", CKR_OK, C_SetAttributeValue(s, of_session, &label, 1));
    ROW("5.7.3", CKR_OK, C_DestroyObject(s, of_session));
    /* CKA_MODIFIABLE is false (profile, labels) */
    ROW("5.7.6", CKR_ACTION_PROHIBITED, C_SetAttributeValue(s, cert, &label, 1));
    row("5.18.2", CKR_OK, mh_generate(&h, s, &gen, NULL, 0, NULL, 0, &pub, &priv),
        "C_GenerateKeyPair");
    ROW("5.7.6", CKR_ACTION_PROHIBITED, C_SetAttributeValue(s, priv, &id, 1));
    ROW("5.7.3", CKR_OK, C_DestroyObject(s, priv));
    row("5.7.7", 0, mh_count(&h, s, CKO_DATA), "data objects");
    rows_end(11);
    life_teardown();
}
END_TEST

/* --- sessions that may only read
 * -----------------------------------------------------------------*/

/* 4.4, 5.6.1: of the key's objects none is made, copied to it, changed or destroyed; of a session's
 * own it may do all. */
START_TEST(a_session_that_may_only_read)
{
    CK_MECHANISM gen_sm4 = {CKM_SM4_KEY_GEN, NULL, 0}, ecb = {CKM_SM4_ECB, NULL, 0},
                 gen_rsa = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0},
                 gen_sm2 = {CKM_SM2_KEY_PAIR_GEN, NULL, 0};
    CK_ATTRIBUTE stored[] = {{CKA_CLASS, &data_class, sizeof data_class}, {CKA_TOKEN, &yes, 1}},
                 unwrapped[] = {{CKA_KEY_TYPE, &sm4_type, sizeof sm4_type}, {CKA_TOKEN, &yes, 1}},
                 label = {CKA_LABEL, data, 4};
    struct bk_buf der = BK_BUF_INIT;
    CK_OBJECT_CLASS certificate = CKO_CERTIFICATE;
    CK_CERTIFICATE_TYPE x509 = CKC_X_509;
    CK_OBJECT_HANDLE kept = 0, own = 0, pub = 0;
    memset(data, 'd', sizeof data);
    life_setup();
    life_issue_both();
    CK_SESSION_HANDLE rw = mh_login(&h, 0), s = life_session(0, 0), sm2 = life_session(1, 0);
    CK_OBJECT_HANDLE cert = mh_find(&h, s, CKO_CERTIFICATE, 0),
                     priv = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    ck_assert(mh_bytes_attr(&h, s, cert, CKA_VALUE, &der));
    CK_ATTRIBUTE as_cert[] = {{CKA_CLASS, &certificate, sizeof certificate},
                              {CKA_CERTIFICATE_TYPE, &x509, sizeof x509},
                              {CKA_VALUE, der.data, der.len},
                              {CKA_TOKEN, &yes, 1}};
    ROW("5.7.1", CKR_OK, C_CreateObject(rw, stored, 2, &kept));
    ROW("5.7.1", CKR_SESSION_READ_ONLY, C_CreateObject(s, stored, 2, &o));
    ROW("5.7.1", CKR_SESSION_READ_ONLY, C_CreateObject(s, as_cert, 4, &o));
    ROW("5.7.1", CKR_OK, C_CreateObject(s, as_cert, 3, &o));
    ROW("5.7.2", CKR_SESSION_READ_ONLY, C_CopyObject(s, o, stored + 1, 1, &own));
    ROW("5.7.2", CKR_SESSION_READ_ONLY, C_CopyObject(s, kept, NULL, 0, &own));
    ROW("5.7.3", CKR_SESSION_READ_ONLY, C_DestroyObject(s, kept));
    ROW("5.7.3", CKR_SESSION_READ_ONLY, C_DestroyObject(s, cert));
    ROW("5.7.3", CKR_SESSION_READ_ONLY, C_DestroyObject(s, priv));
    ROW("5.7.6", CKR_SESSION_READ_ONLY, C_SetAttributeValue(s, kept, &label, 1));
    ROW("5.7.6", CKR_SESSION_READ_ONLY, C_SetAttributeValue(s, cert, &label, 1));
    ROW("5.7.6", CKR_SESSION_READ_ONLY, C_SetAttributeValue(s, priv, &label, 1));
    ROW("5.18.1", CKR_SESSION_READ_ONLY, C_GenerateKey(s, &gen_sm4, stored + 1, 1, &o));
    ROW("5.18.1", CKR_OK, C_GenerateKey(s, &gen_sm4, NULL, 0, &own));
    ROW("5.18.4", CKR_SESSION_READ_ONLY, C_UnwrapKey(s, &ecb, own, data, 16, unwrapped, 2, &o));
    row("5.18.2", CKR_SESSION_READ_ONLY, mh_generate(&h, s, &gen_rsa, NULL, 0, NULL, 0, &pub, &o),
        "C_GenerateKeyPair, RSA");
    row("5.18.2", CKR_SESSION_READ_ONLY, mh_generate(&h, sm2, &gen_sm2, NULL, 0, NULL, 0, &pub, &o),
        "C_GenerateKeyPair, SM2");
    ROW("5.5.9", CKR_SESSION_READ_ONLY, C_SetPIN(s, (CK_BYTE *)MH_PIN, 8, (CK_BYTE *)MH_PIN, 8));
    ROW("5.7.6", CKR_OK, C_SetAttributeValue(s, own, &label, 1));
    ROW("5.7.3", CKR_OK, C_DestroyObject(s, own));
    ROW("5.7.3", CKR_OK, C_DestroyObject(rw, kept));
    rows_end(21);
    bk_buf_free(&der);
    life_teardown();
}
END_TEST

/* --- log-ins that have ended
 * ---------------------------------------------------------------------*/

/* By another program's hand: it changes the PIN, and the key is reset. The kept PIN is refused. */
static void end_the_log_in(void)
{
    struct bk_readers *readers = NULL;
    struct bk_token *other = life_other(&readers);
    ck_assert_int_eq(bk_token_set_pin(other, MH_PIN, 8, NEW_PIN, sizeof NEW_PIN - 1), BK_OK);
    life_other_free(&other, &readers);
    ck_assert_int_eq(key->ops->reset(key), BK_OK);
}

/* Whichever call asks the key first finds it; of an operation that is its end. */
START_TEST(a_log_in_that_has_ended)
{
    CK_MECHANISM rsa = {CKM_RSA_PKCS, NULL, 0};
    CK_ATTRIBUTE type = {CKA_KEY_TYPE, &sm4_type, sizeof sm4_type};
    CK_BYTE sealed[256];
    CK_ULONG sealed_len = sizeof sealed;
    len = sizeof out;
    life_setup();
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    CK_OBJECT_HANDLE sign = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN),
                     decrypt = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_DECRYPT);
    ROW("5.8.1", CKR_OK, C_EncryptInit(s, &rsa, mh_find(&h, s, CKO_PUBLIC_KEY, CKA_ENCRYPT)));
    ROW("5.8.2", CKR_OK, C_Encrypt(s, data, 16, sealed, &sealed_len));
    ROW("5.13.1", CKR_OK, C_SignInit(s, &rsa, sign));
    ROW("5.13.5", CKR_OK, C_SignRecoverInit(s, &rsa, sign));
    ROW("5.10.1", CKR_OK, C_DecryptInit(s, &rsa, decrypt));
    if (_i == 1)
        ROW("5.13.3", CKR_OK, C_SignUpdate(s, data, 4));
    if (_i == 4)
        ROW("5.10.3", CKR_OK, C_DecryptUpdate(s, sealed, 256, out, &len));
    len = sizeof out;
    end_the_log_in();
    switch (_i) {
    case 0:
        ROW("5.13.2", CKR_USER_NOT_LOGGED_IN, C_Sign(s, data, 4, out, &len));
        break;
    case 1:
        ROW("5.13.4", CKR_USER_NOT_LOGGED_IN, C_SignFinal(s, out, &len));
        break;
    case 2:
        ROW("5.13.6", CKR_USER_NOT_LOGGED_IN, C_SignRecover(s, data, 4, out, &len));
        break;
    case 3:
        ROW("5.10.2", CKR_USER_NOT_LOGGED_IN, C_Decrypt(s, sealed, 256, out, &len));
        break;
    case 4:
        ROW("5.10.4", CKR_USER_NOT_LOGGED_IN, C_DecryptFinal(s, out, &len));
        break;
    case 5:
        ROW("5.18.4", CKR_USER_NOT_LOGGED_IN,
            C_UnwrapKey(s, &rsa, decrypt, sealed, 256, &type, 1, &o));
        break;
    default:
        ROW("5.7.7", CKR_USER_NOT_LOGGED_IN, C_FindObjectsInit(s, NULL, 0));
    }
    ROW("5.13.2", CKR_OPERATION_NOT_INITIALIZED, C_Sign(s, data, 4, out, &len));
    ROW("5.13.6", CKR_OPERATION_NOT_INITIALIZED, C_SignRecover(s, data, 4, out, &len));
    ROW("5.10.2", CKR_OPERATION_NOT_INITIALIZED, C_Decrypt(s, sealed, 256, out, &len));
    ROW("5.6.10", CKR_USER_NOT_LOGGED_IN, C_Logout(s));
    ROW("5.13.1", CKR_KEY_HANDLE_INVALID, C_SignInit(s, &rsa, sign));
    rows_end(11);
    life_teardown();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("codes at the limits");
    TCase *t = life_case("limits");
    tcase_add_test(t, sessions_up_to_the_limit);
    tcase_add_test(t, keys_of_every_length_begin);
    tcase_add_test(t, keys_of_other_lengths_are_not_made);
    tcase_add_test(t, labels_of_oaep_up_to_the_limit);
    tcase_add_loop_test(t, a_key_that_takes_no_files, 0, 2);
    tcase_add_test(t, a_session_that_may_only_read);
    tcase_add_loop_test(t, a_log_in_that_has_ended, 0, 7);
    tcase_set_timeout(t, 60);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
