/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The virtual key on the wire, byte for byte: the exchanges of a GM3000, and the PIN commands of
 * tests/vectors/key.json, which an independent program made.
 */
#include <check.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "hexbytes.h"
#include "keyhost.h"
#include "vkey/state.h"

/* What the key draws next: this program's definition stands before libc's. */
static uint8_t next_random[8];
static bool random_fixed;

ssize_t getrandom(void *data, size_t len, unsigned flags)
{
    if (random_fixed && len == sizeof next_random) {
        memcpy(data, next_random, len);
        return (ssize_t)len;
    }
    return syscall(SYS_getrandom, data, len, flags);
}

static void make(const char *path, enum bk_vkey_dialect dialect, const char *user,
                 const char *admin)
{
    struct bk_vkey_params params = {.serial = "BJ0000000001", .dialect = dialect};
    params.user_pin = user;
    params.user_pin_len = user ? strlen(user) : 0;
    params.admin_pin = admin;
    params.admin_pin_len = admin ? strlen(admin) : 0;
    ck_assert_int_eq(bk_vkey_create(path, &params), BK_OK);
}

static void expect(struct keyhost *host, const char *cmd, const char *data)
{
    uint8_t want[512];
    size_t len = hexbytes(data, want, sizeof want);
    ck_assert_uint_eq(keyhost_hex(host, cmd), 0x9000);
    ck_assert_uint_eq(host->resp.len, len);
    if (len)
        ck_assert_mem_eq(host->resp.data, want, len);
}

static void personalise(const char *path)
{
    struct keyhost host;
    struct bk_pubkey pub;
    struct bk_buf cert = BK_BUF_INIT, bits = BK_BUF_INIT;
    keyhost_open(&host, path);
    ck_assert_uint_eq(keyhost_verify(&host, 1, BK_VKEY_USER_PIN), 0x9000);
    ck_assert_uint_eq(keyhost_open_box(&host, "personalCert00", true), 0x9000);
    keyhost_put32(&host, &bits, 256);
    ck_assert_uint_eq(keyhost_box_cmd(&host, 0x70, 0, 0, bits.data, 4), 0x9000);
    keyhost_pubkey(&host, 1, BK_ALG_SM2, &pub);
    keyhost_cert(&pub, 0, &cert);
    ck_assert_uint_eq(keyhost_import_cert(&host, 1, &cert), 0x9000);
    bk_buf_free(&cert);
    bk_buf_free(&bits);
    keyhost_close(&host);
}

/* BJCA-Application and personalCert00 in hex */
#define APP "424a43412d4170706c69636174696f6e"
#define BOX "706572736f6e616c436572743030"

