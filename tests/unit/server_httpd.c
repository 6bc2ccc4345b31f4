/* SPDX-License-Identifier: Apache-2.0 */
/* The HTTP server: handlers that wait for somebody outside hold up nobody, and are only so many;
 * one that is late with its answer holds no thread; who reads its answer too slowly is dropped. */
#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "runner.h"
#include "net/http.h"
#include "server/httpd.h"
#include "server/waiters.h"

#define MORE 4u
#define LARGE ((size_t)192 * 1024) /* six seconds, as slow as may be */
#define CLIENTS (BK_WAITERS + BK_WAITING + MORE)

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
static bool released;
static atomic_uint waiting, most;

static void plan(void *context, const struct bk_http_in *in, struct bk_http_plan *plan)
{
    (void)context;
    plan->pool = strcmp(in->path, "/slow") == 0    ? 1
                 : strcmp(in->path, "/short") == 0 ? BK_HTTP_POOLS
                 : strcmp(in->path, "/late") == 0  ? BK_HTTP_POOLS
                                                   : 0;
}

static void wait_for_release(void)
{
    unsigned n = ++waiting;
    (void)pthread_mutex_lock(&lock);
    if (n > most)
        most = n;
    while (!released)
        (void)pthread_cond_wait(&wake, &lock);
    (void)pthread_mutex_unlock(&lock);
    waiting--;
}

static void release(bool yes)
{
    (void)pthread_mutex_lock(&lock);
    released = yes;
    (void)pthread_cond_broadcast(&wake);
    (void)pthread_mutex_unlock(&lock);
}

/* Requests whose answers are late. */
static struct {
    const struct bk_http_in *in;
    struct bk_http_out *out;
} late[CLIENTS];

static void be_late(const struct bk_http_in *in, struct bk_http_out *out)
{
    (void)pthread_mutex_lock(&lock);
    late[waiting].in = in;
    late[waiting].out = out;
    bk_httpd_late(in);
    waiting++;
    (void)pthread_mutex_unlock(&lock);
}

static void handle(void *context, const struct bk_http_in *in, struct bk_http_out *out)
{
    (void)context;
    const char *name = bk_httpd_header(in, "X-Name");
    bool may_be_late = strcmp(in->path, "/late") == 0;
    if (may_be_late && !in->again) {
        be_late(in, out);
        return;
    }
    ck_assert(!in->again || in->again == late);
    if (in->plan.pool && !in->overloaded && !may_be_late)
        wait_for_release();
    out->status = in->overloaded ? 503 : 200;
    out->type = "text/plain";
    if (strcmp(in->path, "/large") == 0) {
        static uint8_t zeros[LARGE];
        ck_assert_int_eq(bk_buf_put(&out->body, zeros, sizeof zeros), BK_OK);
        return;
    }
    ck_assert_int_eq(bk_buf_printf(&out->body, "%s %.*s", name ? name : "-", (int)in->body_len,
                                   (const char *)in->body),
                     BK_OK);
}

struct client {
    pthread_t thread;
    uint16_t port;
    unsigned number;
    const char *path;
    long status;
};

/* Two requests on one connection: what rested goes on as others do. */
static void *ask(void *context)
{
    struct client *c = context;
    char url[64], name[32], want[64];
    struct bk_http *http = NULL;
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u", c->port);
    (void)snprintf(name, sizeof name, "X-Name: n%u", c->number);
    (void)snprintf(want, sizeof want, "n%u body", c->number);
    const struct bk_http_options options = {.base_url = url, .total_ms = 20000};
    ck_assert_int_eq(bk_http_new(&options, &http), BK_OK);
    for (int i = 0; i < 2; i++) {
        struct bk_http_response response = {0};
        const char *text = NULL;
        const struct bk_http_request request = {.method = "POST",
                                                .path = i ? "/quick" : c->path,
                                                .content_type = "text/plain",
                                                .body = "body",
                                                .body_len = 4,
                                                .headers = (const char *const[]){name, NULL}};
        ck_assert_int_eq(bk_http_do(http, &request, &response), BK_OK);
        ck_assert_int_eq(bk_buf_cstr(&response.body, &text), BK_OK);
        ck_assert_str_eq(text, want);
        if (i)
            ck_assert_int_eq(response.status, 200);
        else
            c->status = response.status;
        bk_http_response_free(&response);
    }
    bk_http_free(&http);
    return NULL;
}

/* last: threads of the last company; 0: as many as of the others */
static struct bk_httpd *serve(unsigned request_ms, unsigned last)
{
    struct bk_httpd *httpd = NULL;
    release(false);
    const struct bk_httpd_options options = {.listen = "127.0.0.1:0",
                                             .threads = 2,
                                             .waiters = BK_WAITERS,
                                             .last_waiters = last,
                                             .max_body = 1024,
                                             .request_ms = request_ms,
                                             .plan = plan,
                                             .handle = handle};
    ck_assert_int_eq(bk_httpd_start(&options, &httpd), BK_OK);
    return httpd;
}

