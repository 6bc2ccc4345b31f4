/* SPDX-License-Identifier: Apache-2.0 */
#include "server/sms.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "base/secret.h"
#include "net/http.h"
#include "server/acs3.h"
#include "server/form.h"
#include "server/ident.h"

#define API_VERSION "2017-05-25"
#define DAYS_MAX 7 /* to look back; codes live for less */
#define ANSWER_MAX ((size_t)64 * 1024)

/* A first try needn't wait for one that is repeated and slow: as many as the outbox has workers. */
#define LINES 2u

struct line {
    pthread_mutex_t lock;
    struct bk_http *http;
};

struct bk_sms {
    struct line lines[LINES];
    char *key_id, *secret, *sign_name;
};

enum bk_err bk_sms_new(const struct bk_sms_options *options, struct bk_sms **sms)
{
    struct bk_sms *s = calloc(1, sizeof *s);
    *sms = NULL;
    if (!s)
        return BK_ENOMEM;
    s->key_id = strdup(options->key_id);
    s->secret = strdup(options->secret);
    s->sign_name = strdup(options->sign_name);
    const struct bk_http_options http = {.base_url = options->url,
                                         .ca_file = options->ca_file,
                                         .connect_ms = 5000,
                                         .total_ms = 10000,
                                         .max_body = ANSWER_MAX};
    enum bk_err err = s->key_id && s->secret && s->sign_name ? BK_OK : BK_ENOMEM;
    for (unsigned i = 0; i < LINES; i++) {
        (void)pthread_mutex_init(&s->lines[i].lock, NULL);
        if (err == BK_OK)
            err = bk_http_new(&http, &s->lines[i].http);
    }
    if (err != BK_OK)
        bk_sms_free(&s);
    *sms = s;
    return err;
}

void bk_sms_free(struct bk_sms **sms)
{
    if (!*sms)
        return;
    for (unsigned i = 0; i < LINES; i++) {
        bk_http_free(&(*sms)->lines[i].http);
        (void)pthread_mutex_destroy(&(*sms)->lines[i].lock);
    }
    if ((*sms)->secret)
        bk_wipe((*sms)->secret, strlen((*sms)->secret));
    free((*sms)->key_id);
    free((*sms)->secret);
    free((*sms)->sign_name);
    free(*sms);
    *sms = NULL;
}

struct headers {
    char lines[6][320];
    const char *list[7];
};

static enum bk_err make_headers(const struct bk_sms *sms, const char *action,
                                const struct bk_buf *body, struct headers *h)
{
    char date[32], nonce[33], signature[65], hash[65];
    time_t now = time(NULL);
    struct tm tm;
    const char *host = strstr(bk_http_origin(sms->lines[0].http), "://");
    if (!gmtime_r(&now, &tm) || !host)
        return BK_EINVAL;
    (void)strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &tm);
    enum bk_err err = bk_random_hex(16, nonce);
    const struct bk_acs3 request = {.host = host + 3,
                                    .action = action,
                                    .version = API_VERSION,
                                    .date = date,
                                    .nonce = nonce,
                                    .query = "",
                                    .body = body->data,
                                    .body_len = body->len};
    if (err == BK_OK)
        err = bk_acs3_sign(&request, sms->secret, signature, hash);
    if (err != BK_OK)
        return err;
    (void)snprintf(h->lines[0], sizeof *h->lines, "x-acs-action: %s", action);
    (void)snprintf(h->lines[1], sizeof *h->lines, "x-acs-version: %s", API_VERSION);
    (void)snprintf(h->lines[2], sizeof *h->lines, "x-acs-date: %s", date);
    (void)snprintf(h->lines[3], sizeof *h->lines, "x-acs-signature-nonce: %s", nonce);
    (void)snprintf(h->lines[4], sizeof *h->lines, "x-acs-content-sha256: %s", hash);
    (void)snprintf(h->lines[5], sizeof *h->lines,
                   "Authorization: ACS3-HMAC-SHA256 Credential=%s,SignedHeaders=%s,Signature=%s",
                   sms->key_id, BK_ACS3_SIGNED, signature);
    for (int i = 0; i < 6; i++)
        h->list[i] = h->lines[i];
    h->list[6] = NULL;
    return BK_OK;
}

