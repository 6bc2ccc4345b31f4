/* SPDX-License-Identifier: Apache-2.0 */
/* What the platform computes and reads without a database: commands for keys, forms, signatures of
 * providers, languages, money. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "runner.h"
#include "base/codec.h"
#include "server/acs3.h"
#include "server/form.h"
#include "server/idempotency.h"
#include "server/keycmd.h"
#include "server/pem.h"
#include "server/phone.h"
#include "server/problem.h"
#include "server/proxy.h"
#include "server/rsa2.h"
#include "server/tell.h"
#include "server/unlock.h"

static const char *field(const json_t *v, const char *name)
{
    const char *text = json_string_value(json_object_get(v, name));
    ck_assert_msg(text != NULL, "vector without %s", name);
    return text;
}

static void unhex(const char *hex, uint8_t *out, size_t len)
{
    struct bk_buf buf = BK_BUF_INIT;
    ck_assert_int_eq(bk_hex_decode(hex, strlen(hex), &buf), BK_OK);
    ck_assert_uint_eq(buf.len, len);
    memcpy(out, buf.data, len);
    bk_buf_free(&buf);
}

/* The vector is the whole command: 7 bytes of header stand before the data field. */
static void check_data(const char *command, const struct bk_buf *data)
{
    struct bk_buf whole = BK_BUF_INIT;
    ck_assert_int_eq(bk_hex_decode(command, strlen(command), &whole), BK_OK);
    ck_assert_uint_eq(whole.len, 7 + data->len);
    ck_assert_mem_eq(whole.data + 7, data->data, data->len);
    bk_buf_free(&whole);
}

START_TEST(keycmd_agrees_with_the_vectors)
{
    json_t *all = json_load_file(VECTORS "/key.json", 0, NULL);
    ck_assert_ptr_nonnull(all);
    const json_t *list = json_object_get(all, "pin");
    ck_assert_uint_ge(json_array_size(list), 8);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *v = json_array_get(list, i);
        struct bk_buf data = BK_BUF_INIT;
        struct bk_keycmd cmd = {.admin = field(v, "admin_pin")};
        ck_assert_int_eq(bk_dialect_parse(field(v, "dialect"), &cmd.dialect), BK_OK);
        unhex(field(v, "app"), cmd.app, sizeof cmd.app);
        unhex(field(v, "random"), cmd.random, sizeof cmd.random);
        ck_assert_int_eq(bk_keycmd_verify_admin(&cmd, &data), BK_OK);
        check_data(field(v, "verify_admin"), &data);
        bk_buf_clear(&data);
        ck_assert_int_eq(bk_keycmd_unblock(&cmd, field(v, "new_pin"), &data), BK_OK);
        check_data(field(v, "unblock"), &data);
        bk_buf_clear(&data);
        ck_assert_int_eq(bk_keycmd_rotate_admin(&cmd, field(v, "new_admin_pin"), &data), BK_OK);
        check_data(field(v, "rotate_admin"), &data);
        bk_buf_free(&data);
    }
    json_decref(all);
}
END_TEST

START_TEST(phone_has_one_form)
{
    static const char *const good[] = {"13800001234",
                                       "+8613800001234",
                                       "008613800001234",
                                       "8613800001234",
                                       " +86 138-0000-1234 ",
                                       "+86-138 0000 1234",
                                       "１３８００００１２３４",
                                       "＋８６　１３８－００００－１２３４",
                                       "138\xc2\xa0"
                                       "0000\xe2\x80\x93"
                                       "1234"};
    static const char *const bad[] = {"",
                                      "1380000123",
                                      "138000012345",
                                      "23800001234",
                                      "+13800001234",
                                      "+85213800001234",
                                      "+86+13800001234",
                                      "86008613800001234",
                                      "138000012a4",
                                      "138,0000,1234",
                                      "010-12345678",
                                      "13800001234\xef\xbc",
                                      "13800001234\xef\xbc\x9a",
                                      "+",
                                      "13800001234+"};
    char phone[BK_PHONE + 1];
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ck_assert_msg(bk_phone_read(good[i], phone), "refused: %s", good[i]);
        ck_assert_str_eq(phone, "13800001234");
        ck_assert(bk_phone_valid(good[i]) == (i == 0));
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!bk_phone_read(bad[i], phone), "taken: %s", bad[i]);
}
END_TEST

