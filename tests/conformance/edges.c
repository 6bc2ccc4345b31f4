/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Edges: attributes that go one way, values and lengths that are one too short or too long, what is
 * wrong by one bit. Clauses are those of PKCS#11 3.0.
 */
#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "pkcs11/p11.h"
#include "rows.h"
#include "runner.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define A(type, value)                                                                             \
    {                                                                                              \
        (type), &(value), sizeof(value)                                                            \
    }

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
static CK_OBJECT_CLASS secret_class = CKO_SECRET_KEY, cert_class = CKO_CERTIFICATE;
static CK_KEY_TYPE sm4_type = CKK_SM4, generic_type = CKK_GENERIC_SECRET;
static CK_MECHANISM ecb = {CKM_SM4_ECB, NULL, 0}, rsa = {CKM_RSA_PKCS, NULL, 0},
                    raw = {CKM_RSA_X_509, NULL, 0}, gen_sm4 = {CKM_SM4_KEY_GEN, NULL, 0};
static CK_BYTE data[1024], out[1024];
static CK_ULONG len;
static CK_OBJECT_HANDLE o;

static CK_OBJECT_HANDLE make_sm4(CK_SESSION_HANDLE s, const CK_ATTRIBUTE *t, CK_ULONG count)
{
    CK_OBJECT_HANDLE made = 0;
    ck_assert_uint_eq(h.f->C_GenerateKey(s, &gen_sm4, (CK_ATTRIBUTE *)(uintptr_t)t, count, &made),
                      CKR_OK);
    return made;
}

static CK_BBOOL is(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE of, CK_ATTRIBUTE_TYPE type)
{
    CK_BBOOL value = 2;
    CK_ATTRIBUTE a = {type, &value, 1};
    ck_assert_uint_eq(h.f->C_GetAttributeValue(s, of, &a, 1), CKR_OK);
    return value;
}

/* --- attributes
 * --------------------------------------------------------------------------------*/

/* 4.1.1, 4.4 and 4.9: set and not taken back, by a change or in a copy. */
static const struct {
    CK_ATTRIBUTE_TYPE type;
    CK_BBOOL *stays, *refused;
} one_way[] = {
    {CKA_WRAP_WITH_TRUSTED, &yes, &no}, {CKA_SENSITIVE, &yes, &no},   {CKA_EXTRACTABLE, &no, &yes},
    {CKA_COPYABLE, &no, &yes},          {CKA_DESTROYABLE, &no, &yes},
};

START_TEST(some_attributes_go_one_way)
{
    CK_SESSION_HANDLE s = mc_session(0);
    for (size_t i = 0; i < COUNT(one_way); i++) {
        CK_ATTRIBUTE stays = {one_way[i].type, one_way[i].stays, 1},
                     back = {one_way[i].type, one_way[i].refused, 1};
        CK_OBJECT_HANDLE key = make_sm4(s, NULL, 0);
        ROW("4.1.1", CKR_OK, C_SetAttributeValue(s, key, &stays, 1));
        ROW("4.1.1", CKR_ATTRIBUTE_READ_ONLY, C_SetAttributeValue(s, key, &back, 1));
        if (stays.type != CKA_COPYABLE) {
            ROW("4.1.1", CKR_ATTRIBUTE_READ_ONLY, C_CopyObject(s, key, &back, 1, &o));
            ROW("4.1.1", CKR_OK, C_CopyObject(s, key, NULL, 0, &o));
            row("4.1.1", *one_way[i].stays, is(s, o, stays.type), "the copy's");
        }
        row("4.1.1", *one_way[i].stays, is(s, key, stays.type), "the attribute");
    }
    rows_end(25);
}
END_TEST

/* 5.18.3: no key here is trusted, so that it is wrapped by none. */
START_TEST(wrapped_by_trusted_keys_alone)
{
    CK_ATTRIBUTE t = A(CKA_WRAP_WITH_TRUSTED, yes);
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    CK_OBJECT_HANDLE key = make_sm4(s, &t, 1), with = make_sm4(s, NULL, 0),
                     pub = mh_find(&h, s, CKO_PUBLIC_KEY, CKA_ENCRYPT);
    len = sizeof out;
    ROW("5.18.3", CKR_KEY_NOT_WRAPPABLE, C_WrapKey(s, &ecb, with, key, out, &len));
    ROW("5.18.3", CKR_KEY_NOT_WRAPPABLE, C_WrapKey(s, &rsa, pub, key, out, &len));
    ROW("5.18.3", CKR_OK, C_WrapKey(s, &ecb, key, with, out, &len));
    rows_end(3);
}
END_TEST

