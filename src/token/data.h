/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Data objects on the key: files of it. One that a client made is a file of ours with a name by
 * chance, docs/formats.md clause 9; a change writes a new file and then deletes the old one, so
 * that after a cut one of the two is whole. Files that others made are shown as they are, to be
 * read. The module's own records are no data objects.
 */
#ifndef BK_TOKEN_DATA_H
#define BK_TOKEN_DATA_H

#include "token/token.h"

#define BK_FILE_NAME_MAX 32
#define BK_DATA_ID 8

#define BK_DATA_PRIVATE 0x01u
#define BK_DATA_FIXED 0x02u /* CKA_MODIFIABLE false */
#define BK_DATA_UNCOPYABLE 0x04u
#define BK_DATA_INDESTRUCTIBLE 0x08u
#define BK_DATA_SECOND 0x10u /* of the key's second slot */

struct bk_data {
    char file[BK_FILE_NAME_MAX + 1]; /* "": none yet */
    bool foreign;                    /* somebody else's file: no id, version, application, oid */
    uint8_t id[BK_DATA_ID];          /* of the object, through all its versions */
    uint32_t version;
    uint8_t flags;
    struct bk_buf label, application, object_id, value;
};

/* Whether a name is one of the module's own files: generation records, saved certificates, data
 * objects. Nobody but the module reads or writes them. */
bool bk_file_is_ours(const char *name);

void bk_data_free(struct bk_data **data);
/* BK_ELIMIT when it is longer than a file can be. Appends. */
enum bk_err bk_data_encode(const struct bk_data *data, struct bk_buf *out) BK_MUST_CHECK;
/* BK_ECORRUPT when it isn't one. */
enum bk_err bk_data_decode(const void *bytes, size_t len, struct bk_data **out) BK_MUST_CHECK;

/*
 * Fills t->data, when that hasn't been done since something changed on the key: one exchange, and
 * as many as reading the files takes. Private ones only while logged in. Call bk_token_refresh
 * before it. A key without files has none: no error.
 */
enum bk_err bk_data_refresh(struct bk_token *t) BK_MUST_CHECK;
/* Those read before are forgotten; private ones are wiped. */
void bk_data_forget(struct bk_token *t);

/* A new object: its id is set. BK_EUNSUPPORTED on a key where no files can be made, BK_EFULL,
 * BK_ELIMIT. */
enum bk_err bk_data_create(struct bk_token *t, struct bk_data *data) BK_MUST_CHECK;
/* Makes `next`, a view of what lives as long as `arg`, of the newest version. */
typedef enum bk_err (*bk_data_merge)(void *arg, const struct bk_data *now, struct bk_data *next);
/* In place of the newest version with this id, which another process may have written after the
 * caller last looked; BK_ENOTFOUND when it is gone. */
enum bk_err bk_data_replace(struct bk_token *t, const uint8_t id[BK_DATA_ID], bk_data_merge merge,
                            void *arg) BK_MUST_CHECK;
enum bk_err bk_data_delete(struct bk_token *t, const uint8_t id[BK_DATA_ID]) BK_MUST_CHECK;

/* For the files of this layer: a file was changed. Reads anew, and raises the record's number,
 * which tells other processes to. */
enum bk_err bk_data_changed(struct bk_token *t) BK_MUST_CHECK;

#endif
