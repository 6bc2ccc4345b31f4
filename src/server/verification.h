/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An order's authorisation codes and how they reach the customer. Two are asked for: one that
 * verifies the identity ("verify": the provider compares first), and one that signs the order
 * ("sign": the same way again). Whoever is asked outside is asked by the outbox: while a provider
 * doesn't answer, the verification stays "asked" and says that it is failing.
 */
#ifndef BK_SERVER_VERIFICATION_H
#define BK_SERVER_VERIFICATION_H

#include "server/app.h"
#include "server/application.h"
#include "server/code.h"
#include "server/identity.h"
#include "server/order.h"
#include "server/outbox.h"

struct bk_verification {
    char id[27], order_id[27];
    char purpose[8]; /* "verify", "sign" */
    enum bk_identity_way way;
    char state[16];           /* "asked", "sent", "done", "mismatch", "no-record", "void" */
    char code_id[BK_CODE_ID]; /* "" before there is one */
    bool failing;             /* the last try outside failed */
    int64_t created_at, expires_at;
};

/* The newest of an order; BK_ENOTFOUND. */
enum bk_err bk_verification_newest(struct bk_tx *tx, const char *order_id, const char *purpose,
                                   struct bk_verification *v) BK_MUST_CHECK;
/* Whether a way is possible for the application: NULL, or the member that stands against it. */
const char *bk_verification_bar(const struct bk_application *application, enum bk_identity_way way);

struct bk_verification_ask {
    const char *purpose;
    enum bk_identity_way way;
    const struct bk_application *application;
    const char *card; /* by card */
    int64_t now;
};
/* Begins one, which takes the place of those before. */
enum bk_err bk_verification_begin(struct bk_app *app, struct bk_tx *tx,
                                  const struct bk_verification_ask *ask) BK_MUST_CHECK;
/* Takes the code of the newest; use->problem is "order-state" when none has been sent. */
enum bk_err bk_verification_take(struct bk_app *app, struct bk_tx *tx, const char *order_id,
                                 const char *purpose, const char *text, int64_t now,
                                 struct bk_code_use *use) BK_MUST_CHECK;
/* Whether somebody has read a code in the memo of a transfer to the account that the order names.
 */
enum bk_err bk_verification_by_transfer(struct bk_tx *tx, const char *order_id,
                                        bool *is) BK_MUST_CHECK;
/* Whether it is known whose the order is: its identity is verified as it stands now, or by the
 * certificate that it was asked for with. */
enum bk_err bk_verification_known(struct bk_tx *tx, const char *order_id,
                                  bool *known) BK_MUST_CHECK;
/* None of the order's is of use any more, nor stands what was done by it. */
enum bk_err bk_verification_void(struct bk_tx *tx, const char *order_id,
                                 const char *purpose) BK_MUST_CHECK;

/* The outbox's "identity" and "transfer": asks the provider, and asks after a transfer. */
enum bk_err bk_verification_ask_provider(struct bk_app *app,
                                         const struct bk_outbox_item *item) BK_MUST_CHECK;
enum bk_err bk_verification_ask_transfer(struct bk_app *app,
                                         const struct bk_outbox_item *item) BK_MUST_CHECK;

#endif
