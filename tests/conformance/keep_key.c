/* SPDX-License-Identifier: Apache-2.0 */
/* Renewals that keep the key pairs: new certificates over old ones, which no key does in one step.
 */
#include <check.h>
#include <string.h>

#include "base/file.h"
#include "life.h"
#include "runner.h"
#include "vkey/store.h"

#define NAME ((const CK_UTF8CHAR *)"personalCert00")

START_TEST(a_renewal_can_keep_the_key)
{
    struct bk_buf a = BK_BUF_INIT, b = BK_BUF_INIT;
    life_setup();
    life_issue_both();
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
    life_teardown();
}
END_TEST

/* What is loaded then would go to the staged generation. */
START_TEST(no_key_is_kept_while_a_new_one_is_staged)
{
    life_setup();
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    const CK_UTF8CHAR *name = (const CK_UTF8CHAR *)"personalCert00";
    CK_BJCA_RENEW_PARAMS make = {.ulSize = sizeof make, .keyType = CKK_RSA};
    CK_BJCA_RENEW_PARAMS keep = make;
    CK_BYTE csr[4096];
    CK_ULONG len = sizeof csr;
    keep.flags = CKF_BJCA_KEEP_KEY;
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, name, &make, NULL, NULL), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, name, &keep, NULL, NULL), CKR_FUNCTION_FAILED);
    ck_assert_uint_eq(h.v->BJCA_RenewRequest(s, name, &keep, csr, &len), CKR_FUNCTION_FAILED);
    ck_assert_uint_eq(h.v->BJCA_RenewAbort(s, name), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, name, &keep, NULL, NULL), CKR_OK);
    len = sizeof csr;
    ck_assert_uint_eq(h.v->BJCA_RenewRequest(s, name, &keep, csr, &len), CKR_OK);
    ck_assert_uint_eq(mh_renew(&h, s, "personalCert00", CKK_RSA, CKF_BJCA_KEEP_KEY), CKR_OK);
    life_teardown();
}
END_TEST

/* Nor is a new one begun while certificates for the present one wait. */
START_TEST(no_key_is_made_while_one_is_kept)
{
    CK_BJCA_RENEW_PARAMS make = {.ulSize = sizeof make, .keyType = CKK_RSA};
    life_setup();
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    life_load_only(s, "personalCert00", CKK_RSA, CKF_BJCA_KEEP_KEY);
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, NAME, &make, NULL, NULL), CKR_FUNCTION_FAILED);
    ck_assert_uint_eq(h.v->BJCA_RenewAbort(s, NAME), CKR_OK);
    ck_assert_uint_eq(mh_renew(&h, s, "personalCert00", CKK_RSA, 0), CKR_OK);
    ck_assert(mh_identity_works(&h, s));
    life_teardown();
}
END_TEST

/* A commit that was cut after its last certificate was written has happened: giving up then takes
 * nothing back. What is there before the abort is there after it, at any cut. */
START_TEST(an_abort_after_the_commit_takes_nothing_back)
{
    struct bk_buf state = BK_BUF_INIT, old = BK_BUF_INIT;
    const CK_UTF8CHAR *name = (const CK_UTF8CHAR *)"personalCert00";
    unsigned n = 1, kept_new = 0;
    life_setup();
    life_issue_both();
    mh_save(&h, &state);
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert(mh_bytes_attr(&h, s, mh_find(&h, s, CKO_CERTIFICATE, 0), CKA_VALUE, &old));
    for (bool fired = true; fired; n++) {
        struct bk_buf before = BK_BUF_INIT, after = BK_BUF_INIT;
        life_restart();
        mh_restore(&h, &state);
        s = mh_login(&h, 0);
        fault = (struct bk_fault){.kind = BK_FAULT_PULL, .at = n};
        (void)mh_renew(&h, s, "personalCert00", CKK_RSA, CKF_BJCA_KEEP_KEY);
        fired = fault.fired;
        fault.at = 0;
        life_restart();
        s = mh_login(&h, 0);
        bool there = mh_count(&h, s, CKO_CERTIFICATE) == 2 &&
                     mh_bytes_attr(&h, s, mh_find(&h, s, CKO_CERTIFICATE, 0), CKA_VALUE, &before);
        ck_assert_uint_eq(h.v->BJCA_RenewAbort(s, name), CKR_OK);
        ck_assert_msg(mh_identity_works(&h, s), "after a cut at %u", n);
        ck_assert(mh_bytes_attr(&h, s, mh_find(&h, s, CKO_CERTIFICATE, 0), CKA_VALUE, &after));
        if (there)
            ck_assert_msg(before.len == after.len &&
                              memcmp(before.data, after.data, after.len) == 0,
                          "the certificate was taken back after a cut at %u", n);
        kept_new += fired && (after.len != old.len || memcmp(after.data, old.data, old.len) != 0);
        bk_buf_free(&before);
        bk_buf_free(&after);
    }
    ck_assert_uint_gt(kept_new, 0);
    bk_buf_free(&state);
    bk_buf_free(&old);
    life_teardown();
}
END_TEST

