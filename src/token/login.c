/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
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

/* Asked for anew each time: the key may have refused it in another reader, by another token. */
static const struct bk_refused *recall(struct bk_token *t, enum bk_pin_type type)
{
    if (t->options.refusals)
        bk_refusals_get(t->options.refusals, type, t->serial, &t->refused[type]);
    return &t->refused[type];
}

/* At once: the key may be pulled the next moment. */
static void keep(struct bk_token *t, enum bk_pin_type type)
{
    if (t->options.refusals)
        bk_refusals_put(t->options.refusals, type, t->serial, &t->refused[type]);
}

void bk_refused_note(struct bk_token *t, enum bk_pin_type type, const void *pin, size_t len)
{
    t->left[type] = t->card->tries;
    bk_refused_mark(&t->refused[type], t->serial, t->card->tries, pin, len);
    keep(t, type);
}

static enum bk_err tries_left(struct bk_token *t, enum bk_pin_type type, unsigned *left)
{
    struct bk_pin_info info;
    unsigned round = 0;
    enum bk_err err = BK_OK;
    do
        err = bk_card_get_pin_info(t->card, type, &info);
    while (bk_token_again(t, &err, &round));
    if (!err)
        *left = info.left;
    return err;
}

static enum bk_err refusal(const struct bk_token *t)
{
    return t->card->tries > 0 ? BK_EPIN_WRONG : BK_EPIN_LOCKED;
}

enum bk_err bk_pin_may_go(struct bk_token *t, enum bk_pin_type type, const void *pin, size_t len)
{
    const struct bk_refused *refused = recall(t, type);
    unsigned left = 0;
    bool same = false;
    enum bk_err err = bk_refused_is(refused, pin, len, &same);
    if (!err && same)
        err = tries_left(t, type, &left);
    if (err || !same || left > (unsigned)refused->left)
        return err;
    t->card->tries = (int)left;
    return refusal(t);
}

bool bk_pin_is_loss(enum bk_err err)
{
    return err == BK_EIO || err == BK_ETIMEOUT || err == BK_EFORMAT;
}

/* Where the counter was known, it tells whether the key refused a PIN whose answer got lost; where
 * it wasn't, or hasn't moved, the caller hears of the loss, and nothing is sent again. */
static enum bk_err after_loss(struct bk_token *t, enum bk_pin_type type, enum bk_err lost,
                              int before)
{
    unsigned left = 0;
    uint16_t sw = t->card->sw;
    if (!bk_pin_is_loss(lost) || before < 0)
        return lost;
    if (tries_left(t, type, &left) != BK_OK || left >= (unsigned)before) {
        t->card->sw = sw; /* of what is told of */
        return lost;
    }
    t->card->tries = (int)left;
    return refusal(t);
}

void bk_pin_accepted(struct bk_token *t, enum bk_pin_type type)
{
    t->refused[type].serial[0] = 0;
    keep(t, type);
    t->left[type] = -1;
}

enum bk_err bk_pin_answered(struct bk_token *t, enum bk_pin_type type, enum bk_err err, int before,
                            const void *pin, size_t len)
{
    err = after_loss(t, type, err, before);
    if (err == BK_EPIN_WRONG || err == BK_EPIN_LOCKED)
        bk_refused_note(t, type, pin, len);
    if (!err)
        bk_pin_accepted(t, type);
    return err;
}

/* --- log-in
 * -------------------------------------------------------------------------------------*/

/* Who logs in looks at the key as it is now; what was read a moment ago is that. */
#define READ_BEFORE_MS 2000

/* A reset here has only ended the log-in, too. What the key said before is still what is told. */
static void go_out(struct bk_card *card)
{
    uint16_t sw = card->sw;
    int tries = card->tries;
    enum bk_err err = bk_card_clear_secure_state(card);
    if (err == BK_EBUSY)
        bk_card_reset(card); /* which is done when it can be */
    else if (err)
        bk_log(BK_LOG_INFO, "token: the key was reset when it was to be logged out");
    card->sw = sw;
    card->tries = tries;
}

