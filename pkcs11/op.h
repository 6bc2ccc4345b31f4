/* SPDX-License-Identifier: Apache-2.0 */
/* What sign, verify, encrypt and decrypt have in common. */
#ifndef BK_PKCS11_OP_H
#define BK_PKCS11_OP_H

#include "pkcs11/object.h"
#include "pkcs11/session.h"

/* The Init of an operation: mechanism, parameters, and that the key may do it. */
CK_RV bk_op_begin(struct bk_call *call, enum bk_op_kind kind, const CK_MECHANISM *mechanism,
                  CK_OBJECT_HANDLE key);
/* The mechanism of a call, which it is for: CKR_ARGUMENTS_BAD, CKR_MECHANISM_INVALID. */
CK_RV bk_op_mech(const struct bk_call *call, const CK_MECHANISM *mechanism, CK_FLAGS flag,
                 const struct bk_mech **mech);
/* A key for this mechanism (a secret key where that is what it works with, else one of the class)
 * that has the right: CKR_KEY_HANDLE_INVALID, CKR_KEY_TYPE_INCONSISTENT,
 * CKR_KEY_FUNCTION_NOT_PERMITTED. */
CK_RV bk_op_key(const struct bk_call *call, const struct bk_mech *mech, CK_OBJECT_HANDLE handle,
                CK_OBJECT_CLASS class, CK_ATTRIBUTE_TYPE right, struct bk_object **key);
/* Parameters of a mechanism that is begun; key: whose operation it will be; NULL: not known, and its size isn't looked at. */
CK_RV bk_op_params(struct bk_op *op, const CK_MECHANISM *mechanism, const struct bk_pubkey *key);
/* The active operation and its key (NULL of a digest); CKR_OPERATION_NOT_INITIALIZED, CKR_KEY_HANDLE_INVALID. */
CK_RV bk_op_active(struct bk_call *call, enum bk_op_kind kind, struct bk_op **op,
                   struct bk_object **key);
/* Data of an Update, or of the one call: into the hash, or gathered up to `max` bytes and
 * BK_BUF_MAX; CKR_DATA_LEN_RANGE. */
CK_RV bk_op_feed(struct bk_op *op, const void *data, CK_ULONG len, size_t max);
/* The same for an Update: a failure ends the operation. */
CK_RV bk_op_more(struct bk_op *op, const void *part, CK_ULONG len, size_t max);
/* The PKCS#11 way of giving out: NULL asks for `size`, too little room is an error that leaves
 * the operation as it was; nowhere to put the length ends it. True when the caller may go on. */
bool bk_op_room(struct bk_op *op, void *out, unsigned long *len, size_t size, CK_RV *rv);

/* Whole entry points: an Init (mechanism NULL cancels, 3.0), and an Update that gives nothing out.
 */
CK_RV bk_op_init(CK_SESSION_HANDLE session, enum bk_op_kind kind, const CK_MECHANISM *mechanism,
                 CK_OBJECT_HANDLE key);
CK_RV bk_op_update(CK_SESSION_HANDLE session, enum bk_op_kind kind, const void *part,
                   unsigned long part_len, size_t max);

#endif
