/* SPDX-License-Identifier: Apache-2.0 */
/* application/x-www-form-urlencoded, strictly: what payment and SMS providers speak. */
#ifndef BK_SERVER_FORM_H
#define BK_SERVER_FORM_H

#include "base/buf.h"

#define BK_FORM_MAX 64u

struct bk_form {
    struct {
        char *name, *value; /* decoded, NUL-terminated */
    } items[BK_FORM_MAX];
    size_t count;
};

/* BK_EFORMAT: a bad escape, a NUL, no well-formed UTF-8, a name twice; BK_ELIMIT: too many. */
enum bk_err bk_form_parse(const void *data, size_t len, struct bk_form *form) BK_MUST_CHECK;
enum bk_err bk_form_add(struct bk_form *form, const char *name, const char *value) BK_MUST_CHECK;
/* "" when it isn't there. */
const char *bk_form_get(const struct bk_form *form, const char *name);
void bk_form_free(struct bk_form *form);
/* By name, byte order. */
void bk_form_sort(struct bk_form *form);
/* name=value&…, escaped by RFC 3986, appended. */
enum bk_err bk_form_encode(const struct bk_form *form, struct bk_buf *out) BK_MUST_CHECK;
/* What is signed: name=value&… sorted, not escaped, without empty values and those in `skip` (ends
 * at NULL). Sorts the form. */
enum bk_err bk_form_plain(struct bk_form *form, const char *const *skip,
                          struct bk_buf *out) BK_MUST_CHECK;
/* One value, escaped by RFC 3986. */
enum bk_err bk_percent(const char *text, struct bk_buf *out) BK_MUST_CHECK;

#endif
