/* SPDX-License-Identifier: Apache-2.0 */
#include "server/escrow.h"

#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "base/file.h"
#include "base/log.h"
#include "base/secret.h"
#include "crypto/ctx.h"
#include "crypto/digest.h"

#define KEYS_MAX 64u
#define KEYS_LEFT 2u
#define ID 8u
#define KEY 32u
#define NONCE 12u
#define TAG 16u
#define HEAD (1 + ID + NONCE)
#define FORMAT 1u

/* "BJK1", hash key, count, then for each key id and key: in memory as in the file, when it isn't
 * under a token's key. */
#define FILE_HEAD (4 + KEY + 1)
#define FILE_MAX 8192u

/* Behind a pointer of its own: another process may add a key while this one works, so that even
 * who only opens a secret may have to read the file again. */
struct keys {
    pthread_mutex_t lock;
    struct bk_kek *kek;
    bool settled;
    char why[400]; /* what went wrong with the token */
    struct bk_secret file;
    struct stat seen; /* of the file when it was read */
};

struct bk_escrow {
    char *path;
    struct keys *keys;
};

static size_t key_count(const struct bk_secret *file)
{
    return file->data[FILE_HEAD - 1];
}

static const uint8_t *key_entry(const struct bk_secret *file, size_t i)
{
    return file->data + FILE_HEAD + i * (ID + KEY);
}

static enum bk_err check_file(const struct bk_secret *file)
{
    if (file->len < FILE_HEAD + ID + KEY || memcmp(file->data, "BJK1", 4) != 0)
        return BK_ECORRUPT;
    size_t n = file->data[FILE_HEAD - 1];
    return n >= 1 && n <= KEYS_MAX && file->len == FILE_HEAD + n * (ID + KEY) ? BK_OK : BK_ECORRUPT;
}

static enum bk_err open_file(struct keys *keys, const struct bk_buf *bytes, struct bk_secret *file)
{
    enum bk_err err = bk_kek_open(keys->kek, bytes, file, keys->why, sizeof keys->why);
    if (err != BK_OK && *keys->why)
        bk_log(BK_LOG_ERROR, "the keys of the stored secrets can't be opened: %s", keys->why);
    return err;
}

static enum bk_err write_file(const struct bk_escrow *escrow, const struct bk_secret *file)
{
    struct keys *keys = escrow->keys;
    struct bk_buf bytes = BK_BUF_INIT;
    enum bk_err err = bk_kek_seal(keys->kek, file, &bytes, keys->why, sizeof keys->why);
    if (err != BK_OK && *keys->why)
        bk_log(BK_LOG_ERROR, "the keys of the stored secrets can't be sealed: %s", keys->why);
    if (err == BK_OK)
        err = bk_file_replace(escrow->path, bytes.data, bytes.len, 0600);
    bk_buf_free(&bytes);
    return err;
}

static enum bk_err read_file(const struct bk_escrow *escrow)
{
    struct stat st;
    struct bk_buf bytes = BK_BUF_INIT;
    struct bk_secret file = BK_SECRET_INIT;
    if (lstat(escrow->path, &st) != 0)
        return BK_ENOTFOUND;
    if (!S_ISREG(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 077))
        return BK_EDENIED;
    struct keys *keys = escrow->keys;
    enum bk_err err = bk_file_read(escrow->path, FILE_MAX, &bytes);
    if (err == BK_OK)
        err = open_file(keys, &bytes, &file);
    if (err == BK_OK)
        err = check_file(&file);
    if (err == BK_OK) {
        bk_secret_free(&keys->file);
        keys->file = file;
        keys->seen = st; /* of before: a newer one is read once more */
        keys->settled = bk_kek_current(keys->kek, &bytes);
    } else {
        bk_secret_free(&file);
    }
    bk_buf_free(&bytes);
    return err;
}

