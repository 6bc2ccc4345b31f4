/* SPDX-License-Identifier: Apache-2.0 */
/* What a platform may say to a key: the parser of unlock answers, and of what lies on a key. */
#include <stdlib.h>
#include <string.h>

#include "token/pending.h"
#include "token/record.h"
#include "token/unlock_msg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bk_unlock_msg msg;
    struct bk_record record;
    struct bk_pending *pending = NULL;
    if (bk_unlock_msg_parse(data, size, &msg) == BK_OK &&
        (msg.kind < BK_UNLOCK_VERIFY_ADMIN || msg.kind > BK_UNLOCK_TRY || !msg.serial[0]))
        abort();
    if (bk_record_decode(data, size, &record) == BK_OK) {
        struct bk_buf again = BK_BUF_INIT;
        if (bk_record_encode(&record, &again) || memcmp(again.data, data, again.len) != 0)
            abort();
        bk_buf_free(&again);
    }
    if (bk_pending_decode(data, size, &pending) == BK_OK)
        bk_pending_free(&pending);
    return 0;
}
