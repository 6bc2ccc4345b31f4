/* SPDX-License-Identifier: Apache-2.0 */
/* A key pair in a container of its own, named by CKA_LABEL. */
#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "crypto/ctx.h"
#include "pkcs11/op.h"
#include "pkcs11/template.h"
#include "token/key.h"
#include "token/change.h"

#define RSA_BITS 2048

/* --- what a template may say
 * --------------------------------------------------------------------*/

#define PUBLIC 1u
#define PRIVATE 2u
#define BOTH (PUBLIC | PRIVATE)

/* What comes, whatever the template says: a value that is equal is fine, another one can't be met
 * (PKCS#11 3.0, 5.18). */
enum comes {
    IS_FALSE,
    IS_TRUE,
    IS_WITH_FILES, /* true where a label can be changed: on a key that takes files */
    IS_NOT_GIVEN,  /* a right that programs ask for by habit: not had, nor said to be */
    IS_CLASS,
    IS_KEY_TYPE,
    IS_BITS,
    IS_EXPONENT,
    IS_CURVE,
    IS_EMPTY,
    IS_TEXT,  /* the label: given */
    IS_BYTES, /* the id: given */
    IS_OURS   /* not a template's to say */
};

static const struct rule {
    CK_ATTRIBUTE_TYPE type;
    unsigned halves;
    enum comes comes;
    enum bk_alg alg; /* 0: either */
} rules[] = {
    {CKA_CLASS, BOTH, IS_CLASS, 0},
    {CKA_TOKEN, BOTH, IS_TRUE, 0},
    {CKA_PRIVATE, PUBLIC, IS_FALSE, 0},
    {CKA_PRIVATE, PRIVATE, IS_TRUE, 0},
    {CKA_MODIFIABLE, BOTH, IS_WITH_FILES, 0},
    {CKA_COPYABLE, BOTH, IS_FALSE, 0},
    {CKA_DESTROYABLE, PUBLIC, IS_FALSE, 0},
    {CKA_DESTROYABLE, PRIVATE, IS_TRUE, 0},
    {CKA_LABEL, BOTH, IS_TEXT, 0},
    {CKA_ID, BOTH, IS_BYTES, 0},
    {CKA_KEY_TYPE, BOTH, IS_KEY_TYPE, 0},
    {CKA_SUBJECT, BOTH, IS_EMPTY, 0},
    {CKA_START_DATE, BOTH, IS_EMPTY, 0},
    {CKA_END_DATE, BOTH, IS_EMPTY, 0},
    {CKA_DERIVE, BOTH, IS_NOT_GIVEN, 0},
    {CKA_ENCRYPT, PUBLIC, IS_NOT_GIVEN, 0},
    {CKA_VERIFY, PUBLIC, IS_TRUE, 0},
    {CKA_VERIFY_RECOVER, PUBLIC, IS_TRUE, BK_ALG_RSA},
    {CKA_VERIFY_RECOVER, PUBLIC, IS_NOT_GIVEN, BK_ALG_SM2},
    {CKA_WRAP, PUBLIC, IS_NOT_GIVEN, 0},
    {CKA_TRUSTED, PUBLIC, IS_FALSE, 0},
    {CKA_MODULUS_BITS, PUBLIC, IS_BITS, BK_ALG_RSA},
    {CKA_PUBLIC_EXPONENT, PUBLIC, IS_EXPONENT, BK_ALG_RSA},
    {CKA_EC_PARAMS, PUBLIC, IS_CURVE, BK_ALG_SM2},
    {CKA_SENSITIVE, PRIVATE, IS_TRUE, 0},
    {CKA_EXTRACTABLE, PRIVATE, IS_FALSE, 0},
    {CKA_DECRYPT, PRIVATE, IS_NOT_GIVEN, 0},
    {CKA_SIGN, PRIVATE, IS_TRUE, 0},
    {CKA_SIGN_RECOVER, PRIVATE, IS_TRUE, BK_ALG_RSA},
    {CKA_SIGN_RECOVER, PRIVATE, IS_NOT_GIVEN, BK_ALG_SM2},
    {CKA_UNWRAP, PRIVATE, IS_NOT_GIVEN, 0},
    {CKA_WRAP_WITH_TRUSTED, PRIVATE, IS_FALSE, 0},
    {CKA_ALWAYS_AUTHENTICATE, PRIVATE, IS_FALSE, 0},
    {CKA_UNIQUE_ID, BOTH, IS_OURS, 0},
    {CKA_LOCAL, BOTH, IS_OURS, 0},
    {CKA_KEY_GEN_MECHANISM, BOTH, IS_OURS, 0},
    {CKA_PUBLIC_KEY_INFO, BOTH, IS_OURS, 0},
    {CKA_MODULUS, BOTH, IS_OURS, BK_ALG_RSA},
    {CKA_PUBLIC_EXPONENT, PRIVATE, IS_OURS, BK_ALG_RSA},
    {CKA_EC_PARAMS, PRIVATE, IS_OURS, BK_ALG_SM2},
    {CKA_EC_POINT, BOTH, IS_OURS, BK_ALG_SM2},
    {CKA_VALUE, PRIVATE, IS_OURS, BK_ALG_SM2},
    {CKA_PRIVATE_EXPONENT, PRIVATE, IS_OURS, BK_ALG_RSA},
    {CKA_ALWAYS_SENSITIVE, PRIVATE, IS_OURS, 0},
    {CKA_NEVER_EXTRACTABLE, PRIVATE, IS_OURS, 0},
};

