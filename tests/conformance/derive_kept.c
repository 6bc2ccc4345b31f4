/* SPDX-License-Identifier: Apache-2.0 */
/*
 * C_DeriveKey: how well a new key is kept for those it comes of, which keys may be derived from,
 * what templates and sessions may. Rows with the clause of PKCS#11 3.0; curr: of its Current
 * Mechanisms.
 */
#include "deriving.h"
#include "runner.h"

static CK_BYTE no = 0;
static CK_KEY_DERIVATION_STRING_DATA string_89 = {value_89, 4}, string_wide = {value_wide, 64};
static CK_EXTRACT_PARAMS bit_0 = 0;

/* --- what is said of the new key
 * ----------------------------------------------------------------*/

/* Generated here, so that it may always have been so. */
static CK_OBJECT_HANDLE generated(CK_BYTE *sensitive, CK_BYTE *extractable)
{
    CK_MECHANISM m = {CKM_GENERIC_SECRET_KEY_GEN, NULL, 0};
    CK_ULONG len = 16;
    CK_OBJECT_HANDLE made = 0;
    CK_ATTRIBUTE t[] = {{CKA_VALUE_LEN, &len, sizeof len},
                        {CKA_SENSITIVE, sensitive, 1},
                        {CKA_EXTRACTABLE, extractable, 1},
                        {CKA_DERIVE, &yes, 1}};
    ck_assert_uint_eq(h.f->C_GenerateKey(s, &m, t, COUNT(t), &made), CKR_OK);
    return made;
}

/* SENSITIVE, EXTRACTABLE, ALWAYS_SENSITIVE, NEVER_EXTRACTABLE as four digits. */
static CK_ULONG rights_of(CK_OBJECT_HANDLE key)
{
    CK_BYTE v[4] = {2, 2, 2, 2};
    CK_ATTRIBUTE t[] = {{CKA_SENSITIVE, v, 1},
                        {CKA_EXTRACTABLE, v + 1, 1},
                        {CKA_ALWAYS_SENSITIVE, v + 2, 1},
                        {CKA_NEVER_EXTRACTABLE, v + 3, 1}};
    ck_assert_uint_eq(h.f->C_GetAttributeValue(s, key, t, 4), CKR_OK);
    return v[0] * 1000u + v[1] * 100u + v[2] * 10u + v[3];
}

static CK_HKDF_PARAMS any_hkdf;
static CK_MECHANISM sha = {CKM_SHA256_KEY_DERIVATION, NULL, 0}, and_key = {AND_KEY, WITH(other)},
                    and_data = {AND_DATA, WITH(string_89)}, and_base = {AND_BASE, WITH(string_89)},
                    xored = {XOR, WITH(string_wide)}, cut = {EXTRACT, WITH(bit_0)},
                    hkdf = {CKM_HKDF_DERIVE, WITH(any_hkdf)};

/* With 8 bytes, and of the two attributes what isn't NULL. */
static CK_RV derive_so(CK_MECHANISM *m, CK_OBJECT_HANDLE from, CK_BYTE *sensitive,
                       CK_BYTE *extractable)
{
    CK_ULONG len = 8, n = 1;
    CK_ATTRIBUTE t[3] = {{CKA_VALUE_LEN, &len, sizeof len}};
    if (sensitive)
        t[n++] = (CK_ATTRIBUTE){CKA_SENSITIVE, sensitive, 1};
    if (extractable)
        t[n++] = (CK_ATTRIBUTE){CKA_EXTRACTABLE, extractable, 1};
    return h.f->C_DeriveKey(s, m, from, t, n, &o);
}

