/* SPDX-License-Identifier: Apache-2.0 */
/* Log-in that gets lost, and unlock and renewal over a key that is cut at every exchange. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "life.h"
#include "runner.h"

/* --- exchanges
 * ----------------------------------------------------------------------------------*/

static void budgets(enum bk_vkey_dialect dialect)
{
    CK_MECHANISM rsa = {CKM_SHA256_RSA_PKCS, NULL, 0}, pss = {0}, sm2 = {CKM_SM3_SM2, NULL, 0};
    CK_RSA_PKCS_PSS_PARAMS p = {CKM_SHA256, CKG_MGF1_SHA256, 32};
    CK_BYTE sig[512];
    CK_ULONG len = sizeof sig, n = 0;
    pss = (CK_MECHANISM){CKM_SHA256_RSA_PKCS_PSS, &p, sizeof p};
    life_start(dialect, BK_VKEY_DIRECT, NULL);
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(mh_renew(&h, s, "personalCert00", CKK_RSA, 0), CKR_OK);
    life_restart();
    (void)mh_exchanges(&h);
    ck_assert_uint_eq(h.f->C_GetSlotList(1, NULL, &n), CKR_OK);
    ck_assert_uint_eq(h.f->C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &s), CKR_OK);
    ck_assert_uint_eq(mh_count(&h, s, CKO_CERTIFICATE), 2);
    unsigned reading = mh_exchanges(&h);
    ck_assert_uint_le(reading, 12);
    ck_assert_uint_eq(h.f->C_Login(s, CKU_USER, (CK_BYTE *)MH_PIN, 8), CKR_OK);
    ck_assert_uint_eq(mh_exchanges(&h), 2);
    CK_OBJECT_HANDLE k = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    (void)mh_exchanges(&h);
    for (int i = 0; i < 2; i++) {
        len = sizeof sig;
        ck_assert_uint_eq(h.f->C_SignInit(s, i ? &pss : &rsa, k), CKR_OK);
        ck_assert_uint_eq(h.f->C_Sign(s, sig, 20, sig, &len), CKR_OK);
        ck_assert_uint_eq(mh_exchanges(&h), 1);
    }
    ck_assert_uint_eq(h.f->C_OpenSession(0, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &s),
                      CKR_OK);
    ck_assert_uint_eq(mh_renew(&h, s, "personalCert01", CKK_SM2, 0), CKR_OK);
    ck_assert_uint_eq(h.f->C_OpenSession(1, CKF_SERIAL_SESSION, NULL, NULL, &s), CKR_OK);
    k = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    (void)mh_exchanges(&h);
    len = sizeof sig;
    ck_assert_uint_eq(h.f->C_SignInit(s, &sm2, k), CKR_OK);
    ck_assert_uint_eq(h.f->C_Sign(s, sig, 20, sig, &len), CKR_OK);
    ck_assert_uint_eq(mh_exchanges(&h), 1);
}

START_TEST(exchanges_stay_in_budget)
{
    budgets(_i ? BK_VKEY_LONGMAI : BK_VKEY_GMT0017);
    life_teardown();
}
END_TEST

static CK_SESSION_HANDLE open_session(CK_SLOT_ID slot)
{
    CK_SESSION_HANDLE s = 0;
    ck_assert_uint_eq(h.f->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &s),
                      CKR_OK);
    return s;
}

/* Eight up to the containers' types, then handle and two certificates of each that is the slot's;
 * what both slots have seen keeps its handles when something changes. */
START_TEST(a_search_reads_the_containers_of_its_slot)
{
    CK_ULONG n = 0;
    life_setup();
    life_issue_both();
    life_restart();
    (void)mh_exchanges(&h);
    ck_assert_uint_eq(h.f->C_GetSlotList(1, NULL, &n), CKR_OK);
    CK_SESSION_HANDLE rsa = open_session(0), sm2 = open_session(1);
    ck_assert_uint_eq(mh_count(&h, rsa, CKO_CERTIFICATE), 2);
    ck_assert_uint_eq(mh_exchanges(&h), 2 + 3 + 2 + 3);
    ck_assert_uint_eq(mh_count(&h, sm2, CKO_CERTIFICATE), 2);
    ck_assert_uint_eq(mh_exchanges(&h), 2 + 3);
    CK_OBJECT_HANDLE theirs = mh_find(&h, sm2, CKO_CERTIFICATE, 0);
    ck_assert_uint_eq(h.f->C_Login(rsa, CKU_USER, (CK_BYTE *)MH_PIN, 8), CKR_OK);
    ck_assert_uint_eq(mh_renew(&h, rsa, "personalCert00", CKK_RSA, 0), CKR_OK);
    ck_assert_uint_eq(mh_count(&h, rsa, CKO_CERTIFICATE), 4);
    ck_assert_uint_eq(mh_find(&h, sm2, CKO_CERTIFICATE, 0), theirs);
    ck_assert(mh_identity_works(&h, sm2));
    life_teardown();
}
END_TEST

