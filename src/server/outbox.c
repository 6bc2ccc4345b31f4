/* SPDX-License-Identifier: Apache-2.0 */
#include "server/outbox.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "server/audit.h"
#include "server/certs.h"
#include "server/code.h"
#include "server/ident.h"
#include "server/limits.h"
#include "server/idempotency.h"
#include "server/unlock.h"

#define IDLE_MS 1000
#define SOON_MS 3000
#define SOON_TIMES 20 /* about a minute: who pays does it then, or later and without hurry */
#define ASK_MAX_MS 60000
#define PAUSE_MAX_MS 300000
#define UNSURE_MS 10000 /* it may be done already, and somebody gets it each time */
#define UNSURE_MAX_MS 21600000
#define PAYLOAD_MAX ((size_t)16 * 1024)
#define CLEAN_MS 600000
#define FORGOTTEN_AT_ONCE 5000 /* as many as take no writer's turn for long */
#define RETRY_MS (INT64_C(48) * 3600 * 1000)

struct lane {
    const char *kinds[BK_OUTBOX_KINDS]; /* the rest is NULL */
    size_t kind_count;
};

/* Two a lane: what is tried again may be slow each time, and mustn't delay first tries. */
struct worker {
    struct bk_outbox *outbox;
    const struct lane *lane;
    bool again; /* what was tried before; else first tries */
    pthread_t thread;
    bool running, awake;
};
#define WORKERS (2 * BK_OUTBOX_LANES)

struct bk_outbox {
    struct bk_store *store;
    const struct bk_escrow *escrow;
    const struct bk_outbox_kind *kinds;
    size_t kind_count;
    void *context;
    int64_t lease_ms;
    pthread_mutex_t lock; /* stopping, and each worker's awake */
    pthread_cond_t wake;
    bool stopping;
    int64_t cleaned_at; /* the first worker's */
    struct lane lanes[BK_OUTBOX_LANES];
    struct worker workers[WORKERS];
};

static atomic_ulong made_due; /* by this process so far */

unsigned long bk_outbox_made_due(void)
{
    return atomic_load(&made_due);
}

static struct bk_place place_of(const char *id)
{
    return (struct bk_place){.table = "outbox", .column = "payload_sealed", .row = id};
}

enum bk_err bk_outbox_add(struct bk_tx *tx, const struct bk_escrow *escrow, const char *kind,
                          const char *dedupe, json_t *payload, int64_t now, int64_t give_up_at)
{
    return bk_outbox_add_later(tx, escrow, kind, dedupe, payload, now, now, give_up_at);
}

enum bk_err bk_outbox_add_later(struct bk_tx *tx, const struct bk_escrow *escrow, const char *kind,
                                const char *dedupe, json_t *payload, int64_t now, int64_t at,
                                int64_t give_up_at)
{
    char id[BK_ULID + 1];
    struct bk_buf text = BK_BUF_INIT, sealed = BK_BUF_INIT;
    enum bk_err err = payload ? bk_ulid(id) : BK_ENOMEM;
    struct bk_place place = place_of(id);
    if (err == BK_OK)
        err = bk_json_text(payload, &text);
    if (err == BK_OK)
        err = bk_escrow_seal(escrow, &place, text.data, text.len, &sealed);
    if (err == BK_OK)
        err = bk_tx_write(tx, BK_ANYHOW,
                          "INSERT INTO outbox (id, kind, dedupe, payload_sealed, state, attempts,"
                          " next_at, created_at, give_up_at, done_at, last_error)"
                          " VALUES ($1, $2, $3, $4, 'pending', 0, $5, $6, $7, 0, '')"
                          " ON CONFLICT (dedupe) DO NOTHING",
                          BK_VALS(bk_text(id), bk_text(kind), bk_text(dedupe),
                                  bk_bytes(sealed.data, sealed.len), bk_int(at), bk_int(now),
                                  bk_int(give_up_at)));
    atomic_fetch_add(&made_due, 1);
    bk_buf_free(&text);
    bk_buf_free(&sealed);
    json_decref(payload);
    return err;
}

/* --- for staff --- */

