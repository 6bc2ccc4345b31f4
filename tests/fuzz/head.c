/* SPDX-License-Identifier: Apache-2.0 */
/* The head of a request as libmicrohttpd leaves it, and a target: what is taken reads in one way.
 */
#include <stdlib.h>
#include <string.h>

#include "server/head.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Line by line, as it was sent: a name, a colon, a value without control characters, CR and LF. */
static void lines(const uint8_t *at, size_t size, unsigned fields)
{
    unsigned found = 0;
    const uint8_t *end = at + size;
    if (size < 4 || at[0] || at[1] || end[-1] || end[-2])
        abort();
    for (at += 2; at < end - 2; found++) {
        const uint8_t *colon = memchr(at, 0, (size_t)(end - at));
        const uint8_t *line_end = memchr(colon + 1, 0, (size_t)(end - colon - 1));
        if (!bk_head_token((const char *)at, (size_t)(colon - at)) || !line_end || line_end[1])
            abort();
        for (const uint8_t *c = colon + 1; c < line_end; c++)
            if (*c == 0x7f || (*c < ' ' && *c != '\t'))
                abort();
        at = line_end + 2;
    }
    if (at != end - 2 || found != fields)
        abort();
}

/* The first byte: HTTP/1.0 or not. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bk_head head;
    struct bk_target target;
    if (!size)
        return 0;
    bool old = *data & 1;
    if (bk_head_read(data + 1, size - 1, old, &head)) {
        lines(data + 1, size - 1, head.fields);
        if (head.hosts > 1 || (!old && !head.hosts) || head.lengths + head.codings > 1 ||
            (old && head.codings))
            abort();
    }
    char *text = strndup((const char *)data + 1, size - 1);
    if (text && bk_target_read(text, &target) &&
        (target.len != strlen(text) || target.path + target.path_len > target.len ||
         (target.path_len && text[target.path] != '/' && strcmp(text, "*") != 0)))
        abort();
    free(text);
    return 0;
}
