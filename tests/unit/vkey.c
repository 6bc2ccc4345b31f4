/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The virtual key as a card: who may do what, in which state, with which status word. Loop tests
 * run over both dialects and both unlock shapes.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/rsa_pad.h"
#include "crypto/sm2.h"
#include "crypto/sm4.h"
#include "keyhost.h"

#define USER "user-pin-1"
#define ADMIN "Admin%PIN#016cha"
#define OK 0x9000

static const uint8_t device_key[16] = "device-key-16byt";

static struct bk_vkey_params params_of(int combination)
{
    return (struct bk_vkey_params){
        .serial = "TEST0001",
        .dialect = (enum bk_vkey_dialect)(combination & 1),
        .shape = (enum bk_vkey_shape)(combination >> 1),
        .user_pin = USER,
        .user_pin_len = strlen(USER),
        .admin_pin = ADMIN,
        .admin_pin_len = strlen(ADMIN),
        .device_key = device_key,
    };
}

static char *make(int combination, struct keyhost *host)
{
    struct bk_vkey_params params = params_of(combination);
    char *path = keyhost_path();
    ck_assert_int_eq(bk_vkey_create(path, &params), BK_OK);
    keyhost_open(host, path);
    return path;
}

static void finish(char *path, struct keyhost *host)
{
    keyhost_close(host);
    keyhost_forget(&path);
}

static uint16_t gen(struct keyhost *host, enum bk_alg alg)
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

static uint16_t create_file(struct keyhost *host, const char *name, uint32_t size, uint32_t read,
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

static uint16_t by_name(struct keyhost *host, uint8_t ins, const char *name)
{
    bool swap = host->dialect == BK_VKEY_GMT0017;
    return keyhost_cmd(host, 0x80, ins, host->app[swap], host->app[!swap], name,
                       name ? strlen(name) : 0, 0);
}

static uint16_t read_file(struct keyhost *host, const char *name, uint16_t offset, int le)
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

static uint16_t write_file(struct keyhost *host, const char *name, uint16_t offset,
                           const char *text)
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

START_TEST(creation_checks_its_parameters)
{
    char *path = keyhost_path();
    struct bk_vkey_params p = params_of(0);
    p.user_pin = "12345";
    p.user_pin_len = 5;
    ck_assert_int_eq(bk_vkey_create(path, &p), BK_EPIN_RULE);
    p = params_of(0);
    p.admin_pin_len = 17;
    ck_assert_int_eq(bk_vkey_create(path, &p), BK_EPIN_RULE);
    p = params_of(0);
    p.serial = NULL;
    ck_assert_int_eq(bk_vkey_create(path, &p), BK_EINVAL);
    p.serial = "";
    ck_assert_int_eq(bk_vkey_create(path, &p), BK_EINVAL);
    p.serial = "123456789012345678901234567890123";
    ck_assert_int_eq(bk_vkey_create(path, &p), BK_EINVAL);
    p = params_of(0);
    p.user_retries = 16;
    ck_assert_int_eq(bk_vkey_create(path, &p), BK_EINVAL);
    p = params_of(0);
    p.label = "12345678901234567890123456789012";
    ck_assert_int_eq(bk_vkey_create(path, &p), BK_EINVAL);
    p = params_of(0);
    ck_assert_int_eq(bk_vkey_create(path, &p), BK_OK);
    ck_assert_int_eq(bk_vkey_create(path, &p), BK_EEXISTS);
    keyhost_forget(&path);
}
END_TEST

START_TEST(file_must_be_ours_alone)
{
    struct keyhost host;
    char *path = make(0, &host), copy[4200];
    struct stat st;
    struct bk_vkey *other = NULL;
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_uint_eq(st.st_mode & 0777, 0600);
    static const mode_t bad[] = {0640, 0604, 0620, 0602, 0666};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ck_assert_int_eq(chmod(path, bad[i]), 0);
        ck_assert_int_eq(bk_vkey_open(path, &other), BK_EDENIED);
        ck_assert_ptr_null(other);
        uint8_t cmd[7] = {0x80, 0x22};
        ck_assert_int_eq(bk_vkey_transmit(host.key, cmd, 7, &host.resp), BK_EDENIED);
    }
    ck_assert_int_eq(chmod(path, 0600), 0);
    (void)snprintf(copy, sizeof copy, "%s.copy", path);
    ck_assert_int_eq(symlink(path, copy), 0);
    ck_assert_int_ne(bk_vkey_open(copy, &other), BK_OK);
    ck_assert_int_eq(bk_vkey_open("/nonexistent/key", &other), BK_ENOTFOUND);
    finish(path, &host);
}
END_TEST

START_TEST(damage_is_noticed)
{
    struct keyhost host;
    char *path = make(0, &host);
    FILE *f = fopen(path, "r+");
    struct bk_vkey *other = NULL;
    uint8_t bytes[512];
    size_t len = fread(bytes, 1, sizeof bytes, f);
    ck_assert_uint_gt(len, 100);
    for (size_t at = 0; at < len; at++) {
        bytes[at] ^= 4;
        rewind(f);
        ck_assert_uint_eq(fwrite(bytes, 1, len, f), len);
        ck_assert_int_eq(fflush(f), 0);
        ck_assert_int_eq(bk_vkey_open(path, &other), BK_ECORRUPT);
        bytes[at] ^= 4;
    }
    for (size_t cut = 0; cut < len; cut++) {
        rewind(f);
        ck_assert_uint_eq(fwrite(bytes, 1, len, f), len);
        ck_assert_int_eq(fflush(f), 0);
        ck_assert_int_eq(ftruncate(fileno(f), (off_t)cut), 0);
        ck_assert_int_eq(bk_vkey_open(path, &other), BK_ECORRUPT);
    }
    (void)fclose(f);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(bk_vkey_transmit(host.key, bytes, 4, &host.resp), BK_EREMOVED);
    finish(path, &host);
}
END_TEST

