/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bk_buf: bytes that grow, wiped when freed or moved, so that a buffer may hold a secret without
 * further thought. bk_rd: a bounded reader over bytes from elsewhere; a read past the end returns
 * BK_EFORMAT and moves nothing.
 */
#ifndef BK_BASE_BUF_H
#define BK_BASE_BUF_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* No buffer of ours holds more: a length from outside can't make us allocate without end. */
#define BK_BUF_MAX ((size_t)64 * 1024 * 1024)

struct bk_buf {
    uint8_t *data;
    size_t len;
    size_t cap;
};

#define BK_BUF_INIT {0}

/* Wipes and frees the bytes; the struct is empty and usable again. */
void bk_buf_free(struct bk_buf *buf);
/* Wipes the bytes and sets the length to 0; keeps the memory. */
void bk_buf_clear(struct bk_buf *buf);
enum bk_err bk_buf_reserve(struct bk_buf *buf, size_t more) BK_MUST_CHECK;
enum bk_err bk_buf_put(struct bk_buf *buf, const void *data, size_t len) BK_MUST_CHECK;
enum bk_err bk_buf_put_str(struct bk_buf *buf, const char *text) BK_MUST_CHECK; /* without NUL */
enum bk_err bk_buf_put_zero(struct bk_buf *buf, size_t len) BK_MUST_CHECK;
enum bk_err bk_buf_put_u8(struct bk_buf *buf, uint8_t v) BK_MUST_CHECK;
enum bk_err bk_buf_put_u16be(struct bk_buf *buf, uint16_t v) BK_MUST_CHECK;
enum bk_err bk_buf_put_u16le(struct bk_buf *buf, uint16_t v) BK_MUST_CHECK;
enum bk_err bk_buf_put_u32be(struct bk_buf *buf, uint32_t v) BK_MUST_CHECK;
enum bk_err bk_buf_put_u32le(struct bk_buf *buf, uint32_t v) BK_MUST_CHECK;
enum bk_err bk_buf_put_u64be(struct bk_buf *buf, uint64_t v) BK_MUST_CHECK;
enum bk_err bk_buf_printf(struct bk_buf *buf, const char *fmt, ...) BK_MUST_CHECK
    __attribute__((format(printf, 2, 3)));
/* The bytes as a C string: a NUL stands behind them, not counted in len. */
enum bk_err bk_buf_cstr(struct bk_buf *buf, const char **text) BK_MUST_CHECK;

struct bk_rd {
    const uint8_t *at;
    size_t left;
};

struct bk_rd bk_rd(const void *data, size_t len);
enum bk_err bk_rd_take(struct bk_rd *rd, size_t len, const uint8_t **data) BK_MUST_CHECK;
enum bk_err bk_rd_copy(struct bk_rd *rd, void *out, size_t len) BK_MUST_CHECK;
enum bk_err bk_rd_u8(struct bk_rd *rd, uint8_t *v) BK_MUST_CHECK;
enum bk_err bk_rd_u16be(struct bk_rd *rd, uint16_t *v) BK_MUST_CHECK;
enum bk_err bk_rd_u16le(struct bk_rd *rd, uint16_t *v) BK_MUST_CHECK;
enum bk_err bk_rd_u32be(struct bk_rd *rd, uint32_t *v) BK_MUST_CHECK;
enum bk_err bk_rd_u32le(struct bk_rd *rd, uint32_t *v) BK_MUST_CHECK;
enum bk_err bk_rd_u64be(struct bk_rd *rd, uint64_t *v) BK_MUST_CHECK;
/* BK_EFORMAT when bytes are left over. */
enum bk_err bk_rd_end(const struct bk_rd *rd) BK_MUST_CHECK;

#endif
