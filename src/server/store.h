/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one way to the database: transactions, and statements with parameters. The SQL is the part
 * that SQLite and PostgreSQL share: parameters $1, $2 …, text keys, INSERT … ON CONFLICT, no
 * sequences, no advisory locks; BIGINT for integers and times (ms since 1970, UTC), BLOB for bytes.
 * What differs between them is in the driver.
 *
 * A transaction is serialisable: it sees no other's half-done work, and BK_EBUSY from any call
 * means that it must be rolled back and done again from its beginning. After any other failure of
 * a statement nothing of it is kept either: whatever follows fails in the same way. No network and
 * no waiting for anybody inside one.
 *
 * The database is a file of SQLite's, or a URL of PostgreSQL's (postgresql://…), which several
 * daemons may share.
 */
#ifndef BK_SERVER_STORE_H
#define BK_SERVER_STORE_H

#include <stdbool.h>
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
#define BK_ROWS_INIT                                                                               \
    {                                                                                              \
        0                                                                                          \
    }

void bk_rows_free(struct bk_rows *rows);
int64_t bk_row_int(const struct bk_rows *rows, size_t row, size_t column);      /* NULL is 0 */
const char *bk_row_text(const struct bk_rows *rows, size_t row, size_t column); /* NULL is "" */
/* The text into to, cut to its size. */
void bk_row_copy(const struct bk_rows *rows, size_t row, size_t column, char *to, size_t size);
struct bk_rd bk_row_bytes(const struct bk_rows *rows, size_t row, size_t column);
int bk_row_null(const struct bk_rows *rows, size_t row, size_t column);

bool bk_store_is_url(const char *database);
/* Whether a schema has been made there. */
enum bk_err bk_store_holds(const char *database, bool *holds) BK_MUST_CHECK;
/*
 * Opens the database and brings its schema up: migrations[i] is the SQL (statements, each ended by
 * a semicolon) that leads from version i to i+1; of several that open it at once, one does it.
 * BK_EUNSUPPORTED: the database is newer than this program, or this program can't use such a one.
 * BK_EINVAL: no such URL can be read. BK_ENET: it can't be reached.
 */
enum bk_err bk_store_open(const char *database, const char *const *migrations, size_t count,
                          struct bk_store **store) BK_MUST_CHECK;
/* Before a daemon serves: what another one has left, even one whose disk had failed, is on the disk
 * then. BK_EBUSY: somebody else is at work on it. */
enum bk_err bk_store_settle(struct bk_store *store) BK_MUST_CHECK;
void bk_store_close(struct bk_store **store);

/*
 * Of the transactions that bk_tx_begin opens one is at work at a time, also when several daemons
 * share the database: what it reads stays so until it commits, and it is hardly ever in vain.
 * bk_tx_look is for what mostly reads: it sees what was committed and waits for nobody. It may try
 * to write too, but that is BK_EBUSY.
 * bk_tx_plan waits for nobody either, and may write what nobody reads to decide what to write: only
 * that a row is written by two at once is seen, and is BK_EBUSY. Where bk_store_plans, on
 * PostgreSQL. BK_ENET from any: the database is away; nothing was begun. That it is its turn may
 * be waited for by the first statement, and that the database went away be told there: BK_EBUSY.
 */
enum bk_err bk_tx_begin(struct bk_store *store, struct bk_tx **tx) BK_MUST_CHECK;
enum bk_err bk_tx_look(struct bk_store *store, struct bk_tx **tx) BK_MUST_CHECK;
enum bk_err bk_tx_plan(struct bk_store *store, struct bk_tx **tx) BK_MUST_CHECK;
bool bk_store_plans(const struct bk_store *store);
/* The transaction is over in either case; nothing of it is kept when this fails, unless with
 * BK_ENET: then nobody knows, for the database went away over it. */
enum bk_err bk_tx_commit(struct bk_tx **tx) BK_MUST_CHECK;
/*
 * The same for who has nothing to do until it is known: nobody waits for that here, where the store
 * has another way, and told(later, what the commit would have returned) is called, on any thread,
 * perhaps before this comes back. What it calls waits for nobody and begins no transaction. When
 * this itself fails it isn't called.
 */
struct bk_tx_later {
    void (*told)(struct bk_tx_later *later, enum bk_err err);
    struct bk_tx_later *next; /* the store's */
};
enum bk_err bk_tx_commit_later(struct bk_tx **tx, struct bk_tx_later *later) BK_MUST_CHECK;
/* Threads that do for what only waits for a turn and commits so: one is at the disk, one waits for
 * it to be free and ends the next batch, one works on that, and one goes on when it is full. More
 * would wait for each other. */
#define BK_STORE_WRITERS 4u
void bk_tx_rollback(struct bk_tx **tx); /* NULL inside: nothing */
/* Commits what went well, and undoes what didn't. */
enum bk_err bk_tx_end(struct bk_tx **tx, enum bk_err err) BK_MUST_CHECK;
/* Whether to do it all again: it was BK_EBUSY, and not too often (*tries, from 0). Waits a little.
 */
bool bk_tx_again(enum bk_err err, int *tries);

/* The last entry of the audit log, as far as this transaction has written it; seq 0: it hasn't. */
#define BK_TX_HASH 32u
struct bk_tx_audit {
    int64_t seq;
    uint8_t hash[BK_TX_HASH];
};
struct bk_tx_audit *bk_tx_audit(struct bk_tx *tx);

/* changed (may be NULL): how many rows it inserted, changed or deleted. */
enum bk_err bk_tx_exec(struct bk_tx *tx, const char *sql, const struct bk_val *vals, size_t count,
                       int64_t *changed) BK_MUST_CHECK;
/*
 * As bk_tx_exec, for what the caller needs no answer to: it may be sent together with what comes
 * behind it, and then its failure is told there, whatever that asks, by the commit at the latest.
 * What isn't as expected is BK_EBUSY: that it changes rows (BK_CHANGES), that no such row is there
 * (BK_IS_NEW). sql is a string constant.
 */
enum bk_expect { BK_ANYHOW, BK_CHANGES, BK_IS_NEW };
enum bk_err bk_tx_write(struct bk_tx *tx, enum bk_expect expect, const char *sql,
                        const struct bk_val *vals, size_t count) BK_MUST_CHECK;
/* How many statements were asked for on this thread so far. */
unsigned long bk_store_statements(void);
/* Replaces what rows held. No row is BK_OK. */
enum bk_err bk_tx_query(struct bk_tx *tx, const char *sql, const struct bk_val *vals, size_t count,
                        struct bk_rows *rows) BK_MUST_CHECK;
/* Whether there is a row; false with an error. */
enum bk_err bk_tx_any(struct bk_tx *tx, const char *sql, const struct bk_val *vals, size_t count,
                      bool *any) BK_MUST_CHECK;
/* As bk_tx_query, but BK_ENOTFOUND when there is no row. */
enum bk_err bk_tx_get(struct bk_tx *tx, const char *sql, const struct bk_val *vals, size_t count,
                      struct bk_rows *rows) BK_MUST_CHECK;

#endif
