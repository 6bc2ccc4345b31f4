/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Forks of a program that is an administrator, on a production station, or that has only loaded the
 * module; its key is behind PC/SC. Run by tests/e2e/module-manners.
 */
#include <check.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "pcsc.h"
#include "runner.h"

static const char *user_pin(void)
{
    return getenv("KEY_PIN");
}

static CK_RV so_login(CK_SESSION_HANDLE s)
{
    return h.f->C_Login(s, CKU_SO, (CK_BYTE *)MH_ADMIN, strlen(MH_ADMIN));
}

static CK_RV init_pin(CK_SESSION_HANDLE s)
{
    return h.f->C_InitPIN(s, (CK_BYTE *)(uintptr_t)user_pin(), strlen(user_pin()));
}

static CK_RV open_session(CK_SESSION_HANDLE *s)
{
    return h.f->C_OpenSession(0, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, s);
}

/* A child's; whatever it calls before it initialises. */
static bool is_not_initialised(CK_SESSION_HANDLE s)
{
    const CK_RV want = CKR_CRYPTOKI_NOT_INITIALIZED;
    CK_SESSION_INFO info;
    CK_INFO general;
    CK_ULONG n = 0;
    return h.f->C_GetInfo(&general) == want && h.f->C_GetSlotList(0, NULL, &n) == want &&
           open_session(&s) == want && h.f->C_GetSessionInfo(s, &info) == want &&
           init_pin(s) == want && h.f->C_Logout(s) == want && h.f->C_CloseSession(s) == want &&
           h.f->C_Finalize(NULL) == want;
}

/* Each in a child that ends with C_Finalize, and in one that doesn't. */
static void fork_twice(bool (*child_works)(void))
{
    for (int finalize = 0; finalize < 2; finalize++) {
        pid_t child = fork();
        if (child == 0) {
            bool good = child_works();
            _exit(good && (!finalize || h.f->C_Finalize(NULL) == CKR_OK) ? 0 : 1);
        }
        pc_expect_good(child);
    }
}

static bool works_as_user(void)
{
    return h.f->C_Initialize(NULL) == CKR_OK && pc_log_in() && pc_sign() == CKR_OK;
}

/* --- an administrator
 * ---------------------------------------------------------------------------*/

static void setup_station(void)
{
    static const char more[] = "[module]\nproduction-station = yes\n";
    struct bk_buf text = BK_BUF_INIT;
    char path[PATH_MAX];
    (void)snprintf(path, sizeof path, "%s.station", getenv("BJCA_CONF"));
    ck_assert_int_eq(bk_file_read(getenv("BJCA_CONF"), 4096, &text), BK_OK);
    ck_assert_int_eq(bk_buf_put_str(&text, more), BK_OK);
    ck_assert_int_eq(bk_file_replace(path, text.data, text.len, 0600), BK_OK);
    bk_buf_free(&text);
    ck_assert_int_eq(setenv("BJCA_CONF", path, 1), 0);
    mh_load(&h, getenv("P11_MODULE"));
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    ck_assert_uint_eq(open_session(&session), CKR_OK);
    ck_assert_uint_eq(so_login(session), CKR_OK);
}

/* The administrator's log-in isn't the child's. */
static bool child_is_nobody(void)
{
    CK_SESSION_HANDLE s = session;
    CK_SESSION_INFO info;
    return is_not_initialised(session) && h.f->C_Initialize(NULL) == CKR_OK &&
           h.f->C_GetSessionInfo(s, &info) == CKR_SESSION_HANDLE_INVALID &&
           open_session(&s) == CKR_OK && h.f->C_GetSessionInfo(s, &info) == CKR_OK &&
           info.state == CKS_RW_PUBLIC_SESSION && init_pin(s) == CKR_USER_NOT_LOGGED_IN;
}

static bool child_is_user(void)
{
    return child_is_nobody() && pc_log_in() && pc_sign() == CKR_OK &&
           h.f->C_Logout(session) == CKR_OK;
}