/* The file with one more key; the first time also the hash key. */
static enum bk_err add_key(const struct bk_escrow *escrow)
{
    struct bk_secret next = BK_SECRET_INIT, *file = &escrow->keys->file;
    size_t n = file->data ? key_count(file) : 0;
    if (n == KEYS_MAX)
        return BK_EFULL;
    enum bk_err err = bk_secret_set(&next, NULL, FILE_HEAD + (n + 1) * (ID + KEY));
    if (err != BK_OK)
        return err;
    if (n) {
        memcpy(next.data, file->data, file->len);
    } else {
        memcpy(next.data, "BJK1", 4);
        err = bk_random(next.data + 4, KEY);
    }
    next.data[FILE_HEAD - 1] = (uint8_t)(n + 1);
    if (err == BK_OK)
        err = bk_random(next.data + FILE_HEAD + n * (ID + KEY), ID + KEY);
    if (err == BK_OK)
        err = write_file(escrow, &next);
    if (err != BK_OK) {
        bk_secret_free(&next);
        return err;
    }
    bk_secret_free(file);
    *file = next;
    escrow->keys->settled = true;
    return BK_OK;
}

/* Those that nothing is sealed with any more. The one before the newest stays, for who took it just
 * before. */
static enum bk_err drop_keys(const struct bk_escrow *escrow)
{
    struct bk_secret next = BK_SECRET_INIT, *file = &escrow->keys->file;
    size_t n = key_count(file);
    if (n <= KEYS_LEFT)
        return BK_OK;
    enum bk_err err = bk_secret_set(&next, NULL, FILE_HEAD + KEYS_LEFT * (ID + KEY));
    if (err == BK_OK) {
        memcpy(next.data, file->data, FILE_HEAD - 1);
        next.data[FILE_HEAD - 1] = KEYS_LEFT;
        memcpy(next.data + FILE_HEAD, key_entry(file, n - KEYS_LEFT), KEYS_LEFT * (ID + KEY));
        err = write_file(escrow, &next);
    }
    bk_secret_free(&next);
    return err == BK_OK ? read_file(escrow) : err;
}

static enum bk_err lock_file(const struct bk_escrow *escrow, int *fd)
{
    char lock[PATH_MAX];
    int n = snprintf(lock, sizeof lock, "%s.lock", escrow->path);
    return n > 0 && (size_t)n < sizeof lock ? bk_file_lock(lock, 1, fd) : BK_ELIMIT;
}

/* Under the file's lock: two programs that start at once must not make two sets of keys, and two
 * that rotate must not lose one. */
static enum bk_err read_and_add(const struct bk_escrow *escrow, bool always)
{
    int fd = -1;
    enum bk_err err = lock_file(escrow, &fd);
    if (err != BK_OK)
        return err;
    err = read_file(escrow);
    if (err == BK_ENOTFOUND || (err == BK_OK && always))
        err = add_key(escrow);
    bk_file_unlock(&fd);
    return err;
}

enum bk_err bk_escrow_open(const char *path, const struct bk_kek_options *kek,
                           struct bk_escrow **escrow, char *why, size_t size)
{
    struct bk_escrow *e = calloc(1, sizeof *e);
    *escrow = NULL;
    *why = 0;
    if (!e)
        return BK_ENOMEM;
    e->path = strdup(path);
    e->keys = calloc(1, sizeof *e->keys);
    if (e->keys)
        (void)pthread_mutex_init(&e->keys->lock, NULL);
    enum bk_err err = e->path && e->keys ? bk_kek_new(kek, &e->keys->kek) : BK_ENOMEM;
    if (err == BK_OK && (err = read_and_add(e, false)) != BK_OK)
        (void)snprintf(why, size, "%s", e->keys->why);
    if (err != BK_OK)
        bk_escrow_free(&e);
    *escrow = e;
    return err;
}

void bk_escrow_free(struct bk_escrow **escrow)
{
    struct bk_escrow *e = *escrow;
    if (!e)
        return;
    if (e->keys) {
        bk_secret_free(&e->keys->file);
        bk_kek_free(&e->keys->kek);
        (void)pthread_mutex_destroy(&e->keys->lock);
    }
    free(e->keys);
    free(e->path);
    free(e);
    *escrow = NULL;
}

bool bk_escrow_settled(const struct bk_escrow *escrow)
{
    (void)pthread_mutex_lock(&escrow->keys->lock);
    bool settled = escrow->keys->settled;
    (void)pthread_mutex_unlock(&escrow->keys->lock);
    return settled;
}

