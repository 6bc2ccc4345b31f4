/* SPDX-License-Identifier: Apache-2.0 */
/* Objects that a session makes, and what works with secret keys. Clauses are those of PKCS#11 2.40
 * with its mechanisms, and 3.0. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "hexbytes.h"
#include "modcase.h"
#include "runner.h"

/* of PKCS#11 2.40 and 3.0, not in the header */
#define CKA_DESTROYABLE 0x172UL
#define COUNT(a) (sizeof(a) / sizeof *(a))

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
static CK_OBJECT_CLASS data_class = CKO_DATA, secret_class = CKO_SECRET_KEY,
                       public_class = CKO_PUBLIC_KEY, private_class = CKO_PRIVATE_KEY,
                       cert_class = CKO_CERTIFICATE;
static CK_KEY_TYPE sm4_type = CKK_SM4, generic = CKK_GENERIC_SECRET, rsa_type = CKK_RSA;
static CK_CERTIFICATE_TYPE x509 = CKC_X_509;
static CK_BYTE sm4_key[16] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
                              0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10};
static CK_BYTE text[] = "a value";

#define CLASS(c)                                                                                   \
    {                                                                                              \
        CKA_CLASS, &(c), sizeof(c)                                                                 \
    }
#define BOOL(t, b)                                                                                 \
    {                                                                                              \
        (t), &(b), 1                                                                               \
    }
#define BYTES(t, b)                                                                                \
    {                                                                                              \
        (t), (b), sizeof(b)                                                                        \
    }

/* --- C_CreateObject, row by row
 * -----------------------------------------------------------------*/

static CK_BYTE wrong_bool[] = {2}, latin1[] = {0xff}, short_key[15];

static const struct {
    const char *clause;
    CK_RV rv;
    bool read_only; /* in a session that may not write */
    CK_ATTRIBUTE t[8];
    CK_ULONG n;
} creations[] = {
    {"4.5 data", CKR_OK, true, {CLASS(data_class), BYTES(CKA_VALUE, text)}, 2},
    {"4.5 data, nothing else", CKR_OK, false, {CLASS(data_class)}, 1},
    {"5.7 no class", CKR_TEMPLATE_INCOMPLETE, false, {BYTES(CKA_VALUE, text)}, 1},
    {"4.1.1 class of no length",
     CKR_ATTRIBUTE_VALUE_INVALID,
     false,
     {{CKA_CLASS, &data_class, 3}},
     1},
    {"4.1.1 attribute of another class",
     CKR_ATTRIBUTE_TYPE_INVALID,
     false,
     {CLASS(data_class), BOOL(CKA_ENCRYPT, yes)},
     2},
    {"4.1.1 unknown attribute",
     CKR_ATTRIBUTE_TYPE_INVALID,
     false,
     {CLASS(data_class), {0x7fffffffUL, text, 1}},
     2},
    {"4.1.1 the module's own",
     CKR_ATTRIBUTE_READ_ONLY,
     false,
     {CLASS(secret_class),
      {CKA_KEY_TYPE, &sm4_type, sizeof sm4_type},
      BYTES(CKA_VALUE, sm4_key),
      BOOL(CKA_LOCAL, yes)},
     4},
    {"4.1.1 no boolean",
     CKR_ATTRIBUTE_VALUE_INVALID,
     false,
     {CLASS(data_class), BYTES(CKA_PRIVATE, wrong_bool)},
     2},
    {"4.1.1 no UTF-8",
     CKR_ATTRIBUTE_VALUE_INVALID,
     false,
     {CLASS(data_class), BYTES(CKA_LABEL, latin1)},
     2},
    {"4.1.1 no pointer",
     CKR_ATTRIBUTE_VALUE_INVALID,
     false,
     {CLASS(data_class), {CKA_VALUE, NULL, 4}},
     2},
    {"4.1.1 twice",
     CKR_TEMPLATE_INCONSISTENT,
     false,
     {CLASS(data_class), BOOL(CKA_PRIVATE, no), BOOL(CKA_PRIVATE, no)},
     3},
    {"5.7 private without log-in",
     CKR_USER_NOT_LOGGED_IN,
     false,
     {CLASS(data_class), BOOL(CKA_PRIVATE, yes)},
     2},
    {"5.7 on the token, read-only session",
     CKR_SESSION_READ_ONLY,
     true,
     {CLASS(data_class), BOOL(CKA_TOKEN, yes)},
     2},
    {"4.9 a private key",
     CKR_ATTRIBUTE_VALUE_INVALID,
     false,
     {CLASS(private_class), {CKA_KEY_TYPE, &rsa_type, sizeof rsa_type}},
     2},
    {"4.6 a certificate that is none",
     CKR_ATTRIBUTE_VALUE_INVALID,
     false,
     {CLASS(cert_class), {CKA_CERTIFICATE_TYPE, &x509, sizeof x509}, BYTES(CKA_VALUE, text)},
     3},
    {"4.6 no value",
     CKR_TEMPLATE_INCOMPLETE,
     false,
     {CLASS(cert_class), {CKA_CERTIFICATE_TYPE, &x509, sizeof x509}},
     2},
    {"4.8 a public key without numbers",
     CKR_TEMPLATE_INCOMPLETE,
     false,
     {CLASS(public_class), {CKA_KEY_TYPE, &rsa_type, sizeof rsa_type}},
     2},
    {"4.10 secret",
     CKR_OK,
     true,
     {CLASS(secret_class), {CKA_KEY_TYPE, &sm4_type, sizeof sm4_type}, BYTES(CKA_VALUE, sm4_key)},
     3},
    {"4.10 secret, wrong length",
     CKR_ATTRIBUTE_VALUE_INVALID,
     false,
     {CLASS(secret_class), {CKA_KEY_TYPE, &sm4_type, sizeof sm4_type}, BYTES(CKA_VALUE, short_key)},
     3},
    {"4.10 secret, no value",
     CKR_TEMPLATE_INCOMPLETE,
     false,
     {CLASS(secret_class), {CKA_KEY_TYPE, &sm4_type, sizeof sm4_type}},
     2},
    {"4.10 a length is not for creation",
     CKR_ATTRIBUTE_READ_ONLY,
     false,
     {CLASS(secret_class),
      {CKA_KEY_TYPE, &sm4_type, sizeof sm4_type},
      BYTES(CKA_VALUE, sm4_key),
      {CKA_VALUE_LEN, &sm4_type, sizeof sm4_type}},
     4},
};

