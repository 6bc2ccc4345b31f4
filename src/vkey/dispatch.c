/* SPDX-License-Identifier: Apache-2.0 */
#include "vkey/command.h"

#include <string.h>

#define ANY 0xff        /* this parameter is the handler's business */
#define NO_LIMIT 0xffff /* data up to what an extended command can carry */

enum {
    APP = 1,       /* data begins with an application id */
    BOX = 2 | APP, /* and a container id behind it */
    APP_P = 4,     /* P1‖P2 are the application id, big-endian in both dialects */
    USER = 8,      /* user PIN verified in this application */
    DEVICE = 16,   /* device authenticated */
    MAC = 32,      /* class 84: a MAC ends the data */
    MAKER = 64     /* class C0, longmai only */
};

static const struct line {
    uint8_t ins, p1, p2; /* the value they must have, or ANY */
    uint8_t flags;
    uint16_t min, max; /* length of the data */
    vk_handler *handler;
} table[] = {
    {0x02, 0, 0, 0, 1, 32, vk_set_label},
    {0x04, 0, 0, 0, 0, 0, vk_dev_info},
    {0x0a, 0, 0x80, MAKER, 0, 0, vk_vendor_info},
    {0x10, 0, ANY, 0, 16, 16, vk_dev_auth},
    {0x12, 0, ANY, DEVICE | MAC, 20, 20, vk_change_dev_auth_key},
    {0x14, 0, ANY, APP, 2, 2, vk_pin_info},
    {0x16, 0, ANY, APP | MAC, 22, 38, vk_change_pin},
    {0x18, 0, ANY, APP, 18, 18, vk_verify_pin},
    {0x1a, 0, 0, APP | MAC, 22, 38, vk_unblock_pin},
    {0x1c, 0, 0, APP, 2, 2, vk_clear_secure_state},
    {0x20, 0, 0, DEVICE, 96, 96, vk_create_application},
    {0x22, 0, 0, 0, 0, 0, vk_enum_application},
    {0x24, 0, 0, DEVICE, 1, 48, vk_delete_application},
    {0x26, 0, 0, 0, 1, 48, vk_open_application},
    {0x28, 0, 0, APP, 2, 2, vk_close_application},
    {0x30, ANY, ANY, APP_P, 44, 60, vk_create_file},
    {0x32, ANY, ANY, APP_P | USER, 1, 48, vk_delete_file},
    {0x34, ANY, ANY, APP_P, 0, 0, vk_enum_files},
    {0x36, ANY, ANY, APP_P, 1, 48, vk_file_info},
    {0x38, 0, 0, APP, 7, 54, vk_read_file},
    {0x3a, 0, 0, APP, 10, NO_LIMIT, vk_write_file},
    {0x40, 0, 0, APP | USER, 3, 66, vk_create_container},
    {0x42, 0, 0, APP, 3, 66, vk_open_container},
    {0x44, 0, 0, BOX, 4, 4, vk_close_container},
    {0x46, 0, 0, APP, 2, 2, vk_enum_container},
    {0x48, 0, 0, APP | USER, 3, 66, vk_delete_container},
    {0x4a, 0, 0, APP, 3, 66, vk_container_info},
    {0x4c, 0, 0, BOX | USER, 10, NO_LIMIT, vk_import_certificate},
    {0x4e, ANY, 0, BOX, 4, 4, vk_export_certificate},
    {0x50, 0, 0, 0, 0, 0, vk_gen_random},
    {0x52, 0, 0, MAKER, 0, 0, vk_vendor_ready},
    {0x54, 0, 0, BOX | USER, 6, 6, vk_gen_rsa},
    {0x56, 0, 0, BOX | USER, 20, NO_LIMIT, vk_import_rsa},
    {0x58, 0, 0, BOX | USER, 5, NO_LIMIT, vk_rsa_sign},
    {0x70, 0, 0, BOX | USER, 8, 8, vk_gen_ecc},
    {0x72, 0, 0, BOX | USER, 100, NO_LIMIT, vk_import_ecc},
    {0x74, ANY, 0, BOX | USER, 8, NO_LIMIT, vk_ecc_sign},
    {0x76, 0, 0, 0, 168, 168, vk_ecc_verify},
    {0x88, ANY, 0, BOX, 4, 4, vk_export_public_key},
    {0xa0, 0, 0, BOX | USER, 12, NO_LIMIT, vk_import_session_key},
    {0xa4, 0, 0, BOX, 10, NO_LIMIT, vk_encrypt_init},
    {0xa6, 0, 0, BOX, 6, NO_LIMIT, vk_encrypt},
    {0xa8, 0, 0, BOX, 6, NO_LIMIT, vk_encrypt_update},
    {0xaa, 0, 0, BOX, 6, NO_LIMIT, vk_encrypt_final},
    {0xac, 0, 0, BOX, 10, NO_LIMIT, vk_decrypt_init},
    {0xae, 0, 0, BOX, 6, NO_LIMIT, vk_decrypt},
    {0xb0, 0, 0, BOX, 6, NO_LIMIT, vk_decrypt_update},
    {0xb2, 0, 0, BOX, 6, NO_LIMIT, vk_decrypt_final},
    {0xb4, 0, ANY, 0, 0, NO_LIMIT, vk_digest_init},
    {0xb6, 0, 0, 0, 0, NO_LIMIT, vk_digest},
    {0xb8, 0, 0, 0, 0, NO_LIMIT, vk_digest_update},
    {0xba, 0, 0, 0, 0, NO_LIMIT, vk_digest_final},
    {0xbc, 0, 0, BOX, 10, NO_LIMIT, vk_mac_init},
    {0xbe, 0, 0, BOX, 6, NO_LIMIT, vk_mac},
    {0xc0, 0, 0, BOX, 6, NO_LIMIT, vk_mac_update},
    {0xc2, 0, 0, BOX, 6, NO_LIMIT, vk_mac_final},
    {0xc4, 0, 0, BOX, 6, 6, vk_destroy_session_key},
    {0xc6, ANY, 0, BOX | USER, 5, NO_LIMIT, vk_rsa_private},
    {0xc8, ANY, 0, BOX | USER, 105, NO_LIMIT, vk_sm2_decrypt},
};

