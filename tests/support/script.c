/* SPDX-License-Identifier: Apache-2.0 */
#include "script.h"

#include <check.h>
#include <string.h>

#include "base/codec.h"

static enum bk_err script_transmit(struct bk_transport *t, const uint8_t *command, size_t len,
                                   bool sensitive, struct bk_buf *answer)
{
    struct script *s = (struct script *)t;
    struct bk_buf hex = BK_BUF_INIT;
    const char *text = NULL;
    ck_assert_uint_lt(s->sent_count, SCRIPT_MAX);
    ck_assert_int_eq(bk_hex_encode(command, len, &hex), BK_OK);
    ck_assert_int_eq(bk_buf_cstr(&hex, &text), BK_OK);
    ck_assert_uint_lt(strlen(text), sizeof s->sent[0]);
    memcpy(s->sent[s->sent_count], text, strlen(text) + 1);
    s->was_held[s->sent_count] = s->held;
    s->sensitive[s->sent_count++] = sensitive;
    bk_buf_free(&hex);
    bk_buf_clear(answer);
    if (s->at == s->count)
        return BK_EREMOVED;
    const char *next = s->answers[s->at++];
    if (strcmp(next, "lost") == 0)
        return BK_EIO;
    if (strcmp(next, "reset") == 0) {
        s->held = 0; /* as on a new connection */
        return BK_ERESET;
    }
    return bk_hex_decode(next, strlen(next), answer);
}

static enum bk_err script_begin(struct bk_transport *t)
{
    ((struct script *)t)->held = 1;
    return BK_OK;
}

static void script_end(struct bk_transport *t)
{
    ((struct script *)t)->held = 0;
}

static enum bk_err script_reset(struct bk_transport *t)
{
    ((struct script *)t)->held = 0;
    return BK_OK;
}

static void script_close(struct bk_transport *t)
{
    (void)t;
}

static const struct bk_transport_ops ops = {script_transmit, script_begin, script_end,
                                            script_reset,    script_close, NULL};

struct bk_transport *script_open(struct script *s)
{
    s->base.ops = &ops;
    return &s->base;
}

void script_add(struct script *s, const char *answer)
{
    ck_assert_uint_lt(s->count, SCRIPT_MAX);
    s->answers[s->count++] = answer;
}
