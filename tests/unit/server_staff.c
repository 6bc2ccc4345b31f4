/* SPDX-License-Identifier: Apache-2.0 */
/* Accounts of the staff: names, roles, passwords, one-time codes, log-in with its lock, sessions.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "runner.h"
#include "server/ident.h"
#include "server/staff.h"
#include "server/staff_login.h"
#include "server/staff_session.h"
#include "server/totp.h"
#include "serverhost.h"

#define PASSWORD "correct horse battery"
#define WRONG "incorrect horse battery"

START_TEST(codes_of_rfc_6238)
{
    static const struct {
        int64_t seconds;
        const char *code; /* the last six of the RFC's eight digits */
    } rows[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
                {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
    static const char secret[] = "12345678901234567890";
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char code[BK_TOTP_DIGITS + 1];
        int64_t step = bk_totp_step(rows[i].seconds * 1000);
        ck_assert_int_eq(bk_totp_code(secret, 20, step, code), BK_OK);
        ck_assert_str_eq(code, rows[i].code);
        for (int64_t off = i ? -2 : 0; off <= 2; off++) {
            bool good = false;
            int64_t found = 0;
            ck_assert_int_eq(
                bk_totp_check(secret, 20, code, (rows[i].seconds + 30 * off) * 1000, &good, &found),
                BK_OK);
            ck_assert_int_eq(good, off >= -1 && off <= 1);
            ck_assert(!good || found == step);
        }
    }
    static const char *const not_codes[] = {"", "28708", "2870820", "287083", "287082 ", "28708a"};
    for (size_t i = 0; i < sizeof not_codes / sizeof *not_codes; i++) {
        bool good = true;
        int64_t step = 0;
        ck_assert_int_eq(bk_totp_check(secret, 20, not_codes[i], 59000, &good, &step), BK_OK);
        ck_assert_msg(!good, "%s", not_codes[i]);
    }
}
END_TEST

START_TEST(uri_for_apps)
{
    struct bk_buf uri = BK_BUF_INIT;
    const char *text = NULL;
    ck_assert_int_eq(bk_totp_uri("示例 CA", "li.na", "foobar", 6, &uri), BK_OK);
    ck_assert_int_eq(bk_buf_cstr(&uri, &text), BK_OK);
    /* the secret as RFC 4648 clause 10 has it */
    ck_assert_str_eq(text, "otpauth://totp/%E7%A4%BA%E4%BE%8B%20CA:li.na?secret=MZXW6YTBOI"
                           "&issuer=%E7%A4%BA%E4%BE%8B%20CA");
    bk_buf_free(&uri);
}
END_TEST

