/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Log-in, unlock and renewal over a key that is cut, reset, pulled and shared. The module's code is
 * linked, so that a fault filter can stand between it and the key.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "modhost.h"
#include "token/reader.h"
#include "transport/filter.h"

#define NEW_PIN "my-new-pin"

static struct modhost h;
static struct bk_fault fault;
static struct bk_transport *key; /* under the filters, of the key opened last */

static enum bk_err wrap(void *context, struct bk_transport **t)
{
    (void)context;
    key = *t;
    return bk_filter_fault(t, &fault);
}

static void start(enum bk_vkey_dialect dialect, enum bk_vkey_shape shape, const char *more)
{
    memset(&fault, 0, sizeof fault);
    bk_reader_set_wrap(wrap, NULL);
    mh_make(&h, dialect, shape, more);
    mh_load(&h, NULL);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
}

static void setup(void)
{
    start(BK_VKEY_GMT0017, BK_VKEY_DIRECT, NULL);
}

static void teardown(void)
{
    (void)h.f->C_Finalize(NULL);
    mh_forget(&h);
}

static void issue_both(void)
{
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(mh_renew(&h, s, "personalCert00", CKK_RSA, 0), CKR_OK);
    ck_assert_uint_eq(mh_renew(&h, s, "personalCert01", CKK_SM2, 0), CKR_OK);
    ck_assert_uint_eq(h.f->C_CloseAllSessions(0), CKR_OK);
}

static void restart(void)
{
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
}

/* --- exchanges ----------------------------------------------------------------------------------*/

static void budgets(enum bk_vkey_dialect dialect)
{
    CK_MECHANISM rsa = {CKM_SHA256_RSA_PKCS, NULL, 0}, pss = {0}, sm2 = {CKM_SM3_SM2, NULL, 0};
    CK_RSA_PKCS_PSS_PARAMS p = {CKM_SHA256, CKG_MGF1_SHA256, 32};
    CK_BYTE sig[512];
    CK_ULONG len = sizeof sig, n = 0;
    pss = (CK_MECHANISM){CKM_SHA256_RSA_PKCS_PSS, &p, sizeof p};
    start(dialect, BK_VKEY_DIRECT, NULL);
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(mh_renew(&h, s, "personalCert00", CKK_RSA, 0), CKR_OK);
    restart();
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
    teardown();
}
END_TEST

START_TEST(the_trace_shows_no_pin_and_no_plaintext)
{
    setup();
    issue_both();
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
    teardown();
}
END_TEST

/* --- a log-in that gets lost --------------------------------------------------------------------*/

START_TEST(a_lost_login_is_made_again_once)
{
    setup();
    issue_both();
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
    teardown();
}
END_TEST

/* The PIN was changed by another process: the kept one is tried once, and dropped. */
START_TEST(a_kept_pin_that_is_refused_is_dropped)
{
    setup();
    issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    CK_OBJECT_HANDLE k = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    /* change it on another power-up of the same key, as another process would */
    struct bk_reader_options o = {.virtual_key = h.key, .dialect = "auto", .trace_fd = -1,
                                  .token = {.application = "BJCA-Application"}};
    struct bk_readers *readers = NULL;
    struct bk_reader list[BK_READER_MAX];
    struct bk_token *token = NULL;
    size_t n = 0;
    struct bk_transport *ours = key;
    ck_assert_int_eq(bk_readers_new(&o, &readers), BK_OK);
    ck_assert_int_eq(bk_readers_list(readers, list, &n), BK_OK);
    ck_assert_int_eq(bk_reader_open(readers, &list[0], &token), BK_OK);
    ck_assert_int_eq(bk_token_set_pin(token, MH_PIN, 8, NEW_PIN, strlen(NEW_PIN)), BK_OK);
    bk_token_free(&token);
    bk_readers_free(&readers);
    ck_assert_int_eq(ours->ops->reset(ours), BK_OK);
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
    teardown();
}
END_TEST

