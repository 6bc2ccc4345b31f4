/* SPDX-License-Identifier: Apache-2.0 */
/* The address that a server listens at, as it is written: "127.0.0.1:8443", "[::1]:0". */
#ifndef BK_SERVER_LISTEN_H
#define BK_SERVER_LISTEN_H

#include <stdint.h>

#include "base/err.h"

/* Takes the port, or a free one for 0: who connects now waits. The socket is the caller's, also
 * when it fails, or -1 as it was. BK_EINVAL: the address can't be read; BK_EBUSY: the port is
 * taken. */
enum bk_err bk_listen(const char *text, int *fd, uint16_t *port) BK_MUST_CHECK;

#endif
