/* SPDX-License-Identifier: Apache-2.0 */
/* Redeeming an authorisation code, and the messages of the run that follows. */
#include <stdio.h>
#include <string.h>

#include "server/api.h"
#include "server/ident.h"
#include "server/limits.h"
#include "server/unlock_review.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define CLIENT_SECRET 32u

struct turn {
    struct bk_unlock unlock;
    struct bk_unlock_in in;
    struct bk_buf secret, message, answer;
    char message_hash[65];
    const char *problem;
};

static void turn_free(struct turn *t)
{
    bk_buf_free(&t->secret);
    bk_buf_free(&t->message);
    bk_buf_free(&t->answer);
}

static enum bk_err read_turn(struct bk_req *req, struct turn *t, bool *refused)
{
    enum bk_err err =
        bk_req_bytes(req, "client_secret", CLIENT_SECRET, CLIENT_SECRET, &t->secret, refused);
    if (err == BK_OK && !*refused)
        err = bk_req_bytes(req, "message", 1, BK_UNLOCK_MESSAGE_MAX, &t->message, refused);
    if (err == BK_OK && !*refused)
        err = bk_sm3_hex(t->message.data, t->message.len, t->message_hash);
    if (err == BK_OK && !*refused) {
        err = bk_unlock_load(req->tx, req->params[0], &t->unlock);
        if (err == BK_ENOTFOUND) {
            *refused = true;
            err = bk_refuse(req, "not-found");
        }
    }
    return err;
}

static enum bk_err client_hash(struct bk_req *req, const struct turn *t, uint8_t hash[32])
{
    return bk_escrow_hash(req->app->escrow, "unlock-client", t->secret.data, t->secret.len, hash);
}

static enum bk_err audit(struct bk_req *req, const struct turn *t, const char *action,
                         const char *detail)
{
    char object[48];
    (void)snprintf(object, sizeof object, "unlock:%s", t->unlock.id);
    return bk_req_audit(req, action, object, detail);
}

static enum bk_err audit_key(struct bk_req *req, const struct turn *t, const char *action)
{
    char object[BK_SERIAL_MAX + 8];
    (void)snprintf(object, sizeof object, "key:%s", t->unlock.serial);
    return bk_req_audit(req, action, object, t->unlock.id);
}

static enum bk_err reply(struct bk_req *req, const struct bk_buf *answer)
{
    struct bk_json_out json = bk_reply_begin(req, 200);
    bk_json_open(&json, NULL, '{');
    bk_json_put_bytes(&json, "message", answer->data, answer->len);
    bk_json_close(&json, '}');
    return json.err;
}

/* --- answers that were given --- */

static void place_of(const struct turn *t, char row[128], struct bk_place *place)
{
    (void)snprintf(row, 128, "%s:%s", t->unlock.id, t->message_hash);
    *place = (struct bk_place){.table = "unlock_rounds", .column = "answer_sealed", .row = row};
}

/* BK_ENOTFOUND: this message is new. */
static enum bk_err find_answer(struct bk_req *req, struct turn *t)
{
    char row[128];
    struct bk_place place;
    struct bk_rows rows = BK_ROWS_INIT;
    place_of(t, row, &place);
    enum bk_err err = bk_tx_get(
        req->tx,
        "SELECT answer_sealed FROM unlock_rounds WHERE unlock_id = $1 AND message_hash = $2",
        BK_VALS(bk_text(t->unlock.id), bk_text(t->message_hash)), &rows);
    if (err == BK_OK)
        err =
            bk_escrow_open_sealed(req->app->escrow, &place, bk_row_bytes(&rows, 0, 0), &t->answer);
    bk_rows_free(&rows);
    return err;
}

static enum bk_err keep_answer(struct bk_req *req, const struct turn *t)
{
    char row[128];
    struct bk_place place;
    struct bk_buf sealed = BK_BUF_INIT;
    place_of(t, row, &place);
    enum bk_err err =
        bk_escrow_seal(req->app->escrow, &place, t->answer.data, t->answer.len, &sealed);
    if (err == BK_OK)
        err = bk_tx_exec(req->tx,
                         "INSERT INTO unlock_rounds (unlock_id, message_hash, answer_sealed)"
                         " VALUES ($1, $2, $3) ON CONFLICT (unlock_id, message_hash)"
                         " DO UPDATE SET answer_sealed = $3",
                         BK_VALS(bk_text(t->unlock.id), bk_text(t->message_hash),
                                 bk_bytes(sealed.data, sealed.len)),
                         NULL);
    bk_buf_free(&sealed);
    return err;
}

