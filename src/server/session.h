/* SPDX-License-Identifier: Apache-2.0 */
/* Bearer tokens: who is logged in, by which certificate. The database holds only their hashes. */
#ifndef BK_SERVER_SESSION_H
#define BK_SERVER_SESSION_H

#include "server/store.h"

#define BK_TOKEN 64u /* characters */

struct bk_session {
    char certificate[96]; /* id in table certificates; "" when nobody is logged in */
    char actor[128];      /* for the audit log */
};

enum bk_err bk_session_new(struct bk_tx *tx, const char *certificate, const char *purpose,
                           int64_t now, int64_t expires_at, char token[BK_TOKEN + 1]) BK_MUST_CHECK;
/* BK_ENOTFOUND: unknown or expired. BK_EDENIED: the certificate has been revoked since. */
enum bk_err bk_session_find(struct bk_tx *tx, const char *token, int64_t now,
                            struct bk_session *session) BK_MUST_CHECK;

#endif
