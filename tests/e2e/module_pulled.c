/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A key that its user pulls: between the parts of an operation, and inside a call, before or after
 * one of its commands. Run by tests/e2e/module-pulled.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/pubkey.h"
#include "pcsc_cut.h"
#include "runner.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define NAME(text) ((const CK_UTF8CHAR *)(text))
#define LABEL "cut"
#define WRITE_FILE 0x3a /* of 1,024 bytes at most */

static CK_BBOOL yes = CK_TRUE;

static CK_SESSION_HANDLE session_of(CK_SLOT_ID slot)
{
    CK_SESSION_HANDLE s = 0;
    if (slot == 0)
        return session;
    ck_assert_uint_eq(h.f->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &s),
                      CKR_OK);
    return s;
}

static void sessions_are_gone(CK_SESSION_HANDLE s)
{
    CK_SESSION_INFO info;
    ck_assert_uint_eq(h.f->C_GetSessionInfo(s, &info), CKR_SESSION_HANDLE_INVALID);
    ck_assert_uint_eq(h.f->C_FindObjectsInit(s, NULL, 0), CKR_SESSION_HANDLE_INVALID);
    ck_assert_uint_eq(h.f->C_GetSessionInfo(session, &info), CKR_SESSION_HANDLE_INVALID);
}

/* Another insertion, for the same process. */
static void put_back(void)
{
    pc_control("insert");
    pc_wait_key(10);
    pc_all_is_well();
}

/* --- something sealed for the key
 * ------------------------------------------------------------------*/

static const CK_BYTE text[16] = "sixteen letters";
static CK_BYTE sealed[512], result[512];
static CK_ULONG sealed_len, result_len;
static CK_OBJECT_HANDLE opener;

static void seal(CK_SESSION_HANDLE s, CK_MECHANISM_TYPE type)
{
    CK_MECHANISM m = {type, NULL, 0};
    CK_OBJECT_HANDLE pub = mh_find(&h, s, CKO_PUBLIC_KEY, CKA_ENCRYPT);
    sealed_len = sizeof sealed;
    opener = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_DECRYPT);
    ck_assert_uint_eq(h.f->C_EncryptInit(s, &m, pub), CKR_OK);
    ck_assert_uint_eq(
        h.f->C_Encrypt(s, (CK_BYTE *)(uintptr_t)text, sizeof text, sealed, &sealed_len), CKR_OK);
}

static void begin_decrypt(CK_SESSION_HANDLE s, CK_MECHANISM_TYPE type)
{
    CK_MECHANISM m = {type, NULL, 0};
    seal(s, type);
    ck_assert_uint_eq(h.f->C_DecryptInit(s, &m, opener), CKR_OK);
}

static bool opened(void)
{
    return result_len == sizeof text && memcmp(result, text, sizeof text) == 0;
}

/* --- between the parts of an operation
 * --------------------------------------------------------------*/

enum back { LATER, IN_TIME, AT_ONCE, BACKS }; /* it is put back */

static void begin(bool decrypt)
{
    CK_MECHANISM m = {CKM_SHA256_RSA_PKCS, NULL, 0};
    if (decrypt)
        begin_decrypt(session, CKM_RSA_PKCS);
    else
        ck_assert_uint_eq(h.f->C_SignInit(session, &m, key), CKR_OK);
}

static CK_RV update(bool decrypt)
{
    CK_BYTE none[1];
    CK_ULONG len = sizeof none;
    return decrypt ? h.f->C_DecryptUpdate(session, sealed, sealed_len, none, &len)
                   : h.f->C_SignUpdate(session, (CK_BYTE *)(uintptr_t)text, sizeof text);
}

static CK_RV final(bool decrypt)
{
    result_len = sizeof result;
    return decrypt ? h.f->C_DecryptFinal(session, result, &result_len)
                   : h.f->C_SignFinal(session, result, &result_len);
}