static CK_RV check_bool(const CK_ATTRIBUTE *a, enum comes comes)
{
    if (a->ulValueLen != sizeof(CK_BBOOL) || *(const CK_BBOOL *)a->pValue > 1)
        return CKR_ATTRIBUTE_VALUE_INVALID;
    bool wanted = *(const CK_BBOOL *)a->pValue != 0;
    return comes == IS_NOT_GIVEN || wanted == (comes == IS_TRUE) ? CKR_OK
                                                                 : CKR_TEMPLATE_INCONSISTENT;
}

static CK_RV check_ulong(const CK_ATTRIBUTE *a, CK_ULONG want)
{
    CK_ULONG value;
    if (a->ulValueLen != sizeof value)
        return CKR_ATTRIBUTE_VALUE_INVALID;
    memcpy(&value, a->pValue, sizeof value);
    return value == want                 ? CKR_OK
           : a->type == CKA_MODULUS_BITS ? CKR_KEY_SIZE_RANGE
                                         : CKR_TEMPLATE_INCONSISTENT;
}

/* A number may have zeros in front. */
static CK_RV check_bytes(const CK_ATTRIBUTE *a, const uint8_t *want, size_t len)
{
    const uint8_t *at = a->pValue;
    size_t n = a->ulValueLen;
    while (a->type == CKA_PUBLIC_EXPONENT && n > len && *at == 0) {
        at++;
        n--;
    }
    /* lint nullPointer: it is NULL where len is 0 */
    return n == len && (!n || memcmp(at, want, n) == 0) ? CKR_OK : CKR_TEMPLATE_INCONSISTENT;
}

