/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept of persons, and until when. */
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "runner.h"
#include "server/application.h"
#include "server/ident.h"
#include "server/order.h"
#include "server/order_tell.h"
#include "server/retention.h"
#include "server/schema.h"
#include "server/upload.h"
#include "server/upload_folder.h"
#include "serverhost.h"

#define DAY (INT64_C(24) * 3600 * 1000)
#define NOW (10000 * DAY)

static char uploads[128];
static const struct bk_audit who = {.actor = "system", .address = ""};

static void open_host(void)
{
    char why[400];
    serverhost_open();
    (void)snprintf(uploads, sizeof uploads, "%s/uploads", host.folder);
    host.app.uploads = uploads;
    ck_assert_int_eq(bk_upload_folder_open(&host.app, why, sizeof why), BK_OK);
    host.app.policy.abandoned_ms = 30 * DAY;
    host.app.policy.issued_ms = 1827 * DAY;
    host.app.policy.finished_ms = 90 * DAY;
}

struct made {
    char id[27], licence[65], invoice[65];
};

static void put(const char *order, const char *kind, char digest[65])
{
    char text[64];
    (void)snprintf(text, sizeof text, "%s of %s", kind, order);
    struct bk_upload u = {.data = text, .len = strlen(text), .type = "image/png", .lock = -1};
    struct bk_tx *tx = serverhost_begin();
    ck_assert_int_eq(bk_upload_plan(&host.app, tx, &u, 1000), BK_OK);
    serverhost_commit(tx);
    ck_assert_int_eq(bk_upload_write(&host.app, &u), BK_OK);
    tx = serverhost_begin();
    ck_assert_int_eq(bk_upload_attach(&host.app, tx, &u, order, kind, 1000), BK_OK);
    serverhost_commit(tx);
    bk_upload_done(&u);
    (void)snprintf(digest, 65, "%s", u.digest);
}

/* An order in that state since `ended`, with all that a customer tells; not_after: of its
 * certificate, 0 without. */
static struct made make(enum bk_order_state state, int64_t ended, int64_t not_after)
{
    struct made m = {.licence = ""};
    struct bk_order order = {
        .state = state, .version = 1, .type = "new", .created_at = ended, .new_not_after = 1};
    struct bk_application a = {.org_code = "91110108MA0123456G",
                               .details = json_pack("{s:{s:s}, s:{s:s, s:s}}", "company", "name",
                                                    "示例公司", "operator", "name", "经办", "phone",
                                                    "13800000002")};
    struct bk_tx *tx = serverhost_begin();
    ck_assert_int_eq(bk_ulid(order.id), BK_OK);
    ck_assert_int_eq(bk_order_add(tx, &order, &who), BK_OK);
    (void)snprintf(m.id, sizeof m.id, "%s", order.id);
    (void)snprintf(a.order_id, sizeof a.order_id, "%s", order.id);
    ck_assert_int_eq(bk_application_save(tx, host.app.escrow, &a, "13800000001"), BK_OK);
    if (not_after) {
        (void)snprintf(order.new_certificate, sizeof order.new_certificate, "sm2:%s", order.id);
        order.new_not_after = not_after;
        ck_assert_int_eq(bk_order_save(tx, &order, ended), BK_OK);
    }
    serverhost_commit(tx);
    bk_application_free(&a);
    put(m.id, "licence", m.licence);
    put(m.id, "invoice-pdf", m.invoice);
    return m;
}

static int64_t count(const char *sql, const char *id)
{
    struct bk_rows rows = BK_ROWS_INIT;
    struct bk_tx *tx = serverhost_begin();
    ck_assert_int_eq(bk_tx_get(tx, sql, BK_VALS(bk_text(id)), &rows), BK_OK);
    int64_t n = bk_row_int(&rows, 0, 0);
    bk_tx_rollback(&tx);
    bk_rows_free(&rows);
    return n;
}

