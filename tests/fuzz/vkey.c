/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A stream of commands to a fresh key. First byte: bit 0 longmai, bit 1 admin-first, bit 2 user
 * logged in, bit 3 administrator logged in. Then commands, each behind its length (2 bytes,
 * big-endian); FFFF is a reset. The key has an RSA and an SM2 container with both pairs, and a
 * file; ids are those of a fresh power-up. Whatever comes, each answer has a status word, the file
 * stays whole, and nobody who wasn't logged in signs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crypto/ctx.h"
#include "crypto/envelope.h"
#include "crypto/sm4.h"
#include "vkey/state.h"
#include "vkey/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CHECK(what)                                                                                \
    do {                                                                                           \
        if (!(what)) {                                                                             \
            fprintf(stderr, "vkey: " #what "\n");                                                  \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

static char path[64];
static struct bk_rsa_key *rsa[2];
static struct bk_sm2_key *sm2[2];

static void clean_up(void)
{
    char name[80];
    (void)unlink(path);
    (void)snprintf(name, sizeof name, "%s.lock", path);
    (void)unlink(name);
}

static struct vk_container *add_box(struct bk_vkey *key, size_t at, const char *name, int alg)
{
    struct vk_container *box = calloc(1, sizeof *box);
    CHECK(box);
    box->uid = ++key->state.last_uid;
    box->alg = alg;
    memcpy(box->name, name, strlen(name));
    key->state.apps[0]->containers[at] = box;
    for (int i = 0; i < 2; i++) {
        struct bk_buf *priv = &box->pair[i].priv;
        if (alg == BK_ALG_RSA) {
            CHECK(bk_rsa_to_der(rsa[i], priv) == BK_OK);
        } else {
            CHECK(bk_buf_put_zero(priv, 32) == BK_OK);
            CHECK(bk_sm2_to_bytes(sm2[i], priv->data) == BK_OK);
        }
    }
    return box;
}

static struct bk_vkey *make(unsigned flags)
{
    struct bk_vkey_params params = {.serial = "FUZZ",
                                    .dialect = (enum bk_vkey_dialect)(flags & 1),
                                    .shape = (enum bk_vkey_shape)(flags >> 1 & 1)};
    struct bk_vkey *key = NULL;
    (void)unlink(path);
    CHECK(bk_vkey_create(path, &params) == BK_OK);
    CHECK(bk_vkey_open(path, &key) == BK_OK);
    (void)add_box(key, 0, "rsa", BK_ALG_RSA);
    (void)add_box(key, 1, "sm2", BK_ALG_SM2);
    struct vk_file *file = calloc(1, sizeof *file);
    CHECK(file && bk_buf_put_zero(&file->data, 64) == BK_OK);
    memcpy(file->name, "file", 5);
    file->read = VK_RIGHT_ANYONE;
    file->write = VK_RIGHT_USER;
    key->state.apps[0]->files[0] = file;
    CHECK(vk_store_save(key) == BK_OK);
    return key;
}

static void open_all(struct bk_vkey *key, unsigned flags)
{
    struct vk_session *s = &key->session;
    const struct vk_app *app = key->state.apps[0];
    s->apps[0] = (struct vk_open_app){.id = s->next_app++, .uid = app->uid};
    s->apps[0].verified[VK_PIN_USER] = flags & 4;
    s->apps[0].verified[VK_PIN_ADMIN] = flags & 8;
    for (size_t i = 0; i < 2 && app->containers[i]; i++)
        s->containers[i] = (struct vk_open_container){
            .id = s->next_container++, .app_uid = app->uid, .uid = app->containers[i]->uid};
}

static bool any_user(const struct bk_vkey *key)
{
    for (size_t i = 0; i < BK_VKEY_APPS; i++)
        if (key->session.apps[i].id && key->session.apps[i].verified[VK_PIN_USER])
            return true;
    return false;
}

/* Instructions that use a private key. */
static bool is_private(uint8_t ins)
{
    return ins == 0x58 || ins == 0x74 || ins == 0xa0 || ins == 0xc6 || ins == 0xc8;
}

static void run(struct bk_vkey *key, struct bk_rd rd)
{
    struct bk_buf resp = BK_BUF_INIT;
    uint16_t len = 0;
    const uint8_t *cmd = NULL;
    while (bk_rd_u16be(&rd, &len) == BK_OK) {
        if (len == 0xffff) {
            bk_vkey_reset(key);
            continue;
        }
        if (bk_rd_take(&rd, len, &cmd) != BK_OK)
            break;
        bool may_sign = any_user(key);
        CHECK(bk_vkey_transmit(key, cmd, len, &resp) == BK_OK);
        CHECK(resp.len >= 2 && resp.len <= 65535);
        bool good = resp.data[resp.len - 2] == 0x90 && resp.data[resp.len - 1] == 0;
        CHECK(good || resp.len == 2);
        CHECK(!good || may_sign || cmd[0] != 0x80 || !is_private(cmd[1]));
    }
    bk_buf_free(&resp);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!path[0]) {
        (void)snprintf(path, sizeof path, "/dev/shm/fuzz-vkey.%ld", (long)getpid());
        (void)atexit(clean_up);
        for (int i = 0; i < 2; i++)
            CHECK(bk_rsa_generate(2048, &rsa[i]) == BK_OK && bk_sm2_generate(&sm2[i]) == BK_OK);
    }
    if (!size)
        return 0;
    struct bk_vkey *key = make(data[0]), *again = NULL;
    open_all(key, data[0]);
    run(key, bk_rd(data + 1, size - 1));
    CHECK(bk_vkey_open(path, &again) == BK_OK);
    bk_vkey_close(&again);
    bk_vkey_close(&key);
    return 0;
}