static void pause_ms(long ms)
{
    (void)nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

static void wait_until(unsigned count)
{
    for (int i = 0; i < 100 && waiting < count; i++)
        pause_ms(50);
    ck_assert_uint_ge(waiting, count);
}

static long ask_quickly(uint16_t port)
{
    char url[64];
    struct bk_http *http = NULL;
    struct bk_http_response response = {0};
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u", port);
    const struct bk_http_options options = {.base_url = url, .total_ms = 2000};
    const struct bk_http_request request = {.method = "GET", .path = "/quick"};
    ck_assert_int_eq(bk_http_new(&options, &http), BK_OK);
    ck_assert_int_eq(bk_http_do(http, &request, &response), BK_OK);
    long status = response.status;
    bk_http_response_free(&response);
    bk_http_free(&http);
    return status;
}

static void rest(void *what)
{
    (void)what;
    wait_for_release();
}

/* As many as there are to be, also when their threads haven't begun. */
START_TEST(all_waiters_are_there_at_once)
{
    struct bk_waiters *w = NULL;
    release(false);
    ck_assert_int_eq(bk_waiters_new(BK_WAITERS, BK_WAITING, &w), BK_OK);
    for (unsigned i = 0; i < BK_WAITERS + BK_WAITING; i++)
        ck_assert_int_eq(bk_waiters_add(w, rest, NULL), BK_OK);
    wait_until(BK_WAITERS);
    ck_assert_int_eq(bk_waiters_add(w, rest, NULL), BK_EBUSY);
    release(true);
    bk_waiters_free(&w);
    ck_assert_uint_eq(waiting, 0);
}
END_TEST

/* Of what takes long some are refused; of what is short nobody. */
START_TEST(waiting_handlers_hold_up_nobody_and_are_so_many)
{
    const unsigned more = _i ? 0 : MORE;
    static struct client clients[CLIENTS];
    struct bk_httpd *httpd = serve(10000, 0);
    unsigned refused = 0, good = 0;
    for (unsigned i = 0; i < CLIENTS; i++) {
        clients[i] = (struct client){
            .port = bk_httpd_port(httpd), .number = i, .path = _i ? "/short" : "/slow"};
        ck_assert_int_eq(pthread_create(&clients[i].thread, NULL, ask, &clients[i]), 0);
    }
    wait_until(BK_WAITERS);
    for (int i = 0; i < 8; i++)
        ck_assert_int_eq(ask_quickly(bk_httpd_port(httpd)), 200);
    pause_ms(500);
    ck_assert_uint_eq(waiting, BK_WAITERS);
    release(true);
    for (unsigned i = 0; i < CLIENTS; i++) {
        ck_assert_int_eq(pthread_join(clients[i].thread, NULL), 0);
        refused += clients[i].status == 503;
        good += clients[i].status == 200;
    }
    ck_assert_uint_eq(refused, more);
    ck_assert_uint_eq(good, CLIENTS - more);
    ck_assert_uint_eq(most, BK_WAITERS);
    bk_httpd_stop(&httpd);
}
END_TEST

/* Two threads have many requests open; each is answered by another thread, or handled once more. */
START_TEST(late_answers_hold_no_thread)
{
    static struct client clients[CLIENTS];
    struct bk_httpd *httpd = serve(10000, 2);
    for (unsigned i = 0; i < CLIENTS; i++) {
        clients[i] = (struct client){.port = bk_httpd_port(httpd), .number = i, .path = "/late"};
        ck_assert_int_eq(pthread_create(&clients[i].thread, NULL, ask, &clients[i]), 0);
    }
    wait_until(CLIENTS);
    for (unsigned i = 0; i < CLIENTS; i++) {
        const struct bk_http_in *in = late[i].in;
        late[i].out->status = 200;
        late[i].out->type = "text/plain";
        ck_assert_int_eq(
            bk_buf_printf(&late[i].out->body, "%s body", bk_httpd_header(in, "X-Name")), BK_OK);
        if (i % 2)
            bk_httpd_answered(in->late);
        else
            bk_httpd_again(in->late, late);
    }
    for (unsigned i = 0; i < CLIENTS; i++) {
        ck_assert_int_eq(pthread_join(clients[i].thread, NULL), 0);
        ck_assert_int_eq(clients[i].status, 200);
    }
    bk_httpd_stop(&httpd);
}
END_TEST

static void *ask_and_lose(void *context)
{
    struct client *c = context;
    char url[64];
    struct bk_http *http = NULL;
    struct bk_http_response response = {0};
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u", c->port);
    const struct bk_http_options options = {.base_url = url, .total_ms = 20000};
    const struct bk_http_request request = {.method = "POST", .path = c->path};
    ck_assert_int_eq(bk_http_new(&options, &http), BK_OK);
    enum bk_err err = bk_http_do(http, &request, &response);
    ck_assert(err == BK_OK || err == BK_ENET); /* answered, or the server was gone before */
    bk_http_response_free(&response);
    bk_http_free(&http);
    return NULL;
}

static void *answer_soon(void *context)
{
    pause_ms(300);
    if (context)
        bk_httpd_again(late[0].in->late, context);
    else
        bk_httpd_answered(late[0].in->late);
    released = true;
    return NULL;
}

/* One that is to be handled again then is refused. */
START_TEST(stopping_waits_for_late_answers)
{
    struct client client = {.path = "/late"};
    pthread_t thread;
    struct bk_httpd *httpd = serve(10000, 0);
    client.port = bk_httpd_port(httpd);
    ck_assert_int_eq(pthread_create(&client.thread, NULL, ask_and_lose, &client), 0);
    wait_until(1);
    late[0].out->status = 200;
    ck_assert_int_eq(pthread_create(&thread, NULL, answer_soon, _i ? late : NULL), 0);
    bk_httpd_stop(&httpd);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert(released);
    ck_assert_int_eq(pthread_join(client.thread, NULL), 0);
}
END_TEST

static void *release_soon(void *context)
{
    (void)context;
    pause_ms(300);
    release(true);
    return NULL;
}

START_TEST(stopping_waits_for_handlers_that_wait)
{
    struct client client = {.path = "/slow"};
    pthread_t thread;
    struct bk_httpd *httpd = serve(10000, 0);
    client.port = bk_httpd_port(httpd);
    ck_assert_int_eq(pthread_create(&client.thread, NULL, ask_and_lose, &client), 0);
    wait_until(1);
    ck_assert_int_eq(pthread_create(&thread, NULL, release_soon, NULL), 0);
    bk_httpd_stop(&httpd);
    ck_assert(released);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert_int_eq(pthread_join(client.thread, NULL), 0);
}
END_TEST

/* Whose line holds little: small segments, for what the kernel keeps on the other side is counted
 * in those, and little room here. */
static int ask_for_large(uint16_t port)
{
    const int segment = 536, room = 4096;
    const char request[] = "GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    const struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof segment), 0);
    ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room), 0);
    ck_assert_int_eq(connect(fd, (const struct sockaddr *)&to, sizeof to), 0);
    ck_assert_int_eq(send(fd, request, sizeof request - 1, MSG_NOSIGNAL),
                     (ssize_t)sizeof request - 1);
    return fd;
}

