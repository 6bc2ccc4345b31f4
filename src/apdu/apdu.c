/* SPDX-License-Identifier: Apache-2.0 */
#include "apdu/apdu.h"

void bk_apdu_free(struct bk_apdu *apdu)
{
    bk_buf_free(&apdu->data);
}

enum bk_err bk_apdu_encode(const struct bk_apdu *apdu, struct bk_buf *out)
{
    if (apdu->data.len > BK_APDU_DATA_MAX || apdu->le > BK_LE_ANY)
        return BK_ELIMIT;
    const uint8_t head[4] = {apdu->cla, apdu->ins, apdu->p1, apdu->p2};
    enum bk_err err = bk_buf_reserve(out, sizeof head + 3 + apdu->data.len + 3);
    if (!err)
        err = bk_buf_put(out, head, sizeof head);
    if (!err && (apdu->data.len || apdu->le))
        err = bk_buf_put_u8(out, 0);
    if (!err && apdu->data.len)
        err = bk_buf_put_u16be(out, (uint16_t)apdu->data.len);
    if (!err && apdu->data.len)
        err = bk_buf_put(out, apdu->data.data, apdu->data.len);
    if (!err && apdu->le)
        err = bk_buf_put_u16be(out, (uint16_t)(apdu->le & 0xffff));
    return err;
}

static uint32_t le_value(uint16_t field)
{
    return field ? field : BK_LE_ANY;
}

enum bk_err bk_apdu_decode(const void *bytes, size_t len, struct bk_apdu *apdu)
{
    struct bk_rd rd = bk_rd(bytes, len);
    struct bk_apdu a = {0};
    uint8_t zero = 0;
    uint16_t field = 0;
    enum bk_err err = bk_rd_u8(&rd, &a.cla);
    if (!err)
        err = bk_rd_u8(&rd, &a.ins);
    if (!err)
        err = bk_rd_u8(&rd, &a.p1);
    if (!err)
        err = bk_rd_u8(&rd, &a.p2);
    if (err || rd.left == 0)
        goto out;
    err = bk_rd_u8(&rd, &zero);
    if (!err)
        err = zero ? BK_EFORMAT : bk_rd_u16be(&rd, &field);
    if (err)
        goto out;
    if (rd.left == 0) {
        a.le = le_value(field);
        goto out;
    }
    const uint8_t *data = NULL;
    err = field ? bk_rd_take(&rd, field, &data) : BK_EFORMAT;
    if (!err)
        err = bk_buf_put(&a.data, data, field);
    if (!err && rd.left) {
        err = bk_rd_u16be(&rd, &field);
        a.le = le_value(field);
    }
    if (!err)
        err = bk_rd_end(&rd);
out:
    if (err)
        bk_apdu_free(&a);
    else
        *apdu = a;
    return err;
}

enum bk_err bk_apdu_split_answer(struct bk_buf *answer, uint16_t *sw)
{
    if (answer->len < 2)
        return BK_EFORMAT;
    const uint8_t *end = answer->data + answer->len - 2;
    *sw = (uint16_t)(end[0] << 8 | end[1]);
    answer->len -= 2;
    return BK_OK;
}
