/* SPDX-License-Identifier: Apache-2.0 */
/* What names of the API are called on pages; a name that isn't known is shown as it is. */
#ifndef BK_SERVER_PAGE_WORDS_H
#define BK_SERVER_PAGE_WORDS_H

#include "server/page.h"

/* Of an order's state. */
const char *bk_word_state(const struct bk_req *req, const char *state);
/* Of anything else: an order's type, a document's kind, what is chosen in an application, the
 * states of reviews, keys and unlock requests. */
const char *bk_word(const struct bk_req *req, const char *name);
/* The heading of a part of an application, and the name of a member. */
const char *bk_word_part(const struct bk_req *req, const char *part);
const char *bk_word_member(const struct bk_req *req, const char *part, const char *member);

#endif
