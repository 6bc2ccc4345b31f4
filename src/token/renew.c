/* SPDX-License-Identifier: Apache-2.0 */
#include "token/renew.h"

#include <string.h>

#include "base/codec.h"
#include "base/log.h"
#include "crypto/csr.h"
#include "token/change.h"
#include "token/key.h"
#include "token/pending.h"

#define RSA_BITS 2048

/* What a generation takes on the key: two key pairs, two certificates, with something to spare. */
#define BYTES_RSA 7168u
#define BYTES_SM2 4096u
/* What certificates that replace old ones may be longer by, with the save file's frame. */
#define BYTES_KEEP 1024u

struct bk_container *bk_renew_staged(struct bk_token *t, const char *name)
{
    struct bk_container *best = NULL;
    for (size_t i = 0; i < t->count; i++) {
        struct bk_container *c = t->containers[i];
        if (c->role == BK_ROLE_STAGED && strcmp(c->name, name) == 0 &&
            (!best || c->generation > best->generation))
            best = c;
    }
    /* a name that has no certificate yet, nor one set aside: its first issue isn't finished */
    struct bk_container *current = best ? NULL : bk_token_current(t, name);
    bool first = current && current->generation == 0 && !current->info.sign_cert &&
                 !current->cert[BK_KEY_SIGNING];
    return first ? current : best;
}

static bool name_renewable(const char *name)
{
    size_t len = strlen(name);
    return len >= 1 && len <= BK_RECORD_NAME_MAX && !strchr(name, '~');
}

/* --- state and room
 * -----------------------------------------------------------------------------*/

/* The signing certificate is written last: it says that all is there. */
static enum bk_renew_stage stage_of(const struct bk_token *t, const struct bk_container *c)
{
    if (c->info.sign_bits == 0)
        return BK_RENEW_STARTED;
    bool waits = t->pending && t->pending->generation == c->generation &&
                 strcmp(t->pending->name, c->name) == 0;
    if (c->info.sign_cert || waits)
        return BK_RENEW_LOADED;
    return c->info.enc_bits || c->info.enc_cert ? BK_RENEW_PARTIAL : BK_RENEW_KEY;
}

static enum bk_err kept_state(struct bk_token *t, const struct bk_container *current,
                              struct bk_renew_state *state)
{
    struct bk_pending *p = NULL;
    enum bk_err err = bk_pending_find(t, current, &p);
    if (!err && p) {
        state->stage = BK_RENEW_LOADED;
        state->keep_key = true;
        state->staged = current->generation;
    }
    bk_pending_free(&p);
    return err;
}

enum bk_err bk_renew_state(struct bk_token *t, const char *name, struct bk_renew_state *state)
{
    memset(state, 0, sizeof *state);
    bk_token_forget(t);
    enum bk_err err = bk_token_refresh(t);
    if (err)
        return err;
    const struct bk_container *current = bk_token_current(t, name);
    const struct bk_container *staged = bk_renew_staged(t, name);
    if (current == staged)
        current = NULL;
    state->is_new = current == NULL;
    if (current) {
        state->current = current->generation;
        state->alg = bk_container_alg(current);
    }
    if (staged) {
        state->stage = stage_of(t, staged);
        state->staged = staged->generation;
        state->alg = bk_container_alg(staged);
        return BK_OK;
    }
    return current ? kept_state(t, current, state) : BK_OK;
}

static unsigned certs_on_key(const struct bk_token *t)
{
    unsigned n = 0;
    for (size_t i = 0; i < t->count; i++)
        n += t->containers[i]->info.sign_cert + t->containers[i]->info.enc_cert;
    return n;
}

static unsigned left_of(unsigned max, size_t used)
{
    return max > used ? max - (unsigned)used : 0;
}

/* How many files are there can be asked only by the user; before a log-in the records tell. */
static enum bk_err files_left(struct bk_token *t, unsigned *left)
{
    struct bk_names names = {BK_BUF_INIT};
    size_t at = 0, n = 0;
    enum bk_err err = t->has_files ? bk_card_enum_files(t->card, &names) : BK_OK;
    if (err == BK_ELOGIN) {
        n = (size_t)t->records.exists[0] + t->records.exists[1];
        err = BK_OK;
    }
    while (bk_names_next(&names, &at))
        n++;
    *left = left_of(t->card->app.max_files, n);
    bk_names_free(&names);
    return err;
}

bool bk_renew_hides_old(const struct bk_container *c)
{
    return (c->info.sign_cert && !c->cert[BK_KEY_SIGNING]) ||
           (c->info.enc_cert && !c->cert[BK_KEY_ENCRYPTION]);
}