enum bk_err bk_outbox_list(struct bk_tx *tx, bool dead, struct bk_rows *rows)
{
    return bk_tx_query(tx,
                       "SELECT id, kind, state, attempts, created_at, next_at, done_at, last_error,"
                       " dedupe, CASE WHEN payload_sealed IS NULL THEN 0 ELSE 1 END FROM outbox"
                       " WHERE state = 'dead' OR state = $1"
                       " ORDER BY created_at, id",
                       BK_VALS(bk_text(dead ? "dead" : "pending")), rows);
}

enum bk_err bk_outbox_retry(struct bk_tx *tx, const char *id, int64_t now,
                            char kind[BK_OUTBOX_KIND + 1])
{
    struct bk_rows rows = BK_ROWS_INIT;
    enum bk_err err = bk_tx_get(tx, "SELECT kind, state, payload_sealed FROM outbox WHERE id = $1",
                                BK_VALS(bk_text(id)), &rows);
    if (err == BK_OK && strcmp(bk_row_text(&rows, 0, 1), "dead") != 0)
        err = BK_ESTATE;
    else if (err == BK_OK && bk_row_null(&rows, 0, 2))
        err = BK_EUNSUPPORTED;
    if (err == BK_OK) {
        bk_row_copy(&rows, 0, 0, kind, BK_OUTBOX_KIND + 1);
        err = bk_tx_exec(tx,
                         "UPDATE outbox SET state = 'pending', attempts = 0, next_at = $1,"
                         " give_up_at = $2, done_at = 0 WHERE id = $3",
                         BK_VALS(bk_int(now), bk_int(now + RETRY_MS), bk_text(id)), NULL);
        atomic_fetch_add(&made_due, 1);
    }
    bk_rows_free(&rows);
    return err;
}

enum bk_err bk_outbox_forget(struct bk_tx *tx, int64_t before)
{
    return bk_tx_exec(tx,
                      "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox"
                      " WHERE state <> 'pending' AND payload_sealed IS NULL AND kind <> 'refund'"
                      " AND done_at < $1 ORDER BY done_at LIMIT $2)",
                      BK_VALS(bk_int(before), bk_int(FORGOTTEN_AT_ONCE)), NULL);
}

/* --- the worker --- */

struct job {
    char id[BK_ULID + 1];
    char kind[BK_OUTBOX_KIND + 1];
    int64_t attempts, created_at, give_up_at;
    json_t *payload;
};

static enum bk_err open_payload(struct bk_outbox *outbox, struct bk_rd sealed, struct job *job)
{
    struct bk_buf text = BK_BUF_INIT;
    struct bk_place place = place_of(job->id);
    enum bk_err err = bk_escrow_open_sealed(outbox->escrow, &place, sealed, &text);
    if (err == BK_OK)
        err = bk_json_parse(text.data, text.len, PAYLOAD_MAX, &job->payload);
    bk_buf_free(&text);
    return err;
}

#define DUE                                                                                        \
    "SELECT id, kind, attempts, give_up_at, payload_sealed, created_at FROM outbox"                \
    " WHERE state = 'pending' AND kind IN ($2, $3, $4, $5, $6, $7)"                                \
    " AND attempts BETWEEN $8 AND $9 AND "

static enum bk_err find_by(struct bk_tx *tx, const struct worker *worker, const char *sql,
                           int64_t at, struct bk_rows *rows)
{
    const char *const *k = worker->lane->kinds;
    return bk_tx_get(tx, sql,
                     BK_VALS(bk_int(at), bk_text(k[0]), bk_text(k[1]), bk_text(k[2]), bk_text(k[3]),
                             bk_text(k[4]), bk_text(k[5]), bk_int(worker->again ? 1 : 0),
                             bk_int(worker->again ? INT64_MAX : 0)),
                     rows);
}

/* The worker's next item that is due, or that waits longer than any does, but for those that were
 * to be done later from the first: the clock was set back since. Two questions, each of which an
 * index answers. */
static enum bk_err find_due(struct bk_tx *tx, const struct worker *worker, int64_t now,
                            struct bk_rows *rows)
{
    int64_t lease_ms = worker->outbox->lease_ms;
    int64_t longest = lease_ms > PAUSE_MAX_MS ? lease_ms : PAUSE_MAX_MS;
    enum bk_err err =
        find_by(tx, worker, DUE "next_at <= $1 ORDER BY next_at, id LIMIT 1", now, rows);
    if (err == BK_ENOTFOUND)
        err = find_by(tx, worker,
                      DUE "next_at > $1 AND (attempts > 0 OR next_at <= created_at)"
                          " ORDER BY next_at, id LIMIT 1",
                      now + longest, rows);
    return err;
}

