/* SPDX-License-Identifier: Apache-2.0 */
/* Preloaded into a program: each thread that is made is well on its way before who made it goes on.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <time.h>

int pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*start)(void *), void *arg)
{
    const struct timespec lead = {.tv_nsec = 40000000};
    int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *) = NULL;
    *(void **)(void *)&real = dlsym(RTLD_NEXT, "pthread_create");
    int rc = real(thread, attr, start, arg);
    (void)nanosleep(&lead, NULL);
    return rc;
}
