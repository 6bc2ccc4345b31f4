/* SPDX-License-Identifier: Apache-2.0 */
#include "token/token.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "crypto/ctx.h"
#include "token/data.h"
#include "token/pending.h"
#include "token/unlock.h"

#define OPEN_TRIES 4 /* others may reset the key meanwhile */
/* of putting right what made a command fail: others log out and reset, too */
#define ROUNDS_MAX 12

static void container_free(struct bk_container **c)
{
    if (!*c)
        return;
    bk_x509_free(&(*c)->cert[0]);
    bk_x509_free(&(*c)->cert[1]);
    bk_rsa_public_free(&(*c)->check[0]);
    bk_rsa_public_free(&(*c)->check[1]);
    free(*c);
    *c = NULL;
}

static void drop_containers(struct bk_token *t)
{
    for (size_t i = 0; i < t->count; i++)
        container_free(&t->containers[i]);
    free(t->containers);
    t->containers = NULL;
    t->count = 0;
}

/* The configured name; a key that has another one has usually just that. */
static enum bk_err open_application(struct bk_token *t)
{
    struct bk_names names = {BK_BUF_INIT};
    size_t at = 0;
    enum bk_err err = bk_card_open_application(t->card, t->options.application);
    if (err != BK_ENOTFOUND)
        return err;
    err = bk_card_enum_application(t->card, &names);
    const char *name = err ? NULL : bk_names_next(&names, &at);
    if (!err)
        err = name ? bk_card_open_application(t->card, name) : BK_ENOTFOUND;
    bk_names_free(&names);
    return err;
}

void bk_containers_close(struct bk_token *t)
{
    for (size_t i = 0; i < t->count; i++)
        t->containers[i]->open = false;
}

static enum bk_err reopen(struct bk_token *t)
{
    t->disturbed_ms = bk_clock_ms();
    bk_containers_close(t);
    enum bk_err err = open_application(t);
    for (unsigned i = 1; err == BK_ERESET && i < OPEN_TRIES; i++) {
        err = bk_card_resume(t->card);
        if (!err)
            err = open_application(t);
    }
    return err;
}

static void look_at_application(struct bk_token *t)
{
    t->has_files = !t->empty && t->card->app.max_files >= 2 &&
                   (t->card->app.create_rights & BK_RIGHT_USER) == BK_RIGHT_USER;
}

enum bk_err bk_token_appear(struct bk_token *t)
{
    enum bk_err err = t->empty ? reopen(t) : BK_OK;
    t->empty = err != BK_OK;
    look_at_application(t);
    return err == BK_ENOTFOUND ? BK_EUNKNOWN_KEY : err;
}

enum bk_err bk_token_new(struct bk_card **card, const struct bk_token_options *options,
                         struct bk_token **token)
{
    struct bk_token *t = calloc(1, sizeof *t);
    if (!t)
        return BK_ENOMEM;
    t->card = *card;
    t->options = *options;
    memcpy(t->serial, t->card->info.serial, sizeof t->serial);
    t->left[BK_PIN_ADMIN] = t->left[BK_PIN_USER] = -1;
    t->records.which = t->records.last = -1;
    enum bk_err err = reopen(t);
    t->empty = err == BK_ENOTFOUND;
    if (err && !t->empty) {
        t->card = NULL;
        bk_token_free(&t);
        return err;
    }
    look_at_application(t);
    *card = NULL;
    *token = t;
    return BK_OK;
}

void bk_token_free(struct bk_token **token)
{
    struct bk_token *t = *token;
    if (!t)
        return;
    bk_unlock_drop(t);
    bk_pending_free(&t->pending);
    bk_data_forget(t);
    drop_containers(t);
    bk_secret_free(&t->pin);
    bk_secret_free(&t->so_pin);
    bk_wipe(t->refused, sizeof t->refused);
    bk_wipe(&t->refused_device, sizeof t->refused_device);
    bk_card_free(&t->card);
    free(t);
    *token = NULL;
}

/* --- repair
 * -------------------------------------------------------------------------------------*/

