/* SPDX-License-Identifier: Apache-2.0 */
#include "fill.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "server/audit.h"
#include "server/certs.h"
#include "server/ident.h"
#include "server/keys.h"
#include "server/order.h"
#include "server/schema.h"
#include "server/session.h"
#include "server/unlock.h"

#define AT_ONCE 2000u /* rows a transaction */
#define DAY_MS (INT64_C(24) * 3600 * 1000)

static void must(enum bk_err err, const char *what)
{
    if (err == BK_OK)
        return;
    (void)fprintf(stderr, "bench: %s: %s\n", what, bk_err_name(err));
    exit(1);
}

struct fill fill_open(const char *data)
{
    char path[4096];
    struct fill fill = {.now = bk_now_ms()};
    struct bk_tx *tx = NULL;
    struct bk_rows rows = BK_ROWS_INIT;
    char why[200];
    const char *database = getenv("PLATFORM_DATABASE");
    (void)snprintf(path, sizeof path, "%s/secrets/keys", data);
    must(bk_escrow_open(path, NULL, &fill.escrow, why, sizeof why), path);
    (void)snprintf(path, sizeof path, "%s/platform.db", data);
    must(bk_store_open(database && *database ? database : path, bk_schema, bk_schema_count,
                       &fill.store),
         "the database");
    must(bk_tx_look(fill.store, &tx), "look");
    must(bk_tx_get(tx,
                   "SELECT der FROM certificates WHERE kind = 'sign' AND algorithm = 'sm2' LIMIT 1",
                   BK_NO_VALS, &rows),
         "a certificate");
    struct bk_rd der = bk_row_bytes(&rows, 0, 0);
    must(bk_buf_put(&fill.der, der.at, der.left), "memory");
    bk_tx_rollback(&tx);
    bk_rows_free(&rows);
    return fill;
}

void fill_close(struct fill *fill)
{
    bk_store_close(&fill->store);
    bk_escrow_free(&fill->escrow);
    bk_buf_free(&fill->der);
}

/* A certificate of its own by its id, and a session. */
static void add_customer(struct fill *fill, struct bk_tx *tx, char id[BK_CERT_ID],
                         char token[FILL_TOKEN])
{
    char ulid[27], hash[65];
    must(bk_ulid(ulid), "ulid");
    (void)snprintf(id, BK_CERT_ID, "sm2:%s", ulid);
    must(bk_tx_exec(
             tx,
             "INSERT INTO certificates (id, serial_number, algorithm, kind, key_serial, container,"
             " pair, subject, fingerprint, der, not_before, not_after, state, revoked_at, reason,"
             " created_at) VALUES ($1, $2, 'sm2', 'sign', $2, 'c', $1, '', $2, $3, $4, $5, 'good',"
             " 0, 0, $4)",
             BK_VALS(bk_text(id), bk_text(ulid), bk_bytes(fill->der.data, fill->der.len),
                     bk_int(fill->now), bk_int(fill->now + 30 * DAY_MS)),
             NULL),
         "a certificate");
    must(bk_random_hex(BK_TOKEN / 2, token), "random");
    must(bk_sm3_hex(token, BK_TOKEN, hash), "sm3");
    must(bk_tx_exec(
             tx,
             "INSERT INTO sessions (token_hash, certificate, purpose, created_at,"
             " expires_at) VALUES ($1, $2, 'login', $3, $4)",
             BK_VALS(bk_text(hash), bk_text(id), bk_int(fill->now), bk_int(fill->now + DAY_MS)),
             NULL),
         "a session");
}

