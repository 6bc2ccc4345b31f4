/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/staff.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "tools/terminal.h"

#define SECTION "production"
#define LINE_MAX_LEN 512u

static const char *configured(const struct cmd *cmd, const char *name)
{
    return bk_config_get(cmd->config, SECTION, name, NULL);
}

/* The whole of a file that is its user's alone. */
static enum bk_err read_private(const char *path, struct bk_buf *out, struct bk_failure *failure)
{
    struct stat st;
    if (stat(path, &st) == 0 && (st.st_mode & 077) != 0)
        return cmd_fail(failure, BK_EDENIED,
                        _("%s holds a secret: nobody else may read it (chmod 600)"), path);
    enum bk_err err = bk_file_read(path, LINE_MAX_LEN, out);
    return err == BK_OK ? BK_OK : bk_fail(failure, err, "%s", path);
}

enum bk_err staff_secret(struct cmd *cmd, const char *name, struct bk_secret *secret,
                         struct bk_failure *failure)
{
    const char *path = configured(cmd, name);
    struct bk_buf bytes = BK_BUF_INIT;
    if (!path)
        return BK_ENOTFOUND;
    enum bk_err err = read_private(path, &bytes, failure);
    if (err != BK_OK) /* one that is named has to be there */
        return err == BK_ENOTFOUND ? bk_fail(failure, BK_EIO, "%s", path) : err;
    size_t n = 0;
    while (n < bytes.len && bytes.data[n] != '\n' && bytes.data[n] != '\r')
        n++;
    err = bk_secret_set(secret, bytes.data, n);
    bk_buf_free(&bytes);
    return err == BK_OK ? BK_OK : bk_fail(failure, err, "%s", path);
}

/* --- a log-in that is kept: origin and token, a line each --- */

/* One that is damaged or another platform's is none. */
static void take_kept(struct cmd *cmd)
{
    const char *path = configured(cmd, "session-file"), *origin = bk_api_origin(cmd->api);
    struct bk_failure ignored;
    struct bk_buf bytes = BK_BUF_INIT;
    const char *text = "";
    size_t len = strlen(origin);
    if (path && read_private(path, &bytes, &ignored) == BK_OK &&
        bk_buf_cstr(&bytes, &text) == BK_OK && strncmp(text, origin, len) == 0 &&
        text[len] == '\n') {
        char *token = (char *)bytes.data + len + 1;
        token[strcspn(token, "\n")] = 0;
        if (bk_api_set_token(cmd->api, token) != BK_OK)
            ui_warn(_("the log-in in %s can't be used"), path);
    }
    bk_buf_free(&bytes);
}

static void keep(struct cmd *cmd)
{
    const char *path = configured(cmd, "session-file");
    struct bk_buf bytes = BK_BUF_INIT;
    if (!path)
        return;
    if (bk_buf_printf(&bytes, "%s\n%s\n", bk_api_origin(cmd->api), bk_api_token(cmd->api)) !=
            BK_OK ||
        bk_file_replace(path, bytes.data, bytes.len, 0600) != BK_OK)
        ui_warn(_("the log-in can't be kept in %s"), path);
    bk_buf_free(&bytes);
}

/* --- the log-in --- */

struct login {
    char name[64];
    struct bk_secret password, totp;
};

static enum bk_err no_terminal(struct bk_failure *failure, enum bk_err err, const char *option)
{
    return err == BK_EDENIED ? cmd_fail(failure, BK_EINVAL,
                                        _("there is no terminal to ask on: %s is missing"), option)
                             : bk_fail(failure, err, "%s", "");
}

static enum bk_err ask_name(struct cmd *cmd, const struct staff *staff, struct login *l,
                            struct bk_failure *failure)
{
    const char *name = staff->name ? staff->name : configured(cmd, "staff");
    if (name) {
        (void)snprintf(l->name, sizeof l->name, "%s", name);
        return BK_OK;
    }
    enum bk_err err = ui_line(_("Staff name: "), l->name, sizeof l->name);
    return err == BK_OK ? BK_OK : no_terminal(failure, err, "--staff");
}

static enum bk_err ask_password(struct cmd *cmd, const struct staff *staff, struct login *l,
                                struct bk_failure *failure)
{
    enum bk_err err = staff->password_fd < 0
                          ? staff_secret(cmd, "password-file", &l->password, failure)
                          : BK_ENOTFOUND;
    if (err != BK_ENOTFOUND)
        return err;
    err = ui_secret(staff->password_fd, _("Password: "), &l->password);
    return err == BK_OK ? BK_OK : no_terminal(failure, err, "--password-fd");
}

static enum bk_err ask(struct cmd *cmd, const struct staff *staff, struct login *l,
                       struct bk_failure *failure)
{
    enum bk_err err = ask_name(cmd, staff, l, failure);
    if (err == BK_OK)
        err = ask_password(cmd, staff, l, failure);
    if (err == BK_OK && (err = ui_secret(staff->totp_fd, _("One-time code: "), &l->totp)) != BK_OK)
        err = no_terminal(failure, err, "--totp-fd");
    return err;
}

static enum bk_err log_in(struct cmd *cmd, const struct staff *staff, struct bk_failure *failure)
{
    struct login l = {.name = ""};
    enum bk_err err = ask(cmd, staff, &l, failure);
    if (err == BK_OK) {
        err = bk_api_staff_session(cmd->api, l.name, (const char *)l.password.data,
                                   (const char *)l.totp.data);
        if (err != BK_OK)
            err = bk_fail_api(failure, err, cmd->api);
    }
    if (err == BK_OK)
        keep(cmd);
    bk_secret_free(&l.password);
    bk_secret_free(&l.totp);
    return err;
}

struct again {
    struct cmd *cmd;
    struct staff *staff;
};

static enum bk_err log_in_again(void *context)
{
    static struct bk_failure failure; /* the platform's problem stays on its handle */
    struct again *again = context;
    return log_in(again->cmd, again->staff, &failure);
}

enum bk_err staff_login(struct cmd *cmd, struct staff *staff, struct bk_failure *failure)
{
    static struct again again;
    take_kept(cmd);
    if (!*bk_api_token(cmd->api))
        return log_in(cmd, staff, failure);
    again = (struct again){.cmd = cmd, .staff = staff};
    bk_api_on_logged_out(cmd->api, log_in_again, &again);
    return BK_OK;
}
