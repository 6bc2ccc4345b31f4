/* SPDX-License-Identifier: Apache-2.0 */
/* A text with ${name} in it, filled in from an object's texts and numbers. */
#ifndef BK_SERVER_FILL_H
#define BK_SERVER_FILL_H

#include "net/json.h"

/* Appended. BK_EFORMAT: a name isn't there. */
enum bk_err bk_fill(const char *text, const json_t *params, struct bk_buf *out) BK_MUST_CHECK;

#endif
