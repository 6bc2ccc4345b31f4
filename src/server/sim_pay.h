/* SPDX-License-Identifier: Apache-2.0 */
/* The simulated payment provider: the gateway, a customer that scans, and the notices. */
#ifndef BK_SERVER_SIM_PAY_H
#define BK_SERVER_SIM_PAY_H

#include "server/sim.h"

/* POST /gateway.do */
enum bk_err bk_sim_gateway(struct bk_sim *sim, const struct bk_http_in *in,
                           struct bk_http_out *out) BK_MUST_CHECK;
/* POST /sim/apps {app_id, public_key, tls_ca}: what is done by hand in the provider's console. */
enum bk_err bk_sim_app(struct bk_sim *sim, const struct bk_http_in *in,
                       struct bk_http_out *out) BK_MUST_CHECK;
/* POST /sim/scan {qr_code, notices, late, amount, behind}: the customer pays, another amount when
 * that is given; so many notices (1) go out, first after so many seconds (0), and behind them one
 * of that status, as if it had been on its way for long. */
enum bk_err bk_sim_scan(struct bk_sim *sim, const struct bk_http_in *in,
                        struct bk_http_out *out) BK_MUST_CHECK;

/* Posts to the platform, whose TLS is checked by tls_ca; BK_EREFUSED unless it says "success". */
struct bk_sim_post {
    const char *url;
    struct bk_rd tls_ca; /* PEM; empty: the system's */
    const char *type;
    const char *const *headers;
    const struct bk_buf *body;
};
enum bk_err bk_sim_post(struct bk_sim *sim, const struct bk_sim_post *post) BK_MUST_CHECK;

/* Sends the notices that are due, each again until it is taken or eight have failed. */
enum bk_err bk_sim_send_notices(struct bk_sim *sim) BK_MUST_CHECK;

#endif
