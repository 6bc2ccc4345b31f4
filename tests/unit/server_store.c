/* SPDX-License-Identifier: Apache-2.0 */
/* What the platform keeps: transactions, stored secrets, the audit chain, idempotency, limits and
 * one-time PINs. */
#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "runner.h"
#include "server/audit.h"
#include "server/idempotency.h"
#include "server/ident.h"
#include "server/limits.h"
#include "server/schema.h"
#include "server/unlock.h"
#include "serverhost.h"

START_TEST(store_keeps_what_was_committed_only)
{
    struct bk_rows rows = BK_ROWS_INIT;
    struct bk_tx *tx = serverhost_begin();
    int64_t changed = 0;
    ck_assert_int_eq(bk_tx_exec(tx, "INSERT INTO nonces VALUES ($1, $2, $3)",
                                BK_VALS(bk_text("a"), bk_text("x"), bk_int(1)), &changed),
                     BK_OK);
    ck_assert_int_eq(changed, 1);
    ck_assert_int_eq(bk_tx_exec(tx, "INSERT INTO nonces VALUES ($1, $2, $3)",
                                BK_VALS(bk_text("a"), bk_text("x"), bk_int(1)), NULL),
                     BK_EEXISTS);
    bk_tx_rollback(&tx);
    tx = serverhost_begin();
    ck_assert_int_eq(bk_tx_get(tx, "SELECT nonce FROM nonces", BK_NO_VALS, &rows), BK_ENOTFOUND);
    bk_tx_rollback(&tx);
    bk_rows_free(&rows);
}
END_TEST

#define WRITERS 8
#define TURNS 40

static bool put_nonce(struct bk_tx *tx, const char *name, int purpose)
{
    char text[16];
    (void)snprintf(text, sizeof text, "%d", purpose);
    return bk_tx_exec(tx, "INSERT INTO nonces VALUES ($1, $2, 1)",
                      BK_VALS(bk_text(name), bk_text(text)), NULL) == BK_OK;
}

static int count_nonces(struct bk_tx *tx, const char *like)
{
    struct bk_rows rows = BK_ROWS_INIT;
    enum bk_err err = bk_tx_get(tx, "SELECT count(*) FROM nonces WHERE nonce LIKE $1",
                                BK_VALS(bk_text(like)), &rows);
    int n = err == BK_OK ? (int)bk_row_int(&rows, 0, 0) : -1;
    bk_rows_free(&rows);
    return n;
}

/* Keeps two of three of its transactions, and looks at once whether each is there. */
static void *write_in_turns(void *arg)
{
    int who = *(const int *)arg;
    for (int i = 0; i < TURNS;) {
        char name[32];
        struct bk_tx *tx = NULL;
        (void)snprintf(name, sizeof name, "%s-%d-%d", i % 3 ? "kept" : "not", who, i);
        bool good = bk_tx_begin(host.app.store, &tx) == BK_OK && put_nonce(tx, name, who);
        if (good && i % 3)
            good = bk_tx_commit(&tx) == BK_OK;
        bk_tx_rollback(&tx);
        if (!good)
            continue; /* busy */
        good =
            bk_tx_look(host.app.store, &tx) == BK_OK && count_nonces(tx, name) == (i % 3 ? 1 : 0);
        bk_tx_rollback(&tx);
        if (!good)
            return arg;
        i++;
    }
    return NULL;
}

START_TEST(store_keeps_what_many_commit_at_once)
{
    pthread_t threads[WRITERS];
    int ids[WRITERS];
    void *failed = NULL;
    for (int i = 0; i < WRITERS; i++) {
        ids[i] = i;
        ck_assert_int_eq(pthread_create(&threads[i], NULL, write_in_turns, &ids[i]), 0);
    }
    for (int i = 0; i < WRITERS; i++) {
        ck_assert_int_eq(pthread_join(threads[i], &failed), 0);
        ck_assert_ptr_null(failed);
    }
    struct bk_tx *tx = serverhost_begin();
    ck_assert_int_eq(count_nonces(tx, "kept-%"), WRITERS * (TURNS - (TURNS + 2) / 3));
    ck_assert_int_eq(count_nonces(tx, "not-%"), 0);
    bk_tx_rollback(&tx);
}
END_TEST

