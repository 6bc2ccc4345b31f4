/* SPDX-License-Identifier: Apache-2.0 */
/* How often somebody may do something: counters in fixed windows, shared by all daemons. */
#ifndef BK_SERVER_LIMITS_H
#define BK_SERVER_LIMITS_H

#include "server/escrow.h"
#include "server/store.h"

/* Counts one use by subject. *wait_s is 0 when it is within max uses a window, else the seconds
 * until the window ends. */
enum bk_err bk_limit_take(struct bk_tx *tx, const char *scope, const char *subject, int64_t now,
                          int64_t window_ms, int64_t max, int64_t *wait_s) BK_MUST_CHECK;
/* The same of a subject that isn't to stand in the table in clear: a phone, an account, an address
 * of mail. */
enum bk_err bk_limit_take_of(struct bk_tx *tx, const struct bk_escrow *escrow, const char *scope,
                             const char *subject, int64_t now, int64_t window_ms, int64_t max,
                             int64_t *wait_s) BK_MUST_CHECK;
/* What the subject has used is forgotten. */
enum bk_err bk_limit_forget(struct bk_tx *tx, const char *scope, const char *subject) BK_MUST_CHECK;
/* Removes counters of windows that are over. */
enum bk_err bk_limit_clean(struct bk_tx *tx, int64_t now) BK_MUST_CHECK;

#endif
