/* SPDX-License-Identifier: Apache-2.0 */
/* The staff's accounts from the command line; as admin.h. */
#ifndef BK_SERVER_ADMIN_STAFF_H
#define BK_SERVER_ADMIN_STAFF_H

#include "server/admin.h"

/* uri: what the authenticator app is to read, appended. roles: "reviewer,producer,auditor". */
enum bk_err bk_admin_staff_add(struct bk_app *app, const char *name, const char *roles,
                               const char *password, struct bk_buf *uri,
                               struct bk_admin_why *why) BK_MUST_CHECK;
/* A line an account: name, state, roles, made, last log-in. */
enum bk_err bk_admin_staff_list(struct bk_app *app, FILE *to) BK_MUST_CHECK;
/* These end the account's sessions; the first also forgets wrong log-ins. */
enum bk_err bk_admin_staff_password(struct bk_app *app, const char *name, const char *password,
                                    struct bk_admin_why *why) BK_MUST_CHECK;
enum bk_err bk_admin_staff_totp(struct bk_app *app, const char *name, struct bk_buf *uri,
                                struct bk_admin_why *why) BK_MUST_CHECK;
enum bk_err bk_admin_staff_roles(struct bk_app *app, const char *name, const char *roles,
                                 struct bk_admin_why *why) BK_MUST_CHECK;
enum bk_err bk_admin_staff_enable(struct bk_app *app, const char *name, bool enabled,
                                  struct bk_admin_why *why) BK_MUST_CHECK;

#endif
