/* SPDX-License-Identifier: Apache-2.0 */
#include "server/unlock.h"

#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "server/ident.h"

#define PIN_ALPHABET "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
#define CODE_ALPHABET "BCDFGHJKLMNPQRSTVWXZ"

#define FORGOTTEN_AT_ONCE 5000
#define PIN_KEPT_MS (INT64_C(48) * 3600 * 1000)

static const char *const ways[BK_UNLOCK_WAYS] = {"phone", "account", "documents"};
static const char *const states[] = {"open",    "suspended", "void",   "done",
                                     "refused", "draft",     "review", "rejected"};
#define STATES (sizeof states / sizeof *states)
static const char *const expects[] = {"begin", "verified", "unblocked",
                                      "tried", "rotated",  "proof"};

static unsigned index_of(const char *const *names, unsigned count, const char *name)
{
    for (unsigned i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return count;
}

const char *bk_unlock_way_name(enum bk_unlock_way way)
{
    return ways[way];
}

enum bk_unlock_way bk_unlock_way_parse(const char *name)
{
    return (enum bk_unlock_way)index_of(ways, BK_UNLOCK_WAYS, name);
}

static enum bk_err copy_hash(struct bk_rd rd, uint8_t hash[32])
{
    return rd.left == 32 ? bk_rd_copy(&rd, hash, 32) : BK_ECORRUPT;
}

static enum bk_err read_pin(struct bk_rd sealed, struct bk_unlock *u)
{
    if (sealed.left > sizeof u->pin_sealed)
        return BK_ECORRUPT;
    u->pin_len = sealed.left;
    return bk_rd_copy(&sealed, u->pin_sealed, sealed.left);
}

static enum bk_err read_row(const struct bk_rows *r, struct bk_unlock *u)
{
    unsigned state = index_of(states, STATES, bk_row_text(r, 0, 3));
    unsigned expected = index_of(expects, 6, bk_row_text(r, 0, 16));
    if (state == STATES || expected == 6)
        return BK_ECORRUPT;
    bk_row_copy(r, 0, 0, u->id, sizeof u->id);
    bk_row_copy(r, 0, 1, u->serial, sizeof u->serial);
    u->matched = bk_row_int(r, 0, 2) != 0;
    u->state = (enum bk_unlock_state)state;
    u->tries_left = bk_row_int(r, 0, 5);
    u->created_at = bk_row_int(r, 0, 6);
    u->expires_at = bk_row_int(r, 0, 7);
    u->bound = !bk_row_null(r, 0, 9);
    u->first_at = bk_row_int(r, 0, 10);
    u->redemptions = bk_row_int(r, 0, 11);
    u->rounds = bk_row_int(r, 0, 12);
    u->slot = bk_row_int(r, 0, 13) ? BK_SLOT_PENDING : BK_SLOT_CURRENT;
    u->refusals = bk_row_int(r, 0, 14);
    u->pin_sent = bk_row_int(r, 0, 15) != 0;
    u->expects = (enum bk_unlock_expects)expected;
    enum bk_err err = copy_hash(bk_row_bytes(r, 0, 4), u->code_hash);
    if (err == BK_OK)
        err = copy_hash(bk_row_bytes(r, 0, 8), u->suspend_hash);
    if (err == BK_OK && u->bound)
        err = copy_hash(bk_row_bytes(r, 0, 9), u->client_hash);
    return err == BK_OK ? read_pin(bk_row_bytes(r, 0, 17), u) : err;
}

enum bk_err bk_unlock_load(struct bk_tx *tx, const char *id, struct bk_unlock *unlock)
{
    struct bk_rows rows = BK_ROWS_INIT;
    memset(unlock, 0, sizeof *unlock);
    enum bk_err err = bk_tx_get(
        tx,
        "SELECT id, serial, matched, state, code_hash, tries_left, created_at, expires_at,"
        " suspend_hash, client_hash, first_at, redemptions, rounds, slot, swapped,"
        " pin_sent, expects, pin_sealed FROM unlocks WHERE id = $1",
        BK_VALS(bk_text(id)), &rows);
    if (err == BK_OK)
        err = read_row(&rows, unlock);
    bk_rows_free(&rows);
    return err;
}

enum bk_err bk_unlock_save(struct bk_tx *tx, const struct bk_unlock *u, int64_t now)
{
    return bk_tx_exec(
        tx,
        "UPDATE unlocks SET state = $1, tries_left = $2, client_hash = $3, first_at = $4,"
        " redemptions = $5, rounds = $6, slot = $7, swapped = $8, pin_sent = $9, expects = $10,"
        " done_at = $11, pin_sealed = coalesce($12, pin_sealed) WHERE id = $13",
        BK_VALS(bk_text(states[u->state]), bk_int(u->tries_left),
                u->bound ? bk_bytes(u->client_hash, 32) : bk_null(), bk_int(u->first_at),
                bk_int(u->redemptions), bk_int(u->rounds), bk_int(u->slot), bk_int(u->refusals),
                bk_int(u->pin_sent), bk_text(expects[u->expects]),
                bk_int(u->state == BK_UNLOCK_DONE ? now : 0),
                u->pin_made ? bk_bytes(u->pin_sealed, u->pin_len) : bk_null(), bk_text(u->id)),
        NULL);
}

bool bk_unlock_stoppable(const struct bk_unlock *unlock)
{
    return unlock->state == BK_UNLOCK_OPEN || unlock->state == BK_UNLOCK_REVIEW;
}

enum bk_err bk_unlock_suspend(struct bk_tx *tx, struct bk_unlock *unlock, int64_t now)
{
    if (!bk_unlock_stoppable(unlock))
        return BK_OK;
    unlock->state = BK_UNLOCK_SUSPENDED;
    return bk_unlock_save(tx, unlock, now);
}

enum bk_err bk_unlock_list(struct bk_tx *tx, const char *begins, const char *before,
                           struct bk_rows *rows)
{
    return bk_tx_query(tx,
                       "SELECT id, serial, state, matched, tries_left, created_at, expires_at,"
                       " done_at, address, way FROM unlocks"
                       " WHERE substr(serial, 1, length($1)) = $1 AND ($2 = '' OR id < $2)"
                       " ORDER BY id DESC LIMIT $3",
                       BK_VALS(bk_text(begins), bk_text(before), bk_int(BK_UNLOCK_PAGE)), rows);
}

enum bk_err bk_unlock_refused(struct bk_tx *tx, const char *serial, const char *but, int64_t *count)
{
    struct bk_rows rows = BK_ROWS_INIT;
    enum bk_err err = bk_tx_get(tx,
                                "SELECT count(*) FROM unlocks WHERE serial = $1 AND id <> $2"
                                " AND state = 'refused'",
                                BK_VALS(bk_text(serial), bk_text(but)), &rows);
    *count = err == BK_OK ? bk_row_int(&rows, 0, 0) : 0;
    bk_rows_free(&rows);
    return err;
}

enum bk_err bk_unlock_forgive(struct bk_tx *tx, const char *serial)
{
    return bk_tx_exec(tx,
                      "UPDATE unlocks SET state = 'void' WHERE serial = $1 AND state = 'refused'",
                      BK_VALS(bk_text(serial)), NULL);
}

static struct bk_place pin_place(const char *id)
{
    return (struct bk_place){.table = "unlocks", .column = "pin_sealed", .row = id};
}

enum bk_err bk_unlock_make_pin(const struct bk_escrow *escrow, struct bk_unlock *u)
{
    char pin[BK_ONE_TIME_PIN + 1];
    struct bk_buf sealed = BK_BUF_INIT;
    const struct bk_place place = pin_place(u->id);
    enum bk_err err = bk_random_text(PIN_ALPHABET, BK_ONE_TIME_PIN, pin);
    if (err == BK_OK)
        err = bk_escrow_seal(escrow, &place, pin, BK_ONE_TIME_PIN, &sealed);
    if (err == BK_OK)
        err = read_pin(bk_rd(sealed.data, sealed.len), u);
    u->pin_made = err == BK_OK;
    bk_wipe(pin, sizeof pin);
    bk_buf_free(&sealed);
    return err;
}

enum bk_err bk_unlock_pin(const struct bk_escrow *escrow, const struct bk_unlock *u,
                          struct bk_buf *pin)
{
    const struct bk_place place = pin_place(u->id);
    const char *text = NULL;
    bk_buf_clear(pin);
    enum bk_err err = bk_escrow_open_sealed(escrow, &place, bk_rd(u->pin_sealed, u->pin_len), pin);
    return err == BK_OK ? bk_buf_cstr(pin, &text) : err;
}

enum bk_err bk_code_read(const char *text, char code[BK_CODE + 1])
{
    size_t n = 0;
    for (; *text; text++) {
        char c = *text;
        if (c == '-' || c == ' ')
            continue;
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        if (n == BK_CODE || !strchr(CODE_ALPHABET, c))
            return BK_EFORMAT;
        code[n++] = c;
    }
    code[n] = 0;
    return n == BK_CODE ? BK_OK : BK_EFORMAT;
}

enum bk_err bk_code_hash(const struct bk_escrow *escrow, const char *id, const char *code,
                         uint8_t hash[32])
{
    char text[64];
    int n = snprintf(text, sizeof text, "%s:%s", id, code);
    if (n < 0 || (size_t)n >= sizeof text)
        return BK_ELIMIT;
    enum bk_err err = bk_escrow_hash(escrow, "unlock-code", text, (size_t)n, hash);
    bk_wipe(text, sizeof text);
    return err;
}

/* What has rounds has its one-time PIN, too: both come with the first redemption, and go here. */
enum bk_err bk_unlock_clean(struct bk_tx *tx, int64_t now)
{
    const struct bk_val before = bk_int(now - PIN_KEPT_MS);
    enum bk_err err = bk_tx_exec(tx,
                                 "DELETE FROM unlock_rounds WHERE unlock_id IN (SELECT id"
                                 " FROM unlocks WHERE pin_sealed IS NOT NULL AND first_at > 0"
                                 " AND first_at < $1)",
                                 &before, 1, NULL);
    if (err != BK_OK)
        return err;
    return bk_tx_exec(tx,
                      "UPDATE unlocks SET pin_sealed = NULL WHERE pin_sealed IS NOT NULL"
                      " AND first_at > 0 AND first_at < $1",
                      &before, 1, NULL);
}

enum bk_err bk_unlock_forget(struct bk_tx *tx, int64_t before)
{
    return bk_tx_exec(tx,
                      "UPDATE unlocks SET address = '' WHERE id IN (SELECT id FROM unlocks"
                      " WHERE address <> '' AND expires_at < $1 ORDER BY expires_at LIMIT $2)",
                      BK_VALS(bk_int(before), bk_int(FORGOTTEN_AT_ONCE)), NULL);
}
