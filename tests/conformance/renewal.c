/* SPDX-License-Identifier: Apache-2.0 */
/* Renewal in place: what stays, what is refused, what a progress function may do. */
#include <check.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "life.h"
#include "runner.h"

#define CKA_UNIQUE_ID 0x4UL /* PKCS#11 3.0 has it, this header hasn't */

START_TEST(a_renewal_keeps_id_and_label_and_old_data)
{
    CK_BJCA_RENEW_STATE st;
    struct bk_buf id[2] = {BK_BUF_INIT, BK_BUF_INIT}, label[2] = {BK_BUF_INIT, BK_BUF_INIT};
    bool sm2 = _i == 1;
    const char *name = sm2 ? "personalCert01" : "personalCert00";
    life_setup();
    life_issue_both();
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
    ck_assert_uint_eq(life_renewed(s, name, &st), CKR_OK);
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
    life_teardown();
}
END_TEST

/* 3.0, 4.4: no two objects have one CKA_UNIQUE_ID, though the CA gives back the encryption key that
 * the history has, as this one does with RSA. */
START_TEST(an_encryption_key_that_comes_again_is_another_object)
{
    CK_OBJECT_HANDLE found[64];
    struct bk_buf id[64] = {BK_BUF_INIT};
    CK_ULONG n = 0;
    life_setup();
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(mh_renew(&h, s, "personalCert00", CKK_RSA, 0), CKR_OK);
    ck_assert_uint_eq(h.f->C_FindObjectsInit(s, NULL, 0), CKR_OK);
    ck_assert_uint_eq(h.f->C_FindObjects(s, found, 64, &n), CKR_OK);
    ck_assert_uint_eq(h.f->C_FindObjectsFinal(s), CKR_OK);
    ck_assert_uint_gt(n, 8);
    for (CK_ULONG i = 0; i < n; i++) {
        ck_assert(mh_bytes_attr(&h, s, found[i], CKA_UNIQUE_ID, &id[i]));
        for (CK_ULONG k = 0; k < i; k++)
            ck_assert_msg(id[i].len != id[k].len || memcmp(id[i].data, id[k].data, id[i].len) != 0,
                          "%.*s twice", (int)id[i].len, (const char *)id[i].data);
    }
    for (CK_ULONG i = 0; i < n; i++)
        bk_buf_free(&id[i]);
    life_teardown();
}
END_TEST

START_TEST(abort_leaves_what_was)
{
    CK_BJCA_RENEW_STATE st;
    const CK_UTF8CHAR *name = (const CK_UTF8CHAR *)"personalCert01";
    CK_BJCA_RENEW_PARAMS p = {.ulSize = sizeof p, .keyType = CKK_SM2};
    CK_BJCA_ROOM room = {.ulSize = sizeof room};
    life_setup();
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(h.v->BJCA_RenewRoom(s, name, &p, &room), CKR_OK);
    ck_assert(room.fits && room.fitsKeepingKey);
    ck_assert_uint_eq(room.oldestHistory, CK_UNAVAILABLE_INFORMATION);
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, name, &p, NULL, NULL), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, name, &p, NULL, NULL), CKR_OK);
    ck_assert_uint_eq(life_renewed(s, "personalCert01", &st), CKR_OK);
    ck_assert_uint_eq(st.state, CK_BJCA_RENEW_KEY);
    CK_BJCA_STATUS status = {.ulSize = sizeof status};
    ck_assert_uint_eq(h.v->BJCA_GetStatus(0, &status), CKR_OK);
    ck_assert(status.flags & CKF_BJCA_RENEWAL_PENDING);
    ck_assert_uint_eq(h.v->BJCA_RenewCommit(s, name), CKR_FUNCTION_FAILED);
    ck_assert_uint_eq(h.v->BJCA_RenewAbort(s, name), CKR_OK);
    ck_assert_uint_eq(life_renewed(s, "personalCert01", &st), CKR_OK);
    ck_assert_uint_eq(st.state, CK_BJCA_RENEW_NONE);
    p.keyType = CKK_RSA;
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, name, &p, NULL, NULL), CKR_ARGUMENTS_BAD);
    p.keyType = CKK_SM2;
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, (const CK_UTF8CHAR *)"a~b", &p, NULL, NULL),
                      CKR_ARGUMENTS_BAD);
    ck_assert_uint_eq(h.f->C_OpenSession(1, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &s),
                      CKR_OK);
    ck_assert(mh_identity_works(&h, s));
    life_teardown();
}
END_TEST

