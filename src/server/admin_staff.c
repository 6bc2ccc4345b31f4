/* SPDX-License-Identifier: Apache-2.0 */
#include "server/admin_staff.h"

#include <time.h>

#include "server/ident.h"
#include "server/staff.h"
#include "server/staff_login.h"
#include "server/totp.h"

static enum bk_err read_roles(const char *text, unsigned *roles, struct bk_admin_why *why)
{
    if (bk_staff_roles_read(text, roles))
        return BK_OK;
    (void)snprintf(why->text, sizeof why->text,
                   "--roles is one or several of reviewer,producer,auditor, not \"%s\"", text);
    return BK_EINVAL;
}

static enum bk_err make_password(struct bk_app *app, const char *password,
                                 struct bk_staff_password *made, struct bk_admin_why *why)
{
    if (bk_staff_password_valid(password))
        return bk_staff_password_make(app->escrow, password, made);
    (void)snprintf(why->text, sizeof why->text,
                   "the password isn't %u to %u bytes of text without control characters",
                   BK_STAFF_PASSWORD_MIN, BK_STAFF_PASSWORD_MAX);
    return BK_EINVAL;
}

/* The end of each command: what there was to say, or an entry in the audit log. */
static enum bk_err finish(struct bk_tx **tx, enum bk_err err, const char *action, const char *name,
                          const char *detail, struct bk_admin_why *why)
{
    if (err == BK_ENOTFOUND)
        (void)snprintf(why->text, sizeof why->text,
                       "there is no account \"%s\"; staff list shows"
                       " them",
                       name);
    if (err == BK_OK)
        err = bk_admin_note(*tx, action, "staff", name, detail);
    if (err == BK_OK)
        return bk_tx_commit(tx);
    bk_tx_rollback(tx);
    return err;
}

enum bk_err bk_admin_staff_add(struct bk_app *app, const char *name, const char *roles_text,
                               const char *password, struct bk_buf *uri, struct bk_admin_why *why)
{
    unsigned roles = 0;
    char text[BK_STAFF_ROLES];
    struct bk_tx *tx = NULL;
    struct bk_staff_password made = {0};
    struct bk_secret secret = BK_SECRET_INIT;
    enum bk_err err = bk_staff_name_valid(name) ? BK_OK : BK_EINVAL;
    if (err != BK_OK)
        (void)snprintf(why->text, sizeof why->text,
                       "the name \"%s\" isn't 1 to %u of a to z, 0 to 9 and - _ . with a letter"
                       " first (and not uid-)",
                       name, BK_STAFF_NAME);
    if (err == BK_OK)
        err = read_roles(roles_text, &roles, why);
    if (err == BK_OK)
        err = make_password(app, password, &made, why);
    if (err == BK_OK)
        err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_staff_add(tx, app->escrow, name, roles, &made, &secret, bk_now_ms());
    if (err == BK_EEXISTS)
        (void)snprintf(why->text, sizeof why->text, "there is an account \"%s\" already", name);
    if (err == BK_OK)
        err = bk_totp_uri(app->name, name, secret.data, secret.len, uri);
    bk_staff_roles_text(roles, text);
    err = finish(&tx, err, "staff.added", name, text, why);
    bk_secret_free(&secret);
    return err;
}

enum bk_err bk_admin_staff_list(struct bk_app *app, FILE *to)
{
    struct bk_tx *tx = NULL;
    struct bk_rows rows = BK_ROWS_INIT;
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_staff_list(tx, &rows);
    bk_tx_rollback(&tx);
    for (size_t i = 0; err == BK_OK && i < rows.count; i++) {
        char made[32], login[32] = "-";
        bk_china_time(bk_row_int(&rows, i, 3), BK_TO_MACHINES, made);
        if (bk_row_int(&rows, i, 4))
            bk_china_time(bk_row_int(&rows, i, 4), BK_TO_MACHINES, login);
        (void)fprintf(to, "%s %s %s %s %s\n", bk_row_text(&rows, i, 0), bk_row_text(&rows, i, 2),
                      bk_row_text(&rows, i, 1), made, login);
    }
    bk_rows_free(&rows);
    return err;
}

enum bk_err bk_admin_staff_password(struct bk_app *app, const char *name, const char *password,
                                    struct bk_admin_why *why)
{
    struct bk_tx *tx = NULL;
    struct bk_staff_password made = {0};
    enum bk_err err = make_password(app, password, &made, why);
    if (err == BK_OK)
        err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_staff_set_password(tx, name, &made);
    if (err == BK_OK)
        err = bk_staff_forgive(tx, app->escrow, name);
    return finish(&tx, err, "staff.password", name, "", why);
}

enum bk_err bk_admin_staff_totp(struct bk_app *app, const char *name, struct bk_buf *uri,
                                struct bk_admin_why *why)
{
    struct bk_tx *tx = NULL;
    struct bk_secret secret = BK_SECRET_INIT;
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_staff_new_secret(tx, app->escrow, name, &secret);
    if (err == BK_OK)
        err = bk_totp_uri(app->name, name, secret.data, secret.len, uri);
    err = finish(&tx, err, "staff.totp", name, "", why);
    bk_secret_free(&secret);
    return err;
}

enum bk_err bk_admin_staff_roles(struct bk_app *app, const char *name, const char *roles_text,
                                 struct bk_admin_why *why)
{
    unsigned roles = 0;
    char text[BK_STAFF_ROLES];
    struct bk_tx *tx = NULL;
    enum bk_err err = read_roles(roles_text, &roles, why);
    if (err == BK_OK)
        err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_staff_set_roles(tx, name, roles);
    bk_staff_roles_text(roles, text);
    return finish(&tx, err, "staff.roles", name, text, why);
}

enum bk_err bk_admin_staff_enable(struct bk_app *app, const char *name, bool enabled,
                                  struct bk_admin_why *why)
{
    struct bk_tx *tx = NULL;
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_staff_enable(tx, name, enabled);
    return finish(&tx, err, enabled ? "staff.enabled" : "staff.disabled", name, "", why);
}
