/* SPDX-License-Identifier: Apache-2.0 */
#include "server/store.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "server/store_driver.h"

#define OPEN_TRIES 50 /* a tenth of a second apart, or some seconds where SQLite waits itself */
#define TRIES 6
#define PAUSE_NS 5000000L /* twice as long each time */

struct bk_store {
    const struct bk_store_driver *driver;
    void *db;
};

struct bk_tx {
    struct bk_store *store;
    void *conn;
    enum bk_tx_kind kind;
    enum bk_err failed; /* what was the first to fail */
    struct bk_tx_audit audit;
};

struct bk_val bk_int(int64_t i)
{
    return (struct bk_val){.kind = BK_VAL_INT, .i = i};
}

struct bk_val bk_text(const char *text)
{
    if (!text)
        return bk_null();
    return (struct bk_val){.kind = BK_VAL_TEXT, .data = text, .len = strlen(text)};
}

struct bk_val bk_bytes(const void *data, size_t len)
{
    if (!data)
        return bk_null();
    return (struct bk_val){.kind = BK_VAL_BYTES, .data = data, .len = len};
}

struct bk_val bk_null(void)
{
    return (struct bk_val){.kind = BK_VAL_NULL};
}

void bk_rows_free(struct bk_rows *rows)
{
    bk_buf_free(&rows->bytes);
    free(rows->cells);
    *rows = (struct bk_rows){0};
}

enum bk_err bk_rows_add(struct bk_rows *rows, const struct bk_val *val)
{
    if (rows->used == rows->cap) {
        size_t cap = rows->cap ? rows->cap * 2 : 32;
        struct bk_cell *more = realloc(rows->cells, cap * sizeof *more);
        if (!more)
            return BK_ENOMEM;
        rows->cells = more;
        rows->cap = cap;
    }
    struct bk_cell cell = {.kind = val->kind, .i = val->i, .at = rows->bytes.len, .len = val->len};
    enum bk_err err = bk_buf_put(&rows->bytes, val->data, val->len);
    if (err == BK_OK)
        err = bk_buf_put_u8(&rows->bytes, 0);
    if (err == BK_OK)
        rows->cells[rows->used++] = cell;
    return err;
}

static const struct bk_cell *cell_at(const struct bk_rows *rows, size_t row, size_t column)
{
    if (row >= rows->count || column >= rows->columns)
        abort(); /* a mistake of ours, never of who asks */
    return &rows->cells[row * rows->columns + column];
}

int64_t bk_row_int(const struct bk_rows *rows, size_t row, size_t column)
{
    return cell_at(rows, row, column)->i;
}

const char *bk_row_text(const struct bk_rows *rows, size_t row, size_t column)
{
    return (const char *)rows->bytes.data + cell_at(rows, row, column)->at;
}

void bk_row_copy(const struct bk_rows *rows, size_t row, size_t column, char *to, size_t size)
{
    const char *text = bk_row_text(rows, row, column);
    size_t len = strnlen(text, size - 1);
    memcpy(to, text, len);
    to[len] = 0;
}

struct bk_rd bk_row_bytes(const struct bk_rows *rows, size_t row, size_t column)
{
    const struct bk_cell *cell = cell_at(rows, row, column);
    return bk_rd(rows->bytes.data + cell->at, cell->len);
}

int bk_row_null(const struct bk_rows *rows, size_t row, size_t column)
{
    return cell_at(rows, row, column)->kind == BK_VAL_NULL;
}

/* --- schema --- */

static enum bk_err schema_version(struct bk_tx *tx, int64_t *version)
{
    struct bk_rows rows = BK_ROWS_INIT;
    enum bk_err err =
        bk_tx_query(tx, "SELECT version FROM schema_version WHERE one = 1", BK_NO_VALS, &rows);
    *version = err == BK_OK && rows.count ? bk_row_int(&rows, 0, 0) : 0;
    bk_rows_free(&rows);
    return err;
}

