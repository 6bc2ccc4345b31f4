/* SPDX-License-Identifier: Apache-2.0 */
/* Containers and their certificates: instructions 40 to 4E. */
#include <stdlib.h>
#include <string.h>

#include "vkey/command.h"

/* The handle of a container that is open, or a new one; 0 when there are no more. Handles of
 * containers that were deleted meanwhile, here or by another process, make room. */
static uint16_t open_box(struct bk_vkey *vkey, const struct vk_app *app, uint32_t uid)
{
    struct vk_session *session = &vkey->session;
    size_t count = sizeof session->containers / sizeof *session->containers;
    struct vk_open_container *free_one = NULL;
    for (size_t i = 0; i < count; i++) {
        struct vk_open_container *opened = &session->containers[i];
        if (opened->id && opened->app_uid == app->uid && opened->uid == uid)
            return opened->id;
        struct vk_app *owner = opened->id ? vk_app_by_uid(&vkey->state, opened->app_uid) : NULL;
        if (opened->id && (!owner || !vk_container_by_uid(owner, opened->uid)))
            vk_close_opened(session, opened);
        if (!opened->id && !free_one)
            free_one = opened;
    }
    if (!free_one)
        return 0;
    *free_one = (struct vk_open_container){session->next_container++, app->uid, uid};
    return free_one->id;
}

static uint16_t answer_id(struct bk_vkey *vkey, const struct vk_app *app, uint32_t uid,
                          struct bk_buf *out)
{
    uint16_t id = open_box(vkey, app, uid);
    return id ? vk_sw_of(vk_put16(vkey, out, id), BK_SW_CONDITIONS) : BK_SW_CONDITIONS;
}

static bool get_name(struct vk_command *cmd, char *name)
{
    return vk_get_name(&cmd->rd, cmd->rd.left, name, VK_CONTAINER_NAME);
}

uint16_t vk_create_container(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    char name[VK_CONTAINER_NAME + 1];
    size_t count = VK_COUNT(cmd->app->containers);
    if (!get_name(cmd, name))
        return BK_SW_DATA;
    if (vk_container_by_name(cmd->app, name))
        return BK_SW_CONTAINER_EXISTS;
    if (count >= cmd->app->max_containers || vk_space_left(&vkey->state) < VK_SPACE_CONTAINER)
        return BK_SW_NO_SPACE;
    struct vk_container *made = calloc(1, sizeof *made);
    if (!made)
        return BK_SW_NO_SPACE;
    made->uid = ++vkey->state.last_uid;
    memcpy(made->name, name, strlen(name) + 1);
    cmd->app->containers[count] = made;
    vkey->dirty = true;
    return answer_id(vkey, cmd->app, made->uid, out);
}

uint16_t vk_open_container(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    char name[VK_CONTAINER_NAME + 1];
    if (!get_name(cmd, name))
        return BK_SW_DATA;
    const struct vk_container *box = vk_container_by_name(cmd->app, name);
    return box ? answer_id(vkey, cmd->app, box->uid, out) : BK_SW_NO_CONTAINER_NAME;
}

static void forget(struct vk_session *session, uint32_t uid)
{
    size_t count = sizeof session->containers / sizeof *session->containers;
    for (size_t i = 0; i < count; i++) {
        struct vk_open_container *opened = &session->containers[i];
        if (opened->id && opened->uid == uid)
            vk_close_opened(session, opened);
    }
}

uint16_t vk_close_container(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    (void)out;
    forget(&vkey->session, cmd->box->uid);
    return BK_SW_OK;
}

uint16_t vk_enum_container(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    (void)vkey;
    enum bk_err err = BK_OK;
    for (size_t i = 0; err == BK_OK && i < VK_COUNT(cmd->app->containers); i++) {
        const char *name = cmd->app->containers[i]->name;
        err = bk_buf_put(out, name, strlen(name) + 1);
    }
    return vk_sw_of(err, BK_SW_CONDITIONS);
}

uint16_t vk_delete_container(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    (void)out;
    char name[VK_CONTAINER_NAME + 1];
    if (!get_name(cmd, name))
        return BK_SW_DATA;
    for (size_t i = 0; i < VK_COUNT(cmd->app->containers); i++) {
        if (strcmp(cmd->app->containers[i]->name, name) != 0)
            continue;
        forget(&vkey->session, cmd->app->containers[i]->uid);
        vk_container_free(&cmd->app->containers[i]);
        VK_REMOVE(cmd->app->containers, i);
        vkey->dirty = true;
        return BK_SW_OK;
    }
    return BK_SW_NO_CONTAINER_NAME;
}

