/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who answers for a key: its operator, whose phone gets the codes, and the legal person. A renewal
 * may say that they are others now. Then it is reviewed, those on record hear of it before, and the
 * register has the new ones when the renewal is done; a phone that is new gets no codes for a
 * while.
 */
#ifndef BK_SERVER_KEY_PEOPLE_H
#define BK_SERVER_KEY_PEOPLE_H

#include "server/app.h"
#include "server/application.h"
#include "server/audit.h"
#include "server/order.h"

/* Of a key that isn't registered nobody differs. */
enum bk_err bk_key_people_differ(struct bk_app *app, struct bk_tx *tx, const char *serial,
                                 const json_t *details, bool *differ) BK_MUST_CHECK;
/* Tells all contacts on record that an order would change them. */
enum bk_err bk_key_people_warn(struct bk_app *app, struct bk_tx *tx, const struct bk_order *order,
                               int64_t now) BK_MUST_CHECK;
/* The register has those of the order, when it was reviewed; but a phone that came into the
 * register after the review stays. */
enum bk_err bk_key_people_take(struct bk_app *app, struct bk_tx *tx, const struct bk_order *order,
                               const struct bk_audit *who, int64_t now) BK_MUST_CHECK;

#endif
