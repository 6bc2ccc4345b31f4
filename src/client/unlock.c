/* SPDX-License-Identifier: Apache-2.0 */
/* Information and unlock requests. */
#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "client/call.h"

#define MESSAGE_MAX 4096u

enum bk_err bk_api_info(struct bk_api *api, struct bk_api_info *info)
{
    json_t *answer = NULL;
    *info = (struct bk_api_info){0};
    enum bk_err err =
        bk_api_call(api, &(struct bk_call){.method = "GET", .path = "/v1/info"}, &answer);
    if (err != BK_OK)
        return err;
    const json_t *renewal = json_object_get(answer, "renewal");
    info->simulated = json_is_true(json_object_get(answer, "simulated"));
    err = bk_api_text(answer, "name", info->name, sizeof info->name);
    if (err == BK_OK)
        err = bk_api_text(answer, "origin", info->origin, sizeof info->origin);
    if (err == BK_OK)
        err = bk_json_int(renewal, "before_days", 0, 36500, &info->renew_before_days);
    if (err == BK_OK)
        err = bk_json_int(renewal, "after_days", 0, 36500, &info->renew_after_days);
    if (err == BK_OK)
        err = bk_json_int(renewal, "price_fen", 0, INT32_MAX, &info->renew_price_fen);
    json_decref(answer);
    return err == BK_ENOTFOUND || err == BK_ELIMIT ? BK_EFORMAT : err;
}

enum bk_err bk_api_unlock_hint(struct bk_api *api, const char *serial, char prefix[8])
{
    json_t *answer = NULL;
    struct bk_call call = {.method = "POST",
                           .path = "/v1/unlock-hints",
                           .body = json_pack("{s:s}", "serial", serial),
                           .repeatable = true};
    enum bk_err err = call.body ? bk_api_call(api, &call, &answer) : BK_EINVAL;
    if (err != BK_OK)
        return err;
    err = bk_api_text(answer, "phone_prefix", prefix, 8);
    json_decref(answer);
    return err;
}

static json_t *request_body(const struct bk_api_unlock_ask *ask)
{
    bool documents = strcmp(ask->way, "documents") == 0;
    json_t *body = json_pack("{s:s, s:s, s:s, s:s}", "serial", ask->serial, "way", ask->way,
                             documents ? "contact" : ask->way, ask->number, "name", ask->name);
    if (body && documents &&
        bk_json_set_bytes(body, "client_secret", ask->secret, BK_API_SECRET) != BK_OK) {
        json_decref(body);
        return NULL;
    }
    return body;
}

enum bk_err bk_api_unlock_request(struct bk_api *api, const char *idempotency,
                                  const struct bk_api_unlock_ask *ask, struct bk_api_unlock *unlock)
{
    json_t *answer = NULL;
    struct bk_call call = {.method = "POST",
                           .path = "/v1/unlock-requests",
                           .body = request_body(ask),
                           .idempotency = idempotency};
    enum bk_err err = call.body ? bk_api_call(api, &call, &answer) : BK_EINVAL;
    if (err != BK_OK)
        return err;
    err = bk_api_text(answer, "id", unlock->id, sizeof unlock->id);
    if (err == BK_OK)
        err = bk_json_int(answer, "expires_at", 0, INT64_MAX, &unlock->expires_at);
    unlock->code_at = 0;
    if (err == BK_OK && json_object_get(answer, "code_at"))
        err = bk_json_int(answer, "code_at", 0, INT64_MAX, &unlock->code_at);
    json_decref(answer);
    return err == BK_ENOTFOUND ? BK_EFORMAT : err;
}

static enum bk_err send_message(struct bk_api *api, const char *id, const char *what, json_t *body,
                                const uint8_t secret[BK_API_SECRET], const void *message,
                                size_t len, struct bk_buf *answer)
{
    char path[160];
    json_t *got = NULL;
    enum bk_err err = body ? BK_OK : BK_EINVAL;
    if (err == BK_OK &&
        (size_t)snprintf(path, sizeof path, "/v1/unlock-requests/%s/%s", id, what) >= sizeof path)
        err = BK_EINVAL;
    if (err == BK_OK)
        err = bk_json_set_bytes(body, "client_secret", secret, BK_API_SECRET);
    if (err == BK_OK)
        err = bk_json_set_bytes(body, "message", message, len);
    if (err != BK_OK) {
        json_decref(body);
        return err;
    }
    struct bk_call call = {.method = "POST", .path = path, .body = body};
    /* a redemption counts; a later round is replayed when the same message comes again */
    call.repeatable = strcmp(what, "messages") == 0;
    err = bk_api_call(api, &call, &got);
    if (err == BK_OK)
        err = bk_json_bytes(got, "message", MESSAGE_MAX, answer);
    json_decref(got);
    return err == BK_ENOTFOUND || err == BK_ELIMIT ? BK_EFORMAT : err;
}

