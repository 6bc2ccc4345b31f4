/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PINs: GM/T 0017 instructions 14, 16, 18, 1A, 1C. What the host sends is made with
 * K = first 16 bytes of SHA-1(PIN zero-padded to 16) and a random that this key gave last.
 *
 *            block of 18                  new PIN                    MAC over
 * gmt0017    random8 ‖ 00×8               PIN ‖ 00… to 16            header ‖ Lc ‖ 00 00 ‖ data
 * longmai    08 00 ‖ random8 ‖ 80 00…     len2 LE ‖ PIN ‖ 80 ‖ 00…   the new PIN
 *
 * Blocks and new PINs are SM4-ECB under K; a MAC is SM4 CBC-MAC under K, IV random8 ‖ 00×8. Each
 * comparison, also that of a MAC, costs the PIN that K was made of a try if it fails.
 */
#include <string.h>

#include "base/secret.h"
#include "crypto/sm4.h"
#include "vkey/command.h"
#include "vkey/counter.h"

uint16_t vk_compare(struct bk_vkey *vkey, struct vk_secret *secret, const void *want,
                    const void *got, size_t len)
{
    if (!secret->left)
        return BK_SW_LOCKED;
    /* spent before it is known whether it was needed: pulling the plug gains nothing */
    secret->left--;
    if (vk_counters_save(vkey, true) != BK_OK)
        return BK_SW_WRITE_FAILED;
    if (!bk_secret_equal(want, len, got, len))
        return (uint16_t)(BK_SW_PIN_WRONG | secret->left);
    secret->left = secret->max;
    vkey->counted = true;
    return BK_SW_OK;
}

enum bk_err vk_command_mac(const struct bk_vkey *vkey, const struct vk_command *cmd,
                           const uint8_t key[VK_KEY], const uint8_t random[8], const void *value,
                           size_t value_len, uint8_t mac[4])
{
    uint8_t iv[16] = {0};
    memcpy(iv, random, 8);
    if (vkey->state.dialect == BK_VKEY_LONGMAI)
        return bk_sm4_mac(key, iv, value, value_len, mac);
    size_t len = cmd->len - BK_SM4_MAC;
    struct bk_buf in = BK_BUF_INIT;
    const uint8_t head[8] = {cmd->cla,    cmd->ins, cmd->p1, cmd->p2, (uint8_t)(len >> 8),
                             (uint8_t)len};
    enum bk_err err = bk_buf_put(&in, head, sizeof head);
    if (err == BK_OK)
        err = bk_buf_put(&in, cmd->data, len);
    if (err == BK_OK)
        err = bk_sm4_mac(key, iv, in.data, in.len, mac);
    bk_buf_free(&in);
    return err;
}

static struct vk_secret *pin_of(const struct vk_command *cmd)
{
    return cmd->p2 <= VK_PIN_USER ? &cmd->app->pin[cmd->p2] : NULL;
}

uint16_t vk_pin_info(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    (void)vkey;
    const struct vk_secret *pin = pin_of(cmd);
    uint8_t factory[VK_KEY];
    if (!pin)
        return BK_SW_P1P2;
    const char *text = cmd->p2 == VK_PIN_USER ? BK_VKEY_USER_PIN : BK_VKEY_ADMIN_PIN;
    enum bk_err err = vk_pin_key(text, strlen(text), factory);
    const uint8_t info[3] = {pin->max, pin->left,
                             bk_secret_equal(factory, VK_KEY, pin->key, VK_KEY)};
    if (err == BK_OK)
        err = bk_buf_put(out, info, sizeof info);
    return vk_sw_of(err, BK_SW_CONDITIONS);
}

static enum bk_err verify_block(const struct bk_vkey *vkey, const uint8_t key[VK_KEY],
                                const uint8_t random[8], uint8_t block[16])
{
    memset(block, 0, 16);
    if (vkey->state.dialect == BK_VKEY_LONGMAI) {
        block[0] = 8;
        memcpy(block + 2, random, 8);
        block[10] = 0x80;
    } else {
        memcpy(block, random, 8);
    }
    return bk_sm4_ecb(key, true, block, 16, block);
}

