/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One database and several that work on it at once, as two daemons do: what only one may do is done
 * by one, and nothing is lost. Each thread has a store of its own: SQLite's file, or PostgreSQL
 * when TEST_POSTGRESQL names one.
 */
#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runner.h"
#include "server/audit.h"
#include "server/idempotency.h"
#include "server/ident.h"
#include "server/limits.h"
#include "server/outbox.h"
#include "server/schema.h"
#include "serverhost.h"

#define THREADS 4
#define ROUNDS 25

struct worker {
    pthread_t thread;
    struct bk_store *store;
    enum bk_err (*work)(struct worker *worker, struct bk_tx *tx, int round);
    bool plans; /* by bk_tx_plan */
    int again, won;
    enum bk_err err;
};
static struct worker workers[THREADS];

static enum bk_err once(struct worker *w, int round)
{
    struct bk_tx *tx = NULL;
    enum bk_err err = w->plans ? bk_tx_plan(w->store, &tx) : bk_tx_begin(w->store, &tx);
    if (err == BK_OK)
        err = w->work(w, tx, round);
    if (err == BK_OK)
        return bk_tx_commit(&tx);
    bk_tx_rollback(&tx);
    return err;
}

static void *work_on(void *context)
{
    struct worker *w = context;
    for (int i = 0; w->err == BK_OK && i < ROUNDS; i++)
        while ((w->err = once(w, i)) == BK_EBUSY)
            w->again++;
    return NULL;
}

/* Runs it in all threads at once; how often one had to begin again. */
static int all_at_once(enum bk_err (*work)(struct worker *, struct bk_tx *, int), bool plans)
{
    int again = 0;
    for (int i = 0; i < THREADS; i++) {
        struct worker *w = &workers[i];
        *w = (struct worker){.work = work, .plans = plans};
        ck_assert_int_eq(bk_store_open(host.database, bk_schema, bk_schema_count, &w->store),
                         BK_OK);
    }
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&workers[i].thread, NULL, work_on, &workers[i]), 0);
    for (int i = 0; i < THREADS; i++) {
        (void)pthread_join(workers[i].thread, NULL);
        bk_store_close(&workers[i].store);
        ck_assert_int_eq(workers[i].err, BK_OK);
        again += workers[i].again;
    }
    return again;
}

static int64_t number(const char *sql)
{
    struct bk_rows rows = BK_ROWS_INIT;
    struct bk_tx *tx = serverhost_begin();
    ck_assert_int_eq(bk_tx_get(tx, sql, BK_NO_VALS, &rows), BK_OK);
    int64_t n = bk_row_int(&rows, 0, 0);
    bk_rows_free(&rows);
    bk_tx_rollback(&tx);
    return n;
}

static enum bk_err write_audit(struct worker *w, struct bk_tx *tx, int round)
{
    const struct bk_audit entry = {
        .actor = "system", .address = "", .action = "test", .object = "x:1", .detail = ""};
    (void)w;
    (void)round;
    return bk_audit_add(tx, &entry);
}

static void chain_is_whole(void)
{
    uint8_t head[BK_AUDIT_HASH];
    int64_t seq = 0;
    struct bk_tx *tx = serverhost_begin();
    ck_assert_int_eq(bk_audit_verify(tx, &seq, head), BK_OK);
    ck_assert_int_eq(seq, (int64_t)THREADS * ROUNDS);
    bk_tx_rollback(&tx);
}

START_TEST(audit_chain_has_one_order)
{
    ck_assert_int_eq(all_at_once(write_audit, false), 0); /* each had its turn */
    chain_is_whole();
}
END_TEST

START_TEST(audit_is_not_written_without_a_turn)
{
    struct bk_tx *tx = NULL;
    ck_assert_int_eq(bk_tx_look(host.app.store, &tx), BK_OK);
    ck_assert_int_eq(write_audit(NULL, tx, 0), BK_EBUSY);
    bk_tx_rollback(&tx);
    ck_assert_int_eq(number("SELECT count(*) FROM audit"), 0);
}
END_TEST

static enum bk_err take_limit(struct worker *w, struct bk_tx *tx, int round)
{
    int64_t wait = 0;
    (void)round;
    enum bk_err err = bk_limit_take(tx, "scope", "subject", 1000, 3600000, 30, &wait);
    w->won += err == BK_OK && !wait;
    return err;
}

START_TEST(limit_counts_everybody)
{
    int won = 0;
    ck_assert_int_eq(all_at_once(take_limit, false), 0);
    for (int i = 0; i < THREADS; i++)
        won += workers[i].won;
    ck_assert_int_eq(won, 30);
    ck_assert_int_eq(number("SELECT used FROM limits"), (int64_t)THREADS * ROUNDS);
}
END_TEST

