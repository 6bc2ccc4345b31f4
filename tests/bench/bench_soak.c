/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_soak SECONDS SEED: the soak of tests/bench/soak, under with-key --pcsc. Starts the clients,
 * pulls, puts back and resets their key at random, watches what memory, descriptors and threads
 * they hold, and prints rows `name value limit ok|miss`.
 */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <winscard.h>

#include "soak_client.h"

#define SAMPLES_MAX 20000
/* A call may find the key with another's sequence: renewal and writing hold it for some exchanges,
 * eight times over. What takes longer than this would be a hang. */
#define CALL_LIMIT 20.0
/* The heap breathes with the certificates and objects that are read anew after each removal. What
 * leaks 100 bytes each time some call is made, some 30 times a second, is ten times this in a
 * quarter of an hour. */
#define KIB_LIMIT 256
/* A sample meets clients connected or not. */
#define HANDLES_LIMIT 2

struct watched {
    const char *name;
    pid_t pid;
    size_t n;
    int *kib, *descriptors, *threads;
};

static struct watched watched[SOAK_CLIENTS + 2];
static size_t watched_count;
static bool missed;
static unsigned long removals, resets;
static unsigned long done_before[SOAK_CLIENTS]; /* the last quarter */

static void die(const char *what)
{
    (void)fprintf(stderr, "bench_soak: %s\n", what);
    exit(1);
}

static void row(const char *name, double value, const char *sign, double limit)
{
    bool ok = *sign == '<' ? value <= limit : value >= limit;
    printf("%s\t%g\t%s%g\t%s\n", name, value, sign, limit, ok ? "ok" : "miss");
    missed = missed || !ok;
}

/* --- clients
 * ------------------------------------------------------------------------------------*/

static const struct {
    const char *name;
    void (*run)(struct soak_client *);
    bool renewed, shared_login;
} kinds[] = {
    {"rsa signer", soak_sign_rsa, false, false},    {"sm2 signer", soak_sign_sm2, true, false},
    {"two threads", soak_two_threads, false, true}, {"second thread", NULL, true, true},
    {"decrypter", soak_decrypt, true, false},       {"reader", soak_read, true, false},
    {"rsa keeper", soak_keep, false, false},        {"sm2 keeper", soak_keep, true, false},
    {"restarter", soak_restart, true, false},       {"waiter", soak_wait, false, false},
    {"renewer", soak_renew, true, false},
};
#define KINDS (sizeof kinds / sizeof *kinds)

static void watch(const char *name, pid_t pid)
{
    struct watched *w = &watched[watched_count++];
    *w = (struct watched){.name = name, .pid = pid};
    w->kib = calloc(SAMPLES_MAX, sizeof *w->kib);
    w->descriptors = calloc(SAMPLES_MAX, sizeof *w->descriptors);
    w->threads = calloc(SAMPLES_MAX, sizeof *w->threads);
    if (!w->kib || !w->descriptors || !w->threads)
        die("no memory");
}

static void start_clients(unsigned long seed)
{
    for (size_t i = 0; i < KINDS; i++) {
        struct soak_client *c = &soak->clients[i];
        (void)snprintf(c->name, sizeof c->name, "%s", kinds[i].name);
        c->renewed = kinds[i].renewed;
        c->shared_login = kinds[i].shared_login;
        c->seed = seed * 1000003 + i;
        if (!kinds[i].run)
            continue;
        c->pid = fork();
        if (c->pid < 0)
            die("no process");
        if (c->pid == 0) {
            (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* however we end */
            kinds[i].run(c);
            _exit(0);
        }
        watch(c->name, c->pid);
    }
}

/* --- what they hold
 * -----------------------------------------------------------------------------*/

static int status_number(pid_t pid, const char *field)
{
    char path[64], line[128];
    int value = -1;
    (void)snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *f = fopen(path, "re");
    if (!f)
        return -1;
    while (value < 0 && fgets(line, sizeof line, f))
        if (strncmp(line, field, strlen(field)) == 0)
            value = (int)strtol(line + strlen(field), NULL, 10);
    (void)fclose(f);
    return value;
}

static int descriptors_of(pid_t pid)
{
    char path[64];
    int n = 0;
    (void)snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
    DIR *dir = opendir(path);
    if (!dir)
        return -1;
    for (const struct dirent *e = readdir(dir); e; e = readdir(dir))
        n += e->d_name[0] != '.';
    (void)closedir(dir);
    return n;
}

static void sample_all(void)
{
    for (size_t i = 0; i < watched_count; i++) {
        struct watched *w = &watched[i];
        int kib = status_number(w->pid, "RssAnon:"), fds = descriptors_of(w->pid);
        if (kib < 0 || fds < 0 || w->n == SAMPLES_MAX)
            continue; /* that it has ended is told elsewhere */
        w->kib[w->n] = kib;
        w->descriptors[w->n] = fds;
        w->threads[w->n] = status_number(w->pid, "Threads:");
        w->n++;
    }
}

static int by_number(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

static int median(const int *from, size_t n)
{
    int *copy = malloc(n * sizeof *copy);
    if (!copy)
        die("no memory");
    memcpy(copy, from, n * sizeof *copy);
    qsort(copy, n, sizeof *copy, by_number);
    int m = copy[n / 2];
    free(copy);
    return m;
}

/* From the second quarter to the last; the first is for warming up. */
static int growth(const int *samples, size_t n)
{
    size_t quarter = n / 4;
    return quarter ? median(samples + 3 * quarter, quarter) - median(samples + quarter, quarter)
                   : 0;
}

/* --- the key comes and goes
 * ---------------------------------------------------------------------*/

static bool tell_key(const char *what)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        (void)execlp("bjca-vkey", "bjca-vkey", "ctl", getenv("KEY_CONTROL"), what, (char *)NULL);
        _exit(127);
    }
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

/* On a machine that is busy it may take longer than the command waits. */
static void control(const char *what)
{
    for (int i = 0; i < 3; i++)
        if (tell_key(what))
            return;
    die("the key doesn't hear");
}

/* As another program does it that is done with the card. */
static void reset_card(void)
{
    SCARDCONTEXT context;
    SCARDHANDLE card;
    DWORD protocol = 0, len = 0;
    char names[1024] = "";
    if (SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context) != SCARD_S_SUCCESS)
        die("no daemon");
    len = sizeof names;
    if (SCardListReaders(context, NULL, names, &len) == SCARD_S_SUCCESS &&
        SCardConnect(context, names, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1,
                     &card, &protocol) == SCARD_S_SUCCESS &&
        SCardDisconnect(card, SCARD_RESET_CARD) == SCARD_S_SUCCESS)
        resets++;
    (void)SCardReleaseContext(context);
}