static CK_RV check_value(const CK_ATTRIBUTE *a, enum comes comes, enum bk_alg alg, unsigned half)
{
    static const uint8_t f4[] = {1, 0, 1};
    if (!a->pValue && a->ulValueLen)
        return CKR_ATTRIBUTE_VALUE_INVALID;
    switch (comes) {
    case IS_CLASS:
        return check_ulong(a, half == PUBLIC ? CKO_PUBLIC_KEY : CKO_PRIVATE_KEY);
    case IS_KEY_TYPE:
        return check_ulong(a, alg == BK_ALG_SM2 ? CKK_SM2 : CKK_RSA);
    case IS_BITS:
        return check_ulong(a, RSA_BITS);
    case IS_EXPONENT:
        return check_bytes(a, f4, sizeof f4);
    case IS_CURVE:
        return check_bytes(a, bk_sm2_curve, sizeof bk_sm2_curve);
    case IS_EMPTY:
        return check_bytes(a, NULL, 0);
    case IS_TEXT:
        return bk_text_is_plain(a->pValue, a->ulValueLen) ? CKR_OK : CKR_ATTRIBUTE_VALUE_INVALID;
    case IS_BYTES:
        return CKR_OK;
    case IS_OURS:
        return CKR_ATTRIBUTE_READ_ONLY;
    default:
        return check_bool(a, comes);
    }
}

static CK_RV check_template(const struct bk_token *t, const CK_ATTRIBUTE *templ, CK_ULONG count,
                            enum bk_alg alg, unsigned half)
{
    enum comes modifiable = t->has_files ? IS_TRUE : IS_FALSE;
    for (CK_ULONG i = 0; i < count; i++) {
        CK_RV rv = templ[i].ulValueLen > BK_ATTR_MAX ? CKR_ATTRIBUTE_VALUE_INVALID
                                                     : CKR_ATTRIBUTE_TYPE_INVALID;
        for (size_t k = 0; rv == CKR_ATTRIBUTE_TYPE_INVALID && k < sizeof rules / sizeof *rules;
             k++)
            if (rules[k].type == templ[i].type && (rules[k].halves & half) &&
                (!rules[k].alg || rules[k].alg == alg))
                rv = check_value(&templ[i],
                                 rules[k].comes == IS_WITH_FILES ? modifiable : rules[k].comes, alg,
                                 half);
        if (rv == CKR_OK && bk_template_find(templ, i, templ[i].type))
            rv = CKR_TEMPLATE_INCONSISTENT;
        if (rv != CKR_OK)
            return rv;
    }
    return CKR_OK;
}

/* --- label and id
 * -------------------------------------------------------------------------------*/

/* Both halves have the same: of either template, and where both say it, alike. NULL: neither does.
 */
static CK_RV of_both(const CK_ATTRIBUTE *pub, const CK_ATTRIBUTE *priv, const CK_ATTRIBUTE **one)
{
    bool a = pub && pub->ulValueLen, b = priv && priv->ulValueLen;
    *one = b ? priv : a ? pub : NULL;
    if (a && b &&
        (pub->ulValueLen != priv->ulValueLen ||
         memcmp(pub->pValue, priv->pValue, pub->ulValueLen) != 0))
        return CKR_TEMPLATE_INCONSISTENT;
    return CKR_OK;
}

/* Without a label one that nobody has. */
static CK_RV take_label(const CK_ATTRIBUTE *a, char label[BK_CARD_NAME_MAX + 1])
{
    uint8_t random[4];
    if (a) {
        if (a->ulValueLen > BK_RECORD_NAME_MAX || memchr(a->pValue, '~', a->ulValueLen) ||
            !bk_text_is_plain(a->pValue, a->ulValueLen) ||
            (a->ulValueLen && *(const char *)a->pValue == '%'))
            return CKR_ATTRIBUTE_VALUE_INVALID;
        memcpy(label, a->pValue, a->ulValueLen);
        label[a->ulValueLen] = 0;
        return CKR_OK;
    }
    if (bk_random(random, sizeof random))
        return CKR_FUNCTION_FAILED;
    (void)snprintf(label, BK_CARD_NAME_MAX + 1, "key-%02x%02x%02x%02x", random[0], random[1],
                   random[2], random[3]);
    return CKR_OK;
}

/* The label and id that a container of this name will show. */
static enum bk_err shown(const struct bk_token *t, const char *name, char label[BK_LABEL_MAX],
                         uint8_t id[BK_ID_LEN], size_t *id_len)
{
    bk_identity_label(name, BK_KEY_SIGNING, false, 0, label);
    return bk_identity_id(t->card->info.serial, name, BK_KEY_SIGNING, false, 0, id, id_len);
}

