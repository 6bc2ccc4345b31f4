/* SPDX-License-Identifier: Apache-2.0 */
#include "pkcs11/op.h"

#include <string.h>

#include "crypto/rsa_pad.h"
#include "crypto/sm2.h"

static const struct {
    CK_FLAGS flag;
    CK_ATTRIBUTE_TYPE right; /* the attribute of the key that allows it */
    CK_OBJECT_CLASS class;
} kinds[] = {
    [BK_OP_SIGN] = {CKF_SIGN, CKA_SIGN, CKO_PRIVATE_KEY},
    [BK_OP_VERIFY] = {CKF_VERIFY, CKA_VERIFY, CKO_PUBLIC_KEY},
    [BK_OP_ENCRYPT] = {CKF_ENCRYPT, CKA_ENCRYPT, CKO_PUBLIC_KEY},
    [BK_OP_DECRYPT] = {CKF_DECRYPT, CKA_DECRYPT, CKO_PRIVATE_KEY},
    [BK_OP_SIGN_RECOVER] = {CKF_SIGN_RECOVER, CKA_SIGN_RECOVER, CKO_PRIVATE_KEY},
    [BK_OP_VERIFY_RECOVER] = {CKF_VERIFY_RECOVER, CKA_VERIFY_RECOVER, CKO_PUBLIC_KEY},
};

/* RFC 8017 clause 9.1.1 step 3: hash, salt and two bytes fit in a bit less than the modulus has. */
static bool salt_fits(const struct bk_op *op, const struct bk_pubkey *key)
{
    return !key ||
           op->salt_len + bk_hash_len(op->param_hash) + 2 <= (bk_pubkey_rsa_bits(key) + 6) / 8;
}

/* key: whose operation it will be; NULL: not known. */
static CK_RV take_pss(struct bk_op *op, const CK_MECHANISM *mechanism, const struct bk_pubkey *key)
{
    CK_RSA_PKCS_PSS_PARAMS p;
    if (!mechanism->pParameter || mechanism->ulParameterLen != sizeof p)
        return CKR_MECHANISM_PARAM_INVALID;
    memcpy(&p, mechanism->pParameter, sizeof p);
    op->given[0] = p.hashAlg;
    op->given[1] = p.mgf;
    op->param_hash = bk_mech_hash(p.hashAlg);
    op->mgf = bk_mgf_hash(p.mgf);
    op->salt_len = p.sLen;
    bool agrees = op->hash == BK_HASH_NONE || op->hash == op->param_hash;
    bool good = op->param_hash && op->param_hash != BK_HASH_SM3 && op->mgf && p.sLen <= 512;
    return good && agrees && salt_fits(op, key) ? CKR_OK : CKR_MECHANISM_PARAM_INVALID;
}

static CK_RV take_oaep(struct bk_op *op, const CK_MECHANISM *mechanism)
{
    CK_RSA_PKCS_OAEP_PARAMS p;
    if (!mechanism->pParameter || mechanism->ulParameterLen != sizeof p)
        return CKR_MECHANISM_PARAM_INVALID;
    memcpy(&p, mechanism->pParameter, sizeof p);
    op->given[0] = p.hashAlg;
    op->given[1] = p.mgf;
    op->param_hash = bk_mech_hash(p.hashAlg);
    op->mgf = bk_mgf_hash(p.mgf);
    /* some clients leave the source at 0 when there is no label */
    bool label = p.source == CKZ_DATA_SPECIFIED && p.ulSourceDataLen;
    if (!op->param_hash || op->param_hash == BK_HASH_SM3 || !op->mgf ||
        (p.source > CKZ_DATA_SPECIFIED) || (p.source == 0 && p.ulSourceDataLen) ||
        (label && !p.pSourceData) || p.ulSourceDataLen > BK_OAEP_LABEL_MAX)
        return CKR_MECHANISM_PARAM_INVALID;
    if (label && bk_buf_put(&op->label, p.pSourceData, p.ulSourceDataLen))
        return CKR_HOST_MEMORY;
    return CKR_OK;
}

CK_RV bk_op_params(struct bk_op *op, const CK_MECHANISM *mechanism, const struct bk_pubkey *key)
{
    if (op->mech->how == BK_HOW_PSS)
        return take_pss(op, mechanism, key);
    if (op->mech->how == BK_HOW_OAEP)
        return take_oaep(op, mechanism);
    if (op->mech->how == BK_HOW_SM4_CBC) {
        if (!mechanism->pParameter || mechanism->ulParameterLen != sizeof op->iv)
            return CKR_MECHANISM_PARAM_INVALID;
        memcpy(op->iv, mechanism->pParameter, sizeof op->iv);
        return CKR_OK;
    }
    return mechanism->ulParameterLen ? CKR_MECHANISM_PARAM_INVALID : CKR_OK;
}

/* Z goes in front of an SM2 message; a MAC begins with its key. */
static enum bk_err start_hash(struct bk_op *op, const struct bk_object *key)
{
    uint8_t z[32];
    if (op->mech->how == BK_HOW_HMAC) {
        const struct bk_buf *value = bk_object_attr(key, CKA_VALUE);
        return bk_digester_new_hmac(op->hash, value->data, value->len, &op->digester);
    }
    enum bk_err err = bk_digester_new(op->hash, &op->digester);
    if (err || op->mech->alg != BK_ALG_SM2)
        return err;
    err = bk_sm2_z(&key->key, NULL, 0, z);
    return err ? err : bk_digester_add(op->digester, z, sizeof z);
}

