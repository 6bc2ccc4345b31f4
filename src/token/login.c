/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/log.h"
#include "crypto/ctx.h"
#include "token/token.h"

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

static enum bk_err pin_digest(struct bk_token *t, const void *pin, size_t len, uint8_t out[32])
{
    static const uint8_t none[32];
    if (memcmp(t->refused_key, none, sizeof none) == 0) {
        enum bk_err err = bk_random(t->refused_key, sizeof t->refused_key);
        if (err)
            return err;
    }
    return bk_hmac(BK_HASH_SHA256, t->refused_key, sizeof t->refused_key, pin, len, out);
}

/* A try isn't spent twice on the same mistake, unless the counter says that the key has accepted
 * a PIN meanwhile, from another process, or was unlocked: then the PIN may be another one now. */
static enum bk_err was_refused(struct bk_token *t, const void *pin, size_t len, bool *refused)
{
    uint8_t digest[32];
    struct bk_pin_info info;
    *refused = false;
    if (t->refused_left < 0)
        return BK_OK;
    enum bk_err err = pin_digest(t, pin, len, digest);
    if (err || !bk_secret_equal(digest, sizeof digest, t->refused, sizeof t->refused))
        return err;
    unsigned round = 0;
    do
        err = bk_card_get_pin_info(t->card, BK_PIN_USER, &info);
    while (bk_token_again(t, &err, &round));
    if (!err && info.left <= (unsigned)t->refused_left) {
        *refused = true;
        t->card->tries = (int)info.left;
    }
    return err;
}

static void remember_refused(struct bk_token *t, const void *pin, size_t len)
{
    if (pin_digest(t, pin, len, t->refused) == BK_OK)
        t->refused_left = t->card->tries;
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
    unsigned round = 0;
    do
        err = bk_card_verify_pin(t->card, BK_PIN_USER, pin, len);
    while (bk_token_again(t, &err, &round));
    if (err == BK_EPIN_WRONG || err == BK_EPIN_LOCKED)
        remember_refused(t, pin, len);
    if (err)
        return err;
    t->refused_left = -1;
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
    unsigned round = 0;
    do {
        /* some keys change a PIN only after it was verified */
        err = bk_card_begin(t->card);
        if (err)
            continue;
        err = bk_card_verify_pin(t->card, BK_PIN_USER, old_pin, old_len);
        if (!err)
            err = bk_card_change_pin(t->card, BK_PIN_USER, old_pin, old_len, new_pin, new_len);
        if (!err && (!t->logged_in || t->options.isolate))
            err = bk_card_clear_secure_state(t->card);
        bk_card_end(t->card);
    } while (bk_token_again(t, &err, &round));
    if (err == BK_EPIN_WRONG || err == BK_EPIN_LOCKED)
        remember_refused(t, old_pin, old_len);
    if (err)
        return err;
    t->refused_left = -1;
    return t->logged_in ? bk_secret_set(&t->pin, new_pin, new_len) : BK_OK;
}
