/* SPDX-License-Identifier: Apache-2.0 */
/* bjca-cad: the CA process. See docs/man/bjca-cad.8. */
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/config.h"
#include "base/log.h"
#include "server/cad.h"
#include "server/settings.h"

static volatile int stop;

static void on_signal(int number)
{
    (void)number;
    stop = 1;
}

static int usage(FILE *to, int rc)
{
    (void)fputs("usage: bjca-cad --data DIR [--config FILE] serve [--socket PATH] [--until-eof]\n",
                to);
    return rc;
}

static int serve(const char *data, const struct bk_config *config, const char *path, int until_eof)
{
    char socket_path[PATH_MAX];
    struct bk_cad *cad = NULL;
    const struct bk_cad_options options = {
        .folder = data,
        .name = bk_config_get(config, "ca", "name", "Example BJCA"),
        .org = bk_config_get(config, "ca", "org", "示例证书认证机构"),
        .sm2_id = bk_config_get(config, "ca", "sm2-id", NULL)};
    int n = path ? snprintf(socket_path, sizeof socket_path, "%s", path)
                 : snprintf(socket_path, sizeof socket_path, "%s/cad.sock", data);
    if (n <= 0 || (size_t)n >= sizeof socket_path)
        return 2;
    struct sigaction action = {.sa_handler = on_signal};
    (void)sigaction(SIGTERM, &action, NULL);
    (void)sigaction(SIGINT, &action, NULL);
    enum bk_err err = bk_cad_open(&options, &cad);
    if (err == BK_OK)
        err = bk_cad_serve(cad, socket_path, until_eof ? STDIN_FILENO : -1, &stop);
    if (err == BK_OK)
        (void)unlink(socket_path);
    bk_cad_close(&cad);
    if (err != BK_OK)
        (void)fprintf(stderr, "bjca-cad: %s: %s\n", data, bk_err_name(err));
    return err == BK_OK ? 0 : err == BK_EBUSY ? 3 : 1;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {{"data", required_argument, NULL, 'd'},
                                            {"config", required_argument, NULL, 'c'},
                                            {"socket", required_argument, NULL, 's'},
                                            {"until-eof", no_argument, NULL, 'e'},
                                            {"help", no_argument, NULL, 'h'},
                                            {"version", no_argument, NULL, 'V'},
                                            {NULL, 0, NULL, 0}};
    const char *data = NULL, *file = NULL, *path = NULL;
    int until_eof = 0, c;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c == 'd')
            data = optarg;
        else if (c == 'c')
            file = optarg;
        else if (c == 's')
            path = optarg;
        else if (c == 'e')
            until_eof = 1;
        else if (c == 'V')
            return puts("bjca-cad (bjca-pkcs11) " BK_VERSION) < 0;
        else
            return usage(c == 'h' ? stdout : stderr, c == 'h' ? 0 : 2);
    }
    if (!data || optind + 1 != argc || strcmp(argv[optind], "serve") != 0)
        return usage(stderr, 2);
    struct bk_config *config = NULL;
    unsigned line = 0;
    enum bk_err err = bk_config_new(&config);
    if (err == BK_OK && file)
        err = bk_config_read(config, file, &line);
    if (err != BK_OK) {
        (void)fprintf(stderr, "bjca-cad: %s, line %u: %s\n", file ? file : "", line,
                      bk_err_name(err));
        bk_config_free(&config);
        return 2;
    }
    char why[512] = "";
    if (bk_settings_check(config, why, sizeof why) != BK_OK) {
        (void)fprintf(stderr, "bjca-cad: %s\n", why);
        bk_config_free(&config);
        return 2;
    }
    (void)signal(SIGPIPE, SIG_IGN);
    int rc = bk_log_open("-", BK_LOG_WARN) == BK_OK ? serve(data, config, path, until_eof) : 1;
    bk_config_free(&config);
    bk_log_close();
    return rc;
}
