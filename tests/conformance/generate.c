/* SPDX-License-Identifier: Apache-2.0 */
/* Key pairs made on the key: what a template may ask for, and names that are taken. Clauses are
 * those of PKCS#11 2.40. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "life.h"
#include "runner.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define A(t, v)                                                                                    \
    {                                                                                              \
        (t), &(v), sizeof(v)                                                                       \
    }
#define BYTES(t, v)                                                                                \
    {                                                                                              \
        (t), (v), sizeof(v)                                                                        \
    }
#define TEXT(t, s)                                                                                 \
    {                                                                                              \
        (t), (void *)(uintptr_t)(s), sizeof(s) - 1                                                 \
    }

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE, neither = 2;
static CK_OBJECT_CLASS public_class = CKO_PUBLIC_KEY, private_class = CKO_PRIVATE_KEY,
                       secret_class = CKO_SECRET_KEY;
static CK_KEY_TYPE rsa_type = CKK_RSA, sm2_type = CKK_SM2;
static CK_BYTE sm2_curve[] = {0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d},
               p256[] = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07},
               f4[] = {1, 0, 1}, f4_long[] = {0, 0, 0, 0, 0, 1, 0, 1}, three[] = {3},
               id[] = {0x45, 0x46}, other_id[] = {0x47}, long_id[21] = {1};

static CK_ULONG on_key(CK_SESSION_HANDLE s)
{
    return mh_count(&h, s, CKO_PRIVATE_KEY) + mh_count(&h, s, CKO_PUBLIC_KEY);
}

/* --- templates, row by row
 * ----------------------------------------------------------------------*/

