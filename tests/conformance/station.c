/* SPDX-License-Identifier: Apache-2.0 */
/* What a production station does: CKU_SO, C_InitToken, C_InitPIN; what these calls answer is
 * codes_station.c's. Clauses are those of PKCS#11 2.40 and 3.0. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "life.h"
#include "runner.h"

#define STATION "[module]\nproduction-station = yes\n"
#define SO_PIN ((CK_BYTE *)(uintptr_t)MH_ADMIN)
#define SO_LEN (sizeof MH_ADMIN - 1)
#define SM2_NAME "personalCert01"

static CK_UTF8CHAR label[33] = "Key of production               ";

static CK_SESSION_HANDLE session(CK_SLOT_ID slot, CK_FLAGS rw)
{
    CK_SESSION_HANDLE s = 0;
    ck_assert_uint_eq(h.f->C_OpenSession(slot, CKF_SERIAL_SESSION | rw, NULL, NULL, &s), CKR_OK);
    return s;
}

static CK_SESSION_HANDLE so_session(void)
{
    CK_SESSION_HANDLE s = session(0, CKF_RW_SESSION);
    ck_assert_uint_eq(h.f->C_Login(s, CKU_SO, SO_PIN, SO_LEN), CKR_OK);
    return s;
}

static CK_STATE state_of(CK_SESSION_HANDLE s)
{
    CK_SESSION_INFO info;
    ck_assert_uint_eq(h.f->C_GetSessionInfo(s, &info), CKR_OK);
    return info.state;
}

/* --- the administrator's log-in
 * -----------------------------------------------------------------*/

/* 5.6 C_Login, 6.7 session states. */
START_TEST(states_of_the_administrator)
{
    life_start(_i % 2 ? BK_VKEY_LONGMAI : BK_VKEY_GMT0017,
               _i / 2 ? BK_VKEY_ADMIN_FIRST : BK_VKEY_DIRECT, STATION);
    life_issue_both();
    CK_SESSION_HANDLE s = session(0, CKF_RW_SESSION), sm2 = session(1, CKF_RW_SESSION);
    CK_OBJECT_HANDLE o = 0;
    ck_assert_uint_eq(h.f->C_Login(s, CKU_SO, SO_PIN, SO_LEN), CKR_OK);
    ck_assert_uint_eq(state_of(s), CKS_RW_SO_FUNCTIONS);
    ck_assert_uint_eq(state_of(sm2), CKS_RW_SO_FUNCTIONS);
    /* it sees what anybody sees, and no private key */
    ck_assert_uint_eq(mh_count(&h, s, CKO_PRIVATE_KEY), 0);
    ck_assert_uint_eq(mh_count(&h, s, CKO_CERTIFICATE), 2);
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &(CK_OBJECT_CLASS){CKO_DATA}, sizeof(CK_OBJECT_CLASS)},
                        {CKA_TOKEN, &(CK_BBOOL){1}, 1}};
    ck_assert_uint_eq(h.f->C_CreateObject(s, t, 2, &o), CKR_USER_NOT_LOGGED_IN);
    ck_assert_uint_eq(h.f->C_Logout(s), CKR_OK);
    ck_assert_uint_eq(state_of(s), CKS_RW_PUBLIC_SESSION);
    /* it ends with the last session */
    ck_assert_uint_eq(h.f->C_Login(s, CKU_SO, SO_PIN, SO_LEN), CKR_OK);
    ck_assert_uint_eq(h.f->C_CloseSession(s), CKR_OK);
    ck_assert_uint_eq(state_of(sm2), CKS_RW_SO_FUNCTIONS);
    ck_assert_uint_eq(h.f->C_CloseSession(sm2), CKR_OK);
    ck_assert_uint_eq(state_of(session(0, 0)), CKS_RO_PUBLIC_SESSION);
    ck_assert_uint_eq(life_admin_left(), 10);
    life_teardown();
}
END_TEST

