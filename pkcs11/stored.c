/* SPDX-License-Identifier: Apache-2.0 */
#include "pkcs11/stored.h"

#include <string.h>

#include "crypto/x509.h"
#include "pkcs11/template.h"
#include "token/put.h"

static CK_RV stored_rv(struct bk_call *call, enum bk_err err)
{
    CK_RV rv = bk_call_fail(call, err);
    switch (err) {
    case BK_EUNSUPPORTED: /* the key takes no files */
        return CKR_TOKEN_WRITE_PROTECTED;
    case BK_ELIMIT:
        return CKR_DEVICE_MEMORY;
    case BK_EINVAL:
        return CKR_ATTRIBUTE_VALUE_INVALID;
    case BK_EEXISTS:
        return CKR_TEMPLATE_INCONSISTENT;
    case BK_ENOTFOUND: /* somebody else was faster */
        return CKR_OBJECT_HANDLE_INVALID;
    case BK_EVERIFY:
        return CKR_DEVICE_ERROR;
    default:
        return rv;
    }
}

bool bk_stored_possible(CK_OBJECT_CLASS class)
{
    return class == CKO_DATA || class == CKO_CERTIFICATE;
}

/* --- data
 * ---------------------------------------------------------------------------------------*/

static uint8_t flag(const struct bk_object *o, CK_ATTRIBUTE_TYPE type, bool when, unsigned bit)
{
    return bk_attr_bool(o, type) == when ? (uint8_t)bit : 0;
}

/* Views of the object's attributes. */
static void take_data(const struct bk_object *o, struct bk_data *d)
{
    memset(d, 0, sizeof *d);
    memcpy(d->id, o->data_id, sizeof d->id);
    d->label = *bk_object_attr(o, CKA_LABEL);
    d->application = *bk_object_attr(o, CKA_APPLICATION);
    d->object_id = *bk_object_attr(o, CKA_OBJECT_ID);
    d->value = *bk_object_attr(o, CKA_VALUE);
    d->flags = (uint8_t)(flag(o, CKA_PRIVATE, true, BK_DATA_PRIVATE) |
                         flag(o, CKA_MODIFIABLE, false, BK_DATA_FIXED) |
                         flag(o, CKA_COPYABLE, false, BK_DATA_UNCOPYABLE) |
                         flag(o, CKA_DESTROYABLE, false, BK_DATA_INDESTRUCTIBLE) |
                         (o->which == BK_SLOT_SM2 ? BK_DATA_SECOND : 0));
}

static CK_RV give_data(struct bk_call *call, const uint8_t id[BK_DATA_ID], CK_OBJECT_HANDLE *handle)
{
    enum bk_err err = bk_objects_sync(call->port);
    if (err)
        return bk_call_fail(call, err);
    for (const struct bk_object *o = call->port->objects; o; o = o->next) {
        if (o->class != CKO_DATA || o->foreign || memcmp(o->data_id, id, BK_DATA_ID) != 0)
            continue;
        *handle = o->handle;
        return CKR_OK;
    }
    return CKR_DEVICE_ERROR;
}

static CK_RV put_data(struct bk_call *call, const struct bk_object *made, CK_OBJECT_HANDLE *handle)
{
    struct bk_data d;
    take_data(made, &d);
    enum bk_err err = bk_data_create(call->port->token, &d);
    return err ? stored_rv(call, err) : give_data(call, d.id, handle);
}

struct change {
    struct bk_object next;
    const CK_ATTRIBUTE *templ;
    CK_ULONG count;
};

/* What the template says, over what is on the key now. */
static enum bk_err merge(void *arg, const struct bk_data *now, struct bk_data *next)
{
    struct change *c = arg;
    bk_attrs_free(&c->next);
    c->next.private_ = (now->flags & BK_DATA_PRIVATE) != 0;
    enum bk_err err = bk_attrs_make_data(&c->next, now);
    for (CK_ULONG i = 0; !err && i < c->count; i++)
        err = bk_attr_set(&c->next, c->templ[i].type, c->templ[i].pValue, c->templ[i].ulValueLen);
    if (!err)
        take_data(&c->next, next);
    return err;
}