static bool child_is_administrator(void)
{
    CK_SESSION_HANDLE s = 0;
    return child_is_nobody() && open_session(&s) == CKR_OK && so_login(s) == CKR_OK &&
           init_pin(s) == CKR_OK && h.f->C_Logout(s) == CKR_OK;
}

START_TEST(forks_of_an_administrator)
{
    static bool (*const children[])(void) = {child_is_nobody, child_is_user,
                                             child_is_administrator};
    CK_BJCA_STATUS st = {.ulSize = sizeof st};
    CK_SESSION_INFO info;
    fork_twice(children[_i]);
    ck_assert_uint_eq(h.f->C_GetSessionInfo(session, &info), CKR_OK);
    ck_assert_uint_eq(info.state, CKS_RW_SO_FUNCTIONS);
    ck_assert_uint_eq(init_pin(session), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_GetStatus(0, &st), CKR_OK);
    ck_assert_uint_eq(st.adminTriesLeft, 10);
    ck_assert_uint_eq(st.userTriesLeft, 10);
    ck_assert_uint_eq(h.f->C_Logout(session), CKR_OK);
    ck_assert_uint_eq(init_pin(session), CKR_USER_NOT_LOGGED_IN);
    ck_assert(pc_log_in());
    ck_assert_uint_eq(pc_sign(), CKR_OK);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
}
END_TEST

/* --- before the first C_Initialize
 * ----------------------------------------------------------------*/

static void setup_loaded(void)
{
    mh_load(&h, getenv("P11_MODULE"));
}

/* Its own children are no other. */
static bool child_and_grandchild_work(void)
{
    int status = 0;
    if (!is_not_initialised(1) || !works_as_user())
        return false;
    pid_t child = fork();
    if (child == 0)
        _exit(is_not_initialised(session) && works_as_user() ? 0 : 1);
    return waitpid(child, &status, 0) == child && status == 0 && pc_sign() == CKR_OK;
}

static void expect_fresh(void)
{
    ck_assert(is_not_initialised(1));
    ck_assert(works_as_user());
    ck_assert_uint_eq(pc_tries(), 10);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
}

START_TEST(forks_of_a_program_that_loaded_it)
{
    fork_twice(child_and_grandchild_work);
    expect_fresh();
    /* nor is one that has finalised it another thing */
    fork_twice(child_and_grandchild_work);
    expect_fresh();
}
END_TEST

/* The child works on, whatever the parent does afterwards, who begins only now. */
START_TEST(parent_and_child_begin_side_by_side)
{
    for (int i = 0; i < 5; i++) {
        pid_t child = fork();
        if (child == 0) {
            bool good = works_as_user();
            for (int k = 0; good && k < 5; k++)
                good = pc_sign() == CKR_OK;
            _exit(good && h.f->C_Finalize(NULL) == CKR_OK ? 0 : 1);
        }
        ck_assert(works_as_user());
        for (int k = 0; k < 5; k++)
            ck_assert_uint_eq(pc_sign(), CKR_OK);
        ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
        pc_expect_good(child);
    }
}
END_TEST

int main(void)
{
    if (!getenv("KEY_CONTROL") || !getenv("P11_MODULE"))
        return 77; /* not under with-key --pcsc: make check skips it */
    Suite *suite = suite_create("child");
    TCase *t = tcase_create("station");
    tcase_add_checked_fixture(t, setup_station, NULL);
    tcase_add_loop_test(t, forks_of_an_administrator, 0, 3);
    tcase_set_timeout(t, 60);
    suite_add_tcase(suite, t);
    t = tcase_create("loaded");
    tcase_add_checked_fixture(t, setup_loaded, NULL);
    tcase_add_test(t, forks_of_a_program_that_loaded_it);
    tcase_add_test(t, parent_and_child_begin_side_by_side);
    tcase_set_timeout(t, 60);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
