/* SPDX-License-Identifier: Apache-2.0 */
/* Orders: their states, the one open for a certificate, their payments; and what a revoked
 * certificate ends. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "runner.h"
#include "server/ident.h"
#include "server/order.h"
#include "server/revoke.h"
#include "server/schema.h"
#include "server/session.h"
#include "serverhost.h"

START_TEST(each_illegal_transition_is_refused)
{
    static const char *const path[] = {
        "AWAIT_PAY PAID",     "AWAIT_PAY CANCELLED", "AWAIT_PAY EXPIRED",   "PAID ISSUED",
        "PAID REFUNDED",      "PAID IN_REVIEW",      "ISSUED DONE",         "ISSUED REFUNDED",
        "CANCELLED REFUNDED", "EXPIRED REFUNDED",    "IN_REVIEW APPROVED",  "IN_REVIEW REJECTED",
        "IN_REVIEW REFUNDED", "REJECTED UPLOADED",   "REJECTED REFUNDED",   "APPROVED PRODUCING",
        "APPROVED ISSUED",    "APPROVED REFUNDED",   "PRODUCING READY",     "PRODUCING SHIPPED",
        "READY DONE",         "SHIPPED DONE",        "DRAFT VERIFYING",     "DRAFT CANCELLED",
        "DRAFT EXPIRED",      "VERIFYING VERIFIED",  "VERIFYING CANCELLED", "VERIFYING EXPIRED",
        "VERIFIED UPLOADED",  "VERIFIED CANCELLED",  "VERIFIED EXPIRED",    "UPLOADED SIGNED",
        "UPLOADED IN_REVIEW", "UPLOADED CANCELLED",  "UPLOADED EXPIRED",    "SIGNED AWAIT_PAY",
        "SIGNED CANCELLED",   "SIGNED EXPIRED",      "VERIFYING DRAFT",     "READY PRODUCING",
        "SHIPPED PRODUCING",  "REJECTED DRAFT",      "DRAFT REFUNDED",      "VERIFYING REFUNDED",
        "VERIFIED REFUNDED",  "UPLOADED REFUNDED"};
    const struct bk_audit who = {.actor = "system", .address = ""};
    struct bk_tx *tx = serverhost_begin();
    for (unsigned from = 0; from < BK_ORDER_STATES; from++) {
        for (unsigned to = 0; to < BK_ORDER_STATES; to++) {
            char text[48], id[27];
            bool legal = false;
            (void)snprintf(text, sizeof text, "%s %s", bk_order_state_name(from),
                           bk_order_state_name(to));
            for (size_t i = 0; i < sizeof path / sizeof *path; i++)
                legal = legal || strcmp(path[i], text) == 0;
            struct bk_order order = {.state = from, .version = 1, .type = "renewal"};
            ck_assert_int_eq(bk_ulid(id), BK_OK);
            (void)snprintf(order.id, sizeof order.id, "%s", id);
            (void)snprintf(order.old_certificate, sizeof order.old_certificate, "rsa:%s", id);
            ck_assert_int_eq(bk_order_add(tx, &order, &who), BK_OK);
            enum bk_err err = bk_order_move(tx, &order, to, &who, 1);
            ck_assert_msg(err == (legal ? BK_OK : BK_ESTATE), "%s: %s", text, bk_err_name(err));
            ck_assert_int_eq(bk_order_load(tx, id, &order), BK_OK);
            ck_assert_uint_eq(order.state, legal ? to : from);
        }
    }
    bk_tx_rollback(&tx);
}
END_TEST

static void add_certificate(struct bk_tx *tx, const char *id)
{
    ck_assert_int_eq(
        bk_tx_exec(tx,
                   "INSERT INTO certificates (id, serial_number, algorithm, kind, key_serial,"
                   " container, pair, subject, fingerprint, der, not_before, not_after, state,"
                   " revoked_at, reason, created_at) VALUES ($1, $1, 'rsa', 'sign', 'K1', 'c', $1,"
                   " 'x', $1, $2, 1, 9, 'good', 0, 0, 1)",
                   BK_VALS(bk_text(id), bk_bytes("x", 1)), NULL),
        BK_OK);
}

static struct bk_order add_order(struct bk_tx *tx, const char *certificate)
{
    const struct bk_audit who = {.actor = "system", .address = ""};
    struct bk_order order = {.state = BK_ORDER_AWAIT_PAY,
                             .version = 1,
                             .type = "renewal",
                             .amount_fen = 100,
                             .expires_at = 5000};
    ck_assert_int_eq(bk_ulid(order.id), BK_OK);
    (void)snprintf(order.old_certificate, sizeof order.old_certificate, "%s", certificate);
    add_certificate(tx, certificate);
    ck_assert_int_eq(bk_order_add(tx, &order, &who), BK_OK);
    return order;
}

START_TEST(stale_order_is_not_written)
{
    struct bk_tx *tx = serverhost_begin();
    struct bk_order mine = add_order(tx, "rsa:1"), theirs = mine;
    const struct bk_audit who = {.actor = "system", .address = ""};
    serverhost_commit(tx);
    tx = serverhost_begin();
    ck_assert_int_eq(bk_order_move(tx, &theirs, BK_ORDER_PAID, &who, 1), BK_OK);
    /* told by what is written, or by the commit: nothing is kept then */
    enum bk_err err = bk_order_move(tx, &mine, BK_ORDER_CANCELLED, &who, 1);
    ck_assert(err == BK_OK || err == BK_EBUSY);
    ck_assert_int_eq(bk_tx_commit(&tx), BK_EBUSY);
    tx = serverhost_begin();
    ck_assert_int_eq(bk_order_load(tx, mine.id, &theirs), BK_OK);
    ck_assert_int_eq(theirs.state, BK_ORDER_AWAIT_PAY);
    bk_tx_rollback(&tx);
}
END_TEST

