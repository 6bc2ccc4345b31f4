/* SPDX-License-Identifier: Apache-2.0 */
#include "server/pay.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/log.h"
#include "net/http.h"
#include "server/ident.h"
#include "server/pay_answer.h"
#include "server/pem.h"
#include "server/rsa2.h"
#include "server/waiters.h"

/* Who waits for a QR code doesn't keep the outbox's two workers waiting, nor another customer. */
#define LINES (BK_WAITERS + 2u)

struct line {
    struct bk_http *http;
    bool taken;
};

struct bk_pay {
    pthread_mutex_t lock; /* taken, asking */
    pthread_cond_t released;
    struct line lines[LINES];
    char asking[BK_WAITERS][27]; /* orders that a QR code is asked for; "" is free */
    char *app_id, *notify_url;
    struct bk_rsa_key *key;
    struct bk_pubkey provider;
};

/* --- keys --- */

static enum bk_err open_key(const char *path, struct bk_rsa_key **key)
{
    struct bk_buf bytes = BK_BUF_INIT, der = BK_BUF_INIT;
    enum bk_err err = bk_file_read(path, 16384, &bytes);
    if (err == BK_ENOTFOUND) {
        err = bk_rsa_generate(2048, key);
        if (err == BK_OK)
            err = bk_rsa_to_der(*key, &der);
        if (err == BK_OK)
            err = bk_file_replace(path, der.data, der.len, 0600);
    } else if (err == BK_OK) {
        if (bytes.len && bytes.data[0] == '-')
            err = bk_pem_get("RSA PRIVATE KEY", bytes.data, bytes.len, &der);
        else
            err = bk_buf_put(&der, bytes.data, bytes.len);
        if (err == BK_OK)
            err = bk_rsa_from_der(der.data, der.len, key);
    }
    bk_buf_free(&bytes);
    bk_buf_free(&der);
    return err;
}

static enum bk_err read_provider(const char *path, struct bk_pubkey *pub)
{
    struct bk_buf bytes = BK_BUF_INIT, der = BK_BUF_INIT;
    enum bk_err err = bk_file_read(path, 16384, &bytes);
    if (err == BK_OK)
        err = bk_pem_get("PUBLIC KEY", bytes.data, bytes.len, &der);
    if (err == BK_OK)
        err = bk_pubkey_from_spki(der.data, der.len, pub);
    bk_buf_free(&bytes);
    bk_buf_free(&der);
    return err;
}

/* What is done by hand with the real provider: each side learns the other's public key. */
static enum bk_err meet_simulator(struct bk_pay *pay, const char *tls_ca)
{
    struct bk_buf spki = BK_BUF_INIT, text = BK_BUF_INIT, theirs = BK_BUF_INIT;
    struct bk_http_response response = {0};
    json_t *answer = NULL;
    json_t *ask = json_pack("{s:s, s:s}", "app_id", pay->app_id, "tls_ca", tls_ca ? tls_ca : "");
    enum bk_err err = ask ? bk_pubkey_to_spki(bk_rsa_pubkey(pay->key), &spki) : BK_ENOMEM;
    if (err == BK_OK)
        err = bk_json_set_bytes(ask, "public_key", spki.data, spki.len);
    if (err == BK_OK)
        err = bk_json_text(ask, &text);
    if (err == BK_OK) {
        const struct bk_http_request request = {.method = "POST",
                                                .path = "/sim/apps",
                                                .content_type = "application/json",
                                                .body = text.data,
                                                .body_len = text.len};
        err = bk_http_do(pay->lines[0].http, &request, &response);
    }
    if (err == BK_OK && response.status != 200)
        err = BK_EREFUSED;
    if (err == BK_OK)
        err = bk_json_parse(response.body.data, response.body.len, BK_PAY_ANSWER_MAX, &answer);
    if (err == BK_OK)
        err = bk_json_bytes(answer, "public_key", 2048, &theirs);
    if (err == BK_OK)
        err = bk_pubkey_from_spki(theirs.data, theirs.len, &pay->provider);
    json_decref(ask);
    json_decref(answer);
    bk_http_response_free(&response);
    bk_buf_free(&spki);
    bk_buf_free(&text);
    bk_buf_free(&theirs);
    return err;
}