START_TEST(what_can_be_created)
{
    CK_SESSION_HANDLE rw = mc_session(0), ro = 0;
    ck_assert_uint_eq(h.f->C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &ro), CKR_OK);
    for (size_t i = 0; i < COUNT(creations); i++) {
        CK_OBJECT_HANDLE o = 0;
        CK_ATTRIBUTE t[8];
        memcpy(t, creations[i].t, sizeof t);
        CK_RV rv = h.f->C_CreateObject(creations[i].read_only ? ro : rw, t, creations[i].n, &o);
        ck_assert_msg(rv == creations[i].rv, "%s: %lx", creations[i].clause, rv);
        ck_assert_msg((o != 0) == (rv == CKR_OK), "%s: handle %lu", creations[i].clause, o);
    }
    ck_assert_uint_eq(h.f->C_CreateObject(rw, NULL, 0, NULL), CKR_ARGUMENTS_BAD);
}
END_TEST

static CK_OBJECT_HANDLE make_data(CK_SESSION_HANDLE s, const char *label, CK_BBOOL *private)
{
    CK_ATTRIBUTE t[] = {CLASS(data_class),
                        {CKA_LABEL, (void *)(uintptr_t)label, strlen(label)},
                        BYTES(CKA_VALUE, text),
                        {CKA_PRIVATE, private, 1}};
    CK_OBJECT_HANDLE o = 0;
    ck_assert_uint_eq(h.f->C_CreateObject(s, t, COUNT(t), &o), CKR_OK);
    return o;
}

static CK_ULONG found(CK_SESSION_HANDLE s, const char *label)
{
    CK_ATTRIBUTE t[] = {{CKA_LABEL, (void *)(uintptr_t)label, strlen(label)}};
    CK_OBJECT_HANDLE list[8];
    CK_ULONG n = 0;
    ck_assert_uint_eq(h.f->C_FindObjectsInit(s, t, 1), CKR_OK);
    ck_assert_uint_eq(h.f->C_FindObjects(s, list, 8, &n), CKR_OK);
    ck_assert_uint_eq(h.f->C_FindObjectsFinal(s), CKR_OK);
    return n;
}

/* 4.3, 5.6: seen by all sessions of the slot, gone with its own. */
START_TEST(an_object_lives_as_long_as_its_session)
{
    CK_SESSION_HANDLE mine = mc_session(0), other = mc_session(0), sm2 = mc_session(1);
    CK_OBJECT_HANDLE o = make_data(mine, "mine", &no);
    CK_ULONG size = 0;
    ck_assert_uint_eq(found(other, "mine"), 1);
    ck_assert_uint_eq(found(sm2, "mine"), 0);
    ck_assert_uint_eq(h.f->C_GetObjectSize(other, o, &size), CKR_OK);
    ck_assert_uint_eq(h.f->C_CloseSession(mine), CKR_OK);
    ck_assert_uint_eq(found(other, "mine"), 0);
    ck_assert_uint_eq(h.f->C_GetObjectSize(other, o, &size), CKR_OBJECT_HANDLE_INVALID);
    (void)make_data(other, "all", &no);
    ck_assert_uint_eq(h.f->C_CloseAllSessions(0), CKR_OK);
    ck_assert_uint_eq(found(mc_session(0), "all"), 0);
}
END_TEST

