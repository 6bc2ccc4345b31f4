/* SPDX-License-Identifier: Apache-2.0 */
#include "net/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/codec.h"

#define USUAL_TEXT 1024u /* bytes; what is longer is written twice */

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

enum bk_err bk_json_text(const json_t *json, struct bk_buf *out)
{
    size_t room = USUAL_TEXT;
    enum bk_err err;
    while ((err = bk_buf_reserve(out, room)) == BK_OK) {
        size_t len =
            json_dumpb(json, (char *)out->data + out->len, room, JSON_COMPACT | JSON_ENCODE_ANY);
        if (!len)
            return BK_ENOMEM;
        if (len <= room) {
            out->len += len;
            return BK_OK;
        }
        room = len;
    }
    return err;
}

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
