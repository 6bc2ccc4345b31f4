/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The platform as a whole: what every request works with, and its policy. All of it is read-only
 * while the daemon serves; what changes is in the store.
 */
#ifndef BK_SERVER_APP_H
#define BK_SERVER_APP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/config.h"
#include "server/escrow.h"
#include "server/origin.h"
#include "server/proxy.h"
#include "server/store.h"

struct bk_ca;
struct bk_pay;
struct bk_sms;
struct bk_identity;
struct bk_mail;
struct bk_invoice;
struct bk_calendar;
struct bk_outbox;
struct bk_metrics;

struct bk_policy {
    int64_t code_ms;         /* life of an authorisation code until its first redemption */
    int64_t redeem_ms;       /* from the first redemption to the last */
    int64_t reviewed_ms;     /* the same of one that staff have approved: nobody waits for it */
    int64_t unlock_delay_ms; /* from word of an unlock to its code */
    int64_t code_tries;      /* wrong codes that void it */
    int64_t redemptions, rounds;
    int64_t phone_quiet_ms; /* a phone changed within this time gets no code */
    int64_t phone_per_minute, phone_per_hour, phone_per_day;
    int64_t address_per_hour; /* unlock requests, hints, verifications and so on of one address */
    int64_t key_per_day;      /* codes sent for one key */
    int64_t notices_per_day;  /* to one phone or mail address; see tell.h */
    int64_t uploads_per_hour; /* documents from one address */
    int64_t reviews_per_day;  /* unlocks with documents that one address may ask for */
    int64_t login_per_minute; /* log-ins tried by one address */
    int64_t nonce_ms, session_ms, customer_session_ms;
    int64_t staff_tries, staff_lock_ms;      /* wrong log-ins of an account; see staff_login.h */
    int64_t staff_idle_ms, staff_session_ms; /* a session's life unused, and in all */
    int64_t before_days, after_days;
    int64_t price_fen, key_fen; /* of a year, and of a new key */
    int64_t review_days;        /* working days that a review is promised in */
    int64_t resubmit_ms;        /* to submit what was rejected again */
    int64_t fulfil_ms;          /* from a payment or a review to what comes next */
    int64_t delivery_ms;        /* what was sent by post has arrived by then */
    int64_t upload_max;         /* bytes of a document */
    int64_t abandoned_ms;   /* that documents and persons of an order without a certificate stay */
    int64_t issued_ms;      /* the same of one with, behind its certificate's end */
    int64_t finished_ms;    /* the same of what the outbox has done, and of whence unlocks came */
    int64_t draft_ms;       /* to complete an order */
    int64_t transfer_ms;    /* life of a code in the memo of a transfer */
    int64_t verify_per_day; /* identity verifications of one order; see verifications.c */
    int64_t orders_per_day; /* begun by one customer without a certificate */
    int64_t order_ms;       /* to pay */
    int64_t idempotency_ms;
    int64_t crl_days;
    int64_t lease_ms; /* what a daemon is at that died is others' when it is over */
};

struct bk_app {
    struct bk_store *store;
    struct bk_escrow *escrow;
    struct bk_ca *ca;
    struct bk_sms *sms;
    struct bk_pay *pay;
    struct bk_identity *identity;
    struct bk_invoice *invoice;
    struct bk_mail *mail; /* NULL: nobody gets mail */
    struct bk_calendar *calendar;
    struct bk_outbox *outbox;
    struct bk_metrics *metrics;
    struct bk_proxies watchers; /* who may read them, beside this machine */
    struct bk_policy policy;
    struct bk_proxies proxies; /* that stand before us */
    char name[128];
    char origin[BK_ORIGIN];               /* as clients connect: what keys sign */
    const char *uploads;                  /* folder of customers' documents */
    char uploads_id[27];                  /* the database's, and the folder's */
    const char *crl_rsa, *crl_sm2, *ocsp; /* URLs in certificates; NULL: none */
    bool plain;                           /* HTTP, to a proxy that has the TLS */
    bool simulated;                       /* the outside services are simulators */
};

/* Section [policy] of the configuration over the defaults; `name` is the bad one on failure. */
enum bk_err bk_policy_read(const struct bk_config *config, struct bk_policy *policy,
                           const char **name) BK_MUST_CHECK;

#define BK_POLICY_NAMES 44u
/* The names of that section, and NULL behind them. */
void bk_policy_names(const char *names[BK_POLICY_NAMES + 1]);

#endif