/* A database of the released schema, with an open order: it opens, the order is still the only one
 * that may be, and orders without a certificate keep no other from being made. */
START_TEST(released_orders_are_brought_up)
{
    char path[128];
    struct bk_store *store = NULL;
    struct bk_tx *tx = NULL;
    const struct bk_audit who = {.actor = "system", .address = ""};
    struct bk_order order, second = {.state = BK_ORDER_AWAIT_PAY, .version = 1, .type = "renewal"};
    (void)snprintf(path, sizeof path, "%s/old", host.folder);
    ck_assert_int_eq(bk_store_open(path, bk_schema, 5, &store), BK_OK);
    ck_assert_int_eq(bk_tx_begin(store, &tx), BK_OK);
    ck_assert_int_eq(
        bk_tx_exec(tx,
                   "INSERT INTO orders (id, type, state, version, key_serial, container, algorithm,"
                   " old_certificate, amount_fen, created_at, expires_at, updated_at,"
                   " old_not_after, new_not_after, paid_at, round) VALUES ('O1', 'renewal', 'PAID',"
                   " 3, 'K', 'c', 'rsa', 'rsa:1', 19000, 1, 2, 1, 3, 4, 5, 0)",
                   BK_NO_VALS, NULL),
        BK_OK);
    ck_assert_int_eq(bk_tx_commit(&tx), BK_OK);
    bk_store_close(&store);
    ck_assert_int_eq(bk_store_open(path, bk_schema, bk_schema_count, &store), BK_OK);
    ck_assert_int_eq(bk_tx_begin(store, &tx), BK_OK);
    ck_assert_int_eq(bk_order_open_for(tx, "rsa:1", &order), BK_OK);
    ck_assert_str_eq(order.id, "O1");
    ck_assert_int_eq(order.amount_fen, 19000);
    ck_assert_int_eq(bk_ulid(second.id), BK_OK);
    for (int i = 0; i < 2; i++) { /* two of none */
        ck_assert_int_eq(bk_order_add(tx, &second, &who), BK_OK);
        ck_assert_int_eq(bk_ulid(second.id), BK_OK);
    }
    (void)snprintf(second.old_certificate, sizeof second.old_certificate, "rsa:1");
    ck_assert_int_eq(bk_order_add(tx, &second, &who), BK_EEXISTS);
    bk_tx_rollback(&tx);
    bk_store_close(&store);
}
END_TEST

START_TEST(certificate_has_one_open_order)
{
    const struct bk_audit who = {.actor = "system", .address = ""};
    struct bk_tx *tx = serverhost_begin();
    struct bk_order order = add_order(tx, "rsa:1"), second = order;
    ck_assert_int_eq(bk_ulid(second.id), BK_OK);
    serverhost_commit(tx);
    tx = serverhost_begin();
    ck_assert_int_eq(bk_order_add(tx, &second, &who), BK_EEXISTS);
    bk_tx_rollback(&tx);
    tx = serverhost_begin();
    ck_assert_int_eq(bk_order_move(tx, &order, BK_ORDER_CANCELLED, &who, 1), BK_OK);
    ck_assert_int_eq(bk_order_add(tx, &second, &who), BK_OK);
    bk_tx_rollback(&tx);
}
END_TEST

