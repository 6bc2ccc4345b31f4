/* SPDX-License-Identifier: Apache-2.0 */
#include "base/signed.h"

#include <string.h>

static enum bk_err put_line(struct bk_buf *out, const char *text)
{
    return strchr(text, '\n') ? BK_EINVAL : bk_buf_printf(out, "%s\n", text);
}

enum bk_err bk_signed_bytes(const char *purpose, const char *origin, const char *const *fields,
                            struct bk_buf *out)
{
    enum bk_err err = bk_buf_put_str(out, BK_SIGNED_PREFIX);
    if (err == BK_OK)
        err = put_line(out, purpose);
    if (err == BK_OK)
        err = put_line(out, origin);
    for (; err == BK_OK && *fields; fields++)
        err = put_line(out, *fields);
    return err;
}
