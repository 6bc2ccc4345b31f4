/* SPDX-License-Identifier: Apache-2.0 */
/*
 * BER-TLV (ISO/IEC 7816-4 clause 5.2.2, ITU-T X.690): tags of one or two bytes, definite lengths
 * in their shortest form, up to 65,535 bytes a value. Used for the messages between key and
 * platform; certificates and keys are DER and are read by OpenSSL.
 */
#ifndef BK_BASE_TLV_H
#define BK_BASE_TLV_H

#include "base/buf.h"

#define BK_TLV_MAX 65535u

struct bk_tlv {
    uint16_t tag; /* 0x5A, 0x9F1F: as the bytes stand */
    const uint8_t *value;
    size_t len;
};

enum bk_err bk_tlv_put(struct bk_buf *out, uint16_t tag, const void *value,
                       size_t len) BK_MUST_CHECK;
/* An unsigned integer in the fewest big-endian bytes, at least one. */
enum bk_err bk_tlv_put_uint(struct bk_buf *out, uint16_t tag, uint32_t v) BK_MUST_CHECK;
/* The next element; BK_ENOTFOUND at the end, BK_EFORMAT when what is there isn't one. */
enum bk_err bk_tlv_next(struct bk_rd *rd, struct bk_tlv *tlv) BK_MUST_CHECK;
/* The one element with this tag among all of data; BK_EFORMAT when it stands there twice, or when
 * any part of data isn't TLV. */
enum bk_err bk_tlv_find(const void *data, size_t len, uint16_t tag,
                        struct bk_tlv *tlv) BK_MUST_CHECK;
/* The value as an unsigned integer of one to four bytes, no superfluous zero byte. */
enum bk_err bk_tlv_uint(const struct bk_tlv *tlv, uint32_t *v) BK_MUST_CHECK;

#endif
