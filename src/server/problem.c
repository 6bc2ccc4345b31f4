/* SPDX-License-Identifier: Apache-2.0 */
#include "server/problem.h"

#include <string.h>
#include <strings.h>

/* sorted by status, then code */
static const struct bk_problem problems[] = {
    {"bad-csr", 400, "证书请求无效", "The certificate request isn't valid"},
    {"bad-message", 400, "密钥消息无效或不属于本次解锁",
     "The key's message isn't valid, or isn't of this unlock"},
    {"bad-org-code", 400, "统一社会信用代码无效，请核对 18 位代码",
     "This isn't a unified social credit code: check its eighteen characters"},
    {"bad-phone", 400, "手机号码无效，应为 11 位中国大陆手机号",
     "The phone isn't a mobile number of mainland China, eleven digits"},
    {"bad-reason", 400, "原因无效", "The reason isn't a line of text of the length that is wanted"},
    {"bad-request", 400, "请求格式错误", "The request doesn't have the form it must have"},
    {"bad-tracking", 400, "快递公司或运单号无效", "The courier or the tracking number isn't one"},
    {"subject-mismatch", 400, "请求的主体与现有证书不同",
     "The request's subject isn't that of the certificate"},
    {"idempotency-key-missing", 400, "缺少 Idempotency-Key 请求头",
     "The header Idempotency-Key is missing"},
    {"staff-password", 400, "新密码应为 12 至 128 字节的文字，且两次输入一致",
     "The new password has 12 to 128 bytes of text, twice the same"},
    {"unauthorized", 401, "请先登录", "Log in first"},
    {"certificate-revoked", 403, "该证书已被吊销", "This certificate has been revoked"},
    {"certificate-unknown", 403, "本平台未签发该证书", "This certificate isn't of this platform"},
    {"code-wrong", 403, "授权码错误", "The authorisation code is wrong"},
    {"not-the-operator", 403, "领取人不是订单经办人",
     "Who collects isn't the operator on the order"},
    {"not-this-run", 403, "该解锁由另一次操作进行中", "This unlock belongs to another run"},
    {"outside-window", 403, "不在可更新的时间范围内", "It isn't time to renew this certificate"},
    {"proof-wrong", 403, "密钥的证明签名无效", "The key's proof isn't valid"},
    {"signature-wrong", 403, "签名无效", "The signature isn't valid"},
    {"other-origin", 403, "请求不是从本平台的页面发出的，请返回页面后重试",
     "The request doesn't come from a page of this platform: go back and try again"},
    {"staff-login-wrong", 403, "用户名、密码或动态码不正确",
     "Name, password or one-time code are wrong"},
    {"staff-role", 403, "您的账户没有此项权限", "Your account doesn't have the role for this"},
    {"not-found", 404, "未找到", "There is no such thing"},
    {"method-not-allowed", 405, "不支持该方法", "This method isn't possible here"},
    {"admin-tries-low", 409, "密钥的管理员口令剩余次数过低，请联系客服",
     "The key's administrator tries are too low to risk one: ask the service desk"},
    {"container-mismatch", 409, "密钥算法与订单不符",
     "The key's algorithm isn't that of the order"},
    {"idempotency-in-progress", 409, "相同请求正在处理中",
     "The same request is still being worked on"},
    {"documents-missing", 409, "材料不齐", "A document is missing"},
    {"in-review", 409, "材料尚未审核通过", "The documents haven't been approved yet"},
    {"key-in-use", 409, "该密钥已登记使用或正在为其他订单制作",
     "This key is registered and in use, or being made for another order"},
    {"key-not-made", 409, "该密钥正在制作或已停用，其证书不能更新",
     "This key is being made, or was put aside: its certificates aren't renewed"},
    {"key-mismatch", 409, "密钥与要求（保留或更换）不符",
     "This isn't the present key, which is to be kept; or it is, and was to be replaced"},
    {"key-needs-reissue", 409, "该密钥无法在线解锁，需要重新制作",
     "This key can't be unlocked online: it has to be made anew"},
    {"needs-review", 409, "单位名称变更需要人工审核", "A changed company name needs a review"},
    {"order-state", 409, "订单当前状态不允许该操作", "The order's state doesn't allow this"},
    {"outbox-state", 409, "该事项未被放弃，或其内容已不在，不能重试",
     "It hasn't been given up, or what it told is gone: it can't be tried again"},
    {"order-refunded", 409, "订单已结束，已支付的款项将退回",
     "The order has ended: what was paid for it goes back"},
    {"other-production", 409, "该订单正在用另一把密钥制作",
     "Another key is being made for this order: go on with it, or put it aside"},
    {"other-key", 409, "授权码不属于这把密钥", "The code isn't for this key"},
    {"reissue-exhausted", 409, "本订单已重新签发过，不能再次更换密钥",
     "This order's certificates have been issued again once already"},
    {"version-conflict", 409, "订单已被更新，请刷新后重试",
     "It has changed meanwhile: read it again"},
    {"validity-limit", 409, "新证书的有效期将超出证书机构的允许范围",
     "The new certificate would live longer than the CA allows"},
    {"way-unavailable", 409, "该订单不能使用此核验方式", "This way isn't possible for this order"},
    {"cannot-be-issued", 409, "该证书无法签发，已支付的款项将退回",
     "This certificate can't be issued: what was paid goes back"},
    {"code-renewed", 409, "授权码已过期，新的授权码已发出，请输入新的授权码",
     "The code has expired, and another one is on its way: enter that"},
    {"code-expired", 410, "授权码已过期", "The authorisation code has expired"},
    {"code-used", 410, "授权码已使用", "The authorisation code has been used"},
    {"code-void", 410, "授权码已作废，请重新申请", "The code is void: ask for a new one"},
    {"nonce-unknown", 410, "登录随机数无效或已过期", "The nonce is unknown, used or expired"},
    {"redemptions-exhausted", 410, "本次解锁的尝试次数或时间已用尽，请重新申请",
     "This authorisation has been tried too often or too long: ask for a new one"},
    {"body-too-large", 413, "请求内容过大", "The request is too large"},
    {"target-too-long", 414, "请求地址过长", "The request's address is too long"},
    {"bad-document", 415, "文件不是完整的 JPEG、PNG 或 PDF",
     "The file isn't a whole JPEG, PNG or PDF"},
    {"unsupported-media-type", 415, "请求内容类型不受支持", "This Content-Type isn't understood"},
    {"idempotency-key-reused", 422, "Idempotency-Key 已用于其他请求",
     "This Idempotency-Key was used for another request"},
    {"staff-locked", 429, "登录失败次数过多，账户已暂时锁定，请稍后再试",
     "Too many wrong log-ins: the account is locked for a while"},
    {"too-many-requests", 429, "请求过于频繁，请稍后再试", "Too many requests: wait a while"},
    {"head-too-large", 431, "请求头过大", "The request's headers are too large"},
    {"internal", 500, "平台内部错误", "The platform failed"},
    {"provider-unavailable", 502, "外部服务暂不可用", "An outside service doesn't answer"},
    {"busy", 503, "平台繁忙，请稍后再试", "The platform is busy: try again"},
    {"version-not-supported", 505, "仅支持 HTTP/1.1 和 HTTP/1.0",
     "Only HTTP/1.1 and HTTP/1.0 are spoken here"},
};

