/* SPDX-License-Identifier: Apache-2.0 */
/* Secure messaging of GM/T 0017 keys: CLA 84, a 4-byte SM4 CBC-MAC at the end of the data. */
#ifndef BK_APDU_MAC_H
#define BK_APDU_MAC_H

#include "apdu/apdu.h"

/* The IV is random ‖ 0×8, the input CLA INS P1 P2 ‖ Lc2 without MAC ‖ 00 00 ‖ data. */
enum bk_err bk_apdu_mac_command(struct bk_apdu *apdu, const uint8_t key[16],
                                const uint8_t random[8]) BK_MUST_CHECK;
/* The same with an input of the caller's choice in place of the command. */
enum bk_err bk_apdu_mac_over(struct bk_apdu *apdu, const uint8_t key[16], const uint8_t random[8],
                             const void *over, size_t len) BK_MUST_CHECK;

#endif