/* The step itself; what the unlock has become is saved also when the answer is a problem. */
static enum bk_err take(struct bk_req *req, struct turn *t)
{
    struct bk_unlock_step step = {
        .app = req->app, .tx = req->tx, .unlock = &t->unlock, .now = req->now};
    enum bk_unlock_state before = t->unlock.state;
    enum bk_err err = bk_key_find(req->tx, t->unlock.serial, &step.key);
    if (err == BK_OK && !step.key.active && t->in.kind != BK_ASK_PROOF)
        t->problem = "key-needs-reissue";
    else if (err == BK_OK)
        err = bk_unlock_take(&step, &t->in, &t->answer, &t->problem);
    bool refused = t->unlock.state == BK_UNLOCK_REFUSED && before != BK_UNLOCK_REFUSED;
    if (err == BK_OK && t->problem && (refused || strcmp(t->problem, "key-needs-reissue") == 0))
        err = audit(req, t, "unlock.refused", t->problem);
    if (err == BK_OK && step.recalled)
        err = audit_key(req, t, "key.pin-recalled");
    if (err == BK_OK && step.marked)
        err = audit_key(req, t, "key.reissue");
    if (err == BK_OK && t->unlock.state == BK_UNLOCK_DONE && before != BK_UNLOCK_DONE)
        err = audit(req, t, "unlock.done", t->in.signed_ ? "proved" : "no certificate to prove");
    if (err == BK_OK && !t->problem)
        err = keep_answer(req, t);
    if (err == BK_OK)
        err = bk_unlock_save(req->tx, &t->unlock, req->now);
    if (err != BK_OK)
        return err;
    return t->problem ? bk_refuse(req, t->problem) : reply(req, &t->answer);
}

/* --- redeem --- */

/* What stands against the authorisation before the code is looked at. */
static const char *stale(const struct bk_req *req, const struct bk_unlock *u)
{
    if (u->state == BK_UNLOCK_DONE)
        return "code-used";
    if (u->state == BK_UNLOCK_REFUSED)
        return "key-needs-reissue";
    if (u->state == BK_UNLOCK_DRAFT || u->state == BK_UNLOCK_REVIEW)
        return "in-review";
    if (u->state != BK_UNLOCK_OPEN)
        return "code-void";
    if (!u->bound)
        return req->now > u->expires_at ? "code-expired" : NULL;
    return req->now > u->first_at + req->app->policy.redeem_ms ? "redemptions-exhausted" : NULL;
}

static enum bk_err check_code(struct bk_req *req, struct turn *t, bool *refused)
{
    const char *text = NULL;
    char code[BK_CODE + 1] = "";
    uint8_t hash[32];
    struct bk_unlock *u = &t->unlock;
    enum bk_err err = bk_req_text(req, "code", 1, 32, &text, refused);
    if (err != BK_OK || *refused)
        return err;
    bool readable = bk_code_read(text, code) == BK_OK;
    err = bk_code_hash(req->app->escrow, u->id, code, hash);
    bk_wipe(code, sizeof code);
    if (err != BK_OK)
        return err;
    /* what phone and name didn't match never opens, whatever code it has */
    bool equal = bk_secret_equal(hash, sizeof hash, u->code_hash, sizeof hash);
    if (readable && equal && u->matched)
        return BK_OK;
    *refused = true;
    u->tries_left--;
    if (u->tries_left <= 0)
        u->state = BK_UNLOCK_VOID;
    err = bk_unlock_save(req->tx, u, req->now);
    if (err == BK_OK)
        err = audit(req, t, "unlock.code-wrong", u->state == BK_UNLOCK_VOID ? "now void" : "");
    if (err == BK_OK)
        err = bk_refuse_with(req, "code-wrong",
                             json_pack("{s:I}", "tries_left", (json_int_t)u->tries_left));
    return err;
}

static enum bk_err check_redemption(struct bk_req *req, struct turn *t, const uint8_t client[32])
{
    const struct bk_unlock *u = &t->unlock;
    if (u->bound && !bk_secret_equal(client, 32, u->client_hash, 32))
        t->problem = "code-used";
    else if (bk_unlock_read(t->message.data, t->message.len, &t->in) != BK_OK ||
             t->in.kind != BK_ASK_BEGIN)
        t->problem = "bad-message";
    else if (strcmp(t->in.serial, u->serial) != 0)
        t->problem = "other-key";
    else
        return BK_OK;
    return bk_refuse(req, t->problem);
}

/* Counts the redemption and binds the first to its client; the answers of an earlier one are of no
 * more use to it. */
static enum bk_err begin_redemption(struct bk_req *req, struct turn *t, const uint8_t client[32])
{
    struct bk_unlock *u = &t->unlock;
    enum bk_err err = BK_OK;
    if (!u->bound) {
        memcpy(u->client_hash, client, 32);
        u->bound = true;
        u->first_at = req->now;
        err = bk_unlock_make_pin(req->app->escrow, u);
    }
    u->rounds = 0;
    if (err == BK_OK && u->redemptions++)
        err = bk_tx_exec(req->tx, "DELETE FROM unlock_rounds WHERE unlock_id = $1",
                         BK_VALS(bk_text(u->id)), NULL);
    return err == BK_OK ? audit(req, t, "unlock.redeemed", u->serial) : err;
}

