/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A key behind PC/SC that others are at, too: a program that holds the card, a renewal elsewhere,
 * and whoever pulls it. Run by tests/e2e/module-pcsc.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <winscard.h>

#include "crypto/pubkey.h"
#include "pcsc.h"
#include "runner.h"

static double now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* --- other processes on the same key
 * ------------------------------------------------------------*/

/* The card is this child's, from now on for so long. */
static pid_t hold_card(long ms)
{
    int held[2];
    char byte = 0;
    ck_assert_int_eq(pipe(held), 0);
    pid_t child = fork();
    if (child == 0) {
        SCARDHANDLE card = pc_connect_card();
        bool good = SCardBeginTransaction(card) == SCARD_S_SUCCESS && write(held[1], "h", 1) == 1;
        pc_nap(ms);
        _exit(good && SCardEndTransaction(card, SCARD_LEAVE_CARD) == SCARD_S_SUCCESS ? 0 : 1);
    }
    ck_assert_int_eq(read(held[0], &byte, 1), 1);
    (void)close(held[0]);
    (void)close(held[1]);
    return child;
}

/* What another program does in a transaction is waited for, with one exchange as with a sequence,
 * and costs nothing; who asks the module and not the key doesn't wait. */
START_TEST(a_card_that_another_program_holds_is_waited_for)
{
    enum { HELD_MS = 5000 };
    const char *pin = getenv("KEY_PIN");
    for (int sequence = 0; sequence < 2; sequence++) {
        CK_ULONG n = 0;
        CK_SESSION_INFO info;
        if (sequence)
            ck_assert_uint_eq(h.f->C_Logout(session), CKR_OK);
        pid_t child = hold_card(HELD_MS);
        double begun = now();
        ck_assert_uint_eq(h.f->C_GetSlotList(1, NULL, &n), CKR_OK);
        ck_assert_uint_eq(n, 2);
        ck_assert_uint_eq(h.f->C_GetSessionInfo(session, &info), CKR_OK);
        ck_assert_double_lt(now() - begun, HELD_MS / 2000.0);
        ck_assert_uint_eq(
            sequence ? h.f->C_Login(session, CKU_USER, (CK_BYTE *)(uintptr_t)pin, strlen(pin))
                     : pc_sign(),
            CKR_OK);
        ck_assert_double_gt(now() - begun, HELD_MS / 2000.0);
        ck_assert_double_lt(now() - begun, HELD_MS / 1000.0 + 5);
        pc_expect_good(child);
    }
    ck_assert_uint_eq(pc_tries(), 10);
}
END_TEST

#define RENEWED "personalCert01"

static bool renew_elsewhere(void)
{
    CK_BJCA_CONTAINER list[16] = {{.ulSize = sizeof list[0]}};
    CK_ULONG n = 16;
    bool good = h.f->C_Initialize(NULL) == CKR_OK && pc_log_in() &&
                mh_renew(&h, session, RENEWED, CKK_SM2, 0) == CKR_OK &&
                h.v->BJCA_GetContainers(0, list, &n) == CKR_OK;
    /* and no room is made for what was, as a program that tidies up does it */
    for (CK_ULONG i = 0; good && i < n; i++)
        if (list[i].role == CK_BJCA_HISTORY)
            good = h.v->BJCA_DeleteHistory(session, list[i].name, list[i].generation) == CKR_OK;
    return good && h.f->C_Finalize(NULL) == CKR_OK;
}

static void look_at(CK_SESSION_HANDLE s, CK_OBJECT_CLASS class, CK_ATTRIBUTE_TYPE right,
                    CK_ATTRIBUTE_TYPE type, struct bk_buf *out)
{
    CK_OBJECT_HANDLE o = mh_find(&h, s, class, right);
    ck_assert_uint_ne(o, 0);
    ck_assert(mh_bytes_attr(&h, s, o, type, out));
}

