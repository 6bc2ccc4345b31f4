/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Objects: what is on the key, as PKCS#11 shows it. Made anew whenever the token says that
 * something changed; one that is still there keeps its handle. A handle belongs to a key pair, not
 * to a name: after a renewal the old one means history.
 */
#ifndef BK_PKCS11_OBJECT_H
#define BK_PKCS11_OBJECT_H

#include "pkcs11/call.h"
#include "token/data.h"
#include "token/identity.h"

/* CKA_EC_PARAMS of SM2: its curve's OID in DER. */
#define BK_SM2_CURVE_LEN 10u
extern const uint8_t bk_sm2_curve[BK_SM2_CURVE_LEN];

struct bk_attr {
    CK_ATTRIBUTE_TYPE type;
    struct bk_buf value;
};

#define BK_ATTR_MAX 16384u /* bytes of one attribute that a caller sets */

struct bk_object {
    struct bk_object *next;
    CK_OBJECT_HANDLE handle;
    CK_SESSION_HANDLE session; /* whose end is its end; 0: it is on the key */
    unsigned which;            /* the slot */
    CK_OBJECT_CLASS class;
    bool private_; /* shown only after log-in */
    bool hidden;   /* keeps its handle, isn't found: a signing key of the past */
    enum bk_key_use use;
    struct bk_pubkey key;                 /* alg 0: it has none */
    char container[BK_CARD_NAME_MAX + 1]; /* as on the key; of a data object its unique id */
    bool foreign;                         /* a file that isn't the module's */
    uint8_t data_id[BK_DATA_ID];
    struct bk_attr *attrs;
    size_t attr_count;
};

/* Makes the list agree with the token's. The port's lock is held. */
enum bk_err bk_objects_sync(struct bk_port *port) BK_MUST_CHECK;
void bk_objects_free(struct bk_port *port);
/* Objects of sessions end with their session, private ones with the log-in, whose handles of what
 * is on the key mean nothing from then on (5.6). */
void bk_objects_end_session(struct bk_port *port, CK_SESSION_HANDLE session);
void bk_objects_end_slot(struct bk_port *port, unsigned which);
void bk_objects_end_login(struct bk_port *port);
void bk_object_end(struct bk_port *port, CK_OBJECT_HANDLE handle);
bool bk_object_is_private(const struct bk_port *port, CK_OBJECT_HANDLE handle);
/* Puts it among the objects of sessions; it is the list's from then on. */
void bk_object_add(struct bk_port *port, struct bk_object *o);
void bk_object_free(struct bk_object **o);
/* NULL: not in this slot, or private and not logged in. */
struct bk_object *bk_object_find(const struct bk_call *call, CK_OBJECT_HANDLE handle);
/* A key's handle, and not that of a certificate, data or a profile (CKR_KEY_HANDLE_INVALID). */
bool bk_object_is_key(const struct bk_object *o);
/* The container that a key on the token is in, read anew where that was cut; BK_ENOTFOUND: it has
 * gone. */
enum bk_err bk_object_container(const struct bk_call *call, const struct bk_object *o,
                                struct bk_container **c) BK_MUST_CHECK;
const struct bk_buf *bk_object_attr(const struct bk_object *o, CK_ATTRIBUTE_TYPE type);

/* attribute.c: fills o->attrs. */
enum bk_err bk_attrs_make(struct bk_object *o, const struct bk_token *token,
                          const struct bk_container *c) BK_MUST_CHECK;
enum bk_err bk_attrs_make_data(struct bk_object *o, const struct bk_data *data) BK_MUST_CHECK;
enum bk_err bk_attrs_make_profile(struct bk_object *o, CK_ULONG profile) BK_MUST_CHECK;
void bk_attrs_free(struct bk_object *o);
/* Which label of its container's an object on the key has; 0: no object of a container. */
enum bk_label_of bk_object_label_of(const struct bk_object *o);
/* Sets one of an object of a session. */
enum bk_err bk_attr_set(struct bk_object *o, CK_ATTRIBUTE_TYPE type, const void *value,
                        size_t len) BK_MUST_CHECK;
enum bk_err bk_attr_set_bool(struct bk_object *o, CK_ATTRIBUTE_TYPE type, bool value) BK_MUST_CHECK;
enum bk_err bk_attr_set_ulong(struct bk_object *o, CK_ATTRIBUTE_TYPE type,
                              CK_ULONG value) BK_MUST_CHECK;
bool bk_attr_bool(const struct bk_object *o, CK_ATTRIBUTE_TYPE type);
CK_ULONG bk_attr_ulong(const struct bk_object *o, CK_ATTRIBUTE_TYPE type);
/* Parts of a private key that never leave the key. */
bool bk_attr_is_secret(const struct bk_object *o, CK_ATTRIBUTE_TYPE type);

#endif
