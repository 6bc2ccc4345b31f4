/* SPDX-License-Identifier: Apache-2.0 */
/* Objects that callers make, copy, change and destroy: data, certificates, public and secret keys,
 * of a session (PKCS#11 4 and 5.7); what of them goes on the key is stored.c's. */
#include "pkcs11/create.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/digest.h"
#include "crypto/sm4.h"
#include "crypto/x509.h"
#include "pkcs11/stored.h"

#define CHECK_LEN 3u                  /* bytes of a check value */
#define RSA_BITS_MIN (BK_RSA_MIN * 8) /* what C_GetMechanismInfo says */

/* --- what an object is when the template says nothing
 * -------------------------------------------*/

struct preset {
    CK_ATTRIBUTE_TYPE type;
    bool value;
};

static const struct preset any_presets[] = {
    {CKA_TOKEN, false},   {CKA_PRIVATE, false},    {CKA_MODIFIABLE, true},
    {CKA_COPYABLE, true}, {CKA_DESTROYABLE, true},
};
static const struct preset certificate_presets[] = {{CKA_TRUSTED, false}};
static const struct preset public_presets[] = {
    {CKA_TRUSTED, false}, {CKA_DERIVE, false}, {CKA_ENCRYPT, true},        {CKA_VERIFY, true},
    {CKA_WRAP, true},     {CKA_LOCAL, false},  {CKA_VERIFY_RECOVER, true},
};
static const struct preset secret_presets[] = {
    {CKA_TRUSTED, false}, {CKA_DERIVE, false},     {CKA_ENCRYPT, true},
    {CKA_DECRYPT, true},  {CKA_SIGN, true},        {CKA_VERIFY, true},
    {CKA_WRAP, true},     {CKA_UNWRAP, true},      {CKA_SENSITIVE, false},
    {CKA_LOCAL, false},   {CKA_EXTRACTABLE, true}, {CKA_WRAP_WITH_TRUSTED, false},
};
static const CK_ATTRIBUTE_TYPE any_empty[] = {CKA_LABEL};
static const CK_ATTRIBUTE_TYPE data_empty[] = {CKA_APPLICATION, CKA_OBJECT_ID, CKA_VALUE};
static const CK_ATTRIBUTE_TYPE certificate_empty[] = {
    CKA_ID,
    CKA_ISSUER,
    CKA_SERIAL_NUMBER,
    CKA_START_DATE,
    CKA_END_DATE,
    CKA_URL,
    CKA_HASH_OF_SUBJECT_PUBLIC_KEY,
    CKA_HASH_OF_ISSUER_PUBLIC_KEY,
    CKA_PUBLIC_KEY_INFO,
};
static const CK_ATTRIBUTE_TYPE public_empty[] = {CKA_ID, CKA_SUBJECT, CKA_START_DATE, CKA_END_DATE};
static const CK_ATTRIBUTE_TYPE secret_empty[] = {CKA_ID, CKA_START_DATE, CKA_END_DATE};

#define LIST(x) (x), sizeof(x) / sizeof *(x)

static const struct kind {
    CK_OBJECT_CLASS class;
    const struct preset *presets;
    size_t preset_count;
    const CK_ATTRIBUTE_TYPE *empty;
    size_t empty_count;
} kinds[] = {
    {CKO_DATA, NULL, 0, LIST(data_empty)},
    {CKO_CERTIFICATE, LIST(certificate_presets), LIST(certificate_empty)},
    {CKO_PUBLIC_KEY, LIST(public_presets), LIST(public_empty)},
    {CKO_SECRET_KEY, LIST(secret_presets), LIST(secret_empty)},
};

static enum bk_err preset(struct bk_object *o, const struct preset *list, size_t count,
                          const CK_ATTRIBUTE_TYPE *empty, size_t empty_count)
{
    enum bk_err err = BK_OK;
    for (size_t i = 0; !err && i < count; i++)
        err = bk_attr_set_bool(o, list[i].type, list[i].value);
    for (size_t i = 0; !err && i < empty_count; i++)
        err = bk_attr_set(o, empty[i], NULL, 0);
    return err;
}

