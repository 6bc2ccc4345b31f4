/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What slots, sessions and keys say of themselves, flag by flag and right by right. Clauses are
 * those of PKCS#11 3.0.
 */
#include <string.h>
#include <unistd.h>

#include "rows.h"
#include "runner.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* 5.5.2: a virtual key's reader is no hardware; the key comes and goes. */
START_TEST(flags_of_slots)
{
    CK_SLOT_INFO info;
    for (CK_SLOT_ID slot = 0; slot < 2; slot++) {
        ROW("5.5.2", CKR_OK, C_GetSlotInfo(slot, &info));
        row("5.5.2", CKF_TOKEN_PRESENT | CKF_REMOVABLE_DEVICE, info.flags, "with a key");
    }
    ck_assert_int_eq(unlink(h.key), 0);
    for (CK_SLOT_ID slot = 0; slot < 2; slot++) {
        ROW("5.5.2", CKR_OK, C_GetSlotInfo(slot, &info));
        row("5.5.2", CKF_REMOVABLE_DEVICE, info.flags, "without a key");
    }
    rows_end(8);
}
END_TEST

/* 3.2, CK_TOKEN_INFO: printable, without a colon, told apart by the end of the serial number, and
 * cut to fit. */
static const struct {
    const char *label, *serial;
    const char *rsa, *sm2, *number;
} tokens[] = {
    {"K", "7", "K 7                             ", "K 7 SM2                         ",
     "7               "},
    {"a:b", "ABCDEFGHIJ1234567890", "a.b 567890                      ",
     "a.b 567890 SM2                  ", "EFGHIJ1234567890"},
    {"\xe8\xaf\x81\xe4\xb9\xa6", "S:12345678", "...... 345678                   ",
     "...... 345678 SM2               ", "S.12345678      "},
    {"A label of thirty-one bytes, all", "0123456789abcdef0123456789abcdef",
     "A label of thirty-one byt abcdef", "A label of thirty-one abcdef SM2", "0123456789abcdef"},
};

static void is_plain(const CK_UTF8CHAR *text, size_t size, const char *what)
{
    for (size_t i = 0; i < size; i++)
        row("3.1, 3.2: blank-padded", 1, text[i] >= 0x20 && text[i] < 0x7f, what);
}

START_TEST(strings_of_tokens)
{
    CK_TOKEN_INFO info[2];
    CK_SLOT_INFO slot_info;
    CK_INFO library;
    const CK_INFO *about = &library;
    for (size_t i = 0; i < COUNT(tokens); i++) {
        char label[32];
        (void)snprintf(label, sizeof label, "%s", tokens[i].label);
        ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
        ck_assert_int_eq(unlink(h.key), 0);
        ck_assert_int_eq(bk_vkey_create(h.key, &(struct bk_vkey_params){.serial = tokens[i].serial,
                                                                        .label = label}),
                         BK_OK);
        ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
        for (CK_SLOT_ID slot = 0; slot < 2; slot++) {
            const char *want = slot ? tokens[i].sm2 : tokens[i].rsa;
            ROW("5.5.3", CKR_OK, C_GetTokenInfo(slot, &info[slot]));
            row("3.2", 0, (CK_RV)memcmp(info[slot].label, want, 32), want);
            row("3.2", 0, (CK_RV)memcmp(info[slot].serialNumber, tokens[i].number, 16), want);
            row("3.2", 0, (CK_RV)memcmp(info[slot].utcTime, "                ", 16), "no clock");
            is_plain(info[slot].manufacturerID, 32, "manufacturerID");
            is_plain(info[slot].model, 16, "model");
            ROW("5.5.2", CKR_OK, C_GetSlotInfo(slot, &slot_info));
            is_plain(slot_info.slotDescription, 64, "slotDescription");
            is_plain(slot_info.manufacturerID, 32, "manufacturerID of a slot");
        }
        row("3.2", 1, memcmp(info[0].model, info[1].model, 16) != 0, "model");
    }
    ROW("5.4.3", CKR_OK, C_GetInfo(&library));
    row("3.1", 3, about->cryptokiVersion.major, "cryptokiVersion");
    row("3.1", 0, about->cryptokiVersion.minor, "cryptokiVersion");
    is_plain(about->manufacturerID, 32, "manufacturerID of the module");
    is_plain(about->libraryDescription, 32, "libraryDescription");
    rows_end(1000);
}
END_TEST

