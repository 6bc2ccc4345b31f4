/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in X-Forwarded-For, Forwarded, and in the configuration's list of proxies. The first
 * byte chooses, the rest is the text. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "server/proxy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const char *client)
{
    uint8_t address[16];
    char group[BK_ADDRESS_TEXT];
    if (inet_pton(AF_INET, client, address) != 1 && inet_pton(AF_INET6, client, address) != 1)
        abort();
    bk_address_group(client, group);
    if (!*group)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bk_proxies proxies = {0}, read = {0};
    const char *bad = NULL;
    char client[BK_ADDRESS_TEXT];
    if (!size)
        return 0;
    char *text = strndup((const char *)data + 1, size - 1);
    if (!text || bk_proxies_read("127.0.0.1, 10.0.0.0/8, fd00::/8", &proxies, &bad) != BK_OK)
        abort();
    proxies.rfc7239 = data[0] & 1;
    bk_proxies_client(&proxies, "127.0.0.1", text, client);
    check(client);
    bk_proxies_client(&proxies, "192.0.2.1", text, client);
    if (strcmp(client, "192.0.2.1") != 0)
        abort();
    if (bk_proxies_read(text, &read, &bad) == BK_OK && bad)
        abort();
    for (size_t i = 0; i < read.count; i++)
        if (read.nets[i].bits > 128 && !bad)
            abort();
    free(text);
    return 0;
}
