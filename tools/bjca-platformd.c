/* SPDX-License-Identifier: Apache-2.0 */
/* bjca-platformd: the platform, and the commands of those who run it. See
 * docs/man/bjca-platformd.8. */
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/secret.h"
#include "server/admin.h"
#include "server/platform.h"

struct args {
    struct bk_platform_options platform;
    const char *log, *log_level;
    const char *dialect, *shape, *application, *phone, *holder, *company;
    const char *contacts[BK_ADMIN_CONTACTS];
    size_t contact_count;
    const char *container, *csr, *cn, *org, *days, *out, *reason;
};

static int usage(FILE *to, int rc)
{
    (void)fputs(
        "usage: bjca-platformd --data DIR [--config FILE] COMMAND\n"
        "  serve [--listen ADDRESS:PORT] [--embedded-sim] [--sms-url URL] [--pay-url URL]\n"
        "        [--log FILE] [--log-level error|warn|info|debug]\n"
        "  key add SERIAL --dialect gmt0017|longmai --shape direct|admin-first\n"
        "        --application NAME --phone PHONE --holder NAME [--company NAME]\n"
        "        [--contact PHONE]...        (administrator PIN on standard input)\n"
        "  key show SERIAL\n"
        "  key phone SERIAL --phone PHONE\n"
        "  key activate SERIAL\n"
        "  cert issue SERIAL --container NAME --csr FILE --cn NAME --org NAME [--days N]\n"
        "        --out PREFIX\n"
        "  cert revoke ID [--reason N]\n"
        "  cert list SERIAL\n"
        "  crl rsa|sm2 --out FILE\n"
        "  audit verify\n"
        "  secrets rotate\n",
        to);
    return rc;
}

static int failed(const char *what, enum bk_err err, const struct bk_admin_why *why)
{
    (void)fprintf(stderr, "bjca-platformd: %s: %s\n", what,
                  *why->text ? why->text : bk_err_name(err));
    return 1;
}

static int serve(struct bk_platform *platform, char *why, size_t size)
{
    sigset_t set;
    int number = 0;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    (void)pthread_sigmask(SIG_BLOCK, &set, NULL);
    enum bk_err err = bk_platform_start(platform, why, size);
    if (err != BK_OK) {
        (void)fprintf(stderr, "bjca-platformd: %s\n", why);
        return 1;
    }
    bk_log(BK_LOG_INFO, "serving at %s", bk_platform_app(platform)->origin);
    (void)sigwait(&set, &number);
    bk_platform_stop(platform);
    return 0;
}

/* One line of standard input without its end. */
static enum bk_err read_pin(struct bk_secret *pin)
{
    char line[64];
    size_t n = 0;
    ssize_t got = 0;
    while (n < sizeof line && (got = read(STDIN_FILENO, line + n, 1)) == 1 && line[n] != '\n')
        n++;
    if (n && line[n - 1] == '\r')
        n--;
    enum bk_err err = n < sizeof line && got >= 0 ? bk_secret_set(pin, line, n) : BK_EINVAL;
    bk_wipe(line, sizeof line);
    return err;
}

static int key_add(struct bk_app *app, const char *serial, const struct args *args)
{
    struct bk_secret pin = BK_SECRET_INIT;
    struct bk_admin_why why = {""};
    const struct bk_admin_key key = {.serial = serial,
                                     .dialect = args->dialect,
                                     .shape = args->shape,
                                     .application = args->application,
                                     .phone = args->phone,
                                     .holder = args->holder,
                                     .company = args->company,
                                     .contacts = args->contacts,
                                     .contact_count = args->contact_count};
    if (!args->dialect || !args->shape || !args->application || !args->phone || !args->holder)
        return usage(stderr, 2);
    enum bk_err err = read_pin(&pin);
    if (err == BK_OK)
        err = bk_admin_key_add(app, &key, (const char *)pin.data, &why);
    bk_secret_free(&pin);
    return err == BK_OK ? 0 : failed("key add", err, &why);
}

static int key_command(struct bk_app *app, char **words, int count, const struct args *args)
{
    if (count != 3)
        return usage(stderr, 2);
    struct bk_admin_why why = {""};
    enum bk_err err = BK_EINVAL;
    if (strcmp(words[1], "add") == 0)
        return key_add(app, words[2], args);
    if (strcmp(words[1], "show") == 0)
        err = bk_admin_key_show(app, words[2], stdout, &why);
    else if (strcmp(words[1], "phone") == 0 && args->phone)
        err = bk_admin_key_phone(app, words[2], args->phone, &why);
    else if (strcmp(words[1], "activate") == 0)
        err = bk_admin_key_activate(app, words[2], &why);
    else
        return usage(stderr, 2);
    return err == BK_OK ? 0 : failed(words[1], err, &why);
}

/* A decimal number; -1 for anything else, which is then refused as out of range. */
static long number(const char *text, long otherwise)
{
    char *end = NULL;
    if (!text)
        return otherwise;
    long value = strtol(text, &end, 10);
    return *text && !*end && value >= 0 && value < 100000 ? value : -1;
}

