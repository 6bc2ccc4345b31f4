/* SPDX-License-Identifier: Apache-2.0 */
#include "token/data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "base/log.h"
#include "crypto/ctx.h"
#include "token/change.h"

#define OURS "BJCAP11"
#define PREFIX "BJCAP11D"
#define HEAD 19
#define CHECK 8
#define NAME_TRIES 4

static const char magic[4] = {'B', 'J', 'D', '1'};

bool bk_file_is_ours(const char *name)
{
    return strncmp(name, OURS, strlen(OURS)) == 0;
}

static bool is_data_file(const char *name)
{
    return strncmp(name, PREFIX, strlen(PREFIX)) == 0 && bk_text_is_plain(name, strlen(name));
}

void bk_data_free(struct bk_data **data)
{
    if (!*data)
        return;
    bk_buf_free(&(*data)->label);
    bk_buf_free(&(*data)->application);
    bk_buf_free(&(*data)->object_id);
    bk_buf_free(&(*data)->value);
    free(*data);
    *data = NULL;
}

/* --- bytes
 * --------------------------------------------------------------------------------------*/

static enum bk_err put_field(struct bk_buf *out, const struct bk_buf *field)
{
    if (field->len > UINT16_MAX)
        return BK_ELIMIT;
    enum bk_err err = bk_buf_put_u16be(out, (uint16_t)field->len);
    return err || !field->len ? err : bk_buf_put(out, field->data, field->len);
}

enum bk_err bk_data_encode(const struct bk_data *data, struct bk_buf *out)
{
    size_t from = out->len, size = HEAD + CHECK + 8 + data->label.len + data->application.len +
                                   data->object_id.len + data->value.len;
    uint8_t sum[32];
    enum bk_err err = size > BK_CARD_FILE_MAX ? BK_ELIMIT : bk_buf_put(out, magic, sizeof magic);
    if (!err)
        err = bk_buf_put_u16be(out, (uint16_t)size);
    if (!err)
        err = bk_buf_put(out, data->id, BK_DATA_ID);
    if (!err)
        err = bk_buf_put_u32be(out, data->version);
    if (!err)
        err = bk_buf_put_u8(out, data->flags);
    if (!err)
        err = put_field(out, &data->label);
    if (!err)
        err = put_field(out, &data->application);
    if (!err)
        err = put_field(out, &data->object_id);
    if (!err)
        err = put_field(out, &data->value);
    if (!err)
        err = bk_digest(BK_HASH_SM3, out->data + from, out->len - from, sum);
    return err ? err : bk_buf_put(out, sum, CHECK);
}

static enum bk_err take_field(struct bk_rd *rd, struct bk_buf *out)
{
    uint16_t len = 0;
    const uint8_t *bytes = NULL;
    enum bk_err err = bk_rd_u16be(rd, &len);
    if (!err)
        err = bk_rd_take(rd, len, &bytes);
    return err || !len ? err : bk_buf_put(out, bytes, len);
}

static enum bk_err take_fields(struct bk_rd *rd, struct bk_data *data)
{
    enum bk_err err = bk_rd_copy(rd, data->id, BK_DATA_ID);
    if (!err)
        err = bk_rd_u32be(rd, &data->version);
    if (!err)
        err = bk_rd_u8(rd, &data->flags);
    if (!err)
        err = take_field(rd, &data->label);
    if (!err)
        err = take_field(rd, &data->application);
    if (!err)
        err = take_field(rd, &data->object_id);
    if (!err)
        err = take_field(rd, &data->value);
    return err ? err : bk_rd_end(rd);
}

