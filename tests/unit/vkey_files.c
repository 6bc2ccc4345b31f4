/* SPDX-License-Identifier: Apache-2.0 */
/* Files and applications of the virtual key: rights, room, the device key. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "crypto/sm4.h"
#include "runner.h"
#include "testkey.h"

START_TEST(files_have_rights)
{
    struct keyhost host;
    char *path = tk_make(_i, &host);
    ck_assert_uint_eq(tk_create_file(&host, "f", 64, 0xff, 0x10), 0x6982);
    ck_assert_uint_eq(keyhost_verify(&host, 1, USER), OK);
    ck_assert_uint_eq(tk_create_file(&host, "open", 64, 0xff, 0x10), OK);
    ck_assert_uint_eq(tk_create_file(&host, "user", 64, 0x10, 0x10), OK);
    ck_assert_uint_eq(tk_create_file(&host, "admin", 64, 0x11, 0x01), OK);
    ck_assert_uint_eq(tk_create_file(&host, "never", 64, 0x00, 0x00), OK);
    ck_assert_uint_eq(tk_create_file(&host, "open", 64, 0xff, 0x10), 0x6A92);
    ck_assert_uint_eq(tk_create_file(&host, "zero", 0, 0xff, 0x10), 0x6A80);
    ck_assert_uint_eq(tk_create_file(&host, "huge", 70000, 0xff, 0x10), 0x6A80);
    ck_assert_uint_eq(tk_write_file(&host, "open", 10, "text"), OK);
    ck_assert_uint_eq(tk_write_file(&host, "admin", 0, "text"), 0x6982);
    ck_assert_uint_eq(tk_write_file(&host, "never", 0, "text"), 0x6986);
    ck_assert_uint_eq(tk_write_file(&host, "open", 61, "text"), 0x6A84);
    ck_assert_uint_eq(tk_write_file(&host, "open", 65, "text"), 0x6B00);
    ck_assert_uint_eq(tk_write_file(&host, "none", 0, "text"), 0x6A93);
    ck_assert_uint_eq(keyhost_app_cmd(&host, 0x1c, 0, 0, NULL, 0), OK);
    ck_assert_uint_eq(tk_read_file(&host, "open", 8, 8), OK);
    ck_assert_uint_eq(host.resp.len, 8);
    ck_assert_mem_eq(host.resp.data, "\0\0text\0\0", 8);
    ck_assert_uint_eq(tk_read_file(&host, "open", 60, 0), OK);
    ck_assert_uint_eq(host.resp.len, 4);
    ck_assert_uint_eq(tk_read_file(&host, "open", 65, 0), 0x6B00);
    ck_assert_uint_eq(tk_read_file(&host, "user", 0, 0), 0x6982);
    ck_assert_uint_eq(tk_read_file(&host, "never", 0, 0), 0x6986);
    ck_assert_uint_eq(tk_write_file(&host, "open", 0, "text"), 0x6982);
    ck_assert_uint_eq(tk_by_name(&host, 0x32, "open"), 0x6982);
    ck_assert_uint_eq(tk_by_name(&host, 0x34, NULL), OK);
    ck_assert_uint_eq(host.resp.len, 5 + 5 + 6 + 6);
    ck_assert_uint_eq(tk_by_name(&host, 0x36, "admin"), OK);
    ck_assert_uint_eq(keyhost_get32(&host, 0), 64);
    ck_assert_uint_eq(keyhost_get32(&host, 4), 0x11);
    ck_assert_uint_eq(keyhost_get32(&host, 8), 0x01);
    ck_assert_uint_eq(keyhost_verify(&host, 0, ADMIN), OK);
    ck_assert_uint_eq(tk_read_file(&host, "admin", 0, 0), OK);
    ck_assert_uint_eq(tk_write_file(&host, "admin", 0, "text"), OK);
    ck_assert_uint_eq(tk_read_file(&host, "user", 0, 0), 0x6982);
    ck_assert_uint_eq(keyhost_verify(&host, 1, USER), OK);
    ck_assert_uint_eq(tk_by_name(&host, 0x32, "open"), OK);
    ck_assert_uint_eq(tk_by_name(&host, 0x32, "open"), 0x6A93);
    tk_finish(path, &host);
}
END_TEST

START_TEST(space_is_honest)
{
    struct keyhost host;
    char *path = tk_make(_i, &host), name[33];
    ck_assert_uint_eq(keyhost_verify(&host, 1, USER), OK);
    uint32_t before = tk_space_left(&host);
    ck_assert_uint_eq(tk_create_file(&host, "a", 1000, 0xff, 0x10), OK);
    ck_assert_uint_eq(tk_space_left(&host), before - 1064);
    ck_assert_uint_eq(tk_by_name(&host, 0x32, "a"), OK);
    ck_assert_uint_eq(tk_space_left(&host), before);
    ck_assert_uint_eq(tk_create_file(&host, "b", 65535, 0xff, 0x10), OK);
    /* to the last byte */
    ck_assert_uint_eq(tk_create_file(&host, "c", tk_space_left(&host) - 64 + 1, 0xff, 0x10), 0x6A84);
    ck_assert_uint_eq(tk_create_file(&host, "c", tk_space_left(&host) - 64, 0xff, 0x10), OK);
    ck_assert_uint_eq(tk_space_left(&host), 0);
    ck_assert_uint_eq(keyhost_open_box(&host, "box", true), 0x6A84);
    ck_assert_uint_eq(tk_by_name(&host, 0x32, "b"), OK);
    ck_assert_uint_eq(keyhost_open_box(&host, "box", true), OK);
    for (unsigned i = 1; i < BK_VKEY_FILES; i++) {
        (void)snprintf(name, sizeof name, "file%u", i);
        ck_assert_uint_eq(tk_create_file(&host, name, 1, 0xff, 0x10), OK);
    }
    ck_assert_uint_eq(tk_create_file(&host, "more", 1, 0xff, 0x10), 0x6A84);
    tk_finish(path, &host);
}
END_TEST

