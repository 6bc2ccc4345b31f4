/* SPDX-License-Identifier: Apache-2.0 */
#include "server/unlock_review.h"

#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "base/log.h"
#include "base/secret.h"
#include "server/calendar.h"
#include "server/ident.h"
#include "server/limits.h"
#include "server/unlock_tell.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)

static struct bk_place place_of(const char *id)
{
    return (struct bk_place){.table = "unlock_reviews", .column = "contact_sealed", .row = id};
}

enum bk_err bk_unlock_review_add(struct bk_app *app, struct bk_tx *tx,
                                 const struct bk_unlock_review *r)
{
    struct bk_buf sealed = BK_BUF_INIT;
    const struct bk_place place = place_of(r->unlock.id);
    enum bk_err err = bk_escrow_seal(app->escrow, &place, r->contact, strlen(r->contact), &sealed);
    if (err == BK_OK)
        err = bk_tx_exec(
            tx,
            "INSERT INTO unlock_reviews (unlock_id, token_hash, company, contact_sealed, state,"
            " entered_at, due_at, guessed, reason, decided_by, decided_at, over_at)"
            " VALUES ($1, $2, $3, $4, 'draft', 0, 0, 0, '', '', 0, $5)",
            BK_VALS(bk_text(r->unlock.id), bk_bytes(r->token_hash, sizeof r->token_hash),
                    bk_text(r->company), bk_bytes(sealed.data, sealed.len),
                    bk_int(r->unlock.expires_at)),
            NULL);
    bk_buf_free(&sealed);
    return err;
}

static enum bk_err open_contact(struct bk_app *app, const struct bk_rows *row,
                                struct bk_unlock_review *r)
{
    struct bk_buf text = BK_BUF_INIT;
    const struct bk_place place = place_of(r->unlock.id);
    if (bk_row_null(row, 0, 2))
        return BK_OK;
    enum bk_err err = bk_escrow_open_sealed(app->escrow, &place, bk_row_bytes(row, 0, 2), &text);
    if (err == BK_OK)
        (void)snprintf(r->contact, sizeof r->contact, "%.*s", (int)text.len,
                       (const char *)text.data);
    bk_buf_free(&text);
    return err;
}

enum bk_err bk_unlock_review_load(struct bk_app *app, struct bk_tx *tx, const char *id,
                                  struct bk_unlock_review *r)
{
    struct bk_rows row = BK_ROWS_INIT;
    memset(r, 0, sizeof *r);
    enum bk_err err = bk_unlock_load(tx, id, &r->unlock);
    if (err == BK_OK)
        err = bk_tx_get(tx,
                        "SELECT token_hash, company, contact_sealed, state, entered_at, due_at,"
                        " guessed, reason, decided_by, decided_at FROM unlock_reviews"
                        " WHERE unlock_id = $1",
                        BK_VALS(bk_text(id)), &row);
    if (err == BK_OK) {
        struct bk_rd hash = bk_row_bytes(&row, 0, 0);
        bk_row_copy(&row, 0, 1, r->company, sizeof r->company);
        bk_row_copy(&row, 0, 3, r->state, sizeof r->state);
        r->entered_at = bk_row_int(&row, 0, 4);
        r->due_at = bk_row_int(&row, 0, 5);
        r->guessed = bk_row_int(&row, 0, 6) != 0;
        bk_row_copy(&row, 0, 7, r->reason, sizeof r->reason);
        bk_row_copy(&row, 0, 8, r->decided_by, sizeof r->decided_by);
        r->decided_at = bk_row_int(&row, 0, 9);
        err = hash.left == 32 ? bk_rd_copy(&hash, r->token_hash, 32) : BK_ECORRUPT;
    }
    if (err == BK_OK)
        err = open_contact(app, &row, r);
    bk_rows_free(&row);
    return err;
}

/* --- the queue --- */

static enum bk_err move(struct bk_tx *tx, struct bk_unlock *unlock, enum bk_unlock_state to,
                        int64_t expires_at, int64_t now)
{
    unlock->state = to;
    unlock->expires_at = expires_at;
    enum bk_err err = bk_tx_exec(tx, "UPDATE unlocks SET expires_at = $1 WHERE id = $2",
                                 BK_VALS(bk_int(expires_at), bk_text(unlock->id)), NULL);
    return err == BK_OK ? bk_unlock_save(tx, unlock, now) : err;
}

/* The link that stops it is the same from the first word of it to the last: whoever finds an old
 * message must be able to use it. */
