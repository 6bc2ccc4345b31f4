/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parts of PostgreSQL's driver share: store_pg.c has connections, store_pg_run.c what is
 * said on one.
 *
 * A way to the server and back costs two switches of processes, and more from another machine. So
 * what nobody waits for goes with what is asked next (libpq's pipeline mode): a transaction's
 * beginning with its first statement, writes (bk_tx_write) with the next question, or with the
 * commit. The server does one after the other, and nothing behind one that failed.
 */
#ifndef BK_SERVER_STORE_PG_H
#define BK_SERVER_STORE_PG_H

#include <libpq-fe.h>

#include "server/store_driver.h"

#define BK_PG_CACHED 512u
/* So many statements and, about, bytes go together. Of 8192 bytes libpq sends a part by itself: a
 * client that hangs then has a turn without end, for the server counts how long it says nothing
 * (idle_in_transaction_session_timeout) only from what ends a question on. */
#define BK_PG_QUEUE 32u
#define BK_PG_BYTES 7000u

struct bk_pg_db;

struct bk_pg_statement {
    const char *sql; /* by address: statements are string constants */
    uint64_t kinds;  /* of its parameters: a NULL gets its type from its place */
    char *text;
};

/* What was sent and isn't answered. */
struct bk_pg_sent {
    const char *sql;
    enum bk_expect expect;
};

struct bk_pg {
    PGconn *pg;
    struct bk_pg_db *db;
    struct bk_pg *next; /* that is idle */
    bool bad;           /* of no more use */
    bool looks;         /* may not write now */
    bool begins;        /* a transaction of this kind, which the server doesn't know of yet */
    enum bk_tx_kind kind;
    unsigned sent_count;
    size_t sent_bytes;
    struct bk_pg_sent sent[BK_PG_QUEUE];
    struct bk_pg_statement cache[BK_PG_CACHED];
};

bool bk_pg_lost(const struct bk_pg *c);
/* What an answer means; it is freed. */
enum bk_err bk_pg_judge(struct bk_pg *c, PGresult *res, const char *sql) BK_MUST_CHECK;
enum bk_err bk_pg_simple(struct bk_pg *c, const char *sql) BK_MUST_CHECK;
void bk_pg_forget(struct bk_pg *c); /* what is prepared */

void bk_pg_begin(struct bk_pg *c, enum bk_tx_kind kind);
/* BK_ENET when the answer was lost: it may be done or not. */
enum bk_err bk_pg_commit(struct bk_pg *c) BK_MUST_CHECK;
void bk_pg_rollback(struct bk_pg *c); /* what there is */
/* The driver's (store_driver.h). */
enum bk_err bk_pg_run(void *conn, const char *sql, const struct bk_val *vals, size_t count,
                      struct bk_rows *rows, int64_t *changed) BK_MUST_CHECK;
enum bk_err bk_pg_write(void *conn, enum bk_expect expect, const char *sql,
                        const struct bk_val *vals, size_t count) BK_MUST_CHECK;
enum bk_err bk_pg_script(void *conn, const char *sql) BK_MUST_CHECK;

#endif
