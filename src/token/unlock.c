/* SPDX-License-Identifier: Apache-2.0 */
#include "token/unlock.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "apdu/sw.h"
#include "base/log.h"
#include "base/signed.h"
#include "token/key.h"
#include "token/station.h"
#include "token/unlock_msg.h"

#define REFUSALS_MAX 2 /* of an administrator PIN: the current one and the pending one */

enum stage {
    STAGE_OPEN,  /* the user PIN isn't ours yet: verify-admin, unblock, try */
    STAGE_ROTATE /* it is the user's: rotate-admin, prove */
};

struct bk_unlock {
    enum stage stage;
    uint8_t random[8];
    char auth[BK_UNLOCK_AUTH_MAX + 1]; /* of the first answer; empty before */
    char origin[BK_UNLOCK_ORIGIN_MAX + 1];
    unsigned refusals;
    int admin_left;
    time_t deadline;
};

/* Runs on while the machine sleeps: a key that slept is not the key that gave the random. */
static time_t now(void)
{
    struct timespec ts = {0};
    (void)clock_gettime(CLOCK_BOOTTIME, &ts);
    return ts.tv_sec;
}

static void let_go(struct bk_token *t)
{
    bk_wipe(t->unlock, sizeof *t->unlock);
    free(t->unlock);
    t->unlock = NULL;
}

void bk_unlock_drop(struct bk_token *t)
{
    if (!t->unlock)
        return;
    let_go(t);
    bk_card_reset(t->card);
    bk_token_lost(t);
}

unsigned bk_unlock_seconds_left(const struct bk_token *t)
{
    time_t left = t->unlock ? t->unlock->deadline - now() : 0;
    return left > 0 ? (unsigned)left : 0;
}

bool bk_unlock_holds(struct bk_token *t)
{
    if (t->unlock && now() > t->unlock->deadline) {
        bk_log(BK_LOG_WARN, "unlock: no answer in time, dropped");
        bk_unlock_drop(t);
    }
    return t->unlock != NULL;
}

/* The random for the platform's next command goes into the request. */
static enum bk_err ask(struct bk_token *t, struct bk_unlock_req *req, struct bk_buf *request)
{
    struct bk_buf random = BK_BUF_INIT;
    enum bk_err err = bk_card_gen_random(t->card, sizeof t->unlock->random, &random);
    if (!err) {
        memcpy(t->unlock->random, random.data, sizeof t->unlock->random);
        req->serial = t->card->info.serial;
        req->app = t->card->app.id;
        req->random = t->unlock->random;
        err = bk_unlock_req_build(req, request);
    }
    t->unlock->deadline = now() + BK_UNLOCK_SECONDS;
    bk_buf_free(&random);
    return err;
}

static enum bk_err ask_next(struct bk_token *t, enum bk_unlock_request kind, uint16_t sw,
                            struct bk_buf *request)
{
    struct bk_unlock_req req = {
        .kind = kind, .status_word = sw, .user_tries = -1, .admin_tries = -1, .algorithm = -1};
    return ask(t, &req, request);
}

static enum bk_err begin(struct bk_token *t, struct bk_buf *request)
{
    struct bk_token_status status;
    enum bk_err err = bk_token_status(t, &status);
    if (err)
        return err;
    if (status.admin.left == 0)
        return BK_EPIN_LOCKED;
    if (status.admin.left < BK_UNLOCK_ADMIN_TRIES_MIN)
        return BK_EDENIED;
    t->unlock->admin_left = (int)status.admin.left;
    t->left[BK_PIN_ADMIN] = -1; /* the platform's tries */
    struct bk_unlock_req req = {.kind = BK_UNLOCK_BEGIN,
                                .status_word = -1,
                                .user_tries = (int)status.user.left,
                                .admin_tries = (int)status.admin.left,
                                .algorithm = -1};
    return ask(t, &req, request);
}

enum bk_err bk_unlock_begin(struct bk_token *t, struct bk_buf *request)
{
    if (bk_unlock_holds(t))
        return BK_EBUSY;
    t->unlock = calloc(1, sizeof *t->unlock);
    if (!t->unlock)
        return BK_ENOMEM;
    t->logged_in = false;
    bk_secret_free(&t->pin);
    bk_so_logout(t); /* the platform is about to change that PIN */
    enum bk_err err = bk_card_begin(t->card);
    if (err == BK_ERESET)
        err = bk_card_begin(t->card);
    if (err) {
        let_go(t);
        return err;
    }
    err = begin(t, request);
    if (err == BK_EDENIED || err == BK_EPIN_LOCKED) {
        /* nothing was drawn: no need to disturb others by a reset, only our log-in must end */
        (void)!bk_card_clear_secure_state(t->card);
        bk_card_end(t->card);
        let_go(t);
    } else if (err) {
        bk_unlock_drop(t);
    }
    return err;
}