START_TEST(malformed_commands)
{
    static const struct {
        const char *hex;
        uint16_t sw;
    } cases[] = {
        {"", 0x6700},
        {"80", 0x6700},
        {"800400", 0x6700},
        {"00A40400", 0x6E00},
        {"00A404000A0102030405060708090A", 0x6E00},
        {"90040000000000", 0x6E00},
        {"84040000000000", 0x6E00}, /* no MAC belongs to it */
        {"80160001", 0x6E00},       /* a MAC does to this */
        {"80060000", 0x6D00},
        {"80FF0000", 0x6D00},
        {"80520000", 0x6D00},
        {"800A0080000080", 0x6D00},
        {"80040100000000", 0x6A86},
        {"80040001000000", 0x6A86},
        {"80220000000001FF", 0x6700},
        {"805000000000", 0x6700}, /* extended lengths, cut */
        {"802600000000", 0x6700}, /* half a length */
        {"8026000000000000", 0x6700},
        {"80260000000002AA", 0x6700},
        {"80260000000001AA00", 0x6700},
        {"80500000", 0x6700}, /* random without Le */
        {"8050000000FFFF", 0x6E01},
        {"801800010000021000", 0x6700},
        {"8028000000000299EE", 0x698A},
        {"80420000000004FFFF6161", 0x698A},
        {"8056000000000400000000", 0x6700},
    };
    for (int d = 0; d < 2; d++) {
        struct keyhost host;
        char *path = make(d, &host);
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
            ck_assert_msg(keyhost_hex(&host, cases[i].hex) == cases[i].sw, "%s", cases[i].hex);
        /* the maker's own class is longmai's alone */
        ck_assert_uint_eq(keyhost_hex(&host, "C00A0080000080"), d ? OK : 0x6E00);
        ck_assert_uint_eq(keyhost_hex(&host, "C0040000000000"), d ? 0x6D00 : 0x6E00);
        /* short lengths are understood too */
        ck_assert_uint_eq(keyhost_hex(&host, "8050000008"), OK);
        ck_assert_uint_eq(host.resp.len, 8);
        ck_assert_uint_eq(keyhost_hex(&host, "802200000001"), 0x6700);
        ck_assert_uint_eq(keyhost_hex(&host, "8022000001"), 0x6C00);
        finish(path, &host);
    }
}
END_TEST

START_TEST(every_instruction_checks_its_length)
{
    struct keyhost host;
    char *path = make(_i, &host);
    ck_assert_uint_eq(keyhost_verify(&host, 1, USER), OK);
    for (unsigned ins = 0; ins < 256; ins++) {
        uint8_t data[300] = {0};
        uint16_t none = keyhost_cmd(&host, 0x80, (uint8_t)ins, 0, 0, NULL, 0, NO_LE);
        if (none == 0x6D00) {
            ck_assert_uint_eq(keyhost_cmd(&host, 0x80, (uint8_t)ins, 1, 1, data, 300, 0), 0x6D00);
            continue;
        }
        /* ids of nothing: whatever the length, never an answer that says yes */
        for (size_t len = 1; len < sizeof data; len += 7) {
            uint16_t sw = keyhost_cmd(&host, 0x80, (uint8_t)ins, 0, 0, data, len, 0);
            if (ins < 0xb4 || ins > 0xba) /* a digest takes any data */
                ck_assert_msg(sw != OK || (ins == 2 && len <= 32), "INS %02x %zu", ins, len);
            else
                ck_assert_msg(sw == OK || sw == 0x6985 || sw == 0x6A9D, "INS %02x", ins);
        }
    }
    finish(path, &host);
}
END_TEST

START_TEST(pin_states)
{
    struct keyhost host;
    char *path = make(_i, &host);
    ck_assert_uint_eq(keyhost_open_box(&host, "box", true), 0x6982);
    ck_assert_uint_eq(keyhost_verify(&host, 1, USER), OK);
    ck_assert_uint_eq(keyhost_open_box(&host, "box", true), OK);
    ck_assert_uint_eq(gen(&host, BK_ALG_SM2), OK);
    /* the administrator's log-in is not the user's */
    ck_assert_uint_eq(keyhost_app_cmd(&host, 0x1c, 0, 0, NULL, 0), OK);
    ck_assert_uint_eq(keyhost_verify(&host, 0, ADMIN), OK);
    ck_assert_uint_eq(gen(&host, BK_ALG_SM2), 0x6982);
    ck_assert_uint_eq(keyhost_verify(&host, 2, USER), 0x6A86);
    /* a wrong PIN logs out */
    ck_assert_uint_eq(keyhost_verify(&host, 1, USER), OK);
    ck_assert_uint_eq(keyhost_verify(&host, 1, "wrong-pin"), 0x63C9);
    ck_assert_uint_eq(gen(&host, BK_ALG_SM2), 0x6982);
    /* the right one gives all tries back */
    ck_assert_uint_eq(keyhost_verify(&host, 1, USER), OK);
    ck_assert_uint_eq(keyhost_tries(&host, 1), 10);
    finish(path, &host);
}
END_TEST