static int64_t count(struct bk_tx *tx, const char *sql, const char *what)
{
    struct bk_rows rows = BK_ROWS_INIT;
    ck_assert_int_eq(bk_tx_get(tx, sql, BK_VALS(bk_text(what)), &rows), BK_OK);
    int64_t n = bk_row_int(&rows, 0, 0);
    bk_rows_free(&rows);
    return n;
}

static int64_t waiting(struct bk_tx *tx, const char *kind)
{
    return count(tx, "SELECT count(*) FROM outbox WHERE kind = $1", kind);
}

static int64_t noted(struct bk_tx *tx, const char *action)
{
    return count(tx, "SELECT count(*) FROM audit WHERE action = $1", action);
}

START_TEST(payment_counts_once_and_late_money_goes_back)
{
    struct bk_tx *tx = serverhost_begin();
    struct bk_order order = add_order(tx, "rsa:1");
    ck_assert_int_eq(bk_order_paid(&host.app, tx, &order, "T", 99, 10), BK_EVERIFY);
    ck_assert_uint_eq(order.state, BK_ORDER_AWAIT_PAY);
    ck_assert_int_eq(bk_order_paid(&host.app, tx, &order, "T", 100, 10), BK_OK);
    ck_assert_uint_eq(order.state, BK_ORDER_PAID);
    int64_t version = order.version;
    ck_assert_int_eq(bk_order_paid(&host.app, tx, &order, "T", 100, 11), BK_OK);
    ck_assert_int_eq(order.version, version);
    struct bk_order late = add_order(tx, "rsa:2");
    ck_assert_int_eq(bk_order_expire(&host.app, tx, &late, 5000), BK_OK);
    ck_assert_uint_eq(late.state, BK_ORDER_AWAIT_PAY);
    ck_assert_int_eq(bk_order_expire(&host.app, tx, &late, 5001), BK_OK);
    ck_assert_uint_eq(late.state, BK_ORDER_EXPIRED);
    ck_assert_int_eq(bk_order_paid(&host.app, tx, &late, "U", 100, 6000), BK_OK);
    ck_assert_int_eq(bk_order_paid(&host.app, tx, &late, "U", 100, 6001), BK_OK);
    ck_assert_int_eq(waiting(tx, "refund"), 1);
    bk_tx_rollback(&tx);
}
END_TEST

/* While its time lasts the order waits, and the notice is sent again; then the money goes back. */
START_TEST(wrong_amount_goes_back_when_its_time_is_over)
{
    struct bk_tx *tx = serverhost_begin();
    struct bk_order order = add_order(tx, "rsa:1"), cancelled = add_order(tx, "rsa:2");
    const struct bk_audit who = {.actor = "system", .address = ""};
    ck_assert_int_eq(bk_order_paid(&host.app, tx, &order, "T", 99, 5000), BK_EVERIFY);
    ck_assert_uint_eq(order.state, BK_ORDER_AWAIT_PAY);
    ck_assert_int_eq(waiting(tx, "refund"), 0);
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(bk_order_paid(&host.app, tx, &order, "T", 99, 5001), BK_OK);
    ck_assert_uint_eq(order.state, BK_ORDER_EXPIRED);
    ck_assert_int_eq(waiting(tx, "refund"), 1);
    ck_assert_int_eq(noted(tx, "order.refund"), 1);
    ck_assert_int_eq(bk_order_move(tx, &order, BK_ORDER_REFUNDED, &who, 6000), BK_OK);
    ck_assert_int_eq(bk_order_paid(&host.app, tx, &order, "T", 99, 6001), BK_OK);
    ck_assert_int_eq(bk_order_move(tx, &cancelled, BK_ORDER_CANCELLED, &who, 10), BK_OK);
    ck_assert_int_eq(bk_order_paid(&host.app, tx, &cancelled, "U", 101, 11), BK_OK);
    ck_assert_int_eq(waiting(tx, "refund"), 2);
    ck_assert_int_eq(noted(tx, "order.wrong-amount"), 2);
    struct bk_order paid = add_order(tx, "rsa:3");
    ck_assert_int_eq(bk_order_paid(&host.app, tx, &paid, "V", 100, 10), BK_OK);
    ck_assert_int_eq(bk_order_paid(&host.app, tx, &paid, "V", 99, 6000), BK_EVERIFY);
    ck_assert_uint_eq(paid.state, BK_ORDER_PAID);
    ck_assert_int_eq(waiting(tx, "refund"), 2);
    bk_tx_rollback(&tx);
}
END_TEST

