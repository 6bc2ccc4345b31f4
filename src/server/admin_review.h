/* SPDX-License-Identifier: Apache-2.0 */
/* The review of orders from the command line; as admin.h. */
#ifndef BK_SERVER_ADMIN_REVIEW_H
#define BK_SERVER_ADMIN_REVIEW_H

#include "server/admin.h"

/* A line an order: id, type, organisation code, entered, due, minutes left, round, company. */
enum bk_err bk_admin_review_list(struct bk_app *app, FILE *to) BK_MUST_CHECK;
/* All that was filled in, in clear, and the documents; that it was looked at is in the audit
 * log. */
enum bk_err bk_admin_review_show(struct bk_app *app, const char *id, FILE *to,
                                 struct bk_admin_why *why) BK_MUST_CHECK;
enum bk_err bk_admin_review_document(struct bk_app *app, const char *id, const char *kind,
                                     const char *file, struct bk_admin_why *why) BK_MUST_CHECK;
/* reason NULL: approved. */
enum bk_err bk_admin_review_decide(struct bk_app *app, const char *id, const char *reason,
                                   struct bk_admin_why *why) BK_MUST_CHECK;

#endif
