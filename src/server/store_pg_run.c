/* SPDX-License-Identifier: Apache-2.0 */
#include "server/store_pg.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

#define VALS_MAX 24u
#define END_MS 5000

/* type numbers of pg_type, which never change */
enum { OF_BYTEA = 17, OF_INT8 = 20, OF_INT2 = 21, OF_INT4 = 23, OF_TEXT = 25 };

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

bool bk_pg_lost(const struct bk_pg *c)
{
    return PQstatus(c->pg) != CONNECTION_OK;
}

enum bk_err bk_pg_judge(struct bk_pg *c, PGresult *res, const char *sql)
{
    ExecStatusType status = PQresultStatus(res);
    const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
    enum bk_err err = BK_OK;
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        goto out;
    if (bk_pg_lost(c)) {
        err = BK_EBUSY;
        goto out;
    }
    err = state ? from_state(state) : BK_ENOMEM;
    /* what the server did isn't known; or it ends, or may only be read since another one took its
     * place */
    if (!state || strncmp(state, "57P", 3) == 0 || (strcmp(state, "25006") == 0 && !c->looks))
        c->bad = true;
    bk_log(err == BK_EBUSY || err == BK_EEXISTS ? BK_LOG_DEBUG : BK_LOG_ERROR,
           "store: the database says %s to: %s", state ? state : "nothing", sql);
out:
    PQclear(res);
    return err;
}

enum bk_err bk_pg_simple(struct bk_pg *c, const char *sql)
{
    return bk_pg_judge(c, PQexec(c->pg, sql), sql);
}

void bk_pg_forget(struct bk_pg *c)
{
    for (unsigned i = 0; i < BK_PG_CACHED; i++)
        free(c->cache[i].text);
    memset(c->cache, 0, sizeof c->cache);
}

/* --- what is sent together --- */

/* The caller has said it to libpq. */
static enum bk_err note_sent(struct bk_pg *c, int said, const char *sql, enum bk_expect expect)
{
    if (!said) {
        c->bad = true;
        return bk_pg_lost(c) ? BK_EBUSY : BK_ENOMEM;
    }
    c->sent[c->sent_count++] = (struct bk_pg_sent){sql, expect};
    return BK_OK;
}

static enum bk_err take_answer(struct bk_pg *c, const struct bk_pg_sent *sent, PGresult *res)
{
    int64_t changed = strtoll(res ? PQcmdTuples(res) : "", NULL, 10);
    return bk_expected(sent->expect, bk_pg_judge(c, res, sent->sql), changed);
}

/* The end of the answers comes with the last of them. When there was no memory to tell of it, libpq
 * waits for it for ever. */
static bool take_end(struct bk_pg *c)
{
    struct pollfd server = {.fd = PQsocket(c->pg), .events = POLLIN};
    /* with TLS it may have been read from the socket already */
    while (PQisBusy(c->pg) && PQconsumeInput(c->pg) && PQisBusy(c->pg))
        if (poll(&server, 1, END_MS) == 0)
            return false;
    PGresult *res = PQgetResult(c->pg);
    bool end = PQresultStatus(res) == PGRES_PIPELINE_SYNC;
    PQclear(res);
    return end;
}

/* All that was sent is answered: with the first failure, behind which the server did nothing. last
 * (NULL: it is like the others) gets the last answer if nothing failed before it. */
static enum bk_err settle(struct bk_pg *c, PGresult **last)
{
    unsigned count = c->sent_count;
    enum bk_err err = BK_OK;
    PGresult *res = NULL;
    if (PQpipelineStatus(c->pg) == PQ_PIPELINE_OFF)
        return BK_OK;
    c->sent_count = 0;
    c->sent_bytes = 0;
    if (!PQpipelineSync(c->pg)) { /* nothing is answered then */
        c->bad = true;
        return bk_pg_lost(c) ? BK_EBUSY : BK_ENOMEM;
    }
    for (unsigned i = 0; i < count; i++) {
        res = PQgetResult(c->pg);
        if (err != BK_OK)
            PQclear(res);
        else if (last && i + 1 == count)
            *last = res;
        else
            err = take_answer(c, &c->sent[i], res);
        while ((res = PQgetResult(c->pg)))
            PQclear(res);
    }
    if (!take_end(c) || !PQexitPipelineMode(c->pg))
        c->bad = true;
    return err;
}