START_TEST(isolation_clears_the_key_after_each_use)
{
    start(BK_VKEY_GMT0017, BK_VKEY_DIRECT, "[module]\nlogin-isolation = transaction\n");
    issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert(mh_identity_works(&h, s));
    CK_OBJECT_HANDLE k = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    CK_MECHANISM m = {CKM_SHA256_RSA_PKCS, NULL, 0};
    CK_BYTE sig[512];
    CK_ULONG len = sizeof sig;
    (void)mh_exchanges(&h);
    ck_assert_uint_eq(h.f->C_SignInit(s, &m, k), CKR_OK);
    ck_assert_uint_eq(h.f->C_Sign(s, sig, 10, sig, &len), CKR_OK);
    ck_assert_uint_eq(mh_exchanges(&h), 4); /* random, PIN, signature, clear */
    ck_assert_uint_eq(mh_renew(&h, s, "personalCert00", CKK_RSA, 0), CKR_OK);
    ck_assert(mh_identity_works(&h, s));
    teardown();
}
END_TEST

/* --- unlock -------------------------------------------------------------------------------------*/

static void lock_it(void)
{
    CK_SESSION_HANDLE s = 0;
    char pin[] = "wrong-0";
    ck_assert_uint_eq(h.f->C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &s), CKR_OK);
    for (int i = 0; i < 10; i++) {
        pin[6] = (char)('0' + i);
        (void)h.f->C_Login(s, CKU_USER, (CK_BYTE *)pin, 7);
    }
    ck_assert_uint_eq(h.f->C_Login(s, CKU_USER, (CK_BYTE *)MH_PIN, 8), CKR_PIN_LOCKED);
    ck_assert_uint_eq(h.f->C_CloseSession(s), CKR_OK);
}

START_TEST(a_locked_key_is_unlocked)
{
    static const struct {
        enum bk_vkey_dialect dialect;
        enum bk_vkey_shape shape;
    } kinds[] = {{BK_VKEY_GMT0017, BK_VKEY_DIRECT},
                 {BK_VKEY_GMT0017, BK_VKEY_ADMIN_FIRST},
                 {BK_VKEY_LONGMAI, BK_VKEY_DIRECT},
                 {BK_VKEY_LONGMAI, BK_VKEY_ADMIN_FIRST}};
    start(kinds[_i].dialect, kinds[_i].shape, NULL);
    issue_both();
    lock_it();
    ck_assert_uint_eq(mh_unlock(&h, 0, NEW_PIN), CKR_OK);
    ck_assert_uint_eq(h.proofs, 1);
    ck_assert_str_eq(h.admin, "Rotated-admin-99");
    ck_assert_uint_eq(mh_try_login(&h, 0, MH_PIN), 0);
    CK_SESSION_HANDLE s = mh_try_login(&h, 0, NEW_PIN);
    ck_assert_uint_ne(s, 0);
    ck_assert(mh_identity_works(&h, s));
    teardown();
}
END_TEST

static CK_RV one_step(CK_BJCA_UNLOCK u, const struct bk_buf *answer, const char *pin)
{
    CK_BYTE request[CK_BJCA_MESSAGE_MAX];
    CK_ULONG len = sizeof request;
    CK_BBOOL done = 0;
    return h.v->BJCA_UnlockStep(u, answer->data, answer->len, (const CK_UTF8CHAR *)pin,
                                strlen(pin), request, &len, &done);
}

static CK_ULONG admin_left(void)
{
    CK_BJCA_STATUS st = {.ulSize = sizeof st};
    ck_assert_uint_eq(h.v->BJCA_GetStatus(0, &st), CKR_OK);
    return st.adminTriesLeft;
}

