/* SPDX-License-Identifier: Apache-2.0 */
#include "vkey/vkey.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/file.h"
#include "base/secret.h"
#include "crypto/ctx.h"
#include "vkey/command.h"
#include "vkey/counter.h"
#include "vkey/store.h"

/* How long another process may hold the key: an unlock waits 15 seconds for its platform. */
#define PATIENCE_MS 20000u

/*
 * Direct convention, T=1, and in the historical bytes (ISO/IEC 7816-4 clause 8.1, compact TLV)
 * `BJCAVK1` as the issuer's data and extended lengths as the card's capability. No driver of
 * OpenSC claims it.
 */
static const uint8_t atr[] = {0x3b, 0x8d, 0x80, 0x01, 0x80, 0x57, 'B',  'J',  'C',
                              'A',  'V',  'K',  '1',  0x73, 0x00, 0x00, 0x40, 0xce};

static const char *const dialects[] = {"gmt0017", "longmai"};
static const char *const shapes[] = {"direct", "admin-first"};

const uint8_t *bk_vkey_atr(size_t *len)
{
    *len = sizeof atr;
    return atr;
}

static enum bk_err find_name(const char *text, const char *const names[], int count, int *found)
{
    for (*found = 0; *found < count; ++*found)
        if (strcmp(text, names[*found]) == 0)
            return BK_OK;
    return BK_EINVAL;
}

enum bk_err bk_vkey_dialect_parse(const char *text, enum bk_vkey_dialect *dialect)
{
    int i = 0;
    enum bk_err err = find_name(text, dialects, 2, &i);
    if (err == BK_OK)
        *dialect = (enum bk_vkey_dialect)i;
    return err;
}

enum bk_err bk_vkey_shape_parse(const char *text, enum bk_vkey_shape *shape)
{
    int i = 0;
    enum bk_err err = find_name(text, shapes, 2, &i);
    if (err == BK_OK)
        *shape = (enum bk_vkey_shape)i;
    return err;
}

enum bk_err bk_vkey_files_parse(const char *text, enum bk_vkey_files *files)
{
    static const char *const names[] = {"user", "no-room", "no-right"};
    int i = 0;
    enum bk_err err = find_name(text, names, 3, &i);
    if (err == BK_OK)
        *files = (enum bk_vkey_files)i;
    return err;
}

const char *bk_vkey_dialect_name(enum bk_vkey_dialect dialect)
{
    return dialects[dialect == BK_VKEY_LONGMAI];
}

const char *bk_vkey_shape_name(enum bk_vkey_shape shape)
{
    return shapes[shape == BK_VKEY_ADMIN_FIRST];
}

static void vkey_free(struct bk_vkey **vkey)
{
    if (!*vkey)
        return;
    vk_session_reset(&(*vkey)->session);
    vk_state_free(&(*vkey)->state);
    vk_store_close(*vkey);
    bk_file_unlock(&(*vkey)->held);
    free((*vkey)->path);
    free((*vkey)->lock_path);
    free(*vkey);
    *vkey = NULL;
}

static enum bk_err vkey_new(const char *path, struct bk_vkey **vkey)
{
    struct bk_vkey *made = calloc(1, sizeof *made);
    if (!made)
        return BK_ENOMEM;
    vk_session_reset(&made->session);
    made->held = made->file = -1;
    size_t size = strlen(path) + sizeof ".lock";
    made->path = strdup(path);
    made->lock_path = malloc(size);
    if (made->lock_path)
        (void)snprintf(made->lock_path, size, "%s.lock", path);
    if (!made->path || !made->lock_path) {
        vkey_free(&made);
        return BK_ENOMEM;
    }
    *vkey = made;
    return BK_OK;
}

static enum bk_err set_pin(struct vk_secret *secret, const void *pin, size_t len,
                           const char *factory, unsigned retries)
{
    if (!pin) {
        pin = factory;
        len = strlen(factory);
    }
    if (!vk_pin_allowed(pin, len))
        return BK_EPIN_RULE;
    if (!retries)
        retries = BK_VKEY_RETRIES;
    if (retries > 15) /* 63CX has room for no more */
        return BK_EINVAL;
    secret->max = (uint8_t)retries;
    secret->left = (uint8_t)retries;
    return vk_pin_key(pin, len, secret->key);
}

