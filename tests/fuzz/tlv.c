/* SPDX-License-Identifier: Apache-2.0 */
/* TLV from outside: what was read must be inside the input, and be written again as it stood. */
#include <stdlib.h>
#include <string.h>

#include "base/tlv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bk_rd rd = bk_rd(data, size);
    struct bk_tlv tlv;
    struct bk_buf again = BK_BUF_INIT;
    enum bk_err err;
    while ((err = bk_tlv_next(&rd, &tlv)) == BK_OK)
        if (bk_tlv_put(&again, tlv.tag, tlv.value, tlv.len) != BK_OK)
            abort();
    if (again.len != size - rd.left || (again.len && memcmp(again.data, data, again.len) != 0))
        abort();
    if ((err == BK_ENOTFOUND) != (rd.left == 0))
        abort();
    bk_buf_free(&again);
    return 0;
}
