/* SPDX-License-Identifier: Apache-2.0 */
#include "client/call.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "base/text.h"

#define ANSWER_MAX ((size_t)512 * 1024)
#define TRIES 3
#define UPLOAD_MS 30000L /* a platform waits no longer */
#define PAUSE_MAX_MS 2000L
#define RETRY_MAX_S (7 * 86400)

enum bk_err bk_api_new(const struct bk_api_options *options, struct bk_api **api)
{
    *api = calloc(1, sizeof **api);
    if (!*api)
        return BK_ENOMEM;
    struct bk_http_options http = {
        .base_url = options->url,
        .ca_file = options->ca_file,
        .languages = options->language,
        /* an unlock holds the key for 15 seconds a round at most: an answer later than this is
         * of no use */
        .connect_ms = 5000,
        .total_ms = 12000,
        .max_body = ANSWER_MAX,
        .stop_fd = options->stop_fd,
    };
    (*api)->problem.tries_left = -1;
    enum bk_err err = bk_http_new(&http, &(*api)->http);
    if (err != BK_OK)
        bk_api_free(api);
    return err;
}

void bk_api_free(struct bk_api **api)
{
    if (!*api)
        return;
    bk_http_free(&(*api)->http);
    bk_buf_free(&(*api)->token);
    free(*api);
    *api = NULL;
}

const struct bk_api_problem *bk_api_problem(const struct bk_api *api)
{
    return &api->problem;
}

const char *bk_api_error(const struct bk_api *api)
{
    return *api->error ? api->error : bk_http_error(api->http);
}

const char *bk_api_origin(const struct bk_api *api)
{
    return bk_http_origin(api->http);
}

static void read_problem(struct bk_api *api, const struct bk_http_response *response)
{
    struct bk_api_problem *p = &api->problem;
    json_t *json = NULL;
    p->status = response->status;
    p->retry_after = response->retry_after;
    if (bk_json_parse(response->body.data, response->body.len, ANSWER_MAX, &json) != BK_OK)
        return;
    const char *text = NULL;
    int64_t tries = 0, wait = 0;
    if (bk_json_str(json, "code", sizeof p->code - 1, &text) == BK_OK)
        (void)snprintf(p->code, sizeof p->code, "%s", text);
    if (bk_json_str(json, "detail", sizeof p->detail - 1, &text) == BK_OK ||
        bk_json_str(json, "title", sizeof p->detail - 1, &text) == BK_OK)
        (void)snprintf(p->detail, sizeof p->detail, "%s", text);
    if (bk_json_int(json, "tries_left", 0, 1000, &tries) == BK_OK)
        p->tries_left = (long)tries;
    if (bk_json_int(json, "retry_after", 1, RETRY_MAX_S, &wait) == BK_OK)
        p->retry_after = (long)wait;
    bk_text_make_plain(p->code);
    bk_text_make_plain(p->detail);
    json_decref(json);
}

static bool passing(enum bk_err err, long status)
{
    if (err == BK_OK)
        return status == 409 || status == 502 || status == 503 || status == 504;
    return err == BK_ENET || err == BK_ETIMEOUT;
}

enum bk_err bk_api_pause(const struct bk_api *api, long ms)
{
    return bk_http_pause(api->http, ms);
}

/* 409 is also how the platform says that something is in the wrong state: only this one passes. */
static bool in_progress(const struct bk_api *api, long status)
{
    return status == 409 && strcmp(api->problem.code, "idempotency-in-progress") == 0;
}

static enum bk_err exchange(struct bk_api *api, const struct bk_http_request *request,
                            bool repeatable, struct bk_http_response *response)
{
    enum bk_err err = BK_OK;
    for (int attempt = 1;; attempt++) {
        api->problem = (struct bk_api_problem){.tries_left = -1};
        err = bk_http_do(api->http, request, response);
        if (err == BK_OK && response->status >= 400)
            read_problem(api, response);
        if (!repeatable || attempt == TRIES || !passing(err, response->status) ||
            (err == BK_OK && response->status == 409 && !in_progress(api, 409)))
            return err;
        /* what the server says, as far as somebody waits for it */
        long wish = err == BK_OK ? response->retry_after * 1000 : 0;
        bk_http_response_free(response);
        err = bk_api_pause(api, wish > PAUSE_MAX_MS ? PAUSE_MAX_MS : wish ? wish : 200L * attempt);
        if (err != BK_OK)
            return err;
    }
}

