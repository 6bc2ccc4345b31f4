/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/write.h"

static atomic_int log_fd = -1;
static atomic_int log_level = BK_LOG_ERROR;
static atomic_bool log_json, log_own;

static const char *const level_names[] = {"error", "warn", "info", "debug"};

/* A pipe or a terminal is opened anew, where it can be: whether a write waits is said for all who
 * share a description, and the program's own waits as it wants. */
static int open_stderr(void)
{
    struct stat st;
    int fd = -1;
    if (!log_own && fstat(STDERR_FILENO, &st) == 0 &&
        (S_ISFIFO(st.st_mode) || isatty(STDERR_FILENO)))
        fd = open("/proc/self/fd/2", O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    return fd >= 0 ? fd : fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
}

void bk_log_own(void)
{
    log_own = true;
}

enum bk_err bk_log_open(const char *path, enum bk_log_level level)
{
    const int how = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY;
    int fd = -1;
    if (path) {
        fd = strcmp(path, "-") == 0 ? open_stderr()
                                    : open(path, how | (log_own ? 0 : O_NONBLOCK), 0600);
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

void bk_log_json(bool json)
{
    atomic_store(&log_json, json);
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

struct line {
    char text[1024];
    size_t len;
};

/* What doesn't fit is cut; two bytes stay free for the end. */
static void add(struct line *line, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void add(struct line *line, const char *fmt, ...)
{
    size_t room = sizeof line->text - 2 - line->len;
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(line->text + line->len, room, fmt, args);
    va_end(args);
    line->len += n < 0 ? 0 : (size_t)n < room ? (size_t)n : room - 1;
}

/* A control character in a message could forge a second line; a quotation mark, or bytes that are
 * no characters, would make JSON none. It is cut at a character, with room for what ends the line.
 */
static void add_text(struct line *line, const char *text, bool json)
{
    bool characters = !json || bk_utf8_valid(text, strlen(text));
    for (const char *c = text; *c; c++) {
        unsigned char byte = (unsigned char)*c;
        if (line->len >= sizeof line->text - 16 + (byte >= 0x80 && byte < 0xc0 ? 4u : 0u))
            break;
        if (json && (byte == '"' || byte == '\\'))
            line->text[line->len++] = '\\';
        line->text[line->len++] =
            byte < 0x20 || byte == 0x7f || (byte >= 0x80 && !characters) ? '?' : *c;
    }
    line->text[line->len] = 0;
}

static void begin(struct line *line, enum bk_log_level level, bool json)
{
    struct timespec now = {0};
    struct tm tm = {0};
    char second[32];
    (void)clock_gettime(CLOCK_REALTIME, &now);
    (void)gmtime_r(&now.tv_sec, &tm);
    (void)strftime(second, sizeof second, "%Y-%m-%dT%H:%M:%S", &tm);
    add(line,
        json ? "{\"time\":\"%s.%03ldZ\",\"pid\":%d,\"level\":\"%s\",\"message\":\""
             : "%s.%03ldZ %d %s ",
        second, now.tv_nsec / 1000000, (int)getpid(), level_names[level]);
}

/* One write, so that lines of several processes don't mix. */
static void end(struct line *line, int fd, bool json)
{
    if (json)
        line->text[line->len++] = '}';
    line->text[line->len++] = '\n';
    ssize_t written = 0;
    if (log_own)
        written = bk_write(fd, line->text, line->len);
    else
        bk_write_line(fd, line->text, line->len);
    (void)written; /* a log that can't be written must not stop the work */
}

static bool wanted(enum bk_log_level level, int *fd)
{
    *fd = atomic_load(&log_fd);
    return *fd >= 0 && (int)level <= atomic_load(&log_level);
}

void bk_log(enum bk_log_level level, const char *fmt, ...)
{
    int fd = -1;
    if (!wanted(level, &fd))
        return;
    int saved = errno;
    bool json = atomic_load(&log_json);
    struct line line = {.len = 0};
    char text[sizeof line.text];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    begin(&line, level, json);
    add_text(&line, text, json);
    if (json)
        add(&line, "\"");
    end(&line, fd, json);
    errno = saved;
}

/* Left out when it doesn't fit. */
static void add_field(struct line *line, const struct bk_log_field *field, bool json)
{
    size_t len = strlen(field->name) + (field->text ? 2 * strlen(field->text) : 20);
    if (line->len + len + 32 > sizeof line->text)
        return;
    add(line, json ? ",\"%s\":" : " %s=", field->name);
    if (!field->text)
        add(line, "%lld", field->number);
    else if (json)
        add(line, "\"");
    if (field->text)
        add_text(line, field->text, json);
    if (field->text && json)
        add(line, "\"");
}

void bk_log_fields(enum bk_log_level level, const char *message, const struct bk_log_field *fields,
                   size_t count)
{
    int fd = -1;
    if (!wanted(level, &fd))
        return;
    int saved = errno;
    bool json = atomic_load(&log_json);
    struct line line = {.len = 0};
    begin(&line, level, json);
    add_text(&line, message, json);
    if (json)
        add(&line, "\"");
    for (size_t i = 0; i < count; i++)
        add_field(&line, &fields[i], json);
    end(&line, fd, json);
    errno = saved;
}
