/* SPDX-License-Identifier: Apache-2.0 */
/* What the payment gateway answers, and who stands between: only what it has signed is read, and
 * only of the order that was asked about. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "folder.h"
#include "runner.h"
#include "server/httpd.h"
#include "server/pay.h"
#include "server/pem.h"
#include "server/rsa2.h"

#define ORDER "01ARZ3NDEKTSV4RRFFQ69G5FAV"
#define NAME "alipay_trade_query_response"
#define PAID(order)                                                                                \
    "{\"code\":\"10000\",\"out_trade_no\":\"" order                                                \
    "\",\"trade_no\":\"T1\",\"trade_status\":\"TRADE_SUCCESS\",\"total_amount\":\"190.00\"}"
#define UNKNOWN "{\"code\":\"40004\",\"sub_code\":\"ACQ.TRADE_NOT_EXIST\"}"

static char folder[64];
static struct bk_rsa_key *provider;
static struct bk_httpd *httpd;
static struct bk_pay *pay;
static const char *told; /* the answer; each ~ stands for the signature of: */
static const char *vouched;

static void handle(void *context, const struct bk_http_in *in, struct bk_http_out *out)
{
    (void)context;
    (void)in;
    out->status = 200;
    out->type = "application/json";
    for (const char *c = told; *c; c++)
        ck_assert_int_eq(*c == '~' ? bk_rsa2_sign(provider, vouched, strlen(vouched), &out->body)
                                   : bk_buf_put_u8(&out->body, (uint8_t)*c),
                         BK_OK);
}

static void write_provider(const char *path)
{
    struct bk_buf spki = BK_BUF_INIT, pem = BK_BUF_INIT;
    ck_assert_int_eq(bk_pubkey_to_spki(bk_rsa_pubkey(provider), &spki), BK_OK);
    ck_assert_int_eq(bk_pem_put("PUBLIC KEY", spki.data, spki.len, &pem), BK_OK);
    FILE *f = fopen(path, "we");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(pem.data, 1, pem.len, f), pem.len);
    ck_assert_int_eq(fclose(f), 0);
    bk_buf_free(&spki);
    bk_buf_free(&pem);
}