/* 4.10: the value of a key that is sensitive, or not extractable, or both, is told to nobody. */
START_TEST(values_of_secret_keys)
{
    CK_SESSION_HANDLE s = mc_session(0);
    for (int i = 0; i < 4; i++) {
        CK_BBOOL sensitive = (i & 1) != 0, extractable = (i & 2) != 0;
        CK_ATTRIBUTE t[] = {A(CKA_SENSITIVE, sensitive), A(CKA_EXTRACTABLE, extractable)},
                     value = {CKA_VALUE, out, 16};
        bool told = !sensitive && extractable;
        CK_OBJECT_HANDLE key = make_sm4(s, t, 2);
        memset(out, 0, 16);
        ROW("4.10", told ? CKR_OK : CKR_ATTRIBUTE_SENSITIVE,
            C_GetAttributeValue(s, key, &value, 1));
        row("4.10", told ? 16 : CK_UNAVAILABLE_INFORMATION, value.ulValueLen, "its length");
        row("4.10", !told, memcmp(out, data + 512, 16) == 0, "nothing of it");
    }
    rows_end(12);
}
END_TEST

/* 4.9: what has been outside once was extractable. */
START_TEST(what_a_key_was_always_and_never)
{
    CK_ATTRIBUTE t[] = {A(CKA_CLASS, secret_class),
                        A(CKA_KEY_TYPE, sm4_type),
                        {CKA_VALUE, data, 16},
                        A(CKA_SENSITIVE, yes),
                        A(CKA_EXTRACTABLE, no)};
    CK_SESSION_HANDLE s = mc_session(0);
    ROW("4.9", CKR_OK, C_CreateObject(s, t, COUNT(t), &o));
    row("4.9", CK_FALSE, is(s, o, CKA_NEVER_EXTRACTABLE), "of one that was given");
    row("4.9", CK_FALSE, is(s, o, CKA_ALWAYS_SENSITIVE), "of one that was given");
    o = make_sm4(s, t + 3, 2);
    row("4.9", CK_TRUE, is(s, o, CKA_NEVER_EXTRACTABLE), "of one that was made");
    row("4.9", CK_TRUE, is(s, o, CKA_ALWAYS_SENSITIVE), "of one that was made");
    o = make_sm4(s, NULL, 0);
    row("4.9", CK_FALSE, is(s, o, CKA_NEVER_EXTRACTABLE), "of one that is extractable");
    ROW("4.9", CKR_OK, C_SetAttributeValue(s, o, t + 4, 1));
    row("4.9", CK_FALSE, is(s, o, CKA_NEVER_EXTRACTABLE), "of one that was extractable");
    rows_end(8);
}
END_TEST

/* 5.7.5: room that is a byte short takes nothing, and nothing behind it is written. */
START_TEST(attributes_a_byte_too_long)
{
    static const CK_ATTRIBUTE_TYPE types[] = {
        CKA_CLASS,   CKA_LABEL, CKA_ID,    CKA_VALUE,        CKA_SUBJECT,
        CKA_MODULUS, CKA_TOKEN, CKA_LOCAL, CKA_MODULUS_BITS, CKA_PUBLIC_KEY_INFO};
    CK_SESSION_HANDLE s = mc_session(0);
    CK_OBJECT_HANDLE of[] = {mh_find(&h, s, CKO_CERTIFICATE, 0),
                             mh_find(&h, s, CKO_PUBLIC_KEY, CKA_VERIFY)};
    unsigned tried = 0;
    for (size_t i = 0; i < COUNT(types) * COUNT(of); i++) {
        CK_OBJECT_HANDLE at = of[i / COUNT(types)];
        CK_ATTRIBUTE a = {types[i % COUNT(types)], NULL, 0};
        if (h.f->C_GetAttributeValue(s, at, &a, 1) != CKR_OK || !a.ulValueLen)
            continue;
        CK_ULONG size = a.ulValueLen;
        CK_BYTE *room = malloc(size + 1);
        ck_assert_ptr_nonnull(room);
        memset(room, 0x5c, size + 1);
        a = (CK_ATTRIBUTE){a.type, room, size - 1};
        ROW("5.7.5", CKR_BUFFER_TOO_SMALL, C_GetAttributeValue(s, at, &a, 1));
        row("5.7.5", CK_UNAVAILABLE_INFORMATION, a.ulValueLen, "the length");
        row("5.7.5", 0x5c, room[size - 1], "the byte behind");
        a = (CK_ATTRIBUTE){a.type, room, size};
        ROW("5.7.5", CKR_OK, C_GetAttributeValue(s, at, &a, 1));
        row("5.7.5", size, a.ulValueLen, "the length");
        row("5.7.5", 0x5c, room[size], "the byte behind");
        free(room);
        tried++;
    }
    ck_assert_uint_ge(tried, 13);
    rows_end(78);
}
END_TEST

