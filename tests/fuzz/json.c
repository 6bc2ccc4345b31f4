/* SPDX-License-Identifier: Apache-2.0 */
/* JSON answers of a platform, as the client reads them; written again, it is the same. */
#include <stdlib.h>
#include <string.h>

#include "net/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_t *json = NULL;
    struct bk_buf out = BK_BUF_INIT;
    const char *text = NULL;
    int64_t n = 0;
    if (bk_json_parse(data, size, 65536, &json) == BK_OK) {
        if (bk_json_str(json, "id", 64, &text) == BK_OK && strlen(text) > 64)
            abort();
        if (bk_json_int(json, "version", 0, 9, &n) == BK_OK && (n < 0 || n > 9))
            abort();
        if (bk_json_bytes(json, "message", 32, &out) == BK_OK && out.len > 32)
            abort();
        json_t *again = NULL;
        bk_buf_free(&out);
        if (bk_json_text(json, &out) != BK_OK ||
            bk_json_parse(out.data, out.len, SIZE_MAX, &again) != BK_OK || !json_equal(json, again))
            abort();
        json_decref(json);
        json_decref(again);
    }
    bk_buf_free(&out);
    return 0;
}
