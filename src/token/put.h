/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a client puts on the key without a renewal: labels, a certificate next to its key, empty
 * containers. All need a log-in, and read what is there before they change it: what they refuse
 * changes nothing.
 */
#ifndef BK_TOKEN_PUT_H
#define BK_TOKEN_PUT_H

#include "token/token.h"

/* What a client calls an object: one of the two, or both. */
struct bk_naming {
    const struct bk_pubkey *key; /* whose names they are, and of no other in its place */
    const char *label;           /* NULL: stays */
    enum bk_key_use use;
    enum bk_label_of of; /* with a label */
    const void *id;      /* NULL: stays */
    size_t id_len;
};

/*
 * Label and CKA_ID of an object of this container (its name as on the key), and of the generations
 * that follow it. An id, in place of the one that comes of the name, is given to both halves of a
 * signing pair that has no certificate. All of it is done or nothing: one record is written, unless
 * it would say what is there already. BK_EINVAL for what can't be a label (token/record.h) or an id
 * (1 to 20 bytes), BK_EDENIED for the id of an identity, BK_EEXISTS when something else in the slot
 * has it, BK_ENOTFOUND when the container isn't there, has another key or isn't the current
 * generation, BK_EUNSUPPORTED on a key without files, BK_EFULL.
 */
enum bk_err bk_object_name(struct bk_token *t, const char *full,
                           const struct bk_naming *naming) BK_MUST_CHECK;
/* Whether objects of this pair of a container can be given labels; not a certificate whose pair has
 * been replaced. */
bool bk_label_possible(const struct bk_token *t, const struct bk_container *c, enum bk_key_use use,
                       const struct bk_pubkey *key);

/*
 * A certificate next to the key that it is of, in a container that has none for that key. One that
 * is there already is never replaced: BK_EEXISTS, or BK_OK when it is the same. BK_ENOTFOUND when
 * the key isn't in this container any more, BK_ESTATE while a renewal has certificates set aside,
 * BK_EFULL; BK_EVERIFY when the key gives back something else than was written.
 */
enum bk_err bk_cert_put(struct bk_token *t, const char *full, enum bk_key_use use,
                        const struct bk_x509 *cert) BK_MUST_CHECK;

/* An empty one: BK_EINVAL for what can't be renewed later (1 to 44 bytes, no ~), BK_EEXISTS. */
enum bk_err bk_container_create(struct bk_token *t, const char *name) BK_MUST_CHECK;
/*
 * NAME's current generation, when it is no identity: BK_EDENIED when it has a certificate, an
 * encryption key (which came from the CA and isn't made again), or certificates set aside for it.
 */
enum bk_err bk_container_delete(struct bk_token *t, const char *name) BK_MUST_CHECK;
/* The same, if it still has this signing key: else BK_ENOTFOUND. */
enum bk_err bk_pair_delete(struct bk_token *t, const char *name,
                           const struct bk_pubkey *key) BK_MUST_CHECK;
/* Whether it has none of what makes an identity, as far as it was read. */
bool bk_container_no_identity(const struct bk_container *c);

#endif
