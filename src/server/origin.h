/* SPDX-License-Identifier: Apache-2.0 */
/* The URL that customers use: what their keys sign for, and where links lead. */
#ifndef BK_SERVER_ORIGIN_H
#define BK_SERVER_ORIGIN_H

#include <stdbool.h>

#include "base/err.h"

#define BK_ORIGIN 256u /* with NUL */

/* As programs write it. BK_EINVAL: it isn't https://HOST or https://HOST:PORT. */
enum bk_err bk_origin_read(const char *url, char origin[BK_ORIGIN]) BK_MUST_CHECK;
/* Of a folder for which none is configured: that of the daemon which serves it, else that of one
 * which would; "" when neither is known. */
void bk_origin_guess(const char *folder, const char *listen, char origin[BK_ORIGIN]);
/* It is an address of whatever network there is: it tells nobody where to connect to. */
bool bk_origin_is_everywhere(const char *listen);

#endif
