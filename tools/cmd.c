/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/cmd.h"
#include "tools/terminal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum bk_err cmd_open_module(struct cmd *cmd, struct bk_failure *failure)
{
    return cmd->module.handle ? BK_OK : bk_module_open(cmd->module_path, &cmd->module, failure);
}

enum bk_err cmd_no_key(struct cmd *cmd, struct bk_failure *failure)
{
    const char *path = bk_config_get(cmd->config, "key", "virtual-key", NULL);
    enum bk_err err = path ? bk_module_virtual_key(&cmd->module, failure) : BK_OK;
    if (err == BK_OK)
        return bk_fail(failure, BK_ENOKEY, "%s", "");
    return failure->rv == CKR_ACTION_PROHIBITED
               ? cmd_fail(failure, BK_EDENIED,
                          _("the virtual key %s can't be used: its file must be a plain one that "
                            "nobody else may read or write"),
                          path)
               : cmd_fail(
                     failure, BK_ECORRUPT,
                     _("the virtual key %s can't be used: its file is damaged or can't be read"),
                     path);
}

enum bk_err cmd_no_such_key(struct cmd *cmd, const struct bk_key *keys, size_t n,
                            struct bk_failure *failure)
{
    char there[192] = "";
    for (size_t i = 0, at = 0; i < n && at < sizeof there; i++)
        at += (size_t)snprintf(there + at, sizeof there - at, "%s%s", i ? ", " : "",
                               (const char *)keys[i].status.serial);
    return cmd_fail(failure, BK_ENOKEY, _("no key with serial %s; plugged in: %s"), cmd->serial,
                    there);
}

enum bk_err cmd_open_key(struct cmd *cmd, struct bk_failure *failure)
{
    struct bk_key keys[BK_KEYS_MAX];
    size_t n = BK_KEYS_MAX;
    enum bk_err err = cmd_open_module(cmd, failure);
    if (err == BK_OK)
        err = bk_module_keys(&cmd->module, keys, &n, failure);
    if (err != BK_OK)
        return err;
    if (!n)
        return cmd_no_key(cmd, failure);
    if (!cmd->serial && n > 1)
        return cmd_fail(failure, BK_ENOKEY, _("several keys are plugged in: choose one by --key"));
    for (size_t i = 0; i < n; i++) {
        if (!cmd->serial || strcmp(cmd->serial, (const char *)keys[i].status.serial) == 0) {
            cmd->key = keys[i];
            return BK_OK;
        }
    }
    return cmd_no_such_key(cmd, keys, n, failure);
}

enum bk_err cmd_open_platform(struct cmd *cmd, struct bk_failure *failure)
{
    struct bk_api_options options = {
        .url = cmd->platform ? cmd->platform : bk_config_get(cmd->config, "platform", "url", NULL),
        .ca_file =
            cmd->ca_file ? cmd->ca_file : bk_config_get(cmd->config, "platform", "ca-file", NULL),
        .language = ui_language(),
        .stop_fd = terminal_stop_fd(),
    };
    if (!options.url)
        return cmd_fail(failure, BK_EINVAL,
                        _("no platform is configured: set url under [platform] in bjca.conf, or "
                          "give --platform URL"));
    enum bk_err err = bk_api_new(&options, &cmd->api);
    return err == BK_OK ? BK_OK
                        : cmd_fail(failure, BK_EINVAL,
                                   _("%s is not an address of a platform: it begins with https://"),
                                   options.url);
}

enum bk_err cmd_login(struct cmd *cmd, CK_SLOT_ID slot, int pin_fd, CK_SESSION_HANDLE *session,
                      struct bk_failure *failure)
{
    struct bk_secret pin = BK_SECRET_INIT;
    const CK_FUNCTION_LIST_3_0 *p11 = cmd->module.p11;
    if (cmd->key.status.flags & CKF_BJCA_USER_LOCKED)
        return bk_fail(failure, BK_EPIN_LOCKED, "%s", "");
    cmd_warn_of_pin(&cmd->key.status);
    enum bk_err err = ui_secret(pin_fd, _("PIN: "), &pin);
    if (err == BK_EDENIED)
        return cmd_fail(failure, BK_EINVAL,
                        _("there is no terminal to ask for the PIN on: --pin-fd is missing"));
    if (err != BK_OK)
        return bk_fail(failure, err, "%s", "");
    CK_RV rv = p11->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, session);
    if (rv == CKR_OK)
        rv = p11->C_Login(*session, CKU_USER, pin.data, (CK_ULONG)pin.len);
    bk_secret_free(&pin);
    return bk_module_result(&cmd->module, rv, failure);
}

