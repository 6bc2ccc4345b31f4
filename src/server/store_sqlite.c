/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQLite, in WAL. What a commit has answered for survives a power cut.
 *
 * bk_tx_begin: one connection writes, one transaction at a time, so that threads wait for each
 * other at a lock and not in SQLite's busy loop; other processes (the key register's commands) wait
 * for the file's lock. Transactions that follow each other without a gap are savepoints of one that
 * SQLite sees, a batch; the last of them, behind which nobody waits for a turn, commits it. SQLite
 * doesn't wait for the disk then (synchronous NORMAL), for that would be within the turn: who was
 * in the batch does (flush.h). Meanwhile the next batch is at work, and stays open as long as the
 * disk is busy or the processors are.
 *
 * bk_tx_look: connections of their own, which see what was committed and wait for nobody, nor for
 * the disk: what they have seen is there after a crash of the program, and after a power cut in
 * that moment may not be. Whoever looks has a lock on what it sees of the log: two system calls,
 * within a lock that all threads of the process meet at, unless another of its connections has the
 * same already. One does nothing else (the keeper). It looks at the newest: anew behind each batch,
 * and, while others look, each second, unless another process has written in that. Meanwhile it
 * lets go, for the log begins anew when nobody looks at it.
 */
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/clock.h"
#include "base/log.h"
#include "server/batch.h"
#include "server/flush.h"
#include "server/store_driver.h"

#define BUSY_MS 10000
#define READER_MS 1000 /* that a daemon begins later for who reads meanwhile */
#define CACHED 512u    /* more than the server has statements */
#define BATCH_MAX 64u  /* turns, whatever comes of them: members and other processes wait */
#define IDLE_MAX 40u   /* connections to look with that are kept */
#define KEEP_MS 1000   /* the keeper looks at what isn't older, while others look */
#define TRIM_MS 20000  /* and memory is given back: that stops all threads for a moment */
#define PARAMETERS 64u /* of a statement, from $1 on */

static char names[PARAMETERS][4]; /* of these, once it is set up */

struct conn {
    sqlite3 *sqlite;
    bool looks;
    enum bk_err failed; /* of the last statement that did */
    struct {
        const char *sql; /* by address: statements are string constants */
        sqlite3_stmt *stmt;
    } cache[CACHED];
};

