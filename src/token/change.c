/* SPDX-License-Identifier: Apache-2.0 */
#include "token/change.h"

#include <string.h>

#include "base/log.h"

/* Of a key whose record is of a later version nobody here knows what may go. */
static enum bk_err may_change(struct bk_token *t)
{
    struct bk_records now = {.unknown = false};
    enum bk_err err = t->has_files ? bk_records_read(t->card, &now) : BK_OK;
    if (err)
        return err;
    t->later = now.unknown;
    if (!t->later)
        return BK_OK;
    bk_log(BK_LOG_ERROR, "token: this key was written to by later software; it is only read here");
    return BK_EUNSUPPORTED;
}

enum bk_err bk_token_may_change(struct bk_token *t)
{
    enum bk_err err = BK_OK;
    unsigned round = 0;
    do
        err = may_change(t);
    while (bk_token_again(t, &err, &round));
    return err;
}

static enum bk_err run(struct bk_token *t, bk_token_op op, void *arg, bool changes)
{
    enum bk_err err = BK_OK;
    unsigned round = 0;
    if (!t->logged_in)
        return BK_ELOGIN;
    do {
        err = bk_token_use_begin(t);
        if (err)
            continue;
        err = bk_card_begin(t->card);
        if (!err) {
            bk_containers_close(t);
            err = changes ? may_change(t) : BK_OK;
            if (!err)
                err = op(t, arg);
            bk_card_end(t->card);
        }
        bk_token_use_end(t);
    } while (bk_token_again(t, &err, &round));
    return err;
}

enum bk_err bk_token_run(struct bk_token *t, bk_token_op op, void *arg)
{
    return run(t, op, arg, true);
}

enum bk_err bk_token_run_reading(struct bk_token *t, bk_token_op op, void *arg)
{
    return run(t, op, arg, false);
}

/* --- the record
 * ---------------------------------------------------------------------------------*/

static bool name_there(const struct bk_token *t, const char *name)
{
    for (size_t i = 0; i < t->count; i++)
        if (strcmp(t->containers[i]->name, name) == 0)
            return true;
    return false;
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

void bk_token_prune(const struct bk_token *t, struct bk_record *record)
{
    prune_labels(t, record);
    for (unsigned i = 0; i < record->count;)
        if (name_there(t, record->entries[i].name))
            i++;
        else
            record->entries[i] = record->entries[--record->count];
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

/* The last one; labels before ids, by which programs find the key of a certificate. */
static void drop_label(struct bk_record *record)
{
    unsigned at = record->label_count - 1;
    for (unsigned i = 0; i < record->label_count; i++)
        if (record->labels[i].of != BK_LABEL_ID)
            at = i;
    record->labels[at] = record->labels[--record->label_count];
}

enum bk_err bk_token_write_generation(struct bk_token *t, const char *name, unsigned generation)
{
    struct bk_record next = t->records.rules;
    if (generation > 0) {
        enum bk_err err = bk_record_set(&next, name, generation);
        if (err == BK_EFULL) {
            bk_token_prune(t, &next);
            err = bk_record_set(&next, name, generation);
        }
        if (err)
            return err;
    }
    if (!bk_record_fits(&next))
        bk_token_prune(t, &next);
    /* a generation is worth more than a label */
    while (next.label_count && !bk_record_fits(&next))
        drop_label(&next);
    return bk_token_write_record(t, &next);
}

enum bk_err bk_token_tell_others(struct bk_token *t, const struct bk_container *c)
{
    enum bk_err err = c ? bk_token_write_generation(t, c->name, c->generation)
                        : bk_token_write_record(t, &t->records.rules);
    if (err != BK_EFULL)
        return err;
    bk_log(BK_LOG_WARN, "token: no room for a record; other programs see it when they start");
    return BK_OK;
}

void bk_token_changed(struct bk_token *t)
{
    enum bk_err err = t->has_files && !t->records.unknown ? bk_token_tell_others(t, NULL) : BK_OK;
    if (err)
        bk_log(BK_LOG_WARN, "token: a change isn't told to others: %s", bk_err_name(err));
}

/* --- certificates
 * ---------------------------------------------------------------------------------*/

enum bk_err bk_token_has_cert(struct bk_token *t, const struct bk_container *c, enum bk_key_use use,
                              const struct bk_buf *want, bool *has)
{
    struct bk_buf der = BK_BUF_INIT;
    enum bk_err err = bk_card_export_certificate(t->card, c->id, use, &der);
    *has = !err && der.len == want->len && memcmp(der.data, want->data, der.len) == 0;
    bk_buf_free(&der);
    return err == BK_ENOTFOUND ? BK_OK : err;
}

enum bk_err bk_token_put_certs(struct bk_token *t, struct bk_container *c,
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
            err = bk_token_has_cert(t, c, (enum bk_key_use)use, &cert[use], &has);
        if (!err && !has)
            err = BK_EVERIFY;
    }
    return err;
}
