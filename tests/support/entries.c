/* SPDX-License-Identifier: Apache-2.0 */
#include "entries.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define N(text) ((const CK_UTF8CHAR *)(text))
#define STATION "[module]\nproduction-station = yes\n"

struct entry_at at;
CK_BYTE entry_text[22] = "a text of some length";

/* --- keys, made once
 * ----------------------------------------------------------------------------*/

static struct bk_buf states[ENTRY_KEYS];
static struct mh_issued issued; /* for the renewal that was started */
uint8_t entry_device_key[16] = {1, 2, 3, 4};

static CK_OBJECT_HANDLE put_data(CK_SESSION_HANDLE s, CK_BYTE *label, CK_ULONG len)
{
    CK_OBJECT_HANDLE o = 0;
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &(CK_OBJECT_CLASS){CKO_DATA}, sizeof(CK_OBJECT_CLASS)},
                        {CKA_TOKEN, &(CK_BBOOL){1}, 1},
                        {CKA_LABEL, label, len},
                        {CKA_VALUE, label, len}};
    ck_assert_uint_eq(h.f->C_CreateObject(s, t, COUNT(t), &o), CKR_OK);
    return o;
}

static void make_started(CK_SESSION_HANDLE s)
{
    CK_BJCA_RENEW_PARAMS p = {.ulSize = sizeof p, .keyType = CKK_SM2};
    CK_BYTE csr[4096];
    CK_ULONG len = sizeof csr;
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, N(ENTRY_SM2), &p, NULL, NULL), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_RenewRequest(s, N(ENTRY_SM2), &p, csr, &len), CKR_OK);
    struct bk_buf view = {csr, len, len};
    mh_issue(&view, true, &issued);
}

CK_BJCA_LOAD entry_issued(void)
{
    return (CK_BJCA_LOAD){sizeof(CK_BJCA_LOAD), issued.sign.data,  issued.sign.len,
                          issued.enc.data,      issued.enc.len,    issued.envelope.data,
                          issued.envelope.len,  issued.chain.data, issued.chain.len,
                          NULL,                 0};
}

void entries_setup(void)
{
    life_start_key(&(struct bk_vkey_params){.device_key = entry_device_key}, STATION);
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 1);
    ck_assert_uint_eq(mh_renew(&h, s, ENTRY_SM2, CKK_SM2, 0), CKR_OK); /* a history */
    (void)put_data(s, (CK_BYTE *)"data", 4);
    ck_assert_uint_eq(
        h.v->BJCA_CreateFile(s, N("file"), 32, CK_BJCA_RIGHT_ANYONE, CK_BJCA_RIGHT_USER), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_CreateContainer(s, N("empty")), CKR_OK);
    mh_save(&h, &states[IDENTITIES]);
    make_started(s);
    mh_save(&h, &states[STARTED]);
    CK_BJCA_LOAD load = entry_issued();
    ck_assert_uint_eq(h.v->BJCA_RenewLoad(s, N(ENTRY_SM2), &load, NULL, NULL), CKR_OK);
    mh_save(&h, &states[LOADED]);
    life_restart();
    mh_restore(&h, &states[IDENTITIES]);
    life_lock_it();
    mh_save(&h, &states[LOCKED]);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
}

void entries_teardown(void)
{
    for (int i = 0; i < ENTRY_KEYS; i++)
        bk_buf_free(&states[i]);
    mh_issued_free(&issued);
    mh_forget(&h);
}

/* --- what calls stand on
 * ------------------------------------------------------------------------*/

CK_MECHANISM entry_sign_mechanism(void)
{
    return (CK_MECHANISM){at.slot ? CKM_SM3_SM2 : CKM_SHA256_RSA_PKCS, NULL, 0};
}

CK_MECHANISM entry_seal_mechanism(void)
{
    return (CK_MECHANISM){at.slot ? CKM_SM2_ENCRYPT : CKM_RSA_PKCS, NULL, 0};
}

/* Before a call nothing fails. */
void entry_nothing(void)
{
}

void entry_session(void)
{
    at.s = life_session(at.slot, CKF_RW_SESSION);
}

