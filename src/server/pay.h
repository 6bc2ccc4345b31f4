/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Payment by Alipay's face-to-face interface (gateway version 2): a QR code for an order, asked
 * after, cancelled, refunded; and the provider's signed notice. RSA2 both ways.
 */
#ifndef BK_SERVER_PAY_H
#define BK_SERVER_PAY_H

#include "server/form.h"
#include "server/order.h"

struct bk_pay;

struct bk_pay_options {
    const char *url;
    const char *ca_file; /* NULL: the system's */
    const char *app_id;
    const char *key_file;      /* our RSA key (PEM or DER); made when it isn't there */
    const char *provider_file; /* the provider's public key (PEM) */
    bool simulator;            /* on this machine: its key is fetched, ours told to it */
    const char *tls_ca;        /* for the simulator: PEM that our notify address is checked by */
    const char *notify_url;
};

enum bk_err bk_pay_new(const struct bk_pay_options *options, struct bk_pay **pay) BK_MUST_CHECK;
void bk_pay_free(struct bk_pay **pay);

/* The provider doesn't say how long a QR code lives: two hours at most. Another one is asked for
 * well before. */
#define BK_PAY_QR_LIFE_MS (INT64_C(120) * 60 * 1000)
#define BK_PAY_QR_RENEW_MS (INT64_C(100) * 60 * 1000)

/* Several threads may ask at once. A NULL pay is BK_EUNSUPPORTED. BK_EBUSY: another thread asks for
 * this order's QR code. Each of an order's codes is for the same payment, which its id names, so
 * that it can be paid once, by whichever code. */
enum bk_err bk_pay_precreate(struct bk_pay *pay, const struct bk_order *order, char *qr,
                             size_t size) BK_MUST_CHECK;

/* Of these, BK_EVERIFY: the provider didn't sign the answer, or gave it about another order.
 * BK_ENOTFOUND: no such trade, which is how it is before the customer has scanned. */
enum bk_err bk_pay_query(struct bk_pay *pay, const char *order_id,
                         struct bk_trade *trade) BK_MUST_CHECK;
/* Closes the trade; what was paid is given back by that (*refunded), or was by an earlier call of
 * which nobody heard. */
enum bk_err bk_pay_cancel(struct bk_pay *pay, const char *order_id, bool *refunded) BK_MUST_CHECK;
/* The whole amount; the order's id is the request's number, so that doing it again is safe. */
enum bk_err bk_pay_refund(struct bk_pay *pay, const char *order_id,
                          int64_t amount_fen) BK_MUST_CHECK;

struct bk_notice {
    char id[129], order_id[65];
    struct bk_trade trade;
};
/* BK_EVERIFY: the provider didn't sign it, or it is for another app. */
enum bk_err bk_pay_notice(struct bk_pay *pay, struct bk_form *form,
                          struct bk_notice *notice) BK_MUST_CHECK;

#endif
