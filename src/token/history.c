/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a renewal: commit, abort, and what becomes of old generations. */
#include <string.h>

#include "base/log.h"
#include "token/renew.h"

struct job {
    const char *name;
    unsigned generation;
};

static bool name_there(const struct bk_token *t, const char *name)
{
    for (size_t i = 0; i < t->count; i++)
        if (strcmp(t->containers[i]->name, name) == 0)
            return true;
    return false;
}

/* Entries of names that are on the key no more make room. */
static void prune(const struct bk_token *t, struct bk_record *record)
{
    for (unsigned i = 0; i < record->count;)
        if (name_there(t, record->entries[i].name))
            i++;
        else
            record->entries[i] = record->entries[--record->count];
}

/* A name that comes again has its own label. */
static void prune_labels(const struct bk_token *t, struct bk_record *record)
{
    for (unsigned i = 0; i < record->label_count;)
        if (name_there(t, record->labels[i].name))
            i++;
        else
            record->labels[i] = record->labels[--record->label_count];
}

enum bk_err bk_token_write_record(struct bk_token *t, const struct bk_record *next)
{
    struct bk_records now;
    enum bk_err err = bk_records_read(t->card, &now);
    /* of another number, or of none: what others have written since would be undone */
    if (!err && (!t->loaded || next->sequence != now.rules.sequence ||
                 t->records.rules.sequence != now.rules.sequence))
        err = BK_ESTATE;
    if (err)
        return err;
    struct bk_record record = *next;
    prune_labels(t, &record);
    err = bk_records_write(t->card, &now, &record);
    if (!err)
        t->records = now;
    return err;
}

enum bk_err bk_token_forget_name(struct bk_token *t, const char *name)
{
    struct bk_record next = t->records.rules;
    bool found = false;
    if (!t->has_files || name_there(t, name))
        return BK_OK;
    for (unsigned i = 0; i < next.label_count; i++)
        found = found || strcmp(next.labels[i].name, name) == 0;
    for (unsigned i = 0; i < next.count; i++) {
        if (strcmp(next.entries[i].name, name) == 0) {
            next.entries[i] = next.entries[--next.count];
            found = true;
        }
    }
    /* writing leaves its labels out */
    return found ? bk_token_write_record(t, &next) : BK_OK;
}

static enum bk_err write_record(struct bk_token *t, const char *name, unsigned generation)
{
    struct bk_record next = t->records.rules;
    if (generation > 0) {
        enum bk_err err = bk_record_set(&next, name, generation);
        if (err == BK_EFULL) {
            prune(t, &next);
            err = bk_record_set(&next, name, generation);
        }
        if (err)
            return err;
    }
    /* a generation is worth more than a label */
    while (next.label_count && !bk_record_fits(&next))
        next.label_count--;
    return bk_token_write_record(t, &next);
}

/* Of the key itself: what a save file shows in its place doesn't count. */
static enum bk_err has_cert(struct bk_token *t, const struct bk_container *c, enum bk_key_use use,
                            const struct bk_buf *want, bool *has)
{
    struct bk_buf der = BK_BUF_INIT;
    enum bk_err err = bk_card_export_certificate(t->card, c->id, use, &der);
    *has = !err && der.len == want->len && memcmp(der.data, want->data, der.len) == 0;
    bk_buf_free(&der);
    return err == BK_ENOTFOUND ? BK_OK : err;
}

enum bk_err bk_renew_put_certs(struct bk_token *t, struct bk_container *c,
                               const struct bk_buf cert[2])
{
    enum bk_err err = bk_container_open(t, c);
    for (int use = 0; !err && use < 2; use++) {
        bool has = false;
        if (cert[use].len == 0)
            continue;
        err = bk_card_import_certificate(t->card, c->id, (enum bk_key_use)use, cert[use].data,
                                         cert[use].len);
        if (!err)
            err = bk_card_before_certificates(t->card);
        if (!err)
            err = has_cert(t, c, (enum bk_key_use)use, &cert[use], &has);
        if (!err && !has)
            err = BK_EVERIFY;
    }
    return err;
}

enum bk_err bk_renew_tell_others(struct bk_token *t, const struct bk_container *c)
{
    enum bk_err err = write_record(t, c->name, c->generation);
    if (err != BK_EFULL)
        return err;
    bk_log(BK_LOG_WARN, "renewal: no room for a record; other programs see it when they start");
    return BK_OK;
}

/* New certificates over old ones. */
static enum bk_err commit_kept(struct bk_token *t, struct bk_container *c)
{
    struct bk_pending *p = NULL;
    enum bk_err err = bk_pending_find(t, c->name, c->generation, &p);
    /* nothing waits: a first issue, whose last certificate was its commit, or done before */
    if (!err && !p)
        return c->info.sign_cert ? BK_OK : BK_ESTATE;
    if (!err)
        err = bk_renew_put_certs(t, c, p->new_cert);
    if (!err && t->has_files)
        err = bk_renew_tell_others(t, c);
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
        return c->info.sign_cert ? write_record(t, c->name, c->generation) : BK_ESTATE;
    err = bk_pending_find(t, c->name, c->generation, &p);
    if (!err && !p)
        err = BK_ESTATE;
    if (!err)
        err = bk_renew_put_certs(t, c, p->new_cert);
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
        err = current ? commit_kept(t, current) : BK_ESTATE;
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
            err = has_cert(t, c, (enum bk_key_use)use, &p->new_cert[use], committed);
    return err;
}

enum bk_err bk_renew_put_back(struct bk_token *t)
{
    struct bk_pending *p = NULL;
    bool committed = true;
    enum bk_err err = bk_pending_any(t, &p);
    struct bk_container *c = err || !p ? NULL : bk_token_find(t, p->name, p->generation);
    if (c)
        err = is_committed(t, c, p, &committed);
    if (!err && !committed)
        err = bk_renew_put_certs(t, c, p->old_cert);
    if (!err && p)
        err = bk_pending_delete(t);
    bk_pending_free(&p);
    return err;
}

static enum bk_err abort_kept(struct bk_token *t, const struct bk_container *c)
{
    struct bk_pending *p = NULL;
    enum bk_err err = bk_pending_find(t, c->name, c->generation, &p);
    if (!err && p)
        err = bk_renew_put_back(t);
    bk_pending_free(&p);
    return err;
}

/* Of what may be an unfinished first issue only what can't be anything else. A container that lost its
 * signing certificate in a renewal that keeps the key looks the same but for the rest of it; a pair
 * made by itself, for whatever use, looks just the same, so that it must have been made here. */
static bool is_first_issue(const struct bk_token *t, const struct bk_container *c)
{
    if (c->info.enc_bits || c->info.enc_cert)
        return false;
    return !c->info.sign_bits || strcmp(t->begun, c->name) == 0;
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
    if (!err && !t->has_files)
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
    const struct job *job = arg;
    bk_token_forget(t);
    enum bk_err err = bk_token_refresh(t);
    if (err)
        return err;
    const struct bk_container *c = bk_token_find(t, job->name, job->generation);
    if (!c)
        return BK_ENOTFOUND;
    if (c->role != BK_ROLE_HISTORY)
        return BK_EDENIED;
    err = bk_card_delete_container(t->card, c->full);
    bk_token_forget(t);
    return err ? err : bk_token_refresh(t);
}

enum bk_err bk_history_delete(struct bk_token *t, const char *name, unsigned generation)
{
    struct job job = {.name = name, .generation = generation};
    return bk_token_run(t, delete_history, &job);
}