/* --- answers
 * ------------------------------------------------------------------------------------*/

/* What the platform says must be for this key, this random, and the same authorisation as before.
 */
static enum bk_err check_answer(struct bk_token *t, const struct bk_unlock_msg *m)
{
    struct bk_unlock *u = t->unlock;
    bool fits = strcmp(m->serial, t->card->info.serial) == 0 && m->has_place &&
                memcmp(m->app, t->card->app.id, sizeof m->app) == 0 &&
                bk_secret_equal(m->random, sizeof m->random, u->random, sizeof u->random);
    if (fits && u->auth[0])
        fits = strcmp(m->auth, u->auth) == 0 && strcmp(m->origin, u->origin) == 0;
    bool rotating = m->kind == BK_UNLOCK_ROTATE_ADMIN || m->kind == BK_UNLOCK_PROVE;
    if (!fits || rotating != (u->stage == STAGE_ROTATE) || m->kind == BK_UNLOCK_DONE)
        return BK_EREFUSED;
    memcpy(u->auth, m->auth, sizeof u->auth);
    memcpy(u->origin, m->origin, sizeof u->origin);
    /* sent once: whatever comes of it, no second answer for this random is taken */
    bk_wipe(u->random, sizeof u->random);
    return BK_OK;
}

/* A refused command goes back to the platform, which may hold a second administrator PIN, while
 * enough tries are left. */
static enum bk_err refused(struct bk_token *t, struct bk_buf *request)
{
    struct bk_unlock *u = t->unlock;
    uint16_t sw = t->card->sw;
    u->admin_left = t->card->tries >= 0 ? t->card->tries : u->admin_left - 1;
    if (++u->refusals >= REFUSALS_MAX)
        return BK_EREFUSED;
    if (u->admin_left < BK_UNLOCK_ADMIN_TRIES_MIN)
        return BK_EDENIED;
    return ask_next(t, BK_UNLOCK_NEXT, sw, request);
}

static bool is_refusal(enum bk_err err)
{
    return err == BK_EPIN_WRONG || err == BK_EINVAL || err == BK_EVERIFY || err == BK_ELOGIN ||
           err == BK_ESTATE;
}

static enum bk_err to_user_pin(struct bk_token *t, const struct bk_unlock_msg *m, const void *pin,
                               size_t len, struct bk_buf *request)
{
    enum bk_err err = bk_card_change_pin(t->card, BK_PIN_USER, m->pin, sizeof m->pin, pin, len);
    if (err)
        return err;
    t->pin_unset = false;
    t->unlock->stage = STAGE_ROTATE;
    return ask_next(t, BK_UNLOCK_ROTATE, BK_SW_OK, request);
}

static enum bk_err verify_admin(struct bk_token *t, const struct bk_unlock_msg *m,
                                struct bk_buf *request)
{
    enum bk_err err = bk_card_relay(t->card, BK_RELAY_VERIFY_ADMIN, m->command, m->command_len);
    if (is_refusal(err))
        return refused(t, request);
    return err ? err : ask_next(t, BK_UNLOCK_NEXT, BK_SW_OK, request);
}

static enum bk_err unblock(struct bk_token *t, const struct bk_unlock_msg *m, const void *pin,
                           size_t len, struct bk_buf *request)
{
    enum bk_err err = bk_card_relay(t->card, BK_RELAY_UNBLOCK, m->command, m->command_len);
    if (is_refusal(err))
        return refused(t, request);
    if (!err) /* the administrator's right goes before the user's comes */
        err = bk_card_clear_secure_state(t->card);
    if (!err)
        err = bk_card_verify_pin(t->card, BK_PIN_USER, m->pin, sizeof m->pin);
    return err ? err : to_user_pin(t, m, pin, len, request);
}

/* A run before this one may have set the one-time PIN already. */
static enum bk_err try_pin(struct bk_token *t, const struct bk_unlock_msg *m, const void *pin,
                           size_t len, struct bk_buf *request)
{
    enum bk_err err = bk_card_verify_pin(t->card, BK_PIN_USER, m->pin, sizeof m->pin);
    if (err == BK_EPIN_WRONG || err == BK_EPIN_LOCKED)
        return ask_next(t, BK_UNLOCK_NEXT, t->card->sw, request);
    return err ? err : to_user_pin(t, m, pin, len, request);
}

/* --- the end
 * ------------------------------------------------------------------------------------*/

static struct bk_container *prover(struct bk_token *t)
{
    for (size_t i = 0; i < t->count; i++) {
        struct bk_container *c = t->containers[i];
        if (c->role == BK_ROLE_CURRENT && c->cert[BK_KEY_SIGNING] && c->has_key[BK_KEY_SIGNING])
            return c;
    }
    return NULL;
}