/* 5.6: a private one goes with the log-in. */
START_TEST(a_private_object_goes_with_the_log_in)
{
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    (void)make_data(s, "private", &yes);
    (void)make_data(s, "public", &no);
    ck_assert_uint_eq(found(s, "private"), 1);
    ck_assert_uint_eq(h.f->C_Logout(s), CKR_OK);
    ck_assert_uint_eq(found(s, "private"), 0);
    ck_assert_uint_eq(found(s, "public"), 1);
    s = mh_login(&h, 0);
    ck_assert_uint_eq(found(s, "private"), 0);
}
END_TEST

/* 4.1.2, 4.1.3, 5.7: copied, changed, destroyed; what is on the key isn't. */
START_TEST(copied_changed_destroyed)
{
    CK_SESSION_HANDLE s = mc_session(0);
    CK_OBJECT_HANDLE o = make_data(s, "one", &no), copy = 0;
    CK_ATTRIBUTE two = {CKA_LABEL, (void *)(uintptr_t) "two", 3}, fixed = BOOL(CKA_MODIFIABLE, no),
                 undestroyable = BOOL(CKA_DESTROYABLE, no), again = BOOL(CKA_DESTROYABLE, yes);
    ck_assert_uint_eq(h.f->C_CopyObject(s, o, &two, 1, &copy), CKR_OK);
    ck_assert_uint_ne(o, copy);
    ck_assert_uint_eq(found(s, "one"), 1);
    ck_assert_uint_eq(found(s, "two"), 1);
    ck_assert_uint_eq(h.f->C_SetAttributeValue(s, o, &two, 1), CKR_OK);
    ck_assert_uint_eq(found(s, "two"), 2);
    ck_assert_uint_eq(h.f->C_SetAttributeValue(s, o, &fixed, 1), CKR_ATTRIBUTE_READ_ONLY);
    ck_assert_uint_eq(h.f->C_SetAttributeValue(s, o, &undestroyable, 1), CKR_OK);
    ck_assert_uint_eq(h.f->C_SetAttributeValue(s, o, &again, 1), CKR_ATTRIBUTE_READ_ONLY);
    ck_assert_uint_eq(h.f->C_DestroyObject(s, o), CKR_ACTION_PROHIBITED);
    ck_assert_uint_eq(h.f->C_DestroyObject(s, copy), CKR_OK);
    ck_assert_uint_eq(h.f->C_DestroyObject(s, copy), CKR_OBJECT_HANDLE_INVALID);
    CK_OBJECT_HANDLE on_key = mh_find(&h, s, CKO_CERTIFICATE, 0);
    ck_assert_uint_ne(on_key, 0);
    ck_assert_uint_eq(h.f->C_DestroyObject(s, on_key), CKR_ACTION_PROHIBITED);
    ck_assert_uint_eq(h.f->C_CopyObject(s, on_key, &two, 1, &copy), CKR_ACTION_PROHIBITED);
    ck_assert_uint_eq(h.f->C_SetAttributeValue(s, on_key, &two, 1), CKR_USER_NOT_LOGGED_IN);
}
END_TEST

/* --- secret keys
 * --------------------------------------------------------------------------------*/

static CK_OBJECT_HANDLE make_sm4(CK_SESSION_HANDLE s)
{
    CK_ATTRIBUTE t[] = {
        CLASS(secret_class), {CKA_KEY_TYPE, &sm4_type, sizeof sm4_type}, BYTES(CKA_VALUE, sm4_key)};
    CK_OBJECT_HANDLE o = 0;
    ck_assert_uint_eq(h.f->C_CreateObject(s, t, COUNT(t), &o), CKR_OK);
    return o;
}

/* GB/T 32907, A.1: the example. */
START_TEST(sm4_as_in_the_standard)
{
    CK_SESSION_HANDLE s = mc_session(0);
    CK_OBJECT_HANDLE key = make_sm4(s);
    CK_MECHANISM ecb = {CKM_SM4_ECB, NULL, 0};
    static const CK_BYTE want[] = {0x68, 0x1e, 0xdf, 0x34, 0xd2, 0x06, 0x96, 0x5e,
                                   0x86, 0xb3, 0xe9, 0x4f, 0x53, 0x6e, 0x42, 0x46};
    CK_BYTE out[16];
    CK_ULONG len = sizeof out;
    ck_assert_uint_eq(h.f->C_EncryptInit(s, &ecb, key), CKR_OK);
    ck_assert_uint_eq(h.f->C_Encrypt(s, sm4_key, 16, out, &len), CKR_OK);
    ck_assert_mem_eq(out, want, 16);
    ck_assert_uint_eq(h.f->C_DecryptInit(s, &ecb, key), CKR_OK);
    ck_assert_uint_eq(h.f->C_Decrypt(s, out, 16, out, &len), CKR_OK);
    ck_assert_mem_eq(out, sm4_key, 16);
}
END_TEST