/* Where log-ins are isolated this one is over before anybody else gets at the key. */
static enum bk_err verify(struct bk_token *t, const void *pin, size_t len)
{
    enum bk_err err = bk_card_begin(t->card);
    if (err)
        return err;
    err = bk_card_verify_pin(t->card, BK_PIN_USER, pin, len);
    if (!err && t->options.isolate)
        go_out(t->card);
    bk_card_end(t->card);
    return err;
}

enum bk_err bk_token_login(struct bk_token *t, const void *pin, size_t len)
{
    enum bk_err err = bk_pin_check(pin, len);
    if (!err)
        err = bk_pin_may_go(t, BK_PIN_USER, pin, len);
    if (err)
        return err;
    int before = t->left[BK_PIN_USER];
    unsigned round = 0;
    do
        err = verify(t, pin, len);
    while (bk_token_again(t, &err, &round));
    err = bk_pin_answered(t, BK_PIN_USER, err, before, pin, len);
    if (err)
        return err;
    t->pin_unset = false;
    if (t->loaded && bk_clock_ms() - t->read_ms > READ_BEFORE_MS)
        bk_token_forget(t);
    err = bk_secret_set(&t->pin, pin, len);
    t->logged_in = !err;
    if (err)
        go_out(t->card);
    return err;
}

static void drop_pin(struct bk_token *t)
{
    t->logged_in = false;
    bk_secret_free(&t->pin);
}

static void forget_login(struct bk_token *t)
{
    drop_pin(t);
    bk_data_forget(t);
    t->changes++;
}

enum bk_err bk_token_logout(struct bk_token *t)
{
    enum bk_err err = bk_card_clear_secure_state(t->card);
    /* a key that was reset or pulled is logged out, and so is one between two isolated uses */
    if (err == BK_ERESET || err == BK_EREMOVED || (err == BK_EBUSY && t->options.isolate))
        err = BK_OK;
    if (err != BK_EBUSY)
        forget_login(t);
    return err;
}

enum bk_err bk_token_end_login(struct bk_token *t)
{
    enum bk_err err = bk_token_logout(t);
    if (err == BK_EBUSY) {
        forget_login(t);
        bk_card_reset(t->card);
    }
    return err;
}

enum bk_err bk_token_set_pin(struct bk_token *t, const void *old_pin, size_t old_len,
                             const void *new_pin, size_t new_len)
{
    enum bk_err err = bk_pin_check(old_pin, old_len);
    if (!err)
        err = bk_pin_check_new(new_pin, new_len);
    if (!err)
        err = bk_pin_may_go(t, BK_PIN_USER, old_pin, old_len);
    if (err)
        return err;
    int before = t->left[BK_PIN_USER];
    unsigned round = 0;
    bool verified = false;
    do {
        verified = false;
        /* some keys change a PIN only after it was verified */
        err = bk_card_begin(t->card);
        if (err)
            continue;
        err = bk_card_verify_pin(t->card, BK_PIN_USER, old_pin, old_len);
        verified = !err;
        if (!err)
            err = bk_card_change_pin(t->card, BK_PIN_USER, old_pin, old_len, new_pin, new_len);
        if (verified && !bk_pin_is_loss(err) && (!t->logged_in || t->options.isolate))
            go_out(t->card);
        bk_card_end(t->card);
    } while (bk_token_again(t, &err, &round));
    bool lost = bk_pin_is_loss(err), was_in = t->logged_in;
    bool refused = err == BK_EPIN_WRONG || err == BK_EPIN_LOCKED;
    /* which PIN it is now isn't known; or the key has ended the log-in, and where it refused one
     * the kept one isn't sent */
    if (lost || refused)
        drop_pin(t);
    err = bk_pin_answered(t, BK_PIN_USER, err, before, old_pin, old_len);
    /* not before: a reset that nobody has heard of is the counter's to find */
    if ((lost && verified) || (refused && was_in))
        go_out(t->card);
    if (err)
        return err;
    t->pin_unset = false;
    /* changed it is all the same; the old one, kept, would be a try */
    if (t->logged_in && bk_secret_set(&t->pin, new_pin, new_len) != BK_OK) {
        drop_pin(t);
        go_out(t->card);
    }
    return BK_OK;
}
