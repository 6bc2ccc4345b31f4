/* SPDX-License-Identifier: Apache-2.0 */
/* Files: instructions 30 to 3A. */
#include <stdlib.h>
#include <string.h>

#include "vkey/command.h"

/* name32 (or 48, as some hosts send it) ‖ size4 ‖ read rights4 ‖ write rights4 */
static bool get_file(const struct bk_vkey *vkey, struct vk_command *cmd, struct vk_file *file,
                     uint32_t *size)
{
    if (cmd->len != 44 && cmd->len != 60)
        return false;
    return vk_get_name(&cmd->rd, cmd->len - 12, file->name, VK_FILE_NAME) &&
           vk_get32(vkey, &cmd->rd, size) == BK_OK &&
           vk_get32(vkey, &cmd->rd, &file->read) == BK_OK &&
           vk_get32(vkey, &cmd->rd, &file->write) == BK_OK && *size >= 1 && *size <= VK_FILE_MAX;
}

uint16_t vk_create_file(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    (void)out;
    size_t count = VK_COUNT(cmd->app->files);
    if (!vk_right(cmd, cmd->app->file_rights))
        return BK_SW_SECURITY;
    struct vk_file *file = calloc(1, sizeof *file);
    if (!file)
        return BK_SW_NO_SPACE;
    uint32_t size = 0;
    uint16_t sw = BK_SW_OK;
    if (!get_file(vkey, cmd, file, &size))
        sw = BK_SW_DATA;
    else if (vk_file_by_name(cmd->app, file->name))
        sw = BK_SW_FILE_EXISTS;
    else if (count >= cmd->app->max_files || size + VK_SPACE_FILE > vk_space_left(&vkey->state) ||
             bk_buf_put_zero(&file->data, size) != BK_OK)
        sw = BK_SW_NO_SPACE;
    if (sw != BK_SW_OK) {
        vk_file_free(&file);
        return sw;
    }
    cmd->app->files[count] = file;
    vkey->dirty = true;
    return BK_SW_OK;
}

uint16_t vk_delete_file(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    (void)out;
    char name[VK_FILE_NAME + 1];
    if (!vk_get_name(&cmd->rd, cmd->len, name, VK_FILE_NAME))
        return BK_SW_DATA;
    for (size_t i = 0; i < VK_COUNT(cmd->app->files); i++) {
        if (strcmp(cmd->app->files[i]->name, name) != 0)
            continue;
        vk_file_free(&cmd->app->files[i]);
        VK_REMOVE(cmd->app->files, i);
        vkey->dirty = true;
        return BK_SW_OK;
    }
    return BK_SW_NO_FILE;
}

uint16_t vk_enum_files(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    (void)vkey;
    enum bk_err err = BK_OK;
    for (size_t i = 0; err == BK_OK && i < VK_COUNT(cmd->app->files); i++)
        err = bk_buf_put(out, cmd->app->files[i]->name, strlen(cmd->app->files[i]->name) + 1);
    return vk_sw_of(err, BK_SW_CONDITIONS);
}

uint16_t vk_file_info(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    char name[VK_FILE_NAME + 1];
    if (!vk_get_name(&cmd->rd, cmd->len, name, VK_FILE_NAME))
        return BK_SW_DATA;
    const struct vk_file *file = vk_file_by_name(cmd->app, name);
    if (!file)
        return BK_SW_NO_FILE;
    enum bk_err err = vk_put32(vkey, out, (uint32_t)file->data.len);
    if (err == BK_OK)
        err = vk_put32(vkey, out, file->read);
    if (err == BK_OK)
        err = vk_put32(vkey, out, file->write);
    return vk_sw_of(err, BK_SW_CONDITIONS);
}

/* offset2 ‖ length of name2 ‖ name, as both reading and writing have it */
static uint16_t find(const struct bk_vkey *vkey, struct vk_command *cmd, struct vk_file **file,
                     uint16_t *offset)
{
    uint16_t len = 0;
    char name[VK_FILE_NAME + 1];
    if (vk_get16(vkey, &cmd->rd, offset) != BK_OK || vk_get16(vkey, &cmd->rd, &len) != BK_OK ||
        !vk_get_name(&cmd->rd, len, name, VK_FILE_NAME))
        return BK_SW_DATA;
    *file = vk_file_by_name(cmd->app, name);
    return *file ? BK_SW_OK : BK_SW_NO_FILE;
}

static uint16_t allowed(const struct vk_command *cmd, uint32_t rights)
{
    if (vk_right(cmd, rights))
        return BK_SW_OK;
    return (rights & 0xff) == VK_RIGHT_NEVER ? BK_SW_NOT_ALLOWED : BK_SW_SECURITY;
}

uint16_t vk_read_file(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    struct vk_file *file = NULL;
    uint16_t offset = 0, sw = find(vkey, cmd, &file, &offset);
    if (sw == BK_SW_OK && bk_rd_end(&cmd->rd) != BK_OK)
        sw = BK_SW_DATA;
    if (sw == BK_SW_OK)
        sw = allowed(cmd, file->read);
    if (sw == BK_SW_OK && offset > file->data.len)
        sw = BK_SW_OFFSET;
    if (sw != BK_SW_OK)
        return sw;
    size_t len = file->data.len - offset, most = cmd->le < VK_ANSWER_MAX ? cmd->le : VK_ANSWER_MAX;
    if (len > most)
        len = most;
    return vk_sw_of(bk_buf_put(out, file->data.data + offset, len), BK_SW_CONDITIONS);
}

uint16_t vk_write_file(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    (void)out;
    struct vk_file *file = NULL;
    const uint8_t *data = NULL;
    uint16_t offset = 0, len = 0, sw = find(vkey, cmd, &file, &offset);
    if (sw == BK_SW_OK &&
        (vk_get16(vkey, &cmd->rd, &len) != BK_OK || bk_rd_take(&cmd->rd, len, &data) != BK_OK ||
         bk_rd_end(&cmd->rd) != BK_OK))
        sw = BK_SW_DATA;
    if (sw == BK_SW_OK)
        sw = allowed(cmd, file->write);
    if (sw == BK_SW_OK && offset > file->data.len)
        sw = BK_SW_OFFSET;
    if (sw == BK_SW_OK && len > file->data.len - offset)
        sw = BK_SW_NO_SPACE;
    if (sw != BK_SW_OK)
        return sw;
    if (len && memcmp(file->data.data + offset, data, len) != 0) {
        memcpy(file->data.data + offset, data, len);
        vkey->dirty = true;
    }
    return BK_SW_OK;
}