static void begin(void)
{
    char url[64], key[300], theirs[300];
    const struct bk_httpd_options options = {.listen = "127.0.0.1:0",
                                             .threads = 2,
                                             .max_body = 8192,
                                             .request_ms = 9000,
                                             .handle = handle};
    (void)snprintf(folder, sizeof folder, "/tmp/bjca-pay-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    (void)snprintf(key, sizeof key, "%s/key", folder);
    (void)snprintf(theirs, sizeof theirs, "%s/theirs.pem", folder);
    ck_assert_int_eq(bk_rsa_generate(2048, &provider), BK_OK);
    write_provider(theirs);
    ck_assert_int_eq(bk_httpd_start(&options, &httpd), BK_OK);
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u", bk_httpd_port(httpd));
    const struct bk_pay_options paying = {.url = url,
                                          .app_id = "app",
                                          .key_file = key,
                                          .provider_file = theirs,
                                          .notify_url = "https://example.com/notify"};
    ck_assert_int_eq(bk_pay_new(&paying, &pay), BK_OK);
}

static void end(void)
{
    bk_pay_free(&pay);
    bk_httpd_stop(&httpd);
    bk_rsa_free(&provider);
    folder_remove(folder);
}

static enum bk_err query(const char *answer, const char *inner)
{
    struct bk_trade trade;
    told = answer;
    vouched = inner;
    enum bk_err err = bk_pay_query(pay, ORDER, &trade);
    ck_assert(err != BK_OK || (trade.paid && trade.amount_fen == 19000));
    return err;
}

START_TEST(what_is_signed_is_read)
{
    static const char *const good[] = {"{\"" NAME "\":" PAID(ORDER) ",\"sign\":\"~\"}",
                                       " { \"" NAME "\" : " PAID(ORDER) " ,\n\"sign\" : \"~\" }\n",
                                       "{\"sign\":\"~\",\"" NAME "\":" PAID(ORDER) "}",
                                       "{\"x\":[{\"" NAME
                                       "\":{},\"sign\":\"\"},\"\\\"}\"],\"n\":-1.5e3,\"" NAME
                                       "\":" PAID(ORDER) ",\"sign\":\"~\",\"t\":true}"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        ck_assert_int_eq(query(good[i], PAID(ORDER)), BK_OK);
    ck_assert_int_eq(query("{\"" NAME "\":" UNKNOWN ",\"sign\":\"~\"}", UNKNOWN), BK_ENOTFOUND);
}
END_TEST

/* Each holds something that is signed, and says that the order is paid. */
START_TEST(a_signature_is_of_what_is_read)
{
    static const char *const wrapped[] = {
        "{\"" NAME "\" :" PAID(ORDER) ", \"sign\": \"~\", \"x\":{\"" NAME "\":" UNKNOWN
                                      ",\"sign\":\"\"}}",
        "{\"x\":{\"" NAME "\":" UNKNOWN ",\"sign\":\"\"},\"" NAME
        "\":" PAID(ORDER) ",\"sign\":\"~\"}",
        "{\"" NAME "\":" UNKNOWN
        ",\"sign\":\"~\",\"alipay_trade_quer\\u0079_response\":" PAID(ORDER) "}",
        "{\"alipay_trade_quer\\u0079_response\":" PAID(ORDER) ",\"sign\":\"~\",\"" NAME
                                                              "\":" UNKNOWN "}",
        "{\"" NAME "\":" UNKNOWN ",\"" NAME "\":" PAID(ORDER) ",\"sign\":\"~\"}",
        "{\"" NAME "\":" PAID(ORDER) ",\"" NAME "\":" UNKNOWN ",\"sign\":\"~\"}",
        "{\"" NAME "\":" PAID(ORDER) ",\"sign\":\"\",\"sign\":\"~\",\"x\":" UNKNOWN "}",
        "{\"x\":\"\\\"" NAME "\\\":"
        "\",\"" NAME "\":" PAID(ORDER) ",\"sign\":\"~\"}",
        "[{\"" NAME "\":" PAID(ORDER) ",\"sign\":\"~\"}]",
        "{\"" NAME "\":" PAID(ORDER) "}",
        "{\"sign\":\"~\"}",
        "{\"" NAME "\":[" PAID(ORDER) "],\"sign\":\"~\"}",
        "{\"" NAME "\":" PAID(ORDER) ",\"sign\":[\"~\"]}"};
    for (size_t i = 0; i < sizeof wrapped / sizeof *wrapped; i++) {
        enum bk_err err = query(wrapped[i], UNKNOWN);
        ck_assert_msg(err == BK_EVERIFY || err == BK_EFORMAT, "%zu: %s", i, bk_err_name(err));
    }
}
END_TEST

#define OTHER "01ARZ3NDEKTSV4RRFFQ69G5FAW"

static enum bk_err precreate(void)
{
    char qr[64];
    const struct bk_order order = {.id = ORDER, .type = "new", .amount_fen = 19000};
    return bk_pay_precreate(pay, &order, qr, sizeof qr);
}

static enum bk_err refund(void)
{
    return bk_pay_refund(pay, ORDER, 19000);
}

static enum bk_err cancel(void)
{
    bool refunded = false;
    return bk_pay_cancel(pay, ORDER, &refunded);
}

static enum bk_err ask_trade(void)
{
    struct bk_trade trade;
    return bk_pay_query(pay, ORDER, &trade);
}

/* Signed, each of them, and none for this order, app or amount. */
START_TEST(an_answer_is_about_what_was_asked)
{
#define GOOD "{\"code\":\"10000\","
#define QR ",\"qr_code\":\"https:\\/\\/qr.alipay.com\\/x\"}"
#define MINE "\"out_trade_no\":\"" ORDER "\""
    static const struct {
        const char *method;
        enum bk_err (*run)(void);
        const char *inner;
        enum bk_err err;
    } rows[] = {
        {"query", ask_trade, PAID(ORDER), BK_OK},
        {"query", ask_trade, PAID(OTHER), BK_EVERIFY},
        {"query", ask_trade,
         GOOD "\"trade_no\":\"T1\",\"trade_status\":\"TRADE_SUCCESS\",\"total_amount\":\"190.00\"}",
         BK_EVERIFY},
        {"query", ask_trade, GOOD "\"out_trade_no\":1}", BK_EVERIFY},
        {"query", ask_trade, GOOD MINE ",\"app_id\":\"another\"}", BK_EVERIFY},
        {"query", ask_trade, "{\"code\":\"40004\",\"sub_code\":\"ACQ.TRADE_NOT_EXIST\"," MINE "}",
         BK_ENOTFOUND},
        {"query", ask_trade,
         "{\"code\":\"40004\",\"sub_code\":\"ACQ.TRADE_NOT_EXIST\",\"out_trade_no\":\"" OTHER "\"}",
         BK_EVERIFY},
        {"precreate", precreate, GOOD MINE QR, BK_OK},
        {"precreate", precreate, GOOD "\"out_trade_no\":\"" OTHER "\"" QR, BK_EVERIFY},
        {"cancel", cancel, GOOD MINE ",\"action\":\"refund\"}", BK_OK},
        {"cancel", cancel, GOOD "\"out_trade_no\":\"" OTHER "\",\"action\":\"refund\"}",
         BK_EVERIFY},
        {"refund", refund, GOOD MINE ",\"app_id\":\"app\",\"refund_fee\":\"190.00\"}", BK_OK},
        {"refund", refund, GOOD MINE "}", BK_EVERIFY},
        {"refund", refund, GOOD MINE ",\"refund_fee\":\"19.00\"}", BK_EVERIFY},
        {"refund", refund, GOOD MINE ",\"refund_fee\":\"190\"}", BK_EVERIFY},
        {"refund", refund, GOOD "\"out_trade_no\":\"" OTHER "\",\"refund_fee\":\"190.00\"}",
         BK_EVERIFY}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char body[1024];
        (void)snprintf(body, sizeof body, "{\"alipay_trade_%s_response\":%s,\"sign\":\"~\"}",
                       rows[i].method, rows[i].inner);
        told = body;
        vouched = rows[i].inner;
        enum bk_err err = rows[i].run();
        ck_assert_msg(err == rows[i].err, "%s: %s", body, bk_err_name(err));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("server_pay");
    TCase *tc = tcase_create("pay");
    tcase_add_checked_fixture(tc, begin, end);
    tcase_add_test(tc, what_is_signed_is_read);
    tcase_add_test(tc, a_signature_is_of_what_is_read);
    tcase_add_test(tc, an_answer_is_about_what_was_asked);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