/* A simple means keeps what its keys are: the template may only say the same. */
START_TEST(a_part_of_a_key_is_kept_as_it)
{
    CK_MECHANISM *const means[] = {&and_data, &and_base, &xored, &cut};
    CK_OBJECT_HANDLE secret = generated(&yes, &no), open = generated(&no, &yes);
    for (size_t i = 0; i < COUNT(means); i++) {
        CK_MECHANISM *m = means[i];
        row("curr 2.43", CKR_OK, derive_so(m, secret, NULL, NULL), "of a secret one");
        row("curr 2.43", 1011, rights_of(o), "as its base");
        row("curr 2.43", CKR_OK, derive_so(m, secret, &yes, &no), "the same said");
        row("curr 2.43", 1011, rights_of(o), "as its base");
        row("curr 2.43", CKR_TEMPLATE_INCONSISTENT, derive_so(m, secret, &no, NULL), "sensitive");
        row("curr 2.43", CKR_TEMPLATE_INCONSISTENT, derive_so(m, secret, NULL, &yes), "kept");
        row("curr 2.43", CKR_OK, derive_so(m, open, NULL, NULL), "of an open one");
        row("curr 2.43", 100, rights_of(o), "as its base");
        row("curr 2.43", CKR_OK, derive_so(m, open, &yes, &no), "more than its base");
        row("curr 2.43", 1000, rights_of(o), "not always");
    }
    rows_end(40);
}
END_TEST

START_TEST(two_keys_are_kept_as_the_better_kept)
{
    CK_OBJECT_HANDLE secret = generated(&yes, &no), open = generated(&no, &yes),
                     second = generated(&yes, &no);
    CK_MECHANISM with_open = {AND_KEY, WITH(open)}, with_second = {AND_KEY, WITH(second)};
    row("curr 2.43.3", CKR_OK, derive_so(&with_open, secret, NULL, NULL), "base");
    row("curr 2.43.3", 1000, rights_of(o), "as the base, not always");
    row("curr 2.43.3", CKR_OK, derive_so(&with_second, open, NULL, NULL), "other");
    row("curr 2.43.3", 1000, rights_of(o), "as the other, not always");
    row("curr 2.43.3", CKR_TEMPLATE_INCONSISTENT, derive_so(&with_second, open, &no, NULL), "no");
    row("curr 2.43.3", CKR_TEMPLATE_INCONSISTENT, derive_so(&with_second, open, NULL, &yes), "no");
    row("curr 2.43.3", CKR_OK, derive_so(&with_second, secret, NULL, NULL), "both");
    row("curr 2.43.3", 1011, rights_of(o), "always");
    row("curr 2.43.3", CKR_OK, derive_so(&and_key, open, NULL, NULL), "none");
    row("curr 2.43.3", 100, rights_of(o), "as the template says nothing");
    rows_end(10);
}
END_TEST

/* One that only a trusted key may wrap, or only the user sees. */
START_TEST(other_rights_go_with_a_part)
{
    CK_BYTE v[2];
    CK_MECHANISM *const means[] = {&and_data, &and_base, &xored, &cut, &sha};
    CK_MECHANISM generate = {CKM_GENERIC_SECRET_KEY_GEN, NULL, 0};
    CK_ULONG len = 16, short_len = 8;
    CK_OBJECT_HANDLE from = 0;
    CK_ATTRIBUTE t[] = {{CKA_VALUE_LEN, &len, sizeof len},
                        {CKA_WRAP_WITH_TRUSTED, &yes, 1},
                        {CKA_PRIVATE, &yes, 1},
                        {CKA_DERIVE, &yes, 1}},
                 size = {CKA_VALUE_LEN, &short_len, sizeof short_len},
                 any_wrap[] = {size, {CKA_WRAP_WITH_TRUSTED, &no, 1}},
                 public[] = {size, {CKA_PRIVATE, &no, 1}},
                 got[] = {{CKA_WRAP_WITH_TRUSTED, v, 1}, {CKA_PRIVATE, v + 1, 1}};
    ROW("5.18.1", CKR_OK, C_GenerateKey(s, &generate, t, COUNT(t), &from));
    for (size_t i = 0; i < COUNT(means); i++) {
        bool part = means[i] != &sha;
        ROW("curr 2.43", CKR_OK, C_DeriveKey(s, means[i], from, &size, 1, &o));
        ROW("5.7.5", CKR_OK, C_GetAttributeValue(s, o, got, 2));
        row("curr 2.43", part, v[0], "CKA_WRAP_WITH_TRUSTED");
        row("profile", 1, v[1], "CKA_PRIVATE");
        ROW("curr 2.43", part ? CKR_TEMPLATE_INCONSISTENT : CKR_OK,
            C_DeriveKey(s, means[i], from, any_wrap, 2, &o));
        ROW("profile", CKR_TEMPLATE_INCONSISTENT, C_DeriveKey(s, means[i], from, public, 2, &o));
    }
    CK_MECHANISM with_it = {AND_KEY, WITH(from)};
    ROW("curr 2.43.3", CKR_OK, C_DeriveKey(s, &with_it, base, &size, 1, &o));
    ROW("5.7.5", CKR_OK, C_GetAttributeValue(s, o, got, 2));
    row("curr 2.43.3", 1, v[0] && v[1], "of the other key");
    rows_end(34);
}
END_TEST

