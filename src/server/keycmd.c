/* SPDX-License-Identifier: Apache-2.0 */
#include "server/keycmd.h"

#include <string.h>

#include "base/secret.h"
#include "crypto/digest.h"
#include "crypto/sm4.h"

#define PIN_MAX 16u

enum bk_err bk_dialect_parse(const char *name, enum bk_dialect *dialect)
{
    if (strcmp(name, "gmt0017") == 0)
        *dialect = BK_DIALECT_GMT0017;
    else if (strcmp(name, "longmai") == 0)
        *dialect = BK_DIALECT_LONGMAI;
    else
        return BK_EINVAL;
    return BK_OK;
}

static enum bk_err pin_key(const char *pin, uint8_t key[BK_SM4_KEY])
{
    uint8_t padded[PIN_MAX] = {0}, digest[20];
    size_t len = strlen(pin);
    if (!len || len > sizeof padded)
        return BK_EPIN_RULE;
    /* lint bugprone-not-null-terminated-result: a block, no string */
    memcpy(padded, pin, len);
    enum bk_err err = bk_digest(BK_HASH_SHA1, padded, sizeof padded, digest);
    memcpy(key, digest, BK_SM4_KEY);
    bk_wipe(padded, sizeof padded);
    bk_wipe(digest, sizeof digest);
    return err;
}

enum bk_err bk_keycmd_verify_admin(const struct bk_keycmd *cmd, struct bk_buf *out)
{
    uint8_t key[BK_SM4_KEY], block[BK_SM4_BLOCK] = {0};
    enum bk_err err = pin_key(cmd->admin, key);
    if (err != BK_OK)
        return err;
    if (cmd->dialect == BK_DIALECT_LONGMAI) {
        block[0] = 8; /* length of the random, little-endian */
        memcpy(block + 2, cmd->random, 8);
        block[10] = 0x80;
    } else {
        memcpy(block, cmd->random, 8);
    }
    err = bk_sm4_ecb(key, true, block, sizeof block, block);
    if (err == BK_OK)
        err = bk_buf_put(out, cmd->app, 2);
    if (err == BK_OK)
        err = bk_buf_put(out, block, sizeof block);
    bk_wipe(key, sizeof key);
    return err;
}

/* The new PIN as it is encrypted: one block, or two in longmai from 14 characters on. */
static enum bk_err new_pin_block(enum bk_dialect dialect, const char *pin, uint8_t block[32],
                                 size_t *len)
{
    size_t n = strlen(pin);
    if (!n || n > PIN_MAX)
        return BK_EPIN_RULE;
    memset(block, 0, 32);
    if (dialect == BK_DIALECT_GMT0017) {
        /* lint bugprone-not-null-terminated-result: a block, no string */
        memcpy(block, pin, n);
        *len = 16;
        return BK_OK;
    }
    block[0] = (uint8_t)n;
    /* lint bugprone-not-null-terminated-result: a block, no string */
    memcpy(block + 2, pin, n);
    block[2 + n] = 0x80;
    *len = (2 + n + 1 + 15) / 16 * 16;
    return BK_OK;
}

/* ISO 7816-4 header with a two-byte Lc that leaves the MAC out, and the data; longmai takes the
 * PIN alone. */
static enum bk_err mac_input(const struct bk_keycmd *cmd, uint8_t ins, const char *pin,
                             const uint8_t *data, size_t len, struct bk_buf *in)
{
    if (cmd->dialect == BK_DIALECT_LONGMAI)
        return bk_buf_put_str(in, pin);
    const uint8_t head[8] = {0x84, ins, 0, 0, (uint8_t)(len >> 8), (uint8_t)len, 0, 0};
    enum bk_err err = bk_buf_put(in, head, sizeof head);
    return err == BK_OK ? bk_buf_put(in, data, len) : err;
}

static enum bk_err new_pin_command(const struct bk_keycmd *cmd, uint8_t ins, const char *pin,
                                   struct bk_buf *out)
{
    uint8_t key[BK_SM4_KEY], iv[BK_SM4_BLOCK] = {0}, data[2 + 32], mac[BK_SM4_MAC];
    struct bk_buf in = BK_BUF_INIT;
    size_t len = 0;
    enum bk_err err = pin_key(cmd->admin, key);
    if (err == BK_OK)
        err = new_pin_block(cmd->dialect, pin, data + 2, &len);
    if (err == BK_OK)
        err = bk_sm4_ecb(key, true, data + 2, len, data + 2);
    memcpy(data, cmd->app, 2);
    memcpy(iv, cmd->random, 8);
    if (err == BK_OK)
        err = mac_input(cmd, ins, pin, data, 2 + len, &in);
    if (err == BK_OK)
        err = bk_sm4_mac(key, iv, in.data, in.len, mac);
    if (err == BK_OK)
        err = bk_buf_put(out, data, 2 + len);
    if (err == BK_OK)
        err = bk_buf_put(out, mac, sizeof mac);
    bk_wipe(key, sizeof key);
    bk_wipe(data, sizeof data);
    bk_buf_free(&in);
    return err;
}

enum bk_err bk_keycmd_unblock(const struct bk_keycmd *cmd, const char *user_pin,
                              struct bk_buf *out)
{
    return new_pin_command(cmd, 0x1a, user_pin, out);
}

enum bk_err bk_keycmd_rotate_admin(const struct bk_keycmd *cmd, const char *new_admin,
                                   struct bk_buf *out)
{
    return new_pin_command(cmd, 0x16, new_admin, out);
}
