/* SPDX-License-Identifier: Apache-2.0 */
/* What the virtual key does with its keys: signatures, decryption, session keys, MACs, digests. */
#include <check.h>
#include <string.h>

#include "crypto/rsa_pad.h"
#include "crypto/sm2.h"
#include "crypto/sm4.h"
#include "runner.h"
#include "testkey.h"

/* A command whose answer is longer than Le allows isn't carried out: no key is made over another,
 * no container. */
START_TEST(an_answer_that_does_not_fit_leaves_all_as_it_was)
{
    struct keyhost host;
    struct bk_pubkey before, after;
    uint8_t data[12];
    char *path = tk_make(_i, &host);
    ck_assert_uint_eq(keyhost_verify(&host, 1, USER), OK);
    ck_assert_uint_eq(keyhost_open_box(&host, "box", true), OK);
    struct bk_buf command = BK_BUF_INIT;
    ck_assert_int_eq(bk_buf_put(&command, host.app, 2), BK_OK);
    ck_assert_int_eq(bk_buf_put(&command, host.box, 2), BK_OK);
    keyhost_put32(&host, &command, 256);
    memcpy(data, command.data, command.len);
    ck_assert_uint_eq(keyhost_cmd(&host, 0x80, 0x70, 0, 0, data, 8, 0), OK);
    keyhost_pubkey(&host, 1, BK_ALG_SM2, &before);
    ck_assert_uint_eq(keyhost_cmd(&host, 0x80, 0x70, 0, 0, data, 8, 1), 0x6C00);
    keyhost_pubkey(&host, 1, BK_ALG_SM2, &after);
    ck_assert(bk_pubkey_equal(&before, &after));
    memcpy(data + 2, "other", 5);
    ck_assert_uint_eq(keyhost_cmd(&host, 0x80, 0x40, 0, 0, data, 7, 1), 0x6C00);
    ck_assert_uint_eq(keyhost_open_box(&host, "other", false), 0x6A91);
    bk_buf_free(&command);
    tk_finish(path, &host);
}
END_TEST

static void check_rsa_decryption(struct keyhost *host)
{
    struct bk_pubkey pub;
    struct bk_buf sealed = BK_BUF_INIT, plain = BK_BUF_INIT;
    keyhost_pubkey(host, 0, BK_ALG_RSA, &pub);
    ck_assert_int_eq(bk_rsa_encrypt(&pub, "secret", 6, &sealed), BK_OK);
    ck_assert_uint_eq(keyhost_box_cmd(host, 0xc6, 0, 0, sealed.data, sealed.len), OK);
    ck_assert_uint_eq(host->resp.len, 256);
    ck_assert_int_eq(bk_rsa_unpad(host->resp.data, 256, &plain), BK_OK);
    ck_assert_uint_eq(plain.len, 6);
    ck_assert_mem_eq(plain.data, "secret", 6);
    ck_assert_uint_eq(keyhost_box_cmd(host, 0xc6, 0, 0, pub.n, 256), 0x6A80);
    ck_assert_uint_eq(keyhost_box_cmd(host, 0xc6, 0, 0, pub.n, 255), 0x6700);
    ck_assert_uint_eq(keyhost_box_cmd(host, 0xc6, 2, 0, pub.n, 256), 0x6A86);
    ck_assert_uint_eq(keyhost_box_cmd(host, 0xc8, 0, 0, pub.n, 200), 0x6A95);
    bk_buf_free(&sealed);
    bk_buf_free(&plain);
}

static void put_cipher(struct keyhost *host, const struct bk_sm2_cipher *c, struct bk_buf *out)
{
    ck_assert_int_eq(bk_buf_put(out, c->x, 32), BK_OK);
    ck_assert_int_eq(bk_buf_put(out, c->y, 32), BK_OK);
    ck_assert_int_eq(bk_buf_put(out, c->hash, 32), BK_OK);
    keyhost_put32(host, out, (uint32_t)c->cipher.len);
    ck_assert_int_eq(bk_buf_put(out, c->cipher.data, c->cipher.len), BK_OK);
}

