/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing inside somebody else's program: write(2) on a pipe that nobody reads any more, or behind
 * the limit on a file's size, makes a signal that ends it. Here it is an error alone (EPIPE,
 * EFBIG), and what the program has said of these signals stays as it is.
 */
#ifndef BK_BASE_WRITE_H
#define BK_BASE_WRITE_H

#include <stddef.h>
#include <sys/types.h>

/* As write(2). */
ssize_t bk_write(int fd, const void *data, size_t len) __attribute__((warn_unused_result));
/* As pwrite(2). */
ssize_t bk_pwrite(int fd, const void *data, size_t len, off_t at)
    __attribute__((warn_unused_result));
/* A line of a log, of PIPE_BUF bytes at most, in one piece; one that can't be written at once is
 * lost. errno stays. */
void bk_write_line(int fd, const void *line, size_t len);

#endif
