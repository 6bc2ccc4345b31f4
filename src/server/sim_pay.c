/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The gateway's behaviour, copied where it matters: precreate goes on giving QR codes whatever
 * became of the order; the trade doesn't exist before the scan (query: ACQ.TRADE_NOT_EXIST);
 * slashes are escaped in answers, and the signature is over those very bytes.
 */
#include "server/sim_pay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/rsa.h"
#include "server/form.h"
#include "server/ident.h"
#include "server/rsa2.h"

#define QR_LIFE_MS (INT64_C(2) * 3600 * 1000)

struct trade {
    char app_id[65], out_trade_no[65], trade_no[65], qr[128], amount[BK_MONEY], status[32];
    int64_t expires_at, paid_at;
    bool refunded;
};

static enum bk_err load_trade(struct bk_tx *tx, const char *sql, const struct bk_val *vals,
                              size_t count, struct trade *t)
{
    struct bk_rows r = BK_ROWS_INIT;
    memset(t, 0, sizeof *t);
    enum bk_err err = bk_tx_get(tx, sql, vals, count, &r);
    if (err == BK_OK) {
        bk_row_copy(&r, 0, 0, t->app_id, sizeof t->app_id);
        bk_row_copy(&r, 0, 1, t->out_trade_no, sizeof t->out_trade_no);
        bk_row_copy(&r, 0, 2, t->trade_no, sizeof t->trade_no);
        bk_row_copy(&r, 0, 3, t->qr, sizeof t->qr);
        bk_row_copy(&r, 0, 4, t->amount, sizeof t->amount);
        bk_row_copy(&r, 0, 5, t->status, sizeof t->status);
        t->refunded = *bk_row_text(&r, 0, 6) != 0;
        t->expires_at = bk_row_int(&r, 0, 7);
        t->paid_at = bk_row_int(&r, 0, 8);
    }
    bk_rows_free(&r);
    return err;
}

#define COLUMNS                                                                                    \
    "SELECT app_id, out_trade_no, trade_no, qr_code, amount, status, refunded, expires_at,"        \
    " paid_at FROM trades"

static enum bk_err close_trade(struct bk_tx *tx, const struct trade *t, const char *refunded)
{
    return bk_tx_exec(tx,
                      "UPDATE trades SET status = 'TRADE_CLOSED', refunded = $1"
                      " WHERE app_id = $2 AND out_trade_no = $3",
                      BK_VALS(bk_text(refunded), bk_text(t->app_id), bk_text(t->out_trade_no)),
                      NULL);
}

/* --- the gateway's methods: each fills in the inner object --- */

static json_t *success(void)
{
    return json_pack("{s:s, s:s}", "code", "10000", "msg", "Success");
}

static json_t *failure(const char *sub_code)
{
    return json_pack("{s:s, s:s, s:s}", "code", "40004", "msg", "Business Failed", "sub_code",
                     sub_code);
}

struct call {
    struct bk_tx *tx;
    const char *app_id, *notify_url;
    const json_t *content;
    int64_t now;
    json_t *inner;
};

static const char *text_of(const struct call *c, const char *name)
{
    const char *text = json_string_value(json_object_get(c->content, name));
    return text ? text : "";
}

static enum bk_err find_trade(const struct call *c, struct trade *t)
{
    return load_trade(c->tx, COLUMNS " WHERE app_id = $1 AND out_trade_no = $2",
                      BK_VALS(bk_text(c->app_id), bk_text(text_of(c, "out_trade_no"))), t);
}

static enum bk_err make_code(struct trade *t)
{
    char code[33];
    enum bk_err err = bk_random_hex(16, code);
    (void)snprintf(t->qr, sizeof t->qr, "https://qr.alipay.com/sim%s", code);
    return err;
}

/* The same payment, by another code: the old one is dead. */
static enum bk_err renew_code(struct call *c, struct trade *t)
{
    enum bk_err err = make_code(t);
    return err == BK_OK ? bk_tx_exec(c->tx,
                                     "UPDATE trades SET qr_code = $1, expires_at = $2"
                                     " WHERE app_id = $3 AND out_trade_no = $4",
                                     BK_VALS(bk_text(t->qr), bk_int(c->now + QR_LIFE_MS),
                                             bk_text(t->app_id), bk_text(t->out_trade_no)),
                                     NULL)
                        : err;
}

