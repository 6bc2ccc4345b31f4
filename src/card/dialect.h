/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What differs between makers, all of it, in one table. Sources: design and facts of the key; what
 * is not established there is pinned here and changed here in one line.
 */
#ifndef BK_CARD_DIALECT_H
#define BK_CARD_DIALECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum bk_pin_form {
    BK_PIN_ZERO, /* verify: random8 ‖ 0×8; new PIN: PIN ‖ 0 to 16; MAC over the command */
    BK_PIN_LEN   /* verify: 08 00 ‖ random8 ‖ 80 0×5; new PIN: len2 LE ‖ PIN ‖ 80 0…; MAC over the
                    new PIN alone */
};

struct bk_dialect {
    const char *name;
    bool big_endian;         /* integers inside data */
    enum bk_pin_form pin;
    bool cert_prelude;       /* C0 52 00 00 goes before reading a certificate */
    bool sign_without_le;    /* INS 74 and 58 carry no Le though they have an answer */
    unsigned file_name_size; /* of the fixed name field in INS 30 */
    unsigned chunk;          /* most bytes of a file in one exchange */
};

/* What a maker added to the standard, and how its keys are known: by DevInfo's manufacturer. */
struct bk_maker {
    const char *manufacturer; /* how the field begins */
    const struct bk_dialect *dialect;
    bool rsa_raw;     /* INS C6 of docs/formats.md clause 2 */
    bool sm2_decrypt; /* INS C8 */
};

/* By name, NULL when there is none. */
const struct bk_dialect *bk_dialect_find(const char *name);
/* The maker whose name the field begins with; NULL for one we don't know. */
const struct bk_maker *bk_maker_find(const char *manufacturer);
/* False for cards known to be something else (bank, identity, transport), by their ATR: they get
 * no command at all. */
bool bk_atr_may_be_key(const uint8_t *atr, size_t len);

#endif