struct reader {
    pthread_t thread;
    size_t piece; /* bytes each 100 ms */
    bool whole;   /* it gets all of it */
    int fd;
    size_t got;
};

/* All that comes until the end; after nine seconds at once. */
static void *read_slowly(void *context)
{
    struct reader *r = context;
    char data[8192];
    ssize_t n = 1;
    for (int i = 0; n > 0; i++) {
        if (i < 90)
            pause_ms(100);
        if (r->piece || i >= 90)
            n = recv(r->fd, data, i < 90 ? r->piece : sizeof data, 0);
        if (n > 0)
            r->got += (size_t)n;
    }
    (void)close(r->fd);
    return NULL;
}

/* The time of an answer is by its length: a slow reader gets it, who reads nothing or next to
 * nothing doesn't, and what it was sent isn't kept for it. */
START_TEST(who_reads_too_slowly_is_dropped)
{
    struct reader readers[] = {{.piece = 0}, {.piece = 200}, {.piece = 6000, .whole = true}};
    const size_t count = sizeof readers / sizeof *readers;
    struct bk_httpd *httpd = serve(500, 0);
    for (size_t i = 0; i < count; i++) {
        readers[i].fd = ask_for_large(bk_httpd_port(httpd));
        ck_assert_int_eq(pthread_create(&readers[i].thread, NULL, read_slowly, &readers[i]), 0);
    }
    for (size_t i = 0; i < count; i++) {
        ck_assert_int_eq(pthread_join(readers[i].thread, NULL), 0);
        ck_assert_msg((readers[i].got > LARGE) == readers[i].whole, "%zu each 100 ms: %zu of %zu",
                      readers[i].piece, readers[i].got, LARGE);
    }
    bk_httpd_stop(&httpd);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("server_httpd");
    TCase *tc = tcase_create("waiting");
    tcase_set_timeout(tc, 40);
    tcase_add_test(tc, all_waiters_are_there_at_once);
    tcase_add_loop_test(tc, waiting_handlers_hold_up_nobody_and_are_so_many, 0, 2);
    tcase_add_test(tc, late_answers_hold_no_thread);
    tcase_add_test(tc, stopping_waits_for_handlers_that_wait);
    tcase_add_loop_test(tc, stopping_waits_for_late_answers, 0, 2);
    tcase_add_test(tc, who_reads_too_slowly_is_dropped);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
