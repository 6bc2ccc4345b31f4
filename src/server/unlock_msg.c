/* SPDX-License-Identifier: Apache-2.0 */
#include "server/unlock_msg.h"

#include <string.h>

#include "base/tlv.h"

enum { TAGS = 0x0f }; /* 80 to 8E */
#define BIT(tag) (1u << ((tag) - 0x80))

/* What a request of each kind must and may hold. */
static const struct {
    unsigned must, may;
} shape[] = {
    [BK_ASK_BEGIN] = {BIT(0x80) | BIT(0x81) | BIT(0x82) | BIT(0x83) | BIT(0x84) | BIT(0x89) |
                          BIT(0x8a),
                      0},
    [BK_ASK_NEXT] = {BIT(0x80) | BIT(0x81) | BIT(0x82) | BIT(0x83) | BIT(0x84) | BIT(0x88), 0},
    [BK_ASK_ROTATE] = {BIT(0x80) | BIT(0x81) | BIT(0x82) | BIT(0x83) | BIT(0x84) | BIT(0x88), 0},
    [BK_ASK_PROOF] = {BIT(0x80) | BIT(0x81) | BIT(0x82) | BIT(0x85) | BIT(0x88),
                      BIT(0x8b) | BIT(0x8c) | BIT(0x8d)},
};

static enum bk_err collect(struct bk_rd rd, struct bk_tlv tags[TAGS], unsigned *have)
{
    struct bk_tlv tlv;
    enum bk_err err;
    *have = 0;
    while ((err = bk_tlv_next(&rd, &tlv)) == BK_OK) {
        if (tlv.tag < 0x80 || tlv.tag > 0x8e || *have & BIT(tlv.tag))
            return BK_EFORMAT;
        *have |= BIT(tlv.tag);
        tags[tlv.tag - 0x80] = tlv;
    }
    return err == BK_ENOTFOUND ? BK_OK : err;
}

static enum bk_err text(const struct bk_tlv *tlv, size_t max, bool ascii, char *out)
{
    if (!tlv->len || tlv->len > max)
        return BK_EFORMAT;
    for (size_t i = 0; i < tlv->len; i++)
        if (tlv->value[i] < 0x20 || tlv->value[i] == 0x7f || (ascii && tlv->value[i] > 0x7e))
            return BK_EFORMAT;
    memcpy(out, tlv->value, tlv->len);
    out[tlv->len] = 0;
    return BK_OK;
}

static enum bk_err bytes(const struct bk_tlv *tlv, size_t len, uint8_t *out)
{
    if (tlv->len != len)
        return BK_EFORMAT;
    memcpy(out, tlv->value, len);
    return BK_OK;
}

static enum bk_err small(const struct bk_tlv *tlv, uint32_t max, uint32_t *v)
{
    enum bk_err err = bk_tlv_uint(tlv, v);
    return err == BK_OK && *v > max ? BK_EFORMAT : err;
}

static enum bk_err read_status(const struct bk_tlv *tlv, uint16_t *status)
{
    uint8_t two[2];
    enum bk_err err = bytes(tlv, 2, two);
    if (err == BK_OK)
        *status = (uint16_t)(two[0] << 8 | two[1]);
    return err;
}

static enum bk_err read_proof(const struct bk_tlv tags[TAGS], unsigned have,
                              struct bk_unlock_in *in)
{
    const unsigned three = BIT(0x8b) | BIT(0x8c) | BIT(0x8d);
    if (!(have & three))
        return BK_OK;
    if ((have & three) != three || !tags[0x0b].len || tags[0x0b].len > 1024)
        return BK_EFORMAT;
    in->signed_ = true;
    in->signature = tags[0x0b].value;
    in->signature_len = tags[0x0b].len;
    enum bk_err err = text(&tags[0x0c], 64, false, in->container);
    if (err == BK_OK)
        err = small(&tags[0x0d], 2, &in->signature_kind);
    return err == BK_OK && !in->signature_kind ? BK_EFORMAT : err;
}