START_TEST(the_trace_shows_no_pin_and_no_plaintext)
{
    life_setup();
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert(mh_identity_works(&h, s));
    FILE *f = fopen(h.trace, "re");
    char line[1024];
    unsigned hidden = 0;
    while (fgets(line, sizeof line, f)) {
        const char *at = strstr(line, " x ");
        if (!at)
            continue;
        unsigned ins = 0;
        ck_assert_int_eq(sscanf(at + 5, "%2x", &ins), 1);
        if (ins == 0x18 || ins == 0x16 || ins == 0x1a || ins == 0xc6 || ins == 0xc8 ||
            ins == 0x56 || ins == 0x72) {
            ck_assert_ptr_nonnull(strstr(line, "bytes hidden] < ["));
            hidden++;
        }
    }
    ck_assert_uint_gt(hidden, 4);
    (void)fclose(f);
    life_teardown();
}
END_TEST

/* --- a log-in that gets lost
 * --------------------------------------------------------------------*/

START_TEST(a_lost_login_is_made_again_once)
{
    life_setup();
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert(mh_identity_works(&h, s));
    ck_assert_int_eq(key->ops->reset(key), BK_OK);
    ck_assert(mh_identity_works(&h, s));
    CK_OBJECT_HANDLE k = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    CK_MECHANISM m = {CKM_SHA256_RSA_PKCS, NULL, 0};
    CK_BYTE sig[512];
    CK_ULONG len = sizeof sig;
    ck_assert_int_eq(key->ops->reset(key), BK_OK);
    ck_assert_uint_eq(h.f->C_SignInit(s, &m, k), CKR_OK);
    ck_assert_uint_eq(h.f->C_Sign(s, sig, 10, sig, &len), CKR_OK);
    /* by somebody else, without a reset: 1C on the wire behind our back */
    static const uint8_t clear[] = {0x80, 0x1c, 0, 0, 0, 0, 2, 0, 0};
    uint8_t command[sizeof clear];
    struct bk_buf answer = BK_BUF_INIT;
    memcpy(command, clear, sizeof clear);
    for (unsigned id = 1; id < 0x40; id++) { /* whatever the application's id is */
        command[7] = 0;
        command[8] = (uint8_t)id;
        ck_assert_int_eq(key->ops->transmit(key, command, sizeof command, false, &answer), BK_OK);
    }
    bk_buf_free(&answer);
    len = sizeof sig;
    ck_assert_uint_eq(h.f->C_SignInit(s, &m, k), CKR_OK);
    ck_assert_uint_eq(h.f->C_Sign(s, sig, 10, sig, &len), CKR_OK);
    life_teardown();
}
END_TEST

/* The PIN was changed by another process: the kept one is tried once, and dropped. */
START_TEST(a_kept_pin_that_is_refused_is_dropped)
{
    life_setup();
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    CK_OBJECT_HANDLE k = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    /* change it on another power-up of the same key, as another process would */
    struct bk_readers *readers = NULL;
    struct bk_token *token = life_other(&readers);
    ck_assert_int_eq(bk_token_set_pin(token, MH_PIN, 8, NEW_PIN, strlen(NEW_PIN)), BK_OK);
    life_other_free(&token, &readers);
    ck_assert_int_eq(key->ops->reset(key), BK_OK);
    CK_MECHANISM m = {CKM_SHA256_RSA_PKCS, NULL, 0};
    CK_BYTE sig[512];
    for (int i = 0; i < 3; i++) {
        CK_ULONG len = sizeof sig;
        CK_RV rv = h.f->C_SignInit(s, &m, k);
        if (rv == CKR_OK)
            rv = h.f->C_Sign(s, sig, 10, sig, &len);
        ck_assert(rv == CKR_USER_NOT_LOGGED_IN || rv == CKR_KEY_HANDLE_INVALID);
    }
    CK_BJCA_STATUS st = {.ulSize = sizeof st};
    ck_assert_uint_eq(h.v->BJCA_GetStatus(0, &st), CKR_OK);
    ck_assert_uint_eq(st.userTriesLeft, 9); /* one try, not three */
    life_teardown();
}
END_TEST