START_TEST(store_shows_who_looks_what_was_committed)
{
    struct bk_tx *tx = serverhost_begin(), *look = NULL;
    ck_assert(put_nonce(tx, "a", 1));
    ck_assert_int_eq(bk_tx_look(host.app.store, &look), BK_OK);
    ck_assert_int_eq(count_nonces(look, "a"), 0);
    serverhost_commit(tx);
    ck_assert_int_eq(count_nonces(look, "a"), 0); /* as it was when it began */
    bk_tx_rollback(&look);
    ck_assert_int_eq(bk_tx_look(host.app.store, &look), BK_OK);
    ck_assert_int_eq(count_nonces(look, "a"), 1);
    ck_assert_int_eq(bk_tx_commit(&look), BK_OK);
}
END_TEST

START_TEST(store_lets_who_looks_write_nothing)
{
    struct bk_tx *look = NULL;
    ck_assert_int_eq(bk_tx_look(host.app.store, &look), BK_OK);
    ck_assert_int_eq(count_nonces(look, "a"), 0);
    ck_assert_int_eq(bk_tx_exec(look, "INSERT INTO nonces VALUES ('a', 'x', 1)", BK_NO_VALS, NULL),
                     BK_EBUSY);
    bk_tx_rollback(&look);
    struct bk_tx *tx = serverhost_begin(); /* by the same connection, where one serves for both */
    ck_assert(put_nonce(tx, "a", 1));
    serverhost_commit(tx);
}
END_TEST

/* Both have read what the other writes beside: neither is done in vain. */
START_TEST(store_plans_beside_a_turn)
{
    struct bk_tx *plan = NULL;
    if (!bk_store_plans(host.app.store))
        return;
    ck_assert_int_eq(bk_tx_plan(host.app.store, &plan), BK_OK);
    ck_assert_int_eq(count_nonces(plan, "%"), 0);
    struct bk_tx *tx = serverhost_begin();
    ck_assert_int_eq(count_nonces(tx, "%"), 0);
    ck_assert(put_nonce(tx, "a", 1));
    ck_assert(put_nonce(plan, "b", 1));
    ck_assert_int_eq(bk_tx_commit(&plan), BK_OK);
    serverhost_commit(tx);
    tx = serverhost_begin();
    ck_assert_int_eq(count_nonces(tx, "%"), 2);
    bk_tx_rollback(&tx);
}
END_TEST

static enum bk_err write_nonce(struct bk_tx *tx, enum bk_expect expect, const char *name)
{
    return bk_tx_write(tx, expect, "INSERT INTO nonces VALUES ($1, 'x', 1)",
                       BK_VALS(bk_text(name)));
}

static enum bk_err rename_nonce(struct bk_tx *tx, enum bk_expect expect, const char *from)
{
    return bk_tx_write(tx, expect, "UPDATE nonces SET nonce = 'z' WHERE nonce = $1",
                       BK_VALS(bk_text(from)));
}

/* More than is sent together, seen by what the transaction itself asks, and by others then. */
START_TEST(store_keeps_what_is_written_without_waiting)
{
    struct bk_tx *tx = serverhost_begin();
    for (int i = 0; i < 100; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "w%d", i);
        ck_assert_int_eq(write_nonce(tx, BK_IS_NEW, name), BK_OK);
    }
    ck_assert_int_eq(rename_nonce(tx, BK_CHANGES, "w0"), BK_OK);
    ck_assert_int_eq(rename_nonce(tx, BK_ANYHOW, "none"), BK_OK);
    ck_assert_int_eq(count_nonces(tx, "w%"), 99);
    ck_assert_int_eq(write_nonce(tx, BK_ANYHOW, "w100"), BK_OK);
    serverhost_commit(tx);
    tx = serverhost_begin();
    ck_assert_int_eq(count_nonces(tx, "%"), 101);
    ck_assert_int_eq(write_nonce(tx, BK_ANYHOW, "w101"), BK_OK);
    bk_tx_rollback(&tx);
    tx = serverhost_begin();
    ck_assert_int_eq(count_nonces(tx, "%"), 101);
    bk_tx_rollback(&tx);
}
END_TEST

