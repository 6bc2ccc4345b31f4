/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is SQLite's own. Transactions that share a commit: whoever is told that it is committed is
 * there when the database is opened again, and nobody else, whatever fails and for whom. And what
 * is swept by its time is found by an index.
 */
#include <check.h>
#include <pthread.h>
#include <sched.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "runner.h"
#include "server/certs.h"
#include "server/code.h"
#include "server/idempotency.h"
#include "server/ident.h"
#include "server/limits.h"
#include "server/outbox.h"
#include "server/schema.h"
#include "server/unlock.h"
#include "serverhost.h"

static const char *_Atomic fails; /* the statement, once */
static atomic_bool noting;
static pthread_mutex_t note_lock = PTHREAD_MUTEX_INITIALIZER;
static char noted[32][768]; /* each once */
static size_t noted_count;

static void note(const char *sql)
{
    size_t i = 0;
    char line[sizeof *noted];
    (void)snprintf(line, sizeof line, "EXPLAIN QUERY PLAN %s", sql);
    (void)pthread_mutex_lock(&note_lock);
    while (i < noted_count && strcmp(noted[i], line) != 0)
        i++;
    ck_assert_uint_lt(i, sizeof noted / sizeof *noted);
    memcpy(noted[i], line, sizeof line);
    noted_count += i == noted_count;
    (void)pthread_mutex_unlock(&note_lock);
}

static atomic_uint turns, most_turns; /* of a batch, the writer's */

static void count_turn(const char *sql)
{
    if (strcmp(sql, "BEGIN IMMEDIATE") == 0)
        turns = 0;
    else if (strcmp(sql, "SAVEPOINT one") == 0 && ++turns > most_turns)
        most_turns = turns;
}

int __real_sqlite3_step(sqlite3_stmt *stmt);
int __wrap_sqlite3_step(sqlite3_stmt *stmt);
int __wrap_sqlite3_step(sqlite3_stmt *stmt)
{
    if (noting && !sqlite3_stmt_isexplain(stmt))
        note(sqlite3_sql(stmt));
    count_turn(sqlite3_sql(stmt));
    if (!fails || strcmp(sqlite3_sql(stmt), fails) != 0)
        return __real_sqlite3_step(stmt);
    fails = NULL;
    return SQLITE_IOERR;
}

static atomic_uint closed; /* connections */

int __real_sqlite3_close(sqlite3 *sqlite);
int __wrap_sqlite3_close(sqlite3 *sqlite);
int __wrap_sqlite3_close(sqlite3 *sqlite)
{
    closed++;
    return __real_sqlite3_close(sqlite);
}

static struct bk_store *store;
static char path[128];

static enum bk_err put(struct bk_tx *tx, const char *name)
{
    return bk_tx_exec(tx, "INSERT INTO nonces VALUES ($1, 'x', 1)", BK_VALS(bk_text(name)), NULL);
}

static bool is_there(const char *name)
{
    struct bk_tx *tx = NULL;
    struct bk_rows rows = BK_ROWS_INIT;
    ck_assert_int_eq(bk_tx_look(store, &tx), BK_OK);
    enum bk_err err =
        bk_tx_get(tx, "SELECT 1 FROM nonces WHERE nonce = $1", BK_VALS(bk_text(name)), &rows);
    bk_tx_rollback(&tx);
    bk_rows_free(&rows);
    ck_assert(err == BK_OK || err == BK_ENOTFOUND);
    return err == BK_OK;
}

static const struct fault {
    const char *statement;
    bool commits, at_begin;
} faults[] = {
    {NULL, true, false},           {NULL, false, false},
    {"COMMIT", true, false},       {"COMMIT", false, false},
    {"RELEASE one", true, false},  {"RELEASE one", false, false},
    {"SAVEPOINT one", true, true}, {"ROLLBACK TO one", false, false},
};

struct answer {
    struct bk_tx_later later;
    atomic_bool told;
    enum bk_err err;
};

static void note_answer(struct bk_tx_later *later, enum bk_err err)
{
    struct answer *a = (struct answer *)later;
    a->err = err;
    a->told = true;
}

