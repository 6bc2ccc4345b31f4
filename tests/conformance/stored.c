/* SPDX-License-Identifier: Apache-2.0 */
/* What clients put on the key by the standard's functions: certificates and labels.
 * Clauses are those of PKCS#11 2.40 and 3.0. */
#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "life.h"
#include "runner.h"
#include "token/data.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define CKA_DESTROYABLE 0x172UL
#define CKA_COPYABLE 0x171UL
#define CKA_UNIQUE_ID 0x4UL
#define CKA_NAME_HASH_ALGORITHM 0x8cUL
#define RSA "personalCert00"
#define SM2 "personalCert01"

static CK_BBOOL yes = CK_TRUE;
static CK_OBJECT_CLASS cert_class = CKO_CERTIFICATE;
static CK_CERTIFICATE_TYPE x509 = CKC_X_509;
static CK_BYTE value[] = "what is kept";

/* --- certificates
 * -------------------------------------------------------------------------------*/

/* A key pair on the key, and what a CA sends for it. */
static void make_pair(CK_SESSION_HANDLE s, const char *name, CK_KEY_TYPE type, CK_FLAGS flags,
                      struct mh_issued *parts)
{
    CK_BJCA_RENEW_PARAMS p = {.ulSize = sizeof p, .flags = flags, .keyType = type};
    CK_BYTE csr[4096];
    CK_ULONG len = sizeof csr;
    const CK_UTF8CHAR *n = (const CK_UTF8CHAR *)name;
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, n, &p, NULL, NULL), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_RenewRequest(s, n, &p, csr, &len), CKR_OK);
    struct bk_buf view = {csr, len, len};
    mh_issue(&view, true, parts);
}

struct cert_row {
    CK_ATTRIBUTE extra[2];
    CK_ULONG n;
};

static CK_RV put_cert_with(CK_SESSION_HANDLE s, const struct bk_buf *der, const CK_ATTRIBUTE *extra,
                           CK_ULONG n, CK_OBJECT_HANDLE *o)
{
    CK_ATTRIBUTE t[8] = {{CKA_CLASS, &cert_class, sizeof cert_class},
                         {CKA_TOKEN, &yes, 1},
                         {CKA_CERTIFICATE_TYPE, &x509, sizeof x509},
                         {CKA_VALUE, der->data, der->len}};
    *o = 0;
    if (n)
        memcpy(t + 4, extra, n * sizeof *extra);
    return h.f->C_CreateObject(s, t, 4 + n, o);
}

static CK_RV put_cert(CK_SESSION_HANDLE s, const struct bk_buf *der, CK_OBJECT_HANDLE *o)
{
    return put_cert_with(s, der, NULL, 0, o);
}

/* 5.7 C_CreateObject, 4.6.3: a certificate goes next to its key, and is found by others. */
START_TEST(a_certificate_goes_next_to_its_key)
{
    struct mh_issued parts;
    struct bk_readers *readers = NULL;
    struct bk_buf id = BK_BUF_INIT, key_id = BK_BUF_INIT, der = BK_BUF_INIT;
    CK_OBJECT_HANDLE o = 0, again = 0;
    bool sm2 = _i == 1;
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, sm2);
    make_pair(s, sm2 ? SM2 : RSA, sm2 ? CKK_SM2 : CKK_RSA, 0, &parts);
    struct bk_token *other = life_other(&readers);
    ck_assert_int_eq(bk_token_refresh(other), BK_OK);
    ck_assert_ptr_null(other->containers[0]->cert[BK_KEY_SIGNING]);
    ck_assert_uint_eq(put_cert(s, &parts.sign, &o), CKR_OK);
    ck_assert_uint_eq(mh_count(&h, s, CKO_CERTIFICATE), 1);
    ck_assert(mh_bytes_attr(&h, s, o, CKA_VALUE, &der));
    ck_assert_uint_eq(der.len, parts.sign.len);
    ck_assert_mem_eq(der.data, parts.sign.data, der.len);
    ck_assert(mh_bytes_attr(&h, s, o, CKA_ID, &id));
    ck_assert(mh_bytes_attr(&h, s, mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN), CKA_ID, &key_id));
    ck_assert_mem_eq(id.data, key_id.data, 20);
    /* a running process sees it */
    ck_assert_int_eq(bk_token_refresh(other), BK_OK);
    ck_assert_ptr_nonnull(other->containers[0]->cert[BK_KEY_SIGNING]);
    /* the same again is the same object */
    ck_assert_uint_eq(put_cert(s, &parts.sign, &again), CKR_OK);
    ck_assert_uint_eq(again, o);
    life_other_free(&other, &readers);
    bk_buf_free(&id);
    bk_buf_free(&key_id);
    bk_buf_free(&der);
    mh_issued_free(&parts);
    life_teardown();
}
END_TEST

