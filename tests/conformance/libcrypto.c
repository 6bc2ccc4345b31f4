/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that runs out inside libcrypto, or in our own code on the way to it: one allocation of a
 * call fails, or it and all after it. The answer is the right one, or says that the call failed:
 * never that a good signature, certificate or key is bad, that a bad signature is good, or that
 * less is on the key than there is. With memory again the same program finds and does all.
 *
 * conformance_memory has every entry point and our own code's allocations.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "life.h"
#include "no_memory.h"
#include "runner.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define POINTS 32u /* of a call, in the short form, after the first */
#define FIRST 4u

static unsigned seed;

/* --- the calls
 * ---------------------------------------------------------------------------------*/

static CK_RSA_PKCS_PSS_PARAMS pss = {CKM_SHA256, CKG_MGF1_SHA256, 32};
static CK_RSA_PKCS_OAEP_PARAMS oaep = {CKM_SHA256, CKG_MGF1_SHA256, 1, NULL, 0};
static CK_BYTE text[] = "a text of some length";
#define TEXT_LEN (sizeof text - 1)

/* One way to sign and verify, or to encrypt and decrypt. */
static struct way {
    CK_SLOT_ID slot;
    CK_MECHANISM m;
    CK_OBJECT_HANDLE private_key, public_key;
    CK_BYTE bytes[512]; /* signature, or what was encrypted */
    CK_ULONG len;
} ways[] = {
    {.slot = 0, .m = {CKM_SHA256_RSA_PKCS, NULL, 0}},
    {.slot = 0, .m = {CKM_SHA256_RSA_PKCS_PSS, &pss, sizeof pss}},
    {.slot = 1, .m = {CKM_SM3_SM2, NULL, 0}},
    {.slot = 0, .m = {CKM_RSA_PKCS, NULL, 0}},
    {.slot = 0, .m = {CKM_RSA_PKCS_OAEP, &oaep, sizeof oaep}},
    {.slot = 1, .m = {CKM_SM2_ENCRYPT, NULL, 0}},
};
#define SIGNS 3u /* of them */

static CK_SESSION_HANDLE sessions[2];
static CK_BYTE cert[2][4096];
static CK_ULONG cert_len[2];
static CK_BYTE point[128], modulus[512];
static CK_ULONG point_len, modulus_len;
static CK_ULONG all[2]; /* objects of a slot */

static CK_RV sign(const struct way *w, CK_BYTE *out, CK_ULONG *len)
{
    CK_SESSION_HANDLE s = sessions[w->slot];
    CK_MECHANISM m = w->m;
    CK_RV rv = h.f->C_SignInit(s, &m, w->private_key);
    return rv ? rv : h.f->C_Sign(s, text, TEXT_LEN, out, len);
}

static CK_RV verify(const struct way *w, const CK_BYTE *sig, CK_ULONG len)
{
    CK_SESSION_HANDLE s = sessions[w->slot];
    CK_MECHANISM m = w->m;
    CK_RV rv = h.f->C_VerifyInit(s, &m, w->public_key);
    return rv ? rv : h.f->C_Verify(s, text, TEXT_LEN, (CK_BYTE *)(uintptr_t)sig, len);
}

static CK_RV encrypt(const struct way *w, CK_BYTE *out, CK_ULONG *len)
{
    CK_SESSION_HANDLE s = sessions[w->slot];
    CK_MECHANISM m = w->m;
    CK_RV rv = h.f->C_EncryptInit(s, &m, w->public_key);
    return rv ? rv : h.f->C_Encrypt(s, text, TEXT_LEN, out, len);
}

static CK_RV decrypt(const struct way *w, const CK_BYTE *in, CK_ULONG in_len, CK_BYTE *out,
                     CK_ULONG *len)
{
    CK_SESSION_HANDLE s = sessions[w->slot];
    CK_MECHANISM m = w->m;
    CK_RV rv = h.f->C_DecryptInit(s, &m, w->private_key);
    return rv ? rv : h.f->C_Decrypt(s, (CK_BYTE *)(uintptr_t)in, in_len, out, len);
}

/* What a call gave. */
static CK_BYTE given[512];
static CK_ULONG given_len;

static CK_RV signs(unsigned i)
{
    given_len = sizeof given;
    return sign(&ways[i], given, &given_len);
}

static bool good_signature(unsigned i)
{
    return verify(&ways[i], given, given_len) == CKR_OK;
}

static CK_RV verifies(unsigned i)
{
    return verify(&ways[i], ways[i].bytes, ways[i].len);
}

