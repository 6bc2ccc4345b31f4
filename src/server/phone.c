/* SPDX-License-Identifier: Apache-2.0 */
#include "server/phone.h"

#include <stddef.h>
#include <string.h>

#define DIGITS_MAX (4u + BK_PHONE) /* with 0086 */

/* What stands between digits; U+00A0, U+2010 to U+2015, U+2212, U+3000, U+FF0D. */
static size_t filler(const char *at)
{
    static const char *const texts[] = {" ",
                                        "-",
                                        "\t",
                                        "\xc2\xa0",
                                        "\xe2\x80\x90",
                                        "\xe2\x80\x91",
                                        "\xe2\x80\x92",
                                        "\xe2\x80\x93",
                                        "\xe2\x80\x94",
                                        "\xe2\x80\x95",
                                        "\xe2\x88\x92",
                                        "\xe3\x80\x80",
                                        "\xef\xbc\x8d"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strncmp(at, texts[i], strlen(texts[i])) == 0)
            return strlen(texts[i]);
    return 0;
}

/* A digit or a plus sign (U+FF0B) of either width; its bytes, 0 when it is something else. */
static size_t sign(const char *at, char *c)
{
    *c = *at;
    if ((*at >= '0' && *at <= '9') || *at == '+')
        return 1;
    if (strncmp(at, "\xef\xbc", 2) != 0)
        return 0;
    unsigned last = (unsigned char)at[2];
    *c = last == 0x8b ? '+' : (char)('0' + (last - 0x90));
    return last == 0x8b || (last >= 0x90 && last <= 0x99) ? 3 : 0;
}

bool bk_phone_read(const char *text, char phone[BK_PHONE + 1])
{
    char digits[DIGITS_MAX + 1];
    size_t n = 0, len = 0;
    bool plus = false;
    for (const char *at = text; *at; at += len) {
        char c = 0;
        len = filler(at);
        if (len)
            continue;
        len = sign(at, &c);
        if (!len || n == DIGITS_MAX || (c == '+' && (n || plus)))
            return false;
        if (c == '+')
            plus = true;
        else
            digits[n++] = c;
    }
    digits[n] = 0;
    const char *country = plus ? "86" : n == DIGITS_MAX ? "0086" : n == 2 + BK_PHONE ? "86" : "";
    size_t skip = strlen(country);
    if (strncmp(digits, country, skip) != 0 || n != skip + BK_PHONE || digits[skip] != '1')
        return false;
    memcpy(phone, digits + skip, BK_PHONE + 1);
    return true;
}

bool bk_phone_valid(const char *text)
{
    char phone[BK_PHONE + 1];
    return bk_phone_read(text, phone) && strcmp(phone, text) == 0;
}

void bk_phone_prefix(unsigned number, char prefix[4])
{
    static const struct {
        unsigned first, last;
    } used[] = {{130, 139}, {145, 149}, {150, 153}, {155, 159}, {162, 162},
                {165, 167}, {170, 178}, {180, 189}, {190, 199}};
    unsigned total = 0, value = 0;
    for (size_t i = 0; i < sizeof used / sizeof *used; i++)
        total += used[i].last - used[i].first + 1;
    number %= total;
    for (size_t i = 0; i < sizeof used / sizeof *used; i++) {
        unsigned count = used[i].last - used[i].first + 1;
        value = used[i].first + number;
        if (number < count)
            break;
        number -= count;
    }
    for (int i = 2; i >= 0; i--, value /= 10)
        prefix[i] = (char)('0' + value % 10);
    prefix[3] = 0;
}
