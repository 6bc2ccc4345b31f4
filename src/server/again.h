/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A daemon that can't trust any more what it has in memory begins anew in its own place: the same
 * process, by the same command line, for whoever supervises it or started it by hand.
 */
#ifndef BK_SERVER_AGAIN_H
#define BK_SERVER_AGAIN_H

/* This process may: argv is main's, and stays. Before there are threads. */
void bk_again_by(char *const argv[]);
/* Doesn't come back unless this process may not, or can't. */
void bk_again(void);
/* The start was a good one: what fails from here on fails for the first time. */
void bk_again_begun(void);
/* Of a start that failed: a second later, if this process is one that has begun anew. */
void bk_again_later(void);

#endif
