/* SPDX-License-Identifier: Apache-2.0 */
/* Keys that are made for orders: which operation each state of an order allows, secrets that stay
 * the same, what is written when a key is made, and how one is put aside. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "runner.h"
#include "server/ident.h"
#include "server/invoices.h"
#include "server/key_people.h"
#include "server/production.h"
#include "serverhost.h"

#define OPERATOR_ID "11010519491231002X"
#define CERT "sm2:0a"

static const struct bk_audit who = {.actor = "staff:test", .address = "192.0.2.1"};

static json_t *details(const char *delivery, const char *pin_way)
{
    json_t *d = json_pack(
        "{s:{s:s, s:s}, s:{s:s, s:s, s:s, s:s}, s:{s:s, s:s, s:s, s:s, s:s}, s:{s:s, s:i, s:s},"
        " s:{s:s}, s:{s:s, s:s}, s:{s:s, s:s}, s:[{s:s, s:s}]}",
        "company", "name", "示例公司", "address", "x", "legal_person", "name", "法人", "id_type",
        "passport", "id_number", "E1234567", "phone", "13800000001", "operator", "name", "经办",
        "id_type", "citizen", "id_number", OPERATOR_ID, "phone", "13800000002", "email",
        "a@example.com", "product", "algorithm", "sm2", "years", 1, "pin_way", pin_way, "delivery",
        "way", delivery, "invoice", "kind", "normal", "email", "b@example.com", "bank", "name", "B",
        "account", "123456", "contacts", "name", "c", "phone", "13800000003");
    ck_assert_ptr_nonnull(d);
    return d;
}

static struct bk_order add_order(struct bk_tx *tx, enum bk_order_state state, const char *delivery,
                                 const char *pin_way)
{
    struct bk_order order = {.state = state,
                             .version = 1,
                             .type = "new",
                             .algorithm = "sm2",
                             .container = "UserKey",
                             .amount_fen = 100,
                             .expires_at = 5000};
    struct bk_application a = {.details = details(delivery, pin_way),
                               .org_code = "91110108MA0123456G"};
    ck_assert_int_eq(bk_ulid(order.id), BK_OK);
    ck_assert_int_eq(bk_order_add(tx, &order, &who), BK_OK);
    (void)snprintf(a.order_id, sizeof a.order_id, "%s", order.id);
    ck_assert_int_eq(bk_application_save(tx, host.app.escrow, &a, NULL), BK_OK);
    bk_application_free(&a);
    return order;
}

/* The problem, "" when it was begun. */
static const char *begin(struct bk_tx *tx, struct bk_order *order, const char *serial,
                         struct bk_production *p, bool *resumed)
{
    const char *problem = NULL;
    const struct bk_production_key key = {.serial = serial,
                                          .application = "BJCA-Application",
                                          .dialect = BK_DIALECT_LONGMAI,
                                          .admin_first = true};
    ck_assert_int_eq(
        bk_production_begin(&host.app, tx, order, &key, &who, 1000, p, resumed, &problem), BK_OK);
    return problem ? problem : "";
}

static void begun(struct bk_tx *tx, struct bk_order *order, const char *serial,
                  struct bk_production *p)
{
    bool resumed = true;
    ck_assert_str_eq(begin(tx, order, serial, p, &resumed), "");
    ck_assert(!resumed);
}

static void issue(struct bk_tx *tx, struct bk_order *order, struct bk_production *p,
                  const char *sign_id)
{
    ck_assert_int_eq(
        bk_tx_exec(tx,
                   "INSERT INTO certificates (id, serial_number, algorithm, kind, key_serial,"
                   " container, pair, subject, fingerprint, der, not_before, not_after, state,"
                   " revoked_at, reason, created_at) VALUES ($1, '0a', 'sm2', 'sign', $2,"
                   " 'UserKey', $1, '', $1, $3, 0, 9000, 'good', 0, 0, 0)",
                   BK_VALS(bk_text(sign_id), bk_text(p->serial), bk_bytes("", 0)), NULL),
        BK_OK);
    ck_assert_int_eq(bk_production_issued(&host.app, tx, order, p, sign_id, 9000, &who, 1500),
                     BK_OK);
}

static const char *confirm(struct bk_tx *tx, struct bk_order *order, struct bk_production *p)
{
    const char *problem = NULL;
    ck_assert_int_eq(bk_production_confirm(&host.app, tx, order, p, &who, 2000, &problem), BK_OK);
    return problem ? problem : "";
}

