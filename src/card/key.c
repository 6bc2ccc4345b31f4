/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "card/exchange.h"

/* Algorithm numbers of GM/T 0006 as keys use them. */
#define ALG_SM4_ECB 0x00000401u
#define ALG_SM2_SIGN 0x00020100u

/* The largest modulus a key holds, and so the longest answer of a private operation. */
#define RSA_BYTES_MAX BK_RSA_MAX

enum bk_err bk_card_gen_rsa_key_pair(struct bk_card *card, const uint8_t id[2], unsigned bits)
{
    struct bk_apdu a = BK_APDU_INIT(0x54);
    a.le = BK_LE_ANY;
    enum bk_err err = bk_card_put_ids(card, &a, id);
    if (!err)
        err = bk_card_put_u16(card, &a.data, bits);
    if (!err)
        err = bk_card_exchange(card, &a);
    bk_apdu_free(&a);
    return err;
}

enum bk_err bk_card_gen_ecc_key_pair(struct bk_card *card, const uint8_t id[2])
{
    struct bk_apdu a = BK_APDU_INIT(0x70);
    a.le = BK_LE_ANY;
    enum bk_err err = bk_card_put_ids(card, &a, id);
    if (!err)
        err = bk_card_put_u32(card, &a.data, 256);
    if (!err)
        err = bk_card_exchange(card, &a);
    bk_apdu_free(&a);
    return err;
}

static enum bk_err put_block(const struct bk_card *card, struct bk_buf *out, const void *data,
                             size_t len)
{
    enum bk_err err = bk_card_put_u32(card, out, (uint32_t)len);
    return err ? err : bk_buf_put(out, data, len);
}

enum bk_err bk_card_import_rsa_key_pair(struct bk_card *card, const uint8_t id[2], unsigned bits,
                                        const void *wrapped, size_t wrapped_len,
                                        const void *encrypted, size_t encrypted_len)
{
    struct bk_apdu a = BK_APDU_INIT(0x56);
    a.sensitive = true;
    enum bk_err err = bk_card_put_ids(card, &a, id);
    if (!err)
        err = bk_card_put_u32(card, &a.data, ALG_SM4_ECB);
    if (!err)
        err = put_block(card, &a.data, wrapped, wrapped_len);
    if (!err)
        err = bk_card_put_u32(card, &a.data, bits);
    if (!err)
        err = put_block(card, &a.data, encrypted, encrypted_len);
    if (!err)
        err = bk_card_exchange(card, &a);
    bk_apdu_free(&a);
    return err;
}

static enum bk_err put_cipher(const struct bk_card *card, struct bk_buf *out,
                              const struct bk_sm2_cipher *c)
{
    enum bk_err err = bk_buf_put(out, c->x, 32);
    if (!err)
        err = bk_buf_put(out, c->y, 32);
    if (!err)
        err = bk_buf_put(out, c->hash, 32);
    return err ? err : put_block(card, out, c->cipher.data, c->cipher.len);
}

enum bk_err bk_card_import_ecc_key_pair(struct bk_card *card, const uint8_t id[2],
                                        const struct bk_sm2_cipher *wrapped,
                                        const uint8_t point[64], const void *encrypted,
                                        size_t encrypted_len)
{
    struct bk_apdu a = BK_APDU_INIT(0x72);
    a.sensitive = true;
    enum bk_err err = bk_card_put_ids(card, &a, id);
    if (!err)
        err = bk_card_put_u32(card, &a.data, ALG_SM2_SIGN);
    if (!err)
        err = bk_card_put_u32(card, &a.data, ALG_SM4_ECB);
    if (!err)
        err = bk_card_put_u32(card, &a.data, 256);
    if (!err)
        err = put_cipher(card, &a.data, wrapped);
    if (!err)
        err = bk_card_put_u32(card, &a.data, 256);
    if (!err)
        err = bk_buf_put(&a.data, point, 64);
    if (!err)
        err = put_block(card, &a.data, encrypted, encrypted_len);
    if (!err)
        err = bk_card_exchange(card, &a);
    bk_apdu_free(&a);
    return err;
}

/* ids ‖ data */
static enum bk_err put_request(const struct bk_card *card, struct bk_apdu *a, const uint8_t id[2],
                               const void *data, size_t len)
{
    enum bk_err err = bk_card_put_ids(card, a, id);
    return err ? err : bk_buf_put(&a->data, data, len);
}

/* The whole answer, which isn't left where the next exchange would find it. */
static enum bk_err take_answer(struct bk_card *card, enum bk_err err, struct bk_apdu *a,
                               struct bk_buf *out)
{
    bk_apdu_free(a);
    bk_buf_clear(out);
    if (!err)
        err = bk_buf_put(out, card->answer.data, card->answer.len);
    bk_buf_clear(&card->answer);
    return err;
}

