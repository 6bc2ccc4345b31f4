/* SPDX-License-Identifier: Apache-2.0 */
/* Unguessable values from the kernel's random generator. */
#ifndef BK_WORKFLOW_TOKEN_H
#define BK_WORKFLOW_TOKEN_H

#include "base/secret.h"

#define BK_TOKEN_TEXT 33u

/* 32 hex digits and a NUL: an Idempotency-Key. */
enum bk_err bk_token_text(char text[BK_TOKEN_TEXT]) BK_MUST_CHECK;
enum bk_err bk_token_secret(struct bk_secret *secret, size_t len) BK_MUST_CHECK;

#endif
