/* SPDX-License-Identifier: Apache-2.0 */
/* The crypto layer against published vectors, its own inverse, and OpenSSL's default context. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/codec.h"
#include "crypto/ctx.h"
#include "crypto/der.h"
#include "crypto/digest.h"
#include "crypto/envelope.h"
#include "crypto/scrypt.h"
#include "crypto/sm4.h"
#include "hexbytes.h"

#define SM2_D "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8"
#define SM2_X "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
#define SM2_Y "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"

static void check_digest(enum bk_hash hash, const char *text, const char *want)
{
    uint8_t out[BK_HASH_MAX], expected[BK_HASH_MAX];
    ck_assert_uint_eq(hexbytes(want, expected, sizeof expected), bk_hash_len(hash));
    ck_assert_int_eq(bk_digest(hash, text, strlen(text), out), BK_OK);
    ck_assert_mem_eq(out, expected, bk_hash_len(hash));
    struct bk_digester *d = NULL;
    ck_assert_int_eq(bk_digester_new(hash, &d), BK_OK);
    for (int round = 0; round < 2; round++) {
        memset(out, 0, sizeof out);
        for (size_t i = 0; text[i]; i++)
            ck_assert_int_eq(bk_digester_add(d, text + i, 1), BK_OK);
        ck_assert_int_eq(bk_digester_end(d, out), BK_OK);
        ck_assert_mem_eq(out, expected, bk_hash_len(hash));
    }
    bk_digester_free(&d);
    ck_assert_ptr_null(d);
}

START_TEST(digests_of_abc)
{
    check_digest(BK_HASH_SHA1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d");
    check_digest(BK_HASH_SHA224, "abc", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7");
    check_digest(BK_HASH_SHA256, "abc",
                 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    check_digest(BK_HASH_SM3, "abc",
                 "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    check_digest(BK_HASH_SM3, "abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd",
                 "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
    uint8_t out[BK_HASH_MAX];
    ck_assert_int_eq(bk_digest(BK_HASH_NONE, "", 0, out), BK_EINVAL);
    ck_assert_int_eq(bk_digest((enum bk_hash)99, "", 0, out), BK_EINVAL);
    ck_assert_uint_eq(bk_hash_len((enum bk_hash) - 1), 0);
}
END_TEST

static enum bk_err hkdf(const uint8_t key[22], const void *salt, size_t salt_len, const void *info,
                        size_t info_len, uint8_t out[42])
{
    uint8_t prk[32];
    enum bk_err err = bk_hkdf_extract(BK_HASH_SHA256, key, 22, salt, salt_len, prk);
    return err ? err : bk_hkdf_expand(BK_HASH_SHA256, prk, 32, info, info_len, out, 42);
}

/* RFC 4231 case 2 and RFC 5869 cases 1 and 3 */
START_TEST(hmac_and_hkdf)
{
    uint8_t out[64], want[64], key[22], salt[13], info[10];
    hexbytes("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", want, 32);
    ck_assert_int_eq(bk_hmac(BK_HASH_SHA256, "Jefe", 4, "what do ya want for nothing?", 28, out),
                     BK_OK);
    ck_assert_mem_eq(out, want, 32);
    memset(key, 0x0b, sizeof key);
    hexbytes("000102030405060708090a0b0c", salt, sizeof salt);
    hexbytes("f0f1f2f3f4f5f6f7f8f9", info, sizeof info);
    hexbytes("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
             want, 42);
    ck_assert_int_eq(hkdf(key, salt, 13, info, 10, out), BK_OK);
    ck_assert_mem_eq(out, want, 42);
    hexbytes("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
             want, 42);
    ck_assert_int_eq(hkdf(key, NULL, 0, NULL, 0, out), BK_OK);
    ck_assert_mem_eq(out, want, 42);
    ck_assert_int_eq(bk_hkdf_expand(BK_HASH_SHA256, key, 22, NULL, 0, out, 255 * 32 + 1),
                     BK_EINVAL);
    ck_assert_int_eq(bk_hkdf_extract(BK_HASH_NONE, key, 22, NULL, 0, out), BK_EINVAL);
}
END_TEST

