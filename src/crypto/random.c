/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random bytes, and the generator of our OpenSSL context: the kernel's. OpenSSL's own have a state
 * for each thread, which a program's thread doesn't take with it out of the module
 * (bk_crypto_leave_thread): to seed a new one in each call costs more than all that it draws.
 */
#include "crypto/random.h"

#include <errno.h>
#include <sys/random.h>

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include "crypto/ctx.h"

#define NAME "bjca-kernel"
#define STRENGTH 256u
#define REQUEST_MAX (1024u * 1024)

enum bk_err bk_random(void *data, size_t len)
{
    unsigned char *at = data;
    while (len) {
        ssize_t got = getrandom(at, len, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return BK_ECRYPTO;
        at += got;
        len -= (size_t)got;
    }
    return BK_OK;
}

/* --- the generator, OpenSSL's OSSL_OP_RAND: it has no state, so one serves all
 * ----------------------------------------------------------------------------------------*/

static char only;

static void *rand_new(void *provider, void *parent, const OSSL_DISPATCH *calls)
{
    (void)provider;
    (void)parent;
    (void)calls;
    return &only;
}

static void rand_free(void *rand)
{
    (void)rand;
}

static int rand_instantiate(void *rand, unsigned int strength, int resistance,
                            const unsigned char *text, size_t len, const OSSL_PARAM params[])
{
    (void)rand;
    (void)resistance;
    (void)text;
    (void)len;
    (void)params;
    return strength <= STRENGTH;
}

static int rand_uninstantiate(void *rand)
{
    (void)rand;
    return 1;
}

static int rand_generate(void *rand, unsigned char *out, size_t len, unsigned int strength,
                         int resistance, const unsigned char *text, size_t text_len)
{
    (void)rand;
    (void)resistance;
    (void)text;
    (void)text_len;
    return strength <= STRENGTH && bk_random(out, len) == BK_OK;
}

/* There is nothing to lock, which is asked for all the same. */
static int rand_enable_locking(void *rand)
{
    (void)rand;
    return 1;
}

static int rand_get(void *rand, OSSL_PARAM params[])
{
    (void)rand;
    OSSL_PARAM *state = OSSL_PARAM_locate(params, OSSL_RAND_PARAM_STATE),
               *strength = OSSL_PARAM_locate(params, OSSL_RAND_PARAM_STRENGTH),
               *most = OSSL_PARAM_locate(params, OSSL_RAND_PARAM_MAX_REQUEST);
    return (!state || OSSL_PARAM_set_int(state, EVP_RAND_STATE_READY)) &&
           (!strength || OSSL_PARAM_set_uint(strength, STRENGTH)) &&
           (!most || OSSL_PARAM_set_size_t(most, REQUEST_MAX));
}

typedef void (*function)(void);

static const OSSL_DISPATCH generator[] = {
    {OSSL_FUNC_RAND_NEWCTX, (function)rand_new},
    {OSSL_FUNC_RAND_FREECTX, (function)rand_free},
    {OSSL_FUNC_RAND_INSTANTIATE, (function)rand_instantiate},
    {OSSL_FUNC_RAND_UNINSTANTIATE, (function)rand_uninstantiate},
    {OSSL_FUNC_RAND_GENERATE, (function)rand_generate},
    {OSSL_FUNC_RAND_ENABLE_LOCKING, (function)rand_enable_locking},
    {OSSL_FUNC_RAND_GET_CTX_PARAMS, (function)rand_get},
    {0, NULL}};

static const OSSL_ALGORITHM *query(void *provider, int operation, int *no_store)
{
    static const OSSL_ALGORITHM all[] = {{NAME, "provider=" NAME, generator, NULL},
                                         {NULL, NULL, NULL, NULL}};
    (void)provider;
    *no_store = 0;
    return operation == OSSL_OP_RAND ? all : NULL;
}

static int start(const OSSL_CORE_HANDLE *core, const OSSL_DISPATCH *in, const OSSL_DISPATCH **out,
                 void **provider)
{
    static const OSSL_DISPATCH calls[] = {{OSSL_FUNC_PROVIDER_QUERY_OPERATION, (function)query},
                                          {0, NULL}};
    (void)in;
    *provider = (void *)(uintptr_t)core;
    *out = calls;
    return 1;
}

OSSL_PROVIDER *bk_random_provide(OSSL_LIB_CTX *lib)
{
    OSSL_PROVIDER *made =
        OSSL_PROVIDER_add_builtin(lib, NAME, start) == 1 ? OSSL_PROVIDER_load(lib, NAME) : NULL;
    if (made && RAND_set_DRBG_type(lib, NAME, NULL, NULL, NULL) == 1)
        return made;
    if (made)
        (void)OSSL_PROVIDER_unload(made);
    return NULL;
}
