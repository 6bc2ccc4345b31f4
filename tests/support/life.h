/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Programs about the life of a key share this: the module's code is linked, so that a fault filter
 * stands between it and the key.
 */
#ifndef TEST_LIFE_H
#define TEST_LIFE_H

#include <check.h>

#include "modhost.h"
#include "token/reader.h"
#include "transport/filter.h"

#define NEW_PIN "my-new-pin"

extern struct modhost h;
extern struct bk_fault fault;
extern struct bk_transport *key; /* under the filters, of the key opened last */
/* Where it isn't NULL when a key is opened, each command goes through it: it passes them on to
 * inner->ops->transmit, changed or not. NULL again with the next life_start. */
typedef enum bk_err (*life_transmitter)(struct bk_transport *inner, const uint8_t *command,
                                        size_t len, bool sensitive, struct bk_buf *answer);
extern life_transmitter life_transmit;

/* A new key behind an initialised module; more: lines of configuration, or NULL. */
void life_start(enum bk_vkey_dialect dialect, enum bk_vkey_shape shape, const char *more);
void life_start_key(const struct bk_vkey_params *params, const char *more);
void life_setup(void); /* the default dialect and shape */
void life_teardown(void);
/* A case whose tests share the keys of the CA. */
static inline TCase *life_case(const char *name) /* here: fuzz targets have no runner */
{
    TCase *t = tcase_create(name);
    tcase_add_unchecked_fixture(t, mh_make_keys, NULL);
    return t;
}
/* C_Finalize and C_Initialize, as when the program ends and another begins. */
void life_restart(void);

/* An RSA and an SM2 identity, personalCert00 and 01. */
void life_issue_both(void);
/* Ten wrong PINs. */
void life_lock_it(void);
CK_ULONG life_admin_left(void);
CK_RV life_renewed(CK_SESSION_HANDLE s, const char *name, CK_BJCA_RENEW_STATE *state);
/* Begin, Request and Load; what Prove and Commit would do is left. */
void life_load_only(CK_SESSION_HANDLE s, const char *name, CK_KEY_TYPE type, CK_FLAGS flags);
/* Nobody logged in; rw: CKF_RW_SESSION or 0. */
CK_SESSION_HANDLE life_session(CK_SLOT_ID slot, CK_FLAGS rw);
bool life_has_label(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o, const char *label);
/* An RSA key pair in a container of this name. */
CK_RV life_generate(CK_SESSION_HANDLE s, const char *name);
/* How many have it, and the first of them (o may be NULL); 0 when a fault cut the search. */
CK_ULONG life_find_label(CK_SESSION_HANDLE s, const char *label, CK_OBJECT_HANDLE *o);
/* Another power-up of the same key, as another process would have it, logged in; `readers` is for
 * life_other_free. Then the fault filter and `key` are the module's again. */
struct bk_token *life_other(struct bk_readers **readers);
void life_other_free(struct bk_token **token, struct bk_readers **readers);
/* Files that leave this many bytes of the key free. */
void life_fill(CK_ULONG left);

/* Of slot 0. */
CK_FLAGS life_token_flags(void);
/* How many the key has. */
CK_ULONG life_containers(void);

#endif