/* RFC 7914 clause 12 */
START_TEST(scrypt_of_the_rfc)
{
    static const struct {
        struct bk_scrypt_cost cost;
        const char *password, *salt, *key;
    } rows[] = {
        {{4, 1, 1},
         "",
         "",
         "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
         "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"},
        {{10, 8, 16},
         "password",
         "NaCl",
         "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
         "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"},
        {{14, 8, 1},
         "pleaseletmein",
         "SodiumChloride",
         "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
         "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t out[64], want[64];
        hexbytes(rows[i].key, want, sizeof want);
        ck_assert_int_eq(bk_scrypt(&rows[i].cost, rows[i].password, strlen(rows[i].password),
                                   rows[i].salt, strlen(rows[i].salt), out, sizeof out),
                         BK_OK);
        ck_assert_mem_eq(out, want, sizeof want);
    }
    static const struct bk_scrypt_cost bad[] = {{0, 8, 1},  {15, 0, 1}, {15, 8, 0},
                                                {19, 8, 1}, {31, 1, 1}, {10, 8, 17}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint8_t out[64];
        ck_assert_int_eq(bk_scrypt(&bad[i], "a", 1, "b", 1, out, sizeof out), BK_EINVAL);
    }
}
END_TEST

/* GB/T 32907-2016 appendix A.1 */
START_TEST(sm4_of_the_standard)
{
    uint8_t key[16], out[16], want[16], iv[16] = {0};
    hexbytes("0123456789abcdeffedcba9876543210", key, 16);
    hexbytes("681edf34d206965e86b3e94f536e4246", want, 16);
    ck_assert_int_eq(bk_sm4_ecb(key, true, key, 16, out), BK_OK);
    ck_assert_mem_eq(out, want, 16);
    ck_assert_int_eq(bk_sm4_ecb(key, false, out, 16, out), BK_OK);
    ck_assert_mem_eq(out, key, 16);
    ck_assert_int_eq(bk_sm4_ecb(key, true, key, 15, out), BK_EINVAL);
    ck_assert_int_eq(bk_sm4_cbc(key, iv, true, key, 16, out), BK_OK);
    ck_assert_mem_eq(out, want, 16);
}
END_TEST

START_TEST(sm4_padding_is_checked)
{
    uint8_t key[16] = "0123456789abcdef", bad[16] = {0};
    struct bk_buf sealed = BK_BUF_INIT, plain = BK_BUF_INIT;
    for (size_t len = 0; len < 40; len++) {
        bk_buf_clear(&sealed);
        bk_buf_clear(&plain);
        ck_assert_int_eq(
            bk_sm4_ecb_seal(key, "0123456789012345678901234567890123456789", len, &sealed), BK_OK);
        ck_assert_uint_eq(sealed.len, len / 16 * 16 + 16);
        ck_assert_int_eq(bk_sm4_ecb_open(key, sealed.data, sealed.len, &plain), BK_OK);
        ck_assert_uint_eq(plain.len, len);
        ck_assert_mem_eq(plain.data, "0123456789012345678901234567890123456789", len);
    }
    bk_buf_clear(&plain);
    for (unsigned last = 0; last < 256; last++) {
        memset(bad, 3, sizeof bad);
        bad[15] = (uint8_t)last;
        ck_assert_int_eq(bk_sm4_ecb(key, true, bad, 16, bad), BK_OK);
        ck_assert_int_eq(bk_sm4_ecb_open(key, bad, 16, &plain),
                         last == 3 || last == 1 ? BK_OK : BK_EFORMAT);
    }
    ck_assert_int_eq(bk_sm4_ecb_open(key, bad, 0, &plain), BK_EFORMAT);
    ck_assert_int_eq(bk_sm4_ecb_open(key, bad, 8, &plain), BK_EFORMAT);
    bk_buf_free(&sealed);
    bk_buf_free(&plain);
}
END_TEST

START_TEST(der_is_strict)
{
    static const struct {
        const char *hex;
        enum bk_err want;
        size_t len;
    } cases[] = {
        {"020100", BK_OK, 0},        {"020101", BK_OK, 1},
        {"02020080", BK_OK, 1},      {"0200", BK_EFORMAT, 0},
        {"020180", BK_EFORMAT, 0},   {"02020001", BK_EFORMAT, 0},
        {"02810101", BK_EFORMAT, 0}, {"0280", BK_EFORMAT, 0},
        {"0202 01", BK_EFORMAT, 0},  {"028400000001 01", BK_EFORMAT, 0},
        {"030101", BK_EFORMAT, 0},   {"", BK_EFORMAT, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t der[16];
        size_t n = hexbytes(cases[i].hex, der, sizeof der), len = 99;
        struct bk_rd rd = bk_rd(der, n);
        const uint8_t *v = NULL;
        ck_assert_int_eq(bk_der_uint(&rd, &v, &len), cases[i].want);
        if (cases[i].want == BK_OK)
            ck_assert_uint_eq(len, cases[i].len);
        else
            ck_assert_uint_eq(rd.left, n);
    }
    for (size_t len = 0; len < 70000; len = len * 2 + 1) {
        struct bk_buf out = BK_BUF_INIT, value = BK_BUF_INIT;
        ck_assert_int_eq(bk_buf_put_zero(&value, len), BK_OK);
        ck_assert_int_eq(bk_der_put(&out, BK_DER_OCTETS, value.data, len), BK_OK);
        struct bk_rd rd = bk_rd(out.data, out.len), in;
        ck_assert_int_eq(bk_der_take(&rd, BK_DER_OCTETS, &in), BK_OK);
        ck_assert_uint_eq(in.left, len);
        ck_assert_int_eq(bk_rd_end(&rd), BK_OK);
        bk_buf_free(&out);
        bk_buf_free(&value);
    }
}
END_TEST

static struct bk_sm2_key *standard_key(void)
{
    uint8_t d[32];
    struct bk_sm2_key *key = NULL;
    hexbytes(SM2_D, d, 32);
    ck_assert_int_eq(bk_sm2_from_bytes(d, &key), BK_OK);
    return key;
}

/* GB/T 32918.5-2017 appendix A.2 */
START_TEST(sm2_of_the_standard)
{
    uint8_t want[32], got[32];
    struct bk_sm2_sig sig;
    struct bk_sm2_key *key = standard_key();
    const struct bk_pubkey *pub = bk_sm2_pubkey(key);
    hexbytes(SM2_X, want, 32);
    ck_assert_mem_eq(pub->x, want, 32);
    hexbytes(SM2_Y, want, 32);
    ck_assert_mem_eq(pub->y, want, 32);
    ck_assert_int_eq(bk_sm2_to_bytes(key, got), BK_OK);
    hexbytes(SM2_D, want, 32);
    ck_assert_mem_eq(got, want, 32);
    ck_assert_int_eq(bk_sm2_z(pub, NULL, 0, got), BK_OK);
    hexbytes("b2e14c5c79c6df5b85f4fe7ed8db7a262b9da7e07ccb0ea9f4747b8ccda8a4f3", want, 32);
    ck_assert_mem_eq(got, want, 32);
    ck_assert_int_eq(bk_sm2_e(pub, "1234567812345678", 16, "message digest", 14, got), BK_OK);
    hexbytes("f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640", want, 32);
    ck_assert_mem_eq(got, want, 32);
    hexbytes("f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3", sig.r, 32);
    hexbytes("b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa", sig.s, 32);
    ck_assert_int_eq(bk_sm2_verify(pub, got, &sig), BK_OK);
    sig.s[31] ^= 1;
    ck_assert_int_eq(bk_sm2_verify(pub, got, &sig), BK_EVERIFY);
    ck_assert_int_eq(bk_sm2_sign(key, got, &sig), BK_OK);
    ck_assert_int_eq(bk_sm2_verify(pub, got, &sig), BK_OK);
    got[0] ^= 1;
    ck_assert_int_eq(bk_sm2_verify(pub, got, &sig), BK_EVERIFY);
    bk_sm2_free(&key);
}
END_TEST

/* GB/T 32918.5-2017 appendix C.2: "encryption standard" to the same key */
START_TEST(sm2_decrypts_the_standard)
{
    struct bk_sm2_cipher c = {0};
    struct bk_buf plain = BK_BUF_INIT, der = BK_BUF_INIT;
    uint8_t cipher[19];
    struct bk_sm2_key *key = standard_key();
    hexbytes("04ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73", c.x, 32);
    hexbytes("e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0", c.y, 32);
    hexbytes("59983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766", c.hash, 32);
    hexbytes("21886ca989ca9c7d58087307ca93092d651efa", cipher, sizeof cipher);
    ck_assert_int_eq(bk_buf_put(&c.cipher, cipher, sizeof cipher), BK_OK);
    ck_assert_int_eq(bk_sm2_decrypt(key, &c, &plain), BK_OK);
    ck_assert_uint_eq(plain.len, 19);
    ck_assert_mem_eq(plain.data, "encryption standard", 19);
    ck_assert_int_eq(bk_sm2_cipher_to_der(&c, &der), BK_OK);
    struct bk_sm2_cipher again = {0};
    ck_assert_int_eq(bk_sm2_cipher_from_der(der.data, der.len, &again), BK_OK);
    ck_assert_mem_eq(again.x, c.x, 32);
    ck_assert_int_eq(bk_sm2_cipher_from_der(der.data, der.len - 1, &again), BK_EFORMAT);
    c.hash[3] ^= 1;
    ck_assert_int_eq(bk_sm2_decrypt(key, &c, &plain), BK_EVERIFY);
    c.x[3] ^= 1;
    ck_assert_int_eq(bk_sm2_decrypt(key, &c, &plain), BK_EFORMAT);
    ck_assert_uint_eq(plain.len, 19);
    bk_sm2_cipher_free(&c);
    bk_sm2_cipher_free(&again);
    bk_buf_free(&plain);
    bk_buf_free(&der);
    bk_sm2_free(&key);
}
END_TEST

START_TEST(sm2_round_trips)
{
    struct bk_sm2_key *key = NULL;
    struct bk_buf in = BK_BUF_INIT, der = BK_BUF_INIT, out = BK_BUF_INIT;
    ck_assert_int_eq(bk_sm2_generate(&key), BK_OK);
    for (size_t len = 1; len < 2000; len = len * 3 + 1) {
        struct bk_sm2_cipher c = {0};
        bk_buf_clear(&in);
        bk_buf_clear(&out);
        bk_buf_clear(&der);
        ck_assert_int_eq(bk_buf_put_zero(&in, len), BK_OK);
        ck_assert_int_eq(bk_random(in.data, len), BK_OK);
        ck_assert_int_eq(bk_sm2_encrypt(bk_sm2_pubkey(key), in.data, len, &c), BK_OK);
        ck_assert_uint_eq(c.cipher.len, len);
        ck_assert_int_eq(bk_sm2_decrypt(key, &c, &out), BK_OK);
        ck_assert_uint_eq(out.len, len);
        ck_assert_mem_eq(out.data, in.data, len);
        bk_sm2_cipher_free(&c);
    }
    for (int i = 0; i < 40; i++) {
        struct bk_sm2_sig sig, back;
        uint8_t e[32];
        bk_buf_clear(&der);
        ck_assert_int_eq(bk_random(e, 32), BK_OK);
        ck_assert_int_eq(bk_sm2_sign(key, e, &sig), BK_OK);
        ck_assert_int_eq(bk_sm2_sig_to_der(&sig, &der), BK_OK);
        ck_assert_int_eq(bk_sm2_sig_from_der(der.data, der.len, &back), BK_OK);
        ck_assert_mem_eq(&sig, &back, sizeof sig);
        ck_assert_int_eq(bk_sm2_verify(bk_sm2_pubkey(key), e, &back), BK_OK);
    }
    bk_sm2_free(&key);
    bk_buf_free(&in);
    bk_buf_free(&der);
    bk_buf_free(&out);
}
END_TEST

START_TEST(sm2_private_key_has_a_range)
{
    /* n - 2 is the last good one, n - 1 isn't */
    uint8_t d[32];
    struct bk_sm2_key *key = NULL;
    hexbytes("fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54121", d, 32);
    ck_assert_int_eq(bk_sm2_from_bytes(d, &key), BK_OK);
    bk_sm2_free(&key);
    d[31]++;
    ck_assert_int_eq(bk_sm2_from_bytes(d, &key), BK_EFORMAT);
    memset(d, 0, 32);
    ck_assert_int_eq(bk_sm2_from_bytes(d, &key), BK_EFORMAT);
    ck_assert_ptr_null(key);
}
END_TEST

static struct bk_rsa_key *rsa_key(void)
{
    static struct bk_rsa_key *key;
    if (!key)
        ck_assert_int_eq(bk_rsa_generate(2048, &key), BK_OK);
    return key;
}

START_TEST(spki_is_openssl_s)
{
    struct bk_sm2_key *sm2 = standard_key();
    const struct bk_pubkey *pubs[] = {bk_sm2_pubkey(sm2), bk_rsa_pubkey(rsa_key())};
    EVP_PKEY *pkeys[] = {bk_sm2_evp(sm2), bk_rsa_evp(rsa_key())};
    for (int i = 0; i < 2; i++) {
        struct bk_buf der = BK_BUF_INIT;
        struct bk_pubkey back;
        uint8_t id[BK_KEY_ID], want[64];
        ck_assert_int_eq(bk_pubkey_to_spki(pubs[i], &der), BK_OK);
        unsigned char *theirs = NULL;
        int len = i2d_PUBKEY(pkeys[i], &theirs);
        ck_assert_int_eq(len, (int)der.len);
        ck_assert_mem_eq(theirs, der.data, der.len);
        OPENSSL_free(theirs);
        ck_assert_int_eq(bk_pubkey_from_spki(der.data, der.len, &back), BK_OK);
        ck_assert(bk_pubkey_equal(&back, pubs[i]));
        for (size_t cut = 0; cut < der.len; cut++)
            ck_assert_int_ne(bk_pubkey_from_spki(der.data, cut, &back), BK_OK);
        size_t bits = i ? 24 : 26; /* where the BIT STRING's content begins */
        ck_assert_int_eq(bk_digest(BK_HASH_SHA1, der.data + bits, der.len - bits, want), BK_OK);
        ck_assert_int_eq(bk_pubkey_id_sha1(pubs[i], id), BK_OK);
        ck_assert_mem_eq(id, want, BK_KEY_ID);
        ck_assert_int_eq(bk_digest(BK_HASH_SM3, der.data, der.len, want), BK_OK);
        ck_assert_int_eq(bk_pubkey_id_sm3(pubs[i], id), BK_OK);
        ck_assert_mem_eq(id, want, BK_KEY_ID);
        bk_buf_free(&der);
    }
    ck_assert(!bk_pubkey_equal(pubs[0], pubs[1]));
    bk_sm2_free(&sm2);
}
END_TEST

START_TEST(rsa_signs_pkcs1_and_pss)
{
    struct bk_rsa_key *key = rsa_key();
    const struct bk_pubkey *pub = bk_rsa_pubkey(key);
    for (int h = 1; h < BK_HASH_COUNT; h++) {
        enum bk_hash hash = (enum bk_hash)h;
        uint8_t digest[BK_HASH_MAX], block[256], raw[256];
        struct bk_buf info = BK_BUF_INIT, sig = BK_BUF_INIT;
        ck_assert_int_eq(bk_digest(hash, "abc", 3, digest), BK_OK);
        ck_assert_int_eq(bk_rsa_digest_info(hash, digest, bk_hash_len(hash), &info), BK_OK);
        ck_assert_int_eq(bk_rsa_sign(key, info.data, info.len, &sig), BK_OK);
        ck_assert_int_eq(bk_rsa_verify(pub, hash, digest, bk_hash_len(hash), sig.data, sig.len),
                         BK_OK);
        ck_assert_int_eq(bk_rsa_verify(pub, BK_HASH_NONE, info.data, info.len, sig.data, sig.len),
                         BK_OK);
        /* the host's padding and the raw operation make the same signature */
        ck_assert_int_eq(bk_rsa_pad_sign(info.data, info.len, block, 256), BK_OK);
        ck_assert_int_eq(bk_rsa_private(key, block, 256, raw), BK_OK);
        ck_assert_mem_eq(raw, sig.data, 256);
        ck_assert_int_eq(bk_rsa_public(pub, raw, 256, raw), BK_OK);
        ck_assert_mem_eq(raw, block, 256);
        digest[0] ^= 1;
        ck_assert_int_eq(bk_rsa_verify(pub, hash, digest, bk_hash_len(hash), sig.data, sig.len),
                         BK_EVERIFY);
        digest[0] ^= 1;
        size_t salts[] = {0, bk_hash_len(hash), 256 - 2 - bk_hash_len(hash)};
        for (int s = 0; s < 3 && hash != BK_HASH_SM3; s++) {
            ck_assert_int_eq(
                bk_rsa_pad_pss(hash, hash, salts[s], digest, bk_hash_len(hash), 2048, block),
                BK_OK);
            ck_assert_int_eq(bk_rsa_private(key, block, 256, raw), BK_OK);
            ck_assert_int_eq(
                bk_rsa_verify_pss(pub, hash, hash, salts[s], digest, bk_hash_len(hash), raw, 256),
                BK_OK);
            raw[9] ^= 1;
            ck_assert_int_eq(
                bk_rsa_verify_pss(pub, hash, hash, salts[s], digest, bk_hash_len(hash), raw, 256),
                BK_EVERIFY);
        }
        ck_assert_int_eq(
            bk_rsa_pad_pss(hash, hash, salts[2] + 1, digest, bk_hash_len(hash), 2048, block),
            BK_ELIMIT);
        bk_buf_free(&info);
        bk_buf_free(&sig);
    }
}
END_TEST

START_TEST(rsa_block_is_below_the_modulus)
{
    uint8_t out[256];
    const struct bk_pubkey *pub = bk_rsa_pubkey(rsa_key());
    ck_assert_int_eq(bk_rsa_private(rsa_key(), pub->n, 256, out), BK_EFORMAT);
    ck_assert_int_eq(bk_rsa_private(rsa_key(), pub->n, 255, out), BK_EINVAL);
}
END_TEST

START_TEST(pkcs1_unpadding)
{
    const struct bk_pubkey *pub = bk_rsa_pubkey(rsa_key());
    uint8_t message[245], block[256];
    struct bk_buf sealed = BK_BUF_INIT, plain = BK_BUF_INIT;
    ck_assert_int_eq(bk_random(message, sizeof message), BK_OK);
    for (size_t len = 0; len <= sizeof message; len += 35) {
        bk_buf_clear(&sealed);
        bk_buf_clear(&plain);
        ck_assert_int_eq(bk_rsa_encrypt(pub, message, len, &sealed), BK_OK);
        ck_assert_int_eq(bk_rsa_decrypt(rsa_key(), sealed.data, sealed.len, &plain), BK_OK);
        ck_assert_uint_eq(plain.len, len);
        ck_assert_mem_eq(plain.data, message, len);
    }
    ck_assert_int_eq(bk_rsa_encrypt(pub, message, 246, &sealed), BK_ELIMIT);
    /* zero at 10: eight bytes of padding, good; at 9: seven, bad; nowhere: bad */
    for (size_t zero = 2; zero <= 256; zero++) {
        memset(block, 7, sizeof block);
        block[0] = 0;
        block[1] = 2;
        if (zero < 256)
            block[zero] = 0;
        bk_buf_clear(&plain);
        enum bk_err want = zero >= 10 && zero < 256 ? BK_OK : BK_EFORMAT;
        ck_assert_int_eq(bk_rsa_unpad(block, 256, &plain), want);
        ck_assert_uint_eq(plain.len, want == BK_OK ? 255 - zero : 0);
    }
    bk_buf_free(&sealed);
    bk_buf_free(&plain);
}
END_TEST

START_TEST(oaep_unpadding)
{
    const struct bk_pubkey *pub = bk_rsa_pubkey(rsa_key());
    uint8_t message[214] = {1, 0, 1, 0}, block[256];
    struct bk_buf sealed = BK_BUF_INIT, plain = BK_BUF_INIT;
    static const enum bk_hash hashes[][2] = {{BK_HASH_SHA1, BK_HASH_SHA1},
                                             {BK_HASH_SHA256, BK_HASH_SHA256},
                                             {BK_HASH_SHA256, BK_HASH_SHA1}};
    for (size_t h = 0; h < 3; h++) {
        size_t most = 256 - 2 - 2 * bk_hash_len(hashes[h][0]);
        for (size_t len = 0; len <= most; len += most / 4) {
            const char *label = len ? "label" : NULL;
            bk_buf_clear(&sealed);
            bk_buf_clear(&plain);
            ck_assert_int_eq(bk_rsa_encrypt_oaep(pub, hashes[h][0], hashes[h][1], label,
                                                 label ? 5 : 0, message, len, &sealed),
                             BK_OK);
            ck_assert_int_eq(bk_rsa_private(rsa_key(), sealed.data, 256, block), BK_OK);
            uint8_t copy[256];
            memcpy(copy, block, sizeof copy);
            ck_assert_int_eq(bk_rsa_unpad_oaep(hashes[h][0], hashes[h][1], label, label ? 5 : 0,
                                               block, 256, &plain),
                             BK_OK);
            ck_assert_uint_eq(plain.len, len);
            ck_assert_mem_eq(plain.data, message, len);
            memcpy(block, copy, sizeof block);
            ck_assert_int_eq(
                bk_rsa_unpad_oaep(hashes[h][0], hashes[h][1], "other", 5, block, 256, &plain),
                BK_EFORMAT);
            copy[0] = 1;
            ck_assert_int_eq(bk_rsa_unpad_oaep(hashes[h][0], hashes[h][1], label, label ? 5 : 0,
                                               copy, 256, &plain),
                             BK_EFORMAT);
        }
    }
    bk_buf_free(&sealed);
    bk_buf_free(&plain);
}
END_TEST

START_TEST(rsa_private_key_in_der)
{
    struct bk_buf der = BK_BUF_INIT;
    struct bk_rsa_key *back = NULL;
    ck_assert_int_eq(bk_rsa_to_der(rsa_key(), &der), BK_OK);
    ck_assert_uint_eq(der.data[4], 2); /* RSAPrivateKey begins with its version, not PKCS#8 */
    ck_assert_uint_eq(der.data[7], 2);
    ck_assert_int_eq(bk_rsa_from_der(der.data, der.len, &back), BK_OK);
    ck_assert(bk_pubkey_equal(bk_rsa_pubkey(back), bk_rsa_pubkey(rsa_key())));
    bk_rsa_free(&back);
    ck_assert_int_eq(bk_rsa_from_der(der.data, der.len - 1, &back), BK_EFORMAT);
    ck_assert_int_eq(bk_buf_put_u8(&der, 0), BK_OK);
    ck_assert_int_eq(bk_rsa_from_der(der.data, der.len, &back), BK_EFORMAT);
    der.data[20] ^= 1; /* the modulus: the halves don't match */
    ck_assert_int_eq(bk_rsa_from_der(der.data, der.len - 1, &back), BK_EFORMAT);
    bk_buf_free(&der);
}
END_TEST

START_TEST(envelopes_open_for_their_key_alone)
{
    struct bk_sm2_key *sign = standard_key(), *enc = NULL, *got = NULL;
    struct bk_rsa_key *rsa_enc = NULL, *rsa_got = NULL;
    struct bk_buf der = BK_BUF_INIT;
    struct bk_envelope_sm2 env = {0};
    struct bk_envelope_rsa rsa_env = {0};
    ck_assert_int_eq(bk_sm2_generate(&enc), BK_OK);
    ck_assert_int_eq(bk_envelope_sm2_seal(bk_sm2_pubkey(sign), enc, &der), BK_OK);
    ck_assert_int_eq(bk_envelope_sm2_parse(der.data, der.len, &env), BK_OK);
    ck_assert_uint_eq(env.priv_len, 64);
    ck_assert_int_eq(bk_envelope_sm2_open(sign, &env, &got), BK_OK);
    ck_assert(bk_pubkey_equal(bk_sm2_pubkey(got), bk_sm2_pubkey(enc)));
    memmove(env.priv, env.priv + 32, 32); /* the value alone */
    env.priv_len = 32;
    bk_sm2_free(&got);
    ck_assert_int_eq(bk_envelope_sm2_open(sign, &env, &got), BK_OK);
    bk_sm2_free(&got);
    ck_assert_int_eq(bk_envelope_sm2_open(enc, &env, &got), BK_EVERIFY);
    env.pub = *bk_sm2_pubkey(sign);
    ck_assert_int_eq(bk_envelope_sm2_open(sign, &env, &got), BK_EVERIFY);
    ck_assert_ptr_null(got);
    for (size_t cut = 0; cut < der.len; cut++)
        ck_assert_int_ne(bk_envelope_sm2_parse(der.data, cut, &env), BK_OK);

    bk_buf_clear(&der);
    ck_assert_int_eq(bk_rsa_generate(2048, &rsa_enc), BK_OK);
    ck_assert_int_eq(bk_envelope_rsa_seal(bk_rsa_pubkey(rsa_key()), rsa_enc, &der), BK_OK);
    ck_assert_int_eq(bk_envelope_rsa_parse(der.data, der.len, &rsa_env), BK_OK);
    ck_assert_int_eq(bk_envelope_rsa_open(rsa_key(), &rsa_env, &rsa_got), BK_OK);
    ck_assert(bk_pubkey_equal(bk_rsa_pubkey(rsa_got), bk_rsa_pubkey(rsa_enc)));
    bk_rsa_free(&rsa_got);
    ck_assert_int_ne(bk_envelope_rsa_open(rsa_enc, &rsa_env, &rsa_got), BK_OK);
    ck_assert_ptr_null(rsa_got);
    bk_envelope_sm2_free(&env);
    bk_sm2_free(&sign);
    bk_sm2_free(&enc);
    bk_rsa_free(&rsa_enc);
    bk_buf_free(&der);
}
END_TEST

START_TEST(context_comes_back_after_cleanup)
{
    uint8_t out[32];
    ck_assert_ptr_nonnull(bk_crypto_ctx());
    bk_crypto_cleanup();
    bk_crypto_cleanup();
    ck_assert_int_eq(bk_digest(BK_HASH_SM3, "abc", 3, out), BK_OK);
    ck_assert_uint_eq(out[0], 0x66);
    bk_crypto_cleanup();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("crypto");
    TCase *tc = tcase_create("crypto");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, digests_of_abc);
    tcase_add_test(tc, hmac_and_hkdf);
    tcase_add_test(tc, scrypt_of_the_rfc);
    tcase_add_test(tc, scrypt_of_the_rfc);
    tcase_add_test(tc, sm4_of_the_standard);
    tcase_add_test(tc, sm4_padding_is_checked);
    tcase_add_test(tc, der_is_strict);
    tcase_add_test(tc, sm2_of_the_standard);
    tcase_add_test(tc, sm2_decrypts_the_standard);
    tcase_add_test(tc, sm2_round_trips);
    tcase_add_test(tc, sm2_private_key_has_a_range);
    tcase_add_test(tc, spki_is_openssl_s);
    tcase_add_test(tc, rsa_signs_pkcs1_and_pss);
    tcase_add_test(tc, rsa_block_is_below_the_modulus);
    tcase_add_test(tc, pkcs1_unpadding);
    tcase_add_test(tc, oaep_unpadding);
    tcase_add_test(tc, rsa_private_key_in_der);
    tcase_add_test(tc, envelopes_open_for_their_key_alone);
    tcase_add_test(tc, context_comes_back_after_cleanup);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
