/* SPDX-License-Identifier: Apache-2.0 */
/* A state file whose checksum is right and whose payload isn't, with slots of counters from the
 * input's end: decoded, it must encode to itself, but for tries, which the slots may have changed. */
#include <stdlib.h>
#include <string.h>

#include "vkey/counter.h"
#include "vkey/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bk_buf file = BK_BUF_INIT, again = BK_BUF_INIT;
    struct vk_state state = {0};
    uint8_t sum[32];
    size_t slots = size >= 2 * VK_COUNTERS ? VK_COUNTERS : 0;
    size -= slots;
    if (bk_buf_put(&file, "BJVK\0\2\0\0\0\0\0\0\0\0\0\1", 16) != BK_OK ||
        bk_buf_put_u32be(&file, (uint32_t)size) != BK_OK ||
        bk_buf_put(&file, data, size) != BK_OK ||
        bk_digest(BK_HASH_SM3, file.data, file.len, sum) != BK_OK ||
        bk_buf_put(&file, sum, sizeof sum) != BK_OK || vk_counters_append(&file) != BK_OK)
        abort();
    if (slots)
        memcpy(file.data + file.len - slots, data + size, slots);
    if (vk_store_decode(file.data, file.len, &state) == BK_OK) {
        if (vk_store_encode(&state, &again) != BK_OK || again.len != file.len ||
            (!slots && memcmp(again.data, file.data, file.len) != 0))
            abort();
        vk_state_free(&state);
    }
    bk_buf_free(&file);
    bk_buf_free(&again);
    return 0;
}
