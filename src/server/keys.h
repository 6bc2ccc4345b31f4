/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The register of keys that this platform produced. A key has one administrator PIN, or two: the
 * current one and a pending one that the last rotation was told to set. A command that works under
 * one of them, at the next unlock, takes the other out of use. That it worked is what a client
 * says: the other is kept until the key itself has proved the unlock by its signature.
 */
#ifndef BK_SERVER_KEYS_H
#define BK_SERVER_KEYS_H

#include <stdbool.h>

#include "base/buf.h"
#include "server/escrow.h"
#include "server/keycmd.h"
#include "server/store.h"

#define BK_SERIAL_MAX 32u
#define BK_HOLDER_MAX 96u
#define BK_KEY_COMPANY 128u
#define BK_ADMIN_PIN 16u /* characters of one that we make */
#define BK_KEPT_MAX 8    /* administrator PINs out of use that are kept of a key */

enum bk_slot { BK_SLOT_CURRENT = 0, BK_SLOT_PENDING = 1 };

struct bk_key {
    char serial[BK_SERIAL_MAX + 1];
    enum bk_dialect dialect;
    bool admin_first; /* it wants the administrator verified before 1A */
    char application[49];
    char phone[21];      /* written by us: BK_PHONE digits; longer in an old register */
    int64_t phone_since; /* when the phone was changed; 0: it is the first */
    char holder[BK_HOLDER_MAX + 1];
    char company[BK_KEY_COMPANY + 1];
    bool active; /* false: to be made anew (reissue) */
    bool has_pending;
    bool use_pending;    /* the pending one is the likelier */
    char pending_by[27]; /* the unlock that made it */
    bool has_account;    /* of the company, on record: key_account.h */
    uint8_t account_hash[32];
    int64_t account_since; /* when that was changed; 0: it is the first */
};

/* Letters, digits and - _ . only: it stands in paths, messages and logs. */
bool bk_key_serial_valid(const char *serial);
/* 6 to 16 visible ASCII characters. */
bool bk_key_pin_valid(const char *pin);

/* BK_EEXISTS when the serial is there. Phones are as bk_phone_read makes them. shape is "direct" or
 * "admin-first"; contacts are told of unlock requests, the phone is always one. */
enum bk_err bk_key_add(struct bk_tx *tx, const struct bk_escrow *escrow, const struct bk_key *key,
                       const char *admin_pin, const char *const *contacts, size_t contact_count,
                       int64_t now) BK_MUST_CHECK;
enum bk_err bk_key_find(struct bk_tx *tx, const char *serial, struct bk_key *key) BK_MUST_CHECK;
#define BK_KEY_PAGE 50
/* Those whose serial number begins so ("": all) behind another, at most BK_KEY_PAGE. Columns:
 * serial number, company, holder, state ("active", "reissue"), created at. */
enum bk_err bk_key_list(struct bk_tx *tx, const char *begins, const char *behind,
                        struct bk_rows *rows) BK_MUST_CHECK;
/* All phones to be told; one row each, column 0. */
enum bk_err bk_key_contacts(struct bk_tx *tx, const char *serial,
                            struct bk_rows *rows) BK_MUST_CHECK;
/* It is told of unlock requests from now on. */
enum bk_err bk_key_add_contact(struct bk_tx *tx, const char *serial,
                               const char *phone) BK_MUST_CHECK;
enum bk_err bk_key_set_phone(struct bk_tx *tx, const char *serial, const char *phone,
                             int64_t now) BK_MUST_CHECK;

/* In place of what pin holds; a NUL stands behind it, not counted. */
enum bk_err bk_key_admin(struct bk_tx *tx, const struct bk_escrow *escrow, const char *serial,
                         enum bk_slot slot, struct bk_buf *pin) BK_MUST_CHECK;
/* Stores a new pending PIN, in place of one that is there. */
enum bk_err bk_key_set_pending(struct bk_tx *tx, const struct bk_escrow *escrow, const char *serial,
                               const char *pin, const char *unlock_id) BK_MUST_CHECK;
/* The client of this unlock says that the key has this one: the other is kept out of use. BK_EFULL:
 * BK_KEPT_MAX are; nothing is changed. */
enum bk_err bk_key_settle(struct bk_tx *tx, const struct bk_escrow *escrow, const char *serial,
                          enum bk_slot slot, const char *unlock_id, int64_t now) BK_MUST_CHECK;
enum bk_err bk_key_kept(struct bk_tx *tx, const char *serial, int64_t *count) BK_MUST_CHECK;
/* The one kept longest becomes the current one, to be tried first; that one is kept in its place.
 */
enum bk_err bk_key_recall(struct bk_tx *tx, const struct bk_escrow *escrow, const char *serial,
                          const char *unlock_id, int64_t now) BK_MUST_CHECK;
/* The key has proved this unlock, begun then: what it took out of use, or found so, isn't the
 * key's. */
enum bk_err bk_key_proved(struct bk_tx *tx, const char *serial, const char *unlock_id,
                          int64_t begun) BK_MUST_CHECK;
/* Which of the two is the likelier, when both are kept. */
enum bk_err bk_key_prefer(struct bk_tx *tx, const char *serial, enum bk_slot slot) BK_MUST_CHECK;
enum bk_err bk_key_mark_reissue(struct bk_tx *tx, const char *serial) BK_MUST_CHECK;
/* Takes a key that has the mark out of the register, for it is made anew. One that isn't there is
 * BK_OK; BK_ESTATE: it is in use. */
enum bk_err bk_key_retire(struct bk_tx *tx, const char *serial) BK_MUST_CHECK;
/* Takes the mark away; BK_ENOTFOUND: no such key. */
enum bk_err bk_key_activate(struct bk_tx *tx, const char *serial) BK_MUST_CHECK;

#endif
