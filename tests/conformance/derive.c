/* SPDX-License-Identifier: Apache-2.0 */
/*
 * C_DeriveKey: what each mechanism makes of a session's secret keys, for each length and type, and
 * which parameters it takes. Rows with the clause of PKCS#11 3.0; curr: of its Current Mechanisms.
 * derive_kept.c has what is said of the new key.
 */
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>

#include "deriving.h"
#include "runner.h"

#define HERE __LINE__

static bool has_value(CK_OBJECT_HANDLE key, const void *value, CK_ULONG len)
{
    CK_BYTE got[4096];
    CK_ULONG said = 0;
    CK_ATTRIBUTE t[] = {{CKA_VALUE, got, sizeof got}, {CKA_VALUE_LEN, &said, sizeof said}};
    return h.f->C_GetAttributeValue(s, key, t, 2) == CKR_OK && t[0].ulValueLen == len &&
           said == len && memcmp(got, value, len) == 0;
}

/* --- digests
 * ------------------------------------------------------------------------------------*/

static const struct {
    const char *clause, *name;
    CK_MECHANISM_TYPE type;
    CK_ULONG len;
} digests[] = {
    {"curr 2.20.5", "SHA1", CKM_SHA1_KEY_DERIVATION, 20},
    {"curr 2.21.5", "SHA224", CKM_SHA224_KEY_DERIVATION, 28},
    {"curr 2.22.5", "SHA256", CKM_SHA256_KEY_DERIVATION, 32},
    {"curr 2.23.5", "SHA384", CKM_SHA384_KEY_DERIVATION, 48},
    {"curr 2.24.5", "SHA512", CKM_SHA512_KEY_DERIVATION, 64},
};

START_TEST(by_a_digest)
{
    CK_BYTE want[64];
    for (size_t i = 0; i < COUNT(digests); i++) {
        const char *clause = digests[i].clause;
        CK_MECHANISM m = {digests[i].type, NULL, 0}, odd = {digests[i].type, value_01, 4};
        CK_ULONG len = digests[i].len;
        ck_assert_int_eq(EVP_Q_digest(NULL, digests[i].name, NULL, value_wide, 64, want, NULL), 1);
        row(clause, CKR_OK, derive(&m, wide, NONE, NONE), "neither length nor type");
        row(clause, 1, has_value(o, want, len), "the digest");
        row(clause, CKK_GENERIC_SECRET, number_of(o, CKA_KEY_TYPE), "its type");
        row(clause, CKR_OK, derive(&m, wide, NONE, 5), "a length");
        row(clause, 1, has_value(o, want, 5), "the digest's first bytes");
        row(clause, CKR_OK, derive(&m, wide, CKK_GENERIC_SECRET, len), "length and type");
        row(clause, 1, has_value(o, want, len), "the digest");
        row(clause, CKR_OK, derive(&m, wide, CKK_SM4, NONE), "a type that has its length");
        row(clause, 1, has_value(o, want, 16), "the digest's first bytes");
        row(clause, CKK_SM4, number_of(o, CKA_KEY_TYPE), "its type");
        row(clause, CKR_TEMPLATE_INCOMPLETE, derive(&m, wide, CKK_GENERIC_SECRET, NONE),
            "a type of any length");
        row(clause, CKR_KEY_SIZE_RANGE, derive(&m, wide, NONE, len + 1), "more than the digest");
        row(clause, CKR_KEY_SIZE_RANGE, derive(&m, wide, CKK_SM4, 15), "no length of the type");
        row(clause, CKR_KEY_SIZE_RANGE, derive(&m, wide, NONE, 0), "nothing");
        row(clause, CKR_MECHANISM_PARAM_INVALID, derive(&odd, wide, NONE, NONE), "a parameter");
        ck_assert_int_eq(EVP_Q_digest(NULL, digests[i].name, NULL, value_sm4, 16, want, NULL), 1);
        row(clause, CKR_OK, derive(&m, sm4_base, NONE, NONE), "of an SM4 key");
        row(clause, 1, has_value(o, want, len), "the digest");
    }
    rows_end(5 * 17);
}
END_TEST

/* --- joined, XORed, cut
 * -------------------------------------------------------------------------*/

static CK_KEY_DERIVATION_STRING_DATA string_89 = {value_89, 4}, string_of_3 = {value_89, 3},
                                     string_wide = {value_wide, 64}, string_none = {NULL, 0},
                                     string_lies = {NULL, 4}, string_endless = {value_wide, NONE};
