/* SPDX-License-Identifier: Apache-2.0 */
/* One exchange with the platform: JSON out, JSON or a problem back, sent again where it is safe. */
#ifndef BK_CLIENT_CALL_H
#define BK_CLIENT_CALL_H

#include "client/api.h"
#include "net/http.h"
#include "net/json.h"

struct bk_api {
    struct bk_http *http;
    struct bk_buf token; /* bearer token with its NUL, empty before log-in */
    struct bk_api_problem problem;
    enum bk_err (*log_in)(void *context); /* NULL: none */
    void *log_in_context;
    bool logging_in;
    char error[96]; /* of the last call, where the network layer has none */
};

struct bk_call {
    const char *method;
    const char *path;
    json_t *body;     /* released by bk_api_call, also on failure; NULL: none */
    const void *file; /* a body that isn't JSON; NULL: none */
    size_t file_len;
    const char *bearer;      /* NULL: the log-in's */
    const char *idempotency; /* NULL: none */
    bool repeatable;         /* the contract says that sending it twice does no harm */
};

/* *out is the answer's object, to be released with json_decref. */
enum bk_err bk_api_call(struct bk_api *api, const struct bk_call *call, json_t **out) BK_MUST_CHECK;
/* A copy of a text member into a fixed array, fit to be shown; BK_EFORMAT when it is missing or too
 * long. */
enum bk_err bk_api_text(const json_t *object, const char *name, char *to,
                        size_t size) BK_MUST_CHECK;

/* The token of a log-in's answer, for the calls that follow. */
enum bk_err bk_api_take_token(struct bk_api *api, const json_t *answer) BK_MUST_CHECK;
/* To be freed also on failure. */
enum bk_err bk_api_read_certificates(const json_t *json,
                                     struct bk_api_certificates *certs) BK_MUST_CHECK;

#endif
