/* SPDX-License-Identifier: Apache-2.0 */
/* The virtual key in this process, as a transport. Each one is a power-up of its own, so nobody
 * else's command can come in between: a transaction takes nothing. */
#ifndef BK_TRANSPORT_VIRTUAL_H
#define BK_TRANSPORT_VIRTUAL_H

#include "transport/transport.h"

/* BK_ENOKEY when the file isn't there, else the errors of bk_vkey_open. */
enum bk_err bk_virtual_open(const char *path, struct bk_transport **t) BK_MUST_CHECK;

#endif