static const struct {
    const char *clause;
    CK_RV rv;
    CK_ATTRIBUTE pub[10];
    CK_ULONG pub_count;
    CK_ATTRIBUTE priv[10];
    CK_ULONG priv_count;
} rows[] = {
    {"5.13 nothing", CKR_OK, {{0}}, 0, {{0}}, 0},
    {"4.8, 4.9 what comes",
     CKR_OK,
     {A(CKA_CLASS, public_class), A(CKA_TOKEN, yes), A(CKA_PRIVATE, no), A(CKA_KEY_TYPE, sm2_type),
      BYTES(CKA_EC_PARAMS, sm2_curve), A(CKA_VERIFY, yes), A(CKA_ENCRYPT, no), A(CKA_WRAP, no),
      A(CKA_DERIVE, no), A(CKA_TRUSTED, no)},
     10,
     {A(CKA_CLASS, private_class), A(CKA_TOKEN, yes), A(CKA_PRIVATE, yes), A(CKA_SENSITIVE, yes),
      A(CKA_EXTRACTABLE, no), A(CKA_SIGN, yes), A(CKA_DECRYPT, no), A(CKA_UNWRAP, no),
      A(CKA_ALWAYS_AUTHENTICATE, no), A(CKA_MODIFIABLE, yes)},
     10},
    {"4.9 rights that programs ask for by habit",
     CKR_OK,
     {A(CKA_ENCRYPT, yes), A(CKA_VERIFY, yes), A(CKA_WRAP, yes)},
     3,
     {A(CKA_DECRYPT, yes), A(CKA_SIGN, yes), A(CKA_UNWRAP, yes)},
     3},
    {"4.8 another curve", CKR_TEMPLATE_INCONSISTENT, {BYTES(CKA_EC_PARAMS, p256)}, 1, {{0}}, 0},
    {"4.7 another type", CKR_TEMPLATE_INCONSISTENT, {A(CKA_KEY_TYPE, rsa_type)}, 1, {{0}}, 0},
    {"4.7 another type, private",
     CKR_TEMPLATE_INCONSISTENT,
     {{0}},
     0,
     {A(CKA_KEY_TYPE, rsa_type)},
     1},
    {"4.1 another class", CKR_TEMPLATE_INCONSISTENT, {A(CKA_CLASS, private_class)}, 1, {{0}}, 0},
    {"4.1 another class, private",
     CKR_TEMPLATE_INCONSISTENT,
     {{0}},
     0,
     {A(CKA_CLASS, secret_class)},
     1},
    {"4.4 of the session, public", CKR_TEMPLATE_INCONSISTENT, {A(CKA_TOKEN, no)}, 1, {{0}}, 0},
    {"4.4 of the session, private", CKR_TEMPLATE_INCONSISTENT, {{0}}, 0, {A(CKA_TOKEN, no)}, 1},
    {"4.9 extractable", CKR_TEMPLATE_INCONSISTENT, {{0}}, 0, {A(CKA_EXTRACTABLE, yes)}, 1},
    {"4.9 not sensitive", CKR_TEMPLATE_INCONSISTENT, {{0}}, 0, {A(CKA_SENSITIVE, no)}, 1},
    {"4.4 not private", CKR_TEMPLATE_INCONSISTENT, {{0}}, 0, {A(CKA_PRIVATE, no)}, 1},
    {"4.4 a private public key", CKR_TEMPLATE_INCONSISTENT, {A(CKA_PRIVATE, yes)}, 1, {{0}}, 0},
    {"4.9 not for signing", CKR_TEMPLATE_INCONSISTENT, {{0}}, 0, {A(CKA_SIGN, no)}, 1},
    {"4.8 not for verifying", CKR_TEMPLATE_INCONSISTENT, {A(CKA_VERIFY, no)}, 1, {{0}}, 0},
    {"4.9 a PIN each time",
     CKR_TEMPLATE_INCONSISTENT,
     {{0}},
     0,
     {A(CKA_ALWAYS_AUTHENTICATE, yes)},
     1},
    {"4.4 may not be changed", CKR_TEMPLATE_INCONSISTENT, {{0}}, 0, {A(CKA_MODIFIABLE, no)}, 1},
    {"4.8 with a subject", CKR_TEMPLATE_INCONSISTENT, {BYTES(CKA_SUBJECT, id)}, 1, {{0}}, 0},
    {"4.1.1 unknown", CKR_ATTRIBUTE_TYPE_INVALID, {{0}}, 0, {{0x7777, &yes, 1}}, 1},
    {"4.1.1 of RSA", CKR_ATTRIBUTE_TYPE_INVALID, {BYTES(CKA_PUBLIC_EXPONENT, f4)}, 1, {{0}}, 0},
    {"4.1.1 of the other half", CKR_ATTRIBUTE_TYPE_INVALID, {A(CKA_SIGN, yes)}, 1, {{0}}, 0},
    {"4.7 the module's own", CKR_ATTRIBUTE_READ_ONLY, {A(CKA_LOCAL, yes)}, 1, {{0}}, 0},
    {"4.9 the key's own", CKR_ATTRIBUTE_READ_ONLY, {{0}}, 0, {BYTES(CKA_VALUE, id)}, 1},
    {"4.1.1 no boolean", CKR_ATTRIBUTE_VALUE_INVALID, {{0}}, 0, {A(CKA_SIGN, neither)}, 1},
    {"4.1.1 no number", CKR_ATTRIBUTE_VALUE_INVALID, {{CKA_CLASS, &public_class, 3}}, 1, {{0}}, 0},
    {"4.1.1 no pointer", CKR_ATTRIBUTE_VALUE_INVALID, {{CKA_ID, NULL, 2}}, 1, {{0}}, 0},
    {"4.1.1 no UTF-8", CKR_ATTRIBUTE_VALUE_INVALID, {TEXT(CKA_LABEL, "\xff")}, 1, {{0}}, 0},
    {"4.1.1 control", CKR_ATTRIBUTE_VALUE_INVALID, {TEXT(CKA_LABEL, "a\x1b[2J")}, 1, {{0}}, 0},
    {"4.1.1 twice",
     CKR_TEMPLATE_INCONSISTENT,
     {A(CKA_VERIFY, yes), A(CKA_VERIFY, yes)},
     2,
     {{0}},
     0},
    {"4.7 two ids",
     CKR_TEMPLATE_INCONSISTENT,
     {BYTES(CKA_ID, id)},
     1,
     {BYTES(CKA_ID, other_id)},
     1},
    {"4.7 an id that is too long",
     CKR_TEMPLATE_INCONSISTENT,
     {BYTES(CKA_ID, long_id)},
     1,
     {{0}},
     0},
    {"4.4 two labels",
     CKR_TEMPLATE_INCONSISTENT,
     {TEXT(CKA_LABEL, "a")},
     1,
     {TEXT(CKA_LABEL, "b")},
     1},
    {"4.4 a label that would come otherwise",
     CKR_ATTRIBUTE_VALUE_INVALID,
     {TEXT(CKA_LABEL, "a:b")},
     1,
     {{0}},
     0},
    {"4.4 a label that ends as an id does",
     CKR_ATTRIBUTE_VALUE_INVALID,
     {TEXT(CKA_LABEL, "a [45]")},
     1,
     {{0}},
     0},
};