static void add_order(struct fill *fill, struct bk_tx *tx, const char *customer, const char *state,
                      char id[27])
{
    bool open = strcmp(state, "DONE") != 0;
    must(bk_ulid(id), "ulid");
    must(bk_tx_exec(
             tx,
             "INSERT INTO orders (id, type, state, version, key_serial, container, algorithm,"
             " old_certificate, new_certificate, amount_fen, created_at, expires_at, updated_at,"
             " old_not_after, new_not_after, qr_code, trade_no, paid_at, round, qr_made_at)"
             " VALUES ($1, 'renewal', $2, 1, 'K', 'c', 'sm2', $3, $4, 19000, $5, $6, $5, $6, 0,"
             " NULL, NULL, $5, 0, 0)",
             BK_VALS(bk_text(id), bk_text(state), bk_text(customer),
                     open ? bk_null() : bk_text(customer), bk_int(fill->now),
                     bk_int(fill->now + 30 * DAY_MS)),
             NULL),
         "an order");
}

/* --- what orders and unlocks leave behind --- */

static void note(struct bk_tx *tx, const char *actor, const char *action, const char *what,
                 const char *id, const char *detail)
{
    char object[64];
    (void)snprintf(object, sizeof object, "%s:%s", what, id);
    const struct bk_audit entry = {.actor = actor,
                                   .address = "192.0.2.1",
                                   .action = action,
                                   .object = object,
                                   .detail = detail};
    must(bk_audit_add(tx, &entry), "an audit entry");
}

/* A message or call; what is done has no payload any more. */
static void add_outbox(struct fill *fill, struct bk_tx *tx, const char *kind, const char *id,
                       const char *state)
{
    char ulid[27], dedupe[96];
    struct bk_buf sealed = BK_BUF_INIT;
    must(bk_ulid(ulid), "ulid");
    (void)snprintf(dedupe, sizeof dedupe, "%s:%s", kind, id);
    const struct bk_place place = {"outbox", "payload_sealed", ulid};
    /* what was tried isn't left for so long: it would be done at once */
    bool done = strcmp(state, "done") == 0, waits = strcmp(state, "pending") == 0;
    if (!done)
        must(bk_escrow_seal(fill->escrow, &place, "{}", 2, &sealed), "seal");
    must(bk_tx_exec(tx,
                    "INSERT INTO outbox (id, kind, dedupe, payload_sealed, state, attempts,"
                    " next_at, created_at, give_up_at, done_at, last_error)"
                    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $7, $9, $10)",
                    BK_VALS(bk_text(ulid), bk_text(kind), bk_text(dedupe),
                            done ? bk_null() : bk_bytes(sealed.data, sealed.len), bk_text(state),
                            bk_int(!waits), bk_int(fill->now + DAY_MS), bk_int(fill->now),
                            bk_int(waits ? 0 : fill->now), bk_text(done || waits ? "" : "net")),
                    NULL),
         "a message");
    bk_buf_free(&sealed);
}

/* A renewal's entries and its question to the payment provider: of a thousand one waits for its
 * next time, of ten thousand one was given up. */
static void add_traces(struct fill *fill, struct bk_tx *tx, const char *customer, const char *id,
                       size_t number)
{
    char actor[BK_CERT_ID + 16];
    (void)snprintf(actor, sizeof actor, "customer:%s", customer);
    note(tx, "anonymous", "login", "certificate", customer, "");
    note(tx, actor, "order.created", "order", id, "AWAIT_PAY");
    note(tx, "provider:pay", "order.state", "order", id, "AWAIT_PAY to PAID");
    note(tx, actor, "order.state", "order", id, "PAID to ISSUED");
    note(tx, actor, "certificate.issued", "certificate", customer, id);
    note(tx, actor, "order.state", "order", id, "ISSUED to DONE");
    add_outbox(fill, tx, "pay-query", id,
               number % 10000 == 9999 ? "dead"
               : number % 1000 == 999 ? "pending"
                                      : "done");
}