/* Under the lock that every writer takes, and so once. */
static enum bk_err migrate(struct bk_store *store, const char *const *migrations, size_t count)
{
    struct bk_tx *tx = NULL;
    int64_t version = 0;
    enum bk_err err = bk_tx_begin(store, &tx);
    if (err == BK_OK)
        err = schema_version(tx, &version);
    if (err == BK_OK && version > (int64_t)count) {
        bk_log(BK_LOG_ERROR, "store: schema version %lld is newer than this program",
               (long long)version);
        err = BK_EUNSUPPORTED;
    }
    int64_t from = version;
    for (; err == BK_OK && version < (int64_t)count; version++)
        err = store->driver->script(tx->conn, migrations[version]);
    if (err == BK_OK && version != from)
        err = bk_tx_exec(tx,
                         "INSERT INTO schema_version (one, version) VALUES (1, $1) "
                         "ON CONFLICT (one) DO UPDATE SET version = $1",
                         BK_VALS(bk_int(version)), NULL);
    if (err == BK_OK)
        return bk_tx_commit(&tx);
    bk_tx_rollback(&tx);
    return err;
}

bool bk_store_is_url(const char *database)
{
    return strncmp(database, "postgresql://", 13) == 0 || strncmp(database, "postgres://", 11) == 0;
}

static const struct bk_store_driver *driver_of(const char *database)
{
    if (!bk_store_is_url(database))
        return &bk_store_sqlite;
#ifdef HAVE_POSTGRESQL
    return &bk_store_postgresql;
#else
    return NULL;
#endif
}

enum bk_err bk_store_holds(const char *database, bool *holds)
{
    const struct bk_store_driver *driver = driver_of(database);
    *holds = false;
    return driver ? driver->holds(database, holds) : BK_EUNSUPPORTED;
}

static enum bk_err try_to_open(struct bk_store *s, const char *database,
                               const char *const *migrations, size_t count)
{
    const struct timespec nap = {.tv_nsec = 100000000};
    enum bk_err err = s->db ? BK_OK : s->driver->open(database, &s->db);
    if (err == BK_OK)
        err = migrate(s, migrations, count);
    if (err == BK_EBUSY) /* another is at it */
        (void)nanosleep(&nap, NULL);
    return err;
}

enum bk_err bk_store_open(const char *database, const char *const *migrations, size_t count,
                          struct bk_store **store)
{
    struct bk_store *s = calloc(1, sizeof *s);
    *store = NULL;
    if (!s)
        return BK_ENOMEM;
    s->driver = driver_of(database);
    enum bk_err err = s->driver ? BK_EBUSY : BK_EUNSUPPORTED;
    for (int i = 0; err == BK_EBUSY && i < OPEN_TRIES; i++)
        err = try_to_open(s, database, migrations, count);
    if (err != BK_OK)
        bk_store_close(&s);
    *store = s;
    return err;
}

void bk_store_close(struct bk_store **store)
{
    if (!*store)
        return;
    if ((*store)->db)
        (*store)->driver->close((*store)->db);
    free(*store);
    *store = NULL;
}

enum bk_err bk_store_settle(struct bk_store *store)
{
    return store->driver->settle ? store->driver->settle(store->db) : BK_OK;
}

/* --- transactions --- */

bool bk_store_plans(const struct bk_store *store)
{
    return store->driver->plans;
}

static enum bk_err begin(struct bk_store *store, enum bk_tx_kind kind, struct bk_tx **tx)
{
    struct bk_tx *t = calloc(1, sizeof *t);
    *tx = NULL;
    if (!t)
        return BK_ENOMEM;
    t->store = store;
    t->kind = kind;
    enum bk_err err = store->driver->begin(store->db, kind, &t->conn);
    if (err == BK_OK)
        *tx = t;
    else
        free(t);
    return err;
}

enum bk_err bk_tx_begin(struct bk_store *store, struct bk_tx **tx)
{
    return begin(store, BK_TX_TURN, tx);
}

enum bk_err bk_tx_look(struct bk_store *store, struct bk_tx **tx)
{
    return begin(store, BK_TX_LOOK, tx);
}

enum bk_err bk_tx_plan(struct bk_store *store, struct bk_tx **tx)
{
    return begin(store, BK_TX_PLAN, tx);
}

enum bk_err bk_tx_commit(struct bk_tx **tx)
{
    struct bk_tx *t = *tx;
    enum bk_err err = t->failed;
    if (err != BK_OK) {
        bk_tx_rollback(tx);
        return err;
    }
    *tx = NULL;
    err = t->store->driver->commit(t->store->db, t->conn);
    free(t);
    return err;
}

