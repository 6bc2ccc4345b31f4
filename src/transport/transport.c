/* SPDX-License-Identifier: Apache-2.0 */
#include "transport/transport.h"

void bk_transport_close(struct bk_transport **t)
{
    if (*t)
        (*t)->ops->close(*t);
    *t = NULL;
}
