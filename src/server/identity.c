/* SPDX-License-Identifier: Apache-2.0 */
#include "server/identity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/aliyun.h"

#define API_VERSION "2019-03-07"

static const char *const names[BK_IDENTITY_WAYS] = {"phone", "transfer", "card"};

struct bk_identity {
    struct bk_aliyun *aliyun;
};

const char *bk_identity_way_name(enum bk_identity_way way)
{
    return way < BK_IDENTITY_WAYS ? names[way] : "?";
}

enum bk_identity_way bk_identity_way_parse(const char *name)
{
    unsigned i = 0;
    while (i < BK_IDENTITY_WAYS && strcmp(names[i], name) != 0)
        i++;
    return (enum bk_identity_way)i;
}

enum bk_err bk_identity_new(const struct bk_identity_options *options,
                            struct bk_identity **identity)
{
    struct bk_identity *i = calloc(1, sizeof *i);
    *identity = NULL;
    if (!i)
        return BK_ENOMEM;
    const struct bk_aliyun_options aliyun = {.url = options->url,
                                             .ca_file = options->ca_file,
                                             .key_id = options->key_id,
                                             .secret = options->secret,
                                             .version = API_VERSION,
                                             .good = "200"};
    enum bk_err err = bk_aliyun_new(&aliyun, &i->aliyun);
    if (err != BK_OK)
        bk_identity_free(&i);
    *identity = i;
    return err;
}

void bk_identity_free(struct bk_identity **identity)
{
    if (!*identity)
        return;
    bk_aliyun_free(&(*identity)->aliyun);
    free(*identity);
    *identity = NULL;
}

/* What each call sends: constants as they are, else a member of the subject. */
struct param {
    const char *name, *constant;
    size_t at;
};
#define OF(member) offsetof(struct bk_identity_subject, member)
static const struct call {
    const char *action;
    struct param params[8];
} calls[BK_IDENTITY_WAYS] = {
    [BK_BY_PHONE] = {"Mobile3MetaDetailVerify",
                     {{"ParamType", "normal", 0},
                      {"UserName", NULL, OF(name)},
                      {"IdentifyNum", NULL, OF(id_number)},
                      {"Mobile", NULL, OF(phone)}}},
    [BK_BY_CARD] = {"BankMetaVerify",
                    {{"VerifyMode", "VERIFY_BANK_CARD", 0},
                     {"ProductType", "BANK_CARD_4_META", 0},
                     {"ParamType", "normal", 0},
                     {"BankCard", NULL, OF(card)},
                     {"UserName", NULL, OF(name)},
                     {"IdentifyNum", NULL, OF(id_number)},
                     {"Mobile", NULL, OF(phone)}}},
    [BK_BY_TRANSFER] = {"CompanyTransfer",
                        {{"Amount", "0.01", 0},
                         {"OutId", NULL, OF(id)},
                         {"AccountName", NULL, OF(company)},
                         {"Account", NULL, OF(account)},
                         {"BankName", NULL, OF(bank)},
                         {"Memo", NULL, OF(memo)}}},
};

static enum bk_err fill(const struct call *call, const struct bk_identity_subject *s,
                        struct bk_form *form)
{
    enum bk_err err = BK_OK;
    for (size_t i = 0; err == BK_OK && i < sizeof call->params / sizeof *call->params; i++) {
        const struct param *p = &call->params[i];
        const char *value = p->constant;
        if (!p->name)
            break;
        if (!value)
            memcpy(&value, (const char *)s + p->at, sizeof value);
        err = value ? bk_form_add(form, p->name, value) : BK_EINVAL;
    }
    return err;
}

/* BizCode: 1 match, 2 mismatch, 3 no record. */
static enum bk_err read_match(const json_t *object, enum bk_identity_result *result)
{
    const char *text = NULL;
    if (bk_json_str(object, "BizCode", 8, &text) != BK_OK || strlen(text) != 1 || *text < '1' ||
        *text > '3')
        return BK_EFORMAT;
    *result = *text == '1'   ? BK_IDENTITY_MATCH
              : *text == '2' ? BK_IDENTITY_MISMATCH
                             : BK_IDENTITY_NO_RECORD;
    return BK_OK;
}

/* A transfer says its status besides, and mustn't contradict itself: what has arrived can't have
 * failed. */
static enum bk_err read_transfer(const json_t *object, char flow[BK_FLOW],
                                 enum bk_identity_result *result)
{
    const char *id = NULL, *status = NULL;
    if (bk_json_str(object, "FlowId", BK_FLOW - 1, &id) != BK_OK || !*id ||
        bk_json_str(object, "Status", 32, &status) != BK_OK)
        return BK_EFORMAT;
    (void)snprintf(flow, BK_FLOW, "%s", id);
    *result = BK_IDENTITY_PENDING;
    if (strcmp(status, "PROCESSING") == 0)
        return BK_OK;
    enum bk_err err = read_match(object, result);
    const char *fits = *result == BK_IDENTITY_MATCH ? "SUCCESS" : "FAILED";
    return err == BK_OK && strcmp(status, fits) != 0 ? BK_EFORMAT : err;
}

static enum bk_err read_result(const json_t *answer, bool transfer, char flow[BK_FLOW],
                               enum bk_identity_result *result)
{
    const json_t *object = json_object_get(answer, "ResultObject");
    return transfer ? read_transfer(object, flow, result) : read_match(object, result);
}

enum bk_err bk_identity_start(struct bk_identity *identity, const struct bk_identity_subject *s,
                              char flow[BK_FLOW], enum bk_identity_result *result)
{
    struct bk_form form = {0};
    json_t *answer = NULL;
    *flow = 0;
    if (!identity)
        return BK_EUNSUPPORTED;
    enum bk_err err = fill(&calls[s->way], s, &form);
    if (err == BK_OK)
        err = bk_aliyun_call(identity->aliyun, calls[s->way].action, &form, &answer);
    if (err == BK_OK)
        err = read_result(answer, s->way == BK_BY_TRANSFER, flow, result);
    json_decref(answer);
    bk_form_free(&form);
    return err;
}

enum bk_err bk_identity_transfer(struct bk_identity *identity,
                                 const struct bk_identity_subject *subject, bool *refused)
{
    char flow[BK_FLOW] = "";
    enum bk_identity_result result = BK_IDENTITY_PENDING;
    enum bk_err err = bk_identity_start(identity, subject, flow, &result);
    if (err != BK_OK)
        return err;
    *refused = result != BK_IDENTITY_MATCH && result != BK_IDENTITY_PENDING;
    return result == BK_IDENTITY_MATCH     ? BK_OK
           : result == BK_IDENTITY_PENDING ? BK_EBUSY
                                           : BK_EREFUSED;
}

enum bk_err bk_identity_check(struct bk_identity *identity, const char *flow,
                              enum bk_identity_result *result)
{
    struct bk_form form = {0};
    char again[BK_FLOW];
    json_t *answer = NULL;
    if (!identity)
        return BK_EUNSUPPORTED;
    enum bk_err err = bk_form_add(&form, "FlowId", flow);
    if (err == BK_OK)
        err = bk_aliyun_call(identity->aliyun, "QueryCompanyTransfer", &form, &answer);
    if (err == BK_OK)
        err = read_result(answer, true, again, result);
    if (err == BK_OK && strcmp(again, flow) != 0)
        err = BK_EFORMAT;
    json_decref(answer);
    bk_form_free(&form);
    return err;
}
