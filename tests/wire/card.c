/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The card layer's commands byte by byte, against a script: tests/vectors/key.json (made by an
 * independent program) and the exchanges of a real GM3000.
 */
#include <check.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "card/card.h"
#include "script.h"

/* what is left of a name field of 32 bytes behind one letter */
#define ZEROS "00000000000000000000000000000000000000000000000000000000000000"

static char devinfo[2 * 290 + 1];

/* 288 bytes with this maker; numbers only where a test looks. */
static const char *make_devinfo(const char *maker)
{
    uint8_t d[290] = {1, 0, 1, 0};
    struct bk_buf hex = BK_BUF_INIT;
    const char *text = NULL;
    memcpy(d + 4, maker, strlen(maker));
    memcpy(d + 132, "BJCA-UserKey", 12);
    memcpy(d + 164, "BJ20261122000042", 16);
    d[288] = 0x90;
    ck_assert_int_eq(bk_hex_encode(d, sizeof d, &hex), BK_OK);
    ck_assert_int_eq(bk_buf_cstr(&hex, &text), BK_OK);
    memcpy(devinfo, text, strlen(text) + 1);
    bk_buf_free(&hex);
    return devinfo;
}

static struct bk_card *open_card(struct script *s, const char *dialect)
{
    struct bk_transport *t = script_open(s);
    struct bk_card *card = NULL;
    script_add(s, make_devinfo(strcmp(dialect, "longmai") == 0 ? "Longmai GM3000" : "bjca-pkcs11"));
    ck_assert_int_eq(bk_card_open(&t, NULL, &card), BK_OK);
    ck_assert_ptr_null(t);
    ck_assert_str_eq(card->dialect->name, dialect);
    ck_assert_str_eq(s->sent[0], "80040000000000");
    return card;
}

static const char *field(const json_t *v, const char *name)
{
    const char *text = json_string_value(json_object_get(v, name));
    ck_assert_ptr_nonnull(text);
    return text;
}

static void one_vector(const json_t *v)
{
    struct script s = {.count = 0};
    char random[32], app[8];
    struct bk_card *card = open_card(&s, field(v, "dialect"));
    (void)snprintf(random, sizeof random, "%s9000", field(v, "random"));
    (void)snprintf(app, sizeof app, "%s", field(v, "app"));
    card->app.id[0] = (uint8_t)strtoul((char[3]){app[0], app[1], 0}, NULL, 16);
    card->app.id[1] = (uint8_t)strtoul(app + 2, NULL, 16);
    const char *user = field(v, "user_pin"), *new = field(v, "new_pin");
    const char *admin = field(v, "admin_pin"), *next = field(v, "new_admin_pin");
    const char *const want[] = {field(v, "verify_user"), field(v, "verify_admin"),
                                field(v, "change_user"), field(v, "rotate_admin")};
    for (int i = 0; i < 4; i++) {
        script_add(&s, random);
        script_add(&s, "9000");
    }
    ck_assert_int_eq(bk_card_verify_pin(card, BK_PIN_USER, user, strlen(user)), BK_OK);
    ck_assert_int_eq(bk_card_verify_pin(card, BK_PIN_ADMIN, admin, strlen(admin)), BK_OK);
    ck_assert_int_eq(
        bk_card_change_pin(card, BK_PIN_USER, user, strlen(user), new, strlen(new)), BK_OK);
    ck_assert_int_eq(
        bk_card_change_pin(card, BK_PIN_ADMIN, admin, strlen(admin), next, strlen(next)), BK_OK);
    ck_assert_uint_eq(s.sent_count, 9);
    ck_assert_int_eq(s.held, 0);
    for (size_t i = 0; i < 4; i++) {
        ck_assert_str_eq(s.sent[1 + 2 * i], "80500000000008");
        ck_assert(!s.sensitive[1 + 2 * i]);
        ck_assert_str_eq(s.sent[2 + 2 * i], want[i]);
        ck_assert(s.sensitive[2 + 2 * i]);
    }
    /* the platform's data behind our header */
    struct bk_buf data = BK_BUF_INIT;
    const char *unblock = field(v, "unblock");
    ck_assert_int_eq(bk_hex_decode(unblock + 14, strlen(unblock) - 14, &data), BK_OK);
    script_add(&s, "9000");
    ck_assert_int_eq(bk_card_relay(card, BK_RELAY_UNBLOCK, data.data, data.len), BK_OK);
    ck_assert_str_eq(s.sent[9], unblock);
    ck_assert(s.sensitive[9]);
    data.data[0] ^= 1; /* for another application: not sent */
    ck_assert_int_eq(bk_card_relay(card, BK_RELAY_UNBLOCK, data.data, data.len), BK_EREFUSED);
    data.data[0] ^= 1;
    ck_assert_int_eq(bk_card_relay(card, BK_RELAY_UNBLOCK, data.data, data.len - 1), BK_EREFUSED);
    ck_assert_uint_eq(s.sent_count, 10);
    bk_buf_free(&data);
    bk_card_free(&card);
}