/* One that went through. */
static void add_old_unlock(struct fill *fill, struct bk_tx *tx, const char *serial)
{
    char id[27];
    uint8_t hash[32] = {0};
    must(bk_ulid(id), "ulid");
    must(bk_tx_exec(
             tx,
             "INSERT INTO unlocks (id, serial, matched, state, code_hash, tries_left,"
             " created_at, expires_at, suspend_hash, first_at, redemptions, rounds, slot,"
             " swapped, pin_sent, expects, address, done_at) VALUES ($1, $2, 1, 'done', $3, 5,"
             " $4, $4, $3, $4, 1, 3, 0, 1, 0, '', '192.0.2.1', $4)",
             BK_VALS(bk_text(id), bk_text(serial), bk_bytes(hash, sizeof hash), bk_int(fill->now)),
             NULL),
         "an unlock");
    note(tx, "anonymous", "unlock.requested", "unlock", id, serial);
    note(tx, "anonymous", "unlock.redeemed", "unlock", id, serial);
    note(tx, "anonymous", "unlock.done", "unlock", id, serial);
    add_outbox(fill, tx, "sms", id, "done");
    add_outbox(fill, tx, "unlock-contacts", id, "done");
}

void fill_orders(struct fill *fill, size_t count, size_t each, const char *state,
                 struct fill_order *orders)
{
    struct bk_tx *tx = NULL;
    char customer[BK_CERT_ID] = "", token[FILL_TOKEN] = "";
    for (size_t i = 0; i < count; i++) {
        if (!tx)
            must(bk_tx_begin(fill->store, &tx), "begin");
        if (i % each == 0)
            add_customer(fill, tx, customer, token);
        add_order(fill, tx, customer, state, orders[i].id);
        if (strcmp(state, "DONE") == 0) {
            add_traces(fill, tx, customer, orders[i].id, i);
            if (i % 2)
                add_old_unlock(fill, tx, customer + 4); /* the key's serial number */
        }
        memcpy(orders[i].token, token, sizeof token);
        if (i % AT_ONCE == AT_ONCE - 1 || i + 1 == count)
            must(bk_tx_commit(&tx), "commit");
    }
}

static void add_key(struct fill *fill, struct bk_tx *tx, const char *serial)
{
    static const char *const contacts[] = {"13800000001"};
    struct bk_key key = {.dialect = BK_DIALECT_GMT0017, .active = true};
    (void)snprintf(key.serial, sizeof key.serial, "%s", serial);
    (void)snprintf(key.application, sizeof key.application, "BJCA-Application");
    (void)snprintf(key.phone, sizeof key.phone, "%s", contacts[0]);
    (void)snprintf(key.holder, sizeof key.holder, "测试用户甲");
    must(bk_key_add(tx, fill->escrow, &key, "Admin1234567", contacts, 1, fill->now), "a key");
}

void fill_unlocks(struct fill *fill, size_t count, struct fill_unlock *unlocks)
{
    struct bk_tx *tx = NULL;
    for (size_t i = 0; i < count; i++) {
        struct fill_unlock *u = &unlocks[i];
        uint8_t hash[32];
        if (!tx)
            must(bk_tx_begin(fill->store, &tx), "begin");
        must(bk_ulid(u->id), "ulid");
        (void)snprintf(u->serial, sizeof u->serial, "B%.18s", u->id + 8);
        add_key(fill, tx, u->serial);
        must(bk_code_hash(fill->escrow, u->id, FILL_CODE, hash), "hash");
        must(bk_tx_exec(
                 tx,
                 "INSERT INTO unlocks (id, serial, matched, state, code_hash, tries_left,"
                 " created_at, expires_at, suspend_hash, first_at, redemptions, rounds, slot,"
                 " swapped, pin_sent, expects, address, done_at) VALUES ($1, $2, 1, 'open', $3, 5,"
                 " $4, $5, $3, 0, 0, 0, 0, 0, 0, 'begin', '', 0)",
                 BK_VALS(bk_text(u->id), bk_text(u->serial), bk_bytes(hash, sizeof hash),
                         bk_int(fill->now), bk_int(fill->now + DAY_MS)),
                 NULL),
             "an unlock");
        if (i % AT_ONCE == AT_ONCE - 1 || i + 1 == count)
            must(bk_tx_commit(&tx), "commit");
    }
}
