/* SPDX-License-Identifier: Apache-2.0 */
/* Applications: instructions 20 to 28. */
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "vkey/command.h"

static bool get_pin(const struct bk_vkey *vkey, struct bk_rd *rd, struct vk_secret *secret)
{
    char pin[BK_VKEY_PIN_MAX + 1];
    uint32_t retries = 0;
    bool good = vk_get_name(rd, BK_VKEY_PIN_MAX, pin, BK_VKEY_PIN_MAX) &&
                vk_get32(vkey, rd, &retries) == BK_OK && retries >= 1 && retries <= 15 &&
                vk_pin_allowed(pin, strlen(pin)) &&
                vk_pin_key(pin, strlen(pin), secret->key) == BK_OK;
    secret->max = secret->left = (uint8_t)retries;
    bk_wipe(pin, sizeof pin);
    return good;
}

/* name48 ‖ administrator PIN 16 ‖ tries 4 ‖ user PIN 16 ‖ tries 4 ‖ rights to create files 4 ‖
 * containers 1 ‖ certificates 1 ‖ files 2 */
static bool get_app(const struct bk_vkey *vkey, struct bk_rd *rd, struct vk_app *app)
{
    return vk_get_name(rd, 48, app->name, VK_APP_NAME) &&
           get_pin(vkey, rd, &app->pin[VK_PIN_ADMIN]) &&
           get_pin(vkey, rd, &app->pin[VK_PIN_USER]) &&
           vk_get32(vkey, rd, &app->file_rights) == BK_OK &&
           bk_rd_u8(rd, &app->max_containers) == BK_OK && bk_rd_u8(rd, &app->max_certs) == BK_OK &&
           vk_get16(vkey, rd, &app->max_files) == BK_OK &&
           app->max_containers <= BK_VKEY_CONTAINERS && app->max_files <= BK_VKEY_FILES;
}

uint16_t vk_create_application(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    (void)out;
    size_t count = VK_COUNT(vkey->state.apps);
    if (count == BK_VKEY_APPS || vk_space_left(&vkey->state) < VK_SPACE_APP)
        return BK_SW_NO_SPACE;
    struct vk_app *app = calloc(1, sizeof *app);
    if (!app)
        return BK_SW_NO_SPACE;
    uint16_t sw = BK_SW_OK;
    if (!get_app(vkey, &cmd->rd, app))
        sw = BK_SW_DATA;
    else if (vk_app_by_name(&vkey->state, app->name))
        sw = BK_SW_APP_EXISTS;
    if (sw != BK_SW_OK) {
        vk_app_free(&app);
        return sw;
    }
    app->uid = ++vkey->state.last_uid;
    vkey->state.apps[count] = app;
    vkey->dirty = true;
    return BK_SW_OK;
}

uint16_t vk_enum_application(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    (void)cmd;
    enum bk_err err = BK_OK;
    for (size_t i = 0; err == BK_OK && i < VK_COUNT(vkey->state.apps); i++)
        err = bk_buf_put(out, vkey->state.apps[i]->name, strlen(vkey->state.apps[i]->name) + 1);
    return vk_sw_of(err, BK_SW_CONDITIONS);
}

uint16_t vk_delete_application(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    (void)out;
    char name[VK_APP_NAME + 1];
    if (!vk_get_name(&cmd->rd, cmd->len, name, VK_APP_NAME))
        return BK_SW_DATA;
    for (size_t i = 0; i < VK_COUNT(vkey->state.apps); i++) {
        if (strcmp(vkey->state.apps[i]->name, name) != 0)
            continue;
        vk_app_free(&vkey->state.apps[i]);
        VK_REMOVE(vkey->state.apps, i);
        vkey->dirty = true;
        return BK_SW_OK;
    }
    return BK_SW_NO_APP_NAME;
}

static void close_app(struct vk_session *session, struct vk_open_app *opened)
{
    size_t count = sizeof session->containers / sizeof *session->containers;
    for (size_t i = 0; i < count; i++)
        if (session->containers[i].app_uid == opened->uid)
            session->containers[i] = (struct vk_open_container){0};
    for (size_t i = 0; i < VK_SESSION_KEYS; i++)
        if (session->keys[i].id && session->keys[i].app == opened->id)
            vk_session_key_free(&session->keys[i]);
    *opened = (struct vk_open_app){0};
}

/* The handle of an application that is open, or a new one. An application that was deleted
 * meanwhile makes room. */
static struct vk_open_app *open_app(struct bk_vkey *vkey, const struct vk_app *app)
{
    struct vk_session *session = &vkey->session;
    struct vk_open_app *free_one = NULL;
    for (size_t i = 0; i < BK_VKEY_APPS; i++) {
        struct vk_open_app *opened = &session->apps[i];
        if (opened->id && opened->uid == app->uid)
            return opened;
        if (opened->id && !vk_app_by_uid(&vkey->state, opened->uid))
            close_app(session, opened);
        if (!opened->id && !free_one)
            free_one = opened;
    }
    if (free_one)
        *free_one = (struct vk_open_app){.id = session->next_app++, .uid = app->uid};
    return free_one;
}

/* Opening again gives the same id and keeps the log-in: several programs share one power-up. */
uint16_t vk_open_application(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    char name[VK_APP_NAME + 1];
    if (!vk_get_name(&cmd->rd, cmd->len, name, VK_APP_NAME))
        return BK_SW_DATA;
    const struct vk_app *app = vk_app_by_name(&vkey->state, name);
    if (!app)
        return BK_SW_NO_APP_NAME;
    const struct vk_open_app *opened = open_app(vkey, app);
    if (!opened)
        return BK_SW_OTHER_APP_OPEN;
    enum bk_err err = vk_put32(vkey, out, app->file_rights);
    if (err == BK_OK)
        err = bk_buf_put_u8(out, app->max_containers);
    if (err == BK_OK)
        err = bk_buf_put_u8(out, app->max_certs);
    if (err == BK_OK)
        err = vk_put16(vkey, out, app->max_files);
    if (err == BK_OK)
        err = vk_put16(vkey, out, opened->id);
    return vk_sw_of(err, BK_SW_CONDITIONS);
}

uint16_t vk_close_application(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    (void)out;
    close_app(&vkey->session, cmd->opened);
    return BK_SW_OK;
}
