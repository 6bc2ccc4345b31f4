/* SPDX-License-Identifier: Apache-2.0 */
#include "server/p11_refused.h"

#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "crypto/ctx.h"
#include "crypto/scrypt.h"

#define MAGIC "BJR1"
#define SALT 16u
#define HASH 32u
#define SIZE (4u + SALT + HASH)

/* Of a token: the same PIN may be another one's. */
static enum bk_err hash(const uint8_t salt[SALT], const char *token, const struct bk_secret *pin,
                        uint8_t out[HASH])
{
    static const struct bk_scrypt_cost cost = {.log_n = 14, .r = 8, .p = 1};
    struct bk_buf salted = BK_BUF_INIT;
    enum bk_err err = bk_buf_put(&salted, salt, SALT);
    if (err == BK_OK)
        err = bk_buf_put(&salted, token, strlen(token));
    if (err == BK_OK)
        err = bk_scrypt(&cost, pin->data, pin->len, salted.data, salted.len, out, HASH);
    bk_buf_free(&salted);
    return err;
}

enum bk_err bk_p11_was_refused(const char *path, const char *token, const struct bk_secret *pin,
                               bool *was)
{
    uint8_t is[HASH];
    struct bk_buf bytes = BK_BUF_INIT;
    *was = false;
    enum bk_err err = bk_file_read(path, SIZE, &bytes);
    if (err == BK_ENOTFOUND)
        return BK_OK;
    if (err == BK_OK && (bytes.len != SIZE || memcmp(bytes.data, MAGIC, 4) != 0))
        err = BK_ECORRUPT;
    if (err == BK_OK)
        err = hash(bytes.data + 4, token, pin, is);
    if (err == BK_OK)
        *was = bk_secret_equal(bytes.data + 4 + SALT, HASH, is, HASH);
    bk_buf_free(&bytes);
    return err;
}

enum bk_err bk_p11_note_refused(const char *path, const char *token, const struct bk_secret *pin)
{
    uint8_t bytes[SIZE] = MAGIC;
    enum bk_err err = bk_random(bytes + 4, SALT);
    if (err == BK_OK)
        err = hash(bytes + 4, token, pin, bytes + 4 + SALT);
    return err == BK_OK ? bk_file_replace(path, bytes, SIZE, 0600) : err;
}

void bk_p11_forget_refused(const char *path)
{
    (void)unlink(path);
}
