/* SPDX-License-Identifier: Apache-2.0 */
#include "token/unlock_msg.h"

#include <string.h>

#include "base/tlv.h"

enum tag {
    TAG_REQUEST = 0xE1,
    TAG_ANSWER = 0xE2,
    TAG_VERSION = 0x80,
    TAG_KIND = 0x81,
    TAG_SERIAL = 0x82,
    TAG_APP = 0x83,
    TAG_RANDOM = 0x84,
    TAG_AUTH = 0x85,
    TAG_COMMAND = 0x86,
    TAG_PIN = 0x87,
    TAG_STATUS = 0x88,
    TAG_USER_TRIES = 0x89,
    TAG_ADMIN_TRIES = 0x8A,
    TAG_SIGNATURE = 0x8B,
    TAG_CONTAINER = 0x8C,
    TAG_ALGORITHM = 0x8D,
    TAG_ORIGIN = 0x8E
};

#define BIT(tag) (1u << ((tag)-TAG_VERSION))
#define ALL (BIT(TAG_VERSION) | BIT(TAG_KIND) | BIT(TAG_SERIAL) | BIT(TAG_AUTH) | BIT(TAG_ORIGIN))
#define PLACE (BIT(TAG_APP) | BIT(TAG_RANDOM))

/* Which tags each kind of answer has, and no others. */
static const uint32_t answers[] = {
    [BK_UNLOCK_VERIFY_ADMIN] = ALL | PLACE | BIT(TAG_COMMAND),
    [BK_UNLOCK_UNBLOCK] = ALL | PLACE | BIT(TAG_COMMAND) | BIT(TAG_PIN),
    [BK_UNLOCK_ROTATE_ADMIN] = ALL | PLACE | BIT(TAG_COMMAND),
    [BK_UNLOCK_PROVE] = ALL | PLACE,
    [BK_UNLOCK_DONE] = ALL,
    [BK_UNLOCK_TRY] = ALL | PLACE | BIT(TAG_PIN),
};

static enum bk_err take_bytes(const struct bk_tlv *tlv, void *out, size_t len)
{
    if (tlv->len != len)
        return BK_EFORMAT;
    memcpy(out, tlv->value, len);
    return BK_OK;
}

/* 1 to max bytes of printable ASCII. */
static enum bk_err take_ascii(const struct bk_tlv *tlv, char *out, size_t max)
{
    if (tlv->len < 1 || tlv->len > max)
        return BK_EFORMAT;
    for (size_t i = 0; i < tlv->len; i++)
        if (tlv->value[i] < 0x20 || tlv->value[i] >= 0x7f)
            return BK_EFORMAT;
    memcpy(out, tlv->value, tlv->len);
    out[tlv->len] = 0;
    return BK_OK;
}

static enum bk_err take_small(const struct bk_tlv *tlv, uint32_t most, uint32_t *v)
{
    enum bk_err err = bk_tlv_uint(tlv, v);
    return !err && (*v < 1 || *v > most) ? BK_EFORMAT : err;
}

static enum bk_err take_field(const struct bk_tlv *tlv, struct bk_unlock_msg *m)
{
    uint32_t v = 0;
    enum bk_err err = BK_OK;
    switch (tlv->tag) {
    case TAG_VERSION:
        return take_small(tlv, 1, &v);
    case TAG_KIND:
        err = take_small(tlv, BK_UNLOCK_TRY, &v);
        m->kind = (enum bk_unlock_answer)v;
        return err;
    case TAG_SERIAL:
        return take_ascii(tlv, m->serial, sizeof m->serial - 1);
    case TAG_APP:
        return take_bytes(tlv, m->app, sizeof m->app);
    case TAG_RANDOM:
        m->has_place = true;
        return take_bytes(tlv, m->random, sizeof m->random);
    case TAG_AUTH:
        return take_ascii(tlv, m->auth, sizeof m->auth - 1);
    case TAG_ORIGIN:
        return take_ascii(tlv, m->origin, sizeof m->origin - 1);
    case TAG_PIN:
        return take_bytes(tlv, m->pin, sizeof m->pin);
    case TAG_COMMAND:
        m->command_len = tlv->len;
        return tlv->len <= sizeof m->command ? take_bytes(tlv, m->command, tlv->len) : BK_EFORMAT;
    default:
        return BK_EFORMAT;
    }
}

static enum bk_err take_fields(const struct bk_tlv *outer, struct bk_unlock_msg *m)
{
    struct bk_rd rd = bk_rd(outer->value, outer->len);
    struct bk_tlv tlv;
    uint32_t seen = 0;
    enum bk_err err = BK_OK;
    while (!err && !(err = bk_tlv_next(&rd, &tlv))) {
        if (tlv.tag < TAG_VERSION || tlv.tag > TAG_ORIGIN || (seen & BIT(tlv.tag)))
            return BK_EFORMAT;
        seen |= BIT(tlv.tag);
        err = take_field(&tlv, m);
    }
    if (err != BK_ENOTFOUND)
        return err;
    return (seen & BIT(TAG_KIND)) && seen == answers[m->kind] ? BK_OK : BK_EFORMAT;
}

enum bk_err bk_unlock_msg_parse(const void *data, size_t len, struct bk_unlock_msg *msg)
{
    struct bk_rd rd = bk_rd(data, len);
    struct bk_tlv outer;
    memset(msg, 0, sizeof *msg);
    enum bk_err err = bk_tlv_next(&rd, &outer);
    if (!err)
        err = bk_rd_end(&rd);
    if (!err && outer.tag != TAG_ANSWER)
        err = BK_EFORMAT;
    if (!err)
        err = take_fields(&outer, msg);
    return err ? BK_EFORMAT : BK_OK;
}

enum bk_err bk_unlock_req_build(const struct bk_unlock_req *r, struct bk_buf *out)
{
    struct bk_buf in = BK_BUF_INIT;
    enum bk_err err = bk_tlv_put_uint(&in, TAG_VERSION, 1);
    if (!err)
        err = bk_tlv_put_uint(&in, TAG_KIND, r->kind);
    if (!err)
        err = bk_tlv_put(&in, TAG_SERIAL, r->serial, strlen(r->serial));
    if (!err && r->app)
        err = bk_tlv_put(&in, TAG_APP, r->app, 2);
    if (!err && r->random)
        err = bk_tlv_put(&in, TAG_RANDOM, r->random, 8);
    if (!err && r->auth)
        err = bk_tlv_put(&in, TAG_AUTH, r->auth, strlen(r->auth));
    const uint8_t sw[2] = {(uint8_t)((unsigned)r->status_word >> 8), (uint8_t)r->status_word};
    if (!err && r->status_word >= 0)
        err = bk_tlv_put(&in, TAG_STATUS, sw, sizeof sw);
    if (!err && r->user_tries >= 0)
        err = bk_tlv_put_uint(&in, TAG_USER_TRIES, (uint32_t)r->user_tries);
    if (!err && r->admin_tries >= 0)
        err = bk_tlv_put_uint(&in, TAG_ADMIN_TRIES, (uint32_t)r->admin_tries);
    if (!err && r->signature)
        err = bk_tlv_put(&in, TAG_SIGNATURE, r->signature->data, r->signature->len);
    if (!err && r->container)
        err = bk_tlv_put(&in, TAG_CONTAINER, r->container, strlen(r->container));
    if (!err && r->algorithm >= 0)
        err = bk_tlv_put_uint(&in, TAG_ALGORITHM, (uint32_t)r->algorithm);
    if (!err)
        err = bk_tlv_put(out, TAG_REQUEST, in.data, in.len);
    bk_buf_free(&in);
    return err;
}