START_TEST(a_renewal_by_another_process_is_seen)
{
    struct bk_buf before = BK_BUF_INIT, after = BK_BUF_INIT, id = BK_BUF_INIT, id2 = BK_BUF_INIT;
    CK_MECHANISM m = {CKM_SM3_SM2_DER, NULL, 0};
    CK_BYTE sig[100];
    CK_ULONG len = sizeof sig;
    struct bk_pubkey pub;
    CK_SESSION_HANDLE s = mh_try_login(&h, 1, getenv("KEY_PIN"));
    CK_OBJECT_HANDLE old = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    look_at(s, CKO_CERTIFICATE, 0, CKA_VALUE, &before);
    look_at(s, CKO_PRIVATE_KEY, CKA_SIGN, CKA_ID, &id);
    ck_assert_uint_eq(h.f->C_SignInit(s, &m, old), CKR_OK);
    pid_t child = fork();
    if (child == 0)
        _exit(renew_elsewhere() ? 0 : 1);
    pc_expect_good(child);
    /* the key that the operation was begun with has gone: it doesn't become another */
    ck_assert_uint_ne(h.f->C_Sign(s, (CK_BYTE *)"text", 4, sig, &len), CKR_OK);
    look_at(s, CKO_CERTIFICATE, 0, CKA_VALUE, &after);
    look_at(s, CKO_PRIVATE_KEY, CKA_SIGN, CKA_ID, &id2);
    ck_assert(before.len != after.len || memcmp(before.data, after.data, after.len) != 0);
    ck_assert_mem_eq(id.data, id2.data, id.len);
    len = sizeof sig;
    ck_assert_uint_eq(h.f->C_SignInit(s, &m, old), CKR_KEY_HANDLE_INVALID);
    ck_assert_uint_eq(h.f->C_SignInit(s, &m, mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN)), CKR_OK);
    ck_assert_uint_eq(h.f->C_Sign(s, (CK_BYTE *)"text", 4, sig, &len), CKR_OK);
    ck_assert_int_eq(bk_pubkey_from_cert(after.data, after.len, &pub), BK_OK);
    ck_assert_int_eq(bk_pubkey_verify_message(&pub, "text", 4, sig, len), BK_OK);
    bk_buf_free(&before);
    bk_buf_free(&after);
    bk_buf_free(&id);
    bk_buf_free(&id2);
}
END_TEST

/* --- unplugged in the middle of everything
 * ------------------------------------------------------*/

static CK_RV call_number(int i, CK_SESSION_HANDLE s)
{
    CK_MECHANISM m = {CKM_SHA256_RSA_PKCS, NULL, 0}, gen = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0};
    CK_OBJECT_CLASS class = CKO_DATA;
    CK_BBOOL yes = 1;
    CK_ATTRIBUTE data[] = {{CKA_CLASS, &class, sizeof class},
                           {CKA_TOKEN, &yes, 1},
                           {CKA_VALUE, (void *)(uintptr_t) "data", 4}};
    CK_ATTRIBUTE label = {CKA_LABEL, (void *)(uintptr_t) "new", 3};
    CK_BYTE pin[] = "12345678", out[512];
    CK_ULONG len = sizeof out;
    CK_OBJECT_HANDLE a = 0, b = 0;
    CK_BJCA_STATUS st = {.ulSize = sizeof st};
    CK_TOKEN_INFO info;
    switch (i) {
    case 0:
        return h.f->C_FindObjectsInit(s, NULL, 0);
    case 1:
        return h.f->C_CreateObject(s, data, 3, &a);
    case 2:
        return h.f->C_SetAttributeValue(s, key, &label, 1);
    case 3:
        return mh_generate(&h, s, &gen, NULL, 0, NULL, 0, &a, &b);
    case 4:
        return h.f->C_SetPIN(s, pin, 8, pin, 8);
    case 5:
        return h.f->C_GetTokenInfo(0, &info);
    case 6:
        return h.v->BJCA_GetStatus(0, &st);
    case 7:
        return h.v->BJCA_RenewProve(s, (const CK_UTF8CHAR *)"personalCert00");
    case 8:
        return h.v->BJCA_ListFiles(s, NULL, &len);
    case 9: /* asks the key for nothing until the log-out */
        return h.f->C_Logout(s);
    default:
        return h.f->C_SignInit(s, &m, key) == CKR_OK
                   ? h.f->C_Sign(s, (CK_BYTE *)"text", 4, out, &len)
                   : CKR_OK;
    }
}

/* Each asks a key that has just gone. A log-out of it is one. */
START_TEST(whatever_is_asked_of_a_pulled_key)
{
    for (int i = 0; i <= 10; i++) {
        CK_SESSION_INFO si;
        pc_control("remove");
        CK_RV rv = call_number(i, session);
        ck_assert_msg(rv == (i == 9 ? CKR_OK : CKR_DEVICE_REMOVED) ||
                          ((i == 5 || i == 6) && rv == CKR_TOKEN_NOT_PRESENT),
                      "call %d: %lx", i, rv);
        rv = h.f->C_FindObjectsInit(session, NULL, 0);
        ck_assert_msg(rv == CKR_SESSION_HANDLE_INVALID || (i == 9 && rv == CKR_DEVICE_REMOVED),
                      "after call %d: %lx", i, rv);
        ck_assert_uint_eq(h.f->C_GetSessionInfo(session, &si), CKR_SESSION_HANDLE_INVALID);
        pc_control("insert");
        pc_come_back();
        ck_assert_uint_eq(pc_sign(), CKR_OK);
        ck_assert_uint_eq(pc_tries(), 10);
    }
}
END_TEST

