/* SPDX-License-Identifier: Apache-2.0 */
/* New key-encryption keys: everything is sealed anew, by whoever has the file open. */
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "runner.h"
#include "server/admin.h"
#include "serverhost.h"

START_TEST(rotated_keys_still_open_what_is_old)
{
    char path[128], why[200];
    const struct bk_place place = {"t", "c", "r"};
    struct bk_escrow *again = NULL;
    struct bk_buf old = BK_BUF_INIT, fresh = BK_BUF_INIT, plain = BK_BUF_INIT;
    (void)snprintf(path, sizeof path, "%s/keys", host.folder);
    ck_assert_int_eq(bk_escrow_seal(host.app.escrow, &place, "x", 1, &old), BK_OK);
    ck_assert_int_eq(bk_escrow_rotate(host.app.escrow), BK_OK);
    ck_assert_int_eq(bk_escrow_seal(host.app.escrow, &place, "y", 1, &fresh), BK_OK);
    ck_assert(!bk_escrow_current(host.app.escrow, bk_rd(old.data, old.len)));
    ck_assert(bk_escrow_current(host.app.escrow, bk_rd(fresh.data, fresh.len)));
    ck_assert_int_eq(bk_escrow_open(path, NULL, &again, why, sizeof why), BK_OK);
    ck_assert_int_eq(bk_escrow_open_sealed(again, &place, bk_rd(old.data, old.len), &plain), BK_OK);
    ck_assert_int_eq(bk_escrow_open_sealed(again, &place, bk_rd(fresh.data, fresh.len), &plain),
                     BK_OK);
    ck_assert_mem_eq(plain.data, "xy", 2);
    bk_escrow_free(&again);
    ck_assert_int_eq(chmod(path, 0640), 0);
    ck_assert_int_eq(bk_escrow_open(path, NULL, &again, why, sizeof why), BK_EDENIED);
    bk_buf_free(&old);
    bk_buf_free(&fresh);
    bk_buf_free(&plain);
}
END_TEST

/* A daemon that serves while the keys are rotated beside it finds the new one. */
START_TEST(rotation_is_seen_by_who_was_open_already)
{
    char path[128], why[200];
    const struct bk_place place = {"t", "c", "r"};
    struct bk_escrow *other = NULL;
    struct bk_buf sealed = BK_BUF_INIT, plain = BK_BUF_INIT;
    (void)snprintf(path, sizeof path, "%s/keys", host.folder);
    ck_assert_int_eq(bk_escrow_open(path, NULL, &other, why, sizeof why), BK_OK);
    ck_assert_int_eq(bk_escrow_rotate(other), BK_OK);
    ck_assert_int_eq(bk_escrow_seal(other, &place, "x", 1, &sealed), BK_OK);
    ck_assert_int_eq(
        bk_escrow_open_sealed(host.app.escrow, &place, bk_rd(sealed.data, sealed.len), &plain),
        BK_OK);
    bk_escrow_free(&other);
    bk_buf_free(&sealed);
    bk_buf_free(&plain);
}
END_TEST

/* And seals with it from then on, though it knows older ones. */
START_TEST(rotation_counts_for_who_seals_already)
{
    char path[128], why[200];
    const struct bk_place place = {"t", "c", "r"};
    struct bk_escrow *other = NULL;
    struct bk_buf sealed = BK_BUF_INIT;
    (void)snprintf(path, sizeof path, "%s/keys", host.folder);
    ck_assert_int_eq(bk_escrow_open(path, NULL, &other, why, sizeof why), BK_OK);
    for (int i = 0; i < 3; i++) {
        bk_buf_clear(&sealed);
        ck_assert_int_eq(bk_escrow_rotate(other), BK_OK);
        ck_assert_int_eq(bk_escrow_seal(host.app.escrow, &place, "x", 1, &sealed), BK_OK);
        ck_assert(bk_escrow_current(other, bk_rd(sealed.data, sealed.len)));
    }
    bk_escrow_free(&other);
    bk_buf_free(&sealed);
}
END_TEST

static enum bk_err rotate_quietly(void)
{
    FILE *nowhere = fopen("/dev/null", "w");
    ck_assert_ptr_nonnull(nowhere);
    enum bk_err err = bk_admin_secrets_rotate(&host.app, nowhere);
    ck_assert_int_eq(fclose(nowhere), 0);
    return err;
}

