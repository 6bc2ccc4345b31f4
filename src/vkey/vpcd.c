/* SPDX-License-Identifier: Apache-2.0 */
#include "vkey/vpcd.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/secret.h"

/* A payload of one byte is the reader's own command. */
enum { POWER_OFF = 0, POWER_ON = 1, RESET = 2, GET_ATR = 4 };

#define RETRY_MS 200
#define WORD_MAX 32u
#define ASKER_S 1
#define KEY_S 60 /* it may be making a pair of keys */

struct server {
    struct bk_vkey *key;
    unsigned port;
    int stop_fd, control, reader;
    bool inserted;
    struct bk_buf in, out;
};

static int connect_reader(unsigned port)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    int on = 1;
    if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0 ||
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

/* The driver writes length and payload apart; unless the first is acknowledged at once it holds
 * the second back for 40 ms. The kernel forgets the option, so it is set after each receive. */
static void acknowledge_at_once(int fd)
{
    int on = 1;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

static void disconnect(struct server *s)
{
    if (s->reader >= 0)
        (void)close(s->reader);
    s->reader = -1;
    bk_buf_clear(&s->in);
    bk_vkey_reset(s->key);
}

static void try_connect(struct server *s)
{
    if (!s->inserted || s->reader >= 0)
        return;
    s->reader = connect_reader(s->port);
    if (s->reader >= 0) {
        bk_vkey_reset(s->key);
        acknowledge_at_once(s->reader);
    }
}

static bool send_all(int fd, const uint8_t *data, size_t len)
{
    while (len) {
        ssize_t n = send(fd, data, len, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        data += n;
        len -= (size_t)n;
    }
    return true;
}

/* Length and payload in one write. */
static enum bk_err answer(struct server *s, const uint8_t *payload, size_t len)
{
    struct bk_buf frame = BK_BUF_INIT;
    enum bk_err err = bk_buf_put_u16be(&frame, (uint16_t)len);
    if (err == BK_OK)
        err = bk_buf_put(&frame, payload, len);
    if (err == BK_OK && !send_all(s->reader, frame.data, frame.len))
        disconnect(s);
    bk_buf_free(&frame);
    return err;
}

static enum bk_err handle(struct server *s, const uint8_t *payload, size_t len)
{
    if (len != 1) {
        enum bk_err err = bk_vkey_transmit(s->key, payload, len, &s->out);
        return err == BK_OK ? answer(s, s->out.data, s->out.len) : err;
    }
    size_t atr_len = 0;
    const uint8_t *atr = bk_vkey_atr(&atr_len);
    if (payload[0] == GET_ATR)
        return answer(s, atr, atr_len);
    bk_vkey_reset(s->key); /* off, on, reset: its state is gone */
    return BK_OK;
}

/* What has come; complete frames are answered. */
static enum bk_err receive(struct server *s)
{
    uint8_t chunk[4096];
    ssize_t n = recv(s->reader, chunk, sizeof chunk, 0);
    if (n < 0 && errno == EINTR)
        return BK_OK;
    if (n <= 0) {
        disconnect(s);
        return BK_OK;
    }
    acknowledge_at_once(s->reader);
    enum bk_err err = bk_buf_put(&s->in, chunk, (size_t)n);
    bk_wipe(chunk, sizeof chunk);
    while (err == BK_OK && s->in.len >= 2) {
        size_t len = (size_t)s->in.data[0] << 8 | s->in.data[1];
        if (s->in.len < 2 + len)
            break;
        err = len ? handle(s, s->in.data + 2, len) : BK_OK;
        if (s->reader < 0)
            break;
        s->in.len -= 2 + len;
        memmove(s->in.data, s->in.data + 2 + len, s->in.len);
    }
    return err;
}

static bool set_address(const char *path, struct sockaddr_un *to)
{
    *to = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof to->sun_path)
        return false;
    memcpy(to->sun_path, path, strlen(path) + 1);
    return true;
}

static int connect_control(const struct sockaddr_un *to)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)to, sizeof *to) != 0) {
        (void)close(fd);
        fd = -1;
    }
    return fd;
}

