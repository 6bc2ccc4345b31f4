/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static atomic_int log_fd = -1;
static atomic_int log_level = BK_LOG_ERROR;

static const char *const level_names[] = {"error", "warn", "info", "debug"};

enum bk_err bk_log_open(const char *path, enum bk_log_level level)
{
    int fd = -1;
    if (path) {
        fd = strcmp(path, "-") == 0
                 ? fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
                 : open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0)
            return BK_EIO;
    }
    atomic_store(&log_level, (int)level);
    int old = atomic_exchange(&log_fd, fd);
    if (old >= 0)
        (void)close(old);
    return BK_OK;
}

void bk_log_close(void)
{
    int old = atomic_exchange(&log_fd, -1);
    if (old >= 0)
        (void)close(old);
}

enum bk_err bk_log_level_parse(const char *text, enum bk_log_level *level)
{
    for (unsigned i = 0; i < sizeof level_names / sizeof *level_names; i++) {
        if (strcmp(text, level_names[i]) == 0) {
            *level = (enum bk_log_level)i;
            return BK_OK;
        }
    }
    return BK_EINVAL;
}

/* A control character in a message could forge a second line. */
static void flatten(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            *text = '?';
}

void bk_log(enum bk_log_level level, const char *fmt, ...)
{
    int fd = atomic_load(&log_fd);
    if (fd < 0 || (int)level > atomic_load(&log_level))
        return;
    int saved = errno;
    char line[1024];
    struct timespec now = {0};
    struct tm tm = {0};
    (void)clock_gettime(CLOCK_REALTIME, &now);
    (void)gmtime_r(&now.tv_sec, &tm);
    size_t n = strftime(line, sizeof line, "%Y-%m-%dT%H:%M:%S", &tm);
    int head = snprintf(line + n, sizeof line - n, ".%03ldZ %d %s ", now.tv_nsec / 1000000,
                        (int)getpid(), level_names[level]);
    n += head > 0 ? (size_t)head : 0;
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(line + n, sizeof line - n - 1, fmt, args);
    va_end(args);
    flatten(line + n);
    size_t len = strlen(line);
    line[len++] = '\n';
    ssize_t written = write(fd, line, len);
    (void)written; /* a log that can't be written must not stop the work */
    errno = saved;
}