static enum bk_err read_fields(const struct bk_tlv tags[TAGS], unsigned have,
                               struct bk_unlock_in *in)
{
    enum bk_err err = text(&tags[2], 32, true, in->serial);
    if (err == BK_OK && have & BIT(0x83))
        err = bytes(&tags[3], 2, in->app);
    if (err == BK_OK && have & BIT(0x84))
        err = bytes(&tags[4], 8, in->random);
    if (err == BK_OK && have & BIT(0x85))
        err = text(&tags[5], 64, true, in->authorisation);
    if (err == BK_OK && have & BIT(0x88))
        err = read_status(&tags[8], &in->status);
    if (err == BK_OK && have & BIT(0x89))
        err = small(&tags[9], 255, &in->user_tries);
    if (err == BK_OK && have & BIT(0x8a))
        err = small(&tags[0x0a], 255, &in->admin_tries);
    return err == BK_OK ? read_proof(tags, have, in) : err;
}

enum bk_err bk_unlock_read(const void *data, size_t len, struct bk_unlock_in *in)
{
    struct bk_tlv outer, tags[TAGS] = {{0}};
    unsigned have = 0;
    uint32_t version = 0, kind = 0;
    struct bk_rd rd = bk_rd(data, len);
    memset(in, 0, sizeof *in);
    if (len > BK_UNLOCK_MESSAGE_MAX || bk_tlv_next(&rd, &outer) != BK_OK || outer.tag != 0xe1 ||
        rd.left || collect(bk_rd(outer.value, outer.len), tags, &have) != BK_OK)
        return BK_EFORMAT;
    if (!(have & BIT(0x80)) || !(have & BIT(0x81)) || small(&tags[0], 1, &version) != BK_OK ||
        version != 1 || small(&tags[1], BK_ASK_PROOF, &kind) != BK_OK || !kind)
        return BK_EFORMAT;
    if ((have & shape[kind].must) != shape[kind].must ||
        have & ~(shape[kind].must | shape[kind].may))
        return BK_EFORMAT;
    in->kind = (enum bk_unlock_ask)kind;
    return read_fields(tags, have, in) == BK_OK ? BK_OK : BK_EFORMAT;
}

static enum bk_err write_fields(const struct bk_unlock_out *say, struct bk_buf *inner)
{
    enum bk_err err = bk_tlv_put_uint(inner, 0x80, 1);
    if (err == BK_OK)
        err = bk_tlv_put_uint(inner, 0x81, say->kind);
    if (err == BK_OK)
        err = bk_tlv_put(inner, 0x82, say->in->serial, strlen(say->in->serial));
    if (err == BK_OK && say->kind != BK_SAY_DONE)
        err = bk_tlv_put(inner, 0x83, say->in->app, 2);
    if (err == BK_OK && say->kind != BK_SAY_DONE)
        err = bk_tlv_put(inner, 0x84, say->in->random, 8);
    if (err == BK_OK)
        err = bk_tlv_put(inner, 0x85, say->authorisation, strlen(say->authorisation));
    if (err == BK_OK && say->command)
        err = bk_tlv_put(inner, 0x86, say->command, say->command_len);
    if (err == BK_OK && say->pin)
        err = bk_tlv_put(inner, 0x87, say->pin, strlen(say->pin));
    if (err == BK_OK)
        err = bk_tlv_put(inner, 0x8e, say->origin, strlen(say->origin));
    return err;
}

enum bk_err bk_unlock_write(const struct bk_unlock_out *say, struct bk_buf *out)
{
    struct bk_buf inner = BK_BUF_INIT;
    enum bk_err err = write_fields(say, &inner);
    if (err == BK_OK)
        err = bk_tlv_put(out, 0xe2, inner.data, inner.len);
    bk_buf_free(&inner);
    return err;
}
