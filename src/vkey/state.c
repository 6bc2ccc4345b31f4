/* SPDX-License-Identifier: Apache-2.0 */
#include "vkey/state.h"

#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "vkey/crypt.h"

void vk_pair_free(struct vk_pair *pair)
{
    bk_buf_free(&pair->priv);
    bk_buf_free(&pair->cert);
    bk_rsa_free(&pair->rsa);
    bk_sm2_free(&pair->sm2);
}

void vk_container_free(struct vk_container **container)
{
    if (!*container)
        return;
    vk_pair_free(&(*container)->pair[VK_ENC]);
    vk_pair_free(&(*container)->pair[VK_SIGN]);
    free(*container);
    *container = NULL;
}

void vk_file_free(struct vk_file **file)
{
    if (!*file)
        return;
    bk_buf_free(&(*file)->data);
    free(*file);
    *file = NULL;
}

void vk_app_free(struct vk_app **app)
{
    if (!*app)
        return;
    for (size_t i = 0; i < BK_VKEY_CONTAINERS; i++)
        vk_container_free(&(*app)->containers[i]);
    for (size_t i = 0; i < BK_VKEY_FILES; i++)
        vk_file_free(&(*app)->files[i]);
    bk_wipe(*app, sizeof **app);
    free(*app);
    *app = NULL;
}

void vk_state_free(struct vk_state *state)
{
    for (size_t i = 0; i < BK_VKEY_APPS; i++)
        vk_app_free(&state->apps[i]);
    bk_wipe(state, sizeof *state);
}

void vk_array_remove(void **array, size_t size, size_t at)
{
    for (; at + 1 < size; at++)
        array[at] = array[at + 1];
    array[size - 1] = NULL;
}

size_t vk_array_count(void *const *array, size_t size)
{
    size_t n = 0;
    while (n < size && array[n])
        n++;
    return n;
}

struct vk_app *vk_app_by_name(struct vk_state *state, const char *name)
{
    for (size_t i = 0; i < BK_VKEY_APPS; i++)
        if (state->apps[i] && strcmp(state->apps[i]->name, name) == 0)
            return state->apps[i];
    return NULL;
}

struct vk_app *vk_app_by_uid(struct vk_state *state, uint32_t uid)
{
    for (size_t i = 0; i < BK_VKEY_APPS; i++)
        if (state->apps[i] && state->apps[i]->uid == uid)
            return state->apps[i];
    return NULL;
}

struct vk_container *vk_container_by_name(struct vk_app *app, const char *name)
{
    for (size_t i = 0; i < BK_VKEY_CONTAINERS; i++)
        if (app->containers[i] && strcmp(app->containers[i]->name, name) == 0)
            return app->containers[i];
    return NULL;
}

struct vk_container *vk_container_by_uid(struct vk_app *app, uint32_t uid)
{
    for (size_t i = 0; i < BK_VKEY_CONTAINERS; i++)
        if (app->containers[i] && app->containers[i]->uid == uid)
            return app->containers[i];
    return NULL;
}

struct vk_file *vk_file_by_name(struct vk_app *app, const char *name)
{
    for (size_t i = 0; i < BK_VKEY_FILES; i++)
        if (app->files[i] && strcmp(app->files[i]->name, name) == 0)
            return app->files[i];
    return NULL;
}

static size_t container_space(const struct vk_container *container)
{
    size_t used = VK_SPACE_CONTAINER;
    for (int i = 0; i < 2; i++)
        used += container->pair[i].priv.len + container->pair[i].cert.len;
    return used;
}

uint32_t vk_space_left(const struct vk_state *state)
{
    size_t used = 0;
    for (size_t a = 0; a < BK_VKEY_APPS && state->apps[a]; a++) {
        const struct vk_app *app = state->apps[a];
        used += VK_SPACE_APP;
        for (size_t i = 0; i < BK_VKEY_CONTAINERS && app->containers[i]; i++)
            used += container_space(app->containers[i]);
        for (size_t i = 0; i < BK_VKEY_FILES && app->files[i]; i++)
            used += VK_SPACE_FILE + app->files[i]->data.len;
    }
    return used < BK_VKEY_SPACE ? (uint32_t)(BK_VKEY_SPACE - used) : 0;
}

enum bk_err vk_pair_load(struct vk_pair *pair, int alg)
{
    if (!pair->priv.len)
        return BK_ENOTFOUND;
    if (alg == BK_ALG_RSA)
        return pair->rsa ? BK_OK : bk_rsa_from_own_der(pair->priv.data, pair->priv.len, &pair->rsa);
    if (pair->sm2)
        return BK_OK;
    return pair->priv.len == 32 ? bk_sm2_from_bytes(pair->priv.data, &pair->sm2) : BK_ECORRUPT;
}

const struct bk_pubkey *vk_pair_pubkey(struct vk_pair *pair, int alg)
{
    if (vk_pair_load(pair, alg) != BK_OK)
        return NULL;
    return alg == BK_ALG_RSA ? bk_rsa_pubkey(pair->rsa) : bk_sm2_pubkey(pair->sm2);
}

void vk_session_key_free(struct vk_session_key *key)
{
    for (int i = 0; i < 3; i++)
        vk_cipher_run_free(&key->run[i]);
    bk_wipe(key, sizeof *key);
}

void vk_close_opened(struct vk_session *session, struct vk_open_container *opened)
{
    for (size_t i = 0; i < VK_SESSION_KEYS; i++)
        if (session->keys[i].id && session->keys[i].container == opened->id)
            vk_session_key_free(&session->keys[i]);
    *opened = (struct vk_open_container){0};
}

void vk_session_reset(struct vk_session *session)
{
    for (size_t i = 0; i < VK_SESSION_KEYS; i++)
        vk_session_key_free(&session->keys[i]);
    bk_digester_free(&session->digest);
    bk_wipe(session, sizeof *session);
    /* the ids that a GM3000 gives first after power-up */
    session->next_app = 0x1000;
    session->next_container = 0x3001;
    session->next_key = 0x5001;
}

enum bk_err vk_pin_key(const void *pin, size_t len, uint8_t key[VK_KEY])
{
    uint8_t padded[BK_VKEY_PIN_MAX] = {0}, digest[20];
    if (len > sizeof padded)
        return BK_EINVAL;
    if (len)
        memcpy(padded, pin, len);
    enum bk_err err = bk_digest(BK_HASH_SHA1, padded, sizeof padded, digest);
    if (err == BK_OK)
        memcpy(key, digest, VK_KEY);
    bk_wipe(padded, sizeof padded);
    bk_wipe(digest, sizeof digest);
    return err;
}

bool vk_pin_allowed(const void *pin, size_t len)
{
    return len >= BK_VKEY_PIN_MIN && len <= BK_VKEY_PIN_MAX && !memchr(pin, 0, len);
}
