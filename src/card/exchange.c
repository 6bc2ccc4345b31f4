/* SPDX-License-Identifier: Apache-2.0 */
#include "card/exchange.h"

#include <string.h>

#include "apdu/sw.h"
#include "card/status.h"

#define ROUNDS_MAX 300 /* of an answer that goes on */

static bool more_to_come(uint16_t sw)
{
    return sw == BK_SW_MORE || (sw & 0xff00) == 0x6100;
}

/* GET RESPONSE until the answer is whole. */
static enum bk_err gather(struct bk_card *card, bool sensitive)
{
    static const uint8_t command[] = {0x00, 0xC0, 0x00, 0x00, 0x00, 0x00, 0x00};
    struct bk_buf whole = BK_BUF_INIT;
    enum bk_err err = bk_buf_put(&whole, card->answer.data, card->answer.len);
    for (unsigned i = 0; !err && more_to_come(card->sw); i++) {
        if (i >= ROUNDS_MAX) {
            err = BK_EFORMAT;
            break;
        }
        err = card->t->ops->transmit(card->t, command, sizeof command, sensitive, &card->answer);
        if (!err)
            err = bk_apdu_split_answer(&card->answer, &card->sw);
        if (!err && whole.len + card->answer.len > BK_LE_ANY)
            err = BK_EFORMAT;
        if (!err)
            err = bk_buf_put(&whole, card->answer.data, card->answer.len);
    }
    if (err) {
        bk_buf_free(&whole);
        return err;
    }
    bk_buf_free(&card->answer);
    card->answer = whole;
    return BK_OK;
}

static enum bk_err exchange(struct bk_card *card, struct bk_apdu *apdu)
{
    bk_buf_clear(&card->wire);
    card->sw = 0;
    enum bk_err err = bk_apdu_encode(apdu, &card->wire);
    if (!err)
        err = card->t->ops->transmit(card->t, card->wire.data, card->wire.len, apdu->sensitive,
                                     &card->answer);
    if (apdu->sensitive)
        bk_buf_clear(&card->wire);
    if (!err)
        err = bk_apdu_split_answer(&card->answer, &card->sw);
    if (!err && more_to_come(card->sw)) {
        err = gather(card, apdu->sensitive);
        if (err) /* it has not said it to its end */
            card->sw = 0;
    }
    if (!err)
        err = bk_status_err(card->sw);
    if (!err && apdu->le && card->answer.len > apdu->le)
        err = BK_EFORMAT;
    bk_apdu_free(apdu);
    return err;
}

enum bk_err bk_card_exchange(struct bk_card *card, struct bk_apdu *apdu)
{
    enum bk_err err = exchange(card, apdu);
    /* who sent no PIN is not told that it was wrong */
    return err == BK_EPIN_WRONG || err == BK_EPIN_LOCKED ? BK_EIO : err;
}

enum bk_err bk_card_draw(struct bk_card *card, uint8_t random[BK_RANDOM_LEN])
{
    struct bk_buf out = BK_BUF_INIT;
    enum bk_err err = bk_card_gen_random(card, BK_RANDOM_LEN, &out);
    if (!err)
        memcpy(random, out.data, BK_RANDOM_LEN);
    bk_buf_free(&out);
    return err;
}

enum bk_err bk_card_send_secret(struct bk_card *card, struct bk_apdu *apdu)
{
    apdu->sensitive = true;
    enum bk_err err = exchange(card, apdu);
    card->tries = bk_status_tries(card->sw);
    return err;
}

enum bk_err bk_card_put_u16(const struct bk_card *card, struct bk_buf *buf, uint32_t v)
{
    if (v > UINT16_MAX)
        return BK_ELIMIT;
    return card->dialect->big_endian ? bk_buf_put_u16be(buf, (uint16_t)v)
                                     : bk_buf_put_u16le(buf, (uint16_t)v);
}

enum bk_err bk_card_put_u32(const struct bk_card *card, struct bk_buf *buf, uint32_t v)
{
    return card->dialect->big_endian ? bk_buf_put_u32be(buf, v) : bk_buf_put_u32le(buf, v);
}

enum bk_err bk_card_rd_u16(const struct bk_card *card, struct bk_rd *rd, uint16_t *v)
{
    return card->dialect->big_endian ? bk_rd_u16be(rd, v) : bk_rd_u16le(rd, v);
}

enum bk_err bk_card_rd_u32(const struct bk_card *card, struct bk_rd *rd, uint32_t *v)
{
    return card->dialect->big_endian ? bk_rd_u32be(rd, v) : bk_rd_u32le(rd, v);
}

enum bk_err bk_card_put_ids(const struct bk_card *card, struct bk_apdu *apdu,
                            const uint8_t *container)
{
    enum bk_err err = bk_buf_put(&apdu->data, card->app.id, 2);
    if (!err && container)
        err = bk_buf_put(&apdu->data, container, 2);
    return err;
}

enum bk_err bk_card_take_names(struct bk_card *card, struct bk_names *names)
{
    bk_buf_clear(&names->text);
    struct bk_rd rd = bk_rd(card->answer.data, card->answer.len);
    while (rd.left && rd.at[0]) {
        size_t len = strnlen((const char *)rd.at, rd.left);
        const uint8_t *name = NULL;
        uint8_t nul = 0;
        if (len > BK_CARD_NAME_MAX)
            return BK_EFORMAT;
        enum bk_err err = bk_rd_take(&rd, len, &name);
        if (!err)
            err = bk_buf_put(&names->text, name, len);
        if (!err)
            err = bk_buf_put_u8(&names->text, 0);
        if (err)
            return err;
        if (rd.left && bk_rd_u8(&rd, &nul))
            return BK_EFORMAT;
    }
    return BK_OK;
}

const char *bk_names_next(const struct bk_names *names, size_t *at)
{
    if (*at >= names->text.len)
        return NULL;
    const char *name = (const char *)names->text.data + *at;
    *at += strlen(name) + 1;
    return name;
}

void bk_names_free(struct bk_names *names)
{
    bk_buf_free(&names->text);
}
