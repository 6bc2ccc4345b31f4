/* SPDX-License-Identifier: Apache-2.0 */
#include "server/upload.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "server/ident.h"
#include "server/upload_folder.h"

#define ORPHAN_MS (INT64_C(3600) * 1000)
#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define LOCK_MS 20000

const char *const bk_document_kinds[BK_DOCUMENTS] = {"licence", "operator-id-front",
                                                     "operator-id-back", "seal-sheet"};

bool bk_document_is_kind(const char *name)
{
    for (size_t i = 0; i < BK_DOCUMENTS; i++)
        if (strcmp(bk_document_kinds[i], name) == 0)
            return true;
    return false;
}

/* uploads/ab/the other 62 digits; the folder's lock is over its files. */
static enum bk_err path_of(const struct bk_app *app, const char *digest, const char *name,
                           char path[PATH_MAX])
{
    int n = snprintf(path, PATH_MAX, "%s/%.2s%s%s", app->uploads, digest, *name ? "/" : "", name);
    return n > 0 && n < PATH_MAX ? BK_OK : BK_ELIMIT;
}

static enum bk_err lock_folder(const struct bk_app *app, const char *digest, int *lock)
{
    char path[PATH_MAX];
    enum bk_err err = path_of(app, digest, "", path);
    if (err == BK_OK)
        err = bk_upload_folder_check(app);
    if (err == BK_OK)
        err = bk_dir_private(path);
    if (err == BK_OK)
        err = path_of(app, digest, "lock", path);
    return err == BK_OK ? bk_file_lock_within(path, LOCK_MS, lock) : err;
}

static struct bk_place place_of(const char *digest)
{
    return (struct bk_place){.table = "uploads", .column = "content", .row = digest};
}

enum bk_err bk_upload_unused(struct bk_app *app, struct bk_tx *tx, const char *digest, int64_t now)
{
    char id[BK_ULID + 1], dedupe[128];
    enum bk_err err = bk_ulid(id);
    if (err == BK_OK)
        err = bk_tx_exec(tx, "UPDATE uploads SET unused_at = $2 WHERE digest = $1",
                         BK_VALS(bk_text(digest), bk_int(now)), NULL);
    (void)snprintf(dedupe, sizeof dedupe, "upload-drop:%s:%s", digest, id);
    return err == BK_OK ? bk_outbox_add_later(tx, app->escrow, "upload-drop", dedupe,
                                              json_pack("{s:s}", "digest", digest), now,
                                              now + ORPHAN_MS, now + ORPHAN_MS + DAY_MS)
                        : err;
}

enum bk_err bk_upload_plan(struct bk_app *app, struct bk_tx *tx, struct bk_upload *u, int64_t now)
{
    enum bk_err err = bk_sha256_hex(u->data, u->len, u->digest);
    return err == BK_OK ? bk_upload_unused(app, tx, u->digest, now) : err;
}

static enum bk_err write_sealed(const struct bk_app *app, const char *digest, const void *data,
                                size_t len)
{
    char path[PATH_MAX];
    struct bk_buf sealed = BK_BUF_INIT;
    const struct bk_place place = place_of(digest);
    enum bk_err err = path_of(app, digest, digest + 2, path);
    if (err == BK_OK)
        err = bk_escrow_seal(app->escrow, &place, data, len, &sealed);
    if (err == BK_OK)
        err = bk_file_replace(path, sealed.data, sealed.len, 0600);
    bk_buf_free(&sealed);
    return err;
}

enum bk_err bk_upload_write(struct bk_app *app, struct bk_upload *u)
{
    enum bk_err err = lock_folder(app, u->digest, &u->lock);
    return err == BK_OK ? write_sealed(app, u->digest, u->data, u->len) : err;
}

void bk_upload_done(struct bk_upload *u)
{
    bk_file_unlock(&u->lock);
}

enum bk_err bk_upload_enter(struct bk_tx *tx, const struct bk_upload *u, int64_t now)
{
    return bk_tx_exec(
        tx,
        "INSERT INTO uploads (digest, type, size, created_at) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (digest) DO NOTHING",
        BK_VALS(bk_text(u->digest), bk_text(u->type), bk_int((int64_t)u->len), bk_int(now)), NULL);
}

