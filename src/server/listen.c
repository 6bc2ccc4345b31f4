/* SPDX-License-Identifier: Apache-2.0 */
#include "server/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static enum bk_err parse_listen(const char *text, struct sockaddr_storage *address, socklen_t *len)
{
    char host[64];
    const char *colon = strrchr(text, ':');
    if (!colon || !colon[1] || strlen(colon + 1) > 5 || (size_t)(colon - text) >= sizeof host)
        return BK_EINVAL;
    char *end = NULL;
    unsigned long port = strtoul(colon + 1, &end, 10);
    if (*end || port > 65535)
        return BK_EINVAL;
    size_t n = (size_t)(colon - text);
    int six = n > 2 && text[0] == '[' && text[n - 1] == ']';
    memcpy(host, text + six, n - 2 * (size_t)six);
    host[n - 2 * (size_t)six] = 0;
    memset(address, 0, sizeof *address);
    if (six) {
        struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
        if (inet_pton(AF_INET6, host, &in6.sin6_addr) != 1)
            return BK_EINVAL;
        memcpy(address, &in6, sizeof in6);
        *len = sizeof in6;
        return BK_OK;
    }
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    if (inet_pton(AF_INET, host, &in.sin_addr) != 1)
        return BK_EINVAL;
    memcpy(address, &in, sizeof in);
    *len = sizeof in;
    return BK_OK;
}

enum bk_err bk_listen(const char *text, int *fd, uint16_t *port)
{
    struct sockaddr_storage address;
    socklen_t len = 0;
    enum bk_err err = parse_listen(text, &address, &len);
    if (err != BK_OK)
        return err;
    int one = 1;
    *fd = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (*fd < 0)
        return BK_EIO;
    if (setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0 ||
        bind(*fd, (const struct sockaddr *)&address, len) != 0 || listen(*fd, 256) != 0 ||
        getsockname(*fd, (struct sockaddr *)&address, &len) != 0)
        return errno == EADDRINUSE ? BK_EBUSY : BK_EIO;
    memcpy(port, (const char *)&address + 2, 2); /* same place in both families */
    *port = ntohs(*port);
    return BK_OK;
}
