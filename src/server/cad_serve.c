/* SPDX-License-Identifier: Apache-2.0 */
/* The CA process's socket. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "server/cad.h"
#include "server/cad_wire.h"

#define THREADS_MAX 32u
#define WAITING 6u

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

static enum bk_err next_frame(void *context, struct bk_buf *frame)
{
    return bk_cad_receive(*(int *)context, frame);
}

static void serve_one(struct bk_cad *cad, const struct bk_cad_serving *serving, int fd)
{
    struct bk_buf request = BK_BUF_INIT, answer = BK_BUF_INIT;
    const struct timeval t = {.tv_sec = 5};
    const struct bk_cad_frames more = {next_frame, &fd};
    if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t) == 0 &&
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof t) == 0 && peer_allowed(serving, fd)) {
        enum bk_err err = bk_cad_receive(fd, &request);
        if (err == BK_OK)
            err = bk_cad_answer(cad, &request, &more, &answer);
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

struct service {
    struct bk_cad *cad;
    const struct bk_cad_serving *serving;
    int listener;
};

/* One of several that take connections, until the listener is shut down. */
static void *work(void *context)
{
    const struct service *s = context;
    for (;;) {
        int fd = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0 && (errno == EINVAL || errno == EBADF))
            return NULL;
        if (fd < 0) /* such as no descriptor left: not to be tried without a pause */
            (void)poll(NULL, 0, errno == EINTR || errno == ECONNABORTED ? 0 : 100);
        else
            serve_one(s->cad, s->serving, fd);
        if (fd >= 0)
            (void)close(fd);
    }
}

static enum bk_err wait_for_stop(const struct bk_cad_serving *serving)
{
    while (!*serving->stop) {
        struct pollfd watched = {.fd = serving->watch_fd, .events = POLLIN};
        int n = poll(&watched, serving->watch_fd >= 0 ? 1 : 0, 1000);
        if (n < 0 && errno != EINTR)
            return BK_EIO;
        if (n > 0 && watched.revents && at_end(serving->watch_fd))
            break;
    }
    return BK_OK;
}

/* As many as processors sign, and more that wait for the disk meanwhile: it is asked once for all
 * who wait. */
static unsigned thread_count(void)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    return processors < 1                       ? 1 + WAITING
           : processors > THREADS_MAX - WAITING ? THREADS_MAX
                                                : (unsigned)processors + WAITING;
}

enum bk_err bk_cad_serve(struct bk_cad *cad, const struct bk_cad_serving *serving)
{
    struct service service = {.cad = cad, .serving = serving, .listener = -1};
    pthread_t threads[THREADS_MAX];
    unsigned wanted = thread_count(), started = 0;
    sigset_t all, before;
    enum bk_err err =
        bk_cad_listen(serving->socket, serving->for_client ? 0660 : 0600, &service.listener);
    if (err != BK_OK)
        return err;
    /* signals are the main thread's, which waits */
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    while (started < wanted && pthread_create(&threads[started], NULL, work, &service) == 0)
        started++;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    err = started ? wait_for_stop(serving) : BK_ENOMEM;
    (void)shutdown(service.listener, SHUT_RDWR);
    for (unsigned i = 0; i < started; i++)
        (void)pthread_join(threads[i], NULL);
    (void)close(service.listener);
    return err;
}