/* 3.2 CK_TOKEN_INFO: low once one was wrong, the final one when one is left, locked with none. */
START_TEST(the_flags_of_the_administrators_pin_follow_its_counter)
{
    const CK_FLAGS all = CKF_SO_PIN_COUNT_LOW | CKF_SO_PIN_FINAL_TRY | CKF_SO_PIN_LOCKED;
    CK_BYTE wrong[] = "wrong-admin-0";
    life_start(_i ? BK_VKEY_LONGMAI : BK_VKEY_GMT0017, BK_VKEY_DIRECT, STATION);
    CK_SESSION_HANDLE s = session(0, CKF_RW_SESSION);
    CK_ULONG left = life_admin_left();
    ck_assert_uint_eq(left, 10);
    ck_assert_uint_eq(life_token_flags() & all, 0);
    while (left > 0) {
        wrong[12]++; /* the same one again isn't sent */
        ck_assert_uint_eq(h.f->C_Login(s, CKU_SO, wrong, 13),
                          --left ? CKR_PIN_INCORRECT : CKR_PIN_LOCKED);
        ck_assert_uint_eq(life_admin_left(), left);
        ck_assert_msg((life_token_flags() & all) ==
                          (left == 0   ? CKF_SO_PIN_LOCKED
                           : left == 1 ? CKF_SO_PIN_COUNT_LOW | CKF_SO_PIN_FINAL_TRY
                                       : CKF_SO_PIN_COUNT_LOW),
                      "%lu left: %lx", left, life_token_flags());
    }
    ck_assert_uint_eq(h.f->C_Login(s, CKU_SO, SO_PIN, SO_LEN), CKR_PIN_LOCKED);
    life_teardown();
}
END_TEST

/* 5.6 C_InitPIN: a locked user gets a PIN and all tries. */
START_TEST(the_administrator_gives_a_pin)
{
    life_start(_i % 2 ? BK_VKEY_LONGMAI : BK_VKEY_GMT0017,
               _i / 2 ? BK_VKEY_ADMIN_FIRST : BK_VKEY_DIRECT, STATION);
    life_issue_both();
    life_lock_it();
    CK_SESSION_HANDLE s = so_session();
    ck_assert_uint_eq(h.f->C_InitPIN(s, (CK_BYTE *)NEW_PIN, sizeof NEW_PIN - 1), CKR_OK);
    ck_assert_uint_eq(h.f->C_CloseSession(s), CKR_OK);
    s = mh_try_login(&h, 0, NEW_PIN);
    ck_assert_uint_ne(s, 0);
    ck_assert(mh_identity_works(&h, s));
    ck_assert_uint_eq(h.f->C_Logout(s), CKR_OK);
    /* 5.6 C_SetPIN in this state is the administrator's PIN */
    ck_assert_uint_eq(h.f->C_Login(s, CKU_SO, SO_PIN, SO_LEN), CKR_OK);
    ck_assert_uint_eq(h.f->C_SetPIN(s, SO_PIN, SO_LEN, (CK_BYTE *)"another-admin", 13), CKR_OK);
    ck_assert_uint_eq(h.f->C_InitPIN(s, (CK_BYTE *)MH_PIN, 8), CKR_OK);
    ck_assert_uint_eq(h.f->C_Logout(s), CKR_OK);
    ck_assert_uint_eq(h.f->C_Login(s, CKU_SO, (CK_BYTE *)"another-admin", 13), CKR_OK);
    ck_assert_uint_eq(h.f->C_Logout(s), CKR_OK);
    ck_assert_uint_eq(h.f->C_Login(s, CKU_USER, (CK_BYTE *)MH_PIN, 8), CKR_OK);
    ck_assert_uint_eq(life_admin_left(), 10);
    life_teardown();
}
END_TEST

/* A kept PIN that somebody changed is sent once, and dropped. */
START_TEST(a_kept_administrator_pin_is_dropped)
{
    struct bk_readers *readers = NULL;
    life_start(BK_VKEY_GMT0017, BK_VKEY_DIRECT, STATION);
    CK_SESSION_HANDLE s = so_session();
    struct bk_token *other = life_other(&readers);
    ck_assert_int_eq(
        bk_card_change_pin(other->card, BK_PIN_ADMIN, SO_PIN, SO_LEN, "changed-pin", 11), BK_OK);
    life_other_free(&other, &readers);
    for (int i = 0; i < 3; i++)
        ck_assert_uint_eq(h.f->C_InitPIN(s, (CK_BYTE *)NEW_PIN, 10), CKR_USER_NOT_LOGGED_IN);
    ck_assert_uint_eq(state_of(s), CKS_RW_PUBLIC_SESSION);
    ck_assert_uint_eq(h.f->C_Login(s, CKU_SO, SO_PIN, SO_LEN), CKR_PIN_INCORRECT);
    ck_assert_uint_eq(life_admin_left(), 9);
    life_teardown();
}
END_TEST

/* --- what was refused
 * -----------------------------------------------------------------------------*/

static CK_ULONG user_left(void)
{
    CK_BJCA_STATUS st = {.ulSize = sizeof st};
    ck_assert_uint_eq(h.v->BJCA_GetStatus(0, &st), CKR_OK);
    return st.userTriesLeft;
}

