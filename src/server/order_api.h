/* SPDX-License-Identifier: Apache-2.0 */
/* What the endpoints about orders share. */
#ifndef BK_SERVER_ORDER_API_H
#define BK_SERVER_ORDER_API_H

#include "server/order.h"
#include "server/router.h"

/* Actor and address of this request. */
struct bk_audit bk_req_who(const struct bk_req *req);
/* The order in the path, when it belongs to the certificate that is logged in. */
enum bk_err bk_req_order(struct bk_req *req, struct bk_order *order, bool *refused) BK_MUST_CHECK;
enum bk_err bk_reply_order(struct bk_req *req, unsigned status,
                           const struct bk_order *order) BK_MUST_CHECK;
/* The same moment a year later, in China's calendar (UTC+8); 29 February becomes 1 March. */
int64_t bk_year_after(int64_t ms);

#endif