static CK_BYTE wrong_id[20] = {1}, colon[] = "a:b", day[] = "19990101";
static CK_ULONG authority = 2, unspecified = 0, sha256 = CKM_SHA256;
/* of a certificate of a session, and not what one on the key says */
static const CK_ATTRIBUTE said[] = {{CKA_CERTIFICATE_CATEGORY, &authority, 8},
                                    {CKA_JAVA_MIDP_SECURITY_DOMAIN, &authority, 8},
                                    {CKA_NAME_HASH_ALGORITHM, &sha256, 8},
                                    {CKA_START_DATE, day, 8},
                                    {CKA_END_DATE, day, 8},
                                    {CKA_URL, value, 4}};

static const struct {
    const char *clause;
    CK_RV rv;
    CK_ATTRIBUTE extra[2];
    CK_ULONG n;
} cert_rows[] = {
    {"4.4 CKA_ID of another key", CKR_TEMPLATE_INCONSISTENT, {{CKA_ID, wrong_id, 20}}, 1},
    {"4.4 private", CKR_TEMPLATE_INCONSISTENT, {{CKA_PRIVATE, &yes, 1}}, 1},
    {"4.6.2 another subject", CKR_TEMPLATE_INCONSISTENT, {{CKA_SUBJECT, value, 4}}, 1},
    {"4.6.3 another serial", CKR_TEMPLATE_INCONSISTENT, {{CKA_SERIAL_NUMBER, value, 3}}, 1},
    {"4.6.2 a CA's", CKR_TEMPLATE_INCONSISTENT, {{CKA_CERTIFICATE_CATEGORY, &authority, 8}}, 1},
    {"4.6.2 trusted", CKR_ATTRIBUTE_VALUE_INVALID, {{CKA_TRUSTED, &yes, 1}}, 1},
    {"4.4 destroyable", CKR_TEMPLATE_INCONSISTENT, {{CKA_DESTROYABLE, &yes, 1}}, 1},
    {"4.4 a label that programs would split",
     CKR_ATTRIBUTE_VALUE_INVALID,
     {{CKA_LABEL, colon, 3}},
     1},
    {"4.6.2 category unspecified, a label",
     CKR_OK,
     {{CKA_CERTIFICATE_CATEGORY, &unspecified, 8}, {CKA_LABEL, value, 4}},
     2},
};

