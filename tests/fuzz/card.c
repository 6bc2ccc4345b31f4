/* SPDX-License-Identifier: Apache-2.0 */
/* A key's answers, under the token's readers: each answer is a 2-byte length and its bytes. */
#include <stdlib.h>
#include <string.h>

#include "token/data.h"
#include "token/renew.h"
#include "token/token.h"

struct player {
    struct bk_transport base;
    struct bk_rd rd;
};

static enum bk_err play(struct bk_transport *t, const uint8_t *command, size_t len, bool sensitive,
                        struct bk_buf *answer)
{
    struct player *p = (struct player *)t;
    uint16_t n = 0;
    const uint8_t *bytes = NULL;
    (void)command;
    (void)len;
    (void)sensitive;
    bk_buf_clear(answer);
    if (bk_rd_u16be(&p->rd, &n) || bk_rd_take(&p->rd, n < p->rd.left ? n : p->rd.left, &bytes))
        return BK_EREMOVED;
    return bk_buf_put(answer, bytes, (size_t)(p->rd.at - bytes));
}

static enum bk_err nothing(struct bk_transport *t)
{
    (void)t;
    return BK_OK;
}

static void end(struct bk_transport *t)
{
    (void)t;
}

static const struct bk_transport_ops ops = {play, nothing, end, nothing, end, NULL};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    struct player p = {.base = {.ops = &ops}, .rd = bk_rd(data + 1, size - 1)};
    struct bk_transport *t = &p.base;
    struct bk_card *card = NULL;
    struct bk_token *token = NULL;
    struct bk_token_options options = {.application = "BJCA-Application"};
    static const char *const dialects[] = {"auto", "gmt0017", "longmai"};
    if (bk_card_open(&t, dialects[data[0] % 3], &card) == BK_OK &&
        bk_token_new(&card, &options, &token) == BK_OK) {
        struct bk_token_status status;
        struct bk_renew_state state;
        for (int i = 0; i < 2; i++)
            if (bk_token_refresh(token) || bk_data_refresh(token) ||
                bk_token_status(token, &status))
                break;
        if (bk_renew_state(token, "a", &state) == BK_OK && state.stage > BK_RENEW_LOADED)
            abort();
    }
    bk_token_free(&token);
    bk_card_free(&card);
    return 0;
}
