/* SPDX-License-Identifier: Apache-2.0 */
/* BJCA_Personalise: an empty key, or one to be made anew, made ready in a call that may be cut
 * anywhere. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "life.h"
#include "runner.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define STATION "[module]\nproduction-station = yes\n"
#define SO_PIN ((CK_BYTE *)(uintptr_t)MH_ADMIN)
#define SO_LEN (sizeof MH_ADMIN - 1)

static CK_UTF8CHAR label[33] = "Key of production               ";
static uint8_t device_key[16] = {1, 2, 3, 4, 5, 6, 7, 8}, other_key[16] = {9};

static CK_BJCA_PERSONALISE params(void)
{
    CK_BJCA_PERSONALISE p = {.ulSize = sizeof p,
                             .deviceKey = device_key,
                             .deviceKeyLen = 16,
                             .newDeviceKey = other_key,
                             .newDeviceKeyLen = 16,
                             .label = (CK_UTF8CHAR *)"Key of production",
                             .adminPin = SO_PIN,
                             .adminPinLen = SO_LEN,
                             .userPin = (CK_UTF8CHAR *)MH_PIN,
                             .userPinLen = 8,
                             .userTries = 6};
    return p;
}

/* A key from the factory: no application. */
static void start_empty(enum bk_vkey_dialect dialect)
{
    struct bk_readers *readers = NULL;
    life_start_key(&(struct bk_vkey_params){.dialect = dialect, .device_key = device_key}, STATION);
    struct bk_token *other = life_other(&readers);
    ck_assert_int_eq(bk_card_dev_auth(other->card, device_key), BK_OK);
    ck_assert_int_eq(bk_card_delete_application(other->card, BK_VKEY_APPLICATION), BK_OK);
    life_other_free(&other, &readers);
    life_restart();
}

START_TEST(an_empty_key_is_made_ready)
{
    CK_SESSION_HANDLE s = 0;
    CK_BJCA_STATUS st = {.ulSize = sizeof st};
    start_empty(_i ? BK_VKEY_LONGMAI : BK_VKEY_GMT0017);
    ck_assert_uint_eq(life_token_flags() & CKF_TOKEN_INITIALIZED, 0);
    ck_assert_uint_eq(h.f->C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &s),
                      CKR_TOKEN_NOT_RECOGNIZED);
    ck_assert_uint_eq(h.f->C_InitToken(0, SO_PIN, SO_LEN, label), CKR_TOKEN_NOT_RECOGNIZED);
    ck_assert_uint_eq(h.v->BJCA_GetStatus(0, &st), CKR_OK);
    ck_assert_uint_eq(st.flags, CKF_BJCA_EMPTY);
    ck_assert_str_eq((char *)st.serial, MH_SERIAL);
    ck_assert(st.dialect[0]);
    ck_assert(st.application[0] == 0 && st.userTriesMax == 0 && st.freeSpace > 0);
    CK_BJCA_PERSONALISE p = params();
    ck_assert_uint_eq(h.v->BJCA_Personalise(0, &p), CKR_OK);
    ck_assert(life_token_flags() & CKF_TOKEN_INITIALIZED);
    ck_assert_uint_eq(h.v->BJCA_GetStatus(0, &st), CKR_OK);
    ck_assert_str_eq((char *)st.label, "Key of production");
    ck_assert_uint_eq(st.userTriesMax, 6);
    ck_assert_uint_eq(st.adminTriesMax, 10);
    s = mh_login(&h, 0);
    ck_assert_uint_eq(mh_renew(&h, s, "personalCert00", CKK_RSA, 0), CKR_OK);
    ck_assert(mh_identity_works(&h, s));
    ck_assert_uint_eq(h.v->BJCA_Personalise(0, &p), CKR_SESSION_EXISTS);
    ck_assert_uint_eq(h.f->C_CloseAllSessions(0), CKR_OK);
    /* what is on it isn't lost without a word, and then it is */
    ck_assert_uint_eq(h.v->BJCA_Personalise(0, &p), CKR_ACTION_PROHIBITED);
    ck_assert_uint_eq(life_containers(), 1);
    p.flags = CKF_BJCA_ERASE;
    p.deviceKey = other_key;
    p.newDeviceKey = NULL;
    p.label = NULL;
    ck_assert_uint_eq(h.v->BJCA_Personalise(0, &p), CKR_OK);
    ck_assert_uint_eq(life_containers(), 0);
    life_teardown();
}
END_TEST