const struct bk_problem *bk_problem_all(size_t *count)
{
    *count = sizeof problems / sizeof *problems;
    return problems;
}

const struct bk_problem *bk_problem_find(const char *code)
{
    const struct bk_problem *internal = NULL;
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++) {
        if (strcmp(problems[i].code, code) == 0)
            return &problems[i];
        if (problems[i].status == 500)
            internal = &problems[i];
    }
    return internal;
}

/* A qvalue in thousandths (RFC 9110 clause 12.4.2): 0 or 1, a point, up to three digits. 0 for what
 * isn't one. */
static int read_q(const char *q)
{
    if (strncasecmp(q, "q=", 2) != 0 || (q[2] != '0' && q[2] != '1'))
        return 0;
    int value = (q[2] - '0') * 1000, unit = 100;
    const char *at = q + 3;
    for (at += *at == '.'; *at >= '0' && *at <= '9' && unit; at++, unit /= 10)
        value += (*at - '0') * unit;
    return value > 1000 ? 1000 : value;
}

/* The weight (0 to 1000) that the header gives a language by its first subtag; -1: none. */
static int weight(const char *header, const char *language)
{
    int best = -1;
    for (const char *at = header; *at;) {
        at += strspn(at, ", \t");
        size_t len = strcspn(at, ",");
        size_t tag = strcspn(at, "-;, \t");
        const char *q = memchr(at, ';', len);
        int value = 1000;
        if (q) {
            q += 1 + strspn(q + 1, " \t");
            value = read_q(q);
        }
        if (tag == strlen(language) && strncasecmp(at, language, tag) == 0 && value > best)
            best = value;
        at += len;
    }
    return best;
}

enum bk_lang bk_lang_choose(const char *accept_language)
{
    if (!accept_language)
        return BK_LANG_ZH;
    int en = weight(accept_language, "en"); /* 0 is "not acceptable" */
    return en > 0 && en > weight(accept_language, "zh") ? BK_LANG_EN : BK_LANG_ZH;
}