/* Whether it is told by the write itself, by what is asked next, or by the commit. */
static enum bk_err fail_in_the_middle(enum bk_expect expect, bool changes, bool asks)
{
    bool any = false;
    struct bk_tx *tx = serverhost_begin();
    enum bk_err err = write_nonce(tx, BK_ANYHOW, "a");
    if (err == BK_OK)
        err = write_nonce(tx, BK_ANYHOW, "b");
    if (err == BK_OK)
        err = changes ? rename_nonce(tx, expect, "none") : write_nonce(tx, expect, "a");
    if (err == BK_OK)
        err = write_nonce(tx, BK_ANYHOW, "c");
    if (err == BK_OK)
        err = write_nonce(tx, BK_ANYHOW, "d");
    if (err == BK_OK && asks)
        err = bk_tx_any(tx, "SELECT 1 FROM nonces", BK_NO_VALS, &any);
    ck_assert(!any);
    if (err != BK_OK) { /* and so does what follows */
        ck_assert_int_eq(write_nonce(tx, BK_ANYHOW, "e"), err);
        ck_assert_int_eq(bk_tx_any(tx, "SELECT 1 FROM nonces", BK_NO_VALS, &any), err);
    }
    enum bk_err end = bk_tx_commit(&tx);
    ck_assert(err == BK_OK || err == end);
    tx = serverhost_begin(); /* by the same connection */
    ck_assert_int_eq(count_nonces(tx, "%"), 0);
    bk_tx_rollback(&tx);
    return end;
}

START_TEST(store_tells_what_failed_among_what_was_written)
{
    for (int asks = 0; asks < 2; asks++) {
        ck_assert_int_eq(fail_in_the_middle(BK_ANYHOW, false, asks), BK_EEXISTS);
        ck_assert_int_eq(fail_in_the_middle(BK_CHANGES, false, asks), BK_EEXISTS);
        ck_assert_int_eq(fail_in_the_middle(BK_IS_NEW, false, asks), BK_EBUSY);
        ck_assert_int_eq(fail_in_the_middle(BK_CHANGES, true, asks), BK_EBUSY);
    }
    struct bk_tx *tx = serverhost_begin();
    ck_assert_int_eq(write_nonce(tx, BK_IS_NEW, "a"), BK_OK);
    serverhost_commit(tx);
}
END_TEST

/* Two plans write one row: the second is told to begin again, and nothing of it is kept. */
START_TEST(store_tells_who_writes_what_another_has_written)
{
    struct bk_tx *plan = NULL, *tx = serverhost_begin();
    if (!bk_store_plans(host.app.store)) {
        bk_tx_rollback(&tx);
        return;
    }
    ck_assert_int_eq(write_nonce(tx, BK_IS_NEW, "a"), BK_OK);
    serverhost_commit(tx);
    ck_assert_int_eq(bk_tx_plan(host.app.store, &plan), BK_OK);
    ck_assert_int_eq(count_nonces(plan, "%"), 1);
    tx = serverhost_begin();
    ck_assert_int_eq(rename_nonce(tx, BK_CHANGES, "a"), BK_OK);
    serverhost_commit(tx);
    ck_assert_int_eq(write_nonce(plan, BK_ANYHOW, "b"), BK_OK);
    ck_assert_int_eq(rename_nonce(plan, BK_ANYHOW, "a"), BK_OK);
    ck_assert_int_eq(write_nonce(plan, BK_ANYHOW, "c"), BK_OK);
    ck_assert_int_eq(bk_tx_commit(&plan), BK_EBUSY);
    tx = serverhost_begin();
    ck_assert_int_eq(count_nonces(tx, "%"), 1);
    bk_tx_rollback(&tx);
}
END_TEST

