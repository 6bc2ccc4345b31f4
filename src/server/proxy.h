/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a request comes from when proxies stand before the platform. What X-Forwarded-For or
 * Forwarded (RFC 7239) says is believed only as far as proxies that are trusted have written it:
 * read from the right, the first address that isn't one of theirs is the customer's.
 */
#ifndef BK_SERVER_PROXY_H
#define BK_SERVER_PROXY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define BK_PROXIES 16u
#define BK_ADDRESS_TEXT 64u

/* IPv4 is kept as ::ffff:a.b.c.d, its length of prefix as 96 and more. */
struct bk_net {
    uint8_t address[16];
    unsigned bits;
};

struct bk_proxies {
    struct bk_net nets[BK_PROXIES];
    size_t count;
    bool rfc7239; /* the proxies write Forwarded, not X-Forwarded-For */
};

/* ADDRESS[/LENGTH] separated by commas or spaces. BK_EFORMAT: `bad` is where it can't be read;
 * BK_ELIMIT: more than BK_PROXIES. */
enum bk_err bk_proxies_read(const char *text, struct bk_proxies *proxies,
                            const char **bad) BK_MUST_CHECK;

/* The header they write. */
const char *bk_proxies_header(const struct bk_proxies *proxies);

/* peer: who connected; header: all values of bk_proxies_header, joined by commas, "" for none. An
 * entry that can't be read ends the search: the proxy before it stands for what is behind. */
void bk_proxies_client(const struct bk_proxies *proxies, const char *peer, const char *header,
                       char client[BK_ADDRESS_TEXT]);

/* Whether an address is within one of them. */
bool bk_proxies_has(const struct bk_proxies *proxies, const char *address);

/* Who is counted together by limits: an IPv4 address; of IPv6 its /64, for a customer has one. */
void bk_address_group(const char *address, char group[BK_ADDRESS_TEXT]);

#endif
