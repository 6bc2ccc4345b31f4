/* SPDX-License-Identifier: Apache-2.0 */
/*
 * As much DER (ITU-T X.690) as keys, signatures and envelopes need, strict: one-byte tags,
 * definite lengths in the shortest form, unsigned integers without superfluous zero bytes.
 */
#ifndef BK_CRYPTO_DER_H
#define BK_CRYPTO_DER_H

#include "base/buf.h"

#define BK_DER_INTEGER 0x02
#define BK_DER_BITS 0x03
#define BK_DER_OCTETS 0x04
#define BK_DER_NULL 0x05
#define BK_DER_OID 0x06
#define BK_DER_SEQ 0x30
#define BK_DER_SET 0x31

/* The next element must have this tag; `inside` (may be NULL) reads its content. */
enum bk_err bk_der_take(struct bk_rd *rd, uint8_t tag, struct bk_rd *inside) BK_MUST_CHECK;
/* The tag of the next element, 0 at the end. */
uint8_t bk_der_peek(const struct bk_rd *rd);
/* A non-negative INTEGER: its big-endian bytes without leading zeros (none for 0). */
enum bk_err bk_der_uint(struct bk_rd *rd, const uint8_t **v, size_t *len) BK_MUST_CHECK;
/* The same, right-aligned in `size` bytes; BK_EFORMAT when it doesn't fit. */
enum bk_err bk_der_uint_fixed(struct bk_rd *rd, uint8_t *out, size_t size) BK_MUST_CHECK;
/* A BIT STRING of whole bytes. */
enum bk_err bk_der_bits(struct bk_rd *rd, struct bk_rd *inside) BK_MUST_CHECK;
/* The next element must be this OID, given as its content bytes. */
enum bk_err bk_der_oid(struct bk_rd *rd, const uint8_t *oid, size_t len) BK_MUST_CHECK;

/* Tag and length of an element whose content the caller puts. */
enum bk_err bk_der_put_head(struct bk_buf *out, uint8_t tag, size_t len) BK_MUST_CHECK;
enum bk_err bk_der_put(struct bk_buf *out, uint8_t tag, const void *value,
                       size_t len) BK_MUST_CHECK;
/* Puts `inner` as the content of a tag, and clears it. */
enum bk_err bk_der_wrap(struct bk_buf *out, uint8_t tag, struct bk_buf *inner) BK_MUST_CHECK;
/* An INTEGER from big-endian bytes, leading zeros allowed. */
enum bk_err bk_der_put_uint(struct bk_buf *out, const uint8_t *v, size_t len) BK_MUST_CHECK;
enum bk_err bk_der_put_bits(struct bk_buf *out, const void *value, size_t len) BK_MUST_CHECK;

#endif
