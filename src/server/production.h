/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys that are made for approved orders. A production binds a key, by its serial number, to an
 * order: begun, made (the key has proved that it has its certificates), or put aside, after which
 * the order is produced anew on another key. What the key is to have – device key, administrator
 * PIN, first user PIN – is drawn and stored before it is told to anybody, and is the same however
 * often it is asked for. What a station, the command line and the staff pages do is done here, in
 * the caller's transaction.
 *
 * problem (of docs/platform-api.yaml; NULL: none) says why something isn't done; the function
 * returns BK_OK then and has changed nothing but the audit log.
 */
#ifndef BK_SERVER_PRODUCTION_H
#define BK_SERVER_PRODUCTION_H

#include "base/secret.h"
#include "server/app.h"
#include "server/application.h"
#include "server/keys.h"
#include "server/order.h"
#include "server/outbox.h"

#define BK_DEVICE_KEY 16u
#define BK_FIRST_PIN 10u    /* symbols */
#define BK_COURIER_MAX 64u  /* bytes of a courier's name */
#define BK_TRACKING_MAX 32u /* letters, digits and - */
#define BK_PRODUCTION_REASON 200u
#define BK_PRODUCTION_ROUNDS 20 /* pairs of certificates for one key */

enum bk_production_state { BK_PRODUCTION_BEGUN, BK_PRODUCTION_MADE, BK_PRODUCTION_ASIDE };
/* "begun", "made", "aside" */
const char *bk_production_state_name(enum bk_production_state state);

struct bk_production {
    char id[27], order_id[27];
    enum bk_production_state state;
    char serial[BK_SERIAL_MAX + 1]; /* of the key */
    enum bk_dialect dialect;
    bool admin_first; /* as in struct bk_key */
    char application[49];
    char sign_certificate[BK_CERT_ID];                /* "" before there is one */
    int64_t rounds;                                   /* pairs issued */
    int64_t begun_at, made_at, pin_sent_at, given_at; /* 0: not yet */
    char begun_by[64], given_by[64];
    char courier[BK_COURIER_MAX + 1], tracking[BK_TRACKING_MAX + 1]; /* "" of a pick-up */
    char reason[BK_PRODUCTION_REASON + 1];                           /* of one put aside */
    bool device_key_set; /* the key certainly has the platform's device key */
};

/* What is to be produced, handed over or sent: APPROVED, PRODUCING and READY orders for a new
 * certificate, the oldest first. Columns: order, state, company, organisation code, algorithm,
 * way of delivery, way of the PIN, created at, serial number of the key ("" before one is begun),
 * the production's state ("" likewise). */
enum bk_err bk_production_list(struct bk_tx *tx, struct bk_rows *rows) BK_MUST_CHECK;
/* The order's one that isn't put aside; BK_ENOTFOUND. */
enum bk_err bk_production_find(struct bk_tx *tx, const char *order_id,
                               struct bk_production *production) BK_MUST_CHECK;
/* All of an order, the newest first. Columns: id, serial number, state, begun at, begun by, made
 * at, reason. */
enum bk_err bk_production_history(struct bk_tx *tx, const char *order_id,
                                  struct bk_rows *rows) BK_MUST_CHECK;
/* Whether the key is being made or was put aside since: nobody is to have it. */
enum bk_err bk_production_unmade(struct bk_tx *tx, const char *serial, bool *unmade) BK_MUST_CHECK;

/* What a station knows of a key. */
struct bk_production_key {
    const char *serial, *application;
    enum bk_dialect dialect;
    bool admin_first;
};
/* Begins (the order becomes PRODUCING), or takes up what was begun with this key (*resumed).
 * Problems: order-state, other-production (another key is begun for it), key-in-use (the register
 * has it in use, or it is begun for another order). */
enum bk_err bk_production_begin(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                                const struct bk_production_key *key, const struct bk_audit *who,
                                int64_t now, struct bk_production *production, bool *resumed,
                                const char **problem) BK_MUST_CHECK;

struct bk_production_secrets {
    struct bk_secret device_key, admin_pin, user_pin;
};
/* Of one that is begun; BK_ESTATE: it isn't, the key has them. */
enum bk_err bk_production_open(struct bk_app *app, struct bk_tx *tx,
                               const struct bk_production *production,
                               struct bk_production_secrets *secrets) BK_MUST_CHECK;
void bk_production_close(struct bk_production_secrets *secrets);

/* A pair has been registered for it, and those before are revoked. */
enum bk_err bk_production_issued(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                                 struct bk_production *production, const char *sign_id,
                                 int64_t not_after, const struct bk_audit *who,
                                 int64_t now) BK_MUST_CHECK;
/* The key has proved itself: it is registered, its PIN goes out, an order that is collected is
 * READY. Again, it changes nothing. Problems: order-state (no certificate), certificate-revoked,
 * key-in-use. */
enum bk_err bk_production_confirm(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                                  struct bk_production *production, const struct bk_audit *who,
                                  int64_t now, const char **problem) BK_MUST_CHECK;
/* SHIPPED, and its customer is told. Again with the same number, it changes nothing. Problems:
 * order-state (not made, or it is collected), bad-tracking. */
enum bk_err bk_production_ship(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                               const char *courier, const char *tracking,
                               const struct bk_audit *who, int64_t now,
                               const char **problem) BK_MUST_CHECK;
/* DONE, when who collects is the operator on the order. Problems: order-state, not-the-operator
 * (which is in the audit log, too). */
enum bk_err bk_production_hand_over(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                                    const char *name, const char *id_number,
                                    const struct bk_audit *who, int64_t now,
                                    const char **problem) BK_MUST_CHECK;
/* The key is given up: its certificates are revoked, its register entry is for reissue, and the
 * order, PRODUCING again, waits for another key. Problems: order-state, bad-reason. */
enum bk_err bk_production_put_aside(struct bk_app *app, struct bk_tx *tx, struct bk_order *order,
                                    const char *reason, const struct bk_audit *who, int64_t now,
                                    const char **problem) BK_MUST_CHECK;

/* The outbox's "first-pin" and "first-pin-transfer". */
enum bk_err bk_production_send_pin(struct bk_app *app,
                                   const struct bk_outbox_item *item) BK_MUST_CHECK;
enum bk_err bk_production_transfer_pin(struct bk_app *app,
                                       const struct bk_outbox_item *item) BK_MUST_CHECK;

#endif
