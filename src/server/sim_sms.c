/* SPDX-License-Identifier: Apache-2.0 */
/* What is called by Aliyun's signed requests, and the text message service among it: SendSms and
 * QuerySendDetails. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/secret.h"
#include "server/acs3.h"
#include "server/fill.h"
#include "server/form.h"
#include "server/ident.h"
#include "server/sim.h"

#define SECRET "simulated"

static const char *header(const struct bk_http_in *in, const char *name)
{
    const char *value = bk_httpd_header(in, name);
    return value ? value : "";
}

/* The signature as the provider checks it. */
static enum bk_err check(const struct bk_http_in *in)
{
    char signature[65], hash[65];
    const struct bk_acs3 request = {.host = header(in, "Host"),
                                    .action = header(in, "x-acs-action"),
                                    .version = header(in, "x-acs-version"),
                                    .date = header(in, "x-acs-date"),
                                    .nonce = header(in, "x-acs-signature-nonce"),
                                    .query = "",
                                    .body = in->body,
                                    .body_len = in->body_len};
    enum bk_err err = bk_acs3_sign(&request, SECRET, signature, hash);
    const char *given = strstr(header(in, "Authorization"), "Signature=");
    if (err == BK_OK && (!given || !bk_secret_equal(given + 10, strlen(given + 10), signature, 64)))
        err = BK_EVERIFY;
    return err;
}

static const char *param(const json_t *params, const char *name)
{
    const char *text = json_string_value(json_object_get(params, name));
    return text ? text : "";
}

/* Our templates, as a customer would read them; ${name} is a parameter. */
static const struct {
    const char *name, *text;
} templates[] = {
    {"unlock-code", "您的证书密钥(尾号${serial})解锁授权码为 ${code}, ${minutes}分钟内有效。"
                    "如非本人操作，请打开 ${link} 中止。"},
    {"unlock-notice",
     "有人申请解锁您的证书密钥(尾号${serial})。如非本人操作，请打开 ${link} 中止。"},
    {"unlock-rejected", "您的证书密钥(尾号${serial})解锁申请审核未通过，请登录自助平台查看原因。"},
    {"key-people",
     "有人在更新证书时申请变更您的证书密钥(尾号${serial})的经办人或法定代表人，该申请须经审核"
     "(订单${order})。如有异议请立即联系客服。"},
    {"verify-code", "${company}正在申请数字证书，身份核验授权码为 ${code}, ${minutes}分钟内有效。"
                    "如非本单位办理，请勿告知他人。"},
    {"sign-code", "${company}的数字证书申请待签名确认，授权码为 ${code}, ${minutes}分钟内有效。"},
    {"order-in-review", "您的证书订单(编号${order})已进入审核，预计${time}前完成。"},
    {"order-rejected", "您的证书订单(编号${order})审核未通过，请登录自助平台查看原因并重新提交。"},
    {"order-approved", "您的证书订单(编号${order})已审核通过。"},
    {"order-ready", "您的证书密钥已可领取，请经办人本人携带证件领取(订单编号${order})。"},
    {"order-shipped", "您的证书密钥已由${courier}寄出，运单号${tracking}(订单编号${order})。"},
    {"first-pin",
     "${company}的证书密钥初始口令为 ${pin}，收到密钥后请立即修改(订单编号${order})。"},
    {"order-cancelled", "您的证书订单(编号${order})已取消。"},
    {"order-expired", "您的证书订单(编号${order})已过期。"},
    {"order-refunded", "您的证书订单(编号${order})已退款${amount}元。"},
    {"customer-code", "您的登录授权码为 ${code}, ${minutes}分钟内有效，请勿告知他人。"},
};

static enum bk_err render(const char *template, const json_t *params, struct bk_buf *text)
{
    for (size_t i = 0; i < sizeof templates / sizeof *templates; i++)
        if (strcmp(templates[i].name, template) == 0) {
            enum bk_err err = bk_buf_put_str(text, "【示例CA】");
            if (err == BK_OK)
                err = bk_fill(templates[i].text, params, text);
            return err == BK_OK ? bk_buf_put_str(text, "(模拟短信)") : err;
        }
    return BK_ENOTFOUND;
}

static enum bk_err store(struct bk_sim *sim, const struct bk_form *form, const char *text,
                         const char *code, const char *id)
{
    struct bk_tx *tx = NULL;
    enum bk_err err = bk_tx_begin(sim->store, &tx);
    if (err == BK_OK)
        err = bk_tx_exec(tx,
                         "INSERT INTO messages (id, phone, text, code, out_id, created_at)"
                         " VALUES ($1, $2, $3, $4, $5, $6)",
                         BK_VALS(bk_text(id), bk_text(bk_form_get(form, "PhoneNumbers")),
                                 bk_text(text), bk_text(code), bk_text(bk_form_get(form, "OutId")),
                                 bk_int(bk_now_ms())),
                         NULL);
    return bk_tx_end(&tx, err);
}

