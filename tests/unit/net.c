/* SPDX-License-Identifier: Apache-2.0 */
/* JSON within bounds; the HTTP client against a server of this test's own that misbehaves. */
#include <check.h>
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client/api.h"
#include "net/http.h"
#include "net/json.h"
#include "runner.h"

static enum bk_err parse(const char *text, json_t **out)
{
    return bk_json_parse(text, strlen(text), 4096, out);
}

START_TEST(json_is_bounded)
{
    static const struct {
        const char *text;
        enum bk_err err;
    } rows[] = {
        {"", BK_EFORMAT},
        {"{}", BK_OK},
        {"{\"a\":1,\"a\":2}", BK_EFORMAT},
        {"{\"a\":\"\\u0000\"}", BK_EFORMAT},
        {"{\"a\":1} x", BK_EFORMAT},
        {"{\"a\":\"\xff\"}", BK_EFORMAT},
        {"[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]", BK_OK},
        {"[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]", BK_ELIMIT},
        {"[\"[[[[[[[[[[[[[[[[[[[[[[[[\\\"[[\"]", BK_OK},
        {"{\"a\":1e400}", BK_EFORMAT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *json = NULL;
        ck_assert_msg(parse(rows[i].text, &json) == rows[i].err, "row %zu", i);
        json_decref(json);
    }
    json_t *json = NULL;
    ck_assert_int_eq(bk_json_parse("[1,2]", 5, 4, &json), BK_ELIMIT);
}
END_TEST

/* Behind what is there, of any length. */
START_TEST(json_text_has_any_length)
{
    for (size_t len = 0; len<5000; len += len> 1000 && len < 1030 ? 1 : 101) {
        struct bk_buf long_one = BK_BUF_INIT, text = BK_BUF_INIT;
        ck_assert_int_eq(bk_buf_put_str(&text, "<"), BK_OK);
        for (size_t i = 0; i < len; i++)
            ck_assert_int_eq(bk_buf_put_u8(&long_one, 'x'), BK_OK);
        json_t *json = json_stringn_nocheck(len ? (const char *)long_one.data : "", len);
        ck_assert_int_eq(bk_json_text(json, &text), BK_OK);
        ck_assert_uint_eq(text.len, len + 3);
        ck_assert(memcmp(text.data, "<\"", 2) == 0 && text.data[len + 2] == '"');
        ck_assert(!len || memcmp(text.data + 2, long_one.data, len) == 0);
        json_decref(json);
        bk_buf_free(&long_one);
        bk_buf_free(&text);
    }
}
END_TEST

/* As jansson writes it, and read by it again. */
START_TEST(json_text_is_jansson_s)
{
    static const char *const rows[] = {
        "{}", "[]",
        "[[],{},\"\",0,-1,9223372036854775807,-9223372036854775808,true,false,null,1.5,-2e-30]",
        "{\"a\":{\"b\":[1,2,{\"c\":null}]},\"\":1,\"\\\"\":2,\"订单\":\"证书\"}",
        "[\"\\b\\t\\n\\f\\r\\\"\\\\/\\u0001\\u001f\x7f\",\"x\\ny\",\"\\ud83d\\ude00\"]"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *json = NULL, *again = NULL;
        struct bk_buf text = BK_BUF_INIT;
        const char *got = "";
        ck_assert_int_eq(parse(rows[i], &json), BK_OK);
        ck_assert_int_eq(bk_json_text(json, &text), BK_OK);
        ck_assert_int_eq(bk_buf_cstr(&text, &got), BK_OK);
        char *theirs = json_dumps(json, JSON_COMPACT);
        ck_assert_str_eq(got, theirs);
        ck_assert_int_eq(parse(got, &again), BK_OK);
        ck_assert(json_equal(json, again));
        free(theirs);
        json_decref(json);
        json_decref(again);
        bk_buf_free(&text);
    }
}
END_TEST

START_TEST(json_text_has_no_end_of_levels)
{
    json_t *json = json_array(), *in = json;
    struct bk_buf text = BK_BUF_INIT;
    ck_assert_int_eq(bk_buf_put_str(&text, "<"), BK_OK);
    for (int i = 1; i < BK_JSON_DEPTH; i++, in = json_array_get(in, 0))
        ck_assert_int_eq(json_array_append_new(in, json_array()), 0);
    ck_assert_int_eq(json_array_append_new(in, json_integer(1)), 0);
    ck_assert_int_eq(bk_json_text(json, &text), BK_OK);
    ck_assert_uint_eq(text.len, 2 + 2 * BK_JSON_DEPTH);
    ck_assert_int_eq(json_array_append_new(in, json_array()), 0);
    ck_assert_int_eq(bk_json_text(json, &text), BK_ELIMIT);
    ck_assert_uint_eq(text.len, 2 + 2 * BK_JSON_DEPTH);
    ck_assert_int_eq(bk_json_text(NULL, &text), BK_ENOMEM);
    json_decref(json);
    bk_buf_free(&text);
}
END_TEST

/* The same text comes of what is written by itself. */
START_TEST(json_text_is_written_without_objects)
{
    static const char *const texts[] = {"",     "plain", "\"\\/", "\b\t\n\f\r\x01\x1f\x7f",
                                        "订单", "a订",   "x\ny"};
    struct bk_buf text = BK_BUF_INIT;
    const char *got = "";
    json_t *list = json_array();
    struct bk_json_out out = bk_json_begin(&text);
    bk_json_open(&out, NULL, '{');
    bk_json_open(&out, "list", '[');
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        bk_json_put_str(&out, NULL, texts[i]);
        ck_assert_int_eq(json_array_append_new(list, json_string(texts[i])), 0);
    }
    bk_json_close(&out, ']');
    bk_json_open(&out, "none", '{');
    bk_json_close(&out, '}');
    bk_json_put_str(&out, "text", "x");
    bk_json_put_int(&out, "least", INT64_MIN);
    bk_json_put_flag(&out, "yes", true);
    bk_json_put_flag(&out, "no", false);
    bk_json_put_bytes(&out, "bytes", "\0\1\2\3", 4);
    bk_json_close(&out, '}');
    json_t *json =
        json_pack("{s:o, s:{}, s:s, s:I, s:b, s:b, s:s}", "list", list, "none", "text", "x",
                  "least", (json_int_t)INT64_MIN, "yes", 1, "no", 0, "bytes", "AAECAw==");
    char *theirs = json_dumps(json, JSON_COMPACT);
    ck_assert_int_eq(out.err, BK_OK);
    ck_assert_int_eq(bk_buf_cstr(&text, &got), BK_OK);
    ck_assert_str_eq(got, theirs);
    bk_json_put_str(&out, NULL, "\xff");
    ck_assert_int_eq(out.err, BK_EFORMAT);
    size_t before = text.len;
    bk_json_put_int(&out, NULL, 1);
    bk_json_close(&out, ']');
    ck_assert_uint_eq(text.len, before);
    free(theirs);
    json_decref(json);
    bk_buf_free(&text);
}
END_TEST