/* The container's name, of which both come: an id that isn't the one it would have anyway is in it.
 */
static CK_RV choose_name(const struct bk_token *t, const CK_ATTRIBUTE *label,
                         const CK_ATTRIBUTE *id, char name[BK_CARD_NAME_MAX + 1])
{
    char wanted[BK_CARD_NAME_MAX + 1], comes[BK_LABEL_MAX];
    uint8_t own[BK_ID_LEN];
    size_t len = 0;
    CK_RV rv = take_label(label, wanted);
    if (rv != CKR_OK)
        return rv;
    if (shown(t, wanted, comes, own, &len))
        return CKR_HOST_MEMORY;
    if (strcmp(comes, wanted) != 0) /* with a colon, or with the looks of an id */
        return CKR_ATTRIBUTE_VALUE_INVALID;
    bool other = id && (id->ulValueLen != len || memcmp(id->pValue, own, len) != 0);
    enum bk_err err =
        bk_identity_name(wanted, other ? id->pValue : NULL, other ? id->ulValueLen : 0, name);
    return err == BK_ELIMIT ? CKR_TEMPLATE_INCONSISTENT : err ? CKR_HOST_MEMORY : CKR_OK;
}

struct templates {
    const CK_ATTRIBUTE *pub, *priv;
    CK_ULONG pub_count, priv_count;
};

static CK_RV read_templates(const struct bk_token *t, const struct templates *in, enum bk_alg alg,
                            char name[BK_CARD_NAME_MAX + 1])
{
    const CK_ATTRIBUTE *label = NULL, *id = NULL;
    CK_RV rv = check_template(t, in->pub, in->pub_count, alg, PUBLIC);
    if (rv == CKR_OK)
        rv = check_template(t, in->priv, in->priv_count, alg, PRIVATE);
    /* what isn't asked for the token is a session's (4.4), and this makes none */
    if (rv == CKR_OK && !(bk_template_bool(in->pub, in->pub_count, CKA_TOKEN, false) &&
                          bk_template_bool(in->priv, in->priv_count, CKA_TOKEN, false)))
        rv = CKR_TEMPLATE_INCONSISTENT;
    /* of SM2 there is one curve */
    if (rv == CKR_OK && alg == BK_ALG_RSA &&
        !bk_template_find(in->pub, in->pub_count, CKA_MODULUS_BITS))
        rv = CKR_TEMPLATE_INCOMPLETE;
    if (rv == CKR_OK)
        rv = of_both(bk_template_find(in->pub, in->pub_count, CKA_LABEL),
                     bk_template_find(in->priv, in->priv_count, CKA_LABEL), &label);
    if (rv == CKR_OK)
        rv = of_both(bk_template_find(in->pub, in->pub_count, CKA_ID),
                     bk_template_find(in->priv, in->priv_count, CKA_ID), &id);
    return rv == CKR_OK ? choose_name(t, label, id, name) : rv;
}

/* --- making it
 * ----------------------------------------------------------------------------------*/

struct job {
    const char *name;
    enum bk_alg alg;
};

/* Whether this name means anything but an empty container of generation 0: what would be made for
 * it could be history from the start, or stand beside what is staged. */
static bool is_taken(const struct bk_token *t, const char *name)
{
    const struct bk_record_entry *e = bk_record_find(&t->records.rules, name);
    bool taken = e && e->generation > 0;
    for (size_t i = 0; !taken && i < t->count; i++) {
        const struct bk_container *c = t->containers[i];
        taken = strcmp(c->name, name) == 0 &&
                (c->generation > 0 || c->role != BK_ROLE_CURRENT || c->info.sign_bits ||
                 c->info.enc_bits || c->info.sign_cert || c->info.enc_cert);
    }
    return taken;
}