/* 4.1.1, 4.6: what doesn't fit changes nothing. */
START_TEST(a_certificate_that_does_not_fit_is_refused)
{
    struct mh_issued parts, other;
    CK_OBJECT_HANDLE o = 0;
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0), ro = life_session(0, 0),
                      sm2 = life_session(1, CKF_RW_SESSION);
    make_pair(s, RSA, CKK_RSA, 0, &parts);
    ck_assert_uint_eq(put_cert(ro, &parts.sign, &o), CKR_SESSION_READ_ONLY);
    ck_assert_uint_eq(put_cert(sm2, &parts.sign, &o), CKR_TEMPLATE_INCONSISTENT);
    /* the encryption pair isn't on the key */
    ck_assert_uint_eq(put_cert(s, &parts.enc, &o), CKR_TEMPLATE_INCONSISTENT);
    ck_assert_uint_eq(h.f->C_Logout(s), CKR_OK);
    ck_assert_uint_eq(put_cert(s, &parts.sign, &o), CKR_USER_NOT_LOGGED_IN);
    ck_assert_uint_eq(h.f->C_Login(s, CKU_USER, (CK_BYTE *)MH_PIN, 8), CKR_OK);
    /* 5.7.2: a copy is what it is a copy of; a private certificate would be public there */
    CK_ATTRIBUTE of_session[] = {{CKA_CLASS, &cert_class, sizeof cert_class},
                                 {CKA_CERTIFICATE_TYPE, &x509, sizeof x509},
                                 {CKA_VALUE, parts.sign.data, parts.sign.len},
                                 {CKA_PRIVATE, &yes, 1}};
    CK_ATTRIBUTE to_key = {CKA_TOKEN, &yes, 1};
    ck_assert_uint_eq(h.f->C_CreateObject(s, of_session, 4, &o), CKR_OK);
    ck_assert_uint_eq(h.f->C_CopyObject(s, o, &to_key, 1, &o), CKR_TEMPLATE_INCONSISTENT);
    ck_assert_uint_eq(h.f->C_DestroyObject(s, o), CKR_OK);
    for (size_t i = 0; i < COUNT(said); i++) {
        of_session[3] = said[i];
        ck_assert_uint_eq(h.f->C_CreateObject(s, of_session, 4, &o), CKR_OK);
        CK_RV rv = h.f->C_CopyObject(s, o, &to_key, 1, &o);
        ck_assert_msg(rv == CKR_TEMPLATE_INCONSISTENT, "%lx: %lx", said[i].type, rv);
        ck_assert_uint_eq(h.f->C_DestroyObject(s, o), CKR_OK);
    }
    for (size_t i = 0; i < COUNT(cert_rows); i++) {
        struct bk_buf before = BK_BUF_INIT, after = BK_BUF_INIT;
        mh_save(&h, &before);
        CK_RV rv = put_cert_with(s, &parts.sign, cert_rows[i].extra, cert_rows[i].n, &o);
        ck_assert_msg(rv == cert_rows[i].rv, "%s: %lx", cert_rows[i].clause, rv);
        mh_save(&h, &after);
        bool same = before.len == after.len && memcmp(before.data, after.data, after.len) == 0;
        ck_assert_msg(same == (rv != CKR_OK), "%s", cert_rows[i].clause);
        bk_buf_free(&before);
        bk_buf_free(&after);
    }
    ck_assert(life_has_label(s, o, "what"));
    ck_assert(life_has_label(s, mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN), RSA));
    /* one that is there isn't replaced */
    mh_issued_free(&parts);
    make_pair(s, RSA, CKK_RSA, CKF_BJCA_KEEP_KEY, &other);
    ck_assert_uint_eq(put_cert(s, &other.sign, &o), CKR_TEMPLATE_INCONSISTENT);
    ck_assert_uint_eq(mh_count(&h, s, CKO_CERTIFICATE), 1);
    /* 5.7 C_DestroyObject: and stays */
    ck_assert_uint_eq(h.f->C_DestroyObject(s, mh_find(&h, s, CKO_CERTIFICATE, 0)),
                      CKR_ACTION_PROHIBITED);
    mh_issued_free(&other);
    life_teardown();
}
END_TEST

static CK_RV stop_at(void *context, CK_ULONG done, CK_ULONG total)
{
    (void)total;
    return done == *(CK_ULONG *)context ? CKR_FUNCTION_CANCELED : CKR_OK;
}

/* 4.6: one for the encryption pair, which a first issue that was stopped has left without. */
START_TEST(a_certificate_goes_next_to_the_encryption_key)
{
    struct mh_issued parts;
    CK_BJCA_CONTAINER c[4];
    CK_ULONG n = 0, at = 0;
    CK_OBJECT_HANDLE o = 0;
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 1);
    make_pair(s, SM2, CKK_SM2, 0, &parts);
    CK_BJCA_LOAD load = mh_load_of(&parts);
    for (; at < 4; at++) {
        (void)h.v->BJCA_RenewLoad(s, (const CK_UTF8CHAR *)SM2, &load, stop_at, &at);
        n = COUNT(c);
        c[0].ulSize = sizeof *c;
        ck_assert_uint_eq(h.v->BJCA_GetContainers(1, c, &n), CKR_OK);
        if (c[0].hasEncryptionKey)
            break;
    }
    ck_assert(c[0].hasEncryptionKey && !c[0].hasEncryptionCert);
    ck_assert_uint_eq(put_cert(s, &parts.enc, &o), CKR_OK);
    ck_assert_uint_eq(put_cert(s, &parts.sign, &o), CKR_OK);
    ck_assert_uint_eq(mh_count(&h, s, CKO_CERTIFICATE), 2);
    ck_assert(mh_identity_works(&h, s));
    mh_issued_free(&parts);
    life_teardown();
}
END_TEST

