/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/ctx.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/provider.h>

#include "crypto/digest.h"
#include "crypto/random.h"

struct context {
    OSSL_LIB_CTX *lib;
    OSSL_PROVIDER *provider, *random;
    EVP_MD *md[BK_HASH_COUNT];
    EVP_CIPHER *cipher[BK_CIPHER_COUNT];
    EC_GROUP *sm2;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct context the;       /* no memory of ours can be wanting for it */
static struct context abandoned; /* the parent's, in a fork's child */
static struct context *_Atomic current;
/* What draws random numbers begins with bk_crypto_ctx, with an object that was kept, too. */
static _Thread_local bool used;

static void context_free(struct context *ctx)
{
    if (!ctx)
        return;
    for (int i = 0; i < BK_HASH_COUNT; i++)
        EVP_MD_free(ctx->md[i]);
    for (int i = 0; i < BK_CIPHER_COUNT; i++)
        EVP_CIPHER_free(ctx->cipher[i]);
    EC_GROUP_free(ctx->sm2);
    if (ctx->random)
        (void)OSSL_PROVIDER_unload(ctx->random);
    if (ctx->provider)
        (void)OSSL_PROVIDER_unload(ctx->provider);
    OSSL_LIB_CTX_free(ctx->lib);
    memset(ctx, 0, sizeof *ctx);
}

static struct context *context_new(void)
{
    static const char *const ciphers[BK_CIPHER_COUNT] = {
        [BK_CIPHER_SM4_ECB] = "SM4-ECB",
        [BK_CIPHER_SM4_CBC] = "SM4-CBC",
    };
    struct context *ctx = &the;
    ctx->lib = OSSL_LIB_CTX_new();
    ctx->provider = ctx->lib ? OSSL_PROVIDER_load(ctx->lib, "default") : NULL;
    ctx->random = ctx->provider ? bk_random_provide(ctx->lib) : NULL;
    if (!ctx->random) {
        context_free(ctx);
        return NULL;
    }
    for (int i = 1; i < BK_HASH_COUNT; i++)
        ctx->md[i] = EVP_MD_fetch(ctx->lib, bk_hash_name((enum bk_hash)i), NULL);
    for (int i = 0; i < BK_CIPHER_COUNT; i++)
        ctx->cipher[i] = EVP_CIPHER_fetch(ctx->lib, ciphers[i], NULL);
    ctx->sm2 = EC_GROUP_new_by_curve_name_ex(ctx->lib, NULL, NID_sm2);
    return ctx;
}

static struct context *get(void)
{
    struct context *ctx = atomic_load_explicit(&current, memory_order_acquire);
    if (ctx)
        return ctx;
    (void)pthread_mutex_lock(&lock);
    ctx = atomic_load_explicit(&current, memory_order_relaxed);
    if (!ctx) {
        ctx = context_new();
        atomic_store_explicit(&current, ctx, memory_order_release);
    }
    (void)pthread_mutex_unlock(&lock);
    return ctx;
}

OSSL_LIB_CTX *bk_crypto_ctx(void)
{
    struct context *ctx = get();
    used = true;
    return ctx ? ctx->lib : NULL;
}

void bk_crypto_cleanup(void)
{
    (void)pthread_mutex_lock(&lock);
    context_free(atomic_exchange(&current, NULL));
    (void)pthread_mutex_unlock(&lock);
}

void bk_crypto_renew(void)
{
    (void)pthread_mutex_init(&lock, NULL);
    abandoned = the; /* it stays reachable */
    memset(&the, 0, sizeof the);
    atomic_store(&current, NULL);
    used = false;
}

/* An empty queue takes no mark, and then restore empties it: that is right too. */
void bk_crypto_errors_mark(void)
{
    (void)ERR_set_mark();
}

void bk_crypto_errors_restore(void)
{
    (void)ERR_pop_to_mark();
}

/* Only where there may be something: it takes a lock of the whole process. */
void bk_crypto_leave_thread(void)
{
    struct context *ctx = atomic_load_explicit(&current, memory_order_acquire);
    if (used && ctx)
        OPENSSL_thread_stop_ex(ctx->lib);
    used = false;
}

const EVP_CIPHER *bk_crypto_cipher(enum bk_crypto_cipher which)
{
    struct context *ctx = get();
    return ctx ? ctx->cipher[which] : NULL;
}

const EC_GROUP *bk_crypto_sm2(void)
{
    struct context *ctx = get();
    return ctx ? ctx->sm2 : NULL;
}

const EVP_MD *bk_crypto_md(int hash)
{
    struct context *ctx = hash > 0 && hash < BK_HASH_COUNT ? get() : NULL;
    return ctx ? ctx->md[hash] : NULL;
}
