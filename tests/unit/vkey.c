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
#include "runner.h"
#include "testkey.h"

START_TEST(creation_checks_its_parameters)
{
    char *path = keyhost_path();
    struct bk_vkey_params p = tk_params(0);
    p.user_pin = "12345";
    p.user_pin_len = 5;
    ck_assert_int_eq(bk_vkey_create(path, &p), BK_EPIN_RULE);
    p = tk_params(0);
    p.admin_pin_len = 17;
    ck_assert_int_eq(bk_vkey_create(path, &p), BK_EPIN_RULE);
    p = tk_params(0);
    p.serial = NULL;
    ck_assert_int_eq(bk_vkey_create(path, &p), BK_EINVAL);
    p.serial = "";
    ck_assert_int_eq(bk_vkey_create(path, &p), BK_EINVAL);
    p.serial = "123456789012345678901234567890123";
    ck_assert_int_eq(bk_vkey_create(path, &p), BK_EINVAL);
    p = tk_params(0);
    p.user_retries = 16;
    ck_assert_int_eq(bk_vkey_create(path, &p), BK_EINVAL);
    p = tk_params(0);
    p.label = "12345678901234567890123456789012";
    ck_assert_int_eq(bk_vkey_create(path, &p), BK_EINVAL);
    p = tk_params(0);
    ck_assert_int_eq(bk_vkey_create(path, &p), BK_OK);
    ck_assert_int_eq(bk_vkey_create(path, &p), BK_EEXISTS);
    keyhost_forget(&path);
}
END_TEST

START_TEST(file_must_be_ours_alone)
{
    struct keyhost host;
    char *path = tk_make(0, &host), copy[4200];
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
    tk_finish(path, &host);
}
END_TEST

START_TEST(damage_is_noticed)
{
    struct keyhost host;
    char *path = tk_make(0, &host);
    FILE *f = fopen(path, "r+");
    struct bk_vkey *other = NULL;
    uint8_t bytes[512];
    size_t len = fread(bytes, 1, sizeof bytes, f);
    ck_assert_uint_gt(len, 228);
    for (size_t at = 0; at < len - 128; at++) { /* of the slots below */
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
    tk_finish(path, &host);
}
END_TEST

static void put(FILE *f, const uint8_t *bytes, size_t len)
{
    rewind(f);
    ck_assert_uint_eq(fwrite(bytes, 1, len, f), len);
    ck_assert_int_eq(fflush(f), 0);
}

/* As a cut leaves it: then what the slot before says rules. Both can't be spoiled by one cut. */
START_TEST(a_spoiled_counter_is_the_one_before)
{
    struct keyhost host;
    char *path = tk_make(0, &host);
    struct bk_vkey *other = NULL;
    uint8_t bytes[512];
    unsigned before = 0;
    for (unsigned left = 9; left >= 7; left--)
        ck_assert_uint_eq(keyhost_verify(&host, 1, "wrong-pin"), 0x63C0 | left);
    FILE *f = fopen(path, "r+");
    size_t len = fread(bytes, 1, sizeof bytes, f);
    for (size_t at = len - 128; at < len; at++) {
        bytes[at] ^= 4;
        put(f, bytes, len);
        unsigned left = keyhost_tries(&host, 1);
        ck_assert(left == 7 || left == 8);
        before += left == 8;
        bytes[at] ^= 4;
    }
    ck_assert_uint_eq(before, 64);
    bytes[len - 1] ^= 4;
    bytes[len - 65] ^= 4;
    put(f, bytes, len);
    ck_assert_int_eq(bk_vkey_open(path, &other), BK_ECORRUPT);
    (void)fclose(f);
    tk_finish(path, &host);
}
END_TEST

/* What version 1 wrote, which had no slots, is read; the next log-in writes it anew. */
START_TEST(a_state_of_version_1_is_read)
{
    struct keyhost host;
    char *path = tk_make(0, &host);
    uint8_t bytes[512], sum[32];
    FILE *f = fopen(path, "r+");
    size_t len = fread(bytes, 1, sizeof bytes, f);
    size_t body = 20 + ((size_t)bytes[18] << 8 | bytes[19]);
    bytes[5] = 1;
    ck_assert_int_eq(bk_digest(BK_HASH_SM3, bytes, body, sum), BK_OK);
    memcpy(bytes + body, sum, sizeof sum);
    ck_assert_int_eq(ftruncate(fileno(f), (off_t)body + 32), 0);
    put(f, bytes, body + 32);
    ck_assert_uint_eq(keyhost_tries(&host, 1), 10);
    ck_assert_uint_eq(keyhost_verify(&host, 1, "wrong-pin"), 0x63C9);
    ck_assert_uint_eq(keyhost_tries(&host, 1), 9);
    struct stat st;
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_int_eq(st.st_size, (off_t)len);
    (void)fclose(f);
    tk_finish(path, &host);
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
        char *path = tk_make(d, &host);
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
        tk_finish(path, &host);
    }
}
END_TEST