/* 5.8: whatever the parts, CBC is what it is in one. */
START_TEST(sm4_in_parts)
{
    CK_SESSION_HANDLE s = mc_session(1);
    CK_OBJECT_HANDLE key = make_sm4(s);
    CK_BYTE iv[16] = {7}, in[96], whole[96], parts[112], back[112];
    CK_MECHANISM cbc = {CKM_SM4_CBC, iv, sizeof iv};
    CK_ULONG len = sizeof whole, at = 0, n = 0;
    for (size_t i = 0; i < sizeof in; i++)
        in[i] = (CK_BYTE)(i * 7);
    ck_assert_uint_eq(h.f->C_EncryptInit(s, &cbc, key), CKR_OK);
    ck_assert_uint_eq(h.f->C_Encrypt(s, in, sizeof in, whole, &len), CKR_OK);
    for (size_t step = 1; step < 40; step++) {
        at = 0;
        ck_assert_uint_eq(h.f->C_EncryptInit(s, &cbc, key), CKR_OK);
        for (size_t i = 0; i < sizeof in; i += step) {
            n = sizeof parts - at;
            size_t take = i + step < sizeof in ? step : sizeof in - i;
            ck_assert_uint_eq(h.f->C_EncryptUpdate(s, in + i, take, parts + at, &n), CKR_OK);
            at += n;
        }
        n = sizeof parts - at;
        ck_assert_uint_eq(h.f->C_EncryptFinal(s, parts + at, &n), CKR_OK);
        ck_assert_uint_eq(at + n, sizeof in);
        ck_assert_mem_eq(parts, whole, sizeof whole);
        at = 0;
        ck_assert_uint_eq(h.f->C_DecryptInit(s, &cbc, key), CKR_OK);
        for (size_t i = 0; i < sizeof in; i += step) {
            n = sizeof back - at;
            size_t take = i + step < sizeof in ? step : sizeof in - i;
            ck_assert_uint_eq(h.f->C_DecryptUpdate(s, whole + i, take, back + at, &n), CKR_OK);
            at += n;
        }
        n = sizeof back - at;
        ck_assert_uint_eq(h.f->C_DecryptFinal(s, back + at, &n), CKR_OK);
        ck_assert_mem_eq(back, in, sizeof in);
    }
}
END_TEST

/* 5.2, 5.8, 5.9: lengths and short buffers. */
START_TEST(sm4_lengths)
{
    CK_SESSION_HANDLE s = mc_session(0);
    CK_OBJECT_HANDLE key = make_sm4(s);
    CK_BYTE iv[16] = {0}, in[32] = {1}, out[32], want[32];
    CK_MECHANISM cbc = {CKM_SM4_CBC, iv, sizeof iv}, no_iv = {CKM_SM4_CBC, NULL, 0};
    CK_ULONG n = 0;
    ck_assert_uint_eq(h.f->C_EncryptInit(s, &no_iv, key), CKR_MECHANISM_PARAM_INVALID);
    ck_assert_uint_eq(h.f->C_EncryptInit(s, &cbc, key), CKR_OK);
    ck_assert_uint_eq(h.f->C_Encrypt(s, in, 32, NULL, &n), CKR_OK);
    ck_assert_uint_eq(n, 32);
    n = 31;
    ck_assert_uint_eq(h.f->C_Encrypt(s, in, 32, out, &n), CKR_BUFFER_TOO_SMALL);
    ck_assert_uint_eq(n, 32);
    ck_assert_uint_eq(h.f->C_Encrypt(s, in, 32, want, &n), CKR_OK);
    ck_assert_uint_eq(h.f->C_EncryptInit(s, &cbc, key), CKR_OK);
    n = sizeof out;
    ck_assert_uint_eq(h.f->C_Encrypt(s, in, 17, out, &n), CKR_DATA_LEN_RANGE);
    ck_assert_uint_eq(h.f->C_Encrypt(s, in, 16, out, &n), CKR_OPERATION_NOT_INITIALIZED);
    ck_assert_uint_eq(h.f->C_DecryptInit(s, &cbc, key), CKR_OK);
    n = 31;
    ck_assert_uint_eq(h.f->C_Decrypt(s, want, 32, out, &n), CKR_BUFFER_TOO_SMALL);
    ck_assert_uint_eq(h.f->C_Decrypt(s, want, 32, out, &n), CKR_OK);
    ck_assert_mem_eq(out, in, 32);
    ck_assert_uint_eq(h.f->C_DecryptInit(s, &cbc, key), CKR_OK);
    ck_assert_uint_eq(h.f->C_Decrypt(s, want, 31, out, &n), CKR_ENCRYPTED_DATA_LEN_RANGE);
    ck_assert_uint_eq(h.f->C_EncryptInit(s, &cbc, key), CKR_OK);
    n = 15;
    ck_assert_uint_eq(h.f->C_EncryptUpdate(s, in, 16, out, &n), CKR_BUFFER_TOO_SMALL);
    ck_assert_uint_eq(n, 16);
    ck_assert_uint_eq(h.f->C_EncryptUpdate(s, in, 20, out, &n), CKR_OK);
    ck_assert_mem_eq(out, want, 16);
    n = sizeof out;
    ck_assert_uint_eq(h.f->C_EncryptFinal(s, out, &n), CKR_DATA_LEN_RANGE);
}
END_TEST