START_TEST(pin_commands_of_the_vectors)
{
    json_error_t error;
    json_t *all = json_load_file(VECTORS "/key.json", 0, &error);
    ck_assert_msg(all, "%s", error.text);
    const json_t *pins = json_object_get(all, "pin"), *v = NULL;
    size_t i = 0;
    ck_assert_uint_ge(json_array_size(pins), 8);
    json_array_foreach(pins, i, v)
        one_vector(v);
    json_decref(all);
}
END_TEST

START_TEST(sm2_signatures_of_the_vectors)
{
    json_error_t error;
    json_t *all = json_load_file(VECTORS "/key.json", 0, &error);
    ck_assert_ptr_nonnull(all);
    const json_t *v = json_object_get(all, "sm2");
    for (int i = 0; i < 2; i++) {
        struct script s = {.count = 0};
        char answer[256], want[160];
        uint8_t sig[64], e[32];
        struct bk_buf bytes = BK_BUF_INIT;
        struct bk_card *card = open_card(&s, i ? "longmai" : "gmt0017");
        memcpy(card->app.id, "\x10\x00", 2);
        (void)snprintf(answer, sizeof answer, "%s9000",
                       field(v, i ? "ecc_sign_answer_be" : "ecc_sign_answer_le"));
        script_add(&s, answer);
        ck_assert_int_eq(bk_hex_decode(field(v, "e"), 64, &bytes), BK_OK);
        memcpy(e, bytes.data, 32);
        ck_assert_int_eq(bk_card_ecc_sign_data(card, (const uint8_t *)"\x30\x01", e, sig), BK_OK);
        bk_buf_clear(&bytes);
        ck_assert_int_eq(bk_hex_decode(field(v, "r"), 64, &bytes), BK_OK);
        ck_assert_int_eq(bk_hex_decode(field(v, "s"), 64, &bytes), BK_OK);
        ck_assert_mem_eq(sig, bytes.data, 64);
        (void)snprintf(want, sizeof want, "80740200000024" "10003001%s%s", field(v, "e"),
                       i ? "" : "0000");
        ck_assert_str_eq(s.sent[1], want);
        /* in the other byte order it is no signature of 256 bits */
        (void)snprintf(answer, sizeof answer, "%s9000",
                       field(v, i ? "ecc_sign_answer_le" : "ecc_sign_answer_be"));
        script_add(&s, answer);
        ck_assert_int_eq(bk_card_ecc_sign_data(card, (const uint8_t *)"\x30\x01", e, sig),
                         BK_EFORMAT);
        bk_buf_free(&bytes);
        bk_card_free(&card);
    }
    json_decref(all);
}
END_TEST