static enum bk_err make_link(struct bk_app *app, struct bk_tx *tx, const struct bk_unlock_review *r,
                             char token[BK_SUSPEND_TOKEN + 1])
{
    uint8_t secret[32], hash[32];
    const char *id = r->unlock.id;
    enum bk_err err = bk_escrow_hash(app->escrow, "unlock-link", id, strlen(id), secret);
    if (err != BK_OK)
        return err;
    bk_hex_text(secret, BK_SUSPEND_TOKEN / 2, token);
    err = bk_escrow_hash(app->escrow, "unlock-suspend", token, BK_SUSPEND_TOKEN, hash);
    return err == BK_OK ? bk_tx_exec(tx, "UPDATE unlocks SET suspend_hash = $1 WHERE id = $2",
                                     BK_VALS(bk_bytes(hash, sizeof hash), bk_text(id)), NULL)
                        : err;
}

/* Whoever knows a serial number can hand something in: so often a day its contacts hear of that.
 * Of what staff approve they always do. */
static enum bk_err announce(struct bk_app *app, struct bk_tx *tx, const struct bk_unlock_review *r,
                            int64_t now)
{
    int64_t wait = 0;
    char token[BK_SUSPEND_TOKEN + 1] = "";
    enum bk_err err = bk_limit_take(tx, "unlock-key-documents", r->unlock.serial, now, DAY_MS,
                                    app->policy.key_per_day, &wait);
    if (err == BK_OK)
        err = make_link(app, tx, r, token);
    const struct bk_unlock_news news = {.id = r->unlock.id,
                                        .serial = r->unlock.serial,
                                        .way = BK_UNLOCK_BY_DOCUMENTS,
                                        .phone = "",
                                        .token = token,
                                        .word = wait ? BK_WORD_NONE : BK_WORD_NOTICE,
                                        .now = now,
                                        .expires_at = now + DAY_MS,
                                        .code_at = now};
    return err == BK_OK ? bk_unlock_tell_asked(app, tx, &news) : err;
}

enum bk_err bk_unlock_review_enter(struct bk_app *app, struct bk_tx *tx, struct bk_unlock_review *r,
                                   int64_t now)
{
    struct bk_rows papers = BK_ROWS_INIT;
    enum bk_err err = bk_paper_list(tx, r->unlock.id, &papers);
    bool whole = papers.count == BK_PAPERS;
    int64_t over = now + app->policy.abandoned_ms;
    bk_rows_free(&papers);
    if (err != BK_OK)
        return err;
    if (r->unlock.state != BK_UNLOCK_DRAFT || !whole)
        return BK_ESTATE;
    r->due_at = bk_calendar_due(app->calendar, now, app->policy.review_days, &r->guessed);
    r->entered_at = now;
    (void)snprintf(r->state, sizeof r->state, "open");
    err = move(tx, &r->unlock, BK_UNLOCK_REVIEW, over, now);
    if (err == BK_OK && r->guessed)
        bk_log(BK_LOG_WARN,
               "review: the calendar doesn't know the year that unlock %s is due in: counted by"
               " Monday to Friday",
               r->unlock.id);
    if (err == BK_OK)
        err = bk_tx_exec(tx,
                         "UPDATE unlock_reviews SET state = 'open', entered_at = $1, due_at = $2,"
                         " guessed = $3, over_at = $4 WHERE unlock_id = $5",
                         BK_VALS(bk_int(now), bk_int(r->due_at), bk_int(r->guessed), bk_int(over),
                                 bk_text(r->unlock.id)),
                         NULL);
    return err == BK_OK ? announce(app, tx, r, now) : err;
}

enum bk_err bk_unlock_review_list(struct bk_tx *tx, int64_t now, struct bk_rows *rows)
{
    return bk_tx_query(tx,
                       "SELECT u.id, u.serial, r.company, r.entered_at, r.due_at, r.guessed"
                       " FROM unlock_reviews r JOIN unlocks u ON u.id = r.unlock_id"
                       " WHERE r.state = 'open' AND u.state = 'review' AND r.over_at >= $1"
                       " ORDER BY r.due_at, u.id",
                       BK_VALS(bk_int(now)), rows);
}

enum bk_err bk_unlock_review_recorded(struct bk_tx *tx, const struct bk_unlock_review *r,
                                      bool *recorded)
{
    struct bk_rows rows = BK_ROWS_INIT;
    enum bk_err err = bk_key_contacts(tx, r->unlock.serial, &rows);
    *recorded = false;
    for (size_t i = 0; err == BK_OK && i < rows.count; i++)
        *recorded = *recorded || strcmp(bk_row_text(&rows, i, 0), r->contact) == 0;
    bk_rows_free(&rows);
    return err;
}

/* --- the decision --- */