/* Place for one more. */
static enum bk_err make_room(struct bk_pg *c)
{
    enum bk_err err = c->sent_count < BK_PG_QUEUE ? BK_OK : settle(c, NULL);
    if (err == BK_OK && PQpipelineStatus(c->pg) == PQ_PIPELINE_OFF && !PQenterPipelineMode(c->pg))
        err = bk_pg_lost(c) ? BK_EBUSY : BK_EIO;
    return err;
}

static enum bk_err send_text(struct bk_pg *c, const char *sql)
{
    enum bk_err err = make_room(c);
    return err == BK_OK ? note_sent(c, PQsendQueryParams(c->pg, sql, 0, NULL, NULL, NULL, NULL, 0),
                                    sql, BK_ANYHOW)
                        : err;
}

/* --- transactions --- */

void bk_pg_begin(struct bk_pg *c, enum bk_tx_kind kind)
{
    c->begins = true;
    c->kind = kind;
    c->looks = kind == BK_TX_LOOK;
}

static enum bk_err send_begin(struct bk_pg *c)
{
    if (!c->begins)
        return BK_OK;
    c->begins = false;
    enum bk_err err = send_text(c, c->looks ? "BEGIN READ ONLY" : "BEGIN");
    /* a lock taken before anything is read: what is read then is what the one before left */
    if (err == BK_OK && c->kind == BK_TX_TURN)
        err = send_text(c, "LOCK TABLE schema_version IN SHARE ROW EXCLUSIVE MODE");
    return err;
}

/* What must be known before the server is told to commit. */
static bool depends(const struct bk_pg *c)
{
    bool any = false;
    for (unsigned i = 0; i < c->sent_count; i++)
        any = any || c->sent[i].expect == BK_CHANGES;
    return any;
}

enum bk_err bk_pg_commit(struct bk_pg *c)
{
    PGresult *res = NULL;
    if (c->begins) /* and nothing was asked */
        return BK_OK;
    enum bk_err err = depends(c) ? settle(c, NULL) : BK_OK;
    if (err != BK_OK)
        return err;
    err = send_text(c, "COMMIT");
    if (err == BK_OK)
        err = settle(c, &res);
    bool done = PQresultStatus(res) == PGRES_COMMAND_OK && strcmp(PQcmdStatus(res), "COMMIT") == 0;
    if (err == BK_OK)
        err = bk_pg_judge(c, res, "COMMIT");
    if (!done && (bk_pg_lost(c) || err == BK_ENOMEM)) /* the answer was lost, there or here */
        return BK_ENET;
    return done || err != BK_OK ? err : BK_EIO; /* it was rolled back */
}

