/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of the key as they are, for programs that keep something there by name. The module's own
 * (bk_file_is_ours) are not among them: BK_EDENIED. Rights are those of card/card.h; what they
 * don't allow is BK_ELOGIN where a log-in would help, else BK_EDENIED. BK_ENOTFOUND without such a
 * file.
 */
#ifndef BK_TOKEN_FILE_H
#define BK_TOKEN_FILE_H

#include "token/data.h"

/* 1 to 32 bytes of UTF-8 without control characters. */
bool bk_file_name_good(const char *name);

enum bk_err bk_files_list(struct bk_token *t, struct bk_names *names) BK_MUST_CHECK;
/* From offset to the end, or to where len is reached; replaces the content of out. BK_ELIMIT when
 * offset is behind the end. `size` is the whole file's. */
enum bk_err bk_file_get(struct bk_token *t, const char *name, unsigned offset, size_t len,
                        struct bk_buf *out, uint32_t *size) BK_MUST_CHECK;
/* BK_ELIMIT when it doesn't fit into the file; nothing is written then. Up to the dialect's chunk
 * (1,024 bytes) goes in one command; a cut of a longer write may leave a part. */
enum bk_err bk_file_put(struct bk_token *t, const char *name, unsigned offset, const void *data,
                        size_t len) BK_MUST_CHECK;
/* size 1 to 65,535; BK_EEXISTS, BK_EFULL. */
enum bk_err bk_file_create(struct bk_token *t, const char *name, uint32_t size,
                           uint32_t read_rights, uint32_t write_rights) BK_MUST_CHECK;
enum bk_err bk_file_delete(struct bk_token *t, const char *name) BK_MUST_CHECK;

#endif
