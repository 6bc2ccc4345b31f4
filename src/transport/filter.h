/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Filters over a transport.
 *
 * Trace writes one line an exchange, each in one write(2), so that several processes may share a
 * file: time, process, then what was sent and what came back in hex. Of a command marked sensitive
 * it shows the header, the lengths and the status word, never data; of long data the beginning.
 *
 *     2026-01-02T03:04:05.678Z 4711 x 80500000000008 < 3c395021e992f0fe 9000 0.1ms
 *     2026-01-02T03:04:05.679Z 4711 x 80180001 [18 bytes hidden] < [0 bytes] 9000 0.2ms
 *
 * Lines of transactions have `begin`, `end`, `reset` in place of `x`.
 *
 * Fault makes one call fail on purpose; only test programs put it in.
 */
#ifndef BK_TRANSPORT_FILTER_H
#define BK_TRANSPORT_FILTER_H

#include "transport/transport.h"

/* Puts the filter over *t; fd stays the caller's and must outlive the transport. On failure *t is
 * as it was. */
enum bk_err bk_filter_trace(struct bk_transport **t, int fd) BK_MUST_CHECK;

enum bk_fault_kind {
    BK_FAULT_FAIL,    /* not sent; BK_EIO */
    BK_FAULT_LOSE,    /* sent, the answer lost: BK_EIO */
    BK_FAULT_SHORTEN, /* sent, the answer cut to half */
    BK_FAULT_REMOVE,  /* not sent; from here on everything is BK_EREMOVED */
    BK_FAULT_PULL,    /* sent, the answer lost; from here on everything is BK_EREMOVED */
    BK_FAULT_RESET,   /* the key is reset, the command not sent: BK_ERESET */
    BK_FAULT_KINDS
};

/* Shared by the test and the filters over it; counts exchanges over all of them. */
struct bk_fault {
    enum bk_fault_kind kind;
    unsigned at;    /* the exchange that fails, from 1; 0 none */
    unsigned count; /* exchanges so far */
    bool fired;
};

enum bk_err bk_filter_fault(struct bk_transport **t, struct bk_fault *fault) BK_MUST_CHECK;

#endif
