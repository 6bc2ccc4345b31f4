/* SPDX-License-Identifier: Apache-2.0 */
/* bjca-platformd: the platform, and the commands of those who run it. See
 * docs/man/bjca-platformd.8. */
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "server/admin_staff.h"
#include "server/again.h"
#include "server/platform.h"
#include "tools/platformd.h"
#include "tools/qr.h"
#include "tools/terminal.h"

struct command {
    const char *words;    /* "key add" */
    const char *argument; /* what stands behind them; NULL: nothing */
    const char *options;  /* those it takes, " name " each; "name!" must be given */
    platformd_command *run;
    const char *synopsis; /* of the options */
    const char *help;
};

static int failed(const char *what, enum bk_err err, const char *why)
{
    (void)fprintf(stderr, "bjca-platformd: %s: %s\n", what, *why ? why : bk_err_name(err));
    return 1;
}

static enum bk_err serve(struct bk_platform *platform, const char *none, const struct args *args,
                         struct bk_admin_why *why)
{
    sigset_t set;
    int number = 0;
    (void)none;
    (void)args;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    (void)pthread_sigmask(SIG_BLOCK, &set, NULL);
    enum bk_err err = bk_platform_start(platform, why->text, sizeof why->text);
    if (err != BK_OK)
        return err;
    bk_again_begun();
    bk_log(BK_LOG_INFO, "serving at %s", bk_platform_app(platform)->origin);
    (void)sigwait(&set, &number);
    bk_platform_stop(platform);
    return BK_OK;
}