static CK_RV log_in(CK_USER_TYPE user, const char *pin)
{
    CK_SESSION_HANDLE s = session(0, CKF_RW_SESSION);
    CK_RV rv = h.f->C_Login(s, user, (CK_BYTE *)(uintptr_t)pin, strlen(pin));
    ck_assert_uint_eq(h.f->C_CloseSession(s), CKR_OK);
    return rv;
}

/* 5.6: a wrong administrator PIN says nothing of the user's. */
START_TEST(a_refused_user_pin_stays_refused)
{
    CK_BYTE wrong[] = "wrong-admin";
    life_start(_i ? BK_VKEY_LONGMAI : BK_VKEY_GMT0017, BK_VKEY_DIRECT, STATION);
    ck_assert_uint_eq(log_in(CKU_USER, "wrongone"), CKR_PIN_INCORRECT);
    ck_assert_uint_eq(h.f->C_InitToken(0, wrong, 11, label), CKR_PIN_INCORRECT);
    ck_assert_uint_eq(log_in(CKU_USER, "wrongone"), CKR_PIN_INCORRECT);
    ck_assert_uint_eq(user_left(), 9);
    /* a new one may be that */
    CK_SESSION_HANDLE s = so_session();
    ck_assert_uint_eq(h.f->C_InitPIN(s, (CK_BYTE *)"wrongone", 8), CKR_OK);
    ck_assert_uint_eq(h.f->C_CloseSession(s), CKR_OK);
    ck_assert_uint_eq(log_in(CKU_USER, "wrongone"), CKR_OK);
    life_teardown();
}
END_TEST

static void plug_in_anew(void)
{
    char away[256];
    CK_ULONG n = 0;
    (void)snprintf(away, sizeof away, "%s.away", h.key);
    ck_assert_int_eq(rename(h.key, away), 0);
    ck_assert_uint_eq(h.f->C_GetSlotList(1, NULL, &n), CKR_OK);
    ck_assert_uint_eq(n, 0);
    ck_assert_int_eq(rename(away, h.key), 0);
    ck_assert_uint_eq(h.f->C_GetSlotList(1, NULL, &n), CKR_OK);
}

/* Nor is the administrator's sent again when the key was pulled meanwhile. */
START_TEST(what_was_refused_outlives_a_pull)
{
    life_start(BK_VKEY_GMT0017, BK_VKEY_DIRECT, STATION);
    for (int i = 0; i < 3; i++) {
        ck_assert_uint_eq(log_in(CKU_SO, "wrong-admin"), CKR_PIN_INCORRECT);
        ck_assert_uint_eq(log_in(CKU_USER, "wrongone"), CKR_PIN_INCORRECT);
        plug_in_anew();
        ck_assert_uint_eq(life_admin_left(), 9);
        ck_assert_uint_eq(user_left(), 9);
    }
    ck_assert_uint_eq(log_in(CKU_SO, MH_ADMIN), CKR_OK);
    ck_assert_uint_eq(log_in(CKU_SO, "wrong-admin"), CKR_PIN_INCORRECT);
    ck_assert_uint_eq(life_admin_left(), 9);
    life_teardown();
}
END_TEST

/* With the answer to exchange n lost; 0: none. */
static CK_RV send_wrong(int how, unsigned n)
{
    CK_BYTE wrong[] = "wrong-admin";
    struct bk_fault lose = {.kind = BK_FAULT_LOSE, .at = n};
    CK_SESSION_HANDLE s = how == 3 ? so_session() : 0;
    (void)user_left(); /* both counters are known */
    fault = lose;
    CK_RV rv = how == 3   ? h.f->C_SetPIN(s, wrong, 11, (CK_BYTE *)"another-admin", 13)
               : how == 2 ? h.f->C_InitToken(0, wrong, 11, label)
                          : log_in(how ? CKU_SO : CKU_USER, "wrong-admin");
    fault.at = 0;
    if (how == 3)
        ck_assert_uint_eq(h.f->C_CloseSession(s), CKR_OK);
    return rv;
}