enum bk_err cmd_find_container(struct cmd *cmd, const char *name, CK_KEY_TYPE type,
                               CK_BJCA_CONTAINER *container, struct bk_failure *failure)
{
    CK_BJCA_CONTAINER list[BK_CONTAINERS_MAX];
    size_t n = BK_CONTAINERS_MAX, found = 0;
    enum bk_err err = bk_module_containers(&cmd->module, cmd->key.slot, list, &n, failure);
    if (err != BK_OK)
        return err;
    for (size_t i = 0; i < n; i++) {
        if (list[i].role != CK_BJCA_CURRENT || !list[i].hasSigningCert ||
            (name && strcmp(name, (const char *)list[i].name) != 0) ||
            (type != CK_UNAVAILABLE_INFORMATION && list[i].keyType != type))
            continue;
        *container = list[i];
        found++;
    }
    if (found == 1)
        return BK_OK;
    if (name)
        return cmd_fail(failure, BK_ENOTFOUND, _("no certificate in a container %s"), name);
    if (!found)
        return cmd_fail(failure, BK_ENOTFOUND, "%s", _("no certificate on the key"));
    return cmd_fail(failure, BK_EINVAL,
                    _("the key has several certificates: choose one by --container"));
}

int cmd_print_json(json_t *json)
{
    (void)json_dumpf(json, stdout, JSON_INDENT(2));
    (void)fputc('\n', stdout);
    json_decref(json);
    return fflush(stdout) == 0 ? EXIT_OK : EXIT_FAILED;
}

static int where_to_look(const char *command)
{
    if (command)
        ui_warn(_("Try: bjca %s --help"), command);
    else
        ui_warn("%s", _("Try: bjca --help"));
    return EXIT_USAGE;
}

int cmd_usage(const char *command, const char *fmt, ...)
{
    char text[256];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    ui_warn("%s", text);
    return where_to_look(command);
}

int cmd_option(const char *command, int argc, char **argv, const char *letters,
               const struct option *options)
{
    int at = optind ? optind : 1; /* 0 begins a new scan */
    opterr = 0;
    int c = getopt_long(argc, argv, letters, options, NULL);
    if (c == ':')
        (void)cmd_usage(command, _("%s wants a value"), argv[at]);
    else if (c == '?')
        (void)cmd_usage(command, _("no such option: %s"), argv[at]);
    return c == ':' ? '?' : c;
}

int cmd_no_more(const char *command, int argc, char **argv)
{
    return optind == argc ? EXIT_OK : cmd_usage(command, _("one word too many: %s"), argv[optind]);
}

int cmd_missing(const char *command, const char *option)
{
    return cmd_usage(command, _("%s is missing"), option);
}

int cmd_fd(const char *command, const char *option, const char *text, int *fd)
{
    char *end = NULL;
    long v = strtol(text, &end, 10);
    if (!*text || *end || v < 0 || v >= 1024)
        return cmd_usage(command, _("%s wants the number of a descriptor"), option);
    *fd = (int)v;
    return EXIT_OK;
}

enum bk_err cmd_fail(struct bk_failure *failure, enum bk_err err, const char *fmt, ...)
{
    char text[sizeof failure->text];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    err = bk_fail(failure, err, "%s", text);
    failure->complete = true;
    return err;
}

void cmd_warn_of_pin(const CK_BJCA_STATUS *s)
{
    if (s->flags & CKF_BJCA_USER_LOCKED)
        ui_warn("%s", _("The PIN is locked. Unlock it with: bjca unlock"));
    else if (s->userTriesLeft < s->userTriesMax)
        ui_warn(ngettext_("%lu of %lu tries left before the PIN is locked.",
                          "%lu of %lu tries left before the PIN is locked.", s->userTriesLeft),
                s->userTriesLeft, s->userTriesMax);
    if (s->flags & CKF_BJCA_USER_PIN_DEFAULT)
        ui_warn("%s", _("The PIN is still the factory's, which everybody knows. Change it with: "
                        "bjca pin change"));
}