static CK_ULONG tries(void)
{
    CK_BJCA_STATUS st = {.ulSize = sizeof st};
    ck_assert_uint_eq(h.v->BJCA_GetStatus(0, &st), CKR_OK);
    return st.userTriesLeft;
}

static CK_RV log_in(CK_SESSION_HANDLE s, const char *pin)
{
    return h.f->C_Login(s, CKU_USER, (CK_BYTE *)(uintptr_t)pin, strlen(pin));
}

/* As another process would do it. */
static void change_elsewhere(const char *new_pin)
{
    struct bk_readers *readers = NULL;
    struct bk_token *token = life_other(&readers);
    ck_assert_int_eq(bk_token_set_pin(token, MH_PIN, 8, new_pin, strlen(new_pin)), BK_OK);
    life_other_free(&token, &readers);
}

START_TEST(a_kept_pin_that_is_refused_is_not_sent_again)
{
    life_setup();
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    CK_OBJECT_HANDLE k = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    change_elsewhere(NEW_PIN);
    ck_assert_int_eq(key->ops->reset(key), BK_OK);
    CK_MECHANISM m = {CKM_SHA256_RSA_PKCS, NULL, 0};
    CK_BYTE sig[512];
    CK_ULONG len = sizeof sig;
    CK_RV rv = h.f->C_SignInit(s, &m, k);
    ck_assert_uint_eq(rv == CKR_OK ? h.f->C_Sign(s, sig, 10, sig, &len) : rv,
                      CKR_USER_NOT_LOGGED_IN);
    ck_assert_uint_eq(tries(), 9);
    ck_assert_uint_eq(log_in(s, MH_PIN), CKR_PIN_INCORRECT);
    ck_assert_uint_eq(tries(), 9);
    ck_assert_uint_eq(log_in(s, NEW_PIN), CKR_OK);
    ck_assert_uint_eq(tries(), 10);
    life_teardown();
}
END_TEST

START_TEST(a_refused_pin_that_was_made_right_elsewhere_is_taken)
{
    life_setup();
    CK_SESSION_HANDLE s = 0;
    ck_assert_uint_eq(h.f->C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &s), CKR_OK);
    ck_assert_uint_eq(log_in(s, NEW_PIN), CKR_PIN_INCORRECT);
    ck_assert_uint_eq(tries(), 9);
    change_elsewhere(NEW_PIN);
    ck_assert_uint_eq(log_in(s, NEW_PIN), CKR_OK);
    life_teardown();
}
END_TEST

START_TEST(a_refused_pin_is_not_sent_again_to_change_it)
{
    CK_BYTE wrong[] = "wrong-pin";
    life_setup();
    CK_SESSION_HANDLE s = life_session(0, CKF_RW_SESSION);
    for (int i = 0; i < 2; i++) {
        ck_assert_uint_eq(h.f->C_SetPIN(s, wrong, 9, (CK_BYTE *)NEW_PIN, strlen(NEW_PIN)),
                          CKR_PIN_INCORRECT);
        ck_assert_uint_eq(tries(), 9);
    }
    ck_assert_uint_eq(log_in(s, "wrong-pin"), CKR_PIN_INCORRECT);
    ck_assert_uint_eq(tries(), 9);
    ck_assert_uint_eq(h.f->C_SetPIN(s, (CK_BYTE *)MH_PIN, 8, (CK_BYTE *)NEW_PIN, strlen(NEW_PIN)),
                      CKR_OK);
    ck_assert_uint_eq(tries(), 10);
    life_teardown();
}
END_TEST

/* --- the PIN in memory
 * --------------------------------------------------------------------------*/