enum bk_err bk_data_decode(const void *bytes, size_t len, struct bk_data **out)
{
    struct bk_rd rd = bk_rd(bytes, len);
    char mark[4];
    uint16_t size = 0;
    uint8_t sum[32];
    if (bk_rd_copy(&rd, mark, sizeof mark) || memcmp(mark, magic, sizeof mark) != 0 ||
        bk_rd_u16be(&rd, &size) || size > len || size < HEAD + CHECK)
        return BK_ECORRUPT;
    enum bk_err err = bk_digest(BK_HASH_SM3, bytes, (size_t)size - CHECK, sum);
    if (err)
        return err;
    if (memcmp(sum, (const uint8_t *)bytes + size - CHECK, CHECK) != 0)
        return BK_ECORRUPT;
    struct bk_data *data = calloc(1, sizeof *data);
    if (!data)
        return BK_ENOMEM;
    rd = bk_rd((const uint8_t *)bytes + 6, (size_t)size - 6 - CHECK);
    err = take_fields(&rd, data);
    if (err) {
        bk_data_free(&data);
        return err == BK_ENOMEM ? err : BK_ECORRUPT;
    }
    *out = data;
    return BK_OK;
}

/* --- reading
 * ------------------------------------------------------------------------------------*/

void bk_data_forget(struct bk_token *t)
{
    for (size_t i = 0; i < t->data_count; i++)
        bk_data_free(&t->data[i]);
    t->data_count = 0;
    t->data_read = false;
}

static struct bk_data *newest(struct bk_token *t, const uint8_t id[BK_DATA_ID])
{
    for (size_t i = 0; i < t->data_count; i++)
        if (!t->data[i]->foreign && memcmp(t->data[i]->id, id, BK_DATA_ID) == 0)
            return t->data[i];
    return NULL;
}

static void drop(struct bk_token *t, const uint8_t id[BK_DATA_ID])
{
    for (size_t i = 0; i < t->data_count; i++) {
        if (t->data[i]->foreign || memcmp(t->data[i]->id, id, BK_DATA_ID) != 0)
            continue;
        bk_data_free(&t->data[i]);
        t->data[i] = t->data[--t->data_count];
        t->data[t->data_count] = NULL;
        return;
    }
}

/* Of two versions, as a cut leaves them, the newer one. */
static void keep(struct bk_token *t, struct bk_data **data)
{
    struct bk_data *other = (*data)->foreign ? NULL : newest(t, (*data)->id);
    if (other && other->version < (*data)->version) {
        struct bk_data old = *other;
        *other = **data;
        **data = old;
    } else if (!other && t->data_count < BK_TOKEN_DATA) {
        t->data[t->data_count++] = *data;
        *data = NULL;
    }
    bk_data_free(data);
}

static enum bk_err take_foreign(const char *name, uint32_t rights, struct bk_buf *bytes,
                                struct bk_data **out)
{
    struct bk_data *data = calloc(1, sizeof *data);
    if (!data)
        return BK_ENOMEM;
    data->foreign = true;
    data->flags =
        BK_DATA_FIXED | BK_DATA_INDESTRUCTIBLE | (rights == BK_RIGHT_ANYONE ? 0 : BK_DATA_PRIVATE);
    enum bk_err err = bk_buf_put_str(&data->label, name);
    if (err) {
        bk_data_free(&data);
        return err;
    }
    data->value = *bytes;
    *bytes = (struct bk_buf)BK_BUF_INIT;
    *out = data;
    return BK_OK;
}

/* What can't be read now, or is no data object, isn't there: a key with odd files is searched for
 * other things all the same. A lost log-in is made again first, but where that didn't help. */
static bool passed_over(const struct bk_token *t, enum bk_err err, bool again)
{
    if (err == BK_ECORRUPT)
        return true;
    bool answered = t->card->sw != 0 && err != BK_ERESET && err != BK_ENOMEM;
    return answered && !(err == BK_ELOGIN && t->logged_in && !again);
}