/* docs/formats.md clause 5, purpose unlock-proof. */
static enum bk_err sign_proof(struct bk_token *t, struct bk_container *c, struct bk_buf *signature)
{
    struct bk_buf text = BK_BUF_INIT;
    const char *const fields[] = {t->unlock->auth, t->card->info.serial, NULL};
    enum bk_err err = bk_signed_bytes("unlock-proof", t->unlock->origin, fields, &text);
    if (!err)
        err = bk_token_sign_message(t, c, &c->key[BK_KEY_SIGNING], text.data, text.len, signature);
    bk_buf_free(&text);
    return err;
}

/* Log-in with the user's PIN proves it, and signs where there is something to sign with. */
static enum bk_err prove(struct bk_token *t, uint16_t rotation, const void *pin, size_t len,
                         struct bk_buf *request)
{
    struct bk_buf signature = BK_BUF_INIT;
    struct bk_unlock_req req = {.kind = BK_UNLOCK_PROOF,
                                .serial = t->card->info.serial,
                                .auth = t->unlock->auth,
                                .status_word = rotation,
                                .user_tries = -1,
                                .admin_tries = -1,
                                .algorithm = -1};
    enum bk_err err = bk_token_login(t, pin, len);
    if (!err)
        err = bk_token_refresh(t);
    struct bk_container *c = err ? NULL : prover(t);
    if (c) {
        err = sign_proof(t, c, &signature);
        req.signature = &signature;
        req.container = c->name;
        req.algorithm = c->key[BK_KEY_SIGNING].alg == BK_ALG_RSA ? 1 : 2;
    }
    if (!err)
        err = bk_token_logout(t);
    if (!err)
        err = bk_unlock_req_build(&req, request);
    bk_buf_free(&signature);
    return err;
}

static enum bk_err finish(struct bk_token *t, const struct bk_unlock_msg *m, const void *pin,
                          size_t len, struct bk_buf *request)
{
    struct bk_buf spent = BK_BUF_INIT;
    enum bk_err err = BK_OK;
    uint16_t rotation = BK_SW_OK;
    if (m->kind == BK_UNLOCK_ROTATE_ADMIN) {
        err = bk_card_relay(t->card, BK_RELAY_CHANGE_ADMIN, m->command, m->command_len);
        rotation = t->card->sw;
        if (is_refusal(err) || err == BK_EPIN_LOCKED)
            err = BK_OK; /* the platform learns it; the user's PIN is set all the same */
    }
    if (!err) /* the random that the rotation was made for is no good to anybody any more */
        err = bk_card_gen_random(t->card, 8, &spent);
    if (!err)
        err = bk_card_clear_secure_state(t->card);
    if (!err)
        err = prove(t, rotation, pin, len, request);
    bk_buf_free(&spent);
    return err;
}

static enum bk_err act(struct bk_token *t, const struct bk_unlock_msg *m, const void *pin,
                       size_t len, struct bk_buf *request, bool *done)
{
    switch (m->kind) {
    case BK_UNLOCK_VERIFY_ADMIN:
        return verify_admin(t, m, request);
    case BK_UNLOCK_UNBLOCK:
        return unblock(t, m, pin, len, request);
    case BK_UNLOCK_TRY:
        return try_pin(t, m, pin, len, request);
    case BK_UNLOCK_ROTATE_ADMIN:
    case BK_UNLOCK_PROVE:
        *done = true;
        return finish(t, m, pin, len, request);
    default:
        return BK_EREFUSED;
    }
}

enum bk_err bk_unlock_step(struct bk_token *t, const void *answer, size_t len, const void *new_pin,
                           size_t new_pin_len, struct bk_buf *request, bool *done)
{
    struct bk_unlock_msg m;
    *done = false;
    if (!t->unlock)
        return BK_ESTATE;
    if (!bk_unlock_holds(t))
        return BK_ERESET;
    enum bk_err err = bk_pin_check_new(new_pin, new_pin_len);
    if (err)
        return err;
    err = len <= BK_UNLOCK_MESSAGE_MAX ? bk_unlock_msg_parse(answer, len, &m) : BK_EFORMAT;
    if (!err)
        err = check_answer(t, &m);
    if (!err)
        err = act(t, &m, new_pin, new_pin_len, request, done);
    bk_wipe(&m, sizeof m);
    if (err == BK_EIO && !t->card->sw) /* no answer: as of a key that was pulled and put back */
        err = BK_ERESET;
    if (err) {
        *done = false;
        bk_unlock_drop(t);
        return err == BK_EFORMAT ? BK_EREFUSED : err;
    }
    if (*done) {
        bk_card_end(t->card);
        let_go(t);
    }
    return BK_OK;
}