START_TEST(every_instruction_checks_its_length)
{
    struct keyhost host;
    char *path = tk_make(_i, &host);
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
    tk_finish(path, &host);
}
END_TEST

START_TEST(pin_states)
{
    struct keyhost host;
    char *path = tk_make(_i, &host);
    ck_assert_uint_eq(keyhost_open_box(&host, "box", true), 0x6982);
    ck_assert_uint_eq(keyhost_verify(&host, 1, USER), OK);
    ck_assert_uint_eq(keyhost_open_box(&host, "box", true), OK);
    ck_assert_uint_eq(tk_generate(&host, BK_ALG_SM2), OK);
    /* the administrator's log-in is not the user's */
    ck_assert_uint_eq(keyhost_app_cmd(&host, 0x1c, 0, 0, NULL, 0), OK);
    ck_assert_uint_eq(keyhost_verify(&host, 0, ADMIN), OK);
    ck_assert_uint_eq(tk_generate(&host, BK_ALG_SM2), 0x6982);
    ck_assert_uint_eq(keyhost_verify(&host, 2, USER), 0x6A86);
    /* a wrong PIN logs out */
    ck_assert_uint_eq(keyhost_verify(&host, 1, USER), OK);
    ck_assert_uint_eq(keyhost_verify(&host, 1, "wrong-pin"), 0x63C9);
    ck_assert_uint_eq(tk_generate(&host, BK_ALG_SM2), 0x6982);
    /* the right one gives all tries back */
    ck_assert_uint_eq(keyhost_verify(&host, 1, USER), OK);
    ck_assert_uint_eq(keyhost_tries(&host, 1), 10);
    tk_finish(path, &host);
}
END_TEST

START_TEST(power_and_closing_log_out)
{
    struct keyhost host;
    char *path = tk_make(_i, &host);
    ck_assert_uint_eq(keyhost_verify(&host, 1, USER), OK);
    ck_assert_uint_eq(keyhost_open_box(&host, "box", true), OK);
    ck_assert_uint_eq(tk_generate(&host, BK_ALG_SM2), OK);
    bk_vkey_reset(host.key);
    ck_assert_uint_eq(keyhost_app_cmd(&host, 0x14, 0, 1, NULL, 0), 0x698A);
    ck_assert_uint_eq(keyhost_box_cmd(&host, 0x88, 1, 0, NULL, 0), 0x698A);
    ck_assert_uint_eq(keyhost_open_app(&host, BK_VKEY_APPLICATION), OK);
    ck_assert_uint_eq(keyhost_box_cmd(&host, 0x88, 1, 0, NULL, 0), 0x6A94);
    ck_assert_uint_eq(keyhost_open_box(&host, "box", false), OK);
    ck_assert_uint_eq(tk_generate(&host, BK_ALG_SM2), 0x6982);
    ck_assert_uint_eq(keyhost_verify(&host, 1, USER), OK);
    /* opening again is no new log-in and no log-out */
    ck_assert_uint_eq(keyhost_open_app(&host, BK_VKEY_APPLICATION), OK);
    ck_assert_uint_eq(tk_generate(&host, BK_ALG_SM2), OK);
    uint8_t old[2] = {host.app[0], host.app[1]};
    ck_assert_uint_eq(keyhost_app_cmd(&host, 0x28, 0, 0, NULL, 0), OK);
    ck_assert_uint_eq(keyhost_app_cmd(&host, 0x28, 0, 0, NULL, 0), 0x698A);
    ck_assert_uint_eq(keyhost_open_app(&host, BK_VKEY_APPLICATION), OK);
    ck_assert(memcmp(old, host.app, 2) != 0);
    ck_assert_uint_eq(keyhost_box_cmd(&host, 0x88, 1, 0, NULL, 0), 0x6A94);
    ck_assert_uint_eq(keyhost_open_app(&host, "Other"), 0x6A8B);
    tk_finish(path, &host);
}
END_TEST

START_TEST(retries_end_in_a_lock)
{
    struct keyhost host;
    char *path = tk_make(_i, &host);
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
    tk_finish(path, &host);
}
END_TEST

START_TEST(a_random_serves_once)
{
    struct keyhost host;
    char *path = tk_make(_i, &host);
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
    tk_finish(path, &host);
}
END_TEST

