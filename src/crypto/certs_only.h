/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates and nothing else, as SignedData without signers (RFC 5652 clause 5.1, "certs-only"). */
#ifndef BK_CRYPTO_CERTS_ONLY_H
#define BK_CRYPTO_CERTS_ONLY_H

#include "base/buf.h"

/* Certificates in DER, in this order. Appended. */
enum bk_err bk_certs_only(const struct bk_rd *certs, size_t count,
                          struct bk_buf *out) BK_MUST_CHECK;

#endif