static enum bk_err start(struct bk_object *o)
{
    char id[40];
    (void)snprintf(id, sizeof id, "session-%lu", o->handle);
    enum bk_err err = bk_attr_set_ulong(o, CKA_CLASS, o->class);
    if (!err)
        err = bk_attr_set(o, CKA_UNIQUE_ID, id, strlen(id));
    if (!err)
        err = preset(o, LIST(any_presets), LIST(any_empty));
    if (!err && (o->class == CKO_PUBLIC_KEY || o->class == CKO_SECRET_KEY))
        err = bk_attr_set_ulong(o, CKA_KEY_GEN_MECHANISM, CK_UNAVAILABLE_INFORMATION);
    for (size_t i = 0; !err && i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].class == o->class)
            err = preset(o, kinds[i].presets, kinds[i].preset_count, kinds[i].empty,
                         kinds[i].empty_count);
    return err;
}

/* --- what each class wants
 * ----------------------------------------------------------------------*/

static CK_RV rv_of(enum bk_err err)
{
    return err == BK_OK ? CKR_OK : err == BK_ENOMEM ? CKR_HOST_MEMORY : CKR_FUNCTION_FAILED;
}

/* Of reading what a template gave. */
static CK_RV rv_of_value(enum bk_err err)
{
    return err == BK_EFORMAT || err == BK_ELIMIT ? CKR_ATTRIBUTE_VALUE_INVALID : rv_of(err);
}

/* The first bytes of `full`, which a template that gives a value must have right; one of no length
 * asks for none (4.6.2, 4.10.2). */
static CK_RV put_check_value(struct bk_object *o, const uint8_t full[CHECK_LEN])
{
    const struct bk_buf *given = bk_object_attr(o, CKA_CHECK_VALUE);
    if (given && given->len &&
        (given->len != CHECK_LEN || memcmp(given->data, full, CHECK_LEN) != 0))
        return CKR_ATTRIBUTE_VALUE_INVALID;
    return given ? CKR_OK : rv_of(bk_attr_set(o, CKA_CHECK_VALUE, full, CHECK_LEN));
}

/* Of a certificate, or a key that no cipher uses. */
static CK_RV check_by_digest(struct bk_object *o)
{
    const struct bk_buf *value = bk_object_attr(o, CKA_VALUE);
    uint8_t digest[20];
    enum bk_err err = bk_digest(BK_HASH_SHA1, value->data, value->len, digest);
    return err ? rv_of(err) : put_check_value(o, digest);
}

static CK_RV check_by_cipher(struct bk_object *o)
{
    uint8_t block[BK_SM4_BLOCK] = {0};
    enum bk_err err =
        bk_sm4_ecb(bk_object_attr(o, CKA_VALUE)->data, true, block, sizeof block, block);
    return err ? rv_of(err) : put_check_value(o, block);
}

/* What a template says beside what it is derived from is that, or it isn't true. */
static CK_RV must_be(struct bk_object *o, CK_ATTRIBUTE_TYPE type, const struct bk_buf *derived)
{
    const struct bk_buf *given = bk_object_attr(o, type);
    if (given && given->len &&
        (given->len != derived->len || memcmp(given->data, derived->data, given->len) != 0))
        return CKR_TEMPLATE_INCONSISTENT;
    return rv_of(bk_attr_set(o, type, derived->data, derived->len));
}

/* Where it is given: of a certificate of another kind of key nothing is said. */
static CK_RV check_key_info(struct bk_object *o, const struct bk_pubkey *key)
{
    struct bk_buf spki = BK_BUF_INIT;
    const struct bk_buf *given = bk_object_attr(o, CKA_PUBLIC_KEY_INFO);
    if (!given || !given->len || !key->alg)
        return CKR_OK;
    enum bk_err err = bk_pubkey_to_spki(key, &spki);
    CK_RV rv = err ? rv_of(err) : must_be(o, CKA_PUBLIC_KEY_INFO, &spki);
    bk_buf_free(&spki);
    return rv;
}

