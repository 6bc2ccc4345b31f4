/* SPDX-License-Identifier: Apache-2.0 */
#include "token/station.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "crypto/ctx.h"
#include "token/change.h"
#include "token/data.h"
#include "token/pending.h"

#define TRIES 10
#define ROUNDS 3

/* --- the administrator
 * --------------------------------------------------------------------------*/

void bk_so_logout(struct bk_token *t)
{
    t->so = false;
    bk_secret_free(&t->so_pin);
}

struct so_job {
    const void *pin, *next; /* the administrator's; what to do with it */
    size_t len, next_len;
    enum bk_err (*then)(struct bk_card *card, const struct so_job *job);
};

/* Proves the PIN, does what is to be done, and leaves the key logged out. */
static enum bk_err prove_once(struct bk_token *t, const struct so_job *job)
{
    enum bk_err err = bk_card_verify_pin(t->card, BK_PIN_ADMIN, job->pin, job->len);
    if (err)
        return err;
    bk_pin_accepted(t, BK_PIN_ADMIN);
    if (job->then)
        err = job->then(t->card, job);
    /* what is done is done, whatever comes of this: after a reset the key is logged out, too */
    uint16_t sw = t->card->sw; /* the one to tell of */
    if (sw && bk_card_clear_secure_state(t->card) != BK_OK)
        bk_log(BK_LOG_INFO, "token: the key was reset after its administrator had logged in");
    t->card->sw = sw;
    return err;
}

static enum bk_err prove(struct bk_token *t, const struct so_job *job)
{
    int before = t->left[BK_PIN_ADMIN];
    unsigned round = 0;
    enum bk_err err = bk_pin_may_go(t, BK_PIN_ADMIN, job->pin, job->len);
    if (err)
        return err;
    do {
        err = bk_card_begin(t->card);
        if (err)
            continue;
        err = prove_once(t, job);
        bk_card_end(t->card);
    } while (bk_token_again(t, &err, &round));
    return bk_pin_answered(t, BK_PIN_ADMIN, err, before, job->pin, job->len);
}

enum bk_err bk_so_login(struct bk_token *t, const void *pin, size_t len)
{
    struct so_job job = {.pin = pin, .len = len};
    enum bk_err err = bk_pin_check(pin, len);
    if (!err)
        err = prove(t, &job);
    if (!err)
        err = bk_secret_set(&t->so_pin, pin, len);
    t->so = !err;
    return err;
}

static enum bk_err unblock(struct bk_card *card, const struct so_job *job)
{
    return bk_card_unblock_pin(card, job->pin, job->len, job->next, job->next_len);
}

/* With a new user PIN what was refused before may be right; a loss leaves open whether it is there.
 */
static enum bk_err new_user_pin(struct bk_token *t, const struct so_job *job)
{
    enum bk_err err = prove(t, job);
    if (!err || bk_pin_is_loss(err))
        bk_pin_accepted(t, BK_PIN_USER);
    return err;
}

enum bk_err bk_so_init_pin(struct bk_token *t, const void *pin, size_t len)
{
    struct so_job job = {
        .pin = t->so_pin.data, .len = t->so_pin.len, .next = pin, .next_len = len, .then = unblock};
    enum bk_err err = t->so ? bk_pin_check_new(pin, len) : BK_ELOGIN;
    if (err)
        return err;
    err = new_user_pin(t, &job);
    if (err == BK_EPIN_WRONG || err == BK_EPIN_LOCKED) {
        bk_log(BK_LOG_WARN, "token: the kept administrator PIN was refused and is dropped");
        bk_so_logout(t);
        return BK_ELOGIN;
    }
    if (!err)
        t->pin_unset = false;
    return err;
}

static enum bk_err change(struct bk_card *card, const struct so_job *job)
{
    return bk_card_change_pin(card, BK_PIN_ADMIN, job->pin, job->len, job->next, job->next_len);
}