START_TEST(phone_prefix_is_one_in_use)
{
    char prefix[4], phone[BK_PHONE + 1], seen[200] = "";
    unsigned count = 0;
    for (unsigned i = 0; i < 0x10000; i++) {
        bk_phone_prefix(i, prefix);
        ck_assert_uint_eq(strlen(prefix), 3);
        unsigned value = (unsigned)atol(prefix);
        ck_assert(value >= 130 && value <= 199);
        if (!seen[value]) {
            seen[value] = 1;
            count++;
        }
    }
    ck_assert_uint_eq(count, 57);
    ck_assert(!seen[140] && !seen[144] && !seen[154] && !seen[160] && !seen[163] && !seen[164] &&
              !seen[168] && !seen[169] && !seen[179]);
    ck_assert(seen[130] && seen[162] && seen[167] && seen[170] && seen[199]);
    ck_assert(bk_phone_read("19900001234", phone));
}
END_TEST

static struct bk_proxies proxies(const char *text)
{
    struct bk_proxies p = {0};
    const char *bad = NULL;
    ck_assert_msg(bk_proxies_read(text, &p, &bad) == BK_OK, "%s", text);
    ck_assert_ptr_null(bad);
    return p;
}

START_TEST(proxies_are_read_strictly)
{
    static const char *const bad[] = {"x",        "10.0.0.0/33",  "10.0.0.0/", "10.0.0.0/-1",
                                      "::1/129",  "10.0.0/8",     "/8",        "10.0.0.0/8x",
                                      "::1/0128", "127.0.0.1:80", "[::1]",     "10.0.0.0/8/8"};
    struct bk_proxies p = proxies("10.0.0.0/8, 192.0.2.7 fd00::/8,::1");
    const char *at = NULL;
    ck_assert_uint_eq(p.count, 4);
    ck_assert_uint_eq(p.nets[0].bits, 104);
    ck_assert_uint_eq(p.nets[1].bits, 128);
    ck_assert_uint_eq(p.nets[2].bits, 8);
    ck_assert_uint_eq(proxies("").count, 0);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char text[64];
        (void)snprintf(text, sizeof text, "::1, %s", bad[i]);
        ck_assert_msg(bk_proxies_read(text, &p, &at) == BK_EFORMAT, "taken: %s", text);
        ck_assert_str_eq(at, bad[i]);
    }
}
END_TEST

START_TEST(customer_is_the_rightmost_that_no_proxy_wrote_for_itself)
{
    static const struct {
        const char *peer, *header, *client;
    } cases[] = {
        {"198.51.100.1", "203.0.113.1", "198.51.100.1"}, /* not a proxy of ours */
        {"127.0.0.1", "", "127.0.0.1"},
        {"127.0.0.1", "203.0.113.1", "203.0.113.1"},
        {"127.0.0.1", "6.6.6.6, 203.0.113.1", "203.0.113.1"},
        {"127.0.0.1", "6.6.6.6, 203.0.113.1 ,10.1.2.3,\t10.9.9.9 ", "203.0.113.1"},
        {"127.0.0.1", "10.1.2.3", "10.1.2.3"},
        {"127.0.0.1", "203.0.113.1:4711", "203.0.113.1"},
        {"127.0.0.1", "2001:DB8::1", "2001:db8::1"},
        {"127.0.0.1", "[2001:db8::1]:80", "2001:db8::1"},
        {"127.0.0.1", "[2001:db8::1]", "2001:db8::1"},
        {"127.0.0.1", "::ffff:203.0.113.1", "203.0.113.1"},
        {"::ffff:127.0.0.1", "203.0.113.1", "203.0.113.1"},
        {"127.0.0.1", "6.6.6.6, unknown", "127.0.0.1"},
        {"127.0.0.1", "6.6.6.6, garbage, 10.1.1.1", "10.1.1.1"},
        {"127.0.0.1", "6.6.6.6,", "127.0.0.1"},
        {"127.0.0.1", "\"6.6.6.6, 203.0.113.1", "203.0.113.1"},
        {"unknown", "203.0.113.1", "unknown"},
    };
    struct bk_proxies p = proxies("127.0.0.1, 10.0.0.0/8");
    char client[BK_ADDRESS_TEXT];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bk_proxies_client(&p, cases[i].peer, cases[i].header, client);
        ck_assert_msg(strcmp(client, cases[i].client) == 0, "%zu: %s", i, client);
    }
    p = proxies("");
    bk_proxies_client(&p, "127.0.0.1", "203.0.113.1", client);
    ck_assert_str_eq(client, "127.0.0.1");
}
END_TEST

