/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one way to the database: transactions, and statements with parameters. The SQL is the part
 * that SQLite and PostgreSQL share: parameters $1, $2 …, text keys, INSERT … ON CONFLICT, no
 * sequences, no advisory locks; BIGINT for integers and times (ms since 1970, UTC), BLOB for bytes.
 * What differs between them is in the driver.
 *
 * A transaction is serialisable: it sees no other's half-done work, and BK_EBUSY from any call
 * means that it must be rolled back and done again from its beginning. No network and no waiting
 * for anybody inside one.
 */
#ifndef BK_SERVER_STORE_H
#define BK_SERVER_STORE_H

#include <stdint.h>

#include "base/buf.h"

struct bk_store;
struct bk_tx;

enum bk_val_kind { BK_VAL_NULL, BK_VAL_INT, BK_VAL_TEXT, BK_VAL_BYTES };

struct bk_val {
    enum bk_val_kind kind;
    int64_t i;
    const void *data;
    size_t len;
};

struct bk_val bk_int(int64_t i);
struct bk_val bk_text(const char *text);              /* NULL is NULL */
struct bk_val bk_bytes(const void *data, size_t len); /* NULL is NULL */
struct bk_val bk_null(void);

/* The parameters of a statement and their count, as two arguments. */
#define BK_VALS(...)                                                                               \
    (const struct bk_val[]){__VA_ARGS__},                                                          \
        sizeof((const struct bk_val[]){__VA_ARGS__}) / sizeof(struct bk_val)
#define BK_NO_VALS NULL, 0

/* What a query gave, all of it, apart from the database. Wiped when freed. */
struct bk_cell {
    enum bk_val_kind kind;
    int64_t i;
    size_t at, len; /* in bytes; a NUL stands behind each */
};
struct bk_rows {
    size_t count, columns;
    struct bk_cell *cells;
    size_t used, cap; /* of cells */
    struct bk_buf bytes;
};
#define BK_ROWS_INIT {0}

void bk_rows_free(struct bk_rows *rows);
int64_t bk_row_int(const struct bk_rows *rows, size_t row, size_t column);      /* NULL is 0 */
const char *bk_row_text(const struct bk_rows *rows, size_t row, size_t column); /* NULL is "" */
struct bk_rd bk_row_bytes(const struct bk_rows *rows, size_t row, size_t column);
int bk_row_null(const struct bk_rows *rows, size_t row, size_t column);

/*
 * Opens the database and brings its schema up: migrations[i] is the SQL (statements, each ended by
 * a semicolon and a line end) that leads from version i to i+1. BK_EUNSUPPORTED: the database is
 * newer than this program.
 */
enum bk_err bk_store_open(const char *path, const char *const *migrations, size_t count,
                          struct bk_store **store) BK_MUST_CHECK;
void bk_store_close(struct bk_store **store);

enum bk_err bk_tx_begin(struct bk_store *store, struct bk_tx **tx) BK_MUST_CHECK;
/* The transaction is over in either case; nothing of it is kept when this fails. */
enum bk_err bk_tx_commit(struct bk_tx **tx) BK_MUST_CHECK;
void bk_tx_rollback(struct bk_tx **tx); /* NULL inside: nothing */

/* changed (may be NULL): how many rows it inserted, changed or deleted. */
enum bk_err bk_tx_exec(struct bk_tx *tx, const char *sql, const struct bk_val *vals, size_t count,
                       int64_t *changed) BK_MUST_CHECK;
/* Replaces what rows held. No row is BK_OK. */
enum bk_err bk_tx_query(struct bk_tx *tx, const char *sql, const struct bk_val *vals,
                        size_t count, struct bk_rows *rows) BK_MUST_CHECK;
/* The same, BK_ENOTFOUND when there is no row. */
enum bk_err bk_tx_get(struct bk_tx *tx, const char *sql, const struct bk_val *vals, size_t count,
                      struct bk_rows *rows) BK_MUST_CHECK;

#endif