enum bk_err bk_escrow_rotate(struct bk_escrow *escrow)
{
    (void)pthread_mutex_lock(&escrow->keys->lock);
    enum bk_err err = read_and_add(escrow, true);
    (void)pthread_mutex_unlock(&escrow->keys->lock);
    return err;
}

enum bk_err bk_escrow_forget(struct bk_escrow *escrow)
{
    int fd = -1;
    (void)pthread_mutex_lock(&escrow->keys->lock);
    enum bk_err err = lock_file(escrow, &fd);
    if (err == BK_OK)
        err = read_file(escrow);
    if (err == BK_OK)
        err = drop_keys(escrow);
    bk_file_unlock(&fd);
    (void)pthread_mutex_unlock(&escrow->keys->lock);
    return err;
}

static bool changed(const struct bk_escrow *escrow)
{
    struct stat st;
    const struct stat *seen = &escrow->keys->seen;
    return lstat(escrow->path, &st) == 0 &&
           (st.st_ino != seen->st_ino || st.st_dev != seen->st_dev || st.st_size != seen->st_size ||
            st.st_mtim.tv_sec != seen->st_mtim.tv_sec ||
            st.st_mtim.tv_nsec != seen->st_mtim.tv_nsec);
}

/* A copy of the newest key with its id. Another process may have added it. */
static enum bk_err newest(const struct bk_escrow *escrow, uint8_t entry[ID + KEY])
{
    (void)pthread_mutex_lock(&escrow->keys->lock);
    const struct bk_secret *file = &escrow->keys->file;
    enum bk_err err = changed(escrow) ? read_file(escrow) : BK_OK;
    if (err == BK_OK)
        memcpy(entry, key_entry(file, key_count(file) - 1), ID + KEY);
    (void)pthread_mutex_unlock(&escrow->keys->lock);
    return err;
}

static bool look_up(const struct bk_secret *file, const uint8_t *id, uint8_t key[KEY])
{
    for (size_t i = 0; i < key_count(file); i++) {
        if (memcmp(key_entry(file, i), id, ID) == 0) {
            memcpy(key, key_entry(file, i) + ID, KEY);
            return true;
        }
    }
    return false;
}

/* BK_ENOTFOUND also after the file was read again. */
static enum bk_err find_key(const struct bk_escrow *escrow, const uint8_t *id, uint8_t key[KEY])
{
    (void)pthread_mutex_lock(&escrow->keys->lock);
    enum bk_err err = BK_OK;
    if (!look_up(&escrow->keys->file, id, key)) {
        err = read_file(escrow);
        if (err == BK_OK && !look_up(&escrow->keys->file, id, key))
            err = BK_ENOTFOUND;
    }
    (void)pthread_mutex_unlock(&escrow->keys->lock);
    return err;
}

static enum bk_err put_part(struct bk_buf *aad, const char *text)
{
    size_t len = strlen(text);
    if (len > 0xffff)
        return BK_ELIMIT;
    enum bk_err err = bk_buf_put_u16be(aad, (uint16_t)len);
    return err == BK_OK ? bk_buf_put(aad, text, len) : err;
}

static enum bk_err make_aad(const uint8_t *head, const struct bk_place *place, struct bk_buf *aad)
{
    enum bk_err err = bk_buf_put(aad, head, 1 + ID);
    if (err == BK_OK)
        err = put_part(aad, place->table);
    if (err == BK_OK)
        err = put_part(aad, place->column);
    if (err == BK_OK)
        err = put_part(aad, place->row);
    return err;
}

/* data is changed to out (as long); tag is written when encrypting, else checked. */
static enum bk_err gcm(int encrypt, const uint8_t *key, const uint8_t *nonce,
                       const struct bk_buf *aad, const uint8_t *data, size_t len, uint8_t *out,
                       uint8_t *tag)
{
    enum bk_err err = BK_ECRYPTO;
    int n = 0;
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(bk_crypto_ctx(), "AES-256-GCM", NULL);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    if (!cipher || !ctx || EVP_CipherInit_ex2(ctx, cipher, key, nonce, encrypt, NULL) != 1 ||
        EVP_CipherUpdate(ctx, NULL, &n, aad->data, (int)aad->len) != 1 ||
        EVP_CipherUpdate(ctx, out, &n, data, (int)len) != 1)
        goto out;
    if (!encrypt && EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, TAG, tag) != 1)
        goto out;
    if (EVP_CipherFinal_ex(ctx, out + n, &n) != 1) {
        err = encrypt ? BK_ECRYPTO : BK_EVERIFY;
        goto out;
    }
    if (!encrypt || EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, TAG, tag) == 1)
        err = BK_OK;