START_TEST(power_and_closing_log_out)
{
    struct keyhost host;
    char *path = make(_i, &host);
    ck_assert_uint_eq(keyhost_verify(&host, 1, USER), OK);
    ck_assert_uint_eq(keyhost_open_box(&host, "box", true), OK);
    ck_assert_uint_eq(gen(&host, BK_ALG_SM2), OK);
    bk_vkey_reset(host.key);
    ck_assert_uint_eq(keyhost_app_cmd(&host, 0x14, 0, 1, NULL, 0), 0x698A);
    ck_assert_uint_eq(keyhost_box_cmd(&host, 0x88, 1, 0, NULL, 0), 0x698A);
    ck_assert_uint_eq(keyhost_open_app(&host, BK_VKEY_APPLICATION), OK);
    ck_assert_uint_eq(keyhost_box_cmd(&host, 0x88, 1, 0, NULL, 0), 0x6A94);
    ck_assert_uint_eq(keyhost_open_box(&host, "box", false), OK);
    ck_assert_uint_eq(gen(&host, BK_ALG_SM2), 0x6982);
    ck_assert_uint_eq(keyhost_verify(&host, 1, USER), OK);
    /* opening again is no new log-in and no log-out */
    ck_assert_uint_eq(keyhost_open_app(&host, BK_VKEY_APPLICATION), OK);
    ck_assert_uint_eq(gen(&host, BK_ALG_SM2), OK);
    uint8_t old[2] = {host.app[0], host.app[1]};
    ck_assert_uint_eq(keyhost_app_cmd(&host, 0x28, 0, 0, NULL, 0), OK);
    ck_assert_uint_eq(keyhost_app_cmd(&host, 0x28, 0, 0, NULL, 0), 0x698A);
    ck_assert_uint_eq(keyhost_open_app(&host, BK_VKEY_APPLICATION), OK);
    ck_assert(memcmp(old, host.app, 2) != 0);
    ck_assert_uint_eq(keyhost_box_cmd(&host, 0x88, 1, 0, NULL, 0), 0x6A94);
    ck_assert_uint_eq(keyhost_open_app(&host, "Other"), 0x6A8B);
    finish(path, &host);
}
END_TEST

START_TEST(retries_end_in_a_lock)
{
    struct keyhost host;
    char *path = make(_i, &host);
    bool admin_first = _i >> 1;
    for (unsigned left = 10; left-- > 0;)
        ck_assert_uint_eq(keyhost_verify(&host, 1, "wrong-pin"), 0x63C0 | left);
    ck_assert_uint_eq(keyhost_verify(&host, 1, USER), 0x6983);
    ck_assert_uint_eq(keyhost_change(&host, 1, USER, "new-pin-1"), 0x6983);
    bk_vkey_reset(host.key);
    ck_assert_uint_eq(keyhost_open_app(&host, BK_VKEY_APPLICATION), OK);
    ck_assert_uint_eq(keyhost_verify(&host, 1, USER), 0x6983);
    ck_assert_uint_eq(keyhost_tries(&host, 0), 10);
    if (admin_first) {
        ck_assert_uint_eq(keyhost_unblock(&host, ADMIN, "one-time-pin"), 0x6982);
        ck_assert_uint_eq(keyhost_tries(&host, 0), 10);
        ck_assert_uint_eq(keyhost_verify(&host, 0, ADMIN), OK);
    }
    ck_assert_uint_eq(keyhost_unblock(&host, "wrong-admin-pin", "one-time-pin"), 0x63C9);
    ck_assert_uint_eq(keyhost_tries(&host, 0), 9);
    ck_assert_uint_eq(keyhost_verify(&host, 1, "one-time-pin"), 0x6983);
    ck_assert_uint_eq(keyhost_unblock(&host, ADMIN, "one-time-pin"), OK);
    ck_assert_uint_eq(keyhost_tries(&host, 0), 10);
    ck_assert_uint_eq(keyhost_tries(&host, 1), 10);
    ck_assert_uint_eq(keyhost_verify(&host, 1, USER), 0x63C9);
    ck_assert_uint_eq(keyhost_verify(&host, 1, "one-time-pin"), OK);
    ck_assert_uint_eq(keyhost_change(&host, 1, "one-time-pin", "new-user-pin"), OK);
    ck_assert_uint_eq(keyhost_change(&host, 0, ADMIN, "0123456789abcdef"), OK);
    ck_assert_uint_eq(keyhost_verify(&host, 1, "new-user-pin"), OK);
    ck_assert_uint_eq(keyhost_verify(&host, 0, "0123456789abcdef"), OK);
    /* the administrator's tries end too, by either way */
    for (unsigned left = 10; left-- > 0;)
        ck_assert_uint_eq(left % 2 ? keyhost_change(&host, 0, "wrong-admin", "anything")
                                   : keyhost_verify(&host, 0, "wrong-admin"),
                          0x63C0 | left);
    ck_assert_uint_eq(keyhost_verify(&host, 0, "0123456789abcdef"), 0x6983);
    ck_assert_uint_eq(keyhost_unblock(&host, "0123456789abcdef", "one-time-pin"),
                      admin_first ? 0x6982 : 0x6983);
    finish(path, &host);
}
END_TEST

