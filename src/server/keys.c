/* SPDX-License-Identifier: Apache-2.0 */
#include "server/keys.h"

#include <stdio.h>
#include <string.h>

#include "server/ident.h"
#include "server/phone.h"

static const char *const columns[] = {"admin_sealed", "pending_sealed"};

bool bk_key_serial_valid(const char *serial)
{
    size_t len = strlen(serial);
    return len && len <= BK_SERIAL_MAX &&
           serial[strspn(serial, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                 "-_.")] == 0;
}

bool bk_key_pin_valid(const char *pin)
{
    size_t len = strlen(pin);
    for (size_t i = 0; i < len; i++)
        if (pin[i] < 0x20 || pin[i] > 0x7e)
            return false;
    return len >= 6 && len <= 16;
}

static struct bk_place place_of(enum bk_slot slot, const char *serial)
{
    return (struct bk_place){.table = "keys", .column = columns[slot], .row = serial};
}

enum bk_err bk_key_add_contact(struct bk_tx *tx, const char *serial, const char *phone)
{
    return bk_tx_exec(tx,
                      "INSERT INTO key_contacts (serial, phone) VALUES ($1, $2)"
                      " ON CONFLICT (serial, phone) DO NOTHING",
                      BK_VALS(bk_text(serial), bk_text(phone)), NULL);
}

enum bk_err bk_key_add(struct bk_tx *tx, const struct bk_escrow *escrow, const struct bk_key *key,
                       const char *admin_pin, const char *const *contacts, size_t contact_count,
                       int64_t now)
{
    struct bk_buf sealed = BK_BUF_INIT;
    struct bk_place place = place_of(BK_SLOT_CURRENT, key->serial);
    if (!bk_key_serial_valid(key->serial) || !bk_phone_valid(key->phone) ||
        !bk_key_pin_valid(admin_pin))
        return BK_EINVAL;
    enum bk_err err = bk_escrow_seal(escrow, &place, admin_pin, strlen(admin_pin), &sealed);
    if (err == BK_OK)
        err = bk_tx_exec(
            tx,
            "INSERT INTO keys (serial, dialect, shape, application, phone, phone_since, holder,"
            " company, state, admin_sealed, use_pending, created_at, version)"
            " VALUES ($1, $2, $3, $4, $5, 0, $6, $7, 'active', $8, 0, $9, 1)",
            BK_VALS(bk_text(key->serial),
                    bk_text(key->dialect == BK_DIALECT_LONGMAI ? "longmai" : "gmt0017"),
                    bk_text(key->admin_first ? "admin-first" : "direct"), bk_text(key->application),
                    bk_text(key->phone), bk_text(key->holder), bk_text(key->company),
                    bk_bytes(sealed.data, sealed.len), bk_int(now)),
            NULL);
    if (err == BK_OK)
        err = bk_key_add_contact(tx, key->serial, key->phone);
    for (size_t i = 0; err == BK_OK && i < contact_count; i++)
        err = bk_phone_valid(contacts[i]) ? bk_key_add_contact(tx, key->serial, contacts[i])
                                          : BK_EINVAL;
    bk_buf_free(&sealed);
    return err;
}

