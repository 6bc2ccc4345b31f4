/* SPDX-License-Identifier: Apache-2.0 */
/* Error to CKR_: the one table. */
#ifndef BK_PKCS11_RV_H
#define BK_PKCS11_RV_H

#include "base/err.h"
#include "pkcs11/p11.h"

CK_RV bk_rv(enum bk_err err);
/* A short sentence on a return value for BJCA_GetError. */
const char *bk_rv_text(CK_RV rv);

#endif
