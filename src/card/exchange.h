/* SPDX-License-Identifier: Apache-2.0 */
/* One exchange of the card layer, and fields in the dialect's byte order; for the files of this
 * layer. */
#ifndef BK_CARD_EXCHANGE_H
#define BK_CARD_EXCHANGE_H

#include "card/card.h"

/*
 * Sends the command and frees its data; the answer without status word is in card->answer until
 * the next one, the status word and tries on the card. An answer that goes on (6A9E, or 61XX of
 * ISO/IEC 7816-4) is put together by GET RESPONSE. More than the command's Le is BK_EFORMAT.
 */
enum bk_err bk_card_exchange(struct bk_card *card, struct bk_apdu *apdu) BK_MUST_CHECK;

#define BK_RANDOM_LEN 8

/* The challenge of the next command that proves a secret. */
enum bk_err bk_card_draw(struct bk_card *card, uint8_t random[BK_RANDOM_LEN]) BK_MUST_CHECK;
/* That command: no trace shows it, and the tries left that its answer tells stay on the card. */
enum bk_err bk_card_send_secret(struct bk_card *card, struct bk_apdu *apdu) BK_MUST_CHECK;

/* Numbers in the dialect's byte order. */
enum bk_err bk_card_put_u16(const struct bk_card *card, struct bk_buf *buf,
                            uint32_t v) BK_MUST_CHECK;
enum bk_err bk_card_put_u32(const struct bk_card *card, struct bk_buf *buf,
                            uint32_t v) BK_MUST_CHECK;
enum bk_err bk_card_rd_u16(const struct bk_card *card, struct bk_rd *rd, uint16_t *v) BK_MUST_CHECK;
enum bk_err bk_card_rd_u32(const struct bk_card *card, struct bk_rd *rd, uint32_t *v) BK_MUST_CHECK;

/* Application id, and container id when given, as commands begin. */
enum bk_err bk_card_put_ids(const struct bk_card *card, struct bk_apdu *apdu,
                            const uint8_t *container) BK_MUST_CHECK;
/* Takes the answer as a list of names: each ended by NUL, an empty one ends the list. */
enum bk_err bk_card_take_names(struct bk_card *card, struct bk_names *names) BK_MUST_CHECK;

#endif
