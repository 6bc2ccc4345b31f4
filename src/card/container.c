/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "card/exchange.h"

/* application ‖ name */
static enum bk_err put_name(const struct bk_card *card, struct bk_apdu *a, const char *name)
{
    size_t len = strlen(name);
    enum bk_err err = len >= 1 && len <= BK_CARD_NAME_MAX ? BK_OK : BK_EINVAL;
    if (!err)
        err = bk_card_put_ids(card, a, NULL);
    return err ? err : bk_buf_put(&a->data, name, len);
}

static enum bk_err name_to_id(struct bk_card *card, uint8_t ins, const char *name, uint8_t id[2])
{
    struct bk_apdu a = BK_APDU_INIT(ins);
    a.le = 2;
    enum bk_err err = put_name(card, &a, name);
    if (!err)
        err = bk_card_exchange(card, &a);
    bk_apdu_free(&a);
    if (!err && card->answer.len != 2)
        err = BK_EFORMAT;
    if (!err)
        memcpy(id, card->answer.data, 2);
    return err;
}

enum bk_err bk_card_create_container(struct bk_card *card, const char *name, uint8_t id[2])
{
    return name_to_id(card, 0x40, name, id);
}

enum bk_err bk_card_open_container(struct bk_card *card, const char *name, uint8_t id[2])
{
    return name_to_id(card, 0x42, name, id);
}

enum bk_err bk_card_enum_container(struct bk_card *card, struct bk_names *names)
{
    struct bk_apdu a = BK_APDU_INIT(0x46);
    a.le = BK_LE_ANY;
    enum bk_err err = bk_card_put_ids(card, &a, NULL);
    if (!err)
        err = bk_card_exchange(card, &a);
    bk_apdu_free(&a);
    return err ? err : bk_card_take_names(card, names);
}

enum bk_err bk_card_delete_container(struct bk_card *card, const char *name)
{
    struct bk_apdu a = BK_APDU_INIT(0x48);
    enum bk_err err = put_name(card, &a, name);
    if (!err)
        err = bk_card_exchange(card, &a);
    bk_apdu_free(&a);
    return err;
}

enum bk_err bk_card_get_container_info(struct bk_card *card, const char *name,
                                       struct bk_container_info *info)
{
    struct bk_apdu a = BK_APDU_INIT(0x4A);
    a.le = 11;
    enum bk_err err = put_name(card, &a, name);
    if (!err)
        err = bk_card_exchange(card, &a);
    bk_apdu_free(&a);
    if (err)
        return err;
    struct bk_rd rd = bk_rd(card->answer.data, card->answer.len);
    uint8_t type = 0, sign_cert = 0, enc_cert = 0;
    uint32_t sign_bits = 0, enc_bits = 0;
    err = bk_rd_u8(&rd, &type);
    if (!err)
        err = bk_card_rd_u32(card, &rd, &sign_bits);
    if (!err)
        err = bk_card_rd_u32(card, &rd, &enc_bits);
    if (!err)
        err = bk_rd_u8(&rd, &sign_cert);
    if (!err)
        err = bk_rd_u8(&rd, &enc_cert);
    if (!err)
        err = bk_rd_end(&rd);
    if (!err && (sign_bits > 8192 || enc_bits > 8192))
        err = BK_EFORMAT;
    if (err)
        return err;
    /* The observed GM3000 answers type 0 for a container that holds SM2 keys: the bits tell. */
    if (type != BK_CONTAINER_RSA && type != BK_CONTAINER_SM2) {
        unsigned bits = sign_bits ? sign_bits : enc_bits;
        type = bits == 0 ? BK_CONTAINER_EMPTY : bits <= 512 ? BK_CONTAINER_SM2 : BK_CONTAINER_RSA;
    }
    info->type = (enum bk_container_type)type;
    info->sign_bits = sign_bits;
    info->enc_bits = enc_bits;
    info->sign_cert = sign_cert != 0;
    info->enc_cert = enc_cert != 0;
    return BK_OK;
}