/* At any cut the key has the certificate or hasn't; the same call again makes it so. */
START_TEST(a_certificate_cut_at_every_exchange)
{
    struct mh_issued parts;
    struct bk_buf state = BK_BUF_INIT;
    CK_ATTRIBUTE label = {CKA_LABEL, value, 4};
    unsigned n = 1;
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    make_pair(s, RSA, CKK_RSA, 0, &parts);
    mh_save(&h, &state);
    for (bool fired = true; fired; n++) {
        CK_OBJECT_HANDLE o = 0;
        life_restart();
        mh_restore(&h, &state);
        s = mh_login(&h, 0);
        fault = (struct bk_fault){.kind = (enum bk_fault_kind)_i, .at = n};
        (void)put_cert_with(s, &parts.sign, &label, 1, &o);
        fired = fault.fired;
        fault.at = 0;
        life_restart();
        s = mh_login(&h, 0);
        CK_ULONG has = mh_count(&h, s, CKO_CERTIFICATE);
        ck_assert_msg(has == 0 || life_has_label(s, mh_find(&h, s, CKO_CERTIFICATE, 0), "what"),
                      "after a cut at %u", n);
        ck_assert_uint_eq(put_cert_with(s, &parts.sign, &label, 1, &o), CKR_OK);
        ck_assert(life_has_label(s, o, "what"));
    }
    ck_assert_uint_gt(n, 15);
    mh_issued_free(&parts);
    bk_buf_free(&state);
    life_teardown();
}
END_TEST

/* --- labels
 * -------------------------------------------------------------------------------------*/

static CK_RV set_label(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o, const char *label)
{
    CK_ATTRIBUTE t = {CKA_LABEL, (void *)(uintptr_t)label, strlen(label)};
    return h.f->C_SetAttributeValue(s, o, &t, 1);
}

/* 4.4, 5.7 C_SetAttributeValue: it is the object's, in every process, over replug and renewal. */
START_TEST(a_label_stays)
{
    struct bk_readers *readers = NULL;
    const char *mine = "张三的 key";
    life_start(_i ? BK_VKEY_LONGMAI : BK_VKEY_GMT0017, BK_VKEY_DIRECT, NULL);
    life_issue_both();
    struct bk_token *other = life_other(&readers);
    ck_assert_int_eq(bk_token_refresh(other), BK_OK);
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    CK_OBJECT_HANDLE cert = mh_find(&h, s, CKO_CERTIFICATE, 0),
                     priv = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    (void)mh_exchanges(&h);
    ck_assert_uint_eq(set_label(s, cert, mine), CKR_OK);
    ck_assert(life_has_label(s, cert, mine));
    ck_assert(life_has_label(s, priv, RSA));
    ck_assert_uint_eq(set_label(s, priv, "key"), CKR_OK);
    ck_assert_uint_eq(life_find_label(s, mine, NULL), 1);
    ck_assert_uint_eq(mh_find(&h, s, CKO_CERTIFICATE, 0), cert);
    /* another process */
    ck_assert_int_eq(bk_token_refresh(other), BK_OK);
    ck_assert_str_eq(
        bk_record_label(&other->records.rules, RSA, BK_KEY_SIGNING, BK_LABEL_CERTIFICATE), mine);
    life_other_free(&other, &readers);
    /* after a replug, and a renewal */
    for (int i = 0; i < 2; i++) {
        life_restart();
        s = mh_login(&h, 0);
        ck_assert(life_has_label(s, mh_find(&h, s, CKO_CERTIFICATE, 0), mine));
        ck_assert(life_has_label(s, mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN), "key"));
        ck_assert(life_has_label(s, mh_find(&h, s, CKO_PUBLIC_KEY, CKA_VERIFY), RSA));
        if (i == 0)
            ck_assert_uint_eq(mh_renew(&h, s, RSA, CKK_RSA, 0), CKR_OK);
    }
    ck_assert_uint_eq(life_find_label(s, mine, NULL), 1);
    ck_assert_uint_eq(life_find_label(s, RSA " (history 0)", NULL),
                      2); /* certificate, public key */
    ck_assert(mh_identity_works(&h, s));
    /* its own name needs no record */
    ck_assert_uint_eq(set_label(s, mh_find(&h, s, CKO_CERTIFICATE, 0), RSA), CKR_OK);
    ck_assert(life_has_label(s, mh_find(&h, s, CKO_CERTIFICATE, 0), RSA));
    life_teardown();
}
END_TEST

