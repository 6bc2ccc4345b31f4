/* SPDX-License-Identifier: Apache-2.0 */
#include "modcase.h"

struct modhost h;

void mc_setup(void)
{
    mh_make(&h, BK_VKEY_GMT0017, BK_VKEY_DIRECT, NULL);
    mh_load(&h, MODULE);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
}

void mc_teardown(void)
{
    (void)h.f->C_Finalize(NULL);
    mh_forget(&h);
}

static struct bk_buf with_certs; /* a key's state */

/* Once, before tests have processes of their own: it is slow. */
static void make_certs(void)
{
    if (with_certs.len)
        return;
    mc_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(mh_renew(&h, s, "personalCert00", CKK_RSA, 0), CKR_OK);
    ck_assert_uint_eq(mh_renew(&h, s, "personalCert01", CKK_SM2, 0), CKR_OK);
    mh_save(&h, &with_certs);
    mc_teardown();
}

void mc_setup_certs(void)
{
    make_certs();
    mh_make(&h, BK_VKEY_GMT0017, BK_VKEY_DIRECT, NULL);
    mh_restore(&h, &with_certs);
    mh_load(&h, MODULE);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
}

CK_SESSION_HANDLE mc_session(CK_SLOT_ID slot)
{
    CK_SESSION_HANDLE s = 0;
    ck_assert_uint_eq(h.f->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &s),
                      CKR_OK);
    return s;
}

TCase *mc_case(Suite *suite, const char *name, void (*make)(void))
{
    TCase *t = tcase_create(name);
    if (make != mc_setup)
        tcase_add_unchecked_fixture(t, make_certs, NULL);
    tcase_add_checked_fixture(t, make, mc_teardown);
    tcase_set_timeout(t, 120);
    suite_add_tcase(suite, t);
    return t;
}
