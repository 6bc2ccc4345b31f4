/* SPDX-License-Identifier: Apache-2.0 */
/* What signed and enveloped messages share: OIDs of GM/T 0006 and 0010, algorithm identifiers,
 * ContentInfo. */
#ifndef BK_CRYPTO_CMS_FORM_H
#define BK_CRYPTO_CMS_FORM_H

#include "crypto/der.h"
#include "crypto/x509.h"

#define BK_DER_CTX0 0xa0 /* [0], constructed */
#define BK_DER_CTX0_PRIM 0x80

enum bk_cms_oid {
    BK_CMS_DATA,        /* 1.2.156.10197.6.1.4.2.1 */
    BK_CMS_SIGNED,      /* …2.2 */
    BK_CMS_ENVELOPED,   /* …2.3 */
    BK_CMS_SM3,         /* 1.2.156.10197.1.401 */
    BK_CMS_SM2_SIGN,    /* 1.2.156.10197.1.301.1 */
    BK_CMS_SM2_ENCRYPT, /* 1.2.156.10197.1.301.3 */
    BK_CMS_SM4_CBC,     /* 1.2.156.10197.1.104.2 */
    BK_CMS_ATTR_DIGEST, /* 1.2.840.113549.1.9.4 */
};

enum bk_err bk_cms_put_oid(struct bk_buf *out, enum bk_cms_oid oid) BK_MUST_CHECK;
/* AlgorithmIdentifier: the OID and `params` (DER, may be NULL: left out). */
enum bk_err bk_cms_put_alg(struct bk_buf *out, enum bk_cms_oid oid,
                           const struct bk_buf *params) BK_MUST_CHECK;
enum bk_err bk_cms_put_version(struct bk_buf *out) BK_MUST_CHECK; /* INTEGER 1 */
/* IssuerAndSerialNumber of a certificate. */
enum bk_err bk_cms_put_issuer(struct bk_buf *out, const struct bk_x509 *cert) BK_MUST_CHECK;
/* ContentInfo of this type around `inner`, whose bytes are the content's element. */
enum bk_err bk_cms_put_info(struct bk_buf *out, enum bk_cms_oid type,
                            const struct bk_buf *inner) BK_MUST_CHECK;

enum bk_err bk_cms_take_oid(struct bk_rd *rd, enum bk_cms_oid oid) BK_MUST_CHECK;
/* An AlgorithmIdentifier with this OID (BK_EUNSUPPORTED for another); params reads what follows. */
enum bk_err bk_cms_take_alg(struct bk_rd *rd, enum bk_cms_oid oid,
                            struct bk_rd *params) BK_MUST_CHECK;
enum bk_err bk_cms_take_version(struct bk_rd *rd) BK_MUST_CHECK;
/* *mine tells whether the next IssuerAndSerialNumber is this certificate's; of none (NULL) it isn't. */
enum bk_err bk_cms_take_issuer(struct bk_rd *rd, const struct bk_x509 *cert,
                               bool *mine) BK_MUST_CHECK;
/* The inside of a whole ContentInfo of this type. */
enum bk_err bk_cms_take_info(const void *cms, size_t len, enum bk_cms_oid type,
                             struct bk_rd *inside) BK_MUST_CHECK;

#endif