static bool right(bool decrypt)
{
    CK_MECHANISM m = {CKM_SHA256_RSA_PKCS, NULL, 0};
    if (decrypt)
        return opened();
    CK_OBJECT_HANDLE pub = mh_find(&h, session, CKO_PUBLIC_KEY, CKA_VERIFY);
    return h.f->C_VerifyInit(session, &m, pub) == CKR_OK &&
           h.f->C_Verify(session, (CK_BYTE *)(uintptr_t)text, sizeof text, result, result_len) ==
               CKR_OK;
}

static void pull(enum back back)
{
    pc_control("remove");
    if (back != AT_ONCE)
        pc_wait_card(false);
    if (back == LATER)
        return;
    pc_control("insert");
    pc_wait_card(true);
}

/* What only gathers may not have noticed; the end has, and another insertion isn't gone on with.
 * Put back at once it may have been a reset for the daemon: then the result is right. */
static void pulled_between(bool decrypt, bool updated, enum back back)
{
    CK_RV rv = CKR_OK;
    begin(decrypt);
    if (updated)
        ck_assert_uint_eq(update(decrypt), CKR_OK);
    pull(back);
    if (!updated)
        rv = update(decrypt);
    ck_assert_msg(rv == CKR_OK || rv == CKR_DEVICE_REMOVED, "%lx", rv);
    CK_RV end = final(decrypt);
    if (back == AT_ONCE && end == CKR_OK) {
        ck_assert(rv == CKR_OK && right(decrypt));
        pc_wait_key(10);
        return;
    }
    ck_assert_uint_eq(end, rv == CKR_OK ? CKR_DEVICE_REMOVED : CKR_SESSION_HANDLE_INVALID);
    sessions_are_gone(session);
    put_back();
}

START_TEST(pulled_between_the_parts_of_an_operation)
{
    bool decrypt = _i % 2 == 1;
    for (int i = 0; i < 2 * BACKS; i++)
        pulled_between(decrypt, i % 2 == 1, (enum back)(i / 2));
}
END_TEST

/* --- inside a call
 * ----------------------------------------------------------------------------------*/

static void begin_rsa(CK_SESSION_HANDLE s)
{
    begin_decrypt(s, CKM_RSA_PKCS);
}

static void begin_sm2(CK_SESSION_HANDLE s)
{
    begin_decrypt(s, CKM_SM2_ENCRYPT);
}

static CK_RV decrypt(CK_SESSION_HANDLE s)
{
    result_len = sizeof result;
    CK_RV rv = h.f->C_Decrypt(s, sealed, sealed_len, result, &result_len);
    ck_assert(rv != CKR_OK || opened());
    return rv;
}

static void wrap(CK_SESSION_HANDLE s)
{
    seal(s, CKM_RSA_PKCS);
}

static CK_RV unwrap(CK_SESSION_HANDLE s)
{
    CK_MECHANISM m = {CKM_RSA_PKCS, NULL, 0};
    CK_KEY_TYPE type = CKK_SM4;
    CK_ATTRIBUTE t = {CKA_KEY_TYPE, &type, sizeof type};
    CK_OBJECT_HANDLE o = 0;
    return h.f->C_UnwrapKey(s, &m, opener, sealed, sealed_len, &t, 1, &o);
}

static CK_BYTE data[3000]; /* more than a command takes */

static CK_RV make_data(CK_SESSION_HANDLE s)
{
    memset(data, 'd', sizeof data);
    CK_OBJECT_CLASS class = CKO_DATA;
    CK_OBJECT_HANDLE o = 0;
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class},
                        {CKA_TOKEN, &yes, 1},
                        {CKA_PRIVATE, &yes, 1},
                        {CKA_LABEL, (void *)(uintptr_t)LABEL, 3},
                        {CKA_VALUE, data, sizeof data}};
    return h.f->C_CreateObject(s, t, COUNT(t), &o);
}

