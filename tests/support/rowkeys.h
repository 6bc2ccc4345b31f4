/* SPDX-License-Identifier: Apache-2.0 */
/* The session and the keys that tables of rows use: of a key with an RSA and an SM2 identity, and
 * secret keys that may do everything. */
#ifndef TEST_ROWKEYS_H
#define TEST_ROWKEYS_H

#include "rows.h"

static CK_SESSION_HANDLE s; /* read-write, logged in, of the first slot */
static CK_OBJECT_HANDLE sign_key, verify_key, encrypt_key, decrypt_key, sm4, generic;

static inline CK_OBJECT_HANDLE rows_secret(CK_KEY_TYPE type, CK_ULONG size)
{
    static CK_BYTE value[64];
    CK_OBJECT_CLASS class = CKO_SECRET_KEY;
    CK_BBOOL yes = 1, no = 0;
    CK_OBJECT_HANDLE made = 0;
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class},
                        {CKA_KEY_TYPE, &type, sizeof type},
                        {CKA_VALUE, value, size},
                        {CKA_ENCRYPT, &yes, 1},
                        {CKA_DECRYPT, &yes, 1},
                        {CKA_SIGN, &yes, 1},
                        {CKA_VERIFY, &yes, 1},
                        {CKA_WRAP, &yes, 1},
                        {CKA_UNWRAP, &yes, 1},
                        {CKA_EXTRACTABLE, &yes, 1},
                        {CKA_SENSITIVE, &no, 1}};
    ck_assert_uint_eq(h.f->C_CreateObject(s, t, 11, &made), CKR_OK);
    return made;
}

static inline void rows_setup(void)
{
    mc_setup_certs();
    s = mh_login(&h, 0);
    sign_key = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    verify_key = mh_find(&h, s, CKO_PUBLIC_KEY, CKA_VERIFY);
    encrypt_key = mh_find(&h, s, CKO_PUBLIC_KEY, CKA_ENCRYPT);
    decrypt_key = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_DECRYPT);
    sm4 = rows_secret(CKK_SM4, 16);
    generic = rows_secret(CKK_GENERIC_SECRET, 32);
}

#endif
