/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the vendor's calls answer that ask a key, unlock it and make it ready: rows with the words
 * of bjca-pkcs11.h that say so. tests/house/vendor-codes sees to it that each code there has one.
 */
#include <check.h>
#include <openssl/x509.h>
#include <stddef.h>
#include <string.h>

#include "life.h"
#include "rows.h"
#include "runner.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define NAME(text) ((const CK_UTF8CHAR *)(text))
#define STATION "[module]\nproduction-station = yes\n"

#define ROOM                                                                                       \
    "Where an output buffer is given with a length, NULL asks for the length, and "                \
    "CKR_BUFFER_TOO_SMALL sets it"
#define SIZES "Structures begin with ulSize, set by the caller to sizeof what it was compiled with"

static CK_BYTE out[CK_BJCA_MESSAGE_MAX];
static CK_ULONG len;

/* --- asking
 * --------------------------------------------------------------------------------------*/

#define LAST "The details of this thread's last failure; CKR_OK also when there was none"

START_TEST(errors_and_status)
{
    CK_BJCA_ERROR e = {.ulSize = sizeof e}, none = {0};
    CK_BJCA_STATUS status = {.ulSize = sizeof status}, small = {0};
    life_setup();
    VENDOR(LAST, CKR_OK, BJCA_GetError(&e));
    row(LAST, CKR_OK, e.rv, "rv");
    VENDOR(SIZES, CKR_ARGUMENTS_BAD, BJCA_GetStatus(0, &small));
    VENDOR(LAST, CKR_OK, BJCA_GetError(&e));
    row(LAST, CKR_ARGUMENTS_BAD, e.rv, "rv");
    VENDOR(SIZES, CKR_ARGUMENTS_BAD, BJCA_GetError(&none));
    VENDOR("One call for a tool's status line. No session is needed.", CKR_OK,
           BJCA_GetStatus(0, &status));
    row(LAST, 10, status.userTriesLeft, "userTriesLeft");
    rows_end(8);
    life_teardown();
}
END_TEST

#define UNKNOWN "no container or file of this name"

START_TEST(containers_and_certificates)
{
    CK_BJCA_CONTAINER list[4] = {{.ulSize = sizeof list[0]}};
    const CK_UTF8CHAR *name = NAME("personalCert00");
    CK_ULONG all = 0;
    life_setup();
    life_issue_both();
    VENDOR(ROOM, CKR_OK, BJCA_GetContainers(0, NULL, &all));
    row(ROOM, 2, all, "containers");
    len = all - 1;
    VENDOR(ROOM, CKR_BUFFER_TOO_SMALL, BJCA_GetContainers(0, list, &len));
    row(ROOM, all, len, "containers that there is no room for");
    VENDOR(ROOM, CKR_OK, BJCA_GetContainers(0, list, &len));
    VENDOR(ROOM, CKR_ARGUMENTS_BAD, BJCA_GetContainers(0, list, NULL));
    list[0].ulSize = 0;
    VENDOR(SIZES, CKR_ARGUMENTS_BAD, BJCA_GetContainers(0, list, &len));
    VENDOR(ROOM, CKR_OK, BJCA_GetCertificate(0, name, 0, CK_BJCA_SIGNING, NULL, &all));
    len = all - 1;
    VENDOR(ROOM, CKR_BUFFER_TOO_SMALL, BJCA_GetCertificate(0, name, 0, CK_BJCA_SIGNING, out, &len));
    row(ROOM, all, len, "a certificate that there is no room for");
    VENDOR("A certificate in DER; which is SIGNING or ENCRYPTION.", CKR_OK,
           BJCA_GetCertificate(0, name, 0, CK_BJCA_SIGNING, out, &len));
    row("DER", 0x30, out[0], "a certificate");
    VENDOR("A certificate in DER; which is SIGNING or ENCRYPTION.", CKR_ARGUMENTS_BAD,
           BJCA_GetCertificate(0, name, 0, 2, out, &len));
    VENDOR(ROOM, CKR_ARGUMENTS_BAD, BJCA_GetCertificate(0, name, 0, CK_BJCA_SIGNING, out, NULL));
    VENDOR(UNKNOWN, CKR_BJCA_UNKNOWN_NAME,
           BJCA_GetCertificate(0, name, 7, CK_BJCA_SIGNING, out, &len));
    VENDOR(UNKNOWN, CKR_BJCA_UNKNOWN_NAME,
           BJCA_GetCertificate(0, NAME("x"), 0, CK_BJCA_SIGNING, out, &len));
    rows_end(16);
    life_teardown();
}
END_TEST

