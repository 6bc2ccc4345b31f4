/* SPDX-License-Identifier: Apache-2.0 */
/* Messages to customers about codes and orders, by the outbox. */
#ifndef BK_SERVER_TELL_H
#define BK_SERVER_TELL_H

#include "net/json.h"
#include "server/app.h"
#include "server/outbox.h"

struct bk_tell {
    const char *dedupe; /* what is told once */
    const char *phone;
    const char *template;
    const char *code; /* BK_CODE symbols; NULL: none */
    int64_t now, expires_at;
    bool quiet; /* as much is written, and nothing sent */
};

/* params: further ones of the template, may be NULL; the reference is taken. */
enum bk_err bk_tell_sms(const struct bk_app *app, struct bk_tx *tx, const struct bk_tell *tell,
                        json_t *params) BK_MUST_CHECK;

/*
 * Before a message goes out, at its first trial: each phone and mail address gets
 * policy.notices_per_day that have no code, whatever they are about and whoever has them sent. One
 * more is given up for good, which staff see: BK_ELIMIT. (Codes have limits of their own, and no
 * flood of notices keeps one from whom it is for, nor word of one that is out.)
 */
enum bk_err bk_tell_limit(const struct bk_app *app, const struct bk_outbox_item *item,
                          const char *to) BK_MUST_CHECK;

#define BK_QUOTED 136u /* with NUL */
/* What a customer typed, for a message: in quotation marks, cut, and without what makes a link, so
 * that it reads neither as one nor as a sentence of ours. */
void bk_tell_quote(const char *text, char shown[BK_QUOTED]);

#endif
