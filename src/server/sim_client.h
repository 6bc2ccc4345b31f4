/* SPDX-License-Identifier: Apache-2.0 */
/* What bjca-simd's commands ask of the simulator that serves. */
#ifndef BK_SERVER_SIM_CLIENT_H
#define BK_SERVER_SIM_CLIENT_H

#include "server/sim.h"

struct bk_sim_scanned {
    char order[65], amount[32];
    char refused[64]; /* why, when it was not paid */
};

struct bk_sim_payment {
    int notices, late_s; /* so many, the first after so many seconds */
    const char *amount;  /* CNY; NULL: what is asked for */
    const char *behind;  /* the status of one more notice behind them; NULL: none */
};

/* A customer scans and pays. BK_EREFUSED with refused set. */
enum bk_err bk_sim_scan_code(const char *folder, const char *qr,
                             const struct bk_sim_payment *payment,
                             struct bk_sim_scanned *scanned) BK_MUST_CHECK;

#endif
