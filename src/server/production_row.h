/* SPDX-License-Identifier: Apache-2.0 */
/* Productions as they stand in the database; for the files of production.h. */
#ifndef BK_SERVER_PRODUCTION_ROW_H
#define BK_SERVER_PRODUCTION_ROW_H

#include "server/production.h"

enum bk_err bk_production_load(struct bk_tx *tx, const char *id,
                               struct bk_production *production) BK_MUST_CHECK;
/* Writes what may change; the secrets stay. */
enum bk_err bk_production_save(struct bk_tx *tx, const struct bk_production *p) BK_MUST_CHECK;
enum bk_err bk_production_note(struct bk_tx *tx, const struct bk_production *p,
                               const struct bk_audit *who, const char *action,
                               const char *detail) BK_MUST_CHECK;
/* A new one, with its secrets drawn and sealed. */
enum bk_err bk_production_insert(struct bk_app *app, struct bk_tx *tx, struct bk_production *p,
                                 int64_t now) BK_MUST_CHECK;
/* Administrator PIN and first PIN go: others have them now. */
enum bk_err bk_production_drop_pins(struct bk_tx *tx, const char *id) BK_MUST_CHECK;
/* A transfer has reached the company's account: it is on record of the key from now on. */
enum bk_err bk_production_record_account(struct bk_app *app, struct bk_tx *tx, const char *serial,
                                         const json_t *details) BK_MUST_CHECK;
enum bk_err bk_production_device_key_is_set(struct bk_tx *tx, const char *serial) BK_MUST_CHECK;

#endif
