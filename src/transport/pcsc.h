/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys behind PC/SC. A monitor looks at readers and waits for changes; a transport talks to the
 * card in one of them. Each has a connection to the daemon of its own, so that a slow key delays
 * nobody else.
 */
#ifndef BK_TRANSPORT_PCSC_H
#define BK_TRANSPORT_PCSC_H

#include "transport/transport.h"

#define BK_READER_NAME_MAX 128
#define BK_READERS_MAX 16

struct bk_pcsc_reader {
    char name[BK_READER_NAME_MAX];
    bool present;         /* a card is in it */
    unsigned long state;  /* the daemon's word on it: what a wait goes on from */
    unsigned long events; /* the daemon's count of insertions and removals */
    /* Differs when something was plugged into USB or out of it. Of a key that is its own reader the
     * daemon begins to count anew, so that another under the same name looks like it. */
    uint64_t plugs;
};

struct bk_pcsc_monitor;

/* Never fails for want of a daemon: it is looked for again at each call. */
enum bk_err bk_pcsc_monitor_new(struct bk_pcsc_monitor **monitor) BK_MUST_CHECK;
void bk_pcsc_monitor_free(struct bk_pcsc_monitor **monitor);
/* All readers now; none when there is no daemon. Returns at once. */
enum bk_err bk_pcsc_readers(struct bk_pcsc_monitor *monitor,
                            struct bk_pcsc_reader list[BK_READERS_MAX],
                            size_t *count) BK_MUST_CHECK;
/* Sleeps until a reader or card comes or goes compared with `list`, or bk_pcsc_wake; at most
 * timeout_ms (BK_ETIMEOUT). BK_ENOKEY: there is no daemon to wait for. */
enum bk_err bk_pcsc_wait(struct bk_pcsc_monitor *monitor, const struct bk_pcsc_reader *list,
                         size_t count, unsigned timeout_ms) BK_MUST_CHECK;
/* Whether the daemon can be spoken to now. */
bool bk_pcsc_is_there(struct bk_pcsc_monitor *monitor);
/* The socket that the client library speaks to the daemon through. */
const char *bk_pcsc_socket(void);
/* From another thread; returns when the wait has ended. One that begins after it returns at once.
 */
void bk_pcsc_wake(struct bk_pcsc_monitor *monitor);

struct bk_pcsc_wait {
    unsigned open_ms; /* for another program that holds the card which is to be opened, */
    unsigned held_ms; /* and later: BK_EBUSY then */
    bool threads;     /* one may be made for that, when the card is opened; else pcscd's own wait
                         has no end there */
};

/* BK_ENOKEY: no such reader, no card in it, no daemon. */
enum bk_err bk_pcsc_open(const char *reader, const struct bk_pcsc_wait *wait,
                         struct bk_transport **t) BK_MUST_CHECK;

#endif
