/* SPDX-License-Identifier: Apache-2.0 */
#include "server/origin.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "net/http.h"

enum bk_err bk_origin_read(const char *url, char origin[BK_ORIGIN])
{
    char *text = NULL;
    bool loopback = false;
    enum bk_err err = bk_url_origin(url, &text, &loopback);
    if (err == BK_OK && (strncmp(text, "https:", 6) != 0 || strlen(text) >= BK_ORIGIN))
        err = BK_EINVAL;
    if (err == BK_OK)
        (void)snprintf(origin, BK_ORIGIN, "%s", text);
    free(text);
    return err;
}

bool bk_origin_is_everywhere(const char *listen)
{
    return strncmp(listen, "0.0.0.0:", 8) == 0 || strncmp(listen, "[::]:", 5) == 0;
}

void bk_origin_guess(const char *folder, const char *listen, char origin[BK_ORIGIN])
{
    char path[PATH_MAX], url[300] = "";
    struct bk_buf address = BK_BUF_INIT;
    const char *colon = strrchr(listen, ':');
    int n = snprintf(path, sizeof path, "%s/address", folder);
    if (n > 0 && (size_t)n < sizeof path && bk_file_read(path, sizeof url - 1, &address) == BK_OK)
        (void)snprintf(url, sizeof url, "%.*s", (int)address.len, (const char *)address.data);
    else if (colon && strtoul(colon + 1, NULL, 10) && !bk_origin_is_everywhere(listen))
        (void)snprintf(url, sizeof url, "https://%s", listen);
    url[strcspn(url, "\n")] = 0;
    bk_buf_free(&address);
    if (!*url || bk_origin_read(url, origin) != BK_OK)
        *origin = 0;
}