START_TEST(pin_rules)
{
    struct keyhost host;
    char *path = tk_make(_i, &host);
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
    tk_finish(path, &host);
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
    tk_finish(path, &host);
}
END_TEST

START_TEST(dev_info_and_label)
{
    struct keyhost host;
    char *path = tk_make(_i, &host);
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
    tk_finish(path, &host);
}
END_TEST

START_TEST(containers_and_handles)
{
    struct keyhost host;
    char *path = tk_make(_i, &host), name[80];
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
    tk_finish(path, &host);
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
    char *path = tk_make(_i, &host);
    enum bk_alg alg = _i < 2 ? BK_ALG_RSA : BK_ALG_SM2;
    uint32_t bits = alg == BK_ALG_RSA ? 2048 : 256;
    struct bk_pubkey sign, enc;
    struct bk_buf cert = BK_BUF_INIT, other = BK_BUF_INIT;
    ck_assert_uint_eq(keyhost_verify(&host, 1, USER), OK);
    ck_assert_uint_eq(keyhost_open_box(&host, "box", true), OK);
    ck_assert_uint_eq(keyhost_box_cmd(&host, 0x88, 1, 0, NULL, 0), 0x6A95);
    ck_assert_uint_eq(tk_generate(&host, alg), OK);
    ck_assert_uint_eq(tk_generate(&host, alg == BK_ALG_RSA ? BK_ALG_SM2 : BK_ALG_RSA), 0x6985);
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
    ck_assert_uint_eq(tk_generate(&host, alg), OK);
    check_info(&host, (uint8_t)alg, bits, bits, 0, 1);
    bk_buf_free(&cert);
    bk_buf_free(&other);
    tk_finish(path, &host);
}
END_TEST

START_TEST(two_power_ups_share_one_key)
{
    struct keyhost a, b;
    char *path = tk_make(_i, &a);
    keyhost_open(&b, path);
    ck_assert_uint_eq(keyhost_verify(&a, 1, USER), OK);
    ck_assert_uint_eq(keyhost_open_box(&b, "box", true), 0x6982); /* a's log-in is a's */
    ck_assert_uint_eq(keyhost_open_box(&a, "box", true), OK);
    ck_assert_uint_eq(tk_generate(&a, BK_ALG_SM2), OK);
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
    tk_check_signature(&b, BK_ALG_SM2);
    /* a's random isn't b's */
    ck_assert_uint_eq(keyhost_cmd(&a, 0x80, 0x50, 0, 0, NULL, 0, 8), OK);
    uint8_t data[18] = {b.app[0], b.app[1]};
    ck_assert_uint_eq(keyhost_cmd(&b, 0x80, 0x18, 0, 1, data, 18, NO_LE), 0x6984);
    ck_assert_uint_eq(keyhost_app_cmd(&b, 0x48, 0, 0, "box", 3), OK);
    ck_assert_uint_eq(keyhost_box_cmd(&a, 0x88, 1, 0, NULL, 0), 0x6A94);
    ck_assert_uint_eq(keyhost_open_box(&b, "box", true), OK);
    ck_assert_uint_eq(keyhost_box_cmd(&a, 0x88, 1, 0, NULL, 0), 0x6A94);
    keyhost_close(&b);
    tk_finish(path, &a);
}
END_TEST

START_TEST(nothing_is_written_for_nothing)
{
    struct keyhost host;
    char *path = tk_make(_i, &host);
    struct stat before, after;
    ck_assert_uint_eq(keyhost_verify(&host, 1, USER), OK);
    ck_assert_uint_eq(keyhost_open_box(&host, "box", true), OK);
    ck_assert_uint_eq(tk_generate(&host, BK_ALG_SM2), OK);
    ck_assert_int_eq(stat(path, &before), 0);
    tk_check_signature(&host, BK_ALG_SM2);
    ck_assert_uint_eq(keyhost_tries(&host, 1), 10);
    ck_assert_uint_eq(keyhost_open_app(&host, BK_VKEY_APPLICATION), OK);
    (void)tk_space_left(&host);
    bk_vkey_reset(host.key);
    ck_assert_int_eq(stat(path, &after), 0);
    ck_assert_uint_eq(before.st_ino, after.st_ino);
    ck_assert_int_eq(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
    tk_finish(path, &host);
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
    tcase_add_test(tc, a_spoiled_counter_is_the_one_before);
    tcase_add_test(tc, a_state_of_version_1_is_read);
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
    tcase_add_loop_test(tc, two_power_ups_share_one_key, 0, 4);
    tcase_add_loop_test(tc, nothing_is_written_for_nothing, 0, 1);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