/* Without waiting for a turn, for mostly there is none. */
static bool any_due(const struct worker *worker, int64_t now)
{
    struct bk_tx *tx = NULL;
    struct bk_rows rows = BK_ROWS_INIT;
    enum bk_err err = bk_tx_look(worker->outbox->store, &tx);
    if (err == BK_OK)
        err = find_due(tx, worker, now, &rows);
    bk_tx_rollback(&tx);
    bk_rows_free(&rows);
    return err == BK_OK;
}

/* Takes it: its lease keeps others off it, here and in other daemons, until it is done. */
static enum bk_err take(struct worker *worker, struct job *job)
{
    struct bk_outbox *outbox = worker->outbox;
    struct bk_tx *tx = NULL;
    struct bk_rows rows = BK_ROWS_INIT;
    int64_t now = bk_now_ms();
    memset(job, 0, sizeof *job);
    if (!any_due(worker, now))
        return BK_ENOTFOUND;
    enum bk_err err = bk_tx_begin(outbox->store, &tx);
    if (err == BK_OK)
        err = find_due(tx, worker, now, &rows);
    if (err == BK_OK) {
        bk_row_copy(&rows, 0, 0, job->id, sizeof job->id);
        bk_row_copy(&rows, 0, 1, job->kind, sizeof job->kind);
        job->attempts = bk_row_int(&rows, 0, 2) + 1;
        job->give_up_at = bk_row_int(&rows, 0, 3);
        job->created_at = bk_row_int(&rows, 0, 5);
        err = bk_tx_exec(
            tx, "UPDATE outbox SET attempts = $1, next_at = $2 WHERE id = $3",
            BK_VALS(bk_int(job->attempts), bk_int(now + outbox->lease_ms), bk_text(job->id)), NULL);
    }
    err = bk_tx_end(&tx, err);
    if (err == BK_OK && open_payload(outbox, bk_row_bytes(&rows, 0, 4), job) != BK_OK)
        bk_log(BK_LOG_ERROR, "outbox: item %s can't be opened", job->id);
    bk_rows_free(&rows);
    return err;
}

static int64_t pause_after(const struct job *job, enum bk_err err)
{
    int64_t pause = err == BK_EBUSY    ? SOON_MS
                    : err == BK_ERESET ? UNSURE_MS
                                       : 1000,
            max = err == BK_EBUSY    ? ASK_MAX_MS
                  : err == BK_ERESET ? UNSURE_MAX_MS
                                     : PAUSE_MAX_MS;
    for (int64_t i = err == BK_EBUSY ? SOON_TIMES : 1; i < job->attempts && pause < max; i++)
        pause *= 2;
    return pause < max ? pause : max;
}

static const struct bk_outbox_kind *kind_of(const struct bk_outbox *outbox, const char *kind)
{
    for (size_t i = 0; i < outbox->kind_count; i++)
        if (strcmp(outbox->kinds[i].kind, kind) == 0)
            return &outbox->kinds[i];
    abort(); /* only those are taken */
}

static enum bk_err tell_staff(struct bk_tx *tx, const struct job *job, const char *action)
{
    char object[64];
    (void)snprintf(object, sizeof object, "outbox:%s", job->id);
    const struct bk_audit entry = {
        .actor = "system", .address = "", .action = action, .object = object, .detail = job->kind};
    return bk_audit_add(tx, &entry);
}

/* What was done is done, whoever has it now. */
enum bk_err bk_outbox_done(struct bk_tx *tx, const char *id, int64_t now)
{
    return bk_tx_exec(tx,
                      "UPDATE outbox SET state = 'done', done_at = $1, last_error = '',"
                      " payload_sealed = NULL WHERE id = $2 AND state = 'pending'",
                      BK_VALS(bk_int(now), bk_text(id)), NULL);
}