START_TEST(a_random_serves_once)
{
    struct keyhost host;
    char *path = make(_i, &host);
    uint8_t data[18] = {host.app[0], host.app[1]};
    /* none yet; no try is spent */
    ck_assert_uint_eq(keyhost_cmd(&host, 0x80, 0x18, 0, 1, data, 18, NO_LE), 0x6984);
    ck_assert_uint_eq(keyhost_verify(&host, 1, USER), OK);
    ck_assert_uint_eq(keyhost_cmd(&host, 0x80, 0x18, 0, 1, data, 18, NO_LE), 0x6984);
    ck_assert_uint_eq(keyhost_verify(&host, 1, "wrong-pin"), 0x63C9);
    ck_assert_uint_eq(keyhost_cmd(&host, 0x80, 0x18, 0, 1, data, 18, NO_LE), 0x6984);
    /* one of another length takes its place */
    ck_assert_uint_eq(keyhost_cmd(&host, 0x80, 0x50, 0, 0, NULL, 0, 8), OK);
    ck_assert_uint_eq(keyhost_cmd(&host, 0x80, 0x50, 0, 0, NULL, 0, 16), OK);
    ck_assert_uint_eq(keyhost_cmd(&host, 0x80, 0x18, 0, 1, data, 18, NO_LE), 0x6984);
    ck_assert_uint_eq(keyhost_tries(&host, 1), 9);
    finish(path, &host);
}
END_TEST

START_TEST(pin_rules)
{
    struct keyhost host;
    char *path = make(_i, &host);
    static const char *const bad[] = {"", "1", "12345"};
    for (size_t i = 0; i < 3; i++) {
        ck_assert_uint_eq(keyhost_change(&host, 1, USER, bad[i]), 0x6A80);
        ck_assert_uint_eq(keyhost_tries(&host, 1), 10); /* the MAC was right */
    }
    char now[17] = USER, next[17] = "abcdefghijklmnop";
    for (size_t n = 6; n <= 16; n++) {
        memcpy(next, "abcdefghijklmnop", 16);
        next[n] = 0;
        ck_assert_uint_eq(keyhost_change(&host, 1, next, now), 0x63C9);
        ck_assert_uint_eq(keyhost_change(&host, 1, now, next), OK);
        ck_assert_uint_eq(keyhost_verify(&host, 1, next), OK);
        memcpy(now, next, sizeof now);
    }
    finish(path, &host);
}
END_TEST

START_TEST(factory_pins_are_told)
{
    char *path = keyhost_path();
    struct bk_vkey_params params = {.serial = "TEST0002",
                                    .dialect = (enum bk_vkey_dialect)(_i & 1)};
    struct keyhost host;
    ck_assert_int_eq(bk_vkey_create(path, &params), BK_OK);
    keyhost_open(&host, path);
    ck_assert(keyhost_is_default(&host, 0));
    ck_assert(keyhost_is_default(&host, 1));
    ck_assert_uint_eq(keyhost_change(&host, 1, BK_VKEY_USER_PIN, USER), OK);
    ck_assert(!keyhost_is_default(&host, 1));
    ck_assert(keyhost_is_default(&host, 0));
    ck_assert_uint_eq(keyhost_change(&host, 0, BK_VKEY_ADMIN_PIN, ADMIN), OK);
    ck_assert(!keyhost_is_default(&host, 0));
    finish(path, &host);
}
END_TEST

START_TEST(dev_info_and_label)
{
    struct keyhost host;
    char *path = make(_i, &host);
    ck_assert_uint_eq(keyhost_hex(&host, "80040000000000"), OK);
    ck_assert_uint_eq(host.resp.len, 288);
    const char *maker = (const char *)host.resp.data + 4;
    ck_assert(strncmp(maker, _i & 1 ? "Longmai" : "bjca-pkcs11", 7) == 0);
    ck_assert_str_eq((const char *)host.resp.data + 132, BK_VKEY_LABEL);
    ck_assert_str_eq((const char *)host.resp.data + 164, "TEST0001");
    ck_assert_uint_eq(keyhost_get32(&host, 200), 0x413);
    ck_assert_uint_eq(keyhost_get32(&host, 216), BK_VKEY_SPACE);
    ck_assert_uint_eq(keyhost_get32(&host, 220), BK_VKEY_SPACE - 256);
    ck_assert_uint_eq(host.resp.data[230], BK_VKEY_CONTAINERS);
    ck_assert_uint_eq(keyhost_hex(&host, "80040000000120"), OK); /* just enough */
    ck_assert_uint_eq(keyhost_hex(&host, "8004000000011F"), 0x6C00);
    ck_assert_uint_eq(keyhost_cmd(&host, 0x80, 2, 0, 0, "Neues", 5, NO_LE), OK);
    bk_vkey_reset(host.key);
    ck_assert_uint_eq(keyhost_hex(&host, "80040000000000"), OK);
    ck_assert_str_eq((const char *)host.resp.data + 132, "Neues");
    finish(path, &host);
}
END_TEST

