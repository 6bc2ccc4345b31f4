/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The audit log: who did what, when, from where. Append-only; each entry's SM3 hash covers the
 * hash before it (docs/formats.md clause 7), so that a change of an old entry shows. Written in the
 * transaction of what it tells of. No secrets, codes or full phone numbers in it.
 */
#ifndef BK_SERVER_AUDIT_H
#define BK_SERVER_AUDIT_H

#include "server/store.h"

#define BK_AUDIT_HASH 32u

struct bk_audit {
    const char *actor;   /* "customer:ALG:SERIAL", "anonymous", "staff:NAME", "system" */
    const char *address; /* of the other end, "" when there is none */
    const char *action;  /* "unlock.requested", "order.state" */
    const char *object;  /* "unlock:ID", "order:ID", "key:SERIAL" */
    const char *detail;  /* a few words or JSON; "" */
};

enum bk_err bk_audit_add(struct bk_tx *tx, const struct bk_audit *entry) BK_MUST_CHECK;
/* The hash of one entry. */
enum bk_err bk_audit_hash(int64_t seq, int64_t at, const struct bk_audit *entry,
                          const uint8_t before[BK_AUDIT_HASH],
                          uint8_t hash[BK_AUDIT_HASH]) BK_MUST_CHECK;
/* An entry of the log, as it is looked for: "" is anything, else how it begins. */
struct bk_audit_filter {
    const char *actor, *action, *object;
};
#define BK_AUDIT_PAGE 50
/* The newest before a sequence number, at most BK_AUDIT_PAGE. Columns: sequence number, at, actor,
 * address, action, object, detail. */
enum bk_err bk_audit_list(struct bk_tx *tx, const struct bk_audit_filter *filter, int64_t before,
                          struct bk_rows *rows) BK_MUST_CHECK;
/* The same for the entries behind `after`, which is taken as it is, and at most so many: the last
 * that was looked at is in *seq. */
enum bk_err bk_audit_verify_part(struct bk_tx *tx, int64_t after, int64_t count, int64_t *seq,
                                 uint8_t head[BK_AUDIT_HASH]) BK_MUST_CHECK;
/* Checks the whole chain. BK_EVERIFY with the first bad sequence number in *seq; BK_OK with the
 * last one, and its hash in head (zeros when the log is empty). */
enum bk_err bk_audit_verify(struct bk_tx *tx, int64_t *seq,
                            uint8_t head[BK_AUDIT_HASH]) BK_MUST_CHECK;

#endif