static uint16_t device_auth(struct keyhost *host, const uint8_t *key)
{
    uint8_t block[16] = {0};
    ck_assert_uint_eq(keyhost_cmd(host, 0x80, 0x50, 0, 0, NULL, 0, 8), OK);
    memcpy(block, host->resp.data, 8);
    ck_assert_int_eq(bk_sm4_ecb(key, true, block, 16, block), BK_OK);
    return keyhost_cmd(host, 0x80, 0x10, 0, 2, block, 16, NO_LE);
}

static uint16_t create_app(struct keyhost *host, const char *name)
{
    struct bk_buf data = BK_BUF_INIT;
    ck_assert_int_eq(bk_buf_put_str(&data, name), BK_OK);
    ck_assert_int_eq(bk_buf_put_zero(&data, 48 - data.len), BK_OK);
    ck_assert_int_eq(bk_buf_put(&data, "second-admin\0\0\0\0", 16), BK_OK);
    keyhost_put32(host, &data, 5);
    ck_assert_int_eq(bk_buf_put(&data, "second-user\0\0\0\0\0", 16), BK_OK);
    keyhost_put32(host, &data, 3);
    keyhost_put32(host, &data, 0xff);
    ck_assert_int_eq(bk_buf_put(&data, "\1\2", 2), BK_OK);
    keyhost_put16(host, &data, 4);
    uint16_t sw = keyhost_cmd(host, 0x80, 0x20, 0, 0, data.data, data.len, 0);
    bk_buf_free(&data);
    return sw;
}

