/* SPDX-License-Identifier: Apache-2.0 */
/* Messages of a key's module, as the platform reads them. */
#include <stdlib.h>
#include <string.h>

#include "server/unlock_msg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bk_unlock_in in;
    if (bk_unlock_read(data, size, &in) != BK_OK)
        return 0;
    if (strlen(in.serial) > 32 || strlen(in.container) > 64 || strlen(in.authorisation) > 64)
        abort();
    if (in.signed_ && (in.signature < data || in.signature + in.signature_len > data + size))
        abort();
    struct bk_buf out = BK_BUF_INIT;
    const struct bk_unlock_out say = {
        .kind = BK_SAY_UNBLOCK, .in = &in, .authorisation = "A", .origin = "https://a", .pin = "p"};
    if (bk_unlock_write(&say, &out) == BK_OK && (!out.len || out.data[0] != 0xe2))
        abort();
    bk_buf_free(&out);
    return 0;
}