START_TEST(what_a_pair_may_be_asked_to_be)
{
    CK_MECHANISM m = {CKM_SM2_KEY_PAIR_GEN, NULL, 0}, junk = {CKM_SM2_KEY_PAIR_GEN, id, 1};
    CK_OBJECT_HANDLE pub = 0, priv = 0;
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 1);
    for (size_t i = 0; i < COUNT(rows); i++) {
        CK_ATTRIBUTE a[10], b[10];
        memcpy(a, rows[i].pub, sizeof a);
        memcpy(b, rows[i].priv, sizeof b);
        CK_ULONG before = on_key(s);
        CK_RV rv = mh_generate(&h, s, &m, a, rows[i].pub_count, b, rows[i].priv_count, &pub, &priv);
        ck_assert_msg(rv == rows[i].rv, "%s: %lx", rows[i].clause, rv);
        ck_assert_msg(on_key(s) == before + (rv == CKR_OK ? 2 : 0), "%s: pairs", rows[i].clause);
    }
    ck_assert_uint_eq(mh_generate(&h, s, &junk, NULL, 0, NULL, 0, &pub, &priv),
                      CKR_MECHANISM_PARAM_INVALID);
    /* asked for, not given, and not claimed */
    CK_BBOOL may = 2;
    CK_ATTRIBUTE t = A(CKA_DECRYPT, may);
    ck_assert_uint_eq(h.f->C_GetAttributeValue(s, mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN), &t, 1),
                      CKR_OK);
    ck_assert_uint_eq(may, CK_FALSE);
    life_teardown();
}
END_TEST

/* 2.1.2 of the mechanisms, footnote 3: an RSA pair's length is asked for; SM2 has one curve. */
START_TEST(an_rsa_pair_is_asked_for_its_length)
{
    CK_ULONG bits = 2048;
    CK_ATTRIBUTE t[] = {A(CKA_TOKEN, yes), A(CKA_MODULUS_BITS, bits)};
    CK_MECHANISM rsa = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0}, sm2 = {CKM_SM2_KEY_PAIR_GEN, NULL, 0};
    CK_OBJECT_HANDLE pub = 0, priv = 0;
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0), second = life_session(1, CKF_RW_SESSION);
    CK_ULONG before = on_key(s);
    ck_assert_uint_eq(h.f->C_GenerateKeyPair(s, &rsa, t, 1, t, 1, &pub, &priv),
                      CKR_TEMPLATE_INCOMPLETE);
    ck_assert_uint_eq(on_key(s), before);
    ck_assert_uint_eq(h.f->C_GenerateKeyPair(s, &rsa, t, 2, t, 1, &pub, &priv), CKR_OK);
    ck_assert_uint_eq(h.f->C_GenerateKeyPair(second, &sm2, t, 1, t, 1, &pub, &priv), CKR_OK);
    life_teardown();
}
END_TEST

/* 4.4: CKA_TOKEN is false where it isn't given, and a pair of a session's isn't made. */
START_TEST(a_pair_is_asked_for_the_token)
{
    static const CK_ATTRIBUTE token = A(CKA_TOKEN, yes), session = A(CKA_TOKEN, no);
    CK_MECHANISM m = {CKM_SM2_KEY_PAIR_GEN, NULL, 0};
    CK_OBJECT_HANDLE pub = 0, priv = 0;
    const CK_ATTRIBUTE *said[] = {NULL, &session, &token};
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 1);
    for (int i = 0; i < 9; i++) {
        CK_ATTRIBUTE a = said[i / 3] ? *said[i / 3] : token, b = said[i % 3] ? *said[i % 3] : token;
        CK_ULONG before = on_key(s);
        CK_RV rv = h.f->C_GenerateKeyPair(s, &m, &a, said[i / 3] != NULL, &b, said[i % 3] != NULL,
                                          &pub, &priv);
        ck_assert_msg(rv == (i == 8 ? CKR_OK : CKR_TEMPLATE_INCONSISTENT), "%d: %lx", i, rv);
        ck_assert_uint_eq(on_key(s), before + (i == 8 ? 2 : 0));
    }
    life_teardown();
}
END_TEST

