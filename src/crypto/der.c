/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/der.h"

#include <stdbool.h>
#include <string.h>

static enum bk_err take_length(struct bk_rd *rd, size_t *len)
{
    uint8_t first = 0;
    enum bk_err err = bk_rd_u8(rd, &first);
    if (err != BK_OK)
        return err;
    *len = first;
    if (first < 0x80)
        return BK_OK;
    unsigned count = first & 0x7fu;
    if (!count || count > 3)
        return BK_EFORMAT;
    *len = 0;
    for (unsigned i = 0; i < count; i++) {
        uint8_t b = 0;
        err = bk_rd_u8(rd, &b);
        if (err != BK_OK)
            return err;
        *len = *len << 8 | b;
    }
    size_t least = count == 1 ? 0x80 : (size_t)1 << (8 * (count - 1));
    return *len < least ? BK_EFORMAT : BK_OK;
}

enum bk_err bk_der_take(struct bk_rd *rd, uint8_t tag, struct bk_rd *inside)
{
    struct bk_rd at = *rd;
    uint8_t got = 0;
    size_t len = 0;
    const uint8_t *value = NULL;
    enum bk_err err = bk_rd_u8(&at, &got);
    if (err == BK_OK && got != tag)
        err = BK_EFORMAT;
    if (err == BK_OK)
        err = take_length(&at, &len);
    if (err == BK_OK)
        err = bk_rd_take(&at, len, &value);
    if (err != BK_OK)
        return err;
    *rd = at;
    if (inside)
        *inside = bk_rd(value, len);
    return BK_OK;
}

uint8_t bk_der_peek(const struct bk_rd *rd)
{
    return rd->left ? rd->at[0] : 0;
}

enum bk_err bk_der_uint(struct bk_rd *rd, const uint8_t **v, size_t *len)
{
    struct bk_rd at = *rd, in;
    enum bk_err err = bk_der_take(&at, BK_DER_INTEGER, &in);
    if (err != BK_OK)
        return err;
    if (!in.left || in.at[0] & 0x80 || (in.left > 1 && !in.at[0] && !(in.at[1] & 0x80)))
        return BK_EFORMAT;
    size_t skip = in.at[0] == 0;
    *v = in.at + skip;
    *len = in.left - skip;
    *rd = at;
    return BK_OK;
}

enum bk_err bk_der_uint_fixed(struct bk_rd *rd, uint8_t *out, size_t size)
{
    const uint8_t *v = NULL;
    size_t len = 0;
    enum bk_err err = bk_der_uint(rd, &v, &len);
    if (err == BK_OK && len > size)
        err = BK_EFORMAT;
    if (err != BK_OK)
        return err;
    memset(out, 0, size - len);
    if (len)
        memcpy(out + size - len, v, len);
    return BK_OK;
}

enum bk_err bk_der_bits(struct bk_rd *rd, struct bk_rd *inside)
{
    struct bk_rd at = *rd, in;
    uint8_t unused = 1;
    enum bk_err err = bk_der_take(&at, BK_DER_BITS, &in);
    if (err == BK_OK)
        err = bk_rd_u8(&in, &unused);
    if (err == BK_OK && unused)
        err = BK_EFORMAT;
    if (err != BK_OK)
        return err;
    *rd = at;
    *inside = in;
    return BK_OK;
}

enum bk_err bk_der_oid(struct bk_rd *rd, const uint8_t *oid, size_t len)
{
    struct bk_rd at = *rd, in;
    enum bk_err err = bk_der_take(&at, BK_DER_OID, &in);
    if (err != BK_OK)
        return err;
    if (in.left != len || memcmp(in.at, oid, len) != 0)
        return BK_EFORMAT;
    *rd = at;
    return BK_OK;
}

enum bk_err bk_der_put_head(struct bk_buf *out, uint8_t tag, size_t len)
{
    if (len > 0xffffffff)
        return BK_ELIMIT;
    enum bk_err err = bk_buf_put_u8(out, tag);
    unsigned count = len < 0x80 ? 0 : len < 0x100 ? 1 : len < 0x10000 ? 2 : len < 0x1000000 ? 3 : 4;
    if (err == BK_OK && count)
        err = bk_buf_put_u8(out, (uint8_t)(0x80 | count));
    for (unsigned i = count; err == BK_OK && i > 1; i--)
        err = bk_buf_put_u8(out, (uint8_t)(len >> (8 * (i - 1))));
    if (err == BK_OK)
        err = bk_buf_put_u8(out, (uint8_t)len);
    return err;
}

enum bk_err bk_der_put(struct bk_buf *out, uint8_t tag, const void *value, size_t len)
{
    enum bk_err err = bk_der_put_head(out, tag, len);
    return err == BK_OK ? bk_buf_put(out, value, len) : err;
}

enum bk_err bk_der_wrap(struct bk_buf *out, uint8_t tag, struct bk_buf *inner)
{
    enum bk_err err = bk_der_put(out, tag, inner->data, inner->len);
    bk_buf_clear(inner);
    return err;
}

enum bk_err bk_der_put_uint(struct bk_buf *out, const uint8_t *v, size_t len)
{
    while (len && !*v) {
        v++;
        len--;
    }
    bool lead = !len || v[0] & 0x80;
    enum bk_err err = bk_der_put_head(out, BK_DER_INTEGER, len + lead);
    if (err == BK_OK && lead)
        err = bk_buf_put_u8(out, 0);
    return err == BK_OK ? bk_buf_put(out, v, len) : err;
}

enum bk_err bk_der_put_bits(struct bk_buf *out, const void *value, size_t len)
{
    enum bk_err err = bk_der_put_head(out, BK_DER_BITS, len + 1);
    if (err == BK_OK)
        err = bk_buf_put_u8(out, 0);
    return err == BK_OK ? bk_buf_put(out, value, len) : err;
}