/* RFC 4231, test case 2. */
START_TEST(hmac_as_in_the_rfc)
{
    CK_SESSION_HANDLE s = mc_session(0);
    CK_BYTE key_value[] = {'J', 'e', 'f', 'e'}, data[] = "what do ya want for nothing?", mac[32];
    CK_ATTRIBUTE t[] = {
        CLASS(secret_class), {CKA_KEY_TYPE, &generic, sizeof generic}, BYTES(CKA_VALUE, key_value)};
    CK_MECHANISM m = {CKM_SHA256_HMAC, NULL, 0}, sm3 = {CKM_SM3_HMAC, NULL, 0};
    CK_ULONG len = sizeof mac;
    CK_OBJECT_HANDLE key = 0;
    CK_BYTE want[32];
    (void)hexbytes("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", want,
                   sizeof want);
    ck_assert_uint_eq(h.f->C_CreateObject(s, t, COUNT(t), &key), CKR_OK);
    ck_assert_uint_eq(h.f->C_SignInit(s, &m, key), CKR_OK);
    ck_assert_uint_eq(h.f->C_SignUpdate(s, data, 10), CKR_OK);
    ck_assert_uint_eq(h.f->C_SignUpdate(s, data + 10, 18), CKR_OK);
    ck_assert_uint_eq(h.f->C_SignFinal(s, mac, &len), CKR_OK);
    ck_assert_mem_eq(mac, want, 32);
    ck_assert_uint_eq(h.f->C_VerifyInit(s, &m, key), CKR_OK);
    ck_assert_uint_eq(h.f->C_Verify(s, data, 28, mac, 32), CKR_OK);
    mac[0] ^= 1;
    ck_assert_uint_eq(h.f->C_VerifyInit(s, &m, key), CKR_OK);
    ck_assert_uint_eq(h.f->C_Verify(s, data, 28, mac, 32), CKR_SIGNATURE_INVALID);
    ck_assert_uint_eq(h.f->C_SignInit(s, &sm3, key), CKR_OK);
    ck_assert_uint_eq(h.f->C_Sign(s, data, 28, mac, &len), CKR_OK);
    ck_assert_uint_eq(h.f->C_SignInit(s, &sm3, make_sm4(s)), CKR_KEY_TYPE_INCONSISTENT);
}
END_TEST

/* 4.10.2: what is sensitive or can't be extracted is not read, found by, wrapped, nor made so. */
START_TEST(a_sensitive_key_stays_so)
{
    CK_SESSION_HANDLE s = mc_session(0);
    CK_MECHANISM gen = {CKM_SM4_KEY_GEN, NULL, 0}, ecb = {CKM_SM4_ECB, NULL, 0};
    CK_ATTRIBUTE t[] = {BOOL(CKA_SENSITIVE, yes), BOOL(CKA_EXTRACTABLE, no)};
    CK_BYTE value[16];
    CK_ATTRIBUTE get = {CKA_VALUE, value, sizeof value};
    CK_ATTRIBUTE back[] = {BOOL(CKA_SENSITIVE, no), BOOL(CKA_EXTRACTABLE, yes)};
    CK_OBJECT_HANDLE key = 0, copy = 0;
    CK_ULONG len = sizeof value;
    ck_assert_uint_eq(h.f->C_GenerateKey(s, &gen, t, COUNT(t), &key), CKR_OK);
    ck_assert_uint_eq(h.f->C_GetAttributeValue(s, key, &get, 1), CKR_ATTRIBUTE_SENSITIVE);
    ck_assert_uint_eq(get.ulValueLen, CK_UNAVAILABLE_INFORMATION);
    for (size_t i = 0; i < 2; i++) {
        ck_assert_uint_eq(h.f->C_SetAttributeValue(s, key, &back[i], 1), CKR_ATTRIBUTE_READ_ONLY);
        ck_assert_uint_eq(h.f->C_CopyObject(s, key, &back[i], 1, &copy), CKR_ATTRIBUTE_READ_ONLY);
    }
    ck_assert_uint_eq(h.f->C_WrapKey(s, &ecb, make_sm4(s), key, value, &len),
                      CKR_KEY_UNEXTRACTABLE);
    /* nor is its value guessed by looking for it, where that finds what may be read */
    CK_OBJECT_HANDLE readable = make_sm4(s), found[4];
    CK_ULONG n = 0;
    CK_ATTRIBUTE by_value = BYTES(CKA_VALUE, sm4_key);
    ck_assert_uint_eq(h.f->C_CopyObject(s, readable, t, 1, &copy), CKR_OK);
    ck_assert_uint_eq(h.f->C_CopyObject(s, readable, t + 1, 1, &copy), CKR_OK);
    ck_assert_uint_eq(h.f->C_FindObjectsInit(s, &by_value, 1), CKR_OK);
    ck_assert_uint_eq(h.f->C_FindObjects(s, found, COUNT(found), &n), CKR_OK);
    ck_assert_uint_eq(h.f->C_FindObjectsFinal(s), CKR_OK);
    ck_assert_uint_eq(n, 2);
    for (CK_ULONG i = 0; i < n; i++) {
        get.ulValueLen = sizeof value;
        ck_assert_uint_eq(h.f->C_GetAttributeValue(s, found[i], &get, 1), CKR_OK);
    }
    CK_BBOOL always = 0, never = 0, local = 0;
    CK_ATTRIBUTE said[] = {BOOL(CKA_ALWAYS_SENSITIVE, always), BOOL(CKA_NEVER_EXTRACTABLE, never),
                           BOOL(CKA_LOCAL, local)};
    ck_assert_uint_eq(h.f->C_GetAttributeValue(s, key, said, 3), CKR_OK);
    ck_assert(always && never && local);
}
END_TEST

