/* SPDX-License-Identifier: Apache-2.0 */
/* PEM (RFC 7468), as much as keys and certificates of ours need. */
#ifndef BK_SERVER_PEM_H
#define BK_SERVER_PEM_H

#include "base/buf.h"

/* Appended to out. */
enum bk_err bk_pem_put(const char *label, const void *der, size_t len,
                       struct bk_buf *out) BK_MUST_CHECK;
/* The first block with this label, appended to out; BK_ENOTFOUND. */
enum bk_err bk_pem_get(const char *label, const void *text, size_t len,
                       struct bk_buf *out) BK_MUST_CHECK;

#endif
