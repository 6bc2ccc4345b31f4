/* SPDX-License-Identifier: Apache-2.0 */
/* A log and a trace are the module's own affair: the program goes on, whatever becomes of them. */
#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "modcase.h"
#include "runner.h"

/* --- one that ends
 * --------------------------------------------------------------------------------*/

enum end { READER_GONE, STDERR_GONE, FULL };

static const struct {
    const char *name; /* in [log] */
    enum end end;
} ends[] = {
    {"file", READER_GONE},  {"file", STDERR_GONE}, {"file", FULL},
    {"trace", READER_GONE}, {"trace", FULL},
};

static int configure(const char *name, const char *path)
{
    FILE *f = fopen(h.conf, "we");
    return f &&
                   fprintf(f,
                           "[key]\nvirtual-key = %s\npcsc = no\n[log]\nlevel = debug\n"
                           "%s = %s\n",
                           h.key, name, path) > 0 &&
                   fclose(f) == 0
               ? 0
               : -1;
}

/* The descriptor that reads, if there is one. */
static int open_end(enum end end, const char *path)
{
    int ends_of[2];
    if (end == READER_GONE && mkfifo(path, 0600) == 0)
        return open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (end == STDERR_GONE && pipe2(ends_of, O_CLOEXEC) == 0 && dup2(ends_of[1], 2) == 2)
        return ends_of[0];
    return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static int cut(enum end end, int reader)
{
    struct rlimit limit;
    if (end != FULL)
        return close(reader);
    if (getrlimit(RLIMIT_FSIZE, &limit) != 0)
        return -1;
    limit.rlim_cur = 0;
    return setrlimit(RLIMIT_FSIZE, &limit);
}

/* A line each in log and trace, at least. */
static bool use(void)
{
    CK_SESSION_HANDLE s = 0;
    CK_TOKEN_INFO info;
    return h.f->C_GetTokenInfo(0, &info) == CKR_OK &&
           h.f->C_OpenSession(99, CKF_SERIAL_SESSION, NULL, NULL, &s) == CKR_SLOT_ID_INVALID;
}

static bool signals_are(const sigset_t *mask)
{
    sigset_t now, pending;
    struct sigaction action;
    if (pthread_sigmask(SIG_SETMASK, NULL, &now) != 0 || sigpending(&pending) != 0)
        return false;
    for (int i = 1; i <= SIGRTMAX; i++)
        if (sigismember(&now, i) != sigismember(mask, i) || sigismember(&pending, i) == 1)
            return false;
    return sigaction(SIGPIPE, NULL, &action) == 0 && action.sa_handler == SIG_DFL &&
           sigaction(SIGXFSZ, NULL, &action) == 0 && action.sa_handler == SIG_DFL;
}

static int go_on(const char *name, enum end end)
{
    const struct rlimit no_core = {0, 0};
    char path[96];
    sigset_t mask;
    (void)snprintf(path, sizeof path, "%s/log", h.dir);
    (void)signal(SIGPIPE, SIG_DFL);
    (void)signal(SIGXFSZ, SIG_DFL);
    if (pthread_sigmask(SIG_SETMASK, NULL, &mask) != 0 || setrlimit(RLIMIT_CORE, &no_core) != 0)
        return 1;
    int reader = open_end(end, path);
    if (reader < 0 || configure(name, end == STDERR_GONE ? "-" : path) != 0)
        return 2;
    if (h.f->C_Initialize(NULL) != CKR_OK || !use())
        return 3;
    if (cut(end, reader) != 0 || !use())
        return 4;
    if (!signals_are(&mask))
        return 5;
    return h.f->C_Finalize(NULL) == CKR_OK ? 0 : 6;
}

START_TEST(a_log_that_ends_is_not_the_programs_end)
{
    char path[96];
    (void)snprintf(path, sizeof path, "%s/log", h.dir);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0)
        _exit(go_on(ends[_i].name, ends[_i].end));
    int status = 0;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(status == 0, "%s, %d: %x", ends[_i].name, (int)ends[_i].end, (unsigned)status);
    (void)unlink(path);
}
END_TEST

/* --- one that nobody reads
 * -------------------------------------------------------------------------*/

enum unread { PIPE, TERMINAL, SOCKET };

/* Standard error, and what would read it. */
static int open_unread(enum unread kind)
{
    int fds[2] = {-1, -1};
    if (kind == PIPE && pipe2(fds, O_CLOEXEC) != 0)
        return -1;
    if (kind == SOCKET && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
        return -1;
    if (kind == TERMINAL) {
        fds[0] = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
        if (fds[0] < 0 || grantpt(fds[0]) != 0 || unlockpt(fds[0]) != 0)
            return -1;
        fds[1] = open(ptsname(fds[0]), O_RDWR | O_NOCTTY | O_CLOEXEC);
    }
    return dup2(fds[1], 2) == 2 && close(fds[1]) == 0 ? fds[0] : -1;
}

static int go_on_unread(enum unread kind)
{
    char text[4096];
    CK_SESSION_HANDLE s = 0;
    (void)signal(SIGALRM, SIG_DFL); /* Check's own kills us all */
    (void)alarm(20);
    int reader = open_unread(kind), flags = fcntl(2, F_GETFL);
    if (reader < 0 || setenv("BJCA_LOG", "-", 1) != 0 || h.f->C_Initialize(NULL) != CKR_OK)
        return 1;
    for (int i = 0; i < 5000; i++)
        if (h.f->C_OpenSession(99, CKF_SERIAL_SESSION, NULL, NULL, &s) != CKR_SLOT_ID_INVALID)
            return 2;
    if (fcntl(2, F_GETFL) != flags) /* who waits for what is the program's to say */
        return 3;
    ssize_t len = read(reader, text, sizeof text);
    if (len <= 0 || !memmem(text, (size_t)len, "call: 0x3 ", 10))
        return 4;
    return h.f->C_Finalize(NULL) == CKR_OK ? 0 : 5;
}

START_TEST(a_log_is_not_waited_for)
{
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0)
        _exit(go_on_unread((enum unread)_i));
    int status = 0;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(status == 0, "%x", (unsigned)status);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("log");
    TCase *t = mc_case(suite, "empty key", mc_setup);
    tcase_add_loop_test(t, a_log_that_ends_is_not_the_programs_end, 0, sizeof ends / sizeof *ends);
    tcase_add_loop_test(t, a_log_is_not_waited_for, PIPE, SOCKET + 1);
    return run_suite(suite);
}
