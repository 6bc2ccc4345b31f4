/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a redemption reads and writes, in an SQLite database and nothing but SQLite: the unlock's
 * row read and updated, an answer and an audit entry inserted. Who waits at the same time is
 * committed together, on the disk. Whatever fails ends the process.
 */
#ifndef BJCA_TESTS_BENCH_BARE_ROWS_H
#define BJCA_TESTS_BENCH_BARE_ROWS_H

#include <stddef.h>

#include "fill.h"

/* A new database in this folder, with these unlocks. */
void bare_rows_open(const char *folder, const struct fill_unlock *unlocks, size_t count);
void bare_rows_close(void);
/* Comes back when that is on the disk. Several threads at once. */
void bare_rows_redeem(const struct fill_unlock *unlock, const void *sealed, size_t len);

#endif
