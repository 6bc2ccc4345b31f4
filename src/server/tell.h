/* SPDX-License-Identifier: Apache-2.0 */
/* Messages to customers about codes and orders, by the outbox. */
#ifndef BK_SERVER_TELL_H
#define BK_SERVER_TELL_H

#include "net/json.h"
#include "server/app.h"

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

#endif
