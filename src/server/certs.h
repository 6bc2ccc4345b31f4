/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates in pairs: one for the signing key that a container made, one for the encryption
 * key that the platform makes, escrows, and envelopes to the signing key.
 */
#ifndef BK_SERVER_CERTS_H
#define BK_SERVER_CERTS_H

#include "server/app.h"
#include "server/ca.h"

#define BK_CERT_IDENTITY 128u /* bytes of what identity extensions hold; never in a log */
#define BK_CERT_ID 96u        /* "rsa:" or "sm2:" and the serial number in hex, with NUL */

struct bk_pair_ask {
    const char *key_serial, *container;
    const void *request; /* PKCS#10 */
    size_t request_len;
    const struct bk_pubkey *key; /* the request's */
    const void *subject;         /* Name, DER */
    size_t subject_len;
    int64_t not_before, not_after;             /* seconds since 1970 */
    const char *crl_url, *ocsp_url, *identity; /* NULL: none */
    const struct bk_pubkey
        *kept_enc; /* the encryption key the container has; NULL: a new one is made */
};

struct bk_pair {
    enum bk_alg alg;
    uint8_t sign_serial[BK_SERIAL_BYTES], enc_serial[BK_SERIAL_BYTES];
    bool nothing; /* bk_pair_make failed before the CA can have issued anything */
    char sign_id[BK_CERT_ID], enc_id[BK_CERT_ID];
    char common_name[257];             /* of both, as it was made */
    int64_t not_before, not_after;     /* likewise, seconds since 1970 */
    struct bk_buf sign, enc, envelope; /* DER */
    struct bk_buf enc_key;             /* RSAPrivateKey in DER, or the 32 bytes of an SM2 key */
    /* the last two are empty for a kept encryption key */
};

/* "rsa", "sm2" */
const char *bk_alg_name(enum bk_alg alg);
/* What a certificate that was shown is registered as when it is one of ours, and its SHA-256, which
 * the register must have, too. BK_ENOTFOUND: it can't be one. */
enum bk_err bk_certificate_id(const void *der, size_t len, char id[BK_CERT_ID],
                              char fingerprint[65]) BK_MUST_CHECK;
/* SM3 of a key's SubjectPublicKeyInfo. */
enum bk_err bk_key_hash(const struct bk_pubkey *key, char hash[65]) BK_MUST_CHECK;

/*
 * A certificate that is issued is known, whatever happens on the way: its serial number is written
 * down by bk_pair_plan, and committed, before the CA is asked to use it. bk_pair_store puts the
 * certificates in its place; what wasn't stored after some minutes bk_pair_clean puts on the
 * revocation list, and nothing can be stored for it then (BK_EEXISTS).
 */
enum bk_err bk_pair_plan(struct bk_tx *tx, enum bk_alg alg, int64_t not_after, int64_t now,
                         struct bk_pair *pair) BK_MUST_CHECK;
/* For a pair with `nothing`. */
enum bk_err bk_pair_forget(struct bk_tx *tx, const struct bk_pair *pair) BK_MUST_CHECK;
enum bk_err bk_pair_clean(struct bk_tx *tx, int64_t now) BK_MUST_CHECK;

/* Asks the CA for what was planned; touches no database. BK_EVERIFY, BK_EFORMAT: the request isn't
 * good (its signature is checked by the CA alone); BK_EREFUSED: the CA never issues this. */
enum bk_err bk_pair_make(struct bk_ca *ca, const struct bk_pair_ask *ask,
                         struct bk_pair *pair) BK_MUST_CHECK;
void bk_pair_free(struct bk_pair *pair);
/* Registers both certificates, a new encryption key sealed. */
enum bk_err bk_pair_store(struct bk_tx *tx, const struct bk_escrow *escrow,
                          const struct bk_pair_ask *ask, const struct bk_pair *pair,
                          int64_t now) BK_MUST_CHECK;
/* Whose certificate a signing certificate is, as bk_pair_ask.identity said it, from the column
 * identity_sealed: "" when it didn't. */
enum bk_err bk_pair_identity(const struct bk_escrow *escrow, const char *sign_id,
                             struct bk_rd sealed,
                             char identity[BK_CERT_IDENTITY + 1]) BK_MUST_CHECK;
/* Whether a certificate is registered and not revoked; it may have expired. */
enum bk_err bk_certificate_good(struct bk_tx *tx, const char *id, bool *good) BK_MUST_CHECK;
/* Those of a key, the oldest first. Columns: id, kind ("sign", "enc"), container, state ("good",
 * "revoked"), end. */
enum bk_err bk_certificate_list(struct bk_tx *tx, const char *key_serial,
                                struct bk_rows *rows) BK_MUST_CHECK;
/* Revokes a signing certificate and the encryption certificate that came with it; reason as in RFC
 * 5280 clause 5.3.1. What is revoked already stays as it is. One that may have been given to
 * somebody is revoked by server/revoke.h, which also ends its orders. */
enum bk_err bk_pair_revoke(struct bk_tx *tx, const char *sign_id, int reason,
                           int64_t now) BK_MUST_CHECK;
/* The current revocation list in DER, appended; made anew when something was revoked since or half
 * of its time is over. */
enum bk_err bk_crl_current(struct bk_app *app, enum bk_alg alg, struct bk_buf *out) BK_MUST_CHECK;

#endif
