/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The platform's API (docs/platform-api.yaml), one typed call an endpoint. A refusal of the
 * platform is BK_EREFUSED with the problem kept on the handle; everything else is as bk_http_do
 * says, and a 502, 503 or 504 that isn't the platform's own is BK_ENET. Calls that may be sent
 * again without harm (GET, and POST with an Idempotency-Key or one that the contract calls
 * idempotent) are sent up to three times when the network fails or the server says it is busy.
 */
#ifndef BK_CLIENT_API_H
#define BK_CLIENT_API_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/secret.h"

#define BK_API_ID 64u     /* longest id of an order or request */
#define BK_API_SECRET 32u /* bytes of a client secret */

struct bk_api;

struct bk_api_options {
    const char *url;
    const char *ca_file;  /* NULL: the system's */
    const char *language; /* "zh-CN" or "en" */
    int stop_fd;          /* as struct bk_http_options has it */
};

/* RFC 9457 */
struct bk_api_problem {
    long status;      /* 0: no answer of the platform */
    char code[48];    /* stable: "code-wrong" */
    char detail[256]; /* a sentence in the language asked for */
    long tries_left;  /* -1: not said */
    long retry_after; /* seconds, 0: not said */
};

enum bk_err bk_api_new(const struct bk_api_options *options, struct bk_api **api) BK_MUST_CHECK;
void bk_api_free(struct bk_api **api);
const struct bk_api_problem *bk_api_problem(const struct bk_api *api);
/* What is known of the last failure but for a problem; "" when nothing is. */
const char *bk_api_error(const struct bk_api *api);
const char *bk_api_origin(const struct bk_api *api);
/* Waits that long, or until it is stopped: BK_ECANCELLED. */
enum bk_err bk_api_pause(const struct bk_api *api, long ms) BK_MUST_CHECK;

struct bk_api_info {
    char name[128];
    char origin[256];
    bool simulated; /* its outside services are simulators */
    int64_t renew_before_days, renew_after_days, renew_price_fen;
};
enum bk_err bk_api_info(struct bk_api *api, struct bk_api_info *info) BK_MUST_CHECK;

/* --- unlock ---*/
enum bk_err bk_api_unlock_hint(struct bk_api *api, const char *serial,
                               char prefix[8]) BK_MUST_CHECK;
/* What a customer is known by. */
struct bk_api_unlock_ask {
    const char *serial;
    const char *way;    /* "phone", "account", "documents" */
    const char *number; /* the reserved phone, or the number of the company's account; or where the
                         * code is to go when the documents are approved */
    const char *name;   /* of the phone's holder, or of the company */
    const uint8_t *secret; /* BK_API_SECRET bytes; with documents: for what follows */
};
struct bk_api_unlock {
    char id[BK_API_ID + 1];
    int64_t expires_at; /* ms since 1970, UTC */
    int64_t code_at;    /* when the code goes out; 0: not said */
};
enum bk_err bk_api_unlock_request(struct bk_api *api, const char *idempotency,
                                  const struct bk_api_unlock_ask *ask,
                                  struct bk_api_unlock *unlock) BK_MUST_CHECK;
/* --- one that is asked for with documents ---*/
struct bk_api_unlock_review {
    char state[16]; /* "draft", "review", "approved", "rejected", "done", "void" */
    int64_t expires_at;
    int64_t due_at;   /* of one that is in review, else 0 */
    char reason[256]; /* why it was rejected; cut at a character */
};
enum bk_err bk_api_unlock_review(struct bk_api *api, const char *id,
                                 const uint8_t secret[BK_API_SECRET],
                                 struct bk_api_unlock_review *review) BK_MUST_CHECK;
enum bk_err bk_api_unlock_document(struct bk_api *api, const char *id,
                                   const uint8_t secret[BK_API_SECRET], const char *kind,
                                   const void *data, size_t len) BK_MUST_CHECK;
enum bk_err bk_api_unlock_submit(struct bk_api *api, const char *id,
                                 const uint8_t secret[BK_API_SECRET],
                                 struct bk_api_unlock_review *review) BK_MUST_CHECK;
/* The first message of a run, with the authorisation code. */
enum bk_err bk_api_unlock_redeem(struct bk_api *api, const char *id, const char *code,
                                 const uint8_t secret[BK_API_SECRET], const void *message,
                                 size_t len, struct bk_buf *answer) BK_MUST_CHECK;
/* The messages after it. */
enum bk_err bk_api_unlock_message(struct bk_api *api, const char *id,
                                  const uint8_t secret[BK_API_SECRET], const void *message,
                                  size_t len, struct bk_buf *answer) BK_MUST_CHECK;

/* --- log-in by certificate: the token stays on the handle ---*/
enum bk_err bk_api_nonce(struct bk_api *api, const char *purpose, char nonce[129]) BK_MUST_CHECK;
enum bk_err bk_api_session(struct bk_api *api, const char *purpose, const char *nonce,
                           const void *cert, size_t cert_len, const void *signature,
                           size_t signature_len) BK_MUST_CHECK;

/* Log-ins last minutes. `log_in` is called when the platform doesn't know ours any more; after its
 * BK_OK the call that met that is sent again. NULL: none. */
void bk_api_on_logged_out(struct bk_api *api, enum bk_err (*log_in)(void *context), void *context);

