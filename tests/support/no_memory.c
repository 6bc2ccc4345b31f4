/* SPDX-License-Identifier: Apache-2.0 */
#include "no_memory.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

struct no_memory no_memory;

void *__real_malloc(size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_reallocarray(void *old, size_t n, size_t size);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t n);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_reallocarray(void *old, size_t n, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t n);

/* Whether this allocation is one that fails. */
static bool no_memory_now(void)
{
    if (no_memory.fails_at == NEVER || no_memory.aside)
        return false;
    no_memory.counted++;
    return no_memory.for_good ? no_memory.counted >= no_memory.fails_at
                              : no_memory.counted == no_memory.fails_at;
}

enum bk_err no_memory_pass_on(struct bk_transport *inner, const uint8_t *command, size_t len,
                              bool sensitive, struct bk_buf *answer)
{
    no_memory.aside = true;
    enum bk_err err = inner->ops->transmit(inner, command, len, sensitive, answer);
    no_memory.aside = false;
    return err;
}

void *__wrap_malloc(size_t size)
{
    return no_memory_now() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return no_memory_now() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return no_memory_now() ? NULL : __real_realloc(old, size);
}

void *__wrap_reallocarray(void *old, size_t n, size_t size)
{
    return no_memory_now() ? NULL : __real_reallocarray(old, n, size);
}

char *__wrap_strdup(const char *text)
{
    return no_memory_now() ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t n)
{
    return no_memory_now() ? NULL : __real_strndup(text, n);
}

/* --- libcrypto's
 * ----------------------------------------------------------------------------------*/

static bool is_of(const char *file, const char *name)
{
    size_t len = file ? strlen(file) : 0, n = strlen(name);
    return len >= n && strcmp(file + len - n, name) == 0;
}

/*
 * OpenSSL 3.0 writes to the context that it got no memory for (sskdf_new in sskdf.c, which
 * EVP_KDF_CTX_new calls when SM2 encrypts): no caller can do anything about that one allocation,
 * so it doesn't fail here.
 */
static bool may_fail(const char *file)
{
    return !is_of(file, "sskdf.c");
}

#ifdef __SANITIZE_ADDRESS__
/*
 * OpenSSL 3.0 loses what it has no memory to note: an entry of the names of algorithms, whose place
 * another takes because it couldn't be looked for (namemap_add_name_n); what a context has of its
 * own, made but not put into the context (ossl_lib_ctx_generic_new); and the list of that, when the
 * context isn't made to its end (context_init). These are the files where such begins. A context
 * itself, and all that is the caller's, comes from others, but for one list in x509.c.
 */
static bool may_be_lost(const char *file)
{
    static const char *const files[] = {"core_namemap.c",    "property.c",      "stack.c",
                                        "property_string.c", "lhash.c",         "provider_core.c",
                                        "provider_child.c",  "provider_conf.c", "self_test_core.c",
                                        "rand_lib.c",        "drbg.c"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (is_of(file, files[i]))
            return true;
    return false;
}
#endif

static void *openssl_malloc(size_t size, const char *file, int line)
{
    (void)line;
    void *at = may_fail(file) && no_memory_now() ? NULL : __real_malloc(size);
#ifdef __SANITIZE_ADDRESS__
    if (at && may_be_lost(file))
        __lsan_ignore_object(at);
#endif
    return at;
}

static void *openssl_realloc(void *old, size_t size, const char *file, int line)
{
    (void)line;
    return may_fail(file) && no_memory_now() ? NULL : __real_realloc(old, size);
}

static void openssl_free(void *at, const char *file, int line)
{
    (void)file;
    (void)line;
    free(at);
}

bool no_memory_for_libcrypto(void)
{
    return CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) == 1;
}