/* --- unplugged while a call is at work
 * ----------------------------------------------------------*/

static pid_t pull_after(long ms)
{
    pid_t child = fork();
    if (child == 0) {
        pc_nap(ms);
        pc_control("remove");
        _exit(0);
    }
    return child;
}

#define NAME(text) ((const CK_UTF8CHAR *)(text))

static CK_RV long_call(int which, CK_SESSION_HANDLE s)
{
    CK_MECHANISM gen = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0};
    CK_ATTRIBUTE label = {CKA_LABEL, (void *)(uintptr_t) "pulled", 6};
    CK_OBJECT_HANDLE a = 0, b = 0;
    CK_BYTE bytes[8192] = {1};
    if (which == 0)
        return mh_generate(&h, s, &gen, NULL, 0, &label, 1, &a, &b);
    if (which == 1)
        return mh_renew(&h, s, RENEWED, CKK_SM2, 0);
    CK_RV rv = h.v->BJCA_CreateFile(s, NAME("pulled"), sizeof bytes, CK_BJCA_RIGHT_USER,
                                    CK_BJCA_RIGHT_USER);
    for (int i = 0; rv == CKR_OK && i < 20; i++)
        rv = h.v->BJCA_WriteFile(s, NAME("pulled"), 0, bytes, sizeof bytes);
    return rv;
}

/* What it had begun is taken away, or done again. */
static void put_right(int which, CK_SESSION_HANDLE s)
{
    CK_RV rv = which == 0   ? h.v->BJCA_DeleteContainer(s, NAME("pulled"))
               : which == 1 ? mh_renew(&h, s, RENEWED, CKK_SM2, 0)
                            : h.v->BJCA_DeleteFile(s, NAME("pulled"));
    ck_assert_msg(rv == CKR_OK || (which != 1 && rv == CKR_BJCA_UNKNOWN_NAME), "call %d: %lx",
                  which, rv);
}

/* At some exchange of many: it says that the key has gone, and the key is whole. */
START_TEST(pulled_in_the_middle_of_a_long_call)
{
    static const long after[] = {1, 20, 60};
    unsigned cut = 0;
    for (int i = 0; i < 9; i++) {
        pid_t child = pull_after(after[i / 3]);
        CK_RV rv = long_call(i % 3, session);
        pc_expect_good(child);
        /* the last between two calls of a renewal */
        ck_assert_msg(rv == CKR_OK || rv == CKR_DEVICE_REMOVED || rv == CKR_SESSION_HANDLE_INVALID,
                      "call %d: %lx", i, rv);
        cut += rv != CKR_OK;
        pc_control("insert");
        pc_come_back();
        ck_assert(mh_identity_works(&h, session));
        put_right(i % 3, session);
        ck_assert(mh_identity_works(&h, mh_try_login(&h, 1, getenv("KEY_PIN"))));
        ck_assert_uint_eq(pc_tries(), 10);
    }
    ck_assert_uint_ge(cut, 3);
    printf("%u of 9 calls were cut\n", cut);
}
END_TEST

/* --- unplugged in the middle of an unlock
 * -----------------------------------------------------*/

#define ROUNDS 2 /* of a platform's answer, on this key */

enum back { LATER, AT_ONCE, WHEN_NOTICED, BACKS }; /* it is put back */

static CK_BYTE request[CK_BJCA_MESSAGE_MAX];
static CK_ULONG request_len;
static CK_BBOOL done;
static struct bk_buf answer;

static CK_RV begin_unlock(CK_BJCA_UNLOCK *u)
{
    request_len = sizeof request;
    return h.v->BJCA_UnlockBegin(0, u, request, &request_len);
}

static CK_RV step_unlock(CK_BJCA_UNLOCK u)
{
    const char *pin = getenv("KEY_PIN");
    ck_assert(mh_answer(&h, request, request_len, &answer));
    request_len = sizeof request;
    return h.v->BJCA_UnlockStep(u, answer.data, answer.len, NAME(pin), strlen(pin), request,
                                &request_len, &done);
}

