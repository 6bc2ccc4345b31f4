/* SPDX-License-Identifier: Apache-2.0 */
#include "pkcs11/object.h"

#include <stdlib.h>
#include <string.h>

#include "pkcs11/session.h"

void bk_object_free(struct bk_object **o)
{
    if (!*o)
        return;
    bk_attrs_free(*o);
    free(*o);
    *o = NULL;
}

static void list_free(struct bk_object **list)
{
    while (*list) {
        struct bk_object *o = *list;
        *list = o->next;
        bk_object_free(&o);
    }
}

void bk_objects_free(struct bk_port *port)
{
    list_free(&port->objects);
    list_free(&port->made);
    port->made_last = NULL;
    port->objects_at = 0;
}

/* --- objects of sessions
 * ------------------------------------------------------------------------*/

void bk_object_add(struct bk_port *port, struct bk_object *o)
{
    if (port->made_last)
        port->made_last->next = o;
    else
        port->made = o;
    port->made_last = o;
}

/* Takes out those for which `ends` holds; the last that stays, NULL when none does. */
static struct bk_object *end_those(struct bk_object **list,
                                   bool (*ends)(const struct bk_object *, CK_ULONG), CK_ULONG what)
{
    struct bk_object **at = list, *last = NULL;
    while (*at) {
        struct bk_object *o = *at;
        if (ends(o, what)) {
            *at = o->next;
            bk_object_free(&o);
        } else {
            last = o;
            at = &o->next;
        }
    }
    return last;
}

static bool of_session(const struct bk_object *o, CK_ULONG session)
{
    return o->session == session;
}

static bool in_slot(const struct bk_object *o, CK_ULONG which)
{
    return o->which == which;
}

static bool is_private(const struct bk_object *o, CK_ULONG unused)
{
    (void)unused;
    return o->private_;
}

/* What is in it was read for the one who logged in. */
static bool is_private_data(const struct bk_object *o, CK_ULONG unused)
{
    (void)unused;
    return o->private_ && o->class == CKO_DATA;
}

static bool is_this(const struct bk_object *o, CK_ULONG handle)
{
    return o->handle == handle;
}

void bk_objects_end_session(struct bk_port *port, CK_SESSION_HANDLE session)
{
    port->made_last = end_those(&port->made, of_session, session);
}

void bk_objects_end_slot(struct bk_port *port, unsigned which)
{
    port->made_last = end_those(&port->made, in_slot, which);
}

void bk_objects_end_login(struct bk_port *port)
{
    port->made_last = end_those(&port->made, is_private, 0);
    (void)end_those(&port->objects, is_private_data, 0);
    for (struct bk_object *o = port->objects; o; o = o->next)
        if (o->private_)
            o->handle = bk_next_handle();
}

void bk_object_end(struct bk_port *port, CK_OBJECT_HANDLE handle)
{
    port->made_last = end_those(&port->made, is_this, handle);
}

bool bk_object_is_private(const struct bk_port *port, CK_OBJECT_HANDLE handle)
{
    const struct bk_object *const lists[] = {port->objects, port->made};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        for (const struct bk_object *o = lists[i]; o; o = o->next)
            if (o->handle == handle)
                return o->private_;
    return false;
}

/* --- objects on the key
 * -------------------------------------------------------------------------*/

/* The same key pair in the same container, seen the same way, is the same object. */
static CK_OBJECT_HANDLE old_handle(const struct bk_object *list, const struct bk_object *o)
{
    for (; list; list = list->next)
        if (list->class == o->class && list->which == o->which && list->use == o->use &&
            strcmp(list->container, o->container) == 0 &&
            (o->class == CKO_PROFILE || o->class == CKO_DATA ||
             bk_pubkey_equal(&list->key, &o->key)))
            return list->handle;
    return CK_INVALID_HANDLE;
}

struct builder {
    struct bk_object *old, *first, **last;
    const struct bk_token *t;
    enum bk_err err;
};

static struct bk_object *append(struct builder *b, CK_OBJECT_CLASS class, unsigned which)
{
    struct bk_object *o = b->err ? NULL : calloc(1, sizeof *o);
    if (!o) {
        b->err = b->err ? b->err : BK_ENOMEM;
        return NULL;
    }
    o->class = class;
    o->which = which;
    *b->last = o;
    b->last = &o->next;
    return o;
}

static void name_it(struct builder *b, struct bk_object *o)
{
    o->handle = old_handle(b->old, o);
    if (o->handle == CK_INVALID_HANDLE)
        o->handle = bk_next_handle();
}

static void add(struct builder *b, const struct bk_container *c, enum bk_key_use use,
                CK_OBJECT_CLASS class, const struct bk_pubkey *key)
{
    struct bk_object *o = append(b, class, key->alg == BK_ALG_SM2 ? BK_SLOT_SM2 : BK_SLOT_RSA);
    if (!o)
        return;
    o->use = use;
    o->key = *key;
    o->private_ = class == CKO_PRIVATE_KEY;
    o->hidden = c->role == BK_ROLE_HISTORY && o->private_ && use == BK_KEY_SIGNING;
    memcpy(o->container, c->full, sizeof o->container);
    name_it(b, o);
    b->err = bk_attrs_make(o, b->t, c);
}

