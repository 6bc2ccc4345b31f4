/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "server/admin_review.h"
#include "server/ident.h"
#include "server/keys.h"
#include "server/unlock_review.h"

enum bk_err bk_admin_unlock_list(struct bk_app *app, FILE *to)
{
    struct bk_tx *tx = NULL;
    struct bk_rows rows = BK_ROWS_INIT;
    int64_t now = bk_now_ms();
    enum bk_err err = bk_tx_look(app->store, &tx);
    if (err == BK_OK)
        err = bk_unlock_review_list(tx, now, &rows);
    bk_tx_rollback(&tx);
    bool guessed = false;
    for (size_t i = 0; err == BK_OK && i < rows.count; i++) {
        const struct bk_admin_due due = {.entered_at = bk_row_int(&rows, i, 3),
                                         .due_at = bk_row_int(&rows, i, 4),
                                         .guessed = bk_row_int(&rows, i, 5) != 0,
                                         .now = now};
        (void)fprintf(to, "%s %s ", bk_row_text(&rows, i, 0), bk_row_text(&rows, i, 1));
        bk_admin_print_due(&due, to);
        (void)fprintf(to, " %s\n", bk_row_text(&rows, i, 2));
        guessed = guessed || due.guessed;
    }
    if (guessed)
        bk_admin_print_guessed(to);
    bk_rows_free(&rows);
    return err;
}

static enum bk_err load(struct bk_app *app, struct bk_tx *tx, const char *id,
                        struct bk_unlock_review *r, struct bk_admin_why *why)
{
    enum bk_err err = bk_unlock_review_load(app, tx, id, r);
    if (err == BK_ENOTFOUND)
        (void)snprintf(why->text, sizeof why->text,
                       "no unlock that was asked for with documents has the id %s", id);
    return err;
}

static enum bk_err print_facts(struct bk_tx *tx, const struct bk_unlock_review *r, FILE *to)
{
    struct bk_key key;
    bool recorded = false;
    enum bk_err err = bk_key_find(tx, r->unlock.serial, &key);
    bool known = err == BK_OK;
    if (err == BK_OK || err == BK_ENOTFOUND)
        err = bk_unlock_review_recorded(tx, r, &recorded);
    if (err != BK_OK)
        return err;
    (void)fprintf(to, "unlock: %s\nstate: %s\nkey: %s\n", r->unlock.id, r->state, r->unlock.serial);
    if (known)
        (void)fprintf(to, "company on record: %s\nholder on record: %s\n", key.company, key.holder);
    else
        (void)fprintf(to, "the key isn't registered\n");
    (void)fprintf(to, "company as typed: %s\nthe code goes to: %s\non record: %s\n", r->company,
                  r->contact, recorded ? "yes" : "no: it must stand in the documents");
    if (*r->decided_by)
        (void)fprintf(to, "decided by: %s\n", r->decided_by);
    if (*r->reason)
        (void)fprintf(to, "reason: %s\n", r->reason);
    return BK_OK;
}

enum bk_err bk_admin_unlock_show(struct bk_app *app, const char *id, FILE *to,
                                 struct bk_admin_why *why)
{
    struct bk_tx *tx = NULL;
    struct bk_rows papers = BK_ROWS_INIT;
    struct bk_unlock_review r;
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = load(app, tx, id, &r, why);
    if (err == BK_OK)
        err = print_facts(tx, &r, to);
    if (err == BK_OK)
        err = bk_paper_list(tx, id, &papers);
    if (err == BK_OK)
        bk_admin_print_documents(&papers, to);
    bk_rows_free(&papers);
    if (err == BK_OK)
        err = bk_admin_note(tx, "review.looked", "unlock", id, "");
    return bk_tx_end(&tx, err);
}

enum bk_err bk_admin_unlock_document(struct bk_app *app, const char *id, const char *kind,
                                     const char *file, struct bk_admin_why *why)
{
    char digest[65];
    struct bk_tx *tx = NULL;
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_paper_find(tx, id, kind, digest);
    if (err == BK_ENOTFOUND)
        (void)snprintf(why->text, sizeof why->text, "the unlock %s has no document \"%s\"", id,
                       kind);
    if (err == BK_OK)
        err = bk_admin_note(tx, "review.document", "unlock", id, kind);
    err = bk_tx_end(&tx, err);
    return err == BK_OK ? bk_admin_write_document(app, digest, file) : err;
}

enum bk_err bk_admin_unlock_decide(struct bk_app *app, const char *id, const char *reason,
                                   struct bk_admin_why *why)
{
    char actor[64];
    struct bk_tx *tx = NULL;
    struct bk_unlock_review r;
    const struct bk_audit who = {.actor = actor, .address = ""};
    int64_t now = bk_now_ms();
    (void)snprintf(actor, sizeof actor, "staff:uid-%u", (unsigned)getuid());
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = load(app, tx, id, &r, why);
    bool found = err == BK_OK;
    if (found && !reason && !*app->origin) {
        (void)snprintf(why->text, sizeof why->text,
                       "[server] origin is missing: the message has a link to it");
        err = BK_EUNSUPPORTED;
    } else if (found)
        err = reason ? bk_unlock_review_reject(app, tx, &r, reason, &who, now)
                     : bk_unlock_review_approve(app, tx, &r, &who, now);
    if (err == BK_ESTATE)
        (void)snprintf(why->text, sizeof why->text, "the unlock doesn't wait for a decision: %s",
                       r.state);
    if (err == BK_ENOTFOUND && found)
        (void)snprintf(why->text, sizeof why->text,
                       "the key isn't registered: it can only be rejected");
    if (err == BK_EINVAL)
        bk_admin_say_reason(why);
    return bk_tx_end(&tx, err);
}
