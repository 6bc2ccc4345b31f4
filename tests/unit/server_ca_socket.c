/* SPDX-License-Identifier: Apache-2.0 */
/* Connections between the platform and the CA process, which are kept from one question to the
 * next: the CA's side of them, and the platform's with what stands in for a CA here. */
#include <check.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/tlv.h"
#include "runner.h"
#include "server/ca.h"
#include "server/cad_wire.h"
#include "serverhost.h"

static char path[96];
static pthread_t thread;

static int connect_to(void)
{
    const struct timespec moment = {.tv_nsec = 5000000};
    int fd = -1;
    enum bk_err err;
    while ((err = bk_cad_connect(path, &fd)) == BK_ENOTFOUND)
        (void)nanosleep(&moment, NULL);
    ck_assert_int_eq(err, BK_OK);
    return fd;
}

static void send_bytes(int fd, const void *bytes, size_t len)
{
    ck_assert_int_eq(send(fd, bytes, len, MSG_NOSIGNAL), (ssize_t)len);
}

/* --- the CA's side --- */

static struct bk_cad *cad;
static int leash[2];

static void *serve(void *unused)
{
    static const volatile int never;
    const struct bk_cad_serving serving = {.socket = path, .watch_fd = leash[0], .stop = &never};
    (void)unused;
    ck_assert_int_eq(bk_cad_serve(cad, &serving), BK_OK);
    return NULL;
}

static void start(void)
{
    ck_assert_int_eq(pipe2(leash, O_CLOEXEC), 0);
    ck_assert_int_eq(pthread_create(&thread, NULL, serve, NULL), 0);
    (void)close(connect_to());
}

static void stop(void)
{
    (void)close(leash[1]);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    (void)close(leash[0]);
}

static void set_up(void)
{
    serverhost_open();
    (void)snprintf(path, sizeof path, "%s/socket", host.folder);
    cad = serverhost_cad();
    start();
}

static void tear_down(void)
{
    stop();
    bk_cad_close(&cad);
    serverhost_close();
}

static const uint8_t chain[] = {0, 0, 0, 6, 0x81, 1, BK_CAD_CHAIN, 0x82, 1, 1};

/* What the answer begins with; -1: there is none, and the connection is at its end. */
static int answer(int fd)
{
    struct bk_buf ahead = BK_BUF_INIT, frame = BK_BUF_INIT;
    enum bk_err err = bk_cad_receive(fd, &ahead, &frame);
    int did = -1;
    if (err == BK_OK) {
        ck_assert_uint_eq(ahead.len, 0);
        ck_assert_uint_ge(frame.len, 3);
        ck_assert_uint_eq(frame.data[0], 0x81);
        did = frame.data[2];
    } else
        ck_assert(err == BK_ENET || err == BK_ERESET);
    bk_buf_free(&ahead);
    bk_buf_free(&frame);
    return did;
}

static int ask(int fd)
{
    send_bytes(fd, chain, sizeof chain);
    return answer(fd);
}

/* A list without entries. */
static int ask_list(int fd, bool good)
{
    struct bk_buf frame = BK_BUF_INIT;
    int64_t next = (int64_t)time(NULL) + (good ? 86400 : -60);
    const uint8_t ops[] = {0x81, 1, BK_CAD_CRL, 0x82, 1, 2, 0x8a, 8, 0, 0, 0, 0, 0, 0, 0, 1, 0x8b};
    ck_assert_int_eq(bk_buf_put(&frame, ops, sizeof ops), BK_OK);
    ck_assert_int_eq(bk_buf_put_u8(&frame, 8), BK_OK);
    ck_assert_int_eq(bk_buf_put_u64be(&frame, (uint64_t)next), BK_OK);
    ck_assert_int_eq(bk_buf_put(&frame, "\x92\x08\0\0\0\0\0\0\0\0", 10), BK_OK);
    ck_assert_int_eq(bk_cad_send(fd, &frame), BK_OK);
    bk_buf_clear(&frame);
    ck_assert_int_eq(bk_cad_send(fd, &frame), BK_OK);
    bk_buf_free(&frame);
    return answer(fd);
}

START_TEST(one_connection_carries_many_requests)
{
    const uint8_t unknown[] = {0, 0, 0, 6, 0x81, 1, 9, 0x82, 1, 1};
    int fd = connect_to();
    for (int i = 0; i < 20; i++)
        ck_assert_int_eq(ask(fd), BK_OK);
    send_bytes(fd, unknown, sizeof unknown);
    ck_assert_int_eq(answer(fd), BK_EFORMAT);
    ck_assert_int_eq(ask(fd), BK_OK);
    ck_assert_int_eq(ask_list(fd, true), BK_OK);
    ck_assert_int_eq(ask_list(fd, false), BK_EDENIED);
    ck_assert_int_eq(ask_list(fd, true), BK_OK);
    ck_assert_int_eq(ask(fd), BK_OK);
    (void)close(fd);
}
END_TEST