/* The numbers of a certificate come from its value. */
static CK_RV finish_certificate(struct bk_object *o)
{
    const struct bk_buf *value = bk_object_attr(o, CKA_VALUE);
    struct bk_x509 *x = NULL;
    CK_ULONG type = bk_attr_ulong(o, CKA_CERTIFICATE_TYPE);
    if (type == CK_UNAVAILABLE_INFORMATION || !value)
        return CKR_TEMPLATE_INCOMPLETE;
    if (type != CKC_X_509 || bk_attr_bool(o, CKA_TRUSTED))
        return CKR_ATTRIBUTE_VALUE_INVALID;
    enum bk_err err = bk_x509_parse(value->data, value->len, &x);
    if (err)
        return rv_of_value(err);
    CK_RV rv = must_be(o, CKA_SUBJECT, &x->subject);
    if (rv == CKR_OK)
        rv = must_be(o, CKA_ISSUER, &x->issuer);
    if (rv == CKR_OK)
        rv = must_be(o, CKA_SERIAL_NUMBER, &x->serial);
    if (rv == CKR_OK)
        rv = check_key_info(o, &x->key);
    if (rv == CKR_OK && bk_attr_ulong(o, CKA_CERTIFICATE_CATEGORY) == CK_UNAVAILABLE_INFORMATION)
        rv = rv_of(bk_attr_set_ulong(o, CKA_CERTIFICATE_CATEGORY, 0));
    if (rv == CKR_OK && bk_attr_ulong(o, CKA_NAME_HASH_ALGORITHM) == CK_UNAVAILABLE_INFORMATION)
        rv = rv_of(bk_attr_set_ulong(o, CKA_NAME_HASH_ALGORITHM, CKM_SHA_1));
    if (rv == CKR_OK &&
        bk_attr_ulong(o, CKA_JAVA_MIDP_SECURITY_DOMAIN) == CK_UNAVAILABLE_INFORMATION)
        rv = rv_of(bk_attr_set_ulong(o, CKA_JAVA_MIDP_SECURITY_DOMAIN, 0));
    bk_x509_free(&x);
    return rv == CKR_OK ? check_by_digest(o) : rv;
}

/* Big integers may come with zeros in front; they aren't shown with them. */
static CK_RV take_rsa(struct bk_object *o)
{
    const struct bk_buf *n = bk_object_attr(o, CKA_MODULUS);
    const struct bk_buf *e = bk_object_attr(o, CKA_PUBLIC_EXPONENT);
    if (!n || !e)
        return CKR_TEMPLATE_INCOMPLETE;
    if (bk_pubkey_rsa(n->data, n->len, e->data, e->len, &o->key) ||
        bk_pubkey_rsa_bits(&o->key) < RSA_BITS_MIN)
        return CKR_ATTRIBUTE_VALUE_INVALID;
    enum bk_err err = bk_attr_set(o, CKA_MODULUS, o->key.n, o->key.n_len);
    if (!err)
        err = bk_attr_set(o, CKA_PUBLIC_EXPONENT, o->key.e, o->key.e_len);
    if (!err)
        err = bk_attr_set_ulong(o, CKA_MODULUS_BITS, bk_pubkey_rsa_bits(&o->key));
    return rv_of(err);
}

/* The point as DER's OCTET STRING, or bare as some clients give it: it is shown as the former. */
static CK_RV take_sm2(struct bk_object *o)
{
    const struct bk_buf *params = bk_object_attr(o, CKA_EC_PARAMS);
    const struct bk_buf *point = bk_object_attr(o, CKA_EC_POINT);
    if (!params || !point)
        return CKR_TEMPLATE_INCOMPLETE;
    bool wrapped = point->len == 67 && point->data[0] == 0x04 && point->data[1] == 0x41;
    const uint8_t *at = wrapped ? point->data + 2 : point->data;
    uint8_t whole[67] = {0x04, 0x41};
    if (params->len != sizeof bk_sm2_curve ||
        memcmp(params->data, bk_sm2_curve, sizeof bk_sm2_curve) != 0 ||
        point->len - (wrapped ? 2u : 0u) != 65 || at[0] != 0x04)
        return CKR_ATTRIBUTE_VALUE_INVALID;
    enum bk_err err = bk_pubkey_sm2(at + 1, at + 33, &o->key);
    if (err)
        return rv_of_value(err);
    memcpy(whole + 2, at, 65);
    return wrapped ? CKR_OK : rv_of(bk_attr_set(o, CKA_EC_POINT, whole, sizeof whole));
}

static CK_RV finish_public(struct bk_object *o)
{
    struct bk_buf spki = BK_BUF_INIT;
    CK_KEY_TYPE type = bk_attr_ulong(o, CKA_KEY_TYPE);
    CK_RV rv = CKR_ATTRIBUTE_VALUE_INVALID;
    if (type == CK_UNAVAILABLE_INFORMATION)
        return CKR_TEMPLATE_INCOMPLETE;
    if (bk_attr_bool(o, CKA_TRUSTED)) /* the administrator's to say */
        return CKR_ATTRIBUTE_VALUE_INVALID;
    if (type == CKK_RSA && o->which == BK_SLOT_RSA)
        rv = take_rsa(o);
    else if (type == CKK_SM2 && o->which == BK_SLOT_SM2)
        rv = take_sm2(o);
    if (rv != CKR_OK)
        return rv;
    enum bk_err err = bk_pubkey_to_spki(&o->key, &spki);
    rv = err ? rv_of(err) : must_be(o, CKA_PUBLIC_KEY_INFO, &spki);
    bk_buf_free(&spki);
    return rv;
}

