/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a production station's calls answer: C_InitToken, C_InitPIN, and C_Login and C_SetPIN of its
 * administrator. Rows with the clause of PKCS#11 3.0 that says so; what the calls do is
 * station.c's.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "life.h"
#include "rows.h"
#include "runner.h"

#define STATION "[module]\nproduction-station = yes\n"
/* A PIN and its length, as calls take them. */
#define PIN(text) (CK_BYTE *)(uintptr_t)(text), sizeof(text) - 1
#define ADMIN PIN(MH_ADMIN)
#define USER PIN(MH_PIN)
#define WRONG PIN("wrong-admin")

static CK_UTF8CHAR label[33] = "Key of production               ";
static CK_SESSION_HANDLE s; /* may write, of the first slot */

static void start(void)
{
    life_start(BK_VKEY_GMT0017, BK_VKEY_DIRECT, STATION);
    s = life_session(0, CKF_RW_SESSION);
}

/* --- where none is produced
 * ---------------------------------------------------------------------*/

/* There is no such user, there are no such calls, and the key isn't asked. */
START_TEST(elsewhere)
{
    CK_BJCA_PERSONALISE p = {.ulSize = sizeof p};
    life_start(BK_VKEY_GMT0017, BK_VKEY_DIRECT, _i ? "[module]\nproduction-station = no\n" : NULL);
    s = life_session(0, CKF_RW_SESSION);
    (void)mh_exchanges(&h);
    ROW("5.6.8", CKR_USER_TYPE_INVALID, C_Login(s, CKU_SO, ADMIN));
    ROW("5.6.9", CKR_USER_TYPE_INVALID, C_LoginUser(s, CKU_SO, ADMIN, NULL, 0));
    ROW("5.5.8", CKR_FUNCTION_NOT_SUPPORTED, C_InitPIN(s, USER));
    ROW("5.6.2", CKR_OK, C_CloseSession(s));
    ROW("5.5.7", CKR_FUNCTION_NOT_SUPPORTED, C_InitToken(0, ADMIN, label));
    ROW("5.5.8", CKR_SESSION_HANDLE_INVALID, C_InitPIN(s, USER));
    VENDOR("Only where bjca.conf says `production-station = yes` (else "
           "CKR_FUNCTION_NOT_SUPPORTED)",
           CKR_FUNCTION_NOT_SUPPORTED, BJCA_Personalise(0, &p));
    row("profile", 0, mh_exchanges(&h), "exchanges");
    rows_end(8);
    life_teardown();
}
END_TEST

/* --- the session states of the administrator
 * ---------------------------------------------------------*/

/* 4.4: all sessions of both slots are the administrator's, or nobody's. */
START_TEST(who_is_logged_in)
{
    CK_SESSION_HANDLE ro = 0;
    start();
    CK_SESSION_HANDLE sm2 = life_session(1, CKF_RW_SESSION);
    ro = life_session(1, 0);
    ROW("5.6.8", CKR_SESSION_READ_ONLY_EXISTS, C_Login(s, CKU_SO, ADMIN));
    ROW("5.6.9", CKR_SESSION_READ_ONLY_EXISTS, C_LoginUser(s, CKU_SO, ADMIN, NULL, 0));
    ROW("5.5.8", CKR_USER_NOT_LOGGED_IN, C_InitPIN(ro, USER));
    ROW("5.5.8", CKR_USER_NOT_LOGGED_IN, C_InitPIN(s, USER));
    ROW("5.6.2", CKR_OK, C_CloseSession(ro));
    ROW("5.6.8", CKR_OK, C_Login(s, CKU_USER, USER));
    ROW("5.6.8", CKR_USER_ANOTHER_ALREADY_LOGGED_IN, C_Login(s, CKU_SO, ADMIN));
    ROW("5.6.9", CKR_USER_ANOTHER_ALREADY_LOGGED_IN, C_LoginUser(sm2, CKU_SO, ADMIN, NULL, 0));
    ROW("5.5.8", CKR_USER_NOT_LOGGED_IN, C_InitPIN(s, USER));
    ROW("5.6.10", CKR_OK, C_Logout(s));
    ROW("5.6.8", CKR_OK, C_Login(s, CKU_SO, ADMIN));
    ROW("5.6.8", CKR_USER_ALREADY_LOGGED_IN, C_Login(sm2, CKU_SO, ADMIN));
    ROW("5.6.9", CKR_USER_ALREADY_LOGGED_IN, C_LoginUser(s, CKU_SO, ADMIN, NULL, 0));
    ROW("5.6.8", CKR_USER_ANOTHER_ALREADY_LOGGED_IN, C_Login(sm2, CKU_USER, USER));
    ROW("5.6.9", CKR_USER_ANOTHER_ALREADY_LOGGED_IN, C_LoginUser(s, CKU_USER, USER, NULL, 0));
    ROW("5.6.8", CKR_OPERATION_NOT_INITIALIZED, C_Login(s, CKU_CONTEXT_SPECIFIC, ADMIN));
    for (CK_SLOT_ID slot = 0; slot < 2; slot++)
        ROW("5.6.1", CKR_SESSION_READ_WRITE_SO_EXISTS,
            C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &ro));
    ROW("5.6.1", CKR_OK, C_OpenSession(1, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &ro));
    ROW("5.6.10", CKR_OK, C_Logout(ro));
    ROW("5.6.10", CKR_USER_NOT_LOGGED_IN, C_Logout(s));
    row("5.6.8", 10, life_admin_left(), "tries");
    rows_end(22);
    life_teardown();
}
END_TEST

