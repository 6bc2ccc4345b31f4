/* SPDX-License-Identifier: Apache-2.0 */
/* Information and unlock requests. */
#include <stdio.h>
#include <string.h>

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

enum bk_err bk_api_unlock_request(struct bk_api *api, const char *idempotency,
                                  const struct bk_api_unlock_ask *ask, struct bk_api_unlock *unlock)
{
    json_t *answer = NULL;
    struct bk_call call = {.method = "POST",
                           .path = "/v1/unlock-requests",
                           .body = json_pack("{s:s, s:s, s:s, s:s}", "serial", ask->serial, "way",
                                             ask->way, ask->way, ask->number, "name", ask->name),
                           .idempotency = idempotency};
    enum bk_err err = call.body ? bk_api_call(api, &call, &answer) : BK_EINVAL;
    if (err != BK_OK)
        return err;
    err = bk_api_text(answer, "id", unlock->id, sizeof unlock->id);
    if (err == BK_OK)
        err = bk_json_int(answer, "expires_at", 0, INT64_MAX, &unlock->expires_at);
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
