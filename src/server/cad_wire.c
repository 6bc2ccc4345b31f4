/* SPDX-License-Identifier: Apache-2.0 */
#include "server/cad_wire.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#define SECONDS 30
#define HEAD ((size_t)4)
#define USUAL ((size_t)8192) /* hardly a frame is longer */

static enum bk_err from_errno(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK ? BK_ETIMEOUT
           : errno == EPIPE || errno == ECONNRESET ? BK_ERESET
                                                   : BK_ENET;
}

/* The frame's head and what is in it, at once: who reads isn't woken for the head. */
static enum bk_err send_both(int fd, const uint8_t head[4], const struct bk_buf *frame)
{
    struct iovec parts[] = {{(void *)(uintptr_t)head, 4}, {frame->data, frame->len}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    while (parts[0].iov_len || parts[1].iov_len) {
        ssize_t n = sendmsg(fd, &message, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return from_errno();
        for (int i = 0; n && i < 2; i++) {
            size_t sent = (size_t)n < parts[i].iov_len ? (size_t)n : parts[i].iov_len;
            parts[i].iov_base = (uint8_t *)parts[i].iov_base + sent;
            parts[i].iov_len -= sent;
            n -= (ssize_t)sent;
        }
    }
    return BK_OK;
}

enum bk_err bk_cad_send(int fd, const struct bk_buf *frame)
{
    const uint8_t head[4] = {(uint8_t)(frame->len >> 24), (uint8_t)(frame->len >> 16),
                             (uint8_t)(frame->len >> 8), (uint8_t)frame->len};
    return frame->len > BK_CAD_FRAME_MAX ? BK_ELIMIT : send_both(fd, head, frame);
}

/* What there is, behind what there is already, with room for so many bytes. */
static enum bk_err receive_more(int fd, struct bk_buf *ahead, size_t room)
{
    enum bk_err err = bk_buf_reserve(ahead, room);
    ssize_t n = -1;
    while (err == BK_OK && n < 0) {
        n = recv(fd, ahead->data + ahead->len, room, 0);
        if (n < 0 && errno != EINTR)
            err = from_errno();
    }
    if (err == BK_OK && n == 0)
        err = BK_ENET;
    if (err == BK_OK)
        ahead->len += (size_t)n;
    return err;
}

/* Of the first frame in it; of a head, while it isn't there. */
static size_t frame_size(const struct bk_buf *ahead)
{
    const uint8_t *head = ahead->data;
    return ahead->len < HEAD ? HEAD
                             : HEAD + ((size_t)head[0] << 24 | (size_t)head[1] << 16 |
                                       (size_t)head[2] << 8 | head[3]);
}

enum bk_err bk_cad_receive(int fd, struct bk_buf *ahead, struct bk_buf *frame)
{
    enum bk_err err = BK_OK;
    size_t size;
    while (err == BK_OK && ahead->len < (size = frame_size(ahead))) {
        size_t missing = size - ahead->len;
        err = size > HEAD + BK_CAD_FRAME_MAX
                  ? BK_ELIMIT
                  : receive_more(fd, ahead, missing > USUAL ? missing : USUAL);
    }
    if (err == BK_OK)
        err = bk_buf_put(frame, ahead->data + HEAD, size - HEAD);
    if (err == BK_OK) {
        ahead->len -= size;
        memmove(ahead->data, ahead->data + size, ahead->len);
    }
    return err;
}

static enum bk_err set_timeouts(int fd)
{
    const struct timeval t = {.tv_sec = SECONDS};
    return setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t) == 0 &&
                   setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof t) == 0
               ? BK_OK
               : BK_EIO;
}

/*
 * A socket's name holds 107 bytes. The folder is opened and the name goes through it, so that the
 * path may be as long as any.
 */
static enum bk_err address_of(const char *path, struct sockaddr_un *address, int *folder)
{
    char dir[4096];
    const char *slash = strrchr(path, '/');
    size_t len = slash ? (size_t)(slash - path) : 1;
    if (len >= sizeof dir)
        return BK_ELIMIT;
    memcpy(dir, slash ? path : ".", len);
    dir[len] = 0;
    *folder = open(len ? dir : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (*folder < 0)
        return BK_ENOTFOUND;
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    int n = snprintf(address->sun_path, sizeof address->sun_path, "/proc/self/fd/%d/%s", *folder,
                     slash ? slash + 1 : path);
    return n > 0 && (size_t)n < sizeof address->sun_path ? BK_OK : BK_ELIMIT;
}

enum bk_err bk_cad_connect(const char *path, int *fd)
{
    struct sockaddr_un address;
    int folder = -1, s = -1;
    enum bk_err err = address_of(path, &address, &folder);
    if (err == BK_OK) {
        s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        err = s < 0 ? BK_EIO : set_timeouts(s);
    }
    if (err == BK_OK && connect(s, (const struct sockaddr *)&address, sizeof address) != 0)
        err = errno == ENOENT || errno == ECONNREFUSED ? BK_ENOTFOUND : BK_ENET;
    if (folder >= 0)
        (void)close(folder);
    if (err != BK_OK && s >= 0)
        (void)close(s);
    else
        *fd = s;
    return err;
}

enum bk_err bk_cad_listen(const char *path, unsigned mode, int *fd)
{
    struct sockaddr_un address;
    int folder = -1, s = -1;
    enum bk_err err = address_of(path, &address, &folder);
    if (err == BK_OK) {
        s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        err = s < 0 ? BK_EIO : BK_OK;
    }
    if (err == BK_OK) {
        (void)unlink(address.sun_path); /* the folder's lock says that nobody uses it */
        if (bind(s, (const struct sockaddr *)&address, sizeof address) != 0 ||
            chmod(address.sun_path, (mode_t)mode) != 0 || listen(s, 64) != 0)
            err = BK_EIO;
    }
    if (folder >= 0)
        (void)close(folder);
    if (err != BK_OK && s >= 0)
        (void)close(s);
    else
        *fd = s;
    return err;
}
