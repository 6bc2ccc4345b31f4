/* SPDX-License-Identifier: Apache-2.0 */
#include "server/child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum bk_err bk_program_path(const char *name, char *path, size_t size)
{
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n > 0) {
        self[n] = 0;
        char *slash = strrchr(self, '/');
        if (slash)
            *slash = 0;
        int len = snprintf(path, size, "%s/%s", self, name);
        if (len > 0 && (size_t)len < size && access(path, X_OK) == 0)
            return BK_OK;
    }
    int len = snprintf(path, size, "%s/%s", SBINDIR, name);
    return len > 0 && (size_t)len < size && access(path, X_OK) == 0 ? BK_OK : BK_ENOTFOUND;
}

enum bk_err bk_child_start(struct bk_child *child, char *const argv[])
{
    int leash[2];
    if (pipe2(leash, O_CLOEXEC) != 0)
        return BK_EIO;
    pid_t pid = fork();
    if (pid == 0) {
        /* only calls that are safe after a fork of many threads */
        (void)dup2(leash[0], STDIN_FILENO);
        (void)execv(argv[0], argv);
        _exit(127);
    }
    (void)close(leash[0]);
    if (pid < 0) {
        (void)close(leash[1]);
        return BK_EIO;
    }
    child->pid = pid;
    child->leash = leash[1];
    return BK_OK;
}

static void drop_leash(struct bk_child *child)
{
    if (child->leash >= 0)
        (void)close(child->leash);
    child->leash = -1;
}

enum bk_err bk_child_run(char *const argv[], int *code)
{
    struct bk_child child = BK_CHILD_INIT;
    int status = 0;
    pid_t got;
    enum bk_err err = bk_child_start(&child, argv);
    if (err != BK_OK)
        return err;
    drop_leash(&child);
    do
        got = waitpid(child.pid, &status, 0);
    while (got < 0 && errno == EINTR);
    *code = got == child.pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return BK_OK;
}

int bk_child_ended(struct bk_child *child)
{
    if (!child->pid)
        return 1;
    if (waitpid(child->pid, NULL, WNOHANG) != child->pid)
        return 0;
    child->pid = 0;
    drop_leash(child);
    return 1;
}

void bk_child_stop(struct bk_child *child)
{
    drop_leash(child);
    if (child->pid > 0)
        (void)waitpid(child->pid, NULL, 0);
    child->pid = 0;
}