static const char *ship(struct bk_tx *tx, struct bk_order *order, const char *tracking)
{
    const char *problem = NULL;
    ck_assert_int_eq(
        bk_production_ship(&host.app, tx, order, "顺丰", tracking, &who, 3000, &problem), BK_OK);
    return problem ? problem : "";
}

static const char *hand_over(struct bk_tx *tx, struct bk_order *order, const char *name,
                             const char *id)
{
    const char *problem = NULL;
    ck_assert_int_eq(bk_production_hand_over(&host.app, tx, order, name, id, &who, 3000, &problem),
                     BK_OK);
    return problem ? problem : "";
}

static const char *put_aside(struct bk_tx *tx, struct bk_order *order, const char *reason)
{
    const char *problem = NULL;
    ck_assert_int_eq(bk_production_put_aside(&host.app, tx, order, reason, &who, 4000, &problem),
                     BK_OK);
    return problem ? problem : "";
}

static int64_t count(struct bk_tx *tx, const char *sql, const char *value)
{
    struct bk_rows rows = BK_ROWS_INIT;
    ck_assert_int_eq(bk_tx_get(tx, sql, BK_VALS(bk_text(value)), &rows), BK_OK);
    int64_t n = bk_row_int(&rows, 0, 0);
    bk_rows_free(&rows);
    return n;
}

/* An order with a key that was made for it. */
static struct bk_order made(struct bk_tx *tx, const char *delivery, const char *pin_way,
                            const char *serial, const char *cert)
{
    struct bk_production p;
    struct bk_order order = add_order(tx, BK_ORDER_APPROVED, delivery, pin_way);
    begun(tx, &order, serial, &p);
    issue(tx, &order, &p, cert);
    ck_assert_str_eq(confirm(tx, &order, &p), "");
    return order;
}

START_TEST(secrets_are_drawn_once_and_gone_when_the_key_is_made)
{
    struct bk_production p, again;
    struct bk_production_secrets one, two;
    struct bk_buf admin = BK_BUF_INIT;
    struct bk_key key;
    bool resumed = false;
    struct bk_tx *tx = serverhost_begin();
    struct bk_order order = add_order(tx, BK_ORDER_APPROVED, "pick-up", "sms");
    begun(tx, &order, "K1", &p);
    ck_assert_int_eq(order.state, BK_ORDER_PRODUCING);
    ck_assert_int_eq(bk_production_open(&host.app, tx, &p, &one), BK_OK);
    ck_assert_uint_eq(one.device_key.len, BK_DEVICE_KEY);
    ck_assert_uint_eq(one.admin_pin.len, BK_ADMIN_PIN);
    ck_assert_uint_eq(one.user_pin.len, BK_FIRST_PIN);
    serverhost_commit(tx);
    tx = serverhost_begin();
    ck_assert_str_eq(begin(tx, &order, "K1", &again, &resumed), "");
    ck_assert(resumed && strcmp(p.id, again.id) == 0);
    ck_assert_int_eq(bk_production_open(&host.app, tx, &again, &two), BK_OK);
    ck_assert(bk_secret_equal(one.device_key.data, 16, two.device_key.data, 16));
    ck_assert(bk_secret_equal(one.admin_pin.data, 16, two.admin_pin.data, 16));
    ck_assert(bk_secret_equal(one.user_pin.data, 10, two.user_pin.data, 10));
    bk_production_close(&two);
    /* the register takes the administrator PIN, the outbox the other */
    ck_assert_str_eq(confirm(tx, &order, &p), "order-state"); /* no certificate yet */
    issue(tx, &order, &p, CERT);
    ck_assert_str_eq(confirm(tx, &order, &p), "");
    ck_assert_int_eq(order.state, BK_ORDER_READY);
    ck_assert_int_eq(bk_production_open(&host.app, tx, &p, &two), BK_ESTATE);
    ck_assert_int_eq(bk_key_find(tx, "K1", &key), BK_OK);
    ck_assert(key.active && key.admin_first && key.dialect == BK_DIALECT_LONGMAI);
    ck_assert_str_eq(key.holder, "经办");
    ck_assert_str_eq(key.phone, "13800000002");
    ck_assert_str_eq(key.company, "示例公司");
    ck_assert_int_eq(count(tx, "SELECT count(*) FROM key_contacts WHERE serial = $1", "K1"), 3);
    ck_assert_int_eq(bk_key_admin(tx, host.app.escrow, "K1", BK_SLOT_CURRENT, &admin), BK_OK);
    ck_assert(bk_secret_equal(one.admin_pin.data, 16, admin.data, admin.len));
    ck_assert_int_eq(count(tx, "SELECT count(*) FROM outbox WHERE kind = $1", "first-pin"), 1);
    /* again, nothing */
    ck_assert_str_eq(confirm(tx, &order, &p), "");
    ck_assert_int_eq(count(tx, "SELECT count(*) FROM outbox WHERE kind = $1", "first-pin"), 1);
    ck_assert_int_eq(count(tx, "SELECT count(*) FROM audit WHERE action = $1", "production.made"),
                     1);
    bk_tx_rollback(&tx);
    bk_buf_free(&admin);
    bk_production_close(&one);
}
END_TEST