START_TEST(gm3000_exchanges)
{
    struct keyhost host = {.dialect = BK_VKEY_LONGMAI};
    char *path = keyhost_path();
    struct bk_pubkey pub;
    struct bk_sm2_sig sig;
    uint8_t e[32];
    make(path, BK_VKEY_LONGMAI, NULL, NULL);
    personalise(path);
    ck_assert_int_eq(bk_vkey_open(path, &host.key), BK_OK);

    ck_assert_uint_eq(keyhost_hex(&host, "C00A0080000080"), 0x9000);
    ck_assert_uint_gt(host.resp.len, 1);
    ck_assert_uint_eq(host.resp.data[host.resp.len - 1], 0);
    ck_assert_uint_eq(keyhost_hex(&host, "80040000000000"), 0x9000);
    ck_assert_uint_eq(host.resp.len, 288);
    ck_assert_str_eq((char *)host.resp.data + 4 + 128, "BJCA-UserKey");
    ck_assert_str_eq((char *)host.resp.data + 4 + 128 + 32, "BJ0000000001");
    expect(&host, "80220000000000", APP "00");
    expect(&host, "80260000000010" APP "000A", "00000010 08 10 0020 1000");
    expect(&host, "804600000000021000", BOX "00");
    expect(&host, "8046000000000210000000", BOX "00");
    expect(&host, "804200000000101000" BOX "0002", "3001");
    expect(&host, "804A00000000101000" BOX "000B", "02 00000100 00000000 01 00");
    expect(&host, "C0520000", "");
    ck_assert_uint_eq(keyhost_hex(&host, "804E0100000004100030010000"), 0x9000);
    ck_assert_uint_eq(keyhost_get32(&host, 0), host.resp.len - 4);
    ck_assert_int_eq(bk_pubkey_from_cert(host.resp.data + 4, host.resp.len - 4, &pub), BK_OK);
    ck_assert_uint_eq(keyhost_hex(&host, "80500000000008"), 0x9000);
    ck_assert_uint_eq(host.resp.len, 8);
    host.app[0] = 0x10;
    ck_assert_uint_eq(keyhost_verify(&host, 1, "11111111"), 0x63c9);
    ck_assert_uint_eq(keyhost_verify(&host, 1, BK_VKEY_USER_PIN), 0x9000);
    memset(e, 0x5a, sizeof e);
    ck_assert_uint_eq(keyhost_hex(&host, "8074020000002410003001"
                                         "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a"
                                         "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a"),
                      0x9000);
    ck_assert_uint_eq(host.resp.len, 68);
    ck_assert_mem_eq(host.resp.data, "\0\0\1\0", 4);
    memcpy(&sig, host.resp.data + 4, 64);
    ck_assert_int_eq(bk_sm2_verify(&pub, e, &sig), BK_OK);
    keyhost_close(&host);
    keyhost_forget(&path);
}
END_TEST

static const char *text(json_t *from, const char *name)
{
    const char *value = json_string_value(json_object_get(from, name));
    ck_assert_ptr_nonnull(value);
    return value;
}

static json_t *vectors(void)
{
    json_t *all = json_load_file(VECTORS "/key.json", 0, NULL);
    ck_assert_ptr_nonnull(all);
    return all;
}

/* A key with the vector's PINs whose next application gets the vector's id, powered up. */
static char *key_of(json_t *v, struct keyhost *host)
{
    char *path = keyhost_path();
    uint8_t app[2];
    enum bk_vkey_dialect dialect;
    hexbytes(text(v, "app"), app, 2);
    hexbytes(text(v, "random"), next_random, 8);
    ck_assert_int_eq(bk_vkey_dialect_parse(text(v, "dialect"), &dialect), BK_OK);
    make(path, dialect, text(v, "user_pin"), text(v, "admin_pin"));
    *host = (struct keyhost){.dialect = dialect};
    ck_assert_int_eq(bk_vkey_open(path, &host->key), BK_OK);
    host->key->session.next_app =
        (uint16_t)(dialect == BK_VKEY_LONGMAI ? app[0] << 8 | app[1] : app[1] << 8 | app[0]);
    ck_assert_uint_eq(keyhost_open_app(host, BK_VKEY_APPLICATION), 0x9000);
    ck_assert_mem_eq(host->app, app, 2);
    return path;
}

/* One command of the vector on a fresh key, and the PINs that hold after it. */
static void run(json_t *v, const char *name, const char *user, const char *admin)
{
    struct keyhost host;
    char *path = key_of(v, &host);
    ck_assert_uint_eq(keyhost_hex(&host, text(v, name)), 0x6984);
    random_fixed = true;
    ck_assert_uint_eq(keyhost_cmd(&host, 0x80, 0x50, 0, 0, NULL, 0, 8), 0x9000);
    random_fixed = false;
    ck_assert_uint_eq(keyhost_hex(&host, text(v, name)), 0x9000);
    ck_assert_uint_eq(keyhost_hex(&host, text(v, name)), 0x6984); /* the random is spent */
    ck_assert_uint_eq(keyhost_verify(&host, 1, user), 0x9000);
    ck_assert_uint_eq(keyhost_verify(&host, 0, admin), 0x9000);
    ck_assert_uint_eq(keyhost_tries(&host, 1), 10);
    ck_assert_uint_eq(keyhost_tries(&host, 0), 10);
    keyhost_close(&host);
    keyhost_forget(&path);
}