/* Ends all connections of the other store, by one of the host's. */
static void end_connections(void)
{
    struct bk_tx *tx = NULL;
    bool any = false;
    ck_assert_int_eq(bk_tx_look(host.app.store, &tx), BK_OK);
    ck_assert_int_eq(bk_tx_any(tx,
                               "SELECT 1 WHERE (SELECT count(CASE WHEN"
                               " pg_terminate_backend(pid, 5000) THEN 1 END) FROM pg_stat_activity"
                               " WHERE pid <> pg_backend_pid() AND application_name = $1) > 0",
                               BK_VALS(bk_text("store-ends")), &any),
                     BK_OK);
    ck_assert(any);
    bk_tx_rollback(&tx);
}

/* Between transactions: nobody notices. In the middle of one: it is to be begun again, unless it
 * was told to commit. */
START_TEST(store_goes_on_when_its_connections_end)
{
    char database[300];
    struct bk_store *store = NULL;
    struct bk_tx *tx = NULL;
    if (!bk_store_is_url(host.database))
        return;
    (void)snprintf(database, sizeof database, "%s&application_name=store-ends", host.database);
    ck_assert_int_eq(bk_store_open(database, bk_schema, bk_schema_count, &store), BK_OK);
    for (int when = 0; when < 4; when++) {
        if (when == 0)
            end_connections();
        ck_assert_int_eq(bk_tx_begin(store, &tx), BK_OK);
        ck_assert_int_eq(write_nonce(tx, BK_ANYHOW, "a"), BK_OK);
        if (when == 0) {
            ck_assert_int_eq(count_nonces(tx, "%"), 1);
            bk_tx_rollback(&tx);
            continue;
        }
        ck_assert_int_eq(count_nonces(tx, "%"), 1);
        ck_assert_int_eq(write_nonce(tx, BK_ANYHOW, "b"), BK_OK);
        end_connections();
        ck_assert_int_eq(write_nonce(tx, BK_ANYHOW, "c"), BK_OK);
        if (when == 1)
            ck_assert_int_eq(bk_tx_commit(&tx), BK_ENET);
        else if (when == 2)
            ck_assert_int_eq(count_nonces(tx, "%"), -1);
        if (when == 2)
            ck_assert_int_eq(bk_tx_commit(&tx), BK_EBUSY);
        bk_tx_rollback(&tx);
        ck_assert_int_eq(bk_tx_look(store, &tx), BK_OK);
        ck_assert_int_eq(count_nonces(tx, "%"), 0);
        bk_tx_rollback(&tx);
    }
    bk_store_close(&store);
}
END_TEST

/* Whether a connection of the other store has its transaction in the server's hands, which then
 * doesn't count how long its client says nothing. */
static bool server_is_kept_waiting(void)
{
    const struct timespec nap = {.tv_nsec = 50000000};
    struct bk_tx *tx = NULL;
    bool any = false;
    (void)nanosleep(&nap, NULL);
    ck_assert_int_eq(bk_tx_look(host.app.store, &tx), BK_OK);
    ck_assert_int_eq(bk_tx_any(tx,
                               "SELECT 1 FROM pg_stat_activity WHERE state = 'active'"
                               " AND application_name = $1",
                               BK_VALS(bk_text("store-hangs")), &any),
                     BK_OK);
    bk_tx_rollback(&tx);
    return any;
}

