/* SPDX-License-Identifier: Apache-2.0 */
#include "workflow/state.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/file.h"
#include "net/json.h"

#define STATE_MAX 16384u
#define STATE_VERSION 1
#define ASIDE_MAX 100

static enum bk_err state_folder(struct bk_buf *path)
{
    const char *base = getenv("XDG_STATE_HOME");
    if (base && *base == '/')
        return bk_buf_printf(path, "%s/bjca", base);
    base = getenv("HOME");
    if (!base || *base != '/')
        return BK_ENOTFOUND;
    return bk_buf_printf(path, "%s/.local/state/bjca", base);
}

/* WHAT-SERIAL.SUFFIX in the folder, which is made. A serial is the key's text: as hex it can't name
 * a path. */
static enum bk_err state_path(const char *what, const char *serial, const char *suffix, char **path)
{
    struct bk_buf buf = BK_BUF_INIT;
    const char *text = NULL;
    enum bk_err err = state_folder(&buf);
    if (err == BK_OK)
        err = bk_buf_cstr(&buf, &text);
    if (err == BK_OK)
        err = bk_dir_make(text);
    if (err == BK_OK)
        err = bk_buf_printf(&buf, "/%s-", what);
    if (err == BK_OK)
        err = bk_hex_encode(serial, strlen(serial), &buf);
    if (err == BK_OK)
        err = bk_buf_put_str(&buf, suffix);
    if (err == BK_OK)
        err = bk_buf_cstr(&buf, &text);
    if (err == BK_OK) {
        *path = strdup(text);
        err = *path ? BK_OK : BK_ENOMEM;
    }
    bk_buf_free(&buf);
    return err;
}

static void clear(struct bk_state *state)
{
    state->open = false;
    state->platform[0] = state->id[0] = 0;
    bk_secret_free(&state->secret);
    bk_buf_free(&state->report);
}

static enum bk_err copy_text(const json_t *json, const char *name, char *to, size_t size)
{
    const char *text = NULL;
    enum bk_err err = bk_json_str(json, name, size - 1, &text);
    if (err == BK_OK)
        memcpy(to, text, strlen(text) + 1);
    return err;
}

static enum bk_err read_state(struct bk_state *state, const json_t *json)
{
    struct bk_buf secret = BK_BUF_INIT;
    int64_t version = 0;
    enum bk_err err = bk_json_int(json, "version", 1, INT64_MAX, &version);
    if (err == BK_OK && version > STATE_VERSION)
        return BK_EUNSUPPORTED;
    if (err == BK_OK)
        err = copy_text(json, "platform", state->platform, sizeof state->platform);
    if (err == BK_OK)
        err = copy_text(json, "id", state->id, sizeof state->id);
    if (err == BK_OK)
        err = bk_json_int(json, "expires_at", 0, INT64_MAX, &state->expires_at);
    if (err == BK_OK)
        err = bk_json_bytes(json, "secret", BK_API_SECRET, &secret);
    if (err == BK_OK && secret.len != BK_API_SECRET)
        err = BK_EFORMAT;
    if (err == BK_OK)
        err = bk_secret_set(&state->secret, secret.data, secret.len);
    if (err == BK_OK) {
        err = bk_json_bytes(json, "report", 4096, &state->report);
        err = err == BK_ENOTFOUND ? BK_OK : err;
    }
    bk_buf_free(&secret);
    state->open = err == BK_OK;
    return err == BK_OK || err == BK_ENOMEM ? err : BK_ECORRUPT;
}

static enum bk_err load(struct bk_state *state)
{
    struct bk_buf text = BK_BUF_INIT;
    json_t *json = NULL;
    enum bk_err err = bk_file_read(state->path, STATE_MAX, &text);
    if (err == BK_ENOTFOUND)
        return BK_OK;
    if (err == BK_OK)
        err = bk_json_parse(text.data, text.len, STATE_MAX, &json) == BK_OK ? BK_OK : BK_ECORRUPT;
    if (err == BK_OK)
        err = read_state(state, json);
    json_decref(json);
    bk_buf_free(&text);
    return err;
}

enum bk_err bk_state_open(const char *serial, struct bk_state *state)
{
    *state = (struct bk_state){.lock = -1};
    enum bk_err err = state_path("unlock", serial, ".json", &state->path);
    if (err == BK_OK)
        err = bk_state_lock("unlock", serial, &state->lock);
    if (err == BK_OK)
        err = load(state);
    if (err != BK_OK && err != BK_ECORRUPT && err != BK_EUNSUPPORTED)
        bk_state_close(state);
    return err;
}

enum bk_err bk_state_lock(const char *what, const char *serial, int *lock)
{
    char *path = NULL;
    enum bk_err err = state_path(what, serial, ".lock", &path);
    if (err == BK_OK)
        err = bk_file_lock(path, 0, lock);
    free(path);
    return err;
}

enum bk_err bk_state_set_aside(struct bk_state *state, char **aside)
{
    struct bk_buf name = BK_BUF_INIT;
    const char *text = NULL;
    enum bk_err err = BK_EEXISTS;
    *aside = NULL;
    /* nobody else names files here while the lock is held */
    for (int i = 1; err == BK_EEXISTS && i <= ASIDE_MAX; i++) {
        bk_buf_clear(&name);
        err = i == 1 ? bk_buf_printf(&name, "%s.damaged", state->path)
                     : bk_buf_printf(&name, "%s.damaged-%d", state->path, i);
        if (err == BK_OK)
            err = bk_buf_cstr(&name, &text);
        if (err == BK_OK && access(text, F_OK) == 0)
            err = BK_EEXISTS;
    }
    if (err == BK_OK && rename(state->path, text) != 0)
        err = BK_EIO;
    if (err == BK_OK && !(*aside = strdup(text)))
        err = BK_ENOMEM;
    bk_buf_free(&name);
    clear(state);
    return err;
}

enum bk_err bk_state_save(struct bk_state *state)
{
    struct bk_buf text = BK_BUF_INIT;
    json_t *json =
        json_pack("{s:i, s:s, s:s, s:I}", "version", STATE_VERSION, "platform", state->platform,
                  "id", state->id, "expires_at", (json_int_t)state->expires_at);
    enum bk_err err = json ? BK_OK : BK_ENOMEM;
    if (err == BK_OK)
        err = bk_json_set_bytes(json, "secret", state->secret.data, state->secret.len);
    if (err == BK_OK && state->report.len)
        err = bk_json_set_bytes(json, "report", state->report.data, state->report.len);
    if (err == BK_OK)
        err = bk_json_text(json, &text);
    if (err == BK_OK)
        err = bk_file_replace(state->path, text.data, text.len, 0600);
    json_decref(json);
    bk_buf_free(&text);
    if (err == BK_OK)
        state->open = true;
    return err;
}

enum bk_err bk_state_forget(struct bk_state *state)
{
    clear(state);
    return unlink(state->path) == 0 || access(state->path, F_OK) != 0 ? BK_OK : BK_EIO;
}

void bk_state_close(struct bk_state *state)
{
    clear(state);
    free(state->path);
    bk_file_unlock(&state->lock);
    *state = (struct bk_state){.lock = -1};
}
