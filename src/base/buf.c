/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

void bk_buf_free(struct bk_buf *buf)
{
    if (buf->data) {
        OPENSSL_cleanse(buf->data, buf->cap);
        free(buf->data);
    }
    *buf = (struct bk_buf){0};
}

void bk_buf_clear(struct bk_buf *buf)
{
    if (buf->data)
        OPENSSL_cleanse(buf->data, buf->cap);
    buf->len = 0;
}

enum bk_err bk_buf_reserve(struct bk_buf *buf, size_t more)
{
    if (more > BK_BUF_MAX - buf->len)
        return BK_ELIMIT;
    if (buf->data && buf->len + more <= buf->cap)
        return BK_OK;
    size_t cap = buf->cap ? buf->cap : 64;
    while (cap < buf->len + more)
        cap *= 2;
    /* not realloc: it would leave a copy of the old bytes behind, unwiped */
    uint8_t *data = malloc(cap);
    if (!data)
        return BK_ENOMEM;
    size_t len = buf->len;
    if (buf->data)
        memcpy(data, buf->data, len);
    bk_buf_free(buf);
    *buf = (struct bk_buf){.data = data, .len = len, .cap = cap};
    return BK_OK;
}

enum bk_err bk_buf_put(struct bk_buf *buf, const void *data, size_t len)
{
    enum bk_err err = bk_buf_reserve(buf, len);
    if (err == BK_OK && len) {
        memcpy(buf->data + buf->len, data, len);
        buf->len += len;
    }
    return err;
}

enum bk_err bk_buf_put_str(struct bk_buf *buf, const char *text)
{
    return bk_buf_put(buf, text, strlen(text));
}

enum bk_err bk_buf_put_zero(struct bk_buf *buf, size_t len)
{
    enum bk_err err = bk_buf_reserve(buf, len);
    if (err == BK_OK && len) {
        memset(buf->data + buf->len, 0, len);
        buf->len += len;
    }
    return err;
}

/* The `size` low bytes of v, most significant first or last. */
static enum bk_err put_int(struct bk_buf *buf, uint64_t v, unsigned size, int big_endian)
{
    uint8_t bytes[8];
    for (unsigned i = 0; i < size; i++)
        bytes[big_endian ? size - 1 - i : i] = (uint8_t)(v >> (8 * i));
    return bk_buf_put(buf, bytes, size);
}

enum bk_err bk_buf_put_u8(struct bk_buf *buf, uint8_t v)
{
    enum bk_err err = buf->len < buf->cap ? BK_OK : bk_buf_reserve(buf, 1);
    if (err == BK_OK)
        buf->data[buf->len++] = v;
    return err;
}

enum bk_err bk_buf_put_u16be(struct bk_buf *buf, uint16_t v)
{
    return put_int(buf, v, 2, 1);
}

enum bk_err bk_buf_put_u16le(struct bk_buf *buf, uint16_t v)
{
    return put_int(buf, v, 2, 0);
}

enum bk_err bk_buf_put_u32be(struct bk_buf *buf, uint32_t v)
{
    return put_int(buf, v, 4, 1);
}

enum bk_err bk_buf_put_u32le(struct bk_buf *buf, uint32_t v)
{
    return put_int(buf, v, 4, 0);
}

enum bk_err bk_buf_put_u64be(struct bk_buf *buf, uint64_t v)
{
    return put_int(buf, v, 8, 1);
}

enum bk_err bk_buf_printf(struct bk_buf *buf, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    enum bk_err err = n < 0 ? BK_EINVAL : bk_buf_reserve(buf, (size_t)n + 1);
    if (err == BK_OK) {
        (void)vsnprintf((char *)buf->data + buf->len, (size_t)n + 1, fmt, again);
        buf->len += (size_t)n;
    }
    va_end(again);
    return err;
}

enum bk_err bk_buf_cstr(struct bk_buf *buf, const char **text)
{
    enum bk_err err = bk_buf_reserve(buf, 1);
    if (err == BK_OK) {
        buf->data[buf->len] = 0;
        *text = (const char *)buf->data;
    }
    return err;
}

struct bk_rd bk_rd(const void *data, size_t len)
{
    return (struct bk_rd){.at = data, .left = len};
}

enum bk_err bk_rd_take(struct bk_rd *rd, size_t len, const uint8_t **data)
{
    if (len > rd->left)
        return BK_EFORMAT;
    *data = rd->at;
    if (len)
        rd->at += len;
    rd->left -= len;
    return BK_OK;
}

enum bk_err bk_rd_copy(struct bk_rd *rd, void *out, size_t len)
{
    const uint8_t *from = NULL;
    enum bk_err err = bk_rd_take(rd, len, &from);
    if (err == BK_OK && len)
        memcpy(out, from, len);
    return err;
}

static enum bk_err get_int(struct bk_rd *rd, unsigned size, int big_endian, uint64_t *v)
{
    const uint8_t *b = NULL;
    enum bk_err err = bk_rd_take(rd, size, &b);
    if (err != BK_OK)
        return err;
    uint64_t got = 0;
    for (unsigned i = 0; i < size; i++)
        got = got << 8 | b[big_endian ? i : size - 1 - i];
    *v = got;
    return BK_OK;
}

enum bk_err bk_rd_u8(struct bk_rd *rd, uint8_t *v)
{
    uint64_t got = 0;
    enum bk_err err = get_int(rd, 1, 1, &got);
    if (err == BK_OK)
        *v = (uint8_t)got;
    return err;
}

static enum bk_err get_u16(struct bk_rd *rd, int big_endian, uint16_t *v)
{
    uint64_t got = 0;
    enum bk_err err = get_int(rd, 2, big_endian, &got);
    if (err == BK_OK)
        *v = (uint16_t)got;
    return err;
}

enum bk_err bk_rd_u16be(struct bk_rd *rd, uint16_t *v)
{
    return get_u16(rd, 1, v);
}

enum bk_err bk_rd_u16le(struct bk_rd *rd, uint16_t *v)
{
    return get_u16(rd, 0, v);
}

static enum bk_err get_u32(struct bk_rd *rd, int big_endian, uint32_t *v)
{
    uint64_t got = 0;
    enum bk_err err = get_int(rd, 4, big_endian, &got);
    if (err == BK_OK)
        *v = (uint32_t)got;
    return err;
}

enum bk_err bk_rd_u32be(struct bk_rd *rd, uint32_t *v)
{
    return get_u32(rd, 1, v);
}

enum bk_err bk_rd_u32le(struct bk_rd *rd, uint32_t *v)
{
    return get_u32(rd, 0, v);
}

enum bk_err bk_rd_u64be(struct bk_rd *rd, uint64_t *v)
{
    return get_int(rd, 8, 1, v);
}

enum bk_err bk_rd_end(const struct bk_rd *rd)
{
    return rd->left ? BK_EFORMAT : BK_OK;
}
