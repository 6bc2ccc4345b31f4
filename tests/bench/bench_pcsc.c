/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of tests/bench/module behind pcscd: one signature against the bare command, eight processes
 * against one, and eight that do different things. The trace BENCH_TRACE holds a signature of each
 * kind, as `bench_pcsc trace` makes them. */
#include "bench.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <winscard.h>

#include "pkcs11/bjca-pkcs11.h"

#define CROWD 8
#define STANDS 5.0 /* seconds that somebody in front of a screen stands */

static const struct kind {
    const char *row, *begins; /* its command, behind the exchange's mark in the trace */
    CK_SLOT_ID slot;
    CK_MECHANISM_TYPE mechanism;
    size_t answer; /* bytes at least */
} signed_by[] = {{"pcsc-sign/bare-command", " x 8058", 0, CKM_SHA256_RSA_PKCS, 200},
                 {"pcsc-sm2-sign/bare-command", " x 8074", 1, CKM_SM3_SM2, 66}};

/* The command of the last signature, as the trace has it. */
static size_t last_command(const char *trace, const char *begins, uint8_t *out, size_t size)
{
    char line[4096], best[4096] = "";
    FILE *in = fopen(trace, "r");
    while (in && fgets(line, sizeof line, in))
        if (strstr(line, begins))
            (void)snprintf(best, sizeof best, "%s", strstr(line, begins) + strlen(" x "));
    if (in)
        (void)fclose(in);
    size_t n = 0;
    unsigned byte;
    while (n < size && sscanf(best + 2 * n, "%2x", &byte) == 1 && best[2 * n] != ' ')
        out[n++] = (uint8_t)byte;
    if (!n)
        bench_die("no signature in the trace");
    return n;
}

static double raw_once(SCARDHANDLE card, const uint8_t *cmd, size_t len, size_t least)
{
    uint8_t answer[1024];
    DWORD n = sizeof answer;
    double begin = bench_now();
    if (SCardTransmit(card, SCARD_PCI_T1, cmd, len, NULL, answer, &n) != SCARD_S_SUCCESS ||
        n < least)
        bench_die("SCardTransmit");
    return bench_now() - begin;
}

static SCARDHANDLE connect_bare(void)
{
    SCARDCONTEXT context;
    SCARDHANDLE card = 0;
    char names[1024];
    DWORD len = sizeof names, protocol = 0;
    if (SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context) ||
        SCardListReaders(context, NULL, names, &len) ||
        SCardConnect(context, names, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, &card, &protocol))
        bench_die("no reader");
    return card;
}

/* --- many processes
 * -----------------------------------------------------------------------------*/

static void search(struct side *x)
{
    CK_OBJECT_HANDLE list[16];
    CK_ULONG n = 0;
    bench_must(x->f->C_FindObjectsInit(x->s, NULL, 0), "C_FindObjectsInit");
    bench_must(x->f->C_FindObjects(x->s, list, 16, &n), "C_FindObjects");
    bench_must(x->f->C_FindObjectsFinal(x->s), "C_FindObjectsFinal");
    if (!n)
        bench_die("no objects");
}

static void log_in_anew(struct side *x)
{
    CK_UTF8CHAR *pin = (CK_UTF8CHAR *)getenv("KEY_PIN");
    bench_must(x->f->C_Logout(x->s), "C_Logout");
    bench_must(x->f->C_Login(x->s, CKU_USER, pin, strlen((char *)pin)), "C_Login");
}

struct share {
    unsigned long count;
    double slowest; /* call, in seconds */
};

/* One process: what it could do from `start`'s end on, for `seconds`. */
static struct share take_part(void (*run)(struct side *), const int start[2], double seconds)
{
    char go;
    struct share mine = {0};
    CK_FUNCTION_LIST *f = bench_load(getenv("P11_MODULE"));
    bench_must(f->C_Initialize(NULL), "C_Initialize");
    struct side x = bench_ours(f, 0, CKM_SHA256_RSA_PKCS);
    bench_sign(&x);
    (void)close(start[1]);
    (void)!read(start[0], &go, 1); /* ends for all at once */
    double begin = bench_now(), end = begin + seconds;
    for (double before = begin, after; before < end; before = after) {
        run(&x);
        after = bench_now();
        mine.slowest = after - before > mine.slowest ? after - before : mine.slowest;
        mine.count++;
    }
    return mine;
}

