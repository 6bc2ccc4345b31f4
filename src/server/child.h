/* SPDX-License-Identifier: Apache-2.0 */
/* A program of ours as a child: found beside the running one, ended by closing its standard input
 * (which also happens when the parent dies, however it dies). */
#ifndef BK_SERVER_CHILD_H
#define BK_SERVER_CHILD_H

#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

struct bk_child {
    pid_t pid; /* 0: none */
    int leash; /* -1: none */
};
#define BK_CHILD_INIT {0, -1}

/* Beside the running program, else in the installation's folder. */
enum bk_err bk_program_path(const char *name, char *path, size_t size) BK_MUST_CHECK;
/* argv ends at NULL; argv[0] is the path. */
enum bk_err bk_child_start(struct bk_child *child, char *const argv[]) BK_MUST_CHECK;
/* Runs it to its end; its standard input is empty. code: its exit code; -1: a signal ended it. */
enum bk_err bk_child_run(char *const argv[], int *code) BK_MUST_CHECK;
/* Whether it has ended by itself; it is reaped then. */
int bk_child_ended(struct bk_child *child);
/* Ends it and waits. Nothing when there is none. */
void bk_child_stop(struct bk_child *child);

#endif
