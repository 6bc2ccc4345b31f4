/* SPDX-License-Identifier: Apache-2.0 */
#include "token/put.h"

#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "base/log.h"
#include "token/change.h"
#include "token/identity.h"
#include "token/key.h"
#include "token/pending.h"

/* What is on the key now, whatever was read before. */
static enum bk_err read_again(struct bk_token *t)
{
    bk_token_forget(t);
    return bk_token_refresh(t);
}

static struct bk_container *find_full(struct bk_token *t, const char *full)
{
    for (size_t i = 0; i < t->count; i++)
        if (strcmp(t->containers[i]->full, full) == 0)
            return t->containers[i];
    return NULL;
}

/* --- labels and ids
 * -----------------------------------------------------------------------------------*/

static bool has_pair(const struct bk_container *c, enum bk_key_use use, const struct bk_pubkey *key)
{
    return c->has_key[use] && bk_pubkey_equal(&c->key[use], key);
}

struct name_job {
    /* the caller's may be those of a container that is read anew */
    char full[BK_CARD_NAME_MAX + 1];
    struct bk_pubkey key;
    const struct bk_naming *naming;
};

bool bk_label_possible(const struct bk_token *t, const struct bk_container *c, enum bk_key_use use,
                       const struct bk_pubkey *key)
{
    return has_pair(c, use, key) && t->has_files && c->role == BK_ROLE_CURRENT &&
           strlen(c->name) <= BK_RECORD_NAME_MAX && !strchr(c->name, '~');
}

/* With an entry for each name on the key: labels leave room for their renewals. */
static bool leaves_room(const struct bk_token *t, const struct bk_record *record)
{
    struct bk_record all = *record;
    for (size_t i = 0; i < t->count; i++)
        if (!bk_record_find(&all, t->containers[i]->name) &&
            bk_record_set(&all, t->containers[i]->name, 1) == BK_EFULL)
            break;
    return bk_record_fits(&all);
}

/* text NULL: what comes of the name, which needs no room */
static enum bk_err note(struct bk_record *next, const char *name, enum bk_key_use use,
                        enum bk_label_of of, const char *text, bool *changed)
{
    const char *has = bk_record_label(next, name, use, of);
    if ((!text && !has) || (text && has && strcmp(text, has) == 0))
        return BK_OK;
    *changed = true;
    return bk_record_set_label(next, name, use, of, text);
}

static enum bk_err note_label(const struct bk_container *c, const struct bk_naming *n,
                              struct bk_record *next, bool *changed)
{
    char usual[BK_LABEL_MAX];
    bk_identity_label(c->name, n->use, false, 0, usual);
    const char *text = strcmp(usual, n->label) == 0 ? NULL : n->label;
    return note(next, c->name, n->use, n->of, text, changed);
}

static enum bk_err is_no_identity(struct bk_token *t, const struct bk_container *c);

static enum bk_err note_id(struct bk_token *t, const struct bk_container *c,
                           const struct bk_naming *n, struct bk_record *next, bool *changed)
{
    uint8_t usual[BK_ID_LEN];
    size_t len = 0;
    struct bk_buf hex = BK_BUF_INIT;
    enum bk_err err = is_no_identity(t, c);
    if (!err)
        err = bk_token_id_fits(t, c->name, bk_container_alg(c), n->id, n->id_len);
    if (!err)
        err = bk_identity_id(t->card->info.serial, c->name, BK_KEY_SIGNING, false, 0, usual, &len);
    if (err)
        return err;
    bool is_usual = n->id_len == len && memcmp(n->id, usual, len) == 0;
    if (!is_usual)
        err = bk_hex_encode(n->id, n->id_len, &hex);
    if (!err)
        err = bk_buf_put_u8(&hex, 0);
    if (!err)
        err = note(next, c->name, BK_KEY_SIGNING, BK_LABEL_ID,
                   is_usual ? NULL : (const char *)hex.data, changed);
    bk_buf_free(&hex);
    return err;
}

static enum bk_err set_names(struct bk_token *t, void *arg)
{
    const struct name_job *job = arg;
    bool changed = false;
    enum bk_err err = read_again(t);
    const struct bk_container *c = err ? NULL : find_full(t, job->full);
    if (err || !c || c->role != BK_ROLE_CURRENT || !has_pair(c, job->naming->use, &job->key))
        return err ? err : BK_ENOTFOUND;
    if (!bk_label_possible(t, c, job->naming->use, &job->key))
        return BK_EUNSUPPORTED;
    struct bk_record next = t->records.rules;
    if (job->naming->label)
        err = note_label(c, job->naming, &next, &changed);
    if (!err && job->naming->id)
        err = note_id(t, c, job->naming, &next, &changed);
    if (err || !changed)
        return err;
    if (!leaves_room(t, &next))
        bk_token_prune(t, &next);
    if (!leaves_room(t, &next))
        return BK_EFULL;
    t->changes++;
    return bk_token_write_record(t, &next);
}

enum bk_err bk_object_name(struct bk_token *t, const char *full, const struct bk_naming *naming)
{
    struct name_job job = {.key = *naming->key, .naming = naming};
    struct bk_record probe = {0};
    (void)snprintf(job.full, sizeof job.full, "%s", full);
    enum bk_err err =
        naming->label ? bk_record_set_label(&probe, "any", naming->use, naming->of, naming->label)
                      : BK_OK;
    return err ? err : bk_token_run(t, set_names, &job);
}

