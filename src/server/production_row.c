/* SPDX-License-Identifier: Apache-2.0 */
#include "server/production_row.h"

#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "server/ident.h"

/* the first one is typed by people: nothing that is taken for something else */
#define PIN_ALPHABET "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
#define ADMIN_ALPHABET "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"

static const char *const names[] = {"begun", "made", "aside"};

const char *bk_production_state_name(enum bk_production_state state)
{
    return state <= BK_PRODUCTION_ASIDE ? names[state] : "?";
}

static enum bk_err read_state(const char *name, enum bk_production_state *state)
{
    for (unsigned i = 0; i <= BK_PRODUCTION_ASIDE; i++)
        if (strcmp(names[i], name) == 0) {
            *state = i;
            return BK_OK;
        }
    return BK_ECORRUPT;
}

#define COLUMNS                                                                                    \
    "SELECT p.id, p.order_id, p.serial, p.state, p.dialect, p.shape, p.application,"               \
    " p.sign_certificate, p.rounds, p.begun_at, p.begun_by, p.made_at, p.pin_sent_at, p.courier,"  \
    " p.tracking, p.given_at, p.given_by, p.reason, d.is_set FROM productions p"                   \
    " JOIN device_keys d ON d.serial = p.serial"

static enum bk_err load(struct bk_tx *tx, const char *sql, const char *value,
                        struct bk_production *p)
{
    struct bk_rows r = BK_ROWS_INIT;
    enum bk_err err = bk_tx_get(tx, sql, BK_VALS(bk_text(value)), &r);
    memset(p, 0, sizeof *p); /* not before: value may stand in it */
    if (err == BK_OK) {
        bk_row_copy(&r, 0, 0, p->id, sizeof p->id);
        bk_row_copy(&r, 0, 1, p->order_id, sizeof p->order_id);
        bk_row_copy(&r, 0, 2, p->serial, sizeof p->serial);
        err = read_state(bk_row_text(&r, 0, 3), &p->state);
        if (err == BK_OK)
            err = bk_dialect_parse(bk_row_text(&r, 0, 4), &p->dialect);
        p->admin_first = strcmp(bk_row_text(&r, 0, 5), "admin-first") == 0;
        bk_row_copy(&r, 0, 6, p->application, sizeof p->application);
        bk_row_copy(&r, 0, 7, p->sign_certificate, sizeof p->sign_certificate);
        p->rounds = bk_row_int(&r, 0, 8);
        p->begun_at = bk_row_int(&r, 0, 9);
        bk_row_copy(&r, 0, 10, p->begun_by, sizeof p->begun_by);
        p->made_at = bk_row_int(&r, 0, 11);
        p->pin_sent_at = bk_row_int(&r, 0, 12);
        bk_row_copy(&r, 0, 13, p->courier, sizeof p->courier);
        bk_row_copy(&r, 0, 14, p->tracking, sizeof p->tracking);
        p->given_at = bk_row_int(&r, 0, 15);
        bk_row_copy(&r, 0, 16, p->given_by, sizeof p->given_by);
        bk_row_copy(&r, 0, 17, p->reason, sizeof p->reason);
        p->device_key_set = bk_row_int(&r, 0, 18) != 0;
    }
    bk_rows_free(&r);
    return err;
}

enum bk_err bk_production_load(struct bk_tx *tx, const char *id, struct bk_production *p)
{
    return load(tx, COLUMNS " WHERE p.id = $1", id, p);
}

enum bk_err bk_production_find(struct bk_tx *tx, const char *order_id, struct bk_production *p)
{
    return load(tx, COLUMNS " WHERE p.order_id = $1 AND p.state <> 'aside'", order_id, p);
}

enum bk_err bk_production_list(struct bk_tx *tx, struct bk_rows *rows)
{
    return bk_tx_query(tx,
                       "SELECT o.id, o.state, a.company, a.org_code, o.algorithm, a.delivery,"
                       " a.pin_way, o.created_at, p.serial, p.state FROM orders o"
                       " JOIN applications a ON a.order_id = o.id"
                       " LEFT JOIN productions p ON p.order_id = o.id AND p.state <> 'aside'"
                       " WHERE o.type = 'new' AND o.state IN ('APPROVED', 'PRODUCING', 'READY')"
                       " ORDER BY o.created_at, o.id",
                       BK_NO_VALS, rows);
}

