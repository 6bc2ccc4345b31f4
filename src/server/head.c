/* SPDX-License-Identifier: Apache-2.0 */
#include "server/head.h"

#include <string.h>
#include <strings.h>

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

static size_t span(const uint8_t *at, size_t len, const char *of)
{
    size_t n = 0;
    while (n < len && at[n] && strchr(of, at[n]))
        n++;
    return n;
}

static bool is_alnum(uint8_t c)
{
    uint8_t lower = c | 0x20;
    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9');
}

static size_t token_span(const uint8_t *at, size_t len)
{
    size_t n = 0;
    while (n < len && (is_alnum(at[n]) || (at[n] && strchr("!#$%&'*+-.^_`|~", at[n]))))
        n++;
    return n;
}

bool bk_head_token(const char *text, size_t len)
{
    return len && token_span((const uint8_t *)text, len) == len;
}

/* A name or an address, and maybe a port. Of what RFC 3986 allows besides in a name (escapes, and
 * such as '!'), nothing is in one. */
static bool is_host(const uint8_t *at, size_t len)
{
    size_t n;
    if (len && *at == '[') {
        n = 1 + span(at + 1, len - 1, DIGITS "ABCDEFabcdef:.");
        if (n < 3 || n == len || at[n++] != ']')
            return false;
    } else {
        n = span(at, len, DIGITS LETTERS "-._~");
    }
    if (n < len && at[n] == ':')
        n += 1 + span(at + n + 1, len - n - 1 < 5 ? len - n - 1 : 5, DIGITS);
    return n == len;
}

bool bk_target_read(const char *text, struct bk_target *target)
{
    *target = (struct bk_target){.len = strlen(text)};
    const char *query = strchr(text, '?');
    target->query = query ? (size_t)(query - text) + 1 : target->len;
    target->args = query != NULL;
    while (query && (query = strchr(query, '&')) != NULL) {
        target->args++;
        query++;
    }
    if (target->len > BK_TARGET_MAX || target->args > BK_TARGET_ARGS ||
        strspn(text, DIGITS LETTERS "-._~:/?[]@!$&'()*+,;=%") != target->len)
        return false;
    if (strcmp(text, "*") == 0) {
        target->path_len = 1;
        return true;
    }
    size_t host = strncasecmp(text, "http://", 7) == 0    ? 7
                  : strncasecmp(text, "https://", 8) == 0 ? 8
                                                          : 0;
    size_t host_len = host ? strcspn(text + host, "/?") : 0;
    target->path = host + host_len;
    target->path_len = strcspn(text + target->path, "?");
    return host ? host_len && is_host((const uint8_t *)text + host, host_len) : *text == '/';
}

struct field {
    const uint8_t *name, *value;
    size_t name_len, value_len;
};

static bool named(const struct field *f, const char *name)
{
    return f->name_len == strlen(name) &&
           strncasecmp((const char *)f->name, name, f->name_len) == 0;
}

static bool take(struct bk_head *head, const struct field *f)
{
    head->fields++;
    head->lengths += named(f, "Content-Length"); /* whose value libmicrohttpd reads strictly */
    if (named(f, "Transfer-Encoding")) {
        head->codings++;
        return f->value_len == 7 && strncasecmp((const char *)f->value, "chunked", 7) == 0;
    }
    if (named(f, "Host")) {
        size_t len = f->value_len;
        while (len && strchr(" \t", f->value[len - 1]))
            len--;
        head->hosts++;
        return is_host(f->value, len);
    }
    return true;
}

static bool is_end(const uint8_t *at, size_t len)
{
    return len >= 2 && !at[0] && !at[1];
}

/* The length of a value: letters of all kinds, blanks and tabs. */
static size_t value_span(const uint8_t *at, size_t len)
{
    size_t n = 0;
    while (n < len && (at[n] >= 0x20 || at[n] == '\t') && at[n] != 0x7f)
        n++;
    return n;
}

bool bk_head_read(const void *data, size_t len, bool http_1_0, struct bk_head *head)
{
    const uint8_t *bytes = data;
    size_t at = 2;
    *head = (struct bk_head){.fields = 0};
    if (!is_end(bytes, len))
        return false;
    while (at < len && bytes[at]) {
        struct field f = {.name = bytes + at, .name_len = token_span(bytes + at, len - at)};
        at += f.name_len;
        if (!f.name_len || at == len || bytes[at++]) /* not at the colon */
            return false;
        at += span(bytes + at, len - at, " \t");
        f.value = bytes + at;
        f.value_len = value_span(f.value, len - at);
        at += f.value_len;
        if (!is_end(bytes + at, len - at) || !take(head, &f))
            return false;
        at += 2;
    }
    return is_end(bytes + at, len - at) && at + 2 == len && head->hosts <= 1 &&
           head->hosts + http_1_0 >= 1 && head->lengths + head->codings <= 1 &&
           !(http_1_0 && head->codings);
}