static enum bk_err add_trade(struct call *c, struct trade *t)
{
    enum bk_err err = make_code(t);
    if (err == BK_OK)
        err = bk_tx_exec(c->tx,
                         "INSERT INTO trades (out_trade_no, app_id, trade_no, qr_code, amount,"
                         " subject, notify_url, status, refunded, expires_at, paid_at)"
                         " VALUES ($1, $2, '', $3, $4, $5, $6, '', '', $7, 0)",
                         BK_VALS(bk_text(text_of(c, "out_trade_no")), bk_text(c->app_id),
                                 bk_text(t->qr), bk_text(text_of(c, "total_amount")),
                                 bk_text(text_of(c, "subject")), bk_text(c->notify_url),
                                 bk_int(c->now + QR_LIFE_MS)),
                         NULL);
    return err;
}

static enum bk_err precreate(struct call *c)
{
    struct trade t;
    int64_t fen = 0;
    if (bk_money_read(text_of(c, "total_amount"), &fen) != BK_OK || fen < 1 ||
        !*text_of(c, "out_trade_no") || !*text_of(c, "subject")) {
        c->inner = failure("ACQ.INVALID_PARAMETER");
        return BK_OK;
    }
    enum bk_err err = find_trade(c, &t);
    if (err == BK_ENOTFOUND)
        err = add_trade(c, &t);
    else if (err == BK_OK && strcmp(t.status, "TRADE_SUCCESS") == 0) {
        c->inner = failure("ACQ.TRADE_HAS_SUCCESS");
        return BK_OK;
    } else if (err == BK_OK && strcmp(t.amount, text_of(c, "total_amount")) != 0) {
        c->inner = failure("ACQ.CONTEXT_INCONSISTENT");
        return BK_OK;
    } else if (err == BK_OK && !*t.status && c->now > t.expires_at) {
        err = renew_code(c, &t);
    }
    c->inner = success();
    if (c->inner &&
        (json_object_set_new(c->inner, "out_trade_no", json_string(text_of(c, "out_trade_no"))) ||
         json_object_set_new(c->inner, "qr_code", json_string(t.qr))))
        err = BK_ENOMEM;
    return err;
}

static enum bk_err query(struct call *c)
{
    struct trade t;
    enum bk_err err = find_trade(c, &t);
    if (err == BK_ENOTFOUND || (err == BK_OK && !*t.trade_no)) {
        c->inner = failure("ACQ.TRADE_NOT_EXIST");
        return BK_OK;
    }
    if (err == BK_OK)
        c->inner = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "code", "10000", "msg", "Success",
                             "out_trade_no", t.out_trade_no, "trade_no", t.trade_no, "trade_status",
                             t.status, "total_amount", t.amount);
    if (err == BK_OK && t.paid_at) {
        char paid[32];
        bk_china_time(t.paid_at, BK_TO_SECOND, paid);
        if (json_object_set_new(c->inner, "send_pay_date", json_string(paid)) != 0)
            err = BK_ENOMEM;
    }
    return err;
}

/* Unpaid: closed, its QR code is dead; paid: the money goes back, once, whatever is asked again. */
static enum bk_err cancel(struct call *c)
{
    struct trade t;
    enum bk_err err = find_trade(c, &t);
    if (err == BK_ENOTFOUND) {
        c->inner = failure("ACQ.TRADE_NOT_EXIST");
        return BK_OK;
    }
    bool paid = err == BK_OK && strcmp(t.status, "TRADE_SUCCESS") == 0;
    if (err == BK_OK)
        err = close_trade(c->tx, &t, paid || t.refunded ? t.amount : "");
    if (err == BK_OK)
        c->inner = json_pack("{s:s, s:s, s:s, s:s, s:s}", "code", "10000", "msg", "Success",
                             "out_trade_no", t.out_trade_no, "retry_flag", "N", "action",
                             paid ? "refund" : "close");
    return err;
}

