/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accounts of the reviewing staff: a name, roles, a password kept as its scrypt hash (keyed
 * beside that, so that a copy of the database alone lets nobody guess), and the secret of an
 * authenticator app, sealed. They are made and changed from the command line. Sessions are in
 * server/staff_session.h.
 */
#ifndef BK_SERVER_STAFF_H
#define BK_SERVER_STAFF_H

#include <stdbool.h>

#include "base/secret.h"
#include "crypto/scrypt.h"
#include "server/escrow.h"
#include "server/proxy.h"
#include "server/store.h"

#define BK_STAFF_NAME 32u         /* characters */
#define BK_STAFF_PASSWORD_MIN 12u /* bytes */
#define BK_STAFF_PASSWORD_MAX 128u
#define BK_STAFF_ROLES 48u /* all of them as text, with NUL */
#define BK_STAFF_SALT 16u
#define BK_STAFF_HASH 32u

enum bk_staff_role {
    BK_STAFF_REVIEWER = 1, /* orders, their documents, approval and rejection; unlock requests */
    BK_STAFF_PRODUCER = 2, /* what is approved becomes a key */
    BK_STAFF_AUDITOR = 4,  /* the audit log, what was given up; looks at the registers */
};
#define BK_STAFF_ALL 7u

/* "reviewer,producer" and back, in any order; false: a role that isn't one, or none. */
bool bk_staff_roles_read(const char *text, unsigned *roles);
void bk_staff_roles_text(unsigned roles, char text[BK_STAFF_ROLES]);
/* a to z, 0 to 9 and - _ . ; begins with a letter, and not as the command line's actors do. */
bool bk_staff_name_valid(const char *name);
/* BK_STAFF_PASSWORD_MIN to _MAX bytes of plain text. */
bool bk_staff_password_valid(const char *password);

/* The password's hash under a new salt, as it is stored. Takes tens of ms and 32 MiB, one call at a
 * time: outside any transaction. */
struct bk_staff_password {
    struct bk_scrypt_cost cost;
    uint8_t salt[BK_STAFF_SALT], hash[BK_STAFF_HASH];
};
enum bk_err bk_staff_password_make(const struct bk_escrow *escrow, const char *password,
                                   struct bk_staff_password *made) BK_MUST_CHECK;
/* Of another cost than is made now. */
bool bk_staff_password_is_old(const struct bk_staff_password *password);
/* The hash of a password under the cost and salt of another, to be compared. Of an older, lower cost
 * it is as much work as of the present one. */
enum bk_err bk_staff_password_hash(const struct bk_escrow *escrow, const char *password,
                                   const struct bk_staff_password *as,
                                   uint8_t hash[BK_STAFF_HASH]) BK_MUST_CHECK;

/* One that takes as long to compare and is nobody's. */
void bk_staff_password_decoy(struct bk_staff_password *decoy);

struct bk_staff {
    char name[BK_STAFF_NAME + 1];
    unsigned roles;
    bool enabled;
    struct bk_staff_password password;
    int64_t totp_step; /* of the code taken last: neither it nor an older one is taken again */
    char known[BK_ADDRESS_TEXT]; /* where the last log-in came from (bk_address_group), or "" */
    int64_t created_at, login_at;
};

/* secret: for the authenticator app, made here. BK_EEXISTS. */
enum bk_err bk_staff_add(struct bk_tx *tx, const struct bk_escrow *escrow, const char *name,
                         unsigned roles, const struct bk_staff_password *password,
                         struct bk_secret *secret, int64_t now) BK_MUST_CHECK;
/* BK_ENOTFOUND, as from all that follow. */
enum bk_err bk_staff_find(struct bk_tx *tx, const char *name, struct bk_staff *staff) BK_MUST_CHECK;
enum bk_err bk_staff_secret(struct bk_tx *tx, const struct bk_escrow *escrow, const char *name,
                            struct bk_buf *secret) BK_MUST_CHECK;
/* The same password under another cost and salt. */
enum bk_err bk_staff_renew_password(struct bk_tx *tx, const char *name,
                                    const struct bk_staff_password *password) BK_MUST_CHECK;
/* Each of these ends all sessions of the account. */
enum bk_err bk_staff_set_password(struct bk_tx *tx, const char *name,
                                  const struct bk_staff_password *password) BK_MUST_CHECK;
enum bk_err bk_staff_new_secret(struct bk_tx *tx, const struct bk_escrow *escrow, const char *name,
                                struct bk_secret *secret) BK_MUST_CHECK;
enum bk_err bk_staff_set_roles(struct bk_tx *tx, const char *name, unsigned roles) BK_MUST_CHECK;
enum bk_err bk_staff_enable(struct bk_tx *tx, const char *name, bool enabled) BK_MUST_CHECK;
/* Columns: name, roles, state ("enabled", "disabled"), created at, last log-in (0: none). */
enum bk_err bk_staff_list(struct bk_tx *tx, struct bk_rows *rows) BK_MUST_CHECK;

#endif