uint16_t vk_verify_pin(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    (void)out;
    struct vk_secret *pin = pin_of(cmd);
    uint8_t random[8], block[16];
    if (!pin)
        return BK_SW_P1P2;
    if (!pin->left)
        return BK_SW_LOCKED;
    if (!vk_take_random(vkey, random))
        return BK_SW_NO_RANDOM;
    cmd->opened->verified[cmd->p2] = false;
    if (verify_block(vkey, pin->key, random, block) != BK_OK)
        return BK_SW_CONDITIONS;
    uint16_t sw = vk_compare(vkey, pin, block, cmd->rd.at, sizeof block);
    cmd->opened->verified[cmd->p2] = sw == BK_SW_OK;
    return sw;
}

/* The new PIN out of its decrypted block; false when the padding isn't the dialect's. */
static bool unpad_pin(const struct bk_vkey *vkey, const uint8_t *block, size_t size,
                      const uint8_t **pin, size_t *len)
{
    if (vkey->state.dialect != BK_VKEY_LONGMAI) {
        *pin = block;
        for (*len = size; *len && !block[*len - 1];)
            --*len;
        return size == 16;
    }
    size_t n = (size_t)block[1] << 8 | block[0];
    if (n + 3 > size || size != (n + 3 + 15) / 16 * 16 || block[2 + n] != 0x80)
        return false;
    for (size_t i = n + 3; i < size; i++)
        if (block[i])
            return false;
    *pin = block + 2;
    *len = n;
    return true;
}

/*
 * 16 and 1A: a new PIN for `target`, proved by a MAC under the key of `proof`. The length of the
 * encrypted PIN is what the command carries: 16 or 32 bytes.
 */
static uint16_t replace_pin(struct bk_vkey *vkey, const struct vk_command *cmd,
                            struct vk_secret *proof, struct vk_secret *target)
{
    size_t size = cmd->rd.left - BK_SM4_MAC, len = 0;
    uint8_t random[8], block[32], mac[BK_SM4_MAC] = {0}, key[VK_KEY];
    const uint8_t *pin = block;
    if (size != 16 && size != 32)
        return BK_SW_LENGTH;
    if (!proof->left)
        return BK_SW_LOCKED;
    if (!vk_take_random(vkey, random))
        return BK_SW_NO_RANDOM;
    uint16_t sw = BK_SW_CONDITIONS;
    if (bk_sm4_ecb(proof->key, false, cmd->rd.at, size, block) != BK_OK)
        goto out;
    /* in longmai a wrong key shows here first; it is counted all the same, by a MAC that can't be
     * right because it is compared with the complement of the one that came */
    bool padded = unpad_pin(vkey, block, size, &pin, &len);
    const uint8_t *came = cmd->rd.at + size;
    if (!padded && vkey->state.dialect == BK_VKEY_LONGMAI) {
        for (size_t i = 0; i < sizeof mac; i++)
            mac[i] = (uint8_t)~came[i];
    } else if (vk_command_mac(vkey, cmd, proof->key, random, pin, len, mac) != BK_OK) {
        goto out;
    }
    sw = vk_compare(vkey, proof, mac, came, sizeof mac);
    if (sw == BK_SW_OK &&
        (!padded || !vk_pin_allowed(pin, len) || vk_pin_key(pin, len, key) != BK_OK))
        sw = BK_SW_DATA;
    if (sw == BK_SW_OK) {
        memcpy(target->key, key, VK_KEY);
        target->left = target->max;
        vkey->dirty = true;
    }
out:
    bk_wipe(block, sizeof block);
    bk_wipe(key, sizeof key);
    return sw;
}

uint16_t vk_change_pin(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    (void)out;
    struct vk_secret *pin = pin_of(cmd);
    return pin ? replace_pin(vkey, cmd, pin, pin) : BK_SW_P1P2;
}

uint16_t vk_unblock_pin(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    (void)out;
    if (vkey->state.shape == BK_VKEY_ADMIN_FIRST && !vk_verified(cmd, VK_PIN_ADMIN))
        return BK_SW_SECURITY;
    uint16_t sw = replace_pin(vkey, cmd, &cmd->app->pin[VK_PIN_ADMIN], &cmd->app->pin[VK_PIN_USER]);
    if (sw == BK_SW_OK)
        cmd->opened->verified[VK_PIN_USER] = false;
    return sw;
}

uint16_t vk_clear_secure_state(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    (void)vkey;
    (void)out;
    cmd->opened->verified[VK_PIN_ADMIN] = false;
    cmd->opened->verified[VK_PIN_USER] = false;
    return BK_SW_OK;
}