static long locked_kib(void)
{
    char line[128];
    long kib = -1;
    FILE *in = fopen("/proc/self/status", "r");
    ck_assert_ptr_nonnull(in);
    while (kib < 0 && fgets(line, sizeof line, in))
        (void)sscanf(line, "VmLck: %ld", &kib);
    ck_assert_int_eq(fclose(in), 0);
    ck_assert_int_ge(kib, 0);
    return kib;
}

/* The limit may be none, and a sanitizer's mlock does nothing. */
static bool may_lock(void)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    long before = locked_kib();
    void *at = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(at, MAP_FAILED);
    bool may = mlock(at, page) == 0 && locked_kib() > before;
    ck_assert_int_eq(munmap(at, page), 0);
    return may;
}

START_TEST(a_pin_is_kept_in_locked_memory)
{
    life_setup();
    CK_SESSION_HANDLE s = life_session(0, 0);
    long before = locked_kib();
    ck_assert_uint_eq(log_in(s, MH_PIN), CKR_OK);
    ck_assert(locked_kib() > before || !may_lock());
    ck_assert_uint_eq(h.f->C_Logout(s), CKR_OK);
    ck_assert_int_eq(locked_kib(), before);
    life_teardown();
}
END_TEST

START_TEST(isolation_clears_the_key_after_each_use)
{
    life_start(BK_VKEY_GMT0017, BK_VKEY_DIRECT, "[module]\nlogin-isolation = transaction\n");
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert(mh_identity_works(&h, s));
    CK_OBJECT_HANDLE k = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    CK_MECHANISM m = {CKM_SHA256_RSA_PKCS, NULL, 0};
    CK_BYTE sig[512];
    CK_ULONG len = sizeof sig;
    (void)mh_exchanges(&h);
    ck_assert_uint_eq(h.f->C_SignInit(s, &m, k), CKR_OK);
    ck_assert_uint_eq(h.f->C_Sign(s, sig, 10, sig, &len), CKR_OK);
    ck_assert_uint_eq(mh_exchanges(&h), 5); /* tries, random, PIN, signature, clear */
    ck_assert_uint_eq(mh_renew(&h, s, "personalCert00", CKK_RSA, 0), CKR_OK);
    ck_assert(mh_identity_works(&h, s));
    life_teardown();
}
END_TEST

/* --- cuts at every exchange
 * ---------------------------------------------------------------------*/

static const char *const fault_names[] = {"fail", "lose", "shorten", "remove", "pull", "reset"};

/* The fault at exchange n of the first run; then a program that was killed, or one that goes on. */
static void after_the_cut(unsigned n)
{
    fault.at = 0;
    if (n % 2)
        life_restart();
}

static unsigned sweep_unlock(enum bk_fault_kind kind)
{
    struct bk_buf state = BK_BUF_INIT;
    unsigned n = 1;
    life_issue_both();
    life_lock_it();
    mh_save(&h, &state);
    for (bool fired = true; fired; n++) {
        life_restart();
        mh_restore(&h, &state);
        mh_new_unlock(&h);
        fault = (struct bk_fault){.kind = kind, .at = n};
        CK_RV rv = mh_unlock(&h, 0, NEW_PIN);
        fired = fault.fired;
        after_the_cut(n);
        if (rv != CKR_OK)
            rv = mh_unlock(&h, 0, NEW_PIN);
        ck_assert_msg(rv == CKR_OK, "unlock, %s at %u: %lx", fault_names[kind], n, rv);
        CK_SESSION_HANDLE s = mh_try_login(&h, 0, NEW_PIN);
        ck_assert_msg(s != 0, "unlock, %s at %u: the PIN", fault_names[kind], n);
        ck_assert_msg(mh_identity_works(&h, s), "unlock, %s at %u", fault_names[kind], n);
        ck_assert_uint_ge(life_admin_left(), 9);
    }
    bk_buf_free(&state);
    return n;
}

START_TEST(unlock_cut_at_every_exchange)
{
    life_start(BK_VKEY_GMT0017, BK_VKEY_DIRECT, NULL);
    unsigned n = sweep_unlock((enum bk_fault_kind)_i);
    ck_assert_uint_gt(n, 15);
    life_teardown();
}
END_TEST

