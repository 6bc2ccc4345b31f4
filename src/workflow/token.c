/* SPDX-License-Identifier: Apache-2.0 */
#include "workflow/token.h"

#include <string.h>
#include <sys/random.h>

#include "base/codec.h"

static enum bk_err fill(void *data, size_t len)
{
    /* up to 256 bytes come whole or not at all */
    return len <= 256 && getrandom(data, len, 0) == (ssize_t)len ? BK_OK : BK_EIO;
}

enum bk_err bk_token_text(char text[BK_TOKEN_TEXT])
{
    uint8_t bytes[(BK_TOKEN_TEXT - 1) / 2];
    struct bk_buf hex = BK_BUF_INIT;
    enum bk_err err = fill(bytes, sizeof bytes);
    if (err == BK_OK)
        err = bk_hex_encode(bytes, sizeof bytes, &hex);
    if (err == BK_OK) {
        memcpy(text, hex.data, hex.len);
        text[hex.len] = 0;
    }
    bk_buf_free(&hex);
    return err;
}

enum bk_err bk_token_secret(struct bk_secret *secret, size_t len)
{
    enum bk_err err = bk_secret_set(secret, NULL, len);
    return err == BK_OK ? fill(secret->data, len) : err;
}