/* later: somebody else waits for the disk. */
static enum bk_err commit(struct bk_tx **tx, bool later)
{
    struct answer a = {.later = {.told = note_answer}, .told = false};
    enum bk_err err = later ? bk_tx_commit_later(tx, &a.later) : bk_tx_commit(tx);
    ck_assert_ptr_null(*tx);
    if (!later || err != BK_OK)
        return err;
    while (!a.told)
        (void)sched_yield();
    return a.err;
}

struct second {
    const struct fault *fault;
    bool later;
    enum bk_err err;
    bool together; /* the first waits for it */
};

static void *be_second(void *context)
{
    struct second *s = context;
    struct bk_tx *tx = NULL;
    if (s->fault->at_begin)
        fails = s->fault->statement;
    s->err = bk_tx_begin(store, &tx);
    s->together = s->fault->at_begin || !is_there("first");
    if (s->err == BK_OK)
        s->err = put(tx, "second");
    if (s->err == BK_OK)
        fails = s->fault->statement;
    if (s->err == BK_OK && s->fault->commits)
        s->err = commit(&tx, s->later);
    else
        s->err = BK_EINVAL;
    bk_tx_rollback(&tx);
    return NULL;
}

static void open_store(void)
{
    (void)snprintf(path, sizeof path, "%s/own.db", host.folder);
    ck_assert_int_eq(bk_store_open(path, bk_schema, bk_schema_count, &store), BK_OK);
}

START_TEST(what_is_answered_is_there)
{
    const struct timespec moment = {.tv_nsec = 200000000};
    struct second s = {.fault = &faults[_i / 4], .later = _i % 2};
    struct bk_tx *tx = NULL;
    pthread_t thread;
    open_store();
    ck_assert_int_eq(bk_tx_begin(store, &tx), BK_OK);
    ck_assert_int_eq(put(tx, "first"), BK_OK);
    ck_assert_int_eq(pthread_create(&thread, NULL, be_second, &s), 0);
    (void)nanosleep(&moment, NULL); /* until it waits for its turn */
    enum bk_err first = commit(&tx, _i / 2 % 2);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert(s.together);
    ck_assert_ptr_null(fails);
    ck_assert(s.fault->statement || (first == BK_OK && s.fault->commits == (s.err == BK_OK)));
    for (int again = 0; again < 2; again++) { /* at once, and when it is opened anew */
        ck_assert_int_eq(is_there("first"), first == BK_OK);
        ck_assert_int_eq(is_there("second"), s.err == BK_OK);
        bk_store_close(&store);
        open_store();
    }
    ck_assert_int_eq(bk_tx_begin(store, &tx), BK_OK);
    ck_assert_int_eq(put(tx, "third"), BK_OK);
    ck_assert_int_eq(bk_tx_commit(&tx), BK_OK);
    ck_assert(is_there("third"));
    bk_store_close(&store);
}
END_TEST

/* It holds up whoever writes, every ten minutes, and mustn't take longer with each year. */
static bool looks_at_all(const char *step)
{
    return strstr(step, "SCAN") != NULL;
}

/* How many of the statements that were noted and have this word there were. */
static unsigned explain(const char *word)
{
    unsigned explained = 0;
    struct bk_tx *tx = NULL;
    struct bk_rows plan = BK_ROWS_INIT;
    ck_assert_int_eq(bk_tx_begin(store, &tx), BK_OK);
    for (size_t i = 0; i < noted_count; i++) {
        if (!strstr(noted[i], word) || (*word && strstr(noted[i], "INSERT")))
            continue;
        ck_assert_int_eq(bk_tx_query(tx, noted[i], BK_VALS(bk_int(1)), &plan), BK_OK);
        ck_assert_uint_gt(plan.count, 0);
        for (size_t n = 0; n < plan.count; n++)
            ck_assert_msg(!looks_at_all(bk_row_text(&plan, n, 3)), "%s: %s", noted[i],
                          bk_row_text(&plan, n, 3));
        explained++;
    }
    bk_rows_free(&plan);
    bk_tx_rollback(&tx);
    return explained;
}

/* Whether all noted statements with this word are answered by this index. */
static bool answered_by(const char *word, const char *name)
{
    bool all = true;
    struct bk_tx *tx = NULL;
    struct bk_rows plan = BK_ROWS_INIT;
    ck_assert_int_eq(bk_tx_begin(store, &tx), BK_OK);
    for (size_t i = 0; i < noted_count; i++) {
        if (!strstr(noted[i], word))
            continue;
        ck_assert_int_eq(bk_tx_get(tx, noted[i], BK_VALS(bk_int(1)), &plan), BK_OK);
        all = all && strstr(bk_row_text(&plan, 0, 3), name);
    }
    bk_rows_free(&plan);
    bk_tx_rollback(&tx);
    return all;
}

