/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a person or a company is who they say: the one interface to whoever knows. A legal
 * person's name, number and phone or bank card are compared at once (Aliyun's cloudauth:
 * Mobile3MetaDetailVerify, BankMetaVerify). A transfer of 0.01 CNY to a company's account with a
 * code in its memo takes its time, and is asked after by its flow: no provider publishes an
 * interface for that, so the two calls are ours, in the manner of the others (docs/formats.md
 * clause 10).
 */
#ifndef BK_SERVER_IDENTITY_H
#define BK_SERVER_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct bk_identity;

struct bk_identity_options {
    const char *url;
    const char *ca_file; /* NULL: the system's */
    const char *key_id, *secret;
};

enum bk_identity_way { BK_BY_PHONE, BK_BY_TRANSFER, BK_BY_CARD, BK_IDENTITY_WAYS };
/* "phone", "transfer", "card" */
const char *bk_identity_way_name(enum bk_identity_way way);
/* BK_IDENTITY_WAYS for a name that isn't one. */
enum bk_identity_way bk_identity_way_parse(const char *name);

enum bk_identity_result {
    BK_IDENTITY_MATCH, /* of a transfer: it has arrived */
    BK_IDENTITY_MISMATCH,
    BK_IDENTITY_NO_RECORD, /* the provider doesn't know it */
    BK_IDENTITY_PENDING,   /* a transfer on its way */
};

struct bk_identity_subject {
    enum bk_identity_way way;
    const char *id;                       /* the same for a request that is sent again */
    const char *name, *id_number, *phone; /* of the legal person */
    const char *card;
    const char *company, *account, *bank, *memo;
};

#define BK_FLOW 65u

enum bk_err bk_identity_new(const struct bk_identity_options *options,
                            struct bk_identity **identity) BK_MUST_CHECK;
void bk_identity_free(struct bk_identity **identity);
/* flow: of what is pending, else "". Any failure: nothing is known, it may be sent again. */
enum bk_err bk_identity_start(struct bk_identity *identity,
                              const struct bk_identity_subject *subject, char flow[BK_FLOW],
                              enum bk_identity_result *result) BK_MUST_CHECK;
/* A transfer that only brings its memo there. Asked again, the provider says of the same one how
 * far it is. BK_EBUSY: on its way; BK_EREFUSED, and *refused: the bank has refused it, and would
 * again. */
enum bk_err bk_identity_transfer(struct bk_identity *identity,
                                 const struct bk_identity_subject *subject,
                                 bool *refused) BK_MUST_CHECK;
enum bk_err bk_identity_check(struct bk_identity *identity, const char *flow,
                              enum bk_identity_result *result) BK_MUST_CHECK;

#endif
