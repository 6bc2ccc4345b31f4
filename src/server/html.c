/* SPDX-License-Identifier: Apache-2.0 */
#include "server/html.h"

#include <stdarg.h>
#include <string.h>

/* What could end a text or a quoted attribute. */
static const struct {
    char c;
    const char *as;
} escapes[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};

static enum bk_err put_escaped(struct bk_buf *to, const char *text)
{
    enum bk_err err = BK_OK;
    while (err == BK_OK && *text) {
        size_t plain = strcspn(text, "&<>\"'");
        err = bk_buf_put(to, text, plain);
        text += plain;
        for (size_t i = 0; err == BK_OK && *text && i < sizeof escapes / sizeof *escapes; i++)
            if (*text == escapes[i].c) {
                err = bk_buf_put_str(to, escapes[i].as);
                text++;
                break;
            }
    }
    return err;
}

void bk_html(struct bk_html *html, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    while (html->err == BK_OK && *format) {
        size_t markup = strcspn(format, "%");
        html->err = bk_buf_put(&html->text, format, markup);
        format += markup;
        if (html->err != BK_OK || !*format)
            break;
        if (strncmp(format, "%s", 2) == 0) {
            html->err = put_escaped(&html->text, va_arg(args, const char *));
            format += 2;
        } else if (strncmp(format, "%d", 2) == 0) {
            html->err = bk_buf_printf(&html->text, "%d", va_arg(args, int));
            format += 2;
        } else if (strncmp(format, "%lld", 4) == 0) {
            html->err = bk_buf_printf(&html->text, "%lld", va_arg(args, long long));
            format += 4;
        } else if (strncmp(format, "%%", 2) == 0) {
            html->err = bk_buf_put_u8(&html->text, '%');
            format += 2;
        } else {
            html->err = BK_EINVAL;
        }
    }
    va_end(args);
}

void bk_html_free(struct bk_html *html)
{
    bk_buf_free(&html->text);
    html->err = BK_OK;
}