static enum bk_err refund(struct call *c)
{
    struct trade t;
    enum bk_err err = find_trade(c, &t);
    if (err == BK_ENOTFOUND || (err == BK_OK && !*t.trade_no)) {
        c->inner = failure("ACQ.TRADE_NOT_EXIST");
        return BK_OK;
    }
    if (err == BK_OK && strcmp(t.amount, text_of(c, "refund_amount")) != 0) {
        c->inner = failure("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL");
        return BK_OK;
    }
    if (err == BK_OK && !t.refunded)
        err = close_trade(c->tx, &t, t.amount);
    if (err == BK_OK)
        c->inner = json_pack("{s:s, s:s, s:s, s:s, s:s}", "code", "10000", "msg", "Success",
                             "out_trade_no", t.out_trade_no, "fund_change", t.refunded ? "N" : "Y",
                             "refund_fee", t.amount);
    return err;
}

/* --- the frame around them --- */

static enum bk_err check_signature(struct bk_tx *tx, struct bk_form *form, bool *good)
{
    static const char *const skip[] = {"sign", NULL};
    struct bk_rows rows = BK_ROWS_INIT;
    struct bk_buf plain = BK_BUF_INIT;
    struct bk_pubkey pub;
    enum bk_err err = bk_tx_get(tx, "SELECT public_key FROM apps WHERE app_id = $1",
                                BK_VALS(bk_text(bk_form_get(form, "app_id"))), &rows);
    if (err == BK_OK) {
        struct bk_rd spki = bk_row_bytes(&rows, 0, 0);
        err = bk_pubkey_from_spki(spki.at, spki.left, &pub);
    }
    if (err == BK_OK)
        err = bk_form_plain(form, skip, &plain);
    if (err == BK_OK)
        err = bk_rsa2_verify(&pub, plain.data, plain.len, bk_form_get(form, "sign"));
    *good = err == BK_OK && strcmp(bk_form_get(form, "sign_type"), "RSA2") == 0;
    bk_rows_free(&rows);
    bk_buf_free(&plain);
    return err == BK_EVERIFY || err == BK_ENOTFOUND ? BK_OK : err;
}

/* {"X_response":INNER,"sign":"…"}, with every slash escaped as the real gateway does. */
static enum bk_err write_answer(const struct bk_sim *sim, const char *method, const json_t *inner,
                                struct bk_http_out *out)
{
    struct bk_buf plain = BK_BUF_INIT, text = BK_BUF_INIT;
    enum bk_err err = bk_json_text(inner, &plain);
    for (size_t i = 0; err == BK_OK && i < plain.len; i++) {
        if (plain.data[i] == '/')
            err = bk_buf_put_u8(&text, '\\');
        if (err == BK_OK)
            err = bk_buf_put_u8(&text, plain.data[i]);
    }
    bk_buf_clear(&out->body);
    if (err == BK_OK)
        err = bk_buf_put_str(&out->body, "{\"");
    for (const char *c = method; err == BK_OK && *c; c++)
        err = bk_buf_put_u8(&out->body, *c == '.' ? '_' : (uint8_t)*c);
    if (err == BK_OK)
        err = bk_buf_put_str(&out->body, "_response\":");
    if (err == BK_OK)
        err = bk_buf_put(&out->body, text.data, text.len);
    if (err == BK_OK)
        err = bk_buf_put_str(&out->body, ",\"sign\":\"");
    if (err == BK_OK)
        err = bk_rsa2_sign(sim->key, text.data, text.len, &out->body);
    if (err == BK_OK)
        err = bk_buf_put_str(&out->body, "\"}");
    out->status = 200;
    out->type = "application/json;charset=utf-8";
    bk_buf_free(&plain);
    bk_buf_free(&text);
    return err;
}

static enum bk_err run(struct call *c, const char *method)
{
    static const struct {
        const char *method;
        enum bk_err (*run)(struct call *);
    } methods[] = {{"alipay.trade.precreate", precreate},
                   {"alipay.trade.query", query},
                   {"alipay.trade.cancel", cancel},
                   {"alipay.trade.refund", refund}};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (strcmp(methods[i].method, method) == 0)
            return methods[i].run(c);
    c->inner = json_pack("{s:s, s:s, s:s}", "code", "40002", "msg", "Invalid Arguments", "sub_code",
                         "isv.invalid-method");
    return BK_OK;
}