START_TEST(one_key_an_order_and_one_order_a_key)
{
    struct bk_production p, q;
    bool resumed = false;
    struct bk_tx *tx = serverhost_begin();
    struct bk_order a = add_order(tx, BK_ORDER_APPROVED, "post", "sms");
    struct bk_order b = add_order(tx, BK_ORDER_APPROVED, "post", "sms");
    begun(tx, &a, "K1", &p);
    ck_assert_str_eq(begin(tx, &b, "K1", &q, &resumed), "key-in-use");
    ck_assert_int_eq(b.state, BK_ORDER_APPROVED);
    ck_assert_str_eq(begin(tx, &a, "K2", &q, &resumed), "other-production");
    issue(tx, &a, &p, CERT);
    ck_assert_str_eq(confirm(tx, &a, &p), "");
    ck_assert_str_eq(begin(tx, &b, "K1", &q, &resumed), "key-in-use"); /* registered */
    ck_assert_int_eq(bk_key_mark_reissue(tx, "K1"), BK_OK);
    begun(tx, &b, "K1", &q); /* to be made anew */
    ck_assert(q.device_key_set);
    issue(tx, &b, &q, "sm2:0b");
    ck_assert_int_eq(bk_key_activate(tx, "K1"), BK_OK);
    ck_assert_str_eq(confirm(tx, &b, &q), "key-in-use"); /* but not behind somebody's back */
    ck_assert_int_eq(bk_key_mark_reissue(tx, "K1"), BK_OK);
    ck_assert_str_eq(confirm(tx, &b, &q), "");
    static const char *const serials[] = {"", "a/b", "123456789012345678901234567890123"};
    for (size_t i = 0; i < sizeof serials / sizeof *serials; i++) {
        const char *problem = NULL;
        const struct bk_production_key key = {
            .serial = serials[i], .application = "A", .dialect = BK_DIALECT_GMT0017};
        ck_assert_int_eq(
            bk_production_begin(&host.app, tx, &b, &key, &who, 1, &q, &resumed, &problem),
            BK_EINVAL);
    }
    bk_tx_rollback(&tx);
}
END_TEST

START_TEST(what_is_refunded_isnt_produced)
{
    struct bk_production p;
    bool resumed = false;
    struct bk_tx *tx = serverhost_begin();
    struct bk_order order = add_order(tx, BK_ORDER_APPROVED, "post", "sms");
    ck_assert_int_eq(bk_order_give_up(&host.app, tx, &order, &who, 500), BK_OK);
    ck_assert_str_eq(begin(tx, &order, "K1", &p, &resumed), "order-refunded");
    order = add_order(tx, BK_ORDER_APPROVED, "post", "sms");
    begun(tx, &order, "K1", &p);
    ck_assert_int_eq(bk_order_give_up(&host.app, tx, &order, &who, 1500), BK_ESTATE);
    ck_assert_int_eq(bk_order_refund(&host.app, tx, &order, &who, "", 1500), BK_ESTATE);
    bk_tx_rollback(&tx);
}
END_TEST

/* Each operation in each state of an order without a key, and of one whose key is begun or made:
 * what isn't in the table is refused. */