static bool length_fits(CK_KEY_TYPE type, size_t len)
{
    return type == CKK_SM4 ? len == BK_SM4_KEY
                           : type == CKK_GENERIC_SECRET && len > 0 && len <= BK_SECRET_MAX;
}

/* What is sensitive once was never anything else only if it was made so of what wasn't. */
static CK_RV finish_secret(struct bk_object *o, const struct bk_secret_parts *parts)
{
    const struct bk_buf *value = bk_object_attr(o, CKA_VALUE);
    CK_KEY_TYPE type = bk_attr_ulong(o, CKA_KEY_TYPE);
    if (type == CK_UNAVAILABLE_INFORMATION || !value)
        return CKR_TEMPLATE_INCOMPLETE;
    if (!length_fits(type, value->len) || bk_attr_bool(o, CKA_TRUSTED))
        return CKR_ATTRIBUTE_VALUE_INVALID;
    bool always = parts && parts->always_sensitive && bk_attr_bool(o, CKA_SENSITIVE);
    bool never = parts && parts->never_extractable && !bk_attr_bool(o, CKA_EXTRACTABLE);
    enum bk_err err = bk_attr_set_ulong(o, CKA_VALUE_LEN, value->len);
    if (!err)
        err = bk_attr_set_bool(o, CKA_ALWAYS_SENSITIVE, always);
    if (!err)
        err = bk_attr_set_bool(o, CKA_NEVER_EXTRACTABLE, never);
    if (err)
        return rv_of(err);
    return type == CKK_SM4 ? check_by_cipher(o) : check_by_digest(o);
}

static CK_RV finish(struct bk_object *o, const struct bk_secret_parts *parts)
{
    switch (o->class) {
    case CKO_CERTIFICATE:
        return finish_certificate(o);
    case CKO_PUBLIC_KEY:
        return finish_public(o);
    case CKO_SECRET_KEY:
        return finish_secret(o, parts);
    default:
        return CKR_OK;
    }
}

/* --- making one
 * ---------------------------------------------------------------------------------*/

static CK_RV apply(struct bk_object *o, const CK_ATTRIBUTE *templ, CK_ULONG count)
{
    enum bk_err err = BK_OK;
    for (CK_ULONG i = 0; !err && i < count; i++)
        if (templ[i].type != CKA_VALUE_LEN)
            err = bk_attr_set(o, templ[i].type, templ[i].pValue, templ[i].ulValueLen);
    o->private_ = bk_attr_bool(o, CKA_PRIVATE);
    return rv_of(err);
}

static CK_RV may_be_made(const struct bk_call *call, const struct bk_object *o)
{
    bool stored = bk_attr_bool(o, CKA_TOKEN);
    if (stored && !call->s->rw)
        return CKR_SESSION_READ_ONLY;
    if (stored && !bk_stored_possible(o->class))
        return CKR_TEMPLATE_INCONSISTENT;
    /* the key takes nothing from somebody it doesn't know */
    return (o->private_ || stored) && !call->port->token->logged_in ? CKR_USER_NOT_LOGGED_IN
                                                                    : CKR_OK;
}

/* Where it belongs: among the objects of sessions, or on the key. The object is taken. */
static CK_RV settle(struct bk_call *call, struct bk_object *o, const CK_ATTRIBUTE *templ,
                    CK_ULONG count, CK_OBJECT_HANDLE *handle)
{
    CK_RV rv = CKR_OK;
    if (bk_attr_bool(o, CKA_TOKEN)) {
        rv = bk_stored_put(call, o, templ, count, handle);
        bk_object_free(&o);
        return rv;
    }
    *handle = o->handle;
    bk_object_add(call->port, o);
    return CKR_OK;
}

/* What it is before the template has its say. */
static enum bk_err start_secret(struct bk_object *o, const struct bk_secret_parts *parts)
{
    enum bk_err err = bk_attr_set_bool(o, CKA_LOCAL, parts->local);
    if (!err)
        err = bk_attr_set_ulong(o, CKA_KEY_GEN_MECHANISM, parts->mechanism);
    if (!err)
        err = bk_attr_set_ulong(o, CKA_KEY_TYPE, parts->type);
    if (!err && parts->sensitive)
        err = bk_attr_set_bool(o, CKA_SENSITIVE, true);
    if (!err && parts->unextractable)
        err = bk_attr_set_bool(o, CKA_EXTRACTABLE, false);
    if (!err && parts->with_trusted)
        err = bk_attr_set_bool(o, CKA_WRAP_WITH_TRUSTED, true);
    if (!err && parts->private_)
        err = bk_attr_set_bool(o, CKA_PRIVATE, true);
    return err;
}

