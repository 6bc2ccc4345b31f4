/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a CA writes: certificates and revocation lists (RFC 5280; SM2 by GM/T 0015 and GM/T 0009:
 * SM3, with the ID of the signer's policy), and what it reads first, the PKCS#10. Written as DER
 * directly: OpenSSL 3.0 can't be told the SM2 ID everywhere, and its encoders cost more than the
 * signature.
 */
#ifndef BK_CRYPTO_ISSUE_H
#define BK_CRYPTO_ISSUE_H

#include <stdint.h>

#include "crypto/signer.h"

#define BK_SERIAL_BYTES 20u

enum bk_profile {
    BK_PROFILE_ROOT,       /* CA, any path */
    BK_PROFILE_ISSUING,    /* CA, path length 0 */
    BK_PROFILE_SIGN,       /* digitalSignature, nonRepudiation */
    BK_PROFILE_ENC,        /* keyEncipherment, dataEncipherment; keyAgreement too for SM2 */
    BK_PROFILE_TLS_SERVER, /* serverAuth with the names in alt_names */
};

#define BK_ISSUE_OIDS 8u
#define BK_OID_MAX 24u /* content bytes */

struct bk_oid {
    uint8_t len, bytes[BK_OID_MAX];
};

/* What a leaf of this CA says beyond its profile. */
struct bk_issue_more {
    uint8_t usage; /* KeyUsage, bit 0 is 80; 0: the profile's */
    size_t eku_count, policy_count, identity_count;
    struct bk_oid ekus[BK_ISSUE_OIDS];     /* extendedKeyUsage */
    struct bk_oid policies[BK_ISSUE_OIDS]; /* certificatePolicies */
    /* Extensions that hold whose certificate it is (BJCA's 1.2.156.112562.2.1.1.1 and others), each
     * a UTF8String of `before` and bk_issue.identity. */
    struct {
        struct bk_oid oid;
        char before[32];
    } identities[BK_ISSUE_OIDS];
};

/* "1.2.156.112562.2.1.1.1"; BK_EFORMAT. */
enum bk_err bk_oid_parse(const char *text, struct bk_oid *oid) BK_MUST_CHECK;

struct bk_issue {
    enum bk_profile profile;
    uint8_t serial[BK_SERIAL_BYTES]; /* bk_issue_serial makes one */
    const void *issuer, *subject;    /* Name, DER */
    size_t issuer_len, subject_len;
    int64_t not_before, not_after; /* seconds since 1970, UTC */
    const struct bk_pubkey *key;
    const char *const *alt_names;     /* DNS names and IP addresses, ends at NULL; may be NULL */
    const char *crl_url;              /* NULL: no distribution point */
    const char *ocsp_url;             /* NULL: no responder is named */
    const struct bk_issue_more *more; /* NULL: nothing */
    const char *identity;             /* UTF-8; NULL: no extension holds it */
};

/* The time in ms, six octets of which the first is from 01 to 7F (positive and always as long), and
 * 14 random ones. Who keeps certificates by these keeps those that are made together together. */
enum bk_err bk_issue_serial(uint8_t serial[BK_SERIAL_BYTES]) BK_MUST_CHECK;
/* A Name of C=CN, O, CN in UTF-8; org may be NULL or empty. Appended. */
enum bk_err bk_issue_name(const char *org, const char *cn, struct bk_buf *out) BK_MUST_CHECK;
/* The certificate, appended to out. */
enum bk_err bk_issue_cert(const struct bk_signer *signer, const struct bk_issue *issue,
                          struct bk_buf *out) BK_MUST_CHECK;

struct bk_revoked {
    uint8_t serial[BK_SERIAL_BYTES];
    int64_t at; /* seconds since 1970 */
    int reason; /* RFC 5280 clause 5.3.1; 0 is left out */
};

/* A list's entry, appended. */
enum bk_err bk_issue_crl_entry(const struct bk_revoked *revoked, struct bk_buf *out) BK_MUST_CHECK;

struct bk_issue_crl {
    const void *issuer; /* Name, DER */
    size_t issuer_len;
    uint64_t number;
    int64_t this_update, next_update;
    uint64_t list_len; /* bytes of all entries together */
};

/*
 * A list is signed while its entries go by, however many they are, and none is kept: it is
 * head ‖ the entries ‖ tail. The signer must outlive it. BK_EFORMAT at the end: the entries weren't
 * list_len bytes.
 */
struct bk_crl_signing;
enum bk_err bk_issue_crl_begin(const struct bk_signer *signer, const struct bk_issue_crl *crl,
                               struct bk_crl_signing **signing) BK_MUST_CHECK;
enum bk_err bk_issue_crl_add(struct bk_crl_signing *signing,
                             const struct bk_revoked *revoked) BK_MUST_CHECK;
/* Both appended. */
enum bk_err bk_issue_crl_end(struct bk_crl_signing *signing, struct bk_buf *head,
                             struct bk_buf *tail) BK_MUST_CHECK;
void bk_issue_crl_free(struct bk_crl_signing **signing);

/* A PKCS#10 (RFC 2986), whole and strict, its signature checked (SM2 with the default ID). Subject
 * points into der. BK_EVERIFY when the signature is wrong. */
struct bk_pkcs10 {
    struct bk_pubkey key;
    const uint8_t *subject; /* Name, DER */
    size_t subject_len;
};
enum bk_err bk_pkcs10_read(const void *der, size_t len, struct bk_pkcs10 *request) BK_MUST_CHECK;
/* The same, its signature not checked: whoever certifies it does. */
enum bk_err bk_pkcs10_parse(const void *der, size_t len, struct bk_pkcs10 *request) BK_MUST_CHECK;

#endif