static CK_RV verifies_another(unsigned i)
{
    CK_BYTE sig[512];
    memcpy(sig, ways[i].bytes, ways[i].len);
    sig[ways[i].len - 1] ^= 1;
    return verify(&ways[i], sig, ways[i].len);
}

static CK_RV encrypts(unsigned i)
{
    given_len = sizeof given;
    return encrypt(&ways[i], given, &given_len);
}

static CK_RV decrypts(unsigned i)
{
    given_len = sizeof given;
    return decrypt(&ways[i], ways[i].bytes, ways[i].len, given, &given_len);
}

static bool good_text(unsigned i)
{
    (void)i;
    return given_len == TEXT_LEN && memcmp(given, text, TEXT_LEN) == 0;
}

static bool good_cipher(unsigned i)
{
    CK_BYTE in[512];
    CK_ULONG len = given_len;
    memcpy(in, given, sizeof in);
    given_len = sizeof given;
    return decrypt(&ways[i], in, len, given, &given_len) == CKR_OK && good_text(i);
}

static CK_RV makes(CK_SLOT_ID slot, CK_ATTRIBUTE *t, CK_ULONG n)
{
    CK_OBJECT_HANDLE o = 0;
    CK_RV rv = h.f->C_CreateObject(sessions[slot], t, n, &o);
    return rv ? rv : h.f->C_DestroyObject(sessions[slot], o);
}

static CK_RV makes_certificate(unsigned slot)
{
    CK_OBJECT_CLASS class = CKO_CERTIFICATE;
    CK_CERTIFICATE_TYPE type = CKC_X_509;
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class},
                        {CKA_CERTIFICATE_TYPE, &type, sizeof type},
                        {CKA_VALUE, cert[slot], cert_len[slot]}};
    return makes(slot, t, COUNT(t));
}

static CK_RV makes_public_key(unsigned slot)
{
    static CK_BYTE curve[] = {0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d};
    static CK_BYTE exponent[] = {1, 0, 1};
    CK_OBJECT_CLASS class = CKO_PUBLIC_KEY;
    CK_KEY_TYPE type = slot ? CKK_SM2 : CKK_RSA;
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class},
                        {CKA_KEY_TYPE, &type, sizeof type},
                        {CKA_MODULUS, modulus, modulus_len},
                        {CKA_PUBLIC_EXPONENT, exponent, sizeof exponent}};
    if (slot) {
        t[2] = (CK_ATTRIBUTE){CKA_EC_PARAMS, curve, sizeof curve};
        t[3] = (CK_ATTRIBUTE){CKA_EC_POINT, point, point_len};
    }
    return makes(slot, t, COUNT(t));
}

static CK_OBJECT_HANDLE found[64];

static CK_RV finds(CK_SESSION_HANDLE s, CK_ATTRIBUTE *t, CK_ULONG count, CK_ULONG *n)
{
    CK_RV rv = h.f->C_FindObjectsInit(s, t, count);
    if (rv != CKR_OK)
        return rv;
    rv = h.f->C_FindObjects(s, found, COUNT(found), n);
    (void)h.f->C_FindObjectsFinal(s);
    return rv;
}

/* As a program does that has just begun. */
static CK_RV begins(unsigned slot)
{
    CK_SESSION_HANDLE *s = &sessions[slot];
    CK_RV rv = h.f->C_Initialize(NULL);
    if (rv == CKR_OK || rv == CKR_CRYPTOKI_ALREADY_INITIALIZED)
        rv = h.f->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, s);
    if (rv == CKR_OK)
        rv = h.f->C_Login(*s, CKU_USER, (CK_BYTE *)(uintptr_t)MH_PIN, strlen(MH_PIN));
    return rv == CKR_OK || rv == CKR_USER_ALREADY_LOGGED_IN ? finds(*s, NULL, 0, &given_len) : rv;
}

/* What the library makes ready on the first use of a key is made then. */
static CK_RV begins_and_verifies(unsigned i)
{
    CK_OBJECT_CLASS class = CKO_PUBLIC_KEY;
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class}, {CKA_VERIFY, &(CK_BBOOL){1}, 1}};
    CK_RV rv = begins((unsigned)ways[i].slot);
    CK_ULONG n = 0;
    if (rv == CKR_OK)
        rv = finds(sessions[ways[i].slot], t, COUNT(t), &n);
    if (rv != CKR_OK)
        return rv;
    ways[i].public_key = n ? found[0] : 0;
    return verifies(i);
}

static bool good_search(unsigned slot)
{
    return given_len == all[slot];
}

