/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents that customers upload: files in a folder of their own, sealed as secrets are, under
 * the SHA-256 of their content; the database says which order has which as what. The same content
 * is one file. A file is written down to be dropped, an hour later, before it is there, and when
 * it is replaced: then it goes unless an order has it.
 */
#ifndef BK_SERVER_UPLOAD_H
#define BK_SERVER_UPLOAD_H

#include "server/app.h"
#include "server/outbox.h"

#define BK_DOCUMENT 24u /* a kind's name, with NUL */
#define BK_DOCUMENTS 4u /* kinds */

/* "licence", "operator-id-front", "operator-id-back", "seal-sheet" */
extern const char *const bk_document_kinds[BK_DOCUMENTS];
bool bk_document_is_kind(const char *name);

struct bk_upload {
    const void *data;
    size_t len;
    const char *type; /* of its content */
    char digest[65];
    int lock; /* from bk_upload_write to bk_upload_done; -1: none */
};
#define BK_UPLOAD_INIT                                                                             \
    {                                                                                              \
        .lock = -1                                                                                 \
    }

/* Sets digest; has the file dropped if nothing comes of it. To be committed before the next. */
enum bk_err bk_upload_plan(struct bk_app *app, struct bk_tx *tx, struct bk_upload *upload,
                           int64_t now) BK_MUST_CHECK;
/* Outside any transaction. From here on nothing drops it, until bk_upload_done. */
enum bk_err bk_upload_write(struct bk_app *app, struct bk_upload *upload) BK_MUST_CHECK;
/* The order has it as this kind, in place of another. */
enum bk_err bk_upload_attach(struct bk_app *app, struct bk_tx *tx, const struct bk_upload *upload,
                             const char *order_id, const char *kind, int64_t now) BK_MUST_CHECK;
/* It is among the uploads; for whoever attaches it to something else than an order. */
enum bk_err bk_upload_enter(struct bk_tx *tx, const struct bk_upload *upload,
                            int64_t now) BK_MUST_CHECK;
/* Dropped, unless somebody has it. */
enum bk_err bk_upload_unused(struct bk_app *app, struct bk_tx *tx, const char *digest,
                             int64_t now) BK_MUST_CHECK;
/* The order has none any more, its invoice's files neither. */
enum bk_err bk_upload_detach(struct bk_app *app, struct bk_tx *tx, const char *order_id,
                             int64_t now, size_t *count) BK_MUST_CHECK;
/* After that has been committed, or given up. */
void bk_upload_done(struct bk_upload *upload);

/* An order's documents, without the files of its invoice. Columns: kind, type, size, digest,
 * created_at. */
enum bk_err bk_upload_list(struct bk_tx *tx, const char *order_id,
                           struct bk_rows *rows) BK_MUST_CHECK;
/* One of them. BK_ENOTFOUND. */
enum bk_err bk_upload_find(struct bk_tx *tx, const char *order_id, const char *kind,
                           char digest[65]) BK_MUST_CHECK;
/* The content, appended. BK_ENOTFOUND; BK_EVERIFY, BK_ECORRUPT: it isn't what was uploaded. */
enum bk_err bk_upload_read(const struct bk_app *app, const char *digest,
                           struct bk_buf *out) BK_MUST_CHECK;
/* The outbox's "upload-drop". */
enum bk_err bk_upload_drop(struct bk_app *app, const struct bk_outbox_item *item) BK_MUST_CHECK;
/*
 * Files that nobody has are to be dropped once more: they came after the copy of the database that
 * was restored, or their drop was given up. One folder of the 256 each ten minutes.
 */
enum bk_err bk_upload_sweep(struct bk_app *app, int64_t now) BK_MUST_CHECK;
/* Seals the file by the newest key; *sealed: it wasn't. One that isn't there is passed over. */
enum bk_err bk_upload_reseal(struct bk_app *app, const char *digest, bool *sealed) BK_MUST_CHECK;

#endif
