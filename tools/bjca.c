/* SPDX-License-Identifier: Apache-2.0 */
/* The tool for the owner of a key. */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "tools/cmd.h"

static const struct {
    const char *name;
    int (*run)(struct cmd *cmd, int argc, char **argv);
    const char *what;
} commands[] = {
    {"status", cmd_status, N_("the keys that are plugged in, their PINs and tries")},
    {"list", cmd_list, N_("certificates and their validity")},
    {"pin", cmd_pin, N_("pin change: change the PIN")},
    {"unlock", cmd_unlock, N_("unlock the PIN with an authorisation code")},
    {"renew", cmd_renew, N_("renew a certificate in place")},
    {"cms", cmd_cms, N_("cms sign, verify, encrypt, decrypt: messages with SM2 (GM/T 0010)")},
    {"issue", cmd_issue, N_("issue request, issue load: put a first certificate on a key")},
};

static int help(void)
{
    (void)printf("%s", _("Usage: bjca [OPTION…] COMMAND [OPTION…]\n\nCommands:\n"));
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        (void)printf("  %-8s %s\n", commands[i].name, _(commands[i].what));
    (void)printf("%s", _("\nOptions:\n"
                         "  --key SERIAL      which key, when several are plugged in\n"
                         "  --platform URL    the platform (else [platform] url in bjca.conf)\n"
                         "  --ca FILE         certificates that vouch for the platform (PEM)\n"
                         "  --module FILE     the PKCS#11 module\n"
                         "  --json            the result as JSON on standard output\n"
                         "  --quiet           no progress\n"
                         "  --help, --version\n\n"
                         "Secrets are asked for on the terminal, or read from a descriptor\n"
                         "(--pin-fd, --new-pin-fd, --code-fd). See bjca(1).\n"));
    return EXIT_OK;
}

static int parse_global(struct cmd *cmd, int argc, char **argv, bool *ends)
{
    static const struct option options[] = {
        {"key", required_argument, NULL, 'k'},  {"platform", required_argument, NULL, 'P'},
        {"ca", required_argument, NULL, 'C'},   {"module", required_argument, NULL, 'm'},
        {"json", no_argument, NULL, 'j'},       {"quiet", no_argument, NULL, 'q'},
        {"help", no_argument, NULL, 'h'},       {"version", no_argument, NULL, 'V'},
        {0}};
    int c;
    *ends = true;
    while ((c = getopt_long(argc, argv, "+hq", options, NULL)) != -1) {
        switch (c) {
        case 'k':
            cmd->serial = optarg;
            break;
        case 'P':
            cmd->platform = optarg;
            break;
        case 'C':
            cmd->ca_file = optarg;
            break;
        case 'm':
            cmd->module_path = optarg;
            break;
        case 'j':
            cmd->json = true;
            ui_json();
            ui_quiet(true);
            break;
        case 'q':
            ui_quiet(true);
            break;
        case 'h':
            return help();
        case 'V':
            (void)printf("bjca (bjca-pkcs11) %s\n", BK_VERSION);
            return EXIT_OK;
        default:
            return EXIT_USAGE;
        }
    }
    *ends = false;
    return EXIT_OK;
}

static int dispatch(struct cmd *cmd, int argc, char **argv)
{
    if (!argc) {
        (void)help();
        return EXIT_USAGE;
    }
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(commands[i].name, argv[0]) == 0) {
            optind = 0; /* a new scan, by GNU's getopt */
            return commands[i].run(cmd, argc, argv);
        }
    }
    return cmd_usage(_("no such command: %s"), argv[0]);
}

static int load_config(struct cmd *cmd)
{
    char where[512] = "";
    enum bk_err err = bk_config_load(&cmd->config, where, sizeof where);
    if (err == BK_OK)
        return EXIT_OK;
    ui_warn(_("the configuration can't be read: %s (%s)"), where, bk_err_name(err));
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    struct cmd cmd = {0};
    bool ends = false;
    ui_start();
    int code = parse_global(&cmd, argc, argv, &ends);
    if (!ends && (code = load_config(&cmd)) == EXIT_OK) {
        if (!cmd.module_path)
            cmd.module_path = bk_config_get(cmd.config, "tool", "module", NULL);
        code = dispatch(&cmd, argc - optind, argv + optind);
    }
    bk_api_free(&cmd.api);
    bk_module_close(&cmd.module);
    bk_config_free(&cmd.config);
    return code;
}
