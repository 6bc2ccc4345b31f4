/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A daemon that can't trust any more what it has in memory begins anew in its own place: the same
 * process, by the same command line, for whoever supervises it or started it by hand.
 */
#ifndef BK_SERVER_AGAIN_H
#define BK_SERVER_AGAIN_H

#include <stdbool.h>

/* This process may: argv is main's, and stays. */
void bk_again_by(char *const argv[]);
/* It has, and what it does at its start is tried until it works. */
bool bk_again_begun(void);
/* Doesn't come back unless this process may not, or can't. */
void bk_again(void);

#endif