static const struct call {
    const char *name;
    CK_RV (*run)(unsigned which);
    unsigned which;
    CK_RV says;
    bool (*good)(unsigned which); /* what came with CKR_OK; NULL: there is nothing else */
    bool anew;                    /* not initialised before, ended after */
} calls[] = {
    {"verifies RSA", verifies, 0, CKR_OK, NULL, false},
    {"verifies PSS", verifies, 1, CKR_OK, NULL, false},
    {"verifies SM2", verifies, 2, CKR_OK, NULL, false},
    {"verifies another RSA", verifies_another, 0, CKR_SIGNATURE_INVALID, NULL, false},
    {"verifies another PSS", verifies_another, 1, CKR_SIGNATURE_INVALID, NULL, false},
    {"verifies another SM2", verifies_another, 2, CKR_SIGNATURE_INVALID, NULL, false},
    {"signs RSA", signs, 0, CKR_OK, good_signature, false},
    {"signs PSS", signs, 1, CKR_OK, good_signature, false},
    {"signs SM2", signs, 2, CKR_OK, good_signature, false},
    {"encrypts RSA", encrypts, 3, CKR_OK, good_cipher, false},
    {"encrypts OAEP", encrypts, 4, CKR_OK, good_cipher, false},
    {"encrypts SM2", encrypts, 5, CKR_OK, good_cipher, false},
    {"decrypts RSA", decrypts, 3, CKR_OK, good_text, false},
    {"decrypts OAEP", decrypts, 4, CKR_OK, good_text, false},
    {"decrypts SM2", decrypts, 5, CKR_OK, good_text, false},
    {"makes a certificate, RSA", makes_certificate, 0, CKR_OK, NULL, false},
    {"makes a certificate, SM2", makes_certificate, 1, CKR_OK, NULL, false},
    {"makes a public key, RSA", makes_public_key, 0, CKR_OK, NULL, false},
    {"makes a public key, SM2", makes_public_key, 1, CKR_OK, NULL, false},
    {"begins and searches, RSA", begins, 0, CKR_OK, good_search, true},
    {"begins and searches, SM2", begins, 1, CKR_OK, good_search, true},
    {"begins and verifies RSA", begins_and_verifies, 0, CKR_OK, NULL, true},
    {"begins and verifies PSS", begins_and_verifies, 1, CKR_OK, NULL, true},
    {"begins and verifies SM2", begins_and_verifies, 2, CKR_OK, NULL, true},
};

/* --- the sweep
 * ---------------------------------------------------------------------------------*/

static CK_ULONG take(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type, CK_BYTE *out,
                     CK_ULONG size)
{
    CK_ATTRIBUTE t = {type, out, size};
    ck_assert_uint_eq(h.f->C_GetAttributeValue(s, o, &t, 1), CKR_OK);
    return t.ulValueLen;
}

static void prepare(struct way *w, bool sign_it)
{
    CK_SESSION_HANDLE s = sessions[w->slot];
    w->private_key = mh_find(&h, s, CKO_PRIVATE_KEY, sign_it ? CKA_SIGN : CKA_DECRYPT);
    w->public_key = mh_find(&h, s, CKO_PUBLIC_KEY, sign_it ? CKA_VERIFY : CKA_ENCRYPT);
    w->len = sizeof w->bytes;
    ck_assert_uint_eq(sign_it ? sign(w, w->bytes, &w->len) : encrypt(w, w->bytes, &w->len), CKR_OK);
}

/* The key, once for all tests. */
static void setup(void)
{
    life_setup();
    life_issue_both();
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    life_transmit = no_memory_pass_on;
}

static void teardown(void)
{
    mh_forget(&h);
}

/* In the test's own process. */
static void begin(void)
{
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    for (CK_SLOT_ID slot = 0; slot < 2; slot++) {
        CK_SESSION_HANDLE s = sessions[slot] = mh_try_login(&h, slot, MH_PIN);
        ck_assert_uint_eq(finds(s, NULL, 0, &all[slot]), CKR_OK);
        cert_len[slot] =
            take(s, mh_find(&h, s, CKO_CERTIFICATE, 0), CKA_VALUE, cert[slot], sizeof cert[slot]);
    }
    for (size_t i = 0; i < COUNT(ways); i++)
        prepare(&ways[i], i < SIGNS);
    modulus_len = take(sessions[0], ways[0].public_key, CKA_MODULUS, modulus, sizeof modulus);
    point_len = take(sessions[1], ways[2].public_key, CKA_EC_POINT, point, sizeof point);
}

static void end(void)
{
    (void)h.f->C_Finalize(NULL);
}