START_TEST(unlock_cut_admin_first_longmai)
{
    life_start(BK_VKEY_LONGMAI, BK_VKEY_ADMIN_FIRST, NULL);
    ck_assert_uint_gt(sweep_unlock((enum bk_fault_kind)_i), 15);
    life_teardown();
}
END_TEST

static unsigned sweep_renewal(enum bk_fault_kind kind, bool sm2, CK_FLAGS flags)
{
    struct bk_buf state = BK_BUF_INIT;
    CK_BJCA_RENEW_STATE st;
    const char *name = sm2 ? "personalCert01" : "personalCert00";
    CK_SLOT_ID slot = sm2 ? 1 : 0;
    CK_KEY_TYPE type = sm2 ? CKK_SM2 : CKK_RSA;
    unsigned n = 1;
    life_issue_both();
    mh_save(&h, &state);
    for (bool fired = true; fired; n++) {
        life_restart();
        mh_restore(&h, &state);
        CK_SESSION_HANDLE s = mh_login(&h, slot);
        fault = (struct bk_fault){.kind = kind, .at = n};
        CK_RV first = mh_renew(&h, s, name, type, flags);
        fired = fault.fired;
        after_the_cut(n);
        s = mh_try_login(&h, slot, MH_PIN);
        ck_assert_msg(s != 0, "renewal, %s at %u: the PIN", fault_names[kind], n);
        /* as the cut left it: there is a certificate, and it works */
        ck_assert_msg(mh_identity_works(&h, s), "renewal, after %s at %u", fault_names[kind], n);
        ck_assert_uint_eq(life_renewed(s, name, &st), CKR_OK);
        bool there = flags ? first == CKR_OK : st.currentGeneration == 1;
        CK_RV rv = there ? CKR_OK : mh_renew(&h, s, name, type, flags);
        ck_assert_msg(rv == CKR_OK, "renewal, %s at %u: %lx", fault_names[kind], n, rv);
        ck_assert_uint_eq(life_renewed(s, name, &st), CKR_OK);
        ck_assert_uint_eq(st.currentGeneration, flags ? 0 : 1);
        ck_assert_uint_eq(st.state, CK_BJCA_RENEW_NONE);
        ck_assert_msg(mh_identity_works(&h, s), "renewed, %s at %u", fault_names[kind], n);
    }
    bk_buf_free(&state);
    return n;
}

/* A name that isn't there yet. */
START_TEST(first_issue_cut_at_every_exchange)
{
    struct bk_buf state = BK_BUF_INIT;
    unsigned n = 1;
    life_start(BK_VKEY_GMT0017, BK_VKEY_DIRECT, NULL);
    mh_save(&h, &state);
    for (bool fired = true; fired; n++) {
        life_restart();
        mh_restore(&h, &state);
        CK_SESSION_HANDLE s = mh_login(&h, 1);
        fault = (struct bk_fault){.kind = (enum bk_fault_kind)_i, .at = n};
        (void)mh_renew(&h, s, "personalCert01", CKK_SM2, 0);
        fired = fault.fired;
        after_the_cut(n);
        s = mh_try_login(&h, 1, MH_PIN);
        CK_RV rv = mh_renew(&h, s, "personalCert01", CKK_SM2, 0);
        ck_assert_msg(rv == CKR_OK, "first issue, %s at %u: %lx", fault_names[_i], n, rv);
        ck_assert_msg(mh_identity_works(&h, s), "first issue, %s at %u", fault_names[_i], n);
    }
    bk_buf_free(&state);
    life_teardown();
}
END_TEST

/* Cut between the old certificate and the new one, and then given up: the old one comes back. */
START_TEST(a_kept_key_survives_an_abort_after_a_cut)
{
    struct bk_buf state = BK_BUF_INIT;
    unsigned n = 1;
    life_setup();
    life_issue_both();
    mh_save(&h, &state);
    for (bool fired = true; fired; n++) {
        life_restart();
        mh_restore(&h, &state);
        CK_SESSION_HANDLE s = mh_login(&h, 0);
        fault = (struct bk_fault){.kind = BK_FAULT_PULL, .at = n};
        (void)mh_renew(&h, s, "personalCert00", CKK_RSA, CKF_BJCA_KEEP_KEY);
        fired = fault.fired;
        fault.at = 0;
        life_restart();
        s = mh_login(&h, 0);
        CK_RV rv = h.v->BJCA_RenewAbort(s, (const CK_UTF8CHAR *)"personalCert00");
        ck_assert_msg(rv == CKR_OK, "abort after a cut at %u: %lx", n, rv);
        ck_assert_msg(mh_identity_works(&h, s), "abort after a cut at %u", n);
    }
    bk_buf_free(&state);
    life_teardown();
}
END_TEST