START_TEST(containers_and_handles)
{
    struct keyhost host;
    char *path = make(_i, &host), name[80];
    uint8_t first[2];
    ck_assert_uint_eq(keyhost_verify(&host, 1, USER), OK);
    for (unsigned i = 0; i < BK_VKEY_CONTAINERS; i++) {
        (void)snprintf(name, sizeof name, "box%u", i);
        ck_assert_uint_eq(keyhost_open_box(&host, name, true), OK);
        if (i == 0)
            memcpy(first, host.box, 2);
    }
    ck_assert_uint_eq(keyhost_open_box(&host, "box3", true), 0x6E02);
    ck_assert_uint_eq(keyhost_open_box(&host, "box8", true), 0x6A84);
    ck_assert_uint_eq(keyhost_open_box(&host, "box8", false), 0x6A91);
    ck_assert_uint_eq(keyhost_app_cmd(&host, 0x46, 0, 0, NULL, 0), OK);
    ck_assert_uint_eq(host.resp.len, 8 * 5);
    ck_assert_str_eq((const char *)host.resp.data + 35, "box7");
    ck_assert_uint_eq(keyhost_open_box(&host, "box0", false), OK);
    ck_assert_mem_eq(host.box, first, 2);
    ck_assert_uint_eq(keyhost_app_cmd(&host, 0x48, 0, 0, "box0", 4), OK);
    ck_assert_uint_eq(keyhost_app_cmd(&host, 0x48, 0, 0, "box0", 4), 0x6A91);
    ck_assert_uint_eq(keyhost_box_cmd(&host, 0x88, 1, 0, NULL, 0), 0x6A94);
    /* a new one of the same name isn't the old one's handle */
    ck_assert_uint_eq(keyhost_open_box(&host, "box0", true), OK);
    ck_assert(memcmp(host.box, first, 2) != 0);
    memcpy(host.box, first, 2);
    ck_assert_uint_eq(keyhost_box_cmd(&host, 0x88, 1, 0, NULL, 0), 0x6A94);
    memset(name, 'n', sizeof name);
    name[65] = 0;
    ck_assert_uint_eq(keyhost_open_box(&host, name, false), 0x6700);
    name[64] = 0;
    ck_assert_uint_eq(keyhost_app_cmd(&host, 0x48, 0, 0, "box1", 4), OK);
    ck_assert_uint_eq(keyhost_open_box(&host, name, true), OK);
    ck_assert_uint_eq(keyhost_box_cmd(&host, 0x44, 0, 0, NULL, 0), OK);
    ck_assert_uint_eq(keyhost_box_cmd(&host, 0x44, 0, 0, NULL, 0), 0x6A94);
    ck_assert_uint_eq(keyhost_app_cmd(&host, 0x4a, 0, 0, "box2", 4), OK);
    ck_assert_uint_eq(host.resp.len, 11);
    ck_assert_uint_eq(host.resp.data[0], 0);
    finish(path, &host);
}
END_TEST

static void check_info(struct keyhost *host, uint8_t type, uint32_t sign, uint32_t enc,
                       int sign_cert, int enc_cert)
{
    ck_assert_uint_eq(keyhost_app_cmd(host, 0x4a, 0, 0, "box", 3), OK);
    ck_assert_uint_eq(host->resp.data[0], type);
    ck_assert_uint_eq(keyhost_get32(host, 1), sign);
    ck_assert_uint_eq(keyhost_get32(host, 5), enc);
    ck_assert_int_eq(host->resp.data[9], sign_cert);
    ck_assert_int_eq(host->resp.data[10], enc_cert);
}

START_TEST(certificates_belong_to_keys)
{
    struct keyhost host;
    char *path = make(_i, &host);
    enum bk_alg alg = _i < 2 ? BK_ALG_RSA : BK_ALG_SM2;
    uint32_t bits = alg == BK_ALG_RSA ? 2048 : 256;
    struct bk_pubkey sign, enc;
    struct bk_buf cert = BK_BUF_INIT, other = BK_BUF_INIT;
    ck_assert_uint_eq(keyhost_verify(&host, 1, USER), OK);
    ck_assert_uint_eq(keyhost_open_box(&host, "box", true), OK);
    ck_assert_uint_eq(keyhost_box_cmd(&host, 0x88, 1, 0, NULL, 0), 0x6A95);
    ck_assert_uint_eq(gen(&host, alg), OK);
    ck_assert_uint_eq(gen(&host, alg == BK_ALG_RSA ? BK_ALG_SM2 : BK_ALG_RSA), 0x6985);
    keyhost_pubkey(&host, 1, alg, &sign);
    keyhost_cert(&sign, 0, &cert);
    ck_assert_uint_eq(keyhost_import_cert(&host, 0, &cert), 0x6A95); /* no such pair yet */
    ck_assert_uint_eq(keyhost_import_pair(&host, alg), OK);
    check_info(&host, (uint8_t)alg, bits, bits, 0, 0);
    keyhost_pubkey(&host, 0, alg, &enc);
    ck_assert(!bk_pubkey_equal(&sign, &enc));
    ck_assert_uint_eq(keyhost_import_cert(&host, 0, &cert), 0x6A95); /* the other pair's */
    keyhost_cert(&enc, 0, &other);
    ck_assert_uint_eq(keyhost_box_cmd(&host, 0x4e, 1, 0, NULL, 0), 0x6A96);
    ck_assert_uint_eq(keyhost_import_cert(&host, 1, &cert), OK);
    ck_assert_uint_eq(keyhost_import_cert(&host, 0, &other), OK);
    check_info(&host, (uint8_t)alg, bits, bits, 1, 1);
    /* reading needs no PIN, writing does */
    ck_assert_uint_eq(keyhost_app_cmd(&host, 0x1c, 0, 0, NULL, 0), OK);
    ck_assert_uint_eq(keyhost_import_cert(&host, 1, &cert), 0x6982);
    ck_assert_uint_eq(keyhost_box_cmd(&host, 0x4e, 1, 0, NULL, 0), OK);
    ck_assert_uint_eq(keyhost_get32(&host, 0), cert.len);
    ck_assert_mem_eq(host.resp.data + 4, cert.data, cert.len);
    ck_assert_uint_eq(keyhost_box_cmd(&host, 0x4e, 0, 0, NULL, 0), OK);
    ck_assert_mem_eq(host.resp.data + 4, other.data, other.len);
    ck_assert_uint_eq(keyhost_box_cmd(&host, 0x4e, 2, 0, NULL, 0), 0x6A86);
    ck_assert_uint_eq(keyhost_verify(&host, 1, USER), OK);
    /* 4 KB is the most; junk is none */
    keyhost_cert(&sign, 4096, &cert);
    ck_assert_uint_eq(keyhost_import_cert(&host, 1, &cert), 0x6A84);
    cert.len = 100;
    ck_assert_uint_eq(keyhost_import_cert(&host, 1, &cert), 0x6A80);
    /* a new signing key makes the old certificate go, the encryption pair stays */
    ck_assert_uint_eq(gen(&host, alg), OK);
    check_info(&host, (uint8_t)alg, bits, bits, 0, 1);
    bk_buf_free(&cert);
    bk_buf_free(&other);
    finish(path, &host);
}
END_TEST

