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
/* unlock_api.c */
bk_handler bk_api_unlock_get;
bk_handler bk_api_paper_put;
bk_handler bk_api_unlock_submit;
/* redeem.c */
bk_handler bk_api_unlock_redeem;
bk_handler bk_api_unlock_message;
/* login.c */
bk_handler bk_api_nonce;
bk_handler bk_api_session;
/* customers.c */
bk_handler bk_api_customer_code;
bk_handler bk_api_customer_session;
/* applications.c */
bk_handler bk_api_application_get;
bk_handler bk_api_application_change;
bk_handler bk_api_submission;
/* verifications.c */
bk_handler bk_api_verification_begin;
bk_handler bk_api_verification_code;
/* documents.c */
bk_handler bk_api_document_put;
/* signatures.c */
bk_handler bk_api_signature_begin;
bk_handler bk_api_signature_code;
/* invoice_api.c */
bk_handler bk_api_invoice_notify;
bk_handler bk_api_invoice_again;
/* orders.c */
bk_handler bk_api_order_create;
bk_handler bk_api_order_list;
bk_handler bk_api_order_get;
bk_handler bk_api_order_pay;
bk_handler bk_api_order_cancel;
/* issue_api.c */
bk_handler bk_api_order_certificates;
bk_handler bk_api_order_confirm;
bk_handler bk_api_crl_rsa;
bk_handler bk_api_crl_sm2;
bk_handler bk_api_ca_rsa;
bk_handler bk_api_ca_sm2;
/* ocsp.c */
bk_handler bk_api_ocsp_get;
bk_handler bk_api_ocsp_post;
/* staff_api.c */
bk_handler bk_api_staff_session;
bk_handler bk_api_staff_session_end;
/* production_api.c, production_issue.c */
bk_handler bk_api_production_list;
bk_handler bk_api_production_get;
bk_handler bk_api_production_begin;
bk_handler bk_api_production_certificates;
bk_handler bk_api_production_confirm;
bk_handler bk_api_production_ship;
bk_handler bk_api_production_hand_over;
bk_handler bk_api_production_put_aside;
/* est.c */
bk_handler bk_api_est_cacerts;
bk_handler bk_api_est_enroll;
bk_handler bk_api_est_reenroll;
/* pages_login.c */
bk_handler bk_page_home;
bk_handler bk_page_login;
bk_handler bk_page_log_in;
bk_handler bk_page_log_out;
bk_handler bk_page_language;
bk_handler bk_page_account;
bk_handler bk_page_password;
bk_handler bk_page_style;
bk_handler bk_page_nowhere;
/* pages_orders.c */
bk_handler bk_page_orders;
bk_handler bk_page_order;
bk_handler bk_page_document;
bk_handler bk_page_approve;
bk_handler bk_page_reject;
/* pages_production.c */
bk_handler bk_page_production;
bk_handler bk_page_production_order;
bk_handler bk_page_production_ship;
bk_handler bk_page_production_hand_over;
bk_handler bk_page_production_aside;
/* pages_keys.c */
bk_handler bk_page_keys;
bk_handler bk_page_key;
/* pages_unlocks.c */
bk_handler bk_page_unlocks;
bk_handler bk_page_unlock_suspend;
/* pages_unlock.c */
bk_handler bk_page_unlock;
bk_handler bk_page_paper;
bk_handler bk_page_unlock_approve;
bk_handler bk_page_unlock_reject;
/* pages_outbox.c */
bk_handler bk_page_outbox;
bk_handler bk_page_outbox_retry;
/* pages_audit.c */
bk_handler bk_page_audit;
bk_handler bk_page_audit_verify;
/* notify.c */
bk_handler bk_api_pay_notify;
/* info.c */
bk_handler bk_api_info;
bk_handler bk_api_health;
bk_handler bk_api_metrics;

#endif
