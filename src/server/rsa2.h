/* SPDX-License-Identifier: Apache-2.0 */
/* "RSA2": RSASSA-PKCS1-v1_5 with SHA-256 over a text, in base64, as Alipay signs both ways; and
 * numbers of money as it writes them. */
#ifndef BK_SERVER_RSA2_H
#define BK_SERVER_RSA2_H

#include "crypto/rsa.h"

/* Appended to out. */
enum bk_err bk_rsa2_sign(struct bk_rsa_key *key, const void *text, size_t len,
                         struct bk_buf *out) BK_MUST_CHECK;
/* BK_EVERIFY when wrong or not base64. */
enum bk_err bk_rsa2_verify(const struct bk_pubkey *pub, const void *text, size_t len,
                           const char *signature) BK_MUST_CHECK;

#define BK_MONEY 24u
/* 19000 fen is "190.00". */
void bk_money_text(int64_t fen, char text[BK_MONEY]);
/* Exactly two decimals; BK_EFORMAT for anything else. */
enum bk_err bk_money_read(const char *text, int64_t *fen) BK_MUST_CHECK;

#endif
