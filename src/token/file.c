/* SPDX-License-Identifier: Apache-2.0 */
#include "token/file.h"

#include <string.h>

#include "base/codec.h"
#include "token/change.h"

struct file_job {
    const char *name;
    unsigned offset;
    const void *data;
    size_t len;
    struct bk_buf *out;
    uint32_t size, read_rights, write_rights;
    struct bk_names *names;
    bool tried; /* in an earlier round, whose answer may have been lost, not its work */
};

bool bk_file_name_good(const char *name)
{
    size_t len = strnlen(name, BK_FILE_NAME_MAX + 1);
    return len >= 1 && len <= BK_FILE_NAME_MAX && bk_text_is_plain(name, len);
}

static enum bk_err check(const struct bk_token *t, const char *name)
{
    if (!bk_file_name_good(name))
        return BK_EINVAL;
    if (bk_file_is_ours(name))
        return BK_EDENIED;
    return t->card->app.max_files ? BK_OK : BK_EUNSUPPORTED;
}

/* With the log-in when there is one; for what only reads. */
static enum bk_err run(struct bk_token *t, bk_token_op op, struct file_job *job)
{
    enum bk_err err = BK_OK;
    unsigned round = 0;
    if (t->logged_in)
        return bk_token_run_reading(t, op, job);
    do {
        err = bk_card_begin(t->card);
        if (err)
            continue;
        err = op(t, job);
        bk_card_end(t->card);
    } while (bk_token_again(t, &err, &round));
    return err;
}

static enum bk_err allowed(const struct bk_token *t, uint32_t rights)
{
    if ((rights & 0xff) == BK_RIGHT_ANYONE)
        return BK_OK;
    if (!(rights & BK_RIGHT_USER))
        return BK_EDENIED;
    return t->logged_in ? BK_OK : BK_ELOGIN;
}

static enum bk_err list(struct bk_token *t, void *arg)
{
    const struct file_job *job = arg;
    struct bk_names all = {BK_BUF_INIT};
    const char *name = NULL;
    size_t at = 0;
    bk_buf_clear(&job->names->text);
    enum bk_err err = bk_card_enum_files(t->card, &all);
    while (!err && (name = bk_names_next(&all, &at)) != NULL)
        if (!bk_file_is_ours(name) && bk_file_name_good(name))
            err = bk_buf_put(&job->names->text, name, strlen(name) + 1);
    bk_names_free(&all);
    return err;
}

enum bk_err bk_files_list(struct bk_token *t, struct bk_names *names)
{
    struct file_job job = {.names = names};
    return t->card->app.max_files ? run(t, list, &job) : BK_OK;
}

static enum bk_err get(struct bk_token *t, void *arg)
{
    struct file_job *job = arg;
    uint32_t read = 0, write = 0;
    enum bk_err err = bk_card_get_file_info(t->card, job->name, &job->size, &read, &write);
    if (!err)
        err = allowed(t, read);
    if (!err && (job->offset > job->size || job->size > BK_CARD_FILE_MAX))
        err = BK_ELIMIT;
    if (err)
        return err;
    size_t len = job->size - job->offset;
    return bk_card_read_file(t->card, job->name, job->offset,
                             (unsigned)(len < job->len ? len : job->len),
                             (read & 0xff) != BK_RIGHT_ANYONE, job->out);
}

enum bk_err bk_file_get(struct bk_token *t, const char *name, unsigned offset, size_t len,
                        struct bk_buf *out, uint32_t *size)
{
    struct file_job job = {.name = name, .offset = offset, .len = len, .out = out};
    enum bk_err err = check(t, name);
    if (!err)
        err = run(t, get, &job);
    *size = job.size;
    return err;
}

static enum bk_err put(struct bk_token *t, void *arg)
{
    struct file_job *job = arg;
    uint32_t read = 0, write = 0;
    enum bk_err err = bk_token_refresh(t);
    if (!err)
        err = bk_card_get_file_info(t->card, job->name, &job->size, &read, &write);
    if (!err)
        err = allowed(t, write);
    if (!err && (job->offset > job->size || job->len > job->size - job->offset))
        err = BK_ELIMIT;
    if (!err)
        err = bk_card_write_file(t->card, job->name, job->offset, job->data, job->len,
                                 (read & 0xff) != BK_RIGHT_ANYONE);
    return err ? err : bk_data_changed(t);
}

enum bk_err bk_file_put(struct bk_token *t, const char *name, unsigned offset, const void *data,
                        size_t len)
{
    struct file_job job = {.name = name, .offset = offset, .data = data, .len = len};
    enum bk_err err = check(t, name);
    return err ? err : bk_token_run(t, put, &job);
}

static enum bk_err create(struct bk_token *t, void *arg)
{
    struct file_job *job = arg;
    enum bk_err err = bk_token_refresh(t);
    if (err)
        return err;
    err = bk_card_create_file(t->card, job->name, job->size, job->read_rights, job->write_rights);
    if (err == BK_EEXISTS && job->tried)
        err = BK_OK;
    job->tried = true;
    return err ? err : bk_data_changed(t);
}

static bool rights_good(uint32_t rights)
{
    return rights == BK_RIGHT_ANYONE || !(rights & ~(BK_RIGHT_ADMIN | BK_RIGHT_USER));
}

enum bk_err bk_file_create(struct bk_token *t, const char *name, uint32_t size,
                           uint32_t read_rights, uint32_t write_rights)
{
    struct file_job job = {
        .name = name, .size = size, .read_rights = read_rights, .write_rights = write_rights};
    enum bk_err err = check(t, name);
    if (!err && (size < 1 || size > BK_CARD_FILE_MAX || !rights_good(read_rights) ||
                 !rights_good(write_rights)))
        err = BK_EINVAL;
    if (!err)
        err = allowed(t, t->card->app.create_rights);
    return err ? err : bk_token_run(t, create, &job);
}

static enum bk_err take_away(struct bk_token *t, void *arg)
{
    struct file_job *job = arg;
    enum bk_err err = bk_token_refresh(t);
    if (err)
        return err;
    err = bk_card_delete_file(t->card, job->name);
    if (err == BK_ENOTFOUND && job->tried)
        err = BK_OK;
    job->tried = true;
    return err ? err : bk_data_changed(t);
}

enum bk_err bk_file_delete(struct bk_token *t, const char *name)
{
    struct file_job job = {.name = name};
    enum bk_err err = check(t, name);
    return err ? err : bk_token_run(t, take_away, &job);
}