START_TEST(what_is_swept_is_found_by_an_index)
{
    static enum bk_err (*const sweeps[])(struct bk_tx *, int64_t) = {
        bk_limit_clean, bk_idem_clean,    bk_unlock_clean, bk_code_clean,
        bk_pair_clean,  bk_outbox_forget, bk_unlock_forget};
    struct bk_tx *tx = NULL;
    open_store();
    ck_assert_int_eq(bk_tx_begin(store, &tx), BK_OK);
    noting = true;
    for (size_t i = 0; i < sizeof sweeps / sizeof *sweeps; i++)
        ck_assert_int_eq(sweeps[i](tx, 1000), BK_OK);
    noting = false;
    ck_assert_uint_ge(noted_count, sizeof sweeps / sizeof *sweeps);
    bk_tx_rollback(&tx);
    ck_assert_uint_ge(explain(""), sizeof sweeps / sizeof *sweeps);
    bk_store_close(&store);
}
END_TEST

/* Whether the outbox has something to do, of many things that are for later. */
START_TEST(what_is_due_is_found_by_an_index)
{
    static const struct bk_outbox_kind kinds[] = {{.kind = "x", .work = NULL}};
    struct bk_outbox *outbox = NULL;
    open_store();
    noting = true;
    ck_assert_int_eq(bk_outbox_start(store, host.app.escrow, kinds, 1, NULL, 60000, &outbox),
                     BK_OK);
    (void)nanosleep(&(struct timespec){.tv_nsec = 300000000}, NULL);
    bk_outbox_stop(&outbox);
    noting = false;
    ck_assert_uint_eq(explain("FROM outbox WHERE state = 'pending'"), 2);
    ck_assert(answered_by("next_at <= $1", "outbox_due"));
    ck_assert(answered_by("next_at > $1", "outbox_back"));
    bk_store_close(&store);
}
END_TEST

/* That it still says everything is asked of an index, and by whoever fetches it, however often,
 * while somebody else writes. */
START_TEST(the_stored_revocation_list_waits_for_nobody)
{
    struct bk_tx *tx = NULL;
    struct bk_buf out = BK_BUF_INIT;
    int64_t now = bk_now_ms();
    struct bk_app app = host.app;
    open_store();
    app.store = store;
    ck_assert_int_eq(bk_tx_begin(store, &tx), BK_OK);
    ck_assert_int_eq(
        bk_tx_exec(tx,
                   "INSERT INTO crls (algorithm, number, revoked, made_at, next_at, der)"
                   " VALUES ('sm2', 1, 0, $1, $2, $3)",
                   BK_VALS(bk_int(now - 5000), bk_int(now + 3600000), bk_bytes("a list", 6)), NULL),
        BK_OK);
    ck_assert_int_eq(bk_tx_commit(&tx), BK_OK);
    ck_assert_int_eq(bk_tx_begin(store, &tx), BK_OK);
    noting = true;
    ck_assert_int_eq(bk_crl_current(&app, BK_ALG_SM2, &out), BK_OK);
    noting = false;
    ck_assert_uint_eq(out.len, 6);
    bk_tx_rollback(&tx);
    ck_assert_uint_eq(explain("FROM c"), 2);
    bk_buf_free(&out);
    bk_store_close(&store);
}
END_TEST

static atomic_bool over;

static void *undo_on_and_on(void *arg)
{
    while (!over) {
        struct bk_tx *tx = NULL;
        if (bk_tx_begin(store, &tx) != BK_OK)
            return arg;
        bk_tx_rollback(&tx);
    }
    return NULL;
}

