/* SPDX-License-Identifier: Apache-2.0 */
/* The card's end of vpcd against a reader driver played by this test, and its control socket. */
#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "keyhost.h"
#include "vkey/vpcd.h"

struct reader {
    char *path, control[4200];
    int listener, card, stop;
    unsigned port;
    pid_t server;
};

static int listen_on(unsigned *port)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)*port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), 0);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&at, &len), 0);
    ck_assert_int_eq(listen(fd, 4), 0);
    *port = ntohs(at.sin_port);
    return fd;
}

static bool waits(int fd, int ms)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, ms) == 1;
}

static void accept_card(struct reader *r)
{
    ck_assert(waits(r->listener, 5000));
    r->card = accept(r->listener, NULL, NULL);
    ck_assert_int_ge(r->card, 0);
}

static void start(struct reader *r)
{
    struct bk_vkey_params params = {.serial = "VPCD"};
    int stop[2];
    *r = (struct reader){.path = keyhost_path()};
    (void)snprintf(r->control, sizeof r->control, "%s.copy", r->path);
    ck_assert_int_eq(bk_vkey_create(r->path, &params), BK_OK);
    r->listener = listen_on(&r->port);
    ck_assert_int_eq(pipe(stop), 0);
    r->server = fork();
    ck_assert_int_ge(r->server, 0);
    if (r->server == 0) {
        struct bk_vkey *key = NULL;
        struct bk_vpcd_params serve = {r->port, r->control, stop[0]};
        (void)close(r->listener);
        (void)close(stop[1]);
        enum bk_err err = bk_vkey_open(r->path, &key);
        if (err == BK_OK)
            err = bk_vpcd_serve(key, &serve);
        bk_vkey_close(&key);
        _exit(err == BK_OK ? 0 : 1);
    }
    (void)close(stop[0]);
    r->stop = stop[1];
    accept_card(r);
}

static void finish(struct reader *r)
{
    int status = 1;
    (void)close(r->stop); /* readable: end of file */
    ck_assert_int_eq(waitpid(r->server, &status, 0), r->server);
    ck_assert_int_eq(status, 0);
    ck_assert_int_ne(access(r->control, F_OK), 0);
    (void)close(r->card);
    (void)close(r->listener);
    keyhost_forget(&r->path);
}

/* Length and payload in two writes, as the driver does it. */
static void send_frame(struct reader *r, const void *payload, size_t len)
{
    const uint8_t head[2] = {(uint8_t)(len >> 8), (uint8_t)len};
    ck_assert_int_eq(write(r->card, head, 2), 2);
    ck_assert_int_eq(write(r->card, payload, len), (ssize_t)len);
}

static size_t receive_frame(struct reader *r, uint8_t *out)
{
    uint8_t head[2];
    ck_assert_int_eq(recv(r->card, head, 2, MSG_WAITALL), 2);
    size_t len = (size_t)head[0] << 8 | head[1];
    ck_assert_int_eq(recv(r->card, out, len, MSG_WAITALL), (ssize_t)len);
    return len;
}

static uint16_t command(struct reader *r, const void *cmd, size_t len)
{
    static uint8_t out[65536];
    send_frame(r, cmd, len);
    size_t n = receive_frame(r, out);
    ck_assert_uint_ge(n, 2);
    return (uint16_t)(out[n - 2] << 8 | out[n - 1]);
}

static const uint8_t open_app[] = "\x80\x26\0\0\0\0\x10" BK_VKEY_APPLICATION "\0\x0a";
static const uint8_t pin_info[] = {0x80, 0x14, 0, 1, 0, 0, 2, 0x00, 0x10, 0, 3};

START_TEST(reader_commands)
{
    struct reader r;
    uint8_t out[256];
    size_t atr_len = 0;
    const uint8_t *atr = bk_vkey_atr(&atr_len);
    start(&r);
    send_frame(&r, "\4", 1);
    ck_assert_uint_eq(receive_frame(&r, out), atr_len);
    ck_assert_mem_eq(out, atr, atr_len);
    ck_assert_uint_eq(command(&r, open_app, sizeof open_app - 1), 0x9000);
    ck_assert_uint_eq(command(&r, pin_info, sizeof pin_info), 0x9000);
    for (uint8_t power = 0; power < 3; power++) { /* off, on, reset: handles are gone */
        send_frame(&r, &power, 1);
        ck_assert_uint_eq(command(&r, pin_info, sizeof pin_info), 0x698A);
        ck_assert_uint_eq(command(&r, open_app, sizeof open_app - 1), 0x9000);
    }
    finish(&r);
}
END_TEST

