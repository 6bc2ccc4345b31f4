/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of tests/bench/platform: the platform against what it is made of, in turns within this run,
 * each ratio the median of five rounds. Platforms that serve plain HTTP here, on databases of
 * nobody else's:
 *
 * bench_platform issue NAME GOAL DATA PORT: SM2 pairs, against the cryptography that each takes;
 *
 * bench_platform serve DATA PORT: an order shown, an unlock redeemed, idle connections;
 *
 * bench_platform grow DATA PORT PID DATA PORT PID: orders shown by a platform of few and by one of
 * many.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bare_rows.h"
#include "base/codec.h"
#include "base/tlv.h"
#include "bench.h"
#include "crypto/csr.h"
#include "crypto/digest.h"
#include "crypto/envelope.h"
#include "crypto/issue.h"
#include "fill.h"
#include "http.h"
#include "server/keycmd.h"

#define CLIENTS 24u       /* connections of work that waits for the disk */
#define LOOKERS 8u        /* of work that doesn't */
#define CORES 2u          /* threads of bare cryptography */
#define ISSUES 800u       /* a round */
#define REDEMPTIONS 1500u /* a round */
#define LOOK_S 1.0
#define SHOWN 4000u /* orders of the small platform that are looked at */
#define FEW 10000u
#define MANY 1000000u
#define QUERIES 2000u /* a round */
#define IDLE 1000u

static void good(enum bk_err err, const char *what)
{
    if (err != BK_OK)
        bench_die(what);
}

/* --- work shared by threads: `each` for 0 to count-1, with a connection when there is a port ---
 */

struct work {
    void (*each)(struct work *work, struct http *http, size_t index);
    uint16_t port;
    size_t count;
    const void *items;
    const struct fill *fill;
    atomic_size_t next;
    double until; /* 0: until count */
};

static void *run_thread(void *arg)
{
    struct work *w = arg;
    struct http *http = w->port ? http_open(w->port) : NULL;
    for (;;) {
        size_t i = atomic_fetch_add(&w->next, 1);
        if (w->until > 0 ? bench_now() >= w->until : i >= w->count)
            break;
        w->each(w, http, i % w->count);
    }
    if (http)
        http_close(http);
    return NULL;
}

/* How often a second. */
static double rate_of(struct work *w, unsigned threads, double seconds)
{
    pthread_t thread[CLIENTS];
    double begin = bench_now();
    w->until = seconds > 0 ? begin + seconds : 0;
    atomic_store(&w->next, 0);
    for (unsigned i = 0; i < threads; i++)
        if (pthread_create(&thread[i], NULL, run_thread, w) != 0)
            bench_die("no thread");
    for (unsigned i = 0; i < threads; i++)
        (void)pthread_join(thread[i], NULL);
    size_t did = seconds > 0 ? atomic_load(&w->next) - threads : w->count;
    return (double)did / (bench_now() - begin);
}

static uint16_t port_of(const char *text)
{
    return (uint16_t)strtoul(text, NULL, 10);
}

/* --- pairs of certificates --- */

static enum bk_err sign_request(void *context, const struct bk_pubkey *key, const void *tbs,
                                size_t len, struct bk_buf *signature)
{
    uint8_t e[32];
    struct bk_sm2_sig sig;
    enum bk_err err = bk_sm2_e(key, NULL, 0, tbs, len, e);
    if (err == BK_OK)
        err = bk_sm2_sign(context, e, &sig);
    return err == BK_OK ? bk_sm2_sig_to_der(&sig, signature) : err;
}

/* The client's part, on both sides: a key of its own and its request. */
static void make_request(struct bk_buf *csr)
{
    struct bk_sm2_key *key = NULL;
    struct bk_buf name = BK_BUF_INIT;
    good(bk_sm2_generate(&key), "a key");
    good(bk_csr_name("x", &name), "a name");
    good(bk_csr_build(bk_sm2_pubkey(key), name.data, name.len, sign_request, key, csr),
         "a request");
    bk_sm2_free(&key);
    bk_buf_free(&name);
}

static void issue(struct work *w, struct http *http, size_t i)
{
    const struct fill_order *order = &((const struct fill_order *)w->items)[i];
    struct bk_buf csr = BK_BUF_INIT, text = BK_BUF_INIT;
    char path[96], json[1024];
    const char *base64 = "";
    make_request(&csr);
    good(bk_base64_encode(csr.data, csr.len, &text), "base64");
    good(bk_buf_cstr(&text, &base64), "base64");
    (void)snprintf(path, sizeof path, "/v1/orders/%s/certificates", order->id);
    (void)snprintf(json, sizeof json, "{\"csr\":\"%s\"}", base64);
    http_ask(http, "POST", path, order->token, json);
    if (http->status != 200)
        bench_die(http->body);
    bk_buf_free(&csr);
    bk_buf_free(&text);
}

