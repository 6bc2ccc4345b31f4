/* SPDX-License-Identifier: Apache-2.0 */
/* Secret keys of a session: generated on the host, wrapped and unwrapped (PKCS#11 3.0, 5.18). */
#include <string.h>

#include "base/secret.h"
#include "crypto/ctx.h"
#include "crypto/sm4.h"
#include "pkcs11/create.h"
#include "pkcs11/crypt.h"

/* The mechanism of one call, begun by itself: it is no operation of the session. */
static CK_RV begin(struct bk_call *call, const CK_MECHANISM *mechanism, CK_FLAGS flag,
                   struct bk_op *op)
{
    memset(op, 0, sizeof *op);
    CK_RV rv = bk_op_mech(call, mechanism, flag, &op->mech);
    return rv == CKR_OK ? bk_op_params(op, mechanism, NULL) : rv;
}

/* --- generating
 * ---------------------------------------------------------------------------------*/

static CK_RV length_of(const struct bk_mech *mech, const CK_ATTRIBUTE *templ, CK_ULONG count,
                       size_t *len)
{
    const CK_ATTRIBUTE *a = bk_template_find(templ, count, CKA_VALUE_LEN);
    bool sm4 = bk_mech_secret(mech) == CKK_SM4;
    CK_ULONG wanted = bk_template_ulong(templ, count, CKA_VALUE_LEN, sm4 ? BK_SM4_KEY : 0);
    if (!a && !sm4)
        return CKR_TEMPLATE_INCOMPLETE;
    if (!wanted || wanted > BK_SECRET_MAX || (sm4 && wanted != BK_SM4_KEY))
        return CKR_KEY_SIZE_RANGE;
    *len = wanted;
    return CKR_OK;
}

/* A class or type that the template names must be what comes of the mechanism. */
static CK_RV agrees(const CK_ATTRIBUTE *templ, CK_ULONG count, CK_KEY_TYPE type)
{
    bool good = bk_template_ulong(templ, count, CKA_CLASS, CKO_SECRET_KEY) == CKO_SECRET_KEY &&
                bk_template_ulong(templ, count, CKA_KEY_TYPE, type) == type;
    return good ? CKR_OK : CKR_TEMPLATE_INCONSISTENT;
}

CK_RV C_GenerateKey(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_ATTRIBUTE *templ,
                    unsigned long count, CK_OBJECT_HANDLE *key)
{
    struct bk_call call;
    struct bk_op op;
    uint8_t value[BK_SECRET_MAX];
    size_t len = 0;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_TOKEN);
    if (rv == CKR_OK && ((!templ && count) || !key))
        rv = CKR_ARGUMENTS_BAD;
    if (rv == CKR_OK)
        rv = begin(&call, mechanism, CKF_GENERATE, &op);
    if (rv == CKR_OK)
        rv = bk_template_check(templ, count, CKO_SECRET_KEY, BK_WHEN_MAKE);
    if (rv == CKR_OK)
        rv = agrees(templ, count, bk_mech_secret(op.mech));
    if (rv == CKR_OK)
        rv = length_of(op.mech, templ, count, &len);
    if (rv == CKR_OK) {
        enum bk_err err = bk_random(value, len);
        rv = err ? bk_call_fail(&call, err) : CKR_OK;
    }
    if (rv == CKR_OK) {
        const struct bk_secret_parts parts = {.type = bk_mech_secret(op.mech),
                                              .value = value,
                                              .len = len,
                                              .local = true,
                                              .always_sensitive = true,
                                              .never_extractable = true,
                                              .mechanism = mechanism->mechanism};
        rv = bk_object_make(&call, CKO_SECRET_KEY, templ, count, BK_WHEN_MAKE, &parts, key);
    }
    bk_wipe(value, sizeof value);
    return bk_call_leave(&call, rv);
}

/* --- wrapping
 * -----------------------------------------------------------------------------------*/

static CK_RV check_wrapped(const struct bk_call *call, CK_OBJECT_HANDLE handle,
                           const struct bk_object **key)
{
    *key = bk_object_find(call, handle);
    if (!*key || !bk_object_is_key(*key))
        return CKR_KEY_HANDLE_INVALID;
    if ((*key)->class == CKO_PRIVATE_KEY)
        return CKR_KEY_UNEXTRACTABLE;
    if ((*key)->class != CKO_SECRET_KEY)
        return CKR_KEY_NOT_WRAPPABLE;
    if (!bk_attr_bool(*key, CKA_EXTRACTABLE))
        return CKR_KEY_UNEXTRACTABLE;
    /* no wrapping key here is ever trusted */
    return bk_attr_bool(*key, CKA_WRAP_WITH_TRUSTED) ? CKR_KEY_NOT_WRAPPABLE : CKR_OK;
}

static CK_RV wrapping_key(const struct bk_call *call, const struct bk_op *op,
                          CK_OBJECT_HANDLE handle, CK_OBJECT_CLASS class, CK_ATTRIBUTE_TYPE right,
                          struct bk_object **key)
{
    bool wrap = right == CKA_WRAP;
    CK_RV rv = bk_op_key(call, op->mech, handle, class, right, key);
    if (rv == CKR_KEY_HANDLE_INVALID)
        return wrap ? CKR_WRAPPING_KEY_HANDLE_INVALID : CKR_UNWRAPPING_KEY_HANDLE_INVALID;
    if (rv == CKR_KEY_TYPE_INCONSISTENT)
        return wrap ? CKR_WRAPPING_KEY_TYPE_INCONSISTENT : CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT;
    return rv;
}

