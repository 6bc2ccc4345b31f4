/* SPDX-License-Identifier: Apache-2.0 */
/* What ends with a log-in, however it ends. PKCS#11 2.40 clauses 5.6 (C_Logout) and 4.3. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "life.h"
#include "runner.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define CHANGE_AT 4 /* random and VERIFY PIN, random and CHANGE PIN */

static void log_out(CK_SESSION_HANDLE s)
{
    ck_assert_uint_eq(h.f->C_Logout(s), CKR_OK);
}

static void begin_an_unlock(CK_SESSION_HANDLE s)
{
    CK_BYTE request[CK_BJCA_MESSAGE_MAX];
    CK_ULONG len = sizeof request;
    CK_BJCA_UNLOCK u = 0;
    (void)s;
    ck_assert_uint_eq(h.v->BJCA_UnlockBegin(0, &u, request, &len), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_UnlockCancel(u), CKR_OK);
}

/* Another process changes the PIN, and the key is reset: the kept PIN is refused. */
static void have_the_pin_refused(CK_SESSION_HANDLE s)
{
    struct bk_readers *readers = NULL;
    struct bk_token *token = life_other(&readers);
    ck_assert_int_eq(bk_token_set_pin(token, MH_PIN, 8, NEW_PIN, strlen(NEW_PIN)), BK_OK);
    life_other_free(&token, &readers);
    ck_assert_int_eq(key->ops->reset(key), BK_OK);
    ck_assert_uint_eq(h.f->C_FindObjectsInit(s, NULL, 0), CKR_USER_NOT_LOGGED_IN);
}

/* Which PIN the key has isn't known. */
static void lose_a_change(CK_SESSION_HANDLE s)
{
    fault = (struct bk_fault){.kind = BK_FAULT_LOSE, .at = CHANGE_AT};
    ck_assert_uint_ne(h.f->C_SetPIN(s, (CK_BYTE *)MH_PIN, 8, (CK_BYTE *)NEW_PIN, strlen(NEW_PIN)),
                      CKR_OK);
    ck_assert(fault.fired);
    fault.at = 0;
}

static CK_ULONG tries_left(void)
{
    CK_BJCA_STATUS status = {.ulSize = sizeof status};
    ck_assert_uint_eq(h.v->BJCA_GetStatus(0, &status), CKR_OK);
    return status.userTriesLeft;
}

/* The key has ended it, and gets no PIN that nobody typed where one was refused: the state says so.
 */
static void mistype_a_change(CK_SESSION_HANDLE s)
{
    CK_SESSION_INFO info;
    CK_ULONG before = tries_left();
    ck_assert_uint_eq(h.f->C_SetPIN(s, (CK_BYTE *)"87654321", 8, (CK_BYTE *)NEW_PIN, 10),
                      CKR_PIN_INCORRECT);
    ck_assert_uint_eq(h.f->C_GetSessionInfo(s, &info), CKR_OK);
    ck_assert_uint_eq(info.state, CKS_RW_PUBLIC_SESSION);
    ck_assert_uint_eq(h.f->C_Logout(s), CKR_USER_NOT_LOGGED_IN);
    ck_assert_uint_eq(tries_left(), before - 1);
}

static const struct {
    const char *name;
    void (*end)(CK_SESSION_HANDLE);
    const char *pin; /* of the next log-in */
} ends[] = {
    {"5.6 C_Logout", log_out, MH_PIN},
    {"unlock", begin_an_unlock, MH_PIN},
    {"a kept PIN that is refused", have_the_pin_refused, NEW_PIN},
    {"a change of PIN whose answer is lost", lose_a_change, NEW_PIN},
    {"a change of PIN with a wrong old one", mistype_a_change, MH_PIN},
};

static CK_OBJECT_HANDLE make_data(CK_SESSION_HANDLE s, const char *label, CK_BBOOL private)
{
    CK_OBJECT_CLASS class = CKO_DATA;
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class},
                        {CKA_LABEL, (void *)(uintptr_t)label, strlen(label)},
                        {CKA_PRIVATE, &private, 1}};
    CK_OBJECT_HANDLE o = 0;
    ck_assert_uint_eq(h.f->C_CreateObject(s, t, COUNT(t), &o), CKR_OK);
    return o;
}

