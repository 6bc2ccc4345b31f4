/* SPDX-License-Identifier: Apache-2.0 */
/* Digests and random numbers: on the host. A random drawn from the key would spoil another
 * process's PIN challenge. */
#include <string.h>

#include "crypto/ctx.h"
#include "pkcs11/op.h"

CK_RV C_DigestInit(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism)
{
    struct bk_call call;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_TOKEN);
    struct bk_op *op = rv == CKR_OK ? &call.s->ops[BK_OP_DIGEST] : NULL;
    if (rv == CKR_OK && !mechanism) {
        bk_op_end(op);
        return bk_call_leave(&call, CKR_OK);
    }
    if (rv == CKR_OK && op->mech)
        rv = CKR_OPERATION_ACTIVE;
    const struct bk_mech *mech =
        rv == CKR_OK ? bk_mech_find(call.port->token, call.which, mechanism->mechanism) : NULL;
    if (rv == CKR_OK && (!mech || mech->how != BK_HOW_DIGEST))
        rv = CKR_MECHANISM_INVALID;
    if (rv == CKR_OK && mechanism->ulParameterLen)
        rv = CKR_MECHANISM_PARAM_INVALID;
    if (rv == CKR_OK) {
        enum bk_err err = bk_digester_new(mech->hash, &op->digester);
        op->mech = err ? NULL : mech;
        op->hash = mech->hash;
        rv = err ? bk_call_fail(&call, err) : CKR_OK;
    }
    return bk_call_leave(&call, rv);
}

static CK_RV finish(struct bk_op *op, const void *data, CK_ULONG len, unsigned char *out,
                    unsigned long *out_len)
{
    CK_RV rv = CKR_OK;
    if (!bk_op_room(op, out, out_len, bk_hash_len(op->hash), &rv))
        return rv;
    rv = bk_op_feed(op, data, len, 0);
    if (rv == CKR_OK && bk_digester_end(op->digester, out))
        rv = CKR_FUNCTION_FAILED;
    if (rv == CKR_OK)
        *out_len = bk_hash_len(op->hash);
    bk_op_end(op);
    return rv;
}

CK_RV C_Digest(CK_SESSION_HANDLE session, unsigned char *data, unsigned long data_len,
               unsigned char *digest, unsigned long *digest_len)
{
    struct bk_call call;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_NOTHING);
    struct bk_op *op = rv == CKR_OK ? &call.s->ops[BK_OP_DIGEST] : NULL;
    if (rv == CKR_OK && !op->mech)
        rv = CKR_OPERATION_NOT_INITIALIZED;
    else if (rv == CKR_OK && op->parts)
        rv = CKR_OPERATION_ACTIVE;
    if (rv == CKR_OK)
        rv = finish(op, data, data_len, digest, digest_len);
    return bk_call_leave(&call, rv);
}

CK_RV C_DigestUpdate(CK_SESSION_HANDLE session, unsigned char *part, unsigned long part_len)
{
    struct bk_call call;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_NOTHING);
    struct bk_op *op = rv == CKR_OK ? &call.s->ops[BK_OP_DIGEST] : NULL;
    if (rv == CKR_OK && !op->mech)
        rv = CKR_OPERATION_NOT_INITIALIZED;
    if (rv == CKR_OK)
        rv = bk_op_more(op, part, part_len, 0);
    return bk_call_leave(&call, rv);
}

CK_RV C_DigestKey(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key)
{
    struct bk_call call;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_TOKEN);
    struct bk_op *op = rv == CKR_OK ? &call.s->ops[BK_OP_DIGEST] : NULL;
    if (rv == CKR_OK && !op->mech)
        rv = CKR_OPERATION_NOT_INITIALIZED;
    const struct bk_object *o = rv == CKR_OK ? bk_object_find(&call, key) : NULL;
    if (rv == CKR_OK && (!o || !bk_object_is_key(o)))
        rv = CKR_KEY_HANDLE_INVALID;
    if (rv == CKR_OK && o->class != CKO_SECRET_KEY)
        rv = CKR_KEY_INDIGESTIBLE;
    if (rv == CKR_OK) {
        const struct bk_buf *value = bk_object_attr(o, CKA_VALUE);
        op->parts = true;
        rv = bk_op_feed(op, value->data, value->len, 0);
    }
    if (rv != CKR_OK && op && op->mech)
        bk_op_end(op);
    return bk_call_leave(&call, rv);
}

CK_RV C_DigestFinal(CK_SESSION_HANDLE session, unsigned char *digest, unsigned long *digest_len)
{
    struct bk_call call;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_NOTHING);
    struct bk_op *op = rv == CKR_OK ? &call.s->ops[BK_OP_DIGEST] : NULL;
    if (rv == CKR_OK && !op->mech)
        rv = CKR_OPERATION_NOT_INITIALIZED;
    if (rv == CKR_OK)
        rv = finish(op, NULL, 0, digest, digest_len);
    return bk_call_leave(&call, rv);
}

CK_RV C_SeedRandom(CK_SESSION_HANDLE session, unsigned char *seed, unsigned long seed_len)
{
    struct bk_call call;
    (void)seed_len;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_NOTHING);
    if (rv == CKR_OK)
        rv = seed ? CKR_RANDOM_SEED_NOT_SUPPORTED : CKR_ARGUMENTS_BAD;
    return bk_call_leave(&call, rv);
}

CK_RV C_GenerateRandom(CK_SESSION_HANDLE session, unsigned char *data, unsigned long len)
{
    struct bk_call call;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_NOTHING);
    if (rv == CKR_OK && !data && len)
        rv = CKR_ARGUMENTS_BAD;
    if (rv == CKR_OK && len) {
        enum bk_err err = bk_random(data, len);
        rv = err ? bk_call_fail(&call, err) : CKR_OK;
    }
    return bk_call_leave(&call, rv);
}