struct db {
    struct conn *writer;
    char *path;
    pthread_mutex_t turn;   /* of the transaction at work: the writer, and `batch` */
    atomic_uint queue;      /* who waits for a turn */
    struct bk_batch *batch; /* NULL: none is open */
    int wal;                /* to be flushed, of what the writer has written */
    struct bk_flush flush;
    pthread_mutex_t idle_lock;
    struct conn *idle[IDLE_MAX];
    unsigned idle_count, spare; /* spare: so many were idle since the keeper looked */
    pthread_mutex_t keep_lock;
    struct conn *keeper; /* NULL before somebody has looked twice */
    atomic_int_least64_t kept_at;
    int64_t kept_version, trimmed_at;
    bool trims; /* connections were closed since */
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

static enum bk_err script(struct conn *conn, const char *sql)
{
    return from_sqlite(conn->sqlite, sqlite3_exec(conn->sqlite, sql, NULL, NULL, NULL), sql);
}

/* --- statements that are kept --- */

/* A statement from the cache, or a new one; *own when the caller must finalise it. */
static enum bk_err prepare(struct conn *conn, const char *sql, sqlite3_stmt **stmt, int *own)
{
    unsigned slot = (unsigned)(((uintptr_t)sql >> 3) * 0x9e3779b1u >> 7) % CACHED, tries = 0;
    while (conn->cache[slot].sql && conn->cache[slot].sql != sql && ++tries < CACHED)
        slot = (slot + 1) % CACHED;
    const char *known = conn->cache[slot].sql;
    *own = 0;
    if (known && known == sql && strcmp(sqlite3_sql(conn->cache[slot].stmt), sql) == 0) {
        *stmt = conn->cache[slot].stmt;
        return BK_OK;
    }
    int rc = sqlite3_prepare_v3(conn->sqlite, sql, -1, SQLITE_PREPARE_PERSISTENT, stmt, NULL);
    if (rc != SQLITE_OK)
        return from_sqlite(conn->sqlite, rc, "prepare");
    *own = conn->cache[slot].sql != NULL;
    if (!*own) {
        conn->cache[slot].sql = sql;
        conn->cache[slot].stmt = *stmt;
    }
    return BK_OK;
}

/* One without parameters and results, again and again. */
static enum bk_err simple(struct conn *conn, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    int own = 0;
    enum bk_err err = prepare(conn, sql, &stmt, &own);
    if (err != BK_OK)
        return err;
    err = from_sqlite(conn->sqlite, sqlite3_step(stmt), sql);
    if (err != BK_OK)
        conn->failed = err;
    (void)sqlite3_reset(stmt);
    if (own)
        (void)sqlite3_finalize(stmt);
    return err;
}

/* --- connections --- */

static void disconnect(struct conn *conn)
{
    if (!conn)
        return;
    for (unsigned i = 0; i < CACHED; i++)
        (void)sqlite3_finalize(conn->cache[i].stmt);
    (void)sqlite3_close(conn->sqlite);
    free(conn);
}

static enum bk_err connect_to(const char *path, bool looks, struct conn **out)
{
    struct conn *conn = calloc(1, sizeof *conn);
    if (!conn)
        return BK_ENOMEM;
    conn->looks = looks;
    int rc = sqlite3_open_v2(path, &conn->sqlite,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
                                 SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE,
                             NULL);
    enum bk_err err = from_sqlite(conn->sqlite, rc, "open");
    if (err == BK_OK && chmod(path, 0600) != 0)
        err = BK_EDENIED;
    if (err == BK_OK)
        err = from_sqlite(conn->sqlite, sqlite3_busy_timeout(conn->sqlite, BUSY_MS), "timeout");
    static const char *const settings[] = {
        "PRAGMA journal_mode = WAL",   "PRAGMA synchronous = NORMAL",
        "PRAGMA foreign_keys = ON",    "PRAGMA secure_delete = ON",
        "PRAGMA trusted_schema = OFF", "PRAGMA wal_autocheckpoint = 4000",
        BK_STORE_VERSION_TABLE};
    size_t count = sizeof settings / sizeof *settings - looks; /* the table is there to look at */
    for (size_t i = 0; err == BK_OK && i < count; i++)
        err = script(conn, settings[i]);
    if (err != BK_OK)
        disconnect(conn);
    else
        *out = conn;
    return err;
}

static void sqlite_close(void *context)
{
    struct db *db = context;
    while (db->idle_count)
        disconnect(db->idle[--db->idle_count]);
    disconnect(db->keeper);
    disconnect(db->writer);
    if (db->wal >= 0)
        (void)close(db->wal);
    bk_flush_end(&db->flush);
    (void)pthread_mutex_destroy(&db->turn);
    (void)pthread_mutex_destroy(&db->idle_lock);
    (void)pthread_mutex_destroy(&db->keep_lock);
    free(db->path);
    free(db);
}

static enum bk_err sqlite_holds(const char *path, bool *holds)
{
    struct stat st;
    *holds = lstat(path, &st) == 0;
    return BK_OK;
}

/* SQLite counts its memory under a lock that all threads meet at; nobody reads the count. What a
 * savepoint may have to put back stays in memory: it is some pages of each member of a batch, which
 * else go to a file that is written far more often than the database. Tables of a statement's own,
 * such as for IN, get their pages one by one, not twenty pages of which they use one. */
static void set_up(void)
{
    for (size_t i = 1; i < PARAMETERS; i++)
        (void)sqlite3_snprintf(sizeof names[i], names[i], "$%u", (unsigned)i);
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    (void)sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, -1);
    (void)sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0);
}

/* The log that the writer writes, which is there as long as it is connected. POSIX drops a
 * process's locks on a file with any descriptor of it: there are none on this one. */
static int open_log(const struct db *db, int how)
{
    char *path = sqlite3_mprintf("%s-wal", db->path);
    int fd = path ? open(path, how | O_CLOEXEC | O_NOFOLLOW) : -1;
    sqlite3_free(path);
    return fd;
}

static enum bk_err sqlite_open(const char *path, void **out)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, set_up);
    struct db *db = calloc(1, sizeof *db);
    if (!db)
        return BK_ENOMEM;
    (void)pthread_mutex_init(&db->turn, NULL);
    (void)pthread_mutex_init(&db->idle_lock, NULL);
    (void)pthread_mutex_init(&db->keep_lock, NULL);
    db->wal = -1;
    db->path = strdup(path);
    enum bk_err err = db->path ? connect_to(path, false, &db->writer) : BK_ENOMEM;
    if (err == BK_OK && (db->wal = open_log(db, O_RDONLY)) < 0)
        err = BK_EIO;
    bk_flush_init(&db->flush, db->wal);
    if (err != BK_OK)
        sqlite_close(db);
    else
        *out = db;
    return err;
}