static CK_RV look_at(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o)
{
    CK_ULONG size = 0;
    return h.f->C_GetObjectSize(s, o, &size);
}

START_TEST(what_was_private_ends_with_the_log_in)
{
    const char *name = ends[_i].name;
    CK_MECHANISM sign = {CKM_SHA256_RSA_PKCS, NULL, 0}, crypt = {CKM_RSA_PKCS, NULL, 0};
    CK_OBJECT_HANDLE list[64];
    CK_BYTE bytes[256];
    CK_ULONG n = 0, len = sizeof bytes;
    life_setup();
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 0), other = 0;
    ck_assert_uint_eq(
        h.f->C_OpenSession(0, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &other), CKR_OK);
    CK_OBJECT_HANDLE secret = make_data(s, "mine", CK_TRUE), open = make_data(s, "all's", CK_FALSE),
                     priv = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN),
                     cert = mh_find(&h, s, CKO_CERTIFICATE, 0),
                     enc = mh_find(&h, s, CKO_PUBLIC_KEY, CKA_ENCRYPT);
    ck_assert_uint_eq(h.f->C_SignInit(other, &sign, priv), CKR_OK);
    ck_assert_uint_eq(h.f->C_EncryptInit(other, &crypt, enc), CKR_OK);
    ck_assert_uint_eq(h.f->C_FindObjectsInit(other, NULL, 0), CKR_OK);
    ends[_i].end(s);
    ck_assert_msg(look_at(s, secret) == CKR_OBJECT_HANDLE_INVALID, "%s", name);
    ck_assert_uint_eq(
        h.f->C_Login(s, CKU_USER, (CK_BYTE *)(uintptr_t)ends[_i].pin, strlen(ends[_i].pin)),
        CKR_OK);
    ck_assert_msg(look_at(s, secret) == CKR_OBJECT_HANDLE_INVALID, "%s: an object", name);
    ck_assert_msg(look_at(s, priv) == CKR_OBJECT_HANDLE_INVALID, "%s: a key's handle", name);
    ck_assert_msg(h.f->C_SignInit(s, &sign, priv) == CKR_KEY_HANDLE_INVALID, "%s: a key", name);
    CK_RV rv = h.f->C_Sign(other, bytes, 10, bytes, &len);
    ck_assert_msg(rv == CKR_OPERATION_NOT_INITIALIZED, "%s: a signature: %lx", name, rv);
    rv = h.f->C_FindObjects(other, list, COUNT(list), &n);
    for (CK_ULONG i = 0; rv == CKR_OK && i < n; i++)
        ck_assert_msg(list[i] != secret && list[i] != priv, "%s: a search", name);
    ck_assert_msg(rv == CKR_OK && n > 0, "%s: a search of what is public: %lx", name, rv);
    ck_assert_uint_eq(h.f->C_FindObjectsFinal(other), CKR_OK);
    /* what is public stays */
    ck_assert_msg(look_at(s, open) == CKR_OK, "%s: a public object", name);
    ck_assert_msg(look_at(s, cert) == CKR_OK, "%s: a certificate", name);
    len = sizeof bytes;
    ck_assert_uint_eq(h.f->C_Encrypt(other, bytes, 10, bytes, &len), CKR_OK);
    ck_assert_msg(mh_identity_works(&h, s), "%s: the identity", name);
    life_teardown();
}
END_TEST

/* The same of the session that logged in, closed last. */
START_TEST(the_last_session_takes_private_handles_along)
{
    life_setup();
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    CK_OBJECT_HANDLE priv = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    ck_assert_uint_eq(h.f->C_CloseSession(s), CKR_OK);
    s = mh_login(&h, 0);
    ck_assert_uint_eq(look_at(s, priv), CKR_OBJECT_HANDLE_INVALID);
    ck_assert(mh_identity_works(&h, s));
    life_teardown();
}
END_TEST

/* --- what the key itself thinks
 * ---------------------------------------------------------------------*/

#define INS_CHANGE_PIN 0x16
#define INS_VERIFY_PIN 0x18
#define INS_CLEAR 0x1c

static bool verified; /* the key takes this connection for the user's */
static bool refuse_change;
static bool reset_at_clear;

