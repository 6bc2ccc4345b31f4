/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a renewal: commit, abort, and what becomes of old generations. */
#include <string.h>

#include "token/change.h"
#include "token/pending.h"
#include "token/renew.h"

struct job {
    const char *name;
    unsigned generation;
    bool tried; /* in an earlier round, whose answer may have been lost, not its work */
};

/* New certificates over old ones. */
static enum bk_err commit_kept(struct bk_token *t, struct bk_container *c)
{
    struct bk_pending *p = NULL;
    enum bk_err err = bk_pending_find(t, c, &p);
    /* nothing waits: a first issue, whose last certificate was its commit, or done before */
    if (!err && !p)
        return c->info.sign_cert ? BK_OK : BK_ESTATE;
    if (!err)
        err = bk_token_put_certs(t, c, p->new_cert);
    if (!err && t->has_files)
        err = bk_token_tell_others(t, c);
    if (!err)
        err = bk_pending_delete(t);
    bk_pending_free(&p);
    return err;
}

static enum bk_err commit_staged(struct bk_token *t, struct bk_container *c)
{
    struct bk_pending *p = NULL;
    enum bk_err err = BK_OK;
    if (t->has_files)
        return c->info.sign_cert ? bk_token_write_generation(t, c->name, c->generation) : BK_ESTATE;
    err = bk_pending_find(t, c, &p);
    if (!err && !p)
        err = BK_ESTATE;
    if (!err)
        err = bk_token_put_certs(t, c, p->new_cert);
    if (!err)
        err = bk_pending_delete(t);
    bk_pending_free(&p);
    return err;
}

static enum bk_err commit(struct bk_token *t, void *arg)
{
    const struct job *job = arg;
    bk_token_forget(t);
    enum bk_err err = bk_token_refresh(t);
    if (err)
        return err;
    struct bk_container *staged = bk_renew_staged(t, job->name);
    struct bk_container *current = bk_token_current(t, job->name);
    if (staged)
        err = commit_staged(t, staged);
    else
        err = current ? commit_kept(t, current) : BK_ENOTFOUND;
    bk_token_forget(t);
    return err ? err : bk_token_refresh(t);
}

enum bk_err bk_renew_commit(struct bk_token *t, const char *name)
{
    struct job job = {.name = name};
    return bk_token_run(t, commit, &job);
}

/* Both are the new ones: the commit has happened, only its save file is still there. */
static enum bk_err is_committed(struct bk_token *t, struct bk_container *c,
                                const struct bk_pending *p, bool *committed)
{
    enum bk_err err = bk_container_open(t, c);
    *committed = true;
    if (!err)
        err = bk_card_before_certificates(t->card);
    for (int use = 0; !err && *committed && use < 2; use++)
        if (p->new_cert[use].len)
            err = bk_token_has_cert(t, c, (enum bk_key_use)use, &p->new_cert[use], committed);
    return err;
}

enum bk_err bk_renew_put_back(struct bk_token *t)
{
    struct bk_pending *p = NULL;
    bool committed = true;
    enum bk_err err = bk_pending_any(t, &p);
    struct bk_container *c = err || !p ? NULL : bk_token_find(t, p->name, p->generation);
    bool is = false;
    if (c)
        err = bk_pending_is_of(p, c, &is);
    if (!err && is)
        err = is_committed(t, c, p, &committed);
    if (!err && !committed)
        err = bk_token_put_certs(t, c, p->old_cert);
    if (!err && p)
        err = bk_pending_delete(t);
    bk_pending_free(&p);
    return err;
}

static enum bk_err abort_kept(struct bk_token *t, const struct bk_container *c)
{
    struct bk_pending *p = NULL;
    enum bk_err err = bk_pending_find(t, c, &p);
    if (!err && p)
        err = bk_renew_put_back(t);
    bk_pending_free(&p);
    return err;
}

/* Of what may be an unfinished first issue only what can't be anything else. A container that lost
 * its signing certificate in a renewal that keeps the key looks the same but for the rest of it; a
 * pair made by itself, for whatever use, looks just the same, so that it must have been made here.
 */
static bool is_first_issue(const struct bk_token *t, const struct bk_container *c)
{
    const struct bk_pubkey *begun = &t->begun_key;
    if (c->info.enc_bits || c->info.enc_cert)
        return false;
    return !c->info.sign_bits || (strcmp(t->begun, c->name) == 0 &&
                                  (!begun->alg || bk_pubkey_equal(begun, &c->key[BK_KEY_SIGNING])));
}

static enum bk_err abort_all(struct bk_token *t, void *arg)
{
    const struct job *job = arg;
    struct bk_container *c = NULL;
    bk_token_forget(t);
    enum bk_err err = bk_token_refresh(t);
    while (!err && (c = bk_renew_staged(t, job->name)) != NULL) {
        if (c->role == BK_ROLE_CURRENT && !is_first_issue(t, c))
            return BK_EDENIED;
        err = bk_card_delete_container(t->card, c->full);
        bk_token_forget(t);
        if (!err)
            err = bk_token_refresh(t);
    }
    if (!err)
        t->begun[0] = 0;
    if (!err && t->pending && strcmp(t->pending->name, job->name) == 0)
        bk_pending_free(&t->pending);
    if (!err && (c = bk_token_current(t, job->name)) != NULL)
        err = abort_kept(t, c);
    bk_token_forget(t);
    return err ? err : bk_token_refresh(t);
}

enum bk_err bk_renew_abort(struct bk_token *t, const char *name)
{
    struct job job = {.name = name};
    return bk_token_run(t, abort_all, &job);
}

static enum bk_err delete_history(struct bk_token *t, void *arg)
{
    struct job *job = arg;
    bk_token_forget(t);
    enum bk_err err = bk_token_refresh(t);
    if (err)
        return err;
    const struct bk_container *c = bk_token_find(t, job->name, job->generation);
    if (!c)
        return job->tried ? BK_OK : BK_ENOTFOUND;
    if (c->role != BK_ROLE_HISTORY)
        return BK_EDENIED;
    job->tried = true;
    err = bk_card_delete_container(t->card, c->full);
    bk_token_forget(t);
    return err ? err : bk_token_refresh(t);
}

enum bk_err bk_history_delete(struct bk_token *t, const char *name, unsigned generation)
{
    struct job job = {.name = name, .generation = generation};
    return bk_token_run(t, delete_history, &job);
}