START_TEST(forwarded_is_read_as_rfc_7239_says)
{
    static const char *const cases[][2] = {
        {"for=203.0.113.1", "203.0.113.1"},
        {"For=\"203.0.113.1:80\"; proto=https;by=10.0.0.1", "203.0.113.1"},
        {"proto=https;for=\"[2001:db8::1]:4711\"", "2001:db8::1"},
        {"for=6.6.6.6, for=203.0.113.1, for=10.0.0.9;host=\"a, b; for=6.6.6.6\"", "203.0.113.1"},
        {"for=\"6.6.6.6, for=203.0.113.1", "203.0.113.1"}, /* the mark is a stranger's */
        {"for=_hidden", "127.0.0.1"},
        {"for=6.6.6.6, proto=https", "127.0.0.1"},
        {"for=6.6.6.6;for=7.7.7.7", "127.0.0.1"},
        {"203.0.113.1", "127.0.0.1"}};
    struct bk_proxies p = proxies("127.0.0.1, 10.0.0.0/8");
    char client[BK_ADDRESS_TEXT];
    p.rfc7239 = true;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bk_proxies_client(&p, "127.0.0.1", cases[i][0], client);
        ck_assert_msg(strcmp(client, cases[i][1]) == 0, "%zu: %s", i, client);
    }
}
END_TEST

START_TEST(limits_count_ipv6_by_its_64)
{
    char group[BK_ADDRESS_TEXT];
    bk_address_group("2001:db8:1:2:3:4:5:6", group);
    ck_assert_str_eq(group, "2001:db8:1:2::/64");
    bk_address_group("203.0.113.1", group);
    ck_assert_str_eq(group, "203.0.113.1");
    bk_address_group("::ffff:203.0.113.1", group);
    ck_assert_str_eq(group, "203.0.113.1");
    bk_address_group("unknown", group);
    ck_assert_str_eq(group, "unknown");
}
END_TEST

START_TEST(form_is_strict_and_sorted)
{
    static const char *const bad[] = {"a",  "a=%",   "a=%4",  "a=%zz",    "a=1&a=2",
                                      "=1", "a=%00", "a=%ff", "a=1&&b=2", "a=1&"};
    struct bk_form form;
    for (size_t i = 0; i < sizeof bad / sizeof *bad - 1; i++)
        ck_assert_msg(bk_form_parse(bad[i], strlen(bad[i]), &form) == BK_EFORMAT, "taken: %s",
                      bad[i]);
    const char *text = "b=%E8%AF%81+x&a=1&empty=&sign=no";
    static const char *const skip[] = {"sign", NULL};
    struct bk_buf out = BK_BUF_INIT;
    const char *plain = NULL;
    ck_assert_int_eq(bk_form_parse(text, strlen(text), &form), BK_OK);
    ck_assert_str_eq(bk_form_get(&form, "b"), "证 x");
    ck_assert_int_eq(bk_form_plain(&form, skip, &out), BK_OK);
    ck_assert_int_eq(bk_buf_cstr(&out, &plain), BK_OK);
    ck_assert_str_eq(plain, "a=1&b=证 x");
    bk_buf_clear(&out);
    ck_assert_int_eq(bk_form_encode(&form, &out), BK_OK);
    ck_assert_int_eq(bk_buf_cstr(&out, &plain), BK_OK);
    ck_assert_str_eq(plain, "a=1&b=%E8%AF%81%20x&empty=&sign=no");
    bk_form_free(&form);
    bk_buf_free(&out);
}
END_TEST