/* Everything goes to the database, and the log begins anew. */
static enum bk_err empty_log(struct conn *conn)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(conn->sqlite, "PRAGMA wal_checkpoint(TRUNCATE)", -1, &stmt, NULL);
    if (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW && sqlite3_column_int(stmt, 0))
        rc = SQLITE_BUSY;
    enum bk_err err = from_sqlite(conn->sqlite, rc, "checkpoint");
    (void)sqlite3_finalize(stmt);
    return err;
}

/* The same bytes, which the kernel has to bring to the disk then. Nobody else writes to it: this is
 * within a turn. */
static enum bk_err rewrite_log(const struct db *db)
{
    enum { PIECE = 64 * 1024 };
    uint8_t *piece = malloc(PIECE);
    int fd = open_log(db, O_RDWR);
    ssize_t n = piece && fd >= 0 ? 1 : -1;
    for (off_t at = 0; n > 0; at += n)
        if ((n = pread(fd, piece, PIECE, at)) > 0 && pwrite(fd, piece, (size_t)n, at) != n)
            n = -1;
    enum bk_err err = n == 0 && fdatasync(fd) == 0 ? BK_OK : BK_EIO;
    if (fd >= 0)
        (void)close(fd);
    free(piece);
    return err;
}

/* Reading the log when it is opened has shown what of it is whole, but a process before this one
 * may have been told that the disk failed: what only the kernel's memory has looks the same, and
 * all that comes behind it in the log would be lost with it. Who reads for long, such as a backup,
 * keeps the log from being emptied; then it is written once more as it is. */
static enum bk_err sqlite_settle(void *context)
{
    struct db *db = context;
    struct conn *conn = db->writer;
    (void)pthread_mutex_lock(&db->turn);
    (void)sqlite3_busy_timeout(conn->sqlite, READER_MS);
    enum bk_err err = empty_log(conn);
    (void)sqlite3_busy_timeout(conn->sqlite, BUSY_MS);
    if (err == BK_EBUSY && (err = simple(conn, "BEGIN IMMEDIATE")) == BK_OK) {
        err = rewrite_log(db);
        (void)simple(conn, "ROLLBACK");
    }
    (void)pthread_mutex_unlock(&db->turn);
    return err;
}

/* --- transactions that only look --- */

/* Failures are of no account: who looks has its own lock then. */
static void keeper_goes(struct conn *keeper)
{
    if (keeper && !sqlite3_get_autocommit(keeper->sqlite))
        (void)simple(keeper, "END");
}

/* Returns a number that is another one when something was committed since. */
static int64_t keeper_looks(struct conn *keeper)
{
    sqlite3_stmt *stmt = NULL;
    int own = 0;
    int64_t version = 0;
    if (!keeper || simple(keeper, "BEGIN") != BK_OK ||
        prepare(keeper, "PRAGMA data_version", &stmt, &own) != BK_OK)
        return 0;
    if (sqlite3_step(stmt) == SQLITE_ROW)
        version = sqlite3_column_int64(stmt, 0);
    (void)sqlite3_reset(stmt);
    if (own)
        (void)sqlite3_finalize(stmt);
    return version;
}

/* Of a time when more was asked at once: each has two MiB of the database. Who comes takes the one
 * that was given back last, so that those are the first. */
static void close_spare(struct db *db, int64_t now)
{
    struct conn *spare[IDLE_MAX];
    (void)pthread_mutex_lock(&db->idle_lock);
    unsigned count = db->spare;
    memcpy(spare, db->idle, count * sizeof *spare);
    db->idle_count -= count;
    memmove(db->idle, db->idle + count, db->idle_count * sizeof *spare);
    db->spare = db->idle_count;
    (void)pthread_mutex_unlock(&db->idle_lock);
    for (unsigned i = 0; i < count; i++)
        disconnect(spare[i]);
    db->trims = db->trims || count;
    if (!db->trims || now - db->trimmed_at < TRIM_MS)
        return;
    db->trims = false;
    db->trimmed_at = now;
    (void)malloc_trim(0);
}