/* New and old certificates are saved first, in one file. */
static bool fits_kept(const struct bk_token *t, const struct bk_container *current,
                      const struct bk_renew_room *room)
{
    size_t bytes = BYTES_KEEP;
    if (!t->has_files || !current || !current->info.sign_bits || bk_renew_hides_old(current))
        return false;
    for (int use = 0; use < 2; use++)
        bytes += current->cert[use] ? 2 * current->cert[use]->der.len : 0;
    return room->files_left >= 1 && room->bytes_left >= bytes;
}

static enum bk_err find_room(struct bk_token *t, const char *name, const struct bk_renew_params *p,
                             struct bk_renew_room *room)
{
    enum bk_err err = bk_card_get_dev_info(t->card);
    if (!err)
        err = files_left(t, &room->files_left);
    if (err)
        return err;
    room->containers_left = left_of(t->card->app.max_containers, t->count);
    room->bytes_left = t->card->info.free_space;
    room->oldest_history = -1;
    for (size_t i = 0; i < t->count; i++) {
        const struct bk_container *c = t->containers[i];
        if (c->role == BK_ROLE_HISTORY && strcmp(c->name, name) == 0 &&
            (room->oldest_history < 0 || c->generation < (unsigned)room->oldest_history))
            room->oldest_history = (int)c->generation;
    }
    unsigned files = t->has_files ? 2u - t->records.exists[0] - t->records.exists[1] : 0;
    unsigned bytes = (p->alg == BK_ALG_SM2 ? BYTES_SM2 : BYTES_RSA) + files * BK_RECORD_SIZE;
    unsigned certs = left_of(t->card->app.max_certs, certs_on_key(t));
    const struct bk_container *current = bk_token_current(t, name);
    room->fits = name_renewable(name) &&
                 (bk_renew_staged(t, name) ||
                  (room->containers_left >= 1 && room->files_left >= files &&
                   room->bytes_left >= bytes && (t->card->app.max_certs == 0 || certs >= 2)));
    room->fits_keeping_key = name_renewable(name) && fits_kept(t, current, room);
    return BK_OK;
}

enum bk_err bk_renew_room(struct bk_token *t, const char *name, const struct bk_renew_params *p,
                          struct bk_renew_room *room)
{
    memset(room, 0, sizeof *room);
    bk_token_forget(t);
    enum bk_err err = bk_token_refresh(t);
    unsigned round = 0;
    if (err)
        return err;
    do
        err = find_room(t, name, p, room);
    while (bk_token_again(t, &err, &round));
    return err;
}

/* --- begin
 * --------------------------------------------------------------------------------------*/

struct begin_job {
    const char *name;
    const struct bk_renew_params *p;
    const struct bk_progress *progress;
};

static enum bk_err step(const struct bk_progress *progress, unsigned done, unsigned total)
{
    return progress && progress->step ? progress->step(progress->context, done, total) : BK_OK;
}

/* A new name begins with generation 0, as keys come from the CA. */
static unsigned next_generation(struct bk_token *t, const char *name)
{
    unsigned next = 0;
    for (size_t i = 0; i < t->count; i++)
        if (strcmp(t->containers[i]->name, name) == 0 && t->containers[i]->generation >= next)
            next = t->containers[i]->generation + 1;
    const struct bk_record_entry *e = bk_record_find(&t->records.rules, name);
    return e && e->generation >= next ? e->generation + 1u : next;
}

static enum bk_err make_container(struct bk_token *t, const char *name)
{
    char full[BK_CARD_NAME_MAX + 1];
    uint8_t id[2];
    /* whatever it is called that is there already */
    if (!bk_token_current(t, name) && (!bk_text_is_plain(name, strlen(name)) || *name == '%'))
        return BK_EINVAL;
    enum bk_err err = bk_token_forget_name(t, name);
    if (!err)
        err = bk_generation_join(name, next_generation(t, name), full);
    if (!err)
        err = bk_card_create_container(t->card, full, id);
    bk_token_forget(t);
    return err ? err : bk_token_refresh(t);
}

/* A new generation was begun: what is loaded would go there, so that no key can be kept now. */
static bool is_staged(struct bk_token *t, const char *name)
{
    const struct bk_container *staged = bk_renew_staged(t, name);
    return staged && staged->role == BK_ROLE_STAGED;
}

/* Nothing is made, so that here is only seen whether the key may be kept. */
static enum bk_err begin_kept(struct bk_token *t, const struct begin_job *job, bool begun)
{
    struct bk_renew_room room = {0};
    const struct bk_container *current = bk_token_current(t, job->name);
    if (is_staged(t, job->name))
        return BK_ESTATE;
    if (!current || !current->info.sign_bits)
        return BK_ENOTFOUND;
    if (!begun && bk_renew_hides_old(current))
        return BK_ECORRUPT;
    enum bk_err err = begun ? BK_OK : find_room(t, job->name, job->p, &room);
    return err || begun || room.fits_keeping_key ? err : BK_EFULL;
}