enum bk_err bk_key_find(struct bk_tx *tx, const char *serial, struct bk_key *key)
{
    struct bk_rows rows = BK_ROWS_INIT;
    memset(key, 0, sizeof *key);
    enum bk_err err =
        bk_tx_get(tx,
                  "SELECT serial, dialect, shape, application, phone, phone_since, holder, company,"
                  " state, pending_sealed, use_pending, pending_by, account_hash, account_since"
                  " FROM keys WHERE serial = $1",
                  BK_VALS(bk_text(serial)), &rows);
    if (err == BK_OK) {
        bk_row_copy(&rows, 0, 0, key->serial, sizeof key->serial);
        err = bk_dialect_parse(bk_row_text(&rows, 0, 1), &key->dialect);
        key->admin_first = strcmp(bk_row_text(&rows, 0, 2), "admin-first") == 0;
        bk_row_copy(&rows, 0, 3, key->application, sizeof key->application);
        bk_row_copy(&rows, 0, 4, key->phone, sizeof key->phone);
        key->phone_since = bk_row_int(&rows, 0, 5);
        bk_row_copy(&rows, 0, 6, key->holder, sizeof key->holder);
        bk_row_copy(&rows, 0, 7, key->company, sizeof key->company);
        key->active = strcmp(bk_row_text(&rows, 0, 8), "active") == 0;
        key->has_pending = !bk_row_null(&rows, 0, 9);
        key->use_pending = bk_row_int(&rows, 0, 10) != 0;
        bk_row_copy(&rows, 0, 11, key->pending_by, sizeof key->pending_by);
        struct bk_rd hash = bk_row_bytes(&rows, 0, 12);
        key->has_account = !bk_row_null(&rows, 0, 12);
        key->account_since = bk_row_int(&rows, 0, 13);
        if (err == BK_OK && key->has_account)
            err = hash.left == sizeof key->account_hash
                      ? bk_rd_copy(&hash, key->account_hash, sizeof key->account_hash)
                      : BK_ECORRUPT;
    }
    bk_rows_free(&rows);
    return err;
}

enum bk_err bk_key_list(struct bk_tx *tx, const char *begins, const char *behind,
                        struct bk_rows *rows)
{
    return bk_tx_query(tx,
                       "SELECT serial, company, holder, state, created_at FROM keys"
                       " WHERE substr(serial, 1, length($1)) = $1 AND serial > $2"
                       " ORDER BY serial LIMIT $3",
                       BK_VALS(bk_text(begins), bk_text(behind), bk_int(BK_KEY_PAGE)), rows);
}

enum bk_err bk_key_contacts(struct bk_tx *tx, const char *serial, struct bk_rows *rows)
{
    return bk_tx_query(tx, "SELECT phone FROM key_contacts WHERE serial = $1 ORDER BY phone",
                       BK_VALS(bk_text(serial)), rows);
}

enum bk_err bk_key_set_phone(struct bk_tx *tx, const char *serial, const char *phone, int64_t now)
{
    int64_t changed = 0;
    if (!bk_phone_valid(phone))
        return BK_EINVAL;
    enum bk_err err = bk_tx_exec(
        tx, "UPDATE keys SET phone = $1, phone_since = $2, version = version + 1 WHERE serial = $3",
        BK_VALS(bk_text(phone), bk_int(now), bk_text(serial)), &changed);
    if (err == BK_OK && !changed)
        err = BK_ENOTFOUND;
    /* the old phone stays a contact: it is told of what happens from now on */
    return err == BK_OK ? bk_key_add_contact(tx, serial, phone) : err;
}

enum bk_err bk_key_admin(struct bk_tx *tx, const struct bk_escrow *escrow, const char *serial,
                         enum bk_slot slot, struct bk_buf *pin)
{
    struct bk_rows rows = BK_ROWS_INIT;
    struct bk_place place = place_of(slot, serial);
    const char *text = NULL;
    bk_buf_clear(pin);
    enum bk_err err =
        bk_tx_get(tx, "SELECT admin_sealed, pending_sealed FROM keys WHERE serial = $1",
                  BK_VALS(bk_text(serial)), &rows);
    if (err == BK_OK && bk_row_null(&rows, 0, slot))
        err = BK_ENOTFOUND;
    if (err == BK_OK)
        err = bk_escrow_open_sealed(escrow, &place, bk_row_bytes(&rows, 0, slot), pin);
    if (err == BK_OK)
        err = bk_buf_cstr(pin, &text);
    bk_rows_free(&rows);
    return err;
}

enum bk_err bk_key_set_pending(struct bk_tx *tx, const struct bk_escrow *escrow, const char *serial,
                               const char *pin, const char *unlock_id)
{
    struct bk_buf sealed = BK_BUF_INIT;
    struct bk_place place = place_of(BK_SLOT_PENDING, serial);
    enum bk_err err = bk_escrow_seal(escrow, &place, pin, strlen(pin), &sealed);
    if (err == BK_OK)
        err = bk_tx_exec(
            tx,
            "UPDATE keys SET pending_sealed = $1, pending_by = $2, use_pending = 1,"
            " version = version + 1 WHERE serial = $3",
            BK_VALS(bk_bytes(sealed.data, sealed.len), bk_text(unlock_id), bk_text(serial)), NULL);
    bk_buf_free(&sealed);
    return err;
}