/* 3.2: of this program's sessions, in each slot by itself. */
START_TEST(sessions_are_counted)
{
    CK_SESSION_HANDLE ro = 0, rw = mc_session(0);
    CK_TOKEN_INFO info;
    ROW("5.6.1", CKR_OK, C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &ro));
    for (int left = 2; left >= 0; left--) {
        ROW("5.5.3", CKR_OK, C_GetTokenInfo(0, &info));
        row("3.2", (CK_ULONG)left, info.ulSessionCount, "ulSessionCount");
        row("3.2", left == 2, info.ulRwSessionCount, "ulRwSessionCount");
        ROW("5.5.3", CKR_OK, C_GetTokenInfo(1, &info));
        row("3.2", 0, info.ulSessionCount, "ulSessionCount of the other slot");
        ROW("5.6.2", left ? CKR_OK : CKR_SESSION_HANDLE_INVALID,
            C_CloseSession(left == 2 ? rw : ro));
    }
    rows_end(19);
}
END_TEST

/* 5.6.4 */
static const struct {
    CK_FLAGS flags;
    CK_STATE before, after; /* a log-in */
} sessions[] = {
    {CKF_SERIAL_SESSION, CKS_RO_PUBLIC_SESSION, CKS_RO_USER_FUNCTIONS},
    {CKF_SERIAL_SESSION | CKF_RW_SESSION, CKS_RW_PUBLIC_SESSION, CKS_RW_USER_FUNCTIONS},
};

START_TEST(flags_and_states_of_sessions)
{
    CK_SESSION_HANDLE s[2];
    CK_SESSION_INFO info;
    for (CK_SLOT_ID slot = 0; slot < 2; slot++) {
        for (size_t i = 0; i < COUNT(sessions); i++) {
            ROW("5.6.1", CKR_OK, C_OpenSession(slot, sessions[i].flags, NULL, NULL, &s[i]));
            ROW("5.6.4", CKR_OK, C_GetSessionInfo(s[i], &info));
            row("5.6.4", slot, info.slotID, "slotID");
            row("5.6.4", sessions[i].flags, info.flags, "flags");
            row("5.6.4", sessions[i].before, info.state, "state");
            row("5.6.4", 0, info.ulDeviceError, "ulDeviceError");
        }
        ROW("5.6.8", CKR_OK, C_Login(s[0], CKU_USER, (CK_BYTE *)MH_PIN, 8));
        for (size_t i = 0; i < COUNT(sessions); i++) {
            ROW("5.6.4", CKR_OK, C_GetSessionInfo(s[i], &info));
            row("5.6.4", sessions[i].flags, info.flags, "flags");
            row("5.6.4", sessions[i].after, info.state, "state");
        }
        ROW("5.6.3", CKR_OK, C_CloseAllSessions(slot));
    }
    rows_end(40);
}
END_TEST

/* 4.8, 4.9: each right of each key in each slot, RSA and SM2 (NO_RIGHT: no attribute of such a
 * key). */
#define NO_RIGHT 2

static const struct {
    CK_OBJECT_CLASS class;
    CK_ATTRIBUTE_TYPE which; /* the right that only this one of its class has */
    struct {
        CK_ATTRIBUTE_TYPE type;
        CK_BYTE has[2]; /* in each slot */
    } rights[8];
} keys[] = {
    {CKO_PRIVATE_KEY,
     CKA_SIGN,
     {{CKA_SIGN, {1, 1}},
      {CKA_SIGN_RECOVER, {1, 0}},
      {CKA_DECRYPT, {0, 0}},
      {CKA_UNWRAP, {0, 0}},
      {CKA_DERIVE, {0, 0}},
      {CKA_ENCRYPT, {NO_RIGHT, NO_RIGHT}},
      {CKA_VERIFY, {NO_RIGHT, NO_RIGHT}},
      {CKA_WRAP, {NO_RIGHT, NO_RIGHT}}}},
    {CKO_PRIVATE_KEY,
     CKA_DECRYPT,
     {{CKA_SIGN, {0, 0}},
      {CKA_SIGN_RECOVER, {0, 0}},
      {CKA_DECRYPT, {1, 1}},
      {CKA_UNWRAP, {1, 1}},
      {CKA_DERIVE, {0, 0}},
      {CKA_ENCRYPT, {NO_RIGHT, NO_RIGHT}},
      {CKA_VERIFY, {NO_RIGHT, NO_RIGHT}},
      {CKA_WRAP, {NO_RIGHT, NO_RIGHT}}}},
    {CKO_PUBLIC_KEY,
     CKA_VERIFY,
     {{CKA_VERIFY, {1, 1}},
      {CKA_VERIFY_RECOVER, {1, 0}},
      {CKA_ENCRYPT, {0, 0}},
      {CKA_WRAP, {0, 0}},
      {CKA_DERIVE, {0, 0}},
      {CKA_SIGN, {NO_RIGHT, NO_RIGHT}},
      {CKA_DECRYPT, {NO_RIGHT, NO_RIGHT}},
      {CKA_UNWRAP, {NO_RIGHT, NO_RIGHT}}}},
    {CKO_PUBLIC_KEY,
     CKA_ENCRYPT,
     {{CKA_VERIFY, {0, 0}},
      {CKA_VERIFY_RECOVER, {0, 0}},
      {CKA_ENCRYPT, {1, 1}},
      {CKA_WRAP, {1, 1}},
      {CKA_DERIVE, {0, 0}},
      {CKA_SIGN, {NO_RIGHT, NO_RIGHT}},
      {CKA_DECRYPT, {NO_RIGHT, NO_RIGHT}},
      {CKA_UNWRAP, {NO_RIGHT, NO_RIGHT}}}},
};