/* Opening it has made it. */
static enum bk_err init(struct bk_platform *platform, const char *none, const struct args *args,
                        struct bk_admin_why *why)
{
    (void)platform;
    (void)none;
    (void)why;
    return printf("%s holds a new platform\n", args->platform.data) < 0 ? BK_EIO : BK_OK;
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

static enum bk_err cert_issue(struct bk_platform *platform, const char *serial,
                              const struct args *args, struct bk_admin_why *why)
{
    const struct bk_admin_issue issue = {.serial = serial,
                                         .container = args->container,
                                         .csr_file = args->csr,
                                         .cn = args->cn,
                                         .org = args->org,
                                         .identity_file = args->identity,
                                         .days = number(args->days, 365),
                                         .prefix = args->out};
    return bk_admin_cert_issue(bk_platform_app(platform), &issue, why);
}

static enum bk_err cert_revoke(struct bk_platform *platform, const char *id,
                               const struct args *args, struct bk_admin_why *why)
{
    return bk_admin_cert_revoke(bk_platform_app(platform), id, (int)number(args->reason, 0), why);
}

static enum bk_err cert_list(struct bk_platform *platform, const char *serial,
                             const struct args *args, struct bk_admin_why *why)
{
    (void)args;
    return bk_admin_cert_list(bk_platform_app(platform), serial, stdout, why);
}

static enum bk_err crl(struct bk_platform *platform, const char *algorithm, const struct args *args,
                       struct bk_admin_why *why)
{
    return bk_admin_crl(bk_platform_app(platform), algorithm, args->out, why);
}

static enum bk_err outbox_list(struct bk_platform *platform, const char *none,
                               const struct args *args, struct bk_admin_why *why)
{
    (void)none;
    (void)why;
    return bk_admin_outbox_list(bk_platform_app(platform), args->dead, stdout);
}

static enum bk_err order_refund(struct bk_platform *platform, const char *id,
                                const struct args *args, struct bk_admin_why *why)
{
    (void)args;
    return bk_admin_order_refund(bk_platform_app(platform), id, why);
}

static enum bk_err outbox_retry(struct bk_platform *platform, const char *id,
                                const struct args *args, struct bk_admin_why *why)
{
    (void)args;
    return bk_admin_outbox_retry(bk_platform_app(platform), id, why);
}

static enum bk_err audit_verify(struct bk_platform *platform, const char *none,
                                const struct args *args, struct bk_admin_why *why)
{
    (void)none;
    (void)args;
    (void)why;
    return bk_admin_audit_verify(bk_platform_app(platform), stdout);
}

static enum bk_err secrets_rotate(struct bk_platform *platform, const char *none,
                                  const struct args *args, struct bk_admin_why *why)
{
    (void)none;
    (void)args;
    (void)why;
    return bk_admin_secrets_rotate(bk_platform_app(platform), stdout);
}

/* Twice on the terminal when standard input is one, else a line of that. */
static enum bk_err read_password(struct bk_secret *password, struct bk_admin_why *why)
{
    char line[256], again[256] = "";
    size_t len = 0, again_len = 0;
    bool ask = isatty(STDIN_FILENO);
    enum bk_err err = ask ? terminal_ask("New password: ", false, line, sizeof line, &len)
                          : terminal_line(STDIN_FILENO, line, sizeof line, &len);
    if (err == BK_OK && ask)
        err = terminal_ask("The same again: ", false, again, sizeof again, &again_len);
    if (err == BK_OK && ask && !bk_secret_equal(line, len, again, again_len)) {
        err = BK_EINVAL;
        (void)snprintf(why->text, sizeof why->text, "the two differ");
    } else if (err == BK_OK) {
        err = bk_secret_set(password, line, len);
    } else if (err == BK_ECANCELLED) {
        (void)snprintf(why->text, sizeof why->text, "no password was given");
    }
    bk_wipe(line, sizeof line);
    bk_wipe(again, sizeof again);
    return err;
}

/* For the authenticator app, once: what is printed here is nowhere else. */
static enum bk_err show_uri(struct bk_buf *uri)
{
    const char *text = "";
    enum bk_err err = bk_buf_cstr(uri, &text);
    if (err == BK_OK && isatty(STDERR_FILENO))
        qr_draw(stderr, text);
    return err == BK_OK && printf("%s\n", text) < 0 ? BK_EIO : err;
}

static enum bk_err staff_add(struct bk_platform *platform, const char *name,
                             const struct args *args, struct bk_admin_why *why)
{
    struct bk_buf uri = BK_BUF_INIT;
    enum bk_err err = bk_admin_staff_add(bk_platform_app(platform), name, args->roles,
                                         (const char *)args->input.data, &uri, why);
    if (err == BK_OK)
        err = show_uri(&uri);
    bk_buf_free(&uri);
    return err;
}

static enum bk_err staff_list(struct bk_platform *platform, const char *none,
                              const struct args *args, struct bk_admin_why *why)
{
    (void)none;
    (void)args;
    (void)why;
    return bk_admin_staff_list(bk_platform_app(platform), stdout);
}

static enum bk_err staff_password(struct bk_platform *platform, const char *name,
                                  const struct args *args, struct bk_admin_why *why)
{
    return bk_admin_staff_password(bk_platform_app(platform), name, (const char *)args->input.data,
                                   why);
}

static enum bk_err staff_totp(struct bk_platform *platform, const char *name,
                              const struct args *args, struct bk_admin_why *why)
{
    (void)args;
    struct bk_buf uri = BK_BUF_INIT;
    enum bk_err err = bk_admin_staff_totp(bk_platform_app(platform), name, &uri, why);
    if (err == BK_OK)
        err = show_uri(&uri);
    bk_buf_free(&uri);
    return err;
}

static enum bk_err staff_roles(struct bk_platform *platform, const char *name,
                               const struct args *args, struct bk_admin_why *why)
{
    return bk_admin_staff_roles(bk_platform_app(platform), name, args->roles, why);
}

static enum bk_err staff_disable(struct bk_platform *platform, const char *name,
                                 const struct args *args, struct bk_admin_why *why)
{
    (void)args;
    return bk_admin_staff_enable(bk_platform_app(platform), name, false, why);
}

static enum bk_err staff_enable(struct bk_platform *platform, const char *name,
                                const struct args *args, struct bk_admin_why *why)
{
    (void)args;
    return bk_admin_staff_enable(bk_platform_app(platform), name, true, why);
}

/* --- the command line --- */

static const struct command commands[] = {
    {"init", NULL, " ", init, "", "Makes a new platform in DIR, which is made when it is missing."},
    {"serve", NULL, " listen embedded-sim sms-url pay-url identity-url invoice-url ", serve,
     "[--listen ADDRESS:PORT] [--embedded-sim] [--sms-url URL] [--pay-url URL]\n"
     "        [--identity-url URL] [--invoice-url URL]",
     "Serves HTTPS until SIGTERM; --listen is 127.0.0.1:8443 unless told otherwise.\n"
     "--embedded-sim starts bjca-simd for text messages, payment, identity and invoices: for "
     "trying\n"
     "only."},
    {"key add", "SERIAL",
     " dialect! shape! application! phone! holder! company contact bank account ",
     platformd_key_add,
     "--dialect gmt0017|longmai --shape direct|admin-first\n"
     "        --application NAME --phone PHONE --holder NAME [--company NAME]\n"
     "        [--contact PHONE]... [--bank NAME --account NUMBER]",
     "Registers a key. Its administrator PIN, 6 to 16 visible ASCII characters, is one line of\n"
     "standard input. Phones are mobile numbers of eleven digits, with or without +86. The bank "
     "account\n"
     "is the company's, who is named as its bank knows it."},
    {"key show", "SERIAL", " ", platformd_key_show, "",
     "What is on record of a key, without secrets."},
    {"key phone", "SERIAL", " phone! ", platformd_key_phone, "--phone PHONE",
     "Changes the phone that gets the codes; for some days it then gets none."},
    {"key account", "SERIAL", " bank! account! company ", platformd_key_account,
     "--bank NAME --account NUMBER [--company NAME]",
     "Changes the company's bank account that gets codes; for some days it then gets none. "
     "--company\n"
     "is as the bank knows it; by default as the key has it."},
    {"key activate", "SERIAL", " ", platformd_key_activate, "",
     "Takes back that a key is to be made anew (state reissue)."},
    {"cert issue", "SERIAL", " container! csr! cn! org! identity days out! ", cert_issue,
     "--container NAME --csr FILE --cn NAME --org NAME [--identity FILE]\n        [--days N] --out "
     "PREFIX",
     "Issues both certificates of a container: PREFIX.sign.der .enc.der .env .chain.\n"
     "--days is 1 to 2000, by default 365. FILE has in one line, at most 128 bytes, what the "
     "identity\n"
     "extensions of the CA's profiles say; renewals take it over."},
    {"cert list", "SERIAL", " ", cert_list, "",
     "Id, kind, container, state and end (ms since 1970) of a key's certificates."},
    {"cert revoke", "ID", " reason ", cert_revoke, "[--reason N]",
     "Revokes a certificate and the other of its pair; N is a reason of RFC 5280, by default 0."},
    {"crl", "rsa|sm2", " out! ", crl, "--out FILE", "Writes the current revocation list, DER."},
    {"order refund", "ORDER", " ", order_refund, "",
     "Gives back what was paid for an order that isn't done; what was issued for it is revoked."},
    {"review list", NULL, " ", platformd_review_list, "",
     "Orders that wait for their review, the most urgent first: id, type, organisation code, "
     "since\n"
     "when, due when, minutes left, how often it was submitted, company."},
    {"review show", "ORDER", " ", platformd_review_show, "",
     "All that was filled in, persons' numbers too, and which documents there are."},
    {"review document", "ORDER", " kind! out! ", platformd_review_document,
     "--kind KIND --out FILE",
     "Writes a document: licence, operator-id-front, operator-id-back or seal-sheet."},
    {"review approve", "ORDER", " ", platformd_review_approve, "", "The order may be produced."},
    {"review reject", "ORDER", " reason! ", platformd_review_reject, "--reason TEXT",
     "The customer is told the reason, and may submit the order again."},
    {"unlock list", NULL, " ", platformd_unlock_list, "",
     "Unlocks with documents that wait for their review, the most urgent first: id, serial "
     "number,\n"
     "since when, due when, minutes left, company as it was typed."},
    {"unlock show", "UNLOCK", " ", platformd_unlock_show, "",
     "What was typed, what is on record of the key, and which documents there are."},
    {"unlock document", "UNLOCK", " kind! out! ", platformd_unlock_document,
     "--kind KIND --out FILE",
     "Writes a document: licence, operator-id-front, operator-id-back or letter."},
    {"unlock approve", "UNLOCK", " ", platformd_unlock_approve, "",
     "The code is sent where it is to go, and all contacts on record are told."},
    {"unlock reject", "UNLOCK", " reason! ", platformd_unlock_reject, "--reason TEXT",
     "Whoever asked is told the reason, and may ask anew."},
    {"staff add", "NAME", " roles! ", staff_add, "--roles ROLE[,ROLE]...",
     "Makes an account for the pages under /admin. The roles are reviewer, producer and auditor. "
     "The\n"
     "password, 12 to 128 bytes, is asked for, or one line of standard input that isn't a "
     "terminal.\n"
     "What is printed is for an authenticator app, and shown only once."},
    {"staff list", NULL, " ", staff_list, "",
     "Name, state, roles, when it was made and used last, of each account."},
    {"staff password", "NAME", " ", staff_password, "",
     "A new password, as of staff add; wrong log-ins are forgotten, log-ins are ended."},
    {"staff totp", "NAME", " ", staff_totp, "",
     "A new secret for an authenticator app in place of the old one; log-ins are ended."},
    {"staff roles", "NAME", " roles! ", staff_roles, "--roles ROLE[,ROLE]...",
     "Other roles; log-ins are ended."},
    {"staff disable", "NAME", " ", staff_disable, "", "Nobody logs in; log-ins are ended."},
    {"staff enable", "NAME", " ", staff_enable, "", "Takes that back."},
    {"outbox list", NULL, " dead ", outbox_list, "[--dead]",
     "What is to be told or asked outside and isn't done yet: id, kind, state, tries, since when,\n"
     "when it is tried next or was given up (ms since 1970), what went wrong, what for.\n"
     "--dead: only what was given up."},
    {"outbox retry", "ID", " ", outbox_retry, "",
     "Has what was given up tried again: refunds and other matters of payment."},
    {"audit verify", NULL, " ", audit_verify, "",
     "Checks the chain of the audit log; prints its length and the hash of its last entry."},
    {"secrets rotate", NULL, " ", secrets_rotate, "",
     "Makes a new key for stored secrets and seals all of them anew."},
};
#define COMMANDS (sizeof commands / sizeof *commands)

static void print_synopsis(FILE *to, const struct command *c)
{
    (void)fprintf(to, "%s%s%s%s%s\n", c->words, c->argument ? " " : "",
                  c->argument ? c->argument : "", *c->synopsis ? " " : "", c->synopsis);
}

static int help(const struct command *command)
{
    (void)fputs("Usage: bjca-platformd --data DIR [--config FILE] ", stdout);
    if (command) {
        print_synopsis(stdout, command);
        (void)printf("\n%s\n", command->help);
    } else {
        (void)puts(
            "[--log FILE] [--log-level error|warn|info|debug] [--log-format text|json] COMMAND");
        for (size_t i = 0; i < COMMANDS; i++) {
            (void)fputs("  ", stdout);
            print_synopsis(stdout, &commands[i]);
        }
        (void)puts("\nCOMMAND --help says more of each.");
    }
    (void)puts("\nExit codes:\n  0  done\n  1  failed, or refused; standard error says why\n"
               "  2  the command line is wrong");
    return 0;
}

static int wrong(const struct command *command, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static int wrong(const struct command *command, const char *fmt, ...)
{
    va_list args;
    (void)fprintf(stderr, "bjca-platformd: %s%s", command ? command->words : "",
                  command ? ": " : "");
    va_start(args, fmt);
    (void)vfprintf(stderr, fmt, args);
    va_end(args);
    (void)fprintf(stderr, "\nbjca-platformd %s%s--help says how to call it\n",
                  command ? command->words : "", command ? " " : "");
    return 2;
}

enum {
    DATA,
    CONFIG,
    LOG,
    FORMAT,
    LEVEL,
    LISTEN,
    SIM,
    SMS,
    PAY,
    VERIFY,
    INVOICE,
    DIALECT,
    SHAPE,
    APPLICATION,
    PHONE,
    HOLDER,
    COMPANY,
    CONTACT,
    CONTAINER,
    CSR,
    CN,
    ORG,
    IDENTITY,
    DAYS,
    OUT,
    REASON,
    KIND,
    DEAD,
    ROLES,
    BANK,
    ACCOUNT,
    OPTIONS,
    HELP = OPTIONS,
    ABOUT
};
#define FOR_ALL LEVEL /* up to this one, whatever the command is */
static const struct option options[] = {{"data", 1, NULL, DATA},
                                        {"config", 1, NULL, CONFIG},
                                        {"log", 1, NULL, LOG},
                                        {"log-format", 1, NULL, FORMAT},
                                        {"log-level", 1, NULL, LEVEL},
                                        {"listen", 1, NULL, LISTEN},
                                        {"embedded-sim", 0, NULL, SIM},
                                        {"sms-url", 1, NULL, SMS},
                                        {"pay-url", 1, NULL, PAY},
                                        {"identity-url", 1, NULL, VERIFY},
                                        {"invoice-url", 1, NULL, INVOICE},
                                        {"dialect", 1, NULL, DIALECT},
                                        {"shape", 1, NULL, SHAPE},
                                        {"application", 1, NULL, APPLICATION},
                                        {"phone", 1, NULL, PHONE},
                                        {"holder", 1, NULL, HOLDER},
                                        {"company", 1, NULL, COMPANY},
                                        {"contact", 1, NULL, CONTACT},
                                        {"container", 1, NULL, CONTAINER},
                                        {"csr", 1, NULL, CSR},
                                        {"cn", 1, NULL, CN},
                                        {"org", 1, NULL, ORG},
                                        {"identity", 1, NULL, IDENTITY},
                                        {"days", 1, NULL, DAYS},
                                        {"out", 1, NULL, OUT},
                                        {"reason", 1, NULL, REASON},
                                        {"kind", 1, NULL, KIND},
                                        {"dead", 0, NULL, DEAD},
                                        {"roles", 1, NULL, ROLES},
                                        {"bank", 1, NULL, BANK},
                                        {"account", 1, NULL, ACCOUNT},
                                        {"help", 0, NULL, HELP},
                                        {"version", 0, NULL, ABOUT},
                                        {NULL, 0, NULL, 0}};

struct line {
    const struct command *command;
    const char *argument;
    bool given[OPTIONS];
    bool help, version;
};

/* Options may stand before and after the command's words. */
static bool read_options(int argc, char **argv, struct args *args, struct line *line)
{
    const char **texts[OPTIONS] = {&args->platform.data,
                                   &args->platform.config,
                                   &args->log,
                                   &args->log_format,
                                   &args->log_level,
                                   &args->platform.listen,
                                   NULL,
                                   &args->platform.sms_url,
                                   &args->platform.pay_url,
                                   &args->platform.identity_url,
                                   &args->platform.invoice_url,
                                   &args->dialect,
                                   &args->shape,
                                   &args->application,
                                   &args->phone,
                                   &args->holder,
                                   &args->company,
                                   NULL,
                                   &args->container,
                                   &args->csr,
                                   &args->cn,
                                   &args->org,
                                   &args->identity,
                                   &args->days,
                                   &args->out,
                                   &args->reason,
                                   &args->kind,
                                   NULL,
                                   &args->roles,
                                   &args->bank,
                                   &args->account};
    int c;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c < 0 || c > ABOUT)
            return false;
        if (c == HELP || c == ABOUT) {
            *(c == HELP ? &line->help : &line->version) = true;
            continue;
        }
        line->given[c] = true;
        if (c == SIM)
            args->platform.embedded_sim = true;
        else if (c == DEAD)
            args->dead = true;
        else if (c == CONTACT && args->contact_count <= BK_ADMIN_CONTACTS)
            args->contacts[args->contact_count++] = optarg;
        else if (texts[c])
            *texts[c] = optarg;
    }
    return true;
}

