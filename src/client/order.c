/* SPDX-License-Identifier: Apache-2.0 */
/* Log-in by certificate, and orders. */
#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "client/call.h"

#define CERT_MAX 8192u

enum bk_err bk_api_nonce(struct bk_api *api, const char *purpose, char nonce[129])
{
    json_t *answer = NULL;
    struct bk_call call = {.method = "POST",
                           .path = "/v1/nonces",
                           .body = json_pack("{s:s}", "purpose", purpose),
                           .repeatable = true};
    enum bk_err err = call.body ? bk_api_call(api, &call, &answer) : BK_EINVAL;
    if (err == BK_OK)
        err = bk_api_text(answer, "nonce", nonce, 129);
    json_decref(answer);
    return err;
}

enum bk_err bk_api_session(struct bk_api *api, const char *purpose, const char *nonce,
                           const void *cert, size_t cert_len, const void *signature,
                           size_t signature_len)
{
    json_t *answer = NULL, *body = json_pack("{s:s, s:s}", "purpose", purpose, "nonce", nonce);
    enum bk_err err = body ? BK_OK : BK_EINVAL;
    if (err == BK_OK)
        err = bk_json_set_bytes(body, "certificate", cert, cert_len);
    if (err == BK_OK)
        err = bk_json_set_bytes(body, "signature", signature, signature_len);
    if (err != BK_OK) {
        json_decref(body);
        return err;
    }
    struct bk_call call = {.method = "POST", .path = "/v1/sessions", .body = body};
    err = bk_api_call(api, &call, &answer);
    if (err == BK_OK)
        err = bk_api_take_token(api, answer);
    else
        bk_buf_clear(&api->token);
    json_decref(answer);
    return err;
}

/* What staff say of it: not there for most orders. The reason is a stranger's text. */
static enum bk_err read_review(const json_t *json, struct bk_api_order *order)
{
    const json_t *review = json_object_get(json, "review");
    const char *reason = NULL;
    if (!review)
        return BK_OK;
    enum bk_err err = bk_json_int(review, "due_at", 0, INT64_MAX, &order->review_due);
    if (err == BK_OK || err == BK_ENOTFOUND)
        err = bk_json_str(review, "reason", 4096, &reason);
    if (err == BK_OK) {
        size_t len = bk_utf8_cut(reason, strlen(reason), sizeof order->reason - 1);
        memcpy(order->reason, reason, len);
        order->reason[len] = 0;
        bk_text_make_plain(order->reason);
    }
    return err == BK_ENOTFOUND ? BK_OK : err;
}

static enum bk_err read_order(const json_t *json, struct bk_api_order *order)
{
    *order = (struct bk_api_order){0};
    const char *serial = NULL;
    enum bk_err err = bk_api_text(json, "id", order->id, sizeof order->id);
    if (err == BK_OK)
        err = bk_api_text(json, "type", order->type, sizeof order->type);
    if (err == BK_OK)
        err = bk_api_text(json, "state", order->state, sizeof order->state);
    if (err == BK_OK)
        err = bk_api_text(json, "container", order->container, sizeof order->container);
    if (err == BK_OK)
        err = bk_api_text(json, "algorithm", order->algorithm, sizeof order->algorithm);
    if (err == BK_OK)
        err = bk_json_int(json, "version", 0, INT64_MAX, &order->version);
    if (err == BK_OK)
        err = bk_json_int(json, "amount_fen", 0, INT64_MAX, &order->amount_fen);
    if (err == BK_OK) { /* of a renewal */
        err = bk_json_int(json, "old_not_after", 0, INT64_MAX, &order->old_not_after);
        err = err == BK_ENOTFOUND ? BK_OK : err;
    }
    if (err == BK_OK) {
        err = bk_json_int(json, "new_not_after", 0, INT64_MAX, &order->new_not_after);
        err = err == BK_ENOTFOUND ? BK_OK : err;
    }
    if (err == BK_OK) {
        err =
            bk_json_str(json, "certificate_serial", sizeof order->certificate_serial - 1, &serial);
        if (err == BK_OK)
            memcpy(order->certificate_serial, serial, strlen(serial) + 1);
        err = err == BK_ENOTFOUND ? BK_OK : err;
    }
    if (err == BK_OK)
        err = read_review(json, order);
    return err == BK_ENOTFOUND || err == BK_ELIMIT ? BK_EFORMAT : err;
}

static enum bk_err call_for_order(struct bk_api *api, const struct bk_call *call,
                                  struct bk_api_order *order)
{
    json_t *answer = NULL;
    enum bk_err err = bk_api_call(api, call, &answer);
    if (err == BK_OK)
        err = read_order(answer, order);
    json_decref(answer);
    return err;
}

static enum bk_err order_path(char path[160], const char *id, const char *tail)
{
    return (size_t)snprintf(path, 160, "/v1/orders/%s%s", id, tail) < 160 ? BK_OK : BK_EINVAL;
}

enum bk_err bk_api_order_create(struct bk_api *api, const char *idempotency,
                                struct bk_api_order *order)
{
    struct bk_call call = {.method = "POST",
                           .path = "/v1/orders",
                           .body = json_pack("{s:s}", "type", "renewal"),
                           .idempotency = idempotency};
    return call.body ? call_for_order(api, &call, order) : BK_ENOMEM;
}

