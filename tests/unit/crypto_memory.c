/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that runs out under our crypto layer, in it or inside libcrypto: what can be computed
 * isn't said to be impossible, nor a good signature to be bad, and both are there again with the
 * memory.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "crypto/ctx.h"
#include "crypto/digest.h"
#include "crypto/issue.h"
#include "crypto/scrypt.h"
#include "crypto/signer.h"
#include "crypto/sm2.h"
#include "crypto/x509.h"
#include "no_memory.h"
#include "runner.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define POINTS 64u /* of what takes more allocations, in the short form */

static unsigned seed;
static struct bk_buf ca;           /* issued by itself */
static struct bk_x509 *cert, *one; /* the same, read anew for each turn */
static uint8_t out[64];

static enum bk_err digests(void)
{
    return bk_digest(BK_HASH_SM3, "text", 4, out);
}

static enum bk_err in_parts(struct bk_digester *d)
{
    enum bk_err err = bk_digester_add(d, "text", 4);
    if (!err)
        err = bk_digester_end(d, out);
    bk_digester_free(&d);
    return err;
}

static enum bk_err digests_parts(void)
{
    struct bk_digester *d = NULL;
    enum bk_err err = bk_digester_new(BK_HASH_SHA256, &d);
    return err ? err : in_parts(d);
}

static enum bk_err hmacs(void)
{
    return bk_hmac(BK_HASH_SM3, "key", 3, "text", 4, out);
}

static enum bk_err hmacs_parts(void)
{
    struct bk_digester *d = NULL;
    enum bk_err err = bk_digester_new_hmac(BK_HASH_SHA256, "key", 3, &d);
    return err ? err : in_parts(d);
}

static enum bk_err derives(void)
{
    static const struct bk_scrypt_cost cost = {.log_n = 4, .r = 1, .p = 1};
    return bk_scrypt(&cost, "password", 8, "salt", 4, out, sizeof out);
}

static enum bk_err verifies(void)
{
    return bk_x509_signed_by(cert, one);
}

static const struct what {
    const char *name;
    enum bk_err (*run)(void);
} all[] = {
    {"a digest", digests},   {"a digest in parts", digests_parts},
    {"an HMAC", hmacs},      {"an HMAC in parts", hmacs_parts},
    {"a password", derives}, {"a certificate's signature", verifies},
};

static void make_ca(void)
{
    struct bk_sm2_key *key = NULL;
    struct bk_buf name = BK_BUF_INIT;
    struct bk_issue issue = {
        .profile = BK_PROFILE_ROOT, .not_before = time(NULL) - 60, .not_after = time(NULL) + 86400};
    ck_assert_int_eq(bk_sm2_generate(&key), BK_OK);
    ck_assert_int_eq(bk_issue_name(NULL, "CA", &name), BK_OK);
    ck_assert_int_eq(bk_issue_serial(issue.serial), BK_OK);
    struct bk_signer signer = {.alg = BK_ALG_SM2, .sm2 = key};
    issue.key = bk_sm2_pubkey(key);
    issue.issuer = issue.subject = name.data;
    issue.issuer_len = issue.subject_len = name.len;
    ck_assert_int_eq(bk_issue_cert(&signer, &issue, &ca), BK_OK);
    bk_sm2_free(&key);
    bk_buf_free(&name);
}

static void forget_ca(void)
{
    bk_buf_free(&ca);
}

static void read_certs(void)
{
    ck_assert_int_eq(bk_x509_parse(ca.data, ca.len, &cert), BK_OK);
    ck_assert_int_eq(bk_x509_parse(ca.data, ca.len, &one), BK_OK);
}

static void end(void)
{
    bk_x509_free(&cert);
    bk_x509_free(&one);
}

/* With a context of libcrypto's that is made in the turn, or one where the same was done before. */
static void begin(const struct what *w, bool fresh)
{
    bk_crypto_cleanup();
    read_certs();
    if (fresh) { /* what was read is bytes until it is used */
        bk_crypto_cleanup();
    } else {
        ck_assert_int_eq(w->run(), BK_OK);
        end();
        read_certs();
    }
}

/* Whether so many allocations were made. */
static bool fail_one(const struct what *w, bool fresh, unsigned which, bool all_after)
{
    begin(w, fresh);
    no_memory.counted = 0;
    no_memory.for_good = all_after;
    no_memory.fails_at = which;
    enum bk_err err = w->run();
    no_memory.fails_at = NEVER;
    bool reached = no_memory.counted >= which;
    ck_assert_msg(!err || (reached && err == BK_ENOMEM), "%s, allocation %u%s: %s", w->name, which,
                  all_after ? " and all after it" : "", bk_err_name(err));
    err = w->run();
    /* what libcrypto has spoiled in a new context is said to be so */
    ck_assert_msg(!err || (fresh && err == BK_ENOMEM), "%s, after allocation %u%s: %s", w->name,
                  which, all_after ? " and all after it" : "", bk_err_name(err));
    end();
    return reached;
}

START_TEST(what_is_possible_is_not_denied)
{
    const struct what *w = &all[_i / 2];
    bool fresh = _i % 2;
    begin(w, fresh);
    no_memory.counted = 0;
    no_memory.fails_at = NEVER_REACHED;
    ck_assert_int_eq(w->run(), BK_OK);
    no_memory.fails_at = NEVER;
    end();
    unsigned n = no_memory.counted, step = long_form() || n < POINTS ? 1 : n / POINTS;
    ck_assert_uint_gt(n, 0);
    for (unsigned which = 1 + seed % step; which <= n; which += step) {
        (void)fail_one(w, fresh, which, false);
        (void)fail_one(w, fresh, which, true);
    }
    bk_crypto_cleanup();
}
END_TEST

int main(void)
{
    if (!no_memory_for_libcrypto())
        return EXIT_FAILURE;
    const char *again = getenv("CHECK_SEED");
    seed = again ? (unsigned)strtoul(again, NULL, 10) : (unsigned)time(NULL);
    printf("CHECK_SEED=%u\n", seed);
    Suite *suite = suite_create("crypto_memory");
    TCase *t = tcase_create("crypto_memory");
    tcase_add_unchecked_fixture(t, make_ca, forget_ca);
    /* but for the certificate in a new context: what libcrypto reads keys by may be spoiled there
     */
    tcase_add_loop_test(t, what_is_possible_is_not_denied, 0, 2 * (int)COUNT(all) - 1);
    tcase_set_timeout(t, 600);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