static void check_sm2_decryption(struct keyhost *host)
{
    struct bk_pubkey pub;
    struct bk_sm2_cipher c = {0};
    struct bk_buf data = BK_BUF_INIT;
    keyhost_pubkey(host, 0, BK_ALG_SM2, &pub);
    ck_assert_int_eq(bk_sm2_encrypt(&pub, "secret", 6, &c), BK_OK);
    put_cipher(host, &c, &data);
    ck_assert_uint_eq(keyhost_box_cmd(host, 0xc8, 0, 0, data.data, data.len), OK);
    ck_assert_uint_eq(host->resp.len, 6);
    ck_assert_mem_eq(host->resp.data, "secret", 6);
    ck_assert_uint_eq(keyhost_box_cmd(host, 0xc8, 1, 0, data.data, data.len), 0x6A86);
    ck_assert_uint_eq(keyhost_box_cmd(host, 0xc8, 0, 0, data.data, data.len - 1), 0x6A80);
    data.data[64] ^= 1;
    ck_assert_uint_eq(keyhost_box_cmd(host, 0xc8, 0, 0, data.data, data.len), 0x6A9B);
    data.data[5] ^= 1;
    ck_assert_uint_eq(keyhost_box_cmd(host, 0xc8, 0, 0, data.data, data.len), 0x6A80);
    bk_sm2_cipher_free(&c);
    bk_buf_free(&data);
}

START_TEST(keys_sign_and_decrypt)
{
    struct keyhost host;
    char *path = tk_make(_i, &host);
    enum bk_alg alg = _i < 2 ? BK_ALG_RSA : BK_ALG_SM2;
    ck_assert_uint_eq(keyhost_verify(&host, 1, USER), OK);
    ck_assert_uint_eq(keyhost_open_box(&host, "box", true), OK);
    ck_assert_uint_eq(keyhost_box_cmd(&host, 0x58, 0, 0, "data", 4), 0x6A95);
    ck_assert_uint_eq(tk_generate(&host, alg), OK);
    ck_assert_uint_eq(keyhost_import_pair(&host, alg), OK);
    tk_check_signature(&host, alg);
    if (alg == BK_ALG_RSA)
        check_rsa_decryption(&host);
    else
        check_sm2_decryption(&host);
    /* none of it without the PIN */
    ck_assert_uint_eq(keyhost_app_cmd(&host, 0x1c, 0, 0, NULL, 0), OK);
    static const uint8_t inses[] = {0x54, 0x56, 0x58, 0x70, 0x72, 0x74, 0xa0, 0xc6, 0xc8};
    uint8_t junk[256] = {0};
    for (size_t i = 0; i < sizeof inses; i++)
        for (size_t len = 1; len <= sizeof junk; len++)
            ck_assert_uint_ne(keyhost_box_cmd(&host, inses[i], 0, 0, junk, len), OK);
    ck_assert_uint_eq(keyhost_box_cmd(&host, 0xc6, 1, 0, junk, 256), 0x6982);
    ck_assert_uint_eq(keyhost_box_cmd(&host, 0x58, 0, 0, junk, 32), 0x6982);
    ck_assert_uint_eq(keyhost_box_cmd(&host, 0x74, 2, 0, junk, 32), 0x6982);
    tk_finish(path, &host);
}
END_TEST

