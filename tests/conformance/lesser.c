/* SPDX-License-Identifier: Apache-2.0 */
/* Keys that can do less: no room or right for records, nothing that decrypts for us, one algorithm.
 */
#include <check.h>
#include <string.h>

#include "life.h"
#include "runner.h"

/* --- keys with little room
 * ----------------------------------------------------------------------*/

static const struct {
    enum bk_vkey_files files;
    bool sm2;
} no_files[] = {{BK_VKEY_FILES_NO_ROOM, false}, {BK_VKEY_FILES_NO_RIGHT, true}};

/* Without records the import of the signing certificate is the commit. */
START_TEST(a_key_without_files_is_renewed)
{
    struct bk_buf id[2] = {BK_BUF_INIT, BK_BUF_INIT};
    const char *name = no_files[_i].sm2 ? "personalCert01" : "personalCert00";
    CK_KEY_TYPE type = no_files[_i].sm2 ? CKK_SM2 : CKK_RSA;
    CK_BJCA_RENEW_STATE st;
    life_start_key(&(struct bk_vkey_params){.files = no_files[_i].files}, NULL);
    life_issue_both();
    for (int round = 0; round < 2; round++) { /* the second beside a history */
        CK_SESSION_HANDLE s = mh_login(&h, no_files[_i].sm2 ? 1 : 0);
        CK_BJCA_RENEW_PARAMS p = {.ulSize = sizeof p, .keyType = type};
        CK_BJCA_ROOM room = {.ulSize = sizeof room};
        ck_assert_uint_eq(h.v->BJCA_RenewRoom(s, (const CK_UTF8CHAR *)name, &p, &room), CKR_OK);
        ck_assert(room.fits && !room.fitsKeepingKey);
        ck_assert(mh_bytes_attr(&h, s, mh_find(&h, s, CKO_CERTIFICATE, 0), CKA_ID, &id[0]));
        ck_assert_uint_eq(mh_renew(&h, s, name, type, 0), CKR_OK);
        ck_assert(mh_identity_works(&h, s));
        life_restart(); /* nothing of it was only in memory */
        s = mh_login(&h, no_files[_i].sm2 ? 1 : 0);
        ck_assert(mh_identity_works(&h, s));
        ck_assert_uint_eq(life_renewed(s, name, &st), CKR_OK);
        ck_assert_uint_eq(st.currentGeneration, (CK_ULONG)round + 1);
        ck_assert_uint_eq(st.state, CK_BJCA_RENEW_NONE);
        ck_assert(mh_bytes_attr(&h, s, mh_find(&h, s, CKO_CERTIFICATE, 0), CKA_ID, &id[1]));
        ck_assert_uint_eq(id[0].len, id[1].len);
        ck_assert_mem_eq(id[0].data, id[1].data, id[0].len);
        ck_assert_uint_eq(h.f->C_CloseAllSessions(no_files[_i].sm2 ? 1 : 0), CKR_OK);
        bk_buf_free(&id[0]);
        bk_buf_free(&id[1]);
    }
    life_teardown();
}
END_TEST

/* The certificate that waits is in memory only: a program that ends before the commit has to load
 * it again, and until then the old identity is whole. */
START_TEST(what_waits_in_memory_is_loaded_again)
{
    CK_BJCA_RENEW_STATE st;
    life_start_key(&(struct bk_vkey_params){.files = no_files[_i].files}, NULL);
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 1);
    life_load_only(s, "personalCert01", CKK_SM2, 0);
    ck_assert_uint_eq(life_renewed(s, "personalCert01", &st), CKR_OK);
    ck_assert_uint_eq(st.state, CK_BJCA_RENEW_LOADED);
    ck_assert(mh_identity_works(&h, s));
    life_restart();
    s = mh_login(&h, 1);
    ck_assert(mh_identity_works(&h, s));
    ck_assert_uint_eq(life_renewed(s, "personalCert01", &st), CKR_OK);
    ck_assert_uint_eq(st.state, CK_BJCA_RENEW_PARTIAL);
    ck_assert_uint_eq(st.currentGeneration, 0);
    ck_assert_uint_eq(h.v->BJCA_RenewCommit(s, (const CK_UTF8CHAR *)"personalCert01"),
                      CKR_FUNCTION_FAILED);
    ck_assert_uint_eq(mh_renew(&h, s, "personalCert01", CKK_SM2, 0), CKR_OK);
    ck_assert_uint_eq(life_renewed(s, "personalCert01", &st), CKR_OK);
    ck_assert_uint_eq(st.currentGeneration, 1);
    ck_assert(mh_identity_works(&h, s));
    life_teardown();
}
END_TEST

/* --- keys that decrypt nothing for us
 * -----------------------------------------------------------*/