enum bk_err bk_upload_attach(struct bk_app *app, struct bk_tx *tx, const struct bk_upload *u,
                             const char *order_id, const char *kind, int64_t now)
{
    struct bk_rows old = BK_ROWS_INIT;
    enum bk_err err = bk_tx_query(
        tx, "SELECT digest FROM documents WHERE order_id = $1 AND kind = $2 AND digest <> $3",
        BK_VALS(bk_text(order_id), bk_text(kind), bk_text(u->digest)), &old);
    if (err == BK_OK)
        err = bk_upload_enter(tx, u, now);
    if (err == BK_OK)
        err = bk_tx_exec(tx,
                         "INSERT INTO documents (order_id, kind, digest, created_at) VALUES ($1,"
                         " $2, $3, $4) ON CONFLICT (order_id, kind) DO UPDATE SET digest = $3,"
                         " created_at = $4",
                         BK_VALS(bk_text(order_id), bk_text(kind), bk_text(u->digest), bk_int(now)),
                         NULL);
    if (err == BK_OK && old.count)
        err = bk_upload_unused(app, tx, bk_row_text(&old, 0, 0), now);
    bk_rows_free(&old);
    return err;
}

enum bk_err bk_upload_detach(struct bk_app *app, struct bk_tx *tx, const char *order_id,
                             int64_t now, size_t *count)
{
    struct bk_rows old = BK_ROWS_INIT;
    enum bk_err err = bk_tx_query(tx, "SELECT digest FROM documents WHERE order_id = $1",
                                  BK_VALS(bk_text(order_id)), &old);
    if (err == BK_OK)
        err = bk_tx_exec(tx, "DELETE FROM documents WHERE order_id = $1",
                         BK_VALS(bk_text(order_id)), NULL);
    for (size_t i = 0; err == BK_OK && i < old.count; i++)
        err = bk_upload_unused(app, tx, bk_row_text(&old, i, 0), now);
    *count = old.count;
    bk_rows_free(&old);
    return err;
}

enum bk_err bk_upload_list(struct bk_tx *tx, const char *order_id, struct bk_rows *rows)
{
    return bk_tx_query(tx,
                       "SELECT d.kind, u.type, u.size, d.digest, d.created_at FROM documents d"
                       " JOIN uploads u ON u.digest = d.digest WHERE d.order_id = $1"
                       " AND d.kind NOT LIKE 'invoice-%'"
                       " ORDER BY d.kind",
                       BK_VALS(bk_text(order_id)), rows);
}

enum bk_err bk_upload_find(struct bk_tx *tx, const char *order_id, const char *kind,
                           char digest[65])
{
    struct bk_rows row = BK_ROWS_INIT;
    enum bk_err err =
        bk_tx_get(tx, "SELECT digest FROM documents WHERE order_id = $1 AND kind = $2",
                  BK_VALS(bk_text(order_id), bk_text(kind)), &row);
    if (err == BK_OK)
        bk_row_copy(&row, 0, 0, digest, 65);
    bk_rows_free(&row);
    return err;
}

enum bk_err bk_upload_read(const struct bk_app *app, const char *digest, struct bk_buf *out)
{
    char path[PATH_MAX], now[65];
    size_t start = out->len;
    struct bk_buf sealed = BK_BUF_INIT;
    const struct bk_place place = place_of(digest);
    enum bk_err err = path_of(app, digest, digest + 2, path);
    if (err == BK_OK)
        err = bk_file_read(path, BK_BUF_MAX, &sealed);
    if (err == BK_ENOTFOUND && bk_upload_folder_check(app) != BK_OK)
        err = BK_EIO; /* nobody knows whether there is one */
    if (err == BK_OK)
        err = bk_escrow_open_sealed(app->escrow, &place, bk_rd(sealed.data, sealed.len), out);
    if (err == BK_OK)
        err = bk_sha256_hex(out->data + start, out->len - start, now);
    if (err == BK_OK && strcmp(now, digest) != 0)
        err = BK_ECORRUPT;
    bk_buf_free(&sealed);
    return err;
}

/* --- dropped --- */

/* BK_EBUSY: somebody let go of it less than an hour ago. What was to be done for an earlier one
 * mustn't take it from a copy of the database that was made meanwhile. */
static enum bk_err forget(struct bk_app *app, const char *digest, bool *wanted)
{
    struct bk_tx *tx = NULL;
    bool early = false;
    enum bk_err err = bk_tx_begin(app->store, &tx);
    *wanted = true; /* as long as nobody knows */
    if (err == BK_OK)
        err = bk_tx_any(tx,
                        "SELECT 1 FROM documents WHERE digest = $1"
                        " UNION ALL SELECT 1 FROM unlock_documents WHERE digest = $1",
                        BK_VALS(bk_text(digest)), wanted);
    if (err == BK_OK && !*wanted)
        err = bk_tx_any(tx, "SELECT 1 FROM uploads WHERE digest = $1 AND unused_at > $2",
                        BK_VALS(bk_text(digest), bk_int(bk_now_ms() - ORPHAN_MS)), &early);
    if (err == BK_OK && early)
        err = BK_EBUSY;
    if (err == BK_OK && !*wanted)
        err =
            bk_tx_exec(tx, "DELETE FROM uploads WHERE digest = $1", BK_VALS(bk_text(digest)), NULL);
    return bk_tx_end(&tx, err);
}