static void check_signature(struct keyhost *host, enum bk_alg alg)
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
    char *path = make(_i, &host);
    enum bk_alg alg = _i < 2 ? BK_ALG_RSA : BK_ALG_SM2;
    ck_assert_uint_eq(keyhost_verify(&host, 1, USER), OK);
    ck_assert_uint_eq(keyhost_open_box(&host, "box", true), OK);
    ck_assert_uint_eq(keyhost_box_cmd(&host, 0x58, 0, 0, "data", 4), 0x6A95);
    ck_assert_uint_eq(gen(&host, alg), OK);
    ck_assert_uint_eq(keyhost_import_pair(&host, alg), OK);
    check_signature(&host, alg);
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
    finish(path, &host);
}
END_TEST

START_TEST(session_keys)
{
    struct keyhost host;
    char *path = make(_i, &host);
    struct bk_pubkey pub;
    struct bk_sm2_cipher c = {0};
    struct bk_buf data = BK_BUF_INIT;
    uint8_t id[2], iv[16] = {1, 2, 3}, key[16] = "session-key-16by", want[32];
    static const uint8_t text[32] = "thirty-two bytes of clear text..";
    ck_assert_uint_eq(keyhost_verify(&host, 1, USER), OK);
    ck_assert_uint_eq(keyhost_open_box(&host, "box", true), OK);
    ck_assert_uint_eq(gen(&host, BK_ALG_SM2), OK);
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
    finish(path, &host);
}
END_TEST

START_TEST(macs_and_digests)
{
    struct keyhost host;
    char *path = make(_i, &host);
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
    finish(path, &host);
}
END_TEST

START_TEST(files_have_rights)
{
    struct keyhost host;
    char *path = make(_i, &host);
    ck_assert_uint_eq(create_file(&host, "f", 64, 0xff, 0x10), 0x6982);
    ck_assert_uint_eq(keyhost_verify(&host, 1, USER), OK);
    ck_assert_uint_eq(create_file(&host, "open", 64, 0xff, 0x10), OK);
    ck_assert_uint_eq(create_file(&host, "user", 64, 0x10, 0x10), OK);
    ck_assert_uint_eq(create_file(&host, "admin", 64, 0x11, 0x01), OK);
    ck_assert_uint_eq(create_file(&host, "never", 64, 0x00, 0x00), OK);
    ck_assert_uint_eq(create_file(&host, "open", 64, 0xff, 0x10), 0x6A92);
    ck_assert_uint_eq(create_file(&host, "zero", 0, 0xff, 0x10), 0x6A80);
    ck_assert_uint_eq(create_file(&host, "huge", 70000, 0xff, 0x10), 0x6A80);
    ck_assert_uint_eq(write_file(&host, "open", 10, "text"), OK);
    ck_assert_uint_eq(write_file(&host, "admin", 0, "text"), 0x6982);
    ck_assert_uint_eq(write_file(&host, "never", 0, "text"), 0x6986);
    ck_assert_uint_eq(write_file(&host, "open", 61, "text"), 0x6A84);
    ck_assert_uint_eq(write_file(&host, "open", 65, "text"), 0x6B00);
    ck_assert_uint_eq(write_file(&host, "none", 0, "text"), 0x6A93);
    ck_assert_uint_eq(keyhost_app_cmd(&host, 0x1c, 0, 0, NULL, 0), OK);
    ck_assert_uint_eq(read_file(&host, "open", 8, 8), OK);
    ck_assert_uint_eq(host.resp.len, 8);
    ck_assert_mem_eq(host.resp.data, "\0\0text\0\0", 8);
    ck_assert_uint_eq(read_file(&host, "open", 60, 0), OK);
    ck_assert_uint_eq(host.resp.len, 4);
    ck_assert_uint_eq(read_file(&host, "open", 65, 0), 0x6B00);
    ck_assert_uint_eq(read_file(&host, "user", 0, 0), 0x6982);
    ck_assert_uint_eq(read_file(&host, "never", 0, 0), 0x6986);
    ck_assert_uint_eq(write_file(&host, "open", 0, "text"), 0x6982);
    ck_assert_uint_eq(by_name(&host, 0x32, "open"), 0x6982);
    ck_assert_uint_eq(by_name(&host, 0x34, NULL), OK);
    ck_assert_uint_eq(host.resp.len, 5 + 5 + 6 + 6);
    ck_assert_uint_eq(by_name(&host, 0x36, "admin"), OK);
    ck_assert_uint_eq(keyhost_get32(&host, 0), 64);
    ck_assert_uint_eq(keyhost_get32(&host, 4), 0x11);
    ck_assert_uint_eq(keyhost_get32(&host, 8), 0x01);
    ck_assert_uint_eq(keyhost_verify(&host, 0, ADMIN), OK);
    ck_assert_uint_eq(read_file(&host, "admin", 0, 0), OK);
    ck_assert_uint_eq(write_file(&host, "admin", 0, "text"), OK);
    ck_assert_uint_eq(read_file(&host, "user", 0, 0), 0x6982);
    ck_assert_uint_eq(keyhost_verify(&host, 1, USER), OK);
    ck_assert_uint_eq(by_name(&host, 0x32, "open"), OK);
    ck_assert_uint_eq(by_name(&host, 0x32, "open"), 0x6A93);
    finish(path, &host);
}
END_TEST

