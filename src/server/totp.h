/* SPDX-License-Identifier: Apache-2.0 */
/* Time-based one-time codes (RFC 6238) as authenticator apps make them: SHA-1, six digits, steps of
 * thirty seconds. */
#ifndef BK_SERVER_TOTP_H
#define BK_SERVER_TOTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

#define BK_TOTP_SECRET 20u /* bytes */
#define BK_TOTP_DIGITS 6u

int64_t bk_totp_step(int64_t now_ms);
enum bk_err bk_totp_code(const void *secret, size_t len, int64_t step,
                         char code[BK_TOTP_DIGITS + 1]) BK_MUST_CHECK;
/* Whether the code is that of now or of a step beside it; *step: the newest of these that it is
 * of. Takes the same time for each code. */
enum bk_err bk_totp_check(const void *secret, size_t len, const char *code, int64_t now_ms,
                          bool *good, int64_t *step) BK_MUST_CHECK;
/* What an authenticator app reads: otpauth://totp/ISSUER:NAME?secret=…&issuer=ISSUER, appended. */
enum bk_err bk_totp_uri(const char *issuer, const char *name, const void *secret, size_t len,
                        struct bk_buf *uri) BK_MUST_CHECK;

#endif