CK_RV bk_object_make(struct bk_call *call, CK_OBJECT_CLASS class, const CK_ATTRIBUTE *templ,
                     CK_ULONG count, unsigned when, const struct bk_secret_parts *parts,
                     CK_OBJECT_HANDLE *handle)
{
    CK_RV rv = bk_template_check(templ, count, class, when);
    struct bk_object *o = rv == CKR_OK ? calloc(1, sizeof *o) : NULL;
    if (!o)
        return rv == CKR_OK ? CKR_HOST_MEMORY : rv;
    o->class = class;
    o->which = call->which;
    o->session = call->s->handle;
    o->handle = bk_next_handle();
    enum bk_err err = start(o);
    if (!err && parts)
        err = start_secret(o, parts);
    rv = err ? rv_of(err) : apply(o, templ, count);
    if (rv == CKR_OK && parts)
        rv = rv_of(bk_attr_set(o, CKA_VALUE, parts->value, parts->len));
    if (rv == CKR_OK)
        rv = may_be_made(call, o);
    if (rv == CKR_OK)
        rv = finish(o, parts);
    if (rv == CKR_OK)
        return settle(call, o, templ, count, handle);
    bk_object_free(&o);
    return rv;
}

/* --- entry points
 * -------------------------------------------------------------------------------*/

CK_RV C_CreateObject(CK_SESSION_HANDLE session, CK_ATTRIBUTE *templ, unsigned long count,
                     CK_OBJECT_HANDLE *object)
{
    struct bk_call call;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_TOKEN);
    if (rv == CKR_OK && (!templ || !object))
        rv = CKR_ARGUMENTS_BAD;
    const CK_ATTRIBUTE *class = rv == CKR_OK ? bk_template_find(templ, count, CKA_CLASS) : NULL;
    if (rv == CKR_OK && !class)
        rv = CKR_TEMPLATE_INCOMPLETE;
    if (rv == CKR_OK && (!class->pValue || class->ulValueLen != sizeof(CK_OBJECT_CLASS)))
        rv = CKR_ATTRIBUTE_VALUE_INVALID;
    if (rv == CKR_OK) {
        CK_OBJECT_CLASS c = bk_template_ulong(templ, count, CKA_CLASS, 0);
        bool known =
            c == CKO_DATA || c == CKO_CERTIFICATE || c == CKO_PUBLIC_KEY || c == CKO_SECRET_KEY;
        /* a private key is made on the key, or comes to it in an envelope */
        rv = known ? bk_object_make(&call, c, templ, count, BK_WHEN_CREATE, NULL, object)
                   : CKR_ATTRIBUTE_VALUE_INVALID;
    }
    return bk_call_leave(&call, rv);
}

/* Sensitive stays so, what can't be read doesn't become readable again (4.1.1), what only a trusted
 * key wraps isn't wrapped by another (4.9). */
static CK_RV one_way(const struct bk_object *o, const CK_ATTRIBUTE *templ, CK_ULONG count)
{
    bool back =
        (bk_attr_bool(o, CKA_SENSITIVE) && !bk_template_bool(templ, count, CKA_SENSITIVE, true)) ||
        (bk_attr_bool(o, CKA_WRAP_WITH_TRUSTED) &&
         !bk_template_bool(templ, count, CKA_WRAP_WITH_TRUSTED, true)) ||
        (bk_object_attr(o, CKA_EXTRACTABLE) && !bk_attr_bool(o, CKA_EXTRACTABLE) &&
         bk_template_bool(templ, count, CKA_EXTRACTABLE, false)) ||
        (!bk_attr_bool(o, CKA_COPYABLE) && bk_template_bool(templ, count, CKA_COPYABLE, false)) ||
        (!bk_attr_bool(o, CKA_DESTROYABLE) && !o->foreign &&
         bk_template_bool(templ, count, CKA_DESTROYABLE, false));
    return back ? CKR_ATTRIBUTE_READ_ONLY : CKR_OK;
}