/* An application by another name is opened as well, and its identities count: a second one beside
 * it would hide them. */
START_TEST(no_application_is_hidden)
{
    struct bk_vkey_params old = {.application = "OldApplication", .device_key = device_key};
    static const char *const names[] = {NULL, BK_VKEY_APPLICATION, "OldApplication", "Another"};
    life_start_key(&old, STATION);
    life_issue_both();
    ck_assert_uint_eq(h.f->C_CloseAllSessions(0), CKR_OK);
    ck_assert_uint_eq(h.f->C_CloseAllSessions(1), CKR_OK);
    CK_BJCA_PERSONALISE p = params();
    for (size_t i = 0; i < COUNT(names); i++) {
        p.application = (CK_UTF8CHAR *)(uintptr_t)names[i];
        ck_assert_uint_eq(h.v->BJCA_Personalise(0, &p), CKR_ACTION_PROHIBITED);
    }
    life_restart();
    ck_assert_uint_eq(life_containers(), 2);
    ck_assert_uint_ne(mh_try_login(&h, 0, MH_PIN), 0);
    ck_assert_uint_eq(h.f->C_CloseAllSessions(0), CKR_OK);
    /* erased is the one that is open */
    p = params();
    p.flags = CKF_BJCA_ERASE;
    ck_assert_uint_eq(h.v->BJCA_Personalise(0, &p), CKR_OK);
    struct bk_readers *readers = NULL;
    struct bk_names on_key = {BK_BUF_INIT};
    size_t at = 0;
    struct bk_token *other = life_other(&readers);
    ck_assert_int_eq(bk_card_enum_application(other->card, &on_key), BK_OK);
    ck_assert_str_eq(bk_names_next(&on_key, &at), "OldApplication");
    ck_assert_ptr_null(bk_names_next(&on_key, &at));
    bk_names_free(&on_key);
    life_other_free(&other, &readers);
    ck_assert_uint_eq(life_containers(), 0);
    life_teardown();
}
END_TEST

/* Neither PINs nor keys are in the trace. */
START_TEST(production_leaves_no_secret_in_the_trace)
{
    struct bk_buf trace = BK_BUF_INIT;
    CK_BJCA_PERSONALISE p = params();
    start_empty(BK_VKEY_GMT0017);
    ck_assert_uint_eq(h.v->BJCA_Personalise(0, &p), CKR_OK);
    ck_assert_int_eq(bk_file_read(h.trace, 1 << 24, &trace), BK_OK);
    ck_assert_ptr_nonnull(memmem(trace.data, trace.len, " x 80200000", 11));
    ck_assert_ptr_null(memmem(trace.data, trace.len, "3132333435363738", 16));
    ck_assert_ptr_null(memmem(trace.data, trace.len, "41646d316e", 10));
    bk_buf_free(&trace);
    life_teardown();
}
END_TEST

/* A wrong device key costs one try, once. */
START_TEST(a_wrong_device_key_costs_one_try)
{
    CK_BJCA_ERROR e = {.ulSize = sizeof e};
    start_empty(BK_VKEY_GMT0017);
    CK_BJCA_PERSONALISE p = params();
    p.deviceKey = other_key;
    for (int i = 0; i < 3; i++)
        ck_assert_uint_eq(h.v->BJCA_Personalise(0, &p), CKR_PIN_INCORRECT);
    p.deviceKey = (CK_BYTE *)"another16bytekey";
    ck_assert_uint_eq(h.v->BJCA_Personalise(0, &p), CKR_PIN_INCORRECT);
    ck_assert_uint_eq(h.v->BJCA_GetError(&e), CKR_OK);
    ck_assert_uint_eq(e.triesLeft, 8); /* two of ten */
    ck_assert_uint_eq(life_token_flags() & CKF_TOKEN_INITIALIZED, 0);
    p = params();
    ck_assert_uint_eq(h.v->BJCA_Personalise(0, &p), CKR_OK);
    life_teardown();
}
END_TEST

