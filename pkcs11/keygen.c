/* SPDX-License-Identifier: Apache-2.0 */
/* A key pair in a container of its own, named by CKA_LABEL. */
#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "crypto/ctx.h"
#include "pkcs11/op.h"
#include "token/key.h"
#include "token/renew.h"

static const CK_ATTRIBUTE *find(const CK_ATTRIBUTE *templ, CK_ULONG count, CK_ATTRIBUTE_TYPE type)
{
    for (CK_ULONG i = 0; i < count; i++)
        if (templ[i].type == type)
            return &templ[i];
    return NULL;
}

/* The label of either template; without one a name that nobody has. */
static CK_RV choose_name(const CK_ATTRIBUTE *label, char name[BK_CARD_NAME_MAX + 1])
{
    if (!label || !label->ulValueLen) {
        uint8_t random[4];
        if (bk_random(random, sizeof random))
            return CKR_FUNCTION_FAILED;
        (void)snprintf(name, BK_CARD_NAME_MAX + 1, "key-%02x%02x%02x%02x", random[0], random[1],
                       random[2], random[3]);
        return CKR_OK;
    }
    if (!label->pValue || label->ulValueLen > BK_RECORD_NAME_MAX ||
        !bk_utf8_valid(label->pValue, label->ulValueLen) ||
        memchr(label->pValue, '~', label->ulValueLen))
        return CKR_ATTRIBUTE_VALUE_INVALID;
    memcpy(name, label->pValue, label->ulValueLen);
    name[label->ulValueLen] = 0;
    return CKR_OK;
}

static CK_RV check_template(const struct bk_mech *mech, const CK_ATTRIBUTE *pub, CK_ULONG pub_count,
                            const CK_ATTRIBUTE *priv, CK_ULONG priv_count)
{
    const CK_ATTRIBUTE *bits = find(pub, pub_count, CKA_MODULUS_BITS);
    const CK_ATTRIBUTE *token = find(priv, priv_count, CKA_TOKEN);
    CK_ULONG value = 2048;
    if (bits && (bits->ulValueLen != sizeof value || !bits->pValue))
        return CKR_ATTRIBUTE_VALUE_INVALID;
    if (bits)
        memcpy(&value, bits->pValue, sizeof value);
    if (mech->alg == BK_ALG_RSA && value != 2048)
        return CKR_KEY_SIZE_RANGE;
    /* a key pair is made on the key, and stays there */
    if (token && token->ulValueLen == 1 && token->pValue && !*(const CK_BBOOL *)token->pValue)
        return CKR_TEMPLATE_INCONSISTENT;
    return CKR_OK;
}

struct job {
    const char *name;
    enum bk_alg alg;
};

static enum bk_err generate(struct bk_token *t, void *arg)
{
    const struct job *job = arg;
    uint8_t id[2];
    bk_token_forget(t);
    enum bk_err err = bk_token_refresh(t);
    struct bk_container *c = err ? NULL : bk_token_find(t, job->name, 0);
    if (c && c->info.sign_bits)
        return BK_EEXISTS;
    if (!err && !c) {
        err = bk_card_create_container(t->card, job->name, id);
        bk_token_forget(t);
        if (!err)
            err = bk_token_refresh(t);
        c = err ? NULL : bk_token_find(t, job->name, 0);
    }
    if (!err && !c)
        err = BK_ENOTFOUND;
    if (!err)
        err = bk_token_generate(t, c, job->alg, 2048);
    bk_token_forget(t);
    return err ? err : bk_token_refresh(t);
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
    char name[BK_CARD_NAME_MAX + 1];
    CK_RV rv =
        bk_call_session(&call, session, BK_NEEDS_TOKEN | BK_NEEDS_LOGIN | BK_NEEDS_RW);
    if (rv == CKR_OK && (!mechanism || !public_key || !private_key ||
                         (!public_template && public_count) || (!private_template && private_count)))
        rv = CKR_ARGUMENTS_BAD;
    const struct bk_mech *mech =
        rv == CKR_OK ? bk_mech_find(call.port->token, call.which, mechanism->mechanism) : NULL;
    if (rv == CKR_OK && (!mech || mech->how != BK_HOW_GENERATE))
        rv = CKR_MECHANISM_INVALID;
    if (rv == CKR_OK)
        rv = check_template(mech, public_template, public_count, private_template, private_count);
    if (rv == CKR_OK) {
        const CK_ATTRIBUTE *label = find(private_template, private_count, CKA_LABEL);
        rv = choose_name(label ? label : find(public_template, public_count, CKA_LABEL), name);
    }
    if (rv == CKR_OK) {
        struct job job = {name, mech->alg};
        enum bk_err err = bk_token_run(call.port->token, generate, &job);
        if (err)
            rv = bk_call_fail(&call, err);
        if (err == BK_EEXISTS)
            rv = CKR_TEMPLATE_INCONSISTENT; /* a container has one signing key pair */
    }
    if (rv == CKR_OK)
        rv = give_handles(&call, name, public_key, private_key);
    return bk_call_leave(&call, rv);
}