START_TEST(json_members_have_types)
{
    json_t *json = NULL;
    const char *s = NULL;
    int64_t n = 0;
    struct bk_buf bytes = BK_BUF_INIT;
    ck_assert_int_eq(parse("{\"s\":\"abc\",\"n\":5,\"b\":\"AAEC\",\"z\":null,\"f\":1.5}", &json),
                     BK_OK);
    ck_assert_int_eq(bk_json_str(json, "s", 3, &s), BK_OK);
    ck_assert_int_eq(bk_json_str(json, "s", 2, &s), BK_ELIMIT);
    ck_assert_int_eq(bk_json_str(json, "n", 9, &s), BK_EFORMAT);
    ck_assert_int_eq(bk_json_str(json, "z", 9, &s), BK_ENOTFOUND);
    ck_assert_int_eq(bk_json_str(json, "q", 9, &s), BK_ENOTFOUND);
    ck_assert_int_eq(bk_json_int(json, "n", 0, 5, &n), BK_OK);
    ck_assert_int_eq(bk_json_int(json, "n", 6, 9, &n), BK_ELIMIT);
    ck_assert_int_eq(bk_json_int(json, "f", 0, 9, &n), BK_EFORMAT);
    ck_assert_int_eq(bk_json_bytes(json, "b", 3, &bytes), BK_OK);
    ck_assert_uint_eq(bytes.len, 3);
    ck_assert_int_eq(bk_json_bytes(json, "b", 2, &bytes), BK_ELIMIT);
    ck_assert_int_eq(bk_json_bytes(json, "s", 9, &bytes), BK_EFORMAT);
    bk_buf_free(&bytes);
    json_decref(json);
}
END_TEST