enum bk_err bk_card_import_certificate(struct bk_card *card, const uint8_t id[2],
                                       enum bk_key_use use, const void *der, size_t len)
{
    struct bk_apdu a = BK_APDU_INIT(0x4C);
    enum bk_err err = len <= BK_CARD_CERT_MAX ? BK_OK : BK_ELIMIT;
    if (!err)
        err = bk_card_put_ids(card, &a, id);
    if (!err)
        err = bk_buf_put_u8(&a.data, (uint8_t)use);
    if (!err)
        err = bk_card_put_u32(card, &a.data, (uint32_t)len);
    if (!err)
        err = bk_buf_put(&a.data, der, len);
    if (!err)
        err = bk_card_exchange(card, &a);
    bk_apdu_free(&a);
    return err;
}

enum bk_err bk_card_before_certificates(struct bk_card *card)
{
    if (!card->dialect->cert_prelude)
        return BK_OK;
    struct bk_apdu a = BK_APDU_INIT(0x52);
    a.cla = 0xC0;
    return bk_card_exchange(card, &a);
}

enum bk_err bk_card_export_certificate(struct bk_card *card, const uint8_t id[2],
                                       enum bk_key_use use, struct bk_buf *der)
{
    struct bk_apdu a = BK_APDU_INIT(0x4E);
    a.p1 = (uint8_t)use;
    a.le = BK_LE_ANY;
    enum bk_err err = bk_card_put_ids(card, &a, id);
    if (!err)
        err = bk_card_exchange(card, &a);
    bk_apdu_free(&a);
    bk_buf_clear(der);
    if (err)
        return err;
    struct bk_rd rd = bk_rd(card->answer.data, card->answer.len);
    uint32_t len = 0;
    const uint8_t *cert = NULL;
    err = bk_card_rd_u32(card, &rd, &len);
    if (!err && len > BK_CARD_CERT_MAX)
        err = BK_EFORMAT;
    if (!err)
        err = bk_rd_take(&rd, len, &cert);
    if (!err)
        err = bk_buf_put(der, cert, len);
    return err;
}

static enum bk_err take_rsa(const struct bk_card *card, struct bk_rd *rd, struct bk_pubkey *key)
{
    uint16_t bits = 0;
    uint8_t e[4];
    const uint8_t *n = NULL;
    enum bk_err err = bk_card_rd_u16(card, rd, &bits);
    if (!err)
        err = bk_rd_copy(rd, e, sizeof e);
    if (!err && (bits % 8 || bits / 8 > BK_RSA_MAX))
        err = BK_EFORMAT;
    if (!err)
        err = bk_rd_take(rd, bits / 8, &n);
    if (err)
        return err;
    /* GM/T 0016 has an array of bytes here, some keys a little-endian number. */
    if (e[0] && !e[3]) {
        const uint8_t turned[4] = {e[3], e[2], e[1], e[0]};
        memcpy(e, turned, sizeof e);
    }
    return bk_pubkey_rsa(n, bits / 8, e, sizeof e, key);
}

static enum bk_err take_sm2(const struct bk_card *card, struct bk_rd *rd, struct bk_pubkey *key)
{
    uint32_t bits = 0;
    uint8_t x[32], y[32];
    enum bk_err err = bk_card_rd_u32(card, rd, &bits);
    if (!err && bits != 256)
        err = BK_EFORMAT;
    if (!err)
        err = bk_rd_copy(rd, x, sizeof x);
    if (!err)
        err = bk_rd_copy(rd, y, sizeof y);
    return err ? err : bk_pubkey_sm2(x, y, key);
}

enum bk_err bk_card_export_public_key(struct bk_card *card, const uint8_t id[2],
                                      enum bk_key_use use, enum bk_container_type type,
                                      struct bk_pubkey *key)
{
    struct bk_apdu a = BK_APDU_INIT(0x88);
    a.p1 = (uint8_t)use;
    a.le = BK_LE_ANY;
    enum bk_err err = bk_card_put_ids(card, &a, id);
    if (!err)
        err = bk_card_exchange(card, &a);
    bk_apdu_free(&a);
    if (err)
        return err;
    struct bk_rd rd = bk_rd(card->answer.data, card->answer.len);
    if (type == BK_CONTAINER_RSA)
        err = take_rsa(card, &rd, key);
    else if (type == BK_CONTAINER_SM2)
        err = take_sm2(card, &rd, key);
    else
        err = BK_ENOTFOUND;
    return err ? err : bk_rd_end(&rd);
}
