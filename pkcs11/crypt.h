/* SPDX-License-Identifier: Apache-2.0 */
/* Encryption in parts, and of a whole, for wrapping too: there the data is in op. */
#ifndef BK_PKCS11_CRYPT_H
#define BK_PKCS11_CRYPT_H

#include "pkcs11/op.h"

/* An Update of either kind. CKR_DATA_LEN_RANGE and CKR_ENCRYPTED_DATA_LEN_RANGE above what is
 * gathered at once; out NULL only asks. */
CK_RV bk_crypt_update(struct bk_call *call, enum bk_op_kind kind, const unsigned char *part,
                      CK_ULONG part_len, unsigned char *out, unsigned long *out_len);
/* How much is gathered at once; of a secret key what isn't given out at once is less than a block.
 */
size_t bk_crypt_gather_max(const struct bk_object *key, bool decrypt);
/* How long `len` bytes become: exact, but for SM2's DER, which is at most this. */
size_t bk_crypt_sealed_size(const struct bk_op *op, const struct bk_object *key, size_t len);
enum bk_err bk_crypt_seal(struct bk_op *op, const struct bk_object *key,
                          struct bk_buf *out) BK_MUST_CHECK;
/* BK_ENOTFOUND: the key pair isn't on the key any more; BK_EFORMAT, BK_EVERIFY: not encrypted for
 * this key. */
enum bk_err bk_crypt_open(const struct bk_call *call, struct bk_op *op, const struct bk_object *key,
                          struct bk_buf *plain) BK_MUST_CHECK;

#endif
