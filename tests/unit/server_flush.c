/* SPDX-License-Identifier: Apache-2.0 */
/* Waits for the disk, which here is let on by the test: who is answered when, and together with
 * whom. */
#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "runner.h"
#include "server/again.h"
#include "server/cad_journal.h"
#include "server/flush.h"
#include "server/schema.h"
#include "server/waiters.h"
#include "serverhost.h"

/* --- the disk: stands before libc's --- */

static atomic_bool held, broken;
static atomic_uint begun, ended;

static void nap(void)
{
    const struct timespec t = {.tv_nsec = 1000000};
    (void)nanosleep(&t, NULL);
}

int fdatasync(int fd)
{
    (void)fd;
    begun++;
    while (held)
        nap();
    if (broken) {
        errno = EIO;
        return -1;
    }
    ended++;
    return 0;
}

/* SQLite's own, within the turn: there is none in a commit. */
int fsync(int fd)
{
    return fdatasync(fd);
}

static ino_t watched; /* what is written to this file */
static atomic_size_t written;

ssize_t pwrite(int fd, const void *data, size_t len, off_t at)
{
    struct stat st;
    ssize_t n = syscall(SYS_pwrite64, fd, data, len, at);
    if (n > 0 && watched && fstat(fd, &st) == 0 && st.st_ino == watched)
        written += (size_t)n;
    return n;
}

static void hold(void)
{
    held = true;
    begun = ended = 0;
}

static void wait_for(atomic_uint *count, unsigned n)
{
    for (int i = 0; *count < n; i++) {
        ck_assert_int_lt(i, 10000);
        nap();
    }
}

/* --- */

#define OTHERS 5

static struct bk_flush flush;
static atomic_uint answered;

static void *ask(void *arg)
{
    bk_flush(&flush);
    answered++;
    return arg;
}

static uint64_t count_asked(void)
{
    (void)pthread_mutex_lock(&flush.lock);
    uint64_t n = flush.begun + flush.led + flush.waiting;
    (void)pthread_mutex_unlock(&flush.lock);
    return n;
}

START_TEST(answers_come_behind_the_disk_and_share_it)
{
    pthread_t first, others[OTHERS];
    bk_flush_init(&flush, 0);
    hold();
    ck_assert_int_eq(pthread_create(&first, NULL, ask, NULL), 0);
    wait_for(&begun, 1);
    /* these have written since: the wait that has begun isn't theirs */
    for (int i = 0; i < OTHERS; i++)
        ck_assert_int_eq(pthread_create(&others[i], NULL, ask, NULL), 0);
    while (count_asked() < 1 + OTHERS)
        nap();
    ck_assert_uint_eq(answered, 0);
    held = false;
    ck_assert_int_eq(pthread_join(first, NULL), 0);
    for (int i = 0; i < OTHERS; i++)
        ck_assert_int_eq(pthread_join(others[i], NULL), 0);
    ck_assert_uint_eq(ended, 2);
    bk_flush_rest(&flush);
    ck_assert(!flush.running);
    bk_flush_end(&flush);
}
END_TEST

static double seconds(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Who is expected is waited for, a millisecond; if he doesn't come he holds nobody up. */
START_TEST(who_is_expected_may_stay_away)
{
    begun = ended = 0;
    bk_flush_init(&flush, 0);
    bk_flush_expect(&flush);
    double asked = seconds();
    bk_flush(&flush);
    ck_assert_double_ge(seconds() - asked, 0.001);
    ck_assert_uint_eq(ended, 1);
    bk_flush_expected(&flush);
    ck_assert_uint_eq(ended, 2);
    ck_assert_uint_eq(flush.coming, 0);
    bk_flush_expect(&flush);
    bk_flush_forget(&flush);
    ck_assert_uint_eq(flush.coming, 0);
    bk_flush_end(&flush);
}
END_TEST

/* What the kernel couldn't write it takes for written. */
START_TEST(a_disk_that_fails_ends_the_process)
{
    bk_flush_init(&flush, 0);
    broken = true;
    bk_flush(&flush);
}
END_TEST

/* --- what waits so --- */

static struct bk_store *store;

static void open_store(void)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/waits.db", host.folder);
    ck_assert_int_eq(bk_store_open(path, bk_schema, bk_schema_count, &store), BK_OK);
}

static struct bk_tx *put(const char *nonce)
{
    struct bk_tx *tx = NULL;
    ck_assert_int_eq(bk_tx_begin(store, &tx), BK_OK);
    ck_assert_int_eq(
        bk_tx_exec(tx, "INSERT INTO nonces VALUES ($1, 'x', 1)", BK_VALS(bk_text(nonce)), NULL),
        BK_OK);
    return tx;
}

static void *keep(void *arg)
{
    struct bk_tx *tx = put(arg);
    enum bk_err err = bk_tx_commit(&tx);
    answered++;
    return err == BK_OK ? NULL : arg;
}