/* Whoever hangs doesn't keep the others' turn, whatever it was about to write. */
START_TEST(store_is_not_kept_by_who_hangs)
{
    char database[300], big[9000];
    struct bk_store *store = NULL;
    struct bk_tx *tx = NULL;
    if (!bk_store_is_url(host.database))
        return;
    (void)snprintf(database, sizeof database, "%s&application_name=store-hangs", host.database);
    ck_assert_int_eq(bk_store_open(database, bk_schema, bk_schema_count, &store), BK_OK);
    for (size_t len = 10; len < sizeof big; len += 2200) {
        memset(big, 'x', len);
        big[len] = 0;
        for (int asked = 0; asked < 2; asked++) {
            ck_assert_int_eq(bk_tx_begin(store, &tx), BK_OK);
            ck_assert_int_eq(asked ? count_nonces(tx, "%") : 0, 0);
            for (const char *name = "abc"; *name; name++) {
                ck_assert_int_eq(bk_tx_write(tx, BK_ANYHOW, "INSERT INTO nonces VALUES ($1, $2, 1)",
                                             BK_VALS(bk_text(name), bk_text(big))),
                                 BK_OK);
                ck_assert(!server_is_kept_waiting());
            }
            bk_tx_rollback(&tx);
        }
    }
    bk_store_close(&store);
}
END_TEST

START_TEST(store_refuses_a_newer_schema)
{
    char path[256];
    struct bk_store *other = NULL;
    static const char *const none[] = {"SELECT 1;\n"};
    serverhost_database("newer", path);
    static const char *const two[] = {"CREATE TABLE a (x TEXT);\n", "CREATE TABLE b (x TEXT);\n"};
    ck_assert_int_eq(bk_store_open(path, two, 2, &other), BK_OK);
    bk_store_close(&other);
    ck_assert_int_eq(bk_store_open(path, none, 1, &other), BK_EUNSUPPORTED);
    ck_assert_ptr_null(other);
}
END_TEST

/* Phones of an older register get their one form, and a contact stays one contact. */
START_TEST(older_phones_are_brought_to_eleven_digits)
{
    static const char *const phones[][2] = {{"K1", "+8613800000001"},
                                            {"K2", "008613800000002"},
                                            {"K3", "8613800000003"},
                                            {"K4", "13800000004"},
                                            {"K5", "01000000005"}};
    char path[256];
    struct bk_store *store = NULL;
    struct bk_tx *tx = NULL;
    struct bk_rows rows = BK_ROWS_INIT;
    serverhost_database("older", path);
    ck_assert_int_eq(bk_store_open(path, bk_schema, 1, &store), BK_OK);
    ck_assert_int_eq(bk_tx_begin(store, &tx), BK_OK);
    for (size_t i = 0; i < 5; i++) {
        ck_assert_int_eq(
            bk_tx_exec(tx,
                       "INSERT INTO keys (serial, dialect, shape, application, phone, phone_since,"
                       " holder, company, state, admin_sealed, use_pending, created_at, version)"
                       " VALUES ($1, 'gmt0017', 'direct', 'A', $2, 0, 'x', '', 'active', $3, 0, 1,"
                       " 1)",
                       BK_VALS(bk_text(phones[i][0]), bk_text(phones[i][1]), bk_bytes("x", 1)),
                       NULL),
            BK_OK);
        ck_assert_int_eq(bk_tx_exec(tx, "INSERT INTO key_contacts VALUES ($1, $2)",
                                    BK_VALS(bk_text(phones[i][0]), bk_text(phones[i][1])), NULL),
                         BK_OK);
    }
    ck_assert_int_eq(
        bk_tx_exec(tx, "INSERT INTO key_contacts VALUES ('K1', '13800000001')", BK_NO_VALS, NULL),
        BK_OK);
    ck_assert_int_eq(bk_tx_commit(&tx), BK_OK);
    bk_store_close(&store);
    ck_assert_int_eq(bk_store_open(path, bk_schema, bk_schema_count, &store), BK_OK);
    ck_assert_int_eq(bk_tx_begin(store, &tx), BK_OK);
    ck_assert_int_eq(bk_tx_get(tx,
                               "SELECT k.phone, c.phone FROM keys k JOIN key_contacts c ON"
                               " c.serial = k.serial ORDER BY k.serial",
                               BK_NO_VALS, &rows),
                     BK_OK);
    ck_assert_uint_eq(rows.count, 5);
    for (size_t i = 0; i < 5; i++) {
        const char *want = i == 4 ? phones[4][1] : phones[i][1] + strlen(phones[i][1]) - 11;
        ck_assert_str_eq(bk_row_text(&rows, i, 0), want);
        ck_assert_str_eq(bk_row_text(&rows, i, 1), want);
    }
    bk_rows_free(&rows);
    bk_tx_rollback(&tx);
    bk_store_close(&store);
}
END_TEST