START_TEST(applications_need_the_device_key)
{
    struct keyhost host;
    char *path = tk_make(_i, &host), name[16];
    uint8_t wrong[16] = {0};
    ck_assert_uint_eq(create_app(&host, "Second"), 0x6982);
    ck_assert_uint_eq(keyhost_cmd(&host, 0x80, 0x10, 0, 2, wrong, 16, NO_LE), 0x6984);
    ck_assert_uint_eq(device_auth(&host, wrong), 0x63C9);
    ck_assert_uint_eq(create_app(&host, "Second"), 0x6982);
    ck_assert_uint_eq(device_auth(&host, tk_device_key), OK);
    ck_assert_uint_eq(create_app(&host, "Second"), OK);
    ck_assert_uint_eq(create_app(&host, "Second"), 0x6A89);
    struct keyhost second = host;
    second.resp = (struct bk_buf)BK_BUF_INIT;
    ck_assert_uint_eq(keyhost_open_app(&second, "Second"), OK);
    ck_assert_uint_eq(keyhost_tries(&second, 1), 3);
    ck_assert_uint_eq(keyhost_tries(&second, 0), 5);
    ck_assert_uint_eq(keyhost_verify(&second, 1, "second-user"), OK);
    /* a log-in is its application's alone */
    ck_assert_uint_eq(keyhost_open_box(&host, "box", true), 0x6982);
    ck_assert_uint_eq(keyhost_open_box(&second, "box", true), OK);
    ck_assert_uint_eq(keyhost_open_box(&second, "box2", true), 0x6A84); /* one container */
    for (int i = 2; i < (int)BK_VKEY_APPS; i++) {
        (void)snprintf(name, sizeof name, "App%d", i);
        ck_assert_uint_eq(create_app(&host, name), OK);
    }
    ck_assert_uint_eq(create_app(&host, "TooMany"), 0x6A84);
    ck_assert_uint_eq(keyhost_cmd(&host, 0x80, 0x24, 0, 0, "Second", 6, NO_LE), OK);
    ck_assert_uint_eq(keyhost_cmd(&host, 0x80, 0x24, 0, 0, "Second", 6, NO_LE), 0x6A8B);
    ck_assert_uint_eq(keyhost_app_cmd(&second, 0x14, 0, 1, NULL, 0), 0x698A);
    for (unsigned left = 10; left-- > 0;)
        ck_assert_uint_eq(device_auth(&host, wrong), 0x63C0 | left);
    ck_assert_uint_eq(device_auth(&host, tk_device_key), 0x6983);
    ck_assert_uint_eq(create_app(&host, "Again"), 0x6982);
    bk_buf_free(&second.resp);
    tk_finish(path, &host);
}
END_TEST

START_TEST(device_key_can_be_changed)
{
    struct keyhost host;
    char *path = tk_make(_i, &host);
    uint8_t iv[16] = {0}, data[20], key[16] = "another-key-16by";
    ck_assert_uint_eq(device_auth(&host, tk_device_key), OK);
    for (int right = 0; right < 2; right++) {
        uint8_t in[8 + 16] = {0x84, 0x12, 0, 2, 0, 16};
        ck_assert_uint_eq(keyhost_cmd(&host, 0x80, 0x50, 0, 0, NULL, 0, 8), OK);
        memcpy(iv, host.resp.data, 8);
        ck_assert_int_eq(bk_sm4_ecb(tk_device_key, true, key, 16, data), BK_OK);
        memcpy(in + 8, data, 16);
        ck_assert_int_eq(_i & 1 ? bk_sm4_mac(tk_device_key, iv, key, 16, data + 16)
                                : bk_sm4_mac(tk_device_key, iv, in, sizeof in, data + 16),
                         BK_OK);
        data[17] ^= (uint8_t)!right;
        ck_assert_uint_eq(keyhost_cmd(&host, 0x84, 0x12, 0, 2, data, 20, NO_LE),
                          right ? OK : 0x63C9);
    }
    ck_assert_uint_eq(device_auth(&host, tk_device_key), 0x63C9);
    ck_assert_uint_eq(device_auth(&host, key), OK);
    tk_finish(path, &host);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("vkey_files");
    TCase *tc = tcase_create("vkey_files");
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, files_have_rights, 0, 2);
    tcase_add_loop_test(tc, space_is_honest, 0, 2);
    tcase_add_loop_test(tc, applications_need_the_device_key, 0, 2);
    tcase_add_loop_test(tc, device_key_can_be_changed, 0, 2);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