static CK_BYTE latin1[] = {0xff, 'a'}, control[] = {'a', 7}, nul[] = {'a', 0, 'b'}, long_label[65];

static const struct {
    const char *clause;
    CK_RV rv;
    CK_ATTRIBUTE t[2];
    CK_ULONG n;
} label_rows[] = {
    {"4.4 not UTF-8", CKR_ATTRIBUTE_VALUE_INVALID, {{CKA_LABEL, latin1, 2}}, 1},
    {"4.4 a control character", CKR_ATTRIBUTE_VALUE_INVALID, {{CKA_LABEL, control, 2}}, 1},
    {"4.4 a NUL", CKR_ATTRIBUTE_VALUE_INVALID, {{CKA_LABEL, nul, 3}}, 1},
    {"4.4 a colon", CKR_ATTRIBUTE_VALUE_INVALID, {{CKA_LABEL, colon, 3}}, 1},
    {"4.4 empty", CKR_ATTRIBUTE_VALUE_INVALID, {{CKA_LABEL, value, 0}}, 1},
    {"4.4 over 64 bytes", CKR_ATTRIBUTE_VALUE_INVALID, {{CKA_LABEL, long_label, 65}}, 1},
    {"4.1.1 no pointer", CKR_ATTRIBUTE_VALUE_INVALID, {{CKA_LABEL, NULL, 3}}, 1},
    {"4.1.1 twice", CKR_TEMPLATE_INCONSISTENT, {{CKA_LABEL, value, 4}, {CKA_LABEL, value, 4}}, 2},
    {"4.7.2 CKA_ID", CKR_ATTRIBUTE_READ_ONLY, {{CKA_ID, value, 4}}, 1},
    {"4.1.1 with another", CKR_ATTRIBUTE_READ_ONLY, {{CKA_LABEL, value, 4}, {CKA_ID, value, 4}}, 2},
    {"4.9 a secret one", CKR_ATTRIBUTE_READ_ONLY, {{CKA_PRIVATE_EXPONENT, value, 4}}, 1},
    {"4.9 SM2's of an RSA key", CKR_ATTRIBUTE_TYPE_INVALID, {{CKA_VALUE, value, 4}}, 1},
    {"4.1.1 unknown", CKR_ATTRIBUTE_TYPE_INVALID, {{CKA_APPLICATION, value, 4}}, 1},
};

START_TEST(what_can_not_be_set)
{
    life_setup();
    life_issue_both();
    memset(long_label, 'x', sizeof long_label);
    CK_SESSION_HANDLE s = mh_login(&h, 0), ro = life_session(0, 0);
    CK_OBJECT_HANDLE priv = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN),
                     profile = mh_find(&h, s, CKO_PROFILE, 0);
    for (size_t i = 0; i < COUNT(label_rows); i++) {
        CK_ATTRIBUTE t[2];
        memcpy(t, label_rows[i].t, sizeof t);
        CK_RV rv = h.f->C_SetAttributeValue(s, priv, t, label_rows[i].n);
        ck_assert_msg(rv == label_rows[i].rv, "%s: %lx", label_rows[i].clause, rv);
        ck_assert(life_has_label(s, priv, RSA));
    }
    ck_assert_uint_eq(set_label(ro, priv, "x"), CKR_SESSION_READ_ONLY);
    ck_assert_uint_eq(set_label(s, profile, "x"), CKR_ACTION_PROHIBITED);
    CK_OBJECT_HANDLE cert = mh_find(&h, s, CKO_CERTIFICATE, 0);
    ck_assert_uint_eq(mh_renew(&h, s, RSA, CKK_RSA, 0), CKR_OK);
    (void)mh_count(&h, s, CKO_CERTIFICATE);
    ck_assert_uint_eq(set_label(s, cert, "x"), CKR_ACTION_PROHIBITED); /* history now */
    ck_assert_uint_eq(h.f->C_Logout(s), CKR_OK);
    ck_assert_uint_eq(set_label(s, mh_find(&h, s, CKO_CERTIFICATE, 0), "x"),
                      CKR_USER_NOT_LOGGED_IN);
    life_teardown();
}
END_TEST