/* Whether it is sealed by the newest key, and opens in its place. */
static bool anew(struct bk_tx *tx, const char *sql, const struct bk_place *place, const char *text)
{
    struct bk_rows rows = BK_ROWS_INIT;
    struct bk_buf plain = BK_BUF_INIT;
    ck_assert_int_eq(bk_tx_get(tx, sql, BK_NO_VALS, &rows), BK_OK);
    struct bk_rd sealed = bk_row_bytes(&rows, 0, 0);
    ck_assert_int_eq(bk_escrow_open_sealed(host.app.escrow, place, sealed, &plain), BK_OK);
    ck_assert_uint_eq(plain.len, strlen(text));
    ck_assert_mem_eq(plain.data, text, plain.len);
    bool current = bk_escrow_current(host.app.escrow, sealed);
    bk_rows_free(&rows);
    bk_buf_free(&plain);
    return current;
}

static void put_sealed(struct bk_tx *tx, const struct bk_place *place, const char *text,
                       const char *sql)
{
    struct bk_buf sealed = BK_BUF_INIT;
    ck_assert_int_eq(bk_escrow_seal(host.app.escrow, place, text, strlen(text), &sealed), BK_OK);
    ck_assert_int_eq(
        bk_tx_exec(tx, sql, BK_VALS(bk_text(place->row), bk_bytes(sealed.data, sealed.len)), NULL),
        BK_OK);
    bk_buf_free(&sealed);
}

/* Of every column that the schema calls sealed there is a row, by the database's own word. */
static bool is_there(struct bk_tx *tx, const char *sql)
{
    struct bk_rows rows = BK_ROWS_INIT;
    ck_assert_int_eq(bk_tx_query(tx, sql, BK_NO_VALS, &rows), BK_OK);
    bool is = rows.count != 0;
    bk_rows_free(&rows);
    return is;
}

static void no_column_is_left_out(struct bk_tx *tx)
{
    struct bk_rows rows = BK_ROWS_INIT;
    const char *list = /* SQLite's is a file */
        *host.database == '/'
            ? "SELECT t.name, c.name FROM sqlite_master t, pragma_table_info(t.name) c"
              " WHERE t.type = 'table' AND c.name LIKE '%sealed'"
            : "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT)"
              " FROM information_schema.columns"
              " WHERE table_schema = current_schema() AND column_name LIKE '%sealed'";
    ck_assert_int_eq(bk_tx_query(tx, list, BK_NO_VALS, &rows), BK_OK);
    ck_assert_uint_ne(rows.count, 0);
    for (size_t i = 0; i < rows.count; i++) {
        char sql[160];
        (void)snprintf(sql, sizeof sql, "SELECT 1 FROM %s WHERE %s IS NOT NULL",
                       bk_row_text(&rows, i, 0), bk_row_text(&rows, i, 1));
        ck_assert_msg(is_there(tx, sql), "%s", sql);
    }
    bk_rows_free(&rows);
}

#define UNLOCK "01J0000000000000000000000U"

