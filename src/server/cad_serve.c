/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The CA process's socket. The main thread takes connections and ends those that are idle; a few
 * others wait for whichever of them has something to say, so that one that says nothing holds none
 * of them.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "server/cad.h"
#include "server/cad_wire.h"

#define THREADS_MAX 32u
#define WAITING 14u
#define CONNECTIONS 256u

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

struct connection {
    pthread_mutex_t lock;
    int fd;           /* -1: none */
    atomic_bool used; /* since the last look for idle ones */
};

/* What one exchange reads. */
struct frames {
    struct connection *from;
    struct bk_buf ahead;
    enum bk_err err; /* of the last */
};

static enum bk_err next_frame(void *context, struct bk_buf *frame)
{
    struct frames *f = context;
    atomic_store(&f->from->used, true);
    f->err = bk_cad_receive(f->from->fd, &f->ahead, frame);
    return f->err;
}

/* Whether it went well, and was all that was sent: else nobody knows where the next one begins. */
static bool exchange(struct bk_cad *cad, struct connection *c)
{
    struct bk_buf request = BK_BUF_INIT, answer = BK_BUF_INIT;
    struct frames frames = {.from = c, .ahead = BK_BUF_INIT};
    const struct bk_cad_frames more = {next_frame, &frames};
    enum bk_err err = next_frame(&frames, &request);
    bool left = err == BK_ENET && !frames.ahead.len; /* it had no more to ask */
    if (err == BK_OK)
        err = bk_cad_answer(cad, &request, &more, &answer);
    if (err == BK_OK)
        err = bk_cad_send(c->fd, &answer);
    if (err != BK_OK && !left)
        bk_log(BK_LOG_WARN, "cad: exchange failed: %s", bk_err_name(err));
    bool good = err == BK_OK && frames.err == BK_OK && !frames.ahead.len;
    bk_buf_free(&frames.ahead);
    bk_buf_free(&request);
    bk_buf_free(&answer);
    return good;
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
    int listener, stop, epoll; /* stop: readable when it does */
    struct connection all[CONNECTIONS];
};

/* One thread is told, once, that there is something to read. It may be done with the connection
 * before this one is back from here: hence the lock. */
static bool watch(const struct service *s, int how, struct connection *c)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLONESHOT, .data.ptr = c};
    (void)pthread_mutex_lock(&c->lock);
    bool is = epoll_ctl(s->epoll, how, c->fd, &event) == 0;
    (void)pthread_mutex_unlock(&c->lock);
    return is;
}

static void drop(struct connection *c)
{
    (void)pthread_mutex_lock(&c->lock);
    (void)close(c->fd);
    c->fd = -1;
    (void)pthread_mutex_unlock(&c->lock);
}

/* One of several that answer who has something to ask. */
static void *work(void *context)
{
    const struct service *s = context;
    struct epoll_event event;
    for (;;) {
        int n = epoll_wait(s->epoll, &event, 1, -1);
        struct connection *c = n > 0 ? event.data.ptr : NULL;
        if (n > 0 && !c)
            return NULL;
        if (!c)
            continue;
        if (!exchange(s->cad, c) || !watch(s, EPOLL_CTL_MOD, c))
            drop(c);
    }
}

/* --- the main thread --- */

static struct connection *find_room(struct service *s)
{
    for (struct connection *c = s->all; c < s->all + CONNECTIONS; c++) {
        (void)pthread_mutex_lock(&c->lock);
        bool none = c->fd < 0;
        (void)pthread_mutex_unlock(&c->lock);
        if (none)
            return c;
    }
    return NULL;
}

static void take(struct service *s, struct connection *room)
{
    const struct timeval t = {.tv_sec = 5};
    int fd = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0) { /* such as no descriptor left: not to be tried without a pause */
        (void)poll(NULL, 0, errno == EINTR || errno == ECONNABORTED ? 0 : 100);
        return;
    }
    if (!peer_allowed(s->serving, fd) ||
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t) != 0 ||
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof t) != 0) {
        (void)close(fd);
        return;
    }
    (void)pthread_mutex_lock(&room->lock);
    room->fd = fd;
    (void)pthread_mutex_unlock(&room->lock);
    atomic_store(&room->used, true);
    if (!watch(s, EPOLL_CTL_ADD, room))
        drop(room);
}

/* Nothing more comes in by those, so that a thread finds their end. What came in before is answered
 * all the same: nobody asks in vain because he was late. */
static void end_idle(struct service *s)
{
    for (struct connection *c = s->all; c < s->all + CONNECTIONS; c++) {
        (void)pthread_mutex_lock(&c->lock);
        if (!atomic_exchange(&c->used, false) && c->fd >= 0)
            (void)shutdown(c->fd, SHUT_RD);
        (void)pthread_mutex_unlock(&c->lock);
    }
}

/* Takes connections, as long as there is room, until it is to stop. */
static enum bk_err take_all(struct service *s)
{
    int leash = s->serving->watch_fd;
    int64_t looked = bk_clock_ms();
    while (!*s->serving->stop) {
        struct connection *room = find_room(s);
        struct pollfd watched[] = {{.fd = leash, .events = POLLIN},
                                   {.fd = room ? s->listener : -1, .events = POLLIN}};
        int n = poll(watched, 2, 1000);
        if (n < 0 && errno != EINTR)
            return BK_EIO;
        if (n > 0 && watched[0].revents && at_end(leash))
            break;
        if (n > 0 && room && watched[1].revents)
            take(s, room);
        if (bk_clock_ms() - looked >= BK_CAD_IDLE_S * 1000) {
            end_idle(s);
            looked = bk_clock_ms();
        }
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

static enum bk_err open_service(struct service *s)
{
    struct epoll_event stop = {.events = EPOLLIN}; /* of no connection: all threads are told */
    for (size_t i = 0; i < CONNECTIONS; i++) {
        s->all[i].fd = -1;
        (void)pthread_mutex_init(&s->all[i].lock, NULL);
    }
    s->stop = eventfd(0, EFD_CLOEXEC);
    s->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (s->stop < 0 || s->epoll < 0 || epoll_ctl(s->epoll, EPOLL_CTL_ADD, s->stop, &stop) != 0)
        return BK_EIO;
    return bk_cad_listen(s->serving->socket, s->serving->for_client ? 0660 : 0600, &s->listener);
}

static void close_service(struct service *s)
{
    const int fds[] = {s->listener, s->stop, s->epoll};
    for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
        if (fds[i] >= 0)
            (void)close(fds[i]);
    for (size_t i = 0; i < CONNECTIONS; i++) {
        if (s->all[i].fd >= 0)
            (void)close(s->all[i].fd);
        (void)pthread_mutex_destroy(&s->all[i].lock);
    }
}

enum bk_err bk_cad_serve(struct bk_cad *cad, const struct bk_cad_serving *serving)
{
    struct service service = {.cad = cad, .serving = serving, .listener = -1};
    pthread_t threads[THREADS_MAX];
    unsigned wanted = thread_count(), started = 0;
    sigset_t all, before;
    enum bk_err err = open_service(&service);
    if (err != BK_OK)
        goto out;
    /* signals are the main thread's, which waits */
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    while (started < wanted && pthread_create(&threads[started], NULL, work, &service) == 0)
        started++;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    err = started ? take_all(&service) : BK_ENOMEM;
    (void)shutdown(service.listener, SHUT_RDWR);
    (void)eventfd_write(service.stop, 1);
    for (unsigned i = 0; i < started; i++)
        (void)pthread_join(threads[i], NULL);
out:
    close_service(&service);
    return err;
}
