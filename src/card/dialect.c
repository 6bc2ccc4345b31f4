/* SPDX-License-Identifier: Apache-2.0 */
#include "card/dialect.h"

#include <string.h>

static const struct bk_dialect gmt0017 = {
    .name = "gmt0017",
    .big_endian = false,
    .pin = BK_PIN_ZERO,
    .cert_prelude = false,
    .sign_without_le = false,
    .file_name_size = 32,
    .chunk = 1024,
};

static const struct bk_dialect longmai = {
    .name = "longmai",
    .big_endian = true,
    .pin = BK_PIN_LEN,
    .cert_prelude = true,
    .sign_without_le = true,
    .file_name_size = 32,
    .chunk = 1024,
};

static const struct bk_dialect *const dialects[] = {&gmt0017, &longmai};

/* The longer name first where one begins with another. */
static const struct bk_maker makers[] = {
    {"bjca-pkcs11", &gmt0017, true, true},
    {"Longmai virtual key", &longmai, true, true},
    {"Longmai", &longmai, false, false},
    {"LONGMAI", &longmai, false, false},
    {"Beijing Longmai", &longmai, false, false},
    {"Syno", &gmt0017, false, false},
    {"Sunyard", &gmt0017, false, false},
};

const struct bk_dialect *bk_dialect_find(const char *name)
{
    for (size_t i = 0; i < sizeof dialects / sizeof *dialects; i++)
        if (strcmp(dialects[i]->name, name) == 0)
            return dialects[i];
    return NULL;
}

const struct bk_maker *bk_maker_find(const char *manufacturer)
{
    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
        if (strncmp(makers[i].manufacturer, manufacturer, strlen(makers[i].manufacturer)) == 0)
            return &makers[i];
    return NULL;
}

/* Historical bytes of cards that are surely something else. */
static const struct {
    const char *name;
    uint8_t atr[8];
    size_t len;
} others[] = {
    {"contactless storage card", {0x3b, 0x8f, 0x80, 0x01, 0x80, 0x4f, 0x0c, 0xa0}, 8},
    {"OpenPGP card", {0x3b, 0xda, 0x18, 0xff, 0x81, 0xb1, 0xfe, 0x75}, 8},
};

bool bk_atr_may_be_key(const uint8_t *atr, size_t len)
{
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (len >= others[i].len && memcmp(atr, others[i].atr, others[i].len) == 0)
            return false;
    return true;
}