/* What is digested tells nothing of its base: the template says what it likes. */
START_TEST(a_digest_is_kept_as_the_template_says)
{
    any_hkdf = hkdf_of(CKM_SM3, value_32, 4, value_89, 4);
    CK_MECHANISM *const means[] = {&sha, &hkdf};
    CK_OBJECT_HANDLE secret = generated(&yes, &no), open = generated(&no, &yes);
    for (size_t i = 0; i < COUNT(means); i++) {
        CK_MECHANISM *m = means[i];
        row("curr 2.22.5", CKR_OK, derive_so(m, secret, NULL, NULL), "nothing said");
        row("curr 2.22.5", 100, rights_of(o), "the default");
        row("curr 2.22.5", CKR_OK, derive_so(m, secret, &yes, &no), "secret of secret");
        row("curr 2.22.5", 1011, rights_of(o), "always");
        row("curr 2.22.5", CKR_OK, derive_so(m, secret, &yes, &yes), "sensitive of secret");
        row("curr 2.22.5", 1110, rights_of(o), "always sensitive");
        row("curr 2.22.5", CKR_OK, derive_so(m, open, &yes, &no), "secret of open");
        row("curr 2.22.5", 1000, rights_of(o), "not always");
    }
    rows_end(16);
}
END_TEST

START_TEST(a_derived_key_works_and_is_not_local)
{
    CK_BYTE local = 2, right = 2, block[16] = {0}, sealed[16];
    CK_ULONG len = sizeof sealed;
    CK_MECHANISM ecb = {CKM_SM4_ECB, NULL, 0};
    CK_ATTRIBUTE t[] = {{CKA_LOCAL, &local, 1}, {CKA_DERIVE, &right, 1}};
    row("curr 2.22.5", CKR_OK, derive(&sha, wide, CKK_SM4, NONE), "an SM4 key");
    ROW("5.7.5", CKR_OK, C_GetAttributeValue(s, o, t, 2));
    row("5.18.5", 0, local, "CKA_LOCAL");
    row("4.8", 0, right, "CKA_DERIVE when the template says nothing");
    row("4.8", NONE, number_of(o, CKA_KEY_GEN_MECHANISM), "CKA_KEY_GEN_MECHANISM");
    ROW("5.8.1", CKR_OK, C_EncryptInit(s, &ecb, o));
    ROW("5.8.2", CKR_OK, C_Encrypt(s, block, 16, sealed, &len));
    CK_OBJECT_HANDLE first = o;
    CK_ATTRIBUTE may = {CKA_DERIVE, &yes, 1};
    row("4.8", CKR_KEY_FUNCTION_NOT_PERMITTED, derive(&sha, first, NONE, NONE), "from it");
    ROW("5.7.6", CKR_OK, C_SetAttributeValue(s, first, &may, 1));
    row("4.8", CKR_OK, derive(&sha, first, NONE, NONE), "from it");
    rows_end(10);
}
END_TEST

/* --- which keys, which templates, which sessions
 * ------------------------------------------------*/

