/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What there is to watch, in Prometheus's text format (0.0.4): requests counted by this daemon, and
 * what waits in the database, looked up when it is asked for. No customer's data.
 */
#ifndef BK_SERVER_METRICS_H
#define BK_SERVER_METRICS_H

#include "server/calendar.h"
#include "server/store.h"

struct bk_metrics;

/* Routes are known by their number, 0 to routes-1. */
enum bk_err bk_metrics_new(size_t routes, struct bk_metrics **metrics) BK_MUST_CHECK;
void bk_metrics_free(struct bk_metrics **metrics);

/* A request that was answered; route >= routes: none was found. Several threads may. */
void bk_metrics_count(struct bk_metrics *metrics, size_t route, unsigned status, int64_t took_ms);

struct bk_metrics_route {
    const char *method, *path;
};
/* Appends all of it; route(i) names them. */
enum bk_err bk_metrics_write(const struct bk_metrics *metrics, struct bk_tx *tx,
                             const struct bk_calendar *calendar, int64_t now,
                             struct bk_metrics_route (*route)(size_t i),
                             struct bk_buf *out) BK_MUST_CHECK;

#endif
