/* SPDX-License-Identifier: Apache-2.0 */
/* Encryption of a whole, for wrapping too: the data is in op. */
#ifndef BK_PKCS11_CRYPT_H
#define BK_PKCS11_CRYPT_H

#include "pkcs11/op.h"

enum bk_err bk_crypt_seal(struct bk_op *op, const struct bk_object *key,
                          struct bk_buf *out) BK_MUST_CHECK;
/* BK_ENOTFOUND: the key pair isn't on the key any more; BK_EFORMAT, BK_EVERIFY: not encrypted for
 * this key. */
enum bk_err bk_crypt_open(const struct bk_call *call, struct bk_op *op, const struct bk_object *key,
                          struct bk_buf *plain) BK_MUST_CHECK;

#endif
