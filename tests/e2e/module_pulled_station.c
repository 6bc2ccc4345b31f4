/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A key that is pulled from a production station in the middle of its work: what was begun is begun
 * again. Run by tests/e2e/module-pulled, on a key whose administrator PIN and device key are these.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pcsc_cut.h"
#include "runner.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define SO_PIN "Admin-of-station"
#define OLD "old"

static CK_BYTE device_key[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
static const char *const pins[2] = {"first-pin", "second-pin"};
static CK_SESSION_HANDLE so;

static CK_RV log_in(CK_USER_TYPE user, const char *pin, CK_SESSION_HANDLE *s)
{
    ck_assert_uint_eq(h.f->C_OpenSession(0, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, s),
                      CKR_OK);
    return h.f->C_Login(*s, user, (CK_BYTE *)(uintptr_t)pin, strlen(pin));
}

static void nobody(void)
{
    ck_assert_uint_eq(h.f->C_CloseAllSessions(0), CKR_OK);
    ck_assert_uint_eq(h.f->C_CloseAllSessions(1), CKR_OK);
}

static void administrator(void)
{
    nobody();
    ck_assert_uint_eq(log_in(CKU_SO, SO_PIN, &so), CKR_OK);
}

/* --- the calls
 * --------------------------------------------------------------------------------------*/

static CK_RV so_log_in(void)
{
    return log_in(CKU_SO, SO_PIN, &so);
}

static CK_RV init_token(void)
{
    CK_UTF8CHAR label[33] = "Batch 7                         ";
    return h.f->C_InitToken(0, (CK_BYTE *)SO_PIN, strlen(SO_PIN), label);
}

static CK_RV init_pin_to(const char *pin)
{
    return h.f->C_InitPIN(so, (CK_BYTE *)(uintptr_t)pin, strlen(pin));
}

static CK_RV init_pin(void)
{
    return init_pin_to(pins[1]);
}

static CK_RV personalise(void)
{
    CK_BJCA_PERSONALISE p = {.ulSize = sizeof p,
                             .flags = CKF_BJCA_ERASE,
                             .deviceKey = device_key,
                             .deviceKeyLen = sizeof device_key,
                             .label = (CK_UTF8CHAR *)"Key of production",
                             .adminPin = (CK_UTF8CHAR *)SO_PIN,
                             .adminPinLen = strlen(SO_PIN),
                             .userPin = (CK_UTF8CHAR *)(uintptr_t)pins[1],
                             .userPinLen = strlen(pins[1])};
    return h.v->BJCA_Personalise(0, &p);
}

/* --- before and after them
 * -----------------------------------------------------------------------------------------*/

/* A key with a pair on it, whose user has the first PIN. */
static void old_key(void)
{
    CK_MECHANISM m = {CKM_SM2_KEY_PAIR_GEN, NULL, 0};
    CK_ATTRIBUTE t = {CKA_LABEL, (void *)(uintptr_t)OLD, strlen(OLD)};
    CK_OBJECT_HANDLE pub = 0, priv = 0;
    CK_SESSION_HANDLE s = 0, s2 = 0;
    administrator();
    ck_assert_uint_eq(init_pin_to(pins[0]), CKR_OK);
    ck_assert_uint_eq(h.f->C_Logout(so), CKR_OK);
    ck_assert_uint_eq(log_in(CKU_USER, pins[0], &s), CKR_OK);
    ck_assert_uint_eq(h.f->C_OpenSession(1, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &s2),
                      CKR_OK);
    if (!mh_count(&h, s2, CKO_PRIVATE_KEY))
        ck_assert_uint_eq(mh_generate(&h, s2, &m, NULL, 0, &t, 1, &pub, &priv), CKR_OK);
    nobody();
}

static void old_key_with_administrator(void)
{
    old_key();
    administrator();
}

static CK_ULONG pairs_of_user(const char *pin)
{
    CK_SESSION_HANDLE s = 0, s2 = 0;
    nobody();
    ck_assert_uint_eq(log_in(CKU_USER, pin, &s), CKR_OK);
    ck_assert_uint_eq(h.f->C_OpenSession(1, CKF_SERIAL_SESSION, NULL, NULL, &s2), CKR_OK);
    CK_ULONG n = mh_count(&h, s2, CKO_PRIVATE_KEY);
    nobody();
    return n;
}

static void nothing_has_changed(void)
{
    ck_assert_uint_eq(pairs_of_user(pins[0]), 1);
}

/* It was erased, and has no user until the administrator makes one. */
static void is_erased(void)
{
    administrator();
    ck_assert_uint_eq(init_pin(), CKR_OK);
    ck_assert_uint_eq(pairs_of_user(pins[1]), 0);
}

static void has_second_pin(void)
{
    ck_assert_uint_eq(pairs_of_user(pins[1]), 1);
}

static void is_new(void)
{
    CK_BJCA_STATUS st = {.ulSize = sizeof st};
    ck_assert_uint_eq(pairs_of_user(pins[1]), 0);
    ck_assert_uint_eq(h.v->BJCA_GetStatus(0, &st), CKR_OK);
    ck_assert_str_eq((char *)st.label, "Key of production");
}

/* One of the two PINs is the user's at any time. */
static void has_one_pin(void)
{
    CK_SESSION_HANDLE s = 0;
    CK_RV rv = log_in(CKU_USER, pins[0], &s);
    nobody();
    if (rv == CKR_OK)
        return;
    ck_assert_uint_eq(rv, CKR_PIN_INCORRECT);
    has_second_pin();
}

static const struct call {
    const char *name;
    void (*prepare)(void);
    CK_RV (*call)(void);
    void (*cut)(void);       /* what holds after a cut: */
    void (*to_repeat)(void); /* before it is called again, */
    void (*is)(void);        /* and what holds after it */
    bool logs_out;           /* at its end, when all is done: that is well without the key, too */
} calls[] = {
    {"C_Login, administrator", old_key, so_log_in, nothing_has_changed, nobody, nothing_has_changed,
     true},
    {"C_InitPIN", old_key_with_administrator, init_pin, has_one_pin, administrator, has_second_pin,
     true},
    {"C_InitToken", old_key, init_token, NULL, nobody, is_erased, true},
    {"BJCA_Personalise", old_key, personalise, NULL, nobody, is_new, false},
};

/* No try is spent, and the right PIN or device key isn't refused, whether the key is empty now,
 * half made, or what it was. */
static void cut(const struct call *c, unsigned at, bool after, bool done)
{
    bool happened = false;
    CK_RV rv = CKR_OK;
    for (int i = 0; i < 3; i++) {
        c->prepare();
        pc_cut_at(at, after, pc_cut_pull);
        rv = c->call();
        unsigned seen = pc_cut_over(&happened);
        if (happened)
            break;
        c->is();
        at = seen;
    }
    ck_assert_msg(happened && (rv == CKR_DEVICE_REMOVED || (done && rv == CKR_OK)),
                  "%s, command %u: %lx", c->name, at, rv);
    pc_control("insert");
    pc_wait_key(CK_UNAVAILABLE_INFORMATION);
    if (c->cut)
        c->cut();
    c->to_repeat();
    rv = c->call();
    ck_assert_msg(rv == CKR_OK, "%s again, after command %u: %lx", c->name, at, rv);
    c->is();
}

START_TEST(pulled_inside_a_stations_call)
{
    const struct call *c = &calls[_i];
    c->prepare();
    pc_cut_at(0, false, NULL);
    ck_assert_uint_eq(c->call(), CKR_OK);
    unsigned n = pc_cut_over(NULL);
    printf("%s: %u commands\n", c->name, n);
    c->is();
    ck_assert_uint_ge(n, 2);
    cut(c, 1, false, false);
    cut(c, n / 2, true, false);
    cut(c, n, false, c->logs_out);
    cut(c, n, true, c->logs_out);
}
END_TEST

static void initialise(void)
{
    mh_load(&h, getenv("P11_MODULE"));
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
}

int main(void)
{
    if (!pc_is_there())
        return 77; /* not under with-key --pcsc: make check skips it */
    Suite *suite = suite_create("pulled from a station");
    TCase *t = tcase_create("station");
    tcase_add_checked_fixture(t, initialise, pc_teardown);
    tcase_set_timeout(t, 120);
    tcase_add_loop_test(t, pulled_inside_a_stations_call, 0, (int)COUNT(calls));
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