static void expect_time(const ASN1_TIME *t, const CK_UTF8CHAR *told)
{
    ASN1_GENERALIZEDTIME *g = ASN1_TIME_to_generalizedtime(t, NULL);
    ck_assert_ptr_nonnull(g);
    ck_assert_str_eq((const char *)ASN1_STRING_get0_data(g), (const char *)told);
    ASN1_GENERALIZEDTIME_free(g);
}

static void expect_validity(const CK_BJCA_CONTAINER *c, CK_ULONG which)
{
    CK_BYTE der[4096];
    const CK_BYTE *at = der;
    CK_ULONG n = sizeof der;
    ck_assert_uint_eq(h.v->BJCA_GetCertificate(0, c->name, c->generation, which, der, &n), CKR_OK);
    X509 *x = d2i_X509(NULL, &at, (long)n);
    ck_assert_ptr_nonnull(x);
    bool sign = which == CK_BJCA_SIGNING;
    expect_time(X509_get0_notBefore(x), sign ? c->signNotBefore : c->encNotBefore);
    expect_time(X509_get0_notAfter(x), sign ? c->signNotAfter : c->encNotAfter);
    X509_free(x);
}

START_TEST(how_long_certificates_are_valid)
{
    CK_BJCA_CONTAINER list[4] = {{.ulSize = sizeof list[0]}};
    CK_ULONG n = COUNT(list);
    life_setup();
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(h.v->BJCA_CreateContainer(s, NAME("empty")), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_GetContainers(0, list, &n), CKR_OK);
    ck_assert_uint_eq(n, 3);
    for (CK_ULONG i = 0; i < n; i++) {
        ck_assert_int_eq(list[i].signNotBefore[0] != 0, list[i].hasSigningCert);
        ck_assert_int_eq(list[i].encNotAfter[0] != 0, list[i].hasEncryptionCert);
        if (list[i].hasSigningCert)
            expect_validity(&list[i], CK_BJCA_SIGNING);
        if (list[i].hasEncryptionCert)
            expect_validity(&list[i], CK_BJCA_ENCRYPTION);
    }
    life_teardown();
}
END_TEST

/* A program that was compiled when elements were shorter gets those. */
START_TEST(shorter_elements)
{
    CK_BJCA_CONTAINER list[4] = {{.ulSize = sizeof list[0]}};
    const CK_ULONG shorter = offsetof(CK_BJCA_CONTAINER, signNotBefore);
    CK_BYTE old[sizeof list];
    CK_ULONG n = COUNT(list);
    life_setup();
    life_issue_both();
    ck_assert_uint_eq(h.v->BJCA_GetContainers(0, list, &n), CKR_OK);
    memset(old, 0xa5, sizeof old);
    memcpy(old, &shorter, sizeof shorter);
    ck_assert_uint_eq(h.v->BJCA_GetContainers(0, (CK_BJCA_CONTAINER *)(void *)old, &n), CKR_OK);
    for (CK_ULONG i = 0; i < n; i++) {
        ck_assert_uint_eq(list[i].ulSize, sizeof list[i]);
        list[i].ulSize = shorter;
        ck_assert_mem_eq(old + i * shorter, &list[i], shorter);
    }
    ck_assert_uint_eq(old[n * shorter], 0xa5);
    life_teardown();
}
END_TEST

#define CHECK_PIN                                                                                  \
    "Whether the key would take it as a new user PIN (CKR_PIN_LEN_RANGE, CKR_PIN_INVALID); "       \
    "nothing is sent."

START_TEST(pins_to_come)
{
    life_setup();
    (void)life_token_flags();
    (void)mh_exchanges(&h);
    VENDOR(CHECK_PIN, CKR_OK, BJCA_CheckPIN(0, NAME("123456"), 6));
    VENDOR(CHECK_PIN, CKR_OK, BJCA_CheckPIN(0, NAME("1234567890123456"), 16));
    VENDOR(CHECK_PIN, CKR_PIN_LEN_RANGE, BJCA_CheckPIN(0, NAME("12345"), 5));
    VENDOR(CHECK_PIN, CKR_PIN_LEN_RANGE, BJCA_CheckPIN(0, NAME("12345678901234567"), 17));
    VENDOR(CHECK_PIN, CKR_PIN_LEN_RANGE, BJCA_CheckPIN(0, NAME(""), 0));
    VENDOR(CHECK_PIN, CKR_PIN_INVALID, BJCA_CheckPIN(0, NAME("1234\0567"), 8));
    VENDOR(CHECK_PIN, CKR_PIN_INVALID, BJCA_CheckPIN(0, NAME("new\npin"), 7));
    VENDOR(CHECK_PIN, CKR_ARGUMENTS_BAD, BJCA_CheckPIN(0, NULL, 8));
    row(CHECK_PIN, 0, mh_exchanges(&h), "exchanges");
    rows_end(9);
    life_teardown();
}
END_TEST

