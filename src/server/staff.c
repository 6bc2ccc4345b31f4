/* SPDX-License-Identifier: Apache-2.0 */
#include "server/staff.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "crypto/ctx.h"
#include "server/staff_session.h"
#include "server/totp.h"

static const struct {
    enum bk_staff_role role;
    const char *name;
} roles_known[] = {{BK_STAFF_REVIEWER, "reviewer"},
                   {BK_STAFF_PRODUCER, "producer"},
                   {BK_STAFF_AUDITOR, "auditor"}};
#define ROLES (sizeof roles_known / sizeof *roles_known)

/* 32 MiB; OWASP's advice for one lane. An account keeps that of its password until its next log-in.
 */
static const struct bk_scrypt_cost cost_now = {.log_n = 15, .r = 8, .p = 3};
#define LANES 8u /* at once, of an older cost's work that is filled up */

bool bk_staff_roles_read(const char *text, unsigned *roles)
{
    *roles = 0;
    for (;;) {
        size_t len = strcspn(text, ","), i = 0;
        while (i < ROLES &&
               (strlen(roles_known[i].name) != len || strncmp(roles_known[i].name, text, len) != 0))
            i++;
        if (i == ROLES)
            return false;
        *roles |= (unsigned)roles_known[i].role;
        if (!text[len])
            return true;
        text += len + 1;
    }
}

void bk_staff_roles_text(unsigned roles, char text[BK_STAFF_ROLES])
{
    size_t n = 0;
    *text = 0;
    for (size_t i = 0; i < ROLES; i++)
        if (roles & (unsigned)roles_known[i].role)
            n += (size_t)snprintf(text + n, BK_STAFF_ROLES - n, "%s%s", n ? "," : "",
                                  roles_known[i].name);
}

bool bk_staff_name_valid(const char *name)
{
    size_t len = strlen(name);
    return len && len <= BK_STAFF_NAME && *name >= 'a' && *name <= 'z' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == len &&
           strncmp(name, "uid-", 4) != 0;
}

bool bk_staff_password_valid(const char *password)
{
    size_t len = strlen(password);
    return len >= BK_STAFF_PASSWORD_MIN && len <= BK_STAFF_PASSWORD_MAX &&
           bk_text_is_plain(password, len);
}

/* --- passwords --- */

static uint64_t work_of(const struct bk_scrypt_cost *c)
{
    return ((uint64_t)c->r * c->p) << c->log_n;
}

/* What a hash of an older cost is less work than one of the present cost is done for nothing: twice
 * as long, or half, would tell whoever waits which accounts there are. It takes nearly as long; the
 * rest is memory that is smaller or asked for twice. */
static enum bk_err fill_up(const struct bk_scrypt_cost *older, const char *password)
{
    struct bk_scrypt_cost fill = {.log_n = older->log_n, .r = older->r, .p = 1};
    uint8_t key[BK_STAFF_HASH];
    enum bk_err err = BK_OK;
    uint64_t done = work_of(older), unit = work_of(&fill), all = work_of(&cost_now);
    while (err == BK_OK && done + unit <= all) {
        uint64_t units = (all - done) / unit;
        fill.p = units < LANES ? (unsigned)units : LANES;
        err = bk_scrypt(&fill, password, strlen(password), "", 0, key, sizeof key);
        done += work_of(&fill);
    }
    bk_wipe(key, sizeof key);
    return err;
}

enum bk_err bk_staff_password_hash(const struct bk_escrow *escrow, const char *password,
                                   const struct bk_staff_password *as, uint8_t hash[BK_STAFF_HASH])
{
    static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER; /* the memory of one is enough */
    uint8_t key[BK_STAFF_HASH];
    (void)pthread_mutex_lock(&turn);
    enum bk_err err = bk_scrypt(&as->cost, password, strlen(password), as->salt, sizeof as->salt,
                                key, sizeof key);
    if (err == BK_OK)
        err = fill_up(&as->cost, password);
    (void)pthread_mutex_unlock(&turn);
    if (err == BK_OK)
        err = bk_escrow_hash(escrow, "staff-password", key, sizeof key, hash);
    bk_wipe(key, sizeof key);
    return err;
}