static enum bk_err drop_pin(struct bk_token *t)
{
    bk_secret_free(&t->pin);
    t->logged_in = false;
    return BK_ELOGIN;
}

/*
 * The kept PIN. When it is refused, somebody changed it, and all the other programs that have it
 * kept must not find that out by a try each: one that a key has refused something since the last
 * good PIN gets none that nobody typed. In one sequence, so that two don't look at the same
 * counter.
 */
enum bk_err bk_token_log_in_again(struct bk_token *t)
{
    struct bk_pin_info info = {0};
    enum bk_err err = bk_card_begin(t->card);
    if (err)
        return err;
    err = bk_card_get_pin_info(t->card, BK_PIN_USER, &info);
    if (!err && info.left < info.max) {
        bk_log(BK_LOG_WARN, "token: a PIN was refused meanwhile: the kept one isn't sent");
        err = drop_pin(t);
    } else if (!err) {
        err = bk_card_verify_pin(t->card, BK_PIN_USER, t->pin.data, t->pin.len);
        if (err == BK_EPIN_WRONG || err == BK_EPIN_LOCKED) {
            bk_log(BK_LOG_WARN, "token: the kept PIN was refused and is dropped");
            bk_refused_note(t, BK_PIN_USER, t->pin.data, t->pin.len);
            err = drop_pin(t);
        } else if (bk_pin_is_loss(err)) {
            err = BK_ERESET; /* one more round: where the key refused it, its counter tells */
        }
    }
    bk_card_end(t->card);
    return err;
}

/* After a reset another key may be in the reader: it gets no PIN of this one's. Within a sequence
 * nobody else's command may come between a random and its PIN. */
static enum bk_err open_again(struct bk_token *t)
{
    enum bk_err err = bk_card_get_dev_info(t->card);
    if (err == BK_ERESET) {
        err = bk_card_resume(t->card);
        if (!err)
            err = bk_card_get_dev_info(t->card);
    }
    if (!err && strcmp(t->serial, t->card->info.serial) != 0)
        err = BK_EREMOVED;
    return err ? err : reopen(t);
}

/* All of it in one sequence: a card that is held by others then is found out at its begin, and of
 * what isn't repaired one hears again. */
static enum bk_err resume(struct bk_token *t)
{
    bk_containers_close(t);
    enum bk_err err = bk_card_resume(t->card);
    if (err == BK_ERESET)
        err = bk_card_resume(t->card);
    if (!err)
        err = bk_card_begin(t->card);
    if (err == BK_ERESET)
        err = bk_card_begin(t->card);
    if (err)
        return err;
    err = open_again(t);
    bk_card_end(t->card);
    return err;
}

/* Others may reset the key, or log out of it, just when it has been repaired: that is one round
 * more. */
bool bk_token_again(struct bk_token *t, enum bk_err *err, unsigned *round)
{
    while ((*err == BK_ERESET || (*err == BK_ELOGIN && t->logged_in)) && *round < ROUNDS_MAX) {
        (*round)++;
        t->disturbed_ms = bk_clock_ms();
        enum bk_err repair = *err == BK_ERESET ? resume(t) : BK_OK;
        if (!repair && t->logged_in && !t->options.isolate)
            repair = bk_token_log_in_again(t);
        if (!repair)
            return true;
        *err = repair;
    }
    return false;
}

void bk_token_lost(struct bk_token *t)
{
    t->logged_in = false;
    bk_secret_free(&t->pin);
    enum bk_err err = reopen(t);
    if (err)
        bk_log(BK_LOG_INFO, "token: not opened again after a reset: %s", bk_err_name(err));
}

enum bk_alg bk_container_alg(const struct bk_container *c)
{
    return c->info.type == BK_CONTAINER_RSA   ? BK_ALG_RSA
           : c->info.type == BK_CONTAINER_SM2 ? BK_ALG_SM2
                                              : (enum bk_alg)0;
}

