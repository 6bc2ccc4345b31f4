/* SPDX-License-Identifier: Apache-2.0 */
#include "transport/virtual.h"

#include <stdlib.h>
#include <string.h>

#include "vkey/vkey.h"

struct virtual {
    struct bk_transport base;
    struct bk_vkey *vkey;
};

static enum bk_err virtual_transmit(struct bk_transport *t, const uint8_t *command, size_t len,
                                    bool sensitive, struct bk_buf *answer)
{
    (void)sensitive;
    return bk_vkey_transmit(((struct virtual *)t)->vkey, command, len, answer);
}

static enum bk_err virtual_begin(struct bk_transport *t)
{
    return bk_vkey_begin(((struct virtual *)t)->vkey);
}

static void virtual_end(struct bk_transport *t)
{
    bk_vkey_end(((struct virtual *)t)->vkey);
}

static enum bk_err virtual_reset(struct bk_transport *t)
{
    bk_vkey_reset(((struct virtual *)t)->vkey);
    return BK_OK;
}

static void virtual_close(struct bk_transport *t)
{
    struct virtual *v = (struct virtual *)t;
    bk_vkey_close(&v->vkey);
    free(v);
}

static const struct bk_transport_ops virtual_ops = {virtual_transmit, virtual_begin, virtual_end,
                                                    virtual_reset,    virtual_close, NULL};

enum bk_err bk_virtual_open(const char *path, struct bk_transport **t)
{
    struct virtual *v = calloc(1, sizeof *v);
    if (!v)
        return BK_ENOMEM;
    enum bk_err err = bk_vkey_open(path, &v->vkey);
    if (err) {
        free(v);
        return err == BK_ENOTFOUND ? BK_ENOKEY : err;
    }
    size_t len = 0;
    const uint8_t *atr = bk_vkey_atr(&len);
    v->base.ops = &virtual_ops;
    v->base.atr_len = len < BK_ATR_MAX ? len : BK_ATR_MAX;
    memcpy(v->base.atr, atr, v->base.atr_len);
    *t = &v->base;
    return BK_OK;
}