void entry_login(void)
{
    at.s = mh_login(&h, at.slot);
}

void entry_secret(void)
{
    CK_MECHANISM m = {CKM_SM4_KEY_GEN, NULL, 0};
    CK_ATTRIBUTE t = {CKA_EXTRACTABLE, &(CK_BBOOL){1}, 1};
    entry_login();
    ck_assert_uint_eq(h.f->C_GenerateKey(at.s, &m, &t, 1, &at.secret), CKR_OK);
}

/* --- before and after
 * ---------------------------------------------------------------------------*/

void entry_begin(const struct entry *e)
{
    mh_restore(&h, &states[e->key]);
    mh_new_unlock(&h);
    memset(&at, 0, sizeof at);
    at.slot = e->slot;
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    e->before();
}

void entry_end(void)
{
    (void)h.f->C_Finalize(NULL);
}

static void new_program(void)
{
    (void)h.f->C_Finalize(NULL);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
}

/* A key that was pulled a moment ago is noticed by the first command. One that refused the first
 * command ever is taken for a card of somebody else's, until it is plugged in anew. */
static CK_BJCA_STATUS status_now(const char *what)
{
    CK_BJCA_STATUS st = {.ulSize = sizeof st};
    CK_RV rv = h.v->BJCA_GetStatus(0, &st);
    if (rv == CKR_TOKEN_NOT_RECOGNIZED)
        new_program();
    if (rv == CKR_DEVICE_REMOVED || rv == CKR_TOKEN_NOT_RECOGNIZED)
        rv = h.v->BJCA_GetStatus(0, &st);
    ck_assert_msg(rv == CKR_OK, "%s: status afterwards: %lx", what, rv);
    return st;
}

static void check_identities(const char *what)
{
    for (CK_SLOT_ID slot = 0; slot < 2; slot++) {
        CK_SESSION_HANDLE s = mh_try_login(&h, slot, MH_PIN);
        ck_assert_msg(s != 0, "%s: no log-in afterwards", what);
        ck_assert_msg(mh_identity_works(&h, s), "%s: slot %lu afterwards", what, slot);
    }
}

/* Unless it came to its end, it is done again. */
static void check_unlock(bool done, const char *what)
{
    (void)h.v->BJCA_UnlockCancel(at.unlock);
    (void)status_now(what);
    CK_RV rv = done ? CKR_OK : mh_unlock(&h, 0, MH_PIN);
    ck_assert_msg(rv == CKR_OK, "%s: unlocked afterwards: %lx", what, rv);
}

static void call_again(const struct entry *e, const char *what)
{
    CK_RV rv = e->call();
    /* a device key that the key refused isn't sent to it again while it is plugged in */
    if (rv == CKR_TOKEN_NOT_RECOGNIZED || rv == CKR_PIN_INCORRECT)
        new_program();
    if (rv != CKR_OK)
        rv = e->call();
    ck_assert_msg(rv == CKR_OK, "%s: again: %lx", what, rv);
}

void entry_check(const struct entry *e, CK_RV rv, bool again, const char *what)
{
    CK_SESSION_INFO info;
    CK_INFO library;
    if (again || h.f->C_GetInfo(&library) == CKR_CRYPTOKI_NOT_INITIALIZED)
        new_program();
    else if (h.f->C_GetSessionInfo(at.s, &info) == CKR_OK && info.state == CKS_RW_SO_FUNCTIONS)
        ck_assert_uint_eq(h.f->C_Logout(at.s), CKR_OK);
    if (e->after == UNLOCKED)
        check_unlock(strcmp(e->function, "BJCA_UnlockStep") == 0 && rv == CKR_OK, what);
    if (e->after == ERASED && rv != CKR_OK)
        call_again(e, what);
    CK_BJCA_STATUS st = status_now(what);
    ck_assert_msg(st.adminTriesLeft == 10 && st.userTriesLeft == 10, "%s: tries: %lu, %lu", what,
                  st.userTriesLeft, st.adminTriesLeft);
    if (e->after != ERASED)
        check_identities(what);
}
