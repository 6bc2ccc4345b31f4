/* SPDX-License-Identifier: Apache-2.0 */
/* Log-in of staff, and what a production station asks and tells. */
#include <stdio.h>
#include <string.h>

#include "client/call.h"

#define DEVICE_KEY 16u
#define PIN_MAX 16u

enum bk_err bk_api_staff_session(struct bk_api *api, const char *name, const char *password,
                                 const char *totp)
{
    json_t *answer = NULL;
    struct bk_call call = {
        .method = "POST",
        .path = "/v1/staff/sessions",
        .body = json_pack("{s:s, s:s, s:s}", "name", name, "password", password, "totp", totp)};
    enum bk_err err = call.body ? bk_api_call(api, &call, &answer) : BK_EINVAL;
    if (err == BK_OK)
        err = bk_api_take_token(api, answer);
    json_decref(answer);
    return err;
}

/* A member that may be missing: then "". */
static enum bk_err text_or_none(const json_t *object, const char *name, char *to, size_t size)
{
    *to = 0;
    return json_object_get(object, name) ? bk_api_text(object, name, to, size) : BK_OK;
}

static enum bk_err read_one(const json_t *json, struct bk_api_production *p)
{
    *p = (struct bk_api_production){0};
    const json_t *key = json_object_get(json, "key");
    enum bk_err err = bk_api_text(json, "order", p->order, sizeof p->order);
    if (err == BK_OK)
        err = bk_api_text(json, "state", p->state, sizeof p->state);
    if (err == BK_OK)
        err = bk_api_text(json, "company", p->company, sizeof p->company);
    if (err == BK_OK)
        err = bk_api_text(json, "algorithm", p->algorithm, sizeof p->algorithm);
    if (err == BK_OK)
        err = bk_api_text(json, "delivery", p->delivery, sizeof p->delivery);
    if (err == BK_OK)
        err = bk_api_text(json, "pin_way", p->pin_way, sizeof p->pin_way);
    if (err == BK_OK)
        err = bk_json_int(json, "created_at", 0, INT64_MAX, &p->created_at);
    if (err == BK_OK)
        err = text_or_none(json, "container", p->container, sizeof p->container);
    if (err == BK_OK)
        err = text_or_none(json, "application", p->application, sizeof p->application);
    if (err == BK_OK)
        err = text_or_none(json, "label", p->label, sizeof p->label);
    if (err == BK_OK && key)
        err = bk_api_text(key, "serial", p->serial, sizeof p->serial);
    if (err == BK_OK && key)
        err = bk_api_text(key, "state", p->key_state, sizeof p->key_state);
    if (err == BK_OK)
        err = text_or_none(key, "certificate_serial", p->certificate_serial,
                           sizeof p->certificate_serial);
    return err == BK_ENOTFOUND || err == BK_ELIMIT ? BK_EFORMAT : err;
}

enum bk_err bk_api_production_list(struct bk_api *api, struct bk_api_production *list,
                                   size_t *count)
{
    json_t *answer = NULL;
    enum bk_err err =
        bk_api_call(api, &(struct bk_call){.method = "GET", .path = "/v1/production"}, &answer);
    const json_t *orders = json_object_get(answer, "orders");
    if (err == BK_OK && !json_is_array(orders))
        err = BK_EFORMAT;
    size_t n = json_array_size(orders);
    if (n < *count)
        *count = n;
    for (size_t i = 0; err == BK_OK && i < *count; i++)
        err = read_one(json_array_get(orders, i), &list[i]);
    json_decref(answer);
    return err;
}

static enum bk_err path_of(char path[160], const char *order, const char *tail)
{
    bool plain = *order && order[strspn(order, "0123456789ABCDEFGHJKMNPQRSTVWXYZ")] == 0;
    return plain && (size_t)snprintf(path, 160, "/v1/production/%s%s", order, tail) < 160
               ? BK_OK
               : BK_EINVAL;
}

/* The body's reference is taken; NULL: none. */
static enum bk_err ask(struct bk_api *api, const char *order, const char *tail, json_t *body,
                       const char *idempotency, json_t **answer)
{
    char path[160];
    const struct bk_call call = {.method = body ? "POST" : "GET",
                                 .path = path,
                                 .body = body,
                                 .idempotency = idempotency,
                                 .repeatable = true};
    *answer = NULL;
    enum bk_err err = path_of(path, order, tail);
    if (err == BK_OK)
        return bk_api_call(api, &call, answer);
    json_decref(body);
    return err;
}

static enum bk_err ask_for(struct bk_api *api, const char *order, const char *tail, json_t *body,
                           const char *idempotency, struct bk_api_production *p)
{
    json_t *answer = NULL;
    enum bk_err err = ask(api, order, tail, body, idempotency, &answer);
    if (err == BK_OK)
        err = read_one(answer, p);
    json_decref(answer);
    return err;
}