START_TEST(keys_that_nothing_is_derived_from)
{
    CK_SESSION_HANDLE sm2 = mc_session(1);
    CK_OBJECT_HANDLE sm2_key = mh_find(&h, sm2, CKO_PRIVATE_KEY, CKA_SIGN),
                     cert = mh_find(&h, s, CKO_CERTIFICATE, 0);
    CK_MECHANISM unknown = {CKM_ECDH1_DERIVE, NULL, 0}, digest = {CKM_SHA256, NULL, 0};
    CK_MECHANISM *const means[] = {&sha, &and_key, &and_data, &and_base, &xored, &cut};
    for (size_t i = 0; i < COUNT(means); i++) {
        CK_MECHANISM *m = means[i];
        ROW("4.8", CKR_KEY_FUNCTION_NOT_PERMITTED, C_DeriveKey(s, m, plain, NULL, 0, &o));
        ROW("5.18.5", CKR_KEY_TYPE_INCONSISTENT, C_DeriveKey(s, m, sign_key, NULL, 0, &o));
        ROW("5.18.5", CKR_KEY_TYPE_INCONSISTENT, C_DeriveKey(s, m, decrypt_key, NULL, 0, &o));
        ROW("5.18.5", CKR_KEY_TYPE_INCONSISTENT, C_DeriveKey(s, m, verify_key, NULL, 0, &o));
        ROW("5.18.5", CKR_KEY_TYPE_INCONSISTENT, C_DeriveKey(sm2, m, sm2_key, NULL, 0, &o));
        ROW("5.18.5", CKR_KEY_HANDLE_INVALID, C_DeriveKey(s, m, cert, NULL, 0, &o));
        ROW("5.18.5", CKR_KEY_HANDLE_INVALID, C_DeriveKey(s, m, no_key, NULL, 0, &o));
    }
    ROW("5.18.5", CKR_MECHANISM_INVALID, C_DeriveKey(s, &unknown, base, NULL, 0, &o));
    ROW("5.18.5", CKR_MECHANISM_INVALID, C_DeriveKey(s, &digest, base, NULL, 0, &o));
    ROW("5.1.6", CKR_ARGUMENTS_BAD, C_DeriveKey(s, NULL, base, NULL, 0, &o));
    ROW("5.1.6", CKR_ARGUMENTS_BAD, C_DeriveKey(s, &sha, base, NULL, 1, &o));
    ROW("5.1.6", CKR_ARGUMENTS_BAD, C_DeriveKey(s, &sha, base, NULL, 0, NULL));
    ROW("5.13.1", CKR_MECHANISM_INVALID, C_SignInit(s, &sha, base));
    rows_end(48);
}
END_TEST