static unsigned sealed_keys, forbidden; /* INS A0; C6 and C8 */
static uint8_t refuse_with[2];          /* what INS A0 is answered; 0: what the key says */

/* A key of a maker without extension instructions: the virtual key's name, changed on its way. */
static enum bk_err disguised(struct bk_transport *inner, const uint8_t *command, size_t len,
                             bool sensitive, struct bk_buf *answer)
{
    enum bk_err err = inner->ops->transmit(inner, command, len, sensitive, answer);
    if (!err && command[1] == 0x04 && answer->len > 100) {
        uint8_t *name = memmem(answer->data, answer->len, "bjca-pkcs11", 11);
        if (name)
            memcpy(name, "Syno       ", 11);
        if ((name = memmem(answer->data, answer->len, "Longmai virtual", 15)) != NULL)
            memcpy(name, "Longmai GM3000 ", 15);
    }
    forbidden += command[1] == 0xc6 || command[1] == 0xc8;
    sealed_keys += command[1] == 0xa0;
    if (!err && command[1] == 0xa0 && refuse_with[0]) {
        bk_buf_clear(answer);
        err = bk_buf_put(answer, refuse_with, 2);
    }
    return err;
}

START_TEST(a_key_that_does_not_decrypt_proves_with_a_session_key)
{
    static const struct {
        uint8_t sw[2];
        CK_RV prove;
    } answers[] = {{{0, 0}, CKR_OK},
                   {{0x6d, 0x00}, CKR_OK},          /* not there: the public half has to do */
                   {{0x6a, 0x9b}, CKR_BJCA_PROOF}}; /* it can't open what was sealed to it */
    const char *names[] = {"personalCert00", "personalCert01"};
    life_start(_i ? BK_VKEY_LONGMAI : BK_VKEY_GMT0017, BK_VKEY_DIRECT, NULL);
    life_issue_both();
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    life_transmit = disguised;
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    for (size_t i = 0; i < 2 * sizeof answers / sizeof *answers; i++) {
        const CK_UTF8CHAR *name = (const CK_UTF8CHAR *)names[i % 2];
        life_load_only(s, names[i % 2], i % 2 ? CKK_SM2 : CKK_RSA, 0);
        memcpy(refuse_with, answers[i / 2].sw, 2);
        sealed_keys = forbidden = 0;
        ck_assert_uint_eq(h.v->BJCA_RenewProve(s, name), answers[i / 2].prove);
        ck_assert_uint_eq(sealed_keys, 1);
        ck_assert_uint_eq(forbidden, 0);
        ck_assert_uint_eq(h.v->BJCA_RenewAbort(s, name), CKR_OK);
    }
    life_teardown();
}
END_TEST

/* 5.5.5, 5.5.6: what such a key can't do isn't listed, nor told, nor begun; its public keys, which
 * the host could encrypt with, are no exception. */
static const struct {
    CK_SLOT_ID slot;
    CK_MECHANISM_TYPE type;
    CK_FLAGS left; /* 0: the mechanism is none */
} undone[] = {
    {0, CKM_RSA_PKCS, CKF_HW | CKF_SIGN | CKF_VERIFY | CKF_SIGN_RECOVER | CKF_VERIFY_RECOVER},
    {0, CKM_SHA256_RSA_PKCS, CKF_HW | CKF_SIGN | CKF_VERIFY},
    {0, CKM_RSA_X_509, 0},
    {0, CKM_RSA_PKCS_PSS, 0},
    {0, CKM_SHA256_RSA_PKCS_PSS, 0},
    {0, CKM_RSA_PKCS_OAEP, 0},
    {1, CKM_SM3_SM2, CKF_HW | CKF_SIGN | CKF_VERIFY},
    {1, CKM_SM2_ENCRYPT, 0},
    {1, CKM_SM2_ENCRYPT_DER, 0},
};

static bool is_listed(CK_SLOT_ID slot, CK_MECHANISM_TYPE type)
{
    CK_MECHANISM_TYPE list[64];
    CK_ULONG n = 64;
    bool found = false;
    ck_assert_uint_eq(h.f->C_GetMechanismList(slot, list, &n), CKR_OK);
    for (CK_ULONG i = 0; i < n; i++)
        found = found || list[i] == type;
    return found;
}