/* 4.4.1, 4.6.3 */
START_TEST(dates_and_numbers_of_certificates)
{
    static const struct {
        const char *date;
        CK_RV rv;
    } dates[] = {{"20260229", CKR_OK}, /* months aren't measured */
                 {"19991231", CKR_OK},
                 {"xxxxxxxx", CKR_ATTRIBUTE_VALUE_INVALID},
                 {"2026010 ", CKR_ATTRIBUTE_VALUE_INVALID},
                 {"2026:101", CKR_ATTRIBUTE_VALUE_INVALID},
                 {"20261301", CKR_ATTRIBUTE_VALUE_INVALID},
                 {"20260001", CKR_ATTRIBUTE_VALUE_INVALID},
                 {"20260100", CKR_ATTRIBUTE_VALUE_INVALID},
                 {"20260132", CKR_ATTRIBUTE_VALUE_INVALID},
                 {"", CKR_OK}};
    CK_SESSION_HANDLE s = mc_session(0);
    CK_OBJECT_HANDLE key = make_sm4(s, NULL, 0);
    for (size_t i = 0; i < COUNT(dates); i++) {
        CK_ATTRIBUTE t = {i % 2 ? CKA_END_DATE : CKA_START_DATE, (void *)(uintptr_t)dates[i].date,
                          strlen(dates[i].date)};
        ROW("4.4.1", dates[i].rv, C_SetAttributeValue(s, key, &t, 1));
    }
    struct bk_buf der = BK_BUF_INIT;
    CK_CERTIFICATE_TYPE x509 = CKC_X_509;
    CK_ULONG hash = 0, number = 3;
    CK_ATTRIBUTE name_hash = {0x8c /* CKA_NAME_HASH_ALGORITHM */, &hash, sizeof hash};
    o = mh_find(&h, s, CKO_CERTIFICATE, 0);
    ck_assert(mh_bytes_attr(&h, s, o, CKA_VALUE, &der));
    ROW("4.6.3", CKR_OK, C_GetAttributeValue(s, o, &name_hash, 1));
    row("4.6.3", CKM_SHA_1, hash, "CKA_NAME_HASH_ALGORITHM on the key");
    CK_ATTRIBUTE t[] = {A(CKA_CLASS, cert_class),
                        A(CKA_CERTIFICATE_TYPE, x509),
                        {CKA_VALUE, der.data, der.len},
                        A(CKA_CERTIFICATE_CATEGORY, number)};
    ROW("4.6.2", CKR_OK, C_CreateObject(s, t, 4, &o));
    hash = 0;
    ROW("4.6.3", CKR_OK, C_GetAttributeValue(s, o, &name_hash, 1));
    row("4.6.3", CKM_SHA_1, hash, "CKA_NAME_HASH_ALGORITHM of a session");
    /* what no template said: as of one on the key, or empty */
    number = 99;
    CK_ATTRIBUTE domain = A(CKA_JAVA_MIDP_SECURITY_DOMAIN, number),
                 info = {CKA_PUBLIC_KEY_INFO, NULL, 1};
    ROW("4.6.3", CKR_OK, C_GetAttributeValue(s, o, &domain, 1));
    row("4.6.3", 0, number, "CKA_JAVA_MIDP_SECURITY_DOMAIN of a session");
    ROW("4.6.2", CKR_OK, C_GetAttributeValue(s, o, &info, 1));
    number = 3;
    t[3].type = CKA_JAVA_MIDP_SECURITY_DOMAIN;
    ROW("4.6.3", CKR_OK, C_CreateObject(s, t, 4, &o));
    number = 4;
    ROW("4.6.3", CKR_ATTRIBUTE_VALUE_INVALID, C_CreateObject(s, t, 4, &o));
    t[3].type = CKA_CERTIFICATE_CATEGORY;
    ROW("4.6.2", CKR_ATTRIBUTE_VALUE_INVALID, C_CreateObject(s, t, 4, &o));
    number = 999;
    ROW("4.6.2", CKR_ATTRIBUTE_VALUE_INVALID, C_CreateObject(s, t, 4, &o));
    bk_buf_free(&der);
    rows_end(22);
}
END_TEST

/* The certificate with another key in it: an RSA key of so many bytes. */
static struct bk_buf with_rsa_key(const struct bk_buf *der, int bytes)
{
    const unsigned char *at = der->data;
    struct bk_buf made = BK_BUF_INIT;
    unsigned char *again = NULL;
    X509 *x = d2i_X509(NULL, &at, (long)der->len);
    EVP_PKEY *signer = EVP_EC_gen("P-256"), *key = NULL;
    BIGNUM *n = BN_new(), *e = BN_new();
    OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    ck_assert(BN_rand(n, bytes * 8, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ODD) && BN_set_word(e, 65537) &&
              OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, n) &&
              OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, e));
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(bld);
    ck_assert(EVP_PKEY_fromdata_init(ctx) == 1 &&
              EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) == 1);
    ck_assert(X509_set_pubkey(x, key) && X509_sign(x, signer, EVP_sha256()) > 0);
    int size = i2d_X509(x, &again);
    ck_assert(size > 0 && bk_buf_put(&made, again, (size_t)size) == BK_OK);
    OPENSSL_free(again);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(bld);
    EVP_PKEY_CTX_free(ctx);
    BN_free(n);
    BN_free(e);
    EVP_PKEY_free(key);
    EVP_PKEY_free(signer);
    X509_free(x);
    return made;
}

