/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages: what stands around their content, in Chinese or English; the headers that keep them to
 * themselves; cookies; and what a page's request must have before its handler is called
 * (BK_ROUTE_PAGE, server/router.h). They work without scripts, and none is let in.
 */
#ifndef BK_SERVER_PAGE_H
#define BK_SERVER_PAGE_H

#include "server/html.h"
#include "server/router.h"

struct bk_page {
    struct bk_req *req;
    struct bk_html html;
};

/* The one of the two in the language of the request. */
const char *bk_say(const struct bk_req *req, const char *zh, const char *en);

/* Up to the content, which begins with the title as its heading. */
void bk_page_begin(struct bk_page *page, struct bk_req *req, const char *title);
/* The rest, and the answer; or the first failure. */
enum bk_err bk_page_end(struct bk_page *page, unsigned status) BK_MUST_CHECK;
/* A table that may be wider than the window: its heads (pairs of Chinese and English, ended by
 * NULL), up to its rows. */
void bk_page_table(struct bk_page *page, const char *label, const char *const *heads);
void bk_page_table_end(struct bk_page *page);
/* What the query's "done" says has been done: triples of it, Chinese and English, ended by NULL. */
void bk_page_done(struct bk_page *page, const char *const *said);
/* A search by one member of the query, at this path. */
void bk_page_search(struct bk_page *page, const char *path, const char *name, const char *label,
                    const char *value);
/* A form for a POST to a path, up to its fields; it ends with </form>. Its session's token is in
 * it. */
void bk_page_form(struct bk_page *page, const char *path);
/* A time in China, as a cell or a term has it; "–" for 0. */
void bk_page_time(struct bk_page *page, int64_t ms);
/* 303: goes on at another page of ours. */
enum bk_err bk_page_go(struct bk_req *req, const char *path) BK_MUST_CHECK;
/* A member of the form, or of the query, of at most max bytes of plain text; "" for any other. */
const char *bk_page_field(const struct bk_req *req, const char *name, size_t max);
const char *bk_page_query(const struct bk_req *req, const char *name, size_t max);

/* For bk_refuse on a page's route. */
enum bk_err bk_page_problem(struct bk_req *req, const struct bk_problem *problem) BK_MUST_CHECK;
/* By the request's cookie, else its Accept-Language. */
enum bk_lang bk_page_lang(const struct bk_http_in *in);
/*
 * A POST comes from a page of ours; of a route for staff, who have one of these roles, by their
 * session and with its token. Else it is refused, or goes to the log-in.
 */
enum bk_err bk_page_enter(struct bk_req *req, bool staff, unsigned roles,
                          bool *refused) BK_MUST_CHECK;
/* token NULL: logged out. */
void bk_page_set_session(struct bk_req *req, const char *token);
void bk_page_set_lang(struct bk_req *req, const char *lang);
/* Whether it is a path of these pages that may be gone back to. */
bool bk_page_is_path(const char *path);
/* The first page that the roles let one see. */
const char *bk_page_first(unsigned roles);
/* The token of the request's cookie, "" without one. */
const char *bk_page_session(const struct bk_req *req);

#define BK_STYLE_PATH 48u
void bk_style_path(char path[BK_STYLE_PATH]);
const char *bk_style_text(void);

#endif
