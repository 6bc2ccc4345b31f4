/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions, and the operations that run in them. */
#ifndef BK_PKCS11_SESSION_H
#define BK_PKCS11_SESSION_H

#include "crypto/digest.h"
#include "pkcs11/call.h"
#include "pkcs11/mechanism.h"

/* One of bk_op_kind. */
struct bk_op {
    const struct bk_mech *mech; /* NULL: none is active */
    bool parts;                 /* Update was called */
    CK_OBJECT_HANDLE key;
    enum bk_hash hash;       /* of the message, BK_HASH_NONE: the caller hashed it */
    enum bk_hash param_hash; /* PSS, OAEP */
    enum bk_hash mgf;
    size_t salt_len;
    CK_ULONG given[2];   /* hash and MGF of PSS or OAEP, as the caller named them */
    struct bk_buf label; /* OAEP */
    struct bk_digester *digester;
    uint8_t iv[16];     /* CBC: what the next block is chained to */
    struct bk_buf data; /* what is gathered without a hash */
};

enum bk_op_kind {
    BK_OP_SIGN,
    BK_OP_VERIFY,
    BK_OP_ENCRYPT,
    BK_OP_DECRYPT,
    BK_OP_DIGEST,
    BK_OP_SIGN_RECOVER,
    BK_OP_VERIFY_RECOVER,
    BK_OPS
};

struct bk_session {
    CK_SESSION_HANDLE handle;
    struct bk_port *port;
    unsigned which;
    bool rw;
    unsigned pins; /* under the module's lock */
    atomic_bool closed;
    CK_OBJECT_HANDLE *found;
    size_t found_count, found_at;
    bool finding;
    struct bk_op ops[BK_OPS];
};

struct bk_session *bk_session_pin(struct bk_module *m, CK_SESSION_HANDLE handle);
void bk_session_unpin(struct bk_module *m, struct bk_session *s);
/* The module's lock is held. */
void bk_sessions_close_locked(struct bk_module *m, struct bk_port *port, unsigned which);
void bk_sessions_free(struct bk_module *m);
void bk_op_end(struct bk_op *op);
/* The log-in is over: with it go private objects and their handles, operations with private keys,
 * and what is private of a search. The port's lock is held. */
void bk_login_ended(struct bk_module *m, struct bk_port *port);

#endif