bool vk_command_parse(const uint8_t *bytes, size_t len, struct vk_command *cmd)
{
    if (len < 4)
        return false;
    *cmd = (struct vk_command){
        .cla = bytes[0], .ins = bytes[1], .p1 = bytes[2], .p2 = bytes[3], .le = 0x10000};
    const uint8_t *body = bytes + 4;
    size_t left = len - 4;
    if (!left)
        return true;
    if (left == 1) { /* short Le alone */
        cmd->le = body[0] ? body[0] : 0x100;
        cmd->has_le = true;
        return true;
    }
    size_t wide = body[0] == 0 && left >= 3 ? 2 : 0; /* extended: 00 and two-byte lengths */
    if (wide && left == 3) {
        size_t le = (size_t)body[1] << 8 | body[2];
        cmd->le = le ? le : 0x10000;
        cmd->has_le = true;
        return true;
    }
    size_t lc = wide ? (size_t)body[1] << 8 | body[2] : body[0];
    body += 1 + wide;
    left -= 1 + wide;
    if (!lc || left < lc)
        return false;
    cmd->data = body;
    cmd->len = lc;
    body += lc;
    left -= lc;
    if (!left)
        return true;
    if (left != (wide ? 2u : 1u))
        return false;
    size_t le = wide ? (size_t)body[0] << 8 | body[1] : body[0];
    cmd->le = le ? le : wide ? 0x10000 : 0x100;
    cmd->has_le = true;
    return true;
}

enum bk_err vk_get16(const struct bk_vkey *vkey, struct bk_rd *rd, uint16_t *v)
{
    return vkey->state.dialect == BK_VKEY_LONGMAI ? bk_rd_u16be(rd, v) : bk_rd_u16le(rd, v);
}

enum bk_err vk_get32(const struct bk_vkey *vkey, struct bk_rd *rd, uint32_t *v)
{
    return vkey->state.dialect == BK_VKEY_LONGMAI ? bk_rd_u32be(rd, v) : bk_rd_u32le(rd, v);
}

enum bk_err vk_put16(const struct bk_vkey *vkey, struct bk_buf *out, uint16_t v)
{
    return vkey->state.dialect == BK_VKEY_LONGMAI ? bk_buf_put_u16be(out, v)
                                                  : bk_buf_put_u16le(out, v);
}

enum bk_err vk_put32(const struct bk_vkey *vkey, struct bk_buf *out, uint32_t v)
{
    return vkey->state.dialect == BK_VKEY_LONGMAI ? bk_buf_put_u32be(out, v)
                                                  : bk_buf_put_u32le(out, v);
}

bool vk_get_name(struct bk_rd *rd, size_t field, char *name, size_t max)
{
    const uint8_t *text = NULL;
    if (bk_rd_take(rd, field, &text) != BK_OK)
        return false;
    size_t len = field;
    while (len && !text[len - 1])
        len--;
    if (!len || len > max || memchr(text, 0, len))
        return false;
    memcpy(name, text, len);
    name[len] = 0;
    return true;
}

