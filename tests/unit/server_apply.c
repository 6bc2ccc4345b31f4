/* SPDX-License-Identifier: Apache-2.0 */
/* Orders for new certificates: numbers as they are typed, the details, codes, who opens an order.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runner.h"
#include "server/application.h"
#include "server/code.h"
#include "server/ident.h"
#include "server/order.h"
#include "server/phone.h"
#include "server/session.h"
#include "server/verification.h"
#include "serverhost.h"

#define ORG "91110108MA0123456G"

START_TEST(organisation_code_has_its_check_character)
{
    static const char symbols[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    char code[BK_ORG_CODE + 1], changed[64];
    ck_assert(bk_org_code_read("91350100M000100Y43", code)); /* the example of GB 32100-2015 */
    ck_assert(bk_org_code_read(ORG, code));
    ck_assert_str_eq(code, ORG);
    ck_assert(bk_org_code_read(" 9111-0108 ma01 2345 6g", code));
    ck_assert_str_eq(code, ORG);
    ck_assert(bk_org_code_read("９１１１０１０８ＭＡ０１２３４５６ｇ", code));
    ck_assert_str_eq(code, ORG);
    /* one character changed, or two neighbours exchanged: found, each */
    for (size_t i = 0; i < BK_ORG_CODE; i++) {
        for (size_t s = 0; s < sizeof symbols - 1; s++) {
            (void)snprintf(changed, sizeof changed, "%s", ORG);
            changed[i] = symbols[s];
            ck_assert_int_eq(bk_org_code_read(changed, code), changed[i] == ORG[i]);
        }
    }
    for (size_t i = 0; i + 1 < BK_ORG_CODE; i++) {
        (void)snprintf(changed, sizeof changed, "%s", ORG);
        changed[i] = ORG[i + 1];
        changed[i + 1] = ORG[i];
        ck_assert_int_eq(bk_org_code_read(changed, code), ORG[i] == ORG[i + 1]);
    }
    static const char *const bad[] = {"",
                                      "9",
                                      "91110108MA0123456",
                                      "91110108MA0123456GG",
                                      "91110108MA0123456I",
                                      "9111010\xffMA0123456G"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!bk_org_code_read(bad[i], code), "%s", bad[i]);
}
END_TEST

START_TEST(citizen_number_has_date_and_check_character)
{
    char id[BK_CITIZEN_ID + 1];
    /* the example of GB 11643-1999 */
    ck_assert(bk_citizen_id_read("11010519491231002X", id));
    ck_assert(bk_citizen_id_read("11010519491231002x", id));
    ck_assert_str_eq(id, "11010519491231002X");
    ck_assert(bk_citizen_id_read("440524188001010014", id) == false); /* born in 1880 */
    static const char *const bad[] = {"110105194912310021", "11010519491331002X",
                                      "11010519490229002X", "1101051949123100",
                                      "X10105194912310020"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!bk_citizen_id_read(bad[i], id), "%s", bad[i]);
    ck_assert(bk_other_id_read("h1234567", id));
    ck_assert_str_eq(id, "H1234567");
    ck_assert(!bk_other_id_read("H12", id) && !bk_other_id_read("H1234567890123456789", id) &&
              !bk_other_id_read("H12345;", id));
}
END_TEST

