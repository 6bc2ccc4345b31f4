/* SPDX-License-Identifier: Apache-2.0 */
#include "testkey.h"

#include <check.h>
#include <string.h>

#include "crypto/rsa_pad.h"
#include "crypto/sm2.h"

const uint8_t tk_device_key[16] = "device-key-16byt";

struct bk_vkey_params tk_params(int combination)
{
    return (struct bk_vkey_params){
        .serial = "TEST0001",
        .dialect = (enum bk_vkey_dialect)(combination & 1),
        .shape = (enum bk_vkey_shape)(combination >> 1),
        .user_pin = USER,
        .user_pin_len = strlen(USER),
        .admin_pin = ADMIN,
        .admin_pin_len = strlen(ADMIN),
        .device_key = tk_device_key,
    };
}

char *tk_make(int combination, struct keyhost *host)
{
    struct bk_vkey_params params = tk_params(combination);
    char *path = keyhost_path();
    ck_assert_int_eq(bk_vkey_create(path, &params), BK_OK);
    keyhost_open(host, path);
    return path;
}

void tk_finish(char *path, struct keyhost *host)
{
    keyhost_close(host);
    keyhost_forget(&path);
}

uint16_t tk_generate(struct keyhost *host, enum bk_alg alg)
{
    struct bk_buf data = BK_BUF_INIT;
    if (alg == BK_ALG_RSA)
        keyhost_put16(host, &data, 2048);
    else
        keyhost_put32(host, &data, 256);
    uint16_t sw = keyhost_box_cmd(host, alg == BK_ALG_RSA ? 0x54 : 0x70, 0, 0, data.data, data.len);
    bk_buf_free(&data);
    return sw;
}

uint16_t tk_create_file(struct keyhost *host, const char *name, uint32_t size, uint32_t read,
                        uint32_t write)
{
    struct bk_buf data = BK_BUF_INIT;
    ck_assert_int_eq(bk_buf_put_str(&data, name), BK_OK);
    ck_assert_int_eq(bk_buf_put_zero(&data, 32 - data.len), BK_OK);
    keyhost_put32(host, &data, size);
    keyhost_put32(host, &data, read);
    keyhost_put32(host, &data, write);
    bool swap = host->dialect == BK_VKEY_GMT0017; /* P1‖P2 are big-endian always */
    uint16_t sw = keyhost_cmd(host, 0x80, 0x30, host->app[swap], host->app[!swap], data.data,
                              data.len, NO_LE);
    bk_buf_free(&data);
    return sw;
}

uint16_t tk_by_name(struct keyhost *host, uint8_t ins, const char *name)
{
    bool swap = host->dialect == BK_VKEY_GMT0017;
    return keyhost_cmd(host, 0x80, ins, host->app[swap], host->app[!swap], name,
                       name ? strlen(name) : 0, 0);
}

uint16_t tk_read_file(struct keyhost *host, const char *name, uint16_t offset, int le)
{
    struct bk_buf data = BK_BUF_INIT;
    ck_assert_int_eq(bk_buf_put(&data, host->app, 2), BK_OK);
    keyhost_put16(host, &data, offset);
    keyhost_put16(host, &data, (uint16_t)strlen(name));
    ck_assert_int_eq(bk_buf_put_str(&data, name), BK_OK);
    uint16_t sw = keyhost_cmd(host, 0x80, 0x38, 0, 0, data.data, data.len, le);
    bk_buf_free(&data);
    return sw;
}

uint16_t tk_write_file(struct keyhost *host, const char *name, uint16_t offset, const char *text)
{
    struct bk_buf data = BK_BUF_INIT;
    keyhost_put16(host, &data, offset);
    keyhost_put16(host, &data, (uint16_t)strlen(name));
    ck_assert_int_eq(bk_buf_put_str(&data, name), BK_OK);
    keyhost_put16(host, &data, (uint16_t)strlen(text));
    ck_assert_int_eq(bk_buf_put_str(&data, text), BK_OK);
    uint16_t sw = keyhost_app_cmd(host, 0x3a, 0, 0, data.data, data.len);
    bk_buf_free(&data);
    return sw;
}

void tk_check_signature(struct keyhost *host, enum bk_alg alg)
{
    struct bk_pubkey pub;
    uint8_t digest[32];
    struct bk_buf info = BK_BUF_INIT;
    keyhost_pubkey(host, 1, alg, &pub);
    memset(digest, 7, sizeof digest);
    if (alg == BK_ALG_RSA) {
        ck_assert_int_eq(bk_rsa_digest_info(BK_HASH_SHA256, digest, 32, &info), BK_OK);
        ck_assert_uint_eq(keyhost_box_cmd(host, 0x58, 0, 0, info.data, info.len), OK);
        ck_assert_int_eq(
            bk_rsa_verify(&pub, BK_HASH_SHA256, digest, 32, host->resp.data, host->resp.len),
            BK_OK);
    } else {
        struct bk_sm2_sig sig;
        ck_assert_uint_eq(keyhost_box_cmd(host, 0x74, 2, 0, digest, 32), OK);
        ck_assert_uint_eq(host->resp.len, 68);
        memcpy(&sig, host->resp.data + 4, 64);
        ck_assert_int_eq(bk_sm2_verify(&pub, digest, &sig), BK_OK);
        /* with Z made by the key */
        keyhost_put32(host, &info, 4);
        ck_assert_int_eq(bk_buf_put_str(&info, "ABCDmessage"), BK_OK);
        ck_assert_uint_eq(keyhost_box_cmd(host, 0x74, 1, 0, info.data, info.len), OK);
        memcpy(&sig, host->resp.data + 4, 64);
        ck_assert_int_eq(bk_sm2_e(&pub, "ABCD", 4, "message", 7, digest), BK_OK);
        ck_assert_int_eq(bk_sm2_verify(&pub, digest, &sig), BK_OK);
        ck_assert_uint_eq(keyhost_box_cmd(host, 0x74, 2, 0, digest, 31), 0x6700);
        ck_assert_uint_eq(keyhost_box_cmd(host, 0x74, 3, 0, digest, 32), 0x6A86);
    }
    bk_buf_free(&info);
}

uint32_t tk_space_left(struct keyhost *host)
{
    ck_assert_uint_eq(keyhost_hex(host, "80040000000000"), OK);
    return keyhost_get32(host, 220);
}