/* That is all that may be said beside the truth. */
static bool is_failure(CK_RV rv)
{
    return rv == CKR_HOST_MEMORY || rv == CKR_FUNCTION_FAILED || rv == CKR_GENERAL_ERROR;
}

static void check_good(const struct call *c, CK_RV rv, const char *what)
{
    ck_assert_msg(rv != CKR_OK || !c->good || c->good(c->which), "%s: what it gave is wrong", what);
}

static void fail_one(const struct call *c, unsigned which, bool all_after)
{
    char what[96];
    (void)snprintf(what, sizeof what, "%s, allocation %u%s", c->name, which,
                   all_after ? " and all after it" : "");
    no_memory.counted = 0;
    no_memory.for_good = all_after;
    no_memory.fails_at = which;
    CK_RV rv = c->run(c->which);
    no_memory.fails_at = NEVER;
    ck_assert_msg(rv == c->says || (no_memory.counted >= which && is_failure(rv)), "%s: %lx", what,
                  rv);
    check_good(c, rv, what);
    rv = c->run(c->which);
    ck_assert_msg(rv == c->says, "%s: with memory again %lx", what, rv);
    check_good(c, rv, what);
    if (c->anew)
        (void)h.f->C_Finalize(NULL);
}

/* Allocations of a call that none fails of. */
static unsigned count_of(const struct call *c)
{
    no_memory.counted = 0;
    no_memory.fails_at = NEVER_REACHED;
    ck_assert_uint_eq(c->run(c->which), c->says);
    no_memory.fails_at = NEVER;
    if (c->anew)
        (void)h.f->C_Finalize(NULL);
    return no_memory.counted;
}

/* The first, and then every so manieth from another one in each run; all in the long form. */
START_TEST(nothing_false_is_said)
{
    const struct call *c = &calls[_i];
    if (c->anew)
        (void)h.f->C_Finalize(NULL);
    unsigned n = count_of(c), step = long_form() || n < POINTS ? 1 : n / POINTS;
    for (unsigned which = 1; which <= n && which <= FIRST; which++)
        fail_one(c, which, which % 2 == 0);
    for (unsigned which = FIRST + 1 + seed % step; which <= n; which += step) {
        fail_one(c, which, false);
        fail_one(c, which, true);
    }
}
END_TEST

static void begin_to_encrypt(struct way *w)
{
    (void)h.f->C_Finalize(NULL);
    ck_assert_uint_eq(begins((unsigned)w->slot), CKR_OK);
    w->public_key = mh_find(&h, sessions[w->slot], CKO_PUBLIC_KEY, CKA_ENCRYPT);
    w->private_key = mh_find(&h, sessions[w->slot], CKO_PRIVATE_KEY, CKA_DECRYPT);
}

/* What the library makes ready for the first encryption may be spoiled for this program, but that
 * is said each time; for the next one it is there. */
START_TEST(the_first_encryption)
{
    unsigned i = _i ? 5 : 3, step = long_form() ? 1 : 7;
    bool over = false;
    for (unsigned which = 1 + seed % step; !over; which += step) {
        begin_to_encrypt(&ways[i]);
        no_memory.counted = 0;
        no_memory.for_good = which % 2;
        no_memory.fails_at = which;
        CK_RV rv = encrypts(i);
        no_memory.fails_at = NEVER;
        over = no_memory.counted < which;
        ck_assert_msg(rv == CKR_OK || (!over && is_failure(rv)), "allocation %u: %lx", which, rv);
        rv = encrypts(i);
        ck_assert_msg(rv == CKR_OK || rv == CKR_HOST_MEMORY, "then, %u: %lx", which, rv);
        ck_assert(rv != CKR_OK || good_cipher(i));
        begin_to_encrypt(&ways[i]);
        ck_assert_uint_eq(encrypts(i), CKR_OK);
    }
}
END_TEST

int main(void)
{
    /* before anything asks libcrypto for memory */
    if (!no_memory_for_libcrypto())
        return EXIT_FAILURE;
    const char *again = getenv("CHECK_SEED");
    seed = again ? (unsigned)strtoul(again, NULL, 10) : (unsigned)time(NULL);
    printf("CHECK_SEED=%u\n", seed);
    Suite *suite = suite_create("libcrypto");
    TCase *t = life_case("libcrypto");
    tcase_add_unchecked_fixture(t, setup, teardown);
    tcase_add_checked_fixture(t, begin, end);
    tcase_add_loop_test(t, nothing_false_is_said, 0, (int)COUNT(calls));
    tcase_add_loop_test(t, the_first_encryption, 0, 2);
    tcase_set_timeout(t, 600);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