/* Of one that staff have approved: whoever asked for it may be sent another. */
static enum bk_err refuse_expired(struct bk_req *req, struct turn *t, const uint8_t client[32])
{
    struct bk_unlock_review r;
    int64_t wait = 0;
    enum bk_err err = bk_unlock_review_load(req->app, req->tx, t->unlock.id, &r);
    if (err == BK_ENOTFOUND ||
        (err == BK_OK && (!bk_secret_equal(client, 32, r.token_hash, 32) ||
                          req->now > bk_unlock_review_until(req->app, &r) || !*r.contact)))
        return bk_refuse(req, "code-expired");
    if (err == BK_OK)
        err = bk_limit_take(req->tx, "unlock-again", t->unlock.id, req->now, DAY_MS,
                            req->app->policy.phone_per_day, &wait);
    if (err == BK_OK && wait)
        return bk_refuse_later(req, wait);
    if (err == BK_OK)
        err = bk_unlock_review_again(req->app, req->tx, &r, req->now);
    if (err == BK_OK)
        err = audit(req, t, "unlock.code-again", "");
    return err == BK_OK ? bk_refuse(req, "code-renewed") : err;
}

static enum bk_err redeem(struct bk_req *req, struct turn *t)
{
    uint8_t client[32];
    bool refused = false;
    const char *problem = stale(req, &t->unlock);
    if (problem && strcmp(problem, "code-expired") == 0) {
        enum bk_err hashed = client_hash(req, t, client);
        return hashed == BK_OK ? refuse_expired(req, t, client) : hashed;
    }
    if (problem)
        return bk_refuse(req, problem);
    enum bk_err err = check_code(req, t, &refused);
    if (err != BK_OK || refused)
        return err;
    err = client_hash(req, t, client);
    if (err == BK_OK)
        err = check_redemption(req, t, client);
    if (err != BK_OK || t->problem)
        return err;
    /* the same message again (its answer was lost) is no new redemption */
    err = t->unlock.bound ? find_answer(req, t) : BK_ENOTFOUND;
    if (err != BK_ENOTFOUND)
        return err == BK_OK ? reply(req, &t->answer) : err;
    if (t->unlock.redemptions >= req->app->policy.redemptions)
        return bk_refuse(req, "redemptions-exhausted");
    if (t->in.admin_tries < BK_ADMIN_TRIES_MIN)
        return bk_refuse(req, "admin-tries-low");
    err = begin_redemption(req, t, client);
    return err == BK_OK ? take(req, t) : err;
}

enum bk_err bk_api_unlock_redeem(struct bk_req *req)
{
    struct turn t = {0};
    bool refused = false;
    enum bk_err err = read_turn(req, &t, &refused);
    if (err == BK_OK && !refused)
        err = redeem(req, &t);
    turn_free(&t);
    return err;
}

/* --- the following messages --- */

static enum bk_err go_on(struct bk_req *req, struct turn *t)
{
    uint8_t client[32];
    struct bk_unlock *u = &t->unlock;
    enum bk_err err = client_hash(req, t, client);
    if (err != BK_OK)
        return err;
    if (!u->bound || !bk_secret_equal(client, sizeof client, u->client_hash, sizeof client))
        return bk_refuse(req, "not-this-run");
    err = find_answer(req, t);
    if (err != BK_ENOTFOUND)
        return err == BK_OK ? reply(req, &t->answer) : err;
    if (bk_unlock_read(t->message.data, t->message.len, &t->in) != BK_OK ||
        t->in.kind == BK_ASK_BEGIN || strcmp(t->in.serial, u->serial) != 0)
        return bk_refuse(req, "bad-message");
    /* the report is taken late, too: the key has done its part and can't undo it */
    const char *problem = stale(req, u);
    if (problem && t->in.kind != BK_ASK_PROOF)
        return bk_refuse(req, problem);
    if (u->state == BK_UNLOCK_SUSPENDED || u->state == BK_UNLOCK_VOID)
        return bk_refuse(req, "code-void");
    if (++u->rounds > req->app->policy.rounds && t->in.kind != BK_ASK_PROOF)
        return bk_refuse(req, "redemptions-exhausted");
    return take(req, t);
}

enum bk_err bk_api_unlock_message(struct bk_req *req)
{
    struct turn t = {0};
    bool refused = false;
    enum bk_err err = read_turn(req, &t, &refused);
    if (err == BK_OK && !refused)
        err = go_on(req, &t);
    turn_free(&t);
    return err;
}
