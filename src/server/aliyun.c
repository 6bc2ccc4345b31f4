/* SPDX-License-Identifier: Apache-2.0 */
#include "server/aliyun.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "base/secret.h"
#include "net/http.h"
#include "server/acs3.h"
#include "server/ident.h"

#define ANSWER_MAX ((size_t)64 * 1024)
#define SHORT 4u /* characters: what is shorter tells of nobody, and may stand in any word */

/* A first try needn't wait for one that is repeated and slow: as many as the outbox has workers. */
#define LINES 2u

struct line {
    pthread_mutex_t lock;
    struct bk_http *http;
};

struct bk_aliyun {
    struct line lines[LINES];
    char *key_id, *secret, *version, *good;
};

enum bk_err bk_aliyun_new(const struct bk_aliyun_options *options, struct bk_aliyun **aliyun)
{
    struct bk_aliyun *a = calloc(1, sizeof *a);
    *aliyun = NULL;
    if (!a)
        return BK_ENOMEM;
    a->key_id = strdup(options->key_id);
    a->secret = strdup(options->secret);
    a->version = strdup(options->version);
    a->good = strdup(options->good);
    const struct bk_http_options http = {.base_url = options->url,
                                         .ca_file = options->ca_file,
                                         .connect_ms = 5000,
                                         .total_ms = 10000,
                                         .max_body = ANSWER_MAX};
    enum bk_err err = a->key_id && a->secret && a->version && a->good ? BK_OK : BK_ENOMEM;
    for (unsigned i = 0; i < LINES; i++) {
        (void)pthread_mutex_init(&a->lines[i].lock, NULL);
        if (err == BK_OK)
            err = bk_http_new(&http, &a->lines[i].http);
    }
    if (err != BK_OK)
        bk_aliyun_free(&a);
    *aliyun = a;
    return err;
}

void bk_aliyun_free(struct bk_aliyun **aliyun)
{
    struct bk_aliyun *a = *aliyun;
    if (!a)
        return;
    for (unsigned i = 0; i < LINES; i++) {
        bk_http_free(&a->lines[i].http);
        (void)pthread_mutex_destroy(&a->lines[i].lock);
    }
    if (a->secret)
        bk_wipe(a->secret, strlen(a->secret));
    free(a->key_id);
    free(a->secret);
    free(a->version);
    free(a->good);
    free(a);
    *aliyun = NULL;
}

struct headers {
    char lines[6][320];
    const char *list[7];
};

static enum bk_err make_headers(const struct bk_aliyun *a, const char *action,
                                const struct bk_buf *body, struct headers *h)
{
    char date[32], nonce[33], signature[65], hash[65];
    time_t now = time(NULL);
    struct tm tm;
    const char *host = strstr(bk_http_origin(a->lines[0].http), "://");
    if (!gmtime_r(&now, &tm) || !host)
        return BK_EINVAL;
    (void)strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &tm);
    enum bk_err err = bk_random_hex(16, nonce);
    const struct bk_acs3 request = {.host = host + 3,
                                    .action = action,
                                    .version = a->version,
                                    .date = date,
                                    .nonce = nonce,
                                    .query = "",
                                    .body = body->data,
                                    .body_len = body->len};
    if (err == BK_OK)
        err = bk_acs3_sign(&request, a->secret, signature, hash);
    if (err != BK_OK)
        return err;
    (void)snprintf(h->lines[0], sizeof *h->lines, "x-acs-action: %s", action);
    (void)snprintf(h->lines[1], sizeof *h->lines, "x-acs-version: %s", a->version);
    (void)snprintf(h->lines[2], sizeof *h->lines, "x-acs-date: %s", date);
    (void)snprintf(h->lines[3], sizeof *h->lines, "x-acs-signature-nonce: %s", nonce);
    (void)snprintf(h->lines[4], sizeof *h->lines, "x-acs-content-sha256: %s", hash);
    (void)snprintf(h->lines[5], sizeof *h->lines,
                   "Authorization: ACS3-HMAC-SHA256 Credential=%s,SignedHeaders=%s,Signature=%s",
                   a->key_id, BK_ACS3_SIGNED, signature);
    for (int i = 0; i < 6; i++)
        h->list[i] = h->lines[i];
    h->list[6] = NULL;
    return BK_OK;
}

/* On a line that is free, else behind who has the first. */
static enum bk_err exchange(struct bk_aliyun *a, const struct bk_http_request *request,
                            struct bk_http_response *response)
{
    unsigned i = 0;
    while (i < LINES && pthread_mutex_trylock(&a->lines[i].lock) != 0)
        i++;
    struct line *line = &a->lines[i < LINES ? i : 0];
    if (i == LINES)
        (void)pthread_mutex_lock(&line->lock);
    enum bk_err err = bk_http_do(line->http, request, response);
    (void)pthread_mutex_unlock(&line->lock);
    return err;
}

/* A code is a word of the provider's own: one that says again what it was told, of a person or a
 * secret, isn't for the log. */
static bool is_for_log(const char *code, const struct bk_form *form)
{
    for (size_t i = 0; i < form->count; i++)
        if (strlen(form->items[i].value) >= SHORT && strstr(code, form->items[i].value))
            return false;
    return true;
}

enum bk_err bk_aliyun_call(struct bk_aliyun *a, const char *action, const struct bk_form *form,
                           json_t **answer)
{
    struct bk_buf body = BK_BUF_INIT;
    struct headers headers;
    struct bk_http_response response = {0};
    const char *code = NULL;
    *answer = NULL;
    enum bk_err err = bk_form_encode(form, &body);
    if (err == BK_OK)
        err = make_headers(a, action, &body, &headers);
    if (err == BK_OK) {
        const struct bk_http_request request = {.method = "POST",
                                                .path = "/",
                                                .content_type = "application/x-www-form-urlencoded",
                                                .body = body.data,
                                                .body_len = body.len,
                                                .headers = headers.list};
        err = exchange(a, &request, &response);
    }
    if (err == BK_OK)
        err = bk_json_parse(response.body.data, response.body.len, ANSWER_MAX, answer);
    if (err == BK_OK)
        err = bk_json_str(*answer, "Code", 64, &code) == BK_OK ? BK_OK : BK_EFORMAT;
    if (err == BK_OK && (response.status != 200 || strcmp(code, a->good) != 0)) {
        bk_log(BK_LOG_WARN, "%s: %ld %s", action, response.status,
               is_for_log(code, form) ? code : "(a code that repeats what was asked)");
        json_decref(*answer);
        *answer = NULL;
        err = BK_EREFUSED;
    }
    bk_http_response_free(&response);
    bk_buf_free(&body);
    return err;
}