static void keep_up(struct db *db)
{
    int64_t now = bk_clock_ms();
    if (now - atomic_load(&db->kept_at) < KEEP_MS || pthread_mutex_trylock(&db->keep_lock) != 0)
        return;
    atomic_store(&db->kept_at, now);
    keeper_goes(db->keeper);
    if (!db->keeper && connect_to(db->path, true, &db->keeper) != BK_OK)
        db->keeper = NULL;
    int64_t before = db->kept_version;
    db->kept_version = keeper_looks(db->keeper);
    if (db->kept_version != before) /* another process writes: its log is to begin anew, too */
        keeper_goes(db->keeper);
    close_spare(db, now);
    (void)pthread_mutex_unlock(&db->keep_lock);
}

static enum bk_err look_begin(struct db *db, void **out)
{
    struct conn *conn = NULL;
    enum bk_err err = BK_OK;
    (void)pthread_mutex_lock(&db->idle_lock);
    if (db->idle_count)
        conn = db->idle[--db->idle_count];
    if (db->spare > db->idle_count)
        db->spare = db->idle_count;
    (void)pthread_mutex_unlock(&db->idle_lock);
    if (conn)
        keep_up(db);
    else
        err = connect_to(db->path, true, &conn);
    if (err == BK_OK && (err = simple(conn, "BEGIN")) != BK_OK)
        disconnect(conn);
    if (err == BK_OK)
        *out = conn;
    return err;
}

static enum bk_err look_end(struct db *db, struct conn *conn)
{
    enum bk_err err = sqlite3_get_autocommit(conn->sqlite) ? BK_OK : simple(conn, "COMMIT");
    (void)pthread_mutex_lock(&db->idle_lock);
    bool keep = err == BK_OK && db->idle_count < IDLE_MAX;
    if (keep)
        db->idle[db->idle_count++] = conn;
    (void)pthread_mutex_unlock(&db->idle_lock);
    if (!keep)
        disconnect(conn);
    return err;
}

/* --- transactions in batches --- */

/* SQLite itself gave up all of it over a failure, such as a full disk. */
static bool batch_is_lost(const struct db *db)
{
    return sqlite3_get_autocommit(db->writer->sqlite) != 0;
}

/* Gives the turn away, and comes back when the batch is on the disk or, after an error, lost. */
static enum bk_err end_batch(struct db *db, enum bk_err err)
{
    struct bk_batch *batch = db->batch;
    (void)pthread_mutex_lock(&db->keep_lock);
    keeper_goes(db->keeper);
    if (err == BK_OK)
        err = simple(db->writer, "COMMIT");
    if (err != BK_OK && !batch_is_lost(db))
        (void)simple(db->writer, "ROLLBACK");
    db->kept_version = keeper_looks(db->keeper);
    (void)pthread_mutex_unlock(&db->keep_lock);
    db->batch = NULL;
    (void)pthread_mutex_unlock(&db->turn);
    if (err == BK_OK && batch->members)
        bk_flush(&db->flush);
    bk_batch_tell(batch, err);
    return err;
}

/* Somebody else ends it. */
static bool batch_goes_on(const struct db *db)
{
    return db->batch->turns < BATCH_MAX && (db->batch->closing || atomic_load(&db->queue) > 0);
}

static enum bk_err turn_begin(struct db *db, void **conn)
{
    (void)atomic_fetch_add(&db->queue, 1);
    (void)pthread_mutex_lock(&db->turn);
    (void)atomic_fetch_sub(&db->queue, 1);
    enum bk_err err = BK_OK;
    if (!db->batch) {
        db->batch = bk_batch_new();
        err = db->batch ? simple(db->writer, "BEGIN IMMEDIATE") : BK_ENOMEM;
        if (err != BK_OK) {
            free(db->batch);
            db->batch = NULL;
            (void)pthread_mutex_unlock(&db->turn);
            return err;
        }
    }
    db->batch->turns++;
    err = simple(db->writer, "SAVEPOINT one");
    if (err == BK_OK)
        *conn = db->writer;
    else
        (void)end_batch(db, BK_OK);
    return err;
}

static void turn_rollback(struct db *db)
{
    enum bk_err err =
        batch_is_lost(db) ? db->writer->failed : simple(db->writer, "ROLLBACK TO one");
    if (err == BK_OK)
        err = simple(db->writer, "RELEASE one");
    if (err != BK_OK || !batch_goes_on(db))
        (void)end_batch(db, err);
    else
        (void)pthread_mutex_unlock(&db->turn);
}

/* Gives the turn away until the disk is free, and whoever has work and no processor has had one:
 * commits are a third less where there is much to do. Who is told later (`waits` false) is so by
 * whoever has ended it meanwhile. */