START_TEST(sm2_renewal_cut_at_every_exchange)
{
    life_start(BK_VKEY_GMT0017, BK_VKEY_DIRECT, NULL);
    ck_assert_uint_gt(sweep_renewal((enum bk_fault_kind)_i, true, 0), 40);
    life_teardown();
}
END_TEST

START_TEST(rsa_renewal_cut_at_every_exchange)
{
    life_start(BK_VKEY_GMT0017, BK_VKEY_DIRECT, NULL);
    ck_assert_uint_gt(sweep_renewal((enum bk_fault_kind)_i, false, 0), 40);
    life_teardown();
}
END_TEST

START_TEST(longmai_renewal_cut_at_every_exchange)
{
    life_start(BK_VKEY_LONGMAI, BK_VKEY_DIRECT, NULL);
    ck_assert_uint_gt(sweep_renewal((enum bk_fault_kind)_i, true, 0), 40);
    life_teardown();
}
END_TEST

START_TEST(kept_key_renewal_cut_at_every_exchange)
{
    life_start(BK_VKEY_GMT0017, BK_VKEY_DIRECT, NULL);
    ck_assert_uint_gt(sweep_renewal((enum bk_fault_kind)_i, _i % 2, CKF_BJCA_KEEP_KEY), 30);
    life_teardown();
}
END_TEST

int main(void)
{
    bool all = long_form(); /* every kind of fault in every combination */
    Suite *suite = suite_create("key_life");
    TCase *t = life_case("login");
    tcase_add_loop_test(t, exchanges_stay_in_budget, 0, 2);
    tcase_add_test(t, a_search_reads_the_containers_of_its_slot);
    tcase_add_test(t, the_trace_shows_no_pin_and_no_plaintext);
    tcase_add_test(t, a_lost_login_is_made_again_once);
    tcase_add_test(t, a_kept_pin_that_is_refused_is_dropped);
    tcase_add_test(t, a_kept_pin_that_is_refused_is_not_sent_again);
    tcase_add_test(t, a_refused_pin_that_was_made_right_elsewhere_is_taken);
    tcase_add_test(t, a_refused_pin_is_not_sent_again_to_change_it);
    tcase_add_test(t, a_pin_is_kept_in_locked_memory);
    tcase_add_test(t, isolation_clears_the_key_after_each_use);
    tcase_set_timeout(t, 120);
    suite_add_tcase(suite, t);
    t = life_case("cuts");
    tcase_add_loop_test(t, unlock_cut_at_every_exchange, 0, BK_FAULT_KINDS);
    tcase_add_loop_test(t, unlock_cut_admin_first_longmai, all ? 0 : BK_FAULT_PULL,
                        all ? BK_FAULT_KINDS : BK_FAULT_PULL + 1);
    tcase_add_loop_test(t, first_issue_cut_at_every_exchange, all ? 0 : BK_FAULT_LOSE,
                        all ? BK_FAULT_KINDS : BK_FAULT_PULL + 1);
    tcase_add_test(t, a_kept_key_survives_an_abort_after_a_cut);
    tcase_add_loop_test(t, sm2_renewal_cut_at_every_exchange, 0, BK_FAULT_KINDS);
    tcase_add_loop_test(t, rsa_renewal_cut_at_every_exchange, all ? 0 : BK_FAULT_PULL,
                        all ? BK_FAULT_KINDS : BK_FAULT_PULL + 1);
    tcase_add_loop_test(t, longmai_renewal_cut_at_every_exchange, all ? 0 : BK_FAULT_LOSE,
                        all ? BK_FAULT_KINDS : BK_FAULT_LOSE + 1);
    tcase_add_loop_test(t, kept_key_renewal_cut_at_every_exchange, 0, BK_FAULT_KINDS);
    tcase_set_timeout(t, 900);
    tcase_set_tags(t, "cuts"); /* minutes: ./check runs them with the other cuts */
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