/* 4.6.3: a certificate may be of a key that no mechanism here takes, too. */
START_TEST(certificates_of_keys_of_any_length)
{
    static const int bytes[] = {64, 127, 128, 512, 513, 1024};
    CK_CERTIFICATE_TYPE x509 = CKC_X_509;
    struct bk_buf der = BK_BUF_INIT;
    CK_SESSION_HANDLE s = mc_session(0);
    o = mh_find(&h, s, CKO_CERTIFICATE, 0);
    ck_assert(mh_bytes_attr(&h, s, o, CKA_VALUE, &der));
    for (size_t i = 0; i < COUNT(bytes); i++) {
        struct bk_buf made = with_rsa_key(&der, bytes[i]);
        CK_ATTRIBUTE t[] = {A(CKA_CLASS, cert_class),
                            A(CKA_CERTIFICATE_TYPE, x509),
                            {CKA_VALUE, made.data, made.len}};
        ROW("4.6.3", CKR_OK, C_CreateObject(s, t, 3, &o));
        bk_buf_free(&made);
    }
    bk_buf_free(&der);
    rows_end(COUNT(bytes));
}
END_TEST

/* 2.1.2 of the mechanisms: the length of the modulus in bits, of a public key that isn't one of
 * ours. */
START_TEST(the_length_of_a_modulus)
{
    static const struct {
        CK_BYTE first;
        CK_ULONG bits;
    } moduli[] = {{0x80, 2048}, {0x7f, 2047}, {0x40, 2047}, {0x01, 2041}, {0, 2040}};
    CK_SESSION_HANDLE s = mc_session(0);
    CK_OBJECT_CLASS class = CKO_PUBLIC_KEY;
    CK_KEY_TYPE type = CKK_RSA;
    CK_BYTE n[256], e[] = {1, 0, 1};
    for (size_t i = 0; i < COUNT(moduli); i++) {
        memset(n, 0xff, sizeof n);
        n[0] = moduli[i].first;
        CK_ULONG bits = 0;
        CK_ATTRIBUTE t[] = {A(CKA_CLASS, class), A(CKA_KEY_TYPE, type), A(CKA_MODULUS, n),
                            A(CKA_PUBLIC_EXPONENT, e)},
                     told = A(CKA_MODULUS_BITS, bits);
        ROW("5.7.1", CKR_OK, C_CreateObject(s, t, 4, &o));
        ROW("5.7.5", CKR_OK, C_GetAttributeValue(s, o, &told, 1));
        row("2.1.2", moduli[i].bits, bits, "CKA_MODULUS_BITS");
        /* 4.1.1: a big integer is shown without zeros in front */
        struct bk_buf shown = BK_BUF_INIT;
        ck_assert(mh_bytes_attr(&h, s, o, CKA_MODULUS, &shown));
        row("2.1.2", (moduli[i].bits + 7) / 8, shown.len, "CKA_MODULUS");
        row("2.1.2", n[sizeof n - shown.len], shown.data[0], "its first byte");
        bk_buf_free(&shown);
    }
    rows_end(25);
}
END_TEST

/* 2.1.2 and 2.1.7 of the mechanisms, RFC 8017 clause 9.1.1: public keys of 1024 to 4096 bits, and
 * the longest salt that the bits less one of a modulus have room for, beside a SHA-256. */
static const struct {
    CK_ULONG bits;
    CK_RV rv;
    CK_ULONG salt;
} lengths[] = {{1023, CKR_ATTRIBUTE_VALUE_INVALID, 0},
               {1024, CKR_OK, 94},
               {1025, CKR_OK, 94},
               {1026, CKR_OK, 95},
               {2048, CKR_OK, 222},
               {2049, CKR_OK, 222},
               {4096, CKR_OK, 478},
               {4097, CKR_ATTRIBUTE_VALUE_INVALID, 0}};