/* 4.4: a key that can keep none says so. */
START_TEST(no_labels_without_files)
{
    CK_BBOOL modifiable = 1;
    CK_ATTRIBUTE get = {CKA_MODIFIABLE, &modifiable, 1};
    life_start_key(&(struct bk_vkey_params){.files = BK_VKEY_FILES_NO_ROOM}, NULL);
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    CK_OBJECT_HANDLE cert = mh_find(&h, s, CKO_CERTIFICATE, 0);
    ck_assert_uint_eq(h.f->C_GetAttributeValue(s, cert, &get, 1), CKR_OK);
    ck_assert(!modifiable);
    ck_assert_uint_eq(set_label(s, cert, "x"), CKR_ACTION_PROHIBITED);
    life_teardown();
}
END_TEST

/* A certificate whose signing pair is gone: type1 ‖ bits4 ‖ bits4 ‖ the two certificate flags. */
static enum bk_err without_the_pair(struct bk_transport *inner, const uint8_t *command, size_t len,
                                    bool sensitive, struct bk_buf *answer)
{
    enum bk_err err = inner->ops->transmit(inner, command, len, sensitive, answer);
    if (!err && len > 1 && command[1] == 0x4a && answer->len == 1 + 4 + 4 + 2 + 2)
        memset(answer->data + 1, 0, 4);
    return err;
}

/* 4.4: what takes no label says so, and what is its neighbour takes one. */
START_TEST(no_label_without_the_pair)
{
    CK_BBOOL modifiable = CK_TRUE;
    CK_ATTRIBUTE get = {CKA_MODIFIABLE, &modifiable, 1};
    life_setup();
    life_issue_both();
    life_transmit = without_the_pair;
    life_restart();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(mh_count(&h, s, CKO_PRIVATE_KEY), 1);
    ck_assert_uint_eq(mh_count(&h, s, CKO_CERTIFICATE), 2);
    CK_OBJECT_HANDLE cert = mh_find(&h, s, CKO_CERTIFICATE, 0);
    ck_assert_uint_eq(h.f->C_GetAttributeValue(s, cert, &get, 1), CKR_OK);
    ck_assert(!modifiable);
    ck_assert_uint_eq(set_label(s, cert, "x"), CKR_ACTION_PROHIBITED);
    CK_OBJECT_HANDLE own = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_DECRYPT);
    ck_assert_uint_eq(h.f->C_GetAttributeValue(s, own, &get, 1), CKR_OK);
    ck_assert(modifiable);
    ck_assert_uint_eq(set_label(s, own, "x"), CKR_OK);
    life_teardown();
}
END_TEST

/* However many labels, a renewal has room for its record. */
START_TEST(labels_leave_room_for_a_renewal)
{
    static const CK_OBJECT_CLASS classes[] = {CKO_CERTIFICATE, CKO_PUBLIC_KEY, CKO_PRIVATE_KEY};
    unsigned set = 0, refused = 0;
    life_setup();
    life_issue_both();
    CK_SESSION_HANDLE s[2] = {mh_login(&h, 0), life_session(1, CKF_RW_SESSION)};
    memset(long_label, 'x', sizeof long_label);
    for (size_t i = 0; i < 6; i++) {
        CK_OBJECT_CLASS class = classes[i % 3];
        CK_ATTRIBUTE t = {CKA_CLASS, &class, sizeof class};
        CK_ATTRIBUTE label = {CKA_LABEL, long_label, 64};
        CK_OBJECT_HANDLE list[8];
        CK_ULONG n = 0;
        ck_assert_uint_eq(h.f->C_FindObjectsInit(s[i / 3], &t, 1), CKR_OK);
        ck_assert_uint_eq(h.f->C_FindObjects(s[i / 3], list, 8, &n), CKR_OK);
        ck_assert_uint_eq(h.f->C_FindObjectsFinal(s[i / 3]), CKR_OK);
        ck_assert_uint_eq(n, 2);
        for (CK_ULONG k = 0; k < n; k++) {
            CK_RV rv = h.f->C_SetAttributeValue(s[i / 3], list[k], &label, 1);
            ck_assert(rv == CKR_OK || rv == CKR_DEVICE_MEMORY);
            set += rv == CKR_OK;
            refused += rv != CKR_OK;
        }
    }
    ck_assert_uint_ge(set, 10);
    ck_assert_uint_gt(refused, 0);
    ck_assert_uint_eq(mh_renew(&h, s[0], RSA, CKK_RSA, 0), CKR_OK);
    ck_assert_uint_eq(mh_renew(&h, s[0], SM2, CKK_SM2, 0), CKR_OK);
    long_label[64] = 0;
    ck_assert(life_has_label(s[0], mh_find(&h, s[0], CKO_CERTIFICATE, 0), (char *)long_label));
    life_teardown();
}
END_TEST