/* --- the save file ----------------------------------------------------------------------------*/

/* Without it a cut could leave a container without a certificate: refused before anything is asked
 * of anybody, and whoever doesn't ask is refused before anything is written. */
START_TEST(a_kept_key_needs_its_save_file)
{
    static const enum bk_vkey_files files[] = {BK_VKEY_FILES_NO_ROOM, BK_VKEY_FILES_NO_RIGHT,
                                               BK_VKEY_FILES_USER};
    struct bk_buf a = BK_BUF_INIT, b = BK_BUF_INIT;
    CK_BJCA_RENEW_PARAMS p = {.ulSize = sizeof p, .flags = CKF_BJCA_KEEP_KEY, .keyType = CKK_RSA};
    CK_BJCA_ROOM room = {.ulSize = sizeof room};
    CK_BYTE csr[4096];
    CK_ULONG len = sizeof csr;
    struct mh_issued parts;
    life_start_key(&(struct bk_vkey_params){.files = files[_i]}, NULL);
    life_issue_both();
    if (files[_i] == BK_VKEY_FILES_USER)
        life_fill(2000);
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert(mh_bytes_attr(&h, s, mh_find(&h, s, CKO_CERTIFICATE, 0), CKA_VALUE, &a));
    ck_assert_uint_eq(h.v->BJCA_RenewRoom(s, NAME, &p, &room), CKR_OK);
    ck_assert(!room.fitsKeepingKey);
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, NAME, &p, NULL, NULL), CKR_BJCA_NO_ROOM);
    ck_assert_uint_eq(h.v->BJCA_RenewRequest(s, NAME, &p, csr, &len), CKR_OK);
    mh_issue(&(struct bk_buf){csr, len, len}, false, &parts);
    CK_BJCA_LOAD load = {
        .ulSize = sizeof load, .signCert = parts.sign.data, .signCertLen = parts.sign.len};
    ck_assert_uint_eq(h.v->BJCA_RenewLoad(s, NAME, &load, NULL, NULL), CKR_BJCA_NO_ROOM);
    ck_assert_uint_eq(h.v->BJCA_RenewCommit(s, NAME), CKR_OK); /* nothing to do */
    ck_assert(mh_bytes_attr(&h, s, mh_find(&h, s, CKO_CERTIFICATE, 0), CKA_VALUE, &b));
    ck_assert_uint_eq(a.len, b.len);
    ck_assert_mem_eq(a.data, b.data, a.len);
    ck_assert(mh_identity_works(&h, s));
    mh_issued_free(&parts);
    bk_buf_free(&a);
    bk_buf_free(&b);
    life_teardown();
}
END_TEST

/* A key that erases a certificate before it writes the new one, and is pulled out between. */
static unsigned imports, pulled_at;

static void erase(const char *name, unsigned use)
{
    struct bk_buf bytes = BK_BUF_INIT;
    struct vk_state state;
    memset(&state, 0, sizeof state);
    mh_save(&h, &bytes);
    ck_assert_int_eq(vk_store_decode(bytes.data, bytes.len, &state), BK_OK);
    bk_buf_clear(&bytes);
    for (size_t i = 0; i < BK_VKEY_CONTAINERS && state.apps[0]->containers[i]; i++)
        if (strcmp(state.apps[0]->containers[i]->name, name) == 0)
            bk_buf_free(&state.apps[0]->containers[i]->pair[use].cert);
    state.sequence++;
    ck_assert_int_eq(vk_store_encode(&state, &bytes), BK_OK);
    mh_restore(&h, &bytes);
    vk_state_free(&state);
    bk_buf_free(&bytes);
}

static enum bk_err erasing(struct bk_transport *inner, const uint8_t *command, size_t len,
                           bool sensitive, struct bk_buf *answer)
{
    /* the header, three bytes of length, the application's and the container's id, the use */
    if (command[1] == 0x4c && ++imports == pulled_at) {
        erase("personalCert00", command[11]);
        return BK_EREMOVED;
    }
    if (pulled_at && imports >= pulled_at)
        return BK_EREMOVED;
    return inner->ops->transmit(inner, command, len, sensitive, answer);
}

/* A renewal that is cut at this import, the program gone with it; true when it came so far. */
static bool renew_cut_at(unsigned at)
{
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    imports = 0;
    pulled_at = at;
    CK_RV rv = mh_renew(&h, s, "personalCert00", CKK_RSA, CKF_BJCA_KEEP_KEY);
    bool cut = imports >= at;
    ck_assert(cut == (rv != CKR_OK));
    pulled_at = 0;
    life_restart();
    return cut;
}

static void is_whole(unsigned first, unsigned second)
{
    for (CK_SLOT_ID slot = 0; slot < 2; slot++) {
        CK_SESSION_HANDLE s = mh_login(&h, slot);
        ck_assert_msg(mh_count(&h, s, CKO_CERTIFICATE) == 2 && mh_identity_works(&h, s),
                      "slot %lu after cuts at imports %u and %u", slot, first, second);
        ck_assert_uint_eq(h.f->C_CloseAllSessions(slot), CKR_OK);
    }
}

