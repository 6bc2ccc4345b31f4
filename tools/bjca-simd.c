/* SPDX-License-Identifier: Apache-2.0 */
/* bjca-simd: simulators of the outside services. See docs/man/bjca-simd.8. */
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "server/rsa2.h"
#include "server/sim_client.h"

static volatile int stop;

static void on_signal(int number)
{
    (void)number;
    stop = 1;
}

struct args {
    const char *data, *listen, *to;
    int until_eof, last, code;
    struct bk_sim_payment payment;
};

static const char help[] =
    "Usage: bjca-simd --data DIR serve [--listen 127.0.0.1:PORT] [--until-eof]\n"
    "       bjca-simd --data DIR outbox [--to PHONE] [--last] [--code]\n"
    "       bjca-simd --data DIR scan QR [--notices N] [--late S] [--behind STATUS]\n"
    "                                    [--amount CNY]\n"
    "\n"
    "serve   simulates text messages, payment, identity and invoices; port 0, the default, is a\n"
    "        free one\n"
    "outbox  the messages that were sent; --last: the last, --code: the last code\n"
    "scan    the customer scans the QR code and pays, another amount with --amount; N notices, 0\n"
    "        to 5, tell the platform, the first after S seconds, and behind them one more of\n"
    "        another time: STATUS is WAIT_BUYER_PAY or TRADE_CLOSED\n"
    "\n"
    "Exit codes:\n"
    "  0  done\n"
    "  1  failed; standard error says why\n"
    "  2  the command line is wrong\n"
    "  4  there is no such message, or the payment was refused\n";