/* --- wrapping
 * -----------------------------------------------------------------------------------*/

static void round_trip(CK_SLOT_ID slot, CK_MECHANISM *m)
{
    CK_SESSION_HANDLE s = mh_try_login(&h, slot, MH_PIN);
    CK_OBJECT_HANDLE key = make_sm4(s), out = 0;
    CK_BYTE wrapped[512], value[16];
    CK_ULONG len = 0, size = 16;
    CK_ATTRIBUTE t[] = {{CKA_KEY_TYPE, &sm4_type, sizeof sm4_type}, BOOL(CKA_PRIVATE, yes)};
    CK_ATTRIBUTE get = {CKA_VALUE, value, size};
    CK_OBJECT_HANDLE pub = mh_find(&h, s, CKO_PUBLIC_KEY, CKA_WRAP),
                     priv = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_UNWRAP);
    ck_assert_uint_eq(h.f->C_WrapKey(s, m, pub, key, NULL, &len), CKR_OK);
    ck_assert_uint_gt(len, 16);
    size = 10;
    ck_assert_uint_eq(h.f->C_WrapKey(s, m, pub, key, wrapped, &size), CKR_BUFFER_TOO_SMALL);
    len = sizeof wrapped;
    ck_assert_uint_eq(h.f->C_WrapKey(s, m, pub, key, wrapped, &len), CKR_OK);
    ck_assert_uint_eq(h.f->C_UnwrapKey(s, m, priv, wrapped, len, t, 2, &out), CKR_OK);
    ck_assert_uint_eq(h.f->C_GetAttributeValue(s, out, &get, 1), CKR_OK);
    ck_assert_mem_eq(value, sm4_key, 16);
    ck_assert_uint_eq(h.f->C_UnwrapKey(s, m, pub, wrapped, len, t, 2, &out),
                      CKR_KEY_FUNCTION_NOT_PERMITTED);
    wrapped[len - 1] ^= 1;
    ck_assert_uint_ne(h.f->C_UnwrapKey(s, m, priv, wrapped, len, t, 2, &out), CKR_OK);
    ck_assert_uint_eq(h.f->C_WrapKey(s, m, pub, priv, wrapped, &len), CKR_KEY_UNEXTRACTABLE);
    ck_assert_uint_eq(h.f->C_Logout(s), CKR_OK);
}

/* 5.13: for and with the encryption pair on the key. */
START_TEST(a_key_travels_to_the_key)
{
    CK_RSA_PKCS_OAEP_PARAMS p = {CKM_SHA256, CKG_MGF1_SHA256, CKZ_DATA_SPECIFIED, NULL, 0};
    CK_MECHANISM pkcs = {CKM_RSA_PKCS, NULL, 0}, oaep = {CKM_RSA_PKCS_OAEP, &p, sizeof p},
                 sm2 = {CKM_SM2_ENCRYPT, NULL, 0}, der = {CKM_SM2_ENCRYPT_DER, NULL, 0};
    round_trip(0, &pkcs);
    round_trip(0, &oaep);
    round_trip(1, &sm2);
    round_trip(1, &der);
}
END_TEST

