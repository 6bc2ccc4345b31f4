/* SPDX-License-Identifier: Apache-2.0 */
/* The log-in of staff from a production station, and the files that belong to one. */
#ifndef BJCA_TOOLS_STAFF_H
#define BJCA_TOOLS_STAFF_H

#include "tools/cmd.h"

struct staff {
    const char *name;         /* NULL: of the configuration, else asked for */
    int password_fd, totp_fd; /* -1: of the configuration's file, or asked for; asked for */
};

/* Logs in at cmd->api, or goes on with the log-in that [production] session-file keeps. `staff` and
 * `cmd` are used again when that has ended meanwhile. */
enum bk_err staff_login(struct cmd *cmd, struct staff *staff,
                        struct bk_failure *failure) BK_MUST_CHECK;
/* The first line of the file that the configuration names in [production]; BK_ENOTFOUND when it
 * names none. BK_EDENIED, told: others may read it. */
enum bk_err staff_secret(struct cmd *cmd, const char *name, struct bk_secret *secret,
                         struct bk_failure *failure) BK_MUST_CHECK;

#endif