enum bk_err bk_so_change_pin(struct bk_token *t, const void *old_pin, size_t old_len,
                             const void *new_pin, size_t new_len)
{
    struct so_job job = {
        .pin = old_pin, .len = old_len, .next = new_pin, .next_len = new_len, .then = change};
    enum bk_err err = bk_pin_check(old_pin, old_len);
    if (!err)
        err = bk_pin_check_new(new_pin, new_len);
    if (!err)
        err = prove(t, &job);
    /* which PIN it is now isn't known, or can't be kept: the old one would be a try */
    if (bk_pin_is_loss(err) || (!err && bk_secret_set(&t->so_pin, new_pin, new_len) != BK_OK))
        bk_so_logout(t);
    return err;
}

/* --- erasing
 * ------------------------------------------------------------------------------------*/

/* By names alone, for what is in one it may not tell. The older generations first: the next older
 * would be taken for the current one where no record says which it is. */
static enum bk_err delete_containers(struct bk_token *t)
{
    struct bk_names names = {BK_BUF_INIT};
    const char *full = NULL;
    enum bk_err err = bk_card_enum_container(t->card, &names);
    for (unsigned now = 0, next = 0; !err && next != UINT_MAX; now = next) {
        size_t at = 0;
        next = UINT_MAX;
        while (!err && (full = bk_names_next(&names, &at)) != NULL) {
            char name[BK_CARD_NAME_MAX + 1];
            unsigned generation = 0;
            bk_generation_split(full, name, &generation);
            if (generation == now)
                err = bk_card_delete_container(t->card, full);
            else if (generation > now && generation < next)
                next = generation;
        }
    }
    bk_names_free(&names);
    return err;
}

static enum bk_err delete_files(struct bk_token *t)
{
    struct bk_names names = {BK_BUF_INIT};
    const char *name = NULL;
    size_t at = 0;
    if (!t->card->app.max_files)
        return BK_OK;
    enum bk_err err = bk_card_enum_files(t->card, &names);
    while (!err && (name = bk_names_next(&names, &at)) != NULL)
        err = bk_card_delete_file(t->card, name);
    bk_names_free(&names);
    return err == BK_EUNSUPPORTED ? BK_OK : err;
}

static enum bk_err wipe(struct bk_token *t, void *arg)
{
    const char *label = arg;
    enum bk_err err = delete_containers(t);
    if (!err)
        err = delete_files(t);
    if (!err)
        err = bk_card_set_label(t->card, label);
    if (!err)
        err = bk_card_get_dev_info(t->card);
    bk_token_forget(t);
    return err;
}

/* 16 characters that nobody knows. */
static enum bk_err draw_pin(char pin[BK_PIN_LEN_MAX])
{
    static const char of[] = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz0123456789-_.+=*";
    enum bk_err err = bk_random(pin, BK_PIN_LEN_MAX);
    for (int i = 0; !err && i < BK_PIN_LEN_MAX; i++)
        pin[i] = of[(unsigned char)pin[i] % (sizeof of - 1)];
    return err;
}

enum bk_err bk_erase(struct bk_token *t, const void *admin_pin, size_t len, const char *label)
{
    char pin[BK_PIN_LEN_MAX], copy[BK_CARD_LABEL_MAX + 1] = "";
    struct so_job job = {
        .pin = admin_pin, .len = len, .next = pin, .next_len = sizeof pin, .then = unblock};
    size_t size = strlen(label);
    if (size < 1 || size > BK_CARD_LABEL_MAX)
        return BK_EINVAL;
    /* lint bugprone-not-null-terminated-result: all of it was zero */
    memcpy(copy, label, size);
    enum bk_err err = bk_pin_check(admin_pin, len);
    if (!err)
        err = bk_token_may_change(t);
    if (!err)
        err = draw_pin(pin);
    if (!err)
        err = new_user_pin(t, &job);
    if (!err) {
        err = bk_token_login(t, pin, sizeof pin);
        t->pin_unset = true; /* it isn't the user's */
    }
    if (!err) {
        err = bk_token_run(t, wipe, copy);
        enum bk_err out = bk_token_end_login(t);
        err = err ? err : out == BK_EBUSY ? BK_OK : out; /* done with what comes next */
    }
    bk_pending_free(&t->pending);
    bk_wipe(pin, sizeof pin);
    return err;
}

/* --- personalisation
 * ----------------------------------------------------------------------------*/

struct making {
    const struct bk_personalise *p;
    const uint8_t *device_key;       /* that the key has now */
    char name[BK_CARD_NAME_MAX + 1]; /* of the application; "": not chosen yet */
};

