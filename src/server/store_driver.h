/* SPDX-License-Identifier: Apache-2.0 */
/* What a database must be able to do for store.h. One driver a kind of database. */
#ifndef BK_SERVER_STORE_DRIVER_H
#define BK_SERVER_STORE_DRIVER_H

#include "server/store.h"

struct bk_store_driver {
    enum bk_err (*open)(const char *path, void **db);
    void (*close)(void *db);
    /* Gives a connection that has a transaction open; commit and rollback give it back. */
    enum bk_err (*begin)(void *db, void **conn);
    enum bk_err (*commit)(void *db, void *conn);
    void (*rollback)(void *db, void *conn);
    /* rows, changed may be NULL */
    enum bk_err (*run)(void *conn, const char *sql, const struct bk_val *vals, size_t count,
                       struct bk_rows *rows, int64_t *changed);
};

extern const struct bk_store_driver bk_store_sqlite;

/* For drivers: one more cell of the row that is being read. */
enum bk_err bk_rows_add(struct bk_rows *rows, const struct bk_val *val) BK_MUST_CHECK;

#endif
