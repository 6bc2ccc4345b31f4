/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Preloaded into a program: another disk under its files.
 *
 *   TEST_DISK_MS=N        it takes so long for each fsync and fdatasync
 *   TEST_DISK_FAILS=file  as long as there is one, each of those fails with the error in it
 *   TEST_DISK_KEPT=folder what a power failure would leave: each of those that has worked copies
 * the file, as far as it went when that began, to there, under the number of its inode. Nothing
 * else that was written counts.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PART 65536

static int copy(int from, off_t size, const char *path)
{
    static _Thread_local char part[PART];
    int to = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    off_t at = 0;
    while (to >= 0 && at < size) {
        size_t want = size - at < PART ? (size_t)(size - at) : PART;
        ssize_t n = pread(from, part, want, at);
        if (n <= 0 || write(to, part, (size_t)n) != n)
            break;
        at += n;
    }
    if (to >= 0)
        (void)close(to);
    return to >= 0 && at == size ? 0 : -1;
}

/* By the descriptor itself, if it can be read: who closes another one of a file drops the locks
 * that the process has on it. */
static int keep(int fd, const struct stat *st, const char *folder)
{
    char name[512], whole[520], self[64];
    (void)snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
    int n = snprintf(name, sizeof name, "%s/%llu", folder, (unsigned long long)st->st_ino);
    if (n < 0 || (size_t)n >= sizeof name)
        return -1;
    (void)snprintf(whole, sizeof whole, "%s.part", name);
    bool blind = (fcntl(fd, F_GETFL) & O_ACCMODE) == O_WRONLY;
    int from = blind ? open(self, O_RDONLY | O_CLOEXEC) : fd;
    int rc = from < 0 ? -1 : copy(from, st->st_size, whole);
    if (blind && from >= 0)
        (void)close(from);
    return rc == 0 ? rename(whole, name) : -1;
}

static void take_time(void)
{
    const char *text = getenv("TEST_DISK_MS");
    long ms = text ? strtol(text, NULL, 10) : 0;
    const struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    if (ms > 0)
        (void)nanosleep(&t, NULL);
}

static int error_now(void)
{
    const char *path = getenv("TEST_DISK_FAILS");
    char text[8] = "";
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    ssize_t n = fd >= 0 ? read(fd, text, sizeof text - 1) : -1;
    if (fd >= 0)
        (void)close(fd);
    return n > 0 ? (int)strtol(text, NULL, 10) : 0;
}

/* One after the other, in all programs, so that no older copy comes to stand over a newer one. */
static int sync_by(const char *which, int fd)
{
    char path[512];
    struct stat st;
    const char *folder = getenv("TEST_DISK_KEPT");
    int (*real)(int) = NULL;
    *(void **)&real = dlsym(RTLD_NEXT, which);
    take_time();
    int fails = error_now();
    if (fails) {
        errno = fails;
        return -1;
    }
    if (!folder || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return real(fd);
    (void)snprintf(path, sizeof path, "%s/lock", folder);
    int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0 || flock(lock, LOCK_EX) != 0 || fstat(fd, &st) != 0)
        abort();
    int rc = real(fd);
    if (rc == 0 && keep(fd, &st, folder) != 0)
        abort(); /* nothing that follows could be believed */
    (void)close(lock);
    return rc;
}

int fsync(int fd)
{
    return sync_by("fsync", fd);
}

int fdatasync(int fd)
{
    return sync_by("fdatasync", fd);
}