/* Naps to a point of time, sampling each second. */
static void until(double when)
{
    static double sampled;
    for (double now = soak_now(); now < when; now = soak_now()) {
        if (now - sampled >= 1) {
            sampled = now;
            sample_all();
        }
        double rest = when - now;
        soak_nap(rest > 0.2 ? 200 : (unsigned)(rest * 1000) + 1);
    }
}

static void disturb_once(unsigned long *seed)
{
    until(soak_now() + (200 + soak_random(seed, 6000)) / 1000.0);
    if (soak_random(seed, 10) < 3) {
        reset_card();
        return;
    }
    control("remove");
    removals++;
    /* long enough for the daemon to see it: a reader's own event can't be missed as this one could
     */
    until(soak_now() + (1000 + soak_random(seed, 2000)) / 1000.0);
    control("insert");
}

static void disturb(unsigned seconds, unsigned long seed)
{
    double end = soak_now() + seconds, last = end - seconds / 4.0;
    bool marked = false;
    while (soak_now() < end) {
        disturb_once(&seed);
        if (marked || soak_now() < last)
            continue;
        marked = true;
        for (size_t i = 0; i < KINDS; i++)
            done_before[i] = atomic_load(&soak->clients[i].done);
    }
}

/* --- the end
 * ------------------------------------------------------------------------------------*/

/* Clients that don't come to their end; they are told of and ended. */
static int wait_for_clients(int *died)
{
    int stuck = 0;
    double end = soak_now() + 120;
    for (size_t i = 0; i < KINDS; i++) {
        struct soak_client *c = &soak->clients[i];
        int status = 0;
        pid_t got = 0;
        if (!c->pid)
            continue;
        while ((got = waitpid(c->pid, &status, WNOHANG)) == 0 && soak_now() < end)
            soak_nap(50);
        if (got == 0) {
            stuck++;
            (void)fprintf(stderr, "%s: in %s for %.0f s\n", c->name, c->call,
                          c->since > 0 ? soak_now() - c->since : 0);
            (void)kill(c->pid, SIGKILL);
            (void)waitpid(c->pid, &status, 0);
        } else if (status != 0) {
            ++*died;
            (void)fprintf(stderr, "%s: ended with %x in %s\n", c->name, (unsigned)status, c->call);
        }
    }
    return stuck;
}

static unsigned long sum(enum soak_count what)
{
    unsigned long n = 0;
    for (size_t i = 0; i < KINDS; i++)
        n += soak->clients[i].counts[what];
    return n;
}

static unsigned long strange_codes(void)
{
    unsigned long n = 0;
    for (size_t i = 0; i < KINDS; i++) {
        const struct soak_client *c = &soak->clients[i];
        for (int k = 0; k < SOAK_STRANGE; k++) {
            n += c->strange[k].n;
            if (c->strange[k].n)
                (void)fprintf(stderr, "%s: %s said %lx, %lu times\n", c->name, c->strange[k].call,
                              c->strange[k].rv, c->strange[k].n);
        }
        if (c->note[0])
            (void)fprintf(stderr, "%s: %s\n", c->name, c->note);
    }
    return n;
}

static int idle_clients(void)
{
    int idle = 0;
    for (size_t i = 0; i < KINDS; i++) {
        struct soak_client *c = &soak->clients[i];
        if (atomic_load(&c->done) > done_before[i])
            continue;
        idle++;
        (void)fprintf(stderr, "%s: got nothing done in the last quarter\n", c->name);
    }
    return idle;
}

