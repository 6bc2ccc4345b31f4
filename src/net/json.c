/* SPDX-License-Identifier: Apache-2.0 */
#include "net/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/codec.h"

#define USUAL_TEXT 1024u /* bytes */

/* jansson's own limit is 2,048 levels; ours is checked before it sees the text. */
static bool too_deep(const char *text, size_t len)
{
    unsigned depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '[' || c == '{') {
            if (++depth > BK_JSON_DEPTH)
                return true;
        } else if ((c == ']' || c == '}') && depth) {
            depth--;
        }
    }
    return false;
}

enum bk_err bk_json_parse(const void *text, size_t len, size_t max, json_t **out)
{
    *out = NULL;
    if (len > max)
        return BK_ELIMIT;
    if (!len)
        return BK_EFORMAT;
    if (too_deep(text, len))
        return BK_ELIMIT;
    json_error_t error;
    *out = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
    if (*out)
        return BK_OK;
    return json_error_code(&error) == json_error_out_of_memory ? BK_ENOMEM : BK_EFORMAT;
}

/* --- as text: jansson notes each object that it writes against loops, and takes texts character by
 * character, which was a quarter of the work that an order shown takes --- */

static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c != '"' && c != '\\';
}

static enum bk_err write_special(unsigned char c, struct bk_buf *out)
{
    static const char letters[][3] = {
        ['\b'] = "\\b", ['\t'] = "\\t", ['\n'] = "\\n", ['\f'] = "\\f",
        ['\r'] = "\\r", ['"'] = "\\\"", ['\\'] = "\\\\"};
    return *letters[c] ? bk_buf_put_str(out, letters[c]) : bk_buf_printf(out, "\\u%04X", c);
}

static enum bk_err write_plain(const char *text, size_t len, struct bk_buf *out)
{
    enum bk_err err = bk_buf_put_u8(out, '"');
    if (err == BK_OK)
        err = bk_buf_put(out, text, len);
    return err == BK_OK ? bk_buf_put_u8(out, '"') : err;
}

/* jansson has seen to it that it is UTF-8. */
static enum bk_err write_text(const char *text, size_t len, struct bk_buf *out)
{
    enum bk_err err = bk_buf_put_u8(out, '"');
    for (size_t at = 0, run; err == BK_OK && at < len; at += run) {
        for (run = 0; at + run < len && is_plain((unsigned char)text[at + run]);)
            run++;
        err = bk_buf_put(out, text + at, run);
        if (err == BK_OK && at + run < len)
            err = write_special((unsigned char)text[at + run++], out);
    }
    return err == BK_OK ? bk_buf_put_u8(out, '"') : err;
}

static enum bk_err write_integer(json_int_t value, struct bk_buf *out)
{
    char text[24];
    size_t at = sizeof text;
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        text[--at] = (char)('0' + left % 10);
        left /= 10;
    } while (left);
    if (value < 0)
        text[--at] = '-';
    return bk_buf_put(out, text + at, sizeof text - at);
}

static enum bk_err write_real(const json_t *json, struct bk_buf *out)
{
    char text[64];
    return bk_buf_put(out, text, json_dumpb(json, text, sizeof text, JSON_ENCODE_ANY));
}

static enum bk_err write_value(json_t *json, unsigned depth, struct bk_buf *out);

/* lint misc-no-recursion: as deep as BK_JSON_DEPTH */
static enum bk_err write_array(json_t *json, unsigned depth, struct bk_buf *out)
{
    size_t i;
    json_t *value;
    enum bk_err err = bk_buf_put_u8(out, '[');
    json_array_foreach(json, i, value)
    {
        if (err == BK_OK && i)
            err = bk_buf_put_u8(out, ',');
        if (err == BK_OK)
            err = write_value(value, depth, out);
    }
    return err == BK_OK ? bk_buf_put_u8(out, ']') : err;
}

/* lint misc-no-recursion: the same */
static enum bk_err write_object(json_t *json, unsigned depth, struct bk_buf *out)
{
    const char *name;
    json_t *value;
    bool more = false;
    enum bk_err err = bk_buf_put_u8(out, '{');
    json_object_foreach(json, name, value)
    {
        if (err == BK_OK && more)
            err = bk_buf_put_u8(out, ',');
        more = true;
        if (err == BK_OK)
            err = write_text(name, strlen(name), out);
        if (err == BK_OK)
            err = bk_buf_put_u8(out, ':');
        if (err == BK_OK)
            err = write_value(value, depth, out);
    }
    return err == BK_OK ? bk_buf_put_u8(out, '}') : err;
}

/* lint misc-no-recursion: the same */
static enum bk_err write_value(json_t *json, unsigned depth, struct bk_buf *out)
{
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        return depth ? write_object(json, depth - 1, out) : BK_ELIMIT;
    case JSON_ARRAY:
        return depth ? write_array(json, depth - 1, out) : BK_ELIMIT;
    case JSON_STRING:
        return write_text(json_string_value(json), json_string_length(json), out);
    case JSON_INTEGER:
        return write_integer(json_integer_value(json), out);
    case JSON_TRUE:
        return bk_buf_put_str(out, "true");
    case JSON_FALSE:
        return bk_buf_put_str(out, "false");
    case JSON_NULL:
        return bk_buf_put_str(out, "null");
    case JSON_REAL:
        return write_real(json, out);
    default:
        return BK_EINVAL;
    }
}

