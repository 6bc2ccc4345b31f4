/* SPDX-License-Identifier: Apache-2.0 */
#include "server/metrics.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "server/ident.h"

#define CLASSES 5u /* 1xx to 5xx */

static const int64_t bounds[] = {5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000}; /* ms */
#define BOUNDS (sizeof bounds / sizeof *bounds)

struct counts {
    atomic_uint_least64_t answers[CLASSES];
    atomic_uint_least64_t
        within[BOUNDS]; /* took so long at most, and longer than the bound before */
    atomic_uint_least64_t took_ms;
};

struct bk_metrics {
    size_t routes;
    struct counts counts[]; /* the last is of requests without a route */
};

enum bk_err bk_metrics_new(size_t routes, struct bk_metrics **metrics)
{
    struct bk_metrics *m = calloc(1, sizeof *m + (routes + 1) * sizeof m->counts[0]);
    *metrics = m;
    if (!m)
        return BK_ENOMEM;
    m->routes = routes;
    return BK_OK;
}

void bk_metrics_free(struct bk_metrics **metrics)
{
    free(*metrics);
    *metrics = NULL;
}

void bk_metrics_count(struct bk_metrics *m, size_t route, unsigned status, int64_t took_ms)
{
    struct counts *c = &m->counts[route < m->routes ? route : m->routes];
    size_t bound = 0;
    unsigned class = status / 100;
    (void)atomic_fetch_add(&c->answers[class >= 1 && class <= CLASSES ? class - 1 : CLASSES - 1],
                           1);
    if (took_ms < 0) /* the clock was set back */
        took_ms = 0;
    while (bound < BOUNDS && took_ms > bounds[bound])
        bound++;
    if (bound < BOUNDS)
        (void)atomic_fetch_add(&c->within[bound], 1);
    (void)atomic_fetch_add(&c->took_ms, (uint64_t)took_ms);
}

/* --- writing --- */

static enum bk_err head(struct bk_buf *out, const char *name, const char *type, const char *help)
{
    return bk_buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static uint64_t answers_of(const struct counts *c)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < CLASSES; i++)
        sum += atomic_load(&c->answers[i]);
    return sum;
}

static enum bk_err write_answers(const struct counts *c, struct bk_metrics_route r,
                                 struct bk_buf *out)
{
    enum bk_err err = BK_OK;
    for (unsigned i = 0; err == BK_OK && i < CLASSES; i++) {
        uint64_t n = atomic_load(&c->answers[i]);
        if (n)
            err = bk_buf_printf(
                out,
                "bjca_http_requests_total{method=\"%s\",route=\"%s\",code=\"%uxx\"} %" PRIu64 "\n",
                r.method, r.path, i + 1, n);
    }
    return err;
}

static enum bk_err write_times(const struct counts *c, struct bk_metrics_route r,
                               struct bk_buf *out)
{
    static const char name[] = "bjca_http_request_seconds";
    uint64_t sum = 0, all = answers_of(c), ms = atomic_load(&c->took_ms);
    enum bk_err err = BK_OK;
    if (!all)
        return BK_OK;
    for (size_t i = 0; err == BK_OK && i < BOUNDS; i++) {
        sum += atomic_load(&c->within[i]);
        err = bk_buf_printf(out,
                            "%s_bucket{method=\"%s\",route=\"%s\",le=\"%" PRId64 ".%03" PRId64
                            "\"} %" PRIu64 "\n",
                            name, r.method, r.path, bounds[i] / 1000, bounds[i] % 1000, sum);
    }
    if (err == BK_OK)
        err = bk_buf_printf(out,
                            "%s_bucket{method=\"%s\",route=\"%s\",le=\"+Inf\"} %" PRIu64 "\n"
                            "%s_sum{method=\"%s\",route=\"%s\"} %" PRIu64 ".%03" PRIu64 "\n"
                            "%s_count{method=\"%s\",route=\"%s\"} %" PRIu64 "\n",
                            name, r.method, r.path, all, name, r.method, r.path, ms / 1000,
                            ms % 1000, name, r.method, r.path, all);
    return err;
}

static enum bk_err write_requests(const struct bk_metrics *m,
                                  struct bk_metrics_route (*route)(size_t i), struct bk_buf *out)
{
    static const struct bk_metrics_route none = {"", ""};
    enum bk_err err = head(out, "bjca_http_requests_total", "counter", "Requests answered.");
    for (size_t i = 0; err == BK_OK && i <= m->routes; i++)
        err = write_answers(&m->counts[i], i < m->routes ? route(i) : none, out);
    if (err == BK_OK)
        err = head(out, "bjca_http_request_seconds", "histogram",
                   "From the request's end to its answer.");
    for (size_t i = 0; err == BK_OK && i <= m->routes; i++)
        err = write_times(&m->counts[i], i < m->routes ? route(i) : none, out);
    return err;
}