START_TEST(what_a_key_can_not_do_is_not_offered)
{
    life_start(_i ? BK_VKEY_LONGMAI : BK_VKEY_GMT0017, BK_VKEY_DIRECT, NULL);
    life_issue_both();
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    life_transmit = disguised;
    forbidden = 0;
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    CK_SESSION_HANDLE s[] = {mh_login(&h, 0), life_session(1, 0)};
    for (size_t i = 0; i < sizeof undone / sizeof *undone; i++) {
        CK_SLOT_ID slot = undone[i].slot;
        CK_MECHANISM m = {undone[i].type, NULL, 0};
        CK_MECHANISM_INFO info = {0};
        bool there = undone[i].left != 0;
        ck_assert_msg(is_listed(slot, m.mechanism) == there, "%lx in the list", m.mechanism);
        ck_assert_uint_eq(h.f->C_GetMechanismInfo(slot, m.mechanism, &info),
                          there ? CKR_OK : CKR_MECHANISM_INVALID);
        ck_assert_msg(info.flags == undone[i].left, "%lx: %lx", m.mechanism, info.flags);
        CK_OBJECT_HANDLE own = mh_find(&h, s[slot], CKO_PRIVATE_KEY, CKA_SIGN);
        ck_assert_uint_eq(h.f->C_DecryptInit(s[slot], &m, own), CKR_MECHANISM_INVALID);
        ck_assert_uint_eq(h.f->C_EncryptInit(s[slot], &m, own), CKR_MECHANISM_INVALID);
        ck_assert_uint_eq(h.f->C_SignInit(s[slot], &m, own),
                          there ? CKR_OK : CKR_MECHANISM_INVALID);
        ck_assert_uint_eq(h.f->C_SessionCancel(s[slot], CKF_SIGN), CKR_OK);
    }
    ck_assert_uint_eq(forbidden, 0);
    life_teardown();
}
END_TEST

/* --- keys that lack an algorithm
 * ------------------------------------------------------------------*/

static CK_SLOT_ID can; /* the slot of what it can do */

/* GM/T 0017, DevInfo: AlgAsymCap at 204, in the dialect's order, GMT0017's being little-endian. */
static enum bk_err lacking(struct bk_transport *inner, const uint8_t *command, size_t len,
                           bool sensitive, struct bk_buf *answer)
{
    static const uint8_t capabilities[2][4] = {{0, 0, 1, 0}, {0, 7, 2, 0}};
    enum bk_err err = inner->ops->transmit(inner, command, len, sensitive, answer);
    for (size_t i = 0; !err && command[1] == 0x04 && answer->len > 208 && i < 4; i++)
        answer->data[204 + i] = capabilities[can][h.dialect == BK_VKEY_LONGMAI ? 3 - i : i];
    return err;
}

static void expect_absent(CK_SLOT_ID slot)
{
    CK_SLOT_INFO info;
    CK_TOKEN_INFO token;
    CK_SESSION_HANDLE s = 0;
    CK_ULONG n = 0;
    ck_assert_uint_eq(h.f->C_GetSlotInfo(slot, &info), CKR_OK);
    ck_assert(!(info.flags & CKF_TOKEN_PRESENT));
    ck_assert_uint_eq(h.f->C_GetTokenInfo(slot, &token), CKR_TOKEN_NOT_PRESENT);
    ck_assert_uint_eq(h.f->C_GetMechanismList(slot, NULL, &n), CKR_TOKEN_NOT_PRESENT);
    ck_assert_uint_eq(h.f->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &s),
                      CKR_TOKEN_NOT_PRESENT);
}

START_TEST(a_token_is_absent_where_the_key_can_not_do_it)
{
    CK_SLOT_ID slots[4] = {9, 9, 9, 9};
    CK_SLOT_INFO info;
    CK_ULONG n = 4;
    can = (CK_SLOT_ID)(_i % 2);
    life_start(_i / 2 ? BK_VKEY_LONGMAI : BK_VKEY_GMT0017, BK_VKEY_DIRECT, NULL);
    life_issue_both();
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    life_transmit = lacking;
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    expect_absent(1 - can);
    ck_assert_uint_eq(h.f->C_GetSlotList(0, slots, &n), CKR_OK);
    ck_assert_uint_eq(n, 2);
    n = 4;
    ck_assert_uint_eq(h.f->C_GetSlotList(1, slots, &n), CKR_OK);
    ck_assert_uint_eq(n, 1);
    ck_assert_uint_eq(slots[0], can);
    ck_assert_uint_eq(h.f->C_GetSlotInfo(can, &info), CKR_OK);
    ck_assert(info.flags & CKF_TOKEN_PRESENT);
    ck_assert(mh_identity_works(&h, mh_login(&h, can)));
    life_teardown();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("lesser keys");
    TCase *t = life_case("lesser keys");
    tcase_add_loop_test(t, a_key_without_files_is_renewed, 0, 2);
    tcase_add_loop_test(t, what_waits_in_memory_is_loaded_again, 0, 2);
    tcase_add_loop_test(t, a_key_that_does_not_decrypt_proves_with_a_session_key, 0, 2);
    tcase_add_loop_test(t, what_a_key_can_not_do_is_not_offered, 0, 2);
    tcase_add_loop_test(t, a_token_is_absent_where_the_key_can_not_do_it, 0, 4);
    tcase_set_timeout(t, 120);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