static bool on_this_machine(const char *url)
{
    return strncmp(url, "http://127.", 11) == 0 || strncmp(url, "http://[::1]", 12) == 0 ||
           strncmp(url, "http://localhost", 16) == 0;
}

enum bk_err bk_pay_new(const struct bk_pay_options *options, struct bk_pay **pay)
{
    struct bk_pay *p = calloc(1, sizeof *p);
    *pay = NULL;
    if (!p)
        return BK_ENOMEM;
    (void)pthread_mutex_init(&p->lock, NULL);
    (void)pthread_cond_init(&p->released, NULL);
    p->app_id = strdup(options->app_id);
    p->notify_url = strdup(options->notify_url);
    const struct bk_http_options http = {.base_url = options->url,
                                         .ca_file = options->ca_file,
                                         .connect_ms = 3000,
                                         .total_ms = 8000,
                                         .max_body = BK_PAY_ANSWER_MAX};
    enum bk_err err = p->app_id && p->notify_url ? BK_OK : BK_ENOMEM;
    for (unsigned i = 0; err == BK_OK && i < LINES; i++)
        err = bk_http_new(&http, &p->lines[i].http);
    if (err == BK_OK)
        err = open_key(options->key_file, &p->key);
    if (err == BK_OK && options->provider_file)
        err = read_provider(options->provider_file, &p->provider);
    else if (err == BK_OK)
        err = options->simulator && on_this_machine(options->url)
                  ? meet_simulator(p, options->tls_ca)
                  : BK_EINVAL;
    if (err != BK_OK)
        bk_pay_free(&p);
    *pay = p;
    return err;
}

void bk_pay_free(struct bk_pay **pay)
{
    struct bk_pay *p = *pay;
    if (!p)
        return;
    for (unsigned i = 0; i < LINES; i++)
        bk_http_free(&p->lines[i].http);
    bk_rsa_free(&p->key);
    free(p->app_id);
    free(p->notify_url);
    (void)pthread_mutex_destroy(&p->lock);
    (void)pthread_cond_destroy(&p->released);
    free(p);
    *pay = NULL;
}

/* --- calls --- */

static enum bk_err sign_form(const struct bk_pay *pay, struct bk_form *form)
{
    static const char *const skip[] = {"sign", NULL};
    struct bk_buf plain = BK_BUF_INIT, sign = BK_BUF_INIT;
    const char *text = NULL;
    enum bk_err err = bk_form_plain(form, skip, &plain);
    if (err == BK_OK)
        err = bk_rsa2_sign(pay->key, plain.data, plain.len, &sign);
    if (err == BK_OK)
        err = bk_buf_cstr(&sign, &text);
    if (err == BK_OK)
        err = bk_form_add(form, "sign", text);
    bk_buf_free(&plain);
    bk_buf_free(&sign);
    return err;
}

static enum bk_err make_form(const struct bk_pay *pay, const char *method, const json_t *content,
                             bool notify, struct bk_form *form)
{
    char now[32];
    struct bk_buf biz = BK_BUF_INIT;
    const char *text = NULL;
    enum bk_err err = bk_json_text(content, &biz);
    if (err == BK_OK)
        err = bk_buf_cstr(&biz, &text);
    bk_china_time(bk_now_ms(), BK_TO_SECOND, now);
    const char *const pairs[][2] = {
        {"app_id", pay->app_id}, {"method", method}, {"format", "JSON"}, {"charset", "utf-8"},
        {"sign_type", "RSA2"},   {"timestamp", now}, {"version", "1.0"}, {"biz_content", text}};
    for (size_t i = 0; err == BK_OK && i < sizeof pairs / sizeof *pairs; i++)
        err = bk_form_add(form, pairs[i][0], pairs[i][1]);
    if (err == BK_OK && notify)
        err = bk_form_add(form, "notify_url", pay->notify_url);
    if (err == BK_OK)
        err = sign_form(pay, form);
    bk_buf_free(&biz);
    return err;
}

