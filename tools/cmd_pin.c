/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "tools/cmd.h"

struct pins {
    struct bk_secret old;
    struct bk_secret new;
};

static enum bk_err ask_pins(struct cmd *cmd, int old_fd, int new_fd, struct pins *pins,
                            struct bk_failure *failure)
{
    enum bk_err err = ui_secret(old_fd, _("Present PIN: "), &pins->old);
    if (err == BK_OK)
        err = ui_new_pin(new_fd, &pins->new);
    if (err == BK_EDENIED)
        return cmd_fail(failure, BK_EINVAL, _("there is no terminal to ask on: %s is missing"),
                        old_fd < 0 ? "--pin-fd" : "--new-pin-fd");
    if (err != BK_OK)
        return bk_fail(failure, err, "%s", "");
    if (bk_secret_equal(pins->old.data, pins->old.len, pins->new.data, pins->new.len))
        return cmd_fail(failure, BK_EPIN_RULE, "%s", _("The new PIN is the present one."));
    /* before the old one is sent: a new PIN that can't be used must not cost a try */
    return bk_module_result(
        &cmd->module,
        cmd->module.bjca->BJCA_CheckPIN(cmd->key.slot, pins->new.data, (CK_ULONG)pins->new.len),
        failure);
}

static enum bk_err change(struct cmd *cmd, const struct pins *pins, struct bk_failure *failure)
{
    CK_SESSION_HANDLE session = 0;
    CK_RV rv = cmd->module.p11->C_OpenSession(cmd->key.slot, CKF_SERIAL_SESSION | CKF_RW_SESSION,
                                              NULL, NULL, &session);
    if (rv == CKR_OK)
        rv = cmd->module.p11->C_SetPIN(session, pins->old.data, (CK_ULONG)pins->old.len,
                                       pins->new.data, (CK_ULONG)pins->new.len);
    return bk_module_result(&cmd->module, rv, failure);
}

int cmd_pin(struct cmd *cmd, int argc, char **argv)
{
    static const struct option options[] = {{"pin-fd", required_argument, NULL, 'p'},
                                            {"new-pin-fd", required_argument, NULL, 'n'},
                                            {0}};
    int old_fd = -1, new_fd = -1, c, code;
    if (argc < 2 || strcmp(argv[1], "change") != 0)
        return cmd_usage("pin", "%s", _("say pin change"));
    argc--;
    argv++;
    while ((c = cmd_option("pin", argc, argv, "+:", options)) != -1) {
        code = c == 'p'   ? cmd_fd("pin", "--pin-fd", optarg, &old_fd)
               : c == 'n' ? cmd_fd("pin", "--new-pin-fd", optarg, &new_fd)
                          : EXIT_USAGE;
        if (code != EXIT_OK)
            return code;
    }
    if ((code = cmd_no_more("pin", argc, argv)) != EXIT_OK)
        return code;
    struct bk_failure failure;
    struct pins pins = {BK_SECRET_INIT, BK_SECRET_INIT};
    enum bk_err err = cmd_open_key(cmd, &failure);
    if (err == BK_OK && cmd->key.status.flags & CKF_BJCA_USER_LOCKED)
        err = bk_fail(&failure, BK_EPIN_LOCKED, "%s", "");
    if (err == BK_OK)
        err = ask_pins(cmd, old_fd, new_fd, &pins, &failure);
    if (err == BK_OK)
        err = change(cmd, &pins, &failure);
    bk_secret_free(&pins.old);
    bk_secret_free(&pins.new);
    if (err != BK_OK)
        return ui_failure(&failure);
    if (cmd->json)
        return cmd_print_json(json_pack("{s:b}", "changed", 1));
    ui_say("%s", _("The PIN is changed."));
    return EXIT_OK;
}
