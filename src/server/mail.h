/* SPDX-License-Identifier: Apache-2.0 */
/* Mail to customers: a message in UTF-8, with files, put together by RFC 5322, 2045 and 2047. */
#ifndef BK_SERVER_MAIL_H
#define BK_SERVER_MAIL_H

#include "base/buf.h"
#include "net/smtp.h"

struct bk_mail;

struct bk_mail_options {
    struct bk_smtp_options smtp;
    const char *from; /* an address */
    const char *name; /* the sender's, in UTF-8 */
};

#define BK_MAIL_FILES 4u

struct bk_mail_file {
    const char *name, *type; /* ASCII, without quotes */
    const void *data;
    size_t len;
};

struct bk_mail_message {
    const char *id; /* unique: the same when it is sent again */
    const char *to;
    const char *subject, *text; /* UTF-8 */
    int64_t at;                 /* ms since 1970 */
    const struct bk_mail_file *files;
    size_t file_count;
};

/* The texts are copied. BK_EINVAL: `from` is no address. */
enum bk_err bk_mail_new(const struct bk_mail_options *options, struct bk_mail **mail) BK_MUST_CHECK;
void bk_mail_free(struct bk_mail **mail);
/* The whole message, appended. BK_EINVAL: `to` is no address. */
enum bk_err bk_mail_write(const struct bk_mail *mail, const struct bk_mail_message *message,
                          struct bk_buf *out) BK_MUST_CHECK;
/* Several threads may call. */
enum bk_err bk_mail_send(struct bk_mail *mail,
                         const struct bk_mail_message *message) BK_MUST_CHECK;

#endif