enum bk_err bk_upload_drop(struct bk_app *app, const struct bk_outbox_item *item)
{
    char path[PATH_MAX];
    const char *digest = NULL;
    int lock = -1;
    bool wanted = true;
    if (bk_json_str(item->payload, "digest", 64, &digest) != BK_OK || strlen(digest) != 64)
        return BK_ECORRUPT;
    enum bk_err err = lock_folder(app, digest, &lock);
    if (err == BK_OK)
        err = path_of(app, digest, digest + 2, path);
    if (err == BK_OK)
        err = forget(app, digest, &wanted);
    if (err == BK_OK && !wanted) {
        err = bk_file_remove(path);
        err = err == BK_ENOTFOUND ? BK_OK : err;
    }
    bk_file_unlock(&lock);
    return err;
}

enum bk_err bk_upload_reseal(struct bk_app *app, const char *digest, bool *sealed)
{
    char path[PATH_MAX];
    int lock = -1;
    struct bk_buf now = BK_BUF_INIT, plain = BK_BUF_INIT;
    const struct bk_place place = place_of(digest);
    *sealed = false;
    enum bk_err err = lock_folder(app, digest, &lock);
    if (err == BK_OK)
        err = path_of(app, digest, digest + 2, path);
    if (err == BK_OK)
        err = bk_file_read(path, BK_BUF_MAX, &now);
    if (err == BK_OK && !bk_escrow_current(app->escrow, bk_rd(now.data, now.len))) {
        err = bk_escrow_open_sealed(app->escrow, &place, bk_rd(now.data, now.len), &plain);
        if (err == BK_OK)
            err = write_sealed(app, digest, plain.data, plain.len);
        *sealed = err == BK_OK;
    }
    bk_file_unlock(&lock);
    bk_buf_free(&now);
    bk_buf_free(&plain);
    return err == BK_ENOTFOUND ? BK_OK : err;
}

/* --- swept --- */

#define FOLDERS 256
#define SWEEP_MS (INT64_C(600) * 1000)
#define SWEPT 32u /* at a time */

struct strays {
    size_t count;
    char digest[SWEPT][65];
};

/* A file that nobody has, and that isn't on its way to be dropped. */
static enum bk_err look_at(struct bk_tx *tx, const char *prefix, const char *name, int64_t now,
                           struct strays *strays)
{
    char *digest = strays->digest[strays->count];
    bool known = false;
    if (strlen(name) != 62 || strspn(name, "0123456789abcdef") != 62)
        return BK_OK;
    (void)snprintf(digest, 65, "%.2s%.62s", prefix, name);
    enum bk_err err =
        bk_tx_any(tx,
                  "SELECT 1 FROM documents WHERE digest = $1"
                  " UNION ALL SELECT 1 FROM unlock_documents WHERE digest = $1"
                  " UNION ALL SELECT 1 FROM uploads WHERE digest = $1 AND unused_at > $2",
                  BK_VALS(bk_text(digest), bk_int(now - ORPHAN_MS - DAY_MS)), &known);
    strays->count += err == BK_OK && !known;
    return err;
}

static enum bk_err find_strays(struct bk_app *app, const char *prefix, int64_t now,
                               struct strays *strays)
{
    char path[PATH_MAX];
    struct bk_tx *tx = NULL;
    const struct dirent *entry = NULL;
    enum bk_err err = path_of(app, prefix, "", path);
    DIR *folder = err == BK_OK ? opendir(path) : NULL;
    if (!folder)
        return err != BK_OK || errno == ENOENT ? err : BK_EIO;
    err = bk_tx_look(app->store, &tx);
    while (err == BK_OK && strays->count < SWEPT && (entry = readdir(folder)))
        err = look_at(tx, prefix, entry->d_name, now, strays);
    bk_tx_rollback(&tx);
    (void)closedir(folder);
    return err;
}

enum bk_err bk_upload_sweep(struct bk_app *app, int64_t now)
{
    char prefix[3];
    struct strays strays = {.count = 0};
    struct bk_tx *tx = NULL;
    (void)snprintf(prefix, sizeof prefix, "%02x", (unsigned)(now / SWEEP_MS % FOLDERS) & 0xffu);
    enum bk_err err = find_strays(app, prefix, now, &strays);
    if (err != BK_OK || !strays.count)
        return err;
    err = bk_tx_begin(app->store, &tx);
    for (size_t i = 0; err == BK_OK && i < strays.count; i++)
        err = bk_upload_unused(app, tx, strays.digest[i], now);
    return bk_tx_end(&tx, err);
}