static int cert_command(struct bk_platform *platform, char **words, int count,
                        const struct args *args)
{
    struct bk_app *app = bk_platform_app(platform);
    struct bk_admin_why why = {""};
    if (count != 3)
        return usage(stderr, 2);
    enum bk_err err = BK_EINVAL;
    if (strcmp(words[1], "issue") == 0 && args->container && args->csr && args->cn && args->org &&
        args->out) {
        const struct bk_admin_issue issue = {.serial = words[2],
                                             .container = args->container,
                                             .csr_file = args->csr,
                                             .cn = args->cn,
                                             .org = args->org,
                                             .days = number(args->days, 365),
                                             .prefix = args->out};
        err = bk_admin_cert_issue(app, &issue, &why);
    } else if (strcmp(words[1], "revoke") == 0) {
        err = bk_admin_cert_revoke(app, words[2], (int)number(args->reason, 0), &why);
    } else if (strcmp(words[1], "list") == 0) {
        err = bk_admin_cert_list(app, words[2], stdout, &why);
    } else {
        return usage(stderr, 2);
    }
    return err == BK_OK ? 0 : failed(words[1], err, &why);
}

static int command(struct bk_platform *platform, char **words, int count, const struct args *args,
                   char *text, size_t size)
{
    struct bk_app *app = bk_platform_app(platform);
    struct bk_admin_why why = {""};
    enum bk_err err = BK_EINVAL;
    if (count == 1 && strcmp(words[0], "serve") == 0)
        return serve(platform, text, size);
    if (strcmp(words[0], "key") == 0)
        return key_command(app, words, count, args);
    if (strcmp(words[0], "cert") == 0)
        return cert_command(platform, words, count, args);
    if (count == 2 && strcmp(words[0], "crl") == 0 && args->out)
        err = bk_admin_crl(app, words[1], args->out, &why);
    else if (count == 2 && strcmp(words[0], "audit") == 0 && strcmp(words[1], "verify") == 0)
        err = bk_admin_audit_verify(app, stdout);
    else if (count == 2 && strcmp(words[0], "secrets") == 0 && strcmp(words[1], "rotate") == 0)
        err = bk_admin_secrets_rotate(app, stdout);
    else
        return usage(stderr, 2);
    return err == BK_OK ? 0 : failed(words[0], err, &why);
}

/* Options may stand before and after the command's words. */
static int parse(int argc, char **argv, struct args *args)
{
    enum { DATA = 256, CONFIG, LISTEN, SIM, SMS, PAY, LOG, LEVEL, DIALECT, SHAPE, APPLICATION,
           PHONE, HOLDER, COMPANY, CONTACT, CONTAINER, CSR, CN, ORG, DAYS, OUT, REASON, HELP,
           ABOUT };
    static const struct option options[] = {
        {"data", 1, NULL, DATA},           {"config", 1, NULL, CONFIG},
        {"listen", 1, NULL, LISTEN},       {"embedded-sim", 0, NULL, SIM},
        {"sms-url", 1, NULL, SMS},         {"pay-url", 1, NULL, PAY},
        {"log", 1, NULL, LOG},             {"log-level", 1, NULL, LEVEL},
        {"dialect", 1, NULL, DIALECT},     {"shape", 1, NULL, SHAPE},
        {"application", 1, NULL, APPLICATION}, {"phone", 1, NULL, PHONE},
        {"holder", 1, NULL, HOLDER},       {"company", 1, NULL, COMPANY},
        {"contact", 1, NULL, CONTACT},     {"container", 1, NULL, CONTAINER},
        {"csr", 1, NULL, CSR},             {"cn", 1, NULL, CN},
        {"org", 1, NULL, ORG},             {"days", 1, NULL, DAYS},
        {"out", 1, NULL, OUT},             {"reason", 1, NULL, REASON},
        {"help", 0, NULL, HELP},           {"version", 0, NULL, ABOUT},
        {NULL, 0, NULL, 0}};
    const char **texts[] = {
        &args->platform.data, &args->platform.config, &args->platform.listen, NULL,
        &args->platform.sms_url, &args->platform.pay_url, &args->log, &args->log_level,
        &args->dialect, &args->shape, &args->application, &args->phone, &args->holder,
        &args->company, NULL, &args->container, &args->csr, &args->cn, &args->org, &args->days,
        &args->out, &args->reason};
    int c;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c == HELP)
            return usage(stdout, -1);
        if (c == ABOUT)
            return puts("bjca-platformd (bjca-pkcs11) " BK_VERSION) < 0 ? 1 : -1;
        if (c == SIM)
            args->platform.embedded_sim = true;
        else if (c == CONTACT && args->contact_count < BK_ADMIN_CONTACTS)
            args->contacts[args->contact_count++] = optarg;
        else if (c >= DATA && c < HELP && texts[c - DATA])
            *texts[c - DATA] = optarg;
        else
            return usage(stderr, 2);
    }
    return args->platform.data && optind < argc ? 0 : usage(stderr, 2);
}

int main(int argc, char **argv)
{
    struct args args = {.log = "-", .log_level = "warn"};
    struct bk_platform *platform = NULL;
    enum bk_log_level level = BK_LOG_WARN;
    char why[512] = "";
    int rc = parse(argc, argv, &args);
    if (rc)
        return rc < 0 ? 0 : rc;
    (void)signal(SIGPIPE, SIG_IGN);
    if (bk_log_level_parse(args.log_level, &level) != BK_OK ||
        bk_log_open(args.log, level) != BK_OK)
        return usage(stderr, 2);
    enum bk_err err = bk_platform_open(&args.platform, &platform, why, sizeof why);
    if (err != BK_OK)
        (void)fprintf(stderr, "bjca-platformd: %s\n", *why ? why : bk_err_name(err));
    rc = err == BK_OK ? command(platform, argv + optind, argc - optind, &args, why, sizeof why) : 1;
    bk_platform_close(&platform);
    bk_log_close();
    return rc;
}