/* Names that came when labels had filled the record take the place of those, and of no id: by that
 * programs find the key of a certificate. */
START_TEST(an_id_is_worth_more_than_a_label)
{
    enum { PAIRS = 3 };
    static const char *const names[] = {"a name as long as names can be in the record",
                                        "another that is as long, and as long as can"};
    CK_MECHANISM m = {CKM_SM2_KEY_PAIR_GEN, NULL, 0};
    CK_OBJECT_HANDLE pub = 0, priv = 0, all[64];
    CK_BYTE one = 1;
    CK_ATTRIBUTE id = {CKA_ID, &one, 1}, label = {CKA_LABEL, long_label, 64};
    struct bk_buf has = BK_BUF_INIT;
    CK_ULONG n = 0;
    CK_RV rv = CKR_OK;
    life_setup();
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 1);
    memset(long_label, 'x', sizeof long_label);
    for (int i = 0; i < PAIRS; i++)
        ck_assert_uint_eq(mh_generate(&h, s, &m, NULL, 0, NULL, 0, &pub, &priv), CKR_OK);
    ck_assert_uint_eq(h.f->C_SetAttributeValue(s, priv, &label, 1), CKR_OK);
    ck_assert_uint_eq(h.f->C_FindObjectsInit(s, NULL, 0), CKR_OK);
    ck_assert_uint_eq(h.f->C_FindObjects(s, all, 64, &n), CKR_OK);
    ck_assert_uint_eq(h.f->C_FindObjectsFinal(s), CKR_OK);
    for (CK_ULONG i = 0; i < n && rv != CKR_DEVICE_MEMORY; i++)
        rv = h.f->C_SetAttributeValue(s, all[i], &label, 1);
    ck_assert_uint_eq(rv, CKR_DEVICE_MEMORY);
    label.ulValueLen = 1; /* the last one makes room for the id, which comes behind it */
    ck_assert_uint_eq(h.f->C_SetAttributeValue(s, priv, &label, 1), CKR_OK);
    ck_assert_uint_eq(h.f->C_SetAttributeValue(s, priv, &id, 1), CKR_OK);
    for (label.ulValueLen = 64, rv = CKR_DEVICE_MEMORY; rv == CKR_DEVICE_MEMORY; label.ulValueLen--)
        rv = h.f->C_SetAttributeValue(s, priv, &label, 1);
    ck_assert_uint_eq(rv, CKR_OK);
    for (int i = 0; i < 2; i++) {
        const CK_UTF8CHAR *name = (const CK_UTF8CHAR *)names[i];
        ck_assert_uint_eq(mh_renew(&h, s, names[i], CKK_SM2, 0), CKR_OK);
        ck_assert_uint_eq(mh_renew(&h, s, names[i], CKK_SM2, 0), CKR_OK);
        ck_assert_uint_eq(h.v->BJCA_DeleteHistory(s, name, 0), CKR_OK);
    }
    ck_assert(mh_bytes_attr(&h, s, priv, CKA_ID, &has));
    ck_assert_uint_eq(has.len, 1);
    ck_assert_uint_eq(has.data[0], 1);
    bk_buf_free(&has);
    life_teardown();
}
END_TEST

START_TEST(a_label_cut_at_every_exchange)
{
    struct bk_buf state = BK_BUF_INIT;
    unsigned n = 1, was_old = 0, was_new = 0;
    life_setup();
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(set_label(s, mh_find(&h, s, CKO_CERTIFICATE, 0), "old"), CKR_OK);
    mh_save(&h, &state);
    for (bool fired = true; fired; n++) {
        life_restart();
        mh_restore(&h, &state);
        s = mh_login(&h, 0);
        CK_OBJECT_HANDLE o = mh_find(&h, s, CKO_CERTIFICATE, 0);
        fault = (struct bk_fault){.kind = (enum bk_fault_kind)_i, .at = n};
        (void)set_label(s, o, "new");
        fired = fault.fired;
        fault.at = 0;
        life_restart();
        s = mh_login(&h, 0);
        o = mh_find(&h, s, CKO_CERTIFICATE, 0);
        was_old += life_has_label(s, o, "old");
        was_new += life_has_label(s, o, "new");
        ck_assert_uint_eq(was_old + was_new, n);
        ck_assert_uint_eq(set_label(s, o, "new"), CKR_OK);
        ck_assert(life_has_label(s, o, "new") && mh_identity_works(&h, s));
    }
    ck_assert(was_new > 0 && n > 8);
    bk_buf_free(&state);
    life_teardown();
}
END_TEST