/* Whatever is wrong with an answer, no administrator try is spent on it. */
START_TEST(a_wrong_answer_is_not_sent)
{
    CK_BYTE request[CK_BJCA_MESSAGE_MAX];
    struct bk_buf answer = BK_BUF_INIT;
    setup();
    lock_it();
    for (size_t at = 0; at < 200; at++) {
        CK_BJCA_UNLOCK u = 0;
        CK_ULONG len = sizeof request;
        mh_new_unlock(&h);
        ck_assert_uint_eq(h.v->BJCA_UnlockBegin(0, &u, request, &len), CKR_OK);
        ck_assert(mh_answer(&h, request, len, &answer));
        if (at >= answer.len) {
            ck_assert_uint_eq(h.v->BJCA_UnlockCancel(u), CKR_OK);
            break;
        }
        /* inside the command (tag 86) and the one-time PIN only the key can tell */
        const uint8_t *command = memmem(answer.data, answer.len, "\x86\x16", 2);
        size_t from = (size_t)(command - answer.data) + 4, to = from + 20 + 14;
        if (at >= from && at < to) {
            ck_assert_uint_eq(h.v->BJCA_UnlockCancel(u), CKR_OK);
            continue;
        }
        answer.data[at] ^= 0x01;
        bool origin_or_id = at >= to || (memmem(answer.data, answer.len, "U-1", 3) == NULL);
        CK_RV rv = one_step(u, &answer, NEW_PIN);
        if (!origin_or_id)
            ck_assert_uint_eq(rv, CKR_BJCA_REFUSED);
        if (rv == CKR_OK)
            ck_assert_uint_eq(h.v->BJCA_UnlockCancel(u), CKR_OK);
        ck_assert_uint_eq(admin_left(), 10);
    }
    bk_buf_free(&answer);
    teardown();
}
END_TEST

START_TEST(an_answer_is_good_once_and_for_its_random)
{
    CK_BYTE request[CK_BJCA_MESSAGE_MAX];
    CK_ULONG len = sizeof request;
    CK_BJCA_UNLOCK u = 0, second = 0;
    struct bk_buf answer = BK_BUF_INIT;
    setup();
    lock_it();
    ck_assert_uint_eq(h.v->BJCA_UnlockBegin(0, &u, request, &len), CKR_OK);
    ck_assert(mh_answer(&h, request, len, &answer));
    /* held: everybody else is told so */
    CK_BJCA_STATUS st = {.ulSize = sizeof st};
    CK_BJCA_ERROR e = {.ulSize = sizeof e};
    ck_assert_uint_eq(h.v->BJCA_GetStatus(0, &st), CKR_DEVICE_ERROR);
    ck_assert_uint_eq(h.v->BJCA_GetError(&e), CKR_OK);
    ck_assert_ptr_nonnull(strstr((char *)e.text, "busy"));
    /* a PIN against the rules: nothing was sent, the unlock goes on */
    ck_assert_uint_eq(one_step(u, &answer, "short"), CKR_PIN_LEN_RANGE);
    ck_assert_uint_eq(one_step(u, &answer, NEW_PIN), CKR_OK);
    ck_assert_uint_eq(one_step(u, &answer, NEW_PIN), CKR_BJCA_REFUSED);
    ck_assert_uint_eq(one_step(u, &answer, NEW_PIN), CKR_BJCA_KEY_CHANGED);
    len = sizeof request;
    ck_assert_uint_eq(h.v->BJCA_UnlockBegin(0, &second, request, &len), CKR_OK);
    ck_assert_uint_ne(u, second);
    ck_assert_uint_eq(one_step(second, &answer, NEW_PIN), CKR_BJCA_REFUSED);
    ck_assert_uint_eq(admin_left(), 10);
    bk_buf_free(&answer);
    teardown();
}
END_TEST

START_TEST(few_administrator_tries_are_not_risked)
{
    CK_BYTE request[CK_BJCA_MESSAGE_MAX];
    struct bk_buf answer = BK_BUF_INIT;
    setup();
    /* the platform has a wrong administrator PIN: a try a run, down to the last four */
    for (CK_ULONG left = 10; left >= 4; left--) {
        CK_BJCA_UNLOCK u = 0;
        CK_ULONG len = sizeof request;
        mh_new_unlock(&h);
        memcpy(h.admin, "not-the-real-one", sizeof h.admin);
        ck_assert_uint_eq(admin_left(), left);
        ck_assert_uint_eq(h.v->BJCA_UnlockBegin(0, &u, request, &len), CKR_OK);
        ck_assert(mh_answer(&h, request, len, &answer));
        CK_RV rv = one_step(u, &answer, NEW_PIN);
        ck_assert_uint_eq(rv, left == 4 ? CKR_BJCA_ADMIN_LOW : CKR_OK);
        if (rv == CKR_OK)
            ck_assert_uint_eq(h.v->BJCA_UnlockCancel(u), CKR_OK);
    }
    CK_BJCA_UNLOCK u = 0;
    CK_ULONG len = sizeof request;
    ck_assert_uint_eq(h.v->BJCA_UnlockBegin(0, &u, request, &len), CKR_BJCA_ADMIN_LOW);
    ck_assert_uint_eq(admin_left(), 3);
    bk_buf_free(&answer);
    teardown();
}
END_TEST

