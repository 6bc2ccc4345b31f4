/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "tools/cmd.h"

static const char *pin_state(const CK_BJCA_STATUS *s)
{
    if (s->flags & CKF_BJCA_USER_LOCKED)
        return _("locked: run bjca unlock");
    if (s->flags & CKF_BJCA_USER_PIN_DEFAULT)
        return _("the factory's: change it with bjca pin change");
    return _("set");
}

static void print_key(const CK_BJCA_STATUS *s)
{
    (void)printf(_("Key           %s\n"), s->serial);
    (void)printf(_("  label       %s\n"), s->label);
    (void)printf(_("  maker       %s (%s)\n"), s->manufacturer, s->dialect);
    if (s->flags & CKF_BJCA_EMPTY) {
        (void)printf("%s", _("  empty: bjca produce makes it ready for use\n"));
        return;
    }
    (void)printf(_("  PIN         %s, %lu of %lu tries left\n"), pin_state(s), s->userTriesLeft,
                 s->userTriesMax);
    (void)printf(_("  admin PIN   %lu of %lu tries left\n"), s->adminTriesLeft, s->adminTriesMax);
    if (s->flags & CKF_BJCA_ADMIN_LOCKED)
        (void)printf("%s", _("              locked: this key can't be unlocked any more\n"));
    (void)printf(_("  free        %lu bytes\n"), s->freeSpace);
    if (s->flags & CKF_BJCA_RENEWAL_PENDING)
        (void)printf("%s", _("  a renewal is not finished: run bjca renew\n"));
}

static json_t *key_json(const CK_BJCA_STATUS *s)
{
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:{s:I, s:I, s:b, s:b}, s:{s:I, s:I, s:b, s:b}, s:I, s:b, s:b}",
        "serial", s->serial, "label", s->label, "manufacturer", s->manufacturer, "dialect",
        s->dialect, "application", s->application, "pin", "tries_left",
        (json_int_t)s->userTriesLeft, "tries_max", (json_int_t)s->userTriesMax, "locked",
        (s->flags & CKF_BJCA_USER_LOCKED) != 0, "factory",
        (s->flags & CKF_BJCA_USER_PIN_DEFAULT) != 0, "admin_pin", "tries_left",
        (json_int_t)s->adminTriesLeft, "tries_max", (json_int_t)s->adminTriesMax, "locked",
        (s->flags & CKF_BJCA_ADMIN_LOCKED) != 0, "factory",
        (s->flags & CKF_BJCA_ADMIN_PIN_DEFAULT) != 0, "free_bytes", (json_int_t)s->freeSpace,
        "renewal_pending", (s->flags & CKF_BJCA_RENEWAL_PENDING) != 0, "empty",
        (s->flags & CKF_BJCA_EMPTY) != 0);
}

/* Of the keys the one that --key names. */
static enum bk_err only(struct cmd *cmd, struct bk_key *keys, size_t *n, struct bk_failure *failure)
{
    for (size_t i = 0; i < *n; i++) {
        if (strcmp(cmd->serial, (const char *)keys[i].status.serial) == 0) {
            keys[0] = keys[i];
            *n = 1;
            return BK_OK;
        }
    }
    return cmd_no_such_key(cmd, keys, *n, failure);
}

int cmd_status(struct cmd *cmd, int argc, char **argv)
{
    struct bk_key keys[BK_KEYS_MAX];
    size_t n = BK_KEYS_MAX;
    struct bk_failure failure;
    if (argc > 1)
        return cmd_usage(argv[0], _("one word too many: %s"), argv[1]);
    enum bk_err err = cmd_open_module(cmd, &failure);
    if (err == BK_OK)
        err = bk_module_keys(&cmd->module, keys, &n, &failure);
    if (err == BK_OK && !n)
        err = cmd_no_key(cmd, &failure);
    if (err == BK_OK && cmd->serial)
        err = only(cmd, keys, &n, &failure);
    if (err != BK_OK)
        return ui_failure(&failure);
    json_t *list = cmd->json ? json_array() : NULL;
    for (size_t i = 0; i < n; i++) {
        if (list)
            (void)json_array_append_new(list, key_json(&keys[i].status));
        else
            print_key(&keys[i].status);
    }
    return list ? cmd_print_json(json_pack("{s:o}", "keys", list)) : EXIT_OK;
}