/* The n processes take turns at these calls. */
static void processes(void (*const calls[])(struct side *), size_t kinds, unsigned n,
                      double seconds, struct share shares[CROWD])
{
    int start[2], result[CROWD][2];
    if (pipe(start))
        bench_die("pipe");
    for (unsigned i = 0; i < n; i++) {
        if (pipe(result[i]))
            bench_die("pipe");
        if (fork() == 0) {
            struct share mine = take_part(calls[i % kinds], start, seconds);
            _exit(write(result[i][1], &mine, sizeof mine) != (ssize_t)sizeof mine);
        }
    }
    (void)sleep(3); /* all logged in */
    (void)close(start[0]);
    (void)close(start[1]);
    for (unsigned i = 0; i < n; i++) {
        if (read(result[i][0], &shares[i], sizeof shares[i]) != sizeof shares[i])
            bench_die("a process ended");
        (void)close(result[i][0]);
        (void)close(result[i][1]);
    }
    while (wait(NULL) > 0)
        ;
}

static void eight_signers(void)
{
    void (*const calls[])(struct side *) = {bench_sign};
    double fair[ROUNDS], total[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        struct share one[CROWD] = {0}, eight[CROWD] = {0};
        unsigned long sum = 0, least = (unsigned long)-1, most = 0;
        processes(calls, 1, 1, 4, one);
        processes(calls, 1, CROWD, 10, eight);
        for (int i = 0; i < CROWD; i++) {
            sum += eight[i].count;
            least = eight[i].count < least ? eight[i].count : least;
            most = eight[i].count > most ? eight[i].count : most;
        }
        total[round] = (double)sum / 10 / ((double)one[0].count / 4);
        fair[round] = (double)least / (double)most;
    }
    bench_row("eight-processes/one", total, 0.90, false);
    bench_row("slowest/fastest-of-eight", fair, 0.50, false);
}

/* Signatures, searches, and log-ins, which hold the card for more than one exchange and take the
 * others' log-in away. PC/SC knows no queue, and nobody's call has a limit: each is done in time.
 */
static void eight_different(void)
{
    void (*const calls[])(struct side *) = {bench_sign, search, bench_sign, log_in_anew};
    double slowest[ROUNDS] = {0};
    for (int round = 0; round < ROUNDS; round++) {
        struct share eight[CROWD] = {0};
        processes(calls, 4, CROWD, 10, eight);
        for (int i = 0; i < CROWD; i++)
            slowest[round] = eight[i].slowest > slowest[round] ? eight[i].slowest : slowest[round];
    }
    for (int round = 0; round < ROUNDS; round++)
        slowest[round] /= STANDS;
    bench_row("slowest-call-of-eight-different/5-s", slowest, 1.00, true);
}

static void one_signature(CK_FUNCTION_LIST *f, SCARDHANDLE card, const struct kind *kind)
{
    enum { TIMES = 200 };
    uint8_t cmd[1024];
    double ratios[ROUNDS];
    struct side x = bench_ours(f, kind->slot, kind->mechanism);
    bench_sign(&x);
    size_t len = last_command(getenv("BENCH_TRACE"), kind->begins, cmd, sizeof cmd);
    for (int round = 0; round < ROUNDS; round++) {
        double us[TIMES], bare[TIMES];
        for (int i = 0; i < TIMES; i++) {
            double begin = bench_now();
            bench_sign(&x);
            us[i] = bench_now() - begin;
            bare[i] = raw_once(card, cmd, len, kind->answer);
        }
        ratios[round] = bench_median(us, TIMES) / bench_median(bare, TIMES);
    }
    bench_row(kind->row, ratios, 1.30, true);
}

static void signatures(void)
{
    CK_FUNCTION_LIST *f = bench_load(getenv("P11_MODULE"));
    bench_must(f->C_Initialize(NULL), "C_Initialize");
    SCARDHANDLE card = connect_bare();
    (void)bench_ours(f, 0, CKM_SHA256_RSA_PKCS);
    (void)sleep(
        6); /* a program that has been there for a while: numbers aren't in doubt any more */
    for (size_t i = 0; i < sizeof signed_by / sizeof *signed_by; i++)
        one_signature(f, card, &signed_by[i]);
    bench_must(f->C_Finalize(NULL), "C_Finalize");
}

static void sign_for_trace(void)
{
    CK_FUNCTION_LIST *f = bench_load(getenv("P11_MODULE"));
    bench_must(f->C_Initialize(NULL), "C_Initialize");
    for (size_t i = 0; i < sizeof signed_by / sizeof *signed_by; i++) {
        struct side x = bench_ours(f, signed_by[i].slot, signed_by[i].mechanism);
        bench_sign(&x);
    }
    bench_must(f->C_Finalize(NULL), "C_Finalize");
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "all";
    if (strcmp(what, "trace") == 0) {
        sign_for_trace();
        return 0;
    }
    if (strcmp(what, "signatures") != 0) {
        eight_signers();
        eight_different();
    }
    signatures();
    return 0;
}
