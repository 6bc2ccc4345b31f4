/* SPDX-License-Identifier: Apache-2.0 */
/* The tool for the owner of a key. */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "tools/cmd.h"
#include "tools/help.h"

static const struct {
    const char *name;
    int (*run)(struct cmd *cmd, int argc, char **argv);
} commands[] = {
    {"status", cmd_status}, {"list", cmd_list}, {"pin", cmd_pin},     {"unlock", cmd_unlock},
    {"renew", cmd_renew},   {"cms", cmd_cms},   {"issue", cmd_issue}, {"produce", cmd_produce},
};

static int parse_global(struct cmd *cmd, int argc, char **argv, bool *ends)
{
    static const struct option options[] = {{"key", required_argument, NULL, 'k'},
                                            {"platform", required_argument, NULL, 'P'},
                                            {"ca", required_argument, NULL, 'C'},
                                            {"module", required_argument, NULL, 'm'},
                                            {"json", no_argument, NULL, 'j'},
                                            {"quiet", no_argument, NULL, 'q'},
                                            {"help", no_argument, NULL, 'h'},
                                            {"version", no_argument, NULL, 'V'},
                                            {0}};
    int c;
    *ends = true;
    while ((c = cmd_option(NULL, argc, argv, "+:hq", options)) != -1) {
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
            return help_all();
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

/* The command that the words begin with, or an exit code when there is none to run. */
static int choose(int argc, char **argv, size_t *which)
{
    if (!argc) {
        (void)help_all();
        return EXIT_USAGE;
    }
    for (*which = 0; *which < sizeof commands / sizeof *commands; ++*which)
        if (strcmp(commands[*which].name, argv[0]) == 0)
            return EXIT_OK;
    return cmd_usage(NULL, _("no such command: %s"), argv[0]);
}

static int load_config(struct cmd *cmd)
{
    char where[512] = "";
    enum bk_err err = bk_config_load(&cmd->config, where, sizeof where);
    struct bk_config_at at = {0};
    while (err == BK_OK && bk_config_unknown_here(cmd->config, &at))
        ui_warn(_("%s, line %u: [%s] has no \"%s\"; it is ignored"), at.file, at.line, at.section,
                at.name);
    if (err == BK_OK)
        return EXIT_OK;
    ui_warn(_("the configuration can't be read: %s (%s)"), where, bk_err_name(err));
    return EXIT_USAGE;
}

static int run(struct cmd *cmd, int argc, char **argv)
{
    bool ends = false;
    size_t which = 0;
    int code = parse_global(cmd, argc, argv, &ends);
    if (ends)
        return code;
    argc -= optind;
    argv += optind;
    if ((code = choose(argc, argv, &which)) != EXIT_OK)
        return code;
    if (help_wanted(argc, argv))
        return help_command(argv[0]);
    if ((code = load_config(cmd)) == EXIT_OK) {
        if (!cmd->module_path)
            cmd->module_path = bk_config_get(cmd->config, "tool", "module", NULL);
        optind = 0; /* a new scan, by GNU's getopt */
        code = commands[which].run(cmd, argc, argv);
    }
    return code;
}

int main(int argc, char **argv)
{
    struct cmd cmd = {0};
    ui_start();
    int code = run(&cmd, argc, argv);
    bk_api_free(&cmd.api);
    bk_module_close(&cmd.module);
    bk_config_free(&cmd.config);
    return ui_end(code);
}
