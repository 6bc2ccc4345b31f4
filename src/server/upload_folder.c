/* SPDX-License-Identifier: Apache-2.0 */
#include "server/upload_folder.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "server/ident.h"

/* Lines with an id. The claim is there before the database has the id, the other one after. */
#define OWNER "database"
#define CLAIM "database-claim"

static enum bk_err path_of(const struct bk_app *app, const char *name, char path[PATH_MAX])
{
    int n = snprintf(path, PATH_MAX, "%s/%s", app->uploads, name);
    return n > 0 && n < PATH_MAX ? BK_OK : BK_ELIMIT;
}

/* "" without a file; one that holds something else is nobody's. */
static enum bk_err read_id(const struct bk_app *app, const char *name, char id[BK_ULID + 1])
{
    char path[PATH_MAX];
    struct bk_buf bytes = BK_BUF_INIT;
    *id = 0;
    enum bk_err err = path_of(app, name, path);
    if (err == BK_OK)
        err = bk_file_read(path, BK_ULID + 1, &bytes);
    if (err == BK_OK && bytes.len >= BK_ULID)
        (void)snprintf(id, BK_ULID + 1, "%.*s", BK_ULID, (const char *)bytes.data);
    else if (err == BK_OK || err == BK_ELIMIT)
        err = BK_ECORRUPT;
    bk_buf_free(&bytes);
    return err == BK_ENOTFOUND ? BK_OK : err;
}

static enum bk_err write_id(const struct bk_app *app, const char *name)
{
    char path[PATH_MAX], line[BK_ULID + 2];
    int n = snprintf(line, sizeof line, "%s\n", app->uploads_id);
    enum bk_err err = path_of(app, name, path);
    return err == BK_OK ? bk_file_replace(path, line, (size_t)n, 0600) : err;
}

/* The database's, "" before it has one. */
static enum bk_err look_up(struct bk_app *app, struct bk_tx *tx)
{
    struct bk_rows row = BK_ROWS_INIT;
    enum bk_err err =
        bk_tx_query(tx, "SELECT id FROM upload_folder WHERE one = 1", BK_NO_VALS, &row);
    if (err == BK_OK && row.count)
        bk_row_copy(&row, 0, 0, app->uploads_id, sizeof app->uploads_id);
    bk_rows_free(&row);
    return err;
}

/* A claim that the database knows nothing of was cut short. Nobody else can be at one: it is in a
 * transaction that writes. */
static enum bk_err claim(struct bk_app *app, struct bk_tx *tx)
{
    char owner[BK_ULID + 1];
    enum bk_err err = read_id(app, OWNER, owner);
    if (err == BK_OK && *owner)
        err = BK_EEXISTS;
    if (err == BK_OK)
        err = bk_dir_private(app->uploads);
    if (err == BK_OK)
        err = bk_ulid(app->uploads_id);
    if (err == BK_OK)
        err = write_id(app, CLAIM);
    return err == BK_OK ? bk_tx_exec(tx, "INSERT INTO upload_folder (one, id) VALUES (1, $1)",
                                     BK_VALS(bk_text(app->uploads_id)), NULL)
                        : err;
}

static enum bk_err learn_id(struct bk_app *app)
{
    struct bk_tx *tx = NULL;
    enum bk_err err = bk_tx_look(app->store, &tx);
    if (err == BK_OK)
        err = look_up(app, tx);
    bk_tx_rollback(&tx);
    if (err != BK_OK || *app->uploads_id)
        return err;
    err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = look_up(app, tx);
    if (err == BK_OK && !*app->uploads_id)
        err = claim(app, tx);
    return bk_tx_end(&tx, err);
}

static enum bk_err settle(const struct bk_app *app)
{
    char id[BK_ULID + 1], path[PATH_MAX];
    enum bk_err err = read_id(app, OWNER, id);
    if (err != BK_OK)
        return err;
    if (*id)
        return strcmp(id, app->uploads_id) == 0 ? bk_dir_private(app->uploads) : BK_ESTATE;
    err = read_id(app, CLAIM, id);
    if (err == BK_OK && strcmp(id, app->uploads_id) != 0)
        return BK_ESTATE;
    if (err == BK_OK)
        err = write_id(app, OWNER);
    if (err == BK_OK)
        err = path_of(app, CLAIM, path);
    if (err == BK_OK)
        err = bk_file_remove(path);
    return err == BK_ENOTFOUND ? BK_OK : err; /* another daemon was as quick */
}

enum bk_err bk_upload_folder_open(struct bk_app *app, char *why, size_t size)
{
    *app->uploads_id = 0;
    enum bk_err err = learn_id(app);
    if (err == BK_OK)
        err = settle(app);
    if (err == BK_EEXISTS)
        (void)snprintf(why, size, "%s holds the documents of another database", app->uploads);
    else if (err == BK_ESTATE)
        (void)snprintf(why, size,
                       "%s isn't the folder with this database's documents, which all its daemons"
                       " share ([store] uploads): it has no file \"%s\" with the line %s",
                       app->uploads, OWNER, app->uploads_id);
    else if (err != BK_OK)
        (void)snprintf(why, size, "%s (%s)", app->uploads, bk_err_name(err));
    return err;
}

enum bk_err bk_upload_folder_check(const struct bk_app *app)
{
    char id[BK_ULID + 1];
    enum bk_err err = read_id(app, OWNER, id);
    if (err == BK_OK && (!*id || strcmp(id, app->uploads_id) != 0))
        err = BK_ESTATE;
    if (err != BK_OK)
        bk_log(BK_LOG_ERROR, "%s isn't the folder with the database's documents now: %s",
               app->uploads, bk_err_name(err));
    return err;
}
