/* SPDX-License-Identifier: Apache-2.0 */
/* For tests that need keys and have nothing to say of how they are made: linked with
 * --wrap=bk_rsa_generate, a program gets its RSA keys from tests/vectors/rsa-keys.der, one after
 * the other. To make one takes longer than most of what is done with it. */
#include <check.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <unistd.h>

#include "crypto/rsa.h"

#define COUNT 24u
#define ROOM (COUNT * 1200u)

enum bk_err __wrap_bk_rsa_generate(unsigned bits, struct bk_rsa_key **made);

enum bk_err __wrap_bk_rsa_generate(unsigned bits, struct bk_rsa_key **made)
{
    static _Atomic unsigned next;
    uint8_t all[ROOM];
    ck_assert_uint_eq(bits, 2048);
    /* by hand: nothing that a test counts or fails is asked for */
    int fd = open(VECTORS "/rsa-keys.der", O_RDONLY | O_CLOEXEC);
    ssize_t len = read(fd, all, sizeof all);
    ck_assert_int_gt(len, 0);
    close(fd);
    const uint8_t *key = all;
    size_t size = 0;
    for (unsigned skip = next++ % COUNT + 1; skip > 0; skip--) {
        key += size;
        size = 4 + ((size_t)key[2] << 8 | key[3]); /* a SEQUENCE of a length in two bytes */
    }
    ck_assert_int_le(key + size - all, len);
    return bk_rsa_from_der(key, size, made);
}