START_TEST(the_longest_salt)
{
    CK_SESSION_HANDLE s = mc_session(0);
    CK_OBJECT_CLASS class = CKO_PUBLIC_KEY;
    CK_KEY_TYPE type = CKK_RSA;
    CK_BYTE n[513], e[] = {0, 0, 1, 0, 1};
    CK_RSA_PKCS_PSS_PARAMS p = {CKM_SHA256, CKG_MGF1_SHA256, 0};
    CK_MECHANISM pss = {CKM_SHA256_RSA_PKCS_PSS, &p, sizeof p};
    for (size_t i = 0; i < COUNT(lengths); i++) {
        memset(n, 0xff, sizeof n);
        n[0] = (CK_BYTE)(0xff >> (7 - (lengths[i].bits - 1) % 8));
        CK_ATTRIBUTE t[] = {A(CKA_CLASS, class),
                            A(CKA_KEY_TYPE, type),
                            {CKA_MODULUS, n, (lengths[i].bits + 7) / 8},
                            A(CKA_PUBLIC_EXPONENT, e)};
        ROW("2.1.2", lengths[i].rv, C_CreateObject(s, t, 4, &o));
        if (lengths[i].rv != CKR_OK)
            continue;
        struct bk_buf shown = BK_BUF_INIT;
        ck_assert(mh_bytes_attr(&h, s, o, CKA_PUBLIC_EXPONENT, &shown));
        row("4.1.1", 3, shown.len, "CKA_PUBLIC_EXPONENT");
        bk_buf_free(&shown);
        p.sLen = lengths[i].salt + 1;
        ROW("5.15.1", CKR_MECHANISM_PARAM_INVALID, C_VerifyInit(s, &pss, o));
        p.sLen = lengths[i].salt;
        ROW("5.15.1", CKR_OK, C_VerifyInit(s, &pss, o));
        ROW("5.15.1", CKR_OK, C_VerifyInit(s, NULL, 0));
    }
    rows_end(32);
}
END_TEST

/* 2.3.5 of the mechanisms: a point is an OCTET STRING in DER, also when it was given bare. */
START_TEST(a_bare_point_is_shown_as_der)
{
    CK_SESSION_HANDLE s = mc_session(1);
    CK_OBJECT_CLASS class = CKO_PUBLIC_KEY;
    CK_KEY_TYPE type = CKK_SM2;
    struct bk_buf point = BK_BUF_INIT, params = BK_BUF_INIT, shown = BK_BUF_INIT;
    o = mh_find(&h, s, CKO_PUBLIC_KEY, 0);
    ck_assert(mh_bytes_attr(&h, s, o, CKA_EC_POINT, &point) && point.len == 67);
    ck_assert(mh_bytes_attr(&h, s, o, CKA_EC_PARAMS, &params));
    for (size_t bare = 0; bare <= 2; bare += 2) {
        CK_ATTRIBUTE t[] = {A(CKA_CLASS, class),
                            A(CKA_KEY_TYPE, type),
                            {CKA_EC_PARAMS, params.data, params.len},
                            {CKA_EC_POINT, point.data + bare, point.len - bare}};
        ROW("5.7.1", CKR_OK, C_CreateObject(s, t, 4, &o));
        bk_buf_clear(&shown);
        ck_assert(mh_bytes_attr(&h, s, o, CKA_EC_POINT, &shown));
        ck_assert_uint_eq(shown.len, point.len);
        ck_assert_mem_eq(shown.data, point.data, point.len);
    }
    bk_buf_free(&point);
    bk_buf_free(&params);
    bk_buf_free(&shown);
    rows_end(2);
}
END_TEST

/* 4.5 of 2.40's profiles, and of 3.0: which these are, not how many. */
START_TEST(the_profiles_are_these)
{
    static const CK_ULONG ids[] = {CKP_BASELINE_PROVIDER, CKP_EXTENDED_PROVIDER,
                                   CKP_AUTHENTICATION_TOKEN, CKP_PUBLIC_CERTIFICATES_TOKEN};
    for (CK_SLOT_ID slot = 0; slot < 2; slot++) {
        CK_SESSION_HANDLE s = mc_session(slot);
        for (size_t i = 0; i < COUNT(ids); i++) {
            CK_OBJECT_CLASS class = CKO_PROFILE;
            CK_ULONG id = ids[i], told = 0, n = 0;
            CK_ATTRIBUTE t[] = {A(CKA_CLASS, class), A(CKA_PROFILE_ID, id)},
                         tell = A(CKA_PROFILE_ID, told);
            CK_OBJECT_HANDLE found[8];
            ROW("5.7.7", CKR_OK, C_FindObjectsInit(s, t, 2));
            ROW("5.7.8", CKR_OK, C_FindObjects(s, found, 8, &n));
            row("4.5", 1, n, "objects of the profile");
            ROW("5.7.9", CKR_OK, C_FindObjectsFinal(s));
            ROW("5.7.5", CKR_OK, C_GetAttributeValue(s, found[0], &tell, 1));
            row("4.5", id, told, "its CKA_PROFILE_ID");
        }
        row("4.5", COUNT(ids), mh_count(&h, s, CKO_PROFILE), "profiles");
    }
    rows_end(50);
}
END_TEST

/* --- lengths of data
 * ---------------------------------------------------------------------------*/

