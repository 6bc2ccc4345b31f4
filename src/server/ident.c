/* SPDX-License-Identifier: Apache-2.0 */
#include "server/ident.h"

#include <string.h>
#include <time.h>

#include "base/secret.h"
#include "crypto/ctx.h"
#include "crypto/digest.h"

int64_t bk_now_ms(void)
{
    struct timespec t = {0};
    (void)clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void bk_cond_init(pthread_cond_t *cond)
{
    pthread_condattr_t attr;
    (void)pthread_condattr_init(&attr);
    (void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    (void)pthread_cond_init(cond, &attr);
    (void)pthread_condattr_destroy(&attr);
}

enum bk_err bk_ulid(char id[BK_ULID + 1])
{
    static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    static _Thread_local uint8_t pool[512]; /* each request has an id: not a system call for each */
    static _Thread_local size_t left;
    enum bk_err err = left < 16 ? bk_random(pool, sizeof pool) : BK_OK;
    if (err != BK_OK)
        return err;
    left = left < 16 ? sizeof pool : left;
    const uint8_t *random = pool + (left -= 16);
    uint64_t now = (uint64_t)bk_now_ms();
    for (int i = 9; i >= 0; i--, now >>= 5)
        id[i] = digits[now & 31];
    for (size_t i = 0; i < 16; i++)
        id[10 + i] = digits[random[i] & 31];
    id[BK_ULID] = 0;
    return BK_OK;
}

void bk_hex_text(const uint8_t *data, size_t len, char *text)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < len; i++) {
        text[2 * i] = digits[data[i] >> 4];
        text[2 * i + 1] = digits[data[i] & 15];
    }
    text[2 * len] = 0;
}

enum bk_err bk_random_hex(size_t bytes, char *text)
{
    uint8_t random[64];
    if (bytes > sizeof random)
        return BK_ELIMIT;
    enum bk_err err = bk_random(random, bytes);
    if (err == BK_OK)
        bk_hex_text(random, bytes, text);
    bk_wipe(random, sizeof random);
    return err;
}

enum bk_err bk_random_text(const char *alphabet, size_t len, char *text)
{
    size_t n = strlen(alphabet);
    if (n < 2 || n > 64)
        return BK_EINVAL;
    unsigned fair = 256 / (unsigned)n * (unsigned)n; /* above it some would be likelier */
    uint8_t random[32];                              /* not a system call for each symbol */
    size_t made = 0;
    enum bk_err err = BK_OK;
    while (made < len && (err = bk_random(random, sizeof random)) == BK_OK)
        for (size_t i = 0; i < sizeof random && made < len; i++)
            if (random[i] < fair)
                text[made++] = alphabet[random[i] % n];
    text[err == BK_OK ? len : 0] = 0;
    bk_wipe(random, sizeof random);
    return err;
}

static enum bk_err hash_hex(enum bk_hash hash, const void *data, size_t len, char text[65])
{
    uint8_t digest[32];
    enum bk_err err = bk_digest(hash, data, len, digest);
    if (err == BK_OK)
        bk_hex_text(digest, sizeof digest, text);
    return err;
}

enum bk_err bk_sm3_hex(const void *data, size_t len, char text[65])
{
    return hash_hex(BK_HASH_SM3, data, len, text);
}

enum bk_err bk_sha256_hex(const void *data, size_t len, char text[65])
{
    return hash_hex(BK_HASH_SHA256, data, len, text);
}

void bk_china_time(int64_t ms, enum bk_time_form form, char text[32])
{
    time_t t = (time_t)(ms / 1000) + 8 * 3600;
    struct tm tm;
    *text = 0;
    if (!gmtime_r(&t, &tm))
        return;
    if (form == BK_TO_READ)
        (void)strftime(text, 32, "%Y-%m-%d %H:%M", &tm);
    else if (form == BK_TO_SECOND)
        (void)strftime(text, 32, "%Y-%m-%d %H:%M:%S", &tm);
    else
        (void)strftime(text, 32, "%Y-%m-%dT%H:%M+08:00", &tm);
}