static enum bk_err check_new(const struct bk_token *t, const struct begin_job *job)
{
    enum bk_err err = bk_token_id_free(t, job->name, job->p->alg);
    return err == BK_EEXISTS ? BK_EINVAL : err;
}

/* With it all is on the key: a wish to stop changes nothing any more. */
static enum bk_err make_pair(struct bk_token *t, struct bk_container *staged, enum bk_alg alg)
{
    memcpy(t->begun, staged->name, sizeof t->begun);
    t->begun_key.alg = (enum bk_alg)0;
    enum bk_err err = bk_token_generate(t, staged, alg, RSA_BITS);
    bk_token_forget(t);
    if (!err)
        err = bk_token_refresh(t);
    const struct bk_container *c = err ? NULL : bk_token_current(t, t->begun);
    if (c && c->has_key[BK_KEY_SIGNING])
        t->begun_key = c->key[BK_KEY_SIGNING];
    return err;
}

static enum bk_err begin(struct bk_token *t, void *arg)
{
    const struct begin_job *job = arg;
    bk_token_forget(t);
    enum bk_err err = bk_token_refresh(t);
    if (err)
        return err;
    const struct bk_container *current = bk_token_current(t, job->name);
    struct bk_renew_state kept = {0};
    if (current)
        err = kept_state(t, current, &kept);
    if (err || job->p->keep_key)
        return err ? err : begin_kept(t, job, kept.keep_key);
    if (kept.keep_key)
        return BK_ESTATE;
    if (current && bk_container_alg(current) && bk_container_alg(current) != job->p->alg)
        return BK_EINVAL;
    if (!current || !current->info.sign_bits)
        err = check_new(t, job);
    if (!err)
        err = step(job->progress, 0, 2);
    if (!err && !bk_renew_staged(t, job->name))
        err = make_container(t, job->name);
    if (!err)
        err = step(job->progress, 1, 2);
    struct bk_container *staged = err ? NULL : bk_renew_staged(t, job->name);
    if (!err && !staged)
        err = BK_ENOTFOUND;
    if (!err && staged->info.sign_bits && bk_container_alg(staged) != job->p->alg)
        return BK_ESTATE;
    if (!err && staged->info.sign_bits)
        return step(job->progress, 2, 2);
    return err ? err : make_pair(t, staged, job->p->alg);
}

enum bk_err bk_renew_begin(struct bk_token *t, const char *name, const struct bk_renew_params *p,
                           const struct bk_progress *progress)
{
    struct begin_job job = {name, p, progress};
    if (!name_renewable(name) || (p->alg != BK_ALG_RSA && p->alg != BK_ALG_SM2))
        return BK_EINVAL;
    return bk_token_run(t, begin, &job);
}

/* --- request
 * ------------------------------------------------------------------------------------*/

struct request_job {
    const char *name;
    const struct bk_renew_params *p;
    struct bk_buf *csr;
    struct bk_token *t;
    struct bk_container *c;
};

static enum bk_err sign_request(void *context, const struct bk_pubkey *key, const void *tbs,
                                size_t len, struct bk_buf *signature)
{
    const struct request_job *job = context;
    return bk_token_sign_message(job->t, job->c, key, tbs, len, signature);
}

static enum bk_err request(struct bk_token *t, void *arg)
{
    struct request_job *job = arg;
    struct bk_pubkey key;
    bk_buf_clear(job->csr);
    enum bk_err err = bk_token_refresh(t);
    if (err)
        return err;
    const struct bk_container *current = bk_token_current(t, job->name);
    const struct bk_x509 *cert = current ? current->cert[BK_KEY_SIGNING] : NULL;
    if (job->p->keep_key && is_staged(t, job->name))
        return BK_ESTATE;
    job->t = t;
    job->c = job->p->keep_key ? bk_token_current(t, job->name) : bk_renew_staged(t, job->name);
    if (!job->c || job->c->info.sign_bits == 0)
        return BK_ESTATE;
    struct bk_buf subject = BK_BUF_INIT;
    if (job->p->subject)
        err = bk_buf_put(&subject, job->p->subject, job->p->subject_len);
    else if (cert)
        err = bk_buf_put(&subject, cert->subject.data, cert->subject.len);
    else
        err = bk_csr_name(job->name, &subject);
    if (!err)
        err = bk_container_open(t, job->c);
    if (!err)
        err =
            bk_card_export_public_key(t->card, job->c->id, BK_KEY_SIGNING, job->c->info.type, &key);
    if (!err)
        err = bk_csr_build(&key, subject.data, subject.len, sign_request, job, job->csr);
    bk_buf_free(&subject);
    return err;
}

enum bk_err bk_renew_request(struct bk_token *t, const char *name, const struct bk_renew_params *p,
                             struct bk_buf *csr)
{
    struct request_job job = {.name = name, .p = p, .csr = csr};
    return bk_token_run_reading(t, request, &job);
}