static uint32_t space_left(struct keyhost *host)
{
    ck_assert_uint_eq(keyhost_hex(host, "80040000000000"), OK);
    return keyhost_get32(host, 220);
}

START_TEST(space_is_honest)
{
    struct keyhost host;
    char *path = make(_i, &host), name[33];
    ck_assert_uint_eq(keyhost_verify(&host, 1, USER), OK);
    uint32_t before = space_left(&host);
    ck_assert_uint_eq(create_file(&host, "a", 1000, 0xff, 0x10), OK);
    ck_assert_uint_eq(space_left(&host), before - 1064);
    ck_assert_uint_eq(by_name(&host, 0x32, "a"), OK);
    ck_assert_uint_eq(space_left(&host), before);
    ck_assert_uint_eq(create_file(&host, "b", 65535, 0xff, 0x10), OK);
    /* to the last byte */
    ck_assert_uint_eq(create_file(&host, "c", space_left(&host) - 64 + 1, 0xff, 0x10), 0x6A84);
    ck_assert_uint_eq(create_file(&host, "c", space_left(&host) - 64, 0xff, 0x10), OK);
    ck_assert_uint_eq(space_left(&host), 0);
    ck_assert_uint_eq(keyhost_open_box(&host, "box", true), 0x6A84);
    ck_assert_uint_eq(by_name(&host, 0x32, "b"), OK);
    ck_assert_uint_eq(keyhost_open_box(&host, "box", true), OK);
    for (unsigned i = 1; i < BK_VKEY_FILES; i++) {
        (void)snprintf(name, sizeof name, "file%u", i);
        ck_assert_uint_eq(create_file(&host, name, 1, 0xff, 0x10), OK);
    }
    ck_assert_uint_eq(create_file(&host, "more", 1, 0xff, 0x10), 0x6A84);
    finish(path, &host);
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
    char *path = make(_i, &host), name[16];
    uint8_t wrong[16] = {0};
    ck_assert_uint_eq(create_app(&host, "Second"), 0x6982);
    ck_assert_uint_eq(keyhost_cmd(&host, 0x80, 0x10, 0, 2, wrong, 16, NO_LE), 0x6984);
    ck_assert_uint_eq(device_auth(&host, wrong), 0x63C9);
    ck_assert_uint_eq(create_app(&host, "Second"), 0x6982);
    ck_assert_uint_eq(device_auth(&host, device_key), OK);
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
    ck_assert_uint_eq(device_auth(&host, device_key), 0x6983);
    ck_assert_uint_eq(create_app(&host, "Again"), 0x6982);
    bk_buf_free(&second.resp);
    finish(path, &host);
}
END_TEST

START_TEST(device_key_can_be_changed)
{
    struct keyhost host;
    char *path = make(_i, &host);
    uint8_t iv[16] = {0}, data[20], key[16] = "another-key-16by";
    ck_assert_uint_eq(device_auth(&host, device_key), OK);
    for (int right = 0; right < 2; right++) {
        uint8_t in[8 + 16] = {0x84, 0x12, 0, 2, 0, 16};
        ck_assert_uint_eq(keyhost_cmd(&host, 0x80, 0x50, 0, 0, NULL, 0, 8), OK);
        memcpy(iv, host.resp.data, 8);
        ck_assert_int_eq(bk_sm4_ecb(device_key, true, key, 16, data), BK_OK);
        memcpy(in + 8, data, 16);
        ck_assert_int_eq(_i & 1 ? bk_sm4_mac(device_key, iv, key, 16, data + 16)
                                : bk_sm4_mac(device_key, iv, in, sizeof in, data + 16),
                         BK_OK);
        data[17] ^= (uint8_t)!right;
        ck_assert_uint_eq(keyhost_cmd(&host, 0x84, 0x12, 0, 2, data, 20, NO_LE),
                          right ? OK : 0x63C9);
    }
    ck_assert_uint_eq(device_auth(&host, device_key), 0x63C9);
    ck_assert_uint_eq(device_auth(&host, key), OK);
    finish(path, &host);
}
END_TEST

