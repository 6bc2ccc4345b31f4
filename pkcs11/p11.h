/* SPDX-License-Identifier: Apache-2.0 */
/* The PKCS#11 header as all files of the module see it: what it declares is what is exported. */
#ifndef BK_PKCS11_P11_H
#define BK_PKCS11_P11_H

#pragma GCC visibility push(default)
#include <pkcs11-helper-1.0/pkcs11.h>
#pragma GCC visibility pop

#include "pkcs11/bjca-pkcs11.h"

/* PKCS#11 3.0 has these, pkcs11-helper's header hasn't. */
#ifndef CKA_UNIQUE_ID
#define CKA_UNIQUE_ID 0x4UL
#endif
#ifndef CKA_PUBLIC_KEY_INFO
#define CKA_PUBLIC_KEY_INFO 0x129UL
#endif
#ifndef CKA_NAME_HASH_ALGORITHM
#define CKA_NAME_HASH_ALGORITHM 0x8cUL
#endif
#ifndef CKA_COPYABLE
#define CKA_COPYABLE 0x171UL
#endif
#ifndef CKF_FIND_OBJECTS
#define CKF_FIND_OBJECTS 0x40UL
#endif
#ifndef CKA_DESTROYABLE
#define CKA_DESTROYABLE 0x172UL
#endif
#ifndef CKM_SHA256_KEY_DERIVATION
#define CKM_SHA256_KEY_DERIVATION 0x393UL
#define CKM_SHA384_KEY_DERIVATION 0x394UL
#define CKM_SHA512_KEY_DERIVATION 0x395UL
#define CKM_SHA224_KEY_DERIVATION 0x396UL
typedef struct CK_KEY_DERIVATION_STRING_DATA {
    CK_BYTE_PTR pData;
    CK_ULONG ulLen;
} CK_KEY_DERIVATION_STRING_DATA;
typedef CK_ULONG CK_EXTRACT_PARAMS;
#endif
#ifndef CKM_HKDF_DERIVE
#define CKM_HKDF_DERIVE 0x402aUL
#define CKF_HKDF_SALT_NULL 0x1UL
#define CKF_HKDF_SALT_DATA 0x2UL
#define CKF_HKDF_SALT_KEY 0x4UL
typedef struct CK_HKDF_PARAMS {
    CK_BBOOL bExtract, bExpand;
    CK_MECHANISM_TYPE prfHashMechanism;
    CK_ULONG ulSaltType;
    CK_BYTE_PTR pSalt;
    CK_ULONG ulSaltLen;
    CK_OBJECT_HANDLE hSaltKey;
    CK_BYTE_PTR pInfo;
    CK_ULONG ulInfoLen;
} CK_HKDF_PARAMS;
#endif

#endif