static CK_FLAGS status_flags(CK_SLOT_ID slot)
{
    CK_BJCA_STATUS st = {.ulSize = sizeof st};
    ck_assert_uint_eq(h.v->BJCA_GetStatus(slot, &st), CKR_OK);
    return st.flags & ~(CK_FLAGS)(CKF_BJCA_USER_PIN_DEFAULT | CKF_BJCA_ADMIN_PIN_DEFAULT);
}

/* One call for a status line: also what another program has begun, and no more than there is room
 * for. */
START_TEST(the_status_says_what_is_pending)
{
    const CK_UTF8CHAR *name = (const CK_UTF8CHAR *)"personalCert01";
    CK_BJCA_RENEW_PARAMS p = {.ulSize = sizeof p, .keyType = CKK_SM2};
    CK_BJCA_STATUS small;
    life_setup();
    life_issue_both();
    life_restart();
    ck_assert_uint_eq(status_flags(0), 0);
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(status_flags(1), CKF_BJCA_LOGGED_IN);
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, name, &p, NULL, NULL), CKR_OK);
    ck_assert_uint_eq(status_flags(0), CKF_BJCA_LOGGED_IN | CKF_BJCA_RENEWAL_PENDING);
    life_restart();
    ck_assert_uint_eq(status_flags(0), CKF_BJCA_RENEWAL_PENDING);
    s = mh_login(&h, 1);
    ck_assert_uint_eq(h.v->BJCA_RenewAbort(s, name), CKR_OK);
    ck_assert_uint_eq(h.f->C_CloseSession(s), CKR_OK);
    ck_assert_uint_eq(status_flags(0), 0);
    life_lock_it();
    ck_assert_uint_eq(status_flags(0), CKF_BJCA_USER_LOCKED);
    memset(&small, 0x55, sizeof small);
    small.ulSize = offsetof(CK_BJCA_STATUS, serial);
    ck_assert_uint_eq(h.v->BJCA_GetStatus(0, &small), CKR_OK);
    ck_assert_uint_eq(small.ulSize, offsetof(CK_BJCA_STATUS, serial));
    ck_assert_uint_eq(small.userTriesLeft, 0);
    ck_assert_uint_eq(small.pinMax, 16);
    for (size_t i = offsetof(CK_BJCA_STATUS, serial); i < sizeof small; i++)
        ck_assert_uint_eq(((CK_BYTE *)&small)[i], 0x55);
    life_teardown();
}
END_TEST

/* A signature isn't as long as the one before: what is told is enough for the next. */
START_TEST(a_request_has_room_where_it_was_told)
{
    const CK_UTF8CHAR *name = (const CK_UTF8CHAR *)"first";
    CK_BJCA_RENEW_PARAMS p = {.ulSize = sizeof p, .keyType = _i ? CKK_RSA : CKK_SM2};
    CK_BYTE request[1024];
    CK_ULONG most = 0, least = sizeof request, told = 0;
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, name, &p, NULL, NULL), CKR_OK);
    for (int i = 0; i < 60; i++) {
        CK_ULONG len = sizeof request, small = 1;
        ck_assert_uint_eq(h.v->BJCA_RenewRequest(s, name, &p, request, &len), CKR_OK);
        most = len > most ? len : most;
        ck_assert_uint_eq(h.v->BJCA_RenewRequest(s, name, &p, request, &small),
                          CKR_BUFFER_TOO_SMALL);
        least = small < least ? small : least;
        told = small;
    }
    ck_assert_uint_ge(least, most);
    ck_assert_uint_eq(h.v->BJCA_RenewRequest(s, name, &p, request, &told), CKR_OK);
    life_teardown();
}
END_TEST