static enum bk_err read_one(struct bk_token *t, const char *name, bool again)
{
    struct bk_buf bytes = BK_BUF_INIT;
    struct bk_data *data = NULL;
    uint32_t size = 0, rights = 0, write = 0;
    enum bk_err err = bk_card_get_file_info(t->card, name, &size, &rights, &write);
    bool open = (rights & 0xff) == BK_RIGHT_ANYONE;
    if (!err && !open && !(t->logged_in && (rights & BK_RIGHT_USER)))
        err = BK_EDENIED;
    if (!err && size > BK_CARD_FILE_MAX)
        err = BK_EDENIED;
    if (!err)
        err = bk_card_read_file(t->card, name, 0, size, !open, &bytes);
    if (!err && is_data_file(name))
        err = bk_data_decode(bytes.data, bytes.len, &data);
    else if (!err)
        err = take_foreign(name, rights & 0xff, &bytes, &data);
    bk_buf_free(&bytes);
    if (!err) {
        (void)snprintf(data->file, sizeof data->file, "%s", name);
        /* what the key gives to anyone is nobody's secret, whatever the file says */
        if (open)
            data->flags &= (uint8_t)~BK_DATA_PRIVATE;
        else
            data->flags |= BK_DATA_PRIVATE;
        keep(t, &data);
    }
    return err && passed_over(t, err, again) ? BK_OK : err;
}

static enum bk_err read_all(struct bk_token *t, bool again)
{
    struct bk_names names = {BK_BUF_INIT};
    const char *name = NULL;
    size_t at = 0;
    bk_data_forget(t);
    t->changes++;
    enum bk_err err = bk_card_begin(t->card);
    if (err)
        return err;
    /* within the sequence: what isn't given then isn't the user's */
    if (again && t->logged_in && !t->options.isolate)
        err = bk_token_log_in_again(t);
    if (err) {
        bk_card_end(t->card);
        return err;
    }
    err = bk_card_enum_files(t->card, &names);
    /* some keys tell only the user which files there are, some nobody */
    if (err && passed_over(t, err, again))
        err = BK_OK;
    while (!err && (name = bk_names_next(&names, &at)) != NULL)
        if (strlen(name) <= BK_FILE_NAME_MAX && bk_text_is_plain(name, strlen(name)) &&
            (is_data_file(name) || !bk_file_is_ours(name)))
            err = read_one(t, name, again);
    bk_card_end(t->card);
    bk_names_free(&names);
    if (t->data_count == BK_TOKEN_DATA)
        bk_log(BK_LOG_WARN, "token: of its files no more than %d are shown", BK_TOKEN_DATA);
    if (err)
        bk_data_forget(t);
    t->data_read = !err;
    t->data_at = t->records.newest;
    t->data_private = t->logged_in;
    return err;
}

/* As far as the record's number tells. */
static bool data_is_new(const struct bk_token *t)
{
    return t->data_read && t->data_at == t->records.newest && t->data_private == t->logged_in;
}

enum bk_err bk_data_refresh(struct bk_token *t)
{
    enum bk_err err = BK_OK;
    unsigned round = 0;
    if (t->card->app.max_files == 0 || data_is_new(t))
        return BK_OK;
    do {
        /* with a log-in for each use the private files take one */
        err = t->logged_in ? bk_token_use_begin(t) : BK_OK;
        if (err)
            continue;
        err = read_all(t, round > 0);
        if (t->logged_in)
            bk_token_use_end(t);
    } while (bk_token_again(t, &err, &round));
    return err;
}

/* --- writing
 * ------------------------------------------------------------------------------------*/

/* A file of ours that a cut has left: made and not written whole, or an older version. One of a
 * later format is none, nor is a later version that the list hasn't got: it could be read only now.
 */
