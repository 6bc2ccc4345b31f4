/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PostgreSQL by libpq. Transactions that write wait for their turn at the table schema_version, in
 * this daemon or another one on the same database, and read only then: each sees what the one
 * before has left, and none is done in vain. So that this is right it needn't be SERIALIZABLE,
 * which would take neighbours on a page of an index for a conflict: one pair of certificates in six
 * was made twice. Who looks may not write; who plans (bk_tx_plan) writes nothing that others decide
 * by. Each sees all of one moment (REPEATABLE READ). Connections are kept and grow with the threads
 * that need one; one that was lost is made anew by whoever takes it next.
 *
 * Messages of the server can quote what was stored, and messages about a connection string its
 * password: of the former only the code is logged, of the latter nothing.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/log.h"
#include "server/store_pg.h"

struct bk_pg_db {
    char *url;
    pthread_mutex_t lock;
    struct bk_pg *idle;
    bool away; /* and that has been said */
};

/* --- connections --- */

static void say_nothing(void *context, const char *message)
{
    (void)context;
    (void)message;
}

static void conn_free(struct bk_pg *c)
{
    if (!c)
        return;
    bk_pg_forget(c);
    PQfinish(c->pg);
    free(c);
}

/* Once each time that it goes, and once when it is back. */
static void tell(struct bk_pg_db *db, const struct bk_pg *c, bool away)
{
    char text[300];
    (void)pthread_mutex_lock(&db->lock);
    bool news = db->away != away;
    db->away = away;
    (void)pthread_mutex_unlock(&db->lock);
    if (!news)
        return;
    (void)snprintf(text, sizeof text, "%s", away ? PQerrorMessage(c->pg) : "");
    for (char *t = text; *t; t++)
        if (*t == '\n')
            *t = t[1] ? ' ' : 0;
    if (away)
        bk_log(BK_LOG_ERROR, "store: the database can't be reached: %s", text);
    else
        bk_log(BK_LOG_WARN, "store: the database is back");
}

/* A daemon that hangs doesn't keep the others' turn, and one whose machine is gone neither. */
static const char settings[] =
    "SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '60s';"
    " SET client_min_messages = warning;"
    " SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ;"
    " SELECT set_config('synchronous_commit', 'on', false)"
    " WHERE current_setting('synchronous_commit') = 'off'";

static enum bk_err conn_open(struct bk_pg_db *db, struct bk_pg **out)
{
    /* those before dbname are what the URL may set otherwise */
    static const char *const names[] = {
        "connect_timeout",  "keepalives_idle",  "keepalives_interval",
        "keepalives_count", "tcp_user_timeout", "fallback_application_name",
        "dbname",           "client_encoding",  NULL};
    const char *const values[] = {"5",     "10",   "5", "3", "15000", "bjca-platformd",
                                  db->url, "UTF8", NULL};
    struct bk_pg *c = calloc(1, sizeof *c);
    if (!c)
        return BK_ENOMEM;
    c->db = db;
    c->pg = PQconnectdbParams(names, values, 1);
    enum bk_err err = BK_OK;
    if (!c->pg || bk_pg_lost(c)) {
        err = c->pg ? BK_ENET : BK_ENOMEM;
        if (c->pg)
            tell(db, c, true);
    }
    const char *encoding = err == BK_OK ? PQparameterStatus(c->pg, "server_encoding") : NULL;
    if (err == BK_OK && (!encoding || strcmp(encoding, "UTF8") != 0)) {
        bk_log(BK_LOG_ERROR, "store: the database's encoding isn't UTF8");
        err = BK_EUNSUPPORTED;
    }
    if (err == BK_OK) {
        (void)PQsetNoticeProcessor(c->pg, say_nothing, NULL);
        tell(db, c, false);
        err = bk_pg_simple(c, settings);
    }
    if (err != BK_OK) {
        conn_free(c);
        return err;
    }
    *out = c;
    return BK_OK;
}

static struct bk_pg *take_idle(struct bk_pg_db *db)
{
    (void)pthread_mutex_lock(&db->lock);
    struct bk_pg *c = db->idle;
    if (c)
        db->idle = c->next;
    (void)pthread_mutex_unlock(&db->lock);
    return c;
}

static void give_back(struct bk_pg *c)
{
    struct bk_pg_db *db = c->db;
    if (c->bad || bk_pg_lost(c) || PQtransactionStatus(c->pg) != PQTRANS_IDLE) {
        conn_free(c);
        return;
    }
    (void)pthread_mutex_lock(&db->lock);
    c->next = db->idle;
    db->idle = c;
    (void)pthread_mutex_unlock(&db->lock);
}

