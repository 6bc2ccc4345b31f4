/* SPDX-License-Identifier: Apache-2.0 */
/* The endpoints of docs/platform-api.yaml, one function each; api.c has the table. */
#ifndef BK_SERVER_API_H
#define BK_SERVER_API_H

#include "server/router.h"

extern const struct bk_route bk_api_routes[];
extern const size_t bk_api_route_count;

/* unlocks.c */
bk_handler bk_api_unlock_hint;
bk_handler bk_api_unlock_request;
bk_handler bk_api_unlock_suspend_page;
bk_handler bk_api_unlock_suspend;
/* redeem.c */
bk_handler bk_api_unlock_redeem;
bk_handler bk_api_unlock_message;
/* info.c */
bk_handler bk_api_info;
bk_handler bk_api_health;

#endif
