/* SPDX-License-Identifier: Apache-2.0 */
/* What other programs do to a container that this one holds handles of: no signature by another
 * key, no message opened by one, and what is there now is found. */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "life.h"
#include "runner.h"
#include "token/key.h"
#include "token/put.h"

#define RSA "personalCert00"
#define SM2 "personalCert01"

/* Other software, which knows nothing of our records: makes the signing key of a container anew. */
static void make_anew(const char *name, enum bk_alg alg)
{
    struct bk_readers *readers = NULL;
    struct bk_token *t = life_other(&readers);
    ck_assert_int_eq(bk_token_refresh(t), BK_OK);
    ck_assert_int_eq(bk_token_login(t, MH_PIN, 8), BK_OK);
    ck_assert_int_eq(bk_token_generate(t, bk_token_current(t, name), alg, 2048), BK_OK);
    life_other_free(&t, &readers);
}

static CK_RV sign(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE own, CK_MECHANISM_TYPE type)
{
    CK_MECHANISM m = {type, NULL, 0};
    CK_BYTE sig[512];
    CK_ULONG len = sizeof sig;
    CK_RV rv = h.f->C_SignInit(s, &m, own);
    return rv == CKR_OK ? h.f->C_Sign(s, (CK_BYTE *)"text", 4, sig, &len) : rv;
}

static const struct {
    CK_SLOT_ID slot;
    const char *name;
    enum bk_alg alg;
    CK_MECHANISM_TYPE type;
} kinds[] = {{0, RSA, BK_ALG_RSA, CKM_SHA256_RSA_PKCS}, {1, SM2, BK_ALG_SM2, CKM_SM3_SM2}};

START_TEST(no_signature_by_a_key_that_was_made_anew)
{
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, kinds[_i].slot);
    ck_assert_uint_eq(
        mh_renew(&h, s, kinds[_i].name, kinds[_i].alg == BK_ALG_SM2 ? CKK_SM2 : CKK_RSA, 0),
        CKR_OK);
    CK_OBJECT_HANDLE own = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    ck_assert_uint_eq(sign(s, own, kinds[_i].type), CKR_OK);
    make_anew(kinds[_i].name, kinds[_i].alg);
    if (kinds[_i].alg == BK_ALG_SM2)
        (void)sleep(2); /* an SM2 signature is checked once a second */
    ck_assert_uint_eq(sign(s, own, kinds[_i].type), CKR_DEVICE_ERROR);
    ck_assert_uint_eq(sign(s, own, kinds[_i].type), CKR_DEVICE_ERROR);
    ck_assert_uint_eq(mh_count(&h, s, CKO_PRIVATE_KEY), 2);
    CK_OBJECT_HANDLE now = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    ck_assert_uint_ne(now, own);
    ck_assert_uint_eq(sign(s, now, kinds[_i].type), CKR_OK);
    ck_assert_uint_eq(sign(s, own, kinds[_i].type), CKR_KEY_HANDLE_INVALID);
    life_teardown();
}
END_TEST

/* Deleted by another program, as an old generation is: the handle is no key's any more. */
START_TEST(no_signature_by_a_key_that_was_deleted)
{
    struct bk_readers *readers = NULL;
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, kinds[_i].slot);
    CK_KEY_TYPE type = kinds[_i].alg == BK_ALG_SM2 ? CKK_SM2 : CKK_RSA;
    ck_assert_uint_eq(mh_renew(&h, s, kinds[_i].name, type, 0), CKR_OK);
    CK_OBJECT_HANDLE own = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    ck_assert_uint_eq(sign(s, own, kinds[_i].type), CKR_OK);
    struct bk_token *t = life_other(&readers);
    ck_assert_int_eq(bk_token_refresh(t), BK_OK);
    ck_assert_int_eq(bk_token_login(t, MH_PIN, 8), BK_OK);
    ck_assert_int_eq(bk_card_delete_container(t->card, bk_token_current(t, kinds[_i].name)->full),
                     BK_OK);
    life_other_free(&t, &readers);
    ck_assert_uint_eq(sign(s, own, kinds[_i].type), CKR_KEY_HANDLE_INVALID);
    ck_assert_uint_eq(sign(s, own, kinds[_i].type), CKR_KEY_HANDLE_INVALID);
    life_teardown();
}
END_TEST

