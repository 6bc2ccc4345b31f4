/* SPDX-License-Identifier: Apache-2.0 */
/* A notice of the invoice service: what is taken names files at its own address, a number of twenty
 * digits, and a reason that may be shown. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "server/invoice.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bk_invoice_notice n;
    if (bk_invoice_parse(data, size, &n) != BK_OK)
        return 0;
    if (!bk_text_is_plain(n.reason, strlen(n.reason)) || (n.issued && strlen(n.number) != 20))
        abort();
    for (unsigned i = 0; n.issued && i < BK_INVOICE_FILES; i++)
        if (n.paths[i][0] != '/' || n.paths[i][1] == '/' || strpbrk(n.paths[i], " @\\\r\n"))
            abort();
    return 0;
}
