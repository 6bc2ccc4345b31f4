/* SPDX-License-Identifier: Apache-2.0 */
#include "server/page_words.h"

#include <stdio.h>
#include <string.h>

struct word {
    const char *name, *zh, *en;
};

static const struct word states[] = {
    {"DRAFT", "填写中", "being filled in"},
    {"VERIFYING", "身份核验中", "identity is being verified"},
    {"VERIFIED", "已核验身份", "identity verified"},
    {"UPLOADED", "已上传材料", "documents uploaded"},
    {"SIGNED", "已签名确认", "signed"},
    {"AWAIT_PAY", "待付款", "to be paid"},
    {"PAID", "已付款", "paid"},
    {"IN_REVIEW", "审核中", "in review"},
    {"REJECTED", "未通过", "rejected"},
    {"APPROVED", "已通过，待制作", "approved, to be produced"},
    {"PRODUCING", "制作中", "being produced"},
    {"READY", "待领取", "to be collected"},
    {"SHIPPED", "已寄出", "shipped"},
    {"ISSUED", "证书已签发", "issued"},
    {"DONE", "已完成", "done"},
    {"CANCELLED", "已取消", "cancelled"},
    {"EXPIRED", "已过期", "expired"},
    {"REFUNDED", "已退款", "refunded"},
};

static const struct word words[] = {
    {"new", "新办", "new"},
    {"renewal", "更新", "renewal"},
    {"licence", "营业执照", "Business licence"},
    {"operator-id-front", "经办人证件正面", "Operator's ID, front"},
    {"operator-id-back", "经办人证件反面", "Operator's ID, back"},
    {"seal-sheet", "签章页", "Seal sheet"},
    {"letter", "解锁申请函", "Letter of application"},
    {"citizen", "居民身份证", "identity card"},
    {"passport", "护照", "passport"},
    {"hk-macau", "港澳居民来往内地通行证", "Hong Kong or Macau permit"},
    {"taiwan", "台湾居民来往大陆通行证", "Taiwan permit"},
    {"sm2", "SM2", "SM2"},
    {"rsa", "RSA", "RSA"},
    {"reviewer", "审核员", "reviewer"},
    {"producer", "制作员", "producer"},
    {"auditor", "审计员", "auditor"},
    {"sms", "短信", "text message"},
    {"transfer", "对公转账附言", "memo of a transfer"},
    {"post", "邮寄", "by post"},
    {"pick-up", "经办人自取", "collected by the operator"},
    {"normal", "普通发票", "normal invoice"},
    {"special", "专用发票", "special invoice"},
    {"open", "待处理", "open"},
    {"approved", "通过", "approved"},
    {"rejected", "未通过", "rejected"},
    {"active", "正常", "active"},
    {"reissue", "需重新制作", "to be made anew"},
    {"suspended", "已中止", "suspended"},
    {"void", "已作废", "void"},
    {"done", "已完成", "done"},
    {"refused", "密钥拒绝", "refused by the key"},
    {"begun", "制作中", "begun"},
    {"made", "已制作", "made"},
    {"aside", "已弃用", "put aside"},
    {"good", "有效", "good"},
    {"revoked", "已吊销", "revoked"},
    {"sign", "签名", "signing"},
    {"enc", "加密", "encryption"},
    {"phone", "预留手机", "phone on record"},
    {"account", "对公账户", "company's account"},
    {"documents", "材料审核", "documents"},
    {"draft", "上传中", "being uploaded"},
    {"review", "待审核", "to be reviewed"},
};

static const struct word parts[] = {
    {"company", "单位", "Company"},       {"legal_person", "法定代表人", "Legal person"},
    {"operator", "经办人", "Operator"},   {"product", "产品", "Product"},
    {"delivery", "交付", "Delivery"},     {"invoice", "发票", "Invoice"},
    {"bank", "对公账户", "Bank account"}, {"contacts", "预留联系人", "Contacts"},
};

static const struct word members[] = {
    {"company.name", "单位名称", "Name"},
    {"company.address", "注册地址", "Address"},
    {"company.phone", "单位电话", "Telephone"},
    {"delivery.way", "方式", "Way"},
    {"delivery.recipient", "收件人", "Recipient"},
    {"delivery.address", "地址", "Address"},
    {"delivery.postcode", "邮编", "Postcode"},
    {"invoice.kind", "种类", "Kind"},
    {"bank.name", "开户银行", "Bank"},
    {"bank.branch", "开户支行", "Branch"},
    {"bank.account", "账号", "Account"},
    {"product.algorithm", "算法", "Algorithm"},
    {"product.years", "年限", "Years"},
    {"product.pin_way", "初始 PIN 送达方式", "How the first PIN goes out"},
    {"name", "姓名", "Name"},
    {"id_type", "证件类型", "Kind of ID"},
    {"id_number", "证件号码", "ID number"},
    {"phone", "手机号码", "Phone"},
    {"email", "电子邮箱", "E-mail"},
};

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const char *find(const struct bk_req *req, const struct word *list, size_t count,
                        const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].name, name) == 0)
            return bk_say(req, list[i].zh, list[i].en);
    return NULL;
}

static const char *known(const char *word, const char *name)
{
    return word ? word : name;
}

const char *bk_word_state(const struct bk_req *req, const char *state)
{
    return known(find(req, states, COUNT(states), state), state);
}

const char *bk_word(const struct bk_req *req, const char *name)
{
    return known(find(req, words, COUNT(words), name), name);
}

const char *bk_word_part(const struct bk_req *req, const char *part)
{
    return known(find(req, parts, COUNT(parts), part), part);
}

const char *bk_word_member(const struct bk_req *req, const char *part, const char *member)
{
    char both[64];
    (void)snprintf(both, sizeof both, "%s.%s", part, member);
    const char *word = find(req, members, COUNT(members), both);
    return known(word ? word : find(req, members, COUNT(members), member), member);
}
