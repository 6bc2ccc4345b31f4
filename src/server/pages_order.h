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
/* The documents, pictures as such. */
enum bk_err bk_page_documents(struct bk_page *page, const struct bk_order *order) BK_MUST_CHECK;

#endif