static enum bk_err listen_control(const char *path, int *control)
{
    struct sockaddr_un at;
    if (!set_address(path, &at))
        return BK_ELIMIT;
    int other = connect_control(&at);
    if (other >= 0) {
        (void)close(other);
        return BK_EBUSY;
    }
    if (errno == ECONNREFUSED) /* left by a server that was killed */
        (void)unlink(path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    mode_t mask = umask(0177);
    bool good = fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0 && listen(fd, 4) == 0;
    (void)umask(mask);
    if (!good) {
        if (fd >= 0)
            (void)close(fd);
        return BK_EIO;
    }
    *control = fd;
    return BK_OK;
}

static const char *obey(struct server *s, const char *word)
{
    if (strcmp(word, "insert") == 0) {
        s->inserted = true;
        try_connect(s);
        return s->reader >= 0 ? "ok\n" : "waiting\n";
    }
    if (strcmp(word, "remove") == 0) {
        s->inserted = false;
        disconnect(s);
        return "ok\n";
    }
    if (strcmp(word, "reset") == 0) {
        bk_vkey_reset(s->key);
        return "ok\n";
    }
    return "error: insert, remove or reset\n";
}

/* A line from a peer that has so many seconds for it; false when it isn't one. */
static bool read_line(int fd, time_t seconds, char line[WORD_MAX + 1])
{
    const struct timeval patience = {.tv_sec = seconds};
    size_t len = 0;
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    while (len < WORD_MAX) {
        ssize_t n = recv(fd, line + len, WORD_MAX - len, 0);
        if (n <= 0)
            return false;
        char *end = memchr(line + len, '\n', (size_t)n);
        len += (size_t)n;
        if (end) {
            *end = 0;
            return true;
        }
    }
    return false;
}

static void serve_control(struct server *s)
{
    char word[WORD_MAX + 1];
    int fd = accept4(s->control, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        return;
    if (read_line(fd, ASKER_S, word)) {
        const char *said = obey(s, word);
        (void)send_all(fd, (const uint8_t *)said, strlen(said));
    }
    (void)close(fd);
}

static enum bk_err loop(struct server *s)
{
    for (;;) {
        try_connect(s);
        struct pollfd fds[] = {{.fd = s->stop_fd, .events = POLLIN},
                               {.fd = s->control, .events = POLLIN},
                               {.fd = s->reader, .events = POLLIN}};
        int timeout = s->inserted && s->reader < 0 ? RETRY_MS : -1;
        if (poll(fds, 3, timeout) < 0) {
            if (errno == EINTR)
                continue;
            return BK_EIO;
        }
        if (fds[0].revents)
            return BK_OK;
        enum bk_err err = fds[2].revents ? receive(s) : BK_OK;
        if (err != BK_OK)
            return err;
        if (fds[1].revents)
            serve_control(s);
    }
}

enum bk_err bk_vpcd_serve(struct bk_vkey *key, const struct bk_vpcd_params *params)
{
    struct server s = {.key = key,
                       .port = params->port,
                       .stop_fd = params->stop_fd,
                       .control = -1,
                       .reader = -1,
                       .inserted = true};
    enum bk_err err = params->control ? listen_control(params->control, &s.control) : BK_OK;
    if (err == BK_OK)
        err = loop(&s);
    disconnect(&s);
    if (params->control && s.control >= 0) {
        (void)unlink(params->control);
        (void)close(s.control);
    }
    bk_buf_free(&s.in);
    bk_buf_free(&s.out);
    return err;
}

enum bk_err bk_vpcd_control(const char *path, const char *word, struct bk_buf *out)
{
    struct sockaddr_un to;
    char line[WORD_MAX + 1];
    if (!set_address(path, &to))
        return BK_ELIMIT;
    if (strlen(word) > WORD_MAX - 1)
        return BK_EINVAL;
    int fd = connect_control(&to);
    if (fd < 0)
        return BK_ENOTFOUND;
    bk_buf_clear(out);
    const char *text = NULL;
    enum bk_err err = BK_EIO;
    if (send_all(fd, (const uint8_t *)word, strlen(word)) &&
        send_all(fd, (const uint8_t *)"\n", 1) && read_line(fd, KEY_S, line)) {
        err = bk_buf_put_str(out, line);
        if (err == BK_OK)
            err = bk_buf_cstr(out, &text);
    }
    (void)close(fd);
    return err;
}
