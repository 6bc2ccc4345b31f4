/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A key behind pcscd whose PIN gets locked: that is said, and isn't what a wrong PIN is. Run by
 * tests/e2e/module-locked.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "pcsc.h"
#include "runner.h"

static CK_FLAGS flags(void)
{
    CK_TOKEN_INFO info;
    ck_assert_uint_eq(h.f->C_GetTokenInfo(0, &info), CKR_OK);
    return info.flags & (CKF_USER_PIN_LOCKED | CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_COUNT_LOW);
}

static CK_RV log_in(CK_SESSION_HANDLE s, const char *pin)
{
    return h.f->C_Login(s, CKU_USER, (CK_BYTE *)(uintptr_t)pin, strlen(pin));
}

START_TEST(a_locked_pin_is_told_from_a_wrong_one)
{
    CK_SESSION_HANDLE s = 0;
    mh_load(&h, getenv("P11_MODULE"));
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    ck_assert_uint_eq(h.f->C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &s), CKR_OK);
    ck_assert_uint_eq(pc_tries(), 10);
    ck_assert_uint_eq(flags(), 0);
    for (int i = 0; i < 9; i++) {
        char wrong[] = "wrong-pin-0";
        wrong[sizeof wrong - 2] = (char)('0' + i);
        ck_assert_uint_eq(log_in(s, wrong), CKR_PIN_INCORRECT);
        ck_assert_uint_eq(pc_tries(), 9u - (unsigned)i);
    }
    ck_assert(flags() & CKF_USER_PIN_FINAL_TRY);
    ck_assert_uint_eq(log_in(s, "wrong-pin-9"), CKR_PIN_LOCKED);
    ck_assert_uint_eq(flags() & (CKF_USER_PIN_LOCKED | CKF_USER_PIN_FINAL_TRY),
                      CKF_USER_PIN_LOCKED);
    ck_assert_uint_eq(log_in(s, getenv("KEY_PIN")), CKR_PIN_LOCKED);
    ck_assert_uint_eq(log_in(s, "wrong-pin-9"), CKR_PIN_LOCKED);
    ck_assert_uint_eq(pc_tries(), 0);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("locked");
    TCase *t = tcase_create("locked");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, a_locked_pin_is_told_from_a_wrong_one);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