out:
    EVP_CIPHER_CTX_free(ctx);
    EVP_CIPHER_free(cipher);
    return err;
}

enum bk_err bk_escrow_seal(const struct bk_escrow *escrow, const struct bk_place *place,
                           const void *data, size_t len, struct bk_buf *out)
{
    struct bk_buf aad = BK_BUF_INIT;
    uint8_t entry[ID + KEY];
    size_t start = out->len;
    if (len > BK_BUF_MAX / 2)
        return BK_ELIMIT;
    enum bk_err err = newest(escrow, entry);
    if (err == BK_OK)
        err = bk_buf_put_u8(out, FORMAT);
    if (err == BK_OK)
        err = bk_buf_put(out, entry, ID);
    if (err == BK_OK)
        err = bk_buf_put_zero(out, NONCE + len + TAG);
    uint8_t *at = err == BK_OK ? out->data + start : NULL;
    if (err == BK_OK)
        err = bk_random(at + 1 + ID, NONCE);
    if (err == BK_OK)
        err = make_aad(at, place, &aad);
    if (err == BK_OK)
        err = gcm(1, entry + ID, at + 1 + ID, &aad, data, len, at + HEAD, at + HEAD + len);
    if (err != BK_OK)
        out->len = start;
    bk_wipe(entry, sizeof entry);
    bk_buf_free(&aad);
    return err;
}

enum bk_err bk_escrow_open_sealed(const struct bk_escrow *escrow, const struct bk_place *place,
                                  struct bk_rd sealed, struct bk_buf *out)
{
    struct bk_buf aad = BK_BUF_INIT;
    uint8_t tag[TAG], key[KEY];
    size_t start = out->len;
    if (sealed.left < HEAD + TAG || sealed.at[0] != FORMAT)
        return BK_EFORMAT;
    size_t len = sealed.left - HEAD - TAG;
    enum bk_err err = find_key(escrow, sealed.at + 1, key);
    if (err != BK_OK)
        return err;
    memcpy(tag, sealed.at + HEAD + len, TAG);
    err = make_aad(sealed.at, place, &aad);
    if (err == BK_OK)
        err = bk_buf_put_zero(out, len);
    if (err == BK_OK)
        err = gcm(0, key, sealed.at + 1 + ID, &aad, sealed.at + HEAD, len, out->data + start, tag);
    if (err != BK_OK && out->len > start) {
        bk_wipe(out->data + start, out->len - start);
        out->len = start;
    }
    bk_wipe(key, sizeof key);
    bk_buf_free(&aad);
    return err;
}

int bk_escrow_current(const struct bk_escrow *escrow, struct bk_rd sealed)
{
    uint8_t entry[ID + KEY];
    int same = newest(escrow, entry) == BK_OK && sealed.left > HEAD &&
               memcmp(sealed.at + 1, entry, ID) == 0;
    bk_wipe(entry, sizeof entry);
    return same;
}

enum bk_err bk_escrow_hash(const struct bk_escrow *escrow, const char *purpose, const void *data,
                           size_t len, uint8_t hash[32])
{
    uint8_t key[KEY];
    struct bk_buf text = BK_BUF_INIT;
    (void)pthread_mutex_lock(&escrow->keys->lock);
    memcpy(key, escrow->keys->file.data + 4, KEY);
    (void)pthread_mutex_unlock(&escrow->keys->lock);
    enum bk_err err = bk_buf_put(&text, purpose, strlen(purpose) + 1);
    if (err == BK_OK)
        err = bk_buf_put(&text, data, len);
    if (err == BK_OK)
        err = bk_hmac(BK_HASH_SM3, key, KEY, text.data, text.len, hash);
    bk_wipe(key, sizeof key);
    bk_buf_free(&text);
    return err;
}
