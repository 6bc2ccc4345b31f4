/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The virtual key when power fails: a child process is cut at every write, fsync and rename, and at
 * every byte of a save; then the parent looks at what is left. And several processes on one key.
 *
 * write, pwrite, fsync, fdatasync and rename below stand before libc's: they count, and at the
 * chosen one the process ends, a write with half its bytes done.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "keyhost.h"

#define USER "user-pin-1"
#define ADMIN "Admin%PIN#016cha"
#define OK 0x9000
#define CUT 77

static int cut_at;        /* 0: never; counts down */
static bool cut_at_limit; /* where the system writes no further */

static bool cut_now(void)
{
    return cut_at && --cut_at == 0;
}

static ssize_t limited(ssize_t written)
{
    if (written < 0 && errno == EFBIG && cut_at_limit)
        _exit(CUT);
    return written;
}

ssize_t write(int fd, const void *data, size_t len)
{
    if (cut_now()) {
        (void)syscall(SYS_write, fd, data, len / 2);
        _exit(CUT);
    }
    return limited(syscall(SYS_write, fd, data, len));
}

ssize_t pwrite(int fd, const void *data, size_t len, off_t at)
{
    if (cut_now()) {
        (void)syscall(SYS_pwrite64, fd, data, len / 2, at);
        _exit(CUT);
    }
    return limited(syscall(SYS_pwrite64, fd, data, len, at));
}

int fdatasync(int fd)
{
    if (cut_now())
        _exit(CUT);
    return (int)syscall(SYS_fdatasync, fd);
}

int fsync(int fd)
{
    if (cut_now())
        _exit(CUT);
    return (int)syscall(SYS_fsync, fd);
}

int rename(const char *from, const char *to)
{
    if (cut_now())
        _exit(CUT);
    return (int)syscall(SYS_rename, from, to);
}

/* In a child with a file-size limit: Check's file of messages would meet it first. */
static void mute_check(void)
{
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    for (int fd = 3; fd < null; fd++)
        if (fcntl(fd, F_GETFD) >= 0 && dup2(null, fd) < 0)
            _exit(1);
}

static char *make(int combination)
{
    struct bk_vkey_params params = {.serial = "TEST0003",
                                    .dialect = (enum bk_vkey_dialect)(combination & 1),
                                    .user_pin = USER,
                                    .user_pin_len = strlen(USER),
                                    .admin_pin = ADMIN,
                                    .admin_pin_len = strlen(ADMIN)};
    char *path = keyhost_path();
    ck_assert_int_eq(bk_vkey_create(path, &params), BK_OK);
    return path;
}

/* What a child did: 0 when it got no answer before the cut. */
static uint16_t cut_run(const char *path, int at, uint16_t (*command)(struct keyhost *),
                        bool *was_cut)
{
    int out[2], status = 0;
    uint16_t sw = 0;
    ck_assert_int_eq(pipe(out), 0);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        struct keyhost host;
        keyhost_open(&host, path);
        cut_at = at;
        sw = command(&host);
        (void)syscall(SYS_write, out[1], &sw, sizeof sw);
        _exit(0);
    }
    (void)close(out[1]);
    if (read(out[0], &sw, sizeof sw) != sizeof sw)
        sw = 0;
    (void)close(out[0]);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status));
    *was_cut = WEXITSTATUS(status) == CUT;
    ck_assert(*was_cut || WEXITSTATUS(status) == 0);
    return sw;
}

static uint16_t wrong_pin(struct keyhost *host)
{
    return keyhost_verify(host, 1, "wrong-pin");
}

static uint16_t right_pin(struct keyhost *host)
{
    return keyhost_verify(host, 1, USER);
}

static unsigned tries_left(const char *path)
{
    struct keyhost host;
    keyhost_open(&host, path);
    unsigned left = keyhost_tries(&host, 1);
    keyhost_close(&host);
    return left;
}

/* However early the plug is pulled: who has seen "wrong" has paid. */
START_TEST(pin_retry_survives_power_loss)
{
    bool was_cut = true;
    int cuts = 0;
    for (int at = 1; was_cut; at++) {
        char *path = make(_i);
        uint16_t sw = cut_run(path, at, wrong_pin, &was_cut);
        unsigned left = tries_left(path);
        ck_assert_uint_eq(sw, was_cut ? 0 : 0x63C9);
        ck_assert(left == 9 || (was_cut && left == 10));
        cuts += was_cut;
        keyhost_forget(&path);
    }
    ck_assert_int_ge(cuts, 2); /* the counter's write and sync */
}
END_TEST

