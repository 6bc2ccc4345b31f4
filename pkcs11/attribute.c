/* SPDX-License-Identifier: Apache-2.0 */
/* The attributes of each kind of object, and the entry points that read them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/codec.h"
#include "crypto/digest.h"
#include "pkcs11/object.h"
#include "token/key.h"
#include "token/put.h"

#define ATTRS_MAX 40
#define CATEGORY_TOKEN_USER 1UL

const uint8_t bk_sm2_curve[] = {0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d};

/* Errors add up, so that a list of attributes reads as one. */
struct maker {
    struct bk_object *o;
    enum bk_err err;
};

static void put(struct maker *m, CK_ATTRIBUTE_TYPE type, const void *value, size_t len)
{
    if (m->err)
        return;
    if (m->o->attr_count == ATTRS_MAX) {
        m->err = BK_ELIMIT;
        return;
    }
    struct bk_attr *a = &m->o->attrs[m->o->attr_count++];
    a->type = type;
    if (len)
        m->err = bk_buf_put(&a->value, value, len);
}

static void put_bool(struct maker *m, CK_ATTRIBUTE_TYPE type, bool v)
{
    CK_BBOOL b = v ? 1 : 0;
    put(m, type, &b, sizeof b);
}

static void put_ulong(struct maker *m, CK_ATTRIBUTE_TYPE type, CK_ULONG v)
{
    put(m, type, &v, sizeof v);
}

static void put_text(struct maker *m, CK_ATTRIBUTE_TYPE type, const char *text)
{
    put(m, type, text, strlen(text));
}

static void put_date(struct maker *m, CK_ATTRIBUTE_TYPE type, int64_t seconds)
{
    time_t t = (time_t)seconds;
    struct tm tm;
    char text[16];
    if (gmtime_r(&t, &tm) && strftime(text, sizeof text, "%Y%m%d", &tm) == 8)
        put(m, type, text, 8);
    else
        put(m, type, NULL, 0);
}

/* Of the key and its place: a CA may give back an encryption key that the history has. */
static enum bk_err key_and_place(const struct bk_object *o, const struct bk_container *c,
                                 uint8_t digest[32])
{
    uint8_t id[BK_KEY_ID];
    struct bk_buf bytes = BK_BUF_INIT;
    enum bk_err err = bk_pubkey_id_sm3(&o->key, id);
    if (!err)
        err = bk_buf_put(&bytes, id, sizeof id);
    if (!err)
        err = bk_buf_put_u8(&bytes, (uint8_t)o->use);
    if (!err)
        err = bk_buf_put_str(&bytes, c->full);
    if (!err)
        err = bk_digest(BK_HASH_SM3, bytes.data, bytes.len, digest);
    bk_buf_free(&bytes);
    return err;
}

static void put_unique_id(struct maker *m, const struct bk_container *c)
{
    uint8_t digest[32];
    struct bk_buf text = BK_BUF_INIT;
    const char *kind = m->o->class == CKO_CERTIFICATE  ? "certificate"
                       : m->o->class == CKO_PUBLIC_KEY ? "public"
                                                       : "private";
    if (!m->err)
        m->err = key_and_place(m->o, c, digest);
    if (!m->err)
        m->err = bk_hex_encode(digest, BK_KEY_ID, &text);
    if (!m->err)
        m->err = bk_buf_printf(&text, "-%s", kind);
    put(m, CKA_UNIQUE_ID, text.data, text.len);
    bk_buf_free(&text);
}

static void put_identity(struct maker *m, const struct bk_token *t, const struct bk_container *c)
{
    uint8_t id[BK_ID_LEN];
    size_t len = 0;
    char label[BK_LABEL_MAX];
    bool history = c->role == BK_ROLE_HISTORY;
    const char *given =
        history ? NULL
                : bk_record_label(&t->records.rules, c->name, m->o->use, bk_object_label_of(m->o));
    bk_identity_label(c->name, m->o->use, history, c->generation, label);
    if (!m->err)
        m->err = bk_token_id(t, c->name, m->o->use, history, c->generation, id, &len);
    put(m, CKA_ID, id, len);
    put_text(m, CKA_LABEL, given ? given : label);
}

static void put_common(struct maker *m, bool modifiable, bool copyable, bool destroyable)
{
    put_ulong(m, CKA_CLASS, m->o->class);
    put_bool(m, CKA_TOKEN, true);
    put_bool(m, CKA_PRIVATE, m->o->private_);
    put_bool(m, CKA_MODIFIABLE, modifiable);
    put_bool(m, CKA_COPYABLE, copyable);
    put_bool(m, CKA_DESTROYABLE, destroyable);
}

