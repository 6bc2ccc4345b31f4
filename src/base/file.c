/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/write.h"

static enum bk_err from_errno(void)
{
    switch (errno) {
    case ENOENT:
        return BK_ENOTFOUND;
    case EACCES:
    case EPERM:
    case ELOOP:
        return BK_EDENIED;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return BK_EFULL;
    case ENOMEM:
        return BK_ENOMEM;
    default:
        return BK_EIO;
    }
}

enum bk_err bk_file_read(const char *path, size_t max, struct bk_buf *out)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return from_errno();
    size_t start = out->len;
    enum bk_err err = BK_OK;
    while (err == BK_OK) {
        err = bk_buf_reserve(out, 4096);
        if (err != BK_OK)
            break;
        ssize_t n = read(fd, out->data + out->len, 4096);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            err = n < 0 ? from_errno() : BK_OK;
            break;
        }
        out->len += (size_t)n;
        if (out->len - start > max)
            err = BK_ELIMIT;
    }
    (void)close(fd);
    if (err != BK_OK)
        out->len = start;
    return err;
}

static enum bk_err write_all(int fd, const void *data, size_t len)
{
    const uint8_t *at = data;
    while (len) {
        ssize_t n = bk_write(fd, at, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return from_errno();
        at += n;
        len -= (size_t)n;
    }
    return BK_OK;
}

static enum bk_err sync_folder_of(const char *path)
{
    char dir[PATH_MAX];
    const char *slash = strrchr(path, '/');
    size_t len = slash ? (size_t)(slash - path) : 0;
    if (len >= sizeof dir)
        return BK_ELIMIT;
    if (slash && !len)
        len = 1; /* the root folder itself */
    memcpy(dir, slash ? path : ".", slash ? len : 1);
    dir[slash ? len : 1] = 0;
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return from_errno();
    enum bk_err err = fsync(fd) == 0 ? BK_OK : from_errno();
    (void)close(fd);
    return err;
}

static enum bk_err fill_and_rename(int fd, const char *temp, const char *path, const void *data,
                                   size_t len)
{
    enum bk_err err = write_all(fd, data, len);
    if (err == BK_OK && fsync(fd) != 0)
        err = from_errno();
    if (close(fd) != 0 && err == BK_OK)
        err = from_errno();
    if (err == BK_OK && rename(temp, path) != 0)
        err = from_errno();
    if (err != BK_OK) {
        (void)unlink(temp);
        return err;
    }
    return sync_folder_of(path);
}

enum bk_err bk_file_replace(const char *path, const void *data, size_t len, mode_t mode)
{
    char temp[PATH_MAX];
    int n = snprintf(temp, sizeof temp, "%s.new", path);
    if (n < 0 || (size_t)n >= sizeof temp)
        return BK_ELIMIT;
    /* a file left by a cut is ours to overwrite; unlink first so that its mode and links are not */
    if (unlink(temp) != 0 && errno != ENOENT)
        return from_errno();
    int fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    return fd < 0 ? from_errno() : fill_and_rename(fd, temp, path, data, len);
}

/* A device, a pipe, or a link to what isn't there yet. */
static enum bk_err write_into(const char *path, const void *data, size_t len, mode_t mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOCTTY | O_CLOEXEC, mode);
    if (fd < 0)
        return from_errno();
    enum bk_err err = write_all(fd, data, len);
    if (close(fd) != 0 && err == BK_OK)
        err = from_errno();
    return err;
}

enum bk_err bk_file_output(const char *path, const void *data, size_t len, mode_t mode)
{
    char target[PATH_MAX], temp[PATH_MAX];
    struct stat st;
    bool there = stat(path, &st) == 0;
    if (there ? !S_ISREG(st.st_mode) : lstat(path, &st) == 0)
        return write_into(path, data, len, mode);
    if (there ? !realpath(path, target) : strlen(path) >= sizeof target)
        return there ? from_errno() : BK_ELIMIT;
    if (!there)
        memcpy(target, path, strlen(path) + 1);
    int fd = -1;
    for (unsigned i = 0; fd < 0; i++) {
        int n = snprintf(temp, sizeof temp, "%s.%ld-%u", target, (long)getpid(), i);
        if (n < 0 || (size_t)n >= sizeof temp)
            return BK_ELIMIT;
        fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
        if (fd < 0 && errno != EEXIST)
            return from_errno();
    }
    if (there && fchmod(fd, st.st_mode & 07777) != 0) {
        enum bk_err err = from_errno();
        (void)close(fd);
        (void)unlink(temp);
        return err;
    }
    return fill_and_rename(fd, temp, target, data, len);
}

enum bk_err bk_file_remove(const char *path)
{
    return unlink(path) == 0 ? sync_folder_of(path) : from_errno();
}

static int open_lock(const char *path)
{
    return open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
}

static enum bk_err try_lock(int fd, int how)
{
    int rc;
    do
        rc = flock(fd, LOCK_EX | how);
    while (rc != 0 && errno == EINTR);
    return rc == 0 ? BK_OK : errno == EWOULDBLOCK ? BK_EBUSY : from_errno();
}

enum bk_err bk_file_lock(const char *path, int wait, int *fd)
{
    int got = open_lock(path);
    if (got < 0)
        return from_errno();
    enum bk_err err = try_lock(got, wait ? 0 : LOCK_NB);
    if (err == BK_OK)
        *fd = got;
    else
        (void)close(got);
    return err;
}

enum bk_err bk_file_lock_within(const char *path, unsigned ms, int *fd)
{
    struct timespec start, now, nap = {.tv_nsec = 50000};
    int got = open_lock(path);
    if (got < 0)
        return from_errno();
    (void)clock_gettime(CLOCK_MONOTONIC, &start);
    enum bk_err err;
    for (;;) {
        err = try_lock(got, LOCK_NB);
        (void)clock_gettime(CLOCK_MONOTONIC, &now);
        int64_t waited =
            (int64_t)(now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000;
        if (err != BK_EBUSY || waited >= ms)
            break;
        (void)nanosleep(&nap, NULL);
        nap.tv_nsec = nap.tv_nsec < 1000000 ? nap.tv_nsec * 2 : nap.tv_nsec;
    }
    if (err == BK_OK)
        *fd = got;
    else
        (void)close(got);
    return err;
}

void bk_file_unlock(int *fd)
{
    /* a child that was forked meanwhile has the descriptor, too: closing ours wouldn't let go */
    if (*fd >= 0) {
        (void)flock(*fd, LOCK_UN);
        (void)close(*fd);
    }
    *fd = -1;
}

enum bk_err bk_dir_make(const char *path)
{
    char part[PATH_MAX];
    size_t len = strlen(path);
    if (!len || len >= sizeof part)
        return BK_ELIMIT;
    memcpy(part, path, len + 1);
    for (size_t i = 1; i <= len; i++) {
        if (part[i] != '/' && part[i] != 0)
            continue;
        part[i] = 0;
        if (mkdir(part, 0700) != 0 && errno != EEXIST)
            return from_errno();
        part[i] = path[i];
    }
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode) ? BK_OK : BK_EEXISTS;
}

enum bk_err bk_dir_private(const char *path)
{
    struct stat st;
    enum bk_err err = bk_dir_make(path);
    if (err)
        return err;
    if (lstat(path, &st) != 0)
        return from_errno();
    return S_ISDIR(st.st_mode) && st.st_uid == geteuid() && !(st.st_mode & 077) ? BK_OK
                                                                                : BK_EDENIED;
}
