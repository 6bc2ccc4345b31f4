/* SPDX-License-Identifier: Apache-2.0 */
#include "server/pay_answer.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "net/json.h"

/* Each of these is where it ends, or NULL; the text is known to be JSON. */

static const char *skip_space(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n'))
        at++;
    return at;
}

static const char *skip_string(const char *at, const char *end)
{
    for (at++; at < end && *at != '"'; at++)
        if (*at == '\\')
            at++;
    return at < end ? at + 1 : NULL;
}

static const char *skip_value(const char *at, const char *end)
{
    unsigned depth = 0;
    while (at && at < end) {
        if (*at == '"') {
            at = skip_string(at, end);
            if (!depth)
                return at;
            continue;
        }
        if (!depth && (*at == ',' || *at == '}')) /* behind a number, true, false, null */
            return at;
        if (*at == '{' || *at == '[')
            depth++;
        if ((*at == '}' || *at == ']') && --depth == 0)
            return at + 1;
        at++;
    }
    return NULL;
}

static const char *skip_byte(const char *at, const char *end, char byte)
{
    at = skip_space(at, end);
    return at < end && *at == byte ? skip_space(at + 1, end) : NULL;
}

/* One member of the top level; *value is what it begins with. A name with an escape in it is
 * refused, so that two names are the same when their bytes are. */
static const char *skip_member(const char *at, const char *end, const char *name,
                               struct bk_rd *value, unsigned *count)
{
    const char *key = at + 1;
    if (at >= end || *at != '"' || !(at = skip_string(at, end)))
        return NULL;
    size_t len = (size_t)(at - 1 - key);
    if (memchr(key, '\\', len))
        return NULL;
    const char *from = skip_byte(at, end, ':');
    at = from ? skip_value(from, end) : NULL;
    if (at && len == strlen(name) && memcmp(key, name, len) == 0) {
        *value = bk_rd(from, (size_t)(at - from));
        ++*count;
    }
    return at;
}

/* The object's bytes, when the name stands at the top level once and is an object's. */
static bool find_object(const char *at, const char *end, const char *name, struct bk_rd *value)
{
    unsigned count = 0;
    at = skip_byte(at, end, '{');
    for (;;) {
        const char *next = at ? skip_member(at, end, name, value, &count) : NULL;
        if (!next)
            return false;
        at = skip_byte(next, end, ',');
        if (!at)
            return skip_byte(next, end, '}') == end && count == 1 && value->at[0] == '{';
    }
}

enum bk_err bk_pay_answer_read(const void *text, size_t len, const char *name,
                               struct bk_pay_answer *answer)
{
    json_t *all = NULL;
    const char *sign = NULL;
    memset(answer, 0, sizeof *answer);
    /* no name twice, however it is written */
    enum bk_err err = bk_json_parse(text, len, BK_PAY_ANSWER_MAX, &all);
    if (err == BK_OK && bk_json_str(all, "sign", BK_PAY_SIGN, &sign) != BK_OK)
        err = BK_EFORMAT;
    if (err == BK_OK)
        (void)snprintf(answer->sign, sizeof answer->sign, "%s", sign);
    if (err == BK_OK && !find_object(text, (const char *)text + len, name, &answer->inner))
        err = BK_EFORMAT;
    json_decref(all);
    return err == BK_ELIMIT ? BK_EFORMAT : err;
}
