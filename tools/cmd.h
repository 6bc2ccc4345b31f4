/* SPDX-License-Identifier: Apache-2.0 */
/* The subcommands of bjca and what they share. */
#ifndef BJCA_TOOLS_CMD_H
#define BJCA_TOOLS_CMD_H

#include <getopt.h>

#include <jansson.h>

#include "base/config.h"
#include "tools/ui.h"
#include "workflow/module.h"

struct cmd {
    const char *module_path; /* --module */
    const char *serial;      /* --key */
    const char *platform;    /* --platform */
    const char *ca_file;     /* --ca */
    bool json;               /* --json */
    struct bk_config *config;
    struct bk_module module;
    struct bk_key key;
    struct bk_api *api;
};

/* Each returns an exit code; argv[0] is the subcommand's name. */
int cmd_status(struct cmd *cmd, int argc, char **argv);
int cmd_list(struct cmd *cmd, int argc, char **argv);
int cmd_pin(struct cmd *cmd, int argc, char **argv);
int cmd_unlock(struct cmd *cmd, int argc, char **argv);
int cmd_renew(struct cmd *cmd, int argc, char **argv);
int cmd_cms(struct cmd *cmd, int argc, char **argv);
int cmd_issue(struct cmd *cmd, int argc, char **argv);
int cmd_produce(struct cmd *cmd, int argc, char **argv);

/* Loads the module. */
enum bk_err cmd_open_module(struct cmd *cmd, struct bk_failure *failure) BK_MUST_CHECK;
/* The failure that there is no key: what is wrong with a virtual one that the configuration names. */
enum bk_err cmd_no_key(struct cmd *cmd, struct bk_failure *failure) BK_MUST_CHECK;
/* The failure that --key names none of these keys. */
enum bk_err cmd_no_such_key(struct cmd *cmd, const struct bk_key *keys, size_t n,
                            struct bk_failure *failure) BK_MUST_CHECK;
/* The key that --key names, or the only one there is. */
enum bk_err cmd_open_key(struct cmd *cmd, struct bk_failure *failure) BK_MUST_CHECK;
/* A connection to the platform that --platform or the configuration names. */
enum bk_err cmd_open_platform(struct cmd *cmd, struct bk_failure *failure) BK_MUST_CHECK;
/* A session on `slot`, logged in with a PIN from fd or the terminal. A locked PIN is told without
 * asking for one. */
enum bk_err cmd_login(struct cmd *cmd, CK_SLOT_ID slot, int pin_fd, CK_SESSION_HANDLE *session,
                      struct bk_failure *failure) BK_MUST_CHECK;
/* The current container `name` with keys of this type (CK_UNAVAILABLE_INFORMATION: any), or the only
 * such one when name is NULL. */
enum bk_err cmd_find_container(struct cmd *cmd, const char *name, CK_KEY_TYPE type,
                               CK_BJCA_CONTAINER *container,
                               struct bk_failure *failure) BK_MUST_CHECK;
/* Prints and releases the object; EXIT_OK. */
int cmd_print_json(json_t *json);
/* Says what is wrong with the words of the call and where the right ones stand (command NULL: the
 * tool's own); EXIT_USAGE. */
int cmd_usage(const char *command, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The next option, as getopt_long has it, before the first other word; `letters` begins with "+:". '?':
 * there is none such, or its value is missing, which has been said; -1: no more. */
int cmd_option(const char *command, int argc, char **argv, const char *letters,
               const struct option *options);
/* EXIT_OK when getopt has come to the end of the words, else what cmd_usage returns. */
int cmd_no_more(const char *command, int argc, char **argv);
/* The same for an option without which the command can't run. */
int cmd_missing(const char *command, const char *option);
/* The descriptor number that an option was given; EXIT_OK or what cmd_usage returns. */
int cmd_fd(const char *command, const char *option, const char *text, int *fd);
/* A failure whose text, in the user's language, says all there is to say. */
enum bk_err cmd_fail(struct bk_failure *failure, enum bk_err err, const char *fmt, ...) BK_MUST_CHECK
    __attribute__((format(printf, 3, 4)));
/* Warns of a factory PIN, a locked PIN, few tries. */
void cmd_warn_of_pin(const CK_BJCA_STATUS *status);

#endif
