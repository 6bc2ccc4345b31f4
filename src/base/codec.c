/* SPDX-License-Identifier: Apache-2.0 */
#include "base/codec.h"

#include <string.h>

static const char hex_digits[] = "0123456789abcdef";
static const char b64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

enum bk_err bk_hex_encode(const void *data, size_t len, struct bk_buf *out)
{
    if (len > BK_BUF_MAX / 2)
        return BK_ELIMIT;
    enum bk_err err = bk_buf_reserve(out, 2 * len);
    const uint8_t *in = data;
    for (size_t i = 0; err == BK_OK && i < len; i++) {
        out->data[out->len++] = (uint8_t)hex_digits[in[i] >> 4];
        out->data[out->len++] = (uint8_t)hex_digits[in[i] & 15];
    }
    return err;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

enum bk_err bk_hex_decode(const char *text, size_t len, struct bk_buf *out)
{
    if (len % 2)
        return BK_EFORMAT;
    size_t start = out->len;
    enum bk_err err = bk_buf_reserve(out, len / 2);
    for (size_t i = 0; err == BK_OK && i < len; i += 2) {
        int high = hex_value(text[i]), low = hex_value(text[i + 1]);
        if (high < 0 || low < 0)
            err = BK_EFORMAT;
        else
            out->data[out->len++] = (uint8_t)(high << 4 | low);
    }
    if (err != BK_OK)
        out->len = start;
    return err;
}

enum bk_err bk_base64_encode(const void *data, size_t len, struct bk_buf *out)
{
    if (len > BK_BUF_MAX / 2)
        return BK_ELIMIT;
    enum bk_err err = bk_buf_reserve(out, (len + 2) / 3 * 4);
    const uint8_t *in = data;
    for (size_t i = 0; err == BK_OK && i < len; i += 3) {
        size_t n = len - i < 3 ? len - i : 3;
        uint32_t v = (uint32_t)in[i] << 16 | (n > 1 ? (uint32_t)in[i + 1] << 8 : 0) |
                     (n > 2 ? in[i + 2] : 0);
        uint8_t *at = out->data + out->len;
        for (size_t k = 0; k < 4; k++)
            at[k] = k <= n ? (uint8_t)b64_digits[v >> (18 - 6 * k) & 63] : '=';
        out->len += 4;
    }
    return err;
}

static int b64_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* One group of four; n = 1 to 3 bytes come of it, 0 when it is malformed. */
static size_t b64_group(const char *text, bool last, uint8_t bytes[3])
{
    size_t n = 3;
    if (last && text[3] == '=')
        n = text[2] == '=' ? 1 : 2;
    uint32_t v = 0;
    for (size_t k = 0; k < 4; k++) {
        int digit = k <= n ? b64_value(text[k]) : 0;
        if (digit < 0)
            return 0;
        v = v << 6 | (uint32_t)digit;
    }
    for (size_t k = 0; k < 3; k++)
        bytes[k] = (uint8_t)(v >> (16 - 8 * k));
    /* bits that no byte takes must be zero, or two texts would mean the same bytes */
    for (size_t k = n; k < 3; k++)
        if (bytes[k])
            return 0;
    return n;
}

enum bk_err bk_base64_decode(const char *text, size_t len, struct bk_buf *out)
{
    if (len % 4)
        return BK_EFORMAT;
    size_t start = out->len;
    enum bk_err err = BK_OK;
    for (size_t i = 0; err == BK_OK && i < len; i += 4) {
        uint8_t bytes[3];
        size_t n = b64_group(text + i, i + 4 == len, bytes);
        err = n ? bk_buf_put(out, bytes, n) : BK_EFORMAT;
    }
    if (err != BK_OK)
        out->len = start;
    return err;
}

/* Length of the well-formed character at the start, 0 when there is none. */
static size_t utf8_char(const uint8_t *s, size_t len)
{
    uint8_t c = s[0];
    if (c >= 0x01 && c <= 0x7f)
        return 1;
    size_t n = c >= 0xc2 && c <= 0xdf ? 2 : (c & 0xf0) == 0xe0 ? 3 : c >= 0xf0 && c <= 0xf4 ? 4 : 0;
    if (!n || n > len)
        return 0;
    uint8_t low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
    uint8_t high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
    if (s[1] < low || s[1] > high)
        return 0;
    for (size_t i = 2; i < n; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    return n;
}

bool bk_utf8_valid(const void *data, size_t len)
{
    const uint8_t *s = data;
    while (len) {
        size_t n = utf8_char(s, len);
        if (!n)
            return false;
        s += n;
        len -= n;
    }
    return true;
}

/* Of two or three bytes: what ends a line or turns the direction of the text behind it. */
static bool changes_layout(const uint8_t *s, size_t n)
{
    if (n == 2)
        return s[0] == 0xd8 && s[1] == 0x9c; /* U+061C */
    if (n != 3 || s[0] != 0xe2)
        return false;
    return s[1] == 0x80 ? s[2] == 0x8e || s[2] == 0x8f || (s[2] >= 0xa8 && s[2] <= 0xae)
                        : s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9;
}

/* Bytes of the character that `s` begins with; 0 when it isn't one that may be shown. */
static size_t plain_char(const uint8_t *s, size_t len)
{
    bool control = s[0] < 0x20 || s[0] == 0x7f || (s[0] == 0xc2 && len > 1 && s[1] < 0xa0);
    size_t n = control ? 0 : utf8_char(s, len);
    return changes_layout(s, n) ? 0 : n;
}

bool bk_text_is_plain(const void *text, size_t len)
{
    const uint8_t *s = text;
    for (size_t n; len; s += n, len -= n)
        if ((n = plain_char(s, len)) == 0)
            return false;
    return true;
}

void bk_text_make_plain(char *text)
{
    size_t len = strlen(text);
    for (size_t at = 0, n; at < len; at += n ? n : 1) {
        n = plain_char((const uint8_t *)text + at, len - at);
        if (!n)
            text[at] = '?';
    }
}

size_t bk_utf8_cut(const void *data, size_t len, size_t max)
{
    const uint8_t *s = data;
    if (len <= max)
        return len;
    size_t at = max;
    while (at && (s[at] & 0xc0) == 0x80)
        at--;
    return at;
}