/* Begin, and as many answers as said. */
static CK_BJCA_UNLOCK unlock_up_to(int rounds)
{
    CK_BJCA_UNLOCK u = 0;
    h.redeemed = false; /* a new code */
    done = CK_FALSE;
    ck_assert_uint_eq(begin_unlock(&u), CKR_OK);
    for (int i = 0; i < rounds; i++)
        ck_assert_uint_eq(step_unlock(u), CKR_OK);
    ck_assert_int_eq(done, rounds == ROUNDS);
    return u;
}

static void pull(enum back back)
{
    CK_SLOT_INFO info = {.flags = CKF_TOKEN_PRESENT};
    pc_control("remove");
    for (int i = 0; back != AT_ONCE && i < 100 && (info.flags & CKF_TOKEN_PRESENT); i++) {
        if (back == WHEN_NOTICED)
            ck_assert_uint_eq(h.f->C_GetSlotInfo(0, &info), CKR_OK);
        pc_nap(10);
    }
    if (back != LATER)
        pc_control("insert");
    for (int i = 0; back == WHEN_NOTICED && i < 100 && !(info.flags & CKF_TOKEN_PRESENT); i++) {
        pc_nap(50);
        ck_assert_uint_eq(h.f->C_GetSlotInfo(0, &info), CKR_OK);
    }
}

/* Between two steps: the handle says so, no try is spent, and when the key is back a new unlock
 * works, from wherever the old one had come to. */
START_TEST(pulled_in_the_middle_of_an_unlock)
{
    CK_BJCA_ERROR e = {.ulSize = sizeof e};
    CK_BJCA_STATUS st = {.ulSize = sizeof st};
    mh_new_unlock(&h);
    for (int i = 0; i < ROUNDS * BACKS; i++) {
        CK_BJCA_UNLOCK u = unlock_up_to(i % ROUNDS);
        pull((enum back)(i / ROUNDS));
        ck_assert_uint_eq(step_unlock(u), CKR_BJCA_KEY_CHANGED);
        ck_assert_uint_eq(h.v->BJCA_GetError(&e), CKR_OK);
        ck_assert_uint_eq(e.rv, CKR_BJCA_KEY_CHANGED);
        ck_assert_ptr_nonnull(strstr((char *)e.text, "unplugged"));
        ck_assert_uint_eq(h.v->BJCA_UnlockCancel(u), CKR_BJCA_KEY_CHANGED);
        if (i / ROUNDS == LATER)
            pc_control("insert");
        pc_come_back();
        ck_assert_uint_eq(pc_sign(), CKR_OK);
        ck_assert_uint_eq(h.v->BJCA_GetStatus(0, &st), CKR_OK);
        ck_assert_uint_eq(st.userTriesLeft, 10);
        ck_assert_uint_eq(st.adminTriesLeft, 10);
        (void)unlock_up_to(ROUNDS);
        ck_assert(mh_answer(&h, request, request_len, &answer)); /* its report */
        ck_assert(pc_log_in());
        ck_assert_uint_eq(pc_sign(), CKR_OK);
        ck_assert_uint_eq(h.v->BJCA_GetStatus(0, &st), CKR_OK);
        ck_assert_uint_eq(st.adminTriesLeft, 10);
    }
    bk_buf_free(&answer);
}
END_TEST

int main(void)
{
    if (!pc_is_there())
        return 77; /* not under with-key --pcsc: make check skips it */
    Suite *suite = suite_create("others");
    TCase *t = tcase_create("others");
    tcase_add_checked_fixture(t, pc_setup, pc_teardown);
    tcase_add_test(t, a_card_that_another_program_holds_is_waited_for);
    tcase_add_test(t, a_renewal_by_another_process_is_seen);
    tcase_add_test(t, whatever_is_asked_of_a_pulled_key);
    tcase_set_timeout(t, 120);
    suite_add_tcase(suite, t);
    t = tcase_create("long calls");
    tcase_add_checked_fixture(t, pc_setup, pc_teardown);
    tcase_add_test(t, pulled_in_the_middle_of_a_long_call);
    tcase_set_timeout(t, 120);
    suite_add_tcase(suite, t);
    t = tcase_create("unlock");
    tcase_add_checked_fixture(t, pc_setup, pc_teardown);
    tcase_add_test(t, pulled_in_the_middle_of_an_unlock);
    tcase_set_timeout(t, 120);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
