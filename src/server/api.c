/* SPDX-License-Identifier: Apache-2.0 */
#include "server/api.h"

#define EITHER (BK_ROUTE_LOGIN | BK_ROUTE_CUSTOMER)

const struct bk_route bk_api_routes[] = {
    {"GET", "/healthz", 0, bk_api_health},
    {"GET", "/v1/info", 0, bk_api_info},
    {"POST", "/v1/unlock-hints", 0, bk_api_unlock_hint},
    {"POST", "/v1/unlock-requests", BK_ROUTE_IDEMPOTENT, bk_api_unlock_request},
    {"POST", "/v1/unlock-requests/{}/redeem", 0, bk_api_unlock_redeem},
    {"POST", "/v1/unlock-requests/{}/messages", 0, bk_api_unlock_message},
    {"GET", "/v1/unlock-requests/{}/suspend/{}", 0, bk_api_unlock_suspend_page},
    {"POST", "/v1/unlock-requests/{}/suspend/{}", BK_ROUTE_RAW, bk_api_unlock_suspend},
    {"POST", "/v1/nonces", 0, bk_api_nonce},
    {"POST", "/v1/sessions", 0, bk_api_session},
    {"POST", "/v1/customer-codes", BK_ROUTE_IDEMPOTENT, bk_api_customer_code},
    {"POST", "/v1/customer-sessions", 0, bk_api_customer_session},
    {"POST", "/v1/orders", EITHER | BK_ROUTE_IDEMPOTENT | BK_ROUTE_WAITS, bk_api_order_create},
    {"GET", "/v1/orders", EITHER, bk_api_order_list},
    {"GET", "/v1/orders/{}", EITHER, bk_api_order_get},
    {"GET", "/v1/orders/{}/application", EITHER, bk_api_application_get},
    {"POST", "/v1/orders/{}/application", EITHER, bk_api_application_change},
    {"POST", "/v1/orders/{}/verification", EITHER | BK_ROUTE_IDEMPOTENT, bk_api_verification_begin},
    {"POST", "/v1/orders/{}/verification/code", EITHER, bk_api_verification_code},
    {"PUT", "/v1/orders/{}/documents/{}", EITHER | BK_ROUTE_UPLOAD | BK_ROUTE_WAITS,
     bk_api_document_put},
    {"POST", "/v1/orders/{}/signature", EITHER | BK_ROUTE_IDEMPOTENT, bk_api_signature_begin},
    {"POST", "/v1/orders/{}/signature/code", EITHER, bk_api_signature_code},
    {"POST", "/v1/orders/{}/submission", EITHER, bk_api_submission},
    {"POST", "/v1/orders/{}/invoice", EITHER | BK_ROUTE_IDEMPOTENT, bk_api_invoice_again},
    {"POST", "/v1/invoice/notify", BK_ROUTE_RAW, bk_api_invoice_notify},
    {"POST", "/v1/orders/{}/payment", EITHER | BK_ROUTE_IDEMPOTENT | BK_ROUTE_WAITS,
     bk_api_order_pay},
    {"POST", "/v1/orders/{}/cancel", EITHER, bk_api_order_cancel},
    {"POST", "/v1/orders/{}/certificates",
     BK_ROUTE_LOGIN | BK_ROUTE_IDEMPOTENT | BK_ROUTE_WAITS | BK_ROUTE_PLANS,
     bk_api_order_certificates},
    {"POST", "/v1/orders/{}/confirm", 0, bk_api_order_confirm},
    {"GET", "/v1/crl/rsa.crl", BK_ROUTE_WAITS, bk_api_crl_rsa},
    {"GET", "/v1/crl/sm2.crl", BK_ROUTE_WAITS, bk_api_crl_sm2},
    {"GET", "/v1/ca/rsa.pem", BK_ROUTE_WAITS, bk_api_ca_rsa},
    {"GET", "/v1/ca/sm2.pem", BK_ROUTE_WAITS, bk_api_ca_sm2},
    {"GET", "/v1/ocsp/*", BK_ROUTE_RAW | BK_ROUTE_WAITS, bk_api_ocsp_get},
    {"POST", "/v1/ocsp", BK_ROUTE_RAW | BK_ROUTE_WAITS | BK_ROUTE_LOOKS, bk_api_ocsp_post},
    {"POST", "/v1/pay/notify", BK_ROUTE_RAW, bk_api_pay_notify},
};

const size_t bk_api_route_count = sizeof bk_api_routes / sizeof *bk_api_routes;