START_TEST(templates_and_sessions)
{
    CK_OBJECT_CLASS public = CKO_PUBLIC_KEY, secret = CKO_SECRET_KEY;
    CK_KEY_TYPE aes = CKK_AES;
    CK_SESSION_HANDLE ro = 0;
    CK_BYTE two = 2;
    CK_ATTRIBUTE class = {CKA_CLASS, &secret, sizeof secret},
                 other_class = {CKA_CLASS, &public, sizeof public},
                 type = {CKA_KEY_TYPE, &aes, sizeof aes}, value = {CKA_VALUE, value_01, 4},
                 token = {CKA_TOKEN, &yes, 1}, private = {CKA_PRIVATE, &yes, 1},
                 modulus = {CKA_MODULUS, value_01, 4}, odd = {CKA_SIGN, &two, 1},
                 trusted = {CKA_TRUSTED, &yes, 1}, twice[] = {private, private};
    ROW("curr 2.22.5", CKR_OK, C_DeriveKey(s, &sha, base, &class, 1, &o));
    ROW("5.18.5", CKR_TEMPLATE_INCONSISTENT, C_DeriveKey(s, &sha, base, &other_class, 1, &o));
    ROW("4.1.1", CKR_ATTRIBUTE_VALUE_INVALID, C_DeriveKey(s, &sha, base, &type, 1, &o));
    ROW("4.1.1", CKR_ATTRIBUTE_READ_ONLY, C_DeriveKey(s, &sha, base, &value, 1, &o));
    ROW("4.1.1", CKR_ATTRIBUTE_TYPE_INVALID, C_DeriveKey(s, &sha, base, &modulus, 1, &o));
    ROW("4.1.1", CKR_ATTRIBUTE_VALUE_INVALID, C_DeriveKey(s, &sha, base, &odd, 1, &o));
    ROW("4.10", CKR_ATTRIBUTE_VALUE_INVALID, C_DeriveKey(s, &sha, base, &trusted, 1, &o));
    ROW("4.1.1", CKR_TEMPLATE_INCONSISTENT, C_DeriveKey(s, &sha, base, twice, 2, &o));
    ROW("profile", CKR_TEMPLATE_INCONSISTENT, C_DeriveKey(s, &sha, base, &token, 1, &o));
    ROW("5.6.1", CKR_OK, C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &ro));
    ROW("4.4", CKR_SESSION_READ_ONLY, C_DeriveKey(ro, &sha, base, &token, 1, &o));
    ROW("4.4", CKR_OK, C_DeriveKey(ro, &sha, base, NULL, 0, &o));
    ROW("5.6.2", CKR_OK, C_CloseSession(ro));
    ROW("5.6.2", CKR_KEY_HANDLE_INVALID, C_DeriveKey(s, &sha, o, NULL, 0, &o));
    CK_OBJECT_HANDLE hidden = 0;
    CK_ATTRIBUTE t[] = {private, {CKA_DERIVE, &yes, 1}};
    ROW("4.4", CKR_OK, C_DeriveKey(s, &sha, base, t, 2, &hidden));
    ROW("4.4", CKR_OK, C_DeriveKey(s, &sha, hidden, NULL, 0, &o));
    ROW("5.6.10", CKR_OK, C_Logout(s));
    ROW("5.6.10", CKR_KEY_HANDLE_INVALID, C_DeriveKey(s, &sha, hidden, NULL, 0, &o));
    ROW("4.4", CKR_USER_NOT_LOGGED_IN, C_DeriveKey(s, &sha, base, &private, 1, &o));
    ROW("4.4", CKR_OK, C_DeriveKey(s, &sha, base, NULL, 0, &o));
    rows_end(20);
}
END_TEST

START_TEST(mechanisms_are_listed)
{
    static const CK_MECHANISM_TYPE types[] = {CKM_SHA1_KEY_DERIVATION,
                                              CKM_SHA224_KEY_DERIVATION,
                                              CKM_SHA256_KEY_DERIVATION,
                                              CKM_SHA384_KEY_DERIVATION,
                                              CKM_SHA512_KEY_DERIVATION,
                                              AND_KEY,
                                              AND_DATA,
                                              AND_BASE,
                                              XOR,
                                              EXTRACT,
                                              CKM_HKDF_DERIVE};
    for (CK_SLOT_ID slot = 0; slot < 2; slot++) {
        CK_MECHANISM_TYPE list[80];
        CK_ULONG n = COUNT(list);
        ROW("5.5.5", CKR_OK, C_GetMechanismList(slot, list, &n));
        for (size_t i = 0; i < COUNT(types); i++) {
            CK_MECHANISM_INFO info = {0};
            CK_ULONG times = 0;
            for (CK_ULONG k = 0; k < n; k++)
                times += list[k] == types[i];
            row("5.5.5", 1, times, "in the list");
            ROW("5.5.6", CKR_OK, C_GetMechanismInfo(slot, types[i], &info));
            row("5.5.6", CKF_DERIVE, info.flags, "what it is for");
            row("5.5.6", 1, info.ulMinKeySize, "the shortest key");
            row("5.5.6", 4096, info.ulMaxKeySize, "the longest key");
        }
    }
    rows_end(112);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("derived keys");
    TCase *t = mc_case(suite, "rows", deriving_setup);
    tcase_add_test(t, a_part_of_a_key_is_kept_as_it);
    tcase_add_test(t, two_keys_are_kept_as_the_better_kept);
    tcase_add_test(t, other_rights_go_with_a_part);
    tcase_add_test(t, a_digest_is_kept_as_the_template_says);
    tcase_add_test(t, a_derived_key_works_and_is_not_local);
    tcase_add_test(t, keys_that_nothing_is_derived_from);
    tcase_add_test(t, templates_and_sessions);
    tcase_add_test(t, mechanisms_are_listed);
    return run_suite(suite);
}