static enum bk_err set_current(struct bk_tx *tx, const struct bk_escrow *escrow, const char *serial,
                               const struct bk_buf *pin)
{
    struct bk_buf sealed = BK_BUF_INIT;
    /* sealed anew: a stored secret is bound to its column */
    struct bk_place place = place_of(BK_SLOT_CURRENT, serial);
    enum bk_err err = bk_escrow_seal(escrow, &place, pin->data, pin->len, &sealed);
    if (err == BK_OK)
        err = bk_tx_exec(tx,
                         "UPDATE keys SET admin_sealed = $1, use_pending = 0, version = version + 1"
                         " WHERE serial = $2",
                         BK_VALS(bk_bytes(sealed.data, sealed.len), bk_text(serial)), NULL);
    bk_buf_free(&sealed);
    return err;
}

/* --- out of use --- */

static struct bk_place kept_place(const char *id)
{
    return (struct bk_place){.table = "kept_pins", .column = "pin_sealed", .row = id};
}

static enum bk_err keep(struct bk_tx *tx, const struct bk_escrow *escrow, const char *serial,
                        const struct bk_buf *pin, const char *unlock_id, int64_t now)
{
    char id[BK_ULID + 1];
    struct bk_buf sealed = BK_BUF_INIT;
    enum bk_err err = bk_ulid(id);
    const struct bk_place place = kept_place(id);
    if (err == BK_OK)
        err = bk_escrow_seal(escrow, &place, pin->data, pin->len, &sealed);
    if (err == BK_OK)
        err = bk_tx_exec(tx,
                         "INSERT INTO kept_pins (id, serial, pin_sealed, unlock_id, kept_at)"
                         " VALUES ($1, $2, $3, $4, $5)",
                         BK_VALS(bk_text(id), bk_text(serial), bk_bytes(sealed.data, sealed.len),
                                 bk_text(unlock_id), bk_int(now)),
                         NULL);
    bk_buf_free(&sealed);
    return err;
}

/* The one kept longest, kept no more. */
static enum bk_err take_kept(struct bk_tx *tx, const struct bk_escrow *escrow, const char *serial,
                             struct bk_buf *pin)
{
    struct bk_rows rows = BK_ROWS_INIT;
    enum bk_err err = bk_tx_get(tx,
                                "SELECT id, pin_sealed FROM kept_pins WHERE serial = $1"
                                " ORDER BY kept_at, id LIMIT 1",
                                BK_VALS(bk_text(serial)), &rows);
    if (err == BK_OK) {
        const struct bk_place place = kept_place(bk_row_text(&rows, 0, 0));
        err = bk_escrow_open_sealed(escrow, &place, bk_row_bytes(&rows, 0, 1), pin);
        if (err == BK_OK)
            err = bk_tx_exec(tx, "DELETE FROM kept_pins WHERE id = $1", BK_VALS(bk_text(place.row)),
                             NULL);
    }
    bk_rows_free(&rows);
    return err;
}

enum bk_err bk_key_kept(struct bk_tx *tx, const char *serial, int64_t *count)
{
    struct bk_rows rows = BK_ROWS_INIT;
    enum bk_err err = bk_tx_get(tx, "SELECT count(*) FROM kept_pins WHERE serial = $1",
                                BK_VALS(bk_text(serial)), &rows);
    *count = err == BK_OK ? bk_row_int(&rows, 0, 0) : 0;
    bk_rows_free(&rows);
    return err;
}