/* However few bytes come at once. */
START_TEST(request_may_come_in_pieces)
{
    int fd = connect_to();
    for (size_t i = 0; i < sizeof chain; i++) {
        send_bytes(fd, &chain[i], 1);
        (void)poll(NULL, 0, 1);
    }
    ck_assert_int_eq(answer(fd), BK_OK);
    ck_assert_int_eq(ask(fd), BK_OK);
    (void)close(fd);
}
END_TEST

/* Nobody asks before he has his answer: the next request might be taken for this one's. */
START_TEST(request_behind_a_request_ends_the_connection)
{
    uint8_t both[2 * sizeof chain];
    int fd = connect_to();
    memcpy(both, chain, sizeof chain);
    memcpy(both + sizeof chain, chain, sizeof chain);
    send_bytes(fd, both, sizeof both);
    ck_assert_int_eq(answer(fd), BK_OK);
    (void)send(fd, chain, sizeof chain, MSG_NOSIGNAL);
    ck_assert_int_eq(answer(fd), -1);
    (void)close(fd);
}
END_TEST

/* A frame that is longer than any ends its connection, also where a list's entries should be. */
START_TEST(connection_ends_with_what_cant_be_read)
{
    const uint8_t list[] = {0, 0, 0, 6, 0x81, 1, BK_CAD_CRL, 0x82, 1, 2, 0xff, 0xff, 0xff, 0xff};
    int fd = connect_to();
    send_bytes(fd, list + 10, 4);
    ck_assert_int_eq(answer(fd), -1);
    (void)close(fd);
    fd = connect_to();
    send_bytes(fd, list, sizeof list);
    ck_assert_int_eq(answer(fd), BK_ELIMIT);
    ck_assert_int_eq(answer(fd), -1);
    (void)close(fd);
}
END_TEST

START_TEST(half_a_request_is_dropped_in_time)
{
    int head = connect_to(), body = connect_to(), whole = connect_to();
    send_bytes(head, chain, 2);
    send_bytes(body, chain, sizeof chain - 1);
    ck_assert_int_eq(ask(whole), BK_OK);
    ck_assert_int_eq(answer(head), -1);
    ck_assert_int_eq(answer(body), -1);
    (void)close(head);
    (void)close(body);
    (void)close(whole);
}
END_TEST

/* One that sends a long list, and takes its time, isn't idle. */
START_TEST(slow_list_is_read_to_its_end)
{
    static const uint8_t head[] = {0, 0, 0,    36, 0x81, 1, BK_CAD_CRL, 0x82, 1, 2, 0x8a, 8, 0, 0,
                                   0, 0, 0,    0,  0,    1, 0x8b,       8,    0, 0, 1,    0, 0, 0,
                                   0, 0, 0x92, 8,  0,    0, 0,          0,    0, 0, 1,    0};
    static const uint8_t entry[4 + 2 + 25] = {0, 0, 0, 27, 0x8c, 25, 1};
    static const uint8_t last[4];
    const struct timespec pause = {.tv_sec = 3};
    int fd = connect_to();
    send_bytes(fd, head, sizeof head);
    for (int i = 0; i < 4; i++) {
        send_bytes(fd, entry, sizeof entry);
        (void)nanosleep(&pause, NULL);
    }
    send_bytes(fd, last, sizeof last);
    ck_assert_int_eq(answer(fd), BK_EDENIED); /* the next one would come in too many years */
    (void)close(fd);
}
END_TEST

/* More than threads, and then more than there is room for: idle ones end before long. */
START_TEST(idle_connections_hold_nobody_up)
{
    int idle[300];
    for (size_t i = 0; i < 100; i++) {
        idle[i] = connect_to();
        ck_assert_int_eq(i % 2 ? ask(idle[i]) : BK_OK, BK_OK);
    }
    int fd = connect_to();
    ck_assert_int_eq(ask(fd), BK_OK);
    for (size_t i = 100; i < 300; i++)
        idle[i] = connect_to();
    ck_assert_int_eq(ask(idle[299]), BK_OK);
    for (size_t i = 0; i < 200; i++)
        ck_assert_int_eq(answer(idle[i]), -1);
    for (size_t i = 0; i < 300; i++)
        (void)close(idle[i]);
    (void)close(fd);
}
END_TEST