/* On a line that is free, else behind who has the first. */
static enum bk_err exchange(struct bk_sms *sms, const struct bk_http_request *request,
                            struct bk_http_response *response)
{
    unsigned i = 0;
    while (i < LINES && pthread_mutex_trylock(&sms->lines[i].lock) != 0)
        i++;
    struct line *line = &sms->lines[i < LINES ? i : 0];
    if (i == LINES)
        (void)pthread_mutex_lock(&line->lock);
    enum bk_err err = bk_http_do(line->http, request, response);
    (void)pthread_mutex_unlock(&line->lock);
    return err;
}

/* One call; the answer's Code must be OK. */
static enum bk_err call(struct bk_sms *sms, const char *action, const struct bk_form *form,
                        json_t **answer)
{
    struct bk_buf body = BK_BUF_INIT;
    struct headers headers;
    struct bk_http_response response = {0};
    const char *code = NULL;
    *answer = NULL;
    enum bk_err err = bk_form_encode(form, &body);
    if (err == BK_OK)
        err = make_headers(sms, action, &body, &headers);
    if (err == BK_OK) {
        const struct bk_http_request request = {.method = "POST",
                                                .path = "/",
                                                .content_type = "application/x-www-form-urlencoded",
                                                .body = body.data,
                                                .body_len = body.len,
                                                .headers = headers.list};
        err = exchange(sms, &request, &response);
    }
    if (err == BK_OK)
        err = bk_json_parse(response.body.data, response.body.len, ANSWER_MAX, answer);
    if (err == BK_OK)
        err = bk_json_str(*answer, "Code", 64, &code) == BK_OK ? BK_OK : BK_EFORMAT;
    if (err == BK_OK && strcmp(code, "OK") != 0) {
        bk_log(BK_LOG_WARN, "sms: %s: %s", action, code);
        err = BK_EREFUSED;
    }
    bk_http_response_free(&response);
    bk_buf_free(&body);
    return err;
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
        err = call(sms, "SendSms", &form, &answer);
    json_decref(answer);
    bk_form_free(&form);
    bk_buf_free(&params);
    return err;
}

static bool lists(const json_t *answer, const char *out_id)
{
    const json_t *details =
        json_object_get(json_object_get(answer, "SmsSendDetailDTOs"), "SmsSendDetailDTO");
    for (size_t i = 0; i < json_array_size(details); i++) {
        const char *id = json_string_value(json_object_get(json_array_get(details, i), "OutId"));
        if (id && strcmp(id, out_id) == 0)
            return true;
    }
    return false;
}

/* Days are China's for the provider, counted from 1970 here. */
static int64_t day_of(int64_t ms)
{
    return (ms / 1000 + 8 * 3600) / 86400;
}

static enum bk_err find_on(struct bk_sms *sms, const struct bk_sms_message *message, int64_t day)
{
    struct bk_form form = {0};
    json_t *answer = NULL;
    char text[16];
    time_t begins = (time_t)day * 86400;
    struct tm tm;
    if (!gmtime_r(&begins, &tm))
        return BK_EINVAL;
    (void)strftime(text, sizeof text, "%Y%m%d", &tm);
    enum bk_err err = bk_form_add(&form, "PhoneNumber", message->phone);
    if (err == BK_OK)
        err = bk_form_add(&form, "SendDate", text);
    if (err == BK_OK)
        err = bk_form_add(&form, "PageSize", "50");
    if (err == BK_OK)
        err = bk_form_add(&form, "CurrentPage", "1");
    if (err == BK_OK)
        err = call(sms, "QuerySendDetails", &form, &answer);
    if (err == BK_OK && !lists(answer, message->out_id))
        err = BK_ENOTFOUND;
    json_decref(answer);
    bk_form_free(&form);
    return err;
}

enum bk_err bk_sms_find(struct bk_sms *sms, const struct bk_sms_message *message)
{
    enum bk_err err = BK_ENOTFOUND;
    int64_t today = day_of(bk_now_ms()), day = day_of(message->since);
    if (day < today - DAYS_MAX)
        day = today - DAYS_MAX;
    for (; err == BK_ENOTFOUND && day <= today; day++)
        err = find_on(sms, message, day);
    return err;
}
