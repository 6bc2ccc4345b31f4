/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Containers' numbers, which a reset that nobody is told of gives to others: nobody gets what
 * another key made, nor another container's certificate. Run by tests/e2e/module-pcsc.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pcsc.h"
#include "runner.h"

START_TEST(numbers_of_before_a_reset_are_nobodys_else_after_it)
{
    CK_SESSION_HANDLE s = mh_try_login(&h, (CK_SLOT_ID)_i, getenv("KEY_PIN"));
    CK_OBJECT_HANDLE own = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    ck_assert_uint_eq(pc_sign_of_kind(s, own, _i), CKR_OK);
    pc_control("reset");
    pc_another_works(!_i, !_i);
    ck_assert_uint_eq(pc_sign_of_kind(s, own, _i), CKR_OK);
    pc_control("reset");
    pc_another_works(!_i, !_i);
    ck_assert_uint_eq(mh_renew(&h, s, pc_kinds[_i].name, pc_kinds[_i].key, 0), CKR_OK);
    own = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    ck_assert_uint_eq(pc_sign_of_kind(s, own, _i), CKR_OK);
    pc_another_works(!_i, !_i);
    ck_assert_uint_eq(pc_tries(), 10);
}
END_TEST

static bool sm2_pair_works(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE own, CK_OBJECT_HANDLE pub)
{
    CK_MECHANISM m = {CKM_SM3_SM2, NULL, 0};
    CK_BYTE text[] = "text", sig[64];
    CK_ULONG len = sizeof sig;
    return h.f->C_SignInit(s, &m, own) == CKR_OK && h.f->C_Sign(s, text, 4, sig, &len) == CKR_OK &&
           h.f->C_VerifyInit(s, &m, pub) == CKR_OK && h.f->C_Verify(s, text, 4, sig, len) == CKR_OK;
}

static CK_OBJECT_HANDLE of_second(CK_SESSION_HANDLE s, CK_OBJECT_CLASS class)
{
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class},
                        {CKA_LABEL, (void *)(uintptr_t) "second", 6}};
    CK_OBJECT_HANDLE o = 0;
    CK_ULONG n = 0;
    ck_assert_uint_eq(h.f->C_FindObjectsInit(s, t, 2), CKR_OK);
    ck_assert_uint_eq(h.f->C_FindObjects(s, &o, 1, &n), CKR_OK);
    ck_assert_uint_eq(h.f->C_FindObjectsFinal(s), CKR_OK);
    ck_assert_uint_eq(n, 1);
    return o;
}

static void make_second(void)
{
    CK_SESSION_HANDLE s = mh_try_login(&h, 1, getenv("KEY_PIN"));
    CK_MECHANISM m = {CKM_SM2_KEY_PAIR_GEN, NULL, 0};
    CK_ATTRIBUTE t = {CKA_LABEL, (void *)(uintptr_t) "second", 6};
    CK_OBJECT_HANDLE pub = 0, own = 0;
    ck_assert_uint_eq(mh_generate(&h, s, &m, NULL, 0, &t, 1, &pub, &own), CKR_OK);
    pc_teardown();
    pc_control("reset"); /* nothing is open */
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
}

/* The numbers of who opens SM2 containers alone are of other SM2 keys for who opens RSA before. */
START_TEST(no_signature_is_another_key_s)
{
    make_second();
    CK_SESSION_HANDLE s = mh_try_login(&h, 1, getenv("KEY_PIN"));
    CK_OBJECT_HANDLE own = of_second(s, CKO_PRIVATE_KEY), pub = of_second(s, CKO_PUBLIC_KEY);
    ck_assert(sm2_pair_works(s, own, pub));
    for (int i = 0; i < 3; i++) {
        pc_control("reset");
        pc_another_works(0, 1);
        ck_assert(sm2_pair_works(s, own, pub));
    }
    ck_assert_uint_eq(h.f->C_DestroyObject(s, own), CKR_OK);
    ck_assert_uint_eq(pc_tries(), 10);
}
END_TEST

#define RSA_NAME ((CK_UTF8CHAR *)(uintptr_t) "personalCert00")

static CK_ULONG staged_certificate(CK_ULONG generation, CK_BYTE cert[4096])
{
    CK_ULONG len = 4096;
    ck_assert_uint_eq(
        h.v->BJCA_GetCertificate(0, RSA_NAME, generation, CK_BJCA_SIGNING, cert, &len), CKR_OK);
    return len;
}

/* Staged, in the generation that is returned. */
static CK_ULONG stage(CK_SESSION_HANDLE s)
{
    CK_BJCA_RENEW_PARAMS p = {.ulSize = sizeof p, .keyType = CKK_RSA};
    CK_BJCA_RENEW_STATE state = {.ulSize = sizeof state};
    CK_BYTE csr[4096];
    CK_ULONG len = sizeof csr;
    struct mh_issued issued;
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, RSA_NAME, &p, NULL, NULL), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_RenewRequest(s, RSA_NAME, &p, csr, &len), CKR_OK);
    mh_issue(&(struct bk_buf){csr, len, len}, false, &issued);
    CK_BJCA_LOAD load = {
        .ulSize = sizeof load, .signCert = issued.sign.data, .signCertLen = issued.sign.len};
    ck_assert_uint_eq(h.v->BJCA_RenewLoad(s, RSA_NAME, &load, NULL, NULL), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_RenewState(s, RSA_NAME, &state), CKR_OK);
    mh_issued_free(&issued);
    return state.stagedGeneration;
}

/* What is staged is opened first after a reset that was told, and others after one that wasn't. */
START_TEST(no_certificate_is_another_container_s)
{
    CK_SESSION_HANDLE s = mh_try_login(&h, 0, getenv("KEY_PIN"));
    CK_BYTE before[4096], after[4096];
    CK_ULONG generation = stage(s), len = staged_certificate(generation, before);
    pc_reset_card();
    ck_assert_uint_eq(staged_certificate(generation, after), len);
    for (int first = 0; first < 2; first++) {
        pc_control("reset");
        pc_another_works(first, first);
        ck_assert_uint_eq(staged_certificate(generation, after), len);
        ck_assert_mem_eq(after, before, len);
    }
    ck_assert_uint_eq(h.v->BJCA_RenewAbort(s, RSA_NAME), CKR_OK);
    ck_assert_uint_eq(pc_tries(), 10);
}
END_TEST

int main(void)
{
    if (!pc_is_there())
        return 77; /* not under with-key --pcsc: make check skips it */
    Suite *suite = suite_create("numbers");
    TCase *t = tcase_create("numbers");
    tcase_add_checked_fixture(t, pc_setup, pc_teardown);
    tcase_add_loop_test(t, numbers_of_before_a_reset_are_nobodys_else_after_it, 0, 2);
    tcase_add_test(t, no_signature_is_another_key_s);
    tcase_add_test(t, no_certificate_is_another_container_s);
    tcase_set_timeout(t, 60);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
