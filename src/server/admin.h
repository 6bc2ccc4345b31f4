/* SPDX-License-Identifier: Apache-2.0 */
/* What those who run the platform do from the command line; works while it serves. All of it is
 * in the audit log, as "staff:USER". */
#ifndef BK_SERVER_ADMIN_H
#define BK_SERVER_ADMIN_H

#include <stdio.h>

#include "server/app.h"

/* What is wrong, in a sentence for whoever typed the command; "" when the error says it all. */
struct bk_admin_why {
    char text[256];
};

#define BK_ADMIN_CONTACTS 8u

struct bk_admin_key {
    const char *serial, *dialect, *shape, *application, *phone, *holder;
    const char *company; /* NULL: none */
    const char *const *contacts;
    size_t contact_count;
    const char *bank, *account; /* the company's; NULL: none */
};

enum bk_err bk_admin_key_add(struct bk_app *app, const struct bk_admin_key *key,
                             const char *admin_pin, struct bk_admin_why *why) BK_MUST_CHECK;
/* No secrets. */
enum bk_err bk_admin_key_show(struct bk_app *app, const char *serial, FILE *to,
                              struct bk_admin_why *why) BK_MUST_CHECK;
enum bk_err bk_admin_key_phone(struct bk_app *app, const char *serial, const char *phone,
                               struct bk_admin_why *why) BK_MUST_CHECK;
/* The company's bank account that gets codes; for some days it then gets none. company NULL: the
 * one that the key has. */
enum bk_err bk_admin_key_account(struct bk_app *app, const struct bk_admin_key *key,
                                 struct bk_admin_why *why) BK_MUST_CHECK;

/* Takes back that the key is to be made anew, and forgets the unlocks that said so. */
enum bk_err bk_admin_key_activate(struct bk_app *app, const char *serial,
                                  struct bk_admin_why *why) BK_MUST_CHECK;

struct bk_admin_issue {
    const char *serial, *container;
    const char *csr_file; /* PKCS#10, DER or PEM */
    const char *cn, *org;
    const char *identity_file; /* one line for the profile's identity extensions; NULL: none */
    long days;
    const char *prefix; /* .sign.der .enc.der .env .chain are added */
};

enum bk_err bk_admin_cert_issue(struct bk_app *app, const struct bk_admin_issue *issue,
                                struct bk_admin_why *why) BK_MUST_CHECK;
enum bk_err bk_admin_cert_revoke(struct bk_app *app, const char *id, int reason,
                                 struct bk_admin_why *why) BK_MUST_CHECK;
enum bk_err bk_admin_cert_list(struct bk_app *app, const char *serial, FILE *to,
                               struct bk_admin_why *why) BK_MUST_CHECK;
enum bk_err bk_admin_crl(struct bk_app *app, const char *algorithm, const char *file,
                         struct bk_admin_why *why) BK_MUST_CHECK;
/* Gives back what was paid for an order that isn't done, by the daemon's outbox; what was issued
 * for it is revoked. */
enum bk_err bk_admin_order_refund(struct bk_app *app, const char *id,
                                  struct bk_admin_why *why) BK_MUST_CHECK;
/* What is to be told or asked outside and isn't yet; dead: only what was given up. */
enum bk_err bk_admin_outbox_list(struct bk_app *app, bool dead, FILE *to) BK_MUST_CHECK;
/* Has what was given up tried again. */
enum bk_err bk_admin_outbox_retry(struct bk_app *app, const char *id,
                                  struct bk_admin_why *why) BK_MUST_CHECK;
enum bk_err bk_admin_audit_verify(struct bk_app *app, FILE *to) BK_MUST_CHECK;
/* A line of the audit log by whoever runs the command: on the object KIND:OBJECT. */
enum bk_err bk_admin_note(struct bk_tx *tx, const char *action, const char *kind,
                          const char *object, const char *detail) BK_MUST_CHECK;
/* A new key seals from now on, and all that is stored is sealed anew, page by page. */
enum bk_err bk_admin_secrets_rotate(struct bk_app *app, FILE *to) BK_MUST_CHECK;

#endif