/* Who doesn't know which device key a key has tries the new one first, after a cut. */
START_TEST(a_device_key_that_was_refused_can_be_set)
{
    CK_BJCA_PERSONALISE p = params();
    start_empty(BK_VKEY_GMT0017);
    p.deviceKey = other_key;
    p.newDeviceKey = NULL;
    ck_assert_uint_eq(h.v->BJCA_Personalise(0, &p), CKR_PIN_INCORRECT);
    p = params();
    ck_assert_uint_eq(h.v->BJCA_Personalise(0, &p), CKR_OK);
    ck_assert_uint_ne(mh_try_login(&h, 0, MH_PIN), 0);
    life_teardown();
}
END_TEST

/* At any cut the key is empty or ready; called again, with the device key that it then has, it is
 * ready. A reset is no cut, and a key that was right is never said to be wrong. */
START_TEST(personalisation_cut_at_every_exchange)
{
    struct bk_buf saved = BK_BUF_INIT;
    unsigned n = 1, ready = 0;
    start_empty(BK_VKEY_LONGMAI);
    mh_save(&h, &saved);
    for (bool fired = true; fired; n++) {
        CK_BJCA_PERSONALISE p = params();
        life_restart();
        mh_restore(&h, &saved);
        (void)life_token_flags();
        fault = (struct bk_fault){.kind = (enum bk_fault_kind)_i, .at = n};
        CK_RV rv = h.v->BJCA_Personalise(0, &p);
        fired = fault.fired;
        fault.at = 0;
        ck_assert_msg(rv != CKR_PIN_INCORRECT && (rv == CKR_OK || _i != BK_FAULT_RESET),
                      "at %u: %lx", n, rv);
        life_restart();
        if (life_token_flags() & CKF_TOKEN_INITIALIZED) {
            ready++;
        } else {
            ck_assert_uint_ne(rv, CKR_OK);
            rv = h.v->BJCA_Personalise(0, &p);
            if (rv == CKR_PIN_INCORRECT) {
                CK_BJCA_ERROR e = {.ulSize = sizeof e};
                ck_assert_uint_eq(h.v->BJCA_GetError(&e), CKR_OK);
                ck_assert_uint_eq(e.triesLeft, 9);
                p.deviceKey = other_key;
                rv = h.v->BJCA_Personalise(0, &p);
            }
            ck_assert_msg(rv == CKR_OK, "after a cut at %u: %lx", n, rv);
        }
        ck_assert_uint_ne(mh_try_login(&h, 0, MH_PIN), 0);
        ck_assert_uint_eq(h.f->C_CloseAllSessions(0), CKR_OK);
    }
    ck_assert(ready > 0 && n > 8);
    bk_buf_free(&saved);
    life_teardown();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("personalise");
    TCase *t = life_case("personalise");
    tcase_add_loop_test(t, an_empty_key_is_made_ready, 0, 2);
    tcase_add_test(t, no_application_is_hidden);
    tcase_add_test(t, production_leaves_no_secret_in_the_trace);
    tcase_add_test(t, a_wrong_device_key_costs_one_try);
    tcase_add_test(t, a_device_key_that_was_refused_can_be_set);
    tcase_add_loop_test(t, personalisation_cut_at_every_exchange, BK_FAULT_PULL, BK_FAULT_PULL + 1);
    tcase_set_timeout(t, 180);
    suite_add_tcase(suite, t);
    t = life_case("cuts");
    tcase_add_loop_test(t, personalisation_cut_at_every_exchange, 0, BK_FAULT_KINDS);
    tcase_set_timeout(t, 300);
    tcase_set_tags(t, "cuts"); /* ./check runs them with the other cuts */
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