enum bk_err bk_production_history(struct bk_tx *tx, const char *order_id, struct bk_rows *rows)
{
    return bk_tx_query(tx,
                       "SELECT id, serial, state, begun_at, begun_by, made_at, reason"
                       " FROM productions WHERE order_id = $1 ORDER BY seq DESC",
                       BK_VALS(bk_text(order_id)), rows);
}

enum bk_err bk_production_unmade(struct bk_tx *tx, const char *serial, bool *unmade)
{
    struct bk_rows row = BK_ROWS_INIT;
    enum bk_err err = bk_tx_query(tx,
                                  "SELECT state FROM productions WHERE serial = $1"
                                  " ORDER BY seq DESC LIMIT 1",
                                  BK_VALS(bk_text(serial)), &row);
    *unmade = row.count && strcmp(bk_row_text(&row, 0, 0), names[BK_PRODUCTION_MADE]) != 0;
    bk_rows_free(&row);
    return err;
}

enum bk_err bk_production_save(struct bk_tx *tx, const struct bk_production *p)
{
    return bk_tx_exec(
        tx,
        "UPDATE productions SET state = $1, sign_certificate = $2, rounds = $3, made_at = $4,"
        " pin_sent_at = $5, courier = $6, tracking = $7, given_at = $8, given_by = $9,"
        " reason = $10 WHERE id = $11",
        BK_VALS(bk_text(names[p->state]), bk_text(p->sign_certificate), bk_int(p->rounds),
                bk_int(p->made_at), bk_int(p->pin_sent_at), bk_text(p->courier),
                bk_text(p->tracking), bk_int(p->given_at), bk_text(p->given_by), bk_text(p->reason),
                bk_text(p->id)),
        NULL);
}

enum bk_err bk_production_note(struct bk_tx *tx, const struct bk_production *p,
                               const struct bk_audit *who, const char *action, const char *detail)
{
    char object[48], what[BK_SERIAL_MAX + 256];
    (void)snprintf(object, sizeof object, "order:%s", p->order_id);
    (void)snprintf(what, sizeof what, "key %s%s%s", p->serial, *detail ? ": " : "", detail);
    const struct bk_audit entry = {.actor = who->actor,
                                   .address = who->address,
                                   .action = action,
                                   .object = object,
                                   .detail = what};
    return bk_audit_add(tx, &entry);
}

/* --- secrets --- */

static struct bk_place place_of(const char *column, const char *id)
{
    return (struct bk_place){.table = "productions", .column = column, .row = id};
}

static struct bk_place device_place(const char *serial)
{
    return (struct bk_place){.table = "device_keys", .column = "key_sealed", .row = serial};
}

static enum bk_err draw_sealed(const struct bk_escrow *escrow, const char *column, const char *id,
                               const char *alphabet, size_t len, struct bk_buf *out)
{
    char pin[BK_ADMIN_PIN + 1];
    const struct bk_place place = place_of(column, id);
    enum bk_err err = bk_random_text(alphabet, len, pin);
    if (err == BK_OK)
        err = bk_escrow_seal(escrow, &place, pin, len, out);
    bk_wipe(pin, sizeof pin);
    return err;
}

/* One a key, whatever it is produced for: however often that is cut, the key has its maker's or
 * this one. */
static enum bk_err make_device_key(struct bk_app *app, struct bk_tx *tx, const char *serial,
                                   int64_t now)
{
    char hex[2 * BK_DEVICE_KEY + 1];
    struct bk_buf key = BK_BUF_INIT, sealed = BK_BUF_INIT;
    const struct bk_place place = device_place(serial);
    bool there = false;
    enum bk_err err = bk_tx_any(tx, "SELECT 1 FROM device_keys WHERE serial = $1",
                                BK_VALS(bk_text(serial)), &there);
    if (err != BK_OK || there)
        return err;
    err = bk_random_hex(BK_DEVICE_KEY, hex);
    if (err == BK_OK)
        err = bk_hex_decode(hex, sizeof hex - 1, &key);
    if (err == BK_OK)
        err = bk_escrow_seal(app->escrow, &place, key.data, key.len, &sealed);
    if (err == BK_OK)
        err = bk_tx_exec(tx,
                         "INSERT INTO device_keys (serial, key_sealed, is_set, made_at)"
                         " VALUES ($1, $2, 0, $3)",
                         BK_VALS(bk_text(serial), bk_bytes(sealed.data, sealed.len), bk_int(now)),
                         NULL);
    bk_wipe(hex, sizeof hex);
    bk_buf_free(&key);
    bk_buf_free(&sealed);
    return err;
}