static enum bk_err watch_the_key(struct bk_transport *inner, const uint8_t *command, size_t len,
                                 bool sensitive, struct bk_buf *answer)
{
    enum bk_err err = BK_OK;
    if (reset_at_clear && command[1] == INS_CLEAR) {
        verified = reset_at_clear = false;
        err = inner->ops->reset(inner);
        return err ? err : BK_ERESET;
    }
    if (refuse_change && command[1] == INS_CHANGE_PIN) {
        bk_buf_clear(answer);
        err = bk_buf_put_u16be(answer, 0x6a80);
    } else {
        err = inner->ops->transmit(inner, command, len, sensitive, answer);
    }
    bool good = !err && answer->len >= 2 && answer->data[answer->len - 2] == 0x90;
    if (good && (command[1] == INS_VERIFY_PIN || command[1] == INS_CLEAR))
        verified = command[1] == INS_VERIFY_PIN;
    return err;
}

static void start_watching(const char *more)
{
    life_start(BK_VKEY_GMT0017, BK_VKEY_DIRECT, more);
    life_issue_both();
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    life_transmit = watch_the_key;
    verified = refuse_change = reset_at_clear = false;
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
}

static CK_RV change_pin(CK_SESSION_HANDLE s)
{
    return h.f->C_SetPIN(s, (CK_BYTE *)MH_PIN, 8, (CK_BYTE *)NEW_PIN, strlen(NEW_PIN));
}

/* The old PIN was right, and then the key takes no new one. */
START_TEST(a_change_that_is_refused_logs_nobody_in)
{
    bool isolated = _i == 1;
    start_watching(isolated ? "[module]\nlogin-isolation = transaction\n" : NULL);
    CK_SESSION_HANDLE s = life_session(0, CKF_RW_SESSION);
    refuse_change = true;
    ck_assert_uint_ne(change_pin(s), CKR_OK);
    ck_assert(!verified);
    s = mh_login(&h, 0);
    ck_assert(verified == !isolated);
    ck_assert_uint_ne(change_pin(s), CKR_OK);
    ck_assert(verified == !isolated);
    ck_assert(mh_identity_works(&h, s));
    refuse_change = false;
    ck_assert_uint_eq(h.f->C_Logout(s), CKR_OK);
    ck_assert(!verified);
    ck_assert_uint_eq(change_pin(s), CKR_OK);
    ck_assert(!verified);
    life_teardown();
}
END_TEST

/* login-isolation = transaction: from C_Login on, whatever is done. */
START_TEST(an_isolated_log_in_is_none_of_the_keys)
{
    start_watching("[module]\nlogin-isolation = transaction\n");
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert(!verified);
    ck_assert(mh_identity_works(&h, s));
    ck_assert(!verified);
    ck_assert_uint_eq(mh_renew(&h, s, "personalCert00", CKK_RSA, 0), CKR_OK);
    ck_assert(!verified);
    life_teardown();
}
END_TEST

static char trace_text[1 << 20];

/* Where `line` is in the trace of what the module did, from `from` on. */
static const char *in_trace(const char *from, const char *line)
{
    const char *at = strstr(from, line);
    ck_assert_msg(at != NULL, "no \"%s\"", line);
    return at;
}

static void read_trace(void)
{
    FILE *f = fopen(h.trace, "r");
    ck_assert_ptr_nonnull(f);
    trace_text[fread(trace_text, 1, sizeof trace_text - 1, f)] = 0;
    ck_assert_int_eq(fclose(f), 0);
}

/* Nobody gets at a key that is logged in: it is let go of when it isn't any more. */
START_TEST(an_isolated_log_in_is_one_sequence)
{
    start_watching("[module]\nlogin-isolation = transaction\n");
    (void)mh_exchanges(&h);
    (void)mh_login(&h, 0);
    read_trace();
    const char *pin = in_trace(trace_text, " x 80180001");
    ck_assert(in_trace(pin, " x 801c") < in_trace(pin, " end\n"));
    life_teardown();
}
END_TEST

