/* SPDX-License-Identifier: Apache-2.0 */
/* What the module says of objects, and checks of what it is told. Clauses are those of PKCS#11
 * 2.40. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "modcase.h"
#include "runner.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define BYTES(t, b)                                                                                \
    {                                                                                              \
        (t), (b), sizeof(b)                                                                        \
    }
#define CLASS(c)                                                                                   \
    {                                                                                              \
        CKA_CLASS, &(c), sizeof(c)                                                                 \
    }

static CK_OBJECT_CLASS secret_class = CKO_SECRET_KEY, public_class = CKO_PUBLIC_KEY,
                       cert_class = CKO_CERTIFICATE;
static CK_KEY_TYPE sm4_type = CKK_SM4, rsa_type = CKK_RSA;
static CK_CERTIFICATE_TYPE x509 = CKC_X_509;
static CK_BYTE sm4_key[16] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
                              0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10};

static CK_OBJECT_HANDLE make_sm4(CK_SESSION_HANDLE s)
{
    CK_ATTRIBUTE t[] = {
        CLASS(secret_class), {CKA_KEY_TYPE, &sm4_type, sizeof sm4_type}, BYTES(CKA_VALUE, sm4_key)};
    CK_OBJECT_HANDLE o = 0;
    ck_assert_uint_eq(h.f->C_CreateObject(s, t, COUNT(t), &o), CKR_OK);
    return o;
}

/* --- check values
 * -------------------------------------------------------------------------------*/

static CK_BYTE jefe[] = {'J', 'e', 'f', 'e'}, jefe_check[3], sm4_check[3],
               wrong_check[3] = {1, 2, 3}, two_bytes[2];

static const struct {
    const char *clause;
    CK_KEY_TYPE type;
    CK_BYTE *value;
    CK_ULONG len;
    CK_BYTE *check; /* given; NULL: none of three bytes */
    CK_ULONG check_len;
    CK_RV rv;
    CK_ULONG told; /* bytes of it read back; CK_UNAVAILABLE_INFORMATION: not given at all */
} checks[] = {
    {"4.10.2 SM4, none", CKK_SM4, sm4_key, 16, NULL, CK_UNAVAILABLE_INFORMATION, CKR_OK, 3},
    {"4.10.2 SM4, right", CKK_SM4, sm4_key, 16, sm4_check, 3, CKR_OK, 3},
    {"4.10.2 SM4, wrong", CKK_SM4, sm4_key, 16, wrong_check, 3, CKR_ATTRIBUTE_VALUE_INVALID, 0},
    {"4.10.2 SM4, short", CKK_SM4, sm4_key, 16, two_bytes, 2, CKR_ATTRIBUTE_VALUE_INVALID, 0},
    {"4.10.2 SM4, not wanted", CKK_SM4, sm4_key, 16, NULL, 0, CKR_OK, 0},
    {"4.10.2 generic, none", CKK_GENERIC_SECRET, jefe, 4, NULL, CK_UNAVAILABLE_INFORMATION, CKR_OK,
     3},
    {"4.10.2 generic, right", CKK_GENERIC_SECRET, jefe, 4, jefe_check, 3, CKR_OK, 3},
    {"4.10.2 generic, wrong", CKK_GENERIC_SECRET, jefe, 4, wrong_check, 3,
     CKR_ATTRIBUTE_VALUE_INVALID, 0},
};

static void find_checks(CK_SESSION_HANDLE s)
{
    CK_MECHANISM ecb = {CKM_SM4_ECB, NULL, 0}, sha1 = {CKM_SHA_1, NULL, 0};
    CK_BYTE zeros[16] = {0}, out[20];
    CK_ULONG n = 16;
    ck_assert_uint_eq(h.f->C_EncryptInit(s, &ecb, make_sm4(s)), CKR_OK);
    ck_assert_uint_eq(h.f->C_Encrypt(s, zeros, 16, out, &n), CKR_OK);
    memcpy(sm4_check, out, 3);
    n = sizeof out;
    ck_assert_uint_eq(h.f->C_DigestInit(s, &sha1), CKR_OK);
    ck_assert_uint_eq(h.f->C_Digest(s, jefe, sizeof jefe, out, &n), CKR_OK);
    memcpy(jefe_check, out, 3);
}

START_TEST(a_check_value_is_checked)
{
    CK_SESSION_HANDLE s = mc_session(0);
    find_checks(s);
    for (size_t i = 0; i < COUNT(checks); i++) {
        CK_KEY_TYPE type = checks[i].type;
        CK_BYTE told[8];
        CK_ATTRIBUTE t[] = {CLASS(secret_class),
                            {CKA_KEY_TYPE, &type, sizeof type},
                            {CKA_VALUE, checks[i].value, checks[i].len},
                            {CKA_CHECK_VALUE, checks[i].check, checks[i].check_len}};
        CK_ATTRIBUTE get = {CKA_CHECK_VALUE, told, sizeof told};
        CK_OBJECT_HANDLE o = 0;
        bool given = checks[i].check_len != CK_UNAVAILABLE_INFORMATION;
        CK_RV rv = h.f->C_CreateObject(s, t, given ? 4 : 3, &o);
        ck_assert_msg(rv == checks[i].rv, "%s: %lx", checks[i].clause, rv);
        if (rv != CKR_OK)
            continue;
        ck_assert_msg(h.f->C_GetAttributeValue(s, o, &get, 1) == CKR_OK, "%s", checks[i].clause);
        ck_assert_msg(get.ulValueLen == checks[i].told, "%s: %lu bytes", checks[i].clause,
                      get.ulValueLen);
        if (get.ulValueLen)
            ck_assert_mem_eq(told, type == CKK_SM4 ? sm4_check : jefe_check, 3);
    }
    /* one that is made here can't be told beforehand */
    CK_MECHANISM generate = {CKM_SM4_KEY_GEN, NULL, 0};
    CK_ATTRIBUTE t = BYTES(CKA_CHECK_VALUE, wrong_check);
    CK_OBJECT_HANDLE o = 0;
    ck_assert_uint_eq(h.f->C_GenerateKey(s, &generate, &t, 1, &o), CKR_ATTRIBUTE_VALUE_INVALID);
}
END_TEST