/* The CA gave two containers one encryption key: beside which of them a certificate belongs isn't
 * told by its key. */
START_TEST(a_certificate_of_two_pairs_has_no_place)
{
    CK_OBJECT_HANDLE list[8], o = 0;
    CK_ATTRIBUTE t = {CKA_CLASS, &cert_class, sizeof cert_class};
    CK_ULONG n = 0, of_two = 0;
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(mh_renew(&h, s, RSA, CKK_RSA, 0), CKR_OK);
    ck_assert_uint_eq(mh_renew(&h, s, "two", CKK_RSA, 0), CKR_OK);
    ck_assert_uint_eq(h.f->C_FindObjectsInit(s, &t, 1), CKR_OK);
    ck_assert_uint_eq(h.f->C_FindObjects(s, list, 8, &n), CKR_OK);
    ck_assert_uint_eq(h.f->C_FindObjectsFinal(s), CKR_OK);
    ck_assert_uint_eq(n, 4);
    for (CK_ULONG i = 0; i < n; i++) {
        struct bk_buf der = BK_BUF_INIT;
        ck_assert(mh_bytes_attr(&h, s, list[i], CKA_VALUE, &der));
        CK_RV rv = put_cert(s, &der, &o);
        ck_assert(rv == CKR_OK || rv == CKR_TEMPLATE_INCONSISTENT);
        of_two += rv == CKR_TEMPLATE_INCONSISTENT;
        bk_buf_free(&der);
    }
    ck_assert_uint_eq(of_two, 2);
    life_teardown();
}
END_TEST

/* NSS splits a token's name at a colon. */
START_TEST(a_keys_label_has_no_colon)
{
    CK_TOKEN_INFO info;
    life_start_key(&(struct bk_vkey_params){.label = "a:b"}, NULL);
    for (CK_SLOT_ID slot = 0; slot < 2; slot++) {
        ck_assert_uint_eq(h.f->C_GetTokenInfo(slot, &info), CKR_OK);
        ck_assert_int_eq(memcmp(info.label, "a.b", 3), 0);
        ck_assert_ptr_null(memchr(info.label, ':', sizeof info.label));
    }
    life_teardown();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stored");
    TCase *t = life_case("certificates");
    tcase_add_test(t, a_certificate_of_two_pairs_has_no_place);
    tcase_add_test(t, a_keys_label_has_no_colon);
    tcase_add_loop_test(t, a_certificate_goes_next_to_its_key, 0, 2);
    tcase_add_test(t, a_certificate_that_does_not_fit_is_refused);
    tcase_add_test(t, a_certificate_goes_next_to_the_encryption_key);
    tcase_add_loop_test(t, a_certificate_cut_at_every_exchange, BK_FAULT_PULL, BK_FAULT_PULL + 1);
    tcase_set_timeout(t, 120);
    suite_add_tcase(suite, t);
    t = life_case("labels");
    tcase_add_loop_test(t, a_label_stays, 0, 2);
    tcase_add_test(t, what_can_not_be_set);
    tcase_add_test(t, no_labels_without_files);
    tcase_add_test(t, no_label_without_the_pair);
    tcase_add_test(t, labels_leave_room_for_a_renewal);
    tcase_add_test(t, an_id_is_worth_more_than_a_label);
    tcase_add_loop_test(t, a_label_cut_at_every_exchange, BK_FAULT_PULL, BK_FAULT_PULL + 1);
    tcase_set_timeout(t, 120);
    suite_add_tcase(suite, t);
    t = life_case("cuts");
    tcase_add_loop_test(t, a_certificate_cut_at_every_exchange, 0, BK_FAULT_KINDS);
    tcase_add_loop_test(t, a_label_cut_at_every_exchange, 0, BK_FAULT_KINDS);
    tcase_set_timeout(t, 300);
    tcase_set_tags(t, "cuts"); /* ./check runs them with the other cuts */
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
