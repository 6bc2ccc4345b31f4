/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/ctx.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/obj_mac.h>
#include <openssl/provider.h>
#include <openssl/rand.h>

#include "crypto/digest.h"
#include "crypto/random.h"

/* several times what a certificate, a key or a signature takes to be read */
#define MEMORY_ENOUGH ((size_t)256 * 1024)

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
static atomic_bool rest; /* of it is ready, too: bk_crypto_more */
static bool spoiled;     /* never will be */
/* What draws random numbers begins with bk_crypto_ctx, with an object that was kept, too. */
static _Thread_local bool used;

static void context_free(struct context *ctx)
{
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
    rest = spoiled = false;
}

bool bk_crypto_has_memory(void)
{
    void *some = OPENSSL_malloc(MEMORY_ENOUGH);
    OPENSSL_free(some);
    return some != NULL;
}

/*
 * What keys of ours sign by: the library takes all of a kind from its provider on the first use of
 * one, and what it had no memory for then is never there again.
 */
static bool make_ready(OSSL_LIB_CTX *lib)
{
    static const char *const names[] = {"RSA", "SM2"};
    bool all = true;
    for (size_t i = 0; all && i < sizeof names / sizeof *names; i++) {
        EVP_KEYMGMT *keys = EVP_KEYMGMT_fetch(lib, names[i], NULL);
        EVP_SIGNATURE *signature = EVP_SIGNATURE_fetch(lib, names[i], NULL);
        all = keys && signature;
        EVP_KEYMGMT_free(keys);
        EVP_SIGNATURE_free(signature);
    }
    return all;
}

/* What they encrypt by (SM2 by the first of these), HMAC and scrypt: a thirtieth of a program's
 * first signature, which takes none. */
static unsigned rest_there(OSSL_LIB_CTX *lib)
{
    static const char *const kdfs[] = {"X963KDF", "SCRYPT", "PBKDF2"};
    EVP_ASYM_CIPHER *rsa = EVP_ASYM_CIPHER_fetch(lib, "RSA", NULL);
    EVP_ASYM_CIPHER *sm2 = EVP_ASYM_CIPHER_fetch(lib, "SM2", NULL);
    EVP_MAC *mac = EVP_MAC_fetch(lib, "HMAC", NULL);
    unsigned char drawn = 0; /* by its generator, which is made then */
    unsigned there = (rsa ? 1u : 0) | (sm2 ? 2u : 0) | (mac ? 4u : 0) |
                     (RAND_bytes_ex(lib, &drawn, 1, 0) == 1 ? 8u : 0);
    EVP_ASYM_CIPHER_free(rsa);
    EVP_ASYM_CIPHER_free(sm2);
    EVP_MAC_free(mac);
    for (unsigned i = 0; i < sizeof kdfs / sizeof *kdfs; i++) {
        EVP_KDF *kdf = EVP_KDF_fetch(lib, kdfs[i], NULL);
        there |= kdf ? 16u << i : 0;
        EVP_KDF_free(kdf);
    }
    return there;
}

/* What is missing is missing in another context, too, unless only memory was wanting for it: then
 * it stays away from this one. */
static bool make_rest_ready(OSSL_LIB_CTX *lib)
{
    unsigned there = rest_there(lib);
    if (there == 127)
        return true;
    OSSL_LIB_CTX *other = OSSL_LIB_CTX_new();
    OSSL_PROVIDER *provider = other ? OSSL_PROVIDER_load(other, "default") : NULL;
    bool lacks = provider && rest_there(other) == there && bk_crypto_has_memory();
    if (provider)
        (void)OSSL_PROVIDER_unload(provider);
    OSSL_LIB_CTX_free(other);
    return lacks;
}

/* Whether all is there. */
static bool fetch(struct context *ctx)
{
    static const char *const ciphers[BK_CIPHER_COUNT] = {
        [BK_CIPHER_SM4_ECB] = "SM4-ECB",
        [BK_CIPHER_SM4_CBC] = "SM4-CBC",
    };
    bool all = true;
    for (int i = 1; i < BK_HASH_COUNT; i++) {
        ctx->md[i] = EVP_MD_fetch(ctx->lib, bk_hash_name((enum bk_hash)i), NULL);
        all = all && ctx->md[i];
    }
    for (int i = 0; i < BK_CIPHER_COUNT; i++) {
        ctx->cipher[i] = EVP_CIPHER_fetch(ctx->lib, ciphers[i], NULL);
        all = all && ctx->cipher[i];
    }
    ctx->sm2 = EC_GROUP_new_by_curve_name_ex(ctx->lib, NULL, NID_sm2);
    return all && ctx->sm2 && make_ready(ctx->lib);
}

static bool make(struct context *ctx)
{
    ctx->lib = OSSL_LIB_CTX_new();
    ctx->provider = ctx->lib ? OSSL_PROVIDER_load(ctx->lib, "default") : NULL;
    ctx->random = ctx->provider ? bk_random_provide(ctx->lib) : NULL;
    return ctx->random && fetch(ctx);
}

/*
 * What this OpenSSL lacks stays away, but not what only memory was wanting for: a context may have
 * kept that no, so another is made. One that wasn't finished stays until there is memory, as
 * OpenSSL frees only parts of it without.
 */
static struct context *context_new(void)
{
    struct context *ctx = &the;
    if (!ctx->lib && make(ctx))
        return ctx;
    if (!bk_crypto_has_memory())
        return NULL;
    context_free(ctx);
    return make(ctx) || (ctx->random && bk_crypto_has_memory()) ? ctx : NULL;
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

bool bk_crypto_more(void)
{
    struct context *ctx = get();
    if (!ctx)
        return false;
    used = true;
    if (atomic_load_explicit(&rest, memory_order_acquire))
        return true;
    (void)pthread_mutex_lock(&lock);
    bool ready = rest;
    if (!ready && !spoiled && bk_crypto_has_memory()) {
        ready = make_rest_ready(ctx->lib);
        spoiled = !ready;
        atomic_store_explicit(&rest, ready, memory_order_release);
    }
    (void)pthread_mutex_unlock(&lock);
    return ready;
}

void bk_crypto_cleanup(void)
{
    (void)pthread_mutex_lock(&lock);
    atomic_store(&current, NULL);
    context_free(&the);
    (void)pthread_mutex_unlock(&lock);
}

void bk_crypto_renew(void)
{
    (void)pthread_mutex_init(&lock, NULL);
    abandoned = the; /* it stays reachable */
    memset(&the, 0, sizeof the);
    rest = spoiled = false;
    atomic_store(&current, NULL);
    used = false;
}

bool bk_crypto_ask_again(enum bk_err *err, enum bk_err no, bool *asked)
{
    if (*err != no || *asked)
        return false;
    *asked = true;
    if (!bk_crypto_has_memory())
        *err = BK_ENOMEM;
    return *err == no;
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