/* A PSS signature goes the other way, by the raw operation. */
START_TEST(nor_by_the_raw_operation)
{
    CK_RSA_PKCS_PSS_PARAMS p = {CKM_SHA256, CKG_MGF1_SHA256, 32};
    CK_MECHANISM pss = {CKM_SHA256_RSA_PKCS_PSS, &p, sizeof p};
    CK_BYTE sig[256];
    CK_ULONG len = sizeof sig;
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(mh_renew(&h, s, RSA, CKK_RSA, 0), CKR_OK);
    CK_OBJECT_HANDLE own = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    ck_assert_uint_eq(h.f->C_SignInit(s, &pss, own), CKR_OK);
    ck_assert_uint_eq(h.f->C_Sign(s, (CK_BYTE *)"text", 4, sig, &len), CKR_OK);
    make_anew(RSA, BK_ALG_RSA);
    len = sizeof sig;
    ck_assert_uint_eq(h.f->C_SignInit(s, &pss, own), CKR_OK);
    ck_assert_uint_eq(h.f->C_Sign(s, (CK_BYTE *)"text", 4, sig, &len), CKR_DEVICE_ERROR);
    life_teardown();
}
END_TEST

/* Nobody has tried to sign: who logs in anew sees what is there. */
START_TEST(a_log_in_looks_anew)
{
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(mh_renew(&h, s, RSA, CKK_RSA, 0), CKR_OK);
    CK_OBJECT_HANDLE own = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    make_anew(RSA, BK_ALG_RSA);
    ck_assert_uint_eq(h.f->C_Logout(s), CKR_OK);
    (void)sleep(3); /* what was read a moment ago isn't read again */
    ck_assert_uint_eq(h.f->C_Login(s, CKU_USER, (CK_BYTE *)MH_PIN, 8), CKR_OK);
    CK_OBJECT_HANDLE now = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    ck_assert_uint_ne(now, own);
    ck_assert_uint_eq(sign(s, now, CKM_SHA256_RSA_PKCS), CKR_OK);
    life_teardown();
}
END_TEST

static CK_OBJECT_HANDLE generate(CK_SESSION_HANDLE s, const char *label)
{
    CK_MECHANISM m = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0};
    CK_ATTRIBUTE t = {CKA_LABEL, (void *)(uintptr_t)label, strlen(label)};
    CK_OBJECT_HANDLE pub = 0, priv = 0;
    ck_assert_uint_eq(mh_generate(&h, s, &m, &t, 1, NULL, 0, &pub, &priv), CKR_OK);
    return priv;
}

/* A second process of ours: deletes the container and makes one of the same name. */
static void another_replaces(const char *name)
{
    struct bk_readers *readers = NULL;
    struct bk_token *t = life_other(&readers);
    ck_assert_int_eq(bk_token_refresh(t), BK_OK);
    ck_assert_int_eq(bk_token_login(t, MH_PIN, 8), BK_OK);
    ck_assert_int_eq(bk_container_delete(t, name), BK_OK);
    ck_assert_int_eq(bk_container_create(t, name), BK_OK);
    ck_assert_int_eq(bk_token_refresh(t), BK_OK);
    ck_assert_int_eq(bk_token_generate(t, bk_token_current(t, name), BK_ALG_RSA, 2048), BK_OK);
    life_other_free(&t, &readers);
}

static void modulus(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE own, CK_BYTE out[256])
{
    CK_ATTRIBUTE a = {CKA_MODULUS, out, 256};
    ck_assert_uint_eq(h.f->C_GetAttributeValue(s, own, &a, 1), CKR_OK);
}

static CK_OBJECT_HANDLE find_label(CK_SESSION_HANDLE s, const char *label)
{
    CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class},
                        {CKA_LABEL, (void *)(uintptr_t)label, strlen(label)}};
    CK_OBJECT_HANDLE found = 0;
    CK_ULONG n = 0;
    ck_assert_uint_eq(h.f->C_FindObjectsInit(s, t, 2), CKR_OK);
    ck_assert_uint_eq(h.f->C_FindObjects(s, &found, 1, &n), CKR_OK);
    ck_assert_uint_eq(h.f->C_FindObjectsFinal(s), CKR_OK);
    return n ? found : 0;
}

