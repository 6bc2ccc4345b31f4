/* SPDX-License-Identifier: Apache-2.0 */
#include "vkey/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/secret.h"
#include "vkey/counter.h"

#define STATE_VERSION 2u /* 1 had no slots of counters */
#define FILE_MAX (4u * 1024 * 1024)
#define HEAD 20u
#define CHECKSUM 32u

static const char magic[4] = "BJVK";

static enum bk_err put_string(struct bk_buf *out, const char *text)
{
    size_t len = strlen(text);
    enum bk_err err = bk_buf_put_u8(out, (uint8_t)len);
    return err == BK_OK ? bk_buf_put(out, text, len) : err;
}

static enum bk_err put_blob(struct bk_buf *out, const struct bk_buf *blob)
{
    enum bk_err err = bk_buf_put_u32be(out, (uint32_t)blob->len);
    return err == BK_OK ? bk_buf_put(out, blob->data, blob->len) : err;
}

static enum bk_err put_secret(struct bk_buf *out, const struct vk_secret *secret)
{
    enum bk_err err = bk_buf_put(out, secret->key, VK_KEY);
    if (err == BK_OK)
        err = bk_buf_put_u8(out, secret->max);
    return err == BK_OK ? bk_buf_put_u8(out, secret->left) : err;
}

static enum bk_err put_container(struct bk_buf *out, const struct vk_container *container)
{
    enum bk_err err = bk_buf_put_u32be(out, container->uid);
    if (err == BK_OK)
        err = put_string(out, container->name);
    if (err == BK_OK)
        err = bk_buf_put_u8(out, (uint8_t)container->alg);
    for (int i = 0; err == BK_OK && i < 2; i++) {
        err = put_blob(out, &container->pair[i].priv);
        if (err == BK_OK)
            err = put_blob(out, &container->pair[i].cert);
    }
    return err;
}

static enum bk_err put_file(struct bk_buf *out, const struct vk_file *file)
{
    enum bk_err err = put_string(out, file->name);
    if (err == BK_OK)
        err = bk_buf_put_u32be(out, file->read);
    if (err == BK_OK)
        err = bk_buf_put_u32be(out, file->write);
    return err == BK_OK ? put_blob(out, &file->data) : err;
}

static enum bk_err put_app(struct bk_buf *out, const struct vk_app *app)
{
    enum bk_err err = bk_buf_put_u32be(out, app->uid);
    if (err == BK_OK)
        err = put_string(out, app->name);
    for (int i = 0; err == BK_OK && i < 2; i++)
        err = put_secret(out, &app->pin[i]);
    if (err == BK_OK)
        err = bk_buf_put_u32be(out, app->file_rights);
    if (err == BK_OK)
        err = bk_buf_put_u8(out, app->max_containers);
    if (err == BK_OK)
        err = bk_buf_put_u8(out, app->max_certs);
    if (err == BK_OK)
        err = bk_buf_put_u16be(out, app->max_files);
    if (err == BK_OK)
        err = bk_buf_put_u8(out, (uint8_t)VK_COUNT(app->containers));
    for (size_t i = 0; err == BK_OK && i < VK_COUNT(app->containers); i++)
        err = put_container(out, app->containers[i]);
    if (err == BK_OK)
        err = bk_buf_put_u8(out, (uint8_t)VK_COUNT(app->files));
    for (size_t i = 0; err == BK_OK && i < VK_COUNT(app->files); i++)
        err = put_file(out, app->files[i]);
    return err;
}

static enum bk_err put_state(struct bk_buf *out, const struct vk_state *state)
{
    enum bk_err err = bk_buf_put_u8(out, (uint8_t)state->dialect);
    if (err == BK_OK)
        err = bk_buf_put_u8(out, (uint8_t)state->shape);
    if (err == BK_OK)
        err = put_string(out, state->serial);
    if (err == BK_OK)
        err = put_string(out, state->label);
    if (err == BK_OK)
        err = put_secret(out, &state->device);
    if (err == BK_OK)
        err = bk_buf_put_u32be(out, state->last_uid);
    if (err == BK_OK)
        err = bk_buf_put_u8(out, (uint8_t)VK_COUNT(state->apps));
    for (size_t i = 0; err == BK_OK && i < VK_COUNT(state->apps); i++)
        err = put_app(out, state->apps[i]);
    return err;
}

