/* SPDX-License-Identifier: Apache-2.0 */
/* Commands as bytes, status words as errors. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "apdu/apdu.h"
#include "apdu/sw.h"
#include "card/dialect.h"
#include "card/status.h"

static void encodes(struct bk_apdu *a, const void *want, size_t len)
{
    struct bk_buf out = BK_BUF_INIT;
    struct bk_apdu back = {0};
    ck_assert_int_eq(bk_apdu_encode(a, &out), BK_OK);
    ck_assert_uint_eq(out.len, len);
    ck_assert_mem_eq(out.data, want, len);
    ck_assert_int_eq(bk_apdu_decode(out.data, out.len, &back), BK_OK);
    ck_assert_uint_eq(back.le, a->le);
    ck_assert_uint_eq(back.data.len, a->data.len);
    bk_apdu_free(&back);
    bk_buf_free(&out);
}

START_TEST(each_of_the_four_forms)
{
    struct bk_apdu a = BK_APDU_INIT(0x50);
    encodes(&a, "\x80\x50\0\0", 4);
    a.le = 8;
    encodes(&a, "\x80\x50\0\0\0\0\x08", 7);
    a.le = BK_LE_ANY;
    encodes(&a, "\x80\x50\0\0\0\0\0", 7);
    ck_assert_int_eq(bk_buf_put(&a.data, "xy", 2), BK_OK);
    encodes(&a, "\x80\x50\0\0\0\0\2xy\0\0", 11);
    a.le = BK_LE_NONE;
    encodes(&a, "\x80\x50\0\0\0\0\2xy", 9);
    a.le = BK_LE_ANY + 1;
    struct bk_buf out = BK_BUF_INIT;
    ck_assert_int_eq(bk_apdu_encode(&a, &out), BK_ELIMIT);
    a.le = 0;
    ck_assert_int_eq(bk_buf_put_zero(&a.data, 65534), BK_OK);
    ck_assert_int_eq(bk_apdu_encode(&a, &out), BK_ELIMIT);
    bk_buf_free(&out);
    bk_apdu_free(&a);
}
END_TEST

START_TEST(other_forms_are_not_commands)
{
    static const char *const bad[] = {"8050",         "805000",       "8050000000",
                                      "805000000100", "80500000000000ff", "805000000000037801",
                                      "80500000000002787900"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint8_t bytes[32];
        size_t n = strlen(bad[i]) / 2;
        struct bk_apdu a = {0};
        for (size_t k = 0; k < n; k++) {
            const char two[3] = {bad[i][2 * k], bad[i][2 * k + 1], 0};
            bytes[k] = (uint8_t)strtoul(two, NULL, 16);
        }
        ck_assert_int_eq(bk_apdu_decode(bytes, n, &a), BK_EFORMAT);
    }
}
END_TEST

START_TEST(an_answer_ends_with_its_status_word)
{
    struct bk_buf b = BK_BUF_INIT;
    uint16_t sw = 0;
    ck_assert_int_eq(bk_buf_put(&b, "\x90", 1), BK_OK);
    ck_assert_int_eq(bk_apdu_split_answer(&b, &sw), BK_EFORMAT);
    ck_assert_int_eq(bk_buf_put(&b, "\x00", 1), BK_OK);
    ck_assert_int_eq(bk_apdu_split_answer(&b, &sw), BK_OK);
    ck_assert_uint_eq(sw, BK_SW_OK);
    ck_assert_uint_eq(b.len, 0);
    bk_buf_free(&b);
}
END_TEST

START_TEST(status_words)
{
    ck_assert_int_eq(bk_status_err(0x9000), BK_OK);
    ck_assert_int_eq(bk_status_err(0x63c5), BK_EPIN_WRONG);
    ck_assert_int_eq(bk_status_err(0x63c0), BK_EPIN_LOCKED);
    ck_assert_int_eq(bk_status_err(0x6983), BK_EPIN_LOCKED);
    ck_assert_int_eq(bk_status_err(0x6982), BK_ELOGIN);
    ck_assert_int_eq(bk_status_err(0x698a), BK_ERESET);
    ck_assert_int_eq(bk_status_err(0x1234), BK_EIO);
    ck_assert_int_eq(bk_status_tries(0x63c5), 5);
    ck_assert_int_eq(bk_status_tries(0x6983), 0);
    ck_assert_int_eq(bk_status_tries(0x9000), -1);
    /* no word but 9000 is success */
    for (unsigned sw = 0; sw <= 0xffff; sw++)
        ck_assert_int_eq(bk_status_err((uint16_t)sw) == BK_OK, sw == 0x9000);
}
END_TEST

START_TEST(makers)
{
    ck_assert_ptr_null(bk_maker_find("Some Bank"));
    ck_assert_ptr_null(bk_maker_find(""));
    ck_assert_str_eq(bk_maker_find("bjca-pkcs11 virtual key")->dialect->name, "gmt0017");
    ck_assert_str_eq(bk_maker_find("Longmai GM3000")->dialect->name, "longmai");
    ck_assert(!bk_maker_find("Longmai GM3000")->rsa_raw);
    ck_assert(bk_maker_find("Longmai virtual key")->rsa_raw);
    ck_assert_ptr_null(bk_dialect_find("auto"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("apdu");
    TCase *t = tcase_create("apdu");
    tcase_add_test(t, each_of_the_four_forms);
    tcase_add_test(t, other_forms_are_not_commands);
    tcase_add_test(t, an_answer_ends_with_its_status_word);
    tcase_add_test(t, status_words);
    tcase_add_test(t, makers);
    suite_add_tcase(suite, t);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
