/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Seam A: bytes to a key and back. Above it nobody knows whether the key is in this process or
 * behind PC/SC; below it nobody knows what the bytes mean. Filters are transports over another.
 *
 * Errors of transmit and begin: BK_EREMOVED the key is gone, and this transport with it;
 * BK_ERESET it was reset (or its daemon restarted) since the last call: the command was NOT
 * executed, or may be executed again without harm, all state on the key is lost, the transport goes
 * on; BK_ETIMEOUT, BK_EIO no answer: whether the command was executed isn't known; BK_EBUSY
 * somebody else holds the key for longer than we wait.
 */
#ifndef BK_TRANSPORT_TRANSPORT_H
#define BK_TRANSPORT_TRANSPORT_H

#include <stdbool.h>

#include "base/buf.h"

#define BK_ATR_MAX 33

struct bk_transport;

struct bk_transport_ops {
    /* One exchange. The answer, status word included, replaces the content of `answer`. */
    enum bk_err (*transmit)(struct bk_transport *t, const uint8_t *command, size_t len,
                            bool sensitive, struct bk_buf *answer);
    /* From begin to end nobody else's command reaches the key, or to a reset. Nothing
     * happens where that is so already. */
    enum bk_err (*begin)(struct bk_transport *t);
    void (*end)(struct bk_transport *t);
    /* The key forgets log-in, random and handles. Ends a transaction that is held. BK_EBUSY: as
     * soon as it is to be had, before anything else of ours, also when this is closed meanwhile. */
    enum bk_err (*reset)(struct bk_transport *t);
    void (*close)(struct bk_transport *t);
    /* NULL: never. See bk_transport_went. */
    bool (*went)(struct bk_transport *t);
};

/* The first member of each implementation's struct. */
struct bk_transport {
    const struct bk_transport_ops *ops;
    uint8_t atr[BK_ATR_MAX];
    size_t atr_len;
};

/* Whether the key is known to be gone: nobody is waited for, nor is the key asked. */
bool bk_transport_went(struct bk_transport *t);
/* Closes and frees; takes NULL and clears. */
void bk_transport_close(struct bk_transport **t);

#endif