/* --- renewal ------------------------------------------------------------------------------------*/

static CK_RV renewed(CK_SESSION_HANDLE s, const char *name, CK_BJCA_RENEW_STATE *state)
{
    memset(state, 0, sizeof *state);
    state->ulSize = sizeof *state;
    return h.v->BJCA_RenewState(s, (const CK_UTF8CHAR *)name, state);
}

START_TEST(a_renewal_keeps_id_and_label_and_old_data)
{
    CK_BJCA_RENEW_STATE st;
    struct bk_buf id[2] = {BK_BUF_INIT, BK_BUF_INIT}, label[2] = {BK_BUF_INIT, BK_BUF_INIT};
    bool sm2 = _i == 1;
    const char *name = sm2 ? "personalCert01" : "personalCert00";
    setup();
    issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, sm2 ? 1 : 0);
    CK_MECHANISM m = {sm2 ? CKM_SM2_ENCRYPT_DER : CKM_RSA_PKCS, NULL, 0};
    CK_BYTE cipher[512], plain[512];
    CK_ULONG len = sizeof cipher, n = sizeof plain;
    CK_OBJECT_HANDLE dec = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_DECRYPT);
    ck_assert_uint_eq(h.f->C_EncryptInit(s, &m, mh_find(&h, s, CKO_PUBLIC_KEY, CKA_ENCRYPT)),
                      CKR_OK);
    ck_assert_uint_eq(h.f->C_Encrypt(s, (CK_BYTE *)"old", 3, cipher, &len), CKR_OK);
    for (int i = 0; i < 2; i++) {
        CK_OBJECT_HANDLE cert = mh_find(&h, s, CKO_CERTIFICATE, 0);
        ck_assert(mh_bytes_attr(&h, s, cert, CKA_ID, &id[i]));
        ck_assert(mh_bytes_attr(&h, s, cert, CKA_LABEL, &label[i]));
        if (i == 0)
            ck_assert_uint_eq(mh_renew(&h, s, name, sm2 ? CKK_SM2 : CKK_RSA, 0), CKR_OK);
    }
    ck_assert_mem_eq(id[0].data, id[1].data, 20);
    ck_assert_uint_eq(label[0].len, label[1].len);
    ck_assert_mem_eq(label[0].data, label[1].data, label[0].len);
    ck_assert_uint_eq(renewed(s, name, &st), CKR_OK);
    ck_assert_uint_eq(st.state, CK_BJCA_RENEW_NONE);
    ck_assert_uint_eq(st.currentGeneration, 1);
    /* the handle from before means the old pair, and opens what was sealed to it */
    ck_assert_uint_eq(h.f->C_DecryptInit(s, &m, dec), CKR_OK);
    ck_assert_uint_eq(h.f->C_Decrypt(s, cipher, len, plain, &n), CKR_OK);
    ck_assert_mem_eq(plain, "old", 3);
    ck_assert(mh_identity_works(&h, s));
    /* history can go, the current one can't */
    ck_assert_uint_eq(h.v->BJCA_DeleteHistory(s, (const CK_UTF8CHAR *)name, 1),
                      CKR_ACTION_PROHIBITED);
    ck_assert_uint_eq(h.v->BJCA_DeleteHistory(s, (const CK_UTF8CHAR *)name, 0), CKR_OK);
    ck_assert_uint_eq(h.f->C_DecryptInit(s, &m, dec), CKR_KEY_HANDLE_INVALID);
    for (int i = 0; i < 2; i++) {
        bk_buf_free(&id[i]);
        bk_buf_free(&label[i]);
    }
    teardown();
}
END_TEST

