/* SPDX-License-Identifier: Apache-2.0 */
/* What makes a key ready for use: device authentication, label, applications. */
#include <string.h>

#include "apdu/mac.h"
#include "card/exchange.h"
#include "crypto/sm4.h"

#define ALG_SM4 2 /* P2: 0 SM1, 1 SSF33 */
#define APP_NAME 48
#define PIN_FIELD 16

enum bk_err bk_card_set_label(struct bk_card *card, const char *label)
{
    struct bk_apdu a = BK_APDU_INIT(0x02);
    size_t len = strlen(label);
    enum bk_err err = len >= 1 && len <= BK_CARD_LABEL_MAX ? BK_OK : BK_EINVAL;
    if (!err)
        err = bk_buf_put(&a.data, label, len);
    if (!err)
        err = bk_card_exchange(card, &a);
    bk_apdu_free(&a);
    return err;
}

enum bk_err bk_card_dev_auth(struct bk_card *card, const uint8_t key[BK_CARD_DEVICE_KEY])
{
    uint8_t block[BK_SM4_BLOCK] = {0};
    struct bk_apdu a = BK_APDU_INIT(0x10);
    a.p2 = ALG_SM4;
    enum bk_err err = bk_card_begin(card);
    if (err)
        return err;
    /* GM/T 0016 8.2.3: the random, zero-padded to a block, in every dialect */
    err = bk_card_draw(card, block);
    if (!err)
        err = bk_sm4_ecb(key, true, block, sizeof block, block);
    if (!err)
        err = bk_buf_put(&a.data, block, sizeof block);
    if (!err)
        err = bk_card_send_secret(card, &a);
    bk_card_end(card);
    bk_apdu_free(&a);
    return err;
}

enum bk_err bk_card_change_dev_auth_key(struct bk_card *card, const uint8_t old[BK_CARD_DEVICE_KEY],
                                        const uint8_t next[BK_CARD_DEVICE_KEY])
{
    uint8_t block[BK_SM4_BLOCK], random[BK_RANDOM_LEN];
    struct bk_apdu a = BK_APDU_INIT(0x12);
    a.p2 = ALG_SM4;
    enum bk_err err = bk_card_begin(card);
    if (err)
        return err;
    err = bk_card_draw(card, random);
    if (!err)
        err = bk_sm4_ecb(old, true, next, BK_SM4_KEY, block);
    if (!err)
        err = bk_buf_put(&a.data, block, sizeof block);
    if (!err && card->dialect->pin == BK_PIN_LEN)
        err = bk_apdu_mac_over(&a, old, random, next, BK_SM4_KEY);
    else if (!err)
        err = bk_apdu_mac_command(&a, old, random);
    if (!err)
        err = bk_card_send_secret(card, &a);
    bk_card_end(card);
    bk_apdu_free(&a);
    return err;
}

static enum bk_err put_field(struct bk_buf *out, const void *text, size_t len, size_t size)
{
    if (len < 1 || len > size)
        return BK_EINVAL;
    enum bk_err err = bk_buf_put(out, text, len);
    return err || len == size ? err : bk_buf_put_zero(out, size - len);
}

enum bk_err bk_card_create_application(struct bk_card *card, const struct bk_new_app *app)
{
    struct bk_apdu a = BK_APDU_INIT(0x20);
    enum bk_err err = put_field(&a.data, app->name, strlen(app->name), APP_NAME);
    if (!err)
        err = put_field(&a.data, app->admin_pin, app->admin_pin_len, PIN_FIELD);
    if (!err)
        err = bk_card_put_u32(card, &a.data, app->admin_tries);
    if (!err)
        err = put_field(&a.data, app->user_pin, app->user_pin_len, PIN_FIELD);
    if (!err)
        err = bk_card_put_u32(card, &a.data, app->user_tries);
    if (!err)
        err = bk_card_put_u32(card, &a.data, app->create_rights);
    if (!err)
        err = bk_buf_put_u8(&a.data, (uint8_t)app->containers);
    if (!err)
        err = bk_buf_put_u8(&a.data, (uint8_t)app->certs);
    if (!err)
        err = bk_card_put_u16(card, &a.data, app->files);
    if (!err) {
        a.sensitive = true; /* both PINs in clear */
        err = bk_card_exchange(card, &a);
    }
    bk_apdu_free(&a);
    return err;
}

enum bk_err bk_card_delete_application(struct bk_card *card, const char *name)
{
    struct bk_apdu a = BK_APDU_INIT(0x24);
    size_t len = strlen(name);
    enum bk_err err = len >= 1 && len <= APP_NAME ? BK_OK : BK_EINVAL;
    if (!err)
        err = bk_buf_put(&a.data, name, len);
    if (!err)
        err = bk_card_exchange(card, &a);
    bk_apdu_free(&a);
    return err;
}
