/* SPDX-License-Identifier: Apache-2.0 */
#include "transport/filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/write.h"

#define SHOWN 64 /* bytes of data in a line */

struct filter {
    struct bk_transport base;
    struct bk_transport *inner;
    int fd;
    struct bk_fault *fault;
    bool gone;
};

static void filter_close(struct bk_transport *t)
{
    struct filter *f = (struct filter *)t;
    bk_transport_close(&f->inner);
    free(f);
}

static bool filter_went(struct bk_transport *t)
{
    return bk_transport_went(((struct filter *)t)->inner);
}

static enum bk_err put_over(struct bk_transport **t, const struct bk_transport_ops *ops, int fd,
                            struct bk_fault *fault)
{
    struct filter *f = calloc(1, sizeof *f);
    if (!f)
        return BK_ENOMEM;
    f->base = **t;
    f->base.ops = ops;
    f->inner = *t;
    f->fd = fd;
    f->fault = fault;
    /* lint -Wanalyzer-malloc-leak: held by its first member */
    *t = &f->base;
    return BK_OK;
}

/* --- trace --------------------------------------------------------------------------------------*/

static enum bk_err line_start(struct bk_buf *line, const char *what)
{
    struct timespec now = {0};
    struct tm tm = {0};
    char text[32];
    (void)clock_gettime(CLOCK_REALTIME, &now);
    (void)gmtime_r(&now.tv_sec, &tm);
    (void)strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
    return bk_buf_printf(line, "%s.%03ldZ %d %s", text, now.tv_nsec / 1000000, (int)getpid(), what);
}

/* A trace that can't be written must not disturb what it watches. */
static void line_write(int fd, struct bk_buf *line, enum bk_err err)
{
    if (!err)
        err = bk_buf_put_u8(line, '\n');
    if (!err)
        bk_write_line(fd, line->data, line->len);
    bk_buf_free(line);
}

static enum bk_err put_bytes(struct bk_buf *line, const uint8_t *data, size_t len)
{
    enum bk_err err = bk_hex_encode(data, len < SHOWN ? len : SHOWN, line);
    if (!err && len > SHOWN)
        err = bk_buf_printf(line, "..[%zu]", len);
    return err;
}

static void trace_exchange(struct filter *f, const uint8_t *command, size_t len, bool sensitive,
                           enum bk_err result, const struct bk_buf *answer, double ms)
{
    struct bk_buf line = BK_BUF_INIT;
    size_t head = len < 4 ? len : 4;
    enum bk_err err = line_start(&line, "x ");
    if (!err)
        err = put_bytes(&line, command, sensitive ? head : len);
    if (!err && sensitive)
        err = bk_buf_printf(&line, " [%zu bytes hidden]", len - head);
    if (!err && (result || answer->len < 2)) {
        err = bk_buf_printf(&line, " < %s %.1fms", result ? bk_err_name(result) : "short", ms);
    } else if (!err) {
        size_t data = answer->len - 2;
        err = bk_buf_put_str(&line, " < ");
        if (!err && sensitive)
            err = bk_buf_printf(&line, "[%zu bytes]", data);
        else if (!err)
            err = put_bytes(&line, answer->data, data);
        if (!err)
            err = bk_buf_printf(&line, " %02x%02x %.1fms", answer->data[data],
                                answer->data[data + 1], ms);
    }
    line_write(f->fd, &line, err);
}

static enum bk_err trace_transmit(struct bk_transport *t, const uint8_t *command, size_t len,
                                  bool sensitive, struct bk_buf *answer)
{
    struct filter *f = (struct filter *)t;
    struct timespec from = {0}, to = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &from);
    enum bk_err err = f->inner->ops->transmit(f->inner, command, len, sensitive, answer);
    (void)clock_gettime(CLOCK_MONOTONIC, &to);
    double ms = (double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) / 1e6;
    trace_exchange(f, command, len, sensitive, err, answer, ms);
    return err;
}