enum bk_err bk_api_order_list(struct bk_api *api, struct bk_api_order *orders, size_t *count)
{
    json_t *answer = NULL;
    enum bk_err err =
        bk_api_call(api, &(struct bk_call){.method = "GET", .path = "/v1/orders"}, &answer);
    if (err != BK_OK)
        return err;
    const json_t *list = json_object_get(answer, "orders");
    size_t n = json_array_size(list);
    if (!json_is_array(list))
        err = BK_EFORMAT;
    if (n > *count)
        n = *count;
    for (size_t i = 0; err == BK_OK && i < n; i++)
        err = read_order(json_array_get(list, i), &orders[i]);
    *count = n;
    json_decref(answer);
    return err;
}

enum bk_err bk_api_order_get(struct bk_api *api, const char *id, struct bk_api_order *order)
{
    char path[160];
    enum bk_err err = order_path(path, id, "");
    if (err != BK_OK)
        return err;
    return call_for_order(api, &(struct bk_call){.method = "GET", .path = path}, order);
}

enum bk_err bk_api_order_pay(struct bk_api *api, const char *idempotency, const char *id,
                             char qr[512])
{
    char path[160];
    json_t *answer = NULL;
    enum bk_err err = order_path(path, id, "/payment");
    if (err != BK_OK)
        return err;
    struct bk_call call = {
        .method = "POST", .path = path, .body = json_object(), .idempotency = idempotency};
    err = bk_api_call(api, &call, &answer);
    *qr = 0;
    if (err == BK_OK && !json_is_null(json_object_get(answer, "qr_code")))
        err = bk_api_text(answer, "qr_code", qr, 512);
    json_decref(answer);
    return err;
}

enum bk_err bk_api_order_cancel(struct bk_api *api, const struct bk_api_order *order)
{
    char path[160];
    json_t *answer = NULL;
    enum bk_err err = order_path(path, order->id, "/cancel");
    if (err != BK_OK)
        return err;
    struct bk_call call = {.method = "POST",
                           .path = path,
                           .body = json_pack("{s:I}", "version", (json_int_t)order->version),
                           .repeatable = true};
    err = call.body ? bk_api_call(api, &call, &answer) : BK_ENOMEM;
    json_decref(answer);
    return err;
}

enum bk_err bk_api_read_certificates(const json_t *json, struct bk_api_certificates *certs)
{
    enum bk_err err = bk_json_bytes(json, "sign_certificate", CERT_MAX, &certs->sign);
    if (err == BK_OK)
        err = bk_json_bytes(json, "enc_certificate", CERT_MAX, &certs->enc);
    if (err == BK_OK) {
        err = bk_json_bytes(json, "envelope", CERT_MAX, &certs->envelope);
        err = err == BK_ENOTFOUND ? BK_OK : err; /* the keys were kept */
    }
    const json_t *chain = json_object_get(json, "chain");
    if (err == BK_OK && (!json_is_array(chain) || json_array_size(chain) > 8))
        err = BK_EFORMAT;
    for (size_t i = 0; err == BK_OK && i < json_array_size(chain); i++) {
        json_t *one = json_pack("{s:O}", "c", json_array_get(chain, i));
        err = one ? bk_json_bytes(one, "c", CERT_MAX, &certs->chain) : BK_ENOMEM;
        json_decref(one);
    }
    if (err == BK_OK && json_object_get(json, "sm2_id"))
        err = bk_api_text(json, "sm2_id", certs->sm2_id, sizeof certs->sm2_id);
    return err == BK_ENOTFOUND || err == BK_ELIMIT ? BK_EFORMAT : err;
}

enum bk_err bk_api_order_certificates(struct bk_api *api, const char *idempotency, const char *id,
                                      const void *csr, size_t csr_len, bool keep_key,
                                      struct bk_api_certificates *certs)
{
    char path[160];
    json_t *answer = NULL, *body = json_object();
    *certs = (struct bk_api_certificates){0};
    enum bk_err err = body ? order_path(path, id, "/certificates") : BK_ENOMEM;
    if (err == BK_OK)
        err = bk_json_set_bytes(body, "csr", csr, csr_len);
    if (err == BK_OK && keep_key && json_object_set_new(body, "keep_key", json_true()) != 0)
        err = BK_ENOMEM;
    if (err != BK_OK) {
        json_decref(body);
        return err;
    }
    struct bk_call call = {
        .method = "POST", .path = path, .body = body, .idempotency = idempotency};
    err = bk_api_call(api, &call, &answer);
    if (err == BK_OK)
        err = bk_api_read_certificates(answer, certs);
    json_decref(answer);
    if (err != BK_OK)
        bk_api_certificates_free(certs);
    return err;
}

void bk_api_certificates_free(struct bk_api_certificates *certs)
{
    bk_buf_free(&certs->sign);
    bk_buf_free(&certs->enc);
    bk_buf_free(&certs->envelope);
    bk_buf_free(&certs->chain);
}

enum bk_err bk_api_order_confirm(struct bk_api *api, const char *id, const void *signature,
                                 size_t len, struct bk_api_order *order)
{
    char path[160];
    json_t *body = json_object();
    enum bk_err err = body ? order_path(path, id, "/confirm") : BK_ENOMEM;
    if (err == BK_OK)
        err = bk_json_set_bytes(body, "signature", signature, len);
    if (err != BK_OK) {
        json_decref(body);
        return err;
    }
    struct bk_call call = {.method = "POST", .path = path, .body = body, .repeatable = true};
    return call_for_order(api, &call, order);
}