/* Its answer lost, the counter tells that it was refused: of either user, by each call. */
START_TEST(a_lost_refusal_is_a_refusal)
{
    unsigned lost = 0;
    for (unsigned n = 1; n <= 4; n++) {
        life_start(BK_VKEY_GMT0017, BK_VKEY_DIRECT, STATION);
        CK_RV rv = send_wrong(_i, n);
        CK_ULONG left = _i ? life_admin_left() : user_left();
        ck_assert_msg(left == 9 || rv != CKR_PIN_INCORRECT, "%u: %lx, %lu left", n, rv, left);
        ck_assert_msg(left == 10 || rv == CKR_PIN_INCORRECT, "%u: %lx, %lu left", n, rv, left);
        lost += fault.fired && left == 9;
        if (left == 9 && _i != 3) {
            ck_assert_uint_eq(send_wrong(_i, 0), CKR_PIN_INCORRECT);
            ck_assert_uint_eq(_i ? life_admin_left() : user_left(), 9);
        }
        life_teardown();
    }
    ck_assert_uint_ge(lost, 1);
}
END_TEST

/* --- C_InitToken
 * --------------------------------------------------------------------------------*/

static void put_something(void)
{
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    CK_OBJECT_HANDLE o = 0;
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &(CK_OBJECT_CLASS){CKO_DATA}, sizeof(CK_OBJECT_CLASS)},
                        {CKA_TOKEN, &(CK_BBOOL){1}, 1}};
    ck_assert_uint_eq(mh_renew(&h, s, SM2_NAME, CKK_SM2, 0), CKR_OK);
    ck_assert_uint_eq(mh_renew(&h, s, SM2_NAME, CKK_SM2, 0), CKR_OK);
    ck_assert_uint_eq(h.f->C_CreateObject(s, t, 2, &o), CKR_OK);
    ck_assert_uint_eq(h.f->C_CloseAllSessions(0), CKR_OK);
}

static void is_as_new(void)
{
    CK_TOKEN_INFO info;
    CK_BJCA_STATUS st = {.ulSize = sizeof st};
    ck_assert_uint_eq(life_containers(), 0);
    ck_assert_uint_eq(h.f->C_GetTokenInfo(0, &info), CKR_OK);
    ck_assert(memcmp(info.label, "Key of production ", 18) == 0);
    ck_assert(!(info.flags & CKF_USER_PIN_INITIALIZED) && info.flags & CKF_TOKEN_INITIALIZED);
    ck_assert_uint_eq(h.v->BJCA_GetStatus(0, &st), CKR_OK);
    ck_assert_str_eq((char *)st.label, "Key of production");
    CK_SESSION_HANDLE s = session(0, CKF_RW_SESSION);
    ck_assert_uint_eq(mh_count(&h, s, CKO_DATA), 0);
    ck_assert_uint_eq(h.f->C_Login(s, CKU_USER, (CK_BYTE *)MH_PIN, 8), CKR_PIN_INCORRECT);
    ck_assert_uint_eq(h.f->C_Login(s, CKU_SO, SO_PIN, SO_LEN), CKR_OK);
    ck_assert_uint_eq(h.f->C_InitPIN(s, (CK_BYTE *)MH_PIN, 8), CKR_OK);
    ck_assert_uint_eq(h.f->C_Logout(s), CKR_OK);
    ck_assert(life_token_flags() & CKF_USER_PIN_INITIALIZED);
    ck_assert_uint_eq(h.f->C_Login(s, CKU_USER, (CK_BYTE *)MH_PIN, 8), CKR_OK);
    ck_assert_uint_eq(mh_renew(&h, s, "personalCert00", CKK_RSA, 0), CKR_OK);
    ck_assert(mh_identity_works(&h, s));
    ck_assert_uint_eq(h.f->C_CloseAllSessions(0), CKR_OK);
    ck_assert_uint_eq(life_admin_left(), 10);
}

/* 5.5: all that was on it is gone, its label is new, its user has no PIN until C_InitPIN. */
START_TEST(a_token_is_initialised)
{
    life_start(_i % 2 ? BK_VKEY_LONGMAI : BK_VKEY_GMT0017,
               _i / 2 ? BK_VKEY_ADMIN_FIRST : BK_VKEY_DIRECT, STATION);
    put_something();
    ck_assert_uint_eq(life_containers(), 2);
    CK_SLOT_ID slot = 9;
    while (h.f->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL) == CKR_OK)
        continue;
    ck_assert_uint_eq(h.f->C_InitToken(1, SO_PIN, SO_LEN, label), CKR_OK);
    ck_assert_uint_eq(h.f->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL), CKR_OK);
    is_as_new();
    life_teardown();
}
END_TEST