enum bk_err vk_store_encode(const struct vk_state *state, struct bk_buf *out)
{
    struct bk_buf payload = BK_BUF_INIT;
    size_t start = out->len;
    uint8_t sum[CHECKSUM];
    enum bk_err err = put_state(&payload, state);
    if (err == BK_OK)
        err = bk_buf_put(out, magic, sizeof magic);
    if (err == BK_OK)
        err = bk_buf_put_u32be(out, STATE_VERSION << 16);
    if (err == BK_OK)
        err = bk_buf_put_u64be(out, state->sequence);
    if (err == BK_OK)
        err = put_blob(out, &payload);
    if (err == BK_OK)
        err = bk_digest(BK_HASH_SM3, out->data + start, out->len - start, sum);
    if (err == BK_OK)
        err = bk_buf_put(out, sum, sizeof sum);
    if (err == BK_OK)
        err = vk_counters_append(out);
    bk_buf_free(&payload);
    return err;
}

static enum bk_err get_string(struct bk_rd *rd, char *out, size_t max)
{
    uint8_t len = 0;
    const uint8_t *text = NULL;
    enum bk_err err = bk_rd_u8(rd, &len);
    if (err == BK_OK && len > max)
        err = BK_EFORMAT;
    if (err == BK_OK)
        err = bk_rd_take(rd, len, &text);
    if (err != BK_OK)
        return err;
    memcpy(out, text, len);
    out[len] = 0;
    return strlen(out) == len ? BK_OK : BK_EFORMAT;
}

static enum bk_err get_blob(struct bk_rd *rd, struct bk_buf *out)
{
    uint32_t len = 0;
    const uint8_t *data = NULL;
    enum bk_err err = bk_rd_u32be(rd, &len);
    if (err == BK_OK)
        err = bk_rd_take(rd, len, &data);
    return err == BK_OK ? bk_buf_put(out, data, len) : err;
}

static enum bk_err get_secret(struct bk_rd *rd, struct vk_secret *secret)
{
    enum bk_err err = bk_rd_copy(rd, secret->key, VK_KEY);
    if (err == BK_OK)
        err = bk_rd_u8(rd, &secret->max);
    if (err == BK_OK)
        err = bk_rd_u8(rd, &secret->left);
    if (err == BK_OK && (secret->max < 1 || secret->max > 15 || secret->left > secret->max))
        err = BK_EFORMAT;
    return err;
}

static enum bk_err get_container(struct bk_rd *rd, struct vk_container **out)
{
    struct vk_container *made = calloc(1, sizeof *made);
    uint8_t alg = 0;
    if (!made)
        return BK_ENOMEM;
    enum bk_err err = bk_rd_u32be(rd, &made->uid);
    if (err == BK_OK)
        err = get_string(rd, made->name, VK_CONTAINER_NAME);
    if (err == BK_OK)
        err = bk_rd_u8(rd, &alg);
    if (err == BK_OK && alg > BK_ALG_SM2)
        err = BK_EFORMAT;
    made->alg = alg;
    for (int i = 0; err == BK_OK && i < 2; i++) {
        err = get_blob(rd, &made->pair[i].priv);
        if (err == BK_OK)
            err = get_blob(rd, &made->pair[i].cert);
    }
    if (err != BK_OK)
        vk_container_free(&made);
    *out = made;
    return err;
}

static enum bk_err get_file(struct bk_rd *rd, struct vk_file **out)
{
    struct vk_file *made = calloc(1, sizeof *made);
    if (!made)
        return BK_ENOMEM;
    enum bk_err err = get_string(rd, made->name, VK_FILE_NAME);
    if (err == BK_OK)
        err = bk_rd_u32be(rd, &made->read);
    if (err == BK_OK)
        err = bk_rd_u32be(rd, &made->write);
    if (err == BK_OK)
        err = get_blob(rd, &made->data);
    if (err != BK_OK)
        vk_file_free(&made);
    *out = made;
    return err;
}

static enum bk_err get_app_head(struct bk_rd *rd, struct vk_app *app)
{
    enum bk_err err = bk_rd_u32be(rd, &app->uid);
    if (err == BK_OK)
        err = get_string(rd, app->name, VK_APP_NAME);
    for (int i = 0; err == BK_OK && i < 2; i++)
        err = get_secret(rd, &app->pin[i]);
    if (err == BK_OK)
        err = bk_rd_u32be(rd, &app->file_rights);
    if (err == BK_OK)
        err = bk_rd_u8(rd, &app->max_containers);
    if (err == BK_OK)
        err = bk_rd_u8(rd, &app->max_certs);
    return err == BK_OK ? bk_rd_u16be(rd, &app->max_files) : err;
}

