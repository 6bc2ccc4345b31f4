/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BK_PKCS11_SIGN_H
#define BK_PKCS11_SIGN_H

#include "pkcs11/op.h"

/* longer than any modulus: nothing more can be signed unhashed */
#define BK_SIGN_GATHER_MAX 512

/* The data of a C_Sign or C_SignRecover, none for C_SignFinal; ends the operation unless only a
 * length was asked. */
CK_RV bk_sign_finish(struct bk_call *call, enum bk_op_kind kind, const void *data, CK_ULONG len,
                     unsigned char *out, unsigned long *out_len);

#endif
