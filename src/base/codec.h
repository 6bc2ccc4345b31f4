/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes to text and back: hex, base64 (RFC 4648 clause 4, padded, no line breaks), UTF-8. */
#ifndef BK_BASE_CODEC_H
#define BK_BASE_CODEC_H

#include <stdbool.h>

#include "base/buf.h"

/* Lower-case hex, appended to out. */
enum bk_err bk_hex_encode(const void *data, size_t len, struct bk_buf *out) BK_MUST_CHECK;
/* Either case, even length, nothing else; appended to out. */
enum bk_err bk_hex_decode(const char *text, size_t len, struct bk_buf *out) BK_MUST_CHECK;
enum bk_err bk_base64_encode(const void *data, size_t len, struct bk_buf *out) BK_MUST_CHECK;
/* Strict: padding where it belongs, zero spare bits, no white space; appended to out. */
enum bk_err bk_base64_decode(const char *text, size_t len, struct bk_buf *out) BK_MUST_CHECK;
/* Well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates, up to U+10FFFF), no NUL. */
bool bk_utf8_valid(const void *data, size_t len);
/* Well-formed UTF-8 that may be shown: without control characters (U+0000 to 001F, 007F to 009F), line
 * and paragraph separators (U+2028, 2029) and the controls of a text's direction (UAX #9: U+061C, 200E,
 * 200F, 202A to 202E, 2066 to 2069), by which one name can look like another. */
bool bk_text_is_plain(const void *text, size_t len);
/* Makes it so: what isn't becomes '?', byte by byte. */
void bk_text_make_plain(char *text);
/* The longest prefix of at most max bytes that does not cut a character. */
size_t bk_utf8_cut(const void *data, size_t len, size_t max);

#endif