/* Each kind of stored secret. */
static const struct {
    struct bk_place place;
    const char *insert, *select;
} all[] = {
    {{"keys", "admin_sealed", "K1"},
     "INSERT INTO keys (serial, dialect, shape, application, phone, phone_since, holder,"
     " company, state, admin_sealed, use_pending, created_at, version)"
     " VALUES ($1, '', '', '', '', 0, '', '', '', $2, 0, 0, 0)",
     "SELECT admin_sealed FROM keys"},
    {{"keys", "pending_sealed", "K1"},
     "UPDATE keys SET pending_sealed = $2 WHERE serial = $1",
     "SELECT pending_sealed FROM keys"},
    {{"keys", "account_sealed", "K1"},
     "UPDATE keys SET account_sealed = $2 WHERE serial = $1",
     "SELECT account_sealed FROM keys"},
    {{"kept_pins", "pin_sealed", "P1"},
     "INSERT INTO kept_pins (id, serial, pin_sealed, unlock_id, kept_at)"
     " VALUES ($1, 'K1', $2, '', 0)",
     "SELECT pin_sealed FROM kept_pins"},
    {{"productions", "admin_sealed", "M1"},
     "INSERT INTO productions (id, order_id, serial, state, dialect, shape, application,"
     " admin_sealed, sign_certificate, rounds, begun_at, begun_by, made_at, pin_sent_at,"
     " courier, tracking, given_at, given_by, reason)"
     " VALUES ($1, 'N1', 'K1', 'begun', '', '', '', $2, '', 0, 0, '', 0, 0, '', '', 0, '', '')",
     "SELECT admin_sealed FROM productions"},
    {{"productions", "pin_sealed", "M1"},
     "UPDATE productions SET pin_sealed = $2 WHERE id = $1",
     "SELECT pin_sealed FROM productions"},
    {{"device_keys", "key_sealed", "K1"},
     "INSERT INTO device_keys (serial, key_sealed, is_set, made_at) VALUES ($1, $2, 0, 0)",
     "SELECT key_sealed FROM device_keys"},
    {{"certificates", "enc_key_sealed", "rsa:1"},
     "INSERT INTO certificates (id, serial_number, algorithm, kind, key_serial, container,"
     " pair, subject, fingerprint, der, enc_key_sealed, not_before, not_after, state,"
     " revoked_at, reason, created_at) VALUES ($1, '', '', '', '', '', '', '', '', '', $2, 0,"
     " 0, '', 0, 0, 0)",
     "SELECT enc_key_sealed FROM certificates"},
    {{"certificates", "identity_sealed", "rsa:1"},
     "UPDATE certificates SET identity_sealed = $2 WHERE id = $1",
     "SELECT identity_sealed FROM certificates"},
    {{"applications", "details_sealed", "N1"},
     "INSERT INTO applications (order_id, org_code, company, years, delivery, pin_way,"
     " details_sealed) VALUES ($1, '', '', 0, '', '', $2)",
     "SELECT details_sealed FROM applications"},
    {{"customer_sessions", "phone_sealed", "T1"},
     "INSERT INTO customer_sessions (token_hash, org_code, phone_sealed, created_at,"
     " expires_at) VALUES ($1, '', $2, 0, 0)",
     "SELECT phone_sealed FROM customer_sessions"},
    {{"codes", "secret_sealed", "C1"},
     "INSERT INTO codes (id, purpose, subject, secret_sealed, code_hash, tries_left, state,"
     " created_at, expires_at) VALUES ($1, '', '', $2, '', 0, '', 0, 0)",
     "SELECT secret_sealed FROM codes"},
    {{"staff", "totp_sealed", "anna"},
     "INSERT INTO staff (name, roles, state, scrypt_log_n, scrypt_r, scrypt_p, salt,"
     " password_hash, totp_sealed, totp_step, known, created_at, login_at)"
     " VALUES ($1, '', '', 0, 0, 0, '', '', $2, 0, '', 0, 0)",
     "SELECT totp_sealed FROM staff"},
    {{"unlocks", "pin_sealed", UNLOCK},
     "INSERT INTO unlocks (id, serial, matched, state, code_hash, tries_left, created_at,"
     " expires_at, suspend_hash, first_at, redemptions, rounds, pin_sealed, slot, swapped,"
     " pin_sent, expects, address, done_at)"
     " VALUES ($1, '', 0, '', '', 0, 0, 0, '', 0, 0, 0, $2, 0, 0, 0, '', '', 0)",
     "SELECT pin_sealed FROM unlocks"},
    {{"unlock_reviews", "contact_sealed", UNLOCK},
     "INSERT INTO unlock_reviews (unlock_id, token_hash, company, contact_sealed, state, "
     "entered_at,"
     " due_at, guessed, reason, decided_by, decided_at, over_at)"
     " VALUES ($1, '', '', $2, '', 0, 0, 0, '', '', 0, 0)",
     "SELECT contact_sealed FROM unlock_reviews"},
    {{"unlock_rounds", "answer_sealed", UNLOCK ":h"},
     "INSERT INTO unlock_rounds (unlock_id, message_hash, answer_sealed)"
     " VALUES (substr($1, 1, 26), 'h', $2)",
     "SELECT answer_sealed FROM unlock_rounds"},
    {{"outbox", "payload_sealed", "O1"},
     "INSERT INTO outbox (id, kind, dedupe, payload_sealed, state, attempts, next_at,"
     " created_at, give_up_at, done_at, last_error)"
     " VALUES ($1, '', '', $2, '', 0, 0, 0, 0, 0, '')",
     "SELECT payload_sealed FROM outbox"}};