static struct bk_sm2_key *ca_key;

static void sign_certificate(void)
{
    static const uint8_t tbs[500];
    uint8_t e[32];
    struct bk_sm2_sig sig;
    good(bk_sm2_e(bk_sm2_pubkey(ca_key), NULL, 0, tbs, sizeof tbs, e), "digest");
    good(bk_sm2_sign(ca_key, e, &sig), "signature");
}

/* What the platform can't do without: the request checked, an encryption key made and sealed to the
 * signing key, two certificates signed. */
static void bare_issue(struct work *w, struct http *http, size_t i)
{
    struct bk_buf csr = BK_BUF_INIT, envelope = BK_BUF_INIT;
    struct bk_pkcs10 request;
    struct bk_sm2_key *enc = NULL;
    (void)w, (void)http, (void)i;
    make_request(&csr);
    good(bk_pkcs10_read(csr.data, csr.len, &request), "a request");
    good(bk_sm2_generate(&enc), "a key");
    sign_certificate();
    sign_certificate();
    good(bk_envelope_sm2_seal(&request.key, enc, &envelope), "an envelope");
    bk_sm2_free(&enc);
    bk_buf_free(&csr);
    bk_buf_free(&envelope);
}

static void bench_issue(const char *name, double goal, const char *data, uint16_t port)
{
    struct fill fill = fill_open(data);
    size_t count = (ROUNDS + 1) * ISSUES;
    struct fill_order *orders = calloc(count, sizeof *orders);
    struct work bare = {.each = bare_issue, .count = ISSUES};
    double ratios[ROUNDS];
    if (!orders)
        bench_die("memory");
    good(bk_sm2_generate(&ca_key), "a key");
    fill_orders(&fill, count, 1, "PAID", orders);
    struct work work = {.each = issue, .port = port, .count = ISSUES, .items = orders};
    (void)rate_of(&work, CLIENTS, 0);
    for (int i = 0; i < ROUNDS; i++) {
        double ours;
        work.items = orders + (size_t)(i + 1) * ISSUES;
        ours = rate_of(&work, CLIENTS, 0);
        ratios[i] = ours / rate_of(&bare, CORES, 0);
        if (getenv("BENCH_RATES"))
            (void)fprintf(stderr, "pairs %.0f a second, ratio %.2f\n", ours, ratios[i]);
    }
    bench_row(name, ratios, goal, false);
    bk_sm2_free(&ca_key);
    free(orders);
    fill_close(&fill);
}

/* --- an order shown --- */

static void show(struct work *w, struct http *http, size_t i)
{
    const struct fill_order *order = &((const struct fill_order *)w->items)[i];
    char path[64];
    (void)snprintf(path, sizeof path, "/v1/orders/%s", order->id);
    http_ask(http, "GET", path, order->token, NULL);
    if (http->status != 200)
        bench_die(http->body);
}

static size_t length_of(uint16_t port, const struct fill_order *order)
{
    struct http *http = http_open(port);
    struct work one = {.items = order};
    show(&one, http, 0);
    size_t len = http->body_len;
    http_close(http);
    return len;
}

static void bench_show(struct work *work)
{
    struct work hello = *work;
    double ratios[ROUNDS];
    hello.port = http_hello(LOOKERS, length_of(work->port, work->items));
    (void)rate_of(work, LOOKERS, LOOK_S);
    for (int i = 0; i < ROUNDS; i++) {
        double ours = rate_of(work, LOOKERS, LOOK_S);
        ratios[i] = ours / rate_of(&hello, LOOKERS, LOOK_S);
        if (getenv("BENCH_RATES"))
            (void)fprintf(stderr, "order shown %.0f a second, ratio %.2f\n", ours, ratios[i]);
    }
    bench_row("order-shown/hello-world", ratios, 0.5, false);
}

/* --- idle connections --- */

/* Each has asked once and asks again when others have had their time. */
static double beside_idle(struct work *work, double *answered)
{
    static struct http *idle[IDLE];
    for (unsigned i = 0; i < IDLE; i++)
        show(work, idle[i] = http_open(work->port), i);
    double rate = rate_of(work, LOOKERS, LOOK_S);
    *answered = 0;
    for (unsigned i = 0; i < IDLE; i++) {
        show(work, idle[i], i);
        *answered += 1.0 / IDLE;
        http_close(idle[i]);
    }
    return rate;
}

static void bench_idle(struct work *work)
{
    double ratios[ROUNDS], answered[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        double beside = beside_idle(work, &answered[i]);
        ratios[i] = beside / rate_of(work, LOOKERS, LOOK_S);
    }
    bench_row("idle-1000-answered", answered, 0.9999, false);
    bench_row("order-shown-beside-1000-idle/alone", ratios, 0.9, false);
}