START_TEST(a_renewal_can_keep_the_key)
{
    struct bk_buf a = BK_BUF_INIT, b = BK_BUF_INIT;
    setup();
    issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    CK_OBJECT_HANDLE k = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    ck_assert(mh_bytes_attr(&h, s, mh_find(&h, s, CKO_CERTIFICATE, 0), CKA_VALUE, &a));
    ck_assert_uint_eq(mh_renew(&h, s, "personalCert00", CKK_RSA, CKF_BJCA_KEEP_KEY), CKR_OK);
    ck_assert(mh_bytes_attr(&h, s, mh_find(&h, s, CKO_CERTIFICATE, 0), CKA_VALUE, &b));
    ck_assert(a.len != b.len || memcmp(a.data, b.data, a.len) != 0);
    ck_assert_uint_eq(mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN), k);
    ck_assert_uint_eq(mh_count(&h, s, CKO_CERTIFICATE), 2);
    ck_assert(mh_identity_works(&h, s));
    bk_buf_free(&a);
    bk_buf_free(&b);
    teardown();
}
END_TEST

START_TEST(abort_leaves_what_was)
{
    CK_BJCA_RENEW_STATE st;
    const CK_UTF8CHAR *name = (const CK_UTF8CHAR *)"personalCert01";
    CK_BJCA_RENEW_PARAMS p = {.ulSize = sizeof p, .keyType = CKK_SM2};
    CK_BJCA_ROOM room = {.ulSize = sizeof room};
    setup();
    issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(h.v->BJCA_RenewRoom(s, name, &p, &room), CKR_OK);
    ck_assert(room.fits && room.fitsKeepingKey);
    ck_assert_uint_eq(room.oldestHistory, CK_UNAVAILABLE_INFORMATION);
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, name, &p, NULL, NULL), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, name, &p, NULL, NULL), CKR_OK);
    ck_assert_uint_eq(renewed(s, "personalCert01", &st), CKR_OK);
    ck_assert_uint_eq(st.state, CK_BJCA_RENEW_KEY);
    CK_BJCA_STATUS status = {.ulSize = sizeof status};
    ck_assert_uint_eq(h.v->BJCA_GetStatus(0, &status), CKR_OK);
    ck_assert(status.flags & CKF_BJCA_RENEWAL_PENDING);
    ck_assert_uint_eq(h.v->BJCA_RenewCommit(s, name), CKR_FUNCTION_FAILED);
    ck_assert_uint_eq(h.v->BJCA_RenewAbort(s, name), CKR_OK);
    ck_assert_uint_eq(renewed(s, "personalCert01", &st), CKR_OK);
    ck_assert_uint_eq(st.state, CK_BJCA_RENEW_NONE);
    p.keyType = CKK_RSA;
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, name, &p, NULL, NULL), CKR_ARGUMENTS_BAD);
    p.keyType = CKK_SM2;
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, (const CK_UTF8CHAR *)"a~b", &p, NULL, NULL),
                      CKR_ARGUMENTS_BAD);
    ck_assert_uint_eq(
        h.f->C_OpenSession(1, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &s), CKR_OK);
    ck_assert(mh_identity_works(&h, s));
    teardown();
}
END_TEST

START_TEST(certificates_that_do_not_belong_are_refused)
{
    const CK_UTF8CHAR *name = (const CK_UTF8CHAR *)"personalCert01";
    CK_BJCA_RENEW_PARAMS p = {.ulSize = sizeof p, .keyType = CKK_SM2};
    CK_BJCA_RENEW_STATE st;
    CK_BYTE csr[4096];
    struct mh_issued mine, other;
    setup();
    issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    for (int i = 0; i < 2; i++) {
        CK_ULONG len = sizeof csr;
        ck_assert_uint_eq(h.v->BJCA_RenewAbort(s, name), CKR_OK);
        ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, name, &p, NULL, NULL), CKR_OK);
        ck_assert_uint_eq(h.v->BJCA_RenewRequest(s, name, &p, csr, &len), CKR_OK);
        struct bk_buf view = {csr, len, len};
        mh_issue(&view, true, i ? &mine : &other);
    }
    struct bk_buf *const wrong[][3] = {
        {&other.sign, &mine.enc, &mine.envelope},  /* another key's certificate */
        {&mine.enc, &mine.enc, &mine.envelope},    /* the wrong one of the two */
        {&mine.sign, &other.enc, &mine.envelope},  /* an envelope for another certificate */
        {&mine.sign, &other.enc, &other.envelope}, /* sealed to another signing key */
        {&mine.sign, &mine.sign, &mine.envelope},  /* not for encryption */
        {&mine.envelope, &mine.enc, &mine.envelope},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CK_BJCA_LOAD load = {sizeof load,          wrong[i][0]->data, wrong[i][0]->len,
                             wrong[i][1]->data,    wrong[i][1]->len,  wrong[i][2]->data,
                             wrong[i][2]->len,     mine.chain.data,   mine.chain.len};
        ck_assert_uint_eq(h.v->BJCA_RenewLoad(s, name, &load, NULL, NULL), CKR_BJCA_PROOF);
        ck_assert_uint_eq(renewed(s, "personalCert01", &st), CKR_OK);
        ck_assert_uint_lt(st.state, CK_BJCA_RENEW_LOADED);
    }
    mine.chain.data[mine.chain.len - 5] ^= 1; /* a root that isn't the one that signed */
    CK_BJCA_LOAD load = {sizeof load,      mine.sign.data,    mine.sign.len,
                         mine.enc.data,    mine.enc.len,      mine.envelope.data,
                         mine.envelope.len, mine.chain.data,  mine.chain.len};
    ck_assert_uint_eq(h.v->BJCA_RenewLoad(s, name, &load, NULL, NULL), CKR_BJCA_PROOF);
    mh_issued_free(&mine);
    mh_issued_free(&other);
    teardown();
}
END_TEST

