/* SPDX-License-Identifier: Apache-2.0 */
#include "http.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <microhttpd.h>

#include "bench.h"

struct http *http_open(uint16_t port)
{
    struct http *h = calloc(1, sizeof *h);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    int one = 1;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (!h || (h->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) < 0 ||
        connect(h->fd, (struct sockaddr *)&to, sizeof to) != 0 ||
        setsockopt(h->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) != 0)
        bench_die("no connection");
    return h;
}

void http_close(struct http *http)
{
    (void)close(http->fd);
    free(http);
}

static void receive(struct http *h)
{
    size_t have = 0, want = 0;
    char *end = NULL;
    while (!end || have < want) {
        ssize_t n = recv(h->fd, h->buffer + have, sizeof h->buffer - 1 - have, 0);
        if (n <= 0)
            bench_die("the server closed the connection, or its answer is too long");
        have += (size_t)n;
        h->buffer[have] = 0;
        if (end || !(end = strstr(h->buffer, "\r\n\r\n")))
            continue;
        const char *length = strcasestr(h->buffer, "\r\nContent-Length:");
        if (!length || length > end)
            bench_die("an answer without its length");
        h->body = end + 4;
        h->body_len = strtoul(length + 17, NULL, 10);
        want = (size_t)(h->body - h->buffer) + h->body_len;
    }
    h->status = (unsigned)strtoul(h->buffer + 9, NULL, 10);
}

void http_ask(struct http *h, const char *method, const char *path, const char *token,
              const char *json)
{
    static atomic_uint keys;
    char request[16384], body[32];
    int n = snprintf(request, sizeof request,
                     "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: en\r\n", method, path);
    if (token)
        n += snprintf(request + n, 128, "Authorization: Bearer %s\r\n", token);
    if (token && json)
        n += snprintf(request + n, 128, "Idempotency-Key: \"%d-%u\"\r\n", (int)getpid(),
                      atomic_fetch_add(&keys, 1));
    (void)snprintf(body, sizeof body, "%zu", json ? strlen(json) : 0);
    n += snprintf(request + n, sizeof request - (size_t)n, "%sContent-Length: %s\r\n\r\n%s",
                  json ? "Content-Type: application/json\r\n" : "", body, json ? json : "");
    if ((size_t)n >= sizeof request || send(h->fd, request, (size_t)n, MSG_NOSIGNAL) != n)
        bench_die("a request can't be sent");
    receive(h);
}

static enum MHD_Result hello(void *context, struct MHD_Connection *connection, const char *url,
                             const char *method, const char *version, const char *data,
                             size_t *data_size, void **request)
{
    static int begun;
    (void)url, (void)method, (void)version, (void)data;
    if (!*request) {
        *request = &begun;
        return MHD_YES;
    }
    if (*data_size) { /* taken, not looked at */
        *data_size = 0;
        return MHD_YES;
    }
    return MHD_queue_response(connection, 200, context);
}

uint16_t http_hello(unsigned threads, size_t body_len)
{
    int ready[2];
    uint16_t port = 0;
    if (pipe(ready) != 0)
        bench_die("no pipe");
    pid_t child = fork();
    if (child < 0)
        bench_die("no process");
    if (!child) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        char *body = calloc(1, body_len + 1);
        if (body)
            memset(body, 'x', body_len);
        struct MHD_Response *response =
            MHD_create_response_from_buffer(body_len, body, MHD_RESPMEM_PERSISTENT);
        (void)MHD_add_response_header(response, "Content-Type", "application/json");
        struct MHD_Daemon *daemon =
            MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, hello, response,
                             MHD_OPTION_THREAD_POOL_SIZE, threads, MHD_OPTION_END);
        const union MHD_DaemonInfo *info =
            daemon ? MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;
        port = info ? info->port : 0;
        if (write(ready[1], &port, sizeof port) != sizeof port)
            _exit(1);
        for (;;)
            (void)pause();
    }
    if (read(ready[0], &port, sizeof port) != sizeof port || !port)
        bench_die("no server");
    (void)close(ready[0]);
    (void)close(ready[1]);
    return port;
}