static void start_erasing(struct bk_buf *state)
{
    life_setup();
    life_issue_both();
    mh_save(&h, state);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    life_transmit = erasing;
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
}

/* The second run has other certificates to load, so that it first puts back the old ones. */
START_TEST(a_half_written_certificate_is_never_all_there_is)
{
    struct bk_buf state = BK_BUF_INIT;
    unsigned first = 1, second;
    start_erasing(&state);
    for (bool cut = true; cut; first++) {
        bool again = true;
        for (second = 1; cut && again; second++) {
            mh_restore(&h, &state);
            life_restart();
            cut = renew_cut_at(first);
            is_whole(first, 0);
            again = cut && renew_cut_at(second);
            is_whole(first, second);
        }
        ck_assert(!cut || second > 3);
    }
    ck_assert_uint_eq(first, 4);
    bk_buf_free(&state);
    life_teardown();
}
END_TEST

/* Giving up: what was half written is taken back, too. */
START_TEST(an_abort_puts_back_what_was_half_written)
{
    struct bk_buf state = BK_BUF_INIT, old = BK_BUF_INIT, now = BK_BUF_INIT;
    start_erasing(&state);
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert(mh_bytes_attr(&h, s, mh_find(&h, s, CKO_CERTIFICATE, 0), CKA_VALUE, &old));
    for (unsigned at = 1; at <= 2; at++) {
        mh_restore(&h, &state);
        life_restart();
        ck_assert(renew_cut_at(at));
        s = mh_login(&h, 0);
        ck_assert_uint_eq(h.v->BJCA_RenewAbort(s, NAME), CKR_OK);
        ck_assert_uint_eq(h.f->C_CloseAllSessions(0), CKR_OK);
        is_whole(at, 0);
        s = mh_login(&h, 0);
        ck_assert(mh_bytes_attr(&h, s, mh_find(&h, s, CKO_CERTIFICATE, 0), CKA_VALUE, &now));
        ck_assert_uint_eq(now.len, old.len);
        ck_assert_mem_eq(now.data, old.data, now.len);
        bk_buf_free(&now);
    }
    bk_buf_free(&state);
    bk_buf_free(&old);
    life_teardown();
}
END_TEST

/* There is one save file: the other identity's renewal doesn't take it from one that was cut. */
START_TEST(another_identity_is_kept_meanwhile)
{
    struct bk_buf state = BK_BUF_INIT;
    start_erasing(&state);
    for (unsigned at = 1; at <= 2; at++) {
        mh_restore(&h, &state);
        life_restart();
        ck_assert(renew_cut_at(at));
        CK_SESSION_HANDLE s = mh_login(&h, 1);
        ck_assert_uint_eq(mh_renew(&h, s, "personalCert01", CKK_SM2, CKF_BJCA_KEEP_KEY), CKR_OK);
        ck_assert_uint_eq(h.f->C_CloseAllSessions(1), CKR_OK);
        life_restart();
        is_whole(at, 0);
    }
    bk_buf_free(&state);
    life_teardown();
}
END_TEST

/* On a key without files a signing certificate waits in memory for its commit: giving up another
 * name is no reason to lose it. */
START_TEST(aborting_another_name_loses_nothing)
{
    static const CK_UTF8CHAR other[] = "other";
    CK_BJCA_RENEW_PARAMS p = {.ulSize = sizeof p, .keyType = CKK_SM2};
    life_start_key(&(struct bk_vkey_params){.files = BK_VKEY_FILES_NO_ROOM}, NULL);
    CK_SESSION_HANDLE s = mh_login(&h, 1);
    life_load_only(s, "mine", CKK_SM2, 0);
    if (_i)
        ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, other, &p, NULL, NULL), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_RenewAbort(s, other), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_RenewCommit(s, (const CK_UTF8CHAR *)"mine"), CKR_OK);
    ck_assert_uint_eq(mh_count(&h, s, CKO_CERTIFICATE), 2);
    life_teardown();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("keep-key");
    TCase *t = life_case("keep-key");
    tcase_add_test(t, a_renewal_can_keep_the_key);
    tcase_add_test(t, no_key_is_kept_while_a_new_one_is_staged);
    tcase_add_test(t, no_key_is_made_while_one_is_kept);
    tcase_add_test(t, an_abort_after_the_commit_takes_nothing_back);
    tcase_add_loop_test(t, a_kept_key_needs_its_save_file, 0, 3);
    tcase_add_test(t, a_half_written_certificate_is_never_all_there_is);
    tcase_add_test(t, an_abort_puts_back_what_was_half_written);
    tcase_add_test(t, another_identity_is_kept_meanwhile);
    tcase_add_loop_test(t, aborting_another_name_loses_nothing, 0, 2);
    tcase_set_timeout(t, 120);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
