/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "apdu/mac.h"
#include "base/secret.h"
#include "card/exchange.h"
#include "crypto/digest.h"
#include "crypto/sm4.h"

#define PIN_MAX 16

enum bk_err bk_card_get_pin_info(struct bk_card *card, enum bk_pin_type type,
                                 struct bk_pin_info *info)
{
    struct bk_apdu a = BK_APDU_INIT(0x14);
    a.p2 = (uint8_t)type;
    a.le = 3;
    enum bk_err err = bk_card_put_ids(card, &a, NULL);
    if (!err)
        err = bk_card_exchange(card, &a);
    bk_apdu_free(&a);
    if (!err && card->answer.len != 3)
        err = BK_EFORMAT;
    if (!err) {
        info->max = card->answer.data[0];
        info->left = card->answer.data[1];
        info->factory = card->answer.data[2] != 0;
    }
    return err;
}

/* K: the first 16 bytes of SHA-1 over the PIN, zero-padded to 16. */
static enum bk_err pin_key(const void *pin, size_t len, uint8_t key[16])
{
    uint8_t padded[PIN_MAX] = {0}, digest[20];
    if (len < 1 || len > PIN_MAX)
        return BK_EPIN_RULE;
    memcpy(padded, pin, len);
    enum bk_err err = bk_digest(BK_HASH_SHA1, padded, sizeof padded, digest);
    if (!err)
        memcpy(key, digest, 16);
    bk_wipe(padded, sizeof padded);
    bk_wipe(digest, sizeof digest);
    return err;
}

static enum bk_err put_verify_block(const struct bk_card *card, const uint8_t key[16],
                                    const uint8_t random[BK_RANDOM_LEN], struct bk_buf *out)
{
    uint8_t block[16] = {0};
    size_t at = 0;
    if (card->dialect->pin == BK_PIN_LEN) {
        block[0] = BK_RANDOM_LEN;
        at = 2;
        block[at + BK_RANDOM_LEN] = 0x80;
    }
    memcpy(block + at, random, BK_RANDOM_LEN);
    enum bk_err err = bk_sm4_ecb(key, true, block, sizeof block, block);
    return err ? err : bk_buf_put(out, block, sizeof block);
}

static enum bk_err put_new_pin(const struct bk_card *card, const uint8_t key[16], const void *pin,
                               size_t len, struct bk_buf *out)
{
    uint8_t block[32] = {0};
    size_t size = 16;
    if (card->dialect->pin == BK_PIN_LEN) {
        block[0] = (uint8_t)len;
        memcpy(block + 2, pin, len);
        block[2 + len] = 0x80;
        size = (2 + len + 1 + 15) / 16 * 16;
    } else {
        memcpy(block, pin, len);
    }
    enum bk_err err = bk_sm4_ecb(key, true, block, size, block);
    if (!err)
        err = bk_buf_put(out, block, size);
    bk_wipe(block, sizeof block);
    return err;
}

enum bk_err bk_card_verify_pin(struct bk_card *card, enum bk_pin_type type, const void *pin,
                               size_t len)
{
    uint8_t key[16], random[BK_RANDOM_LEN];
    struct bk_apdu a = BK_APDU_INIT(0x18);
    a.p2 = (uint8_t)type;
    enum bk_err err = pin_key(pin, len, key);
    if (err)
        return err;
    err = bk_card_begin(card);
    if (err)
        goto out;
    err = bk_card_draw(card, random);
    if (!err)
        err = bk_card_put_ids(card, &a, NULL);
    if (!err)
        err = put_verify_block(card, key, random, &a.data);
    if (!err)
        err = bk_card_send_secret(card, &a);
    bk_card_end(card);
out:
    bk_apdu_free(&a);
    bk_wipe(key, sizeof key);
    return err;
}

/* INS 16 and 1A: a new PIN, proved by a MAC under the key of another or the old one. */
static enum bk_err replace_pin(struct bk_card *card, struct bk_apdu *a, const void *proof,
                               size_t proof_len, const void *new_pin, size_t new_len)
{
    uint8_t key[16], random[BK_RANDOM_LEN];
    if (new_len < 1 || new_len > PIN_MAX)
        return BK_EPIN_RULE;
    enum bk_err err = pin_key(proof, proof_len, key);
    if (err)
        return err;
    err = bk_card_begin(card);
    if (err)
        goto out;
    err = bk_card_draw(card, random);
    if (!err)
        err = bk_card_put_ids(card, a, NULL);
    if (!err)
        err = put_new_pin(card, key, new_pin, new_len, &a->data);
    if (!err && card->dialect->pin == BK_PIN_LEN)
        err = bk_apdu_mac_over(a, key, random, new_pin, new_len);
    else if (!err)
        err = bk_apdu_mac_command(a, key, random);
    if (!err)
        err = bk_card_send_secret(card, a);
    bk_card_end(card);
out:
    bk_apdu_free(a);
    bk_wipe(key, sizeof key);
    return err;
}

enum bk_err bk_card_change_pin(struct bk_card *card, enum bk_pin_type type, const void *old_pin,
                               size_t old_len, const void *new_pin, size_t new_len)
{
    struct bk_apdu a = BK_APDU_INIT(0x16);
    a.p2 = (uint8_t)type;
    return replace_pin(card, &a, old_pin, old_len, new_pin, new_len);
}

enum bk_err bk_card_unblock_pin(struct bk_card *card, const void *admin_pin, size_t admin_len,
                                const void *new_pin, size_t new_len)
{
    struct bk_apdu a = BK_APDU_INIT(0x1A);
    return replace_pin(card, &a, admin_pin, admin_len, new_pin, new_len);
}

enum bk_err bk_card_clear_secure_state(struct bk_card *card)
{
    struct bk_apdu a = BK_APDU_INIT(0x1C);
    enum bk_err err = bk_card_put_ids(card, &a, NULL);
    return err ? err : bk_card_exchange(card, &a);
}

enum bk_err bk_card_relay(struct bk_card *card, enum bk_relay what, const void *data, size_t len)
{
    static const struct {
        uint8_t cla, ins;
        size_t shortest, longest; /* id ‖ one or two blocks ‖ MAC */
    } rows[] = {
        [BK_RELAY_VERIFY_ADMIN] = {0x80, 0x18, 2 + 16, 2 + 16},
        [BK_RELAY_UNBLOCK] = {0x84, 0x1A, 2 + 16 + 4, 2 + 32 + 4},
        [BK_RELAY_CHANGE_ADMIN] = {0x84, 0x16, 2 + 16 + 4, 2 + 32 + 4},
    };
    if (len != rows[what].shortest && len != rows[what].longest)
        return BK_EREFUSED;
    if (memcmp(data, card->app.id, 2) != 0)
        return BK_EREFUSED;
    struct bk_apdu a = BK_APDU_INIT(rows[what].ins);
    a.cla = rows[what].cla;
    enum bk_err err = bk_buf_put(&a.data, data, len);
    return err ? err : bk_card_send_secret(card, &a);
}