static void count_answer(struct bk_tx_later *later, enum bk_err err)
{
    (void)later;
    answered += err == BK_OK;
}

/* The same, and has others wait. */
static void *keep_later(void *arg)
{
    static struct bk_tx_later later = {.told = count_answer};
    struct bk_tx *tx = put(arg);
    return bk_tx_commit_later(&tx, &later) == BK_OK ? NULL : arg;
}

/* Ends the others' batch, maybe, and then waits as they do. */
static void *undo(void *arg)
{
    struct bk_tx *tx = put("not");
    bk_tx_rollback(&tx);
    return arg;
}

static int64_t kept(void)
{
    struct bk_tx *tx = NULL;
    struct bk_rows rows = BK_ROWS_INIT;
    ck_assert_int_eq(bk_tx_look(store, &tx), BK_OK);
    ck_assert_int_eq(bk_tx_get(tx, "SELECT count(*) FROM nonces", BK_NO_VALS, &rows), BK_OK);
    int64_t n = bk_row_int(&rows, 0, 0);
    bk_rows_free(&rows);
    bk_tx_rollback(&tx);
    return n;
}

/* One is committed and waits for the disk. Meanwhile others write, and one thinks better of it;
 * none is answered before its own is on the disk, and then all are at once. */
START_TEST(commits_are_answered_behind_the_disk)
{
    static const char *const names[] = {"b", "c", "d"};
    pthread_t first, others[3], undoes, late;
    void *failed = NULL;
    open_store();
    hold();
    ck_assert_int_eq(pthread_create(&first, NULL, keep, (void *)(uintptr_t) "a"), 0);
    wait_for(&begun, 1);
    ck_assert_int_eq(kept(), 1);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(pthread_create(&others[i], NULL, keep, (void *)(uintptr_t)names[i]), 0);
    ck_assert_int_eq(pthread_create(&late, NULL, keep_later, (void *)(uintptr_t) "e"), 0);
    ck_assert_int_eq(pthread_create(&undoes, NULL, undo, NULL), 0);
    for (int i = 0; i < 50; i++)
        nap();
    ck_assert_uint_eq(answered, 0);
    held = false;
    ck_assert_int_eq(pthread_join(undoes, NULL), 0);
    ck_assert_int_eq(pthread_join(first, &failed), 0);
    ck_assert_ptr_null(failed);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(pthread_join(others[i], &failed), 0);
        ck_assert_ptr_null(failed);
    }
    ck_assert_int_eq(pthread_join(late, &failed), 0);
    ck_assert_ptr_null(failed);
    wait_for(&answered, 5);
    ck_assert_uint_ge(ended, 2); /* they may be late */
    ck_assert_int_eq(kept(), 5);
    bk_store_close(&store);
}
END_TEST

#define WRITES 60u /* no more than a batch takes */

struct write {
    struct bk_tx_later later;
    char nonce[8];
};

static atomic_uint turns;

static void write_one(void *what)
{
    struct write *w = what;
    struct bk_tx *tx = put(w->nonce);
    turns++;
    ck_assert_int_eq(bk_tx_commit_later(&tx, &w->later), BK_OK);
}

/* Few threads, of whom one is at the disk: all that comes meanwhile has its turn, and shares the
 * next wait. */
START_TEST(turns_are_taken_while_the_disk_is_busy)
{
    static struct write writes[WRITES];
    struct bk_waiters *writers = NULL;
    open_store();
    answered = 0;
    hold();
    ck_assert_int_eq(bk_waiters_new(BK_STORE_WRITERS, WRITES, &writers), BK_OK);
    for (unsigned i = 0; i < WRITES; i++) {
        writes[i].later.told = count_answer;
        (void)snprintf(writes[i].nonce, sizeof writes[i].nonce, "%u", i);
        ck_assert_int_eq(bk_waiters_add(writers, write_one, &writes[i]), BK_OK);
        if (!i)
            wait_for(&begun, 1);
    }
    wait_for(&turns, WRITES);
    ck_assert_uint_eq(answered, 0);
    held = false;
    wait_for(&answered, WRITES);
    bk_waiters_free(&writers);
    ck_assert_uint_eq(ended, 2);
    ck_assert_int_eq(kept(), WRITES);
    bk_store_close(&store);
}
END_TEST

/* What only undoes, or looks, waits for nothing. */
START_TEST(nothing_written_is_not_waited_for)
{
    open_store();
    hold();
    struct bk_tx *tx = put("not");
    bk_tx_rollback(&tx);
    ck_assert_int_eq(kept(), 0);
    ck_assert_uint_eq(begun, 0);
    held = false;
    bk_store_close(&store);
}
END_TEST

/* What a daemon has left in the log may be in the kernel's memory only. Somebody who reads for long
 * keeps it from going to the database: it is written to the log once more. */