CK_RV bk_op_mech(const struct bk_call *call, const CK_MECHANISM *mechanism, CK_FLAGS flag,
                 const struct bk_mech **mech)
{
    if (!mechanism)
        return CKR_ARGUMENTS_BAD;
    *mech = bk_mech_find(call->port->token, call->which, mechanism->mechanism);
    return *mech && bk_mech_flags(call->port->token, *mech) & flag ? CKR_OK : CKR_MECHANISM_INVALID;
}

CK_RV bk_op_key(const struct bk_call *call, const struct bk_mech *mech, CK_OBJECT_HANDLE handle,
                CK_OBJECT_CLASS class, CK_ATTRIBUTE_TYPE right, struct bk_object **key)
{
    CK_KEY_TYPE secret = bk_mech_secret(mech);
    *key = bk_object_find(call, handle);
    if (!*key || !bk_object_is_key(*key))
        return CKR_KEY_HANDLE_INVALID;
    if (secret != CK_UNAVAILABLE_INFORMATION ? bk_attr_ulong(*key, CKA_KEY_TYPE) != secret
                                             : (*key)->key.alg != mech->alg)
        return CKR_KEY_TYPE_INCONSISTENT;
    bool of_class =
        (*key)->class == (secret != CK_UNAVAILABLE_INFORMATION ? CKO_SECRET_KEY : class);
    return of_class && bk_attr_bool(*key, right) ? CKR_OK : CKR_KEY_FUNCTION_NOT_PERMITTED;
}

CK_RV bk_op_begin(struct bk_call *call, enum bk_op_kind kind, const CK_MECHANISM *mechanism,
                  CK_OBJECT_HANDLE handle)
{
    struct bk_op *op = &call->s->ops[kind];
    struct bk_object *key = NULL;
    const struct bk_mech *mech = NULL;
    if (mechanism && op->mech)
        return CKR_OPERATION_ACTIVE;
    CK_RV rv = bk_op_mech(call, mechanism, kinds[kind].flag, &mech);
    if (rv == CKR_OK)
        rv = bk_op_key(call, mech, handle, kinds[kind].class, kinds[kind].right, &key);
    if (rv != CKR_OK)
        return rv;
    op->mech = mech;
    op->key = handle;
    op->hash = mech->hash;
    rv = bk_op_params(op, mechanism, &key->key);
    if (rv == CKR_OK && op->hash) {
        enum bk_err err = start_hash(op, key);
        rv = err ? bk_call_fail(call, err) : CKR_OK;
    }
    if (rv != CKR_OK)
        bk_op_end(op);
    return rv;
}

CK_RV bk_op_active(struct bk_call *call, enum bk_op_kind kind, struct bk_op **op,
                   struct bk_object **key)
{
    *op = &call->s->ops[kind];
    if (!(*op)->mech)
        return CKR_OPERATION_NOT_INITIALIZED;
    *key = NULL;
    if (kind == BK_OP_DIGEST)
        return CKR_OK;
    *key = bk_object_find(call, (*op)->key);
    if (*key)
        return CKR_OK;
    bk_op_end(*op);
    return CKR_KEY_HANDLE_INVALID;
}

CK_RV bk_op_feed(struct bk_op *op, const void *data, CK_ULONG len, size_t max)
{
    enum bk_err err = BK_OK;
    if (!data && len)
        return CKR_ARGUMENTS_BAD;
    if (!len)
        return CKR_OK;
    if (op->digester)
        err = bk_digester_add(op->digester, data, len);
    else if (len > max || op->data.len > max - len)
        return CKR_DATA_LEN_RANGE;
    else
        err = bk_buf_put(&op->data, data, len);
    return err == BK_ENOMEM   ? CKR_HOST_MEMORY
           : err == BK_ELIMIT ? CKR_DATA_LEN_RANGE
           : err              ? CKR_FUNCTION_FAILED
                              : CKR_OK;
}

bool bk_op_room(struct bk_op *op, void *out, unsigned long *len, size_t size, CK_RV *rv)
{
    if (!len) {
        bk_op_end(op);
        *rv = CKR_ARGUMENTS_BAD;
        return false;
    }
    unsigned long room = *len;
    if (out && room >= size)
        return true;
    *len = size;
    *rv = out ? CKR_BUFFER_TOO_SMALL : CKR_OK;
    return false;
}

CK_RV bk_op_init(CK_SESSION_HANDLE session, enum bk_op_kind kind, const CK_MECHANISM *mechanism,
                 CK_OBJECT_HANDLE key)
{
    struct bk_call call;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_TOKEN);
    if (rv == CKR_OK && !mechanism)
        bk_op_end(&call.s->ops[kind]);
    else if (rv == CKR_OK)
        rv = bk_op_begin(&call, kind, mechanism, key);
    return bk_call_leave(&call, rv);
}

CK_RV bk_op_more(struct bk_op *op, const void *part, CK_ULONG len, size_t max)
{
    op->parts = true;
    CK_RV rv = bk_op_feed(op, part, len, max);
    if (rv != CKR_OK)
        bk_op_end(op);
    return rv;
}

CK_RV bk_op_update(CK_SESSION_HANDLE session, enum bk_op_kind kind, const void *part,
                   unsigned long part_len, size_t max)
{
    struct bk_call call;
    struct bk_op *op = NULL;
    struct bk_object *key = NULL;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_TOKEN);
    if (rv == CKR_OK)
        rv = bk_op_active(&call, kind, &op, &key);
    if (rv == CKR_OK)
        rv = bk_op_more(op, part, part_len, max);
    return bk_call_leave(&call, rv);
}