enum bk_err bk_api_unlock_redeem(struct bk_api *api, const char *id, const char *code,
                                 const uint8_t secret[BK_API_SECRET], const void *message,
                                 size_t len, struct bk_buf *answer)
{
    return send_message(api, id, "redeem", json_pack("{s:s}", "code", code), secret, message, len,
                        answer);
}

enum bk_err bk_api_unlock_message(struct bk_api *api, const char *id,
                                  const uint8_t secret[BK_API_SECRET], const void *message,
                                  size_t len, struct bk_buf *answer)
{
    return send_message(api, id, "messages", json_object(), secret, message, len, answer);
}

/* --- with documents --- */

static enum bk_err read_review(const json_t *answer, struct bk_api_unlock_review *review)
{
    const char *reason = json_string_value(json_object_get(answer, "reason"));
    *review = (struct bk_api_unlock_review){.due_at = 0};
    enum bk_err err = bk_api_text(answer, "state", review->state, sizeof review->state);
    if (err == BK_OK)
        err = bk_json_int(answer, "expires_at", 0, INT64_MAX, &review->expires_at);
    if (err == BK_OK && json_object_get(answer, "due_at"))
        err = bk_json_int(answer, "due_at", 0, INT64_MAX, &review->due_at);
    if (err == BK_OK && reason) {
        size_t len = bk_utf8_cut(reason, strlen(reason), sizeof review->reason - 1);
        memcpy(review->reason, reason, len);
        bk_text_make_plain(review->reason);
    }
    return err;
}

/* One call about it, with its secret; review NULL: the answer isn't wanted. */
static enum bk_err call_review(struct bk_api *api, const struct bk_call *what, const char *id,
                               const char *rest, const uint8_t secret[BK_API_SECRET],
                               struct bk_api_unlock_review *review)
{
    char path[160];
    struct bk_buf token = BK_BUF_INIT;
    struct bk_call call = *what;
    json_t *answer = NULL;
    int n = snprintf(path, sizeof path, "/v1/unlock-requests/%s%s", id, rest);
    enum bk_err err = n > 0 && (size_t)n < sizeof path ? BK_OK : BK_EINVAL;
    if (err == BK_OK)
        err = bk_hex_encode(secret, BK_API_SECRET, &token);
    call.path = path;
    if (err == BK_OK)
        err = bk_buf_cstr(&token, &call.bearer);
    if (err == BK_OK)
        err = bk_api_call(api, &call, &answer);
    if (err == BK_OK && review)
        err = read_review(answer, review);
    json_decref(answer);
    bk_buf_free(&token);
    return err == BK_ENOTFOUND ? BK_EFORMAT : err;
}

enum bk_err bk_api_unlock_review(struct bk_api *api, const char *id,
                                 const uint8_t secret[BK_API_SECRET],
                                 struct bk_api_unlock_review *review)
{
    struct bk_call call = {.method = "GET"};
    return call_review(api, &call, id, "", secret, review);
}

enum bk_err bk_api_unlock_document(struct bk_api *api, const char *id,
                                   const uint8_t secret[BK_API_SECRET], const char *kind,
                                   const void *data, size_t len)
{
    char rest[64];
    struct bk_call call = {.method = "PUT", .file = data, .file_len = len, .repeatable = true};
    (void)snprintf(rest, sizeof rest, "/documents/%s", kind);
    return call_review(api, &call, id, rest, secret, NULL);
}

enum bk_err bk_api_unlock_submit(struct bk_api *api, const char *id,
                                 const uint8_t secret[BK_API_SECRET],
                                 struct bk_api_unlock_review *review)
{
    struct bk_call call = {.method = "POST", .repeatable = true};
    return call_review(api, &call, id, "/submission", secret, review);
}
