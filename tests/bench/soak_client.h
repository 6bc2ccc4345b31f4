/* SPDX-License-Identifier: Apache-2.0 */
/* What all clients of the soak do: calls that are timed and judged, and a way back to the key. */
#ifndef BENCH_SOAK_CLIENT_H
#define BENCH_SOAK_CLIENT_H

#include "soak.h"

#include "crypto/pubkey.h"

extern struct modhost soak_host;

/* A call of the 3.0 list; removal and what others may do to this client are no fault. */
#define CALL(c, fn, ...) (soak_begin(c, #fn), soak_end(c, soak_host.f->fn(__VA_ARGS__)))
void soak_begin(struct soak_client *c, const char *call);
CK_RV soak_end(struct soak_client *c, CK_RV rv);
void soak_wrong(struct soak_client *c, enum soak_count what, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
#define COUNT(c, what) ((c)->counts[what]++)

void soak_load(struct soak_client *c);
/* A session on the key, when it is there, logged in or not; 0 when all is over. */
CK_SESSION_HANDLE soak_session(struct soak_client *c, CK_SLOT_ID slot, bool login);
/* The first object of a template; 0: there is none, or the key has gone (`rv`). */
CK_OBJECT_HANDLE soak_find(struct soak_client *c, CK_SESSION_HANDLE s, CK_ATTRIBUTE *t, CK_ULONG n,
                           CK_RV *rv);
CK_OBJECT_HANDLE soak_find_key(struct soak_client *c, CK_SESSION_HANDLE s, CK_ATTRIBUTE_TYPE right,
                               CK_RV *rv);
CK_RV soak_bytes(struct soak_client *c, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o,
                 CK_ATTRIBUTE_TYPE type, CK_BYTE *value, CK_ULONG *len);
/* The public key in the certificate of this key. */
CK_RV soak_certified(struct soak_client *c, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE key,
                     struct bk_pubkey *pub);
CK_RV soak_sign_once(struct soak_client *c, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE key, bool sm2);

#endif
