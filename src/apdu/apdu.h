/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commands and answers as bytes, always in extended length (ISO/IEC 7816-4 clause 5.1):
 *
 *     CLA INS P1 P2                                  nothing to send, nothing expected
 *     CLA INS P1 P2 00 LeHi LeLo                     nothing to send
 *     CLA INS P1 P2 00 LcHi LcLo data                nothing expected
 *     CLA INS P1 P2 00 LcHi LcLo data LeHi LeLo
 *
 * No I/O here.
 */
#ifndef BK_APDU_APDU_H
#define BK_APDU_APDU_H

#include <stdbool.h>

#include "base/buf.h"

#define BK_APDU_DATA_MAX 65535u
#define BK_LE_NONE 0u      /* no Le field */
#define BK_LE_ANY 65536u   /* Le = 0000 */

struct bk_apdu {
    uint8_t cla, ins, p1, p2;
    struct bk_buf data;
    uint32_t le;    /* BK_LE_NONE, 1 to 65,535, BK_LE_ANY */
    bool sensitive; /* set by whoever builds it: neither command nor answer is ever shown */
};

#define BK_APDU_INIT(ins_) {.cla = 0x80, .ins = (ins_)}

/* Wipes and frees the data. */
void bk_apdu_free(struct bk_apdu *apdu);
/* Appends the command's bytes to out; BK_ELIMIT when data or le is too long. */
enum bk_err bk_apdu_encode(const struct bk_apdu *apdu, struct bk_buf *out) BK_MUST_CHECK;
/* Reads a command as above into `apdu` (data is copied); BK_EFORMAT for any other form. */
enum bk_err bk_apdu_decode(const void *bytes, size_t len, struct bk_apdu *apdu) BK_MUST_CHECK;
/* Takes the last two bytes of an answer off as the status word; BK_EFORMAT below two bytes. */
enum bk_err bk_apdu_split_answer(struct bk_buf *answer, uint16_t *sw) BK_MUST_CHECK;

#endif