/* The try is gone from the disk before the key can know that the PIN was right. */
START_TEST(a_try_is_spent_before_the_comparison)
{
    bool was_cut = true, spent = false;
    for (int at = 1; was_cut; at++) {
        char *path = make(_i);
        uint16_t sw = cut_run(path, at, right_pin, &was_cut);
        unsigned left = tries_left(path);
        ck_assert_uint_eq(sw, was_cut ? 0 : OK);
        ck_assert_uint_ge(left, 9);
        if (was_cut && left == 9)
            spent = true;
        /* once given back, it stays given back */
        if (!was_cut)
            ck_assert_uint_eq(left, 10);
        keyhost_forget(&path);
    }
    ck_assert(spent);
}
END_TEST

static uint16_t change_pin(struct keyhost *host)
{
    return keyhost_change(host, 1, USER, "changed-pin");
}

static uint16_t unblock_pin(struct keyhost *host)
{
    return keyhost_unblock(host, ADMIN, "changed-pin");
}

static uint16_t rotate_admin(struct keyhost *host)
{
    return keyhost_change(host, 0, ADMIN, "0123456789ABCDEF");
}

/* Either the old PIN or the new one, never none, never both. */
START_TEST(a_pin_is_the_old_or_the_new_one)
{
    static const struct {
        uint16_t (*run)(struct keyhost *);
        int type;
        const char *old, *now;
    } cases[] = {{change_pin, 1, USER, "changed-pin"},
                 {unblock_pin, 1, USER, "changed-pin"},
                 {rotate_admin, 0, ADMIN, "0123456789ABCDEF"}};
    for (size_t c = 0; c < 3; c++) {
        bool was_cut = true;
        for (int at = 1; was_cut; at++) {
            struct keyhost host;
            char *path = make(_i);
            uint16_t sw = cut_run(path, at, cases[c].run, &was_cut);
            keyhost_open(&host, path);
            bool is_new = keyhost_verify(&host, cases[c].type, cases[c].now) == OK;
            bool is_old = keyhost_verify(&host, cases[c].type, cases[c].old) == OK;
            ck_assert(is_new != is_old);
            ck_assert(is_new || sw != OK);
            keyhost_close(&host);
            keyhost_forget(&path);
        }
    }
}
END_TEST

static uint16_t create_box(struct keyhost *host)
{
    uint16_t sw = keyhost_verify(host, 1, USER);
    if (sw == OK)
        sw = keyhost_open_box(host, "a-container-with-a-long-name", true);
    return sw;
}

static bool box_is_there(const char *path)
{
    struct keyhost host;
    keyhost_open(&host, path);
    uint16_t sw = keyhost_open_box(&host, "a-container-with-a-long-name", false);
    ck_assert(sw == OK || sw == 0x6A91);
    keyhost_close(&host);
    return sw == OK;
}

static off_t size_of(const char *path)
{
    struct stat st;
    ck_assert_int_eq(stat(path, &st), 0);
    return st.st_size;
}

/*
 * A save that is cut behind its nth byte (file-size limit), for every n. The child logs in first:
 * those saves are as long as the file is, the one that adds the container is longer.
 */
START_TEST(a_save_cut_at_every_byte)
{
    char *path = make(0);
    off_t small = size_of(path), limit;
    int old_states = 0;
    for (limit = 0; !box_is_there(path); limit++) {
        pid_t child = fork();
        ck_assert_int_ge(child, 0);
        if (child == 0) {
            const struct rlimit most = {(rlim_t)limit, (rlim_t)limit};
            struct keyhost host;
            mute_check();
            keyhost_open(&host, path);
            cut_at_limit = true;
            if (setrlimit(RLIMIT_FSIZE, &most) != 0)
                _exit(1);
            _exit(create_box(&host) == OK ? 0 : 2);
        }
        int status = 0;
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        ck_assert(WIFEXITED(status));
        ck_assert(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == CUT);
        old_states += WEXITSTATUS(status) == CUT;
        /* a log-in that was cut may have cost a try; pay it back so that the next one can go on */
        struct keyhost host;
        keyhost_open(&host, path);
        ck_assert_uint_ge(keyhost_tries(&host, 1), 9);
        ck_assert_uint_eq(keyhost_verify(&host, 1, USER), OK);
        keyhost_close(&host);
    }
    ck_assert_int_eq(old_states, (int)size_of(path));
    ck_assert_int_eq(limit, size_of(path) + 1);
    ck_assert_int_gt(size_of(path), small);
    keyhost_forget(&path);
}
END_TEST

