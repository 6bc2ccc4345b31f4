/* SPDX-License-Identifier: Apache-2.0 */
#include "bare_rows.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <sqlite3.h>

#include "bench.h"

#define AT_ONCE 64

enum { BEGIN, COMMIT, READ, UPDATE, ANSWER, LAST, AUDIT, STATEMENTS };
static const char *const sql[STATEMENTS] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [READ] = "SELECT state, code_hash, expires_at, pin_sealed FROM unlocks WHERE id = ?1",
    [UPDATE] = "UPDATE unlocks SET client_hash = ?2, redemptions = redemptions + 1, state = 'run'"
               " WHERE id = ?1",
    [ANSWER] = "INSERT INTO answers VALUES (?1, ?2, ?3)",
    [LAST] = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1",
    [AUDIT] = "INSERT INTO audit SELECT coalesce(max(seq), 0) + 1, ?1, ?2 FROM audit",
};

struct wish {
    const struct fill_unlock *unlock;
    const void *sealed;
    size_t len;
    bool done;
};

static sqlite3 *db;
static sqlite3_stmt *statements[STATEMENTS];
static pthread_t writer;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t moved = PTHREAD_COND_INITIALIZER;
static struct wish *wishes[AT_ONCE];
static size_t count;
static bool over;

static void run(int which)
{
    int rc;
    while ((rc = sqlite3_step(statements[which])) == SQLITE_ROW)
        (void)sqlite3_column_bytes(statements[which], 0);
    if (rc != SQLITE_DONE)
        bench_die(sqlite3_errmsg(db));
    (void)sqlite3_reset(statements[which]);
}

static void bind(int which, int at, const void *bytes, size_t len)
{
    if (sqlite3_bind_blob64(statements[which], at, bytes, len, SQLITE_STATIC) != SQLITE_OK)
        bench_die(sqlite3_errmsg(db));
}

static void bind_id(int which, const char *id)
{
    if (sqlite3_bind_text(statements[which], 1, id, -1, SQLITE_STATIC) != SQLITE_OK)
        bench_die(sqlite3_errmsg(db));
}

static void redeem(const struct wish *w)
{
    static const char hash[32], message[64];
    bind_id(READ, w->unlock->id);
    run(READ);
    bind_id(UPDATE, w->unlock->id);
    bind(UPDATE, 2, hash, sizeof hash);
    run(UPDATE);
    bind_id(ANSWER, w->unlock->id);
    bind(ANSWER, 2, message, sizeof message);
    bind(ANSWER, 3, w->sealed, w->len);
    run(ANSWER);
    run(LAST);
    bind_id(AUDIT, w->unlock->id);
    bind(AUDIT, 2, hash, sizeof hash);
    run(AUDIT);
}

static void *write_all(void *arg)
{
    struct wish *mine[AT_ONCE];
    (void)pthread_mutex_lock(&lock);
    while (!over) {
        size_t n = count;
        memcpy(mine, wishes, n * sizeof *mine);
        count = 0;
        if (!n) {
            (void)pthread_cond_wait(&moved, &lock);
            continue;
        }
        (void)pthread_mutex_unlock(&lock);
        run(BEGIN);
        for (size_t i = 0; i < n; i++)
            redeem(mine[i]);
        run(COMMIT);
        (void)pthread_mutex_lock(&lock);
        for (size_t i = 0; i < n; i++)
            mine[i]->done = true;
        (void)pthread_cond_broadcast(&moved);
    }
    (void)pthread_mutex_unlock(&lock);
    return arg;
}

void bare_rows_redeem(const struct fill_unlock *unlock, const void *sealed, size_t len)
{
    struct wish w = {.unlock = unlock, .sealed = sealed, .len = len};
    (void)pthread_mutex_lock(&lock);
    if (count == AT_ONCE)
        bench_die("too many at once");
    wishes[count++] = &w;
    (void)pthread_cond_broadcast(&moved);
    while (!w.done)
        (void)pthread_cond_wait(&moved, &lock);
    (void)pthread_mutex_unlock(&lock);
}

static void script(const char *text)
{
    if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
        bench_die(sqlite3_errmsg(db));
}

static void fill(const struct fill_unlock *unlocks, size_t n)
{
    sqlite3_stmt *insert = NULL;
    if (sqlite3_prepare_v2(db,
                           "INSERT INTO unlocks VALUES (?1, 'open', zeroblob(32), 0, NULL, 0,"
                           " zeroblob(60))",
                           -1, &insert, NULL) != SQLITE_OK)
        bench_die(sqlite3_errmsg(db));
    script("BEGIN");
    for (size_t i = 0; i < n; i++) {
        (void)sqlite3_bind_text(insert, 1, unlocks[i].id, -1, SQLITE_STATIC);
        if (sqlite3_step(insert) != SQLITE_DONE)
            bench_die(sqlite3_errmsg(db));
        (void)sqlite3_reset(insert);
    }
    script("COMMIT");
    (void)sqlite3_finalize(insert);
}

void bare_rows_open(const char *folder, const struct fill_unlock *unlocks, size_t n)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/bare.db", folder);
    if (sqlite3_open(path, &db) != SQLITE_OK)
        bench_die("a database");
    script("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;"
           "CREATE TABLE unlocks (id TEXT PRIMARY KEY, state TEXT, code_hash BLOB,"
           " expires_at BIGINT, client_hash BLOB, redemptions BIGINT, pin_sealed BLOB);"
           "CREATE TABLE answers (id TEXT, message TEXT, sealed BLOB, PRIMARY KEY (id, message));"
           "CREATE TABLE audit (seq BIGINT PRIMARY KEY, object TEXT, hash BLOB)");
    fill(unlocks, n);
    for (int i = 0; i < STATEMENTS; i++)
        if (sqlite3_prepare_v2(db, sql[i], -1, &statements[i], NULL) != SQLITE_OK)
            bench_die(sqlite3_errmsg(db));
    if (pthread_create(&writer, NULL, write_all, NULL) != 0)
        bench_die("no thread");
}

void bare_rows_close(void)
{
    (void)pthread_mutex_lock(&lock);
    over = true;
    (void)pthread_cond_broadcast(&moved);
    (void)pthread_mutex_unlock(&lock);
    (void)pthread_join(writer, NULL);
    for (int i = 0; i < STATEMENTS; i++)
        (void)sqlite3_finalize(statements[i]);
    (void)sqlite3_close(db);
}