/* All of it that is there is whole. */
static void take_data_away(CK_SESSION_HANDLE s)
{
    struct bk_buf b = BK_BUF_INIT;
    CK_OBJECT_CLASS class = CKO_DATA;
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class},
                        {CKA_LABEL, (void *)(uintptr_t)LABEL, 3}};
    CK_OBJECT_HANDLE o[4];
    CK_ULONG n = 0;
    ck_assert_uint_eq(h.f->C_FindObjectsInit(s, t, COUNT(t)), CKR_OK);
    ck_assert_uint_eq(h.f->C_FindObjects(s, o, COUNT(o), &n), CKR_OK);
    ck_assert_uint_eq(h.f->C_FindObjectsFinal(s), CKR_OK);
    ck_assert_uint_le(n, 1);
    for (CK_ULONG i = 0; i < n; i++) {
        ck_assert(mh_bytes_attr(&h, s, o[i], CKA_VALUE, &b));
        ck_assert_uint_eq(b.len, sizeof data);
        ck_assert_mem_eq(b.data, data, b.len);
        ck_assert_uint_eq(h.f->C_DestroyObject(s, o[i]), CKR_OK);
    }
    bk_buf_free(&b);
}

static struct mh_issued parts;

/* A pair in a container of its own, and its certificate, which isn't on the key yet. */
static void issue(CK_SESSION_HANDLE s)
{
    static int number;
    char name[16];
    CK_BJCA_RENEW_PARAMS p = {.ulSize = sizeof p, .keyType = CKK_SM2};
    CK_BYTE csr[4096];
    CK_ULONG len = sizeof csr;
    (void)snprintf(name, sizeof name, LABEL "%d", number++);
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, NAME(name), &p, NULL, NULL), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_RenewRequest(s, NAME(name), &p, csr, &len), CKR_OK);
    struct bk_buf view = {csr, len, len};
    mh_issued_free(&parts);
    mh_issue(&view, false, &parts);
}

static CK_RV make_certificate(CK_SESSION_HANDLE s)
{
    CK_OBJECT_CLASS class = CKO_CERTIFICATE;
    CK_CERTIFICATE_TYPE x509 = CKC_X_509;
    CK_OBJECT_HANDLE o = 0;
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class},
                        {CKA_TOKEN, &yes, 1},
                        {CKA_CERTIFICATE_TYPE, &x509, sizeof x509},
                        {CKA_VALUE, parts.sign.data, parts.sign.len},
                        {CKA_LABEL, (void *)(uintptr_t)LABEL, 3}};
    return h.f->C_CreateObject(s, t, COUNT(t), &o);
}

static void log_out(CK_SESSION_HANDLE s)
{
    ck_assert_uint_eq(h.f->C_Logout(s), CKR_OK);
}

static CK_RV log_in(CK_SESSION_HANDLE s)
{
    const char *pin = getenv("KEY_PIN");
    return h.f->C_Login(s, CKU_USER, (CK_BYTE *)(uintptr_t)pin, strlen(pin));
}

static const struct call {
    const char *name;
    CK_SLOT_ID slot;
    void (*prepare)(CK_SESSION_HANDLE s);
    CK_RV (*call)(CK_SESSION_HANDLE s);
    void (*undo)(CK_SESSION_HANDLE s); /* of what a call that was cut has left, too */
    bool again;                        /* what was prepared is still there after a pull */
} calls[] = {
    {"C_Decrypt, RSA", 0, begin_rsa, decrypt, NULL, false},
    {"C_Decrypt, SM2", 1, begin_sm2, decrypt, NULL, false},
    {"C_UnwrapKey", 0, wrap, unwrap, NULL, false},
    {"C_Login", 0, log_out, log_in, NULL, false},
    {"C_CreateObject, data", 0, NULL, make_data, take_data_away, true},
    {"C_CreateObject, certificate", 1, issue, make_certificate, NULL, true},
};

static void prepare(const struct call *c, CK_SESSION_HANDLE s)
{
    if (c->prepare)
        c->prepare(s);
}

static void undo(const struct call *c, CK_SESSION_HANDLE s)
{
    if (c->undo)
        c->undo(s);
}

/* The key has gone, and nothing with it: put back it works, and so does the call. */
static void was_cut(const struct call *c, CK_SESSION_HANDLE s, CK_RV rv)
{
    ck_assert_msg(rv == CKR_DEVICE_REMOVED, "%s: %lx", c->name, rv);
    sessions_are_gone(s);
    put_back();
    s = session_of(c->slot);
    undo(c, s);
    if (!c->again)
        prepare(c, s);
    rv = c->call(s);
    ck_assert_msg(rv == CKR_OK, "%s again: %lx", c->name, rv);
    undo(c, s);
}

