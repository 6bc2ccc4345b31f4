/* SPDX-License-Identifier: Apache-2.0 */
/* What a key signs for the platform: docs/formats.md clause 5. */
#ifndef BK_SERVER_SIGNED_H
#define BK_SERVER_SIGNED_H

#include "base/buf.h"

/* Whether the key in a certificate (DER) signed bk_signed_bytes of these; BK_EVERIFY when not. */
enum bk_err bk_signed_check(const void *cert, size_t cert_len, const char *purpose,
                            const char *origin, const char *const *fields, const void *signature,
                            size_t signature_len) BK_MUST_CHECK;

#endif