enum bk_err bk_production_insert(struct bk_app *app, struct bk_tx *tx, struct bk_production *p,
                                 int64_t now)
{
    struct bk_buf admin = BK_BUF_INIT, pin = BK_BUF_INIT;
    enum bk_err err = bk_ulid(p->id);
    p->begun_at = now;
    if (err == BK_OK)
        err = draw_sealed(app->escrow, "admin_sealed", p->id, ADMIN_ALPHABET, BK_ADMIN_PIN, &admin);
    if (err == BK_OK)
        err = draw_sealed(app->escrow, "pin_sealed", p->id, PIN_ALPHABET, BK_FIRST_PIN, &pin);
    if (err == BK_OK)
        err = make_device_key(app, tx, p->serial, now);
    if (err == BK_OK)
        err = bk_tx_exec(
            tx,
            "INSERT INTO productions (id, order_id, serial, state, dialect, shape, application,"
            " admin_sealed, pin_sealed, sign_certificate, rounds, begun_at, begun_by, made_at,"
            " pin_sent_at, courier, tracking, given_at, given_by, reason, seq)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', 0, $10, $11, 0, 0, '', '', 0, '',"
            " '', (SELECT coalesce(max(seq), 0) + 1 FROM productions))",
            BK_VALS(bk_text(p->id), bk_text(p->order_id), bk_text(p->serial),
                    bk_text(names[p->state]),
                    bk_text(p->dialect == BK_DIALECT_LONGMAI ? "longmai" : "gmt0017"),
                    bk_text(p->admin_first ? "admin-first" : "direct"), bk_text(p->application),
                    bk_bytes(admin.data, admin.len), bk_bytes(pin.data, pin.len), bk_int(now),
                    bk_text(p->begun_by)),
            NULL);
    bk_buf_free(&admin);
    bk_buf_free(&pin);
    return err == BK_OK ? bk_production_load(tx, p->id, p) : err;
}

static enum bk_err open_one(const struct bk_escrow *escrow, const struct bk_place *place,
                            const struct bk_rows *row, size_t column, struct bk_secret *secret)
{
    struct bk_buf plain = BK_BUF_INIT;
    enum bk_err err = bk_escrow_open_sealed(escrow, place, bk_row_bytes(row, 0, column), &plain);
    if (err == BK_OK)
        err = bk_secret_set(secret, plain.data, plain.len);
    bk_buf_free(&plain);
    return err;
}

enum bk_err bk_production_open(struct bk_app *app, struct bk_tx *tx, const struct bk_production *p,
                               struct bk_production_secrets *secrets)
{
    struct bk_rows row = BK_ROWS_INIT;
    const struct bk_place device = device_place(p->serial), admin = place_of("admin_sealed", p->id),
                          pin = place_of("pin_sealed", p->id);
    *secrets = (struct bk_production_secrets){.device_key = BK_SECRET_INIT};
    enum bk_err err =
        bk_tx_get(tx,
                  "SELECT d.key_sealed, p.admin_sealed, p.pin_sealed FROM productions p"
                  " JOIN device_keys d ON d.serial = p.serial WHERE p.id = $1",
                  BK_VALS(bk_text(p->id)), &row);
    if (err == BK_OK && (bk_row_null(&row, 0, 1) || bk_row_null(&row, 0, 2)))
        err = BK_ESTATE;
    if (err == BK_OK)
        err = open_one(app->escrow, &device, &row, 0, &secrets->device_key);
    if (err == BK_OK)
        err = open_one(app->escrow, &admin, &row, 1, &secrets->admin_pin);
    if (err == BK_OK)
        err = open_one(app->escrow, &pin, &row, 2, &secrets->user_pin);
    bk_rows_free(&row);
    if (err != BK_OK)
        bk_production_close(secrets);
    return err;
}

void bk_production_close(struct bk_production_secrets *secrets)
{
    bk_secret_free(&secrets->device_key);
    bk_secret_free(&secrets->admin_pin);
    bk_secret_free(&secrets->user_pin);
}

enum bk_err bk_production_drop_pins(struct bk_tx *tx, const char *id)
{
    return bk_tx_exec(tx,
                      "UPDATE productions SET admin_sealed = NULL, pin_sealed = NULL WHERE id = $1",
                      BK_VALS(bk_text(id)), NULL);
}

enum bk_err bk_production_device_key_is_set(struct bk_tx *tx, const char *serial)
{
    return bk_tx_exec(tx, "UPDATE device_keys SET is_set = 1 WHERE serial = $1",
                      BK_VALS(bk_text(serial)), NULL);
}
