/* SPDX-License-Identifier: Apache-2.0 */
#include "server/cad_journal.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/codec.h"

#define PART 65536u
#define TEXT ((size_t)2 * BK_SERIAL_BYTES + 2) /* in hex, with a space before and behind */

static enum bk_err search(int fd, const uint8_t *text, struct bk_buf *part, bool *has)
{
    size_t kept = 0; /* the end of the part before, where an entry may begin */
    off_t at = 0;
    *has = false;
    while (!*has) {
        ssize_t n = pread(fd, part->data + kept, PART - kept, at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? BK_EIO : BK_OK;
        size_t len = kept + (size_t)n;
        *has = memmem(part->data, len, text, TEXT) != NULL;
        at += n;
        kept = len < TEXT - 1 ? len : TEXT - 1;
        memmove(part->data, part->data + len - kept, kept);
    }
    return BK_OK;
}

enum bk_err bk_cad_journal_has(int fd, const uint8_t serial[BK_SERIAL_BYTES], bool *has)
{
    struct bk_buf text = BK_BUF_INIT, part = BK_BUF_INIT;
    enum bk_err err = bk_buf_put_u8(&text, ' ');
    if (err == BK_OK)
        err = bk_hex_encode(serial, BK_SERIAL_BYTES, &text);
    if (err == BK_OK)
        err = bk_buf_put_u8(&text, ' ');
    if (err == BK_OK)
        err = bk_buf_put_zero(&part, PART);
    if (err == BK_OK)
        err = search(fd, text.data, &part, has);
    bk_buf_free(&text);
    bk_buf_free(&part);
    return err;
}
