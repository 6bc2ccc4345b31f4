/* SPDX-License-Identifier: Apache-2.0 */
/* What the endpoints of producers share. */
#ifndef BK_SERVER_PRODUCTION_API_H
#define BK_SERVER_PRODUCTION_API_H

#include "server/production.h"
#include "server/router.h"

/* The order in the path, which is for a new certificate, and its key: *any says whether one is
 * begun or made. */
enum bk_err bk_req_production(struct bk_req *req, struct bk_order *order,
                              struct bk_production *production, bool *any,
                              bool *refused) BK_MUST_CHECK;

#endif