enum bk_err bk_card_rsa_sign_data(struct bk_card *card, const uint8_t id[2], const void *data,
                                  size_t len, struct bk_buf *signature)
{
    struct bk_apdu a = BK_APDU_INIT(0x58);
    a.le = card->dialect->sign_without_le ? BK_LE_NONE : BK_LE_ANY;
    enum bk_err err = put_request(card, &a, id, data, len);
    if (!err)
        err = bk_card_exchange(card, &a);
    err = take_answer(card, err, &a, signature);
    if (!err && (signature->len < 128 || signature->len > RSA_BYTES_MAX))
        err = BK_EFORMAT;
    return err;
}

enum bk_err bk_card_rsa_private(struct bk_card *card, const uint8_t id[2], enum bk_key_use use,
                                const void *block, size_t len, struct bk_buf *out)
{
    struct bk_apdu a = BK_APDU_INIT(0xC6);
    a.p1 = (uint8_t)use;
    a.le = BK_LE_ANY;
    a.sensitive = true; /* the answer may hold a plaintext */
    enum bk_err err = put_request(card, &a, id, block, len);
    if (!err)
        err = bk_card_exchange(card, &a);
    err = take_answer(card, err, &a, out);
    if (!err && out->len != len)
        err = BK_EFORMAT;
    return err;
}

enum bk_err bk_card_ecc_sign_data(struct bk_card *card, const uint8_t id[2],
                                  const uint8_t digest[32], uint8_t signature[64])
{
    struct bk_buf out = BK_BUF_INIT;
    struct bk_apdu a = BK_APDU_INIT(0x74);
    a.p1 = 2; /* the data is a digest */
    a.le = card->dialect->sign_without_le ? BK_LE_NONE : BK_LE_ANY;
    enum bk_err err = put_request(card, &a, id, digest, 32);
    if (!err)
        err = bk_card_exchange(card, &a);
    err = take_answer(card, err, &a, &out);
    struct bk_rd rd = bk_rd(out.data, out.len);
    uint32_t bits = 0;
    if (!err)
        err = bk_card_rd_u32(card, &rd, &bits);
    if (!err && bits != 256)
        err = BK_EFORMAT;
    if (!err)
        err = bk_rd_copy(&rd, signature, 64);
    if (!err)
        err = bk_rd_end(&rd);
    bk_buf_free(&out);
    return err;
}

enum bk_err bk_card_ecc_decrypt(struct bk_card *card, const uint8_t id[2],
                                const struct bk_sm2_cipher *in, struct bk_buf *plain)
{
    struct bk_buf fields = BK_BUF_INIT;
    struct bk_apdu a = BK_APDU_INIT(0xC8);
    a.le = BK_LE_ANY;
    a.sensitive = true;
    enum bk_err err = put_cipher(card, &fields, in);
    if (!err)
        err = put_request(card, &a, id, fields.data, fields.len);
    if (!err)
        err = bk_card_exchange(card, &a);
    err = take_answer(card, err, &a, plain);
    if (!err && plain->len != in->cipher.len)
        err = BK_EFORMAT;
    bk_buf_free(&fields);
    return err;
}

static enum bk_err import_session_key(struct bk_card *card, const uint8_t id[2],
                                      const struct bk_buf *wrapped, uint8_t key_id[2])
{
    struct bk_buf out = BK_BUF_INIT;
    struct bk_apdu a = BK_APDU_INIT(0xA0);
    a.le = BK_LE_ANY;
    a.sensitive = true;
    enum bk_err err = bk_card_put_ids(card, &a, id);
    if (!err)
        err = bk_card_put_u32(card, &a.data, ALG_SM4_ECB);
    if (!err)
        err = bk_buf_put(&a.data, wrapped->data, wrapped->len);
    if (!err)
        err = bk_card_exchange(card, &a);
    err = take_answer(card, err, &a, &out);
    if (!err && out.len != 2)
        err = BK_EFORMAT;
    if (!err)
        memcpy(key_id, out.data, 2);
    bk_buf_free(&out);
    return err;
}

enum bk_err bk_card_import_session_key_rsa(struct bk_card *card, const uint8_t id[2],
                                           const void *wrapped, size_t len, uint8_t key_id[2])
{
    struct bk_buf data = BK_BUF_INIT;
    enum bk_err err = put_block(card, &data, wrapped, len);
    if (!err)
        err = import_session_key(card, id, &data, key_id);
    bk_buf_free(&data);
    return err;
}

enum bk_err bk_card_import_session_key_sm2(struct bk_card *card, const uint8_t id[2],
                                           const struct bk_sm2_cipher *wrapped, uint8_t key_id[2])
{
    struct bk_buf data = BK_BUF_INIT;
    enum bk_err err = put_cipher(card, &data, wrapped);
    if (!err)
        err = import_session_key(card, id, &data, key_id);
    bk_buf_free(&data);
    return err;
}

enum bk_err bk_card_destroy_session_key(struct bk_card *card, const uint8_t id[2],
                                        const uint8_t key_id[2])
{
    struct bk_apdu a = BK_APDU_INIT(0xC4);
    enum bk_err err = put_request(card, &a, id, key_id, 2);
    if (!err)
        err = bk_card_exchange(card, &a);
    bk_apdu_free(&a);
    return err;
}