/* Another program resets the key just when it was to be logged out: it is. */
START_TEST(an_isolated_log_in_gets_over_a_reset_at_its_end)
{
    CK_SESSION_INFO info;
    start_watching("[module]\nlogin-isolation = transaction\n");
    CK_SESSION_HANDLE s = life_session(0, 0);
    reset_at_clear = true;
    ck_assert_uint_eq(h.f->C_Login(s, CKU_USER, (CK_BYTE *)MH_PIN, 8), CKR_OK);
    ck_assert(!reset_at_clear);
    ck_assert_uint_eq(h.f->C_GetSessionInfo(s, &info), CKR_OK);
    ck_assert_uint_eq(info.state, CKS_RO_USER_FUNCTIONS);
    ck_assert(mh_identity_works(&h, s));
    life_teardown();
}
END_TEST

/* 2.40 clause 5.6: with the sessions goes the log-in, and C_Finalize ends them all. */
START_TEST(finalize_logs_out)
{
    start_watching(NULL);
    (void)mh_login(&h, _i == 0 ? 0 : 1);
    ck_assert(verified);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    ck_assert(!verified);
    life_teardown();
}
END_TEST

/* --- a new PIN that can't be kept
 * -----------------------------------------------------------------*/

static bool no_pages;
void *__real_mmap(void *at, size_t len, int protection, int flags, int fd, off_t offset);
void *__wrap_mmap(void *at, size_t len, int protection, int flags, int fd, off_t offset);

void *__wrap_mmap(void *at, size_t len, int protection, int flags, int fd, off_t offset)
{
    return no_pages ? MAP_FAILED : __real_mmap(at, len, protection, flags, fd, offset);
}

/* It is changed, and that is said; the old one, kept in its place, would be a try that nobody
 * typed. */
START_TEST(a_pin_that_cannot_be_kept_is_changed)
{
    static const char new_admin[] = "Adm1n-0987654321";
    CK_USER_TYPE user = _i ? CKU_SO : CKU_USER;
    CK_BYTE *old = (CK_BYTE *)(uintptr_t)(_i ? MH_ADMIN : MH_PIN),
            *now = (CK_BYTE *)(uintptr_t)(_i ? new_admin : NEW_PIN);
    CK_ULONG old_len = strlen((char *)old), now_len = strlen((char *)now);
    CK_SESSION_INFO info;
    life_start(BK_VKEY_GMT0017, BK_VKEY_DIRECT, _i ? "[module]\nproduction-station = yes\n" : NULL);
    CK_SESSION_HANDLE s = life_session(0, CKF_RW_SESSION);
    ck_assert_uint_eq(h.f->C_Login(s, user, old, old_len), CKR_OK);
    CK_ULONG left = _i ? life_admin_left() : tries_left();
    no_pages = true;
    ck_assert_uint_eq(h.f->C_SetPIN(s, old, old_len, now, now_len), CKR_OK);
    no_pages = false;
    ck_assert_int_eq(key->ops->reset(key), BK_OK);
    if (_i)
        ck_assert_uint_eq(h.f->C_InitPIN(s, (CK_BYTE *)MH_PIN, 8), CKR_USER_NOT_LOGGED_IN);
    else
        ck_assert_uint_eq(h.f->C_FindObjectsInit(s, NULL, 0), CKR_OK);
    ck_assert_uint_eq(h.f->C_GetSessionInfo(s, &info), CKR_OK);
    ck_assert_uint_eq(info.state, CKS_RW_PUBLIC_SESSION);
    ck_assert_uint_eq(_i ? life_admin_left() : tries_left(), left);
    ck_assert_uint_eq(h.f->C_Login(s, user, now, now_len), CKR_OK);
    life_teardown();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("logout");
    TCase *t = life_case("logout");
    tcase_set_timeout(t, 120);
    tcase_add_loop_test(t, what_was_private_ends_with_the_log_in, 0, (int)COUNT(ends));
    tcase_add_test(t, the_last_session_takes_private_handles_along);
    tcase_add_loop_test(t, a_change_that_is_refused_logs_nobody_in, 0, 2);
    tcase_add_test(t, an_isolated_log_in_is_none_of_the_keys);
    tcase_add_test(t, an_isolated_log_in_is_one_sequence);
    tcase_add_test(t, an_isolated_log_in_gets_over_a_reset_at_its_end);
    tcase_add_loop_test(t, finalize_logs_out, 0, 2);
    tcase_add_loop_test(t, a_pin_that_cannot_be_kept_is_changed, 0, 2);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