static void pg_close(void *context)
{
    struct bk_pg_db *db = context;
    for (struct bk_pg *c = take_idle(db); c; c = take_idle(db))
        conn_free(c);
    (void)pthread_mutex_destroy(&db->lock);
    free(db->url);
    free(db);
}

static enum bk_err db_new(const char *url, struct bk_pg_db **out)
{
    char *why = NULL;
    PQconninfoOption *options = PQconninfoParse(url, &why);
    PQfreemem(why);
    if (!options)
        return BK_EINVAL;
    PQconninfoFree(options);
    struct bk_pg_db *db = calloc(1, sizeof *db);
    if (!db)
        return BK_ENOMEM;
    (void)pthread_mutex_init(&db->lock, NULL);
    db->url = strdup(url);
    if (!db->url) {
        pg_close(db);
        return BK_ENOMEM;
    }
    *out = db;
    return BK_OK;
}

/* --- opening --- */

/* 1: a version is written; 0: none; -1: there is no such table */
static enum bk_err find_version(struct bk_pg *c, int *found)
{
    PGresult *res = PQexec(c->pg, "SELECT 1 FROM schema_version");
    const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
    *found = PQntuples(res) > 0;
    if (state && strcmp(state, "42P01") == 0) {
        *found = -1;
        PQclear(res);
        return BK_OK;
    }
    return bk_pg_judge(c, res, "SELECT 1 FROM schema_version");
}

static enum bk_err pg_holds(const char *url, bool *holds)
{
    struct bk_pg_db *db = NULL;
    struct bk_pg *c = NULL;
    int found = 0;
    enum bk_err err = db_new(url, &db);
    if (err == BK_OK)
        err = conn_open(db, &c);
    if (err == BK_OK)
        err = find_version(c, &found);
    *holds = found == 1;
    conn_free(c);
    if (db)
        pg_close(db);
    return err;
}

/* Another daemon may do the same: who is second is told so, in one way or another. */
static enum bk_err make_table(struct bk_pg *c)
{
    int found = 0;
    enum bk_err err = find_version(c, &found);
    if (err != BK_OK || found >= 0)
        return err;
    err = bk_pg_simple(c, BK_STORE_VERSION_TABLE);
    if (err == BK_OK)
        return err;
    enum bk_err again = find_version(c, &found);
    return again == BK_OK && found >= 0 ? BK_OK : err;
}

static enum bk_err pg_open(const char *url, void **out)
{
    struct bk_pg_db *db = NULL;
    struct bk_pg *c = NULL;
    enum bk_err err = db_new(url, &db);
    if (err != BK_OK)
        return err;
    err = conn_open(db, &c);
    if (err == BK_OK) {
        err = make_table(c);
        give_back(c);
    }
    if (err != BK_OK) {
        pg_close(db);
        return err;
    }
    *out = db;
    return BK_OK;
}

/* --- transactions --- */

/* An idle connection on which the server has something to say mostly has its end to say: it was
 * restarted. That costs no question and answer at the beginning of each transaction. */
static bool is_quiet(const struct bk_pg *c)
{
    char one;
    return recv(PQsocket(c->pg), &one, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
           (errno == EAGAIN || errno == EWOULDBLOCK);
}

static enum bk_err pg_begin(void *context, enum bk_tx_kind kind, void **conn)
{
    struct bk_pg_db *db = context;
    struct bk_pg *c = take_idle(db);
    if (c && !is_quiet(c)) {
        conn_free(c);
        c = NULL;
    }
    enum bk_err err = c ? BK_OK : conn_open(db, &c);
    if (err != BK_OK)
        return err;
    bk_pg_begin(c, kind);
    *conn = c;
    return BK_OK;
}

static void pg_rollback(void *context, void *conn)
{
    (void)context;
    bk_pg_rollback(conn);
    give_back(conn);
}

static enum bk_err pg_commit(void *context, void *conn)
{
    enum bk_err err = bk_pg_commit(conn);
    pg_rollback(context, conn);
    return err;
}

const struct bk_store_driver bk_store_postgresql = {
    .plans = true,
    .holds = pg_holds,
    .open = pg_open,
    .close = pg_close,
    .begin = pg_begin,
    .commit = pg_commit,
    .rollback = pg_rollback,
    .script = bk_pg_script,
    .run = bk_pg_run,
    .write = bk_pg_write,
};
