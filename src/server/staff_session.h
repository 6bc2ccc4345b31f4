/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions of the staff: a random token whose hash is kept, until it is unused for a while, its
 * time is over, or something of its account was changed. That of a program (a bearer token) and
 * that of a browser (page: a cookie) are good for nothing in the other's place. */
#ifndef BK_SERVER_STAFF_SESSION_H
#define BK_SERVER_STAFF_SESSION_H

#include "server/session.h"

/* Forgets those that are over, too. */
enum bk_err bk_staff_session_new(struct bk_tx *tx, const char *name, bool page, int64_t now,
                                 int64_t expires_at, char token[BK_TOKEN + 1]) BK_MUST_CHECK;
/* Who it is, with the account's present roles; it has been used. BK_ENOTFOUND: unknown or over. */
enum bk_err bk_staff_session_find(struct bk_tx *tx, const char *token, bool page, int64_t now,
                                  int64_t idle_ms, struct bk_session *session) BK_MUST_CHECK;
enum bk_err bk_staff_session_end(struct bk_tx *tx, const char *token, bool page) BK_MUST_CHECK;
enum bk_err bk_staff_session_end_all(struct bk_tx *tx, const char *name) BK_MUST_CHECK;

#endif