static CK_RV stop_at(void *context, CK_ULONG done, CK_ULONG total)
{
    (void)total;
    return done == *(CK_ULONG *)context ? CKR_FUNCTION_CANCELED : CKR_OK;
}

START_TEST(a_wish_to_stop_is_heard_and_nothing_is_lost)
{
    const CK_UTF8CHAR *name = (const CK_UTF8CHAR *)"personalCert01";
    CK_BJCA_RENEW_PARAMS p = {.ulSize = sizeof p, .keyType = CKK_SM2};
    setup();
    issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 1);
    for (CK_ULONG at = 0; at < 2; at++) {
        ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, name, &p, stop_at, &at), CKR_FUNCTION_CANCELED);
        ck_assert(mh_identity_works(&h, s));
    }
    ck_assert_uint_eq(mh_renew(&h, s, "personalCert01", CKK_SM2, 0), CKR_OK);
    ck_assert(mh_identity_works(&h, s));
    teardown();
}
END_TEST

/* --- cuts at every exchange ---------------------------------------------------------------------*/

static const char *const fault_names[] = {"fail", "lose", "shorten", "remove", "pull", "reset"};

/* The fault at exchange n of the first run; then a program that was killed, or one that goes on. */
static void after_the_cut(unsigned n)
{
    fault.at = 0;
    if (n % 2)
        restart();
}

static unsigned sweep_unlock(enum bk_fault_kind kind)
{
    struct bk_buf state = BK_BUF_INIT;
    unsigned n = 1;
    issue_both();
    lock_it();
    mh_save(&h, &state);
    for (bool fired = true; fired; n++) {
        restart();
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
        ck_assert_uint_ge(admin_left(), 9);
    }
    bk_buf_free(&state);
    return n;
}

START_TEST(unlock_cut_at_every_exchange)
{
    start(BK_VKEY_GMT0017, BK_VKEY_DIRECT, NULL);
    unsigned n = sweep_unlock((enum bk_fault_kind)_i);
    ck_assert_uint_gt(n, 15);
    teardown();
}
END_TEST

