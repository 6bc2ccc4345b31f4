/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/log.h"
#include "crypto/ctx.h"
#include "token/data.h"

enum bk_err bk_pin_check(const void *pin, size_t len)
{
    if (!pin || len < 1 || len > BK_PIN_LEN_MAX)
        return BK_ELIMIT;
    return memchr(pin, 0, len) ? BK_EPIN_RULE : BK_OK;
}

enum bk_err bk_pin_check_new(const void *pin, size_t len)
{
    enum bk_err err = bk_pin_check(pin, len);
    if (err)
        return err;
    if (len < BK_PIN_LEN_MIN)
        return BK_ELIMIT;
    for (const uint8_t *at = pin; at < (const uint8_t *)pin + len; at++)
        if (*at < 0x20 || *at == 0x7f)
            return BK_EPIN_RULE;
    return BK_OK;
}

int bk_token_tries(const struct bk_token *t)
{
    return t->card->tries;
}

/* --- the PIN refused last
 * -----------------------------------------------------------------------*/

static enum bk_err pin_digest(const struct bk_refused *r, const void *pin, size_t len,
                              uint8_t out[32])
{
    return bk_hmac(BK_HASH_SHA256, r->key, sizeof r->key, pin, len, out);
}

void bk_refused_mark(struct bk_refused *r, const struct bk_token *t, const void *secret, size_t len)
{
    r->serial[0] = 0;
    if (t->card->tries < 0 || bk_random(r->key, sizeof r->key) != BK_OK ||
        pin_digest(r, secret, len, r->digest) != BK_OK)
        return;
    r->left = t->card->tries;
    memcpy(r->serial, t->serial, sizeof r->serial);
}

void bk_refused_note(struct bk_token *t, const void *pin, size_t len)
{
    t->left = t->card->tries;
    bk_refused_mark(&t->refused, t, pin, len);
}

enum bk_err bk_refused_is(const struct bk_refused *r, const void *secret, size_t len, bool *same)
{
    uint8_t digest[32];
    *same = false;
    if (!*r->serial)
        return BK_OK;
    enum bk_err err = pin_digest(r, secret, len, digest);
    *same = !err && bk_secret_equal(digest, sizeof digest, r->digest, sizeof digest);
    return err;
}

void bk_refused_keep(struct bk_refused *kept, const struct bk_token *t)
{
    if (*t->refused.serial || strcmp(kept->serial, t->serial) == 0)
        *kept = t->refused;
}

void bk_refused_give(const struct bk_refused *kept, struct bk_token *t)
{
    if (strcmp(kept->serial, t->serial) == 0)
        t->refused = *kept;
}

static enum bk_err tries_left(struct bk_token *t, unsigned *left)
{
    struct bk_pin_info info;
    unsigned round = 0;
    enum bk_err err = BK_OK;
    do
        err = bk_card_get_pin_info(t->card, BK_PIN_USER, &info);
    while (bk_token_again(t, &err, &round));
    if (!err)
        *left = info.left;
    return err;
}

/* A try isn't spent twice on the same mistake, unless the counter says that the key has accepted
 * a PIN meanwhile, from another process, or was unlocked: then the PIN may be another one now. */
static enum bk_err was_refused(struct bk_token *t, const void *pin, size_t len, bool *refused)
{
    unsigned left = 0;
    bool same = false;
    *refused = false;
    enum bk_err err = bk_refused_is(&t->refused, pin, len, &same);
    if (err || !same)
        return err;
    err = tries_left(t, &left);
    if (!err && left <= (unsigned)t->refused.left) {
        *refused = true;
        t->card->tries = (int)left;
    }
    return err;
}

/* No answer, or one that is no whole answer: what the key did isn't known. */
static bool is_loss(enum bk_err err)
{
    return err == BK_EIO || err == BK_ETIMEOUT || err == BK_EFORMAT;
}

/*
 * The answer to a PIN got lost. Where the counter was known, it tells whether the key refused it;
 * where it wasn't, or hasn't moved, the caller hears of the loss, and nothing is sent again.
 */