static void trace_word(struct filter *f, const char *what, enum bk_err result)
{
    struct bk_buf line = BK_BUF_INIT;
    enum bk_err err = line_start(&line, what);
    if (!err && result)
        err = bk_buf_printf(&line, " < %s", bk_err_name(result));
    line_write(f->fd, &line, err);
}

static enum bk_err trace_begin(struct bk_transport *t)
{
    struct filter *f = (struct filter *)t;
    enum bk_err err = f->inner->ops->begin(f->inner);
    trace_word(f, "begin", err);
    return err;
}

static void trace_end(struct bk_transport *t)
{
    struct filter *f = (struct filter *)t;
    f->inner->ops->end(f->inner);
    trace_word(f, "end", BK_OK);
}

static enum bk_err trace_reset(struct bk_transport *t)
{
    struct filter *f = (struct filter *)t;
    enum bk_err err = f->inner->ops->reset(f->inner);
    trace_word(f, "reset", err);
    return err;
}

static const struct bk_transport_ops trace_ops = {trace_transmit, trace_begin,  trace_end,
                                                  trace_reset,    filter_close, filter_went};

enum bk_err bk_filter_trace(struct bk_transport **t, int fd)
{
    return put_over(t, &trace_ops, fd, NULL);
}

/* --- fault --------------------------------------------------------------------------------------*/

static enum bk_err fault_now(struct filter *f, const uint8_t *command, size_t len, bool sensitive,
                             struct bk_buf *answer)
{
    enum bk_err err = BK_OK;
    enum bk_fault_kind kind = f->fault->kind;
    f->fault->fired = true;
    if (kind == BK_FAULT_LOSE || kind == BK_FAULT_SHORTEN || kind == BK_FAULT_PULL)
        err = f->inner->ops->transmit(f->inner, command, len, sensitive, answer);
    if (err)
        return err;
    switch (kind) {
    case BK_FAULT_SHORTEN:
        answer->len /= 2;
        return BK_OK;
    case BK_FAULT_REMOVE:
    case BK_FAULT_PULL:
        f->gone = true;
        bk_buf_clear(answer);
        return BK_EREMOVED;
    case BK_FAULT_RESET:
        err = f->inner->ops->reset(f->inner);
        return err ? err : BK_ERESET;
    default:
        bk_buf_clear(answer);
        return BK_EIO;
    }
}

static enum bk_err fault_transmit(struct bk_transport *t, const uint8_t *command, size_t len,
                                  bool sensitive, struct bk_buf *answer)
{
    struct filter *f = (struct filter *)t;
    if (f->gone)
        return BK_EREMOVED;
    if (++f->fault->count == f->fault->at)
        return fault_now(f, command, len, sensitive, answer);
    return f->inner->ops->transmit(f->inner, command, len, sensitive, answer);
}

static enum bk_err fault_begin(struct bk_transport *t)
{
    struct filter *f = (struct filter *)t;
    return f->gone ? BK_EREMOVED : f->inner->ops->begin(f->inner);
}

static void fault_end(struct bk_transport *t)
{
    struct filter *f = (struct filter *)t;
    f->inner->ops->end(f->inner);
}

/* A key that was pulled lost its power: to the inner one that is a reset. */
static enum bk_err fault_reset(struct bk_transport *t)
{
    struct filter *f = (struct filter *)t;
    enum bk_err err = f->inner->ops->reset(f->inner);
    return f->gone ? BK_EREMOVED : err;
}

static bool fault_went(struct bk_transport *t)
{
    return ((struct filter *)t)->gone || filter_went(t);
}

static const struct bk_transport_ops fault_ops = {fault_transmit, fault_begin,  fault_end,
                                                  fault_reset,    filter_close, fault_went};

enum bk_err bk_filter_fault(struct bk_transport **t, struct bk_fault *fault)
{
    return put_over(t, &fault_ops, -1, fault);
}
