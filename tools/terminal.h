/* SPDX-License-Identifier: Apache-2.0 */
/* Questions on the terminal, without echo where it is a secret, and Ctrl-C. */
#ifndef BJCA_TOOLS_TERMINAL_H
#define BJCA_TOOLS_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

bool terminal_there(void);
/* Asks on the terminal, whatever the standard descriptors are. BK_ECANCELLED at the end of input or
 * by a signal, BK_EDENIED when there is no terminal, or it can't be kept from showing a secret. */
enum bk_err terminal_ask(const char *prompt, bool echo, char *line, size_t size,
                         size_t *len) BK_MUST_CHECK;
/* A line from a descriptor, and nothing behind it. BK_ECANCELLED at the end of input. */
enum bk_err terminal_line(int fd, char *line, size_t size, size_t *len) BK_MUST_CHECK;

/* From here on the first SIGINT or SIGTERM only makes this descriptor readable, so that a wait for
 * the platform ends; the next one ends the process as it would have. 0: that can't be had. */
int terminal_stop_fd(void);
bool terminal_stopped(void);
/* What was stopped is over: the next signal is the first one again. */
void terminal_go_on(void);

#endif
