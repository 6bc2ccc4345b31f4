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

#define STATE_MAX 65536u
#define STATE_VERSION 1
#define REPORT_MAX 4096u
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

static void attempt_free(struct bk_attempt *a)
{
    bk_secret_free(&a->secret);
    bk_buf_free(&a->report);
    *a = (struct bk_attempt){0};
}

static void clear(struct bk_state *state)
{
    state->open = false;
    attempt_free(&state->now);
}

static void clear_all(struct bk_state *state)
{
    clear(state);
    while (state->earlier_count)
        attempt_free(&state->earlier[--state->earlier_count]);
}

static enum bk_err copy_text(const json_t *json, const char *name, char *to, size_t size)
{
    const char *text = NULL;
    enum bk_err err = bk_json_str(json, name, size - 1, &text);
    if (err == BK_OK)
        memcpy(to, text, strlen(text) + 1);
    return err;
}

static enum bk_err read_attempt(struct bk_attempt *a, const json_t *json)
{
    struct bk_buf secret = BK_BUF_INIT;
    enum bk_err err = copy_text(json, "platform", a->platform, sizeof a->platform);
    if (err == BK_OK)
        err = copy_text(json, "id", a->id, sizeof a->id);
    if (err == BK_OK)
        err = bk_json_bytes(json, "secret", BK_API_SECRET, &secret);
    if (err == BK_OK && secret.len != BK_API_SECRET)
        err = BK_EFORMAT;
    if (err == BK_OK)
        err = bk_secret_set(&a->secret, secret.data, secret.len);
    if (err == BK_OK) {
        err = bk_json_bytes(json, "report", REPORT_MAX, &a->report);
        err = err == BK_ENOTFOUND ? BK_OK : err;
    }
    bk_buf_free(&secret);
    return err;
}

static enum bk_err read_earlier(struct bk_state *state, const json_t *list)
{
    enum bk_err err = list && !json_is_array(list)               ? BK_EFORMAT
                      : json_array_size(list) > BK_STATE_EARLIER ? BK_ELIMIT
                                                                 : BK_OK;
    for (size_t i = 0; err == BK_OK && i < json_array_size(list); i++) {
        struct bk_attempt *a = &state->earlier[state->earlier_count++];
        err = read_attempt(a, json_array_get(list, i));
        if (err == BK_OK && !a->report.len)
            err = BK_EFORMAT;
    }
    return err;
}

static enum bk_err read_state(struct bk_state *state, const json_t *json)
{
    int64_t version = 0;
    const json_t *earlier = json_object_get(json, "earlier");
    bool open = json_object_get(json, "id") || !earlier;
    enum bk_err err = bk_json_int(json, "version", 1, INT64_MAX, &version);
    if (err == BK_OK && version > STATE_VERSION)
        return BK_EUNSUPPORTED;
    if (err == BK_OK && open)
        err = read_attempt(&state->now, json);
    if (err == BK_OK && open)
        err = bk_json_int(json, "expires_at", 0, INT64_MAX, &state->expires_at);
    if (err == BK_OK)
        err = read_earlier(state, earlier);
    state->open = open && err == BK_OK;
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
    clear_all(state);
    return err;
}

static enum bk_err put_attempt(json_t *json, const struct bk_attempt *a)
{
    if (json_object_set_new(json, "platform", json_string(a->platform)) != 0 ||
        json_object_set_new(json, "id", json_string(a->id)) != 0)
        return BK_ENOMEM;
    enum bk_err err = bk_json_set_bytes(json, "secret", a->secret.data, a->secret.len);
    if (err == BK_OK && a->report.len)
        err = bk_json_set_bytes(json, "report", a->report.data, a->report.len);
    return err;
}

static enum bk_err put_earlier(json_t *json, const struct bk_state *state)
{
    json_t *list = json_array();
    enum bk_err err = list ? BK_OK : BK_ENOMEM;
    for (size_t i = 0; err == BK_OK && i < state->earlier_count; i++) {
        json_t *one = json_object();
        err = one ? put_attempt(one, &state->earlier[i]) : BK_ENOMEM;
        if (json_array_append_new(list, one) != 0)
            err = BK_ENOMEM;
    }
    if (json_object_set_new(json, "earlier", list) != 0)
        err = BK_ENOMEM;
    return err;
}

static enum bk_err write_state(const struct bk_state *state)
{
    struct bk_buf text = BK_BUF_INIT;
    json_t *json = json_pack("{s:i}", "version", STATE_VERSION);
    enum bk_err err = json ? BK_OK : BK_ENOMEM;
    if (err == BK_OK && state->open)
        err = put_attempt(json, &state->now);
    if (err == BK_OK && state->open &&
        json_object_set_new(json, "expires_at", json_integer((json_int_t)state->expires_at)) != 0)
        err = BK_ENOMEM;
    if (err == BK_OK && state->earlier_count)
        err = put_earlier(json, state);
    if (err == BK_OK)
        err = bk_json_text(json, &text);
    if (err == BK_OK)
        err = bk_file_replace(state->path, text.data, text.len, 0600);
    json_decref(json);
    bk_buf_free(&text);
    return err;
}

enum bk_err bk_state_save(struct bk_state *state)
{
    if (state->open || state->earlier_count)
        return write_state(state);
    return unlink(state->path) == 0 || access(state->path, F_OK) != 0 ? BK_OK : BK_EIO;
}

enum bk_err bk_state_forget(struct bk_state *state)
{
    clear(state);
    return bk_state_save(state);
}

static bool has_later(const struct bk_state *state, size_t index)
{
    const char *platform = state->earlier[index].platform;
    for (size_t i = index + 1; i < state->earlier_count; i++)
        if (strcmp(state->earlier[i].platform, platform) == 0)
            return true;
    return strcmp(state->now.platform, platform) == 0;
}

static void give_one_up(struct bk_state *state)
{
    size_t which = 0;
    while (which < state->earlier_count && !has_later(state, which))
        which++;
    if (which == state->earlier_count)
        which = 0;
    (void)snprintf(state->given_up, sizeof state->given_up, "%s", state->earlier[which].platform);
    bk_state_drop(state, which);
}

void bk_state_shelve(struct bk_state *state)
{
    state->given_up[0] = 0;
    if (state->now.report.len) {
        if (state->earlier_count == BK_STATE_EARLIER)
            give_one_up(state);
        state->earlier[state->earlier_count++] = state->now;
        state->now = (struct bk_attempt){0};
    }
    clear(state);
}

void bk_state_drop(struct bk_state *state, size_t index)
{
    attempt_free(&state->earlier[index]);
    state->earlier_count--;
    memmove(&state->earlier[index], &state->earlier[index + 1],
            (state->earlier_count - index) * sizeof *state->earlier);
    state->earlier[state->earlier_count] = (struct bk_attempt){0};
}

void bk_state_close(struct bk_state *state)
{
    clear_all(state);
    free(state->path);
    bk_file_unlock(&state->lock);
    *state = (struct bk_state){.lock = -1};
}