enum bk_err bk_api_production_get(struct bk_api *api, const char *order,
                                  struct bk_api_production *p)
{
    return ask_for(api, order, "", NULL, NULL, p);
}

/* --- begun --- */

static enum bk_err read_pin(const json_t *json, const char *name, struct bk_secret *pin)
{
    const char *text = NULL;
    enum bk_err err = bk_json_str(json, name, PIN_MAX, &text);
    return err == BK_OK ? bk_secret_set(pin, text, strlen(text)) : err;
}

static enum bk_err read_secrets(const json_t *answer, struct bk_api_key_secrets *s)
{
    const json_t *json = json_object_get(answer, "secrets");
    struct bk_buf key = BK_BUF_INIT;
    s->resumed = json_is_true(json_object_get(answer, "resumed"));
    enum bk_err err = BK_OK;
    if (!json) /* the key has them */
        return BK_OK;
    s->device_key_set = json_is_true(json_object_get(json, "device_key_set"));
    err = bk_json_bytes(json, "device_key", DEVICE_KEY, &key);
    if (err == BK_OK && key.len != DEVICE_KEY)
        err = BK_EFORMAT;
    if (err == BK_OK)
        err = bk_secret_set(&s->device_key, key.data, key.len);
    if (err == BK_OK)
        err = read_pin(json, "administrator_pin", &s->admin_pin);
    if (err == BK_OK)
        err = read_pin(json, "user_pin", &s->user_pin);
    bk_buf_free(&key);
    return err == BK_ENOTFOUND || err == BK_ELIMIT ? BK_EFORMAT : err;
}

enum bk_err bk_api_production_begin(struct bk_api *api, const char *order, const char *serial,
                                    const char *dialect, const char *shape,
                                    struct bk_api_production *p, struct bk_api_key_secrets *s)
{
    json_t *answer = NULL, *body = json_pack("{s:s, s:s, s:s}", "serial", serial, "dialect",
                                             dialect, "shape", shape);
    *s = (struct bk_api_key_secrets){.resumed = false};
    enum bk_err err = body ? ask(api, order, "", body, NULL, &answer) : BK_EINVAL;
    if (err == BK_OK)
        err = read_one(answer, p);
    if (err == BK_OK)
        err = read_secrets(answer, s);
    json_decref(answer);
    if (err != BK_OK)
        bk_api_key_secrets_free(s);
    return err;
}

void bk_api_key_secrets_free(struct bk_api_key_secrets *s)
{
    bk_secret_free(&s->device_key);
    bk_secret_free(&s->admin_pin);
    bk_secret_free(&s->user_pin);
}

/* --- made --- */

static json_t *with_bytes(const char *name, const void *data, size_t len)
{
    json_t *body = json_object();
    if (body && bk_json_set_bytes(body, name, data, len) != BK_OK) {
        json_decref(body);
        body = NULL;
    }
    return body;
}

enum bk_err bk_api_production_certificates(struct bk_api *api, const char *idempotency,
                                           const char *order, const void *csr, size_t csr_len,
                                           struct bk_api_certificates *certs)
{
    json_t *answer = NULL, *body = with_bytes("csr", csr, csr_len);
    *certs = (struct bk_api_certificates){0};
    enum bk_err err =
        body ? ask(api, order, "/certificates", body, idempotency, &answer) : BK_ENOMEM;
    if (err == BK_OK)
        err = bk_api_read_certificates(answer, certs);
    json_decref(answer);
    if (err != BK_OK)
        bk_api_certificates_free(certs);
    return err;
}

enum bk_err bk_api_production_confirm(struct bk_api *api, const char *order, const void *signature,
                                      size_t len, struct bk_api_production *p)
{
    json_t *body = with_bytes("signature", signature, len);
    return body ? ask_for(api, order, "/confirmation", body, NULL, p) : BK_ENOMEM;
}

enum bk_err bk_api_production_ship(struct bk_api *api, const char *idempotency, const char *order,
                                   const char *courier, const char *tracking,
                                   struct bk_api_production *p)
{
    json_t *body = json_pack("{s:s, s:s}", "courier", courier, "tracking", tracking);
    return body ? ask_for(api, order, "/shipment", body, idempotency, p) : BK_EINVAL;
}

enum bk_err bk_api_production_hand_over(struct bk_api *api, const char *idempotency,
                                        const char *order, const char *name, const char *id_number,
                                        struct bk_api_production *p)
{
    json_t *body = json_pack("{s:s, s:s}", "name", name, "id_number", id_number);
    return body ? ask_for(api, order, "/handover", body, idempotency, p) : BK_EINVAL;
}

enum bk_err bk_api_production_put_aside(struct bk_api *api, const char *idempotency,
                                        const char *order, const char *reason,
                                        struct bk_api_production *p)
{
    json_t *body = json_pack("{s:s}", "reason", reason);
    return body ? ask_for(api, order, "/aside", body, idempotency, p) : BK_EINVAL;
}
