/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQLite: one connection and one transaction at a time in this process, so that threads wait for
 * each other at a lock and not in SQLite's busy loop; other processes (the key register's commands)
 * wait for the file's lock. WAL, synchronous FULL: what was committed survives a power cut.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <sqlite3.h>

#include "base/log.h"
#include "server/store_driver.h"

#define BUSY_MS 10000
#define CACHED 64u

struct db {
    sqlite3 *sqlite;
    pthread_mutex_t lock;
    struct {
        const char *sql; /* by address: statements are string constants */
        sqlite3_stmt *stmt;
    } cache[CACHED];
};

static enum bk_err from_sqlite(sqlite3 *sqlite, int rc, const char *what)
{
    switch (rc & 0xff) {
    case SQLITE_OK:
    case SQLITE_DONE:
    case SQLITE_ROW:
        return BK_OK;
    case SQLITE_NOMEM:
        return BK_ENOMEM;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return BK_EBUSY;
    case SQLITE_CONSTRAINT:
        return BK_EEXISTS;
    case SQLITE_FULL:
        return BK_EFULL;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        bk_log(BK_LOG_ERROR, "store: the database is damaged");
        return BK_ECORRUPT;
    default:
        /* SQLite's message may quote the statement, never its parameters */
        bk_log(BK_LOG_ERROR, "store: %s: %s", what, sqlite3_errmsg(sqlite));
        return BK_EIO;
    }
}

static enum bk_err simple(struct db *db, const char *sql)
{
    return from_sqlite(db->sqlite, sqlite3_exec(db->sqlite, sql, NULL, NULL, NULL), sql);
}

static void sqlite_close(void *context)
{
    struct db *db = context;
    for (unsigned i = 0; i < CACHED; i++)
        (void)sqlite3_finalize(db->cache[i].stmt);
    (void)sqlite3_close(db->sqlite);
    (void)pthread_mutex_destroy(&db->lock);
    free(db);
}

static enum bk_err sqlite_holds(const char *path, bool *holds)
{
    struct stat st;
    *holds = lstat(path, &st) == 0;
    return BK_OK;
}

static enum bk_err sqlite_open(const char *path, void **out)
{
    struct db *db = calloc(1, sizeof *db);
    if (!db)
        return BK_ENOMEM;
    (void)pthread_mutex_init(&db->lock, NULL);
    int rc = sqlite3_open_v2(path, &db->sqlite,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
                                 SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE,
                             NULL);
    enum bk_err err = from_sqlite(db->sqlite, rc, "open");
    if (err == BK_OK && chmod(path, 0600) != 0)
        err = BK_EDENIED;
    if (err == BK_OK)
        err = from_sqlite(db->sqlite, sqlite3_busy_timeout(db->sqlite, BUSY_MS), "timeout");
    static const char *const settings[] = {
        "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL",   "PRAGMA foreign_keys = ON",
        "PRAGMA secure_delete = ON", "PRAGMA trusted_schema = OFF", BK_STORE_VERSION_TABLE};
    for (size_t i = 0; err == BK_OK && i < sizeof settings / sizeof *settings; i++)
        err = simple(db, settings[i]);
    if (err != BK_OK) {
        sqlite_close(db);
        return err;
    }
    *out = db;
    return BK_OK;
}

static enum bk_err sqlite_begin(void *context, bool turn, void **conn)
{
    struct db *db = context;
    (void)turn; /* there is one at a time */
    (void)pthread_mutex_lock(&db->lock);
    enum bk_err err = simple(db, "BEGIN IMMEDIATE");
    if (err != BK_OK) {
        (void)pthread_mutex_unlock(&db->lock);
        return err;
    }
    *conn = db;
    return BK_OK;
}

static void sqlite_rollback(void *context, void *conn)
{
    struct db *db = context;
    (void)conn;
    if (!sqlite3_get_autocommit(db->sqlite))
        (void)simple(db, "ROLLBACK");
    (void)pthread_mutex_unlock(&db->lock);
}

static enum bk_err sqlite_commit(void *context, void *conn)
{
    struct db *db = context;
    enum bk_err err = simple(db, "COMMIT");
    if (err != BK_OK) {
        sqlite_rollback(context, conn);
        return err;
    }
    (void)pthread_mutex_unlock(&db->lock);
    return BK_OK;
}