enum bk_err bk_tx_commit_later(struct bk_tx **tx, struct bk_tx_later *later)
{
    struct bk_tx *t = *tx;
    const struct bk_store_driver *driver = t->store->driver;
    bool can = t->failed == BK_OK && t->kind == BK_TX_TURN && driver->commit_later;
    enum bk_err err = can ? driver->commit_later(t->store->db, later) : bk_tx_commit(tx);
    if (can) {
        *tx = NULL;
        free(t);
    } else if (err == BK_OK) {
        later->told(later, BK_OK);
    }
    return err;
}

void bk_tx_rollback(struct bk_tx **tx)
{
    struct bk_tx *t = *tx;
    *tx = NULL;
    if (!t)
        return;
    t->store->driver->rollback(t->store->db, t->conn);
    free(t);
}

enum bk_err bk_tx_end(struct bk_tx **tx, enum bk_err err)
{
    if (err == BK_OK)
        return bk_tx_commit(tx);
    bk_tx_rollback(tx);
    return err;
}

bool bk_tx_again(enum bk_err err, int *tries)
{
    const struct timespec t = {.tv_nsec = PAUSE_NS << *tries};
    if (err != BK_EBUSY || ++*tries >= TRIES)
        return false;
    (void)nanosleep(&t, NULL);
    return true;
}

struct bk_tx_audit *bk_tx_audit(struct bk_tx *tx)
{
    return &tx->audit;
}

static _Thread_local unsigned long statements;

unsigned long bk_store_statements(void)
{
    return statements;
}

static enum bk_err run(struct bk_tx *tx, const char *sql, const struct bk_val *vals, size_t count,
                       struct bk_rows *rows, int64_t *changed)
{
    if (tx->failed != BK_OK)
        return tx->failed;
    statements++;
    tx->failed = tx->store->driver->run(tx->conn, sql, vals, count, rows, changed);
    return tx->failed;
}

enum bk_err bk_tx_exec(struct bk_tx *tx, const char *sql, const struct bk_val *vals, size_t count,
                       int64_t *changed)
{
    return run(tx, sql, vals, count, NULL, changed);
}

enum bk_err bk_expected(enum bk_expect expect, enum bk_err err, int64_t changed)
{
    bool busy = (expect == BK_CHANGES && err == BK_OK && !changed) ||
                (expect == BK_IS_NEW && err == BK_EEXISTS);
    return busy ? BK_EBUSY : err;
}

enum bk_err bk_tx_write(struct bk_tx *tx, enum bk_expect expect, const char *sql,
                        const struct bk_val *vals, size_t count)
{
    const struct bk_store_driver *driver = tx->store->driver;
    int64_t changed = 0;
    if (tx->failed != BK_OK)
        return tx->failed;
    statements++;
    if (driver->write) {
        tx->failed = driver->write(tx->conn, expect, sql, vals, count);
    } else {
        enum bk_err err = driver->run(tx->conn, sql, vals, count, NULL, &changed);
        tx->failed = bk_expected(expect, err, changed);
    }
    return tx->failed;
}

enum bk_err bk_tx_query(struct bk_tx *tx, const char *sql, const struct bk_val *vals, size_t count,
                        struct bk_rows *rows)
{
    bk_rows_free(rows);
    return run(tx, sql, vals, count, rows, NULL);
}

enum bk_err bk_tx_any(struct bk_tx *tx, const char *sql, const struct bk_val *vals, size_t count,
                      bool *any)
{
    struct bk_rows rows = BK_ROWS_INIT;
    enum bk_err err = bk_tx_query(tx, sql, vals, count, &rows);
    *any = err == BK_OK && rows.count != 0;
    bk_rows_free(&rows);
    return err;
}

enum bk_err bk_tx_get(struct bk_tx *tx, const char *sql, const struct bk_val *vals, size_t count,
                      struct bk_rows *rows)
{
    enum bk_err err = bk_tx_query(tx, sql, vals, count, rows);
    return err == BK_OK && !rows->count ? BK_ENOTFOUND : err;
}