START_TEST(what_an_rsa_pair_may_be_asked_to_be)
{
    CK_MECHANISM m = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0};
    CK_ULONG bits = 2048, few = 1024;
    const struct {
        const char *clause;
        CK_RV rv;
        CK_ATTRIBUTE t;
    } pubs[] = {
        {"2.1.2 exponent", CKR_OK, BYTES(CKA_PUBLIC_EXPONENT, f4)},
        {"2.1.2 exponent, with zeros", CKR_OK, BYTES(CKA_PUBLIC_EXPONENT, f4_long)},
        {"2.1.2 another exponent", CKR_TEMPLATE_INCONSISTENT, BYTES(CKA_PUBLIC_EXPONENT, three)},
        {"2.1.2 length", CKR_OK, A(CKA_MODULUS_BITS, bits)},
        {"2.1.2 another length", CKR_KEY_SIZE_RANGE, A(CKA_MODULUS_BITS, few)},
        {"2.1.2 no length", CKR_ATTRIBUTE_VALUE_INVALID, {CKA_MODULUS_BITS, &bits, 3}},
        {"2.1.2 a modulus", CKR_ATTRIBUTE_READ_ONLY, BYTES(CKA_MODULUS, f4)},
        {"4.8 of SM2", CKR_ATTRIBUTE_TYPE_INVALID, BYTES(CKA_EC_PARAMS, sm2_curve)},
        {"4.8 a private one", CKR_ATTRIBUTE_TYPE_INVALID, BYTES(CKA_VALUE, f4)},
        {"4.8 recovery", CKR_OK, A(CKA_VERIFY_RECOVER, yes)},
    };
    CK_OBJECT_HANDLE pub = 0, priv = 0;
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    for (size_t i = 0; i < COUNT(pubs); i++) {
        CK_ATTRIBUTE t = pubs[i].t;
        CK_RV rv = mh_generate(&h, s, &m, &t, 1, NULL, 0, &pub, &priv);
        ck_assert_msg(rv == pubs[i].rv, "%s: %lx", pubs[i].clause, rv);
    }
    life_teardown();
}
END_TEST

/* --- ids
 * ----------------------------------------------------------------------------------------*/

static const struct {
    CK_ULONG id_len;
    const char *label, *name; /* of the container */
} named[] = {
    {1, "x", "x [01]"},
    {8, "签名", "签名 [0102030405060708]"},
    {20, "gnutls", "gnutls [=AQIDBAUGBwgJCgsMDQ4PEBESExQ]"},
};

/* 4.7: an id that is given is the pair's, by which it is found, and stays through a renewal. */
START_TEST(an_id_that_is_given_is_the_pairs)
{
    CK_MECHANISM m = {CKM_SM2_KEY_PAIR_GEN, NULL, 0};
    CK_BYTE own[20];
    CK_OBJECT_HANDLE pub = 0, priv = 0, found[4];
    struct bk_buf got = BK_BUF_INIT;
    const char *label = named[_i].label, *name = named[_i].name;
    CK_ULONG n = 0, len = named[_i].id_len;
    for (size_t i = 0; i < sizeof own; i++)
        own[i] = (CK_BYTE)(i + 1);
    CK_ATTRIBUTE t[] = {{CKA_ID, own, len}, {CKA_LABEL, (void *)(uintptr_t)label, strlen(label)}};
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 1);
    ck_assert_uint_eq(mh_generate(&h, s, &m, t, 2, t, 2, &pub, &priv), CKR_OK);
    ck_assert_uint_eq(mh_generate(&h, s, &m, t, 2, t, 2, &pub, &priv), CKR_TEMPLATE_INCONSISTENT);
    for (int round = 0; round < 3; round++) {
        CK_ULONG want = round ? 3 : 2; /* with the certificate */
        ck_assert_uint_eq(h.f->C_FindObjectsInit(s, t, 2), CKR_OK);
        ck_assert_uint_eq(h.f->C_FindObjects(s, found, 4, &n), CKR_OK);
        ck_assert_uint_eq(h.f->C_FindObjectsFinal(s), CKR_OK);
        ck_assert_msg(n == want, "%s, round %d: %lu", name, round, n);
        ck_assert(mh_bytes_attr(&h, s, found[0], CKA_LABEL, &got));
        ck_assert_uint_eq(got.len, strlen(label));
        ck_assert_uint_eq(mh_renew(&h, s, name, CKK_SM2, 0), CKR_OK);
    }
    ck_assert(mh_identity_works(&h, s));
    CK_BJCA_CONTAINER list[8] = {{.ulSize = sizeof list[0]}};
    n = 8;
    ck_assert_uint_eq(h.v->BJCA_GetContainers(1, list, &n), CKR_OK);
    for (CK_ULONG i = 0; i < n; i++) {
        ck_assert_str_eq((char *)list[i].name, name);
        bool current = list[i].role == CK_BJCA_CURRENT;
        ck_assert_uint_eq(list[i].idLen, current ? len : 20);
        ck_assert_int_eq(memcmp(list[i].id, own, len) == 0, current);
    }
    bk_buf_free(&got);
    life_teardown();
}
END_TEST

static CK_ULONG private_keys_of(CK_SESSION_HANDLE s, const struct bk_buf *own)
{
    CK_OBJECT_HANDLE found[8];
    CK_ATTRIBUTE t[] = {A(CKA_CLASS, private_class), {CKA_ID, own->data, own->len}};
    CK_ULONG n = 0;
    ck_assert_uint_eq(h.f->C_FindObjectsInit(s, t, 2), CKR_OK);
    ck_assert_uint_eq(h.f->C_FindObjects(s, found, COUNT(found), &n), CKR_OK);
    ck_assert_uint_eq(h.f->C_FindObjectsFinal(s), CKR_OK);
    return n;
}