/* --- certificates
 * -------------------------------------------------------------------------------*/

struct cert_job {
    const char *full;
    enum bk_key_use use;
    const struct bk_x509 *cert;
};

static enum bk_err check_place(struct bk_token *t, const struct bk_container *c,
                               const struct cert_job *job, bool *there)
{
    struct bk_pending *p = NULL;
    const struct bk_x509 *has = c->cert[job->use];
    bool flag = job->use == BK_KEY_SIGNING ? c->info.sign_cert : c->info.enc_cert;
    if (c->role != BK_ROLE_CURRENT || !c->has_key[job->use] ||
        !bk_pubkey_equal(&c->key[job->use], &job->cert->key))
        return BK_ENOTFOUND;
    *there = flag && has && has->der.len == job->cert->der.len &&
             memcmp(has->der.data, job->cert->der.data, has->der.len) == 0;
    if (flag)
        return *there ? BK_OK : BK_EEXISTS;
    enum bk_err err = bk_pending_find(t, c, &p);
    if (!err && p)
        err = BK_ESTATE;
    bk_pending_free(&p);
    return err;
}

static enum bk_err put_cert(struct bk_token *t, void *arg)
{
    const struct cert_job *job = arg;
    struct bk_buf certs[2] = {BK_BUF_INIT, BK_BUF_INIT};
    bool there = false;
    enum bk_err err = read_again(t);
    struct bk_container *c = err ? NULL : find_full(t, job->full);
    if (!err)
        err = c ? check_place(t, c, job, &there) : BK_ENOTFOUND;
    if (err)
        return err;
    if (!there) {
        certs[job->use] = job->cert->der; /* a view */
        err = bk_token_put_certs(t, c, certs);
    }
    /* of one that was there, too: a run that was cut may have told nobody */
    if (!err && t->has_files)
        err = bk_token_tell_others(t, c);
    bk_token_forget(t);
    return err ? err : bk_token_refresh(t);
}

enum bk_err bk_cert_put(struct bk_token *t, const char *full, enum bk_key_use use,
                        const struct bk_x509 *cert)
{
    struct cert_job job = {full, use, cert};
    return bk_token_run(t, put_cert, &job);
}

/* --- containers
 * ---------------------------------------------------------------------------------*/

struct container_job {
    const char *name;
    const struct bk_pubkey *key; /* NULL: whichever it has */
    bool tried; /* in an earlier round, whose answer may have been lost, not its work */
};

static enum bk_err create(struct bk_token *t, void *arg)
{
    struct container_job *job = arg;
    uint8_t id[2];
    bool there = false;
    enum bk_err err = read_again(t);
    for (size_t i = 0; !err && i < t->count; i++)
        there = there || strcmp(t->containers[i]->name, job->name) == 0;
    if (there && !job->tried)
        err = BK_EEXISTS;
    if (!err && !there)
        err = bk_token_forget_name(t, job->name);
    if (!err && !there) {
        job->tried = true;
        err = bk_card_create_container(t->card, job->name, id);
    }
    bk_token_forget(t);
    return err ? err : bk_token_refresh(t);
}

enum bk_err bk_container_create(struct bk_token *t, const char *name)
{
    struct bk_record probe = {0};
    struct container_job job = {.name = name};
    enum bk_err err = bk_record_set(&probe, name, 1); /* what a record can hold */
    if (!err && (!bk_text_is_plain(name, strlen(name)) || *name == '%'))
        err = BK_EINVAL;
    return err ? err : bk_token_run(t, create, &job);
}

bool bk_container_no_identity(const struct bk_container *c)
{
    return c->role == BK_ROLE_CURRENT && !c->info.sign_cert && !c->info.enc_cert &&
           !c->info.enc_bits && !c->cert[0] && !c->cert[1];
}

static enum bk_err is_no_identity(struct bk_token *t, const struct bk_container *c)
{
    struct bk_pending *p = NULL;
    if (!bk_container_no_identity(c))
        return BK_EDENIED;
    enum bk_err err = bk_pending_find(t, c, &p);
    if (!err && p)
        err = BK_EDENIED;
    bk_pending_free(&p);
    return err;
}

static enum bk_err take_away(struct bk_token *t, void *arg)
{
    struct container_job *job = arg;
    enum bk_err err = read_again(t);
    const struct bk_container *c = err ? NULL : bk_token_current(t, job->name);
    if (!err && c && job->key && !has_pair(c, BK_KEY_SIGNING, job->key)) /* by now another's */
        err = BK_ENOTFOUND;
    if (!err && c)
        err = is_no_identity(t, c);
    else if (!err && !job->tried)
        err = BK_ENOTFOUND;
    if (!err && c) {
        job->tried = true;
        err = bk_card_delete_container(t->card, c->full);
    }
    bk_token_forget(t);
    if (!err)
        err = bk_token_refresh(t);
    /* others look at the number: one of the same name may come again. Its labels go with it, so
     * that one starts without; a cut leaves them, to be taken along by the next record */
    if (!err)
        bk_token_changed(t);
    return err;
}

enum bk_err bk_container_delete(struct bk_token *t, const char *name)
{
    struct container_job job = {.name = name};
    return bk_token_run(t, take_away, &job);
}

enum bk_err bk_pair_delete(struct bk_token *t, const char *name, const struct bk_pubkey *key)
{
    struct container_job job = {.name = name, .key = key};
    return bk_token_run(t, take_away, &job);
}