/* What the database says: each of few rows, by an index. */
struct gauge {
    const char *name, *help, *label; /* label NULL: one value; else a row each, label first */
    const char *sql;
    bool now; /* the statement has $1: ms since 1970 */
};

static const struct gauge gauges[] = {
    {"bjca_orders", "Orders that are neither done nor over.", "state",
     "SELECT state, count(*) FROM orders WHERE state IN ('DRAFT', 'VERIFYING', 'VERIFIED',"
     " 'UPLOADED', 'SIGNED', 'AWAIT_PAY', 'PAID', 'IN_REVIEW', 'REJECTED', 'APPROVED',"
     " 'PRODUCING', 'READY', 'SHIPPED', 'ISSUED') GROUP BY state",
     false},
    {"bjca_reviews_overdue", "Orders whose review was promised for earlier.", NULL,
     "SELECT count(*) FROM reviews r JOIN orders o ON o.id = r.order_id"
     " WHERE r.state = 'open' AND r.due_at < $1 AND o.state = 'IN_REVIEW'",
     true},
    {"bjca_outbox_pending", "Messages and calls that are to be done.", "kind",
     "SELECT kind, count(*) FROM outbox WHERE state = 'pending' GROUP BY kind", false},
    {"bjca_outbox_failing", "Of these, tried and failed.", "kind",
     "SELECT kind, count(*) FROM outbox WHERE state = 'pending' AND last_error <> ''"
     " GROUP BY kind",
     false},
    {"bjca_outbox_dead", "Messages that were given up: dead letters.", "kind",
     "SELECT kind, count(*) FROM outbox WHERE state = 'dead' GROUP BY kind", false},
    {"bjca_certificates_issuing", "Certificates asked of the CA and not registered.", NULL,
     "SELECT count(*) FROM issuing", false},
    {"bjca_crl_next_update_seconds", "When the revocation list is to be replaced, since 1970.",
     "algorithm", "SELECT algorithm, next_at / 1000 FROM crls", false},
    {"bjca_audit_entries", "Length of the audit log.", NULL,
     "SELECT coalesce(max(seq), 0) FROM audit", false},
};

static enum bk_err write_gauge(struct bk_tx *tx, const struct gauge *g, int64_t now,
                               struct bk_buf *out)
{
    struct bk_rows rows = BK_ROWS_INIT;
    const struct bk_val at = bk_int(now);
    enum bk_err err = bk_tx_query(tx, g->sql, &at, g->now ? 1 : 0, &rows);
    if (err == BK_OK)
        err = head(out, g->name, "gauge", g->help);
    for (size_t i = 0; err == BK_OK && i < rows.count; i++)
        err = g->label ? bk_buf_printf(out, "%s{%s=\"%s\"} %" PRId64 "\n", g->name, g->label,
                                       bk_row_text(&rows, i, 0), bk_row_int(&rows, i, 1))
                       : bk_buf_printf(out, "%s %" PRId64 "\n", g->name, bk_row_int(&rows, i, 0));
    bk_rows_free(&rows);
    return err;
}

static enum bk_err write_calendar(const struct bk_calendar *calendar, int64_t now,
                                  struct bk_buf *out)
{
    static const char name[] = "bjca_calendar_until_seconds";
    enum bk_err err = head(out, name, "gauge",
                           "When the years end that the calendar of working days knows, since 1970;"
                           " 0 when it doesn't know this one.");
    return err == BK_OK ? bk_buf_printf(out, "%s %" PRId64 "\n", name,
                                        bk_calendar_until(calendar, now) / 1000)
                        : err;
}

enum bk_err bk_metrics_write(const struct bk_metrics *m, struct bk_tx *tx,
                             const struct bk_calendar *calendar, int64_t now,
                             struct bk_metrics_route (*route)(size_t i), struct bk_buf *out)
{
    enum bk_err err = write_requests(m, route, out);
    if (err == BK_OK)
        err = write_calendar(calendar, now, out);
    for (size_t i = 0; err == BK_OK && i < sizeof gauges / sizeof *gauges; i++)
        err = write_gauge(tx, &gauges[i], now, out);
    return err;
}