static bool file_goes(const char *digest)
{
    char path[256];
    struct stat st;
    json_t *payload = json_pack("{s:s}", "digest", digest);
    const struct bk_outbox_item item = {.id = "I", .kind = "upload-drop", .payload = payload};
    ck_assert_int_eq(bk_upload_drop(&host.app, &item), BK_OK);
    json_decref(payload);
    (void)snprintf(path, sizeof path, "%s/%.2s/%s", uploads, digest, digest + 2);
    return stat(path, &st) != 0;
}

static void is_whole(const struct made *m, bool whole)
{
    char object[48];
    struct bk_application a;
    struct bk_tx *tx = serverhost_begin();
    (void)snprintf(object, sizeof object, "order:%s", m->id);
    enum bk_err err = bk_application_load(tx, host.app.escrow, m->id, &a);
    bk_application_free(&a);
    bk_tx_rollback(&tx);
    ck_assert_int_eq(err, whole ? BK_OK : BK_ENOTFOUND);
    ck_assert_int_eq(count("SELECT count(*) FROM documents WHERE order_id = $1", m->id),
                     whole ? 2 : 0);
    ck_assert_int_eq(count("SELECT count(*) FROM order_phones WHERE order_id = $1", m->id),
                     whole ? 2 : 0);
    ck_assert_int_eq(
        count("SELECT count(*) FROM audit WHERE action = 'order.forgotten' AND object = $1"
              " AND detail = '2 documents'",
              object),
        whole ? 0 : 1);
    ck_assert_int_eq(count("SELECT count(*) FROM orders WHERE id = $1", m->id), 1);
    ck_assert_int_eq(file_goes(m->licence), !whole);
    ck_assert_int_eq(file_goes(m->invoice), !whole);
}

static void clean(int64_t now)
{
    ck_assert_int_eq(bk_retention_clean(&host.app, now), BK_OK);
}

START_TEST(what_ended_without_a_certificate_goes_after_its_days)
{
    static const enum bk_order_state ended[] = {BK_ORDER_CANCELLED, BK_ORDER_EXPIRED,
                                                BK_ORDER_REFUNDED};
    for (size_t i = 0; i < sizeof ended / sizeof *ended; i++) {
        const struct made m = make(ended[i], NOW, 0), later = make(ended[i], NOW + DAY, 0);
        clean(NOW + 30 * DAY);
        is_whole(&m, true);
        clean(NOW + 30 * DAY + 1);
        is_whole(&m, false);
        is_whole(&later, true);
        clean(NOW + 40 * DAY);
        is_whole(&m, false); /* once */
        is_whole(&later, false);
    }
}
END_TEST

START_TEST(what_has_a_certificate_stays_years_behind_its_end)
{
    const struct made done = make(BK_ORDER_DONE, NOW, NOW + 365 * DAY);
    const struct made refunded = make(BK_ORDER_REFUNDED, NOW, NOW + 365 * DAY);
    clean(NOW + (365 + 1827) * DAY);
    is_whole(&done, true);
    is_whole(&refunded, true);
    clean(NOW + (365 + 1827) * DAY + 1);
    is_whole(&done, false);
    is_whole(&refunded, false);
}
END_TEST

START_TEST(what_is_open_stays)
{
    struct made m[BK_ORDER_STATES];
    for (unsigned s = 0; s < BK_ORDER_CANCELLED; s++)
        m[s] = make((enum bk_order_state)s, 1, 0);
    clean(NOW);
    for (unsigned s = 0; s < BK_ORDER_CANCELLED; s++)
        is_whole(&m[s], true);
}
END_TEST

START_TEST(more_than_fit_in_one_go_go_in_several)
{
    struct made m[130];
    for (size_t i = 0; i < sizeof m / sizeof *m; i++)
        m[i] = make(BK_ORDER_EXPIRED, 1, 0);
    clean(NOW);
    ck_assert_int_eq(count("SELECT count(*) FROM documents WHERE kind <> $1", ""), 60);
    clean(NOW);
    ck_assert_int_eq(count("SELECT count(*) FROM documents WHERE kind <> $1", ""), 0);
    is_whole(&m[0], false);
}
END_TEST