static CK_EXTRACT_PARAMS bit_0 = 0, bit_21 = 21, bit_31 = 31, bit_32 = 32, bit_endless = NONE;

#define GENERIC CKK_GENERIC_SECRET
#define MAKES(bytes) CKR_OK, bytes, sizeof(bytes) - 1
#define FAILS(rv) rv, NULL, 0
#define TOO_LONG FAILS(CKR_KEY_SIZE_RANGE)
#define INCOMPLETE FAILS(CKR_TEMPLATE_INCOMPLETE)
#define BAD_PARAM FAILS(CKR_MECHANISM_PARAM_INVALID)

static const struct simple {
    int line;
    const char *clause;
    CK_MECHANISM_TYPE type;
    void *param;
    CK_ULONG param_len;
    const CK_OBJECT_HANDLE *base;
    CK_KEY_TYPE key_type;
    CK_ULONG len;
    CK_RV want;
    const char *value;
    CK_ULONG value_len;
} simple[] = {
    {HERE, "curr 2.43.3", AND_KEY, WITH(other), &base, NONE, NONE,
     MAKES("\x01\x23\x45\x67\x89\xab\xcd\xef")},
    {HERE, "curr 2.43.3", AND_KEY, WITH(other), &base, NONE, 6, MAKES("\x01\x23\x45\x67\x89\xab")},
    {HERE, "curr 2.43.3", AND_KEY, WITH(other), &base, GENERIC, 3, MAKES("\x01\x23\x45")},
    {HERE, "curr 2.43.3", AND_KEY, WITH(base), &base, NONE, 8,
     MAKES("\x01\x23\x45\x67\x01\x23\x45\x67")},
    {HERE, "curr 2.43.3", AND_KEY, WITH(wide), &base, CKK_SM4, NONE,
     MAKES("\x01\x23\x45\x67\xf0\xf0\xf0\xf0\xf0\xf0\xf0\xf0\xf0\xf0\xf0\xf0")},
    {HERE, "curr 2.43.3", AND_KEY, WITH(other), &base, CKK_SM4, NONE, TOO_LONG},
    {HERE, "curr 2.43.3", AND_KEY, WITH(other), &base, NONE, 9, TOO_LONG},
    {HERE, "curr 2.43.3", AND_KEY, WITH(other), &base, GENERIC, NONE, INCOMPLETE},
    {HERE, "curr 2.43.3", AND_KEY, NULL, 0, &base, NONE, NONE, BAD_PARAM},
    {HERE, "curr 2.43.3", AND_KEY, &other, 4, &base, NONE, NONE, BAD_PARAM},
    {HERE, "5.18.5", AND_KEY, WITH(no_key), &base, NONE, NONE, FAILS(CKR_KEY_HANDLE_INVALID)},
    {HERE, "curr 2.43.3", AND_KEY, WITH(sign_key), &base, NONE, NONE,
     FAILS(CKR_KEY_TYPE_INCONSISTENT)},
    {HERE, "4.8", AND_KEY, WITH(plain), &base, NONE, NONE, FAILS(CKR_KEY_FUNCTION_NOT_PERMITTED)},

    {HERE, "curr 2.43.4", AND_DATA, WITH(string_89), &base, NONE, NONE,
     MAKES("\x01\x23\x45\x67\x89\xab\xcd\xef")},
    {HERE, "curr 2.43.4", AND_DATA, WITH(string_89), &base, NONE, 5, MAKES("\x01\x23\x45\x67\x89")},
    {HERE, "curr 2.43.4", AND_DATA, WITH(string_none), &base, NONE, NONE,
     MAKES("\x01\x23\x45\x67")},
    {HERE, "curr 2.43.4", AND_DATA, WITH(string_wide), &base, CKK_SM4, 16,
     MAKES("\x01\x23\x45\x67\xf0\xf0\xf0\xf0\xf0\xf0\xf0\xf0\xf0\xf0\xf0\xf0")},
    {HERE, "curr 2.43.4", AND_DATA, WITH(string_89), &base, NONE, 9, TOO_LONG},
    {HERE, "curr 2.43.4", AND_DATA, WITH(string_89), &base, CKK_SM4, NONE, TOO_LONG},
    {HERE, "curr 2.43.4", AND_DATA, WITH(string_endless), &base, NONE, NONE, TOO_LONG},
    {HERE, "curr 2.43.4", AND_DATA, WITH(string_89), &base, GENERIC, NONE, INCOMPLETE},
    {HERE, "curr 2.43.4", AND_DATA, WITH(string_lies), &base, NONE, NONE, BAD_PARAM},
    {HERE, "curr 2.43.4", AND_DATA, NULL, 0, &base, NONE, NONE, BAD_PARAM},
    {HERE, "curr 2.43.4", AND_DATA, NULL, sizeof string_89, &base, NONE, NONE, BAD_PARAM},
    {HERE, "curr 2.43.4", AND_DATA, &string_89, 8, &base, NONE, NONE, BAD_PARAM},

    {HERE, "curr 2.43.5", AND_BASE, WITH(string_89), &base, NONE, NONE,
     MAKES("\x89\xab\xcd\xef\x01\x23\x45\x67")},
    {HERE, "curr 2.43.5", AND_BASE, WITH(string_89), &base, NONE, 2, MAKES("\x89\xab")},
    {HERE, "curr 2.43.5", AND_BASE, WITH(string_89), &base, NONE, 9, TOO_LONG},
    {HERE, "curr 2.43.5", AND_BASE, WITH(string_endless), &base, NONE, 2, MAKES("\xf0\xf0")},
    {HERE, "curr 2.43.5", AND_BASE, WITH(string_endless), &base, NONE, 4097, TOO_LONG},
    {HERE, "curr 2.43.5", AND_BASE, WITH(string_89), &base, GENERIC, NONE, INCOMPLETE},
    {HERE, "curr 2.43.5", AND_BASE, WITH(string_lies), &base, NONE, NONE, BAD_PARAM},

    {HERE, "curr 2.43.6", XOR, WITH(string_89), &base, NONE, NONE, MAKES("\x88\x88\x88\x88")},
    {HERE, "curr 2.43.6", XOR, WITH(string_of_3), &base, NONE, NONE, MAKES("\x88\x88\x88")},
    {HERE, "curr 2.43.6", XOR, WITH(string_wide), &base, NONE, NONE, MAKES("\xf1\xd3\xb5\x97")},
    {HERE, "curr 2.43.6", XOR, WITH(string_wide), &sm4_base, CKK_SM4, NONE,
     MAKES("\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9\xf0\xf0\xf0\xf0\xf0\xf0\xf0")},
    {HERE, "curr 2.43.6", XOR, WITH(string_89), &base, GENERIC, 2, MAKES("\x88\x88")},
    {HERE, "curr 2.43.6", XOR, WITH(string_of_3), &base, NONE, 4, TOO_LONG},
    {HERE, "curr 2.43.6", XOR, WITH(string_wide), &base, NONE, 5, TOO_LONG},
    {HERE, "curr 2.43.6", XOR, WITH(string_none), &base, NONE, NONE, TOO_LONG},
    {HERE, "curr 2.43.6", XOR, WITH(string_89), &base, GENERIC, NONE, INCOMPLETE},
    {HERE, "curr 2.43.6", XOR, NULL, 0, &base, NONE, NONE, BAD_PARAM},

    {HERE, "curr 2.43.7", EXTRACT, WITH(bit_21), &bits, NONE, 2, MAKES("\x95\x26")},
    {HERE, "curr 2.43.7", EXTRACT, WITH(bit_0), &bits, NONE, 4, MAKES("\x32\x9f\x84\xa9")},
    {HERE, "curr 2.43.7", EXTRACT, WITH(bit_31), &bits, GENERIC, 4, MAKES("\x99\x4f\xc2\x54")},
    {HERE, "curr 2.43.7", EXTRACT, WITH(bit_0), &sm4_base, CKK_SM4, NONE,
     MAKES("\x01\x02\x03\x04\x05\x06\x07\x08\x09\0\0\0\0\0\0\0")},
    {HERE, "curr 2.43.7", EXTRACT, WITH(bit_21), &bits, NONE, NONE, INCOMPLETE},
    {HERE, "curr 2.43.7", EXTRACT, WITH(bit_21), &bits, GENERIC, NONE, INCOMPLETE},
    {HERE, "curr 2.43.7", EXTRACT, WITH(bit_21), &bits, NONE, 5, TOO_LONG},
    {HERE, "curr 2.43.7", EXTRACT, WITH(bit_21), &bits, CKK_SM4, NONE, TOO_LONG},
    {HERE, "curr 2.43.7", EXTRACT, WITH(bit_32), &bits, NONE, 1, BAD_PARAM},
    {HERE, "curr 2.43.7", EXTRACT, WITH(bit_endless), &bits, NONE, 1, BAD_PARAM},
    {HERE, "curr 2.43.7", EXTRACT, NULL, 0, &bits, NONE, 1, BAD_PARAM},
    {HERE, "curr 2.43.7", EXTRACT, &bit_0, 4, &bits, NONE, 1, BAD_PARAM},
};