/* A batch ends though nobody else commits into it, and somebody always waits for a turn. */
START_TEST(who_undoes_on_and_on_keeps_no_commit_waiting)
{
    pthread_t threads[3];
    void *failed = NULL;
    open_store();
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, undo_on_and_on, threads), 0);
    for (int i = 0; i < 30; i++) {
        char name[16];
        struct bk_tx *tx = NULL;
        (void)snprintf(name, sizeof name, "n%d", i);
        ck_assert_int_eq(bk_tx_begin(store, &tx), BK_OK);
        ck_assert_int_eq(put(tx, name), BK_OK);
        ck_assert_int_eq(bk_tx_commit(&tx), BK_OK);
    }
    over = true;
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(pthread_join(threads[i], &failed), 0);
        ck_assert_ptr_null(failed);
    }
    ck_assert_uint_gt(most_turns, 1);
    ck_assert_uint_le(most_turns, 64);
    bk_store_close(&store);
}
END_TEST

static off_t log_size(void)
{
    char name[sizeof path + 4];
    struct stat st;
    (void)snprintf(name, sizeof name, "%s-wal", path);
    ck_assert_int_eq(stat(name, &st), 0);
    return st.st_size;
}

static char long_text[500000];

static void put_long(struct bk_store *to, int i)
{
    struct bk_tx *tx = NULL;
    memset(long_text, 'x', sizeof long_text - 1);
    (void)snprintf(long_text, 8, "%07d", i);
    long_text[7] = 'x';
    ck_assert_int_eq(bk_tx_begin(to, &tx), BK_OK);
    ck_assert_int_eq(put(tx, long_text), BK_OK);
    ck_assert_int_eq(bk_tx_commit(&tx), BK_OK);
}

/* Someone looks all the time, but never at an old place when a batch is committed: the log is
 * written from its beginning when the database has what it says, not longer and longer. */
START_TEST(the_log_begins_anew)
{
    open_store();
    for (int i = 0; i < 80; i++) { /* a log's length is 4,000 pages: five of them */
        (void)is_there("first");
        put_long(store, i);
        ck_assert(is_there(long_text));
    }
    ck_assert_int_lt(log_size(), 5000 * 4120);
    bk_store_close(&store);
}
END_TEST

/* Nor is it kept from it when it is another process that writes, for longer than a second. */
START_TEST(the_log_of_another_begins_anew)
{
    const struct timespec moment = {.tv_nsec = 50000000};
    struct bk_store *other = NULL;
    open_store();
    ck_assert_int_eq(bk_store_open(path, bk_schema, bk_schema_count, &other), BK_OK);
    for (int i = 0; i < 50; i++) { /* until it is known that nobody else writes */
        ck_assert(!is_there("first"));
        (void)nanosleep(&moment, NULL);
    }
    for (int i = 0; i < 100; i++) {
        put_long(other, i);
        ck_assert(is_there(long_text));
        (void)nanosleep(&moment, NULL);
    }
    ck_assert_int_lt(log_size(), 14000 * 4120);
    bk_store_close(&other);
    bk_store_close(&store);
}
END_TEST

/* Connections that were needed at once are closed when they aren't any more, one that is used
 * isn't. */
START_TEST(what_is_spare_is_closed)
{
    const struct timespec moment = {.tv_nsec = 200000000};
    struct bk_tx *looks[6];
    open_store();
    for (int i = 0; i < 6; i++)
        ck_assert_int_eq(bk_tx_look(store, &looks[i]), BK_OK);
    for (int i = 0; i < 6; i++)
        ck_assert_int_eq(bk_tx_commit(&looks[i]), BK_OK);
    closed = 0;
    for (int i = 0; i < 5; i++)
        ck_assert(!is_there("first"));
    ck_assert_uint_eq(closed, 0);
    for (int i = 0; i < 12; i++) {
        (void)nanosleep(&moment, NULL);
        ck_assert(!is_there("first"));
    }
    ck_assert_uint_eq(closed, 5);
    bk_store_close(&store);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("server_sqlite");
    TCase *c = serverhost_case(suite, "sqlite");
    tcase_add_loop_test(c, what_is_answered_is_there, 0,
                        4 * (int)(sizeof faults / sizeof *faults)); /* who is told later */
    tcase_add_test(c, what_is_swept_is_found_by_an_index);
    tcase_add_test(c, what_is_due_is_found_by_an_index);
    tcase_add_test(c, the_stored_revocation_list_waits_for_nobody);
    tcase_add_test(c, who_undoes_on_and_on_keeps_no_commit_waiting);
    tcase_add_test(c, the_log_begins_anew);
    tcase_add_test(c, the_log_of_another_begins_anew);
    tcase_add_test(c, what_is_spare_is_closed);
    return run_suite(suite);
}