/* --- PINs that can't be right, or aren't
 * -------------------------------------------------------------*/

/* No try is spent on what can't be right, nor on the same wrong PIN again. */
START_TEST(pins_of_the_administrator)
{
    start();
    (void)mh_exchanges(&h);
    ROW("5.6.8", CKR_ARGUMENTS_BAD, C_Login(s, CKU_SO, NULL, 8));
    ROW("5.6.8", CKR_PIN_INCORRECT, C_Login(s, CKU_SO, PIN("")));
    ROW("5.6.8", CKR_PIN_INCORRECT, C_Login(s, CKU_SO, PIN("12345678901234567")));
    ROW("5.6.8", CKR_PIN_INCORRECT, C_Login(s, CKU_SO, PIN("1234\0005678")));
    ROW("5.5.7", CKR_SESSION_EXISTS, C_InitToken(0, ADMIN, label));
    ROW("5.5.7", CKR_SESSION_EXISTS, C_InitToken(1, WRONG, label));
    row("5.6.8", 0, mh_exchanges(&h), "exchanges");
    for (int i = 0; i < 3; i++)
        ROW("5.6.8", CKR_PIN_INCORRECT, C_Login(s, CKU_SO, WRONG));
    ROW("5.6.9", CKR_PIN_INCORRECT, C_LoginUser(s, CKU_SO, WRONG, NULL, 0));
    row("5.6.8", 9, life_admin_left(), "tries");
    row("3.2", CKF_SO_PIN_COUNT_LOW, life_token_flags() & CKF_SO_PIN_COUNT_LOW, "low");
    ROW("5.6.2", CKR_OK, C_CloseSession(s));
    ROW("5.5.7", CKR_ARGUMENTS_BAD, C_InitToken(0, NULL, 8, label));
    ROW("5.5.7", CKR_PIN_INCORRECT, C_InitToken(0, PIN(""), label));
    ROW("5.5.7", CKR_PIN_INCORRECT, C_InitToken(0, PIN("12345678901234567"), label));
    ROW("5.5.7", CKR_PIN_INCORRECT, C_InitToken(0, PIN("1234\0005678"), label));
    ROW("5.5.7", CKR_PIN_INCORRECT, C_InitToken(0, WRONG, label));
    row("5.5.7", 9, life_admin_left(), "tries");
    s = life_session(0, CKF_RW_SESSION);
    ROW("5.6.8", CKR_OK, C_Login(s, CKU_SO, ADMIN));
    row("5.6.8", 10, life_admin_left(), "tries");
    row("3.2", 0, life_token_flags() & CKF_SO_PIN_COUNT_LOW, "low");
    rows_end(23);
    life_teardown();
}
END_TEST

