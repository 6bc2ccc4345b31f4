/* SPDX-License-Identifier: Apache-2.0 */
/* The review of orders, and of unlocks with documents, from the command line; as admin.h. */
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

/* The same of unlocks. A line: id, serial number, entered, due, minutes left, company as typed. */
enum bk_err bk_admin_unlock_list(struct bk_app *app, FILE *to) BK_MUST_CHECK;
enum bk_err bk_admin_unlock_show(struct bk_app *app, const char *id, FILE *to,
                                 struct bk_admin_why *why) BK_MUST_CHECK;
enum bk_err bk_admin_unlock_document(struct bk_app *app, const char *id, const char *kind,
                                     const char *file, struct bk_admin_why *why) BK_MUST_CHECK;
enum bk_err bk_admin_unlock_decide(struct bk_app *app, const char *id, const char *reason,
                                   struct bk_admin_why *why) BK_MUST_CHECK;

/* --- what the two share --- */

struct bk_admin_due {
    int64_t entered_at, due_at, now;
    bool guessed;
};
/* Entered, due with a question mark when it was guessed, minutes left. */
void bk_admin_print_due(const struct bk_admin_due *due, FILE *to);
/* What a question mark means. */
void bk_admin_print_guessed(FILE *to);
/* Columns: kind, type, size. */
void bk_admin_print_documents(const struct bk_rows *rows, FILE *to);
enum bk_err bk_admin_write_document(struct bk_app *app, const char *digest,
                                    const char *file) BK_MUST_CHECK;
/* A reason that can't be taken. */
void bk_admin_say_reason(struct bk_admin_why *why);

#endif