/* By its id a program finds the key of a certificate: none other in the slot has the same, neither
 * of an identity, nor of its encryption or history, nor of another pair; and none that was given
 * first is taken by the name that would come to it. */
START_TEST(an_id_that_is_anothers_is_refused)
{
    CK_MECHANISM m = {_i ? CKM_SM2_KEY_PAIR_GEN : CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0};
    CK_OBJECT_HANDLE pub = 0, priv = 0, found[16];
    struct bk_buf own = BK_BUF_INIT;
    CK_ULONG n = 0;
    CK_ATTRIBUTE class = A(CKA_CLASS, private_class);
    CK_BJCA_RENEW_PARAMS p = {.ulSize = sizeof p, .keyType = _i ? CKK_SM2 : CKK_RSA};
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, (CK_SLOT_ID)_i);
    for (int i = 0; i < 2; i++)
        ck_assert_uint_eq(mh_renew(&h, s, "mine", p.keyType, 0), CKR_OK);
    ck_assert_uint_eq(h.f->C_FindObjectsInit(s, &class, 1), CKR_OK);
    ck_assert_uint_eq(h.f->C_FindObjects(s, found, COUNT(found), &n), CKR_OK);
    ck_assert_uint_eq(h.f->C_FindObjectsFinal(s), CKR_OK);
    ck_assert_uint_ge(n, 3);
    for (CK_ULONG i = 0; i < n; i++) {
        ck_assert(mh_bytes_attr(&h, s, found[i], CKA_ID, &own));
        CK_ATTRIBUTE t[] = {TEXT(CKA_LABEL, "My key"), {CKA_ID, own.data, own.len}};
        CK_RV rv = mh_generate(&h, s, &m, NULL, 0, t, 2, &pub, &priv);
        ck_assert_msg(rv == CKR_TEMPLATE_INCONSISTENT, "key %lu: %lx", i, rv);
        ck_assert_uint_eq(private_keys_of(s, &own), 1);
    }
    /* of the pair "free", before that is there, and then of the other's */
    CK_ATTRIBUTE free_one = TEXT(CKA_LABEL, "free");
    ck_assert_uint_eq(mh_generate(&h, s, &m, &free_one, 1, NULL, 0, &pub, &priv), CKR_OK);
    ck_assert(mh_bytes_attr(&h, s, priv, CKA_ID, &own));
    ck_assert_uint_eq(h.v->BJCA_DeleteContainer(s, (const CK_UTF8CHAR *)"free"), CKR_OK);
    CK_ATTRIBUTE t[] = {TEXT(CKA_LABEL, "thief"), {CKA_ID, own.data, own.len}};
    ck_assert_uint_eq(mh_generate(&h, s, &m, t, 2, t, 2, &pub, &priv), CKR_OK);
    ck_assert_uint_eq(mh_generate(&h, s, &m, &free_one, 1, NULL, 0, &pub, &priv),
                      CKR_TEMPLATE_INCONSISTENT);
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, (const CK_UTF8CHAR *)"free", &p, NULL, NULL),
                      CKR_ARGUMENTS_BAD);
    ck_assert_uint_eq(private_keys_of(s, &own), 1);
    /* the other slot is another token */
    ck_assert_uint_eq(h.f->C_Logout(s), CKR_OK);
    s = mh_login(&h, (CK_SLOT_ID)!_i);
    m.mechanism = _i ? CKM_RSA_PKCS_KEY_PAIR_GEN : CKM_SM2_KEY_PAIR_GEN;
    t[0] = (CK_ATTRIBUTE)TEXT(CKA_LABEL, "beside");
    ck_assert_uint_eq(mh_generate(&h, s, &m, t, 2, t, 2, &pub, &priv), CKR_OK);
    bk_buf_free(&own);
    life_teardown();
}
END_TEST

/* The id that comes anyway is no other one. */
START_TEST(the_id_that_comes_may_be_asked_for)
{
    CK_MECHANISM m = {CKM_SM2_KEY_PAIR_GEN, NULL, 0};
    CK_OBJECT_HANDLE pub = 0, priv = 0;
    struct bk_buf derived = BK_BUF_INIT;
    CK_BJCA_CONTAINER list[8] = {{.ulSize = sizeof list[0]}};
    CK_ULONG n = 8;
    CK_ATTRIBUTE label = TEXT(CKA_LABEL, "plain");
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 1);
    ck_assert_uint_eq(mh_generate(&h, s, &m, &label, 1, NULL, 0, &pub, &priv), CKR_OK);
    ck_assert(mh_bytes_attr(&h, s, priv, CKA_ID, &derived));
    ck_assert_uint_eq(h.v->BJCA_DeleteContainer(s, (const CK_UTF8CHAR *)"plain"), CKR_OK);
    CK_ATTRIBUTE t[] = {label, {CKA_ID, derived.data, derived.len}};
    ck_assert_uint_eq(mh_generate(&h, s, &m, t, 2, t, 2, &pub, &priv), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_GetContainers(1, list, &n), CKR_OK);
    ck_assert_uint_eq(n, 1);
    ck_assert_str_eq((char *)list[0].name, "plain");
    bk_buf_free(&derived);
    life_teardown();
}
END_TEST

