/* SPDX-License-Identifier: Apache-2.0 */
#include "server/pem.h"

#include <stdio.h>
#include <string.h>

#include "base/codec.h"

#define LINE 64u

enum bk_err bk_pem_put(const char *label, const void *der, size_t len, struct bk_buf *out)
{
    struct bk_buf text = BK_BUF_INIT;
    enum bk_err err = bk_base64_encode(der, len, &text);
    if (err == BK_OK)
        err = bk_buf_printf(out, "-----BEGIN %s-----\n", label);
    for (size_t at = 0; err == BK_OK && at < text.len; at += LINE) {
        size_t n = text.len - at < LINE ? text.len - at : LINE;
        err = bk_buf_put(out, text.data + at, n);
        if (err == BK_OK)
            err = bk_buf_put_u8(out, '\n');
    }
    if (err == BK_OK)
        err = bk_buf_printf(out, "-----END %s-----\n", label);
    bk_buf_free(&text);
    return err;
}

enum bk_err bk_pem_get(const char *label, const void *text, size_t len, struct bk_buf *out)
{
    char begin[80], end[80];
    struct bk_buf body = BK_BUF_INIT;
    (void)snprintf(begin, sizeof begin, "-----BEGIN %s-----", label);
    (void)snprintf(end, sizeof end, "-----END %s-----", label);
    const char *from = memmem(text, len, begin, strlen(begin));
    if (!from)
        return BK_ENOTFOUND;
    from += strlen(begin);
    const char *to = memmem(from, len - (size_t)(from - (const char *)text), end, strlen(end));
    if (!to)
        return BK_EFORMAT;
    enum bk_err err = BK_OK;
    for (; err == BK_OK && from < to; from++)
        if (*from != '\n' && *from != '\r')
            err = bk_buf_put_u8(&body, (uint8_t)*from);
    if (err == BK_OK)
        err = bk_base64_decode((const char *)body.data, body.len, out);
    bk_buf_free(&body);
    return err;
}
