/* SPDX-License-Identifier: Apache-2.0 */
#include "token/refused.h"

#include <string.h>

#include "base/secret.h"
#include "crypto/ctx.h"
#include "crypto/digest.h"

static enum bk_err pin_digest(const struct bk_refused *r, const void *pin, size_t len,
                              uint8_t out[32])
{
    return bk_hmac(BK_HASH_SHA256, r->key, sizeof r->key, pin, len, out);
}

void bk_refused_mark(struct bk_refused *r, const char *serial, int left, const void *secret,
                     size_t len)
{
    r->serial[0] = 0;
    if (left < 0 || bk_random(r->key, sizeof r->key) != BK_OK ||
        pin_digest(r, secret, len, r->digest) != BK_OK)
        return;
    r->left = left;
    memcpy(r->serial, serial, sizeof r->serial);
}

enum bk_err bk_refused_is(const struct bk_refused *r, const void *secret, size_t len, bool *same)
{
    uint8_t digest[32];
    *same = false;
    if (!*r->serial)
        return BK_OK;
    enum bk_err err = pin_digest(r, secret, len, digest);
    *same = !err && bk_secret_equal(digest, sizeof digest, r->digest, sizeof digest);
    return err;
}

/* --- those of all keys
 * --------------------------------------------------------------------------*/

void bk_refusals_init(struct bk_refusals *all)
{
    memset(all, 0, sizeof *all);
    (void)pthread_mutex_init(&all->lock, NULL);
}

void bk_refusals_wipe(struct bk_refusals *all)
{
    bk_wipe(all->kept, sizeof all->kept);
    (void)pthread_mutex_destroy(&all->lock);
}

/* BK_REFUSED_KEPT: nowhere. */
static size_t place_of(const struct bk_refused *kept, const char *serial)
{
    size_t at = 0;
    while (at < BK_REFUSED_KEPT && strcmp(kept[at].serial, serial) != 0)
        at++;
    return at;
}

void bk_refusals_put(struct bk_refusals *all, unsigned type, const char *serial,
                     const struct bk_refused *r)
{
    struct bk_refused *kept = all->kept[type];
    (void)pthread_mutex_lock(&all->lock);
    size_t at = place_of(kept, serial);
    if (at < BK_REFUSED_KEPT) {
        memmove(kept + at, kept + at + 1, (BK_REFUSED_KEPT - 1 - at) * sizeof *kept);
        bk_wipe(&kept[BK_REFUSED_KEPT - 1], sizeof *kept);
    }
    if (*r->serial) {
        memmove(kept + 1, kept, (BK_REFUSED_KEPT - 1) * sizeof *kept);
        kept[0] = *r;
    }
    (void)pthread_mutex_unlock(&all->lock);
}

void bk_refusals_get(struct bk_refusals *all, unsigned type, const char *serial,
                     struct bk_refused *r)
{
    const struct bk_refused *kept = all->kept[type];
    (void)pthread_mutex_lock(&all->lock);
    size_t at = place_of(kept, serial);
    if (at < BK_REFUSED_KEPT)
        *r = kept[at];
    (void)pthread_mutex_unlock(&all->lock);
}