enum bk_err bk_staff_password_make(const struct bk_escrow *escrow, const char *password,
                                   struct bk_staff_password *made)
{
    made->cost = cost_now;
    enum bk_err err = bk_random(made->salt, sizeof made->salt);
    return err == BK_OK ? bk_staff_password_hash(escrow, password, made, made->hash) : err;
}

bool bk_staff_password_is_old(const struct bk_staff_password *password)
{
    const struct bk_scrypt_cost *c = &password->cost;
    return c->log_n != cost_now.log_n || c->r != cost_now.r || c->p != cost_now.p;
}

void bk_staff_password_decoy(struct bk_staff_password *decoy)
{
    *decoy = (struct bk_staff_password){.cost = cost_now};
}

/* --- accounts --- */

static struct bk_place place_of(const char *name)
{
    return (struct bk_place){.table = "staff", .column = "totp_sealed", .row = name};
}

static enum bk_err make_secret(const struct bk_escrow *escrow, const char *name,
                               struct bk_secret *secret, struct bk_buf *sealed)
{
    const struct bk_place place = place_of(name);
    enum bk_err err = bk_secret_set(secret, NULL, BK_TOTP_SECRET);
    if (err == BK_OK)
        err = bk_random(secret->data, secret->len);
    return err == BK_OK ? bk_escrow_seal(escrow, &place, secret->data, secret->len, sealed) : err;
}

enum bk_err bk_staff_add(struct bk_tx *tx, const struct bk_escrow *escrow, const char *name,
                         unsigned roles, const struct bk_staff_password *password,
                         struct bk_secret *secret, int64_t now)
{
    char text[BK_STAFF_ROLES];
    struct bk_buf sealed = BK_BUF_INIT;
    bk_staff_roles_text(roles, text);
    enum bk_err err = make_secret(escrow, name, secret, &sealed);
    if (err == BK_OK)
        err = bk_tx_exec(tx,
                         "INSERT INTO staff (name, roles, state, scrypt_log_n, scrypt_r, scrypt_p,"
                         " salt, password_hash, totp_sealed, totp_step, known, created_at,"
                         " login_at)"
                         " VALUES ($1, $2, 'enabled', $3, $4, $5, $6, $7, $8, 0, '', $9, 0)",
                         BK_VALS(bk_text(name), bk_text(text), bk_int(password->cost.log_n),
                                 bk_int(password->cost.r), bk_int(password->cost.p),
                                 bk_bytes(password->salt, sizeof password->salt),
                                 bk_bytes(password->hash, sizeof password->hash),
                                 bk_bytes(sealed.data, sealed.len), bk_int(now)),
                         NULL);
    bk_buf_free(&sealed);
    return err;
}

static enum bk_err read_row(const struct bk_rows *row, struct bk_staff *staff)
{
    struct bk_rd salt = bk_row_bytes(row, 0, 5), hash = bk_row_bytes(row, 0, 6);
    bk_row_copy(row, 0, 0, staff->name, sizeof staff->name);
    staff->enabled = strcmp(bk_row_text(row, 0, 1), "enabled") == 0;
    staff->password.cost = (struct bk_scrypt_cost){.log_n = (unsigned)bk_row_int(row, 0, 2),
                                                   .r = (unsigned)bk_row_int(row, 0, 3),
                                                   .p = (unsigned)bk_row_int(row, 0, 4)};
    staff->totp_step = bk_row_int(row, 0, 7);
    bk_row_copy(row, 0, 8, staff->known, sizeof staff->known);
    staff->created_at = bk_row_int(row, 0, 9);
    staff->login_at = bk_row_int(row, 0, 10);
    if (!bk_staff_roles_read(bk_row_text(row, 0, 11), &staff->roles) ||
        bk_rd_copy(&salt, staff->password.salt, BK_STAFF_SALT) != BK_OK ||
        bk_rd_copy(&hash, staff->password.hash, BK_STAFF_HASH) != BK_OK)
        return BK_ECORRUPT;
    return BK_OK;
}

