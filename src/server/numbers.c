/* SPDX-License-Identifier: Apache-2.0 */
#include "server/numbers.h"

#include <string.h>

#define EMAIL_MAX 254u
#define LOCAL_MAX 64u

/* One character in upper case ASCII; 0: white space or a dash, to be dropped; -1: neither. */
static int plain(const char **at)
{
    const unsigned char *c = (const unsigned char *)*at;
    int value = c[0];
    size_t len = 1;
    if (c[0] == 0xef && (c[1] == 0xbc || c[1] == 0xbd) && c[2]) { /* U+FF01 to U+FF5E */
        int code = (c[1] & 0x3f) << 6 | (c[2] & 0x3f);
        value = code >= 0xf01 && code <= 0xf5e ? code - 0xf00 + 0x20 : -1;
        len = 3;
    } else if (c[0] == 0xe3 && c[1] == 0x80 && c[2] == 0x80) { /* U+3000 */
        value = ' ';
        len = 3;
    }
    *at += len;
    if (value == ' ' || value == '\t' || value == '-')
        return 0;
    if (value >= 'a' && value <= 'z')
        return value - 'a' + 'A';
    return value > ' ' && value < 0x7f ? value : -1;
}

/* The characters that count, and how many; max + 1 when there are more, or one that can't be. */
static size_t squeeze(const char *text, char *out, size_t max)
{
    size_t n = 0;
    while (*text) {
        int c = plain(&text);
        if (c < 0 || (c && n == max))
            return max + 1;
        if (c)
            out[n++] = (char)c;
    }
    out[n] = 0;
    return n;
}

static bool all_digits(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return true;
}

bool bk_org_code_read(const char *text, char code[BK_ORG_CODE + 1])
{
    static const char symbols[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    char read[BK_ORG_CODE + 1];
    unsigned sum = 0, weight = 1;
    if (squeeze(text, read, BK_ORG_CODE) != BK_ORG_CODE || !all_digits(read + 2, 6))
        return false;
    for (size_t i = 0; i < BK_ORG_CODE; i++) {
        const char *at = strchr(symbols, read[i]);
        if (!at)
            return false;
        unsigned value = (unsigned)(at - symbols);
        if (i == BK_ORG_CODE - 1 && value != (31 - sum % 31) % 31)
            return false;
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    memcpy(code, read, sizeof read);
    return true;
}

static unsigned number(const char *digits, size_t len)
{
    unsigned value = 0;
    for (size_t i = 0; i < len; i++)
        value = value * 10 + (unsigned)(digits[i] - '0');
    return value;
}

static bool is_date(const char *digits)
{
    static const unsigned char days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    unsigned year = number(digits, 4), month = number(digits + 4, 2), day = number(digits + 6, 2);
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (year < 1900 || year > 2199 || month < 1 || month > 12 || day < 1 || day > days[month - 1])
        return false;
    return leap || month != 2 || day != 29;
}

bool bk_citizen_id_read(const char *text, char id[BK_CITIZEN_ID + 1])
{
    static const unsigned weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    char read[BK_CITIZEN_ID + 1];
    unsigned sum = 0;
    if (squeeze(text, read, BK_CITIZEN_ID) != BK_CITIZEN_ID || !all_digits(read, 17) ||
        !is_date(read + 6))
        return false;
    for (size_t i = 0; i < 17; i++)
        sum += (unsigned)(read[i] - '0') * weights[i];
    if (read[17] != "10X98765432"[sum % 11])
        return false;
    memcpy(id, read, sizeof read);
    return true;
}

bool bk_other_id_read(const char *text, char id[BK_CITIZEN_ID + 1])
{
    char read[BK_CITIZEN_ID + 1];
    size_t n = squeeze(text, read, BK_CITIZEN_ID);
    if (n < 5 || n > BK_CITIZEN_ID)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!((read[i] >= '0' && read[i] <= '9') || (read[i] >= 'A' && read[i] <= 'Z')))
            return false;
    memcpy(id, read, n + 1);
    return true;
}

bool bk_card_read(const char *text, char card[BK_CARD_MAX + 1])
{
    char read[BK_CARD_MAX + 1];
    unsigned sum = 0;
    size_t n = squeeze(text, read, BK_CARD_MAX);
    if (n < 12 || n > BK_CARD_MAX || !all_digits(read, n))
        return false;
    for (size_t i = 0; i < n; i++) {
        unsigned digit = (unsigned)(read[n - 1 - i] - '0') * (i % 2 ? 2 : 1);
        sum += digit > 9 ? digit - 9 : digit;
    }
    if (sum % 10)
        return false;
    memcpy(card, read, n + 1);
    return true;
}

bool bk_account_read(const char *text, char account[BK_ACCOUNT_MAX + 1])
{
    char read[BK_ACCOUNT_MAX + 1];
    size_t n = squeeze(text, read, BK_ACCOUNT_MAX);
    if (n < 6 || n > BK_ACCOUNT_MAX || !all_digits(read, n))
        return false;
    memcpy(account, read, n + 1);
    return true;
}

bool bk_email_valid(const char *text)
{
    size_t len = strlen(text);
    const char *at = strchr(text, '@');
    if (!at || len > EMAIL_MAX || at == text || (size_t)(at - text) > LOCAL_MAX ||
        strchr(at + 1, '@'))
        return false;
    for (const char *c = text; *c; c++)
        if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7f || strchr("()<>[]:;,\\\"", *c))
            return false;
    const char *dot = strrchr(at, '.');
    return dot && dot != at + 1 && dot[1] && !strstr(text, "..") && text[0] != '.' && at[-1] != '.';
}
