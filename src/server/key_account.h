/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bank account of the company that a key belongs to: where a transfer of 0.01 CNY brings an
 * unlock's code. It is on record when a transfer has reached it for the order that the key was made
 * for or a reviewed renewal, or when staff wrote it down. The account is kept sealed, and beside it
 * a keyed hash of company and number, by which a request is compared without opening it.
 */
#ifndef BK_SERVER_KEY_ACCOUNT_H
#define BK_SERVER_KEY_ACCOUNT_H

#include <jansson.h>

#include "server/keys.h"
#include "server/numbers.h"

#define BK_BANK_MAX 96u

struct bk_key_account {
    char company[BK_KEY_COMPANY + 1]; /* as its bank knows it */
    char bank[BK_BANK_MAX + 1];
    char number[BK_ACCOUNT_MAX + 1];
};

enum bk_err bk_key_account_hash(const struct bk_escrow *escrow, const char *serial,
                                const char *company, const char *number,
                                uint8_t hash[32]) BK_MUST_CHECK;
/* since: when it was changed; 0: it is the first, and was made with the key. BK_ENOTFOUND: no such
 * key. */
enum bk_err bk_key_set_account(struct bk_tx *tx, const struct bk_escrow *escrow, const char *serial,
                               const struct bk_key_account *account, int64_t since) BK_MUST_CHECK;
/* BK_ENOTFOUND: there is none. */
enum bk_err bk_key_account(struct bk_tx *tx, const struct bk_escrow *escrow, const char *serial,
                           struct bk_key_account *account) BK_MUST_CHECK;
/* What an application says of it. */
void bk_key_account_said(const json_t *details, struct bk_key_account *account);
/* Its bank and how it ends, for those who only look. */
void bk_key_account_show(const struct bk_key_account *account, char shown[BK_BANK_MAX + 16]);

#endif