/* 5.11, 5.12: the data comes back out of the signature. */
START_TEST(recover)
{
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    CK_OBJECT_HANDLE priv = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN_RECOVER),
                     pub = mh_find(&h, s, CKO_PUBLIC_KEY, CKA_VERIFY_RECOVER);
    CK_MECHANISM m = {CKM_RSA_PKCS, NULL, 0}, raw = {CKM_RSA_X_509, NULL, 0};
    CK_BYTE sig[256], out[256];
    CK_ULONG len = sizeof sig, n = 0;
    ck_assert_uint_eq(h.f->C_SignRecoverInit(s, &m, priv), CKR_OK);
    ck_assert_uint_eq(h.f->C_SignRecover(s, text, sizeof text, sig, &len), CKR_OK);
    ck_assert_uint_eq(h.f->C_VerifyRecoverInit(s, &m, pub), CKR_OK);
    ck_assert_uint_eq(h.f->C_VerifyRecover(s, sig, len, NULL, &n), CKR_OK);
    ck_assert_uint_eq(n, sizeof text);
    n = 1;
    ck_assert_uint_eq(h.f->C_VerifyRecover(s, sig, len, out, &n), CKR_BUFFER_TOO_SMALL);
    ck_assert_uint_eq(h.f->C_VerifyRecover(s, sig, len, out, &n), CKR_OK);
    ck_assert_mem_eq(out, text, sizeof text);
    ck_assert_uint_eq(h.f->C_VerifyRecover(s, sig, len, out, &n), CKR_OPERATION_NOT_INITIALIZED);
    sig[100] ^= 1;
    n = sizeof out;
    ck_assert_uint_eq(h.f->C_VerifyRecoverInit(s, &m, pub), CKR_OK);
    ck_assert_uint_eq(h.f->C_VerifyRecover(s, sig, len, out, &n), CKR_SIGNATURE_INVALID);
    ck_assert_uint_eq(h.f->C_VerifyRecoverInit(s, &raw, pub), CKR_OK);
    ck_assert_uint_eq(h.f->C_VerifyRecover(s, sig, 255, out, &n), CKR_SIGNATURE_LEN_RANGE);
}
END_TEST

/* 5.9: a ciphertext of the wrong length is that, and not wrong contents. */
START_TEST(rsa_ciphertext_lengths)
{
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    CK_OBJECT_HANDLE priv = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_DECRYPT);
    CK_MECHANISM m = {CKM_RSA_PKCS, NULL, 0};
    CK_BYTE in[257] = {1}, out[256];
    for (CK_ULONG len = 255; len <= 257; len++) {
        CK_ULONG n = sizeof out;
        ck_assert_uint_eq(h.f->C_DecryptInit(s, &m, priv), CKR_OK);
        ck_assert_uint_eq(h.f->C_Decrypt(s, in, len, out, &n),
                          len == 256 ? CKR_ENCRYPTED_DATA_INVALID : CKR_ENCRYPTED_DATA_LEN_RANGE);
    }
}
END_TEST

/* 5.15: two at once are what the two would be one by one. */
START_TEST(dual_functions)
{
    CK_SESSION_HANDLE s = mc_session(0);
    CK_OBJECT_HANDLE key = make_sm4(s);
    CK_MECHANISM ecb = {CKM_SM4_ECB, NULL, 0}, sha = {CKM_SHA256, NULL, 0};
    CK_BYTE in[64] = {3}, one[64], digest[32], want[32], back[64];
    CK_ULONG n = 1, len = 32;
    CK_TOKEN_INFO info;
    ck_assert_uint_eq(h.f->C_DigestInit(s, &sha), CKR_OK);
    ck_assert_uint_eq(h.f->C_Digest(s, in, sizeof in, want, &len), CKR_OK);
    ck_assert_uint_eq(h.f->C_GetTokenInfo(0, &info), CKR_OK);
    ck_assert(info.flags & CKF_DUAL_CRYPTO_OPERATIONS);
    ck_assert_uint_eq(h.f->C_DigestEncryptUpdate(s, in, 64, one, &n),
                      CKR_OPERATION_NOT_INITIALIZED);
    ck_assert_uint_eq(h.f->C_EncryptInit(s, &ecb, key), CKR_OK);
    ck_assert_uint_eq(h.f->C_DigestInit(s, &sha), CKR_OK);
    ck_assert_uint_eq(h.f->C_DigestEncryptUpdate(s, in, 64, one, &n), CKR_BUFFER_TOO_SMALL);
    ck_assert_uint_eq(n, 64);
    ck_assert_uint_eq(h.f->C_DigestEncryptUpdate(s, in, 64, one, &n), CKR_OK);
    ck_assert_uint_eq(h.f->C_DigestFinal(s, digest, &len), CKR_OK);
    ck_assert_mem_eq(digest, want, 32);
    n = 0;
    ck_assert_uint_eq(h.f->C_EncryptFinal(s, back, &n), CKR_OK);
    ck_assert_uint_eq(h.f->C_DecryptInit(s, &ecb, key), CKR_OK);
    ck_assert_uint_eq(h.f->C_DigestInit(s, &sha), CKR_OK);
    n = sizeof back;
    ck_assert_uint_eq(h.f->C_DecryptDigestUpdate(s, one, 64, back, &n), CKR_OK);
    ck_assert_mem_eq(back, in, 64);
    ck_assert_uint_eq(h.f->C_DigestFinal(s, digest, &len), CKR_OK);
    ck_assert_mem_eq(digest, want, 32);
    ck_assert_uint_eq(h.f->C_DigestInit(s, &sha), CKR_OK);
    ck_assert_uint_eq(h.f->C_GetOperationState(s, NULL, &n), CKR_STATE_UNSAVEABLE);
    ck_assert_uint_eq(h.f->C_DigestKey(s, key), CKR_OK);
    len = sizeof digest;
    ck_assert_uint_eq(h.f->C_Digest(s, in, sizeof in, digest, &len), CKR_OPERATION_ACTIVE);
}
END_TEST