static enum bk_err sweep_one(struct bk_token *t, const char *name)
{
    struct bk_buf bytes = BK_BUF_INIT;
    struct bk_data *data = NULL;
    static const char unwritten[4];
    enum bk_err err = bk_card_read_file(t->card, name, 0, BK_CARD_FILE_MAX, true, &bytes);
    if (!err)
        err = bk_data_decode(bytes.data, bytes.len, &data);
    bool left = err == BK_ECORRUPT &&
                (bytes.len < sizeof magic || memcmp(bytes.data, magic, sizeof magic) == 0 ||
                 memcmp(bytes.data, unwritten, sizeof magic) == 0);
    if (!err) {
        const struct bk_data *now = newest(t, data->id);
        left = now && data->version <= now->version && strcmp(now->file, name) != 0;
    }
    bk_data_free(&data);
    bk_buf_free(&bytes);
    /* a file of this name that even the user can't read isn't one of ours */
    if (err == BK_EDENIED || err == BK_ECORRUPT)
        err = BK_OK;
    if (err)
        return err;
    return left ? bk_card_delete_file(t->card, name) : BK_OK;
}

/* Each version of an object has a file name of its own by chance: the same names are the same
 * objects, with nothing beside them that a cut has left. */
static bool as_read(const struct bk_token *t, const struct bk_names *names)
{
    size_t at = 0, ours = 0, found = 0;
    const char *name = NULL;
    for (size_t i = 0; i < t->data_count; i++)
        ours += !t->data[i]->foreign;
    while ((name = bk_names_next(names, &at)) != NULL) {
        bool known = !is_data_file(name);
        for (size_t i = 0; !known && i < t->data_count; i++) {
            known = strcmp(t->data[i]->file, name) == 0;
            found += known;
        }
        if (!known)
            return false;
    }
    return found == ours;
}

static enum bk_err sweep(struct bk_token *t, const struct bk_names *names)
{
    size_t at = 0;
    const char *name = NULL;
    enum bk_err err = read_all(t, false);
    while (!err && (name = bk_names_next(names, &at)) != NULL)
        if (is_data_file(name))
            err = sweep_one(t, name);
    return err;
}

/* Before a change: makes the list that of now, and takes leftovers away. */
static enum bk_err prepare(struct bk_token *t)
{
    struct bk_names names = {BK_BUF_INIT};
    enum bk_err err = bk_token_refresh(t);
    if (!err)
        err = bk_card_enum_files(t->card, &names);
    if (!err && !(data_is_new(t) && as_read(t, &names)))
        err = sweep(t, &names);
    bk_names_free(&names);
    return err;
}

static enum bk_err make_file(struct bk_token *t, size_t size, uint32_t rights, char *name,
                             size_t name_size)
{
    enum bk_err err = BK_EEXISTS;
    for (unsigned i = 0; err == BK_EEXISTS && i < NAME_TRIES; i++) {
        uint8_t random[4];
        err = bk_random(random, sizeof random);
        if (err)
            return err;
        (void)snprintf(name, name_size, PREFIX "%02x%02x%02x%02x", random[0], random[1], random[2],
                       random[3]);
        err = bk_card_create_file(t->card, name, (uint32_t)size, rights, BK_RIGHT_USER);
    }
    return err;
}

static enum bk_err write_file(struct bk_token *t, const struct bk_data *data)
{
    struct bk_buf bytes = BK_BUF_INIT, back = BK_BUF_INIT;
    struct bk_data *written = NULL;
    char name[BK_FILE_NAME_MAX + 1];
    bool private_ = (data->flags & BK_DATA_PRIVATE) != 0;
    enum bk_err err = bk_data_encode(data, &bytes);
    if (err)
        goto out;
    err = make_file(t, bytes.len, private_ ? BK_RIGHT_USER : BK_RIGHT_ANYONE, name, sizeof name);
    if (err)
        goto out;
    err = bk_card_write_file(t->card, name, 0, bytes.data, bytes.len, private_);
    if (!err)
        err = bk_card_read_file(t->card, name, 0, (unsigned)bytes.len, private_, &back);
    if (!err && (back.len != bytes.len || memcmp(back.data, bytes.data, bytes.len) != 0))
        err = BK_EVERIFY;
    if (!err)
        err = bk_data_decode(back.data, back.len, &written);
    if (err && err != BK_ERESET && err != BK_EREMOVED)
        (void)!bk_card_delete_file(t->card, name);
    if (!err) {
        memcpy(written->file, name, sizeof written->file);
        keep(t, &written);
    }
out:
    bk_buf_free(&bytes);
    bk_buf_free(&back);
    return err;
}

