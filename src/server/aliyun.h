/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of Aliyun's RPC interfaces: a form by POST, signed by ACS3, answered in JSON. Several
 * threads may call. */
#ifndef BK_SERVER_ALIYUN_H
#define BK_SERVER_ALIYUN_H

#include "net/json.h"
#include "server/form.h"

struct bk_aliyun;

struct bk_aliyun_options {
    const char *url;
    const char *ca_file; /* NULL: the system's */
    const char *key_id, *secret;
    const char *version; /* of the interface: "2017-05-25" */
    const char *good;    /* the answer's Code when all went well */
};

enum bk_err bk_aliyun_new(const struct bk_aliyun_options *options,
                          struct bk_aliyun **aliyun) BK_MUST_CHECK;
void bk_aliyun_free(struct bk_aliyun **aliyun);
/* BK_EREFUSED: the provider says no; nothing of the form is logged. */
enum bk_err bk_aliyun_call(struct bk_aliyun *aliyun, const char *action,
                           const struct bk_form *form, json_t **answer) BK_MUST_CHECK;

#endif