static int usage(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static int usage(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    (void)fputs("bjca-simd: ", stderr);
    (void)vfprintf(stderr, fmt, args);
    (void)fputs("\nbjca-simd --help says how to call it\n", stderr);
    va_end(args);
    return 2;
}

static int failed(const char *what, const char *which, enum bk_err err)
{
    (void)fprintf(stderr, "bjca-simd: %s %s (%s)\n", what, which, bk_err_name(err));
    return 1;
}

static int serve(struct bk_sim *sim, const struct args *args)
{
    struct sigaction action = {.sa_handler = on_signal};
    (void)sigaction(SIGTERM, &action, NULL);
    (void)sigaction(SIGINT, &action, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    enum bk_err err = bk_sim_serve(sim, args->listen, args->until_eof ? STDIN_FILENO : -1, &stop);
    return err == BK_OK ? 0 : failed("can't serve at", args->listen, err);
}

/* With --code only messages that hold one count. */
static int outbox(struct bk_sim *sim, const struct args *args)
{
    struct bk_rows rows = BK_ROWS_INIT;
    enum bk_err err = bk_sim_messages(sim, args->to, &rows);
    size_t shown = 0;
    for (size_t i = 0; err == BK_OK && i < rows.count; i++) {
        size_t at = args->last || args->code ? rows.count - 1 - i : i;
        if (args->code && !*bk_row_text(&rows, at, 2))
            continue;
        if (args->code)
            (void)printf("%s\n", bk_row_text(&rows, at, 2));
        else if (args->to)
            (void)printf("%s\n", bk_row_text(&rows, at, 1));
        else
            (void)printf("%s %s\n", bk_row_text(&rows, at, 0), bk_row_text(&rows, at, 1));
        shown++;
        if (args->last || args->code)
            break;
    }
    bk_rows_free(&rows);
    if (err != BK_OK)
        return failed("can't read the messages in", args->data, err);
    return shown || !(args->last || args->code) ? 0 : 4;
}

/* Tells the simulator that serves: the customer scans and pays. */
static int scan(const struct args *args, const char *qr)
{
    struct bk_sim_scanned scanned;
    enum bk_err err = bk_sim_scan_code(args->data, qr, &args->payment, &scanned);
    if (err == BK_EREFUSED) {
        (void)fprintf(stderr, "bjca-simd: not paid: %s\n", scanned.refused);
        return 4;
    }
    if (err == BK_ENOTFOUND)
        return failed("no simulator serves in", args->data, err);
    if (err != BK_OK)
        return failed("the simulator doesn't answer that serves in", args->data, err);
    (void)printf("paid %s CNY for order %s (simulated)\n", scanned.amount, scanned.order);
    return 0;
}

static int run(const struct args *args, char **words, int count)
{
    struct bk_sim sim;
    bool scans = strcmp(words[0], "scan") == 0, serves = strcmp(words[0], "serve") == 0;
    if (!scans && !serves && strcmp(words[0], "outbox") != 0)
        return usage("no such command: %s", words[0]);
    if (count < 1 + scans)
        return usage("scan: QR is missing");
    if (count > 1 + scans)
        return usage("%s: one word too many: %s", words[0], words[1 + scans]);
    if (scans)
        return scan(args, words[1]);
    /* reading makes no folder */
    if (!serves && access(args->data, F_OK) != 0)
        return failed("there is no folder", args->data, BK_ENOTFOUND);
    enum bk_err err = bk_sim_open(args->data, &sim);
    if (err != BK_OK)
        return failed("can't open the simulator's folder", args->data, err);
    int rc = serves ? serve(&sim, args) : outbox(&sim, args);
    bk_sim_close(&sim);
    return rc;
}

static bool take_number(const char *text, int max, int *number)
{
    char *end = NULL;
    long value = *text >= '0' && *text <= '9' ? strtol(text, &end, 10) : -1;
    *number = (int)value;
    return value >= 0 && value <= max && !*end;
}

/* How the customer pays. 0, or what usage gives. */
static int take_payment(int c, const char *text, struct bk_sim_payment *p)
{
    int64_t fen = 0;
    if (c == 'n' && !take_number(text, 5, &p->notices))
        return usage("--notices is a number from 0 to 5, not \"%s\"", text);
    if (c == 'D' && !take_number(text, 3600, &p->late_s))
        return usage("--late is a number of seconds from 0 to 3600, not \"%s\"", text);
    if (c == 'a' && (bk_money_read(text, &fen) != BK_OK || fen < 1))
        return usage("--amount is an amount in CNY, not \"%s\"", text);
    if (c == 'b' && strcmp(text, "WAIT_BUYER_PAY") != 0 && strcmp(text, "TRADE_CLOSED") != 0)
        return usage("--behind is WAIT_BUYER_PAY or TRADE_CLOSED, not \"%s\"", text);
    if (c == 'a')
        p->amount = text;
    if (c == 'b')
        p->behind = text;
    return 0;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {{"data", required_argument, NULL, 'd'},
                                            {"listen", required_argument, NULL, 'l'},
                                            {"until-eof", no_argument, NULL, 'e'},
                                            {"to", required_argument, NULL, 't'},
                                            {"last", no_argument, NULL, 'L'},
                                            {"code", no_argument, NULL, 'C'},
                                            {"notices", required_argument, NULL, 'n'},
                                            {"late", required_argument, NULL, 'D'},
                                            {"amount", required_argument, NULL, 'a'},
                                            {"behind", required_argument, NULL, 'b'},
                                            {"help", no_argument, NULL, 'h'},
                                            {"version", no_argument, NULL, 'V'},
                                            {NULL, 0, NULL, 0}};
    struct args args = {.listen = "127.0.0.1:0", .payment = {.notices = 1}};
    int c, rc = 0;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c == 'd')
            args.data = optarg;
        else if (c == 'l')
            args.listen = optarg;
        else if (c == 't')
            args.to = optarg;
        else if (c == 'e')
            args.until_eof = 1;
        else if (c == 'L')
            args.last = 1;
        else if (c == 'C')
            args.code = 1;
        else if (c == 'V')
            return puts("bjca-simd (bjca-pkcs11) " BK_VERSION) < 0;
        else if (c == 'h')
            return fputs(help, stdout) < 0;
        else if (!strchr("nDab", c))
            return usage("the option can't be taken");
        else if ((rc = take_payment(c, optarg, &args.payment)) != 0)
            return rc;
    }
    if (optind >= argc)
        return usage("a command is missing");
    if (!args.data)
        return usage("--data is missing");
    bk_log_own();
    rc = bk_log_open("-", BK_LOG_WARN) == BK_OK ? run(&args, argv + optind, argc - optind) : 1;
    bk_log_close();
    return rc;
}