static CK_RV set_id(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o, const void *bytes, CK_ULONG len)
{
    CK_ATTRIBUTE t = {CKA_ID, (void *)(uintptr_t)bytes, len};
    return h.f->C_SetAttributeValue(s, o, &t, 1);
}

static bool has_id(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o, const void *bytes, CK_ULONG len)
{
    struct bk_buf got = BK_BUF_INIT;
    bool same = mh_bytes_attr(&h, s, o, CKA_ID, &got) && got.len == len &&
                memcmp(got.data, bytes, len) == 0;
    bk_buf_free(&got);
    return same;
}

static CK_BBOOL destroyable(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o)
{
    CK_BBOOL may = 2;
    CK_ATTRIBUTE t = A(0x172UL /* CKA_DESTROYABLE */, may);
    ck_assert_uint_eq(h.f->C_GetAttributeValue(s, o, &t, 1), CKR_OK);
    return may;
}

/* 4.7.2: a pair that has no certificate yet is given an id, as NSS does after making it: both
 * halves have it, another program sees it, and it is the certificate's and stays. */
START_TEST(an_id_may_be_given_afterwards)
{
    CK_MECHANISM m = {_i ? CKM_SM2_KEY_PAIR_GEN : CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0};
    CK_KEY_TYPE type = _i ? CKK_SM2 : CKK_RSA;
    CK_OBJECT_HANDLE pub = 0, priv = 0, other_pub = 0, other = 0;
    CK_ATTRIBUTE name = TEXT(CKA_LABEL, "mine");
    CK_BYTE given[20];
    struct bk_buf usual = BK_BUF_INIT;
    memset(given, 0x5a, sizeof given);
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, (CK_SLOT_ID)_i), ro = life_session((CK_SLOT_ID)_i, 0);
    ck_assert_uint_eq(mh_generate(&h, s, &m, &name, 1, NULL, 0, &pub, &priv), CKR_OK);
    ck_assert_uint_eq(mh_generate(&h, s, &m, NULL, 0, NULL, 0, &other_pub, &other), CKR_OK);
    ck_assert(mh_bytes_attr(&h, s, priv, CKA_ID, &usual));
    ck_assert_uint_eq(set_id(ro, priv, given, 20), CKR_SESSION_READ_ONLY);
    ck_assert_uint_eq(set_id(s, priv, long_id, sizeof long_id), CKR_ATTRIBUTE_VALUE_INVALID);
    ck_assert_uint_eq(set_id(s, priv, given, 0), CKR_ATTRIBUTE_VALUE_INVALID);
    ck_assert(has_id(s, priv, usual.data, usual.len));
    ck_assert_uint_eq(set_id(s, priv, given, 20), CKR_OK);
    ck_assert_uint_eq(set_id(s, pub, given, 20), CKR_OK);
    ck_assert(has_id(s, priv, given, 20) && has_id(s, pub, given, 20));
    ck_assert_uint_eq(set_id(s, other, given, 20), CKR_TEMPLATE_INCONSISTENT);
    ck_assert_uint_eq(set_id(s, other, id, 1), CKR_OK);
    ck_assert_uint_eq(set_id(s, priv, id, 1), CKR_TEMPLATE_INCONSISTENT);
    /* that of the name again, and back */
    ck_assert_uint_eq(set_id(s, priv, usual.data, usual.len), CKR_OK);
    ck_assert(has_id(s, pub, usual.data, usual.len));
    ck_assert_uint_eq(set_id(s, pub, given, 20), CKR_OK);
    life_restart();
    s = mh_login(&h, (CK_SLOT_ID)_i);
    CK_ATTRIBUTE key_class = A(CKA_CLASS, private_class), wanted[] = {key_class, name};
    for (int round = 0; round < 3; round++) {
        CK_ULONG n = 0;
        ck_assert_uint_eq(h.f->C_FindObjectsInit(s, wanted, 2), CKR_OK);
        ck_assert_uint_eq(h.f->C_FindObjects(s, &priv, 1, &n), CKR_OK);
        ck_assert_uint_eq(h.f->C_FindObjectsFinal(s), CKR_OK);
        ck_assert_uint_eq(n, 1);
        ck_assert(has_id(s, priv, given, 20));
        ck_assert(!round || has_id(s, mh_find(&h, s, CKO_CERTIFICATE, 0), given, 20));
        ck_assert_uint_eq(destroyable(s, priv), round ? CK_FALSE : CK_TRUE);
        /* an identity's stays what it is */
        ck_assert(!round || set_id(s, priv, usual.data, usual.len) == CKR_ATTRIBUTE_READ_ONLY);
        ck_assert_uint_eq(mh_renew(&h, s, "mine", type, 0), CKR_OK);
    }
    bk_buf_free(&usual);
    life_teardown();
}
END_TEST