static CK_RV copy(struct bk_call *call, const struct bk_object *from, const CK_ATTRIBUTE *templ,
                  CK_ULONG count, CK_OBJECT_HANDLE *handle)
{
    char id[40];
    struct bk_object *o = calloc(1, sizeof *o);
    if (!o)
        return CKR_HOST_MEMORY;
    *o = *from;
    o->next = NULL;
    o->attrs = NULL;
    o->attr_count = 0;
    o->foreign = false;
    o->container[0] = 0;
    o->session = call->s->handle;
    o->handle = bk_next_handle();
    enum bk_err err = BK_OK;
    for (size_t i = 0; !err && i < from->attr_count; i++)
        err = bk_attr_set(o, from->attrs[i].type, from->attrs[i].value.data,
                          from->attrs[i].value.len);
    (void)snprintf(id, sizeof id, "session-%lu", o->handle);
    if (!err)
        err = bk_attr_set(o, CKA_UNIQUE_ID, id, strlen(id));
    /* what others' files may not, a copy may: on the key it would stay for ever */
    if (!err && from->foreign)
        err = bk_attr_set_bool(o, CKA_MODIFIABLE, true);
    if (!err && from->foreign)
        err = bk_attr_set_bool(o, CKA_DESTROYABLE, true);
    CK_RV rv = err ? rv_of(err) : apply(o, templ, count);
    if (rv == CKR_OK)
        rv = may_be_made(call, o);
    if (rv == CKR_OK)
        return settle(call, o, templ, count, handle);
    bk_object_free(&o);
    return rv;
}

CK_RV C_CopyObject(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *templ,
                   unsigned long count, CK_OBJECT_HANDLE *new_object)
{
    struct bk_call call;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_TOKEN);
    if (rv == CKR_OK && ((!templ && count) || !new_object))
        rv = CKR_ARGUMENTS_BAD;
    const struct bk_object *o = rv == CKR_OK ? bk_object_find(&call, object) : NULL;
    if (rv == CKR_OK && !o)
        rv = CKR_OBJECT_HANDLE_INVALID;
    if (rv == CKR_OK && !bk_attr_bool(o, CKA_COPYABLE))
        rv = CKR_ACTION_PROHIBITED;
    if (rv == CKR_OK)
        rv = bk_template_check(templ, count, o->class, BK_WHEN_COPY);
    if (rv == CKR_OK)
        rv = one_way(o, templ, count);
    if (rv == CKR_OK)
        rv = copy(&call, o, templ, count, new_object);
    return bk_call_leave(&call, rv);
}

CK_RV C_SetAttributeValue(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *templ,
                          unsigned long count)
{
    struct bk_call call;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_TOKEN);
    if (rv == CKR_OK && (!templ || !count))
        rv = CKR_ARGUMENTS_BAD;
    struct bk_object *o = rv == CKR_OK ? bk_object_find(&call, object) : NULL;
    if (rv == CKR_OK && !o)
        rv = CKR_OBJECT_HANDLE_INVALID;
    if (rv == CKR_OK && !o->session && !call.s->rw)
        rv = CKR_SESSION_READ_ONLY;
    if (rv == CKR_OK && !bk_attr_bool(o, CKA_MODIFIABLE))
        rv = CKR_ACTION_PROHIBITED;
    bool keyed = rv == CKR_OK && bk_object_label_of(o) && !o->session;
    if (rv == CKR_OK && !keyed)
        rv = bk_template_check(templ, count, o->class, BK_WHEN_SET);
    if (rv == CKR_OK && !keyed)
        rv = one_way(o, templ, count);
    if (rv == CKR_OK)
        rv = o->session ? apply(o, templ, count) : bk_stored_set(&call, o, templ, count);
    return bk_call_leave(&call, rv);
}

CK_RV C_DestroyObject(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object)
{
    struct bk_call call;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_TOKEN);
    const struct bk_object *o = rv == CKR_OK ? bk_object_find(&call, object) : NULL;
    if (rv == CKR_OK && !o)
        rv = CKR_OBJECT_HANDLE_INVALID;
    if (rv == CKR_OK && !o->session && !call.s->rw)
        rv = CKR_SESSION_READ_ONLY;
    if (rv == CKR_OK && !bk_attr_bool(o, CKA_DESTROYABLE))
        rv = CKR_ACTION_PROHIBITED;
    if (rv == CKR_OK && !o->session)
        rv = bk_stored_destroy(&call, o);
    else if (rv == CKR_OK)
        bk_object_end(call.port, object);
    return bk_call_leave(&call, rv);
}