/* What was paid for it all the same goes back; there is nobody to be told. */
START_TEST(nobody_is_told_of_what_is_forgotten)
{
    const struct made m = make(BK_ORDER_CANCELLED, 1, 0);
    struct bk_order order;
    struct bk_tx *tx = serverhost_begin();
    ck_assert_int_eq(bk_order_load(tx, m.id, &order), BK_OK);
    ck_assert_int_eq(bk_order_tell(&host.app, tx, &order, NOW), BK_OK);
    serverhost_commit(tx);
    ck_assert_int_eq(count("SELECT count(*) FROM outbox WHERE kind = $1", "order-tell"), 1);
    clean(NOW);
    tx = serverhost_begin();
    ck_assert_int_eq(bk_order_load(tx, m.id, &order), BK_OK);
    ck_assert_int_eq(bk_order_move(tx, &order, BK_ORDER_REFUNDED, &who, NOW), BK_OK);
    ck_assert_int_eq(bk_order_tell(&host.app, tx, &order, NOW), BK_OK);
    serverhost_commit(tx);
    ck_assert_int_eq(count("SELECT count(*) FROM outbox WHERE kind = $1", "order-tell"), 1);
}
END_TEST

static void finished(const char *id, const char *kind, const char *state, int64_t at, bool kept)
{
    struct bk_tx *tx = serverhost_begin();
    ck_assert_int_eq(
        bk_tx_exec(tx,
                   "INSERT INTO outbox (id, kind, dedupe, payload_sealed, state, attempts, next_at,"
                   " created_at, give_up_at, done_at, last_error)"
                   " VALUES ($1, $2, $1, $3, $4, 1, 1, 1, 1, $5, '')",
                   BK_VALS(bk_text(id), bk_text(kind), kept ? bk_bytes("x", 1) : bk_null(),
                           bk_text(state), bk_int(at)),
                   NULL),
        BK_OK);
    serverhost_commit(tx);
}

START_TEST(what_the_outbox_has_done_goes_after_its_days)
{
    finished("1-done", "sms", "done", NOW, false);
    finished("2-dead", "mail", "dead", NOW, false);
    finished("3-later", "sms", "done", NOW + DAY, false);
    finished("4-waits", "sms", "pending", 0, true);
    finished("5-owed", "first-pin-transfer", "dead", NOW, true);
    finished("6-refunded", "refund", "done", NOW, false);
    clean(NOW + 90 * DAY);
    ck_assert_int_eq(count("SELECT count(*) FROM outbox WHERE id <> $1", ""), 6);
    clean(NOW + 90 * DAY + 1);
    ck_assert_int_eq(count("SELECT count(*) FROM outbox WHERE id <> $1", ""), 4);
    ck_assert_int_eq(count("SELECT count(*) FROM outbox WHERE id < $1", "3"), 0);
    clean(NOW + 92 * DAY);
    ck_assert_int_eq(count("SELECT count(*) FROM outbox WHERE id < $1", "4"), 0);
    ck_assert_int_eq(count("SELECT count(*) FROM outbox WHERE id > $1", "4"), 3);
}
END_TEST

START_TEST(where_an_unlock_came_from_goes_after_its_days)
{
    struct bk_tx *tx = serverhost_begin();
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(
            bk_tx_exec(tx,
                       "INSERT INTO unlocks (id, serial, matched, state, code_hash, tries_left,"
                       " created_at, expires_at, suspend_hash, first_at, redemptions, rounds, slot,"
                       " swapped, pin_sent, expects, address, done_at, way) VALUES ($1, 'K', 1,"
                       " 'done', $2, 5, 1, $3, $2, 0, 0, 0, 0, 0, 0, 'begin', '192.0.2.1', 1,"
                       " 'phone')",
                       BK_VALS(bk_text(i ? "U1" : "U0"), bk_bytes("x", 1), bk_int(NOW + i * DAY)),
                       NULL),
            BK_OK);
    serverhost_commit(tx);
    clean(NOW + 90 * DAY);
    ck_assert_int_eq(count("SELECT count(*) FROM unlocks WHERE address <> $1", ""), 2);
    clean(NOW + 90 * DAY + 1);
    ck_assert_int_eq(count("SELECT count(*) FROM unlocks WHERE address <> '' AND id = $1", "U1"),
                     1);
    ck_assert_int_eq(count("SELECT count(*) FROM unlocks WHERE address <> $1", ""), 1);
}
END_TEST