/* The words that stand for a command, and how many they are. */
static const struct command *find_command(char **words, int count, int *used)
{
    char both[64];
    for (*used = 1; *used <= 2 && *used <= count; (*used)++) {
        (void)snprintf(both, sizeof both, "%s%s%s", words[0], *used == 2 ? " " : "",
                       *used == 2 ? words[1] : "");
        for (size_t i = 0; i < COMMANDS; i++)
            if (strcmp(commands[i].words, both) == 0)
                return &commands[i];
    }
    return NULL;
}

static int check_options(const struct line *line)
{
    for (int i = FOR_ALL + 1; i < OPTIONS; i++) {
        char may[32], must[32];
        (void)snprintf(may, sizeof may, " %s ", options[i].name);
        (void)snprintf(must, sizeof must, " %s! ", options[i].name);
        bool needed = strstr(line->command->options, must) != NULL;
        if (needed && !line->given[i])
            return wrong(line->command, "--%s is missing", options[i].name);
        if (line->given[i] && !needed && !strstr(line->command->options, may))
            return wrong(line->command, "--%s isn't one of its options", options[i].name);
    }
    return 0;
}

/* 0: go on; -1: all is done */
static int parse(int argc, char **argv, struct args *args, struct line *line)
{
    int used = 0;
    if (!read_options(argc, argv, args, line))
        return wrong(NULL, "the option can't be taken");
    if (line->version)
        return puts("bjca-platformd (bjca-pkcs11) " BK_VERSION) < 0 ? 1 : -1;
    char **words = argv + optind;
    int count = argc - optind;
    line->command = find_command(words, count, &used);
    if (line->help && (line->command || !count))
        return help(line->command), -1;
    if (!count)
        return wrong(NULL, "no command");
    if (!line->command)
        return wrong(NULL, "no such command: %s%s%s", words[0], count > 1 ? " " : "",
                     count > 1 ? words[1] : "");
    int wanted = used + (line->command->argument ? 1 : 0);
    if (count < wanted)
        return wrong(line->command, "%s is missing", line->command->argument);
    if (count > wanted)
        return wrong(line->command, "one word too many: %s", words[wanted]);
    line->argument = line->command->argument ? words[used] : NULL;
    if (!args->platform.data)
        return wrong(line->command, "--data is missing");
    return check_options(line);
}