/* A statement from the cache, or a new one; *own when the caller must finalise it. */
static enum bk_err prepare(struct db *db, const char *sql, sqlite3_stmt **stmt, int *own)
{
    unsigned slot = (unsigned)(((uintptr_t)sql >> 4) % CACHED);
    *own = 0;
    if (db->cache[slot].sql == sql && db->cache[slot].stmt &&
        strcmp(sqlite3_sql(db->cache[slot].stmt), sql) == 0) {
        *stmt = db->cache[slot].stmt;
        return BK_OK;
    }
    int rc = sqlite3_prepare_v3(db->sqlite, sql, -1, SQLITE_PREPARE_PERSISTENT, stmt, NULL);
    if (rc != SQLITE_OK)
        return from_sqlite(db->sqlite, rc, "prepare");
    if (db->cache[slot].stmt) {
        *own = 1;
        return BK_OK;
    }
    db->cache[slot].sql = sql;
    db->cache[slot].stmt = *stmt;
    return BK_OK;
}

static int bind_one(sqlite3_stmt *stmt, size_t number, const struct bk_val *val)
{
    char name[16];
    (void)sqlite3_snprintf(sizeof name, name, "$%u", (unsigned)number);
    int index = sqlite3_bind_parameter_index(stmt, name);
    if (!index)
        return SQLITE_RANGE;
    switch (val->kind) {
    case BK_VAL_INT:
        return sqlite3_bind_int64(stmt, index, val->i);
    case BK_VAL_TEXT:
        return sqlite3_bind_text64(stmt, index, val->data, val->len, SQLITE_STATIC, SQLITE_UTF8);
    case BK_VAL_BYTES:
        return sqlite3_bind_blob64(stmt, index, val->data, val->len, SQLITE_STATIC);
    default:
        return sqlite3_bind_null(stmt, index);
    }
}

static enum bk_err add_row(sqlite3_stmt *stmt, struct bk_rows *rows)
{
    rows->columns = (size_t)sqlite3_column_count(stmt);
    for (int c = 0; c < (int)rows->columns; c++) {
        struct bk_val val = {.kind = BK_VAL_NULL};
        int type = sqlite3_column_type(stmt, c);
        if (type == SQLITE_INTEGER) {
            val = bk_int(sqlite3_column_int64(stmt, c));
        } else if (type == SQLITE_TEXT || type == SQLITE_BLOB) {
            val.kind = type == SQLITE_TEXT ? BK_VAL_TEXT : BK_VAL_BYTES;
            val.data = sqlite3_column_blob(stmt, c);
            val.len = (size_t)sqlite3_column_bytes(stmt, c);
        }
        enum bk_err err = bk_rows_add(rows, &val);
        if (err != BK_OK)
            return err;
    }
    rows->count++;
    return BK_OK;
}

static enum bk_err sqlite_run(void *conn, const char *sql, const struct bk_val *vals, size_t count,
                              struct bk_rows *rows, int64_t *changed)
{
    struct db *db = conn;
    sqlite3_stmt *stmt = NULL;
    int own = 0, rc = SQLITE_OK;
    enum bk_err err = prepare(db, sql, &stmt, &own);
    if (err != BK_OK)
        return err;
    for (size_t i = 0; rc == SQLITE_OK && i < count; i++)
        rc = bind_one(stmt, i + 1, &vals[i]);
    if (rc == SQLITE_OK)
        while ((rc = sqlite3_step(stmt)) == SQLITE_ROW && err == BK_OK)
            if (rows)
                err = add_row(stmt, rows);
    if (err == BK_OK)
        err = from_sqlite(db->sqlite, rc, "run");
    if (err == BK_OK && changed)
        *changed = sqlite3_changes64(db->sqlite);
    (void)sqlite3_reset(stmt);
    (void)sqlite3_clear_bindings(stmt);
    if (own)
        (void)sqlite3_finalize(stmt);
    return err;
}

static enum bk_err sqlite_script(void *conn, const char *sql)
{
    return simple(conn, sql);
}

const struct bk_store_driver bk_store_sqlite = {
    .holds = sqlite_holds,
    .open = sqlite_open,
    .close = sqlite_close,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .script = sqlite_script,
    .run = sqlite_run,
};
