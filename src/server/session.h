/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bearer tokens: who is logged in, by which certificate, or, without one, by which organisation's
 * code and phone. The database holds only their hashes, and the phone sealed.
 */
#ifndef BK_SERVER_SESSION_H
#define BK_SERVER_SESSION_H

#include <stdbool.h>

#include "server/escrow.h"
#include "server/numbers.h"
#include "server/phone.h"
#include "server/store.h"

#define BK_TOKEN 64u /* characters */
#define BK_PHONE_HASH 64u

struct bk_session {
    char certificate[96]; /* id in table certificates; "" without one */
    char order[27];       /* the one order that it is for; "": all of the certificate's */
    /* of a customer without a certificate, else "" */
    char org_code[BK_ORG_CODE + 1];
    char phone[BK_PHONE + 1];
    char phone_hash[BK_PHONE_HASH + 1]; /* of both: bk_phone_hash */
    char staff[33];                     /* name of the account, else "" */
    unsigned roles;                     /* of staff: enum bk_staff_role */
    char actor[128];                    /* for the audit log; "" when nobody is logged in */
};

/* order: the one that it is for; "": all of the certificate's. */
enum bk_err bk_session_new(struct bk_tx *tx, const char *certificate, const char *order,
                           int64_t now, int64_t expires_at, char token[BK_TOKEN + 1]) BK_MUST_CHECK;
/* BK_ENOTFOUND: unknown or expired. BK_EDENIED: the certificate has been revoked since. */
enum bk_err bk_session_find(struct bk_tx *tx, const char *token, int64_t now,
                            struct bk_session *session) BK_MUST_CHECK;

/* By which an organisation's orders are found from a phone: keyed, lower-case hex. */
enum bk_err bk_phone_hash(const struct bk_escrow *escrow, const char *org_code, const char *phone,
                          char hash[BK_PHONE_HASH + 1]) BK_MUST_CHECK;
/* The same two for a customer without a certificate. */
enum bk_err bk_customer_session_new(struct bk_tx *tx, const struct bk_escrow *escrow,
                                    const char *org_code, const char *phone, int64_t now,
                                    int64_t expires_at, char token[BK_TOKEN + 1]) BK_MUST_CHECK;
enum bk_err bk_customer_session_find(struct bk_tx *tx, const struct bk_escrow *escrow,
                                     const char *token, int64_t now,
                                     struct bk_session *session) BK_MUST_CHECK;

#endif