/* bjca-pkcs11(3): each wants what comes before it, and who is logged in. */
START_TEST(out_of_order_and_without_a_log_in)
{
    static const CK_UTF8CHAR name[] = "mine";
    CK_BJCA_RENEW_PARAMS p = {.ulSize = sizeof p, .keyType = CKK_SM2};
    CK_BJCA_ROOM room = {.ulSize = sizeof room};
    CK_BJCA_RENEW_STATE st;
    CK_BYTE csr[4096], cert[1] = {0};
    CK_ULONG len = sizeof csr;
    struct bk_buf der = BK_BUF_INIT;
    life_setup();
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 1);
    ck_assert(mh_bytes_attr(&h, s, mh_find(&h, s, CKO_CERTIFICATE, 0), CKA_VALUE, &der));
    CK_BJCA_LOAD load = {.ulSize = sizeof load, .signCert = der.data, .signCertLen = der.len};
    ck_assert_uint_eq(h.v->BJCA_RenewRequest(s, name, &p, csr, &len), CKR_FUNCTION_FAILED);
    ck_assert_uint_eq(h.v->BJCA_RenewLoad(s, name, &load, NULL, NULL), CKR_FUNCTION_FAILED);
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, name, &p, NULL, NULL), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_RenewProve(s, name), CKR_FUNCTION_FAILED);
    ck_assert_uint_eq(h.v->BJCA_RenewCommit(s, name), CKR_FUNCTION_FAILED);
    ck_assert_uint_eq(h.v->BJCA_RenewLoad(s, name, &load, NULL, NULL), CKR_BJCA_PROOF);
    load.signCert = cert;
    load.signCertLen = sizeof cert;
    ck_assert_uint_eq(h.v->BJCA_RenewLoad(s, name, &load, NULL, NULL), CKR_BJCA_PROOF);
    ck_assert_uint_eq(h.f->C_Logout(s), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_RenewRoom(s, name, &p, &room), CKR_OK);
    ck_assert_uint_eq(life_renewed(s, "mine", &st), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, name, &p, NULL, NULL), CKR_USER_NOT_LOGGED_IN);
    ck_assert_uint_eq(h.v->BJCA_RenewRequest(s, name, &p, csr, &len), CKR_USER_NOT_LOGGED_IN);
    ck_assert_uint_eq(h.v->BJCA_RenewLoad(s, name, &load, NULL, NULL), CKR_USER_NOT_LOGGED_IN);
    ck_assert_uint_eq(h.v->BJCA_RenewProve(s, name), CKR_USER_NOT_LOGGED_IN);
    ck_assert_uint_eq(h.v->BJCA_RenewCommit(s, name), CKR_USER_NOT_LOGGED_IN);
    ck_assert_uint_eq(h.v->BJCA_RenewAbort(s, name), CKR_USER_NOT_LOGGED_IN);
    ck_assert_uint_eq(h.v->BJCA_DeleteHistory(s, name, 0), CKR_USER_NOT_LOGGED_IN);
    bk_buf_free(&der);
    life_teardown();
}
END_TEST

/* Of a name that isn't there nothing can be proved or committed; nothing is begun of it either. */
START_TEST(a_name_that_is_not_there)
{
    const CK_UTF8CHAR *name = (const CK_UTF8CHAR *)"nobody";
    CK_BJCA_ERROR e = {.ulSize = sizeof e};
    life_setup();
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(h.v->BJCA_RenewProve(s, name), CKR_BJCA_UNKNOWN_NAME);
    ck_assert_uint_eq(h.v->BJCA_RenewCommit(s, name), CKR_BJCA_UNKNOWN_NAME);
    ck_assert_uint_eq(h.v->BJCA_GetError(&e), CKR_OK);
    ck_assert_str_eq((const char *)e.text, "The key has no container or file of this name.");
    ck_assert_uint_eq(h.v->BJCA_RenewAbort(s, name), CKR_OK);
    ck_assert_uint_eq(life_containers(), 2);
    life_teardown();
}
END_TEST

/* Where the second slot is hidden its containers are told of, and that no slot has their objects.
 */
