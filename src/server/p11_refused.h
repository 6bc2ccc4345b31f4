/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The PIN that a token has refused, so that a daemon which begins again and again doesn't use the
 * token's tries up with it. Kept as its scrypt hash (docs/formats.md clause 6).
 */
#ifndef BK_SERVER_P11_REFUSED_H
#define BK_SERVER_P11_REFUSED_H

#include <stdbool.h>

#include "base/secret.h"

/* Whether it is what the file says; one that isn't there says nothing. */
enum bk_err bk_p11_was_refused(const char *path, const char *token, const struct bk_secret *pin,
                               bool *was) BK_MUST_CHECK;
enum bk_err bk_p11_note_refused(const char *path, const char *token,
                                const struct bk_secret *pin) BK_MUST_CHECK;
/* The token has taken one. */
void bk_p11_forget_refused(const char *path);

#endif
