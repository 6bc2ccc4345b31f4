/* SPDX-License-Identifier: Apache-2.0 */
/* What pages show of an order. */
#ifndef BK_SERVER_PAGES_ORDER_H
#define BK_SERVER_PAGES_ORDER_H

#include "server/application.h"
#include "server/order.h"
#include "server/page.h"

/* A row of a list of terms. */
void bk_page_term(struct bk_page *page, const char *term, const char *text);
/* The same for a time, when there is one. */
void bk_page_term_time(struct bk_page *page, const char *term, int64_t ms);
/* All that was filled in, a part a heading; persons' numbers in clear. */
void bk_page_application(struct bk_page *page, const struct bk_application *application);
/* One part as a list of terms. */
void bk_page_part(struct bk_page *page, const char *name, const json_t *part);
/* State, type, dates, money. */
void bk_page_order_facts(struct bk_page *page, const struct bk_order *order,
                         const struct bk_application *application);
/* How long it is until then, or since. */
void bk_page_left(struct bk_page *page, int64_t left_ms);
/* One document under /admin/WHERE/ID/documents/KIND: a row of a list, as bk_upload_list has it. */
void bk_page_put_document(struct bk_page *page, const char *where, const char *id,
                          const struct bk_rows *rows, size_t row);
/* The answer to a request for it, params[0] its owner's id, params[1] its kind. A stranger's file:
 * shown as what it was found to be, in a page that may do nothing. */
enum bk_err bk_page_send_document(struct bk_req *req, const char *digest) BK_MUST_CHECK;
/* The documents, pictures as such. */
enum bk_err bk_page_documents(struct bk_page *page, const struct bk_order *order) BK_MUST_CHECK;

#endif