START_TEST(order_with_a_qr_code_ends_by_the_providers_word)
{
    struct bk_tx *tx = serverhost_begin();
    struct bk_order order = add_order(tx, "rsa:1");
    (void)snprintf(order.qr_code, sizeof order.qr_code, "qr");
    ck_assert_int_eq(bk_order_expire(&host.app, tx, &order, 5001), BK_OK);
    ck_assert_uint_eq(order.state, BK_ORDER_AWAIT_PAY);
    ck_assert_int_eq(bk_order_unpaid(&host.app, tx, &order, 5000), BK_OK);
    ck_assert_uint_eq(order.state, BK_ORDER_AWAIT_PAY);
    ck_assert_int_eq(bk_order_unpaid(&host.app, tx, &order, 5001), BK_OK);
    ck_assert_uint_eq(order.state, BK_ORDER_EXPIRED);
    ck_assert_int_eq(waiting(tx, "pay-cancel"), 1);
    bk_tx_rollback(&tx);
}
END_TEST

/* Paid after its certificate was revoked, or before: the money goes back once. */
START_TEST(revoked_certificate_ends_its_order)
{
    const struct bk_audit who = {.actor = "staff:uid-1", .address = ""};
    struct bk_tx *tx = serverhost_begin();
    struct bk_order unpaid = add_order(tx, "rsa:1"), paid = add_order(tx, "rsa:2");
    ck_assert_int_eq(bk_certificate_revoke(&host.app, tx, "rsa:1", 1, &who, 10), BK_OK);
    ck_assert_int_eq(bk_order_load(tx, unpaid.id, &unpaid), BK_OK);
    ck_assert_uint_eq(unpaid.state, BK_ORDER_CANCELLED);
    ck_assert_int_eq(waiting(tx, "refund"), 0);
    ck_assert_int_eq(bk_order_paid(&host.app, tx, &unpaid, "T", 100, 11), BK_OK);
    ck_assert_int_eq(waiting(tx, "refund"), 1);
    ck_assert_int_eq(bk_order_paid(&host.app, tx, &paid, "U", 100, 12), BK_OK);
    ck_assert_int_eq(waiting(tx, "refund"), 1);
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(bk_certificate_revoke(&host.app, tx, "rsa:2", 1, &who, 13), BK_OK);
    ck_assert_int_eq(waiting(tx, "refund"), 2);
    /* revoked by other ways than this one, and the payment still arrives */
    struct bk_order late = add_order(tx, "rsa:3");
    ck_assert_int_eq(bk_pair_revoke(tx, "rsa:3", 1, 14), BK_OK);
    ck_assert_int_eq(bk_order_paid(&host.app, tx, &late, "V", 100, 15), BK_OK);
    ck_assert_int_eq(waiting(tx, "refund"), 3);
    bk_tx_rollback(&tx);
}
END_TEST

START_TEST(revoked_certificate_ends_its_sessions)
{
    char token[BK_TOKEN + 1];
    struct bk_session session = {0};
    struct bk_tx *tx = serverhost_begin();
    add_certificate(tx, "rsa:1");
    ck_assert_int_eq(bk_session_new(tx, "rsa:1", "login", 10, 1000, token), BK_OK);
    /* its own end is at 9: who may renew an expired one is decided when it logs in */
    ck_assert_int_eq(bk_session_find(tx, token, 20, &session), BK_OK);
    ck_assert_str_eq(session.certificate, "rsa:1");
    ck_assert_int_eq(bk_session_find(tx, token, 1000, &session), BK_ENOTFOUND);
    ck_assert_int_eq(bk_pair_revoke(tx, "rsa:1", BK_REASON_SUPERSEDED, 30), BK_OK);
    ck_assert_int_eq(bk_session_find(tx, token, 40, &session), BK_EDENIED);
    bk_tx_rollback(&tx);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("server_orders");
    TCase *tc = serverhost_case(suite, "orders");
    tcase_add_test(tc, each_illegal_transition_is_refused);
    tcase_add_test(tc, stale_order_is_not_written);
    tcase_add_test(tc, released_orders_are_brought_up);
    tcase_add_test(tc, certificate_has_one_open_order);
    tcase_add_test(tc, payment_counts_once_and_late_money_goes_back);
    tcase_add_test(tc, wrong_amount_goes_back_when_its_time_is_over);
    tcase_add_test(tc, order_with_a_qr_code_ends_by_the_providers_word);
    tcase_add_test(tc, revoked_certificate_ends_its_order);
    tcase_add_test(tc, revoked_certificate_ends_its_sessions);
    return run_suite(suite);
}