/* However often: keys that nothing is sealed with any more are gone. */
START_TEST(rotation_seals_everything_anew_any_number_of_times)
{
    const size_t count = sizeof all / sizeof *all;
    char path[128];
    struct stat st;
    struct bk_tx *tx = serverhost_begin();
    ck_assert_int_eq(
        bk_tx_exec(tx,
                   "INSERT INTO orders (id, type, state, version, key_serial, container,"
                   " algorithm, old_certificate, amount_fen, created_at, expires_at, updated_at,"
                   " old_not_after, new_not_after, paid_at, round)"
                   " VALUES ('N1', '', 'DRAFT', 0, '', '', '', '', 0, 0, 0, 0, 0, 0, 0, 0)",
                   BK_NO_VALS, NULL),
        BK_OK);
    for (size_t i = 0; i < count; i++)
        put_sealed(tx, &all[i].place, all[i].insert, all[i].insert);
    no_column_is_left_out(tx);
    serverhost_commit(tx);
    (void)snprintf(path, sizeof path, "%s/keys", host.folder);
    for (int n = 0; n < 70; n++)
        ck_assert_int_eq(rotate_quietly(), BK_OK);
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_int_le(st.st_size, 37 + 2 * 40);
    tx = serverhost_begin();
    for (size_t i = 0; i < count; i++)
        ck_assert_msg(anew(tx, all[i].select, &all[i].place, all[i].insert), "%s", all[i].select);
    bk_tx_rollback(&tx);
}
END_TEST

/* A file that was filled without anything being sealed anew. */
START_TEST(rotation_makes_room_in_a_full_file)
{
    enum bk_err err = BK_OK;
    const struct bk_place place = {"outbox", "payload_sealed", "O1"};
    struct bk_tx *tx = serverhost_begin();
    put_sealed(tx, &place, "x",
               "INSERT INTO outbox (id, kind, dedupe, payload_sealed, state, attempts, next_at,"
               " created_at, give_up_at, done_at, last_error)"
               " VALUES ($1, '', '', $2, '', 0, 0, 0, 0, 0, '')");
    serverhost_commit(tx);
    for (int i = 0; i < 80 && err == BK_OK; i++)
        err = bk_escrow_rotate(host.app.escrow);
    ck_assert_int_eq(err, BK_EFULL);
    ck_assert_int_eq(rotate_quietly(), BK_OK);
    tx = serverhost_begin();
    ck_assert(anew(tx, "SELECT payload_sealed FROM outbox", &place, "x"));
    bk_tx_rollback(&tx);
}
END_TEST

/* More than one answer of the database may hold, and more than one page. */
START_TEST(rotation_seals_however_many)
{
    enum { ROWS = 1100, BYTES = 64 * 1024 };
    char row[16], select[80];
    char *text = malloc(BYTES + 1);
    ck_assert_ptr_nonnull(text);
    memset(text, 's', BYTES);
    text[BYTES] = 0;
    struct bk_place place = {"outbox", "payload_sealed", row};
    struct bk_tx *tx = serverhost_begin();
    for (int i = 0; i < ROWS; i++) {
        (void)snprintf(row, sizeof row, "O%04d", i);
        put_sealed(tx, &place, text,
                   "INSERT INTO outbox (id, kind, dedupe, payload_sealed, state, attempts, next_at,"
                   " created_at, give_up_at, done_at, last_error)"
                   " VALUES ($1, '', $1, $2, '', 0, 0, 0, 0, 0, '')");
    }
    serverhost_commit(tx);
    ck_assert_int_eq(rotate_quietly(), BK_OK);
    tx = serverhost_begin();
    for (int i = 0; i < ROWS; i += 499) {
        (void)snprintf(row, sizeof row, "O%04d", i);
        (void)snprintf(select, sizeof select, "SELECT payload_sealed FROM outbox WHERE id = '%s'",
                       row);
        ck_assert_msg(anew(tx, select, &place, text), "%s", row);
    }
    bk_tx_rollback(&tx);
    free(text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("server_rotate");
    TCase *tc = serverhost_case(suite, "rotate");
    tcase_add_test(tc, rotated_keys_still_open_what_is_old);
    tcase_add_test(tc, rotation_is_seen_by_who_was_open_already);
    tcase_add_test(tc, rotation_counts_for_who_seals_already);
    tcase_add_test(tc, rotation_seals_everything_anew_any_number_of_times);
    tcase_add_test(tc, rotation_makes_room_in_a_full_file);
    tcase_add_test(tc, rotation_seals_however_many);
    return run_suite(suite);
}