START_TEST(by_simple_means)
{
    char what[64];
    for (size_t i = 0; i < COUNT(simple); i++) {
        const struct simple *r = &simple[i];
        CK_MECHANISM m = {r->type, r->param, r->param_len};
        (void)snprintf(what, sizeof what, "the row of line %d", r->line);
        row(r->clause, r->want, derive(&m, *r->base, r->key_type, r->len), what);
        if (r->value)
            row(r->clause, 1, has_value(o, r->value, r->value_len), what);
        else
            row("5.18.5", 0, o, what);
    }
    rows_end(2 * COUNT(simple));
}
END_TEST

/* --- HKDF
 * ---------------------------------------------------------------------------------------*/

static CK_BYTE *counting(CK_BYTE *out, CK_BYTE from, size_t len)
{
    for (size_t i = 0; i < len; i++)
        out[i] = (CK_BYTE)(from + i);
    return out;
}

/* RFC 5869, appendix A: A.1 whole and in its two steps, the long A.2, A.3 with neither salt nor
 * info, and A.4 with SHA-1. */
START_TEST(by_hkdf_as_its_vectors_say)
{
    CK_BYTE ikm[80], salt[80], info[80];
    static const char prk_1[] = "\x07\x77\x09\x36\x2c\x2e\x32\xdf\x0d\xdc\x3f\x0d\xc4\x7b\xba\x63"
                                "\x90\xb6\xc7\x3b\xb5\x0f\x9c\x31\x22\xec\x84\x4a\xd7\xc2\xb3\xe5",
                      okm_1[] = "\x3c\xb2\x5f\x25\xfa\xac\xd5\x7a\x90\x43\x4f\x64\xd0\x36\x2f\x2a"
                                "\x2d\x2d\x0a\x90\xcf\x1a\x5a\x4c\x5d\xb0\x2d\x56\xec\xc4\xc5\xbf"
                                "\x34\x00\x72\x08\xd5\xb8\x87\x18\x58\x65",
                      okm_2[] = "\xb1\x1e\x39\x8d\xc8\x03\x27\xa1\xc8\xe7\xf7\x8c\x59\x6a\x49\x34"
                                "\x4f\x01\x2e\xda\x2d\x4e\xfa\xd8\xa0\x50\xcc\x4c\x19\xaf\xa9\x7c"
                                "\x59\x04\x5a\x99\xca\xc7\x82\x72\x71\xcb\x41\xc6\x5e\x59\x0e\x09"
                                "\xda\x32\x75\x60\x0c\x2f\x09\xb8\x36\x77\x93\xa9\xac\xa3\xdb\x71"
                                "\xcc\x30\xc5\x81\x79\xec\x3e\x87\xc1\x4c\x01\xd5\xc1\xf3\x43\x4f"
                                "\x1d\x87",
                      okm_3[] = "\x8d\xa4\xe7\x75\xa5\x63\xc1\x8f\x71\x5f\x80\x2a\x06\x3c\x5a\x31"
                                "\xb8\xa1\x1f\x5c\x5e\xe1\x87\x9e\xc3\x45\x4e\x5f\x3c\x73\x8d\x2d"
                                "\x9d\x20\x13\x95\xfa\xa4\xb6\x1a\x96\xc8",
                      okm_4[] = "\x08\x5a\x01\xea\x1b\x10\xf3\x69\x33\x06\x8b\x56\xef\xa5\xad\x81"
                                "\xa4\xf1\x4b\x82\x2f\x5b\x09\x15\x68\xa9\xcd\xd4\xf1\x55\xfd\xa2"
                                "\xc2\x2e\x42\x24\x78\xd3\x05\xf3\xf8\x96";
    CK_HKDF_PARAMS p = hkdf_of(CKM_SHA256, counting(salt, 0, 13), 13, counting(info, 0xf0, 10), 10);
    CK_MECHANISM m = {CKM_HKDF_DERIVE, &p, sizeof p};
    memset(ikm, 0x0b, 22);
    CK_OBJECT_HANDLE from = key_of(GENERIC, ikm, 22, &yes);
    row("RFC 5869, A.1", CKR_OK, derive(&m, from, NONE, 42), "whole");
    row("RFC 5869, A.1", 1, has_value(o, okm_1, 42), "whole");
    p.bExpand = 0;
    row("RFC 5869, A.1", CKR_OK, derive(&m, from, NONE, NONE), "extracted");
    row("RFC 5869, A.1", 1, has_value(o, prk_1, 32), "extracted");
    p.bExtract = 0;
    p.bExpand = 1;
    CK_OBJECT_HANDLE prk = key_of(GENERIC, prk_1, 32, &yes);
    row("RFC 5869, A.1", CKR_OK, derive(&m, prk, NONE, 42), "expanded");
    row("RFC 5869, A.1", 1, has_value(o, okm_1, 42), "expanded");
    p = hkdf_of(CKM_SHA256, NULL, 0, NULL, 0);
    row("RFC 5869, A.3", CKR_OK, derive(&m, from, NONE, 42), "without salt");
    row("RFC 5869, A.3", 1, has_value(o, okm_3, 42), "without salt");
    p = hkdf_of(CKM_SHA_1, salt, 13, info, 10);
    from = key_of(GENERIC, ikm, 11, &yes);
    row("RFC 5869, A.4", CKR_OK, derive(&m, from, NONE, 42), "SHA-1");
    row("RFC 5869, A.4", 1, has_value(o, okm_4, 42), "SHA-1");
    from = key_of(GENERIC, counting(ikm, 0, 80), 80, &yes);
    p = hkdf_of(CKM_SHA256, counting(salt, 0x60, 80), 80, counting(info, 0xb0, 80), 80);
    row("RFC 5869, A.2", CKR_OK, derive(&m, from, NONE, 82), "long");
    row("RFC 5869, A.2", 1, has_value(o, okm_2, 82), "long");
    rows_end(12);
}
END_TEST

