/* SPDX-License-Identifier: Apache-2.0 */
/* The platform's side of an unlock, message by message (docs/formats.md clause 4). */
#include <string.h>

#include "crypto/ctx.h"
#include "base/secret.h"
#include "server/ident.h"
#include "server/signed.h"
#include "server/unlock.h"

#define ADMIN_ALPHABET "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"

static enum bk_err say(const struct bk_unlock_step *step, const struct bk_unlock_in *in,
                       enum bk_unlock_say kind, const struct bk_buf *command, const char *pin,
                       struct bk_buf *answer)
{
    const struct bk_unlock_out out = {.kind = kind,
                                      .in = in,
                                      .authorisation = step->unlock->id,
                                      .origin = step->app->origin,
                                      .command = command ? command->data : NULL,
                                      .command_len = command ? command->len : 0,
                                      .pin = pin};
    return bk_unlock_write(&out, answer);
}

static enum bk_err command_of(const struct bk_unlock_step *step, const struct bk_unlock_in *in,
                              struct bk_buf *admin, struct bk_keycmd *cmd)
{
    enum bk_err err =
        bk_key_admin(step->tx, step->app->escrow, step->unlock->serial, step->unlock->slot, admin);
    *cmd = (struct bk_keycmd){.dialect = step->key.dialect, .admin = (const char *)admin->data};
    memcpy(cmd->app, in->app, sizeof cmd->app);
    memcpy(cmd->random, in->random, sizeof cmd->random);
    return err;
}

static enum bk_err say_verify(struct bk_unlock_step *step, const struct bk_unlock_in *in,
                              struct bk_buf *answer)
{
    struct bk_buf admin = BK_BUF_INIT, data = BK_BUF_INIT;
    struct bk_keycmd cmd;
    enum bk_err err = command_of(step, in, &admin, &cmd);
    if (err == BK_OK)
        err = bk_keycmd_verify_admin(&cmd, &data);
    if (err == BK_OK)
        err = say(step, in, BK_SAY_VERIFY_ADMIN, &data, NULL, answer);
    step->unlock->expects = BK_EXPECT_VERIFIED;
    bk_buf_free(&data);
    bk_buf_free(&admin);
    return err;
}

static enum bk_err say_unblock(struct bk_unlock_step *step, const struct bk_unlock_in *in,
                               struct bk_buf *answer)
{
    struct bk_buf admin = BK_BUF_INIT, pin = BK_BUF_INIT, data = BK_BUF_INIT;
    struct bk_keycmd cmd;
    enum bk_err err = command_of(step, in, &admin, &cmd);
    if (err == BK_OK)
        err = bk_unlock_pin(step->app->escrow, step->unlock, &pin);
    if (err == BK_OK)
        err = bk_keycmd_unblock(&cmd, (const char *)pin.data, &data);
    if (err == BK_OK)
        err = say(step, in, BK_SAY_UNBLOCK, &data, (const char *)pin.data, answer);
    step->unlock->expects = BK_EXPECT_UNBLOCKED;
    step->unlock->pin_sent = true;
    bk_buf_free(&data);
    bk_buf_free(&pin);
    bk_buf_free(&admin);
    return err;
}

static enum bk_err say_first(struct bk_unlock_step *step, const struct bk_unlock_in *in,
                             struct bk_buf *answer)
{
    return step->key.admin_first ? say_verify(step, in, answer) : say_unblock(step, in, answer);
}

static enum bk_err say_try(struct bk_unlock_step *step, const struct bk_unlock_in *in,
                           struct bk_buf *answer)
{
    struct bk_buf pin = BK_BUF_INIT;
    enum bk_err err = bk_unlock_pin(step->app->escrow, step->unlock, &pin);
    if (err == BK_OK)
        err = say(step, in, BK_SAY_TRY, NULL, (const char *)pin.data, answer);
    step->unlock->expects = BK_EXPECT_TRIED;
    bk_buf_free(&pin);
    return err;
}

static enum bk_err on_begin(struct bk_unlock_step *step, const struct bk_unlock_in *in,
                            struct bk_buf *answer)
{
    struct bk_unlock *u = step->unlock;
    /* an earlier redemption of this unlock may have learned better which PIN the key has */
    if (!u->pin_sent)
        u->slot = step->key.use_pending ? BK_SLOT_PENDING : BK_SLOT_CURRENT;
    if (!step->key.has_pending)
        u->slot = BK_SLOT_CURRENT;
    u->refusals = 0;
    /* a locked PIN can't be the one-time PIN: setting that gives the key all its tries */
    if (u->pin_sent && in->user_tries)
        return say_try(step, in, answer);
    return say_first(step, in, answer);
}

/* Wrong PIN, PIN locked, wrong MAC (6A80 on some keys): the administrator PIN isn't the one we took
 * it for. */
