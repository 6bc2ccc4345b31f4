/* SPDX-License-Identifier: Apache-2.0 */
#include "server/app.h"

#include <stddef.h>
#include <string.h>

#define MINUTE (INT64_C(60) * 1000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

static const struct {
    const char *name;
    size_t at;
    int64_t unit; /* of the number in the file */
    unsigned long min, max, otherwise;
} values[] = {
    {"code-seconds", offsetof(struct bk_policy, code_ms), 1000, 1, 259200, 600},
    {"reviewed-code-seconds", offsetof(struct bk_policy, reviewed_ms), 1000, 1, 604800, 86400},
    {"unlock-delay-hours", offsetof(struct bk_policy, unlock_delay_ms), HOUR, 0, 720, 0},
    {"redeem-seconds", offsetof(struct bk_policy, redeem_ms), 1000, 1, 86400, 900},
    {"code-tries", offsetof(struct bk_policy, code_tries), 1, 1, 10, 5},
    {"redemptions", offsetof(struct bk_policy, redemptions), 1, 1, 10, 3},
    {"rounds", offsetof(struct bk_policy, rounds), 1, 4, 100, 12},
    {"phone-quiet-days", offsetof(struct bk_policy, phone_quiet_ms), DAY, 0, 90, 7},
    {"phone-per-minute", offsetof(struct bk_policy, phone_per_minute), 1, 1, 1000000, 1},
    {"phone-per-hour", offsetof(struct bk_policy, phone_per_hour), 1, 1, 1000000, 5},
    {"phone-per-day", offsetof(struct bk_policy, phone_per_day), 1, 1, 1000000, 10},
    {"address-per-hour", offsetof(struct bk_policy, address_per_hour), 1, 1, 1000000, 60},
    {"key-per-day", offsetof(struct bk_policy, key_per_day), 1, 1, 1000000, 10},
    {"notices-per-day", offsetof(struct bk_policy, notices_per_day), 1, 1, 1000000, 50},
    {"uploads-per-hour", offsetof(struct bk_policy, uploads_per_hour), 1, 1, 1000000, 400},
    {"reviews-per-day", offsetof(struct bk_policy, reviews_per_day), 1, 1, 1000000, 5},
    {"login-per-minute", offsetof(struct bk_policy, login_per_minute), 1, 1, 1000000, 60},
    {"nonce-seconds", offsetof(struct bk_policy, nonce_ms), 1000, 1, 3600, 300},
    {"session-seconds", offsetof(struct bk_policy, session_ms), 1000, 1, 86400, 900},
    {"customer-session-seconds", offsetof(struct bk_policy, customer_session_ms), 1000, 1, 86400,
     3600},
    {"staff-tries", offsetof(struct bk_policy, staff_tries), 1, 1, 1000, 5},
    {"staff-lock-seconds", offsetof(struct bk_policy, staff_lock_ms), 1000, 1, 86400, 900},
    {"staff-idle-seconds", offsetof(struct bk_policy, staff_idle_ms), 1000, 1, 86400, 900},
    {"staff-session-seconds", offsetof(struct bk_policy, staff_session_ms), 1000, 1, 86400, 28800},
    {"renew-before-days", offsetof(struct bk_policy, before_days), 1, 0, 3650, 90},
    {"renew-after-days", offsetof(struct bk_policy, after_days), 1, 0, 3650, 365},
    {"price-fen", offsetof(struct bk_policy, price_fen), 1, 1, 100000000, 19000},
    {"key-price-fen", offsetof(struct bk_policy, key_fen), 1, 0, 100000000, 5000},
    {"draft-days", offsetof(struct bk_policy, draft_ms), DAY, 1, 365, 30},
    {"review-days", offsetof(struct bk_policy, review_days), 1, 1, 60, 1},
    {"resubmit-days", offsetof(struct bk_policy, resubmit_ms), DAY, 1, 365, 30},
    {"fulfil-days", offsetof(struct bk_policy, fulfil_ms), DAY, 1, 365, 90},
    {"delivery-hours", offsetof(struct bk_policy, delivery_ms), HOUR, 1, 2160, 72},
    {"abandoned-document-days", offsetof(struct bk_policy, abandoned_ms), DAY, 1, 3650, 30},
    {"issued-document-days", offsetof(struct bk_policy, issued_ms), DAY, 1, 36500, 1827},
    {"finished-days", offsetof(struct bk_policy, finished_ms), DAY, 1, 3650, 90},
    {"upload-kib", offsetof(struct bk_policy, upload_max), 1024, 1, 32768, 10240},
    {"transfer-seconds", offsetof(struct bk_policy, transfer_ms), 1000, 1, 604800, 259200},
    {"verify-per-day", offsetof(struct bk_policy, verify_per_day), 1, 1, 1000000, 5},
    {"orders-per-day", offsetof(struct bk_policy, orders_per_day), 1, 1, 1000000, 20},
    {"order-seconds", offsetof(struct bk_policy, order_ms), 1000, 1, 2592000, 86400},
    {"idempotency-seconds", offsetof(struct bk_policy, idempotency_ms), 1000, 60, 604800, 86400},
    {"crl-days", offsetof(struct bk_policy, crl_days), 1, 1, 365, 7},
    {"lease-seconds", offsetof(struct bk_policy, lease_ms), 1000, 2, 3600, 60},
};

_Static_assert(sizeof values / sizeof *values == BK_POLICY_NAMES, "each value has a name");

void bk_policy_names(const char *names[BK_POLICY_NAMES + 1])
{
    for (size_t i = 0; i < BK_POLICY_NAMES; i++)
        names[i] = values[i].name;
    names[BK_POLICY_NAMES] = NULL;
}

enum bk_err bk_policy_read(const struct bk_config *config, struct bk_policy *policy,
                           const char **name)
{
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        unsigned long v = values[i].otherwise;
        *name = values[i].name;
        if (config) {
            enum bk_err err = bk_config_uint(config, "policy", values[i].name, values[i].min,
                                             values[i].max, values[i].otherwise, &v);
            if (err != BK_OK)
                return err;
        }
        int64_t scaled = (int64_t)v * values[i].unit;
        memcpy((char *)policy + values[i].at, &scaled, sizeof scaled);
    }
    *name = NULL;
    return BK_OK;
}