START_TEST(a_container_of_a_slot_that_is_hidden)
{
    CK_BJCA_CONTAINER list[4] = {{.ulSize = sizeof list[0]}};
    CK_ULONG n = 4;
    life_start(BK_VKEY_GMT0017, BK_VKEY_DIRECT, "[module]\nsm2-slots = no\n");
    life_issue_both();
    ck_assert_uint_eq(h.v->BJCA_GetContainers(0, list, &n), CKR_OK);
    ck_assert_uint_eq(n, 2);
    for (CK_ULONG i = 0; i < n; i++)
        ck_assert_uint_eq(list[i].slotID,
                          list[i].keyType == CKK_SM2 ? CK_UNAVAILABLE_INFORMATION : 0);
    life_teardown();
}
END_TEST

static CK_BYTE two_names[] = {0x30, 0x00, 0x30, 0x00}, loose[] = {0x30, 0x81, 0x00},
               no_set[] = {0x30, 0x02, 0x30, 0x00}, empty_set[] = {0x30, 0x02, 0x31, 0x00},
               no_value[] = {0x30, 0x09, 0x31, 0x07, 0x30, 0x05, 0x06, 0x03, 0x55, 0x04, 0x03},
               cut[] = {0x30, 0x0d, 0x31, 0x0b, 0x30, 0x09, 0x06}, a_text[] = {0x0c, 0x01, 'x'},
               a_name[] = {0x30, 0x0c, 0x31, 0x0a, 0x30, 0x08, 0x06,
                           0x03, 0x55, 0x04, 0x03, 0x0c, 0x01, 'x'};

static const struct {
    CK_BYTE *subject;
    CK_ULONG len;
} no_names[] = {
    {a_name, 0},    {a_name, 1},    {two_names, 4}, {loose, 3},  {no_set, 4},
    {empty_set, 4}, {no_value, 11}, {cut, 7},       {a_text, 3}, {a_name, 13},
};

/* What is no Name gets no signature. */
START_TEST(a_subject_is_a_name)
{
    const CK_UTF8CHAR *name = (const CK_UTF8CHAR *)"first";
    CK_BJCA_RENEW_PARAMS p = {.ulSize = sizeof p, .keyType = CKK_SM2};
    CK_BYTE request[1024];
    CK_ULONG len = sizeof request;
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, name, &p, NULL, NULL), CKR_OK);
    (void)mh_exchanges(&h);
    for (size_t i = 0; i < sizeof no_names / sizeof *no_names; i++) {
        CK_BYTE *copy = malloc(no_names[i].len + 1); /* what is behind it isn't read */
        ck_assert_ptr_nonnull(copy);
        memcpy(copy, no_names[i].subject, no_names[i].len);
        p.subject = copy;
        p.subjectLen = no_names[i].len;
        CK_RV rv = h.v->BJCA_RenewRequest(s, name, &p, request, &len);
        ck_assert_msg(rv == CKR_ARGUMENTS_BAD, "subject %zu: %lx", i, rv);
        free(copy);
    }
    ck_assert_uint_eq(mh_exchanges(&h), 0);
    p.subject = a_name;
    p.subjectLen = sizeof a_name;
    len = sizeof request;
    ck_assert_uint_eq(h.v->BJCA_RenewRequest(s, name, &p, request, &len), CKR_OK);
    life_teardown();
}
END_TEST

static CK_RV stop_at_once(CK_VOID_PTR context, CK_ULONG done, CK_ULONG total)
{
    (void)context;
    (void)total;
    return done ? CKR_CANCEL : CKR_OK;
}

static void generate_pair(CK_SESSION_HANDLE s, const char *label)
{
    CK_MECHANISM m = {CKM_SM2_KEY_PAIR_GEN, NULL, 0};
    CK_ATTRIBUTE t = {CKA_LABEL, (void *)(uintptr_t)label, strlen(label)};
    CK_OBJECT_HANDLE pub = 0, priv = 0;
    ck_assert_uint_eq(mh_generate(&h, s, &m, &t, 1, NULL, 0, &pub, &priv), CKR_OK);
}

