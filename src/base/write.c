/* SPDX-License-Identifier: Apache-2.0 */
#include "base/write.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <time.h>
#include <unistd.h>

/* What the calling thread had, and which of the two signals would be ours. */
struct held {
    sigset_t mask, ours;
};

static void hold(struct held *held)
{
    sigset_t both, pending;
    (void)sigemptyset(&both);
    (void)sigaddset(&both, SIGPIPE);
    (void)sigaddset(&both, SIGXFSZ);
    held->ours = both;
    (void)pthread_sigmask(SIG_BLOCK, &both, &held->mask);
    (void)sigpending(&pending);
    /* one that waits already is somebody else's, and a second one is no more than it */
    if (sigismember(&pending, SIGPIPE))
        (void)sigdelset(&held->ours, SIGPIPE);
    if (sigismember(&pending, SIGXFSZ))
        (void)sigdelset(&held->ours, SIGXFSZ);
}

/* A signal of a write comes to the thread that wrote, and is there when it returns; it comes with a
 * part that was written, too. */
static void let_go(const struct held *held, ssize_t written, size_t len)
{
    static const struct timespec now = {0};
    int saved = errno;
    bool signalled = written < 0 ? saved == EPIPE || saved == EFBIG : (size_t)written < len;
    while (signalled && sigtimedwait(&held->ours, NULL, &now) < 0 && errno == EINTR)
        continue;
    (void)pthread_sigmask(SIG_SETMASK, &held->mask, NULL);
    errno = saved;
}

ssize_t bk_write(int fd, const void *data, size_t len)
{
    struct held held;
    hold(&held);
    ssize_t written = write(fd, data, len);
    let_go(&held, written, len);
    return written;
}

ssize_t bk_pwrite(int fd, const void *data, size_t len, off_t at)
{
    struct held held;
    hold(&held);
    ssize_t written = pwrite(fd, data, len, at);
    let_go(&held, written, len);
    return written;
}

void bk_write_line(int fd, const void *line, size_t len)
{
    /* a pipe that takes anything takes a line whole; one may be shared with a program that waits */
    struct pollfd out = {.fd = fd, .events = POLLOUT};
    int saved = errno;
    ssize_t written = 0;
    if (poll(&out, 1, 0) == 1 && out.revents == POLLOUT)
        written = bk_write(fd, line, len);
    (void)written;
    errno = saved;
}