START_TEST(one_of_the_same_name_is_another_object)
{
    CK_BYTE before[256], after[256];
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    CK_OBJECT_HANDLE own = generate(s, "victim");
    ck_assert_uint_eq(sign(s, own, CKM_SHA256_RSA_PKCS), CKR_OK);
    modulus(s, own, before);
    another_replaces("victim");
    ck_assert_uint_ne(sign(s, own, CKM_SHA256_RSA_PKCS), CKR_OK);
    ck_assert_uint_ne(sign(s, own, CKM_SHA256_RSA_PKCS), CKR_OK);
    CK_OBJECT_HANDLE now = find_label(s, "victim");
    ck_assert_uint_ne(now, 0);
    ck_assert_uint_ne(now, own);
    modulus(s, now, after);
    ck_assert_mem_ne(before, after, sizeof before);
    ck_assert_uint_eq(sign(s, now, CKM_SHA256_RSA_PKCS), CKR_OK);
    ck_assert_uint_eq(sign(s, own, CKM_SHA256_RSA_PKCS), CKR_KEY_HANDLE_INVALID);
    life_teardown();
}
END_TEST

/* Nor gets it the label and the id that were meant for the one before. */
START_TEST(one_of_the_same_name_is_not_named_by_the_old_handle)
{
    CK_BYTE one = 1, mine[] = "mine";
    CK_ATTRIBUTE name[] = {{CKA_LABEL, mine, 4}, {CKA_ID, &one, 1}};
    struct bk_buf id = BK_BUF_INIT;
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    CK_OBJECT_HANDLE own = generate(s, "victim");
    another_replaces("victim");
    /* label, both, id alone; twice, for the first time tells us what is there */
    for (int i = 0; i < 6; i++)
        ck_assert_uint_eq(h.f->C_SetAttributeValue(s, own, name + (i % 3 == 2), 1 + (i % 3 == 1)),
                          CKR_OBJECT_HANDLE_INVALID);
    CK_OBJECT_HANDLE now = find_label(s, "victim");
    ck_assert_uint_ne(now, 0);
    ck_assert(mh_bytes_attr(&h, s, now, CKA_ID, &id));
    ck_assert_uint_eq(id.len, 20);
    bk_buf_free(&id);
    life_teardown();
}
END_TEST

/* Nor is it the first issue that was begun here, and goes when that is given up. */
START_TEST(one_of_the_same_name_is_not_aborted)
{
    static const CK_UTF8CHAR name[] = "victim";
    CK_BJCA_RENEW_PARAMS p = {.ulSize = sizeof p, .keyType = CKK_RSA};
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, name, &p, NULL, NULL), CKR_OK);
    if (_i == 0)
        another_replaces("victim");
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, name, &p, NULL, NULL), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_RenewAbort(s, name), _i ? CKR_OK : CKR_ACTION_PROHIBITED);
    ck_assert_uint_eq(mh_count(&h, s, CKO_PRIVATE_KEY), _i ? 0 : 1);
    life_teardown();
}
END_TEST

/* Certificates that were set aside for a pair are none of the one that other software has put in
 * its place: that isn't kept by them, nor is the renewal of another name. */
START_TEST(what_was_set_aside_for_another_keeps_nothing)
{
    struct bk_readers *readers = NULL;
    uint8_t id[2];
    life_setup();
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    life_load_only(s, RSA, CKK_RSA, CKF_BJCA_KEEP_KEY);
    struct bk_token *t = life_other(&readers);
    ck_assert_int_eq(bk_token_login(t, MH_PIN, 8), BK_OK);
    ck_assert_int_eq(bk_card_delete_container(t->card, RSA), BK_OK);
    ck_assert_int_eq(bk_card_create_container(t->card, RSA, id), BK_OK);
    if (_i < 2) /* else it stays empty */
        ck_assert_int_eq(bk_card_gen_rsa_key_pair(t->card, id, 2048), BK_OK);
    life_other_free(&t, &readers);
    life_restart();
    s = mh_login(&h, 0);
    if (_i % 2 == 0)
        ck_assert_uint_eq(mh_renew(&h, s, SM2, CKK_SM2, CKF_BJCA_KEEP_KEY), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_DeleteContainer(s, (const CK_UTF8CHAR *)RSA), CKR_OK);
    ck_assert_uint_eq(mh_renew(&h, s, SM2, CKK_SM2, CKF_BJCA_KEEP_KEY), CKR_OK);
    life_teardown();
}
END_TEST