static void hkdf_of_openssl(const char *hash, CK_BYTE *salt, size_t salt_len, CK_BYTE *out,
                            size_t len)
{
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)(uintptr_t)hash, 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, value_wide, sizeof value_wide),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, value_89, 4),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt, salt_len),
        OSSL_PARAM_construct_end()};
    ck_assert_int_eq(EVP_KDF_derive(ctx, out, len, params), 1);
    EVP_KDF_CTX_free(ctx);
    EVP_KDF_free(kdf);
}

START_TEST(by_hkdf_as_openssl_says)
{
    static const struct {
        const char *name;
        CK_MECHANISM_TYPE type;
    } hashes[] = {{"SHA1", CKM_SHA_1},    {"SHA224", CKM_SHA224}, {"SHA256", CKM_SHA256},
                  {"SHA384", CKM_SHA384}, {"SHA512", CKM_SHA512}, {"SM3", CKM_SM3}};
    CK_BYTE want[4096];
    for (size_t i = 0; i < COUNT(hashes); i++) {
        CK_HKDF_PARAMS p = hkdf_of(hashes[i].type, value_32, 4, value_89, 4);
        CK_MECHANISM m = {CKM_HKDF_DERIVE, &p, sizeof p};
        hkdf_of_openssl(hashes[i].name, value_32, 4, want, sizeof want);
        row("curr 2.62.3", CKR_OK, derive(&m, wide, NONE, 4096), hashes[i].name);
        row("curr 2.62.3", 1, has_value(o, want, 4096), hashes[i].name);
        row("curr 2.62.3", CKR_OK, derive(&m, wide, CKK_SM4, NONE), "a type that has its length");
        row("curr 2.62.3", 1, has_value(o, want, 16), hashes[i].name);
        p.ulSaltType = CKF_HKDF_SALT_KEY;
        p.hSaltKey = other;
        hkdf_of_openssl(hashes[i].name, value_89, 4, want, 40);
        row("curr 2.62.2", CKR_OK, derive(&m, wide, NONE, 40), "a key for salt");
        row("curr 2.62.2", 1, has_value(o, want, 40), hashes[i].name);
    }
    rows_end(36);
}
END_TEST

