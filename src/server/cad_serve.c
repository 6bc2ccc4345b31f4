/* SPDX-License-Identifier: Apache-2.0 */
/* The CA process's socket. */
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "server/cad.h"
#include "server/cad_wire.h"

static bool peer_allowed(const struct bk_cad_serving *serving, int fd)
{
    struct ucred peer = {0};
    socklen_t len = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) != 0)
        return false;
    if (peer.uid == geteuid() || peer.uid == 0 ||
        (serving->for_client && peer.uid == serving->client))
        return true;
    bk_log(BK_LOG_WARN, "cad: process %d of user %u is not served", (int)peer.pid,
           (unsigned)peer.uid);
    return false;
}

static void serve_one(struct bk_cad *cad, const struct bk_cad_serving *serving, int fd)
{
    struct bk_buf request = BK_BUF_INIT, answer = BK_BUF_INIT;
    const struct timeval t = {.tv_sec = 5};
    if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t) == 0 &&
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof t) == 0 && peer_allowed(serving, fd)) {
        enum bk_err err = bk_cad_receive(fd, &request);
        if (err == BK_OK)
            err = bk_cad_answer(cad, &request, &answer);
        if (err == BK_OK)
            err = bk_cad_send(fd, &answer);
        if (err != BK_OK)
            bk_log(BK_LOG_WARN, "cad: exchange failed: %s", bk_err_name(err));
    }
    bk_buf_free(&request);
    bk_buf_free(&answer);
}

/* At its end: whoever started us is gone. What it sends means nothing. */
static bool at_end(int fd)
{
    char byte;
    ssize_t n = read(fd, &byte, 1);
    return n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN);
}

enum bk_err bk_cad_serve(struct bk_cad *cad, const struct bk_cad_serving *serving)
{
    int listener = -1, watch_fd = serving->watch_fd;
    enum bk_err err = bk_cad_listen(serving->socket, serving->for_client ? 0660 : 0600, &listener);
    if (err != BK_OK)
        return err;
    while (!*serving->stop) {
        struct pollfd fds[2] = {{.fd = listener, .events = POLLIN},
                                {.fd = watch_fd, .events = POLLIN}};
        int n = poll(fds, watch_fd >= 0 ? 2 : 1, 1000);
        if (n < 0 && errno != EINTR) {
            err = BK_EIO;
            break;
        }
        if (n <= 0)
            continue;
        if (fds[1].revents && watch_fd >= 0 && at_end(watch_fd))
            break;
        int fd = fds[0].revents ? accept4(listener, NULL, NULL, SOCK_CLOEXEC) : -1;
        if (fd >= 0) {
            serve_one(cad, serving, fd);
            (void)close(fd);
        }
    }
    (void)close(listener);
    return err;
}