enum bk_err bk_staff_find(struct bk_tx *tx, const char *name, struct bk_staff *staff)
{
    struct bk_rows row = BK_ROWS_INIT;
    enum bk_err err =
        bk_tx_get(tx,
                  "SELECT name, state, scrypt_log_n, scrypt_r, scrypt_p, salt, password_hash,"
                  " totp_step, known, created_at, login_at, roles FROM staff WHERE name = $1",
                  BK_VALS(bk_text(name)), &row);
    if (err == BK_OK)
        err = read_row(&row, staff);
    bk_rows_free(&row);
    return err;
}

enum bk_err bk_staff_secret(struct bk_tx *tx, const struct bk_escrow *escrow, const char *name,
                            struct bk_buf *secret)
{
    const struct bk_place place = place_of(name);
    struct bk_rows row = BK_ROWS_INIT;
    enum bk_err err = bk_tx_get(tx, "SELECT totp_sealed FROM staff WHERE name = $1",
                                BK_VALS(bk_text(name)), &row);
    if (err == BK_OK)
        err = bk_escrow_open_sealed(escrow, &place, bk_row_bytes(&row, 0, 0), secret);
    bk_rows_free(&row);
    return err;
}

/* A change that was made to no row is one of an account that isn't there. */
static enum bk_err changed(struct bk_tx *tx, enum bk_err err, int64_t count, const char *name)
{
    if (err == BK_OK && !count)
        return BK_ENOTFOUND;
    return err == BK_OK ? bk_staff_session_end_all(tx, name) : err;
}

static enum bk_err write_password(struct bk_tx *tx, const char *name,
                                  const struct bk_staff_password *password, int64_t *count)
{
    return bk_tx_exec(tx,
                      "UPDATE staff SET scrypt_log_n = $1, scrypt_r = $2, scrypt_p = $3, salt = $4,"
                      " password_hash = $5 WHERE name = $6",
                      BK_VALS(bk_int(password->cost.log_n), bk_int(password->cost.r),
                              bk_int(password->cost.p),
                              bk_bytes(password->salt, sizeof password->salt),
                              bk_bytes(password->hash, sizeof password->hash), bk_text(name)),
                      count);
}

enum bk_err bk_staff_set_password(struct bk_tx *tx, const char *name,
                                  const struct bk_staff_password *password)
{
    int64_t count = 0;
    enum bk_err err = write_password(tx, name, password, &count);
    return changed(tx, err, count, name);
}

enum bk_err bk_staff_renew_password(struct bk_tx *tx, const char *name,
                                    const struct bk_staff_password *password)
{
    return write_password(tx, name, password, NULL);
}

enum bk_err bk_staff_new_secret(struct bk_tx *tx, const struct bk_escrow *escrow, const char *name,
                                struct bk_secret *secret)
{
    int64_t count = 0;
    struct bk_buf sealed = BK_BUF_INIT;
    enum bk_err err = make_secret(escrow, name, secret, &sealed);
    if (err == BK_OK)
        err = bk_tx_exec(tx, "UPDATE staff SET totp_sealed = $1, totp_step = 0 WHERE name = $2",
                         BK_VALS(bk_bytes(sealed.data, sealed.len), bk_text(name)), &count);
    bk_buf_free(&sealed);
    return changed(tx, err, count, name);
}

enum bk_err bk_staff_set_roles(struct bk_tx *tx, const char *name, unsigned roles)
{
    char text[BK_STAFF_ROLES];
    int64_t count = 0;
    bk_staff_roles_text(roles, text);
    enum bk_err err = bk_tx_exec(tx, "UPDATE staff SET roles = $1 WHERE name = $2",
                                 BK_VALS(bk_text(text), bk_text(name)), &count);
    return changed(tx, err, count, name);
}

enum bk_err bk_staff_enable(struct bk_tx *tx, const char *name, bool enabled)
{
    int64_t count = 0;
    enum bk_err err =
        bk_tx_exec(tx, "UPDATE staff SET state = $1 WHERE name = $2",
                   BK_VALS(bk_text(enabled ? "enabled" : "disabled"), bk_text(name)), &count);
    return changed(tx, err, count, name);
}

enum bk_err bk_staff_list(struct bk_tx *tx, struct bk_rows *rows)
{
    return bk_tx_query(tx,
                       "SELECT name, roles, state, created_at, login_at FROM staff ORDER BY name",
                       BK_NO_VALS, rows);
}