START_TEST(hkdf_that_is_asked_wrongly)
{
    const CK_HKDF_PARAMS good = hkdf_of(CKM_SHA256, value_32, 4, value_89, 4);
    CK_HKDF_PARAMS p = good;
    CK_MECHANISM m = {CKM_HKDF_DERIVE, &p, sizeof p};
#define WRONG(clause, rv, from, len, ...)                                                          \
    do {                                                                                           \
        p = good;                                                                                  \
        __VA_ARGS__;                                                                               \
        row(clause, rv, derive(&m, from, NONE, len), #__VA_ARGS__);                                \
    } while (0)
    WRONG("2.62.3", CKR_MECHANISM_PARAM_INVALID, wide, 32, p.bExtract = p.bExpand = 0);
    WRONG("2.62.2", CKR_MECHANISM_PARAM_INVALID, wide, 32, p.bExtract = 2);
    WRONG("2.62.2", CKR_MECHANISM_PARAM_INVALID, wide, 32, p.bExpand = 2);
    WRONG("2.62.2", CKR_MECHANISM_PARAM_INVALID, wide, 32, p.prfHashMechanism = CKM_AES_CBC);
    WRONG("2.62.2", CKR_MECHANISM_PARAM_INVALID, wide, 32, p.prfHashMechanism = CKM_SHA256_HMAC);
    WRONG("2.62.2", CKR_MECHANISM_PARAM_INVALID, wide, 32, p.ulSaltType = 0);
    WRONG("2.62.2", CKR_MECHANISM_PARAM_INVALID, wide, 32, p.ulSaltType = 3);
    WRONG("2.62.2", CKR_MECHANISM_PARAM_INVALID, wide, 32, p.pSalt = NULL);
    WRONG("2.62.2", CKR_MECHANISM_PARAM_INVALID, wide, 32, p.pInfo = NULL);
    WRONG("2.62.2", CKR_MECHANISM_PARAM_INVALID, wide, 32, p.ulSaltLen = NONE);
    WRONG("2.62.2", CKR_MECHANISM_PARAM_INVALID, wide, 32, p.ulInfoLen = 16385);
    WRONG("5.18.5", CKR_KEY_HANDLE_INVALID, wide, 32, p.ulSaltType = CKF_HKDF_SALT_KEY);
    WRONG("2.62.2", CKR_KEY_TYPE_INCONSISTENT, wide, 32, p.ulSaltType = CKF_HKDF_SALT_KEY;
          p.hSaltKey = verify_key);
    WRONG("4.8", CKR_KEY_FUNCTION_NOT_PERMITTED, wide, 32, p.ulSaltType = CKF_HKDF_SALT_KEY;
          p.hSaltKey = plain);
    WRONG("2.62.3", CKR_KEY_TYPE_INCONSISTENT, sm4_base, 32, );
    WRONG("2.62.3", CKR_TEMPLATE_INCOMPLETE, wide, NONE, );
    WRONG("2.62.3", CKR_KEY_SIZE_RANGE, wide, 33, p.bExpand = 0);
    WRONG("2.62.3", CKR_KEY_SIZE_RANGE, wide, 4097, );
    WRONG("2.62.3", CKR_KEY_SIZE_RANGE, base, 32, p.bExtract = 0);
    /* of a step that isn't wanted nothing is looked at */
    WRONG("2.62.3", CKR_OK, wide, 32, p.bExtract = 0; p.ulSaltType = 9; p.pSalt = NULL);
    WRONG("2.62.3", CKR_OK, wide, 32, p.bExpand = 0; p.pInfo = NULL);
    m.ulParameterLen--;
    WRONG("2.62.2", CKR_MECHANISM_PARAM_INVALID, wide, 32, );
    m = (CK_MECHANISM){CKM_HKDF_DERIVE, NULL, sizeof p};
    WRONG("2.62.2", CKR_MECHANISM_PARAM_INVALID, wide, 32, );
    rows_end(23);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("derivation");
    TCase *t = mc_case(suite, "rows", deriving_setup);
    tcase_add_test(t, by_a_digest);
    tcase_add_test(t, by_simple_means);
    tcase_add_test(t, by_hkdf_as_its_vectors_say);
    tcase_add_test(t, by_hkdf_as_openssl_says);
    tcase_add_test(t, hkdf_that_is_asked_wrongly);
    return run_suite(suite);
}