enum bk_label_of bk_object_label_of(const struct bk_object *o)
{
    return o->class == CKO_CERTIFICATE   ? BK_LABEL_CERTIFICATE
           : o->class == CKO_PUBLIC_KEY  ? BK_LABEL_PUBLIC
           : o->class == CKO_PRIVATE_KEY ? BK_LABEL_PRIVATE
                                         : (enum bk_label_of)0;
}

static void put_spki(struct maker *m)
{
    struct bk_buf der = BK_BUF_INIT;
    if (!m->err)
        m->err = bk_pubkey_to_spki(&m->o->key, &der);
    put(m, CKA_PUBLIC_KEY_INFO, der.data, der.len);
    bk_buf_free(&der);
}

static void put_cert(struct maker *m, const struct bk_x509 *x)
{
    uint8_t digest[20] = {0};
    put_ulong(m, CKA_CERTIFICATE_TYPE, CKC_X_509);
    put_bool(m, CKA_TRUSTED, false);
    put_ulong(m, CKA_CERTIFICATE_CATEGORY, CATEGORY_TOKEN_USER);
    put_date(m, CKA_START_DATE, x->not_before);
    put_date(m, CKA_END_DATE, x->not_after);
    put(m, CKA_SUBJECT, x->subject.data, x->subject.len);
    put(m, CKA_ISSUER, x->issuer.data, x->issuer.len);
    put(m, CKA_SERIAL_NUMBER, x->serial.data, x->serial.len);
    put(m, CKA_VALUE, x->der.data, x->der.len);
    put(m, CKA_URL, NULL, 0);
    put(m, CKA_HASH_OF_SUBJECT_PUBLIC_KEY, NULL, 0);
    put(m, CKA_HASH_OF_ISSUER_PUBLIC_KEY, NULL, 0);
    put_ulong(m, CKA_NAME_HASH_ALGORITHM, CKM_SHA_1);
    put_ulong(m, CKA_JAVA_MIDP_SECURITY_DOMAIN, 0);
    if (!m->err)
        m->err = bk_digest(BK_HASH_SHA1, x->der.data, x->der.len, digest);
    put(m, CKA_CHECK_VALUE, digest, 3);
}

/* The numbers of the key, on private keys too: clients match the two by them. */
static void put_numbers(struct maker *m)
{
    const struct bk_pubkey *k = &m->o->key;
    if (k->alg == BK_ALG_RSA) {
        put_ulong(m, CKA_KEY_TYPE, CKK_RSA);
        put(m, CKA_MODULUS, k->n, k->n_len);
        put(m, CKA_PUBLIC_EXPONENT, k->e, k->e_len);
        return;
    }
    uint8_t point[67] = {0x04, 0x41, 0x04};
    memcpy(point + 3, k->x, 32);
    memcpy(point + 35, k->y, 32);
    put_ulong(m, CKA_KEY_TYPE, CKK_SM2);
    put(m, CKA_EC_PARAMS, bk_sm2_curve, sizeof bk_sm2_curve);
    put(m, CKA_EC_POINT, point, sizeof point);
}

static void put_key(struct maker *m, const struct bk_x509 *x)
{
    put_numbers(m);
    put(m, CKA_SUBJECT, x ? x->subject.data : NULL, x ? x->subject.len : 0);
    put(m, CKA_START_DATE, NULL, 0);
    put(m, CKA_END_DATE, NULL, 0);
    put_bool(m, CKA_DERIVE, false);
    /* the encryption pair came in an envelope */
    bool local = m->o->use == BK_KEY_SIGNING;
    put_bool(m, CKA_LOCAL, local);
    put_ulong(m, CKA_KEY_GEN_MECHANISM,
              !local                        ? CK_UNAVAILABLE_INFORMATION
              : m->o->key.alg == BK_ALG_RSA ? CKM_RSA_PKCS_KEY_PAIR_GEN
                                            : CKM_SM2_KEY_PAIR_GEN);
}

static void put_public(struct maker *m)
{
    bool signing = m->o->use == BK_KEY_SIGNING;
    put_bool(m, CKA_ENCRYPT, !signing);
    put_bool(m, CKA_VERIFY, signing);
    put_bool(m, CKA_VERIFY_RECOVER, signing && m->o->key.alg == BK_ALG_RSA);
    put_bool(m, CKA_WRAP, !signing);
    put_bool(m, CKA_TRUSTED, false);
    if (m->o->key.alg == BK_ALG_RSA)
        put_ulong(m, CKA_MODULUS_BITS, bk_pubkey_rsa_bits(&m->o->key));
}

