/* SPDX-License-Identifier: Apache-2.0 */
/* An unlock's code on its way to the company: in the memo of a transfer of 0.01 CNY to the account
 * that is on record of the key. */
#include <stdio.h>

#include "server/audit.h"
#include "server/ident.h"
#include "server/identity.h"
#include "server/key_account.h"
#include "server/unlock_tell.h"

struct sending {
    const char *id, *memo;
    struct bk_unlock unlock;
    struct bk_key_account account;
    bool due;
};

/* What was suspended, or is over or expired, isn't sent; nor what was asked for before the account
 * became another one. */
static enum bk_err look(struct bk_app *app, struct sending *s)
{
    struct bk_tx *tx = NULL;
    struct bk_key key;
    enum bk_err err = bk_tx_look(app->store, &tx);
    if (err == BK_OK)
        err = bk_unlock_load(tx, s->id, &s->unlock);
    if (err == BK_OK)
        err = bk_key_find(tx, s->unlock.serial, &key);
    if (err == BK_OK)
        err = bk_key_account(tx, app->escrow, s->unlock.serial, &s->account);
    bk_tx_rollback(&tx);
    if (err == BK_ENOTFOUND)
        return BK_OK;
    s->due = err == BK_OK && s->unlock.state == BK_UNLOCK_OPEN &&
             bk_now_ms() <= s->unlock.expires_at && key.account_since <= s->unlock.created_at;
    return err;
}

static enum bk_err note(struct bk_app *app, const struct sending *s, const char *action)
{
    struct bk_tx *tx = NULL;
    char object[48];
    (void)snprintf(object, sizeof object, "unlock:%s", s->id);
    const struct bk_audit entry = {.actor = "provider:identity",
                                   .address = "",
                                   .action = action,
                                   .object = object,
                                   .detail = s->unlock.serial};
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_audit_add(tx, &entry);
    return bk_tx_end(&tx, err);
}

static enum bk_err transfer(struct bk_app *app, const struct sending *s, bool *refused)
{
    const struct bk_identity_subject subject = {.way = BK_BY_TRANSFER,
                                                .id = s->id,
                                                .company = s->account.company,
                                                .account = s->account.number,
                                                .bank = s->account.bank,
                                                .memo = s->memo};
    return bk_identity_transfer(app->identity, &subject, refused);
}

enum bk_err bk_unlock_transfer(struct bk_app *app, const struct bk_outbox_item *item)
{
    struct sending s = {.due = false};
    if (!app->identity)
        return BK_EUNSUPPORTED;
    if (bk_json_str(item->payload, "unlock", BK_ULID, &s.id) != BK_OK ||
        bk_json_str(item->payload, "memo", BK_CODE + 1, &s.memo) != BK_OK)
        return BK_ECORRUPT;
    enum bk_err err = look(app, &s);
    if (err != BK_OK || !s.due)
        return err;
    err = transfer(app, &s, item->for_good);
    if (err != BK_OK && !(err == BK_EREFUSED && *item->for_good))
        return err;
    enum bk_err noted =
        note(app, &s, err == BK_OK ? "unlock.transferred" : "unlock.transfer-refused");
    return noted == BK_OK ? err : noted;
}