static CK_RV set_data(struct bk_call *call, const struct bk_object *o, const CK_ATTRIBUTE *templ,
                      CK_ULONG count)
{
    struct change c = {{.class = o->class, .which = o->which}, templ, count};
    uint8_t id[BK_DATA_ID];
    CK_OBJECT_HANDLE handle = 0;
    memcpy(id, o->data_id, sizeof id);
    enum bk_err err = bk_data_replace(call->port->token, id, merge, &c);
    bk_attrs_free(&c.next);
    return err ? stored_rv(call, err) : give_data(call, id, &handle);
}

/* --- certificates
 * -------------------------------------------------------------------------------*/

struct place {
    struct bk_container *c;
    enum bk_key_use use;
};

/* The one pair on this token that the certificate is of. */
static bool find_place(const struct bk_call *call, const struct bk_x509 *x, struct place *place)
{
    const struct bk_token *t = call->port->token;
    unsigned n = 0;
    if (x->key.alg != (call->which == BK_SLOT_SM2 ? BK_ALG_SM2 : BK_ALG_RSA))
        return false;
    for (size_t i = 0; i < t->count; i++) {
        struct bk_container *c = t->containers[i];
        for (int use = 0; use < 2 && c->role == BK_ROLE_CURRENT; use++) {
            if (!c->has_key[use] || !bk_pubkey_equal(&c->key[use], &x->key))
                continue;
            *place = (struct place){c, (enum bk_key_use)use};
            n++;
        }
    }
    return n == 1;
}

/* What is asked for is what the certificate and its place say, as far as it says something. */
static bool agrees(const struct bk_object *would, const CK_ATTRIBUTE *a)
{
    const struct bk_buf *v = bk_object_attr(would, a->type);
    if (a->type == CKA_LABEL || !a->ulValueLen)
        return true;
    /* "unspecified" */
    if (a->type == CKA_CERTIFICATE_CATEGORY && !bk_template_ulong(a, 1, a->type, 0))
        return true;
    return v && v->len == a->ulValueLen && memcmp(v->data, a->pValue, v->len) == 0;
}

static bool agrees_with(const struct bk_object *would, const struct bk_object *made)
{
    static const CK_ATTRIBUTE_TYPE types[] = {
        CKA_ID,
        CKA_SUBJECT,
        CKA_ISSUER,
        CKA_SERIAL_NUMBER,
        CKA_PRIVATE,
        CKA_CERTIFICATE_CATEGORY,
        CKA_JAVA_MIDP_SECURITY_DOMAIN,
        CKA_NAME_HASH_ALGORITHM,
        CKA_START_DATE,
        CKA_END_DATE,
        CKA_URL,
        CKA_HASH_OF_SUBJECT_PUBLIC_KEY,
        CKA_HASH_OF_ISSUER_PUBLIC_KEY,
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        const struct bk_buf *v = bk_object_attr(made, types[i]);
        CK_ATTRIBUTE a = {types[i], v ? v->data : NULL, v ? v->len : 0};
        if (!agrees(would, &a))
            return false;
    }
    return true;
}

static CK_RV check_cert(const struct bk_call *call, struct bk_x509 *x, const struct place *place,
                        const struct bk_object *made, const CK_ATTRIBUTE *templ, CK_ULONG count)
{
    struct bk_object would = {
        .class = CKO_CERTIFICATE, .which = call->which, .use = place->use, .key = x->key};
    struct bk_container c = *place->c;
    const struct bk_x509 *has = c.cert[place->use];
    if (has &&
        (has->der.len != x->der.len || memcmp(has->der.data, x->der.data, has->der.len) != 0))
        return CKR_TEMPLATE_INCONSISTENT;
    c.cert[place->use] = x;
    enum bk_err err = bk_attrs_make(&would, call->port->token, &c);
    CK_RV rv = err ? CKR_HOST_MEMORY : CKR_OK;
    if (rv == CKR_OK && !agrees_with(&would, made))
        rv = CKR_TEMPLATE_INCONSISTENT;
    for (CK_ULONG i = 0; rv == CKR_OK && i < count; i++)
        if (!agrees(&would, &templ[i]))
            rv = CKR_TEMPLATE_INCONSISTENT;
    bk_attrs_free(&would);
    return rv;
}

