/* SPDX-License-Identifier: Apache-2.0 */
/* Revoking a certificate, with all that hangs on it. */
#ifndef BK_SERVER_REVOKE_H
#define BK_SERVER_REVOKE_H

#include "server/audit.h"
#include "server/app.h"

#define BK_REASON_SUPERSEDED 4 /* RFC 5280 clause 5.3.1 */
#define BK_REASON_CESSATION 5

/*
 * Revokes a signing certificate and the encryption certificate of its pair, audited as of who. An
 * open renewal of it ends (bk_order_stop), and what was issued for that and isn't reported yet is
 * revoked for the same reason: who can't be trusted with the old one can't be with the new. A
 * certificate that is superseded takes nothing else with it but an order that isn't issued.
 * When what was issued is revoked itself, its order may certify one more key, as long as it has a
 * round left, and ends otherwise.
 */
enum bk_err bk_certificate_revoke(struct bk_app *app, struct bk_tx *tx, const char *sign_id,
                                  int reason, const struct bk_audit *who,
                                  int64_t now) BK_MUST_CHECK;

#endif