static CK_RV seal(struct bk_call *call, struct bk_op *op, const struct bk_object *with,
                  const struct bk_object *key, unsigned char *out, unsigned long *out_len)
{
    struct bk_buf wrapped = BK_BUF_INIT;
    const struct bk_buf *value = bk_object_attr(key, CKA_VALUE);
    enum bk_err err = bk_buf_put(&op->data, value->data, value->len);
    if (!err)
        err = bk_crypt_seal(op, with, &wrapped);
    CK_RV rv = err == BK_ELIMIT ? CKR_KEY_SIZE_RANGE : err ? bk_call_fail(call, err) : CKR_OK;
    bool fits = out && *out_len >= wrapped.len;
    if (rv == CKR_OK && fits && wrapped.len)
        memcpy(out, wrapped.data, wrapped.len);
    /* the next time it may be longer by a byte or two */
    if (rv == CKR_OK)
        *out_len = fits ? wrapped.len : bk_crypt_sealed_size(op, with, value->len);
    if (rv == CKR_OK && out && !fits)
        rv = CKR_BUFFER_TOO_SMALL;
    bk_buf_free(&wrapped);
    return rv;
}

CK_RV C_WrapKey(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE with,
                CK_OBJECT_HANDLE key, unsigned char *wrapped, unsigned long *wrapped_len)
{
    struct bk_call call;
    struct bk_op op = {0};
    struct bk_object *w = NULL;
    const struct bk_object *k = NULL;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_TOKEN);
    if (rv == CKR_OK && !wrapped_len)
        rv = CKR_ARGUMENTS_BAD;
    if (rv == CKR_OK)
        rv = begin(&call, mechanism, CKF_WRAP, &op);
    if (rv == CKR_OK)
        rv = wrapping_key(&call, &op, with, CKO_PUBLIC_KEY, CKA_WRAP, &w);
    if (rv == CKR_OK)
        rv = check_wrapped(&call, key, &k);
    if (rv == CKR_OK)
        rv = seal(&call, &op, w, k, wrapped, wrapped_len);
    bk_op_end(&op);
    return bk_call_leave(&call, rv);
}

/* --- unwrapping
 * ---------------------------------------------------------------------------------*/

static CK_RV open_it(struct bk_call *call, struct bk_op *op, const struct bk_object *with,
                     const unsigned char *wrapped, CK_ULONG len, struct bk_buf *value)
{
    if (!wrapped)
        return CKR_ARGUMENTS_BAD;
    bool fits = with->class == CKO_SECRET_KEY ? len % BK_SM4_BLOCK == 0
                : with->key.alg == BK_ALG_RSA ? len == with->key.n_len
                                              : true;
    if (!len || len > BK_ATTR_MAX || !fits)
        return CKR_WRAPPED_KEY_LEN_RANGE;
    enum bk_err err = bk_buf_put(&op->data, wrapped, len);
    if (!err)
        err = bk_crypt_open(call, op, with, value);
    if (err == BK_ENOTFOUND)
        return CKR_UNWRAPPING_KEY_HANDLE_INVALID;
    if (err == BK_EFORMAT || err == BK_EVERIFY)
        return CKR_WRAPPED_KEY_INVALID;
    return err ? bk_call_fail(call, err) : CKR_OK;
}

/* A length in the template takes the first bytes: of RSA_X_509 style padding there is none here,
 * but a block cipher's blocks may be longer than the key. */
static CK_RV cut(const CK_ATTRIBUTE *templ, CK_ULONG count, CK_KEY_TYPE type, struct bk_buf *value)
{
    CK_ULONG len = bk_template_ulong(templ, count, CKA_VALUE_LEN, value->len);
    if (!len || len > value->len || len > BK_SECRET_MAX || (type == CKK_SM4 && len != BK_SM4_KEY))
        return CKR_WRAPPED_KEY_LEN_RANGE;
    value->len = len;
    return CKR_OK;
}

CK_RV C_UnwrapKey(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE with,
                  unsigned char *wrapped, unsigned long wrapped_len, CK_ATTRIBUTE *templ,
                  unsigned long count, CK_OBJECT_HANDLE *key)
{
    struct bk_call call;
    struct bk_op op = {0};
    struct bk_object *w = NULL;
    struct bk_buf value = BK_BUF_INIT;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_TOKEN);
    if (rv == CKR_OK && ((!templ && count) || !key))
        rv = CKR_ARGUMENTS_BAD;
    if (rv == CKR_OK)
        rv = begin(&call, mechanism, CKF_UNWRAP, &op);
    if (rv == CKR_OK)
        rv = wrapping_key(&call, &op, with, CKO_PRIVATE_KEY, CKA_UNWRAP, &w);
    if (rv == CKR_OK)
        rv = bk_template_check(templ, count, CKO_SECRET_KEY, BK_WHEN_MAKE);
    CK_KEY_TYPE type =
        rv == CKR_OK ? bk_template_ulong(templ, count, CKA_KEY_TYPE, CK_UNAVAILABLE_INFORMATION)
                     : 0;
    if (rv == CKR_OK && type == CK_UNAVAILABLE_INFORMATION)
        rv = CKR_TEMPLATE_INCOMPLETE;
    if (rv == CKR_OK)
        rv = agrees(templ, count, type);
    if (rv == CKR_OK)
        rv = open_it(&call, &op, w, wrapped, wrapped_len, &value);
    if (rv == CKR_OK)
        rv = cut(templ, count, type, &value);
    if (rv == CKR_OK) {
        const struct bk_secret_parts parts = {.type = type,
                                              .value = value.data,
                                              .len = value.len,
                                              .mechanism = CK_UNAVAILABLE_INFORMATION};
        rv = bk_object_make(&call, CKO_SECRET_KEY, templ, count, BK_WHEN_MAKE, &parts, key);
    }
    bk_buf_free(&value);
    bk_op_end(&op);
    return bk_call_leave(&call, rv);
}
