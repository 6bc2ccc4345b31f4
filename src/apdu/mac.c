/* SPDX-License-Identifier: Apache-2.0 */
#include "apdu/mac.h"

#include <string.h>

#include "crypto/sm4.h"

enum bk_err bk_apdu_mac_over(struct bk_apdu *apdu, const uint8_t key[16], const uint8_t random[8],
                             const void *over, size_t len)
{
    uint8_t iv[16] = {0}, mac[BK_SM4_MAC];
    memcpy(iv, random, 8);
    enum bk_err err = bk_sm4_mac(key, iv, over, len, mac);
    if (!err)
        err = bk_buf_put(&apdu->data, mac, sizeof mac);
    apdu->cla = 0x84;
    return err;
}

enum bk_err bk_apdu_mac_command(struct bk_apdu *apdu, const uint8_t key[16],
                                const uint8_t random[8])
{
    struct bk_buf over = BK_BUF_INIT;
    const uint8_t head[] = {0x84, apdu->ins, apdu->p1, apdu->p2};
    enum bk_err err = bk_buf_put(&over, head, sizeof head);
    if (!err)
        err = bk_buf_put_u16be(&over, (uint16_t)apdu->data.len);
    if (!err)
        err = bk_buf_put_u16be(&over, 0);
    if (!err)
        err = bk_buf_put(&over, apdu->data.data, apdu->data.len);
    if (!err)
        err = bk_apdu_mac_over(apdu, key, random, over.data, over.len);
    bk_buf_free(&over);
    return err;
}