/* 5.6 of 3.0: a user without a name is the user. */
START_TEST(login_user)
{
    CK_SESSION_HANDLE s = mc_session(0);
    CK_UTF8CHAR name[] = "somebody", *pin = (CK_UTF8CHAR *)(uintptr_t)MH_PIN;
    ck_assert_uint_eq(h.f->C_LoginUser(s, CKU_USER, pin, 8, name, 8), CKR_USER_TYPE_INVALID);
    ck_assert_uint_eq(h.f->C_LoginUser(s, CKU_USER, pin, 8, NULL, 0), CKR_OK);
}
END_TEST

static CK_OBJECT_HANDLE keep(CK_SESSION_HANDLE s)
{
    CK_ATTRIBUTE t = CLASS(data_class);
    CK_OBJECT_HANDLE o = 0;
    ck_assert_uint_eq(h.f->C_CreateObject(s, &t, 1, &o), CKR_OK);
    return o;
}

/* 5.7.8 has no order. Here they are found as they were made, whichever of them have gone. */
START_TEST(objects_are_found_as_they_were_made)
{
    CK_SESSION_HANDLE s = mc_session(0), other = mc_session(0);
    CK_OBJECT_HANDLE o[8], found[8];
    CK_ATTRIBUTE t = CLASS(data_class);
    CK_ULONG n = 0;
    for (int i = 0; i < 6; i++)
        o[i] = keep(i % 3 == 2 ? other : s);
    ck_assert_uint_eq(h.f->C_DestroyObject(s, o[0]), CKR_OK); /* the first of them */
    ck_assert_uint_eq(h.f->C_DestroyObject(s, o[3]), CKR_OK);
    ck_assert_uint_eq(h.f->C_CloseSession(other), CKR_OK); /* the last, too */
    o[6] = keep(s);
    ck_assert_uint_eq(h.f->C_DestroyObject(s, o[6]), CKR_OK);
    o[7] = keep(s);
    const CK_OBJECT_HANDLE want[] = {o[1], o[4], o[7]};
    for (int round = 0; round < 2; round++) {
        ck_assert_uint_eq(h.f->C_FindObjectsInit(s, &t, 1), CKR_OK);
        ck_assert_uint_eq(h.f->C_FindObjects(s, found, COUNT(found), &n), CKR_OK);
        ck_assert_uint_eq(h.f->C_FindObjectsFinal(s), CKR_OK);
        ck_assert_uint_eq(n, round ? 1 : COUNT(want));
        ck_assert_mem_eq(found, round ? &o[0] : want, n * sizeof *found);
        /* and after all of them have gone */
        ck_assert_uint_eq(h.f->C_CloseAllSessions(0), CKR_OK);
        s = mc_session(0);
        o[0] = keep(s);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("object");
    TCase *t = mc_case(suite, "empty key", mc_setup);
    tcase_add_test(t, what_can_be_created);
    tcase_add_test(t, an_object_lives_as_long_as_its_session);
    tcase_add_test(t, objects_are_found_as_they_were_made);
    tcase_add_test(t, a_private_object_goes_with_the_log_in);
    tcase_add_test(t, sm4_as_in_the_standard);
    tcase_add_test(t, sm4_in_parts);
    tcase_add_test(t, sm4_lengths);
    tcase_add_test(t, hmac_as_in_the_rfc);
    tcase_add_test(t, a_sensitive_key_stays_so);
    tcase_add_test(t, dual_functions);
    tcase_add_test(t, login_user);
    t = mc_case(suite, "with certificates", mc_setup_certs);
    tcase_add_test(t, copied_changed_destroyed);
    tcase_add_test(t, a_key_travels_to_the_key);
    tcase_add_test(t, recover);
    tcase_add_test(t, rsa_ciphertext_lengths);
    return run_suite(suite);
}