START_TEST(data_of_other_lengths_is_no_wrong_signature)
{
    CK_RSA_PKCS_PSS_PARAMS p = {CKM_SHA256, CKG_MGF1_SHA256, 32};
    CK_MECHANISM pss = {CKM_RSA_PKCS_PSS, &p, sizeof p};
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    CK_OBJECT_HANDLE pub = mh_find(&h, s, CKO_PUBLIC_KEY, CKA_VERIFY);
    struct {
        CK_MECHANISM *m;
        CK_ULONG len;
        CK_RV rv;
    } of[] = {{&pss, 0, CKR_DATA_LEN_RANGE},      {&pss, 31, CKR_DATA_LEN_RANGE},
              {&pss, 32, CKR_SIGNATURE_INVALID},  {&pss, 33, CKR_DATA_LEN_RANGE},
              {&rsa, 245, CKR_SIGNATURE_INVALID}, {&rsa, 246, CKR_DATA_LEN_RANGE},
              {&rsa, 400, CKR_DATA_LEN_RANGE},    {&raw, 256, CKR_SIGNATURE_INVALID},
              {&raw, 257, CKR_DATA_LEN_RANGE},    {&raw, 600, CKR_DATA_LEN_RANGE}};
    memset(data, 0x11, sizeof data);
    memset(out, 0x22, 256);
    for (size_t i = 0; i < COUNT(of); i++) {
        ROW("5.15.1", CKR_OK, C_VerifyInit(s, of[i].m, pub));
        ROW("5.15.2", of[i].rv, C_Verify(s, data, of[i].len, out, 256));
        ROW("5.15.1", CKR_OK, C_VerifyInit(s, of[i].m, pub));
        ROW("5.15.3", CKR_OK, C_VerifyUpdate(s, data, of[i].len > 512 ? 512 : of[i].len));
        ROW("5.15.4", of[i].rv, C_VerifyFinal(s, out, 256));
    }
    rows_end(50);
}
END_TEST

START_TEST(numbers_above_the_modulus_and_nothing)
{
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    CK_OBJECT_HANDLE pub = mh_find(&h, s, CKO_PUBLIC_KEY, CKA_ENCRYPT), sm4 = make_sm4(s, NULL, 0);
    memset(data, 0xff, 256);
    len = sizeof out;
    ROW("5.8.1", CKR_OK, C_EncryptInit(s, &raw, pub));
    ROW("5.8.2", CKR_DATA_INVALID, C_Encrypt(s, data, 256, out, &len));
    len = sizeof out;
    ROW("5.8.1", CKR_OK, C_EncryptInit(s, &raw, pub));
    ROW("5.8.2", CKR_DATA_LEN_RANGE, C_Encrypt(s, data, 257, out, &len));
    /* no data, with and without a pointer to where it would be */
    for (int i = 0; i < 2; i++) {
        CK_BYTE *at = i ? data : NULL;
        len = sizeof out;
        ROW("5.8.1", CKR_OK, C_EncryptInit(s, &rsa, pub));
        ROW("5.8.2", CKR_OK, C_Encrypt(s, at, 0, out, &len));
        row("5.8.2", 256, len, "a length");
        ROW("5.8.1", CKR_OK, C_EncryptInit(s, &ecb, sm4));
        ROW("5.8.2", CKR_OK, C_Encrypt(s, at, 0, out, &len));
        row("5.8.2", 0, len, "a length");
        ROW("5.10.1", CKR_OK, C_DecryptInit(s, &ecb, sm4));
        ROW("5.10.2", CKR_OK, C_Decrypt(s, at, 0, out, &len));
        row("5.10.2", 0, len, "a length");
    }
    ROW("5.8.1", CKR_OK, C_EncryptInit(s, &rsa, pub));
    ROW("5.8.2", CKR_ARGUMENTS_BAD, C_Encrypt(s, NULL, 1, out, &len));
    rows_end(24);
}
END_TEST

