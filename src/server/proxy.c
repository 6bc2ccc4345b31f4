/* SPDX-License-Identifier: Apache-2.0 */
#include "server/proxy.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

static bool is_four(const uint8_t address[16])
{
    return memcmp(address, mapped, sizeof mapped) == 0;
}

static bool read_address(const char *text, size_t len, uint8_t address[16])
{
    char copy[INET6_ADDRSTRLEN];
    if (!len || len >= sizeof copy || memchr(text, 0, len))
        return false;
    memcpy(copy, text, len);
    copy[len] = 0;
    memcpy(address, mapped, sizeof mapped);
    return inet_pton(AF_INET, copy, address + sizeof mapped) == 1 ||
           inet_pton(AF_INET6, copy, address) == 1;
}

static void write_address(const uint8_t address[16], char text[BK_ADDRESS_TEXT])
{
    bool four = is_four(address);
    if (!inet_ntop(four ? AF_INET : AF_INET6, four ? address + sizeof mapped : address, text,
                   BK_ADDRESS_TEXT))
        *text = 0;
}

/* --- which proxies --- */

static bool read_net(const char *text, size_t len, struct bk_net *net)
{
    const char *slash = memchr(text, '/', len);
    size_t n = slash ? (size_t)(slash - text) : len;
    if (!read_address(text, n, net->address))
        return false;
    unsigned before = is_four(net->address) && !memchr(text, ':', n) ? 96 : 0;
    net->bits = 128;
    if (!slash)
        return true;
    size_t digits = len - n - 1;
    if (!digits || digits > 3 || strspn(slash + 1, "0123456789") < digits)
        return false;
    unsigned long bits = strtoul(slash + 1, NULL, 10);
    net->bits = before + (unsigned)bits;
    return bits <= 128 - before;
}

enum bk_err bk_proxies_read(const char *text, struct bk_proxies *proxies, const char **bad)
{
    proxies->count = 0;
    for (const char *at = text + strspn(text, ", \t"); *at; at += strspn(at, ", \t")) {
        size_t len = strcspn(at, ", \t");
        *bad = at;
        if (proxies->count == BK_PROXIES)
            return BK_ELIMIT;
        if (!read_net(at, len, &proxies->nets[proxies->count++]))
            return BK_EFORMAT;
        at += len;
    }
    *bad = NULL;
    return BK_OK;
}

const char *bk_proxies_header(const struct bk_proxies *proxies)
{
    return proxies->rfc7239 ? "Forwarded" : "X-Forwarded-For";
}

static bool within(const struct bk_net *net, const uint8_t address[16])
{
    unsigned whole = net->bits / 8, rest = net->bits % 8;
    if (memcmp(net->address, address, whole) != 0)
        return false;
    return !rest || (net->address[whole] ^ address[whole]) >> (8 - rest) == 0;
}

static bool trusted(const struct bk_proxies *proxies, const uint8_t address[16])
{
    for (size_t i = 0; i < proxies->count; i++)
        if (within(&proxies->nets[i], address))
            return true;
    return false;
}

bool bk_proxies_has(const struct bk_proxies *proxies, const char *address)
{
    uint8_t bytes[16];
    return read_address(address, strlen(address), bytes) && trusted(proxies, bytes);
}

/* --- what they say --- */

struct span {
    const char *at;
    size_t len;
};

static struct span trim(struct span s)
{
    while (s.len && strchr(" \t", *s.at)) {
        s.at++;
        s.len--;
    }
    while (s.len && strchr(" \t", s.at[s.len - 1]))
        s.len--;
    return s;
}

/*
 * Takes the part behind the last `separator` off the end. Read from the right, because what stands
 * left of a trusted proxy's entry may be anything: a quotation mark there must not reach into it.
 */
static struct span take_last(struct span *text, char separator, bool quotes)
{
    bool inside = false;
    size_t n = text->len;
    for (; n; n--) {
        char c = text->at[n - 1];
        if (quotes && c == '"')
            inside = !inside;
        else if (c == separator && !inside)
            break;
    }
    struct span last = {text->at + n, text->len - n};
    text->len = n ? n - 1 : 0;
    return trim(last);
}

/* The value of for= in one element of Forwarded; empty when there is none, or more than one. */
static struct span forwarded_for(struct span element)
{
    struct span value = {"", 0};
    unsigned found = 0;
    while (element.len) {
        struct span pair = take_last(&element, ';', true);
        if (pair.len < 4 || strncasecmp(pair.at, "for=", 4) != 0)
            continue;
        value = (struct span){pair.at + 4, pair.len - 4};
        found++;
    }
    if (value.len >= 2 && value.at[0] == '"' && value.at[value.len - 1] == '"')
        value = (struct span){value.at + 1, value.len - 2};
    return found == 1 ? value : (struct span){"", 0};
}

static bool is_port(const char *at, size_t len)
{
    if (len < 2 || len > 6 || *at != ':')
        return false;
    for (size_t i = 1; i < len; i++)
        if (at[i] < '0' || at[i] > '9')
            return false;
    return true;
}

/* 192.0.2.1, 192.0.2.1:80, 2001:db8::1, [2001:db8::1], [2001:db8::1]:80 */
static bool read_entry(struct span s, uint8_t address[16])
{
    if (s.len && *s.at == '[') {
        const char *end = memchr(s.at, ']', s.len);
        size_t n = end ? (size_t)(end - s.at) : 0, rest = s.len - n;
        return n && memchr(s.at, ':', n) && read_address(s.at + 1, n - 1, address) &&
               (rest == 1 || is_port(end + 1, rest - 1));
    }
    const char *colon = memchr(s.at, ':', s.len);
    size_t n = colon ? (size_t)(colon - s.at) : s.len;
    if (colon && !memchr(colon + 1, ':', s.len - n - 1))
        return is_port(colon, s.len - n) && read_address(s.at, n, address);
    return read_address(s.at, s.len, address);
}

void bk_proxies_client(const struct bk_proxies *proxies, const char *peer, const char *header,
                       char client[BK_ADDRESS_TEXT])
{
    uint8_t address[16], before[16];
    struct span rest = {header, strlen(header)};
    /* without a header it is the peer's own, of which IPv4 has one spelling */
    if ((!rest.len && !strchr(peer, ':')) || !read_address(peer, strlen(peer), address)) {
        (void)snprintf(client, BK_ADDRESS_TEXT, "%s", peer);
        return;
    }
    while (trusted(proxies, address) && rest.len) {
        struct span entry = take_last(&rest, ',', proxies->rfc7239);
        if (proxies->rfc7239)
            entry = forwarded_for(entry);
        memcpy(before, address, sizeof before);
        if (!read_entry(entry, address)) {
            memcpy(address, before, sizeof before);
            break;
        }
    }
    write_address(address, client);
}

void bk_address_group(const char *text, char group[BK_ADDRESS_TEXT])
{
    uint8_t address[16];
    /* without a colon it is of IPv4, which has one spelling, or no address */
    if (!strchr(text, ':') || !read_address(text, strlen(text), address)) {
        (void)snprintf(group, BK_ADDRESS_TEXT, "%s", text);
        return;
    }
    bool four = is_four(address);
    if (!four)
        memset(address + 8, 0, 8);
    write_address(address, group);
    if (!four)
        memcpy(group + strlen(group), "/64", 4);
}