uint16_t vk_sw_of(enum bk_err err, uint16_t otherwise)
{
    if (err == BK_OK)
        return BK_SW_OK;
    return err == BK_ENOMEM ? BK_SW_NO_SPACE : otherwise;
}

bool vk_verified(const struct vk_command *cmd, enum vk_pin_type type)
{
    return cmd->opened && cmd->opened->verified[type];
}

bool vk_right(const struct vk_command *cmd, uint32_t rights)
{
    return (rights & 0xff) == VK_RIGHT_ANYONE ||
           ((rights & VK_RIGHT_USER) && vk_verified(cmd, VK_PIN_USER)) ||
           ((rights & VK_RIGHT_ADMIN) && vk_verified(cmd, VK_PIN_ADMIN));
}

static bool find_app(struct bk_vkey *vkey, struct vk_command *cmd)
{
    for (size_t i = 0; i < BK_VKEY_APPS; i++) {
        struct vk_open_app *opened = &vkey->session.apps[i];
        if (!opened->id || opened->id != cmd->app_id)
            continue;
        cmd->opened = opened;
        cmd->app = vk_app_by_uid(&vkey->state, opened->uid);
    }
    return cmd->app != NULL;
}

static bool find_box(struct bk_vkey *vkey, struct vk_command *cmd)
{
    struct vk_session *session = &vkey->session;
    size_t count = sizeof session->containers / sizeof *session->containers;
    for (size_t i = 0; i < count; i++) {
        const struct vk_open_container *opened = &session->containers[i];
        if (opened->id && opened->id == cmd->box_id && opened->app_uid == cmd->app->uid)
            cmd->box = vk_container_by_uid(cmd->app, opened->uid);
    }
    return cmd->box != NULL;
}

/* Who is meant, and may they? */
static uint16_t resolve(struct bk_vkey *vkey, const struct line *line, struct vk_command *cmd)
{
    enum bk_err err = BK_OK;
    cmd->rd = bk_rd(cmd->data, cmd->len);
    if (line->flags & APP_P)
        cmd->app_id = (uint16_t)(cmd->p1 << 8 | cmd->p2);
    else if (line->flags & APP)
        err = vk_get16(vkey, &cmd->rd, &cmd->app_id);
    if (err == BK_OK && (line->flags & BOX) == BOX)
        err = vk_get16(vkey, &cmd->rd, &cmd->box_id);
    if (err != BK_OK)
        return BK_SW_LENGTH;
    if (line->flags & (APP | APP_P) && !find_app(vkey, cmd))
        return BK_SW_APP_CLOSED;
    if (line->flags & USER && !vk_verified(cmd, VK_PIN_USER))
        return BK_SW_SECURITY;
    if (line->flags & DEVICE && !vkey->session.device_verified)
        return BK_SW_SECURITY;
    if ((line->flags & BOX) == BOX && !find_box(vkey, cmd))
        return BK_SW_NO_CONTAINER;
    return BK_SW_OK;
}

static bool class_known(const struct bk_vkey *vkey, uint8_t cla)
{
    return (cla & 0xfb) == 0x80 || (cla == 0xc0 && vkey->state.dialect == BK_VKEY_LONGMAI);
}

static bool class_fits(const struct line *line, uint8_t cla)
{
    if (line->flags & MAKER)
        return cla == 0xc0;
    return cla == (line->flags & MAC ? 0x84 : 0x80);
}

static const struct line *find_line(const struct vk_command *cmd)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].ins == cmd->ins && !(table[i].flags & MAKER) == (cmd->cla != 0xc0))
            return &table[i];
    return NULL;
}

uint16_t vk_dispatch(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    if (!class_known(vkey, cmd->cla))
        return BK_SW_CLA;
    const struct line *line = find_line(cmd);
    if (!line)
        return BK_SW_INS;
    if (!class_fits(line, cmd->cla))
        return BK_SW_CLA;
    if ((line->p1 != ANY && line->p1 != cmd->p1) || (line->p2 != ANY && line->p2 != cmd->p2))
        return BK_SW_P1P2;
    if (cmd->len < line->min || cmd->len > line->max)
        return BK_SW_LENGTH;
    uint16_t sw = resolve(vkey, line, cmd);
    if (sw == BK_SW_OK)
        sw = line->handler(vkey, cmd, out);
    if (sw == BK_SW_OK && (out->len > cmd->le || out->len > VK_ANSWER_MAX))
        sw = BK_SW_LE;
    return sw;
}
