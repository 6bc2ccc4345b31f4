/* SPDX-License-Identifier: Apache-2.0 */
#include "server/api.h"

const struct bk_route bk_api_routes[] = {
    {"GET", "/healthz", 0, bk_api_health},
    {"GET", "/v1/info", 0, bk_api_info},
    {"POST", "/v1/unlock-hints", 0, bk_api_unlock_hint},
    {"POST", "/v1/unlock-requests", BK_ROUTE_IDEMPOTENT, bk_api_unlock_request},
    {"POST", "/v1/unlock-requests/{}/redeem", 0, bk_api_unlock_redeem},
    {"POST", "/v1/unlock-requests/{}/messages", 0, bk_api_unlock_message},
    {"GET", "/v1/unlock-requests/{}/suspend/{}", 0, bk_api_unlock_suspend_page},
    {"POST", "/v1/unlock-requests/{}/suspend/{}", BK_ROUTE_RAW, bk_api_unlock_suspend},
};

const size_t bk_api_route_count = sizeof bk_api_routes / sizeof *bk_api_routes;