START_TEST(wrapped_keys_of_other_lengths)
{
    CK_ATTRIBUTE sm4 = A(CKA_KEY_TYPE, sm4_type),
                 generic[] = {A(CKA_KEY_TYPE, generic_type), {CKA_VALUE_LEN, NULL, 0}};
    CK_ULONG wanted = 16;
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    CK_OBJECT_HANDLE with = make_sm4(s, NULL, 0), own = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_UNWRAP);
    generic[1].pValue = &wanted;
    generic[1].ulValueLen = sizeof wanted;
    memset(data, 1, 256);
    ROW("5.18.4", CKR_WRAPPED_KEY_LEN_RANGE, C_UnwrapKey(s, &ecb, with, data, 15, generic, 1, &o));
    ROW("5.18.4", CKR_WRAPPED_KEY_LEN_RANGE, C_UnwrapKey(s, &ecb, with, data, 17, generic, 1, &o));
    ROW("5.18.4", CKR_WRAPPED_KEY_LEN_RANGE, C_UnwrapKey(s, &ecb, with, data, 32, &sm4, 1, &o));
    ROW("5.18.4", CKR_OK, C_UnwrapKey(s, &ecb, with, data, 16, &sm4, 1, &o));
    ROW("5.18.4", CKR_OK, C_UnwrapKey(s, &ecb, with, data, 32, generic, 2, &o));
    /* never more than there is */
    ROW("5.18.4", CKR_OK, C_UnwrapKey(s, &ecb, with, data, 16, generic, 2, &o));
    wanted = 17;
    ROW("5.18.4", CKR_WRAPPED_KEY_LEN_RANGE, C_UnwrapKey(s, &ecb, with, data, 16, generic, 2, &o));
    wanted = 4096;
    ROW("5.18.4", CKR_WRAPPED_KEY_LEN_RANGE, C_UnwrapKey(s, &ecb, with, data, 16, generic, 2, &o));
    ROW("5.18.4", CKR_WRAPPED_KEY_LEN_RANGE, C_UnwrapKey(s, &rsa, own, data, 255, generic, 1, &o));
    ROW("5.18.4", CKR_WRAPPED_KEY_LEN_RANGE, C_UnwrapKey(s, &rsa, own, data, 257, generic, 1, &o));
    ROW("5.18.4", CKR_WRAPPED_KEY_INVALID, C_UnwrapKey(s, &rsa, own, data, 256, generic, 1, &o));
    rows_end(11);
}
END_TEST

/* --- padding
 * -----------------------------------------------------------------------------------*/

/* RFC 8017 clause 9.2: eight bytes of padding at least. What is signed is any block that the key's
 * raw operation takes. */
START_TEST(recovery_wants_eight_bytes_of_padding)
{
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    CK_OBJECT_HANDLE own = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN),
                     pub = mh_find(&h, s, CKO_PUBLIC_KEY, CKA_VERIFY);
    static const struct {
        CK_ULONG ff;
        CK_BYTE first, second, after;
        bool good;
    } blocks[] = {{8, 0, 1, 0, true},  {7, 0, 1, 0, false}, {1, 0, 1, 0, false},
                  {0, 0, 1, 0, false}, {9, 0, 1, 1, false}, {20, 0, 2, 0, false},
                  {253, 0, 1, 0, true}};
    for (size_t i = 0; i < COUNT(blocks); i++) {
        CK_BYTE block[256], sig[256];
        memset(block, 0x55, sizeof block);
        block[0] = blocks[i].first;
        block[1] = blocks[i].second;
        memset(block + 2, 0xff, blocks[i].ff);
        block[2 + blocks[i].ff] = blocks[i].after;
        len = sizeof sig;
        ROW("5.13.1", CKR_OK, C_SignInit(s, &raw, own));
        ROW("5.13.2", CKR_OK, C_Sign(s, block, sizeof block, sig, &len));
        ROW("5.15.5", CKR_OK, C_VerifyRecoverInit(s, &rsa, pub));
        len = sizeof out;
        ROW("5.15.6", blocks[i].good ? CKR_OK : CKR_SIGNATURE_INVALID,
            C_VerifyRecover(s, sig, sizeof sig, out, &len));
        if (blocks[i].good)
            row("5.15.6", 253 - blocks[i].ff, len, "what is recovered");
    }
    rows_end(30);
}
END_TEST

/* --- what OpenSSL encrypted
 * --------------------------------------------------------------------------*/

static CK_ULONG encrypt_oaep(const struct bk_buf *spki, const char *label, CK_BYTE *sealed)
{
    size_t n = 256;
    const uint8_t *at = spki->data;
    EVP_PKEY *key = d2i_PUBKEY(NULL, &at, (long)spki->len);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
    ck_assert(EVP_PKEY_encrypt_init(ctx) == 1 &&
              EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_OAEP_PADDING) == 1 &&
              EVP_PKEY_CTX_set_rsa_oaep_md(ctx, EVP_sha256()) == 1 &&
              EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, EVP_sha256()) == 1);
    if (*label)
        ck_assert_int_eq(
            EVP_PKEY_CTX_set0_rsa_oaep_label(ctx, OPENSSL_strdup(label), (int)strlen(label)), 1);
    ck_assert_int_eq(EVP_PKEY_encrypt(ctx, sealed, &n, (const unsigned char *)"text", 4), 1);
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(key);
    return n;
}

