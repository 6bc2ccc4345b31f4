/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An unlock that is asked for with documents: uploaded by whoever holds the secret that it was
 * asked for with, then a place in the staff's queue, which the key's contacts hear of and may stop.
 * When staff approve, the unlock gets its code, which goes to the contact that was given, and the
 * key's contacts hear of that; when they reject, it is over. Whether the key is on record is for
 * staff to see, and for nobody else.
 */
#ifndef BK_SERVER_UNLOCK_REVIEW_H
#define BK_SERVER_UNLOCK_REVIEW_H

#include "server/audit.h"
#include "server/numbers.h"
#include "server/review.h"
#include "server/unlock.h"
#include "server/upload.h"

#define BK_CONTACT_MAX 254u /* an e-mail address, or a phone */
#define BK_PAPERS 4u

/* "licence", "operator-id-front", "operator-id-back", "letter" */
extern const char *const bk_paper_kinds[BK_PAPERS];
bool bk_paper_is_kind(const char *name);

struct bk_unlock_review {
    struct bk_unlock unlock;
    uint8_t token_hash[32];
    char company[BK_KEY_COMPANY + 1]; /* as it was typed */
    char contact[BK_CONTACT_MAX + 1]; /* "" when it is forgotten */
    char state[16];                   /* "draft", "open", "approved", "rejected" */
    int64_t entered_at, due_at, decided_at;
    bool guessed; /* the calendar didn't know due_at's year */
    char reason[BK_REASON_MAX + 1];
    char decided_by[64];
};

/* A draft; unlock is there already. */
enum bk_err bk_unlock_review_add(struct bk_app *app, struct bk_tx *tx,
                                 const struct bk_unlock_review *review) BK_MUST_CHECK;
/* With its unlock. BK_ENOTFOUND. */
enum bk_err bk_unlock_review_load(struct bk_app *app, struct bk_tx *tx, const char *id,
                                  struct bk_unlock_review *review) BK_MUST_CHECK;
/* Into the queue. BK_ESTATE: it isn't a draft, or lacks a document. */
enum bk_err bk_unlock_review_enter(struct bk_app *app, struct bk_tx *tx,
                                   struct bk_unlock_review *review, int64_t now) BK_MUST_CHECK;
/* What waits, the most urgent first. Columns: unlock, serial number, company as typed, entered at,
 * due at, guessed. */
enum bk_err bk_unlock_review_list(struct bk_tx *tx, int64_t now,
                                  struct bk_rows *rows) BK_MUST_CHECK;
/* Whether the code would go where one of the key's contacts is. */
enum bk_err bk_unlock_review_recorded(struct bk_tx *tx, const struct bk_unlock_review *review,
                                      bool *recorded) BK_MUST_CHECK;
/* BK_ESTATE: it doesn't wait (any more); BK_ENOTFOUND: the register doesn't have the key. */
enum bk_err bk_unlock_review_approve(struct bk_app *app, struct bk_tx *tx,
                                     struct bk_unlock_review *review, const struct bk_audit *who,
                                     int64_t now) BK_MUST_CHECK;
/* How long codes are sent for it once it is approved: one by text message lives for a shorter time,
 * and staff can't know when its customer is there to read it. */
int64_t bk_unlock_review_until(const struct bk_app *app, const struct bk_unlock_review *review);
/* Another code of one that is approved; the one before it is void. */
enum bk_err bk_unlock_review_again(struct bk_app *app, struct bk_tx *tx,
                                   struct bk_unlock_review *review, int64_t now) BK_MUST_CHECK;
/* BK_EINVAL: the reason is empty, too long or no plain text. */
enum bk_err bk_unlock_review_reject(struct bk_app *app, struct bk_tx *tx,
                                    struct bk_unlock_review *review, const char *reason,
                                    const struct bk_audit *who, int64_t now) BK_MUST_CHECK;

/* Its documents. Columns: kind, type, size, digest, created_at. */
enum bk_err bk_paper_list(struct bk_tx *tx, const char *id, struct bk_rows *rows) BK_MUST_CHECK;
enum bk_err bk_paper_find(struct bk_tx *tx, const char *id, const char *kind,
                          char digest[65]) BK_MUST_CHECK;
/* In place of another of the kind. */
enum bk_err bk_paper_attach(struct bk_app *app, struct bk_tx *tx, const struct bk_upload *upload,
                            const char *id, const char *kind, int64_t now) BK_MUST_CHECK;
/* Documents and contacts of what is over for policy.abandoned_ms, or was never submitted, go. */
enum bk_err bk_unlock_review_clean(struct bk_app *app, int64_t now) BK_MUST_CHECK;

#endif