/* Answers each connection with the next of these texts, then closes it. */
struct server {
    int fd;
    unsigned port;
    const char *const *answers;
    char seen[8192]; /* the last request */
    unsigned count;
    pthread_t thread;
};

static void *serve(void *context)
{
    struct server *s = context;
    for (; *s->answers; s->answers++) {
        int c = accept(s->fd, NULL, NULL);
        if (c < 0)
            break;
        ssize_t n = recv(c, s->seen, sizeof s->seen - 1, 0);
        s->seen[n > 0 ? n : 0] = 0;
        s->count++;
        if (strcmp(*s->answers, "hang") == 0)
            (void)recv(c, s->seen, 1, 0); /* until the client gives up */
        else
            (void)!write(c, *s->answers, strlen(*s->answers));
        (void)close(c);
    }
    return NULL;
}

static void server_start(struct server *s, const char *const *answers)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof a;
    *s = (struct server){.fd = socket(AF_INET, SOCK_STREAM, 0), .answers = answers};
    ck_assert_int_eq(bind(s->fd, (struct sockaddr *)&a, sizeof a), 0);
    ck_assert_int_eq(listen(s->fd, 4), 0);
    ck_assert_int_eq(getsockname(s->fd, (struct sockaddr *)&a, &len), 0);
    s->port = ntohs(a.sin_port);
    ck_assert_int_eq(pthread_create(&s->thread, NULL, serve, s), 0);
}

static void server_stop(struct server *s)
{
    (void)shutdown(s->fd, SHUT_RDWR);
    (void)close(s->fd);
    (void)pthread_join(s->thread, NULL);
}

static struct bk_http *client(const struct server *s, struct bk_http_options o)
{
    char url[64];
    struct bk_http *http = NULL;
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u", s->port);
    o.base_url = url;
    ck_assert_int_eq(bk_http_new(&o, &http), BK_OK);
    return http;
}

START_TEST(urls_that_are_not_taken)
{
    static const char *const bad[] = {"http://platform.example",
                                      "ftp://127.0.0.1",
                                      "https://",
                                      "https://user@host.example",
                                      "https://host.example/path",
                                      "https://host.example?x",
                                      "file:///etc/passwd",
                                      "",
                                      "http://127.0.0.1.example",
                                      "http://localhost.example"};
    static const struct {
        const char *url, *origin;
    } good[] = {{"https://Host.Example", "https://host.example"},
                {"https://host.example:443/", "https://host.example"},
                {"https://host.example:8443", "https://host.example:8443"},
                {"http://127.0.0.1:80", "http://127.0.0.1"},
                {"http://[::1]:8080", "http://[::1]:8080"}};
    struct bk_http *http = NULL;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(bk_http_new(&(struct bk_http_options){.base_url = bad[i]}, &http) ==
                          BK_EINVAL,
                      "%s", bad[i]);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ck_assert_int_eq(bk_http_new(&(struct bk_http_options){.base_url = good[i].url}, &http),
                         BK_OK);
        ck_assert_str_eq(bk_http_origin(http), good[i].origin);
        bk_http_free(&http);
    }
}
END_TEST

