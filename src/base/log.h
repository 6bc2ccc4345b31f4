/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Diagnostics, off by default. Switched on by bk_log_open (configuration or BJCA_LOG; the caller
 * decides, and never when the process runs setuid). A line is one write, so that lines of several
 * processes don't mix; in somebody else's program one that would have to be waited for is lost.
 * Nothing here can know what is
 * secret: whoever builds a command marks it (bk_apdu.sensitive), and a PIN, code or key is never an
 * argument of a log call.
 */
#ifndef BK_BASE_LOG_H
#define BK_BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum bk_log_level { BK_LOG_ERROR, BK_LOG_WARN, BK_LOG_INFO, BK_LOG_DEBUG };

/* Lines up to this level go to the file (appended, made with mode 0600), or to standard error for
 * "-". A second call replaces the first; NULL switches off. */
enum bk_err bk_log_open(const char *path, enum bk_log_level level) BK_MUST_CHECK;
/* Before it: the program is ours, and waits for whoever reads its log. */
void bk_log_own(void);
void bk_log_close(void);
/* A JSON object a line: time, pid, level, message, and what bk_log_fields names; else text. */
void bk_log_json(bool json);
/* "error", "warn", "info", "debug" */
enum bk_err bk_log_level_parse(const char *text, enum bk_log_level *level) BK_MUST_CHECK;
void bk_log(enum bk_log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

struct bk_log_field {
    const char *name; /* letters and _ */
    const char *text; /* NULL: number counts */
    long long number;
};
/* A message of fixed words, and what belongs to it: "message name=value name=value", a member each
 * in JSON. */
void bk_log_fields(enum bk_log_level level, const char *message, const struct bk_log_field *fields,
                   size_t count);

#endif