/* The key doesn't tell a pair of C_GenerateKeyPair's from a first issue that waits for its
 * certificate: only a pair that Begin has made here goes by Abort, any other by DeleteContainer. */
START_TEST(a_pair_that_was_not_begun_here_is_not_aborted)
{
    const CK_UTF8CHAR *name = (const CK_UTF8CHAR *)"mine", *other = (const CK_UTF8CHAR *)"other";
    CK_BJCA_RENEW_PARAMS p = {.ulSize = sizeof p, .keyType = CKK_SM2};
    CK_BJCA_RENEW_STATE st;
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 1);
    for (int by_begin = 0; by_begin < 2; by_begin++) {
        if (by_begin) { /* in another process, then */
            ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, name, &p, NULL, NULL), CKR_OK);
            life_restart();
            s = mh_login(&h, 1);
        } else {
            generate_pair(s, "mine");
        }
        ck_assert_uint_eq(h.v->BJCA_RenewAbort(s, name), CKR_ACTION_PROHIBITED);
        ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, other, &p, NULL, NULL), CKR_OK);
        ck_assert_uint_eq(h.v->BJCA_RenewAbort(s, name), CKR_ACTION_PROHIBITED);
        ck_assert_uint_eq(h.v->BJCA_RenewAbort(s, other), CKR_OK);
        ck_assert_uint_eq(mh_count(&h, s, CKO_PRIVATE_KEY), 1);
        ck_assert_uint_eq(life_renewed(s, "mine", &st), CKR_OK);
        ck_assert_uint_eq(st.state, CK_BJCA_RENEW_KEY);
        /* Begin finds it, which doesn't make it Begin's */
        ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, name, &p, NULL, NULL), CKR_OK);
        ck_assert_uint_eq(mh_count(&h, s, CKO_PRIVATE_KEY), 1);
        ck_assert_uint_eq(h.v->BJCA_RenewAbort(s, name), CKR_ACTION_PROHIBITED);
        ck_assert_uint_eq(mh_count(&h, s, CKO_PRIVATE_KEY), 1);
        ck_assert_uint_eq(h.v->BJCA_DeleteContainer(s, name), CKR_OK);
        ck_assert_uint_eq(mh_count(&h, s, CKO_PRIVATE_KEY), 0);
        /* made by Begin it is, also when Begin goes on with it */
        ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, name, &p, NULL, NULL), CKR_OK);
        ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, name, &p, NULL, NULL), CKR_OK);
        ck_assert_uint_eq(h.v->BJCA_RenewAbort(s, name), CKR_OK);
        ck_assert_uint_eq(mh_count(&h, s, CKO_PRIVATE_KEY), 0);
        /* one that comes after it is another one */
        generate_pair(s, "mine");
        ck_assert_uint_eq(h.v->BJCA_RenewAbort(s, name), CKR_ACTION_PROHIBITED);
        ck_assert_uint_eq(h.v->BJCA_DeleteContainer(s, name), CKR_OK);
        /* also after a deletion that Abort hasn't seen */
        ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, name, &p, NULL, NULL), CKR_OK);
        ck_assert_uint_eq(h.v->BJCA_DeleteContainer(s, name), CKR_OK);
        generate_pair(s, "mine");
        ck_assert_uint_eq(h.v->BJCA_RenewAbort(s, name), CKR_ACTION_PROHIBITED);
        ck_assert_uint_eq(h.v->BJCA_DeleteContainer(s, name), CKR_OK);
    }
    /* where no key was made there is nothing to lose */
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, name, &p, stop_at_once, NULL), CKR_FUNCTION_CANCELED);
    life_restart();
    s = mh_login(&h, 1);
    ck_assert_uint_eq(life_renewed(s, "mine", &st), CKR_OK);
    ck_assert_uint_eq(st.state, CK_BJCA_RENEW_STARTED);
    ck_assert_uint_eq(h.v->BJCA_RenewAbort(s, name), CKR_OK);
    ck_assert_uint_eq(life_renewed(s, "mine", &st), CKR_OK);
    ck_assert_uint_eq(st.state, CK_BJCA_RENEW_NONE);
    life_teardown();
}
END_TEST

