/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Simulators of the outside services: text messages (a readable outbox instead of phones), payment
 * (a customer who pays when told to), identity (who is who by simple rules) and invoices. They
 * speak what the real ones speak, check the platform's signatures, and copy the behaviour that
 * matters.
 */
#ifndef BK_SERVER_SIM_H
#define BK_SERVER_SIM_H

#include "net/json.h"
#include "server/form.h"
#include "server/httpd.h"
#include "server/store.h"

struct bk_sim {
    struct bk_store *store;
    char folder[3900];
    char address[64];       /* http://127.0.0.1:PORT while serving */
    struct bk_rsa_key *key; /* the payment provider's */
};

extern const char *const bk_sim_schema[];
extern const size_t bk_sim_schema_count;

/* Opens the folder; the store can be read while another process serves it. */
enum bk_err bk_sim_open(const char *folder, struct bk_sim *sim) BK_MUST_CHECK;
void bk_sim_close(struct bk_sim *sim);
/* Serves until *stop, or the end of watch_fd (-1: none); writes FOLDER/address. */
enum bk_err bk_sim_serve(struct bk_sim *sim, const char *listen, int watch_fd,
                         const volatile int *stop) BK_MUST_CHECK;

/* sim_sms.c: POST /, the actions of Aliyun's interfaces */
enum bk_err bk_sim_aliyun(struct bk_sim *sim, const struct bk_http_in *in,
                          struct bk_http_out *out) BK_MUST_CHECK;
/* sim_identity.c */
typedef enum bk_err bk_sim_action(struct bk_sim *sim, const struct bk_form *form,
                                  struct bk_http_out *out);
/* sim_invoice.c; bk_sim_tell_invoices tells of what has been issued, again until it is heard */
bk_sim_action bk_sim_issue, bk_sim_issued;
enum bk_err bk_sim_tell_invoices(struct bk_sim *sim) BK_MUST_CHECK;
enum bk_err bk_sim_invoice_file(struct bk_sim *sim, const struct bk_http_in *in,
                                struct bk_http_out *out) BK_MUST_CHECK;
bk_sim_action bk_sim_mobile3, bk_sim_bank4, bk_sim_transfer, bk_sim_transfer_query;
/* Messages to phone (NULL: all), oldest first: columns phone, text, code, time. */
enum bk_err bk_sim_messages(struct bk_sim *sim, const char *phone,
                            struct bk_rows *rows) BK_MUST_CHECK;

/* Answers with JSON; takes the reference. */
enum bk_err bk_sim_reply(struct bk_http_out *out, unsigned status, json_t *json) BK_MUST_CHECK;

#endif