START_TEST(card_and_account_and_email)
{
    char card[BK_CARD_MAX + 1], account[BK_ACCOUNT_MAX + 1];
    ck_assert(bk_card_read("6222 0200 0000 0000 003", card) == false);
    ck_assert(bk_card_read("4111 1111 1111 1111", card)); /* everybody's test number */
    ck_assert_str_eq(card, "4111111111111111");
    ck_assert(!bk_card_read("4111 1111 1111 1112", card) && !bk_card_read("41111111111", card));
    ck_assert(bk_account_read("0200-0010 1920", account));
    ck_assert_str_eq(account, "020000101920");
    ck_assert(!bk_account_read("12345", account) && !bk_account_read("12345678A", account));
    static const char *const good[] = {"a@b.cn", "first.last+tag@mail.example.com"};
    static const char *const bad[] = {"",          "a",
                                      "@b.cn",     "a@",
                                      "a@b",       "a@.cn",
                                      "a@b.",      "a b@c.cn",
                                      "a@b@c.cn",  "a@b.cn\r\nBcc: x@y.cn",
                                      "a,c@b.cn",  "<a@b.cn>",
                                      "a..b@c.cn", ".a@b.cn",
                                      "a.@b.cn",   "\xe7\x94\xb2@b.cn"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        ck_assert_msg(bk_email_valid(good[i]), "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!bk_email_valid(bad[i]), "%s", bad[i]);
}
END_TEST

static const char whole[] =
    "{\"company\": {\"name\": \"示例科技有限公司\", \"address\": \"北京市示例路1号\", \"phone\":"
    " \"010-12345678\"}, \"legal_person\": {\"name\": \"测试甲\", \"id_type\": \"citizen\","
    " \"id_number\": \"11010519491231002x\", \"phone\": \"+86 138 0000 1234\"},"
    " \"operator\": {\"name\": \"测试乙\", \"id_type\": \"passport\", \"id_number\": \"e1234567\","
    " \"phone\": \"13900001234\", \"email\": \"yi@example.com\"},"
    " \"product\": {\"algorithm\": \"sm2\", \"years\": 2, \"pin_way\": \"sms\"},"
    " \"delivery\": {\"way\": \"post\", \"recipient\": \"测试丙\", \"phone\": \"13700001234\","
    " \"address\": \"北京市示例路2号\", \"postcode\": \"100000\"},"
    " \"invoice\": {\"kind\": \"normal\", \"email\": \"fp@example.com\"},"
    " \"contacts\": [{\"name\": \"测试丁\", \"phone\": \"13600001234\"}], \"other\": 1}";

static json_t *parse(const char *text)
{
    json_t *json = json_loads(text, 0, NULL);
    ck_assert_ptr_nonnull(json);
    return json;
}

START_TEST(details_are_brought_to_one_form)
{
    char member[BK_MEMBER];
    json_t *given = parse(whole), *details = NULL;
    ck_assert_int_eq(bk_application_read(given, NULL, &details, member), BK_OK);
    ck_assert_str_eq(bk_application_text(details, "legal_person", "phone"), "13800001234");
    ck_assert_str_eq(bk_application_text(details, "legal_person", "id_number"),
                     "11010519491231002X");
    ck_assert_str_eq(bk_application_text(details, "operator", "id_number"), "E1234567");
    ck_assert_ptr_null(json_object_get(details, "other"));
    ck_assert_int_eq(bk_application_years(details), 2);
    json_t *masked = bk_application_masked(details);
    char *text = json_dumps(masked, 0);
    static const char *const secrets[] = {
        "11010519491231002X", "13800001234", "E1234567", "13900001234",
        "13700001234",        "13600001234", "yi@"};
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        ck_assert_msg(!strstr(text, secrets[i]), "%s in %s", secrets[i], text);
    ck_assert_str_eq(bk_application_text(masked, "legal_person", "phone"), "138****1234");
    ck_assert_str_eq(bk_application_text(masked, "operator", "email"), "y*@example.com");
    free(text);
    json_decref(masked);
    json_decref(given);
    json_decref(details);
}
END_TEST

START_TEST(each_member_is_checked)
{
    static const struct {
        const char *path, *value, *member;
    } rows[] = {
        {"company", NULL, "company"},
        {"company.name", NULL, "company.name"},
        {"company.name", "\"\"", "company.name"},
        {"company.name", "\"a\\u202eb\"", "company.name"},
        {"company.name", "5", "company.name"},
        {"legal_person.id_number", "\"110105194912310021\"", "legal_person.id_number"},
        {"legal_person.id_type", "\"citizen passport\"", "legal_person.id_type"},
        {"legal_person.phone", "\"12\"", "legal_person.phone"},
        {"operator.email", "\"x\"", "operator.email"},
        {"product.algorithm", "\"dsa\"", "product.algorithm"},
        {"product.years", "0", "product.years"},
        {"product.years", "6", "product.years"},
        {"product.years", "\"1\"", "product.years"},
        {"product.pin_way", "\"transfer\"", "bank"},
        {"invoice.kind", "\"special\"", "bank"},
        {"delivery.way", "\"owl\"", "delivery.way"},
        {"delivery.recipient", NULL, "delivery.recipient"},
        {"delivery.address", NULL, "delivery.address"},
        {"delivery.postcode", "\"10000\"", "delivery.postcode"},
        /* who collects is the operator */
        {"delivery.way", "\"pick-up\"", "delivery.recipient"},
        {"contacts", "[{}]", "contacts.name"},
        {"contacts", "{}", "contacts"},
        {"bank", "{\"name\": \"示例银行\", \"account\": \"1\"}", "bank.account"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char member[BK_MEMBER], part[BK_MEMBER];
        json_t *given = parse(whole), *details = NULL, *at = given;
        (void)snprintf(part, sizeof part, "%s", rows[i].path);
        char *name = strchr(part, '.');
        if (name) {
            *name++ = 0;
            at = json_object_get(given, part);
        }
        if (rows[i].value)
            ck_assert_int_eq(json_object_set_new(at, name ? name : part,
                                                 json_loads(rows[i].value, JSON_DECODE_ANY, NULL)),
                             0);
        else
            ck_assert_int_eq(json_object_del(at, name ? name : part), 0);
        ck_assert_int_eq(bk_application_read(given, NULL, &details, member), BK_EFORMAT);
        ck_assert_str_eq(member, rows[i].member);
        ck_assert_ptr_null(details);
        json_decref(given);
    }
}
END_TEST

START_TEST(a_change_keeps_the_other_parts)
{
    char member[BK_MEMBER];
    json_t *given = parse(whole), *before = NULL, *after = NULL;
    json_t *change = parse("{\"product\": {\"algorithm\": \"rsa\", \"years\": 1, \"pin_way\":"
                           " \"sms\"}}");
    ck_assert_int_eq(bk_application_read(given, NULL, &before, member), BK_OK);
    ck_assert_int_eq(bk_application_read(change, before, &after, member), BK_OK);
    ck_assert_str_eq(bk_application_text(after, "product", "algorithm"), "rsa");
    ck_assert_str_eq(bk_application_text(before, "product", "algorithm"), "sm2");
    ck_assert_str_eq(bk_application_text(after, "company", "name"), "示例科技有限公司");
    json_decref(given);
    json_decref(before);
    json_decref(after);
    json_decref(change);
}
END_TEST

static struct bk_order add_order(struct bk_tx *tx)
{
    const struct bk_audit who = {.actor = "system", .address = ""};
    struct bk_order order = {.state = BK_ORDER_DRAFT,
                             .version = 1,
                             .type = "new",
                             .amount_fen = 100,
                             .expires_at = 5000};
    ck_assert_int_eq(bk_ulid(order.id), BK_OK);
    ck_assert_int_eq(bk_order_add(tx, &order, &who), BK_OK);
    return order;
}

static bool opens(struct bk_tx *tx, const char *id, const char *org, const char *phone)
{
    char hash[BK_PHONE_HASH + 1];
    bool is = false;
    ck_assert_int_eq(bk_phone_hash(host.app.escrow, org, phone, hash), BK_OK);
    ck_assert_int_eq(bk_application_opens(tx, id, hash, &is), BK_OK);
    return is;
}

START_TEST(details_are_sealed_and_found_by_phone)
{
    char member[BK_MEMBER];
    json_t *given = parse(whole);
    struct bk_rows rows = BK_ROWS_INIT;
    struct bk_tx *tx = serverhost_begin();
    struct bk_order order = add_order(tx);
    struct bk_application a = {.org_code = ORG}, read;
    (void)snprintf(a.order_id, sizeof a.order_id, "%s", order.id);
    ck_assert_int_eq(bk_application_read(given, NULL, &a.details, member), BK_OK);
    ck_assert_int_eq(bk_application_save(tx, host.app.escrow, &a, "13500001234"), BK_OK);
    ck_assert_int_eq(bk_application_load(tx, host.app.escrow, order.id, &read), BK_OK);
    ck_assert_int_eq(json_equal(read.details, a.details), 1);
    ck_assert_str_eq(read.org_code, ORG);
    ck_assert(opens(tx, order.id, ORG, "13500001234"));
    ck_assert(opens(tx, order.id, ORG, "13900001234")); /* the operator's */
    ck_assert(!opens(tx, order.id, ORG, "13800001234"));
    ck_assert(!opens(tx, order.id, "91350100M000100Y43", "13500001234"));
    /* another operator: the first one's phone opens it no more */
    ck_assert_int_eq(json_object_set_new(json_object_get(a.details, "operator"), "phone",
                                         json_string("13400001234")),
                     0);
    ck_assert_int_eq(bk_application_save(tx, host.app.escrow, &a, NULL), BK_OK);
    ck_assert(opens(tx, order.id, ORG, "13500001234"));
    ck_assert(opens(tx, order.id, ORG, "13400001234"));
    ck_assert(!opens(tx, order.id, ORG, "13900001234"));
    ck_assert_int_eq(bk_tx_get(tx, "SELECT details_sealed FROM applications", BK_NO_VALS, &rows),
                     BK_OK);
    struct bk_rd sealed = bk_row_bytes(&rows, 0, 0);
    ck_assert_ptr_null(memmem(sealed.at, sealed.left, "1234", 4));
    bk_rows_free(&rows);
    bk_application_free(&a);
    bk_application_free(&read);
    json_decref(given);
    bk_tx_rollback(&tx);
}
END_TEST

START_TEST(code_works_once_within_its_time_and_tries)
{
    char id[BK_CODE_ID], code[BK_CODE + 1], other[BK_CODE_ID], wrong[] = "BBBBBBBB";
    struct bk_code_use use;
    const struct bk_code_ask ask = {.purpose = "p",
                                    .subject = "s",
                                    .secret = "told",
                                    .now = 1000,
                                    .expires_at = 2000,
                                    .tries = 2};
    struct bk_tx *tx = serverhost_begin();
    const struct bk_escrow *e = host.app.escrow;
    ck_assert_int_eq(bk_code_make(tx, e, &ask, id, code), BK_OK);
    if (strcmp(code, wrong) == 0)
        wrong[0] = 'C';
    ck_assert_int_eq(bk_code_take(tx, e, "p", id, wrong, 1500, &use), BK_OK);
    ck_assert_str_eq(use.problem, "code-wrong");
    ck_assert_int_eq(use.tries_left, 1);
    ck_assert_int_eq(bk_code_take(tx, e, "q", id, code, 1500, &use), BK_OK);
    ck_assert_str_eq(use.problem, "code-void"); /* of another purpose */
    ck_assert_int_eq(bk_code_take(tx, e, "p", id, code, 2001, &use), BK_OK);
    ck_assert_str_eq(use.problem, "code-expired");
    ck_assert_int_eq(bk_code_take(tx, e, "p", id, code, 2000, &use), BK_OK);
    ck_assert_ptr_null(use.problem);
    ck_assert_str_eq(use.subject, "s");
    ck_assert_uint_eq(use.secret.len, 4);
    ck_assert_mem_eq(use.secret.data, "told", 4);
    bk_buf_free(&use.secret);
    ck_assert_int_eq(bk_code_take(tx, e, "p", id, code, 2000, &use), BK_OK);
    ck_assert_str_eq(use.problem, "code-used");
    ck_assert_int_eq(bk_code_make(tx, e, &ask, other, code), BK_OK);
    for (int left = 1; left >= 0; left--) {
        ck_assert_int_eq(bk_code_take(tx, e, "p", other, wrong, 1500, &use), BK_OK);
        ck_assert_str_eq(use.problem, "code-wrong");
        ck_assert_int_eq(use.tries_left, left);
    }
    ck_assert_int_eq(bk_code_take(tx, e, "p", other, code, 1500, &use), BK_OK);
    ck_assert_str_eq(use.problem, "code-void");
    ck_assert_int_eq(bk_code_make(tx, e, &ask, other, code), BK_OK);
    ck_assert_int_eq(bk_code_void(tx, "p", "s"), BK_OK);
    ck_assert_int_eq(bk_code_take(tx, e, "p", other, code, 1500, &use), BK_OK);
    ck_assert_str_eq(use.problem, "code-void");
    bk_tx_rollback(&tx);
}
END_TEST

START_TEST(the_last_verification_is_the_newest_whatever_the_clock_said)
{
    static const char *const purposes[] = {"verify", "sign"};
    char member[BK_MEMBER];
    struct bk_tx *tx = serverhost_begin();
    json_t *given = parse(whole);
    struct bk_order order = add_order(tx);
    struct bk_application a = {.org_code = ORG};
    (void)snprintf(a.order_id, sizeof a.order_id, "%s", order.id);
    ck_assert_int_eq(bk_application_read(given, NULL, &a.details, member), BK_OK);
    for (size_t i = 0; i < 2; i++) {
        struct bk_verification v;
        struct bk_verification_ask ask = {
            .purpose = purposes[i], .way = BK_BY_PHONE, .application = &a, .now = 9000};
        ck_assert_int_eq(bk_verification_begin(&host.app, tx, &ask), BK_OK);
        ask.now = 1000;
        ck_assert_int_eq(bk_verification_begin(&host.app, tx, &ask), BK_OK);
        ck_assert_int_eq(bk_verification_newest(tx, order.id, purposes[i], &v), BK_OK);
        ck_assert_int_eq(v.created_at, 1000);
        ck_assert_str_ne(v.state, "void");
    }
    bk_application_free(&a);
    json_decref(given);
    bk_tx_rollback(&tx);
}
END_TEST

START_TEST(customer_session_is_of_code_and_phone)
{
    char token[BK_TOKEN + 1];
    struct bk_session s = {.org_code = ""};
    struct bk_tx *tx = serverhost_begin();
    const struct bk_escrow *e = host.app.escrow;
    ck_assert_int_eq(bk_customer_session_new(tx, e, ORG, "13800001234", 1000, 2000, token), BK_OK);
    ck_assert_int_eq(bk_customer_session_find(tx, e, token, 1999, &s), BK_OK);
    ck_assert_str_eq(s.org_code, ORG);
    ck_assert_str_eq(s.phone, "13800001234");
    ck_assert_ptr_null(strstr(s.actor, "13800001234"));
    ck_assert_int_eq(bk_customer_session_find(tx, e, token, 2000, &s), BK_ENOTFOUND);
    ck_assert_int_eq(bk_session_find(tx, token, 1999, &s), BK_ENOTFOUND);
    bk_tx_rollback(&tx);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("server apply");
    TCase *tc = tcase_create("numbers");
    tcase_add_test(tc, organisation_code_has_its_check_character);
    tcase_add_test(tc, citizen_number_has_date_and_check_character);
    tcase_add_test(tc, card_and_account_and_email);
    tcase_add_test(tc, details_are_brought_to_one_form);
    tcase_add_test(tc, each_member_is_checked);
    tcase_add_test(tc, a_change_keeps_the_other_parts);
    suite_add_tcase(suite, tc);
    tc = serverhost_case(suite, "kept");
    tcase_add_test(tc, details_are_sealed_and_found_by_phone);
    tcase_add_test(tc, code_works_once_within_its_time_and_tries);
    tcase_add_test(tc, the_last_verification_is_the_newest_whatever_the_clock_said);
    tcase_add_test(tc, customer_session_is_of_code_and_phone);
    return run_suite(suite);
}
