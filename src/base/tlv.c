/* SPDX-License-Identifier: Apache-2.0 */
#include "base/tlv.h"

static enum bk_err put_head(struct bk_buf *out, uint16_t tag, size_t len)
{
    uint8_t head[5];
    size_t n = 0;
    if (tag > 0xff)
        head[n++] = (uint8_t)(tag >> 8);
    head[n++] = (uint8_t)tag;
    if (len > 0xff) {
        head[n++] = 0x82;
        head[n++] = (uint8_t)(len >> 8);
    } else if (len > 0x7f) {
        head[n++] = 0x81;
    }
    head[n++] = (uint8_t)len;
    return bk_buf_put(out, head, n);
}

enum bk_err bk_tlv_put(struct bk_buf *out, uint16_t tag, const void *value, size_t len)
{
    if (len > BK_TLV_MAX)
        return BK_ELIMIT;
    size_t start = out->len;
    enum bk_err err = put_head(out, tag, len);
    if (err == BK_OK)
        err = bk_buf_put(out, value, len);
    if (err != BK_OK)
        out->len = start;
    return err;
}

enum bk_err bk_tlv_put_uint(struct bk_buf *out, uint16_t tag, uint32_t v)
{
    uint8_t bytes[4] = {(uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v};
    size_t skip = 0;
    while (skip < 3 && !bytes[skip])
        skip++;
    return bk_tlv_put(out, tag, bytes + skip, 4 - skip);
}

static enum bk_err read_tag(struct bk_rd *rd, uint16_t *tag)
{
    uint8_t b = 0;
    enum bk_err err = bk_rd_u8(rd, &b);
    if (err != BK_OK)
        return err;
    *tag = b;
    if ((b & 0x1f) != 0x1f)
        return b ? BK_OK : BK_EFORMAT;
    err = bk_rd_u8(rd, &b);
    if (err != BK_OK)
        return err;
    /* two-byte tags carry numbers from 31 up; a third byte is not used here */
    if (b & 0x80 || b < 0x1f)
        return BK_EFORMAT;
    *tag = (uint16_t)(*tag << 8 | b);
    return BK_OK;
}

static enum bk_err read_length(struct bk_rd *rd, size_t *len)
{
    uint8_t b = 0;
    enum bk_err err = bk_rd_u8(rd, &b);
    if (err != BK_OK)
        return err;
    if (b < 0x80) {
        *len = b;
        return BK_OK;
    }
    if (b == 0x81) {
        err = bk_rd_u8(rd, &b);
        *len = b;
        return err == BK_OK && b < 0x80 ? BK_EFORMAT : err;
    }
    if (b == 0x82) {
        uint16_t v = 0;
        err = bk_rd_u16be(rd, &v);
        *len = v;
        return err == BK_OK && v < 0x100 ? BK_EFORMAT : err;
    }
    return BK_EFORMAT;
}

enum bk_err bk_tlv_next(struct bk_rd *rd, struct bk_tlv *tlv)
{
    if (!rd->left)
        return BK_ENOTFOUND;
    struct bk_rd ahead = *rd;
    struct bk_tlv got = {0};
    enum bk_err err = read_tag(&ahead, &got.tag);
    if (err == BK_OK)
        err = read_length(&ahead, &got.len);
    if (err == BK_OK)
        err = bk_rd_take(&ahead, got.len, &got.value);
    if (err == BK_OK) {
        *rd = ahead;
        *tlv = got;
    }
    return err;
}

enum bk_err bk_tlv_find(const void *data, size_t len, uint16_t tag, struct bk_tlv *tlv)
{
    struct bk_rd rd = bk_rd(data, len);
    struct bk_tlv at, found = {0};
    enum bk_err err;
    while ((err = bk_tlv_next(&rd, &at)) == BK_OK) {
        if (at.tag != tag)
            continue;
        if (found.tag)
            return BK_EFORMAT;
        found = at;
    }
    if (err != BK_ENOTFOUND)
        return err;
    if (!found.tag)
        return BK_ENOTFOUND;
    *tlv = found;
    return BK_OK;
}

enum bk_err bk_tlv_uint(const struct bk_tlv *tlv, uint32_t *v)
{
    if (tlv->len < 1 || tlv->len > 4 || (tlv->len > 1 && !tlv->value[0]))
        return BK_EFORMAT;
    uint32_t got = 0;
    for (size_t i = 0; i < tlv->len; i++)
        got = got << 8 | tlv->value[i];
    *v = got;
    return BK_OK;
}