static void put_private(struct maker *m, const struct bk_token *t)
{
    bool signing = m->o->use == BK_KEY_SIGNING;
    bool decrypts = m->o->key.alg == BK_ALG_SM2 ? bk_card_has_sm2_decrypt(t->card)
                                                : bk_card_has_rsa_raw(t->card);
    put_bool(m, CKA_SENSITIVE, true);
    put_bool(m, CKA_EXTRACTABLE, false);
    put_bool(m, CKA_ALWAYS_SENSITIVE, signing);
    put_bool(m, CKA_NEVER_EXTRACTABLE, signing);
    put_bool(m, CKA_SIGN, signing);
    put_bool(m, CKA_SIGN_RECOVER, signing && m->o->key.alg == BK_ALG_RSA);
    put_bool(m, CKA_DECRYPT, !signing && decrypts);
    put_bool(m, CKA_UNWRAP, !signing && decrypts);
    put_bool(m, CKA_WRAP_WITH_TRUSTED, false);
    put_bool(m, CKA_ALWAYS_AUTHENTICATE, false);
}

enum bk_err bk_attrs_make(struct bk_object *o, const struct bk_token *t,
                          const struct bk_container *c)
{
    struct maker m = {.o = o};
    const struct bk_x509 *x = c->cert[o->use];
    o->attrs = calloc(ATTRS_MAX, sizeof *o->attrs);
    if (!o->attrs)
        return BK_ENOMEM;
    /* an identity is never destroyed; a pair that is none goes with its private key */
    put_common(&m, bk_label_possible(t, c, o->use, &o->key), false,
               o->class == CKO_PRIVATE_KEY && bk_container_no_identity(c));
    put_identity(&m, t, c);
    put_unique_id(&m, c);
    put_spki(&m);
    if (o->class == CKO_CERTIFICATE)
        put_cert(&m, x);
    else
        put_key(&m, x);
    if (o->class == CKO_PUBLIC_KEY)
        put_public(&m);
    if (o->class == CKO_PRIVATE_KEY)
        put_private(&m, t);
    return m.err;
}

enum bk_err bk_attrs_make_data(struct bk_object *o, const struct bk_data *d)
{
    struct maker m = {.o = o};
    struct bk_buf id = BK_BUF_INIT;
    o->attrs = calloc(ATTRS_MAX, sizeof *o->attrs);
    if (!o->attrs)
        return BK_ENOMEM;
    put_common(&m, !(d->flags & BK_DATA_FIXED), !(d->flags & BK_DATA_UNCOPYABLE),
               !(d->flags & BK_DATA_INDESTRUCTIBLE));
    put(&m, CKA_LABEL, d->label.data, d->label.len);
    put(&m, CKA_APPLICATION, d->application.data, d->application.len);
    put(&m, CKA_OBJECT_ID, d->object_id.data, d->object_id.len);
    put(&m, CKA_VALUE, d->value.data, d->value.len);
    if (!m.err)
        m.err = bk_buf_put_str(&id, d->foreign ? "file-" : "data-");
    if (!m.err)
        m.err = d->foreign ? bk_buf_put_str(&id, d->file) : bk_hex_encode(d->id, sizeof d->id, &id);
    put(&m, CKA_UNIQUE_ID, id.data, id.len);
    bk_buf_free(&id);
    return m.err;
}

enum bk_err bk_attrs_make_profile(struct bk_object *o, CK_ULONG profile)
{
    struct maker m = {.o = o};
    char id[32];
    o->attrs = calloc(ATTRS_MAX, sizeof *o->attrs);
    if (!o->attrs)
        return BK_ENOMEM;
    (void)snprintf(id, sizeof id, "profile-%lu", profile);
    put_common(&m, false, false, false);
    put_ulong(&m, CKA_PROFILE_ID, profile);
    put_text(&m, CKA_UNIQUE_ID, id);
    return m.err;
}

void bk_attrs_free(struct bk_object *o)
{
    for (size_t i = 0; i < o->attr_count; i++)
        bk_buf_free(&o->attrs[i].value);
    free(o->attrs);
    o->attrs = NULL;
    o->attr_count = 0;
}

enum bk_err bk_attr_set(struct bk_object *o, CK_ATTRIBUTE_TYPE type, const void *value, size_t len)
{
    struct bk_attr *a = NULL;
    if (!o->attrs && !(o->attrs = calloc(ATTRS_MAX, sizeof *o->attrs)))
        return BK_ENOMEM;
    for (size_t i = 0; !a && i < o->attr_count; i++)
        if (o->attrs[i].type == type)
            a = &o->attrs[i];
    if (!a && o->attr_count == ATTRS_MAX)
        return BK_ELIMIT;
    struct bk_buf copy = BK_BUF_INIT;
    enum bk_err err = len ? bk_buf_put(&copy, value, len) : BK_OK;
    if (err)
        return err;
    if (!a)
        a = &o->attrs[o->attr_count++];
    a->type = type;
    bk_buf_free(&a->value);
    a->value = copy;
    return BK_OK;
}