START_TEST(two_power_ups_share_one_key)
{
    struct keyhost a, b;
    char *path = make(_i, &a);
    keyhost_open(&b, path);
    ck_assert_uint_eq(keyhost_verify(&a, 1, USER), OK);
    ck_assert_uint_eq(keyhost_open_box(&b, "box", true), 0x6982); /* a's log-in is a's */
    ck_assert_uint_eq(keyhost_open_box(&a, "box", true), OK);
    ck_assert_uint_eq(gen(&a, BK_ALG_SM2), OK);
    ck_assert_uint_eq(keyhost_open_box(&b, "box", false), OK);
    struct bk_pubkey pa, pb;
    keyhost_pubkey(&a, 1, BK_ALG_SM2, &pa);
    keyhost_pubkey(&b, 1, BK_ALG_SM2, &pb);
    ck_assert(bk_pubkey_equal(&pa, &pb));
    ck_assert_uint_eq(keyhost_verify(&b, 1, "wrong-pin"), 0x63C9);
    ck_assert_uint_eq(keyhost_tries(&a, 1), 9);
    ck_assert_uint_eq(keyhost_change(&a, 1, USER, "changed-pin"), OK);
    ck_assert_uint_eq(keyhost_verify(&b, 1, USER), 0x63C9);
    ck_assert_uint_eq(keyhost_verify(&b, 1, "changed-pin"), OK);
    check_signature(&b, BK_ALG_SM2);
    /* a's random isn't b's */
    ck_assert_uint_eq(keyhost_cmd(&a, 0x80, 0x50, 0, 0, NULL, 0, 8), OK);
    uint8_t data[18] = {b.app[0], b.app[1]};
    ck_assert_uint_eq(keyhost_cmd(&b, 0x80, 0x18, 0, 1, data, 18, NO_LE), 0x6984);
    ck_assert_uint_eq(keyhost_app_cmd(&b, 0x48, 0, 0, "box", 3), OK);
    ck_assert_uint_eq(keyhost_box_cmd(&a, 0x88, 1, 0, NULL, 0), 0x6A94);
    ck_assert_uint_eq(keyhost_open_box(&b, "box", true), OK);
    ck_assert_uint_eq(keyhost_box_cmd(&a, 0x88, 1, 0, NULL, 0), 0x6A94);
    keyhost_close(&b);
    finish(path, &a);
}
END_TEST

START_TEST(nothing_is_written_for_nothing)
{
    struct keyhost host;
    char *path = make(_i, &host);
    struct stat before, after;
    ck_assert_uint_eq(keyhost_verify(&host, 1, USER), OK);
    ck_assert_uint_eq(keyhost_open_box(&host, "box", true), OK);
    ck_assert_uint_eq(gen(&host, BK_ALG_SM2), OK);
    ck_assert_int_eq(stat(path, &before), 0);
    check_signature(&host, BK_ALG_SM2);
    ck_assert_uint_eq(keyhost_tries(&host, 1), 10);
    ck_assert_uint_eq(keyhost_open_app(&host, BK_VKEY_APPLICATION), OK);
    (void)space_left(&host);
    bk_vkey_reset(host.key);
    ck_assert_int_eq(stat(path, &after), 0);
    ck_assert_uint_eq(before.st_ino, after.st_ino);
    ck_assert_int_eq(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
    finish(path, &host);
}
END_TEST

START_TEST(atr_is_valid)
{
    size_t len = 0;
    const uint8_t *atr = bk_vkey_atr(&len);
    uint8_t sum = 0;
    ck_assert_uint_eq(atr[0], 0x3b);
    ck_assert_uint_eq(len, 4 + (atr[1] & 15) + 1); /* TS T0 TD1 TD2, historical bytes, TCK */
    for (size_t i = 1; i < len; i++)
        sum ^= atr[i];
    ck_assert_uint_eq(sum, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("vkey");
    TCase *tc = tcase_create("vkey");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, creation_checks_its_parameters);
    tcase_add_test(tc, file_must_be_ours_alone);
    tcase_add_test(tc, damage_is_noticed);
    tcase_add_test(tc, malformed_commands);
    tcase_add_test(tc, atr_is_valid);
    tcase_add_loop_test(tc, every_instruction_checks_its_length, 0, 2);
    tcase_add_loop_test(tc, pin_states, 0, 4);
    tcase_add_loop_test(tc, power_and_closing_log_out, 0, 2);
    tcase_add_loop_test(tc, retries_end_in_a_lock, 0, 4);
    tcase_add_loop_test(tc, a_random_serves_once, 0, 4);
    tcase_add_loop_test(tc, pin_rules, 0, 4);
    tcase_add_loop_test(tc, factory_pins_are_told, 0, 2);
    tcase_add_loop_test(tc, dev_info_and_label, 0, 2);
    tcase_add_loop_test(tc, containers_and_handles, 0, 2);
    tcase_add_loop_test(tc, certificates_belong_to_keys, 0, 4);
    tcase_add_loop_test(tc, keys_sign_and_decrypt, 0, 4);
    tcase_add_loop_test(tc, session_keys, 0, 2);
    tcase_add_loop_test(tc, macs_and_digests, 0, 2);
    tcase_add_loop_test(tc, files_have_rights, 0, 2);
    tcase_add_loop_test(tc, space_is_honest, 0, 2);
    tcase_add_loop_test(tc, applications_need_the_device_key, 0, 2);
    tcase_add_loop_test(tc, device_key_can_be_changed, 0, 2);
    tcase_add_loop_test(tc, two_power_ups_share_one_key, 0, 4);
    tcase_add_loop_test(tc, nothing_is_written_for_nothing, 0, 1);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