/* The user's by C_InitPIN, its own by C_SetPIN. */
START_TEST(pins_that_the_administrator_gives)
{
    start();
    ROW("5.6.8", CKR_OK, C_Login(s, CKU_SO, ADMIN));
    (void)mh_exchanges(&h);
    ROW("5.5.8", CKR_ARGUMENTS_BAD, C_InitPIN(s, NULL, 8));
    ROW("5.5.8", CKR_PIN_LEN_RANGE, C_InitPIN(s, PIN("12345")));
    ROW("5.5.8", CKR_PIN_LEN_RANGE, C_InitPIN(s, PIN("12345678901234567")));
    ROW("5.5.8", CKR_PIN_INVALID, C_InitPIN(s, PIN("1234\00056")));
    ROW("5.5.8", CKR_PIN_INVALID, C_InitPIN(s, PIN("new\npin")));
    ROW("5.5.9", CKR_ARGUMENTS_BAD, C_SetPIN(s, NULL, 8, ADMIN));
    ROW("5.5.9", CKR_ARGUMENTS_BAD, C_SetPIN(s, ADMIN, NULL, 8));
    ROW("5.5.9", CKR_PIN_LEN_RANGE, C_SetPIN(s, ADMIN, PIN("short")));
    ROW("5.5.9", CKR_PIN_LEN_RANGE, C_SetPIN(s, ADMIN, PIN("12345678901234567")));
    ROW("5.5.9", CKR_PIN_INVALID, C_SetPIN(s, ADMIN, PIN("new\npin")));
    ROW("5.5.9", CKR_PIN_INCORRECT, C_SetPIN(s, PIN(""), PIN("another-admin")));
    row("5.5.9", 0, mh_exchanges(&h), "exchanges");
    ROW("5.5.9", CKR_PIN_INCORRECT, C_SetPIN(s, WRONG, PIN("another-admin")));
    row("5.5.9", 9, life_admin_left(), "tries");
    ROW("5.5.9", CKR_OK, C_SetPIN(s, ADMIN, PIN("another-admin")));
    ROW("5.5.8", CKR_OK, C_InitPIN(s, PIN(NEW_PIN)));
    ROW("5.6.10", CKR_OK, C_Logout(s));
    ROW("5.6.8", CKR_PIN_INCORRECT, C_Login(s, CKU_SO, ADMIN));
    ROW("5.6.8", CKR_OK, C_Login(s, CKU_SO, PIN("another-admin")));
    ROW("5.6.10", CKR_OK, C_Logout(s));
    ROW("5.6.8", CKR_PIN_INCORRECT, C_Login(s, CKU_USER, USER));
    ROW("5.6.8", CKR_OK, C_Login(s, CKU_USER, PIN(NEW_PIN)));
    rows_end(23);
    life_teardown();
}
END_TEST

/* --- a locked administrator
 * --------------------------------------------------------------------------*/

static CK_RV log_in(const char *pin)
{
    return h.f->C_Login(s, CKU_SO, (CK_BYTE *)(uintptr_t)pin, strlen(pin));
}

static CK_RV set_pin(const char *pin)
{
    return h.f->C_SetPIN(s, (CK_BYTE *)(uintptr_t)pin, strlen(pin), PIN("another-admin"));
}

static CK_RV init_token(const char *pin)
{
    return h.f->C_InitToken(0, (CK_BYTE *)(uintptr_t)pin, strlen(pin), label);
}

/* The same wrong PIN again isn't sent: ten that differ. The last one finds it locked. */
static void lock_by(const char *clause, CK_RV (*call)(const char *pin), const char *name)
{
    char wrong[] = "wrong-admin-0";
    for (CK_ULONG left = 10; left > 0; wrong[12]++) {
        row(clause, --left ? CKR_PIN_INCORRECT : CKR_PIN_LOCKED, call(wrong), name);
        row(clause, left, life_admin_left(), name);
    }
    row(clause, CKR_PIN_LOCKED, call(MH_ADMIN), name);
    row("3.2", CKF_SO_PIN_LOCKED, life_token_flags() & CKF_SO_PIN_LOCKED, name);
}

/* However it came to that, the right PIN helps with nothing. */
static void all_is_locked(void)
{
    ROW("5.6.8", CKR_PIN_LOCKED, C_Login(s, CKU_SO, ADMIN));
    ROW("5.6.9", CKR_PIN_LOCKED, C_LoginUser(s, CKU_SO, ADMIN, NULL, 0));
    ROW("5.5.8", CKR_USER_NOT_LOGGED_IN, C_InitPIN(s, USER));
    ROW("5.6.2", CKR_OK, C_CloseSession(s));
    ROW("5.5.7", CKR_PIN_LOCKED, C_InitToken(0, ADMIN, label));
    ROW("5.5.7", CKR_PIN_LOCKED, C_InitToken(1, WRONG, label));
    row("5.5.7", 2, life_containers(), "containers");
    s = life_session(0, CKF_RW_SESSION);
    ROW("5.6.8", CKR_OK, C_Login(s, CKU_USER, USER));
    row("5.5.7", 1, mh_identity_works(&h, s), "the identity");
}