static enum bk_err close_later(struct db *db, struct bk_batch *batch, bool waits)
{
    batch->closing = true;
    (void)atomic_fetch_add(&batch->users, 1);
    (void)pthread_mutex_unlock(&db->turn);
    (void)sched_yield();
    bk_flush_rest(&db->flush);
    (void)pthread_mutex_lock(&db->turn);
    if (db->batch != batch) {
        (void)pthread_mutex_unlock(&db->turn);
        if (waits)
            return bk_batch_wait(batch);
        bk_batch_leave(batch);
        return BK_OK;
    }
    bk_batch_leave(batch); /* it isn't the last: who ends it is left */
    return end_batch(db, BK_OK);
}

/* A member more: of its result another will tell, or the caller does it all. */
static enum bk_err join_batch(struct db *db, bool waits)
{
    struct bk_batch *batch = db->batch;
    batch->members++;
    if (!batch_goes_on(db))
        return batch->turns < BATCH_MAX ? close_later(db, batch, waits) : end_batch(db, BK_OK);
    if (waits)
        (void)atomic_fetch_add(&batch->users, 1);
    (void)pthread_mutex_unlock(&db->turn);
    return waits ? bk_batch_wait(batch) : BK_OK;
}

static enum bk_err release(struct db *db)
{
    enum bk_err err = batch_is_lost(db) ? db->writer->failed : simple(db->writer, "RELEASE one");
    if (err != BK_OK)
        turn_rollback(db);
    return err;
}

static enum bk_err turn_commit(struct db *db)
{
    enum bk_err err = release(db);
    return err == BK_OK ? join_batch(db, true) : err;
}

static enum bk_err sqlite_commit_later(void *context, struct bk_tx_later *later)
{
    struct db *db = context;
    enum bk_err err = release(db);
    if (err != BK_OK)
        return err;
    bk_batch_put(db->batch, later);
    (void)(join_batch(db, false) == BK_OK); /* it is told */
    return BK_OK;
}

static enum bk_err sqlite_begin(void *context, enum bk_tx_kind kind, void **conn)
{
    return kind == BK_TX_TURN ? turn_begin(context, conn) : look_begin(context, conn);
}

static void sqlite_rollback(void *context, void *conn)
{
    if (((struct conn *)conn)->looks)
        (void)look_end(context, conn);
    else
        turn_rollback(context);
}

static enum bk_err sqlite_commit(void *context, void *conn)
{
    return ((struct conn *)conn)->looks ? look_end(context, conn) : turn_commit(context);
}

/* --- statements --- */

static int bind_one(sqlite3_stmt *stmt, size_t number, const struct bk_val *val)
{
    int index = number < PARAMETERS ? sqlite3_bind_parameter_index(stmt, names[number]) : 0;
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

static enum bk_err sqlite_run(void *context, const char *sql, const struct bk_val *vals,
                              size_t count, struct bk_rows *rows, int64_t *changed)
{
    struct conn *conn = context;
    sqlite3_stmt *stmt = NULL;
    int own = 0, rc = SQLITE_OK;
    enum bk_err err = prepare(conn, sql, &stmt, &own);
    if (err != BK_OK)
        return err;
    /* it would wait for the writer, or find that it has read what was changed since */
    if (conn->looks && !sqlite3_stmt_readonly(stmt))
        err = BK_EBUSY;
    for (size_t i = 0; err == BK_OK && rc == SQLITE_OK && i < count; i++)
        rc = bind_one(stmt, i + 1, &vals[i]);
    if (err == BK_OK && rc == SQLITE_OK)
        while ((rc = sqlite3_step(stmt)) == SQLITE_ROW && err == BK_OK)
            if (rows)
                err = add_row(stmt, rows);
    if (err == BK_OK)
        err = from_sqlite(conn->sqlite, rc, "run");
    if (err == BK_OK && changed)
        *changed = sqlite3_changes64(conn->sqlite);
    if (err != BK_OK)
        conn->failed = err;
    (void)sqlite3_reset(stmt);
    (void)sqlite3_clear_bindings(stmt);
    if (own)
        (void)sqlite3_finalize(stmt);
    return err;
}

static enum bk_err sqlite_script(void *conn, const char *sql)
{
    return script(conn, sql);
}

const struct bk_store_driver bk_store_sqlite = {
    .holds = sqlite_holds,
    .open = sqlite_open,
    .close = sqlite_close,
    .settle = sqlite_settle,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .commit_later = sqlite_commit_later,
    .script = sqlite_script,
    .run = sqlite_run,
};