static enum bk_err make_app(struct vk_state *state, const struct bk_vkey_params *params)
{
    const char *name = params->application ? params->application : BK_VKEY_APPLICATION;
    struct vk_app *app = calloc(1, sizeof *app);
    if (!app)
        return BK_ENOMEM;
    state->apps[0] = app;
    app->uid = ++state->last_uid;
    if (!*name || strlen(name) > 32)
        return BK_EINVAL;
    memcpy(app->name, name, strlen(name) + 1);
    app->file_rights = params->files == BK_VKEY_FILES_NO_RIGHT ? 0 : VK_RIGHT_USER;
    app->max_containers = BK_VKEY_CONTAINERS;
    app->max_certs = 2 * BK_VKEY_CONTAINERS;
    app->max_files = params->files == BK_VKEY_FILES_NO_ROOM ? 0 : BK_VKEY_FILES;
    enum bk_err err = set_pin(&app->pin[VK_PIN_USER], params->user_pin, params->user_pin_len,
                              BK_VKEY_USER_PIN, params->user_retries);
    if (err == BK_OK)
        err = set_pin(&app->pin[VK_PIN_ADMIN], params->admin_pin, params->admin_pin_len,
                      BK_VKEY_ADMIN_PIN, params->admin_retries);
    return err;
}

static bool serial_allowed(const char *serial)
{
    size_t len = serial ? strlen(serial) : 0;
    for (size_t i = 0; i < len; i++)
        if (serial[i] <= ' ' || serial[i] > '~')
            return false;
    return len >= 1 && len <= BK_VKEY_SERIAL_MAX;
}

static enum bk_err make_state(struct vk_state *state, const struct bk_vkey_params *params)
{
    const char *label = params->label ? params->label : BK_VKEY_LABEL;
    size_t label_len = strlen(label);
    if (!serial_allowed(params->serial) || !label_len || label_len >= VK_LABEL ||
        !bk_utf8_valid(label, label_len))
        return BK_EINVAL;
    memcpy(state->serial, params->serial, strlen(params->serial) + 1);
    memcpy(state->label, label, label_len + 1);
    state->dialect = params->dialect;
    state->shape = params->shape;
    state->device.max = state->device.left = BK_VKEY_RETRIES;
    enum bk_err err = BK_OK;
    if (params->device_key)
        memcpy(state->device.key, params->device_key, VK_KEY);
    else
        err = bk_random(state->device.key, VK_KEY);
    return err == BK_OK && !params->empty ? make_app(state, params) : err;
}