static int cancel_state(void)
{
    int was = -1;
    ck_assert_int_eq(pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &was), 0);
    return was;
}

/* Whether a thread may be cancelled is its own to say: no call changes it. */
START_TEST(a_threads_cancel_state_stays)
{
    const CK_UTF8CHAR *name = (const CK_UTF8CHAR *)"personalCert01";
    life_setup();
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 1);
    (void)cancel_state();
    life_load_only(s, "personalCert01", CKK_SM2, 0);
    ck_assert_int_eq(cancel_state(), PTHREAD_CANCEL_ENABLE);
    ck_assert_uint_eq(h.v->BJCA_RenewCommit(s, name), CKR_OK);
    ck_assert_int_eq(cancel_state(), PTHREAD_CANCEL_ENABLE);
    ck_assert_uint_eq(h.v->BJCA_RenewAbort(s, name), CKR_OK);
    ck_assert_int_eq(cancel_state(), PTHREAD_CANCEL_ENABLE);
    ck_assert_uint_eq(h.v->BJCA_DeleteHistory(s, name, 0), CKR_OK);
    ck_assert_int_eq(cancel_state(), PTHREAD_CANCEL_ENABLE);
    life_teardown();
}
END_TEST

START_TEST(certificates_that_do_not_belong_are_refused)
{
    const CK_UTF8CHAR *name = (const CK_UTF8CHAR *)"personalCert01";
    CK_BJCA_RENEW_PARAMS p = {.ulSize = sizeof p, .keyType = CKK_SM2};
    CK_BJCA_RENEW_STATE st;
    CK_BYTE csr[4096];
    struct mh_issued mine, other;
    struct bk_buf none = BK_BUF_INIT;
    life_setup();
    life_issue_both();
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
        {&mine.sign, &none, &mine.envelope},       /* an envelope for no certificate */
        {&mine.envelope, &mine.enc, &mine.envelope},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CK_BJCA_LOAD load = {sizeof load,
                             wrong[i][0]->data,
                             wrong[i][0]->len,
                             wrong[i][1]->data,
                             wrong[i][1]->len,
                             wrong[i][2]->data,
                             wrong[i][2]->len,
                             mine.chain.data,
                             mine.chain.len,
                             NULL,
                             0};
        ck_assert_uint_eq(h.v->BJCA_RenewLoad(s, name, &load, NULL, NULL), CKR_BJCA_PROOF);
        ck_assert_uint_eq(life_renewed(s, "personalCert01", &st), CKR_OK);
        ck_assert_uint_lt(st.state, CK_BJCA_RENEW_LOADED);
    }
    static const struct {
        const char *id;
        CK_ULONG len;
    } no_id[] = {{"", 0}, {"a b", 3}, {"a\nb", 3}, {"a", 65}, {"\xe4\xb8\xad", 3}, {"a\0b", 3}};
    for (size_t i = 0; i < sizeof no_id / sizeof *no_id; i++) {
        CK_UTF8CHAR id[65];
        memset(id, 'a', sizeof id);
        memcpy(id, no_id[i].id, no_id[i].len < sizeof id ? no_id[i].len : 1);
        CK_BJCA_LOAD load = {.ulSize = sizeof load,
                             .signCert = mine.sign.data,
                             .signCertLen = mine.sign.len,
                             .sm2Id = id,
                             .sm2IdLen = no_id[i].len};
        ck_assert_uint_eq(h.v->BJCA_RenewLoad(s, name, &load, NULL, NULL), CKR_ARGUMENTS_BAD);
    }
    mine.chain.data[mine.chain.len - 5] ^= 1; /* a root that isn't the one that signed */
    CK_BJCA_LOAD load = mh_load_of(&mine);
    ck_assert_uint_eq(h.v->BJCA_RenewLoad(s, name, &load, NULL, NULL), CKR_BJCA_PROOF);
    mh_issued_free(&mine);
    mh_issued_free(&other);
    life_teardown();
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
    life_setup();
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 1);
    for (CK_ULONG at = 0; at < 2; at++) {
        ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, name, &p, stop_at, &at), CKR_FUNCTION_CANCELED);
        ck_assert(mh_identity_works(&h, s));
    }
    ck_assert_uint_eq(mh_renew(&h, s, "personalCert01", CKK_SM2, 0), CKR_OK);
    ck_assert(mh_identity_works(&h, s));
    life_teardown();
}
END_TEST

