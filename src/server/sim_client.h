/* SPDX-License-Identifier: Apache-2.0 */
/* What bjca-simd's commands ask of the simulator that serves. */
#ifndef BK_SERVER_SIM_CLIENT_H
#define BK_SERVER_SIM_CLIENT_H

#include "server/sim.h"

struct bk_sim_scanned {
    char order[65], amount[32];
    char refused[64]; /* why, when it was not paid */
};

/* A customer scans and pays; the provider sends so many notices. BK_EREFUSED with refused set. */
enum bk_err bk_sim_scan_code(const char *folder, const char *qr, int notices,
                             struct bk_sim_scanned *scanned) BK_MUST_CHECK;

#endif
