/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chinese working days, from a file that names the years it knows (src/server/workdays says how).
 * Of another year Monday to Friday are taken, and whoever counts is told that this was guessed.
 */
#ifndef BK_SERVER_CALENDAR_H
#define BK_SERVER_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct bk_calendar;

/* BK_EFORMAT with the bad line's number, from 1. */
enum bk_err bk_calendar_parse(const char *text, size_t len, struct bk_calendar **calendar,
                              unsigned *line) BK_MUST_CHECK;
/* path NULL: the one that came with the program. */
enum bk_err bk_calendar_open(const char *path, struct bk_calendar **calendar,
                             unsigned *line) BK_MUST_CHECK;
void bk_calendar_free(struct bk_calendar **calendar);

/* When what it knows ends: the beginning of the first year that isn't named, from this moment's on;
 * 0 when that is this one. */
int64_t bk_calendar_until(const struct bk_calendar *calendar, int64_t at_ms);
/* Whether China works on the day of that moment. A NULL calendar knows no year. */
bool bk_calendar_works(const struct bk_calendar *calendar, int64_t at_ms, bool *guessed);
/* The same clock time so many working days later; what begins on a day off begins with the next
 * working day. guessed: of a day that counted. */
int64_t bk_calendar_due(const struct bk_calendar *calendar, int64_t from_ms, int64_t days,
                        bool *guessed);

#endif