/* The same, found without trying to sign. */
START_TEST(a_search_sees_it)
{
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    CK_OBJECT_HANDLE own = generate(s, "victim");
    ck_assert_uint_eq(find_label(s, "victim"), own);
    another_replaces("victim");
    CK_OBJECT_HANDLE now = find_label(s, "victim");
    ck_assert_uint_ne(now, 0);
    ck_assert_uint_ne(now, own);
    ck_assert_uint_eq(sign(s, now, CKM_SHA256_RSA_PKCS), CKR_OK);
    life_teardown();
}
END_TEST

/* --- other software, which leaves no mark
 * ---------------------------------------------------------------------*/

int64_t __real_bk_clock_ms(void);
int64_t __wrap_bk_clock_ms(void);
static int64_t ahead, stopped;

int64_t __wrap_bk_clock_ms(void)
{
    return stopped ? stopped : __real_bk_clock_ms() + ahead;
}

/* What was proved is trusted for a moment: the clock stands still, so that it is all one moment. */
START_TEST(nor_however_soon)
{
    struct bk_readers *readers = NULL;
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 1);
    ck_assert_uint_eq(mh_renew(&h, s, SM2, CKK_SM2, 0), CKR_OK);
    CK_OBJECT_HANDLE own = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    struct bk_token *t = life_other(&readers);
    ck_assert_int_eq(bk_token_refresh(t), BK_OK);
    ck_assert_int_eq(bk_token_login(t, MH_PIN, 8), BK_OK);
    stopped = __real_bk_clock_ms();
    for (int i = 0; i < 3; i++)
        ck_assert_uint_eq(sign(s, own, CKM_SM3_SM2), CKR_OK);
    ck_assert_int_eq(bk_token_generate(t, bk_token_current(t, SM2), BK_ALG_SM2, 256), BK_OK);
    ck_assert_uint_eq(sign(s, own, CKM_SM3_SM2), CKR_DEVICE_ERROR);
    stopped = 0;
    life_other_free(&t, &readers);
    life_teardown();
}
END_TEST

/* Nor does it get, in that half minute, what the pair before it was to be called. */
START_TEST(one_made_in_its_place_is_not_named_by_the_old_handle)
{
    CK_BYTE one = 1, mine[] = "mine";
    CK_ATTRIBUTE name[] = {{CKA_LABEL, mine, 4}, {CKA_ID, &one, 1}};
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    CK_OBJECT_HANDLE own = generate(s, "victim");
    make_anew("victim", BK_ALG_RSA);
    ck_assert_uint_eq(h.f->C_SetAttributeValue(s, own, name + _i, 1), CKR_OBJECT_HANDLE_INVALID);
    ck_assert_uint_eq(find_label(s, "mine"), 0);
    own = find_label(s, "victim");
    ck_assert_uint_ne(own, 0);
    ck_assert_uint_eq(h.f->C_SetAttributeValue(s, own, name, 2), CKR_OK);
    ck_assert_uint_eq(find_label(s, "mine"), own);
    life_teardown();
}
END_TEST

/* A search that one failed exchange has cut leaves the handles of before it as good as they were.
 */
START_TEST(a_search_that_is_cut_takes_no_handle_along)
{
    bool cut = true;
    for (unsigned n = 1; cut && n < 60; n++) {
        struct bk_readers *readers = NULL;
        CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
        CK_ATTRIBUTE t = {CKA_CLASS, &class, sizeof class};
        life_setup();
        CK_SESSION_HANDLE s = mh_login(&h, 0);
        ck_assert_uint_eq(mh_renew(&h, s, RSA, CKK_RSA, 0), CKR_OK);
        CK_OBJECT_HANDLE own = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
        ck_assert_uint_eq(sign(s, own, CKM_SHA256_RSA_PKCS), CKR_OK);
        struct bk_token *other = life_other(&readers);
        ck_assert_int_eq(bk_token_login(other, MH_PIN, 8), BK_OK);
        ck_assert_int_eq(bk_container_create(other, "another"), BK_OK);
        life_other_free(&other, &readers);
        fault = (struct bk_fault){.kind = BK_FAULT_FAIL, .at = n};
        CK_RV rv = h.f->C_FindObjectsInit(s, &t, 1);
        cut = fault.fired;
        fault.at = 0;
        ck_assert(cut || rv == CKR_OK);
        CK_RV signs = sign(s, own, CKM_SHA256_RSA_PKCS);
        ck_assert_msg(signs == CKR_OK, "exchange %u of the search: then %lx", n, signs);
        life_teardown();
    }
    ck_assert(!cut);
}
END_TEST

