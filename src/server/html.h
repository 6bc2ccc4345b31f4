/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTML, put together so that nothing gets into it unescaped: markup stands in formats, which are
 * constants of the program, and whatever is filled in is escaped, in text and in quoted attributes
 * alike. There is no other way to add anything.
 */
#ifndef BK_SERVER_HTML_H
#define BK_SERVER_HTML_H

#include "base/buf.h"

struct bk_html {
    struct bk_buf text;
    enum bk_err err; /* the first failure; what comes after it does nothing */
};
#define BK_HTML_INIT                                                                               \
    {                                                                                              \
        .err = BK_OK                                                                               \
    }

/* Appends. The format knows %s, %d, %lld and %%. */
void bk_html(struct bk_html *html, const char *format, ...) __attribute__((format(printf, 2, 3)));
void bk_html_free(struct bk_html *html);

#endif