static enum bk_err answer(struct bk_sim *sim, struct bk_form *form, struct bk_http_out *out)
{
    bool good = false;
    json_t *content = NULL;
    const char *biz = bk_form_get(form, "biz_content"), *method = bk_form_get(form, "method");
    struct call c = {.app_id = bk_form_get(form, "app_id"),
                     .notify_url = bk_form_get(form, "notify_url"),
                     .now = bk_now_ms()};
    enum bk_err err = bk_tx_begin(sim->store, &c.tx);
    if (err == BK_OK)
        err = check_signature(c.tx, form, &good);
    if (err == BK_OK && good)
        good = bk_json_parse(biz, strlen(biz), 16384, &content) == BK_OK;
    c.content = content;
    if (err == BK_OK && good)
        err = run(&c, method);
    else if (err == BK_OK)
        c.inner = json_pack("{s:s, s:s, s:s}", "code", "40002", "msg", "Invalid Arguments",
                            "sub_code", "isv.invalid-signature");
    if (err == BK_OK && !c.inner)
        err = BK_ENOMEM;
    if (err == BK_OK)
        err = bk_tx_commit(&c.tx);
    bk_tx_rollback(&c.tx);
    if (err == BK_OK)
        err = write_answer(sim, method, c.inner, out);
    json_decref(c.inner);
    json_decref(content);
    return err;
}

enum bk_err bk_sim_gateway(struct bk_sim *sim, const struct bk_http_in *in, struct bk_http_out *out)
{
    struct bk_form form = {0};
    enum bk_err err = bk_form_parse(in->body, in->body_len, &form);
    if (err == BK_OK)
        err = answer(sim, &form, out);
    bk_form_free(&form);
    return err;
}

/* --- apps and customers --- */

enum bk_err bk_sim_app(struct bk_sim *sim, const struct bk_http_in *in, struct bk_http_out *out)
{
    json_t *json = NULL, *reply = json_object();
    const char *app = NULL, *tls_ca = NULL;
    struct bk_buf spki = BK_BUF_INIT, ours = BK_BUF_INIT;
    struct bk_tx *tx = NULL;
    enum bk_err err = bk_json_parse(in->body, in->body_len, 65536, &json);
    if (err == BK_OK && (bk_json_str(json, "app_id", 64, &app) != BK_OK ||
                         bk_json_str(json, "tls_ca", 32768, &tls_ca) != BK_OK ||
                         bk_json_bytes(json, "public_key", 2048, &spki) != BK_OK))
        err = BK_EFORMAT;
    if (err == BK_OK)
        err = bk_tx_begin(sim->store, &tx);
    if (err == BK_OK)
        err =
            bk_tx_exec(tx,
                       "INSERT INTO apps (app_id, public_key, tls_ca) VALUES ($1, $2, $3)"
                       " ON CONFLICT (app_id) DO UPDATE SET public_key = $2, tls_ca = $3",
                       BK_VALS(bk_text(app), bk_bytes(spki.data, spki.len), bk_text(tls_ca)), NULL);
    err = bk_tx_end(&tx, err);
    if (err == BK_OK)
        err = bk_pubkey_to_spki(bk_rsa_pubkey(sim->key), &ours);
    if (err == BK_OK)
        err = reply ? bk_json_set_bytes(reply, "public_key", ours.data, ours.len) : BK_ENOMEM;
    json_decref(json);
    bk_buf_free(&spki);
    bk_buf_free(&ours);
    if (err == BK_OK)
        return bk_sim_reply(out, 200, reply);
    json_decref(reply);
    return err;
}

/* How somebody pays, and what the platform hears of it. */
struct scan {
    const char *qr, *amount, *behind; /* "": as much as is asked for; nothing */
    int64_t notices, late_s, now;
};