/* --- unlocks --- */

static void put(struct bk_buf *out, uint16_t tag, const void *value, size_t len)
{
    good(bk_tlv_put(out, tag, value, len), "a message");
}

/* As the key's first message: docs/formats.md clause 4. */
static void begin_message(const char *serial, struct bk_buf *out)
{
    struct bk_buf inner = BK_BUF_INIT;
    put(&inner, 0x80, "\1", 1);
    put(&inner, 0x81, "\1", 1);
    put(&inner, 0x82, serial, strlen(serial));
    put(&inner, 0x83, "\x10\0", 2);
    put(&inner, 0x84, "randomly", 8);
    put(&inner, 0x89, "\0", 1);
    put(&inner, 0x8a, "\x0a", 1);
    put(out, 0xe1, inner.data, inner.len);
    bk_buf_free(&inner);
}

static void redemption(const struct fill_unlock *u, char path[96], char json[1024])
{
    static const uint8_t secret[32] = {1};
    struct bk_buf message = BK_BUF_INIT, text = BK_BUF_INIT;
    const char *base64 = "";
    begin_message(u->serial, &message);
    good(bk_base64_encode(secret, sizeof secret, &text), "base64");
    good(bk_buf_put(&text, "\",\"message\":\"", 13), "memory");
    good(bk_base64_encode(message.data, message.len, &text), "base64");
    good(bk_buf_cstr(&text, &base64), "base64");
    (void)snprintf(path, 96, "/v1/unlock-requests/%s/redeem", u->id);
    (void)snprintf(json, 1024, "{\"code\":\"" FILL_CODE "\",\"client_secret\":\"%s\"}", base64);
    bk_buf_free(&message);
    bk_buf_free(&text);
}

static void redeem(struct work *w, struct http *http, size_t i)
{
    char path[96], json[1024];
    redemption(&((const struct fill_unlock *)w->items)[i], path, json);
    http_ask(http, "POST", path, NULL, json);
    if (http->status != 200)
        bench_die(http->body);
}

static void bare_crypto(const struct fill *fill, struct bk_buf *sealed)
{
    static const struct bk_place place = {"unlocks", "pin_sealed", "x"};
    uint8_t hash[32];
    struct bk_buf plain = BK_BUF_INIT, command = BK_BUF_INIT;
    const struct bk_keycmd cmd = {.dialect = BK_DIALECT_GMT0017, .admin = "Admin1234567"};
    good(bk_escrow_hash(fill->escrow, "unlock", "BCDFGHJK", 8, hash), "hash");
    good(bk_escrow_hash(fill->escrow, "unlock", hash, 32, hash), "hash");
    good(bk_escrow_seal(fill->escrow, &place, "One1234567890", 12, sealed), "seal");
    good(bk_escrow_open_sealed(fill->escrow, &place, bk_rd(sealed->data, sealed->len), &plain),
         "open");
    good(bk_keycmd_unblock(&cmd, "One123456789", &command), "command");
    good(bk_escrow_seal(fill->escrow, &place, command.data, command.len, sealed), "seal");
    bk_buf_free(&plain);
    bk_buf_free(&command);
}

/* What it can't do without: an exchange, its cryptography, and its rows on the disk. */
static void bare_redeem(struct work *w, struct http *http, size_t i)
{
    const struct fill_unlock *unlock = &((const struct fill_unlock *)w->items)[i];
    char path[96], json[1024];
    struct bk_buf sealed = BK_BUF_INIT;
    redemption(unlock, path, json);
    http_ask(http, "POST", path, NULL, json);
    bare_crypto(w->fill, &sealed);
    bare_rows_redeem(unlock, sealed.data, sealed.len);
    bk_buf_free(&sealed);
}

static void bench_redeem(struct fill *fill, const char *data, uint16_t port)
{
    size_t count = (ROUNDS + 1) * REDEMPTIONS;
    struct fill_unlock *unlocks = calloc(count, sizeof *unlocks);
    double ratios[ROUNDS];
    if (!unlocks)
        bench_die("memory");
    fill_unlocks(fill, count, unlocks);
    struct work work = {.each = redeem, .port = port, .count = REDEMPTIONS, .items = unlocks};
    struct work bare = work;
    bare.each = bare_redeem;
    bare.fill = fill;
    bare.port = http_hello(LOOKERS, 400);
    bare_rows_open(data, unlocks, count);
    (void)rate_of(&work, CLIENTS, 0);
    for (int i = 0; i < ROUNDS; i++) {
        bare.items = work.items = unlocks + (size_t)(i + 1) * REDEMPTIONS;
        double ours = rate_of(&work, CLIENTS, 0);
        ratios[i] = ours / rate_of(&bare, CLIENTS, 0);
        if (getenv("BENCH_RATES"))
            (void)fprintf(stderr, "redeem %.0f a second, ratio %.2f\n", ours, ratios[i]);
    }
    bench_row("redeem/exchange+crypto+rows", ratios, 0.7, false);
    bare_rows_close();
    free(unlocks);
}

