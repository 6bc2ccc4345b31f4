/* SPDX-License-Identifier: Apache-2.0 */
#include "server/form.h"

#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "base/secret.h"

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static enum bk_err decode(const char *text, size_t len, char **out)
{
    char *to = malloc(len + 1);
    size_t n = 0, i = 0;
    if (!to)
        return BK_ENOMEM;
    while (i < len) {
        char c = text[i++];
        if (c == '%') {
            int high = len - i >= 2 ? digit(text[i]) : -1;
            int low = high >= 0 ? digit(text[i + 1]) : -1;
            if (low < 0)
                goto bad;
            c = (char)(high << 4 | low);
            i += 2;
        } else if (c == '+') {
            c = ' ';
        }
        to[n++] = c;
    }
    to[n] = 0;
    if (!bk_utf8_valid(to, n)) /* which also refuses a NUL */
        goto bad;
    *out = to;
    return BK_OK;
bad:
    free(to);
    return BK_EFORMAT;
}

static const char *find(const struct bk_form *form, const char *name)
{
    for (size_t i = 0; i < form->count; i++)
        if (strcmp(form->items[i].name, name) == 0)
            return form->items[i].value;
    return NULL;
}

const char *bk_form_get(const struct bk_form *form, const char *name)
{
    const char *value = find(form, name);
    return value ? value : "";
}

/* Takes both, also on failure. */
static enum bk_err take(struct bk_form *form, char *name, char *value)
{
    enum bk_err err = !name || !value                  ? BK_ENOMEM
                      : form->count == BK_FORM_MAX     ? BK_ELIMIT
                      : !*name || find(form, name)     ? BK_EFORMAT
                                                       : BK_OK;
    if (err != BK_OK) {
        free(name);
        free(value);
        return err;
    }
    form->items[form->count].name = name;
    form->items[form->count++].value = value;
    return BK_OK;
}

enum bk_err bk_form_add(struct bk_form *form, const char *name, const char *value)
{
    return take(form, strdup(name), strdup(value));
}

enum bk_err bk_form_parse(const void *data, size_t len, struct bk_form *form)
{
    const char *at = data, *end = at + len;
    enum bk_err err = BK_OK;
    memset(form, 0, sizeof *form);
    while (err == BK_OK && at < end) {
        const char *stop = memchr(at, '&', (size_t)(end - at));
        size_t n = (size_t)((stop ? stop : end) - at);
        const char *equals = memchr(at, '=', n);
        char *name = NULL, *value = NULL;
        err = equals ? decode(at, (size_t)(equals - at), &name) : BK_EFORMAT;
        if (err == BK_OK)
            err = decode(equals + 1, n - (size_t)(equals + 1 - at), &value);
        if (err == BK_OK)
            err = take(form, name, value);
        else
            free(name);
        at += n + (stop ? 1 : 0);
    }
    if (err != BK_OK)
        bk_form_free(form);
    return err;
}

void bk_form_free(struct bk_form *form)
{
    for (size_t i = 0; i < form->count; i++) {
        bk_wipe(form->items[i].value, strlen(form->items[i].value));
        free(form->items[i].name);
        free(form->items[i].value);
    }
    form->count = 0;
}

void bk_form_sort(struct bk_form *form)
{
    for (size_t i = 1; i < form->count; i++)
        for (size_t j = i; j && strcmp(form->items[j - 1].name, form->items[j].name) > 0; j--) {
            char *name = form->items[j].name, *value = form->items[j].value;
            form->items[j] = form->items[j - 1];
            form->items[j - 1].name = name;
            form->items[j - 1].value = value;
        }
}

enum bk_err bk_percent(const char *text, struct bk_buf *out)
{
    enum bk_err err = BK_OK;
    for (; err == BK_OK && *text; text++) {
        unsigned char c = (unsigned char)*text;
        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
            c == '-' || c == '_' || c == '.' || c == '~')
            err = bk_buf_put_u8(out, c);
        else
            err = bk_buf_printf(out, "%%%02X", c);
    }
    return err;
}

enum bk_err bk_form_encode(const struct bk_form *form, struct bk_buf *out)
{
    enum bk_err err = BK_OK;
    for (size_t i = 0; err == BK_OK && i < form->count; i++) {
        if (i)
            err = bk_buf_put_u8(out, '&');
        if (err == BK_OK)
            err = bk_percent(form->items[i].name, out);
        if (err == BK_OK)
            err = bk_buf_put_u8(out, '=');
        if (err == BK_OK)
            err = bk_percent(form->items[i].value, out);
    }
    return err;
}

static int skipped(const char *const *skip, const char *name)
{
    for (; *skip; skip++)
        if (strcmp(*skip, name) == 0)
            return 1;
    return 0;
}

enum bk_err bk_form_plain(struct bk_form *form, const char *const *skip, struct bk_buf *out)
{
    enum bk_err err = BK_OK;
    size_t before = out->len;
    bk_form_sort(form);
    for (size_t i = 0; err == BK_OK && i < form->count; i++) {
        const char *name = form->items[i].name, *value = form->items[i].value;
        if (!*value || skipped(skip, name))
            continue;
        err = bk_buf_printf(out, "%s%s=", out->len > before ? "&" : "", name);
        if (err == BK_OK)
            err = bk_buf_put(out, value, strlen(value));
    }
    return err;
}