/* 5.7.6: all of a template or nothing of it. */
START_TEST(label_and_id_go_together)
{
    CK_MECHANISM m = {CKM_SM2_KEY_PAIR_GEN, NULL, 0};
    CK_OBJECT_HANDLE pub = 0, priv = 0, other_pub = 0, other = 0;
    CK_ATTRIBUTE name = TEXT(CKA_LABEL, "mine"), colon = TEXT(CKA_LABEL, "a:b"),
                 label = TEXT(CKA_LABEL, "called so"), new_id = A(CKA_ID, id);
    CK_ATTRIBUTE both[] = {new_id, label}, bad[] = {new_id, colon}, twice[] = {new_id, new_id};
    struct bk_buf usual = BK_BUF_INIT;
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 1);
    ck_assert_uint_eq(mh_generate(&h, s, &m, &name, 1, NULL, 0, &pub, &priv), CKR_OK);
    ck_assert_uint_eq(mh_generate(&h, s, &m, NULL, 0, NULL, 0, &other_pub, &other), CKR_OK);
    ck_assert(mh_bytes_attr(&h, s, priv, CKA_ID, &usual));
    ck_assert_uint_eq(h.f->C_SetAttributeValue(s, priv, bad, 2), CKR_ATTRIBUTE_VALUE_INVALID);
    ck_assert_uint_eq(h.f->C_SetAttributeValue(s, priv, twice, 2), CKR_TEMPLATE_INCONSISTENT);
    ck_assert(has_id(s, priv, usual.data, usual.len) && life_has_label(s, priv, "mine"));
    ck_assert_uint_eq(h.f->C_SetAttributeValue(s, priv, both, 2), CKR_OK);
    ck_assert(has_id(s, priv, id, sizeof id) && has_id(s, pub, id, sizeof id));
    ck_assert(life_has_label(s, priv, "called so") && life_has_label(s, pub, "mine"));
    /* taken: and the label stays, too */
    ck_assert_uint_eq(h.f->C_SetAttributeValue(s, other, both, 2), CKR_TEMPLATE_INCONSISTENT);
    ck_assert(!life_has_label(s, other, "called so"));
    life_restart();
    s = mh_login(&h, 1);
    CK_ATTRIBUTE wanted[] = {new_id, label};
    CK_ULONG n = 0;
    ck_assert_uint_eq(h.f->C_FindObjectsInit(s, wanted, 2), CKR_OK);
    ck_assert_uint_eq(h.f->C_FindObjects(s, &priv, 1, &n), CKR_OK);
    ck_assert_uint_eq(h.f->C_FindObjectsFinal(s), CKR_OK);
    ck_assert_uint_eq(n, 1);
    bk_buf_free(&usual);
    life_teardown();
}
END_TEST

/* 5.7: what is no identity goes with its private key, and its id with it; an identity doesn't. */
START_TEST(a_pair_without_a_certificate_can_be_destroyed)
{
    CK_MECHANISM m = {CKM_SM2_KEY_PAIR_GEN, NULL, 0};
    CK_OBJECT_HANDLE pub = 0, priv = 0;
    CK_ATTRIBUTE name = TEXT(CKA_LABEL, "mine");
    life_setup();
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 1), ro = life_session(1, 0);
    CK_OBJECT_HANDLE identity = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    CK_ULONG before = on_key(s);
    ck_assert_uint_eq(h.f->C_DestroyObject(s, identity), CKR_ACTION_PROHIBITED);
    ck_assert_uint_eq(mh_generate(&h, s, &m, &name, 1, NULL, 0, &pub, &priv), CKR_OK);
    ck_assert_uint_eq(set_id(s, priv, id, sizeof id), CKR_OK);
    ck_assert_uint_eq(destroyable(s, pub), CK_FALSE);
    ck_assert_uint_eq(destroyable(s, priv), CK_TRUE);
    ck_assert_uint_eq(h.f->C_DestroyObject(s, pub), CKR_ACTION_PROHIBITED);
    ck_assert_uint_eq(h.f->C_DestroyObject(ro, priv), CKR_SESSION_READ_ONLY);
    ck_assert_uint_eq(on_key(s), before + 2);
    ck_assert_uint_eq(h.f->C_DestroyObject(s, priv), CKR_OK);
    ck_assert_uint_eq(h.f->C_DestroyObject(s, priv), CKR_OBJECT_HANDLE_INVALID);
    ck_assert_uint_eq(on_key(s), before);
    ck_assert(mh_identity_works(&h, s));
    ck_assert_uint_eq(mh_generate(&h, s, &m, &name, 1, NULL, 0, &pub, &priv), CKR_OK);
    ck_assert(!has_id(s, priv, id, sizeof id));
    life_teardown();
}
END_TEST