void bk_api_on_logged_out(struct bk_api *api, enum bk_err (*log_in)(void *context), void *context)
{
    api->log_in = log_in;
    api->log_in_context = context;
}

static const char *bearer_of(const struct bk_api *api)
{
    return api->token.len ? (const char *)api->token.data : NULL;
}

/* Nothing was done without a log-in: it may be sent again, whatever it is. */
static enum bk_err exchange_logged_in(struct bk_api *api, struct bk_http_request *request,
                                      bool repeatable, struct bk_http_response *response)
{
    enum bk_err err = exchange(api, request, repeatable, response);
    if (err != BK_OK || response->status != 401 || request->bearer != bearer_of(api) ||
        !request->bearer || !api->log_in || api->logging_in)
        return err;
    bk_http_response_free(response);
    api->logging_in = true;
    err = api->log_in(api->log_in_context);
    api->logging_in = false;
    request->bearer = bearer_of(api);
    return err == BK_OK ? exchange(api, request, repeatable, response) : err;
}

/* The platform says why, each time; what stands before it and can't reach it answers with a page of
 * its own. */
static bool from_between(const struct bk_api *api, long status)
{
    return (status == 502 || status == 503 || status == 504) && !*api->problem.code;
}

enum bk_err bk_api_call(struct bk_api *api, const struct bk_call *call, json_t **out)
{
    struct bk_buf body = BK_BUF_INIT;
    struct bk_http_response response = {0};
    json_t *answer = NULL;
    enum bk_err err = call->body ? bk_json_text(call->body, &body) : BK_OK;
    if (err != BK_OK)
        goto out;
    struct bk_http_request request = {
        .method = call->method,
        .path = call->path,
        .content_type = call->body   ? "application/json"
                        : call->file ? "application/octet-stream"
                                     : NULL,
        .body = call->body ? body.data : call->file,
        .body_len = call->body ? body.len : call->file_len,
        .bearer = call->bearer ? call->bearer : bearer_of(api),
        .total_ms = call->file ? UPLOAD_MS : 0,
        .idempotency = call->idempotency,
    };
    api->error[0] = 0;
    bool repeatable = call->repeatable || call->idempotency || strcmp(call->method, "GET") == 0;
    err = exchange_logged_in(api, &request, repeatable, &response);
    if (err != BK_OK)
        goto out;
    if (from_between(api, response.status)) {
        (void)snprintf(api->error, sizeof api->error, _("a server before it answered %ld"),
                       response.status);
        err = BK_ENET;
        goto out;
    }
    if (response.status >=
        400) { /* what is at work still is no refusal: the next run has its answer */
        err = in_progress(api, response.status) ? BK_ETIMEOUT : BK_EREFUSED;
        goto out;
    }
    err = bk_json_parse(response.body.data, response.body.len, ANSWER_MAX, &answer);
    if (err == BK_OK && !json_is_object(answer))
        err = BK_EFORMAT;
out:
    if (err != BK_OK && answer) {
        json_decref(answer);
        answer = NULL;
    }
    *out = answer;
    json_decref(call->body);
    bk_buf_free(&body);
    bk_http_response_free(&response);
    return err;
}

enum bk_err bk_api_text(const json_t *object, const char *name, char *to, size_t size)
{
    const char *text = NULL;
    enum bk_err err = bk_json_str(object, name, size - 1, &text);
    if (err == BK_OK) {
        memcpy(to, text, strlen(text) + 1);
        bk_text_make_plain(to);
    }
    return err == BK_ENOTFOUND || err == BK_ELIMIT ? BK_EFORMAT : err;
}

enum bk_err bk_api_set_token(struct bk_api *api, const char *token)
{
    bk_buf_clear(&api->token);
    return *token ? bk_buf_put(&api->token, token, strlen(token) + 1) : BK_OK;
}

const char *bk_api_token(const struct bk_api *api)
{
    return api->token.len ? (const char *)api->token.data : "";
}

enum bk_err bk_api_take_token(struct bk_api *api, const json_t *answer)
{
    const char *token = NULL;
    bk_buf_clear(&api->token);
    enum bk_err err = bk_json_str(answer, "token", 4096, &token);
    if (err == BK_OK)
        err = bk_api_set_token(api, token);
    return err == BK_ENOTFOUND || err == BK_ELIMIT ? BK_EFORMAT : err;
}