/* PKCS #1's L is part of what is encrypted: another one opens nothing. */
START_TEST(labels_of_oaep)
{
    static const char *const labels[] = {"", "one", "another"};
    struct bk_buf spki = BK_BUF_INIT;
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    CK_OBJECT_HANDLE pub = mh_find(&h, s, CKO_PUBLIC_KEY, CKA_ENCRYPT),
                     own = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_DECRYPT);
    ck_assert(mh_bytes_attr(&h, s, pub, CKA_PUBLIC_KEY_INFO, &spki));
    for (int i = 0; i < 18; i++) {
        const char *with = labels[i % 3], *by = labels[i / 3 % 3];
        CK_RSA_PKCS_OAEP_PARAMS p = {CKM_SHA256, CKG_MGF1_SHA256, CKZ_DATA_SPECIFIED,
                                     (void *)(uintptr_t)with, strlen(with)};
        CK_MECHANISM m = {CKM_RSA_PKCS_OAEP, &p, sizeof p};
        CK_BYTE sealed[256];
        CK_ULONG n = sizeof sealed;
        if (i < 9) {
            n = encrypt_oaep(&spki, with, sealed);
        } else {
            ROW("5.8.1", CKR_OK, C_EncryptInit(s, &m, pub));
            ROW("5.8.2", CKR_OK, C_Encrypt(s, (CK_BYTE *)(uintptr_t) "text", 4, sealed, &n));
        }
        p.pSourceData = (void *)(uintptr_t)by;
        p.ulSourceDataLen = strlen(by);
        len = sizeof out;
        ROW("5.10.1", CKR_OK, C_DecryptInit(s, &m, own));
        ROW("5.10.2", strcmp(with, by) == 0 ? CKR_OK : CKR_ENCRYPTED_DATA_INVALID,
            C_Decrypt(s, sealed, n, out, &len));
    }
    bk_buf_free(&spki);
    rows_end(54);
}
END_TEST

/* --- 5.5.4: one thread waits
 * -------------------------------------------------------------------------*/

static void *wait_for_an_event(void *arg)
{
    CK_SLOT_ID slot = 0;
    CK_RV *rv = arg;
    do
        *rv = h.f->C_WaitForSlotEvent(0, &slot, NULL);
    while (*rv == CKR_OK);
    return NULL;
}

START_TEST(a_second_thread_does_not_wait)
{
    CK_RV rv = CKR_OK, second = CKR_OK;
    CK_SLOT_ID slot = 0;
    pthread_t t;
    ck_assert_int_eq(pthread_create(&t, NULL, wait_for_an_event, &rv), 0);
    /* until that one is in there, this would wait itself: without blocking there is no telling */
    for (int i = 0; i < 100 && h.f->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL) == CKR_OK; i++)
        continue;
    (void)usleep(300000);
    second = h.f->C_WaitForSlotEvent(0, &slot, NULL);
    ck_assert_uint_eq(second, CKR_FUNCTION_FAILED);
    ck_assert_uint_eq(h.f->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL), CKR_NO_EVENT);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    ck_assert_int_eq(pthread_join(t, NULL), 0);
    ck_assert_uint_eq(rv, CKR_CRYPTOKI_NOT_INITIALIZED);
}
END_TEST

/* The most that an attribute has here. */
START_TEST(an_attribute_of_the_most_bytes)
{
    static CK_BYTE big[16385];
    CK_OBJECT_CLASS class = CKO_DATA;
    CK_ATTRIBUTE t[] = {A(CKA_CLASS, class), {CKA_VALUE, big, 16384}}, ask = {CKA_VALUE, NULL, 0};
    CK_SESSION_HANDLE s = mc_session(0);
    ROW("5.7.1", CKR_OK, C_CreateObject(s, t, 2, &o));
    ROW("5.7.5", CKR_OK, C_GetAttributeValue(s, o, &ask, 1));
    row("5.7.5", 16384, ask.ulValueLen, "its length");
    t[1].ulValueLen = 16385;
    ROW("5.7.1", CKR_ATTRIBUTE_VALUE_INVALID, C_CreateObject(s, t, 2, &o));
    rows_end(4);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("edges");
    TCase *t = mc_case(suite, "edges", mc_setup_certs);
    tcase_add_test(t, some_attributes_go_one_way);
    tcase_add_test(t, wrapped_by_trusted_keys_alone);
    tcase_add_test(t, values_of_secret_keys);
    tcase_add_test(t, what_a_key_was_always_and_never);
    tcase_add_test(t, attributes_a_byte_too_long);
    tcase_add_test(t, dates_and_numbers_of_certificates);
    tcase_add_test(t, certificates_of_keys_of_any_length);
    tcase_add_test(t, the_length_of_a_modulus);
    tcase_add_test(t, the_longest_salt);
    tcase_add_test(t, a_bare_point_is_shown_as_der);
    tcase_add_test(t, the_profiles_are_these);
    tcase_add_test(t, data_of_other_lengths_is_no_wrong_signature);
    tcase_add_test(t, numbers_above_the_modulus_and_nothing);
    tcase_add_test(t, wrapped_keys_of_other_lengths);
    tcase_add_test(t, recovery_wants_eight_bytes_of_padding);
    tcase_add_test(t, labels_of_oaep);
    tcase_add_test(t, a_second_thread_does_not_wait);
    tcase_add_test(t, an_attribute_of_the_most_bytes);
    return run_suite(suite);
}
