/* SPDX-License-Identifier: Apache-2.0 */
/* All that is drawn, by OpenSSL in our context, too, is the kernel's; and without it nothing is
 * made. */
#include <check.h>
#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <openssl/rand.h>

#include "crypto/ctx.h"
#include "crypto/rsa.h"
#include "crypto/sm2.h"
#include "runner.h"

/* What the kernel does next: this program's definition stands before libc's. */
static enum { WELL, PATTERN, IN_PIECES, FAILS } kernel;
static unsigned calls;

ssize_t getrandom(void *data, size_t len, unsigned flags)
{
    calls++;
    if (kernel == FAILS || (kernel == IN_PIECES && calls % 2)) {
        errno = kernel == FAILS ? EIO : EINTR;
        return -1;
    }
    if (kernel == WELL)
        return syscall(SYS_getrandom, data, len, flags);
    size_t n = kernel == IN_PIECES && len > 7 ? 7 : len;
    memset(data, 0xa5, n);
    return (ssize_t)n;
}

static void ck_assert_drawn(const uint8_t *data, size_t len)
{
    size_t same = 0;
    while (same < len && data[same] == 0xa5)
        same++;
    ck_assert_uint_eq(same, len); /* an assertion for each of megabytes takes seconds */
}

START_TEST(openssl_draws_from_the_kernel)
{
    static uint8_t out[3 * 1024 * 1024];
    OSSL_LIB_CTX *lib = bk_crypto_ctx();
    ck_assert_ptr_nonnull(lib);
    kernel = PATTERN;
    ck_assert_int_eq(RAND_priv_bytes_ex(lib, out, 32, 256), 1);
    ck_assert_drawn(out, 32);
    memset(out, 0, 32);
    ck_assert_int_eq(RAND_bytes_ex(lib, out, sizeof out, 0), 1);
    ck_assert_drawn(out, sizeof out);
    /* more than it promises is refused */
    ck_assert_int_ne(RAND_priv_bytes_ex(lib, out, 32, 512), 1);
    kernel = WELL;
    bk_crypto_leave_thread();
    bk_crypto_cleanup();
}
END_TEST

START_TEST(pieces_are_put_together)
{
    uint8_t out[33] = {0};
    kernel = IN_PIECES;
    ck_assert_int_eq(bk_random(out, sizeof out), BK_OK);
    ck_assert_drawn(out, sizeof out);
    kernel = WELL;
}
END_TEST

START_TEST(nothing_is_made_without_it)
{
    struct bk_sm2_key *key = NULL, *none = NULL;
    struct bk_rsa_key *rsa = NULL;
    struct bk_sm2_sig sig;
    uint8_t e[32] = {1}, out[16];
    ck_assert_int_eq(bk_sm2_generate(&key), BK_OK);
    ck_assert_int_eq(bk_sm2_sign(key, e, &sig), BK_OK);
    kernel = FAILS;
    ck_assert_int_ne(bk_random(out, sizeof out), BK_OK);
    ck_assert_int_ne(bk_sm2_sign(key, e, &sig), BK_OK);
    ck_assert_int_ne(bk_sm2_generate(&none), BK_OK);
    ck_assert_ptr_null(none);
    ck_assert_int_ne(bk_rsa_generate(2048, &rsa), BK_OK);
    ck_assert_ptr_null(rsa);
    kernel = WELL;
    ck_assert_int_eq(bk_sm2_sign(key, e, &sig), BK_OK);
    bk_sm2_free(&key);
    bk_crypto_leave_thread();
    bk_crypto_cleanup();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("random");
    TCase *tc = tcase_create("random");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, openssl_draws_from_the_kernel);
    tcase_add_test(tc, pieces_are_put_together);
    tcase_add_test(tc, nothing_is_made_without_it);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