/* --- unlock
 * --------------------------------------------------------------------------------------*/

#define MESSAGES "the messages of an unlock alone want CK_BJCA_MESSAGE_MAX bytes of room at once"
#define BUSY "all other calls on it get CKR_DEVICE_ERROR, \"busy\" in BJCA_GetError"
#define AS_IT_WAS                                                                                  \
    "Only what Step refuses before it looks at the answer leaves the unlock as it was, to be "     \
    "stepped again or cancelled: CKR_PIN_LEN_RANGE, CKR_PIN_INVALID, CKR_ARGUMENTS_BAD, "          \
    "CKR_BUFFER_TOO_SMALL."
#define GONE "the handle is gone (Step and Cancel say CKR_BJCA_KEY_CHANGED of it)"

/* A PIN of n characters, with everything else as it should be. */
#define STEP(u, pin, n)                                                                            \
    BJCA_UnlockStep(u, answer.data, answer.len, pin, n, out, (len = sizeof out, &len), &done)

START_TEST(steps_of_an_unlock)
{
    const CK_UTF8CHAR *pin = NAME("my-new-pin");
    CK_BJCA_ERROR e = {.ulSize = sizeof e};
    CK_BJCA_STATUS status = {.ulSize = sizeof status};
    CK_BJCA_UNLOCK u = 0, second = 0;
    CK_BBOOL done = 0;
    struct bk_buf answer = BK_BUF_INIT;
    life_setup();
    len = sizeof out - 1;
    VENDOR(MESSAGES, CKR_BUFFER_TOO_SMALL, BJCA_UnlockBegin(0, &u, out, &len));
    VENDOR(MESSAGES, CKR_ARGUMENTS_BAD, BJCA_UnlockBegin(0, &u, NULL, &len));
    len = sizeof out;
    VENDOR("No log-in; works on a locked key.", CKR_OK, BJCA_UnlockBegin(0, &u, out, &len));
    ck_assert(mh_answer(&h, out, len, &answer));
    len = sizeof out;
    VENDOR(BUSY, CKR_DEVICE_ERROR, BJCA_UnlockBegin(0, &second, out, &len));
    VENDOR(BUSY, CKR_OK, BJCA_GetError(&e));
    row(BUSY, 1, strstr((char *)e.text, "busy") != NULL, "text");
    VENDOR(BUSY, CKR_DEVICE_ERROR, BJCA_GetStatus(1, &status));
    VENDOR(AS_IT_WAS, CKR_PIN_LEN_RANGE, STEP(u, pin, 5));
    VENDOR(AS_IT_WAS, CKR_PIN_LEN_RANGE, STEP(u, NAME("12345678901234567"), 17));
    VENDOR(AS_IT_WAS, CKR_PIN_INVALID, STEP(u, NAME("a\ttab-stop"), 10));
    VENDOR(AS_IT_WAS, CKR_ARGUMENTS_BAD, STEP(u, NULL, 8));
    len = sizeof out - 1;
    VENDOR(AS_IT_WAS, CKR_BUFFER_TOO_SMALL,
           BJCA_UnlockStep(u, answer.data, answer.len, pin, 10, out, &len, &done));
    VENDOR("gives the next request", CKR_OK, STEP(u, pin, 10));
    row(AS_IT_WAS, CK_FALSE, done, "done");
    VENDOR("the platform's message says no, or isn't for this key", CKR_BJCA_REFUSED,
           STEP(u, pin, 10));
    VENDOR(GONE, CKR_BJCA_KEY_CHANGED, STEP(u, pin, 10));
    VENDOR(GONE, CKR_BJCA_KEY_CHANGED, BJCA_UnlockCancel(u));
    len = sizeof out;
    VENDOR("unplugged, reset or too slow: begin again", CKR_OK,
           BJCA_UnlockBegin(0, &second, out, &len));
    VENDOR(GONE, CKR_BJCA_KEY_CHANGED, BJCA_UnlockCancel(u));
    VENDOR("to be stepped again or cancelled", CKR_OK, BJCA_UnlockCancel(second));
    VENDOR(GONE, CKR_BJCA_KEY_CHANGED, BJCA_UnlockCancel(second));
    VENDOR("a handle; 0 is none", CKR_BJCA_KEY_CHANGED, BJCA_UnlockCancel(0));
    row(AS_IT_WAS, 10, life_admin_left(), "administrator tries");
    rows_end(23);
    bk_buf_free(&answer);
    life_teardown();
}
END_TEST