/* Who took longer than its lease says nothing but that: it is another's now. */
static enum bk_err give_up(struct bk_tx *tx, const struct job *job, bool owed, int64_t now,
                           enum bk_err result, int64_t *changed)
{
    return bk_tx_exec(tx,
                      "UPDATE outbox SET state = 'dead', done_at = $1, last_error = $2,"
                      " payload_sealed = CASE WHEN $3 = 1 THEN payload_sealed ELSE NULL END"
                      " WHERE id = $4 AND state = 'pending' AND attempts = $5",
                      BK_VALS(bk_int(now), bk_text(bk_err_name(result)), bk_int(owed),
                              bk_text(job->id), bk_int(job->attempts)),
                      changed);
}

static enum bk_err try_later(struct bk_tx *tx, const struct job *job, bool told, int64_t now,
                             enum bk_err result, int64_t *changed)
{
    return bk_tx_exec(tx,
                      "UPDATE outbox SET next_at = $1, last_error = $2, give_up_at = $3"
                      " WHERE id = $4 AND state = 'pending' AND attempts = $5",
                      BK_VALS(bk_int(now + pause_after(job, result)), bk_text(bk_err_name(result)),
                              bk_int(told ? INT64_MAX : job->give_up_at), bk_text(job->id),
                              bk_int(job->attempts)),
                      changed);
}

static enum bk_err settle_once(struct bk_outbox *outbox, const struct job *job, enum bk_err result,
                               bool for_good)
{
    struct bk_tx *tx = NULL;
    int64_t now = bk_now_ms(), changed = 0;
    bool owed = kind_of(outbox, job->kind)->owed, over = now >= job->give_up_at;
    bool dead = result != BK_OK && (!job->payload || for_good || (over && !owed));
    bool failing = result != BK_OK && result != BK_EBUSY && !dead && over;
    enum bk_err err = bk_tx_begin(outbox->store, &tx);
    if (err == BK_OK && result == BK_OK)
        err = bk_outbox_done(tx, job->id, now);
    else if (err == BK_OK && dead)
        err = give_up(tx, job, owed, now, result, &changed);
    else if (err == BK_OK)
        err = try_later(tx, job, failing, now, result, &changed);
    if (err == BK_OK && changed && (dead || failing))
        err = tell_staff(tx, job, dead ? "outbox.dead" : "outbox.failing");
    return bk_tx_end(&tx, err);
}

/* What was sent and isn't written down is sent again. */
static enum bk_err settle(struct bk_outbox *outbox, const struct job *job, enum bk_err result,
                          bool for_good)
{
    int tries = 0;
    enum bk_err err = BK_OK;
    do {
        err = settle_once(outbox, job, result, for_good);
    } while (bk_tx_again(err, &tries));
    return err;
}

static void clean(struct bk_outbox *outbox)
{
    struct bk_tx *tx = NULL;
    int64_t now = bk_now_ms();
    if (now - outbox->cleaned_at < CLEAN_MS && now >= outbox->cleaned_at)
        return;
    outbox->cleaned_at = now;
    enum bk_err err = bk_tx_begin(outbox->store, &tx);
    if (err == BK_OK)
        err = bk_limit_clean(tx, now);
    if (err == BK_OK)
        err = bk_idem_clean(tx, now);
    if (err == BK_OK)
        err = bk_unlock_clean(tx, now);
    if (err == BK_OK)
        err = bk_code_clean(tx, now);
    if (err == BK_OK)
        err = bk_pair_clean(tx, now);
    err = bk_tx_end(&tx, err);
    for (size_t i = 0; i < outbox->kind_count && err == BK_OK; i++)
        if (outbox->kinds[i].clean)
            err = outbox->kinds[i].clean(outbox->context, now);
    if (err != BK_OK)
        bk_log(BK_LOG_WARN, "cleaning up failed: %s", bk_err_name(err));
}

static bool one(struct worker *worker)
{
    struct bk_outbox *outbox = worker->outbox;
    struct job job;
    bool for_good = false;
    unsigned long before = bk_outbox_made_due();
    if (take(worker, &job) != BK_OK)
        return false;
    const struct bk_outbox_item item = {.id = job.id,
                                        .kind = job.kind,
                                        .attempts = job.attempts,
                                        .created_at = job.created_at,
                                        .payload = job.payload,
                                        .for_good = &for_good};
    enum bk_err err =
        job.payload ? kind_of(outbox, job.kind)->work(outbox->context, &item) : BK_ECORRUPT;
    if (err != BK_OK && err != BK_EBUSY)
        bk_log(BK_LOG_WARN, "outbox: %s %s: %s", job.kind, job.id, bk_err_name(err));
    err = settle(outbox, &job, err, for_good);
    if (err != BK_OK) /* the lease ends, and it is done again */
        bk_log(BK_LOG_WARN, "outbox: %s isn't written down: %s", job.id, bk_err_name(err));
    bk_outbox_wake(outbox, before); /* one thing leads to another, of other workers */
    json_decref(job.payload);
    return true;
}