/* Parameters, secret and signature as in the provider's documentation. */
START_TEST(acs3_agrees_with_the_documented_example)
{
    char signature[65], hash[65];
    const struct bk_acs3 request = {
        .host = "ecs.cn-shanghai.aliyuncs.com",
        .action = "RunInstances",
        .version = "2014-05-26",
        .date = "2023-10-26T10:22:32Z",
        .nonce = "3156853299f313e23d1673dc12e1703d",
        .query = "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"
                 "&RegionId=cn-shanghai",
        .body = "",
        .body_len = 0};
    ck_assert_int_eq(bk_acs3_sign(&request, "YourAccessKeySecret", signature, hash), BK_OK);
    ck_assert_str_eq(signature, "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0");
}
END_TEST

START_TEST(rsa2_refuses_what_was_changed)
{
    struct bk_rsa_key *key = NULL;
    struct bk_buf sign = BK_BUF_INIT;
    const char *text = NULL;
    ck_assert_int_eq(bk_rsa_generate(2048, &key), BK_OK);
    ck_assert_int_eq(bk_rsa2_sign(key, "a=1&b=2", 7, &sign), BK_OK);
    ck_assert_int_eq(bk_buf_cstr(&sign, &text), BK_OK);
    ck_assert_int_eq(bk_rsa2_verify(bk_rsa_pubkey(key), "a=1&b=2", 7, text), BK_OK);
    ck_assert_int_eq(bk_rsa2_verify(bk_rsa_pubkey(key), "a=1&b=3", 7, text), BK_EVERIFY);
    ck_assert_int_eq(bk_rsa2_verify(bk_rsa_pubkey(key), "a=1&b=2", 7, "AAAA"), BK_EVERIFY);
    ck_assert_int_eq(bk_rsa2_verify(bk_rsa_pubkey(key), "a=1&b=2", 7, "?"), BK_EVERIFY);
    bk_buf_free(&sign);
    bk_rsa_free(&key);
}
END_TEST

START_TEST(money_has_exactly_two_decimals)
{
    static const char *const bad[] = {"",      "1",    "1.0",  "1.000",           "01.00",
                                      "-1.00", "1,00", "1.0a", "1234567890123.00"};
    int64_t fen = 7;
    char text[BK_MONEY];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(bk_money_read(bad[i], &fen) == BK_EFORMAT, "taken: %s", bad[i]);
    ck_assert_int_eq(bk_money_read("190.05", &fen), BK_OK);
    ck_assert_int_eq(fen, 19005);
    bk_money_text(fen, text);
    ck_assert_str_eq(text, "190.05");
    bk_money_text(1, text);
    ck_assert_str_eq(text, "0.01");
}
END_TEST

START_TEST(language_is_the_heavier_one)
{
    static const struct {
        const char *header;
        enum bk_lang lang;
    } cases[] = {{NULL, BK_LANG_ZH},
                 {"", BK_LANG_ZH},
                 {"en", BK_LANG_EN},
                 {"en-GB,en;q=0.9", BK_LANG_EN},
                 {"zh-CN,zh;q=0.9,en;q=0.8", BK_LANG_ZH},
                 {"fr;q=0.9, en;q=0.5", BK_LANG_EN},
                 {"zh;q=0.2,en;q=0.3", BK_LANG_EN},
                 {"en;q=99999999999", BK_LANG_ZH},
                 {"en;q=0.001,zh;q=0", BK_LANG_EN},
                 {"english", BK_LANG_ZH}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_msg(bk_lang_choose(cases[i].header) == cases[i].lang, "%s",
                      cases[i].header ? cases[i].header : "(none)");
}
END_TEST

START_TEST(each_problem_has_one_code_and_two_texts)
{
    size_t count = 0;
    const struct bk_problem *all = bk_problem_all(&count);
    for (size_t i = 0; i < count; i++) {
        ck_assert_ptr_eq(bk_problem_find(all[i].code), &all[i]);
        ck_assert(all[i].status >= 400 && all[i].status < 600 && *all[i].zh && *all[i].en);
    }
    ck_assert_uint_eq(bk_problem_find("no such code")->status, 500);
}
END_TEST

START_TEST(code_is_read_as_people_type_it)
{
    static const char *const bad[] = {"", "BCDF-GHJ", "BCDF-GHJKL", "BCDF-GHJA", "BCDF_GHJK"};
    char code[BK_CODE + 1];
    ck_assert_int_eq(bk_code_read(" bcdf-ghjk ", code), BK_OK);
    ck_assert_str_eq(code, "BCDFGHJK");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(bk_code_read(bad[i], code) == BK_EFORMAT, "taken: %s", bad[i]);
}
END_TEST

START_TEST(idempotency_key_is_one_visible_word)
{
    char key[BK_IDEM_KEY_MAX + 1], longer[BK_IDEM_KEY_MAX + 2];
    ck_assert_int_eq(bk_idem_key("\"8e03978e-40d5\"", key), BK_OK);
    ck_assert_str_eq(key, "8e03978e-40d5");
    ck_assert_int_eq(bk_idem_key("abc", key), BK_OK);
    ck_assert_int_eq(bk_idem_key("", key), BK_EFORMAT);
    ck_assert_int_eq(bk_idem_key("\"\"", key), BK_EFORMAT);
    ck_assert_int_eq(bk_idem_key("a b", key), BK_EFORMAT);
    memset(longer, 'a', sizeof longer - 1);
    longer[sizeof longer - 1] = 0;
    ck_assert_int_eq(bk_idem_key(longer, key), BK_EFORMAT);
}
END_TEST

START_TEST(pem_gives_back_what_was_put)
{
    uint8_t bytes[100];
    struct bk_buf pem = BK_BUF_INIT, der = BK_BUF_INIT;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)i;
    ck_assert_int_eq(bk_pem_put("X", bytes, sizeof bytes, &pem), BK_OK);
    ck_assert_int_eq(bk_pem_get("X", pem.data, pem.len, &der), BK_OK);
    ck_assert_uint_eq(der.len, sizeof bytes);
    ck_assert_mem_eq(der.data, bytes, sizeof bytes);
    ck_assert_int_eq(bk_pem_get("Y", pem.data, pem.len, &der), BK_ENOTFOUND);
    ck_assert_int_eq(bk_pem_get("X", pem.data, pem.len - 10, &der), BK_EFORMAT);
    bk_buf_free(&pem);
    bk_buf_free(&der);
}
END_TEST