enum bk_err bk_container_open(struct bk_token *t, struct bk_container *c)
{
    if (c->open)
        return BK_OK;
    enum bk_err err = bk_card_open_container(t->card, c->full, c->id);
    c->open = !err;
    c->proved_ms = 0;
    return err;
}

enum bk_err bk_token_use_begin(struct bk_token *t)
{
    if (!t->options.isolate)
        return BK_OK;
    if (!t->logged_in)
        return BK_ELOGIN;
    if (t->uses) {
        t->uses++;
        return BK_OK;
    }
    enum bk_err err = bk_card_begin(t->card);
    if (err)
        return err;
    err = bk_token_log_in_again(t);
    if (err)
        bk_card_end(t->card);
    else
        t->uses = 1;
    return err;
}

void bk_token_use_end(struct bk_token *t)
{
    if (!t->options.isolate || --t->uses)
        return;
    enum bk_err err = bk_card_clear_secure_state(t->card);
    if (err)
        bk_log(BK_LOG_WARN, "token: the key's log-in wasn't cleared: %s", bk_err_name(err));
    bk_card_end(t->card);
}

/* --- what is on the key
 * -------------------------------------------------------------------------*/

struct bk_container *bk_token_find(struct bk_token *t, const char *name, unsigned generation)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->containers[i]->generation == generation && strcmp(t->containers[i]->name, name) == 0)
            return t->containers[i];
    return NULL;
}

struct bk_container *bk_token_current(struct bk_token *t, const char *name)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->containers[i]->role == BK_ROLE_CURRENT && strcmp(t->containers[i]->name, name) == 0)
            return t->containers[i];
    return NULL;
}

static enum bk_err read_cert(struct bk_token *t, struct bk_container *c, enum bk_key_use use)
{
    struct bk_buf der = BK_BUF_INIT;
    enum bk_err err = bk_card_export_certificate(t->card, c->id, use, &der);
    if (!err)
        err = bk_x509_parse(der.data, der.len, &c->cert[use]);
    bk_buf_free(&der);
    /* a damaged certificate hides itself, not the rest of the key */
    if (err == BK_EFORMAT || err == BK_ENOTFOUND || err == BK_ELIMIT) {
        bk_log(BK_LOG_WARN, "token: a certificate can't be read: %s", bk_err_name(err));
        err = BK_OK;
    }
    return err;
}

static bool cert_fits(const struct bk_container *c, enum bk_key_use use)
{
    enum bk_alg alg = c->info.type == BK_CONTAINER_RSA ? BK_ALG_RSA : BK_ALG_SM2;
    return c->cert[use] && c->cert[use]->key.alg == alg;
}

/* The public key stands in the certificate; without one it takes an exchange. */
static enum bk_err read_key(struct bk_token *t, struct bk_container *c, enum bk_key_use use)
{
    unsigned bits = use == BK_KEY_SIGNING ? c->info.sign_bits : c->info.enc_bits;
    enum bk_err err = BK_OK;
    c->has_key[use] = bits != 0;
    if (!bits)
        return BK_OK;
    if (cert_fits(c, use)) {
        c->key[use] = c->cert[use]->key;
        return BK_OK;
    }
    err = bk_card_export_public_key(t->card, c->id, use, c->info.type, &c->key[use]);
    if (err == BK_ENOTFOUND || err == BK_EFORMAT) {
        c->has_key[use] = false;
        err = BK_OK;
    }
    return err;
}

/* Certificates and keys; of a staged container, or an empty one, nothing. */
static enum bk_err read_container(struct bk_token *t, struct bk_container *c, bool *prelude)
{
    if (c->role == BK_ROLE_STAGED || c->info.type == BK_CONTAINER_EMPTY)
        return BK_OK;
    enum bk_err err = bk_container_open(t, c);
    if (!err && !*prelude && (c->info.sign_cert || c->info.enc_cert)) {
        err = bk_card_before_certificates(t->card);
        *prelude = true;
    }
    if (!err && c->info.sign_cert)
        err = read_cert(t, c, BK_KEY_SIGNING);
    if (!err && c->info.enc_cert)
        err = read_cert(t, c, BK_KEY_ENCRYPTION);
    if (!err)
        err = read_key(t, c, BK_KEY_SIGNING);
    if (!err)
        err = read_key(t, c, BK_KEY_ENCRYPTION);
    return err;
}