/* --- orders ---*/
struct bk_api_order {
    char id[BK_API_ID + 1];
    char type[16];
    char state[16]; /* AWAIT_PAY PAID ISSUED DONE CANCELLED EXPIRED REFUNDED … */
    int64_t version;
    int64_t amount_fen;
    char container[65];
    char algorithm[8]; /* "rsa", "sm2" */
    int64_t old_not_after, new_not_after;
    char certificate_serial[64]; /* "" before issue */
    int64_t review_due;          /* of one that is IN_REVIEW, else 0 */
    char reason[256];            /* why it was REJECTED; cut at a character */
};
enum bk_err bk_api_order_create(struct bk_api *api, const char *idempotency,
                                struct bk_api_order *order) BK_MUST_CHECK;
/* The orders of the certificate that is logged in, newest first, at most *count. */
enum bk_err bk_api_order_list(struct bk_api *api, struct bk_api_order *orders,
                              size_t *count) BK_MUST_CHECK;
enum bk_err bk_api_order_get(struct bk_api *api, const char *id,
                             struct bk_api_order *order) BK_MUST_CHECK;
/* The payment's QR code as text; "" when nothing is to be paid any more. */
enum bk_err bk_api_order_pay(struct bk_api *api, const char *idempotency, const char *id,
                             char qr[512]) BK_MUST_CHECK;
enum bk_err bk_api_order_cancel(struct bk_api *api, const struct bk_api_order *order) BK_MUST_CHECK;
struct bk_api_certificates {
    struct bk_buf sign, enc;
    struct bk_buf envelope; /* empty when the keys were kept */
    struct bk_buf chain;    /* DER certificates one behind the other, issuer first, root last */
    char sm2_id[65]; /* the ID in the chain's SM2 signatures; "" when the platform names none */
};
/* keep_key: the request is by the key of the certificate that is renewed. */
enum bk_err bk_api_order_certificates(struct bk_api *api, const char *idempotency, const char *id,
                                      const void *csr, size_t csr_len, bool keep_key,
                                      struct bk_api_certificates *certs) BK_MUST_CHECK;
void bk_api_certificates_free(struct bk_api_certificates *certs);
enum bk_err bk_api_order_confirm(struct bk_api *api, const char *id, const void *signature,
                                 size_t len, struct bk_api_order *order) BK_MUST_CHECK;

/* --- production, for staff: the token stays on the handle ---*/
enum bk_err bk_api_staff_session(struct bk_api *api, const char *name, const char *password,
                                 const char *totp) BK_MUST_CHECK;
/* "" before a log-in; and one of an earlier log-in at this platform. */
const char *bk_api_token(const struct bk_api *api);
enum bk_err bk_api_set_token(struct bk_api *api, const char *token) BK_MUST_CHECK;

struct bk_api_production {
    char order[BK_API_ID + 1];
    char state[16];
    char company[160];
    char algorithm[8];  /* "rsa", "sm2" */
    char container[65]; /* "" in a list, as the two that follow */
    char application[33], label[32];
    char delivery[16], pin_way[16];
    int64_t created_at;
    char serial[33];             /* of the key that is begun or made, "" when there is none */
    char key_state[8];           /* "begun", "made" */
    char certificate_serial[64]; /* "" before issue */
};
#define BK_API_PRODUCTIONS 512u
/* The oldest first, at most *count. */
enum bk_err bk_api_production_list(struct bk_api *api, struct bk_api_production *list,
                                   size_t *count) BK_MUST_CHECK;
enum bk_err bk_api_production_get(struct bk_api *api, const char *order,
                                  struct bk_api_production *production) BK_MUST_CHECK;
/* What a key is to get. */
struct bk_api_key_secrets {
    bool resumed;                                     /* it was begun before */
    bool device_key_set;                              /* the key certainly has this device key */
    struct bk_secret device_key, admin_pin, user_pin; /* empty when it is made */
};
enum bk_err bk_api_production_begin(struct bk_api *api, const char *order, const char *serial,
                                    const char *dialect, const char *shape,
                                    struct bk_api_production *production,
                                    struct bk_api_key_secrets *secrets) BK_MUST_CHECK;
void bk_api_key_secrets_free(struct bk_api_key_secrets *secrets);
enum bk_err bk_api_production_certificates(struct bk_api *api, const char *idempotency,
                                           const char *order, const void *csr, size_t csr_len,
                                           struct bk_api_certificates *certs) BK_MUST_CHECK;
enum bk_err bk_api_production_confirm(struct bk_api *api, const char *order, const void *signature,
                                      size_t len,
                                      struct bk_api_production *production) BK_MUST_CHECK;
enum bk_err bk_api_production_ship(struct bk_api *api, const char *idempotency, const char *order,
                                   const char *courier, const char *tracking,
                                   struct bk_api_production *production) BK_MUST_CHECK;
enum bk_err bk_api_production_hand_over(struct bk_api *api, const char *idempotency,
                                        const char *order, const char *name, const char *id_number,
                                        struct bk_api_production *production) BK_MUST_CHECK;
enum bk_err bk_api_production_put_aside(struct bk_api *api, const char *idempotency,
                                        const char *order, const char *reason,
                                        struct bk_api_production *production) BK_MUST_CHECK;

#endif
