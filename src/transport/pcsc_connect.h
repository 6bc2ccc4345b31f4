/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Getting to a card behind pcscd, and how long one is waited for that can't be had just now. A card
 * that is being reset: BK_PCSC_NOTICE_MS. One that another program holds in a transaction: as the
 * caller says. PC/SC has no limit for that itself: SCardConnect waits for it within the daemon.
 */
#ifndef BK_TRANSPORT_PCSC_CONNECT_H
#define BK_TRANSPORT_PCSC_CONNECT_H

#include <stdint.h>

#include "transport/pcsc.h"
#include "transport/pcsc_rv.h"

/* The daemon looks into its readers every 0.4 s, later on a machine that is busy: until then a card
 * that was pulled, or is being reset, is there for it and only doesn't answer. */
#define BK_PCSC_NOTICE_MS 3000
/* For a card that was waited for in vain, and is held still. */
#define BK_PCSC_ONCE_MORE_MS 1000

struct bk_pcsc_link {
    SCARDCONTEXT context;
    SCARDHANDLE card;
    DWORD protocol;
};

/*
 * A connection of its own, shared with others. SCARD_E_SHARING_VIOLATION: another program held the
 * card for wait_ms. So that this ends a thread is made for it when others are at the card and
 * `threads` allows that; it stays behind until the card is free, and our code with it. Without
 * threads the daemon is waited for.
 */
LONG bk_pcsc_connect(const char *reader, unsigned wait_ms, bool threads, struct bk_pcsc_link *link);
void bk_pcsc_disconnect(const struct bk_pcsc_link *link);
/* The same, with a reset, for which the daemon waits until nobody holds the card: by a thread,
 * where `threads` allows that, which is left behind after BK_PCSC_ONCE_MORE_MS. By then the daemon
 * has been asked, and does it also when our process has ended. */
void bk_pcsc_reset_when_free(const char *reader, const struct bk_pcsc_link *link, bool threads);

/* A card that another program resets just now has no protocol, or no power, for a moment. */
bool bk_pcsc_in_reset(LONG rv);

struct bk_pcsc_patience {
    unsigned naps;
    int64_t since_ms; /* from the first nap on */
};
/* Sleeps longer each time, 0.2 ms to max_ms. False when it has lasted for limit_ms. */
bool bk_pcsc_back_off(struct bk_pcsc_patience *p, unsigned max_ms, unsigned limit_ms);

#endif