/* 4.6.2: the first three bytes of a certificate's SHA-1. */
START_TEST(a_certificates_check_value_is_checked)
{
    CK_SESSION_HANDLE s = mc_session(0);
    CK_OBJECT_HANDLE cert = mh_find(&h, s, CKO_CERTIFICATE, 0), o = 0;
    struct bk_buf der = BK_BUF_INIT, check = BK_BUF_INIT;
    ck_assert(mh_bytes_attr(&h, s, cert, CKA_VALUE, &der));
    ck_assert(mh_bytes_attr(&h, s, cert, CKA_CHECK_VALUE, &check));
    CK_ATTRIBUTE t[] = {CLASS(cert_class),
                        {CKA_CERTIFICATE_TYPE, &x509, sizeof x509},
                        {CKA_VALUE, der.data, der.len},
                        {CKA_CHECK_VALUE, check.data, check.len}};
    ck_assert_uint_eq(h.f->C_CreateObject(s, t, 4, &o), CKR_OK);
    ck_assert_uint_eq(h.f->C_CreateObject(s, t, 3, &o), CKR_OK);
    CK_BYTE told[3];
    CK_ATTRIBUTE get = BYTES(CKA_CHECK_VALUE, told);
    ck_assert_uint_eq(h.f->C_GetAttributeValue(s, o, &get, 1), CKR_OK);
    ck_assert_mem_eq(told, check.data, 3);
    check.data[0] ^= 1;
    ck_assert_uint_eq(h.f->C_CreateObject(s, t, 4, &o), CKR_ATTRIBUTE_VALUE_INVALID);
    bk_buf_free(&der);
    bk_buf_free(&check);
}
END_TEST

static CK_MECHANISM_TYPE made_by(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o, CK_BBOOL *local)
{
    CK_MECHANISM_TYPE m = 0;
    CK_ATTRIBUTE t[] = {{CKA_KEY_GEN_MECHANISM, &m, sizeof m}, {CKA_LOCAL, local, 1}};
    ck_assert_uint_eq(h.f->C_GetAttributeValue(s, o, t, 2), CKR_OK);
    return m;
}

/* 4.7: by which mechanism a key was made is told of those that were made here, and of no other. */
START_TEST(how_a_key_was_made)
{
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    CK_BBOOL local = 0;
    ck_assert_uint_eq(made_by(s, mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN), &local),
                      CKM_RSA_PKCS_KEY_PAIR_GEN);
    ck_assert(local);
    CK_OBJECT_HANDLE pub = mh_find(&h, s, CKO_PUBLIC_KEY, CKA_ENCRYPT);
    const CK_OBJECT_HANDLE foreign[] = {mh_find(&h, s, CKO_PRIVATE_KEY, CKA_DECRYPT), pub,
                                        make_sm4(s)};
    for (size_t i = 0; i < COUNT(foreign); i++) {
        ck_assert_uint_eq(made_by(s, foreign[i], &local), CK_UNAVAILABLE_INFORMATION);
        ck_assert(!local);
    }
    struct bk_buf n = BK_BUF_INIT, e = BK_BUF_INIT;
    ck_assert(mh_bytes_attr(&h, s, pub, CKA_MODULUS, &n));
    ck_assert(mh_bytes_attr(&h, s, pub, CKA_PUBLIC_EXPONENT, &e));
    CK_ATTRIBUTE t[] = {CLASS(public_class),
                        {CKA_KEY_TYPE, &rsa_type, sizeof rsa_type},
                        {CKA_MODULUS, n.data, n.len},
                        {CKA_PUBLIC_EXPONENT, e.data, e.len}};
    CK_OBJECT_HANDLE made = 0;
    ck_assert_uint_eq(h.f->C_CreateObject(s, t, COUNT(t), &made), CKR_OK);
    ck_assert_uint_eq(made_by(s, made, &local), CK_UNAVAILABLE_INFORMATION);
    bk_buf_free(&n);
    bk_buf_free(&e);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("attribute");
    TCase *t = mc_case(suite, "empty key", mc_setup);
    tcase_add_test(t, a_check_value_is_checked);
    t = mc_case(suite, "with certificates", mc_setup_certs);
    tcase_add_test(t, a_certificates_check_value_is_checked);
    tcase_add_test(t, how_a_key_was_made);
    return run_suite(suite);
}