/* INS A0 and C4: ids, SM4 in ECB, what was sealed behind its length; then the id that came back. */
START_TEST(session_keys)
{
    static const uint8_t box[2] = {0x30, 0x01}, wrapped[3] = {0xaa, 0xbb, 0xcc};
    struct script s = {.count = 0};
    struct bk_sm2_cipher sealed = {.x = {1}, .y = {2}, .hash = {3}};
    uint8_t id[2] = {0};
    struct bk_card *card = open_card(&s, _i ? "longmai" : "gmt0017");
    memcpy(card->app.id, "\x10\x00", 2);
    ck_assert_int_eq(bk_buf_put(&sealed.cipher, wrapped, sizeof wrapped), BK_OK);
    script_add(&s, "40019000");
    script_add(&s, "9000");
    ck_assert_int_eq(bk_card_import_session_key_rsa(card, box, wrapped, sizeof wrapped, id), BK_OK);
    ck_assert_mem_eq(id, "\x40\x01", 2);
    ck_assert_int_eq(bk_card_destroy_session_key(card, box, id), BK_OK);
    ck_assert_str_eq(s.sent[1], _i ? "80a0000000000f10003001" "00000401" "00000003" "aabbcc" "0000"
                                   : "80a0000000000f10003001" "01040000" "03000000" "aabbcc" "0000");
    ck_assert_str_eq(s.sent[2], "80c4000000000610003001" "4001");
    ck_assert(s.sensitive[1]);
    script_add(&s, "40029000");
    ck_assert_int_eq(bk_card_import_session_key_sm2(card, box, &sealed, id), BK_OK);
    ck_assert_ptr_eq(strstr(s.sent[3], _i ? "80a0000000006f1000300100000401"
                                          : "80a0000000006f1000300101040000"),
                     s.sent[3]);
    ck_assert_ptr_nonnull(strstr(s.sent[3], _i ? "00000003aabbcc0000" : "03000000aabbcc0000"));
    /* an id is two bytes, and a refusal is one */
    script_add(&s, "4001029000");
    ck_assert_int_eq(bk_card_import_session_key_sm2(card, box, &sealed, id), BK_EFORMAT);
    script_add(&s, "6a9b");
    ck_assert_int_eq(bk_card_import_session_key_sm2(card, box, &sealed, id), BK_EVERIFY);
    bk_sm2_cipher_free(&sealed);
    bk_card_free(&card);
}
END_TEST

/* The GM3000's own exchanges. */
START_TEST(reading_a_gm3000)
{
    struct script s = {.count = 0};
    struct bk_names names = {BK_BUF_INIT};
    struct bk_container_info info;
    struct bk_buf out = BK_BUF_INIT;
    uint8_t id[2];
    size_t at = 0;
    struct bk_card *card = open_card(&s, "longmai");
    script_add(&s, "424a43412d4170706c69636174696f6e009000");
    script_add(&s, "0000001008080020" "10009000");
    script_add(&s, "706572736f6e616c43657274303000009000");
    script_add(&s, "30019000");
    script_add(&s, "0000000100000001000101" "9000");
    script_add(&s, "9000");
    script_add(&s, "00000004" "30020500" "9000");
    ck_assert_int_eq(bk_card_enum_application(card, &names), BK_OK);
    ck_assert_str_eq(bk_names_next(&names, &at), "BJCA-Application");
    ck_assert_ptr_null(bk_names_next(&names, &at));
    ck_assert_int_eq(bk_card_open_application(card, "BJCA-Application"), BK_OK);
    ck_assert_mem_eq(card->app.id, "\x10\x00", 2);
    ck_assert_uint_eq(card->app.max_files, 32);
    ck_assert_int_eq(bk_card_enum_container(card, &names), BK_OK);
    at = 0;
    ck_assert_str_eq(bk_names_next(&names, &at), "personalCert00");
    ck_assert_int_eq(bk_card_open_container(card, "personalCert00", id), BK_OK);
    ck_assert_int_eq(bk_card_get_container_info(card, "personalCert00", &info), BK_OK);
    ck_assert_int_eq(info.type, BK_CONTAINER_SM2); /* it says 0: the bits tell */
    ck_assert_uint_eq(info.sign_bits, 256);
    ck_assert(info.sign_cert && info.enc_cert);
    ck_assert_int_eq(bk_card_before_certificates(card), BK_OK);
    ck_assert_int_eq(bk_card_export_certificate(card, id, BK_KEY_SIGNING, &out), BK_OK);
    ck_assert_mem_eq(out.data, "\x30\x02\x05\x00", 4);
    static const char *const want[] = {
        "80220000000000",
        "8026000000001042" "4a43412d4170706c69636174696f6e000a",
        "8046000000000210000000",
        "80420000000010" "1000706572736f6e616c43657274303000" "02",
        "804a0000000010" "1000706572736f6e616c436572743030000b",
        "c0520000",
        "804e0100000004" "100030010000",
    };
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        ck_assert_str_eq(s.sent[1 + i], want[i]);
    bk_names_free(&names);
    bk_buf_free(&out);
    bk_card_free(&card);
}
END_TEST