enum bk_err bk_json_text(const json_t *json, struct bk_buf *out)
{
    size_t before = out->len;
    enum bk_err err = json ? bk_buf_reserve(out, USUAL_TEXT) : BK_ENOMEM;
    if (err == BK_OK) /* nothing of it is changed: jansson walks through objects without const */
        err = write_value((json_t *)(uintptr_t)json, BK_JSON_DEPTH, out);
    if (err != BK_OK)
        out->len = before;
    return err;
}

/* --- as text, without objects --- */

struct bk_json_out bk_json_begin(struct bk_buf *out)
{
    return (struct bk_json_out){.out = out, .err = bk_buf_reserve(out, USUAL_TEXT)};
}

/* What stands before a value. */
static void put_name(struct bk_json_out *json, const char *name)
{
    size_t len = name ? strlen(name) : 0;
    if (json->err == BK_OK)
        json->err = bk_buf_reserve(json->out, len + sizeof ",\"\":");
    if (json->err != BK_OK)
        return;
    uint8_t *at = json->out->data + json->out->len;
    if (json->more)
        *at++ = ',';
    json->more = true;
    if (name) {
        *at++ = '"';
        /* lint bugprone-not-null-terminated-result: text of a known length */
        memcpy(at, name, len);
        at += len;
        *at++ = '"';
        *at++ = ':';
    }
    json->out->len = (size_t)(at - json->out->data);
}

static bool is_plain_ascii(const char *text, size_t len)
{
    size_t i = 0;
    while (i < len && is_plain((unsigned char)text[i]) && (unsigned char)text[i] < 0x80)
        i++;
    return i == len;
}

void bk_json_open(struct bk_json_out *json, const char *name, char bracket)
{
    put_name(json, name);
    bk_json_close(json, bracket);
    json->more = false;
}

void bk_json_close(struct bk_json_out *json, char bracket)
{
    if (json->err == BK_OK)
        json->err = bk_buf_put_u8(json->out, (uint8_t)bracket);
    json->more = true;
}

void bk_json_put_str(struct bk_json_out *json, const char *name, const char *value)
{
    size_t len = strlen(value);
    put_name(json, name);
    bool plain = is_plain_ascii(value, len);
    if (json->err == BK_OK && !plain && !bk_utf8_valid(value, len))
        json->err = BK_EFORMAT;
    if (json->err == BK_OK)
        json->err = plain ? write_plain(value, len, json->out) : write_text(value, len, json->out);
}

void bk_json_put_int(struct bk_json_out *json, const char *name, int64_t value)
{
    put_name(json, name);
    if (json->err == BK_OK)
        json->err = write_integer(value, json->out);
}

void bk_json_put_flag(struct bk_json_out *json, const char *name, bool value)
{
    put_name(json, name);
    if (json->err == BK_OK)
        json->err = bk_buf_put_str(json->out, value ? "true" : "false");
}

void bk_json_put_bytes(struct bk_json_out *json, const char *name, const void *data, size_t len)
{
    put_name(json, name);
    if (json->err == BK_OK)
        json->err = bk_buf_put_u8(json->out, '"');
    if (json->err == BK_OK)
        json->err = bk_base64_encode(data, len, json->out);
    if (json->err == BK_OK)
        json->err = bk_buf_put_u8(json->out, '"');
}

/* --- members --- */

enum bk_err bk_json_str(const json_t *object, const char *name, size_t max, const char **value)
{
    const json_t *member = json_object_get(object, name);
    if (!member || json_is_null(member))
        return BK_ENOTFOUND;
    if (!json_is_string(member))
        return BK_EFORMAT;
    if (json_string_length(member) > max)
        return BK_ELIMIT;
    *value = json_string_value(member);
    return BK_OK;
}

enum bk_err bk_json_int(const json_t *object, const char *name, int64_t min, int64_t max,
                        int64_t *value)
{
    const json_t *member = json_object_get(object, name);
    if (!member || json_is_null(member))
        return BK_ENOTFOUND;
    if (!json_is_integer(member))
        return BK_EFORMAT;
    json_int_t v = json_integer_value(member);
    if (v < min || v > max)
        return BK_ELIMIT;
    *value = v;
    return BK_OK;
}

enum bk_err bk_json_bytes(const json_t *object, const char *name, size_t max, struct bk_buf *out)
{
    const char *text = NULL;
    size_t start = out->len;
    enum bk_err err = bk_json_str(object, name, (max + 2) / 3 * 4, &text);
    if (err == BK_OK)
        err = bk_base64_decode(text, strlen(text), out);
    if (err == BK_OK && out->len - start > max) {
        out->len = start;
        err = BK_ELIMIT;
    }
    return err;
}

enum bk_err bk_json_set_bytes(json_t *object, const char *name, const void *data, size_t len)
{
    struct bk_buf text = BK_BUF_INIT;
    enum bk_err err = bk_base64_encode(data, len, &text);
    if (err == BK_OK &&
        json_object_set_new(object, name, json_stringn((const char *)text.data, text.len)) != 0)
        err = BK_ENOMEM;
    bk_buf_free(&text);
    return err;
}