/* How many commands a call takes depends on what has been read before: where it had none of this
 * number, it is called again, to be cut at its last one. */
static void cut(const struct call *c, unsigned at, bool after)
{
    bool happened = false;
    CK_SESSION_HANDLE s = session_of(c->slot);
    for (int i = 0; !happened && i < 3; i++) {
        prepare(c, s);
        pc_cut_at(at, after, pc_cut_pull);
        CK_RV rv = c->call(s);
        at = pc_cut_over(&happened);
        if (happened)
            was_cut(c, s, rv);
        else
            undo(c, s);
    }
    ck_assert(happened);
}

START_TEST(pulled_inside_a_call)
{
    const struct call *c = &calls[_i];
    CK_SESSION_HANDLE s = session_of(c->slot);
    prepare(c, s);
    pc_cut_at(0, false, NULL);
    ck_assert_uint_eq(c->call(s), CKR_OK);
    unsigned n = pc_cut_over(NULL);
    printf("%s: %u commands\n", c->name, n);
    ck_assert_uint_ge(n, 1);
    undo(c, s);
    CK_ULONG space = pc_free_space();
    cut(c, 1, false);
    cut(c, n, true);
    if (n > 1)
        cut(c, n, false);
    if (n > 2)
        cut(c, (n + 1) / 2, true);
    ck_assert(!c->undo || pc_free_space() == space);
    mh_issued_free(&parts);
}
END_TEST

/* What has been written in part is no object, and takes no room. */
START_TEST(pulled_inside_what_is_written)
{
    const struct call c = {"half an object", 0, NULL, make_data, take_data_away, true};
    bool happened = false;
    ck_assert_uint_eq(make_data(session), CKR_OK);
    take_data_away(session);
    CK_ULONG space = pc_free_space();
    for (unsigned i = 1; i <= 3; i++) {
        pc_cut_at_one_of(WRITE_FILE, i, i == 1, pc_cut_pull);
        CK_RV rv = make_data(session);
        (void)pc_cut_over(&happened);
        ck_assert(happened);
        was_cut(&c, session, rv);
        ck_assert_uint_eq(pc_free_space(), space);
    }
}
END_TEST

/* A wrong PIN that the key got costs the try that it costs; one that it didn't get, none. The
 * right one is taken. */
START_TEST(pulled_with_a_wrong_pin_on_its_way)
{
    CK_BYTE pin[] = "wrong-pin";
    bool happened = false;
    log_out(session);
    pc_cut_at(0, false, NULL);
    ck_assert_uint_eq(log_in(session), CKR_OK);
    unsigned n = pc_cut_over(NULL);
    for (int after = 0; after < 2; after++) {
        log_out(session);
        pc_cut_at(n, after == 1, pc_cut_pull);
        ck_assert_uint_eq(h.f->C_Login(session, CKU_USER, pin, sizeof pin - 1), CKR_DEVICE_REMOVED);
        (void)pc_cut_over(&happened);
        ck_assert(happened);
        sessions_are_gone(session);
        pc_control("insert");
        pc_wait_key(after ? 9 : 10);
        pc_all_is_well();
    }
}
END_TEST

int main(void)
{
    if (!pc_is_there())
        return 77; /* not under with-key --pcsc: make check skips it */
    Suite *suite = suite_create("pulled");
    TCase *t = tcase_create("pulled");
    tcase_add_checked_fixture(t, pc_setup, pc_teardown);
    tcase_set_timeout(t, 120);
    tcase_add_loop_test(t, pulled_between_the_parts_of_an_operation, 0, 2);
    tcase_add_loop_test(t, pulled_inside_a_call, 0, (int)COUNT(calls));
    tcase_add_test(t, pulled_inside_what_is_written);
    tcase_add_test(t, pulled_with_a_wrong_pin_on_its_way);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