/* A label as a text; false when it can't be one. */
static bool take_label(const void *bytes, CK_ULONG len, char text[BK_RECORD_LABEL_MAX + 1])
{
    if (len < 1 || len > BK_RECORD_LABEL_MAX || memchr(bytes, 0, len))
        return false;
    memcpy(text, bytes, len);
    text[len] = 0;
    return true;
}

/* Before the certificate, which is the last step: a label of nothing is no change. */
static CK_RV label_first(struct bk_call *call, const struct place *place,
                         const struct bk_buf *label)
{
    char text[BK_RECORD_LABEL_MAX + 1], usual[BK_LABEL_MAX];
    if (!label || !label->len)
        return CKR_OK;
    bk_identity_label(place->c->name, place->use, false, 0, usual);
    if (label->len == strlen(usual) && memcmp(usual, label->data, label->len) == 0 &&
        !bk_label_possible(call->port->token, place->c, place->use, &place->c->key[place->use]))
        return CKR_OK;
    if (!take_label(label->data, label->len, text))
        return CKR_ATTRIBUTE_VALUE_INVALID;
    struct bk_naming naming = {.key = &place->c->key[place->use],
                               .label = text,
                               .use = place->use,
                               .of = BK_LABEL_CERTIFICATE};
    enum bk_err err = bk_object_name(call->port->token, place->c->full, &naming);
    return err ? stored_rv(call, err) : CKR_OK;
}

static CK_RV put_cert(struct bk_call *call, const struct bk_object *made, const CK_ATTRIBUTE *templ,
                      CK_ULONG count, CK_OBJECT_HANDLE *handle)
{
    const struct bk_buf *der = bk_object_attr(made, CKA_VALUE);
    struct bk_x509 *x = NULL;
    struct place place = {0};
    char full[BK_CARD_NAME_MAX + 1];
    enum bk_err err = bk_token_refresh(call->port->token);
    if (!err)
        err = bk_x509_parse(der->data, der->len, &x);
    if (err)
        return stored_rv(call, err);
    CK_RV rv = find_place(call, x, &place) ? check_cert(call, x, &place, made, templ, count)
                                           : CKR_TEMPLATE_INCONSISTENT;
    if (rv != CKR_OK)
        goto out;
    memcpy(full, place.c->full, sizeof full);
    rv = label_first(call, &place, bk_object_attr(made, CKA_LABEL));
    if (rv != CKR_OK)
        goto out;
    err = bk_cert_put(call->port->token, full, place.use, x);
    if (!err)
        err = bk_objects_sync(call->port);
    if (err)
        rv = err == BK_ENOTFOUND ? CKR_TEMPLATE_INCONSISTENT : stored_rv(call, err);
    *handle = CK_INVALID_HANDLE;
    for (const struct bk_object *o = call->port->objects; rv == CKR_OK && o; o = o->next)
        if (o->class == CKO_CERTIFICATE && o->use == place.use && strcmp(o->container, full) == 0)
            *handle = o->handle;
    if (rv == CKR_OK && !*handle)
        rv = CKR_DEVICE_ERROR;
out:
    bk_x509_free(&x);
    return rv;
}

CK_RV bk_stored_put(struct bk_call *call, const struct bk_object *made, const CK_ATTRIBUTE *templ,
                    CK_ULONG count, CK_OBJECT_HANDLE *handle)
{
    CK_RV rv = made->class == CKO_DATA ? put_data(call, made, handle)
                                       : put_cert(call, made, templ, count, handle);
    /* there is no object yet that could be gone */
    return rv == CKR_OBJECT_HANDLE_INVALID ? CKR_DEVICE_ERROR : rv;
}

/* --- changes
 * ------------------------------------------------------------------------------------*/

/* Of what comes from the key only the label is the caller's, and the id of a pair that no
 * certificate has yet: NSS sets it after it has made one. */