/* Tells other processes, and this one's list of objects. */
static enum bk_err tell(struct bk_token *t)
{
    enum bk_err err = t->has_files ? bk_token_tell_others(t, NULL) : BK_OK;
    if (err)
        t->data_read = false;
    t->data_at = t->records.newest;
    t->changes++;
    return err;
}

enum bk_err bk_data_changed(struct bk_token *t)
{
    enum bk_err err = tell(t);
    bk_data_forget(t);
    return err ? err : bk_data_refresh(t);
}

struct data_job {
    struct bk_data *data;
    bk_data_merge merge;
    void *arg;
    uint8_t id[BK_DATA_ID]; /* the caller's may be in the list that is read anew */
    bool tried;             /* to delete it, in an earlier round */
};

static enum bk_err create(struct bk_token *t, void *arg)
{
    struct data_job *job = arg;
    enum bk_err err = prepare(t);
    bool room = t->data_count < BK_TOKEN_DATA;
    /* the answer to an earlier round may have been lost, not its work */
    if (!err && !newest(t, job->data->id))
        err = room ? write_file(t, job->data) : BK_EFULL;
    return err ? err : tell(t);
}

static bool can_have_files(const struct bk_token *t)
{
    return t->card->app.max_files > 0 &&
           (t->card->app.create_rights & BK_RIGHT_USER) == BK_RIGHT_USER;
}

enum bk_err bk_data_create(struct bk_token *t, struct bk_data *data)
{
    struct data_job job = {.data = data};
    if (!can_have_files(t))
        return BK_EUNSUPPORTED;
    data->version = 1;
    enum bk_err err = bk_random(data->id, sizeof data->id);
    return err ? err : bk_token_run(t, create, &job);
}

static enum bk_err replace(struct bk_token *t, void *arg)
{
    struct data_job *job = arg;
    char old[BK_FILE_NAME_MAX + 1];
    enum bk_err err = prepare(t);
    const struct bk_data *now = err ? NULL : newest(t, job->id);
    if (err || !now)
        return err ? err : BK_ENOTFOUND;
    struct bk_data next = {0};
    err = job->merge(job->arg, now, &next);
    if (err)
        return err;
    memcpy(old, now->file, sizeof old);
    memcpy(next.id, now->id, sizeof next.id);
    next.version = now->version + 1;
    err = write_file(t, &next);
    if (!err)
        err = bk_card_delete_file(t->card, old);
    return err ? err : tell(t);
}

enum bk_err bk_data_replace(struct bk_token *t, const uint8_t id[BK_DATA_ID], bk_data_merge merge,
                            void *arg)
{
    struct data_job job = {.merge = merge, .arg = arg};
    memcpy(job.id, id, sizeof job.id);
    return bk_token_run(t, replace, &job);
}

static enum bk_err take_away(struct bk_token *t, void *arg)
{
    struct data_job *job = arg;
    enum bk_err err = prepare(t);
    const struct bk_data *now = err ? NULL : newest(t, job->id);
    if (!err && !now && !job->tried)
        err = BK_ENOTFOUND;
    if (!err && now) {
        job->tried = true;
        err = bk_card_delete_file(t->card, now->file);
    }
    if (!err && now)
        drop(t, job->id);
    return err ? err : tell(t);
}

enum bk_err bk_data_delete(struct bk_token *t, const uint8_t id[BK_DATA_ID])
{
    struct data_job job = {0};
    memcpy(job.id, id, sizeof job.id);
    return bk_token_run(t, take_away, &job);
}