static bool unread(const struct bk_token *t, const struct bk_container *c)
{
    return !c->read && (t->types & BK_TYPE(c->info.type));
}

/* Of the types asked for so far, what hasn't been read. */
static enum bk_err read_contents(struct bk_token *t)
{
    enum bk_err err = BK_OK;
    bool prelude = false, more = false;
    for (size_t i = 0; !err && i < t->count; i++) {
        struct bk_container *c = t->containers[i];
        if (!unread(t, c))
            continue;
        err = read_container(t, c, &prelude);
        c->read = !err;
        more = true;
    }
    if (!err && more)
        err = bk_pending_overlay(t);
    if (err)
        t->loaded = false;
    if (more)
        t->changes++;
    return err;
}

/* All of them, or none: over one that isn't seen another would be made. */
static enum bk_err add_names(struct bk_token *t, const struct bk_names *names)
{
    size_t at = 0, n = 0;
    const char *full = NULL;
    while (bk_names_next(names, &at))
        n++;
    if (n > BK_TOKEN_CONTAINERS) {
        bk_log(BK_LOG_ERROR, "token: the key names %zu containers, more than can be", n);
        return BK_EFORMAT;
    }
    t->containers = calloc(n + 1, sizeof(struct bk_container *));
    if (!t->containers)
        return BK_ENOMEM;
    at = 0;
    while ((full = bk_names_next(names, &at)) != NULL) {
        struct bk_container *c = calloc(1, sizeof *c);
        if (!c)
            return BK_ENOMEM;
        t->containers[t->count++] = c;
        memcpy(c->full, full, strlen(full) + 1);
        bk_generation_split(full, c->name, &c->generation);
    }
    return BK_OK;
}

static void set_role(struct bk_container *c, unsigned current)
{
    c->role = c->generation == current  ? BK_ROLE_CURRENT
              : c->generation > current ? BK_ROLE_STAGED
                                        : BK_ROLE_HISTORY;
}

/*
 * On a key that takes no files the generation with a signing certificate and the highest number
 * is the current one: importing that certificate was the commit. Of a key whose record is of a
 * later version it is the likeliest one; nothing is changed on that.
 */
static unsigned current_without_records(const struct bk_token *t, const char *name)
{
    unsigned current = 0;
    for (size_t i = 0; i < t->count; i++) {
        const struct bk_container *c = t->containers[i];
        if (c->generation > current && c->info.sign_cert && strcmp(c->name, name) == 0)
            current = c->generation;
    }
    return current;
}

static void set_roles(struct bk_token *t)
{
    for (size_t i = 0; i < t->count; i++) {
        struct bk_container *c = t->containers[i];
        const struct bk_record_entry *e = bk_record_find(&t->records.rules, c->name);
        if (!t->has_files || t->records.unknown)
            set_role(c, current_without_records(t, c->name));
        else
            set_role(c, e ? e->generation : 0);
    }
}

static enum bk_err load(struct bk_token *t, const struct bk_names *names)
{
    drop_containers(t);
    t->changes++;
    t->loaded = false;
    enum bk_err err = add_names(t, names);
    for (size_t i = 0; !err && i < t->count; i++)
        err = bk_card_get_container_info(t->card, t->containers[i]->full, &t->containers[i]->info);
    if (err)
        return err;
    set_roles(t);
    t->loaded = true;
    t->read_ms = bk_clock_ms();
    return BK_OK;
}

/* Two exchanges tell whether anything changed: the record that is written next (every change raises
 * the number) and the names of the containers. */
static bool same_names(const struct bk_token *t, const struct bk_names *names)
{
    size_t at = 0, n = 0;
    const char *full = NULL;
    while ((full = bk_names_next(names, &at)) != NULL) {
        if (n >= t->count || strcmp(t->containers[n]->full, full) != 0)
            return false;
        n++;
    }
    return n == t->count;
}

