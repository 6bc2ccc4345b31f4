/* SPDX-License-Identifier: Apache-2.0 */
#include "server/totp.h"

#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "crypto/digest.h"
#include "server/form.h"

#define STEP_MS 30000
#define SHA1 20u

int64_t bk_totp_step(int64_t now_ms)
{
    return now_ms / STEP_MS;
}

enum bk_err bk_totp_code(const void *secret, size_t len, int64_t step,
                         char code[BK_TOTP_DIGITS + 1])
{
    uint8_t counter[8], mac[SHA1];
    for (unsigned i = 0; i < sizeof counter; i++)
        counter[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
    enum bk_err err = bk_hmac(BK_HASH_SHA1, secret, len, counter, sizeof counter, mac);
    if (err != BK_OK)
        return err;
    const uint8_t *at = mac + (mac[SHA1 - 1] & 0x0f); /* RFC 4226 clause 5.3 */
    uint32_t number =
        (uint32_t)(at[0] & 0x7f) << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
    (void)snprintf(code, BK_TOTP_DIGITS + 1, "%06u", (unsigned)(number % 1000000));
    bk_wipe(mac, sizeof mac);
    return BK_OK;
}

enum bk_err bk_totp_check(const void *secret, size_t len, const char *code, int64_t now_ms,
                          bool *good, int64_t *step)
{
    enum bk_err err = BK_OK;
    *good = false;
    for (int64_t s = bk_totp_step(now_ms) - 1; err == BK_OK && s <= bk_totp_step(now_ms) + 1; s++) {
        char right[BK_TOTP_DIGITS + 1] = "";
        err = bk_totp_code(secret, len, s, right);
        if (err == BK_OK && bk_secret_equal(right, BK_TOTP_DIGITS, code, strlen(code))) {
            *good = true;
            *step = s;
        }
        bk_wipe(right, sizeof right);
    }
    return err;
}

/* RFC 4648 clause 6, without padding, which apps don't want. */
static enum bk_err put_base32(const uint8_t *data, size_t len, struct bk_buf *out)
{
    static const char symbols[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    enum bk_err err = BK_OK;
    uint32_t bits = 0;
    unsigned count = 0;
    for (size_t i = 0; err == BK_OK && i < len; i++) {
        bits = bits << 8 | data[i];
        for (count += 8; err == BK_OK && count >= 5; count -= 5)
            err = bk_buf_put_u8(out, (uint8_t)symbols[bits >> (count - 5) & 31]);
    }
    if (err == BK_OK && count)
        err = bk_buf_put_u8(out, (uint8_t)symbols[bits << (5 - count) & 31]);
    bk_wipe(&bits, sizeof bits);
    return err;
}

enum bk_err bk_totp_uri(const char *issuer, const char *name, const void *secret, size_t len,
                        struct bk_buf *uri)
{
    enum bk_err err = bk_buf_put_str(uri, "otpauth://totp/");
    if (err == BK_OK)
        err = bk_percent(issuer, uri);
    if (err == BK_OK)
        err = bk_buf_put_str(uri, ":");
    if (err == BK_OK)
        err = bk_percent(name, uri);
    if (err == BK_OK)
        err = bk_buf_put_str(uri, "?secret=");
    if (err == BK_OK)
        err = put_base32(secret, len, uri);
    if (err == BK_OK)
        err = bk_buf_put_str(uri, "&issuer=");
    return err == BK_OK ? bk_percent(issuer, uri) : err;
}
