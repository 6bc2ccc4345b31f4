/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Diagnostics, off by default. Switched on by bk_log_open (configuration or BJCA_LOG; the caller
 * decides, and never when the process runs setuid). A line is one write, so that lines of several
 * processes don't mix. Nothing here can know what is secret: whoever builds a command marks it
 * (bk_apdu.sensitive), and a PIN, code or key is never an argument of a log call.
 */
#ifndef BK_BASE_LOG_H
#define BK_BASE_LOG_H

#include "base/err.h"

enum bk_log_level { BK_LOG_ERROR, BK_LOG_WARN, BK_LOG_INFO, BK_LOG_DEBUG };

/* Lines up to this level go to the file (appended, made with mode 0600), or to standard error for
 * "-". A second call replaces the first; NULL switches off. */
enum bk_err bk_log_open(const char *path, enum bk_log_level level) BK_MUST_CHECK;
void bk_log_close(void);
/* "error", "warn", "info", "debug" */
enum bk_err bk_log_level_parse(const char *text, enum bk_log_level *level) BK_MUST_CHECK;
void bk_log(enum bk_log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
