/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OCSP (RFC 6960): requests read strictly, responses signed by the issuing CA's own key. A request
 * may name a certificate's issuer by SHA-1, SHA-256 or SM3; its nonce (RFC 8954) comes back. A
 * request's own signature and its other extensions are passed over.
 */
#ifndef BK_CRYPTO_OCSP_H
#define BK_CRYPTO_OCSP_H

#include "crypto/signer.h"

#define BK_OCSP_CERTS 8u  /* certificates in one request */
#define BK_OCSP_NONCE 32u /* bytes at most */
#define BK_OCSP_REQUEST_MAX 4096u

/* All point into the request. */
struct bk_ocsp_id {
    const uint8_t *der; /* CertID, whole */
    size_t der_len;
    enum bk_hash hash; /* BK_HASH_NONE: one that isn't known */
    const uint8_t *name_hash, *key_hash, *serial; /* the serial number without leading zeros */
    size_t name_hash_len, key_hash_len, serial_len;
};

struct bk_ocsp_request {
    struct bk_ocsp_id ids[BK_OCSP_CERTS];
    size_t count;
    const uint8_t *nonce; /* NULL: none */
    size_t nonce_len;
};

/* BK_EFORMAT, BK_ELIMIT: to be answered with BK_OCSP_MALFORMED. */
enum bk_err bk_ocsp_read(const void *der, size_t len, struct bk_ocsp_request *request) BK_MUST_CHECK;
/* One CertID, the whole input. */
enum bk_err bk_ocsp_read_id(const void *der, size_t len, struct bk_ocsp_id *id) BK_MUST_CHECK;
/* Whether the certificate is of this issuer (name: its Name in DER). */
enum bk_err bk_ocsp_is_of(const struct bk_ocsp_id *id, const void *name, size_t name_len,
                          const struct bk_pubkey *key, bool *is) BK_MUST_CHECK;

enum bk_ocsp_state { BK_OCSP_GOOD = 0, BK_OCSP_REVOKED = 1, BK_OCSP_UNKNOWN = 2 };

struct bk_ocsp_single {
    const uint8_t *id; /* CertID, whole */
    size_t id_len;
    enum bk_ocsp_state state;
    int64_t revoked_at; /* seconds since 1970 */
    int reason;         /* RFC 5280 clause 5.3.1; 0 is left out */
};

struct bk_ocsp_answer {
    const struct bk_ocsp_single *singles;
    size_t count;
    int64_t this_update, next_update; /* seconds since 1970 */
    const uint8_t *nonce;             /* NULL: none */
    size_t nonce_len;
};

/* An OCSPResponse, successful, appended. */
enum bk_err bk_ocsp_answer(const struct bk_signer *signer, const struct bk_ocsp_answer *answer,
                           struct bk_buf *out) BK_MUST_CHECK;

enum bk_ocsp_failure {
    BK_OCSP_MALFORMED = 1,
    BK_OCSP_INTERNAL = 2,
    BK_OCSP_TRY_LATER = 3,
    BK_OCSP_UNAUTHORIZED = 6 /* not of our issuers */
};
/* An OCSPResponse that says no more than that, appended. */
enum bk_err bk_ocsp_refuse(enum bk_ocsp_failure failure, struct bk_buf *out) BK_MUST_CHECK;

#endif
