/* SPDX-License-Identifier: Apache-2.0 */
/* Time that only goes forward. */
#ifndef BK_BASE_CLOCK_H
#define BK_BASE_CLOCK_H

#include <stdint.h>

int64_t bk_clock_ms(void); /* CLOCK_MONOTONIC */

#endif
