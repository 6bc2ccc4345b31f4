/* SPDX-License-Identifier: Apache-2.0 */
#include "server/filetype.h"

#include <stdbool.h>
#include <string.h>

#define PDF_TAIL 1024u

const char *bk_filetype_name(enum bk_filetype type)
{
    static const char *const names[] = {NULL, "image/jpeg", "image/png", "application/pdf"};
    return names[type];
}

/* --- JPEG (ISO/IEC 10918-1): markers with their lengths, then scans up to EOI --- */

/* Behind a scan's header: its data, in which FF stands before 00 or a restart marker only. */
static bool skip_scan(struct bk_rd *rd)
{
    while (rd->left >= 2) {
        uint8_t next = rd->at[1];
        if (rd->at[0] == 0xff && next != 0 && next != 0xff && (next < 0xd0 || next > 0xd7))
            return true;
        rd->at++;
        rd->left--;
    }
    return false;
}

static bool is_jpeg(struct bk_rd rd)
{
    bool frame = false, scan = false;
    uint16_t word = 0;
    const uint8_t *skipped = NULL;
    if (bk_rd_u16be(&rd, &word) != BK_OK || word != 0xffd8)
        return false;
    while (bk_rd_u16be(&rd, &word) == BK_OK) {
        uint8_t marker = (uint8_t)word;
        if (word == 0xffff) { /* filled up with FF */
            rd.at--;
            rd.left++;
            continue;
        }
        if (word == 0xffd9)
            return frame && scan;
        if (word < 0xffc0 || marker == 0xd8 || bk_rd_u16be(&rd, &word) != BK_OK || word < 2 ||
            bk_rd_take(&rd, word - 2u, &skipped) != BK_OK)
            return false;
        frame = frame || (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 &&
                          marker != 0xcc);
        if (marker == 0xda) {
            scan = true;
            if (!skip_scan(&rd))
                return false;
        }
    }
    return false;
}

/* --- PNG (ISO/IEC 15948): chunks with their checks, IHDR first, IEND last --- */

static uint32_t crc(const uint8_t *data, size_t len)
{
    uint32_t value = 0xffffffffu;
    for (size_t i = 0; i < len; i++) {
        value ^= data[i];
        for (int bit = 0; bit < 8; bit++)
            value = value >> 1 ^ (value & 1 ? 0xedb88320u : 0);
    }
    return ~value;
}

static bool is_png(struct bk_rd rd)
{
    static const uint8_t magic[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    const uint8_t *at = NULL;
    bool first = true, data = false;
    if (bk_rd_take(&rd, sizeof magic, &at) != BK_OK || memcmp(at, magic, sizeof magic) != 0)
        return false;
    for (;;) {
        uint32_t len = 0, check = 0;
        if (bk_rd_u32be(&rd, &len) != BK_OK || len > 0x7fffffffu ||
            bk_rd_take(&rd, (size_t)len + 4, &at) != BK_OK || bk_rd_u32be(&rd, &check) != BK_OK ||
            check != crc(at, (size_t)len + 4))
            return false;
        if (first != (memcmp(at, "IHDR", 4) == 0) || (first && len != 13))
            return false;
        first = false;
        data = data || memcmp(at, "IDAT", 4) == 0;
        if (memcmp(at, "IEND", 4) == 0)
            return data && !len && !rd.left;
    }
}

/* --- PDF (ISO 32000): its header, and at its end where the cross-reference begins --- */

static bool is_white(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == 0;
}

/* Up to the last %%EOF, which stands within the last KiB. */
static bool find_end(struct bk_rd *rd)
{
    for (size_t i = 5; i <= rd->left && i <= PDF_TAIL; i++) {
        if (memcmp(rd->at + rd->left - i, "%%EOF", 5) == 0) {
            rd->left -= i;
            return true;
        }
    }
    return false;
}

/* The text before the end of rd, which is then taken off. */
static bool take_off(struct bk_rd *rd, const char *text)
{
    size_t len = strlen(text);
    if (rd->left < len || memcmp(rd->at + rd->left - len, text, len) != 0)
        return false;
    rd->left -= len;
    return true;
}

static void take_white_off(struct bk_rd *rd)
{
    while (rd->left && is_white(rd->at[rd->left - 1]))
        rd->left--;
}

static bool is_pdf(struct bk_rd rd)
{
    size_t place = 0, unit = 1;
    if (rd.left < 32 || memcmp(rd.at, "%PDF-", 5) != 0 || (rd.at[5] != '1' && rd.at[5] != '2') ||
        rd.at[6] != '.')
        return false;
    if (!find_end(&rd))
        return false;
    take_white_off(&rd);
    for (; rd.left && rd.at[rd.left - 1] >= '0' && rd.at[rd.left - 1] <= '9'; rd.left--) {
        place += (size_t)(rd.at[rd.left - 1] - '0') * unit;
        unit *= 10;
        if (unit > 10000000000u)
            return false;
    }
    if (unit == 1 || !place || place >= rd.left)
        return false;
    take_white_off(&rd);
    return take_off(&rd, "startxref");
}

enum bk_filetype bk_filetype_of(const void *data, size_t len)
{
    struct bk_rd rd = bk_rd(data, len);
    return is_jpeg(rd)  ? BK_FILE_JPEG
           : is_png(rd) ? BK_FILE_PNG
           : is_pdf(rd) ? BK_FILE_PDF
                        : BK_FILE_OTHER;
}
