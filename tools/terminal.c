/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <termios.h>
#include <unistd.h>

bool terminal_there(void)
{
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (fd >= 0)
        (void)close(fd);
    return fd >= 0;
}

/* --- Ctrl-C while something else than a question is waited for --- */

static int stop_fd; /* an eventfd, 0: none yet */

static void on_stop(int number)
{
    const uint64_t one = 1;
    int before = errno;
    (void)number;
    (void)!write(stop_fd, &one, sizeof one);
    errno = before;
}

static void take_signals(void)
{
    static const int numbers[] = {SIGINT, SIGTERM};
    struct sigaction stop = {.sa_handler = on_stop, .sa_flags = SA_RESTART | (int)SA_RESETHAND},
                     now;
    for (size_t i = 0; i < 2; i++)
        if (sigaction(numbers[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN)
            (void)sigaction(numbers[i], &stop, NULL);
}

int terminal_stop_fd(void)
{
    if (!stop_fd) {
        int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        stop_fd = fd > 0 ? fd : 0;
        if (stop_fd)
            take_signals();
    }
    return stop_fd;
}

bool terminal_stopped(void)
{
    struct pollfd one = {.fd = stop_fd, .events = POLLIN};
    return stop_fd && poll(&one, 1, 0) == 1;
}

void terminal_go_on(void)
{
    uint64_t count;
    if (terminal_stopped() && read(stop_fd, &count, sizeof count) == sizeof count)
        take_signals();
}

/* A signal that came while a question stood on the terminal; 0: none. */
static volatile sig_atomic_t broke_in;

static void on_break(int number)
{
    broke_in = number;
}

/* Waits until there is something to read or a signal ends it; `open` (may be NULL): the signals let
 * in meanwhile. */
static enum bk_err wait_for_byte(int fd, const sigset_t *open)
{
    struct pollfd both[] = {{.fd = fd, .events = POLLIN},
                            {.fd = stop_fd ? stop_fd : -1, .events = POLLIN}};
    while (ppoll(both, 2, NULL, open) < 0) {
        if (errno != EINTR)
            return BK_EIO;
        if (open && broke_in)
            return BK_ECANCELLED;
    }
    return both[1].revents ? BK_ECANCELLED : BK_OK;
}

/* One line, without its end, byte by byte so that nothing behind it is taken from the pipe. */
static enum bk_err read_line(int fd, const sigset_t *open, char *line, size_t size, size_t *len)
{
    size_t n = 0;
    for (;;) {
        char c;
        enum bk_err err = wait_for_byte(fd, open);
        if (err != BK_OK)
            return err;
        ssize_t got = read(fd, &c, 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return BK_EIO;
        if (got == 0 && n == 0)
            return BK_ECANCELLED;
        if (got == 0 || c == '\n')
            break;
        if (n + 1 >= size)
            return BK_ELIMIT;
        line[n++] = c;
    }
    if (n && line[n - 1] == '\r')
        n--;
    line[n] = 0;
    *len = n;
    return BK_OK;
}

static enum bk_err ask_on(int fd, const sigset_t *open, const char *prompt, bool echo, char *line,
                          size_t size, size_t *len)
{
    struct termios before, silent;
    bool changed = false;
    if (!echo && tcgetattr(fd, &before) == 0) {
        silent = before;
        silent.c_lflag &= ~(tcflag_t)ECHO;
        changed = tcsetattr(fd, TCSAFLUSH, &silent) == 0;
    }
    (void)dprintf(fd, "%s", prompt);
    enum bk_err err = !echo && !changed ? BK_EDENIED : read_line(fd, open, line, size, len);
    if (changed)
        (void)tcsetattr(fd, TCSAFLUSH, &before);
    if (changed || err == BK_ECANCELLED)
        (void)dprintf(fd, "\n");
    return err;
}

/* A signal ends the question; it does what it would have done when the terminal is as it was. */
static enum bk_err ask_once(int fd, const char *prompt, bool echo, char *line, size_t size,
                            size_t *len)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
    enum { COUNT = sizeof numbers / sizeof *numbers };
    struct sigaction ours = {.sa_handler = on_break}, theirs[COUNT];
    sigset_t held, before;
    broke_in = 0;
    (void)sigemptyset(&held);
    for (size_t i = 0; i < COUNT; i++)
        (void)sigaddset(&held, numbers[i]);
    (void)sigprocmask(SIG_BLOCK, &held, &before);
    for (size_t i = 0; i < COUNT; i++) {
        (void)sigaction(numbers[i], NULL, &theirs[i]);
        if (theirs[i].sa_handler != SIG_IGN)
            (void)sigaction(numbers[i], &ours, NULL);
    }
    enum bk_err err = ask_on(fd, &before, prompt, echo, line, size, len);
    for (size_t i = 0; i < COUNT; i++)
        (void)sigaction(numbers[i], &theirs[i], NULL);
    if (broke_in)
        (void)raise(broke_in);
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    return err;
}

enum bk_err terminal_ask(const char *prompt, bool echo, char *line, size_t size, size_t *len)
{
    enum bk_err err;
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return BK_EDENIED;
    do /* brought back from Ctrl-Z it asks again */
        err = ask_once(fd, prompt, echo, line, size, len);
    while (err == BK_ECANCELLED && broke_in == SIGTSTP);
    (void)close(fd);
    return err;
}

enum bk_err terminal_line(int fd, char *line, size_t size, size_t *len)
{
    return read_line(fd, NULL, line, size, len);
}