static enum bk_err generate(struct bk_token *t, void *arg)
{
    const struct job *job = arg;
    uint8_t id[2];
    bk_token_forget(t);
    enum bk_err err = bk_token_refresh(t);
    if (!err)
        err = bk_token_forget_name(t, job->name);
    if (!err && is_taken(t, job->name))
        return BK_EEXISTS;
    if (!err)
        err = bk_token_id_free(t, job->name, job->alg);
    struct bk_container *c = err ? NULL : bk_token_find(t, job->name, 0);
    if (!err && !c) {
        err = bk_card_create_container(t->card, job->name, id);
        bk_token_forget(t);
        if (!err)
            err = bk_token_refresh(t);
        c = err ? NULL : bk_token_find(t, job->name, 0);
    }
    if (!err && !c)
        err = BK_ENOTFOUND;
    if (!err) {
        t->begun[0] = 0; /* no renewal's */
        err = bk_token_generate(t, c, job->alg, RSA_BITS);
    }
    bk_token_forget(t);
    if (!err)
        err = bk_token_refresh(t);
    if (!err)
        bk_token_changed(t);
    return err;
}

static CK_RV give_handles(struct bk_call *call, const char *name, CK_OBJECT_HANDLE *pub,
                          CK_OBJECT_HANDLE *priv)
{
    enum bk_err err = bk_objects_sync(call->port);
    if (err)
        return bk_call_fail(call, err);
    *pub = *priv = CK_INVALID_HANDLE;
    for (const struct bk_object *o = call->port->objects; o; o = o->next) {
        if (o->use != BK_KEY_SIGNING || strcmp(o->container, name) != 0)
            continue;
        if (o->class == CKO_PUBLIC_KEY)
            *pub = o->handle;
        if (o->class == CKO_PRIVATE_KEY)
            *priv = o->handle;
    }
    return *pub && *priv ? CKR_OK : CKR_DEVICE_ERROR;
}

CK_RV C_GenerateKeyPair(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism,
                        CK_ATTRIBUTE *public_template, unsigned long public_count,
                        CK_ATTRIBUTE *private_template, unsigned long private_count,
                        CK_OBJECT_HANDLE *public_key, CK_OBJECT_HANDLE *private_key)
{
    struct bk_call call;
    const struct templates in = {public_template, private_template, public_count, private_count};
    char name[BK_CARD_NAME_MAX + 1];
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_TOKEN | BK_NEEDS_LOGIN | BK_NEEDS_RW);
    if (rv == CKR_OK &&
        (!mechanism || !public_key || !private_key || (!public_template && public_count) ||
         (!private_template && private_count)))
        rv = CKR_ARGUMENTS_BAD;
    const struct bk_mech *mech =
        rv == CKR_OK ? bk_mech_find(call.port->token, call.which, mechanism->mechanism) : NULL;
    if (rv == CKR_OK && (!mech || mech->how != BK_HOW_GENERATE))
        rv = CKR_MECHANISM_INVALID;
    if (rv == CKR_OK && mechanism->ulParameterLen)
        rv = CKR_MECHANISM_PARAM_INVALID;
    if (rv == CKR_OK)
        rv = read_templates(call.port->token, &in, mech->alg, name);
    if (rv == CKR_OK) {
        struct job job = {name, mech->alg};
        enum bk_err err = bk_token_run(call.port->token, generate, &job);
        if (err)
            rv = bk_call_fail(&call, err);
        if (err == BK_EEXISTS)
            rv = CKR_TEMPLATE_INCONSISTENT; /* its name or id is another's */
        else if (err == BK_EUNSUPPORTED && call.port->token->later)
            rv = CKR_TOKEN_WRITE_PROTECTED;
    }
    if (rv == CKR_OK)
        rv = give_handles(&call, name, public_key, private_key);
    return bk_call_leave(&call, rv);
}