START_TEST(session_keys)
{
    struct keyhost host;
    char *path = tk_make(_i, &host);
    struct bk_pubkey pub;
    struct bk_sm2_cipher c = {0};
    struct bk_buf data = BK_BUF_INIT;
    uint8_t id[2], iv[16] = {1, 2, 3}, key[16] = "session-key-16by", want[32];
    static const uint8_t text[32] = "thirty-two bytes of clear text..";
    ck_assert_uint_eq(keyhost_verify(&host, 1, USER), OK);
    ck_assert_uint_eq(keyhost_open_box(&host, "box", true), OK);
    ck_assert_uint_eq(tk_generate(&host, BK_ALG_SM2), OK);
    ck_assert_uint_eq(keyhost_import_pair(&host, BK_ALG_SM2), OK);
    keyhost_pubkey(&host, 0, BK_ALG_SM2, &pub);
    ck_assert_int_eq(bk_sm2_encrypt(&pub, key, 16, &c), BK_OK);
    keyhost_put32(&host, &data, 0x402);
    put_cipher(&host, &c, &data);
    ck_assert_uint_eq(keyhost_box_cmd(&host, 0xa0, 0, 0, data.data, data.len), OK);
    ck_assert_uint_eq(host.resp.len, 2);
    memcpy(id, host.resp.data, 2);
    for (int padding = 0; padding < 2; padding++) {
        bk_buf_clear(&data);
        ck_assert_int_eq(bk_buf_put(&data, id, 2), BK_OK);
        keyhost_put32(&host, &data, 0x402);
        keyhost_put32(&host, &data, 16);
        ck_assert_int_eq(bk_buf_put(&data, iv, 16), BK_OK);
        keyhost_put32(&host, &data, (uint32_t)padding);
        ck_assert_uint_eq(keyhost_box_cmd(&host, 0xa4, 0, 0, data.data, data.len), OK);
        ck_assert_uint_eq(keyhost_box_cmd(&host, 0xac, 0, 0, data.data, data.len), OK);
        bk_buf_clear(&data);
        ck_assert_int_eq(bk_buf_put(&data, id, 2), BK_OK);
        ck_assert_int_eq(bk_buf_put(&data, text, 32), BK_OK);
        ck_assert_uint_eq(keyhost_box_cmd(&host, 0xa6, 0, 0, data.data, data.len), OK);
        ck_assert_uint_eq(host.resp.len, padding ? 48 : 32);
        ck_assert_int_eq(bk_sm4_cbc(key, iv, true, text, 32, want), BK_OK);
        ck_assert_mem_eq(host.resp.data, want, 32);
        /* and back, in two steps */
        bk_buf_clear(&data);
        ck_assert_int_eq(bk_buf_put(&data, id, 2), BK_OK);
        ck_assert_int_eq(bk_buf_put(&data, host.resp.data, host.resp.len), BK_OK);
        ck_assert_uint_eq(keyhost_box_cmd(&host, 0xb0, 0, 0, data.data, 2 + 16), OK);
        ck_assert_uint_eq(host.resp.len, padding ? 0 : 16);
        memmove(data.data + 2, data.data + 18, data.len - 18);
        ck_assert_uint_eq(keyhost_box_cmd(&host, 0xb2, 0, 0, data.data, data.len - 16), OK);
        ck_assert_uint_eq(host.resp.len, padding ? 32 : 16);
        ck_assert_mem_eq(host.resp.data, text + (padding ? 0 : 16), host.resp.len);
        ck_assert_uint_eq(keyhost_box_cmd(&host, 0xb2, 0, 0, data.data, data.len), 0x6985);
    }
    /* 15 bytes wait: with the longest command behind them the answer would be over 65,535 bytes
     * with its status word, more than vpcd's length can say */
    bk_buf_clear(&data);
    ck_assert_int_eq(bk_buf_put(&data, id, 2), BK_OK);
    keyhost_put32(&host, &data, 0x402);
    keyhost_put32(&host, &data, 16);
    ck_assert_int_eq(bk_buf_put(&data, iv, 16), BK_OK);
    keyhost_put32(&host, &data, 0);
    ck_assert_uint_eq(keyhost_box_cmd(&host, 0xa4, 0, 0, data.data, data.len), OK);
    bk_buf_clear(&data);
    ck_assert_int_eq(bk_buf_put(&data, id, 2), BK_OK);
    ck_assert_int_eq(bk_buf_put_zero(&data, 65522), BK_OK);
    ck_assert_uint_eq(keyhost_box_cmd(&host, 0xa8, 0, 0, data.data, 2 + 15), OK);
    ck_assert_uint_eq(keyhost_box_cmd(&host, 0xa8, 0, 0, data.data, data.len), 0x6C00);
    ck_assert_uint_eq(host.resp.len, 0);
    ck_assert_uint_eq(keyhost_box_cmd(&host, 0xc4, 0, 0, id, 2), OK);
    ck_assert_uint_eq(keyhost_box_cmd(&host, 0xc4, 0, 0, id, 2), 0x6A8C);
    bk_sm2_cipher_free(&c);
    bk_buf_free(&data);
    tk_finish(path, &host);
}
END_TEST

