/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What tests of the module stand on: a virtual key in a folder of its own, a CA that answers
 * certification requests, and a platform that answers unlock messages. The last two are the
 * test's own: nothing of src/server and nothing of the card layer.
 */
#ifndef TEST_MODHOST_H
#define TEST_MODHOST_H

#include <pkcs11-helper-1.0/pkcs11.h>

#include "base/buf.h"
#include "crypto/issue.h"
#include "pkcs11/bjca-pkcs11.h"
#include "vkey/vkey.h"

#define MH_ADMIN "Adm1n-1234567890"
#define MH_PIN "12345678"
#define MH_SERIAL "BJ20261122000042"

struct modhost {
    char dir[64];
    char key[96], conf[96], trace[96];
    enum bk_vkey_dialect dialect;
    enum bk_vkey_shape shape;
    CK_FUNCTION_LIST_3_0 *f;
    CK_BJCA_FUNCTION_LIST *v;
    /* the platform's memory of an unlock */
    char admin[17], pending[17];
    bool redeemed;
    unsigned said; /* the last answer's kind */
    char one_time[13];
    unsigned proofs;
};

/* Forgets what the platform remembers. */
void mh_new_unlock(struct modhost *h);
/* TEST_DIALECT in the environment takes the default dialect's place, to run tests again with
 * another. */
/* Makes folder, key and configuration (more: lines for it, may be NULL), and sets BJCA_CONF. */
void mh_make(struct modhost *h, enum bk_vkey_dialect dialect, enum bk_vkey_shape shape,
             const char *more);
/* The same for a key of other parameters; serial and administrator PIN are the test's all the same.
 */
void mh_make_key(struct modhost *h, const struct bk_vkey_params *params, const char *more);
void mh_forget(struct modhost *h);
/* The functions of a module that was opened by dlopen, or linked (NULL). */
void mh_load(struct modhost *h, const char *so);
/* The state file's bytes, to put back later. */
void mh_save(const struct modhost *h, struct bk_buf *state);
void mh_restore(const struct modhost *h, const struct bk_buf *state);

/* Exchanges in the trace since it was last asked. */
unsigned mh_exchanges(struct modhost *h);

/* 0 when it isn't possible. */
CK_SESSION_HANDLE mh_try_login(struct modhost *h, CK_SLOT_ID slot, const char *pin);
CK_SESSION_HANDLE mh_login(struct modhost *h, CK_SLOT_ID slot);
/* C_GenerateKeyPair, for the token and of 2048 bits (RSA) where the templates don't say so. */
CK_RV mh_generate(struct modhost *h, CK_SESSION_HANDLE s, CK_MECHANISM *m, const CK_ATTRIBUTE *pub,
                  CK_ULONG pub_count, const CK_ATTRIBUTE *priv, CK_ULONG priv_count,
                  CK_OBJECT_HANDLE *pub_key, CK_OBJECT_HANDLE *priv_key);
/* Begin to Commit, with this CA; stops at the first failure. */
CK_RV mh_renew(struct modhost *h, CK_SESSION_HANDLE s, const char *name, CK_KEY_TYPE type,
               CK_FLAGS flags);
/* The parts a CA sends for a request. Buffers are the caller's. */
struct mh_issued {
    struct bk_buf sign, enc, envelope, chain;
};
void mh_issue(const struct bk_buf *csr, bool new_enc, struct mh_issued *out);
CK_BJCA_LOAD mh_load_of(const struct mh_issued *issued); /* good as long as issued is */
/* The CA's RSA keys, which are slow to make: an unchecked fixture, before each test has a process
 * of its own. */
void mh_make_keys(void);
void mh_issued_free(struct mh_issued *issued);

/* What the platform says to a request; false when it refuses. */
bool mh_answer(struct modhost *h, const uint8_t *request, size_t len, struct bk_buf *answer);
/* Begin to done. */
CK_RV mh_unlock(struct modhost *h, CK_SLOT_ID slot, const char *pin);

/* The first object of a class with CKA_SIGN or CKA_DECRYPT (VERIFY, ENCRYPT) set, or any
 * certificate when right is 0. */
CK_OBJECT_HANDLE mh_find(struct modhost *h, CK_SESSION_HANDLE s, CK_OBJECT_CLASS class,
                         CK_ATTRIBUTE_TYPE right);
CK_ULONG mh_count(struct modhost *h, CK_SESSION_HANDLE s, CK_OBJECT_CLASS class);
/* Signs and verifies, encrypts and decrypts with the current identity of this slot. */
bool mh_identity_works(struct modhost *h, CK_SESSION_HANDLE s);
bool mh_bytes_attr(struct modhost *h, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o,
                   CK_ATTRIBUTE_TYPE type, struct bk_buf *out);

#endif
