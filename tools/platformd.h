/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands of bjca-platformd share, those of its register of keys, and of reviews. */
#ifndef BK_TOOLS_PLATFORMD_H
#define BK_TOOLS_PLATFORMD_H

#include "base/secret.h"
#include "server/admin.h"
#include "server/platform.h"

struct args {
    struct bk_platform_options platform;
    const char *log, *log_level, *log_format;
    const char *dialect, *shape, *application, *phone, *holder, *company;
    const char *contacts[BK_ADMIN_CONTACTS + 1]; /* one more, to be refused by its count */
    size_t contact_count;
    const char *bank, *account;
    const char *roles;
    const char *container, *csr, *cn, *org, *identity, *days, *out, *reason, *kind;
    bool dead;
    struct bk_secret input; /* what the command reads, if it does */
};

/* One line of standard input without its end. */
enum bk_err platformd_read_pin(struct bk_secret *pin, struct bk_admin_why *why) BK_MUST_CHECK;

typedef enum bk_err platformd_command(struct bk_platform *platform, const char *argument,
                                      const struct args *args, struct bk_admin_why *why);
platformd_command platformd_key_add, platformd_key_show, platformd_key_phone, platformd_key_account,
    platformd_key_activate;
platformd_command platformd_review_list, platformd_review_show, platformd_review_document,
    platformd_review_approve, platformd_review_reject;
platformd_command platformd_unlock_list, platformd_unlock_show, platformd_unlock_document,
    platformd_unlock_approve, platformd_unlock_reject;

#endif