/* A disk that is full is no cut: the key says so and goes on as it was. */
START_TEST(a_failed_write_changes_nothing)
{
    char *path = make(0);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        struct keyhost host;
        struct rlimit was, none;
        mute_check();
        keyhost_open(&host, path);
        (void)signal(SIGXFSZ, SIG_DFL);
        if (right_pin(&host) != OK || getrlimit(RLIMIT_FSIZE, &was) != 0)
            _exit(1);
        none = was;
        none.rlim_cur = 50;
        if (setrlimit(RLIMIT_FSIZE, &none) != 0)
            _exit(2);
        if (keyhost_open_box(&host, "box", true) != 0x6581)
            _exit(3);
        if (keyhost_open_app(&host, BK_VKEY_APPLICATION) != OK || wrong_pin(&host) != 0x6581)
            _exit(4);
        if (setrlimit(RLIMIT_FSIZE, &was) != 0)
            _exit(5);
        /* logged out by the failure; the try wasn't spent as nothing was compared */
        if (keyhost_open_app(&host, BK_VKEY_APPLICATION) != OK ||
            keyhost_open_box(&host, "box", true) != 0x6982 || keyhost_tries(&host, 1) != 10)
            _exit(6);
        _exit(right_pin(&host) == OK && keyhost_open_box(&host, "box", true) == OK ? 0 : 7);
    }
    int status = 0;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 0);
    keyhost_forget(&path);
}
END_TEST

#define CHILDREN 3
#define ROUNDS 4

/* Each child adds a container and spends tries; nothing of what any of them did may get lost. */
START_TEST(processes_see_each_other)
{
    char *path = make(_i), name[32];
    pid_t children[CHILDREN];
    for (int c = 0; c < CHILDREN; c++) {
        children[c] = fork();
        ck_assert_int_ge(children[c], 0);
        if (children[c] != 0)
            continue;
        struct keyhost host;
        keyhost_open(&host, path);
        (void)snprintf(name, sizeof name, "of-child-%d", c);
        if (right_pin(&host) != OK || keyhost_open_box(&host, name, true) != OK)
            _exit(1);
        _exit(0);
    }
    for (int c = 0; c < CHILDREN; c++) {
        int status = 1;
        ck_assert_int_eq(waitpid(children[c], &status, 0), children[c]);
        ck_assert_int_eq(status, 0);
    }
    for (int c = 0; c < CHILDREN; c++) {
        children[c] = fork();
        ck_assert_int_ge(children[c], 0);
        if (children[c] != 0)
            continue;
        struct keyhost host;
        keyhost_open(&host, path);
        for (int i = 0; i < ROUNDS - 1; i++)
            if ((wrong_pin(&host) & 0xfff0) != 0x63C0)
                _exit(1);
        _exit(0);
    }
    for (int c = 0; c < CHILDREN; c++) {
        int status = 1;
        ck_assert_int_eq(waitpid(children[c], &status, 0), children[c]);
        ck_assert_int_eq(status, 0);
    }
    struct keyhost host;
    keyhost_open(&host, path);
    ck_assert_uint_eq(keyhost_tries(&host, 1), 10 - CHILDREN * (ROUNDS - 1));
    for (int c = 0; c < CHILDREN; c++) {
        (void)snprintf(name, sizeof name, "of-child-%d", c);
        ck_assert_uint_eq(keyhost_open_box(&host, name, false), OK);
    }
    keyhost_close(&host);
    keyhost_forget(&path);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("vkey power");
    TCase *tc = tcase_create("power");
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, pin_retry_survives_power_loss, 0, 2);
    tcase_add_loop_test(tc, a_try_is_spent_before_the_comparison, 0, 2);
    tcase_add_loop_test(tc, a_pin_is_the_old_or_the_new_one, 0, 2);
    tcase_add_test(tc, a_save_cut_at_every_byte);
    tcase_add_test(tc, a_failed_write_changes_nothing);
    tcase_add_loop_test(tc, processes_see_each_other, 0, 2);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
