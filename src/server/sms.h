/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text messages, by Aliyun's SendSms. Sending isn't idempotent there: before a message is sent
 * again the provider is asked whether it has it (QuerySendDetails, by our OutId).
 */
#ifndef BK_SERVER_SMS_H
#define BK_SERVER_SMS_H

#include "net/json.h"

struct bk_sms;

struct bk_sms_options {
    const char *url;
    const char *ca_file; /* NULL: the system's */
    const char *key_id, *secret;
    const char *sign_name;
};

struct bk_sms_message {
    const char *phone;
    const char *template; /* "unlock-code", "unlock-notice": TemplateCode by configuration */
    const json_t *params;
    const char *out_id;
    int64_t since; /* when it may have been sent first, ms since 1970: for bk_sms_find */
};

enum bk_err bk_sms_new(const struct bk_sms_options *options, struct bk_sms **sms) BK_MUST_CHECK;
void bk_sms_free(struct bk_sms **sms);
/* BK_EREFUSED: the provider says no. Several threads may call. */
enum bk_err bk_sms_send(struct bk_sms *sms, const struct bk_sms_message *message) BK_MUST_CHECK;
/* BK_ENOTFOUND: the provider doesn't know it (it may be sent). */
enum bk_err bk_sms_find(struct bk_sms *sms, const struct bk_sms_message *message) BK_MUST_CHECK;

#endif