/* What is in SM2_NAME isn't told. */
static enum bk_err tells_nothing(struct bk_transport *inner, const uint8_t *command, size_t len,
                                 bool sensitive, struct bk_buf *answer)
{
    if (command[1] != 0x4A || !memmem(command, len, SM2_NAME, strlen(SM2_NAME)))
        return inner->ops->transmit(inner, command, len, sensitive, answer);
    bk_buf_clear(answer);
    return bk_buf_put(answer, "\x6f\x42", 2);
}

/* Containers are deleted by their names. */
START_TEST(a_token_that_tells_no_contents_is_initialised)
{
    life_start(_i ? BK_VKEY_LONGMAI : BK_VKEY_GMT0017, BK_VKEY_DIRECT, STATION);
    put_something();
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    life_transmit = tells_nothing;
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    ck_assert_uint_eq(h.f->C_InitToken(0, SO_PIN, SO_LEN, label), CKR_OK);
    life_transmit = NULL;
    is_as_new();
    life_teardown();
}
END_TEST

/* Whether the user has a PIN is the key's to say: another program may have given it. */
START_TEST(a_pin_that_another_gave_is_taken)
{
    struct bk_readers *readers = NULL;
    life_start(BK_VKEY_GMT0017, BK_VKEY_DIRECT, STATION);
    ck_assert_uint_eq(h.f->C_InitToken(0, SO_PIN, SO_LEN, label), CKR_OK);
    ck_assert(!(life_token_flags() & CKF_USER_PIN_INITIALIZED));
    ck_assert_uint_eq(log_in(CKU_USER, MH_PIN), CKR_PIN_INCORRECT);
    struct bk_token *other = life_other(&readers);
    ck_assert_int_eq(bk_card_unblock_pin(other->card, SO_PIN, SO_LEN, MH_PIN, 8), BK_OK);
    life_other_free(&other, &readers);
    ck_assert_uint_eq(log_in(CKU_USER, MH_PIN), CKR_OK);
    ck_assert(life_token_flags() & CKF_USER_PIN_INITIALIZED);
    life_teardown();
}
END_TEST

/* At any cut it can be called again; an identity that is still there is whole. */
START_TEST(initialising_cut_at_every_exchange)
{
    struct bk_buf saved = BK_BUF_INIT;
    unsigned n = 1;
    life_start(BK_VKEY_GMT0017, BK_VKEY_ADMIN_FIRST, STATION);
    put_something();
    mh_save(&h, &saved);
    for (bool fired = true; fired; n++) {
        life_restart();
        mh_restore(&h, &saved);
        (void)life_token_flags();
        fault = (struct bk_fault){.kind = (enum bk_fault_kind)_i, .at = n};
        CK_RV rv = h.f->C_InitToken(0, SO_PIN, SO_LEN, label);
        fired = fault.fired;
        fault.at = 0;
        if (fired)
            life_restart();
        if (rv != CKR_OK) {
            ck_assert_uint_ge(life_admin_left(), 9);
            rv = h.f->C_InitToken(0, SO_PIN, SO_LEN, label);
        }
        ck_assert_msg(rv == CKR_OK, "after a cut at %u: %lx", n, rv);
        ck_assert_uint_eq(life_containers(), 0);
    }
    is_as_new();
    ck_assert_uint_gt(n, 20);
    bk_buf_free(&saved);
    life_teardown();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("station");
    TCase *t = life_case("station");
    tcase_add_loop_test(t, states_of_the_administrator, 0, 4);
    tcase_add_loop_test(t, the_flags_of_the_administrators_pin_follow_its_counter, 0, 2);
    tcase_add_loop_test(t, the_administrator_gives_a_pin, 0, 4);
    tcase_add_test(t, a_kept_administrator_pin_is_dropped);
    tcase_add_loop_test(t, a_refused_user_pin_stays_refused, 0, 2);
    tcase_add_test(t, what_was_refused_outlives_a_pull);
    tcase_add_loop_test(t, a_lost_refusal_is_a_refusal, 0, 4);
    tcase_add_loop_test(t, a_token_is_initialised, 0, 4);
    tcase_add_loop_test(t, a_token_that_tells_no_contents_is_initialised, 0, 2);
    tcase_add_test(t, a_pin_that_another_gave_is_taken);
    tcase_add_loop_test(t, initialising_cut_at_every_exchange, BK_FAULT_PULL, BK_FAULT_PULL + 1);
    tcase_set_timeout(t, 180);
    suite_add_tcase(suite, t);
    t = life_case("cuts");
    tcase_add_loop_test(t, initialising_cut_at_every_exchange, 0, BK_FAULT_KINDS);
    tcase_set_timeout(t, 300);
    tcase_set_tags(t, "cuts"); /* ./check runs them with the other cuts */
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