enum { BEGIN, CONFIRM, SHIP, HAND_OVER, ASIDE, OPERATIONS };
static const struct {
    const char *delivery;
    enum bk_production_state key; /* ASIDE: none */
    enum bk_order_state state;
    unsigned may; /* 1 << operation */
} table[] = {
    {"post", BK_PRODUCTION_ASIDE, BK_ORDER_APPROVED, 1 << BEGIN},
    {"post", BK_PRODUCTION_ASIDE, BK_ORDER_PRODUCING, 1 << BEGIN},
    {"pick-up", BK_PRODUCTION_ASIDE, BK_ORDER_APPROVED, 1 << BEGIN},
    {"pick-up", BK_PRODUCTION_ASIDE, BK_ORDER_PRODUCING, 1 << BEGIN},
    {"post", BK_PRODUCTION_BEGUN, BK_ORDER_PRODUCING, 1 << CONFIRM | 1 << ASIDE},
    {"pick-up", BK_PRODUCTION_BEGUN, BK_ORDER_PRODUCING, 1 << CONFIRM | 1 << ASIDE},
    {"post", BK_PRODUCTION_MADE, BK_ORDER_PRODUCING, 1 << SHIP | 1 << ASIDE},
    {"post", BK_PRODUCTION_MADE, BK_ORDER_SHIPPED, 1 << ASIDE},
    {"pick-up", BK_PRODUCTION_MADE, BK_ORDER_PRODUCING, 1 << ASIDE},
    {"pick-up", BK_PRODUCTION_MADE, BK_ORDER_READY, 1 << HAND_OVER | 1 << ASIDE},
    {"post", BK_PRODUCTION_MADE, BK_ORDER_READY, 1 << ASIDE},
    {"pick-up", BK_PRODUCTION_MADE, BK_ORDER_SHIPPED, 1 << ASIDE},
};

static bool allowed(const char *delivery, enum bk_production_state key, enum bk_order_state state,
                    unsigned operation)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(table[i].delivery, delivery) == 0 && table[i].key == key &&
            table[i].state == state)
            return table[i].may & 1u << operation;
    return false;
}

static void force(struct bk_tx *tx, struct bk_order *order, enum bk_order_state state)
{
    ck_assert_int_eq(bk_tx_exec(tx, "UPDATE orders SET state = $1 WHERE id = $2",
                                BK_VALS(bk_text(bk_order_state_name(state)), bk_text(order->id)),
                                NULL),
                     BK_OK);
    order->state = state;
}

static const char *operate(struct bk_tx *tx, struct bk_order *order, struct bk_production *p,
                           unsigned operation)
{
    struct bk_production other;
    bool resumed = false;
    switch (operation) {
    case BEGIN:
        return begin(tx, order, *p->id ? "K9" : "K1", &other, &resumed);
    case CONFIRM:
        return *p->id ? confirm(tx, order, p) : "none";
    case SHIP:
        return ship(tx, order, "SF1234567890");
    case HAND_OVER:
        return hand_over(tx, order, "经办", OPERATOR_ID);
    default:
        return put_aside(tx, order, "broken");
    }
}

static void try_one(const char *delivery, enum bk_production_state key, enum bk_order_state state,
                    unsigned operation)
{
    struct bk_production p = {.id = ""};
    struct bk_tx *tx = serverhost_begin();
    struct bk_order order = add_order(tx, BK_ORDER_APPROVED, delivery, "sms");
    if (key != BK_PRODUCTION_ASIDE) {
        begun(tx, &order, "K1", &p);
        issue(tx, &order, &p, CERT);
    }
    if (key == BK_PRODUCTION_MADE)
        ck_assert_str_eq(confirm(tx, &order, &p), "");
    force(tx, &order, state);
    const char *problem = operate(tx, &order, &p, operation);
    bool may = allowed(delivery, key, state, operation);
    /* a confirmation that is sent again changes nothing in any state */
    bool again = operation == CONFIRM && key == BK_PRODUCTION_MADE;
    ck_assert_msg((*problem == 0) == (may || again), "%s, key %s, order %s, operation %u: \"%s\"",
                  delivery, bk_production_state_name(key), bk_order_state_name(state), operation,
                  problem);
    ck_assert(may || order.state == state || (operation == SHIP && state == BK_ORDER_SHIPPED));
    bk_tx_rollback(&tx);
}

START_TEST(each_state_allows_what_the_table_says)
{
    static const char *const deliveries[] = {"post", "pick-up"};
    for (size_t d = 0; d < 2; d++)
        for (unsigned state = 0; state < BK_ORDER_STATES; state++)
            for (unsigned key = 0; key <= BK_PRODUCTION_ASIDE; key++)
                for (unsigned operation = 0; operation < OPERATIONS; operation++)
                    try_one(deliveries[d], key, state, operation);
}
END_TEST