/* What is read is parsed from the very bytes that are signed; the rest of the body says nothing. */
static enum bk_err open_answer(const struct bk_pay *pay, const char *name,
                               const struct bk_buf *body, json_t **inner)
{
    struct bk_pay_answer a;
    enum bk_err err = bk_pay_answer_read(body->data, body->len, name, &a);
    if (err == BK_OK)
        err = bk_rsa2_verify(&pay->provider, a.inner.at, a.inner.left, a.sign);
    return err == BK_OK ? bk_json_parse(a.inner.at, a.inner.left, BK_PAY_ANSWER_MAX, inner) : err;
}

static struct line *take_line(struct bk_pay *pay)
{
    unsigned i = 0;
    (void)pthread_mutex_lock(&pay->lock);
    while (pay->lines[i].taken)
        if (++i == LINES) {
            (void)pthread_cond_wait(&pay->released, &pay->lock);
            i = 0;
        }
    pay->lines[i].taken = true;
    (void)pthread_mutex_unlock(&pay->lock);
    return &pay->lines[i];
}

static void give_line(struct bk_pay *pay, struct line *line)
{
    (void)pthread_mutex_lock(&pay->lock);
    line->taken = false;
    (void)pthread_cond_signal(&pay->released);
    (void)pthread_mutex_unlock(&pay->lock);
}

static enum bk_err exchange(struct bk_pay *pay, const struct bk_form *form,
                            struct bk_http_response *response)
{
    struct bk_buf body = BK_BUF_INIT;
    enum bk_err err = bk_form_encode(form, &body);
    const struct bk_http_request request = {.method = "POST",
                                            .path = "/gateway.do",
                                            .content_type =
                                                "application/x-www-form-urlencoded;charset=utf-8",
                                            .body = body.data,
                                            .body_len = body.len};
    if (err == BK_OK) {
        struct line *line = take_line(pay);
        err = bk_http_do(line->http, &request, response);
        give_line(pay, line);
    }
    if (err == BK_OK && response->status != 200)
        err = BK_ENET;
    bk_buf_free(&body);
    return err;
}

static enum bk_err from_sub_code(const json_t *inner, const char *method)
{
    const char *code = json_string_value(json_object_get(inner, "code"));
    const char *sub = json_string_value(json_object_get(inner, "sub_code"));
    if (code && strcmp(code, "10000") == 0)
        return BK_OK;
    if (sub && strcmp(sub, "ACQ.TRADE_NOT_EXIST") == 0)
        return BK_ENOTFOUND;
    bk_log(BK_LOG_WARN, "pay: %s: %s %s", method, code ? code : "?", sub ? sub : "");
    return sub && strcmp(sub, "ACQ.SYSTEM_ERROR") == 0 ? BK_ENET : BK_EREFUSED;
}

/* An answer that was signed for another order or app says nothing of this one. A failure may name
 * none. */
static bool is_about(const struct bk_pay *pay, const json_t *answer, const json_t *content,
                     bool success)
{
    const json_t *order = json_object_get(answer, "out_trade_no");
    const json_t *app = json_object_get(answer, "app_id");
    const char *app_id = json_string_value(app);
    if (app && (!app_id || strcmp(app_id, pay->app_id) != 0))
        return false;
    return order ? json_equal(order, json_object_get(content, "out_trade_no")) : !success;
}

/* One call; the caller releases *answer, which is NULL when there is none to be believed. content's
 * reference is taken. */
