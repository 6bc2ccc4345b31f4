/* SPDX-License-Identifier: Apache-2.0 */
/* Status word to error: the one table. */
#ifndef BK_CARD_STATUS_H
#define BK_CARD_STATUS_H

#include <stdint.h>

#include "base/err.h"

/* 63CX is BK_EPIN_WRONG, with X = 0 BK_EPIN_LOCKED; an application that isn't open any more is
 * BK_ERESET: the key's state is not what we left. Unknown ones are BK_EIO. */
enum bk_err bk_status_err(uint16_t sw);
/* Tries left in 63CX, 0 for 6983, -1 for any other. */
int bk_status_tries(uint16_t sw);

#endif
