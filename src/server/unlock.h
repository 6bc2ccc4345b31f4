/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An unlock authorisation: asked for by one of the ways, redeemed with the code that was sent,
 * bound by the first redemption to one run of a client, over when the key has proved its success.
 */
#ifndef BK_SERVER_UNLOCK_H
#define BK_SERVER_UNLOCK_H

#include "server/app.h"
#include "server/keys.h"
#include "server/unlock_msg.h"

#define BK_CODE 8u            /* symbols of an authorisation code */
#define BK_ADMIN_TRIES_MIN 4u /* fewer aren't risked */
#define BK_ONE_TIME_PIN 12u   /* never 8: an 8-byte random and an 8-byte PIN make the same block */
#define BK_SEALED_PIN 64u     /* as stored, with room */

enum bk_unlock_state {
    BK_UNLOCK_OPEN,
    BK_UNLOCK_SUSPENDED,
    BK_UNLOCK_VOID,
    BK_UNLOCK_DONE,
    BK_UNLOCK_REFUSED, /* its client says that the key takes no administrator PIN of ours */
    BK_UNLOCK_DRAFT,   /* its documents are being uploaded */
    BK_UNLOCK_REVIEW,  /* staff are to look at them; when they approve it has a code, and is open */
    BK_UNLOCK_REJECTED, /* they haven't */
};

/* How its customer is known. */
enum bk_unlock_way {
    BK_UNLOCK_BY_PHONE,     /* the reserved one, and its holder's name: a text message */
    BK_UNLOCK_BY_ACCOUNT,   /* the company's, and its name: the memo of a transfer */
    BK_UNLOCK_BY_DOCUMENTS, /* reviewed by staff: a text message or a mail */
    BK_UNLOCK_WAYS
};
/* "phone", "account", "documents" */
const char *bk_unlock_way_name(enum bk_unlock_way way);
/* BK_UNLOCK_WAYS for a name that isn't one. */
enum bk_unlock_way bk_unlock_way_parse(const char *name);

/* What the key is doing by the last answer. */
enum bk_unlock_expects {
    BK_EXPECT_BEGIN,
    BK_EXPECT_VERIFIED,  /* 18 with the administrator's block */
    BK_EXPECT_UNBLOCKED, /* 1A, log-in, change of PIN */
    BK_EXPECT_TRIED,     /* log-in with the one-time PIN of an earlier redemption */
    BK_EXPECT_ROTATED,   /* 16 of the administrator PIN */
    BK_EXPECT_PROOF,     /* nothing: no rotation this time */
};

struct bk_unlock {
    char id[27];
    char serial[BK_SERIAL_MAX + 1];
    bool matched;
    enum bk_unlock_state state;
    int64_t tries_left, created_at, expires_at, first_at, redemptions, rounds;
    uint8_t code_hash[32], suspend_hash[32], client_hash[32];
    bool bound; /* client_hash is there */
    enum bk_slot slot;
    int64_t refusals; /* of this redemption: 0, or 1 that was answered by another attempt */
    bool pin_sent;    /* the one-time PIN may be on the key */
    enum bk_unlock_expects expects;
    uint8_t pin_sealed[BK_SEALED_PIN]; /* the one-time PIN */
    size_t pin_len;                    /* 0: there is none */
    bool pin_made;                     /* and isn't stored yet */
};

enum bk_err bk_unlock_load(struct bk_tx *tx, const char *id,
                           struct bk_unlock *unlock) BK_MUST_CHECK;
/* Writes what changes after the request was made. */
enum bk_err bk_unlock_save(struct bk_tx *tx, const struct bk_unlock *unlock,
                           int64_t now) BK_MUST_CHECK;
/* It has a code, or may yet get one. */
bool bk_unlock_stoppable(const struct bk_unlock *unlock);
/* It is stopped, when it can be; else nothing is changed. */
enum bk_err bk_unlock_suspend(struct bk_tx *tx, struct bk_unlock *unlock,
                              int64_t now) BK_MUST_CHECK;
#define BK_UNLOCK_PAGE 50
/* The newest before another (id; "": of all), of keys whose serial number begins so, at most
 * BK_UNLOCK_PAGE. Columns: id, serial number, state, matched, tries left, created at, expires at,
 * done at, address, way. */
enum bk_err bk_unlock_list(struct bk_tx *tx, const char *begins, const char *before,
                           struct bk_rows *rows) BK_MUST_CHECK;
/* How many unlocks of the key, but for this one, were refused since one worked or staff forgave. */
enum bk_err bk_unlock_refused(struct bk_tx *tx, const char *serial, const char *but,
                              int64_t *count) BK_MUST_CHECK;
/* The key works, or staff say that it does: what was said of it before doesn't count any more. */
enum bk_err bk_unlock_forgive(struct bk_tx *tx, const char *serial) BK_MUST_CHECK;
/* Forgets one-time PINs, and answers with them, that are of no more use: two days after the first
 * redemption, which is more than the policy can allow for all of them. */
enum bk_err bk_unlock_clean(struct bk_tx *tx, int64_t now) BK_MUST_CHECK;
/* Forgets whence those were asked for whose time was over before that. */
enum bk_err bk_unlock_forget(struct bk_tx *tx, int64_t before) BK_MUST_CHECK;
/* The one-time PIN is made, in place of any before it, and saved with the unlock; and put in place
 * of what pin holds, with a NUL behind it, not counted. */
enum bk_err bk_unlock_make_pin(const struct bk_escrow *escrow,
                               struct bk_unlock *unlock) BK_MUST_CHECK;
enum bk_err bk_unlock_pin(const struct bk_escrow *escrow, const struct bk_unlock *unlock,
                          struct bk_buf *pin) BK_MUST_CHECK;
/* A code as people type it (dash, spaces, lower case) as BK_CODE symbols; BK_EFORMAT. */
enum bk_err bk_code_read(const char *text, char code[BK_CODE + 1]) BK_MUST_CHECK;
/* Keyed, and bound to the authorisation. */
enum bk_err bk_code_hash(const struct bk_escrow *escrow, const char *id, const char *code,
                         uint8_t hash[32]) BK_MUST_CHECK;

/*
 * The next step of a run: takes the key's message and gives the answer (appended), or a problem
 * code in *problem (its message is then not answered). Changes unlock and the register; the caller
 * saves unlock.
 */
struct bk_unlock_step {
    struct bk_app *app;
    struct bk_tx *tx;
    struct bk_unlock *unlock;
    int64_t now;
    struct bk_key key;
    bool marked;   /* out: the key is to be made anew */
    bool recalled; /* out: a PIN that was out of use is the key's current one */
};
enum bk_err bk_unlock_take(struct bk_unlock_step *step, const struct bk_unlock_in *in,
                           struct bk_buf *answer, const char **problem) BK_MUST_CHECK;

#endif
