/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Authorisation codes of customers and orders: eight symbols as those of unlocks, kept as keyed
 * hashes, for one purpose and one subject, used once. So many wrong ones void a code.
 */
#ifndef BK_SERVER_CODE_H
#define BK_SERVER_CODE_H

#include "server/escrow.h"
#include "server/store.h"
#include "server/unlock.h"

#define BK_CODE_ID 27u
#define BK_CODE_SUBJECT 65u

struct bk_code_ask {
    const char *purpose; /* "customer", "verify", "sign" */
    const char *subject; /* what it is for: an order's id, a keyed hash */
    const char *secret;  /* kept sealed beside it, for whoever knows the code; NULL: nothing */
    int64_t now, expires_at, tries;
};

/* code: for the message, to be wiped. */
enum bk_err bk_code_make(struct bk_tx *tx, const struct bk_escrow *escrow,
                         const struct bk_code_ask *ask, char id[BK_CODE_ID],
                         char code[BK_CODE + 1]) BK_MUST_CHECK;

struct bk_code_use {
    const char *problem; /* NULL: it was right, and is used up */
    int64_t tries_left;  /* with code-wrong */
    char subject[BK_CODE_SUBJECT];
    struct bk_buf secret; /* when it was right */
};

/* An id that isn't there is answered as one that is void. */
enum bk_err bk_code_take(struct bk_tx *tx, const struct bk_escrow *escrow, const char *purpose,
                         const char *id, const char *text, int64_t now,
                         struct bk_code_use *use) BK_MUST_CHECK;
/* No code for it works any more. (Not done by making another: for what anybody may ask for, that
 * would be a way to take somebody's code away.) */
enum bk_err bk_code_void(struct bk_tx *tx, const char *purpose, const char *subject) BK_MUST_CHECK;
/* XXXX-XXXX */
void bk_code_show(const char code[BK_CODE + 1], char shown[BK_CODE + 2]);
enum bk_err bk_code_clean(struct bk_tx *tx, int64_t now) BK_MUST_CHECK;

#endif