/* The platform has a wrong administrator PIN, which costs a try a time. */
START_TEST(few_administrator_tries)
{
    const CK_UTF8CHAR *pin = NAME("my-new-pin");
    CK_BJCA_UNLOCK u = 0;
    CK_BBOOL done = 0;
    struct bk_buf answer = BK_BUF_INIT;
    life_setup();
    for (CK_ULONG left = 10; left >= 4; left--) {
        mh_new_unlock(&h);
        memcpy(h.admin, "not-the-real-one", sizeof h.admin);
        len = sizeof out;
        ck_assert_uint_eq(h.v->BJCA_UnlockBegin(0, &u, out, &len), CKR_OK);
        ck_assert(mh_answer(&h, out, len, &answer));
        if (left > 4) {
            ck_assert_uint_eq(h.v->STEP(u, pin, 10), CKR_OK);
            ck_assert_uint_eq(h.v->BJCA_UnlockCancel(u), CKR_OK);
        }
    }
    VENDOR("fewer than 4 administrator tries: not risked", CKR_BJCA_ADMIN_LOW, STEP(u, pin, 10));
    VENDOR("Begin refuses with CKR_BJCA_ADMIN_LOW below 4 administrator tries.", CKR_BJCA_ADMIN_LOW,
           BJCA_UnlockBegin(0, &u, out, &len));
    row("Begin refuses", 3, life_admin_left(), "administrator tries");
    rows_end(3);
    bk_buf_free(&answer);
    life_teardown();
}
END_TEST

/* --- production
 * ----------------------------------------------------------------------------------*/

#define ON_A_STATION                                                                               \
    "Only where bjca.conf says `production-station = yes` (else CKR_FUNCTION_NOT_SUPPORTED), and " \
    "with no session open on the key (CKR_SESSION_EXISTS)."
#define CHECKED                                                                                    \
    "all of it is checked before the key is asked for anything: CKR_ARGUMENTS_BAD, "               \
    "CKR_PIN_LEN_RANGE, CKR_PIN_INVALID (characters)."
#define WRONG_KEY                                                                                  \
    "CKR_PIN_INCORRECT is a wrong device key, which costs one of its tries and isn't sent again "  \
    "to this key until it is plugged in anew"
#define ERASE "Any application that is there is CKR_ACTION_PROHIBITED without CKF_BJCA_ERASE"
#define EMPTY "only said on a machine that produces keys, else CKR_TOKEN_NOT_RECOGNIZED"

static uint8_t device_key[16] = {1, 2, 3, 4, 5, 6, 7, 8}, other_key[16];
static CK_UTF8CHAR long_text[40], admin_pin[] = MH_ADMIN, user_pin[] = "12\t45678\0" MH_PIN;

static CK_BJCA_PERSONALISE params(void)
{
    CK_BJCA_PERSONALISE p = {.ulSize = sizeof p,
                             .deviceKey = device_key,
                             .deviceKeyLen = 16,
                             .adminPin = admin_pin,
                             .adminPinLen = 16,
                             .userPin = user_pin + 9,
                             .userPinLen = 8};
    memset(long_text, 'x', sizeof long_text - 1);
    return p;
}

/* A key from the factory: no application. */
static void start_empty(const char *more)
{
    struct bk_readers *readers = NULL;
    life_start_key(&(struct bk_vkey_params){.device_key = device_key}, more);
    struct bk_token *other = life_other(&readers);
    ck_assert_int_eq(bk_card_dev_auth(other->card, device_key), BK_OK);
    ck_assert_int_eq(bk_card_delete_application(other->card, BK_VKEY_APPLICATION), BK_OK);
    life_other_free(&other, &readers);
    life_restart();
}