START_TEST(names_roles_and_passwords)
{
    static const char *const good[] = {"a", "li.na", "wang-2", "a23456789012345678901234567890_z"};
    static const char *const bad[] = {
        "",      "Li", "2a",  ".a", "li na",
        "uid-0", "王", "a\n", "a'", "a23456789012345678901234567890123"};
    char text[BK_STAFF_ROLES];
    unsigned roles = 0;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        ck_assert_msg(bk_staff_name_valid(good[i]), "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!bk_staff_name_valid(bad[i]), "%s", bad[i]);
    ck_assert(bk_staff_roles_read("auditor,reviewer", &roles));
    ck_assert_uint_eq(roles, BK_STAFF_AUDITOR | BK_STAFF_REVIEWER);
    bk_staff_roles_text(roles, text);
    ck_assert_str_eq(text, "reviewer,auditor");
    bk_staff_roles_text(BK_STAFF_ALL, text);
    ck_assert_str_eq(text, "reviewer,producer,auditor");
    static const char *const no_roles[] = {"",       ",",         "reviewer,",
                                           "review", "reviewers", "x,auditor"};
    for (size_t i = 0; i < sizeof no_roles / sizeof *no_roles; i++)
        ck_assert_msg(!bk_staff_roles_read(no_roles[i], &roles), "%s", no_roles[i]);
    ck_assert(bk_staff_password_valid("十二个字节"));
    ck_assert(!bk_staff_password_valid("elevenbytes"));
    ck_assert(!bk_staff_password_valid("a line\nand another"));
}
END_TEST

/* --- log-in --- */

static struct bk_secret secret = BK_SECRET_INIT;
static struct bk_staff_login login;

static void add_with(const char *name, unsigned roles, const struct bk_staff_password *made)
{
    struct bk_tx *tx = serverhost_begin();
    ck_assert_int_eq(bk_staff_add(tx, host.app.escrow, name, roles, made, &secret, bk_now_ms()),
                     BK_OK);
    serverhost_commit(tx);
}

static void add_account(const char *name, unsigned roles)
{
    struct bk_staff_password made = {0};
    ck_assert_int_eq(bk_staff_password_make(host.app.escrow, PASSWORD, &made), BK_OK);
    add_with(name, roles, &made);
}

static int64_t base; /* the step that the test began in */

/* Waits until so much of a period is left that the test is done in it. */
static void wait_for(int64_t period_ms, int64_t left_ms)
{
    const struct timespec pause = {.tv_nsec = 20000000};
    while (bk_now_ms() % period_ms > period_ms - left_ms)
        (void)nanosleep(&pause, NULL);
    base = bk_totp_step(bk_now_ms());
}

static const char *code_at(int64_t step)
{
    static char code[BK_TOTP_DIGITS + 1];
    ck_assert_int_eq(bk_totp_code(secret.data, secret.len, step, code), BK_OK);
    return code;
}

/* What comes of it: a problem's code, or "". */
static const char *try_from(const char *group, const char *name, const char *password,
                            const char *code)
{
    const struct bk_http_in in = {.method = "POST", .path = "/", .peer = "192.0.2.1"};
    struct bk_http_out out = {.status = 0};
    struct bk_req req = {.app = &host.app, .in = &in, .out = &out, .now = bk_now_ms()};
    (void)snprintf(req.group, sizeof req.group, "%s", group);
    login = (struct bk_staff_login){.name = name, .password = password, .code = code};
    req.tx = serverhost_begin();
    ck_assert_int_eq(bk_staff_log_in(&req, &login), BK_OK);
    serverhost_commit(req.tx);
    ck_assert(!login.problem || !*login.token);
    ck_assert(login.problem || (strlen(login.token) == BK_TOKEN &&
                                strcmp(req.session.staff, name) == 0 && req.session.roles));
    return login.problem ? login.problem : "";
}

static void set_policy(int64_t tries)
{
    host.app.policy.staff_tries = tries;
    host.app.policy.staff_lock_ms = INT64_C(900000);
    host.app.policy.staff_idle_ms = 60000;
    host.app.policy.staff_session_ms = 600000;
    host.app.policy.login_per_minute = 1000;
}

START_TEST(all_three_must_be_right)
{
    set_policy(20);
    add_account("anna", BK_STAFF_REVIEWER);
    wait_for(30000, 12000);
    ck_assert_str_eq(try_from("A", "anna", WRONG, code_at(base)), "staff-login-wrong");
    ck_assert_str_eq(try_from("A", "anna", PASSWORD, "000000"), "staff-login-wrong");
    ck_assert_str_eq(try_from("A", "Anna", PASSWORD, code_at(base)), "staff-login-wrong");
    ck_assert_str_eq(try_from("A", "anna", PASSWORD, code_at(base - 2)), "staff-login-wrong");
    ck_assert_str_eq(try_from("A", "anna", PASSWORD, code_at(base - 1)), "");
    ck_assert_str_eq(try_from("A", "anna", PASSWORD, code_at(base)), "");
    ck_assert_str_eq(try_from("A", "anna", PASSWORD, code_at(base)),
                     "staff-login-wrong"); /* twice */
    ck_assert_str_eq(try_from("A", "anna", PASSWORD, code_at(base - 1)), "staff-login-wrong");
    ck_assert_str_eq(try_from("A", "anna", PASSWORD, code_at(base + 1)), "");
    struct bk_tx *tx = serverhost_begin();
    ck_assert_int_eq(bk_staff_enable(tx, "anna", false), BK_OK);
    ck_assert_int_eq(bk_staff_new_secret(tx, host.app.escrow, "anna", &secret), BK_OK);
    serverhost_commit(tx);
    ck_assert_str_eq(try_from("A", "anna", PASSWORD, code_at(base)), "staff-login-wrong");
}
END_TEST

static struct bk_staff account(const char *name)
{
    struct bk_staff staff;
    struct bk_tx *tx = serverhost_begin();
    ck_assert_int_eq(bk_staff_find(tx, name, &staff), BK_OK);
    serverhost_commit(tx);
    return staff;
}

START_TEST(an_old_password_gets_the_present_cost)
{
    struct bk_staff_password old = {.cost = {.log_n = 10, .r = 8, .p = 1}, .salt = "as it was"};
    struct bk_session session;
    char before[BK_TOKEN + 1];
    set_policy(20);
    ck_assert_int_eq(bk_staff_password_hash(host.app.escrow, PASSWORD, &old, old.hash), BK_OK);
    add_with("anna", BK_STAFF_REVIEWER, &old);
    wait_for(30000, 12000);
    struct bk_tx *tx = serverhost_begin();
    ck_assert_int_eq(
        bk_staff_session_new(tx, "anna", false, bk_now_ms(), bk_now_ms() + 60000, before), BK_OK);
    serverhost_commit(tx);
    ck_assert_str_eq(try_from("A", "anna", WRONG, code_at(base)), "staff-login-wrong");
    ck_assert_str_eq(try_from("A", "anna", PASSWORD, "000000"), "staff-login-wrong");
    struct bk_staff staff = account("anna");
    ck_assert(bk_staff_password_is_old(&staff.password));
    ck_assert_mem_eq(staff.password.hash, old.hash, sizeof old.hash);
    ck_assert_str_eq(try_from("A", "anna", PASSWORD, code_at(base - 1)), "");
    staff = account("anna");
    ck_assert(!bk_staff_password_is_old(&staff.password));
    ck_assert_mem_ne(staff.password.salt, old.salt, sizeof old.salt);
    ck_assert_str_eq(try_from("A", "anna", WRONG, code_at(base)), "staff-login-wrong");
    ck_assert_str_eq(try_from("A", "anna", PASSWORD, code_at(base)), "");
    ck_assert_mem_eq(account("anna").password.salt, staff.password.salt, sizeof old.salt);
    tx = serverhost_begin(); /* it was no other password: nothing has ended */
    ck_assert_int_eq(bk_staff_session_find(tx, before, false, bk_now_ms(), 60000, &session), BK_OK);
    serverhost_commit(tx);
}
END_TEST

static uint64_t work; /* of scrypt */

enum bk_err __real_bk_scrypt(const struct bk_scrypt_cost *cost, const void *password, size_t len,
                             const void *salt, size_t salt_len, uint8_t *out, size_t out_len);
enum bk_err __wrap_bk_scrypt(const struct bk_scrypt_cost *cost, const void *password, size_t len,
                             const void *salt, size_t salt_len, uint8_t *out, size_t out_len);
enum bk_err __wrap_bk_scrypt(const struct bk_scrypt_cost *cost, const void *password, size_t len,
                             const void *salt, size_t salt_len, uint8_t *out, size_t out_len)
{
    struct bk_scrypt_cost light = *cost;
    light.log_n -= 6; /* counted, not done: tests/unit/crypto.c has the function itself */
    work += ((uint64_t)cost->r * cost->p) << cost->log_n;
    return __real_bk_scrypt(&light, password, len, salt, salt_len, out, out_len);
}

static uint64_t work_of(const char *name, const char *password, const char *problem)
{
    work = 0;
    ck_assert_str_eq(try_from("A", name, password, "000000"), problem);
    return work;
}

/* A name without an account, and one whose password is of an older cost: how long a wrong try takes
 * tells neither, nor whether the password was right. */
START_TEST(every_wrong_try_is_as_much_work)
{
    struct bk_staff_password old = {.cost = {.log_n = 14, .r = 8, .p = 1}, .salt = "as it was"};
    set_policy(20);
    ck_assert_int_eq(bk_staff_password_hash(host.app.escrow, PASSWORD, &old, old.hash), BK_OK);
    add_with("olga", BK_STAFF_REVIEWER, &old);
    add_account("anna", BK_STAFF_REVIEWER);
    uint64_t usual = work_of("nobody", WRONG, "staff-login-wrong");
    ck_assert_uint_ne(usual, 0);
    ck_assert_uint_eq(work_of("anna", WRONG, "staff-login-wrong"), usual);
    ck_assert_uint_eq(work_of("anna", PASSWORD, "staff-login-wrong"), usual);
    ck_assert_uint_eq(work_of("olga", WRONG, "staff-login-wrong"), usual);
    ck_assert_uint_eq(work_of("olga", PASSWORD, "staff-login-wrong"), usual);
}
END_TEST

START_TEST(wrong_tries_lock_for_a_while)
{
    set_policy(3);
    add_account("anna", BK_STAFF_REVIEWER);
    wait_for(30000, 12000);
    ck_assert_str_eq(try_from("home", "anna", PASSWORD, code_at(base - 1)), "");
    for (int i = 0; i < 3; i++)
        ck_assert_str_eq(try_from("away", "anna", WRONG, "000000"), "staff-login-wrong");
    ck_assert_str_eq(try_from("away", "anna", PASSWORD, code_at(base)), "staff-locked");
    ck_assert_int_gt(login.wait_s, 0);
    ck_assert_str_eq(try_from("elsewhere", "anna", PASSWORD, code_at(base)), "staff-locked");
    /* an account that isn't there is locked alike */
    for (int i = 0; i < 3; i++)
        ck_assert_str_eq(try_from("away", "bert", WRONG, "000000"), "staff-login-wrong");
    ck_assert_str_eq(try_from("away", "bert", WRONG, "000000"), "staff-locked");
    /* where she was before she has tries of her own, which end, too, and come back with a right one
     */
    ck_assert_str_eq(try_from("home", "anna", WRONG, code_at(base)), "staff-login-wrong");
    ck_assert_str_eq(try_from("home", "anna", PASSWORD, code_at(base)), "");
    for (int i = 0; i < 3; i++)
        ck_assert_str_eq(try_from("home", "anna", WRONG, "000000"), "staff-login-wrong");
    ck_assert_str_eq(try_from("home", "anna", PASSWORD, code_at(base + 1)), "staff-locked");
    struct bk_tx *tx = serverhost_begin();
    ck_assert_int_eq(bk_staff_forgive(tx, host.app.escrow, "anna"), BK_OK);
    serverhost_commit(tx);
    ck_assert_str_eq(try_from("away", "anna", PASSWORD, code_at(base + 1)), "");
}
END_TEST

START_TEST(one_address_has_so_many_tries)
{
    set_policy(1000);
    host.app.policy.login_per_minute = 2;
    wait_for(60000, 5000);
    ck_assert_str_eq(try_from("A", "anna", WRONG, "000000"), "staff-login-wrong");
    ck_assert_str_eq(try_from("A", "bert", WRONG, "000000"), "staff-login-wrong");
    ck_assert_str_eq(try_from("A", "carl", WRONG, "000000"), "too-many-requests");
    ck_assert_str_eq(try_from("B", "carl", WRONG, "000000"), "staff-login-wrong");
}
END_TEST

/* --- sessions --- */

static enum bk_err find_at(const char *token, int64_t now, struct bk_session *session)
{
    struct bk_tx *tx = serverhost_begin();
    memset(session, 0, sizeof *session);
    enum bk_err err = bk_staff_session_find(tx, token, false, now, 1000, session);
    serverhost_commit(tx);
    return err;
}

START_TEST(sessions_end)
{
    struct bk_session session;
    char token[BK_TOKEN + 1], other[BK_TOKEN + 1];
    add_account("anna", BK_STAFF_PRODUCER | BK_STAFF_AUDITOR);
    struct bk_tx *tx = serverhost_begin();
    ck_assert_int_eq(bk_staff_session_new(tx, "anna", false, 0, 3000, token), BK_OK);
    ck_assert_int_eq(bk_staff_session_new(tx, "anna", false, 0, 3000, other), BK_OK);
    serverhost_commit(tx);
    ck_assert_int_eq(find_at(token, 900, &session), BK_OK);
    ck_assert_str_eq(session.actor, "staff:anna");
    ck_assert_uint_eq(session.roles, BK_STAFF_PRODUCER | BK_STAFF_AUDITOR);
    ck_assert_int_eq(find_at(other, 1000, &session), BK_ENOTFOUND); /* unused */
    ck_assert_str_eq(session.actor, "");
    ck_assert_int_eq(find_at(token, 1890, &session), BK_OK);
    ck_assert_int_eq(find_at(token, 2600, &session), BK_OK);
    ck_assert_int_eq(find_at(token, 2999, &session), BK_OK);
    ck_assert_int_eq(find_at(token, 3000, &session), BK_ENOTFOUND); /* in all */
    ck_assert_int_eq(find_at("", 2999, &session), BK_ENOTFOUND);
    token[0] = token[0] == '0' ? '1' : '0';
    ck_assert_int_eq(find_at(token, 2999, &session), BK_ENOTFOUND);
}
END_TEST

START_TEST(changes_end_sessions)
{
    struct bk_staff_password made = {0};
    ck_assert_int_eq(bk_staff_password_make(host.app.escrow, WRONG, &made), BK_OK);
    add_account("anna", BK_STAFF_REVIEWER);
    add_account("bert", BK_STAFF_REVIEWER);
    for (int i = 0; i < 5; i++) {
        struct bk_session session;
        char token[BK_TOKEN + 1], of_bert[BK_TOKEN + 1];
        struct bk_tx *tx = serverhost_begin();
        ck_assert_int_eq(bk_staff_session_new(tx, "anna", false, 0, 3000, token), BK_OK);
        ck_assert_int_eq(bk_staff_session_new(tx, "bert", false, 0, 3000, of_bert), BK_OK);
        ck_assert_int_eq(bk_staff_session_find(tx, token, false, 1, 1000, &session), BK_OK);
        enum bk_err err = i == 0   ? bk_staff_set_password(tx, "anna", &made)
                          : i == 1 ? bk_staff_set_roles(tx, "anna", BK_STAFF_AUDITOR)
                          : i == 2 ? bk_staff_new_secret(tx, host.app.escrow, "anna", &secret)
                          : i == 3 ? bk_staff_session_end(tx, token, false)
                                   : bk_staff_enable(tx, "anna", false);
        ck_assert_int_eq(err, BK_OK);
        ck_assert_int_eq(bk_staff_session_find(tx, token, false, 1, 1000, &session), BK_ENOTFOUND);
        ck_assert_int_eq(bk_staff_session_find(tx, of_bert, false, 1, 1000, &session), BK_OK);
        ck_assert_int_eq(bk_staff_enable(tx, "nobody", true), BK_ENOTFOUND);
        serverhost_commit(tx);
    }
}
END_TEST

/* Another folder's keys, another hash: a copy of the database tells nobody what to try. */
START_TEST(hashes_are_keyed_and_salted)
{
    struct bk_staff_password a = {0}, b = {0};
    struct bk_escrow *other = NULL;
    uint8_t hash[BK_STAFF_HASH];
    char path[256], why[200];
    (void)snprintf(path, sizeof path, "%s/other-keys", host.folder);
    ck_assert_int_eq(bk_escrow_open(path, NULL, &other, why, sizeof why), BK_OK);
    ck_assert_int_eq(bk_staff_password_make(host.app.escrow, PASSWORD, &a), BK_OK);
    ck_assert_int_eq(bk_staff_password_make(host.app.escrow, PASSWORD, &b), BK_OK);
    ck_assert_mem_ne(a.salt, b.salt, sizeof a.salt);
    ck_assert_mem_ne(a.hash, b.hash, sizeof a.hash);
    ck_assert_int_eq(bk_staff_password_hash(host.app.escrow, PASSWORD, &a, hash), BK_OK);
    ck_assert_mem_eq(a.hash, hash, sizeof hash);
    ck_assert_int_eq(bk_staff_password_hash(other, PASSWORD, &a, hash), BK_OK);
    ck_assert_mem_ne(a.hash, hash, sizeof hash);
    bk_escrow_free(&other);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("server staff");
    TCase *pure = tcase_create("texts and codes");
    tcase_add_test(pure, codes_of_rfc_6238);
    tcase_add_test(pure, uri_for_apps);
    tcase_add_test(pure, names_roles_and_passwords);
    suite_add_tcase(suite, pure);
    TCase *kept = serverhost_case(suite, "accounts");
    tcase_set_timeout(kept, 60);
    tcase_add_test(kept, all_three_must_be_right);
    tcase_add_test(kept, an_old_password_gets_the_present_cost);
    tcase_add_test(kept, every_wrong_try_is_as_much_work);
    tcase_add_test(kept, wrong_tries_lock_for_a_while);
    tcase_add_test(kept, one_address_has_so_many_tries);
    tcase_add_test(kept, sessions_end);
    tcase_add_test(kept, changes_end_sessions);
    tcase_add_test(kept, hashes_are_keyed_and_salted);
    return run_suite(suite);
}