START_TEST(stored_secret_opens_in_its_place_only)
{
    const struct bk_place place = {"keys", "admin_sealed", "K1"},
                          row = {"keys", "admin_sealed", "K2"},
                          column = {"keys", "pending_sealed", "K1"};
    struct bk_buf sealed = BK_BUF_INIT, plain = BK_BUF_INIT;
    ck_assert_int_eq(bk_escrow_seal(host.app.escrow, &place, "secret", 6, &sealed), BK_OK);
    ck_assert_uint_eq(sealed.len, 1 + 8 + 12 + 6 + 16);
    struct bk_rd rd = bk_rd(sealed.data, sealed.len);
    ck_assert_int_eq(bk_escrow_open_sealed(host.app.escrow, &row, rd, &plain), BK_EVERIFY);
    ck_assert_int_eq(bk_escrow_open_sealed(host.app.escrow, &column, rd, &plain), BK_EVERIFY);
    ck_assert_uint_eq(plain.len, 0);
    for (size_t i = 0; i < sealed.len; i++) {
        sealed.data[i] ^= 1;
        ck_assert_int_ne(bk_escrow_open_sealed(host.app.escrow, &place, rd, &plain), BK_OK);
        sealed.data[i] ^= 1;
    }
    for (size_t n = 0; n < sealed.len; n++)
        ck_assert_int_ne(
            bk_escrow_open_sealed(host.app.escrow, &place, bk_rd(sealed.data, n), &plain), BK_OK);
    ck_assert_int_eq(bk_escrow_open_sealed(host.app.escrow, &place, rd, &plain), BK_OK);
    ck_assert_mem_eq(plain.data, "secret", 6);
    bk_buf_free(&sealed);
    bk_buf_free(&plain);
}
END_TEST

static void audit(const char *action)
{
    const struct bk_audit entry = {
        .actor = "system", .address = "", .action = action, .object = "x:1", .detail = ""};
    struct bk_tx *tx = serverhost_begin();
    ck_assert_int_eq(bk_audit_add(tx, &entry), BK_OK);
    serverhost_commit(tx);
}

static enum bk_err verify(int64_t *seq)
{
    uint8_t head[BK_AUDIT_HASH];
    struct bk_tx *tx = serverhost_begin();
    enum bk_err err = bk_audit_verify(tx, seq, head);
    bk_tx_rollback(&tx);
    return err;
}

static void change(const char *sql)
{
    struct bk_tx *tx = serverhost_begin();
    ck_assert_int_eq(bk_tx_exec(tx, sql, BK_NO_VALS, NULL), BK_OK);
    serverhost_commit(tx);
}

START_TEST(audit_chain_shows_any_change)
{
    int64_t seq = 0;
    for (int i = 0; i < 5; i++)
        audit("test");
    ck_assert_int_eq(verify(&seq), BK_OK);
    ck_assert_int_eq(seq, 5);
    change("UPDATE audit SET detail = 'changed' WHERE seq = 3");
    ck_assert_int_eq(verify(&seq), BK_EVERIFY);
    ck_assert_int_eq(seq, 3);
    change("UPDATE audit SET detail = '' WHERE seq = 3");
    ck_assert_int_eq(verify(&seq), BK_OK);
    change("DELETE FROM audit WHERE seq = 2");
    ck_assert_int_eq(verify(&seq), BK_EVERIFY);
    ck_assert_int_eq(seq, 2);
}
END_TEST