START_TEST(unlock_cut_admin_first_longmai)
{
    start(BK_VKEY_LONGMAI, BK_VKEY_ADMIN_FIRST, NULL);
    ck_assert_uint_gt(sweep_unlock((enum bk_fault_kind)_i), 15);
    teardown();
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
    issue_both();
    mh_save(&h, &state);
    for (bool fired = true; fired; n++) {
        restart();
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
        ck_assert_uint_eq(renewed(s, name, &st), CKR_OK);
        bool there = flags ? first == CKR_OK : st.currentGeneration == 1;
        CK_RV rv = there ? CKR_OK : mh_renew(&h, s, name, type, flags);
        ck_assert_msg(rv == CKR_OK, "renewal, %s at %u: %lx", fault_names[kind], n, rv);
        ck_assert_uint_eq(renewed(s, name, &st), CKR_OK);
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
    start(BK_VKEY_GMT0017, BK_VKEY_DIRECT, NULL);
    mh_save(&h, &state);
    for (bool fired = true; fired; n++) {
        restart();
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
    teardown();
}
END_TEST

/* Cut between the old certificate and the new one, and then given up: the old one comes back. */
START_TEST(a_kept_key_survives_an_abort_after_a_cut)
{
    struct bk_buf state = BK_BUF_INIT;
    unsigned n = 1;
    setup();
    issue_both();
    mh_save(&h, &state);
    for (bool fired = true; fired; n++) {
        restart();
        mh_restore(&h, &state);
        CK_SESSION_HANDLE s = mh_login(&h, 0);
        fault = (struct bk_fault){.kind = BK_FAULT_PULL, .at = n};
        (void)mh_renew(&h, s, "personalCert00", CKK_RSA, CKF_BJCA_KEEP_KEY);
        fired = fault.fired;
        fault.at = 0;
        restart();
        s = mh_login(&h, 0);
        CK_RV rv = h.v->BJCA_RenewAbort(s, (const CK_UTF8CHAR *)"personalCert00");
        ck_assert_msg(rv == CKR_OK, "abort after a cut at %u: %lx", n, rv);
        ck_assert_msg(mh_identity_works(&h, s), "abort after a cut at %u", n);
    }
    bk_buf_free(&state);
    teardown();
}
END_TEST

START_TEST(sm2_renewal_cut_at_every_exchange)
{
    start(BK_VKEY_GMT0017, BK_VKEY_DIRECT, NULL);
    ck_assert_uint_gt(sweep_renewal((enum bk_fault_kind)_i, true, 0), 40);
    teardown();
}
END_TEST

START_TEST(rsa_renewal_cut_at_every_exchange)
{
    start(BK_VKEY_GMT0017, BK_VKEY_DIRECT, NULL);
    ck_assert_uint_gt(sweep_renewal((enum bk_fault_kind)_i, false, 0), 40);
    teardown();
}
END_TEST

START_TEST(longmai_renewal_cut_at_every_exchange)
{
    start(BK_VKEY_LONGMAI, BK_VKEY_DIRECT, NULL);
    ck_assert_uint_gt(sweep_renewal((enum bk_fault_kind)_i, true, 0), 40);
    teardown();
}
END_TEST

START_TEST(kept_key_renewal_cut_at_every_exchange)
{
    start(BK_VKEY_GMT0017, BK_VKEY_DIRECT, NULL);
    ck_assert_uint_gt(sweep_renewal((enum bk_fault_kind)_i, _i % 2, CKF_BJCA_KEEP_KEY), 30);
    teardown();
}
END_TEST

int main(void)
{
    bool all = getenv("BJCA_LONG") != NULL; /* every kind of fault in every combination */
    Suite *suite = suite_create("key_life");
    TCase *t = tcase_create("login");
    tcase_add_loop_test(t, exchanges_stay_in_budget, 0, 2);
    tcase_add_test(t, the_trace_shows_no_pin_and_no_plaintext);
    tcase_add_test(t, a_lost_login_is_made_again_once);
    tcase_add_test(t, a_kept_pin_that_is_refused_is_dropped);
    tcase_add_test(t, isolation_clears_the_key_after_each_use);
    tcase_set_timeout(t, 120);
    suite_add_tcase(suite, t);
    t = tcase_create("unlock");
    tcase_add_loop_test(t, a_locked_key_is_unlocked, 0, 4);
    tcase_add_test(t, a_wrong_answer_is_not_sent);
    tcase_add_test(t, an_answer_is_good_once_and_for_its_random);
    tcase_add_test(t, few_administrator_tries_are_not_risked);
    tcase_set_timeout(t, 120);
    suite_add_tcase(suite, t);
    t = tcase_create("renewal");
    tcase_add_loop_test(t, a_renewal_keeps_id_and_label_and_old_data, 0, 2);
    tcase_add_test(t, a_renewal_can_keep_the_key);
    tcase_add_test(t, abort_leaves_what_was);
    tcase_add_test(t, certificates_that_do_not_belong_are_refused);
    tcase_add_test(t, a_wish_to_stop_is_heard_and_nothing_is_lost);
    tcase_set_timeout(t, 120);
    suite_add_tcase(suite, t);
    t = tcase_create("cuts");
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
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