static enum bk_err get_list(struct bk_ca *ca)
{
    struct bk_buf list = BK_BUF_INIT;
    const struct bk_revoked revoked = {.serial = {1}, .at = 1790000000};
    enum bk_err err = bk_ca_crl(ca, BK_ALG_SM2, 1, time(NULL) + 86400, &revoked, 1, &list);
    ck_assert_int_eq(err == BK_OK, list.len != 0);
    bk_buf_free(&list);
    return err;
}

static struct bk_ca *open_client(void)
{
    const struct bk_ca_options options = {.socket = path, .folder = host.folder};
    struct bk_ca *ca = NULL;
    ck_assert_int_eq(bk_ca_open(&options, &ca), BK_OK);
    return ca;
}

START_TEST(another_life_of_the_ca_goes_on)
{
    struct bk_ca *ca = open_client();
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(get_list(ca), BK_OK);
        ck_assert_int_eq(get_list(ca), BK_OK);
        stop();
        start();
    }
    bk_ca_close(&ca);
}
END_TEST

struct asking {
    pthread_t thread;
    struct bk_ca *ca;
};

static void *ask_often(void *context)
{
    const struct asking *a = context;
    for (int i = 0; i < 20; i++)
        ck_assert_int_eq(get_list(a->ca), BK_OK);
    return NULL;
}

START_TEST(several_ask_at_once)
{
    enum { ASKING = 24 }; /* more than are kept */
    struct asking all[ASKING];
    struct bk_ca *ca = open_client();
    for (size_t i = 0; i < ASKING; i++) {
        all[i].ca = ca;
        ck_assert_int_eq(pthread_create(&all[i].thread, NULL, ask_often, &all[i]), 0);
    }
    for (size_t i = 0; i < ASKING; i++)
        ck_assert_int_eq(pthread_join(all[i].thread, NULL), 0);
    bk_ca_close(&ca);
}
END_TEST

/* --- the platform's side --- */

/*
 * What the stand-in does on each connection, one behind the other, a letter for each request; then
 * it closes it. a: answers; n: says no; s: answers, and one byte more; h: sends half an answer and
 * no more; r: reads it, and no more; u: doesn't read it.
 */
static const char *const *script;
static int listener;
static atomic_int connections, requests;
static struct bk_ca *client;
static struct bk_sm2_key *key;

static bool read_request(int fd)
{
    struct bk_buf ahead = BK_BUF_INIT, frame = BK_BUF_INIT;
    bool is = bk_cad_receive(fd, &ahead, &frame) == BK_OK;
    ck_assert_uint_eq(ahead.len, 0);
    requests += is;
    bk_buf_free(&ahead);
    bk_buf_free(&frame);
    return is;
}

static void follow(int fd, const char *letters)
{
    static const uint8_t good[] = {0, 0, 0, 9, 0x81, 1, 0, 0x82, 1, 1, 0x82, 1, 2, 0};
    static const uint8_t no[] = {0, 0, 0, 3, 0x81, 1, BK_EDENIED};
    for (; *letters; letters++) {
        struct pollfd there = {.fd = fd, .events = POLLIN};
        if (*letters == 'u') {
            ck_assert_int_eq(poll(&there, 1, -1), 1);
            continue;
        }
        if (!read_request(fd))
            return; /* it was closed */
        if (*letters == 'n')
            send_bytes(fd, no, sizeof no);
        else if (*letters != 'r')
            send_bytes(fd, good, sizeof good - (*letters == 'a' ? 1 : *letters == 'h' ? 4 : 0));
        if (*letters == 'h')
            ck_assert_int_eq(shutdown(fd, SHUT_WR), 0);
    }
}

static void *stand_in(void *unused)
{
    (void)unused;
    for (; *script; script++) {
        int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0)
            return NULL;
        connections++;
        follow(fd, *script);
        (void)close(fd);
    }
    return NULL;
}

static void begin(const char *const *lines)
{
    serverhost_open();
    (void)snprintf(path, sizeof path, "%s/socket", host.folder);
    script = lines;
    connections = requests = 0;
    ck_assert_int_eq(bk_sm2_generate(&key), BK_OK);
    ck_assert_int_eq(bk_cad_listen(path, 0600, &listener), BK_OK);
    ck_assert_int_eq(pthread_create(&thread, NULL, stand_in, NULL), 0);
    client = open_client();
}

static void end(int came, int read)
{
    bk_ca_close(&client);
    (void)shutdown(listener, SHUT_RDWR);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    (void)close(listener);
    ck_assert_int_eq(connections, came);
    ck_assert_int_eq(requests, read);
    bk_sm2_free(&key);
    serverhost_close();
}

