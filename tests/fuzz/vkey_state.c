/* SPDX-License-Identifier: Apache-2.0 */
/* A state file whose checksum is right and whose payload isn't: decoded, it must encode to itself.
 */
#include <stdlib.h>
#include <string.h>

#include "vkey/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bk_buf file = BK_BUF_INIT, again = BK_BUF_INIT;
    struct vk_state state = {0};
    uint8_t sum[32];
    if (bk_buf_put(&file, "BJVK\0\1\0\0\0\0\0\0\0\0\0\1", 16) != BK_OK ||
        bk_buf_put_u32be(&file, (uint32_t)size) != BK_OK ||
        bk_buf_put(&file, data, size) != BK_OK ||
        bk_digest(BK_HASH_SM3, file.data, file.len, sum) != BK_OK ||
        bk_buf_put(&file, sum, sizeof sum) != BK_OK)
        abort();
    if (vk_store_decode(file.data, file.len, &state) == BK_OK) {
        if (vk_store_encode(&state, &again) != BK_OK || again.len != file.len ||
            memcmp(again.data, file.data, file.len) != 0)
            abort();
        vk_state_free(&state);
    }
    bk_buf_free(&file);
    bk_buf_free(&again);
    return 0;
}