/* The example of docs/formats.md clause 7. */
START_TEST(audit_hash_is_as_documented)
{
    static const uint8_t zero[BK_AUDIT_HASH];
    uint8_t hash[BK_AUDIT_HASH];
    char text[2 * BK_AUDIT_HASH + 1];
    const struct bk_audit entry = {.actor = "system",
                                   .address = "127.0.0.1",
                                   .action = "key.added",
                                   .object = "key:TEST1",
                                   .detail = "direct"};
    ck_assert_int_eq(bk_audit_hash(1, 1700000000000, &entry, zero, hash), BK_OK);
    bk_hex_text(hash, sizeof hash, text);
    ck_assert_str_eq(text, "f5fa64dd9d423225df252bf7ae102b54ec8637f20d612d66fb665e12fdab4e0a");
}
END_TEST

static enum bk_idem_state claim(const char *key, const char *body, int64_t now,
                                struct bk_idem_answer *answer)
{
    enum bk_idem_state state = BK_IDEM_CLAIMED;
    struct bk_tx *tx = serverhost_begin();
    ck_assert_int_eq(
        bk_idem_claim(tx, "scope", key, body, strlen(body), now, 1000000, 60000, &state, answer),
        BK_OK);
    serverhost_commit(tx);
    return state;
}

START_TEST(idempotency_replays_and_refuses)
{
    struct bk_idem_answer answer = {0};
    int64_t now = 1000000;
    ck_assert_int_eq(claim("k", "{}", now, &answer), BK_IDEM_CLAIMED);
    ck_assert_int_eq(claim("k", "{}", now + 1, &answer), BK_IDEM_RUNNING);
    ck_assert_int_eq(claim("k", "{ }", now + 1, &answer), BK_IDEM_MISMATCH);
    struct bk_tx *tx = serverhost_begin();
    ck_assert_int_eq(bk_idem_finish(tx, "scope", "k", 201, "application/json", "[1]", 3), BK_OK);
    serverhost_commit(tx);
    ck_assert_int_eq(claim("k", "{}", now + 2, &answer), BK_IDEM_REPLAY);
    ck_assert_uint_eq(answer.status, 201);
    ck_assert_mem_eq(answer.body.data, "[1]", 3);
    bk_buf_free(&answer.body);
    ck_assert_int_eq(claim("k", "x", now + 3, &answer), BK_IDEM_MISMATCH);
    ck_assert_int_eq(claim("other", "x", now + 3, &answer), BK_IDEM_CLAIMED);
    /* kept for its time only */
    ck_assert_int_eq(claim("k", "x", now + 2000000, &answer), BK_IDEM_CLAIMED);
}
END_TEST

START_TEST(idempotency_claim_of_the_dead_ends)
{
    struct bk_idem_answer answer = {0};
    ck_assert_int_eq(claim("k", "{}", 1000, &answer), BK_IDEM_CLAIMED);
    ck_assert_int_eq(claim("k", "{}", 1000 + 60000 - 1, &answer), BK_IDEM_RUNNING);
    ck_assert_int_eq(claim("k", "{}", 1000 + 60000, &answer), BK_IDEM_CLAIMED);
    ck_assert_int_eq(claim("k", "{}", 1000 + 60000, &answer), BK_IDEM_RUNNING);
}
END_TEST

START_TEST(limit_holds_for_its_window)
{
    int64_t wait = 0;
    struct bk_tx *tx = serverhost_begin();
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(bk_limit_take(tx, "s", "a", 60001, 60000, 3, &wait), BK_OK);
        ck_assert_int_eq(wait, 0);
    }
    ck_assert_int_eq(bk_limit_take(tx, "s", "a", 60001, 60000, 3, &wait), BK_OK);
    ck_assert_int_eq(wait, 60);
    ck_assert_int_eq(bk_limit_take(tx, "s", "b", 60001, 60000, 3, &wait), BK_OK);
    ck_assert_int_eq(wait, 0);
    ck_assert_int_eq(bk_limit_take(tx, "s", "a", 120001, 60000, 3, &wait), BK_OK);
    ck_assert_int_eq(wait, 0);
    bk_tx_rollback(&tx);
}
END_TEST