START_TEST(locked_by_log_ins)
{
    start();
    life_issue_both();
    s = life_session(0, CKF_RW_SESSION);
    lock_by("5.6.8", log_in, "C_Login");
    all_is_locked();
    rows_end(31);
    life_teardown();
}
END_TEST

/* The administrator who was logged in is so no more. */
START_TEST(locked_by_changes)
{
    start();
    life_issue_both();
    s = life_session(0, CKF_RW_SESSION);
    ROW("5.6.8", CKR_OK, C_Login(s, CKU_SO, ADMIN));
    lock_by("5.5.9", set_pin, "C_SetPIN");
    ROW("5.5.8", CKR_USER_NOT_LOGGED_IN, C_InitPIN(s, PIN(NEW_PIN)));
    ROW("5.6.10", CKR_USER_NOT_LOGGED_IN, C_Logout(s));
    all_is_locked();
    rows_end(34);
    life_teardown();
}
END_TEST

START_TEST(locked_by_initialising)
{
    start();
    life_issue_both();
    lock_by("5.5.7", init_token, "C_InitToken");
    s = life_session(0, CKF_RW_SESSION);
    all_is_locked();
    rows_end(31);
    life_teardown();
}
END_TEST

/* --- slots, keys and labels
 * --------------------------------------------------------------------------*/

#define BLANK "                                "

START_TEST(which_key_and_what_label)
{
    char away[256];
    start();
    ROW("5.6.2", CKR_OK, C_CloseSession(s));
    (void)mh_exchanges(&h);
    ROW("5.5.7", CKR_ARGUMENTS_BAD, C_InitToken(0, ADMIN, NULL));
    ROW("5.5.7", CKR_ARGUMENTS_BAD, C_InitToken(0, ADMIN, (CK_BYTE *)(uintptr_t)BLANK));
    ROW("5.5.7", CKR_ARGUMENTS_BAD, C_InitToken(0, ADMIN, (CK_BYTE *)(uintptr_t) "\xff" BLANK));
    row("5.5.7", 0, mh_exchanges(&h), "exchanges");
    ROW("5.5.7", CKR_SLOT_ID_INVALID, C_InitToken(99, ADMIN, label));
    ROW("5.5.7", CKR_OK, C_InitToken(1, ADMIN, label));
    s = life_session(1, CKF_RW_SESSION);
    /* the key can't be without a user PIN: it has one that nobody knows */
    ROW("profile, for 5.5.7", CKR_PIN_INCORRECT, C_Login(s, CKU_USER, USER));
    ROW("5.6.2", CKR_OK, C_CloseSession(s));
    (void)snprintf(away, sizeof away, "%s.away", h.key);
    ck_assert_int_eq(rename(h.key, away), 0);
    ROW("5.5.7", CKR_TOKEN_NOT_PRESENT, C_InitToken(0, ADMIN, label));
    ck_assert_int_eq(rename(away, h.key), 0);
    ROW("5.5.7", CKR_OK, C_InitToken(0, ADMIN, label));
    rows_end(11);
    life_teardown();
}
END_TEST

/* A key from the factory has no administrator. */
START_TEST(an_empty_key)
{
    CK_SESSION_HANDLE none = 0;
    life_start_key(&(struct bk_vkey_params){.empty = true}, STATION);
    ROW("5.5.7", CKR_TOKEN_NOT_RECOGNIZED, C_InitToken(0, ADMIN, label));
    ROW("5.6.1", CKR_TOKEN_NOT_RECOGNIZED,
        C_OpenSession(0, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &none));
    rows_end(2);
    life_teardown();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("codes of a production station");
    TCase *t = life_case("station");
    tcase_add_loop_test(t, elsewhere, 0, 2);
    tcase_add_test(t, who_is_logged_in);
    tcase_add_test(t, pins_of_the_administrator);
    tcase_add_test(t, pins_that_the_administrator_gives);
    tcase_add_test(t, locked_by_log_ins);
    tcase_add_test(t, locked_by_changes);
    tcase_add_test(t, locked_by_initialising);
    tcase_add_test(t, which_key_and_what_label);
    tcase_add_test(t, an_empty_key);
    tcase_set_timeout(t, 60);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