START_TEST(a_stranger_gets_one_harmless_command)
{
    struct script s = {.count = 0};
    struct bk_transport *t = script_open(&s);
    struct bk_card *card = NULL;
    script_add(&s, make_devinfo("Some Bank Ltd"));
    ck_assert_int_eq(bk_card_open(&t, NULL, &card), BK_EUNKNOWN_KEY);
    ck_assert_uint_eq(s.sent_count, 1);
    ck_assert_str_eq(s.sent[0], "80040000000000");
    ck_assert_ptr_nonnull(t);
    script_add(&s, "6d00");
    ck_assert_int_eq(bk_card_open(&t, "auto", &card), BK_EUNKNOWN_KEY);
    script_add(&s, "01029000");
    ck_assert_int_eq(bk_card_open(&t, NULL, &card), BK_EUNKNOWN_KEY);
    ck_assert_uint_eq(s.sent_count, 3);
    /* the configuration's word */
    script_add(&s, make_devinfo("Some Bank Ltd"));
    ck_assert_int_eq(bk_card_open(&t, "longmai", &card), BK_OK);
    ck_assert(!bk_card_has_rsa_raw(card));
    bk_card_free(&card);
    /* a card known to be something else: none at all */
    s.base.atr_len = 8;
    memcpy(s.base.atr, "\x3b\x8f\x80\x01\x80\x4f\x0c\xa0", 8);
    t = script_open(&s);
    ck_assert_int_eq(bk_card_open(&t, NULL, &card), BK_EUNKNOWN_KEY);
    ck_assert_uint_eq(s.sent_count, 4);
}
END_TEST

START_TEST(an_answer_that_goes_on_is_put_together)
{
    struct script s = {.count = 0};
    struct bk_buf out = BK_BUF_INIT;
    struct bk_card *card = open_card(&s, "gmt0017");
    script_add(&s, "06000000" "a1a2" "6a9e");
    script_add(&s, "a3a4" "6102");
    script_add(&s, "a5a6" "9000");
    ck_assert_int_eq(
        bk_card_export_certificate(card, (const uint8_t *)"\1\2", BK_KEY_SIGNING, &out), BK_OK);
    ck_assert_uint_eq(out.len, 6);
    ck_assert_mem_eq(out.data, "\xa1\xa2\xa3\xa4\xa5\xa6", 6);
    ck_assert_str_eq(s.sent[2], "00c00000000000");
    /* more than was asked for is no answer */
    script_add(&s, "0102030405060708099000");
    ck_assert_int_eq(bk_card_gen_random(card, 8, &out), BK_EFORMAT);
    bk_buf_free(&out);
    bk_card_free(&card);
}
END_TEST

/* The application id stands in P1 ‖ P2, high byte first, in both dialects. */
START_TEST(file_commands)
{
    for (int i = 0; i < 2; i++) {
        struct script s = {.count = 0};
        struct bk_buf out = BK_BUF_INIT;
        struct bk_card *card = open_card(&s, i ? "longmai" : "gmt0017");
        memcpy(card->app.id, i ? "\x10\x02" : "\x02\x10", 2);
        script_add(&s, "9000");
        script_add(&s, "9000");
        script_add(&s, "41429000");
        ck_assert_int_eq(bk_card_create_file(card, "F", 0x400, BK_RIGHT_ANYONE, BK_RIGHT_USER),
                         BK_OK);
        ck_assert_int_eq(bk_card_write_file(card, "F", 3, "AB", 2, false), BK_OK);
        ck_assert_int_eq(bk_card_read_file(card, "F", 3, 16, false, &out), BK_OK);
        ck_assert_uint_eq(out.len, 2);
        ck_assert_str_eq(s.sent[1],
                         i ? "8030100200002c" "46" ZEROS "00000400" "000000ff" "00000010"
                           : "8030100200002c" "46" ZEROS "00040000" "ff000000" "10000000");
        ck_assert_str_eq(s.sent[2], i ? "803a000000000b" "1002" "0003" "0001" "46" "0002" "4142"
                                      : "803a000000000b" "0210" "0300" "0100" "46" "0200" "4142");
        ck_assert_str_eq(s.sent[3], i ? "80380000000007" "1002" "0003" "0001" "46" "0010"
                                      : "80380000000007" "0210" "0300" "0100" "46" "0010");
        bk_buf_free(&out);
        bk_card_free(&card);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("card");
    TCase *t = tcase_create("wire");
    tcase_add_test(t, pin_commands_of_the_vectors);
    tcase_add_test(t, sm2_signatures_of_the_vectors);
    tcase_add_test(t, reading_a_gm3000);
    tcase_add_loop_test(t, session_keys, 0, 2);
    tcase_add_test(t, a_stranger_gets_one_harmless_command);
    tcase_add_test(t, an_answer_that_goes_on_is_put_together);
    tcase_add_test(t, file_commands);
    suite_add_tcase(suite, t);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
