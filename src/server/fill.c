/* SPDX-License-Identifier: Apache-2.0 */
#include "server/fill.h"

#include <string.h>

static enum bk_err put(const json_t *params, const char *name, size_t len, struct bk_buf *out)
{
    const json_t *value = json_object_getn(params, name, len);
    if (json_is_integer(value))
        return bk_buf_printf(out, "%lld", (long long)json_integer_value(value));
    return json_is_string(value) ? bk_buf_put_str(out, json_string_value(value)) : BK_EFORMAT;
}

enum bk_err bk_fill(const char *text, const json_t *params, struct bk_buf *out)
{
    enum bk_err err = BK_OK;
    while (err == BK_OK && *text) {
        size_t len = strcspn(text, "$");
        err = bk_buf_put(out, text, len);
        text += len;
        if (err != BK_OK || !*text)
            break;
        size_t name = strcspn(text, "}");
        if (text[1] != '{' || !text[name])
            return BK_EFORMAT;
        err = put(params, text + 2, name - 2, out);
        text += name + 1;
    }
    return err;
}