/* INS A0 with a sealed key of 16 bytes. */
static uint16_t import_session_key(struct keyhost *host)
{
    struct bk_pubkey pub;
    struct bk_sm2_cipher c = {0};
    struct bk_buf data = BK_BUF_INIT;
    keyhost_pubkey(host, 0, BK_ALG_SM2, &pub);
    ck_assert_int_eq(bk_sm2_encrypt(&pub, "session-key-16by", 16, &c), BK_OK);
    keyhost_put32(host, &data, 0x402);
    put_cipher(host, &c, &data);
    uint16_t sw = keyhost_box_cmd(host, 0xa0, 0, 0, data.data, data.len);
    bk_sm2_cipher_free(&c);
    bk_buf_free(&data);
    return sw;
}

/* The key has room for eight: those of a container that another process makes anew (or deletes and
 * makes again) go with it. */
START_TEST(session_keys_go_with_what_was_open)
{
    struct keyhost host, other;
    char *path = tk_make(_i / 2, &host);
    ck_assert_uint_eq(keyhost_verify(&host, 1, USER), OK);
    keyhost_open(&other, path);
    ck_assert_uint_eq(keyhost_verify(&other, 1, USER), OK);
    for (int i = 0; i < 10; i++) {
        if (_i % 2 && i)
            ck_assert_uint_eq(keyhost_app_cmd(&other, 0x48, 0, 0, "box", 3), OK);
        ck_assert_uint_eq(keyhost_open_box(&other, "box", _i % 2 || i == 0), OK);
        ck_assert_uint_eq(tk_generate(&other, BK_ALG_SM2), OK);
        ck_assert_uint_eq(keyhost_import_pair(&other, BK_ALG_SM2), OK);
        ck_assert_uint_eq(keyhost_open_box(&host, "box", false), OK);
        ck_assert_uint_eq(import_session_key(&host), OK);
    }
    keyhost_close(&other);
    tk_finish(path, &host);
}
END_TEST

START_TEST(macs_and_digests)
{
    struct keyhost host;
    char *path = tk_make(_i, &host);
    uint8_t want[32];
    ck_assert_uint_eq(keyhost_cmd(&host, 0x80, 0xb8, 0, 0, "abc", 3, NO_LE), 0x6985);
    static const struct {
        uint8_t p2;
        enum bk_hash hash;
    } hashes[] = {{1, BK_HASH_SM3}, {2, BK_HASH_SHA1}, {3, BK_HASH_SHA256}, {4, BK_HASH_SHA256}};
    for (size_t i = 0; i < 4; i++) {
        size_t len = bk_hash_len(hashes[i].hash);
        ck_assert_int_eq(bk_digest(hashes[i].hash, "abcabc", 6, want), BK_OK);
        ck_assert_uint_eq(keyhost_cmd(&host, 0x80, 0xb4, 0, hashes[i].p2, NULL, 0, NO_LE), OK);
        ck_assert_uint_eq(keyhost_cmd(&host, 0x80, 0xb8, 0, 0, "abc", 3, NO_LE), OK);
        ck_assert_uint_eq(keyhost_cmd(&host, 0x80, 0xba, 0, 0, "abc", 3, 0), OK);
        ck_assert_uint_eq(host.resp.len, 4 + len);
        ck_assert_uint_eq(keyhost_get32(&host, 0), len);
        ck_assert_mem_eq(host.resp.data + 4, want, len);
        ck_assert_uint_eq(keyhost_cmd(&host, 0x80, 0xba, 0, 0, NULL, 0, 0), 0x6985);
    }
    ck_assert_uint_eq(keyhost_cmd(&host, 0x80, 0xb4, 0, 9, NULL, 0, NO_LE), 0x6A9D);
    tk_finish(path, &host);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("vkey_keys");
    TCase *tc = tcase_create("vkey_keys");
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, an_answer_that_does_not_fit_leaves_all_as_it_was, 0, 2);
    tcase_add_loop_test(tc, keys_sign_and_decrypt, 0, 4);
    tcase_add_loop_test(tc, session_keys, 0, 2);
    tcase_add_loop_test(tc, session_keys_go_with_what_was_open, 0, 4);
    tcase_add_loop_test(tc, macs_and_digests, 0, 2);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