static void *work_on(void *context)
{
    struct worker *worker = context;
    struct bk_outbox *outbox = worker->outbox;
    (void)pthread_mutex_lock(&outbox->lock);
    while (!outbox->stopping) {
        worker->awake = false;
        (void)pthread_mutex_unlock(&outbox->lock);
        bool more = one(worker);
        if (worker == outbox->workers)
            clean(outbox);
        (void)pthread_mutex_lock(&outbox->lock);
        if (more || worker->awake || outbox->stopping)
            continue;
        struct timespec until = {0};
        (void)clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += IDLE_MS / 1000;
        (void)pthread_cond_timedwait(&outbox->wake, &outbox->lock, &until);
    }
    (void)pthread_mutex_unlock(&outbox->lock);
    return NULL;
}

static enum bk_err make_lanes(struct bk_outbox *o)
{
    for (size_t i = 0; i < o->kind_count; i++) {
        const struct bk_outbox_kind *kind = &o->kinds[i];
        if (kind->lane >= BK_OUTBOX_LANES || o->lanes[kind->lane].kind_count == BK_OUTBOX_KINDS)
            return BK_ELIMIT;
        struct lane *lane = &o->lanes[kind->lane];
        lane->kinds[lane->kind_count++] = kind->kind;
    }
    return BK_OK;
}

enum bk_err bk_outbox_start(struct bk_store *store, const struct bk_escrow *escrow,
                            const struct bk_outbox_kind *kinds, size_t count, void *context,
                            int64_t lease_ms, struct bk_outbox **outbox)
{
    struct bk_outbox *o = calloc(1, sizeof *o);
    *outbox = NULL;
    if (!o)
        return BK_ENOMEM;
    *o = (struct bk_outbox){.store = store,
                            .escrow = escrow,
                            .kinds = kinds,
                            .kind_count = count,
                            .context = context,
                            .lease_ms = lease_ms};
    (void)pthread_mutex_init(&o->lock, NULL);
    bk_cond_init(&o->wake);
    enum bk_err err = make_lanes(o);
    for (size_t i = 0; err == BK_OK && i < WORKERS && o->lanes[i / 2].kind_count; i++) {
        struct worker *worker = &o->workers[i];
        worker->outbox = o;
        worker->lane = &o->lanes[i / 2];
        worker->again = i % 2;
        worker->running = pthread_create(&worker->thread, NULL, work_on, worker) == 0;
        err = worker->running ? BK_OK : BK_ENOMEM;
    }
    if (err != BK_OK)
        bk_outbox_stop(&o);
    *outbox = o;
    return err;
}

void bk_outbox_wake(struct bk_outbox *outbox, unsigned long before)
{
    if (!outbox || bk_outbox_made_due() == before)
        return;
    (void)pthread_mutex_lock(&outbox->lock);
    for (size_t i = 0; i < WORKERS; i++)
        outbox->workers[i].awake = true;
    (void)pthread_cond_broadcast(&outbox->wake);
    (void)pthread_mutex_unlock(&outbox->lock);
}

void bk_outbox_stop(struct bk_outbox **outbox)
{
    struct bk_outbox *o = *outbox;
    if (!o)
        return;
    (void)pthread_mutex_lock(&o->lock);
    o->stopping = true;
    (void)pthread_cond_broadcast(&o->wake);
    (void)pthread_mutex_unlock(&o->lock);
    for (size_t i = 0; i < WORKERS; i++)
        if (o->workers[i].running)
            (void)pthread_join(o->workers[i].thread, NULL);
    (void)pthread_mutex_destroy(&o->lock);
    (void)pthread_cond_destroy(&o->wake);
    free(o);
    *outbox = NULL;
}
