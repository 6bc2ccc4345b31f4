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
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libpq-fe.h>

#include "base/log.h"
#include "server/store_driver.h"

#define CACHED 512u
#define VALS_MAX 24u

/* type numbers of pg_type, which never change */
enum { OF_BYTEA = 17, OF_INT8 = 20, OF_INT2 = 21, OF_INT4 = 23, OF_TEXT = 25 };

struct statement {
    const char *sql; /* by address: statements are string constants */
    uint64_t kinds;  /* of its parameters: a NULL gets its type from its place */
    char *text;
};

struct conn {
    PGconn *pg;
    struct db *db;
    struct conn *next; /* that is idle */
    bool bad;          /* of no more use */
    bool looks;        /* may not write now */
    struct statement cache[CACHED];
};

struct db {
    char *url;
    pthread_mutex_t lock;
    struct conn *idle;
    bool away; /* and that has been said */
};

/* --- what went wrong --- */

static const struct {
    const char *state; /* its beginning */
    enum bk_err err;
} states[] = {
    {"40", BK_EBUSY},       {"55P03", BK_EBUSY}, {"57", BK_EBUSY},      {"25006", BK_EBUSY},
    {"25P03", BK_EBUSY},    {"53100", BK_EFULL}, {"53200", BK_ENOMEM},  {"53", BK_EBUSY},
    {"23", BK_EEXISTS},     {"22", BK_EINVAL},   {"42501", BK_EDENIED}, {"XX001", BK_ECORRUPT},
    {"XX002", BK_ECORRUPT},
};

static enum bk_err from_state(const char *state)
{
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (strncmp(state, states[i].state, strlen(states[i].state)) == 0)
            return states[i].err;
    return BK_EIO;
}

static bool lost(const struct conn *c)
{
    return PQstatus(c->pg) != CONNECTION_OK;
}

/* res is freed. */
static enum bk_err judge(struct conn *c, PGresult *res, const char *sql)
{
    ExecStatusType status = PQresultStatus(res);
    const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
    enum bk_err err = BK_OK;
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        goto out;
    if (lost(c)) {
        err = BK_EBUSY;
        goto out;
    }
    err = state ? from_state(state) : BK_ENOMEM;
    /* the server ends, or may only be read since another one took its place */
    if (state && (strncmp(state, "57P", 3) == 0 || (strcmp(state, "25006") == 0 && !c->looks)))
        c->bad = true;
    bk_log(err == BK_EBUSY || err == BK_EEXISTS ? BK_LOG_DEBUG : BK_LOG_ERROR,
           "store: the database says %s to: %s", state ? state : "nothing", sql);
out:
    PQclear(res);
    return err;
}

static enum bk_err simple(struct conn *c, const char *sql)
{
    return judge(c, PQexec(c->pg, sql), sql);
}

/* --- connections --- */

static void say_nothing(void *context, const char *message)
{
    (void)context;
    (void)message;
}

static void forget_statements(struct conn *c)
{
    for (unsigned i = 0; i < CACHED; i++)
        free(c->cache[i].text);
    memset(c->cache, 0, sizeof c->cache);
}

static void conn_free(struct conn *c)
{
    if (!c)
        return;
    forget_statements(c);
    PQfinish(c->pg);
    free(c);
}

/* Once each time that it goes, and once when it is back. */
static void tell(struct db *db, const struct conn *c, bool away)
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

static enum bk_err conn_open(struct db *db, struct conn **out)
{
    /* those before dbname are what the URL may set otherwise */
    static const char *const names[] = {
        "connect_timeout",  "keepalives_idle",  "keepalives_interval",
        "keepalives_count", "tcp_user_timeout", "fallback_application_name",
        "dbname",           "client_encoding",  NULL};
    const char *const values[] = {"5",     "10",   "5", "3", "15000", "bjca-platformd",
                                  db->url, "UTF8", NULL};
    struct conn *c = calloc(1, sizeof *c);
    if (!c)
        return BK_ENOMEM;
    c->db = db;
    c->pg = PQconnectdbParams(names, values, 1);
    enum bk_err err = BK_OK;
    if (!c->pg || lost(c)) {
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
        err = simple(c, settings);
    }
    if (err != BK_OK) {
        conn_free(c);
        return err;
    }
    *out = c;
    return BK_OK;
}

static struct conn *take_idle(struct db *db)
{
    (void)pthread_mutex_lock(&db->lock);
    struct conn *c = db->idle;
    if (c)
        db->idle = c->next;
    (void)pthread_mutex_unlock(&db->lock);
    return c;
}

