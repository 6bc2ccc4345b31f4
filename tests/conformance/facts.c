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
    tcase_add_test(t, flags_and_states_of_sessions);
    t = mc_case(suite, "with certificates", mc_setup_certs);
    tcase_add_loop_test(t, rights_of_keys, 0, 2);
    tcase_add_loop_test(t, secrets_of_private_keys, 0, 2);
    return run_suite(suite);
}