static enum bk_err use_nonce(struct worker *w, struct bk_tx *tx, int round)
{
    int64_t used = 0;
    enum bk_err err = bk_tx_exec(tx, "DELETE FROM nonces WHERE nonce = $1",
                                 BK_VALS(bk_text((const char[]){(char)('a' + round), 0})), &used);
    w->won += (int)used;
    return err;
}

START_TEST(nonce_is_used_once)
{
    int won = 0;
    struct bk_tx *tx = serverhost_begin();
    for (int i = 0; i < ROUNDS; i++)
        ck_assert_int_eq(
            bk_tx_exec(tx, "INSERT INTO nonces (nonce, purpose, expires_at) VALUES ($1, 'x', 0)",
                       BK_VALS(bk_text((const char[]){(char)('a' + i), 0})), NULL),
            BK_OK);
    serverhost_commit(tx);
    (void)all_at_once(use_nonce, false);
    for (int i = 0; i < THREADS; i++)
        won += workers[i].won;
    ck_assert_int_eq(won, ROUNDS);
}
END_TEST

static enum bk_err claim(struct worker *w, struct bk_tx *tx, int round)
{
    struct bk_idem_answer answer = {0};
    enum bk_idem_state state = BK_IDEM_MISMATCH;
    char key[16];
    (void)snprintf(key, sizeof key, "key-%d", round);
    enum bk_err err = bk_idem_claim(tx, "s", key, "{}", 2, 1000, 1000000, 60000, &state, &answer);
    if (err == BK_OK)
        ck_assert(state == BK_IDEM_CLAIMED || state == BK_IDEM_RUNNING);
    w->won += err == BK_OK && state == BK_IDEM_CLAIMED;
    return err;
}

START_TEST(idempotency_key_is_claimed_once)
{
    int won = 0;
    (void)all_at_once(claim, bk_store_plans(host.app.store)); /* as it is planned, where it is */
    for (int i = 0; i < THREADS; i++)
        won += workers[i].won;
    ck_assert_int_eq(won, ROUNDS);
}
END_TEST

/* --- the outbox of several daemons --- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int done[ROUNDS];

static enum bk_err count_it(void *context, const struct bk_outbox_item *item)
{
    int64_t n = json_integer_value(json_object_get(item->payload, "n"));
    (void)context;
    (void)pthread_mutex_lock(&lock);
    done[n]++;
    (void)pthread_mutex_unlock(&lock);
    return BK_OK;
}

START_TEST(outbox_is_shared)
{
    static const struct bk_outbox_kind kinds[] = {{.kind = "x", .work = count_it}};
    struct bk_outbox *outboxes[THREADS];
    struct bk_store *stores[THREADS];
    struct bk_tx *tx = serverhost_begin();
    int64_t now = bk_now_ms();
    for (int i = 0; i < ROUNDS; i++) {
        char dedupe[16];
        (void)snprintf(dedupe, sizeof dedupe, "d%d", i);
        for (int twice = 0; twice < 2; twice++)
            ck_assert_int_eq(bk_outbox_add(tx, host.app.escrow, "x", dedupe,
                                           json_pack("{s:i}", "n", i), now, now + 60000),
                             BK_OK);
    }
    serverhost_commit(tx);
    for (int i = 0; i < THREADS; i++) {
        ck_assert_int_eq(bk_store_open(host.database, bk_schema, bk_schema_count, &stores[i]),
                         BK_OK);
        ck_assert_int_eq(
            bk_outbox_start(stores[i], host.app.escrow, kinds, 1, NULL, 60000, &outboxes[i]),
            BK_OK);
    }
    for (int i = 0; i < 200 && number("SELECT count(*) FROM outbox WHERE state <> 'done'"); i++)
        (void)nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    for (int i = 0; i < THREADS; i++) {
        bk_outbox_stop(&outboxes[i]);
        bk_store_close(&stores[i]);
    }
    for (int i = 0; i < ROUNDS; i++)
        ck_assert_int_eq(done[i], 1);
}
END_TEST

/* --- opening --- */

static char fresh[256];

static void *open_it(void *context)
{
    struct worker *w = context;
    w->err = bk_store_open(fresh, bk_schema, bk_schema_count, &w->store);
    return NULL;
}

