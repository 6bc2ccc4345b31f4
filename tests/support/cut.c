/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Preloaded into a program to cut it off, as a kill or a power failure does, at its Nth event:
 *
 *   BJCA_CUT=class:N      before the Nth event of the class (from 1)
 *   BJCA_CUT=class:N+     after it; for `net` once the other side's answer has arrived
 *   BJCA_CUT_STOP=1       not cut off but stopped there, until SIGCONT
 *   BJCA_CUT_LOG=file     instead: the file gets one letter an event, to be counted
 *
 * Classes: `apdu` a line written to the trace file that BJCA_CUT_TRACE names (one an exchange with
 * the key), `file` write, fsync, rename and unlink of files, `net` what is sent over sockets, `db`
 * what SQLite writes and syncs.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { APDU = 'a', FILES = 'f', NET = 'n', DATABASE = 'd' };

static atomic_long counts[4];

static void *next(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

#define REAL(type, name) ((type)next(name))

static size_t index_of(char class)
{
    return class == APDU ? 0 : class == FILES ? 1 : class == NET ? 2 : 3;
}

static void cut_off(void)
{
    (void)kill(getpid(), getenv("BJCA_CUT_STOP") ? SIGSTOP : SIGKILL);
}

static void log_event(char class)
{
    const char *path = getenv("BJCA_CUT_LOG");
    if (!path)
        return;
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0)
        return;
    (void)!REAL(ssize_t(*)(int, const void *, size_t), "write")(fd, &class, 1);
    (void)close(fd);
}

/* 0: go on, 1: this is the one and it is to be cut after, never returns when cut before. */
static int event(char class)
{
    long n = atomic_fetch_add(&counts[index_of(class)], 1) + 1;
    const char *cut = getenv("BJCA_CUT");
    log_event(class);
    if (!cut)
        return 0;
    static const char *const names[] = {"apdu:", "file:", "net:", "db:"};
    const char *name = names[index_of(class)];
    if (strncmp(cut, name, strlen(name)) != 0)
        return 0;
    char *end = NULL;
    long at = strtol(cut + strlen(name), &end, 10);
    if (n != at)
        return 0;
    if (*end == '+')
        return 1;
    cut_off();
    return 0;
}

static void cut_now(int cut, int socket_fd)
{
    if (!cut)
        return;
    if (socket_fd >= 0) {
        struct pollfd p = {.fd = socket_fd, .events = POLLIN};
        (void)poll(&p, 1, 3000);
    }
    cut_off();
}

/* The class of what is written to fd; 0: of no interest (a pipe, a terminal). */
static char class_of(int fd)
{
    struct stat st, trace;
    const char *path = getenv("BJCA_CUT_TRACE");
    if (fstat(fd, &st) != 0)
        return 0;
    if (S_ISSOCK(st.st_mode))
        return NET;
    if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
        return 0;
    if (path && stat(path, &trace) == 0 && trace.st_ino == st.st_ino && trace.st_dev == st.st_dev)
        return APDU;
    return FILES;
}

ssize_t write(int fd, const void *data, size_t len)
{
    char class = class_of(fd);
    /* other lines of the trace (transactions) are no exchanges */
    if (class == APDU && !memmem(data, len, " x ", 3))
        class = 0;
    int cut = class ? event(class) : 0;
    ssize_t n = REAL(ssize_t(*)(int, const void *, size_t), "write")(fd, data, len);
    cut_now(cut, class == NET ? fd : -1);
    return n;
}

ssize_t pwrite(int fd, const void *data, size_t len, off_t at)
{
    int cut = class_of(fd) == FILES ? event(FILES) : 0;
    ssize_t n = REAL(ssize_t(*)(int, const void *, size_t, off_t), "pwrite")(fd, data, len, at);
    cut_now(cut, -1);
    return n;
}

/* no header declares it */
ssize_t pwrite64(int fd, const void *data, size_t len, off_t at);
ssize_t pwrite64(int fd, const void *data, size_t len, off_t at)
{
    int cut = event(DATABASE);
    ssize_t n = REAL(ssize_t(*)(int, const void *, size_t, off_t), "pwrite64")(fd, data, len, at);
    cut_now(cut, -1);
    return n;
}

ssize_t send(int fd, const void *data, size_t len, int flags)
{
    int cut = event(NET);
    ssize_t n = REAL(ssize_t(*)(int, const void *, size_t, int), "send")(fd, data, len, flags);
    cut_now(cut, fd);
    return n;
}

int fsync(int fd)
{
    int cut = event(FILES);
    int rc = REAL(int (*)(int), "fsync")(fd);
    cut_now(cut, -1);
    return rc;
}

int fdatasync(int fd)
{
    int cut = event(FILES) || event(DATABASE);
    int rc = REAL(int (*)(int), "fdatasync")(fd);
    cut_now(cut, -1);
    return rc;
}

int rename(const char *from, const char *to)
{
    int cut = event(FILES);
    int rc = REAL(int (*)(const char *, const char *), "rename")(from, to);
    cut_now(cut, -1);
    return rc;
}

int unlink(const char *path)
{
    int cut = event(FILES);
    int rc = REAL(int (*)(const char *), "unlink")(path);
    cut_now(cut, -1);
    return rc;
}
