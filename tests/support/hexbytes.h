/* SPDX-License-Identifier: Apache-2.0 */
/* Hex in tests: spaces are skipped; returns the number of bytes. Ends the test when it is wrong. */
#ifndef TEST_HEXBYTES_H
#define TEST_HEXBYTES_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static inline size_t hexbytes(const char *hex, uint8_t *out, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    size_t n = 0;
    for (; *hex; hex++) {
        if (*hex == ' ')
            continue;
        int c = *hex >= 'A' && *hex <= 'F' ? *hex - 'A' + 'a' : *hex;
        const char *at = strchr(digits, c);
        if (!at || n / 2 == size)
            abort();
        out[n / 2] = (uint8_t)(n % 2 ? out[n / 2] << 4 | (at - digits) : at - digits);
        n++;
    }
    if (n % 2)
        abort();
    return n / 2;
}

#endif