START_TEST(rights_of_keys)
{
    CK_SLOT_ID slot = (CK_SLOT_ID)_i;
    CK_SESSION_HANDLE s = mh_login(&h, slot);
    for (size_t i = 0; i < COUNT(keys); i++) {
        CK_OBJECT_HANDLE key = mh_find(&h, s, keys[i].class, keys[i].which);
        for (size_t k = 0; k < COUNT(keys[i].rights); k++) {
            CK_BBOOL has = NO_RIGHT;
            CK_ATTRIBUTE a = {keys[i].rights[k].type, &has, 1};
            bool none = keys[i].rights[k].has[slot] == NO_RIGHT;
            char what[60];
            (void)snprintf(what, sizeof what, "class %lx, %lx: right %lx", keys[i].class,
                           keys[i].which, a.type);
            row("5.7.5", none ? CKR_ATTRIBUTE_TYPE_INVALID : CKR_OK,
                h.f->C_GetAttributeValue(s, key, &a, 1), what);
            row("4.8, 4.9", keys[i].rights[k].has[slot], has, what);
        }
    }
    rows_end(64);
}
END_TEST

/* 5.7.5: what a private key has and doesn't show is sensitive, what it doesn't have is invalid:
 * 2.1.3 and 2.3.6 of the mechanisms. */
static const struct {
    CK_ATTRIBUTE_TYPE type;
    CK_RV rv[2]; /* in each slot */
} secrets[] = {
    {CKA_VALUE, {CKR_ATTRIBUTE_TYPE_INVALID, CKR_ATTRIBUTE_SENSITIVE}},
    {CKA_PRIVATE_EXPONENT, {CKR_ATTRIBUTE_SENSITIVE, CKR_ATTRIBUTE_TYPE_INVALID}},
    {CKA_PRIME_1, {CKR_ATTRIBUTE_SENSITIVE, CKR_ATTRIBUTE_TYPE_INVALID}},
    {CKA_PRIME_2, {CKR_ATTRIBUTE_SENSITIVE, CKR_ATTRIBUTE_TYPE_INVALID}},
    {CKA_EXPONENT_1, {CKR_ATTRIBUTE_SENSITIVE, CKR_ATTRIBUTE_TYPE_INVALID}},
    {CKA_EXPONENT_2, {CKR_ATTRIBUTE_SENSITIVE, CKR_ATTRIBUTE_TYPE_INVALID}},
    {CKA_COEFFICIENT, {CKR_ATTRIBUTE_SENSITIVE, CKR_ATTRIBUTE_TYPE_INVALID}},
    {CKA_MODULUS, {CKR_OK, CKR_ATTRIBUTE_TYPE_INVALID}},
    {CKA_EC_POINT, {CKR_ATTRIBUTE_TYPE_INVALID, CKR_OK}},
};

START_TEST(secrets_of_private_keys)
{
    CK_SLOT_ID slot = (CK_SLOT_ID)_i;
    CK_SESSION_HANDLE s = mh_login(&h, slot);
    const CK_OBJECT_HANDLE own[] = {mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN),
                                    mh_find(&h, s, CKO_PRIVATE_KEY, CKA_DECRYPT)};
    for (size_t i = 0; i < COUNT(secrets) * 2; i++) {
        CK_ATTRIBUTE a = {secrets[i / 2].type, NULL, 0};
        char what[40];
        (void)snprintf(what, sizeof what, "attribute %lx", a.type);
        row("5.7.5", secrets[i / 2].rv[slot], h.f->C_GetAttributeValue(s, own[i % 2], &a, 1), what);
    }
    rows_end(18);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("facts");
    TCase *t = mc_case(suite, "empty key", mc_setup);
    tcase_add_test(t, flags_of_slots);
    tcase_add_test(t, strings_of_tokens);
    tcase_add_test(t, sessions_are_counted);
    tcase_add_test(t, flags_and_states_of_sessions);
    t = mc_case(suite, "with certificates", mc_setup_certs);
    tcase_add_loop_test(t, rights_of_keys, 0, 2);
    tcase_add_loop_test(t, secrets_of_private_keys, 0, 2);
    return run_suite(suite);
}
