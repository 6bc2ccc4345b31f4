/* SPDX-License-Identifier: Apache-2.0 */
/* Secret keys of a session that are derived from others of it, on the host (PKCS#11 3.0, 5.18.5).
 * Keys on the key are derived from nothing and nothing from them: docs/pkcs11-profile.md. */
#include <string.h>

#include "base/secret.h"
#include "crypto/sm4.h"
#include "pkcs11/create.h"
#include "pkcs11/op.h"

struct part {
    const uint8_t *at;
    size_t len;
};

/* One call. */
struct derivation {
    const struct bk_mech *mech;
    const struct bk_object *base, *other; /* other: NULL where there is one key */
    struct part first, second; /* what is joined or XORed; else the base key, and HKDF's salt */
    CK_ULONG bit;              /* that an extract begins with */
    CK_HKDF_PARAMS hkdf;
    enum bk_hash hash;
    size_t there;  /* bytes that come of it, at most */
    bool unsized;  /* how many the template alone says */
    bool inherits; /* the new key is kept as well as those it comes of */
};

/* --- parameters
 * ---------------------------------------------------------------------------------*/

static struct part value_of(const struct bk_object *key)
{
    const struct bk_buf *value = bk_object_attr(key, CKA_VALUE);
    return (struct part){value->data, value->len};
}

static CK_RV copy_params(const CK_MECHANISM *m, void *out, size_t len)
{
    if (m->ulParameterLen != len || (len && !m->pParameter))
        return CKR_MECHANISM_PARAM_INVALID;
    if (len)
        memcpy(out, m->pParameter, len);
    return CKR_OK;
}

/* Of a second key the new one is derived, too: it must allow that as the first one does. */
static CK_RV take_key(const struct bk_call *call, struct derivation *d, CK_OBJECT_HANDLE handle)
{
    struct bk_object *other = NULL;
    CK_RV rv = bk_op_key(call, d->mech, handle, CKO_SECRET_KEY, CKA_DERIVE, &other);
    if (rv != CKR_OK)
        return rv;
    d->other = other;
    d->second = value_of(other);
    return CKR_OK;
}

/* A length from outside may be any; no more is read of it than a key takes. */
static size_t sum(size_t a, size_t b)
{
    return b > SIZE_MAX - a ? SIZE_MAX : a + b;
}

static CK_RV take_string(struct derivation *d, const CK_MECHANISM *m)
{
    CK_KEY_DERIVATION_STRING_DATA p = {0};
    CK_RV rv = copy_params(m, &p, sizeof p);
    if (rv != CKR_OK || (!p.pData && p.ulLen))
        return CKR_MECHANISM_PARAM_INVALID;
    struct part base = d->first, data = {p.pData, p.ulLen};
    bool turned = m->mechanism == CKM_CONCATENATE_DATA_AND_BASE;
    d->first = turned ? data : base;
    d->second = turned ? base : data;
    if (m->mechanism == CKM_XOR_BASE_AND_DATA)
        d->there = base.len < data.len ? base.len : data.len;
    else
        d->there = sum(base.len, data.len);
    return CKR_OK;
}

static CK_RV take_bit(struct derivation *d, const CK_MECHANISM *m)
{
    CK_EXTRACT_PARAMS bit = 0;
    CK_RV rv = copy_params(m, &bit, sizeof bit);
    if (rv != CKR_OK || bit >= d->first.len * 8)
        return CKR_MECHANISM_PARAM_INVALID;
    d->bit = bit;
    d->unsized = true;
    d->there = d->first.len;
    return CKR_OK;
}

static CK_RV take_salt(const struct bk_call *call, struct derivation *d)
{
    const CK_HKDF_PARAMS *p = &d->hkdf;
    switch (p->ulSaltType) {
    case CKF_HKDF_SALT_NULL:
        return CKR_OK;
    case CKF_HKDF_SALT_DATA:
        if ((!p->pSalt && p->ulSaltLen) || p->ulSaltLen > BK_ATTR_MAX)
            return CKR_MECHANISM_PARAM_INVALID;
        d->second = (struct part){p->pSalt, p->ulSaltLen};
        return CKR_OK;
    case CKF_HKDF_SALT_KEY:
        return take_key(call, d, p->hSaltKey);
    default:
        return CKR_MECHANISM_PARAM_INVALID;
    }
}

/* Of a step that isn't wanted nothing is looked at (curr 2.62.3). RFC 5869, 2.3: what is expanded
 * has at least the hash's length. */
