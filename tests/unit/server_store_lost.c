/* SPDX-License-Identifier: Apache-2.0 */
/* Answers of PostgreSQL that libpq has no memory for: its calls come by here. */
#include <check.h>
#include <unistd.h>

#include "runner.h"
#include "serverhost.h"

#ifdef HAVE_POSTGRESQL
#include <libpq-fe.h>

enum lost { NOTHING, SYNC, RESULT, PREPARED };
static enum lost loses;
static int after; /* so many that aren't lost */

int __real_PQpipelineSync(PGconn *pg);
int __wrap_PQpipelineSync(PGconn *pg);
PGresult *__real_PQgetResult(PGconn *pg);
PGresult *__wrap_PQgetResult(PGconn *pg);
PGresult *__real_PQprepare(PGconn *pg, const char *name, const char *sql, int count,
                           const Oid *types);
PGresult *__wrap_PQprepare(PGconn *pg, const char *name, const char *sql, int count,
                           const Oid *types);

static bool is_lost(enum lost what)
{
    if (loses != what || after--)
        return false;
    loses = NOTHING;
    return true;
}

int __wrap_PQpipelineSync(PGconn *pg)
{
    return is_lost(SYNC) ? 0 : __real_PQpipelineSync(pg);
}

PGresult *__wrap_PQgetResult(PGconn *pg)
{
    PGresult *res = __real_PQgetResult(pg);
    if (!res || PQresultStatus(res) == PGRES_PIPELINE_SYNC || !is_lost(RESULT))
        return res;
    PQclear(res);
    return PQmakeEmptyPGresult(NULL, PGRES_FATAL_ERROR); /* as libpq says it: without a code */
}

PGresult *__wrap_PQprepare(PGconn *pg, const char *name, const char *sql, int count,
                           const Oid *types)
{
    PGresult *res = __real_PQprepare(pg, name, sql, count, types);
    if (!is_lost(PREPARED))
        return res;
    PQclear(res);
    return NULL;
}

static enum bk_err write_one(struct bk_tx *tx)
{
    return bk_tx_write(tx, BK_ANYHOW, "INSERT INTO nonces VALUES ($1, 'x', 1)",
                       BK_VALS(bk_text("a")));
}

static enum bk_err count(struct bk_tx *tx, int64_t *n)
{
    struct bk_rows rows = BK_ROWS_INIT;
    enum bk_err err = bk_tx_get(tx, "SELECT count(*) FROM nonces", BK_NO_VALS, &rows);
    *n = err == BK_OK ? bk_row_int(&rows, 0, 0) : -1;
    bk_rows_free(&rows);
    return err;
}

static int64_t count_now(void)
{
    int64_t n = -1;
    struct bk_tx *tx = serverhost_begin();
    ck_assert_int_eq(count(tx, &n), BK_OK);
    bk_tx_rollback(&tx);
    return n;
}

/* Writes, and asks when that is wanted; what the commit says. */
static enum bk_err turn(bool asks)
{
    int64_t n = 0;
    struct bk_tx *tx = serverhost_begin();
    enum bk_err err = write_one(tx);
    if (err == BK_OK && asks)
        err = count(tx, &n);
    if (err != BK_OK)
        ck_assert_int_eq(err, BK_ENOMEM);
    return bk_tx_end(&tx, err);
}

/* It says that it failed, or that nobody knows; and the next transaction is none the worse. */
static void lose(enum lost what, int from, bool asks)
{
    struct bk_tx *tx = serverhost_begin();
    ck_assert_int_eq(bk_tx_exec(tx, "DELETE FROM nonces", BK_NO_VALS, NULL), BK_OK);
    serverhost_commit(tx);
    loses = what;
    after = from;
    (void)alarm(20); /* libpq would wait for ever */
    enum bk_err err = turn(asks);
    (void)alarm(0);
    bool lost = loses == NOTHING;
    loses = NOTHING;
    int64_t n = count_now();
    ck_assert_int_eq(err == BK_OK, !lost);
    ck_assert(n == 0 || err == BK_OK || err == BK_ENET);
    ck_assert(n == 1 || err != BK_OK);
}

START_TEST(store_says_of_lost_answers_what_it_knows)
{
    if (!bk_store_is_url(host.database))
        return;
    for (int asks = 0; asks < 2; asks++) {
        for (int from = 0; from < 6; from++)
            lose(RESULT, from, asks);
        for (int from = 0; from < 3; from++)
            lose(SYNC, from, asks);
    }
}
END_TEST

START_TEST(store_uses_no_connection_with_statements_unknown)
{
    if (!bk_store_is_url(host.database))
        return;
    for (int from = 0; from < 3; from++)
        lose(PREPARED, from, true);
}
END_TEST
#endif

int main(void)
{
    Suite *suite = suite_create("store_lost");
    TCase *tc = tcase_create("store_lost");
    tcase_add_checked_fixture(tc, serverhost_open, serverhost_close);
#ifdef HAVE_POSTGRESQL
    tcase_add_test(tc, store_says_of_lost_answers_what_it_knows);
    tcase_add_test(tc, store_uses_no_connection_with_statements_unknown);
#endif
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
