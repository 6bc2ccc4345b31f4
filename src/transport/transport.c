/* SPDX-License-Identifier: Apache-2.0 */
#include "transport/transport.h"

bool bk_transport_went(struct bk_transport *t)
{
    return t->ops->went && t->ops->went(t);
}

void bk_transport_close(struct bk_transport **t)
{
    if (*t)
        (*t)->ops->close(*t);
    *t = NULL;
}
