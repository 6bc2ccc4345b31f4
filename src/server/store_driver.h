/* SPDX-License-Identifier: Apache-2.0 */
/* What a database must be able to do for store.h. One driver a kind of database. */
#ifndef BK_SERVER_STORE_DRIVER_H
#define BK_SERVER_STORE_DRIVER_H

#include <stdbool.h>

#include "server/store.h"

/* The first table there is, made by open. */
#define BK_STORE_VERSION_TABLE                                                                     \
    "CREATE TABLE IF NOT EXISTS schema_version (one BIGINT PRIMARY KEY, version BIGINT)"

enum bk_tx_kind { BK_TX_TURN, BK_TX_LOOK, BK_TX_PLAN }; /* bk_tx_begin, bk_tx_look, bk_tx_plan */

struct bk_store_driver {
    bool plans;
    enum bk_err (*holds)(const char *database, bool *holds);
    enum bk_err (*open)(const char *database, void **db);
    void (*close)(void *db);
    enum bk_err (*settle)(void *db); /* NULL: there is nothing to do */
    /* Gives a connection that has a transaction open; commit and rollback give it back. */
    enum bk_err (*begin)(void *db, enum bk_tx_kind kind, void **conn);
    enum bk_err (*commit)(void *db, void *conn);
    void (*rollback)(void *db, void *conn);
    /* For bk_tx_commit_later, of a turn. NULL: commit. */
    enum bk_err (*commit_later)(void *db, struct bk_tx_later *later);
    /* Several statements, each ended by a semicolon, none with parameters. */
    enum bk_err (*script)(void *conn, const char *sql);
    /* rows, changed may be NULL */
    enum bk_err (*run)(void *conn, const char *sql, const struct bk_val *vals, size_t count,
                       struct bk_rows *rows, int64_t *changed);
    /* For bk_tx_write; may be told by what comes behind it. NULL: run, at once. */
    enum bk_err (*write)(void *conn, enum bk_expect expect, const char *sql,
                         const struct bk_val *vals, size_t count);
};

extern const struct bk_store_driver bk_store_sqlite, bk_store_postgresql;

/* What comes of a statement that ended with err and changed so many rows. */
enum bk_err bk_expected(enum bk_expect expect, enum bk_err err, int64_t changed) BK_MUST_CHECK;
/* For drivers: one more cell of the row that is being read. */
enum bk_err bk_rows_add(struct bk_rows *rows, const struct bk_val *val) BK_MUST_CHECK;

#endif