static bool refused_by_pin(uint16_t status)
{
    return (status & 0xfff0) == 0x63c0 || status == 0x6983 || status == 0x6988 || status == 0x6a80;
}

/* This unlock is over. The next one, with a code of its own, tries a PIN that was kept out of use,
 * each once. Nobody signed what the clients say, so the key is given up only when after that two of
 * them have said the same. */
static enum bk_err give_up(struct bk_unlock_step *step, const char **problem)
{
    int64_t before = 0, kept = 0;
    struct bk_unlock *u = step->unlock;
    u->state = BK_UNLOCK_REFUSED;
    enum bk_err err = bk_unlock_refused(step->tx, u->serial, u->id, &before);
    if (err == BK_OK)
        err = bk_key_kept(step->tx, u->serial, &kept);
    *problem = before < kept ? "code-void" : "key-needs-reissue";
    step->recalled = err == BK_OK && before < kept;
    step->marked = err == BK_OK && before > kept;
    if (step->recalled)
        err = bk_key_recall(step->tx, step->app->escrow, u->serial, u->id, step->now);
    return step->marked ? bk_key_mark_reissue(step->tx, u->serial) : err;
}

/* A redemption has the key refuse two commands at most: one under each PIN on record, or two under
 * the only one, for a random may have been spoilt on its way. What follows a verification that
 * worked can't fail by the PIN, so that one stays. */
static enum bk_err on_refusal(struct bk_unlock_step *step, const struct bk_unlock_in *in,
                              struct bk_buf *answer, const char **problem)
{
    struct bk_unlock *u = step->unlock;
    bool verified = step->key.admin_first && u->expects == BK_EXPECT_UNBLOCKED;
    if (!refused_by_pin(in->status))
        return say_first(step, in, answer);
    if (u->refusals || in->status == 0x6983)
        return give_up(step, problem);
    u->refusals++;
    if (step->key.has_pending && !verified)
        u->slot = u->slot == BK_SLOT_PENDING ? BK_SLOT_CURRENT : BK_SLOT_PENDING;
    return say_first(step, in, answer);
}

/* A command under this unlock's PIN worked: the next unlock tries that one first. */
static enum bk_err learn(const struct bk_unlock_step *step)
{
    return step->key.has_pending ? bk_key_prefer(step->tx, step->unlock->serial, step->unlock->slot)
                                 : BK_OK;
}

static enum bk_err on_next(struct bk_unlock_step *step, const struct bk_unlock_in *in,
                           struct bk_buf *answer, const char **problem)
{
    bool well = in->status == 0x9000;
    switch (step->unlock->expects) {
    case BK_EXPECT_VERIFIED: {
        if (!well)
            return on_refusal(step, in, answer, problem);
        enum bk_err err = learn(step);
        return err == BK_OK ? say_unblock(step, in, answer) : err;
    }
    case BK_EXPECT_UNBLOCKED:
        if (!well)
            return on_refusal(step, in, answer, problem);
        break;
    case BK_EXPECT_TRIED:
        if (!well)
            return say_first(step, in, answer);
        break;
    default:
        break;
    }
    *problem = "bad-message";
    return BK_OK;
}

static enum bk_err say_rotate(struct bk_unlock_step *step, const struct bk_unlock_in *in,
                              struct bk_buf *answer)
{
    char next[BK_ADMIN_PIN + 1];
    struct bk_buf admin = BK_BUF_INIT, data = BK_BUF_INIT;
    struct bk_keycmd cmd;
    enum bk_err err = command_of(step, in, &admin, &cmd);
    if (err == BK_OK)
        err = bk_random_text(ADMIN_ALPHABET, BK_ADMIN_PIN, next);
    if (err == BK_OK)
        err = bk_keycmd_rotate_admin(&cmd, next, &data);
    if (err == BK_OK)
        err = bk_key_set_pending(step->tx, step->app->escrow, step->unlock->serial, next,
                                 step->unlock->id);
    if (err == BK_OK)
        err = say(step, in, BK_SAY_ROTATE_ADMIN, &data, NULL, answer);
    step->unlock->expects = BK_EXPECT_ROTATED;
    step->unlock->slot = BK_SLOT_PENDING; /* the likelier when this unlock is redeemed again */
    bk_wipe(next, sizeof next);
    bk_buf_free(&data);
    bk_buf_free(&admin);
    return err;
}

/* No rotation this time: both PINs stay. */
static enum bk_err stay(struct bk_unlock_step *step, const struct bk_unlock_in *in,
                        struct bk_buf *answer)
{
    struct bk_unlock *u = step->unlock;
    enum bk_err err = strcmp(step->key.pending_by, u->id) != 0 ? learn(step) : BK_OK;
    u->expects = BK_EXPECT_PROOF;
    return err == BK_OK ? say(step, in, BK_SAY_PROVE, NULL, NULL, answer) : err;
}