enum bk_err bk_vkey_create(const char *path, const struct bk_vkey_params *params)
{
    struct bk_vkey *vkey = NULL;
    int lock = -1;
    enum bk_err err = vkey_new(path, &vkey);
    if (err == BK_OK)
        err = make_state(&vkey->state, params);
    if (err == BK_OK)
        err = bk_file_lock(vkey->lock_path, 1, &lock);
    if (err == BK_OK && faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
        err = BK_EEXISTS;
    if (err == BK_OK)
        err = vk_store_save(vkey);
    bk_file_unlock(&lock);
    vkey_free(&vkey);
    return err;
}

/* Under the lock, with the state as it is on disk. */
static enum bk_err enter(struct bk_vkey *vkey, int *lock)
{
    enum bk_err err =
        vkey->held >= 0 ? BK_OK : bk_file_lock_within(vkey->lock_path, PATIENCE_MS, lock);
    if (err == BK_OK)
        err = vk_store_refresh(vkey);
    return err;
}

enum bk_err bk_vkey_begin(struct bk_vkey *vkey)
{
    return vkey->held >= 0 ? BK_OK : bk_file_lock_within(vkey->lock_path, PATIENCE_MS, &vkey->held);
}

void bk_vkey_end(struct bk_vkey *vkey)
{
    bk_file_unlock(&vkey->held);
}

enum bk_err bk_vkey_open(const char *path, struct bk_vkey **vkey)
{
    struct bk_vkey *made = NULL;
    int lock = -1;
    /* a lock file is made beside a key, not wherever a wrong path points */
    if (faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == EACCES ? BK_EDENIED : BK_ENOTFOUND;
    enum bk_err err = vkey_new(path, &made);
    if (err == BK_OK)
        err = enter(made, &lock);
    bk_file_unlock(&lock);
    if (err != BK_OK)
        vkey_free(&made);
    *vkey = made;
    return err;
}

void bk_vkey_close(struct bk_vkey **vkey)
{
    vkey_free(vkey);
}

void bk_vkey_reset(struct bk_vkey *vkey)
{
    bk_vkey_end(vkey);
    vk_session_reset(&vkey->session);
}

static uint16_t execute(struct bk_vkey *vkey, const uint8_t *bytes, size_t len, struct bk_buf *resp)
{
    struct vk_command cmd;
    uint16_t sw = vk_command_parse(bytes, len, &cmd) ? vk_dispatch(vkey, &cmd, resp) : BK_SW_LENGTH;
    if (sw == BK_SW_LE && vkey->dirty) /* its answer didn't fit: it wasn't carried out */
        vkey->dirty = vkey->counted = vkey->loaded = false;
    if (vkey->dirty && vk_store_save(vkey) != BK_OK)
        sw = BK_SW_WRITE_FAILED;
    /* tries that come back may reach the disk later: until then they are fewer, never more */
    if (vkey->counted && vk_counters_save(vkey, false) != BK_OK)
        sw = BK_SW_WRITE_FAILED;
    /* what the command did to the session, a log-in perhaps, isn't true if it wasn't written */
    if (sw == BK_SW_WRITE_FAILED)
        vk_session_reset(&vkey->session);
    if (sw != BK_SW_OK)
        bk_buf_clear(resp);
    return sw;
}

enum bk_err bk_vkey_transmit(struct bk_vkey *vkey, const uint8_t *cmd, size_t len,
                             struct bk_buf *resp)
{
    int lock = -1;
    bk_buf_clear(resp);
    enum bk_err err = enter(vkey, &lock);
    if (err == BK_ENOTFOUND)
        err = BK_EREMOVED;
    if (err == BK_OK) {
        uint16_t sw = execute(vkey, cmd, len, resp);
        err = bk_buf_put_u16be(resp, sw);
    }
    bk_file_unlock(&lock);
    return err;
}

static struct bk_vkey_pin_info pin_info(const struct vk_secret *secret, const char *factory)
{
    uint8_t key[VK_KEY];
    bool is_default = vk_pin_key(factory, strlen(factory), key) == BK_OK &&
                      bk_secret_equal(key, VK_KEY, secret->key, VK_KEY);
    return (struct bk_vkey_pin_info){secret->max, secret->left, is_default};
}

enum bk_err bk_vkey_info(struct bk_vkey *vkey, struct bk_vkey_info *info)
{
    int lock = -1;
    enum bk_err err = enter(vkey, &lock);
    bk_file_unlock(&lock);
    if (err != BK_OK)
        return err;
    const struct vk_state *state = &vkey->state;
    *info = (struct bk_vkey_info){.dialect = state->dialect,
                                  .shape = state->shape,
                                  .space = BK_VKEY_SPACE,
                                  .space_left = vk_space_left(state),
                                  .app_count = (unsigned)VK_COUNT(state->apps)};
    (void)snprintf(info->serial, sizeof info->serial, "%s", state->serial);
    (void)snprintf(info->label, sizeof info->label, "%s", state->label);
    for (unsigned i = 0; i < info->app_count; i++) {
        const struct vk_app *app = state->apps[i];
        struct bk_vkey_app_info *to = &info->apps[i];
        (void)snprintf(to->name, sizeof to->name, "%s", app->name);
        to->user = pin_info(&app->pin[VK_PIN_USER], BK_VKEY_USER_PIN);
        to->admin = pin_info(&app->pin[VK_PIN_ADMIN], BK_VKEY_ADMIN_PIN);
        to->containers = (unsigned)VK_COUNT(app->containers);
        to->files = (unsigned)VK_COUNT(app->files);
    }
    return BK_OK;
}