static CK_RV take_hkdf(const struct bk_call *call, struct derivation *d, const CK_MECHANISM *m)
{
    CK_HKDF_PARAMS *p = &d->hkdf;
    CK_RV rv = copy_params(m, p, sizeof *p);
    if (rv != CKR_OK || p->bExtract > 1 || p->bExpand > 1 || (!p->bExtract && !p->bExpand) ||
        (p->bExpand && ((!p->pInfo && p->ulInfoLen) || p->ulInfoLen > BK_ATTR_MAX)))
        return CKR_MECHANISM_PARAM_INVALID;
    d->hash = bk_mech_hash(p->prfHashMechanism);
    if (!d->hash)
        return CKR_MECHANISM_PARAM_INVALID;
    if (!p->bExtract && d->first.len < bk_hash_len(d->hash))
        return CKR_KEY_SIZE_RANGE;
    d->unsized = p->bExpand;
    d->there = p->bExpand ? 255 * bk_hash_len(d->hash) : bk_hash_len(d->hash);
    return p->bExtract ? take_salt(call, d) : CKR_OK;
}

static CK_RV take(const struct bk_call *call, struct derivation *d, const CK_MECHANISM *m)
{
    CK_OBJECT_HANDLE handle = 0;
    CK_RV rv;
    d->first = value_of(d->base);
    d->inherits = m->mechanism != CKM_HKDF_DERIVE && !d->mech->hash;
    switch (m->mechanism) {
    case CKM_CONCATENATE_BASE_AND_KEY:
        rv = copy_params(m, &handle, sizeof handle);
        if (rv == CKR_OK)
            rv = take_key(call, d, handle);
        d->there = sum(d->first.len, d->second.len);
        return rv;
    case CKM_CONCATENATE_BASE_AND_DATA:
    case CKM_CONCATENATE_DATA_AND_BASE:
    case CKM_XOR_BASE_AND_DATA:
        return take_string(d, m);
    case CKM_EXTRACT_KEY_FROM_KEY:
        return take_bit(d, m);
    case CKM_HKDF_DERIVE:
        return take_hkdf(call, d, m);
    default:
        d->hash = d->mech->hash;
        d->there = bk_hash_len(d->hash);
        return copy_params(m, NULL, 0);
    }
}

/* --- the new key's type, length and rights
 * ------------------------------------------------------*/

/* The same words for all of them: curr 2.20.5 and 2.43.3 to 2.43.7. */
static CK_RV length_of(const struct derivation *d, const CK_ATTRIBUTE *templ, CK_ULONG count,
                       CK_KEY_TYPE *type, size_t *len)
{
    bool typed = bk_template_find(templ, count, CKA_KEY_TYPE);
    bool sized = bk_template_find(templ, count, CKA_VALUE_LEN);
    *type = bk_template_ulong(templ, count, CKA_KEY_TYPE, CKK_GENERIC_SECRET);
    if (*type != CKK_GENERIC_SECRET && *type != CKK_SM4)
        return CKR_ATTRIBUTE_VALUE_INVALID;
    bool sm4 = *type == CKK_SM4;
    /* HKDF's first step alone has one length */
    bool given = sized || sm4 || (!d->unsized && (!typed || d->mech->type == CKM_HKDF_DERIVE));
    if (!given)
        return CKR_TEMPLATE_INCOMPLETE;
    CK_ULONG wanted = bk_template_ulong(templ, count, CKA_VALUE_LEN, sm4 ? BK_SM4_KEY : d->there);
    if (!wanted || wanted > d->there || wanted > BK_SECRET_MAX || (sm4 && wanted != BK_SM4_KEY))
        return CKR_KEY_SIZE_RANGE;
    *len = wanted;
    return CKR_OK;
}

static bool any(const struct derivation *d, CK_ATTRIBUTE_TYPE type, bool value)
{
    return bk_attr_bool(d->base, type) == value ||
           (d->other && bk_attr_bool(d->other, type) == value);
}

/* What is a key's bytes in another order is no less a secret; and what comes of private keys by any
 * means is private. */
static CK_RV rights_of(const struct derivation *d, const CK_ATTRIBUTE *templ, CK_ULONG count,
                       struct bk_secret_parts *parts)
{
    parts->sensitive = d->inherits && any(d, CKA_SENSITIVE, true);
    parts->unextractable = d->inherits && any(d, CKA_EXTRACTABLE, false);
    parts->with_trusted = d->inherits && any(d, CKA_WRAP_WITH_TRUSTED, true);
    parts->private_ = any(d, CKA_PRIVATE, true);
    parts->always_sensitive = !any(d, CKA_ALWAYS_SENSITIVE, false);
    parts->never_extractable = !any(d, CKA_NEVER_EXTRACTABLE, false);
    bool less = (parts->sensitive && !bk_template_bool(templ, count, CKA_SENSITIVE, true)) ||
                (parts->unextractable && bk_template_bool(templ, count, CKA_EXTRACTABLE, false)) ||
                (parts->with_trusted &&
                 !bk_template_bool(templ, count, CKA_WRAP_WITH_TRUSTED, true)) ||
                (parts->private_ && !bk_template_bool(templ, count, CKA_PRIVATE, true));
    return less ? CKR_TEMPLATE_INCONSISTENT : CKR_OK;
}

/* --- its value
 * ----------------------------------------------------------------------------------*/