/* Which is to be there, and which are: the one that is opened when the configured one is missing
 * counts, too, for a new one beside it would be opened in its place. */
static enum bk_err look(struct bk_token *t, struct making *m, bool *any, bool *there)
{
    const char *wanted = m->p->app.name ? m->p->app.name : t->options.application;
    struct bk_names names = {BK_BUF_INIT};
    const char *name = NULL, *first = NULL;
    size_t at = 0;
    *there = false;
    if (*m->name)
        wanted = m->name;
    enum bk_err err = bk_card_enum_application(t->card, &names);
    while (!err && (name = bk_names_next(&names, &at)) != NULL) {
        first = first ? first : name;
        *there = *there || strcmp(name, wanted) == 0;
    }
    *any = first != NULL;
    if (!*there && first && !m->p->app.name && !*m->name) {
        wanted = first;
        *there = true;
    }
    size_t len = strlen(wanted);
    if (!err && len > BK_CARD_NAME_MAX)
        err = BK_ELIMIT;
    if (!err && !*m->name)
        memcpy(m->name, wanted, len + 1);
    bk_names_free(&names);
    return err;
}

static enum bk_err authenticate(struct bk_token *t, const uint8_t key[BK_CARD_DEVICE_KEY])
{
    bool same = false;
    enum bk_err err = bk_refused_is(&t->refused_device, key, BK_CARD_DEVICE_KEY, &same);
    if (!err && same)
        err = BK_EPIN_WRONG;
    if (err)
        return err;
    err = bk_card_dev_auth(t->card, key);
    if (err == BK_EPIN_WRONG || err == BK_EPIN_LOCKED)
        bk_refused_mark(&t->refused_device, t->serial, t->card->tries, key, BK_CARD_DEVICE_KEY);
    return err;
}

static unsigned or_else(unsigned asked, unsigned has)
{
    return asked ? asked : has;
}

static enum bk_err create(struct bk_token *t, const struct making *m)
{
    const struct bk_devinfo *d = &t->card->info;
    struct bk_new_app app = m->p->app;
    app.name = m->name;
    app.admin_tries = or_else(app.admin_tries, TRIES);
    app.user_tries = or_else(app.user_tries, TRIES);
    app.containers = or_else(app.containers, d->max_containers);
    app.certs = or_else(app.certs, d->max_certs);
    app.files = or_else(app.files, d->max_files);
    app.create_rights = BK_RIGHT_USER;
    return bk_card_create_application(t->card, &app);
}

static enum bk_err change_device_key(struct bk_token *t, struct making *m)
{
    const uint8_t *new_key = m->p->new_device_key;
    if (!m->p->change_device_key || m->device_key == new_key)
        return BK_OK;
    enum bk_err err = bk_card_change_dev_auth_key(t->card, m->device_key, new_key);
    if (err)
        return err;
    m->device_key = new_key;         /* also when it all begins again */
    t->refused_device.serial[0] = 0; /* it may have been refused before it was set */
    return authenticate(t, new_key); /* and it is the one that was meant */
}

/* The application last: a key that has it has all the rest. */
static enum bk_err personalise(struct bk_token *t, struct making *m)
{
    bool any = false, there = false;
    enum bk_err err = look(t, m, &any, &there);
    if (!err && any && !m->p->erase)
        err = BK_EDENIED;
    if (!err)
        err = authenticate(t, m->device_key);
    if (!err && there)
        err = bk_card_delete_application(t->card, m->name);
    if (!err && m->p->label)
        err = bk_card_set_label(t->card, m->p->label);
    if (!err)
        err = change_device_key(t, m);
    return err ? err : create(t, m);
}

enum bk_err bk_personalise(struct bk_token *t, const struct bk_personalise *p)
{
    struct making m = {.p = p, .device_key = p->device_key};
    enum bk_err err = BK_ERESET;
    for (unsigned i = 0; err == BK_ERESET && i < ROUNDS; i++) {
        err = bk_card_begin(t->card);
        if (err)
            continue;
        err = bk_card_get_dev_info(t->card);
        if (!err && strcmp(t->serial, t->card->info.serial) != 0)
            err = BK_EREMOVED;
        if (!err)
            err = personalise(t, &m);
        bk_card_end(t->card);
    }
    return err;
}
