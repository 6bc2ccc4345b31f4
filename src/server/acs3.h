/* SPDX-License-Identifier: Apache-2.0 */
/* Aliyun's request signature, version 3 (ACS3-HMAC-SHA256), over POST requests to "/". */
#ifndef BK_SERVER_ACS3_H
#define BK_SERVER_ACS3_H

#include "base/buf.h"

struct bk_acs3 {
    const char *host, *action, *version;
    const char *date;  /* 2026-01-31T08:00:00Z */
    const char *nonce;
    const char *query; /* canonical: sorted, escaped; "" */
    const void *body;
    size_t body_len;
};

/* The signed headers, in their order. */
#define BK_ACS3_SIGNED                                                                             \
    "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version"

/* The signature and the body's SHA-256, both 64 characters of hex with NUL. */
enum bk_err bk_acs3_sign(const struct bk_acs3 *request, const char *secret, char signature[65],
                         char body_hash[65]) BK_MUST_CHECK;

#endif
