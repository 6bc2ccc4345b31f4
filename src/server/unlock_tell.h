/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What goes out about an unlock request: the code to its phone, or in the memo of a transfer to the
 * company's account, and word of it to every other contact of the key. In the request's transaction
 * two items are put into the outbox, as long and as sealed for a request that matched nothing: how
 * long the answer takes then tells nothing either. Who the other contacts are is looked up by the
 * worker.
 */
#ifndef BK_SERVER_UNLOCK_TELL_H
#define BK_SERVER_UNLOCK_TELL_H

#include "server/app.h"
#include "server/outbox.h"
#include "server/unlock.h"

#define BK_SUSPEND_TOKEN 32u /* characters */

enum bk_unlock_word {
    BK_WORD_NONE,   /* nobody is told anything */
    BK_WORD_NOTICE, /* of the request, without its code */
    BK_WORD_CODE,
};

struct bk_unlock_news {
    const char *id, *serial;
    enum bk_unlock_way way;
    const char *phone; /* that the code goes to; "": none */
    const char *mail;  /* NULL, "": none; the address that it goes to */
    const char *code, *token;
    enum bk_unlock_word word; /* to whom asked; the contacts get a notice unless it is none */
    int64_t now, expires_at;
    int64_t code_at; /* when the code goes out: now, or what the policy puts between */
};

enum bk_err bk_unlock_tell(const struct bk_app *app, struct bk_tx *tx,
                           const struct bk_unlock_news *news) BK_MUST_CHECK;
/* That it was handed in with documents, to all of the key's contacts: it has no code yet. */
enum bk_err bk_unlock_tell_asked(const struct bk_app *app, struct bk_tx *tx,
                                 const struct bk_unlock_news *news) BK_MUST_CHECK;
/* That its documents were rejected, to the phone or address that was given with them. */
enum bk_err bk_unlock_tell_rejected(const struct bk_app *app, struct bk_tx *tx,
                                    const struct bk_unlock *unlock, const char *contact,
                                    const char *reason, int64_t now) BK_MUST_CHECK;
/* Whether a message of the outbox is still to be sent: the code of an unlock that was stopped while
 * it waited for its time isn't, nor one for a phone that isn't the key's any more. */
enum bk_err bk_unlock_still_wanted(struct bk_app *app, const struct bk_outbox_item *item,
                                   bool *wanted) BK_MUST_CHECK;
/* The outbox's "unlock-contacts". */
enum bk_err bk_unlock_tell_contacts(struct bk_app *app,
                                    const struct bk_outbox_item *item) BK_MUST_CHECK;
/* The outbox's "unlock-transfer": asks the provider for the transfer, and after it until it has
 * arrived. */
enum bk_err bk_unlock_transfer(struct bk_app *app, const struct bk_outbox_item *item) BK_MUST_CHECK;

#endif
