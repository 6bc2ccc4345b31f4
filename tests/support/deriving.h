/* SPDX-License-Identifier: Apache-2.0 */
/* The session of rowkeys.h with secret keys to derive from, and C_DeriveKey in one line. */
#ifndef TEST_DERIVING_H
#define TEST_DERIVING_H

#include <string.h>

#include "pkcs11/p11.h"
#include "rowkeys.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define NONE CK_UNAVAILABLE_INFORMATION /* in a row: not in the template */
#define AND_KEY CKM_CONCATENATE_BASE_AND_KEY
#define AND_DATA CKM_CONCATENATE_BASE_AND_DATA
#define AND_BASE CKM_CONCATENATE_DATA_AND_BASE
#define XOR CKM_XOR_BASE_AND_DATA
#define EXTRACT CKM_EXTRACT_KEY_FROM_KEY
#define WITH(x) &(x), sizeof(x)

static CK_BYTE yes = 1;
static CK_OBJECT_HANDLE o, no_key = 0x7fffffff, base, other, bits, sm4_base, wide, plain;
static CK_BYTE value_01[] = {0x01, 0x23, 0x45, 0x67}, value_89[] = {0x89, 0xab, 0xcd, 0xef},
               value_32[] = {0x32, 0x9f, 0x84, 0xa9}, value_wide[64],
               value_sm4[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9};

static inline CK_OBJECT_HANDLE key_of(CK_KEY_TYPE type, const void *value, CK_ULONG len,
                                      CK_BYTE *derive)
{
    CK_OBJECT_CLASS class = CKO_SECRET_KEY;
    CK_OBJECT_HANDLE made = 0;
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class},
                        {CKA_KEY_TYPE, &type, sizeof type},
                        {CKA_VALUE, (void *)(uintptr_t)value, len},
                        {CKA_DERIVE, derive, 1}};
    ck_assert_uint_eq(h.f->C_CreateObject(s, t, derive ? 4 : 3, &made), CKR_OK);
    return made;
}

static inline void deriving_setup(void)
{
    rows_setup();
    memset(value_wide, 0xf0, sizeof value_wide);
    base = key_of(CKK_GENERIC_SECRET, value_01, 4, &yes);
    other = key_of(CKK_GENERIC_SECRET, value_89, 4, &yes);
    bits = key_of(CKK_GENERIC_SECRET, value_32, 4, &yes);
    wide = key_of(CKK_GENERIC_SECRET, value_wide, sizeof value_wide, &yes);
    sm4_base = key_of(CKK_SM4, value_sm4, sizeof value_sm4, &yes);
    plain = key_of(CKK_GENERIC_SECRET, value_01, 4, NULL);
}

static inline CK_RV derive(CK_MECHANISM *m, CK_OBJECT_HANDLE from, CK_KEY_TYPE type, CK_ULONG len)
{
    CK_ATTRIBUTE t[2];
    CK_ULONG n = 0;
    if (type != NONE)
        t[n++] = (CK_ATTRIBUTE){CKA_KEY_TYPE, &type, sizeof type};
    if (len != NONE)
        t[n++] = (CK_ATTRIBUTE){CKA_VALUE_LEN, &len, sizeof len};
    o = 0;
    return h.f->C_DeriveKey(s, m, from, n ? t : NULL, n, &o);
}

static inline CK_ULONG number_of(CK_OBJECT_HANDLE key, CK_ATTRIBUTE_TYPE type)
{
    CK_ULONG value = 0;
    CK_ATTRIBUTE t = {type, &value, sizeof value};
    ck_assert_uint_eq(h.f->C_GetAttributeValue(s, key, &t, 1), CKR_OK);
    return value;
}

static inline CK_HKDF_PARAMS hkdf_of(CK_MECHANISM_TYPE hash, CK_BYTE *salt, CK_ULONG salt_len,
                                     CK_BYTE *info, CK_ULONG info_len)
{
    return (CK_HKDF_PARAMS){.bExtract = 1,
                            .bExpand = 1,
                            .prfHashMechanism = hash,
                            .ulSaltType = salt ? CKF_HKDF_SALT_DATA : CKF_HKDF_SALT_NULL,
                            .pSalt = salt,
                            .ulSaltLen = salt_len,
                            .pInfo = info,
                            .ulInfoLen = info_len};
}

#endif
