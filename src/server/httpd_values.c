/* SPDX-License-Identifier: Apache-2.0 */
/* What a handler reads of its request's head, and puts into that of its answer. */
#include <string.h>
#include <strings.h>

#include <microhttpd.h>

#include "server/httpd.h"

const char *bk_httpd_header(const struct bk_http_in *in, const char *name)
{
    return MHD_lookup_connection_value(in->connection, MHD_HEADER_KIND, name);
}

const char *bk_httpd_query(const struct bk_http_in *in, const char *name)
{
    return MHD_lookup_connection_value(in->connection, MHD_GET_ARGUMENT_KIND, name);
}

const char *bk_httpd_cookie(const struct bk_http_in *in, const char *name)
{
    return MHD_lookup_connection_value(in->connection, MHD_COOKIE_KIND, name);
}

struct joined {
    const char *name;
    struct bk_buf *out;
    enum bk_err err;
};

static enum MHD_Result join(void *context, enum MHD_ValueKind kind, const char *name,
                            const char *value)
{
    (void)kind;
    struct joined *j = context;
    if (strcasecmp(name, j->name) == 0 && j->err == BK_OK)
        j->err = bk_buf_printf(j->out, "%s%s", j->out->len ? ", " : "", value ? value : "");
    return MHD_YES;
}

enum bk_err bk_httpd_header_all(const struct bk_http_in *in, const char *name, struct bk_buf *out)
{
    struct joined j = {.name = name, .out = out, .err = BK_OK};
    (void)MHD_get_connection_values(in->connection, MHD_HEADER_KIND, join, &j);
    return j.err;
}

void bk_http_out_header(struct bk_http_out *out, const char *name, const char *value)
{
    if (out->header_count == BK_HTTP_HEADERS)
        return;
    out->headers[out->header_count].name = name;
    char *to = out->headers[out->header_count++].value;
    size_t n = strlen(value);
    if (n > sizeof out->headers->value - 1)
        n = sizeof out->headers->value - 1;
    for (size_t i = 0; i < n; i++)
        to[i] = (unsigned char)value[i] < 0x20 || value[i] == 0x7f ? '?' : value[i];
    to[n] = 0;
}