START_TEST(a_key_is_sent_with_its_number_and_arrives_by_its_time)
{
    struct bk_production p;
    struct bk_tx *tx = serverhost_begin();
    struct bk_order order = made(tx, "post", "transfer", "K1", CERT);
    ck_assert_int_eq(order.state, BK_ORDER_PRODUCING);
    ck_assert_str_eq(order.key_serial, "K1");
    ck_assert_int_eq(count(tx, "SELECT count(*) FROM outbox WHERE kind = $1", "first-pin-transfer"),
                     1);
    static const char *const bad[] = {"",        "123",     "sf1234",
                                      "SF 1234", "SF1234;", "123456789012345678901234567890123"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_str_eq(ship(tx, &order, bad[i]), "bad-tracking");
    ck_assert_str_eq(ship(tx, &order, "SF1234567890"), "");
    ck_assert_int_eq(order.state, BK_ORDER_SHIPPED);
    ck_assert_str_eq(ship(tx, &order, "SF1234567890"), "");
    ck_assert_str_eq(ship(tx, &order, "SF1234567891"), "order-state");
    ck_assert_int_eq(
        count(tx, "SELECT count(*) FROM audit WHERE action = $1", "production.shipped"), 1);
    ck_assert_int_eq(bk_production_find(tx, order.id, &p), BK_OK);
    ck_assert_str_eq(p.tracking, "SF1234567890");
    ck_assert_str_eq(p.given_by, "staff:test");
    ck_assert_int_eq(order.expires_at, 3000 + host.app.policy.delivery_ms);
    ck_assert_int_eq(bk_order_expire(&host.app, tx, &order, order.expires_at), BK_OK);
    ck_assert_int_eq(order.state, BK_ORDER_SHIPPED);
    ck_assert_int_eq(bk_order_expire(&host.app, tx, &order, order.expires_at + 1), BK_OK);
    ck_assert_int_eq(order.state, BK_ORDER_DONE);
    ck_assert_int_eq(count(tx, "SELECT count(*) FROM invoices WHERE order_id = $1", order.id), 1);
    bk_tx_rollback(&tx);
}
END_TEST

START_TEST(only_the_operator_collects)
{
    struct bk_tx *tx = serverhost_begin();
    struct bk_order order = made(tx, "pick-up", "sms", "K1", CERT);
    static const char *const bad[][2] = {{"法人", OPERATOR_ID}, {"经办", "110105194912310021"},
                                         {"经办", "E1234567"},  {"经办", ""},
                                         {"", OPERATOR_ID},     {"经办 ", OPERATOR_ID}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_str_eq(hand_over(tx, &order, bad[i][0], bad[i][1]), "not-the-operator");
    ck_assert_int_eq(order.state, BK_ORDER_READY);
    ck_assert_int_eq(
        count(tx, "SELECT count(*) FROM audit WHERE action = $1", "production.collector-refused"),
        sizeof bad / sizeof *bad);
    ck_assert_str_eq(hand_over(tx, &order, "经办", "11010519491231002x"), "");
    ck_assert_int_eq(order.state, BK_ORDER_DONE);
    ck_assert_str_eq(hand_over(tx, &order, "经办", OPERATOR_ID), "order-state");
    ck_assert_int_eq(count(tx, "SELECT count(*) FROM audit WHERE detail LIKE $1", "%1949%"), 0);
    ck_assert_int_eq(count(tx, "SELECT count(*) FROM invoices WHERE order_id = $1", order.id), 1);
    bk_tx_rollback(&tx);
}
END_TEST

START_TEST(a_key_that_is_put_aside_makes_room_for_another)
{
    struct bk_key key;
    struct bk_production p, q;
    struct bk_production_secrets one, two;
    struct bk_rows rows = BK_ROWS_INIT;
    bool good = true;
    struct bk_tx *tx = serverhost_begin();
    struct bk_order order = add_order(tx, BK_ORDER_APPROVED, "pick-up", "sms");
    begun(tx, &order, "K1", &p);
    issue(tx, &order, &p, "sm2:01");
    ck_assert_int_eq(bk_production_open(&host.app, tx, &p, &one), BK_OK);
    ck_assert_str_eq(put_aside(tx, &order, ""), "bad-reason");
    ck_assert_str_eq(put_aside(tx, &order, "a\nb"), "bad-reason");
    ck_assert_str_eq(put_aside(tx, &order, "指示灯不亮"), "");
    ck_assert_int_eq(order.state, BK_ORDER_PRODUCING);
    ck_assert_int_eq(bk_certificate_good(tx, "sm2:01", &good), BK_OK);
    ck_assert(!good && !*order.new_certificate);
    ck_assert_int_eq(bk_key_find(tx, "K1", &key), BK_ENOTFOUND);
    /* what its key may have is still known */
    ck_assert_int_eq(bk_production_open(&host.app, tx, &p, &two), BK_OK);
    ck_assert(bk_secret_equal(one.admin_pin.data, 16, two.admin_pin.data, 16));
    bk_production_close(&one);
    bk_production_close(&two);
    /* one that was made: it was registered, and its PIN written */
    begun(tx, &order, "K2", &q);
    issue(tx, &order, &q, "sm2:02");
    ck_assert_str_eq(confirm(tx, &order, &q), "");
    ck_assert_str_eq(put_aside(tx, &order, "lost"), "");
    ck_assert_int_eq(order.state, BK_ORDER_PRODUCING);
    ck_assert_int_eq(bk_key_find(tx, "K2", &key), BK_OK);
    ck_assert(!key.active && !*order.key_serial);
    /* and the first one again, which has its device key still */
    begun(tx, &order, "K1", &p);
    ck_assert(!p.device_key_set);
    issue(tx, &order, &p, "sm2:03");
    ck_assert_str_eq(confirm(tx, &order, &p), "");
    ck_assert_int_eq(order.state, BK_ORDER_READY);
    ck_assert_int_eq(bk_production_history(tx, order.id, &rows), BK_OK);
    ck_assert_uint_eq(rows.count, 3);
    bk_rows_free(&rows);
    ck_assert_int_eq(bk_production_list(tx, &rows), BK_OK);
    ck_assert_uint_eq(rows.count, 1);
    ck_assert_str_eq(bk_row_text(&rows, 0, 8), "K1");
    ck_assert_str_eq(bk_row_text(&rows, 0, 9), "made");
    bk_rows_free(&rows);
    bk_tx_rollback(&tx);
}
END_TEST

/* What is begun first is begun while the clock is ahead. */
START_TEST(the_last_key_is_the_newest_whatever_the_clock_said)
{
    struct bk_production p;
    struct bk_rows rows = BK_ROWS_INIT;
    bool unmade = true;
    struct bk_tx *tx = serverhost_begin();
    struct bk_order order = add_order(tx, BK_ORDER_APPROVED, "pick-up", "sms");
    begun(tx, &order, "K1", &p);
    ck_assert_str_eq(put_aside(tx, &order, "x"), "");
    ck_assert_int_eq(bk_tx_exec(tx, "UPDATE productions SET begun_at = 9000", BK_NO_VALS, NULL),
                     BK_OK);
    begun(tx, &order, "K1", &p);
    issue(tx, &order, &p, CERT);
    ck_assert_str_eq(confirm(tx, &order, &p), "");
    ck_assert_int_eq(bk_production_unmade(tx, "K1", &unmade), BK_OK);
    ck_assert(!unmade);
    ck_assert_int_eq(bk_production_history(tx, order.id, &rows), BK_OK);
    ck_assert_str_eq(bk_row_text(&rows, 0, 2), "made");
    bk_rows_free(&rows);
    bk_tx_rollback(&tx);
}
END_TEST

START_TEST(the_last_invoice_is_the_newest_whatever_the_clock_said)
{
    struct bk_invoice_state i;
    struct bk_invoice_notice failed = {.issued = false, .reason = "no"};
    bool known = false;
    struct bk_tx *tx = serverhost_begin();
    struct bk_order order = add_order(tx, BK_ORDER_READY, "pick-up", "sms");
    ck_assert_int_eq(bk_order_done(&host.app, tx, &order, &who, 9000), BK_OK);
    ck_assert_int_eq(bk_invoice_newest(tx, order.id, &i), BK_OK);
    (void)snprintf(failed.id, sizeof failed.id, "%s", i.id);
    ck_assert_int_eq(bk_invoice_take(&host.app, tx, &failed, 9500, &known), BK_OK);
    ck_assert_int_eq(bk_invoice_again(&host.app, tx, &order, NULL, &who, 1000), BK_OK);
    ck_assert_int_eq(bk_invoice_newest(tx, order.id, &i), BK_OK);
    ck_assert_str_eq(i.state, "asked");
    bk_tx_rollback(&tx);
}
END_TEST

/* Of two orders of a key the one that was reviewed last, which was made while the clock was right.
 */
START_TEST(people_are_compared_with_those_who_were_looked_at_last)
{
    bool differ = true;
    struct bk_tx *tx = serverhost_begin();
    struct bk_order orders[] = {made(tx, "pick-up", "sms", "K1", CERT),
                                add_order(tx, BK_ORDER_READY, "pick-up", "sms")};
    json_t *was = details("pick-up", "sms"), *is = details("pick-up", "sms");
    struct bk_application a = {.details = is, .org_code = "91110108MA0123456G"};
    ck_assert_int_eq(json_object_set_new(json_object_get(is, "legal_person"), "phone",
                                         json_string("13800000009")),
                     0);
    (void)snprintf(a.order_id, sizeof a.order_id, "%s", orders[1].id);
    ck_assert_int_eq(bk_application_save(tx, host.app.escrow, &a, NULL), BK_OK);
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(
            bk_tx_exec(tx, "UPDATE orders SET key_serial = 'K1', created_at = $1 WHERE id = $2",
                       BK_VALS(bk_int(9000 - 8000 * i), bk_text(orders[i].id)), NULL),
            BK_OK);
        ck_assert_int_eq(
            bk_tx_exec(tx,
                       "INSERT INTO reviews (id, order_id, state, entered_at, due_at, guessed,"
                       " reason, decided_by, decided_at, seq)"
                       " VALUES ($1, $1, 'approved', 0, 0, 0, '', '', 0, $2)",
                       BK_VALS(bk_text(orders[i].id), bk_int(i + 1)), NULL),
            BK_OK);
    }
    ck_assert_int_eq(bk_key_people_differ(&host.app, tx, "K1", is, &differ), BK_OK);
    ck_assert(!differ);
    ck_assert_int_eq(bk_key_people_differ(&host.app, tx, "K1", was, &differ), BK_OK);
    ck_assert(differ);
    bk_application_free(&a);
    json_decref(was);
    bk_tx_rollback(&tx);
}
END_TEST

/* The key was personalised anew: the pair of the key pair that is gone is of no use. */
START_TEST(another_pair_revokes_the_one_before)
{
    struct bk_production p;
    bool good = true;
    struct bk_tx *tx = serverhost_begin();
    struct bk_order order = add_order(tx, BK_ORDER_APPROVED, "pick-up", "sms");
    begun(tx, &order, "K1", &p);
    issue(tx, &order, &p, "sm2:01");
    issue(tx, &order, &p, "sm2:02");
    ck_assert_int_eq(bk_certificate_good(tx, "sm2:01", &good), BK_OK);
    ck_assert(!good && order.round == 2 && p.rounds == 2);
    ck_assert_int_eq(bk_pair_revoke(tx, "sm2:02", 1, 1), BK_OK);
    ck_assert_str_eq(confirm(tx, &order, &p), "certificate-revoked");
    issue(tx, &order, &p, "sm2:03");
    ck_assert_str_eq(confirm(tx, &order, &p), "");
    bk_tx_rollback(&tx);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("server production");
    TCase *tc = serverhost_case(suite, "production");
    tcase_add_test(tc, secrets_are_drawn_once_and_gone_when_the_key_is_made);
    tcase_add_test(tc, one_key_an_order_and_one_order_a_key);
    tcase_add_test(tc, what_is_refunded_isnt_produced);
    tcase_add_test(tc, each_state_allows_what_the_table_says);
    tcase_add_test(tc, a_key_is_sent_with_its_number_and_arrives_by_its_time);
    tcase_add_test(tc, only_the_operator_collects);
    tcase_add_test(tc, a_key_that_is_put_aside_makes_room_for_another);
    tcase_add_test(tc, the_last_key_is_the_newest_whatever_the_clock_said);
    tcase_add_test(tc, the_last_invoice_is_the_newest_whatever_the_clock_said);
    tcase_add_test(tc, people_are_compared_with_those_who_were_looked_at_last);
    tcase_add_test(tc, another_pair_revokes_the_one_before);
    return run_suite(suite);
}