static enum bk_err read_scan(const json_t *json, struct scan *s)
{
    int64_t fen = 0;
    *s = (struct scan){.amount = "", .behind = "", .notices = 1, .now = bk_now_ms()};
    enum bk_err err = bk_json_str(json, "qr_code", 256, &s->qr);
    if (err == BK_OK && json_object_get(json, "notices"))
        err = bk_json_int(json, "notices", 0, 5, &s->notices);
    if (err == BK_OK && json_object_get(json, "late"))
        err = bk_json_int(json, "late", 0, 3600, &s->late_s);
    if (err == BK_OK && json_object_get(json, "amount"))
        err = bk_json_str(json, "amount", BK_MONEY - 1, &s->amount);
    if (err == BK_OK && json_object_get(json, "behind"))
        err = bk_json_str(json, "behind", 31, &s->behind);
    if (err == BK_OK && *s->amount)
        err = bk_money_read(s->amount, &fen);
    return err == BK_OK ? BK_OK : BK_EFORMAT;
}

static enum bk_err add_notice(struct bk_tx *tx, const struct trade *t, const char *status,
                              int64_t at)
{
    char id[BK_ULID + 1];
    enum bk_err err = bk_ulid(id);
    return err == BK_OK
               ? bk_tx_exec(tx,
                            "INSERT INTO notices (id, app_id, out_trade_no, attempts, next_at,"
                            " done, status) VALUES ($1, $2, $3, 0, $4, 0, $5)",
                            BK_VALS(bk_text(id), bk_text(t->app_id), bk_text(t->out_trade_no),
                                    bk_int(at), bk_text(status)),
                            NULL)
               : err;
}

static enum bk_err pay(struct bk_tx *tx, struct trade *t, const struct scan *s)
{
    char id[BK_ULID + 1];
    int64_t at = s->now + 1000 * s->late_s;
    enum bk_err err = bk_ulid(id);
    if (*s->amount)
        (void)snprintf(t->amount, sizeof t->amount, "%s", s->amount);
    if (err == BK_OK)
        err = bk_tx_exec(tx,
                         "UPDATE trades SET status = 'TRADE_SUCCESS', trade_no = $1, paid_at = $2,"
                         " amount = $3 WHERE app_id = $4 AND out_trade_no = $5",
                         BK_VALS(bk_text(id), bk_int(s->now), bk_text(t->amount),
                                 bk_text(t->app_id), bk_text(t->out_trade_no)),
                         NULL);
    for (int64_t i = 0; err == BK_OK && i < s->notices; i++)
        err = add_notice(tx, t, "", at);
    return err == BK_OK && *s->behind ? add_notice(tx, t, s->behind, at) : err;
}

enum bk_err bk_sim_scan(struct bk_sim *sim, const struct bk_http_in *in, struct bk_http_out *out)
{
    json_t *json = NULL;
    const char *problem = NULL;
    struct bk_tx *tx = NULL;
    struct scan s;
    struct trade t = {.status = ""};
    enum bk_err err = bk_json_parse(in->body, in->body_len, 4096, &json);
    if (err == BK_OK)
        err = read_scan(json, &s);
    if (err == BK_OK)
        err = bk_tx_begin(sim->store, &tx);
    if (err == BK_OK)
        err = load_trade(tx, COLUMNS " WHERE qr_code = $1", BK_VALS(bk_text(s.qr)), &t);
    if (err == BK_ENOTFOUND)
        problem = "unknown";
    else if (err == BK_OK && *t.status)
        problem = strcmp(t.status, "TRADE_SUCCESS") == 0 ? "paid" : "closed";
    else if (err == BK_OK && s.now > t.expires_at)
        problem = "expired";
    if (err == BK_OK && !problem)
        err = pay(tx, &t, &s);
    err = bk_tx_end(&tx, err);
    json_decref(json);
    if (problem)
        return bk_sim_reply(out, 409, json_pack("{s:s}", "refused", problem));
    return err == BK_OK ? bk_sim_reply(out, 200,
                                       json_pack("{s:s, s:s}", "out_trade_no", t.out_trade_no,
                                                 "amount", t.amount))
                        : err;
}