enum bk_err bk_attr_set_bool(struct bk_object *o, CK_ATTRIBUTE_TYPE type, bool value)
{
    CK_BBOOL b = value ? 1 : 0;
    return bk_attr_set(o, type, &b, sizeof b);
}

enum bk_err bk_attr_set_ulong(struct bk_object *o, CK_ATTRIBUTE_TYPE type, CK_ULONG value)
{
    return bk_attr_set(o, type, &value, sizeof value);
}

bool bk_attr_bool(const struct bk_object *o, CK_ATTRIBUTE_TYPE type)
{
    const struct bk_buf *v = bk_object_attr(o, type);
    return v && v->len == 1 && v->data[0];
}

CK_ULONG bk_attr_ulong(const struct bk_object *o, CK_ATTRIBUTE_TYPE type)
{
    const struct bk_buf *v = bk_object_attr(o, type);
    CK_ULONG value = CK_UNAVAILABLE_INFORMATION;
    if (v && v->len == sizeof value)
        memcpy(&value, v->data, sizeof value);
    return value;
}

bool bk_attr_is_secret(const struct bk_object *o, CK_ATTRIBUTE_TYPE type)
{
    if (o->class == CKO_SECRET_KEY)
        return type == CKA_VALUE &&
               (bk_attr_bool(o, CKA_SENSITIVE) || !bk_attr_bool(o, CKA_EXTRACTABLE));
    if (o->class != CKO_PRIVATE_KEY)
        return false;
    if (o->key.alg == BK_ALG_SM2)
        return type == CKA_VALUE;
    return type == CKA_PRIVATE_EXPONENT || type == CKA_PRIME_1 || type == CKA_PRIME_2 ||
           type == CKA_EXPONENT_1 || type == CKA_EXPONENT_2 || type == CKA_COEFFICIENT;
}

const struct bk_buf *bk_object_attr(const struct bk_object *o, CK_ATTRIBUTE_TYPE type)
{
    for (size_t i = 0; i < o->attr_count; i++)
        if (o->attrs[i].type == type)
            return &o->attrs[i].value;
    return NULL;
}

/* --- entry points
 * -------------------------------------------------------------------------------*/

static CK_RV give(const struct bk_object *o, CK_ATTRIBUTE *a)
{
    const struct bk_buf *value = bk_object_attr(o, a->type);
    CK_ULONG room = a->ulValueLen;
    a->ulValueLen = CK_UNAVAILABLE_INFORMATION;
    if (bk_attr_is_secret(o, a->type))
        return CKR_ATTRIBUTE_SENSITIVE;
    if (!value)
        return CKR_ATTRIBUTE_TYPE_INVALID;
    if (a->pValue && room < value->len)
        return CKR_BUFFER_TOO_SMALL;
    a->ulValueLen = value->len;
    if (a->pValue && value->len)
        memcpy(a->pValue, value->data, value->len);
    return CKR_OK;
}

CK_RV C_GetAttributeValue(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *templ,
                          unsigned long count)
{
    struct bk_call call;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_TOKEN);
    if (rv == CKR_OK && (!templ || !count))
        rv = CKR_ARGUMENTS_BAD;
    const struct bk_object *o = rv == CKR_OK ? bk_object_find(&call, object) : NULL;
    if (rv == CKR_OK && !o)
        rv = CKR_OBJECT_HANDLE_INVALID;
    if (rv != CKR_OK)
        return bk_call_leave(&call, rv);
    /* all are tried; of several failures the last one is told */
    for (CK_ULONG i = 0; i < count; i++) {
        CK_RV one = give(o, &templ[i]);
        if (one != CKR_OK)
            rv = one;
    }
    return bk_call_leave(&call, rv);
}

CK_RV C_GetObjectSize(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, unsigned long *size)
{
    struct bk_call call;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_TOKEN);
    if (rv == CKR_OK && !size)
        rv = CKR_ARGUMENTS_BAD;
    const struct bk_object *o = rv == CKR_OK ? bk_object_find(&call, object) : NULL;
    if (rv == CKR_OK && !o)
        rv = CKR_OBJECT_HANDLE_INVALID;
    if (rv == CKR_OK) {
        *size = 0;
        for (size_t i = 0; i < o->attr_count; i++)
            *size += o->attrs[i].value.len;
    }
    return bk_call_leave(&call, rv);
}
