/* SPDX-License-Identifier: Apache-2.0 */
#include "server/sms.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "server/aliyun.h"
#include "server/ident.h"

#define API_VERSION "2017-05-25"
#define DAYS_MAX 7 /* to look at, and the first; codes live for less */
#define PAGE 50u   /* messages that are told at once; the provider gives no more */
#define PAGE_TEXT "50"
#define PAGES_MAX 100 /* of a day */

struct bk_sms {
    struct bk_aliyun *aliyun;
    char *sign_name;
};

enum bk_err bk_sms_new(const struct bk_sms_options *options, struct bk_sms **sms)
{
    struct bk_sms *s = calloc(1, sizeof *s);
    *sms = NULL;
    if (!s)
        return BK_ENOMEM;
    s->sign_name = strdup(options->sign_name);
    const struct bk_aliyun_options aliyun = {.url = options->url,
                                             .ca_file = options->ca_file,
                                             .key_id = options->key_id,
                                             .secret = options->secret,
                                             .version = API_VERSION,
                                             .good = "OK"};
    enum bk_err err = s->sign_name ? bk_aliyun_new(&aliyun, &s->aliyun) : BK_ENOMEM;
    if (err != BK_OK)
        bk_sms_free(&s);
    *sms = s;
    return err;
}

void bk_sms_free(struct bk_sms **sms)
{
    if (!*sms)
        return;
    bk_aliyun_free(&(*sms)->aliyun);
    free((*sms)->sign_name);
    free(*sms);
    *sms = NULL;
}

enum bk_err bk_sms_send(struct bk_sms *sms, const struct bk_sms_message *message)
{
    struct bk_form form = {0};
    struct bk_buf params = BK_BUF_INIT;
    const char *text = NULL;
    json_t *answer = NULL;
    enum bk_err err = bk_json_text(message->params, &params);
    if (err == BK_OK)
        err = bk_buf_cstr(&params, &text);
    if (err == BK_OK)
        err = bk_form_add(&form, "PhoneNumbers", message->phone);
    if (err == BK_OK)
        err = bk_form_add(&form, "SignName", sms->sign_name);
    if (err == BK_OK)
        err = bk_form_add(&form, "TemplateCode", message->template);
    if (err == BK_OK)
        err = bk_form_add(&form, "TemplateParam", text);
    if (err == BK_OK)
        err = bk_form_add(&form, "OutId", message->out_id);
    if (err == BK_OK)
        err = bk_aliyun_call(sms->aliyun, "SendSms", &form, &answer);
    json_decref(answer);
    bk_form_free(&form);
    bk_buf_free(&params);
    return err;
}

/* more: behind these, for the page is full. */
static enum bk_err lists(const json_t *answer, const char *out_id, bool *more)
{
    const json_t *details =
        json_object_get(json_object_get(answer, "SmsSendDetailDTOs"), "SmsSendDetailDTO");
    for (size_t i = 0; i < json_array_size(details); i++) {
        const char *id = json_string_value(json_object_get(json_array_get(details, i), "OutId"));
        if (id && strcmp(id, out_id) == 0)
            return BK_OK;
    }
    *more = json_array_size(details) >= PAGE;
    return BK_ENOTFOUND;
}

/* Days are China's for the provider, counted from 1970 here. */
static int64_t day_of(int64_t ms)
{
    return (ms / 1000 + 8 * 3600) / 86400;
}

static enum bk_err find_page(struct bk_sms *sms, const struct bk_sms_message *message, int64_t day,
                             int page, bool *more)
{
    struct bk_form form = {0};
    json_t *answer = NULL;
    char text[16], number[16];
    time_t begins = (time_t)day * 86400;
    struct tm tm;
    if (!gmtime_r(&begins, &tm))
        return BK_EINVAL;
    (void)strftime(text, sizeof text, "%Y%m%d", &tm);
    (void)snprintf(number, sizeof number, "%d", page);
    enum bk_err err = bk_form_add(&form, "PhoneNumber", message->phone);
    if (err == BK_OK)
        err = bk_form_add(&form, "SendDate", text);
    if (err == BK_OK)
        err = bk_form_add(&form, "PageSize", PAGE_TEXT);
    if (err == BK_OK)
        err = bk_form_add(&form, "CurrentPage", number);
    if (err == BK_OK)
        err = bk_aliyun_call(sms->aliyun, "QuerySendDetails", &form, &answer);
    if (err == BK_OK)
        err = lists(answer, message->out_id, more);
    json_decref(answer);
    bk_form_free(&form);
    return err;
}

/* The newest come first: one that is sent meanwhile moves others to later pages, and hides none. */
static enum bk_err find_on(struct bk_sms *sms, const struct bk_sms_message *message, int64_t day)
{
    bool more = true;
    enum bk_err err = BK_ENOTFOUND;
    for (int page = 1; err == BK_ENOTFOUND && more && page <= PAGES_MAX; page++)
        err = find_page(sms, message, day, page, &more);
    return err == BK_ENOTFOUND && more ? BK_ELIMIT : err;
}

/* Which of the two is the right day, when the clock was set, nobody knows. */
enum bk_err bk_sms_find(struct bk_sms *sms, const struct bk_sms_message *message)
{
    enum bk_err err = BK_ENOTFOUND;
    int64_t today = day_of(bk_now_ms()), since = day_of(message->since);
    int64_t day = since < today ? since : today, last = since < today ? today : since;
    for (; err == BK_ENOTFOUND && day <= last; day++) {
        err = find_on(sms, message, day);
        if (day < last - DAYS_MAX)
            day = last - DAYS_MAX - 1;
    }
    return err;
}
