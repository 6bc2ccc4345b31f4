/* SPDX-License-Identifier: Apache-2.0 */
#include "no_memory.h"

struct no_memory no_memory;

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

bool no_memory_now(void)
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