static void join(const struct derivation *d, uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++)
        out[i] = i < d->first.len ? d->first.at[i] : d->second.at[i - d->first.len];
}

static void exclusive_or(const struct derivation *d, uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++)
        out[i] = d->first.at[i] ^ d->second.at[i];
}

/* From the bit on, around the end. */
static void cut(const struct derivation *d, uint8_t *out, size_t len)
{
    size_t skip = d->bit / 8, size = d->first.len;
    unsigned left = d->bit % 8;
    for (size_t i = 0; i < len; i++) {
        unsigned two =
            (unsigned)d->first.at[(skip + i) % size] << 8 | d->first.at[(skip + i + 1) % size];
        out[i] = (uint8_t)(two >> (8 - left));
    }
}

static enum bk_err digest(const struct derivation *d, uint8_t *out, size_t len)
{
    uint8_t whole[BK_HASH_MAX];
    enum bk_err err = bk_digest(d->hash, d->first.at, d->first.len, whole);
    if (!err)
        memcpy(out, whole, len);
    bk_wipe(whole, sizeof whole);
    return err;
}

static enum bk_err hkdf(const struct derivation *d, uint8_t *out, size_t len)
{
    const CK_HKDF_PARAMS *p = &d->hkdf;
    uint8_t prk[BK_HASH_MAX];
    struct part key = d->first;
    enum bk_err err = BK_OK;
    if (p->bExtract) {
        err = bk_hkdf_extract(d->hash, key.at, key.len, d->second.at, d->second.len, prk);
        key = (struct part){prk, bk_hash_len(d->hash)};
    }
    if (!err && p->bExpand)
        err = bk_hkdf_expand(d->hash, key.at, key.len, p->pInfo, p->ulInfoLen, out, len);
    else if (!err)
        memcpy(out, prk, len);
    bk_wipe(prk, sizeof prk);
    return err;
}

static enum bk_err make_value(const struct derivation *d, uint8_t *out, size_t len)
{
    switch (d->mech->type) {
    case CKM_XOR_BASE_AND_DATA:
        exclusive_or(d, out, len);
        return BK_OK;
    case CKM_EXTRACT_KEY_FROM_KEY:
        cut(d, out, len);
        return BK_OK;
    case CKM_HKDF_DERIVE:
        return hkdf(d, out, len);
    default:
        if (d->hash)
            return digest(d, out, len);
        join(d, out, len);
        return BK_OK;
    }
}

/* --- the entry point
 * ----------------------------------------------------------------------------*/

static CK_RV begin(const struct bk_call *call, struct derivation *d, const CK_MECHANISM *mechanism,
                   CK_OBJECT_HANDLE handle)
{
    struct bk_object *base = NULL;
    CK_RV rv = bk_op_mech(call, mechanism, CKF_DERIVE, &d->mech);
    if (rv == CKR_OK)
        rv = bk_op_key(call, d->mech, handle, CKO_SECRET_KEY, CKA_DERIVE, &base);
    if (rv != CKR_OK)
        return rv;
    d->base = base;
    return take(call, d, mechanism);
}

static CK_RV make(struct bk_call *call, const struct derivation *d, const CK_ATTRIBUTE *templ,
                  CK_ULONG count, CK_OBJECT_HANDLE *key)
{
    uint8_t value[BK_SECRET_MAX];
    struct bk_secret_parts parts = {.value = value, .mechanism = CK_UNAVAILABLE_INFORMATION};
    CK_RV rv = length_of(d, templ, count, &parts.type, &parts.len);
    if (rv == CKR_OK)
        rv = rights_of(d, templ, count, &parts);
    if (rv != CKR_OK)
        return rv;
    enum bk_err err = make_value(d, value, parts.len);
    rv = err ? bk_call_fail(call, err)
             : bk_object_make(call, CKO_SECRET_KEY, templ, count, BK_WHEN_MAKE, &parts, key);
    bk_wipe(value, parts.len);
    return rv;
}

CK_RV C_DeriveKey(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE base_key,
                  CK_ATTRIBUTE *templ, unsigned long count, CK_OBJECT_HANDLE *key)
{
    struct bk_call call;
    struct derivation d = {0};
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_TOKEN);
    if (rv == CKR_OK && ((!templ && count) || !key))
        rv = CKR_ARGUMENTS_BAD;
    if (rv == CKR_OK)
        rv = begin(&call, &d, mechanism, base_key);
    if (rv == CKR_OK)
        rv = bk_template_check(templ, count, CKO_SECRET_KEY, BK_WHEN_MAKE);
    if (rv == CKR_OK &&
        bk_template_ulong(templ, count, CKA_CLASS, CKO_SECRET_KEY) != CKO_SECRET_KEY)
        rv = CKR_TEMPLATE_INCONSISTENT;
    if (rv == CKR_OK)
        rv = make(&call, &d, templ, count, key);
    return bk_call_leave(&call, rv);
}