START_TEST(pin_vectors)
{
    json_t *all = vectors(), *v;
    size_t i;
    json_array_foreach(json_object_get(all, "pin"), i, v)
    {
        const char *user = text(v, "user_pin"), *admin = text(v, "admin_pin");
        run(v, "verify_user", user, admin);
        run(v, "verify_admin", user, admin);
        run(v, "change_user", text(v, "new_pin"), admin);
        run(v, "unblock", text(v, "new_pin"), admin);
        run(v, "rotate_admin", user, text(v, "new_admin_pin"));
    }
    ck_assert_uint_ge(i, 8);
    json_decref(all);
}
END_TEST

/* Every bit of a vector's data counts: one flipped costs a try, and nothing changes. */
START_TEST(a_wrong_bit_costs_a_try)
{
    static const struct {
        const char *name;
        int pays; /* 0 administrator, 1 user */
    } cases[] = {{"change_user", 1}, {"unblock", 0}, {"rotate_admin", 0}, {"verify_user", 1}};
    json_t *all = vectors();
    for (size_t n = 0; n < 2; n++) {
        json_t *v = json_array_get(json_object_get(all, "pin"), n);
        for (size_t c = 0; c < 4; c++) {
            uint8_t cmd[64];
            size_t len = hexbytes(text(v, cases[c].name), cmd, sizeof cmd);
            for (size_t at = 9; at < len; at += 3) {
                struct keyhost host;
                char *path = key_of(v, &host);
                random_fixed = true;
                ck_assert_uint_eq(keyhost_cmd(&host, 0x80, 0x50, 0, 0, NULL, 0, 8), 0x9000);
                random_fixed = false;
                cmd[at] ^= 1;
                ck_assert_uint_eq(keyhost_raw(&host, cmd, len), 0x63c9);
                cmd[at] ^= 1;
                ck_assert_uint_eq(keyhost_tries(&host, cases[c].pays), 9);
                ck_assert_uint_eq(keyhost_tries(&host, !cases[c].pays), 10);
                ck_assert_uint_eq(keyhost_verify(&host, 1, text(v, "user_pin")), 0x9000);
                keyhost_close(&host);
                keyhost_forget(&path);
            }
        }
    }
    json_decref(all);
}
END_TEST

/* The standard's example signature, checked by the key (INS 76). */
START_TEST(sm2_vector)
{
    json_t *all = vectors(), *v = json_object_get(all, "sm2");
    for (int d = 0; d < 2; d++) {
        struct keyhost host;
        char *path = keyhost_path();
        struct bk_buf data = BK_BUF_INIT;
        uint8_t n[32];
        make(path, (enum bk_vkey_dialect)d, NULL, NULL);
        keyhost_open(&host, path);
        static const char *const names[] = {"x", "y", "e", "r", "s"};
        keyhost_put32(&host, &data, 256);
        for (int i = 0; i < 5; i++) {
            if (i == 2)
                keyhost_put32(&host, &data, 32);
            hexbytes(text(v, names[i]), n, 32);
            ck_assert_int_eq(bk_buf_put(&data, n, 32), BK_OK);
        }
        ck_assert_uint_eq(keyhost_cmd(&host, 0x80, 0x76, 0, 0, data.data, data.len, NO_LE), 0x9000);
        data.data[data.len - 1] ^= 1;
        ck_assert_uint_eq(keyhost_cmd(&host, 0x80, 0x76, 0, 0, data.data, data.len, NO_LE), 0x6a98);
        bk_buf_free(&data);
        keyhost_close(&host);
        keyhost_forget(&path);
    }
    json_decref(all);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("vkey wire");
    TCase *tc = tcase_create("wire");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, gm3000_exchanges);
    tcase_add_test(tc, pin_vectors);
    tcase_add_test(tc, a_wrong_bit_costs_a_try);
    tcase_add_test(tc, sm2_vector);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