START_TEST(http_answer_and_headers)
{
    static const char *const answers[] = {
        "HTTP/1.1 503 Busy\r\nContent-Type: application/problem+json\r\nRetry-After: 7\r\n"
        "Content-Length: 2\r\nConnection: close\r\n\r\n{}",
        NULL};
    struct server s;
    server_start(&s, answers);
    struct bk_http *http = client(&s, (struct bk_http_options){.languages = "zh-CN"});
    struct bk_http_response r;
    struct bk_http_request q = {.method = "POST",
                                .path = "/v1/x",
                                .body = "{}",
                                .body_len = 2,
                                .content_type = "application/json",
                                .bearer = "tok",
                                .idempotency = "key1"};
    ck_assert_int_eq(bk_http_do(http, &q, &r), BK_OK);
    ck_assert_int_eq(r.status, 503);
    ck_assert_int_eq(r.retry_after, 7);
    ck_assert_str_eq(r.content_type, "application/problem+json");
    ck_assert_uint_eq(r.body.len, 2);
    bk_http_response_free(&r);
    server_stop(&s);
    static const char *const lines[] = {"POST /v1/x HTTP/1.1\r\n", "Authorization: Bearer tok\r\n",
                                        "Idempotency-Key: key1\r\n", "Accept-Language: zh-CN\r\n",
                                        "Content-Type: application/json\r\n"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        ck_assert_msg(strstr(s.seen, lines[i]) != NULL, "%s", lines[i]);
    q.bearer = "tok\r\nX: y";
    ck_assert_int_eq(bk_http_do(http, &q, &r), BK_EINVAL);
    bk_http_free(&http);
}
END_TEST

START_TEST(http_refuses_redirect_and_length)
{
    static const char *const answers[] = {
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n"
        "Connection: close\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 11\r\nConnection: close\r\n\r\n12345678901",
        "HTTP/1.1 200 OK\r\nContent-Length: 99\r\nConnection: close\r\n\r\ncut", "rubbish\r\n\r\n",
        NULL};
    static const enum bk_err expected[] = {BK_EREFUSED, BK_ELIMIT, BK_ENET, BK_ENET};
    static const char *const says[] = {
        "redirect (302)", "answer is too long",
        "the exchange with the server failed: ", "the exchange with the server failed: "};
    struct server s;
    server_start(&s, answers);
    struct bk_http *http = client(&s, (struct bk_http_options){.max_body = 10});
    for (size_t i = 0; i < 4; i++) {
        struct bk_http_response r;
        struct bk_http_request q = {.method = "GET", .path = "/"};
        ck_assert_int_eq(bk_http_do(http, &q, &r), expected[i]);
        ck_assert_ptr_null(r.body.data);
        ck_assert_msg(strstr(bk_http_error(http), says[i]), "%s", bk_http_error(http));
    }
    bk_http_free(&http);
    server_stop(&s);
}
END_TEST

START_TEST(http_has_a_deadline)
{
    static const char *const answers[] = {"hang", NULL};
    struct server s;
    server_start(&s, answers);
    struct bk_http *http = client(&s, (struct bk_http_options){.total_ms = 200});
    struct bk_http_response r;
    struct bk_http_request q = {.method = "GET", .path = "/"};
    ck_assert_int_eq(bk_http_do(http, &q, &r), BK_ETIMEOUT);
    bk_http_free(&http);
    server_stop(&s);
}
END_TEST

START_TEST(api_repeats_only_what_may_be_repeated)
{
    static const char ok[] = "HTTP/1.1 200 OK\r\nContent-Length: 23\r\nConnection: close\r\n\r\n"
                             "{\"phone_prefix\":\"138\"} ";
    static const char busy[] =
        "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    static const char no[] = "HTTP/1.1 403 No\r\nContent-Length: 49\r\nConnection: close\r\n\r\n"
                             "{\"code\":\"code-wrong\",\"detail\":\"x\",\"tries_left\":4}";
    static const char later[] =
        "HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    static const char *const answers[] = {later, busy, ok, busy, no, NULL};
    struct timespec before, after;
    struct server s;
    char url[64], prefix[8];
    uint8_t secret[BK_API_SECRET] = {0};
    struct bk_buf answer = BK_BUF_INIT;
    struct bk_api *api = NULL;
    server_start(&s, answers);
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u", s.port);
    ck_assert_int_eq(bk_api_new(&(struct bk_api_options){.url = url}, &api), BK_OK);
    (void)clock_gettime(CLOCK_MONOTONIC, &before);
    ck_assert_int_eq(bk_api_unlock_hint(api, "S", prefix), BK_OK);
    (void)clock_gettime(CLOCK_MONOTONIC, &after);
    ck_assert_str_eq(prefix, "138");
    ck_assert_uint_eq(s.count, 3);
    ck_assert_int_ge(after.tv_sec - before.tv_sec, 1); /* not before it is asked to */
    /* a redemption counts: it is sent once */
    ck_assert_int_eq(bk_api_unlock_redeem(api, "id", "BCDF-GHJK", secret, "x", 1, &answer),
                     BK_ENET);
    ck_assert_uint_eq(s.count, 4);
    ck_assert_int_eq(bk_api_unlock_redeem(api, "id", "BCDF-GHJK", secret, "x", 1, &answer),
                     BK_EREFUSED);
    ck_assert_str_eq(bk_api_problem(api)->code, "code-wrong");
    ck_assert_int_eq(bk_api_problem(api)->tries_left, 4);
    bk_api_free(&api);
    server_stop(&s);
}
END_TEST

/* What stands before a platform that is away answers for it: that is no word of the platform's. */
START_TEST(a_proxys_page_is_no_refusal)
{
#define PAGE "Content-Type: text/html\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<html>"
#define PROBLEM                                                                                    \
    "Content-Type: application/problem+json\r\nContent-Length: 32\r\nConnection: close\r\n\r\n"    \
    "{\"code\":\"busy\",\"detail\":\"later\"}"
    static const struct {
        const char *answers[2];
        enum bk_err err;
        const char *code, *error;
    } rows[] = {
        {{"HTTP/1.1 502 Bad Gateway\r\n" PAGE}, BK_ENET, "", "502"},
        {{"HTTP/1.1 503 Unavailable\r\n" PAGE}, BK_ENET, "", "503"},
        {{"HTTP/1.1 504 Timeout\r\n" PAGE}, BK_ENET, "", "504"},
        {{"HTTP/1.1 503 Busy\r\n" PROBLEM}, BK_EREFUSED, "busy", ""},
        {{"HTTP/1.1 409 Conflict\r\nContent-Type: application/problem+json\r\n"
          "Content-Length: 34\r\nConnection: close\r\n\r\n"
          "{\"code\":\"idempotency-in-progress\"}"},
         BK_ETIMEOUT,
         "idempotency-in-progress",
         ""},
        {{"HTTP/1.1 500 Internal\r\n" PAGE}, BK_EREFUSED, "", ""},
    };
    uint8_t secret[BK_API_SECRET] = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct server s;
        char url[64];
        struct bk_api *api = NULL;
        struct bk_buf answer = BK_BUF_INIT;
        server_start(&s, rows[i].answers);
        (void)snprintf(url, sizeof url, "http://127.0.0.1:%u", s.port);
        ck_assert_int_eq(bk_api_new(&(struct bk_api_options){.url = url}, &api), BK_OK);
        ck_assert_int_eq(bk_api_unlock_redeem(api, "id", "BCDF-GHJK", secret, "x", 1, &answer),
                         rows[i].err);
        ck_assert_str_eq(bk_api_problem(api)->code, rows[i].code);
        ck_assert_msg(strstr(bk_api_error(api), rows[i].error) != NULL, "%s", bk_api_error(api));
        bk_api_free(&api);
        server_stop(&s);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("net");
    TCase *t = tcase_create("net");
    tcase_set_timeout(t, 20);
    tcase_add_test(t, json_is_bounded);
    tcase_add_test(t, json_text_has_any_length);
    tcase_add_test(t, json_text_is_jansson_s);
    tcase_add_test(t, json_text_is_written_without_objects);
    tcase_add_test(t, json_text_has_no_end_of_levels);
    tcase_add_test(t, json_members_have_types);
    tcase_add_test(t, urls_that_are_not_taken);
    tcase_add_test(t, http_answer_and_headers);
    tcase_add_test(t, http_refuses_redirect_and_length);
    tcase_add_test(t, http_has_a_deadline);
    tcase_add_test(t, api_repeats_only_what_may_be_repeated);
    tcase_add_test(t, a_proxys_page_is_no_refusal);
    suite_add_tcase(s, t);
    return run_suite(s);
}
