/* SPDX-License-Identifier: Apache-2.0 */
/* The device itself: label, information, authentication of whoever personalises, random. */
#include <string.h>

#include "base/secret.h"
#include "crypto/ctx.h"
#include "crypto/sm4.h"
#include "vkey/command.h"

#define RANDOM_MAX 4096u
#define ALG_SM4 2 /* P2 of DevAuth and ChangeDevAuthKey: 0 SM1, 1 SSF33, 2 SM4 */

uint16_t vk_set_label(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    (void)out;
    char label[VK_LABEL + 1];
    if (!vk_get_name(&cmd->rd, cmd->len, label, VK_LABEL))
        return BK_SW_DATA;
    memcpy(vkey->state.label, label, strlen(label) + 1);
    vkey->dirty = true;
    return BK_SW_OK;
}

static enum bk_err put_text(struct bk_buf *out, const char *text, size_t field)
{
    size_t len = strlen(text);
    if (len > field)
        len = field;
    enum bk_err err = bk_buf_put(out, text, len);
    return err == BK_OK ? bk_buf_put_zero(out, field - len) : err;
}

static enum bk_err put_names(const struct vk_state *state, struct bk_buf *out)
{
    bool longmai = state->dialect == BK_VKEY_LONGMAI;
    enum bk_err err = bk_buf_put(out, "\1\0\1\0", 4); /* versions of struct and standard */
    if (err == BK_OK)
        err = put_text(out, longmai ? "Longmai virtual key" : "bjca-pkcs11 virtual key", 64);
    if (err == BK_OK)
        err = put_text(out, "BJCA", 64);
    if (err == BK_OK)
        err = put_text(out, state->label, 32);
    if (err == BK_OK)
        err = put_text(out, state->serial, 32);
    return err == BK_OK ? bk_buf_put(out, "\1\0\1\0", 4) : err; /* hardware, firmware */
}

/* 288 bytes: see key-facts in docs; every integer in the dialect's order. */
uint16_t vk_dev_info(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    (void)cmd;
    const uint32_t words[] = {0x00000413,                   /* SM4 ECB, CBC, MAC */
                              0x00030500,                   /* RSA, SM2 signature and encryption */
                              0x00000007,                   /* SM3, SHA-1, SHA-256 */
                              0x00000401,                   /* DevAuth: SM4 ECB */
                              BK_VKEY_SPACE,                /* total */
                              vk_space_left(&vkey->state)}; /* free */
    enum bk_err err = put_names(&vkey->state, out);
    for (size_t i = 0; err == BK_OK && i < sizeof words / sizeof *words; i++)
        err = vk_put32(vkey, out, words[i]);
    const uint16_t halves[] = {8192, 0, 0}; /* longest data field, user authentication, type */
    for (size_t i = 0; err == BK_OK && i < 3; i++)
        err = vk_put16(vkey, out, halves[i]);
    if (err == BK_OK)
        err = bk_buf_put_u8(out, BK_VKEY_CONTAINERS);
    if (err == BK_OK)
        err = bk_buf_put_u8(out, 2 * BK_VKEY_CONTAINERS);
    if (err == BK_OK)
        err = vk_put16(vkey, out, BK_VKEY_FILES);
    if (err == BK_OK)
        err = bk_buf_put_zero(out, 54);
    return vk_sw_of(err, BK_SW_CONDITIONS);
}

uint16_t vk_dev_auth(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    (void)out;
    uint8_t block[16] = {0};
    if (cmd->p2 != ALG_SM4)
        return BK_SW_P1P2;
    if (!vkey->state.device.left)
        return BK_SW_LOCKED;
    if (!vk_take_random(vkey, block))
        return BK_SW_NO_RANDOM;
    vkey->session.device_verified = false;
    if (bk_sm4_ecb(vkey->state.device.key, true, block, 16, block) != BK_OK)
        return BK_SW_CONDITIONS;
    uint16_t sw = vk_compare(vkey, &vkey->state.device, block, cmd->data, 16);
    vkey->session.device_verified = sw == BK_SW_OK;
    return sw;
}

uint16_t vk_change_dev_auth_key(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    (void)out;
    struct vk_secret *device = &vkey->state.device;
    uint8_t random[8], key[VK_KEY], mac[4];
    if (cmd->p2 != ALG_SM4)
        return BK_SW_P1P2;
    if (!device->left)
        return BK_SW_LOCKED;
    if (!vk_take_random(vkey, random))
        return BK_SW_NO_RANDOM;
    uint16_t sw = BK_SW_CONDITIONS;
    if (bk_sm4_ecb(device->key, false, cmd->data, VK_KEY, key) == BK_OK &&
        vk_command_mac(vkey, cmd, device->key, random, key, VK_KEY, mac) == BK_OK)
        sw = vk_compare(vkey, device, mac, cmd->data + VK_KEY, sizeof mac);
    if (sw == BK_SW_OK) {
        memcpy(device->key, key, VK_KEY);
        vkey->dirty = true;
    }
    bk_wipe(key, sizeof key);
    return sw;
}

uint16_t vk_gen_random(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    if (!cmd->has_le)
        return BK_SW_LENGTH;
    if (cmd->le > RANDOM_MAX)
        return BK_SW_ANSWER_LONG;
    enum bk_err err = bk_buf_put_zero(out, cmd->le);
    if (err == BK_OK)
        err = bk_random(out->data, cmd->le);
    /* the last one counts; one of another length takes the place of an earlier one of eight */
    vkey->session.has_random = err == BK_OK && cmd->le == sizeof vkey->session.random;
    if (vkey->session.has_random)
        memcpy(vkey->session.random, out->data, sizeof vkey->session.random);
    return vk_sw_of(err, BK_SW_CONDITIONS);
}

bool vk_take_random(struct bk_vkey *vkey, uint8_t random[8])
{
    struct vk_session *session = &vkey->session;
    bool had = session->has_random;
    if (had)
        memcpy(random, session->random, sizeof session->random);
    session->has_random = false;
    bk_wipe(session->random, sizeof session->random);
    return had;
}

/* C0 0A, a GM3000's: text that ends with NUL. */
uint16_t vk_vendor_info(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    (void)vkey;
    (void)cmd;
    static const char text[] = "Longmai virtual key by bjca-pkcs11";
    return vk_sw_of(bk_buf_put(out, text, sizeof text), BK_SW_CONDITIONS);
}

/* C0 52, sent before a certificate is read: nothing to prepare here. */
uint16_t vk_vendor_ready(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    (void)vkey;
    (void)cmd;
    (void)out;
    return BK_SW_OK;
}
