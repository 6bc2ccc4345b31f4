/* SPDX-License-Identifier: Apache-2.0 */
/* What the endpoints about orders share. */
#ifndef BK_SERVER_ORDER_API_H
#define BK_SERVER_ORDER_API_H

#include "server/application.h"
#include "server/code.h"
#include "server/order.h"
#include "server/router.h"

/* Actor and address of this request. */
struct bk_audit bk_req_who(const struct bk_req *req);
/* Refuses for what was wrong with a code. */
enum bk_err bk_refuse_code(struct bk_req *req, const struct bk_code_use *use) BK_MUST_CHECK;
/* bk_limit_take for a subject that isn't to be read in the table, such as a phone. */
enum bk_err bk_req_limit(struct bk_req *req, const char *scope, const char *subject,
                         int64_t window_ms, int64_t max, int64_t *wait_s) BK_MUST_CHECK;
/* The order in the path, when it belongs to the certificate that is logged in, or to organisation
 * and phone. */
enum bk_err bk_req_order(struct bk_req *req, struct bk_order *order, bool *refused) BK_MUST_CHECK;
/* The same with its application, to be freed; one that has none isn't found. */
enum bk_err bk_req_application(struct bk_req *req, struct bk_order *order,
                               struct bk_application *application, bool *refused) BK_MUST_CHECK;
/* The same in this state, when the request has the newest code of this purpose ("verify", "sign"),
 * which is used up by that. */
enum bk_err bk_req_order_code(struct bk_req *req, enum bk_order_state state, const char *purpose,
                              struct bk_order *order, bool *refused) BK_MUST_CHECK;
/* Refuses to change one whose money is going back. */
enum bk_err bk_refuse_refunding(struct bk_req *req, const struct bk_order *order,
                                bool *refused) BK_MUST_CHECK;
/* A VERIFIED order that has all its documents is UPLOADED. */
enum bk_err bk_order_count_documents(struct bk_req *req, struct bk_order *order) BK_MUST_CHECK;
/* The order as its customer sees it, with what is to be done next. */
enum bk_err bk_order_view(struct bk_req *req, const struct bk_order *order,
                          struct bk_json_out *json) BK_MUST_CHECK;
enum bk_err bk_reply_order(struct bk_req *req, unsigned status,
                           const struct bk_order *order) BK_MUST_CHECK;
/* The rest of POST /v1/orders for a customer without a certificate. */
enum bk_err bk_create_application(struct bk_req *req) BK_MUST_CHECK;
/* The key has its new certificates, as it has proved: the order is done, and the old certificate
 * isn't needed any more. */
enum bk_err bk_order_reported(struct bk_req *req, struct bk_order *order) BK_MUST_CHECK;
/* The same moment a year later, in China's calendar (UTC+8); 29 February becomes 1 March. */
int64_t bk_year_after(int64_t ms);

#endif