static int64_t pins_left(struct bk_tx *tx)
{
    struct bk_rows rows = BK_ROWS_INIT;
    ck_assert_int_eq(bk_tx_get(tx,
                               "SELECT (SELECT count(*) FROM unlocks WHERE pin_sealed IS NOT NULL)"
                               " * 10 + (SELECT count(*) FROM unlock_rounds)",
                               BK_NO_VALS, &rows),
                     BK_OK);
    int64_t n = bk_row_int(&rows, 0, 0);
    bk_rows_free(&rows);
    return n;
}

/* One-time PINs are of no more use when no redemption is possible; the rest of the entry stays. */
START_TEST(old_one_time_pins_are_forgotten)
{
    static const int64_t hours[] = {1, 47, 49, 1000};
    struct bk_tx *tx = serverhost_begin();
    int64_t now = bk_now_ms();
    for (int i = 0; i < 4; i++) {
        const char id[] = {'U', (char)('0' + i), 0};
        ck_assert_int_eq(
            bk_tx_exec(tx,
                       "INSERT INTO unlocks (id, serial, matched, state, code_hash, tries_left,"
                       " created_at, expires_at, suspend_hash, first_at, redemptions, rounds,"
                       " pin_sealed, slot, swapped, pin_sent, expects, address, done_at)"
                       " VALUES ($1, '', 0, 'open', '', 0, 0, 0, '', $2, 1, 1, 'x', 0, 0, 0, '',"
                       " '', 0)",
                       BK_VALS(bk_text(id), bk_int(now - hours[i] * 3600000)), NULL),
            BK_OK);
        ck_assert_int_eq(bk_tx_exec(tx,
                                    "INSERT INTO unlock_rounds (unlock_id, message_hash,"
                                    " answer_sealed) VALUES ($1, 'h', 'x')",
                                    BK_VALS(bk_text(id)), NULL),
                         BK_OK);
    }
    ck_assert_int_eq(pins_left(tx), 44);
    ck_assert_int_eq(bk_unlock_clean(tx, now), BK_OK);
    ck_assert_int_eq(pins_left(tx), 22);
    bk_tx_rollback(&tx);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("server_store");
    TCase *tc = serverhost_case(suite, "store");
    tcase_add_test(tc, store_keeps_what_was_committed_only);
    tcase_add_test(tc, store_keeps_what_many_commit_at_once);
    tcase_add_test(tc, store_shows_who_looks_what_was_committed);
    tcase_add_test(tc, store_lets_who_looks_write_nothing);
    tcase_add_test(tc, store_plans_beside_a_turn);
    tcase_add_test(tc, store_keeps_what_is_written_without_waiting);
    tcase_add_test(tc, store_tells_what_failed_among_what_was_written);
    tcase_add_test(tc, store_tells_who_writes_what_another_has_written);
    tcase_add_test(tc, store_goes_on_when_its_connections_end);
    tcase_add_test(tc, store_is_not_kept_by_who_hangs);
    tcase_add_test(tc, store_refuses_a_newer_schema);
    tcase_add_test(tc, older_phones_are_brought_to_eleven_digits);
    tcase_add_test(tc, stored_secret_opens_in_its_place_only);
    tcase_add_test(tc, audit_chain_shows_any_change);
    tcase_add_test(tc, audit_hash_is_as_documented);
    tcase_add_test(tc, idempotency_replays_and_refuses);
    tcase_add_test(tc, idempotency_claim_of_the_dead_ends);
    tcase_add_test(tc, limit_holds_for_its_window);
    tcase_add_test(tc, old_one_time_pins_are_forgotten);
    return run_suite(suite);
}