/* A version before had the phones of whoever somebody named in clear. */
START_TEST(phones_of_before_are_gone)
{
    char path[128];
    struct bk_store *store = NULL;
    struct bk_tx *tx = NULL;
    struct bk_rows rows = BK_ROWS_INIT;
    static const char *const before[] = {
        "INSERT INTO limits (scope, subject, slot, used, until) VALUES"
        " ('unlock-asker-day', '192.0.2.1 13800000001', 1, 1, 1),"
        " ('unlock-phone-hour', 'no-match 13800000001', 1, 1, 1), ('unlock-key', 'K', 1, 1, 1)",
        "INSERT INTO outbox (id, kind, dedupe, state, attempts, next_at, created_at, give_up_at,"
        " done_at, last_error) VALUES ('I1', 'sms', 'unlock:U1:13800000001', 'done', 1, 1, 1, 1, 1,"
        " ''), ('I2', 'sms', 'unlock-code:U1:13800000001', 'pending', 1, 1, 1, 1, 1, ''),"
        " ('I3', 'unlock-contacts', 'unlock-contacts:U1', 'done', 1, 1, 1, 1, 1, '')"};
    (void)snprintf(path, sizeof path, "%s/old", host.folder);
    ck_assert_int_eq(bk_store_open(path, bk_schema, 20, &store), BK_OK);
    ck_assert_int_eq(bk_tx_begin(store, &tx), BK_OK);
    for (size_t i = 0; i < 2; i++)
        ck_assert_int_eq(bk_tx_exec(tx, before[i], BK_NO_VALS, NULL), BK_OK);
    ck_assert_int_eq(bk_tx_commit(&tx), BK_OK);
    bk_store_close(&store);
    ck_assert_int_eq(bk_store_open(path, bk_schema, bk_schema_count, &store), BK_OK);
    ck_assert_int_eq(bk_tx_begin(store, &tx), BK_OK);
    ck_assert_int_eq(bk_tx_query(tx,
                                 "SELECT subject FROM limits UNION ALL SELECT dedupe FROM outbox"
                                 " ORDER BY 1",
                                 BK_NO_VALS, &rows),
                     BK_OK);
    static const char *const now[] = {"K", "unlock-contacts:U1", "unlock:I1", "unlock:I2"};
    ck_assert_uint_eq(rows.count, 4);
    for (size_t i = 0; i < 4; i++)
        ck_assert_str_eq(bk_row_text(&rows, i, 0), now[i]);
    bk_rows_free(&rows);
    bk_tx_rollback(&tx);
    bk_store_close(&store);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("server retention");
    TCase *tc = tcase_create("kept and forgotten");
    tcase_set_timeout(tc, 60);
    tcase_add_checked_fixture(tc, open_host, serverhost_close);
    tcase_add_test(tc, what_ended_without_a_certificate_goes_after_its_days);
    tcase_add_test(tc, what_has_a_certificate_stays_years_behind_its_end);
    tcase_add_test(tc, what_is_open_stays);
    tcase_add_test(tc, more_than_fit_in_one_go_go_in_several);
    tcase_add_test(tc, nobody_is_told_of_what_is_forgotten);
    tcase_add_test(tc, what_the_outbox_has_done_goes_after_its_days);
    tcase_add_test(tc, where_an_unlock_came_from_goes_after_its_days);
    tcase_add_test(tc, phones_of_before_are_gone);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
