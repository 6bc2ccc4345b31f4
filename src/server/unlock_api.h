/* SPDX-License-Identifier: Apache-2.0 */
/* What the handlers of unlock requests share. */
#ifndef BK_SERVER_UNLOCK_API_H
#define BK_SERVER_UNLOCK_API_H

#include "server/router.h"

/* What one address may ask for in all. */
enum bk_err bk_unlock_limit_address(struct bk_req *req, bool *refused) BK_MUST_CHECK;
/* The request of one that staff will review. */
enum bk_err bk_unlock_request_reviewed(struct bk_req *req, const char *serial) BK_MUST_CHECK;

#endif