static enum bk_err on_rotate(struct bk_unlock_step *step, const struct bk_unlock_in *in,
                             struct bk_buf *answer, const char **problem)
{
    struct bk_unlock *u = step->unlock;
    bool tried = u->expects == BK_EXPECT_TRIED;
    if ((!tried && u->expects != BK_EXPECT_UNBLOCKED) || in->status != 0x9000) {
        *problem = "bad-message";
        return BK_OK;
    }
    /* A log-in shows that the key was unblocked, not under which of two PINs (and this very run may
     * have asked for a rotation that happened or not): both stay, and a third would push one out.
     */
    enum bk_err err = BK_OK;
    if (tried && step->key.has_pending)
        return stay(step, in, answer);
    /* the unblocking that worked shows which of two PINs the key has */
    if (step->key.has_pending) {
        err = bk_key_settle(step->tx, step->app->escrow, u->serial, u->slot, u->id, step->now);
        if (err == BK_EFULL) /* nothing was proved for long: no PIN is lost for another one */
            return stay(step, in, answer);
        u->slot = BK_SLOT_CURRENT;
    }
    return err == BK_OK ? say_rotate(step, in, answer) : err;
}

/* BK_OK when the key proved itself, or nothing is registered to prove it by; BK_EVERIFY. */
static enum bk_err check_proof(const struct bk_unlock_step *step, const struct bk_unlock_in *in)
{
    struct bk_rows rows = BK_ROWS_INIT;
    const char *const fields[] = {step->unlock->id, step->unlock->serial, NULL};
    enum bk_err err = bk_tx_query(step->tx,
                                  "SELECT container, algorithm, der FROM certificates"
                                  " WHERE key_serial = $1 AND kind = 'sign' AND state = 'good'",
                                  BK_VALS(bk_text(step->unlock->serial)), &rows);
    if (err == BK_OK && rows.count)
        err = BK_EVERIFY;
    for (size_t i = 0; err == BK_EVERIFY && in->signed_ && i < rows.count; i++) {
        struct bk_rd der = bk_row_bytes(&rows, i, 2);
        bool sm2 = strcmp(bk_row_text(&rows, i, 1), "sm2") == 0;
        if (strcmp(bk_row_text(&rows, i, 0), in->container) != 0 ||
            in->signature_kind != (sm2 ? 2u : 1u))
            continue;
        err = bk_signed_check(der.at, der.left, "unlock-proof", step->app->origin, fields,
                              in->signature, in->signature_len);
    }
    bk_rows_free(&rows);
    return err;
}

/* A report may come late: a client keeps it until the platform has taken it. Its status word isn't
 * signed, so it only says which PIN to try first: the other is kept until the next rotation needs
 * its place, after a command under one of the two has worked. */
static enum bk_err on_proof(struct bk_unlock_step *step, const struct bk_unlock_in *in,
                            struct bk_buf *answer, const char **problem)
{
    struct bk_unlock *u = step->unlock;
    bool mine = strcmp(step->key.pending_by, u->id) == 0;
    bool due = u->expects == BK_EXPECT_ROTATED || u->expects == BK_EXPECT_PROOF;
    if (u->state == BK_UNLOCK_DONE)
        return say(step, in, BK_SAY_DONE, NULL, NULL, answer);
    if (!u->pin_sent || (!due && !mine) || strcmp(in->authorisation, u->id) != 0) {
        *problem = "bad-message";
        return BK_OK;
    }
    enum bk_err err = check_proof(step, in);
    if (err == BK_EVERIFY) {
        *problem = "proof-wrong";
        return BK_OK;
    }
    if (err == BK_OK && mine && u->expects == BK_EXPECT_ROTATED)
        err = bk_key_prefer(step->tx, u->serial,
                            in->status == 0x9000 ? BK_SLOT_PENDING : BK_SLOT_CURRENT);
    if (err == BK_OK)
        err = bk_key_proved(step->tx, u->serial, u->id, u->first_at);
    if (err == BK_OK)
        err = bk_unlock_forgive(step->tx, u->serial);
    if (err == BK_OK)
        err = say(step, in, BK_SAY_DONE, NULL, NULL, answer);
    u->state = BK_UNLOCK_DONE;
    return err;
}

enum bk_err bk_unlock_take(struct bk_unlock_step *step, const struct bk_unlock_in *in,
                           struct bk_buf *answer, const char **problem)
{
    *problem = NULL;
    switch (in->kind) {
    case BK_ASK_BEGIN:
        return on_begin(step, in, answer);
    case BK_ASK_NEXT:
        return on_next(step, in, answer, problem);
    case BK_ASK_ROTATE:
        return on_rotate(step, in, answer, problem);
    case BK_ASK_PROOF:
        return on_proof(step, in, answer, problem);
    }
    return BK_EFORMAT;
}
