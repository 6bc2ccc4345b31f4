/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Preloaded to see what a program shows of itself: its arguments and environment at its start, and
 * what it sends and receives inside TLS, appended to the file that BJCA_TAP names.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

int SSL_write(void *ssl, const void *data, int len);
int SSL_read(void *ssl, void *data, int len);
int SSL_write_ex(void *ssl, const void *data, size_t len, size_t *written);
int SSL_read_ex(void *ssl, void *data, size_t len, size_t *got);

static void tap(const void *data, size_t len)
{
    const char *path = getenv("BJCA_TAP");
    int fd = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
    if (fd < 0)
        return;
    (void)!write(fd, data, len);
    (void)!write(fd, "\n", 1);
    (void)close(fd);
}

static void tap_file(const char *path)
{
    char text[65536];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    for (ssize_t n; (n = read(fd, text, sizeof text)) > 0;)
        tap(text, (size_t)n);
    (void)close(fd);
}

__attribute__((constructor)) static void start(void)
{
    tap_file("/proc/self/cmdline");
    tap_file("/proc/self/environ");
}

int SSL_write(void *ssl, const void *data, int len)
{
    int (*real)(void *, const void *, int) =
        (int (*)(void *, const void *, int))dlsym(RTLD_NEXT, "SSL_write");
    if (len > 0)
        tap(data, (size_t)len);
    return real(ssl, data, len);
}

int SSL_read(void *ssl, void *data, int len)
{
    int (*real)(void *, void *, int) = (int (*)(void *, void *, int))dlsym(RTLD_NEXT, "SSL_read");
    int n = real(ssl, data, len);
    if (n > 0)
        tap(data, (size_t)n);
    return n;
}

int SSL_write_ex(void *ssl, const void *data, size_t len, size_t *written)
{
    int (*real)(void *, const void *, size_t, size_t *) =
        (int (*)(void *, const void *, size_t, size_t *))dlsym(RTLD_NEXT, "SSL_write_ex");
    tap(data, len);
    return real(ssl, data, len, written);
}

int SSL_read_ex(void *ssl, void *data, size_t len, size_t *got)
{
    int (*real)(void *, void *, size_t, size_t *) =
        (int (*)(void *, void *, size_t, size_t *))dlsym(RTLD_NEXT, "SSL_read_ex");
    int rc = real(ssl, data, len, got);
    if (rc == 1)
        tap(data, *got);
    return rc;
}
