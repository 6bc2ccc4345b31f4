/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates and revocation lists, read (RFC 5280; SM2 signatures by GM/T 0015: SM3, the
 * default ID). Parsing is OpenSSL's; what OpenSSL 3.0 lacks is here: the SM2 ID goes to every
 * certificate of a chain and to revocation lists.
 */
#ifndef BK_CRYPTO_X509_H
#define BK_CRYPTO_X509_H

#include <stdbool.h>

#include <openssl/types.h>

#include "base/buf.h"
#include "crypto/pubkey.h"

#define BK_CERT_MAX 8192 /* bytes of a certificate we read */
#define BK_CHAIN_MAX 8   /* certificates above a leaf */

/* Key usage, RFC 5280 clause 4.2.1.3, bit 0 lowest. */
#define BK_USAGE_SIGN 0x001u
#define BK_USAGE_NON_REPUDIATION 0x002u
#define BK_USAGE_KEY_ENC 0x004u
#define BK_USAGE_DATA_ENC 0x008u
#define BK_USAGE_KEY_AGREEMENT 0x010u
#define BK_USAGE_CERT_SIGN 0x020u
#define BK_USAGE_CRL_SIGN 0x040u
#define BK_USAGE_ENCRYPTS (BK_USAGE_KEY_ENC | BK_USAGE_DATA_ENC | BK_USAGE_KEY_AGREEMENT)

/* Made when it is first needed: bk_x509_openssl. */
struct bk_x509_openssl {
    X509 *_Atomic x;
    const char *sm2_id; /* in its signature, where that is SM2; the caller's */
};

struct bk_x509 {
    struct bk_x509_openssl *made;
    struct bk_buf der;
    struct bk_buf subject; /* Name, DER */
    struct bk_buf issuer;  /* Name, DER */
    struct bk_buf serial;  /* INTEGER, DER with its header */
    char serial_hex[65];   /* lower case, no leading zeros */
    int64_t not_before;    /* seconds since 1970, UTC */
    int64_t not_after;
    struct bk_pubkey key; /* alg 0: an algorithm that is neither RSA nor SM2 */
    bool has_usage;
    unsigned usage; /* BK_USAGE_ bits */
    bool is_ca;
    bool self_issued;      /* subject = issuer */
    char common_name[257]; /* UTF-8, cut at a character; empty when there is none */
    char organisation[257];
};

/* The whole input is one certificate; copied. BK_EFORMAT, BK_ELIMIT over BK_CERT_MAX. */
enum bk_err bk_x509_parse(const void *der, size_t len, struct bk_x509 **cert) BK_MUST_CHECK;
void bk_x509_free(struct bk_x509 **cert);
/* For the files of this layer: OpenSSL's own of it, with the SM2 ID where it is signed by SM2. It
 * lives as long as cert; NULL when OpenSSL doesn't read it. */
X509 *bk_x509_openssl(const struct bk_x509 *cert);
/* Length of the first certificate in bytes that may go on behind it. */
enum bk_err bk_x509_first_len(const void *der, size_t len, size_t *first) BK_MUST_CHECK;

/* A list of certificates, DER one behind the other. Issuer first. */
struct bk_chain {
    struct bk_x509 *certs[BK_CHAIN_MAX];
    size_t count;
    /* beside the default one, taken in SM2 signatures on certificates; NULL: none. It is the
     * caller's, set after bk_chain_parse. */
    const char *sm2_id;
};
enum bk_err bk_chain_parse(const void *der, size_t len, struct bk_chain *chain) BK_MUST_CHECK;
void bk_chain_free(struct bk_chain *chain);

/* Whether `issuer` signed `cert`; names and signature, no dates. BK_EVERIFY when not. */
enum bk_err bk_x509_signed_by(const struct bk_x509 *cert,
                              const struct bk_x509 *issuer) BK_MUST_CHECK;
/*
 * A path from cert through the chain to its last certificate, which is trusted as it stands and
 * must be self-signed: signatures, dates at `now` (seconds since 1970), CA flags, path lengths,
 * certSign. BK_EVERIFY when any fails.
 */
enum bk_err bk_chain_verify(const struct bk_x509 *cert, const struct bk_chain *chain,
                            int64_t now) BK_MUST_CHECK;
/*
 * Whether the list, signed by `issuer` and valid at `now`, revokes `cert`. BK_EVERIFY: signature
 * or dates wrong, or another issuer's list. reason: RFC 5280 clause 5.3.1, 0 when none is given.
 * sm2_id: as in a struct bk_chain.
 */
enum bk_err bk_crl_check(const void *crl_der, size_t len, const struct bk_x509 *issuer,
                         const char *sm2_id, const struct bk_x509 *cert, int64_t now, bool *revoked,
                         int *reason) BK_MUST_CHECK;

#endif
