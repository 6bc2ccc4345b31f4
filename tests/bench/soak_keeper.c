/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The client of the soak that writes: data objects and the label of a certificate. It remembers
 * what was reported written, and what it can't know since the key went meanwhile: then one of two
 * things is there, and from the next look on that one.
 */
#include "soak_client.h"

#include <stdio.h>
#include <string.h>

#define PLACES 5
#define VALUE_MAX 700

struct value {
    bool there;
    CK_ULONG len;
    CK_BYTE bytes[VALUE_MAX];
};

struct place {
    char label[48];
    struct value is, maybe; /* maybe: what a call that was cut may have written */
    bool unsure;
};

struct keeper {
    struct soak_client *c;
    CK_SLOT_ID slot;
    struct place places[PLACES];
    struct place name; /* the certificate's label */
};

static bool same(const struct value *a, const struct value *b)
{
    return a->there == b->there &&
           (!a->there || (a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0));
}

/* What is found must be what was written, or what may have been. */
static void settle(struct keeper *k, struct place *p, const struct value *found,
                   enum soak_count lost)
{
    if (!same(found, &p->is) && !(p->unsure && same(found, &p->maybe)))
        soak_wrong(k->c, lost, "%s: %s, %lu bytes; written %s, %lu bytes%s", p->label,
                   found->there ? "there" : "gone", found->len, p->is.there ? "there" : "gone",
                   p->is.len, p->unsure ? "; unsure" : "");
    p->is = *found;
    p->unsure = false;
}

/* Counts down to what the call left: `wanted` when it is reported, one of two when it was cut. */
static CK_RV wrote(struct keeper *k, struct place *p, const struct value *wanted, CK_RV rv,
                   enum soak_count what)
{
    if (rv == CKR_OK) {
        p->is = *wanted;
        COUNT(k->c, what);
    } else {
        p->maybe = *wanted;
        p->unsure = true;
    }
    return rv;
}

static CK_OBJECT_HANDLE find(struct keeper *k, CK_SESSION_HANDLE s, const struct place *p,
                             CK_RV *rv)
{
    CK_OBJECT_CLASS class = CKO_DATA;
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class},
                        {CKA_LABEL, (void *)(uintptr_t)p->label, strlen(p->label)}};
    return soak_find(k->c, s, t, 2, rv);
}

static CK_RV look(struct keeper *k, CK_SESSION_HANDLE s, struct place *p, CK_OBJECT_HANDLE *o)
{
    struct value found = {.len = VALUE_MAX};
    CK_RV rv = CKR_OK;
    *o = find(k, s, p, &rv);
    if (*o)
        rv = soak_bytes(k->c, s, *o, CKA_VALUE, found.bytes, &found.len);
    if (rv != CKR_OK)
        return rv;
    found.there = *o != 0;
    found.len = found.there ? found.len : 0;
    settle(k, p, &found, SOAK_LOST);
    return CKR_OK;
}

static void fresh(struct keeper *k, struct value *v)
{
    v->there = true;
    v->len = soak_random(&k->c->seed, VALUE_MAX) + 1;
    for (CK_ULONG i = 0; i < v->len; i++)
        v->bytes[i] = (CK_BYTE)soak_random(&k->c->seed, 256);
}

static CK_RV make(struct keeper *k, CK_SESSION_HANDLE s, const struct place *p, struct value *v)
{
    CK_OBJECT_CLASS class = CKO_DATA;
    CK_BBOOL yes = 1, private = (CK_BBOOL)soak_random(&k->c->seed, 2);
    CK_OBJECT_HANDLE o = 0;
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class},
                        {CKA_TOKEN, &yes, 1},
                        {CKA_PRIVATE, &private, 1},
                        {CKA_LABEL, (void *)(uintptr_t)p->label, strlen(p->label)},
                        {CKA_VALUE, v->bytes, v->len}};
    return CALL(k->c, C_CreateObject, s, t, 5, &o);
}

static CK_RV work_on_data(struct keeper *k, CK_SESSION_HANDLE s)
{
    struct place *p = &k->places[soak_random(&k->c->seed, PLACES)];
    struct value wanted = {0};
    CK_OBJECT_HANDLE o = 0;
    CK_RV rv = look(k, s, p, &o);
    if (rv != CKR_OK)
        return rv;
    if (!o) {
        fresh(k, &wanted);
        return wrote(k, p, &wanted, make(k, s, p, &wanted), SOAK_WRITTEN);
    }
    if (soak_random(&k->c->seed, 4) == 0)
        return wrote(k, p, &wanted, CALL(k->c, C_DestroyObject, s, o), SOAK_WRITTEN);
    fresh(k, &wanted);
    CK_ATTRIBUTE a = {CKA_VALUE, wanted.bytes, wanted.len};
    return wrote(k, p, &wanted, CALL(k->c, C_SetAttributeValue, s, o, &a, 1), SOAK_WRITTEN);
}