static enum bk_err get_app(struct bk_rd *rd, struct vk_app **out)
{
    struct vk_app *made = calloc(1, sizeof *made);
    uint8_t count = 0;
    if (!made)
        return BK_ENOMEM;
    enum bk_err err = get_app_head(rd, made);
    if (err == BK_OK)
        err = bk_rd_u8(rd, &count);
    if (err == BK_OK && count > BK_VKEY_CONTAINERS)
        err = BK_EFORMAT;
    for (size_t i = 0; err == BK_OK && i < count; i++)
        err = get_container(rd, &made->containers[i]);
    if (err == BK_OK)
        err = bk_rd_u8(rd, &count);
    if (err == BK_OK && count > BK_VKEY_FILES)
        err = BK_EFORMAT;
    for (size_t i = 0; err == BK_OK && i < count; i++)
        err = get_file(rd, &made->files[i]);
    if (err != BK_OK)
        vk_app_free(&made);
    *out = made;
    return err;
}

static enum bk_err get_state(struct bk_rd *rd, struct vk_state *state)
{
    uint8_t dialect = 0, shape = 0, count = 0;
    enum bk_err err = bk_rd_u8(rd, &dialect);
    if (err == BK_OK)
        err = bk_rd_u8(rd, &shape);
    if (err == BK_OK && (dialect > BK_VKEY_LONGMAI || shape > BK_VKEY_ADMIN_FIRST))
        err = BK_EFORMAT;
    state->dialect = (enum bk_vkey_dialect)dialect;
    state->shape = (enum bk_vkey_shape)shape;
    if (err == BK_OK)
        err = get_string(rd, state->serial, BK_VKEY_SERIAL_MAX);
    if (err == BK_OK)
        err = get_string(rd, state->label, VK_LABEL);
    if (err == BK_OK)
        err = get_secret(rd, &state->device);
    if (err == BK_OK)
        err = bk_rd_u32be(rd, &state->last_uid);
    if (err == BK_OK)
        err = bk_rd_u8(rd, &count);
    if (err == BK_OK && count > BK_VKEY_APPS)
        err = BK_EFORMAT;
    for (size_t i = 0; err == BK_OK && i < count; i++)
        err = get_app(rd, &state->apps[i]);
    return err == BK_OK ? bk_rd_end(rd) : err;
}

/* How many of the bytes are the state, by its head. */
static enum bk_err body_len(const uint8_t *bytes, size_t len, size_t *body)
{
    uint32_t payload = 0;
    if (len < HEAD + CHECKSUM || memcmp(bytes, magic, sizeof magic) != 0)
        return BK_ECORRUPT;
    struct bk_rd rd = bk_rd(bytes + HEAD - 4, 4);
    if (bk_rd_u32be(&rd, &payload) != BK_OK || payload > len - HEAD - CHECKSUM)
        return BK_ECORRUPT;
    *body = HEAD + payload + CHECKSUM;
    return BK_OK;
}

static enum bk_err decode_body(const uint8_t *bytes, size_t len, bool slots, struct vk_state *state)
{
    uint8_t sum[CHECKSUM];
    uint32_t version = 0, payload = 0;
    struct bk_rd rd = bk_rd(bytes + sizeof magic, len - sizeof magic - CHECKSUM);
    enum bk_err err = bk_digest(BK_HASH_SM3, bytes, len - CHECKSUM, sum);
    if (err != BK_OK)
        return err;
    if (memcmp(sum, bytes + len - CHECKSUM, CHECKSUM) != 0)
        return BK_ECORRUPT;
    err = bk_rd_u32be(&rd, &version);
    if (err == BK_OK && version != STATE_VERSION << 16 && version != 1u << 16)
        return BK_EUNSUPPORTED;
    /* without its slots a state would have tries that were spent */
    if (err == BK_OK && slots != (version > 1u << 16))
        return BK_ECORRUPT;
    if (err == BK_OK)
        err = bk_rd_u64be(&rd, &state->sequence);
    if (err == BK_OK)
        err = bk_rd_u32be(&rd, &payload);
    return err == BK_OK ? get_state(&rd, state) : err;
}

