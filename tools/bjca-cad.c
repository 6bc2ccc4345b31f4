/* SPDX-License-Identifier: Apache-2.0 */
/* bjca-cad: the CA process. See docs/man/bjca-cad.8. */
#include <getopt.h>
#include <limits.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
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

struct line {
    const char *data, *config, *socket;
    int until_eof, serve;
};

static int help(void)
{
    return puts("Usage: bjca-cad --data DIR [--config FILE] COMMAND\n"
                "  init\n"
                "        Makes a new CA in DIR, which is made when it is missing.\n"
                "  serve [--socket PATH] [--until-eof]\n"
                "        Answers at DIR/cad.sock, or PATH, until SIGTERM.\n"
                "        --until-eof: or until standard input ends.\n\n"
                "Exit codes:\n  0  done\n  1  failed, or refused; standard error says why\n"
                "  2  the command line or the configuration is wrong\n"
                "  3  another process is at work in DIR\n"
                "  4  init: DIR holds a CA already") < 0;
}

static int wrong(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static int wrong(const char *fmt, ...)
{
    va_list args;
    (void)fputs("bjca-cad: ", stderr);
    va_start(args, fmt);
    (void)vfprintf(stderr, fmt, args);
    va_end(args);
    (void)fputs("\nbjca-cad --help says how to call it\n", stderr);
    return 2;
}

static int failed(enum bk_err err, const char *why)
{
    (void)fprintf(stderr, "bjca-cad: %s\n", *why ? why : bk_err_name(err));
    return err == BK_EBUSY ? 3 : err == BK_EEXISTS ? 4 : 1;
}

/* A name that the system knows, or a number. */
static bool find_user(const char *name, unsigned *number)
{
    char *end = NULL, room[4096];
    struct passwd entry, *found = NULL;
    if (getpwnam_r(name, &entry, room, sizeof room, &found) == 0 && found) {
        *number = (unsigned)entry.pw_uid;
        return true;
    }
    unsigned long n = strtoul(name, &end, 10);
    *number = (unsigned)n;
    return *name && !*end && n < UINT_MAX;
}

static int serve(const struct bk_cad_options *options, const char *client, const struct line *line)
{
    char path[PATH_MAX], why[512] = "";
    struct bk_cad *cad = NULL;
    struct bk_cad_serving serving = {.socket = path,
                                     .watch_fd = line->until_eof ? STDIN_FILENO : -1,
                                     .for_client = client != NULL,
                                     .stop = &stop};
    if (client && !find_user(client, &serving.client)) {
        (void)snprintf(why, sizeof why, "configuration: [ca] client-user: there is no user %.64s",
                       client);
        return failed(BK_EINVAL, why), 2;
    }
    int n = line->socket ? snprintf(path, sizeof path, "%s", line->socket)
                         : snprintf(path, sizeof path, "%s/cad.sock", line->data);
    if (n <= 0 || (size_t)n >= sizeof path)
        return wrong("the socket's path is too long");
    struct sigaction action = {.sa_handler = on_signal};
    (void)sigaction(SIGTERM, &action, NULL);
    (void)sigaction(SIGINT, &action, NULL);
    enum bk_err err = bk_cad_open(options, &cad, why, sizeof why);
    if (err == BK_OK) {
        err = bk_cad_serve(cad, &serving);
        if (err == BK_OK)
            (void)unlink(path);
        else
            (void)snprintf(why, sizeof why, "can't serve at %.400s (%s)", path, bk_err_name(err));
    }
    bk_cad_close(&cad);
    return err == BK_OK ? 0 : failed(err, why);
}

static int init(const struct bk_cad_options *options)
{
    char why[512] = "";
    enum bk_err err = bk_cad_make(options, why, sizeof why);
    if (err != BK_OK)
        return failed(err, why);
    return printf("%s holds a new CA\n", options->folder) < 0;
}

/* 0: go on; -1: all is done */
static int parse(int argc, char **argv, struct line *line)
{
    static const struct option options[] = {{"data", required_argument, NULL, 'd'},
                                            {"config", required_argument, NULL, 'c'},
                                            {"socket", required_argument, NULL, 's'},
                                            {"until-eof", no_argument, NULL, 'e'},
                                            {"help", no_argument, NULL, 'h'},
                                            {"version", no_argument, NULL, 'V'},
                                            {NULL, 0, NULL, 0}};
    int c;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c == 'd')
            line->data = optarg;
        else if (c == 'c')
            line->config = optarg;
        else if (c == 's')
            line->socket = optarg;
        else if (c == 'e')
            line->until_eof = 1;
        else if (c == 'V')
            return puts("bjca-cad (bjca-pkcs11) " BK_VERSION) < 0 ? 1 : -1;
        else if (c == 'h')
            return help() ? 1 : -1;
        else
            return wrong("the option can't be taken");
    }
    if (optind >= argc)
        return wrong("no command");
    line->serve = strcmp(argv[optind], "serve") == 0;
    if (!line->serve && strcmp(argv[optind], "init") != 0)
        return wrong("no such command: %s", argv[optind]);
    if (optind + 1 < argc)
        return wrong("one word too many: %s", argv[optind + 1]);
    if (!line->data)
        return wrong("--data is missing");
    if (!line->serve && (line->socket || line->until_eof))
        return wrong("init: --%s isn't one of its options", line->socket ? "socket" : "until-eof");
    return 0;
}

static int run(const struct line *line, const struct bk_config *config)
{
    char why[512] = "";
    struct bk_cad_options options = {
        .folder = line->data,
        .name = bk_config_get(config, "ca", "name", "Example BJCA"),
        .org = bk_config_get(config, "ca", "org", "示例证书认证机构"),
        .sm2_id = bk_config_get(config, "ca", "sm2-id", NULL),
        .token = {.module = bk_config_get(config, "ca", "pkcs11-module", NULL),
                  .pin_file = bk_config_get(config, "ca", "pkcs11-pin-file", "")},
        .key_uris = {bk_config_get(config, "ca", "rsa-key", NULL),
                     bk_config_get(config, "ca", "sm2-key", NULL)}};
    enum bk_err err =
        bk_cad_profile_read(config, "profile-signing", &options.profiles[0], why, sizeof why);
    if (err == BK_OK)
        err = bk_cad_profile_read(config, "profile-encryption", &options.profiles[1], why,
                                  sizeof why);
    if (err != BK_OK) {
        (void)failed(err, why);
        return 2;
    }
    return line->serve ? serve(&options, bk_config_get(config, "ca", "client-user", NULL), line)
                       : init(&options);
}

int main(int argc, char **argv)
{
    struct line line = {0};
    struct bk_config *config = NULL;
    unsigned number = 0;
    char why[512] = "";
    int rc = parse(argc, argv, &line);
    if (rc)
        return rc < 0 ? 0 : rc;
    enum bk_err err = bk_config_new(&config);
    if (err == BK_OK && line.config) {
        err = bk_config_read(config, line.config, &number);
        if (err != BK_OK)
            (void)snprintf(why, sizeof why, "%.400s, line %u: %s", line.config, number,
                           bk_err_name(err));
    }
    if (err == BK_OK)
        err = bk_settings_check(config, why, sizeof why);
    (void)signal(SIGPIPE, SIG_IGN);
    if (err != BK_OK) {
        (void)failed(err, why);
        rc = 2;
    } else {
        bk_log_own();
        rc = bk_log_open("-", BK_LOG_WARN) == BK_OK ? run(&line, config) : 1;
    }
    bk_config_free(&config);
    bk_log_close();
    return rc;
}