static bool silent;

static enum bk_err may_be_silent(struct bk_transport *inner, const uint8_t *command, size_t len,
                                 bool sensitive, struct bk_buf *answer)
{
    return silent ? BK_EIO : inner->ops->transmit(inner, command, len, sensitive, answer);
}

/* What can't be read again just then is not nobody's. */
START_TEST(nor_does_a_key_that_is_silent_for_a_while)
{
    CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
    CK_ATTRIBUTE t = {CKA_CLASS, &class, sizeof class};
    struct bk_readers *readers = NULL;
    silent = false;
    life_setup();
    life_transmit = may_be_silent;
    life_restart();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(mh_renew(&h, s, RSA, CKK_RSA, 0), CKR_OK);
    CK_OBJECT_HANDLE own = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    struct bk_token *other = life_other(&readers);
    ck_assert_int_eq(bk_token_login(other, MH_PIN, 8), BK_OK);
    ck_assert_int_eq(bk_container_create(other, "another"), BK_OK);
    life_other_free(&other, &readers);
    fault = (struct bk_fault){.kind = BK_FAULT_FAIL, .at = (unsigned)_i};
    CK_RV rv = h.f->C_FindObjectsInit(s, &t, 1);
    bool cut = fault.fired;
    fault.at = 0;
    if (rv == CKR_OK)
        (void)h.f->C_FindObjectsFinal(s);
    silent = true;
    CK_RV signs = sign(s, own, CKM_SHA256_RSA_PKCS);
    silent = false;
    ck_assert_uint_eq(sign(s, own, CKM_SHA256_RSA_PKCS), CKR_OK);
    ck_assert_msg(signs == CKR_DEVICE_ERROR, "exchange %d (cut %d, find %lx): %lx", _i, cut, rv,
                  signs);
    life_teardown();
}
END_TEST

START_TEST(a_search_sees_it_half_a_minute_later)
{
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(mh_renew(&h, s, RSA, CKK_RSA, 0), CKR_OK);
    CK_OBJECT_HANDLE own = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    make_anew(RSA, BK_ALG_RSA);
    ahead += 31000;
    CK_OBJECT_HANDLE now = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    ck_assert_uint_ne(now, own);
    ck_assert_uint_eq(sign(s, now, CKM_SHA256_RSA_PKCS), CKR_OK);
    life_teardown();
}
END_TEST

/* The daemon counts anew: whether it is the same key its serial number says. */
START_TEST(a_key_with_another_serial_is_another)
{
    struct bk_readers *readers = NULL;
    life_setup();
    struct bk_token *t = life_other(&readers);
    ck_assert(bk_token_same_key(t));
    t->serial[0] ^= 1; /* of the one that was there before */
    ck_assert(!bk_token_same_key(t));
    life_other_free(&t, &readers);
    life_teardown();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("replaced");
    TCase *t = life_case("replaced");
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, no_signature_by_a_key_that_was_made_anew, 0, 2);
    tcase_add_loop_test(t, no_signature_by_a_key_that_was_deleted, 0, 2);
    tcase_add_test(t, nor_by_the_raw_operation);
    tcase_add_test(t, nor_however_soon);
    tcase_add_test(t, a_log_in_looks_anew);
    tcase_add_test(t, one_of_the_same_name_is_another_object);
    tcase_add_test(t, one_of_the_same_name_is_not_named_by_the_old_handle);
    tcase_add_loop_test(t, one_of_the_same_name_is_not_aborted, 0, 2);
    tcase_add_loop_test(t, what_was_set_aside_for_another_keeps_nothing, 0, 4);
    tcase_add_test(t, a_search_sees_it);
    tcase_add_loop_test(t, one_made_in_its_place_is_not_named_by_the_old_handle, 0, 2);
    tcase_add_test(t, a_search_that_is_cut_takes_no_handle_along);
    tcase_add_loop_test(t, nor_does_a_key_that_is_silent_for_a_while, 1, 12);
    tcase_add_test(t, a_search_sees_it_half_a_minute_later);
    tcase_add_test(t, a_key_with_another_serial_is_another);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