enum bk_err vk_store_decode(const void *data, size_t len, struct vk_state *state)
{
    const uint8_t *bytes = data;
    struct vk_state got = {0};
    size_t body = 0, at = 0;
    enum bk_err err = body_len(bytes, len, &body);
    if (err == BK_OK)
        err = vk_counters_find(bytes, body, len, &at);
    if (err == BK_OK)
        err = decode_body(bytes, body, at != 0, &got);
    if (err == BK_OK && at)
        err = vk_counters_take(bytes + at, &got);
    if (err != BK_OK) {
        vk_state_free(&got);
        return err == BK_ENOMEM || err == BK_EUNSUPPORTED || err == BK_ECRYPTO ? err : BK_ECORRUPT;
    }
    *state = got;
    return BK_OK;
}

static struct vk_stamp stamp_of(const struct stat *st)
{
    return (struct vk_stamp){.dev = st->st_dev,
                             .ino = st->st_ino,
                             .size = st->st_size,
                             .mtime = st->st_mtim,
                             .ctime = st->st_ctim};
}

static bool same_time(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static bool unchanged(const struct bk_vkey *vkey, const struct stat *st)
{
    const struct vk_stamp *was = &vkey->stamp;
    return vkey->loaded && was->dev == st->st_dev && was->ino == st->st_ino &&
           was->size == st->st_size && same_time(&was->mtime, &st->st_mtim) &&
           same_time(&was->ctime, &st->st_ctim);
}

static bool ours_alone(const struct stat *st)
{
    return S_ISREG(st->st_mode) && st->st_uid == geteuid() && !(st->st_mode & 077);
}

static enum bk_err read_all(int fd, struct bk_buf *out)
{
    for (;;) {
        enum bk_err err = bk_buf_reserve(out, 65536);
        if (err != BK_OK)
            return err;
        ssize_t n = read(fd, out->data + out->len, 65536);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return BK_EIO;
        if (!n)
            return BK_OK;
        out->len += (size_t)n;
        if (out->len > FILE_MAX)
            return BK_ECORRUPT;
    }
}

/* Moves key objects of `from` to the same keys of `to`: making them again takes milliseconds. */
static void keep_objects(struct vk_state *from, struct vk_state *to)
{
    for (size_t a = 0; a < BK_VKEY_APPS && to->apps[a]; a++) {
        struct vk_app *old_app = vk_app_by_uid(from, to->apps[a]->uid);
        for (size_t i = 0; old_app && i < VK_COUNT(to->apps[a]->containers); i++) {
            struct vk_container *now = to->apps[a]->containers[i];
            struct vk_container *old = vk_container_by_uid(old_app, now->uid);
            for (int k = 0; old && old->alg == now->alg && k < 2; k++) {
                struct vk_pair *was = &old->pair[k], *is = &now->pair[k];
                if (!bk_secret_equal(was->priv.data, was->priv.len, is->priv.data, is->priv.len))
                    continue;
                is->rsa = was->rsa;
                is->sm2 = was->sm2;
                was->rsa = NULL;
                was->sm2 = NULL;
            }
        }
    }
}

/* A pair that another process has made anew in a container is none that this one opened: numbers
 * of before are good for nothing, so that nobody signs by a key that he doesn't know of. */
static void close_replaced(struct vk_session *session, struct vk_state *was, struct vk_state *is)
{
    size_t count = sizeof session->containers / sizeof *session->containers;
    for (size_t i = 0; i < count; i++) {
        struct vk_open_container *opened = &session->containers[i];
        struct vk_app *app[] = {vk_app_by_uid(was, opened->app_uid),
                                vk_app_by_uid(is, opened->app_uid)};
        if (!opened->id || !app[0] || !app[1])
            continue;
        const struct vk_container *old = vk_container_by_uid(app[0], opened->uid),
                                  *now = vk_container_by_uid(app[1], opened->uid);
        if (!old || !now || !old->pair[VK_SIGN].priv.len)
            continue;
        const struct bk_buf *a = &old->pair[VK_SIGN].priv, *b = &now->pair[VK_SIGN].priv;
        if (!bk_secret_equal(a->data, a->len, b->data, b->len))
            vk_close_opened(session, opened);
    }
}

/* Of a file that is the state's. */
static void take_slots(struct bk_vkey *vkey, const struct bk_buf *file)
{
    size_t body = 0;
    vkey->counters_at = 0;
    if (body_len(file->data, file->len, &body) == BK_OK && file->len > body) {
        vkey->counters_at = file->len - VK_COUNTERS;
        memcpy(vkey->slots, file->data + vkey->counters_at, VK_COUNTERS);
    }
}

static enum bk_err load(struct bk_vkey *vkey, const struct stat *st)
{
    struct bk_buf bytes = BK_BUF_INIT;
    struct vk_state got = {0};
    enum bk_err err = read_all(vkey->file, &bytes);
    if (err == BK_OK)
        err = vk_store_decode(bytes.data, bytes.len, &got);
    if (err != BK_OK) {
        bk_buf_free(&bytes);
        return err;
    }
    if (vkey->loaded) /* what is in memory else was never written */
        close_replaced(&vkey->session, &vkey->state, &got);
    keep_objects(&vkey->state, &got);
    vk_state_free(&vkey->state);
    vkey->state = got;
    take_slots(vkey, &bytes);
    bk_buf_free(&bytes);
    vkey->stamp = stamp_of(st);
    vkey->loaded = true;
    return BK_OK;
}

static bool same_sequence(const struct bk_vkey *vkey)
{
    uint8_t head[HEAD];
    uint64_t sequence = 0;
    if (pread(vkey->file, head, sizeof head, 0) != (ssize_t)sizeof head)
        return false;
    struct bk_rd rd = bk_rd(head + 8, 8);
    return bk_rd_u64be(&rd, &sequence) == BK_OK && sequence == vkey->state.sequence;
}

static bool same_slots(const struct bk_vkey *vkey)
{
    uint8_t slots[VK_COUNTERS];
    return pread(vkey->file, slots, sizeof slots, (off_t)vkey->counters_at) ==
               (ssize_t)sizeof slots &&
           memcmp(slots, vkey->slots, sizeof slots) == 0;
}

/* Times tick coarsely and a freed inode comes back: only the numbers tell for sure. A slot that
 * was written has the state's, too. */
static bool same_numbers(const struct bk_vkey *vkey)
{
    bool in_slots = vkey->counters_at && vkey->state.counter;
    return (in_slots || same_sequence(vkey)) && (!vkey->counters_at || same_slots(vkey));
}

void vk_store_close(struct bk_vkey *vkey)
{
    if (vkey->file >= 0)
        (void)close(vkey->file);
    vkey->file = -1;
}

static enum bk_err open_file(struct bk_vkey *vkey, struct stat *st)
{
    vk_store_close(vkey);
    vkey->file = open(vkey->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (vkey->file < 0)
        return errno == ENOENT                     ? BK_ENOTFOUND
               : errno == EACCES || errno == ELOOP ? BK_EDENIED
                                                   : BK_EIO;
    return fstat(vkey->file, st) != 0 ? BK_EIO : ours_alone(st) ? BK_OK : BK_EDENIED;
}

/* It stays open for as long as it is the one at PATH: to open it each time is the half of what the
 * system does for a signature. Whose it is was asked then; to give it away changes its ctime. */
enum bk_err vk_store_refresh(struct bk_vkey *vkey)
{
    struct stat st;
    if (vkey->file >= 0 && lstat(vkey->path, &st) == 0 && unchanged(vkey, &st) &&
        same_numbers(vkey))
        return BK_OK;
    enum bk_err err = open_file(vkey, &st);
    if (err == BK_OK && !(unchanged(vkey, &st) && same_numbers(vkey)))
        err = load(vkey, &st);
    if (err != BK_OK)
        vk_store_close(vkey);
    return err;
}

enum bk_err vk_store_stamp(struct bk_vkey *vkey, int fd)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return BK_EIO;
    vkey->stamp = stamp_of(&st);
    return BK_OK;
}

enum bk_err vk_store_save(struct bk_vkey *vkey)
{
    struct bk_buf bytes = BK_BUF_INIT;
    struct stat st;
    vkey->state.sequence++;
    vkey->state.counter = 0;
    vk_store_close(vkey); /* another one is put in its place */
    enum bk_err err = vk_store_encode(&vkey->state, &bytes);
    if (err == BK_OK)
        err = bk_file_replace(vkey->path, bytes.data, bytes.len, 0600);
    if (err == BK_OK && lstat(vkey->path, &st) != 0)
        err = BK_EIO;
    if (err == BK_OK) {
        vkey->stamp = stamp_of(&st);
        take_slots(vkey, &bytes);
    }
    bk_buf_free(&bytes);
    /* what is on disk counts, whichever of the two it is now */
    vkey->loaded = err == BK_OK;
    vkey->dirty = vkey->counted = false;
    return err;
}
