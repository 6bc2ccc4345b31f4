/* SPDX-License-Identifier: Apache-2.0 */
/* The documents of unlocks, and their end. */
#include <stdio.h>
#include <string.h>

#include "server/unlock_review.h"

#define AT_ONCE 100

const char *const bk_paper_kinds[BK_PAPERS] = {"licence", "operator-id-front", "operator-id-back",
                                               "letter"};

bool bk_paper_is_kind(const char *name)
{
    for (size_t i = 0; i < BK_PAPERS; i++)
        if (strcmp(bk_paper_kinds[i], name) == 0)
            return true;
    return false;
}

enum bk_err bk_paper_list(struct bk_tx *tx, const char *id, struct bk_rows *rows)
{
    return bk_tx_query(tx,
                       "SELECT d.kind, u.type, u.size, d.digest, d.created_at"
                       " FROM unlock_documents d JOIN uploads u ON u.digest = d.digest"
                       " WHERE d.unlock_id = $1 ORDER BY d.kind",
                       BK_VALS(bk_text(id)), rows);
}

enum bk_err bk_paper_find(struct bk_tx *tx, const char *id, const char *kind, char digest[65])
{
    struct bk_rows row = BK_ROWS_INIT;
    *digest = 0;
    enum bk_err err =
        bk_tx_get(tx, "SELECT digest FROM unlock_documents WHERE unlock_id = $1 AND kind = $2",
                  BK_VALS(bk_text(id), bk_text(kind)), &row);
    if (err == BK_OK)
        bk_row_copy(&row, 0, 0, digest, 65);
    bk_rows_free(&row);
    return err;
}

enum bk_err bk_paper_attach(struct bk_app *app, struct bk_tx *tx, const struct bk_upload *upload,
                            const char *id, const char *kind, int64_t now)
{
    char old[65];
    enum bk_err err = bk_paper_find(tx, id, kind, old);
    if (err == BK_OK || err == BK_ENOTFOUND)
        err = bk_upload_enter(tx, upload, now);
    if (err == BK_OK)
        err = bk_tx_exec(tx,
                         "INSERT INTO unlock_documents (unlock_id, kind, digest, created_at)"
                         " VALUES ($1, $2, $3, $4) ON CONFLICT (unlock_id, kind)"
                         " DO UPDATE SET digest = $3, created_at = $4",
                         BK_VALS(bk_text(id), bk_text(kind), bk_text(upload->digest), bk_int(now)),
                         NULL);
    return err == BK_OK && *old && strcmp(old, upload->digest) != 0
               ? bk_upload_unused(app, tx, old, now)
               : err;
}

/* --- the end --- */

static enum bk_err detach(struct bk_app *app, struct bk_tx *tx, const char *id, int64_t now)
{
    struct bk_rows old = BK_ROWS_INIT;
    enum bk_err err = bk_paper_list(tx, id, &old);
    if (err == BK_OK)
        err = bk_tx_exec(tx, "DELETE FROM unlock_documents WHERE unlock_id = $1",
                         BK_VALS(bk_text(id)), NULL);
    for (size_t i = 0; err == BK_OK && i < old.count; i++)
        err = bk_upload_unused(app, tx, bk_row_text(&old, i, 3), now);
    bk_rows_free(&old);
    return err;
}

static enum bk_err forget(struct bk_app *app, struct bk_tx *tx, const char *id, int64_t now)
{
    char object[48];
    int64_t changed = 0;
    (void)snprintf(object, sizeof object, "unlock:%s", id);
    const struct bk_audit entry = {.actor = "system",
                                   .address = "",
                                   .action = "unlock.forgotten",
                                   .object = object,
                                   .detail = ""};
    /* unless another daemon has */
    enum bk_err err = bk_tx_exec(tx,
                                 "UPDATE unlock_reviews SET contact_sealed = NULL"
                                 " WHERE unlock_id = $1 AND contact_sealed IS NOT NULL",
                                 BK_VALS(bk_text(id)), &changed);
    if (err == BK_OK && changed)
        err = bk_tx_exec(tx,
                         "UPDATE unlocks SET state = 'void' WHERE id = $1"
                         " AND state IN ('draft', 'review')",
                         BK_VALS(bk_text(id)), NULL);
    if (err == BK_OK && changed)
        err = detach(app, tx, id, now);
    return err == BK_OK && changed ? bk_audit_add(tx, &entry) : err;
}

enum bk_err bk_unlock_review_clean(struct bk_app *app, int64_t now)
{
    struct bk_tx *tx = NULL;
    struct bk_rows rows = BK_ROWS_INIT;
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_tx_query(tx,
                          "SELECT unlock_id FROM unlock_reviews WHERE contact_sealed IS NOT NULL"
                          " AND over_at < $1 ORDER BY over_at LIMIT $2",
                          BK_VALS(bk_int(now), bk_int(AT_ONCE)), &rows);
    for (size_t i = 0; err == BK_OK && i < rows.count; i++)
        err = forget(app, tx, bk_row_text(&rows, i, 0), now);
    bk_rows_free(&rows);
    return bk_tx_end(&tx, err);
}
