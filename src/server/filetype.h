/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a file is, by its content: the magic and the structure behind it up to its end, so that one
 * that was cut short isn't taken. Cameras hang things behind a picture's end, which is let be; what
 * the picture shows isn't looked at.
 */
#ifndef BK_SERVER_FILETYPE_H
#define BK_SERVER_FILETYPE_H

#include "base/buf.h"

enum bk_filetype { BK_FILE_OTHER, BK_FILE_JPEG, BK_FILE_PNG, BK_FILE_PDF };

enum bk_filetype bk_filetype_of(const void *data, size_t len);
/* "image/jpeg", "image/png", "application/pdf"; NULL for others. */
const char *bk_filetype_name(enum bk_filetype type);

#endif