static void add_use(struct builder *b, const struct bk_container *c, enum bk_key_use use)
{
    const struct bk_x509 *x = c->cert[use];
    enum bk_alg alg = c->info.type == BK_CONTAINER_SM2 ? BK_ALG_SM2 : BK_ALG_RSA;
    if (x && x->key.alg == alg)
        add(b, c, use, CKO_CERTIFICATE, &x->key);
    if (!c->has_key[use])
        return;
    add(b, c, use, CKO_PUBLIC_KEY, &c->key[use]);
    add(b, c, use, CKO_PRIVATE_KEY, &c->key[use]);
}

static void add_all(struct builder *b, enum bk_role role, enum bk_key_use use)
{
    for (size_t i = 0; i < b->t->count; i++)
        if (b->t->containers[i]->role == role)
            add_use(b, b->t->containers[i], use);
}

static void add_profiles(struct builder *b, unsigned which)
{
    static const CK_ULONG profiles[] = {CKP_BASELINE_PROVIDER, CKP_EXTENDED_PROVIDER,
                                        CKP_AUTHENTICATION_TOKEN, CKP_PUBLIC_CERTIFICATES_TOKEN};
    for (size_t i = 0; i < sizeof profiles / sizeof *profiles; i++) {
        struct bk_object *o = append(b, CKO_PROFILE, which);
        if (!o)
            return;
        o->container[0] = (char)('1' + i);
        name_it(b, o);
        b->err = bk_attrs_make_profile(o, profiles[i]);
    }
}

static void add_data(struct builder *b, const struct bk_data *d, unsigned first_slot)
{
    unsigned which = d->flags & BK_DATA_SECOND ? BK_SLOT_SM2 : first_slot;
    struct bk_object *o = append(b, CKO_DATA, which);
    if (!o)
        return;
    o->private_ = (d->flags & BK_DATA_PRIVATE) != 0;
    o->foreign = d->foreign;
    memcpy(o->data_id, d->id, sizeof o->data_id);
    b->err = bk_attrs_make_data(o, d);
    const struct bk_buf *id = bk_object_attr(o, CKA_UNIQUE_ID);
    if (!b->err && id)
        memcpy(o->container, id->data, id->len);
    name_it(b, o);
}

enum bk_err bk_objects_sync(struct bk_port *port)
{
    struct bk_token *t = port->token;
    if (port->objects && port->objects_at == t->changes)
        return BK_OK;
    struct builder b = {.old = port->objects, .t = t};
    b.last = &b.first;
    /* a client that takes the first of a kind takes the right one */
    add_all(&b, BK_ROLE_CURRENT, BK_KEY_SIGNING);
    add_all(&b, BK_ROLE_CURRENT, BK_KEY_ENCRYPTION);
    add_all(&b, BK_ROLE_HISTORY, BK_KEY_SIGNING);
    add_all(&b, BK_ROLE_HISTORY, BK_KEY_ENCRYPTION);
    add_profiles(&b, BK_SLOT_RSA);
    add_profiles(&b, BK_SLOT_SM2);
    for (size_t i = 0; i < t->data_count; i++)
        add_data(&b, t->data[i], port->can[BK_SLOT_RSA] ? BK_SLOT_RSA : BK_SLOT_SM2);
    if (b.err) {
        list_free(&b.first);
        return b.err;
    }
    list_free(&port->objects);
    port->objects = b.first;
    port->objects_at = t->changes;
    return BK_OK;
}

static bool visible(const struct bk_call *call, const struct bk_object *o)
{
    return o->which == call->which && (!o->private_ || call->port->token->logged_in);
}

struct bk_object *bk_object_find(const struct bk_call *call, CK_OBJECT_HANDLE handle)
{
    struct bk_object *const lists[] = {call->port->objects, call->port->made};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        for (struct bk_object *o = lists[i]; o; o = o->next)
            if (o->handle == handle)
                return visible(call, o) ? o : NULL;
    return NULL;
}

bool bk_object_is_key(const struct bk_object *o)
{
    return o->class == CKO_PRIVATE_KEY || o->class == CKO_PUBLIC_KEY || o->class == CKO_SECRET_KEY;
}

static struct bk_container *container_of(struct bk_token *t, const struct bk_object *o)
{
    for (size_t i = 0; i < t->count; i++)
        if (strcmp(t->containers[i]->full, o->container) == 0)
            return bk_pubkey_equal(&t->containers[i]->key[o->use], &o->key) ? t->containers[i]
                                                                            : NULL;
    return NULL;
}