START_TEST(what_a_customer_typed_is_quoted)
{
    static const struct {
        const char *text, *shown;
    } texts[] = {{"示例科技有限公司", "「示例科技有限公司」"},
                 {"", "「」"},
                 {"ABC Co., Ltd.", "「ABC Co., Ltd.」"},
                 {"evil.example", "「evil·example」"},
                 {"请看evil.中国", "「请看evil·中国」"},
                 {"请看evil。cn", "「请看evil·cn」"},
                 {"http://a/b", "「http···a·b」"},
                 {"a@b\\c", "「a·b·c」"},
                 {"公司」已通过「", "「公司·已通过·」"},
                 {"012345678901234567890123456789", "「012345678901234567890123456789」"},
                 {"0123456789012345678901234567890", "「012345678901234567890123456789…」"},
                 {"一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一",
                  "「一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十…」"},
                 {"𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷",
                  "「𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷…」"}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char shown[BK_QUOTED];
        bk_tell_quote(texts[i].text, shown);
        ck_assert_str_eq(shown, texts[i].shown);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("server_text");
    TCase *tc = tcase_create("text");
    tcase_set_timeout(tc, 30);
    tcase_add_test(tc, keycmd_agrees_with_the_vectors);
    tcase_add_test(tc, phone_has_one_form);
    tcase_add_test(tc, phone_prefix_is_one_in_use);
    tcase_add_test(tc, proxies_are_read_strictly);
    tcase_add_test(tc, customer_is_the_rightmost_that_no_proxy_wrote_for_itself);
    tcase_add_test(tc, forwarded_is_read_as_rfc_7239_says);
    tcase_add_test(tc, limits_count_ipv6_by_its_64);
    tcase_add_test(tc, form_is_strict_and_sorted);
    tcase_add_test(tc, acs3_agrees_with_the_documented_example);
    tcase_add_test(tc, rsa2_refuses_what_was_changed);
    tcase_add_test(tc, money_has_exactly_two_decimals);
    tcase_add_test(tc, language_is_the_heavier_one);
    tcase_add_test(tc, each_problem_has_one_code_and_two_texts);
    tcase_add_test(tc, code_is_read_as_people_type_it);
    tcase_add_test(tc, idempotency_key_is_one_visible_word);
    tcase_add_test(tc, pem_gives_back_what_was_put);
    tcase_add_test(tc, what_a_customer_typed_is_quoted);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