/* Other software renews in place and raises no number of ours: what was read is read again now and
 * then, when somebody looks. */
#define READ_AGAIN_MS 30000

/* Without a sequence: a client that only searches keeps nobody waiting, and waits for nobody's. */
static enum bk_err looks_the_same(struct bk_token *t, bool *same)
{
    struct bk_names names = {BK_BUF_INIT};
    enum bk_err err = BK_OK;
    if (t->loaded && bk_clock_ms() - t->read_ms > READ_AGAIN_MS)
        bk_token_forget(t);
    *same = t->loaded && !t->has_files;
    if (t->loaded && t->has_files)
        err = bk_records_same(t->card, &t->records, same);
    if (!err && *same)
        err = bk_card_enum_container(t->card, &names);
    *same = !err && *same && same_names(t, &names);
    bk_names_free(&names);
    return err;
}

static bool all_read(const struct bk_token *t)
{
    for (size_t i = 0; i < t->count; i++)
        if (unread(t, t->containers[i]))
            return false;
    return true;
}

/* What is there now, in a sequence. */
static enum bk_err read_list(struct bk_token *t)
{
    struct bk_names names = {BK_BUF_INIT};
    struct bk_records records = t->records;
    enum bk_err err = t->has_files ? bk_records_read(t->card, &records) : BK_OK;
    if (!err)
        err = bk_card_enum_container(t->card, &names);
    if (!err) {
        bool known = t->loaded && records.newest == t->records.newest &&
                     records.unknown == t->records.unknown && same_names(t, &names);
        t->records = records;
        t->later = records.unknown;
        err = known ? BK_OK : load(t, &names);
    }
    bk_names_free(&names);
    return err;
}

static enum bk_err refresh(struct bk_token *t)
{
    bool same = false;
    enum bk_err err = looks_the_same(t, &same);
    if (err || (same && all_read(t)))
        return err;
    err = bk_card_begin(t->card);
    if (err)
        return err;
    if (!same)
        err = read_list(t);
    if (!err)
        err = read_contents(t);
    if (err == BK_ENOTFOUND && same) { /* it went between the look and the sequence */
        err = read_list(t);
        if (!err)
            err = read_contents(t);
    }
    bk_card_end(t->card);
    return err;
}

enum bk_err bk_token_refresh_types(struct bk_token *t, unsigned types)
{
    enum bk_err err = BK_OK;
    unsigned round = 0;
    t->types |= types;
    do
        err = refresh(t);
    while (bk_token_again(t, &err, &round));
    return err;
}

enum bk_err bk_token_refresh(struct bk_token *t)
{
    return bk_token_refresh_types(t, BK_TYPE(BK_CONTAINER_RSA) | BK_TYPE(BK_CONTAINER_SM2));
}

enum bk_err bk_token_read_info(struct bk_token *t)
{
    enum bk_err err = BK_OK;
    unsigned round = 0;
    do
        err = bk_card_get_dev_info(t->card);
    while (bk_token_again(t, &err, &round));
    return err;
}

bool bk_token_same_key(struct bk_token *t)
{
    enum bk_err err = bk_token_read_info(t);
    return err == BK_EBUSY || (!err && strcmp(t->serial, t->card->info.serial) == 0);
}

void bk_token_forget(struct bk_token *t)
{
    t->loaded = false;
}

enum bk_err bk_token_status(struct bk_token *t, struct bk_token_status *status)
{
    enum bk_err err = BK_OK;
    unsigned round = 0;
    do {
        err = bk_card_get_pin_info(t->card, BK_PIN_USER, &status->user);
        if (!err)
            err = bk_card_get_pin_info(t->card, BK_PIN_ADMIN, &status->admin);
    } while (bk_token_again(t, &err, &round));
    if (!err) {
        t->left[BK_PIN_USER] = (int)status->user.left;
        t->left[BK_PIN_ADMIN] = (int)status->admin.left;
    }
    return err;
}