static enum bk_err call(struct bk_pay *pay, const char *method, json_t *content, bool notify,
                        json_t **answer)
{
    char name[96];
    struct bk_form form = {0};
    struct bk_http_response response = {0};
    *answer = NULL;
    if (!pay || !content) {
        json_decref(content);
        return pay ? BK_ENOMEM : BK_EUNSUPPORTED;
    }
    int n = snprintf(name, sizeof name, "%s_response", method);
    for (int i = 0; i < n && i < (int)sizeof name; i++)
        if (name[i] == '.')
            name[i] = '_';
    enum bk_err err = make_form(pay, method, content, notify, &form);
    if (err == BK_OK)
        err = exchange(pay, &form, &response);
    if (err == BK_OK)
        err = open_answer(pay, name, &response.body, answer);
    if (err == BK_OK)
        err = from_sub_code(*answer, method);
    if (*answer && !is_about(pay, *answer, content, err == BK_OK))
        err = BK_EVERIFY;
    json_decref(content);
    bk_form_free(&form);
    bk_http_response_free(&response);
    return err;
}

/* The order's place among those that are asked for; NULL when it has one, or none is free. */
static char *begin_asking(struct bk_pay *pay, const char *order_id)
{
    char *place = NULL;
    bool there = false;
    (void)pthread_mutex_lock(&pay->lock);
    for (unsigned i = 0; i < BK_WAITERS; i++) {
        if (!*pay->asking[i])
            place = pay->asking[i];
        there = there || strcmp(pay->asking[i], order_id) == 0;
    }
    if (there)
        place = NULL;
    if (place)
        (void)snprintf(place, sizeof *pay->asking, "%s", order_id);
    (void)pthread_mutex_unlock(&pay->lock);
    return place;
}

static void end_asking(struct bk_pay *pay, char *place)
{
    (void)pthread_mutex_lock(&pay->lock);
    *place = 0;
    (void)pthread_mutex_unlock(&pay->lock);
}

static enum bk_err ask_for_qr(struct bk_pay *pay, const struct bk_order *order, char *qr,
                              size_t size)
{
    char amount[BK_MONEY], until[32];
    const char *code = NULL;
    json_t *answer = NULL;
    bk_money_text(order->amount_fen, amount);
    bk_china_time(order->expires_at, BK_TO_SECOND, until);
    enum bk_err err =
        call(pay, "alipay.trade.precreate",
             json_pack("{s:s, s:s, s:s, s:s, s:s}", "out_trade_no", order->id, "total_amount",
                       amount, "subject", strcmp(order->type, "new") == 0 ? "证书新办" : "证书更新",
                       "product_code", "FACE_TO_FACE_PAYMENT", "time_expire", until),
             true, &answer);
    if (err == BK_OK)
        err = bk_json_str(answer, "qr_code", size - 1, &code) == BK_OK ? BK_OK : BK_EFORMAT;
    if (err == BK_OK)
        (void)snprintf(qr, size, "%s", code);
    json_decref(answer);
    return err;
}

enum bk_err bk_pay_precreate(struct bk_pay *pay, const struct bk_order *order, char *qr,
                             size_t size)
{
    if (!pay)
        return BK_EUNSUPPORTED;
    char *place = begin_asking(pay, order->id);
    if (!place)
        return BK_EBUSY;
    enum bk_err err = ask_for_qr(pay, order, qr, size);
    end_asking(pay, place);
    return err;
}

static enum bk_err read_trade(const char *status, const char *trade_no, const char *amount,
                              struct bk_trade *trade)
{
    memset(trade, 0, sizeof *trade);
    trade->paid = strcmp(status, "TRADE_SUCCESS") == 0 || strcmp(status, "TRADE_FINISHED") == 0;
    trade->closed = strcmp(status, "TRADE_CLOSED") == 0;
    (void)snprintf(trade->trade_no, sizeof trade->trade_no, "%s", trade_no);
    return bk_money_read(amount, &trade->amount_fen);
}