static enum bk_err send(struct bk_sim *sim, const struct bk_form *form, struct bk_http_out *out)
{
    char id[BK_ULID + 1];
    json_t *params = NULL;
    struct bk_buf text = BK_BUF_INIT;
    const char *plain = NULL, *json = bk_form_get(form, "TemplateParam");
    enum bk_err err = bk_json_parse(json, strlen(json), 4096, &params);
    if (err == BK_OK)
        err = render(bk_form_get(form, "TemplateCode"), params, &text);
    if (err == BK_EFORMAT || err == BK_ENOTFOUND || !*bk_form_get(form, "PhoneNumbers")) {
        json_decref(params);
        bk_buf_free(&text);
        return bk_sim_reply(
            out, 400,
            json_pack("{s:s, s:s}", "Code", "isv.SMS_TEMPLATE_ILLEGAL", "Message", "模板不合法"));
    }
    if (err == BK_OK)
        err = bk_buf_cstr(&text, &plain);
    if (err == BK_OK)
        err = bk_ulid(id);
    if (err == BK_OK)
        err = store(sim, form, plain, param(params, "code"), id);
    json_decref(params);
    bk_buf_free(&text);
    return err == BK_OK ? bk_sim_reply(out, 200,
                                       json_pack("{s:s, s:s, s:s, s:s}", "Code", "OK", "Message",
                                                 "OK", "RequestId", id, "BizId", id))
                        : err;
}

#define PAGE_MAX 50
#define DAY_MS (INT64_C(24) * 3600 * 1000)

/* The first moment of a day in China, which is written as 20260131. */
static int64_t day_begins(const char *text)
{
    struct tm tm = {0};
    const char *end = strptime(text, "%Y%m%d", &tm);
    return end && !*end ? (int64_t)timegm(&tm) * 1000 - DAY_MS / 3 : 0;
}

static int64_t number(const struct bk_form *form, const char *name, int64_t max)
{
    long value = strtol(bk_form_get(form, name), NULL, 10);
    return value < 1 ? 1 : value > max ? max : value;
}

static enum bk_err details(struct bk_sim *sim, const struct bk_form *form, struct bk_http_out *out)
{
    struct bk_tx *tx = NULL;
    struct bk_rows rows = BK_ROWS_INIT;
    json_t *list = json_array();
    int64_t day = day_begins(bk_form_get(form, "SendDate"));
    int64_t size = number(form, "PageSize", PAGE_MAX), page = number(form, "CurrentPage", 1000000);
    enum bk_err err = list ? bk_tx_begin(sim->store, &tx) : BK_ENOMEM;
    if (err == BK_OK)
        err = bk_tx_query(tx,
                          "SELECT out_id, phone FROM messages WHERE phone = $1"
                          " AND created_at >= $2 AND created_at < $3"
                          " ORDER BY created_at DESC, id DESC LIMIT $4 OFFSET $5",
                          BK_VALS(bk_text(bk_form_get(form, "PhoneNumber")), bk_int(day),
                                  bk_int(day + DAY_MS), bk_int(size), bk_int((page - 1) * size)),
                          &rows);
    bk_tx_rollback(&tx);
    for (size_t i = 0; err == BK_OK && i < rows.count; i++)
        if (json_array_append_new(list, json_pack("{s:s, s:s, s:i, s:s}", "OutId",
                                                  bk_row_text(&rows, i, 0), "PhoneNum",
                                                  bk_row_text(&rows, i, 1), "SendStatus", 3,
                                                  "ErrCode", "DELIVERED")) != 0)
            err = BK_ENOMEM;
    bk_rows_free(&rows);
    if (err != BK_OK) {
        json_decref(list);
        return err;
    }
    return bk_sim_reply(out, 200,
                        json_pack("{s:s, s:s, s:{s:o}}", "Code", "OK", "Message", "OK",
                                  "SmsSendDetailDTOs", "SmsSendDetailDTO", list));
}

enum bk_err bk_sim_aliyun(struct bk_sim *sim, const struct bk_http_in *in, struct bk_http_out *out)
{
    static const struct {
        const char *name;
        enum bk_err (*handle)(struct bk_sim *, const struct bk_form *, struct bk_http_out *);
    } actions[] = {{"SendSms", send},
                   {"QuerySendDetails", details},
                   {"Mobile3MetaDetailVerify", bk_sim_mobile3},
                   {"BankMetaVerify", bk_sim_bank4},
                   {"IssueInvoice", bk_sim_issue},
                   {"QueryInvoice", bk_sim_issued},
                   {"CompanyTransfer", bk_sim_transfer},
                   {"QueryCompanyTransfer", bk_sim_transfer_query}};
    struct bk_form form = {0};
    const char *action = header(in, "x-acs-action");
    size_t i = 0;
    if (check(in) != BK_OK)
        return bk_sim_reply(out, 403,
                            json_pack("{s:s, s:s}", "Code", "SignatureDoesNotMatch", "Message",
                                      "signature does not match"));
    while (i < sizeof actions / sizeof *actions && strcmp(actions[i].name, action) != 0)
        i++;
    enum bk_err err = bk_form_parse(in->body, in->body_len, &form);
    if (err == BK_OK)
        err = i < sizeof actions / sizeof *actions
                  ? actions[i].handle(sim, &form, out)
                  : bk_sim_reply(out, 400, json_pack("{s:s}", "Code", "InvalidAction.NotFound"));
    bk_form_free(&form);
    return err;
}

enum bk_err bk_sim_messages(struct bk_sim *sim, const char *phone, struct bk_rows *rows)
{
    struct bk_tx *tx = NULL;
    enum bk_err err = bk_tx_begin(sim->store, &tx);
    if (err == BK_OK && phone)
        err = bk_tx_query(tx,
                          "SELECT phone, text, code, created_at FROM messages WHERE phone = $1"
                          " ORDER BY created_at, id",
                          BK_VALS(bk_text(phone)), rows);
    else if (err == BK_OK)
        err = bk_tx_query(
            tx, "SELECT phone, text, code, created_at FROM messages ORDER BY created_at, id",
            BK_NO_VALS, rows);
    bk_tx_rollback(&tx);
    return err;
}
