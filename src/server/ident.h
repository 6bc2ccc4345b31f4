/* SPDX-License-Identifier: Apache-2.0 */
/* Ids, times and random texts. */
#ifndef BK_SERVER_IDENT_H
#define BK_SERVER_IDENT_H

#include <pthread.h>
#include <stdint.h>

#include "base/buf.h"

#define BK_ULID 26u

/* ms since 1970, UTC */
int64_t bk_now_ms(void);
enum bk_time_form {
    BK_TO_READ,    /* yyyy-mm-dd hh:mm */
    BK_TO_SECOND,  /* yyyy-mm-dd hh:mm:ss */
    BK_TO_MACHINES /* RFC 3339, to the minute */
};
/* In China; "" for what is no time. */
void bk_china_time(int64_t ms, enum bk_time_form form, char text[32]);
/* One whose pthread_cond_timedwait goes by CLOCK_MONOTONIC, which nobody sets. */
void bk_cond_init(pthread_cond_t *cond);
/* A ULID: 48 bits of time, 80 random bits, in Crockford's base 32; sorts by time. */
enum bk_err bk_ulid(char id[BK_ULID + 1]) BK_MUST_CHECK;
/* bytes random bytes as lower-case hex with NUL; text holds 2 * bytes + 1. At most 64 bytes. */
enum bk_err bk_random_hex(size_t bytes, char *text) BK_MUST_CHECK;
/* len characters of alphabet (2 to 64 of them), each equally likely, with NUL. */
enum bk_err bk_random_text(const char *alphabet, size_t len, char *text) BK_MUST_CHECK;
/* SM3 of data as 64 characters of lower-case hex with NUL. */
enum bk_err bk_sm3_hex(const void *data, size_t len, char text[65]) BK_MUST_CHECK;
enum bk_err bk_sha256_hex(const void *data, size_t len, char text[65]) BK_MUST_CHECK;
/* Bytes as lower-case hex with NUL: text holds 2 * len + 1. */
void bk_hex_text(const uint8_t *data, size_t len, char *text);

#endif