/* --- a progress function that calls back, and one that forks
 * --------------------------------------------------------------------*/

static CK_SESSION_HANDLE busy;
static unsigned called;

static CK_RV call_back(CK_VOID_PTR context, CK_ULONG done, CK_ULONG total)
{
    CK_SESSION_INFO si;
    CK_ULONG n = 0;
    CK_BJCA_ERROR e = {.ulSize = sizeof e};
    (void)context;
    (void)done;
    (void)total;
    called++;
    ck_assert_uint_eq(h.f->C_GetSessionInfo(busy, &si), CKR_FUNCTION_FAILED);
    ck_assert_uint_eq(h.f->C_GetSlotList(0, NULL, &n), CKR_FUNCTION_FAILED);
    ck_assert_uint_eq(h.f->C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &n),
                      CKR_FUNCTION_FAILED);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_FUNCTION_FAILED);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_CRYPTOKI_ALREADY_INITIALIZED);
    ck_assert_uint_eq(h.v->BJCA_GetError(&e), CKR_OK);
    return CKR_OK;
}

static CK_RV fork_in_there(CK_VOID_PTR context, CK_ULONG done, CK_ULONG total)
{
    CK_ULONG n = 0;
    int status = 0;
    (void)context;
    (void)done;
    (void)total;
    called++;
    pid_t child = fork();
    if (child == 0) {
        (void)signal(SIGALRM, SIG_DFL);
        (void)alarm(20);
        bool good = h.f->C_GetSlotList(0, NULL, &n) == CKR_CRYPTOKI_NOT_INITIALIZED &&
                    h.f->C_Initialize(NULL) == CKR_OK &&
                    h.f->C_GetSlotList(0, NULL, &n) == CKR_OK && n == 2 &&
                    h.f->C_Finalize(NULL) == CKR_OK;
        _exit(good ? 0 : 1);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    return CKR_OK;
}

START_TEST(a_progress_function_calls_nothing_of_the_module)
{
    CK_BJCA_RENEW_PARAMS p = {.ulSize = sizeof p, .keyType = CKK_RSA};
    const CK_UTF8CHAR *name = (const CK_UTF8CHAR *)"new";
    life_setup();
    busy = mh_login(&h, 0);
    called = 0;
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(busy, name, &p, _i ? fork_in_there : call_back, NULL),
                      CKR_OK);
    ck_assert_uint_gt(called, 0);
    ck_assert_uint_eq(h.v->BJCA_RenewAbort(busy, name), CKR_OK);
    life_teardown();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("renewal");
    TCase *t = life_case("renewal");
    tcase_add_loop_test(t, a_renewal_keeps_id_and_label_and_old_data, 0, 2);
    tcase_add_test(t, an_encryption_key_that_comes_again_is_another_object);
    tcase_add_test(t, abort_leaves_what_was);
    tcase_add_test(t, the_status_says_what_is_pending);
    tcase_add_test(t, out_of_order_and_without_a_log_in);
    tcase_add_loop_test(t, a_request_has_room_where_it_was_told, 0, 2);
    tcase_add_test(t, a_subject_is_a_name);
    tcase_add_test(t, a_name_that_is_not_there);
    tcase_add_test(t, a_container_of_a_slot_that_is_hidden);
    tcase_add_test(t, a_threads_cancel_state_stays);
    tcase_add_test(t, a_pair_that_was_not_begun_here_is_not_aborted);
    tcase_add_test(t, certificates_that_do_not_belong_are_refused);
    tcase_add_test(t, a_wish_to_stop_is_heard_and_nothing_is_lost);
    tcase_add_loop_test(t, a_progress_function_calls_nothing_of_the_module, 0, 2);
    tcase_set_timeout(t, 120);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
