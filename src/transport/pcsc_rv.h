/* SPDX-License-Identifier: Apache-2.0 */
/* What PC/SC-Lite's return codes mean to us, and what its client library does to forks. */
#ifndef BK_TRANSPORT_PCSC_RV_H
#define BK_TRANSPORT_PCSC_RV_H

#include <stdbool.h>
#include <winscard.h>

#include "base/err.h"

/* The client library takes a lock of the process to look up what it is given, and holds it no
 * longer than that while it waits for the daemon. */
#define BK_PCSC_SETTLE_MS 20
/* And takes it again each time that it asks for a card which another program holds. */
#define BK_PCSC_ASKS_AGAIN_MS 100

enum bk_err bk_pcsc_error(LONG rv) BK_MUST_CHECK;
/* The daemon was stopped or started again: our handles mean nothing to it. */
bool bk_pcsc_lost(LONG rv);

#endif