static void rows_of_growth(void)
{
    int kib = 0, descriptors = 0, threads = 0;
    for (size_t i = 0; i < watched_count; i++) {
        const struct watched *w = &watched[i];
        int a = growth(w->kib, w->n), b = growth(w->descriptors, w->n),
            c = growth(w->threads, w->n);
        (void)fprintf(stderr, "%-14s %5d KiB %+d, %d descriptors %+d, %d threads %+d\n", w->name,
                      w->n ? w->kib[w->n - 1] : 0, a, w->n ? w->descriptors[w->n - 1] : 0, b,
                      w->n ? w->threads[w->n - 1] : 0, c);
        kib = a > kib ? a : kib;
        descriptors = b > descriptors ? b : descriptors;
        threads = c > threads ? c : threads;
    }
    row("memory grown (KiB, most of any process)", kib, "<=", KIB_LIMIT);
    row("descriptors grown (most of any process)", descriptors, "<=", HANDLES_LIMIT);
    row("threads grown (most of any process)", threads, "<=", HANDLES_LIMIT);
}

/* What must have been done for the rows of what went wrong to mean anything: far less than any
 * machine does, and more the longer it takes. */
static void worked(const char *name, unsigned long value, double a_minute, double minutes)
{
    row(name, (double)value, ">=", a_minute * minutes);
}

static void rows_of_work(double minutes)
{
    const struct soak_client *slowest = soak->clients;
    for (size_t i = 0; i < KINDS; i++)
        if (soak->clients[i].slowest > slowest->slowest)
            slowest = &soak->clients[i];
    worked("removals", removals, 5, minutes);
    worked("resets", resets, 1, minutes);
    worked("calls that a removal ended", sum(SOAK_CUT), 10, minutes);
    worked("signatures", sum(SOAK_SIGNED), 200, minutes);
    row("signatures that don't verify", (double)sum(SOAK_SIGNED_WRONG), "<=", 0);
    worked("decryptions", sum(SOAK_DECRYPTED), 50, minutes);
    row("decryptions that went wrong", (double)sum(SOAK_DECRYPTED_WRONG), "<=", 0);
    worked("data objects written, changed, deleted", sum(SOAK_WRITTEN), 10, minutes);
    row("of these lost", (double)sum(SOAK_LOST), "<=", 0);
    worked("labels set", sum(SOAK_LABELLED), 3, minutes);
    row("of these lost", (double)sum(SOAK_LABEL_LOST), "<=", 0);
    worked("certificates read", sum(SOAK_READ), 20, minutes);
    row("broken or missing objects", (double)sum(SOAK_BROKEN), "<=", 0);
    worked("renewals in place", sum(SOAK_RENEWED), 1, minutes);
    worked("initialised, signed, finalised", sum(SOAK_RESTARTED), 5, minutes);
    worked("slot events", sum(SOAK_EVENTS), 5, minutes);
    (void)fprintf(stderr, "the slowest call: %s of the %s\n", slowest->slowest_call, slowest->name);
    row("slowest call (s)", slowest->slowest, "<=", CALL_LIMIT);
    row("answers that removal doesn't explain", (double)strange_codes(), "<=", 0);
    row("clients without progress in the last quarter", idle_clients(), "<=", 0);
}

static void rows_of_the_key(void)
{
    CK_ULONG user = 0, admin = 0;
    bool well = false;
    mh_load(&soak_host, getenv("P11_MODULE"));
    for (int i = 0; i < 50 && !well; i++) { /* until the daemon has seen it */
        well = soak_all_well(&user, &admin);
        soak_nap(well ? 0 : 200);
    }
    row("both identities work", well, ">=", 1);
    row("PIN tries left", (double)user, ">=", 10);
    row("administrator tries left", (double)admin, ">=", 10);
}

static pid_t pid_from(const char *name)
{
    const char *text = getenv(name);
    return text ? (pid_t)strtol(text, NULL, 10) : 0;
}

int main(int argc, char **argv)
{
    if (argc != 3 || !getenv("KEY_CONTROL") || !getenv("P11_MODULE") || !getenv("KEY_PIN")) {
        (void)fprintf(stderr, "usage: with-key --pcsc bench_soak SECONDS SEED\n");
        return 2;
    }
    unsigned seconds = (unsigned)strtoul(argv[1], NULL, 10);
    unsigned long seed = strtoul(argv[2], NULL, 10);
    int died = 0;
    soak = mmap(NULL, sizeof *soak, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (soak == MAP_FAILED)
        die("no memory");
    start_clients(seed);
    watch("virtual key", pid_from("VKEY_PID"));
    watch("pcscd", pid_from("PCSCD_PID"));
    disturb(seconds, seed);
    atomic_store(&soak->phase, SOAK_SETTLE);
    int stuck = wait_for_clients(&died);
    atomic_store(&soak->phase, SOAK_OVER);
    rows_of_work(seconds / 60.0);
    row("clients that died", died, "<=", 0);
    row("clients that hung", stuck, "<=", 0);
    rows_of_growth();
    rows_of_the_key();
    return missed;
}