static bool may_set(const struct bk_object *o, const struct bk_container *c, CK_ATTRIBUTE_TYPE type)
{
    return type == CKA_LABEL || (type == CKA_ID && o->class != CKO_CERTIFICATE &&
                                 o->use == BK_KEY_SIGNING && bk_container_no_identity(c));
}

/* Each at most once. */
static CK_RV take_naming(const struct bk_object *o, const CK_ATTRIBUTE *templ, CK_ULONG count,
                         char text[BK_RECORD_LABEL_MAX + 1], struct bk_naming *naming)
{
    for (CK_ULONG i = 0; i < count; i++) {
        bool label = templ[i].type == CKA_LABEL;
        if (label ? naming->label != NULL : naming->id != NULL)
            return CKR_TEMPLATE_INCONSISTENT;
        if (!templ[i].pValue || (label && !take_label(templ[i].pValue, templ[i].ulValueLen, text)))
            return CKR_ATTRIBUTE_VALUE_INVALID;
        if (label) {
            naming->label = text;
        } else {
            naming->id = templ[i].pValue;
            naming->id_len = templ[i].ulValueLen;
        }
    }
    naming->key = &o->key;
    naming->use = o->use;
    naming->of = bk_object_label_of(o);
    return CKR_OK;
}

static CK_RV set_of_key(struct bk_call *call, const struct bk_object *o, const CK_ATTRIBUTE *templ,
                        CK_ULONG count)
{
    struct bk_token *t = call->port->token;
    struct bk_container *c = NULL;
    enum bk_err err = bk_object_container(call, o, &c);
    struct bk_naming naming = {0};
    char text[BK_RECORD_LABEL_MAX + 1];
    if (err == BK_ENOTFOUND) /* another program's change, which the last call has found */
        return CKR_OBJECT_HANDLE_INVALID;
    if (err)
        return stored_rv(call, err);
    for (CK_ULONG i = 0; i < count; i++)
        if (!may_set(o, c, templ[i].type))
            return bk_object_attr(o, templ[i].type) || bk_attr_is_secret(o, templ[i].type)
                       ? CKR_ATTRIBUTE_READ_ONLY
                       : CKR_ATTRIBUTE_TYPE_INVALID;
    CK_RV rv = take_naming(o, templ, count, text, &naming);
    if (rv != CKR_OK)
        return rv;
    if (!t->logged_in)
        return CKR_USER_NOT_LOGGED_IN;
    err = bk_object_name(t, c->full, &naming);
    if (!err)
        err = bk_objects_sync(call->port);
    return err == BK_EDENIED ? CKR_ATTRIBUTE_READ_ONLY : err ? stored_rv(call, err) : CKR_OK;
}

CK_RV bk_stored_set(struct bk_call *call, const struct bk_object *o, const CK_ATTRIBUTE *templ,
                    CK_ULONG count)
{
    if (o->class != CKO_DATA)
        return set_of_key(call, o, templ, count);
    return call->port->token->logged_in ? set_data(call, o, templ, count) : CKR_USER_NOT_LOGGED_IN;
}

static enum bk_err destroy(struct bk_call *call, const struct bk_object *o)
{
    char name[BK_CARD_NAME_MAX + 1];
    uint8_t id[BK_DATA_ID];
    struct bk_pubkey key = o->key;
    memcpy(id, o->data_id, sizeof id);
    if (o->class == CKO_DATA)
        return bk_data_delete(call->port->token, id);
    struct bk_container *c = NULL;
    enum bk_err err = bk_object_container(call, o, &c);
    if (err)
        return err;
    memcpy(name, c->name, sizeof name); /* c goes when the key is read anew */
    return bk_pair_delete(call->port->token, name, &key);
}

CK_RV bk_stored_destroy(struct bk_call *call, const struct bk_object *o)
{
    if (!call->port->token->logged_in)
        return CKR_USER_NOT_LOGGED_IN;
    enum bk_err err = destroy(call, o);
    if (!err)
        err = bk_objects_sync(call->port);
    if (err == BK_EINVAL) /* of the key's own: there is no template here to blame */
        err = BK_EIO;
    return err ? stored_rv(call, err) : CKR_OK;
}
