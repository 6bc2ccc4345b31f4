/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Objects: what is on the key, as PKCS#11 shows it. Made anew whenever the token says that
 * something changed; one that is still there keeps its handle. A handle belongs to a key pair, not
 * to a name: after a renewal the old one means history.
 */
#ifndef BK_PKCS11_OBJECT_H
#define BK_PKCS11_OBJECT_H

#include "pkcs11/call.h"
#include "token/identity.h"

struct bk_attr {
    CK_ATTRIBUTE_TYPE type;
    struct bk_buf value;
};

struct bk_object {
    struct bk_object *next;
    CK_OBJECT_HANDLE handle;
    unsigned which; /* the slot */
    CK_OBJECT_CLASS class;
    bool private_;  /* shown only after log-in */
    bool hidden;    /* keeps its handle, isn't found: a signing key of the past */
    enum bk_key_use use;
    struct bk_pubkey key;
    char container[BK_CARD_NAME_MAX + 1]; /* as on the key */
    struct bk_attr *attrs;
    size_t attr_count;
};

/* Makes the list agree with the token's. The port's lock is held. */
enum bk_err bk_objects_sync(struct bk_port *port) BK_MUST_CHECK;
void bk_objects_free(struct bk_port *port);
/* NULL: not in this slot, or private and not logged in. */
struct bk_object *bk_object_find(const struct bk_call *call, CK_OBJECT_HANDLE handle);
/* The container it is in; NULL when it has gone. */
struct bk_container *bk_object_container(const struct bk_call *call, const struct bk_object *o);
const struct bk_buf *bk_object_attr(const struct bk_object *o, CK_ATTRIBUTE_TYPE type);

/* attribute.c: fills o->attrs. */
enum bk_err bk_attrs_make(struct bk_object *o, const struct bk_token *token,
                          const struct bk_container *c) BK_MUST_CHECK;
enum bk_err bk_attrs_make_profile(struct bk_object *o, CK_ULONG profile) BK_MUST_CHECK;
void bk_attrs_free(struct bk_object *o);
/* Parts of a private key that never leave the key. */
bool bk_attr_is_secret(const struct bk_object *o, CK_ATTRIBUTE_TYPE type);

#endif
