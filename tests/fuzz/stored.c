/* SPDX-License-Identifier: Apache-2.0 */
/* What lies on a key under a checksum that is right: records with labels, data objects. The first
 * byte chooses; length and checksum are put in, so that what stands between is reached. */
#include <stdlib.h>
#include <string.h>

#include "crypto/digest.h"
#include "token/data.h"
#include "token/record.h"

#define CHECK 8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Its bytes, up to what means nothing behind it. */
static void record(const struct bk_buf *bytes)
{
    struct bk_record r;
    struct bk_buf again = BK_BUF_INIT;
    if (bk_record_decode(bytes->data, bytes->len, &r))
        return;
    if (bk_record_encode(&r, &again) || again.len > bytes->len ||
        memcmp(again.data, bytes->data, again.len) != 0)
        abort();
    bk_buf_free(&again);
}

/* Behind a record without entries. */
static void labels(const struct bk_buf *bytes)
{
    struct bk_record r = {.sequence = 1};
    struct bk_buf whole = BK_BUF_INIT;
    if (bytes->len > BK_RECORD_SIZE)
        return;
    if (bk_record_encode(&r, &whole) == BK_OK &&
        bk_buf_put(&whole, bytes->data, bytes->len) == BK_OK)
        record(&whole);
    bk_buf_free(&whole);
}

static void object(const struct bk_buf *bytes)
{
    struct bk_data *d = NULL;
    struct bk_buf again = BK_BUF_INIT;
    if (bk_data_decode(bytes->data, bytes->len, &d))
        return;
    if (bk_data_encode(d, &again) || again.len != bytes->len ||
        memcmp(again.data, bytes->data, again.len) != 0)
        abort();
    bk_buf_free(&again);
    bk_data_free(&d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bk_buf bytes = BK_BUF_INIT;
    uint8_t sum[32];
    if (size < 8 || size > 60000)
        return 0;
    bool is_record = data[0] & 1, is_labels = !is_record && data[0] & 2;
    size_t at = is_record ? 6 : 4; /* of the length */
    if (bk_buf_put(&bytes, data + 1, size - 1))
        return 0;
    memcpy(bytes.data, is_record ? "BJP1" : is_labels ? "BJL1" : "BJD1", 4);
    bytes.data[at] = (uint8_t)((bytes.len + CHECK) >> 8);
    if (at + 1 < bytes.len)
        bytes.data[at + 1] = (uint8_t)(bytes.len + CHECK);
    if (is_labels && bytes.len >= 10)
        memcpy(bytes.data + 6, "\0\0\0\1", 4); /* of the record before it */
    if (bk_digest(BK_HASH_SM3, bytes.data, bytes.len, sum) == BK_OK &&
        bk_buf_put(&bytes, sum, CHECK) == BK_OK) {
        if (is_record)
            record(&bytes);
        else if (is_labels)
            labels(&bytes);
        else
            object(&bytes);
    }
    bk_buf_free(&bytes);
    return 0;
}
