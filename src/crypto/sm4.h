/* SPDX-License-Identifier: Apache-2.0 */
/* SM4 (GB/T 32907): ECB, CBC, and the MAC of GM/T 0017 keys. A key is 16 bytes. */
#ifndef BK_CRYPTO_SM4_H
#define BK_CRYPTO_SM4_H

#include <stdbool.h>

#include "base/buf.h"

#define BK_SM4_BLOCK 16u
#define BK_SM4_KEY 16u
#define BK_SM4_MAC 4u

/* len is a multiple of 16; out as long as in, and may be in. No padding. */
enum bk_err bk_sm4_ecb(const uint8_t key[16], bool encrypt, const void *in, size_t len,
                       uint8_t *out) BK_MUST_CHECK;
/* The same in CBC; iv is read, not changed. */
enum bk_err bk_sm4_cbc(const uint8_t key[16], const uint8_t iv[16], bool encrypt, const void *in,
                       size_t len, uint8_t *out) BK_MUST_CHECK;
/* ECB with PKCS#7 padding, appended to out. */
enum bk_err bk_sm4_ecb_seal(const uint8_t key[16], const void *in, size_t len,
                            struct bk_buf *out) BK_MUST_CHECK;
/* BK_EFORMAT when the padding is wrong. */
enum bk_err bk_sm4_ecb_open(const uint8_t key[16], const void *in, size_t len,
                            struct bk_buf *out) BK_MUST_CHECK;
/* First 4 bytes of the last block of CBC over data ‖ 80 ‖ 00… to a multiple of 16. */
enum bk_err bk_sm4_mac(const uint8_t key[16], const uint8_t iv[16], const void *data, size_t len,
                       uint8_t mac[BK_SM4_MAC]) BK_MUST_CHECK;

#endif