/* Byte by byte, and two frames in one piece. */
START_TEST(frames_in_any_pieces)
{
    struct reader r;
    uint8_t out[256];
    static const uint8_t two[] = {0, 1, 4, 0, 7, 0x80, 0x50, 0, 0, 0, 0, 8};
    start(&r);
    for (size_t i = 0; i < sizeof two; i++)
        ck_assert_int_eq(write(r.card, two + i, 1), 1);
    (void)receive_frame(&r, out);
    ck_assert_uint_eq(receive_frame(&r, out), 10);
    ck_assert_int_eq(write(r.card, two, sizeof two), (ssize_t)sizeof two);
    (void)receive_frame(&r, out);
    ck_assert_uint_eq(receive_frame(&r, out), 10);
    finish(&r);
}
END_TEST

/* Without an acknowledgement at once each command takes 40 ms. */
START_TEST(commands_are_quick)
{
    struct reader r;
    struct timespec a, b;
    static const uint8_t random[] = {0x80, 0x50, 0, 0, 0, 0, 8};
    start(&r);
    (void)clock_gettime(CLOCK_MONOTONIC, &a);
    for (int i = 0; i < 50; i++)
        ck_assert_uint_eq(command(&r, random, sizeof random), 0x9000);
    (void)clock_gettime(CLOCK_MONOTONIC, &b);
    ck_assert_int_lt((b.tv_sec - a.tv_sec) * 1000 + (b.tv_nsec - a.tv_nsec) / 1000000, 1000);
    finish(&r);
}
END_TEST

START_TEST(it_comes_back_after_the_driver)
{
    struct reader r;
    start(&r);
    ck_assert_uint_eq(command(&r, open_app, sizeof open_app - 1), 0x9000);
    (void)close(r.card);
    accept_card(&r);
    ck_assert_uint_eq(command(&r, pin_info, sizeof pin_info), 0x698A);
    /* also when nobody listens for a while */
    (void)close(r.listener);
    (void)close(r.card);
    (void)usleep(500000);
    r.listener = listen_on(&r.port);
    accept_card(&r);
    ck_assert_uint_eq(command(&r, open_app, sizeof open_app - 1), 0x9000);
    finish(&r);
}
END_TEST

static void control(struct reader *r, const char *word, const char *want)
{
    struct bk_buf answer = BK_BUF_INIT;
    ck_assert_int_eq(bk_vpcd_control(r->control, word, &answer), BK_OK);
    ck_assert_str_eq((char *)answer.data, want);
    bk_buf_free(&answer);
}

START_TEST(the_key_is_pulled_and_plugged)
{
    struct reader r;
    uint8_t byte;
    struct bk_buf answer = BK_BUF_INIT;
    start(&r);
    ck_assert_uint_eq(command(&r, open_app, sizeof open_app - 1), 0x9000);
    control(&r, "reset", "ok");
    ck_assert_uint_eq(command(&r, pin_info, sizeof pin_info), 0x698A);
    control(&r, "remove", "ok");
    ck_assert_int_eq(recv(r.card, &byte, 1, 0), 0);
    (void)close(r.card);
    ck_assert(!waits(r.listener, 600)); /* it stays out */
    control(&r, "insert", "ok");
    accept_card(&r);
    ck_assert_uint_eq(command(&r, open_app, sizeof open_app - 1), 0x9000);
    control(&r, "insert", "ok"); /* it is in already */
    ck_assert_uint_eq(command(&r, pin_info, sizeof pin_info), 0x9000);
    control(&r, "eject", "error: insert, remove or reset");
    ck_assert_int_eq(
        bk_vpcd_control(r.control, "a word that is much too long for the socket", &answer),
        BK_EINVAL);
    control(&r, "remove", "ok");
    (void)close(r.card);
    (void)close(r.listener);
    control(&r, "insert", "waiting");
    r.listener = listen_on(&r.port);
    accept_card(&r);
    finish(&r);
}
END_TEST

/* A key that makes a pair of keys hears nothing meanwhile; two seconds here. */
START_TEST(who_pulls_waits_for_a_key_at_work)
{
    struct reader r;
    const struct timespec two = {.tv_sec = 2};
    int status = 1;
    start(&r);
    ck_assert_int_eq(kill(r.server, SIGSTOP), 0);
    pid_t later = fork();
    if (later == 0) {
        (void)nanosleep(&two, NULL);
        _exit(kill(r.server, SIGCONT) == 0 ? 0 : 1);
    }
    control(&r, "reset", "ok");
    ck_assert_int_eq(waitpid(later, &status, 0), later);
    ck_assert_int_eq(status, 0);
    finish(&r);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("vpcd");
    TCase *tc = tcase_create("vpcd");
    tcase_set_timeout(tc, 30);
    tcase_add_test(tc, reader_commands);
    tcase_add_test(tc, frames_in_any_pieces);
    tcase_add_test(tc, commands_are_quick);
    tcase_add_test(tc, it_comes_back_after_the_driver);
    tcase_add_test(tc, the_key_is_pulled_and_plugged);
    tcase_add_test(tc, who_pulls_waits_for_a_key_at_work);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