static uint32_t bits_of(const struct vk_container *box, int which)
{
    if (!box->pair[which].priv.len)
        return 0;
    return box->alg == BK_ALG_RSA ? 2048 : 256;
}

/* type1 ‖ bits of the signing key4 ‖ bits of the encryption key4 ‖ the two certificate flags */
uint16_t vk_container_info(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    char name[VK_CONTAINER_NAME + 1];
    if (!get_name(cmd, name))
        return BK_SW_DATA;
    const struct vk_container *box = vk_container_by_name(cmd->app, name);
    if (!box)
        return BK_SW_NO_CONTAINER_NAME;
    enum bk_err err = bk_buf_put_u8(out, (uint8_t)box->alg);
    if (err == BK_OK)
        err = vk_put32(vkey, out, bits_of(box, VK_SIGN));
    if (err == BK_OK)
        err = vk_put32(vkey, out, bits_of(box, VK_ENC));
    if (err == BK_OK)
        err = bk_buf_put_u8(out, box->pair[VK_SIGN].cert.len != 0);
    if (err == BK_OK)
        err = bk_buf_put_u8(out, box->pair[VK_ENC].cert.len != 0);
    return vk_sw_of(err, BK_SW_CONDITIONS);
}

static size_t certificates(const struct vk_app *app)
{
    size_t n = 0;
    for (size_t i = 0; i < VK_COUNT(app->containers); i++)
        n += (app->containers[i]->pair[VK_SIGN].cert.len != 0 ? 1u : 0u) +
             (app->containers[i]->pair[VK_ENC].cert.len != 0 ? 1u : 0u);
    return n;
}

/* Whether there is room for `len` bytes of certificate in the place of the one that is there. */
static bool room_for(const struct bk_vkey *vkey, const struct vk_command *cmd,
                     const struct vk_pair *pair, size_t len)
{
    if (!pair->cert.len && certificates(cmd->app) >= cmd->app->max_certs)
        return false;
    return len <= BK_VKEY_CERT_MAX && len <= vk_space_left(&vkey->state) + pair->cert.len;
}

/* type1 (1 signing, 0 encryption) ‖ L4 ‖ certificate. The old certificate goes when the new one
 * is written: one save. */
uint16_t vk_import_certificate(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    (void)out;
    uint8_t which = 0;
    uint32_t len = 0;
    struct bk_pubkey pub;
    if (bk_rd_u8(&cmd->rd, &which) != BK_OK || vk_get32(vkey, &cmd->rd, &len) != BK_OK ||
        which > VK_SIGN || !len || len != cmd->rd.left)
        return BK_SW_DATA;
    struct vk_pair *pair = &cmd->box->pair[which];
    if (!room_for(vkey, cmd, pair, len))
        return BK_SW_NO_SPACE;
    if (bk_pubkey_from_cert(cmd->rd.at, len, &pub) != BK_OK)
        return BK_SW_DATA;
    const struct bk_pubkey *ours = vk_pair_pubkey(pair, cmd->box->alg);
    if (!ours || !bk_pubkey_equal(ours, &pub))
        return BK_SW_NO_KEY_PAIR;
    struct bk_buf cert = BK_BUF_INIT;
    if (bk_buf_put(&cert, cmd->rd.at, len) != BK_OK)
        return BK_SW_NO_SPACE;
    bk_buf_free(&pair->cert);
    pair->cert = cert;
    vkey->dirty = true;
    return BK_SW_OK;
}

uint16_t vk_export_certificate(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    if (cmd->p1 > VK_SIGN)
        return BK_SW_P1P2;
    const struct bk_buf *cert = &cmd->box->pair[cmd->p1].cert;
    if (!cert->len)
        return BK_SW_NO_CERT;
    enum bk_err err = vk_put32(vkey, out, (uint32_t)cert->len);
    if (err == BK_OK)
        err = bk_buf_put(out, cert->data, cert->len);
    return vk_sw_of(err, BK_SW_CONDITIONS);
}