static void bench_serve(const char *data, uint16_t port)
{
    struct fill fill = fill_open(data);
    struct fill_order *orders = calloc(SHOWN, sizeof *orders);
    if (!orders)
        bench_die("memory");
    fill_orders(&fill, SHOWN, 10, "DONE", orders);
    struct work work = {.each = show, .port = port, .count = SHOWN, .items = orders};
    bench_show(&work);
    bench_redeem(&fill, data, port);
    bench_idle(&work);
    free(orders);
    fill_close(&fill);
}

/* --- few orders and many --- */

struct platform {
    const char *data;
    uint16_t port;
    const char *pid;
    struct fill_order *orders;
    size_t count;
};

static struct platform platform_of(char **arg, size_t count)
{
    struct platform p = {.data = arg[0], .port = port_of(arg[1]), .pid = arg[2], .count = count};
    struct fill fill = fill_open(arg[0]);
    p.orders = calloc(count, sizeof *p.orders);
    if (!p.orders)
        bench_die("memory");
    fill_orders(&fill, count, 10, "DONE", p.orders);
    fill_close(&fill);
    return p;
}

/* Not the disk is measured: the system keeps in memory what it has read just now. */
static void read_through(const char *data)
{
    static char piece[1 << 20];
    char path[4096];
    size_t total = 0;
    (void)snprintf(path, sizeof path, "%s/platform.db", data);
    FILE *f = fopen(path, "r");
    for (size_t n; f && (n = fread(piece, 1, sizeof piece, f)) > 0;)
        total += n;
    if (!f || !total)
        bench_die(path);
    (void)fclose(f);
}

/* A customer's orders and one of them, of customers anywhere: the slowest of a hundred, seconds. */
static double slowest(const struct platform *p)
{
    static double took[QUERIES];
    read_through(p->data);
    struct http *http = http_open(p->port);
    for (unsigned i = 0; i < QUERIES; i++) {
        struct work w = {.items = p->orders};
        size_t which = (size_t)(random() % (long)p->count);
        double begin = bench_now();
        http_ask(http, "GET", "/v1/orders", p->orders[which].token, NULL);
        if (http->status != 200)
            bench_die(http->body);
        show(&w, http, which);
        took[i] = bench_now() - begin;
    }
    http_close(http);
    (void)bench_median(took, QUERIES); /* sorts them */
    return took[QUERIES * 99 / 100];
}

static double memory_of(const char *pid)
{
    char path[64];
    unsigned long size = 0, resident = 0;
    (void)snprintf(path, sizeof path, "/proc/%s/statm", pid);
    FILE *f = fopen(path, "r");
    if (!f || fscanf(f, "%lu %lu", &size, &resident) != 2)
        bench_die(path);
    (void)fclose(f);
    return (double)resident;
}

/* Asked by many at once, so that each of the daemon's connections has been at work. */
static void warm_up(const struct platform *p)
{
    struct work w = {.each = show, .port = p->port, .count = p->count, .items = p->orders};
    (void)rate_of(&w, CLIENTS, 3 * LOOK_S);
    (void)slowest(p);
}

static void bench_grow(char **arg)
{
    struct platform few = platform_of(arg, FEW), many = platform_of(arg + 3, MANY);
    double slow[ROUNDS], memory[ROUNDS];
    warm_up(&few);
    warm_up(&many);
    for (int i = 0; i < ROUNDS; i++) {
        double before = slowest(&few);
        slow[i] = slowest(&many) / before;
        memory[i] = memory_of(many.pid) / memory_of(few.pid);
    }
    bench_row("order-query-p99-1000000/10000", slow, 1.5, true);
    bench_row("memory-1000000/10000", memory, 1.1, true);
    free(few.orders);
    free(many.orders);
}

int main(int argc, char **argv)
{
    struct rlimit files = {4096, 4096};
    (void)setrlimit(RLIMIT_NOFILE, &files);
    if (argc == 6 && strcmp(argv[1], "issue") == 0)
        bench_issue(argv[2], strtod(argv[3], NULL), argv[4], port_of(argv[5]));
    else if (argc == 4 && strcmp(argv[1], "serve") == 0)
        bench_serve(argv[2], port_of(argv[3]));
    else if (argc == 8 && strcmp(argv[1], "grow") == 0)
        bench_grow(argv + 2);
    else
        bench_die("which rows? tests/bench/platform knows");
    return 0;
}