void bk_pg_rollback(struct bk_pg *c)
{
    c->begins = false;
    if (c->bad) /* it is closed, and what it had open undone */
        return;
    (void)(settle(c, NULL) == BK_OK);
    if (!c->bad && !bk_pg_lost(c) && PQtransactionStatus(c->pg) != PQTRANS_IDLE)
        (void)(bk_pg_simple(c, "ROLLBACK") == BK_OK);
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

static bool is_it(const struct bk_pg_statement *s, const char *sql, const struct params *p)
{
    return s->sql == sql && s->kinds == p->kinds && strcmp(s->text, sql) == 0;
}

/* Its place in the cache, or the free one where it belongs; when there is none, another's. */
static unsigned place_of(const struct bk_pg *c, const char *sql, const struct params *p)
{
    uint64_t key = ((uintptr_t)sql >> 3 ^ p->kinds * 31) * UINT64_C(0x9e3779b97f4a7c15);
    unsigned slot = (unsigned)(key >> 32) % BK_PG_CACHED;
    for (unsigned i = 0; i < BK_PG_CACHED && c->cache[slot].text && !is_it(&c->cache[slot], sql, p);
         i++)
        slot = (slot + 1) % BK_PG_CACHED;
    return slot;
}

/* Prepared when there is place for it in the cache; else *name is "". What was sent before is
 * answered first, which happens once a statement and connection. */
static enum bk_err prepare(struct bk_pg *c, const char *sql, const struct params *p, size_t count,
                           char name[16])
{
    unsigned slot = place_of(c, sql, p);
    struct bk_pg_statement *s = &c->cache[slot];
    bool known = s->text && is_it(s, sql, p);
    *name = 0;
    if (s->text && !known)
        return BK_OK;
    (void)snprintf(name, 16, "s%u", slot);
    if (known)
        return BK_OK;
    enum bk_err err = settle(c, NULL);
    if (err == BK_OK)
        err = bk_pg_judge(c, PQprepare(c->pg, name, sql, (int)count, p->types), sql);
    if (err != BK_OK)
        return err;
    *s = (struct bk_pg_statement){.sql = sql, .kinds = p->kinds, .text = strdup(sql)};
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

/* About as many bytes as it takes on its way. */
static size_t weight(const struct params *p, size_t count)
{
    size_t bytes = 100;
    for (size_t i = 0; i < count; i++)
        bytes += 8 + (size_t)p->lengths[i];
    return bytes;
}

static enum bk_err send_one(struct bk_pg *c, enum bk_expect expect, const char *sql,
                            const struct bk_val *vals, size_t count)
{
    struct params p;
    char name[16] = "";
    int n = (int)count;
    memset(&p, 0, sizeof p);
    enum bk_err err = fill(&p, vals, count);
    if (err == BK_OK)
        err = prepare(c, sql, &p, count, name);
    if (err == BK_OK)
        err = send_begin(c);
    size_t bytes = err == BK_OK ? weight(&p, count) + (*name ? 0 : strlen(sql)) : 0;
    if (err == BK_OK && c->sent_bytes + bytes > BK_PG_BYTES)
        err = settle(c, NULL);
    if (err == BK_OK)
        err = make_room(c);
    if (err != BK_OK)
        return err;
    c->sent_bytes += bytes;
    int said = *name ? PQsendQueryPrepared(c->pg, name, n, p.values, p.lengths, p.formats, 1)
                     : PQsendQueryParams(c->pg, sql, n, p.types, p.values, p.lengths, p.formats, 1);
    return note_sent(c, said, sql, expect);
}

enum bk_err bk_pg_write(void *conn, enum bk_expect expect, const char *sql,
                        const struct bk_val *vals, size_t count)
{
    struct bk_pg *c = conn;
    enum bk_err err = send_one(c, expect, sql, vals, count);
    /* who looks begins again at once */
    return err == BK_OK && (c->looks || c->sent_bytes > BK_PG_BYTES) ? settle(c, NULL) : err;
}

enum bk_err bk_pg_run(void *conn, const char *sql, const struct bk_val *vals, size_t count,
                      struct bk_rows *rows, int64_t *changed)
{
    struct bk_pg *c = conn;
    PGresult *res = NULL;
    enum bk_err err = send_one(c, BK_ANYHOW, sql, vals, count);
    if (err == BK_OK)
        err = settle(c, &res);
    if (err != BK_OK)
        return err;
    ExecStatusType status = PQresultStatus(res);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        return bk_pg_judge(c, res, sql);
    if (changed)
        *changed = strtoll(PQcmdTuples(res), NULL, 10);
    if (rows)
        err = get_rows(res, rows);
    PQclear(res);
    return err;
}

/* The schema's word for bytes is SQLite's. */
enum bk_err bk_pg_script(void *conn, const char *sql)
{
    struct bk_pg *c = conn;
    static const char theirs[] = " BLOB", ours[] = " BYTEA";
    struct bk_buf script = BK_BUF_INIT;
    const char *text = NULL, *at = sql;
    enum bk_err err = send_begin(c);
    if (err == BK_OK)
        err = settle(c, NULL);
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
        err = bk_pg_judge(c, PQexec(c->pg, text), "a migration");
    bk_buf_free(&script);
    return err;
}