enum bk_err bk_key_settle(struct bk_tx *tx, const struct bk_escrow *escrow, const char *serial,
                          enum bk_slot slot, const char *unlock_id, int64_t now)
{
    struct bk_buf pin = BK_BUF_INIT, other = BK_BUF_INIT;
    int64_t kept = 0;
    enum bk_slot out = slot == BK_SLOT_CURRENT ? BK_SLOT_PENDING : BK_SLOT_CURRENT;
    enum bk_err err = bk_key_kept(tx, serial, &kept);
    if (err == BK_OK && kept >= BK_KEPT_MAX)
        err = BK_EFULL;
    if (err == BK_OK)
        err = bk_key_admin(tx, escrow, serial, slot, &pin);
    if (err == BK_OK)
        err = bk_key_admin(tx, escrow, serial, out, &other);
    if (err == BK_OK)
        err = keep(tx, escrow, serial, &other, unlock_id, now);
    if (err == BK_OK)
        err = set_current(tx, escrow, serial, &pin);
    if (err == BK_OK)
        err = bk_tx_exec(
            tx, "UPDATE keys SET pending_sealed = NULL, pending_by = NULL WHERE serial = $1",
            BK_VALS(bk_text(serial)), NULL);
    bk_buf_free(&pin);
    bk_buf_free(&other);
    return err;
}

enum bk_err bk_key_recall(struct bk_tx *tx, const struct bk_escrow *escrow, const char *serial,
                          const char *unlock_id, int64_t now)
{
    struct bk_buf pin = BK_BUF_INIT, other = BK_BUF_INIT;
    enum bk_err err = take_kept(tx, escrow, serial, &pin);
    if (err == BK_OK)
        err = bk_key_admin(tx, escrow, serial, BK_SLOT_CURRENT, &other);
    if (err == BK_OK)
        err = keep(tx, escrow, serial, &other, unlock_id, now);
    if (err == BK_OK)
        err = set_current(tx, escrow, serial, &pin);
    bk_buf_free(&pin);
    bk_buf_free(&other);
    return err;
}

enum bk_err bk_key_proved(struct bk_tx *tx, const char *serial, const char *unlock_id,
                          int64_t begun)
{
    return bk_tx_exec(
        tx, "DELETE FROM kept_pins WHERE serial = $1 AND (unlock_id = $2 OR kept_at < $3)",
        BK_VALS(bk_text(serial), bk_text(unlock_id), bk_int(begun)), NULL);
}

enum bk_err bk_key_prefer(struct bk_tx *tx, const char *serial, enum bk_slot slot)
{
    return bk_tx_exec(tx,
                      "UPDATE keys SET use_pending = $1, version = version + 1 WHERE serial = $2",
                      BK_VALS(bk_int(slot), bk_text(serial)), NULL);
}

enum bk_err bk_key_mark_reissue(struct bk_tx *tx, const char *serial)
{
    return bk_tx_exec(tx,
                      "UPDATE keys SET state = 'reissue', version = version + 1 WHERE serial = $1",
                      BK_VALS(bk_text(serial)), NULL);
}

enum bk_err bk_key_retire(struct bk_tx *tx, const char *serial)
{
    struct bk_key key;
    enum bk_err err = bk_key_find(tx, serial, &key);
    if (err == BK_ENOTFOUND)
        return BK_OK;
    if (err == BK_OK && key.active)
        return BK_ESTATE;
    if (err == BK_OK)
        err = bk_tx_exec(tx, "DELETE FROM kept_pins WHERE serial = $1", BK_VALS(bk_text(serial)),
                         NULL);
    if (err == BK_OK)
        err = bk_tx_exec(tx, "DELETE FROM key_contacts WHERE serial = $1", BK_VALS(bk_text(serial)),
                         NULL);
    return err == BK_OK ? bk_tx_exec(tx, "DELETE FROM keys WHERE serial = $1",
                                     BK_VALS(bk_text(serial)), NULL)
                        : err;
}

enum bk_err bk_key_activate(struct bk_tx *tx, const char *serial)
{
    int64_t changed = 0;
    enum bk_err err =
        bk_tx_exec(tx, "UPDATE keys SET state = 'active', version = version + 1 WHERE serial = $1",
                   BK_VALS(bk_text(serial)), &changed);
    return err == BK_OK && !changed ? BK_ENOTFOUND : err;
}