/* What a command wants of standard input, before it runs, and once. */
static enum bk_err read_input(const struct command *c, struct bk_secret *input,
                              struct bk_admin_why *why)
{
    if (c->run == platformd_key_add)
        return platformd_read_pin(input, why);
    return c->run == staff_add || c->run == staff_password ? read_password(input, why) : BK_OK;
}

/* Whatever it is, it is done again when somebody else's work came between, as a request is. */
static enum bk_err run(const struct line *line, struct bk_platform *platform, struct args *args,
                       struct bk_admin_why *why)
{
    const struct command *c = line->command;
    enum bk_err err = read_input(c, &args->input, why);
    int tries = 0;
    if (err != BK_OK || c->run == serve)
        return err == BK_OK ? c->run(platform, line->argument, args, why) : err;
    do
        err = c->run(platform, line->argument, args, why);
    while (bk_tx_again(err, &tries));
    return err;
}

int main(int argc, char **argv)
{
    struct args args = {.log = "-", .log_level = "warn", .log_format = "text"};
    struct line line = {0};
    struct bk_platform *platform = NULL;
    struct bk_admin_why why = {""};
    enum bk_log_level level = BK_LOG_WARN;
    int rc = parse(argc, argv, &args, &line);
    if (rc)
        return rc < 0 ? 0 : rc;
    (void)signal(SIGPIPE, SIG_IGN);
    if (bk_log_level_parse(args.log_level, &level) != BK_OK)
        return wrong(NULL, "--log-level is error, warn, info or debug, not \"%s\"", args.log_level);
    bool json = strcmp(args.log_format, "json") == 0;
    if (!json && strcmp(args.log_format, "text") != 0)
        return wrong(NULL, "--log-format is text or json, not \"%s\"", args.log_format);
    bk_log_json(json);
    bk_log_own();
    enum bk_err err = bk_log_open(args.log, level);
    if (err != BK_OK)
        return failed(args.log, err, "the log can't be written");
    /* lint clang-analyzer-core.NullDereference: parse has found it */
    args.platform.create = line.command->run == init;
    if (line.command->run == serve)
        bk_again_by(argv);
    err = bk_platform_open(&args.platform, &platform, why.text, sizeof why.text);
    if (err == BK_OK)
        err = run(&line, platform, &args, &why);
    bk_secret_free(&args.input);
    rc = err == BK_OK ? 0 : failed(line.command->words, err, why.text);
    bk_platform_close(&platform);
    if (rc)
        bk_again_later();
    bk_log_close();
    return rc;
}