START_TEST(who_makes_keys_ready)
{
    CK_BJCA_PERSONALISE p = params();
    CK_BJCA_STATUS status = {.ulSize = sizeof status};
    CK_SESSION_HANDLE s = 0;
    start_empty(NULL);
    VENDOR(EMPTY, CKR_TOKEN_NOT_RECOGNIZED, BJCA_GetStatus(0, &status));
    VENDOR(ON_A_STATION, CKR_FUNCTION_NOT_SUPPORTED, BJCA_Personalise(0, &p));
    life_teardown();
    start_empty(STATION);
    VENDOR(EMPTY, CKR_OK, BJCA_GetStatus(0, &status));
    row(EMPTY, CKF_BJCA_EMPTY, status.flags, "flags");
    VENDOR(ON_A_STATION, CKR_OK, BJCA_Personalise(0, &p));
    VENDOR(EMPTY, CKR_OK, BJCA_GetStatus(0, &status));
    row(EMPTY, 0, status.flags & CKF_BJCA_EMPTY, "flags");
    ROW("5.6.1", CKR_OK, C_OpenSession(1, CKF_SERIAL_SESSION, NULL, NULL, &s));
    VENDOR(ON_A_STATION, CKR_SESSION_EXISTS, BJCA_Personalise(0, &p));
    ROW("5.6.2", CKR_OK, C_CloseSession(s));
    VENDOR(ERASE, CKR_ACTION_PROHIBITED, BJCA_Personalise(0, &p));
    p.flags = CKF_BJCA_ERASE;
    VENDOR(ERASE, CKR_OK, BJCA_Personalise(0, &p));
    rows_end(12);
    life_teardown();
}
END_TEST

/* One thing of a good call is spoilt. */
#define SPOILT(change)                                                                             \
    do {                                                                                           \
        p = params();                                                                              \
        change;                                                                                    \
        VENDOR(CHECKED, CKR_ARGUMENTS_BAD, BJCA_Personalise(0, &p));                               \
    } while (0)

START_TEST(what_a_key_is_made_ready_with)
{
    CK_BJCA_PERSONALISE p;
    start_empty(STATION);
    (void)life_token_flags();
    (void)mh_exchanges(&h);
    VENDOR(CHECKED, CKR_ARGUMENTS_BAD, BJCA_Personalise(0, NULL));
    SPOILT(p.ulSize = 16);
    SPOILT(p.flags = 2);
    SPOILT(p.deviceKey = NULL);
    SPOILT(p.deviceKeyLen = 15);
    SPOILT((p.newDeviceKey = other_key, p.newDeviceKeyLen = 17));
    SPOILT(p.label = long_text);
    SPOILT(p.application = long_text);
    SPOILT(p.application = long_text + sizeof long_text - 1);
    SPOILT(p.adminPin = NULL);
    SPOILT(p.userPin = NULL);
    SPOILT(p.adminTries = 16);
    SPOILT(p.userTries = 16);
    SPOILT(p.containers = 1000);
    SPOILT(p.certificates = 1000);
    SPOILT(p.files = 1000);
    p = params();
    p.adminPinLen = 5;
    VENDOR(CHECKED, CKR_PIN_LEN_RANGE, BJCA_Personalise(0, &p));
    p = params();
    p.userPinLen = 17;
    VENDOR(CHECKED, CKR_PIN_LEN_RANGE, BJCA_Personalise(0, &p));
    p = params();
    p.userPin = user_pin;
    VENDOR(CHECKED, CKR_PIN_INVALID, BJCA_Personalise(0, &p));
    row(CHECKED, 0, mh_exchanges(&h), "exchanges");
    rows_end(20);
    life_teardown();
}
END_TEST

START_TEST(wrong_device_keys)
{
    CK_BJCA_PERSONALISE p = params();
    CK_BJCA_ERROR e = {.ulSize = sizeof e};
    start_empty(STATION);
    p.deviceKey = other_key;
    for (CK_ULONG left = 9; left > 0; left--) {
        other_key[0] = (uint8_t)left;
        VENDOR(WRONG_KEY, CKR_PIN_INCORRECT, BJCA_Personalise(0, &p));
        VENDOR(WRONG_KEY, CKR_OK, BJCA_GetError(&e));
        row(WRONG_KEY, left, e.triesLeft, "tries");
        VENDOR(WRONG_KEY, CKR_PIN_INCORRECT, BJCA_Personalise(0, &p));
    }
    other_key[0] = 77;
    VENDOR(WRONG_KEY, CKR_PIN_LOCKED, BJCA_Personalise(0, &p));
    p = params();
    VENDOR("CKR_PIN_LOCKED: it has none left.", CKR_PIN_LOCKED, BJCA_Personalise(0, &p));
    rows_end(38);
    life_teardown();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("vendor codes");
    TCase *t = life_case("vendor codes");
    tcase_add_test(t, errors_and_status);
    tcase_add_test(t, containers_and_certificates);
    tcase_add_test(t, how_long_certificates_are_valid);
    tcase_add_test(t, shorter_elements);
    tcase_add_test(t, pins_to_come);
    tcase_add_test(t, steps_of_an_unlock);
    tcase_add_test(t, few_administrator_tries);
    tcase_add_test(t, who_makes_keys_ready);
    tcase_add_test(t, what_a_key_is_made_ready_with);
    tcase_add_test(t, wrong_device_keys);
    tcase_set_timeout(t, 60);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