START_TEST(schema_is_made_once)
{
    bool holds = true;
    serverhost_database("fresh", fresh);
    ck_assert_int_eq(bk_store_holds(fresh, &holds), BK_OK);
    ck_assert(!holds);
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.err = BK_EIO};
        ck_assert_int_eq(pthread_create(&workers[i].thread, NULL, open_it, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        (void)pthread_join(workers[i].thread, NULL);
    for (int i = 0; i < THREADS; i++) {
        ck_assert_int_eq(workers[i].err, BK_OK);
        bk_store_close(&workers[i].store);
    }
    ck_assert_int_eq(bk_store_holds(fresh, &holds), BK_OK);
    ck_assert(holds);
}
END_TEST

/* --- what is kept --- */

START_TEST(nothing_of_a_failed_transaction_is_kept)
{
    struct bk_tx *tx = serverhost_begin();
    const char *add = "INSERT INTO nonces (nonce, purpose, expires_at) VALUES ($1, 'x', 0)";
    ck_assert_int_eq(bk_tx_exec(tx, add, BK_VALS(bk_text("a")), NULL), BK_OK);
    ck_assert_int_eq(bk_tx_exec(tx, add, BK_VALS(bk_text("a")), NULL), BK_EEXISTS);
    ck_assert_int_eq(bk_tx_exec(tx, add, BK_VALS(bk_text("b")), NULL), BK_EEXISTS);
    ck_assert_int_eq(bk_tx_commit(&tx), BK_EEXISTS);
    ck_assert_int_eq(number("SELECT count(*) FROM nonces"), 0);
}
END_TEST

START_TEST(values_come_back_as_they_were)
{
    static const int64_t ints[] = {0, -1, 1, INT64_MAX, INT64_MIN, 1700000000000};
    static const char text[] = "测试 'x' \\ \"$1\"";
    static const uint8_t bytes[] = {0, 1, 0xff, '\\', '\'', 0};
    struct bk_rows rows = BK_ROWS_INIT;
    struct bk_tx *tx = serverhost_begin();
    ck_assert_int_eq(bk_tx_exec(tx, "CREATE TABLE v (i BIGINT, t TEXT, n TEXT, m BIGINT, e TEXT)",
                                BK_NO_VALS, NULL),
                     BK_OK);
    for (size_t i = 0; i < sizeof ints / sizeof *ints; i++) {
        ck_assert_int_eq(
            bk_tx_exec(tx, "INSERT INTO v (i, t, n, m, e) VALUES ($1, $2, $3, $4, $5)",
                       BK_VALS(bk_int(ints[i]), bk_text(text), bk_null(), bk_null(), bk_text("")),
                       NULL),
            BK_OK);
        ck_assert_int_eq(bk_tx_get(tx, "SELECT i, t, n, m, e FROM v WHERE i = $1",
                                   BK_VALS(bk_int(ints[i])), &rows),
                         BK_OK);
        ck_assert_int_eq(bk_row_int(&rows, 0, 0), ints[i]);
        ck_assert_str_eq(bk_row_text(&rows, 0, 1), text);
        ck_assert(bk_row_null(&rows, 0, 2) && bk_row_null(&rows, 0, 3));
        ck_assert(!bk_row_null(&rows, 0, 4));
    }
    ck_assert_int_eq(bk_tx_exec(tx,
                                "INSERT INTO crls (algorithm, number, revoked, made_at, next_at,"
                                " der) VALUES ('a', 1, 1, 1, 1, $1), ('b', 1, 1, 1, 1, $2)",
                                BK_VALS(bk_bytes(bytes, sizeof bytes), bk_bytes("", 0)), NULL),
                     BK_OK);
    ck_assert_int_eq(bk_tx_get(tx, "SELECT der FROM crls ORDER BY algorithm", BK_NO_VALS, &rows),
                     BK_OK);
    struct bk_rd rd = bk_row_bytes(&rows, 0, 0);
    ck_assert_uint_eq(rd.left, sizeof bytes);
    ck_assert_mem_eq(rd.at, bytes, sizeof bytes);
    ck_assert_uint_eq(bk_row_bytes(&rows, 1, 0).left, 0);
    ck_assert(!bk_row_null(&rows, 1, 0));
    bk_rows_free(&rows);
    bk_tx_rollback(&tx);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("server_shared");
    TCase *tc = serverhost_case(suite, "shared");
    tcase_add_test(tc, audit_chain_has_one_order);
    tcase_add_test(tc, audit_is_not_written_without_a_turn);
    tcase_add_test(tc, limit_counts_everybody);
    tcase_add_test(tc, nonce_is_used_once);
    tcase_add_test(tc, idempotency_key_is_claimed_once);
    tcase_add_test(tc, outbox_is_shared);
    tcase_add_test(tc, schema_is_made_once);
    tcase_add_test(tc, nothing_of_a_failed_transaction_is_kept);
    tcase_add_test(tc, values_come_back_as_they_were);
    return run_suite(suite);
}