static void issue(enum bk_err wanted, bool none)
{
    static const uint8_t serial[BK_SERIAL_BYTES] = {1};
    struct bk_buf sign = BK_BUF_INIT, enc = BK_BUF_INIT;
    const struct bk_ca_pair pair = {.alg = BK_ALG_SM2,
                                    .subject = "x",
                                    .subject_len = 1,
                                    .request = "x",
                                    .request_len = 1,
                                    .enc_key = bk_sm2_pubkey(key),
                                    .sign_serial = serial,
                                    .enc_serial = serial};
    bool said = !none;
    ck_assert_int_eq(bk_ca_issue(client, &pair, &said, &sign, &enc), wanted);
    if (wanted == BK_OK)
        ck_assert_uint_eq(sign.len + enc.len, 2);
    else
        ck_assert_int_eq(said, none);
    bk_buf_free(&sign);
    bk_buf_free(&enc);
}

START_TEST(connection_is_kept)
{
    begin((const char *const[]){"aaaaa", NULL});
    for (int i = 0; i < 5; i++)
        issue(BK_OK, false);
    end(1, 5);
}
END_TEST

/* The CA would close it sooner or later, and who stands between might hide that. */
START_TEST(connection_is_not_kept_for_long)
{
    const struct timespec long_time = {.tv_sec = BK_CAD_IDLE_S};
    begin((const char *const[]){"aa", "a", NULL});
    issue(BK_OK, false);
    (void)nanosleep(&long_time, NULL);
    issue(BK_OK, false);
    end(2, 2);
}
END_TEST

START_TEST(unread_request_is_sent_again)
{
    begin((const char *const[]){"a", "au", "u", "au", "u", "u", "a", NULL});
    issue(BK_OK, false);
    issue(BK_OK, false);  /* the kept one was closed */
    issue(BK_OK, false);  /* or is now, and so is a fresh one */
    issue(BK_ENET, true); /* two fresh ones are enough */
    issue(BK_OK, false);
    end(7, 4);
}
END_TEST

START_TEST(request_that_may_be_done_is_not_sent_again)
{
    begin((const char *const[]){"ar", "a", "r", NULL});
    issue(BK_OK, false);
    issue(BK_ENET, false);
    issue(BK_OK, false);
    end(2, 3);
}
END_TEST

START_TEST(cut_answer_ends_the_connection)
{
    begin((const char *const[]){"aha", "a", NULL});
    issue(BK_OK, false);
    issue(BK_ENET, false);
    issue(BK_OK, false);
    end(2, 3);
}
END_TEST

START_TEST(more_than_an_answer_ends_the_connection)
{
    begin((const char *const[]){"sa", "a", NULL});
    issue(BK_EFORMAT, false);
    issue(BK_OK, false);
    end(2, 2);
}
END_TEST

START_TEST(refusal_ends_the_connection)
{
    begin((const char *const[]){"na", "a", NULL});
    issue(BK_EREFUSED, true);
    issue(BK_OK, false);
    end(2, 2);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("server_ca_socket");
    TCase *ca = tcase_create("ca"), *platform = tcase_create("platform");
    tcase_add_checked_fixture(ca, set_up, tear_down);
    tcase_set_timeout(ca, 60);
    tcase_add_test(ca, one_connection_carries_many_requests);
    tcase_add_test(ca, request_may_come_in_pieces);
    tcase_add_test(ca, request_behind_a_request_ends_the_connection);
    tcase_add_test(ca, connection_ends_with_what_cant_be_read);
    tcase_add_test(ca, half_a_request_is_dropped_in_time);
    tcase_add_test(ca, slow_list_is_read_to_its_end);
    tcase_add_test(ca, idle_connections_hold_nobody_up);
    tcase_add_test(ca, another_life_of_the_ca_goes_on);
    tcase_add_test(ca, several_ask_at_once);
    suite_add_tcase(suite, ca);
    tcase_set_timeout(platform, 60);
    tcase_add_test(platform, connection_is_kept);
    tcase_add_test(platform, connection_is_not_kept_for_long);
    tcase_add_test(platform, unread_request_is_sent_again);
    tcase_add_test(platform, request_that_may_be_done_is_not_sent_again);
    tcase_add_test(platform, cut_answer_ends_the_connection);
    tcase_add_test(platform, more_than_an_answer_ends_the_connection);
    tcase_add_test(platform, refusal_ends_the_connection);
    suite_add_tcase(suite, platform);
    return run_suite(suite);
}
