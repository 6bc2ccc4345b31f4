/* SPDX-License-Identifier: Apache-2.0 */
/* What a key signs for the platform (docs/formats.md clause 5): made here for whoever signs and
 * whoever checks. */
#ifndef BK_BASE_SIGNED_H
#define BK_BASE_SIGNED_H

#include "base/buf.h"

/* No other data that a key signs may begin with this. */
#define BK_SIGNED_PREFIX "BJCA-PLATFORM-SIGNED/1\n"

/* Appended to out. purpose: "login", "unlock-proof", "renewal-report",
 * "production-report"; fields end with NULL.
 * BK_EINVAL when one holds a line break. */
enum bk_err bk_signed_bytes(const char *purpose, const char *origin, const char *const *fields,
                            struct bk_buf *out) BK_MUST_CHECK;

#endif