/* --- the label
 * ----------------------------------------------------------------------------------*/

static CK_OBJECT_HANDLE certificate(struct keeper *k, CK_SESSION_HANDLE s, CK_RV *rv)
{
    CK_OBJECT_HANDLE key = soak_find_key(k->c, s, CKA_SIGN, rv);
    CK_OBJECT_CLASS class = CKO_CERTIFICATE;
    CK_BYTE id[64];
    CK_ULONG len = sizeof id;
    if (key)
        *rv = soak_bytes(k->c, s, key, CKA_ID, id, &len);
    if (!key || *rv != CKR_OK)
        return 0;
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class}, {CKA_ID, id, len}};
    return soak_find(k->c, s, t, 2, rv);
}

static CK_RV look_at_label(struct keeper *k, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE *o)
{
    struct value found = {.there = true, .len = VALUE_MAX};
    CK_RV rv = CKR_OK;
    *o = certificate(k, s, &rv);
    if (rv == CKR_OK && !*o)
        rv = CKR_OBJECT_HANDLE_INVALID;
    if (rv == CKR_OK)
        rv = soak_bytes(k->c, s, *o, CKA_LABEL, found.bytes, &found.len);
    if (rv != CKR_OK)
        return rv;
    if (!k->name.is.there) /* the first look */
        k->name.is = found;
    settle(k, &k->name, &found, SOAK_LABEL_LOST);
    return CKR_OK;
}

static CK_RV work_on_label(struct keeper *k, CK_SESSION_HANDLE s)
{
    struct value wanted = {.there = true};
    CK_OBJECT_HANDLE o = 0;
    CK_RV rv = look_at_label(k, s, &o);
    if (rv != CKR_OK)
        return rv;
    wanted.len =
        (CK_ULONG)snprintf((char *)wanted.bytes, 32, "标签 %u", soak_random(&k->c->seed, 1000));
    CK_ATTRIBUTE a = {CKA_LABEL, wanted.bytes, wanted.len};
    rv = CALL(k->c, C_SetAttributeValue, s, o, &a, 1);
    return wrote(k, &k->name, &wanted, rv, SOAK_LABELLED);
}

/* --- all of it
 * ----------------------------------------------------------------------------------*/

/* With the key in for good: everything is looked at once more, by a module that starts anew. */
static void look_at_all(struct keeper *k)
{
    bool looked = false;
    while (!looked && atomic_load(&soak->phase) != SOAK_OVER) {
        CK_OBJECT_HANDLE o = 0;
        CK_SESSION_HANDLE s = soak_session(k->c, k->slot, true);
        CK_RV rv = s ? CKR_OK : CKR_DEVICE_REMOVED;
        for (int i = 0; rv == CKR_OK && i < PLACES; i++)
            rv = look(k, s, &k->places[i], &o);
        if (rv == CKR_OK)
            rv = look_at_label(k, s, &o);
        looked = rv == CKR_OK;
        if (s)
            (void)CALL(k->c, C_CloseSession, s);
    }
    if (!looked)
        soak_wrong(k->c, SOAK_LOST, "what was written couldn't be looked at in the end");
}

void soak_keep(struct soak_client *c)
{
    static struct keeper keeper;
    struct keeper *k = &keeper;
    k->c = c;
    k->slot = c->renewed;
    for (int i = 0; i < PLACES; i++)
        (void)snprintf(k->places[i].label, sizeof k->places[i].label, "%s %d", c->name, i);
    (void)snprintf(k->name.label, sizeof k->name.label, "label of %s", c->name);
    soak_load(c);
    while (atomic_load(&soak->phase) == SOAK_RUN) {
        CK_SESSION_HANDLE s = soak_session(c, k->slot, true);
        CK_RV rv = s ? CKR_OK : CKR_DEVICE_REMOVED;
        for (unsigned n = 20; rv == CKR_OK && n && atomic_load(&soak->phase) == SOAK_RUN; n--) {
            rv = soak_random(&c->seed, 4) ? work_on_data(k, s) : work_on_label(k, s);
            if (rv == CKR_OK)
                atomic_fetch_add(&c->done, 1);
            soak_nap(soak_random(&c->seed, 100));
        }
        if (s)
            (void)CALL(c, C_CloseSession, s);
    }
    (void)CALL(c, C_Finalize, NULL);
    soak_load(c);
    look_at_all(k);
    (void)CALL(c, C_Finalize, NULL);
}
