/* SPDX-License-Identifier: Apache-2.0 */
#include "base/secret.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <openssl/crypto.h>

enum bk_err bk_secret_set(struct bk_secret *secret, const void *data, size_t len)
{
    if (len > 64u * 1024)
        return BK_ELIMIT;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t mapped = (len + 1 + page - 1) / page * page;
    void *pages = mmap(NULL, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
        return BK_ENOMEM;
    /* best effort: an unprivileged process may be out of locked memory, and works all the same */
    (void)mlock(pages, mapped);
    (void)madvise(pages, mapped, MADV_DONTDUMP);
    (void)madvise(pages, mapped, MADV_WIPEONFORK);
    if (data && len)
        memcpy(pages, data, len);
    bk_secret_free(secret);
    *secret = (struct bk_secret){.data = pages, .len = len, .mapped = mapped};
    return BK_OK;
}

void bk_secret_free(struct bk_secret *secret)
{
    if (secret->data) {
        OPENSSL_cleanse(secret->data, secret->mapped);
        (void)munmap(secret->data, secret->mapped);
    }
    *secret = (struct bk_secret){0};
}

bool bk_secret_equal(const void *a, size_t a_len, const void *b, size_t b_len)
{
    return a_len && a_len == b_len && CRYPTO_memcmp(a, b, a_len) == 0;
}

void bk_wipe(void *data, size_t len)
{
    if (data && len)
        OPENSSL_cleanse(data, len);
}