enum bk_err bk_object_container(const struct bk_call *call, const struct bk_object *o,
                                struct bk_container **c)
{
    struct bk_token *t = call->port->token;
    enum bk_err err = BK_OK;
    *c = container_of(t, o);
    /* a search that was cut has let go of what was read before it */
    if (!*c && !o->session && !t->loaded) {
        err = bk_token_refresh_types(t, 0);
        *c = err ? NULL : container_of(t, o);
    }
    return err || *c ? err : BK_ENOTFOUND;
}

/* --- entry points
 * -------------------------------------------------------------------------------*/

/* Whether a data object could be what is looked for: the key's files aren't read for any other. */
static bool may_be_data(const CK_ATTRIBUTE *templ, CK_ULONG count)
{
    static const CK_ATTRIBUTE_TYPE types[] = {
        CKA_CLASS,       CKA_TOKEN, CKA_PRIVATE,   CKA_MODIFIABLE, CKA_COPYABLE, CKA_DESTROYABLE,
        CKA_APPLICATION, CKA_LABEL, CKA_OBJECT_ID, CKA_UNIQUE_ID,  CKA_VALUE};
    static const CK_OBJECT_CLASS class = CKO_DATA;
    for (CK_ULONG i = 0; i < count; i++) {
        bool known = false;
        for (size_t k = 0; k < sizeof types / sizeof *types; k++)
            known = known || templ[i].type == types[k];
        if (!known ||
            (templ[i].type == CKA_CLASS && (templ[i].ulValueLen != sizeof class ||
                                            memcmp(templ[i].pValue, &class, sizeof class) != 0)))
            return false;
    }
    return true;
}

static bool matches(const struct bk_object *o, const CK_ATTRIBUTE *templ, CK_ULONG count)
{
    for (CK_ULONG i = 0; i < count; i++) {
        const struct bk_buf *v = bk_object_attr(o, templ[i].type);
        if (!v || bk_attr_is_secret(o, templ[i].type) || v->len != templ[i].ulValueLen ||
            (v->len && memcmp(v->data, templ[i].pValue, v->len) != 0))
            return false;
    }
    return true;
}

static CK_RV search(struct bk_call *call, const CK_ATTRIBUTE *templ, CK_ULONG count)
{
    struct bk_session *s = call->s;
    struct bk_object *const lists[] = {call->port->objects, call->port->made};
    size_t n = 0;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        for (const struct bk_object *o = lists[i]; o; o = o->next)
            n++;
    free(s->found);
    s->found = calloc(n ? n : 1, sizeof *s->found);
    s->found_count = s->found_at = 0;
    if (!s->found)
        return CKR_HOST_MEMORY;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        for (const struct bk_object *o = lists[i]; o; o = o->next)
            if (!o->hidden && visible(call, o) && matches(o, templ, count))
                s->found[s->found_count++] = o->handle;
    s->finding = true;
    return CKR_OK;
}

CK_RV C_FindObjectsInit(CK_SESSION_HANDLE session, CK_ATTRIBUTE *templ, unsigned long count)
{
    struct bk_call call;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_TOKEN);
    if (rv == CKR_OK && !templ && count)
        rv = CKR_ARGUMENTS_BAD;
    for (CK_ULONG i = 0; rv == CKR_OK && i < count; i++)
        if (!templ[i].pValue && templ[i].ulValueLen)
            rv = CKR_ARGUMENTS_BAD;
    if (rv == CKR_OK && call.s->finding)
        rv = CKR_OPERATION_ACTIVE;
    if (rv == CKR_OK) {
        unsigned type = call.which == BK_SLOT_SM2 ? BK_CONTAINER_SM2 : BK_CONTAINER_RSA;
        enum bk_err err = bk_token_refresh_types(call.port->token, BK_TYPE(type));
        if (!err && may_be_data(templ, count))
            err = bk_data_refresh(call.port->token);
        if (!err)
            err = bk_objects_sync(call.port);
        rv = err ? bk_call_fail(&call, err) : search(&call, templ, count);
    }
    return bk_call_leave(&call, rv);
}

CK_RV C_FindObjects(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *object, unsigned long max,
                    unsigned long *count)
{
    struct bk_call call;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_NOTHING);
    if (rv == CKR_OK && (!count || (!object && max)))
        rv = CKR_ARGUMENTS_BAD;
    if (rv == CKR_OK && !call.s->finding)
        rv = CKR_OPERATION_NOT_INITIALIZED;
    if (rv == CKR_OK) {
        size_t n = call.s->found_count - call.s->found_at;
        n = n < max ? n : max;
        if (n)
            memcpy(object, call.s->found + call.s->found_at, n * sizeof *object);
        call.s->found_at += n;
        *count = n;
    }
    return bk_call_leave(&call, rv);
}

CK_RV C_FindObjectsFinal(CK_SESSION_HANDLE session)
{
    struct bk_call call;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_NOTHING);
    if (rv == CKR_OK && !call.s->finding)
        rv = CKR_OPERATION_NOT_INITIALIZED;
    if (rv == CKR_OK)
        call.s->finding = false;
    return bk_call_leave(&call, rv);
}