enum bk_err bk_pay_query(struct bk_pay *pay, const char *order_id, struct bk_trade *trade)
{
    const char *status = NULL, *trade_no = NULL, *amount = NULL;
    json_t *answer = NULL;
    const char *paid_out = NULL;
    enum bk_err err = call(pay, "alipay.trade.query", json_pack("{s:s}", "out_trade_no", order_id),
                           false, &answer);
    if (err == BK_OK && (bk_json_str(answer, "trade_status", 32, &status) != BK_OK ||
                         bk_json_str(answer, "trade_no", 64, &trade_no) != BK_OK ||
                         bk_json_str(answer, "total_amount", 20, &amount) != BK_OK))
        err = BK_EFORMAT;
    if (err == BK_OK)
        err = read_trade(status, trade_no, amount, trade);
    if (err == BK_OK)
        trade->given_back =
            trade->closed && bk_json_str(answer, "send_pay_date", 32, &paid_out) == BK_OK;
    json_decref(answer);
    return err;
}

static enum bk_err was_given_back(struct bk_pay *pay, const char *order_id, bool *refunded)
{
    struct bk_trade trade = {0};
    enum bk_err err = bk_pay_query(pay, order_id, &trade);
    *refunded = err == BK_OK && trade.given_back;
    return err == BK_ENOTFOUND ? BK_OK : err;
}

enum bk_err bk_pay_cancel(struct bk_pay *pay, const char *order_id, bool *refunded)
{
    const char *action = NULL;
    json_t *answer = NULL;
    enum bk_err err = call(pay, "alipay.trade.cancel", json_pack("{s:s}", "out_trade_no", order_id),
                           false, &answer);
    *refunded = err == BK_OK && bk_json_str(answer, "action", 16, &action) == BK_OK &&
                strcmp(action, "refund") == 0;
    json_decref(answer);
    /* when it did so before, and we were cut, it has nothing to give back now */
    return err == BK_OK && !*refunded ? was_given_back(pay, order_id, refunded) : err;
}

enum bk_err bk_pay_refund(struct bk_pay *pay, const char *order_id, int64_t amount_fen)
{
    char amount[BK_MONEY];
    const char *fee = NULL;
    int64_t given = 0;
    json_t *answer = NULL;
    bk_money_text(amount_fen, amount);
    enum bk_err err = call(pay, "alipay.trade.refund",
                           json_pack("{s:s, s:s, s:s}", "out_trade_no", order_id, "refund_amount",
                                     amount, "out_request_no", order_id),
                           false, &answer);
    if (err == BK_OK && (bk_json_str(answer, "refund_fee", 20, &fee) != BK_OK ||
                         bk_money_read(fee, &given) != BK_OK || given != amount_fen))
        err = BK_EVERIFY;
    json_decref(answer);
    return err;
}

enum bk_err bk_pay_notice(struct bk_pay *pay, struct bk_form *form, struct bk_notice *notice)
{
    static const char *const skip[] = {"sign", "sign_type", NULL};
    struct bk_buf plain = BK_BUF_INIT;
    if (!pay)
        return BK_EUNSUPPORTED;
    enum bk_err err = bk_form_plain(form, skip, &plain);
    if (err == BK_OK)
        err = bk_rsa2_verify(&pay->provider, plain.data, plain.len, bk_form_get(form, "sign"));
    bk_buf_free(&plain);
    if (err == BK_OK && strcmp(bk_form_get(form, "app_id"), pay->app_id) != 0)
        err = BK_EVERIFY;
    if (err != BK_OK)
        return err;
    int a = snprintf(notice->id, sizeof notice->id, "%s", bk_form_get(form, "notify_id"));
    int b = snprintf(notice->order_id, sizeof notice->order_id, "%s",
                     bk_form_get(form, "out_trade_no"));
    if (a <= 0 || (size_t)a >= sizeof notice->id || b <= 0 || (size_t)b >= sizeof notice->order_id)
        return BK_EFORMAT;
    return read_trade(bk_form_get(form, "trade_status"), bk_form_get(form, "trade_no"),
                      bk_form_get(form, "total_amount"), &notice->trade);
}