/* --- names that are taken
 * -----------------------------------------------------------------------*/

static CK_RV generate_named(CK_SESSION_HANDLE s, const char *name)
{
    CK_MECHANISM m = {CKM_SM2_KEY_PAIR_GEN, NULL, 0};
    CK_ATTRIBUTE label = {CKA_LABEL, (void *)(uintptr_t)name, strlen(name)};
    CK_OBJECT_HANDLE pub = 0, priv = 0;
    return mh_generate(&h, s, &m, &label, 1, NULL, 0, &pub, &priv);
}

static enum bk_err stop_before_the_key(struct bk_transport *inner, const uint8_t *command,
                                       size_t len, bool sensitive, struct bk_buf *answer)
{
    return len > 1 && command[1] == 0x70
               ? BK_EIO
               : inner->ops->transmit(inner, command, len, sensitive, answer);
}

/* 5.13: nothing is made into the past of a name, nor beside what is staged of it. */
START_TEST(a_name_with_a_past_is_taken)
{
    const CK_UTF8CHAR *name = (const CK_UTF8CHAR *)"personalCert01";
    CK_BJCA_RENEW_PARAMS p = {.ulSize = sizeof p, .keyType = CKK_SM2};
    life_setup();
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 1);
    ck_assert_uint_eq(generate_named(s, "personalCert01"), CKR_TEMPLATE_INCONSISTENT);
    ck_assert_uint_eq(mh_renew(&h, s, "personalCert01", CKK_SM2, 0), CKR_OK);
    ck_assert_uint_eq(generate_named(s, "personalCert01"), CKR_TEMPLATE_INCONSISTENT);
    ck_assert_uint_eq(h.v->BJCA_DeleteHistory(s, name, 0), CKR_OK);
    CK_ULONG before = on_key(s);
    ck_assert_uint_eq(generate_named(s, "personalCert01"), CKR_TEMPLATE_INCONSISTENT);
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, name, &p, NULL, NULL), CKR_OK);
    ck_assert_uint_eq(generate_named(s, "personalCert01"), CKR_TEMPLATE_INCONSISTENT);
    ck_assert_uint_eq(on_key(s), before);
    ck_assert(mh_identity_works(&h, s));
    life_teardown();
}
END_TEST

/* A container that a cut left without a key is gone on with. */
START_TEST(an_empty_container_is_used)
{
    life_setup();
    life_transmit = stop_before_the_key;
    life_restart();
    CK_SESSION_HANDLE s = mh_login(&h, 1);
    ck_assert_uint_ne(generate_named(s, "mine"), CKR_OK);
    ck_assert_uint_eq(on_key(s), 0);
    life_transmit = NULL;
    life_restart();
    s = mh_login(&h, 1);
    ck_assert_uint_eq(generate_named(s, "mine"), CKR_OK);
    ck_assert_uint_eq(on_key(s), 2);
    life_teardown();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("generate");
    TCase *t = life_case("generate");
    tcase_set_timeout(t, 120);
    tcase_add_test(t, what_a_pair_may_be_asked_to_be);
    tcase_add_test(t, a_pair_is_asked_for_the_token);
    tcase_add_test(t, an_rsa_pair_is_asked_for_its_length);
    tcase_add_test(t, what_an_rsa_pair_may_be_asked_to_be);
    tcase_add_loop_test(t, an_id_that_is_given_is_the_pairs, 0, (int)COUNT(named));
    tcase_add_loop_test(t, an_id_that_is_anothers_is_refused, 0, 2);
    tcase_add_test(t, the_id_that_comes_may_be_asked_for);
    tcase_add_loop_test(t, an_id_may_be_given_afterwards, 0, 2);
    tcase_add_test(t, label_and_id_go_together);
    tcase_add_test(t, a_pair_without_a_certificate_can_be_destroyed);
    tcase_add_test(t, a_name_with_a_past_is_taken);
    tcase_add_test(t, an_empty_container_is_used);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