/* Decided once: who comes second finds it in another state. */
static enum bk_err decide(struct bk_app *app, struct bk_tx *tx, struct bk_unlock_review *r,
                          const char *state, const char *reason, const struct bk_audit *who,
                          int64_t now)
{
    char object[48];
    struct bk_audit entry = *who;
    (void)snprintf(object, sizeof object, "unlock:%s", r->unlock.id);
    entry.action = strcmp(state, "approved") == 0 ? "unlock.approved" : "unlock.rejected";
    entry.object = object;
    entry.detail = reason;
    enum bk_err err = bk_tx_exec(
        tx,
        "UPDATE unlock_reviews SET state = $1, reason = $2, decided_by = $3, decided_at = $4,"
        " over_at = $5 WHERE unlock_id = $6",
        BK_VALS(bk_text(state), bk_text(reason), bk_text(who->actor), bk_int(now),
                bk_int(now + app->policy.abandoned_ms), bk_text(r->unlock.id)),
        NULL);
    return err == BK_OK ? bk_audit_add(tx, &entry) : err;
}

static bool waits(const struct bk_unlock_review *r, int64_t now)
{
    return r->unlock.state == BK_UNLOCK_REVIEW && now <= r->unlock.expires_at;
}

/* It is as one that was asked for now by another way, but for its id. */
static enum bk_err keep_code(struct bk_app *app, struct bk_tx *tx, struct bk_unlock_review *r,
                             const char *code, int64_t expires_at, int64_t now)
{
    uint8_t hash[32];
    enum bk_err err = bk_code_hash(app->escrow, r->unlock.id, code, hash);
    if (err == BK_OK)
        err = bk_tx_exec(tx, "UPDATE unlocks SET code_hash = $1, matched = 1 WHERE id = $2",
                         BK_VALS(bk_bytes(hash, sizeof hash), bk_text(r->unlock.id)), NULL);
    return err == BK_OK ? move(tx, &r->unlock, BK_UNLOCK_OPEN, expires_at, now) : err;
}

/* A mail may take its time. */
static int64_t code_end(const struct bk_app *app, const struct bk_unlock_review *r, int64_t code_at)
{
    int64_t until = bk_unlock_review_until(app, r), end = code_at + app->policy.code_ms;
    return strchr(r->contact, '@') || end > until ? until : end;
}

static enum bk_err send_code(struct bk_app *app, struct bk_tx *tx, struct bk_unlock_review *r,
                             int64_t code_at, int64_t now)
{
    char code[BK_CODE + 1] = "", token[BK_SUSPEND_TOKEN + 1] = "";
    bool mail = strchr(r->contact, '@') != NULL;
    enum bk_err err = bk_random_text("BCDFGHJKLMNPQRSTVWXZ", BK_CODE, code);
    if (err == BK_OK)
        err = make_link(app, tx, r, token);
    if (err == BK_OK)
        err = keep_code(app, tx, r, code, code_end(app, r, code_at), now);
    const struct bk_unlock_news news = {.id = r->unlock.id,
                                        .serial = r->unlock.serial,
                                        .way = BK_UNLOCK_BY_DOCUMENTS,
                                        .phone = mail ? "" : r->contact,
                                        .mail = mail ? r->contact : "",
                                        .code = code,
                                        .token = token,
                                        .word = BK_WORD_CODE,
                                        .now = now,
                                        .expires_at = r->unlock.expires_at,
                                        .code_at = code_at};
    if (err == BK_OK)
        err = bk_unlock_tell(app, tx, &news);
    bk_wipe(code, sizeof code);
    return err;
}

int64_t bk_unlock_review_until(const struct bk_app *app, const struct bk_unlock_review *r)
{
    return r->decided_at + app->policy.unlock_delay_ms + app->policy.reviewed_ms;
}

enum bk_err bk_unlock_review_approve(struct bk_app *app, struct bk_tx *tx,
                                     struct bk_unlock_review *r, const struct bk_audit *who,
                                     int64_t now)
{
    struct bk_key key;
    if (!waits(r, now))
        return BK_ESTATE;
    enum bk_err err = bk_key_find(tx, r->unlock.serial, &key);
    r->decided_at = now;
    if (err == BK_OK)
        err = send_code(app, tx, r, now + app->policy.unlock_delay_ms, now);
    return err == BK_OK ? decide(app, tx, r, "approved", "", who, now) : err;
}

enum bk_err bk_unlock_review_again(struct bk_app *app, struct bk_tx *tx, struct bk_unlock_review *r,
                                   int64_t now)
{
    return send_code(app, tx, r, now, now);
}

enum bk_err bk_unlock_review_reject(struct bk_app *app, struct bk_tx *tx,
                                    struct bk_unlock_review *r, const char *reason,
                                    const struct bk_audit *who, int64_t now)
{
    size_t len = strlen(reason);
    if (!len || len > BK_REASON_MAX || !bk_text_is_plain(reason, len))
        return BK_EINVAL;
    if (!waits(r, now))
        return BK_ESTATE;
    enum bk_err err = move(tx, &r->unlock, BK_UNLOCK_REJECTED, r->unlock.expires_at, now);
    if (err == BK_OK)
        err = bk_unlock_tell_rejected(app, tx, &r->unlock, r->contact, reason, now);
    return err == BK_OK ? decide(app, tx, r, "rejected", reason, who, now) : err;
}