static void give_back(struct conn *c)
{
    struct db *db = c->db;
    if (c->bad || lost(c) || PQtransactionStatus(c->pg) != PQTRANS_IDLE) {
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
    struct db *db = context;
    for (struct conn *c = take_idle(db); c; c = take_idle(db))
        conn_free(c);
    (void)pthread_mutex_destroy(&db->lock);
    free(db->url);
    free(db);
}

static enum bk_err db_new(const char *url, struct db **out)
{
    char *why = NULL;
    PQconninfoOption *options = PQconninfoParse(url, &why);
    PQfreemem(why);
    if (!options)
        return BK_EINVAL;
    PQconninfoFree(options);
    struct db *db = calloc(1, sizeof *db);
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
static enum bk_err find_version(struct conn *c, int *found)
{
    PGresult *res = PQexec(c->pg, "SELECT 1 FROM schema_version");
    const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
    *found = PQntuples(res) > 0;
    if (state && strcmp(state, "42P01") == 0) {
        *found = -1;
        PQclear(res);
        return BK_OK;
    }
    return judge(c, res, "SELECT 1 FROM schema_version");
}

static enum bk_err pg_holds(const char *url, bool *holds)
{
    struct db *db = NULL;
    struct conn *c = NULL;
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
static enum bk_err make_table(struct conn *c)
{
    int found = 0;
    enum bk_err err = find_version(c, &found);
    if (err != BK_OK || found >= 0)
        return err;
    err = simple(c, BK_STORE_VERSION_TABLE);
    if (err == BK_OK)
        return err;
    enum bk_err again = find_version(c, &found);
    return again == BK_OK && found >= 0 ? BK_OK : err;
}

static enum bk_err pg_open(const char *url, void **out)
{
    struct db *db = NULL;
    struct conn *c = NULL;
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

static enum bk_err start(struct conn *c, enum bk_tx_kind kind)
{
    static const char *const begin[] = {
        /* a lock taken before anything is read: what is read then is what the one before left */
        [BK_TX_TURN] = "BEGIN; LOCK TABLE schema_version IN SHARE ROW EXCLUSIVE MODE",
        [BK_TX_LOOK] = "BEGIN READ ONLY",
        [BK_TX_PLAN] = "BEGIN"};
    c->looks = kind == BK_TX_LOOK;
    return simple(c, begin[kind]);
}

static void pg_rollback(void *context, void *conn)
{
    struct conn *c = conn;
    (void)context;
    if (!lost(c) && PQtransactionStatus(c->pg) != PQTRANS_IDLE)
        (void)simple(c, "ROLLBACK");
    give_back(c);
}

static enum bk_err pg_begin(void *context, enum bk_tx_kind kind, void **conn)
{
    struct db *db = context;
    struct conn *c = take_idle(db);
    enum bk_err err = c ? start(c, kind) : BK_OK;
    if (c && lost(c)) { /* the server was restarted since: nothing was begun */
        conn_free(c);
        c = NULL;
    }
    if (!c) {
        err = conn_open(db, &c);
        if (err == BK_OK)
            err = start(c, kind);
    }
    if (err == BK_OK)
        *conn = c;
    else if (c)
        pg_rollback(db, c);
    return err;
}

/* BK_ENET when the answer was lost: it may be done or not. */
static enum bk_err pg_commit(void *context, void *conn)
{
    struct conn *c = conn;
    PGresult *res = PQexec(c->pg, "COMMIT");
    bool done = PQresultStatus(res) == PGRES_COMMAND_OK && strcmp(PQcmdStatus(res), "COMMIT") == 0;
    bool gone = lost(c);
    enum bk_err err = judge(c, res, "COMMIT");
    if (!done && gone)
        err = BK_ENET;
    else if (!done && err == BK_OK)
        err = BK_EIO; /* it was rolled back */
    pg_rollback(context, c);
    return err;
}

/* --- statements --- */

struct params {
    Oid types[VALS_MAX];
    const char *values[VALS_MAX];
    int lengths[VALS_MAX], formats[VALS_MAX];
    uint8_t ints[VALS_MAX][8];
    uint64_t kinds;
};

static void put_int(uint8_t to[8], int64_t value)
{
    for (int i = 0; i < 8; i++)
        to[i] = (uint8_t)((uint64_t)value >> (56 - 8 * i));
}

static enum bk_err fill(struct params *p, const struct bk_val *vals, size_t count)
{
    static const Oid types[] = {[BK_VAL_INT] = OF_INT8,
                                [BK_VAL_TEXT] = OF_TEXT,
                                [BK_VAL_BYTES] = OF_BYTEA,
                                [BK_VAL_NULL] = 0};
    if (count > VALS_MAX)
        return BK_ELIMIT;
    for (size_t i = 0; i < count; i++) {
        const struct bk_val *v = &vals[i];
        if (v->len > INT32_MAX)
            return BK_ELIMIT;
        p->types[i] = types[v->kind];
        p->formats[i] = 1;
        p->kinds |= (uint64_t)v->kind << 2 * i;
        p->values[i] = v->data;
        p->lengths[i] = (int)v->len;
        if (v->kind == BK_VAL_INT) {
            put_int(p->ints[i], v->i);
            p->values[i] = (const char *)p->ints[i];
            p->lengths[i] = 8;
        }
    }
    return BK_OK;
}

static bool is_it(const struct statement *s, const char *sql, const struct params *p)
{
    return s->sql == sql && s->kinds == p->kinds && strcmp(s->text, sql) == 0;
}

/* Its place in the cache, or the free one where it belongs; when there is none, another's. */
static unsigned place_of(const struct conn *c, const char *sql, const struct params *p)
{
    uint64_t key = ((uintptr_t)sql >> 3 ^ p->kinds * 31) * UINT64_C(0x9e3779b97f4a7c15);
    unsigned slot = (unsigned)(key >> 32) % CACHED;
    for (unsigned i = 0; i < CACHED && c->cache[slot].text && !is_it(&c->cache[slot], sql, p); i++)
        slot = (slot + 1) % CACHED;
    return slot;
}

/* Prepared when there is place for it in the cache; else name isn't its. */
static enum bk_err prepare(struct conn *c, const char *sql, const struct params *p, size_t count,
                           char name[16], bool *prepared)
{
    unsigned slot = place_of(c, sql, p);
    struct statement *s = &c->cache[slot];
    (void)snprintf(name, 16, "s%u", slot);
    *prepared = s->text && is_it(s, sql, p);
    if (s->text)
        return BK_OK;
    enum bk_err err = judge(c, PQprepare(c->pg, name, sql, (int)count, p->types), sql);
    if (err != BK_OK)
        return err;
    *prepared = true;
    *s = (struct statement){.sql = sql, .kinds = p->kinds, .text = strdup(sql)};
    if (s->text)
        return BK_OK;
    c->bad = true; /* the server knows the name, and we don't */
    return BK_ENOMEM;
}

static enum bk_err get_int(const PGresult *res, int row, int column, struct bk_val *val)
{
    const uint8_t *at = (const uint8_t *)PQgetvalue(res, row, column);
    int len = PQgetlength(res, row, column);
    uint64_t value = at[0] & 0x80 ? UINT64_MAX : 0;
    for (int i = 0; i < len; i++)
        value = value << 8 | at[i];
    *val = bk_int((int64_t)value);
    return BK_OK;
}

static enum bk_err get_cell(const PGresult *res, int row, int column, struct bk_val *val)
{
    *val = bk_null();
    if (PQgetisnull(res, row, column))
        return BK_OK;
    Oid type = PQftype(res, column);
    if (type == OF_INT8 || type == OF_INT4 || type == OF_INT2)
        return get_int(res, row, column, val);
    if (type != OF_TEXT && type != OF_BYTEA) {
        bk_log(BK_LOG_ERROR, "store: a column of type %u can't be read", (unsigned)type);
        return BK_EUNSUPPORTED; /* a statement of ours wants a CAST */
    }
    val->kind = type == OF_TEXT ? BK_VAL_TEXT : BK_VAL_BYTES;
    val->data = PQgetvalue(res, row, column);
    val->len = (size_t)PQgetlength(res, row, column);
    return BK_OK;
}

static enum bk_err get_rows(const PGresult *res, struct bk_rows *rows)
{
    enum bk_err err = BK_OK;
    int count = PQntuples(res), columns = PQnfields(res);
    rows->columns = (size_t)columns;
    for (int r = 0; err == BK_OK && r < count; r++) {
        for (int c = 0; err == BK_OK && c < columns; c++) {
            struct bk_val val;
            err = get_cell(res, r, c, &val);
            if (err == BK_OK)
                err = bk_rows_add(rows, &val);
        }
        if (err == BK_OK)
            rows->count++;
    }
    return err;
}

static enum bk_err pg_run(void *conn, const char *sql, const struct bk_val *vals, size_t count,
                          struct bk_rows *rows, int64_t *changed)
{
    struct conn *c = conn;
    struct params p;
    PGresult *res = NULL;
    char name[16];
    bool prepared = false;
    memset(&p, 0, sizeof p);
    enum bk_err err = fill(&p, vals, count);
    if (err == BK_OK)
        err = prepare(c, sql, &p, count, name, &prepared);
    if (err != BK_OK)
        return err;
    int n = (int)count;
    res = prepared ? PQexecPrepared(c->pg, name, n, p.values, p.lengths, p.formats, 1)
                   : PQexecParams(c->pg, sql, n, p.types, p.values, p.lengths, p.formats, 1);
    ExecStatusType status = PQresultStatus(res);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        return judge(c, res, sql);
    if (changed)
        *changed = strtoll(PQcmdTuples(res), NULL, 10);
    if (rows)
        err = get_rows(res, rows);
    PQclear(res);
    return err;
}

/* The schema's word for bytes is SQLite's. */
static enum bk_err pg_script(void *conn, const char *sql)
{
    static const char theirs[] = " BLOB", ours[] = " BYTEA";
    struct bk_buf script = BK_BUF_INIT;
    const char *text = NULL, *at = sql;
    enum bk_err err = BK_OK;
    while (err == BK_OK && *at) {
        const char *found = strstr(at, theirs);
        size_t len = found ? (size_t)(found - at) : strlen(at);
        err = bk_buf_put(&script, at, len);
        if (err == BK_OK && found)
            err = bk_buf_put(&script, ours, sizeof ours - 1);
        at += len + (found ? sizeof theirs - 1 : 0);
    }
    if (err == BK_OK)
        err = bk_buf_cstr(&script, &text);
    if (err == BK_OK)
        err = judge(conn, PQexec(((struct conn *)conn)->pg, text), "a migration");
    bk_buf_free(&script);
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
    .script = pg_script,
    .run = pg_run,
};
