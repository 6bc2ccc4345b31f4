/* SPDX-License-Identifier: Apache-2.0 */
/* A platform's database filled from beside: customers, orders, unlocks, as the platform itself
 * writes them. Whatever fails ends the process. */
#ifndef BJCA_TESTS_BENCH_FILL_H
#define BJCA_TESTS_BENCH_FILL_H

#include "server/escrow.h"
#include "server/store.h"

#define FILL_TOKEN 65
#define FILL_CODE "BCDFGHJK" /* of each unlock */

struct fill {
    struct bk_store *store;
    struct bk_escrow *escrow;
    struct bk_buf der; /* of a certificate, whose owner all customers are */
    int64_t now;
};

/* The platform's folder; PLATFORM_DATABASE, when it is set, instead of the database in it. It has
 * issued an SM2 certificate. */
struct fill fill_open(const char *data);
void fill_close(struct fill *fill);

struct fill_order {
    char id[27], token[FILL_TOKEN];
};
/* Orders in this state, so many a customer, appended behind those that are there. Those that are
 * DONE leave what a renewal does, six entries of the audit log and a row of the outbox, and every
 * second an unlock of its key, with three entries and two rows. */
void fill_orders(struct fill *fill, size_t count, size_t each, const char *state,
                 struct fill_order *orders);

struct fill_unlock {
    char id[27], serial[24];
};
void fill_unlocks(struct fill *fill, size_t count, struct fill_unlock *unlocks);

#endif