START_TEST(a_long_reader_keeps_no_daemon_from_beginning)
{
    char path[128], log[160];
    sqlite3 *reader = NULL;
    struct stat st;
    open_store();
    struct bk_tx *tx = put("before");
    ck_assert_int_eq(bk_tx_commit(&tx), BK_OK);
    (void)snprintf(path, sizeof path, "%s/waits.db", host.folder);
    (void)snprintf(log, sizeof log, "%s-wal", path);
    ck_assert_int_eq(sqlite3_open(path, &reader), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM nonces", NULL, NULL, NULL),
                     SQLITE_OK);
    tx = put("behind");
    ck_assert_int_eq(bk_tx_commit(&tx), BK_OK);
    bk_store_close(&store);
    open_store();
    ck_assert_int_eq(stat(log, &st), 0);
    watched = st.st_ino;
    hold();
    held = false;
    ck_assert_int_eq(bk_store_settle(store), BK_OK);
    ck_assert_uint_eq(written, (size_t)st.st_size);
    ck_assert_uint_ge(ended, 1);
    ck_assert_int_eq(kept(), 2);
    tx = put("then");
    ck_assert_int_eq(bk_tx_commit(&tx), BK_OK);
    ck_assert_int_eq(sqlite3_exec(reader, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    ck_assert_int_eq(bk_store_settle(store), BK_OK);
    ck_assert_int_eq(stat(log, &st), 0);
    ck_assert_int_eq(st.st_size, 0);
    ck_assert_int_eq(kept(), 3);
    ck_assert_int_eq(sqlite3_close(reader), SQLITE_OK);
    bk_store_close(&store);
}
END_TEST

#define RETURNED 7

/* Begun anew it would be this program with no case to run, which exits with 0. */
static void may_begin_anew(void)
{
    static char *const argv[] = {(char *)(uintptr_t) "again", NULL};
    ck_assert_int_eq(setenv("CK_RUN_SUITE", "none", 1), 0);
    ck_assert_int_eq(setenv("BJCA_BEGUN_AGAIN", "1", 1), 0);
    bk_again_by(argv);
}

START_TEST(a_start_that_fails_after_beginning_anew_is_tried_again)
{
    may_begin_anew();
    bk_again_later();
    exit(RETURNED);
}
END_TEST

START_TEST(what_fails_after_a_good_start_fails_for_the_first_time)
{
    may_begin_anew();
    bk_again_begun();
    bk_again_later();
    exit(RETURNED);
}
END_TEST

static struct bk_cad_journal *journal;

static void *add(void *arg)
{
    uint8_t serial[BK_SERIAL_BYTES];
    memset(serial, *(const char *)arg, sizeof serial);
    const struct bk_cad_entry entry = {"sm2", "sign", serial, 1};
    bk_cad_journal_expect(journal);
    enum bk_err err = bk_cad_journal_add(journal, &entry, 1);
    answered++;
    return err == BK_OK ? NULL : arg;
}

START_TEST(the_ca_says_nothing_before_its_journal_is_on_the_disk)
{
    static const char names[] = "abcd";
    pthread_t threads[4];
    char path[128];
    void *failed = NULL;
    (void)snprintf(path, sizeof path, "%s/issued.log", host.folder);
    FILE *file = fopen(path, "w");
    ck_assert(file && fclose(file) == 0);
    ck_assert_int_eq(bk_cad_journal_open(path, &journal), BK_OK);
    hold();
    for (int i = 0; i < 4; i++) {
        ck_assert_int_eq(pthread_create(&threads[i], NULL, add, (void *)(uintptr_t)&names[i]), 0);
        wait_for(&begun, 1);
    }
    for (int i = 0; i < 50; i++)
        nap();
    ck_assert_uint_eq(answered, 0);
    held = false;
    for (int i = 0; i < 4; i++) {
        ck_assert_int_eq(pthread_join(threads[i], &failed), 0);
        ck_assert_ptr_null(failed);
    }
    ck_assert_uint_ge(ended, 2); /* they may be late */
    bk_cad_journal_close(&journal);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("server flush");
    TCase *t = serverhost_case(suite, "flush");
    tcase_add_test(t, answers_come_behind_the_disk_and_share_it);
    tcase_add_test(t, who_is_expected_may_stay_away);
    tcase_add_test_raise_signal(t, a_disk_that_fails_ends_the_process, SIGABRT);
    tcase_add_test(t, commits_are_answered_behind_the_disk);
    tcase_add_test(t, turns_are_taken_while_the_disk_is_busy);
    tcase_add_test(t, nothing_written_is_not_waited_for);
    tcase_add_test(t, a_long_reader_keeps_no_daemon_from_beginning);
    tcase_add_exit_test(t, a_start_that_fails_after_beginning_anew_is_tried_again, 0);
    tcase_add_exit_test(t, what_fails_after_a_good_start_fails_for_the_first_time, RETURNED);
    tcase_add_test(t, the_ca_says_nothing_before_its_journal_is_on_the_disk);
    return run_suite(suite);
}