static enum bk_err after_loss(struct bk_token *t, enum bk_err lost, int before, const void *pin,
                              size_t len)
{
    unsigned left = 0;
    if (!is_loss(lost) || before < 0)
        return lost;
    if (tries_left(t, &left) != BK_OK || left >= (unsigned)before)
        return lost;
    t->card->tries = (int)left;
    bk_refused_note(t, pin, len);
    return left ? BK_EPIN_WRONG : BK_EPIN_LOCKED;
}

/* --- log-in
 * -------------------------------------------------------------------------------------*/

/* Every try is there again. */
static void accepted(struct bk_token *t)
{
    t->refused.serial[0] = 0;
    t->left = -1;
}

enum bk_err bk_token_login(struct bk_token *t, const void *pin, size_t len)
{
    bool refused = false;
    enum bk_err err = bk_pin_check(pin, len);
    if (!err)
        err = was_refused(t, pin, len, &refused);
    if (err)
        return err;
    if (refused)
        return t->card->tries > 0 ? BK_EPIN_WRONG : BK_EPIN_LOCKED;
    int before = t->left;
    unsigned round = 0;
    do
        err = bk_card_verify_pin(t->card, BK_PIN_USER, pin, len);
    while (bk_token_again(t, &err, &round));
    if (err == BK_EPIN_WRONG || err == BK_EPIN_LOCKED)
        bk_refused_note(t, pin, len);
    if (err)
        return after_loss(t, err, before, pin, len);
    accepted(t);
    err = bk_secret_set(&t->pin, pin, len);
    t->logged_in = !err;
    if (err || t->options.isolate) {
        enum bk_err clear = bk_card_clear_secure_state(t->card);
        err = err ? err : clear;
    }
    return err;
}

enum bk_err bk_token_logout(struct bk_token *t)
{
    t->logged_in = false;
    bk_secret_free(&t->pin);
    bk_data_forget(t);
    t->changes++;
    enum bk_err err = bk_card_clear_secure_state(t->card);
    /* a key that was reset or pulled is logged out */
    return err == BK_ERESET || err == BK_EREMOVED ? BK_OK : err;
}

enum bk_err bk_token_set_pin(struct bk_token *t, const void *old_pin, size_t old_len,
                             const void *new_pin, size_t new_len)
{
    bool refused = false;
    enum bk_err err = bk_pin_check(old_pin, old_len);
    if (!err)
        err = bk_pin_check_new(new_pin, new_len);
    if (!err)
        err = was_refused(t, old_pin, old_len, &refused);
    if (err)
        return err;
    if (refused)
        return t->card->tries > 0 ? BK_EPIN_WRONG : BK_EPIN_LOCKED;
    int before = t->left;
    unsigned round = 0;
    do {
        /* some keys change a PIN only after it was verified */
        err = bk_card_begin(t->card);
        if (err)
            continue;
        err = bk_card_verify_pin(t->card, BK_PIN_USER, old_pin, old_len);
        if (!err)
            err = bk_card_change_pin(t->card, BK_PIN_USER, old_pin, old_len, new_pin, new_len);
        /* it is changed: a reset here has only ended the log-in, too */
        if (!err && (!t->logged_in || t->options.isolate) &&
            bk_card_clear_secure_state(t->card) != BK_OK)
            bk_log(BK_LOG_INFO, "token: the key was reset after its PIN was changed");
        bk_card_end(t->card);
    } while (bk_token_again(t, &err, &round));
    if (err == BK_EPIN_WRONG || err == BK_EPIN_LOCKED)
        bk_refused_note(t, old_pin, old_len);
    if (is_loss(err)) { /* which PIN it is now isn't known */
        t->logged_in = false;
        bk_secret_free(&t->pin);
    }
    if (err)
        return after_loss(t, err, before, old_pin, old_len);
    accepted(t);
    return t->logged_in ? bk_secret_set(&t->pin, new_pin, new_len) : BK_OK;
}
